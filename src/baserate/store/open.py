"""Open the records and read series from them. Everything above asks here and nowhere else.

A store holds many files of many datasets, and often several releases of one number. A `Store`
is a *view*: it says by which day, of which months and from which source figures are taken, and
gives one series for a place. Other views of the same records are one call away (`view`), which
is how an answer is set beside what other sources and other releases say.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from baserate.errors import NoReleaseByThen, OffenseNotHeld
from baserate.sources.catalog import Dataset, catalog
from baserate.store.combine import combined
from baserate.store.engine import Engine, Row
from baserate.store.ledger import Entry, entries
from baserate.terms.offenses import RapeDefinition, offenses
from baserate.terms.places import NO_MORE_PLACES, AddedPlaces, Place, city_key, place

WHOLE_YEAR = (1, 12)
LAST_PREFERENCE = 1_000  # of a dataset that the catalog does not know


class SeriesRow(NamedTuple):
    """One figure: how many offenses of one kind were recorded in one place in one year.

    Under a view of some months only, it is those months of the year. `definition` is None where
    the offense has one definition throughout. `population` is 0 where none is known.
    `printed_total` and `parts_total` are set where the publisher's total is not the sum of its
    own parts. For totals that include rape, `printed_definition` is what the publisher's total
    counts, 'none' where arithmetic cannot tell. `file` is the id of its ledger entry; `file_row`
    is None where it is summed from many rows. `covered` is the share of the place's people whose
    agencies reported, None where that is not known.
    """

    place: str
    definition: RapeDefinition | None
    year: int
    offenses: int
    population: int
    is_printed: bool
    printed_total: int | None
    parts_total: int | None
    printed_definition: str | None
    file_row: int | None
    caveats: str
    file: str = ""
    is_estimated: bool = False
    covered: float | None = None


Series = dict[int, SeriesRow]


@dataclass(frozen=True, slots=True)
class Selection:
    """Which of the records a view shows.

    as_of             nothing released after that day; None is the newest
    months            first and last month of each year, (1, 12) for whole years
    sources           the dataset to take for a place, where it is not the preferred one
    rule              hierarchy: an incident counts once; all: every offense in it
    needs_population  leave out figures of which no rate can be formed
    """

    as_of: date | None = None
    months: tuple[int, int] = WHOLE_YEAR
    sources: tuple[tuple[str, str], ...] = ()
    rule: str = "hierarchy"
    needs_population: bool = False


class NotWhole(NamedTuple):
    """A year that a source has in part: the months it has, or why it is not whole."""

    months: tuple[int, ...]
    why: str
    counted: int
    file: str


@dataclass(slots=True)
class _Held:
    """What one dataset holds of one offense in one place, under one selection."""

    series: dict[RapeDefinition | None, Series] = field(default_factory=dict)
    not_whole: dict[int, NotWhole] = field(default_factory=dict)
    releases: set[date] = field(default_factory=set)  # that state one of its numbers differently


class _Number(NamedTuple):
    """A row of the series table, as it is read."""

    entry: str
    place: str
    definition: RapeDefinition | None
    rule: str
    year: int
    month: int | None
    number: int
    population: int | None
    months_reported: int | None
    is_partial: bool
    is_estimated: bool
    is_printed: bool
    printed_total: int | None
    parts_total: int | None
    printed_definition: str | None
    note: str
    file_row: int | None


@dataclass(frozen=True, eq=False)
class Store:
    """The records at hand, through one view. See the module for what a view is."""

    entries: tuple[Entry, ...]
    selection: Selection
    _engine: Engine = field(repr=False)
    _numbers: dict[tuple[str, str], dict[str, dict[str, list[_Number]]]] = field(
        default_factory=dict, repr=False
    )
    _views: dict[Selection, Store] = field(default_factory=dict, repr=False)
    _held: dict[tuple[str, str], dict[str, _Held]] = field(default_factory=dict, repr=False)

    def view(self, **choices: Any) -> Store:
        """The same records with another selection."""
        chosen = replace(self.selection, **choices)
        if chosen == self.selection:
            return self
        if chosen not in self._views:
            self._views[chosen] = replace(self, selection=chosen, _held={})
        return self._views[chosen]

    def from_source(self, place: str, dataset: str) -> Store:
        """This view, with a place's figures from that dataset."""
        others = tuple((p, d) for p, d in self.selection.sources if p != place)
        return self.view(sources=(*others, (place, dataset)))

    @cached_property
    def first_year(self) -> int:
        """The first year any file has."""
        return min(e.first_year for e in self.entries)

    @cached_property
    def last_year(self) -> int:
        """The last year any file has."""
        return max(e.last_year for e in self.entries)

    @cached_property
    def by_id(self) -> dict[str, Entry]:
        """The ledger's entries by their id."""
        return {e.id: e for e in self.entries}

    def entry(self, row: SeriesRow) -> Entry:
        """The file a figure came from."""
        return self.by_id[row.file]

    def dataset(self, entry: Entry) -> Dataset:
        """What the catalog says of a file's dataset."""
        return catalog()[entry.dataset]

    def series(self, place: str, offense: str, definition: RapeDefinition | None = None) -> Series:
        """One place's figures by year, from its source under this view; empty where none.

        `definition` is None for offenses with one definition throughout.
        """
        held = self._holdings(place, offense)
        source = self.source(place, offense)
        return held[source].series.get(definition, {}) if source else {}

    def sources(self, place: str, offense: str) -> tuple[str, ...]:
        """Datasets with figures of a place, the preferred one first (docs/sources.md)."""
        held = self._holdings(place, offense)
        able = [d for d, h in held.items() if any(h.series.values())]
        return tuple(sorted(able, key=preference))

    def source(self, place: str, offense: str) -> str | None:
        """The dataset this view takes for a place."""
        able = self.sources(place, offense)
        chosen = dict(self.selection.sources).get(place)
        if chosen is not None:
            return chosen if chosen in able else None
        return able[0] if able else None

    def not_whole(self, place: str, offense: str) -> dict[str, dict[int, NotWhole]]:
        """By dataset, the years of a place that are held in part."""
        held = self._holdings(place, offense)
        ordered = sorted((d for d in held if held[d].not_whole), key=preference)
        return {d: held[d].not_whole for d in ordered}

    def revisions(self, place: str, offense: str) -> tuple[date, ...]:
        """Earlier days on which the view's source stated one of its figures differently."""
        source = self.source(place, offense)
        return tuple(sorted(self._holdings(place, offense)[source].releases)) if source else ()

    def places(self) -> tuple[str, ...]:
        """Keys of the nation and the states with records."""
        found = self._read("murder", "states")
        return tuple(sorted({place for by_place in found.values() for place in by_place}))

    @cached_property
    def added_places(self) -> AddedPlaces:
        """Towns and agencies that the added files name."""
        if not self._engine.has_more:
            return NO_MORE_PLACES
        cities: dict[tuple[str, str], Place] = {}
        agencies: dict[str, Place] = {}
        for key, ori, agency in self._engine.places():
            if key is not None and ", " in key:
                where = place(key)
                cities[city_key(where.name), where.state or ""] = where
            if ori:
                known = place(ori)
                agencies[known.key] = replace(known, name=agency or "agency")
        return AddedPlaces(cities, agencies)

    def reporting(self, place: str, state: str | None) -> list[Row]:
        """Who reported in a place, by dataset and year (store/coverage.sql)."""
        return self._engine.coverage(place, state)

    def require_release(self, as_of: date | None) -> None:
        """Refuse a date on which nothing at hand had been published."""
        first = min(self.entries, key=lambda e: e.released)
        if as_of is not None and as_of < first.released:
            raise NoReleaseByThen(
                f"nothing at hand had been published by {as_of.isoformat()}; the first release is "
                f"of {first.released.isoformat()} ({self.dataset(first).short}). "
                "Ask as of that day or later"
            )

    def not_held(self, offense: str) -> OffenseNotHeld:
        """The error that says why there are no records of an offense, and of which there are."""
        kind = offenses()[offense]
        return OffenseNotHeld(
            f"there are no records of {kind.name} here: {kind.why}. The records count "
            + ", ".join(o.name for o in offenses().values() if o.held and not o.answered_by)
        )

    def _holdings(self, place: str, offense: str) -> dict[str, _Held]:
        if (place, offense) not in self._held:
            scope = "states" if len(place) == 2 else place
            found = self._read(offense, scope)
            self._held[place, offense] = {
                dataset: self._hold(by_place[place])
                for dataset, by_place in found.items()
                if place in by_place
            }
        return self._held[place, offense]

    def _read(self, offense: str, scope: str) -> dict[str, dict[str, list[_Number]]]:
        """Every number of an offense, by dataset and place: of all states, or of one place."""
        if (offense, scope) not in self._numbers:
            found: dict[str, dict[str, list[_Number]]] = {}
            for values in self._engine.series(offense, scope):
                number = _Number(*values)
                dataset = self.by_id[number.entry].dataset
                found.setdefault(dataset, {}).setdefault(number.place, []).append(number)
            self._numbers[offense, scope] = found
        return self._numbers[offense, scope]

    def _hold(self, numbers: Iterable[_Number]) -> _Held:
        """One dataset's numbers of one place as series: the newest release of each counts."""
        newest: dict[tuple[RapeDefinition | None, int, int | None], _Number] = {}
        held = _Held()
        chosen = self.selection
        for number in numbers:
            if number.rule != chosen.rule:
                continue
            entry = self.by_id[number.entry]
            if chosen.as_of is not None and entry.released > chosen.as_of:
                continue
            key = (number.definition, number.year, number.month)
            other = newest.get(key)
            if other is None or self._is_newer(number, other):
                newest[key] = number
            if other is not None and other.number != number.number:
                older = min(self.by_id[other.entry].released, entry.released)
                if older != max(self.by_id[other.entry].released, entry.released):
                    held.releases.add(older)
        monthly: dict[tuple[RapeDefinition | None, int], dict[int, _Number]] = {}
        for (definition, year, month), number in newest.items():
            if month is not None:
                monthly.setdefault((definition, year), {})[month] = number
            elif chosen.months == WHOLE_YEAR:
                self._keep_year(held, year, number)
        for (definition, year), by_month in monthly.items():
            if year not in held.series.get(definition, {}):
                self._keep_months(held, year, by_month)
        return held

    def _is_newer(self, number: _Number, other: _Number) -> bool:
        one, two = self.by_id[number.entry], self.by_id[other.entry]
        return (one.released, str(one.added)) > (two.released, str(two.added))

    def _keep_year(self, held: _Held, year: int, number: _Number) -> None:
        reported = number.months_reported
        if number.is_partial or (reported is not None and reported < 12):
            why = number.note if reported is None else f"{reported} of 12 months reported"
            held.not_whole[year] = NotWhole((), why, number.number, number.entry)
            return
        self._keep(held, number, year, number.number, number.population, number.file_row)

    def _keep_months(self, held: _Held, year: int, by_month: dict[int, _Number]) -> None:
        first, last = self.selection.months
        wanted = list(range(first, last + 1))
        if not all(m in by_month for m in wanted):
            months = tuple(sorted(by_month))
            newest = by_month[months[-1]]
            count = sum(n.number for n in by_month.values())
            held.not_whole[year] = NotWhole(
                months, f"{len(months)} of 12 months held", count, newest.entry
            )
            return
        used = [by_month[m] for m in wanted]
        known = [n.population for n in used if n.population is not None]
        people = round(sum(known) / len(known)) if len(known) == len(used) else None
        row = used[0].file_row if len(used) == 1 else None
        self._keep(held, used[-1], year, sum(n.number for n in used), people, row)

    def _keep(
        self,
        held: _Held,
        number: _Number,
        year: int,
        count: int,
        population: int | None,
        file_row: int | None,
    ) -> None:
        covered = None
        if population is None:
            population = self._engine.population(number.place, year)
        elif not number.is_estimated and len(number.place) == 2:
            covered = self._engine.covered(number.place, number.entry, year, population)
        if not population and self.selection.needs_population:
            return
        held.series.setdefault(number.definition, {})[year] = SeriesRow(
            place=number.place,
            definition=number.definition,
            year=year,
            offenses=count,
            population=population or 0,
            is_printed=number.is_printed,
            printed_total=number.printed_total,
            parts_total=number.parts_total,
            printed_definition=number.printed_definition,
            file_row=file_row,
            caveats=number.note,
            file=number.entry,
            is_estimated=number.is_estimated,
            covered=covered,
        )


def read_rejects(entry: Entry) -> list[dict[str, Any]]:
    """The rows of a file that were not kept: its name, line, reason and the row."""
    return [
        {"file": entry.file, "line": line, "reason": reason, "row": raw}
        for line, reason, raw in Engine.rejects(entry)
    ]


def preference(dataset: str) -> tuple[int, str]:
    """Where a dataset stands among the sources of one figure, the lowest first."""
    known = catalog().get(dataset)
    return (known.preference if known else LAST_PREFERENCE, dataset)


def open_store(folder: Path | None = None) -> Store:
    """The records that come with the package, and those added to a folder.

    >>> store = open_store()
    >>> store.series("US", "murder")[2016].offenses
    17413
    """
    held = entries(folder)
    return Store(held, Selection(), Engine(held, combined(folder, held)))
