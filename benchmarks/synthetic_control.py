"""How long synthetic control takes, beside the libraries that one would take instead.

On past outcomes, with every city in the treated one's place: violent crimes per 100,000 of 68 big
cities in 2003 to 2014, the years in which all of them are held, and of the 66 that are held since
1990, from the rows of the file's table to p; the rival is mlsynth 1.0 (VanillaSC), which leaves out
placebos that fit perfectly.  With predictors, one fit of Proposition 99: the rival is
pysyncon 1.7, by default and from its regression start. It takes minutes; `--skip-predictors`
leaves it out. The rivals go into an environment of their own:

    python -m venv rival && rival/bin/pip install mlsynth==1.0.0 pysyncon==1.7.0
    python benchmarks/synthetic_control.py --shared ../shared --rival-python rival/bin/python
"""

from __future__ import annotations

import argparse
import csv
import os
import statistics
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from baserate.evaluate.synthetic.predictors import matched_weights
from baserate.evaluate.synthetic.synthetic_control import synthetic_control

Floats = NDArray[np.float64]

CITIES = "srs/marshall_ucr_crime_1975_2015.csv"
STATES = "program/mlsynth/P99data.csv"
SPANS = ((2003, 2011, 2014), (1990, 2010, 2014))  # first year, first treated year, last year
TREATED = "St. Louis, Mo."

MLSYNTH = """
import sys, time, pandas as pd
from mlsynth.estimators.vanillasc import VanillaSC

frame, (start, first, last, runs) = pd.read_csv(sys.argv[1]), map(int, sys.argv[2:])
frame = frame[frame.ORI.notna() & frame.year.between(start, last) & frame.violent_per_100k.notna()]
years = frame.groupby("department_name").year.transform("count")
frame = frame[years == last - start + 1]
treated = (frame.department_name == "St. Louis, Mo.") & (frame.year >= first)
frame = frame.assign(treated=treated * 1)
asked = dict(df=frame, outcome="violent_per_100k", treat="treated", unitid="department_name",
             time="year", inference="placebo", display_graphs=False)
for _ in range(runs):
    start = time.perf_counter()
    made = VanillaSC(asked).fit()
    print(time.perf_counter() - start, made.inference.p_value, made.effects.att)
"""

PYSYNCON = """
import sys, time, pandas as pd
from pysyncon import Dataprep, Synth

frame = pd.read_csv(sys.argv[1])
asked = Dataprep(
    foo=frame, predictors=["lnincome", "retprice", "age15to24"], predictors_op="mean",
    time_predictors_prior=range(1980, 1989),
    special_predictors=[("beer", range(1984, 1989), "mean"), ("cigsale", [1975], "mean"),
                        ("cigsale", [1980], "mean"), ("cigsale", [1988], "mean")],
    dependent="cigsale", unit_variable="state", time_variable="year",
    treatment_identifier="California",
    controls_identifier=[s for s in frame.state.unique() if s != "California"],
    time_optimize_ssr=range(1970, 1989))
start = time.perf_counter()
made = Synth()
made.fit(asked, optim_initial=sys.argv[2])
print(time.perf_counter() - start, made.loss_V)
"""


def cities(path: Path) -> tuple[NDArray[np.str_], NDArray[np.int64], Floats]:
    """The table's columns: city, year and rate of every row that has a rate."""
    with path.open(encoding="utf-8") as lines:
        rows = [r for r in csv.DictReader(lines) if "NA" not in (r["ORI"], r["violent_per_100k"])]
    names = np.array([r["department_name"] for r in rows])
    years = np.array([int(r["year"]) for r in rows])
    return names, years, np.array([float(r["violent_per_100k"]) for r in rows])


def balanced(
    names: NDArray[np.str_], years: NDArray[np.int64], rates: Floats, start: int, last: int
) -> tuple[NDArray[np.str_], Floats]:
    """Rows as cities by years, of the cities that have every year."""
    inside = (years >= start) & (years <= last)
    units, row = np.unique(names[inside], return_inverse=True)
    table = np.full((len(units), last - start + 1), np.nan)
    table[row, years[inside] - start] = rates[inside]
    whole = np.isfinite(table).all(axis=1)
    return units[whole], table[whole]


def smoking(path: Path) -> tuple[Floats, Floats]:
    """California and 38 states: packs (states, years) and seven predictors."""
    with path.open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    cell = {(r["state"], int(float(r["year"]))): r for r in rows}
    states = ["California", *sorted({r["state"] for r in rows} - {"California"})]

    def mean(column: str, years: range) -> list[float]:
        return [statistics.mean(float(cell[s, y][column]) for y in years) for s in states]

    means = [mean(c, range(1980, 1989)) for c in ("lnincome", "retprice", "age15to24")]
    means.append(mean("beer", range(1984, 1989)))
    means += [mean("cigsale", range(y, y + 1)) for y in (1975, 1980, 1988)]
    packs = [[float(cell[s, y]["cigsale"]) for y in range(1970, 2001)] for s in states]
    return np.array(packs), np.array(means).T


def seconds(work: Callable[[], object], runs: int) -> list[float]:
    """How long a piece of work takes, each time, after one that is not counted."""
    work()
    made = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        made.append(time.perf_counter() - start)
    return made


def told(python: Path, program: str, *arguments: str) -> list[list[float]]:
    """The numbers that a rival prints, by line; on one thread, which is faster for it here."""
    command, one = [str(python), "-c", program, *arguments], {"OPENBLAS_NUM_THREADS": "1"}
    run = subprocess.run(
        command, capture_output=True, text=True, check=True, env={**os.environ, **one}
    )
    lines = run.stdout
    return [[float(word) for word in line.split()] for line in lines.splitlines()]


def on_past_outcomes(
    shared: Path, rival: Path | None, runs: int, span: tuple[int, int, int]
) -> None:
    """Every placebo, from rows to p."""
    columns, (start, first, last) = cities(shared / CITIES), span

    def ours() -> tuple[float, float, int]:
        names, rates = balanced(*columns, start, last)
        made = synthetic_control(rates, names == TREATED, first - start, treated_is_donor=False)
        return made.p_value, made.effect, len(made.placebos.donors)

    took, (p, effect, placebos) = seconds(ours, runs), ours()
    head = f"{start} to {last}, {placebos} placebos"
    print(f"{head}     {_shown(took)}   p {p:.4f}, effect {effect:.4f}")
    if rival is not None:
        lines = told(rival, MLSYNTH, str(shared / CITIES), *map(str, (*span, runs + 1)))[1:]
        theirs = [line[0] for line in lines]
        ratio = statistics.median(theirs) / statistics.median(took)
        _, p, effect = lines[0]
        print(f"  mlsynth                       {_shown(theirs)}   p {p:.4f}, effect {effect:.4f}")
        print(f"  {ratio:,.0f} times ours; promised at least 30")


def with_predictors(shared: Path, rival: Path | None, runs: int) -> None:
    """One fit of Proposition 99, its predictor weights searched for."""
    packs, predictors = smoking(shared / STATES)
    before, scaled = packs[:, :19], predictors / predictors.std(axis=0, ddof=1)
    donors = np.arange(len(packs)) > 0

    def ours() -> float:
        _, weights = matched_weights(before, scaled, 0, donors, seed=1)
        return float(np.mean((before[0] - weights @ before[1:]) ** 2))

    took = seconds(ours, runs)
    print(f"with 7 predictors, one fit      {_shown(took)}   MSPE {ours():.4f}")
    if rival is None:
        return
    for start in ("equal", "ols"):
        theirs, mspe = told(rival, PYSYNCON, str(shared / STATES), start)[0]
        ratio = theirs / statistics.median(took)
        print(f"  pysyncon, {start:5} start         {_shown([theirs])}   MSPE {mspe:.4f}")
        print(f"  {ratio:,.0f} times ours; promised at least 25, at an equal or better optimum")


def _shown(runs: list[float]) -> str:
    return f"{1e3 * statistics.median(runs):9.2f} ms (best {1e3 * min(runs):.2f})"


def main() -> None:
    """Run it and print promises beside what was measured."""
    options = argparse.ArgumentParser()
    options.add_argument("--shared", type=Path, default=Path("../shared"))
    options.add_argument("--rival-python", type=Path)
    options.add_argument("--runs", type=int, default=5)
    options.add_argument("--skip-predictors", action="store_true")
    given = options.parse_args()
    for span in SPANS:
        on_past_outcomes(given.shared / "data", given.rival_python, given.runs, span)
    if not given.skip_predictors:
        with_predictors(given.shared / "data", given.rival_python, given.runs)
    if given.rival_python is None:
        print("no rivals: name an environment that has them with --rival-python")


if __name__ == "__main__":
    main()
