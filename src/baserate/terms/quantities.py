"""Numbers that may not be mixed.

An incident can hold several offenses and an offense several victims; a rate is not a share and
a percent is not a percentage point. Each is a type of its own, and adding across types is an
error instead of a wrong figure.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from baserate.errors import MixedQuantities

CountUnit = Literal["incidents", "offenses", "victims", "persons"]


@dataclass(frozen=True, slots=True)
class Count:
    """How many of one thing were recorded.

    >>> Count(54, "offenses") + Count(6, "offenses")
    Count(value=60, of='offenses')
    >>> Count(54, "offenses") + Count(6, "victims")
    Traceback (most recent call last):
    baserate.errors.MixedQuantities: 54 offenses and 6 victims count different things; ...
    """

    value: int
    of: CountUnit

    def __add__(self, other: Count) -> Count:
        """Add counts of the same thing."""
        self._must_match(other)
        return Count(self.value + other.value, self.of)

    def __sub__(self, other: Count) -> Count:
        """Subtract counts of the same thing."""
        self._must_match(other)
        return Count(self.value - other.value, self.of)

    def _must_match(self, other: object) -> None:
        if not isinstance(other, Count):
            raise MixedQuantities(
                f"{self.value:,} {self.of} and {other!r} are not both counts; "
                "turn both into the same quantity first"
            )
        if other.of != self.of:
            raise MixedQuantities(
                f"{self.value:,} {self.of} and {other.value:,} {other.of} count different things; "
                "convert one, or compare counts of the same thing"
            )


@dataclass(frozen=True, slots=True)
class Rate:
    """Recorded events of one kind per 100,000 people covered, in one year.

    `population_covered` is people living where the included agencies report; for a window of
    several years it is person-years.

    >>> round(Rate(Count(54, "offenses"), 190_792).per_100k, 1)
    28.3
    """

    count: Count
    population_covered: int

    def __post_init__(self) -> None:
        """Refuse a rate that divides by nobody."""
        if self.population_covered <= 0:
            raise MixedQuantities(
                f"a rate over a population of {self.population_covered:,} is undefined; "
                "report the count alone"
            )

    @property
    def per_100k(self) -> float:
        """Events per 100,000 people."""
        return 1e5 * self.count.value / self.population_covered

    def __add__(self, other: object) -> Rate:
        """Rates over different people do not add."""
        raise MixedQuantities("rates do not add; add the counts and the populations, then divide")


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole, both counted in the same unit. Between 0 and 1.

    >>> Share(Count(17_413, "offenses"), Count(1_285_606, "offenses")).percent
    1.3544585...
    """

    part: Count
    whole: Count

    def __post_init__(self) -> None:
        """Refuse a part of something else, of nothing, or larger than its whole."""
        if self.part.of != self.whole.of:
            raise MixedQuantities(f"{self.part.of} are not a share of {self.whole.of}")
        if not 0 <= self.part.value <= self.whole.value or self.whole.value == 0:
            raise MixedQuantities(
                f"{self.part.value:,} is not a part of {self.whole.value:,} {self.whole.of}"
            )

    @property
    def percent(self) -> float:
        """The share as a percent of the whole."""
        return 100 * self.part.value / self.whole.value


@dataclass(frozen=True, slots=True, order=True)
class PercentChange:
    """A change relative to where it started: from 2% to 3% is +50 percent.

    >>> PercentChange(50.0) + PercentagePoints(1.0)
    Traceback (most recent call last):
    TypeError: unsupported operand type(s) for +: 'PercentChange' and 'PercentagePoints'
    """

    value: float


@dataclass(frozen=True, slots=True, order=True)
class PercentagePoints:
    """A difference of two shares: from 2% to 3% is +1 point."""

    value: float


@dataclass(frozen=True, slots=True)
class Interval:
    """Where a value would lie but for chance, in the value's own unit.

    `upper` is infinite where the records cannot bound it. `method` names how it was made.
    """

    lower: float
    upper: float
    method: str
    level: float = 0.95

    def __contains__(self, value: float) -> bool:
        """Whether the value lies inside, ends included."""
        return self.lower <= value <= self.upper

    def side_of(self, value: float) -> Literal["above", "below", "across"]:
        """Whether the whole interval lies above the value, below it, or across it."""
        if self.lower > value:
            return "above"
        return "below" if self.upper < value else "across"


def ordinal(n: int) -> str:
    """A rank in words: '1st', '22nd', '13th'.

    >>> [ordinal(n) for n in (1, 2, 3, 11, 22, 113)]
    ['1st', '2nd', '3rd', '11th', '22nd', '113th']
    """
    special = {1: "st", 2: "nd", 3: "rd"}
    ending = "th" if 10 <= n % 100 <= 20 else special.get(n % 10, "th")
    return f"{n}{ending}"
