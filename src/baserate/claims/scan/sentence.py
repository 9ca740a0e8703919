"""A sentence looked over once for each kind of thing, what is found first taking its words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache

from baserate.claims import lexicon
from baserate.claims.scan.cues import find_cues, find_ends_of_spans, find_ranking_cues, framing_of
from baserate.claims.scan.mention import Mention, MentionKind, Scan
from baserate.claims.scan.offenses import find_none_of, find_offenses
from baserate.claims.scan.places import find_place_mentions
from baserate.claims.scan.separators import separators
from baserate.claims.scan.spans import Spans
from baserate.claims.scan.wording import Wording
from baserate.claims.sizes.find import Size, find_sizes
from baserate.claims.times.find import LONGEST_SENTENCE, TimeMention, find_times
from baserate.terms.periods import Period


def scan(sentence: str, *, published: date | None = None, topic: Period | None = None) -> Scan:
    """Everything that a sentence mentions in its first 10,000 characters; no more is read.

    `published` and `topic` are for the times, as in `find_times`.

    >>> [m.kind for m in scan("Murders rose 5 percent in Chicago.").mentions]
    ['offense', 'up', 'size', 'place']
    """
    wording = Wording(sentence[:LONGEST_SENTENCE])
    times = find_times(wording.text, published=published, topic=topic)
    sizes = find_sizes(wording.text)
    mentions = _without_speakers_places(wording.text, _mentions(wording, times, sizes))
    return Scan(
        wording.text,
        tuple(wording.words),
        tuple(sorted(mentions, key=lambda m: (m.start, -m.end))),
        framing_of(wording),
        tuple(t.period for t in times if t.role == "named" and t.period is not None),
    )


def _mentions(
    wording: Wording, times: Sequence[TimeMention], sizes: Sequence[Size]
) -> list[Mention]:
    """The sentence looked over for each kind of thing; what is found first takes its words."""
    wording.take_spans((t.start, t.end) for t in times)
    for publication in lexicon.index_of("publication").find(wording.words, wording.taken):
        if wording.capitals[publication.first]:
            wording.take(publication)
    offenses = list(find_offenses(wording))
    wording.take_spans((s.start, _end_before_noun(wording.text, s)) for s in sizes)
    said = [t for t in times if t.role != "named"]
    return [
        *(Mention("time", t.start, t.end, time=t) for t in said),
        *find_ends_of_spans(wording.text, said),
        *_sizes(wording.text, said, sizes),
        *offenses,
        *find_none_of(wording, offenses),
        *find_ranking_cues(wording),
        *find_place_mentions(wording),
        *find_cues(wording),
        *separators(wording.text, times, sizes),
    ]


def _end_before_noun(text: str, size: Size) -> int:
    """Where a size's words end: at its noun, but of "12 more murders" before "more"."""
    if size.of is None:
        return size.end
    between = text[size.end : size.of[0]].lower().split()
    return size.end if not lexicon.words("comparative").isdisjoint(between) else size.of[0]


def _sizes(text: str, times: Sequence[TimeMention], sizes: Sequence[Size]) -> Iterator[Mention]:
    dated = Spans((t.start, t.end) for t in times)
    for size in sizes:
        if not dated.touch(size.start, size.end) and not _counts_kinds(text, size):
            yield Mention("size", size.start, size.end, size=size)


def _counts_kinds(text: str, size: Size) -> bool:
    """ "The seven serious crimes" counts kinds of offenses, not offenses."""
    few = size.unit == "count" and 2 <= size.value <= 10 and size.digits == 0
    kinds = _counted_kinds().match(text, size.end) if few else None
    if kinds is None or kinds[1].lower() not in lexicon.words("counted_kinds", "after_all"):
        return kinds is not None
    before = text[max(size.start - 12, 0) : size.start].lower().split()
    noun_and_verb = text[kinds.end() : kinds.end() + 40].lower().split()[:2]
    happened = not lexicon.words("counted_kinds", "if_not_before").isdisjoint(noun_and_verb[1:])
    return not happened or not lexicon.words("counted_kinds", "all").isdisjoint(before[-1:])


def _without_speakers_places(text: str, found: list[Mention]) -> list[Mention]:
    """ "..., said Ann Lee of Tulsa": her city is not where the crime was."""
    said = _SAID.search(text)
    if said is None or any(m.start > said.end() for m in found if m.kind not in _BESIDE_A_SPEAKER):
        return found
    return [m for m in found if m.kind not in _OF_A_SPEAKER or m.start < said.end()]


@cache
def _counted_kinds() -> re.Pattern[str]:
    """What is counted where a number is of kinds: "serious crimes", "“index” offenses"."""
    kinds = lexicon.either("counted_kinds", "says", "after_all")
    return re.compile(rf"""[ “"']{{0,4}}({kinds})\b""", re.IGNORECASE)


# Where somebody begins to be quoted by name: "told reporters", ", said Lee", "according to Lee".
_SAID = re.compile(
    r"\btold (?=the |a |an |[A-Z]|reporters)"
    r"|(?:,|”|\"|’’|'')\s*(?:said|says|told|added|according to)\s|\baccording to\s",
    re.IGNORECASE,
)
# What may stand after a speaker's name without the report going on.
_BESIDE_A_SPEAKER: frozenset[MentionKind] = frozenset(
    {"place", "name", "own", "sep", "time", "offense", "qualifier", "rate", "number"}
)
_OF_A_SPEAKER: frozenset[MentionKind] = frozenset({"place", "own", "time"})
