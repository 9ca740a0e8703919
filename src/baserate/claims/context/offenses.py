"""The offense and the unit of a claim that names neither: those of the text before it."""

from __future__ import annotations

from dataclasses import replace

from baserate.claims.claim import Claim
from baserate.claims.context.whole_text import WholeText
from baserate.claims.statement import Statement

# Keys of what a text about hate crimes may call them: "crimes against property".
_PARTS_OF_HATE_CRIME = frozenset({"all_crime", "violent_crime", "property_crime", "simple_assault"})
_ALIKE = 3  # times a rate, up or down: a bare number beyond that is no rate beside it


def offense_of(said: Statement, before: str | None, text: WholeText) -> str | None:
    """The statement's own, or the one named before; in a text about hate crimes those."""
    if said.offense in _PARTS_OF_HATE_CRIME and text.is_about_hate_crime:
        return "hate_crime"
    return said.offense or before


def in_unit_of(before: Claim | None, claim: Claim, said: Statement) -> Claim:
    """A bare number after a rate is a rate too: "525 for every 100,000 ... 498 in 1978"."""
    if before is None or not said.bare or not before.per_head or claim.offense != before.offense:
        return claim
    rate = before.size("per_100k")
    if rate is None or not all(
        m.unit == "count" and rate.value / _ALIKE < m.value < rate.value * _ALIKE
        for m in claim.magnitudes
    ):
        return claim
    return replace(
        claim,
        kind="level" if claim.kind == "count" else claim.kind,
        per_head=True,
        magnitudes=tuple(replace(m, unit="per_100k") for m in claim.magnitudes),
    )
