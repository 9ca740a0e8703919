"""Whether figures have been going one way: over a stretch, year after year, or lately."""

from __future__ import annotations

from dataclasses import replace

from baserate.claims.check.as_question import (
    is_of_late,
    is_run,
    offense_of,
    required,
    since_first,
    stretch,
)
from baserate.claims.check.beside import YEAR
from baserate.claims.check.finding import Asker, Finding, Unsettled
from baserate.claims.check.judges.change import Moved, judge_between, moves
from baserate.claims.check.judges.first import held_to_be_first
from baserate.claims.check.said import capital, change_words, inside, listed, quantity
from baserate.claims.check.traps import base_year_flips, trap
from baserate.claims.check.words import says
from baserate.claims.checked import ClaimVerdict
from baserate.claims.claim import Claim
from baserate.errors import NoRecords
from baserate.terms.offenses import offense
from baserate.terms.periods import Period
from baserate.terms.places import Place

FEWEST_OF_RUN = 10  # yearly changes in the records, to speak for a longer run


def judge_trend(claim: Claim, where: Place, asker: Asker) -> Finding:
    """A trend: of so many years in a row, over a stretch of years, or of late."""
    baseline, period = stretch(claim, where, asker)
    run = is_run(claim)
    if run is not None and period.is_whole_years:
        return _in_a_row(claim, where, run, period.last_year, asker)
    try:
        found = judge_between(claim, where, baseline, period, asker)
    except NoRecords:
        if claim.comparator_period is None or not _goes_on(claim):
            raise
        return judge_trend(replace(claim, comparator_period=None), where, asker)
    if since_first(claim) is not None or says("first in a while", claim):
        return held_to_be_first(claim, where, found, asker)
    if not is_of_late(claim, asker):
        return found
    return _of_late(claim, where, found, period, asker)


def _goes_on(claim: Claim) -> bool:
    """Whether it is said of these days, with no year named, though one is understood."""
    period, baseline = required(claim), claim.comparator_period
    if baseline is None or not (period.is_one_year and baseline.is_one_year):
        return False
    by_a_year = baseline.first_year == period.first_year - 1
    no_year = YEAR.search(claim.sentence.text) is None
    return by_a_year and no_year and not claim.magnitudes and says("going on", claim)


def _in_a_row(claim: Claim, where: Place, run: int, last: int, asker: Asker) -> Finding:
    """Every yearly change of the run has the direction, as a rate or as a number."""
    claimed = last - run
    first = max(claimed, _first_held(claim, where, last, asker))
    if last - first < min(run, FEWEST_OF_RUN):
        raise Unsettled(_too_short(claim, where, first, last, asker))
    seen = moves(claim, where, Period.year(first), Period.year(last), asker)
    short = f" The records here begin in {first}." if first > claimed else ""
    told = []
    for one in seen:
        against = _against(claim, one, first, last, asker)
        what = capital(quantity(claim, per_head=one.per_head))
        if not against:
            went = "rose" if claim.direction == "up" else "fell"
            why = f"{what} {inside(where)} {went} in every year from {first + 1} to {last}.{short}"
            return Finding(verdict="supported", why=why, answer=one.answer)
        told.append(
            f"{what} {inside(where)} went the other way in {listed(against)}, "
            f"within {first + 1} to {last}"
        )
    return Finding(verdict="contradicted", why=f"{told[0]}.", answer=seen[0].answer)


def _too_short(claim: Claim, where: Place, first: int, last: int, asker: Asker) -> str:
    """Why a run cannot be followed: nothing is held of its last year, or too few before."""
    if any(last in years for years in asker.years(where, offense_of(claim), per_head=False)):
        return f"The records of {where} begin in {first}"
    return f"There are no records of {offense(offense_of(claim)).many} in {where} in {last} here"


def _first_held(claim: Claim, where: Place, last: int, asker: Asker) -> int:
    """The first year of an unbroken run of records up to the last one."""
    held = {y for ys in asker.years(where, offense_of(claim), per_head=False) for y in ys}
    first = last
    while first - 1 in held:
        first -= 1
    return first


def _against(claim: Claim, one: Moved, first: int, last: int, asker: Asker) -> list[int]:
    """The years whose change is not of the direction asserted."""
    found = []
    for year in range(first + 1, last + 1):
        question = replace(
            one.answer.question, baseline=Period.year(year - 1), period=Period.year(year)
        )
        percent = asker(question).value
        if percent is None or (percent > 0) != (claim.direction == "up"):
            found.append(year)
    return found


def _of_late(claim: Claim, where: Place, found: Finding, period: Period, asker: Asker) -> Finding:
    """The last two changes recorded by then: both, or the one that stands out from noise."""
    year = period.last_year
    last = judge_between(claim, where, Period.year(year - 1), period, asker)
    if found.verdict == last.verdict:
        return _not_by_choice(claim, found)
    if last.answer is None or last.answer.earlier is None:
        return found
    latest = f"In {year} alone {_latest(claim, last)}"
    if found.verdict not in _DECIDED or last.verdict not in _DECIDED:
        return found if found.verdict in _DECIDED else last
    if last.verdict == "supported" and claim.comparator_period is not None:
        other = (trap("base year", found.why),)
        return replace(last, why=f"{latest} {found.why}", traps=(*last.traps, *other))
    clear = [f for f in (found, last) if f.answer and f.answer.verdict in {"up", "down"}]
    if len(clear) == 1:
        return replace(clear[0], why=f"{found.why} {latest}")
    verdict: ClaimVerdict = "misleading" if clear else found.verdict
    return replace(found, verdict=verdict, why=f"{found.why} {latest}")


_DECIDED = {"supported", "contradicted", "misleading"}


def _latest(claim: Claim, last: Finding) -> str:
    answer = last.answer
    assert answer is not None
    assert answer.earlier is not None
    assert answer.later is not None
    what = quantity(claim, per_head=answer.question.per_head)
    return f"{what} {change_words(answer.value, answer.later.value, answer.earlier.value)}."


def _not_by_choice(claim: Claim, found: Finding) -> Finding:
    """A rise no larger than chance, that most other starting years turn, misleads."""
    answer = found.answer
    if found.verdict != "supported" or answer is None or claim.direction == "none":
        return found
    if answer.verdict == "no clear change" and base_year_flips(answer):
        opposite = [c for c in answer.robustness.choices if c.verdict in {"up", "down"}]
        turned = [c for c in opposite if (c.value or 0) * (answer.value or 0) < 0]
        tried = [c for c in answer.robustness.choices if c.kind == "base year"]
        if 2 * len(turned) > len(tried):
            why = (
                f"{found.why} That is no more than counting noise, and from most other years near "
                f"by it {'fell' if claim.direction == 'up' else 'rose'}."
            )
            return replace(found, verdict="misleading", why=why)
    return found
