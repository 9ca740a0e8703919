"""What may be said of a program's effect: records alone never show it, a study may."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from baserate.claims.check.finding import Finding
from baserate.claims.check.judges.by_cells import ends, judge_by_cells
from baserate.claims.check.judges.by_designs import judge_by_designs
from baserate.claims.check.studies import Fitting, fitting
from baserate.claims.check.traps import trap
from baserate.claims.check.words import says
from baserate.claims.checked import Need
from baserate.claims.claim import Claim
from baserate.measure.effects.found import EffectFound

STUDY = Need(
    "a study that compares places with and without it, or before and after it, with the "
    "difference that would have come about anyway",
    "baserate check FILE --study STUDY",
)
WHY = (
    "Records say what crime did, not what it would have done without the program; that needs a "
    "study of places with it and without it."
)


def judge_effect(claim: Claim, effects: Sequence[EffectFound] = ()) -> Finding:
    """By the studies of its program; misleading where its own form is, else can't tell."""
    fit = fitting(claim, effects)
    if _is_range(claim):
        return _of_both_ends(claim, fit) or _range(claim, fit)
    if not fit.used:
        return Finding(verdict="can't tell", why=" ".join((WHY, *fit.aside)), needs=(STUDY,))
    found = _agreed([_judge(claim, each) for each in fit.used])
    return replace(found, why=" ".join((found.why, *fit.aside)))


# "20 to 30 percent", "20% to 30%", "20-30 percent"
BETWEEN = re.compile(
    r"\d ?(?:%|percent|per cent)? ?(?:to|-|–|through) ?\d[\d.]* ?(?:%|percent|per cent)"
)


def _judge(claim: Claim, found: EffectFound) -> Finding:
    if found.cells is not None:
        return judge_by_cells(claim, found, found.cells)
    return judge_by_designs(claim, found)


def _agreed(findings: Sequence[Finding]) -> Finding:
    """What every study comes to, or that they do not agree."""
    first = findings[0]
    if len({f.verdict for f in findings}) == 1:
        return first
    told = "; ".join(f"“{f.study.title}”: {f.verdict}" for f in findings if f.study)
    return replace(first, verdict="can't tell", why=f"The studies do not agree. {told}.", traps=())


def _of_both_ends(claim: Claim, fit: Fitting) -> Finding | None:
    """Supported where a study with intervals has room for both; None leaves it a trap."""
    if not fit.used or any(each.cells is not None for each in fit.used):
        return None
    sizes = sorted((m for m in claim.magnitudes if m.unit == "percent"), key=lambda m: m.value)
    judged = [
        _agreed([_judge(replace(claim, magnitudes=(size,)), each) for each in fit.used])
        for size in (sizes[0], sizes[-1])
    ]
    if any(each.verdict != "supported" for each in judged):
        return None
    why = " ".join(dict.fromkeys(each.why for each in judged))
    return replace(judged[0], why=" ".join((why, *fit.aside)))


def _range(claim: Claim, fit: Fitting) -> Finding:
    """Two figures sold as the ends of one effect; of published cells also what each is of."""
    sizes = sorted({m.value for m in claim.magnitudes if m.unit == "percent"})
    why = f"{sizes[0]:g}% and {sizes[-1]:g}% are not the ends of one measured effect."
    of_cells = next((f for f in fit.used if f.cells is not None), None)
    study = of_cells or next(iter(fit.used), None)
    detail = "Ask which places, which offense and which years each figure is of."
    if of_cells is not None and of_cells.cells is not None:
        detail = ends(claim, of_cells, of_cells.cells)
    elif study is not None:
        detail = study.sentence
    return Finding(
        verdict="misleading",
        why=" ".join((why, detail, *fit.aside)),
        traps=(trap("mean and maximum", detail),),
        study=study,
    )


def _is_range(claim: Claim) -> bool:
    """Two different percents of one effect, and the words of a range or a dash between them."""
    sizes = {m.value for m in claim.magnitudes if m.unit == "percent"}
    if len(sizes) < 2:
        return False
    said = " ".join(claim.sentence.text.casefold().split())
    return says("a range", claim) or BETWEEN.search(said) is not None
