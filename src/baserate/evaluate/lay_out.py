"""Long columns, one row a unit and period, laid out as a balanced panel.

Gaps, duplicates and strangers are refused here, so that no design has to look for them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from baserate.errors import BadPanel
from baserate.evaluate.cells import Cells, as_number, as_periods, as_unit, column_of
from baserate.evaluate.panel import NEVER, SHOWN, Floats, Panel, shown, unknown_unit
from baserate.evaluate.study import Measure, Study

LARGEST = 1e15  # beyond it whole numbers are not exact
LARGEST_LOG = 50.0  # the logarithm of more than there is of anything


def panel_of(
    columns: Cells, study: Study, *, notes: tuple[str, ...] = (), source: str = ""
) -> Panel:
    """A balanced panel out of long columns, one row a unit and period, by the study's window."""
    wanted = study.panel
    unit_of = [as_unit(u) for u in column_of(columns, wanted.unit)]
    period_of = as_periods(column_of(columns, wanted.period), wanted.period)
    inside = _inside(period_of, study)
    units = sorted({u for u, i in zip(unit_of, inside, strict=True) if i})
    periods = sorted({p for p, i in zip(period_of, inside, strict=True) if i})
    _refuse_strangers(study, units)
    units = sorted({*_chosen(units, study), *study.apart})
    place = {u: i for i, u in enumerate(units)}, {p: j for j, p in enumerate(periods)}
    where = [
        (place[0][u], place[1][p], row)
        for row, (u, p, i) in enumerate(zip(unit_of, period_of, inside, strict=True))
        if i and u in place[0]
    ]
    _refuse_duplicates(where, units, periods)
    _refuse_gaps(where, units, periods, frozenset(u.name for u in study.treated))
    names = [wanted.outcome, *([wanted.exposure] if wanted.exposure else []), *wanted.covariates]
    names += [*study.further, *study.fixed, *([wanted.weight] if wanted.weight else [])]
    by = study.treated_by
    names += [by.column] if by else []
    cells = {name: _filled(columns, name, where, units, periods) for name in dict.fromkeys(names)}
    cohort, dose = _cohorts(study, units, periods)
    for name in (wanted.outcome, *study.further):
        _refuse_senseless(cells[name], wanted.measure, name, units, periods)
    area = study.displacement.area if study.displacement else None
    first = periods.index(next(p for p in periods if p >= study.post[0]))
    made = Panel(
        units=tuple(units),
        periods=tuple(periods),
        outcome=cells[wanted.outcome],
        measure=wanted.measure,
        exposure=_positive(cells, wanted.exposure, units, periods, "people are more than none"),
        cohort=cohort,
        dose=dose,
        first=first,
        cluster=_labels(columns, wanted.cluster, where, units, "cluster")
        if wanted.cluster
        else tuple(units),
        covariates={name: cells[name] for name in wanted.covariates},
        counted_by=_counted_by(columns, wanted.counted_by, where, units, periods),
        notes=notes,
        source=source,
        further={name: cells[name] for name in study.further},
        weights=_positive(cells, wanted.weight, units, periods, "a weight is above zero"),
        groups=_labels(columns, wanted.groups, where, units, "group") if wanted.groups else (),
        intensity=cells[by.column] if by and by.start is None else None,
        fixed={
            name: _same(cells[name], name, units, periods, name == area) for name in study.fixed
        },
    )._parted(study.apart)
    for name, values in ((wanted.outcome, made.outcome), *made.further.items()):
        if np.ptp(values) == 0:
            raise BadPanel(f"{name} is {values.flat[0]:g} everywhere; there is nothing to compare")
    return made


def _inside(period_of: Sequence[int], study: Study) -> list[bool]:
    (a, b), (c, d) = study.pre, study.post
    inside = [a <= p <= b or c <= p <= d for p in period_of]
    held = sorted(set(period_of))
    for name, (first, last) in (("pre", study.pre), ("post", study.post)):
        if not any(first <= p <= last for p in held):
            span = f"{held[0]} to {held[-1]}" if held else "none"
            raise BadPanel(
                f"the data have no period of {name} = [{first}, {last}]; they have {span}"
            )
    return inside


def _refuse_strangers(study: Study, units: Sequence[str]) -> None:
    named = [u.name for u in study.treated]
    named += [*study.donors_only, *study.donors_without, *study.apart]
    known = set(units)
    for name in named:
        if name not in known:
            raise BadPanel(unknown_unit(name, units))
    treated = {u.name for u in study.treated}
    both = next((name for name in study.donors_without if name in treated), None)
    if both is not None:
        raise BadPanel(
            f"{both} is treated and stands in [donors] without; take it out of [treated] to leave "
            "it out of the study"
        )
    for name in study.apart:
        if name in treated:
            raise BadPanel(
                f"{name} is treated and stands in [displacement]; crime is displaced to units that "
                "are not treated"
            )
        if study.apart.count(name) > 1:
            raise BadPanel(f"{name} stands in [displacement] twice; it is in one group at most")


def _chosen(units: Sequence[str], study: Study) -> list[str]:
    """Treated units and donors by the study's rule; displacement units stand apart."""
    treated = {u.name for u in study.treated}
    apart = {*study.apart, *study.donors_without} - treated
    able = set(study.donors_only) or set(units)
    chosen = [u for u in units if u in treated or (u in able and u not in apart)]
    if treated >= set(chosen):
        who = (
            f"every unit is treated ({shown(sorted(treated))})"
            if treated >= set(units)
            else "[donors] and [displacement] leave no unit to compare with"
        )
        raise BadPanel(f"{who}; a comparison needs units that are not treated")
    return chosen


Where = Sequence[tuple[int, int, int]]


def _refuse_duplicates(where: Where, units: Sequence[str], periods: Sequence[int]) -> None:
    seen: dict[tuple[int, int], int] = {}
    for i, j, row in where:
        if (i, j) in seen:
            raise BadPanel(
                f"{units[i]} in {periods[j]} stands in rows {seen[i, j] + 1} and {row + 1}; one "
                "row a unit and period"
            )
        seen[i, j] = row


def _refuse_gaps(
    where: Where, units: Sequence[str], periods: Sequence[int], treated: frozenset[str]
) -> None:
    held = np.zeros((len(units), len(periods)), dtype=bool)
    for i, j, _ in where:
        held[i, j] = True
    short = [units[i] for i in range(len(units)) if not held[i].all()]
    if short:
        first = units.index(short[0])
        absent = [periods[j] for j in range(len(periods)) if not held[first, j]]
        out = [unit for unit in short if unit not in treated]
        leave = f"leave these units out with [donors] without = {out[:SHOWN]!r}, " if out else ""
        raise BadPanel(
            f"{len(short)} of {len(units)} units have gaps: {short[0]} has no row for "
            f"{shown([str(p) for p in absent])}. Fill them, {leave}or narrow the window"
        )


def _filled(
    columns: Cells, name: str, where: Where, units: Sequence[str], periods: Sequence[int]
) -> Floats:
    values = column_of(columns, name)
    made = np.empty((len(units), len(periods)))
    for i, j, row in where:
        number = as_number(values[row])
        if number is None:
            raise BadPanel(
                f"{name} of {units[i]} in {periods[j]} (row {row + 1}) is {values[row]!r}, which "
                "is no number; leave the unit out or give one"
            )
        if abs(number) > LARGEST:
            raise BadPanel(
                f"{name} of {units[i]} in {periods[j]} (row {row + 1}) is {number:g}, more than "
                "can be worked with; give it in a larger unit"
            )
        made[i, j] = number
    return made


def _cohorts(
    study: Study, units: Sequence[str], periods: Sequence[int]
) -> tuple[NDArray[np.int64], Floats]:
    cohort, dose = np.full(len(units), NEVER, dtype=np.int64), np.zeros(len(units))
    for unit in study.treated:
        inside = [j for j, p in enumerate(periods) if p >= unit.start]
        if not inside or unit.start > periods[-1] or inside[0] == 0:
            raise BadPanel(
                f"{unit.name} is treated from {unit.start}, and the panel has {periods[0]} to "
                f"{periods[-1]}; a start needs periods before it and after it"
            )
        if unit.start < study.post[0]:
            raise BadPanel(
                f"{unit.name} is treated from {unit.start}, and pre = [{study.pre[0]}, "
                f"{study.pre[1]}] is before anybody is; end pre before the first start, and begin "
                "post with it"
            )
        row = units.index(unit.name)
        cohort[row], dose[row] = inside[0], unit.dose
    return cohort, dose


def _refuse_senseless(
    outcome: Floats, measure: Measure, name: str, units: Sequence[str], periods: Sequence[int]
) -> None:
    if measure in {"count", "rate"} and (outcome < 0).any():
        i, j = np.argwhere(outcome < 0)[0]
        raise BadPanel(
            f"{name} of {units[i]} in {periods[j]} is {outcome[i, j]:g}; a {measure} is zero or "
            "more"
        )
    if measure == "log" and (outcome > LARGEST_LOG).any():
        i, j = np.argwhere(outcome > LARGEST_LOG)[0]
        raise BadPanel(
            f"{name} of {units[i]} in {periods[j]} is {outcome[i, j]:g}, which is no logarithm of "
            'a count or a rate; take logarithms, or say measure = "count", "rate" or "mean"'
        )
    if measure == "count" and (outcome != np.round(outcome)).any():
        i, j = np.argwhere(outcome != np.round(outcome))[0]
        raise BadPanel(
            f"{name} of {units[i]} in {periods[j]} is {outcome[i, j]:g}; a count is a whole "
            'number. Say measure = "rate" or "mean"'
        )


def _same(
    values: Floats, name: str, units: Sequence[str], periods: Sequence[int], is_area: bool
) -> Floats:
    """Each unit's one value of a column that may not change from period to period."""
    varies = np.argwhere(values != values[:, :1])
    if len(varies):
        i, j = varies[0]
        raise BadPanel(
            f"{name} of {units[i]} is {values[i, 0]:g} in {periods[0]} and {values[i, j]:g} in "
            f"{periods[j]}; give one value for all periods, such as that of the last one before"
        )
    if is_area and (values <= 0).any():
        i = int(np.argwhere(values[:, 0] <= 0)[0, 0])
        raise BadPanel(f"{name} of {units[i]} is {values[i, 0]:g}; an area is above zero")
    return values[:, 0]


def _positive(
    cells: Mapping[str, Floats],
    name: str | None,
    units: Sequence[str],
    periods: Sequence[int],
    why: str,
) -> Floats | None:
    """A column that must be above zero in every cell, if the study names it."""
    if name is None:
        return None
    values = cells[name]
    if (values <= 0).any():
        i, j = np.argwhere(values <= 0)[0]
        raise BadPanel(f"{name} of {units[i]} in {periods[j]} is {values[i, j]:g}; {why}")
    return values


def _labels(
    columns: Cells, name: str, where: Where, units: Sequence[str], what: str
) -> tuple[str, ...]:
    """Each unit's one label of a column: its cluster or its group."""
    values = column_of(columns, name)
    found: dict[int, str] = {}
    for i, _, row in where:
        if values[row] is None or not str(values[row]).strip():
            raise BadPanel(f"{name} of {units[i]} (row {row + 1}) is empty; a unit has one {what}")
        label = str(values[row])
        if found.setdefault(i, label) != label:
            raise BadPanel(
                f"{units[i]} is in {found[i]} and in {label} by {name}; a unit has one {what}"
            )
    return tuple(found[i] for i in range(len(units)))


def _counted_by(
    columns: Cells,
    name: str | None,
    where: Where,
    units: Sequence[str],
    periods: Sequence[int],
) -> tuple[tuple[str, ...], ...]:
    if name is None:
        return ()
    values = column_of(columns, name)
    made = [[""] * len(periods) for _ in units]
    for i, j, row in where:
        made[i][j] = "" if values[row] is None else str(values[row])
    return tuple(map(tuple, made))
