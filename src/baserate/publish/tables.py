"""Rows for programs: JSON and CSV of any list of records."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from baserate.publish.harmless import json_text

# A cell that starts with one of these is run as a formula by spreadsheets.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

Record = Mapping[str, Any]


def to_form(rows: Sequence[Record], form: str) -> str:
    """The rows as JSON or CSV."""
    return to_json(rows) if form == "json" else to_csv(rows)


def to_json(rows: Sequence[Record]) -> str:
    """One JSON list of objects."""
    return json_text(list(rows), indent=2, default=_plain)


def to_csv(rows: Sequence[Record]) -> str:
    """CSV with a header; empty where nothing is known. No cell is run by a spreadsheet."""
    out = io.StringIO()
    if rows:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(rows[0])
        writer.writerows([safe_cell(v) for v in row.values()] for row in rows)
    return out.getvalue()


def safe_cell(value: Any) -> Any:
    """A cell as it may be opened: text that would be a formula is marked as text.

    >>> safe_cell("=1+1"), safe_cell(-3)
    ("'=1+1", -3)
    """
    if isinstance(value, str):
        plain = "".join(
            c if c.isprintable() or c in "\n\t" else "\N{REPLACEMENT CHARACTER}" for c in value
        )
        return f"'{plain}" if plain.startswith(_FORMULA) else plain
    if isinstance(value, (list, tuple)):
        return safe_cell("; ".join(str(v) for v in value))
    return "" if value is None else value


def _plain(value: object) -> str:
    assert isinstance(value, date)
    return value.isoformat()
