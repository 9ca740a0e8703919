"""When: the period a statement is of, the one it is compared with, and its other times."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from baserate.claims.claim import ClaimKind
from baserate.claims.classify.offenses import other_offense
from baserate.claims.classify.reading import Reading
from baserate.claims.lexicon import words
from baserate.claims.times.find import TimeMention
from baserate.terms.periods import Period


class Times(NamedTuple):
    """The times of one statement; `others` are those that are neither."""

    period: TimeMention | None
    comparator: TimeMention | None
    others: tuple[TimeMention, ...] = ()


def times_of(reading: Reading, kind: ClaimKind) -> Times:
    """The times of a frame's statement of this kind."""
    own = _own_times(reading, kind)
    period, comparator = _said(reading, kind, own)
    if kind in {"change", "comparison"} and reading.frame.extreme is not None and period is None:
        own = [t for t in own if t.role != "since"]
    period = _longest(reading, period, own)
    if kind == "trend" and period is not None:
        period = _stretch(reading, period, own)
    if _is_turned(reading, period, comparator):
        period, comparator = comparator, period
    peak = _peak(reading) if kind in {"change", "trend"} and not own else None
    if peak is not None:
        return Times(None, None, (replace(peak, role="since"),))
    if period is None and not any(t.role in {"span", "since"} for t in own):
        period = _inherited(reading, comparator)
    others = tuple(t for t in own if t is not period and t is not comparator)
    if comparator is None:
        comparator = _other_comparator(reading, kind, own, others)
    return Times(period, comparator, others)


def ends_at_the_earlier(reading: Reading) -> bool:
    """ "Up from a 21-year low of 169 in 2006": the low is the earlier figure."""
    frame, earlier = reading.frame, reading.frame.figure("from")
    if earlier is None or earlier.time is None or frame.extreme is None:
        return False
    if frame.extreme.end > earlier.mention.start:
        return False
    return len(reading.scan.text[frame.extreme.end : earlier.mention.start].split()) <= 2


def _own_times(reading: Reading, kind: ClaimKind) -> list[TimeMention]:
    """The frame's times; of a change that has none, those of the frame before it."""
    own = [_after_from(reading, t) for t in reading.frame.when]
    return own or (_times_before(reading) if kind in {"change", "trend", "comparison"} else [])


def _after_from(reading: Reading, time: TimeMention) -> TimeMention:
    """ "From the same day in 2009" is what it is compared with."""
    if time.role != "period" or reading.frame.figure("from"):
        return time
    before = reading.scan.before(time.start, 2)
    heights = not words("frames", "above_or_below").isdisjoint(before)
    compared = before[-1:] in (["from"], ["than"]) or heights
    return replace(time, role="comparator") if compared else time


def _times_before(reading: Reading) -> list[TimeMention]:
    """ "Down 18 percent since 2011, with violent crime down 20": since then too."""
    times = next((f.when for f in reading.chain[1:] if f.when), [])
    return [t for t in times if t.role in {"since", "span", "comparator"}]


def _said(
    reading: Reading, kind: ClaimKind, own: Sequence[TimeMention]
) -> tuple[TimeMention | None, TimeMention | None]:
    """The period and the comparator in the frame's own words, its figures' first."""
    frame = reading.frame
    main, earlier = frame.figure("main", "to"), frame.figure("from")
    period = main.when if main and main.when and _is_of_figure(reading, main.when, kind) else None
    comparator = earlier.when if earlier else None
    for each in own:
        if each.role == "comparator" and (comparator is None or comparator.relative):
            comparator = each
        elif each.role == "period" and each is not comparator:
            of_years = kind == "comparison" and other_offense(reading) is None
            if of_years and comparator is None and _is_compared_with(reading, each):
                comparator = each
            elif period is None:
                period = each
    if kind in {"change", "trend"} and main is None:
        period = _nearest(reading, [t for t in own if t.role == "period" and t is not comparator])
    if kind == "extremum" and period is not None and _is_after_when(reading, period):
        period, comparator = None, period
        return None, comparator
    if kind == "extremum" and ends_at_the_earlier(reading):
        period = earlier.when if earlier else period
    return period, None if kind in {"count", "level", "extremum", "rank"} else comparator


def _nearest(reading: Reading, periods: Sequence[TimeMention]) -> TimeMention | None:
    """ "Hit bottom in 2014 and climbed in 2015": the period that stands nearest the direction."""
    moved = reading.frame.direction
    if len(periods) < 2 or moved is None:
        return periods[0] if periods else None
    return min(periods, key=lambda t: abs(t.start - moved.end) if t.start > moved.end else 10_000)


def _is_of_figure(reading: Reading, time: TimeMention, kind: ClaimKind) -> bool:
    """Whether the time beside a figure is the figure's: "since reporting 31 murders in 2009"."""
    if time.role == "since" and kind in {"count", "level"}:
        return reading.scan.before(time.start) != ["since"]
    return time.role == "period"


def _is_after_when(reading: Reading, time: TimeMention) -> bool:
    """ "The highest in a decade, when 391 were killed in 2007": the year it is held against."""
    extreme = reading.frame.extreme
    if extreme is None or extreme.end > time.start:
        return False
    between = reading.scan.text[extreme.end : time.start].lower().split()
    return "when" in between


def _is_compared_with(reading: Reading, time: TimeMention) -> bool:
    """ "Higher than in 2012", but of "higher than the nation's in 2012" it is the year of both."""
    frame = reading.frame
    if frame.average is not None or (frame.against and not _is_dated_twice(reading)):
        return False
    return frame.than is not None and time.start > frame.than.end


def _is_dated_twice(reading: Reading) -> bool:
    """ "Texas in 2010 had fewer than Ohio in 2011"."""
    return sum(t.role == "period" for t in reading.frame.when) > 1


def _longest(
    reading: Reading, period: TimeMention | None, own: Sequence[TimeMention]
) -> TimeMention | None:
    """ "Last week the FBI said that murders rose in 2015": the figure is not last week's."""
    if period is None or not _is_short(period):
        return period
    for time in own:
        if time.role == "period" and time.period and not _is_short(time):
            return time
    after = reading.scan.text[period.end : period.end + 60].lower().split()
    said = words("classify", "said").isdisjoint(after[1:3])
    released = words("classify", "released").isdisjoint(after[:9])
    return period if said and released else None


def _is_short(time: TimeMention) -> bool:
    """Whether it is a month or less, counted from the day of publication."""
    if time.period is None or time.to_date or not time.relative:
        return False
    return (time.period.last - time.period.first).days <= 31


def _stretch(reading: Reading, period: TimeMention, own: Sequence[TimeMention]) -> TimeMention:
    """ "Rose in 2020 and 2021" is of both years together."""
    years = [t for t in own if t.role == "period" and t.period and t.period.is_one_year]
    if len(years) != 2 or period not in years:
        return period
    one, other = (t.period for t in years)
    between = reading.scan.text[years[0].end : years[1].start].strip().lower()
    if one is None or other is None or between != "and" or other.first_year <= one.first_year:
        return period
    return replace(period, period=Period(one.first, other.last), end=years[1].end)


def _is_turned(
    reading: Reading, period: TimeMention | None, comparator: TimeMention | None
) -> bool:
    """Whether the comparator is the year still running, and so the later of the two."""
    if period is None or comparator is None or period.to_date or not comparator.to_date:
        return False
    frame = reading.frame
    return frame.figure("main", "to") is not None and frame.figure("from") is not None


def _peak(reading: Reading) -> TimeMention | None:
    """ "Crime peaked in 1991 and fell": since then."""
    before = reading.chain[1] if len(reading.chain) > 1 else None
    if before is None or before.extreme is None or not before.extreme.key.startswith("peak"):
        return None
    return before.time("period")


def _inherited(reading: Reading, comparator: TimeMention | None) -> TimeMention | None:
    """The period of the nearest frame before that has one."""
    periods = (t for f in reading.chain[1:] for t in f.when if t.role == "period")
    return next((t for t in periods if t is not comparator), None)


def _other_comparator(
    reading: Reading,
    kind: ClaimKind,
    own: Sequence[TimeMention],
    others: Sequence[TimeMention],
) -> TimeMention | None:
    """Of a comparison a second period; of a change without times, what the frame before has."""
    if kind == "comparison":
        return next((t for t in others if t.role == "period"), None)
    if kind in {"change", "trend"} and not own and len(reading.chain) > 1:
        return reading.chain[1].time("comparator")
    return None
