"""Conformal inference for a synthetic control: are the gaps after treatment like those before?

Chernozhukov, Wuthrich and Zhu (2021, JASA 116:1849). A constant effect is supposed and taken from
the treated unit; the weights are fitted on all periods; if the supposition is right, the gaps after
treatment are a stretch like any other. Where placebos need many donors, this needs many periods.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import ArrayLike

from baserate.evaluate.synthetic.donor_pool import DonorPool, donor_pool
from baserate.evaluate.synthetic.simplex import simplex_weights
from baserate.terms.quantities import Interval

DOUBLINGS, HALVINGS = 60, 50


@dataclass(frozen=True, slots=True)
class Conformal:
    """Whether no effect at all is likely, and which constant effects are.

    p_value   of no effect, by the rule in `p_rule`; not below one over the number of periods
    interval  constant effects not rejected; infinite where there are too few periods for any p
              so small, None where even the effect that was found is rejected
    """

    p_value: float
    p_rule: str
    interval: Interval | None


def conformal(
    outcome: ArrayLike, treated: ArrayLike, first: int, *, level: float = 0.95
) -> Conformal:
    """Conformal p-value and interval of a synthetic control's effect.

    `outcome` (units, periods), `treated` (units,) of True and False, `first` the index of the
    first treated period. The statistic is the mean absolute gap; gaps are moved in time as a block
    (around the end), so that they may depend on one another.

    >>> rng = np.random.default_rng(1)
    >>> outcome = rng.normal(size=(9, 40)); outcome[0, 36:] += 5
    >>> made = conformal(outcome, np.arange(9) == 0, 36)
    >>> made.p_value, 5 in made.interval, 0 in made.interval
    (0.025, True, False)
    """
    pool = donor_pool(outcome, treated, first)
    moves = pool.rows.shape[1]
    return Conformal(
        p_value=p_of(pool, 0.0),
        p_rule=f"conformal: rank of the mean absolute gap among {moves} moves of the gaps in time",
        interval=_inverted(pool, level),
    )


def p_of(pool: DonorPool, effect: float) -> float:
    """The p-value of a constant effect, in outcome units."""
    target = pool.rows[0].copy()
    target[pool.first :] -= effect
    columns = pool.rows[1:].T
    size = np.abs(target - columns @ simplex_weights(columns, target))
    after = len(size) - pool.first
    total = np.concatenate([[0.0], np.cumsum(np.concatenate([size, size]))])
    moved = total[after:] - total[:-after]
    own = moved[pool.first]
    return float(np.mean(moved[: len(size)] >= own * (1 - 1e-9)))


def _inverted(pool: DonorPool, level: float) -> Interval | None:
    """All effects from the one found outward until the p falls to 1 - level."""
    method = "effects that conformal inference does not reject"
    if pool.rows.shape[1] * (1 - level) < 1:
        return Interval(-inf, inf, method, level)
    before = pool.rows[:, : pool.first]
    gaps = pool.rows[0] - simplex_weights(before[1:].T, before[0]) @ pool.rows[1:]
    found = float(gaps[pool.first :].mean())

    def is_likely(effect: float) -> bool:
        return p_of(pool, effect) > 1 - level + 1e-9

    if not is_likely(found):
        return None
    step = float(np.std(pool.rows)) / 100
    return Interval(_edge(is_likely, found, -step), _edge(is_likely, found, step), method, level)


def _edge(is_likely: Callable[[float], bool], start: float, step: float) -> float:
    """The last likely value on the way from a likely start."""
    inner = start
    for _ in range(DOUBLINGS):
        if not is_likely(inner + step):
            break
        inner, step = inner + step, 2 * step
    else:
        return inf if step > 0 else -inf
    for _ in range(HALVINGS):
        step /= 2
        if is_likely(inner + step):
            inner += step
    return inner
