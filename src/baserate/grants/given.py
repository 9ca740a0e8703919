"""Files a user gives: read whole, decoded, parsed, and refused with the line that is wrong."""

from __future__ import annotations

import csv
import io
import tomllib
from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from baserate.errors import BadGiven

LARGEST_TABLE = 64 * 1024 * 1024  # bytes; no list of governments or awards is larger
MOST_ROWS = 100_000  # five times the police agencies of the nation
LARGEST_TOML = 1_000_000  # a what-if or a list of events is some pages of text
_SHOWN = 6  # strange columns that an error names


class Row(NamedTuple):
    """One row of a table: where it stands, as 'units.csv line 7', and its cells by column."""

    at: str
    cells: dict[str, str]


def read_table(
    path: Path, needed: Collection[str], known: Collection[str] | None = None
) -> Iterator[Row]:
    """Rows of a CSV file; blank lines are passed over. `known` are all columns it may have.

    Raises BadGiven for a file that is no CSV, lacks a needed column, has a strange one or one
    twice, and for a row with too few or too many cells.
    """
    text = _text(path, LARGEST_TABLE, "a CSV file")
    return rows_of(text, path.name, needed, known)


def rows_of(
    text: str, where: str, needed: Collection[str], known: Collection[str] | None = None
) -> Iterator[Row]:
    """The same of a text. A row's line is the one it begins on."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [cell.strip() for cell in next(reader, [])]
        _check_header(header, where, needed, known)
        last, taken = reader.line_num, 0
        for cells in reader:
            at, last = f"{where} line {last + 1}", reader.line_num
            if not any(cell.strip() for cell in cells):
                continue
            taken += 1
            if taken > MOST_ROWS:
                raise BadGiven(f"{where} has more than {MOST_ROWS:,} rows; no such list is so long")
            if len(cells) != len(header):
                raise BadGiven(
                    f"{at} has {len(cells)} cells; the header has {len(header)}. Put what holds a "
                    "comma in quotes"
                )
            yield Row(at, dict(zip(header, (cell.strip() for cell in cells), strict=True)))
    except csv.Error as error:
        raise BadGiven(f"{where} line {reader.line_num} is not CSV: {error}") from None


def read_toml(path: Path, what: str) -> Mapping[str, Any]:
    """The tables of a TOML file, numbers exact. `what` it should hold goes into the errors."""
    return toml_of(_text(path, LARGEST_TOML, f"a TOML file of {what}"), path.name, what)


def toml_of(text: str, where: str, what: str) -> Mapping[str, Any]:
    """The tables of TOML text."""
    try:
        return tomllib.loads(text.replace("\r\n", "\n"), parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        why = str(error)[:160]
        raise BadGiven(f"{where} is not TOML ({why}); write {what} in it") from None


def _text(path: Path, largest: int, wanted: str) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(largest + 1)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise BadGiven(f"{path.name} cannot be read ({why}); name {wanted}") from None
    if len(data) > largest:
        raise BadGiven(f"{path.name} is larger than {largest:,} bytes; name {wanted}")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadGiven(
            f"byte {error.start + 1} of {path.name} is not UTF-8 text; save it as UTF-8"
        ) from None


def _check_header(
    header: list[str], where: str, needed: Collection[str], known: Collection[str] | None
) -> None:
    missing = [name for name in needed if name not in header]
    strange = [name for name in header if known is not None and name not in known]
    twice = sorted({name for name in header if header.count(name) > 1})
    said = [
        f"missing {', '.join(missing)}" if missing else "",
        f"not known {', '.join(map(repr, strange[:_SHOWN]))}" if strange else "",
        f"{twice[0]!r} stands twice" if twice else "",
    ]
    if any(said):
        raise BadGiven(
            f"{where} has not the columns it should: {'; '.join(s for s in said if s)}. Its first "
            f"line must name them: {','.join(known or needed)}"
        )
