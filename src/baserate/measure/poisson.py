"""Counting noise: what chance alone does to a count of events. Pure arithmetic.

Plain Python on scalars, so that a question is answered without loading a numerical library;
the tests hold every function against SciPy and against published values.
"""

from __future__ import annotations

from functools import lru_cache
from math import exp, inf, lgamma, log, sqrt
from statistics import NormalDist
from typing import NamedTuple

# From here on Byar's closed form is within 0.0006 of one event of the exact limit; below it the
# limit is solved for.
EXACT_BELOW = 1_000

# A count under this is small: the normal approximation to the log of a ratio is rough, and the
# E-test is used beside it.
SMALL_COUNT = 100

_TINY = 1e-300


class Limits(NamedTuple):
    """A lower and an upper limit, in the unit of the value they belong to."""

    lower: float
    upper: float


class RatioLimits(NamedTuple):
    """A ratio of two rates, later to earlier, and its limits. 1 is no change."""

    ratio: float
    lower: float
    upper: float


@lru_cache(maxsize=256)
def z_value(level: float) -> float:
    """The standard normal quantile of a two-sided interval.

    >>> round(z_value(0.95), 4)
    1.96
    """
    return NormalDist().inv_cdf(0.5 + level / 2)


@lru_cache(maxsize=65_536)
def count_limits(count: int, level: float = 0.95) -> Limits:
    """Limits of a Poisson mean, given one count.

    Exact (Garwood 1936, Biometrika 28:437) below 1,000; Byar's approximation above (Breslow
    and Day 1987, Statistical Methods in Cancer Research II, eq. 2.13), where the two agree to
    far less than one event.

    >>> lower, upper = count_limits(188)
    >>> round(lower, 2), round(upper, 2)
    (162.09, 216.88)
    >>> count_limits(0).lower
    0.0
    """
    if count < 0:
        raise ValueError(f"count={count}; a count is zero or more")
    tail = (1 - level) / 2
    if count >= EXACT_BELOW:
        z = z_value(level)
        return Limits(_byar(count, -z), _byar(count + 1, z))
    lower = 0.0 if count == 0 else _gamma_quantile(count, tail)
    return Limits(lower, _gamma_quantile(count + 1, 1 - tail))


def _byar(count: float, z: float) -> float:
    return count * (1 - 1 / (9 * count) + z / (3 * sqrt(count))) ** 3


def _gamma_quantile(shape: float, probability: float) -> float:
    """The quantile of a unit-scale gamma variable, by Newton's method from Wilson-Hilferty."""
    z = NormalDist().inv_cdf(probability)
    x = shape * max(1 - 1 / (9 * shape) + z / (3 * sqrt(shape)), 0.02) ** 3
    for _ in range(60):
        error = gamma_cdf(shape, x) - probability
        density = exp((shape - 1) * log(x) - x - lgamma(shape))
        step = error / max(density, _TINY)
        following = x - step if step < x else x / 2
        if abs(following - x) <= 1e-7 * x:
            return following  # each step squares the error, so this one is good to 14 digits
        x = following
    return x


def gamma_cdf(shape: float, x: float) -> float:
    """The regularized lower incomplete gamma function P(shape, x).

    The series below the mean, Lentz's continued fraction above it (NIST DLMF 8.11, 8.9).

    >>> round(gamma_cdf(1.0, 1.0), 6)          # 1 - 1/e
    0.632121
    """
    if x <= 0:
        return 0.0
    scale = exp(shape * log(x) - x - lgamma(shape))
    if x < shape + 1:
        term = total = 1 / shape
        n = shape
        while term > total * 1e-16:
            n += 1
            term *= x / n
            total += term
        return total * scale
    b = x + 1 - shape
    c, d = 1 / _TINY, 1 / b
    fraction = d
    for i in range(1, 100_000):
        a = -i * (i - shape)
        b += 2
        d = 1 / (a * d + b or _TINY)
        c = b + a / c or _TINY
        fraction *= c * d
        if abs(c * d - 1) < 1e-15:
            break
    return 1 - scale * fraction


def rate_ratio(
    later: float,
    later_exposure: float,
    earlier: float,
    earlier_exposure: float,
    *,
    dispersion: float = 1.0,
    level: float = 0.95,
) -> RatioLimits:
    """The ratio of two rates, later to earlier, and its limits.

    With counts of at least SMALL_COUNT the log of the ratio is normal with variance
    dispersion * (1/later + 1/earlier). Below that, the score interval for the later count's
    part of the sum of both, which needs no positive counts (Graham, Mengersen and Morton
    2003, Statistics in Medicine 22:2071, as an odds). `dispersion` is variance over mean: 1 is pure
    counting noise, and the score interval then works on counts divided by it.

    >>> r = rate_ratio(1_250_162, 323_405_935, 1_199_310, 320_896_618)
    >>> round(100 * (r.ratio - 1), 2), round(100 * (r.lower - 1), 1), round(100 * (r.upper - 1), 1)
    (3.43, 3.2, 3.7)
    """
    if later_exposure <= 0 or earlier_exposure <= 0:
        raise ValueError("exposures must be positive")
    relative = earlier_exposure / later_exposure
    from_zero = inf if later else 1.0
    ratio = later / earlier * relative if earlier else from_zero
    z = z_value(level)
    if min(later, earlier) >= SMALL_COUNT:
        spread = exp(z * sqrt(dispersion * (1 / later + 1 / earlier)))
        return RatioLimits(ratio, ratio / spread, ratio * spread)
    total = (later + earlier) / dispersion
    if total == 0:
        return RatioLimits(ratio, 0.0, inf)
    part = later / (later + earlier)
    middle = part + z * z / (2 * total)
    half = z * sqrt(part * (1 - part) / total + z * z / (4 * total * total))
    scale = 1 + z * z / total
    low, high = max((middle - half) / scale, 0.0), min((middle + half) / scale, 1.0)
    if later == 0:
        low = 0.0
    if earlier == 0:
        high = 1.0
    return RatioLimits(
        ratio,
        low / (1 - low) * relative,
        inf if high >= 1 else high / (1 - high) * relative,
    )


@lru_cache(maxsize=16_384)
def e_test(
    first: int, second: int, first_exposure: float = 1.0, second_exposure: float = 1.0
) -> float:
    """Two-sided p that two Poisson rates are equal: the E-test.

    Krishnamoorthy and Thomson 2004, Journal of Statistical Planning and Inference 119:23. Sums
    the probability, under the pooled rate, of every pair of counts at least as far apart. The
    farther pairs of each first count are two tails, so the work is linear in the counts.

    >>> round(e_test(3, 0), 4), round(e_test(25, 16), 4)
    (0.0884, 0.1648)
    """
    if first < 0 or second < 0:
        raise ValueError(f"counts {first} and {second}; a count is zero or more")
    n1, n2 = first_exposure, second_exposure
    if first * n2 == second * n1:
        return 1.0  # nothing is less far apart than equal rates
    pooled = (first + second) / (n1 + n2)
    spread = first / n1**2 + second / n2**2
    observed = (first / n1 - second / n2) ** 2 / spread  # the statistic, squared
    mean1, mean2 = pooled * n1, pooled * n2
    below2 = _Tails(mean2)
    p = 0.0
    for x1, weight in _masses(mean1):
        low, high = _thresholds(x1 / n1, n1, n2, observed)
        beyond = below2.up_to(low) + below2.from_(high)
        p += weight * beyond
    return min(p, 1.0)


def _thresholds(rate1: float, n1: float, n2: float, observed: float) -> tuple[int, int]:
    """Largest second count at least as far below, smallest as far above; -1 if none below.

    Solves (rate1 - y)^2 = observed * (rate1/n1 + y/n2) for the second rate y.
    """
    b = rate1 + observed / (2 * n2)
    root = sqrt(max(b * b - rate1 * rate1 + observed * rate1 / n1, 0.0))
    slack = 1e-9
    low, high = (b - root) * n2, (b + root) * n2
    if rate1 == 0 and low <= slack:
        # Two zeros have no statistic and are dropped.
        return -1, max(1, _ceil(high - slack))
    return (_floor(low + slack) if low >= -slack else -1), _ceil(high - slack)


def _floor(x: float) -> int:
    return int(x // 1)


def _ceil(x: float) -> int:
    return -int(-x // 1)


def _masses(mean: float) -> list[tuple[int, float]]:
    """Poisson probabilities around the mean, as far out as they matter."""
    reach = 10 * sqrt(mean) + 20
    first, last = max(0, _floor(mean - reach)), _ceil(mean + reach)
    return [(k, exp(k * log(mean) - mean - lgamma(k + 1))) for k in range(first, last + 1)]


class _Tails:
    """Both tails of a Poisson distribution, looked up by count."""

    def __init__(self, mean: float) -> None:
        masses = _masses(mean)
        self._first, self._last = masses[0][0], masses[-1][0]
        total, self._below = 0.0, []
        for _, mass in masses:
            total += mass
            self._below.append(total)
        total, above = 0.0, []
        for _, mass in reversed(masses):
            total += mass
            above.append(total)
        self._above = above[::-1]

    def up_to(self, count: int) -> float:
        """P(X <= count)."""
        if count < self._first:
            return 0.0
        return self._below[min(count, self._last) - self._first]

    def from_(self, count: int) -> float:
        """P(X >= count)."""
        if count > self._last:
            return 0.0
        return self._above[max(count, self._first) - self._first]
