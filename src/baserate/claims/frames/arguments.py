"""Gives a frame what its assertion is of: offenses, places, times and the words that qualify it."""

from __future__ import annotations

from baserate.claims.frames.frame import Frame, is_nation
from baserate.claims.lexicon import words
from baserate.claims.scan import Mention, Scan


def add_argument(frame: Frame, mention: Mention, scan: Scan) -> None:
    """Let the frame be of what the mention names."""
    if mention.kind == "place" and _is_denied(mention, scan):
        return
    frame.reach(mention)
    match mention.kind:
        case "offense":
            frame.offenses.append(mention)
            _count(frame, mention)
        case "qualifier":
            frame.qualifiers.append(mention)
        case "place":
            is_other = _is_other_place(frame, mention, scan)
            (frame.against if is_other else frame.places).append(mention)
        case "name":
            frame.names.append(mention)
        case "own":
            frame.own.append(mention)
        case "time":
            frame.times.append(mention)
            _date(frame, mention, scan)
        case _:
            _qualify(frame, mention)


def _is_denied(place: Mention, scan: Scan) -> bool:
    """ "In Ohio but not in Alabama", "Louisiana, not Mississippi"."""
    before = scan.before(place.start, 2)
    return before[-1:] == ["not"] or before in (["not", "in"], ["not", "for"])


def _qualify(frame: Frame, mention: Mention) -> None:
    match mention.kind:
        case "than":
            frame.than = mention
        case "average":
            frame.average = mention
        case "effect":
            frame.effect = mention
        case "on_record":
            frame.on_record = mention
        case "rate" | "number":
            frame.measured = frame.measured or mention
        case "among_states" | "among_cities":
            frame.among = frame.among or mention
        case _:
            pass


def _count(frame: Frame, offense: Mention) -> None:
    """Say of which figure the offense is what is counted."""
    for figure in frame.figures:
        of = figure.size.of
        if figure.offense is None and of and of[0] <= offense.start < max(of[1], offense.end):
            figure.offense = offense


def _is_other_place(frame: Frame, place: Mention, scan: Scan) -> bool:
    """Whether a place is one that the frame's own is compared with, or ranked behind."""
    before = scan.before(place.start, 5)
    if frame.rank is not None and words("frames", "behind") & set(before[-2:]):
        return True
    if frame.average is not None and frame.average.end < place.start and before[-1:] == ["in"]:
        return False  # "above the national rate in Ohio"
    if _is_multiplied(frame, place):
        return True
    if _is_against_nation(frame, place):
        return True
    if frame.against and len(scan.text[frame.against[-1].end : place.start].split()) <= 1:
        return True
    if not frame.asserts:
        return False
    if before[-1:] == ["than"]:
        return True
    if before[-1:] in (["with"], ["to"]) and words("frames", "compared") & set(before[-3:]):
        return True
    than = "than" in before or (frame.compares and words("frames", "above_or_below") & set(before))
    return bool(than) and not _is_dated_before(frame, place)


def _is_multiplied(frame: Frame, place: Mention) -> bool:
    """Whether the place is what "four times that of Iowa" multiplies."""
    if frame.factor is None or frame.direction is not None:
        return False
    has_its_own = bool(frame.places) or frame.before is not None
    return has_its_own and place.start > frame.factor.end


def _is_against_nation(frame: Frame, place: Mention) -> bool:
    """ "A rate of 4.5, against 4.9 nationally"."""
    earlier = frame.figure("from")
    return (
        earlier is not None
        and is_nation(place)
        and any(not is_nation(m) for m in frame.places)
        and 0 <= place.start - earlier.mention.end <= 12
    )


def _is_dated_before(frame: Frame, place: Mention) -> bool:
    """Whether "than" is of a time that stands just before: "than in 2014 in Chicago"."""
    than = frame.than.end if frame.than is not None else 0
    return any(0 <= place.start - t.end < 40 and t.start >= than for t in frame.times)


def _date(frame: Frame, time: Mention, scan: Scan) -> None:
    """Give the time to the last figure that has none and stands within five words before it."""
    undated = [f for f in frame.figures if f.time is None and f.mention.end <= time.start]
    if undated and len(scan.text[undated[-1].mention.end : time.start].split()) <= 5:
        undated[-1].time = time
