"""Stretches of a text, and which of them a stretch lies on."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable


class Spans:
    """Stretches from `start` to before `end`, looked up without going through them all.

    Those that overlap count as one.

    >>> spans = Spans([(0, 4), (10, 20)])
    >>> spans.touch(3, 6), spans.touch(4, 10), spans.surround(12, 13), spans.surround(10, 13)
    (True, False, True, False)
    """

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        for start, end in sorted(spans):
            if self._ends and start < self._ends[-1]:
                self._ends[-1] = max(end, self._ends[-1])
            else:
                self._starts.append(start)
                self._ends.append(end)

    def touch(self, start: int, end: int) -> bool:
        """Whether any of the stretch lies on one of these."""
        at = bisect_left(self._starts, end) - 1
        return at >= 0 and start < self._ends[at]

    def surround(self, start: int, end: int) -> bool:
        """Whether one of these begins before the stretch and ends after it."""
        at = bisect_left(self._starts, start) - 1
        return at >= 0 and end < self._ends[at]
