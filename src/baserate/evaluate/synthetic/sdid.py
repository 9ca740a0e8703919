"""Synthetic difference in differences: donors and periods are both weighed.

Arkhangelsky, Athey, Hirshberg, Imbens and Wager (2021, AER 111:4088). Donors get weights omega that
make their past run parallel to that of the treated units, periods get weights lambda that make them
like the time after treatment, and the effect is a difference in differences with both. The same
formula with other weights is the synthetic control and the plain difference in differences.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr, ndtri

from baserate.errors import BadPanel
from baserate.evaluate.synthetic.donor_pool import (
    FEWEST_DONORS,
    checked_first,
    checked_outcome,
    checked_treated,
)
from baserate.evaluate.synthetic.frank_wolfe import (
    TINY_RIDGE,
    Solver,
    checked_solver,
    frank_wolfe_weights,
    noise_level,
)
from baserate.evaluate.synthetic.simplex import Flags, Floats, Indices, simplex_weights
from baserate.terms.quantities import Interval


@dataclass(frozen=True, slots=True)
class SyntheticDifference:
    """What synthetic difference in differences says.

    effect           mean effect on the treated after treatment, in outcome units
    percent          the same of the counterfactual mean; None where that is not above zero
    standard_error   spread of `placebo_effects`, the same estimate for untreated units taken for
                     treated; with it `interval`, `p_value` and `mde` (2.8016 of it) by the normal
                     distribution. All four are None where there are too few donors
    donor_weights    (units,) omega, zero for the treated; `period_weights` (first,) lambda
    zeta, sigma      the ridge of omega, and the noise that it is made of: the standard deviation of
                     donors' changes from one period to the next before treatment
    gaps             (periods,) treated less weighted donors, less the weighted mean of that before
    synthetic_control_effect   by the same solver, all weight on donors and no intercept, with its
                     `synthetic_control_weights` (units,); `difference_in_differences` by even ones
    """

    effect: float
    percent: float | None
    standard_error: float | None
    interval: Interval | None
    p_value: float | None
    p_rule: str
    mde: float | None
    donor_weights: Floats
    period_weights: Floats
    zeta: float
    sigma: float
    gaps: Floats
    synthetic_control_effect: float
    synthetic_control_weights: Floats
    difference_in_differences: float
    placebo_effects: Floats
    notes: tuple[str, ...]


def synthetic_difference_in_differences(
    outcome: ArrayLike,
    treated: ArrayLike,
    first: int,
    *,
    seed: int,
    replications: int = 200,
    solver: Solver = "frank-wolfe",
    level: float = 0.95,
) -> SyntheticDifference:
    """Weigh donors and periods, then take the difference in differences.

    `outcome` (units, periods), `treated` (units,) of True and False, `first` the index of the
    first treated period, the same for all. The standard error is that of placebos (the paper's
    algorithm 4): as many donors as there are treated units are taken for treated, `replications`
    times by `seed`; where one unit is treated, each donor once. "frank-wolfe" weights are the
    authors', "exact" ones the optimum, from which theirs stop a little short; placebos are exact.

    >>> rng = np.random.default_rng(1)
    >>> outcome = rng.normal(size=(12, 1)) + rng.normal(size=8) + rng.normal(size=(12, 8)) / 9
    >>> outcome[0, 6:] += 5
    >>> made = synthetic_difference_in_differences(outcome, np.arange(12) == 0, 6, seed=1)
    >>> round(made.effect, 1), 5 in made.interval, made.p_rule
    (5.0, True, 'normal distribution with the standard error of 11 placebos')
    """
    panel = checked_outcome(outcome)
    flags = checked_treated(treated, len(panel))
    checked_first(first, panel.shape[1])
    checked_solver(solver)
    if replications < 2:
        raise BadPanel(f"{replications} replications; a standard error needs at least 2")
    donors, target, count = panel[~flags], panel[flags].mean(axis=0), int(flags.sum())
    recipe = recipe_of(donors, count, first, solver)
    omega, lambda_ = recipe.weights(donors, target)
    gaps = recipe.gaps(donors, target, omega, lambda_)
    effect = float(gaps[first:].mean())
    fixed = recipe.without_intercept(donors, target)
    placebos = _placebos(donors, count, recipe, replications, seed)
    error = float(np.std(placebos)) if len(placebos) and np.ptp(placebos) > 0 else None
    counterfactual = float(target[first:].mean()) - effect
    return SyntheticDifference(
        effect=effect,
        percent=100 * effect / counterfactual if counterfactual > 0 else None,
        standard_error=error,
        interval=_interval(effect, error, level) if error else None,
        p_value=float(2 * ndtr(-abs(effect) / error)) if error else None,
        p_rule=P_RULE.format(len(placebos)) if error else "no p: there is no standard error",
        mde=float(ndtri(0.975) + ndtri(0.8)) * error if error else None,
        donor_weights=_spread(omega, flags),
        period_weights=lambda_,
        zeta=recipe.zeta,
        sigma=recipe.sigma,
        gaps=gaps,
        synthetic_control_effect=float((target - fixed @ donors)[first:].mean()),
        synthetic_control_weights=_spread(fixed, flags),
        difference_in_differences=_even(donors, target, recipe),
        placebo_effects=placebos,
        notes=() if error else ((NO_SPREAD if len(placebos) else NO_PLACEBO),),
    )


P_RULE = "normal distribution with the standard error of {} placebos"
NO_PLACEBO = "too few donors to take as many of them for treated as there are: no standard error"
NO_SPREAD = "all placebos give the same effect: no standard error"


def _interval(effect: float, error: float, level: float) -> Interval:
    reach = float(ndtri(0.5 + level / 2)) * error
    return Interval(effect - reach, effect + reach, "normal, placebo standard error", level)


@dataclass(frozen=True, slots=True)
class Recipe:
    """What stays the same for the treated units and for placebos: ridge, noise and solver."""

    first: int
    zeta: float
    sigma: float
    solver: Solver

    def weights(self, donors: Floats, target: Floats) -> tuple[Floats, Floats]:
        """Omega and lambda, each with an intercept."""
        before, after = donors[:, : self.first], donors[:, self.first :].mean(axis=1)
        return (
            self.solve(*_centered(before.T, target[: self.first]), self.zeta),
            self.solve(*_centered(before, after), TINY_RIDGE * self.sigma),
        )

    def without_intercept(self, donors: Floats, target: Floats) -> Floats:
        """The weights of a synthetic control, which must fit the level too."""
        zeta = TINY_RIDGE * self.sigma
        return self.solve(donors[:, : self.first].T, target[: self.first], zeta)

    def solve(self, columns: Floats, target: Floats, zeta: float) -> Floats:
        """Weights on the simplex: mean square over rows, plus zeta^2 ||w||^2."""
        ridge = len(target) * zeta**2
        if self.solver == "exact":
            return simplex_weights(columns, target, ridge=ridge)
        return frank_wolfe_weights(columns, target, ridge=ridge, noise=self.sigma)

    def gaps(self, donors: Floats, target: Floats, omega: Floats, lambda_: Floats) -> Floats:
        """Target less weighted donors, less its weighted mean before: after, the effect's path."""
        apart = target - omega @ donors
        return np.asarray(apart - lambda_ @ apart[: self.first])


def recipe_of(donors: Floats, treated: int, first: int, solver: Solver) -> Recipe:
    """The recipe by the noise of the donors and the number of treated units.

    >>> round(recipe_of(np.array([[1.0, 2, 4, 3], [2, 2, 3, 5]]), 1, 3, "exact").sigma, 3)
    0.816
    """
    sigma = noise_level(donors[:, :first])
    return Recipe(first, (treated * (donors.shape[1] - first)) ** 0.25 * sigma, sigma, solver)


def _spread(weights: Floats, treated: Flags) -> Floats:
    """Weights of donors as weights of all units."""
    made = np.zeros(len(treated))
    made[~treated] = weights
    return made


def _centered(columns: Floats, target: Floats) -> tuple[Floats, Floats]:
    """An intercept, taken out."""
    return columns - columns.mean(axis=0), target - target.mean()


def _even(donors: Floats, target: Floats, recipe: Recipe) -> float:
    """The difference in differences: every donor and every period before counts the same."""
    apart = target - donors.mean(axis=0)
    return float(apart[recipe.first :].mean() - apart[: recipe.first].mean())


def _placebos(donors: Floats, count: int, recipe: Recipe, replications: int, seed: int) -> Floats:
    """The same estimate with `count` donors taken for treated; none where too few are left."""
    if len(donors) < count + FEWEST_DONORS:
        return np.empty(0)
    exact, effects = replace(recipe, solver="exact"), []
    for chosen in _draws(len(donors), count, replications, seed):
        rest, target = np.delete(donors, chosen, axis=0), donors[chosen].mean(axis=0)
        gaps = exact.gaps(rest, target, *exact.weights(rest, target))
        effects.append(gaps[recipe.first :].mean())
    return np.array(effects)


def _draws(donors: int, count: int, replications: int, seed: int) -> list[Indices]:
    """Which donors are taken for treated, each time."""
    if count == 1:
        return [np.array([j]) for j in range(donors)]
    rng = np.random.default_rng(seed)
    return [rng.permutation(donors)[:count] for _ in range(replications)]
