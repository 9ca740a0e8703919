"""Difference in differences, two by two: treated and control, before and after.

On counts the change of the treated is set against that of the controls as a ratio of ratios or as
a difference of differences, with counting noise times a stated dispersion. On a panel each unit's
mean before is taken from its mean after, and units are the sample (Bertrand, Duflo and
Mullainathan 2004, Quarterly Journal of Economics 119:249): whatever periods of a unit share does
no harm.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import expm1, isfinite, log, sqrt

import numpy as np
from numpy.typing import ArrayLike

from baserate.errors import BadPanel
from baserate.evaluate.inference import shapes, wald
from baserate.evaluate.inference.power import minimum_detectable_effect
from baserate.evaluate.inference.shapes import Flags, Floats
from baserate.terms.quantities import Interval

Pair = tuple[float, float]


@dataclass(frozen=True, slots=True)
class RatioDid:
    """A ratio of ratios of counts, and what it comes to.

    effect      log of the ratio of ratios
    ratio       treated after/before over control after/before; 1 is no effect
    percent     the effect in percent of what the treated would have had
    offenses    treated after, less treated before times the controls' ratio: negative is fewer
    interval    of `effect`; the others carry it on
    dispersion  variance over mean that the error assumes
    mde         smallest log ratio found with probability 0.80 at 5%
    """

    effect: float
    ratio: float
    percent: float
    offenses: float
    standard_error: float
    interval: Interval
    percent_interval: Interval
    offenses_interval: Interval
    p_value: float
    p_rule: str
    mde: float
    dispersion: float


def ratio_did(
    *,
    treated: Pair,
    control: Pair,
    treated_exposure: Pair = (1.0, 1.0),
    control_exposure: Pair = (1.0, 1.0),
    dispersion: float = 1.0,
    level: float = 0.95,
) -> RatioDid:
    """Difference in differences of log counts, or of log rates where exposures are given.

    Each pair is (before, after), in offenses; exposures are people or person-years. The standard
    error is sqrt(dispersion * (1/a + 1/b + 1/c + 1/d)) over the four counts. Refuses counts of
    zero, whose logarithm has no value: `level_did` takes those.

    >>> made = ratio_did(treated=(207, 110), control=(308, 318))
    >>> round(made.percent, 1), round(made.offenses), round(made.standard_error, 3)
    (-48.5, -104, 0.143)
    """
    a, b, c, d = _four(treated, control)
    n = _four(treated_exposure, control_exposure)
    if min(a, b, c, d) <= 0:
        raise BadPanel(
            f"counts are {treated} and {control}: a ratio needs all four above zero; "
            "compare differences instead"
        )
    if min(n) <= 0:
        raise BadPanel(f"exposures are {treated_exposure} and {control_exposure}; all are positive")
    effect = log(b / a) - log(d / c) - log(n[1] / n[0]) + log(n[3] / n[2])
    error = sqrt(_checked(dispersion) * (1 / a + 1 / b + 1 / c + 1 / d))
    method = f"normal, log ratio, dispersion {dispersion:g}"
    limits = wald.interval(effect, error, method, level=level)
    return RatioDid(
        effect=effect,
        ratio=1 + expm1(effect),
        percent=100 * expm1(effect),
        offenses=_offenses(effect, b),
        standard_error=error,
        interval=limits,
        percent_interval=Interval(
            100 * expm1(limits.lower), 100 * expm1(limits.upper), method, level
        ),
        offenses_interval=Interval(
            _offenses(limits.lower, b), _offenses(limits.upper, b), method, level
        ),
        p_value=wald.two_sided_p(effect, error),
        p_rule=f"Wald test of the log ratio of ratios, counting noise times {dispersion:g}",
        mde=minimum_detectable_effect(error),
        dispersion=dispersion,
    )


def _offenses(effect: float, after: float) -> float:
    """What was counted after, less what it would have been without the effect."""
    return -after * expm1(-effect)


@dataclass(frozen=True, slots=True)
class LevelDid:
    """A difference of differences, in the outcome's own unit.

    effect          change of the treated less change of the controls
    percent         of what the treated would have had; None where that is not above zero
    treated_change, control_change   after less before
    """

    effect: float
    percent: float | None
    treated_change: float
    control_change: float
    standard_error: float
    interval: Interval
    p_value: float
    p_rule: str
    mde: float
    dispersion: float


def level_did(
    *,
    treated: Pair,
    control: Pair,
    treated_exposure: Pair = (1.0, 1.0),
    control_exposure: Pair = (1.0, 1.0),
    dispersion: float = 1.0,
    level: float = 0.95,
) -> LevelDid:
    """Difference in differences of counts, or of rates per unit of exposure.

    The standard error is sqrt(dispersion * (a + b + c + d)), each count over its exposure squared.
    It means little where treated and controls are of different size: then use `ratio_did`.

    >>> made = level_did(treated=(207, 110), control=(308, 318))
    >>> made.effect, round(made.standard_error, 2)
    (-107.0, 30.71)
    """
    four, n = _four(treated, control), _four(treated_exposure, control_exposure)
    if min(four) < 0 or not any(four):
        raise BadPanel(f"counts are {treated} and {control}; none is negative and not all are zero")
    if min(n) <= 0:
        raise BadPanel(f"exposures are {treated_exposure} and {control_exposure}; all are positive")
    a, b, c, d = (count / size for count, size in zip(four, n, strict=True))
    effect = (b - a) - (d - c)
    variance = sum(count / size**2 for count, size in zip(four, n, strict=True))
    error = sqrt(_checked(dispersion) * variance)
    counterfactual = a + d - c
    return LevelDid(
        effect=effect,
        percent=100 * effect / counterfactual if counterfactual > 0 else None,
        treated_change=b - a,
        control_change=d - c,
        standard_error=error,
        interval=wald.interval(effect, error, f"normal, dispersion {dispersion:g}", level=level),
        p_value=wald.two_sided_p(effect, error),
        p_rule=f"Wald test of the difference of differences, counting noise times {dispersion:g}",
        mde=minimum_detectable_effect(error),
        dispersion=dispersion,
    )


def _four(treated: Pair, control: Pair) -> tuple[float, float, float, float]:
    four = (*treated, *control)
    if len(four) != 4 or not all(isfinite(x) for x in four):
        raise BadPanel(f"{treated} and {control}: two numbers each, before and after, are needed")
    return four


def _checked(dispersion: float) -> float:
    if not dispersion > 0:
        raise BadPanel(f"a dispersion of {dispersion:g}; it is above zero, and 1 is counting noise")
    return dispersion


@dataclass(frozen=True, slots=True)
class MeansDid:
    """A difference of mean changes of units, in the outcome's own unit.

    percent   of what the treated would have had on average; None where that is not above zero
    standard_error, interval, p_value, mde   None where `reason` says why
    """

    effect: float
    percent: float | None
    standard_error: float | None
    interval: Interval | None
    p_value: float | None
    p_rule: str
    mde: float | None
    treated_units: int
    control_units: int
    reason: str


def means_did(
    outcome: ArrayLike, treated: ArrayLike, first: int, *, level: float = 0.95
) -> MeansDid:
    """Mean change of treated units less that of the others.

    `outcome` has shape (units, periods), `treated` (units,) is True or False, and `first` is the
    index of the first treated period. A unit's change is its mean from then on less its mean
    before; the error is Welch's, over units. A single treated unit gives no error: ask
    `randomization_inference`.

    >>> made = means_did([[5, 6, 3], [4, 5, 5], [7, 9, 8.]], [True, False, False], 2)
    >>> made.effect, made.reason
    (-2.75, 'one treated unit: its change has no error of its own; ask randomization inference')
    """
    made = shapes.panel(outcome)
    on = shapes.treated_units(treated, made.shape[0])
    start = shapes.first_period(first, made.shape[1])
    changes = made[:, start:].mean(axis=1) - made[:, :start].mean(axis=1)
    effect = float(changes[on].mean() - changes[~on].mean())
    counterfactual = float(made[on, start:].mean()) - effect
    percent = 100 * effect / counterfactual if counterfactual > 0 else None
    number = int(on.sum()), int((~on).sum())
    error, degrees, reason = _welch(changes, on)
    if error is None:
        return MeansDid(effect, percent, None, None, None, "", None, *number, reason)
    return MeansDid(
        effect=effect,
        percent=percent,
        standard_error=error,
        interval=wald.interval(effect, error, "Welch's t over units", degrees=degrees, level=level),
        p_value=wald.two_sided_p(effect, error, degrees=degrees),
        p_rule=f"Welch's t over changes of units, {degrees:.1f} degrees of freedom",
        mde=minimum_detectable_effect(error),
        treated_units=number[0],
        control_units=number[1],
        reason="",
    )


def _welch(changes: Floats, on: Flags) -> tuple[float | None, float, str]:
    """Welch's error of a difference of means, its degrees of freedom, or why there is none."""
    for side, which in ((changes[on], "treated"), (changes[~on], "control")):
        if side.size < 2:
            said = f"one {which} unit: its change has no error of its own; ask randomization "
            return None, 0.0, said + "inference"
    parts = [np.var(side, ddof=1) / side.size for side in (changes[on], changes[~on])]
    total = float(sum(parts))
    if total == 0:
        return None, 0.0, "all units of each side changed alike: there is no error to work out"
    shares = [p**2 / (n - 1) for p, n in zip(parts, (on.sum(), (~on).sum()), strict=True)]
    return sqrt(total), float(total**2 / sum(shares)), ""
