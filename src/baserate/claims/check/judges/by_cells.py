"""A claimed effect against published cells, which have a difference and no interval.

What the cells can decide is what a figure is *of*: the whole change of the treated, the largest of
single places, or the distance of two groups that differ in two things is no effect, and a claim
that gives it for one misleads. Whether there was any effect they cannot decide.
"""

from __future__ import annotations

from baserate.claims.check.finding import Finding
from baserate.claims.check.studies import printed_room, signed
from baserate.claims.check.traps import trap
from baserate.claims.checked import Need
from baserate.claims.claim import Claim, Magnitude
from baserate.measure.effects import sentences
from baserate.measure.effects.found import EffectFound
from baserate.measure.effects.published import PublishedCells


def judge_by_cells(claim: Claim, found: EffectFound, cells: PublishedCells) -> Finding:
    """Misleading where the figure is of something else, can't tell otherwise."""
    size = claim.size("percent")
    mistaken = "" if size is None or claim.negated else _mistaken(claim, size, cells)
    if mistaken:
        why = f"{mistaken} {found.sentence}"
        return Finding(
            verdict="misleading",
            why=why,
            traps=(trap("change for effect", mistaken),),
            study=found,
        )
    need = Need("the change of every single place, treated and not, or how much they scatter", None)
    why = f"{found.sentence} {sentences.without_interval(cells.main)} {sentences.NOT_BY_LOT}"
    return Finding(verdict="can't tell", why=why, needs=(need,), study=found)


def ends(claim: Claim, found: EffectFound, cells: PublishedCells) -> str:
    """What the ends of a claimed range are in fact, and what the cells leave of them."""
    sizes = sorted((m for m in claim.magnitudes if m.unit == "percent"), key=lambda m: m.value)
    known = [cells.printed_as(signed(claim, each), printed_room(each)) for each in sizes]
    told = [sentences.identity(each) for each in dict.fromkeys(known) if each is not None]
    said = f"{_capital('; '.join(told))}. " if told else ""
    return f"{said}{found.sentence}"


def _mistaken(claim: Claim, size: Magnitude, cells: PublishedCells) -> str:
    """What the figure is of, if it is of something that is no effect; '' if not."""
    percent, room = signed(claim, size), printed_room(size)
    if abs(cells.main.points - percent) <= room:
        return ""
    known = cells.printed_as(percent, room)
    if known is not None:
        return f"{_capital(sentences.identity(known))}."
    for contrast in cells.mixed:
        if abs(contrast.points - percent) <= room:
            return f"{_capital(sentences.mixed(contrast, cells.factor))}."
    return ""


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"
