"""Untreated units taken for treated: one at a time, or as many together as are treated.

The mean, or the sum, of several units is less noisy than any one of them. A placebo that is to
stand beside it must be of as many.
"""

from __future__ import annotations

from itertools import combinations
from math import comb, floor

import numpy as np
from numpy.typing import NDArray

Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]

MOST = 199  # groups drawn, where there are more ways to choose them
FEWEST_LEFT = 2  # units to set a placebo against
TIE = 1e-9


def placebo_groups(units: int, size: int, *, most: int = MOST, seed: int) -> Flags:
    """Units taken for treated, `size` together, (groups, units): all ways, or `most` by `seed`.

    One at a time where so few units would be left that there is nothing to set a group against.

    >>> placebo_groups(4, 2, seed=1).sum(axis=0)
    array([3, 3, 3, 3])
    """
    if size == 1 or units < size + FEWEST_LEFT:
        return np.eye(units, dtype=np.bool_)
    if comb(units, size) <= most:
        chosen = list(combinations(range(units), size))
    else:
        rng = np.random.default_rng(seed)
        chosen = [tuple(rng.permutation(units)[:size].tolist()) for _ in range(most)]
    groups = np.zeros((len(chosen), units), dtype=np.bool_)
    np.put_along_axis(groups, np.array(chosen), True, axis=1)
    return groups


def rank_p(placebos: Floats, observed: float) -> float:
    """The share of placebos, the real one counted with them, at least as far from zero.

    >>> rank_p(np.array([0.5, -3.0, 1.0]), 2.0)
    0.5
    """
    as_far = np.abs(placebos) >= abs(observed) * (1 - TIE)
    return (1 + int(as_far.sum())) / (1 + len(placebos))


def critical_size(placebos: Floats, level: float = 0.95) -> float:
    """How far from zero a statistic may be before its `rank_p` is 1 - level or less.

    Infinite where there are too few placebos for any p so small.

    >>> critical_size(np.arange(19.0)), critical_size(np.arange(18.0))
    (18.0, inf)
    """
    may_exceed = floor((1 - level) * (1 + len(placebos)) + TIE) - 1
    if may_exceed < 0:
        return float("inf")
    return float(np.sort(np.abs(placebos))[::-1][may_exceed])


def usual_size(placebos: Floats, power: float = 0.80) -> float:
    """How far to the wrong side a statistic is no more often than a missed effect may be.

    An effect of this plus `critical_size` errors is found with that probability.

    >>> round(usual_size(np.random.default_rng(1).normal(size=9999)), 2)
    0.84
    """
    return float(np.quantile(np.abs(placebos), 2 * power - 1))
