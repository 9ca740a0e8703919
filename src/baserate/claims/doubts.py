"""Whether a claim that fits no record was more likely misread than wrong.

The place, the time and the offense of a claim are often not in its own sentence and are taken from
the text around it. A figure that is far from everything recorded there is then a figure of
something else, a town or another offense, and calling it false would be the greater error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from baserate.claims.as_question import ends, level, required
from baserate.claims.claim import Claim
from baserate.claims.finding import Asker, Finding, cannot_tell
from baserate.claims.judges.rank import NOT_A_STATE
from baserate.claims.judges.recorded import FAR, is_in_scale
from baserate.claims.needs import need
from baserate.claims.said import asserted_words, capital
from baserate.claims.words import is_said, says
from baserate.errors import BaserateError
from baserate.terms.periods import Period
from baserate.terms.places import Place

Judge = Callable[[Claim, Place, Asker], Finding]

FAR_WHERE_NAMED = 8.0
NEAR_AS_A_RATE = 2.0


def reconsidered(
    claim: Claim, where: Place, found: Finding, judge: Judge, asker: Asker
) -> Finding:
    """The finding, or can't tell where it contradicts what was probably misread."""
    if found.verdict != "contradicted":
        return found
    if is_out_of_scale(claim, where, asker):
        as_rates = _with_rates(claim)
        if _is_near(as_rates, where, asker):
            return judge(as_rates, where, asker)
        return _too_far(claim, where, found)
    if is_of_a_part(claim, where):
        why = f"{found.why} It may be about a part of {where}, of which there are no records."
        return cannot_tell(why, need("a part of a place"), answer=found.answer)
    return found


def _too_far(claim: Claim, where: Place, found: Finding) -> Finding:
    recorded = found.why.split(", not ")[0].rstrip(".")
    size = capital(asserted_words(claim.counts[0]))
    why = (
        f"{recorded}. {size} is so far from it that it is more likely a figure of another place, "
        "time or offense than a wrong one of this."
    )
    return cannot_tell(why, need("what a figure is of"), answer=found.answer)


def is_out_of_scale(claim: Claim, where: Place, asker: Asker) -> bool:
    """Whether every figure asserted is a multiple of all that was recorded, or a small part."""
    if not claim.counts:
        return False
    far = FAR_WHERE_NAMED if is_named(where, claim.sentence.text) else FAR
    known = {
        per_head: tuple(_recorded(claim, where, asker, per_head=per_head))
        for per_head in {size.unit == "per_100k" for size in claim.counts}
    }
    return all(
        known[size.unit == "per_100k"] and not is_in_scale(size, known[size.unit == "per_100k"], far)
        for size in claim.counts
    )


def _recorded(
    claim: Claim, where: Place, asker: Asker, *, per_head: bool
) -> Iterator[float]:
    """The figures of the times that it speaks of, and how far the last is from the first."""
    found = []
    for period in _times(claim):
        try:
            value = asker(level(claim, where, period, per_head=per_head)).value
        except BaserateError:
            continue
        if value is not None:
            found.append(value)
    yield from found
    if len(found) > 1:
        yield abs(found[-1] - found[0])


def _times(claim: Claim) -> Iterator[Period]:
    period = required(claim)
    if claim.kind in {"change", "trend"}:
        yield from ends(claim)
        return
    yield from (p for p in (claim.comparator_period, period) if p is not None and p.is_one_year)
    if not period.is_one_year and period.is_whole_years:
        yield Period.year(period.first_year)
        yield Period.year(period.last_year)
        if not period.first_year == period.last_year:
            yield period


def _with_rates(claim: Claim) -> Claim:
    """The same with its figures per 100,000 people: "the rate peaked at 7,236 offenses"."""
    sizes = tuple(
        replace(size, unit="per_100k") if size.unit == "count" else size
        for size in claim.magnitudes
    )
    return replace(claim, magnitudes=sizes, per_head=True)


def _is_near(claim: Claim, where: Place, asker: Asker) -> bool:
    known = tuple(_recorded(claim, where, asker, per_head=True))
    return all(is_in_scale(size, known, NEAR_AS_A_RATE) for size in claim.counts)


def is_of_a_part(claim: Claim, where: Place) -> bool:
    """Whether its own words speak of some towns or one site, and do not name the state or nation."""
    if where.kind not in {"nation", "state"} or where.key == NOT_A_STATE:
        return False
    text = claim.sentence.text
    first = max(0, claim.start - claim.sentence.start)
    own = text[first : max(first, claim.end - claim.sentence.start)]
    return is_said("a part of a place", own) and not is_named(where, own)


def is_named(where: Place, text: str) -> bool:
    """Whether a text names the place itself, or calls it the state or the city."""
    if where.kind in {"nation", "states"}:
        return is_said("the nation", text)
    kind = "the city" if where.kind in {"city", "agency"} else "the state"
    return where.name.casefold() in text.casefold() or is_said(kind, text)
