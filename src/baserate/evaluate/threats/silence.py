"""Units that stop reporting: counts that fall to nothing where the unit is far from zero else.

A zero that was reported is data and a month that was not is none, but many files print both as
0. Cells are taken for silence if chance would not give them: a negative binomial count with the
unit's usual mean, and DISPERSION times the variance of a Poisson one, would fall so low in fewer
than one in twenty panels of this size.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc

from baserate.evaluate.panel import Floats, Panel, shown
from baserate.evaluate.threats.threat import Threat

DISPERSION = 3.0  # variance over mean of counts of cities over years
NOTHING = 0.1  # of the usual count: at most so much is a fall to nothing
STEADY = 0.5  # of an outcome that is no count: spread over mean up to which a zero is strange
LEVEL = 0.05  # share of panels with any false alarm
MANY = 0.1  # share of comparison units from which their silence is grave


def silences(panel: Panel) -> Iterator[Threat]:
    """Runs of cells at the start, in the middle or at the end of which nothing was reported."""
    if panel.measure == "log":
        return  # nothing has no logarithm
    counts = panel.counts
    found = silent(counts) if counts is not None else silent_means(panel.outcome)
    for treated in (True, False):
        rows = [i for i in np.flatnonzero(found.any(axis=1)) if panel.treated[i] == treated]
        if not rows:
            continue
        said = [f"{panel.units[i]} {run}" for i in rows for run in _runs(panel, found[i])]
        others = int((~panel.treated).sum())
        grave = treated or len(rows) > MANY * others
        whose = "treated" if treated else "comparison"
        yield Threat(
            "stopped reporting", "grave" if grave else "mild",
            f"{whose} units that fall to nothing and are far from zero else: {len(rows)} "
            f"({shown(said)}). Months not reported look like this, and make "
            f"{'a fall' if treated else 'a rise of the treated'} out of nothing. Leave them out "
            "with [donors] without, or narrow the window",
        )  # fmt: skip


def silent(counts: Floats) -> NDArray[np.bool_]:
    """Cells too low for chance, of counts of shape (units, periods).

    >>> quiet = silent(np.array([[40.0, 44, 38, 0, 0], [3, 1, 0, 2, 1]]))
    >>> quiet.astype(int).tolist()
    [[0, 0, 0, 1, 1], [0, 0, 0, 0, 0]]
    """
    usual = _usual(counts)
    low = counts <= NOTHING * usual
    size = usual / (DISPERSION - 1)
    chance = betainc(np.maximum(size, 1e-9), counts + 1, 1 / DISPERSION)
    return np.asarray(low & (chance * counts.size < LEVEL) & (usual > 0))


def silent_means(outcome: Floats) -> NDArray[np.bool_]:
    """Cells of nothing in units that are steady else; for rates and means without counts."""
    usual = _usual(outcome)
    low = (outcome <= NOTHING * usual) & (usual > 0)
    rest = np.where(low, np.nan, outcome)
    with np.errstate(invalid="ignore"):
        spread = np.array([np.nanstd(r) if (~np.isnan(r)).sum() > 1 else np.inf for r in rest])
    return np.asarray(low & (spread[:, None] < STEADY * usual))


def _usual(values: Floats) -> Floats:
    """Each unit's median over the cells that are no tenth of its larger ones, shape (units, 1)."""
    large = np.quantile(values, 0.9, axis=1, keepdims=True)
    held = np.where(values > NOTHING * large, values, np.nan)
    empty = np.isnan(held).all(axis=1)
    held[empty] = 0.0
    return np.asarray(np.nanmedian(held, axis=1, keepdims=True))


def _runs(panel: Panel, silent_at: NDArray[np.bool_]) -> Iterator[str]:
    """'from 2013 to the end', 'to 2010', '2012'."""
    last = len(panel.periods) - 1
    edges = np.flatnonzero(np.diff(np.concatenate(([0], silent_at.astype(int), [0]))))
    for a, b in zip(edges[::2], edges[1::2] - 1, strict=True):
        if b == last:
            yield f"from {panel.periods[a]} to the end"
        elif a == 0:
            yield f"from the start to {panel.periods[b]}"
        else:
            yield f"in {panel.periods[a]}" + (f" to {panel.periods[b]}" if b > a else "")
