"""Clustered errors that hold with few, unequal or few treated clusters.

The usual clustered error (CR1) is far too small where few clusters are treated or a few carry
most of the weight. CR2 divides each cluster's residuals by what the fit has taken out of them, and
Student's t is read at as many degrees of freedom as the variance has: Bell and McCaffrey 2002,
Survey Methodology 28:169; Pustejovsky and Tipton 2018, Journal of Business and Economic Statistics
36:672, for models with fixed effects. Worked out in the space of the period effects, so that
neither the number of units nor the size of clusters matters.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from baserate.evaluate.inference.shapes import Flags, Floats, Ints

# A cluster from which the fit takes more than all but this share leaves no residual to go by: the
# coefficient rests on it alone.
RESTS_ON_ONE = 1e-8


@dataclass(frozen=True, slots=True)
class BiasReduced:
    """CR2 errors of several coefficients, and what Student's t is to be read at.

    covariance   (coefficients, coefficients)
    degrees      (coefficients,): Satterthwaite's, as if cells were independent; 0 where a
                 coefficient rests on one cluster alone and has no error of its own
    """

    covariance: Floats
    degrees: Floats

    @property
    def errors(self) -> Floats:
        """One for each coefficient."""
        return np.asarray(np.sqrt(np.maximum(np.diag(self.covariance), 0.0)))


def bias_reduced(
    x: Floats, weights: Floats, scores: Floats, groups: Ints, clusters: Ints
) -> BiasReduced:
    """Errors of the coefficients of a fit with unit and group-by-period effects.

    `x` is what the effects leave of the regressors, (coefficients, units, periods); `weights` and
    `scores`, the weighted residuals, have shape (units, periods). Clusters hold whole units.

    >>> from baserate.evaluate.differences.within import Within
    >>> rng = np.random.default_rng(1)
    >>> weights, groups = np.ones((9, 4)), np.zeros(9, int)
    >>> treated = np.zeros((1, 9, 4)); treated[0, :3, 2:] = 1
    >>> within = Within(weights, groups)
    >>> x, y = within.residual(treated), within.residual(rng.normal(size=(9, 4)))
    >>> left = y - (x * y).sum() / (x**2).sum() * x[0]
    >>> made = bias_reduced(x, weights, left, groups, np.arange(9))
    >>> round(float(made.degrees[0]), 1)
    4.1
    """
    parts = _parts(x, weights, scores, groups, clusters)
    count = len(x)
    total = parts.gram.sum(axis=0)
    root, inverse_root = _roots(total)
    standard = root @ parts.gram @ root  # (clusters, parameters, parameters)
    taken, vectors = np.linalg.eigh(standard)
    left = np.where(taken < 1 - RESTS_ON_ONE, 1 - taken, np.inf)
    adjust = (vectors / np.sqrt(left)[:, None, :]) @ vectors.transpose(0, 2, 1)
    # Row g, column j: how the residuals of cluster g enter coefficient j.
    enters = root @ adjust @ (inverse_root @ (root @ root)[:, :count])
    influence = np.einsum("gpj,gp->gj", enters, parts.scores)
    pulled = np.einsum("gpq,gqj->gpj", parts.gram, enters)
    degrees = np.array(
        [_degrees(enters[:, :, j], pulled[:, :, j], root @ root) for j in range(count)]
    )
    alone = _rests_on_one(taken, vectors, inverse_root @ (root @ root)[:, :count])
    return BiasReduced(influence.T @ influence, np.where(alone, 0.0, degrees))


class _Parts(NamedTuple):
    """By cluster: cross products of coefficients' and periods' regressors, and their scores."""

    gram: Floats
    scores: Floats


def _parts(x: Floats, weights: Floats, scores: Floats, groups: Ints, clusters: Ints) -> _Parts:
    count, _, periods = x.shape
    kinds = np.unique(groups)
    size = count + kinds.size * periods
    number = int(clusters.max()) + 1
    gram, summed = np.zeros((number, size, size)), np.zeros((number, size))
    total = weights.sum(axis=1)
    shares = np.divide(
        weights, total[:, None], out=np.zeros_like(weights), where=total[:, None] > 0
    )
    own = np.einsum("aij,ij,bij->iab", x, weights, x)
    across = (x * weights).transpose(1, 0, 2)
    between = -weights[:, :, None] * shares[:, None, :]
    between[:, np.arange(periods), np.arange(periods)] += weights
    at_periods = scores - shares * scores.sum(axis=1)[:, None]
    np.add.at(gram[:, :count, :count], clusters, own)
    np.add.at(summed[:, :count], clusters, (x * scores).sum(axis=2).T)
    for k, kind in enumerate(kinds):
        rows = groups == kind
        here = slice(count + k * periods, count + (k + 1) * periods)
        np.add.at(gram[:, :count, here], clusters[rows], across[rows])
        np.add.at(gram[:, here, here], clusters[rows], between[rows])
        np.add.at(summed[:, here], clusters[rows], at_periods[rows])
    gram[:, count:, :count] = gram[:, :count, count:].transpose(0, 2, 1)
    return _Parts(gram, summed)


def _roots(total: Floats) -> tuple[Floats, Floats]:
    """The root of a generalized inverse, and of the matrix itself; both symmetric."""
    values, vectors = np.linalg.eigh(total)
    keep = values > 1e-10 * values.max()
    values, vectors = values[keep], vectors[:, keep]
    return (vectors / np.sqrt(values)) @ vectors.T, (vectors * np.sqrt(values)) @ vectors.T


def _degrees(enters: Floats, pulled: Floats, bread: Floats) -> float:
    """Satterthwaite's: the square of the variance's mean over half its variance."""
    own = np.einsum("gp,gp->g", enters, pulled)
    among = pulled.T @ pulled @ bread
    taken = np.einsum("gp,pq,gq->g", pulled, bread, pulled)
    mean = own.sum() - np.trace(among)
    spread = (own**2).sum() - 2 * (own * taken).sum() + np.trace(among @ among)
    return float(mean**2 / spread) if spread > 0 else 0.0


def _rests_on_one(taken: Floats, vectors: Floats, wanted: Floats) -> Flags:
    """Whether the fit takes all of some cluster's residuals in a coefficient's direction."""
    gone = (taken >= 1 - RESTS_ON_ONE)[:, :, None]
    along = np.einsum("gpq,pj->gqj", vectors, wanted) ** 2
    share = (gone * along).sum(axis=1).max(axis=0) / (wanted**2).sum(axis=0)
    return np.asarray(share > 1e-6)
