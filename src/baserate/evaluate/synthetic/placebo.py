"""Placebos: the same design where nothing happened, in other units and at other times.

A synthetic control has no standard error of its own. What it has is the question how it does for
units that nobody treated: each donor is refitted in the treated unit's place, and the effect found
is held against those (Abadie, Diamond and Hainmueller 2010, JASA 105:493). What is compared is the
mean squared gap after treatment over that before it, so that a poor fit does not pass for an
effect. Where several units are treated, their mean is less noisy than any one donor, so placebos
are means of as many donors.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import ceil, inf

import numpy as np

from baserate.evaluate.inference.placebo_groups import MOST, placebo_groups
from baserate.evaluate.synthetic.donor_pool import DonorPool, checked_first
from baserate.evaluate.synthetic.simplex import Flags, Floats, Indices
from baserate.terms.quantities import Interval

# From rows (units, pre-periods), what is to be fitted as weighted means of them (n, units), and who
# may stand in for each (n, units), to weights (n, units).
WeightRule = Callable[[Floats, Floats, Flags], Floats]

ALPHA, POWER = 0.05, 0.80

# A pre-period gap of this share of the panel's spread is no gap but rounding.
NO_GAP = 1e-9

FEWEST_TO_BACKDATE = 4  # periods before treatment: two to fit on, two to look at

# Ratios nearer than this share of their size are equal.
TIE = 1e-9


@dataclass(frozen=True, slots=True)
class Placebos:
    """The treated, in the first row, and donors fitted in their place, in the next.

    weights     (rows, pool): of row i, what the treated unit and each donor are worth in its stead
    gaps        (rows, periods): outcome less synthetic outcome
    pre_mspe    (rows,): mean squared gap before treatment, not under `least`; after it `post_mspe`
    mspe_ratio  (rows,): post over pre
    donors      (pool - 1,): which units of the study the donors are
    groups      (rows - 1, pool - 1): which donors each placebo is the mean of; one each, as long as
                one unit is treated
    beside      (rows - 1, periods): the treated unit's gaps that each placebo is held against. Of
                several treated, those without the placebo's own donors, so that both have as many:
                more donors fit better, and a better fit makes a larger ratio
    """

    weights: Floats
    gaps: Floats
    pre_mspe: Floats
    post_mspe: Floats
    mspe_ratio: Floats
    donors: Indices
    groups: Flags
    beside: Floats
    first: int
    least: float
    treated_is_donor: bool

    @property
    def rank(self) -> int:
        """The treated unit's place by ratio, from 1; a tie counts against it."""
        pre, post = self.mspe_beside
        return 1 + int((self.mspe_ratio[1:] >= post / pre * (1 - TIE)).sum())

    @property
    def mspe_beside(self) -> tuple[Floats, Floats]:
        """Mean squared gaps of `beside`, before and after treatment."""
        return _mspe(self.beside, self.first, self.least)

    @property
    def p_value(self) -> float:
        """The share of units, the treated one among them, with a ratio at least as large."""
        return self.rank / len(self.mspe_ratio)

    @property
    def p_rule(self) -> str:
        """The rule of the p in words."""
        donor = "a donor" if self.treated_is_donor else "not a donor"
        together = int(self.groups[0].sum())
        each = f", each the mean of {together} donors" if together > 1 else ""
        return (
            f"placebo in space: rank of the post/pre MSPE ratio among the treated unit and "
            f"{len(self.groups)} placebos{each}; treated unit {donor} to the placebos"
        )


def placebos_in_space(
    pool: DonorPool,
    weigh: WeightRule,
    *,
    treated_is_donor: bool,
    most: int = MOST,
    seed: int = 0,
) -> Placebos:
    """Fit the treated by the donors, and each donor, or group of them, by the others.

    Groups have as many donors as units are treated: see `placebo_groups`, which draws up to `most`
    of them by `seed`.
    """
    groups = placebo_groups(len(pool.donors), pool.treated, most=most, seed=seed)
    mixes = np.zeros((1 + len(groups), len(pool.rows)))
    mixes[0, 0] = 1.0
    mixes[1:, 1:] = groups / groups.sum(axis=1, keepdims=True)
    is_donor = mixes == 0
    is_donor[1:, 0] = treated_is_donor
    weights = weigh(pool.rows[:, : pool.first], mixes, is_donor)
    gaps = (mixes - weights) @ pool.rows
    least = float((NO_GAP * np.std(pool.rows)) ** 2)
    pre, post = _mspe(gaps, pool.first, least)
    return Placebos(
        weights=weights,
        gaps=gaps,
        pre_mspe=pre,
        post_mspe=post,
        mspe_ratio=post / pre,
        donors=pool.donors,
        groups=groups,
        beside=_beside(pool, weigh, groups, gaps[0]),
        first=pool.first,
        least=least,
        treated_is_donor=treated_is_donor,
    )


def _mspe(gaps: Floats, first: int, least: float) -> tuple[Floats, Floats]:
    before, after = (np.mean(part**2, axis=1) for part in np.split(gaps, [first], axis=1))
    return np.maximum(before, least), after


def _beside(pool: DonorPool, weigh: WeightRule, groups: Flags, gaps: Floats) -> Floats:
    """The treated unit's gaps to hold each placebo against."""
    if groups[0].sum() == 1:
        return np.broadcast_to(gaps, (len(groups), len(gaps)))
    treated = np.eye(1, len(pool.rows)).repeat(len(groups), axis=0)
    is_donor = np.zeros(treated.shape, dtype=np.bool_)
    is_donor[:, 1:] = ~groups
    return np.asarray((treated - weigh(pool.rows[:, : pool.first], treated, is_donor)) @ pool.rows)


def interval_from_placebos(placebos: Placebos, level: float = 0.95) -> Interval | None:
    """The constant effects that the placebo test does not reject; None if it rejects them all.

    An effect is taken from the treated unit's outcome, the ratios are formed again, and it is in
    the interval if the p is above 1 - level. Where the treated unit is a donor to placebos, these
    change with it. All ratios are quadratic in the effect, so the ends are roots. Infinite where
    there are too few placebos for any p so small.
    """
    a, b, c = _ratios_over_treated(placebos)
    ends = _roots(a, b, c)
    inside = _between(ends)
    as_large = (np.outer(a, inside**2) + np.outer(b, inside) + c[:, None] >= 0).sum(axis=0)
    accepted = np.flatnonzero((1 + as_large) / (1 + len(c)) > 1 - level + TIE)
    if not len(accepted):
        return None
    edges = np.concatenate([[-inf], ends, [inf]])
    lower, upper = float(edges[accepted[0]]), float(edges[accepted[-1] + 1])
    return Interval(lower, upper, "effects that the placebo test does not reject", level)


def _ratios_over_treated(placebos: Placebos) -> tuple[Floats, Floats, Floats]:
    """Coefficients of tau^2, tau and 1 in each placebo's ratio less the treated unit's."""
    after, (pre, post) = slice(placebos.first, None), placebos.mspe_beside
    share, own = placebos.weights[1:, 0], placebos.gaps[1:, after].mean(axis=1)
    mean = placebos.beside[:, after].mean(axis=1)
    # An effect is taken from the treated unit whole, and from each placebo by its share of it.
    of_placebos = np.vstack([share**2, 2 * share * own, placebos.post_mspe[1:]])
    of_treated = np.vstack([np.ones(len(mean)), -2 * mean, post])
    a, b, c = of_placebos / placebos.pre_mspe[1:] - of_treated / pre
    return a, b, c


def _roots(a: Floats, b: Floats, c: Floats) -> Floats:
    """All real roots of the quadratics a x^2 + b x + c, in order."""
    inside = b * b - 4 * a * c
    real = (inside >= 0) & (a != 0)
    root, b, a = np.sqrt(inside[real]), b[real], a[real]
    return np.sort(np.concatenate([(-b - root) / (2 * a), (-b + root) / (2 * a)]))


def _between(ends: Floats) -> Floats:
    """One value below all ends, one between each two, one above all."""
    if not len(ends):
        return np.zeros(1)
    far = 1.0 + np.abs(ends).max()
    return np.concatenate([[-2 * far], (ends[1:] + ends[:-1]) / 2, [2 * far]])


def detectable_effect(placebos: Placebos, *, alpha: float = ALPHA, power: float = POWER) -> float:
    """The smallest effect that the placebo test would find with this power, in outcome units.

    A constant effect is added to each placebo after treatment: it is found where the ratio becomes
    large among the other placebos' (p of `alpha` or less). In `power` of them it must be, for a
    rise and for a fall alike. Infinite where there are too few placebos for any p so small.
    """
    count = len(placebos.groups)
    may_exceed = int(alpha * count + TIE) - 1
    if may_exceed < 0:
        return inf
    bars = _bars(placebos.mspe_ratio[1:], may_exceed)
    mean = placebos.gaps[1:, placebos.first :].mean(axis=1)
    around = placebos.post_mspe[1:] - mean**2
    reach = np.sqrt(np.maximum(bars * placebos.pre_mspe[1:] - around, 0.0))
    wanted = ceil(power * count - TIE) - 1
    rise, fall = np.sort(reach - mean), np.sort(reach + mean)
    return float(max(rise[wanted], fall[wanted], 0.0))


def _bars(ratios: Floats, may_exceed: int) -> Floats:
    """For each placebo, the ratio to pass so that at most `may_exceed` others are larger."""
    falling = np.sort(ratios)[::-1]
    bar, beyond = falling[may_exceed], falling[min(may_exceed + 1, len(falling) - 1)]
    return np.asarray(np.where(ratios >= bar, beyond, bar))


@dataclass(frozen=True, slots=True)
class LeaveOneOut:
    """The effect without each donor that counts, in turn.

    donors   which units of the study were left out, one at a time: those with a weight
    effects  the effect without that one, in outcome units
    """

    donors: Indices
    effects: Floats

    @property
    def lowest(self) -> float:
        """The lowest effect that leaving one donor out gives."""
        return float(self.effects.min())

    @property
    def highest(self) -> float:
        """The highest effect that leaving one donor out gives."""
        return float(self.effects.max())


def leave_one_donor_out(pool: DonorPool, weigh: WeightRule, weights: Floats) -> LeaveOneOut:
    """Refit the treated unit without each donor that has a weight: does one donor make it?"""
    used = np.flatnonzero(weights)
    is_donor = np.ones((len(used), len(pool.rows)), dtype=np.bool_)
    is_donor[:, 0] = False
    is_donor[np.arange(len(used)), used] = False
    treated = np.eye(1, len(pool.rows)).repeat(len(used), axis=0)
    made = weigh(pool.rows[:, : pool.first], treated, is_donor)
    after = pool.rows[:, pool.first :].mean(axis=1)
    return LeaveOneOut(pool.donors[used - 1], after[0] - made @ after)


@dataclass(frozen=True, slots=True)
class InTime:
    """What the design finds when treatment is dated back to a time when there was none.

    first     the made-up first treated period
    effect    from there to the real one, in outcome units; should be near zero
    p_value   by the same placebos in space
    """

    first: int
    effect: float
    p_value: float


def placebo_in_time(
    pool: DonorPool,
    weigh: WeightRule,
    *,
    treated_is_donor: bool,
    first: int | None = None,
    seed: int = 0,
) -> InTime | None:
    """Date treatment back and look before its real start; None with under four periods there.

    `first` is the made-up start. By default as many periods before the real one as there are
    after it, but no more than half of those before it.
    """
    if pool.first < FEWEST_TO_BACKDATE:
        return None
    after = pool.rows.shape[1] - pool.first
    start = pool.first - min(after, pool.first // 2) if first is None else first
    checked_first(start, pool.first)
    earlier = replace(pool, rows=pool.rows[:, : pool.first], first=start)
    placebos = placebos_in_space(earlier, weigh, treated_is_donor=treated_is_donor, seed=seed)
    return InTime(start, float(placebos.gaps[0, start:].mean()), placebos.p_value)
