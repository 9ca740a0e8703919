"""The study file: what is asked, of whom and when, written before the numbers are seen.

    title = "Proposition 99"
    program = "California tobacco control program"
    seed = 1

    [panel]
    data = "prop99.csv"          # beside the study file; or leave it out and name an offense
    unit = "state"
    period = "year"
    outcome = "packs_per_capita"
    measure = "mean"             # count, rate per 100,000, mean or log: what one cell is

    [treated]
    units = [{ name = "California", start = 1989 }]

    [window]
    pre = [1970, 1988]
    post = [1989, 2000]

    [hypothesis]
    direction = "lower"
    claimed = [-42, -4]          # percent, as somebody said

`[about] offense` and `place` say what the outcome and the units of a file are, so that `check` can
hold a claim against the result; `also_called = ["…"]` gives other names of the program.

Its checksum stands in every result, so that a plan cannot be changed unseen.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Measure = Literal["count", "rate", "mean", "log"]
Direction = Literal["lower", "higher", "either"]
Reported = Literal["complete", "as recorded"]
Counted = Literal["offenses", "clearances"]


@dataclass(frozen=True, slots=True)
class TreatedUnit:
    """One treated unit: the first period it was treated in, and how strongly (1 is fully)."""

    name: str
    start: int
    dose: float = 1.0


@dataclass(frozen=True, slots=True)
class TreatedBy:
    """Treated units out of a column: 0 where untreated, up to 1 where fully treated.

    start  the first treated period of all of them, where the column does not change over time;
           None where a unit begins in the first period in which the column is above 0
    """

    column: str
    start: int | None


@dataclass(frozen=True, slots=True)
class PanelWanted:
    """Where the panel is from: a file and its columns, or an offense of the store's places.

    `counted_by` is a column that says how a cell was counted: a definition, a system, a source.
    `also` are further outcomes, judged beside the first; `negative_controls` are outcomes that the
    program could not have moved.
    `called` is what the outcome is called in a sentence, where its column's name is a code.
    `weight` is a column that two-way effects weigh cells by, such as people, and `groups` one whose
    groups each have effects of their own in every period, such as regions.
    Of the records, `unit` is state, city or agency ('place': what the treated are) and `period`
    year, quarter or month; `reported` says whether a cell must hold all its months.
    """

    data: str | None
    unit: str
    period: str
    outcome: str
    exposure: str | None
    cluster: str | None
    covariates: tuple[str, ...]
    measure: Measure
    offense: str | None
    definition: str | None
    places: tuple[str, ...]
    counted_by: str | None
    also: tuple[str, ...] = ()
    negative_controls: tuple[str, ...] = ()
    called: str | None = None
    weight: str | None = None
    groups: str | None = None
    counted: Counted = "offenses"
    reported: Reported = "complete"
    dataset: str | None = None


@dataclass(frozen=True, slots=True)
class SmallAreas:
    """What the weighting of many small areas balances beside every outcome of every period before.

    covariates  columns that are the same in every period, such as the people at a census
    match_sums  (outcome, periods): an outcome so rare that its sums over so many are balanced
    """

    covariates: tuple[str, ...] = ()
    match_sums: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Displacement:
    """Where crime may have moved, and what one offense weighs.

    units, control_units  around the treated, and those that they are set against
    area                  a column: what a unit's counts are divided by, such as square miles
    harm                  (column, harm of one offense) of each kind of crime
    """

    units: tuple[str, ...] = ()
    control_units: tuple[str, ...] = ()
    area: str | None = None
    harm: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """What was expected, and what somebody claimed, in percent from low to high."""

    direction: Direction
    claimed: tuple[float, float] | None
    text: str


@dataclass(frozen=True, slots=True)
class Study:
    """A study file as read. `checksum` is of its bytes; `folder` is where its data are.

    `also_called` are other names of the program, and `about` the offense and the place that the
    outcome and the units of a file are, by which `check` knows what claims the study speaks to.
    `treated` is empty where `treated_by` names a column, until the data are read.
    """

    title: str
    program: str
    also_called: tuple[str, ...]
    about: tuple[str, str]
    question: str
    source: str
    panel: PanelWanted
    treated: tuple[TreatedUnit, ...]
    donors_only: tuple[str, ...]
    donors_without: tuple[str, ...]
    pre: tuple[int, int]
    post: tuple[int, int]
    small_areas: SmallAreas | None
    displacement: Displacement | None
    predictors_mean: tuple[str, ...]
    predictors_at: tuple[int, ...]
    hypothesis: Hypothesis
    designs: tuple[str, ...]
    seed: int
    draws: int
    checksum: str
    folder: Path
    file: str
    treated_by: TreatedBy | None = None

    @property
    def apart(self) -> tuple[str, ...]:
        """Units that stand beside the treated and their donors: where crime may have moved."""
        return (
            (*self.displacement.units, *self.displacement.control_units)
            if self.displacement
            else ()
        )

    @property
    def further(self) -> tuple[str, ...]:
        """Columns of numbers by unit and period beside the outcome, each once."""
        harm = self.displacement.harm if self.displacement else ()
        named = (*self.panel.also, *self.panel.negative_controls, *(name for name, _ in harm))
        return tuple(dict.fromkeys(named))

    @property
    def fixed(self) -> tuple[str, ...]:
        """Columns of numbers that are the same in every period of a unit."""
        area = self.displacement.area if self.displacement else None
        balanced = self.small_areas.covariates if self.small_areas else ()
        return tuple(dict.fromkeys((*balanced, *([area] if area else []))))
