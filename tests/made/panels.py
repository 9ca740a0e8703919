"""Panels of city-years with known truth: counts that scatter as those of large cities do."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class Panel(NamedTuple):
    """Counts of units by period, who was treated from when, and how many people live there."""

    counts: Floats
    cohort: NDArray[np.int64]
    treatment: Floats
    people: Floats


def city_years(
    rng: np.random.Generator,
    *,
    units: int = 60,
    periods: int = 14,
    treated: int = 20,
    effect: float = 0.0,
    alpha: float = 0.03,
    correlation: float = 0.0,
    starts: tuple[int, int] = (5, 11),
) -> Panel:
    """Counts around a common path, with log-normal noise of variance `alpha` beside Poisson's.

    `effect` is a log ratio from each unit's start on; `correlation` is that of the noise of one
    year and the next. Treated units come first.
    """
    people = np.exp(rng.normal(12.5, 0.7, units))[:, None] * np.ones(periods)
    rate = np.exp(rng.normal(-6.5, 0.5, units))
    path = np.exp(np.cumsum(rng.normal(0, 0.05, periods)))
    cohort = np.full(units, -1)
    cohort[:treated] = rng.integers(*starts, treated)
    on = (cohort[:, None] >= 0) & (np.arange(periods) >= cohort[:, None])
    noise = rng.normal(size=(units, periods)) * np.sqrt(alpha)
    for t in range(1, periods):
        noise[:, t] = correlation * noise[:, t - 1] + np.sqrt(1 - correlation**2) * noise[:, t]
    mean = people * np.outer(rate, path) * np.exp(effect * on + noise - alpha / 2)
    return Panel(rng.poisson(mean).astype(np.float64), cohort, on.astype(np.float64), people)
