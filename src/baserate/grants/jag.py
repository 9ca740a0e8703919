"""Byrne JAG as the statute has it: one short function for each subsection. Pure arithmetic.

34 U.S.C. 10156: (a) among the States, (b) between a State and its local governments, (d) among
those, (d)(4) disparate groups, (e)(2) what is too small to be paid; 34 U.S.C. 10251(a)(2) for
American Samoa and the Northern Mariana Islands. Shares are exact fractions of a dollar; `cents`
rounds each step so that its parts are the whole. The parameters come from `rules/jag.toml`.

The same functions take floats where thousands of what-ifs are run: the arithmetic is the same,
the answer good to a hundredth of a cent.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, lcm
from typing import Generic, TypeVar

from baserate.grants.cents import shared_out

Amount = TypeVar("Amount", Fraction, float)

SAMOA_AND_MARIANAS = "AS+MP"  # one State for (a), by 34 U.S.C. 10251(a)(2)


@dataclass(frozen=True, slots=True)
class Entity(Generic[Amount]):
    """One State of the formula: its people and its violent crimes a year, averaged."""

    key: str
    population: Amount
    violent_crimes: Amount


@dataclass(frozen=True, slots=True)
class Allocation(Generic[Amount]):
    """What (a) gives one State, in dollars, and how it comes about.

    initial     what (a)(1) alone would give
    is_minimum  whether that is below the minimum, so that the minimum is all there is
    minimum     what (a)(2)(A) gives first; 0 where no State falls below
    by_people   its part of the rest by population
    by_crime    its part of the rest by violent crime
    """

    key: str
    initial: Amount
    is_minimum: bool
    minimum: Amount
    by_people: Amount
    by_crime: Amount

    @property
    def award(self) -> Amount:
        """All of it."""
        return self.minimum + self.by_people + self.by_crime


def among_states(
    total: Amount,
    entities: Sequence[Entity[Amount]],
    *,
    population_share: Amount,
    violent_crime_share: Amount,
    minimum_share: Amount,
) -> dict[str, Allocation[Amount]]:
    """Subsection (a): by population and by violent crime, with the minimum plus remainder.

    Not the larger of minimum and share: if (a)(1) leaves any State below the minimum, every State
    gets the minimum first, and the rest is shared among the others, leaving out the minimum
    States with their people and their crimes.

    >>> made = among_states(
    ...     Fraction(1000),
    ...     [Entity("A", Fraction(998), Fraction(998)), Entity("B", Fraction(2), Fraction(2))],
    ...     population_share=Fraction(1, 2), violent_crime_share=Fraction(1, 2),
    ...     minimum_share=Fraction(1, 400))
    >>> float(made["A"].award), float(made["B"].award)
    (997.5, 2.5)
    """
    initial = _shares(total, entities, population_share, violent_crime_share)
    minimum = total * minimum_share
    small = {key for key, (people, crime) in initial.items() if people + crime < minimum}
    if small:
        rest = total - minimum * len(entities)
        others = [e for e in entities if e.key not in small]
        given = _shares(rest, others, population_share, violent_crime_share)
    else:
        minimum, given = minimum * 0, initial
    nothing = (minimum * 0, minimum * 0)
    return {
        key: Allocation(key, people + crime, key in small, minimum, *given.get(key, nothing))
        for key, (people, crime) in initial.items()
    }


def _shares(
    total: Amount,
    entities: Sequence[Entity[Amount]],
    population_share: Amount,
    violent_crime_share: Amount,
) -> dict[str, tuple[Amount, Amount]]:
    """Paragraph (a)(1): what each gets by its people and by its crimes."""
    people = sum(e.population for e in entities)
    crimes = sum(e.violent_crimes for e in entities)
    each_person = total * population_share / people if people else total * 0
    each_crime = total * violent_crime_share / crimes if crimes else total * 0
    return {e.key: (e.population * each_person, e.violent_crimes * each_crime) for e in entities}


def samoa_and_marianas(cents: int, american_samoa_share: Fraction) -> tuple[int, int]:
    """What the two get of their one allocation, in cents: 67 and 33 of a hundred.

    >>> samoa_and_marianas(69598060, Fraction(67, 100))
    (46630700, 22967360)
    """
    samoa, marianas = shared_out(cents, parts(american_samoa_share))
    return samoa, marianas


def state_and_local(cents: int, state_share: Fraction) -> tuple[int, int]:
    """Subsection (b): the government's part and that of the local governments, in cents.

    >>> state_and_local(69598060, Fraction(60, 100))
    (41758836, 27839224)
    """
    government, local = shared_out(cents, parts(state_share))
    return government, local


def parts(share: Fraction) -> list[int]:
    """A share and the rest, as whole-number weights."""
    return [share.numerator, share.denominator - share.numerator]


@dataclass(frozen=True, slots=True)
class LocalAllocation:
    """What (d) and (e)(2) make of one State's local amount, in cents.

    `paid` by name; `too_small` are allocations below the minimum, which go to the State.
    `per_crime` is dollars for each violent crime of the yearly average.
    """

    pool: int
    paid: dict[str, int]
    too_small: dict[str, int]
    per_crime: Fraction

    @property
    def to_state(self) -> int:
        """What the State's grant is increased by, by (e)(2)."""
        return sum(self.too_small.values())


def among_local(
    pool: int, violent_crimes: Mapping[str, Fraction], local_minimum: Fraction
) -> LocalAllocation:
    """Subsections (d) and (e)(2): a State's local amount by each unit's average violent crimes.

    `pool` in cents, `violent_crimes` a year by name, `local_minimum` in dollars. Read literally
    the statute divides an average by a sum of years; the shares are taken of like with like.

    >>> made = among_local(27839224, {"Burlington": Fraction(200), "others": Fraction(423)},
    ...                    Fraction(10000))
    >>> round(float(made.per_crime), 2), made.paid["Burlington"]
    (446.86, 8937151)
    """
    ordered = dict(sorted(violent_crimes.items()))  # ties for a cent go by name, not by row
    weights, common = whole_numbers(ordered.values())
    given = dict(zip(ordered, shared_out(pool, weights), strict=True))
    least = ceil(100 * local_minimum)
    return LocalAllocation(
        pool=pool,
        paid={name: cents for name, cents in given.items() if cents >= least},
        too_small={name: cents for name, cents in given.items() if cents < least},
        per_crime=Fraction(pool * common, 100 * sum(weights)),
    )


def whole_numbers(averages: Collection[Fraction]) -> tuple[list[int], int]:
    """Averages of one, two or three years times a number that makes them whole, and that number.

    >>> whole_numbers([Fraction(1, 2), Fraction(4, 3)])
    ([3, 8], 6)
    """
    common = lcm(*{each.denominator for each in averages})
    return [each.numerator * (common // each.denominator) for each in averages], common


@dataclass(frozen=True, slots=True)
class Disparate:
    """A county and cities in it whose allocations are far apart, so that they apply together.

    It binds only where the Attorney General certifies that the county bears more than half of
    the costs of prosecution or incarceration; nothing here says whether he does.
    """

    county: str
    cities: tuple[str, ...]
    aggregate: int
    why: str


def disparate(
    county: str,
    allocated: int,
    cities: Mapping[str, int],
    *,
    one_disparate: Fraction,
    several_disparate: Fraction,
) -> Disparate | None:
    """Subsection (d)(4): the group that a county and its cities would make, if certified.

    Amounts in cents. One city above 1.5 times the county's makes a group with it; several
    together above 4 times make one with all of them.

    >>> found = disparate("Cook County", 100, {"Chicago": 151, "Evanston": 9},
    ...                   one_disparate=Fraction(3, 2), several_disparate=Fraction(4))
    >>> found.cities, found.aggregate
    (('Chicago',), 251)
    """
    large = tuple(sorted(n for n, cents in cities.items() if cents > one_disparate * allocated))
    together = sum(cities.values())
    if len(cities) > 1 and together > several_disparate * allocated:
        times = float(several_disparate)
        return Disparate(
            county, tuple(sorted(cities)), allocated + together,
            f"together they exceed {times:g} times the county's allocation",
        )  # fmt: skip
    if not large:
        return None
    times = float(one_disparate)
    return Disparate(
        county, large, allocated + sum(cities[n] for n in large),
        f"each exceeds {times:g} times the county's allocation",
    )  # fmt: skip


def reduced(cents: int, penalty: Fraction) -> tuple[int, int]:
    """What is left of an amount after a penalty, and what is withheld, in cents.

    >>> reduced(41758836, Fraction(1, 10))
    (37582952, 4175884)
    """
    withheld, left = shared_out(cents, parts(penalty))
    return left, withheld
