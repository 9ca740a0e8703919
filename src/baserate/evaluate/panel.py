"""The panel: one number for every unit and period, with who was treated from when.

Gaps, duplicates and strangers are refused here, so that no design has to look for them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from baserate.errors import BadPanel, near_names
from baserate.evaluate.periods import period_number
from baserate.evaluate.study import Measure, Study

Floats = NDArray[np.float64]
SHOWN = 5  # names that an error lists
NEVER = -1  # in `cohort`: not treated inside the window


@dataclass(frozen=True, slots=True)
class Panel:
    """Units by periods, in order of time.

    outcome     shape (units, periods): counts, rates per 100,000 or means, as `measure` says
    exposure    the same shape: people, or None where a cell is no rate of anything
    cohort      (units,): index of the first treated period, NEVER for the others
    dose        (units,): how strongly treated, 0 for the others
    first       index of the first period after the pre-period
    cluster     (units,): what units are clustered by; the unit itself unless the study says
    counted_by  for each unit and period how its cell was counted; empty where nothing says
    notes       what is known of cells that a reader must hear: coverage, definitions, sources
    further     other outcomes that the study names, each of the outcome's shape
    fixed       (units,): columns that are the same in every period, such as an area
    apart       the units where crime may have moved and their controls, or None
    """

    units: tuple[str, ...]
    periods: tuple[int, ...]
    outcome: Floats
    measure: Measure
    exposure: Floats | None
    cohort: NDArray[np.int64]
    dose: Floats
    first: int
    cluster: tuple[str, ...]
    covariates: Mapping[str, Floats] = field(default_factory=dict)
    counted_by: tuple[tuple[str, ...], ...] = ()
    notes: tuple[str, ...] = ()
    source: str = ""
    further: Mapping[str, Floats] = field(default_factory=dict)
    fixed: Mapping[str, Floats] = field(default_factory=dict)
    apart: Panel | None = None

    @property
    def treated(self) -> NDArray[np.bool_]:
        """Which units are treated inside the window."""
        return np.asarray(self.cohort != NEVER)

    @property
    def is_staggered(self) -> bool:
        """Whether units begin in different periods."""
        return len(set(self.cohort[self.treated].tolist())) > 1

    @property
    def counts(self) -> Floats | None:
        """The outcome as counts, where it is one or the exposure turns a rate into one."""
        if self.measure == "count":
            return self.outcome
        if self.measure == "rate" and self.exposure is not None:
            return np.round(self.outcome * self.exposure / 1e5)
        return None

    @property
    def comparable(self) -> Floats:
        """What units of unequal size are compared by: the rate per 100,000 where there is one."""
        if self.measure == "count" and self.exposure is not None:
            return np.asarray(1e5 * self.outcome / self.exposure)
        return self.outcome

    def index(self, unit: str) -> int:
        """The row of a unit. Raises with the nearest names."""
        if unit in self.units:
            return self.units.index(unit)
        raise BadPanel(unknown_unit(unit, self.units))

    def without(self, units: Sequence[str]) -> Panel:
        """The panel with some units left out."""
        left_out = set(units)
        return self._rows(np.array([u not in left_out for u in self.units]))

    def of(self, outcome: Floats) -> Panel:
        """The same panel with another outcome in place of its own."""
        return replace(self, outcome=outcome)

    def _rows(self, keep: NDArray[np.bool_]) -> Panel:
        return replace(
            self,
            units=tuple(u for u, k in zip(self.units, keep, strict=True) if k),
            outcome=self.outcome[keep],
            exposure=None if self.exposure is None else self.exposure[keep],
            cohort=self.cohort[keep],
            dose=self.dose[keep],
            cluster=tuple(c for c, k in zip(self.cluster, keep, strict=True) if k),
            covariates={name: values[keep] for name, values in self.covariates.items()},
            counted_by=tuple(c for c, k in zip(self.counted_by, keep, strict=False) if k),
            further={name: values[keep] for name, values in self.further.items()},
            fixed={name: values[keep] for name, values in self.fixed.items()},
        )

    def _parted(self, apart: Sequence[str]) -> Panel:
        """The panel without the units that stand apart, which it carries beside it."""
        beside = np.array([u in set(apart) for u in self.units])
        return replace(self._rows(~beside), apart=self._rows(beside)) if beside.any() else self


def unknown_unit(unit: str, known: Sequence[str]) -> str:
    """What to say of a unit that the data do not have."""
    near = near_names(unit, known)
    hint = f"did you mean {' or '.join(near)}?" if near else f"it has {shown(sorted(known))}"
    return f"the data have no unit called {unit!r}; {hint}"


def shown(names: Sequence[str]) -> str:
    """The first names of a list, and how many more there are."""
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(map(str, names[:SHOWN])) + more


Cells = Mapping[str, Sequence[object]]


def panel_of(
    columns: Cells, study: Study, *, notes: tuple[str, ...] = (), source: str = ""
) -> Panel:
    """A balanced panel out of long columns, one row a unit and period, by the study's window."""
    wanted = study.panel
    unit_of = [_called(u) for u in _column(columns, wanted.unit)]
    period_of = _whole_numbers(_column(columns, wanted.period), wanted.period)
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
    _refuse_gaps(where, units, periods)
    names = [wanted.outcome, *([wanted.exposure] if wanted.exposure else []), *wanted.covariates]
    names += [*study.further, *study.fixed]
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
        exposure=_exposure(cells, wanted.exposure, units, periods),
        cohort=cohort,
        dose=dose,
        first=first,
        cluster=_clusters(columns, wanted.cluster, where, units),
        covariates={name: cells[name] for name in wanted.covariates},
        counted_by=_counted_by(columns, wanted.counted_by, where, units, periods),
        notes=notes,
        source=source,
        further={name: cells[name] for name in study.further},
        fixed={
            name: _same(cells[name], name, units, periods, name == area) for name in study.fixed
        },
    )._parted(study.apart)
    for name, values in ((wanted.outcome, made.outcome), *made.further.items()):
        if np.ptp(values) == 0:
            raise BadPanel(f"{name} is {values.flat[0]:g} everywhere; there is nothing to compare")
    return made


def _column(columns: Cells, name: str) -> Sequence[object]:
    if name not in columns:
        near = near_names(name, list(columns))
        hint = f"did you mean {near[0]}?" if near else f"they have {shown(list(columns))}"
        raise BadPanel(f"the data have no column {name!r}; {hint}")
    return columns[name]


def _called(unit: object) -> str:
    """A unit's name; a code that a file holds as a decimal number, as R does, is a whole one."""
    if isinstance(unit, float) and unit.is_integer():
        return str(int(unit))
    return str(unit).strip()


def _whole_numbers(values: Sequence[object], name: str) -> list[int]:
    found = []
    for row, value in enumerate(values, start=1):
        number = _number(value)
        number = period_number(value) if number is None else number
        if number is None or number != int(number):
            raise BadPanel(
                f"{name} in row {row} is {value!r}; periods are whole numbers, as 1989 or 201706, "
                'or text such as "2017-06"'
            )
        found.append(int(number))
    return found


def _number(value: object) -> float | None:
    """A finite number, or None for what is none."""
    if type(value) is int:
        return value
    if value is None or isinstance(value, bool):
        return None
    try:
        number = float(str(value))
    except ValueError:
        return None
    return number if np.isfinite(number) else None


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
        raise BadPanel(
            f"every unit is treated ({shown(sorted(treated))}); a comparison needs units that are "
            "not"
        )
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


def _refuse_gaps(where: Where, units: Sequence[str], periods: Sequence[int]) -> None:
    held = np.zeros((len(units), len(periods)), dtype=bool)
    for i, j, _ in where:
        held[i, j] = True
    short = [units[i] for i in range(len(units)) if not held[i].all()]
    if short:
        first = units.index(short[0])
        absent = [periods[j] for j in range(len(periods)) if not held[first, j]]
        raise BadPanel(
            f"{len(short)} of {len(units)} units have gaps: {short[0]} has no row for "
            f"{shown([str(p) for p in absent])}. Fill them, leave these units out with [donors] "
            f"without = {short[:SHOWN]!r}, or narrow the window"
        )


def _filled(
    columns: Cells, name: str, where: Where, units: Sequence[str], periods: Sequence[int]
) -> Floats:
    values = _column(columns, name)
    made = np.empty((len(units), len(periods)))
    for i, j, row in where:
        number = _number(values[row])
        if number is None:
            raise BadPanel(
                f"{name} of {units[i]} in {periods[j]} (row {row + 1}) is {values[row]!r}, which "
                "is no number; leave the unit out or give one"
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


def _exposure(
    cells: Mapping[str, Floats], name: str | None, units: Sequence[str], periods: Sequence[int]
) -> Floats | None:
    if name is None:
        return None
    exposure = cells[name]
    if (exposure <= 0).any():
        i, j = np.argwhere(exposure <= 0)[0]
        raise BadPanel(
            f"{name} of {units[i]} in {periods[j]} is {exposure[i, j]:g}; people are more than none"
        )
    return exposure


def _clusters(
    columns: Cells, name: str | None, where: Where, units: Sequence[str]
) -> tuple[str, ...]:
    if name is None:
        return tuple(units)
    values = _column(columns, name)
    found: dict[int, str] = {}
    for i, _, row in where:
        cluster = str(values[row])
        if found.setdefault(i, cluster) != cluster:
            raise BadPanel(
                f"{units[i]} is in {found[i]} and in {cluster} by {name}; a unit has one cluster"
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
    values = _column(columns, name)
    made = [[""] * len(periods) for _ in units]
    for i, j, row in where:
        made[i][j] = "" if values[row] is None else str(values[row])
    return tuple(map(tuple, made))
