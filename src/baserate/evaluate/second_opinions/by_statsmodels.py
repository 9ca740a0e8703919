"""Designs by statsmodels (BSD license): panel arrays in, effect and standard error out.

It is loaded inside the functions, because that takes a while.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.optimize import brentq

from baserate.evaluate.inference.shapes import Floats, Ints
from baserate.evaluate.second_opinions.opinion import Answer, NotAsked

LARGEST = 1_000_000  # cells of a matrix of dummies that is fitted some dozens of times
STEPS = 50
SETTLED = 1e-10


def two_way(outcome: Floats, treatment: Floats, covariates: Floats, clusters: Ints) -> Answer:
    """Least squares on treatment, covariates and periods, all less the means of their units.

    `outcome` and `treatment` (units, periods), `covariates` (covariates, units, periods),
    `clusters` (units,). The error is clustered, CR1; units are not counted as parameters.
    """
    from statsmodels.regression.linear_model import OLS

    units, periods = outcome.shape
    on = np.repeat(np.eye(periods)[1:, None, :], units, axis=1)
    given = np.concatenate([treatment[None], covariates, on])
    inside = (given - given.mean(axis=2, keepdims=True)).reshape(len(given), -1)
    found = OLS(
        (outcome - outcome.mean(axis=1, keepdims=True)).ravel(),
        np.column_stack([*inside, np.ones(units * periods)]),
    ).fit(cov_type="cluster", cov_kwds={"groups": np.repeat(clusters, periods)})
    return Answer(float(found.params[0]), float(found.bse[0]))


def counts_two_way(counts: Floats, treatment: Floats, exposure: Floats | None) -> Answer:
    """The percent by which treatment changes counts: a negative binomial with dummies.

    `counts`, `treatment` and `exposure` (units, periods). Alpha is set by the same rule as here,
    Pearson's statistic at its degrees of freedom; every fit is the library's.
    """
    keep = np.ix_(counts.sum(axis=1) > 0, counts.sum(axis=0) > 0)
    seen = counts[keep]
    people = np.ones(seen.shape) if exposure is None else exposure[keep]
    columns = _columns(treatment[keep])
    start = np.zeros(columns.shape[1])
    rates = np.log(seen.sum(axis=1) / people.sum(axis=1))
    start[1], start[2 : 1 + len(rates)] = rates[0], rates[1:] - rates[0]
    found = _negative_binomial(seen.ravel(), columns, np.log(people).ravel(), start)
    return Answer(100 * float(np.expm1(found.params[0])))


def _negative_binomial(y: Floats, columns: Floats, offset: Floats, start: Floats) -> Any:
    """Mean given alpha and alpha given mean, in turns, until alpha stands still."""
    found, alpha = _fitted(y, columns, offset, 0.0, start), 0.0
    for _ in range(STEPS):
        last, alpha = alpha, _alpha(y, found.mu, found.df_resid)
        if abs(alpha - last) <= SETTLED * (alpha + SETTLED):
            return found
        found = _fitted(y, columns, offset, alpha, found.params)
    raise ValueError(f"alpha does not settle in {STEPS} fits")


def _fitted(y: Floats, columns: Floats, offset: Floats, alpha: float, start: Floats) -> Any:
    """By Newton's method, which forms no decomposition of the dummies and so is quick."""
    from statsmodels.genmod.families import NegativeBinomial, Poisson
    from statsmodels.genmod.generalized_linear_model import GLM

    family = NegativeBinomial(alpha=alpha) if alpha else Poisson()
    found = GLM(y, columns, family=family, offset=offset).fit(
        start_params=start, method="newton", tol=SETTLED, maxiter=STEPS, disp=False
    )
    if not found.mle_retvals["converged"]:
        raise ValueError(f"its fit does not converge in {STEPS} steps")
    return found


def _alpha(y: Floats, mean: Floats, degrees: float) -> float:
    """The alpha at which Pearson's statistic is its degrees of freedom; 0 if none is above it."""

    def beyond(alpha: float) -> float:
        return float(((y - mean) ** 2 / (mean + alpha * mean**2)).sum()) - degrees

    if beyond(0.0) <= 0:
        return 0.0
    high = 1.0
    while beyond(high) > 0:
        high *= 10
    return float(brentq(beyond, 0.0, high, xtol=1e-14, rtol=1e-13))


def interrupted_series(
    counts: Floats, control: Floats, first: int, exposure: Floats | None, others: Floats | None
) -> Answer:
    """The percent by which a series changes from `first` on, as a part of it and its control.

    `counts` and `control` (periods,), with people where there are any. A logit of the share with
    trend and level.
    """
    from statsmodels.genmod.families import Binomial
    from statsmodels.genmod.generalized_linear_model import GLM

    time = np.arange(counts.size, dtype=np.float64)
    after = time >= first
    columns = np.column_stack([after, np.ones(counts.size), time - first])
    offset = np.zeros(counts.size)
    if exposure is not None and others is not None:
        offset = np.log(exposure / others)
    found = GLM(np.column_stack([counts, control]), columns, family=Binomial(), offset=offset).fit(
        tol=1e-12, maxiter=STEPS, tol_criterion="params"
    )
    if not found.converged:
        raise ValueError(f"its fit does not converge in {STEPS} steps")
    mean = (counts + control)[after] * found.mu[after]
    return Answer(100 * float(mean.sum() / (mean * np.exp(-found.params[0])).sum() - 1))


def _columns(treatment: Floats) -> Floats:
    """Treatment, a constant, and dummies of all units and periods but the first."""
    units, periods = treatment.shape
    width = units + periods
    if units * periods * width > LARGEST:
        raise NotAsked(f"{units} units are {width} columns of dummies, too many to be quick")
    unit = np.repeat(np.eye(units), periods, axis=0)[:, 1:]
    period = np.tile(np.eye(periods), (units, 1))[:, 1:]
    return np.column_stack([treatment.ravel(), np.ones(units * periods), unit, period])
