"""Byrne JAG as the statute has it: cases by hand, and laws that hold for any counts."""

from __future__ import annotations

import tomllib
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baserate.grants.cents import dollars, in_cents, shared_out
from baserate.grants.jag import (
    Allocation,
    Entity,
    among_local,
    among_states,
    disparate,
    reduced,
    samoa_and_marianas,
    state_and_local,
)

CASES = tomllib.loads(Path(__file__).with_name("jag_cases.toml").read_text(encoding="utf-8"))
HALF, QUARTER_PERCENT = Fraction(1, 2), Fraction(1, 400)

Allocated = dict[str, Allocation[Fraction]]


def allocate(total: int | Fraction, entities: list[Entity[Fraction]]) -> Allocated:
    return among_states(
        Fraction(total),
        entities,
        population_share=HALF,
        violent_crime_share=HALF,
        minimum_share=QUARTER_PERCENT,
    )


def entity(key: str, people: int, crimes: int) -> Entity[Fraction]:
    return Entity(key, Fraction(people), Fraction(crimes))


@pytest.mark.parametrize("case", CASES["case"], ids=lambda c: c["name"])
def test_a_case_worked_out_by_hand(case: dict[str, Any]):
    entities = [entity(k, v["people"], v["crimes"]) for k, v in case["given"].items()]
    made = allocate(case["amount"], entities)
    assert {key: each.award for key, each in made.items()} == case["expect"]


entities_ = st.lists(
    st.tuples(st.integers(1, 10**7), st.integers(0, 10**6)), min_size=2, max_size=55
).map(lambda pairs: [entity(f"S{i:02}", p, v) for i, (p, v) in enumerate(pairs)])
totals = st.integers(1, 10**12).map(lambda cents: Fraction(cents, 100))


@given(totals, entities_)
def test_awards_add_up_to_the_total_to_the_cent(total: Fraction, entities: list[Entity[Fraction]]):
    made = allocate(total, entities)
    if any(e.violent_crimes for e in entities if not made[e.key].is_minimum):
        cents = in_cents({key: each.award for key, each in made.items()})
        assert sum(cents.values()) == 100 * total
        assert all(abs(cents[k] - 100 * made[k].award) < 1 for k in cents)


@given(totals, entities_, st.integers(2, 9))
def test_a_larger_total_is_shared_in_the_same_proportions(
    total: Fraction, entities: list[Entity[Fraction]], times: int
):
    once, more = allocate(total, entities), allocate(times * total, entities)
    assert all(more[key].award == times * once[key].award for key in once)


@given(totals, entities_, st.randoms(use_true_random=False))
def test_the_order_of_states_does_not_matter(
    total: Fraction, entities: list[Entity[Fraction]], random: Any
):
    mixed = list(entities)
    random.shuffle(mixed)
    assert allocate(total, mixed) == allocate(total, entities)


@settings(max_examples=300)
@given(totals, entities_, st.data())
def test_more_recorded_crime_never_means_less_money_for_that_state(
    total: Fraction, entities: list[Entity[Fraction]], data: st.DataObject
):
    which = data.draw(st.integers(0, len(entities) - 1))
    more = data.draw(st.integers(1, 10**6))
    old = entities[which]
    changed = [*entities]
    changed[which] = Entity(old.key, old.population, old.violent_crimes + more)
    assert allocate(total, changed)[old.key].award >= allocate(total, entities)[old.key].award


@given(st.integers(0, 4))
def test_a_minimum_states_crimes_do_not_matter_until_it_crosses(crimes: int):
    others = [entity("A", 6000, 6000), entity("B", 4000, 4000)]
    made = allocate(10_000, [*others, entity("C", 20, crimes)])
    assert made["C"].is_minimum
    assert made["C"].award == 25
    assert made["A"].award == allocate(10_000, [*others, entity("C", 20, 0)])["A"].award


def test_a_state_that_crosses_gets_the_minimum_and_a_share_on_top():
    others = [entity("A", 6000, 6000), entity("B", 4000, 4000), entity("D", 1, 1)]
    below = allocate(10_000, [*others, entity("C", 25, 24)])["C"]
    above = allocate(10_000, [*others, entity("C", 26, 26)])["C"]
    assert (below.is_minimum, above.is_minimum) == (True, False)
    assert above.award > 2 * below.award - 1  # it is a step, not a slope


@given(st.integers(0, 10**12), st.lists(st.integers(0, 10**6), min_size=1, max_size=400))
def test_shares_in_cents_add_up_and_differ_from_exact_by_less_than_one(
    cents: int, weights: list[int]
):
    if sum(weights):
        made = shared_out(cents, weights)
        assert sum(made) == cents
        assert all(
            abs(got - Fraction(cents * w, sum(weights))) < 1
            for got, w in zip(made, weights, strict=True)
        )


def test_nothing_is_shared_out_among_nobody():
    with pytest.raises(ValueError, match="share out nothing"):
        shared_out(100, [0, 0])
    with pytest.raises(ValueError, match="not whole cents"):
        in_cents({"A": Fraction(1, 300)})


def test_the_two_parts_of_an_award_are_sixty_and_forty_percent():
    assert state_and_local(69_598_060, Fraction(3, 5)) == (41_758_836, 27_839_224)
    assert sum(state_and_local(101, Fraction(3, 5))) == 101


def test_american_samoa_and_the_marianas_share_one_minimum():
    samoa, marianas = samoa_and_marianas(69_598_060, Fraction(67, 100))
    assert (dollars(samoa) + dollars(marianas), samoa > 2 * marianas) == (
        dollars(69_598_060),
        True,
    )


# Bureau of Justice Statistics, Justice Assistance Grant Program, 2013, as restated in San Quentin
# News: https://sanquentinnews.com/states-got-278-4-million-in-federal-funds-to-fight-crime-in-2013
CENT = Fraction(1, 100)


def test_vermonts_local_amount_of_2013_by_its_623_crimes():
    made = among_local(27_839_224, {"all": Fraction(623)}, Fraction(10_000))
    assert round(made.per_crime, 2) == Fraction("446.86")
    assert made.paid == {"all": 27_839_224}


def test_oaklands_award_of_2013_by_the_published_local_amount():
    pool = 1_233_283_161  # 40 percent of the $30,832,079 published
    crimes = {"Oakland": Fraction("6570.67"), "all others": 161_997 - Fraction("6570.67")}
    made = among_local(pool, crimes, Fraction(10_000))
    assert round(made.per_crime, 2) == Fraction("76.13")
    assert abs(made.paid["Oakland"] / 100 - 500_225) < 5


@given(st.dictionaries(st.text(min_size=1, max_size=3), st.integers(0, 9_000), min_size=1))
def test_a_local_amount_is_paid_or_goes_to_the_state_and_nothing_is_lost(crimes: dict[str, int]):
    if not any(crimes.values()):
        return
    made = among_local(5_000_000, {k: Fraction(v, 3) for k, v in crimes.items()}, Fraction(10_000))
    assert sum(made.paid.values()) + made.to_state == 5_000_000
    assert all(cents >= 1_000_000 for cents in made.paid.values())
    assert all(cents < 1_000_000 for cents in made.too_small.values())


DISPARATE = {"one_disparate": Fraction(3, 2), "several_disparate": Fraction(4)}


@pytest.mark.parametrize(
    ("county", "cities", "joined"),
    [
        (100, {"A": 150}, None),  # the statute says "exceeds"
        (100, {"A": 151}, ("A",)),
        (100, {"A": 150, "B": 150}, None),
        (100, {"A": 150, "B": 150, "C": 101}, ("A", "B", "C")),
        (100, {"A": 200, "B": 100}, ("A",)),
        (0, {"A": 1}, ("A",)),  # a county without an award of its own
    ],
)
def test_a_county_and_cities_far_above_it_apply_together(
    county: int, cities: dict[str, int], joined: tuple[str, ...] | None
):
    found = disparate("County", county, cities, **DISPARATE)
    assert (found.cities if found else None) == joined
    if found:
        assert found.aggregate == county + sum(cities[c] for c in found.cities)


def test_a_penalty_keeps_a_tenth_and_loses_nothing():
    left, kept = reduced(41_758_836, Fraction(1, 10))
    assert (left + kept, kept) == (41_758_836, 4_175_884)


def test_floats_give_what_fractions_give():
    exact = allocate(278_392_240, [entity("A", 900, 80), entity("B", 99, 20), entity("C", 1, 0)])
    quick = among_states(
        278_392_240.0,
        [Entity("A", 900.0, 80.0), Entity("B", 99.0, 20.0), Entity("C", 1.0, 0.0)],
        population_share=0.5,
        violent_crime_share=0.5,
        minimum_share=0.0025,
    )
    assert all(quick[k].award == pytest.approx(float(exact[k].award), abs=1e-4) for k in exact)
