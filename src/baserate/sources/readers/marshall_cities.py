"""Reader of The Marshall Project's table of violent crime in 68 police jurisdictions.

Two things have to be worked out row by row: by which definition of rape it counts, and whether
it is a whole year. What the README says about both, and the one rule of ours, stand with their
reasons in marshall_cities.toml.
"""

from __future__ import annotations

import re
import tempfile
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from baserate.errors import BadRow
from baserate.sources.agency import city_of, is_ori, state_of
from baserate.sources.catalog import catalog
from baserate.sources.delimited import known_columns, load
from baserate.sources.facts import AgencyFact, SeriesFact
from baserate.sources.reading import Reading, Source, reading_of
from baserate.sources.tables import Tables
from baserate.terms.places import NATION

TITLE = "The Marshall Project, violent crime in 68 jurisdictions 1975-2015, .csv"
VERSION = 1

WHAT = "The Marshall Project's ucr_crime_1975_2015.csv"
FIRST_YEAR, LAST_YEAR = 1960, 2100
MOST_UNFIT = 0.02  # of totals that are not the sum of their parts; in both releases there is none
MOST_REJECTED = 0.1
_WHOLE = re.compile(r"\d{1,9}|[1-9]e\+0[1-8]", re.ASCII)  # R writes 500000 as 5e+05


@dataclass(frozen=True, slots=True, kw_only=True)
class CityRow:
    """One jurisdiction in one year. Counts are offenses; what the file leaves out is None.

    `months_reported` are months the agency reported to the FBI. `taken_from` is the source
    that the publisher filled the row from, None where it is the FBI's agency file.
    """

    file_row: int
    ori: str | None
    year: int
    name: str
    population: int | None
    counts: dict[str, int]
    months_reported: int | None
    taken_from: str | None
    url: str
    fell_too_far: bool = False

    @property
    def where(self) -> str:
        """Jurisdiction and year, for messages."""
        return f"{self.name} {self.year}"

    @property
    def place(self) -> str | None:
        """Key of the city, or the nation; None for a county's police."""
        if self.ori is None:
            return NATION.key
        if self.kind == "county":
            return None
        state = state_of(self.ori) or ""
        city = self.name.rpartition(", ")[0] or self.name
        return city_of(city, state) or f"{city}, {state}"

    @property
    def kind(self) -> str:
        """Whether the agency is a city's or a county's."""
        city = self.name.rpartition(", ")[0] or self.name
        return "county" if city.endswith(_told()["county"]["ends"]) else "city"

    @property
    def months_counted(self) -> int | None:
        """Months that went into the counts; None where they are not said."""
        return None if self.taken_from else self.months_reported

    @property
    def is_partial(self) -> bool:
        """Whether the counts are known not to be a whole year's."""
        return self.fell_too_far or (self.months_counted is not None and self.months_counted < 12)

    @property
    def parts(self) -> int | None:
        """The four offenses added up, where all four are there."""
        four = [self.counts.get(o) for o in ("murder", "rape", "robbery", "aggravated_assault")]
        return None if None in four else sum(n for n in four if n is not None)


def looks_like(source: Source) -> bool:
    """Whether the first line has the columns that tell this table from every other."""
    return {"homs_sum", "agg_ass_sum", "months_reported"} <= set(source.columns)


def read(source: Source, out: Tables) -> Reading:
    """The file as series and agencies, each figure with its line."""
    rows = mark_falls(_refuse_duplicates(_rows(source, out), out))
    _refuse_unfit(rows, out, source.name)
    out.write("series", (fact for row in rows for fact in facts(row)))
    out.write("agencies", (agency(row) for row in rows if row.ori))
    dataset = catalog()["marshall_cities"]
    first, last = min(r.year for r in rows), max(r.year for r in rows)
    known = [r.edition for r in dataset.releases if r.sha256 == source.sha256]
    return reading_of(
        "marshall_cities",
        source,
        edition=known[0] if known else f"{first}-{last}",
        first_year=first,
        last_year=last,
        remarks=_remarks(rows),
    )


def facts(row: CityRow) -> Iterator[SeriesFact]:
    """Every count that the row has."""
    definition, why = definition_of(row)
    note = "; ".join([*_notes(row)])
    for offense, count in row.counts.items():
        counts_rape = offense in {"rape", "violent_crime"}
        unfit = offense == "violent_crime" and row.parts not in {None, count}
        yield SeriesFact(
            offense=offense,
            year=row.year,
            count=count,
            file_row=row.file_row,
            place=row.place,
            ori=row.ori,
            agency=row.name if row.ori else None,
            definition=definition if counts_rape else None,
            population=row.population,
            months_reported=row.months_counted,
            is_partial=row.is_partial,
            is_estimated=row.ori is None,
            printed_total=count if unfit else None,
            parts_total=row.parts if unfit else None,
            printed_definition=(definition or "none") if counts_rape else None,
            note="; ".join(n for n in (note, why if counts_rape else "") if n),
        )


def definition_of(row: CityRow) -> tuple[str | None, str]:
    """By which definition a row counts rape, None where nobody says; and what to note of it."""
    told = _told()["definition"]
    for source in told["of_source"]:
        if row.taken_from in source["sources"]:
            known = source["definition"]
            return (None if known == "none" else known), source["why"]
    last = told["legacy_through"] if row.ori else told["nation_legacy_through"]
    return ("legacy", "") if row.year <= last else (None, told["unknown"])


def agency(row: CityRow) -> AgencyFact:
    """The agency as the row describes it."""
    assert row.ori is not None
    return AgencyFact(
        ori=row.ori,
        agency=row.name,
        file_row=row.file_row,
        kind=row.kind,
        place=row.place,
        state=state_of(row.ori),
        year=row.year,
        population=row.population,
        months_reported=row.months_reported,
    )


def mark_falls(rows: Iterable[CityRow]) -> list[CityRow]:
    """The rows, with those marked that fell further than a whole year ever did.

    A row with twelve months is never marked, nor one whose year before is not whole itself.
    """
    rows = list(rows)
    whole = {(r.ori, r.year): r for r in rows if r.months_reported == 12}
    return [replace(r, fell_too_far=_fell(r, whole.get((r.ori, r.year - 1)))) for r in rows]


def _fell(row: CityRow, before: CityRow | None) -> bool:
    if before is None or row.months_reported == 12:
        return False
    now, then = row.counts.get("violent_crime"), before.counts.get("violent_crime")
    return now is not None and then is not None and now < _told()["partial"]["below"] * then


def _notes(row: CityRow) -> Iterator[str]:
    if row.taken_from:
        yield f"taken from {row.taken_from}" + (f" ({row.url})" if row.url else "")
        if row.months_reported is not None and row.months_reported < 12:
            yield f"the agency reported {row.months_reported} of 12 months to the FBI"
    if row.fell_too_far:
        yield f"taken to be partial: {_told()['partial']['why']}"


def _remarks(rows: list[CityRow]) -> Iterator[str]:
    for row in rows:
        if row.fell_too_far and (row.months_counted is None):
            yield (
                f"{row.where} (line {row.file_row}) is taken to be partial: "
                f"{row.counts['violent_crime']:,} violent crimes, {_told()['partial']['why']}."
            )
    short = [r for r in rows if (r.months_counted or 12) < 12]
    if short:
        yield f"{len(short)} rows hold fewer than 12 months and are partial."
    filled = [r for r in rows if r.taken_from and (r.months_reported or 0) < 12]
    if filled:
        yield (
            f"{len(filled)} rows do not rest on 12 months reported to the FBI but on the source "
            "named in their note."
        )
    unfit = [r for r in rows if r.parts not in {None, r.counts.get("violent_crime")}]
    for row in unfit:
        yield f"In {row.where} (line {row.file_row}) the four offenses do not add up to the total."


def _rows(source: Source, out: Tables) -> Iterator[CityRow]:
    check = known_columns(set(_told()["columns"]), source.name, WHAT)
    with tempfile.TemporaryDirectory(dir=out.folder) as scratch:
        load(out, "cities", _with_quotes_doubled(source, Path(scratch)), check=check)
    found = out.engine.execute("SELECT * FROM cities ORDER BY file_row")
    names = [d[0] for d in found.description or ()]
    for values in found.fetchall():
        cells = dict(zip(names, values, strict=True))
        try:
            yield _row(cells)
        except _Unfit as error:
            _reject(out, cells["file_row"], str(error), cells)


def _with_quotes_doubled(source: Source, scratch: Path) -> Path:
    r"""In the first release a quote within quotes is \", in the second it is ""; we read that."""
    data = source.path.read_bytes()
    if b'\\"' not in data:
        return source.path
    copy = scratch / source.name
    copy.write_bytes(data.replace(b'\\"', b'""'))
    return copy


class _Unfit(ValueError):
    """A value that cannot be what its column says."""


def _row(cells: dict[str, Any]) -> CityRow:
    def text(column: str) -> str | None:
        said = (cells[column] or "").strip()
        return None if said in _told()["missing"]["words"] else said

    def number(column: str) -> int | None:
        said = text(column)
        if said is None:
            return None
        if not _WHOLE.fullmatch(said):
            raise _Unfit(f"{column} is {said[:40]!r}; a whole number or NA is needed")
        return int(float(said))

    ori, name, year = text("ORI"), text("department_name"), number("year")
    if name is None or (ori is None) != (name == _told()["missing"]["nation"]):
        raise _Unfit(f"ORI is {ori!r} and department_name {name!r}; one agency is needed")
    if ori is not None and not is_ori(ori):
        raise _Unfit(f"ORI is {ori[:40]!r}; an identifier such as MOSPD00 is needed")
    if year is None or not FIRST_YEAR <= year <= LAST_YEAR:
        raise _Unfit(f"year is {cells['year']!r}; one from {FIRST_YEAR} to {LAST_YEAR} is needed")
    months, population = number("months_reported"), number("total_pop")
    if months is not None and months > 12:
        raise _Unfit(f"months_reported is {months}; 0 to 12 or NA is needed")
    counts = {o: n for o, c in _told()["counts"].items() if (n := number(c)) is not None}
    most = max(counts.values(), default=0)
    if population is not None and population <= most:
        raise _Unfit(
            f"total_pop is {population:,} and a count is {most:,}; they cannot be what they are "
            "called"
        )
    return CityRow(
        file_row=cells["file_row"],
        ori=ori,
        year=year,
        name=name,
        population=population,
        counts=counts,
        months_reported=months,
        taken_from=text("source"),
        url=text("url") or "",
    )


def _refuse_duplicates(rows: Iterable[CityRow], out: Tables) -> Iterator[CityRow]:
    seen: dict[tuple[str | None, int], int] = {}
    for row in rows:
        first = seen.setdefault((row.ori, row.year), row.file_row)
        if first == row.file_row:
            yield row
        else:
            raw = f"{row.ori},{row.year},{row.name}"
            _reject(out, row.file_row, f"{row.where} already stands on line {first}", raw)


def _reject(out: Tables, line: int, reason: str, raw: dict[str, Any] | str) -> None:
    """Move a row from the kept ones to the rejected."""
    if isinstance(raw, dict):
        raw = ",".join("" if v is None else str(v) for k, v in raw.items() if k != "file_row")
    out.rows.kept -= 1
    out.reject(line, reason, raw)


def _refuse_unfit(rows: list[CityRow], out: Tables, name: str) -> None:
    """Raise where so much is wrong that the rest cannot be trusted."""
    rejected = out.rows.rejected
    if not rows or rejected > max(3, MOST_REJECTED * out.rows.read):
        raise BadRow(
            f"{name}: {rejected:,} of {out.rows.read:,} rows cannot be read as {WHAT}; it may be "
            "damaged. Download it again"
        )
    unfit = [r for r in rows if r.parts not in {None, r.counts.get("violent_crime")}]
    if len(unfit) > max(1, MOST_UNFIT * len(rows)):
        raise BadRow(
            f"{name}: in {len(unfit):,} of {len(rows):,} rows the four offenses do not add up to "
            f"violent_crime (line {unfit[0].file_row}); columns may have changed places"
        )


@cache
def _told() -> dict[str, Any]:
    text = Path(__file__).with_name("marshall_cities.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
