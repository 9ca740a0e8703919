"""Whether a change was the first of its direction since a year, or in a long while."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from baserate.claims.check.as_question import change, required, since_first
from baserate.claims.check.finding import Asker, Finding
from baserate.claims.check.said import listed
from baserate.claims.check.words import says
from baserate.claims.claim import Claim
from baserate.errors import BaserateError
from baserate.measure.answer import Answer
from baserate.terms.periods import Period
from baserate.terms.places import Place

WHILE = 10  # years before, of which most must have gone the other way


def held_to_be_first(claim: Claim, where: Place, found: Finding, asker: Asker) -> Finding:
    """The finding on a change, or misleading where it was not the first as it is said to be."""
    answer, period = found.answer, required(claim)
    if found.verdict != "supported" or answer is None or not period.is_one_year:
        return found
    year, since = period.first_year, since_first(claim)
    if since is not None:
        alike = _alike(claim, where, answer, range(since + 1, year), asker)
        return _misled(found, alike, f"between {since} and {year}") if alike else found
    if says("first in a while", claim):
        years = range(year - WHILE, year)
        alike = _alike(claim, where, answer, years, asker)
        if 2 * len(alike) > len(years):
            return _misled(found, alike, f"in the {WHILE} years before")
    return found


def _misled(found: Finding, alike: list[int], when: str) -> Finding:
    answer = found.answer
    assert answer is not None
    went = "rose" if (answer.value or 0) > 0 else "fell"
    why = f"{found.why} But it was not the first: {when} it {went} in {listed(alike)}."
    return replace(found, verdict="misleading", why=why)


def _alike(claim: Claim, where: Place, answer: Answer, years: range, asker: Asker) -> list[int]:
    """The years whose own change had the same direction; of some the records have none."""
    sign = (answer.value or 0) > 0
    changes = _changes(claim, where, answer, years, asker)
    return [year for year, percent in changes if percent and (percent > 0) == sign]


def _changes(
    claim: Claim, where: Place, answer: Answer, years: range, asker: Asker
) -> Iterator[tuple[int, float | None]]:
    per_head = answer.question.per_head
    for year in years:
        before, own = Period.year(year - 1), Period.year(year)
        try:
            yield year, asker(change(claim, where, before, own, per_head=per_head)).value
        except BaserateError:
            continue
