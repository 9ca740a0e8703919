"""Callaway and Sant'Anna's staggered difference in differences, from a panel to one answer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import expm1

import numpy as np
from numpy.typing import ArrayLike

from baserate.evaluate.differences.twoway import Scale
from baserate.evaluate.inference import shapes, wald
from baserate.evaluate.inference.randomization import (
    IN_NOISE,
    Randomization,
    randomization_inference,
)
from baserate.evaluate.inference.shapes import Floats
from baserate.evaluate.inference.unit_noise import noise_of_groups
from baserate.evaluate.staggered.aggregations import Aggregate, Estimate, aggregate, simple
from baserate.evaluate.staggered.group_time import AttGt, Control, Pretest, att_gt, pretest
from baserate.evaluate.staggered.influence import errors_of
from baserate.terms.quantities import Interval


@dataclass(frozen=True, slots=True)
class StaggeredDid:
    """Callaway and Sant'Anna: the mean effect on treated units, and all that it is made of.

    effect, percent  overall by cohort, the authors' recommendation for one number: the mean over
                     each cohort's treated periods, then over cohorts by size; in the outcome's
                     unit, and in percent of what it would have been (None where that is not
                     above zero)
    standard_error   from influence functions; `group.overall.bootstrap_error` is the other one
    total            the effect summed over treated units and periods, in the outcome's unit:
                     offenses, where the outcome is counts
    mde              smallest effect found with probability 0.80 at 5%
    """

    effect: float
    percent: float | None
    standard_error: float
    interval: Interval
    p_value: float
    p_rule: str
    mde: float
    total: float
    total_interval: Interval
    att: AttGt
    simple: Estimate
    dynamic: Aggregate
    group: Aggregate
    calendar: Aggregate
    pretest: Pretest
    notes: tuple[str, ...]


def callaway_santanna(
    outcome: ArrayLike,
    cohort: ArrayLike,
    *,
    controls: Control = "never",
    anticipation: int = 0,
    clusters: ArrayLike | None = None,
    scale: Scale = "level",
    draws: int = 999,
    seed: int,
) -> StaggeredDid:
    """The effect of a program that units began at different times, from start to end.

    Arguments are those of `att_gt`; `scale` says whether the outcome is a logarithm, for the
    percent; `draws` and `seed` make the simultaneous bands.

    >>> rng = np.random.default_rng(1)
    >>> began = np.repeat([-1, 3, 5], 20)
    >>> effect = np.where((began[:, None] >= 0) & (np.arange(8) >= began[:, None]), -4.0, 0.0)
    >>> made = callaway_santanna(50 + effect + rng.normal(size=(60, 8)), began, seed=1)
    >>> round(made.effect), round(made.percent), made.interval.upper < 0
    (-4, -8, True)
    """
    made = att_gt(outcome, cohort, controls=controls, anticipation=anticipation, clusters=clusters)
    group = aggregate(made, "group", draws=draws, seed=seed)
    best = group.overall
    total, total_interval = _total(made)
    return StaggeredDid(
        effect=best.effect,
        percent=100 * expm1(best.effect) if scale == "log" else _percent(made, best.effect),
        standard_error=best.standard_error,
        interval=best.interval,
        p_value=best.p_value,
        p_rule=best.p_rule,
        mde=best.mde,
        total=total,
        total_interval=total_interval,
        att=made,
        simple=simple(made),
        dynamic=aggregate(made, "dynamic", draws=draws, seed=seed),
        group=group,
        calendar=aggregate(made, "calendar", draws=draws, seed=seed),
        pretest=pretest(made),
        notes=made.notes,
    )


def _percent(made: AttGt, effect: float) -> float | None:
    """Of the mean that would have been, cohorts weighted as in the overall effect."""
    seen = 0.0
    treated = sum(made.cohort_sizes[int(g)] for g in np.unique(made.cohort[made.is_post]))
    for g in np.unique(made.cohort[made.is_post]):
        keep = made.is_post & (made.cohort == g)
        seen += made.cohort_sizes[int(g)] / treated * float(made.outcome_mean[keep].mean())
    return 100 * effect / (seen - effect) if seen > effect else None


def _total(made: AttGt) -> tuple[float, Interval]:
    """Effects summed over treated units and periods; cohort sizes are taken as they are."""
    keep = made.is_post
    sizes = np.array([made.cohort_sizes[int(g)] for g in made.cohort[keep]], dtype=np.float64)
    total = float(made.effect[keep] @ sizes)
    weights = np.zeros((made.effect.size, 1))
    weights[keep, 0] = sizes
    error = float(errors_of(made.influence.on(weights), made.influence.clusters)[0])
    small = made.influence.small_sample(weights, made.spare_kind)
    own, degrees = float(small.errors[0]), float(small.degrees[0])
    said = f"influence functions, Student's t with {degrees:.1f} degrees of freedom"
    return total, wald.interval(total, max(error, own), said, degrees=degrees)


def randomize_cohorts(
    outcome: ArrayLike,
    cohort: ArrayLike,
    *,
    controls: Control = "never",
    draws: int = 999,
    seed: int,
    strata: ArrayLike | None = None,
    noise: Floats | None = None,
) -> Randomization:
    """Randomization inference for small cohorts: the same starts are given to other units.

    Ranks the mean effect over cohorts in its own errors, so that `effect`, and the placebos, are
    t statistics; with `noise` (units,), of `unit_noise`, in that of the treated units and the
    others, which is better for cohorts too small for errors of their own. `strata` (units,) keep
    starts within them.

    >>> outcome = np.random.default_rng(1).normal(size=(20, 5))
    >>> began = np.array([2, 3] + 18 * [-1])
    >>> 0.05 < randomize_cohorts(outcome, began, draws=99, seed=1).p_value < 1
    True
    """
    panel = shapes.panel(outcome)
    began = shapes.cohorts(cohort, panel)

    def statistic(assigned: Floats) -> float:
        made = att_gt(panel, assigned[:, 0].astype(np.int64), controls=controls)
        found = aggregate(made, "group").overall
        if noise is None:
            return found.effect / max(found.standard_error, found.small_sample_error)
        return found.effect / float(noise_of_groups(noise, assigned.T >= 0)[0])

    each = began[:, None].astype(np.float64)
    made = randomization_inference(each, statistic, draws=draws, seed=seed, strata=strata)
    return replace(
        made,
        p_rule=made.p_rule.replace("estimate", "t statistic" if noise is None else IN_NOISE),
        mde=None,
    )
