"""Gives a frame what it asserts: a direction, a size, an extreme, a rank, a share."""

from __future__ import annotations

from baserate.claims.frames.frame import DIRECTIONS, Figure, Frame, Role
from baserate.claims.frames.refusals import is_foretold, is_negated, refusal
from baserate.claims.scan import Mention, Scan
from baserate.claims.sizes.find import Size

ANCHORS = DIRECTIONS | {"size", "high", "low", "rank_high", "rank_low", "share"}


def add_anchor(frame: Frame, mention: Mention, role: Role, scan: Scan) -> None:
    """Let the frame assert what the mention says."""
    frame.reach(mention)
    match mention.kind:
        case "high" | "low":
            frame.extreme = mention
        case "rank_high" | "rank_low":
            frame.rank = mention
        case "share":
            frame.share = mention
        case "size" if mention.size is not None:
            if not frame.asserts and is_foretold(scan, mention):
                frame.refused, frame.foretold = "forecast", True
            _add_size(frame, mention, mention.size, role, scan)
        case _:
            _add_direction(frame, mention, scan)


def _add_direction(frame: Frame, mention: Mention, scan: Scan) -> None:
    if not frame.asserts:
        frame.refused = refusal(scan, mention) or frame.refused
    if frame.direction is None or frame.compares:
        frame.direction = mention
        frame.negated = is_negated(scan, mention)
    if mention.key.endswith("-average"):  # "higher-than-average"
        frame.average = mention


def _add_size(frame: Frame, mention: Mention, size: Size, role: Role, scan: Scan) -> None:
    match size.unit:
        case "percent" | "points":
            frame.percent = mention
            frame.partitive = scan.after(mention.end) == ["of"]
        case "factor":
            frame.factor = mention
        case "rank":
            frame.rank = mention
        case _:
            _add_figure(frame, mention, size, role, scan)


def _add_figure(frame: Frame, mention: Mention, size: Size, role: Role, scan: Scan) -> None:
    """Add a figure; "400 in 2014 to 440" makes the one before it the earlier."""
    stated = frame.figure("main")
    if role == "to" and stated is not None and frame.figure("from") is None:
        if stated.size.unit == size.unit:
            stated.role = "from"
        frame.figures.append(Figure(role, mention))
    else:
        frame.figures.append(Figure(role, mention, _year_before(frame, mention, scan)))


def _year_before(frame: Frame, mention: Mention, scan: Scan) -> Mention | None:
    """ "2014's 4.4 murders": the year of a figure that stands right before it."""
    for time in frame.times:
        owns = scan.text[time.end : mention.start].strip() in {"'s", "’s"}
        if owns or (time.end == mention.start - 1 and scan.text[time.end - 1] == "s"):
            return time
    return None
