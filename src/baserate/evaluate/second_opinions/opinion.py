"""What a library said beside a number of ours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Compared = Literal["effect", "percent"]
Status = Literal["agrees", "disagrees", "no answer", "not installed"]

TOLERANCE = 1e-6  # of the number itself: apart by more, and two right programs they are not
SMALLEST = 1e-3  # of the outcome's level: an effect below it is measured against this much


class NotAsked(Exception):
    """The library would not do this panel justice, or not in good time; the message says why."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A library's estimate, with its standard error where it is one of the same kind."""

    effect: float
    standard_error: float | None = None


@dataclass(frozen=True, slots=True)
class SecondOpinion:
    """One row of the table as a library has it.

    library, version   as they are installed; the version is '' where none is
    compared           which number of the row: its effect, or its percent
    here               that number, by us
    effect             the same by the library; None where it gave no answer
    standard_error     the library's, in the same unit, where it gives one
    apart              how far the two are from one another, as a share of the number
    tolerance          up to which share they agree
    differs            what the library does otherwise; it does not bear on what is compared
    why_not            why there is no answer
    """

    library: str
    version: str
    compared: Compared
    here: float
    status: Status
    effect: float | None = None
    standard_error: float | None = None
    apart: float | None = None
    tolerance: float = TOLERANCE
    differs: str = ""
    why_not: str = ""


def apart(here: float, there: float, level: float) -> float:
    """The distance of two estimates as a share of the first.

    `level` is the outcome's size in the same unit: an effect below a thousandth of it counts as
    that thousandth, so that two zeros with different rounding are not called far apart.

    >>> apart(-20.0, -20.5, level=100.0), round(apart(1e-15, -1e-15, level=100.0), 12)
    (0.025, 0.0)
    """
    distance, scale = abs(here - there), max(abs(here), SMALLEST * abs(level))
    return distance / scale if distance else 0.0
