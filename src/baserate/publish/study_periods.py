"""Periods of a panel as a reader knows them: 2008 is a year, 201706 June 2017, 20172 a quarter."""

from __future__ import annotations

import re
from calendar import month_abbr, month_name
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from baserate.evaluate.periods import PARTS, Step, split, step_of

MOST_TICKS = 7
STEPS = (1, 2, 3, 5, 10, 20, 25, 50, 100)

WRITTEN: dict[Step, re.Pattern[str]] = {
    "month": re.compile(r"(?<![\d.,])((?:1[89]|2[01])\d\d(?:0[1-9]|1[0-2]))(?!\d|[.,]\d)"),
    "quarter": re.compile(r"(?<![\d.,])((?:1[89]|2[01])\d\d[1-4])(?!\d|[.,]\d)"),
}


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


def period_words(period: int, step: Step | None) -> str:
    """One period.

    >>> period_words(201706, "month"), period_words(20172, "quarter"), period_words(1989, "year")
    ('June 2017', 'Q2 2017', '1989')
    """
    if step is None or step == "year":
        return str(period)
    year, part = split(period, step)
    return f"{month_name[part]} {year}" if step == "month" else f"Q{part} {year}"


def dated(text: str, step: Step | None) -> str:
    """A sentence with its months or quarters in words; as it is where the panel has none.

    >>> dated("up in 201706, by 201,706 to 0.201706", "month")
    'up in June 2017, by 201,706 to 0.201706'
    """
    if step is None or step not in WRITTEN:
        return text
    return WRITTEN[step].sub(lambda found: period_words(int(found[1]), step), text)


def span_words(periods: Sequence[int]) -> str:
    """From the first period to the last.

    >>> span_words([1970, 1971, 2000]), span_words([201501, 201812])
    ('1970 to 2000', 'January 2015 to December 2018')
    """
    step = step_of(periods)
    return " to ".join(period_words(p, step) for p in (periods[0], periods[-1]))


def times(periods: Sequence[int], first: int) -> Times:
    """The axis of a panel whose treatment begins in the period with index `first`."""
    step = step_of(periods)
    parts = 1 if step is None else PARTS[step]
    halves = [split(p, step or "year") for p in periods]
    at = tuple(parts * year + part - 1 for year, part in halves)
    words = period_words(periods[first], step)
    if step == "month":
        words = f"{month_abbr[halves[first][1]]} {halves[first][0]}"
    return Times(at, _ticks(at, parts), at[first], words)


def _ticks(at: Sequence[int], unit: int) -> tuple[tuple[int, str], ...]:
    """Round periods, a handful of them; the beginnings of years where these have parts."""
    first, last = -(-at[0] // unit), at[-1] // unit
    step = next((s for s in STEPS if (last - first) / s < MOST_TICKS), max(1, last - first))
    return tuple((n * unit, str(n)) for n in range(first, last + 1) if n % step == 0)
