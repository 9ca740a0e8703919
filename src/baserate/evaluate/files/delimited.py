"""Text tables: cells between commas, semicolons or tabs, with the line each row begins on."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

from baserate.errors import BadPanel

LARGEST = 512 * 1024 * 1024  # bytes
DELIMITERS = ",;\t|"
MISSING = frozenset(("", "NA", "NaN", "nan", "."))  # in a column of numbers
NUMBER = re.compile(r"[+-]?(\d{1,300}\.?\d*|\.\d+)([eE][+-]?\d{1,2})?", re.ASCII)


def delimited_columns(path: Path) -> tuple[dict[str, list[str | None]], list[int]]:
    """Cells by column, None where there is nothing, and the line of each row.

    What stands for nothing (an empty cell, NA, a single point) does so only among numbers: a
    region called NA keeps its name.
    """
    text = _text(path)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    rows, lines = [], []
    try:
        header = _header(next(reader, []), path.name)
        last = reader.line_num
        for cells in reader:
            line, last = last + 1, reader.line_num
            if not any(map(str.strip, cells)):
                continue
            if len(cells) != len(header):
                raise BadPanel(
                    f"{path.name} line {line} has {len(cells)} cells and the header "
                    f"{len(header)}; put what holds a delimiter in quotes"
                )
            rows.append(cells)
            lines.append(line)
    except csv.Error as error:
        raise BadPanel(f"{path.name} line {reader.line_num} is not CSV: {error}") from None
    if not rows:
        raise BadPanel(f"{path.name} has a header and no rows")
    columns = zip(*rows, strict=True)
    return {n: _cells(list(c)) for n, c in zip(header, columns, strict=True)}, lines


def _text(path: Path) -> str:
    if path.stat().st_size > LARGEST:
        raise BadPanel(f"{path.name} is larger than {LARGEST:,} bytes; save it as Parquet")
    data = path.read_bytes()
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise BadPanel(f"{path.name} is UTF-16; save it again as CSV in UTF-8")
    if b"\0" in data:
        line = data.count(b"\n", 0, data.index(b"\0")) + 1
        raise BadPanel(f"{path.name} line {line} has a NUL byte, which no text has")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")  # old exports are in Windows' encoding


def _delimiter(text: str) -> str:
    """The mark that the header has most of, outside quotes."""
    header = re.sub(r'"[^"]*"', "", text[: text.find("\n") if "\n" in text else None])
    return max(DELIMITERS, key=header.count)


def _header(cells: list[str], name: str) -> list[str]:
    """Names of the columns; one without a name, as R's row names, is called by its place."""
    made = [cell.strip() or f"column {i + 1}" for i, cell in enumerate(cells)]
    twice = sorted({n for n in made if made.count(n) > 1})
    if not made:
        raise BadPanel(f"{name} is empty; a table with a header is needed")
    if twice:
        raise BadPanel(f"{name} has two columns called {twice[0]!r}; names must differ")
    return made


def _cells(cells: list[str]) -> list[str | None]:
    stripped = [cell.strip() for cell in cells]
    held = [c for c in stripped if c not in MISSING]
    if held and all(NUMBER.fullmatch(c) for c in held):
        return [None if c in MISSING else c for c in stripped]
    return [c or None for c in stripped]
