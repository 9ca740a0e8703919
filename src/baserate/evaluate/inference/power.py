"""What a design could have seen: minimum detectable effects and power. Pure arithmetic.

An effect that a study did not find is an answer only if the study could have found it. The
minimum detectable effect is the smallest true effect that a two-sided test at 5% finds in 80 of
100 studies like this one (Bloom 1995, Evaluation Review 19:547): 2.8016 standard errors.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import expm1, inf, log1p, sqrt

import numpy as np
from numpy.typing import ArrayLike

from baserate.errors import BadPanel
from baserate.evaluate.inference.shapes import Floats
from baserate.evaluate.inference.wald import below_p, quantile

ALPHA = 0.05
POWER = 0.80
LARGEST_LOG = 700.0  # the exponential of more is no number


def minimum_detectable_effect(
    standard_error: float,
    *,
    degrees: float = inf,
    alpha: float = ALPHA,
    power: float = POWER,
) -> float:
    """The smallest true effect that would probably be found, in the unit of the standard error.

    `degrees` of freedom are those at which the test reads Student's t; few make it larger.

    >>> round(minimum_detectable_effect(1.0), 4)
    2.8016
    >>> round(minimum_detectable_effect(1.0, degrees=4), 2)
    3.72
    """
    if standard_error < 0:
        raise BadPanel(f"a standard error of {standard_error:g}; it is zero or more")
    return (quantile(1 - alpha / 2, degrees) + quantile(power, degrees)) * standard_error


@dataclass(frozen=True, slots=True)
class CouldHaveSeen:
    """Whether a design could have seen an effect of a given size.

    effect  the size asked about, in the unit of the estimate
    mde     the smallest effect that would be found with probability 0.80
    power   the probability that an effect of the size asked about would have been found
    """

    effect: float
    mde: float
    power: float

    @property
    def could(self) -> bool:
        """Whether it would have been found with probability 0.80 or more."""
        return abs(self.effect) >= self.mde


def could_have_seen(
    effect: float,
    standard_error: float,
    *,
    degrees: float = inf,
    alpha: float = ALPHA,
    power: float = POWER,
) -> CouldHaveSeen:
    """Whether a design with this standard error could have seen an effect of this size.

    Both are in one unit; for a percent change of counts give logs, as `log_of_percent` does.

    >>> seen = could_have_seen(log_of_percent(-4.0), 0.05)      # "could it have seen 4%?"
    >>> seen.could, round(percent_of_log(-seen.mde), 1)
    (False, -13.1)
    """
    mde = minimum_detectable_effect(standard_error, degrees=degrees, alpha=alpha, power=power)
    if standard_error == 0:
        return CouldHaveSeen(effect, mde, 1.0 if effect else alpha)
    z, size = quantile(1 - alpha / 2, degrees), abs(effect) / standard_error
    found = below_p(size - z, 1.0, degrees=degrees) + below_p(-size - z, 1.0, degrees=degrees)
    return CouldHaveSeen(effect, mde, found)


def log_of_percent(percent: float) -> float:
    """A percent change as a log ratio: -50% is log 0.5.

    >>> round(log_of_percent(-50.0), 4)
    -0.6931
    """
    if percent <= -100:
        raise BadPanel(f"a change of {percent:g}% has no logarithm; it must be above -100%")
    return log1p(percent / 100)


def percent_of_log(log_ratio: float) -> float:
    """A log ratio as a percent change; infinite where it is beyond all numbers."""
    return 100 * expm1(log_ratio) if log_ratio < LARGEST_LOG else inf


@dataclass(frozen=True, slots=True)
class CountDesign:
    """What a 2x2 comparison of counts could see.

    standard_error  of the log of the ratio of ratios
    fall_percent    the smallest fall that it would probably find, in percent (negative)
    rise_percent    the smallest rise
    fewer_offenses  that fall, in offenses of the treated in the period after
    """

    standard_error: float
    fall_percent: float
    rise_percent: float
    fewer_offenses: float


def mde_of_counts(
    *,
    treated: tuple[float, float],
    control: tuple[float, float],
    dispersion: float = 1.0,
    alpha: float = ALPHA,
    power: float = POWER,
) -> CountDesign:
    """What counts (before, expected after) of treated and control could see.

    The standard error of the log ratio is sqrt(dispersion * (1/a + 1/b + 1/c + 1/d)), where
    `dispersion` is variance over mean, 1 for pure counting noise.

    >>> design = mde_of_counts(treated=(400, 400), control=(4000, 4000))
    >>> round(design.fall_percent, 1), round(design.fewer_offenses)
    (-18.8, -75)
    """
    four = (*treated, *control)
    if min(four) <= 0 or dispersion <= 0:
        raise BadPanel(f"counts {four} and dispersion {dispersion:g}; all must be positive")
    error = sqrt(dispersion * sum(1 / count for count in four))
    mde = minimum_detectable_effect(error, alpha=alpha, power=power)
    fall = expm1(-mde)
    return CountDesign(error, 100 * fall, 100 * expm1(mde), fall * treated[1])


def mde_of_placebos(
    placebo_effects: ArrayLike, *, alpha: float = ALPHA, power: float = POWER
) -> float:
    """The smallest effect that placebo effects would let through, in their unit.

    Added to each placebo effect in turn, it must put that one among the largest of all in size
    often enough: its rank among the others, itself counted, makes a p of `alpha` or less in
    `power` of the cases, for a fall and for a rise alike. Infinite where placebos are too few for
    any p so small: 20 are needed for 5%.

    >>> mde_of_placebos(np.linspace(-1, 1, 12))
    inf
    >>> round(mde_of_placebos(np.linspace(-1, 1, 99)), 2)
    1.59
    """
    effects = np.asarray(placebo_effects, dtype=np.float64)
    if effects.ndim != 1 or not np.isfinite(effects).all():
        raise BadPanel("placebo effects must be one row of numbers")
    may_exceed = int(np.floor(alpha * effects.size + 1e-9)) - 1  # of the others, in size
    if may_exceed < 0:
        return inf
    wanted = int(np.ceil(power * effects.size - 1e-9)) - 1
    bars = _bars(np.abs(effects), may_exceed)
    rise, fall = (np.sort(np.maximum(bars - sign * effects, 0)) for sign in (1, -1))
    return float(max(rise[wanted], fall[wanted]))


def _bars(sizes: Floats, may_exceed: int) -> Floats:
    """For each placebo, the size that it must pass to be among the largest of the others."""
    largest = np.sort(sizes)[::-1]
    own = sizes >= largest[may_exceed]
    beyond = largest[min(may_exceed + 1, sizes.size - 1)]
    return np.asarray(np.where(own, beyond, largest[may_exceed]))
