"""Ridge-augmented synthetic control: what the weights leave before treatment is corrected after it.

Ben-Michael, Feller and Rothstein (2021, JASA 116:1789). Where no weighted mean of donors comes
close to the treated unit, a ridge regression of later on earlier outcomes says what the remaining
gaps would have meant. The result is again a weighted sum of donors, and some weights may be below
zero: it reaches outside what donors have been, as far as lambda lets it.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from baserate.errors import BadPanel
from baserate.evaluate.synthetic.donor_pool import donor_pool
from baserate.evaluate.synthetic.simplex import (
    Flags,
    Floats,
    simplex_weights,
    simplex_weights_under,
)
from baserate.evaluate.synthetic.synthetic_control import SyntheticControl, assemble

LambdaRule = Literal["lowest error", "one standard error"]

# Lambdas tried: from the largest squared singular value of the donors' past, where next to nothing
# is corrected, down to this share of it, in equal steps of the logarithm.
SMALLEST_SHARE, STEPS = 1e-8, 20


@dataclass(frozen=True, slots=True)
class AugmentedControl(SyntheticControl):
    """A synthetic control, and how it was corrected. Weights may be below zero; they add up to 1.

    ridge_lambda     how much correction is held back, in squared outcome units
    lambdas, errors  what was tried, and the mean squared error in a period left out
    simplex_weights  (units,) before the correction, all zero or more
    uncorrected      the effect with those
    below_zero       the sum of weights below zero: how far it reaches outside the donors
    """

    ridge_lambda: float
    lambdas: Floats
    errors: Floats
    simplex_weights: Floats
    uncorrected: float
    below_zero: float


def augmented_synthetic_control(
    outcome: ArrayLike,
    treated: ArrayLike,
    first: int,
    *,
    treated_is_donor: bool,
    lambda_rule: LambdaRule = "one standard error",
    level: float = 0.95,
    seed: int = 0,
) -> AugmentedControl:
    """Synthetic control on past outcomes, corrected by ridge regression; placebos likewise.

    `outcome` (units, periods), `treated` (units,) of True and False, `first` the index of the
    first treated period. Lambda is chosen by leaving out each period before treatment in turn: the
    one with the lowest error, or the largest within one standard error of that. Each placebo
    chooses its own. `seed` draws groups of donors where several units are treated.

    >>> rng = np.random.default_rng(1)
    >>> outcome = rng.normal(size=(8, 12)) + np.arange(12); outcome[0] += 3
    >>> made = augmented_synthetic_control(outcome, np.arange(8) == 0, 9, treated_is_donor=False)
    >>> made.below_zero < 0, float(made.donor_weights.sum().round(9))
    (True, 1.0)
    """
    if lambda_rule not in ("lowest error", "one standard error"):
        raise BadPanel(f"lambda_rule={lambda_rule!r}; use 'lowest error' or 'one standard error'")
    pool = donor_pool(outcome, treated, first)
    if first < 3:
        raise BadPanel(f"{first} periods before treatment; lambda is chosen from at least three")

    def weigh(before: Floats, mixes: Floats, is_donor: Flags) -> Floats:
        made = np.zeros(is_donor.shape)
        for weights, target, donors in zip(made, mixes @ before, is_donor, strict=True):
            weights[donors] = _fit(before[donors], target, lambda_rule)[0]
        return made

    control = assemble(pool, weigh, treated_is_donor=treated_is_donor, level=level, seed=seed)
    before, after = np.split(pool.rows, [first], axis=1)
    _, simple, chosen, tried, errors = _fit(before[1:], before[0], lambda_rule)
    kept = control.donor_weights
    return AugmentedControl(
        **{field.name: getattr(control, field.name) for field in fields(control)},
        ridge_lambda=chosen,
        lambdas=tried,
        errors=errors,
        simplex_weights=pool.spread(np.concatenate([[0.0], simple])),
        uncorrected=float((after[0] - simple @ after[1:]).mean()),
        below_zero=float(kept[kept < 0].sum()),
    )


def _fit(
    donors: Floats, target: Floats, rule: LambdaRule
) -> tuple[Floats, Floats, float, Floats, Floats]:
    """Corrected and simplex weights, the chosen lambda, all lambdas and their errors."""
    middle = donors.mean(axis=0)
    past, own = donors - middle, target - middle
    lambdas = np.linalg.norm(past, 2) ** 2 * np.geomspace(1.0, SMALLEST_SHARE, STEPS + 1)
    misses = _missed(past, own, lambdas)
    errors = np.mean(misses**2, axis=0)
    best = int(errors.argmin())
    if rule == "one standard error":
        spread = np.std(misses[:, best] ** 2, ddof=1) / np.sqrt(len(own))
        best = int(np.flatnonzero(errors <= errors[best] + spread)[0])
    simple = simplex_weights(past.T, own)
    corrected = simple + _corrections(past, own - simple @ past, float(lambdas[best]))
    return corrected, simple, float(lambdas[best]), lambdas, errors


def _missed(past: Floats, own: Floats, lambdas: Floats) -> Floats:
    """By how much each lambda misses each period fitted on the others, (periods, lambdas)."""
    kept = 1.0 - np.eye(len(own))
    simple = simplex_weights_under(past.T, own, kept)
    products = past.T @ past
    squares, turned = np.linalg.eigh(products * kept[:, :, None] * kept[:, None, :])
    left = np.einsum("ptk,pt->pk", turned, (own - simple @ past) * kept)
    toward = left * np.einsum("pt,ptk->pk", products, turned)
    held_back = np.maximum(squares, 0.0)[:, None, :] + lambdas[:, None]
    corrected = np.einsum("pk,plk->pl", toward, 1 / held_back)
    return np.asarray((own - np.einsum("pd,dp->p", simple, past))[:, None] - corrected)


def _corrections(past: Floats, left: Floats, chosen: float) -> Floats:
    """Weights (donors,) that ridge regression adds for the gaps left by the simplex."""
    squares, turned = np.linalg.eigh(past.T @ past)
    shrunk = (left @ turned) / (np.maximum(squares, 0.0) + chosen)
    return np.asarray(past @ (turned @ shrunk))
