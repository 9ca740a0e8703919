"""The sizes that a statement asserts, the one that matters most first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from baserate.claims.claim import ClaimKind, Magnitude
from baserate.claims.classify.ends import than_any_place
from baserate.claims.classify.offenses import own_figure
from baserate.claims.classify.periods import ends_at_the_earlier
from baserate.claims.classify.reading import Reading
from baserate.claims.frames.frame import Role
from baserate.claims.scan import Mention
from baserate.claims.sizes.find import Size


def magnitudes_of(reading: Reading, kind: ClaimKind) -> Iterator[Magnitude]:
    """The sizes of one statement: of a change its percent, then the later and earlier figure."""
    frame = reading.frame
    match kind:
        case "trend":
            yield from _years_of_streak(reading)
        case "count" | "level":
            figure = own_figure(reading, kind)
            if figure is not None:
                passed = reading.scan.after(figure.mention.end) == ["mark"]
                for size in _magnitudes(figure.size):
                    yield replace(size, how="more than") if passed else size
        case "share":
            yield from _relative(reading)
        case "rank":
            if than_any_place(reading) and "but" in reading.folds:
                yield Magnitude(2.0, "rank")
            elif not is_one_of_several(reading):
                yield from _rank(frame.rank)
            yield from _figures(reading, "by", "to", "main", "from")
        case "extremum":
            if frame.rank is not None:
                yield from _rank(frame.rank)
            others: tuple[Role, ...] = () if ends_at_the_earlier(reading) else ("to", "main")
            yield from _figures(reading, "from", *others)
        case _:
            yield from _relative(reading)
            yield from _figures(reading, "by", "to", "main", "from")


def is_one_of_several(reading: Reading) -> bool:
    """ "Among the highest", "one of the worst rates": near the end, and no rank."""
    frame = reading.frame
    ends = [m for m in (frame.rank, frame.extreme) if m is not None]
    return any(
        m.key.startswith("among ") or reading.scan.before(m.start, 3)[-3:-1] == ["one", "of"]
        for m in ends
    )


def _years_of_streak(reading: Reading) -> Iterator[Magnitude]:
    streak = reading.frame.time("streak")
    if streak is not None and streak.count:
        yield Magnitude(float(streak.count), "years")


def _relative(reading: Reading) -> Iterator[Magnitude]:
    for mention in (reading.frame.percent, reading.frame.factor):
        if mention is not None and mention.size is not None:
            yield from _magnitudes(mention.size)


def _rank(rank: Mention | None) -> Iterator[Magnitude]:
    if rank is None or rank.size is None:
        yield Magnitude(1.0, "rank")
    else:
        yield from _magnitudes(rank.size)


def _figures(reading: Reading, *roles: Role) -> Iterator[Magnitude]:
    for role in roles:
        for figure in reading.frame.figures:
            if figure.role == role:
                yield from _magnitudes(figure.size)


def _magnitudes(size: Size) -> Iterator[Magnitude]:
    """A size as a magnitude, or the two ends of a range; none of money, ages and the like."""
    match size.unit:
        case "money" | "age" | "other":
            return
        case unit:
            yield Magnitude(size.value, unit, size.how, size.digits)
            if size.high is not None:
                yield Magnitude(size.high, unit, size.how, size.digits)
