"""From effects by cohort and period to one number, a path, or a row of cohorts.

Callaway and Sant'Anna 2021, section 3: weights are shares of units, which are estimated and so add
to the error. Bands that hold for all entries at once come from the multiplier bootstrap of their
Algorithm 1, in which an error is the distance of quartiles over that of the normal distribution.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from baserate.errors import BadPanel
from baserate.evaluate import wald
from baserate.evaluate.power import minimum_detectable_effect
from baserate.evaluate.shapes import Flags, Floats, Ints
from baserate.evaluate.staggered import AttGt, by_cluster, errors_of
from baserate.terms.quantities import Interval

Kind = Literal["dynamic", "group", "calendar"]

DRAWS_AT_ONCE = 2**22  # random signs held in memory, about 32 MB


@dataclass(frozen=True, slots=True)
class Estimate:
    """One effect in the outcome's unit, with what is known of its error.

    standard_error   from influence functions
    bootstrap_error  from the multiplier bootstrap; None without draws
    """

    effect: float
    standard_error: float
    bootstrap_error: float | None
    interval: Interval
    p_value: float
    p_rule: str
    mde: float


@dataclass(frozen=True, slots=True)
class Aggregate:
    """Effects along time since treatment, by cohort, or by period; and their overall mean.

    label           periods since treatment ("dynamic"), or indices of periods
    lower, upper    95% limits of each entry alone, from `standard_error`
    covariance      of the effects, clustered
    bootstrap_error, critical, band_lower, band_upper
                    errors by bootstrap, and limits that hold all entries at once with 95%:
                    `critical` of these errors to either side; None without draws
    """

    kind: Kind
    label: Ints
    effect: Floats
    standard_error: Floats
    lower: Floats
    upper: Floats
    bootstrap_error: Floats | None
    critical: float | None
    band_lower: Floats | None
    band_upper: Floats | None
    covariance: Floats
    overall: Estimate


def simple(made: AttGt) -> Estimate:
    """The mean of all effects after treatment, weighted by the size of their cohorts.

    Cohorts treated early count more, because they have more periods; `group` does not do that.

    >>> made = att_gt([[1, 2, 9], [1, 3, 8], [1, 2, 3], [2, 3, 5.]], [2, 2, -1, -1])
    >>> simple(made).effect
    4.5
    """
    effect, influence = _by_share(made, made.is_post)
    return _estimate(made, effect, influence, None)


def aggregate(made: AttGt, kind: Kind, *, draws: int = 0, seed: int = 0) -> Aggregate:
    """Effects along one dimension and their mean.

    "dynamic": by periods since treatment, over cohorts by size; overall, the mean from 0 on.
    "group": by cohort, over its periods from treatment on; overall, over cohorts by size.
    "calendar": by period, over cohorts treated by then; overall, the mean of periods.
    `draws` of the multiplier bootstrap (Rademacher signs, one a cluster) make the band.

    >>> made = att_gt([[1, 2, 9], [1, 3, 8], [1, 2, 3], [2, 3, 5.]], [2, 2, -1, -1])
    >>> dynamic = aggregate(made, "dynamic")
    >>> dynamic.label.tolist(), dynamic.effect.tolist()
    ([-1, 0], [0.5, 4.5])
    """
    label, parts = _parts(made, kind)
    effects = np.array([effect for effect, _ in parts])
    influence = np.column_stack([each for _, each in parts])
    errors = errors_of(influence, made.clusters)
    reach = wald.quantile(0.975) * errors
    mean, of_mean = _overall(made, kind, label, effects, influence)
    boot = _bootstrap(np.column_stack([influence, of_mean]), made, draws, seed) if draws else None
    band = None if boot is None else boot.critical * boot.errors[:-1]
    return Aggregate(
        kind=kind,
        label=label,
        effect=effects,
        standard_error=errors,
        lower=effects - reach,
        upper=effects + reach,
        bootstrap_error=None if boot is None else boot.errors[:-1],
        critical=None if boot is None else boot.critical,
        band_lower=None if band is None else effects - band,
        band_upper=None if band is None else effects + band,
        covariance=_covariance(influence, made),
        overall=_estimate(made, mean, of_mean, None if boot is None else float(boot.errors[-1])),
    )


def _parts(made: AttGt, kind: Kind) -> tuple[Ints, list[tuple[float, Floats]]]:
    """The labels, and for each an effect with its influence."""
    if kind == "dynamic":
        since = made.period - made.cohort
        label = np.unique(since)
        return label, [_by_share(made, since == e) for e in label]
    if not made.is_post.any():
        raise BadPanel("no cohort has a period after treatment that can be compared")
    if kind == "group":
        label = np.unique(made.cohort[made.is_post])
        return label, [_mean(made, made.is_post & (made.cohort == g)) for g in label]
    label = np.unique(made.period[made.is_post])
    return label, [_by_share(made, made.is_post & (made.period == t)) for t in label]


def _overall(
    made: AttGt, kind: Kind, label: Ints, effects: Floats, influence: Floats
) -> tuple[float, Floats]:
    """The mean of the entries after treatment, and its influence."""
    if kind == "group":
        sizes = np.array([made.cohort_sizes[int(g)] for g in label], dtype=np.float64)
        shares = sizes / sizes.sum()
        of_shares = _share_influence(made, label, effects, sizes)
        return float(effects @ shares), influence @ shares + of_shares
    keep = label >= 0
    if not keep.any():
        raise BadPanel("no cohort has a period after treatment that can be compared")
    return float(effects[keep].mean()), influence[:, keep].mean(axis=1)


def _mean(made: AttGt, keep: Flags) -> tuple[float, Floats]:
    return float(made.effect[keep].mean()), made.influence[:, keep].mean(axis=1)


def _by_share(made: AttGt, keep: Flags) -> tuple[float, Floats]:
    """Effects weighted by the units of their cohorts, and the influence of both."""
    if not keep.any():
        raise BadPanel("no cohort has a period after treatment that can be compared")
    cohort, effects = made.cohort[keep], made.effect[keep]
    sizes = np.array([made.cohort_sizes[int(g)] for g in cohort], dtype=np.float64)
    shares = sizes / sizes.sum()
    of_shares = _share_influence(made, cohort, effects, sizes)
    return float(effects @ shares), made.influence[:, keep] @ shares + of_shares


def _share_influence(made: AttGt, cohort: Ints, effects: Floats, sizes: Floats) -> Floats:
    """What each unit does to a weighted mean by being in its cohort: shares are estimated.

    A unit of cohort g adds, for each entry of that cohort, how far its effect lies from the mean.
    """
    mean = float(effects @ sizes / sizes.sum())
    units = len(made.unit_cohort)
    of_cohort = {int(g): float((effects[cohort == g] - mean).sum()) for g in np.unique(cohort)}
    pulled = np.zeros(units)
    for g, distance in of_cohort.items():
        pulled[made.unit_cohort == g] = distance
    return np.asarray(pulled * units / sizes.sum())


def _estimate(
    made: AttGt, effect: float, influence: Floats, bootstrap_error: float | None
) -> Estimate:
    error = float(errors_of(influence[:, None], made.clusters)[0])
    number = int(made.clusters.max()) + 1
    return Estimate(
        effect=effect,
        standard_error=error,
        bootstrap_error=bootstrap_error,
        interval=wald.interval(effect, error, f"normal, influence functions of {number} clusters"),
        p_value=wald.two_sided_p(effect, error),
        p_rule=f"Wald test, normal, influence functions of {number} clusters",
        mde=minimum_detectable_effect(error),
    )


def _covariance(influence: Floats, made: AttGt) -> Floats:
    summed = by_cluster(influence, made.clusters)
    size = len(summed)
    factor = 1.0 if size == len(influence) else size / (size - 1)
    return np.asarray(factor * (summed.T @ summed) / len(influence) ** 2)


@dataclass(frozen=True, slots=True)
class _Bootstrap:
    """Errors of each column, and how many of them the largest of all but the last reaches."""

    errors: Floats
    critical: float


def _bootstrap(influence: Floats, made: AttGt, draws: int, seed: int) -> _Bootstrap:
    """Rademacher signs on clusters; the last column, the overall mean, is not part of the band."""
    if draws < 100:
        raise BadPanel(f"{draws} draws; a band from fewer than 100 is not worth printing")
    generator = np.random.default_rng(seed)
    summed = by_cluster(influence, made.clusters) / len(influence)
    chunk, drawn = max(1, DRAWS_AT_ONCE // len(summed)), []
    for start in range(0, draws, chunk):
        shape = (min(chunk, draws - start), len(summed))
        signs = 2.0 * generator.integers(0, 2, shape, dtype=np.int8) - 1.0
        drawn.append(signs @ summed)
    deviations = np.concatenate(drawn)
    quartiles = np.quantile(deviations, [0.25, 0.75], axis=0)
    errors = (quartiles[1] - quartiles[0]) / (2 * wald.quantile(0.75))
    banded = np.flatnonzero(errors[:-1] > 0)
    largest = np.abs(deviations[:, banded] / errors[banded]).max(axis=1, initial=0.0)
    critical = max(float(np.quantile(largest, 0.95)), wald.quantile(0.975))
    return _Bootstrap(np.asarray(errors), critical)
