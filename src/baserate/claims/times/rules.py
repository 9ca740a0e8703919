"""What an expression of time means in days: one rule for each `means` of times.toml."""

from __future__ import annotations

from datetime import date, timedelta

from baserate.claims.times.days import (
    WEEKDAYS,
    day_before,
    month_before,
    month_end,
    months_back,
    moved,
    weekday_before,
)
from baserate.claims.times.said import UNKNOWN, Anchor, Reading, Rule, Said, full_year, years_in
from baserate.terms.periods import Period

_SEASONS = {"winter": 12, "spring": 3, "summer": 6, "fall": 9, "autumn": 9}
_MONDAYS = {"memorial": (5, 31), "labor": (9, 7)}  # the last Monday of May, the first of September
_PARTS = {"early": (1, 4), "mid": (5, 8), "late": (9, 12)}
_DECADE_PARTS = {"early": (0, 3), "mid": (4, 6), "middle": (4, 6), "late": (7, 9)}


def _whole_year(at: Anchor, year: int, *, relative: bool) -> Reading:
    """A calendar year; its days so far where it was not over at publication."""
    if at.now and at.is_now(year) and not at.now.is_whole_years:
        return Reading(at.now, relative, to_date=True)
    return Reading(Period.year(year), relative)


def _days(first: date, last: date) -> Period | None:
    return Period(first, last) if first <= last else None


def _day(year: int, month: int, day: int) -> date | None:
    return date(year, month, min(day, month_end(year, month).day)) if day and year else None


def _year(said: Said, at: Anchor) -> Reading:
    year = said.year(at)
    return _whole_year(at, year, relative=False) if year else UNKNOWN


def _short_year(said: Said, at: Anchor) -> Reading:
    two = said.number("yy") or 0
    latest = at.published.year if at.published else 2049
    return _whole_year(at, 2000 + two if 2000 + two <= latest else 1900 + two, relative=False)


def _years(said: Said, _at: Anchor) -> Reading:
    first, other = said.get("year"), said.get("year2", "year3")
    if not first or not other:
        return UNKNOWN
    return Reading(Period.years(int(first), full_year(first, other)), relative=False)


def _years_to(said: Said, at: Anchor) -> Reading:
    first = int(said.get("year") or 0)
    if at.published is None:
        return UNKNOWN
    last = at.published.year - (said.get("to") == "last")
    return Reading(Period.years(first, last)) if first <= last else UNKNOWN


def _decade(said: Said, _at: Anchor) -> Reading:
    tens = int(said.get("decade") or 0)
    start = tens * 10 if tens > 99 else 1900 + tens * 10
    first, last = _DECADE_PARTS.get(said.get("part") or "", (0, 9))
    return Reading(Period.years(start + first, start + last), relative=False)


def _part_of_year(said: Said, at: Anchor) -> Reading:
    year = said.year(at)
    if year is None:
        return UNKNOWN
    months = Period.months(year, *_PARTS[said.get("part") or "early"])
    return Reading(_begun(months, at), relative=said.get("year") is None)


def _begun(period: Period, at: Anchor) -> Period:
    """A period without the days that had not passed at publication."""
    last = day_before(at.published) if at.published else period.last
    return Period(period.first, min(period.last, last)) if period.first <= last else period


def _last_year(_said: Said, at: Anchor) -> Reading:
    return Reading(Period.year(at.published.year - 1)) if at.published else UNKNOWN


def _year_closed(_said: Said, at: Anchor) -> Reading:
    """ "Ended the year with": the year before in a story of the first two months."""
    if at.published is None:
        return UNKNOWN
    return Reading(Period.year(months_back(at.published, 2).year))


def _this_year(_said: Said, at: Anchor) -> Reading:
    return _whole_year(at, at.now.first_year, relative=True) if at.now else UNKNOWN


def _to_date(said: Said, at: Anchor) -> Reading:
    year = said.year(at)
    if at.now is None:
        return UNKNOWN
    if year is None or at.is_now(year):
        return Reading(at.now, to_date=True)
    if said.fixed:
        return Reading(Period.year(year), relative=False, role="since")
    return Reading(moved(at.now, year - at.now.first_year))


def _until_day(last: date | None, at: Anchor, *, relative: bool) -> Reading:
    if last is None:
        return UNKNOWN
    return Reading(
        Period(date(last.year, 1, 1), last),
        relative,
        to_date=at.now is None or last.year >= at.now.first_year,
    )


def _through_weekday(said: Said, at: Anchor) -> Reading:
    day = said.get("weekday")
    if at.published is None or day is None:
        return UNKNOWN
    return _until_day(weekday_before(at.published, day), at, relative=True)


def _dated(at: Anchor, month: int, day: int, year: int | None) -> date | None:
    """A day; without its year the last such day that had come by publication."""
    if year is None and at.published:
        year = month_before(at.published, month)
        if (month, day) > (at.published.month, at.published.day) and year == at.published.year:
            year = max(year - 1, 1)
    return _day(year, month, day) if year else None


def _through_day(said: Said, at: Anchor) -> Reading:
    month, day = said.month(), said.number("day")
    if month is None or not day:
        return UNKNOWN
    last = _dated(at, month, day, said.year(at))
    return _until_day(last, at, relative=said.get("year") is None)


def _through_number(said: Said, at: Anchor) -> Reading:
    month, day, year = (
        said.number("month_no", "month_no2"),
        said.number("day", "day2"),
        said.get("year", "year2"),
    )
    if not month or not day or month > 12 or day > 31:
        return UNKNOWN
    full = None if year is None else int(year) + (2000 if len(year) == 2 else 0)
    return _until_day(_dated(at, month, day, full or None), at, relative=full is None)


def _through_month(said: Said, at: Anchor) -> Reading:
    month, part = said.month(), said.get("part", "end") or "end"
    if month is None:
        return UNKNOWN
    year = said.year(at) or (month_before(at.published, month) if at.published else None)
    if year is None:
        return UNKNOWN
    day = {"early": 5, "beginning": 1, "start": 1, "mid": 15, "middle": 15, "late": 25}.get(
        part, 31
    )
    last = _begun(Period(date(year, 1, 1), _day(year, month, day) or date.max), at).last
    return _until_day(last, at, relative=said.get("year") is None)


def _through_word(said: Said, at: Anchor) -> Reading:
    if at.published is None:
        return UNKNOWN
    word, last = said.get("word") or "", day_before(at.published)
    if word == "last month":
        last = day_before(at.published.replace(day=1))
    elif word in {"last week", "the weekend"}:
        last = weekday_before(last, "Sunday")
    return _until_day(last, at, relative=True)


def _month(said: Said, at: Anchor) -> Reading:
    month, year = said.month(), said.year(at)
    if month is None:
        return UNKNOWN
    if year is None and at.own and at.own.is_one_year:
        year = at.own.first_year
    if year is None and at.published:
        year = month_before(at.published, month)
    if not year:
        return UNKNOWN
    whole = Period.months(year, month, month)
    return Reading(_begun(whole, at), relative=said.get("year") is None)


def _month_word(said: Said, at: Anchor) -> Reading:
    if at.published is None:
        return UNKNOWN
    day = months_back(at.published, 1) if said.get("which") == "last" else at.published
    return Reading(_begun(Period.months(day.year, day.month, day.month), at))


def _dates(said: Said, at: Anchor) -> Reading:
    month, month2 = said.month(), said.month("month2")
    year2 = said.year(at, "year")
    if month is None or month2 is None:
        return UNKNOWN
    if year2 is None and at.published:
        end = _dated(at, month2, said.number("day2") or 1, None)
        year2 = end.year if end else None
    if not year2:
        return UNKNOWN
    year = int(said.get("year0") or (year2 if month <= month2 else year2 - 1))
    first, last = (
        _day(year, month, said.number("day") or 1),
        _day(year2, month2, said.number("day2") or 31),
    )
    period = _days(first, last) if first and last else None
    if period is None:
        return UNKNOWN
    begun = _begun(period, at)
    from_new_year = (begun.first.month, begun.first.day) == (1, 1) and month2 > 1
    return Reading(
        begun,
        relative=said.get("year") is None,
        to_date=from_new_year and at.is_now(begun.last_year),
    )


def _since_day(said: Said, at: Anchor) -> Reading:
    month, day, year = said.month(), said.number("day"), said.get("year")
    if month is None or not day:
        return UNKNOWN
    first = _dated(at, month, day, int(year) if year else None)
    return Reading(Period(first, first), relative=year is None) if first else UNKNOWN


def _first(said: Said, at: Anchor) -> Reading:
    count, unit, month = said.number("count") or 1, said.get("unit") or "", said.month()
    year = said.year(at) or (month_before(at.published, month) if at.published and month else None)
    if not year:
        return UNKNOWN
    first = date(year, month or 1, 1)
    if unit.startswith("month"):
        last = month_end(year, min(first.month + count - 1, 12))
    else:
        last = first + timedelta(days=count * (7 if unit.startswith("week") else 1) - 1)
    named = said.get("year", "year2") is not None
    period = _begun(Period(first, last), at)
    return Reading(period, not named, to_date=month is None and at.is_now(year))


def _last_months(said: Said, at: Anchor) -> Reading:
    count, year = said.number("count") or 1, said.year(at)
    if not year:
        return UNKNOWN
    return Reading(Period.months(year, max(13 - count, 1), 12), relative=said.get("year") is None)


def _half_or_quarter(said: Said, at: Anchor) -> Reading:
    months = 6 if said.get("half") else 3
    nth = said.get("nth") or ""
    parts = 12 // months
    number = parts if nth == "last" else said.number("nth") or 1
    if number > parts:
        return UNKNOWN
    end, year = number * months, said.year(at)
    if year is None and at.published:
        year = at.published.year - (end > at.published.month)
    if not year:
        return UNKNOWN
    period = _begun(Period.months(year, end - months + 1, end), at)
    return Reading(
        period, said.get("year", "year2") is None, to_date=number == 1 and at.is_now(year)
    )


def _season(said: Said, at: Anchor) -> Reading:
    start = _SEASONS[said.get("season", "season2") or "summer"]
    year, which = said.year(at, "year", "year2"), said.get("which")
    if year is None and at.published:
        year = at.published.year - (which == "last" or start > at.published.month)
    if not year:
        return UNKNOWN
    end = start + 2 if start < 12 else 2
    period = Period(date(year, start, 1), month_end(year + (start == 12), end))
    return Reading(_begun(period, at), relative=said.get("year", "year2") is None)


def _weekend(said: Said, at: Anchor) -> Reading:
    """Friday to Sunday, as police count the weekend; to Monday where that is a holiday."""
    if at.published is None:
        return UNKNOWN
    holiday = (said.get("holiday") or "").split(" ")[0]
    if holiday in _MONDAYS:
        return Reading(_holiday_weekend(at.published, *_MONDAYS[holiday]))
    sunday = weekday_before(day_before(at.published), "Sunday")
    return Reading(None if holiday else Period(sunday - timedelta(days=2), sunday))


def _holiday_weekend(published: date, month: int, last_day: int) -> Period:
    """The last one that had begun: Friday to the Monday that is at most that day of the month."""
    monday = weekday_before(date(published.year, month, last_day), "Monday")
    if monday - timedelta(days=3) >= published:
        monday = weekday_before(date(published.year - 1, month, last_day), "Monday")
    return Period(monday - timedelta(days=3), monday)


def _week_ended(said: Said, at: Anchor) -> Reading:
    month, day, year = said.month(), said.number("day"), said.get("year")
    if month and day:
        last = _dated(at, month, day, int(year) if year else None)
    else:
        weekday = said.get("weekday")
        last = weekday_before(at.published, weekday) if at.published and weekday else None
    count = said.number("count")
    if last is None and at.published and count:
        last = day_before(at.published)
    if last is None:
        return UNKNOWN
    count = count or len(WEEKDAYS)
    return Reading(Period(last - timedelta(days=count - 1), last), relative=year is None)


def _ended(said: Said, at: Anchor) -> Reading:
    count, unit = said.number("count") or 1, said.get("unit", "unit2") or "year"
    months = count * (1 if "month" in unit else 12 * years_in(unit))
    year, month = said.year(at, "year", "year2"), said.month() or 12
    if year is None and at.published:
        year = month_before(at.published, month)
    last = _day(year, month, said.number("day") or 31) if year else None
    if last is None or months > last.year * 12:
        return UNKNOWN
    after = date.fromordinal(min(last.toordinal() + 1, date.max.toordinal()))
    first = months_back(after, months)
    return Reading(Period(first, last), relative=said.get("year", "year2") is None)


def _fiscal(said: Said, _at: Anchor) -> Reading:
    first, other = said.get("year", "year3") or "", said.get("year2", "year4")
    year = full_year(first, other) if other else int(first)
    return Reading(Period(date(year - 1, 10, 1), date(year, 9, 30)), relative=False)


def _school(said: Said, _at: Anchor) -> Reading:
    first = said.get("year") or ""
    last = full_year(first, said.get("year2") or first)
    return Reading(_days(date(int(first), 7, 1), date(last, 6, 30)), relative=False)


def _years_named(said: Said, _at: Anchor) -> Reading:
    return Reading(Period.years(said.first, said.last), relative=False)


def _unresolved(_said: Said, _at: Anchor) -> Reading:
    return UNKNOWN


RULES: dict[str, Rule] = {
    rule.__name__.removeprefix("_"): rule
    for rule in (
        *(_year, _short_year, _years, _years_to, _decade, _part_of_year, _last_year),
        *(_year_closed, _this_year, _to_date, _through_weekday, _through_day, _through_number),
        *(_through_month, _through_word, _month, _month_word, _dates, _since_day, _first),
        *(_last_months, _half_or_quarter, _season, _weekend, _week_ended, _ended, _fiscal),
        *(_school, _years_named, _unresolved),
    )
}
