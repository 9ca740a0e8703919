"""The weighted displacement difference: counts before and after, treated against control.

Wheeler and Ratcliffe 2018, "A simple weighted displacement difference test to evaluate place
based crime interventions", Crime Science 7:11. A difference in differences of counts whose error
comes from counting noise alone, with the areas that crime may have moved to.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite, sqrt

from scipy.special import ndtr, ndtri

from baserate.errors import BadPanel
from baserate.terms.quantities import Interval

P_RULE = "two-sided normal test, each count a Poisson variable independent of the others"
DETECTABLE = float(ndtri(0.975) + ndtri(0.80))  # standard errors: found in 80% of trials at 5%

Counts = tuple[float, float]
Changed = tuple[float, float, float]
NOTHING = (0.0, 0.0)


@dataclass(frozen=True, slots=True)
class DisplacementDifference:
    """Change in the treated areas less change in the control areas, in offenses.

    local, local_error                the treated area against its control
    displacement, displacement_error  the areas around them, where crime may have moved
    effect, standard_error            both together: the weighted displacement difference
    z, p_value, p_rule                the test that the effect is zero
    interval                          of the effect
    counterfactual                    what the treated and their surroundings would have had after:
                                      their counts before and the change of their controls
    mde                               the smallest effect it would find in 80 of 100 trials at 5%

    All are in offenses; where weights are given, in offenses for each unit of weight, such as
    offenses a year or a square mile; in units of harm from `wdd_harm`.
    """

    local: float
    local_error: float
    displacement: float
    displacement_error: float
    effect: float
    standard_error: float
    z: float
    p_value: float
    p_rule: str
    interval: Interval
    counterfactual: float
    mde: float

    @property
    def percent(self) -> float | None:
        """The effect as a percent of the counterfactual; None where that is not above zero."""
        return 100 * self.effect / self.counterfactual if self.counterfactual > 0 else None


@dataclass(frozen=True, slots=True)
class AreaWeights:
    """What one count of each area is divided by, such as its size in square miles."""

    treated: float = 1.0
    control: float = 1.0
    displacement_treated: float = 1.0
    displacement_control: float = 1.0


def wdd(
    *,
    treated: Counts,
    control: Counts,
    displacement_treated: Counts = NOTHING,
    displacement_control: Counts = NOTHING,
    time_weights: Counts = (1.0, 1.0),
    area_weights: AreaWeights | None = None,
    dispersion: float = 1.0,
    level: float = 0.95,
) -> DisplacementDifference:
    """The weighted displacement difference of counts (before, after) in up to four areas.

    `time_weights` are the lengths of the two periods: with (2, 1) the two years before count as
    one. A count enters as count / w and its variance as count / w squared, where w is the time
    weight times the area weight. `dispersion` is variance over mean, 1 for counting noise alone.
    Refuses counts below zero, weights that are not above zero, and eight zeros.

    >>> made = wdd(treated=(207, 110), control=(308, 318), displacement_treated=(178, 157),
    ...            displacement_control=(150, 140))
    >>> made.effect, round(made.standard_error, 3), round(made.z, 2)
    (-118.0, 39.598, -2.98)
    """
    weights = area_weights or AreaWeights()
    areas = {
        "treated": (treated, weights.treated),
        "control": (control, weights.control),
        "displacement_treated": (displacement_treated, weights.displacement_treated),
        "displacement_control": (displacement_control, weights.displacement_control),
    }
    for name, weight in zip(("before", "after"), time_weights, strict=True):
        _refuse_weight(weight, f"the time weight {name}")
    if not isfinite(dispersion) or dispersion <= 0:
        raise BadPanel(f"dispersion is {dispersion:g}; it must be above zero, 1 for pure chance")
    parts = {
        name: _change(counts, time_weights, weight, name)
        for name, (counts, weight) in areas.items()
    }
    changes = {name: after - before for name, (before, after, _) in parts.items()}
    variances = {name: dispersion * variance for name, (_, _, variance) in parts.items()}
    grown = changes["control"] + changes["displacement_control"]
    return _tested(
        (
            changes["treated"] - changes["control"],
            changes["displacement_treated"] - changes["displacement_control"],
        ),
        (
            variances["treated"] + variances["control"],
            variances["displacement_treated"] + variances["displacement_control"],
        ),
        parts["treated"][0] + parts["displacement_treated"][0] + grown,
        level,
    )


def _change(counts: Counts, times: Counts, weight: float, name: str) -> Changed:
    """Before, after, and the Poisson variance of their difference, all weighted."""
    if len(counts) != 2 or not all(isfinite(c) and c >= 0 for c in counts):
        raise BadPanel(f"{name} counts {counts}; give two, before and after, zero or more")
    _refuse_weight(weight, f"the area weight of {name}")
    before, after = counts
    w_before, w_after = times[0] * weight, times[1] * weight
    return before / w_before, after / w_after, before / w_before**2 + after / w_after**2


def _refuse_weight(weight: float, what: str) -> None:
    if not isfinite(weight) or weight <= 0:
        raise BadPanel(f"{what} is {weight:g}; weights are above zero")


def _tested(
    sums: Sequence[float], variances: Sequence[float], counterfactual: float, level: float
) -> DisplacementDifference:
    effect, error = float(sum(sums)), sqrt(sum(variances))
    if error == 0:
        raise BadPanel("every count is zero; with no offenses there is no difference to test")
    reach = float(ndtri(0.5 + level / 2)) * error
    return DisplacementDifference(
        local=float(sums[0]),
        local_error=sqrt(variances[0]),
        displacement=float(sums[1]),
        displacement_error=sqrt(variances[1]),
        effect=effect,
        standard_error=error,
        z=effect / error,
        p_value=float(2 * ndtr(-abs(effect / error))),
        p_rule=P_RULE,
        interval=Interval(effect - reach, effect + reach, "normal, Poisson variances", level),
        counterfactual=counterfactual,
        mde=DETECTABLE * error,
    )


def wdd_harm(
    estimates: Sequence[DisplacementDifference], harm: Sequence[float], *, level: float = 0.95
) -> DisplacementDifference:
    """Several kinds of crime in one: each estimate times the harm of one such crime, added up.

    The kinds are taken to be independent. `harm` is in any unit, such as days of a sentence.
    Refuses none at all, unequal lengths, and harm that is not above zero.

    >>> thefts = wdd(treated=(327, 202), control=(388, 305))
    >>> robberies = wdd(treated=(144, 92), control=(86, 64))
    >>> both = wdd_harm([thefts, robberies], [2, 7])
    >>> both.effect, round(both.standard_error, 1)
    (-294.0, 154.3)
    """
    if not estimates or len(estimates) != len(harm):
        raise BadPanel(
            f"{len(estimates)} estimates and {len(harm)} harm weights; give one weight for each"
        )
    for weight in harm:
        _refuse_weight(weight, "a harm weight")
    pairs = list(zip(estimates, harm, strict=True))
    sums = [sum(h * e.local for e, h in pairs), sum(h * e.displacement for e, h in pairs)]
    variances = [
        sum((h * e.local_error) ** 2 for e, h in pairs),
        sum((h * e.displacement_error) ** 2 for e, h in pairs),
    ]
    return _tested(sums, variances, sum(h * e.counterfactual for e, h in pairs), level)
