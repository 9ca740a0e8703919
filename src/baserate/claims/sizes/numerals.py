"""Words of a sentence, and the numbers among them: in figures, in words, and as ordinals.

Everything looks at a bounded stretch from where it stands, so that time grows with the length of
a sentence and no faster.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Generic, TypeVar

Meaning = TypeVar("Meaning")

_TOKEN = re.compile(
    r"""
    (?:[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])|[0-9]+)(?:\.[0-9]+)?   # 15,533  5.7
  | (?<![^\W_])\.[0-9]+                                         # .9
  | [A-Za-z](?:\.[A-Za-z]){1,5}\b\.?                            # p.m.  U.S.
  | [^\W\d_]+(?:['’][^\W\d_]+)*                                 # city  city's
  | [%$€£#/.,;:()+~&]
    """,
    re.VERBOSE,
)
_FIGURES = frozenset("0123456789.")
_HYPHENS = frozenset("-‐‑–")
_QUOTES = " \t\n\r\xa0\u2009\u202f\"“”'‘’"
_FRACTIONS = {"½": 0.5, "¼": 0.25, "¾": 0.75}
_MARGIN = 24
_LONGEST = 15  # more figures than these are a code, not a quantity

BREAK, SPACE, HYPHEN, GLUED = range(4)  # how a word hangs on the one before it


class Words:
    """A sentence as parallel lists, one item a word, number or mark; `count` is how many.

    `folds` is how a word is compared (no case, no possessive, no dots); `joints` how it hangs on
    the word before it: BREAK (a dash), SPACE, HYPHEN or GLUED. The lists go on past the end with
    empty words, so that a place a little beyond either end needs no care.
    """

    __slots__ = ("count", "ends", "folds", "joints", "starts", "text")

    def __init__(self, text: str) -> None:
        spans = [m.span() for m in _TOKEN.finditer(text)]
        self.text = text
        self.count = len(spans)
        self.starts = [start for start, _ in spans]
        self.ends = [end for _, end in spans]
        self.folds = [_fold(text[start:end]) for start, end in spans]
        self.joints = [
            SPACE if text[end:start] == " " else _joint(text[end:start])
            for end, start in zip([0, *self.ends], self.starts, strict=False)
        ]
        self.folds += [""] * _MARGIN
        self.joints += [BREAK] * _MARGIN
        self.starts += [len(text)] * _MARGIN
        self.ends += [len(text)] * _MARGIN

    def raw(self, at: int) -> str:
        """The word at a place as it is printed, empty beyond either end."""
        return self.text[self.starts[at] : self.ends[at]]

    def before(self, at: int) -> int:
        """The place of the word before this one, past the dot of an abbreviation; -1 if none."""
        if at <= 0 or self.joints[at] == BREAK:
            return -1
        dotted = self.folds[at - 1] == "." and self.joints[at - 1] == GLUED
        return at - 2 if dotted else at - 1


def _joint(gap: str) -> int:
    if not gap:
        return GLUED
    if gap in _HYPHENS:
        return HYPHEN
    return BREAK if gap.strip(_QUOTES) else SPACE


def _fold(word: str) -> str:
    plain = word.lower()
    if plain.isalnum():
        return plain
    if plain[-2:] in {"'s", "’s"}:
        plain = plain[:-2]
    return plain.replace(".", "") if plain[0].isalpha() else plain


class Phrases(Generic[Meaning]):
    """Phrases with what each means, to be found after a place or before it, the longest first.

    They are kept by their outermost word, or two words, so that a look costs about the same
    however many there are.
    """

    def __init__(self, entries: Iterable[tuple[str, Meaning]]) -> None:
        self._firsts: dict[tuple[str, ...], list[tuple[tuple[str, ...], Meaning]]] = {}
        self._lasts: dict[tuple[str, ...], list[tuple[tuple[str, ...], Meaning]]] = {}
        folded = [(tuple(f for f in Words(p).folds if f not in {"", "."}), m) for p, m in entries]
        for words, meaning in sorted(folded, key=lambda e: -len(e[0])):
            self._firsts.setdefault(words[:2], []).append((words[2:], meaning))
            back = words[::-1]
            self._lasts.setdefault(back[:2], []).append((back[2:], meaning))
        self.firsts = frozenset(key[0] for key in self._firsts)
        self._ends = frozenset(key[0] for key in self._lasts)

    def after(self, words: Words, at: int) -> tuple[Meaning, int] | None:
        """The phrase that begins at a place: its meaning, and the place after it."""
        folds, joints = words.folds, words.joints
        first = folds[at]
        if first not in self.firsts or (joints[at] == BREAK and at):
            return None
        if joints[at + 1] != BREAK:
            for rest, meaning in self._firsts.get((first, folds[at + 1]), ()):
                end = at + 2 + len(rest)
                if tuple(folds[at + 2 : end]) == rest and BREAK not in joints[at + 2 : end]:
                    return meaning, end
        for _, meaning in self._firsts.get((first,), ()):
            return meaning, at + 1
        return None

    def ending(self, words: Words, at: int) -> tuple[Meaning, int] | None:
        """The phrase that ends just before a place: its meaning, and where it begins."""
        last = words.before(at)
        fold = words.folds[last]
        if fold not in self._ends:
            return None
        place = words.before(last)
        for rest, meaning in self._lasts.get((fold, words.folds[place]), ()):
            first = place
            for each in rest:
                first = words.before(first)
                if words.folds[first] != each:
                    break
            else:
                return meaning, first
        for _, meaning in self._lasts.get((fold,), ()):
            return meaning, last
        return None


@dataclass(frozen=True, slots=True)
class Numeral:
    """One number. `first` and `last` are places of words, `last` the one after it.

    `digits` counts the printed decimals. `rounded` says that a scale such as "million" stands
    for figures that are not printed, `plain` that it is nothing but figures without a comma.
    """

    first: int
    last: int
    value: float
    digits: int = 0
    ordinal: bool = False
    worded: bool = False
    rounded: bool = False
    plain: bool = False


@dataclass(frozen=True, slots=True)
class _Numbers:
    small: dict[str, int]
    tens: dict[str, int]
    scales: dict[str, int]
    suffixes: dict[str, int]
    ordinals: dict[str, int]
    parts: Phrases[float]


@cache
def sizes_table() -> dict[str, Any]:
    """The whole of sizes.toml."""
    return tomllib.loads(Path(__file__).with_name("sizes.toml").read_text(encoding="utf-8"))


@cache
def _numbers() -> _Numbers:
    table = sizes_table()["numbers"]
    return _Numbers(
        table["small"],
        table["tens"],
        table["scales"],
        table["suffixes"],
        table["ordinals"],
        Phrases(table["parts"].items()),
    )


@cache
def number_words() -> frozenset[str]:
    """Every word with which a number in words can begin."""
    known = _numbers()
    return frozenset({*known.small, *known.tens, *known.ordinals}) | known.parts.firsts


def numeral_at(words: Words, at: int) -> Numeral | None:
    """The number that begins at a place, if one does.

    >>> numeral_at(Words("one hundred and five robberies"), 0).value
    105.0
    >>> numeral_at(Words("1.2 million"), 0).value, numeral_at(Words("49th"), 0).ordinal
    (1200000.0, True)
    """
    fold = words.folds[at]
    if fold[0] in _FIGURES and fold != ".":
        return _in_figures(words, at)
    return _in_words(words, at) if fold in number_words() else None


def _in_figures(words: Words, at: int) -> Numeral:
    printed = words.folds[at]
    figures = printed.replace(",", "")
    digits = len(figures.partition(".")[2])
    value = float(figures[: 2 * _LONGEST])
    fold, joint = words.folds[at + 1], words.joints[at + 1]
    if joint == GLUED and fold in {"st", "nd", "rd", "th"}:
        return Numeral(at, at + 2, value, ordinal=True)
    if joint == GLUED and fold in _numbers().suffixes:
        return Numeral(at, at + 2, value * _numbers().suffixes[fold], rounded=True)
    if joint != BREAK and fold in _numbers().scales:
        return Numeral(at, at + 2, round(value * _numbers().scales[fold], 6), rounded=True)
    end, fraction = _and_a_half(words, at + 1)
    plain = printed.isdigit()
    return Numeral(at, end, value + fraction, digits or int(fraction > 0), plain=plain)


def _and_a_half(words: Words, at: int) -> tuple[int, float]:
    """The end and the size of what follows a whole number: "2 1/2", "2½", "two and a half"."""
    if words.joints[at] == GLUED and words.folds[at] in _FRACTIONS:
        return at + 1, _FRACTIONS[words.folds[at]]
    if words.folds[at : at + 3] in (["1", "/", "2"], ["and", "a", "half"]):
        return at + 3, 0.5
    return at, 0.0


def _in_words(words: Words, at: int) -> Numeral | None:
    known = _numbers()
    part = known.parts.after(words, at)
    if part and words.folds[part[1]] in known.scales and words.joints[part[1]] != BREAK:
        scale = known.scales[words.folds[part[1]]]
        return Numeral(at, part[1] + 1, part[0] * scale, worded=True, rounded=True)
    ordinal = _ordinal(words, at)
    return ordinal or _cardinal(words, at)


def _ordinal(words: Words, at: int) -> Numeral | None:
    known = _numbers()
    fold = words.folds[at]
    if fold in known.ordinals:
        return Numeral(at, at + 1, known.ordinals[fold], ordinal=True, worded=True)
    unit = known.ordinals.get(words.folds[at + 1], 10)
    if fold in known.tens and unit < 10 and words.joints[at + 1] == HYPHEN:
        return Numeral(at, at + 2, known.tens[fold] + unit, ordinal=True, worded=True)
    return None


def _cardinal(words: Words, at: int) -> Numeral | None:
    """A number in words, read as English builds it: tens, then units, then scales."""
    known = _numbers()
    total, group, last, rounded = 0.0, 0.0, "", False
    place = end = at
    while place < words.count and (place == at or words.joints[place] in {SPACE, HYPHEN}):
        fold = words.folds[place]
        small = known.small.get(fold)
        if small is not None and (last in {"", "scale"} or (last == "tens" and 0 < small < 10)):
            group, last = group + small, "small"
        elif fold in known.tens and last in {"", "scale"}:
            group, last = group + known.tens[fold], "tens"
        elif fold in known.scales and last and group:
            scale = known.scales[fold]
            if scale <= 100:
                group *= scale
            else:
                total, group, rounded = total + group * scale, 0.0, rounded or scale > 1000
            last = "scale"
        elif not (fold == "and" and last == "scale" and _counts_on(words, place + 1)):
            break
        place += 1
        end = place if fold != "and" else end
    if end == at:
        return None
    end, fraction = _and_a_half(words, end)
    return Numeral(
        at, end, total + group + fraction, int(fraction > 0), worded=True, rounded=rounded
    )


def _counts_on(words: Words, at: int) -> bool:
    known = _numbers()
    return words.folds[at] in known.small or words.folds[at] in known.tens
