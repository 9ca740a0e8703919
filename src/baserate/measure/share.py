"""A part of a whole: one offense of its total, or one place of the nation."""

from __future__ import annotations

from math import sqrt

from baserate.errors import MissingPart
from baserate.measure.answer import Answer, Choice, Robustness
from baserate.measure.context import (
    caveats_of,
    coverage_of,
    definition_used,
    source_rows,
    vintage_of,
)
from baserate.measure.poisson import Limits, z_value
from baserate.measure.question import Question
from baserate.measure.records import (
    Records,
    figure,
    find_records,
    points,
    require_one_basis,
    require_years,
)
from baserate.store.open import Store
from baserate.terms.offenses import RapeDefinition, offense
from baserate.terms.quantities import Count, Interval, Share


def share(question: Question, store: Store) -> Answer:
    """Part over whole, in percent, both by one definition.

    The interval is Wilson's (1927, Journal of the American Statistical Association 22:209) for
    the part among that many offenses: counting noise alone.
    """
    part, whole = _part_and_whole(question, store)
    years = range(question.period.first_year, question.period.last_year + 1)
    require_years(store, part, years)
    require_years(store, whole, years)
    able = _both(part, whole, question, years)
    first = able[0]
    of_part = figure(part, question.period, first[0], per_head=False)
    of_whole = figure(whole, question.period, first[1], per_head=False)
    found = _share(of_part.offenses, of_whole.offenses)
    low, high = wilson(of_part.offenses, of_whole.offenses)
    shown = first[1] if first[1] is not None else first[0]
    wider = whole if whole.offense != part.offense else part
    return Answer(
        question=question,
        verdict="recorded",
        value=found.percent,
        unit="percent of the offenses",
        interval=Interval(100 * low, 100 * high, "Wilson, counting noise alone"),
        earlier=of_whole,
        later=of_part,
        coverage=coverage_of([of_whole]),
        definition=definition_used(question.offense, wider, shown, years),
        vintage=vintage_of(store, question.as_of, (*of_part.rows, *of_whole.rows)),
        robustness=Robustness(
            choices=tuple(
                _other_definition(part, whole, question, each, low, high) for each in able[1:]
            )
        ),
        caveats=caveats_of(question.offense, wider, shown, [of_whole, of_part]),
        sources=source_rows(store, (*of_part.rows, *of_whole.rows)),
        points=points(part, first[0], per_head=False),
    )


def wilson(part: int, whole: int, level: float = 0.95) -> Limits:
    """Wilson's limits of a proportion.

    >>> low, high = wilson(54, 200)
    >>> round(low, 3), round(high, 3)
    (0.213, 0.335)
    """
    if whole <= 0:
        raise ValueError(f"a share of {whole} is undefined")
    z = z_value(level)
    p, n = part / whole, whole
    middle = p + z * z / (2 * n)
    half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    return Limits(max((middle - half) / scale, 0.0), min((middle + half) / scale, 1.0))


def _part_and_whole(question: Question, store: Store) -> tuple[Records, Records]:
    if question.whole is not None:
        part, whole = offense(question.offense), offense(question.whole)
        if not whole.contains(part.key):
            raise MissingPart(
                f"{part.name} is not a part of {whole.name}; "
                "ask for a share of the total it belongs to"
            )
        return (
            find_records(store, question.place, question.offense),
            find_records(store, question.place, question.whole),
        )
    assert question.against is not None
    if not (
        question.place.kind in {"state", "city"} and question.against.kind in {"nation", "states"}
    ):
        raise MissingPart(
            f"{question.place} is not a part of {question.against}; "
            "name a state first and the nation second"
        )
    return (
        find_records(store, question.place, question.offense),
        find_records(store, question.against, question.offense),
    )


def _both(
    part: Records, whole: Records, question: Question, years: range
) -> list[tuple[RapeDefinition | None, RapeDefinition | None]]:
    """Definitions for part and whole that agree, best for the whole first."""
    pairs: list[tuple[RapeDefinition | None, RapeDefinition | None]] = []
    of_part = require_one_basis(part, years, question.definition)
    for basis in require_one_basis(whole, years, question.definition):
        if basis in of_part:
            pairs.append((basis, basis))
        elif None in of_part:
            pairs.append((None, basis))
    return pairs


def _share(part: int, whole: int) -> Share:
    return Share(Count(part, "offenses"), Count(whole, "offenses"))


def _other_definition(
    part: Records,
    whole: Records,
    question: Question,
    bases: tuple[RapeDefinition | None, RapeDefinition | None],
    low: float,
    high: float,
) -> Choice:
    of_part = figure(part, question.period, bases[0], per_head=False)
    of_whole = figure(whole, question.period, bases[1], per_head=False)
    found = _share(of_part.offenses, of_whole.offenses).percent
    return Choice(
        kind="definition",
        option=f"{bases[1] or bases[0]} definition",
        value=found,
        verdict="recorded",
        holds=100 * low <= found <= 100 * high,
    )
