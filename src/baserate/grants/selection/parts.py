"""What each city was to a program when a cohort of it was chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Literal

from baserate.grants.register import RegisterRow

Part = Literal["chosen", "already a site", "in the predecessor", "chosen later", "not chosen", ""]

# A program, and the one it grew out of. The Bureau of Justice Assistance in June 2017: the sites
# "build on" those "previously involved in the pilot concept known as the Violence Reduction
# Network" (https://bjatta.bja.ojp.gov/node/90803).
PREDECESSORS: Mapping[str, str] = {"psp": "vrn"}
# A cohort announced later than this many years after a year was not chosen on its figures.
FRESH = 3


def next_cohort(rows: Sequence[RegisterRow], year: int) -> str | None:
    """The cohort announced first after the figures of a year were out, if it was soon.

    The FBI's are out by the end of the next September. A cohort with no known start is never it.
    """
    known_from = date(year + 1, 9, 30)
    starts: dict[str, date] = {}
    for row in rows:
        if row.first_day is not None:
            starts[row.cohort] = min(row.first_day, starts.get(row.cohort, row.first_day))
    later = {c: day for c, day in starts.items() if day > known_from and day.year <= year + FRESH}
    return min(later, key=lambda c: later[c], default=None)


def chosen_on(chosen: Sequence[RegisterRow], before: Sequence[RegisterRow]) -> date:
    """The day a cohort was chosen; where no source says, that of its sites in the predecessor."""
    days = [r.first_day for r in chosen if r.first_day is not None]
    places = {r.place for r in chosen}
    days = days or [r.first_day for r in before if r.place in places and r.first_day is not None]
    return min(days, default=date.max)


def part_of(
    key: str,
    chosen: Sequence[RegisterRow],
    sites: Sequence[RegisterRow],
    before: Sequence[RegisterRow],
) -> Part:
    """What a city was to the program when the cohort was chosen; `before` are the predecessor's.

    A site that the program lists with no start, and that the predecessor had, was one already.
    """
    if not chosen:
        return ""
    if any(r.place == key for r in chosen):
        return "chosen"
    day = chosen_on(chosen, before)
    own = [r for r in sites if r.place == key]
    had = any(r.place == key and r.first_day and r.first_day < day for r in before)
    if any(r.first_day < day if r.first_day else had for r in own):
        return "already a site"
    if had:
        return "in the predecessor"
    return "chosen later" if any(r.first_day for r in own) else "not chosen"
