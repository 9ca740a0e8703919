"""Simplex weights in the steps that synthetic difference in differences was published with.

Arkhangelsky and others (2021, AER 111:4088) do not solve for their weights, they step toward them:
one donor at a time (Frank and Wolfe 1956, Naval Research Logistics 3:95), dropping small weights
after a hundred steps, until a step gains little. In their own example that is a ten-thousandth of
the effect from where the optimum would be, and half a percent without a ridge. Published figures
are of these steps, so they are kept as they are; `simplex.py` has the optimum.
"""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np

from baserate.errors import BadPanel
from baserate.evaluate.synthetic.compiled import compiled
from baserate.evaluate.synthetic.simplex import Flags, Floats, Indices

Solver = Literal["exact", "frank-wolfe"]

STEPS_BEFORE_DROPPING, STEPS_AFTER = 100, 10_000
DROPPED_UNDER = 1 / 4  # of the largest weight
LEAST_GAIN = 1e-5  # root of what a step must gain in mean square, in units of the noise
TINY_RIDGE = 1e-6  # root of the ridge where there should be none, in units of the noise


def checked_solver(solver: str) -> None:
    """Whether a solver of that name is there."""
    if solver not in get_args(Solver):
        raise BadPanel(f"solver={solver!r}; use 'exact', or 'frank-wolfe' as published")


def frank_wolfe_weights(columns: Floats, target: Floats, *, ridge: float, noise: float) -> Floats:
    """Step toward min ||columns @ w - target||^2 + ridge * ||w||^2, w >= 0 adding up to 1.

    `columns` (rows, n), `target` (rows,); `noise` in their unit. The steps begin at even weights.

    >>> frank_wolfe_weights(np.array([[1.0, 3.0], [2.0, 6.0]]), np.array([1.5, 3.0]),
    ...                     ridge=0.0, noise=0.1).round(6)
    array([0.75, 0.25])
    """
    columns = np.ascontiguousarray(columns)
    gain = len(target) * (LEAST_GAIN * noise) ** 2
    w = np.full(columns.shape[1], 1 / columns.shape[1])
    w = _step(columns, target, w, ridge, gain, STEPS_BEFORE_DROPPING)
    w = np.where(w <= w.max() * DROPPED_UNDER, 0.0, w)
    return _step(columns, target, w / w.sum(), ridge, gain, STEPS_AFTER)


def frank_wolfe_each(rows: Floats, targets: Indices, is_donor: Flags) -> Floats:
    """Weights of a synthetic control in these steps, for each target by its donors.

    As `simplex_weights_each`; the authors' ridge is next to none, and the noise that says when to
    stop is that of the donors.

    >>> table = np.array([[1.0, 2.0], [3.0, 6.0], [1.5, 3.0]])
    >>> frank_wolfe_each(table, np.array([2]), np.array([[True, True, False]])).round(6)
    array([[0.75, 0.25, 0.  ]])
    """
    weights = np.zeros(is_donor.shape)
    for made, target, donors in zip(weights, targets, is_donor, strict=True):
        sigma, columns = noise_level(rows[donors]), rows[donors].T
        ridge = len(columns) * (TINY_RIDGE * sigma) ** 2
        made[donors] = frank_wolfe_weights(columns, rows[target], ridge=ridge, noise=sigma)
    return weights


def noise_level(donors: Floats) -> float:
    """Sigma: the standard deviation of changes from one period to the next, over all donors."""
    return float(np.std(np.diff(donors, axis=1), ddof=1))


@compiled
def _step(
    columns: Floats, target: Floats, start: Floats, ridge: float, gain: float, steps: int
) -> Floats:
    """Move toward the corner down which it is steepest, each time as far as that helps."""
    rows, n = columns.shape
    w, left, slope = start.copy(), np.zeros(rows), np.zeros(n)
    value, before = np.inf, np.inf
    for step in range(steps):
        if step >= 2 and not before - value > gain:
            break
        corner = _look(columns, target, w, ridge, left, slope)
        down, apart, width, squares = slope[corner], 0.0, 0.0, 0.0
        for j in range(n):
            down -= slope[j] * w[j]
            apart += ((1.0 if j == corner else 0.0) - w[j]) ** 2
        for r in range(rows):
            width += (columns[r, corner] - target[r] - left[r]) ** 2
        if apart == 0.0:
            break
        share = min(1.0, max(0.0, -down / (width + ridge * apart)))
        before, value = value, 0.0
        for j in range(n):
            w[j] += share * ((1.0 if j == corner else 0.0) - w[j])
            squares += w[j] ** 2
        for r in range(rows):
            value += (left[r] + share * (columns[r, corner] - target[r] - left[r])) ** 2
        value += ridge * squares
    return w


@compiled
def _look(
    columns: Floats, target: Floats, w: Floats, ridge: float, left: Floats, slope: Floats
) -> int:
    """Fill in what the weights leave and the slope toward each corner; the steepest of them."""
    rows, n = columns.shape
    for j in range(n):
        slope[j] = ridge * w[j]
    for r in range(rows):
        left[r] = -target[r]
        for j in range(n):
            left[r] += columns[r, j] * w[j]
        for j in range(n):
            slope[j] += left[r] * columns[r, j]
    corner = 0
    for j in range(n):
        if slope[j] < slope[corner]:
            corner = j
    return corner
