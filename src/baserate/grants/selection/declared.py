"""Commitment and readiness: criteria that somebody declares and nothing here computes.

    city,commitment,readiness,source
    "Baltimore, MD",yes,,"the mayor's letter of 10 August 2017"

Shown beside what is computed, never folded into it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from baserate.errors import AmbiguousPlace, BadDeclaration, UnknownPlace
from baserate.terms.places import resolve

COLUMNS = ("city", "commitment", "readiness", "source")
_WORDS = {"yes": True, "no": False, "": None}
_LONGEST = 2_000_000  # bytes; a few hundred cities


@dataclass(frozen=True, slots=True)
class Declared:
    """What a file says of one city; None where it says nothing. `source` is who says so."""

    place: str
    commitment: bool | None
    readiness: bool | None
    source: str


def read_declared(path: Path) -> dict[str, Declared]:
    """Declarations by the city's key. Raises BadDeclaration for a row that cannot be taken."""
    reader = csv.DictReader(io.StringIO(_text(path), newline=""), strict=True)
    try:
        if tuple(reader.fieldnames or ()) != COLUMNS:
            raise BadDeclaration(
                f"{path.name} must begin with the header {','.join(COLUMNS)}; "
                "commitment and readiness are yes, no or empty"
            )
        found: dict[str, Declared] = {}
        for told in reader:
            one = _declared(told, f"line {reader.line_num} of {path.name}")
            if one.place in found:
                raise BadDeclaration(f"line {reader.line_num} of {path.name}: {one.place} twice")
            found[one.place] = one
    except csv.Error as error:
        raise BadDeclaration(f"{path.name} is not CSV: {error}") from None
    return found


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise BadDeclaration(f"{path.name} cannot be read ({why}); name a CSV file") from None
    if len(data) > _LONGEST:
        raise BadDeclaration(f"{path.name} has {len(data):,} bytes; one line a city is enough")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadDeclaration(f"byte {error.start + 1} of {path.name} is not UTF-8 text") from None


def _declared(told: Mapping[str | None, str | None], where: str) -> Declared:
    if None in told or None in told.values():
        raise BadDeclaration(f"{where} has not {len(COLUMNS)} cells; quote what holds a comma")
    cells = {name: (told[name] or "").strip() for name in COLUMNS}
    for name in ("commitment", "readiness"):
        if cells[name].casefold() not in _WORDS:
            raise BadDeclaration(f"{where}: {name} {cells[name]!r} is not yes, no or empty")
    if not cells["source"]:
        raise BadDeclaration(f"{where}: say in source who declares it")
    try:
        key = city_key_of(cells["city"])
    except (UnknownPlace, AmbiguousPlace) as error:
        raise BadDeclaration(f"{where}: {error}") from None
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
