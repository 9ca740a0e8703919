"""The day an article was published, as front matter and feeds write it."""

from __future__ import annotations

import re
from datetime import date

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
FIRST_YEAR, LAST_YEAR = 1900, 2100
MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
DAY, YEAR = r"(?P<day>[0-9]{1,2})", r"(?P<year>[0-9]{4})"
ISO = re.compile(
    rf"{YEAR}-(?P<month>[0-9]{{1,2}})-{DAY}(?:[Tt ]\s?[0-9]{{1,2}}:[0-9:.]{{1,15}}.{{0,20}})?"
)
NAMED = (
    re.compile(rf"{MONTH} {DAY}(?:st|nd|rd|th)?,? {YEAR}", re.IGNORECASE),
    re.compile(rf"{DAY} {MONTH},? {YEAR}", re.IGNORECASE),
)
VAGUE = re.compile(
    rf"|undated|unknown|n\.?d\.?|none|null|[0-9]{{4}}(?:-[0-9]{{1,2}})?|(?:{MONTH} )?[0-9]{{4}}"
    r"|.{0,100}\?",
    re.IGNORECASE,
)
WANTED = "write a day as 2017-01-27, or leave it empty where nobody knows"


def publication_day(said: str) -> date | None:
    """The day that is said; None where no day is, or only with doubt. ValueError for the rest.

    A doubtful day is not taken: "last year" counts from it, and a wrong year would make a wrong
    verdict in silence, while an unknown one makes "can't tell". The day is the one the publisher
    wrote, whatever the time zone. 01/02/2017 has two readings and is refused.

    >>> publication_day("2017-01-27T23:30:00-05:00"), publication_day("Sept. 3, 2015")
    (datetime.date(2017, 1, 27), datetime.date(2015, 9, 3))
    >>> publication_day("2015"), publication_day("2012-03-01?"), publication_day("")
    (None, None, None)
    """
    words = " ".join(said[:100].split())
    if VAGUE.fullmatch(words):
        return None
    for pattern in (ISO, *NAMED):
        if found := pattern.fullmatch(words):
            return _day(found["year"], found["month"], found["day"])
    raise ValueError(f"{words[:60]!r} is no date that has one reading; {WANTED}")


def _day(year: str, month: str, day: str) -> date:
    number = int(month) if month.isdigit() else MONTHS.index(month[:3].casefold()) + 1
    if not FIRST_YEAR <= int(year) <= LAST_YEAR:
        raise ValueError(f"the year {year} is not between {FIRST_YEAR} and {LAST_YEAR}; {WANTED}")
    try:
        return date(int(year), number, int(day))
    except ValueError:
        raise ValueError(f"no calendar has {year}-{number:02}-{int(day):02}; {WANTED}") from None
