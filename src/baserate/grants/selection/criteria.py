"""One city against the nation, year by year. Pure arithmetic.

A ratio is the city's rate over the nation's: 1 is the nation's. Its interval is counting noise
alone, the nation's included (which is too small to see).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from baserate.measure.poisson import RatioLimits, rate_ratio

Standing = Literal["met", "met without certainty", "not met", "cannot be told"]
STANDINGS: tuple[Standing, ...] = get_args(Standing)


@dataclass(frozen=True, slots=True)
class Tally:
    """Offenses among so many people, in one year."""

    offenses: int
    people: float


def ratio(city: Tally, nation: Tally, confidence: float) -> RatioLimits:
    """A city's rate over the nation's in one year, and its limits.

    >>> found = ratio(Tally(9542, 621252), Tally(1197704, 1197704e5 / 372.6), 0.95)
    >>> round(found.ratio, 2), round(found.lower, 2), round(found.upper, 2)
    (4.12, 4.04, 4.21)
    """
    return rate_ratio(city.offenses, city.people, nation.offenses, nation.people, level=confidence)


def window_ratio(pairs: Sequence[tuple[Tally, Tally]], confidence: float) -> RatioLimits:
    """Offenses of several years over what the nation's rates of those years would have given.

    Each pair is the city and the nation in one year. One number for the whole window, that a
    year of many people or of high rates does not tilt.
    """
    recorded = sum(city.offenses for city, _ in pairs)
    of_nation = sum(nation.offenses for _, nation in pairs)
    return rate_ratio(recorded, expected(pairs), of_nation, of_nation, level=confidence)


def expected(pairs: Sequence[tuple[Tally, Tally]]) -> float:
    """Offenses a city would have had at the nation's rates."""
    return sum(city.people * nation.offenses / nation.people for city, nation in pairs)


def standing(ratios: Sequence[RatioLimits | None], threshold: float) -> Standing:
    """Whether violence was above the threshold in every year of a window; None is a year missing.

    A year at or below the threshold settles it, whatever the others are. "Without certainty": above
    in every year, and in at least one the interval reaches down to the threshold.

    >>> standing([RatioLimits(1.4, 1.3, 1.5), RatioLimits(1.1, 0.9, 1.3)], 1)
    'met without certainty'
    >>> standing([RatioLimits(1.4, 1.3, 1.5), None], 1)
    'cannot be told'
    """
    known = [r for r in ratios if r is not None]
    if any(r.ratio <= threshold for r in known):
        return "not met"
    if not known or len(known) < len(ratios):
        return "cannot be told"
    return "met" if all(r.lower > threshold for r in known) else "met without certainty"
