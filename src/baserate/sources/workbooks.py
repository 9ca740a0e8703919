"""Spreadsheet workbooks, .xls and .xlsx: whether a file is one, what it says, and its cells.

Hostile and damaged files are the business of this module: whatever the bytes, `sheets` answers
within a minute and a bounded amount of memory, with cells or with a BadRow.
"""

from __future__ import annotations

import re
import subprocess
import zipfile
import zlib
from pathlib import Path
from typing import NamedTuple

from baserate.errors import BadRow
from baserate.sources.child_process import ask_child
from baserate.sources.reading import Source

OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # how every .xls of 1997 to 2007 begins
LARGEST = 30_000_000  # bytes; the largest published city table has 1.2 million
LONGEST_TEXT = 20_000_000  # bytes out of one .xlsx that are searched for words
PATIENCE = 90  # seconds

Cell = str | int | float | bool


class Sheet(NamedTuple):
    """One sheet. Row 1 of the sheet is `rows[0]`; empty cells are '', none trail behind a row."""

    name: str
    rows: list[list[Cell]]


def text_inside(source: Source) -> bytes:
    """The text of a workbook as it lies in the file, to look for words in; b'' if it is none.

    Cheap, never raises on content, and does not read cells: words may be missing where a
    workbook was saved in an unusual way.
    """
    if source.size > LARGEST:
        return b""
    if source.start.startswith(OLE2):
        return source.path.read_bytes().replace(b"\0", b"")  # UTF-16 becomes ASCII
    if source.start.startswith(b"PK"):
        return re.sub(rb"<[^<>]*>", b"", _parts_with_text(source.path))
    return b""


def _parts_with_text(path: Path) -> bytes:
    found = b""
    try:
        with zipfile.ZipFile(path) as archive:
            if "xl/workbook.xml" not in archive.namelist():
                return b""
            for name in archive.namelist():
                if name == "xl/sharedStrings.xml" or name.startswith("xl/worksheets/sheet"):
                    with archive.open(name) as part:
                        found += part.read(LONGEST_TEXT - len(found))
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, RuntimeError, OSError):
        return found
    return found


def sheets(path: Path) -> tuple[Sheet, ...]:
    """Every sheet with its cells. Raises BadRow where the file is no whole workbook."""
    if path.stat().st_size > LARGEST:
        raise BadRow(
            f"{path.name}: {path.stat().st_size:,} bytes; a workbook of this kind has at most "
            f"{LARGEST:,}. Is it the one?"
        )
    child = Path(__file__).with_name("workbook_process.py")
    try:
        said = ask_child(child, str(path.resolve()), patience=PATIENCE)
    except subprocess.TimeoutExpired:
        raise BadRow(f"{path.name}: {_damaged(f'reading it took over {PATIENCE} s')}") from None
    except ValueError:
        raise BadRow(
            f"{path.name}: {_damaged('reading it needs more memory or time than a workbook may')}"
        ) from None
    if "error" in said:
        raise BadRow(f"{path.name}: {_damaged(said['error'])}")
    return tuple(Sheet(s["name"], s["rows"]) for s in said["sheets"])


def _damaged(why: str) -> str:
    return (
        f"cannot be read as a workbook ({why}); it may be cut short or damaged. Download it "
        "again, or open it in a spreadsheet program and save it as .xlsx"
    )
