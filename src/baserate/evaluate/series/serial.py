"""What errors that follow one another in time do to a fit of counts. Pure arithmetic."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc

from baserate.evaluate.series.log_linear import CountFit

Floats = NDArray[np.float64]

LAGS = 12  # a year of months
CORRELATIONS = np.linspace(0.0, 0.95, 39)  # tried; between them is interpolation


@dataclass(frozen=True, slots=True)
class Autocorrelation:
    """Whether what the model leaves over is correlated with what it left over before.

    first      correlation with the period before
    lags       how many periods back were looked at together
    statistic  of Ljung and Box, chi-squared with as many degrees as lags
    p_value    small where the residuals are correlated
    """

    first: float
    lags: int
    statistic: float
    p_value: float


def ljung_box(residual: Floats, lags: int = LAGS) -> Autocorrelation:
    """Ljung and Box 1978, Biometrika 65:297, on residuals of shape (periods,).

    >>> made = ljung_box(np.array([1.0, -1.0] * 10), lags=1)
    >>> made.first, round(made.statistic, 3)
    (-0.95, 20.9)
    """
    n = residual.size
    lags = max(1, min(lags, n // 4))
    total = float(residual @ residual)
    each = np.array([residual[k:] @ residual[:-k] for k in range(1, lags + 1)]) / total
    statistic = float(n * (n + 2) * (each**2 / (n - np.arange(1, lags + 1))).sum())
    return Autocorrelation(float(each[0]), lags, statistic, float(chdtrc(lags, statistic)))


def newey_west(design: Floats, fit: CountFit, lags: int | None = None) -> Floats:
    """The covariance of the coefficients with Bartlett weights, shape (k, k).

    Newey and West 1987, Econometrica 55:703, with 4 (n / 100)^(2/9) lags unless told and n / (n -
    k) for the terms fitted. With a hundred periods or fewer its intervals are too short.
    """
    n, k = design.shape
    lags = int(4 * (n / 100) ** (2 / 9)) if lags is None else lags
    scores = design * (fit.shrink * fit.residual)[:, None]
    meat = scores.T @ scores
    for lag in range(1, lags + 1):
        product = scores[lag:].T @ scores[:-lag]
        meat += (1 - lag / (lags + 1)) * (product + product.T)
    return np.asarray(n / (n - k) * fit.bread @ meat @ fit.bread)


@dataclass(frozen=True, slots=True)
class LatentNoise:
    """Noise on the log scale beside counting noise, each period's like the last one's.

    variance     on the log scale; 0 where counting noise explains the scatter
    correlation  with the period before, 0 to 0.95
    covariance   (k, k): of the coefficients
    """

    variance: float
    correlation: float
    covariance: Floats


def latent_noise(design: Floats, fit: CountFit) -> LatentNoise:
    """Parameter-driven autocorrelation: Zeger 1988, Biometrika 75:621.

    Each count is Poisson (or binomial) around a mean that is multiplied by a noise which carries
    over from period to period, correlation^h after h periods. Variance and correlation are those
    at which the sum of squares of the standardized residuals, and of their products with the
    period before, are what they are expected to be *after* the fit has taken its share, so that
    short series do not look calmer than they are. Never less than counting noise.
    """
    root = np.sqrt(fit.slope)
    # What the fit leaves of standardized noise: residuals are this matrix times the noise.
    left = np.eye(root.size) - (root[:, None] * design) @ fit.bread @ (
        design.T * (fit.shrink * root)
    )
    standardized = fit.residual / root
    squares, products = left.T @ left, left[1:].T @ left[:-1]
    powers = CORRELATIONS[:, None] ** np.arange(root.size)
    surplus_squares = float(standardized @ standardized - np.trace(squares))
    variances = np.maximum(surplus_squares, 0) / (powers @ _by_lag(squares, root))
    expected = np.trace(products) + variances * (powers @ _by_lag(products, root))
    at = _first_reaching(expected, float(standardized[1:] @ standardized[:-1]))
    correlation = float(np.interp(at, np.arange(CORRELATIONS.size), CORRELATIONS))
    variance = float(np.interp(at, np.arange(CORRELATIONS.size), variances))
    return LatentNoise(
        variance,
        correlation if variance else 0.0,
        _covariance(design, fit, variance, correlation),
    )


def _by_lag(weights: Floats, root: Floats) -> Floats:
    """What each power of the correlation is multiplied by in an expected quadratic form."""
    periods = np.arange(root.size)
    apart = np.abs(np.subtract.outer(periods, periods))
    spread = weights * np.outer(root, root)
    return np.bincount(apart.ravel(), spread.ravel()).astype(np.float64)


def _first_reaching(expected: Floats, observed: float) -> float:
    """Where along the tried correlations what is expected first reaches what was observed."""
    reached = np.flatnonzero(expected >= observed)
    if not reached.size:
        return float(expected.size - 1)
    at = int(reached[0])
    if at == 0:
        return 0.0
    return at - 1 + float((observed - expected[at - 1]) / (expected[at] - expected[at - 1]))


def _covariance(design: Floats, fit: CountFit, variance: float, correlation: float) -> Floats:
    periods = np.arange(fit.slope.size)
    apart = np.abs(np.subtract.outer(periods, periods))
    noise = np.diag(fit.slope) + variance * np.outer(fit.slope, fit.slope) * correlation**apart
    scores = design * fit.shrink[:, None]
    return np.asarray(fit.bread @ (scores.T @ noise @ scores) @ fit.bread)
