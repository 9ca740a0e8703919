"""How often the threats of `evaluate` cry wolf, and how often a planted switch is found.

    python benchmarks/threats.py [panels]

Panels of 40 cities that move with a common wave and by themselves (autocorrelated at .6, 10% of
spread), with negative binomial counts; in the Marshall Project's cities the spread of robbery
rates about the common movement is 12% to 16% and its autocorrelation .6. One city is treated.
"""

from __future__ import annotations

import sys

import numpy as np

from baserate.evaluate.threats.breaks import bar, level_shifts
from baserate.evaluate.threats.design import LEVEL, slopes, trend_test
from baserate.evaluate.threats.silence import silent

CITIES, PANELS = 40, 1_000
SWITCHES = (1.10, 1.25, 1.50, 2.00)
KINDS = {  # periods, first treated, spread, autocorrelation, variance over mean, smallest, largest
    "12 years": (12, 8, 0.10, 0.6, 3.0, 60, 3_000),
    "16 years": (16, 10, 0.10, 0.6, 3.0, 60, 3_000),
    "24 years": (24, 16, 0.10, 0.6, 3.0, 60, 3_000),
    "16 noisy years": (16, 10, 0.15, 0.8, 5.0, 60, 3_000),
    "48 months": (48, 24, 0.08, 0.6, 1.5, 5, 250),
}


def main(panels: int) -> None:
    draw = np.random.default_rng(11)
    plus = "".join(f"{f'+{100 * (s - 1):.0f}%':>8}" for s in SWITCHES)
    print(f"{'':<16}{'break':>8}{'in another':>11}{plus}{'pre-trend':>11}{'silence':>9}")
    for name, kind in KINDS.items():
        rows = np.array([one_panel(draw, kind) for _ in range(panels)]).mean(axis=0)
        alarms, others, *found, trend, quiet = (f"{100 * x:.1f}%" for x in rows)
        hits = "".join(f"{f:>8}" for f in found)
        print(f"{name:<16}{alarms:>8}{others:>11}{hits}{trend:>11}{quiet:>9}")


def one_panel(draw: np.random.Generator, kind: tuple[float, ...]) -> list[float]:
    """A clean panel's alarms, and whether each switch planted in the treated unit is found."""
    periods, start, dispersion = int(kind[0]), int(kind[1]), kind[4]
    mean = means(draw, kind)
    counts = counted(draw, mean, dispersion)
    sizes = shifts(counts, start)
    alone, among = bar(sizes[:1]), bar(sizes[1:])
    largest = sizes.max(axis=1)
    before, treated = counts[:, :start], np.arange(CITIES) == 0
    each = (slopes(before), slopes(before) / before.mean(axis=1))
    trend = min(trend_test(s, treated)[2] for s in each) <= LEVEL / 2
    at = int(draw.choice([j for j in range(3, periods - 2) if abs(j - start) > 1]))
    found = []
    for by in SWITCHES:
        planted = mean.copy()
        planted[0, at:] *= by
        near = shifts(counted(draw, planted, dispersion), start)[0, at - 1 : at + 2]
        found.append(near.max() >= alone)
    return [largest[0] >= alone, (largest[1:] >= among).any(), *found, trend, silent(counts).any()]


def means(draw: np.random.Generator, kind: tuple[float, ...]) -> np.ndarray:
    periods, _, spread, memory, _, smallest, largest = kind
    usual = np.exp(draw.uniform(np.log(smallest), np.log(largest), (CITIES, 1)))
    own = draw.normal(0, spread, (CITIES, int(periods)))
    for j in range(1, int(periods)):
        own[:, j] = memory * own[:, j - 1] + np.sqrt(1 - memory**2) * own[:, j]
    return np.asarray(usual * np.exp(np.cumsum(draw.normal(0, 0.08, int(periods))) + own))


def counted(draw: np.random.Generator, mean: np.ndarray, dispersion: float) -> np.ndarray:
    return draw.negative_binomial(mean / (dispersion - 1), 1 / dispersion).astype(float)


def shifts(counts: np.ndarray, start: int) -> np.ndarray:
    logs = np.log(counts + 0.5)
    cohort = np.where(np.arange(CITIES) == 0, start, -1)
    sizes, at_once = level_shifts(logs - np.median(logs, axis=0), cohort, counts.mean(axis=1))
    return np.where(at_once, np.abs(sizes), 0.0)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else PANELS)
