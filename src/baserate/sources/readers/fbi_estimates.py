"""Reader of the FBI's estimated crimes, nation and states: one CSV row, one place and year.

The file's trap is that `violent_crime` counts rape by one definition in some rows and by the
other in the rest, and that no column says which. The arithmetic does: `rape_basis` finds the
rape column that completes the printed total.
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from baserate.errors import BadRow, LayoutChanged, SwappedColumns
from baserate.sources.facts import SeriesFact
from baserate.sources.reading import Reading, Source, reading_of
from baserate.sources.tables import Tables
from baserate.terms.offenses import definition_change
from baserate.terms.places import states

TITLE = "FBI estimated crimes, nation and states, .csv"
VERSION = 1

LARGEST = 20_000_000  # bytes; a hundred times the published file
LONGEST_NUMBER = 12  # digits
FIRST_YEAR, LAST_YEAR = 1930, 2100  # the UCR Program began in 1930
MOST_UNFIT = 0.02  # in the published file it is 5 rows of 2,116

Basis = Literal["legacy", "revised", "either", "none"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EstimateRow:
    """One row of the file: one place in one year. Counts are offenses.

    `file_row` is the line of the file it stands on, the header being line 1. A count that the
    file leaves empty is None, never 0. `violent_basis` is worked out, not printed.
    """

    file_row: int
    year: int
    state_abbr: str
    state_name: str
    population: int
    violent_crime: int
    homicide: int
    rape_legacy: int | None
    rape_revised: int | None
    robbery: int
    aggravated_assault: int
    property_crime: int
    burglary: int
    larceny: int
    motor_vehicle_theft: int
    caveats: str
    violent_basis: Basis

    @property
    def where(self) -> str:
        """Place and year, for messages."""
        return f"{self.state_abbr or 'United States'} {self.year}"


def rape_basis(
    *, violent_crime: int, without_rape: int, legacy: int | None, revised: int | None
) -> Basis:
    """Which rape column the violent crime total includes, by arithmetic.

    `without_rape` is murder + robbery + aggravated assault. 'none' says that neither column
    completes the printed total.

    >>> rape_basis(violent_crime=1_199_310, without_rape=1_108_049, legacy=91_261, revised=126_134)
    'legacy'
    """
    rape = violent_crime - without_rape
    fits_legacy, fits_revised = legacy == rape, revised == rape
    if fits_legacy and fits_revised:
        return "either"
    if fits_legacy:
        return "legacy"
    return "revised" if fits_revised else "none"


def looks_like(source: Source) -> bool:
    """Whether the first line has the columns that tell this table from every other."""
    columns = set(source.columns)
    told = {"state_abbr", "rape_legacy", "rape_revised", "property_crime"}
    return told <= columns and "locality" not in columns


def read(source: Source, out: Tables) -> Reading:
    """The file as series: every definition that can be had, each figure with its line."""
    rows = read_rows(source.path)
    out.rows.read = out.rows.kept = len(rows)
    out.write("series", (fact for row in rows for fact in facts(row)))
    first, last = min(r.year for r in rows), max(r.year for r in rows)
    return reading_of(
        "fbi_estimates",
        source,
        edition=f"{first}-{last}",
        first_year=first,
        last_year=last,
    )


def facts(row: EstimateRow) -> Iterator[SeriesFact]:
    """Every figure of one row. Totals come by both definitions of rape where both can be had."""

    def fact(offense: str, count: int, **more: Any) -> SeriesFact:
        return SeriesFact(
            offense=offense,
            year=row.year,
            count=count,
            file_row=row.file_row,
            place=row.state_abbr or "US",
            population=row.population,
            is_estimated=True,
            note=row.caveats,
            **more,
        )

    without_rape = row.homicide + row.robbery + row.aggravated_assault
    for definition, rape in (("legacy", row.rape_legacy), ("revised", row.rape_revised)):
        if rape is None:
            continue
        violent, basis = without_rape + rape, row.violent_basis
        unfit = basis == "none"
        yield fact(
            "violent_crime",
            violent,
            definition=definition,
            is_printed=basis in {definition, "either"},
            printed_total=row.violent_crime if unfit else None,
            parts_total=violent if unfit else None,
            printed_definition=basis,
        )
        yield fact(
            "all_crime",
            violent + row.property_crime,
            definition=definition,
            is_printed=False,
            printed_definition=basis,
        )
        yield fact("rape", rape, definition=definition)
    parts = row.burglary + row.larceny + row.motor_vehicle_theft
    unfit = parts != row.property_crime
    yield fact(
        "property_crime",
        row.property_crime,
        printed_total=row.property_crime if unfit else None,
        parts_total=parts if unfit else None,
    )
    yield fact("murder", row.homicide)
    for offense in ("robbery", "aggravated_assault", "burglary", "larceny", "motor_vehicle_theft"):
        yield fact(offense, getattr(row, offense))


def read_rows(path: Path) -> list[EstimateRow]:
    """Every row of the file, in its order.

    Raises LayoutChanged where columns are missing or unknown, BadRow where a value cannot be
    what its column says, and SwappedColumns where the rape columns have changed places. The
    file is read as a whole or not at all.
    """
    _refuse_unreadable(path)
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            rows = list(_rows(lines, path.name))
    except UnicodeDecodeError as error:
        raise BadRow(f"{path.name}: byte {error.start} is not UTF-8 text; is it a CSV?") from None
    except csv.Error as error:
        raise BadRow(f"{path.name}: not readable as CSV ({error})") from None
    if not rows:
        raise BadRow(f"{path.name}: no rows; a header and at least one row are needed")
    refuse_swapped_columns(rows, path.name)
    _refuse_totals_without_parts(rows, path.name)
    return rows


def _refuse_unreadable(path: Path) -> None:
    try:
        if not path.is_file():
            raise BadRow(f"{path.name}: not a file that can be read; name the publisher's CSV")
        size = path.stat().st_size
    except (OSError, ValueError) as error:
        raise BadRow(f"{path.name}: cannot be read ({error})") from None
    if size > LARGEST:
        raise BadRow(
            f"{path.name}: {size:,} bytes, where the published file has 200,000; is it the one?"
        )


def _rows(lines: Iterable[str], name: str) -> Iterator[EstimateRow]:
    reader = csv.reader(lines, strict=True)
    header = next(reader, [])
    _check_columns(header, name)
    seen: dict[tuple[int, str], int] = {}
    before = reader.line_num
    for values in reader:
        line, before = before + 1, reader.line_num
        if not values:
            continue  # a blank line
        if len(values) != len(header):
            raise BadRow(
                f"{name} line {line}: {len(values)} values under {len(header)} columns; "
                "the file may be cut short"
            )
        row = _row(dict(zip(header, values, strict=True)), line, name)
        key = (row.year, row.state_abbr)
        if key in seen:
            raise BadRow(f"{name} line {line}: {row.where} already stands on line {seen[key]}")
        seen[key] = line
        yield row


def _check_columns(header: list[str], name: str) -> None:
    twice = sorted({c for c in header if header.count(c) > 1})
    if twice:
        raise LayoutChanged(f"{name}: columns {', '.join(map(repr, twice))} stand there twice")
    mapped = _layout()["columns"]
    known = {*mapped, *_layout()["optional"]}
    new, gone = sorted(set(header) - known), sorted(set(mapped) - set(header))
    if new or gone:
        raise LayoutChanged(
            f"{name}: unknown columns {', '.join(new) or 'none'}; "
            f"missing columns {', '.join(gone) or 'none'}. "
            "This reader knows the FBI's file of estimated crimes, nation and states"
        )


def _row(said: dict[str, str], line: int, name: str) -> EstimateRow:
    def count(column: str) -> int:
        number = maybe(column)
        if number is None:
            raise BadRow(f"{name} line {line}: {column} is empty; a whole number is needed")
        return number

    def maybe(column: str) -> int | None:
        text = said[column].strip()
        if not text:
            return None
        if not (text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER):
            raise BadRow(
                f"{name} line {line}: {column} is {text[:40]!r}; a whole number of at most "
                f"{LONGEST_NUMBER} digits is needed"
            )
        return int(text)

    postal = said["state_abbr"].strip()
    if postal and postal not in states():
        raise BadRow(f"{name} line {line}: state_abbr is {postal!r}; a postal code is needed")
    year = count("year")
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise BadRow(f"{name} line {line}: year is {year}; one from 1930 to 2100 is needed")
    murder, robbery, assault = count("homicide"), count("robbery"), count("aggravated_assault")
    violent, legacy, revised = count("violent_crime"), maybe("rape_legacy"), maybe("rape_revised")
    population = count("population")
    if population <= violent:
        raise BadRow(
            f"{name} line {line}: population is {population:,} and violent_crime {violent:,}; "
            "the columns cannot be what they are called"
        )
    if legacy is None and revised is None:
        raise BadRow(f"{name} line {line}: neither rape column has a count")
    called = said.get("state_name", "").strip()
    if postal and called and called != states()[postal].name:
        raise BadRow(f"{name} line {line}: state_abbr is {postal} and state_name {called!r}")
    return EstimateRow(
        file_row=line,
        year=year,
        state_abbr=postal,
        state_name=called,
        population=population,
        violent_crime=violent,
        homicide=murder,
        rape_legacy=legacy,
        rape_revised=revised,
        robbery=robbery,
        aggravated_assault=assault,
        property_crime=count("property_crime"),
        burglary=count("burglary"),
        larceny=count("larceny"),
        motor_vehicle_theft=count("motor_vehicle_theft"),
        caveats=said["caveats"].strip(),
        violent_basis=rape_basis(
            violent_crime=violent,
            without_rape=murder + robbery + assault,
            legacy=legacy,
            revised=revised,
        ),
    )


def refuse_swapped_columns(rows: Sequence[EstimateRow], name: str) -> None:
    """Raise where legacy rape exceeds revised rape, which includes it.

    The identity is the second witness: where the printed violent total is still complete with
    one of the two columns, the counts are right and only their names have changed places.
    """
    wrong = [
        r
        for r in rows
        if r.rape_legacy is not None
        and r.rape_revised is not None
        and r.rape_legacy > r.rape_revised
    ]
    misplaced = [r for r in rows if r.rape_legacy is None and r.year < definition_change().year]
    if misplaced and not wrong:
        raise SwappedColumns(
            f"{name}: {len(misplaced)} rows before {definition_change().year} have a revised rape "
            f"count and no legacy one ({misplaced[0].where}), which no agency could have sent "
            "then. The two columns have changed places, so nothing was read"
        )
    if not wrong:
        return
    fitting = [r for r in wrong if r.violent_basis != "none"]
    shown = min(fitting or wrong, key=lambda r: (r.state_abbr != "", r.year))
    years = ", ".join(str(y) for y in sorted({r.year for r in wrong}))
    proof = (
        f" In {len(fitting)} of them one column still completes the violent crime total, which "
        f"shows that the counts are right and stand under the wrong name ({shown.where}: the one "
        f"called {shown.violent_basis})."
        if fitting
        else ""
    )
    raise SwappedColumns(
        f"{name}: in {len(wrong)} rows ({years}) the legacy rape count exceeds the revised "
        f"one, which includes it ({shown.where}: {shown.rape_legacy:,} and "
        f"{shown.rape_revised:,}).{proof} The two columns have changed places, so nothing was "
        "read; use a release that has them right"
    )


def _refuse_totals_without_parts(rows: Sequence[EstimateRow], name: str) -> None:
    """Raise where violent totals fit neither definition in more than a stray row.

    Then two other columns have changed places, or a column counts something new.
    """
    unfit = [r for r in rows if r.violent_basis == "none"]
    if len(unfit) > max(1, MOST_UNFIT * len(rows)):
        raise BadRow(
            f"{name}: in {len(unfit)} of {len(rows)} rows murder, rape, robbery and aggravated "
            "assault do not add up to violent_crime by either definition; columns may have changed "
            "places or meaning"
        )


@cache
def _layout() -> dict[str, dict[str, str]]:
    text = Path(__file__).with_name("fbi_estimates.toml").read_text(encoding="utf-8")
    layout: dict[str, dict[str, str]] = tomllib.loads(text)
    return layout
