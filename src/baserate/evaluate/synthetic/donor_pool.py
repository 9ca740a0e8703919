"""The treated unit and the units that may stand in for it, checked."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from baserate.errors import BadPanel
from baserate.evaluate.synthetic.simplex import Flags, Floats, Indices

FEWEST_PRE_PERIODS = 2
FEWEST_DONORS = 2  # with one there is nothing to weigh, and no placebo


@dataclass(frozen=True, slots=True)
class DonorPool:
    """One treated unit above its donors.

    rows          (1 + donors, periods): the treated unit, or the mean of several, comes first
    donors        (donors,): which units of the study they are
    first         the first treated period
    treated       how many units are treated
    units         how many units the study has
    """

    rows: Floats
    donors: Indices
    first: int
    treated: int
    units: int

    def spread(self, weights: Floats) -> Floats:
        """Weights of the rows as weights of the study's units, zero for the treated."""
        made = np.zeros(self.units)
        made[self.donors] = weights[1:]
        return made


def donor_pool(outcome: ArrayLike, treated: ArrayLike, first: int) -> DonorPool:
    """Sort a panel into treated and donors; BadPanel says what no synthetic control can use.

    `outcome` (units, periods), `treated` (units,) of True and False, `first` the index of the
    first treated period.

    >>> donor_pool([[1.0, 2, 9], [1, 3, 4], [2, 1, 5]], [True, False, False], 2).donors
    array([1, 2])
    """
    panel = checked_outcome(outcome)
    flags = checked_treated(treated, len(panel))
    checked_first(first, panel.shape[1])
    rows = np.vstack([panel[flags].mean(axis=0), panel[~flags]])
    return DonorPool(rows, np.flatnonzero(~flags), first, int(flags.sum()), len(panel))


def checked_outcome(outcome: ArrayLike) -> Floats:
    """The outcome as numbers: two dimensions, no gaps, and no unit that never changes."""
    try:
        panel = np.asarray(outcome, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise BadPanel(
            f"the outcome is not all numbers ({error}); give one for each cell"
        ) from None
    if panel.ndim != 2:
        raise BadPanel(f"the outcome has {panel.ndim} dimensions; two are needed: units, periods")
    gaps = np.argwhere(~np.isfinite(panel))
    if len(gaps):
        unit, period = gaps[0]
        raise BadPanel(
            f"unit {unit} has {panel[unit, period]} in period {period}; every unit needs a number "
            "in every period"
        )
    if panel.size == 0:
        raise BadPanel(f"the outcome has shape {panel.shape}; at least one cell is needed")
    still = np.flatnonzero(np.ptp(panel, axis=1) == 0)
    if len(still):
        raise BadPanel(
            f"unit {still[0]} is {panel[still[0], 0]:g} in every period; a series that never "
            "changes is no outcome: leave the unit out"
        )
    return panel


def checked_treated(treated: ArrayLike, units: int) -> Flags:
    """Who is treated: one flag a unit, some but not all, and enough donors left."""
    flags = np.asarray(treated)
    if flags.dtype != np.bool_ or flags.shape != (units,):
        raise BadPanel(
            f"treated has shape {flags.shape} of {flags.dtype}; one True or False for each of the "
            f"{units} units is needed"
        )
    donors = units - int(flags.sum())
    if donors == units:
        raise BadPanel(f"none of the {units} units is treated; at least one must be")
    if donors < FEWEST_DONORS:
        raise BadPanel(
            f"{units - donors} of {units} units are treated, which leaves {donors} donors; "
            f"at least {FEWEST_DONORS} are needed"
        )
    return np.asarray(flags, dtype=np.bool_)


def checked_first(first: int, periods: int) -> None:
    """Whether treatment starts inside the panel, with enough before it."""
    if not FEWEST_PRE_PERIODS <= first < periods:
        raise BadPanel(
            f"treatment starts in period {first} of 0 to {periods - 1}; at least "
            f"{FEWEST_PRE_PERIODS} periods before it and one from it on are needed"
        )
