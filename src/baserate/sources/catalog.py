"""The catalog: what each dataset is, who publishes it, which releases are known, what is odd."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from baserate.sources.reading import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """One file of a dataset whose checksum, and so whose day of release, is known."""

    edition: str
    file: str
    released: date
    release_basis: str
    taken_from: str
    sha256: str
    rows: int
    first_year: int
    last_year: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UsualRelease:
    """When an edition comes out, for files that bear no date: by that day of a later year."""

    years_after: int
    month: int
    day: int
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """One published dataset.

    `preference` orders the sources of one figure, the lowest first; the rule is in
    docs/sources.md. `download` is an address that `fetch` can take it from, '' if there is none.
    """

    id: str
    title: str
    publisher: str
    short: str
    url: str
    license: str
    unit: str
    places: str
    maturity: str
    preference: int
    irregularities: tuple[str, ...]
    releases: tuple[Release, ...] = ()
    usual_release: UsualRelease | None = None
    download: str = ""

    def release_of(self, source: Source, last_year: int) -> tuple[date, str]:
        """The day a file was released, and how that is known."""
        if source.released is not None:
            return source.released, "as given when the file was added"
        for known in self.releases:
            if known.sha256 == source.sha256:
                return known.released, known.release_basis
        if self.usual_release is not None:
            usual = self.usual_release
            day = date(last_year + usual.years_after, usual.month, usual.day)
            return min(day, date.today()), usual.why
        return date.today(), "the day the file was added; when it was released is not known"


@cache
def catalog() -> dict[str, Dataset]:
    """Every dataset, by its id.

    >>> catalog()["fbi_estimates"].releases[0].rows
    2116
    """
    text = Path(__file__).with_name("catalog.toml").read_text(encoding="utf-8")
    return {key: _dataset(key, entry) for key, entry in tomllib.loads(text).items()}


def _dataset(key: str, told: dict[str, Any]) -> Dataset:
    releases = tuple(Release(**r) for r in told.pop("release", ()))
    usual = told.pop("usual_release", None)
    return Dataset(
        id=key,
        **{**told, "irregularities": tuple(told["irregularities"])},
        releases=releases,
        usual_release=UsualRelease(**usual) if usual else None,
    )
