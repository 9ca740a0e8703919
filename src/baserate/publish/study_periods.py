"""Periods of a panel as a reader knows them: 2008 is a year, 201706 is June 2017."""

from __future__ import annotations

import re
from calendar import month_abbr, month_name
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

CENTURIES = range(1800, 2200)
MONTH = re.compile(r"(?<![\d.,])(1[89]\d\d|2[01]\d\d)(0[1-9]|1[0-2])(?!\d|[.,]\d)")
MOST_TICKS = 7
STEPS = (1, 2, 3, 5, 10, 20, 25, 50, 100)


@dataclass(frozen=True, slots=True)
class Times:
    """Where the periods of a panel stand on an axis.

    at      each period's place, in periods: a year, a month, a step of the panel's own numbering
    ticks   places with their words
    start   place of the first treated period, with its words; None where it is not drawn
    """

    at: tuple[int, ...]
    ticks: tuple[tuple[int, str], ...]
    start: int | None
    start_words: str

    @property
    def runs(self) -> list[slice]:
        """Stretches of periods with none missing between: a line is drawn for each."""
        usual = min((b - a for a, b in pairwise(self.at)), default=1)
        cuts = [i + 1 for i, (a, b) in enumerate(pairwise(self.at)) if b - a > usual]
        return [slice(a, b) for a, b in pairwise([0, *cuts, len(self.at)])]


def are_months(periods: Sequence[int]) -> bool:
    """Whether all periods can only be months, written as 201706.

    >>> are_months([201712, 201801]), are_months([2017, 2018]), are_months([201713])
    (True, False, False)
    """
    return all(p // 100 in CENTURIES and 1 <= p % 100 <= 12 for p in periods)


def period_words(period: int, *, monthly: bool) -> str:
    """One period.

    >>> period_words(201706, monthly=True), period_words(1989, monthly=False)
    ('June 2017', '1989')
    """
    return f"{month_name[period % 100]} {period // 100}" if monthly else str(period)


def dated(text: str, *, monthly: bool) -> str:
    """A sentence with its months in words; as it is where the panel has none.

    >>> dated("up in 201706, by 201,706 to 0.201706", monthly=True)
    'up in June 2017, by 201,706 to 0.201706'
    """
    if not monthly:
        return text
    return MONTH.sub(lambda m: f"{month_name[int(m[2])]} {m[1]}", text)


def span_words(periods: Sequence[int]) -> str:
    """From the first period to the last.

    >>> span_words([1970, 1971, 2000]), span_words([201501, 201812])
    ('1970 to 2000', 'January 2015 to December 2018')
    """
    monthly = are_months(periods)
    return " to ".join(period_words(p, monthly=monthly) for p in (periods[0], periods[-1]))


def name_of_period(periods: Sequence[int]) -> str:
    """What one period is called.

    >>> name_of_period([201501]), name_of_period([1999, 2000]), name_of_period([1, 2])
    ('month', 'year', 'period')
    """
    if are_months(periods):
        return "month"
    return "year" if all(p in CENTURIES for p in periods) else "period"


def times(periods: Sequence[int], first: int) -> Times:
    """The axis of a panel whose treatment begins in the period with index `first`."""
    monthly = are_months(periods)
    at = tuple(12 * (p // 100) + p % 100 - 1 if monthly else p for p in periods)
    start = periods[first]
    words = f"{month_abbr[start % 100]} {start // 100}" if monthly else str(start)
    return Times(at, _ticks(at, monthly=monthly), at[first], words)


def _ticks(at: Sequence[int], *, monthly: bool) -> tuple[tuple[int, str], ...]:
    """Round periods, a handful of them; the years' Januaries where there are months."""
    unit = 12 if monthly else 1
    first, last = -(-at[0] // unit), at[-1] // unit
    step = next((s for s in STEPS if (last - first) / s < MOST_TICKS), max(1, last - first))
    return tuple((n * unit, str(n)) for n in range(first, last + 1) if n % step == 0)
