"""Days on the calendar, as news stories count them: the same days a year before, the last June."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

from baserate.terms.periods import Period

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAY = timedelta(days=1)


def month_end(year: int, month: int) -> date:
    """The last day of a month.

    >>> month_end(2016, 2)
    datetime.date(2016, 2, 29)
    """
    return date(year, month, calendar.monthrange(year, month)[1])


def moved(period: Period, years: int) -> Period:
    """The same days some years later, or earlier where `years` is negative.

    The end of February stays the end of February.

    >>> str(moved(Period.months(2016, 2, 2), -1))
    'February 2015'
    """
    return Period(_moved(period.first, years), _moved(period.last, years, is_last=True))


def _moved(day: date, years: int, *, is_last: bool = False) -> date:
    year = min(max(day.year + years, date.min.year), date.max.year)
    if day.month == 2 and day.day >= 28:
        end = month_end(year, 2)
        is_month_end = day == month_end(day.year, 2)
        return end if is_last and is_month_end else date(year, 2, min(day.day, end.day))
    return day.replace(year=year)


def months_back(day: date, months: int) -> date:
    """The same day some months before; the last of the month where it has no such day.

    >>> months_back(date(2016, 3, 31), 1)
    datetime.date(2016, 2, 29)
    """
    number = max(day.year * 12 + day.month - 1 - months, 12)
    year, month = divmod(number, 12)
    return date(year, month + 1, min(day.day, month_end(year, month + 1).day))


def day_before(day: date) -> date:
    """The last full day that a story can report: the day before it was published."""
    return day - _DAY if day > date.min else day


def this_year(published: date) -> Period:
    """The year to the day before publication.

    In a text of the first three days of January, written before them, it is the year just over.

    >>> str(this_year(date(2016, 5, 12))), str(this_year(date(2017, 1, 2)))
    ('2016-01-01 to 2016-05-11', '2016')
    """
    last = day_before(published)
    if published.month == 1 and published.day <= 3:
        return Period.year(published.year - 1)
    return Period(date(last.year, 1, 1), last)


def weekday_before(published: date, weekday: str) -> date:
    """The last such weekday on or before publication.

    >>> weekday_before(date(2016, 12, 1), "Wednesday")
    datetime.date(2016, 11, 30)
    """
    days = (published.weekday() - WEEKDAYS.index(weekday.lower())) % 7
    return date.fromordinal(max(published.toordinal() - days, 1))


def month_before(published: date, month: int) -> int:
    """The year of the last such month that had begun by publication.

    >>> month_before(date(2016, 3, 2), 2), month_before(date(2016, 1, 20), 2)
    (2016, 2015)
    """
    return published.year if month <= published.month else max(published.year - 1, 1)
