"""Weights that make many small areas add up to given totals: calibration, as survey samplers do.

Deville and Särndal 1992, "Calibration estimators in survey sampling", Journal of the American
Statistical Association 87:376, with quadratic distance and weights that may not fall below zero.
Pure arithmetic.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from baserate.errors import BadPanel

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

EXACT = 1e-9  # a total is met where what is missing is this part of it
STEPS = 30  # thirteen or fewer suffice where there is a solution
RIDGE = 1e-11  # of the mean diagonal, so that columns that say the same do no harm
SHORTER = 0.5 ** np.arange(30)
# On missing totals, of the mean diagonal: from easy to solve to nearly none.
PENALTIES = (1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8)
# Rows are multiplied in blocks so small that the linear algebra library stays on one thread. On a
# busy machine its threads wait for one another: 16 ms instead of 0.2 for 10,000 rows.
BLOCK = 128


@dataclass(frozen=True, slots=True)
class Calibration:
    """Weights and how well they meet the totals.

    weights  (units,), zero or more, zero outside the pool
    totals   (columns,): what the weighted units come to
    misfit   (columns,): what is missing or too much, as a part of the total wanted (of what the
             column usually comes to, if that is more)
    is_exact every total is met
    """

    weights: Floats
    totals: Floats
    misfit: Floats
    is_exact: bool

    @property
    def used(self) -> int:
        """How many units have any weight."""
        return int((self.weights > EXACT * self.weights.max()).sum())

    @property
    def effective(self) -> float:
        """How many equally weighted units would carry as much (Kish 1965, Survey Sampling)."""
        return float(self.weights.sum() ** 2 / (self.weights**2).sum())


class Calibrator:
    """Columns to be balanced, shape (units, columns), made ready for many calibrations.

    The weights of a pool of units are those closest to equal, in squares, that are not negative
    and add up to the totals. Where no such weights exist, the closest totals within reach.

    >>> columns = np.array([[1.0, 0], [1, 1], [1, 2], [1, 5]])
    >>> made = Calibrator(columns).weights(np.array([2.0, 5.0]), np.array([1, 1, 1, 1], dtype=bool))
    >>> made.weights.round(3).tolist(), made.totals.round(6).tolist()
    ([0.357, 0.429, 0.5, 0.714], [2.0, 5.0])
    """

    def __init__(self, columns: Floats) -> None:
        if columns.ndim != 2 or not np.isfinite(columns).all():
            raise BadPanel("columns to be balanced must be a table of numbers without gaps")
        size = np.sqrt((columns**2).mean(axis=0))
        self._size = np.where(size > 0, size, 1.0)
        self._units, self._terms = columns.shape
        blocks = -(-self._units // BLOCK)
        rows = np.zeros((blocks * BLOCK, self._terms))
        rows[: self._units] = columns / self._size
        self._rows = rows
        self._blocks = rows.reshape(blocks, BLOCK, self._terms)
        self._all = rows.T @ rows

    def weights(self, totals: Floats, pool: Flags) -> Calibration:
        """The weights of the units in `pool`, shape (units,), that give totals, shape (columns,).

        Where they cannot be met, ever smaller penalties on missing them lead to the closest.
        """
        wanted = totals / self._size
        scale = max(float(np.abs(wanted).max()), 1e-300) / max(int(pool.sum()), 1)
        positive, _, settled = self._solve(wanted / scale, pool, 0.0)
        if not settled:
            positive = self._closest(wanted / scale, pool)
        reached = self._sums(positive) * scale * self._size
        usual = self._size * float(positive.sum()) * scale  # what these weights come to in general
        missing = np.abs(reached - totals) / np.maximum(np.maximum(np.abs(totals), usual), 1e-300)
        exact = bool(missing.max() <= 10 * EXACT)
        return Calibration(positive[: self._units] * scale, reached, missing, exact)

    def _closest(self, wanted: Floats, pool: Flags) -> Floats:
        multipliers = np.zeros(self._terms)
        for part in PENALTIES:
            penalty = part * float(np.trace(self._all)) / self._terms
            positive, multipliers, _ = self._solve(wanted, pool, penalty, multipliers)
        if np.abs(self._sums(positive) - wanted).max() < 1e-3:  # not out of reach after all
            positive, _, _ = self._solve(wanted, pool, 0.0, multipliers)
        return positive

    def _solve(
        self, wanted: Floats, pool: Flags, penalty: float, start: Floats | None = None
    ) -> tuple[Floats, Floats, bool]:
        """Newton's method on the dual: weights are max(0, 1 + rows @ multipliers).

        Only rows that gain or lose their weight change the matrix, so it is carried along.
        Gives the weights, the multipliers, and whether the totals were met.
        """
        multipliers = np.zeros(self._terms) if start is None else start
        outside = np.ones(self._rows.shape[0], dtype=np.bool_)
        outside[: self._units] = ~pool
        linear = np.where(outside, 0.0, 1.0 + np.matmul(self._blocks, multipliers).ravel())
        positive, active = np.maximum(linear, 0.0), linear > 0
        curvature = self._carried(self._all, np.ones_like(active), active)
        value = _dual(positive, multipliers, wanted, penalty)
        near = EXACT * np.maximum(np.abs(wanted), 1.0)
        for _ in range(STEPS):
            gradient = self._sums(positive) - wanted + penalty * multipliers
            if (np.abs(gradient) <= near).all():
                return positive, multipliers, True
            ridge = penalty + RIDGE * float(np.trace(curvature)) / self._terms
            step = np.linalg.solve(curvature + ridge * np.eye(self._terms), gradient)
            moved = np.where(outside, 0.0, np.matmul(self._blocks, step).ravel())
            for size in SHORTER:  # a full step overshoots where many rows change sides
                tried, there = linear - size * moved, multipliers - size * step
                positive = np.maximum(tried, 0.0)
                reached = _dual(positive, there, wanted, penalty)
                if reached <= value - 1e-4 * size * float(gradient @ step) + 1e-12 * abs(value):
                    break
            else:
                return positive, multipliers, False
            linear, multipliers, value = tried, there, reached
            curvature = self._carried(curvature, active, linear > 0)
            active = linear > 0
        return positive, multipliers, False

    def _sums(self, weights: Floats) -> Floats:
        parts = np.matmul(weights.reshape(-1, 1, BLOCK), self._blocks)
        return np.asarray(parts.sum(axis=(0, 1)))

    def _carried(self, curvature: Floats, before: Flags, now: Flags) -> Floats:
        left, came, held = (np.flatnonzero(which) for which in (before & ~now, now & ~before, now))
        if left.size + came.size < held.size:
            return curvature - _square(self._rows[left]) + _square(self._rows[came])
        return _square(self._rows[held])


def _dual(positive: Floats, multipliers: Floats, wanted: Floats, penalty: float) -> float:
    missed = penalty * float(multipliers @ multipliers)
    return 0.5 * (float(positive @ positive) + missed) - float(multipliers @ wanted)


def _square(rows: Floats) -> Floats:
    return np.asarray(rows.T @ rows)
