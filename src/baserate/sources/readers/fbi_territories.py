"""Reader of the FBI's crimes in Puerto Rico and the other territories: a CSV row, a place and year.

Most rows hold no count at all and say so. Such a row is set aside: it is missing, not zero.
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from baserate.errors import BadRow
from baserate.sources.delimited import known_columns, load
from baserate.sources.facts import SeriesFact
from baserate.sources.readers.fbi_estimates import rape_basis
from baserate.sources.reading import Reading, Source, reading_of
from baserate.sources.tables import Tables
from baserate.terms.places import territories

TITLE = "FBI crimes in the territories, .csv"
VERSION = 1

WHAT = "the FBI's file of crimes in the territories"
FIRST_YEAR, LAST_YEAR = 1930, 2100
MOST_REJECTED = 0.1
PARTS = ("homicide", "robbery", "aggravated_assault")
PROPERTY = ("burglary", "larceny", "motor_vehicle_theft")
_WHOLE = re.compile(r"\d{1,9}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class TerritoryRow:
    """One territory, or a district of one, in one year. Counts are offenses."""

    file_row: int
    place: str
    year: int
    population: int | None
    counts: dict[str, int]
    rape: dict[str, int]
    caveats: str

    @property
    def without_rape(self) -> int:
        """Murder, robbery and aggravated assault together."""
        return sum(self.counts[c] for c in PARTS)

    @property
    def basis(self) -> str:
        """Which rape column the violent crime total includes, by arithmetic."""
        return rape_basis(
            violent_crime=self.counts["violent_crime"],
            without_rape=self.without_rape,
            legacy=self.rape.get("legacy"),
            revised=self.rape.get("revised"),
        )


def looks_like(source: Source) -> bool:
    """Whether the first line has the columns that tell this table from the FBI's of states."""
    return {"state_abbr", "locality", "rape_legacy", "arson"} <= set(source.columns)


def read(source: Source, out: Tables) -> Reading:
    """The file as series: every definition that can be had, each figure with its line."""
    told = _told()["columns"]
    load(out, "territories", source.path, check=known_columns(set(told), source.name, WHAT))
    silent: dict[str, list[int]] = defaultdict(list)
    rows = list(_refuse_duplicates(_rows(out, silent), out))
    rejected = out.rows.rejected
    if not rows or rejected > max(3, MOST_REJECTED * out.rows.read):
        raise BadRow(
            f"{source.name}: {rejected:,} of {out.rows.read:,} rows cannot be read as {WHAT}, and "
            f"{len(rows):,} have counts; it may be damaged. Download it again"
        )
    unfit = [r for r in rows if r.basis == "none"]
    if len(unfit) > max(1, 0.02 * len(rows)):
        raise BadRow(
            f"{source.name}: in {len(unfit)} of {len(rows)} rows the parts do not add up to "
            f"violent_crime (line {unfit[0].file_row}); columns may have changed places"
        )
    out.write("series", (fact for row in rows for fact in facts(row)))
    first, last = min(r.year for r in rows), max(r.year for r in rows)
    return reading_of(
        "fbi_territories",
        source,
        edition=f"{first}-{last}",
        first_year=first,
        last_year=last,
        remarks=_remarks(silent),
    )


def facts(row: TerritoryRow) -> Iterator[SeriesFact]:
    """Every figure of one row; the violent total by both definitions where both can be had."""

    def fact(offense: str, count: int, **more: Any) -> SeriesFact:
        return SeriesFact(
            offense=offense,
            year=row.year,
            count=count,
            file_row=row.file_row,
            place=row.place,
            population=row.population,
            note=row.caveats,
            **more,
        )

    printed, basis = row.counts["violent_crime"], row.basis
    for definition, rape in row.rape.items():
        violent = row.without_rape + rape
        yield fact(
            "violent_crime",
            violent,
            definition=definition,
            is_printed=basis in {definition, "either"},
            printed_total=printed if basis == "none" else None,
            parts_total=violent if basis == "none" else None,
            printed_definition=basis,
        )
        yield fact(
            "all_crime",
            violent + row.counts["property_crime"],
            definition=definition,
            is_printed=False,
            printed_definition=basis,
        )
        yield fact("rape", rape, definition=definition)
    parts = sum(row.counts[c] for c in PROPERTY)
    unfit = parts != row.counts["property_crime"]
    yield fact(
        "property_crime",
        row.counts["property_crime"],
        printed_total=row.counts["property_crime"] if unfit else None,
        parts_total=parts if unfit else None,
    )
    yield fact("murder", row.counts["homicide"])
    for offense in ("robbery", "aggravated_assault", *PROPERTY):
        yield fact(offense, row.counts[offense])


class _Unfit(ValueError):
    """A value that cannot be what its column says."""


def _rows(out: Tables, silent: dict[str, list[int]]) -> Iterator[TerritoryRow]:
    found = out.engine.execute("SELECT * FROM territories ORDER BY file_row")
    names = [d[0] for d in found.description or ()]
    for values in found.fetchall():
        cells = dict(zip(names, values, strict=True))
        try:
            row = _row(cells)
        except _Unfit as error:
            _reject(out, cells["file_row"], str(error), _raw(cells))
            continue
        if row.counts:
            yield row
        else:
            out.rows.kept -= 1
            out.rows.aside += 1
            silent[f"{row.place}: {row.caveats or 'empty'}"].append(row.year)


def _row(cells: dict[str, Any]) -> TerritoryRow:
    def number(column: str) -> int | None:
        said = (cells[column] or "").strip()
        if said and not _WHOLE.fullmatch(said):
            raise _Unfit(f"{column} is {said[:40]!r}; a whole number or nothing is needed")
        return int(said) if said else None

    postal, locality = (cells["state_abbr"] or "").strip(), (cells["locality"] or "").strip()
    if postal not in territories():
        raise _Unfit(f"state_abbr is {postal[:40]!r}; a territory's postal code is needed")
    year, population = number("year"), number("population")
    if year is None or not FIRST_YEAR <= year <= LAST_YEAR:
        raise _Unfit(f"year is {cells['year']!r}; one from {FIRST_YEAR} to {LAST_YEAR} is needed")
    wanted = ("violent_crime", *PARTS, "property_crime", *PROPERTY)
    counts = {c: n for c in wanted if (n := number(c)) is not None}
    rape = {d: n for d in ("legacy", "revised") if (n := number(f"rape_{d}")) is not None}
    if (counts or rape) and (len(counts) < len(wanted) or not rape):
        gone = sorted(set(wanted) - set(counts)) or ["rape_legacy and rape_revised"]
        raise _Unfit(f"{', '.join(gone)} empty and other counts not; all or none are needed")
    if population is not None and counts and population <= counts["violent_crime"]:
        raise _Unfit(
            f"population is {population:,} and violent_crime {counts['violent_crime']:,}; the "
            "columns cannot be what they are called"
        )
    return TerritoryRow(
        file_row=cells["file_row"],
        place=f"{locality}, {postal}" if locality else postal,
        year=year,
        population=population,
        counts=counts,
        rape=rape,
        caveats=(cells["caveats"] or "").strip(),
    )


def _refuse_duplicates(rows: Iterable[TerritoryRow], out: Tables) -> Iterator[TerritoryRow]:
    seen: dict[tuple[str, int], int] = {}
    for row in rows:
        first = seen.setdefault((row.place, row.year), row.file_row)
        if first == row.file_row:
            yield row
        else:
            reason = f"{row.place} {row.year} already stands on line {first}"
            _reject(out, row.file_row, reason, f"{row.year},{row.place}")


def _reject(out: Tables, line: int, reason: str, raw: str) -> None:
    """Move a row from the kept ones to the rejected."""
    out.rows.kept -= 1
    out.reject(line, reason, raw)


def _raw(cells: dict[str, Any]) -> str:
    return ",".join("" if v is None else str(v) for k, v in cells.items() if k != "file_row")


def _remarks(silent: dict[str, list[int]]) -> Iterator[str]:
    for said, years in silent.items():
        place, _, caveat = said.partition(": ")
        yield f"{place} has no counts in {len(years)} years ({_spans(years)}): {caveat!r}."


def _spans(years: list[int]) -> str:
    """Years as spans: 1999, 2006-2015."""
    spans: list[list[int]] = []
    for year in sorted(years):
        if spans and spans[-1][-1] == year - 1:
            spans[-1].append(year)
        else:
            spans.append([year])
    return ", ".join(f"{s[0]}-{s[-1]}" if len(s) > 1 else str(s[0]) for s in spans)


@cache
def _told() -> dict[str, dict[str, str]]:
    text = Path(__file__).with_name("fbi_territories.toml").read_text(encoding="utf-8")
    told: dict[str, dict[str, str]] = tomllib.loads(text)
    return told
