"""Periods: years, months, the year to date, and the open ones people speak in.

A mention is what stands in the text; a Period is days on the calendar. "Since 2014" and "the
past decade" are mentions without an end until someone says how far the records reach.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal

from baserate.errors import BadPeriod

MentionKind = Literal["period", "since", "from", "until", "past_years", "latest"]


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Days from `first` to `last`, both included.

    >>> str(Period.year(2016)), str(Period.years(2010, 2012)), str(Period.year_to_date(2016, 6))
    ('2016', '2010 to 2012', 'January to June 2016')
    """

    first: date
    last: date

    def __post_init__(self) -> None:
        """Refuse a period that runs backwards."""
        if self.last < self.first:
            a, b = self.first, self.last
            if a.year != b.year:
                a_text, b_text = str(a.year), str(b.year)
            else:
                a_text, b_text = a.isoformat(), b.isoformat()
            raise BadPeriod(
                f"the period runs backwards, from {a_text} to {b_text}; "
                f'put the earlier one first: "{b_text} to {a_text}"'
            )

    @classmethod
    def year(cls, year: int) -> Period:
        """One calendar year."""
        return cls.years(year, year)

    @classmethod
    def years(cls, first: int, last: int) -> Period:
        """Whole calendar years, both included."""
        return cls(date(first, 1, 1), date(last, 12, 31))

    @classmethod
    def months(cls, year: int, first: int, last: int) -> Period:
        """Whole months of one year, both included."""
        return cls(date(year, first, 1), date(year, last, calendar.monthrange(year, last)[1]))

    @classmethod
    def year_to_date(cls, year: int, month: int) -> Period:
        """January to the end of that month."""
        return cls.months(year, 1, month)

    @property
    def first_year(self) -> int:
        """The year it starts in."""
        return self.first.year

    @property
    def last_year(self) -> int:
        """The year it ends in."""
        return self.last.year

    @property
    def is_whole_years(self) -> bool:
        """Whether it starts on 1 January and ends on 31 December."""
        return (self.first.month, self.first.day, self.last.month, self.last.day) == (1, 1, 12, 31)

    @property
    def months_of_year(self) -> tuple[int, int] | None:
        """First and last month, if it is whole years or whole months of one; else None."""
        if self.is_whole_years:
            return 1, 12
        ends_month = self.last.day == calendar.monthrange(self.last.year, self.last.month)[1]
        if self.first.day == 1 and ends_month and self.first_year == self.last_year:
            return self.first.month, self.last.month
        return None

    @property
    def is_one_year(self) -> bool:
        """Whether it is one whole calendar year."""
        return self.is_whole_years and self.first_year == self.last_year

    def __str__(self) -> str:
        """As it is written in a question."""
        if self.is_one_year:
            return str(self.first_year)
        if self.is_whole_years:
            return f"{self.first_year} to {self.last_year}"
        if self.months_of_year is not None:
            first, last = (calendar.month_name[d.month] for d in (self.first, self.last))
            months = first if first == last else f"{first} to {last}"
            return f"{months} {self.first_year}"
        return f"{self.first.isoformat()} to {self.last.isoformat()}"


@dataclass(frozen=True, slots=True)
class Mention:
    """One period as a text names it, and where.

    `period` is set for kinds 'period', 'since' (a start), 'from' (a start to compare with) and
    'until' (an end); `count` of years for 'past_years'. `is_range` tells "2014 to 2016" from a
    single year.
    """

    kind: MentionKind
    start: int
    end: int
    period: Period | None = None
    count: int | None = None
    is_range: bool = False


_COUNTED = (
    *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen"),
    *("sixteen", "seventeen", "eighteen", "nineteen", "twenty"),
)
_NUMBERS = {word: n for n, word in enumerate(_COUNTED, start=1)}
_NUMBERS |= {"thirty": 30, "forty": 40, "a": 1, "couple": 2}
_MONTHS = {m.lower(): i for i, m in enumerate(calendar.month_name) if m}
_MONTHS |= {m[:3].lower(): i for m, i in _MONTHS.items()} | {"sept": 9}

_YEAR = r"(?<![\w.,$#-])[12][0-9]{3}(?![\w%])(?!,\d{3})"
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_TO = r"\s*(?:to|through|thru|until|till|up to|-|–|—|→|->)\s*"
_NOW = r"now|today|present|the\s+present|date|the\s+(?:latest|most\s+recent|newest)\s+year"
_FROM = r"from|than\s+in|than|compared\s+(?:with|to)|relative\s+to|versus|vs\.?|against"
_N = r"\d{1,2}|" + "|".join(_NUMBERS)

# Tried in order at each place of the text; every quantifier is bounded, so no text is slow. The
# words in the middle are those without one of which a pattern cannot match: most texts have few of
# them, and a pattern that is not needed is not compiled.
_PATTERNS: tuple[tuple[str, tuple[str, ...], str], ...] = (
    (
        "months",
        tuple(m[:3].lower() for m in calendar.month_name if m),
        rf"\b({_MONTH})\b\.?(?:{_TO}\b({_MONTH})\b\.?)?(?:\s+of)?,?\s{{1,3}}({_YEAR})",
    ),
    ("half", ("half", "six"), rf"\b(first|second)\s+(?:half|six\s+months)\s+of\s+({_YEAR})"),
    ("day", ("-",), r"(?<![\w-])([12]\d{3})-(\d{2})-(\d{2})(?![\w-])"),
    (
        "since",
        ("since", "starting", "beginning"),
        rf"\b(?:ever\s+)?(?:since|starting\s+in|beginning\s+in)\s+({_YEAR})(?!{_TO}\d)",
    ),
    (
        "since",
        ("now", "today", "present", "date", "year"),
        rf"(?:\bfrom\s+)?({_YEAR}){_TO}(?:{_NOW})\b",
    ),
    ("since", ("from",), rf"\bfrom\s+({_YEAR})\s+(?:on|onward|onwards)\b"),
    ("until", ("as", "by"), rf"\b(?:as\s+of|by\s+the\s+end\s+of)\s+({_YEAR})"),
    ("between", ("between",), rf"\bbetween\s+({_YEAR})\s+and\s+({_YEAR})"),
    ("range", (), rf"(?:\b(?:from|since)\s+)?({_YEAR}){_TO}((?:[12]\d)?\d\d)(?![\w%]|-\d)"),
    (
        "from",
        ("from", "than", "compared", "relative", "versus", "vs", "against"),
        rf"\b(?:{_FROM})\s+({_YEAR})(?!{_TO}\d)",
    ),
    ("decade", ("0s", "0's", "0’s"), r"(?<!since )\b(?:the\s+)?([12]\d{2}0)['’]?s\b"),
    (
        "past",
        ("past", "last", "previous", "prior"),
        rf"\b(?:over|in|during|for|within)?\s?(?:the\s+)?(?:past|last|previous|prior)\s+"
        rf"(?:({_N})\s+)?(years?|decades?)\b",
    ),
    ("over_decade", ("decade",), r"\b(?:over|in)\s+(?:a|one)\s+(decade)\b"),
    (
        "latest",
        ("latest", "newest", "recent"),
        r"\b(?:the\s+)?(?:latest|newest|most\s+recent)(?:\s+(?:year|figures?))?\b",
    ),
    (
        "this_year",
        ("this", "year", "so"),
        r"\b(?:this\s+year|year\s+to\s+date|so\s+far\s+this\s+year)\b",
    ),
    ("year", (), rf"({_YEAR})"),
)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def find_periods(text: str, *, today: date) -> list[Mention]:
    """Every period the text names, in order; `today` gives "last year" its meaning.

    >>> [str(m.period) for m in find_periods("from 2014 to 2016 and in June 2017", today=date.max)]
    ['2014 to 2016', 'June 2017']
    """
    found: list[Mention] = []
    free_from = 0
    lower = text.lower()
    matches = sorted(
        (
            (m.start(), order, name, m)
            for order, (name, needed, pattern) in enumerate(_PATTERNS)
            if not needed or any(word in lower for word in needed)
            for m in _compiled(pattern).finditer(text)
        ),
        key=lambda each: each[:2],
    )
    for start, _, name, match in matches:
        if start >= free_from:
            found.append(_mention(name, match, today))
            free_from = match.end()
    return found


_ONE_YEAR: dict[str, MentionKind] = {
    "year": "period",
    "since": "since",
    "from": "from",
    "until": "until",
}


def _mention(name: str, match: re.Match[str], today: date) -> Mention:
    start, end = match.span()
    first = match[1] if match.re.groups else None
    if name in _ONE_YEAR and first:
        return Mention(_ONE_YEAR[name], start, end, Period.year(int(first)))
    if name == "day":
        try:
            day = date(int(match[1]), int(match[2]), int(match[3]))
        except ValueError:
            raise BadPeriod(f"{match[0]!r} is no day of the calendar") from None
        return Mention("period", start, end, Period(day, day))
    if name in {"range", "between"} and first:
        last = match[2]
        full = last if len(last) == 4 else first[: 4 - len(last)] + last
        return Mention("period", start, end, Period.years(int(first), int(full)), is_range=True)
    if name == "decade" and first:
        return Mention(
            "period", start, end, Period.years(int(first), int(first) + 9), is_range=True
        )
    if name == "months":
        one, other = _MONTHS[match[1].lower()], _MONTHS[(match[2] or match[1]).lower()]
        if other < one:
            raise BadPeriod(f"the period runs backwards: {match[0]!r}; put the earlier month first")
        return Mention("period", start, end, Period.months(int(match[3]), one, other))
    if name == "half":
        months = (1, 6) if match[1].lower() == "first" else (7, 12)
        return Mention("period", start, end, Period.months(int(match[2]), *months))
    if name == "latest":
        return Mention("latest", start, end)
    if name == "this_year":
        return Mention("period", start, end, Period.year_to_date(today.year, today.month))
    return _past(match, today)


def _past(match: re.Match[str], today: date) -> Mention:
    start, end = match.span()
    if len(match.groups()) == 1:
        return Mention("past_years", start, end, count=10)
    said, unit = match[1], match[2].lower()
    if said is None and unit == "year":
        return Mention("period", start, end, Period.year(today.year - 1))
    number = 1 if said is None else int(said) if said.isdigit() else _NUMBERS[said.lower()]
    years = number * 10 if unit.startswith("decade") else number
    if number == 0 or (said is None and unit in {"years", "decades"}):
        raise BadPeriod(f'{match[0].strip()!r} names no span; write "past five years"')
    return Mention("past_years", start, end, count=years)
