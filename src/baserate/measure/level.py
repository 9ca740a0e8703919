"""How much was recorded: a rate per 100,000 people, or a count of offenses."""

from __future__ import annotations

from collections.abc import Iterator

from baserate.measure.answer import Answer, Choice, Figure, Other, Robustness
from baserate.measure.context import (
    caveats_of,
    coverage_of,
    definition_used,
    source_rows,
    vintage_of,
)
from baserate.measure.question import Question
from baserate.measure.records import (
    GARWOOD,
    figure,
    find_records,
    is_disputed,
    limits_of,
    points,
    printed_offenses,
    require_one_basis,
    require_years,
)
from baserate.store.open import Store
from baserate.terms.quantities import Interval

RATE_UNIT = "per 100,000 people"


def count_unit(per_head: bool) -> str:
    """The unit of a level."""
    return RATE_UNIT if per_head else "offenses"


def level(question: Question, store: Store) -> Answer:
    """The recorded rate or count. Over several years: the yearly rate, or the total.

    The interval is exact Poisson (Garwood 1936): counting noise alone.
    """
    records = find_records(store, question.place, question.offense)
    years = range(question.period.first_year, question.period.last_year + 1)
    require_years(store, records, years)
    able = require_one_basis(records, years, question.definition)
    basis = able[0]
    main = figure(records, question.period, basis, per_head=question.per_head)
    heads = not question.per_head
    others = [figure(records, question.period, basis, per_head=heads)] if main.population else []
    elsewhere = [figure(records, question.period, b, per_head=question.per_head) for b in able[1:]]
    return Answer(
        question=question,
        verdict="recorded",
        value=main.value,
        unit=count_unit(question.per_head),
        interval=main.limits,
        earlier=None,
        later=main,
        coverage=coverage_of([main]),
        definition=definition_used(question.offense, records, basis, years),
        vintage=vintage_of(store, question.as_of, main.rows),
        robustness=Robustness(
            choices=tuple(
                Choice(
                    kind="definition",
                    option=f"{f.basis} definition",
                    value=f.value,
                    verdict="recorded",
                    holds=f.value in main.limits,
                )
                for f in elsewhere
            )
        ),
        caveats=caveats_of(question.offense, records, basis, [main]),
        sources=source_rows(store, main.rows),
        points=points(records, basis, per_head=question.per_head),
        others=(
            *(
                Other(
                    label="count" if question.per_head else "rate",
                    value=other.value,
                    unit=count_unit(not question.per_head),
                    interval=other.limits,
                    verdict="recorded",
                )
                for other in others
            ),
            *(
                Other(
                    label=f"{f.basis} definition",
                    value=f.value,
                    unit=count_unit(question.per_head),
                    interval=f.limits,
                    verdict="recorded",
                )
                for f in elsewhere
            ),
            *_printed_total(main),
        ),
    )


def _printed_total(main: Figure) -> Iterator[Other]:
    """What the publisher prints, where that is not the sum of its parts that is used here."""
    if not is_disputed(main.rows):
        return
    printed = printed_offenses(main.rows)
    low, high = limits_of(printed, main.population, per_head=main.per_head)
    scale = 1e5 / main.population if main.per_head else 1.0
    yield Other(
        label="total as printed",
        value=printed * scale,
        unit=count_unit(main.per_head),
        interval=Interval(low, high, GARWOOD),
        verdict="recorded",
    )
