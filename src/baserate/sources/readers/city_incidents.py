"""Reader of a city's own incident export, by a mapping (docs/cities.md): one row, one record.

A record counts in the month the publisher counts it in, which need not be the month it happened
in, and with the sign he gives it: -1 takes an earlier record back. So a file's series are the
sums of its own records and nothing else; the sums of all files are the city's figures.
"""

from __future__ import annotations

import csv
from calendar import month_name
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from baserate.errors import BadMapping, BadRow, LayoutChanged, SourceError
from baserate.sources import delimited
from baserate.sources.catalog import catalog
from baserate.sources.city.examples import failing
from baserate.sources.city.mapping import CityMapping, load, shipped
from baserate.sources.city.records import make_records, name, own
from baserate.sources.city.remarks import remarks
from baserate.sources.facts import AgencyFact, AgencyMonthFact, SeriesFact
from baserate.sources.reading import Reading, Source
from baserate.sources.tables import Tables, in_query, quoted
from baserate.sources.workbooks import OLE2, Cell, Sheet, sheets, text_inside
from baserate.terms.offenses import offense

TITLE = "a city's own incidents, .csv or .xlsx"
VERSION = 1

FEW_REJECTS = 10  # rows that may be unreadable whatever their share
MOST_REJECTS = 0.05  # of the rows; the published files have none
KEPT = "problem IS NULL AND aside IS NULL"
COVERED = 0.1  # of the records of the file's busiest month: with fewer, a month is not covered


class Group(NamedTuple):
    """The records of one offense that count in one month, or those set aside or not kept."""

    agency: int | None
    year: int | None
    month: int | None
    offense: str | None
    aside: int | None
    is_kept: bool
    rows: int
    total: int
    file_row: int


class Sum(NamedTuple):
    """The kept records of one offense that count in one month."""

    agency: int
    year: int
    month: int
    offense: str
    total: int
    file_row: int


class Month(NamedTuple):
    """One month of a file. `is_covered`: the file has the month, not only corrections of it."""

    agency: int
    year: int
    month: int
    file_row: int
    is_covered: bool


def looks_like(source: Source) -> bool:
    """Whether a mapping knows these columns, or the user has named a mapping of his own."""
    if source.mapping is not None:
        return True
    try:
        return _mapping_for(source) is not None
    except SourceError:
        return False


def read(source: Source, out: Tables) -> Reading:
    """The file as incidents, offenses and monthly series."""
    mapping = _named(source.mapping) if source.mapping is not None else _mapping_for(source)
    if mapping is None:
        raise LayoutChanged(
            f"{source.name}: no mapping knows its columns; write one (docs/cities.md) and name it "
            "with --mapping"
        )
    try:
        columns = _load(source, mapping, out)
        out.engine.execute(make_records(mapping, columns, "raw"))
        groups = _groups(out)
        _set_aside(source, mapping, columns, groups, out)
        months = _months(groups)
        _write_incidents(mapping, columns, out)
        _write_agencies(mapping, months, out)
        if mapping.rule is not None:
            out.write("series", series(mapping, months, _sums(groups)))
        return _reading(source, mapping, months, groups, out)
    except duckdb.Error as error:
        raise BadRow(
            f"{source.name}: cannot be worked through by the mapping {mapping.file} "
            f"({str(error).splitlines()[0]:.300}); check both"
        ) from None


@cache
def _named(path: Path) -> CityMapping:
    """A mapping of the user's, refused if its own examples fail."""
    mapping = load(path)
    if wrong := failing(mapping):
        raise BadMapping(
            f"{path.name}: {len(wrong)} of its {len(mapping.examples)} examples do not come out as "
            f"it says: {'; '.join(wrong[:5])}. Correct the mapping or the example"
        )
    return mapping


def _mapping_for(source: Source) -> CityMapping | None:
    """The shipped mapping that knows the file's columns."""
    if not _is_workbook(source):
        return next((m for m in shipped() if not m.sheets and m.knows(source.columns)), None)
    words = text_inside(source).decode("utf-8", "replace").casefold()
    return next((m for m in shipped() if all(c.casefold() in words for c in m.told_by)), None)


def _is_workbook(source: Source) -> bool:
    return source.start.startswith(OLE2) or "xl/workbook.xml" in source.members


# --- the file as a table of text --------------------------------------------------------------


def _load(source: Source, mapping: CityMapping, out: Tables) -> dict[str, str]:
    """Load the file; field to column."""
    if _is_workbook(source):
        return _load_workbook(source, mapping, out)
    loaded = delimited.load(
        out, "raw", source.path, check=lambda c: _refuse_other_columns(mapping, c, source.name)
    )
    if loaded.ends_within_row:
        raise BadRow(
            f"{source.name}: ends in the middle of a row; it was cut short. Download it again"
        )
    if not loaded.rows:
        raise BadRow(f"{source.name}: a header and no rows; nothing to add")
    return mapping.columns_of(loaded.columns, source.name)


def _refuse_other_columns(mapping: CityMapping, columns: tuple[str, ...], name: str) -> None:
    mapping.columns_of(columns, name)


def _load_workbook(source: Source, mapping: CityMapping, out: Tables) -> dict[str, str]:
    """Load the sheets, each matched to the mapping by itself, into one table by field."""
    found = sheets(source.path)
    if mapping.sheets:
        _refuse_other_sheets(source.name, mapping, {s.name for s in found})
    fields = list(mapping.names)
    text = out.folder / "sheets.csv"
    with text.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        for sheet in found:
            writer.writerows(_sheet_rows(source.name, sheet, mapping, out))
    named = ", ".join(f"{quoted(c)}: 'VARCHAR'" for c in [*fields, "sheet", "file_row"])
    out.engine.execute(
        "CREATE OR REPLACE TEMP TABLE raw AS SELECT * REPLACE (file_row::INTEGER AS file_row) FROM "
        f"read_csv({in_query(text)}, header=false, columns={{{named}}}, delim=',', quote='\"', "
        "hive_partitioning=false, "
        "escape='\"', auto_detect=false, max_line_size=5000000, parallel=false)"
    )
    text.unlink()
    if not out.rows.kept:
        raise BadRow(f"{source.name}: no rows below the headers; nothing to add")
    return {f: f for f in fields}


def _refuse_other_sheets(file: str, mapping: CityMapping, found: set[str]) -> None:
    new, gone = sorted(found - set(mapping.sheets)), sorted(set(mapping.sheets) - found)
    if new or gone:
        raise LayoutChanged(
            f"{file}: new sheets {', '.join(new) or 'none'}; missing sheets "
            f"{', '.join(gone) or 'none'}. The mapping {mapping.file} needs one [[agency]] for each"
        )


def _sheet_rows(file: str, sheet: Sheet, mapping: CityMapping, out: Tables) -> Iterator[list[str]]:
    rows = [[_as_text(c) for c in row] for row in sheet.rows]
    header = [c.strip() for c in rows[0]] if rows else []
    columns = mapping.columns_of(header, f"{file}, sheet {sheet.name}")
    places = [header.index(columns[f]) if f in columns else None for f in mapping.names]
    for line, row in enumerate(rows[1:], start=2):
        out.rows.read += 1
        if not any(cell.strip() for cell in row):
            out.rows.aside += 1
        elif len(row) > len(header):
            reason = f"{len(row)} cells, where the header has {len(header)}"
            out.reject(line, reason, ",".join(row))
        else:
            out.rows.kept += 1
            row += [""] * (len(header) - len(row))
            yield [*("" if p is None else row[p] for p in places), sheet.name, str(line)]


def _as_text(cell: Cell) -> str:
    """A cell as it would stand in a CSV; a spreadsheet's whole numbers have no fraction."""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return str(cell).replace("\0", "")


def _groups(out: Tables) -> list[Group]:
    found = _all(
        out,
        "SELECT agency, counted_year, counted_month, offense, aside, "
        f"{KEPT} AS is_kept, count(*), sum(counts)::BIGINT, min(file_row) "
        "FROM record GROUP BY ALL ORDER BY ALL",
    )
    return [Group(*g) for g in found]


def _set_aside(
    source: Source,
    mapping: CityMapping,
    columns: dict[str, str],
    groups: list[Group],
    out: Tables,
) -> None:
    """Move rows that are no incidents and rows that cannot be kept out of those kept."""
    aside = sum(g.rows for g in groups if g.aside is not None)
    wrong = sum(g.rows for g in groups if g.aside is None and not g.is_kept)
    out.rows.kept -= aside + wrong
    out.rows.aside += aside
    if wrong:
        cells = ", ".join(f"coalesce(raw.{name(c)}, '')" for c in columns.values())
        out.reject_query(
            f"SELECT record.file_row, record.problem, concat_ws(',', {cells}) "
            "FROM record POSITIONAL JOIN raw WHERE record.problem IS NOT NULL"
        )
    _refuse_too_many_rejects(source, mapping, out)
    if not any(g.is_kept and g.offense is not None for g in groups):
        codes = _all(out, "SELECT DISTINCT code FROM record WHERE code IS NOT NULL LIMIT 5")
        shown = ", ".join(c[:30] for (c,) in codes)
        raise BadRow(
            f"{source.name}: {mapping.file} maps none of its codes to an offense "
            f"({shown or 'all are empty'}). Add them under [[offense]], and name the mapping with "
            "--mapping"
        )


def _refuse_too_many_rejects(source: Source, mapping: CityMapping, out: Tables) -> None:
    share = out.rows.rejected / max(out.rows.read, 1)
    if out.rows.kept and (out.rows.rejected <= FEW_REJECTS or share <= MOST_REJECTS):
        return
    first = _all(out, "SELECT file_row, problem FROM record WHERE problem IS NOT NULL LIMIT 1")
    why = f" (line {first[0][0]}: {first[0][1]})" if first else ""
    raise BadRow(
        f"{source.name}: {out.rows.rejected:,} of {out.rows.read:,} rows cannot be kept{why}. "
        f"The publisher may have changed how he writes them; extend {mapping.file} as "
        "docs/cities.md says, and name it with --mapping"
    )


def _all(out: Tables, query: str) -> list[tuple[Any, ...]]:
    return out.engine.execute(query).fetchall()


# --- the tables -------------------------------------------------------------------------------


def _write_incidents(mapping: CityMapping, columns: dict[str, str], out: Tables) -> None:
    ori = " ".join(f"WHEN {i} THEN {quoted(a.ori)}" for i, a in enumerate(mapping.agencies))
    values = {
        "incident": "record.incident",
        "ori": f"CASE record.agency {ori} END",
        "incident_number": "record.number",
        "incident_date": "record.incident_date",
        "is_report_date": str(mapping.is_report_date).lower(),
        "incident_hour": "record.incident_hour",
        "counted_year": "record.counted_year",
        "counted_month": "record.counted_month",
        "count": "record.counts",
        "latitude": "record.latitude",
        "longitude": "record.longitude",
        "file_row": "record.file_row",
        **own(mapping, columns),
        **{f.field: f"record.{f.field}" for f in mapping.flags},
        **{c: f"record.{c}" for c in ("own_x", "own_y") if mapping.within},
    }
    selected = ", ".join(f"{value} AS {name(column)}" for column, value in values.items())
    out.write_query(
        "incidents",
        f"SELECT {selected} FROM record POSITIONAL JOIN raw WHERE record.problem IS NULL "
        "AND record.aside IS NULL",
        columns=values,
    )
    out.write_query(
        "offenses",
        f"SELECT incident, code AS offense_code, offense, file_row FROM record WHERE {KEPT}",
        columns=("incident", "offense_code", "offense", "file_row"),
    )


def _months(groups: Iterable[Group]) -> list[Month]:
    """The months records count in, and which of them this file covers."""
    rows: dict[tuple[int, int, int], list[Group]] = {}
    for g in groups:
        if g.is_kept and g.agency is not None and g.year is not None and g.month is not None:
            rows.setdefault((g.agency, g.year, g.month), []).append(g)
    sizes = {key: sum(g.rows for g in found) for key, found in rows.items()}
    busiest = {a: max(n for (b, _, _), n in sizes.items() if b == a) for a, _, _ in sizes}
    return [
        Month(*key, min(g.file_row for g in found), sizes[key] >= COVERED * busiest[key[0]])
        for key, found in sorted(rows.items())
    ]


def _sums(groups: Iterable[Group]) -> Iterator[Sum]:
    for g in groups:
        if g.is_kept and g.offense is not None and g.year is not None and g.month is not None:
            yield Sum(g.agency or 0, g.year, g.month, g.offense, g.total, g.file_row)


def _write_agencies(mapping: CityMapping, months: list[Month], out: Tables) -> None:
    years = {(m.agency, m.year) for m in months}
    only = {a: y for a, y in years if len([1 for b, _ in years if b == a]) == 1}
    first = {a: min(m.file_row for m in months if m.agency == a) for a, _ in years}
    out.write(
        "agencies",
        (
            AgencyFact(
                ori=a.ori,
                agency=a.name,
                file_row=first[i],
                kind="city",
                place=a.place,
                state=a.place[-2:],
                year=only.get(i),
            )
            for i, a in enumerate(mapping.agencies)
            if i in first
        ),
    )
    if mapping.rule is None:
        return  # an extract of some offenses does not say that the agency reported
    out.write(
        "agency_months",
        (
            AgencyMonthFact(mapping.agencies[m.agency].ori, m.year, m.month, "incidents")
            for m in months
            if m.is_covered
        ),
    )


def series(
    mapping: CityMapping, months: Iterable[Month], sums: Iterable[Sum]
) -> Iterator[SeriesFact]:
    """Monthly figures: the sum of this file's own records, and 0 where a covered month has none.

    Of a month the file does not cover there are its corrections only, marked as partial.
    """
    found = {(s.agency, s.year, s.month, s.offense): s for s in sums}
    definitions = {o.key: o for o in mapping.offenses if o.definitions}
    for month in months:
        own = {o: found.get((month.agency, month.year, month.month, o)) for o in mapping.series}
        for key in (*mapping.series, *mapping.totals):
            parts = [s for o in _parts(key) if (s := own.get(o)) is not None]
            if not parts and not month.is_covered:
                continue
            defined = next((definitions[o] for o in _parts(key) if o in definitions), None)
            agency = mapping.agencies[month.agency]
            yield SeriesFact(
                offense=key,
                year=month.year,
                month=month.month,
                count=sum(s.total for s in parts),
                file_row=min((s.file_row for s in parts), default=month.file_row),
                place=agency.place,
                ori=agency.ori,
                agency=agency.name,
                definition=defined.definition(month.year, month.month) if defined else None,
                rule="all" if mapping.rule == "all" else "hierarchy",
                is_printed=False,
                is_partial=not month.is_covered,
            )


@cache
def _parts(key: str) -> tuple[str, ...]:
    """The offenses a figure is the sum of, down to the last; the offense itself if it is one."""
    parts = offense(key).parts
    return tuple(p for part in parts for p in _parts(part)) if parts else (key,)


# --- what is said about the file --------------------------------------------------------------


def _reading(
    source: Source, mapping: CityMapping, months: list[Month], groups: list[Group], out: Tables
) -> Reading:
    covered = sorted({(m.year, m.month) for m in months if m.is_covered})
    first, last = covered[0], covered[-1]
    dataset = catalog().get(mapping.dataset)
    if dataset is not None:
        released, basis = dataset.release_of(source, last[0])
    else:
        released, basis = _added(source)
    return Reading(
        dataset=mapping.dataset,
        edition=_span(first, last),
        first_year=first[0],
        last_year=last[0],
        released=released,
        release_basis=basis,
        remarks=tuple(remarks(mapping, out, [m for m in months if not m.is_covered]))
        + tuple(_aside(mapping, groups)),
    )


def _aside(mapping: CityMapping, groups: list[Group]) -> Iterator[str]:
    for i, rule in enumerate(mapping.aside):
        if rows := sum(g.rows for g in groups if g.aside == i):
            yield f"{rows:,} rows are set aside: {rule.why or 'they are no incidents'}."


def _added(source: Source) -> tuple[date, str]:
    if source.released is not None:
        return source.released, "as given when the file was added"
    return date.today(), "the day the file was added; when it was released is not known"


def _span(first: tuple[int, int], last: tuple[int, int]) -> str:
    def words(month: tuple[int, int]) -> str:
        return f"{month_name[month[1]]} {month[0]}"

    return words(first) if first == last else f"{words(first)} to {words(last)}"
