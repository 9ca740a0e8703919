"""From an estimate and its standard error to an interval and a p-value. Pure arithmetic."""

from __future__ import annotations

from math import inf, isinf

import numpy as np
from scipy.special import chdtrc, fdtrc, ndtr, ndtri, stdtr, stdtrit

from baserate.evaluate.inference.shapes import Floats
from baserate.terms.quantities import Interval


def quantile(probability: float, degrees: float = inf) -> float:
    """Of Student's t, or of the normal distribution where the degrees are infinite.

    >>> round(quantile(0.975), 4), round(quantile(0.975, 10), 4)
    (1.96, 2.2281)
    """
    return float(ndtri(probability) if isinf(degrees) else stdtrit(degrees, probability))


def interval(
    effect: float, error: float, method: str, *, degrees: float = inf, level: float = 0.95
) -> Interval:
    """The effect plus and minus the quantile times its standard error."""
    reach = quantile(0.5 + level / 2, degrees) * error
    return Interval(effect - reach, effect + reach, method, level)


def two_sided_p(effect: float, error: float, *, degrees: float = inf) -> float:
    """How often an estimate at least as far from zero would come about without an effect.

    >>> round(two_sided_p(1.96, 1.0), 3)
    0.05
    """
    if error == 0:
        return 1.0 if effect == 0 else 0.0
    t = -abs(effect / error)
    return float(2 * (ndtr(t) if isinf(degrees) else stdtr(degrees, t)))


def below_p(distance: float, error: float, *, degrees: float = inf) -> float:
    """How often an estimate would lie at least as far below a bound if it were on the bound.

    `distance` is the estimate less the bound: the p that something is as large as the bound.
    """
    if error == 0:
        return 0.0 if distance < 0 else 1.0
    return float(ndtr(distance / error) if isinf(degrees) else stdtr(degrees, distance / error))


def joint_p(effects: Floats, covariance: Floats, *, degrees: float = inf) -> tuple[float, int]:
    """The p that several effects are all zero, and in how many directions that was tested.

    Wald's statistic over the directions in which the covariance is not zero: chi-squared, or F
    with `degrees` in the denominator.

    >>> p, directions = joint_p(np.array([1.96]), np.array([[1.0]]))
    >>> round(p, 3), directions
    (0.05, 1)
    """
    values, vectors = np.linalg.eigh(covariance)
    keep = values > 1e-10 * values.max()
    directions = int(keep.sum())
    statistic = float((((vectors[:, keep].T @ effects) ** 2) / values[keep]).sum())
    if isinf(degrees):
        return float(chdtrc(directions, statistic)), directions
    return float(fdtrc(directions, degrees, statistic / directions)), directions


def smallest_p(effects: Floats, errors: Floats, degrees: Floats) -> float:
    """The p that several effects are all zero: the smallest of theirs times their number.

    Bonferroni's bound: it holds whatever their correlation.

    >>> round(smallest_p(np.array([2.5, 0.1]), np.ones(2), np.full(2, inf)), 3)
    0.025
    """
    each = [
        two_sided_p(effect, error, degrees=d)
        for effect, error, d in zip(effects, errors, degrees, strict=True)
    ]
    return min(1.0, len(each) * min(each))
