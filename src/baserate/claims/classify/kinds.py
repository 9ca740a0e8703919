"""Which kinds of statement a frame makes."""

from __future__ import annotations

from collections.abc import Iterator

from baserate.claims.claim import ClaimKind
from baserate.claims.classify.ends import (
    first_time,
    is_extremum,
    is_of_changes,
    is_rank,
    none_is_more,
    than_any,
    than_any_place,
)
from baserate.claims.classify.offenses import other_offense
from baserate.claims.classify.reading import Reading
from baserate.claims.lexicon import words
from baserate.claims.scan import Mention


def kinds_of(reading: Reading) -> Iterator[ClaimKind]:
    """The kinds of statement that a frame makes, the main one first."""
    if _is_share(reading):
        yield "share"
        return
    if _is_effect(reading):
        yield "effect"
        return
    compares = _is_comparison(reading)
    changes = not compares and _is_change(reading)
    is_first = changes and first_time(reading) is not None
    if changes:
        yield from _kinds_of_change(reading, is_first=is_first)
    yield from _kinds_of_figures(reading, changes=changes)
    if is_extremum(reading) and not is_first:
        yield "extremum"
    if is_rank(reading):
        yield "rank"
    if compares:
        yield "comparison"


def _kinds_of_change(reading: Reading, *, is_first: bool) -> Iterator[ClaimKind]:
    frame = reading.frame
    has_size = frame.percent or frame.factor or frame.figure("from", "by")
    has_figure = frame.figure("main", "to") is not None and not is_extremum(reading)
    yield "change" if has_size or has_figure else "trend"
    if is_first:
        yield "extremum"
    if has_size and frame.time("streak"):
        yield "trend"


def _kinds_of_figures(reading: Reading, *, changes: bool) -> Iterator[ClaimKind]:
    """A count or a level for the figures stated, unless they are the later of a change."""
    frame = reading.frame
    main = frame.figure("main", "to")
    if main is None or (changes and main.role == "to" and frame.figure("from")):
        return
    stated = [f for f in frame.figures if f.role in {"main", "to"}]
    for unit in dict.fromkeys(f.size.unit for f in stated):
        yield "level" if unit == "per_100k" else "count"


def _is_share(reading: Reading) -> bool:
    """ "12 percent of murders", "Of the murders, 12 percent", "accounted for"."""
    frame = reading.frame
    percent = frame.percent
    if percent is None:
        share = frame.share
        if share is None or frame.direction is not None or frame.figures:
            return False
        return share.key in words("classify", "sharing_alone")
    if frame.direction is not None and abs(frame.direction.start - percent.end) < 25:
        return False
    of_those = reading.first_word == "of" and frame.direction is None
    return frame.share is not None or of_those or _is_of_offense(reading, percent)


def _is_of_offense(reading: Reading, percent: Mention) -> bool:
    """Whether a percent is one of an offense: "12 percent of murders"."""
    gaps = [m.start - percent.end for m in reading.frame.offenses]
    if any(0 <= gap <= 1 for gap in gaps):
        return True
    of = reading.scan.after(percent.end) == ["of"] or reading.said(percent).endswith(" of")
    return any(0 <= g < 40 for g in gaps) and of


def _is_effect(reading: Reading) -> bool:
    direction, by_program = reading.frame.direction, "program" in reading.scan.framing
    if direction is not None and reading.said(direction) in words("classify", "reducing"):
        studied = not words("classify", "studies").isdisjoint(reading.folds)
        return (by_program or studied) and _is_done_to_offense(reading, direction)
    if reading.frame.effect is None or not by_program:
        return False
    return reading.direction is not None or reading.frame.percent is not None


def _is_done_to_offense(reading: Reading, direction: Mention) -> bool:
    gaps = (reading.scan.text[direction.end : o.start] for o in reading.frame.offenses)
    return any(len(gap.split()) <= 4 for gap in gaps if gap)


def _is_comparison(reading: Reading) -> bool:
    frame = reading.frame
    if none_is_more(reading) or than_any(reading) or than_any_place(reading):
        return False
    if other_offense(reading) is not None:
        return True
    if frame.direction is not None and not frame.compares:
        return bool(frame.against) and frame.percent is None
    if frame.against or (
        frame.average is not None and (frame.direction or frame.factor or frame.percent)
    ):
        return True
    if frame.direction is None or frame.percent is not None or frame.figure("by"):
        return False
    of_another = frame.than is not None and bool(frame.times or frame.places)
    return of_another or frame.time("comparator") is not None


def _is_change(reading: Reading) -> bool:
    frame = reading.frame
    if frame.factor is not None and _is_left_open(reading, frame.factor):
        return False
    if reading.direction is None:
        by_size = reading.sense is not None and (frame.factor or frame.percent)
        return bool(by_size) or reading.two_figures is not None
    if frame.percent or frame.factor or frame.figure("from", "by"):
        return True
    if frame.direction is None or is_of_changes(reading):
        return False
    if frame.compares:
        return frame.time("streak") is not None or _saw_more(reading, frame.direction)
    if frame.direction.kind == "none" and frame.figures:
        return True
    return _is_of_offenses(reading, frame.direction)


def _is_left_open(reading: Reading, factor: Mention) -> bool:
    """ "Seven times higher", than something that was said before."""
    said = words_of_size(reading.said(factor, more=8))
    compares = not words("more").isdisjoint(said) or not words("fewer").isdisjoint(said)
    return compares and reading.frame.than is None and not reading.frame.times


def words_of_size(text: str) -> list[str]:
    """The words of a size and of what follows it."""
    return text.lower().replace(",", " ").split()


def _saw_more(reading: Reading, direction: Mention) -> bool:
    """ "The city saw more murders", "fewer cars were stolen": than before."""
    if reading.frame.than is not None or not _is_of_offenses(reading, direction):
        return False
    if not words("classify", "seeing").isdisjoint(reading.folds):
        return True
    return any(_is_happening(reading, direction, offense) for offense in reading.frame.offenses)


def _is_happening(reading: Reading, direction: Mention, offense: Mention) -> bool:
    """Whether "more" stands right before an offense that is said to happen."""
    if not 0 <= offense.start - direction.end <= 1:
        return False
    said = (*reading.said(offense).split(), *reading.scan.after(offense.end))
    return not words("classify", "happening").isdisjoint(said)


def _is_of_offenses(reading: Reading, direction: Mention) -> bool:
    """Whether the direction is said of the offense: "murder rose", "an increase in murder"."""
    offenses = reading.frame.offenses
    return not offenses or any(_is_said_of(reading, direction, o) for o in offenses)


def _is_said_of(reading: Reading, direction: Mention, offense: Mention) -> bool:
    if offense.end <= direction.start:
        return len(reading.scan.text[offense.end : direction.start].split()) <= 16
    between = reading.scan.text[direction.end : offense.start].lower().split()
    joined = not words("classify", "joining").isdisjoint(between)
    return len(between) <= 1 or (len(between) <= 7 and joined)
