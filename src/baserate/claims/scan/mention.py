"""What a sentence mentions: the records that the scan fills and the reading rests on."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from baserate.claims.claim import Where
from baserate.claims.lexicon import CueKind
from baserate.claims.sizes.find import Size
from baserate.claims.times.find import TimeMention
from baserate.terms.periods import Period
from baserate.terms.words import Word

MentionKind = Literal[
    "offense", "qualifier", "place", "name", "own", "time", "size", "sep", CueKind
]


@dataclass(frozen=True, slots=True)
class Mention:
    """One thing mentioned. `start` and `end` are offsets in the sentence.

    What else it holds depends on its kind: `key` of an offense or a qualifier's words, `where`
    for a place, `time`, `size`; a separator's `key` is how strong it is: '1' to '3'.

    A 'name' is a place within the name of somebody or something; its `key` is 'office' where
    that speaks for the place ("Chicago police"), 'dateline' where the story was written there.
    An 'own' place is called by what it is: 'city', 'state' or 'county' ("the city").
    """

    kind: MentionKind
    start: int
    end: int
    key: str = ""
    where: Where | None = None
    time: TimeMention | None = None
    size: Size | None = None


@dataclass(frozen=True)
class Scan:
    """A sentence with all it mentions, in order. `framing` are the cues of what is no report."""

    text: str
    words: tuple[Word, ...]
    mentions: tuple[Mention, ...]
    framing: frozenset[str]
    named: tuple[Period, ...] = ()  # periods in the names of reports and laws

    def of(self, *kinds: MentionKind) -> Sequence[Mention]:
        """The mentions of these kinds, in order."""
        if len(kinds) == 1:
            return self._by_kind.get(kinds[0], ())
        return [m for m in self.mentions if m.kind in kinds]

    @cached_property
    def _by_kind(self) -> dict[MentionKind, list[Mention]]:
        kept: dict[MentionKind, list[Mention]] = {}
        for mention in self.mentions:
            kept.setdefault(mention.kind, []).append(mention)
        return kept

    def before(self, at: int, count: int = 1) -> list[str]:
        """The folded words just before an offset, the nearest last."""
        last = bisect_right(self.words, at, key=_end)
        return [w.fold for w in self.words[max(last - count, 0) : last]]

    def after(self, at: int, count: int = 1) -> list[str]:
        """The folded words from an offset on."""
        first = bisect_left(self.words, at, key=_start)
        return [w.fold for w in self.words[first : first + count]]


def _start(word: Word) -> int:
    return word.start


def _end(word: Word) -> int:
    return word.end
