"""The catalog: what each dataset is, who publishes it, which releases are known, what is odd."""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass, fields
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from baserate.errors import UnknownDataset, near_names

if TYPE_CHECKING:  # the catalog can be listed without what reading a file needs
    from baserate.sources.reading import Source

LAST_PREFERENCE = 1_000  # of a dataset that is not in the catalog

Clearances = Literal["none", "of its own incidents", "of any year"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """One file of a dataset whose checksum, and so whose day of release, is known.

    `download` is the address of exactly this file, '' if there is none; `bytes` its size, 0 if
    that is not known.
    """

    edition: str
    file: str
    released: date
    release_basis: str
    taken_from: str
    sha256: str
    rows: int
    first_year: int
    last_year: int
    download: str = ""
    bytes: int = 0


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
    docs/sources.md. `download` is an address that `fetch` can take it from, '' if there is none;
    then `by_hand` says what to click on the page at `url`. `clearances`: of which offenses a file
    has the clearances, those of any year or those of its own incidents.
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
    by_hand: str = ""
    clearances: Clearances = "none"

    @property
    def addresses(self) -> dict[str, str]:
        """Where its files can be fetched, by edition; the newest release last."""
        ordered = sorted(self.releases, key=lambda r: r.released)
        told = {r.edition: r.download for r in ordered if r.download}
        return {**told, "": self.download} if self.download else told

    @property
    def years(self) -> str:
        """First and last year of the releases known: '1979-2019'; '' if none is."""
        if not self.releases:
            return ""
        first, last = (
            min(r.first_year for r in self.releases),
            max(r.last_year for r in self.releases),
        )
        return f"{first}-{last}"

    @property
    def bytes(self) -> int | None:
        """Size of the newest release; None if it is not known."""
        sizes = [r.bytes for r in sorted(self.releases, key=lambda r: r.released) if r.bytes]
        return sizes[-1] if sizes else shipped().get(self.id)

    @property
    def where_to_get(self) -> str:
        """How a user comes by it, in a few words."""
        if self.addresses:
            return f"baserate fetch {self.id}"
        if self.id in shipped():
            return "comes with baserate"
        return f"by hand: {self.url}"

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One dataset as a line of the catalog. `bytes` is None where the size is not known."""

    id: str
    publisher: str
    years: str
    license: str
    bytes: int | None
    where_to_get: str


def listing() -> tuple[Listed, ...]:
    """Every dataset as a line, in the catalog's order.

    >>> listing()[0].where_to_get
    'comes with baserate'
    """
    names = [field.name for field in fields(Listed)]
    return tuple(Listed(**{n: getattr(each, n) for n in names}) for each in catalog().values())


@cache
def shipped() -> dict[str, int]:
    """The datasets that come with baserate, and the bytes of the published file."""
    entries = Path(__file__).with_name("embedded").glob("*/entry.json")
    told = [json.loads(entry.read_text(encoding="utf-8")) for entry in entries]
    return {entry["dataset"]: entry["bytes"] for entry in told}


@cache
def catalog() -> dict[str, Dataset]:
    """Every dataset, by its id.

    >>> catalog()["fbi_estimates"].releases[0].rows
    2116
    """
    text = Path(__file__).with_name("catalog.toml").read_text(encoding="utf-8")
    return {key: _dataset(key, entry) for key, entry in tomllib.loads(text).items()}


def dataset(key: str) -> Dataset:
    """The dataset of that id. One that a user's own mapping names is known by its id alone."""
    known = catalog().get(key)
    if known is not None:
        return known
    return Dataset(
        id=key, title=key, publisher="named by the mapping it was read with", short=key, url="",
        license="as the publisher says", unit="offenses", places="", preference=LAST_PREFERENCE,
        maturity="as the publisher says", irregularities=(),
    )  # fmt: skip


def named(name: str | None) -> tuple[Dataset, ...]:
    """The dataset of that id, or all of them."""
    if name is None:
        return tuple(catalog().values())
    if name not in catalog():
        near = near_names(name, catalog())
        said = f"did you mean {' or '.join(near)}? " if near else ""
        raise UnknownDataset(
            f"no dataset is called {name!r}; {said}baserate catalog lists those that can be read"
        )
    return (catalog()[name],)


def _dataset(key: str, told: dict[str, Any]) -> Dataset:
    releases = tuple(Release(**r) for r in told.pop("release", ()))
    usual = told.pop("usual_release", None)
    return Dataset(
        id=key,
        **{**told, "irregularities": tuple(told["irregularities"])},
        releases=releases,
        usual_release=UsualRelease(**usual) if usual else None,
    )
