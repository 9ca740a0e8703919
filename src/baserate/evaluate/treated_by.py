"""Who is treated, out of a column of the data."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace

from baserate.errors import BadPanel
from baserate.evaluate.cells import Cells, as_number, as_periods, as_unit, column_of
from baserate.evaluate.study import Study, TreatedBy, TreatedUnit

Paths = Mapping[str, Mapping[int, float]]  # of each unit: how strongly treated in each period


def with_treated(columns: Cells, study: Study) -> Study:
    """The study with the treated units that its column names, each with its start and dose.

    Units that the study leaves out under [donors] are left out here too. Refuses values beyond 0
    and 1, a treatment that ends, and a column in which nobody is treated.
    """
    by = study.treated_by
    if by is None:
        return study
    paths = _paths(columns, study, by.column)
    found = [
        _treated(unit, path, by)
        for unit, path in sorted(paths.items())
        if any(path.values()) and unit not in study.donors_without
    ]
    if not found:
        raise BadPanel(f"{by.column} is 0 in every period of the window; nobody is treated")
    return replace(study, treated=tuple(found))


def _paths(columns: Cells, study: Study, column: str) -> Paths:
    units, values = column_of(columns, study.panel.unit), column_of(columns, column)
    periods = as_periods(column_of(columns, study.panel.period), study.panel.period)
    made: dict[str, dict[int, float]] = defaultdict(dict)
    for row, (unit, period, value) in enumerate(zip(units, periods, values, strict=True), start=1):
        if not any(a <= period <= b for a, b in (study.pre, study.post)):
            continue
        number = as_number(value)
        if number is None or not 0 <= number <= 1:
            raise BadPanel(
                f"{column} in row {row} is {value!r}; it says how strongly a unit is treated, from "
                "0 to 1"
            )
        made[as_unit(unit)][period] = number
    return made


def _treated(unit: str, path: Mapping[int, float], by: TreatedBy) -> TreatedUnit:
    dose = max(path.values())
    if by.start is not None:
        if len(set(path.values())) > 1:
            raise BadPanel(
                f"{by.column} of {unit} changes over time; leave out [treated] start, and each "
                "unit begins where the column does"
            )
        return TreatedUnit(unit, by.start, dose)
    start = min(period for period, value in path.items() if value)
    ended = [period for period, value in path.items() if period > start and not value]
    if ended:
        raise BadPanel(
            f"{by.column} of {unit} is above 0 in {start} and 0 again in {min(ended)}; the designs "
            "here take programs that stay: end the window before, or leave the unit out with "
            f"[donors] without = [{unit!r}]"
        )
    return TreatedUnit(unit, start, dose)
