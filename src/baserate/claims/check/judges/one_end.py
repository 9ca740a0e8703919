"""A comparison of two years of which the records have only one."""

from __future__ import annotations

from baserate.claims.check.as_question import level
from baserate.claims.check.beside import year_beside
from baserate.claims.check.finding import Asker, Finding, contradicted
from baserate.claims.check.judges.recorded import fits, stated
from baserate.claims.check.said import asserted_bare
from baserate.claims.claim import Claim, Magnitude
from baserate.errors import BaserateError
from baserate.measure.answer import Answer
from baserate.terms.places import Place


def judge_one_end(claim: Claim, where: Place, asker: Asker) -> Finding | None:
    """Right as far as its one figure is that of the year held; wrong where one is plainly not."""
    for size in claim.counts:
        for period in (claim.comparator_period, claim.period):
            if period is None:
                continue
            try:
                answer = asker(level(claim, where, period, per_head=size.unit == "per_100k"))
            except BaserateError:
                continue
            if fits(size, answer):
                if len(claim.counts) > 1:
                    continue
                why = f"{stated(claim, where, answer)}. The other year is not in the records."
                return Finding(verdict="supported", why=why, answer=answer)
            wrong = wrong_of_its_year(claim, where, size, answer)
            if wrong is not None:
                return wrong
    return None


def wrong_of_its_year(
    claim: Claim, where: Place, size: Magnitude, answer: Answer
) -> Finding | None:
    """That a figure which is not the recorded one is wrong, if it stands beside that year.

    Of a part of a year it must be too many even for the whole.
    """
    whole = claim.period is not None and claim.period.is_whole_years
    too_many = size.value > (answer.value or 0.0)
    if (whole or too_many) and year_beside(size, claim) == answer.question.period.first_year:
        return contradicted(stated(claim, where, answer), asserted_bare(size), answer=answer)
    return None
