"""Writes the cells of one workbook to standard output, as JSON. Run by workbooks.py.

It is a process of its own because the library that reads the cells takes what a file says of its
own size at its word: a damaged one can ask for more memory than there is, or never end.
"""

from __future__ import annotations

import json
import sys
from typing import Any

MOST_MEMORY = 2_000_000_000  # bytes
MOST_SECONDS = 60
MOST_CELLS = 3_000_000  # the largest published workbook has 110,000
MOST_CHARACTERS = 30_000_000


class TooLarge(Exception):
    """The workbook holds more than any published one."""


def main(path: str) -> None:
    """Write the sheets, or the error that kept them from being read."""
    _keep_within_limits()
    said: dict[str, Any]
    try:
        said = {"sheets": _sheets(path)}
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):
            raise
        said = {"error": (str(error) or type(error).__name__)[:300]}
    sys.stdout.write(json.dumps(said))


def _keep_within_limits() -> None:
    try:
        import resource
    except ImportError:  # no such limits on this system; the parent still waits no longer
        return
    for limit, most in ((resource.RLIMIT_AS, MOST_MEMORY), (resource.RLIMIT_CPU, MOST_SECONDS)):
        _, hard = resource.getrlimit(limit)
        if hard == resource.RLIM_INFINITY or hard > most:
            resource.setrlimit(limit, (most, hard))


def _sheets(path: str) -> list[dict[str, Any]]:
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path(path)
    cells = characters = 0
    sheets = []
    for name in book.sheet_names:
        sheet = book.get_sheet_by_name(name)
        if sheet.end is not None:
            cells += (sheet.end[0] + 1) * (sheet.end[1] + 1)
        if cells > MOST_CELLS:
            raise TooLarge(f"its sheets span {cells:,} cells, which none of this kind does")
        rows = []
        for row in sheet.to_python(skip_empty_area=False) if sheet.end is not None else []:
            values = [v if isinstance(v, (str, int, float)) else str(v) for v in row]
            while values and values[-1] == "":
                values.pop()
            characters += sum(len(v) for v in values if isinstance(v, str))
            if characters > MOST_CHARACTERS:
                raise TooLarge(f"it holds more than {MOST_CHARACTERS:,} characters of text")
            rows.append(values)
        sheets.append({"name": name, "rows": rows})
    return sheets


if __name__ == "__main__":
    main(sys.argv[1])
