"""Two tallies and the difference between them. Pure arithmetic."""

from __future__ import annotations

from math import inf, isinf
from typing import NamedTuple

from baserate.measure.answer import Verdict
from baserate.measure.poisson import SMALL_COUNT, RatioLimits, e_test, rate_ratio
from baserate.terms.quantities import Interval

ALPHA = 0.05

# From here on the counts of a pair are so unequal that the interval alone decides.
LARGE_COUNT = 100 * SMALL_COUNT


class Tally(NamedTuple):
    """Events and what they are measured over: people for a rate, years for a count."""

    events: float
    exposure: float


class Difference(NamedTuple):
    """A later tally against an earlier one, in percent of the earlier.

    `percent` is None from zero, where no percent exists. `p_value` is the E-test's, made only
    where a count is small. `direction` is 1, -1, or 0 where counting noise alone can explain it.
    """

    percent: float | None
    interval: Interval
    p_value: float | None
    direction: int


def difference(
    earlier: Tally,
    later: Tally,
    *,
    dispersion: float = 1.0,
    bridge: tuple[float, float, float] = (1.0, 1.0, 1.0),
    with_p: bool = True,
) -> Difference:
    """How the later tally differs from the earlier, and whether by more than counting noise.

    `bridge` holds the factor that turns the earlier tally's definition into the later's, with
    the lowest and highest it could be; the interval is widened to take both in. Without
    `with_p` the E-test is made only where it can still change the direction.

    >>> d = difference(Tally(91, 1.0), Tally(107, 1.0))
    >>> round(d.percent, 1), d.direction, round(d.p_value, 4)
    (17.6, 0, 0.2568)
    """
    factor, lowest, highest = bridge
    ratio = rate_ratio(
        later.events, later.exposure, earlier.events, earlier.exposure, dispersion=dispersion
    )
    limits = RatioLimits(ratio.ratio / factor, ratio.lower / highest, ratio.upper / lowest)
    beyond_noise = not limits.lower <= 1 <= limits.upper
    small = min(earlier.events, later.events) < SMALL_COUNT
    p_value = None
    if small and (with_p or beyond_noise) and max(earlier.events, later.events) < LARGE_COUNT:
        p_value = e_test(
            round(later.events), round(earlier.events), later.exposure, earlier.exposure / factor
        )
    clear = beyond_noise and (p_value is None or p_value < ALPHA)
    method = "score interval for a ratio of small counts" if small else "log rate ratio, Poisson"
    method += ", counting noise alone" if dispersion == 1 else f", dispersion {dispersion:.1f}"
    if lowest != highest:
        method += ", widened by the range of the bridge between definitions"
    return Difference(
        None if isinf(limits.ratio) or earlier.events == 0 else 100 * (limits.ratio - 1),
        Interval(_percent(limits.lower), _percent(limits.upper), method),
        p_value,
        0 if not clear else 1 if limits.ratio > 1 else -1,
    )


def change_verdict(found: Difference) -> Verdict:
    """The word for a change over time.

    A rise from zero has no percent but can still be clear; two zeros cannot tell anything.
    """
    if found.direction:
        return "up" if found.direction > 0 else "down"
    return "can't tell" if found.percent is None else "no clear change"


def place_verdict(found: Difference) -> Verdict:
    """The word for one place against another."""
    if found.direction:
        return "higher" if found.direction > 0 else "lower"
    return "can't tell" if found.percent is None else "no clear difference"


def _percent(ratio: float) -> float:
    return inf if isinf(ratio) else 100 * (ratio - 1)
