"""Writes the cells of one workbook to standard output, as JSON. Run by workbooks.py."""

from __future__ import annotations

import sys
from typing import Any

from baserate.sources.child_process import say

MOST_SECONDS = 60
MOST_CELLS = 3_000_000  # the largest published workbook has 110,000
MOST_CHARACTERS = 30_000_000


class TooLarge(Exception):
    """The workbook holds more than any published one."""


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
    say(lambda: {"sheets": _sheets(sys.argv[1])}, seconds=MOST_SECONDS)
