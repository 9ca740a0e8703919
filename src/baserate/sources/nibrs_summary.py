"""Monthly series of offenses and clearances from the tables of incidents, whatever their format.

What counts as what, and which offense comes first, is in nibrs_offenses.toml; the arithmetic is in
nibrs_summary.sql. One row of the series is one offense, in one agency or state, in one month, by
one rule: `hierarchy`, where an incident counts once under its most serious offense, or `all`.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from baserate.sources.tables import Tables, parquet, schema

AT_ONCE = 2_000_000  # incidents

NEEDED = (
    "incidents", "offenses", "victims", "properties", "arrestees", "agencies", "agency_months",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Kind:
    """One offense of the summary reports and how NIBRS offenses become it.

    `rank` is 1 for the most serious; null for one that the hierarchy rule leaves alone.
    """

    number: int
    offense: str
    codes: tuple[str, ...]
    counts: str
    rank: int | None
    definition: str | None
    has_series: bool

    @property
    def bit(self) -> int:
        """Its place in a mix of offenses."""
        return 1 << (self.number - 1)


@cache
def kinds() -> tuple[Kind, ...]:
    """Every offense, the most serious first.

    >>> [k.offense for k in kinds() if "11B" in k.codes]
    ['rape']
    """
    return tuple(
        Kind(
            number=i,
            offense=entry["key"],
            codes=tuple(entry["codes"]),
            counts=entry["counts"],
            rank=None if entry.get("is_exempt") else i,
            definition=entry.get("definition"),
            has_series=entry.get("has_series", True),
        )
        for i, entry in enumerate(_told()["offense"], start=1)
    )


def counting_table(out: Tables) -> None:
    """Make the tables `counting` (by offense code), `kinds` (by offense) and `summed`.

    `summed` says which offenses make each series: itself, and the totals it is a part of.
    """
    rows = [(c, k) for k in kinds() for c in k.codes]
    _table(
        out,
        "counting (offense_code VARCHAR, offense VARCHAR, number TINYINT, bit INTEGER, "
        "counts VARCHAR)",
        [(code, k.offense, k.number, k.bit, k.counts) for code, k in rows],
    )
    _table(
        out,
        "kinds (number TINYINT, bit INTEGER, rank TINYINT, counts VARCHAR, has_series BOOLEAN)",
        [(k.number, k.bit, k.rank, k.counts, k.has_series) for k in kinds()],
    )
    _table(out, "summed (number TINYINT, offense VARCHAR, definition VARCHAR)", summed())


def summed() -> list[tuple[int, str, str | None]]:
    """Number of an offense, series it is summed in, and that series' definition."""
    numbers = {k.offense: k.number for k in kinds()}
    alone = [(k.number, k.offense, k.definition) for k in kinds() if k.has_series]
    totals = [
        (numbers[part], total["key"], total.get("definition"))
        for total in _told()["total"]
        for part in total["parts"]
    ]
    return alone + totals


def add_summary(out: Tables) -> None:
    """Write the series of agencies and of their states from the tables written so far.

    Incidents are taken by their number, some millions at a time: memory is bounded, and quick
    where the tables below are in the order of their incidents. A month an agency reported has
    every offense, zero where it had none; a month it did not report has none, save clearances
    dated there (`is_partial`). `stolen_vehicles` must stand once for each loss of an incident.
    """
    counting_table(out)
    for table in NEEDED:
        _view(out, table)
    engine, steps = out.engine, _steps()
    engine.execute(steps["begin"])
    engine.execute(steps["months"])
    (last,) = engine.execute("SELECT max(incident) FROM summary_of_incidents").fetchall()[0]
    for low in range(1, (last or 0) + 1, AT_ONCE):
        high = low + AT_ONCE - 1
        engine.execute(steps["count"].replace("$low", str(low)).replace("$high", str(high)))
    if not last:
        engine.execute(steps["count"].replace("$low", "1").replace("$high", "0"))
    engine.execute(steps["reported"])
    engine.execute(steps["monthly"])
    out.write_query("series", steps["agencies"])
    out.write_query("series", steps["states"])
    engine.execute(steps["end"])


def reported_months(
    out: Tables, months: list[tuple[str, int, int]]
) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """Agencies and their reported months, for who counts incidents otherwise than in SQL.

    `months` are those with incidents: agency, year, month. Gives (ori, agency, place, state,
    is_covered) and (ori, year, month, population).
    """
    for table in ("agencies", "agency_months"):
        _view(out, table)
    engine, steps = out.engine, _steps()
    engine.execute(steps["months"])
    if months:
        columns = [list(column) for column in zip(*months, strict=True)]
        engine.execute("INSERT INTO summary_months SELECT unnest(?), unnest(?), unnest(?)", columns)
    engine.execute(steps["reported"])
    agencies = engine.execute(
        "SELECT ori, agency, place, state, is_covered FROM summary_agencies"
    ).fetchall()
    reported = engine.execute(
        "SELECT ori, year, month, population FROM summary_reported"
    ).fetchall()
    engine.execute(steps["end"])
    return agencies, reported


def _view(out: Tables, table: str) -> None:
    """The table as written so far, under a name of its own; with no rows if it was not."""
    columns = schema()[table]
    if written := out.written(table):
        named = ", ".join(f'"{c.name}"' for c in columns)
        source = f"SELECT {named} FROM {parquet(written)}"
    else:
        nothing = ", ".join(f'NULL::{c.type} AS "{c.name}"' for c in columns)
        source = f"SELECT {nothing} LIMIT 0"
    out.engine.execute(f"CREATE OR REPLACE TEMP VIEW summary_of_{table} AS {source}")


def _table(out: Tables, declared: str, rows: list[tuple[Any, ...]]) -> None:
    name = declared.split(" ", 1)[0]
    out.engine.execute(f"CREATE OR REPLACE TEMP TABLE {declared}")
    holes = ", ".join("?" for _ in rows[0])
    values = ", ".join(f"({holes})" for _ in rows)
    out.engine.execute(f"INSERT INTO {name} VALUES {values}", [v for row in rows for v in row])


@cache
def _steps() -> dict[str, str]:
    text = Path(__file__).with_name("nibrs_summary.sql").read_text(encoding="utf-8")
    parts = text.split("-- step: ")[1:]
    return {p.split("\n", 1)[0].strip(): p.split("\n", 1)[1].strip() for p in parts}


@cache
def _told() -> dict[str, Any]:
    text = Path(__file__).with_name("nibrs_offenses.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
