"""Places that the table of places knows by name, told from people, papers and colleges."""

from __future__ import annotations

import re
from collections.abc import Iterator

from baserate.claims import lexicon
from baserate.claims.claim import Where
from baserate.claims.scan.mention import Mention
from baserate.claims.scan.wording import Wording
from baserate.terms.places import Place, find_places
from baserate.terms.words import Found

WELL_KNOWN = 90_000  # people; the bare name of a smaller city is often something else's


def find_named_places(wording: Wording) -> Iterator[Mention]:
    """States and cities by name, each as a place or as part of somebody's name.

    >>> sentence = "Chicago police counted more murders than Newark, N.J."
    >>> [(m.kind, m.where.label) for m in find_named_places(Wording(sentence))]
    [('name', 'Chicago, IL'), ('place', 'Newark, NJ')]
    """
    for found in find_places(wording.words, wording.taken | _small_words(wording)):
        mention = _mention(wording, found)
        if mention is not None:
            wording.take(found)
            yield mention


def label_of(meanings: tuple[Place, ...]) -> str:
    """What a place is called in a claim: 'Washington, DC', 'Missouri', 'St. Louis, MO'."""
    first = meanings[0]
    if first.key == "DC":
        return "Washington, DC"
    return first.key if first.kind == "city" else first.name


def _small_words(wording: Wording) -> set[int]:
    """Words in small letters, in which no name is looked for, but for those inside names."""
    inside = lexicon.words("inside_place")
    return {
        i for i, fold in enumerate(wording.folds) if not wording.capitals[i] and fold not in inside
    }


def _mention(wording: Wording, found: Found[Place]) -> Mention | None:
    if found.meanings[0].kind == "nation" or not _is_a_place(wording, found):
        return None
    start, end = wording.span(found.first, found.last)
    where = Where(label_of(found.meanings), found.meanings)
    if _is_dateline(wording, start, end):
        return Mention("name", start, end, key="dateline", where=where)
    if is_yardstick(wording, found):
        return None
    if not _is_part_of_name(wording, found):
        return Mention("place", start, end, where=where)
    following = wording.fold(found.last)
    if following in lexicon.words("other_name"):
        return None
    key = "office" if following in lexicon.words("office") else ""
    return Mention("name", start, end, key=key, where=where)


def _is_a_place(wording: Wording, found: Found[Place]) -> bool:
    said = wording.said(found.first, found.last)
    return (
        said not in lexicon.words("word_names")
        and not _is_person(wording, found)
        and not _ends_a_name(wording, found)
        and _is_set_as_place(wording, found)
    )


def _is_person(wording: Wording, found: Found[Place]) -> bool:
    """ "Mayor Jackson"."""
    titled = wording.fold(found.first - 1) in lexicon.words("before_person")
    return titled and found.last - found.first == 1 and wording.adjoins(found.first - 1)


def _ends_a_name(wording: Wording, found: Found[Place]) -> bool:
    """ "Denzel Washington": a capital before it that belongs to the name."""
    before = found.first - 1
    if before < 0 or not wording.capitals[before] or not wording.adjoins(before):
        return False
    return (
        wording.folds[before] not in lexicon.words("before_place") and before not in wording.taken
    )


def _is_set_as_place(wording: Wording, found: Found[Place]) -> bool:
    """A small town's bare name is taken for it only where a place is due."""
    largest = max(found.meanings, key=lambda p: p.population or 0)
    if largest.kind != "city" or (largest.population or 0) >= WELL_KNOWN:
        return True
    words = found.last - found.first
    due = wording.fold(found.first - 1) in lexicon.words("before_small_town")
    return due or words > 1 or wording.owns(found.last - 1)


def _is_dateline(wording: Wording, start: int, end: int) -> bool:
    """ "MEMPHIS, Tenn. (AP) —" says where the story was written."""
    return start <= 2 and _DATELINE.match(wording.text, end, end + 40) is not None


def is_yardstick(wording: Wording, found: Found[Place] | Found[str]) -> bool:
    """ "Chicago's second largest suburb", "as Ohio's capital": another place is meant."""
    likened = wording.fold(found.first - 1) in lexicon.words("before_yardstick")
    _, end = wording.span(found.first, found.last)
    return (likened or wording.owns(found.last - 1)) and bool(_LARGEST.match(wording.text, end))


def _is_part_of_name(wording: Wording, found: Found[Place]) -> bool:
    """Whether what follows makes it part of a name: "Chicago police", "Boston College"."""
    last = found.last - 1
    if wording.owns(last) or not wording.adjoins(last):
        return False
    if wording.folds[found.last] in lexicon.words("after_place"):
        return True
    goes_on = wording.capitals[found.last] and found.last not in wording.taken
    return goes_on and not wording.words[found.first].text.isupper()


# What follows a dateline's city: a state's short name, a day, the agency in brackets, a dash.
_DATELINE = re.compile(
    r"(?:\.|,? [A-Z][a-z]{2,7}\.?|, [A-Z]\.[A-Z]\.)?,?"
    r"(?: [A-Z][a-z]+\.?)?(?: \d{1,2},?)?(?: \d{4})?"
    r" ?(?:\([A-Z][^)]{1,20}\))? ?(?:—|–|--|-) "
)
# " second largest", " capital", said of another place within or beside the one named.
_LARGEST = re.compile(
    r" (?:second|third|fourth|fifth)?[ -]?(?:largest|biggest|most populous|capital)\b"
)
