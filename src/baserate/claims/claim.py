"""A Claim: a Question plus what somebody asserted. Records only; find and resolve fill them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from baserate.measure.question import Extreme
from baserate.terms.periods import Period
from baserate.terms.places import Place

ClaimKind = Literal[
    "count", "level", "change", "trend", "rank", "share", "extremum", "comparison", "effect",
]  # fmt: skip
CLAIM_KINDS: tuple[ClaimKind, ...] = get_args(ClaimKind)
Direction = Literal["up", "down", "none"]
Unit = Literal["percent", "points", "count", "per_100k", "factor", "rank", "years"]
Understood = Literal["offense", "place", "period", "baseline"]
Exactness = Literal["exactly", "about", "more than", "less than"]


@dataclass(frozen=True, slots=True)
class Magnitude:
    """A size as it was asserted. `value` is never negative; the claim's direction has the sign.

    `digits` is how many decimals were printed: 5.7 is 1, 600 is 0. `how` is 'more than' for
    "exceeding 700" and "at least", 'about' for "nearly 4,050" and "some".
    """

    value: float
    unit: Unit
    how: Exactness = "exactly"
    digits: int = 0


@dataclass(frozen=True, slots=True)
class Where:
    """The place of a claim. `label` is how it is called: 'Kansas City, MO', 'US suburbs'.

    `places` holds every reading: one where it is known, several where the text leaves it open,
    none where the name is of a place that no table has.
    """

    label: str
    places: tuple[Place, ...] = ()

    @property
    def only(self) -> Place | None:
        """The place, where there is just one reading."""
        return self.places[0] if len(self.places) == 1 else None


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of an article, where it stands in the text, and its paragraph's number."""

    start: int
    end: int
    text: str
    paragraph: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One checkable statement.

    sentence            the sentence it stands in
    start, end          the words that make it, within the sentence; offsets in the article
    kind                what form of statement it is
    offense             key of the offense, as in terms/offenses.toml
    qualifier           words that narrow the offense to a part no index figure counts apart:
                        "with a firearm", "gang-related"
    where               the place; None where the text never says
    period              the days it is about; None where the text never says
    comparator_period   the baseline: of a change the earlier period; of an extremum the year since
                        which (exclusive) or the stretch of years in which it is one
    direction           up, down, or none for "unchanged"; of an extremum up is high; of a
                        comparison whether the first is higher
    magnitudes          the sizes asserted, the one that matters most first: of a change the percent
                        (or factor), then the later and the earlier figure
    per_head            True where a rate is meant, False where a number of offenses is, None
                        where the words do not say
    attributed_to       who says so; None is the outlet itself
    first               said to be so for the first time since the comparator
    negated             said not to be so: "did not rise", with the direction of "rise"
    denied              the text itself says that it is false
    extreme             extremum: which end
    rank_among          rank: 'states', 'cities', 'large cities', ...
    against             comparison: the other place; share: the place whose whole is meant
    whole               share: key of the offense whose whole is meant; comparison: of the other
                        offense
    to_date             the period is a year not yet over when it was written
    understood          what the sentence does not say and the text around it does
    not_checkable       why the records could never settle it (a forecast, a pledge, a cause);
                        None for a checkable statement
    """

    sentence: Sentence
    start: int
    end: int
    kind: ClaimKind
    offense: str | None
    qualifier: str | None = None
    where: Where | None = None
    period: Period | None = None
    comparator_period: Period | None = None
    direction: Direction | None = None
    magnitudes: tuple[Magnitude, ...] = ()
    per_head: bool | None = None
    attributed_to: str | None = None
    first: bool = False
    negated: bool = False
    denied: bool = False
    extreme: Extreme | None = None
    rank_among: str | None = None
    against: Where | None = None
    whole: str | None = None
    to_date: bool = False
    not_checkable: str | None = None
    understood: tuple[Understood, ...] = ()

    def size(self, *units: Unit) -> Magnitude | None:
        """The first asserted size in one of these units, if there is any."""
        return next((m for m in self.magnitudes if m.unit in units), None)

    @property
    def counts(self) -> tuple[Magnitude, ...]:
        """The figures asserted, in numbers of offenses or per 100,000: the later one first."""
        return tuple(m for m in self.magnitudes if m.unit in {"count", "per_100k"})
