"""One row of the table of designs: what a design says of a program's effect."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from baserate.evaluate.panel import Floats
from baserate.evaluate.second_opinions.opinion import SecondOpinion
from baserate.evaluate.staggered.event_study import EventStudy
from baserate.evaluate.staggered.honest import HonestBands
from baserate.terms.quantities import Interval

LEVEL = 0.05  # a p at or below it tells an effect from none


class Unfit(Exception):
    """The design cannot be asked this of this panel; the message says why."""


@dataclass(frozen=True, slots=True)
class Path:
    """The treated over time beside what they are set against, shape (periods,) each.

    unit     what one value is, in words
    lower, upper  limits of `without`, where the design gives them
    placebo_gaps  (placebos, periods): the same difference where nothing happened
    """

    treated: Floats
    without: Floats
    unit: str
    lower: Floats | None = None
    upper: Floats | None = None
    placebo_gaps: Floats | None = None

    @property
    def gaps(self) -> Floats:
        """The treated less what they are set against."""
        return self.treated - self.without


@dataclass(frozen=True, slots=True)
class Events:
    """Effects by periods since the start, and what they are if trends were not parallel."""

    study: EventStudy
    honest: HonestBands | None
    unit: str


@dataclass(frozen=True, slots=True)
class Check:
    """Something done to an estimate to see whether it holds: what, and what came of it."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class OutcomeTotals:
    """One outcome of all treated units over the periods evaluated, beside what was expected.

    interval  of treated less expected; `percent` and `percent_interval` are of expected
    """

    name: str
    treated: float
    expected: float
    interval: Interval | None
    percent: float | None
    percent_interval: tuple[float, float] | None
    p_value: float | None


@dataclass(frozen=True, slots=True)
class Estimate:
    """What one design says of the program's effect.

    effect      in the outcome's own unit, a period and treated unit; `interval` and `mde` too
    percent     of what would have been without it; `percent_interval` of the same
    offenses    all treated units and periods together, where counts allow it
    p_value     by the rule in `p_rule`
    mde_percent smallest change that would be found with probability 0.80 at 5%
    p_two_sided the same where `p_value` is of the one side that the plan expected
    why_not     why the design gives nothing here; the rest is then None
    outcomes    every outcome that the design judges, the study's own first
    second      the same by a library that others keep; None where there is none, or none was asked
    """

    design: str
    paper: str
    effect: float | None = None
    interval: Interval | None = None
    percent: float | None = None
    percent_interval: tuple[float, float] | None = None
    offenses: float | None = None
    p_value: float | None = None
    p_rule: str = ""
    mde: float | None = None
    mde_percent: float | None = None
    notes: tuple[str, ...] = ()
    why_not: str = ""
    path: Path | None = None
    events: Events | None = None
    checks: tuple[Check, ...] = ()
    outcomes: tuple[OutcomeTotals, ...] = ()
    p_two_sided: float | None = None
    second: SecondOpinion | None = None

    @property
    def is_distinct(self) -> bool:
        """Whether the design tells the effect from none at 5%, whatever the plan expected."""
        p = self.p_value if self.p_two_sided is None else self.p_two_sided
        return p is not None and p <= LEVEL

    @property
    def direction(self) -> int:
        """1 for a rise, -1 for a fall, 0 where nothing was estimated."""
        return 0 if self.effect is None else int(np.sign(self.effect))
