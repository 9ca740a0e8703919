"""Whose figures a sentence gives where it names nobody: the source its passage is about."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from baserate.claims.claim import Sentence
from baserate.claims.speakers.attribution import Speaker
from baserate.claims.speakers.names import vocabulary, words_in

_RECORDS = {"according to", "data", "report"}
_FULL_STOP = re.compile(r"[.?!…][\"'”’)\]]{0,3}\s{0,3}\Z")
_PARTS = re.compile(r"\b[A-Z][a-z]{1,30}")
_A_FIGURE = re.compile(r"\d")
_MOST_WITHOUT_FIGURES = 3  # sentences after which a passage is about something else


@dataclass(frozen=True, slots=True)
class _Source:
    """Somebody whose figures a passage gives; `only_in` is the paragraph with which it ends."""

    name: str
    only_in: int | None
    without_figures: int = 0


def carried(
    sentences: Sequence[Sentence], mains: Sequence[Speaker | None], outlet: str | None
) -> list[str | None]:
    """By sentence, the source that goes on from the sentences before; None where it is new."""
    head = headline(sentences)
    spokesmen = _spokesmen(sentences, mains)
    named = _named_in_paragraphs(sentences, mains)
    source = _Source(outlet, None) if outlet else None
    whose: list[str | None] = []
    entered: int | None = None
    for i, (sentence, main) in enumerate(zip(sentences, mains, strict=True)):
        if sentence.paragraph != entered and _is_other(source, named.get(sentence.paragraph)):
            source = None
        entered = sentence.paragraph
        if main is not None:
            source = source if i < head else _next_source(source, main, sentence, spokesmen)
            whose.append(None)
        else:
            source = _still(source, sentence)
            whose.append(source.name if source and gives_figures(sentence) else None)
    return whose


def _is_other(source: _Source | None, named: str | None) -> bool:
    """Whether a paragraph's own source is not that of the passage, nor its initials."""
    if source is None or named in {None, source.name}:
        return False
    return named != "".join(part[0] for part in _PARTS.findall(source.name))


def _named_in_paragraphs(
    sentences: Sequence[Sentence], mains: Sequence[Speaker | None]
) -> dict[int, str]:
    """By paragraph, the first source that it names for figures of its own."""
    named: dict[int, str] = {}
    for sentence, main in zip(sentences, mains, strict=True):
        if main is not None and _is_record(main) and gives_figures(sentence):
            named.setdefault(sentence.paragraph, main.name)
    return named


def headline(sentences: Sequence[Sentence]) -> int:
    """How many sentences at the head of an article are its headline: a line without a full stop."""
    first = [s for s in sentences[:8] if s.paragraph == sentences[0].paragraph]
    alone = 0 < len(first) < len(sentences)
    return len(first) if alone and not _FULL_STOP.search(first[-1].text[-8:]) else 0


def _next_source(
    source: _Source | None, main: Speaker, sentence: Sentence, spokesmen: set[str]
) -> _Source | None:
    """What a new speaker makes of the source: a person with figures of his own ends its passage."""
    if main.name.split()[-1].lower() in vocabulary()["relays"]:
        return source
    if _is_record(main):
        return _Source(main.name, None)
    if source is None or source.only_in is not None:
        return _Source(main.name, sentence.paragraph)
    if _A_FIGURE.search(sentence.text) and main.name not in spokesmen:
        return replace(source, only_in=sentence.paragraph)
    return source


def _is_record(main: Speaker) -> bool:
    return main.kind in {"body", "group", "role"} or main.how in _RECORDS


def _spokesmen(sentences: Sequence[Sentence], mains: Sequence[Speaker | None]) -> set[str]:
    """Those who speak for a body: they do not end what the body says."""
    return {
        main.name
        for sentence, main in zip(sentences, mains, strict=True)
        if main is not None and any(w.fold.startswith("spokes") for w in words_in(sentence.text))
    }


def _still(source: _Source | None, sentence: Sentence) -> _Source | None:
    """The source, unless its passage has ended with a paragraph or with figures."""
    if source is None or source.only_in not in {None, sentence.paragraph}:
        return None
    if gives_figures(sentence):
        return replace(source, without_figures=0)
    if source.without_figures + 1 >= _MOST_WITHOUT_FIGURES:
        return None
    return replace(source, without_figures=source.without_figures + 1)


def gives_figures(sentence: Sentence) -> bool:
    """Whether it is a statement with figures, and no heading."""
    text = sentence.text
    if text.rstrip()[-1:].isalnum():
        return False
    if _A_FIGURE.search(text):
        return True
    return any(w.fold in vocabulary()["figure_words"] for w in words_in(text))
