"""Who says what, within one sentence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice, pairwise

from baserate.claims.speakers.names import Named, vocabulary, words_in
from baserate.claims.speakers.speaking import Cue, How, cues_of
from baserate.terms.words import Word

_QUOTES = re.compile('["“”]')
_CONTRAST = re.compile(r"[,;—–-] ?(?:but|while|although|though|whereas|yet|however)\b|;", re.I)
_MOST_CUES = 64  # speakers of one sentence; what has more is no sentence


@dataclass(frozen=True, slots=True)
class Speaker:
    """Somebody who says something in a sentence.

    `start` and `end` are the offsets of the name in the sentence; `scope` those of the part of the
    sentence that is his. `name` is as the sentence has it, without titles: 'Ana Ruiz', 'FBI', 'he',
    'report'. `role` is the office or 'report', for what later sentences call him by.
    """

    start: int
    end: int
    name: str
    how: How
    scope: tuple[int, int]
    kind: str = "person"
    role: str = ""


def find_speakers(sentence: str) -> list[Speaker]:
    """Everybody who is said to say something in a sentence, in order.

    >>> [(s.name, s.how) for s in find_speakers("Thefts fell, Mayor Ana Ruiz said.")]
    [('Ana Ruiz', 'said')]
    >>> find_speakers("Thefts fell.")
    []
    """
    return list(_find(sentence))


@lru_cache(maxsize=256)
def _find(sentence: str) -> tuple[Speaker, ...]:
    words = words_in(sentence)
    cues = _apart(list(islice(cues_of(words, sentence), _MOST_CUES)))
    scopes = _scopes(words, sentence, cues)
    return tuple(_speaker(words, sentence, c, s) for c, s in zip(cues, scopes, strict=True))


def main_speaker(sentence: str, speakers: Sequence[Speaker]) -> Speaker | None:
    """Whose statement it mainly is: the widest scope, records before people, news last."""
    if not speakers:
        return None
    preference = {"according to": 0, "data": 1, "report": 1}

    def order(speaker: Speaker) -> tuple[bool, int, int]:
        width = speaker.scope[1] - speaker.scope[0]
        return (
            _relays(speaker.name),
            -(width * 4 // max(1, len(sentence))),
            preference.get(speaker.how, 2),
        )

    return min(speakers, key=order)


def _relays(name: str) -> bool:
    return name.split()[-1].lower() in vocabulary()["relays"]


def _apart(cues: list[Cue]) -> list[Cue]:
    """Cues that share no words; of two over the same words the earlier made stays."""
    kept: list[Cue] = []
    taken = -1
    for cue in sorted(cues, key=lambda c: (c.named.first, -c.last)):
        if cue.named.first >= taken:
            kept.append(cue)
            taken = max(taken, cue.named.last, cue.last)
    return kept


def _scopes(words: Sequence[Word], sentence: str, cues: list[Cue]) -> list[tuple[int, int]]:
    """The part of the sentence each cue covers, in characters."""
    walls = [0]
    for here, after in pairwise(cues):
        walls.append(_wall(words, sentence, here, after))
    walls.append(len(sentence))
    scopes = []
    for i, cue in enumerate(cues):
        start, end = walls[i], walls[i + 1]
        nested = i + 1 < len(cues) and not cue.trails and cues[i + 1].trails and end == walls[i]
        scopes.append((start, walls[i + 2] if nested else end))
        if cue.trails and i and walls[i] > words[cue.first].start:
            scopes[-1] = (words[cue.first].start, end)
    return scopes


def _wall(words: Sequence[Word], sentence: str, here: Cue, after: Cue) -> int:
    """Where the words of one speaker end and those of the next begin."""
    low = words[min(here.last, len(words) - 1)].start
    start = words[min(here.first, here.named.first)].start
    high = words[min(after.first, after.named.first)].start
    breaks = [m.start() for m in _CONTRAST.finditer(sentence, min(low, high), high)]
    if breaks:
        return breaks[-1]
    if not here.trails and after.trails:
        return start if start < low else low
    return high if not after.trails else low


def _speaker(words: Sequence[Word], sentence: str, cue: Cue, scope: tuple[int, int]) -> Speaker:
    named = cue.named
    quoted = cue.how == "said" and bool(_QUOTES.search(sentence, *scope))
    return Speaker(
        start=words[named.first].start,
        end=words[named.last - 1].end,
        name=_lowered(words, named),
        how="quoted" if quoted else cue.how,
        scope=scope,
        kind=named.kind,
        role=named.role,
    )


def _lowered(words: Sequence[Word], named: Named) -> str:
    """ "Authorities" at the head of a sentence is no name: 'authorities'."""
    only = named.last - named.first == 1
    if only and words[named.first].fold in vocabulary()["speaking_nouns"]:
        return named.name.lower()
    return named.name


def renamed(speaker: Speaker, name: str) -> Speaker:
    """The same with the name that the article makes of it."""
    return replace(speaker, name=name)
