"""Whether a claim was more likely misread than wrong, or is of a part that no record counts.

The place, the time and the offense of a claim are often not in its own sentence and are taken from
the text around it. A figure that is far from everything recorded there is then a figure of
something else, a town or another offense, and calling it false would be the greater error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from baserate.claims.check.as_question import ends, level, required
from baserate.claims.check.finding import Asker, Finding, cannot_tell
from baserate.claims.check.judges.rank import NOT_A_STATE
from baserate.claims.check.judges.recorded import is_in_scale
from baserate.claims.check.needs import need
from baserate.claims.check.said import asserted_words, capital
from baserate.claims.check.words import is_said, says
from baserate.claims.claim import Claim
from baserate.errors import BaserateError
from baserate.terms.offenses import offense
from baserate.terms.periods import Period
from baserate.terms.places import Place

Judge = Callable[[Claim, Place, Asker], Finding]

# False figures are mostly off by a part of themselves, those of another place by a multiple.
FAR_WHERE_UNDERSTOOD = 1.8
FAR_WHERE_NAMED = 8.0
NEAR_AS_A_RATE = 2.0


def reconsidered(claim: Claim, where: Place, found: Finding, judge: Judge, asker: Asker) -> Finding:
    """The finding, or can't tell where it settles something else than what was probably said."""
    if found.verdict == "can't tell":
        return found
    if is_narrowed(claim):
        assert claim.offense is not None
        many = offense(claim.offense).many
        apart = f"The records count {many} whole, and not the part said here ({claim.qualifier})"
        return cannot_tell(f"{apart}. {found.why}", need("an offense"), answer=found.answer)
    if is_of_a_group(claim, where):
        return _of_a_part(where, found)
    if found.verdict != "contradicted":
        return found
    if is_out_of_scale(claim, where, asker):
        return _as_rates(claim, where, judge, asker) or _too_far(claim, found)
    if is_of_a_part(claim, where):
        return _of_a_part(where, found)
    return found


def is_narrowed(claim: Claim) -> bool:
    """Whether it is of a part of the offense: with guns, by gangs, of the young."""
    if claim.qualifier is None or claim.offense is None:
        return False
    return is_said("a narrower offense", claim.qualifier)


def is_of_a_group(claim: Claim, where: Place) -> bool:
    """Whether a figure taken for the nation's or a state's is of its large or small cities."""
    if not _has_towns(where) or claim.kind in {"rank", "comparison", "share"}:
        return False
    return is_said("a group of places", _own_words(claim))


def _of_a_part(where: Place, found: Finding) -> Finding:
    why = f"{found.why} But it may be about a part of {where} alone, of which there are no records."
    return cannot_tell(why, need("a part of a place"), answer=found.answer)


def _as_rates(claim: Claim, where: Place, judge: Judge, asker: Asker) -> Finding | None:
    """The finding where its figures are right per 100,000 people: "a peak of 7,236 offenses"."""
    if claim.kind not in {"count", "level", "extremum"} and not says("a rate", claim):
        return None
    if claim.size("count") is None:
        return None
    as_rates = _with_rates(claim)
    known = tuple(_recorded(as_rates, where, asker, per_head=True))
    if not all(is_in_scale(size, known, NEAR_AS_A_RATE) for size in as_rates.counts):
        return None
    found = judge(as_rates, where, asker)
    return found if found.verdict == "supported" or says("a rate", claim) else None


def _too_far(claim: Claim, found: Finding) -> Finding:
    recorded = found.recorded or found.why.rstrip(".")
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
    far = FAR_WHERE_NAMED if is_named(where, claim.sentence.text) else FAR_WHERE_UNDERSTOOD
    known = {
        per_head: tuple(_recorded(claim, where, asker, per_head=per_head))
        for per_head in {size.unit == "per_100k" for size in claim.counts}
    }
    return all(
        known[size.unit == "per_100k"]
        and not is_in_scale(size, known[size.unit == "per_100k"], far)
        for size in claim.counts
    )


def _recorded(claim: Claim, where: Place, asker: Asker, *, per_head: bool) -> Iterator[float]:
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
    if len(found) > 1 and not per_head:
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
        if period.first_year != period.last_year:
            yield period


def _with_rates(claim: Claim) -> Claim:
    """The same with its figures per 100,000 people: "the rate peaked at 7,236 offenses"."""
    sizes = tuple(
        replace(size, unit="per_100k") if size.unit == "count" else size
        for size in claim.magnitudes
    )
    return replace(claim, magnitudes=sizes, per_head=True)


def is_of_a_part(claim: Claim, where: Place) -> bool:
    """Whether its own words speak of some towns or one site, and not of the state or nation."""
    if not _has_towns(where):
        return False
    own = _own_words(claim)
    return is_said("a part of a place", own) and not is_named(where, own)


def _has_towns(where: Place) -> bool:
    return where.kind in {"nation", "state"} and where.key != NOT_A_STATE


def _own_words(claim: Claim) -> str:
    first = max(0, claim.start - claim.sentence.start)
    return claim.sentence.text[first : max(first, claim.end - claim.sentence.start)]


def is_named(where: Place, text: str) -> bool:
    """Whether a text names the place itself, or calls it the state or the city."""
    if where.kind in {"nation", "states"}:
        return is_said("the nation", text)
    kind = "the city" if where.kind in {"city", "agency"} else "the state"
    return where.name.casefold() in text.casefold() or is_said(kind, text)
