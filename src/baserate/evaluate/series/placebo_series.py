"""The same regression where nothing happened: other series taken for treated, one after another.

One short series says little of how far its noise carries over, so the errors of a regression on it
are too small. Where there are many control series, each can be taken for the treated one and set
against the rest: how far their effects lie from zero, in their own errors, is what an effect must
pass. It holds whatever the noise is, as long as that of the treated is like theirs.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import expm1

import numpy as np
from numpy.typing import NDArray

from baserate.errors import BadPanel
from baserate.evaluate.inference.placebo_groups import (
    critical_size,
    placebo_groups,
    rank_p,
    usual_size,
)
from baserate.evaluate.series.interrupted import log_effect
from baserate.terms.quantities import Interval

Floats = NDArray[np.float64]

FEWEST = 19  # placebos; with fewer no p of 5% is possible
RULE = (
    "placebo series: rank of the size of the log ratio in its own error among the treated series "
    "and {} placebos, each {} set against the others"
)


@dataclass(frozen=True, slots=True)
class AmongPlacebos:
    """How one interrupted series stands among those where nothing happened.

    statistics  (placebos,): log ratio of offenses to expected ones, in its own error
    interval    of the effect in percent; `mde_percent` the smallest fall found in 80 of 100 at 5%
    """

    p_value: float
    p_rule: str
    interval: Interval
    mde_percent: float
    statistics: Floats


def among_placebos(
    counts: Floats,
    exposure: Floats | None,
    treated: NDArray[np.bool_],
    first: int,
    *,
    seed: int,
    level: float = 0.95,
) -> AmongPlacebos | None:
    """The treated series beside each control, or as many controls together, in its place.

    `counts` and `exposure` have shape (units, periods), `treated` (units,). None where fewer than
    19 placebos can be fitted, for no p of 5% is then possible.

    >>> rng = np.random.default_rng(1)
    >>> counts = rng.poisson(300, (30, 20)) * 1.0
    >>> counts[0, 12:] = rng.poisson(150, 8)
    >>> made = among_placebos(counts, None, np.arange(30) == 0, 12, seed=1)
    >>> round(made.p_value, 3), -50 in made.interval
    (0.033, True)
    """
    value, error = _log_effect(counts, exposure, treated, first)
    others = counts[~treated], None if exposure is None else exposure[~treated]
    groups = placebo_groups(len(others[0]), int(treated.sum()), seed=seed)
    fitted = [_statistic(*others, group, first) for group in groups]
    placebos = np.array([each for each in fitted if each is not None])
    if len(placebos) < FEWEST or groups[0].sum() != treated.sum() or not error:
        return None
    reach = critical_size(placebos, level) * error
    together = int(treated.sum())
    which = "control" if together == 1 else f"the sum of {together} controls"
    rule = RULE.format(f"{len(placebos):,}", which)
    ends = (100 * expm1(value - reach), 100 * expm1(value + reach))
    return AmongPlacebos(
        p_value=rank_p(placebos, value / error),
        p_rule=rule,
        interval=Interval(*ends, "log ratio, errors as many as placebos lie from zero", level),
        mde_percent=-100 * expm1(-(reach + usual_size(placebos) * error)),
        statistics=placebos,
    )


def _statistic(
    counts: Floats, exposure: Floats | None, group: NDArray[np.bool_], first: int
) -> float | None:
    """None where the regression cannot be fitted to a placebo, as when it is all zero."""
    try:
        value, error = _log_effect(counts, exposure, group, first)
    except BadPanel:
        return None
    return value / error if error else None


def _log_effect(
    counts: Floats, exposure: Floats | None, group: NDArray[np.bool_], first: int
) -> tuple[float, float]:
    return log_effect(
        counts[group].sum(axis=0),
        first,
        exposure=None if exposure is None else exposure[group].sum(axis=0),
        control=counts[~group].sum(axis=0),
        control_exposure=None if exposure is None else exposure[~group].sum(axis=0),
        change_of_slope=False,
    )
