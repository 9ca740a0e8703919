"""Weights on the simplex with a ridge, which leaves many of them above zero.

To add donors one by one would be slow where hundreds of them get a weight. Given which weights are
zero, the others have a closed form, and the optimum is where that form agrees on which are zero:
all are asked at once and again until they do (Hintermüller, Ito and Kunisch 2002, SIAM Journal on
Optimization 13:865).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# A smaller ridge, as a share of the longest squared column, is lost in rounding.
LEAST_RIDGE = 1e-7

ROUNDS = 60  # a handful is usual


def ridge_weights(away: Floats, ridge: float) -> Floats | None:
    """Minimize ||away @ w||^2 + ridge * ||w||^2 over w >= 0 that add up to 1.

    `away` (rows, donors), each donor less the target. None where rounding would spoil it or the
    rounds do not end; then another way must be taken.

    >>> ridge_weights(np.array([[0.0, 2.0]]), 2.0)
    array([0.75, 0.25])
    """
    if ridge < LEAST_RIDGE * np.einsum("ij,ij->j", away, away).max():
        return None
    above = np.ones(away.shape[1], dtype=np.bool_)
    for _ in range(ROUNDS):
        part = away[:, above]
        share = _unrestricted(part, ridge)
        left = part @ share
        slope = left @ left + ridge * (share @ share)  # the same along all weights above zero
        wanted = left @ away < slope
        if np.array_equal(wanted, above):
            w = np.zeros(away.shape[1])
            w[above] = share
            return w
        above = wanted
    return None


def _unrestricted(part: Floats, ridge: float) -> Floats:
    """The same with no weight kept from falling below zero: by rows or by donors, the fewer."""
    rows, donors = part.shape
    share: Floats
    if rows < donors:
        inner = part @ part.T + ridge * np.eye(rows)
        share = np.asarray(1.0 - np.linalg.solve(inner, part.sum(axis=1)) @ part)
    else:
        inner = part.T @ part + ridge * np.eye(donors)
        share = np.asarray(np.linalg.solve(inner, np.ones(donors)), dtype=np.float64)
    return np.asarray(share / share.sum())
