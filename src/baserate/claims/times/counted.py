"""What an expression of time means that counts from another period: "a year earlier"."""

from __future__ import annotations

from datetime import date, timedelta

from baserate.claims.times.days import WEEKDAYS, day_before, months_back, moved
from baserate.claims.times.said import (
    UNKNOWN,
    Anchor,
    Reading,
    Rule,
    Said,
    TimeRole,
    years_in,
)
from baserate.terms.periods import Period

_FEW_YEARS = 3  # "recent years", "the past few years": a guess, said as one in find.py


def _shift_back(said: Said, at: Anchor) -> Reading:
    decades = said.get("decades") or "decade" in (said.get("all") or "")
    years = said.number("count") or (said.number("decades") or 1) * (10 if decades else 1)
    base = at.listed if years == 1 and at.listed else at.base
    if base is None:
        return UNKNOWN
    published = at.published
    if years > 1 and said.get("ago") == "ago" and published and not _is_part_of(base, published):
        return Reading(Period.year(published.year - years))
    return Reading(moved(base, -years))


def _is_part_of(period: Period, published: date) -> bool:
    return not period.is_whole_years and period.last_year == published.year


def _shift_on(said: Said, at: Anchor) -> Reading:
    base = at.latest or at.base
    return Reading(moved(base, said.number("count") or 1)) if base else UNKNOWN


def _that_year(said: Said, at: Anchor) -> Reading:
    base = at.own or at.topic
    if base is None or "year" not in (said.get("all") or ""):
        return Reading(base)
    return Reading(Period.year(base.last_year))


def _same_days(said: Said, at: Anchor) -> Reading:
    parts = [p for p in (at.own, at.ahead, at.topic) if p and not p.is_whole_years]
    base = parts[0] if parts else at.now if at.published else at.base
    if base is None:
        return UNKNOWN
    named = said.year(at)
    year = named or base.first_year - (said.number("count") or 1)
    role: TimeRole | None = "period" if named and at.is_now(named) else None
    return Reading(moved(base, year - base.first_year), role=role)


def _month_back(said: Said, at: Anchor) -> Reading:
    base = at.base
    if base is None:
        return UNKNOWN
    if "week" in (said.get("all") or ""):
        week = timedelta(days=len(WEEKDAYS))
        is_week = base.last - base.first < week <= base.first - date.min
        return Reading(Period(base.first - week, base.last - week)) if is_week else UNKNOWN
    if base.months_of_year is None or base.is_whole_years:
        return UNKNOWN
    before = months_back(base.first, 1)
    return Reading(Period.months(before.year, before.month, before.month))


def _average(said: Said, at: Anchor) -> Reading:
    count, base = said.number("count"), at.base
    if base is None or not count or count >= base.first_year:
        return Reading(None, count=count)
    return Reading(Period.years(base.first_year - count, base.first_year - 1), count=count)


def _past(said: Said, at: Anchor) -> Reading:
    unit = said.get("unit", "unit2") or "years"
    number = said.number("count", "count2")
    if unit.startswith(("month", "week", "day", "hour", "12-month")):
        return _past_days(unit, 12 if unit.startswith("12") else number, at)
    if unit == "year" and number is None and said.get("which"):
        return Reading(_rolling(at, 12), count=1)
    count = (
        None
        if said.get("few") or (unit in {"years", "decades"} and number is None)
        else (number or 1) * years_in(unit)
    )
    years = count or _FEW_YEARS
    if said.get("which") in {"previous", "prior", "preceding"} and at.base:
        end = at.base.first_year - 1
        return Reading(_stretch(end - years + 1, end), count=count)
    last = at.last_year_of_data
    return Reading(_stretch(last - years, last) if last else None, count=count)


def _past_days(unit: str, number: int | None, at: Anchor) -> Reading:
    if at.published is None or (number is None and unit.endswith("s") and unit != "12-month"):
        return Reading(None, role="period")
    if "month" in unit:
        return Reading(_rolling(at, number or 1), role="period")
    days = (number or 1) * (7 if unit.startswith("week") else 1)
    if unit.startswith("hour"):
        days = max((number or 24) // 24, 1)
    first = at.published.toordinal() - days
    period = Period(date.fromordinal(first), day_before(at.published)) if first > 0 else None
    return Reading(period, role="period")


def _rolling(at: Anchor, months: int) -> Period | None:
    """So many months up to the day before publication."""
    if at.published is None:
        return None
    last = day_before(at.published)
    return Period(min(months_back(at.published, months), last), last)


def _stretch(first: int, last: int) -> Period | None:
    return Period.years(first, last) if 1 <= first <= last else None


def _recent(_said: Said, at: Anchor) -> Reading:
    last = at.last_year_of_data
    return Reading(_stretch(last - _FEW_YEARS, last) if last else None)


def _ending(at: Anchor, count: int | None) -> Reading:
    """So many years up to the one in question."""
    own = at.own or at.topic
    last = own.last_year if own else at.published.year - 1 if at.published else None
    if last is None or not count:
        return Reading(None, count=count)
    return Reading(_stretch(last - count + 1, last), count=count)


def _streak(said: Said, at: Anchor) -> Reading:
    unit = said.get("unit", "unit2", "unit3", "unit4") or ""
    return _ending(at, said.number("nth", "count")) if unit.startswith("year") else UNKNOWN


def _low_high(said: Said, at: Anchor) -> Reading:
    if said.get("many"):
        return UNKNOWN
    return _ending(at, (said.number("count") or 1) * years_in(said.get("unit", "unit2") or ""))


def _in_years(said: Said, at: Anchor) -> Reading:
    if said.get("many"):
        return UNKNOWN
    unit, text = said.get("unit") or "", said.get("at") or ""
    numbers = [said.number(n) or 0 for n in ("count", "count2", "count3")]
    length = years_in(f"{text} {unit}" if "century" in unit else unit)
    return _ending(at, (max(numbers) or 1) * length)


COUNTED: dict[str, Rule] = {
    rule.__name__.removeprefix("_"): rule
    for rule in (
        *(_shift_back, _shift_on, _that_year, _same_days, _month_back, _average, _past, _recent),
        *(_streak, _low_high, _in_years),
    )
}
