"""The highest or lowest year, or the largest one-year rise or fall, in a stretch of years."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from math import log, sqrt
from typing import NamedTuple

from baserate.errors import Caveat, LaterRelease, MissingPart, MissingYears
from baserate.measure.answer import Answer, DefinitionUsed, Extremes, Robustness, Verdict
from baserate.measure.context import (
    caveats_of,
    coverage_of,
    definition_used,
    source_rows,
    vintage_of,
)
from baserate.measure.difference import change_verdict, difference
from baserate.measure.level import count_unit
from baserate.measure.poisson import z_value
from baserate.measure.question import Question
from baserate.measure.records import (
    GARWOOD,
    Bridge,
    Records,
    choose_basis,
    figure,
    find_records,
    held_by,
    limits_of,
    points,
    require_years,
    tally,
    unspanned,
    years_held,
)
from baserate.store.holdings import SeriesRow
from baserate.store.open import Store
from baserate.terms.offenses import RapeDefinition
from baserate.terms.periods import Period
from baserate.terms.quantities import Interval


class Candidate(NamedTuple):
    """One year that could be the extreme one.

    `value` is as recorded by `basis`; `compared` is put on one scale, so that years by different
    definitions can be ordered. `variance` is that of its logarithm, counting noise alone.
    """

    year: int
    value: float
    compared: float
    interval: Interval
    basis: RapeDefinition | None
    verdict: Verdict
    variance: float

    @property
    def logarithm(self) -> float:
        """The level, or the ratio behind a percent change, as a logarithm."""
        of_change = self.verdict != "recorded"
        return log(1 + self.compared / 100) if of_change else log(max(self.compared, 1e-9))


class Search(NamedTuple):
    """Where and how to look: which records, rate or count, which end, on which definition.

    `made` keeps changes already worked out, for the other windows that share their years.
    """

    records: Records
    per_head: bool
    extreme: str
    basis: RapeDefinition | None
    bridge: Bridge | None
    made: dict[tuple[int, bool, RapeDefinition | None], Candidate | None]

    @property
    def of_change(self) -> bool:
        """Whether rises or falls are looked for, not levels."""
        return self.extreme in {"largest rise", "largest fall"}

    @property
    def sign(self) -> int:
        """1 where more is more extreme, -1 where less is."""
        return -1 if self.extreme in {"lowest", "largest fall"} else 1

    def candidates(self, years: Sequence[int]) -> Iterator[Candidate]:
        """Every year that could be it, in order. A change ends in its year and lies within."""
        return self._changes(years) if self.of_change else self._levels(years)

    def ordered(self, years: Sequence[int]) -> list[Candidate]:
        """The same, the extreme one first; of equals the latest."""
        return sorted(self.candidates(years), key=lambda c: (-self.sign * c.compared, -c.year))

    def _levels(self, years: Sequence[int]) -> Iterator[Candidate]:
        for year in years:
            held = held_by(self.records, self.basis, self.bridge, year)
            row = self.records.by_basis[held].get(year)
            if row is None:
                raise unspanned(self.records, years)
            value = 1e5 * row.offenses / row.population if self.per_head else float(row.offenses)
            low, high = limits_of(row.offenses, row.population, per_head=self.per_head)
            factor = self.bridge.factor if self.bridge and held == "legacy" else 1.0
            interval = Interval(low, high, GARWOOD)
            variance = 1 / max(row.offenses, 0.5)
            yield Candidate(year, value, value * factor, interval, held, "recorded", variance)

    def _changes(self, years: Sequence[int]) -> Iterator[Candidate]:
        for year in years[1:]:
            for each in list(self.records.by_basis) if self.bridge else [self.basis]:
                series = self.records.by_basis[each]
                if year not in series or year - 1 not in series:
                    continue
                key = (year, self.per_head, each)
                if key not in self.made:
                    self.made[key] = self._change(year, each)
                made = self.made[key]
                if made is not None:
                    yield made
                    break

    def _change(self, year: int, basis: RapeDefinition | None) -> Candidate | None:
        """The change into a year; None from zero or to it, where no ratio has a logarithm."""
        earlier, later = (
            tally(self.records, Period.year(y), basis, per_head=self.per_head)
            for y in (year - 1, year)
        )
        found = difference(earlier, later, with_p=False)
        if found.percent is None or not later.events:
            return None
        variance = 1 / earlier.events + 1 / later.events
        verdict, value = change_verdict(found), found.percent
        return Candidate(year, value, value, found.interval, basis, verdict, variance)


def extremum(question: Question, store: Store) -> Answer:
    """The year with the extreme figure among those of the period.

    For rises and falls each change lies within the period and on one definition. Years that
    counting noise cannot tell from the extreme one are named, each compared by the log of the
    two at 1 - 0.05/(n - 1), so that all comparisons hold together in 95 of 100 cases.
    """
    assert question.extreme is not None
    records = find_records(store, question.place, question.offense)
    years = list(range(question.period.first_year, question.period.last_year + 1))
    require_years(store, records, years)
    search = _search(records, years, question)
    ordered = search.ordered(years)
    if not ordered:
        raise MissingPart(
            f"no two neighboring years of {question.period} have figures that give a change"
        )
    best = ordered[0]
    later = figure(records, Period.year(best.year), best.basis, per_head=question.per_head)
    earlier = (
        figure(records, Period.year(best.year - 1), best.basis, per_head=question.per_head)
        if search.of_change
        else None
    )
    figures = [f for f in (earlier, later) if f is not None]
    bridge = None if search.of_change else search.bridge
    shown = "bridged" if bridge else best.basis
    rows = [r for c in ordered for r in records.rows(c.basis, c.year)]
    return Answer(
        question=question,
        verdict=best.verdict,
        value=best.value,
        unit=(
            f"percent change in the {'rate' if question.per_head else 'count'}"
            if search.of_change
            else count_unit(question.per_head)
        ),
        interval=best.interval,
        earlier=earlier,
        later=replace(later, adjusted=best.compared) if best.compared != best.value else later,
        coverage=coverage_of(figures, rows),
        definition=_definition(search, question, best, years),
        vintage=vintage_of(store, question.as_of, rows),
        robustness=_robustness(search, question, years, best.year),
        caveats=(
            *caveats_of(question.offense, records, shown, figures, rows=rows, bridge=bridge),
            *_later_release(question, store, rows),
            *_missing_years(records, store),
        ),
        sources=source_rows(store, rows),
        points=points(records, shown, per_head=question.per_head),
        extremes=_extremes(search, ordered, years),
    )


def _definition(
    search: Search, question: Question, best: Candidate, years: list[int]
) -> DefinitionUsed:
    if not search.of_change:
        shown = "bridged" if search.bridge else best.basis
        return definition_used(question.offense, search.records, shown, years, search.bridge)
    ends = [best.year - 1, best.year]
    used = definition_used(question.offense, search.records, best.basis, ends)
    if search.bridge is None:
        return used
    return replace(
        used,
        text=(
            "each year's change is on one definition of rape, the legacy one as long as it has "
            f"both years; this one by the {best.basis} definition"
        ),
    )


def _search(records: Records, years: Sequence[int], question: Question) -> Search:
    assert question.extreme is not None
    able = choose_basis(records, years, question.definition)
    bridge = None if able else records.bridge()
    if not able and bridge is None:
        raise unspanned(records, years)
    basis = able[0] if able else None
    return Search(records, question.per_head, question.extreme, basis, bridge, {})


def _extremes(search: Search, ordered: list[Candidate], years: Sequence[int]) -> Extremes:
    best, rest = ordered[0], ordered[1:]
    z = z_value(1 - 0.05 / max(len(rest), 1))
    alike = [
        c.year
        for c in rest
        if abs(c.logarithm - best.logarithm) <= z * sqrt(c.variance + best.variance)
    ]
    before, beyond = _before(search, best, years[0])
    newest = max(ordered, key=lambda c: c.year)
    next_one = next((c for c in rest if c.compared != best.compared), None)
    return Extremes(
        year=best.year,
        tied=tuple(sorted(c.year for c in rest if c.compared == best.compared)),
        runner_up=next_one.year if next_one else None,
        runner_up_value=next_one.compared if next_one else None,
        not_distinguishable=tuple(sorted(alike)),
        last_year=newest.year,
        last_year_rank=1
        + sum(search.sign * c.compared > search.sign * newest.compared for c in ordered),
        last_beyond=beyond.year if beyond else None,
        last_beyond_value=beyond.compared if beyond else None,
        earlier_searched=before,
        searched=len(ordered),
    )


def _before(search: Search, best: Candidate, first: int) -> tuple[int | None, Candidate | None]:
    """The first year looked at before the period, and the last one there that went beyond.

    The years before are compared over the bridge where they are by another definition. The
    first year of a period is the end of a change that began before it.
    """
    records = search.records
    held = [y for y in records.years if (y <= first if search.of_change else y < first)]
    if len(held) < (2 if search.of_change else 1):
        return None, None
    on_one = set(held) <= set(records.by_basis.get(search.basis, {})) and not search.bridge
    bridge = None if on_one else records.bridge()
    if not on_one and bridge is None:
        return None, None
    wider = search._replace(bridge=bridge)
    scaled = best.compared
    if bridge and not search.bridge and best.basis == "legacy" and not search.of_change:
        scaled *= bridge.factor
    found = [c for c in wider.candidates(held) if search.sign * c.compared > search.sign * scaled]
    return held[0], found[-1] if found else None


def _robustness(search: Search, question: Question, years: list[int], best: int) -> Robustness:
    """By count for rate, by the other definition, and from other first and last years."""
    records = search.records

    def top(search: Search, window: list[int]) -> Candidate:
        on_one = all(y in records.by_basis.get(search.basis, {}) for y in window)
        return search._replace(bridge=None if on_one else records.bridge()).ordered(window)[0]

    def choices() -> Iterator[tuple[str, str, Candidate]]:
        if question.per_head or _have_people(records, years):
            other = search._replace(per_head=not question.per_head)
            yield "quantity", "count" if question.per_head else "rate", top(other, years)
        for basis in choose_basis(records, years, None):
            if basis != search.basis and not search.bridge:
                by = search._replace(basis=basis)
                yield "definition", f"{basis} definition", top(by, years)
        held = records.years
        for first in sorted({years[0] - 10, years[0] - 5, held[0]}):
            window = list(range(first, years[-1] + 1))
            if first < years[0] and set(window) <= set(held):
                yield "first year", str(first), top(search, window)
        if years[-1] < held[-1]:
            window = list(range(years[0], held[-1] + 1))
            if set(window) <= set(held):
                yield "last year", str(held[-1]), top(search, window)

    return Robustness.against(
        str(best), ((kind, option, c.value, str(c.year)) for kind, option, c in choices())
    )


def _have_people(records: Records, years: list[int]) -> bool:
    """Whether a rate can be formed in each of the years, by every definition."""
    rows = (s[y] for s in records.by_basis.values() for y in years if y in s)
    return all(row.population for row in rows)


def _later_release(question: Question, store: Store, rows: Iterable[SeriesRow]) -> Iterator[Caveat]:
    newest = max((store.entry(r) for r in rows), key=lambda e: e.released)
    if question.period.last_year < newest.last_year:
        yield LaterRelease(
            f"The years to {question.period.last_year} are searched as the release of "
            f"{newest.released:%-d %B %Y} states them, not as they were known at the time."
        )


def _missing_years(records: Records, store: Store) -> Iterator[Caveat]:
    if records.years[0] > years_held(store, records.place)[0]:
        yield MissingYears(
            f"Records of {records.place} begin in {records.years[0]}; what was before is not known "
            "here."
        )
