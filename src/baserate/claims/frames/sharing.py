"""What the frames of one sentence take from one another: an earlier figure, a period at the end."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from baserate.claims.frames.frame import Figure, Frame


def share_the_end(frames: Sequence[Frame]) -> None:
    """ "Burglaries fell 11 percent and thefts 6 percent in the first half of 2016": both did."""
    if len(frames) < 2 or any(f.link not in {"and", ""} for f in frames[1:]):
        return
    if any(f.percent is None and f.direction is None for f in frames):
        return
    *earlier, last = frames
    periods = [m for m in last.times if m.time and m.time.role == "period"]
    if not any(f.times for f in earlier):
        for frame in earlier:
            frame.times += periods
    if not any(f.places or f.own or f.names for f in earlier):
        for frame in earlier:
            frame.places += last.places


def take_earlier_figures(frames: Sequence[Frame]) -> None:
    """Give each frame the earlier figure that it is compared with, from the frame beside it."""
    for one, other in pairwise(frames):
        figure, following = one.figure("main", "to"), other.figure("main")
        if other.before is not one or figure is None or following is None:
            continue
        if other.offenses or figure.size.unit != following.size.unit:
            continue
        if _is_baseline(one, other, following):
            one.figures.append(Figure("from", following.mention, following.time))
        elif _follows(one, other, figure, following):
            other.figures.append(Figure("from", figure.mention, figure.time, figure.offense))


def _is_baseline(one: Frame, other: Frame, following: Figure) -> bool:
    """ "Thefts are rising: 31 last year, 28 in 2009": whether the second is the baseline."""
    if following.time is None or one.figure("from") or other.direction or other.percent:
        return False
    is_earlier = following.when is not None and following.when.role == "comparator"
    return one.direction is not None or is_earlier


def _follows(one: Frame, other: Frame, figure: Figure, following: Figure) -> bool:
    """ "There were 479 murders in 2010 and 478 in 2013": two counts that are compared."""
    if other.places or one.direction or other.direction or other.percent:
        return False
    days = figure.when.period if figure.when else None
    later = following.when.period if following.when else None
    return bool(days and later and days.last < later.first)
