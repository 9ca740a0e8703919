"""A size in the making, and how exactly it is meant."""

from __future__ import annotations

from baserate.claims.claim import Exactness
from baserate.claims.sizes.numerals import Numeral, Words
from baserate.claims.sizes.words import SizeUnit, size_words

_SIGNS = {"+": 1, "-": -1, "−": -1, "–": -1}
_BEFORE_A_SIGN = frozenset(" \t\n([\"“'‘,;:")


class Draft:
    """A size in the making. `first` and `last` are places of words; `bare` that it has no unit."""

    __slots__ = (
        "bare", "digits", "first", "high", "how", "last", "linked", "noun", "number", "of", "sign",
        "start", "unit", "vague", "value",
    )  # fmt: skip

    def __init__(self, words: Words, number: Numeral) -> None:
        self.number = number
        self.first, self.last = number.first, number.last
        self.value, self.digits = number.value, number.digits
        self.unit: SizeUnit | None = None
        self.how: Exactness = "exactly"
        self.sign = 0
        self.high: float | None = None
        self.of: tuple[int, int] | None = None
        self.noun = number.last
        self.bare = False
        self.linked = False
        self.vague = False
        self.start = words.starts[number.first]


def set_exactness(words: Words, draft: Draft) -> None:
    """Take in "more than" before the number, "or more" after it, and a printed sign."""
    first = (
        words.before(draft.first) if words.folds[draft.first - 1] in {"a", "an"} else draft.first
    )
    found = size_words().how_before.ending(words, first)
    if found is None and first != draft.first:
        found = size_words().how_before.ending(words, draft.first)
    if found:
        draft.how, draft.first = found
        draft.start = words.starts[draft.first]
    else:
        _set_sign(words, draft)
    set_exactness_after(words, draft)


def forget_exactness(words: Words, draft: Draft) -> None:
    """Take it all back, where what stands before the number is part of something else."""
    draft.first, draft.how = draft.number.first, "exactly"
    draft.start = words.starts[draft.first] - abs(draft.sign)


def set_exactness_after(words: Words, draft: Draft) -> None:
    """Take in "or more" where the number and what was read after it end."""
    found = size_words().how_after.after(words, draft.last)
    if found:
        draft.how, draft.last = found


def _set_sign(words: Words, draft: Draft) -> None:
    at = draft.start - 1
    sign = _SIGNS.get(words.text[at : at + 1], 0)
    if sign and (at == 0 or words.text[at - 1] in _BEFORE_A_SIGN):
        draft.sign, draft.start = sign, at
