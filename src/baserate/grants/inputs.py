"""What the formula takes from the records: people and violent crimes of every State, by year.

States and the District from the store, as published by a day where one is asked for. Puerto Rico
and the island areas, of which the package's records have nothing, from `facts/island_areas.csv`
unless the store has them. A what-if may put other figures in place of any.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path

from baserate.errors import BadInput, BadScenario, NoRecords, NothingToAllocate
from baserate.grants.jag import SAMOA_AND_MARIANAS, Entity
from baserate.grants.scenario import Recorded
from baserate.measure.records import Records, find_records
from baserate.store.holdings import SeriesRow
from baserate.store.open import Store
from baserate.terms.offenses import RAPE_DEFINITIONS, RapeDefinition
from baserate.terms.places import place, states, territories

VIOLENT = "violent_crime"
ISLANDS = ("PR", "GU", "VI", "AS", "MP")
FACTS = Path(__file__).with_name("facts") / "island_areas.csv"


@dataclass(frozen=True, slots=True)
class YearCount:
    """Violent crimes of one State in one year, and where the number is from.

    `definition` is the one of rape that the count goes by. `stands_for` is the year it is used
    for, where that year itself is not held. `count` is None where none is held.
    """

    year: int
    count: int | None
    source: str
    definition: str = ""
    stands_for: int | None = None


@dataclass(frozen=True, slots=True)
class StateInput:
    """One State of the formula: its people, and its violent crimes in the years averaged."""

    key: str
    name: str
    population: int
    population_year: int
    population_source: str
    years: tuple[YearCount, ...]

    @property
    def crimes(self) -> int:
        """Violent crimes of all the years that are held, together."""
        return sum(y.count or 0 for y in self.years)

    @property
    def average(self) -> Fraction:
        """Violent crimes a year, over the years that are held; 0 where none is."""
        held = sum(y.count is not None for y in self.years)
        return Fraction(self.crimes, held) if held else Fraction(0)


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything the formula takes for one fiscal year.

    `released` is the newest release used; `files` are the States' files, each with its checksum.
    """

    fiscal_year: int
    crime_years: tuple[int, ...]
    population_year: int
    states: tuple[StateInput, ...]
    released: date
    files: tuple[tuple[str, str], ...]

    def entities(self) -> list[Entity[Fraction]]:
        """The 55 that share, American Samoa and the Northern Mariana Islands as one."""
        by_key = {s.key: s for s in self.states}
        joined = [by_key[k] for k in ("AS", "MP")]
        alone = [s for s in self.states if s not in joined]
        return [
            *(Entity(s.key, Fraction(s.population), s.average) for s in alone),
            Entity(
                SAMOA_AND_MARIANAS,
                Fraction(sum(s.population for s in joined)),
                sum((s.average for s in joined), Fraction(0)),
            ),
        ]

    def state(self, key: str) -> StateInput:
        """One State's figures."""
        return next(s for s in self.states if s.key == key)


def read_inputs(
    store: Store,
    fiscal_year: int,
    *,
    crime_years: Sequence[int],
    population_year: int,
    definition: RapeDefinition | None = None,
    instead: Iterable[Recorded] = (),
) -> Inputs:
    """The figures of one fiscal year from a view of the records.

    `definition` None takes each year's total as the publisher prints it. Raises NothingToAllocate
    where a State lacks a year or a population, BadScenario for a what-if's unknown place or year.
    """
    found = [
        *(_state(store, key, crime_years, population_year, definition) for key in states()),
        *(_island(store, key, crime_years, population_year, definition) for key in ISLANDS),
    ]
    wanted = [*((y, definition) for y in crime_years), (population_year, None)]
    rows = [_row(store, key, year, basis)[0] for key in states() for year, basis in wanted]
    used = list({row.file: store.entry(row) for row in rows}.values())
    return Inputs(
        fiscal_year=fiscal_year,
        crime_years=tuple(crime_years),
        population_year=population_year,
        states=tuple(_changed(found, instead)),
        released=max(entry.released for entry in used),
        files=tuple(sorted((entry.file, entry.sha256) for entry in used)),
    )


def _state(
    store: Store,
    key: str,
    crime_years: Sequence[int],
    population_year: int,
    definition: RapeDefinition | None,
) -> StateInput:
    row, _ = _row(store, key, population_year, None)
    return StateInput(
        key=key,
        name=place(key).name,
        population=row.population,
        population_year=population_year,
        population_source=_words(store, row),
        years=tuple(_year(store, key, y, definition) for y in crime_years),
    )


def _year(store: Store, key: str, year: int, definition: RapeDefinition | None) -> YearCount:
    row, count = _row(store, key, year, definition)
    return YearCount(year, count, _words(store, row), row.definition or "")


def _row(
    store: Store, key: str, year: int, definition: RapeDefinition | None
) -> tuple[SeriesRow, int]:
    """A State's row of a year and its count: as printed, or by one definition."""
    records = _records(store, key)
    basis = definition or records.printed(year) if year in records.years else definition
    row = records.by_basis.get(basis, {}).get(year)
    if row is None:
        raise _not_held(records, year, definition)
    if definition is None and row.printed_total is not None:
        return row, row.printed_total
    return row, row.offenses


def _records(store: Store, key: str) -> Records:
    try:
        return find_records(store, place(key), VIOLENT)
    except NoRecords as error:
        raise NothingToAllocate(
            f"the formula needs every State, and there are no figures of {place(key)}: {error}"
        ) from None


def _not_held(records: Records, year: int, definition: str | None) -> NothingToAllocate:
    held = sorted(y for b, s in records.by_basis.items() for y in s if definition in (None, b))
    span = f"{held[0]} to {held[-1]}" if held else "none"
    how = f" by the {definition} definition of rape" if definition else ""
    return NothingToAllocate(
        f"the formula needs {records.place} in {year}, and the records have {span}{how}. Ask about "
        "a fiscal year within reach, or add the FBI's newer estimates (baserate catalog)"
    )


def _words(store: Store, row: SeriesRow) -> str:
    entry = store.entry(row)
    return f"{store.dataset(entry).short}, {entry.file} line {row.file_row}"


@dataclass(frozen=True, slots=True)
class _Fact:
    place: str
    year: int
    population: int
    violent_crime: int | None
    source: str


@cache
def _facts() -> dict[str, dict[int, _Fact]]:
    found: dict[str, dict[int, _Fact]] = {}
    with FACTS.open(encoding="utf-8", newline="") as lines:
        for told in csv.DictReader(lines):
            crimes = int(told["violent_crime"]) if told["violent_crime"] else None
            fact = _Fact(
                told["place"], int(told["year"]), int(told["population"]), crimes, told["source"]
            )
            found.setdefault(fact.place, {})[fact.year] = fact
    return found


def _island(
    store: Store,
    key: str,
    crime_years: Sequence[int],
    population_year: int,
    definition: RapeDefinition | None,
) -> StateInput:
    """A territory's figures: the store's, else the facts that come with the package."""
    people, year, source = _people(store, key, population_year)
    return StateInput(
        key=key,
        name=territories()[key].name,
        population=people,
        population_year=year,
        population_source=source,
        years=tuple(_island_year(store, key, y, definition) for y in crime_years),
    )


def _people(store: Store, key: str, year: int) -> tuple[int, int, str]:
    """A territory's people, the year they were counted in, and who says so."""
    for basis in RAPE_DEFINITIONS:
        row = store.series(key, VIOLENT, basis).get(year)
        if row is not None and row.population:
            return row.population, year, _words(store, row)
    fact = _nearest(_facts()[key], year)
    return fact.population, fact.year, fact.source


def _island_year(store: Store, key: str, year: int, definition: RapeDefinition | None) -> YearCount:
    bases: tuple[RapeDefinition, ...] = ("revised", "legacy")
    for basis in bases if definition is None else (definition,):
        row = store.series(key, VIOLENT, basis).get(year)
        if row is not None:
            return YearCount(year, row.offenses, _words(store, row), basis)
    counted = {y: f for y, f in _facts()[key].items() if f.violent_crime is not None}
    if not counted:
        return YearCount(year, None, "not held here; the FBI has it for few years")
    fact = _nearest(counted, year)
    stands_for = None if fact.year == year else year
    return YearCount(fact.year, fact.violent_crime, fact.source, stands_for=stands_for)


def _nearest(facts: dict[int, _Fact], year: int) -> _Fact:
    """The fact of that year, else the newest before it, else the first."""
    before = [y for y in facts if y <= year]
    return facts[max(before) if before else min(facts)]


def _changed(found: Sequence[StateInput], instead: Iterable[Recorded]) -> list[StateInput]:
    """The figures with those of a what-if in their place."""
    made = {s.key: s for s in found}
    for each in instead:
        if each.place not in made:
            raise BadScenario(
                f"[[recorded]] place = {each.place!r} is no State here; give a postal code like FL"
            )
        made[each.place] = _with(made[each.place], each)
    return list(made.values())


def _with(state: StateInput, other: Recorded) -> StateInput:
    if other.population is not None:
        if other.year != state.population_year:
            raise BadScenario(
                f"[[recorded]] gives a population of {state.key} in {other.year}; this fiscal year "
                f"takes that of {state.population_year}"
            )
        if other.population == 0:
            raise BadInput(f"a population of 0 for {state.name}; give how many live there")
        state = replace(state, population=other.population, population_source="the what-if")
    if other.violent_crime is None:
        return state
    years = {y.stands_for or y.year: y for y in state.years}
    if other.year not in years:
        raise BadScenario(
            f"[[recorded]] gives violent crime of {state.key} in {other.year}; this fiscal year "
            f"averages {min(years)} to {max(years)}"
        )
    years[other.year] = YearCount(other.year, other.violent_crime, "the what-if")
    return replace(state, years=tuple(years[y] for y in sorted(years)))
