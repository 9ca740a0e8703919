"""The places of a sentence: groups, counties, the nation, states and cities, and unknown names."""

from __future__ import annotations

from collections.abc import Iterator

from baserate.claims import lexicon
from baserate.claims.claim import Where
from baserate.claims.scan.mention import Mention, MentionKind
from baserate.claims.scan.named_places import find_named_places, is_yardstick, label_of
from baserate.claims.scan.place_groups import before_groups, find_groups
from baserate.claims.scan.wording import Wording, without_possessive
from baserate.terms.places import NATION, place
from baserate.terms.words import Found

_COUNTY_WORDS = 3  # "Prince George's", "San Luis Obispo"
_UNKNOWN_WORDS = 3


def find_place_mentions(wording: Wording) -> Iterator[Mention]:
    """Places, and names that hold one; those found first take their words.

    >>> [m.where.label for m in find_place_mentions(Wording("In Lake County and in Shangri-La"))]
    ['Lake County', 'Shangri-La']
    """
    yield from find_groups(wording)
    yield from _counties(wording)
    yield from _capital(wording)
    yield from _nation(wording)
    yield from find_named_places(wording)
    yield from _unknown(wording)
    yield from _agencies(wording)
    yield from _own(wording)


# -------------------------------------------------------------------------------------- counties


def _counties(wording: Wording) -> Iterator[Mention]:
    for at, fold in enumerate(wording.folds):
        if fold not in lexicon.words("county") or not wording.capitals[at]:
            continue
        first = _start_of_county(wording, at)
        if first < at:
            wording.taken.update(range(first, at + 1))
            yield _county(wording, first, at)


def _start_of_county(wording: Wording, at: int) -> int:
    first = at
    while at - first < _COUNTY_WORDS and _is_of_county(wording, first - 1):
        first -= 1
    return first


def _is_of_county(wording: Wording, at: int) -> bool:
    return (
        wording.adjoins(at)
        and wording.capitals[at]
        and at not in wording.taken
        and wording.folds[at] not in lexicon.words("county", "not_within")
    )


def _county(wording: Wording, first: int, at: int) -> Mention:
    start, end = wording.span(first, at + 1)
    name = " ".join(w.text for w in wording.words[first : at + 1])
    where = Where(without_possessive(name))
    if wording.owns(at) or not wording.adjoins(at):
        return Mention("place", start, end, key="office", where=where)
    following = wording.folds[at + 1]
    is_name = wording.capitals[at + 1] or following in lexicon.words("after_place")
    is_office = not is_name or following in lexicon.words("office")
    kind: MentionKind = "name" if is_name else "place"
    return Mention(kind, start, end, key="office" if is_office else "", where=where)


# ------------------------------------------------------------------------------------ the nation


def _capital(wording: Wording) -> Iterator[Mention]:
    for found in lexicon.index_of("nations_capital").find(wording.words):
        wording.take(found)
        start, end = wording.span(found.first, found.last)
        where = Where("Washington, DC", (place("DC"),))
        yield Mention("place", start, end, where=where)


def _nation(wording: Wording) -> Iterator[Mention]:
    named = lexicon.index_of("nation").find(wording.words, wording.taken)
    groups = before_groups(wording) if named else set()
    for found in named:
        if found.last not in groups and _is_nation(wording, found):
            wording.take(found)
            start, end = wording.span(found.first, found.last)
            yield Mention("place", start, end, where=Where("United States", (NATION,)))


def _is_nation(wording: Wording, found: Found[str]) -> bool:
    """Not "told us", "national security", "American Rifle Association", "the U.S. Attorney"."""
    if wording.words[found.first].text == "us":
        return False
    following = wording.fold(found.last)
    if following in lexicon.words("nation", "not_before") or is_yardstick(wording, found):
        return False
    if wording.fold(found.first - 1) in lexicon.words("nation", "not_after"):
        return False
    goes_on = wording.adjoins(found.last - 1) and wording.capitals[found.last]
    return not (goes_on and wording.capitals[found.first])


# ------------------------------------------------------------------------------ names of no table


def _unknown(wording: Wording) -> Iterator[Mention]:
    """Names after "in" that no table has: "in Sweet Home", "in Mexico"."""
    for at, fold in enumerate(wording.folds):
        if fold not in lexicon.words("before_unknown_place"):
            continue
        first, last = at + 1, _end_of_name(wording, at + 1)
        if first < last and _may_be_a_place(wording, first, last):
            start, end = wording.span(first, last)
            yield Mention(
                "place", start, end, where=Where(without_possessive(wording.text[start:end]))
            )


def _end_of_name(wording: Wording, first: int) -> int:
    last = first
    while (
        last - first < _UNKNOWN_WORDS
        and wording.adjoins(last - 1)
        and wording.capitals[last]
        and last not in wording.taken
    ):
        last += 1
    return last


def _may_be_a_place(wording: Wording, first: int, last: int) -> bool:
    name = wording.said(first, last)
    if wording.folds[first] in lexicon.words("not_places"):
        return False
    if name in lexicon.words("foreign"):
        return True
    if name in lexicon.words("nation") or name in lexicon.words("word_names"):
        return False
    if not wording.words[first].text[1:2].islower():
        return False
    return lexicon.words("other_name").isdisjoint(wording.folds[first : last + 1])


# ------------------------------------------------------------------------- agencies, own places


def _agencies(wording: Wording) -> Iterator[Mention]:
    """Agencies by their initials: "NYPD" speaks for New York."""
    for found in lexicon.initials().find(wording.words, wording.taken):
        if wording.words[found.first].text[:2].isupper():
            start, end = wording.span(found.first, found.last)
            where = Where(label_of(found.meanings), found.meanings)
            yield Mention("name", start, end, key="office", where=where)


def _own(wording: Wording) -> Iterator[Mention]:
    for found in lexicon.own_places().find(wording.words, wording.taken):
        start, end = wording.span(found.first, found.last)
        yield Mention("own", start, end, key=found.meanings[0])
