"""What the weighting of many small areas gives on other areas: jackknife and random groups.

Weights are worked out anew in every replicate, so that what they owe to chance is counted.
Pure arithmetic.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from baserate.errors import BadPanel
from baserate.evaluate.small_areas.calibration import Calibrator
from baserate.evaluate.small_areas.totals import Alternative, linearized

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Progress = Callable[[int, int], None]

FEWEST_GROUPS = 5  # an error from fewer replicates is no error


@dataclass(frozen=True, slots=True)
class Jackknife:
    """Errors from leaving out one group of areas at a time; `groups` is 0 where not done.

    error      (outcomes,): of treated less control, in offenses
    log_error  (outcomes,): of log(treated / control); nan where some replicate has none
    """

    groups: int
    error: Floats
    log_error: Floats
    notes: tuple[str, ...] = ()


def jackknife(
    calibrator: Calibrator,
    columns: Floats,
    post: Floats,
    treated: Flags,
    weights: Floats,
    groups: int,
    rng: np.random.Generator,
) -> Jackknife:
    """Leave out one of `groups` random parts at a time, treated and controls alike.

    The treated that are left stand for all of them. The variance is (groups - 1) / groups times
    the squares of what the replicates differ from the whole by.
    """
    nothing = np.zeros(len(post))
    if groups == 0:
        return Jackknife(0, nothing, nothing)
    most = int(min(treated.sum(), (~treated).sum()))
    if groups > most:
        raise BadPanel(f"{groups} jackknife groups of {most} areas; at most {most} are possible")
    if groups < FEWEST_GROUPS:
        why = f"no jackknife: {groups} groups are too few, at least {FEWEST_GROUPS} are needed"
        return Jackknife(0, nothing, nothing, (why,))
    group = np.empty(treated.size, dtype=np.int64)
    for part in (treated, ~treated):
        group[part] = rng.permutation(np.arange(part.sum()) % groups)
    totals = post.sum(axis=2)
    whole = _pair(totals, weights, treated)
    replicates = np.empty((groups, *whole.shape))
    for g in range(groups):
        kept = treated & (group != g)
        times = treated.sum() / kept.sum()
        found = calibrator.weights(times * columns[kept].sum(axis=0), ~treated & (group != g))
        if not found.is_exact:
            why = f"no jackknife: no weights balance the columns without group {g + 1} of {groups}"
            return Jackknife(0, nothing, nothing, (why,))
        replicates[g] = _pair(totals, np.where(kept, times, found.weights), treated)
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.log(replicates[:, 0] / replicates[:, 1]) - np.log(whole[0] / whole[1])
    away = (replicates[:, 0] - replicates[:, 1]) - (whole[0] - whole[1])
    scale = (groups - 1) / groups
    return Jackknife(
        groups,
        np.sqrt(scale * (away**2).sum(axis=0)),
        np.where(np.isfinite(logs).all(axis=0), np.sqrt(scale * (logs**2).sum(axis=0)), np.nan),
    )


def _pair(totals: Floats, weights: Floats, treated: Flags) -> Floats:
    """Weighted totals of each outcome: treated, and controls."""
    return np.stack([totals @ (weights * treated), totals @ (weights * ~treated)])


@dataclass(frozen=True, slots=True)
class Placebos:
    """What random groups of areas give, as if they had been treated.

    z         (placebos, outcomes): effect over its linearized error
    gaps      (placebos, outcomes, periods): treated less weighted controls
    left_out  groups that no weights could balance
    """

    z: Floats
    gaps: Floats
    size: int
    units: int
    left_out: int
    notes: tuple[str, ...] = ()

    def p_value(self, z: float, at: int, alternative: Alternative) -> float | None:
        """The rank of one outcome's statistic, (1 + as far out) / (1 + groups)."""
        return _rank(self.z[:, at], z, alternative) if len(self.z) else None

    def omnibus_p(self, z: Floats, alternative: Alternative) -> float | None:
        """The rank of all outcomes' statistics together."""
        if not len(self.z):
            return None
        if alternative == "two-sided":
            return _rank((self.z**2).sum(axis=1), float((z**2).sum()), "upper")
        return _rank(self.z.sum(axis=1), float(z.sum()), alternative)

    def rule(self, alternative: Alternative) -> str:
        """The rule of the p, in words."""
        side = {"lower": "as low", "upper": "as high", "two-sided": "as far from zero"}
        left = f"; {self.left_out} groups that could not be balanced are left out"
        return (
            f"permutation: share of {len(self.z):,} random groups of {self.size} of all "
            f"{self.units:,} areas, treated ones among them, with weights worked out anew, whose "
            f"effect over its linearized error is at least {side[alternative]}, the treated group "
            f"counted with them{left if self.left_out else ''}"
        )


def permutations(
    calibrator: Calibrator,
    columns: Floats,
    outcomes: Floats,
    evaluated: slice,
    treated: Flags,
    placebos: int,
    rng: np.random.Generator,
    progress: Progress | None = None,
) -> Placebos:
    """Random groups as large as the treated one, each balanced and evaluated like it."""
    size, units = int(treated.sum()), treated.size
    z, gaps = [], []
    post = np.ascontiguousarray(outcomes[:, :, evaluated])
    for done in range(placebos):
        group = np.zeros(units, dtype=np.bool_)
        group[rng.choice(units, size, replace=False)] = True
        found = calibrator.weights(columns[group].sum(axis=0), ~group)
        if found.is_exact:
            weights = np.where(group, 1.0, found.weights)
            z.append(linearized(post, weights, group).z)
            gaps.append(_gap(outcomes, weights, group))
        if progress is not None:
            progress(done + 1, placebos)
    left_out = placebos - len(z)
    why = "no permutation p: no random group of areas could be balanced"
    return Placebos(
        z=np.array(z).reshape(len(z), len(outcomes)),
        gaps=np.array(gaps).reshape(len(gaps), len(outcomes), outcomes.shape[2]),
        size=size,
        units=units,
        left_out=left_out,
        notes=(why,) if placebos and not z else (),
    )


def _gap(outcomes: Floats, weights: Floats, group: Flags) -> Floats:
    rows = np.flatnonzero(weights > 0)
    signed = np.where(group[rows], 1.0, -weights[rows])
    return np.asarray(np.einsum("u,oup->op", signed, outcomes[:, rows, :]))


def _rank(others: Floats, own: float, alternative: Alternative) -> float:
    """Ties within rounding count as equally far out."""
    if alternative == "two-sided":
        others, own = np.abs(others), abs(own)
    if alternative == "lower":
        others, own = -others, -own
    near = 1e-9 * (1 + abs(own))
    return float((1 + (others >= own - near).sum()) / (1 + others.size))
