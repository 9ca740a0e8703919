"""Open the records and read series from them. Everything above asks here and nowhere else.

A store holds many files of many datasets, and often several releases of one number. A `Store`
is a *view*: it says by which day, of which months and from which source figures are taken, and
gives one series for a place, of offenses or of clearances. Other views of the same records are one
call away (`view`), which is how an answer is set beside what other sources and other releases say.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from baserate.errors import NoReleaseByThen, OffenseNotHeld, StoreError
from baserate.sources.catalog import Dataset, dataset
from baserate.store.combine import FileVanished, Notice, combined
from baserate.store.engine import COUNTS, Engine, Row
from baserate.store.holdings import (
    Held,
    NotWhole,
    Number,
    Selection,
    Series,
    SeriesRow,
    hold,
)
from baserate.store.ledger import Entry, entries
from baserate.terms.offenses import RapeDefinition, offenses
from baserate.terms.places import NO_MORE_PLACES, AddedPlaces, Place, city_key, place

TRIES = 5  # to open a store that other processes change


@dataclass(frozen=True, eq=False)
class Store:
    """The records at hand, through one view. See the module for what a view is."""

    entries: tuple[Entry, ...]
    selection: Selection
    _engine: Engine = field(repr=False)
    _numbers: dict[tuple[str, str, str], dict[str, dict[str, list[Number]]]] = field(
        default_factory=dict, repr=False
    )
    _views: dict[Selection, Store] = field(default_factory=dict, repr=False)
    _held: dict[tuple[Selection, str, str], dict[str, Held]] = field(
        default_factory=dict, repr=False
    )

    def view(self, **choices: Any) -> Store:
        """The same records with another selection."""
        if all(getattr(self.selection, name) == value for name, value in choices.items()):
            return self
        chosen = replace(self.selection, **choices)
        if chosen not in self._views:
            self._views[chosen] = replace(self, selection=chosen)
        return self._views[chosen]

    def from_source(self, place: str, dataset: str) -> Store:
        """This view, with a place's figures from that dataset."""
        others = tuple((p, d) for p, d in self.selection.sources if p != place)
        return self.view(sources=(*others, (place, dataset)))

    @cached_property
    def first_year(self) -> int:
        """The first year any file has."""
        return min(e.first_year for e in self.entries if "series" in e.tables)

    @cached_property
    def last_year(self) -> int:
        """The last year any file has."""
        return max(e.last_year for e in self.entries if "series" in e.tables)

    @cached_property
    def by_id(self) -> dict[str, Entry]:
        """The ledger's entries by their id."""
        return {e.id: e for e in self.entries}

    def entry(self, row: SeriesRow) -> Entry:
        """The file a figure came from."""
        return self.by_id[row.file]

    def dataset(self, entry: Entry) -> Dataset:
        """What the catalog says of a file's dataset."""
        return dataset(entry.dataset)

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

    def has_one_rule(self, place: str, offense: str) -> bool:
        """Whether the view's source counts by one rule alone, whatever is asked for."""
        source = self.source(place, offense)
        return source is not None and self._holdings(place, offense)[source].has_one_rule

    def not_whole(self, place: str, offense: str) -> dict[str, dict[int, NotWhole]]:
        """By dataset, the years of a place that are held in part."""
        held = self._holdings(place, offense)
        ordered = sorted((d for d in held if held[d].not_whole), key=preference)
        return {d: held[d].not_whole for d in ordered}

    def revisions(self, place: str, offense: str, years: Iterable[int]) -> tuple[date, ...]:
        """Earlier days on which the view's source stated a figure of those years differently."""
        source = self.source(place, offense)
        if source is None:
            return ()
        revised = self._holdings(place, offense)[source].revised
        return tuple(sorted({day for year in years for day in revised.get(year, ())}))

    def places(self) -> tuple[str, ...]:
        """Keys of the nation and the states with records."""
        found = self._read("murder", "states")
        return tuple(sorted({place for by_place in found.values() for place in by_place}))

    def cities(self, offense: str) -> tuple[str, ...]:
        """Keys of the cities with records of an offense under this view, all read at once."""
        found = self._read(offense, "cities")
        every = sorted({where for of_places in found.values() for where in of_places})
        for where in every:
            key = (self._whatever_source, where, offense)
            if key not in self._held:
                self._held[key] = {
                    source: hold(of_places[where], self.selection, self.by_id, self._engine)
                    for source, of_places in found.items()
                    if where in of_places
                }
        return tuple(every)

    @cached_property
    def added_places(self) -> AddedPlaces:
        """Towns and agencies that the added files name, looked up when a text may mean one."""
        if not self._engine.has_more:
            return NO_MORE_PLACES
        return AddedPlaces(cache(self._towns), cache(self._agency))

    def _towns(self, postal: str) -> dict[str, Place]:
        found = [place(key) for (key,) in self._engine.towns(postal)]
        return {city_key(town.name): town for town in found}

    def _agency(self, ori: str) -> Place | None:
        named = self._engine.agency(ori)
        return replace(place(ori), name=named[0][0] or "agency") if named else None

    def reporting(self, place: str, state: str | None) -> list[Row]:
        """Who reported in a place, by dataset and year (store/coverage.sql)."""
        return self._engine.coverage(self.entries, place, state)

    def panel(self, told: dict[str, Any]) -> list[Row]:
        """Cells of a panel, all units of a kind at once: see store/cells.py."""
        return self._engine.panel(told)

    def counts(
        self,
        offense: str,
        *,
        by: str = "year",
        place: str | None = None,
        year: int | None = None,
        rule: str = "hierarchy",
        counted: str = "offenses",
    ) -> list[dict[str, Any]]:
        """Numbers as the sources state them, by agency or place and by 'month' or 'year'.

        One row is one dataset's newest number; months of a year are added up where the year is
        not printed, and `months` says how many there were.
        """
        told = _told(offense, by, place, year, rule, counted)
        found = self._engine.counts(told)
        return [dict(zip(COUNTS, row, strict=True)) for row in found]

    def counts_csv(
        self,
        offense: str,
        *,
        by: str = "year",
        place: str | None = None,
        year: int | None = None,
        rule: str = "hierarchy",
        counted: str = "offenses",
    ) -> str:
        """The same numbers as CSV with a header, safe to open in a spreadsheet."""
        told = _told(offense, by, place, year, rule, counted)
        lines = [line for (line,) in self._engine.counts_csv(told)]
        return "\n".join([",".join(COUNTS), *lines]) + "\n"

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

    def _holdings(self, place: str, offense: str) -> dict[str, Held]:
        key = (self._whatever_source, place, offense)
        if key not in self._held:
            scope = "states" if len(place) == 2 else place
            found = self._read(offense, scope)
            self._held[key] = {
                dataset: hold(by_place[place], self.selection, self.by_id, self._engine)
                for dataset, by_place in found.items()
                if place in by_place
            }
        return self._held[key]

    @cached_property
    def _whatever_source(self) -> Selection:
        """The selection but for the sources: what is held does not depend on them."""
        return replace(self.selection, sources=())

    def _read(self, offense: str, scope: str) -> dict[str, dict[str, list[Number]]]:
        """Every number of an offense, by dataset and place: of all states, or of one place."""
        asked = offense, scope, self.selection.counted
        if asked not in self._numbers:
            found: dict[str, dict[str, list[Number]]] = {}
            for values in self._engine.series(*asked):
                number = Number(*values)
                dataset = self.by_id[number.entry].dataset
                found.setdefault(dataset, {}).setdefault(number.place, []).append(number)
            self._numbers[asked] = found
        return self._numbers[asked]


def _told(
    offense: str, by: str, place: str | None, year: int | None, rule: str, counted: str
) -> dict[str, Any]:
    return {
        "offense": offense,
        "by": by,
        "place": place,
        "year": year,
        "rule": rule,
        "counted": counted,
    }


def read_rejects(entry: Entry) -> list[dict[str, Any]]:
    """The rows of a file that were not kept: its name, line, reason and the row."""
    return [
        {"file": entry.file, "line": line, "reason": reason, "row": raw}
        for line, reason, raw in Engine.rejects(entry)
    ]


def preference(key: str) -> tuple[int, str]:
    """Where a dataset stands among the sources of one figure, the lowest first."""
    return dataset(key).preference, key


def open_store(folder: Path | str | None = None, notice: Notice = lambda _: None) -> Store:
    """The records that come with the package, and those added to a folder.

    >>> store = open_store()
    >>> store.series("US", "murder")[2016].offenses
    17413
    """
    folder = Path(folder) if folder is not None else None
    for _ in range(TRIES):
        held = entries(folder)
        try:
            return Store(held, Selection(), Engine(held, combined(folder, held, notice)))
        except FileVanished:
            continue  # another process took a file out meanwhile
    raise StoreError(f"{folder} changes faster than it can be read; try again")
