"""The days that a claim is about and those of its baseline."""

from __future__ import annotations

from dataclasses import dataclass

from baserate.claims.times.days import moved
from baserate.terms.periods import Period


@dataclass(frozen=True, slots=True)
class Dates:
    """Which days a statement describes; None where neither it nor the text says.

    baseline  what they are measured against, as a claim's comparator_period
    to_date   they are of a year not yet over when it was written
    shown     the year that a comparison showed the text to be about
    """

    period: Period | None
    baseline: Period | None = None
    to_date: bool = False
    shown: Period | None = None


def year_before(period: Period) -> Period:
    """The same days a year before; of several years, the year before the first.

    >>> str(year_before(Period.months(2016, 1, 6))), str(year_before(Period.years(2010, 2014)))
    ('January to June 2015', '2009')
    """
    if period.is_whole_years:
        return Period.year(period.first_year - 1)
    return moved(period, -1)


def year_after(period: Period) -> Period:
    """The year after the one in which a period starts."""
    return Period.year(period.first_year + 1)
