"""An Answer, and the pieces every Answer has. Records only; the measures fill them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from baserate.errors import Caveat
from baserate.measure.question import Question
from baserate.sources.facts import Counted
from baserate.store.holdings import SeriesRow
from baserate.terms.offenses import RapeDefinition
from baserate.terms.periods import Period
from baserate.terms.places import Place
from baserate.terms.quantities import Count, Interval, Rate

Verdict = Literal[
    "up", "down", "no clear change", "can't tell",      # change, trend
    "higher", "lower", "no clear difference",           # comparison of places
    "recorded",                                         # a figure with no direction asked of it
]  # fmt: skip

Basis = RapeDefinition | Literal["bridged"] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """What was recorded in one place over one period, by one definition.

    Counts are offenses, recorded or (`counted`) cleared; over a window of years they are summed
    and `population` is person-years. `limits` are counting noise alone, in the figure's own unit:
    per 100,000 people if `per_head`, else offenses. `adjusted` is the value carried over from the
    legacy to the revised definition, where it was compared across the two.
    """

    place: Place
    period: Period
    basis: RapeDefinition | None
    offenses: int
    population: int
    per_head: bool
    limits: Interval
    rows: tuple[SeriesRow, ...] = field(repr=False)
    adjusted: float | None = None
    counted: Counted = "offenses"

    @property
    def count(self) -> Count:
        """Offenses, as a quantity that adds to offenses only."""
        return Count(self.offenses, "offenses")

    @property
    def rate(self) -> float:
        """Offenses per 100,000 people, a year."""
        return Rate(self.count, self.population).per_100k

    @property
    def value(self) -> float:
        """The rate or the count, as asked."""
        return self.rate if self.per_head else float(self.offenses)


@dataclass(frozen=True, slots=True, kw_only=True)
class Other:
    """The same question answered by another choice: a count for a rate, the other definition.

    `adjusted` is `earlier` carried over to the revised definition, where that was compared.
    """

    label: str
    value: float | None
    unit: str
    interval: Interval | None
    verdict: Verdict
    earlier: float | None = None
    later: float | None = None
    adjusted: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """Who the figures speak for.

    `share` of the population whose agencies reported; None where it is not published.
    """

    population: int
    share: float | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DefinitionUsed:
    """How the offense was counted, and whether that changed inside the period.

    `printed` says what the publisher's own total counts, year by year at the ends asked for.
    """

    offense: str
    counts: str
    basis: Basis
    text: str
    changed_inside: bool
    printed: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Vintage:
    """Which release the figures are from, and how many are at hand.

    `day` is the release's in words: '28 September 2020', or 'by 31 December 2015' where the file
    bears no date.
    """

    released: date
    day: str
    title: str
    as_of: date | None
    releases_held: int
    text: str


Tried = tuple[str, str, float | None, str]  # kind of choice, option, value, verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One other reasonable choice, and what the answer would have been."""

    kind: str
    option: str
    value: float | None
    verdict: str
    holds: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Robustness:
    """Under how many of the other reasonable choices the answer stays what it is."""

    choices: tuple[Choice, ...]

    @classmethod
    def against(cls, verdict: str, tried: Iterable[Tried]) -> Robustness:
        """From what was tried, which holds where it leads to the same verdict."""
        return cls(
            choices=tuple(
                Choice(kind=kind, option=option, value=value, verdict=told, holds=told == verdict)
                for kind, option, value, told in tried
            )
        )

    @property
    def of(self) -> int:
        """How many other choices were tried."""
        return len(self.choices)

    @property
    def holds(self) -> int:
        """Under how many of them the answer is the same."""
        return sum(c.holds for c in self.choices)

    @property
    def flips(self) -> tuple[Choice, ...]:
        """Those under which it is not."""
        return tuple(c for c in self.choices if not c.holds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unusual:
    """Whether a change stands out from the series' own earlier ones, in percent.

    Unusual is a change whose size, up or down, no more than one in ten of them reached. `band`
    held the middle nine in ten of all changes over spans of `years`; the spans overlap.
    """

    is_unusual: bool
    band: tuple[float, float]
    years: int
    at_least_as_large: int
    of: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Scatter:
    """The change's interval if single years scatter as they have in this series, in percent."""

    interval: Interval
    dispersion: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRow:
    """One row of a published file that a figure came from; None where it is a sum of many."""

    publisher: str
    title: str
    released: date
    file: str
    row: int | None
    place: str
    year: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One year of the series behind an answer, for charts and tables.

    Where several years are taken together `first_year` is the first and `year` the last. `value`
    and its limits are in the answer's quantity; `basis` is the definition the value
    counts by. `offenses` and `population` are as recorded.
    """

    place: str
    year: int
    value: float
    lower: float
    upper: float
    basis: str
    offenses: int
    population: int
    file_row: int | None
    first_year: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Extremes:
    """What an extremum found beside the year itself.

    Values are on one scale: over a bridge, by the revised definition. `tied` years have the very
    same value. `last_year_rank` is where the newest year of the stretch stands, 1 the extreme.
    `earlier_searched` is the first year looked at before the stretch, None where there was none.
    """

    year: int
    tied: tuple[int, ...]
    runner_up: int | None
    runner_up_value: float | None
    not_distinguishable: tuple[int, ...]
    last_year: int
    last_year_rank: int
    last_beyond: int | None
    last_beyond_value: float | None
    earlier_searched: int | None
    searched: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """Where a place stands among the states with a figure, 1 being the highest.

    `lowest` and `highest` bound the rank; `not_distinguishable` are the places whose figure
    counting noise alone cannot tell from this one, `tied` those with the very same.
    """

    rank: int
    of: int
    highest: int
    lowest: int
    not_distinguishable: tuple[str, ...]
    tied: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StatesAgainstNation:
    """What the publisher's own totals say, states added up against the nation, in one year."""

    year: int
    states: int
    nation: int
    percent: float
    same_definition_percent: float | None
    states_definition: str
    nation_definition: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the records say to one Question, how sure they are, and why.

    `value` is in `unit`; None where there is none to give. `interval` is counting noise alone.
    `points` are the series behind the answer, one a year.
    """

    question: Question
    verdict: Verdict
    value: float | None
    unit: str
    interval: Interval | None
    earlier: Figure | None
    later: Figure | None
    coverage: Coverage
    definition: DefinitionUsed
    vintage: Vintage
    robustness: Robustness
    caveats: tuple[Caveat, ...]
    sources: tuple[SourceRow, ...]
    points: tuple[Point, ...] = field(repr=False)
    others: tuple[Other, ...] = ()
    unusual: Unusual | None = None
    scatter: Scatter | None = None
    p_value: float | None = None
    extremes: Extremes | None = None
    ranking: Ranking | None = None
    states_against_nation: tuple[StatesAgainstNation, ...] = ()

    @property
    def rerun(self) -> str:
        """The command that gives this answer again."""
        return self.question.rerun
