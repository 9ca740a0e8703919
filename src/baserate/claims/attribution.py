"""Who says what, within one sentence."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import islice, pairwise
from typing import Literal

from baserate.claims.speaker_names import (
    Named,
    mark,
    name_before,
    name_ending,
    name_starting,
    vocabulary,
    words_in,
)
from baserate.terms.words import Word

How = Literal["said", "according to", "data", "report", "denied", "quoted"]
_QUOTES = re.compile('["“”]')
_CONTRAST = re.compile(r"[,;—–-] ?(?:but|while|although|though|whereas|yet|however)\b|;", re.I)
_ENDS_CLAUSE = re.compile(r"\s{0,3}(?:[,.;:!?)—–\"“”]|--|\Z)")
_NEAR = 8  # words in which what is released, or what it is based on, has to stand
_APPOSITIONS = 3
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


@dataclass(frozen=True, slots=True)
class _Cue:
    """A name with its verb: words `first` to `last`, and where its statement lies."""

    named: Named
    first: int
    last: int
    how: How
    trails: bool  # what is said comes before


_Reader = Callable[[Sequence[Word], str, int], "_Cue | None"]


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
    cues = _apart(list(islice(_cues(words, sentence), _MOST_CUES)))
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


def _cues(words: Sequence[Word], sentence: str) -> Iterator[_Cue]:
    readers = _readers()
    for at, word in enumerate(words):
        if _is(words, at + 1, {"otherwise"}):
            continue
        for read in readers.get(word.fold, ()):
            cue = read(words, sentence, at)
            if cue is not None:
                yield cue
                break


@cache
def _readers() -> dict[str, tuple[_Reader, ...]]:
    """By word, what may find a speaker there, in the order in which they are asked."""
    vocab = vocabulary()
    table: tuple[tuple[Iterable[str], _Reader], ...] = (
        ({"according"}, _according),
        ({"citing", "based"}, _citing),
        ({"finding", "findings", "highlights"}, _of_a_report),
        (vocab["shows"], _shown),
        (vocab["says"] | vocab["says_if_named"], _inverted),
        (vocab["says"] | vocab["says_if_named"], _upright),
        (vocab["releases"], _released),
        ({"made"}, _made_available),
    )
    readers: dict[str, tuple[_Reader, ...]] = {}
    for folds, reader in table:
        for each in folds:
            readers[each] = (*readers.get(each, ()), reader)
    return readers


def _is(words: Sequence[Word], at: int, folds: set[str] | frozenset[str]) -> bool:
    return 0 <= at < len(words) and words[at].fold in folds


def _gap_before(words: Sequence[Word], sentence: str, at: int) -> str:
    start = words[at - 1].end if at else 0
    return sentence[start : words[at].start][-8:] if at < len(words) else sentence[start:][:8]


def _according(words: Sequence[Word], sentence: str, at: int) -> _Cue | None:
    named = name_starting(words, sentence, at + 2) if _is(words, at + 1, {"to"}) else None
    if named is None:
        return None
    leads = at == 0 or (
        at <= 2 and mark(words[0]) == "" and not sentence[: words[at].start].count(",")
    )
    leads = leads or bool(re.search(r"[;—]\s?\Z", _gap_before(words, sentence, at)))
    leads = leads or (at > 0 and words[at - 1].fold in {"but", "that", "and", "while"})
    return _Cue(named, at, named.last, "according to", not leads)


def _citing(words: Sequence[Word], sentence: str, at: int) -> _Cue | None:
    """ "…, citing FBI data", "based on figures from the police"."""
    start = at + 1 + _is(words, at + 1, {"on"})
    if words[at].fold == "based" and start == at + 1:
        return None
    named = name_starting(words, sentence, start)
    if named is None or named.role != "report" or named.kind == "report":
        return None
    return _Cue(named, at, named.last, "data", at > 0)


def _of_a_report(words: Sequence[Word], sentence: str, at: int) -> _Cue | None:
    """ "…was the main finding of the agency's report"."""
    named = name_starting(words, sentence, at + 2) if _is(words, at + 1, {"of"}) else None
    if named is None or named.role != "report":
        return None
    return _Cue(named, at, named.last, "report", True)


def _shown(words: Sequence[Word], sentence: str, at: int) -> _Cue | None:
    named = name_before(words, sentence, at)
    if named is None or named.role != "report":
        return None
    trails = bool(_ENDS_CLAUSE.match(sentence, words[at].end)) and at > 3
    trails = trails and sentence[words[at].end : words[at].end + 1] != ":"
    return _Cue(named, named.first, at + 1, "data" if named.kind != "report" else "report", trails)


def _made_available(words: Sequence[Word], sentence: str, at: int) -> _Cue | None:
    """ "Numbers made available by the police:"."""
    if not _is(words, at + 1, {"available"}):
        return None
    named = name_starting(words, sentence, max(0, at - 1))
    if named is None or named.role != "report" or named.kind == "report":
        return None
    return _Cue(named, named.first, named.last, "data", False)


def _released(words: Sequence[Word], sentence: str, at: int) -> _Cue | None:
    """ "The coroner released a report on 2011 homicides"."""
    named = name_before(words, sentence, at)
    if named is None or named.kind in {"person", "pronoun", "report"} or named.role == "report":
        return None
    near = words[at + 1 : at + 1 + _NEAR]
    if not any(w.fold in vocabulary()["sources"] - {"statement"} for w in near):
        return None
    return _Cue(named, named.first, at + 1, "report", False)


def _upright(words: Sequence[Word], sentence: str, at: int) -> _Cue | None:
    """ "Mayor Ruiz said", "Joan Whitfield, a criminologist at Lakeview, said"."""
    named = name_before(words, sentence, at) or _bare_subject(words, sentence, at)
    first = named.first if named else at
    if named is None or named.kind in {"role", "group"}:
        apposed = _before_apposition(words, sentence, first if named else at)
        if apposed is not None:
            named, first = apposed, apposed.first
    if named is None or not _may_say(words, named, at):
        return None
    before = _gap_before(words, sentence, first) if first else ""
    after = words[at].end
    ends = bool(_ENDS_CLAUSE.match(sentence, after)) or _said_when(words, at)
    trails = ends and first > 0 and any(c in before for c in ',”"“?!')
    return _Cue(named, first, at + 1, _how(words, at), trails)


def _said_when(words: Sequence[Word], at: int) -> bool:
    """ "…, the FBI said today", "Davis said in a statement"."""
    times = vocabulary()["times"]
    if _is(words, at + 1, times | {"in", "on", "during", "at", "of"}):
        return True
    return _is(words, at + 1, {"this", "last"}) and _is(words, at + 2, times)


def _may_say(words: Sequence[Word], named: Named, at: int) -> bool:
    """A verb that things do too wants somebody; and "we" and "it" are nobody to name."""
    verb = words[at].fold
    if named.kind == "pronoun":
        return named.name in {"he", "she", "they"} and verb in vocabulary()["says"]
    if named.kind == "report":
        return True
    if verb in vocabulary()["says_if_named"]:
        noun_use = _is(words, at + 1, {"that", "of"}) and verb in {"claim", "claims", "report"}
        place_like = (
            named.kind == "person"
            and " " not in named.name
            and verb not in {"noted", "notes", "added"}
        )
        return not place_like and not (noun_use and verb != "claims")
    return True


def _bare_subject(words: Sequence[Word], sentence: str, at: int) -> Named | None:
    """Any noun speaks when it "said" or "says": "Neighbors said"."""
    if not at or words[at].fold not in {"said", "says", "say"}:
        return None
    word = words[at - 1]
    near = sentence[word.end : words[at].start]
    plain = word.text.isalpha() and word.fold.endswith("s") and len(word.fold) > 4 and near == " "
    plain = plain and word.fold not in vocabulary()["figure_words"]
    return Named(word.fold, "group", at - 1, at, word.fold) if plain else None


def _before_apposition(words: Sequence[Word], sentence: str, at: int) -> Named | None:
    """The person before ", the mayor of Ames," or ", who runs the center,"."""
    stop = max(0, at - 30)
    found = 0
    for i in range(at, stop, -1):
        if i < len(words) and _gap_before(words, sentence, i).startswith(","):
            found += 1
            named = name_ending(words, sentence, i)
            if named is None or _is(words, named.first - 1, vocabulary()["prepositions"]):
                continue
            if named.kind == "person" and (" " in named.name or named.first == 0):
                return named
            if named.kind == "body" and found == 1 and i < at:
                return named
            if found == _APPOSITIONS:
                break
    return None


def _inverted(words: Sequence[Word], sentence: str, at: int) -> _Cue | None:
    """ "…," said Paul Guerin, "says Ortega"."""
    if (
        not at
        or at + 1 >= len(words)
        or words[at].fold not in vocabulary()["says"] | {"reports", "reported"}
    ):
        return None
    before = _gap_before(words, sentence, at)
    if not any(c in before for c in ',”"“?!'):
        return None
    if words[at + 1].start - words[at].end > 2:
        return None
    named = name_starting(words, sentence, at + 1)
    if named is None or named.kind == "report" or named.role == "report":
        return None
    if named.kind == "group" and words[at + 1].fold in {"that"}:
        return None
    stop = words[named.last - 1].end
    follows = named.last < len(words) and words[named.last].fold
    closed = _ENDS_CLAUSE.match(sentence, stop) or sentence.startswith(")", stop)
    quote = any(c in before for c in '”"')
    if (
        not closed
        and not quote
        and follows
        not in {
            "of",
            "in",
            "at",
            "who",
            "during",
            "on",
            "told",
            "to",
            "from",
            "with",
            "as",
            "after",
            "when",
        }
        | vocabulary()["times"]
    ):
        return None
    return _Cue(named, at, named.last, _how(words, at), True)


def _how(words: Sequence[Word], at: int) -> How:
    near = {w.fold for w in words[max(0, at - 2) : at + 3]}
    if near & vocabulary()["falsely"]:
        return "denied"
    return "said"


def _apart(cues: list[_Cue]) -> list[_Cue]:
    """Cues that share no words; of two over the same words the earlier made stays."""
    kept: list[_Cue] = []
    taken = -1
    for cue in sorted(cues, key=lambda c: (c.named.first, -c.last)):
        if cue.named.first >= taken:
            kept.append(cue)
            taken = max(taken, cue.named.last, cue.last)
    return kept


def _scopes(words: Sequence[Word], sentence: str, cues: list[_Cue]) -> list[tuple[int, int]]:
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


def _wall(words: Sequence[Word], sentence: str, here: _Cue, after: _Cue) -> int:
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


def _speaker(words: Sequence[Word], sentence: str, cue: _Cue, scope: tuple[int, int]) -> Speaker:
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
