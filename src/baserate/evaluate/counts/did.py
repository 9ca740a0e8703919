"""Difference in differences for counts: the ratio by which treatment changes them.

Two-way fixed effects on the logarithm of the expected count, with people or person-years as
exposure. Zeros are counts like others, large places do not drown small ones as they would in
differences, and small ones are not blown up as they would be in logarithms. As in the linear
design, one coefficient for units that began at different times can mislead: see
`count_imputation`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from math import exp, inf

import numpy as np
from numpy.typing import ArrayLike

from baserate.evaluate.counts.fit import CountFit, Family, fit_counts
from baserate.evaluate.counts.panel import CountPanel, count_panel
from baserate.evaluate.differences.bias_reduced import bias_reduced
from baserate.evaluate.differences.twoway import small_sample
from baserate.evaluate.differences.within import small_sample_factor, summed_by_cluster
from baserate.evaluate.inference.power import percent_of_log
from baserate.terms.quantities import Interval

NAMES: dict[Family, str] = {"poisson": "Poisson", "negative_binomial": "negative binomial"}


@dataclass(frozen=True, slots=True)
class CountDid:
    """The effect of full treatment on counts.

    effect          log of the rate ratio, which the interval and the mde belong to
    rate_ratio      what counts are multiplied by; 1 is no effect
    percent         the same in percent
    offenses        counted in treated cells, less what would have been: negative is fewer
    standard_error  clustered, CR1, as is usual
    bias_reduced_error, degrees
                    clustered, CR2, and its degrees of freedom: interval, p and mde are from these
    mde, mde_percent   smallest effect found with probability 0.80 at 5%, and as a fall
    dispersion      Pearson's statistic over its degrees of freedom: 1 is counting noise
    alpha           of the negative binomial; 0 for Poisson
    dropped_units   indices of units without any event, which say nothing of the effect
    reason          why there is no standard error, where there is none
    """

    effect: float
    rate_ratio: float
    percent: float
    percent_interval: Interval | None
    offenses: float | None
    offenses_interval: Interval | None
    standard_error: float | None
    bias_reduced_error: float | None
    degrees: float
    interval: Interval | None
    p_value: float | None
    p_rule: str
    mde: float | None
    mde_percent: float | None
    dispersion: float
    alpha: float
    observations: int
    clusters: int
    treated_clusters: int
    dropped_units: tuple[int, ...]
    notes: tuple[str, ...]
    reason: str


def count_did(
    outcome: ArrayLike,
    treatment: ArrayLike,
    *,
    exposure: ArrayLike | None = None,
    groups: ArrayLike | None = None,
    covariates: ArrayLike | None = None,
    observed: ArrayLike | None = None,
    clusters: ArrayLike | None = None,
    family: Family = "poisson",
) -> CountDid:
    """The rate ratio of treatment, with an effect for each unit and each period.

    `outcome` are counts of shape (units, periods), `treatment` 0 to 1 of the same shape,
    `exposure` people or person-years. The others are as in `two_way`. Errors are clustered by unit
    unless `clusters` says otherwise, so that they hold under overdispersion and correlation over
    time; with few treated clusters they are too small and a note says so.

    Units without any event say nothing and are left out. Where no event is left in treated cells
    the ratio is 0, where none is left in the treated units' other cells it is infinite; both come
    without an error, and with the reason.

    >>> counts = np.array([[20, 22, 10], [40, 42, 44], [30, 31, 36], [10, 14, 12]])
    >>> made = count_did(counts, [[0, 0, 1], [0, 0, 0], [0, 0, 0], [0, 0, 0]])
    >>> round(made.rate_ratio, 3), round(made.offenses, 1)
    (0.432, -13.1)
    """
    made = count_panel(
        outcome,
        treatment,
        exposure=exposure,
        groups=groups,
        covariates=covariates,
        observed=observed,
        clusters=clusters,
    )
    return count_did_of(made, family=family)


def count_did_of(made: CountPanel, *, family: Family = "poisson") -> CountDid:
    """The same of a panel that is made already."""
    apart = _separated(made)
    if apart is not None:
        return apart
    regressors = np.concatenate([made.treatment[None], made.covariates])
    fitted = fit_counts(made.outcome, regressors, made.offset, made.seen, made.groups, family)
    return _result(made, fitted, family)


def _separated(made: CountPanel) -> CountDid | None:
    """The answer where treated, or untreated, cells of treated units have no event at all."""
    on = made.seen & (made.treatment != 0)
    treated = on.any(axis=1)
    off = made.seen & ~on & treated[:, None]
    if made.outcome[on].sum() and made.outcome[off].sum():
        return None
    nothing_on = not made.outcome[on].sum()
    said = "while treated, so that the ratio is 0" if nothing_on else (
        "while not treated, so that the ratio is infinite"
    )  # fmt: skip
    reason = f"the treated units have no event {said} and has no finite error; "
    reason += "randomization inference on the counts gives a p"
    return CountDid(
        effect=-inf if nothing_on else inf,
        rate_ratio=0.0 if nothing_on else inf,
        percent=-100.0 if nothing_on else inf,
        percent_interval=None,
        offenses=None,
        offenses_interval=None,
        standard_error=None,
        bias_reduced_error=None,
        degrees=0.0,
        interval=None,
        p_value=None,
        p_rule="",
        mde=None,
        mde_percent=None,
        dispersion=1.0,
        alpha=0.0,
        observations=int(made.seen.sum()),
        clusters=int(np.unique(made.clusters[made.seen.any(axis=1)]).size),
        treated_clusters=made.treated_clusters,
        dropped_units=made.dropped_units,
        notes=made.notes,
        reason=reason,
    )


def _result(made: CountPanel, fitted: CountFit, family: Family) -> CountDid:
    clusters = int(np.unique(made.clusters[made.seen.any(axis=1)]).size)
    parameters = len(fitted.coefficients) + fitted.period_effects + 1
    factor = small_sample_factor(clusters, fitted.observations, parameters)
    x = fitted.regressors
    bread = np.linalg.inv(np.einsum("aij,ij,bij->ab", x, fitted.weights, x))
    scores = summed_by_cluster((x * fitted.residuals).sum(axis=2), made.clusters)
    covariance = factor * bread @ (scores @ scores.T) @ bread
    effect, error = float(fitted.coefficients[0]), float(np.sqrt(covariance[0, 0]))
    reduced = bias_reduced(x, fitted.weights, fitted.residuals, made.groups, made.clusters)
    tested = small_sample(effect, reduced, clusters)
    limits, mde = tested.interval, tested.mde
    return CountDid(
        effect=effect,
        rate_ratio=exp(effect),
        percent=percent_of_log(effect),
        percent_interval=carried(limits, percent_of_log),
        offenses=_offenses(made, effect),
        offenses_interval=carried(limits, partial(_offenses, made)),
        standard_error=error,
        bias_reduced_error=tested.error,
        degrees=tested.degrees,
        interval=limits,
        p_value=tested.p_value,
        p_rule=f"{NAMES[family]}: {tested.p_rule}" if tested.p_rule else "",
        mde=mde,
        mde_percent=None if mde is None else percent_of_log(-mde),
        dispersion=fitted.dispersion,
        alpha=fitted.alpha,
        observations=fitted.observations,
        clusters=clusters,
        treated_clusters=made.treated_clusters,
        dropped_units=made.dropped_units,
        notes=made.notes,
        reason=tested.reason,
    )


def carried(limits: Interval | None, onto: Callable[[float], float]) -> Interval | None:
    """An interval carried onto another scale; a scale that turns round swaps the ends."""
    if limits is None:
        return None
    ends = onto(limits.lower), onto(limits.upper)
    return Interval(min(ends), max(ends), limits.method, limits.level)


def _offenses(made: CountPanel, effect: float) -> float:
    """Counts in treated cells, less what they would be without the effect."""
    on = made.seen & (made.treatment != 0)
    without = made.outcome[on] * -np.expm1(-effect * made.treatment[on])
    return float(without.sum())
