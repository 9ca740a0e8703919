"""Extremes and ranks: whether a frame says that something is first or last, and at which end."""

from __future__ import annotations

from baserate.claims.claim import ClaimKind
from baserate.claims.classify.reading import Reading
from baserate.claims.frames.frame import is_nation
from baserate.claims.lexicon import words
from baserate.claims.scan import Mention
from baserate.claims.times.find import TimeMention
from baserate.measure.question import Extreme


def is_extremum(reading: Reading) -> bool:
    """Whether it is the most or the least of some years: "the lowest since 1968"."""
    frame = reading.frame
    if frame.time("low_high") and (frame.extreme or _sense_of_span(reading)):
        return True
    if frame.time("last_time"):
        return bool(reading.direction or frame.figures or frame.extreme)
    if frame.extreme is None:
        return than_any(reading)
    if not words("classify", "no_figure").isdisjoint(reading.scan.after(frame.extreme.end, 3)):
        return False
    return not _is_among_places(reading, frame.extreme)


def is_rank(reading: Reading) -> bool:
    """Whether it is the most or the least of some places: "the highest in the nation"."""
    frame = reading.frame
    if frame.rank is not None or none_is_more(reading) or than_any_place(reading):
        return True
    return frame.extreme is not None and _is_among_places(reading, frame.extreme)


def first_time(reading: Reading) -> TimeMention | None:
    """The time in "for the first time since 2004", "the first increase in a decade"."""
    for time in reading.frame.when:
        if time.role in {"since", "low_high"} and "first" in reading.scan.before(time.start, 4):
            return time
    return None


def than_any(reading: Reading) -> bool:
    """ "Fewer murders than in any year since 1968"."""
    if reading.frame.than is None or reading.frame.direction is None:
        return False
    ahead = reading.scan.after(reading.frame.than.end, 4)
    return "any" in ahead and not words("classify", "any_time").isdisjoint(ahead)


def than_any_place(reading: Reading) -> bool:
    """ "More than any other state": the first of them."""
    frame = reading.frame
    if frame.than is None or not frame.compares:
        return False
    ahead = reading.scan.after(frame.than.end, 5)
    return "any" in ahead and not words("classify", "ranked_places").isdisjoint(ahead)


def none_is_more(reading: Reading) -> bool:
    """ "No state has a higher rate", "of the states none has": the first of all."""
    direction = reading.frame.direction
    if direction is None or not reading.frame.compares:
        return False
    before = reading.scan.before(direction.start, 12)
    if "none" in before:
        return not words("classify", "ranked_among").isdisjoint(before)
    said = before[before.index("no") + 1 :][:3] if "no" in before else ()
    return not words("classify", "ranked_places").isdisjoint(said)


def extreme_of(reading: Reading, kind: ClaimKind) -> Extreme | None:
    """Which end it is; None where it is none."""
    extreme = reading.frame.extreme
    if extreme is None and first_time(reading) is not None:
        return "largest fall" if reading.sense == "down" else "largest rise"
    if kind not in {"extremum", "rank"}:
        return None
    change = _largest_change(reading, extreme) if extreme and kind == "extremum" else None
    return change or ("lowest" if _is_low(reading, kind) else "highest")


def is_of_changes(reading: Reading) -> bool:
    """ "The largest increase since 1991" is no increase since 1991."""
    extreme = reading.frame.extreme
    return extreme is not None and _largest_change(reading, extreme) is not None


def _is_low(reading: Reading, kind: ClaimKind) -> bool:
    frame = reading.frame
    if kind == "rank" and frame.rank is not None:
        said = reading.said(frame.rank, more=8)
        if frame.rank.kind == "rank_low" or _holds(said, "low_end"):
            return True
    sense = frame.extreme.kind if frame.extreme else _sense_of_span(reading)
    return sense == "low" if sense is not None else reading.sense == "down"


def _largest_change(reading: Reading, extreme: Mention) -> Extreme | None:
    """ "The biggest increase": the extreme is of changes, not of figures."""
    ahead = reading.scan.text[extreme.end : extreme.end + 60].lower().split()[:5]
    for word in (each.strip(",.;") for each in ahead):
        if word in words("classify", "rises"):
            return "largest rise"
        if word in words("classify", "falls"):
            return "largest fall"
    return None


def _sense_of_span(reading: Reading) -> str | None:
    """The end that "a 20-year low" names."""
    for time in reading.frame.when:
        if time.role == "low_high":
            said = reading.scan.text[time.start : time.end].lower()
            if _holds(said, "span_low"):
                return "low"
            if _holds(said, "span_high"):
                return "high"
    return None


def _holds(said: str, key: str) -> bool:
    return any(word in said for word in words("classify", key))


def _is_among_places(reading: Reading, extreme: Mention) -> bool:
    """Whether an extreme is one among places, and not among years."""
    frame = reading.frame
    if frame.rank is not None or _is_of_nation(reading, extreme):
        return True
    if _had_the_most(reading, extreme):
        return True
    if frame.among is None or frame.on_record is not None:
        return False
    return not frame.time("since", "low_high") and 0 <= frame.among.start - extreme.end < 60


def _had_the_most(reading: Reading, extreme: Mention) -> bool:
    """ "Louisiana had the highest murder rate in 2015": of the states, and not of its own years."""
    frame = reading.frame
    if frame.on_record is not None or frame.time("since", "low_high", "span"):
        return False
    local = any(m.where and not is_nation(m) for m in frame.places)
    before = reading.scan.before(extreme.start, 2)
    had = before[-1:] == ["the"] and not words("classify", "having").isdisjoint(before)
    return local and had and frame.time("period") is not None


def _is_of_nation(reading: Reading, extreme: Mention) -> bool:
    """ "One of the worst murder rates in the country": a place among others."""
    frame = reading.frame
    if frame.on_record is not None or frame.time("since", "low_high"):
        return False
    if frame.times and not any(not is_nation(m) for m in frame.places):
        return False
    return any(_is_within(reading, nation, extreme) for nation in filter(is_nation, frame.places))


def _is_within(reading: Reading, nation: Mention, extreme: Mention) -> bool:
    """ "The highest rate in the nation", "the nation's highest rate"."""
    if nation.end <= extreme.start:
        owns = reading.said(nation).endswith(("'s", "’s"))
        return owns and len(reading.scan.text[nation.end : extreme.start].split()) <= 1
    return nation.start - extreme.end < 50 and "in" in reading.scan.before(nation.start, 2)
