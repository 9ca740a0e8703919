"""Synthetic control from many small areas: the design of Seattle's drug-market intervention.

Robbins, Saunders and Kilmer 2017, "A framework for synthetic control methods with
high-dimensional, micro-level data", Journal of the American Statistical Association 112:109.
Control areas are weighted so that together they equal the treated areas on every covariate and
every outcome of every period before the start. Pure functions on arrays.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from baserate.errors import BadPanel
from baserate.evaluate.small_areas.calibration import Calibration, Calibrator
from baserate.evaluate.small_areas.effect import MicrosynthEffect, Reading
from baserate.evaluate.small_areas.replicates import Progress, jackknife, permutations
from baserate.evaluate.small_areas.totals import Alternative, calibrated_residuals, linearized

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

SHOWN = 3  # columns that an error names
MOST_GROUPS = 100  # of a jackknife, unless more are asked for


@dataclass(frozen=True, slots=True)
class Balance:
    """One row of the table of balance: a column, and what it comes to.

    everyone  all areas, scaled to the number of treated ones
    """

    column: str
    treated: float
    weighted_controls: float
    everyone: float


@dataclass(frozen=True, slots=True)
class Microsynth:
    """What the weighted controls say.

    effects             one for each outcome, in the order given
    weights             (units,): of the controls; 1 for treated units
    balance             every column that the weights were made to balance
    treated_path        (outcomes, periods): offenses in the treated areas
    control_path        (outcomes, periods): in the weighted controls
    controls_used       with any weight; `effective_controls` equal ones would carry as much
    placebo_gaps        (placebos, outcomes, periods): treated less control of random groups
    placebos_left_out   random groups that no weights could balance
    omnibus_p           all outcomes together: rank of the sum of their standardized effects (of
                        their squares if two-sided) among the random groups, or None
    notes               what was not done, and why
    reading             what the effects' errors and p are put together from
    """

    effects: tuple[MicrosynthEffect, ...]
    weights: Floats
    balance: tuple[Balance, ...]
    treated_path: Floats
    control_path: Floats
    controls_used: int
    effective_controls: float
    placebo_gaps: Floats
    placebos_left_out: int
    omnibus_p: float | None
    notes: tuple[str, ...]
    reading: Reading

    def on_side(self, alternative: Alternative) -> Microsynth:
        """The same weights and random groups, tested on another side."""
        read = replace(self.reading, alternative=alternative)
        effects = (
            read.effect(i, e.name, e.treated_total, e.control_total)
            for i, e in enumerate(self.effects)
        )
        omnibus = read.random.omnibus_p(read.published.z, alternative)
        return replace(self, effects=tuple(effects), omnibus_p=omnibus, reading=read)


def microsynth(
    outcomes: Floats,
    treated: Flags,
    first: int,
    *,
    seed: int,
    alternative: Alternative,
    covariates: Floats | None = None,
    last: int | None = None,
    match_sums: int | Sequence[int] = 1,
    jackknife_groups: int | None = None,
    placebos: int = 999,
    outcome_names: Sequence[str] = (),
    covariate_names: Sequence[str] = (),
    periods: Sequence[int] = (),
    level: float = 0.95,
    progress: Progress | None = None,
) -> Microsynth:
    """Effects on outcomes, shape (outcomes, units, periods), from index `first` up to `last`.

    `covariates`, shape (units, k), and every outcome of every period before `first` are balanced,
    along with the number of areas. Rare outcomes are summed over `match_sums` periods before they
    are balanced (one number, or one for each outcome), counted back from the start.
    `jackknife_groups` is the number of treated areas unless told, at most 100; 0 for none.
    `placebos` random groups, 0 for none. `alternative` is the side of the tests. `periods` are the
    periods as they are called; 1, 2, 3 unless told.

    Where areas were chosen because they are busy, controls with the same recorded counts tend to
    be less busy underneath, and a fall is understated: regression to the mean.

    Refuses totals that no weights can reach, and names the columns that are farthest off.

    >>> rng = np.random.default_rng(1)
    >>> counts = rng.poisson(4.0, (1, 300, 6)).astype(float)
    >>> treated = np.arange(300) < 20
    >>> made = microsynth(counts, treated, 4, seed=1, alternative="two-sided", placebos=19)
    >>> bool(np.allclose(made.treated_path[:, :4], made.control_path[:, :4]))
    True
    """
    _check(outcomes, treated, first, last)
    names = _names(outcome_names, len(outcomes), "outcome")
    columns, labels = _columns(
        outcomes, first, covariates, match_sums, names, covariate_names,
        periods or range(1, outcomes.shape[2] + 1),
    )  # fmt: skip
    calibrator = Calibrator(columns)
    wanted = columns[treated].sum(axis=0)
    found = calibrator.weights(wanted, ~treated)
    _refuse_unbalanced(found, wanted, labels)
    weights = np.where(treated, 1.0, found.weights)
    post = outcomes[:, :, first:last]
    fewer = int(min(treated.sum(), (~treated).sum()))
    groups = min(fewer, MOST_GROUPS) if jackknife_groups is None else jackknife_groups
    left_out = jackknife(
        calibrator, columns, post, treated, weights, groups, np.random.default_rng([seed, 1])
    )
    random = permutations(
        calibrator, columns, outcomes, slice(first, last), treated, placebos,
        np.random.default_rng([seed, 2]), progress,
    )  # fmt: skip
    published = linearized(post, weights, treated)
    residual = calibrated_residuals(post, columns, weights, treated)
    read = Reading(alternative, level, published, residual, left_out, random)
    paths = (
        np.einsum("u,oup->op", treated * 1.0, outcomes),
        np.einsum("u,oup->op", found.weights, outcomes),
    )
    totals = [path[:, first:last].sum(axis=1) for path in paths]
    everyone = columns.sum(axis=0) * treated.mean()
    return Microsynth(
        effects=tuple(
            read.effect(i, n, *(float(t[i]) for t in totals)) for i, n in enumerate(names)
        ),
        weights=weights,
        balance=tuple(
            map(Balance, labels, *(a.tolist() for a in (wanted, found.totals, everyone)))
        ),
        treated_path=paths[0],
        control_path=paths[1],
        controls_used=found.used,
        effective_controls=found.effective,
        placebo_gaps=random.gaps,
        placebos_left_out=random.left_out,
        omnibus_p=random.omnibus_p(published.z, alternative),
        notes=left_out.notes + random.notes,
        reading=read,
    )


def _check(outcomes: Floats, treated: Flags, first: int, last: int | None) -> None:
    if outcomes.ndim != 3 or not np.isfinite(outcomes).all() or (outcomes < 0).any():
        raise BadPanel(
            "outcomes must be counts of shape (outcomes, units, periods), zero or more, no gaps"
        )
    units, periods = outcomes.shape[1:]
    if treated.shape != (units,) or treated.dtype != np.bool_:
        raise BadPanel(f"treated must be one True or False for each of {units} units")
    if not treated.any():
        raise BadPanel("no unit is treated; name at least one")
    if treated.all():
        raise BadPanel(f"all {units} units are treated; controls are needed")
    end = periods if last is None else last
    if not 0 < first < end <= periods:
        raise BadPanel(
            f"periods {first} to {end} of {periods} are to be evaluated; at least one must come "
            "before them and one be among them"
        )
    still = np.ptp(outcomes, axis=(1, 2)) == 0
    if still.any():
        at = int(np.argmax(still))
        raise BadPanel(
            f"outcome {at + 1} is {outcomes[at, 0, 0]:g} in every unit and period; leave it out"
        )


def _columns(
    outcomes: Floats,
    first: int,
    covariates: Floats | None,
    match_sums: int | Sequence[int],
    names: Sequence[str],
    covariate_names: Sequence[str],
    periods: Sequence[int],
) -> tuple[Floats, tuple[str, ...]]:
    """What is to be balanced, shape (units, columns), and what each column is called."""
    units = outcomes.shape[1]
    given = np.empty((units, 0)) if covariates is None else covariates
    if given.ndim != 2 or given.shape[0] != units or not np.isfinite(given).all():
        raise BadPanel(f"covariates must have one row for each of {units} units, without gaps")
    sums = [match_sums] * len(names) if isinstance(match_sums, int) else list(match_sums)
    if len(sums) != len(names) or min(sums) < 1:
        raise BadPanel(f"match_sums {sums} must be one whole number, or one for each outcome")
    called = _names(covariate_names, given.shape[1], "covariate")
    parts, labels = [np.ones((units, 1)), given], ["number of areas", *called]
    for outcome, name, width in zip(outcomes, names, sums, strict=True):
        for end in range(first, 0, -width):
            start = max(end - width, 0)
            parts.append(outcome[:, start:end].sum(axis=1, keepdims=True))
            labels.append(f"{name}, period {_span(periods[start], periods[end - 1])}")
    return np.hstack(parts), tuple(labels)


def _names(given: Sequence[str], count: int, what: str) -> tuple[str, ...]:
    if given and len(given) != count:
        raise BadPanel(f"{len(given)} names for {count} {what}s; give one for each, or none")
    return tuple(given) or tuple(f"{what} {i + 1}" for i in range(count))


def _span(start: int, end: int) -> str:
    return str(start) if start == end else f"{start} to {end}"


def _refuse_unbalanced(found: Calibration, wanted: Floats, labels: Sequence[str]) -> None:
    if found.is_exact:
        return
    worst = np.argsort(-found.misfit, kind="stable")[:SHOWN]
    said = "; ".join(f"{labels[i]}: {found.totals[i]:.4g} of {wanted[i]:.4g}" for i in worst)
    raise BadPanel(
        f"no weights make the controls equal the treated areas in all {len(labels)} columns "
        f"(the closest reach {said}); leave out columns, or sum rare outcomes over more periods"
    )
