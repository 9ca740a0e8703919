"""Long columns as they come out of a file, and what one value of theirs may be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from baserate.errors import BadPanel, near_names
from baserate.evaluate.panel import shown
from baserate.evaluate.periods import period_number

Cells = Mapping[str, Sequence[object]]


def column_of(columns: Cells, name: str) -> Sequence[object]:
    """A column by its name. Raises with the nearest names."""
    if name not in columns:
        near = near_names(name, list(columns))
        hint = f"did you mean {near[0]}?" if near else f"they have {shown(list(columns))}"
        raise BadPanel(f"the data have no column {name!r}; {hint}")
    return columns[name]


def as_unit(unit: object) -> str:
    """A unit's name; a code that a file holds as a decimal number, as R does, is a whole one."""
    if unit is None or not str(unit).strip() or unit != unit:
        raise BadPanel("a unit has no name: its cell is empty; name it or leave its rows out")
    if isinstance(unit, float) and unit.is_integer():
        return str(int(unit))
    return str(unit).strip()


def as_periods(values: Sequence[object], name: str) -> list[int]:
    """Periods as whole numbers, 1989 or 201706. Raises with the row of what is none."""
    found = []
    for row, value in enumerate(values, start=1):
        number = as_number(value)
        number = period_number(value) if number is None else number
        if number is None or number != int(number):
            raise BadPanel(
                f"{name} in row {row} is {value!r}; periods are whole numbers, as 1989 or 201706, "
                'or text such as "2017-06"'
            )
        found.append(int(number))
    return found


def as_number(value: object) -> float | None:
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
