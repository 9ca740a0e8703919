"""The treated units together as one series of counts, beside that of the others."""

from __future__ import annotations

from dataclasses import replace

from baserate.evaluate.designs.asking import a_cell, common_start, counts_of
from baserate.evaluate.designs.estimate import Check, Estimate, Path
from baserate.evaluate.inference.shapes import Flags
from baserate.evaluate.panel import Floats, Panel
from baserate.evaluate.series.interrupted import interrupted_series
from baserate.evaluate.series.placebo_series import among_placebos
from baserate.evaluate.study import Study

INTERRUPTED = ("interrupted series with control", "Lopez Bernal and others 2018, for counts")

FEW_CONTROLS = (
    "too few control series to take for treated, so no p: the interval is that of one series, "
    "which is too narrow where its noise carries over for long"
)


def interrupted(panel: Panel, study: Study) -> Estimate:
    """Segmented regression of the treated series as a part of both."""
    counts, exposure, treated = counts_of(panel), panel.exposure, panel.treated

    def people(which: Flags) -> Floats | None:
        return None if exposure is None else exposure[which].sum(axis=0)

    found = interrupted_series(
        counts[treated].sum(axis=0), common_start(panel), seed=study.seed,
        exposure=people(treated), control=counts[~treated].sum(axis=0),
        control_exposure=people(~treated), change_of_slope=False,
    )  # fmt: skip
    ranked = among_placebos(counts, exposure, treated, common_start(panel), seed=study.seed)
    left = found.autocorrelation
    limits = found.percent_interval
    told = Estimate(
        *INTERRUPTED, a_cell(panel, found.effect), None, found.percent,
        (limits.lower, limits.upper), found.effect, notes=(FEW_CONTROLS,),
        path=Path(
            counts[treated].sum(axis=0), found.counterfactual, "offenses",
            found.counterfactual_lower, found.counterfactual_upper,
        ),
        checks=(Check("what the residuals still hold of one another", f"p {left.p_value:.3f}"),),
    )  # fmt: skip
    if ranked is None:
        return told
    return replace(
        told, percent_interval=(ranked.interval.lower, ranked.interval.upper), notes=(),
        p_value=ranked.p_value, p_rule=ranked.p_rule, mde_percent=ranked.mde_percent,
    )  # fmt: skip
