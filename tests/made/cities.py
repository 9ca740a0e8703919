"""Stores of invented cities beside the nation of the package, so that the truth is known."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from tests.made.records import put

from baserate.sources.facts import SeriesFact
from baserate.store.open import Store, open_store

YEARS = (2013, 2014, 2015)
PEOPLE = 500_000
# The nation's violent crime rates as printed at the time, so that ratios come out round.
NATION = {2013: 369.1, 2014: 361.6, 2015: 372.6}


def times_nation(ratio: float, years: tuple[int, ...] = YEARS) -> dict[int, int]:
    """Violent crimes that make a city so many times the nation, by year."""
    return {y: round(ratio * NATION[y] / 1e5 * PEOPLE) for y in years}


def city_facts(
    place: str,
    by_year: Mapping[int, int],
    *,
    offense: str = "violent_crime",
    definition: str | None = "legacy",
    population: int | None = PEOPLE,
    partial: frozenset[int] = frozenset(),
) -> list[SeriesFact]:
    """A city's offenses by year."""
    return [
        SeriesFact(
            offense, year, count, i + 2, place=place, population=population,
            definition=definition if offense in {"violent_crime", "rape"} else None,
            is_partial=year in partial,
        )
        for i, (year, count) in enumerate(by_year.items())
    ]  # fmt: skip


def a_store(folder: Path, facts: list[SeriesFact], released: date = date(2016, 9, 28)) -> Store:
    """The package's records and these."""
    put(folder, "marshall_cities", facts, released=released)
    return open_store(folder)


def of_ratios(folder: Path, ratios: Mapping[str, float]) -> Store:
    """A store of cities that many times the nation in each of three years."""
    facts = [f for city, r in ratios.items() for f in city_facts(city, times_nation(r))]
    return a_store(folder, facts)
