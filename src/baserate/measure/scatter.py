"""How much a yearly series scatters around its own path. Pure arithmetic.

Counting noise is not all: offenses come in clusters, agencies come and go, and years differ.
Two measures of that are kept apart. The dispersion says how far single years stray from the
line between their neighbors, in multiples of counting noise. The swings are the changes the
series has made before, against which a new one is ordinary or not.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from math import atan, cos, exp, log, pi, sin, sqrt
from typing import NamedTuple

# With fewer spans than this the outer tenth of them is one change or none.
FEWEST_SPANS = 20


class Swings(NamedTuple):
    """Where the changes of a series over equally long spans have lain, in percent.

    `lower` to `upper` is the band that held nine in ten of them.
    """

    lower: float
    upper: float
    spans: int
    at_least_as_large: int


class Trend(NamedTuple):
    """A steady yearly change fitted to counts, in percent a year.

    `wander` is the standard deviation of its yearly changes, in percent; `degrees` of freedom.
    """

    yearly: float
    lower: float
    upper: float
    dispersion: float
    wander: float
    degrees: int


def local_dispersion(counts: Sequence[float], exposures: Sequence[float]) -> float:
    """Variance of single years around the line between their neighbors, over counting noise.

    Difference-based residual variance (Gasser, Sroka and Jennen-Steinmetz 1986, Biometrika
    73:625) with Pearson scaling; not below 1. Years must be consecutive. With fewer than five
    years there is nothing to go by and 1 is returned.

    >>> local_dispersion([100, 100, 100, 100, 100], [1e5] * 5)
    1.0
    """
    terms = []
    for i in range(1, len(counts) - 1):
        n = exposures[i]
        before, after = exposures[i - 1], exposures[i + 1]
        expected = n * (counts[i - 1] / before + counts[i + 1] / after) / 2
        pooled = (counts[i - 1] + counts[i] + counts[i + 1]) / (before + n + after)
        variance = pooled * n * (1 + n / (4 * before) + n / (4 * after))
        if variance > 0:
            terms.append((counts[i] - expected) ** 2 / variance)
    return max(1.0, sum(terms) / len(terms)) if len(terms) >= 3 else 1.0


def swings(changes: Sequence[float], change: float) -> Swings | None:
    """How one change stands among all that the series made over equally long spans, in percent.

    `change` is counted against them by size, whichever its sign. None where there are fewer
    than FEWEST_SPANS, because a band from so few says nothing.

    >>> swings([-2.0, -1.0] * 9 + [4.0, 5.0], 4.0)
    Swings(lower=-2.0, upper=4.05..., spans=20, at_least_as_large=2)
    """
    if len(changes) < FEWEST_SPANS:
        return None
    ordered = sorted(changes)
    large = sum(abs(c) >= abs(change) - 1e-9 for c in ordered)
    return Swings(_quantile(ordered, 0.05), _quantile(ordered, 0.95), len(ordered), large)


def fit_trend(
    years: Sequence[int],
    counts: Sequence[float],
    exposures: Sequence[float],
    *,
    level: float = 0.95,
) -> Trend:
    """A log-linear Poisson trend with exposure as offset, fitted by iterated least squares.

    The slope's error is the larger of two. One is the regression's, scaled by the Pearson
    dispersion, floor 1 (McCullagh and Nelder 1989, ch. 6), and right if years stray from the
    line each for itself. The other is right if the rate wanders, each year starting from the
    last: the root of 6/5 times the standard deviation of the yearly log changes over the root
    of the years (Durlauf and Phillips 1988, Econometrica 56:1333). Student's t on the years
    less two. At least three years with events are needed.

    >>> t = fit_trend([2010, 2011, 2012, 2013], [1000, 1100, 1210, 1331], [1e6] * 4)
    >>> round(t.yearly, 6)
    10.0
    """
    if len(years) < 3:
        raise ValueError(f"{len(years)} years; a trend needs at least three")
    if sum(k > 0 for k in counts) < 3:
        raise ValueError("fewer than three years with events; a trend needs three")
    middle = sum(years) / len(years)
    x = [y - middle for y in years]
    start, slope = log(sum(counts) / sum(exposures)), 0.0
    for _ in range(100):
        mu = [n * exp(start + slope * t) for n, t in zip(exposures, x, strict=True)]
        w, wx = sum(mu), sum(m * t for m, t in zip(mu, x, strict=True))
        wxx = sum(m * t * t for m, t in zip(mu, x, strict=True))
        score0 = sum(k - m for k, m in zip(counts, mu, strict=True))
        score1 = sum((k - m) * t for k, m, t in zip(counts, mu, x, strict=True))
        determinant = w * wxx - wx * wx
        step0 = (wxx * score0 - wx * score1) / determinant
        step1 = (w * score1 - wx * score0) / determinant
        largest = max(abs(step0), abs(step1))
        damping = min(1.0, 1.0 / largest) if largest > 0 else 1.0
        start, slope = start + damping * step0, slope + damping * step1
        if largest < 1e-12:
            break
    mu = [n * exp(start + slope * t) for n, t in zip(exposures, x, strict=True)]
    pearson = sum((k - m) ** 2 / m for k, m in zip(counts, mu, strict=True))
    dispersion = max(1.0, pearson / (len(years) - 2))
    degrees = len(years) - 2
    wander = _wander(counts, exposures)
    w, wx = sum(mu), sum(m * t for m, t in zip(mu, x, strict=True))
    wxx = sum(m * t * t for m, t in zip(mu, x, strict=True))
    straying = sqrt(dispersion * w / (w * wxx - wx * wx))
    wandering = sqrt(1.2 / len(years)) * wander
    error = max(straying, wandering)
    reach = t_quantile(0.5 + level / 2, degrees) * error
    yearly, lower, upper = (100 * (exp(b) - 1) for b in (slope, slope - reach, slope + reach))
    return Trend(yearly, lower, upper, dispersion, 100 * wander, degrees)


def _wander(counts: Sequence[float], exposures: Sequence[float]) -> float:
    """Standard deviation of the yearly log changes; half an event stands for none."""
    rates = [log(max(k, 0.5) / n) for k, n in zip(counts, exposures, strict=True)]
    steps = [b - a for a, b in pairwise(rates)]
    mean = sum(steps) / len(steps)
    return sqrt(sum((s - mean) ** 2 for s in steps) / (len(steps) - 1))


@lru_cache(maxsize=1024)
def t_quantile(probability: float, degrees: int) -> float:
    """The quantile of Student's t, by bisection on its closed form.

    >>> round(t_quantile(0.975, 10), 4)
    2.2281
    """
    low, high = -1e4, 1e4
    for _ in range(120):
        middle = (low + high) / 2
        if _t_cdf(middle, degrees) < probability:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _t_cdf(t: float, degrees: int) -> float:
    """Abramowitz and Stegun 26.7.3 and 26.7.4: finite sums for whole degrees of freedom."""
    theta = atan(t / sqrt(degrees))
    if degrees % 2:
        term = total = cos(theta) if degrees > 1 else 0.0
        for k in range(3, degrees - 1, 2):
            term *= cos(theta) ** 2 * (k - 1) / k
            total += term
        inside = 2 / pi * (theta + sin(theta) * total)
    else:
        term = total = 1.0
        for k in range(2, degrees - 1, 2):
            term *= cos(theta) ** 2 * (k - 1) / k
            total += term
        inside = sin(theta) * total
    return 0.5 + inside / 2


def _quantile(ordered: Sequence[float], p: float) -> float:
    """Linear interpolation between order statistics (Hyndman and Fan 1996, type 7)."""
    at = p * (len(ordered) - 1)
    below = int(at)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (at - below) * (ordered[above] - ordered[below])
