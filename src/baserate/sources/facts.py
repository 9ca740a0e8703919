"""Rows of the canonical tables that most readers write, as plain records (see tables.toml)."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

Counted = Literal["offenses", "clearances"]
Rule = Literal["hierarchy", "all"]


class SeriesFact(NamedTuple):
    """One number of a published file: how many of one offense, where and when."""

    offense: str
    year: int
    count: Any  # int, which mypy would take for tuple.count
    file_row: int
    place: str | None = None
    ori: str | None = None
    agency: str | None = None
    definition: str | None = None
    month: int | None = None
    population: int | None = None
    months_reported: int | None = None
    counted: Counted = "offenses"
    rule: Rule = "hierarchy"
    is_partial: bool = False
    is_estimated: bool = False
    is_printed: bool = True
    printed_total: int | None = None
    parts_total: int | None = None
    printed_definition: str | None = None
    note: str = ""


class AgencyFact(NamedTuple):
    """One agency in one year, as far as the source describes it."""

    ori: str
    agency: str
    file_row: int
    kind: str | None = None
    place: str | None = None
    state: str | None = None
    county: str | None = None
    year: int | None = None
    population: int | None = None
    covered_by: str | None = None
    months_reported: int | None = None
    is_nibrs: bool | None = None


class AgencyMonthFact(NamedTuple):
    """One agency in one month: whether it reported, and how."""

    ori: str
    year: int
    month: int
    reported: str
    file_row: int | None = None
