"""All local awards of the States whose governments a file lists: paid, too small, disparate."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from baserate.grants.award import Award, StateAward
from baserate.grants.jag import Disparate, LocalAllocation, disparate
from baserate.grants.local import Unit, among_units
from baserate.grants.parameters import RulesOn

NEAR = Fraction(1, 10)  # of the least that is paid: nearer than this is within a hair of it


@dataclass(frozen=True, slots=True)
class LocalState:
    """One State's local amount among its units.

    `near` are units whose allocation is within a tenth of the least that is paid, in cents;
    `groups` those that would have to apply together, if the Attorney General certifies it;
    `left_out` units that did not report enough years; `listed_share` what part of the State's
    violent crime the listed units recorded; `counties_unlisted` are counties that cities lie in
    and that the list itself lacks.
    """

    state: StateAward
    allocation: LocalAllocation
    near: tuple[tuple[str, int], ...]
    groups: tuple[Disparate, ...]
    left_out: tuple[str, ...]
    listed_share: float | None
    counties_unlisted: tuple[str, ...]


def local_states(award: Award, units: Sequence[Unit], on: RulesOn) -> tuple[LocalState, ...]:
    """Every State that a list has units of and that has a local amount, in order of size."""
    by_state: dict[str, list[Unit]] = {}
    for unit in units:
        by_state.setdefault(unit.state, []).append(unit)
    return tuple(
        _local_state(state, by_state[state.key], on)
        for state in award.states
        if state.key in by_state and state.local
    )


def _local_state(state: StateAward, units: Sequence[Unit], on: RulesOn) -> LocalState:
    made = among_units(state, units, on)
    least = 100 * on.take("local_minimum").number
    low, high = ceil(least - NEAR * least), floor(least + NEAR * least)
    given = {**made.paid, **made.too_small}
    near = {name: cents for name, cents in given.items() if low <= cents <= high}
    return LocalState(
        state=state,
        allocation=made,
        near=tuple(sorted(near.items(), key=lambda n: -n[1])),
        groups=tuple(_groups(units, given, on)),
        left_out=tuple(u.name for u in units if u.average is None),
        counties_unlisted=tuple(sorted({u.county for u in units if u.county} - given.keys())),
        listed_share=float(sum(u.average or 0 for u in units) / state.input.average)
        if state.input.crimes
        else None,
    )


def _groups(units: Sequence[Unit], given: dict[str, int], on: RulesOn) -> Iterator[Disparate]:
    one, several = on.take("one_disparate").number, on.take("several_disparate").number
    inside: dict[str, dict[str, int]] = {}
    for unit in units:
        if unit.county in given and unit.name in given and unit.county != unit.name:
            inside.setdefault(unit.county, {})[unit.name] = given[unit.name]
    for county, cities in inside.items():
        found = disparate(
            county, given[county], cities, one_disparate=one, several_disparate=several
        )
        if found is not None:
            yield found
