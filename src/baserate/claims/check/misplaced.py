"""Places that the figures of an article show to have been taken wrongly from what stood around."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from baserate.claims.check.doubts import is_named
from baserate.claims.check.needs import need
from baserate.claims.checked import Checked

FEWEST = 2  # figures far from all that is recorded, for a place to be doubted
SETTLED = {"supported", "contradicted", "misleading"}


def without_misplaced(checked: tuple[Checked, ...]) -> tuple[Checked, ...]:
    """The claims; can't tell where a place is only understood, and other figures of it are far off.

    An article about a town that no table has gives its figures sentence after sentence. Read as
    the nation's they are all far off, and a fall that the nation happens to share proves nothing.
    """
    doubted = _doubted(checked)
    return tuple(_doubt(one) if _label(one) in doubted else one for one in checked)


def _doubted(checked: tuple[Checked, ...]) -> set[str]:
    """The places whose figures are mostly far from the records, where they are not named."""
    understood = [one for one in checked if _label(one)]
    far = Counter(_label(one) for one in understood if need("what a figure is of") in one.needs)
    fits = Counter(_label(one) for one in understood if one.verdict == "supported" and _sized(one))
    return {place for place, number in far.items() if number >= max(FEWEST, fits[place] + 1)}


def _label(one: Checked) -> str:
    """The place of a claim whose sentence does not name it; empty for others."""
    where = one.claim.where
    if where is None or where.only is None or is_named(where.only, one.claim.sentence.text):
        return ""
    return where.label


def _sized(one: Checked) -> bool:
    return bool(one.claim.size("count", "per_100k", "percent"))


def _doubt(one: Checked) -> Checked:
    by_chance = one.claim.kind in {"change", "trend", "comparison"} or one.verdict != "supported"
    if one.verdict not in SETTLED or not by_chance:
        return one
    assert one.claim.where is not None
    why = (
        f"{one.why} But the sentence does not name {one.claim.where.only}, and other figures here "
        "are far from its records: it is probably about another place."
    )
    needs = (need("what a figure is of"),)
    return replace(one, verdict="can't tell", why=why, then=None, needs=needs)
