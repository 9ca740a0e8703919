"""A Claim as Questions: the ones of `measure` whose answers settle it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from baserate.claims.check.as_question import (
    changes,
    comparisons,
    ends,
    extremum,
    is_against_states,
    levels,
    quantities,
    ranks,
    required,
    shares,
    stretch,
)
from baserate.claims.check.finding import Asker
from baserate.claims.check.windows import window
from baserate.claims.claim import Claim
from baserate.errors import BaserateError
from baserate.measure.question import Question
from baserate.store.open import Store
from baserate.terms.places import NATION, Place


def questions_of(
    claim: Claim, store: Store, *, published: date | None = None
) -> tuple[Question, ...]:
    """The questions that settle a claim, the first one first; of every reading of its place.

    Empty where no question can be made: no offense, place or period, or no form for it.
    """
    asker = Asker(store, published)
    found: list[Question] = []
    for where in claim.where.places if claim.where else ():
        try:
            found += _of_kind(claim, where, asker)
        except BaserateError:
            continue
    return tuple(dict.fromkeys(found))


def _of_kind(claim: Claim, where: Place, asker: Asker) -> Iterator[Question]:
    match claim.kind:
        case "count" | "level":
            yield from levels(claim, where, required(claim))
        case "change":
            yield from changes(claim, where, *ends(claim))
        case "trend":
            yield from changes(claim, where, *stretch(claim, where, asker))
        case "rank":
            yield from ranks(claim, where, required(claim))
        case "share":
            yield shares(claim, where, required(claim))
        case "comparison":
            yield from _of_comparison(claim, where)
        case "extremum":
            for per_head in quantities(claim):
                found = window(claim, where, asker, per_head=per_head)
                yield extremum(claim, where, found.first, found.last, per_head=per_head)
        case _:
            return


def _of_comparison(claim: Claim, where: Place) -> Iterator[Question]:
    if is_against_states(claim):
        yield from ranks(claim, where, required(claim))
    elif claim.against is not None:
        for other in claim.against.places:
            yield from comparisons(claim, where, other, required(claim))
    elif claim.comparator_period not in {None, claim.period}:
        yield from changes(claim, where, *ends(claim))
    else:
        yield from comparisons(claim, where, NATION, required(claim))
