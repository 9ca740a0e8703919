"""The parts of an expression of time, what it counts from, and what it was read as."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from baserate.claims.times.days import this_year
from baserate.terms.periods import Period

TimeRole = Literal[
    "period", "comparator", "since", "streak", "span", "until", "low_high", "last_time", "named",
]  # fmt: skip

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


@dataclass(frozen=True, slots=True)
class Anchor:
    """What relative expressions count from.

    published   the day of publication
    topic       the period of the sentences before
    own         the period that this sentence has named so far
    ahead       the first period that it names later
    listed      the period named just before, where the two stand in one list
    latest      the period named just before, wherever it stands
    """

    published: date | None
    topic: Period | None = None
    own: Period | None = None
    ahead: Period | None = None
    listed: Period | None = None
    latest: Period | None = None

    @property
    def now(self) -> Period | None:
        """The year to the day before publication."""
        return this_year(self.published) if self.published else None

    def is_now(self, year: int) -> bool:
        """Whether that year was not over, or ended the day before publication."""
        return self.now is not None and self.now.first_year == year

    @property
    def base(self) -> Period | None:
        """The period in question: the sentence's own, else the topic, else the year of now."""
        if self.own or self.topic:
            return self.own or self.topic
        return Period.year(self.published.year) if self.published else None

    @property
    def last_year_of_data(self) -> int | None:
        """The last year that a span ending "now" has: the topic's where that is recent."""
        if self.published is None:
            return None
        for each in (self.own, self.topic):
            if each and 0 <= self.published.year - each.last_year <= 2:
                return each.last_year
        return self.published.year - 1


@dataclass(frozen=True, slots=True)
class Reading:
    """One expression, resolved. `role` is set where the rule overrules the form."""

    period: Period | None
    relative: bool = True
    count: int | None = None
    to_date: bool = False
    role: TimeRole | None = None


UNKNOWN = Reading(None)


@dataclass(frozen=True, slots=True)
class Said:
    """The parts of one match, by group name. Groups "year", "year2" are ways to say one thing."""

    parts: Mapping[str, str | None]
    numbers: Mapping[str, int]
    first: int = 0
    last: int = 0
    fixed: bool = False

    def get(self, *names: str) -> str | None:
        """The first of these groups that matched, in lower case."""
        found = next((self.parts[n] for n in names if self.parts.get(n)), None)
        return found.lower() if found else None

    def number(self, *names: str) -> int | None:
        """The number in words or figures that the first of these groups holds."""
        said = self.get(*names)
        if said is None:
            return None
        if said[0].isdigit():
            return int("".join(c for c in said if c.isdigit()))
        words = said.replace("-", " ").split()
        return sum(self.numbers.get(w, 0) for w in words) or None

    def month(self, name: str = "month") -> int | None:
        """The number of a month."""
        said = self.get(name)
        return _MONTHS.index(said[:3]) + 1 if said else None

    def year(self, at: Anchor, *names: str) -> int | None:
        """The year that it names, or that "this year", "that year" and the like point to."""
        said = self.get(*(names or ("year", "year2", "year3")))
        if said:
            return int(said)
        word = self.get("anchor", "anchor2")
        if word in {"that", "the same", "the previous", "the prior"}:
            base = at.base
            return None if base is None else base.first_year - word.startswith("the pr")
        if word == "last":
            return at.published.year - 1 if at.published else None
        return at.now.first_year if word and at.now else None


Rule = Callable[[Said, Anchor], Reading]


def years_in(unit: str) -> int:
    """Years in a unit of time.

    >>> years_in("decades"), years_in("quarter-century"), years_in("year")
    (10, 25, 1)
    """
    if "century" in unit or "centuries" in unit:
        return 25 if "quarter" in unit else 50 if "half" in unit else 100
    return 10 if "decade" in unit else 1


def full_year(first: str, other: str) -> int:
    """The later year of "1998-99" and "1998-2002".

    >>> full_year("1998", "99"), full_year("1999", "01")
    (1999, 2001)
    """
    if len(other) == 4:
        return int(other)
    year = int(first[: 4 - len(other)] + other)
    return year if year > int(first) else year + 10 ** len(other)
