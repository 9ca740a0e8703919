"""The model of an interrupted time series, and the series that it cannot be fitted to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from baserate.errors import BadPanel

Floats = NDArray[np.float64]

FEWEST_BEFORE = 8  # periods; a trend from fewer is a guess
FEWEST_AFTER = 3  # periods, for a level and a slope
FEWEST_DEGREES = 5  # periods beyond the terms fitted


@dataclass(frozen=True, slots=True)
class Season:
    """Seasons as sines and cosines: `harmonics` of them in a cycle of `period` periods."""

    period: int = 12
    harmonics: int = 2


def after_start(counts: Floats, first: int, what: str) -> NDArray[np.bool_]:
    """Which periods are after the start, once the counts can be counted on."""
    if counts.ndim != 1 or not np.isfinite(counts).all() or (counts < 0).any():
        raise BadPanel(f"{what} must be one row of counts, zero or more, without gaps")
    after = np.arange(counts.size) >= first
    if not counts.any():
        raise BadPanel(f"{what} is zero in all {counts.size} periods; there is nothing to change")
    if not np.ptp(counts):
        raise BadPanel(
            f"{what} is {counts[0]:g} in all {counts.size} periods; counts that never vary are "
            "no record of events"
        )
    for part, where in ((counts[~after], "before"), (counts[after], "after")):
        if part.size and not part.any():
            raise BadPanel(
                f"{what} is zero in all {part.size} periods {where} the start; a ratio to none "
                "has no estimate. Use longer periods, or compare the counts themselves"
            )
    return after


def check_length(periods: int, first: int, season: Season | None) -> None:
    """Refuse a start too near either end, and seasons that were not seen twice before it."""
    if first < FEWEST_BEFORE or periods - first < FEWEST_AFTER:
        raise BadPanel(
            f"the start is period {first} of {periods}; at least {FEWEST_BEFORE} periods before "
            f"it and {FEWEST_AFTER} from it on are needed"
        )
    if season is None:
        return
    if season.period < 2 or not 1 <= season.harmonics <= season.period // 2:
        raise BadPanel(
            f"{season.harmonics} harmonics of a cycle of {season.period} periods; from 1 to half "
            "the cycle are possible"
        )
    if first < 2 * season.period:
        raise BadPanel(
            f"seasons of {season.period} periods need two whole cycles before the start, "
            f"{2 * season.period} periods; there are {first}"
        )


def log_exposure(exposure: Floats | None, periods: int, what: str) -> Floats:
    """The offset: zero where no exposure is given."""
    if exposure is None:
        return np.zeros(periods)
    if exposure.shape != (periods,) or not np.isfinite(exposure).all() or (exposure <= 0).any():
        raise BadPanel(f"{what} must be {periods} numbers above zero, one for each period")
    return np.asarray(np.log(exposure))


def segments(periods: int, first: int, season: Season | None, change_of_slope: bool) -> Floats:
    """Columns: constant, trend, level, change of slope if asked for, seasons."""
    since = np.arange(periods, dtype=np.float64) - first
    after = (since >= 0).astype(np.float64)
    columns = [np.ones(periods), since, after]
    if change_of_slope:
        columns.append(since * after)
    if season is not None:
        for k in range(1, season.harmonics + 1):
            angle = 2 * np.pi * k * since / season.period
            columns.append(np.cos(angle))
            if 2 * k < season.period:  # at half the cycle the sine is zero throughout
                columns.append(np.sin(angle))
    if periods - len(columns) < FEWEST_DEGREES:
        raise BadPanel(
            f"{periods} periods for a model of {len(columns)} terms; at least "
            f"{len(columns) + FEWEST_DEGREES} are needed, or fewer harmonics"
        )
    return np.column_stack(columns)
