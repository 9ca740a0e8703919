"""The records: a Frame is one assertion in its sentence's own words, a Figure one number of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from baserate.claims.claim import Where
from baserate.claims.scan import Mention
from baserate.claims.sizes.find import Size
from baserate.claims.times.find import TimeMention
from baserate.terms.places import NATION

Role = Literal["main", "to", "from", "by"]

THE_NATION = Where("United States", (NATION,))
COMPARATIVES = frozenset({"more", "fewer"})
DIRECTIONS = COMPARATIVES | {"up", "down", "none"}
_LONGEST_CHAIN = 40  # frames; a sentence that goes on for longer is a table run together


@dataclass(slots=True)
class Figure:
    """A number of offenses or a rate, and its part in the assertion.

    Of "from 400 to 440, a rise of 40" the roles are 'from', 'to' and 'by'; 'main' is a figure that
    is only stated. `time` and `offense` are those said of this figure alone.
    """

    role: Role
    mention: Mention
    time: Mention | None = None
    offense: Mention | None = None

    @property
    def size(self) -> Size:
        """The number itself."""
        assert self.mention.size is not None
        return self.mention.size

    @property
    def when(self) -> TimeMention | None:
        """The time said of this figure."""
        return self.time.time if self.time else None


@dataclass(slots=True)
class Frame:
    """One assertion in the words of its sentence.

    start, end    its words, as offsets in the sentence; -1 while it has none
    names         places named as part of somebody's name: "Chicago police"
    own           "the city", "statewide"
    against       places that it is compared with
    extreme       "the lowest", "a record high"
    effect        words that make it the work of something: "led to"
    measured      whether it is of a 'rate' or a 'number'
    among         what a rank is among
    partitive     its percent is one "of" an offense
    refused       why it is no report of a fact: a forecast, a purpose, a condition
    foretold      the refusal is of its figure as well as of its direction
    before        the frame that it continues
    link          the words of the break that it follows: "and", "while"
    """

    start: int = -1
    end: int = -1
    offenses: list[Mention] = field(default_factory=list)
    qualifiers: list[Mention] = field(default_factory=list)
    places: list[Mention] = field(default_factory=list)
    names: list[Mention] = field(default_factory=list)
    own: list[Mention] = field(default_factory=list)
    against: list[Mention] = field(default_factory=list)
    times: list[Mention] = field(default_factory=list)
    direction: Mention | None = None
    percent: Mention | None = None
    factor: Mention | None = None
    figures: list[Figure] = field(default_factory=list)
    extreme: Mention | None = None
    rank: Mention | None = None
    share: Mention | None = None
    than: Mention | None = None
    average: Mention | None = None
    effect: Mention | None = None
    on_record: Mention | None = None
    measured: Mention | None = None
    among: Mention | None = None
    partitive: bool = False
    refused: str | None = None
    foretold: bool = False
    negated: bool = False
    before: Frame | None = None
    link: str = ""

    @property
    def asserts(self) -> bool:
        """Whether anything is said of a figure."""
        return bool(
            self.direction
            or self.percent
            or self.factor
            or self.figures
            or self.extreme
            or self.rank
            or self.share
        )

    @property
    def compares(self) -> bool:
        """Whether its direction is a comparative: "more", "lower"."""
        return self.direction is not None and self.direction.kind in COMPARATIVES

    @property
    def when(self) -> list[TimeMention]:
        """Its times, as said."""
        return [m.time for m in self.times if m.time is not None]

    @property
    def where(self) -> list[Where]:
        """Its places."""
        return [m.where for m in self.places if m.where is not None]

    def time(self, *roles: str) -> TimeMention | None:
        """The first time of one of these roles."""
        return next((t for t in self.when if t.role in roles), None)

    def figure(self, *roles: Role) -> Figure | None:
        """The first figure of one of these roles."""
        return next((f for f in self.figures if f.role in roles), None)

    def reach(self, mention: Mention) -> None:
        """Take the mention's words into the frame's own."""
        self.start = mention.start if self.start < 0 else min(self.start, mention.start)
        self.end = max(self.end, mention.end)


def chain(frame: Frame) -> Iterator[Frame]:
    """The frame and those that it continues, the nearest first."""
    link: Frame | None = frame
    for _ in range(_LONGEST_CHAIN):
        if link is None:
            return
        yield link
        link = link.before


def is_nation(mention: Mention) -> bool:
    """Whether the mention is of the United States as a whole."""
    return mention.where is not None and mention.where.label == THE_NATION.label
