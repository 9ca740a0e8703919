"""Groups of places that a sentence speaks of: "the South", "cities of 250,000 or more"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from baserate.claims import lexicon
from baserate.claims.claim import Where
from baserate.claims.scan.mention import Mention
from baserate.claims.scan.wording import Wording
from baserate.terms.words import Found

_FIRST_WORDS = 3  # so early in a sentence a group is its subject
_SUBGROUP_OF_NATION = "US"  # how the labels begin of what is no region


def find_groups(wording: Wording) -> Iterator[Mention]:
    """Groups where one is due. All named take their words: a bare "suburbs" is no place.

    >>> [m.where.label for m in find_groups(Wording("Murders fell in cities over 1 million."))]
    ['US cities over 1 million']
    """
    for found in lexicon.groups().find(wording.words, wording.taken):
        wording.take(found)
        if _is_region(found) or _is_due(wording, found) or _is_sized(wording, found):
            start, end = wording.span(found.first, found.last)
            yield Mention("place", start, end, where=Where(_label(wording, found)))


def before_groups(wording: Wording) -> set[int]:
    """Where a group begins, its number included: "America's 30 largest cities" are one place."""
    groups = lexicon.groups().find(wording.words)
    numbers = {f.first - 1 for f in groups if wording.fold(f.first - 1).isdigit()}
    return {f.first for f in groups} | numbers


def _is_region(found: Found[str]) -> bool:
    return not found.meanings[0].startswith(_SUBGROUP_OF_NATION)


def _is_due(wording: Wording, found: Found[str]) -> bool:
    before, after = wording.fold(found.first - 1), wording.fold(found.last)
    if found.first <= _FIRST_WORDS or before.isdigit():
        return True
    if before == "for":
        return after not in lexicon.words("before_group", "for_unless")
    return before in lexicon.words("before_group")


def _is_sized(wording: Wording, found: Found[str]) -> bool:
    _, end = wording.span(found.first, found.last)
    return any(p.match(wording.text, end) for p in (_over_or_under(), _OR_MORE, _BETWEEN))


def _label(wording: Wording, found: Found[str]) -> str:
    """'US big cities'; where the text says how many or how large, 'US cities over 1 million'."""
    label = found.meanings[0]
    if not label.endswith("cities"):
        return label
    number = wording.fold(found.first - 1)
    if number.isdigit() and wording.fold(found.last - 2) == "largest":
        return f"{number} largest US cities"
    _, end = wording.span(found.first, found.last)
    return _label_by_size(wording.text, end) or label


def _label_by_size(text: str, at: int) -> str | None:
    between, size, plus = (p.match(text, at) for p in (_BETWEEN, _over_or_under(), _OR_MORE))
    if between is not None:
        return f"US cities {between[1]}-{between[2]}"
    if size is not None:
        under = size[1].lower() in lexicon.words("city_size", "under")
        return f"US cities {'under' if under else 'over'} {_people(size[2], size[3])}"
    return f"US cities over {_people(plus[1], plus[2])}" if plus is not None else None


def _people(number: str, million: str | None) -> str:
    return f"{number} million" if million else number


@cache
def _over_or_under() -> re.Pattern[str]:
    """ " with a population of more than 250,000", " under 1 million"."""
    sized = lexicon.either("city_size", "over", "under")
    return re.compile(
        rf" (?:with |of )?(?:a )?(?:populations? )?(?:of )?({sized}) (\d[\d,.]{{0,9}})( million)?",
        re.IGNORECASE,
    )


# " of 250,000 people or more", " with populations of 1 million and over".
_OR_MORE = re.compile(
    r" (?:of|with) (?:populations? of )?(\d[\d,.]{0,9})( million)?"
    r"(?: people| residents| inhabitants)? (?:or more|and over|and up)"
)
# " with populations between 100,000 and 250,000", " of 50,000 to 99,999".
_BETWEEN = re.compile(
    r" (?:with |of |between )(?:populations? (?:of )?)?(?:between )?"
    r"(\d{1,3},\d{3}) (?:to|and) (\d{1,3},\d{3})"
)
