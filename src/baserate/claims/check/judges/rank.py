"""Where a state stands among the states, and a city among the cities that are held."""

from __future__ import annotations

from dataclasses import dataclass

from baserate.claims.check.as_question import ranks, required
from baserate.claims.check.finding import Asker, Finding, Unsettled, cannot_tell, contradicted
from baserate.claims.check.judges.city_rank import (
    AMONG_CITIES,
    among_the_first,
    judge_city_rank,
)
from baserate.claims.check.said import asserted_words, capital, figure_words, quantity
from baserate.claims.check.tolerance import figure_fits
from baserate.claims.check.traps import trap, traps_of
from baserate.claims.claim import Claim, Magnitude
from baserate.measure.answer import Answer
from baserate.terms.places import Place, place
from baserate.terms.quantities import ordinal

AMONG_STATES = {"states", "nation", "country", "the states", "the nation", "the country"}
TIED_SHOWN = 4
NOT_A_STATE = "DC"  # a city, and left out of most lists of states


@dataclass(frozen=True, slots=True)
class Standing:
    """A rank by one quantity, from the top and from the bottom, D.C. left out.

    Ranks are the best of those that print the same value, whose other places are `alike`: rates
    are published with one decimal, and lists order equals as they like. `own_from_top` is the rank
    by every decimal.
    """

    answer: Answer
    from_top: int
    from_bottom: int
    of: int
    alike: tuple[str, ...] = ()
    own_from_top: int = 1

    @property
    def per_head(self) -> bool:
        """Whether by the rate."""
        return self.answer.question.per_head


def judge_rank(claim: Claim, where: Place, asker: Asker) -> Finding:
    """A state's rank by the rate, or by the number where that is what fits."""
    if where.kind == "city" and _is_among_cities(claim):
        return judge_city_rank(claim, where, asker)
    if where.kind != "state":
        raise Unsettled(f"The records rank states, and {where} is none")
    if claim.rank_among is not None and claim.rank_among.casefold() not in AMONG_STATES:
        raise Unsettled(f"The records rank the states among one another, not {claim.rank_among}")
    return judge_standing(claim, where, asker)


def _is_among_cities(claim: Claim) -> bool:
    return claim.rank_among is None or AMONG_CITIES in claim.rank_among.casefold()


def judge_standing(claim: Claim, where: Place, asker: Asker) -> Finding:
    """The rank asserted, first or last where none is named, against the recorded one."""
    if where.kind != "state":
        raise Unsettled(f"The records rank the states among one another, and {where} is no state")
    seen = _standings(claim, where, asker)
    wanted = claim.size("rank")
    if wanted is None and claim.direction is not None and claim.kind == "rank":
        return _among_the_first(claim, where, seen)
    number = int(wanted.value) if wanted is not None else 1
    if wanted is None and claim.direction is None:
        return cannot_tell(
            f"It asserts no rank. {_told(claim, where, seen[0])}.", answer=seen[0].answer
        )
    for one in seen:
        if _is_at(claim, number, one):
            return _supported(claim, where, one, seen, number)
    first = seen[0]
    return contradicted(
        _told(claim, where, first), answer=first.answer, traps=traps_of(first.answer)
    )


def _among_the_first(claim: Claim, where: Place, seen: tuple[Standing, ...]) -> Finding:
    """ "One of the highest", by whichever of rate and number it is nearer to the end."""
    best = min(seen, key=lambda s: _place_from(claim, s) / s.of)
    why, answer = f"{_told(claim, where, best)}.", best.answer
    return among_the_first(_place_from(claim, best), best.of, why, answer, *traps_of(answer))


def _place_from(claim: Claim, standing: Standing) -> int:
    return standing.from_bottom if claim.direction == "down" else standing.from_top


def _standings(claim: Claim, where: Place, asker: Asker) -> tuple[Standing, ...]:
    answers = asker.answers(ranks(claim, where, required(claim)))
    return tuple(standing(answer, where) for answer in answers)


def standing(answer: Answer, where: Place) -> Standing:
    """The rank of a state among the others, without D.C. unless it is D.C. itself."""
    values = {
        p.place: p.value
        for p in answer.points
        if p.place != NOT_A_STATE or where.key == NOT_A_STATE
    }
    digits = 1 if answer.question.per_head else 0
    printed = [round(v, digits) for v in values.values()]
    own = round(values[where.key], digits)
    above = sum(v > own for v in printed)
    below = sum(v < own for v in printed)
    higher = sum(v > values[where.key] for v in values.values())
    alike = tuple(key for key, v in values.items() if key != where.key and round(v, digits) == own)
    return Standing(answer, 1 + above, 1 + below, len(values), alike, 1 + higher)


def _is_at(claim: Claim, number: int, one: Standing) -> bool:
    """From the end that is meant: of a low one from the bottom, but 49th of 50 from the top."""
    with_dc = one.answer.ranking
    if with_dc is not None and with_dc.rank == number and claim.direction != "down":
        return True
    tied = len(one.alike)
    from_top = one.from_top <= number <= one.from_top + tied
    if claim.direction == "down":
        from_bottom = one.from_bottom <= number <= one.from_bottom + tied
        return from_bottom or (2 * number > one.of and from_top)
    return from_top


def _supported(
    claim: Claim, where: Place, one: Standing, seen: tuple[Standing, ...], number: int
) -> Finding:
    traps = list(traps_of(one.answer))
    other = next((s for s in seen if s is not one), None)
    why = f"{_told(claim, where, one)}."
    for size in claim.counts:
        wrong = _wrong(size, one, other)
        if wrong is not None:
            return wrong
    if other is not None and not _is_at(claim, number, other):
        detail = f"{_told(claim, where, other)}."
        traps.append(trap("count for rate", detail))
        why = f"{why} {detail}" if one.per_head is False else why
    return Finding(verdict="supported", why=why, answer=one.answer, traps=tuple(traps))


def _wrong(size: Magnitude, one: Standing, other: Standing | None) -> Finding | None:
    """The finding that a figure said along with the rank is wrong; None where it is right."""
    per_head = size.unit == "per_100k"
    meant = one if one.per_head == per_head else other
    if meant is None or meant.answer.later is None:
        return None
    own = meant.answer.later.value
    if figure_fits(size, own):
        return None
    was = f"It was {figure_words(own, per_head=per_head)}"
    return contradicted(was, asserted_words(size), answer=meant.answer)


def _told(claim: Claim, where: Place, one: Standing) -> str:
    period = one.answer.question.period
    what = quantity(claim, per_head=one.per_head)
    value = one.answer.later.value if one.answer.later else 0.0
    low = 2 * one.own_from_top > one.of
    number = 1 + one.of - one.own_from_top if low else one.own_from_top
    rank = f"{ordinal(number)} {'lowest' if low else 'highest'}".removeprefix("1st ")
    without = "" if where.key == NOT_A_STATE else " without D.C."
    return (
        f"{capital(where.name)} ranked {rank} of {one.of} states{without}{_tied(one)} by {what} in "
        f"{period}, {figure_words(value, per_head=one.per_head)}"
    )


def _tied(one: Standing) -> str:
    if not one.alike:
        return ""
    names = [place(key).name for key in one.alike[:TIED_SHOWN]]
    more = len(one.alike) - len(names)
    shown = ", ".join([*names, f"{more} more"] if more else names)
    return f" (tied{' at one decimal' if one.per_head else ''} with {shown})"
