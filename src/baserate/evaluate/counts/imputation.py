"""Staggered adoption for counts: what treated cells would have had, from the untreated ones.

A Poisson model with unit and period effects is fitted to cells that are not treated, and predicts
those that are (Wooldridge 2023, Econometrics Journal 26:C31; Borusyak, Jaravel and Spiess 2024,
Review of Economic Studies 91:3253, for linear models). No treated cell is ever compared with
another, so that effects may differ among units and grow over time.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from math import expm1, log
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from baserate.errors import BadPanel
from baserate.evaluate.counts.fit import CountFit, fit_counts, informative
from baserate.evaluate.counts.panel import CountPanel, count_panel
from baserate.evaluate.differences.within import summed_by_cluster
from baserate.evaluate.inference import shapes, wald
from baserate.evaluate.inference.power import minimum_detectable_effect, percent_of_log
from baserate.evaluate.inference.shapes import Flags, Floats
from baserate.terms.quantities import Interval

ALONE = 1e-9  # a cluster with more than all but this of what was expected is the only one


@dataclass(frozen=True, slots=True)
class ImputedCountDid:
    """All treated cells together: counted, expected without treatment, and their ratio.

    effect       log of counted over expected, which the interval and the mde belong to; None
                 where nothing was counted
    degrees      of freedom at which Student's t is read
    reason       why there is no error, where there is none
    offenses     counted less expected: negative is fewer
    left_out     treated cells that nothing predicts: units without an event before, periods
                 without one elsewhere
    """

    effect: float | None
    rate_ratio: float
    percent: float
    percent_interval: Interval | None
    counted: float
    expected: float
    offenses: float
    offenses_interval: Interval | None
    standard_error: float | None
    degrees: float
    interval: Interval | None
    p_value: float | None
    p_rule: str
    mde: float | None
    mde_percent: float | None
    dispersion: float
    clusters: int
    treated_clusters: int
    left_out: int
    notes: tuple[str, ...]
    reason: str


def imputed_count_did(
    outcome: ArrayLike,
    cohort: ArrayLike,
    *,
    exposure: ArrayLike | None = None,
    groups: ArrayLike | None = None,
    covariates: ArrayLike | None = None,
    clusters: ArrayLike | None = None,
) -> ImputedCountDid:
    """The rate ratio of all treated cells to what untreated cells predict for them.

    `outcome` are counts of shape (units, periods), `cohort` (units,) the first treated period or
    -1; the others as in `count_did`. The error is clustered and counts both what treated cells
    scatter around one common ratio, which is cautious where ratios differ, and what is not known
    of the prediction.

    >>> counts = np.array([[20, 22, 10], [40, 42, 44], [30, 31, 36], [10, 14, 12]])
    >>> made = imputed_count_did(counts, [2, -1, -1, -1])
    >>> made.counted, round(made.expected, 1), round(made.rate_ratio, 3)
    (10.0, 23.1, 0.432)
    """
    checked = shapes.counts(outcome)
    began = shapes.cohorts(cohort, checked)
    since = np.arange(checked.shape[1]) - began[:, None]
    is_treated = np.asarray((began >= 0)[:, None] & (since >= 0), dtype=np.bool_)
    made = count_panel(
        outcome,
        is_treated,
        exposure=exposure,
        groups=groups,
        covariates=covariates,
        clusters=clusters,
    )
    untreated = informative(made.outcome, made.seen & ~is_treated, made.groups)
    predicted = _predictable(made, is_treated, untreated)
    fitted = fit_counts(
        made.outcome, made.covariates, made.offset, untreated, made.groups, "poisson"
    )
    left_out = int((is_treated & ~predicted).sum())
    return _result(made, fitted, predicted, untreated, left_out)


def _predictable(made: CountPanel, is_treated: Flags, untreated: Flags) -> Flags:
    """Treated cells whose unit and whose period, in its group, have untreated cells with events."""
    periods = np.zeros_like(untreated)
    for g in np.unique(made.groups):
        periods[made.groups == g] = untreated[made.groups == g].any(axis=0)
    predicted = is_treated & untreated.any(axis=1, keepdims=True) & periods
    if not predicted.any():
        raise BadPanel(
            "no treated cell can be predicted: treated units need events before treatment, and "
            "other units events in the same period"
        )
    return np.asarray(predicted)


def _result(
    made: CountPanel, fitted: CountFit, on: Flags, untreated: Flags, left_out: int
) -> ImputedCountDid:
    counted, expected = float(made.outcome[on].sum()), float(fitted.mean[on].sum())
    clusters = int(np.unique(made.clusters[(on | untreated).any(axis=1)]).size)
    error, degrees = _error(made, fitted, on) if counted else (0.0, 0.0)
    found = _Found(None, None, None, None, None, "", None)
    if degrees:
        found = _found(log(counted / expected), error, degrees, counted, clusters)
    mde = found.mde
    skipped = f"{left_out} treated cells are left out: nothing predicts them"
    return ImputedCountDid(
        effect=log(counted / expected) if counted else None,
        rate_ratio=counted / expected,
        percent=100 * (counted / expected - 1),
        percent_interval=found.percent,
        counted=counted,
        expected=expected,
        offenses=counted - expected,
        offenses_interval=found.offenses,
        standard_error=found.error,
        degrees=degrees,
        interval=found.interval,
        p_value=found.p_value,
        p_rule=found.p_rule,
        mde=mde,
        mde_percent=None if mde is None else percent_of_log(-mde),
        dispersion=fitted.dispersion,
        clusters=clusters,
        treated_clusters=made.treated_clusters,
        left_out=left_out,
        notes=(*made.notes, skipped) if left_out else made.notes,
        reason=""
        if counted
        else "no event was counted in treated cells: the ratio is 0 and has "
        "no finite error; randomization inference on the counts gives a p",
    )


class _Found(NamedTuple):
    """What follows from an effect and its error."""

    error: float | None
    interval: Interval | None
    percent: Interval | None
    offenses: Interval | None
    p_value: float | None
    p_rule: str
    mde: float | None


def _found(effect: float, error: float, degrees: float, counted: float, clusters: int) -> _Found:
    method = f"errors of {clusters} clusters, Student's t with {degrees:.1f} degrees of freedom"
    limits = wald.interval(effect, error, method, degrees=degrees)
    percent = [percent_of_log(b) for b in (limits.lower, limits.upper)]
    offenses = [-counted * expm1(-b) for b in (limits.lower, limits.upper)]
    return _Found(
        error=error,
        interval=limits,
        percent=Interval(percent[0], percent[1], method),
        offenses=Interval(offenses[0], offenses[1], method),
        p_value=wald.two_sided_p(effect, error, degrees=degrees),
        p_rule=f"Wald test of the log ratio of counted to expected, {method}",
        mde=minimum_detectable_effect(error, degrees=degrees),
    )


def _error(made: CountPanel, fitted: CountFit, on: Flags) -> tuple[float, float]:
    """Of log(counted / expected), clustered, and the degrees of freedom for Student's t.

    What was counted scatters around the common ratio, more than its residuals do, because they
    are taken from their own mean. What was predicted is the influence of untreated cells. Each has
    its degrees of freedom, Satterthwaite's, and so have both together.
    """
    counted, expected = made.outcome[on].sum(), fitted.mean[on].sum()
    by = partial(summed_by_cluster, clusters=made.clusters)
    share = by(np.where(on, fitted.mean, 0.0).sum(axis=1)) / expected
    if (share > 1 - ALONE).any():
        return 0.0, 0.0
    off = np.where(on, made.outcome - fitted.mean * counted / expected, 0.0) / counted
    kept = 1 - 2 * share + (share**2).sum()  # of a cluster's variance, in its residual
    scatter = by(off.sum(axis=1)) / np.sqrt(kept)
    pull = _pull(fitted, on) / expected
    predicted = by((pull * fitted.residuals).sum(axis=1))
    loose = by((pull**2 * fitted.weights).sum(axis=1))
    parts = (scatter**2).sum(), (predicted**2).sum()
    degrees = _degrees_of_scatter(share, kept), loose.sum() ** 2 / (loose**2).sum()
    together = sum(parts) ** 2 / sum(v**2 / d for v, d in zip(parts, degrees, strict=True))
    return float(np.sqrt(((scatter - predicted) ** 2).sum())), float(together)


def _degrees_of_scatter(share: Floats, kept: Floats) -> float:
    """Of the variance of weighted clusters around their mean, if they scatter alike in percent."""
    weight = share / np.sqrt(kept)
    shared = share[:, None] + share - (share**2).sum()
    among = np.diag(weight**2) - np.outer(weight, weight) * shared
    return float(np.trace(among) ** 2 / (among**2).sum())


def _pull(fitted: CountFit, on: Flags) -> Floats:
    """By how much one more event in an untreated cell raises the sum of predictions."""
    predicted = np.where(on, fitted.mean, 0.0)
    pull = fitted.within.effects_of_sums(predicted)
    x = fitted.regressors
    if len(x):
        gram = np.einsum("aij,ij,bij->ab", x, fitted.weights, x)
        toward = (x * predicted).sum(axis=(1, 2))
        pull = pull + np.tensordot(np.linalg.solve(gram, toward), x, axes=1)
    return np.asarray(pull)
