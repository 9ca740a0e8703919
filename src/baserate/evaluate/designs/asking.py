"""What every design asks of a panel: who begins when, what a cell is, and how to say it in percent.

Percents are of what would have been without the program: the effect taken off what was seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

import numpy as np

from baserate.evaluate.designs.estimate import Estimate, Unfit
from baserate.evaluate.differences.twoway import FEW_TREATED
from baserate.evaluate.inference.power import percent_of_log
from baserate.evaluate.panel import Floats, Panel
from baserate.terms.quantities import Interval

# Units whose treatments are handed to one another: with 1,000 it takes half a minute, and with
# 10,000 many. So many units have clustered errors that hold without, if enough are treated.
MOST_RANKED = 1_000

ENOUGH = 20  # treated units for an error of their own; fewer are ranked among reassignments
CELL = {"count": "offenses", "rate": "per 100,000 people", "mean": "", "log": "log"}


class Answered(Protocol):
    """What most designs return, whatever else they do."""

    @property
    def effect(self) -> float:
        """In the outcome's unit."""

    @property
    def percent(self) -> float | None:
        """Of what would have been."""

    @property
    def interval(self) -> Interval | None:
        """Of the effect."""

    @property
    def mde(self) -> float | None:
        """The smallest effect that would be found."""


def common_start(panel: Panel) -> int:
    """Index of the first treated period, where all treated units have the same."""
    starts = set(panel.cohort[panel.treated].tolist())
    if len(starts) > 1:
        raise Unfit("treated units begin in different periods; see the staggered design")
    return int(next(iter(starts)))


def is_ranked(panel: Panel) -> bool:
    """Whether p is by handing treatments to other units, or, of very many, by clustered errors.

    Refuses very many units with few treated clusters, for which neither can be had.
    """
    if len(panel.units) <= MOST_RANKED:
        return True
    treated = {c for c, t in zip(panel.cluster, panel.treated, strict=True) if t}
    if len(treated) < FEW_TREATED:
        raise Unfit(
            f"{len(panel.units):,} units are too many to rank (at most {MOST_RANKED:,}), and "
            f"{len(treated)} treated clusters too few for clustered errors ({FEW_TREATED}); "
            "narrow the donors with [donors] only"
        )
    return False


def refuse_many(panel: Panel, most: int) -> None:
    """Refuse more donors than can each be fitted in the treated unit's place in good time."""
    donors = int((~panel.treated).sum())
    if donors > most:
        raise Unfit(
            f"{donors:,} donors, each of them a placebo, would take too long; at most {most:,}. "
            "Narrow them with [donors] only"
        )


def first_start(panel: Panel) -> int:
    """Index of the first period in which any unit is treated."""
    return int(panel.cohort[panel.treated].min())


def treatment(panel: Panel) -> Floats:
    """Units by periods: how strongly treated, 0 before the start."""
    if panel.intensity is not None:
        return panel.intensity
    after = np.arange(len(panel.periods)) >= np.where(panel.treated, panel.cohort, 10**9)[:, None]
    return np.asarray(after * panel.dose[:, None])


def counts_of(panel: Panel) -> Floats:
    """The outcome as counts; a design for counts cannot do without."""
    if panel.counts is None:
        raise Unfit("the outcome is no count, and no exposure turns it into one")
    return panel.counts


def a_cell(panel: Panel, offenses: float) -> float:
    """Offenses of all treated cells as an effect on one: a rate where cells are compared by it."""
    cells = treatment(panel) > 0
    if panel.exposure is None:
        return offenses / int(cells.sum())
    return 1e5 * offenses / float(panel.exposure[cells].sum())


def unit_of(panel: Panel) -> str:
    """What one value that designs compare is, in words."""
    if panel.measure == "count" and panel.exposure is not None:
        return CELL["rate"]
    return CELL[panel.measure]


def numbered(names: Sequence[str]) -> np.ndarray:
    """Clusters as whole numbers, in the order of their names."""
    return np.unique(np.array(names), return_inverse=True)[1]


def in_percent(found: Answered) -> tuple[float, float] | None:
    """The interval in percent of what would have been."""
    without = _without(found)
    return limits_in_percent(found.interval, without + found.effect) if without else None


def mde_in_percent(found: Answered) -> float | None:
    """The smallest effect found, in percent of what would have been."""
    without, mde = _without(found), found.mde
    return None if mde is None or not without or not np.isfinite(mde) else 100 * mde / abs(without)


def _without(found: Answered) -> float | None:
    """The mean of what would have been, from an effect and its percent of it."""
    return 100 * found.effect / found.percent if found.percent else None


def limits_in_percent(interval: Interval | None, seen: float) -> tuple[float, float] | None:
    """Each limit in percent of what would have been, were the effect that limit.

    What was `seen` is known: an effect that leaves less than none is none that it could be.
    """
    if interval is None:
        return None
    ends = [_end(limit, seen) for limit in (interval.lower, interval.upper)]
    return min(ends), max(ends)


def _end(limit: float, seen: float) -> float:
    if np.isinf(limit) and limit < 0:
        return -100.0
    percent = percent_of(limit, seen)
    return float("inf") if percent is None else percent


def percent_of(effect: float, seen: float) -> float | None:
    """An effect in percent of what would have been; None where that is not above zero."""
    return 100 * effect / (seen - effect) if seen > effect else None


def scaled(interval: Interval, by: float) -> Interval:
    """An interval in another unit."""
    return replace(interval, lower=by * interval.lower, upper=by * interval.upper)


def in_logs(made: Estimate) -> Estimate:
    """A row whose outcome is a logarithm: its percents are of the ratio that the effect makes."""
    if made.effect is None:
        return made
    limits = made.interval
    return replace(
        made,
        percent=percent_of_log(made.effect),
        percent_interval=None
        if limits is None
        else (percent_of_log(limits.lower), percent_of_log(limits.upper)),
        mde_percent=None if made.mde is None else -percent_of_log(-made.mde),
    )
