"""Project Safe Neighborhoods by a declared rule: so much by violent crime, the rest by people.

No statute fixes the arithmetic and the department has published none, so nothing here is *the*
formula: it is one that can be read, changed and argued with (`rules/psn.toml`). Districts are
taken from a file; without one, all districts of a State stand together.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path

from baserate.errors import BadGiven, BadInput, OutsideEra
from baserate.grants.award import LARGEST_TOTAL, LAST_YEAR, Asked, first_day, inputs_of
from baserate.grants.cents import in_cents
from baserate.grants.given import read_table
from baserate.grants.inputs import Inputs
from baserate.grants.jag import Entity, among_states
from baserate.grants.parameters import Taken, rules, unverified
from baserate.store.open import Store
from baserate.terms.offenses import RapeDefinition
from baserate.terms.places import place, territories

_PEOPLE, _CRIMES = r"[1-9][0-9]{0,9}", r"[0-9]{1,9}(\.[0-9]{1,6})?"
FACTS = Path(__file__).with_name("facts") / "judicial_districts.csv"


@dataclass(frozen=True, slots=True)
class DistrictAward:
    """What one district, or all districts of one State together, gets, in cents."""

    name: str
    districts: int
    population: int
    violent_crimes: Fraction
    award: int


@dataclass(frozen=True, slots=True)
class DistrictAwards:
    """A year's money by the declared rule. `inputs` is None where a file gave the districts.

    `definition` and `as_of` are what was asked of the records; `total` is in cents.
    """

    title: str
    standing: str
    fiscal_year: int
    total: int
    rows: tuple[DistrictAward, ...]
    taken: tuple[Taken, ...]
    inputs: Inputs | None
    source: str
    definition: RapeDefinition | None
    as_of: date | None
    scenario: str

    @property
    def not_held(self) -> tuple[str, ...]:
        """Places whose violent crimes are not held, so that they count as none."""
        held = self.inputs.states if self.inputs is not None else ()
        return tuple(
            s.name for s in held if s.key in districts() and any(y.count is None for y in s.years)
        )

    @property
    def unverified(self) -> tuple[Taken, ...]:
        """Parameters nobody has verified: here, all that are declared."""
        return unverified(self.taken)


@cache
def districts() -> dict[str, int]:
    """How many judicial districts a State has (28 U.S.C. 81-131 and the territories' acts).

    >>> districts()["MO"], sum(districts().values())
    (2, 94)
    """
    with FACTS.open(encoding="utf-8", newline="") as lines:
        return {told["place"]: int(told["districts"]) for told in csv.DictReader(lines)}


def allocate(
    asked: Asked, store: Store, given: Sequence[Entity[Fraction]] | None = None, source: str = ""
) -> DistrictAwards:
    """The total of a year among districts. `given` are districts from a file, with its name."""
    base = rules("psn")
    first = base.parameter("violent_crime_share").values[0].start
    if not first.year < asked.fiscal_year <= LAST_YEAR:
        raise OutsideEra(
            f"fiscal year {asked.fiscal_year} is not one of the formula grants, which began with "
            f"fiscal year {first.year + 1}; ask for that year or a later one"
        )
    if not asked.total or not 0 < asked.total <= LARGEST_TOTAL:
        raise BadInput(
            "there is nothing to share out; give --total in dollars, above 0 and below ten trillion"
        )
    on = asked.scenario.applied_to(base).on(first_day(asked.fiscal_year))
    if given is not None and asked.scenario.recorded:
        raise BadInput(
            "the what-if's [[recorded]] is about States, and --districts gives districts; change "
            "the figures in that file"
        )
    inputs = inputs_of(asked, on, store) if given is None else None
    entities = _by_state(inputs) if inputs is not None else list(given or ())
    taken = tuple(on.take(name) for name in base.parameters)
    shares = {t.name: t.number for t in taken if t.name.endswith("_share")}
    if sum(shares.values()) != 1:
        raise BadInput(
            f"the shares of {base.title} add up to {float(sum(shares.values())):g}; make them 1"
        )
    made = among_states(Fraction(asked.total, 100), entities, minimum_share=Fraction(0), **shares)
    if sum(each.award for each in made.values()) != Fraction(asked.total, 100):
        raise BadInput(
            "no violent crime is recorded in any district, so its share has nobody to go to; give "
            "counts, or change the shares"
        )
    cents = in_cents({key: each.award for key, each in made.items()})
    rows = [_row(e, cents[e.key], by_state=given is None) for e in entities]
    return DistrictAwards(
        title=base.title,
        standing=base.standing,
        fiscal_year=asked.fiscal_year,
        total=asked.total,
        rows=tuple(sorted(rows, key=lambda r: (-r.award, r.name))),
        taken=taken,
        inputs=inputs,
        source=source,
        definition=asked.definition,
        as_of=asked.as_of,
        scenario=asked.scenario.title,
    )


def _by_state(inputs: Inputs) -> list[Entity[Fraction]]:
    return [
        Entity(s.key, Fraction(s.population), s.average)
        for s in inputs.states
        if s.key in districts()
    ]


def _row(entity: Entity[Fraction], cents: int, *, by_state: bool) -> DistrictAward:
    name = entity.key
    if by_state:
        name = (territories().get(name) or place(name)).name
    count = districts()[entity.key] if by_state else 1
    return DistrictAward(name, count, int(entity.population), entity.violent_crimes, cents)


def read_districts(path: Path) -> list[Entity[Fraction]]:
    """Districts from a CSV file with name, population and violent_crimes (a year).

    Raises BadGiven and names the line of whatever is no district.
    """
    found: list[Entity[Fraction]] = []
    seen: set[str] = set()
    for at, row in read_table(path, ("name", "population", "violent_crimes")):
        people, crimes = row["population"], row["violent_crimes"]
        if not re.fullmatch(_PEOPLE, people) or not re.fullmatch(_CRIMES, crimes):
            raise BadGiven(
                f"{at}: population {people!r} and violent_crimes {crimes!r}; give people as a "
                "whole number above 0 and crimes a year as a number"
            )
        if row["name"] in seen or not row["name"]:
            raise BadGiven(f"{at}: {row['name'] or 'no name'!r} is there twice or is empty")
        seen.add(row["name"])
        found.append(Entity(row["name"], Fraction(int(people)), Fraction(crimes)))
    if not found:
        raise BadGiven(f"{path.name} has no districts; give each a line")
    return found
