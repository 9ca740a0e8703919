"""Commitment and readiness: criteria that somebody declares and nothing here computes.

    city,commitment,readiness,source
    "Baltimore, MD",yes,,"the mayor's letter of 10 August 2017"

Shown beside what is computed, never folded into it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from baserate.errors import AmbiguousPlace, BadGiven, UnknownPlace
from baserate.grants.given import read_table
from baserate.terms.places import resolve

COLUMNS = ("city", "commitment", "readiness", "source")
_WORDS = {"yes": True, "no": False, "": None}


@dataclass(frozen=True, slots=True)
class Declared:
    """What a file says of one city; None where it says nothing. `source` is who says so."""

    place: str
    commitment: bool | None
    readiness: bool | None
    source: str


def read_declared(path: Path) -> dict[str, Declared]:
    """Declarations by the city's key. Raises BadGiven for a row that cannot be taken."""
    found: dict[str, Declared] = {}
    for at, cells in read_table(path, COLUMNS, COLUMNS):
        one = _declared(cells, at)
        if one.place in found:
            raise BadGiven(f"{at}: {one.place} is there twice")
        found[one.place] = one
    return found


def _declared(cells: Mapping[str, str], where: str) -> Declared:
    for name in ("commitment", "readiness"):
        if cells[name].casefold() not in _WORDS:
            raise BadGiven(f"{where}: {name} {cells[name]!r} is not yes, no or empty")
    if not cells["source"]:
        raise BadGiven(f"{where}: say in source who declares it")
    try:
        key = city_key_of(cells["city"])
    except (UnknownPlace, AmbiguousPlace) as error:
        raise BadGiven(f"{where}: {error}") from None
    return Declared(
        key,
        _WORDS[cells["commitment"].casefold()],
        _WORDS[cells["readiness"].casefold()],
        cells["source"],
    )


def city_key_of(said: str) -> str:
    """The key of the city that is meant; the District of Columbia is one, under its city's name.

    >>> city_key_of("Saint Louis, Mo."), city_key_of("Washington, D.C.")
    ('St. Louis, MO', 'Washington, DC')
    """
    found = resolve(said)
    return "Washington, DC" if found.key == "DC" else found.key
