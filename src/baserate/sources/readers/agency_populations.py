"""Reader of two lists of agencies and the people they police: by year, and of no stated year.

Both fill the table of agencies and have no crimes. A population of 0 is kept as it is printed:
the agency polices nobody whom no other one does, or was not in that year's list.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from baserate.errors import BadRow, LayoutChanged
from baserate.sources.agency import city_of, is_county, state_of, states_by_prefix
from baserate.sources.catalog import catalog
from baserate.sources.delimited import Check, known_columns, load
from baserate.sources.reading import Reading, Source
from baserate.sources.tables import Tables

TITLE = "populations of police agencies, by year or of one year, .csv"
VERSION = 1

FIRST_YEAR, LAST_YEAR = 1930, 2100
MOST_REJECTED = 0.1
WHOLE = "^[0-9]{1,9}$"
ORI = "^[A-Z]{2}[A-Z0-9]{7}$"


@dataclass(frozen=True, slots=True)
class Layout:
    """What tells the two lists apart: their columns, and where kind, state and year come from."""

    dataset: str
    name: str
    kind: str
    state: str
    populations: tuple[str, ...]

    @property
    def years(self) -> list[int]:
        """The years of the population columns; none where the year is not stated."""
        return [int(c[-4:]) for c in self.populations if c != "population"]


def looks_like(source: Source) -> bool:
    """Whether the first line is that of either list."""
    columns = source.columns
    if columns == tuple(_told()["cde_populations"]["columns"]):
        return True
    return {"ori", "agency", "type"} <= set(columns) and bool(_year_columns(columns))


def read(source: Source, out: Tables) -> Reading:
    """The list as agencies, one row for each in each year."""
    layout = _layout(source.columns)
    load(out, "given", source.path, check=_check(layout, source.name))
    _reject_unfit(layout, out)
    rejected, kept = out.rows.rejected, out.rows.kept
    if not kept or rejected > max(3, MOST_REJECTED * out.rows.read):
        raise BadRow(
            f"{source.name}: {rejected:,} of {out.rows.read:,} rows cannot be read as "
            f"{_told()[layout.dataset]['what']}; it may be damaged. Download it again"
        )
    _find_places(layout, out)
    out.write_query("agencies", _agencies(layout))
    dataset = catalog()[layout.dataset]
    years = layout.years
    released, basis = dataset.release_of(source, max(years, default=FIRST_YEAR))
    return Reading(
        dataset=dataset.id,
        edition=f"{min(years)}-{max(years)}" if years else "year not stated",
        first_year=min(years, default=released.year),
        last_year=max(years, default=released.year),
        released=released,
        release_basis=basis,
        remarks=tuple(_remarks(layout, out)),
    )


def _layout(columns: tuple[str, ...]) -> Layout:
    if "agency_name" in columns:
        return Layout("cde_populations", "agency_name", "NULL", "state", ("population",))
    kinds = _told()["ori_populations"]["kinds"]
    cases = " ".join(f"WHEN '{said}' THEN '{kind}'" for said, kind in kinds.items())
    return Layout(
        "ori_populations", "agency", f"CASE type {cases} END", "NULL", _year_columns(columns)
    )


def _year_columns(columns: tuple[str, ...]) -> tuple[str, ...]:
    pattern = re.compile(_told()["ori_populations"]["years"], re.ASCII)
    found = [(c, pattern.fullmatch(c)) for c in columns]
    return tuple(c for c, m in found if m and FIRST_YEAR <= int(m[1]) <= LAST_YEAR)


def _check(layout: Layout, name: str) -> Check:
    told = _told()[layout.dataset]
    known = known_columns({*told["columns"], *layout.populations}, name, told["what"])

    def check(columns: tuple[str, ...]) -> None:
        known(columns)
        if not layout.populations:
            raise LayoutChanged(
                f"{name}: no column of a population; {told['what']} has Pop1992 and on"
            )

    return check


def _reject_unfit(layout: Layout, out: Tables) -> None:
    """Move rows with an impossible value from the kept ones to the rejected."""
    prefixes = ", ".join(f"'{p}'" for p in states_by_prefix())
    cells = ", ".join(f"trim({_quoted(c)})" for c in layout.populations)
    kind = "false"
    if layout.dataset == "ori_populations":
        kind = f"type IS NULL OR {layout.kind} IS NULL"
    out.engine.execute(
        f"""
        CREATE TEMP TABLE unfit AS
        WITH seen AS (
            SELECT *, list_filter([{cells}], lambda n: n != '' AND NOT regexp_matches(n, '{WHOLE}'))
                AS odd, min(file_row) OVER (PARTITION BY ori) AS first_row
            FROM given
        )
        SELECT file_row, CASE
            WHEN ori IS NULL OR NOT regexp_matches(ori, '{ORI}') OR ori[1:2] NOT IN ({prefixes})
                THEN 'ori is ' || coalesce(ori[:40], 'empty')
                    || '; an identifier of nine characters such as MOSPD0000 is needed'
            WHEN {layout.name} IS NULL THEN '{layout.name} is empty; a name is needed'
            WHEN {kind} THEN 'type is ' || coalesce({_cell_of_kind(layout)}, 'empty')
                || '; one of {_known_kinds(layout)} is needed'
            WHEN len(odd) > 0
                THEN 'a population is ' || odd[1][:40] || '; a whole number or nothing is needed'
            WHEN file_row > first_row THEN ori || ' already stands on line ' || first_row
            END AS reason, concat_ws(',', ori, {layout.name}, {cells}) AS raw
        FROM seen WHERE reason IS NOT NULL
        """
    )
    if layout.dataset == "cde_populations":
        _reject_other_state(out)
    before = out.rows.rejected
    out.reject_query("SELECT file_row, reason, raw FROM unfit ORDER BY file_row")
    out.rows.kept -= out.rows.rejected - before
    out.engine.execute("DELETE FROM given WHERE file_row IN (SELECT file_row FROM unfit)")


def _reject_other_state(out: Tables) -> None:
    states = states_by_prefix()
    told, given = list(states), list(states.values())
    out.engine.execute(
        """
        INSERT INTO unfit
        SELECT file_row, 'state is ' || coalesce(state[:40], 'empty') || ' and ori begins as in '
            || postal, concat_ws(',', ori, agency_name, state, population)
        FROM given JOIN (SELECT unnest($told) AS prefix, unnest($given) AS postal)
            ON ori[1:2] = prefix
        WHERE state IS DISTINCT FROM postal AND file_row NOT IN (SELECT file_row FROM unfit)
        """,
        {"told": told, "given": given},
    )


def _cell_of_kind(layout: Layout) -> str:
    return "type[:40]" if layout.dataset == "ori_populations" else "''"


def _known_kinds(layout: Layout) -> str:
    return ", ".join(_told()[layout.dataset].get("kinds", {}))


def _find_places(layout: Layout, out: Tables) -> None:
    """What only names tell: the state, the kind where no column has it, and the known city."""
    named = out.engine.execute(
        f"SELECT file_row, ori, {layout.name}, {layout.kind} FROM given"
    ).fetchall()
    lines, states, kinds, places = [], [], [], []
    for line, ori, name, kind in named:
        state = state_of(ori) or ""
        found = kind or ("county" if is_county(ori) else None)
        lines.append(line)
        states.append(state)
        kinds.append(found)
        places.append(city_of(name, state) if found in {"city", None} else None)
    claims = Counter(places)
    places = [p if claims[p] == 1 else None for p in places]
    out.engine.execute(
        """
        CREATE TEMP TABLE told AS
        SELECT unnest($lines) AS file_row, unnest($states) AS state,
            unnest($kinds::VARCHAR[]) AS kind, unnest($places::VARCHAR[]) AS place
        """,
        {"lines": lines, "states": states, "kinds": kinds, "places": places},
    )


def _agencies(layout: Layout) -> str:
    if layout.years:
        listed = ", ".join(_quoted(c) for c in layout.populations)
        year = "right(label, 4)::SMALLINT"
        given = f"given UNPIVOT INCLUDE NULLS (said FOR label IN ({listed}))"
    else:
        year, given = "NULL", "(SELECT *, population AS said FROM given)"
    return (
        f"SELECT ori, {layout.name} AS agency, told.kind, told.place, told.state, {year} AS year, "
        f"nullif(trim(said), '')::BIGINT AS population, file_row "
        f"FROM {given} JOIN told USING (file_row) ORDER BY file_row, year"
    )


def _remarks(layout: Layout, out: Tables) -> Iterator[str]:
    if not layout.years:
        yield "The file does not say of which year its populations are."
        return
    cells = ", ".join(f"nullif(trim({_quoted(c)}), '')::BIGINT" for c in layout.populations)
    ((some, agencies),) = out.engine.execute(
        f"""
        SELECT count(*) FILTER (list_contains(counts, 0) AND list_max(counts) > 0), count(*)
        FROM (SELECT [{cells}] AS counts FROM given)
        """
    ).fetchall()
    if some:
        yield (
            f"{some:,} of {agencies:,} agencies have a population in some years and 0 in others; "
            "there 0 can also say that the agency was not in that year's list."
        )


def _quoted(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'


@cache
def _told() -> dict[str, Any]:
    text = Path(__file__).with_name("agency_populations.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
