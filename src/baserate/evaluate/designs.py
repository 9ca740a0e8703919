"""Every design that fits a panel, each reduced to one row of the same table.

The designs themselves are pure functions on arrays, each in its own module under its paper's name;
here a panel is put in front of each, and what it cannot be asked says why.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from baserate.errors import BadPanel
from baserate.evaluate.panel import Floats, Panel
from baserate.evaluate.study import Study
from baserate.terms.quantities import Interval


@dataclass(frozen=True, slots=True)
class Estimate:
    """What one design says of the program's effect.

    effect      in the outcome's own unit, a period and treated unit; `interval` and `mde` too
    percent     of what would have been without it; `percent_interval` of the same
    offenses    all treated units and periods together, where counts allow it
    p_value     by the rule in `p_rule`
    mde_percent smallest fall that would be found with probability 0.80 at 5%
    why_not     why the design gives nothing here; the rest is then None
    path        (periods,) of the treated and of what it is set against, where there is one
    """

    design: str
    paper: str
    effect: float | None = None
    interval: Interval | None = None
    percent: float | None = None
    percent_interval: tuple[float, float] | None = None
    offenses: float | None = None
    p_value: float | None = None
    p_rule: str = ""
    mde: float | None = None
    mde_percent: float | None = None
    notes: tuple[str, ...] = ()
    why_not: str = ""
    path: tuple[Floats, Floats] | None = None

    @property
    def is_distinct(self) -> bool:
        """Whether the design tells the effect from none at 5%."""
        return self.p_value is not None and self.p_value <= 0.05

    @property
    def direction(self) -> int:
        """1 for a rise, -1 for a fall, 0 where nothing was estimated."""
        return 0 if self.effect is None else int(np.sign(self.effect))


Design = Callable[[Panel, Study], Estimate]


class Unfit(Exception):
    """The design cannot be asked this of this panel; the message says why."""


def estimates(
    panel: Panel, study: Study, advance: Callable[[int, int, str], None]
) -> Iterator[Estimate]:
    """Every design in the order of the table. `advance` is told before each."""
    chosen = [d for d in DESIGNS if not study.designs or d[0] in study.designs]
    for done, (name, paper, design) in enumerate(chosen):
        advance(done, len(chosen), name)
        try:
            yield design(panel, study)
        except (Unfit, BadPanel) as error:
            yield Estimate(name, paper, why_not=str(error))


def unknown_designs(names: Sequence[str]) -> list[str]:
    """Names that no design here has."""
    known = {name for name, _, _ in DESIGNS}
    return [name for name in names if name not in known]


def _common_start(panel: Panel) -> int:
    starts = set(panel.cohort[panel.treated].tolist())
    if len(starts) > 1:
        raise Unfit("treated units begin in different periods; see the staggered design")
    return int(next(iter(starts)))


def _did(panel: Panel, study: Study) -> Estimate:
    from baserate.evaluate.differences.did import means_did

    del study
    first = _common_start(panel)
    found = means_did(panel.comparable, panel.treated, first)
    return Estimate(
        *DID, found.effect, found.interval, found.percent, _in_percent(found),
        p_value=found.p_value, p_rule=found.p_rule, mde=found.mde,
        mde_percent=_of_percent(found.mde, found), notes=(found.reason,) if found.reason else (),
        path=_means(panel),
    )  # fmt: skip


def _two_way(panel: Panel, study: Study) -> Estimate:
    from baserate.evaluate.differences.few_clusters import randomize_two_way
    from baserate.evaluate.differences.twoway import design, two_way

    covariates = np.stack(list(panel.covariates.values())) if panel.covariates else None
    clusters = _numbered(panel.cluster)
    found = two_way(panel.comparable, treatment(panel), covariates=covariates, clusters=clusters)
    made = design(panel.comparable, treatment(panel), covariates=covariates, clusters=clusters)
    ranked = randomize_two_way(made, draws=study.draws, seed=study.seed)
    return Estimate(
        *TWO_WAY, found.effect, found.interval, found.percent, _in_percent(found),
        p_value=ranked.p_value, p_rule=ranked.p_rule, mde=found.mde,
        mde_percent=_of_percent(found.mde, found), notes=found.notes,
    )  # fmt: skip


def _staggered(panel: Panel, study: Study) -> Estimate:
    from baserate.evaluate.staggered.callaway_santanna import callaway_santanna

    found = callaway_santanna(
        panel.comparable, panel.cohort, clusters=_numbered(panel.cluster), draws=study.draws,
        seed=study.seed,
    )  # fmt: skip
    return Estimate(
        *STAGGERED, found.effect, found.interval, found.percent, _in_percent(found),
        p_value=found.p_value, p_rule=found.p_rule, mde=found.mde,
        mde_percent=_of_percent(found.mde, found), notes=found.notes,
    )  # fmt: skip


def _counts(panel: Panel, study: Study) -> Estimate:
    from baserate.evaluate.counts.did import count_did
    from baserate.evaluate.counts.panel import count_panel
    from baserate.evaluate.differences.few_clusters import randomize_counts

    if panel.counts is None:
        raise Unfit("the outcome is no count, and no exposure turns it into one")
    clusters = _numbered(panel.cluster)
    found = count_did(
        panel.counts, treatment(panel), exposure=panel.exposure, clusters=clusters,
        family="negative_binomial",
    )  # fmt: skip
    made = count_panel(panel.counts, treatment(panel), exposure=panel.exposure, clusters=clusters)
    ranked = randomize_counts(made, draws=min(study.draws, COUNT_DRAWS), seed=study.seed)
    limits = found.percent_interval
    per_cell = None if found.offenses is None else _a_cell(panel, found.offenses)
    return Estimate(
        *COUNTS, per_cell, None, found.percent,
        None if limits is None else (limits.lower, limits.upper), found.offenses,
        ranked.p_value, ranked.p_rule, mde_percent=found.mde_percent,
        notes=(*found.notes, *((found.reason,) if found.reason else ())),
    )  # fmt: skip


def _synthetic(panel: Panel, study: Study) -> Estimate:
    from baserate.evaluate.synthetic.synthetic_control import synthetic_control

    del study
    found = synthetic_control(
        panel.comparable, panel.treated, _common_start(panel), treated_is_donor=False
    )
    return _from_control(SYNTHETIC, panel, found)


def _augmented(panel: Panel, study: Study) -> Estimate:
    from baserate.evaluate.synthetic.augmented import augmented_synthetic_control

    del study
    found = augmented_synthetic_control(
        panel.comparable, panel.treated, _common_start(panel), treated_is_donor=False
    )
    return _from_control(AUGMENTED, panel, found)


def _predictors(panel: Panel, study: Study) -> Estimate:
    from baserate.evaluate.synthetic.predictors import synthetic_control_with_predictors

    if not study.predictors_mean and not study.predictors_at:
        raise Unfit("the study names no predictors")
    first = _common_start(panel)
    rows = [_mean_before(panel, name, first) for name in study.predictors_mean]
    rows += [_value_at(panel, period, first) for period in study.predictors_at]
    found = synthetic_control_with_predictors(
        panel.comparable, panel.treated, first, np.column_stack(rows), treated_is_donor=False,
        seed=study.seed,
    )  # fmt: skip
    return _from_control(PREDICTORS, panel, found)


def _mean_before(panel: Panel, name: str, first: int) -> Floats:
    if name not in panel.covariates:
        raise Unfit(f"predictor {name!r} is none of the panel's covariates")
    return np.asarray(panel.covariates[name][:, :first].mean(axis=1))


def _value_at(panel: Panel, period: int, first: int) -> Floats:
    if period not in panel.periods[:first]:
        raise Unfit(f"predictor period {period} is none of those before the start")
    return panel.comparable[:, panel.periods.index(period)]


def _from_control(name: tuple[str, str], panel: Panel, found: object) -> Estimate:
    from baserate.evaluate.synthetic.synthetic_control import SyntheticControl

    assert isinstance(found, SyntheticControl)
    treated = panel.comparable[panel.treated].mean(axis=0)
    without = _without(found.effect, found.percent)
    mde = None if not np.isfinite(found.mde) else found.mde
    note = () if mde is not None else ("with so few donors no effect could reach p = .05",)
    return Estimate(
        *name, found.effect, found.interval, found.percent, _scaled(found.interval, without),
        p_value=found.p_value, p_rule=found.p_rule, mde=mde,
        mde_percent=None if mde is None or not without else 100 * mde / without,
        notes=(*note, *found.notes), path=(treated, found.synthetic),
    )  # fmt: skip


def _sdid(panel: Panel, study: Study) -> Estimate:
    from baserate.evaluate.synthetic.sdid import synthetic_difference_in_differences

    found = synthetic_difference_in_differences(
        panel.comparable, panel.treated, _common_start(panel), seed=study.seed
    )
    return Estimate(
        *SDID, found.effect, found.interval, found.percent, _in_percent(found),
        p_value=found.p_value, p_rule=found.p_rule, mde=found.mde,
        mde_percent=_of_percent(found.mde, found), notes=found.notes,
    )  # fmt: skip


def _interrupted(panel: Panel, study: Study) -> Estimate:
    from baserate.evaluate.series.interrupted import interrupted_series

    if panel.counts is None:
        raise Unfit("the outcome is no count, and no exposure turns it into one")
    first = _common_start(panel)

    def summed(which: np.ndarray, values: Floats | None) -> Floats | None:
        return None if values is None else np.asarray(values[which].sum(axis=0))

    counts = summed(panel.treated, panel.counts)
    assert counts is not None
    found = interrupted_series(
        counts, first, seed=study.seed, exposure=summed(panel.treated, panel.exposure),
        control=summed(~panel.treated, panel.counts),
        control_exposure=summed(~panel.treated, panel.exposure), change_of_slope=False,
    )  # fmt: skip
    limits = found.percent_interval
    return Estimate(
        *INTERRUPTED, _a_cell(panel, found.effect), None, found.percent,
        (limits.lower, limits.upper), found.effect, found.p_value, found.p_rule,
        mde_percent=found.mde_percent, path=(counts, found.counterfactual),
    )  # fmt: skip


def treatment(panel: Panel) -> Floats:
    """Units by periods: how strongly treated, 0 before the start."""
    after = np.arange(len(panel.periods)) >= np.where(panel.treated, panel.cohort, 10**9)[:, None]
    return np.asarray(after * panel.dose[:, None])


def _a_cell(panel: Panel, offenses: float) -> float:
    """Offenses of all treated cells as an effect on one: a rate where cells are compared by it."""
    cells = treatment(panel) > 0
    if panel.exposure is None:
        return offenses / int(cells.sum())
    return 1e5 * offenses / float(panel.exposure[cells].sum())


def _numbered(names: Sequence[str]) -> np.ndarray:
    """Clusters as whole numbers, in the order of their names."""
    return np.unique(np.array(names), return_inverse=True)[1]


def _means(panel: Panel) -> tuple[Floats, Floats]:
    values = panel.comparable
    return values[panel.treated].mean(axis=0), values[~panel.treated].mean(axis=0)


def _without(effect: float, percent: float | None) -> float | None:
    """The mean of what would have been, from an effect and its percent of it."""
    return 100 * effect / percent if percent else None


def _scaled(interval: Interval | None, without: float | None) -> tuple[float, float] | None:
    if interval is None or not without:
        return None
    return 100 * interval.lower / without, 100 * interval.upper / without


def _in_percent(found: object) -> tuple[float, float] | None:
    interval, effect = getattr(found, "interval", None), getattr(found, "effect", 0.0)
    return _scaled(interval, _without(effect, getattr(found, "percent", None)))


def _of_percent(mde: float | None, found: object) -> float | None:
    without = _without(getattr(found, "effect", 0.0), getattr(found, "percent", None))
    return None if mde is None or not without else 100 * mde / abs(without)


COUNT_DRAWS = 199  # every draw fits a model for counts anew

DID = ("difference in differences", "2x2 of means")
TWO_WAY = ("two-way fixed effects", "clustered; randomization inference")
STAGGERED = ("staggered adoption", "Callaway and Sant'Anna 2021")
COUNTS = ("counts, two-way", "negative binomial with unit and period effects")
SYNTHETIC = ("synthetic control", "Abadie, Diamond and Hainmueller 2010")
PREDICTORS = ("synthetic control, predictors", "Abadie, Diamond and Hainmueller 2010")
AUGMENTED = ("ridge-augmented synthetic control", "Ben-Michael, Feller and Rothstein 2021")
SDID = ("synthetic difference in differences", "Arkhangelsky and others 2021")
INTERRUPTED = ("interrupted series with control", "Lopez Bernal and others 2018, for counts")

DESIGNS: tuple[tuple[str, str, Design], ...] = (
    (*DID, _did),
    (*TWO_WAY, _two_way),
    (*STAGGERED, _staggered),
    (*COUNTS, _counts),
    (*SYNTHETIC, _synthetic),
    (*PREDICTORS, _predictors),
    (*AUGMENTED, _augmented),
    (*SDID, _sdid),
    (*INTERRUPTED, _interrupted),
)
