"""Difference in differences by two-way fixed effects, with treatment of any strength.

Where units begin at different times and effects grow or differ, the coefficient is a weighted
mean of effects in which some weights can be negative (Goodman-Bacon 2021, Journal of Econometrics
225:254); `staggered` is then the design to believe.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import expm1
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from baserate.errors import BadPanel
from baserate.evaluate.differences.bias_reduced import BiasReduced
from baserate.evaluate.differences.within import Regression, regress
from baserate.evaluate.inference import shapes, wald
from baserate.evaluate.inference.power import minimum_detectable_effect
from baserate.evaluate.inference.shapes import Flags, Floats, Ints
from baserate.terms.quantities import Interval

Scale = Literal["level", "log"]

# With fewer treated clusters CR1 is far too small (MacKinnon and Webb 2017, Journal of Applied
# Econometrics 32:233, find rejection far above its level up to about here).
FEW_TREATED = 8


@dataclass(frozen=True, slots=True)
class Design:
    """A panel as regressions take it, checked once.

    outcome     (units, periods); treatment and weights the same
    covariates  (covariates, units, periods)
    groups      (units,): period effects are each group's own
    clusters    (units,)
    """

    outcome: Floats
    treatment: Floats
    covariates: Floats
    weights: Floats
    groups: Ints
    clusters: Ints

    @property
    def ever_treated(self) -> Flags:
        """Which units are treated in some period, at any strength."""
        return np.asarray(((self.treatment != 0) & (self.weights > 0)).any(axis=1))

    @property
    def treated_clusters(self) -> int:
        """How many clusters hold a treated unit."""
        return int(np.unique(self.clusters[self.ever_treated]).size)

    def fit(self) -> Regression:
        """Weighted least squares on the treatment, first, and the covariates."""
        regressors = np.concatenate([self.treatment[None], self.covariates])
        return regress(self.outcome, regressors, self.weights, self.groups, self.clusters)


def design(
    outcome: ArrayLike,
    treatment: ArrayLike,
    *,
    weights: ArrayLike | None = None,
    groups: ArrayLike | None = None,
    covariates: ArrayLike | None = None,
    observed: ArrayLike | None = None,
    clusters: ArrayLike | None = None,
) -> Design:
    """Arrays of a two-way design, or BadPanel with what is wrong with them."""
    made = shapes.panel(outcome, observed)
    units = made.shape[0]
    given = np.ones(made.shape) if weights is None else shapes.like(weights, made, "weights")
    if given.min() < 0:
        raise BadPanel(f"the smallest weight is {given.min():g}; weights are zero or more")
    path = shapes.like(treatment, made, "treatment")
    seen = np.where(shapes.seen_cells(observed, made), given, 0.0)
    if not np.ptp(path[seen > 0]):
        raise BadPanel(
            f"the treatment is {path[seen > 0][0]:g} in every cell; some must be treated and "
            "some not"
        )
    one_group = np.zeros(units, dtype=np.int64)
    return Design(
        outcome=made,
        treatment=path,
        covariates=shapes.stacked(covariates, made),
        weights=seen,
        groups=one_group if groups is None else shapes.labels(groups, units, "groups"),
        clusters=shapes.labels(clusters, units, "clusters"),
    )


def few_treated_note(treated_clusters: int) -> tuple[str, ...]:
    """What to say of a clustered error that rests on few treated clusters."""
    if treated_clusters >= FEW_TREATED:
        return ()
    return (
        f"only {treated_clusters} treated clusters: the usual clustered standard error is too "
        "small; set randomization inference beside the interval",
    )


@dataclass(frozen=True, slots=True)
class TwoWay:
    """Two-way fixed effects: the effect of full treatment, in the outcome's unit.

    percent           of what treated cells would have been without it
    standard_error    clustered, CR1 with `small_sample` = G/(G-1) * (N-1)/(N-K), as is usual
    bias_reduced_error, degrees
                      clustered, CR2, and the degrees of freedom of its Student's t: the interval,
                      the p and the mde are from these, because they hold with few treated clusters
    interval, p_value, mde   None where the estimate rests on one cluster, as `reason` says
    mde               smallest effect found with probability 0.80 at 5%
    covariates        the coefficients of the covariates, in their order
    notes             what must be said with it
    """

    effect: float
    percent: float | None
    standard_error: float
    bias_reduced_error: float
    degrees: float
    interval: Interval | None
    p_value: float | None
    p_rule: str
    mde: float | None
    covariates: tuple[float, ...]
    observations: int
    clusters: int
    treated_clusters: int
    small_sample: float
    notes: tuple[str, ...]
    reason: str


def two_way(
    outcome: ArrayLike,
    treatment: ArrayLike,
    *,
    weights: ArrayLike | None = None,
    groups: ArrayLike | None = None,
    covariates: ArrayLike | None = None,
    observed: ArrayLike | None = None,
    clusters: ArrayLike | None = None,
    scale: Scale = "level",
) -> TwoWay:
    """The effect of treatment with an effect for each unit and each period.

    `outcome` and `treatment` have shape (units, periods); treatment is 0 to 1, a fraction where a
    program began within a period. `weights` (units,) or (units, periods), people for instance.
    `groups` (units,): regions, whose periods then have effects of their own. `covariates`
    (covariates, units, periods). `observed`: False leaves a cell out. `clusters` (units,), each
    unit its own if not given. `scale` says whether the outcome is a logarithm, for the percent.

    Refuses gaps, a treatment that does not vary within units and periods, and covariates that are
    not independent of it.

    >>> outcome = [[5.0, 6.0, 4.0], [4.0, 5.0, 6.1], [7.0, 8.1, 9.0], [1.0, 2.0, 3.0]]
    >>> made = two_way(outcome, [[0, 0, 1], [0, 0, 0], [0, 0, 0], [0, 0, 0]])
    >>> round(made.effect, 2), made.treated_clusters
    (-3.02, 1)
    """
    made = design(
        outcome,
        treatment,
        weights=weights,
        groups=groups,
        covariates=covariates,
        observed=observed,
        clusters=clusters,
    )
    return two_way_of(made, scale=scale)


def two_way_of(made: Design, *, scale: Scale = "level") -> TwoWay:
    """The same of a design that is made already."""
    fitted = made.fit()
    effect, error = float(fitted.coefficients[0]), float(fitted.standard_errors[0])
    if error == 0:
        raise BadPanel("the model fits every cell exactly; the panel is too small for an error")
    tested = small_sample(effect, fitted.bias_reduced, fitted.clusters)
    return TwoWay(
        effect=effect,
        percent=100 * expm1(effect) if scale == "log" else _percent(made, effect),
        standard_error=error,
        bias_reduced_error=tested.error,
        degrees=tested.degrees,
        interval=tested.interval,
        p_value=tested.p_value,
        p_rule=tested.p_rule,
        mde=tested.mde,
        covariates=tuple(fitted.coefficients[1:].tolist()),
        observations=fitted.observations,
        clusters=fitted.clusters,
        treated_clusters=made.treated_clusters,
        small_sample=fitted.small_sample,
        notes=few_treated_note(made.treated_clusters),
        reason=tested.reason,
    )


@dataclass(frozen=True, slots=True)
class SmallSample:
    """What CR2 and its degrees of freedom say of the first coefficient; None with a reason."""

    error: float
    degrees: float
    interval: Interval | None
    p_value: float | None
    p_rule: str
    mde: float | None
    reason: str


def small_sample(effect: float, made: BiasReduced, clusters: int) -> SmallSample:
    """Interval, p and minimum detectable effect of the first coefficient, by CR2."""
    error, degrees = float(made.errors[0]), float(made.degrees[0])
    if degrees == 0:
        reason = "the estimate rests on one cluster, which leaves it without an error of its own; "
        return SmallSample(error, 0.0, None, None, "", None, reason + "ask randomization inference")
    said = f"CR2 errors of {clusters} clusters, Student's t with {degrees:.1f} degrees of freedom"
    return SmallSample(
        error=error,
        degrees=degrees,
        interval=wald.interval(effect, error, said, degrees=degrees),
        p_value=wald.two_sided_p(effect, error, degrees=degrees),
        p_rule=f"Wald test, {said}",
        mde=minimum_detectable_effect(error, degrees=degrees),
        reason="",
    )


def _percent(made: Design, effect: float) -> float | None:
    """Of the mean that treated cells would have had; None where that is not above zero."""
    share = made.weights * made.treatment
    counterfactual = (share * (made.outcome - effect * made.treatment)).sum()
    return float(100 * effect * share.sum() / counterfactual) if counterfactual > 0 else None
