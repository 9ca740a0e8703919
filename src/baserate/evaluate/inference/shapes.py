"""What the designs refuse: arrays of the wrong shape, gaps, and treatments that compare nothing.

Every function returns its array as the designs want it, or raises BadPanel with the reason.
Rows are units, columns are periods in order of time.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from baserate.errors import BadPanel

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

NEVER = -1  # in `cohort`: never treated


def panel(outcome: ArrayLike, observed: ArrayLike | None = None) -> Floats:
    """An outcome, float64 of shape (units, periods), that varies. Unobserved cells become 0."""
    made = _numbers(outcome, "outcome")
    if made.ndim != 2 or made.shape[0] < 2 or made.shape[1] < 2:
        raise BadPanel(
            f"the outcome has shape {made.shape}; at least two units (rows) and two periods "
            "(columns) are needed"
        )
    seen = seen_cells(observed, made)
    _refuse_gaps(np.where(seen, made, 0.0), "outcome")
    if not np.ptp(made[seen]):
        raise BadPanel(
            f"the outcome is {made[seen][0]:g} in every cell; nothing can be learned from it"
        )
    return np.where(seen, made, 0.0)


def seen_cells(observed: ArrayLike | None, outcome: Floats) -> Flags:
    """Which cells count: all of them, or those flagged."""
    if observed is None:
        return np.ones(outcome.shape, dtype=np.bool_)
    flags = np.asarray(observed)
    if flags.shape != outcome.shape or flags.dtype != np.bool_:
        raise BadPanel(
            f"observed has shape {flags.shape} and type {flags.dtype}; it takes one True or False "
            f"for each of {outcome.shape[0]} units and {outcome.shape[1]} periods"
        )
    if not flags.any():
        raise BadPanel("no cell is observed; at least two units in two periods are needed")
    return np.asarray(flags, dtype=np.bool_)


def like(values: ArrayLike, outcome: Floats, name: str) -> Floats:
    """Numbers of the outcome's shape; one number for each unit is taken for all its periods."""
    made = _numbers(values, name)
    if made.shape == (outcome.shape[0],):
        made = np.repeat(made[:, None], outcome.shape[1], axis=1)
    if made.shape != outcome.shape:
        raise BadPanel(
            f"{name} has shape {made.shape} and the outcome {outcome.shape}; they must agree"
        )
    _refuse_gaps(made, name)
    return made


def positive(values: ArrayLike, outcome: Floats, name: str) -> Floats:
    """Numbers of the outcome's shape, all above zero."""
    made = like(values, outcome, name)
    if made.min() <= 0:
        unit, period = np.argwhere(made <= 0)[0]
        raise BadPanel(
            f"{name} is {made[unit, period]:g} in unit {unit}, period {period}; it must be positive"
        )
    return made


def stacked(covariates: ArrayLike | None, outcome: Floats) -> Floats:
    """Covariates as an array of shape (covariates, units, periods); none of them is no layer."""
    if covariates is None:
        return np.empty((0, *outcome.shape))
    made = _numbers(covariates, "covariates")
    if made.ndim != 3 or made.shape[1:] != outcome.shape:
        raise BadPanel(
            f"covariates have shape {made.shape}; they take (covariates, "
            f"{outcome.shape[0]} units, {outcome.shape[1]} periods)"
        )
    for layer in made:
        _refuse_gaps(layer, "a covariate")
    return made


def counts(outcome: ArrayLike, observed: ArrayLike | None = None) -> Floats:
    """An outcome of counts: none below zero, and not all of them zero."""
    made = panel(outcome, observed)
    if made.min() < 0:
        unit, period = np.argwhere(made < 0)[0]
        raise BadPanel(
            f"the count of unit {unit}, period {period} is {made[unit, period]:g}; "
            "counts are zero or more"
        )
    return made


def labels(values: ArrayLike | None, units: int, name: str) -> Ints:
    """One whole-number label a unit, renumbered from 0; each unit its own where none are given."""
    if values is None:
        return np.arange(units)
    made = np.asarray(values)
    if made.shape != (units,):
        raise BadPanel(
            f"{name} has shape {made.shape}; it takes one label for each of {units} units"
        )
    return np.asarray(np.unique(made, return_inverse=True)[1], dtype=np.int64)


def treated_units(treated: ArrayLike, units: int) -> Flags:
    """Which units are treated: some, and not all."""
    made = np.asarray(treated)
    if made.shape != (units,) or made.dtype != np.bool_:
        raise BadPanel(
            f"treated has shape {made.shape} and type {made.dtype}; "
            f"it takes one True or False for each of {units} units"
        )
    if not made.any():
        raise BadPanel("no unit is treated; name at least one")
    if made.all():
        raise BadPanel(f"all {units} units are treated; a comparison needs some that are not")
    return np.asarray(made, dtype=np.bool_)


def cohorts(cohort: ArrayLike, outcome: Floats) -> Ints:
    """The index of each unit's first treated period, NEVER for the untreated."""
    units, periods = outcome.shape
    made = np.asarray(cohort)
    if made.shape != (units,) or not np.issubdtype(made.dtype, np.integer):
        raise BadPanel(
            f"cohort has shape {made.shape} and type {made.dtype}; it takes one whole number, "
            f"the first treated period or {NEVER}, for each of {units} units"
        )
    outside = (made != NEVER) & ((made < 0) | (made >= periods))
    if outside.any():
        unit = int(np.argmax(outside))
        raise BadPanel(
            f"unit {unit} is first treated in period {made[unit]}; "
            f"the panel has periods 0 to {periods - 1}"
        )
    if (made == NEVER).all():
        raise BadPanel("no unit is treated; name at least one")
    return made.astype(np.int64)


def first_period(first: int, periods: int) -> int:
    """The first treated period, with at least one period before it."""
    if not 0 < first < periods:
        raise BadPanel(
            f"treatment starts in period {first} of {periods}; it takes one from 1 to "
            f"{periods - 1}, so that there is a before and an after"
        )
    return first


def _numbers(values: ArrayLike, name: str) -> Floats:
    try:
        return np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise BadPanel(
            f"the {name} holds something that is no number, or rows of unequal length"
        ) from None


def _refuse_gaps(values: Floats, name: str) -> None:
    gaps = ~np.isfinite(values)
    if gaps.any():
        unit, period = np.argwhere(gaps)[0]
        raise BadPanel(
            f"{name} has {int(gaps.sum())} cells that are no number, the first in unit {unit}, "
            f"period {period}; leave out those units or periods"
        )
