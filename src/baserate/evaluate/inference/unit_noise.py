"""How far units swing from period to period before a program, and estimates in that measure.

Cities with high rates swing further than others, in offenses per 100,000, and programs choose such
cities. The size of an estimate ranked among those for any other cities then says who was chosen
and not what happened: with the 5 highest of 66 treated, nearly two panels in three without an
effect had a p of 5%. Each estimate divided by how far its own units usually swing is comparable
(a studentized test: Janssen 1997, Statistics and Probability Letters 36:9). Only periods before
the program count, so an effect does not change the measure.
"""

from __future__ import annotations

import numpy as np

from baserate.evaluate.inference.placebo_groups import critical_size, usual_size
from baserate.evaluate.inference.shapes import Flags, Floats

FEWEST_BEFORE = 3  # periods; with fewer, units cannot be told apart
WORTH = 3.0  # changes that the usual unit's variance counts as in each unit's


def unit_noise(outcome: Floats, first: int) -> Floats:
    """The variance of each unit's changes from one period to the next before `first`, (units,).

    `outcome` has shape (units, periods). What all units share is taken out, and each variance is
    drawn toward the median one as if by three changes more. All ones with under three periods.

    >>> unit_noise(np.array([[1.0, 9, 1, 9], [4, 5, 4, 5], [5, 4, 5, 4]]), 4).round(1)
    array([26.5,  2. ,  4. ])
    """
    if first < FEWEST_BEFORE:
        return np.ones(len(outcome))
    changes = np.diff(outcome[:, :first], axis=1)
    own = changes - np.median(changes, axis=0)
    squares = (own**2).sum(axis=1)
    usual = float(np.median(squares)) / own.shape[1] or float(squares.mean()) / own.shape[1]
    if not usual:
        return np.ones(len(outcome))
    return np.asarray((squares + WORTH * usual) / (own.shape[1] + WORTH))


def noise_of_groups(noise: Floats, groups: Flags) -> Floats:
    """The error that this noise gives a group's mean less the mean of the others, (groups,).

    `groups` has shape (groups, units).

    >>> noise_of_groups(np.array([4.0, 1.0, 1.0]), np.array([[True, False, False]])).round(2)
    array([2.12])
    """
    inside, outside = groups.sum(axis=1), (~groups).sum(axis=1)
    variance = groups @ noise / inside**2 + ~groups @ noise / outside**2
    return np.asarray(np.sqrt(variance))


def detectable(statistics: Floats, observed: float, own: float, *, is_complete: bool) -> float:
    """The smallest effect found with probability 0.80 at 5%, in the outcome's unit.

    `statistics` are estimates in the noise of their units, `own` the noise of the treated ones. The
    real one is among them if they are complete.
    """
    others = without_own(statistics, observed) if is_complete else statistics
    return (critical_size(others) + usual_size(others)) * own


def without_own(statistics: Floats, observed: float) -> Floats:
    """All assignments' statistics but the real one's."""
    return np.delete(statistics, int(np.abs(statistics - observed).argmin()))
