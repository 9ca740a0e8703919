"""How sure an award is: what noise, another definition or another release would have made of it.

Pure arithmetic on an Award's inputs, save the other definitions and releases, for which the store
is asked again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import sqrt
from random import Random

from baserate.errors import BaserateError
from baserate.grants.award import Asked, Award, work_out
from baserate.grants.inputs import VIOLENT
from baserate.grants.jag import Entity
from baserate.store.open import Store
from baserate.terms.offenses import RAPE_DEFINITIONS
from baserate.terms.places import states
from baserate.terms.quantities import Interval

DRAWS = 1_000
SEED = 20_051_001
NEAR = 0.10  # of the minimum: nearer than this, a State is within a hair of it
MOST_RELEASES = 6
METHOD = f"counting noise alone: every State's violent crimes drawn anew {DRAWS:,} times (Poisson)"


@dataclass(frozen=True, slots=True)
class NearMinimum:
    """A State whose first share is close to the minimum, or that noise alone would carry across.

    `times` is its first share by the minimum; below 1 it gets the minimum and no more. `crossed`
    is in what part of the draws it stood on the other side.
    """

    key: str
    name: str
    times: float
    is_minimum: bool
    crossed: float


@dataclass(frozen=True, slots=True)
class Otherwise:
    """Every State's award under another choice, in dollars, by code."""

    choice: str
    awards: dict[str, float]


@dataclass(frozen=True, slots=True)
class Sureness:
    """How sure an Award is. `intervals` in dollars by code; `near` ordered by closeness.

    `each_hundred` is what a hundred violent crimes a year more would add to a State's award, in
    dollars: the measure of what agencies that did not report may have moved.
    """

    intervals: dict[str, Interval]
    each_hundred: dict[str, float]
    near: tuple[NearMinimum, ...]
    otherwise: tuple[Otherwise, ...]


def how_sure(award: Award, asked: Asked, store: Store) -> Sureness:
    """The interval of every award, who is near the minimum, and the other reasonable choices."""
    drawn = draws(award)
    return Sureness(
        intervals=_intervals(award, drawn),
        each_hundred=_each_hundred(award),
        near=tuple(_near_minimum(award, drawn)),
        otherwise=tuple(
            other
            for other in (*_definitions(asked, store), *_releases(asked, award, store))
            if any(other.awards[s.key] != s.award / 100 for s in award.states)
        ),
    )


@dataclass(frozen=True, slots=True)
class Drawn:
    """One draw: awards in dollars and who got the minimum, by entity."""

    awards: dict[str, float]
    minimum: frozenset[str]


def draws(award: Award, count: int = DRAWS, seed: int = SEED) -> list[Drawn]:
    """Awards under counts drawn anew around those recorded.

    The sum of a State's years is one Poisson count; with hundreds of offenses or more its normal
    approximation is as good, and below that a State has the minimum whatever is drawn.
    """
    random = Random(seed)
    years = len(award.inputs.crime_years)
    recorded = [(e.key, e.population, e.violent_crimes * years) for e in award.recorded()]
    made = []
    for _ in range(count):
        entities = [
            Entity(key, people, max(random.gauss(crimes, sqrt(crimes)), 0.0) / years)
            for key, people, crimes in recorded
        ]
        given = award.shared_among(entities)
        made.append(
            Drawn(
                {key: each.award for key, each in given.items()},
                frozenset(key for key, each in given.items() if each.is_minimum),
            )
        )
    return made


def _intervals(award: Award, drawn: Sequence[Drawn]) -> dict[str, Interval]:
    found = {}
    for state in award.states:
        entity = state.allocation.key
        whole = float(state.allocation.award)
        part = state.award / 100 / whole if whole else 0.0
        amounts = sorted(d.awards[entity] * part for d in drawn)
        low = amounts[int(0.025 * len(amounts))]
        high = amounts[int(0.975 * len(amounts)) - 1]
        found[state.key] = Interval(low, high, METHOD)
    return found


def _each_hundred(award: Award) -> dict[str, float]:
    entities, found = award.recorded(), {}
    before = award.shared_among(entities)
    for i, each in enumerate(entities):
        more = Entity(each.key, each.population, each.violent_crimes + 100)
        after = award.shared_among([*entities[:i], more, *entities[i + 1 :]])
        found[each.key] = after[each.key].award - before[each.key].award
    return found


def _near_minimum(award: Award, drawn: Sequence[Drawn]) -> Iterable[NearMinimum]:
    share = next(t.number for t in award.taken if t.name == "minimum_share")
    floor = float(award.total * share / 100)
    by_entity = {s.allocation.key: s for s in award.states}
    found = []
    for key, state in by_entity.items():
        times = float(state.allocation.initial) / floor if floor else float("inf")
        is_minimum = state.allocation.is_minimum
        crossed = sum((key in d.minimum) != is_minimum for d in drawn) / len(drawn)
        if crossed or abs(times - 1) <= NEAR:
            name = key if "+" in key else state.name
            found.append(NearMinimum(key, name, times, is_minimum, crossed))
    return sorted(found, key=lambda n: abs(n.times - 1))


def _definitions(asked: Asked, store: Store) -> Iterable[Otherwise]:
    """The same award with rape counted by one definition in every year, where that is held.

    Not under a what-if's own counts, of which nobody knows the definition.
    """
    if asked.scenario.recorded:
        return
    for definition in RAPE_DEFINITIONS:
        if definition != asked.definition:
            other = _try(replace(asked, definition=definition), store)
            if other is not None:
                yield Otherwise(f"rape by the {definition} definition in every year", other)


def _releases(asked: Asked, award: Award, store: Store) -> Iterable[Otherwise]:
    """The same award by the earlier releases at hand that state any of its figures otherwise."""
    years = award.inputs.crime_years
    view = store.view(as_of=asked.as_of)
    days: set[date] = set()
    for key in states():
        days.update(view.revisions(key, VIOLENT, years))
    for day in sorted(days, reverse=True)[:MOST_RELEASES]:
        other = _try(replace(asked, as_of=day), store)
        if other is not None:
            yield Otherwise(f"as published by {day.isoformat()}", other)


def _try(asked: Asked, store: Store) -> dict[str, float] | None:
    try:
        return {s.key: s.award / 100 for s in work_out(asked, store).states}
    except BaserateError:
        return None


def count_needed(award: Award, key: str, dollars: float) -> int | None:
    """How many violent crimes, all the years together, would have given a State that amount.

    None where no count would. More crimes never give a State less, so it is found by halving.

    The records of the others stay as they are.
    """
    years = len(award.inputs.crime_years)
    others = award.recorded()

    def given(crimes: float) -> float:
        changed = [
            Entity(e.key, e.population, crimes / years) if e.key == key else e for e in others
        ]
        return award.shared_among(changed)[key].award

    low, high = 0.0, 1e9
    if not given(low) <= dollars <= given(high):
        return None
    while high - low > 0.5:
        middle = (low + high) / 2
        low, high = (middle, high) if given(middle) < dollars else (low, middle)
    return round(high)
