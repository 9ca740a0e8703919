"""Whether one offense was recorded more often than another, in the same place and time."""

from __future__ import annotations

from dataclasses import replace

from baserate.claims.check.as_question import level, offense_of, required
from baserate.claims.check.finding import Asker, Finding
from baserate.claims.check.said import inside
from baserate.claims.check.tolerance import factor_fits
from baserate.claims.check.traps import traps_of
from baserate.claims.claim import Claim
from baserate.terms.offenses import offense
from baserate.terms.places import Place


def judge_offenses(claim: Claim, where: Place, asker: Asker) -> Finding:
    """The numbers of the two, by the direction and the factor asserted."""
    other = replace(claim, offense=claim.whole, whole=None)
    here, there = (asker(level(c, where, required(c), per_head=False)) for c in (claim, other))
    one, two = float(here.value or 0), float(there.value or 0)
    names = [offense(offense_of(c)).many for c in (claim, other)]
    one_was = f"Recorded {names[0]} {inside(where)} in {claim.period} were {one:,.0f}"
    why = f"{one_was}, and {names[1]} {two:,.0f}"
    factor = claim.size("factor")
    agrees = claim.direction is None or (one > two) == (claim.direction == "up")
    if factor is not None and min(one, two) > 0:
        agrees = agrees and factor_fits(factor, max(one, two) / min(one, two))
        why = f"{why}: {max(one, two) / min(one, two):.1f} to one"
    return Finding(
        verdict="supported" if agrees else "contradicted",
        why=f"{why}.",
        answer=here,
        traps=tuple(traps_of(here)),
    )
