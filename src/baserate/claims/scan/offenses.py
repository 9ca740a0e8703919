"""The offenses that a sentence names, and the words that narrow them ("gun", "domestic")."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from baserate.claims import lexicon
from baserate.claims.scan.mention import Mention
from baserate.claims.scan.wording import Wording
from baserate.claims.sizes.find import Size
from baserate.terms.words import Found

_TITLE_OPENS_WITHIN = 24  # characters between a title's opening mark and the offense in it


def find_offenses(wording: Wording) -> Iterator[Mention]:
    """Offenses, their words taken, then qualifiers. A name can mean two: "violent and property".

    >>> [m.key for m in find_offenses(Wording("Homicide detectives see more gun robberies."))]
    ['robbery', 'gun']
    """
    for found in lexicon.offense_names().find(wording.words, wording.taken):
        if _is_something_else(wording, found):
            continue
        wording.take(found)
        start, end = wording.span(found.first, found.last)
        for key in found.meanings[0].split():
            yield Mention("offense", start, end, key=key)
    for part in ("people", "says"):
        for found in lexicon.index_of("qualifier", part).find(wording.words, wording.taken):
            start, end = wording.span(found.first, found.last)
            yield Mention("qualifier", start, end, key=found.meanings[0])


def find_none_of(wording: Wording, offenses: Sequence[Mention]) -> Iterator[Mention]:
    """Counts of 0: "no murders", "not a single homicide", but not "no violence"."""
    at = {word.start: i for i, word in enumerate(wording.words)}
    for offense in offenses:
        first = at[offense.start]
        phrases = lexicon.words(
            "none_of", "says" if wording.text[offense.end - 1] == "s" else "one"
        )
        said = next((p for p in phrases if _stands_before(wording, p, first)), None)
        if said is not None:
            start = wording.words[first - len(said.split())].start
            zero = Size(start, offense.start, 0.0, "count", of=(offense.start, offense.end))
            yield Mention("size", start, offense.start - 1, size=zero)


def _stands_before(wording: Wording, phrase: str, at: int) -> bool:
    return wording.said(at - len(phrase.split()), at) == phrase


def _is_something_else(wording: Wording, found: Found[str]) -> bool:
    return (
        _is_part_of_other_noun(wording, found)
        or _is_one_charge_or_campaign(wording, found)
        or _is_title(wording, found)
        or _is_part_of_name(wording, found)
        or _is_one_case(wording, found)
    )


def _is_part_of_other_noun(wording: Wording, found: Found[str]) -> bool:
    """ "A homicide detective", "the murder trial"."""
    if not wording.adjoins(found.last - 1):
        return False
    one, two = wording.fold(found.last), wording.said(found.last, found.last + 2)
    return not lexicon.words("after_offense").isdisjoint({one, two})


def _is_one_charge_or_campaign(wording: Wording, found: Found[str]) -> bool:
    """ "Charged with murder", "the war on crime"."""
    before = {wording.said(max(0, found.first - n), found.first) for n in (1, 2, 3)}
    return not lexicon.words("before_offense").isdisjoint(before)


def _is_title(wording: Wording, found: Found[str]) -> bool:
    """Whether it stands in capitals within quotation marks: a film, a book, a law."""
    text = wording.text
    start, end = wording.span(found.first, found.last)
    opened = max(text.rfind(q, max(start - _TITLE_OPENS_WITHIN, 0), start) for q in '"“‘')
    if opened < 0 or end == len(text) or not all(wording.capitals[found.first : found.last]):
        return False
    others = text[opened + 1 : start].split()
    return text[end] in ',"”’' or (bool(others) and all(w[:1].isupper() for w in others))


def _is_part_of_name(wording: Wording, found: Found[str]) -> bool:
    """ "The Violence Reduction Network": capitals go on, in a sentence that is no heading."""
    if found.first == 0 or not wording.adjoins(found.last - 1) or found.last in wording.taken:
        return False
    capitals = wording.capitals[found.first] and wording.capitals[found.last]
    return capitals and not wording.is_heading


def _is_one_case(wording: Wording, found: Found[str]) -> bool:
    """ "The robbery", but not "the robbery rate"."""
    return (
        wording.folds[found.last - 1] in lexicon.words("one_case", "offense")
        and wording.fold(found.first - 1) in lexicon.words("one_case", "after")
        and wording.fold(found.last) not in lexicon.words("one_case", "not_before")
    )
