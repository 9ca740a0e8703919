"""What `baserate award jag` answers: the awards, how sure they are, and what was asked about."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from baserate.errors import BadInput
from baserate.grants.award import Asked, Award, StateAward, first_day, work_out
from baserate.grants.local import (
    LocalAward,
    local_award,
    unit_called,
    unit_of,
    units_from_file,
    units_from_store,
    wanted_years,
)
from baserate.grants.local_states import LocalState, local_states
from baserate.grants.parameters import RulesOn, rules
from baserate.grants.scenario import NO_CHANGE
from baserate.grants.sureness import Sureness, count_needed, how_sure
from baserate.grants.what_ifs import UnitDrawn, what_ifs
from baserate.store.open import Store
from baserate.terms.places import Place

REVISED = 0.01  # of an amount; farther off than this, the counts were revised


@dataclass(frozen=True, slots=True)
class Needed:
    """How many violent crimes a published amount would need where ours is not it.

    All years together: from `least` to `most`; `held` is what the records have.
    """

    name: str
    published: str
    least: int
    most: int
    held: int


@dataclass(frozen=True, slots=True)
class JagResult:
    """Awards of a fiscal year. `by_rules` are those without the what-if; None without one.

    `state` or `local` is what was asked about; both None where all were. `locals` are the States
    whose local governments were listed in the file `listed_in`, `drawn` the units of the State
    asked about under noise.
    """

    award: Award
    sureness: Sureness
    asked: Asked
    by_rules: Award | None
    needed: tuple[Needed, ...]
    state: StateAward | None
    local: LocalAward | None
    listed_in: str
    locals: tuple[LocalState, ...]
    drawn: tuple[UnitDrawn, ...]
    rerun: str


def jag_result(
    asked: Asked,
    store: Store,
    *,
    place: Place | None = None,
    units: Path | None = None,
    unit_name: str | None = None,
    rerun: str = "",
) -> JagResult:
    """Work out a year's awards, and the one of a State or of a place in it.

    `units` is a list of all local governments of some States; `unit_name` one of them by its name.
    """
    award = work_out(asked, store)
    on = _rules_on(asked)
    listed = None if units is None else units_from_file(units, wanted_years(award, on))
    local = None
    if unit_name is not None and listed is not None:
        unit = unit_called(unit_name, listed)
        local = local_award(award, unit, listed, on, complete=True)
    elif place is not None and _is_local(place):
        local = _bounded(award, place, asked, store)
    state = award.state(place.key) if place is not None and local is None else None
    if listed is not None and state is not None and state.key not in {u.state for u in listed}:
        raise BadInput(f"the list of local governments has none of {state.name}; give its own")
    return JagResult(
        award=award,
        sureness=how_sure(award, asked, store),
        asked=asked,
        by_rules=None
        if asked.scenario is NO_CHANGE
        else work_out(replace(asked, scenario=NO_CHANGE), store),
        needed=_needed(award),
        state=state,
        local=local,
        listed_in=units.name if units is not None else "",
        locals=local_states(award, listed, on) if listed is not None and local is None else (),
        drawn=what_ifs(award, [u for u in listed if u.state == state.key], on)
        if listed is not None and state is not None and state.local
        else (),
        rerun=rerun,
    )


def jag_award_of(asked: Asked, store: Store, place: Place) -> tuple[int, int]:
    """What one State or local government gets, in cents: the two ends it lies between."""
    award = work_out(asked, store)
    if not _is_local(place):
        whole = award.state(place.key).award
        return whole, whole
    found = _bounded(award, place, asked, store)
    return found.least, found.most


def _rules_on(asked: Asked) -> RulesOn:
    return asked.scenario.applied_to(rules("jag")).on(first_day(asked.fiscal_year))


def _bounded(award: Award, place: Place, asked: Asked, store: Store) -> LocalAward:
    """The award of a place by the local agencies in the records, which are seldom all."""
    on = _rules_on(asked)
    view = store.view(as_of=asked.as_of)
    held = units_from_store(view, place.state or "", wanted_years(award, on))
    return local_award(award, unit_of(place, held, award), held, on, complete=False)


def _is_local(place: Place) -> bool:
    return place.kind in {"city", "agency"}


def _needed(award: Award) -> tuple[Needed, ...]:
    """For every published State amount that ours is well off: the counts it would need."""
    found = []
    for each in award.differences:
        if award.published is None or each.key not in award.published.awards:
            continue
        printed = award.published.awards[each.key]
        if abs(each.apart) <= REVISED * printed.dollars:
            continue
        ends = [
            count_needed(award, each.key, printed.dollars + sign * printed.within)
            for sign in (-1, 1)
        ]
        if ends[0] is not None and ends[1] is not None:
            held = award.state(each.key).input.crimes
            found.append(Needed(each.name, each.published, ends[0], ends[1], held))
    return tuple(found)
