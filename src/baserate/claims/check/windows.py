"""The stretch of years in which a claim says that one year is the extreme."""

from __future__ import annotations

from dataclasses import dataclass

from baserate.claims.check.as_question import extreme_of, offense_of, required
from baserate.claims.check.finding import Asker, Unsettled
from baserate.claims.claim import Claim
from baserate.terms.offenses import offense
from baserate.terms.periods import Period
from baserate.terms.places import Place


@dataclass(frozen=True, slots=True)
class Window:
    """The years that are looked at, and what was claimed.

    first, last     the years with records
    year            the year said to be extreme
    claimed_from    the first year that the claim speaks of; None for all there ever were
    missing         years between first and last without a figure
    """

    first: int
    last: int
    year: int
    claimed_from: int | None
    missing: tuple[int, ...] = ()

    @property
    def reaches_before(self) -> bool:
        """Whether the claim is about years before the records begin."""
        return self.claimed_from is None or self.claimed_from < self.first


def window(claim: Claim, where: Place, asker: Asker, *, per_head: bool) -> Window:
    """The years to search. Raises where the year itself is not held.

    "Since 1994" leaves 1994 itself out. Of all time is every year up to the one before the text
    was written.
    """
    period = required(claim)
    if not period.is_one_year or claim.to_date:
        raise Unsettled(f"The records here are by whole years, and it is about {period}")
    year = period.first_year
    if asker.last_year_known is not None and year > asker.last_year_known:
        raise Unsettled(f"{year} was not over when it was written")
    sources = asker.years(where, offense_of(claim), per_head=per_head)
    able = [years for years in sources if year in years]
    if not able:
        raise Unsettled(_without(where, offense_of(claim), year, sources))
    claimed_from, last = _claimed(claim, year, asker)
    held = min(able, key=lambda years: (_first_needed(years, claimed_from), -years[-1]))
    first = _first_needed(held, claimed_from)
    last = max(year, min(last, held[-1]))
    missing = tuple(y for y in range(first, last + 1) if y not in held)
    return Window(first, last, year, claimed_from, missing)


def _claimed(claim: Claim, year: int, asker: Asker) -> tuple[int | None, int]:
    """The first year claimed, and the last one to be held against it."""
    of_change = extreme_of(claim) in {"largest rise", "largest fall"}
    since, years = claim.comparator_period, claim.size("years")
    if since is not None and since.is_one_year and since.first_year < year:
        # A change into a year begins in the one before.
        return since.first_year + (0 if of_change else 1), year
    if since is not None and not since.is_one_year and since.first_year <= year:
        return since.first_year, max(year, since.last_year)
    if years is not None and years.value >= 2:
        return year - int(years.value) + (0 if of_change else 1), year
    return None, asker.last_year_known or year


def _first_needed(held: tuple[int, ...], claimed_from: int | None) -> int:
    return next((y for y in held if claimed_from is None or y >= claimed_from), held[-1])


def _without(where: Place, key: str, year: int, sources: tuple[tuple[int, ...], ...]) -> str:
    if not sources:
        return f"There are no records of {offense(key).many} in {where} here"
    years = {y for held in sources for y in held}
    return f"The records of {where} reach from {min(years)} to {max(years)} and have no {year}"


def year_since(claim: Claim) -> Period | None:
    """The year since which it is said to be extreme, if it is one year."""
    since = claim.comparator_period
    if since is None or since.first_year != since.last_year:
        return None
    return Period.year(since.first_year)
