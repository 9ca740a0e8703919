"""Whether a figure changed as asserted: the direction, and how much."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from baserate.claims.check.as_question import changes, ends, level
from baserate.claims.check.finding import Asker, Finding, cannot_tell, contradicted
from baserate.claims.check.judges.either_definition import judge_by_either
from baserate.claims.check.judges.first import held_to_be_first
from baserate.claims.check.judges.recorded import FAR, fits, is_in_scale, stand_now
from baserate.claims.check.said import (
    bare,
    capital,
    change_words,
    figure_words,
    first_missed,
    inside,
    percent_words,
    quantity,
    span_words,
)
from baserate.claims.check.tolerance import factor_fits, figure_fits, is_unchanged, percent_fits
from baserate.claims.check.traps import base_year, small_numbers, trap, traps_of
from baserate.claims.checked import Trap
from baserate.claims.claim import Claim, Direction, Magnitude
from baserate.errors import DefinitionNotHeld, PopulationNotHeld
from baserate.measure.answer import Answer
from baserate.measure.records import find_records
from baserate.terms.periods import Period
from baserate.terms.places import Place

HARDLY = 0.5  # percent; below it a change is said to be practically none
RATE_AND_NUMBER = 3.0  # points; within it "crime rate" is said of numbers, and no one is misled
FRACTIONS = {25.0, 50.0, 75.0}  # percent that a quarter and a half are told as
AS_PRINTED = 0.6  # points; a percent so near is surely the one that was meant
NONE = 0.05  # percent; prints as 0.0 or 0.1


@dataclass(frozen=True, slots=True)
class Moved:
    """A recorded change, of a rate or of a number."""

    answer: Answer
    percent: float | None
    earlier: float
    later: float

    @property
    def per_head(self) -> bool:
        """Whether it is of a rate."""
        return self.answer.question.per_head

    @property
    def direction(self) -> Direction:
        """Up, down, or none where the figures are the same."""
        if self.percent is not None and abs(self.percent) < NONE:
            return "none"
        return (
            "up" if self.later > self.earlier else "down" if self.later < self.earlier else "none"
        )

    @property
    def percents(self) -> Iterator[float]:
        """The percent, by every definition that is published."""
        if self.percent is not None:
            yield self.percent
        yield from (o.value for o in stand_now(self.answer) if o.value is not None)

    @property
    def ratio(self) -> float | None:
        """The larger figure over the smaller."""
        low, high = sorted((self.earlier, self.later))
        return high / low if low > 0 else None


def judge_change(claim: Claim, where: Place, asker: Asker) -> Finding:
    """A change between two periods."""
    found = judge_between(claim, where, *ends(claim), asker)
    return held_to_be_first(claim, where, found, asker)


def judge_between(
    claim: Claim, where: Place, baseline: Period, period: Period, asker: Asker
) -> Finding:
    """The asserted change against the recorded one, as a rate and as a number."""
    try:
        seen = moves(claim, where, baseline, period, asker)
    except DefinitionNotHeld:
        return judge_by_either(claim, where, baseline, period, asker)
    if claim.direction is None and not claim.magnitudes:
        return cannot_tell(
            f"It asserts neither a direction nor a size. {told(claim, where, seen[0])}.",
            answer=seen[0].answer,
        )
    able = tuple(one for one in seen if agrees(claim, where, one, asker))
    if able and claim.size("points") and not claim.size("percent"):
        return _points_for_percent(claim, where, _nearest(claim, able))
    if able:
        return _supported(claim, where, _nearest(claim, able), seen)
    return _contradicted(claim, where, seen, asker)


def moves(
    claim: Claim, where: Place, baseline: Period, period: Period, asker: Asker
) -> tuple[Moved, ...]:
    """The recorded changes that may be meant; no rate where there is no population."""
    return tuple(map(moved, asker.answers(changes(claim, where, baseline, period))))


def moved(answer: Answer) -> Moved:
    """The change an answer speaks of; an end carried to another definition as carried."""
    assert answer.earlier is not None
    assert answer.later is not None
    earlier = answer.earlier.adjusted
    if earlier is None:
        earlier = answer.earlier.value
    later = answer.later.value
    return Moved(answer, answer.value, earlier, later)


def agrees(claim: Claim, where: Place, one: Moved, asker: Asker) -> bool:
    """Whether direction and every size asserted are as recorded."""
    return direction_agrees(claim, one) and all(
        size_agrees(claim, where, size, one, asker) for size in claim.magnitudes
    )


def direction_agrees(claim: Claim, one: Moved) -> bool:
    """Whether it went where it is said to have gone."""
    if claim.direction is None:
        return True
    if claim.direction == "none":
        unclear = one.answer.verdict == "no clear change"
        return one.percent is not None and (is_unchanged(one.percent) or unclear)
    return one.direction == claim.direction


def size_agrees(claim: Claim, where: Place, size: Magnitude, one: Moved, asker: Asker) -> bool:
    """Whether one asserted size is the recorded one."""
    match size.unit:
        case "percent" | "points":
            signed = [p for p in one.percents if claim.direction is None or _same(claim, p)]
            revised = is_revised(one.answer, asker)
            said = as_said(size, claim)
            return any(percent_fits(said, abs(p), is_revised=revised) for p in signed)
        case "factor":
            return one.ratio is not None and factor_fits(size, one.ratio)
        case "count" | "per_100k":
            return _figure_agrees(claim, where, size, one, asker)
        case _:
            return True  # a rank or a number of years beside it says nothing of the size


def as_said(size: Magnitude, claim: Claim) -> Magnitude:
    """ "By half" and "a third" are about so many percent, where "50 percent" is that many."""
    is_fraction = size.how == "exactly" and size.value in FRACTIONS
    in_figures = f"{size.value:.{size.digits}f}" in claim.sentence.text
    return replace(size, how="about") if is_fraction and not in_figures else size


def is_revised(answer: Answer, asker: Asker) -> bool:
    """Whether the figures are from a release later than the text, which could not have them."""
    return asker.published is not None and answer.vintage.released > asker.published


def _same(claim: Claim, percent: float) -> bool:
    if claim.direction == "none" or abs(percent) < NONE:
        return True
    return (percent > 0) == (claim.direction == "up")


def _figure_agrees(claim: Claim, where: Place, size: Magnitude, one: Moved, asker: Asker) -> bool:
    """A figure is that of the later end or the earlier one, or the difference of the two."""
    per_head = size.unit == "per_100k"
    local = where.kind in {"city", "agency"}
    question = one.answer.question
    assert question.baseline is not None
    ends_ = [
        asker(level(claim, where, period, per_head=per_head))
        for period in (question.period, question.baseline)
    ]
    apart = abs((ends_[0].value or 0.0) - (ends_[1].value or 0.0))
    if figure_fits(size, apart, is_local=local):
        return True
    of_an_end = [
        m
        for m in claim.counts
        if not figure_fits(m, apart, is_local=local)
        and not _is_beside_the_point(claim, m, ends_, apart)
    ]
    if size not in of_an_end:
        return True
    which = of_an_end.index(size)
    if len(of_an_end) > 1 and which < 2:
        return fits(size, ends_[which])
    return any(fits(size, end) for end in ends_)


def _is_beside_the_point(claim: Claim, size: Magnitude, ends_: list[Answer], apart: float) -> bool:
    """A figure so small or large that it is of something else, beside others that are of it.

    "Murders rose 4.7 percent, with the 17 killed at the school": 17 is not the murders.
    """
    known = (*(end.value or 0.0 for end in ends_), apart)
    rest = [m for m in claim.magnitudes if m is not size]
    of_it = any(m.unit in {"percent", "factor"} or is_in_scale(m, known, FAR) for m in rest)
    return of_it and not is_in_scale(size, known, FAR)


def told(claim: Claim, where: Place, one: Moved) -> str:
    """'The recorded murder rate in Texas rose 3.4% from 2015 to 2016, from 4.8 to 4.9 ...'."""
    question = one.answer.question
    assert question.baseline is not None
    what = capital(quantity(claim, per_head=one.per_head))
    went = change_words(one.percent, one.later, one.earlier)
    span = span_words(question.baseline, question.period)
    figures = (
        f"from {bare(one.earlier, per_head=one.per_head)} "
        f"to {figure_words(one.later, per_head=one.per_head)}"
    )
    return f"{what} {inside(where)} {went} {span}, {figures}"


def _supported(claim: Claim, where: Place, one: Moved, seen: tuple[Moved, ...]) -> Finding:
    other = next((s for s in seen if s is not one), None)
    opposite = other is not None and {one.direction, other.direction} == {"up", "down"}
    plainly = opposite and other is not None and not _outweighs(one, other)
    why = [told(claim, where, one)]
    traps = list(_traps(one))
    if opposite and other is not None:
        traps.append(trap("count for rate", f"{_other_way(claim, other)}."))
        why.append(_other_way(claim, other))
    if claim.direction in {"up", "down"} and not claim.size("percent"):
        why += _doubt(one)
    misleading = plainly and not claim.magnitudes
    return Finding(
        verdict="misleading" if misleading else "supported",
        why=". ".join(why) + ".",
        answer=one.answer,
        traps=tuple(traps),
    )


def _outweighs(one: Moved, other: Moved) -> bool:
    """Whether the other went the opposite way by hardly anything, and by less."""
    mine, its = abs(one.percent or 0.0), abs(other.percent or 0.0)
    return its < HARDLY and its < mine


def _doubt(one: Moved) -> Iterator[str]:
    """What makes a direction alone doubtful: hardly any change, or counts that noise sets apart."""
    earlier, later = one.answer.earlier, one.answer.later
    if one.percent is not None and abs(one.percent) < HARDLY:
        yield "That is practically no change"
    elif one.answer.verdict == "no clear change" and earlier is not None and later is not None:
        counts = f"{later.offenses:,} against {earlier.offenses:,}"
        yield f"Counting noise alone cannot tell {counts} apart"


def _other_way(claim: Claim, other: Moved) -> str:
    assert other.percent is not None
    went = change_words(other.percent, other.later, other.earlier)
    return f"{capital(quantity(claim, per_head=other.per_head))} {went}"


def _traps(one: Moved) -> Iterator[Trap]:
    yield from traps_of(one.answer)
    for found in (base_year(one.answer), small_numbers(one.answer)):
        if found is not None:
            yield found


def _contradicted(claim: Claim, where: Place, seen: tuple[Moved, ...], asker: Asker) -> Finding:
    one = _nearest(claim, seen)
    size = claim.size("percent")
    mixed = printed_percent(one, asker) if size is not None else None
    if size and mixed and _same(claim, mixed) and percent_fits(size, abs(mixed)):
        return _misled_by_definition(claim, where, one, mixed)
    otherwise = _by_the_other_quantity(claim, where, one, asker)
    if otherwise is not None:
        return otherwise
    missed = _missed(claim, where, one, asker)
    return contradicted(told(claim, where, one), missed, answer=one.answer, traps=_traps(one))


def _nearest(claim: Claim, seen: tuple[Moved, ...]) -> Moved:
    """Of rate and number the one that comes nearest to the percent."""
    size = claim.size("percent")
    if size is None:
        return seen[0]
    sign = -1 if claim.direction == "down" else 1
    return min(seen, key=lambda s: abs(sign * size.value - (s.percent or 0.0)))


def _missed(claim: Claim, where: Place, one: Moved, asker: Asker) -> str:
    """The first size that is wrong, where the direction is right."""
    if not direction_agrees(claim, one):
        return ""
    return first_missed(claim, lambda size: size_agrees(claim, where, size, one, asker))


def _points_for_percent(claim: Claim, where: Place, one: Moved) -> Finding:
    """Points of a percentage, said of what is none: percent is meant, and not said."""
    size = claim.size("points")
    assert size is not None
    detail = f"the recorded change was {percent_words(one.percent or 0.0)}, in percent."
    return Finding(
        verdict="misleading",
        why=f"{told(claim, where, one)}. Percentage points would be of a share, and this is none.",
        answer=one.answer,
        traps=(*_traps(one), trap("percent and points", detail)),
    )


def _misled_by_definition(claim: Claim, where: Place, one: Moved, mixed: float) -> Finding:
    return Finding(
        verdict="misleading",
        why=(
            f"{told(claim, where, one)}, by one definition. The publisher's own "
            f"{'figures' if claim.offense == 'rape' else 'totals'} give {mixed:+.1f}%, "
            "but count by two definitions of rape."
        ),
        answer=one.answer,
        traps=tuple(_traps(one)),
    )


def _by_the_other_quantity(claim: Claim, where: Place, one: Moved, asker: Asker) -> Finding | None:
    """A percent said of the rate that is the number's, or the other way round."""
    if claim.per_head is None:
        return None
    question = one.answer.question
    try:
        other = moved(asker(replace(question, per_head=not question.per_head)))
    except PopulationNotHeld:
        return None
    if not agrees(claim, where, other, asker):
        return None
    size = claim.size("percent")
    if size is None or abs(size.value - abs(other.percent or 0.0)) > AS_PRINTED:
        return None
    if _is_nearly_the_same(one, other):
        return _supported(claim, where, other, (other, one))
    said = "the number and not of the rate" if claim.per_head else "the rate and not of the number"
    detail = f"It is true of {said}."
    return Finding(
        verdict="misleading",
        why=f"{told(claim, where, one)}. {detail}",
        answer=one.answer,
        traps=(*_traps(one), trap("count for rate", detail)),
    )


def _is_nearly_the_same(one: Moved, other: Moved) -> bool:
    """Whether rate and number moved so much alike that either word is meant for both."""
    if one.percent is None or other.percent is None or one.direction != other.direction:
        return False
    return abs(one.percent - other.percent) <= RATE_AND_NUMBER


def printed_percent(one: Moved, asker: Asker) -> float | None:
    """The change of the publisher's own totals where they mix two definitions; else None."""
    question = one.answer.question
    both = one.answer.definition.changed_inside or question.offense == "rape"
    if question.baseline is None or not both:
        return None
    records = find_records(asker.store.view(as_of=asker.as_of), question.place, question.offense)
    ends_ = []
    for period in (question.baseline, question.period):
        basis = records.printed(period.last_year)
        if question.offense == "rape":
            basis = "legacy" if period is question.baseline else "revised"
        series = records.by_basis.get(basis, {})
        if not period.is_one_year or period.last_year not in series:
            return None
        row = series[period.last_year]
        ends_.append(row.offenses / (row.population if one.per_head else 1))
    return 100 * (ends_[1] / ends_[0] - 1)
