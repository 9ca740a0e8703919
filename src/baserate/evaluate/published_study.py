"""From a study of published cells to what they can and cannot say.

How much units scatter decides what a difference of means can bear, and was not published; where
the records hold such cities, their scatter over the same years stands in for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import stdev
from typing import Literal

from baserate.measure.effects.cells import (
    chance_of_lowest,
    expected_lowest,
    interval,
    smallest_visible,
    spread_for_lowest,
    standard_error,
)
from baserate.measure.effects.published import Contrast, Extreme
from baserate.measure.effects.read_cells import PublishedStudy, published_study
from baserate.measure.effects.study_file import StudyFile
from baserate.measure.records import find_records
from baserate.store.holdings import SeriesRow
from baserate.store.open import Store
from baserate.terms.places import place

Reading = Literal["fell", "rose", "can't tell"]
FEWEST_CITIES = 10  # the scatter of fewer is known to within a third at best


@dataclass(frozen=True, slots=True)
class Spread:
    """Standard deviation of units' changes, in points: published, or of places in the records.

    `changes` are those of the places in the records, in percent, and `sources` what holds them.
    """

    points: float
    by: Literal["study", "records"]
    changes: tuple[float, ...] = ()
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Borne:
    """What a difference of two cells can bear if units scatter so much; all in points."""

    error: float
    lower: float
    upper: float
    smallest_visible: float

    @property
    def is_told(self) -> bool:
        """Whether the difference could then be told from chance."""
        return not self.lower <= 0 <= self.upper


@dataclass(frozen=True, slots=True)
class ExtremeRead:
    """A quoted extreme beside the lowest change that scatter alone would give, in percent.

    units         how many it was picked from, as far as that is known
    spread_needed the scatter at which it is the expected lowest, without any effect
    expected      the lowest expected of so many at the scatter at hand; None without one
    chance        how often at least one falls so far then
    seen          how many of the places in the records changed by so much; None without any
    """

    extreme: Extreme
    units: int
    mean: float
    spread_needed: float
    expected: float | None
    chance: float | None
    seen: int | None


@dataclass(frozen=True, slots=True)
class PublishedEvaluation:
    """Published cells, and what they come to."""

    study: PublishedStudy
    spread: Spread | None
    borne: Borne | None
    extremes: tuple[ExtremeRead, ...]

    @property
    def main(self) -> Contrast:
        """The treated against the others."""
        return self.study.cells.main

    @property
    def reading(self) -> Reading:
        """Where the difference is told from chance, its direction; else nothing can be told."""
        if self.borne is None or not self.borne.is_told:
            return "can't tell"
        return "fell" if self.main.points < 0 else "rose"


def evaluate_published(file: StudyFile, store: Store) -> PublishedEvaluation:
    """What the cells of a study file can say, with the scatter it gives or the records hold."""
    study = published_study(file)
    spread = _spread(study, store)
    return PublishedEvaluation(study, spread, _borne(study, spread), _extremes(study, spread))


def spread_in_records(study: PublishedStudy, store: Store) -> Spread | None:
    """How the rate of such cities as the records hold scattered from the first year to the last.

    Cities of at least the size the study names at both ends, counted by one definition; treated
    ones are not known by name and are among them. None where there are fewer than ten.
    """
    changes: list[float] = []
    sources: set[str] = set()
    view = store.view(needs_population=True)
    for key in view.cities(study.offense):
        found = _change(study, view, key)
        if found is not None:
            changes.append(found[0])
            sources.add(found[1])
    if len(changes) < FEWEST_CITIES:
        return None
    return Spread(stdev(changes), "records", tuple(sorted(changes)), tuple(sorted(sources)))


def _change(study: PublishedStudy, view: Store, key: str) -> tuple[float, str] | None:
    """A city's change of its rate in percent, and its source; None where it cannot be had.

    From the preferred of the sources that hold both years by one definition.
    """
    for source in view.sources(key, study.offense):
        held = view.from_source(key, source)
        records = find_records(held, place(key), study.offense)
        for basis in records.spanning(study.years)[:1]:
            first, last = (records.by_basis[basis][year] for year in study.years)
            change = _of_rates(first, last, study.at_least)
            if change is not None:
                return change, held.dataset(held.entry(last)).short
    return None


def _of_rates(first: SeriesRow, last: SeriesRow, at_least: int) -> float | None:
    """The change in percent; None in a place too small, or without any offense to start from."""
    people = (first.population or 0, last.population or 0)
    if min(people) < max(1, at_least) or first.offenses <= 0:
        return None
    return 100 * (last.offenses / people[1] / (first.offenses / people[0]) - 1)


def _spread(study: PublishedStudy, store: Store) -> Spread | None:
    if study.cells.spread is not None:
        return Spread(study.cells.spread, "study")
    return spread_in_records(study, store) if study.units == "cities" else None


def _borne(study: PublishedStudy, spread: Spread | None) -> Borne | None:
    main = study.cells.main
    treated, others = main.treated.units, main.other.units
    if spread is None or not treated or not others:
        return None
    error = standard_error(spread.points, treated, others)
    low, high = interval(main.points, error)
    return Borne(error, low, high, smallest_visible(spread.points, treated, others))


def _extremes(study: PublishedStudy, spread: Spread | None) -> tuple[ExtremeRead, ...]:
    """Falls alone are read as lowest, rises as highest, by turning both around."""
    main = study.cells.main
    units = main.treated.units
    if not units or units < 2:
        return ()
    return tuple(_extreme(each, units, main.other.percent, spread) for each in study.cells.extremes)


def _extreme(each: Extreme, units: int, mean: float, spread: Spread | None) -> ExtremeRead:
    turned = 1 if each.percent < mean else -1
    lowest, middle = turned * each.percent, turned * mean
    return ExtremeRead(
        extreme=each,
        units=units,
        mean=mean,
        spread_needed=spread_for_lowest(lowest, units, middle),
        expected=None if spread is None else turned * expected_lowest(units, middle, spread.points),
        chance=None if spread is None else chance_of_lowest(lowest, units, middle, spread.points),
        seen=sum(turned * c <= lowest for c in spread.changes)
        if spread is not None and spread.changes
        else None,
    )
