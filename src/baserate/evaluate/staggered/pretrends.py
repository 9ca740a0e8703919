"""Tests of effects before treatment, which should be zero.

That they are not found to differ from zero is weak evidence: a test of them may have no power
(Roth 2022, American Economic Review: Insights 4:305). So beside the test of zero stands a test of
equivalence, which asks how large they can still be.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

import numpy as np

from baserate.errors import BadPanel
from baserate.evaluate.inference import wald
from baserate.evaluate.staggered.event_study import EventStudy

ENOUGH = 2.0  # degrees of freedom for each effect, for a joint test by their covariance


@dataclass(frozen=True, slots=True)
class PretrendTest:
    """Whether effects before treatment are zero, and how large they can still be.

    p_value            that all are zero
    largest            the largest in size, in the outcome's unit
    largest_not_excluded  the smallest size that a test of equivalence at 5% would exclude: trends
                       up to it remain possible
    equivalence_p      that some effect is as large as `threshold`; None without a threshold
    """

    p_value: float
    p_rule: str
    effects: int
    largest: float
    largest_not_excluded: float
    threshold: float | None
    equivalence_p: float | None


def pretrend_test(study: EventStudy, *, threshold: float | None = None) -> PretrendTest:
    """A joint test that effects before treatment are zero, and one that they are small.

    The first is Hotelling's, or Bonferroni's bound where there are few degrees of freedom for the
    number of effects. The second takes as its hypothesis that some effect before treatment is
    `threshold` or larger, in the outcome's unit, and rejects only if every one is shown to be
    smaller by two one-sided tests (Hartman and Hidalgo 2018, American Journal of Political Science
    62:1000; Berger 1982, Technometrics 24:295). Its p below 5% is evidence of parallel trends;
    a high p of the first is not.

    >>> from baserate.evaluate.staggered.event_study import two_way_event_study
    >>> outcome = np.random.default_rng(1).normal(size=(40, 6))
    >>> made = pretrend_test(two_way_event_study(outcome, np.repeat([-1, 4], 20)), threshold=2.0)
    >>> made.p_value > 0.05, made.equivalence_p < 0.05
    (True, True)
    """
    before = study.is_before
    if not before.any():
        raise BadPanel("there are no effects before treatment; a pre-trend needs two periods there")
    if threshold is not None and threshold <= 0:
        raise BadPanel(f"a threshold of {threshold:g}; an effect's size is above zero")
    effects, errors = study.effect[before], study.standard_error[before]
    degrees, sizes, count = study.degrees[before], np.abs(effects), int(before.sum())
    joint, rule = _joint_test(study)
    reach = np.array([wald.quantile(0.95, d) for d in degrees])
    small = None
    if threshold is not None:
        small = max(
            wald.below_p(size - threshold, error, degrees=d)
            for size, error, d in zip(sizes, errors, degrees, strict=True)
        )
    return PretrendTest(
        p_value=joint,
        p_rule=rule,
        effects=count,
        largest=float(sizes.max()),
        largest_not_excluded=float((sizes + reach * errors).max()),
        threshold=threshold,
        equivalence_p=small,
    )


def _joint_test(study: EventStudy) -> tuple[float, str]:
    """The p that all effects before treatment are zero, and its rule.

    Hotelling's T-squared is read at the fewest degrees of freedom of any of them.
    """
    before = study.is_before
    effects, count = study.effect[before], int(before.sum())
    degrees = float(study.degrees[before].min())
    covariance = study.covariance[np.ix_(before, before)]
    said = f"that {count} effects before treatment are zero"
    if degrees == inf:
        return wald.joint_p(effects, covariance)[0], f"Wald test {said}, chi-squared"
    if degrees < ENOUGH * count:
        p = wald.smallest_p(effects, study.standard_error[before], study.degrees[before])
        return p, f"smallest p of {count} effects before treatment, times {count} (Bonferroni)"
    left = degrees - count + 1
    p, _ = wald.joint_p(effects, covariance * degrees / left, degrees=left)
    return p, f"Hotelling's test {said}, F with {count} and {left:.1f} degrees of freedom"
