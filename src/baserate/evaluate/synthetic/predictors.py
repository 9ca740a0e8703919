"""Synthetic control with predictors: donors are matched on what goes with the outcome.

Abadie, Diamond and Hainmueller (2010, JASA 105:493). Two problems, one inside the other: given
predictor weights V, the donor weights W match the predictors best; V is what makes such W fit the
outcome before treatment best. The outer problem has many valleys, and software that starts in one
of them stays there (Becker and Klößner 2018, Econometrics and Statistics 5:1), so it is searched
as a whole: differential evolution (Storn and Price 1997, Journal of Global Optimization 11:341).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from math import log

import numpy as np
from numpy.typing import ArrayLike

from baserate.errors import BadPanel
from baserate.evaluate.synthetic.donor_pool import DonorPool, donor_pool
from baserate.evaluate.synthetic.simplex import Flags, Floats, simplex_weights_under
from baserate.evaluate.synthetic.synthetic_control import SyntheticControl, assemble

# The least a predictor may count for, the largest counting one. Less than that, and V would serve
# to switch predictors off: the fit would be that on outcomes alone.
LEAST = log(1e-8)

MOST_GROUPS = 99  # of donors taken for several treated units: each takes a search

POPULATION, GENERATIONS = 64, 200
CROSSOVER = 0.7

# Losses of a whole population within this share of one another: the search is done.
SETTLED = 1e-6


@dataclass(frozen=True, slots=True)
class PredictorControl(SyntheticControl):
    """A synthetic control, and how it matches.

    predictor_weights     (predictors,) V, adding up to 1, for predictors with standard deviation 1
    treated_predictors    (predictors,) of the treated unit; `synthetic_predictors` of its stand-in,
                          `donor_predictors` the plain mean of donors
    """

    predictor_weights: Floats
    treated_predictors: Floats
    synthetic_predictors: Floats
    donor_predictors: Floats


def synthetic_control_with_predictors(
    outcome: ArrayLike,
    treated: ArrayLike,
    first: int,
    predictors: ArrayLike,
    *,
    treated_is_donor: bool,
    seed: int,
    level: float = 0.95,
) -> PredictorControl:
    """Match donors on predictors weighted so that the outcome before treatment fits best.

    `outcome` (units, periods), `treated` (units,) of True and False, `first` the index of the
    first treated period; `predictors` (units, predictors), each a mean or a value before treatment,
    in any unit. Placebos search their own predictor weights, by the same seed. Treatment is not
    dated back, as the predictors would have to be of an earlier time.

    >>> outcome = np.array([[1.0, 3, 2, 9], [1, 2, 2, 2], [2, 4, 2, 4], [1, 3, 2, 3]])
    >>> predictors = np.array([[5.0], [9.0], [8.0], [5.0]])
    >>> made = synthetic_control_with_predictors(
    ...     outcome, np.arange(4) == 0, 3, predictors, treated_is_donor=False, seed=1)
    >>> made.effect, made.donor_weights
    (6.0, array([0., 0., 0., 1.]))
    """
    pool = donor_pool(outcome, treated, first)
    rows = _predictor_rows(predictors, pool, np.asarray(treated))
    scaled = rows / _spread(rows)

    def weigh(before: Floats, mixes: Floats, is_donor: Flags) -> Floats:
        made = np.zeros(is_donor.shape)
        both = zip(made, mixes @ before, mixes @ scaled, is_donor, strict=True)
        for weights, path, aim, donors in both:
            weights[donors] = _matched(before[donors], scaled[donors], path, aim, seed)[1]
        return made

    control = assemble(
        pool,
        weigh,
        treated_is_donor=treated_is_donor,
        level=level,
        seed=seed,
        most=MOST_GROUPS,
        backdate=False,
    )
    donors = np.arange(len(rows)) > 0
    v, w = matched_weights(pool.rows[:, :first], scaled, 0, donors, seed)
    return PredictorControl(
        **{field.name: getattr(control, field.name) for field in fields(control)},
        predictor_weights=v / v.sum(),
        treated_predictors=rows[0],
        synthetic_predictors=w @ rows[1:],
        donor_predictors=rows[1:].mean(axis=0),
    )


def _predictor_rows(predictors: ArrayLike, pool: DonorPool, treated: Flags) -> Floats:
    """The predictors in the order of the pool: the treated unit's mean, then donors."""
    try:
        made = np.asarray(predictors, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise BadPanel(f"the predictors are not all numbers ({error})") from None
    if made.ndim != 2 or made.shape[0] != pool.units or made.shape[1] == 0:
        raise BadPanel(
            f"the predictors have shape {made.shape}; one row for each of {pool.units} units and "
            "one column for each predictor are needed"
        )
    if made.shape[1] > pool.first:
        raise BadPanel(
            f"{made.shape[1]} predictors and {pool.first} periods before treatment; their weights "
            "cannot be told from so few: give at most as many predictors as periods"
        )
    gaps = np.argwhere(~np.isfinite(made))
    if len(gaps):
        unit, predictor = gaps[0]
        raise BadPanel(
            f"predictor {predictor} of unit {unit} is {made[unit, predictor]}; every unit needs "
            "a number for every predictor"
        )
    return np.vstack([made[treated].mean(axis=0), made[~treated]])


def _spread(rows: Floats) -> Floats:
    """The standard deviation of each predictor, which is to match nothing if it is zero."""
    spread = np.asarray(rows.std(axis=0, ddof=1))
    same = np.flatnonzero(spread == 0)
    if len(same):
        raise BadPanel(
            f"predictor {same[0]} is {rows[0, same[0]]:g} for every unit; one that does not differ "
            "matches nothing: leave it out"
        )
    return spread


def matched_weights(
    before: Floats, predictors: Floats, target: int, donors: Flags, seed: int
) -> tuple[Floats, Floats]:
    """V, its largest one, and W of one unit by its donors: the two problems solved.

    `before` (units, periods) the outcome, `predictors` (units, predictors) with standard deviation
    1, `target` the unit, `donors` (units,) of True and False.
    """
    return _matched(before[donors], predictors[donors], before[target], predictors[target], seed)


def _matched(
    paths: Floats, predictors: Floats, path: Floats, aim: Floats, seed: int
) -> tuple[Floats, Floats]:
    columns = np.ascontiguousarray(predictors.T)

    def losses(logs: Floats) -> Floats:
        weights = simplex_weights_under(columns, aim, np.exp(logs))
        return np.asarray(np.mean((weights @ paths - path) ** 2, axis=1))

    logs = lowest(losses, predictors.shape[1], seed)
    v = np.exp(logs - logs.max())
    return v, simplex_weights_under(columns, aim, v[None])[0]


def lowest(losses: Callable[[Floats], Floats], size: int, seed: int) -> Floats:
    """Where losses are lowest among logarithms of weights, by differential evolution.

    `losses` takes (n, size) points between LEAST and 0 to (n,) losses. Each point moves toward the
    best one and along the difference of two others; what leaves the range is drawn anew. All
    weights equal, and each one alone, are among the first points.

    >>> lowest(lambda logs: ((logs + 3) ** 2).sum(axis=1), 2, seed=1).round(2)
    array([-3., -3.])
    """
    if size == 1:
        return np.zeros(1)
    rng = np.random.default_rng(seed)
    points = rng.uniform(LEAST, 0, (max(POPULATION, 2 * size), size))
    points[: size + 1] = np.vstack([np.zeros(size), np.where(np.eye(size) > 0, 0.0, LEAST)])
    height = losses(points)
    for _ in range(GENERATIONS):
        tried = _offspring(points, height, rng)
        found = losses(tried)
        better = found <= height
        points[better], height[better] = tried[better], found[better]
        if height.max() - height.min() <= SETTLED * height.min():
            break
    return np.asarray(points[height.argmin()])


def _offspring(points: Floats, height: Floats, rng: np.random.Generator) -> Floats:
    """One try for each point: part of it crossed with a step from the best."""
    count, size = points.shape
    one, other = points[rng.integers(0, count, (2, count))]
    step = points[height.argmin()] + rng.uniform(0.5, 1.0) * (one - other)
    crossed = rng.random((count, size)) < CROSSOVER
    crossed[np.arange(count), rng.integers(0, size, count)] = True
    tried = np.where(crossed, step, points)
    outside = (tried < LEAST) | (tried > 0)
    return np.asarray(np.where(outside, rng.uniform(LEAST, 0, tried.shape), tried))
