"""An effect with its interval as a table's cell draws it, all cells of a column on one scale."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median_low

from baserate.publish.charts import nice_ticks_around

WIDEST = 2.0  # times the usual reach of an interval that a scale holds; the rest is cut
ROOM = 0.04  # of the scale, at either end


@dataclass(frozen=True, slots=True)
class Scale:
    """What a strip in a table reaches over, and what is marked in each: all in one unit."""

    low: float
    high: float
    claimed: tuple[float, float] | None

    def at(self, value: float) -> float:
        """Where a value stands, 0 to 100; what lies beyond is at the edge."""
        return min(max(100 * (value - self.low) / (self.high - self.low), 0.0), 100.0)

    @property
    def ticks(self) -> list[float]:
        """Round values inside."""
        return [t for t in nice_ticks_around(self.low, self.high) if self.low <= t <= self.high]


def scale_of(
    values: Sequence[float],
    intervals: Sequence[tuple[float, float]],
    claimed: tuple[float, float] | None,
) -> Scale:
    """A scale with every value, zero and the claimed range on it; the widest intervals are cut.

    >>> scale_of([-24.0, -20.0], [(-45.0, 4.0), (-900.0, 900.0)], (-42.0, -4.0)).claimed
    (-42.0, -4.0)
    """
    must = [0.0, *values, *(claimed or ())]
    reach = [max(abs(a), abs(b)) for a, b in intervals]
    usual = WIDEST * max(median_low(reach or [1.0]), *map(abs, must), 1e-9)
    ends = [min(max(v, -usual), usual) for pair in intervals for v in pair]
    low, high = min([*must, *ends]), max([*must, *ends])
    room = ROOM * (high - low or 1.0)
    return Scale(low - room, high + room, claimed)


def strip(
    scale: Scale, value: float, limits: tuple[float, float] | None, seen: float | None
) -> str:
    """One design's effect as a table's cell draws it, as wide and high as the cell is.

    The claimed range is a band, zero a line, `seen` (the smallest effect it would find) two marks.
    """
    zero, mid = scale.at(0.0), scale.at(value)
    parts = []
    if scale.claimed is not None:
        a, b = map(scale.at, scale.claimed)
        line = f'<path class="claim-line" d="M{a:.1f} 0V100"/>'
        area = f'<path class="claimed" d="M{a:.1f} 0H{b:.1f}V100H{a:.1f}z"/>'
        parts.append(line if a == b else area)
    parts.append(f'<path class="zero" d="M{zero:.1f} 0V100"/>')
    for end in () if seen is None else (-seen, seen):
        if scale.low < end < scale.high:
            parts.append(f'<path class="seen" d="M{scale.at(end):.1f} 32V68"/>')
    if limits is not None:
        a, b = map(scale.at, limits)
        parts.append(f'<path class="span" d="M{a:.1f} 50H{b:.1f}"/>')
    parts.append(f'<path class="point" d="M{mid:.1f} 50h0"/>')
    return _stretched(parts)


def _stretched(parts: Iterable[str]) -> str:
    return (
        '<svg class="strip" viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">'
        f"{''.join(parts)}</svg>"
    )
