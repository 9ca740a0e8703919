"""From the store to figures on one definition: never two definitions in one comparison.

The national violent crime total counts rape by the legacy definition through 2015 and by the
revised one from 2016; the states switch in 2013. Everything here gives figures by one
definition, and where none spans the years asked for, a bridge: the ratio of the two in the
years that have both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from weakref import WeakKeyDictionary

from baserate.errors import (
    ClearancesNotHeld,
    DefinitionNotHeld,
    NoRecords,
    NoReleaseByThen,
    PartOfYear,
    PeriodNotHeld,
    PlaceNotHeld,
    PopulationNotHeld,
    YearNotHeld,
)
from baserate.measure.answer import Basis, Figure, Point
from baserate.measure.difference import Tally
from baserate.measure.poisson import Limits, count_limits
from baserate.measure.scatter import FEWEST_SPANS
from baserate.sources.catalog import catalog, dataset
from baserate.sources.facts import Counted
from baserate.store.holdings import WHOLE_YEAR, Series, SeriesRow
from baserate.store.open import Store
from baserate.terms.offenses import (
    RAPE_DEFINITIONS,
    RapeDefinition,
    definition_in_force,
    offense,
)
from baserate.terms.periods import Period
from baserate.terms.places import NATION, STATES_TOGETHER, Place, place, states
from baserate.terms.quantities import Interval

SHORT = 4  # years beyond the first; a source with fewer is not searched by itself
GARWOOD = "exact Poisson (Garwood), counting noise alone"


@dataclass(frozen=True, slots=True)
class Bridge:
    """How to turn legacy counts into revised ones, from the years that have both.

    `factor` is revised over legacy, all those years together; `by_year` each alone.
    """

    factor: float
    by_year: dict[int, float]

    @property
    def lowest(self) -> float:
        """The smallest factor of any year."""
        return min(self.by_year.values())

    @property
    def highest(self) -> float:
        """The largest factor of any year."""
        return max(self.by_year.values())


@dataclass(frozen=True, slots=True)
class Records:
    """All figures of one offense, or of its clearances, in one place, by definition and year.

    A sum of states keeps the records it was summed from in `states`.
    """

    place: Place
    offense: str
    by_basis: dict[RapeDefinition | None, Series] = field(repr=False)
    states: tuple[Records, ...] = field(default=(), repr=False)
    counted: Counted = "offenses"

    def rows(self, basis: RapeDefinition | None, year: int) -> tuple[SeriesRow, ...]:
        """The published rows behind one year's figure: one, or those of every state."""
        if self.states:
            return tuple(s.by_basis[basis][year] for s in self.states)
        return (self.by_basis[basis][year],)

    @property
    def years(self) -> tuple[int, ...]:
        """Years with a figure by any definition."""
        return tuple(sorted({y for series in self.by_basis.values() for y in series}))

    def spanning(self, years: Iterable[int]) -> tuple[RapeDefinition | None, ...]:
        """The definitions by which all those years have a figure, the best one first.

        Best is the one the publisher's own totals use at most of those years; then the one
        used at the first. Rape itself has two columns and no total: there, the definition in
        force at the first year.
        """
        wanted = sorted(set(years))
        able = [b for b, s in self.by_basis.items() if s and all(y in s for y in wanted)]
        printed: list[RapeDefinition | None] = [
            self.printed(y) or definition_in_force(y) for y in wanted
        ]
        return tuple(sorted(able, key=lambda b: (-printed.count(b), b != printed[0])))

    def printed(self, year: int) -> RapeDefinition | None:
        """The definition the publisher's total counts by in that year; None if it has no choice.

        A total that neither definition completes counts as of the definition then in use.
        """
        rows = [s[year] for s in self.by_basis.values() if year in s]
        said = {r.printed_definition for r in rows}
        for basis in RAPE_DEFINITIONS:
            if basis in said or (said == {"either"} and basis in self.by_basis):
                return basis
        if None in said:
            return None
        return "revised" if "revised" in {r.definition for r in rows} else "legacy"

    def bridge(self) -> Bridge | None:
        """From legacy to revised, if some years have both."""
        legacy, revised = self.by_basis.get("legacy", {}), self.by_basis.get("revised", {})
        both = sorted(set(legacy) & set(revised))
        if not both or not all(legacy[y].offenses for y in both):
            return None
        return Bridge(
            sum(revised[y].offenses for y in both) / sum(legacy[y].offenses for y in both),
            {y: revised[y].offenses / legacy[y].offenses for y in both},
        )

    def changes(self, span: int, basis: Basis, per_head: bool) -> dict[int, float]:
        """The percent change over every stretch of `span` years, by its first year.

        Each is on one definition: `basis` alone where that leaves at least FEWEST_SPANS, else
        whichever the stretch has.
        """
        if basis in RAPE_DEFINITIONS or basis is None:
            alone = self._changes_on(basis, span, per_head)
            if len(alone) >= FEWEST_SPANS:
                return alone
        merged: dict[int, float] = {}
        for each in self.by_basis:
            for start, change in self._changes_on(each, span, per_head).items():
                merged.setdefault(start, change)
        return merged

    def _changes_on(
        self, basis: RapeDefinition | None, span: int, per_head: bool
    ) -> dict[int, float]:
        series = self.by_basis.get(basis, {})
        value: Callable[[SeriesRow], float] = (
            (lambda r: r.offenses / r.population) if per_head else (lambda r: float(r.offenses))
        )
        return {
            y: 100 * (value(series[y + span]) / value(series[y]) - 1)
            for y in series
            if y + span in series and series[y].offenses
        }


# What was found in each store, for as long as the store is in use.
_FOUND: WeakKeyDictionary[Store, dict[tuple[str, str], Records]] = WeakKeyDictionary()


def find_records(store: Store, where: Place, key: str) -> Records:
    """The records of one offense in one place. Raises where there are none."""
    found = _FOUND.setdefault(store, {})
    if (where.key, key) not in found:
        found[where.key, key] = _find_records(store, where, key)
    return found[where.key, key]


def _find_records(store: Store, where: Place, key: str) -> Records:
    kind = offense(key)
    if kind.answered_by:
        key = kind.answered_by
        kind = offense(key)
    if where != STATES_TOGETHER and not store.sources(where.key, key):
        _refuse_absent(store, where, key)
    bases: tuple[RapeDefinition | None, ...] = (
        RAPE_DEFINITIONS if kind.has_two_definitions else (None,)
    )
    if where != STATES_TOGETHER and store.series(where.key, key, None):
        bases = tuple(dict.fromkeys((*bases, None)))  # of figures whose definition is not stated
    if where != STATES_TOGETHER:
        found = {b: store.series(where.key, key, b) for b in bases}
        return Records(where, key, found, counted=store.selection.counted)
    every = tuple(find_records(store, s, key) for s in states().values())
    sums = {b: _sums([s.by_basis[b] for s in every]) for b in bases}
    return Records(where, key, sums, every, store.selection.counted)


def _sums(every: Sequence[Series]) -> Series:
    """The states added up, in the years in which all of them have a figure."""
    whole = set.intersection(*(set(s) for s in every))
    return {y: _sum_of_states([s[y] for s in every]) for y in sorted(whole)}


def _sum_of_states(rows: Sequence[SeriesRow]) -> SeriesRow:
    printed = {r.printed_definition for r in rows} - {"none"}
    return SeriesRow(
        place=STATES_TOGETHER.key,
        definition=rows[0].definition,
        year=rows[0].year,
        offenses=sum(r.offenses for r in rows),
        population=sum(r.population for r in rows),
        is_printed=False,
        printed_total=None,
        parts_total=None,
        printed_definition=printed.pop() if len(printed) == 1 else "none",
        file_row=rows[0].file_row,
        caveats="",
        file=rows[0].file,
        is_estimated=any(r.is_estimated for r in rows),
    )


def _refuse_absent(store: Store, where: Place, key: str) -> None:
    """Say why there is nothing, and what would answer. Returns where some years are in part."""
    if not offense(key).held:
        raise store.not_held(key)
    _refuse_before_release(store, where, key)
    if store.not_whole(where.key, key):
        return
    _refuse_unfit(store, where, key)
    if store.selection.counted == "clearances":
        raise _no_clearances(store, where, key)
    if where.kind == "region":
        raise PlaceNotHeld(
            f"there are no records of {where.plain} here: the table at hand has the nation, the "
            "50 states and the District of Columbia. Ask about one of them"
        )
    if where.kind not in {"city", "agency"}:
        return
    state = place(where.state or "US")
    raise PlaceNotHeld(
        f"there are no records of {where.plain} here. What would answer it is the FBI's Crime in "
        "the United States, Table 8 (offenses known to police, by city; "
        "ucr.fbi.gov/crime-in-the-u.s), or the department's own figures: get the file and "
        f'"baserate add" it. For the state ask "{offense(key).name} in {state.plain}"'
    )


def _no_clearances(store: Store, where: Place, key: str) -> ClearancesNotHeld:
    """The error that says what is held instead, and which files would have clearances."""
    source = store.view(counted="offenses").source(where.key, key)
    held = f" ({dataset(source).short})" if source else ""
    able = [d.short for d in catalog().values() if d.clearances != "none"]
    return ClearancesNotHeld(
        f"the records of {offense(key).name} in {where} at hand{held} count offenses and not how "
        f"many were cleared. Files that do: {'; '.join(able)} (baserate catalog says where to get "
        'them). Get one and "baserate add" it, or ask for the offenses: '
        f'"{offense(key).name} in {where.plain}"'
    )


def _refuse_before_release(store: Store, where: Place, key: str) -> None:
    """Records there are, and they had not been released by the day asked of."""
    as_of = store.selection.as_of
    able = store.view(as_of=None).sources(where.key, key) if as_of is not None else ()
    days = [e.released for e in store.entries if e.dataset in able]
    if as_of is not None and days and min(days) > as_of:
        raise NoReleaseByThen(
            f"no figures of {where} had been released by {as_of.isoformat()}; the first release at "
            f"hand is of {min(days).isoformat()}. Ask as of that day or later"
        )


def _refuse_unfit(store: Store, where: Place, key: str) -> None:
    """Records there are, but by year where months are asked for, or with no population."""
    asked = store.selection
    if asked.months != WHOLE_YEAR and store.view(months=WHOLE_YEAR).sources(where.key, key):
        raise PeriodNotHeld(
            f"the records of {where} at hand are by year and cannot answer for some months of one; "
            "ask for whole years, or add monthly counts from the department or the FBI's agency "
            "files"
        )
    if asked.needs_population and store.view(needs_population=False).sources(where.key, key):
        raise PopulationNotHeld(
            f"offenses of {where} are held, but no population to form a rate with. Ask for the "
            f'count: "{offense(key).name} count in {where.plain}", or add a list of agency '
            "populations"
        )


def require_years(store: Store, records: Records, years: Iterable[int]) -> None:
    """Refuse years that the records do not have, and say which they have."""
    wanted, held = sorted(set(years)), set(records.years)
    missing = [y for y in wanted if y not in held]
    if not missing:
        return
    name = offense(records.offense).name
    if records.counted == "clearances":
        name += " clearance"
    _refuse_part_years(store, records, missing)
    if not held:
        _refuse_unfit(store, records.place, records.offense)
        raise NoRecords(f"there are no figures for {name} in {records.place}")
    first, last = years_held(store, records.place)
    outside = [y for y in missing if not first <= y <= last]
    span = f"{min(held)} to {max(held)}"
    if outside:
        raise YearNotHeld(
            f"{outside[0]} is outside the records, which reach from {first} to {last}; ask about "
            "years in that span"
        )
    raise YearNotHeld(
        f"the records have no {name} figure for {records.place} in {missing[0]}; "
        f"they have {span}"
        + ("" if len(held) == max(held) - min(held) + 1 else f", {len(held)} years in all")
    )


def _refuse_part_years(store: Store, records: Records, missing: Sequence[int]) -> None:
    """A year held in part is not that year's figure."""
    for source, years in store.not_whole(records.place.key, records.offense).items():
        for year in missing:
            part = years.get(year)
            if part is None or (not part.months and _is_counted_whole(store, records, year)):
                continue
            what = "" if records.counted == "offenses" else f" ({records.counted})"
            title = store.dataset(store.by_id[part.file]).short
            raise PartOfYear(
                f"{records.place} {year}{what} is held in part only ({title}: "
                f"{_short(part.why)}; {part.counted:,} counted), which is not that year's "
                "figure. Ask about other years"
                + (", or about the months that are held" if part.months else ""),
                dataset=source,
            )


def _is_counted_whole(store: Store, records: Records, year: int) -> bool:
    """Whether any source has the whole year, be it without a population."""
    where, key = records.place.key, records.offense
    counted = store.view(needs_population=False)
    views = [counted.from_source(where, source) for source in counted.sources(where, key)]
    return any(year in v.series(where, key, d) for v in views for d in (*RAPE_DEFINITIONS, None))


def _short(why: str) -> str:
    """The part of a long remark that says what is partial."""
    said = [w for w in why.split("; ") if "partial" in w] or [why]
    return said[0][:200]


def choose_basis(
    records: Records, years: Iterable[int], asked: RapeDefinition | None
) -> tuple[RapeDefinition | None, ...]:
    """The definitions that span the years, best first; empty where a bridge is needed.

    Raises DefinitionNotHeld where one was asked for and does not span them.
    """
    able = records.spanning(years)
    if asked is None or set(records.by_basis) == {None}:
        return able
    if asked in able:
        return (asked, *(b for b in able if b != asked))
    held = sorted(records.by_basis.get(asked, {}))
    span = f"{held[0]} to {held[-1]}" if held else "no year"
    raise DefinitionNotHeld(
        f"by the {asked} definition of rape the records for {records.place} have {span}; "
        "leave the definition open, or ask about those years"
    )


def require_one_basis(
    records: Records, years: Iterable[int], asked: RapeDefinition | None
) -> tuple[RapeDefinition | None, ...]:
    """The definitions that span the years, best first. Raises where none does."""
    able = choose_basis(records, years, asked)
    if not able:
        raise unspanned(records, years)
    return able


def common_bases(
    one: Records, other: Records, years: Iterable[int], asked: RapeDefinition | None
) -> tuple[RapeDefinition | None, ...]:
    """The definitions that both have over the years, best first. Raises where there is none."""
    of_other = require_one_basis(other, years, asked)
    able = tuple(b for b in require_one_basis(one, years, asked) if b in of_other)
    if not able:
        raise unspanned(one, years)
    return able


def unspanned(records: Records, years: Iterable[int]) -> DefinitionNotHeld:
    """The error that says why figures of these years may not be put together."""
    wanted = sorted(set(years))
    spans = "; ".join(
        f"{b or 'by an unstated one'} {min(s)} to {max(s)}"
        for b, s in records.by_basis.items()
        if s
    )
    return DefinitionNotHeld(
        f"no one definition of rape spans {wanted[0]} to {wanted[-1]}, and putting together years "
        f"counted differently would be wrong; the records for {records.place} have: {spans}"
    )


def held_by(
    records: Records, basis: RapeDefinition | None, bridge: Bridge | None, year: int
) -> RapeDefinition | None:
    """The definition a year is read by: across a bridge, the revised one where there is one."""
    if bridge is None:
        return basis
    return "revised" if year in records.by_basis["revised"] else "legacy"


def figure(
    records: Records, period: Period, basis: RapeDefinition | None, *, per_head: bool
) -> Figure:
    """What was recorded over the period, by one definition. All its years must be held."""
    years = range(period.first_year, period.last_year + 1)
    rows = tuple(r for y in years for r in records.rows(basis, y))
    offenses, exposure = tally(records, period, basis, per_head=True)
    if offenses < 0:
        raise NoRecords(
            f"corrections take more {offense(records.offense).many} out of {period} in "
            f"{records.place} than were recorded in it ({int(offenses)}); ask about a longer period"
        )
    population = int(exposure)
    low, high = limits_of(int(offenses), population, per_head=per_head)
    return Figure(
        place=records.place,
        period=period,
        basis=basis,
        offenses=int(offenses),
        population=population,
        per_head=per_head,
        limits=Interval(low, high, GARWOOD),
        rows=rows,
        counted=records.counted,
    )


def is_disputed(rows: Iterable[SeriesRow]) -> bool:
    """Whether a sum of parts is used somewhere that the publisher's total contradicts."""
    return any(r.printed_total is not None and not r.is_printed for r in rows)


def printed_offenses(rows: Iterable[SeriesRow]) -> int:
    """Offenses by the publisher's totals, where those contradict the sums that are used."""
    return sum(
        r.printed_total if r.printed_total and not r.is_printed else r.offenses for r in rows
    )


def printed_tally(one: Figure) -> Tally:
    """A figure's tally by the publisher's totals."""
    years = one.period.last_year - one.period.first_year + 1
    return Tally(printed_offenses(one.rows), one.population if one.per_head else years)


def tally(
    records: Records, period: Period, basis: RapeDefinition | None, *, per_head: bool
) -> Tally:
    """Offenses over person-years, or over years for a count: a figure without its trappings."""
    series = records.by_basis[basis]
    offenses = people = 0
    for year in range(period.first_year, period.last_year + 1):
        row = series[year]
        offenses += row.offenses
        people += row.population
    years = period.last_year - period.first_year + 1
    return Tally(offenses, people if per_head else years)


def limits_of(offenses: int, population: int, *, per_head: bool) -> Limits:
    """Exact Poisson limits of a count, or of its rate per 100,000."""
    low, high = count_limits(offenses)
    scale = 1e5 / population if per_head else 1.0
    return Limits(low * scale, high * scale)


def points(records: Records, basis: Basis, *, per_head: bool) -> tuple[Point, ...]:
    """The whole series by every definition it has, the one answered by first.

    Each point names its definition, so that a chart breaks its line where that changes.
    """
    first: RapeDefinition | None = "legacy" if basis == "bridged" else basis
    order = sorted(records.by_basis, key=lambda b: b != first)
    return tuple(
        _point(records.by_basis[b][year], per_head) for b in order for year in records.by_basis[b]
    )


@lru_cache(maxsize=16_384)
def _point(row: SeriesRow, per_head: bool) -> Point:
    low, high = limits_of(row.offenses, row.population, per_head=per_head)
    value = 1e5 * row.offenses / row.population if per_head else float(row.offenses)
    return Point(
        place=row.place,
        year=row.year,
        value=value,
        lower=low,
        upper=high,
        basis=row.definition or "",
        offenses=row.offenses,
        population=row.population,
        file_row=None if row.place == STATES_TOGETHER.key else row.file_row,
    )


def years_held(store: Store, where: Place) -> tuple[int, int]:
    """The first and last year that a place's records reach, by the source one would search."""
    spans = spans_held(store, where)
    return max(spans, key=_reach) if spans else _packaged(store)


def spans_held(
    store: Store, where: Place, offense_key: str = "murder"
) -> tuple[tuple[int, int], ...]:
    """First and last year of each source of a place, the preferred one first."""
    key = NATION.key if where.kind == "states" else where.key
    spans = []
    for source in store.sources(key, offense_key):
        if len(key) == 2:
            used = [e for e in store.entries if e.dataset == source]
            spans.append((min(e.first_year for e in used), max(e.last_year for e in used)))
            continue
        view = store.from_source(key, source)
        bases: tuple[RapeDefinition | None, ...] = (*RAPE_DEFINITIONS, None)
        years = {y for d in bases for y in view.series(key, offense_key, d)}
        spans.append((min(years), max(years)))
    return tuple(spans)


def _reach(span: tuple[int, int]) -> tuple[int, int]:
    """What orders spans: how far they reach, unless they are too short to search."""
    first, last = span
    return (last if last - first >= SHORT else 0, last - first)


def span_to_search(spans: Sequence[tuple[int, int]], start: int | None) -> tuple[int, int] | None:
    """The span of years to search from a start: the one that reaches furthest and holds it."""
    able = [s for s in spans if start is None or s[0] <= start] or list(spans)
    return max(able, key=_reach, default=None)


def _packaged(store: Store) -> tuple[int, int]:
    return store.entries[0].first_year, store.entries[0].last_year
