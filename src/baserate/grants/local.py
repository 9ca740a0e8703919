"""Local awards: which governments share a State's local amount, and by how much.

34 U.S.C. 10156(d) shares it among all units of local government that reported, so an award can
be worked out only where all of them are known. A file of them settles it. The records seldom
hold them all; then the award is bounded: the unit's crimes over everything recorded in the State
is the least it can be, over the local agencies at hand the most.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

from baserate.errors import BadGiven, BadInput, NothingToAllocate, near_names
from baserate.grants.award import Award, StateAward
from baserate.grants.given import read_table
from baserate.grants.inputs import VIOLENT
from baserate.grants.jag import LocalAllocation, among_local
from baserate.grants.parameters import RulesOn, Taken
from baserate.measure.poisson import count_limits
from baserate.measure.records import GARWOOD
from baserate.sources.agency import is_county, state_of
from baserate.sources.catalog import dataset
from baserate.store.open import Store, preference
from baserate.terms.offenses import definition_in_force
from baserate.terms.places import Place, states
from baserate.terms.quantities import Interval

SHORT_LIST = 0.7  # of a State's violent crime; state police record some, but not so much


class Wanted(NamedTuple):
    """Which years of a unit count: `averaged` of them, the newest within `reach` of `newest`."""

    newest: int
    averaged: int
    reach: int


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit of local government and its violent crimes by year, as reported.

    `name` is a city's key, 'Oakland, CA', or what the file calls it. `average` is of as many
    of the newest years it reported as count; None where it reported fewer, so that it gets nothing
    by (e)(3). `county` is the unit it lies in, where a file says so; `sources` who says what of
    which year.
    """

    name: str
    state: str
    years: Mapping[int, int]
    average: Fraction | None
    source: str
    county: str = ""
    sources: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LocalAward:
    """What one unit gets, in cents: between `least` and `most`, which agree where all are known.

    `per_crime` is dollars for each violent crime a year, at both ends. `paid` says whether the
    allocation reaches the least that is paid; None where the two ends differ on it. `noise` is
    where it would lie, in dollars, if nothing but chance moved the unit's own count.
    `listed_share` is what part of the State's violent crime the units at hand recorded;
    `is_exact` says that every unit of the State is known; `averaged` which years count.
    """

    unit: Unit
    state: StateAward
    least: int
    most: int
    per_crime: tuple[float, float]
    units: int
    local_crimes: tuple[Fraction, Fraction]
    paid: bool | None
    minimum: Taken
    noise: Interval
    listed_share: float | None
    is_exact: bool
    averaged: Wanted

    @property
    def is_short_list(self) -> bool:
        """Whether a list called whole holds so little of its State's crime that it cannot be."""
        share = self.listed_share
        return self.is_exact and share is not None and share < SHORT_LIST


def wanted_years(award: Award, on: RulesOn) -> Wanted:
    """The years of (d)(2)(A) and (e)(3), by the rules in force."""
    averaged, reach = (int(on.take(n).number) for n in ("local_years", "local_reach"))
    return Wanted(award.inputs.crime_years[-1], averaged, reach)


def eligible(years: Mapping[int, int], wanted: Wanted) -> Fraction | None:
    """The average of the newest years reported, if there are enough within reach; else None.

    >>> eligible({2009: 10, 2010: 20, 2011: 30}, Wanted(2011, 3, 10))
    Fraction(20, 1)
    >>> eligible({2010: 20, 2011: 30}, Wanted(2011, 3, 10)) is None
    True
    """
    used = years_used(years, wanted)
    enough = len(used) == wanted.averaged
    return Fraction(sum(years[y] for y in used), wanted.averaged) if enough else None


def years_used(years: Collection[int], wanted: Wanted) -> list[int]:
    """The newest years reported within reach, as many as are averaged, newest first."""
    oldest = wanted.newest - wanted.reach
    return sorted((y for y in years if oldest < y <= wanted.newest), reverse=True)[
        : wanted.averaged
    ]


def among_units(state: StateAward, units: Sequence[Unit], on: RulesOn) -> LocalAllocation:
    """The local amount of one State among all its units: what is paid and what is too small."""
    averages = {u.name: u.average for u in units if u.average is not None and u.state == state.key}
    if not any(averages.values()):
        raise BadInput(
            f"no unit of {state.name} reported violent crime in enough years; the local amount "
            "has nobody to go to"
        )
    return among_local(state.local, averages, on.take("local_minimum").number)


def unit_of(place: Place, units: Sequence[Unit], award: Award) -> Unit:
    """The unit that a place is among those at hand.

    Raises NothingToAllocate where it is none of them, BadInput where its State has no local amount.
    """
    _refuse_without_local_amount(award.state(place.state or place.key))
    for unit in units:
        if unit.name == place.key:
            return unit
    raise NothingToAllocate(
        f"there are no counts of {place} in the years averaged; add the FBI's Table 8 of them or "
        "an agency file (baserate catalog), or give a list of units with --local"
    )


def _refuse_without_local_amount(state: StateAward) -> None:
    if not state.local:
        raise BadInput(
            f"{state.name} has no local amount: all of its ${state.award / 100:,.2f} goes to its "
            "government. Ask for --state"
        )


def unit_called(said: str, units: Sequence[Unit]) -> Unit:
    """The unit of a list that is called so, with its State or without."""
    wanted = " ".join(said.split()).casefold()
    found = [
        u
        for u in units
        if wanted in (u.name.casefold(), f"{u.name}, {u.state}".casefold())
        or u.name.casefold() == f"{wanted}, {u.state.casefold()}"
    ]
    if len(found) > 1:
        readings = "; ".join(f"{u.name} ({u.state})" for u in found)
        raise BadInput(f"{said!r} is {len(found)} units of the list: {readings}. Add its State")
    if not found:
        near = near_names(said, [u.name for u in units])
        hint = f"did you mean {' or '.join(near)}?" if near else "name one as it is written there"
        raise BadInput(f"the list has no unit called {said!r}; {hint}")
    return found[0]


def local_award(
    award: Award, unit: Unit, units: Sequence[Unit], on: RulesOn, *, complete: bool
) -> LocalAward:
    """The award of one unit. `complete` says that `units` are all of its State's."""
    state = award.state(unit.state)
    _refuse_without_local_amount(state)
    wanted = wanted_years(award, on)
    if unit.average is None:
        raise BadInput(
            f"{unit.name} reported violent crime in {len(unit.years)} of the years at hand; an "
            f"allocation needs {wanted.averaged} within {wanted.reach} (34 U.S.C. 10156(e)(3))"
        )
    here = [u for u in units if u.state == state.key and u.average is not None]
    known = sum((u.average for u in here if u.average is not None), Fraction(0))
    if not known:
        raise BadInput(
            f"no unit of {state.name} at hand recorded a violent crime in the years averaged; the "
            "local amount has nobody to go to"
        )
    if complete:
        given = among_units(state, units, on)
        cents = given.paid.get(unit.name, given.too_small.get(unit.name, 0))
        least = most = cents
        crimes = (known, known)
    else:
        crimes = (max(state.input.average, known), known)
        least, most = (_part(state.local, unit.average, of) for of in crimes)
    minimum = on.take("local_minimum")
    floor = 100 * minimum.number
    return LocalAward(
        unit=unit,
        state=state,
        least=least,
        most=most,
        per_crime=(state.local / 100 / float(crimes[0]), state.local / 100 / float(crimes[1])),
        units=len(here),
        local_crimes=crimes,
        paid=None if (least >= floor) != (most >= floor) else least >= floor,
        minimum=minimum,
        noise=_noise(crimes, unit.average, wanted.averaged, state.local),
        listed_share=float(known / state.input.average) if state.input.crimes else None,
        is_exact=complete,
        averaged=wanted,
    )


def _noise(crimes: tuple[Fraction, Fraction], average: Fraction, years: int, pool: int) -> Interval:
    """The local amount over the State's crimes at both ends, times the unit's Poisson limits."""
    low, high = count_limits(round(average * years))
    each_most, each_least = (pool / 100 / float(of) / years for of in crimes)
    upper = min(each_least * high, pool / 100)
    return Interval(each_most * low, upper, GARWOOD)


def _part(cents: int, average: Fraction, of: Fraction) -> int:
    return int(cents * average / of) if of else 0


def units_from_store(store: Store, state: str, wanted: Wanted) -> list[Unit]:
    """Cities and counties of a State in the records, with the years they have whole.

    State police, campuses and other special agencies are left out; so are places whose kind
    cannot be told.
    """
    found: dict[str, dict[int, tuple[tuple[int, str], int, str]]] = {}
    for year in range(wanted.newest - wanted.reach + 1, wanted.newest + 1):
        for row in store.counts(VIOLENT, by="year", year=year):
            name = _local_name(row["place"], row["ori"], state)
            if name is None or row["is_partial"] or row["number"] < 0:
                continue
            if row["definition"] not in (definition_in_force(year), None):
                continue
            rank = preference(row["dataset"])
            held = found.setdefault(name, {}).get(year)
            if held is None or rank < held[0]:
                found[name][year] = (rank, row["number"], row["dataset"])
    return [_unit_from(name, state, years, wanted) for name, years in found.items()]


def _unit_from(
    name: str,
    state: str,
    held: Mapping[int, tuple[tuple[int, str], int, str]],
    wanted: Wanted,
) -> Unit:
    years = {year: number for year, (_, number, _) in held.items()}
    sources = {year: dataset(key).short for year, (_, _, key) in held.items()}
    said = "; ".join(sorted(set(sources.values())))
    return Unit(name, state, years, eligible(years, wanted), said, sources=sources)


def _local_name(place: str | None, ori: str | None, state: str) -> str | None:
    """What a row's unit is called, if it is a city or county of that State."""
    if place is not None and place.endswith(f", {state}"):
        return place
    if place is None and ori and state_of(ori) == state and is_county(ori):
        return ori
    return None


def units_from_file(path: Path, wanted: Wanted) -> list[Unit]:
    """All units of one or more States, from a CSV file. Raises BadGiven and names the line.

    Columns `name` and `state` (postal code), and either `violent_crimes`, the yearly average, or
    one column a year, as 2009, 2010, 2011, empty where the unit did not report. A column `county`
    may say in which of them a city lies.
    """
    units: list[Unit] = []
    seen: set[tuple[str, str]] = set()
    for at, row in read_table(path, ("name", "state")):
        unit = _unit(row, at, wanted)
        if (unit.name, unit.state) in seen:
            raise BadGiven(f"{at}: {unit.name}, {unit.state} is there twice")
        seen.add((unit.name, unit.state))
        units.append(unit)
    if not units:
        raise BadGiven(f"{path.name} has no units; give one local government a line")
    return units


def _unit(row: Mapping[str, str], at: str, wanted: Wanted) -> Unit:
    if not row["name"] or row["state"] not in states():
        raise BadGiven(
            f"{at}: name {row['name']!r} and state {row['state']!r}; give a name and a postal code "
            "like CA"
        )
    columns = [name for name in row if re.fullmatch(r"(19|20)[0-9][0-9]", name)]
    if "violent_crimes" in row and columns:
        raise BadGiven(
            f"{at.rpartition(' line ')[0]} has violent_crimes and columns of years; keep one of "
            "them"
        )
    if "violent_crimes" in row:
        average = _number(row["violent_crimes"], at)
        return Unit(row["name"], row["state"], {}, average, at, row.get("county", ""))
    if not columns:
        raise BadGiven(
            f"{at.rpartition(' line ')[0]} has neither a column violent_crimes (a year, averaged) "
            "nor columns of years, as 2009,2010,2011"
        )
    held = {int(y): int(n) for y in columns if (n := _count(row[y], at)) is not None}
    average_held = eligible(held, wanted)
    return Unit(row["name"], row["state"], held, average_held, at, row.get("county", ""))


def _number(text: str, at: str) -> Fraction:
    if not re.fullmatch(r"([0-9]{1,9}|[0-9]{1,3}(,[0-9]{3}){1,2})(\.[0-9]{1,6})?", text):
        raise BadGiven(f"{at}: {text!r} is no number of violent crimes; write one like 6570.67")
    return Fraction(text.replace(",", ""))


def _count(text: str, at: str) -> Fraction | None:
    if not text:
        return None
    number = _number(text, at)
    if number.denominator != 1:
        raise BadGiven(f"{at}: {text!r} is no count; write a whole number, or nothing")
    return number
