"""Errors of the difference of two totals: of treated units, and of weighted controls.

Pure arithmetic.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, stdtr

from baserate.errors import BadPanel

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Alternative = Literal["lower", "upper", "two-sided"]


@dataclass(frozen=True, slots=True)
class Difference:
    """Treated total less control total and its errors, one of each for every outcome.

    effect     (outcomes,): in offenses
    error      (outcomes,): its standard error
    log_error  (outcomes,): standard error of log(treated / control); nan where either is zero
    """

    effect: Floats
    error: Floats
    log_error: Floats

    @property
    def z(self) -> Floats:
        """Effect over error; 0 where there are no offenses at all."""
        none = np.zeros_like(self.effect)
        return np.divide(self.effect, self.error, out=none, where=self.error > 0)


def linearized(post: Floats, weights: Floats, treated: Flags) -> Difference:
    """The errors that are published with this design; `post` is (outcomes, units, periods).

    A weighted regression of each unit-period on treatment and period, its error by linearization
    (Binder 1983, International Statistical Review 51:279). Each unit-period is taken for a draw of
    its own, and what the weights were made to balance for unknown; the two err in opposite ways.

    >>> post = np.array([[[3.0], [5.0], [4.0], [6.0]]])
    >>> made = linearized(post, np.array([1, 1, 0.5, 1.5]), np.array([True, True, False, False]))
    >>> made.effect.tolist(), made.error.round(3).tolist()
    ([-3.0], [2.041])
    """
    rows = np.flatnonzero(weights > 0)
    w, is_treated, outcome = weights[rows], treated[rows].astype(np.float64), post[:, rows, :]
    total, periods = float(w.sum()), post.shape[2]
    share = float(w @ is_treated) / total
    by_unit = outcome.mean(axis=2)
    treated_mean = by_unit @ (w * is_treated) / (total * share)
    difference = treated_mean - by_unit @ (w * (1 - is_treated)) / (total * (1 - share))
    control = np.einsum("u,out->ot", w, outcome) / total - share * difference[:, None]
    rest = outcome - control[:, None, :] - difference[:, None, None] * is_treated[:, None]
    rest *= (w / (periods * total))[:, None]
    moved = rest * ((is_treated - share) / (share * (1 - share)))[:, None]
    base = rest - share * moved
    draws = weights.size * periods
    mean = control.mean(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = (moved + base) / (mean + difference)[:, None, None] - base / mean[:, None, None]
    possible = (mean > 0) & (mean + difference > 0)
    scale = total * share * periods
    return Difference(
        effect=scale * difference,
        error=scale * _root(moved, draws),
        log_error=np.where(possible, _root(ratio, draws), np.nan),
    )


def _root(influence: Floats, draws: int) -> Floats:
    return np.asarray(np.sqrt(draws / (draws - 1) * (influence**2).sum(axis=(1, 2))))


def calibrated_residuals(
    post: Floats, columns: Floats, weights: Floats, treated: Flags
) -> Difference:
    """The errors given what was balanced; `columns` is (units, columns balanced).

    What the columns tell of an outcome is the same on both sides, so only what they do not tell
    counts: the residuals of each unit's total from a regression on them among controls (Deville
    and Särndal 1992, Journal of the American Statistical Association 87:376, section 3). A unit is
    one draw, whatever its periods have in common; the treated scatter around their own mean.

    Refuses as many columns as controls.
    """
    pool = ~treated
    spare = int(pool.sum()) - columns.shape[1]
    if spare < 1:
        raise BadPanel(
            f"{int(pool.sum())} controls for {columns.shape[1]} columns to balance; more controls "
            "than columns are needed"
        )
    totals = post.sum(axis=2)
    told = np.linalg.lstsq(columns[pool], totals[:, pool].T, rcond=None)[0]
    rest = totals - (columns @ told).T
    w = weights[pool]
    of_control = (rest[:, pool] ** 2) @ (w**2) * pool.sum() / spare
    of_treated = _own_scatter(rest[:, treated], of_control / w.sum())
    own, control = totals[:, treated].sum(axis=1), totals[:, pool] @ w
    with np.errstate(divide="ignore", invalid="ignore"):
        relative = of_treated / own**2 + of_control / control**2
    return Difference(
        effect=own - control,
        error=np.sqrt(of_treated + of_control),
        log_error=np.where((own > 0) & (control > 0), np.sqrt(relative), np.nan),
    )


def _own_scatter(rest: Floats, else_: Floats) -> Floats:
    """Variance of the treated total; a single unit is taken to scatter like the controls."""
    count = rest.shape[1]
    if count == 1:
        return else_
    away = rest - rest.mean(axis=1, keepdims=True)
    return np.asarray((away**2).sum(axis=1) * count / (count - 1))


def p_of(z: float, alternative: Alternative, degrees: float = np.inf) -> float:
    """How often chance alone gives a statistic at least as far out, on the side asked about.

    >>> round(p_of(-1.6449, "lower"), 3), round(p_of(-1.96, "two-sided"), 3)
    (0.05, 0.05)
    """
    if alternative == "two-sided":
        return min(1.0, 2 * p_of(-abs(z), "lower", degrees))
    at = z if alternative == "lower" else -z
    return float(ndtr(at) if np.isinf(degrees) else stdtr(degrees, at))
