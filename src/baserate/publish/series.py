"""Which points of a series are drawn, so that chart, spark line and table show the same."""

from __future__ import annotations

from collections.abc import Sequence

from baserate.measure.answer import Point
from baserate.terms.offenses import definition_in_force


def drawn(points: Sequence[Point]) -> tuple[Point, ...]:
    """One point a year of the first place: by the definition then in force.

    Legacy through 2012 and revised from 2013, for the nation as for the states, so that two
    places on one chart are on one scale.
    """
    where = points[0].place
    kept = (p for p in points if p.place == where and p.basis in {"", definition_in_force(p.year)})
    return tuple(sorted(kept, key=lambda p: p.year))


def breaks(points: Sequence[Point]) -> list[int]:
    """Indexes before which the line is cut: the definition changes or a year is missing."""
    return [
        i
        for i in range(1, len(points))
        if points[i].basis != points[i - 1].basis or points[i].year != points[i - 1].year + 1
    ]
