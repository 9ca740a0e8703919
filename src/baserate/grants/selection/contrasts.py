"""One city of the list, and how it stands beside those that were chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from baserate.grants.register import RegisterRow
from baserate.grants.selection.candidates import CityRecord
from baserate.grants.selection.criteria import Standing
from baserate.grants.selection.declared import Declared
from baserate.grants.selection.parts import Part
from baserate.grants.selection.ranks import Rank, surely_above
from baserate.measure.poisson import RatioLimits

Relation = Literal["surely above", "above within noise", "below within noise", "surely below"]
RELATIONS: tuple[Relation, ...] = get_args(Relation)
# Parts of those that a chosen city is set beside; who was a site already is not.
BESIDE: frozenset[Part] = frozenset({"not chosen", "chosen later", "in the predecessor"})


@dataclass(frozen=True, slots=True)
class Candidate:
    """One city: its years, whether it meets the criterion, where it ranks, its part in the program.

    `over_window` and `rank` are None where a year is lacking. `today` and `revised` are the newest
    year's ratio to the nation as the newest release has it, by the FBI's own definition of rape and
    by the revised one. `sites` are the register's rows of it, `before` those of the predecessor.
    """

    record: CityRecord
    years: tuple[RatioLimits, ...]
    standing: Standing
    over_window: RatioLimits | None
    rank: Rank | None
    part: Part
    sites: tuple[RegisterRow, ...]
    before: tuple[RegisterRow, ...]
    today: RatioLimits | None
    revised: RatioLimits | None
    declared: Declared | None

    @property
    def key(self) -> str:
        """The city's key."""
        return self.record.place.key


@dataclass(frozen=True, slots=True)
class Contrast:
    """A chosen city, and those not chosen with it that met the criterion as strongly.

    Those in the predecessor program are among them; those that were sites already are not.

    as_far    their ratio over the window is at least the chosen city's
    surely    those among them that are above it by more than counting noise
    alike     below it, and by no more than counting noise
    """

    chosen: Candidate
    as_far: tuple[str, ...]
    surely: tuple[str, ...]
    alike: tuple[str, ...]


def contrasts(candidates: Sequence[Candidate], level: float) -> tuple[Contrast, ...]:
    """For each chosen city, those not chosen that met the criterion as strongly.

    What is more than counting noise is decided for all pairs together (Bonferroni).
    """
    chosen, others = _sides(candidates)
    pairs = len(chosen) * len(others)
    return tuple(_contrast(one, others, level, pairs) for one in chosen)


def against_chosen(
    one: Candidate, candidates: Sequence[Candidate], level: float
) -> dict[str, Relation]:
    """How a city stands to each other one that was chosen, by the same measure of noise."""
    chosen, others = _sides(candidates)
    if one.over_window is None:
        return {}
    pairs = len(chosen) * len(others)
    return {c.key: _relation(one, c, level, pairs) for c in chosen if c.key != one.key}


def _sides(candidates: Sequence[Candidate]) -> tuple[list[Candidate], list[Candidate]]:
    chosen = [c for c in candidates if c.part == "chosen" and c.over_window is not None]
    return chosen, [c for c in candidates if c.part in BESIDE and c.standing == "met"]


def _contrast(one: Candidate, others: Sequence[Candidate], level: float, pairs: int) -> Contrast:
    found = {o.key: _relation(o, one, level, pairs) for o in others}
    return Contrast(
        chosen=one,
        as_far=tuple(k for k, r in found.items() if r in {"surely above", "above within noise"}),
        surely=tuple(k for k, r in found.items() if r == "surely above"),
        alike=tuple(k for k, r in found.items() if r == "below within noise"),
    )


def _relation(one: Candidate, other: Candidate, level: float, pairs: int) -> Relation:
    mine, theirs = one.record.ranked, other.record.ranked
    if _value(one) >= _value(other):
        sure = surely_above(mine, theirs, level, pairs)
        return "surely above" if sure else "above within noise"
    sure = surely_above(theirs, mine, level, pairs)
    return "surely below" if sure else "below within noise"


def _value(candidate: Candidate) -> float:
    assert candidate.over_window is not None
    return candidate.over_window.ratio
