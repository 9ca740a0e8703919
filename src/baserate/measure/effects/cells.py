"""Arithmetic of published changes: what a difference of two means can bear. Plain numbers.

A table of mean changes without their spread has no interval. What can be had is the reverse: how
little the units' changes would have to scatter for the difference to be told from chance.
"""

from __future__ import annotations

from functools import lru_cache
from math import sqrt
from statistics import NormalDist

NORMAL = NormalDist()
LEVEL, POWER = 0.95, 0.80


def standard_error(spread: float, treated: int, others: int) -> float:
    """Of the difference of two means of units that each scatter by `spread`.

    >>> round(standard_error(15.0, 82, 170), 2)
    2.02
    """
    return spread * sqrt(1 / treated + 1 / others)


def largest_spread_told(difference: float, treated: int, others: int) -> float:
    """The scatter of units' changes above which such a difference is lost in chance, at 5%.

    >>> round(largest_spread_told(-3.2, 82, 170), 1)
    12.1
    """
    return abs(difference) / (_reach() * standard_error(1.0, treated, others))


def smallest_visible(spread: float, treated: int, others: int) -> float:
    """The smallest true difference found in 80 of 100 such studies at 5% (Bloom 1995).

    Bloom 1995, Evaluation Review 19:547: 2.8 standard errors.

    >>> round(smallest_visible(15.0, 82, 170), 1)
    5.7
    """
    return (_reach() + NORMAL.inv_cdf(POWER)) * standard_error(spread, treated, others)


def interval(difference: float, error: float) -> tuple[float, float]:
    """The difference with its limits at 95%."""
    return difference - _reach() * error, difference + _reach() * error


def expected_lowest(units: int, mean: float = 0.0, spread: float = 1.0) -> float:
    """The lowest change expected among units whose changes scatter normally about one mean.

    The expected minimum of n normal draws, by integration of the distribution of the largest.

    >>> round(expected_lowest(2), 4), round(expected_lowest(82), 2)
    (-0.5642, -2.44)
    """
    return mean - spread * _expected_highest(units)


def spread_for_lowest(lowest: float, units: int, mean: float = 0.0) -> float:
    """The scatter at which so low a change is the one expected of the lowest of the units.

    >>> round(spread_for_lowest(-42.0, 82), 1)
    17.2
    """
    return (mean - lowest) / _expected_highest(units)


def chance_of_lowest(lowest: float, units: int, mean: float, spread: float) -> float:
    """How often at least one of the units changes by so little or less, by scatter alone.

    >>> round(chance_of_lowest(-42.0, 82, -0.9, 17.0), 2)
    0.47
    """
    return float(1 - (1 - NORMAL.cdf((lowest - mean) / spread)) ** units)


def _reach() -> float:
    return NORMAL.inv_cdf(0.5 + LEVEL / 2)


@lru_cache(maxsize=256)
def _expected_highest(units: int) -> float:
    """Of standard normal draws: the integral of 1 - F^n above zero less that of F^n below it."""
    step, ends = 0.005, 12.0
    total, x = 0.0, step / 2
    while x < ends:
        total += 1 - NORMAL.cdf(x) ** units - NORMAL.cdf(-x) ** units
        x += step
    return total * step
