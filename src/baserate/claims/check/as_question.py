"""The parts of a claim as parts of Questions of `measure`.

A claim that leaves open whether a rate or a number is meant becomes one question for each.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from baserate.claims.check.finding import Asker, Unsettled
from baserate.claims.check.words import says
from baserate.claims.claim import Claim
from baserate.claims.times.days import moved
from baserate.measure.question import Extreme, Question
from baserate.terms.offenses import offense
from baserate.terms.periods import Period
from baserate.terms.places import NATION, Place

WINDOW_OF_TREND = 2  # years back from the last: "on the rise" is about the last two changes
LONGEST_RUN = 100  # years; more is no run of years
GAP_OF_TREND = 1  # years between what it is said of and the last one in the records


def offense_of(claim: Claim) -> str:
    """The key of the offense; raises where the text names none."""
    if claim.offense is None:
        raise Unsettled("The text does not say which offense is meant")
    return claim.offense


def required(claim: Claim) -> Period:
    """The period; raises where the text names none."""
    if claim.period is None:
        raise Unsettled("The text does not say which time is meant")
    return claim.period


def quantities(claim: Claim) -> tuple[bool, ...]:
    """Whether a rate is meant, a number, or either: True is a rate."""
    if claim.per_head is not None:
        return (claim.per_head,)
    units = {m.unit for m in claim.magnitudes}
    if "per_100k" in units and "count" not in units:
        return (True,)
    if "count" in units and "per_100k" not in units:
        # A percent that stands beside numbers is mostly theirs, and can be the rate's.
        return (False, True) if "percent" in units and claim.kind == "change" else (False,)
    return (True, False)


def levels(claim: Claim, where: Place, period: Period) -> Iterator[Question]:
    """How much was recorded, as a rate or a count."""
    for per_head in quantities(claim):
        yield level(claim, where, period, per_head=per_head)


def level(claim: Claim, where: Place, period: Period, *, per_head: bool) -> Question:
    """How much was recorded in one period."""
    return Question(
        measure="level",
        offense=offense_of(claim),
        place=where,
        period=period,
        per_head=per_head,
    )


def changes(claim: Claim, where: Place, baseline: Period, period: Period) -> Iterator[Question]:
    """The change between two periods, as a rate and as a count."""
    for per_head in quantities(claim):
        yield change(claim, where, baseline, period, per_head=per_head)


def change(
    claim: Claim, where: Place, baseline: Period, period: Period, *, per_head: bool
) -> Question:
    """The change between two periods."""
    return Question(
        measure="change",
        offense=offense_of(claim),
        place=where,
        period=period,
        baseline=baseline,
        per_head=per_head,
    )


def ends(claim: Claim) -> tuple[Period, Period]:
    """The baseline and the later end of a change.

    Without a baseline a year is set against the one before, months against the same months of
    the year before, and of several years the last against the first.
    """
    period, baseline = required(claim), claim.comparator_period
    inside_out = baseline is not None and baseline == Period.year(period.last_year)
    if baseline is None or since_first(claim) is not None or inside_out:
        if period.is_whole_years and not period.is_one_year:
            return Period.year(period.first_year), Period.year(period.last_year)
        return moved(period, -1), period
    inside = baseline.is_one_year and period.first_year - 1 <= baseline.last_year
    if inside and period.is_whole_years and not period.is_one_year:
        period = Period.year(period.last_year)
    if baseline.is_whole_years and baseline.first_year < period.first_year <= baseline.last_year:
        baseline = Period.year(baseline.first_year)
    return (baseline, period) if baseline < period else (period, baseline)


def since_first(claim: Claim) -> int | None:
    """The year since which its change is said to be the first of its kind; None if of none."""
    since, period = claim.comparator_period, claim.period
    if since is None or period is None or not (since.is_one_year and period.is_one_year):
        return None
    first = since.first_year < period.first_year - 1 and says("first since", claim)
    return since.first_year if first else None


def is_run(claim: Claim) -> int | None:
    """How many yearly changes in a row are asserted; None where it is no such claim."""
    years = claim.size("years", "rank")
    if years is not None and 1 <= years.value <= LONGEST_RUN and says("in a row", claim):
        return int(years.value)
    return None


def _many(claim: Claim) -> str:
    return offense(offense_of(claim)).many


def is_of_late(claim: Claim, asker: Asker) -> bool:
    """Whether it is said of the time in which it is written: "crime is on the rise".

    The year then is not over, or is understood with no baseline; what the records have are the
    years just before.
    """
    period, baseline = required(claim), claim.comparator_period
    if not period.is_one_year:
        return False
    known = asker.last_year_known
    not_over = known is not None and period.first_year > known
    before = baseline is not None and baseline.is_one_year
    by_a_year = before and baseline is not None and baseline.first_year == period.first_year - 1
    return baseline is None or (not_over and by_a_year)


def stretch(claim: Claim, where: Place, asker: Asker) -> tuple[Period, Period]:
    """The years a trend is about, first and last.

    A trend said of one year alone, or of the year in which it was written, is about the last
    years recorded by then.
    """
    period = required(claim)
    run = is_run(claim)
    if run is not None and period.is_whole_years:
        return Period.year(period.last_year - run), Period.year(period.last_year)
    if claim.comparator_period is not None and not is_of_late(claim, asker):
        return ends(claim)
    if period.is_whole_years and not period.is_one_year:
        last = last_recorded(claim, where, asker, period.last_year)
        if last > period.first_year:
            return Period.year(period.first_year), Period.year(last)
        raise Unsettled(f"The records have too few of the years {period}")
    if period.is_one_year:
        last = last_recorded(claim, where, asker, period.last_year)
        return Period.year(last - WINDOW_OF_TREND), Period.year(last)
    return moved(period, -1), period


def last_recorded(claim: Claim, where: Place, asker: Asker, year: int) -> int:
    """The last year recorded up to one, no more than GAP_OF_TREND years before it.

    The year in which it was written is not yet over, and the one before stands for it.
    """
    known = asker.last_year_known
    asked = year if known is None else min(year, known)
    held = [
        y
        for years in asker.years(where, offense_of(claim), per_head=False)
        for y in years
        if y <= asked
    ]
    if not held:
        raise Unsettled(f"There are no records of {_many(claim)} in {where} up to {asked}")
    if max(held) < asked - GAP_OF_TREND:
        raise Unsettled(f"The records of {where} end in {max(held)}, and it is said of {year}")
    return max(held)


def ranks(claim: Claim, where: Place, period: Period) -> Iterator[Question]:
    """A state's place among the states."""
    for per_head in quantities(claim):
        yield Question(
            measure="rank",
            offense=offense_of(claim),
            place=where,
            period=period,
            per_head=per_head,
        )


def shares(claim: Claim, where: Place, period: Period) -> Question:
    """A part of a whole: of an offense, of another place, or of all the nation."""
    asked = level(claim, where, period, per_head=True)
    if claim.whole is not None:
        return replace(asked, measure="share", whole=claim.whole)
    against = claim.against.only if claim.against else NATION
    if against is None:
        raise Unsettled("The text does not say of which whole it is a share")
    return replace(asked, measure="share", against=against)


def comparisons(claim: Claim, where: Place, other: Place, period: Period) -> Iterator[Question]:
    """One place against another in the same time."""
    for per_head in quantities(claim):
        asked = level(claim, where, period, per_head=per_head)
        yield replace(asked, measure="comparison", against=other)


def is_against_states(claim: Claim) -> bool:
    """Whether a place is set against the other states, which is to ask for its rank."""
    if claim.against is None:
        return False
    if not claim.against.places:
        return "states" in claim.against.label.casefold()
    return claim.against.places[0].kind == "states"


def extremum(claim: Claim, where: Place, first: int, last: int, *, per_head: bool) -> Question:
    """The extreme year of a stretch."""
    return Question(
        measure="extremum",
        offense=offense_of(claim),
        place=where,
        period=Period.years(first, last),
        extreme=extreme_of(claim),
        per_head=per_head,
    )


def extreme_of(claim: Claim) -> Extreme:
    """Which end is claimed: what it says, or else high for up and low for down."""
    if claim.extreme is not None:
        return claim.extreme
    if claim.direction == "up":
        return "highest"
    if claim.direction == "down":
        return "lowest"
    raise Unsettled("The text does not say whether it is a high or a low")
