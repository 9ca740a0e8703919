"""Every city with records, read for a window of years and set against the nation.

Candidates are cities and towns with a police department of their own in the records. The police of
counties, campuses and states are not: nobody's city is theirs.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from baserate.grants.selection.criteria import (
    Standing,
    Tally,
    expected,
    ratio,
    standing,
    window_ratio,
)
from baserate.grants.selection.nation import Nation, NationYear
from baserate.grants.selection.ranks import Ranked
from baserate.measure.poisson import RatioLimits
from baserate.store.holdings import SeriesRow
from baserate.store.open import Store
from baserate.terms.offenses import RAPE_DEFINITIONS, RapeDefinition, offense
from baserate.terms.places import Place, place


@dataclass(frozen=True, slots=True)
class CityYear:
    """A city in one year. `alike`: city and nation are known to count by one definition."""

    row: SeriesRow
    nation: NationYear
    alike: bool

    @property
    def year(self) -> int:
        """The year."""
        return self.row.year

    @property
    def pair(self) -> tuple[Tally, Tally]:
        """The city and the nation."""
        return Tally(self.row.offenses, self.row.population), self.nation.tally

    @property
    def rate(self) -> float:
        """Offenses per 100,000 people."""
        return 1e5 * self.row.offenses / self.row.population

    def against(self, nation: NationYear, confidence: float) -> RatioLimits:
        """The ratio to another statement of the nation's figure."""
        return ratio(self.pair[0], nation.tally, confidence)


@dataclass(frozen=True, slots=True)
class Lacking:
    """A year of the window that a city has no whole figure of, and why."""

    year: int
    why: str


@dataclass(frozen=True, slots=True)
class CityRecord:
    """What the records have of one city in the window, from one source."""

    place: Place
    dataset: str
    years: tuple[CityYear, ...]
    lacking: tuple[Lacking, ...]

    @property
    def population(self) -> int:
        """People in the newest year held; 0 where none is."""
        return self.years[-1].row.population if self.years else 0

    @property
    def is_whole(self) -> bool:
        """Whether every year of the window is held."""
        return not self.lacking

    @property
    def ranked(self) -> Ranked:
        """What it is ranked by: offenses in the window, and those expected at the nation's rate."""
        pairs = [y.pair for y in self.years]
        return Ranked(sum(city.offenses for city, _ in pairs), expected(pairs))

    def ratios(self, confidence: float) -> tuple[RatioLimits, ...]:
        """The ratio of each year held, in order."""
        return tuple(ratio(*y.pair, confidence) for y in self.years)

    def over_window(self, confidence: float) -> RatioLimits | None:
        """The ratio over the whole window; None where a year is lacking."""
        if not self.is_whole:
            return None
        return window_ratio([y.pair for y in self.years], confidence)

    def standing(self, threshold: float, confidence: float) -> Standing:
        """Whether it meets the criterion."""
        return self.standing_against([y.nation for y in self.years], threshold, confidence)

    def standing_against(
        self, nation: Sequence[NationYear | None], threshold: float, confidence: float
    ) -> Standing:
        """The same against other statements of the nation, one for each year held."""
        found = [
            None if n is None else y.against(n, confidence)
            for y, n in zip(self.years, nation, strict=True)
        ]
        return standing([*found, *[None] * len(self.lacking)], threshold)


def city_records(
    store: Store,
    offense_key: str,
    years: Sequence[int],
    nation: Nation,
    only: Collection[str] | None = None,
) -> Iterator[CityRecord]:
    """Every city of which the records have anything in the window; `only` those, if given."""
    rates = store.view(needs_population=True)
    for key in rates.cities(offense_key):
        if only is not None and key not in only:
            continue
        found = _record(rates, key, offense_key, years, nation)
        if found is not None:
            yield found


def _record(
    store: Store, key: str, offense_key: str, years: Sequence[int], nation: Nation
) -> CityRecord | None:
    """One city, from the preferred of the sources that have most of the window."""
    sources = store.sources(key, offense_key)
    made = [
        (source, _city_years(_of(store, key, source, sources), key, offense_key, years, nation))
        for source in sources
    ]
    source, held = max(made, key=lambda each: len(each[1]), default=("", ()))
    if len(held) == len(years):
        return CityRecord(place(key), source, held, ())
    partial = store.not_whole(key, offense_key)
    partly = {y: part.why for of in partial.values() for y, part in of.items()}
    if not held and not set(partly) & set(years):
        return None
    have = {y.year for y in held}
    lacking = tuple(
        Lacking(y, f"held in part only: {partly[y]}" if y in partly else "no record")
        for y in years
        if y not in have
    )
    return CityRecord(place(key), source or next(iter(partial)), held, lacking)


def _of(store: Store, key: str, source: str, sources: Sequence[str]) -> Store:
    """The view with a city's figures from that source; the store itself already prefers one."""
    return store if source == sources[0] else store.from_source(key, source)


def _city_years(
    view: Store, key: str, offense_key: str, years: Sequence[int], nation: Nation
) -> tuple[CityYear, ...]:
    bases: tuple[RapeDefinition | None, ...] = (None,)
    if offense(offense_key).has_two_definitions:
        bases = (*RAPE_DEFINITIONS, None)
    series = {basis: view.series(key, offense_key, basis) for basis in bases}
    rows = {y: [of[y] for of in series.values() if y in of] for y in years}
    made = (_city_year(view, rows[y], nation, y) for y in years if rows[y])
    return tuple(each for each in made if each is not None)


def _city_year(
    view: Store, rows: Sequence[SeriesRow], nation: Nation, year: int
) -> CityYear | None:
    """A city's figure with the nation's by the same definition.

    The newest release's figure first, then one by the FBI's own definition in that year. Where the
    source does not say by which definition it counts, the FBI's own is taken.
    """
    usual = nation.usual[year]
    found = [
        made
        for row in sorted(rows, key=lambda row: row.definition != usual.definition)
        if (made := _set_against(row, nation.alike(row.definition, year), usual)) is not None
    ]
    if len(found) < 2:
        return found[0] if found else None
    return max(found, key=lambda made: view.entry(made.row).released)


def _set_against(row: SeriesRow, alike: NationYear | None, usual: NationYear) -> CityYear | None:
    if row.offenses < 0 or not row.population:
        return None
    if alike is not None:
        return CityYear(row, alike, True)
    return CityYear(row, usual, False) if row.definition is None else None
