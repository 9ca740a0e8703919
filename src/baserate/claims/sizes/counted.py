"""What a number counts: offenses and their victims, or something that is no crime figure."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal, NamedTuple

from baserate.claims.sizes.numerals import BREAK, SPACE, Numeral, Phrases, Words, sizes_table
from baserate.terms.offenses import offenses

CountedKind = Literal["crime", "bearer", "other", "unknown", "bare", "part"]
_REACH = 8  # words between a number and its noun
_LIST = 12  # words of "murders, rapes, robberies and assaults" after the first
_HARM_AFTER, _HARM_BEFORE = 8, 5


@dataclass(frozen=True, slots=True)
class Counted:
    """What a number counts. `first` and `last` are places of words, `last` the one after it.

    'crime' is offenses or victims; 'bearer' people or things to which harm was done; 'other'
    known to be no crime figure; 'unknown' a noun nobody told of; 'bare' no noun at all; 'part'
    some of the number that follows.
    `scanned` is where a "per 100,000" would stand; `paced` that "a day" or the like follows.
    """

    kind: CountedKind
    first: int
    last: int
    scanned: int
    paced: bool = False


class _Nouns(NamedTuple):
    crime: frozenset[str]
    crime_one: frozenset[str]
    bearer: frozenset[str]
    harm: frozenset[str]
    harm_of: frozenset[str]
    clauses: frozenset[str]
    custody: frozenset[str]
    other: frozenset[str]
    kinds: frozenset[str]
    kinds_of: frozenset[str]
    kinds_up_to: int
    skipped: frozenset[str]
    stops: frozenset[str]
    paces: Phrases[bool]


@cache
def _nouns() -> _Nouns:
    table = sizes_table()["noun"]
    listed = set(_Nouns._fields) - {"paces", "kinds_up_to"}
    sets = {key: frozenset(word.lower() for word in table[key]) for key in listed}
    names = [Words(name).folds for each in offenses().values() for name in each.says]
    names = [[fold for fold in name if fold] for name in names]
    many = {name[-1] for name in names if name[-1].endswith("s")} - sets["bearer"]
    one = {word for name in names for word in name} - many - sets["stops"]
    sets["crime"] |= many
    sets["crime_one"] |= one
    paces = Phrases((p, True) for p in table["paces"])
    return _Nouns(**sets, paces=paces, kinds_up_to=table["kinds_up_to"])


def counted_after(words: Words, at: int, number: Numeral) -> Counted:
    """What the number that ends at a place counts.

    >>> words = Words("There were 57 fatal shootings in Reno")
    >>> counted_after(words, 3, Numeral(2, 3, 57)).kind
    'crime'
    """
    nouns = _nouns()
    first = at
    while first < at + 4 and words.folds[first] in nouns.skipped and words.joints[first] == SPACE:
        first += 1
    run = _run(words, first)
    kind, last = _head(words, first, run, number)
    scanned = first + len(run)
    if kind == "crime":
        last = scanned = _end_of_list(words, last)
        if number.value <= nouns.kinds_up_to and _are_kinds(words, first, last):
            kind = "other"
    return Counted(kind, first, last, scanned, nouns.paces.after(words, scanned) is not None)


def _are_kinds(words: Words, first: int, last: int) -> bool:
    """Whether the words name kinds of crime, as in "the seven serious crimes"."""
    nouns = _nouns()
    return words.folds[last - 1] in nouns.kinds_of and not nouns.kinds.isdisjoint(
        words.folds[first:last]
    )


def _run(words: Words, first: int) -> list[str]:
    """The words from a place on that can belong to one noun."""
    stops = _nouns().stops
    run: list[str] = []
    while len(run) < _REACH:
        fold = words.folds[first + len(run)]
        if not fold[:1].isalpha() or fold in stops or words.joints[first + len(run)] == BREAK:
            break
        run.append(fold)
    return run


def _head(words: Words, first: int, run: list[str], number: Numeral) -> tuple[CountedKind, int]:
    """What kind of noun heads the words, and the place after it."""
    nouns = _nouns()
    for place, fold in enumerate(run, start=first):
        if fold in nouns.crime:
            return "crime", place + 1
        if fold in nouns.other:
            return "other", place + 1
        if fold in nouns.bearer:
            return ("bearer" if _is_borne(words, first, place, number) else "other"), place + 1
    if not run:
        return "bare", first
    if run[0] in nouns.harm:
        return "crime", first + 1
    if run[-1] in nouns.crime_one:
        return "crime", first + len(run)
    return _unknown(words, first, run), first + 1


def _unknown(words: Words, first: int, run: list[str]) -> CountedKind:
    """Nouns for crimes are known, so that a plural that is not known is of something else."""
    nouns = _nouns()
    if nouns.crime_one.intersection(run[:2]):
        return "other"
    plural = any(
        f.endswith("s") and not f.endswith(("ss", "us", "is", "ings")) and words.raw(p).islower()
        for p, f in enumerate(run[:4], start=first)
    )
    return "other" if plural else "unknown"


def _is_borne(words: Words, first: int, place: int, number: Numeral) -> bool:
    """Whether harm was done to these people or things, by the words around them."""
    before = words.folds[max(number.first - _HARM_BEFORE, 0) : number.first]
    if _nouns().custody.intersection(before):
        return False
    harmed = not (_nouns().harm | _nouns().harm_of).isdisjoint(before)
    return harmed or is_harmed(words, first, place + 1 + _HARM_AFTER)


def is_harmed(words: Words, first: int, last: int) -> bool:
    """Whether a word of harm stands in this stretch, and no word of custody before it."""
    nouns = _nouns()
    for fold in words.folds[first:last]:
        if fold in nouns.harm:
            return True
        if fold in nouns.custody or fold in nouns.clauses:
            return False
    return False


def _end_of_list(words: Words, last: int) -> int:
    """The place after the last of "murders, rapes, robberies and assaults"."""
    crime = _nouns().crime
    end, place = last, last
    for _ in range(_LIST):
        link = words.folds[place]
        if link not in {",", "and", "or"} or words.joints[place] == BREAK:
            break
        place += 1
        if link == "," and words.folds[place] in {"and", "or"}:
            link, place = words.folds[place], place + 1
        run = _run(words, place)
        heads = [k for k, fold in enumerate(run[:3]) if fold in crime]
        if not heads:
            break
        place += heads[0] + 1
        end = place if link != "," else end
    return end
