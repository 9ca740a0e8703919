"""Lists a user gives, as CSV: every row with where it stands, or the line that is wrong."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterator
from pathlib import Path

from baserate.errors import BadInput

LARGEST = 64 * 1024 * 1024  # bytes; no list of governments or awards is larger

Row = dict[str, str]


def read_table(path: Path, needed: Collection[str]) -> Iterator[tuple[str, Row]]:
    """Rows of a CSV file, each with its file and line; blank lines are passed over.

    Raises BadInput for a file that is no CSV, lacks a needed column or has one twice, and for a
    row with too few or too many cells.
    """
    lines = csv.reader(io.StringIO(_text(path), newline=""), strict=True)
    try:
        header = [cell.strip() for cell in next(lines, [])]
        _check_header(header, needed, path.name)
        for cells in lines:
            at = f"{path.name} line {lines.line_num}"
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(header):
                raise BadInput(f"{at} has {len(cells)} cells; the header has {len(header)}")
            yield at, dict(zip(header, (cell.strip() for cell in cells), strict=True))
    except csv.Error as error:
        raise BadInput(f"{path.name} line {lines.line_num} is not CSV: {error}") from None


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST:
            raise BadInput(f"{path.name} is larger than any such list; give a CSV file")
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise BadInput(f"{path.name} cannot be read ({error.strerror}); give a CSV file") from None
    except UnicodeDecodeError as error:
        raise BadInput(f"byte {error.start + 1} of {path.name} is not UTF-8 text") from None


def _check_header(header: list[str], needed: Collection[str], where: str) -> None:
    missing = [name for name in needed if name not in header]
    twice = sorted({name for name in header if header.count(name) > 1})
    if missing or twice:
        what = f"has no column {', '.join(missing)}" if missing else f"has {twice[0]!r} twice"
        raise BadInput(
            f"{where} {what}; its first line must name the columns, "
            f"{', '.join(needed)} among them, each once"
        )
