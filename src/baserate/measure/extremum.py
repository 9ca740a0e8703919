"""The highest or lowest year, or the largest one-year rise or fall, in a stretch of years."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from baserate.errors import Caveat, LaterRelease, MissingPart
from baserate.measure.answer import Answer, Choice, Extremes, Robustness, Verdict
from baserate.measure.context import (
    caveats_of,
    coverage_of,
    definition_used,
    source_rows,
    vintage_of,
)
from baserate.measure.difference import change_verdict, difference
from baserate.measure.level import count_unit
from baserate.measure.question import Question
from baserate.measure.records import (
    GARWOOD,
    Bridge,
    Records,
    choose_basis,
    figure,
    find_records,
    limits_of,
    points,
    require_years,
    tally,
    unspanned,
)
from baserate.store.open import Store
from baserate.terms.offenses import RapeDefinition
from baserate.terms.periods import Period
from baserate.terms.quantities import Interval


class Candidate(NamedTuple):
    """One year that could be the extreme one.

    `compared` is the value put on one scale, so that years by different definitions can be
    ordered; `value` is as recorded by `basis`.
    """

    year: int
    value: float
    compared: float
    interval: Interval
    basis: RapeDefinition | None
    verdict: Verdict


def extremum(question: Question, store: Store) -> Answer:
    """The year with the extreme figure among those of the period.

    For rises and falls each change lies within the period and on one definition. Years that
    counting noise cannot tell from the extreme one are named.
    """
    records = find_records(store, question.place, question.offense)
    years = list(range(question.period.first_year, question.period.last_year + 1))
    of_change = _is_of_change(question)
    if of_change and len(years) < 2:
        raise MissingPart("a largest rise or fall needs at least two years; name a longer period")
    require_years(store, records, years)
    basis, bridge = _scale(records, years, question)
    ordered = _ordered(records, years, question, basis, bridge)
    best = ordered[0]
    later = figure(records, Period.year(best.year), best.basis, per_head=question.per_head)
    earlier = (
        figure(records, Period.year(best.year - 1), best.basis, per_head=question.per_head)
        if of_change
        else None
    )
    figures = [f for f in (earlier, later) if f is not None]
    shown = "bridged" if bridge and not of_change else best.basis
    span = [best.year - 1, best.year] if of_change else years
    return Answer(
        question=question,
        verdict=best.verdict,
        value=best.value,
        unit=(
            f"percent change in the {'rate' if question.per_head else 'count'}"
            if of_change
            else count_unit(question.per_head)
        ),
        interval=best.interval,
        earlier=earlier,
        later=later,
        coverage=coverage_of(figures),
        definition=definition_used(
            question.offense, records, shown, span, None if of_change else bridge
        ),
        vintage=vintage_of(store, question.as_of),
        robustness=_robustness(records, question, years, basis, best.year),
        caveats=(
            *caveats_of(
                question.offense,
                records,
                shown,
                figures,
                years=span,
                bridge=bridge if shown == "bridged" else None,
            ),
            *_later_release(question, store),
        ),
        sources=source_rows(store, [r for f in figures for r in f.rows]),
        points=points(records, shown, per_head=question.per_head),
        extremes=_extremes(records, question, ordered, basis, bridge, years),
    )


def _is_of_change(question: Question) -> bool:
    return question.extreme in {"largest rise", "largest fall"}


def _scale(
    records: Records, years: Sequence[int], question: Question
) -> tuple[RapeDefinition | None, Bridge | None]:
    able = choose_basis(records, years, question.definition)
    if able:
        return able[0], None
    bridge = records.bridge()
    if bridge is None:
        raise unspanned(records, years)
    return None, bridge


def _ordered(
    records: Records,
    years: Sequence[int],
    question: Question,
    basis: RapeDefinition | None,
    bridge: Bridge | None,
) -> list[Candidate]:
    """Candidates, the extreme one first; of equals the latest."""
    make = _changes if _is_of_change(question) else _levels
    sign = -1 if question.extreme in {"lowest", "largest fall"} else 1
    found = make(records, years, question.per_head, basis, bridge)
    ordered = sorted(found, key=lambda c: (-sign * c.compared, -c.year))
    if not ordered:
        raise MissingPart(
            f"no two neighboring years of {question.period} have figures that give a change"
        )
    return ordered


def _levels(
    records: Records,
    years: Sequence[int],
    per_head: bool,
    basis: RapeDefinition | None,
    bridge: Bridge | None,
) -> Iterator[Candidate]:
    for year in years:
        held = basis
        if bridge:
            held = "revised" if year in records.by_basis["revised"] else "legacy"
        row = records.by_basis[held][year]
        value = 1e5 * row.offenses / row.population if per_head else float(row.offenses)
        low, high = limits_of(row.offenses, row.population, per_head=per_head)
        factor = bridge.factor if bridge and held == "legacy" else 1.0
        interval = Interval(low, high, GARWOOD)
        yield Candidate(year, value, value * factor, interval, held, "recorded")


def _changes(
    records: Records,
    years: Sequence[int],
    per_head: bool,
    basis: RapeDefinition | None,
    bridge: Bridge | None,
) -> Iterator[Candidate]:
    for year in years[1:]:
        bases = [basis] if not bridge else list(records.by_basis)
        for each in bases:
            series = records.by_basis[each]
            if year not in series or year - 1 not in series:
                continue
            earlier, later = (
                tally(records, Period.year(y), each, per_head=per_head) for y in (year - 1, year)
            )
            found = difference(earlier, later, with_p=False)
            if found.percent is not None:
                yield Candidate(
                    year, found.percent, found.percent, found.interval, each, change_verdict(found)
                )
                break


def _extremes(
    records: Records,
    question: Question,
    ordered: list[Candidate],
    basis: RapeDefinition | None,
    bridge: Bridge | None,
    years: Sequence[int],
) -> Extremes:
    best = ordered[0]
    rest = ordered[1:]
    scale = best.compared / best.value if best.value else 1.0
    low, high = best.interval.lower * scale, best.interval.upper * scale
    alike = [
        c.year
        for c in rest
        if c.interval.lower * _factor(c) <= high and c.interval.upper * _factor(c) >= low
    ]
    beyond = _last_beyond(records, question, best, basis, bridge, years[0])
    return Extremes(
        year=best.year,
        runner_up=rest[0].year if rest else None,
        runner_up_value=rest[0].value if rest else None,
        not_distinguishable=tuple(sorted(alike)),
        last_beyond=beyond.year if beyond else None,
        last_beyond_value=beyond.value if beyond else None,
        searched=len(ordered),
    )


def _factor(one: Candidate) -> float:
    return one.compared / one.value if one.value else 1.0


def _last_beyond(
    records: Records,
    question: Question,
    best: Candidate,
    basis: RapeDefinition | None,
    bridge: Bridge | None,
    first: int,
) -> Candidate | None:
    """The last year before the period with a figure at least as extreme, if there is one."""
    make = _changes if _is_of_change(question) else _levels
    held = records.by_basis[basis] if not bridge else dict.fromkeys(records.years)
    # The first year of the period is the end of a change that began before it.
    before = (
        [y for y in sorted(held) if y <= first]
        if _is_of_change(question)
        else [y for y in sorted(held) if y < first]
    )
    sign = -1 if question.extreme in {"lowest", "largest fall"} else 1
    found = [
        c
        for c in make(records, before, question.per_head, basis, bridge)
        if sign * c.compared >= sign * best.compared
    ]
    return found[-1] if found else None


def _robustness(
    records: Records,
    question: Question,
    years: list[int],
    basis: RapeDefinition | None,
    best: int,
) -> Robustness:
    def choices() -> Iterator[tuple[str, str, Candidate]]:
        def top(window: list[int], per_head: bool, by: RapeDefinition | None) -> Candidate:
            bridge = (
                None
                if all(y in records.by_basis.get(by, {}) for y in window)
                else (records.bridge())
            )
            make = _changes if _is_of_change(question) else _levels
            sign = -1 if question.extreme in {"lowest", "largest fall"} else 1
            return max(
                make(records, window, per_head, by, bridge),
                key=lambda c: (sign * c.compared, c.year),
            )

        quantity = "count" if question.per_head else "rate"
        yield "quantity", quantity, top(years, not question.per_head, basis)
        for other in choose_basis(records, years, None):
            if other != basis:
                yield "definition", f"{other} definition", top(years, question.per_head, other)
        held = records.years
        for first in sorted({years[0] - 10, years[0] - 5, held[0]}):
            window = list(range(first, years[-1] + 1))
            if first < years[0] and set(window) <= set(held):
                yield "first year", str(first), top(window, question.per_head, basis)
        if years[-1] < held[-1]:
            window = list(range(years[0], held[-1] + 1))
            if set(window) <= set(held):
                yield "last year", str(held[-1]), top(window, question.per_head, basis)

    return Robustness(
        choices=tuple(
            Choice(
                kind=kind,
                option=option,
                value=found.value,
                verdict=str(found.year),
                holds=found.year == best,
            )
            for kind, option, found in choices()
        )
    )


def _later_release(question: Question, store: Store) -> Iterator[Caveat]:
    if question.period.last_year < store.last_year:
        yield LaterRelease(
            f"The years to {question.period.last_year} are searched as the release of "
            f"{store.dataset.released:%-d %B %Y} states them, not as they were known at the time."
        )
