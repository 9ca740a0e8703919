"""Periods as whole numbers: 2017, 20172 (its second quarter) and 201706."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

Step = Literal["year", "quarter", "month"]
CENTURIES = range(1800, 2200)
STEPS: tuple[Step, ...] = ("year", "quarter", "month")
_TEXT = re.compile(r"(?P<year>\d{4})(?:-?[Qq](?P<quarter>[1-4])|-(?P<month>0[1-9]|1[0-2]))?")


def period_number(said: object) -> int | None:
    """A period as a number, from a number or from text such as '2017-06' or '2017-Q2'.

    >>> period_number(201706), period_number("2017-06"), period_number("2017-Q2")
    (201706, 201706, 20172)
    >>> period_number("2017-13") is None
    True
    """
    if isinstance(said, bool):
        return None
    if isinstance(said, int):
        return said
    found = _TEXT.fullmatch(said.strip()) if isinstance(said, str) else None
    if found is None:
        return None
    year = int(found["year"])
    if found["quarter"]:
        return 10 * year + int(found["quarter"])
    return 100 * year + int(found["month"]) if found["month"] else year


def is_period(number: int, step: Step) -> bool:
    """Whether a number is a year, a quarter or a month of one.

    >>> is_period(201712, "month"), is_period(201713, "month"), is_period(20175, "quarter")
    (True, False, False)
    """
    year, part = split(number, step)
    return year in CENTURIES and 1 <= part <= PARTS[step]


def step_of(numbers: Sequence[int]) -> Step | None:
    """What all of them are, if they are years, quarters or months.

    >>> step_of([201712, 201801]), step_of([20174]), step_of([2017]), step_of([201713])
    ('month', 'quarter', 'year', None)
    """
    return next((s for s in STEPS if all(is_period(n, s) for n in numbers)), None)


PARTS: dict[Step, int] = {"year": 1, "quarter": 4, "month": 12}
_PLACES: dict[Step, int] = {"year": 1, "quarter": 10, "month": 100}


def split(number: int, step: Step) -> tuple[int, int]:
    """Year and part of the year, counted from 1.

    >>> split(201706, "month"), split(20172, "quarter"), split(2017, "year")
    ((2017, 6), (2017, 2), (2017, 1))
    """
    return (number, 1) if step == "year" else divmod(number, _PLACES[step])


def run(first: int, last: int, step: Step) -> list[int]:
    """Every period from the first to the last.

    >>> run(201711, 201802, "month"), run(20174, 20181, "quarter")
    ([201711, 201712, 201801, 201802], [20174, 20181])
    """
    (a, b), (c, d), parts = split(first, step), split(last, step), PARTS[step]
    numbered = range(parts * a + b - 1, parts * c + d)
    if step == "year":
        return list(numbered)
    return [_PLACES[step] * (n // parts) + n % parts + 1 for n in numbered]
