"""Synthetic control in its variants, and synthetic difference in differences."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from baserate.evaluate.designs.asking import (
    common_start,
    in_percent,
    mde_in_percent,
    refuse_many,
    unit_of,
)
from baserate.evaluate.designs.estimate import Check, Estimate, Path, Unfit
from baserate.evaluate.panel import Floats, Panel
from baserate.evaluate.study import Study
from baserate.evaluate.synthetic.augmented import augmented_synthetic_control
from baserate.evaluate.synthetic.predictors import synthetic_control_with_predictors
from baserate.evaluate.synthetic.randomized_sdid import randomize_sdid
from baserate.evaluate.synthetic.sdid import (
    SyntheticDifference,
    synthetic_difference_in_differences,
)
from baserate.evaluate.synthetic.synthetic_control import SyntheticControl, synthetic_control

SYNTHETIC = ("synthetic control", "Abadie, Diamond and Hainmueller 2010")
PREDICTORS = ("synthetic control, predictors", "Abadie, Diamond and Hainmueller 2010")
AUGMENTED = ("ridge-augmented synthetic control", "Ben-Michael, Feller and Rothstein 2021")
SDID = ("synthetic difference in differences", "Arkhangelsky and others 2021")

# Time grows with the square of their number: a few seconds, and half a minute for those that search
# for a penalty or for the predictors' weights in every placebo.
MOST_DONORS, MOST_SEARCHED = 2_000, 500
MOST_DRAWS = 499  # assignments of which each takes two searches for weights
ALIKE = 1e-12  # of a level: changes nearer than this are the same but for rounding
SHOWN = 5  # donors that a check names


def outcome_only(panel: Panel, study: Study) -> Estimate:
    """Donors weighed by the outcome before the start alone."""
    refuse_many(panel, MOST_DONORS)
    found = synthetic_control(
        panel.comparable,
        panel.treated,
        common_start(panel),
        treated_is_donor=False,
        seed=study.seed,
    )
    return _row(SYNTHETIC, panel, found)


def ridge_augmented(panel: Panel, study: Study) -> Estimate:
    """What the weights leave before the start is corrected after it."""
    refuse_many(panel, MOST_SEARCHED)
    _refuse_alike(panel, 3)
    found = augmented_synthetic_control(
        panel.comparable,
        panel.treated,
        common_start(panel),
        treated_is_donor=False,
        seed=study.seed,
    )
    return _row(AUGMENTED, panel, found)


def with_predictors(panel: Panel, study: Study) -> Estimate:
    """Donors weighed by what goes with the outcome, as the study names it."""
    if not study.predictors_mean and not study.predictors_at:
        raise Unfit("the study names no predictors")
    refuse_many(panel, MOST_SEARCHED)
    first = common_start(panel)
    rows = [_mean_before(panel, name, first) for name in study.predictors_mean]
    rows += [_value_at(panel, period, first) for period in study.predictors_at]
    found = synthetic_control_with_predictors(
        panel.comparable, panel.treated, first, np.column_stack(rows), treated_is_donor=False,
        seed=study.seed,
    )  # fmt: skip
    return _row(PREDICTORS, panel, found)


def _refuse_alike(panel: Panel, fewest: int) -> None:
    """Refuse donors too few to leave one out, or that move alike, from which no penalty comes."""
    before = panel.comparable[~panel.treated, : common_start(panel)]
    if len(before) < fewest:
        raise Unfit(f"{len(before)} donors; it needs {fewest}, for a penalty from what they leave")
    apart = before - before.mean(axis=0)
    if before.shape[1] < 2:
        raise Unfit("one period before the start; its changes are what donors are weighed by")
    if np.ptp(np.diff(apart, axis=1)) < ALIKE * max(float(np.abs(before).max()), 1.0):
        raise Unfit("the donors move alike before the start, so there is no noise to weigh by")


def _mean_before(panel: Panel, name: str, first: int) -> Floats:
    if name not in panel.covariates:
        raise Unfit(f"predictor {name!r} is none of the panel's covariates")
    return np.asarray(panel.covariates[name][:, :first].mean(axis=1))


def _value_at(panel: Panel, period: int, first: int) -> Floats:
    if period not in panel.periods[:first]:
        raise Unfit(f"predictor period {period} is none of those before the start")
    return panel.comparable[:, panel.periods.index(period)]


def _row(name: tuple[str, str], panel: Panel, found: SyntheticControl) -> Estimate:
    treated = panel.comparable[panel.treated].mean(axis=0)
    is_bounded = np.isfinite(found.mde)
    return Estimate(
        *name, found.effect, found.interval, found.percent, in_percent(found),
        p_value=found.p_value, p_rule=found.p_rule, mde=found.mde if is_bounded else None,
        mde_percent=mde_in_percent(found),
        notes=(*(() if is_bounded else (TOO_FEW,)), *found.notes),
        path=Path(
            treated, found.synthetic, unit_of(panel), placebo_gaps=found.placebos.gaps[1:]
        ),
        checks=tuple(_checks(panel, found)),
    )  # fmt: skip


TOO_FEW = "with so few donors no effect could reach p = .05"


def _checks(panel: Panel, found: SyntheticControl) -> Iterator[Check]:
    used = np.argsort(-found.donor_weights)[:SHOWN]
    said = ", ".join(
        f"{panel.units[i]} {found.donor_weights[i]:.3f}" for i in used if found.donor_weights[i]
    )
    more = int((found.donor_weights != 0).sum()) - SHOWN
    yield Check("donors", said + (f" and {more} more" if more > 0 else ""))
    placebos = found.placebos
    yield Check(
        "fit before",
        f"root mean squared gap {found.pre_period_rmspe:,.2f}; squared, {found.mspe_ratio:,.1f} "
        f"times as large after, rank {placebos.rank} of {len(placebos.mspe_ratio)}",
    )
    left = found.leave_one_out
    yield Check(
        "without each donor", f"{left.lowest:+,.2f} to {left.highest:+,.2f}, one left out at a time"
    )
    if found.in_time is not None:
        start = panel.periods[found.in_time.first]
        yield Check(
            f"dated back to {start}",
            f"{found.in_time.effect:+,.2f}, p {found.in_time.p_value:.3f}, with no program yet",
        )


def sdid(panel: Panel, study: Study) -> Estimate:
    """Donors and periods are both weighed; p and interval by handing treatments to other units."""
    refuse_many(panel, MOST_SEARCHED)
    _refuse_alike(panel, 2)
    first, values = common_start(panel), panel.comparable
    found = synthetic_difference_in_differences(values, panel.treated, first, seed=study.seed)
    ranked = randomize_sdid(
        values, panel.treated, first, draws=min(study.draws, MOST_DRAWS), seed=study.seed
    )
    found = replace(found, interval=ranked.interval, mde=ranked.mde)
    treated = values[panel.treated].mean(axis=0)
    return Estimate(
        *SDID, found.effect, found.interval, found.percent, in_percent(found),
        p_value=ranked.p_value, p_rule=ranked.p_rule,
        mde=found.mde if found.mde is not None and np.isfinite(found.mde) else None,
        mde_percent=mde_in_percent(found), notes=(*found.notes, *ranked.notes),
        path=Path(treated, treated - found.gaps, unit_of(panel)),
        checks=tuple(_sdid_checks(found)),
    )  # fmt: skip


def _sdid_checks(found: SyntheticDifference) -> Iterator[Check]:
    if found.standard_error is not None:
        yield Check(
            "its authors' placebo error",
            f"{found.standard_error:,.2f} by {len(found.placebo_effects)} placebos, which makes p "
            f"{found.p_value:.3f} if normal",
        )
    yield Check(
        "by the same solver",
        f"synthetic control {found.synthetic_control_effect:+,.6f}, difference in differences "
        f"{found.difference_in_differences:+,.6f}",
    )
