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
from baserate.evaluate.inference import wald
from baserate.evaluate.inference.power import minimum_detectable_effect
from baserate.evaluate.inference.shapes import Flags, Floats, Ints
from baserate.evaluate.staggered.group_time import AttGt
from baserate.evaluate.staggered.influence import by_cluster, covariance_of, errors_of
from baserate.terms.quantities import Interval

Kind = Literal["dynamic", "group", "calendar"]

DRAWS_AT_ONCE = 2**22  # random signs held in memory, about 32 MB


@dataclass(frozen=True, slots=True)
class Estimate:
    """One effect in the outcome's unit, with what is known of its error.

    standard_error   from influence functions
    bootstrap_error  from the multiplier bootstrap; None without draws
    small_sample_error, degrees
                     with each cohort as a small sample, and Welch's degrees of freedom: interval, p
                     and mde are from the larger error and these, because they hold with few units
    """

    effect: float
    standard_error: float
    bootstrap_error: float | None
    small_sample_error: float
    degrees: float
    interval: Interval
    p_value: float
    p_rule: str
    mde: float


@dataclass(frozen=True, slots=True)
class Aggregate:
    """Effects along time since treatment, by cohort, or by period; and their overall mean.

    label           periods since treatment ("dynamic"), or indices of periods
    lower, upper    95% limits of each entry alone, as `Estimate.interval`
    small_sample_error, degrees   as of `Estimate`, for each entry
    covariance      of the effects, clustered; small_sample_covariance, with small cohorts
    bootstrap_error, critical, band_lower, band_upper
                    errors by bootstrap, and limits that hold all entries at once with 95%:
                    `critical` of these errors to either side; None without draws
    """

    kind: Kind
    label: Ints
    effect: Floats
    standard_error: Floats
    small_sample_error: Floats
    small_sample_covariance: Floats
    degrees: Floats
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

    >>> from baserate.evaluate.staggered.group_time import att_gt
    >>> made = att_gt([[1, 2, 9], [1, 3, 8], [1, 2, 3], [2, 3, 5.]], [2, 2, -1, -1])
    >>> simple(made).effect
    4.5
    """
    _refuse_no_after(made)
    weights = _shares(made, made.is_post[:, None])
    influence = made.influence.on(weights) + _share_influence(made, weights)
    return _estimate(made, weights, influence[:, 0], None)


def aggregate(made: AttGt, kind: Kind, *, draws: int = 0, seed: int = 0) -> Aggregate:
    """Effects along one dimension and their mean.

    "dynamic": by periods since treatment, over cohorts by size; overall, the mean from 0 on.
    "group": by cohort, over its periods from treatment on; overall, over cohorts by size.
    "calendar": by period, over cohorts treated by then; overall, the mean of periods.
    `draws` of the multiplier bootstrap (Rademacher signs, one a cluster) make the band.

    >>> from baserate.evaluate.staggered.group_time import att_gt
    >>> made = att_gt([[1, 2, 9], [1, 3, 8], [1, 2, 3], [2, 3, 5.]], [2, 2, -1, -1])
    >>> dynamic = aggregate(made, "dynamic")
    >>> dynamic.label.tolist(), dynamic.effect.tolist()
    ([-1, 0], [0.5, 4.5])
    """
    label, weights, is_shared = _weights(made, kind)
    effects = made.effect @ weights
    influence = made.influence.on(weights)
    if is_shared:
        influence += _share_influence(made, weights)
    covariance = covariance_of(influence, made.influence.clusters)
    errors = np.sqrt(np.diag(covariance))
    small = made.influence.small_sample(weights, made.spare_kind)
    larger = np.maximum(errors, small.errors)
    reach = np.array([wald.quantile(0.975, d) for d in small.degrees]) * larger
    averaging = _averaging(made, kind, label)
    of_mean = (influence @ averaging)[:, 0]
    if kind == "group":
        of_mean += _share_influence(made, weights @ averaging)[:, 0]
    boot = _bootstrap(np.column_stack([influence, of_mean]), made, draws, seed) if draws else None
    band = None if boot is None else boot.critical * boot.errors[:-1]
    return Aggregate(
        kind=kind,
        label=label,
        effect=effects,
        standard_error=errors,
        small_sample_error=small.errors,
        small_sample_covariance=small.covariance,
        degrees=small.degrees,
        lower=effects - reach,
        upper=effects + reach,
        bootstrap_error=None if boot is None else boot.errors[:-1],
        critical=None if boot is None else boot.critical,
        band_lower=None if band is None else effects - band,
        band_upper=None if band is None else effects + band,
        covariance=covariance,
        overall=_estimate(
            made, weights @ averaging, of_mean, None if boot is None else float(boot.errors[-1])
        ),
    )


def _weights(made: AttGt, kind: Kind) -> tuple[Ints, Floats, bool]:
    """The labels, the weight of each entry in each label, and whether weights are shares."""
    if kind == "dynamic":
        since = made.period - made.cohort
        label = np.unique(since)
        return label, _shares(made, since[:, None] == label), True
    _refuse_no_after(made)
    if kind == "group":
        label = np.unique(made.cohort[made.is_post])
        keep = made.is_post[:, None] & (made.cohort[:, None] == label)
        return label, keep / keep.sum(axis=0), False
    label = np.unique(made.period[made.is_post])
    return label, _shares(made, made.is_post[:, None] & (made.period[:, None] == label)), True


def _refuse_no_after(made: AttGt) -> None:
    if not made.is_post.any():
        raise BadPanel("no cohort has a period after treatment that can be compared")


def _shares(made: AttGt, keep: Flags) -> Floats:
    """Weights of entries that are kept, (entries, sums), by the units of their cohorts."""
    sizes = np.array([made.cohort_sizes[int(g)] for g in made.cohort], dtype=np.float64)
    kept = keep * sizes[:, None]
    return np.asarray(kept / kept.sum(axis=0))


def _share_influence(made: AttGt, weights: Floats) -> Floats:
    """What each unit does to weighted means by being in its cohort, as shares are estimated.

    A unit pulls, for each entry of its cohort, as far as that entry lies from the mean.
    """
    distance = weights * (made.effect[:, None] - made.effect @ weights)
    pulled = np.zeros((len(made.unit_cohort), weights.shape[1]))
    for g, size in made.cohort_sizes.items():
        pulled[made.unit_cohort == g] = distance[made.cohort == g].sum(axis=0) / size
    return pulled * len(made.unit_cohort)


def _averaging(made: AttGt, kind: Kind, label: Ints) -> Floats:
    """The weight of each label in the overall mean, (labels, 1)."""
    _refuse_no_after(made)
    if kind == "group":
        shares = np.array([made.cohort_sizes[int(g)] for g in label], dtype=np.float64)
    else:
        shares = (label >= 0).astype(np.float64)
    return np.asarray(shares / shares.sum())[:, None]


def _estimate(
    made: AttGt, weights: Floats, influence: Floats, bootstrap_error: float | None
) -> Estimate:
    """One weighted sum of the entries: `weights` has shape (entries, 1), `influence` (units,)."""
    effect = float((made.effect @ weights)[0])
    error = float(errors_of(influence[:, None], made.influence.clusters)[0])
    small = made.influence.small_sample(weights, made.spare_kind)
    own, degrees = float(small.errors[0]), float(small.degrees[0])
    said = f"influence functions, Student's t with {degrees:.1f} degrees of freedom"
    return Estimate(
        effect=effect,
        standard_error=error,
        bootstrap_error=bootstrap_error,
        small_sample_error=own,
        degrees=degrees,
        interval=wald.interval(effect, max(error, own), said, degrees=degrees),
        p_value=wald.two_sided_p(effect, max(error, own), degrees=degrees),
        p_rule=f"Wald test, {said}",
        mde=minimum_detectable_effect(max(error, own), degrees=degrees),
    )


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
    summed = by_cluster(influence, made.influence.clusters) / len(influence)
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
