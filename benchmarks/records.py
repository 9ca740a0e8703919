"""How long adding real files takes, and numbers out of what was added: whole processes.

The yardstick is the least that could do the like: for files, Python's csv module reads the same
text and counts rows; for numbers, Python starts, DuckDB opens one Parquet file and sums.

    python benchmarks/records.py [--runs 5]        # real files: BASERATE_SHARED, default ../shared
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
from pathlib import Path

SHARED = Path(os.environ.get("BASERATE_SHARED", "../shared")).resolve() / "data"
COMMAND = [sys.executable, "-m", "baserate"]


def seconds(arguments: list[str], runs: int, fresh: Path | None = None) -> float:
    """Median seconds of a command; `fresh` is a folder that is deleted before each run."""
    found = []
    for _ in range(runs):
        if fresh is not None:
            shutil.rmtree(fresh, ignore_errors=True)
        start = time.perf_counter()
        subprocess.run(arguments, check=True, stdout=subprocess.DEVNULL)
        found.append(time.perf_counter() - start)
    return statistics.median(found)


def show(name: str, ours: float, least: float, promised: float) -> None:
    print(f"{name:<34}{ours:7.2f} s   {ours / least:5.1f} x the least   promised {promised} s")


def adding(files: list[Path], folder: Path, runs: int) -> tuple[float, float]:
    """Seconds of ours, and of reading the same text and counting it."""
    ours = [*COMMAND, "add", "--quiet", "--store", str(folder / "store"), *map(str, files)]
    texts = files
    if files[0].suffix == ".zip":
        with tempfile.TemporaryDirectory() as scratch:
            shutil.unpack_archive(files[0], scratch)
            texts = sorted(Path(scratch).glob("NIBRS_*.csv"))
            return seconds(ours, runs, folder / "store"), seconds(_least(texts), runs)
    return seconds(ours, runs, folder / "store"), seconds(_least(texts), runs)


def _least(texts: list[Path]) -> list[str]:
    """Python's own csv module reads the same files and counts their rows."""
    names = repr([str(p) for p in texts])
    return [
        sys.executable,
        "-c",
        f"import csv\nfor p in {names}: sum(1 for _ in csv.reader(open(p, encoding='cp1252', "
        "errors='replace', newline='')))",
    ]


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--runs", type=int, default=5)
    runs = asked.parse_args().runs
    if not SHARED.is_dir():
        sys.exit(f"no real files at {SHARED}; set BASERATE_SHARED to the folder that has data/")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        months = sorted((SHARED / "city/st_louis/raw").iterdir())
        show("add 95 months of St. Louis", *adding(months, folder, max(1, runs // 2)), 5)
        show("add Vermont 2024", *adding([SHARED / "nibrs/VT-2024.zip"], folder, runs), 2)
        counts = [*COMMAND, "counts", "violent", "crime", "--by", "month"]
        counts += ["--store", str(folder / "store")]
        subprocess.run(counts, check=True, stdout=subprocess.DEVNULL)  # combines the files once
        combined = next((folder / "store/combined").glob("series-*.parquet"))
        least = (
            'import duckdb; duckdb.execute("select ori, year, month, sum(count) from '
            f"read_parquet('{combined}') where offense = 'violent_crime' group by all\").fetchall()"
        )
        show("violent crime by agency and month", seconds(counts, runs),
             seconds([sys.executable, "-c", least], runs), 0.15)  # fmt: skip


if __name__ == "__main__":
    main()
