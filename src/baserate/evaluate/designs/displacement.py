"""Weighted displacement difference: counts before and after, here and where crime may have gone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from baserate.evaluate.designs.asking import common_start, counts_of, scaled
from baserate.evaluate.designs.estimate import Check, Estimate, OutcomeTotals, Path, Unfit
from baserate.evaluate.differences.wdd import (
    AreaWeights,
    Counts,
    DisplacementDifference,
    wdd,
    wdd_harm,
)
from baserate.evaluate.inference.shapes import Flags
from baserate.evaluate.panel import Floats, Panel
from baserate.evaluate.study import Displacement, Study

DISPLACEMENT = ("weighted displacement difference", "Wheeler and Ratcliffe 2018")

UNLIKE = 2.0  # times as many offenses before that one group may have of the other
FEWEST_BEFORE = 4  # periods, to see how counts scatter
NO_CONTROL = "the displacement units have no control_units, so their whole change counts"


def displacement(panel: Panel, study: Study) -> Estimate:
    """Change of the treated and of the units around them, less that of their controls.

    The study's outcome decides; every further one, and all kinds of crime by their harm, stand
    beside it. Counts are of one period, and with an area of one unit of it.
    """
    asked = _asked(panel, study)
    groups = _groups(panel, asked)
    made = {study.panel.outcome: groups.tested(_counts(panel))}
    for name in study.panel.also:
        made[name] = groups.tested(_counts(panel, name))
    if asked.harm:
        kinds = [groups.tested(_counts(panel, name)) for name, _ in asked.harm]
        made["harm"] = wdd_harm(kinds, [weight for _, weight in asked.harm])
    return _row(panel, asked, groups, made)


def _asked(panel: Panel, study: Study) -> Displacement:
    """What the study asks of this design, or why it cannot be asked."""
    if study.displacement is None and DISPLACEMENT[0] not in study.designs:
        raise Unfit("the study has no table [displacement], which asks for it")
    partly = np.flatnonzero(panel.treated & (panel.dose != 1))
    if partly.size:
        unit, dose = panel.units[partly[0]], panel.dose[partly[0]]
        raise Unfit(f"{unit} is treated by {dose:g}; it knows only treated and untreated units")
    if not counts_of(panel)[panel.treated, : common_start(panel)].any():
        raise Unfit("the treated units had none before the start, so there was nothing to lower")
    return study.displacement or Displacement()


@dataclass(frozen=True, slots=True)
class _Groups:
    """Which of the panel's units and of those apart, in this order, are in which group.

    sizes  what a count of each group is divided by; `first` and `periods` are those of the panel
    """

    treated: Flags
    control: Flags
    around: Flags
    around_control: Flags
    sizes: AreaWeights
    first: int
    periods: int

    def tested(self, counts: Floats) -> DisplacementDifference:
        """The test on counts of shape (units, periods)."""
        return wdd(
            treated=self._pair(counts, self.treated),
            control=self._pair(counts, self.control),
            displacement_treated=self._pair(counts, self.around),
            displacement_control=self._pair(counts, self.around_control),
            time_weights=(float(self.first), float(self.periods - self.first)),
            area_weights=self.sizes,
        )

    def _pair(self, counts: Floats, which: Flags) -> Counts:
        before, after = np.split(counts[which].sum(axis=0), [self.first])
        return float(before.sum()), float(after.sum())


def _groups(panel: Panel, asked: Displacement) -> _Groups:
    units = (*panel.units, *(panel.apart.units if panel.apart else ()))
    treated = np.zeros(len(units), dtype=np.bool_)
    treated[: len(panel.units)] = panel.treated
    around = np.array([u in set(asked.units) for u in units])
    around_control = np.array([u in set(asked.control_units) for u in units])
    four = (treated, ~treated & ~around & ~around_control, around, around_control)
    area = np.ones(len(units))
    if asked.area is not None:
        area = np.concatenate([part.fixed[asked.area] for part in _parts(panel)])
    sizes = [float(area[which].sum()) if asked.area and which.any() else 1.0 for which in four]
    return _Groups(*four, AreaWeights(*sizes), common_start(panel), len(panel.periods))


def _parts(panel: Panel) -> tuple[Panel, ...]:
    """The panel, and the units that stand apart."""
    return (panel,) if panel.apart is None else (panel, panel.apart)


def _counts(panel: Panel, name: str | None = None) -> Floats:
    """Counts of an outcome, or of the panel's own, in its units and in those apart."""
    held = [part if name is None else part.of(part.further[name]) for part in _parts(panel)]
    return np.concatenate([counts_of(part) for part in held])


def _row(
    panel: Panel, asked: Displacement, groups: _Groups, made: dict[str, DisplacementDifference]
) -> Estimate:
    own = next(iter(made.values()))
    after = groups.periods - groups.first
    each = 1.0 if asked.area else 1 / int(panel.treated.sum())
    interval = own.interval
    return Estimate(
        *DISPLACEMENT, each * own.effect, scaled(interval, each), own.percent, _percents(own),
        None if asked.area else after * own.effect, own.p_value, own.p_rule, each * own.mde,
        100 * own.mde / own.counterfactual if own.counterfactual > 0 else None,
        notes=tuple(_notes(asked, groups, _counts(panel))),
        path=_path(groups, _counts(panel), asked),
        checks=(*_checks(made), *_scatter(groups, _counts(panel))),
        outcomes=tuple(_totals(name, each, after) for name, each in made.items()),
    )  # fmt: skip


def _percents(found: DisplacementDifference) -> tuple[float, float] | None:
    """The interval in percent of what would have been."""
    if found.counterfactual <= 0:
        return None
    limits = scaled(found.interval, 100 / found.counterfactual)
    return limits.lower, limits.upper


def _totals(name: str, found: DisplacementDifference, after: int) -> OutcomeTotals:
    expected = after * found.counterfactual
    return OutcomeTotals(
        name, expected + after * found.effect, expected, scaled(found.interval, after),
        found.percent, _percents(found), found.p_value,
    )  # fmt: skip


def _path(groups: _Groups, counts: Floats, asked: Displacement) -> Path:
    """The treated, and their level before with the change of their controls."""
    treated = counts[groups.treated].sum(axis=0) / groups.sizes.treated
    control = counts[groups.control].sum(axis=0) / groups.sizes.control
    apart = treated[: groups.first].mean() - control[: groups.first].mean()
    return Path(
        treated, control + apart, f"offenses per {asked.area}" if asked.area else "offenses"
    )


def _checks(made: dict[str, DisplacementDifference]) -> Iterator[Check]:
    own = next(iter(made.values()))
    yield Check("in the treated units", f"{own.local:+,.1f} ({own.local_error:,.3f}) a period")
    if own.displacement_error:
        yield Check(
            "in the units around them",
            f"{own.displacement:+,.1f} ({own.displacement_error:,.3f}) a period",
        )
    for name, found in made.items():
        yield Check(
            f"{name}, all together",
            f"{found.effect:+,.1f} a period, standard error {found.standard_error:,.3f}, "
            f"z {found.z:+.2f}, 95% interval {found.interval.lower:+,.1f} to "
            f"{found.interval.upper:+,.1f}",
        )


def _scatter(groups: _Groups, counts: Floats) -> Iterator[Check]:
    """How far counts before were from counting noise, which the error takes for all there is."""
    before = counts[:, : groups.first]
    series = np.stack([before[g].sum(axis=0) for g in (groups.treated, groups.control)])
    if groups.first < FEWEST_BEFORE or not series.any(axis=1).all():
        return
    dispersion = float(np.mean(series.var(axis=1, ddof=1) / series.mean(axis=1)))
    said = f"counts varied {dispersion:.1f} times as much as counting noise"
    too_small = "; the error, which is counting noise alone, is too small"
    yield Check("scatter before", said + (too_small if dispersion > UNLIKE else ""))


def _notes(asked: Displacement, groups: _Groups, counts: Floats) -> Iterator[str]:
    if asked.area:
        yield f"offenses a period and one of {asked.area}"
    if asked.units:
        yield "the percent is of the treated units and those around them together"
    if asked.units and not asked.control_units:
        yield NO_CONTROL
    treated, control = (
        float(counts[which, : groups.first].sum()) / size
        for which, size in (
            (groups.treated, groups.sizes.treated), (groups.control, groups.sizes.control),
        )
    )  # fmt: skip
    if max(treated, control) > UNLIKE * min(treated, control):
        yield (
            f"controls had {control:,.0f} before and the treated {treated:,.0f}: it takes the two "
            "to change by the same number, so choose controls that are as busy, or give their area"
        )
