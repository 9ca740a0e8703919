"""Article text to sentences, each where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Protocol

from baserate.claims.claim import Sentence

LONGEST_LINE = 20_000  # characters given to the splitter at once; longer lines are cut at a space

_LINE = re.compile(r"[^\r\n]+")
_WRAPPED = (50, 100)  # lengths between which a line looks cut to fit a column


def split(text: str) -> tuple[Sentence, ...]:
    """The sentences of a text, in order, without the space around them.

    A line break ends a sentence, unless the text is cut to the width of a column.

    >>> [s.text for s in split("Murders rose in St. Louis, Mo. Robberies fell.")]
    ['Murders rose in St. Louis, Mo.', 'Robberies fell.']
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


_BULLET = re.compile(r"\s*[-•*–—] ")


def _is_wrapped(text: str, lines: list[tuple[int, int]]) -> bool:
    """Whether most lines end in the middle of a sentence, at about the same width."""
    if any(_BULLET.match(text, a, b) for a, b in lines):
        return False
    followed = [(a, b) for a, b in lines if text[b : b + 2] not in {"\n\n", "\r\n", ""}]
    inner = [text[a:b].rstrip() for a, b in followed if text[b : b + 1] == "\n"]
    cut = [t for t in inner if _WRAPPED[0] <= len(t) <= _WRAPPED[1] and t[-1] not in '.!?:;"”']
    return len(inner) >= 4 and len(cut) > 0.6 * len(inner)


def _within(text: str, first: int, last: int) -> Iterator[tuple[int, int]]:
    while first < last:
        stop = last
        if last - first > LONGEST_LINE:
            space = text.rfind(" ", first, first + LONGEST_LINE)
            stop = space if space > first else first + LONGEST_LINE
        for start, end in _whole(text[first:stop]):
            piece = text[first + start : first + end]
            inside = piece.strip()
            if inside:
                at = first + start + piece.index(inside)
                yield at, at + len(inside)
        first = stop


def _whole(text: str) -> list[tuple[int, int]]:
    """Sentences, put together again where the next begins in small letters, or with a name.

    "Non-D.C. area" and "Reps. Ann Bo and Al Ro" are cut by the splitter.
    """
    joined: list[tuple[int, int]] = []
    for start, end in _cut(text):
        before = text[joined[-1][0] : joined[-1][1]].rstrip() if joined else ""
        if joined and (text[start:end].lstrip()[:1].islower() or before.endswith(_TITLES)):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


_END = re.compile(r"[a-z]{3}[.!?][”\"’']?\s+(?=[“\"‘']?[A-Z][a-z])")


def _cut(text: str) -> Iterator[tuple[int, int]]:
    """The splitter's sentences, cut again where a full stop after a plain word was passed over."""
    for start, end in _splitter()(text):
        at = start
        for match in _END.finditer(text, start, end):
            word = re.search(
                r"[A-Za-z]+$", text[max(start, match.start() - 20) : match.start() + 3]
            )
            if word and word[0].lower() not in _ABBREVIATIONS and word[0][:1].islower():
                yield at, match.end()
                at = match.end()
        yield at, end


_ABBREVIATIONS = frozenset({"etc", "dept", "approx", "est", "inc", "corp", "govt", "assn"})


_TITLES = (" Reps.", " Sens.", " Govs.", " Gens.", " Drs.", " Profs.", " Dets.", " Supts.")


class _SpansOf(Protocol):
    def __call__(self, text: str) -> list[tuple[int, int]]: ...


@cache
def _splitter() -> _SpansOf:
    from nupunkt import sent_spans

    spans: _SpansOf = sent_spans
    return spans
