"""Where a large city stands among the large cities that are held.

No table here has every city, so a rank is read one way only: cities that went further count
against it, and those that are not held cannot count for it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace

from baserate.claims.check.as_question import level, offense_of, quantities, required
from baserate.claims.check.finding import Asker, Finding, Unsettled, cannot_tell
from baserate.claims.check.judges.recorded import stated
from baserate.claims.check.said import counted
from baserate.claims.check.traps import trap
from baserate.claims.checked import Trap
from baserate.claims.claim import Claim
from baserate.measure.answer import Answer
from baserate.terms.places import Place

FIRST_FIFTH, FIRST_HALF = 0.2, 0.5  # of the places, for "among the highest"
LARGE = 250_000  # people
FEWEST = 30  # large cities in one table, for a rank among them
AMONG_CITIES = "cit"  # 'cities', 'big cities', 'any city'


@dataclass(frozen=True, slots=True)
class Field:
    """The large cities of one table in one year, by rate or number."""

    values: dict[str, float]
    year: int


def judge_city_rank(claim: Claim, where: Place, asker: Asker) -> Finding:
    """The city's rank among the large ones held, by the rate or the number."""
    period = required(claim)
    if not period.is_one_year:
        raise Unsettled(f"The records rank cities in single years, and it is about {period}")
    wanted = claim.size("rank")
    if wanted is None and claim.direction is None:
        raise Unsettled("It asserts no rank")
    number = int(wanted.value) if wanted is not None else 1
    found = [_by_quantity(claim, where, number, per_head, asker) for per_head in quantities(claim)]
    order = ("supported", "contradicted", "can't tell")
    best = min(found, key=lambda f: order.index(f.verdict))
    against = next((f for f in found if f.verdict == "contradicted"), None)
    if best.verdict == "supported" and against is not None:
        return replace(best, traps=(*best.traps, trap("count for rate", against.why)))
    return best


def _by_quantity(claim: Claim, where: Place, number: int, per_head: bool, asker: Asker) -> Finding:
    period = required(claim)
    answer = asker(level(claim, where, period, per_head=per_head))
    field = _field(claim, where, period.first_year, per_head, asker)
    sign = -1 if claim.direction == "down" else 1
    own = field.values[where.key]
    beyond = [k for k, v in field.values.items() if sign * v > sign * own]
    end = "lower" if sign < 0 else "higher"
    of = f"Of {len(field.values)} large cities held for {field.year}, {len(beyond)} had a {end} one"
    why = f"{stated(claim, where, answer)}. {of}."
    if claim.size("rank") is None:
        return among_the_first(len(beyond) + 1, len(field.values), why, answer)
    if len(beyond) + 1 > number:
        return Finding(verdict="contradicted", why=why, answer=answer)
    if len(beyond) + 1 == number:
        return Finding(verdict="supported", why=why, answer=answer)
    return cannot_tell(f"{why} Not all large cities are held.", answer=answer)


def among_the_first(rank: int, of: int, why: str, answer: Answer, *traps: Trap) -> Finding:
    """ "One of the highest": in the first fifth of those held, or not even in the first half."""
    if rank <= FIRST_FIFTH * of:
        return Finding(verdict="supported", why=why, answer=answer, traps=traps)
    if rank > FIRST_HALF * of:
        return Finding(verdict="contradicted", why=why, answer=answer, traps=traps)
    return cannot_tell(f"{why} How near the end is near is not said.", answer=answer)


def _field(claim: Claim, where: Place, year: int, per_head: bool, asker: Asker) -> Field:
    """The table with the most large cities that has this one too."""
    tables: dict[str, dict[str, float]] = defaultdict(dict)
    view = asker.store.view(as_of=asker.as_of)
    for row in view.counts(counted(offense_of(claim)), year=year):
        people, key = row["population"] or 0, str(row["place"])
        if ", " not in key or people < LARGE or row["is_partial"] or row["number"] is None:
            continue
        value = 1e5 * row["number"] / people if per_head else float(row["number"])
        tables[row["dataset"]].setdefault(key, value)
    able = [t for t in tables.values() if where.key in t and len(t) >= FEWEST]
    if not able:
        raise Unsettled(f"There are too few large cities in the records to rank {where} among them")
    return Field(max(able, key=len), year)
