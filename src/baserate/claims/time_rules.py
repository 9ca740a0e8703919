"""What an expression of time means in days: one rule for each `means` of times.toml."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from baserate.claims.days import (
    WEEKDAYS,
    day_before,
    month_before,
    month_end,
    months_back,
    moved,
    this_year,
    weekday_before,
)  # fmt: skip
from baserate.terms.periods import Period

TimeRole = Literal[
    "period", "comparator", "since", "streak", "span", "until", "low_high", "last_time", "named",
]  # fmt: skip

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_SEASONS = {"winter": 12, "spring": 3, "summer": 6, "fall": 9, "autumn": 9}
_PARTS = {"early": (1, 4), "mid": (5, 8), "late": (9, 12)}
_DECADE_PARTS = {"early": (0, 3), "mid": (4, 6), "middle": (4, 6), "late": (7, 9)}
_FEW_YEARS = 3  # "recent years", "the past few years": a guess, said as one in times.py


@dataclass(frozen=True, slots=True)
class Anchor:
    """What relative expressions count from.

    published   the day of publication
    topic       the period of the sentences before
    own         the period that this sentence has named so far
    ahead       the first period that it names later
    listed      the period named just before, where the two stand in one list
    """

    published: date | None
    topic: Period | None = None
    own: Period | None = None
    ahead: Period | None = None
    listed: Period | None = None
    latest: Period | None = None

    @property
    def now(self) -> Period | None:
        """The year to the day before publication."""
        return this_year(self.published) if self.published else None

    @property
    def base(self) -> Period | None:
        """The period in question: the sentence's own, else the topic, else the year of now."""
        if self.own or self.topic:
            return self.own or self.topic
        return Period.year(self.published.year) if self.published else None

    @property
    def last_year_of_data(self) -> int | None:
        """The last year that a span ending "now" has: the topic's where that is recent."""
        if self.published is None:
            return None
        for each in (self.own, self.topic):
            if each and 0 <= self.published.year - each.last_year <= 2:
                return each.last_year
        return self.published.year - 1


@dataclass(frozen=True, slots=True)
class Reading:
    """One expression, resolved. `role` is set where the rule overrules the form."""

    period: Period | None
    relative: bool = True
    count: int | None = None
    to_date: bool = False
    role: TimeRole | None = None


UNKNOWN = Reading(None)


@dataclass(frozen=True, slots=True)
class Said:
    """The parts of one match, by group name. Groups "year", "year2" are ways to say one thing."""

    parts: Mapping[str, str | None]
    numbers: Mapping[str, int]
    first: int = 0
    last: int = 0
    fixed: bool = False

    def get(self, *names: str) -> str | None:
        """The first of these groups that matched, in lower case."""
        found = next((self.parts[n] for n in names if self.parts.get(n)), None)
        return found.lower() if found else None

    def number(self, *names: str) -> int | None:
        """The number in words or figures that the first of these groups holds."""
        said = self.get(*names)
        if said is None:
            return None
        if said[0].isdigit():
            return int("".join(c for c in said if c.isdigit()))
        words = said.replace("-", " ").split()
        return sum(self.numbers.get(w, 0) for w in words) or None

    def month(self, name: str = "month") -> int | None:
        """The number of a month."""
        said = self.get(name)
        return _MONTHS.index(said[:3]) + 1 if said else None

    def year(self, at: Anchor, *names: str) -> int | None:
        """The year that it names, or that "this year", "that year" and the like point to."""
        said = self.get(*(names or ("year", "year2", "year3")))
        if said:
            return int(said)
        word = self.get("anchor", "anchor2")
        if word in {"that", "the same", "the previous", "the prior"}:
            base = at.base
            return None if base is None else base.first_year - word.startswith("the pr")
        if word == "last":
            return at.published.year - 1 if at.published else None
        return at.now.first_year if word and at.now else None


def _is_now(at: Anchor, year: int) -> bool:
    return at.now is not None and at.now.first_year == year


def _whole_year(at: Anchor, year: int, *, relative: bool) -> Reading:
    """A calendar year; its days so far where it was not over at publication."""
    if at.now and _is_now(at, year) and not at.now.is_whole_years:
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


def full_year(first: str, other: str) -> int:
    """The later year of "1998-99" and "1998-2002".

    >>> full_year("1998", "99"), full_year("1999", "01")
    (1999, 2001)
    """
    if len(other) == 4:
        return int(other)
    year = int(first[: 4 - len(other)] + other)
    return year if year > int(first) else year + 10 ** len(other)


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
    if year is None or _is_now(at, year):
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
        to_date=from_new_year and _is_now(at, begun.last_year),
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
    return Reading(period, not named, to_date=month is None and _is_now(at, year))


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
        period, said.get("year", "year2") is None, to_date=number == 1 and _is_now(at, year)
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


def _weekend(_said: Said, at: Anchor) -> Reading:
    """Friday to Sunday, as police count the weekend."""
    if at.published is None:
        return UNKNOWN
    sunday = weekday_before(day_before(at.published), "Sunday")
    return Reading(Period(sunday - timedelta(days=2), sunday))


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
    months = count * (1 if "month" in unit else 12 * _length(unit))
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
    role: TimeRole | None = "period" if named and _is_now(at, named) else None
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
        else (number or 1) * _length(unit)
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
    return _days(months_back(at.published, months), day_before(at.published))


def _length(unit: str) -> int:
    """Years in a unit of time."""
    if "century" in unit or "centuries" in unit:
        return 25 if "quarter" in unit else 50 if "half" in unit else 100
    return 10 if "decade" in unit else 1


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
    return _ending(at, (said.number("count") or 1) * _length(said.get("unit", "unit2") or ""))


def _in_years(said: Said, at: Anchor) -> Reading:
    if said.get("many"):
        return UNKNOWN
    unit, text = said.get("unit") or "", said.get("at") or ""
    numbers = [said.number(n) or 0 for n in ("count", "count2", "count3")]
    length = _length(f"{text} {unit}" if "century" in unit else unit)
    return _ending(at, (max(numbers) or 1) * length)


def _years_named(said: Said, _at: Anchor) -> Reading:
    return Reading(Period.years(said.first, said.last), relative=False)


def _unresolved(_said: Said, _at: Anchor) -> Reading:
    return UNKNOWN


Rule = Callable[[Said, Anchor], Reading]
RULES: dict[str, Rule] = {
    name.removeprefix("_"): rule
    for name, rule in (
        (f.__name__, f)
        for f in (
            *(_year, _short_year, _years, _years_to, _decade, _part_of_year, _last_year),
            *(_year_closed, _this_year, _to_date, _through_weekday, _through_day),
            *(_through_number, _through_month, _through_word, _month, _month_word, _dates),
            *(_since_day, _first, _last_months, _half_or_quarter, _season, _weekend),
            *(_week_ended, _ended, _fiscal, _school, _shift_back, _shift_on, _that_year, _same_days),
            *(_month_back, _average, _past, _recent, _streak, _low_high, _in_years),
            *(_years_named, _unresolved),
        )
    )
}  # fmt: skip
# Rules that need to know which period the sentence is about; they are applied after the others.
DEPENDENT = frozenset(
    {"shift_back", "shift_on", "that_year", "same_days", "month_back", "average", "streak",
     "low_high", "in_years", "past", "recent"}
)  # fmt: skip
