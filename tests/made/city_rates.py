"""Invented city-years: rates per 100,000 that rise and fall together, with noise that lasts."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def city_rates(
    rng: np.random.Generator, *, cities: int, periods: int, first: int, effect: float = 0.0
) -> Floats:
    """Rates (cities, periods); `effect` is added to the first city from period `first` on."""
    population = np.exp(rng.normal(13, 0.7, (cities, 1)))
    level = np.exp(rng.normal(-4.8, 0.45, (cities, 1)))
    waves = np.cumsum(rng.normal(0, 0.04, (2, periods)), axis=1)
    shares = np.abs(rng.normal([1.0, 0.4], [0.2, 0.3], (cities, 2)))
    own = rng.normal(0, 0.06, (cities, periods))
    for t in range(1, periods):
        own[:, t] = 0.6 * own[:, t - 1] + 0.8 * own[:, t]
    expected = population * level * np.exp(shares @ waves + own)
    counts = rng.poisson(rng.gamma(200, expected / 200))
    rates: Floats = counts / population * 1e5
    rates[0, first:] += effect
    return rates


def first_of(units: int) -> NDArray[np.bool_]:
    """The first unit is treated."""
    return np.asarray(np.arange(units) == 0)
