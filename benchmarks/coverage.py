"""How often the rows of `baserate evaluate` are right, on panels whose truth is known.

Panels of city-years scatter as the Marshall Project's 64 cities did from 1975 to 2014: sizes,
paths of their own that carry over, a path that all share, noise beyond counting. Their scatter is
estimated from that table where it is at hand (`--shared`), else what it gave is used. Each design
is run as users get it, a panel and a study in and a row out, on panels with no effect, with a
planted fall of a fifth, and with a planted effect as large as the row says it would find.

    python -m benchmarks.coverage --panels 400 [--only "synthetic control"] [--situations 1 2]

One line a design:

    p<=.05   share of panels without an effect that it calls one; at most 5 in 100 is right
    KS       largest distance of its p from a uniform p, and the p of that
    holds 0, holds -20   share of intervals that hold the truth, with a 95% binomial interval
    bias     of the planted -20%, in points of what would have been, plus and minus its error
    mde      median smallest effect it says it would find, and how often one of that size was
"""

from __future__ import annotations

import argparse
import csv
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from scipy.stats import binomtest, kstest
from tests.made.drawn_areas import FIRST, blocks, pair
from tests.made.drawn_panels import HOMICIDE, VIOLENT_CRIME, Drawing, Scatter, draw, estimated

from baserate.errors import BadPanel
from baserate.evaluate.designs.asking import treatment
from baserate.evaluate.designs.estimate import LEVEL, Estimate, Unfit
from baserate.evaluate.designs.table import DESIGNS, Design
from baserate.evaluate.differences.wdd import wdd
from baserate.evaluate.small_areas.microsynth import microsynth

CITIES = "data/srs/marshall_ucr_crime_1975_2015.csv"
SPAN = (1975, 2014)
EFFECT = -0.2
FUNCTIONS_ARE = 10  # the number after those of situations
PATIENCE = 4  # panels that a design may refuse before it is given up
LARGEST_FALL = 90.0  # percent; a larger effect is planted as a rise

SITUATIONS: dict[str, Drawing] = {
    "1 of 66 cities, 24 years": Drawing(VIOLENT_CRIME, treated=1),
    "5 of 66": Drawing(VIOLENT_CRIME),
    "15 of 66": Drawing(VIOLENT_CRIME, treated=15),
    "15 of 66, from different years": Drawing(VIOLENT_CRIME, treated=15, first=13, last=19),
    "5 of 66, from different years": Drawing(VIOLENT_CRIME, first=13, last=19),
    "1 of 60, 40 years": Drawing(VIOLENT_CRIME, cities=60, years=40, first=30, treated=1),
    "5 of 66, murders": Drawing(HOMICIDE),
    "5 of 66, the largest, murders": Drawing(HOMICIDE, pick="largest"),
    "5 of 66, the highest rates": Drawing(VIOLENT_CRIME, pick="highest"),
}


@dataclass(slots=True)
class Tally:
    """What one design said of many panels."""

    p: list[float] = field(default_factory=list)
    holds_none: list[bool] = field(default_factory=list)
    holds_planted: list[bool] = field(default_factory=list)
    effects: list[float] = field(default_factory=list)
    without: list[float] = field(default_factory=list)
    mde: list[float] = field(default_factory=list)
    found: list[bool] = field(default_factory=list)
    why_not: str = ""
    seconds: float = 0.0

    def line(self) -> str:
        """The row of the printed table."""
        if not self.effects:
            return self.why_not
        parts = [*self._sizes(), *self._covered(), self._bias(), self._mde()]
        return "  ".join(parts)

    def _sizes(self) -> Iterator[str]:
        if not self.p:
            yield f"{'no p':>6}  {'':>15}"
            return
        p = np.array(self.p)
        ks = kstest(p, "uniform")
        yield f"{np.mean(p <= LEVEL):6.3f}  {ks.statistic:.3f} (p {ks.pvalue:.3f})"

    def _covered(self) -> Iterator[str]:
        for held in (self.holds_none, self.holds_planted):
            if not held:
                yield f"{'none':>18}"
                continue
            low, high = binomtest(sum(held), len(held)).proportion_ci(method="wilson")
            yield f"{np.mean(held):.3f} ({low:.3f}-{high:.3f})"

    def _bias(self) -> str:
        effects, without = np.array(self.effects), np.array(self.without)
        missed = 100 * (effects - EFFECT * without) / without.mean()
        return f"{missed.mean():+5.1f} ± {missed.std(ddof=1) / np.sqrt(len(missed)):.1f}"

    def _mde(self) -> str:
        if not self.mde:
            return "no mde"
        return f"{np.median(self.mde):4.0f}%  {np.mean(self.found):.2f} found"


def judged(design: Design, drawing: Drawing, seeds: range) -> Tally:
    """One design on panels that differ by their seed alone."""

    def run(effect: float, seed: int) -> tuple[float, Estimate]:
        rng = np.random.default_rng([seed, drawing.treated])
        panel, study = draw(replace(drawing, effect=effect), rng)
        return float(panel.comparable[treatment(panel) > 0].mean()), design(panel, study)

    return tallied(run, seeds)


# From an effect and a seed to what treated cells are on average, and the row.
Run = Callable[[float, int], tuple[float, Estimate]]


def tallied(run: Run, seeds: range) -> Tally:
    """What a row says for each seed; given up where it says nothing for the first ones."""
    made, start = Tally(), time.perf_counter()
    for seed in seeds:
        try:
            _add(made, run, seed)
        except (Unfit, BadPanel) as error:
            made.why_not = str(error)
            if seed >= seeds.start + PATIENCE and not made.effects:
                break
    made.seconds = time.perf_counter() - start
    return made


def _add(made: Tally, run: Run, seed: int) -> None:
    (without, none), (_, planted) = run(0.0, seed), run(EFFECT, seed)
    made.without.append(without)
    made.effects.append(float(planted.effect or 0.0))
    for held, row, truth in (
        (made.holds_none, none, 0.0),
        (made.holds_planted, planted, 100 * EFFECT),
    ):
        span = row.percent_interval
        if span is not None:
            held.append(span[0] <= truth <= span[1])
        elif row.p_value is not None:  # a test that rejects every effect holds none
            held.append(False)
    if none.p_value is not None:
        made.p.append(none.p_value)
    if none.mde_percent is not None and np.isfinite(none.mde_percent):
        made.mde.append(none.mde_percent)
        sign = -1 if none.mde_percent <= LARGEST_FALL else 1
        made.found.append(run(sign * none.mde_percent / 100, seed)[1].is_distinct)


def displacement(mean: float, scatter: Scatter | None) -> Run:
    """The weighted displacement difference of one treated and one control area."""

    def run(effect: float, seed: int) -> tuple[float, Estimate]:
        treated, control = pair(np.random.default_rng(seed), effect, mean, scatter)
        found = wdd(treated=treated, control=control)
        limits = found.interval.lower, found.interval.upper
        seen = found.counterfactual + found.effect
        low, high = (100 * limit / (seen - limit) for limit in limits)
        return treated[1], Estimate(
            "", "", found.effect, found.interval, found.percent, (low, high),
            p_value=found.p_value, mde_percent=100 * found.mde / found.counterfactual,
        )  # fmt: skip

    return run


def weighted_areas(effect: float, seed: int) -> tuple[float, Estimate]:
    """Many small areas, weighted to balance; p by permutation."""
    counts, treated = blocks(np.random.default_rng(seed), effect)
    found = microsynth(
        counts, treated, FIRST, seed=seed, alternative="two-sided", placebos=99, jackknife_groups=0
    ).effects[0]
    span = found.percent_interval
    return found.treated_total, Estimate(
        "", "", found.effect, found.interval, found.percent,
        None if span is None else (span.lower, span.upper), p_value=found.p_value,
        mde_percent=100 * found.mde / found.control_total,
    )  # fmt: skip


FUNCTIONS: dict[str, Run] = {
    "microsynth, 25 of 300 blocks": weighted_areas,
    "wdd, counting noise, 200 a cell": displacement(200, None),
    "wdd, noise of cities, 200 a cell": displacement(200, VIOLENT_CRIME),
    "wdd, noise of cities, 2,000 a cell": displacement(2000, VIOLENT_CRIME),
}


def marshall(path: Path, column: str) -> tuple[np.ndarray, np.ndarray]:
    """Counts and people of the cities that have every year, (cities, years)."""
    first, last = SPAN
    held: dict[str, list[tuple[float, float]]] = {}
    with path.open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            if "NA" in (row["ORI"], row[column], row["total_pop"]):
                continue
            if first <= int(row["year"]) <= last:
                pair = float(row[column]), float(row["total_pop"])
                held.setdefault(row["department_name"], []).append(pair)
    whole = np.array([rows for rows in held.values() if len(rows) == last - first + 1])
    return whole[:, :, 0], whole[:, :, 1]


def situations(shared: Path) -> dict[str, Drawing]:
    """What is drawn, with the scatter of the real table where it is at hand."""
    if not (shared / CITIES).exists():
        return SITUATIONS
    violent = estimated(*marshall(shared / CITIES, "violent_crime"))
    murders = estimated(*marshall(shared / CITIES, "homs_sum"), violent.drift_spread)
    real: dict[Scatter, Scatter] = {VIOLENT_CRIME: violent, HOMICIDE: murders}
    return {
        name: replace(drawing, scatter=real[drawing.scatter])
        for name, drawing in SITUATIONS.items()
    }


def main() -> None:
    """Run it and print a line for each design and situation."""
    options = argparse.ArgumentParser()
    options.add_argument("--shared", type=Path, default=Path("../shared"))
    options.add_argument("--panels", type=int, default=400)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--situations", type=int, nargs="*", help="1 to 10; all of them")
    options.add_argument("--only", nargs="*", help="names of designs; all of them")
    options.add_argument("--without", nargs="*", default=[], help="names of designs left out")
    given = options.parse_args()
    seeds = range(1000 * given.seed, 1000 * given.seed + given.panels)
    for number, (name, drawing) in enumerate(situations(given.shared).items(), start=1):
        if given.situations and number not in given.situations:
            continue
        print(f"\n{number}. {name}: {given.panels} panels of {drawing.cities} cities", flush=True)
        for design, _, work in DESIGNS:
            if (given.only and design not in given.only) or design in given.without:
                continue
            made = judged(work, drawing, seeds)
            print(f"{design:36}{made.line()}  [{made.seconds:.0f} s]", flush=True)
    if not given.situations or FUNCTIONS_ARE in given.situations:
        print(f"\n{FUNCTIONS_ARE}. Functions that are not rows: {given.panels} draws", flush=True)
        for name, run in FUNCTIONS.items():
            made = tallied(run, seeds)
            print(f"{name:36}{made.line()}  [{made.seconds:.0f} s]", flush=True)


if __name__ == "__main__":
    main()
