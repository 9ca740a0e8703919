"""Synthetic control: the treated unit beside a weighted mean of others that moved with it before.

Abadie, Diamond and Hainmueller (2010, JASA 105:493), here on past outcomes alone, which gives the
weights that fit the years before treatment best. `predictors.py` matches on predictors,
`augmented.py` corrects what the weights leave.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from math import isinf

import numpy as np
from numpy.typing import ArrayLike

from baserate.evaluate.inference.placebo_groups import MOST
from baserate.evaluate.synthetic.donor_pool import DonorPool, donor_pool
from baserate.evaluate.synthetic.frank_wolfe import Solver, checked_solver, frank_wolfe_each
from baserate.evaluate.synthetic.placebo import (
    FEWEST_TO_BACKDATE,
    InTime,
    LeaveOneOut,
    Placebos,
    WeightRule,
    detectable_effect,
    interval_from_placebos,
    leave_one_donor_out,
    placebo_in_time,
    placebos_in_space,
)
from baserate.evaluate.synthetic.simplex import (
    Flags,
    Floats,
    Indices,
    is_only_solution,
    simplex_weights_each,
)
from baserate.terms.quantities import Interval

SEVERAL_FIT = (
    "other donor weights fit the periods before treatment just as well; the effect is that of one "
    "such set, with few donors"
)
UNBOUNDED = (
    "with {} placebos no p of 5% or less is possible, so no effect of any size could be seen"
)
NONE_LEFT = "the placebo test rejects every constant effect, so there is no interval"
NOT_BACKDATED = "fewer than four periods before treatment, too few to date it back"
MEAN_OF_SEVERAL = (
    "the treated unit is the mean of {} units, and donors are too few to take as many together: it "
    "is less noisy than the single units that are its placebos, and its p is too small"
)
OUT_OF_REACH = (
    "before treatment the treated unit is on average {} than every donor, out of reach of weights "
    "that are zero or more"
)

SOLVERS: dict[Solver, Callable[[Floats, Indices, Flags], Floats]] = {
    "exact": simplex_weights_each,
    "frank-wolfe": frank_wolfe_each,
}


def weight_rule(solver: Solver) -> WeightRule:
    """The rule that fits best what each mix of rows was before treatment."""

    def weigh(before: Floats, mixes: Floats, is_donor: Flags) -> Floats:
        units, table = len(before), np.vstack([before, mixes @ before])
        wide = np.zeros((len(mixes), len(table)), dtype=np.bool_)
        wide[:, :units] = is_donor
        return SOLVERS[solver](table, np.arange(units, len(table)), wide)[:, :units]

    return weigh


@dataclass(frozen=True, slots=True)
class SyntheticControl:
    """What a synthetic control says, and what says how far to trust it.

    effect            mean gap after treatment (ATT), in outcome units
    percent           the same of the mean synthetic outcome; None where that is not above zero
    interval          constant effects not rejected by the placebos; None where all are rejected
    p_value           by the rule in `p_rule`
    mde               smallest effect found with probability .8 at 5%; infinite if p cannot be so
                      small with these donors
    donor_weights     (units,), zero for the treated
    synthetic         (periods,) the weighted mean of donors; `gaps` is the treated unit less it
    pre_period_rmspe  root of the mean squared gap before treatment; `mspe_ratio` post over pre
    placebos          every donor in the treated unit's place
    in_time           treatment dated back; None with fewer than four periods before it
    leave_one_out     without each donor that has a weight
    notes             what a reader must know of this fit
    """

    effect: float
    percent: float | None
    interval: Interval | None
    p_value: float
    p_rule: str
    mde: float
    donor_weights: Floats
    synthetic: Floats
    gaps: Floats
    pre_period_rmspe: float
    mspe_ratio: float
    placebos: Placebos
    in_time: InTime | None
    leave_one_out: LeaveOneOut
    notes: tuple[str, ...]


def synthetic_control(
    outcome: ArrayLike,
    treated: ArrayLike,
    first: int,
    *,
    treated_is_donor: bool,
    solver: Solver = "exact",
    level: float = 0.95,
    seed: int = 0,
) -> SyntheticControl:
    """Weigh the donors by the outcome before treatment, and do the same in every donor's place.

    `outcome` (units, periods) in any unit, `treated` (units,) of True and False (of several the
    mean is taken), `first` the index of the first treated period. `treated_is_donor` says whether
    placebos may use the treated unit: it then carries its effect into them. "frank-wolfe" weights
    are those of published code that stops a little short of the optimum (`frank_wolfe.py`). `seed`
    draws groups of donors where several units are treated.

    >>> outcome = np.array([[1.0, 3, 2, 9], [1, 2, 2, 2], [2, 4, 2, 4], [1, 3, 2, 3], [0, 1, 0, 2]])
    >>> made = synthetic_control(outcome, np.arange(5) == 0, 3, treated_is_donor=False)
    >>> made.effect, made.percent, made.donor_weights.round(3)
    (6.0, 200.0, array([0., 0., 0., 1., 0.]))
    """
    checked_solver(solver)
    pool = donor_pool(outcome, treated, first)
    rule = weight_rule(solver)
    made = assemble(pool, rule, treated_is_donor=treated_is_donor, level=level, seed=seed)
    before = pool.rows[:, :first]
    if is_only_solution(before[1:].T, before[0], made.placebos.weights[0, 1:]):
        return made
    return replace(made, notes=(*made.notes, SEVERAL_FIT))


def assemble(
    pool: DonorPool,
    weigh: WeightRule,
    *,
    treated_is_donor: bool,
    level: float,
    seed: int,
    most: int = MOST,
    backdate: bool = True,
) -> SyntheticControl:
    """Everything a synthetic control says, for any rule that turns the past into weights."""
    placebos = placebos_in_space(
        pool, weigh, treated_is_donor=treated_is_donor, most=most, seed=seed
    )
    synthetic = pool.rows[0] - placebos.gaps[0]
    effect = float(placebos.gaps[0, pool.first :].mean())
    counterfactual = float(synthetic[pool.first :].mean())
    back = partial(placebo_in_time, pool, weigh, treated_is_donor=treated_is_donor, seed=seed)
    mde = detectable_effect(placebos)
    interval = interval_from_placebos(placebos, level)
    return SyntheticControl(
        effect=effect,
        percent=100 * effect / counterfactual if counterfactual > 0 else None,
        interval=interval,
        p_value=placebos.p_value,
        p_rule=placebos.p_rule,
        mde=mde,
        donor_weights=pool.spread(placebos.weights[0]),
        synthetic=synthetic,
        gaps=placebos.gaps[0],
        pre_period_rmspe=float(np.sqrt(placebos.pre_mspe[0])),
        mspe_ratio=float(placebos.mspe_ratio[0]),
        placebos=placebos,
        in_time=back() if backdate else None,
        leave_one_out=leave_one_donor_out(pool, weigh, placebos.weights[0]),
        notes=_notes(pool, placebos, interval, mde),
    )


def _notes(
    pool: DonorPool, placebos: Placebos, interval: Interval | None, mde: float
) -> tuple[str, ...]:
    """Why a field is empty or infinite, and what the placebos cannot show."""
    made = []
    if isinf(mde):
        made.append(UNBOUNDED.format(len(placebos.groups)))
    if interval is None:
        made.append(NONE_LEFT)
    if pool.first < FEWEST_TO_BACKDATE:
        made.append(NOT_BACKDATED)
    before = pool.rows[:, : pool.first].mean(axis=1)
    if not before[1:].min() <= before[0] <= before[1:].max():
        made.append(OUT_OF_REACH.format("higher" if before[0] > before[1] else "lower"))
    if pool.treated > placebos.groups[0].sum():
        made.append(MEAN_OF_SEVERAL.format(pool.treated))
    return tuple(made)
