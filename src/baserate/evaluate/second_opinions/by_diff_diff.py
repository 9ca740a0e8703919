"""Designs by diff-diff (MIT license): panel arrays in, effect and standard error out.

It is loaded inside the functions, because that takes a second.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from baserate.evaluate.inference.shapes import NEVER, Flags, Floats, Ints
from baserate.evaluate.second_opinions.opinion import Answer

MOST_CR2 = 500  # units; with 10,000 it takes twenty seconds


def difference_in_differences(outcome: Floats, treated: Flags, first: int) -> Answer:
    """The coefficient of treated times after, over all cells.

    `outcome` (units, periods), `treated` (units,), `first` the index of the first treated period.
    The standard error is clustered by unit, CR2, or CR1 with very many units; None with a single
    unit on either side.
    """
    from diff_diff import DifferenceInDifferences

    frame = _long(outcome, treated, first)
    error = "hc2_bm" if len(outcome) <= MOST_CR2 else "hc1"
    asked = DifferenceInDifferences(cluster="unit", vcov_type=error)
    found = asked.fit(frame, outcome="outcome", treatment="treated", post="after")
    has_error = min(int(treated.sum()), int((~treated).sum())) > 1
    return Answer(float(found.att), float(found.se) if has_error else None)


def staggered_adoption(outcome: Floats, cohort: Ints) -> Answer:
    """Callaway and Sant'Anna: the mean effect of each cohort, weighted by how many units it has.

    `cohort` (units,) is the index of the first treated period, NEVER for the others, which are the
    controls. The library gives errors by cohort and none of their mean.
    """
    found = _callaway_santanna(outcome, cohort).aggregate("group")
    sizes = np.array([(cohort == g - 1).sum() for g in found.label], dtype=np.float64)
    return Answer(float(np.average(np.asarray(found.att, dtype=np.float64), weights=sizes)))


def event_study_mean(outcome: Floats, cohort: Ints) -> Answer:
    """The mean of the effects by periods since the start, as far as these are consecutive."""
    found = _callaway_santanna(outcome, cohort).aggregate("event_study")
    by_time = dict(zip(np.asarray(found.event_time).tolist(), found.att, strict=True))
    after: list[float] = []
    while len(after) in by_time:
        after.append(by_time[len(after)])
    return Answer(float(np.mean(after)))


def _callaway_santanna(outcome: Floats, cohort: Ints) -> Any:
    """Never-treated controls and no covariates; periods are counted from 1, as 0 is never."""
    from diff_diff import CallawaySantAnna

    frame = _long(outcome, cohort != NEVER, 0)
    frame["began"] = np.repeat(np.where(cohort == NEVER, 0, cohort + 1), outcome.shape[1])
    frame["period"] += 1
    asked = CallawaySantAnna(control_group="never_treated", estimation_method="reg")
    return asked.fit(frame, outcome="outcome", unit="unit", time="period", first_treat="began")


def synthetic_control(outcome: Floats, treated: Flags, first: int) -> Answer:
    """Donors weighed by every period before, all alike; of several treated units their mean."""
    from diff_diff import SyntheticControl

    rows = np.vstack([outcome[treated].mean(axis=0), outcome[~treated]])
    frame = _long(rows, np.arange(len(rows)) == 0, first)
    frame["on"] = frame["treated"] * frame["after"]
    asked = SyntheticControl(v_method="custom", custom_v=np.ones(first), standardize="none")
    found = asked.fit(
        frame, outcome="outcome", treatment="on", unit="unit", time="period",
        pre_period_outcomes="all",
    )  # fmt: skip
    return Answer(float(found.att))


def synthetic_difference_in_differences(outcome: Floats, treated: Flags, first: int) -> Answer:
    """Donors and periods weighed by the authors' algorithm.

    The library's placebos are drawn and ours are all donors in turn: no errors are compared.
    """
    from diff_diff import SyntheticDiD

    found = SyntheticDiD(variance_method="placebo", n_bootstrap=2, seed=0).fit(
        _long(outcome, treated, first), outcome="outcome", treatment="treated", unit="unit",
        time="period", post_periods=list(range(first, outcome.shape[1])),
    )  # fmt: skip
    return Answer(float(found.att))


def _long(outcome: Floats, treated: Flags, first: int) -> Any:
    """A data frame with one row a unit and period."""
    from pandas import DataFrame

    units, periods = outcome.shape
    return DataFrame(
        {
            "unit": np.repeat(np.arange(units), periods),
            "period": np.tile(np.arange(periods), units),
            "outcome": outcome.ravel(),
            "treated": np.repeat(treated, periods).astype(int),
            "after": np.tile(np.arange(periods) >= first, units).astype(int),
        }
    )
