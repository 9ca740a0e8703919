"""Which study a claim about a program's effect may be held against.

It must be of the program that the sentence names, of the offense and the place of the claim, and
of its time where the sentence says one. A study that is of something else is set aside and said.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from baserate.claims.claim import Claim, Magnitude
from baserate.measure.effects.found import EffectFound
from baserate.terms.offenses import offenses
from baserate.terms.places import NATION

ABOUT = 1.0  # points of room where "about" was said of a printed figure


@dataclass(frozen=True, slots=True)
class Fitting:
    """Studies that speak to a claim, the more telling first; and why others do not, in words."""

    used: tuple[EffectFound, ...]
    aside: tuple[str, ...]


def fitting(claim: Claim, effects: Iterable[EffectFound]) -> Fitting:
    """The studies of the program that the sentence names. One with intervals goes first."""
    used, aside = [], []
    for found in effects:
        if not _pattern(found.programs).search(claim.sentence.text):
            continue
        why = _of_another(claim, found)
        if why:
            aside.append(f"“{found.title}” is not used: it is {why}.")
        else:
            used.append(found)
    telling = [found for found in used if found.designs]
    return Fitting(tuple(telling or used), tuple(aside))


def _of_another(claim: Claim, found: EffectFound) -> str:
    """What the study is of that the claim is not; '' where they match."""
    return _offense(claim, found) or _place(claim, found) or _years(claim, found)


def _offense(claim: Claim, found: EffectFound) -> str:
    if found.offense is None:
        return f"of “{found.outcome}”, and which offense that is it does not say ([about] offense)"
    if claim.qualifier:
        return f"of all {offenses()[found.offense].many}, not of those {claim.qualifier}"
    if claim.offense is not None and _label(claim.offense) == _label(found.offense):
        return ""
    of = f"not of {_label(claim.offense)}" if claim.offense else "and the text names no offense"
    return f"of {_label(found.offense)}, {of}"


def _label(key: str) -> str:
    known = offenses().get(key)
    return known.label if known else key.replace("_", " ")


def _place(claim: Claim, found: EffectFound) -> str:
    """A place that is only understood is no narrowing of a program of many places."""
    if claim.where is None:
        return ""
    is_said = "place" not in claim.understood
    keys = {p.key for p in found.places}
    wanted = {p.key for p in claim.where.places}
    if not keys:
        return "of places it does not name ([about] place)" if is_said else ""
    if len(keys) > 1 or keys == {NATION.key}:
        if not is_said or wanted == {NATION.key}:
            return ""
        return f"of many places together, not of {claim.where.label} alone"
    return "" if keys & wanted else f"of {found.places[0]}, not of {claim.where.label}"


def _years(claim: Claim, found: EffectFound) -> str:
    """A figure that the study itself printed is its own, whatever year it is said of."""
    if claim.period is None or "period" in claim.understood or _is_its_own(claim, found):
        return ""
    first, last = found.years
    if claim.period.first_year <= last and first <= claim.period.last_year:
        return ""
    return f"of {first} to {last}, not of {claim.period}"


def _is_its_own(claim: Claim, found: EffectFound) -> bool:
    sizes = [m for m in claim.magnitudes if m.unit == "percent"]
    if found.cells is None or not sizes:
        return False
    printed = (found.cells.printed_as(signed(claim, m), printed_room(m)) for m in sizes)
    return all(each is not None for each in printed)


def signed(claim: Claim, size: Magnitude) -> float:
    """A size as a change: a program that nothing else is said of is said to have lowered."""
    return size.value if claim.direction == "up" else -size.value


def printed_room(size: Magnitude) -> float:
    """How far a printed percent may lie from the figure: half of its last digit.

    >>> printed_room(Magnitude(4.0, "percent")), printed_room(Magnitude(4.0, "percent", "about"))
    (0.5, 1.0)
    """
    return ABOUT if size.how == "about" else round(0.5 * 10.0**-size.digits + 1e-9, 6)


@lru_cache(maxsize=256)
def _pattern(names: tuple[str, ...]) -> re.Pattern[str]:
    said = "|".join(r"\s+".join(map(re.escape, name.split())) for name in names)
    return re.compile(rf"(?<!\w)(?:{said})(?!\w)", re.IGNORECASE)
