"""Areas smaller than a city, with a known truth: blocks by quarters, counts before and after."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from tests.made.drawn_panels import Scatter

Floats = NDArray[np.float64]
Counts = tuple[float, float]

BLOCKS, QUARTERS, FIRST, TREATED = 300, 14, 11, 25
PER_QUARTER = 1.5  # offenses a block; blocks differ as a gamma variable of shape 1 does
WAVE = np.array([1.0, 1.1, 1.2, 0.9])  # seasons, common to all


def blocks(rng: np.random.Generator, effect: float) -> tuple[Floats, NDArray[np.bool_]]:
    """Counts (1, blocks, quarters) with seasons, and which blocks are treated, from FIRST on."""
    own = PER_QUARTER * rng.gamma(1.0, 1.0, BLOCKS)
    treated = np.zeros(BLOCKS, dtype=np.bool_)
    treated[rng.choice(BLOCKS, TREATED, replace=False)] = True
    mean = own[:, None] * np.resize(WAVE, QUARTERS)
    mean[treated, FIRST:] *= 1 + effect
    return rng.poisson(mean)[None].astype(np.float64), treated


def pair(
    rng: np.random.Generator, effect: float, mean: float, scatter: Scatter | None
) -> tuple[Counts, Counts]:
    """Counts of a treated and a control area, each before and after.

    Counting noise alone without a `scatter`; with one, noise from year to year as it says.
    """
    rates = np.full((2, 2), float(mean))
    if scatter is not None:
        rates *= np.exp(rng.normal(0, scatter.passing, (2, 2)))
        rates[:, 1] *= np.exp(rng.normal(0, scatter.drift, 2))
    rates[0, 1] *= 1 + effect
    counts = rng.poisson(rates).astype(np.float64)
    return (counts[0, 0], counts[0, 1]), (counts[1, 0], counts[1, 1])
