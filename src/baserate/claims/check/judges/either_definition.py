"""A change where no one definition of rape is known to be common to both ends.

From 2013 on departments went from the legacy definition of rape to the revised one, each at its
own time, and the table of large cities does not say when. Violent crime then has some more rapes
in it than it had before. How many is not known, but there is a bound to it, and most claims hold
or fail whichever way they were counted.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

from baserate.claims.check.as_question import level, offense_of, quantities
from baserate.claims.check.finding import Asker, Finding, cannot_tell, contradicted, held
from baserate.claims.check.judges.recorded import fits
from baserate.claims.check.said import (
    bare,
    capital,
    figure_words,
    first_missed,
    inside,
    percent_words,
    quantity,
    span_words,
)
from baserate.claims.check.tolerance import (
    LOCAL_REVISION,
    factor_fits,
    is_unchanged,
    percent_fits,
)
from baserate.claims.claim import Claim, Magnitude
from baserate.measure.answer import Answer
from baserate.terms.periods import Period
from baserate.terms.places import Place

# The revised definition takes in up to about twice as many rapes as the legacy one: in the
# states from 2013 to 2016, which the FBI printed by both, 1.12 to 1.91 times (estimated_crimes).
MOST_ADDED = 0.5
FALL_OR_RISE = 0.5  # percent; less is no direction to hold against anybody


@dataclass(frozen=True, slots=True)
class Between:
    """A change in percent, between the least and the most that it can have been."""

    earlier: Answer
    later: Answer
    least: float
    most: float

    @property
    def per_head(self) -> bool:
        """Whether of the rate."""
        return self.later.question.per_head


def judge_by_either(
    claim: Claim, where: Place, baseline: Period, period: Period, asker: Asker
) -> Finding:
    """Supported or contradicted where it is so by either definition; else can't tell."""
    seen = _seen(claim, where, baseline, period, asker)
    told = _told(claim, where, seen[0])
    for one in seen:
        agree = {_agrees(claim, one, percent) for percent in (one.least, one.most)}
        sized = claim.size("percent", "factor") is not None
        if agree == {True} or (sized and (True in agree or _agrees_within(claim, one))):
            return Finding(
                verdict="supported", why=f"{_told(claim, where, one)}.", answer=one.later
            )
        if True in agree:
            why = f"{_told(claim, where, one)}: it depends on that."
            return cannot_tell(why, answer=one.later)
    return contradicted(told, _missed(claim, seen[0]), answer=seen[0].later)


def _seen(
    claim: Claim, where: Place, baseline: Period, period: Period, asker: Asker
) -> tuple[Between, ...]:
    between = partial(_between, claim, where, baseline, period, asker)
    return held(partial(between, per_head) for per_head in quantities(claim))


def _between(
    claim: Claim, where: Place, baseline: Period, period: Period, asker: Asker, per_head: bool
) -> Between:
    earlier, later = (asker(level(claim, where, p, per_head=per_head)) for p in (baseline, period))
    rapes = asker(replace(later.question, offense="rape", as_of=None)).value or 0.0
    first, last = earlier.value or 0.0, later.value or 0.0
    if offense_of(claim) == "rape":
        rapes = last
    most = _percent(first, last)
    return Between(earlier, later, _percent(first, last - MOST_ADDED * rapes), most)


def _percent(first: float, last: float) -> float:
    return 100 * (last / first - 1) if first else float("inf")


def _agrees(claim: Claim, one: Between, percent: float) -> bool:
    return _direction_agrees(claim, percent) and all(
        _size_agrees(size, one, percent) for size in claim.magnitudes
    )


def _direction_agrees(claim: Claim, percent: float) -> bool:
    match claim.direction:
        case "up":
            return percent > FALL_OR_RISE
        case "down":
            return percent < -FALL_OR_RISE
        case "none":
            return is_unchanged(percent)
        case _:
            return True


def _size_agrees(size: Magnitude, one: Between, percent: float) -> bool:
    match size.unit:
        case "percent" | "points":
            return percent_fits(size, abs(percent))
        case "factor":
            ratio = 1 + percent / 100
            return ratio > 0 and factor_fits(size, max(ratio, 1 / ratio))
        case "count" | "per_100k":
            apart = abs((one.later.value or 0.0) - (one.earlier.value or 0.0))
            near = abs(size.value - apart) <= LOCAL_REVISION * size.value
            return near or fits(size, one.later) or fits(size, one.earlier)
        case _:
            return True


def _agrees_within(claim: Claim, one: Between) -> bool:
    """Whether a percent lies between the least and the most."""
    size = claim.size("percent")
    if size is None:
        return False
    said = -size.value if claim.direction == "down" else size.value
    return one.least <= said <= one.most and all(
        _size_agrees(m, one, said) for m in claim.magnitudes
    )


def _told(claim: Claim, where: Place, one: Between) -> str:
    what = capital(quantity(claim, per_head=one.per_head))
    span = span_words(one.earlier.question.period, one.later.question.period)
    first, last = one.earlier.value or 0.0, one.later.value or 0.0
    figures = f"from {bare(first, per_head=one.per_head)} to " + figure_words(
        last, per_head=one.per_head
    )
    return f"{what} {inside(where)} {_went(one)} {span}, {figures}, by how rape was counted"


def _went(one: Between) -> str:
    least, most = one.least, one.most
    if least >= 0:
        return f"rose {percent_words(least)} to {percent_words(most)}"
    if most <= 0:
        return f"fell {percent_words(most)} to {percent_words(least)}"
    return f"went anywhere from down {percent_words(least)} to up {percent_words(most)}"


def _missed(claim: Claim, one: Between) -> str:
    if not _direction_agrees(claim, one.most):
        return ""
    return first_missed(claim, lambda size: _size_agrees(size, one, one.most))
