"""Cells of a panel: every unit's numbers by year, quarter or month, read at once.

A question asks one place for its series (`Store.series`); a panel asks for all places or agencies
of a kind together, so the work is done where the numbers are (panel.sql).
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from baserate.sources.facts import Counted
from baserate.store.open import Store
from baserate.terms.offenses import RapeDefinition

Unit = Literal["state", "city", "agency"]
Step = Literal["year", "quarter", "month"]


class Cell(NamedTuple):
    """What one dataset states of one unit in one period by one definition, newest release.

    period    2017, 20172 (its second quarter) or 201706
    number    offenses or clearances; of the months that are there, where not all are
    months    months that are in it; None where a printed year does not say
    is_whole  no month of the period is missing
    people    None where no population is known, 0 where the agency has none of its own
    covered   of a state summed from agencies: the share of its people whose agencies reported
    is_nibrs  the agency reported incidents that year; None where no list of agencies says
    """

    dataset: str
    entry: str
    unit: str
    agency: str | None
    period: int
    definition: RapeDefinition | None
    printed_definition: str | None
    number: int
    months: int | None
    is_whole: bool
    people: int | None
    is_estimated: bool
    covered: float | None
    is_nibrs: bool | None


def cells(
    store: Store,
    offense: str,
    unit: Unit,
    by: Step,
    years: tuple[int, int],
    counted: Counted = "offenses",
) -> list[Cell]:
    """Every cell of a kind of unit in those years, by dataset, unit and period.

    >>> from baserate.store.open import open_store
    >>> found = cells(open_store(), "murder", "state", "year", (2015, 2016))
    >>> next((c.number, c.is_whole) for c in found if (c.unit, c.period) == ("MO", 2015))
    (503, True)
    """
    told = {
        "offense": offense,
        "unit": unit,
        "by": by,
        "first": years[0],
        "last": years[1],
        "counted": counted,
    }
    return [Cell(*row) for row in store.panel(told)]
