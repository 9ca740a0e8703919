"""Whether figures asserted are the recorded ones: numbers of offenses, and rates."""

from __future__ import annotations

from dataclasses import replace

from baserate.claims.check.as_question import level, levels, required
from baserate.claims.check.beside import year_beside
from baserate.claims.check.finding import Asker, Finding, Unsettled, cannot_tell, contradicted
from baserate.claims.check.judges.rank import judge_standing
from baserate.claims.check.judges.recorded import by_what, fits, stated
from baserate.claims.check.said import (
    asserted_bare,
    asserted_words,
    bare,
    capital,
    figure_words,
    inside,
    quantity,
)
from baserate.claims.check.tolerance import figure_fits
from baserate.claims.check.traps import trap, traps_of
from baserate.claims.checked import Trap
from baserate.claims.claim import Claim, Magnitude
from baserate.errors import NoRecords
from baserate.measure.answer import Answer
from baserate.terms.offenses import offense
from baserate.terms.periods import Period
from baserate.terms.places import Place

NEAR = 0.06  # within it a city's homicides and the FBI's murders may be the same deaths


def judge_figure(claim: Claim, where: Place, asker: Asker) -> Finding:
    """A level or a count: each figure asserted against the recorded one."""
    if not claim.counts:
        return _without_a_figure(claim, where, asker)
    period = required(claim)
    size = claim.counts[0]
    found = _one(claim, where, period, size, asker)
    beside = year_beside(size, claim)
    if found.verdict == "contradicted" and beside not in {None, period.last_year}:
        found = _of_the_year_beside(claim, where, int(beside or 0), found, asker)
    if found.verdict == "supported" and claim.size("rank") and where.kind == "state":
        return _with_rank(claim, where, size, found, asker)
    return found


def _one(claim: Claim, where: Place, period: Period, size: Magnitude, asker: Asker) -> Finding:
    per_head = size.unit == "per_100k"
    if period.is_whole_years and not period.is_one_year:
        return _of_several_years(claim, where, period, size, asker)
    answer = asker(level(claim, where, period, per_head=per_head))
    was, traps = stated(claim, where, answer), _traps(claim, where, size, answer)
    if not fits(size, answer):
        return contradicted(was, asserted_bare(size), answer=answer, traps=traps)
    why = f"{was}.{by_what(size, answer)}"
    return Finding(verdict="supported", why=why, answer=answer, traps=traps)


def _of_the_year_beside(
    claim: Claim, where: Place, year: int, found: Finding, asker: Asker
) -> Finding:
    """Of the year that the figure is printed beside, where it is right for that."""
    try:
        other = _one(claim, where, Period.year(year), claim.counts[0], asker)
    except NoRecords:
        return found
    return other if other.verdict == "supported" else found


def _with_rank(
    claim: Claim, where: Place, size: Magnitude, found: Finding, asker: Asker
) -> Finding:
    """The figure is right; so must be the rank that is said along with it."""
    per_head = size.unit == "per_100k"
    ranked = judge_standing(replace(claim, per_head=per_head), where, asker)
    return found if ranked.verdict == "supported" else ranked


def _of_several_years(
    claim: Claim, where: Place, period: Period, size: Magnitude, asker: Asker
) -> Finding:
    """A figure said of several years is their total or each one's: whichever it is nearer to."""
    per_head = size.unit == "per_100k"
    try:
        total = asker(level(claim, where, period, per_head=per_head))
    except NoRecords:
        total = None
    if total is not None and (per_head or _is_a_total(size, total, period)):
        were = stated(claim, where, total)
        if fits(size, total):
            return Finding(verdict="supported", why=f"{were}.", answer=total)
        if not per_head:
            return contradicted(were, asserted_words(size), answer=total)
    return _each_year(claim, where, period, size, asker)


def _is_a_total(size: Magnitude, total: Answer, period: Period) -> bool:
    """Whether a number is nearer, as a ratio, to that of all the years than to one year's."""
    years = period.last_year - period.first_year + 1
    return size.value * size.value * years >= (total.value or 0.0) ** 2


def _each_year(
    claim: Claim, where: Place, period: Period, size: Magnitude, asker: Asker
) -> Finding:
    per_head = size.unit == "per_100k"
    years = [Period.year(y) for y in range(period.first_year, period.last_year + 1)]
    answers = [asker(level(claim, where, year, per_head=per_head)) for year in years]
    found = [a.value for a in answers if a.value is not None]
    average = sum(found) / len(found)
    bounds = f"between {bare(min(found), per_head=per_head)} and " + figure_words(
        max(found), per_head=per_head
    )
    what = capital(quantity(claim, per_head=per_head))
    verb = "was" if per_head else "were"
    why = f"{what} {inside(where)} {verb} {bounds} a year in {period}"
    every = all(fits(size, a) for a in answers)
    by_average = size.how in {"exactly", "about"} and figure_fits(size, average)
    if every or by_average:
        return Finding(verdict="supported", why=f"{why}.", answer=answers[-1])
    return contradicted(why, asserted_words(size), answer=answers[-1])


def _without_a_figure(claim: Claim, where: Place, asker: Asker) -> Finding:
    if claim.period is None:
        raise Unsettled("It names neither a figure nor a time")
    answer = asker(next(iter(levels(claim, where, claim.period))))
    return cannot_tell(
        f"It asserts no figure to compare. {stated(claim, where, answer)}.", answer=answer
    )


def _traps(claim: Claim, where: Place, size: Magnitude, answer: Answer) -> tuple[Trap, ...]:
    found = list(traps_of(answer))
    recorded = answer.value or 0.0
    off = abs(size.value - recorded)
    answered_otherwise = claim.offense and offense(claim.offense).answered_by
    if where.kind == "city" and answered_otherwise and 0 < off <= NEAR * recorded:
        found.append(trap("murder against homicide"))
    return tuple(found)
