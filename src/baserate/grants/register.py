"""Who was awarded what, where and from when: one plain table, ours or a user's own.

One row is one site, award or group of prosecutors (`facts/sites.csv`). The table's CSV is what an
evaluation reads as its treatment data, so a start is never more exact than its source: '2017-06'
is a month, '2014' a year, and empty is not known.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Literal, cast, get_args
from urllib.parse import urlsplit

from baserate.errors import BadRegister, NoSuchSites, near_names
from baserate.terms.places import Place, cities, place, readings, states, territories

SITES = Path(__file__).with_name("facts") / "sites.csv"
LONGEST = 20_000_000  # bytes; a register is a table that people keep by hand
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
_NEEDED = ("program", "site", "kind", "source")


def read_register(path: Path | None = None) -> tuple[RegisterRow, ...]:
    """The register that comes with the package, or a table in the same layout.

    Raises BadRegister that names each row at fault; then no row is taken.
    """
    return _ours() if path is None else _parse(_text_of(path), path.name)


@cache
def _ours() -> tuple[RegisterRow, ...]:
    return _parse(SITES.read_text(encoding="utf-8"), SITES.name)


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


def _text_of(path: Path) -> str:
    try:
        data = path.read_bytes()
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise BadRegister(
            f"{path.name} cannot be read ({why}); name a CSV file with the columns "
            f"{', '.join(COLUMNS)}"
        ) from None
    if len(data) > LONGEST:
        raise BadRegister(f"{path.name} has {len(data):,} bytes; a register is a table of sites")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadRegister(f"byte {error.start + 1} of {path.name} is not UTF-8 text") from None


def _parse(text: str, where: str) -> tuple[RegisterRow, ...]:
    rows: list[RegisterRow] = []
    faults: list[str] = []
    for line, told in _records(text, where):
        wrong = list(_faults(told))
        if wrong:
            faults.append(f"line {line}: {'; '.join(wrong)}")
        else:
            rows.append(_row(told))
    if faults:
        more = f", and {len(faults) - _SHOWN} rows more" if len(faults) > _SHOWN else ""
        raise BadRegister(f"{where} was not read: {'. '.join(faults[:_SHOWN])}{more}")
    if not rows:
        raise BadRegister(f"{where} has no rows under its header; give one line for each site")
    return tuple(rows)


def _records(text: str, where: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Line number and cells of each row. Columns may stand in any order; none may be strange."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [name.strip() for name in next(reader, [])]
        _check_header(header, where)
        last = reader.line_num
        for cells in reader:
            line, last = last + 1, reader.line_num
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(header):
                raise BadRegister(
                    f"line {line} of {where} has {len(cells)} cells where the header has "
                    f"{len(header)}; put cells that hold a comma in quotes"
                )
            yield line, dict(zip(header, (cell.strip() for cell in cells), strict=True))
    except csv.Error as error:
        raise BadRegister(f"line {reader.line_num} of {where} is not CSV: {error}") from None


def _check_header(header: list[str], where: str) -> None:
    strange = [name for name in header if name not in COLUMNS]
    missing = [name for name in COLUMNS if name not in header and name != "note"]
    if strange or missing or len(set(header)) < len(header):
        raise BadRegister(
            f"{where} has not the columns of a register: "
            + "; ".join(
                said
                for said in (
                    f"missing {', '.join(missing)}" if missing else "",
                    f"not known {', '.join(map(repr, strange[:6]))}" if strange else "",
                    "" if len(set(header)) == len(header) else "a column stands twice",
                )
                if said
            )
            + f". The header is {','.join(COLUMNS)}"
        )


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
    if told["address"] and urlsplit(told["address"]).scheme not in {"http", "https"}:
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
