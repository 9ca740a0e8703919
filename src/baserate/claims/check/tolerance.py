"""How near a printed figure must come to the record to be called right.

A reporter's figure is rounded, and records are revised after it was printed: both are allowed
for, and nothing else. Plain numbers in, yes or no out.
"""

from __future__ import annotations

from baserate.claims.claim import Magnitude

# Later editions of the FBI's tables move national and state figures of a year by about this much.
REVISION = 0.015
# A department's own tally and the FBI's figure of its city differ by more: other closing dates,
# and deaths that are reclassified (Kansas City counts 77, 78, 79 or 82 homicides for 2014).
LOCAL_REVISION = 0.03
# 600 for 640 is rounding that a reader would call wrong.
ROUNDEST = 0.05
ABOUT = 0.05
ROUNDEST_ABOUT = 0.10

PERCENT_POINTS = 0.75
PERCENT_SHARE = 0.10
# Counts and populations of both years are restated by later releases.
PERCENT_POINTS_REVISED = 1.0
PERCENT_SHARE_REVISED = 0.12
# Revisions of a point are known, but near small changes they would excuse any exaggeration.
MOST_OF_RECORDED = 2.0
PERCENT_ABOUT_POINTS = 1.5
PERCENT_ABOUT_SHARE = 0.15

# "Doubled" is said of a ratio from just under two; more than a fifth over it has other words.
FACTOR_UNDER = 0.025
FACTOR_OVER = 0.20
FACTOR_ABOUT = 0.15

UNCHANGED_PERCENT = 2.0


def printed_step(value: float, digits: int) -> float:
    """The unit of the last digit that was printed and is not a zero of rounding.

    >>> printed_step(5.7, 1), printed_step(600, 0), printed_step(17_250, 0), printed_step(525, 0)
    (0.1, 100, 10, 1)
    """
    if digits > 0:
        return 10.0**-digits
    whole, step = round(abs(value)), 1
    while whole and whole % (10 * step) == 0:
        step *= 10
    return step


def figure_fits(asserted: Magnitude, recorded: float, *, is_local: bool = False) -> bool:
    """Whether a count or a rate is the recorded one, as far as it was printed.

    >>> figure_fits(Magnitude(5.7, "per_100k", digits=1), 5.69)
    True
    >>> figure_fits(Magnitude(700, "count", "more than"), 650)
    False
    """
    off, room = asserted.value - recorded, leeway(asserted, recorded, is_local=is_local)
    if asserted.how == "more than":
        return off <= room
    if asserted.how == "less than":
        return -off <= room
    return abs(off) <= room


def leeway(asserted: Magnitude, recorded: float, *, is_local: bool = False) -> float:
    """How far the record may lie from the figure, in the figure's unit."""
    floor = (LOCAL_REVISION if is_local else REVISION) * abs(recorded)
    if asserted.unit == "count":
        floor = max(floor, _a_case_or_two(recorded))
    if asserted.how in {"more than", "less than"}:
        return floor
    return max(floor, _rounding(asserted))


def _a_case_or_two(recorded: float) -> float:
    """Small counts of police and FBI differ by a case; of very few, none may be missing."""
    return 0.0 if recorded < 5 else 1.0 if recorded < 50 else 2.0


def _rounding(asserted: Magnitude) -> float:
    step = printed_step(asserted.value, asserted.digits)
    half = step / 2 + 1e-9
    if asserted.how == "about":
        return max(ABOUT * asserted.value, min(half, ROUNDEST_ABOUT * asserted.value))
    return half if step <= 1 else min(half, ROUNDEST * asserted.value)


def percent_fits(asserted: Magnitude, recorded: float, *, is_revised: bool = False) -> bool:
    """Whether a percent is the recorded one; both without their sign.

    >>> percent_fits(Magnitude(7, "percent"), 6.8), percent_fits(Magnitude(7, "percent"), 4.2)
    (True, False)
    >>> percent_fits(Magnitude(1.9, "percent", digits=1), 0.9, is_revised=True)
    False
    """
    revised = is_revised and asserted.value <= MOST_OF_RECORDED * recorded
    return _within(asserted, recorded, percent_leeway(asserted, is_revised=revised))


def percent_leeway(asserted: Magnitude, *, is_revised: bool = False) -> float:
    """How far the record may lie from a percent, in points."""
    if asserted.how == "about":
        return max(PERCENT_ABOUT_POINTS, PERCENT_ABOUT_SHARE * asserted.value)
    if is_revised:
        return max(PERCENT_POINTS_REVISED, PERCENT_SHARE_REVISED * asserted.value)
    return max(PERCENT_POINTS, PERCENT_SHARE * asserted.value)


def factor_fits(asserted: Magnitude, ratio: float) -> bool:
    """Whether so many times is the recorded ratio, which is at least one; a half is two times.

    >>> factor_fits(Magnitude(2, "factor"), 1.97), factor_fits(Magnitude(2, "factor"), 1.6)
    (True, False)
    >>> factor_fits(Magnitude(0.5, "factor"), 1.97)
    True
    """
    value = 1 / asserted.value if 0 < asserted.value < 1 else asserted.value
    if asserted.how == "more than":
        return ratio >= value * (1 - FACTOR_UNDER)
    if asserted.how == "less than":
        return ratio <= value * (1 + FACTOR_UNDER)
    if asserted.how == "about":
        return abs(ratio - value) <= FACTOR_ABOUT * value
    return value * (1 - FACTOR_UNDER) <= ratio <= value * (1 + FACTOR_OVER)


def is_unchanged(percent: float) -> bool:
    """Whether so small a change may be called none."""
    return abs(percent) <= UNCHANGED_PERCENT


def _within(asserted: Magnitude, recorded: float, room: float) -> bool:
    if asserted.how == "more than":
        return recorded >= asserted.value - room
    if asserted.how == "less than":
        return recorded <= asserted.value + room
    return abs(recorded - asserted.value) <= room
