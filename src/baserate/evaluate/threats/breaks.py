"""Levels that shift and stay: what a change of definition or of system looks like unannounced.

Of each unit's logarithm, less the median of all units in that period and less its own trend, the
mean of up to three periods from a date on is set against that of up to three before it. The
difference is divided by what is usual: by the spread of a unit's changes, its own or that of units
of its size, and more where levels of most units wander by more than such changes make. At least
half of the shift must come in one period. How far it must go to be named grows with how many units
and dates are looked at. Treated units that shift together, each too little to be named, are found
by the mean of their shifts against those of the others.

On clean panels of 40 cities the treated unit is named in 1 to 6 of 100; of switches planted in it,
10% is hardly ever found, 25% in 1 of 20, 50% in 1 of 5 and a doubling in half of them and more
(benchmarks/threats.py). That no break is named is no sign that there is none.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import nnls
from scipy.special import ndtri, stdtr

from baserate.evaluate.panel import Floats, Panel, shown
from baserate.evaluate.threats.threat import Threat

ALARM = 0.05  # panels without any break in which one is named among the treated, or the others
HEAVY = 1.25  # how much farther than normal variables shifts reach (benchmarks/threats.py)
WINDOW = 3  # periods on either side
SHORTEST = 2  # periods on either side, at least
LONG = 5  # periods on either side of the start, from which each has a trend of its own
SUDDEN = 0.5  # share of the shift that comes in one period: a switch is thrown on a day
ORDINARY = 0.05  # share of comparison units that shift as far, from which it is nothing special
FEW = 3  # treated units, of which one by itself moves their mean
TOGETHER = 0.01  # p over all dates, at which treated units are said to shift together
NORMAL = 1.4826  # from a median of sizes to a standard deviation


def breaks(panel: Panel) -> Iterator[Threat]:
    """Units whose level shifts and stays, apart from where treatment begins."""
    logs = relative_logs(panel)
    if logs is None:
        return
    counts, treated = panel.counts, panel.treated
    size = None if counts is None else counts.mean(axis=1)
    shifts, at_once = level_shifts(logs, panel.cohort, size)
    together = shift_together(shifts, treated)
    if together is not None:
        way = "up" if shifts[treated, together].mean() > 0 else "down"
        yield Threat(
            "break", "grave",
            f"treated units shift together and stay, {way} in {panel.periods[together]}, when the "
            "others do not: a change of definition, of reporting or of system looks like this",
        )  # fmt: skip
    yield from _single(panel, np.where(at_once, shifts, 0.0))


def _single(panel: Panel, shifts: Floats) -> Iterator[Threat]:
    at = np.argmax(np.abs(shifts), axis=1)
    largest = shifts[np.arange(len(shifts)), at]
    for treated in (True, False):
        mine = panel.treated == treated
        rows = np.flatnonzero((np.abs(largest) >= bar(shifts[mine])) & mine)
        grave = treated and _is_unusual(np.abs(largest), panel.treated)
        said = [
            f"{panel.units[i]} {'up' if largest[i] > 0 else 'down'} in {panel.periods[at[i]]}"
            for i in rows
        ]
        if said:
            whose = "treated" if treated else "comparison"
            yield Threat(
                "break", "grave" if grave else "mild",
                f"{whose} units whose level shifts and stays, farther than chance takes any of "
                f"them in 19 of 20 such panels: {len(said)} ({shown(said)}). A change of "
                "definition, of reporting or of system looks like this",
            )  # fmt: skip


def bar(shifts: Floats) -> float:
    """How far a shift must go to be named, by how many there are to look at (Bonferroni).

    >>> round(bar(np.ones((1, 8))), 1), round(bar(np.ones((39, 8))), 1)
    (3.4, 4.7)
    """
    looked_at = max(1, len(shifts) * int(shifts.any(axis=0).sum()))
    return HEAVY * float(ndtri(1 - ALARM / (2 * looked_at)))


def _is_unusual(size: Floats, treated: NDArray[np.bool_]) -> bool:
    """Whether a treated unit shifts beyond all but a few of the others, and makes the effect.

    One of several hardly moves their mean, and the largest of several is often the largest of all.
    """
    return bool(treated.sum() <= FEW and (size[~treated] >= size[treated].max()).mean() <= ORDINARY)


def shift_together(shifts: Floats, treated: NDArray[np.bool_]) -> int | None:
    """The date at which several treated units shift alike and the others do not, if there is one.

    Student's t of their shifts against those of the others, whose scatter serves for both, at each
    date, by Bonferroni.
    """
    able = np.flatnonzero((shifts[treated] != 0).all(axis=0) & (shifts[~treated] != 0).all(axis=0))
    if treated.sum() < 2 or (~treated).sum() < 2 or not able.size:
        return None
    on, off = shifts[treated][:, able], shifts[~treated][:, able]
    error = off.std(axis=0, ddof=1) * np.sqrt(1 / len(on) + 1 / len(off))
    t = np.abs(on.mean(axis=0) - off.mean(axis=0)) / np.maximum(error, 1e-9)
    p = 2 * stdtr(len(off) - 1, -t) * able.size
    best = int(np.argmin(p))
    return int(able[best]) if p[best] <= TOGETHER else None


def relative_logs(panel: Panel) -> Floats | None:
    """Logarithms of the outcome less each period's median; None where it has none.

    Half an offense is added to counts, so that a zero has one.
    """
    counts = panel.counts
    if counts is not None:
        exposure = np.ones_like(counts) if panel.exposure is None else panel.exposure
        logs = np.log((counts + 0.5) / exposure)
    elif (panel.outcome > 0).all():
        logs = np.log(panel.outcome)
    else:
        return None
    return np.asarray(logs - np.median(logs, axis=0))


def level_shifts(
    logs: Floats, cohort: NDArray[np.int64], size: Floats | None
) -> tuple[Floats, NDArray[np.bool_]]:
    """Shift of the level at each date over what is usual, and whether half of it came at once.

    Both have shape (units, periods).

    `cohort` is the first treated period, -1 for none: no window reaches across it. `size` is the
    mean count. Where a date has too few periods on a side the shift is 0.

    >>> logs = np.log([[10.0, 10.5, 10, 20, 21, 20], [9, 10, 9.5, 9, 10, 9.6]])
    >>> shifts, at_once = level_shifts(logs, np.array([-1, -1]), None)
    >>> int(shifts[0].argmax()), bool(at_once[0, 3])
    (3, True)
    """
    logs = _without_trend(logs, cohort)
    before_start, after_start = _segments(logs.shape, cohort)
    total = np.concatenate([np.zeros((len(logs), 1)), np.cumsum(logs, axis=1)], axis=1)
    found, at_once = np.zeros_like(logs), np.zeros(logs.shape, dtype=np.bool_)
    rows = np.arange(len(logs))
    for j in range(SHORTEST, logs.shape[1] - SHORTEST + 1):
        first = np.maximum(before_start[:, j], j - WINDOW)
        last = np.minimum(after_start[:, j], j + WINDOW)
        n, m = j - first, last - j
        able = (n >= SHORTEST) & (m >= SHORTEST)
        earlier = (total[:, j] - total[rows, first]) / np.maximum(n, 1)
        later = (total[rows, last] - total[:, j]) / np.maximum(m, 1)
        error = np.sqrt(1 / np.maximum(n, 1) + 1 / np.maximum(m, 1))
        shift = later - earlier
        sudden = (logs[:, j] - logs[:, j - 1]) * np.sign(shift) >= SUDDEN * np.abs(shift)
        found[:, j] = np.where(able, shift / error, 0.0)
        at_once[:, j] = sudden
    usual = usual_change(logs, size)
    usual = usual * _wandering(found, usual)
    return found / usual[:, None], at_once


def _without_trend(logs: Floats, cohort: NDArray[np.int64]) -> Floats:
    """Less each unit's median change a period: a steady fall is no shift of the level.

    A treated unit has one for before and one for after, where there are periods enough.
    """
    made = np.empty_like(logs)
    for i, row in enumerate(logs):
        able = LONG <= cohort[i] <= logs.shape[1] - LONG
        for part in np.split(np.arange(logs.shape[1]), [int(cohort[i])] if able else []):
            slope = float(np.median(np.diff(row[part])))
            made[i, part] = row[part] - slope * (part - part[0])
    return made


def _wandering(shifts: Floats, usual: Floats) -> float:
    """How much more levels shift than usual changes make them, at the median unit; at least 1."""
    able = shifts.any(axis=0)
    if not able.any():
        return 1.0
    spread = NORMAL * np.median(np.abs(shifts[:, able]), axis=1)
    return max(1.0, float(np.median(spread / usual)))


def _segments(
    shape: tuple[int, ...], cohort: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """First and one past the last period on the same side of treatment as each cell."""
    periods = np.arange(shape[1])[None]
    start = np.where(cohort < 0, 0, cohort)[:, None]
    is_before = periods < start
    first = np.where(is_before, 0, start)
    last = np.where(is_before, start, shape[1])
    return np.broadcast_to(first, shape), np.broadcast_to(last, shape)


def usual_change(logs: Floats, size: Floats | None) -> Floats:
    """The spread of a unit's changes: its own, or what units of its size have, the larger.

    The variance of changes of a logarithm is a part that all share and a part over the mean count.
    """
    own = NORMAL * np.median(np.abs(np.diff(logs, axis=1)), axis=1)
    if size is None:
        return np.asarray(np.maximum(np.maximum(own, np.median(own)), 1e-9))
    sizes = np.column_stack([np.ones_like(size), 1 / (size + 0.5)])
    parts, _ = nnls(sizes, own**2)
    return np.asarray(np.maximum(np.maximum(own, np.sqrt(sizes @ parts)), 1e-9))
