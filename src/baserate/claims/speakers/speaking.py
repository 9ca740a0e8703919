"""Verbs and phrases by which a sentence gives a statement to somebody: "said", "according to"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

from baserate.claims.speakers.names import (
    Named,
    mark,
    name_before,
    name_ending,
    name_starting,
    vocabulary,
)
from baserate.terms.words import Word

How = Literal["said", "according to", "data", "report", "denied", "quoted"]
_DASH = re.compile("[—–]| --? ")
_ENDS_CLAUSE = re.compile(r"\s{0,3}(?:[,.;:!?)—–\"“”]|--|\Z)")
_NEAR = 8  # words in which what is released, or what it is based on, has to stand
_APPOSITIONS = 3
_FAR = 14  # words between a report and what it shows


@dataclass(frozen=True, slots=True)
class Cue:
    """A name with its verb: words `first` to `last`, and where its statement lies."""

    named: Named
    first: int
    last: int
    how: How
    trails: bool  # what is said comes before


_Reader = Callable[[Sequence[Word], str, int], "Cue | None"]


def cues_of(words: Sequence[Word], sentence: str) -> Iterator[Cue]:
    """Every name with its verb, in the order of the verbs; some may share words."""
    readers = _readers()
    for at, word in enumerate(words):
        capital = at > 0 and word.text[0].isupper()  # "the United States report"
        if capital or _is(words, at + 1, {"otherwise"}):
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
        ({"by", "per"}, _by_count),
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


def _according(words: Sequence[Word], sentence: str, at: int) -> Cue | None:
    named = name_starting(words, sentence, at + 2) if _is(words, at + 1, {"to"}) else None
    if named is None:
        return None
    leads = at == 0 or (
        at <= 2 and mark(words[0]) == "" and not sentence[: words[at].start].count(",")
    )
    leads = leads or bool(re.search(r"[;—]\s?\Z", _gap_before(words, sentence, at)))
    leads = leads or (at > 0 and words[at - 1].fold in {"but", "that", "and", "while"})
    return Cue(named, at, named.last, "according to", not leads)


def _citing(words: Sequence[Word], sentence: str, at: int) -> Cue | None:
    """ "…, citing FBI data", "based on figures from the police"."""
    start = at + 1 + _is(words, at + 1, {"on"})
    if words[at].fold == "based" and start == at + 1:
        return None
    named = name_starting(words, sentence, start)
    if named is None or named.role != "report" or named.kind == "report":
        return None
    return Cue(named, at, named.last, "data", at > 0)


def _of_a_report(words: Sequence[Word], sentence: str, at: int) -> Cue | None:
    """ "…was the main finding of the agency's report"."""
    named = name_starting(words, sentence, at + 2) if _is(words, at + 1, {"of"}) else None
    if named is None or named.role != "report":
        return None
    return Cue(named, at, named.last, "report", True)


def _shown(words: Sequence[Word], sentence: str, at: int) -> Cue | None:
    named = _report_before(words, sentence, at) or _finder(words, sentence, at)
    if named is None:
        return None
    trails = bool(_ENDS_CLAUSE.match(sentence, words[at].end)) and at > 3
    trails = trails and sentence[words[at].end : words[at].end + 1] != ":"
    return Cue(named, named.first, at + 1, "data" if named.kind != "report" else "report", trails)


def _report_before(words: Sequence[Word], sentence: str, at: int) -> Named | None:
    """The report that shows something, past "for the first half of 2019" or ", out Monday,"."""
    named = name_before(words, sentence, at)
    if named is not None and named.role == "report":
        return named
    commas = 0
    for i in range(at - 1, max(-1, at - 1 - _FAR), -1):
        gap = _gap_before(words, sentence, i + 1)
        commas += "," in gap
        if commas > 2 or any(c in gap for c in '.;:”"'):
            return None
        if words[i].fold in vocabulary()["sources"]:
            named = name_ending(words, sentence, i + 1)
            if named is None or named.role != "report":
                return None
            opens = named.first < 3 or "," in _gap_before(words, sentence, named.first)
            return _released_by(words, sentence, named, at) if opens else None
    return None


def _released_by(words: Sequence[Word], sentence: str, report: Named, at: int) -> Named:
    """Of "the report, released by the coroner, found" the coroner."""
    for i in range(report.last, at - 2):
        if words[i].fold in vocabulary()["participles"] and words[i + 1].fold == "by":
            owner = name_starting(words, sentence, i + 2)
            if owner is not None and report.kind == "report" and owner.kind != "pronoun":
                return replace(report, name=owner.name, kind=owner.kind)
    return report


def _finder(words: Sequence[Word], sentence: str, at: int) -> Named | None:
    """Researchers and their institutes find things out; what police find is found in a street."""
    if words[at].fold not in vocabulary()["finds_out"]:
        return None
    named = name_before(words, sentence, at)
    if named is None or named.kind not in {"body", "group"}:
        return None
    folds = {w.fold for w in words[named.first : named.last]}
    if folds & vocabulary()["finds_in_streets"]:
        return None
    return named if named.kind == "body" or folds & vocabulary()["scholars"] else None


def _made_available(words: Sequence[Word], sentence: str, at: int) -> Cue | None:
    """ "Numbers made available by the police:"."""
    if not _is(words, at + 1, {"available"}):
        return None
    named = name_starting(words, sentence, max(0, at - 1))
    if named is None or named.role != "report" or named.kind == "report":
        return None
    return Cue(named, named.first, named.last, "data", False)


def _by_count(words: Sequence[Word], sentence: str, at: int) -> Cue | None:
    """ "…, by the department's own count"."""
    if "," not in _gap_before(words, sentence, at):
        return None
    named = name_starting(words, sentence, at + 1)
    if named is None or named.role != "report" or named.kind == "report":
        return None
    return Cue(named, at, named.last, "data", True)


def _released(words: Sequence[Word], sentence: str, at: int) -> Cue | None:
    """ "The coroner released a report on 2011 homicides"."""
    named = name_before(words, sentence, at)
    if named is None or named.kind in {"person", "pronoun", "report"} or named.role == "report":
        return None
    near = words[at + 1 : at + 1 + _NEAR]
    if not any(w.fold in vocabulary()["sources"] - {"statement"} for w in near):
        return None
    return Cue(named, named.first, at + 1, "report", False)


def _upright(words: Sequence[Word], sentence: str, at: int) -> Cue | None:
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
    return Cue(named, first, at + 1, _how(words, at), trails)


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
        bare = named.kind == "person" and (verb == "report" or " " not in named.name)
        return not (bare and verb in vocabulary()["places_do"])
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
        gap = _gap_before(words, sentence, i)
        if i < at and _DASH.search(gap):
            break
        if i < len(words) and gap.startswith(","):
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


def _inverted(words: Sequence[Word], sentence: str, at: int) -> Cue | None:
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
    return Cue(named, at, named.last, _how(words, at), True)


def _how(words: Sequence[Word], at: int) -> How:
    near = {w.fold for w in words[max(0, at - 2) : at + 3]}
    if near & vocabulary()["falsely"]:
        return "denied"
    return "said"
