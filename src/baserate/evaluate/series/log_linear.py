"""Regression of counts over time on a log or logit scale, by iterated least squares.

McCullagh and Nelder 1989, Generalized Linear Models, chapters 2, 4, 6 and 9. Pure arithmetic.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import expit

from baserate.errors import BadPanel

Floats = NDArray[np.float64]
Family = Literal["quasi-poisson", "negative-binomial", "quasi-binomial"]

STEPS = 100
EXACT = 1e-10  # largest move of a coefficient at which the iteration stops
LARGEST_ALPHA = 1e3  # a variance a thousand times the square of the mean is no count model


@dataclass(frozen=True, slots=True)
class CountFit:
    """Coefficients of a log-linear (or logit) model of counts, and what its errors are made of.

    coefficients  (k,)
    mean          (n,): fitted counts
    slope         (n,): how fast the mean moves with the linear predictor; it is also the variance
                  that counting noise alone gives
    shrink        (n,): what a residual is multiplied by in the estimating equation
    residual      (n,): count less mean
    bread         (k, k): inverse of the weighted cross-product of the design
    dispersion    variance over what the model says, from Pearson's statistic
    alpha         of the negative binomial's variance mean + alpha * mean squared; 0 otherwise
    """

    coefficients: Floats
    mean: Floats
    slope: Floats
    shrink: Floats
    residual: Floats
    bread: Floats
    dispersion: float
    alpha: float


def fit_counts(
    design: Floats,
    counts: Floats,
    offset: Floats,
    *,
    family: Family,
    totals: Floats | None = None,
) -> CountFit:
    """Fit counts, shape (n,), to a design, shape (n, k), with an offset on the linear scale.

    quasi-poisson      log mean = offset + design @ b, variance = dispersion * mean
    negative-binomial  the same mean, variance = mean + alpha * mean squared, alpha by moments:
                       Pearson's statistic equals its degrees of freedom (Breslow 1984, Applied
                       Statistics 33:38)
    quasi-binomial     counts out of `totals`, logit share = offset + design @ b

    Refuses a design with redundant columns, and counts that the iteration does not settle on.

    >>> made = fit_counts(np.ones((4, 1)), np.array([3.0, 5, 4, 8]), np.zeros(4),
    ...                   family="quasi-poisson")
    >>> round(float(np.exp(made.coefficients[0])), 6)
    5.0
    """
    if np.linalg.matrix_rank(design) < design.shape[1]:
        raise BadPanel(
            f"the {design.shape[1]} terms of the model are not independent over "
            f"{design.shape[0]} periods; leave out harmonics or the change of slope"
        )
    first = _iterate(design, counts, offset, totals, 0.0)
    if family != "negative-binomial" or first.dispersion <= 1:
        return first
    return _negative_binomial(design, counts, offset, first)


def _negative_binomial(
    design: Floats, counts: Floats, offset: Floats, started: CountFit
) -> CountFit:
    """Mean given alpha and alpha given mean, in turns."""
    made, alpha = started, 0.0
    for _ in range(STEPS):
        following = _alpha_by_moments(counts, made.mean, design.shape[1])
        made = _iterate(design, counts, offset, None, following)
        if abs(following - alpha) <= 1e-9 * (1 + alpha):
            return replace(made, alpha=following)
        alpha = following
    raise BadPanel("the negative binomial did not settle; ask for the quasi-Poisson model")


def _alpha_by_moments(counts: Floats, mean: Floats, terms: int) -> float:
    """The alpha at which Pearson's statistic is its degrees of freedom; 0 if none is above it."""
    degrees = counts.size - terms

    def beyond(alpha: float) -> float:
        return float(((counts - mean) ** 2 / (mean + alpha * mean**2)).sum()) - degrees

    if beyond(0.0) <= 0:
        return 0.0
    if beyond(LARGEST_ALPHA) >= 0:
        raise BadPanel("the counts scatter too widely for a negative binomial; look for outliers")
    return float(brentq(beyond, 0.0, LARGEST_ALPHA, xtol=1e-12))


def _iterate(
    design: Floats, counts: Floats, offset: Floats, totals: Floats | None, alpha: float
) -> CountFit:
    linear = _start(counts, totals)
    coefficients = np.full(design.shape[1], np.inf)
    for _ in range(STEPS):
        mean, slope = _mean(linear, totals)
        shrink = 1 / (1 + alpha * mean)
        weight = slope * shrink
        target = linear - offset + (counts - mean) / slope
        bread = np.linalg.inv((design.T * weight) @ design)
        following = bread @ (design.T @ (weight * target))
        moved = float(np.abs(following - coefficients).max())
        coefficients, linear = following, offset + design @ following
        if not np.isfinite(linear).all() or np.abs(linear - offset).max() > 50:
            break  # a mean of e^50 or none: the counts have no finite estimate
        if moved <= EXACT:
            return _finish(design, counts, linear, totals, alpha, coefficients)
    raise BadPanel(
        "the model does not settle on these counts, as when some stretch of them is all zero; "
        "use longer periods or fewer terms"
    )


def _start(counts: Floats, totals: Floats | None) -> Floats:
    if totals is None:
        return np.asarray(np.log(counts + 0.5))
    return np.asarray(np.log((counts + 0.5) / (totals - counts + 0.5)))


def _mean(linear: Floats, totals: Floats | None) -> tuple[Floats, Floats]:
    """The mean of each count, and its slope in the linear predictor."""
    if totals is None:
        mean = np.exp(linear)
        return mean, mean
    share = expit(linear)
    return totals * share, np.maximum(totals * share * (1 - share), 1e-12)


def _finish(
    design: Floats,
    counts: Floats,
    linear: Floats,
    totals: Floats | None,
    alpha: float,
    coefficients: Floats,
) -> CountFit:
    mean, slope = _mean(linear, totals)
    shrink = 1 / (1 + alpha * mean)
    residual = counts - mean
    pearson = float((residual**2 * shrink / slope).sum())
    return CountFit(
        coefficients=coefficients,
        mean=mean,
        slope=slope,
        shrink=shrink,
        residual=residual,
        bread=np.asarray(np.linalg.inv((design.T * (slope * shrink)) @ design), dtype=np.float64),
        dispersion=pearson / max(counts.size - design.shape[1], 1),
        alpha=alpha,
    )
