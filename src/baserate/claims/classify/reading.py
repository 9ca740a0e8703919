"""A Reading: one frame, with what it leaves unsaid taken from the frames that it continues."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from baserate.claims.claim import Direction
from baserate.claims.classify.named import named_offenses
from baserate.claims.frames import Frame, chain
from baserate.claims.lexicon import words
from baserate.claims.scan import Mention, Scan
from baserate.claims.sizes.find import Size


class Reading:
    """One frame in its sentence. Everything is read on first use and kept."""

    def __init__(self, frame: Frame, scan: Scan) -> None:
        self.frame, self.scan = frame, scan
        self.chain: Sequence[Frame] = tuple(chain(frame))

    @cached_property
    def offenses(self) -> list[Mention]:
        """The offenses it is of."""
        return named_offenses(self.chain, self.scan)

    @cached_property
    def places(self) -> list[Mention]:
        """The places it is of; none where the nearest frame says "the city"."""
        return next((f.places for f in self.chain if f.places or f.own), [])

    @cached_property
    def direction(self) -> Mention | None:
        """The word for which way it went, also where only the size is said: "robbery 8 percent"."""
        frame = self.frame
        if frame.direction is not None:
            return frame.direction
        elliptic = frame.percent or frame.figure("by", "from")
        if elliptic and not frame.share and not frame.rank:
            return next((f.direction for f in self.chain if f.direction), None)
        return None

    @cached_property
    def sense(self) -> Direction | None:
        """Which way it went, by its word, its sign or its figures."""
        frame = self.frame
        sign = frame.percent.size.sign if frame.percent and frame.percent.size else 0
        if frame.direction is None and sign:
            return "up" if sign > 0 else "down"
        if self.direction is not None:
            return _sense_of(self.direction)
        if frame.factor is not None:
            fewer = not words("fewer").isdisjoint(self.said(frame.factor).split())
            return "down" if fewer or self._begins_with(frame.factor, "halving") else "up"
        percent = frame.percent if frame.share is None else None
        halved = "halving" if frame.average is not None else "halved"
        if percent is not None and self._begins_with(percent, halved):
            return "down"
        return self._sense_of_figures()

    @property
    def two_figures(self) -> tuple[Size, Size] | None:
        """The later and the earlier figure in one unit, where it has both."""
        later, earlier = self.frame.figure("main", "to"), self.frame.figure("from")
        if later is None or earlier is None or later.size.unit != earlier.size.unit:
            return None
        return later.size, earlier.size

    @cached_property
    def is_per_head(self) -> bool | None:
        """Whether rates are meant; None where the words do not say."""
        for frame in self.chain:
            figure = frame.figure("main", "to", "from")
            if figure is not None:
                return figure.size.unit == "per_100k"
            if frame.measured is not None:
                return frame.measured.kind == "rate"
            if frame.offenses:
                return None
        return None

    @cached_property
    def folds(self) -> frozenset[str]:
        """Every word of the sentence."""
        return frozenset(w.fold for w in self.scan.words)

    @cached_property
    def first_word(self) -> str:
        """The sentence's first word."""
        return self.scan.words[0].fold if self.scan.words else ""

    def said(self, mention: Mention, more: int = 0) -> str:
        """The mention's own text in small letters, with some characters that follow it."""
        return self.scan.text[mention.start : mention.end + more].lower()

    def _begins_with(self, mention: Mention, key: str) -> bool:
        return self.said(mention).startswith(tuple(words("classify", key)))

    def _sense_of_figures(self) -> Direction | None:
        pair = self.two_figures
        if pair is None:
            return None
        later, earlier = (size.value for size in pair)
        return "up" if later > earlier else "down" if later < earlier else "none"


def _sense_of(direction: Mention) -> Direction:
    if direction.kind in {"up", "more"}:
        return "up"
    return "down" if direction.kind in {"down", "fewer"} else "none"
