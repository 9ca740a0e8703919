"""How fast a NIBRS master file is read, against crimepy on the same file.

Whole processes in turn, each from an empty folder to Parquet: crimepy's `nibrs.convert`, and
`add` into an empty store. Then both tables are compared, whole columns at a time.

The aim: a tenth of crimepy's time at 500 MB, with no more memory, and no more for 2,000 MB.

crimepy is no dependency. Have it in an environment of its own and name its Python:

    python -m venv rival && rival/bin/pip install crimepy==0.1.0
    python benchmarks/nibrs_master.py --rival-python rival/bin/python [--size 500] [--rounds 3]
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import duckdb

ROOT = Path(__file__).parents[1]
YEAR = 2019
RIVAL = """
import pathlib, sys
from crimepy import nibrs
from crimepy.nibrs import cde
file, folder = map(pathlib.Path, sys.argv[1:])
master = cde.master_path(2019, folder)
master.parent.mkdir(parents=True)
master.symlink_to(file)
nibrs.convert(2019, folder, progress=False)
"""
OURS = """
import pathlib, sys
from baserate.sources.reading import Source
from baserate.store.add import add
file, folder = map(pathlib.Path, sys.argv[1:])
add(Source(file), folder)
"""


class Run(NamedTuple):
    """One process: wall and processor seconds, and the most memory it held."""

    wall: float
    processor: float
    megabytes: float


def run(python: str, program: str, file: Path, folder: Path) -> Run:
    """Run a program on the file, into an empty folder."""
    shutil.rmtree(folder, ignore_errors=True)
    start = time.perf_counter()
    process = subprocess.Popen([python, "-c", program, str(file), str(folder)])
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    if status:
        raise SystemExit(f"{python} failed with status {status}")
    process.returncode = 0
    return Run(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def _write(file: Path, *, size: int, year: int) -> int:
    """Make the file, as the tests do."""
    sys.path.insert(0, str(ROOT))
    from tests.made.nibrs_master import write

    return write(file, size=size, year=year)


def median(runs: list[Run]) -> Run:
    return Run(*(statistics.median(values) for values in zip(*runs, strict=True)))


# --- the same field in both --------------------------------------------------------------------

COMMON = {
    "administrative": (
        "incidents where not is_window",
        {
            "ori": "ori", "incident_number": "incident_number", "incident_date": "incident_date",
            "report_date": "is_report_date", "incident_hour": "incident_hour",
            "total_offenses": "own_total_offenses", "total_victims": "own_total_victims",
            "total_offenders": "own_total_offenders", "total_arrestees": "own_total_arrestees",
            "city_submission": "own_city_submission", "state_code": "own_state_code",
            "cleared_exceptionally": "cleared_exceptionally",
            "exceptional_clearance_date": "exceptional_clearance_date",
            "cargo_theft": "case cargo_theft when 'Y' then true when 'N' then false end",
        },
    ),
    "offenses": (
        "offenses",
        {
            "offense_code": "offense_code", "completion": "attempted_completed",
            "location": "location", "premises_entered": "premises_entered",
            "entry_method": "method_of_entry",
            **{f"suspected_using_{i}": f"suspected_using[{i}]" for i in (1, 2, 3)},
            **{f"criminal_activity_{i}": f"criminal_activity[{i}]" for i in (1, 2, 3)},
            **{f"weapon_{i}": f"nullif(weapons[{i}][:2], '')" for i in (1, 2, 3)},
            **{
                f"weapon_{i}_automatic": f"coalesce(weapons[{i}][3] = 'A', false)"
                for i in (1, 2, 3)
            },
            **{f"bias_motivation_{i}": f"biases[{i}]" for i in range(1, 6)},
        },
    ),
    "properties": (
        "properties",
        {
            "loss_type": "loss_type", "property_description": "description",
            "property_value": "value", "date_recovered": "recovered_date",
            "stolen_vehicles": "stolen_vehicles", "recovered_vehicles": "recovered_vehicles",
            **{f"drug_type_{i}": f"drug_types[{i}]" for i in (1, 2, 3)},
            **{f"drug_quantity_{i}": f"drug_quantities[{i}]" for i in (1, 2, 3)},
            **{f"drug_measure_{i}": f"drug_measures[{i}]" for i in (1, 2, 3)},
        },
    ),
    "victims": (
        "victims",
        {
            "victim_sequence": "victim_sequence", "victim_type": "victim_type",
            "victim_age_code": "age", "victim_sex": "sex", "victim_race": "race",
            "victim_ethnicity": "ethnicity", "victim_resident": "resident",
            "justifiable_homicide": "justifiable_circumstance",
            "officer_activity": "officer_activity", "officer_assignment": "officer_assignment",
            "officer_other_ori": "officer_other_ori",
            **{f"offense_{i}": f"offense_codes[{i}]" for i in range(1, 11)},
            **{f"circumstance_{i}": f"circumstances[{i}]" for i in (1, 2)},
            **{f"injury_{i}": f"injuries[{i}]" for i in range(1, 6)},
            **{f"offender_{i}": f"cast(related_offenders[{i}] as integer)" for i in range(1, 11)},
            **{f"relationship_{i}": f"relationships[{i}]" for i in range(1, 11)},
        },
    ),
    "offenders": (
        "offenders",
        {
            "offender_sequence": "offender_sequence", "offender_age_code": "age",
            "offender_sex": "sex", "offender_race": "race", "offender_ethnicity": "ethnicity",
        },
    ),
}  # fmt: skip
ARREST = {
    "arrestee_sequence": "arrestee_sequence", "arrest_transaction_number": "arrest_number",
    "arrest_date": "arrest_date", "arrest_type": "arrest_type", "ori": "ori",
    "arrest_offense": "offense_code", "arrestee_age_code": "age", "arrestee_sex": "sex",
    "arrestee_race": "race", "arrestee_ethnicity": "ethnicity", "arrestee_resident": "resident",
    "juvenile_disposition": "juvenile_disposition",
    **{f"arrestee_weapon_{i}": f"nullif(weapons[{i}][:2], '')" for i in (1, 2)},
}  # fmt: skip
COMMON["arrestees"] = (
    "arrestees where not is_group_b and own_window_clearance is null",
    {**ARREST, "multiple_arrestee": "multiple"},
)
COMMON["group_b_arrests"] = ("arrestees where is_group_b", ARREST)
COMMON["agencies"] = (
    "agencies",
    {
        "ori": "ori", "city": "agency", "state_abbreviation": "own_state_abbr",
        "months_reported": "months_reported", "master_file_year": "year",
        "population_1": "own_populations[1]", "population_group": "own_population_group",
        "nibrs_active": "is_nibrs", "covered_by_ori": "covered_by",
    },
)  # fmt: skip


def differences(theirs: Path, ours: Path) -> Iterator[str]:
    """Every table or field that is not the same in both; rows are in the order of the file."""
    made = next(ours.glob("files/*/entry.json")).parent
    for table, (where, fields) in COMMON.items():
        rival = f"read_parquet('{theirs}/nibrs/tables/{YEAR}/{table}.parquet')"
        name, _, condition = where.partition(" ")
        own = f"(select * from read_parquet('{made}/{name}-*.parquet') {condition})"
        rows = [duckdb.execute(f"select count(*) from {t}").fetchall()[0][0] for t in (rival, own)]
        if rows[0] != rows[1]:
            yield f"{table}: {rows[0]:,} rows there, {rows[1]:,} here"
            continue
        compared = ", ".join(
            f"count(*) filter (where {_plain('a', their)} is distinct from {_plain('b', their)}) "
            f'as "{their}"'
            for their in fields
        )
        taken = ", ".join(f'{expression} as "{their}"' for their, expression in fields.items())
        found = duckdb.execute(
            f"select {compared} from (select row_number() over () as n, * from {rival}) a "
            f"join (select row_number() over () as n, {taken} from "
            f"(select * from {own} order by file_row)) b using (n)"
        ).fetchall()[0]
        for field, different in zip(fields, found, strict=True):
            if different:
                yield f"{table}.{field}: {different:,} of {rows[0]:,} values differ"
        print(f"  {table:<20}{rows[0]:>12,} rows {len(fields):>4} fields")


def _plain(side: str, field: str) -> str:
    """A value as text; quantities to the thousandth, which is what the file gives."""
    if "quantity" in field:
        return f'cast({side}."{field}" as decimal(18, 3))'
    return f'cast({side}."{field}" as varchar)'


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--size", type=int, default=50, help="megabytes: 50, 500 or 2000")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--rival-python", default=sys.executable if find_spec("crimepy") else "")
    parser.add_argument("--alone", action="store_true", help="do not run the rival")
    chosen = parser.parse_args()
    if not chosen.rival_python and not chosen.alone:
        raise SystemExit(
            "name a Python that has crimepy with --rival-python; see the top of this file"
        )
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        file = folder / "master.txt"
        size = _write(file, size=chosen.size * 1_000_000, year=YEAR)
        print(f"{size / 1e6:,.0f} MB, {chosen.rounds} rounds, processes in turn")
        theirs: list[Run] = []
        ours: list[Run] = []
        for _ in range(chosen.rounds):
            if not chosen.alone:
                theirs.append(run(chosen.rival_python, RIVAL, file, folder / "rival"))
            ours.append(run(sys.executable, OURS, file, folder / "store"))
        for name, runs in (("crimepy 0.1.0", theirs), ("baserate add", ours)):
            if runs:
                one = median(runs)
                print(
                    f"  {name:<16}{one.wall:8.2f} s   {one.processor:7.2f} s of processors   "
                    f"{one.megabytes:6.0f} MB at most   {size / 1e6 / one.wall:5.0f} MB/s"
                )
        if not chosen.alone:
            ratios = [t.wall / o.wall for t, o in zip(theirs, ours, strict=True)]
            print(
                f"  {statistics.median(ratios):.1f} times as fast "
                f"(rounds: {', '.join(f'{r:.1f}' for r in ratios)}); the aim at 500 MB: 10"
            )
            found = list(differences(folder / "rival", folder / "store"))
            print("\n".join(found) or "  every field that both have is the same")


if __name__ == "__main__":
    main()
