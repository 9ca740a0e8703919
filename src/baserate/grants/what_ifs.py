"""Thousands of what-ifs: every unit's count drawn anew, the whole formula run on each.

Who is paid and by how much hangs on counts of crime, which chance moves. Each draw moves every
listed unit's count (and with it its State's), shares the total among the States and each State's
local amount among its units, and asks who reaches the least that is paid.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import sqrt
from random import Random

from baserate.grants.award import Award
from baserate.grants.jag import Entity
from baserate.grants.local import Unit
from baserate.grants.parameters import RulesOn
from baserate.grants.sureness import DRAWS, SEED
from baserate.terms.quantities import Interval

METHOD = "counting noise alone: every listed unit's count drawn anew (Poisson, by its normal form)"
MOST_UNITS = 5_000  # of one State; no State has so many that report, and draws take their time
POOL = 2**16  # normal deviates, drawn once; every draw begins at another place among them


@dataclass(frozen=True, slots=True)
class UnitDrawn:
    """One unit over all draws: its allocation's interval in dollars, and how often it is paid."""

    name: str
    state: str
    interval: Interval
    paid_share: float


@dataclass(frozen=True, slots=True)
class _Listed:
    """The units of one State: their names, crimes a year, and the spread of those by chance."""

    state: str
    names: tuple[str, ...]
    counts: tuple[float, ...]
    spreads: tuple[float, ...]


def what_ifs(
    award: Award, units: Sequence[Unit], on: RulesOn, *, count: int = DRAWS, seed: int = SEED
) -> tuple[UnitDrawn, ...]:
    """Every listed unit under `count` draws. The same seed gives the same draws."""
    listed = _listed(award, units, int(on.take("local_years").number))
    if not listed or max(len(each.names) for each in listed) > MOST_UNITS:
        return ()
    least = float(on.take("local_minimum").number)
    allocated: dict[str, list[array[float]]] = {each.state: [] for each in listed}
    for draw in _draws(award, listed, count, seed):
        for state, amounts in draw.items():
            allocated[state].append(amounts)
    return tuple(
        _drawn(name, each.state, sorted(draws), least)
        for each in listed
        for name, draws in zip(each.names, zip(*allocated[each.state], strict=True), strict=True)
    )


def _drawn(name: str, state: str, amounts: Sequence[float], least: float) -> UnitDrawn:
    low, high = amounts[int(0.025 * len(amounts))], amounts[int(0.975 * len(amounts)) - 1]
    paid = sum(a >= least for a in amounts) / len(amounts)
    return UnitDrawn(name, state, Interval(low, high, METHOD), paid)


def _listed(award: Award, units: Sequence[Unit], years: int) -> list[_Listed]:
    """The States with a local amount that units are listed of; `years` are averaged of a unit."""
    by_state: dict[str, list[Unit]] = {}
    for unit in units:
        if unit.average is not None:
            by_state.setdefault(unit.state, []).append(unit)
    return [
        _Listed(
            state,
            tuple(u.name for u in here),
            tuple(float(u.average) for u in here if u.average is not None),
            tuple(sqrt(u.average / years) for u in here if u.average is not None),
        )
        for state, here in by_state.items()
        if award.state(state).local and any(u.average for u in here)
    ]


def _draws(
    award: Award, listed: Sequence[_Listed], count: int, seed: int
) -> Iterator[dict[str, array[float]]]:
    """Allocations of every listed unit in dollars, by State, one draw after the other."""
    random = Random(seed)
    normals = [random.gauss(0.0, 1.0) for _ in range(POOL + max(len(e.names) for e in listed))]
    years = len(award.inputs.crime_years)
    recorded, local = award.recorded(), award.local_part
    of_units = {each.state: sum(each.counts) for each in listed}
    for _ in range(count):
        drawn = {each.state: _moved(each, normals, random.randrange(POOL)) for each in listed}
        totals = {state: sum(counts) for state, counts in drawn.items()}
        entities = []
        for e in recorded:
            rest = max(e.violent_crimes - of_units.get(e.key, 0.0), 0.0)
            moved = totals.get(e.key, 0.0) + max(random.gauss(rest, sqrt(rest / years)), 0.0)
            entities.append(Entity(e.key, e.population, moved))
        given = award.shared_among(entities)
        made = {}
        for state, counts in drawn.items():
            each_crime = given[state].award * local[state] / (totals[state] or 1.0)
            made[state] = array("d", [each_crime * c for c in counts])
        yield made


def _moved(listed: _Listed, normals: Sequence[float], first: int) -> list[float]:
    """The units' counts, each moved by the next normal deviate from a place in the pool."""
    some = normals[first : first + len(listed.names)]
    moved = [c + s * z for c, s, z in zip(listed.counts, listed.spreads, some, strict=True)]
    return [c if c > 0.0 else 0.0 for c in moved] if min(moved) < 0.0 else moved
