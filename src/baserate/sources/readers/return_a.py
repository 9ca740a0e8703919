"""Reader of the FBI's Return A master file: monthly counts of each agency, a record a year.

A month can be reported, reported as nothing, inside another month, or missing, and the file tells
them apart by flags and not by its numbers. The last month reported, which the file prints, says
nothing of the months before it, so every month is looked at.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from baserate.errors import BadRow, LayoutChanged
from baserate.sources.facts import AgencyMonthFact
from baserate.sources.reading import Reading, Source, reading_of
from baserate.sources.return_a_layout import (
    MONTHS,
    PART_PROPERTY,
    PART_VIOLENT,
    AgencyYear,
    Counts,
    Month,
    Unfit,
    agency_year,
    rape_note,
    record_length,
)
from baserate.sources.tables import Tables, in_query, parquet
from baserate.terms.offenses import definition_change
from baserate.terms.places import states

TITLE = "FBI Return A master file, fixed width, 7,385 characters a record"
VERSION = 1

LONGEST_LINE = 16_000  # bytes of a line that are held
AT_ONCE = 50_000  # rows of a table that are held before they are written
MOST_REJECTED = 0.5  # of the records; beyond that it is no Return A

START_OF_RECORD = re.compile(rb"1\d\d[A-Z]{2}[A-Z0-9]{5}.{3}\d\d", re.DOTALL)
PLAIN = ("murder", "rape", "robbery", "burglary", "larceny", "motor_vehicle_theft")
SUMS = ("violent_crime", "property_crime")


class AgencyFact(NamedTuple):
    """One record: one agency in one year."""

    ori: str
    agency: str
    kind: str | None
    place: str | None
    state: str
    year: int
    population: int | None
    covered_by: str | None
    months_reported: int | None
    is_nibrs: bool | None
    file_row: int
    own_population_group: str
    own_last_month_reported: int | None


class MonthOfCard(NamedTuple):
    """One card of one month, on its way to as many rows of series as it has counts."""

    file_row: int
    month: int
    counted: str
    counts: Counts
    note: str


@dataclass
class Records:
    """What has been read, and what is to be told of it."""

    seen: dict[tuple[str, int], int] = field(default_factory=dict)
    states: set[str] = field(default_factory=set)
    lengths: set[int] = field(default_factory=set)
    whole: int = 0
    unflagged: int = 0
    ignored: int = 0
    unknown_groups: set[str] = field(default_factory=set)
    unsplit: int = 0
    hollow: int = 0


def looks_like(source: Source) -> bool:
    """Whether one of the first lines has the length of a record and begins as one."""
    return any(
        len(line) == record_length() and START_OF_RECORD.match(line)
        for line in (piece.removesuffix(b"\r") for piece in source.start.split(b"\n"))
    )


def read(source: Source, out: Tables) -> Reading:
    """Agencies, their months, and a count for each offense of each month that was reported.

    Raises LayoutChanged where no record has the length of one, and BadRow where the file holds
    NUL bytes or most of its records cannot be read.
    """
    records, scratch = Records(), out.folder / "months.csv"
    with scratch.open("w", encoding="utf-8", newline="") as held:
        _take_all(source, out, records, csv.writer(held, lineterminator="\n"))
    _refuse_if_no_return_a(records, out, source.name)
    _write_series(out, scratch)
    scratch.unlink()
    years = sorted({year for _, year in records.seen})
    return reading_of(
        "return_a",
        source,
        edition=_edition(records, years),
        first_year=years[0],
        last_year=years[-1],
        remarks=_remarks(records),
    )


def _take_all(source: Source, out: Tables, records: Records, months: Any) -> None:
    agencies: list[AgencyFact] = []
    reported: list[AgencyMonthFact] = []
    done = 0
    for line, length, record in _lines(source.path):
        out.rows.read += 1
        done += length
        if not record.strip():
            out.rows.aside += 1
            continue
        try:
            found = _record(records, line, length, record)
        except Unfit as why:
            out.reject(line, str(why), record.decode("latin-1"))
            if not out.rows.rejected % 1_000:
                _refuse_if_no_return_a(records, out, source.name)
            continue
        out.rows.kept += 1
        agencies.append(_agency(found, line))
        for m in found.months:
            reported.append(AgencyMonthFact(found.ori, found.year, m.month, m.reported, line))
        for month in _months_of_cards(found, line):
            months.writerow([*month[:3], *_blank_if_none(month.counts), month.note])
        if len(reported) >= AT_ONCE:
            _flush(out, agencies, reported)
            source.progress(done, out.rows.read)
    _flush(out, agencies, reported)


def _record(records: Records, line: int, length: int, record: bytes) -> AgencyYear:
    """A record that may be kept. Raises Unfit."""
    records.lengths.add(length)
    if length != record_length():
        raise Unfit(f"is {length:,} characters long; a record of Return A has {record_length():,}")
    records.whole += 1
    found = agency_year(record)
    if before := records.seen.get((found.ori, found.year)):
        raise Unfit(f"{found.ori} {found.year} already stands on line {before}")
    records.seen[found.ori, found.year] = line
    records.states.add(found.state)
    if found.kind is None:
        records.unknown_groups.add(found.population_group)
    for month in found.months:
        records.unflagged += month.is_unflagged
        records.ignored += month.is_ignored
        records.hollow += month.reported == "no" and month.is_ignored
        records.unsplit += any(c.aggravated_assault is None for c in month.cards.values())
    return found


def _lines(path: Path) -> Iterator[tuple[int, int, bytes]]:
    """Number, length and bytes of every line; of a line beyond any record, only the start."""
    with path.open("rb") as file:
        number = 0
        while held := file.readline(LONGEST_LINE):
            number += 1
            length, piece = len(held), held
            _refuse_nul(held, path, number)
            while not piece.endswith(b"\n") and (more := file.readline(1 << 20)):
                _refuse_nul(more, path, number)
                length, piece = length + len(more), more
            length -= len(piece) - len(piece.rstrip(b"\r\n"))
            yield number, length, held.rstrip(b"\r\n")


def _refuse_nul(piece: bytes, path: Path, number: int) -> None:
    if b"\0" in piece:
        raise BadRow(
            f"{path.name} line {number}: holds NUL bytes; a Return A file is plain text. It may be "
            "damaged or in EBCDIC; download it again"
        )


def _agency(found: AgencyYear, line: int) -> AgencyFact:
    return AgencyFact(
        ori=found.ori,
        agency=found.agency,
        kind=found.kind,
        place=found.place,
        state=found.state,
        year=found.year,
        population=found.population,
        covered_by=found.covered_by,
        months_reported=found.months_reported,
        is_nibrs=None,
        file_row=line,
        own_population_group=found.population_group,
        own_last_month_reported=found.last_month_reported,
    )


def _months_of_cards(found: AgencyYear, line: int) -> Iterator[MonthOfCard]:
    for month in found.months:
        note = _includes(month)
        for counted, counts in month.cards.items():
            yield MonthOfCard(line, month.month, counted, counts, note)


def _includes(month: Month) -> str:
    if not month.includes:
        return ""
    others = ", ".join(MONTHS[m - 1] for m in month.includes)
    return f"Includes the numbers of {others}, which the agency reported inside this month."


def _blank_if_none(counts: Counts) -> list[int | str]:
    return ["" if c is None else c for c in counts]


def _flush(out: Tables, agencies: list[AgencyFact], reported: list[AgencyMonthFact]) -> None:
    out.write("agencies", agencies)
    out.write("agency_months", reported)
    agencies.clear()
    reported.clear()


def _write_series(out: Tables, months: Path) -> None:
    """The cards as series, a row a count; a missing count has none."""
    agencies = parquet(out.written("agencies"))
    counts = dict.fromkeys(Counts._fields, "BIGINT")
    columns = {"file_row": "INTEGER", "month": "TINYINT", "counted": "VARCHAR"}
    columns |= counts | {"note": "VARCHAR"}
    printed = ", ".join(f"'{o}'" for o in PLAIN)
    offenses = ", ".join([*PART_VIOLENT, *PART_PROPERTY, *SUMS])
    changed = definition_change().year
    quoted = in_query(months)
    told = rape_note().replace("'", "''")
    out.write_query(
        "series",
        f"""
        SELECT
            a.place, a.ori, a.agency, c.offense,
            CASE WHEN c.offense IN ('rape', 'violent_crime')
                 THEN CASE WHEN a.year < {changed} THEN 'legacy' ELSE 'revised' END
            END AS definition,
            c.counted, 'hierarchy' AS rule, a.year, c.month, c.count, a.population,
            false AS is_partial, false AS is_estimated, c.offense IN ({printed}) AS is_printed,
            CASE WHEN c.offense = 'aggravated_assault' AND assaults_by_weapon IS NOT NULL
                 THEN c.count END AS printed_total,
            CASE WHEN c.offense = 'aggravated_assault' THEN assaults_by_weapon END AS parts_total,
            concat_ws(' ', nullif(c.note, ''),
                CASE WHEN c.offense IN ('rape', 'violent_crime') AND a.year >= {changed}
                     THEN '{told}' END) AS note,
            c.file_row
        FROM (
            UNPIVOT (
                SELECT * REPLACE (coalesce(note, '') AS note)
                FROM read_csv({quoted}, hive_partitioning = false, header = false,
                              auto_detect = false, columns = {columns},
                              delim = ',', quote = '"', escape = '"', nullstr = '')
            ) ON {offenses} INTO NAME offense VALUE count
        ) c
        JOIN {agencies} a USING (file_row)
        ORDER BY c.file_row, c.month, c.counted
        """,
    )


def _refuse_if_no_return_a(records: Records, out: Tables, name: str) -> None:
    if not records.whole:
        shown = ", ".join(f"{n:,}" for n in sorted(records.lengths)[:5]) or "none"
        raise LayoutChanged(
            f"{name}: no line has the {record_length():,} characters of a Return A record (lengths "
            f"found: {shown}). If the file was re-encoded or its blanks trimmed, use the original"
        )
    rejected, all_records = out.rows.rejected, out.rows.read - out.rows.aside
    if not records.seen or rejected > MOST_REJECTED * all_records:
        raise BadRow(
            f"{name}: {rejected:,} of {all_records:,} records cannot be read (the first: "
            f"{out.first_reject()}). Is it a Return A master file?"
        )


def _edition(records: Records, years: list[int]) -> str:
    span = str(years[0]) if len(years) == 1 else f"{years[0]}-{years[-1]}"
    if len(records.states) > 3:
        return span
    named = sorted(states()[s].name if s in states() else s for s in records.states)
    return f"{', '.join(named)}, {span}"


def _remarks(records: Records) -> Iterator[str]:
    if records.unflagged:
        yield (
            f"In {records.unflagged:,} months there are numbers and no note of a return; the "
            "numbers are taken as reported."
        )
    if records.ignored:
        yield (
            f"In {records.ignored:,} months there are numbers though the month is said to be "
            "inside another; they are left out, so that nothing is counted twice."
        )
    if records.hollow:
        yield (
            f"{records.hollow:,} of those are inside a month for which there is no return; they "
            "are taken as not reported."
        )
    if records.unsplit:
        yield (
            f"In {records.unsplit:,} months aggravated assault cannot be told from simple assault, "
            "because only totals were sent; it and violent crime are missing there."
        )
    if records.unknown_groups:
        shown = ", ".join(repr(g) for g in sorted(records.unknown_groups)[:5])
        yield f"Population groups {shown} are not known; the kind of such agencies is left open."
