"""Whether one place has more or less than another, and one year than another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from baserate.claims.check.as_question import (
    comparisons,
    ends,
    is_against_states,
    level,
    quantities,
    required,
)
from baserate.claims.check.finding import Asker, Finding, Unsettled, cannot_tell, contradicted
from baserate.claims.check.judges.change import judge_between
from baserate.claims.check.judges.offenses import judge_offenses
from baserate.claims.check.judges.one_end import judge_one_end
from baserate.claims.check.judges.rank import judge_standing
from baserate.claims.check.judges.recorded import fits, stated, values
from baserate.claims.check.said import (
    capital,
    figure_words,
    first_missed,
    inside,
    percent_words,
    quantity,
)
from baserate.claims.check.tolerance import factor_fits, percent_fits
from baserate.claims.check.traps import small_numbers, trap, traps_of
from baserate.claims.check.words import says
from baserate.claims.checked import Trap
from baserate.claims.claim import Claim, Magnitude
from baserate.errors import DefinitionNotHeld, NoRecords
from baserate.measure.answer import Answer
from baserate.terms.places import NATION, Place

ALIKE_PERCENT = 10.0  # two places within it may be called about the same
PARTS = {"state", "city", "agency"}


@dataclass(frozen=True, slots=True)
class Apart:
    """Two places side by side, by the rate or the number."""

    answer: Answer
    here: float
    there: float

    @property
    def percent(self) -> float:
        """How far the first is above (+) or below (-) the second."""
        return 100 * (self.here / self.there - 1) if self.there else float("inf")

    @property
    def ratio(self) -> float:
        """The larger over the smaller."""
        low, high = sorted((self.here, self.there))
        return high / low if low > 0 else float("inf")


def judge_comparison(claim: Claim, where: Place, asker: Asker) -> Finding:
    """Against another offense, another place, the other states, or another year."""
    if claim.whole is not None:
        return judge_offenses(claim, where, asker)
    if claim.against is not None:
        if is_against_states(claim):
            return judge_standing(claim, where, asker)
        if not claim.against.places:
            raise Unsettled(f"No table has {claim.against.label} to compare with")
        if claim.against.only is None:
            raise Unsettled(f"{claim.against.label!r} can be several places")
        return _against_place(claim, where, claim.against.only, asker)
    if claim.comparator_period not in {None, claim.period}:
        return _against_year(claim, where, asker)
    if claim.size("count"):
        found = judge_one_end(claim, where, asker)
        if found is not None:
            return found
    elif where.kind in PARTS:
        return _against_place(claim, where, NATION, asker)
    raise Unsettled("The text does not say what it is compared with")


def _against_year(claim: Claim, where: Place, asker: Asker) -> Finding:
    baseline, period = ends(claim)
    try:
        return judge_between(claim, where, baseline, period, asker)
    except NoRecords:
        found = judge_one_end(claim, where, asker)
        if found is None:
            raise
        return found


def _against_place(claim: Claim, where: Place, other: Place, asker: Asker) -> Finding:
    if claim.direction is None and not claim.magnitudes:
        raise Unsettled("It does not say which of the two has more")
    try:
        seen = _seen(claim, where, other, asker)
    except DefinitionNotHeld:
        return _by_every_definition(claim, where, other, asker)
    for one in seen:
        if _agrees(claim, where, other, one, asker):
            return _supported(claim, where, other, one, seen)
    one = seen[0]
    if not claim.magnitudes and small_numbers(one.answer):
        return replace(
            cannot_tell(f"{_told(claim, where, other, one)}.{_doubt(one)}", answer=one.answer),
            traps=tuple(_traps(one)),
        )
    missed = _missed(claim, where, other, one, asker)
    return contradicted(
        _told(claim, where, other, one), missed, answer=one.answer, traps=_traps(one)
    )


def _traps(one: Apart) -> Iterator[Trap]:
    yield from traps_of(one.answer)
    found = small_numbers(one.answer)
    if found is not None:
        yield found


def _doubt(one: Apart) -> str:
    """That chance alone may set the two apart, where it may."""
    here, there = one.answer.later, one.answer.earlier
    if here is None or there is None or small_numbers(one.answer) is None:
        return ""
    return f" Counting noise alone cannot tell {here.offenses:,} from {there.offenses:,} here."


def _by_every_definition(claim: Claim, where: Place, other: Place, asker: Asker) -> Finding:
    """Where no definition is known to be common to both: what holds by each that may be."""
    per_head = quantities(claim)[0]
    here, there = (
        asker(level(claim, p, required(claim), per_head=per_head)) for p in (where, other)
    )
    pairs = [Apart(here, one, against) for one in values(here) for against in values(there)]
    agree = {_agrees(claim, where, other, pair, asker) for pair in pairs}
    why = f"{stated(claim, where, here)}, {_against_words(pairs, other)}"
    if len(agree) > 1:
        return cannot_tell(f"{why}; it depends on how rape is counted.", answer=here)
    return Finding(
        verdict="supported" if agree == {True} else "contradicted",
        why=f"{why}, however rape is counted.",
        answer=here,
    )


def _against_words(pairs: list[Apart], other: Place) -> str:
    """'4.0 to 4.1 times that of the United States'."""
    ratios = sorted(f"{p.here / p.there:.1f}" for p in pairs if p.there)
    span = ratios[0] if ratios[0] == ratios[-1] else f"{ratios[0]} to {ratios[-1]}"
    return f"{span} times that of {other}"


def _seen(claim: Claim, where: Place, other: Place, asker: Asker) -> tuple[Apart, ...]:
    """By the rate, which alone compares places of other sizes; by the number where that is said."""
    nested = where.kind in PARTS and other.kind in {"nation", "states"}
    by_number = bool(claim.counts) or (not nested and says("a number", claim))
    asked = comparisons(claim, where, other, required(claim))
    rates_only = claim.per_head is None and not by_number
    return tuple(map(_apart, asker.answers(q for q in asked if q.per_head or not rates_only)))


def _apart(answer: Answer) -> Apart:
    assert answer.later is not None
    assert answer.earlier is not None
    return Apart(answer, answer.later.value, answer.earlier.value)


def _agrees(claim: Claim, where: Place, other: Place, one: Apart, asker: Asker) -> bool:
    return _direction_agrees(claim, one) and all(
        _size_agrees(claim, where, other, size, one, asker) for size in claim.magnitudes
    )


def _direction_agrees(claim: Claim, one: Apart) -> bool:
    if claim.direction is None:
        return True
    if claim.direction == "none":
        return abs(one.percent) <= ALIKE_PERCENT
    return (one.here > one.there) == (claim.direction == "up") and one.here != one.there


def _size_agrees(
    claim: Claim, where: Place, other: Place, size: Magnitude, one: Apart, asker: Asker
) -> bool:
    match size.unit:
        case "percent":
            return percent_fits(size, abs(one.percent))
        case "factor":
            return factor_fits(size, one.ratio)
        case "count" | "per_100k":
            return any(
                fits(size, asker(level(claim, p, required(claim), per_head=size.unit != "count")))
                for p in (where, other)
            )
        case _:
            return True


def _told(claim: Claim, where: Place, other: Place, one: Apart) -> str:
    per_head = one.answer.question.per_head
    what = capital(quantity(claim, per_head=per_head))
    here, there = (figure_words(v, per_head=per_head) for v in (one.here, one.there))
    if one.here == one.there:
        apart = "the same as"
    elif one.ratio >= 2:
        apart = f"{one.ratio:.1f} times" if one.here > one.there else "below half of"
    else:
        apart = f"{percent_words(one.percent)} {'above' if one.percent > 0 else 'below'}"
    period = one.answer.question.period
    verb, that = ("was", "that") if per_head else ("were", "those")
    return (
        f"{what} {inside(where)} in {period} {verb} {apart} {that} of "
        f"{other}: {here.removesuffix(' per 100,000 people')} against {there}"
    )


def _missed(claim: Claim, where: Place, other: Place, one: Apart, asker: Asker) -> str:
    """The first size that is wrong, where the direction is right."""
    if not _direction_agrees(claim, one):
        return ""
    return first_missed(claim, lambda size: _size_agrees(claim, where, other, size, one, asker))


def _supported(
    claim: Claim, where: Place, other: Place, one: Apart, seen: tuple[Apart, ...]
) -> Finding:
    traps = list(_traps(one))
    doubt = "" if claim.magnitudes or claim.direction == "none" else _doubt(one)
    rest = next((s for s in seen if s is not one), None)
    if rest is not None and not _direction_agrees(claim, rest):
        traps.append(trap("count for rate", f"{_told(claim, where, other, rest)}."))
    return Finding(
        verdict="supported",
        why=f"{_told(claim, where, other, one)}.{doubt}",
        answer=one.answer,
        traps=tuple(traps),
    )
