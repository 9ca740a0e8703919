"""Whether a mention still fits the frame that is open, or begins the next one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from baserate.claims.frames.frame import COMPARATIVES, DIRECTIONS, Frame, Role, chain
from baserate.claims.lexicon import words
from baserate.claims.scan import Mention, Scan


@dataclass(slots=True)
class Open:
    """The frame being filled, and what was held back since the last weak break.

    `holding` says that there was such a break; only then is anything held.
    """

    frame: Frame
    held: list[Mention] = field(default_factory=list)
    holding: bool = False

    def lists_places(self, scan: Scan) -> bool:
        """Whether what is held goes on the frame's list of places: "in Ohio, Iowa and Utah"."""
        if not self.frame.places or {m.kind for m in self.held} != {"place"}:
            return False
        between = scan.text[self.frame.places[-1].end : self.held[0].start]
        return set(between.replace(",", " ").split()) <= words("frames", "listing")

    @property
    def has_new_subject(self) -> bool:
        """Whether what is held names another offense or place than the frame."""
        named = next((f.offenses for f in chain(self.frame) if f.offenses), [])
        offenses = {m.key for m in self.held if m.kind == "offense"}
        if len(offenses) == 1 and named and named[0].key not in offenses:
            return True
        places = {m.where.label for m in self.held if m.kind == "place" and m.where}
        there = {w.label for w in self.frame.where}
        return bool(offenses - {m.key for m in named}) or bool(places and there and places - there)


def conflicts(now: Open, mention: Mention, role: Role) -> bool:
    """Whether the open frame, which asserts something, already has what an anchor would say."""
    frame = now.frame
    match mention.kind:
        case "high" | "low":
            return frame.extreme is not None or now.has_new_subject
        case "rank_high" | "rank_low":
            return frame.rank is not None
        case "share":
            return frame.share is not None
        case "size":
            return _is_second_size(now, mention, role)
        case _:
            return _is_other_direction(now, mention)


def _is_other_direction(now: Open, mention: Mention) -> bool:
    frame = now.frame
    if now.holding and (frame.partitive or now.has_new_subject):
        return True
    if frame.direction is None:
        return now.holding and frame.extreme is not None and bool(frame.times)
    if mention.kind in COMPARATIVES and not frame.compares:
        return False
    if _sense(mention) != _sense(frame.direction):
        return True
    sized = frame.percent is not None or bool(frame.figures)
    return now.holding and sized and any(m.kind == "time" for m in now.held)


def _is_second_size(now: Open, mention: Mention, role: Role) -> bool:
    frame, size = now.frame, mention.size
    assert size is not None
    match size.unit:
        case "percent" | "points":
            other_extreme = frame.extreme is not None and now.has_new_subject
            compared = now.holding and frame.compares and frame.time("comparator") is not None
            return frame.percent is not None or other_extreme or compared
        case "factor":
            return frame.factor is not None or frame.percent is not None
        case "rank":
            return frame.rank is not None
        case _:
            return _is_second_figure(now, role, size.unit)


def _is_second_figure(now: Open, role: Role, unit: str) -> bool:
    frame = now.frame
    if role == "from":
        return frame.figure("from") is not None
    if role == "by":
        return frame.figure("by") is not None or now.has_new_subject
    if role == "to" and frame.figure("from"):
        return False
    if now.has_new_subject:
        return True
    if role == "to" and frame.figure("main"):
        return False
    return any(f.role in {"main", "to"} and f.size.unit == unit for f in frame.figures)


def mention_text(mention: Mention, scan: Scan) -> str:
    """Its words, with one blank after: "half of all "."""
    return f"{scan.text[mention.start : mention.end].lower()} "


def is_part_of_another(now: Open, mention: Mention, scan: Scan) -> bool:
    """ "Crime is down, and half of all murders go unsolved": a share, beside a direction."""
    size = mention.size
    is_percent = size is not None and size.unit == "percent"
    is_part = scan.after(mention.end) == ["of"] or " of " in mention_text(mention, scan)
    return is_percent and is_part and now.holding and now.frame.direction is not None


def begins_its_own(now: Open, mention: Mention, ahead: Sequence[Mention], scan: Scan) -> bool:
    """Whether "an 11 percent drop in burglaries" starts here, beside another offense's frame."""
    if not now.frame.offenses:
        return False
    last, moves = mention, mention.kind in DIRECTIONS
    for each in ahead:
        between = scan.text[last.end : each.start].split()
        if len(between) > 4 or each.kind == "sep":
            return False
        if each.kind == "offense":
            joined = not words("frames", "joining").isdisjoint(between)
            return moves and joined and all(m.key != each.key for m in now.frame.offenses)
        moves = moves or each.kind in DIRECTIONS
        last = each
    return False


def _sense(mention: Mention) -> str:
    return {"more": "up", "fewer": "down"}.get(mention.kind, mention.kind)
