"""Article text to sentences, each where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Protocol

from baserate.claims.claim import Sentence

LONGEST_LINE = 20_000  # characters given to the splitter at once; longer lines are cut at a space
LONGEST = 1_500  # characters of a sentence; what goes on longer without an end is no prose

_LINE = re.compile(r"[^\r\n]+")
_WRAPPED = (50, 100)  # lengths between which a line looks cut to fit a column
# Titles before a name, which the splitter takes for the end of a sentence.
_TITLE = re.compile(
    r"\b(?:Reps?|Sens?|Govs?|Lts?|Sgts?|Dets?|Capts?|Cmdr|Cols?|Drs?|Gens?|Profs?|Revs?|Supts?|Alds?|Attys?"
    r"|Comr|Pfc|Spc|Tpr)\.\Z"
)
# The end of a sentence after a plain word, and after a state: "in Salem, Ore. Robberies fell."
_END = re.compile(
    r"[a-z]{3}[.!?][”\"’']?\s{1,9}(?=[“\"‘']?[A-Z][a-z])"
    r"|(?P<state>, [A-Z][a-z]{1,4}\. )(?=(?:Assaults|Burglar(?:y|ies)|Crime|Homicides?"
    r"|Larcen(?:y|ies)|Murders?|Nationally|Nationwide|Overall|Property|Rapes?|Robber(?:y|ies)|Shootings|Statewide"
    r"|Thefts|Violen(?:t|ce))\b)"
)
_LAST_WORD = re.compile(r"[A-Za-z]{1,20}\Z")
_ABBREVIATIONS = frozenset({"etc", "dept", "approx", "est", "inc", "corp", "govt", "assn"})


def split(text: str) -> tuple[Sentence, ...]:
    """The sentences of a text, in order, without the space around them.

    A line break ends a sentence, unless the text is cut to the width of a column.

    >>> [s.text for s in split("Murders rose in St. Louis, Mo. Robberies fell, Lt. Ann Dow said.")]
    ['Murders rose in St. Louis, Mo.', 'Robberies fell, Lt. Ann Dow said.']
    """
    return tuple(_sentences(text))


def _sentences(text: str) -> Iterator[Sentence]:
    for number, (first, last) in enumerate(_paragraphs(text)):
        for start, end in _within(text, first, last):
            yield Sentence(start, end, text[start:end], number)


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    lines = [(m.start(), m.end()) for m in _LINE.finditer(text)]
    if not _is_wrapped(text, lines):
        yield from lines
        return
    start: int | None = None
    before = 0
    for first, last in lines:
        gap = text[before:first]
        if start is not None and gap.count("\n") > 1:
            yield start, before
            start = None
        start = first if start is None else start
        before = last
    if start is not None:
        yield start, before


_BULLET = re.compile(r"[ \t]{0,20}[-•*–—] ")


def _is_wrapped(text: str, lines: list[tuple[int, int]]) -> bool:
    """Whether most lines end in the middle of a sentence, at about the same width."""
    if any(_BULLET.match(text, a, b) for a, b in lines):
        return False
    followed = [(a, b) for a, b in lines if text[b : b + 2] not in {"\n\n", "\r\n", ""}]
    inner = [text[a:b].rstrip() for a, b in followed if text[b : b + 1] == "\n"]
    cut = [t for t in inner if _WRAPPED[0] <= len(t) <= _WRAPPED[1] and t[-1] not in '.!?:;"”']
    return len(inner) >= 4 and len(cut) > 0.6 * len(inner)


def _within(text: str, first: int, last: int) -> Iterator[tuple[int, int]]:
    for begin, stop in _pieces(text, first, last, LONGEST_LINE):
        for start, end in _whole(text[begin:stop]):
            for piece, ends in _pieces(text, begin + start, begin + end, LONGEST):
                inside = text[piece:ends].strip()
                if inside:
                    at = text.index(inside, piece)
                    yield at, at + len(inside)


def _pieces(text: str, first: int, last: int, most: int) -> Iterator[tuple[int, int]]:
    """A stretch of text in pieces of so many characters at most, cut at a space if there is one."""
    while last - first > most:
        space = text.rfind(" ", first, first + most)
        stop = space if space > first else first + most
        yield first, stop
        first = stop
    yield first, last


def _whole(text: str) -> list[tuple[int, int]]:
    """Sentences, put together again after a title and before small letters: "non-D.C. area"."""
    joined: list[tuple[int, int]] = []
    for start, end in _cut(text):
        cut_short = joined and _TITLE.search(text[max(start - 20, joined[-1][0]) : start].rstrip())
        if joined and (cut_short or text[start:end].lstrip()[:1].islower()):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def _cut(text: str) -> Iterator[tuple[int, int]]:
    """The splitter's sentences, cut again where it passed over the end of one."""
    for start, end in _splitter()(text):
        at = start
        for match in _END.finditer(text, start, end):
            if match["state"] is not None or _ends(
                text[max(start, match.start() - 20) : match.start() + 3]
            ):
                yield at, match.end()
                at = match.end()
        yield at, end


def _ends(words: str) -> bool:
    """Whether what stands before a full stop is a plain word."""
    word = _LAST_WORD.search(words)
    return word is not None and word[0].islower() and word[0] not in _ABBREVIATIONS


class _SpansOf(Protocol):
    def __call__(self, text: str) -> list[tuple[int, int]]: ...


@cache
def _splitter() -> _SpansOf:
    from nupunkt import sent_spans

    spans: _SpansOf = sent_spans
    return spans
