"""Honest bands: how effects after treatment would change if trends had not been parallel.

Rambachan and Roth 2023, Review of Economic Studies 90:2555, with their restriction on relative
magnitudes: from one period to the next, treated and controls may drift apart by at most `m_bar`
times the largest drift between consecutive periods before treatment. At 0 trends are parallel
after treatment; at 1 the worst that was seen before may go on, in either direction.

The set of effects not rejected is a union over which drift before treatment may have been the
largest, and in which direction. Each is tested by the conditional, least favorable hybrid of
Andrews, Roth and Pakes 2023, Review of Economic Studies 90:2763. For this restriction the drifts
after treatment can be eliminated beforehand: all that matters of them is how far they can carry
the estimand. Two inequalities are left, an upper and a lower bound on the effect, and no linear
program is needed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr, ndtri

from baserate.errors import BadPanel
from baserate.evaluate.inference import wald
from baserate.evaluate.inference.shapes import Flags, Floats
from baserate.evaluate.staggered.event_study import REFERENCE, EventStudy
from baserate.terms.quantities import Interval

FIRST_STAGE = 0.1  # of alpha, spent on the least favorable test, as the authors advise
DRAWS = 2_000  # of the largest of a handful of normal variables; its quantile is good to 1%
GRID = 800  # effects that are tested between the outermost


@dataclass(frozen=True, slots=True)
class HonestBand:
    """Effects that stay possible if trends may drift apart by `m_bar` times the worst before."""

    m_bar: float
    interval: Interval


@dataclass(frozen=True, slots=True)
class HonestBands:
    """An effect after treatment under drifts of several sizes.

    effect       the weighted effect after treatment, in the outcome's unit
    original     its interval if trends were parallel
    bands        one for each m_bar, in order
    breakdown    the largest m_bar asked about at which zero is excluded, None if at none
    worst_drift  the largest drift between consecutive periods before treatment
    """

    effect: float
    original: Interval
    bands: tuple[HonestBand, ...]
    breakdown: float | None
    worst_drift: float


def honest_bands(
    study: EventStudy,
    *,
    m_bars: Sequence[float] = (0.0, 0.5, 1.0, 1.5, 2.0),
    weights: ArrayLike | None = None,
    level: float = 0.95,
    seed: int,
) -> HonestBands:
    """Intervals for an effect after treatment that allow for trends that are not parallel.

    `weights` name the effect: one for each effect of `study` from event time 0 on; their mean if
    not given. `seed` draws the critical value of the first stage. Refuses a study whose effects
    before treatment are not all compared with the reference period, or are not consecutive.

    >>> from baserate.evaluate.staggered.event_study import two_way_event_study
    >>> rng = np.random.default_rng(3)
    >>> began = np.repeat([-1, 4], 30)
    >>> effect = np.where((began == 4)[:, None] & (np.arange(6) > 3), -3.0, 0.0)
    >>> study = two_way_event_study(rng.normal(size=(60, 6)) + effect, began)
    >>> made = honest_bands(study, m_bars=(0.0, 1.0), seed=1)
    >>> [band.interval.upper < 0 for band in made.bands]
    [True, True]
    """
    _refuse(study, m_bars)
    before = np.flatnonzero(study.is_before)
    after = np.flatnonzero(~study.is_before)
    wanted = np.full(after.size, 1 / after.size)
    if weights is not None:
        wanted = np.asarray(weights, dtype=np.float64)
        if wanted.shape != after.shape or not np.any(wanted):
            raise BadPanel(
                f"weights have shape {wanted.shape}; one for each of {after.size} effects after "
                "treatment, not all zero, are needed"
            )
    onto = np.zeros((before.size + 1, study.effect.size))
    onto[np.arange(before.size), before] = 1.0
    onto[-1, after] = wanted
    # The test is for normal estimates; with few degrees of freedom errors are widened to match.
    widen = (wald.quantile(0.975, float(study.degrees.min())) / wald.quantile(0.975)) ** 2
    estimate = onto @ study.effect
    covariance = widen * onto @ study.covariance @ onto.T
    effect, error = float(estimate[-1]), float(np.sqrt(covariance[-1, -1]))
    if error == 0:
        raise BadPanel("the effect after treatment has no error; there is nothing to test with")
    # Drift j moves the effects from j on, so the estimand by the sum of their weights.
    reach = float(np.abs(np.cumsum(wanted[::-1])).sum())
    problem = _Problem(estimate, covariance, reach, 1 - level, seed)
    bands = tuple(HonestBand(m, problem.interval(float(m), level)) for m in sorted(m_bars))
    excluding = [band.m_bar for band in bands if 0.0 not in band.interval]
    return HonestBands(
        effect=effect,
        original=wald.interval(effect, error, "trends parallel", level=level),
        bands=bands,
        breakdown=max(excluding, default=None),
        worst_drift=float(np.abs(problem.drifts @ estimate).max()),
    )


def _refuse(study: EventStudy, m_bars: Sequence[float]) -> None:
    if study.base != "universal":
        raise BadPanel(
            "effects before treatment are compared with the period before each; honest bands need "
            "all compared with the last one: att_gt(..., base='universal')"
        )
    times = study.event_time
    before = times[times < 0]
    wanted = np.arange(before.min(initial=0), REFERENCE)
    if not before.size or before.tolist() != wanted.tolist():
        raise BadPanel(
            f"event times before treatment are {before.tolist()}; honest bands need them "
            f"consecutive, up to {REFERENCE - 1}"
        )
    after = times[times >= 0]
    if not after.size or after.tolist() != list(range(after.size)):
        raise BadPanel(
            f"event times after treatment are {after.tolist()}; honest bands need them "
            "consecutive, from 0"
        )
    if not m_bars or min(m_bars) < 0 or max(m_bars) == inf:
        raise BadPanel(f"m_bars are {tuple(m_bars)}; name at least one, zero or more")


class _Problem:
    """Estimates before treatment and the effect asked about, last, with their covariance."""

    def __init__(
        self, estimate: Floats, covariance: Floats, reach: float, alpha: float, seed: int
    ) -> None:
        self.estimate, self.covariance, self.reach, self.alpha = estimate, covariance, reach, alpha
        self.generator = np.random.default_rng(seed)
        leads = estimate.size - 1
        # The effect of the reference is zero, so the last drift is less the effect before it.
        self.drifts = np.zeros((leads, leads + 1))
        self.drifts[np.arange(leads), np.arange(leads)] = -1.0
        self.drifts[np.arange(leads - 1), np.arange(1, leads)] = 1.0

    def interval(self, m_bar: float, level: float) -> Interval:
        """All effects that some largest drift, in some direction, leaves possible."""
        reach = self._reach(m_bar)
        for _ in range(20):
            grid = self.estimate[-1] + reach * np.linspace(-1, 1, GRID + 1)
            accepted = self._accepts(m_bar, grid)
            if not (accepted[0] or accepted[-1]):
                break
            reach *= 2
        kept = np.flatnonzero(accepted)
        method = f"honest, relative magnitudes {m_bar:g}, conditional least favorable hybrid"
        if accepted[0] or accepted[-1]:
            return Interval(-inf, inf, method, level)
        if not kept.size:  # less is left than the step of the grid
            kept = np.array([GRID // 2])
        return Interval(float(grid[kept[0] - 1]), float(grid[kept[-1] + 1]), method, level)

    def _reach(self, m_bar: float) -> float:
        """How far from the estimate effects are tested: beyond what drifts make possible."""
        error = float(np.sqrt(self.covariance[-1, -1]))
        spread = np.sqrt(np.einsum("ij,jk,ik->i", self.drifts, self.covariance, self.drifts))
        worst = float((np.abs(self.drifts @ self.estimate) + spread).max())
        return 3 * error + m_bar * self.reach * worst

    def _accepts(self, m_bar: float, grid: Floats) -> Flags:
        """Which effects are possible under some largest drift, in some direction."""
        rejected = np.ones(grid.size, dtype=np.bool_)
        for drift in self.drifts:
            for sign in (1.0, -1.0):
                rejected &= self._rejects(m_bar, sign * drift, grid)
        return ~rejected

    def _rejects(self, m_bar: float, largest: Floats, grid: Floats) -> Flags:
        """Which effects the hybrid test rejects, where `largest` is the largest drift, positive.

        The estimate less the effect, and the reverse, are at most what drifts can have made of it.
        """
        target = np.zeros(self.estimate.size)
        target[-1] = 1.0
        bound = m_bar * self.reach * largest
        rows = np.vstack([target - bound, -target - bound])
        covariance = rows @ self.covariance @ rows.T
        spread = np.sqrt(np.maximum(np.diag(covariance), 0.0))
        if not spread.all():
            raise BadPanel("effects before and after have no error; nothing tells them from chance")
        difference = (rows @ self.estimate)[:, None] - np.outer([1.0, -1.0], grid)
        correlation = covariance / np.outer(spread, spread)
        return _hybrid(difference / spread[:, None], correlation, self.alpha, self.generator)


def _hybrid(
    moments: Floats, correlation: Floats, alpha: float, generator: np.random.Generator
) -> Flags:
    """Whether inequalities are rejected: (inequalities, hypotheses) to (hypotheses,).

    The largest standardized moment is compared first with its quantile were all of them zero, at a
    tenth of alpha, then with a normal truncated to where it would still be the largest.
    """
    first = FIRST_STAGE * alpha
    factor = _root(correlation)
    drawn = factor @ generator.standard_normal((factor.shape[1], DRAWS))
    least_favorable = float(np.quantile(drawn.max(axis=0), 1 - first))
    at = moments.argmax(axis=0)
    largest = moments.max(axis=0)
    with_largest = correlation[:, at]
    rest = moments - with_largest * largest
    others = with_largest < 1 - 1e-9
    limits = np.where(others, rest / np.where(others, 1 - with_largest, 1.0), -inf)
    lower = limits.max(axis=0)
    critical = _truncated_quantile(1 - (alpha - first) / (1 - first), lower, least_favorable)
    rejected = (largest > least_favorable) | (largest > np.maximum(critical, 0.0))
    return np.asarray(rejected)


def _root(correlation: Floats) -> Floats:
    """A factor whose square is the correlation, which need not have full rank."""
    values, vectors = np.linalg.eigh(correlation)
    return np.asarray(vectors * np.sqrt(np.maximum(values, 0.0)))


def _truncated_quantile(probability: float, lower: Floats, upper: float) -> Floats:
    """Of a standard normal between `lower` and `upper`; `upper` where nothing lies between.

    Worked in the upper tail, where both limits are, so that small probabilities stay exact.
    """
    beyond_lower, beyond_upper = ndtr(-np.minimum(lower, upper)), ndtr(-upper)
    beyond = beyond_upper + (1 - probability) * (beyond_lower - beyond_upper)
    return np.asarray(np.where(lower < upper, -ndtri(np.maximum(beyond, 1e-300)), upper))
