"""A figure of a page: a drawing with all that must stand under it."""

from __future__ import annotations

import base64
from dataclasses import dataclass

from markupsafe import Markup


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart with its words, its table, its CSV and the commands that give its numbers again."""

    id: str
    title: str
    svgs: tuple[tuple[str, Markup], ...]  # (where it is shown, drawing)
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    csv: str
    commands: tuple[str, ...]
    note: str = ""

    @property
    def csv_link(self) -> Markup:
        """The numbers as a link that needs no network."""
        return csv_link(self.csv)


def csv_link(text: str) -> Markup:
    """A CSV as a link that needs no network."""
    coded = base64.b64encode(text.encode()).decode()
    return Markup(f"data:text/csv;charset=utf-8;base64,{coded}")
