"""Where each of many stands, with the ranks that counting noise allows. Pure arithmetic."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from baserate.measure.poisson import count_limits, rate_ratio

METHOD = (
    "Klein, Wright and Wieczorek 2020 (Journal of the Royal Statistical Society C 69:589) on exact "
    "Poisson limits, counting noise alone; the ranks of all cities hold together"
)


class Rank(NamedTuple):
    """A place in the order, 1 the highest, and the highest and lowest place it may truly have."""

    rank: int
    highest: int
    lowest: int


class Ranked(NamedTuple):
    """What is ranked: offenses, and those that the nation's rates would have given."""

    offenses: int
    expected: float


def ranks(every: Sequence[Ranked], confidence: float) -> list[Rank]:
    """The rank of each, in the order given, by offenses over expected.

    A place is surely above another where their intervals do not touch, each at the level that
    makes all of them hold together.

    >>> ranks([Ranked(100, 100.0), Ranked(400, 100.0), Ranked(390, 100.0)], 0.95)
    [Rank(rank=3, highest=3, lowest=3), Rank(rank=1, highest=1, lowest=2), ...]
    """
    n = len(every)
    each = confidence ** (1 / max(n, 1))
    values = [one.offenses / one.expected for one in every]
    limits = [count_limits(one.offenses, each) for one in every]
    lows = [low / one.expected for (low, _), one in zip(limits, every, strict=True)]
    highs = [high / one.expected for (_, high), one in zip(limits, every, strict=True)]
    in_order, all_lows, all_highs = sorted(values), sorted(lows), sorted(highs)
    return [
        Rank(
            rank=1 + n - bisect_right(in_order, value),
            highest=1 + n - bisect_right(all_lows, high),
            lowest=n - bisect_left(all_highs, low),
        )
        for value, low, high in zip(values, lows, highs, strict=True)
    ]


def surely_above(one: Ranked, other: Ranked, confidence: float, comparisons: int) -> bool:
    """Whether one is above the other by more than counting noise, among so many comparisons."""
    level = 1 - (1 - confidence) / max(comparisons, 1)
    found = rate_ratio(one.offenses, one.expected, other.offenses, other.expected, level=level)
    return found.lower > 1
