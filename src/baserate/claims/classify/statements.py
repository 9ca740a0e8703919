"""The statements of a frame: each kind of thing it says, of each offense and place it says it of.

One frame can make several: "39 murders and 116 shootings, both record lows" has two numbers and an
extreme; "murder and rape fell" is said of two offenses.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from baserate.claims.claim import ClaimKind, Direction, Sentence
from baserate.claims.classify.ends import extreme_of, first_time
from baserate.claims.classify.kinds import kinds_of
from baserate.claims.classify.magnitudes import magnitudes_of
from baserate.claims.classify.offenses import (
    offenses_said_of,
    other_offense,
    own_figure,
    part_and_whole,
)
from baserate.claims.classify.periods import times_of
from baserate.claims.classify.places import (
    own_place,
    place_against,
    places_said_of,
    ranked_among,
)
from baserate.claims.classify.reading import Reading
from baserate.claims.frames import Frame
from baserate.claims.lexicon import words
from baserate.claims.scan import Scan
from baserate.claims.statement import Statement
from baserate.measure.question import Extreme

LOWER_HALF = 25  # a rank among the states beyond this is said of the low end


def statements_of(frame: Frame, scan: Scan, sentence: Sentence) -> list[Statement]:
    """Every statement that a frame makes, the main one first."""
    reading = Reading(frame, scan)
    return [said for kind in kinds_of(reading) for said in _statements(reading, kind, sentence)]


def _statements(reading: Reading, kind: ClaimKind, sentence: Sentence) -> Iterator[Statement]:
    alike = _statement(reading, kind, sentence)
    places = places_said_of(reading, kind)
    for offense in offenses_said_of(reading, kind):
        named = alike.names_offense or offense is not None
        for where in places:
            own = alike.own if where is None else None
            yield replace(alike, offense=offense, where=where, own=own, names_offense=named)


def _statement(reading: Reading, kind: ClaimKind, sentence: Sentence) -> Statement:
    """All of a statement but its offense and place."""
    frame = reading.frame
    period, comparator, others = times_of(reading, kind)
    extreme = extreme_of(reading, kind)
    return Statement(
        sentence=sentence,
        start=sentence.start + max(0, frame.start),
        end=min(sentence.start + max(frame.end, frame.start + 1), sentence.end),
        kind=kind,
        offense=None,
        qualifier=_qualifier(reading) or _part(reading, kind),
        own=own_place(reading, kind),
        names=tuple(m.where for m in frame.names if m.where and m.key == "office"),
        against=place_against(reading, kind),
        whole=_beside(reading, kind),
        period=period,
        comparator=comparator,
        times=others,
        direction=_direction(reading, kind, extreme),
        magnitudes=tuple(magnitudes_of(reading, kind)),
        per_head=reading.is_per_head,
        extreme=extreme,
        rank_among=ranked_among(reading, kind),
        refused=frame.refused if frame.foretold or kind not in {"count", "level"} else None,
        names_offense=bool(reading.offenses),
        bare=_is_bare(reading, kind),
        negated=frame.negated and kind in {"change", "trend", "comparison", "effect"},
        first=kind == "extremum" and frame.extreme is None and first_time(reading) is not None,
    )


def _beside(reading: Reading, kind: ClaimKind) -> str | None:
    """The offense that it is a share of, or is compared with."""
    match kind:
        case "share":
            return part_and_whole(reading)[1]
        case "comparison":
            return other_offense(reading)
        case _:
            return None


def _direction(reading: Reading, kind: ClaimKind, extreme: Extreme | None) -> Direction | None:
    match kind:
        case "extremum" | "rank":
            return _direction_of_end(reading, kind, extreme)
        case "count" | "level" | "share":
            return _direction_of_figure(reading, kind)
        case _:
            return reading.sense


def _direction_of_end(reading: Reading, kind: ClaimKind, extreme: Extreme | None) -> Direction:
    rank = reading.frame.rank.size if reading.frame.rank else None
    if kind == "rank" and rank is not None and rank.value > LOWER_HALF:
        return "down"
    return "down" if extreme in {"lowest", "largest fall"} else "up"


def _direction_of_figure(reading: Reading, kind: ClaimKind) -> Direction | None:
    """Up for "more than 700", and for a number that is also said to be high or low that end."""
    figure = reading.frame.figure("main", "to")
    if figure is not None and figure.size.how == "more than":
        return "up"
    end = reading.frame.extreme or reading.frame.rank
    if kind != "count" or end is None or end.kind == "size":
        return None
    return "up" if end.kind in {"high", "rank_high"} else "down"


def _is_bare(reading: Reading, kind: ClaimKind) -> bool:
    """Whether the figure stands without a noun, so that the text before says what it counts."""
    figure = own_figure(reading, "count") or reading.frame.figure("from")
    if figure is None or kind == "rank":
        return False
    return figure.size.unit == "count" and figure.size.of is None and figure.offense is None


def _part(reading: Reading, kind: ClaimKind) -> str | None:
    """ "213 of the homicides were gang-related" counts a part of them."""
    figure = own_figure(reading, kind) if kind == "count" else None
    if figure is None:
        return None
    following = " ".join(reading.scan.after(figure.mention.end, 2))
    return "of them" if following in words("classify", "of_them") else None


def _qualifier(reading: Reading) -> str | None:
    """The words that narrow an offense, where they stand right beside it."""
    frame = reading.frame
    for qualifier in frame.qualifiers:
        if qualifier.key in words("qualifier", "people"):
            return qualifier.key
        for offense in frame.offenses:
            gap = min(abs(offense.start - qualifier.end), abs(qualifier.start - offense.end))
            if gap <= 2:
                return qualifier.key
    return None
