"""What an estimate is made of, cluster by cluster, for tests that reassign or reweigh clusters.

The coefficient of one regressor, and its clustered t, at any assumed effect, follow from three sums
by cluster. So thousands of assignments, and the intervals that come of turning tests round, cost
little more than one.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import inf

import numpy as np

from baserate.evaluate.differences.within import NOTHING_LEFT, Within, summed_by_cluster
from baserate.evaluate.inference.shapes import Floats, Ints

CELLS_AT_ONCE = 2**21  # of panels held in memory together, 16 MB


class Partial:
    """Takes unit and period effects, and covariates, out of variables."""

    def __init__(self, within: Within, weights: Floats, covariates: Floats) -> None:
        self._within, self._weights = within, weights
        self._outside = within.residual(covariates)
        self._gram = np.einsum("aij,ij,bij->ab", self._outside, weights, self._outside)

    def left(self, values: Floats) -> Floats:
        """What is left of variables of shape (..., units, periods)."""
        left = self._within.residual(values)
        if not len(self._outside):
            return left
        toward = np.einsum("aij,ij,...ij->...a", self._outside, self._weights, left)
        on = np.linalg.solve(self._gram, toward[..., None])[..., 0]
        return np.asarray(left - np.tensordot(on, self._outside, axes=1))


class Sums:
    """Of assignments: sums by cluster from which estimates follow at any assumed effect.

    Made of what effects and covariates leave of the outcome and the real treatment, (units,
    periods), and of the assigned ones, (assignments, units, periods). Assignments that leave no
    variation have an estimate of zero.
    """

    def __init__(
        self, outcome: Floats, real: Floats, assigned: Floats, weights: Floats, clusters: Ints
    ) -> None:
        weighted = weights * assigned
        by_unit = [np.einsum("bij,ij->bi", weighted, v) for v in (outcome, real)]
        by_unit.append(np.einsum("bij,bij->bi", weighted, assigned))
        self.outcome, self.real, self.own = (summed_by_cluster(v, clusters) for v in by_unit)

    @classmethod
    def joined(cls, parts: Sequence[Sums]) -> Sums:
        """Several as one."""
        made = cls.__new__(cls)
        made.outcome, made.real, made.own = (
            np.concatenate([getattr(p, name) for p in parts]) for name in ("outcome", "real", "own")
        )
        return made

    def effects(self, assumed: float = 0.0) -> Floats:
        """The estimates, of the outcome less an assumed effect of the real treatment."""
        total, size = (self.outcome - assumed * self.real).sum(axis=1), self.own.sum(axis=1)
        usable = size > NOTHING_LEFT * size.max()
        return np.asarray(np.divide(total, size, out=np.zeros_like(total), where=usable))

    def ts(self, assumed: float = 0.0) -> Floats:
        """The estimates in clustered errors, without a small-sample factor."""
        effects = self.effects(assumed)
        scores = self.outcome - assumed * self.real - effects[:, None] * self.own
        spread = np.sqrt((scores**2).sum(axis=1))
        return np.asarray(effects * self.own.sum(axis=1) / np.where(spread > 0, spread, inf))


def sums_of_orders(
    partial_out: Partial,
    outcome: Floats,
    treatment: Floats,
    orders: Sequence[Ints],
    weights: Floats,
    clusters: Ints,
) -> tuple[Sums, Sums]:
    """Of the real assignment, and of all that move its rows.

    Effects and covariates are already out of the outcome.
    """
    real = partial_out.left(treatment)
    at_once = max(1, CELLS_AT_ONCE // treatment.size)
    parts = []
    for start in range(0, len(orders), at_once):
        assigned = partial_out.left(treatment[np.array(orders[start : start + at_once])])
        parts.append(Sums(outcome, real, assigned, weights, clusters))
    return Sums(outcome, real, real[None], weights, clusters), Sums.joined(parts)
