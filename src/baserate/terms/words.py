"""Text to words, and names found among them.

One tokenizer serves every finder, so that the place finder and the offense finder agree on
where a word begins. Spans are offsets in the original text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, NamedTuple, TypeVar

Meaning = TypeVar("Meaning")

# A word is letters and digits, with the marks that belong inside one: D.C., W.Va., O'Fallon,
# Miami-Dade. Each alternative starts with a different kind of character run, so it is linear.
_WORD = re.compile(r"(?:[A-Za-z]{1,2}\.){2,}|\w+(?:['’ʻ‘-]\w+)*", re.UNICODE)


class Word(NamedTuple):
    """One word of a text. `fold` is how it is looked up; `start` and `end` where it stands.

    `has_dot` says that a full stop follows, as in an abbreviation: "Mo."
    """

    text: str
    fold: str
    start: int
    end: int
    has_dot: bool


@lru_cache(maxsize=65_536)
def fold(word: str) -> str:
    """The form in which words are compared: no case, accents, dots, apostrophes or possessive.

    >>> fold("D.C."), fold("Española"), fold("O’Fallon"), fold("Missouri's")
    ('dc', 'espanola', 'ofallon', 'missouri')
    """
    if word[-2:] in {"'s", "’s"}:
        word = word[:-2]
    plain = word.lower() if word.isascii() else unicodedata.normalize("NFKD", word).casefold()
    if plain.isalnum():
        return plain
    return "".join(c for c in plain if c.isalnum() or c == "-")


def words_of(text: str) -> list[Word]:
    """The words of a text, in order.

    >>> [w.fold for w in words_of("Murder in Washington, D.C., 2015-2016")]
    ['murder', 'in', 'washington', 'dc', '2015-2016']
    """
    return [
        Word(m[0], fold(m[0]), m.start(), m.end(), m[0][-1] == "." or text.startswith(".", m.end()))
        for m in _WORD.finditer(text)
    ]


def folds_of(text: str) -> tuple[str, ...]:
    """The words of a text in the form in which they are compared.

    >>> folds_of("St. Louis")
    ('st', 'louis')
    """
    return tuple(fold(m) for m in _WORD.findall(text))


@dataclass(frozen=True, slots=True)
class Found(Generic[Meaning]):
    """A name found in a text, and everything it can mean. `meanings` is never empty."""

    meanings: tuple[Meaning, ...]
    first: int  # index of its first word
    last: int  # index after its last word


class WordIndex(Generic[Meaning]):
    """Names of one to several words, each with the meanings it can have."""

    def __init__(self) -> None:
        self._meanings: dict[str, tuple[Meaning, ...]] = {}
        # How many words the names have that start with a word, the longest first.
        self._lengths: dict[str, tuple[int, ...]] = {}

    def add(self, name: str, meaning: Meaning) -> None:
        """Say that `name` can mean `meaning`."""
        folds = folds_of(name)
        key = " ".join(folds)
        known = self._meanings.get(key, ())
        self._meanings[key] = known if meaning in known else (*known, meaning)
        self.expect(folds[0], len(folds))

    def expect(self, first: str, length: int) -> None:
        """Say that a name of so many words can start with the folded word `first`."""
        known = self._lengths.get(first, ())
        if length not in known:
            self._lengths[first] = tuple(sorted((*known, length), reverse=True))

    def meanings(self, key: str) -> tuple[Meaning, ...]:
        """What a name can mean, given its folded words with single spaces between them."""
        return self._meanings.get(key, ())

    def __getitem__(self, name: str) -> tuple[Meaning, ...]:
        """What the whole of `name` can mean; empty where it means nothing."""
        return self.meanings(" ".join(folds_of(name)))

    def names(self) -> Iterator[str]:
        """Every name, folded."""
        return iter(self._meanings)

    def find(self, words: Sequence[Word], taken: Iterable[int] = ()) -> list[Found[Meaning]]:
        """Names among the words, longest first at each place, none overlapping."""
        folds = [w.fold for w in words]
        if self._lengths.keys().isdisjoint(folds):
            return []
        used = taken if isinstance(taken, AbstractSet) else set(taken)
        found: list[Found[Meaning]] = []
        free = 0
        for at, first in enumerate(folds):
            if first not in self._lengths or at < free or at in used:
                continue
            match = self._longest_at(folds, at, used)
            if match is not None:
                found.append(match)
                free = match.last
        return found

    def _longest_at(
        self, folds: list[str], at: int, used: AbstractSet[int]
    ) -> Found[Meaning] | None:
        for length in self._lengths[folds[at]]:
            last = at + length
            meanings = self.meanings(" ".join(folds[at:last])) if last <= len(folds) else ()
            if meanings and used.isdisjoint(range(at, last)):
                return Found(meanings, at, last)
        return None
