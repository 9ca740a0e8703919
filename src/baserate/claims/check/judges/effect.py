"""What may be said of a program's effect: records alone never show it."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from baserate.claims.check.finding import Finding
from baserate.claims.check.traps import trap
from baserate.claims.check.words import says
from baserate.claims.checked import Need
from baserate.claims.claim import Claim

STUDY = Need(
    "a study that compares places with and without it, or before and after it, with the "
    "difference that would have come about anyway",
    None,
)
WHY = (
    "Records say what crime did, not what it would have done without the program; that needs a "
    "study of places with it and without it"
)


def judge_effect(claim: Claim) -> Finding:
    """Can't tell, unless its own form misleads: the ends of a range sold as one effect."""
    published = _published(claim)
    if _is_range(claim):
        sizes = sorted({m.value for m in claim.magnitudes if m.unit == "percent"})
        why = f"{sizes[0]:g}% and {sizes[-1]:g}% are not the ends of one measured effect"
        detail = published or "Ask which places, which offense and which years each figure is of."
        return Finding(
            verdict="misleading",
            why=f"{why}. {detail}",
            traps=(trap("mean and maximum", detail),),
        )
    return Finding(
        verdict="can't tell", why=f"{WHY}. {published}".strip().rstrip(".") + ".", needs=(STUDY,)
    )


def _is_range(claim: Claim) -> bool:
    """Two different percents of one effect, and the words of a range."""
    sizes = {m.value for m in claim.magnitudes if m.unit == "percent"}
    return len(sizes) >= 2 and says("a range", claim)


def _published(claim: Claim) -> str:
    for program in programs():
        if _pattern(tuple(program["says"])).search(claim.sentence.text):
            return str(program["published"])
    return ""


@cache
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    said = "|".join(re.escape(w) for w in words)
    return re.compile(rf"(?<!\w)(?:{said})(?!\w)", re.IGNORECASE)


@cache
def programs() -> tuple[dict[str, Any], ...]:
    """The programs known, with what was published about them and where."""
    path = Path(__file__).parent.parent / "programs.toml"
    return tuple(tomllib.loads(path.read_text(encoding="utf-8"))["program"])
