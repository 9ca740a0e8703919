"""Two-way fixed effects where few clusters are treated, and clustered errors are too small.

Randomization inference asks how often treating other units would have given an estimate as large.
The wild cluster bootstrap gives each cluster's residuals a random weight, with the hypothesis
imposed. With very few treated clusters the bootstrap hardly ever rejects (MacKinnon and Webb 2017,
Journal of Applied Econometrics 32:233); believe randomization inference then.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from math import inf
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from baserate.errors import BadPanel
from baserate.evaluate.power import mde_of_placebos
from baserate.evaluate.randomization import (
    Randomization,
    assignments,
    rule_of,
    share_as_large,
    too_few_note,
)
from baserate.evaluate.shapes import Floats
from baserate.evaluate.twoway import Design, few_treated_note
from baserate.evaluate.within import NOTHING_LEFT, Within, small_sample_factor, summed_by_cluster
from baserate.terms.quantities import Interval

Statistic = Literal["t", "coefficient"]

# Webb 2023, Canadian Journal of Economics 56:839: six weights, so that few clusters still give
# many different draws.
WEBB = np.sqrt(np.array([1.5, 1.0, 0.5]))


def randomize_two_way(
    made: Design,
    *,
    draws: int = 999,
    seed: int,
    strata: ArrayLike | None = None,
    statistic: Statistic = "t",
    level: float = 0.95,
) -> Randomization:
    """Randomization inference for two-way fixed effects, with an interval by inversion.

    `made` is what `twoway.design` returns. The t is the better statistic where units differ in
    size or noise; the coefficient also gives a minimum detectable effect, so its placebo spread
    is kept either way. The interval holds every constant effect that, taken out of the outcome,
    leaves a p above 1 - level.

    >>> from baserate.evaluate.twoway import design
    >>> outcome = np.arange(24.0).reshape(6, 4) % 7
    >>> treated = np.zeros((6, 4)); treated[0, 2:] = 1
    >>> made = randomize_two_way(design(outcome, treated), seed=1)
    >>> made.is_complete, len(made.placebo_effects), made.interval.upper
    (True, 6, inf)
    """
    orders, complete = assignments(made.treatment, draws=draws, seed=seed, strata=strata)
    within = Within(made.weights, made.groups)
    outside = within.residual(made.covariates)
    real = _partial(within, made.treatment, made, outside)
    outcome = _partial(within, made.outcome, made, outside)
    sums = [_Sums(outcome, real, _partial(within, made.treatment[o], made, outside), made)
            for o in orders]  # fmt: skip
    own, others = _Sums(outcome, real, real, made), _All(sums)
    p_of = partial(_p_of_effect, own=own, others=others, complete=complete, statistic=statistic)
    effect, error = own.effect(0.0), abs(own.effect(0.0) / (own.t(0.0) or inf))
    coefficients = others.effects(0.0)
    which = "t statistic" if statistic == "t" else "coefficient"
    return Randomization(
        effect=effect,
        p_value=p_of(0.0),
        p_rule=rule_of(len(orders), complete, which, strata is not None),
        placebo_effects=coefficients,
        is_complete=complete,
        interval=inverted(p_of, effect, error, "randomization inference, inverted", level),
        mde=mde_of_placebos(coefficients),
        notes=too_few_note(len(orders), complete),
    )


def _partial(within: Within, values: Floats, made: Design, outside: Floats) -> Floats:
    """What effects and covariates leave of a variable."""
    left = within.residual(values)
    if not len(outside):
        return left
    gram = np.einsum("aij,ij,bij->ab", outside, made.weights, outside)
    on = np.linalg.solve(gram, np.einsum("aij,ij,ij->a", outside, made.weights, left))
    return np.asarray(left - np.tensordot(on, outside, axes=1))


class _Sums:
    """Of one assignment: sums by cluster from which its estimate follows at any assumed effect."""

    def __init__(self, outcome: Floats, real: Floats, assigned: Floats, made: Design) -> None:
        weighted = made.weights * assigned
        by = [(weighted * v).sum(axis=1) for v in (outcome, real, assigned)]
        self.outcome, self.real, self.own = summed_by_cluster(np.array(by), made.clusters)

    def effect(self, assumed: float) -> float:
        return float((self.outcome - assumed * self.real).sum() / self.own.sum())

    def t(self, assumed: float) -> float:
        scores = self.outcome - assumed * self.real - self.effect(assumed) * self.own
        spread = float(np.sqrt((scores**2).sum()))
        return self.effect(assumed) * float(self.own.sum()) / spread if spread else 0.0


class _All:
    """The sums of all assignments, stacked; those that leave no variation are passed over."""

    def __init__(self, sums: list[_Sums]) -> None:
        size = max(s.own.sum() for s in sums)
        kept = [s for s in sums if s.own.sum() > NOTHING_LEFT * size]
        self.outcome, self.real, self.own = (
            np.array([getattr(s, name) for s in kept]) for name in ("outcome", "real", "own")
        )

    def effects(self, assumed: float) -> Floats:
        total = (self.outcome - assumed * self.real).sum(axis=1)
        return np.asarray(total / self.own.sum(axis=1))

    def ts(self, assumed: float) -> Floats:
        effects = self.effects(assumed)
        scores = self.outcome - assumed * self.real - effects[:, None] * self.own
        spread = np.sqrt((scores**2).sum(axis=1))
        return np.asarray(effects * self.own.sum(axis=1) / np.where(spread > 0, spread, inf))


def _p_of_effect(
    assumed: float, *, own: _Sums, others: _All, complete: bool, statistic: Statistic
) -> float:
    """The p of the hypothesis that the effect is as assumed."""
    if statistic == "t":
        return share_as_large(others.ts(assumed), own.t(assumed), complete)
    return share_as_large(others.effects(assumed), own.effect(assumed), complete)


def inverted(
    p_of: Callable[[float], float], effect: float, error: float, method: str, level: float
) -> Interval:
    """The effects around the estimate that a test does not reject, each end found by bisection."""
    lower, upper = (_end(p_of, effect, side * (error or 1.0), 1 - level) for side in (-1, 1))
    return Interval(lower, upper, method, level)


def _end(p_of: Callable[[float], float], effect: float, step: float, alpha: float) -> float:
    inside, outside = effect, effect + step
    while p_of(outside) > alpha:
        inside, outside = outside, effect + 2 * (outside - effect)
        if abs(outside - effect) > 2**20 * abs(step):
            return inf if step > 0 else -inf
    for _ in range(40):
        middle = (inside + outside) / 2
        inside, outside = (middle, outside) if p_of(middle) > alpha else (inside, middle)
    return outside


@dataclass(frozen=True, slots=True)
class WildBootstrap:
    """A wild cluster bootstrap of two-way fixed effects, the hypothesis imposed.

    standard_error  CR1, as in `two_way`; the p and the interval do not rest on its size
    """

    effect: float
    standard_error: float
    p_value: float
    p_rule: str
    interval: Interval
    notes: tuple[str, ...]


def wild_cluster_bootstrap(
    made: Design, *, draws: int = 999, seed: int, level: float = 0.95
) -> WildBootstrap:
    """The p of no effect, and an interval by inversion, with Webb's six weights.

    Cameron, Gelbach and Miller 2008, Review of Economics and Statistics 90:414; worked out from
    sums by cluster, as Roodman and others 2019, Stata Journal 19:4, so that draws cost nothing.
    Refuses fewer than three clusters.

    >>> from baserate.evaluate.twoway import design
    >>> outcome = np.random.default_rng(2).normal(size=(12, 6))
    >>> treated = np.zeros((12, 6)); treated[:6, 3:] = 1
    >>> 0.05 < wild_cluster_bootstrap(design(outcome, treated), seed=1).p_value < 1
    True
    """
    clusters = int(np.unique(made.clusters[(made.weights > 0).any(axis=1)]).size)
    if clusters < 3:
        raise BadPanel(f"{clusters} clusters; a bootstrap of clusters needs at least three")
    if draws < 1:
        raise BadPanel(f"{draws} draws; at least one is needed")
    within = Within(made.weights, made.groups)
    outside = within.residual(made.covariates)
    x = _partial(within, made.treatment, made, outside)
    y = _partial(within, made.outcome, made, outside)
    own = _Sums(y, x, x, made)
    size = int(made.clusters.max()) + 1
    weights = _webb_weights(draws, size, np.random.default_rng(seed))
    spread = partial(_spread, within=within, x=x, made=made, outside=outside)
    of_outcome, of_treatment = spread(y), spread(x)

    def p_of(assumed: float) -> float:
        scores = weights @ (of_outcome - assumed * of_treatment).T  # (draws, clusters)
        effects = scores.sum(axis=1) / own.own.sum()
        scores -= effects[:, None] * own.own
        ts = effects * own.own.sum() / np.maximum(np.sqrt((scores**2).sum(axis=1)), 1e-300)
        return share_as_large(ts, own.t(assumed), complete=False)

    effect = own.effect(0.0)
    parameters = 2 + len(made.covariates) + within.period_effects
    factor = small_sample_factor(clusters, int((made.weights > 0).sum()), parameters)
    error = abs(effect / own.t(0.0)) * factor**0.5 if own.t(0.0) else 0.0
    return WildBootstrap(
        effect=effect,
        standard_error=error,
        p_value=p_of(0.0),
        p_rule=f"wild cluster bootstrap of the t statistic, no effect imposed, {draws:,} draws of "
        f"Webb's weights for {clusters} clusters",
        interval=inverted(p_of, effect, error, "wild cluster bootstrap, inverted", level),
        notes=few_treated_note(made.treated_clusters),
    )


def _webb_weights(draws: int, clusters: int, generator: np.random.Generator) -> Floats:
    six = np.concatenate([-WEBB, WEBB])
    return np.asarray(generator.choice(six, size=(draws, clusters)))


def _spread(values: Floats, *, within: Within, x: Floats, made: Design, outside: Floats) -> Floats:
    """Score of each cluster (row) from the residuals of each (column), effects taken out again."""
    columns = []
    for cluster in range(int(made.clusters.max()) + 1):
        alone = np.where((made.clusters == cluster)[:, None], values, 0.0)
        left = _partial(within, alone, made, outside)
        columns.append(summed_by_cluster((made.weights * x * left).sum(axis=1), made.clusters))
    return np.array(columns).T
