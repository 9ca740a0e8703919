"""A Statement: what a sentence asserts, in its own words. Records only; classify fills them.

What the sentence leaves to its context (which city, which year) is left open here; resolve fills
it in and makes a Claim.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from baserate.claims.claim import ClaimKind, Direction, Magnitude, Sentence, Where
from baserate.claims.times.find import TimeMention
from baserate.measure.question import Extreme

Own = Literal["city", "state", "county"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One assertion as said.

    start, end      its words, as offsets in the article
    own             "the city" or "statewide", where it names no place
    names           places named only as part of somebody's name: "Chicago police"
    against, whole  as in a Claim
    times           all its times that no other field holds
    refused         why it is no report of a figure: a forecast, a purpose, a condition
    names_offense   whether the sentence says of which offense it is
    bare            its number has no noun: "the lowest since 498 in 1978"
    first           said to be so for the first time since one of its times
    """

    sentence: Sentence
    start: int
    end: int
    kind: ClaimKind
    offense: str | None
    qualifier: str | None = None
    where: Where | None = None
    own: Own | None = None
    names: tuple[Where, ...] = ()
    against: Where | None = None
    whole: str | None = None
    period: TimeMention | None = None
    comparator: TimeMention | None = None
    times: tuple[TimeMention, ...] = ()
    direction: Direction | None = None
    magnitudes: tuple[Magnitude, ...] = ()
    per_head: bool | None = None
    extreme: Extreme | None = None
    rank_among: str | None = None
    refused: str | None = None
    names_offense: bool = True
    bare: bool = False
    first: bool = False
    negated: bool = False

    def time(self, *roles: str) -> TimeMention | None:
        """The first time of one of these roles."""
        return next((t for t in self.times if t.role in roles), None)
