"""Randomization inference for two-way fixed effects, linear and for counts.

How often would treating other units have given an estimate as large? Estimates of all assignments,
at any assumed effect, follow from a few sums by cluster, so that an interval by inversion costs
little more than one p.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from baserate.evaluate.counts.fit import FARTHEST, Family, fit_counts
from baserate.evaluate.counts.panel import CountPanel
from baserate.evaluate.differences.cluster_sums import Partial, Sums, sums_of_orders
from baserate.evaluate.differences.twoway import Design
from baserate.evaluate.differences.within import Within, check_left
from baserate.evaluate.inference.inversion import inverted
from baserate.evaluate.inference.power import mde_of_placebos
from baserate.evaluate.inference.randomization import (
    IN_NOISE,
    Randomization,
    assignments,
    rule_of,
    share_as_large,
    too_few_note,
)
from baserate.evaluate.inference.shapes import Floats, Ints
from baserate.evaluate.inference.unit_noise import detectable, noise_of_groups
from baserate.terms.quantities import Interval

Statistic = Literal["t", "coefficient", "noise"]
SAID: dict[Statistic, str] = {"t": "t statistic", "coefficient": "coefficient", "noise": IN_NOISE}

METHOD = "randomization inference, inverted"


def randomize_two_way(
    made: Design,
    *,
    draws: int = 999,
    seed: int,
    strata: ArrayLike | None = None,
    statistic: Statistic = "t",
    noise: Floats | None = None,
    level: float | None = 0.95,
) -> Randomization:
    """Randomization inference for two-way fixed effects, with an interval by inversion.

    `made` is what `twoway.design` returns. The t is a better statistic than the coefficient where
    units differ in size or noise; "noise" is better still with few treated units, the coefficient
    over what the `noise` (units,) of `unit_noise` makes of the assignment. The mde is by the
    spread of coefficients, or of those in the noise of their units. The interval holds every
    constant effect that, taken out of the outcome, leaves a p above 1 - level; with no `level` it
    is not worked out.

    >>> from baserate.evaluate.differences.twoway import design
    >>> outcome = np.arange(24.0).reshape(6, 4) % 7
    >>> treated = np.zeros((6, 4)); treated[0, 2:] = 1
    >>> made = randomize_two_way(design(outcome, treated), seed=1)
    >>> made.is_complete, len(made.placebo_effects), made.interval.upper
    (True, 6, inf)
    """
    orders, complete = assignments(made.treatment, draws=draws, seed=seed, strata=strata)
    partial_out = Partial(Within(made.weights, made.groups), made.weights, made.covariates)
    outcome = partial_out.left(made.outcome)
    check_left(partial_out.left(made.treatment[None]), made.treatment[None], made.weights)
    own, others = sums_of_orders(
        partial_out, outcome, made.treatment, orders, made.weights, made.clusters
    )

    scales = None if noise is None else _scales(made.treatment, orders, noise)

    def p_of(assumed: float) -> float:
        return p_by(statistic, own, others, assumed, complete, scales)

    effect = float(own.effects()[0])
    limits = inverted(p_of, effect, _error(own), METHOD, level) if level else None
    told = ranked(effect, p_of(0.0), others.effects(), limits, complete, statistic, strata)
    if scales is None:
        return told
    scale, each = scales
    statistics = told.placebo_effects / each
    return replace(told, mde=detectable(statistics, effect / scale, scale, is_complete=complete))


def _scales(treatment: Floats, orders: list[Ints], noise: Floats) -> tuple[float, Floats]:
    """What the noise of units makes of the real assignment, and of all."""
    treated = (treatment != 0).any(axis=1)
    groups = treated[np.array(orders)]
    return float(noise_of_groups(noise, treated[None])[0]), noise_of_groups(noise, groups)


def ranked(
    effect: float,
    p: float,
    placebos: Floats,
    limits: Interval | None,
    complete: bool,
    statistic: Statistic,
    strata: ArrayLike | None,
) -> Randomization:
    """A test by randomization as its record."""
    return Randomization(
        effect=effect,
        p_value=p,
        p_rule=rule_of(len(placebos), complete, SAID[statistic], strata is not None),
        placebo_effects=placebos,
        is_complete=complete,
        interval=limits,
        mde=mde_of_placebos(placebos),
        notes=too_few_note(len(placebos), complete),
    )


def p_by(
    statistic: Statistic,
    own: Sums,
    others: Sums,
    assumed: float,
    complete: bool,
    scales: tuple[float, Floats] | None = None,
) -> float:
    """The p of the hypothesis that the effect is as assumed."""
    if statistic == "t":
        return share_as_large(others.ts(assumed), float(own.ts(assumed)[0]), complete)
    scale, each = (1.0, np.ones(1)) if scales is None else scales
    effect = float(own.effects(assumed)[0]) / scale
    return share_as_large(others.effects(assumed) / each, effect, complete)


def _error(own: Sums) -> float:
    """The estimate's clustered error, for the first step of an inversion."""
    effect, t = float(own.effects()[0]), float(own.ts()[0])
    return abs(effect / t) if t else 1.0


def randomize_counts(
    made: CountPanel,
    *,
    family: Family = "poisson",
    draws: int = 999,
    seed: int,
    strata: ArrayLike | None = None,
    statistic: Statistic = "t",
    level: float | None = 0.95,
) -> Randomization:
    """Randomization inference for counts, with an interval by inversion.

    `made` is what `count_panel` returns. The model is fitted without treatment, or with
    the assumed effect in its offset, and each assignment is then judged by the step towards its own
    estimate (a score test), so that one fit serves them all. Effects are log rate ratios; the
    placebo effects are such steps. Units without any event are given no treatment. The interval
    takes most of the time; with no `level` it is not worked out.

    >>> from baserate.evaluate.counts.panel import count_panel
    >>> counts = np.array([[20, 22, 6], [40, 42, 44], [30, 31, 36], [10, 14, 12]])
    >>> treated = np.zeros((4, 3)); treated[0, 2] = 1
    >>> made = randomize_counts(count_panel(counts, treated), seed=1)
    >>> round(made.effect, 2), made.p_value
    (-1.35, 0.25)
    """
    made, strata = _with_events(made, strata)
    regressors = np.concatenate([made.treatment[None], made.covariates])
    full = fit_counts(made.outcome, regressors, made.offset, made.seen, made.groups, family)
    effect = float(full.coefficients[0])
    orders, complete = assignments(made.treatment, draws=draws, seed=seed, strata=strata)
    at = partial(_score_sums, made=made, family=family, orders=orders)

    def p_of(assumed: float) -> float:
        if abs(assumed) > FARTHEST:
            return 1.0  # not excluded: no count tells such ratios apart
        own, others = at(assumed)
        return p_by(statistic, own, others, 0.0, complete)

    own, others = at(0.0)
    limits = inverted(p_of, effect, _error(own), METHOD, level) if level else None
    p = p_by(statistic, own, others, 0.0, complete)
    return ranked(effect, p, others.effects(), limits, complete, statistic, strata)


def _with_events(made: CountPanel, strata: ArrayLike | None) -> tuple[CountPanel, ArrayLike | None]:
    """The panel, and strata, of units that have events."""
    rows = made.seen.any(axis=1)
    kept = replace(
        made,
        outcome=made.outcome[rows],
        treatment=made.treatment[rows],
        covariates=made.covariates[:, rows],
        offset=made.offset[rows],
        seen=made.seen[rows],
        groups=made.groups[rows],
        clusters=np.unique(made.clusters[rows], return_inverse=True)[1],
    )
    return kept, None if strata is None else np.asarray(strata)[rows]


def _score_sums(
    assumed: float, *, made: CountPanel, family: Family, orders: list[Ints]
) -> tuple[Sums, Sums]:
    """Sums of the real and of all assignments, where the effect is fixed at the one assumed."""
    offset = made.offset + assumed * made.treatment
    fitted = fit_counts(made.outcome, made.covariates, offset, made.seen, made.groups, family)
    weights = fitted.weights
    working = np.divide(fitted.residuals, weights, out=np.zeros_like(weights), where=weights > 0)
    partial_out = Partial(fitted.within, weights, made.covariates)
    return sums_of_orders(partial_out, working, made.treatment, orders, weights, made.clusters)
