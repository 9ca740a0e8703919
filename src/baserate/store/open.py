"""Open the records and read series from them. The only module that knows the engine."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple

import duckdb

from baserate.errors import NoReleaseByThen, OffenseNotHeld
from baserate.sources.catalog import Dataset, catalog
from baserate.terms.offenses import RapeDefinition, offenses


class SeriesRow(NamedTuple):
    """One figure: how many offenses of one kind were recorded in one place in one year.

    `definition` is None where the offense has one definition throughout. `printed_total` and
    `parts_total` are set where the publisher's total is not the sum of its own parts. For totals
    that include rape, `printed_definition` is what the publisher's total counts, 'none' where
    arithmetic cannot tell.
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
    file_row: int
    caveats: str


Series = dict[int, SeriesRow]


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Store:
    """The records at hand. Everything above asks it for series and for nothing else."""

    dataset: Dataset
    _engine: duckdb.DuckDBPyConnection = field(repr=False)
    _held: dict[str, dict[tuple[str, RapeDefinition | None], Series]] = field(
        default_factory=dict, repr=False
    )

    @property
    def first_year(self) -> int:
        """The first year any place has."""
        return self.dataset.first_year

    @property
    def last_year(self) -> int:
        """The last year every place has."""
        return self.dataset.last_year

    def series(self, place: str, offense: str, definition: RapeDefinition | None = None) -> Series:
        """One place's figures by year, under one definition; empty where there are none.

        `definition` is None for offenses with one definition throughout.
        """
        return self.all_series(offense).get((place, definition), {})

    def all_series(self, offense: str) -> dict[tuple[str, RapeDefinition | None], Series]:
        """Every place's figures for one offense, by place and definition."""
        if offense not in self._held:
            self._held[offense] = self._read(offense)
        return self._held[offense]

    def places(self) -> tuple[str, ...]:
        """Keys of all places with records."""
        return tuple(sorted({place for place, _ in self.all_series("murder")}))

    def require_release(self, as_of: date | None) -> None:
        """Refuse a date on which nothing of this had been published."""
        if as_of is not None and as_of < self.dataset.released:
            raise NoReleaseByThen(
                f"nothing at hand had been published by {as_of.isoformat()}; the one release is "
                f"of {self.dataset.released.isoformat()} ({self.dataset.short}). "
                "Ask as of that day or later"
            )

    def not_held(self, offense: str) -> OffenseNotHeld:
        """The error that says why there are no records of an offense, and of which there are."""
        kind = offenses()[offense]
        return OffenseNotHeld(
            f"there are no records of {kind.name} here: {kind.why}. The records count "
            + ", ".join(o.name for o in offenses().values() if o.held and not o.answered_by)
        )

    def _read(self, offense: str) -> dict[tuple[str, RapeDefinition | None], Series]:
        if not offenses()[offense].held:
            raise self.not_held(offense)
        found = self._engine.execute(
            _sql(self.dataset.id),
            {"file": str(self.dataset.embedded_path), "offense": offense},
        ).fetchall()
        series: dict[tuple[str, RapeDefinition | None], Series] = {}
        for values in found:
            row = SeriesRow(*values)
            series.setdefault((row.place, row.definition), {})[row.year] = row
        return series


def open_store() -> Store:
    """The records that come with the package: no download, no server, nothing to create.

    >>> store = open_store()
    >>> store.series("US", "murder")[2016].offenses
    17413
    """
    # One thread: the table is small, and starting a pool costs more than reading it.
    return Store(catalog()["fbi_estimates"], duckdb.connect(":memory:", config={"threads": 1}))


@cache
def _sql(dataset: str) -> str:
    return Path(__file__).with_name(f"{dataset}.sql").read_text(encoding="utf-8")
