"""When a claim is more likely misread than wrong, or is of a part that no record counts."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from baserate.claims.check.checker import Checker, check
from baserate.claims.claim import Claim, ClaimKind, Magnitude, Sentence, Where
from baserate.store.open import Store
from baserate.terms.periods import Period
from baserate.terms.places import NATION, place

US = Where("United States", (NATION,))
FROM_2010: dict[str, Any] = {"period": Period.year(2011), "comparator_period": Period.year(2010)}


def claim(kind: ClaimKind, text: str, offense: str = "burglary", **parts: Any) -> Claim:
    """A claim about the United States in 2011, whose words are its whole sentence."""
    made = {"where": US, "period": Period.year(2011), **parts}
    sentence = Sentence(0, len(text), text, 0)
    return Claim(sentence=sentence, start=0, end=len(text), kind=kind, offense=offense, **made)


def numbers(*values: float) -> tuple[Magnitude, ...]:
    return tuple(Magnitude(v, "count") for v in values)


def percent(value: float) -> Magnitude:
    return Magnitude(value, "percent")


def state(postal: str) -> Where:
    return Where(place(postal).name, (place(postal),))


def test_a_town_s_number_is_no_wrong_number_of_the_nation(store: Store) -> None:
    found = check(claim("count", "There were 83 burglaries.", magnitudes=numbers(83)), store)
    assert found.verdict == "can't tell"
    assert "another place" in found.why
    assert found.needs


def test_a_number_a_third_too_large_is_wrong_and_not_misread(store: Store) -> None:
    third_more = claim("count", "There were many.", magnitudes=numbers(2_900_000))
    assert check(third_more, store).verdict == "contradicted"


def test_a_far_number_is_wrong_where_the_place_is_named(store: Store) -> None:
    text = "There were 700,000 burglaries in the United States."
    named = claim("count", text, magnitudes=numbers(700_000))
    assert check(named, store).verdict == "contradicted"


def test_a_fall_with_a_town_s_numbers_is_not_held_against_the_nation(store: Store) -> None:
    fewer = claim(
        "change", "From 92 to 83.", direction="down", magnitudes=numbers(83, 92), **FROM_2010
    )
    assert check(fewer, store).verdict == "can't tell"


def test_what_the_other_figures_put_in_doubt_is_left_open(store: Store) -> None:
    said = [
        claim("count", "There were 83 burglaries.", magnitudes=numbers(83)),
        claim("count", "There were 419 thefts.", "larceny", magnitudes=numbers(419)),
        claim("trend", "Robberies fell.", "robbery", direction="down", **FROM_2010),
        claim("trend", "Nationally, robberies fell.", "robbery", direction="down", **FROM_2010),
    ]
    town, thefts, fell, nationally = Checker(store).check_all(said)
    assert [c.verdict for c in (town, thefts, fell)] == ["can't tell"] * 3
    assert "does not name the United States" in fell.why
    assert nationally.verdict == "supported"


def test_one_far_figure_leaves_the_rest_of_an_article_alone(store: Store) -> None:
    said = [
        claim("count", "There were 83 burglaries.", magnitudes=numbers(83)),
        claim("trend", "Robberies fell.", "robbery", direction="down", **FROM_2010),
    ]
    assert Checker(store).check_all(said)[1].verdict == "supported"


@pytest.mark.parametrize(
    "text", ["Murders in the nation's largest cities fell.", "Big-city murders fell.",
             "Small-town murders fell in the country."]
)  # fmt: skip
def test_some_cities_are_not_the_nation(store: Store, text: str) -> None:
    found = check(claim("trend", text, "murder", direction="down", **FROM_2010), store)
    assert found.verdict == "can't tell"
    assert "part of the United States" in found.why


def test_a_part_of_an_offense_is_not_the_offense(store: Store) -> None:
    with_guns = claim(
        "change", "Robberies with a gun fell.", "robbery", qualifier="with a gun",
        direction="down", **FROM_2010,
    )  # fmt: skip
    assert check(with_guns, store).verdict == "can't tell"


def test_a_number_that_is_the_rate_is_read_as_the_rate(store: Store) -> None:
    peak = claim(
        "extremum", "The rate peaked at 7,200 offenses.", "all_crime", where=state("HI"),
        period=Period.year(1995), direction="up", magnitudes=numbers(7_200),
    )  # fmt: skip
    found = check(peak, store)
    assert found.verdict == "supported"
    assert "per 100,000" in found.why


def test_a_number_of_something_else_beside_the_right_ones_is_passed_over(store: Store) -> None:
    rise = claim(
        "change",
        "Murders rose by 50, or 4.7 percent, with the 17 killed on one day.",
        "murder",
        where=state("FL"),
        period=Period.year(2018),
        comparator_period=Period.year(2017),
        direction="up",
        magnitudes=(percent(4.7), *numbers(17, 50)),
    )
    assert check(rise, store).verdict == "supported"


# --- the years that are meant -------------------------------------------------------------------


def violent(text: str, **parts: Any) -> Claim:
    return claim("change", text, "violent_crime", **parts)


def test_the_first_rise_since_a_year_is_no_rise_from_that_year(store: Store) -> None:
    first = violent(
        "It was the first time since 2001 that violent crime rose.",
        direction="up", period=Period.year(2005), comparator_period=Period.year(2001),
    )  # fmt: skip
    found = check(first, store)
    assert found.verdict == "supported"
    assert "from 2004 to 2005" in found.why


def test_a_first_rise_that_another_came_before_misleads(store: Store) -> None:
    second = violent(
        "It was the first time since 2001 that violent crime rose.",
        direction="up", period=Period.year(2006), comparator_period=Period.year(2001),
    )  # fmt: skip
    found = check(second, store)
    assert found.verdict == "misleading"
    assert "2005" in found.why


def test_a_first_fall_in_a_while_after_many_falls_misleads(store: Store) -> None:
    text = "Violent crime is going down for the first time in a long while."
    fall = claim("trend", text, "violent_crime", direction="down",
                 period=Period.year(2018), comparator_period=Period.year(2017))  # fmt: skip
    found = check(fall, store)
    assert found.verdict == "misleading"
    assert "2009" in found.why


def test_a_rise_going_on_is_that_of_the_years_recorded_by_then(store: Store) -> None:
    rising = claim("trend", "Violent crime is on the rise.", "violent_crime", direction="up",
                   period=Period.year(2017), comparator_period=Period.year(2016))  # fmt: skip
    found = check(rising, store, published=date(2017, 3, 31))
    assert found.verdict == "supported"
    assert "2014 to 2016" in found.why


def test_down_since_a_year_is_down_to_the_last_one_that_was_over(store: Store) -> None:
    halved = claim("change", "Crime is down 50 percent since 1991.", "all_crime",
                   direction="down", period=Period.year(2018),
                   comparator_period=Period.year(1991), magnitudes=(percent(50),))  # fmt: skip
    found = check(halved, store, published=date(2018, 10, 1))
    assert found.verdict == "supported"
    assert "1991 to 2017" in found.why


def test_so_far_this_year_stays_open(store: Store) -> None:
    low = claim("extremum", "It is a 20-year low so far this year.", direction="down",
                period=Period.year(2018), comparator_period=Period.year(1998))  # fmt: skip
    assert check(low, store, published=date(2018, 10, 1)).verdict == "can't tell"


def test_this_year_in_the_first_days_of_january_is_the_year_just_over(store: Store) -> None:
    first_days = Period(date(2017, 1, 1), date(2017, 1, 2))
    told = claim("count", "This year's 17,250 murders.", "murder",
                 period=first_days, magnitudes=numbers(17_250))  # fmt: skip
    assert check(told, store, published=date(2017, 1, 3)).verdict == "supported"


def test_a_run_longer_than_the_records_fails_by_one_year_in_them(store: Store) -> None:
    run = claim("trend", "The 48th consecutive annual drop.", "all_crime", where=state("FL"),
                direction="down", period=Period.years(1971, 2018),
                magnitudes=(Magnitude(48, "years"),))  # fmt: skip
    assert check(run, store).verdict == "contradicted"


def test_a_figure_beside_another_year_is_of_that_year(store: Store) -> None:
    text = "The rate, 566, was the lowest since 556 in 1985."
    since = claim("level", text, "violent_crime", period=Period.year(1998),
                  comparator_period=Period.year(1985),
                  magnitudes=(Magnitude(556, "per_100k"),))  # fmt: skip
    found = check(since, store)
    assert found.verdict == "supported"
    assert "1985" in found.why


def test_the_second_lowest_year_is_no_rank_of_a_state(store: Store) -> None:
    second = claim("rank", "It was the second lowest number since 1970.", "all_crime",
                   where=state("NJ"), period=Period.year(2001), per_head=False,
                   comparator_period=Period.year(1970), direction="down",
                   magnitudes=(Magnitude(2, "rank"),))  # fmt: skip
    found = check(second, store)
    assert found.verdict == "supported"
    assert "2000" in found.why


# --- words for quantities -----------------------------------------------------------------------


def crime_rate(value: float, per_head: bool) -> Claim:
    return claim("change", "It rose.", "all_crime", where=state("NJ"), per_head=per_head,
                 direction="up", period=Period.year(2001),
                 comparator_period=Period.year(2000), magnitudes=(percent(value),))  # fmt: skip


def test_rate_said_of_a_number_that_moved_alike_misleads_nobody(store: Store) -> None:
    said = crime_rate(3, per_head=True)
    assert check(said, store).verdict == "supported"


def test_number_said_of_a_rate_that_moved_otherwise_misleads(store: Store) -> None:
    fall = claim("change", "The number fell 28 percent.", "all_crime", per_head=False,
                 direction="down", period=Period.year(1999),
                 comparator_period=Period.year(1990),
                 magnitudes=(percent(26.6),))  # fmt: skip
    found = check(fall, store)
    assert found.verdict == "misleading"
    assert "of the rate and not of the number" in found.why


def test_points_of_what_is_no_share_mislead(store: Store) -> None:
    points = claim("change", "Up 8.6 percentage points.", "murder", direction="up",
                   period=Period.year(2016), comparator_period=Period.year(2015),
                   magnitudes=(Magnitude(8.6, "points"),))  # fmt: skip
    found = check(points, store)
    assert found.verdict == "misleading"
    assert "percent and points" in [t.key for t in found.traps]


def test_rapes_read_across_the_new_definition_mislead(store: Store) -> None:
    rapes = claim("change", "Rapes rose 55 percent.", "rape", direction="up", per_head=False,
                  period=Period.year(2016), comparator_period=Period.year(2012),
                  magnitudes=(percent(55),))  # fmt: skip
    found = check(rapes, store)
    assert found.verdict == "misleading"
    assert "two definitions of rape" in found.why


def test_states_with_the_same_rate_share_their_ranks(store: Store) -> None:
    def at(rank: int) -> str:
        said = claim("rank", "It ranks there.", "murder", where=state("VT"),
                     period=Period.year(2014), direction="down", per_head=True,
                     magnitudes=(Magnitude(rank, "rank"),))  # fmt: skip
        return check(said, store).verdict

    supported = [rank for rank in range(1, 15) if at(rank) == "supported"]
    assert len(supported) > 1
    assert supported == list(range(supported[0], supported[-1] + 1))


@pytest.mark.parametrize("sizes", [(1_530, 17_413), (17_413, 1_530), (17_413, 15_883, 1_530)])
def test_a_difference_may_stand_anywhere_among_the_figures(
    store: Store, sizes: tuple[float, ...]
) -> None:
    rise = claim("change", "Murders rose.", "murder", direction="up",
                 period=Period.year(2016), comparator_period=Period.year(2015),
                 magnitudes=numbers(*sizes))  # fmt: skip
    assert check(rise, store).verdict == "supported"


def test_in_half_is_about_half_and_50_percent_is_50_percent(store: Store) -> None:
    def fell(text: str) -> str:
        halved = claim("change", text, "burglary", direction="down", per_head=True,
                       period=Period.year(2014), comparator_period=Period.year(1991),
                       magnitudes=(percent(50),))  # fmt: skip
        return check(halved, store).verdict

    assert fell("Burglaries were cut in half.") == "supported"
    assert fell("Burglaries fell 50 percent.") == "contradicted"


def test_in_fifteen_years_may_be_one_year_less(store: Store) -> None:
    def largest(text: str) -> str:
        rise = claim("extremum", text, "murder", period=Period.year(2005), per_head=False,
                     comparator_period=Period.year(1990), extreme="largest rise")  # fmt: skip
        return check(rise, store).verdict

    assert largest("It was the largest increase in 15 years.") == "supported"
    assert largest("It was the largest increase since 1990.") == "contradicted"
