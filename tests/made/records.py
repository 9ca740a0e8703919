"""Stores made of figures we choose, so that the truth is known."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import NamedTuple

from baserate.sources.facts import AgencyFact, AgencyMonthFact, SeriesFact
from baserate.sources.tables import Tables
from baserate.store.ledger import Entry


def put(
    store: Path,
    dataset: str,
    facts: Iterable[SeriesFact] = (),
    *,
    released: date = date(2020, 1, 1),
    agencies: Iterable[AgencyFact] = (),
    months: Iterable[AgencyMonthFact] = (),
    name: str = "",
) -> Entry:
    """Put a file of a dataset into a store, as if a reader had read it."""
    facts = list(facts)
    name = name.replace(" ", "-") or f"{dataset}-{released.isoformat()}"
    folder = store / "files" / name
    folder.mkdir(parents=True)
    tables: dict[str, Iterable[NamedTuple]] = {
        "series": facts,
        "agencies": agencies,
        "agency_months": months,
    }
    with Tables(folder) as out:
        for table, rows in tables.items():
            out.write(table, rows)
        counts = out.counts()
    years = [f.year for f in facts] or [2020]
    entry = Entry(
        id=name, file=f"{name}.csv", format="made", reader_version=1, dataset=dataset,
        edition="made", released=released, release_basis="made", first_year=min(years),
        last_year=max(years), sha256=hashlib.sha256(name.encode()).hexdigest(), bytes=0, added=None,
        rows={"read": len(facts), "kept": len(facts), "rejected": 0, "aside": 0}, tables=counts,
    )  # fmt: skip
    (folder / "entry.json").write_text(entry.to_json(), encoding="utf-8")
    return entry


def murders(
    place: str, by_year: dict[int, int], population: int | None = 300_000, **more: object
) -> list[SeriesFact]:
    """Murders of a place by year."""
    return [
        SeriesFact("murder", year, n, i + 2, place=place, population=population, **more)  # type: ignore[arg-type]
        for i, (year, n) in enumerate(by_year.items())
    ]


def monthly(
    place: str, year: int, counts: Iterable[int], population: int | None = 300_000
) -> list[SeriesFact]:
    """Murders of a place in the first months of a year, as many as there are counts."""
    return [
        SeriesFact("murder", year, n, 2, place=place, month=m, population=population)
        for m, n in enumerate(counts, start=1)
    ]
