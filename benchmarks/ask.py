"""How long an answer takes: whole processes, and a thousand questions in one.

The yardstick for processes is the least that could answer at all: Python starts, DuckDB opens
the same Parquet file and reads two rows. For questions in one process it is that query alone,
once a question, with nothing worked out from it.

    python benchmarks/ask.py [--runs 7]
"""

from __future__ import annotations

import argparse
import random
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import duckdb

from baserate.errors import LeftOpen
from baserate.measure.ask import ask
from baserate.store.ledger import entries
from baserate.store.open import open_store
from baserate.terms.places import states

QUESTION = "violent crime rate in the United States, 2015 to 2016"
PARQUET = entries(None)[0].parquet("series")[0]
QUERY = (
    "select year, count, population from read_parquet(?) "
    "where place = ? and offense = 'violent_crime' and year in (?, ?)"
)
LEAST = f"import duckdb; duckdb.execute({QUERY!r}, [{PARQUET!r}, 'US', 2015, 2016]).fetchall()"
OFFENSES = ("violent crime", "murder", "rape", "robbery", "burglary", "motor vehicle theft")


def whole_process(arguments: list[str], runs: int) -> float:
    """Median seconds of a command from start to end, after one run that warms the disk."""
    seconds = []
    for _ in range(runs + 1):
        start = time.perf_counter()
        subprocess.run(arguments, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds[1:])


def thousand_questions() -> list[str]:
    """A mix of all measures, offenses and places, the same each time."""
    pick = random.Random(1)
    names = ["the United States", *(s.plain for s in states().values())]

    def one(i: int) -> str:
        offense, where = pick.choice(OFFENSES), pick.choice(names)
        first = pick.randint(1995, 2015)
        last = pick.randint(first + 3, 2019)
        state = pick.choice([n for n in names[1:] if n != where])
        return (
            f"{offense} rate in {where}, {first} to {last}",
            f"{offense} count in {where}, {first} to {last}",
            f"{offense} rate in {where}, {last}",
            f"trend in {offense} in {where}, {first} to {last}",
            f"rank of {state} by {offense} rate, {last}",
            f"highest {offense} rate in {where}, {first} to {last}",
            f"largest one-year fall in {offense} in {where}, {first} to {last}",
            f"{offense} rate in {where} against {state}, {last}",
            f"{offense} as a share of all crime in {where}, {last}",
            f"is {offense} up in {where} since {first}",
        )[i % 10]

    return [one(i) for i in range(1000)]


def in_process(work: Callable[[str], object], texts: list[str]) -> float:
    start = time.perf_counter()
    for text in texts:
        work(text)
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=7)
    runs = parser.parse_args().runs
    tool = str(Path(sys.executable).with_name("baserate"))
    with tempfile.TemporaryDirectory() as folder:
        page = str(Path(folder) / "missouri.html")
        commands = {
            "baserate --help": ([tool, "--help"], 0.15),
            "baserate ask": ([tool, "ask", QUESTION], 0.5),
            "baserate ask --json": ([tool, "ask", QUESTION, "--json"], 0.5),
            "baserate brief": ([tool, "brief", "Missouri", "--out", page], 2.0),
        }
        bare = whole_process([sys.executable, "-c", "pass"], runs)
        least = whole_process([sys.executable, "-c", LEAST], runs)
        print(f"whole process, median of {runs}")
        print(f"  {'python -c pass':<28}{bare:7.3f} s")
        print(f"  {'python, DuckDB, two rows':<28}{least:7.3f} s")
        for name, (command, promise) in commands.items():
            took = whole_process(command, runs)
            print(
                f"  {name:<28}{took:7.3f} s   {took / bare:5.1f} x bare Python   "
                f"{took / least:4.1f} x DuckDB and two rows   promised {promise} s: "
                f"{'kept' if took < promise else 'NOT KEPT'}"
            )
    warnings.simplefilter("ignore", LeftOpen)
    texts = thousand_questions()
    store = open_store()
    first = in_process(lambda t: ask(t, store=store), texts)
    again = in_process(lambda t: ask(t, store=store), texts)
    connection = duckdb.connect(config={"threads": 1})
    rows = in_process(
        lambda _: connection.execute(QUERY, [PARQUET, "MO", 2015, 2016]).fetchall(), texts
    )
    print("1,000 questions in one process")
    print(f"  {'two rows from DuckDB each':<28}{rows:7.3f} s")
    print(
        f"  {'baserate, from cold':<28}{first:7.3f} s   {first / rows:5.2f} x two rows each   "
        f"promised 2.0 s: {'kept' if first < 2 else 'NOT KEPT'}"
    )
    print(f"  {'baserate, again':<28}{again:7.3f} s   {again / rows:5.2f} x two rows each")


if __name__ == "__main__":
    main()
