"""Reader of FiveThirtyEight's tables of murders in large cities: two whole years, or two to a day.

The headers name the years (2014_murders). A table with the column as_of counts both of its years
to that day alone: its figures are kept, each marked as partial, and in a dataset of their own, so
that none of them ever stands for a year.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from baserate.errors import BadRow
from baserate.sources.agency import city_of
from baserate.sources.delimited import Check, known_columns, load
from baserate.sources.facts import SeriesFact
from baserate.sources.reading import Reading, Source, reading_of
from baserate.sources.tables import Tables
from baserate.terms.places import states

TITLE = "FiveThirtyEight, murders in large cities in two years, whole or to a day, .csv"
VERSION = 1

WHAT = "FiveThirtyEight's tables of murders in large cities"
FIRST_YEAR, LAST_YEAR = 1960, 2100
MOST_REJECTED = 0.1
_YEAR = re.compile(r"(\d{4})_murders", re.ASCII)
_COUNT = re.compile(r"\d{1,5}", re.ASCII)
_CHANGE = re.compile(r"[+-]?\d{1,5}", re.ASCII)
_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)
_CITY = re.compile(r"[^\W\d_][^\d_\"<>\x00-\x1f]{0,59}")


@dataclass(frozen=True, slots=True, kw_only=True)
class CityRow:
    """One city's murders in two years.

    `through` is the day of the later year to which both are counted, None where both are whole;
    `told_by` is who counted, '' where nobody is named.
    """

    file_row: int
    place: str
    counts: dict[int, int]
    through: date | None = None
    told_by: str = ""

    @property
    def note(self) -> str:
        """What is to be known of both counts."""
        if self.through is None:
            return ""
        says = _told()["says"]
        part = says["partial"].format(day=f"{self.through:%-d %B}")
        return "; ".join(
            [part, *([says["source"].format(source=self.told_by)] * bool(self.told_by))]
        )


def looks_like(source: Source) -> bool:
    """Whether the first line has a city, a state, a change and a year's murders."""
    columns = set(source.columns)
    return {"city", "state", "change"} <= columns and bool(_years(columns))


def read(source: Source, out: Tables) -> Reading:
    """The file as series: two counts a city, each with its line."""
    columns = load(out, "murders", source.path, check=_check(source.name)).columns
    years = _years(columns)
    is_to_date = "as_of" in columns
    rows = list(_refuse_duplicates(_rows(out, years, is_to_date), out))
    rejected = out.rows.rejected
    if not rows or rejected > max(3, MOST_REJECTED * out.rows.read):
        raise BadRow(
            f"{source.name}: {rejected:,} of {out.rows.read:,} rows cannot be read as {WHAT}; it "
            "may be damaged. Download it again"
        )
    out.write("series", (fact for row in rows for fact in facts(row)))
    days = sorted(row.through for row in rows if row.through)
    first, last = min(years), max(years)
    return reading_of(
        "fivethirtyeight_murders_to_date" if is_to_date else "fivethirtyeight_murders",
        source,
        edition=f"{first} and {last}" + (f", to {_said(days[-1])}" if days else ""),
        first_year=first,
        last_year=last,
        remarks=_remarks(days),
    )


def facts(row: CityRow) -> Iterator[SeriesFact]:
    """The two counts of one row."""
    for year, count in row.counts.items():
        yield SeriesFact(
            offense="murder",
            year=year,
            count=count,
            file_row=row.file_row,
            place=row.place,
            is_partial=row.through is not None,
            note=row.note,
        )


def _check(name: str) -> Check:
    """The columns must be ours, and name two years."""

    def check(columns: tuple[str, ...]) -> None:
        named = [f"{year}_murders" for year in _years(columns)][:2]
        wanted = {*_told()["columns"], *(named if len(named) == 2 else [*named, "YYYY_murders"])}
        to_date = set(_told()["to_date"])
        known_columns(wanted | (to_date if to_date & set(columns) else set()), name, WHAT)(columns)

    return check


def _years(columns: Iterable[str]) -> tuple[int, ...]:
    """The years that columns are named after, in order."""
    named = (int(found[1]) for c in columns if (found := _YEAR.fullmatch(c)))
    return tuple(sorted(y for y in named if FIRST_YEAR <= y <= LAST_YEAR))


def _remarks(days: list[date]) -> Iterator[str]:
    if days:
        yield (
            f"{len(days)} cities are counted to a day from {_said(days[0])} to {_said(days[-1])}, "
            "and the year before to the same day. No count is a whole year's."
        )


def _said(day: date) -> str:
    return f"{day:%-d %B %Y}"


class _Unfit(ValueError):
    """A value that cannot be what its column says."""


def _rows(out: Tables, years: tuple[int, ...], is_to_date: bool) -> Iterator[CityRow]:
    found = out.engine.execute("SELECT * FROM murders ORDER BY file_row")
    names = [d[0] for d in found.description or ()]
    for values in found.fetchall():
        told = dict(zip(names, values, strict=True))
        line = told.pop("file_row")
        cells = {column: (said or "").strip() for column, said in told.items()}
        try:
            yield _row(line, cells, years, is_to_date)
        except _Unfit as error:
            _reject(out, line, str(error), ",".join(v or "" for v in told.values()))


def _row(line: int, cells: dict[str, str], years: tuple[int, ...], is_to_date: bool) -> CityRow:
    counts = {y: _number(cells, f"{y}_murders", _COUNT) for y in years}
    change, (first, last) = _number(cells, "change", _CHANGE), years
    if counts[last] - counts[first] != change:
        raise _Unfit(
            f"change is {change} and {counts[last]} less {counts[first]} is "
            f"{counts[last] - counts[first]}; one of the three is wrong"
        )
    return CityRow(
        file_row=line,
        place=_place(cells["city"], cells["state"]),
        counts=counts,
        through=_day(cells["as_of"], last) if is_to_date else None,
        told_by=" ".join(cells.get("source", "").split()),
    )


def _number(cells: dict[str, str], column: str, wanted: re.Pattern[str]) -> int:
    said = cells[column]
    if not wanted.fullmatch(said):
        raise _Unfit(f"{column} is {said[:40]!r}; a whole number is needed")
    return int(said)


def _place(city: str, state: str) -> str:
    """Key of the city, as other sources have it."""
    postal = _postal().get(state)
    if postal is None:
        raise _Unfit(f"state is {state[:40]!r}; a state's name in full, or D.C., is needed")
    if not _CITY.fullmatch(city):
        raise _Unfit(f"city is {city[:40]!r}; a city's name is needed")
    return city_of(city, postal) or f"{city}, {postal}"


def _day(said: str, year: int) -> date:
    """The day to which a row is counted, which must be one of the later year."""
    found = _DAY.fullmatch(said)
    try:
        day = date(int(found[3]), int(found[1]), int(found[2])) if found else None
    except ValueError:
        day = None
    if day is None or day.year != year:
        raise _Unfit(f"as_of is {said[:40]!r}; a day of {year} is needed, as in 8/31/{year}")
    return day


def _refuse_duplicates(rows: Iterable[CityRow], out: Tables) -> Iterator[CityRow]:
    seen: dict[str, int] = {}
    for row in rows:
        first = seen.setdefault(row.place, row.file_row)
        if first == row.file_row:
            yield row
        else:
            raw = ",".join([row.place, *map(str, row.counts.values())])
            _reject(out, row.file_row, f"{row.place} already stands on line {first}", raw)


def _reject(out: Tables, line: int, reason: str, raw: str) -> None:
    """Move a row from the kept ones to the rejected."""
    out.rows.kept -= 1
    out.reject(line, reason, raw)


@cache
def _postal() -> dict[str, str]:
    """Postal codes by the names that the column of states has."""
    own: dict[str, str] = _told()["states"]
    return {**{state.name: postal for postal, state in states().items()}, **own}


@cache
def _told() -> dict[str, Any]:
    text = Path(__file__).with_name("city_murders.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
