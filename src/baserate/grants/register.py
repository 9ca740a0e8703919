"""Who was awarded what, where and from when: one plain table, ours or a user's own.

One row is one site, award or group of prosecutors (`facts/sites.csv`). The table's CSV is what an
evaluation reads as its treatment data, so a start is never more exact than its source: '2017-06'
is a month, '2018' a year, and empty is not known.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Literal, cast, get_args

from baserate.errors import BadGiven, NoSuchSites, near_names
from baserate.grants.given import Row, read_table
from baserate.terms.places import Place, cities, place, readings, recipient, states, territories

SITES = Path(__file__).with_name("facts") / "sites.csv"
_SHOWN = 5  # rows at fault that an error names

Precision = Literal["day", "month", "year", "unknown"]
Kind = Literal["site", "award", "prosecutors"]

_FORMS: Mapping[Precision, str] = {"day": "2017-06-20", "month": "2017-06", "year": "2017"}


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """One site or award. The fields are the table's columns, in its order.

    place      key of the one place it is for ('St. Louis, MO', 'MO'); empty where it is not one
    state      postal code, empty for the nation
    cohort     the year or group it was announced with
    start      ISO date, as exact as `start_precision` says
    amount     how much of `unit`; None for a site
    verified   whether the source named was itself read
    """

    program: str
    site: str
    place: str
    state: str
    cohort: str
    track: str
    start: str
    start_precision: Precision
    kind: Kind
    amount: Decimal | None
    unit: str
    source: str
    address: str
    verified: bool
    note: str

    @property
    def first_day(self) -> date | None:
        """The first day that `start` can mean; None where it is not known."""
        return _first_day(self.start) if self.start else None


COLUMNS = tuple(f.name for f in fields(RegisterRow))
_REQUIRED = tuple(c for c in COLUMNS if c != "note")
_NEEDED = ("program", "site", "kind", "source")


def read_register(path: Path | None = None) -> tuple[RegisterRow, ...]:
    """The register that comes with the package, or a table in the same layout.

    Raises BadGiven that names each row at fault; then no row is taken.
    """
    return _ours() if path is None else _taken(read_table(path, _REQUIRED, COLUMNS), path.name)


@cache
def _ours() -> tuple[RegisterRow, ...]:
    return _taken(read_table(SITES, _REQUIRED, COLUMNS), SITES.name)


def chosen_rows(
    rows: tuple[RegisterRow, ...], *, program: str | None = None, cohort: str | None = None
) -> tuple[RegisterRow, ...]:
    """The rows of a program, of a cohort, or of both. Raises NoSuchSites where there are none.

    >>> len(chosen_rows(read_register(), program="psp", cohort="2017"))
    12
    """
    found = rows
    for column, wanted in (("program", program), ("cohort", cohort)):
        if wanted is None:
            continue
        known = sorted({getattr(r, column) for r in found} - {""})
        found = tuple(r for r in found if getattr(r, column).casefold() == wanted.casefold())
        if not found:
            near = near_names(wanted, known)
            hint = f"did you mean {' or '.join(near)}? It has " if near else "it has "
            raise NoSuchSites(
                f"the register has no {column} called {wanted!r}; {hint}{', '.join(known)}"
            )
    return found


def _taken(table: Iterable[Row], where: str) -> tuple[RegisterRow, ...]:
    rows: list[RegisterRow] = []
    faults: list[str] = []
    for at, told in table:
        wrong = list(_faults(told))
        if wrong:
            faults.append(f"{at}: {'; '.join(wrong)}")
        else:
            rows.append(_row(told))
    if faults:
        more = f", and {len(faults) - _SHOWN} rows more" if len(faults) > _SHOWN else ""
        raise BadGiven(f"{'. '.join(faults[:_SHOWN])}{more}. Nothing of {where} was taken")
    if not rows:
        raise BadGiven(f"{where} has no rows under its header; give one line for each site")
    return tuple(rows)


def _faults(told: Mapping[str, str]) -> Iterator[str]:
    """What is wrong with one row, each with what would be right."""
    for name in _NEEDED:
        if not told[name]:
            yield f"{name} is empty"
    if told["kind"] and told["kind"] not in get_args(Kind):
        yield f"kind {told['kind']!r} is none of {', '.join(get_args(Kind))}"
    if told["verified"] not in {"true", "false"}:
        yield f"verified {told['verified']!r} is neither true nor false"
    if told["state"] and told["state"] not in states() and told["state"] not in territories():
        yield f"state {told['state']!r} is no postal code; write one like MO"
    yield from _start_faults(told["start"], told["start_precision"])
    yield from _place_faults(told)
    yield from _amount_faults(told)
    if told["address"] and not re.fullmatch(r"https?://[^\s/\[\]]+(/\S*)?", told["address"]):
        yield f"address {told['address']!r} is no web address"


def _start_faults(start: str, precision: str) -> Iterator[str]:
    if precision not in get_args(Precision):
        yield f"start_precision {precision!r} is none of {', '.join(get_args(Precision))}"
        return
    form = _FORMS.get(cast(Precision, precision), "")
    if len(start) != len(form) or (start and _first_day(start) is None):
        right = f"like {form}" if form else "empty"
        yield f"start {start!r} with precision {precision} must be {right}"


def _place_faults(told: Mapping[str, str]) -> Iterator[str]:
    said = told["place"]
    if not said:
        return
    meant = _meant(said)
    if not meant:
        near = near_names(said, [city.key for city in cities()], 2)
        hint = f"did you mean {' or '.join(map(repr, near))}" if near else "one like 'Erie, PA'"
        yield f"place {said!r} is none; {hint}, or leave it empty"
    elif len(meant) > 1:
        yield f"place {said!r} is {len(meant)} places: {'; '.join(m.key for m in meant)}"
    elif told["state"] and meant[0].kind == "city" and meant[0].state != told["state"]:
        yield f"place {said!r} is not in {told['state']}"


def _meant(said: str) -> tuple[Place, ...]:
    """What a place's name can mean; a town that no list has is taken if none is spelled like it."""
    if said in states() or said in territories():
        return (recipient(said),)
    found = readings(said)
    if found or not re.fullmatch(r".+, [A-Z]{2}", said) or said[-2:] not in states():
        return found
    alike = near_names(said, [city.key for city in cities() if city.state == said[-2:]])
    return () if alike else (place(said),)


def _amount_faults(told: Mapping[str, str]) -> Iterator[str]:
    if not told["amount"]:
        if told["kind"] in {"award", "prosecutors"}:
            yield "an award has an amount and its unit"
        return
    if _amount(told["amount"]) is None:
        yield f"amount {told['amount']!r} is no number; write one like 211148"
    if not told["unit"]:
        yield "amount has no unit; write dollars, or what is counted"


def _amount(said: str) -> Decimal | None:
    if not re.fullmatch(r"\d{1,15}(\.\d{1,2})?", said, re.ASCII):
        return None
    try:
        return Decimal(said)
    except InvalidOperation:
        return None


def _first_day(start: str) -> date | None:
    if not re.fullmatch(r"\d{4}(-\d\d){0,2}", start, re.ASCII):
        return None
    try:
        return date.fromisoformat(f"{start}-01-01"[:10])
    except ValueError:
        return None


def _row(told: Mapping[str, str]) -> RegisterRow:
    return RegisterRow(
        program=told["program"],
        site=told["site"],
        place=_meant(told["place"])[0].key if told["place"] else "",
        state=told["state"],
        cohort=told["cohort"],
        track=told["track"],
        start=told["start"],
        start_precision=cast(Precision, told["start_precision"]),
        kind=cast(Kind, told["kind"]),
        amount=_amount(told["amount"]),
        unit=told["unit"],
        source=told["source"],
        address=told["address"],
        verified=told["verified"] == "true",
        note=told.get("note", ""),
    )
