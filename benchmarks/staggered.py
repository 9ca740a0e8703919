"""How long Callaway and Sant'Anna's design takes, against diff-diff and csdid on the same panel.

5,000 units over 20 periods, a third never treated, the others from 14 different periods on. All
ATT(g,t), their errors and every mean of them, without a bootstrap. Ours starts from the same long
columns as the others, so making the panel counts. Then ATT(g,t) and errors are compared, with
controls that are never treated and not yet treated.

    python -m venv rival && rival/bin/pip install diff-diff==3.13.0 csdid==0.4.3
    python benchmarks/staggered.py --rival-python rival/bin/python [--units 5000] [--rounds 5]
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from baserate.evaluate.inference.shapes import Floats, Ints
from baserate.evaluate.staggered.aggregations import Kind, aggregate, simple
from baserate.evaluate.staggered.group_time import AttGt, Control, att_gt

KINDS: tuple[Kind, ...] = ("dynamic", "group", "calendar")
RIVAL = """
import json, sys, time, warnings
import numpy as np, pandas as pd
warnings.simplefilter("ignore")
which, file, rounds = sys.argv[1], sys.argv[2], int(sys.argv[3])
held = np.load(file)
frame = pd.DataFrame({k: held[k] for k in ("unit", "period", "outcome")})
frame["first"] = np.where(held["cohort"] < 0, 0, held["cohort"] + 1)
frame["period"] += 1                        # so that a first period of 0 means never
if which == "diff-diff":
    from diff_diff import CallawaySantAnna
    def work(controls="never_treated"):
        made = CallawaySantAnna(estimation_method="reg", control_group=controls)
        return made.fit(frame, "outcome", "unit", "period", "first", aggregate="all")
else:
    from csdid.att_gt import ATTgt
    def work(controls=None):
        made = ATTgt(yname="outcome", gname="first", idname="unit", tname="period",
                     xformla="outcome~1", data=frame.copy()).fit(est_method="reg", bstrap=False)
        for kind in ("dynamic", "group", "calendar", "simple"):
            made.aggte(typec=kind, bstrap=False)
import contextlib, io
with contextlib.redirect_stdout(io.StringIO()):
    work()
    seconds = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
found = {"seconds": seconds}
if which == "diff-diff":
    for controls in ("never_treated", "not_yet_treated"):
        made = work(controls)
        effects = made.group_time_effects.items()
        found[controls] = {f"{g - 1},{t - 1}": (e["effect"], e["se"]) for (g, t), e in effects
                           if e["se"] == e["se"]}
        found[controls + " simple"] = (made.overall_att, made.overall_se)
        dynamic = made.event_study_effects.items()
        found[controls + " dynamic"] = {str(k): (e["effect"], e["se"]) for k, e in dynamic}
print(json.dumps(found, default=float))
"""


def invented(units: int, periods: int, seed: int = 1) -> dict[str, Any]:
    """Long columns of a panel with a known effect, the same each time."""
    rng = np.random.default_rng(seed)
    cohort = np.where(rng.random(units) < 1 / 3, -1, rng.integers(4, periods - 2, units))
    time_of = np.arange(periods)
    is_treated = (cohort[:, None] >= 0) & (time_of >= cohort[:, None])
    outcome = rng.normal(size=(units, 1)) + 0.1 * time_of + rng.normal(size=(units, periods))
    outcome -= 0.3 * is_treated * (1 + 0.1 * (time_of - cohort[:, None]))
    return {
        "unit": np.repeat(np.arange(units), periods),
        "period": np.tile(time_of, units),
        "outcome": outcome.ravel(),
        "cohort": np.repeat(cohort, periods),
    }


def as_panel(columns: dict[str, Any]) -> tuple[Floats, Ints]:
    """Rows of units and columns of periods, out of long columns in any order."""
    order = np.lexsort((columns["period"], columns["unit"]))
    periods = np.unique(columns["period"]).size
    cohort = columns["cohort"][order].reshape(-1, periods)[:, 0]
    return columns["outcome"][order].reshape(-1, periods), cohort


def work(columns: dict[str, Any], controls: Control = "never") -> AttGt:
    """All that the rivals do."""
    made = att_gt(*as_panel(columns), controls=controls)
    _ = made.standard_error
    simple(made)
    for kind in KINDS:
        aggregate(made, kind)
    return made


def rival(python: Path, which: str, file: Path, rounds: int) -> dict[str, Any]:
    command = [str(python), "-c", RIVAL, which, str(file), str(rounds)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def compare(columns: dict[str, Any], theirs: dict[str, Any]) -> None:
    """The largest differences in ATT and SE, over all that both have."""
    names: dict[Control, str] = {"never": "never_treated", "not_yet": "not_yet_treated"}
    for controls, name in names.items():
        made = work(columns, controls)
        cells = zip(made.cohort, made.period, made.effect, made.standard_error, strict=True)
        ours = {f"{g},{t}": (e, s) for g, t, e, s in cells}
        dynamic = aggregate(made, "dynamic")
        path = zip(dynamic.label, dynamic.effect, dynamic.standard_error, strict=True)
        mean = simple(made)
        pairs = [(ours[k], v) for k, v in theirs[name].items()]
        pairs += [((e, s), theirs[f"{name} dynamic"][str(k)]) for k, e, s in path]
        pairs += [((mean.effect, mean.standard_error), theirs[f"{name} simple"])]
        apart = np.abs(np.array([p[0] for p in pairs]) - np.array([p[1] for p in pairs]))
        print(
            f"controls {controls}: {len(ours)} effects ({len(theirs[name])} theirs) and means of "
            f"them; largest difference of effects {apart[:, 0].max():.1e}, "
            f"of errors {apart[:, 1].max():.1e}; promised 1e-9"
        )


def main() -> None:
    """Run it and print promises beside what was measured."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--rival-python", type=Path)
    options.add_argument("--units", type=int, default=5_000)
    options.add_argument("--periods", type=int, default=20)
    options.add_argument("--rounds", type=int, default=5)
    given = options.parse_args()
    columns = invented(given.units, given.periods)
    work(columns)
    seconds = []
    for _ in range(given.rounds):
        start = time.perf_counter()
        work(columns)
        seconds.append(time.perf_counter() - start)
    ours = statistics.median(seconds)
    print(f"{given.units:,} units x {given.periods} periods: ours {1000 * ours:.1f} ms")
    if given.rival_python is None:
        return
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "panel.npz"
        np.savez(file, **columns)
        promises = {"diff-diff": "at most 2", "csdid": "at most 0.2"}
        for which, promised in promises.items():
            found = rival(given.rival_python, which, file, given.rounds)
            theirs = statistics.median(found["seconds"])
            print(f"{which:<10}{1000 * theirs:8.1f} ms   ours / theirs {ours / theirs:.2f}   "
                  f"promised {promised}")  # fmt: skip
            if which == "diff-diff":
                compare(columns, found)


if __name__ == "__main__":
    main()
