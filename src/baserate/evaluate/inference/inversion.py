"""From a test to an interval: the effects that it does not reject."""

from __future__ import annotations

from collections.abc import Callable
from math import inf

from baserate.terms.quantities import Interval

NEAR_ENOUGH = 1e-3  # ends of an interval are found to this share of a standard error
DOUBLINGS, HALVINGS = 12, 40  # of the step on the way to an end, and back


def inverted(
    p_of: Callable[[float], float], effect: float, error: float, method: str, level: float
) -> Interval:
    """The effects around the estimate that a test does not reject, each end found by bisection.

    An end is infinite where no effect within thousands of errors is rejected: few assignments
    leave no p so small.
    """
    step = max(error, 1e-9 * abs(effect)) or 1.0
    lower, upper = (_end(p_of, effect, side * step, 1 - level) for side in (-1, 1))
    return Interval(lower, upper, method, level)


def _end(p_of: Callable[[float], float], effect: float, step: float, alpha: float) -> float:
    inside, outside = effect, effect + step
    for _ in range(DOUBLINGS):
        if p_of(outside) <= alpha:
            break
        inside, outside = outside, effect + 2 * (outside - effect)
    else:
        return inf if step > 0 else -inf
    for _ in range(HALVINGS):
        if abs(outside - inside) <= NEAR_ENOUGH * abs(step):
            break
        middle = (inside + outside) / 2
        inside, outside = (middle, outside) if p_of(middle) > alpha else (inside, middle)
    return outside
