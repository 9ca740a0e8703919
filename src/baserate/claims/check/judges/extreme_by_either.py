"""The highest or lowest year of a stretch in which rape came to be counted otherwise.

As in `either_definition`: a year counted by an unstated definition may have up to MOST_ADDED of
its rapes more than it would have had before. A year is extreme if it is so at the worst for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from baserate.claims.check.as_question import extreme_of, level, offense_of, quantities
from baserate.claims.check.finding import Asker, Finding, Unsettled, cannot_tell
from baserate.claims.check.judges.either_definition import MOST_ADDED
from baserate.claims.check.judges.recorded import stated
from baserate.claims.check.said import listed
from baserate.claims.check.windows import Window, window
from baserate.claims.claim import Claim
from baserate.measure.records import find_records
from baserate.terms.offenses import RapeDefinition
from baserate.terms.periods import Period
from baserate.terms.places import Place


@dataclass(frozen=True, slots=True)
class Range:
    """What a year can have had by the definition of the years before."""

    least: float
    most: float


def judge_extreme_by_either(claim: Claim, where: Place, asker: Asker) -> Finding | None:
    """The finding where it is so however rape was counted; None for the largest change."""
    if extreme_of(claim) not in {"highest", "lowest"} or claim.size("rank"):
        return None
    per_head = quantities(claim)[0]
    span = window(claim, where, asker, per_head=per_head)
    ranges = dict(_ranges(claim, where, span, per_head, asker))
    own = ranges[span.year]
    others = {y: r for y, r in ranges.items() if y != span.year}
    high = extreme_of(claim) == "highest"
    surely = [y for y, r in others.items() if (r.least > own.most if high else r.most < own.least)]
    perhaps = [y for y, r in others.items() if (r.most > own.least if high else r.least < own.most)]
    answer = asker(level(claim, where, Period.year(span.year), per_head=per_head))
    told = stated(claim, where, answer)
    if surely:
        why = f"{told}. It was {'higher' if high else 'lower'} in {listed(surely)}."
        return Finding(verdict="contradicted", why=why, answer=answer)
    if perhaps:
        why = f"{told}. Whether it was beyond {listed(perhaps)} depends on how rape was counted."
        return cannot_tell(why, answer=answer)
    why = f"{told}, the {extreme_of(claim)} of {span.first} to {span.last} however rape was counted"
    begun = f" The records here begin in {span.first}." if span.reaches_before else ""
    return Finding(verdict="supported", why=f"{why}.{begun}", answer=answer)


def _ranges(
    claim: Claim, where: Place, span: Window, per_head: bool, asker: Asker
) -> Iterator[tuple[int, Range]]:
    view = asker.store.view(as_of=asker.as_of, needs_population=per_head)
    all_of_it = find_records(view, where, offense_of(claim)).by_basis
    rapes = find_records(view, where, "rape").by_basis
    for year in range(span.first, span.last + 1):
        able = tuple(b for b, series in all_of_it.items() if year in series)
        if not able:
            raise Unsettled(f"the records for {where} lack {year}")
        basis = _basis(able)
        row = all_of_it[basis][year]
        scale = 1e5 / row.population if per_head else 1.0
        of_rape = rapes.get(basis, {}).get(year)
        added = MOST_ADDED * of_rape.offenses if of_rape and basis != "legacy" else 0.0
        yield year, Range((row.offenses - added) * scale, row.offenses * scale)


def _basis(able: tuple[RapeDefinition | None, ...]) -> RapeDefinition | None:
    """The legacy definition where a year has it, else whatever it has."""
    return "legacy" if "legacy" in able else able[0]
