"""Difference in differences of means, and two-way fixed effects."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from baserate.evaluate.designs.asking import (
    ENOUGH,
    common_start,
    first_start,
    in_percent,
    is_ranked,
    mde_in_percent,
    numbered,
    treatment,
    unit_of,
)
from baserate.evaluate.designs.estimate import Check, Estimate, Path
from baserate.evaluate.differences.did import means_did
from baserate.evaluate.differences.few_clusters import randomize_two_way
from baserate.evaluate.differences.twoway import design, two_way_of
from baserate.evaluate.inference.shapes import Ints
from baserate.evaluate.inference.unit_noise import unit_noise
from baserate.evaluate.panel import Floats, Panel
from baserate.evaluate.study import Study
from baserate.evaluate.threats.switch import without_switched

DID = ("difference in differences", "2x2 of means")
TWO_WAY = ("two-way fixed effects", "clustered; randomization inference")


def did(panel: Panel, study: Study) -> Estimate:
    """Mean change of treated units less that of the others.

    Few units have no error of their own that could be trusted: rates of cities are skewed, and
    Welch's t on five of them calls one panel in ten an effect that has none. They are ranked.
    """
    first, values = common_start(panel), panel.comparable
    found = means_did(values, panel.treated, first)
    treated, others = values[panel.treated].mean(axis=0), values[~panel.treated].mean(axis=0)
    apart = treated[:first].mean() - others[:first].mean()
    switched = without_switched(panel)
    told = Estimate(
        *DID, found.effect, found.interval, found.percent, in_percent(found),
        p_value=found.p_value, p_rule=found.p_rule, mde=found.mde,
        mde_percent=mde_in_percent(found),
        path=Path(treated, others + apart, unit_of(panel)),
        checks=(Check("counted otherwise", switched),) if switched else (),
    )  # fmt: skip
    has_error = found.p_value is not None
    is_enough = has_error and min(found.treated_units, found.control_units) >= ENOUGH
    if is_enough or not is_ranked(panel):
        return told
    on = (np.arange(len(panel.periods)) >= first) * panel.treated[:, None] * 1.0
    ranked = randomize_two_way(
        design(values, on), draws=study.draws, seed=study.seed, statistic="noise",
        noise=unit_noise(values, first),
    )  # fmt: skip
    found = replace(found, interval=ranked.interval, mde=ranked.mde)
    return replace(
        told, interval=found.interval, percent_interval=in_percent(found), mde=found.mde,
        p_value=ranked.p_value, p_rule=ranked.p_rule, mde_percent=mde_in_percent(found),
        notes=ranked.notes,
    )  # fmt: skip


def two_way_effects(panel: Panel, study: Study) -> Estimate:
    """Two-way fixed effects; the p and the interval by handing the treatments to other units.

    Of very many units both are by errors clustered by unit.
    """
    ranks = is_ranked(panel)
    clusters, dose = numbered(panel.cluster), treatment(panel)
    beside = _beside(panel)
    made = design(
        panel.comparable, dose, weights=panel.weights, groups=beside.groups,
        covariates=beside.covariates, clusters=clusters,
    )  # fmt: skip
    found = two_way_of(made)
    told = Estimate(
        *TWO_WAY, found.effect, found.interval, found.percent, in_percent(found),
        p_value=found.p_value, p_rule=found.p_rule, mde=found.mde,
        mde_percent=mde_in_percent(found), notes=(*found.notes, *beside.notes),
    )  # fmt: skip
    if not ranks:
        return told
    alone = len(set(panel.cluster)) == len(panel.units) and panel.weights is None
    ranked = randomize_two_way(
        made, draws=study.draws, seed=study.seed, statistic="noise" if alone else "t",
        noise=unit_noise(panel.comparable, first_start(panel)) if alone else None,
    )  # fmt: skip
    found = replace(found, interval=ranked.interval, mde=ranked.mde)
    return replace(
        told, interval=found.interval, percent_interval=in_percent(found), mde=found.mde,
        p_value=ranked.p_value, p_rule=ranked.p_rule, mde_percent=mde_in_percent(found),
        notes=(*beside.notes, *ranked.notes),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Beside:
    """What two-way effects take in beside treatment, and the words for it."""

    groups: Ints | None
    covariates: Floats | None
    notes: tuple[str, ...]


def _beside(panel: Panel) -> _Beside:
    covariates = np.stack(list(panel.covariates.values())) if panel.covariates else None
    said = []
    if panel.weights is not None:
        said.append("weighted as the study says; the other designs weigh units alike")
    if panel.groups:
        said.append("periods have effects of their own in each group, in this design alone")
    if panel.covariates:
        said.append(f"with {', '.join(panel.covariates)} as covariates")
    return _Beside(numbered(panel.groups) if panel.groups else None, covariates, tuple(said))
