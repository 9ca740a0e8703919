"""Staggered adoption: an effect for each cohort in each period (Callaway and Sant'Anna 2021).

Journal of Econometrics 225:200. A cohort is the units first treated in one period. Its ATT(g,t) is
the change of its mean outcome since before treatment, less that of units that were not treated:
never, or not yet. No comparison is made with units treated earlier, which is where two-way fixed
effects go wrong. `aggregations` makes one number, a path or a row of cohorts of them.

There are no covariates here, so that outcome regression, weighting and the doubly robust estimator
are one and the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from baserate.errors import BadPanel
from baserate.evaluate.inference import shapes, wald
from baserate.evaluate.inference.shapes import NEVER, Floats, Ints
from baserate.evaluate.staggered.influence import SMALL, Influence

Control = Literal["never", "not_yet"]
Base = Literal["varying", "universal"]

# The end of a note on few units: it is taken off where ranks decide.
BESIDE = "set randomization inference beside the interval"


@dataclass(frozen=True, slots=True)
class AttGt:
    """Effects by cohort and period, in the outcome's unit; one entry each, cohorts in order.

    cohort, period   indices of periods: first treated, and looked at
    base             the period that change is counted from
    effect           ATT(g,t); before treatment it should be zero
    standard_error   from influence functions, clustered
    outcome_mean     mean outcome of the cohort in that period, for percentages
    influence        what each unit does to each effect
    unit_cohort      (units,): the cohort of each unit that was used
    cohort_sizes     units of each cohort, by its first period
    """

    cohort: Ints
    period: Ints
    base: Ints
    effect: Floats
    standard_error: Floats
    outcome_mean: Floats
    influence: Influence
    unit_cohort: Ints
    cohort_sizes: dict[int, int]
    controls: Control
    base_rule: Base
    anticipation: int
    notes: tuple[str, ...]

    @property
    def is_post(self) -> shapes.Flags:
        """Which entries are at or after treatment."""
        return np.asarray(self.period >= self.cohort)

    @property
    def spare_kind(self) -> int:
        """The largest kind of units, by which the scatter of small cohorts is judged."""
        return int(np.bincount(self.influence.kind).argmax())

    def at(self, cohort: int, period: int) -> float:
        """One effect, by first treated period and period looked at."""
        found = np.flatnonzero((self.cohort == cohort) & (self.period == period))
        if not found.size:
            raise BadPanel(
                f"there is no effect of cohort {cohort} in period {period}; cohorts are "
                f"{sorted(self.cohort_sizes)}"
            )
        return float(self.effect[found[0]])


def att_gt(
    outcome: ArrayLike,
    cohort: ArrayLike,
    *,
    controls: Control = "never",
    base: Base = "varying",
    anticipation: int = 0,
    clusters: ArrayLike | None = None,
) -> AttGt:
    """Every ATT(g,t) with its influence function.

    `outcome` has shape (units, periods); `cohort` (units,) is the index of the first treated
    period, -1 for never treated. `controls`: units never treated, or not yet treated in the two
    periods compared. After treatment, change is counted from the last period before it, less
    `anticipation` periods. Before, from the period just before each ("varying", so that each entry
    is a change of one period) or from that same last period ("universal", which honest bands ask
    for). Cohorts without a period before them are left out and named in `notes`.

    >>> made = att_gt([[1, 2, 9], [1, 2, 9], [1, 2, 3], [2, 3, 4.]], [2, 2, -1, -1])
    >>> made.effect.tolist(), made.period.tolist()
    ([0.0, 6.0], [1, 2])
    """
    made = shapes.panel(outcome)
    began = shapes.cohorts(cohort, made)
    units, periods = made.shape
    if anticipation < 0:
        raise BadPanel(f"anticipation of {anticipation} periods; it is zero or more")
    early = (began != NEVER) & (began <= anticipation)
    keep = ~early
    made, began = made[keep], began[keep]
    entries = _entries(began, periods, controls, base, anticipation)
    if not entries:
        raise BadPanel(_nothing_to_compare(began, controls, int(early.sum())))
    if np.unique(began, return_counts=True)[1].max() < 2:
        raise BadPanel(
            "each cohort is one unit, and so are the never treated: nothing tells chance"
        )
    sizes = {int(g): int((began == g).sum()) for g in np.unique(began) if g != NEVER}
    means = _Means(made, began)
    cells = _Cells(entries, means, controls, anticipation)
    by = shapes.labels(clusters, units, "clusters")[keep]
    influence = cells.influence(made, began, np.unique(by, return_inverse=True)[1])
    return AttGt(
        cohort=cells.cohort,
        period=cells.period,
        base=cells.base,
        effect=cells.effect,
        standard_error=influence.errors(),
        outcome_mean=means.mean[np.searchsorted(means.kinds, cells.cohort), cells.period],
        influence=influence,
        unit_cohort=began,
        cohort_sizes=sizes,
        controls=controls,
        base_rule=base,
        anticipation=anticipation,
        notes=_notes(sizes, int((began == NEVER).sum()), int(early.sum()), controls),
    )


def _entries(
    began: Ints, periods: int, controls: Control, base: Base, anticipation: int
) -> list[tuple[int, int, int]]:
    """(cohort, period, base) of every comparison for which there are controls."""
    cohorts = [int(g) for g in np.unique(began) if g != NEVER]
    has_never = bool((began == NEVER).any())
    made = []
    for g in cohorts:
        last_before = g - 1 - anticipation
        latest_other = max((other for other in cohorts if other != g), default=NEVER)
        for t in range(periods):
            since = t - 1 if base == "varying" and t < g else last_before
            some_wait = latest_other > max(t, since) + anticipation
            has_controls = has_never or (controls == "not_yet" and some_wait)
            if since >= 0 and t != since and has_controls:
                made.append((g, t, since))
    return made


class _Means:
    """Units and mean outcomes of each cohort, the never treated first."""

    def __init__(self, outcome: Floats, began: Ints) -> None:
        self.kinds, of = np.unique(began, return_inverse=True)
        belongs = (of == np.arange(self.kinds.size)[:, None]).astype(np.float64)
        self.units = belongs.sum(axis=1)
        self.mean = (belongs @ outcome) / self.units[:, None]


class _Cells:
    """All comparisons at once: who is compared with whom, and what comes of it."""

    def __init__(
        self, entries: list[tuple[int, int, int]], means: _Means, controls: Control, ahead: int
    ) -> None:
        self.cohort, self.period, self.base = np.array(entries, dtype=np.int64).T
        kinds = means.kinds[:, None]
        self.kinds = means.kinds
        self.treats = kinds == self.cohort
        self.compares = np.broadcast_to(kinds == NEVER, self.treats.shape)
        if controls == "not_yet":
            until = np.maximum(self.period, self.base) + ahead
            self.compares = self.compares | ((kinds > until) & ~self.treats)
        self.change = means.mean[:, self.period] - means.mean[:, self.base]
        self.of_treated = (self.treats * self.change).sum(axis=0)
        self.treated_units = (self.treats * means.units[:, None]).sum(axis=0)
        share = self.compares * means.units[:, None]
        self.control_units = share.sum(axis=0)
        self.of_controls = (share * self.change).sum(axis=0) / self.control_units
        self.effect = self.of_treated - self.of_controls

    def influence(self, outcome: Floats, began: Ints, clusters: Ints) -> Influence:
        """A unit's change less its side's mean, over the share of its side among all units."""
        of_treated, of_controls = (
            self.treats / self.treated_units,
            self.compares / self.control_units,
        )
        by = len(outcome) * (of_treated - of_controls)
        columns = np.arange(self.effect.size)
        pull = np.zeros((len(self.kinds), outcome.shape[1], self.effect.size))
        pull[:, self.period, columns] = by
        pull[:, self.base, columns] -= by
        level = by * np.where(self.treats, self.of_treated, self.of_controls)
        return Influence(outcome, np.searchsorted(self.kinds, began), pull, level, clusters)


@dataclass(frozen=True, slots=True)
class Pretest:
    """Whether effects before treatment are jointly zero. Not to find one is no proof of it.

    p_value         Wald's, as the authors' software gives it. It rejects far too often where there
                    are not hundreds of units: None where that is certain, and `reason` says so
    small_sample_p  the smallest p of each effect, times their number, at Welch's degrees of
                    freedom (Bonferroni): never too small, and the one to go by with few units
    effects         how many there are before treatment
    """

    p_value: float | None
    small_sample_p: float | None
    p_rule: str
    effects: int
    reason: str


def pretest(made: AttGt) -> Pretest:
    """Tests that every ATT(g,t) before treatment is zero.

    >>> outcome = np.random.default_rng(1).normal(size=(60, 5))
    >>> began = np.repeat([-1, 2, 3], 20)
    >>> 0 < pretest(att_gt(outcome, began)).p_value < 1
    True
    """
    before = made.period < made.cohort - made.anticipation
    count = int(before.sum())
    rule = f"Wald test that {count} effects before treatment are all zero, chi-squared; for small "
    rule += "samples the smallest of their p-values times their number"
    if not count:
        return Pretest(None, None, rule, 0, "no cohort has two periods before treatment")
    own = made.influence.small_sample(np.eye(made.effect.size), made.spare_kind)
    errors = np.maximum(own.errors, made.standard_error)
    small = wald.smallest_p(made.effect[before], errors[before], own.degrees[before])
    clusters = int(made.influence.clusters.max()) + 1
    if count >= clusters / 2:
        reason = (
            f"{count} effects before treatment and {clusters} clusters: too few for Wald's test"
        )
        return Pretest(None, small, rule, count, reason)
    covariance = made.influence.covariance()[np.ix_(before, before)]
    p, _ = wald.joint_p(made.effect[before], covariance)
    return Pretest(p, small, rule, count, "")


def _nothing_to_compare(began: Ints, controls: Control, early: int) -> str:
    if (began == NEVER).all():
        return f"all {early} treated units are treated from the first period; a before is needed"
    if not (began == NEVER).any() and controls == "never":
        return "every unit is treated in the end; compare with controls='not_yet'"
    return "all units are treated in the same period; there is nothing to compare them with"


def _notes(sizes: dict[int, int], never: int, early: int, controls: Control) -> tuple[str, ...]:
    said = []
    if early:
        said.append(f"{early} units treated from the first period are left out: no before")
    small = [g for g, n in sizes.items() if n < SMALL]
    if small:
        who = "treated units" if len(sizes) < 2 else f"{len(small)} of {len(sizes)} cohorts"
        said.append(
            f"{who}: fewer than {SMALL} units, taken to scatter as the largest group does; {BESIDE}"
        )
    if controls == "never" and never < SMALL:
        said.append(f"only {never} units are never treated: few to compare with")
    return tuple(said)
