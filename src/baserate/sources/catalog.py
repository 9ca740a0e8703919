"""The catalog: what each dataset is, who published it and when, and what is odd about it."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Dataset:
    """One release of one published dataset."""

    id: str
    title: str
    publisher: str
    short: str
    file: str
    url: str
    released: date
    release_basis: str
    license: str
    taken_from: str
    sha256: str
    rows: int
    first_year: int
    last_year: int
    unit: str
    places: str
    maturity: str
    embedded: str
    irregularities: tuple[str, ...]

    @property
    def embedded_path(self) -> Path:
        """Where the package keeps its copy, as Parquet."""
        return Path(__file__).with_name("embedded") / self.embedded


@cache
def catalog() -> dict[str, Dataset]:
    """Every dataset, by its id.

    >>> catalog()["fbi_estimates"].rows
    2116
    """
    text = Path(__file__).with_name("catalog.toml").read_text(encoding="utf-8")
    entries = tomllib.loads(text)
    return {
        key: Dataset(id=key, **{**row, "irregularities": tuple(row["irregularities"])})
        for key, row in entries.items()
    }
