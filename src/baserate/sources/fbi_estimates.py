"""Reader of the FBI's estimated crimes, nation and states: one CSV row, one place and year.

The file's trap is that `violent_crime` counts rape by one definition in some rows and by the
other in the rest, and that no column says which. The arithmetic does: `rape_basis` finds the
rape column that completes the printed total.
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Literal

from baserate.errors import BadRow, LayoutChanged, SwappedColumns
from baserate.terms.places import states

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


def read(path: Path) -> list[EstimateRow]:
    """Every row of the file, in its order.

    Raises LayoutChanged where columns are missing or unknown, BadRow where a value cannot be
    what its column says, and SwappedColumns where the rape columns have changed places. The
    file is read as a whole or not at all.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            rows = list(_rows(csv.reader(lines, strict=True), path.name))
    except UnicodeDecodeError as error:
        raise BadRow(f"{path.name}: byte {error.start} is not UTF-8 text; is it a CSV?") from None
    except csv.Error as error:
        raise BadRow(f"{path.name}: not readable as CSV ({error})") from None
    if not rows:
        raise BadRow(f"{path.name}: no rows; a header and at least one row are needed")
    refuse_swapped_columns(rows, path.name)
    return rows


def _rows(lines: Iterable[list[str]], name: str) -> Iterator[EstimateRow]:
    reader = iter(lines)
    header = next(reader, [])
    _check_columns(header, name)
    line = 1
    seen: dict[tuple[int, str], int] = {}
    for line, values in enumerate(reader, start=2):
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
        if not (text.isascii() and text.isdigit()):
            raise BadRow(f"{name} line {line}: {column} is {text!r}; a whole number is needed")
        return int(text)

    postal = said["state_abbr"].strip()
    if postal and postal not in states():
        raise BadRow(f"{name} line {line}: state_abbr is {postal!r}; a postal code is needed")
    murder, robbery, assault = count("homicide"), count("robbery"), count("aggravated_assault")
    violent, legacy, revised = count("violent_crime"), maybe("rape_legacy"), maybe("rape_revised")
    population = count("population")
    if population == 0:
        raise BadRow(f"{name} line {line}: population is 0, so no rate can be formed")
    return EstimateRow(
        file_row=line,
        year=count("year"),
        state_abbr=postal,
        state_name=said.get("state_name", "").strip(),
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


def refuse_swapped_columns(rows: Iterable[EstimateRow], name: str) -> None:
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


@cache
def _layout() -> dict[str, dict[str, str]]:
    text = files("baserate.sources").joinpath("fbi_estimates.toml").read_text(encoding="utf-8")
    layout: dict[str, dict[str, str]] = tomllib.loads(text)
    return layout
