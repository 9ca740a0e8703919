"""Cues: words of direction, extremes, ranks, shares and what is measured, where they mean that.

"Up" is no direction in "picked up the phone", nor "most" an extreme in "most people".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache

from baserate.claims import lexicon
from baserate.claims.scan.mention import Mention
from baserate.claims.scan.wording import Wording
from baserate.claims.times.find import TimeMention
from baserate.terms.words import Found, folds_of

Test = Callable[[Wording, Found[lexicon.CueKind]], bool]


def find_ranking_cues(wording: Wording) -> Iterator[Mention]:
    """Cues that hold a place's word, and take it: "led the nation", "the national average"."""
    for found in lexicon.ranking().find(wording.words, wording.taken):
        wording.take(found)
        yield _cue(wording, found)


def find_cues(wording: Wording) -> Iterator[Mention]:
    """All other cues that assert something.

    >>> [m.kind for m in find_cues(Wording("Most said it rose to the highest level ever."))]
    ['up', 'high', 'on_record']
    """
    for found in lexicon.asserting().find(wording.words, wording.taken):
        test = _tests().get(wording.said(found.first, found.last))
        if test is None or test(wording, found):
            yield _cue(wording, found)


def find_ends_of_spans(text: str, times: Sequence[TimeMention]) -> Iterator[Mention]:
    """ "A 33-year low" says which end as well as how long."""
    for time in times:
        if time.role != "low_high":
            continue
        said = _words_apart(text[time.start : time.end])
        if not lexicon.words("end_of_span", "low").isdisjoint(said):
            yield Mention("low", time.start, time.end, key="low")
        elif not lexicon.words("end_of_span", "high").isdisjoint(said):
            yield Mention("high", time.start, time.end, key="high")


def framing_of(wording: Wording) -> frozenset[str]:
    """The names of the cues there are of what is no report: 'future', 'poll', 'incident'."""
    return frozenset(f.meanings[0] for f in lexicon.framing().find(wording.words))


def _cue(wording: Wording, found: Found[lexicon.CueKind]) -> Mention:
    start, end = wording.span(found.first, found.last)
    return Mention(found.meanings[0], start, end, key=wording.said(found.first, found.last))


def _words_apart(text: str) -> list[str]:
    """The folded words of a piece of text, hyphens apart."""
    return [w for fold in folds_of(text) for w in fold.split("-")]


# ------------------------------------------------------------- what a word needs to mean its cue


@cache
def _tests() -> dict[str, Test]:
    """Words that are cues only in some company, to the test of it."""
    tests: dict[str, Test] = {"up": _is_up, "down": _is_direction}
    tests |= dict.fromkeys(lexicon.not_before(), _is_not_before)
    tests |= dict.fromkeys(lexicon.words("fall_or_drop"), _is_fall)
    tests |= dict.fromkeys(lexicon.words("reduction"), _is_reported_reduction)
    tests |= dict.fromkeys(lexicon.words("done_to_offenses"), _is_done_to_offense)
    tests |= dict.fromkeys(lexicon.words("superlative"), _is_extreme)
    tests |= dict.fromkeys(lexicon.words("comparative"), _is_compared)
    tests |= dict.fromkeys(lexicon.words("not_seen"), _is_not_seen_since)
    tests |= dict.fromkeys(lexicon.words("height"), _is_reached)
    return tests


def _is_up(wording: Wording, found: Found[lexicon.CueKind]) -> bool:
    """Not "up to 50 murders", but "was up to 50"."""
    before, after = wording.fold(found.first - 1), wording.fold(found.last)
    up_to = after == "to" and before not in lexicon.words("up_or_down", "up_to_after")
    return not up_to and _is_direction(wording, found)


def _is_direction(wording: Wording, found: Found[lexicon.CueKind]) -> bool:
    """Not "beefed up", nor "drive crime down", an aim."""
    driven = lexicon.words("up_or_down", "driven_by")
    if not driven.isdisjoint(wording.folds[max(0, found.first - 4) : found.first]):
        return False
    return wording.fold(found.first - 1) not in lexicon.words("up_or_down", "not_after")


def _is_fall(wording: Wording, found: Found[lexicon.CueKind]) -> bool:
    """Not "last fall", nor "this fall", but "this fall in crime"."""
    before, after = wording.fold(found.first - 1), wording.fold(found.last)
    if before in lexicon.words("fall_or_drop", "never_after"):
        return False
    if before not in lexicon.words("fall_or_drop", "after"):
        return True
    return after in lexicon.words("fall_or_drop", "if_before")


def _is_reported_reduction(wording: Wording, found: Found[lexicon.CueKind]) -> bool:
    """Not "crime reduction", which is an aim."""
    before = found.first - 1
    return not (wording.adjoins(before) and before in wording.taken)


def _is_done_to_offense(wording: Wording, found: Found[lexicon.CueKind]) -> bool:
    """ "Cut robberies", "lowered the number of murders", but not "to cut crime", an aim."""
    if wording.fold(found.first - 1) in lexicon.words("done_to_offenses", "not_after"):
        return False
    following = wording.words[found.last : found.last + 5]
    return any(o.first < 4 for o in lexicon.offense_names().find(following))


def _is_not_before(wording: Wording, found: Found[lexicon.CueKind]) -> bool:
    """Not "the same day", "rising concern", "peak hours"."""
    said = wording.said(found.first, found.last)
    return wording.fold(found.last) not in lexicon.not_before()[said]


def _is_compared(wording: Wording, found: Found[lexicon.CueKind]) -> bool:
    """Whether "more" is of offenses: "more murders", "15 fewer than", "higher than"."""
    ahead = wording.ahead(found.last, 8)
    if not lexicon.moving_nouns().isdisjoint(ahead[:2]):
        return False  # "more dramatic declines"
    if not ahead or found.first - 1 in wording.taken or "than" in ahead:
        return True
    offense_next = found.last in wording.taken and ahead[0] not in lexicon.words("not_measured")
    return offense_next or ahead[0] in lexicon.words("counted")


def _is_extreme(wording: Wording, found: Found[lexicon.CueKind]) -> bool:
    """Whether "most" is of a figure: "the most murders since", "the largest increase"."""
    ahead = wording.ahead(found.last, 5)
    if not ahead or ahead[0] in lexicon.words("not_measured"):
        return False
    if ahead[0] in lexicon.words("superlative", "if_before"):
        return ahead[0] != "of" or wording.fold(found.last + 1) not in lexicon.words(
            "superlative", "not_before_of"
        )
    near = range(found.last, found.last + len(ahead))
    return not wording.taken.isdisjoint(near) or not lexicon.words("figure").isdisjoint(ahead)


def _is_reached(wording: Wording, found: Found[lexicon.CueKind]) -> bool:
    """Not "below its 1991 peak"."""
    before = wording.folds[max(0, found.first - 4) : found.first]
    return lexicon.words("height", "not_after").isdisjoint(before)


def _is_not_seen_since(wording: Wording, found: Found[lexicon.CueKind]) -> bool:
    """ "Not since 1990 so few", "has not seen this few since 1990"."""
    if wording.fold(found.last) in lexicon.words("not_seen", "not_before"):
        return False
    before = wording.folds[max(0, found.first - 14) : found.first]
    near = (*before, *wording.ahead(found.last, 10))
    denied = not lexicon.words("not_seen", "not").isdisjoint(before)
    return denied and not lexicon.words("not_seen", "since").isdisjoint(near)
