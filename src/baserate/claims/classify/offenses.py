"""Of which offense each statement of a frame is."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Sequence
from itertools import islice, pairwise
from operator import attrgetter

from baserate.claims.claim import ClaimKind
from baserate.claims.classify.reading import Reading
from baserate.claims.frames import Figure
from baserate.claims.lexicon import words
from baserate.claims.scan import Mention

MOST_OFFENSES = 8  # of one list; a longer one is a table run together

_VIOLENT = {"homicide", "rape", "robbery"}
_ASSAULTS = {"aggravated_assault", "simple_assault"}
_PROPERTY = {"burglary", "larceny", "motor_vehicle_theft"}


def offenses_said_of(reading: Reading, kind: ClaimKind) -> list[str | None]:
    """The offenses of which a frame says this kind of thing, each in a statement of its own."""
    if kind == "share":
        return [part_and_whole(reading)[0]]
    figure = own_figure(reading, kind) if kind in {"count", "level"} else None
    if figure is not None and figure.offense is not None:
        listed = _together(_listed_from(reading, figure.offense))
        return [listed or _named_before(reading, figure.offense)]
    other = other_offense(reading) if kind == "comparison" else None
    keys = list(dict.fromkeys(m.key for m in reading.offenses if m.key != other))
    if not keys:
        return [_named_by_its_end(reading)]
    whole = _together(keys)
    if whole and (figure is not None or keys[0] == "all_crime"):
        return [whole]
    if figure is not None:
        return [_nearest(reading.offenses, figure.mention).key]
    if whole and kind in {"extremum", "rank"}:
        return [next((k for k in keys if k.endswith("_crime")), whole)]
    return list(keys[:MOST_OFFENSES])


def other_offense(reading: Reading) -> str | None:
    """What it is compared with, where that is an offense: "more burglaries than robberies"."""
    frame = reading.frame
    if frame.factor and frame.than is None:
        return _as_many_as(reading)
    if frame.than is None or not (frame.compares or frame.factor):
        return None
    for offense in frame.offenses:
        between = reading.scan.text[frame.than.end : offense.start].split()
        if offense.start >= frame.than.end and len(between) <= 2:
            before = [m for m in frame.offenses if m.end <= frame.than.start]
            return offense.key if before and before[-1].key != offense.key else None
    return None


def _as_many_as(reading: Reading) -> str | None:
    """ "Seven times as many burglaries as robberies"."""
    for one, other in pairwise(reading.frame.offenses):
        between = reading.scan.text[one.end : other.start].split()
        if between == ["as"] and one.key != other.key:
            return other.key
    return None


def own_figure(reading: Reading, kind: ClaimKind) -> Figure | None:
    """The figure of a count or a level: the one in its unit."""
    for figure in reading.frame.figures:
        is_rate = figure.size.unit == "per_100k"
        if figure.role in {"main", "to"} and is_rate == (kind == "level"):
            return figure
    return None


def part_and_whole(reading: Reading) -> tuple[str | None, str | None]:
    """Of a share, the offense that is the part and the one that is the whole, where it is said."""
    frame, offenses = reading.frame, reading.offenses
    percent = frame.percent or frame.share
    if not offenses:
        return None, None
    keys = [m.key for m in offenses]
    if percent is None or len(set(keys)) == 1:
        return keys[0], None
    if reading.first_word == "of":
        return keys[-1], keys[0]
    before = [m.key for m in offenses if m.end <= percent.start]
    after = [m.key for m in offenses if m.start >= percent.start]
    if before and after and before[-1] != after[0]:
        return before[-1], after[0]
    listed = before[0] if before else keys[0]
    whole = next((k for k in keys if k.endswith("_crime") and k != listed), None)
    is_of_total = "total" in reading.scan.after(percent.end, 3)
    return (after or before)[0], whole if is_of_total else None


def _listed_from(reading: Reading, offense: Mention) -> list[str]:
    """The offenses of one list, from its first on: "12 murders, rapes, robberies and assaults"."""
    keys: list[str] = []
    last = offense
    named = reading.scan.of("offense")
    for each in islice(named, _index_of(named, offense), None):
        between = reading.scan.text[last.end : each.start]
        if len(between.split()) > 2 or any(c.isdigit() for c in between):
            break
        keys.append(each.key)
        last = each
    return keys


def _named_before(reading: Reading, offense: Mention) -> str:
    """ "The violent crime rate was 386 crimes per 100,000": crimes of the kind named before."""
    if reading.said(offense) not in words("classify", "any_crimes"):
        return offense.key
    named = reading.scan.of("offense")
    at = _index_of(named, offense)
    return named[at - 1].key if at else offense.key


def _named_by_its_end(reading: Reading) -> str | None:
    """ "The deadliest year", "the murder capital": what an extreme or a rank is of by its name."""
    for end in (reading.frame.extreme, reading.frame.rank):
        if end is not None and end.key in words("classify", "deadly"):
            return "homicide"
        if end is not None and end.key in words("classify", "criminal"):
            return "all_crime"
    return None


def _index_of(mentions: Sequence[Mention], mention: Mention) -> int:
    """Where the mentions begin that stand no earlier than one of them."""
    return bisect_left(mentions, mention.start, key=attrgetter("start"))


def _nearest(mentions: list[Mention], to: Mention) -> Mention:
    return min(mentions, key=lambda m: abs(m.start - to.start))


def _together(keys: Collection[str]) -> str | None:
    """ "murders, rapes, robberies and assaults" are violent crime."""
    named = set(keys)
    if named >= _VIOLENT and named & _ASSAULTS:
        return "violent_crime"
    if named >= _PROPERTY and not named & {"homicide", "robbery"}:
        return "property_crime"
    return None
