"""Claims about large cities, by the table of their violent crime that a newsroom would add."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from baserate.claims.check.checker import check
from baserate.claims.claim import Claim, ClaimKind, Magnitude, Sentence, Where
from baserate.sources.reading import Source
from baserate.store.add import add
from baserate.store.open import Store, open_store
from baserate.terms.periods import Period
from baserate.terms.places import NATION, place

FILES = (
    "data/srs/marshall_ucr_crime_1975_2015_release_2016-08-18.csv",
    "data/srs/marshall_ucr_crime_1975_2015.csv",
)


@pytest.fixture(scope="module")
def cities(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The packaged records and both releases of the table of large cities."""
    folder = tmp_path_factory.mktemp("cities")
    for name in FILES:
        add(Source(shared / name), folder)
    return open_store(folder)


def claim(kind: ClaimKind, city: str, offense: str = "homicide", **parts: Any) -> Claim:
    text = parts.pop("text", "Something was said about crime.")
    where = Where(city, (place(city),))
    made = {"period": Period.year(2015), **parts}
    sentence = Sentence(0, len(text), text, 0)
    return Claim(sentence=sentence, start=0, end=1, kind=kind, offense=offense, where=where, **made)


def killed(*numbers: float) -> tuple[Magnitude, ...]:
    return tuple(Magnitude(n, "count") for n in numbers)


def test_a_department_s_count_near_the_fbi_s_is_right_and_named_for_what_it_is(
    cities: Store,
) -> None:
    found = check(claim("count", "Kansas City, MO", magnitudes=killed(111)), cities)
    assert found.verdict == "supported"
    assert "murder against homicide" in [t.key for t in found.traps]
    assert check(claim("count", "Kansas City, MO", magnitudes=killed(130)), cities).verdict == (
        "contradicted"
    )


def test_the_highest_rate_since_a_year(cities: Store) -> None:
    high = claim(
        "extremum",
        "St. Louis, MO",
        comparator_period=Period.year(1994),
        direction="up",
        per_head=True,
    )
    assert check(high, cities).verdict == "supported"
    longer = claim(
        "extremum",
        "St. Louis, MO",
        comparator_period=Period.year(1985),
        direction="up",
        per_head=True,
    )
    assert check(longer, cities).verdict == "contradicted"


def test_a_record_by_the_rate_that_is_none_by_the_number_says_so(cities: Store) -> None:
    record = claim("extremum", "Baltimore, MD", direction="up", text="It was a record high.")
    found = check(record, cities)
    assert found.verdict == "supported"
    assert "count for rate" in [t.key for t in found.traps]


def test_a_rise_within_noise_that_other_base_years_turn_misleads(cities: Store) -> None:
    rising = claim("trend", "Philadelphia, PA", period=Period.year(2016), direction="up")
    found = check(rising, cities, published=date(2017, 1, 26))
    assert found.verdict == "misleading"
    assert "counting noise" in found.why


def test_a_clear_rise_is_supported_whatever_the_years_before(cities: Store) -> None:
    rising = claim(
        "trend", "St. Louis, MO", "violent_crime", period=Period.year(2017), direction="up"
    )
    assert check(rising, cities, published=date(2017, 3, 31)).verdict == "supported"


def test_a_city_is_ranked_among_the_large_ones(cities: Store) -> None:
    highest: dict[str, Any] = {"direction": "up", "magnitudes": (Magnitude(1, "rank"),)}
    first = claim("rank", "St. Louis, MO", rank_among="large cities", **highest)
    assert check(first, cities).verdict == "supported"
    by_rate = claim("rank", "Chicago, IL", per_head=True, **highest)
    assert check(by_rate, cities).verdict == "contradicted"
    open_to_both = check(claim("rank", "Chicago, IL", **highest), cities)
    assert open_to_both.verdict == "supported"
    assert "count for rate" in [t.key for t in open_to_both.traps]


def test_against_the_nation_where_no_definition_is_stated(cities: Store) -> None:
    four_times = claim(
        "comparison",
        "Baltimore, MD",
        "violent_crime",
        against=Where("nation", (NATION,)),
        direction="up",
        magnitudes=(Magnitude(4, "factor", "more than"),),
    )
    found = check(four_times, cities)
    assert found.verdict == "supported"
    assert "however rape is counted" in found.why


def test_small_differences_are_said_to_be_noise(cities: Store) -> None:
    fewer = claim(
        "change",
        "Chicago, IL",
        period=Period.year(2014),
        comparator_period=Period.year(2013),
        direction="down",
        magnitudes=killed(415, 416),
    )
    found = check(fewer, cities)
    assert found.verdict == "supported"
    assert "small numbers" in [t.key for t in found.traps]
    assert "practically no change" in found.why


def test_where_the_later_year_is_not_held_the_earlier_figure_still_is_checked(
    cities: Store,
) -> None:
    def than(number: int) -> Claim:
        return claim(
            "comparison",
            "Philadelphia, PA",
            period=Period.year(2016),
            comparator_period=Period.year(2014),
            direction="up",
            magnitudes=killed(number),
            text=f"That is more than the {number} in 2014.",
        )

    assert check(than(248), cities).verdict == "supported"
    assert "other year is not in the records" in check(than(248), cities).why
    assert check(than(330), cities).verdict == "contradicted"


def test_a_verdict_of_the_day_it_was_written_stands_beside_today_s(cities: Store) -> None:
    fewer = claim(
        "change",
        "Houston, TX",
        "violent_crime",
        comparator_period=Period.year(2014),
        direction="up",
    )
    found = check(fewer, cities, published=date(2016, 9, 1))
    assert found.then is not None
    assert found.then.day == date(2016, 9, 1)
    assert found.then.answer is not None
    assert found.then.answer.vintage.released == date(2016, 8, 18)


def test_nothing_is_said_of_then_before_the_first_release(cities: Store) -> None:
    early = claim("count", "Chicago, IL", period=Period.year(2014), magnitudes=killed(415))
    assert check(early, cities, published=date(2015, 5, 1)).then is None


def test_a_record_by_numbers_that_have_no_population(cities: Store) -> None:
    # The table's national rows of 1975 to 1978 are numbers alone.
    us = Where("United States", (NATION,))
    most = claim(
        "extremum",
        "Chicago, IL",
        period=Period.year(1991),
        comparator_period=Period.year(1975),
        direction="up",
        per_head=False,
    )
    found = check(replace(most, where=us), cities)
    assert found.verdict == "supported"
    assert "1976 to 1991" in found.why


def test_a_fall_is_told_however_rape_came_to_be_counted(cities: Store) -> None:
    fell = claim(
        "trend",
        "Los Angeles, CA",
        "violent_crime",
        period=Period.years(1996, 2015),
        direction="down",
    )
    found = check(fell, cities)
    assert found.verdict == "supported"
    assert "by how rape was counted" in found.why
    assert check(replace(fell, direction="up"), cities).verdict == "contradicted"


def test_a_low_that_holds_however_rape_was_counted(cities: Store) -> None:
    low = claim(
        "extremum",
        "Los Angeles, CA",
        "violent_crime",
        period=Period.year(2013),
        comparator_period=Period.year(1975),
        direction="down",
    )
    found = check(low, cities)
    assert found.verdict == "supported"
    assert "however rape was counted" in found.why
    assert check(replace(low, direction="up"), cities).verdict == "contradicted"


def test_the_violent_part_is_told_where_the_whole_of_crime_is_not_held(cities: Store) -> None:
    dropped = claim(
        "trend",
        "San Francisco, CA",
        "all_crime",
        period=Period.years(1996, 2016),
        direction="down",
    )
    found = check(dropped, cities)
    assert found.verdict == "can't tell"
    assert "Of violent crime alone" in found.why


def test_a_figure_that_was_replaced_is_wrong_now_and_was_right_then(cities: Store) -> None:
    told = claim("count", "Albuquerque, NM", magnitudes=killed(47))
    found = check(told, cities, published=date(2016, 9, 1))
    assert found.verdict == "contradicted"
    assert found.then is not None
    assert found.then.verdict == "supported"
    assert "By the figures published until 1 September 2016: supported." in found.why


def test_one_of_two_figures_does_not_prove_the_other(cities: Store) -> None:
    fewer = claim(
        "comparison",
        "Houston, TX",
        period=Period.year(2016),
        comparator_period=Period.year(2015),
        direction="down",
        magnitudes=killed(302, 303),
        text="Houston had 302 homicides in 2016, and 303 in 2015.",
    )
    assert check(fewer, cities).verdict == "can't tell"


def test_a_low_over_years_that_the_preferred_source_lacks_is_no_crash(
    shared: Path, tmp_path: Path
) -> None:
    for name in (FILES[1], "data/srs/kaplan_ucr2017.rda"):
        add(Source(shared / name), tmp_path)
    low = claim(
        "extremum",
        "Honolulu, HI",
        "violent_crime",
        direction="down",
        period=Period.year(1999),
        comparator_period=Period.years(1979, 1999),
        per_head=True,
        extreme="lowest",
    )
    found = check(low, open_store(tmp_path))
    assert found.verdict == "can't tell"
    assert "Honolulu" in found.why
