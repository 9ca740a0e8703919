"""A steady yearly change over a stretch of years."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from baserate.errors import MissingPart, NoRecords
from baserate.measure.answer import Answer, Figure, Other, Robustness, Verdict
from baserate.measure.context import (
    caveats_of,
    coverage_of,
    definition_used,
    source_rows,
    vintage_of,
)
from baserate.measure.question import Question
from baserate.measure.records import (
    Bridge,
    Records,
    choose_basis,
    figure,
    find_records,
    held_by,
    points,
    require_years,
    unspanned,
)
from baserate.measure.scatter import Trend, fit_trend
from baserate.store.open import Store
from baserate.terms.offenses import RapeDefinition
from baserate.terms.periods import Period
from baserate.terms.quantities import Interval

SHORTEST = 3  # years; two points make a line and leave nothing to judge it by
SHIFTS = (-3, -2, -1, 1, 2, 3)


FEWEST_YEARS = 3  # with any offense, for a trend


def trend(question: Question, store: Store) -> Answer:
    """The average yearly change over the period, from a Poisson trend fitted to every year.

    The interval allows for years that stray from the line and for a rate that wanders, so a
    series that goes up and down gets a wide one (`scatter.fit_trend`).
    """
    records = find_records(store, question.place, question.offense)
    years = list(range(question.period.first_year, question.period.last_year + 1))
    if len(years) < SHORTEST:
        raise MissingPart(
            f"a trend needs at least {SHORTEST} years and {question.period} has {len(years)}; "
            "ask for a longer period, or for the change"
        )
    require_years(store, records, years)
    able = choose_basis(records, years, question.definition)
    bridge = None if able else _require_bridge(records, years)
    basis = able[0] if able else None
    rows = [r for y in years for r in records.rows(held_by(records, basis, bridge, y), y)]
    if len({r.year for r in rows if r.offenses}) < SHORTEST:
        raise NoRecords(
            f"{question.place} recorded none in nearly every year of {question.period}, and from "
            "so little no trend can be fitted; ask for the counts"
        )
    fitted = _fit(records, years, basis, bridge, question.per_head)
    ends = tuple(
        figure(
            records, Period.year(y), held_by(records, basis, bridge, y), per_head=question.per_head
        )
        for y in (years[0], years[-1])
    )
    shown = "bridged" if bridge else basis
    return Answer(
        question=question,
        verdict=_verdict(fitted),
        value=fitted.yearly,
        unit=_unit(question.per_head),
        interval=_interval(fitted),
        earlier=_adjusted(ends[0], bridge),
        later=ends[1],
        coverage=coverage_of(ends, rows),
        definition=definition_used(question.offense, records, shown, years, bridge),
        vintage=vintage_of(store, question.as_of, rows),
        robustness=_robustness(records, question, years, able, bridge, fitted),
        caveats=caveats_of(question.offense, records, shown, ends, rows=rows, bridge=bridge),
        sources=source_rows(store, rows),
        points=points(records, shown, per_head=question.per_head),
        others=tuple(_other_quantity(records, question, years, basis, bridge)),
    )


def _unit(per_head: bool) -> str:
    return f"percent a year in the {'rate' if per_head else 'count'}"


def _adjusted(first: Figure, bridge: Bridge | None) -> Figure:
    """The first year's figure, carried over to the revised definition if the trend was."""
    if bridge is None or first.basis != "legacy":
        return first
    return replace(first, adjusted=first.value * bridge.factor)


def _interval(fitted: Trend) -> Interval:
    method = (
        f"Poisson trend, dispersion {fitted.dispersion:.1f}, yearly changes wandering by "
        f"{fitted.wander:.1f}%, Student's t"
    )
    return Interval(fitted.lower, fitted.upper, method)


def _verdict(fitted: Trend) -> Verdict:
    side = _interval(fitted).side_of(0)
    return "up" if side == "above" else "down" if side == "below" else "no clear change"


def _require_bridge(records: Records, years: list[int]) -> Bridge:
    bridge = records.bridge()
    if bridge is None:
        raise unspanned(records, years)
    return bridge


def _fit(
    records: Records,
    years: list[int],
    basis: RapeDefinition | None,
    bridge: Bridge | None,
    per_head: bool,
) -> Trend:
    counts, exposures = [], []
    for year in years:
        held = held_by(records, basis, bridge, year)
        row = records.by_basis[held][year]
        counts.append(row.offenses * (bridge.factor if bridge and held == "legacy" else 1.0))
        exposures.append(float(row.population) if per_head else 1.0)
    return fit_trend(years, counts, exposures)


def _can_fit(
    records: Records,
    years: list[int],
    basis: RapeDefinition | None,
    bridge: Bridge | None,
    per_head: bool,
) -> bool:
    """Whether there are years enough with an offense, and people to form rates with."""
    rows = [records.by_basis[held_by(records, basis, bridge, y)][y] for y in years]
    enough = sum(r.offenses > 0 for r in rows) >= FEWEST_YEARS
    return enough and (not per_head or all(r.population for r in rows))


def _robustness(
    records: Records,
    question: Question,
    years: list[int],
    able: tuple[RapeDefinition | None, ...],
    bridge: Bridge | None,
    main: Trend,
) -> Robustness:
    def choices() -> Iterator[tuple[str, str, Trend]]:
        basis = able[0] if able else None
        held = set(records.by_basis[basis]) if able else set(records.years)
        for shift in SHIFTS:
            first = years[0] + shift
            other = list(range(first, years[-1] + 1))
            able_to = len(other) >= SHORTEST and set(other) <= held
            if able_to and _can_fit(records, other, basis, bridge, question.per_head):
                yield (
                    "first year",
                    str(first),
                    _fit(records, other, basis, bridge, question.per_head),
                )
        for each in able[1:]:
            yield (
                "definition",
                f"{each} definition",
                _fit(records, years, each, None, question.per_head),
            )
        quantity = "count" if question.per_head else "rate"
        if _can_fit(records, years, basis, bridge, not question.per_head):
            yield "quantity", quantity, _fit(records, years, basis, bridge, not question.per_head)

    return Robustness.against(
        _verdict(main), ((kind, option, t.yearly, _verdict(t)) for kind, option, t in choices())
    )


def _other_quantity(
    records: Records,
    question: Question,
    years: list[int],
    basis: RapeDefinition | None,
    bridge: Bridge | None,
) -> Iterator[Other]:
    if not _can_fit(records, years, basis, bridge, not question.per_head):
        return
    fitted = _fit(records, years, basis, bridge, not question.per_head)
    yield Other(
        label="count" if question.per_head else "rate",
        value=fitted.yearly,
        unit=_unit(not question.per_head),
        interval=_interval(fitted),
        verdict=_verdict(fitted),
    )
