"""Claims about the day they are written, as claims about the last year that was over by then."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from baserate.claims.check.words import says
from baserate.claims.claim import Claim
from baserate.terms.periods import Period

DAYS_OF_A_NEW_YEAR = 15  # in which "this year" is the one just over
YEARS_BACK = 2  # a change since then is no year to date against the same days


def of_the_last_year(claim: Claim, published: date | None) -> Claim:
    """The claim with the year that its words can be held to.

    "Murder is at a 50-year high" and "crime is down by half since 1991" are said of the figures
    that were out; "so far this year" is not.
    """
    if published is None or claim.period is None:
        return claim
    last = Period.year(published.year - 1)
    if _is_of_a_new_year(claim.period, published):
        return replace(claim, period=last, to_date=False)
    if not _is_of_now(claim, published) or says("this year so far", claim):
        return claim
    return replace(claim, period=last, to_date=False)


def _is_of_a_new_year(period: Period, published: date) -> bool:
    """ "This year's murders", in the first days of January."""
    of_this = period.first == date(published.year, 1, 1) and period.last <= published
    return of_this and (period.last - period.first).days < DAYS_OF_A_NEW_YEAR


def _is_of_now(claim: Claim, published: date) -> bool:
    period, since = claim.period, claim.comparator_period
    if period is None or not period.is_one_year or period.first_year != published.year:
        return False
    if claim.kind in {"extremum", "rank"}:
        return not claim.counts
    if claim.kind == "comparison" and claim.against is not None and "period" in claim.understood:
        return True
    long_ago = since is not None and since.last_year <= period.first_year - YEARS_BACK
    return claim.kind in {"change", "comparison"} and long_ago and says("since then", claim)
