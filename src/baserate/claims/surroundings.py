"""What a sentence mentions around its statements, each thing looked up once for all of them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from functools import cached_property
from itertools import pairwise
from typing import Protocol

from baserate.claims.scan import Mention, Scan
from baserate.claims.sizes.find import Size


class Surroundings:
    """The mentions and cues of one sentence, for whichever of its statements asks."""

    def __init__(self, scan: Scan) -> None:
        self.scan = scan
        self.text = scan.text
        self.framing = scan.framing

    @cached_property
    def words(self) -> frozenset[str]:
        """Its words, folded."""
        return frozenset(word.fold for word in self.scan.words)

    @cached_property
    def sizes(self) -> list[Size]:
        """Its quantities, in order."""
        return [m.size for m in self.scan.of("size") if m.size]

    @cached_property
    def first_size(self) -> dict[float, Size]:
        """The first quantity of each value."""
        return {size.value: size for size in reversed(self.sizes)}

    @cached_property
    def moves(self) -> Sequence[Mention]:
        """What says "up", "down" or "unchanged", in order."""
        return self.scan.of("up", "down", "none")

    @cached_property
    def names_number(self) -> bool:
        """Whether it says "number", "total", "toll"."""
        return bool(self.scan.of("number"))

    @cached_property
    def names_measure(self) -> bool:
        """Whether it says that, or "rate"."""
        return self.names_number or bool(self.scan.of("rate"))

    @cached_property
    def names_course(self) -> bool:
        """Whether it says "up", "down", "high" or "low"."""
        return bool(self.scan.of("up", "down", "high", "low"))

    @cached_property
    def words_from_move_to_offense(self) -> int | None:
        """How many words stand between an offense and a direction, where they are nearest."""
        both = self.scan.of("offense", "up", "down", "none")
        unlike = (
            (one, other)
            for one, other in pairwise(both)
            if (one.kind == "offense") != (other.kind == "offense")
        )
        return min((self._words_between(one, other) for one, other in unlike), default=None)

    @cached_property
    def sizes_a_move(self) -> bool:
        """Whether a percent stands right beside a direction: "a 5 percent rise"."""
        sizes = [m for m in self.scan.of("size") if m.size and m.size.unit == "percent"]
        both = sorted((*sizes, *self.moves), key=lambda m: m.start)
        between = (
            self.text[one.end : other.start]
            for one, other in pairwise(both)
            if (one.kind == "size") != (other.kind == "size")
        )
        return any(len(gap.split()) <= 1 and "," not in gap for gap in between)

    def is_of_offense(self, size: Size) -> bool:
        """Whether the noun that the quantity counts is an offense, or within one."""
        if size.of is None:
            return False
        first, last = size.of
        return any(
            first <= offense.start < last or offense.start <= first < offense.end
            for offense in self._offenses_around(first)
        )

    def words_to_offense(self, size: Size) -> int | None:
        """How many words stand between a quantity and the offense nearest to it."""
        near = self._offenses_around(size.start)
        return min((self._words_between(size, offense) for offense in near), default=None)

    @cached_property
    def _offenses(self) -> Sequence[Mention]:
        return self.scan.of("offense")

    def _offenses_around(self, at: int) -> Sequence[Mention]:
        """The last offense that begins before an offset, and the first that begins from it on."""
        following = bisect_left(self._offenses, at, key=lambda offense: offense.start)
        return self._offenses[max(following - 1, 0) : following + 1]

    def _words_between(self, one: _Span, other: _Span) -> int:
        return len(self.text[min(one.end, other.end) : max(one.start, other.start)].split())


class _Span(Protocol):
    @property
    def start(self) -> int: ...

    @property
    def end(self) -> int: ...
