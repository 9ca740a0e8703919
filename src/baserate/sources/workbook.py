"""The sheets of an Excel workbook as rows of text, with care for what a stranger's file may do."""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook

from baserate.errors import BadRow

LARGEST_SHEETS = 300_000_000  # bytes unpacked, all members together
MOST_MEMBERS = 1_000

Sheets = dict[str, list[list[str]]]


def is_workbook(members: tuple[str, ...]) -> bool:
    """Whether a zip's members are those of an Excel workbook."""
    return "xl/workbook.xml" in members


def sheets(
    path: Path, wanted: Callable[[str], bool] = lambda _: True, most: int | None = None
) -> Sheets:
    """Every wanted sheet's rows, the header first; no more than `most` of each.

    Raises BadRow where the workbook is damaged or unpacks to more than any publisher's does.
    """
    try:
        book = CalamineWorkbook.from_filelike(_repacked(path))
        return {
            name: _rows(book.get_sheet_by_name(name).to_python(nrows=most))
            for name in book.sheet_names
            if wanted(name)
        }
    except BadRow:
        raise
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:  # a panic of the library is no Exception
        raise BadRow(
            f"{path.name}: the workbook cannot be read ({type(error).__name__}: {error!s:.200}); "
            "open it and save it again, or save the sheet as CSV"
        ) from None


def _repacked(path: Path) -> io.BytesIO:
    """The workbook with every member unpacked under a bound, so that the library meets no bomb."""
    plain = io.BytesIO()
    left = LARGEST_SHEETS
    try:
        with zipfile.ZipFile(path) as packed, zipfile.ZipFile(plain, "w") as out:
            if len(packed.infolist()) > MOST_MEMBERS:
                raise BadRow(
                    f"{path.name}: a workbook of {len(packed.infolist()):,} parts; too many"
                )
            for info in packed.infolist():
                with packed.open(info) as member:
                    data = member.read(left + 1)
                left -= len(data)
                if left < 0:
                    raise BadRow(
                        f"{path.name}: unpacks to more than {LARGEST_SHEETS:,} bytes; save the "
                        "sheet as CSV and add that"
                    )
                out.writestr(info.filename, data)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise BadRow(
            f"{path.name}: the workbook is cut short or damaged ({error}); download it again"
        ) from None
    plain.seek(0)
    return plain


def _rows(cells: list[list[Any]]) -> list[list[str]]:
    return [[_text(c) for c in row] for row in cells]


def _text(cell: Any) -> str:
    """A cell as it would stand in a CSV. A day without a time has none."""
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return str(cell).replace("\0", "")


def as_line(values: list[str]) -> str:
    """A row as a line of CSV, to show it as it stood."""
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(values)
    return line.getvalue()
