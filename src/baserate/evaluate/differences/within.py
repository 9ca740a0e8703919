"""Regression with a fixed effect for each unit and each period, by taking both out first.

The within transformation leaves of every variable what its unit and its period do not say
(Frisch and Waugh 1933, Econometrica 1:387). With groups of units, each group has period effects
of its own. Weights differ by cell and a weight of zero leaves a cell out, so panels may be
unbalanced. The transformation is exact, not iterated: period effects solve a system as small as
the number of periods.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from baserate.errors import BadPanel
from baserate.evaluate.differences.bias_reduced import BiasReduced, bias_reduced
from baserate.evaluate.inference.shapes import Floats, Ints

# A regressor that keeps less than this share of its own sum of squares says nothing beyond the
# effects: what remains of it is rounding.
NOTHING_LEFT = 1e-12


class Within:
    """Takes unit effects, and period effects within each group, out of variables.

    `weights` has shape (units, periods), `groups` one label a unit. `period_effects` is how many
    parameters the periods take beyond those of the units.

    >>> outcome = np.array([[1.0, 2.0, 4.0], [3.0, 4.0, 6.0]])      # a level each, shared changes
    >>> bool(np.allclose(Within(np.ones((2, 3)), np.zeros(2, int)).residual(outcome), 0))
    True
    """

    def __init__(self, weights: Floats, groups: Ints) -> None:
        self._blocks = [_Block(np.flatnonzero(groups == g), weights) for g in np.unique(groups)]
        self.period_effects = sum(block.rank for block in self._blocks)

    def residual(self, values: Floats) -> Floats:
        """What is left of variables of shape (..., units, periods)."""
        left = np.empty_like(values)
        for block in self._blocks:
            own = values[..., block.rows, :]
            weighted = block.weights * own
            effects = block.effects(weighted.sum(axis=-1), weighted.sum(axis=-2))
            left[..., block.rows, :] = own - effects
        return left

    def effects_of_sums(self, values: Floats) -> Floats:
        """Unit plus period effects whose weighted sums are the sums of `values`, in every cell.

        Of shape (units, periods). It is the transpose of fitting, which errors of predictions need.
        """
        made = np.empty_like(values)
        for block in self._blocks:
            own = values[block.rows]
            made[block.rows] = block.effects(own.sum(axis=-1), own.sum(axis=-2))
        return made


class _Block:
    """The units of one group: their weights, and the inverse of the system for its periods."""

    def __init__(self, rows: Ints, weights: Floats) -> None:
        self.rows, self.weights = rows, weights[rows]
        total = self.weights.sum(axis=1)
        self.per_unit = np.divide(1.0, total, out=np.zeros_like(total), where=total > 0)
        system = np.diag(self.weights.sum(axis=0))
        system -= self.weights.T @ (self.weights * self.per_unit[:, None])
        values, vectors = np.linalg.eigh(system)
        keep = values > 1e-10 * max(values.max(), 0.0)
        self.rank = int(keep.sum())
        self.inverse = (vectors[:, keep] / values[keep]) @ vectors[:, keep].T

    def effects(self, unit_sums: Floats, period_sums: Floats) -> Floats:
        """Unit plus period effects with these weighted sums, (..., units, periods)."""
        unit_means = unit_sums * self.per_unit
        periods = (period_sums - unit_means @ self.weights) @ self.inverse
        units = unit_means - (periods @ self.weights.T) * self.per_unit
        return np.asarray(units[..., :, None] + periods[..., None, :])


@dataclass(frozen=True, slots=True)
class Regression:
    """Coefficients on several regressors with a covariance that is robust within clusters.

    coefficients  (regressors,), in the outcome's unit for one unit of the regressor
    covariance    (regressors, regressors): CR1, times `small_sample`
    small_sample  G/(G-1) * (N-1)/(N-K), where unit effects, nested in clusters, are not in K
    bias_reduced  CR2, with its degrees of freedom
    regressors    what is left of the regressors, (regressors, units, periods)
    residuals     what is left of the outcome, (units, periods)
    """

    coefficients: Floats
    covariance: Floats
    small_sample: float
    bias_reduced: BiasReduced
    observations: int
    clusters: int
    regressors: Floats
    residuals: Floats

    @property
    def standard_errors(self) -> Floats:
        """One for each coefficient."""
        return np.asarray(np.sqrt(np.diag(self.covariance)))


def regress(
    outcome: Floats, regressors: Floats, weights: Floats, groups: Ints, clusters: Ints
) -> Regression:
    """Weighted least squares with unit effects and group-by-period effects.

    `outcome` and `weights` have shape (units, periods), `regressors` (regressors, units, periods),
    `groups` and `clusters` (units,). The covariance is CR1 (Liang and Zeger 1986, Biometrika
    73:13): scores are summed within clusters. Refuses regressors that the effects, or the other
    regressors, already explain.
    """
    within = Within(weights, groups)
    x = within.residual(regressors)
    check_left(x, regressors, weights)
    y = within.residual(outcome)
    bread = np.linalg.inv(np.einsum("aij,ij,bij->ab", x, weights, x))
    coefficients = bread @ np.einsum("aij,ij,ij->a", x, weights, y)
    residuals = y - np.tensordot(coefficients, x, axes=1)
    used = weights > 0
    clusters_used = np.unique(clusters[used.any(axis=1)]).size
    parameters = len(x) + within.period_effects + 1  # and the constant
    factor = small_sample_factor(clusters_used, int(used.sum()), parameters)
    scores = summed_by_cluster((x * weights * residuals).sum(axis=2), clusters)
    return Regression(
        coefficients=coefficients,
        covariance=factor * bread @ (scores @ scores.T) @ bread,
        small_sample=factor,
        bias_reduced=bias_reduced(x, weights, weights * residuals, groups, clusters),
        observations=int(used.sum()),
        clusters=clusters_used,
        regressors=x,
        residuals=residuals,
    )


def check_left(x: Floats, regressors: Floats, weights: Floats) -> None:
    """Refuse regressors of which the effects, or one another, leave nothing."""
    left, all_of_it = ((weights * z**2).sum(axis=(1, 2)) for z in (x, regressors))
    gone = np.flatnonzero(left <= NOTHING_LEFT * all_of_it)
    if gone.size:
        raise BadPanel(
            f"regressor {gone[0]} (0 is the treatment) is explained by units and periods alone: "
            "it must differ between units in how it changes over time"
        )
    scaled = x.reshape(len(x), -1) * np.sqrt(weights).ravel() / np.sqrt(left)[:, None]
    if np.linalg.matrix_rank(scaled @ scaled.T, tol=1e-10, hermitian=True) < len(x):
        raise BadPanel(
            f"the {len(x)} regressors are not independent once unit and period effects are out; "
            "leave one out"
        )


def small_sample_factor(clusters: int, observations: int, parameters: int) -> float:
    """G/(G-1) * (N-1)/(N-K), which CR1 is multiplied by.

    >>> round(small_sample_factor(50, 550, 12), 4)
    1.0413
    """
    if clusters < 2:
        raise BadPanel("all units are one cluster; a clustered error needs at least two")
    if observations <= parameters:
        raise BadPanel(
            f"{observations} cells for {parameters} parameters; more units or periods are needed"
        )
    return clusters / (clusters - 1) * (observations - 1) / (observations - parameters)


def summed_by_cluster(unit_scores: Floats, clusters: Ints) -> Floats:
    """Sums over the units of each cluster: (..., units) becomes (..., clusters)."""
    belongs = np.zeros((clusters.size, int(clusters.max()) + 1))
    belongs[np.arange(clusters.size), clusters] = 1.0
    return np.asarray(unit_scores @ belongs)
