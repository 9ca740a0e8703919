"""The words of one sentence as the scan goes over them, again for each kind of thing."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from functools import cached_property
from typing import TypeVar

from baserate.terms.words import Found, words_of

Meaning = TypeVar("Meaning")


class Wording:
    """A sentence's words, and in `taken` which of them belong to something found already.

    What is looked for first takes its words: in "last fall", a time, nothing fell.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.words = words_of(text)
        self.folds = [w.fold for w in self.words]
        self.capitals = [w.text[:1].isupper() for w in self.words]
        self.taken: set[int] = set()

    # ------------------------------------------------------------------------- taking words

    def take(self, found: Found[Meaning]) -> None:
        """Take the words of what was found."""
        self.taken.update(range(found.first, found.last))

    def take_spans(self, spans: Iterable[tuple[int, int]]) -> None:
        """Take the words that lie within these stretches of the text."""
        starts, ends = [w.start for w in self.words], [w.end for w in self.words]
        for start, end in spans:
            self.taken.update(range(bisect_left(starts, start), bisect_right(ends, end)))

    # ------------------------------------------------------------------------ asking of them

    def fold(self, at: int) -> str:
        """A word as it is looked up; empty before the first word and after the last."""
        return self.folds[at] if 0 <= at < len(self.folds) else ""

    def said(self, first: int, last: int) -> str:
        """The folded words from `first` to before `last`, with single spaces."""
        return " ".join(self.folds[max(first, 0) : last])

    def ahead(self, at: int, count: int) -> list[str]:
        """The next folded words, from `at` on."""
        return self.folds[at : at + count]

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Where the words from `first` to before `last` stand in the text."""
        return self.words[first].start, self.words[last - 1].end

    def adjoins(self, at: int) -> bool:
        """Whether only space stands between word `at` and the next."""
        if not 0 <= at < len(self.words) - 1:
            return False
        return self.text[self.words[at].end : self.words[at + 1].start].strip() == ""

    def owns(self, at: int) -> bool:
        """Whether a word is a possessive: "Chicago's"."""
        return self.words[at].text.endswith(("'s", "’s"))

    @cached_property
    def is_heading(self) -> bool:
        """Whether most words are not in small letters, so that capitals mean nothing."""
        return sum(w.text[:1].islower() for w in self.words) <= len(self.words) / 2


def without_possessive(name: str) -> str:
    """A name without the mark of what it owns: 'Cook County's' is 'Cook County'."""
    return name.removesuffix("'s").removesuffix("’s")
