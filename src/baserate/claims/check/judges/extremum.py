"""Whether a year was the highest or lowest, or its change the largest, in a stretch of years."""

from __future__ import annotations

from dataclasses import dataclass

from baserate.claims.check.as_question import extreme_of, extremum, level, quantities
from baserate.claims.check.finding import Asker, Finding, Unsettled, cannot_tell, contradicted
from baserate.claims.check.judges.extreme_by_either import judge_extreme_by_either
from baserate.claims.check.judges.one_end import wrong_of_its_year
from baserate.claims.check.judges.recorded import fits, stated
from baserate.claims.check.said import (
    asserted_bare,
    capital,
    figure_words,
    inside,
    quantity,
)
from baserate.claims.check.traps import trap, traps_of
from baserate.claims.check.windows import Window, window, year_since
from baserate.claims.check.words import says
from baserate.claims.claim import Claim, Magnitude
from baserate.errors import DefinitionNotHeld, NoRecords, PopulationNotHeld
from baserate.measure.answer import Answer, Point
from baserate.terms.periods import Period
from baserate.terms.places import Place

TIE = 0.002  # of the value; figures printed alike are equals
LONG = 10  # years, of which one more or less is no error
PEAK_YEARS = 3  # on either side, for a peak that is not said to be of all time


@dataclass(frozen=True, slots=True)
class Stood:
    """Where the year stood in its window: `beyond` are the years that went further."""

    window: Window
    answer: Answer
    beyond: tuple[int, ...]

    @property
    def per_head(self) -> bool:
        """Whether by the rate."""
        return self.answer.question.per_head


def judge_extremum(claim: Claim, where: Place, asker: Asker) -> Finding:
    """The year against every other of the stretch it is said to be extreme in."""
    if claim.extreme is None and claim.direction is None:
        raise Unsettled("The text does not say whether it is a high or a low")
    try:
        seen = _stood(claim, where, asker)
    except DefinitionNotHeld:
        by_either = judge_extreme_by_either(claim, where, asker)
        if by_either is None:
            raise
        return by_either
    except NoRecords:
        found = _figure_of_comparator(claim, where, asker)
        if found is None:
            raise
        return found
    wrong = _wrong_figure(claim, where, asker)
    for one in seen:
        if _holds(claim, one):
            return _supported(claim, where, one, seen, wrong)
    return _contradicted(claim, where, seen[0])


def _stood(claim: Claim, where: Place, asker: Asker) -> tuple[Stood, ...]:
    found: list[Stood] = []
    refused: NoRecords | None = None
    for per_head in _quantities(claim):
        try:
            span = window(claim, where, asker, per_head=per_head)
            found.append(_look(claim, where, span, asker, per_head=per_head))
        except (PopulationNotHeld, Unsettled) as error:
            refused = refused or error
    if not found and refused is not None:
        raise refused
    return tuple(found)


def _quantities(claim: Claim) -> tuple[bool, ...]:
    """A figure beside it says whether rates or numbers are meant; a number can be either's."""
    if claim.per_head is None and claim.size("count") and not claim.size("per_100k"):
        return (False, True)
    return quantities(claim)


def _look(claim: Claim, where: Place, span: Window, asker: Asker, *, per_head: bool) -> Stood:
    question = extremum(claim, where, span.first, span.last, per_head=per_head)
    if span.first == span.last:
        raise Unsettled(f"The records of {where} begin in {span.first}")
    if span.missing:
        raise Unsettled(
            f"The records of {where} have no figure for {', '.join(map(str, span.missing[:4]))}"
        )
    answer = asker(question)
    return Stood(span, answer, _beyond(claim, answer, span))


def _beyond(claim: Claim, answer: Answer, span: Window) -> tuple[int, ...]:
    """The years of the window that went further than the one claimed."""
    extreme = extreme_of(claim)
    sign = -1 if extreme in {"lowest", "largest fall"} else 1
    values = _series(answer, span)
    if extreme in {"largest rise", "largest fall"}:
        values = {y: 100 * (v / values[y - 1] - 1) for y, v in values.items() if values.get(y - 1)}
    own = values.get(span.year)
    if own is None:
        raise Unsettled(f"The records have no figure to compare for {span.year}")
    room = TIE * abs(own)
    return tuple(y for y, v in sorted(values.items()) if sign * (v - own) > room)


def _series(answer: Answer, span: Window) -> dict[int, float]:
    """One figure a year on one scale: older definitions carried over where both had to be used."""
    used = answer.definition.basis
    by_basis: dict[str, dict[int, Point]] = {}
    for point in answer.points:
        if span.first <= point.year <= span.last:
            by_basis.setdefault(point.basis, {})[point.year] = point
    if used != "bridged":
        one = by_basis.get(used or "", {})
        if len(one) < span.last - span.first + 1:
            one = next(iter(by_basis.values()))
        return {y: p.value for y, p in one.items()}
    legacy, revised = by_basis.get("legacy", {}), by_basis.get("revised", {})
    both = sorted(set(legacy) & set(revised))
    factor = sum(revised[y].offenses for y in both) / sum(legacy[y].offenses for y in both)
    return {y: p.value * factor for y, p in legacy.items()} | {
        y: p.value for y, p in revised.items()
    }


def _holds(claim: Claim, one: Stood) -> bool:
    rank = claim.size("rank")
    if rank is not None:
        return len(one.beyond) + 1 == int(rank.value)
    if not one.beyond or _is_at_the_edge(claim, one):
        return True
    return _is_peak(claim, one)


def _is_at_the_edge(claim: Claim, one: Stood) -> bool:
    """ "In 15 years" is said, too, where 14 years ago it was more: the year is not printed."""
    first, year = one.window.first, one.window.year
    printed = str(first - 1) in claim.sentence.text or str(first) in claim.sentence.text
    counted = claim.comparator_period is not None and not printed
    return counted and year - first >= LONG and all(y <= first + 1 for y in one.beyond)


def _is_peak(claim: Claim, one: Stood) -> bool:
    """A peak with no stretch named need only stand out from the years beside it."""
    no_stretch = claim.comparator_period is None and claim.size("years") is None
    if not no_stretch or says("of all time", claim) or claim.extreme in _CHANGES:
        return False
    return all(abs(year - one.window.year) > PEAK_YEARS for year in one.beyond)


_CHANGES = {"largest rise", "largest fall"}


def _supported(
    claim: Claim, where: Place, one: Stood, seen: tuple[Stood, ...], wrong: Finding | None
) -> Finding:
    if wrong is not None:
        return wrong
    traps = list(traps_of(one.answer))
    other = next((s for s in seen if s is not one and not _holds(claim, s)), None)
    why = f"{_told(claim, where, one)}."
    if other is not None:
        detail = f"By {_by(other)} {other.beyond[-1]} went further." if other.beyond else ""
        traps.append(trap("count for rate", detail))
        why = f"{why} {detail}"
    if one.window.reaches_before:
        why = f"{why} The records here begin in {one.window.first}."
    return Finding(verdict="supported", why=why, answer=one.answer, traps=tuple(traps))


def _contradicted(claim: Claim, where: Place, one: Stood) -> Finding:
    years = one.beyond
    said = ", ".join(str(y) for y in years[-3:])
    others = len(years) - 3
    more = f" and {others} other year{'s' if others > 1 else ''}" if others > 0 else ""
    sign = "higher" if extreme_of(claim) == "highest" else "lower"
    if extreme_of(claim) in _CHANGES:
        sign = f"a {extreme_of(claim).replace('largest', 'larger')}"
    what = quantity(claim, per_head=one.per_head)
    if not years:
        rank = claim.size("rank")
        why = f"No year of {_span(one)} went further"
        assert rank is not None
    elif extreme_of(claim) in _CHANGES:
        why = f"{capital(what)} {inside(where)} had {sign} in {said}{more}"
    else:
        why = (
            f"{capital(what)} {inside(where)} {'was' if one.per_head else 'were'} {sign} than in "
            f"{one.window.year} in {said}{more}"
        )
    return Finding(
        verdict="contradicted", why=f"{why}.", answer=one.answer, traps=tuple(traps_of(one.answer))
    )


def _told(claim: Claim, where: Place, one: Stood) -> str:
    what, year = quantity(claim, per_head=one.per_head), one.window.year
    value = next((p.value for p in one.answer.points if p.year == year), one.answer.value or 0.0)
    said = figure_words(value, per_head=one.per_head)
    rank = claim.size("rank")
    among = f"{year - PEAK_YEARS} to {year + PEAK_YEARS}" if one.beyond else _span(one)
    if (rank is not None and one.beyond) or (one.beyond and _is_at_the_edge(claim, one)):
        among = f"{_span(one)} but for {', '.join(map(str, one.beyond[-3:]))}"
    if extreme_of(claim) in _CHANGES:
        own = "its" if one.per_head else "their"
        return f"{capital(what)} {inside(where)} had {own} {extreme_of(claim)} of {among} in {year}"
    return (
        f"{capital(what)} {inside(where)} in {year}, {said}, "
        f"{'was' if one.per_head else 'were'} the {extreme_of(claim)} of {among}"
    )


def _span(one: Stood) -> str:
    return f"{one.window.first} to {one.window.last}"


def _by(one: Stood) -> str:
    return "the rate" if one.per_head else "the number"


def _wrong_figure(claim: Claim, where: Place, asker: Asker) -> Finding | None:
    """A figure beside the claim that is neither the year's nor that of the year since which."""
    for size in claim.counts:
        found = _fits_either(claim, where, size, asker)
        if found is not None:
            return found
    return None


def _fits_either(claim: Claim, where: Place, size: Magnitude, asker: Asker) -> Finding | None:
    if extreme_of(claim) in _CHANGES:
        return None
    own = _level_of(claim, where, size, claim.period, asker)
    since = _level_of(claim, where, size, year_since(claim), asker)
    if own is None or fits(size, own) or (since is not None and fits(size, since)):
        return None
    if since is None and year_since(claim) is not None and _may_be_earlier(claim, size, own):
        return None
    return contradicted(stated(claim, where, own), asserted_bare(size), answer=own)


def _level_of(
    claim: Claim, where: Place, size: Magnitude, period: Period | None, asker: Asker
) -> Answer | None:
    if period is None:
        return None
    try:
        return asker(level(claim, where, period, per_head=size.unit == "per_100k"))
    except NoRecords:
        return None


def _may_be_earlier(claim: Claim, size: Magnitude, own: Answer) -> bool:
    """Whether it can be the figure of the year since which, which is not held.

    Since a year is said of the last one that was as low, or as high.
    """
    value = own.value or 0.0
    return size.value <= value if extreme_of(claim) == "lowest" else size.value >= value


def _figure_of_comparator(claim: Claim, where: Place, asker: Asker) -> Finding | None:
    """Where the year itself is not held: the figure of the year since which, if it is one."""
    since = year_since(claim)
    if since is None or not claim.counts:
        return None
    size = claim.counts[0]
    try:
        answer = asker(level(claim, where, since, per_head=size.unit == "per_100k"))
    except NoRecords:
        return None
    only = f"There are no records of the year itself; the figure of {since}"
    if fits(size, answer):
        why = f"{stated(claim, where, answer)}. {only} is right."
        return Finding(verdict="supported", why=why, answer=answer)
    all_seen = f"{stated(claim, where, answer)}. {only} is all that can be seen."
    return wrong_of_its_year(claim, where, size, answer) or cannot_tell(all_seen, answer=answer)
