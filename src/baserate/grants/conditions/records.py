"""Conditions, what happened to them, and what that makes of them for one place on one day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from baserate.terms.places import Place

EventKind = Literal[
    "imposed",
    "certified",
    "letter",
    "enjoined",
    "scope",
    "stayed",
    "affirmed",
    "reversed",
    "withdrawn",
]
Reach = Literal["nationwide", "parties", "nobody"]
Nature = Literal["act", "certification"]
Dependence = Literal["nothing", "runs_jail"]
Status = Literal["in force", "enjoined", "withdrawn", "unknown"]
Headline = Literal["in force", "enjoined", "certified only", "withdrawn", "unknown"]
Truth = Literal["yes", "no", "can't tell"]


@dataclass(frozen=True, slots=True)
class Source:
    """Where a statement stands, and whether we read it there."""

    citation: str
    address: str | None
    verified: bool


@dataclass(frozen=True, slots=True)
class Program:
    """One grant program, or help that is given like one."""

    key: str
    short: str
    title: str
    source: Source


@dataclass(frozen=True, slots=True)
class Condition:
    """What one program asked of its recipients in one fiscal year.

    `key` is its name within the program and year: 'notice'. `nature` tells a promise on paper
    from something to be done. `whole_award`: the whole award hangs on it; else no award does.
    """

    program: str
    year: int
    key: str
    nature: Nature
    text: str
    requires: str
    authority: str
    depends_on: Dependence
    deadline: str | None
    whole_award: bool
    source: Source


ALL_CITIES = "all cities"
EVERYONE = "everyone else"


@dataclass(frozen=True, slots=True)
class Scope:
    """Whom an event reaches.

    `places` are keys of `terms.places`. A state among them is the state's own government; its
    cities are reached where `covers_locals` is true, not where it is false, and where it is None
    the source does not say. `unsure` are those of whom no source that was read says whether they
    are reached: places (a state with its cities), 'all cities' or 'everyone else'.
    """

    reach: Reach
    places: tuple[str, ...] = ()
    covers_locals: bool | None = None
    unsure: tuple[str, ...] = ()

    def covers(self, place: Place) -> Truth:
        """Whether the place is reached.

        >>> from baserate.terms.places import place
        >>> california = Scope("parties", ("CA",))
        >>> california.covers(place("CA")), california.covers(place("San Francisco, CA"))
        ('yes', "can't tell")
        >>> california.covers(place("Chicago, IL"))
        'no'
        """
        if self.reach == "nationwide" or place.key in self.places:
            return "yes"
        if place.state in self.places and self.covers_locals:
            return "yes"
        return "can't tell" if self._may_cover(place) else "no"

    def _may_cover(self, place: Place) -> bool:
        """Whether it is left open that the place is reached."""
        if place.state in self.places and self.covers_locals is None:
            return True
        a_city = place.kind == "city" or place.key == "DC"
        groups = {EVERYONE, ALL_CITIES} if a_city else {EVERYONE}
        return not {place.key, place.state, *groups}.isdisjoint(self.unsure)


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to conditions: a demand, a letter, an order of a court.

    `scope` is whom it reaches; of what changes earlier orders (`of`), whom those cover from then
    on. It worked on `day`, or at the latest by `sure_by`; where `is_open`, no source at hand
    says when it came to work, if it did: a ruling on appeal waits for its mandate.
    """

    id: str
    day: date
    kind: EventKind
    actor: str
    program: str
    years: tuple[int, ...]
    conditions: tuple[str, ...]
    scope: Scope
    text: str
    source: Source
    of: tuple[str, ...] = ()
    sure_by: date | None = None
    is_open: bool = False

    @property
    def verified(self) -> bool:
        """Whether its source was read; nothing else decides a status."""
        return self.source.verified

    @property
    def sure_day(self) -> date | None:
        """The first day on which it surely worked; None where that is not known."""
        return None if self.is_open else self.sure_by or self.day

    def is_sure(self, day: date) -> bool:
        """Whether it surely worked by the end of that day."""
        return self.sure_day is not None and self.sure_day <= day

    def concerns(self, condition: Condition) -> bool:
        """Whether that condition is one of those it speaks of."""
        return (
            self.program == condition.program
            and condition.year in self.years
            and condition.key in self.conditions
        )


@dataclass(frozen=True, slots=True)
class Custody:
    """Who runs the jail of one place."""

    place: str
    runs_jail: bool
    who: str
    source: Source


@dataclass(frozen=True, slots=True)
class Finding:
    """What one condition was for one place on one day, and the events that made it so.

    `because` are the deciding events, earliest first. `doubt` says of what is unknown why.
    """

    condition: Condition
    status: Status
    because: tuple[Event, ...]
    doubt: Literal["", "not imposed", "imposing unclear", "order unclear"] = ""
