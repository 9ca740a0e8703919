"""The effect on one outcome of many small areas, with its errors by several methods."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from baserate.evaluate.small_areas.replicates import Jackknife, Placebos
from baserate.evaluate.small_areas.totals import Alternative, Difference, p_of
from baserate.terms.quantities import Interval

DETECTABLE = float(ndtri(0.975) + ndtri(0.80))  # standard errors: found in 80% of trials at 5%


@dataclass(frozen=True, slots=True)
class Spread:
    """How far an effect may be off, by one method.

    error      in offenses
    log_error  of log(treated / control), or None where either is zero
    p_value    on the side that was asked about
    """

    method: str
    error: float
    log_error: float | None
    p_value: float


@dataclass(frozen=True, slots=True)
class MicrosynthEffect:
    """The effect on one outcome, in offenses over the periods evaluated.

    treated_total, control_total  offenses in the treated areas, and in the weighted controls
    effect, percent               treated less control; percent of control, None where that is 0
    residual                      error from what the balanced columns do not tell of the outcome
    linearized                    as published: every area and period a draw of its own
    jackknife                     weights worked out again without a part of the areas, or None
    permutation_p                 rank among random groups of areas, or None
    standard_error, interval      from `residual`; `percent_interval` likewise, on the log scale
    p_value, p_rule               by permutation, or else from `residual`
    mde                           the smallest effect found in 80 of 100 trials, two-sided at 5%
    """

    name: str
    treated_total: float
    control_total: float
    effect: float
    percent: float | None
    residual: Spread
    linearized: Spread
    jackknife: Spread | None
    permutation_p: float | None
    standard_error: float
    interval: Interval
    percent_interval: Interval | None
    p_value: float
    p_rule: str
    mde: float


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything that the effects of all outcomes are put together from."""

    alternative: Alternative
    level: float
    published: Difference
    residual: Difference
    left_out: Jackknife
    random: Placebos

    def effect(self, at: int, name: str, treated: float, control: float) -> MicrosynthEffect:
        """One outcome's row."""
        effect = treated - control
        by = self._spread("residuals from what was balanced", self.residual, at)
        reach = float(ndtri(0.5 + self.level / 2))
        permuted = self.random.p_value(float(self.published.z[at]), at, self.alternative)
        percent = 100 * effect / control if control > 0 else None
        return MicrosynthEffect(
            name=name,
            treated_total=treated,
            control_total=control,
            effect=effect,
            percent=percent,
            residual=by,
            linearized=self._spread("linearized, as published", self.published, at),
            jackknife=self._jackknifed(at, effect),
            permutation_p=permuted,
            standard_error=by.error,
            interval=Interval(
                effect - reach * by.error, effect + reach * by.error, by.method, self.level
            ),
            percent_interval=_percents(percent, by, reach, self.level),
            p_value=by.p_value if permuted is None else permuted,
            p_rule=f"normal test, {by.method}"
            if permuted is None
            else self.random.rule(self.alternative),
            mde=DETECTABLE * by.error,
        )

    def _spread(self, method: str, made: Difference, at: int) -> Spread:
        log_error = float(made.log_error[at])
        return Spread(
            method,
            float(made.error[at]),
            None if np.isnan(log_error) else log_error,
            p_of(float(made.z[at]), self.alternative),
        )

    def _jackknifed(self, at: int, effect: float) -> Spread | None:
        if not self.left_out.groups:
            return None
        error, log_error = float(self.left_out.error[at]), float(self.left_out.log_error[at])
        return Spread(
            f"jackknife, {self.left_out.groups} groups, weights worked out anew for each, "
            "Student's t",
            error,
            None if np.isnan(log_error) else log_error,
            p_of(effect / error if error else 0.0, self.alternative, self.left_out.groups - 1),
        )


def _percents(percent: float | None, by: Spread, reach: float, level: float) -> Interval | None:
    if percent is None or by.log_error is None:
        return None
    ratio = np.log1p(percent / 100)
    low, high = (float(100 * np.expm1(ratio + s * reach * by.log_error)) for s in (-1, 1))
    return Interval(low, high, f"{by.method}, on the log scale", level)
