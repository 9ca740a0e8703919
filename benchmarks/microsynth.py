"""How long the design of Seattle's drug-market intervention takes: weights, and permutations.

The data are Seattle's 9,642 blocks where the shared files are (BASERATE_SHARED, or ../shared), and
else blocks of the same number with invented counts. The yardstick is mlsynth's MicroSynth in its
panel form on the same file, read and fitted; it meets the totals of earlier outcomes in least
squares where ours meets them exactly. It goes into an environment of its own:

    python -m venv rival && rival/bin/pip install mlsynth pyarrow
    python benchmarks/microsynth.py [--rival-python rival/bin/python] [--placebos 999]
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from baserate.evaluate.files.reading import read_columns
from baserate.evaluate.small_areas.microsynth import Microsynth, microsynth

SEATTLE = "data/program/mlsynth/seattledmi.parquet"
COVARIATES = (
    *("TotalPop", "BLACK", "HISPANIC", "Males_1521", "HOUSEHOLDS"),
    *("FAMILYHOUS", "FEMALE_HOU", "RENTER_HOU", "VACANT_HOU"),
)
OUTCOMES = ("i_felony", "i_misdemea", "i_drugs", "any_crime")
RIVAL_PLACEBOS = 20
RIVAL = """
import sys, time, warnings
warnings.simplefilter("ignore")
import pandas as pd
from mlsynth import MicroSynth

path, covariates, outcomes, placebos = sys.argv[1], *map(str.split, sys.argv[2:4]), int(sys.argv[4])
frame = pd.read_parquet(path)
ever = frame.groupby("ID").Intervention.transform("max") > 0
frame["treat"] = (ever & (frame.time > 12)).astype(int)
asked = dict(df=frame, outcome=outcomes[-1], treat="treat", unitid="ID", time="time",
             covariates=covariates, outcome_lag_periods=list(range(1, 13)),
             match_outcomes=outcomes[:-1], weight_method="panel", display_graphs=False)
for more in (dict(run_inference=False), dict(run_inference=True, n_permutations=placebos)):
    start = time.perf_counter()
    MicroSynth(asked | more).fit()
    print(time.perf_counter() - start)
"""


def seattle(path: Path) -> dict[str, Any]:
    """Blocks in rows, quarters in columns, as `microsynth` takes them."""
    held = {name: np.asarray(column) for name, column in read_columns(path).values.items()}
    order = np.lexsort([held["time"], held["ID"]])
    blocks = {name: column[order].reshape(-1, 16).astype(float) for name, column in held.items()}
    return {
        "outcomes": np.stack([blocks[name] for name in OUTCOMES]),
        "treated": blocks["Intervention"].max(axis=1) > 0,
        "covariates": np.column_stack([blocks[name][:, 0] for name in COVARIATES]),
    }


def invented(blocks: int = 9_642, seed: int = 1) -> dict[str, Any]:
    """As many blocks, a few of them busy, and 39 of the busier ones treated."""
    rng = np.random.default_rng(seed)
    busy = rng.gamma(0.7, 1.0, blocks)
    rates = np.array([0.09, 0.1, 0.03, 1.5])[:, None, None] * busy[:, None]
    chosen = rng.choice(blocks, 39, replace=False, p=busy / busy.sum())
    return {
        "outcomes": rng.poisson(rates, (4, blocks, 16)).astype(float),
        "treated": np.isin(np.arange(blocks), chosen),
        "covariates": rng.poisson(30 * (0.3 + busy[:, None]), (blocks, 9)).astype(float),
    }


def timed(work: Callable[[], Microsynth]) -> tuple[Microsynth, float]:
    """What a piece of work gives, and how long it takes."""
    start = time.perf_counter()
    made = work()
    return made, time.perf_counter() - start


def main() -> None:
    """Run it and print promises beside what was measured."""
    options = argparse.ArgumentParser()
    options.add_argument("--rival-python", type=Path)
    options.add_argument("--placebos", type=int, default=999)
    given = options.parse_args()
    path = Path(os.environ.get("BASERATE_SHARED", "../shared")).resolve() / SEATTLE
    data = seattle(path) if path.exists() else invented()
    where = "Seattle's" if path.exists() else "invented"

    def evaluated(placebos: int) -> Microsynth:
        return microsynth(
            first=12, seed=1, alternative="lower", placebos=placebos, jackknife_groups=0, **data
        )

    made, weights = timed(lambda: evaluated(0))
    worst = max(abs(row.treated - row.weighted_controls) for row in made.balance)
    blocks = data["treated"].size
    print(f"weights of {blocks:,} blocks ({where})    {weights:6.2f} s   promised under 5 s")
    print(f"  {len(made.balance)} totals, the worst off by {worst:.1e}")
    made, permuted = timed(lambda: evaluated(given.placebos))
    print(
        f"{given.placebos:,} permutations, weights anew   {permuted:6.2f} s   promised under 60 s"
    )
    print(f"  p {made.effects[-1].p_value:.3f}, {made.placebos_left_out} groups left out")
    if given.rival_python is None or not path.exists():
        print("no rival: name an environment that has it with --rival-python, and have the file")
        return
    asked = [str(path), " ".join(COVARIATES), " ".join(OUTCOMES), str(RIVAL_PLACEBOS)]
    told = subprocess.run(
        [str(given.rival_python), "-c", RIVAL, *asked],
        stdout=subprocess.PIPE, stderr=sys.stderr, text=True, check=True,
    ).stdout  # fmt: skip
    once, with_placebos = map(float, told.split())
    each = (with_placebos - once) / RIVAL_PLACEBOS
    ours = (permuted - weights) / given.placebos
    print(f"mlsynth, weights            {once:6.2f} s   {once / weights:,.0f} times ours")
    print(f"mlsynth, a permutation      {each:6.2f} s   {each / ours:,.0f} times ours")


if __name__ == "__main__":
    main()
