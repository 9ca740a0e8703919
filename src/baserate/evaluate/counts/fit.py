"""Fitting counts with an effect for each unit and each period: Poisson and negative binomial.

Iterated weighted least squares, with unit and period effects taken out exactly in every step
(Correia, Guimaraes and Zylkin 2020, Stata Journal 20:95), so that thousands of units cost no more
than their cells. The Poisson fit needs only that the mean is right: counts may scatter as they
like (Gourieroux, Monfort and Trognon 1984, Econometrica 52:701). The negative binomial (NB2,
variance mu + alpha mu^2) weighs large counts less; alpha is set so that Pearson's statistic equals
its degrees of freedom (Breslow 1984, Applied Statistics 33:38), which the many effects do not bias.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from baserate.errors import BadPanel
from baserate.evaluate.differences.within import Within, check_left
from baserate.evaluate.inference.shapes import Flags, Floats, Ints

Family = Literal["poisson", "negative_binomial"]

STEPS = 200
SMALL_STEP = 1e-10  # of the linear predictor: a relative change of the mean
FARTHEST = 30.0  # a log ratio beyond this is on its way to infinity


@dataclass(frozen=True, slots=True)
class CountFit:
    """A model of counts with unit and period effects.

    coefficients  (regressors,), log ratios
    mean          expected counts, (units, periods), also in cells that were left out
    weights       of the last step, (units, periods); 0 in cells that were left out
    residuals     scores with respect to the linear predictor, (units, periods)
    regressors    what the effects leave of them, (regressors, units, periods)
    dispersion    Pearson's statistic over its degrees of freedom
    alpha         of the negative binomial; 0 for Poisson
    period_effects   parameters that periods take
    """

    coefficients: Floats
    mean: Floats
    weights: Floats
    residuals: Floats
    regressors: Floats
    dispersion: float
    alpha: float
    observations: int
    period_effects: int
    within: Within


def informative(outcome: Floats, seen: Flags, groups: Ints) -> Flags:
    """The cells that bear on effects: not those of units, or of group-periods, with no events.

    Their effects go to minus infinity and fit them exactly, whatever the treatment does.

    >>> outcome = np.array([[0.0, 0.0], [2.0, 1.0], [3.0, 4.0]])
    >>> informative(outcome, np.ones((3, 2), bool), np.zeros(3, int)).all(axis=1).tolist()
    [False, True, True]
    """
    kept = seen.copy()
    while True:
        before = kept.sum()
        kept[(outcome * kept).sum(axis=1) == 0] = False
        for g in np.unique(groups):
            rows = groups == g
            empty = (outcome[rows] * kept[rows]).sum(axis=0) == 0
            kept[np.ix_(rows, empty)] = False
        if kept.sum() == before:
            return kept


def fit_counts(
    outcome: Floats,
    regressors: Floats,
    offset: Floats,
    seen: Flags,
    groups: Ints,
    family: Family,
) -> CountFit:
    """Fit counts in the cells that are `seen`; arrays as in `within.regress`, offset a logarithm.

    Raises where no finite fit exists, because treatment or covariates predict zeros exactly.
    """
    start = np.where(seen, (outcome + outcome[seen].mean()) / 2, 1.0)
    predictor, alpha = np.log(start), 0.0
    fitted = _iterate(outcome, regressors, offset, seen, groups, alpha, predictor)
    if family == "negative_binomial":
        for _ in range(STEPS):
            last, alpha = alpha, _alpha(outcome, fitted, seen, len(regressors))
            if abs(alpha - last) <= 1e-9 * (alpha + 1e-6):
                break
            predictor = np.log(fitted.mean)
            fitted = _iterate(outcome, regressors, offset, seen, groups, alpha, predictor)
    return fitted


def _iterate(
    outcome: Floats,
    regressors: Floats,
    offset: Floats,
    seen: Flags,
    groups: Ints,
    alpha: float,
    predictor: Floats,
) -> CountFit:
    """Weighted least squares of the working outcome until the predictor stands still."""
    for _ in range(STEPS):
        mean = np.exp(np.clip(predictor, -FARTHEST * 2, FARTHEST))
        weights = np.where(seen, mean / (1 + alpha * mean), 0.0)
        working = np.where(seen, predictor - offset + outcome / mean - 1, 0.0)
        within = Within(weights, groups)
        x, y = within.residual(regressors), within.residual(working)
        coefficients = _solved(x, y, weights, regressors)
        following = offset + working - y + np.tensordot(coefficients, x, axes=1)
        if np.abs(coefficients).max(initial=0.0) > FARTHEST:
            break
        moved = np.abs(following - predictor)[seen].max()
        predictor = following if moved < 5 else predictor + 5 / moved * (following - predictor)
        if moved < SMALL_STEP:
            return _finished(outcome, predictor, coefficients, x, alpha, seen, within)
    raise BadPanel(
        "counts have no finite fit: treatment or a covariate predicts zeros exactly; leave out the "
        "covariate, or join units or periods until counts are larger"
    )


def _solved(x: Floats, y: Floats, weights: Floats, regressors: Floats) -> Floats:
    if not len(x):
        return np.empty(0)
    check_left(x, regressors, weights)
    gram = np.einsum("aij,ij,bij->ab", x, weights, x)
    return np.asarray(np.linalg.solve(gram, np.einsum("aij,ij,ij->a", x, weights, y)))


def _finished(
    outcome: Floats,
    predictor: Floats,
    coefficients: Floats,
    x: Floats,
    alpha: float,
    seen: Flags,
    within: Within,
) -> CountFit:
    mean = np.exp(predictor)
    shrink = np.where(seen, 1 / (1 + alpha * mean), 0.0)
    observations, units = int(seen.sum()), int(seen.any(axis=1).sum())
    degrees = observations - units - within.period_effects - len(x)
    pearson = float((((outcome - mean) ** 2 / mean) * shrink).sum())
    return CountFit(
        coefficients=coefficients,
        mean=mean,
        weights=mean * shrink,
        residuals=(outcome - mean) * shrink,
        regressors=x,
        dispersion=pearson / degrees if degrees > 0 else 1.0,
        alpha=alpha,
        observations=observations,
        period_effects=within.period_effects,
        within=within,
    )


def _alpha(outcome: Floats, fitted: CountFit, seen: Flags, regressors: int) -> float:
    """The alpha at which Pearson's statistic equals its degrees of freedom; 0 if none is above."""
    mean, off = fitted.mean[seen], (outcome - fitted.mean)[seen] ** 2
    units = int(seen.any(axis=1).sum())
    degrees = fitted.observations - units - fitted.period_effects - regressors
    if degrees <= 0 or (off / mean).sum() <= degrees:
        return 0.0
    low, high = 0.0, 1.0
    while (off / (mean + high * mean**2)).sum() > degrees:
        high *= 2
    for _ in range(60):
        middle = (low + high) / 2
        above = (off / (mean + middle * mean**2)).sum() > degrees
        low, high = (middle, high) if above else (low, middle)
    return high
