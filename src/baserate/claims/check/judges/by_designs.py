"""A claimed effect against the designs of a study.

The rule, the same for every program (docs/check.md):

supported      the claim lies in the intervals of two in three designs, and two in three tell the
               effect from none in its direction
contradicted   it lies in none of the intervals, or two in three designs tell the opposite
can't tell     anything between; one design alone; or a threat that could pass for an effect
"""

from __future__ import annotations

from baserate.claims.check.finding import Finding
from baserate.claims.check.tolerance import UNCHANGED_PERCENT, percent_leeway
from baserate.claims.checked import ClaimVerdict
from baserate.claims.claim import Claim, Magnitude
from baserate.measure.effects.found import DesignFound, EffectFound
from baserate.measure.effects.sentences import smallest_seen
from baserate.terms.offenses import offense

FEWEST_DESIGNS = 2  # a number from one design alone says so and decides nothing
MOST_OF = 2 / 3


def judge_by_designs(claim: Claim, found: EffectFound) -> Finding:
    """The verdict of a study that has intervals."""
    verdict, why = _verdict(claim, found)
    said = [f"{_told(found)}{why}", found.doubt]
    return Finding(verdict=verdict, why=" ".join(s for s in said if s), study=found)


def _verdict(claim: Claim, found: EffectFound) -> tuple[ClaimVerdict, str]:
    if len(found.designs) < FEWEST_DESIGNS:
        return (
            "can't tell",
            "; one design alone, or none with an interval, decides nothing.",
        )
    if found.grave:
        return "can't tell", f", but its design is threatened ({', '.join(found.grave)})."
    if claim.direction == "none":
        return _of_none(found)
    size = claim.size("percent")
    return _of_direction(claim, found) if size is None else _of_size(claim, size, found)


def _of_none(found: EffectFound) -> tuple[ClaimVerdict, str]:
    """That it changed nothing: a null alone does not show it, only intervals close to zero."""
    if found.reading in {"fell", "rose"}:
        return "contradicted", ", not unchanged."
    near = [d for d in found.designs if max(-d.lower, d.upper) <= UNCHANGED_PERCENT]
    if len(near) >= MOST_OF * len(found.designs):
        return "supported", f"; {_of(near, found)} allow no more than {UNCHANGED_PERCENT:g}%."
    return "can't tell", f", which does not show that there was none.{_unseen(found)}"


def _of_direction(claim: Claim, found: EffectFound) -> tuple[ClaimVerdict, str]:
    if found.reading == _expected(claim):
        return "supported", "."
    if found.reading in {"fell", "rose"}:
        return "contradicted", f", and {_expected(claim)} was said."
    return "can't tell", f".{_unseen(found)}"


def _of_size(claim: Claim, size: Magnitude, found: EffectFound) -> tuple[ClaimVerdict, str]:
    sign = 1 if claim.direction == "up" else -1
    allowed = [d for d in found.designs if _allows(d, sign, size)]
    said = f"{sign * size.value:+g}%"
    where = f"; {said} lies in the intervals of {_of(allowed, found)}"
    if not allowed:
        if found.reading == "designs disagree":
            return "can't tell", f"; {said} lies in no interval, but the designs disagree."
        return "contradicted", f"; {said} lies in none of their intervals."
    if found.reading != _expected(claim):
        opposite = found.reading in {"fell", "rose"}
        return "can't tell", f"{where}{'.' if opposite else f'.{_unseen(found)}'}"
    beyond = size.how != "more than" or _most_reach(found, sign, size)
    if len(allowed) >= MOST_OF * len(found.designs) and beyond:
        return "supported", f"{where}."
    return "can't tell", f"{where}{' alone' if beyond else ', but most estimates are smaller'}."


def _allows(design: DesignFound, sign: int, size: Magnitude) -> bool:
    """Whether the interval has part of what was said, turned so that falls are below zero."""
    value, room = size.value, percent_leeway(size)
    low, high = sorted((sign * design.lower, sign * design.upper))
    most = float("inf") if size.how == "more than" else value + room
    least = 0.0 if size.how == "less than" else value - room
    return low <= most and least <= high


def _most_reach(found: EffectFound, sign: int, size: Magnitude) -> bool:
    reach = [d for d in found.designs if sign * d.percent >= size.value - percent_leeway(size)]
    return len(reach) >= MOST_OF * len(found.designs)


def _expected(claim: Claim) -> str:
    return "rose" if claim.direction == "up" else "fell"


def _told(found: EffectFound) -> str:
    """What the study says, up to where the claim is held against it."""
    percents = sorted(d.percent for d in found.designs)
    span = f", {percents[0]:+.1f}% to {percents[-1]:+.1f}% by design" if percents else ""
    reading = {
        "fell": f"{_outcome(found)} were fewer than they would have been without it",
        "rose": f"{_outcome(found)} were more than they would have been without it",
        "no clear change": "no effect can be told from chance",
        "designs disagree": "the designs disagree",
        "can't tell": "nothing can be told",
    }[found.reading]
    return f"By the study “{found.title}” {reading}{span}"


def _outcome(found: EffectFound) -> str:
    return offense(found.offense).many if found.offense else found.outcome


def _of(some: list[DesignFound], found: EffectFound) -> str:
    return f"{len(some)} of {len(found.designs)} designs"


def _unseen(found: EffectFound) -> str:
    """The smallest effect that any design would have seen, where the study's doubt has it not."""
    seen = [d.smallest_visible for d in found.designs if d.smallest_visible is not None]
    said = smallest_seen(min(seen)) if seen else ""
    return f" {said}" if said and said not in found.doubt else ""
