"""What the records that come with the package say to claims about the nation and the states."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baserate.claims.check.checker import Checker, check
from baserate.claims.checked import CLAIM_VERDICTS, Checked
from baserate.claims.claim import CLAIM_KINDS, Claim, ClaimKind, Magnitude, Sentence, Where
from baserate.store.open import Store
from baserate.terms.offenses import offenses
from baserate.terms.periods import Period
from baserate.terms.places import NATION, Place, place

US = Where("United States", (NATION,))


def year(number: int) -> Period:
    return Period.year(number)


def years(first: int, last: int) -> Period:
    return Period.years(first, last)


def state(postal: str) -> Where:
    return Where(place(postal).name, (place(postal),))


def claim(kind: ClaimKind, offense: str | None = "murder", **parts: Any) -> Claim:
    """A claim about the United States in 2016, unless it says otherwise."""
    text = parts.pop("text", "Something was said about crime.")
    given_parts = {"where": US, "period": year(2016), **parts}
    return Claim(
        sentence=Sentence(0, len(text), text, 0),
        start=0,
        end=len(text),
        kind=kind,
        offense=offense,
        **given_parts,
    )


def percent(value: float, how: Any = "exactly") -> tuple[Magnitude, ...]:
    return (Magnitude(value, "percent", how),)


def count(*values: float, how: Any = "exactly") -> tuple[Magnitude, ...]:
    return tuple(Magnitude(v, "count", how) for v in values)


def rate(value: float, digits: int = 1) -> tuple[Magnitude, ...]:
    return (Magnitude(value, "per_100k", digits=digits),)


def size(value: float, unit: Any) -> tuple[Magnitude, ...]:
    return (Magnitude(value, unit),)


FROM_2015: dict[str, Any] = {"comparator_period": year(2015), "direction": "up"}

SUPPORTED = {
    "a count, as it is now": claim("count", magnitudes=count(17_413)),
    "a count, as it was first printed": claim("count", magnitudes=count(17_250)),
    "a count in round words": claim("count", magnitudes=count(17_000, how="about")),
    "a count that is passed": claim("count", magnitudes=count(17_000, how="more than")),
    "a rate": claim("level", magnitudes=rate(5.4)),
    "a state's rate by the revised definition": claim(
        "level", "violent_crime", where=state("NM"), magnitudes=rate(702.5)
    ),
    "a total of three years": claim(
        "count", period=years(2010, 2012), magnitudes=count(44_239)
    ),
    "a number of every one of several years": claim(
        "count", period=years(1990, 1995), magnitudes=count(21_000, how="more than")
    ),
    "a rise in percent": claim("change", magnitudes=percent(8.7), **FROM_2015),
    "a rise of the number on one definition": claim(
        "change", "violent_crime", magnitudes=percent(4.1), **FROM_2015
    ),
    "a fall with no size": claim(
        "change", "burglary", comparator_period=year(2015), direction="down"
    ),
    "a fall to half": claim(
        "change",
        period=year(2014),
        comparator_period=year(1991),
        direction="down",
        magnitudes=size(2, "factor"),
        per_head=True,
    ),
    "from one number to another": claim("change", magnitudes=count(17_413, 15_883), **FROM_2015),
    "a difference in numbers": claim("change", magnitudes=count(1_530), **FROM_2015),
    "no change": claim(
        "change",
        "robbery",
        period=year(2016),
        comparator_period=year(2015),
        direction="none",
        per_head=True,
    ),
    "a rise against the year before, unsaid": claim("change", direction="up"),
    "years in a row": claim(
        "trend",
        "property_crime",
        period=year(2016),
        direction="down",
        magnitudes=size(14, "years"),
        text="It was the fourteenth straight year of decline.",
    ),
    "a fall over decades": claim(
        "trend", "violent_crime", period=years(1993, 2014), direction="down"
    ),
    "the lowest since a year": claim(
        "extremum", period=year(2014), comparator_period=year(1979), direction="down"
    ),
    "the lowest in so many years": claim(
        "extremum", period=year(2014), direction="down", magnitudes=size(30, "years")
    ),
    "the largest rise since a year": claim(
        "extremum",
        "violent_crime",
        period=year(2015),
        comparator_period=year(1991),
        extreme="largest rise",
    ),
    "a peak with its figure": claim(
        "extremum", period=year(1991), direction="up", magnitudes=rate(9.8), text="It peaked."
    ),
    "a record": claim(
        "extremum", period=year(1980), direction="up", per_head=True, text="A record high."
    ),
    "a rank from the top": claim(
        "rank", "property_crime", where=state("NM"), direction="up", magnitudes=size(1, "rank")
    ),
    "a rank that leaves out the District": claim(
        "rank", "violent_crime", where=state("NM"), direction="up", magnitudes=size(2, "rank")
    ),
    "a rank from the bottom": claim(
        "rank",
        "violent_crime",
        where=state("ME"),
        period=year(2019),
        direction="down",
        magnitudes=size(1, "rank"),
    ),
    "a share of an offense": claim(
        "share", "robbery", period=year(2015), whole="violent_crime", magnitudes=percent(27)
    ),
    "a share of the nation": claim(
        "share", where=state("CA"), against=US, magnitudes=percent(11)
    ),
    "above the nation": claim(
        "comparison", where=state("MO"), against=US, direction="up", magnitudes=percent(65)
    ),
    "above other states": claim(
        "comparison",
        "all_crime",
        where=state("NM"),
        against=Where("other states"),
        direction="up",
    ),
    "many times another state's number": claim(
        "comparison",
        where=state("FL"),
        period=year(2014),
        against=state("VT"),
        direction="up",
        magnitudes=size(100, "factor"),
        text="Florida has 100 times the number of murders.",
    ),
    "one year against another": claim(
        "comparison", comparator_period=year(1991), direction="down"
    ),
}  # fmt: skip

CONTRADICTED = {
    "a wrong count": claim("count", magnitudes=count(20_100)),
    "a count that is not passed": claim("count", magnitudes=count(18_000, how="more than")),
    "a wrong rate": claim("level", magnitudes=rate(6.4)),
    "a wrong percent": claim("change", magnitudes=percent(19), **FROM_2015),
    "the wrong direction": claim("change", comparator_period=year(2015), direction="down"),
    "a doubling that was not": claim("change", magnitudes=size(2, "factor"), **FROM_2015),
    "the wrong end of a change": claim("change", magnitudes=count(17_413, 12_100), **FROM_2015),
    "no change where there was one": claim(
        "change", comparator_period=year(2015), direction="none"
    ),
    "too many years in a row": claim(
        "trend", direction="up", magnitudes=size(4, "years"), text="Up for four years running."
    ),
    "a rise that was a fall": claim(
        "trend", "violent_crime", period=years(1993, 2014), direction="up"
    ),
    "a low that was not": claim(
        "extremum", comparator_period=year(2010), direction="down"
    ),
    "a record with higher years": claim(
        "extremum", direction="up", text="Murders were at an all-time high."
    ),
    "a low with a wrong figure": claim(
        "extremum",
        period=year(2014),
        comparator_period=year(1979),
        direction="down",
        magnitudes=rate(5.9),
    ),
    "a wrong rank": claim(
        "rank", where=state("MO"), period=year(2019), direction="up", magnitudes=size(1, "rank")
    ),
    "a wrong share": claim(
        "share", "robbery", whole="violent_crime", magnitudes=percent(50, "more than")
    ),
    "below the nation": claim("comparison", where=state("MO"), against=US, direction="down"),
    "higher than a year that was higher": claim(
        "comparison", comparator_period=year(1991), direction="up"
    ),
}  # fmt: skip


@pytest.mark.parametrize("which", SUPPORTED)
def test_a_true_claim_is_supported(store: Store, which: str) -> None:
    found = check(SUPPORTED[which], store)
    assert found.verdict == "supported", found.why
    assert found.answer is not None


@pytest.mark.parametrize("which", CONTRADICTED)
def test_a_false_claim_is_contradicted(store: Store, which: str) -> None:
    found = check(CONTRADICTED[which], store)
    assert found.verdict == "contradicted", found.why
    assert found.answer is not None


TURNED = {"up": "down", "down": "up"}
CLEAR = [name for name, each in SUPPORTED.items() if each.direction in TURNED]


@pytest.mark.parametrize("which", CLEAR)
def test_the_opposite_of_a_supported_claim_is_contradicted(store: Store, which: str) -> None:
    right = SUPPORTED[which]
    opposite: Any = TURNED[str(right.direction)]
    wrong = replace(right, direction=opposite)
    assert check(wrong, store).verdict == "contradicted", check(wrong, store).why


NUMBERED = [
    name
    for name, each in SUPPORTED.items()
    if each.size("percent", "count", "per_100k") and each.magnitudes[0].how == "exactly"
]


@pytest.mark.parametrize("which", NUMBERED)
def test_a_supported_claim_with_its_number_a_third_larger_is_contradicted(
    store: Store, which: str
) -> None:
    right = SUPPORTED[which]
    first = right.magnitudes[0]
    larger = replace(first, value=round(1.35 * first.value, first.digits))
    wrong = replace(right, magnitudes=(larger, *right.magnitudes[1:]))
    assert check(wrong, store).verdict == "contradicted", check(wrong, store).why


@given(st.integers(1980, 2019), st.sampled_from(["murder", "robbery", "burglary", "larceny"]))
@settings(max_examples=60)
def test_of_two_directions_at_most_one_is_supported(store: Store, until: int, offense: str) -> None:
    verdicts = [
        check(claim("change", offense, period=year(until), direction=each), store).verdict
        for each in ("up", "down")
    ]
    assert verdicts.count("supported") <= 1
    assert verdicts.count("contradicted") <= 1


@pytest.mark.parametrize("rank", [4, 5, 6])
def test_a_rank_among_those_that_print_alike_is_told_with_them(store: Store, rank: int) -> None:
    """The recorded rank is the sixth with the District in the list, and rates print alike."""
    said = claim("rank", where=state("MO"), period=year(2015), direction="up",
                 magnitudes=size(rank, "rank"))  # fmt: skip
    found = check(said, store)
    assert found.verdict == "supported"
    assert "ranked 5th highest of 50 states without D.C." in found.why
    assert "tied at one decimal with" in found.why


def test_a_comparison_of_places_is_by_the_rate_unless_a_number_is_said(store: Store) -> None:
    fewer = {"where": state("TX"), "against": state("CA"), "period": year(2014)}
    by_rate = claim("comparison", "property_crime", **fewer, direction="down")
    by_number = replace(
        by_rate, sentence=replace(by_rate.sentence, text="It had fewer property crimes.")
    )
    assert check(by_rate, store).verdict == "contradicted"
    assert check(by_number, store).verdict == "supported"


def test_a_difference_within_counting_noise_is_said_to_be_one(store: Store) -> None:
    said = claim("comparison", where=state("WY"), against=state("VT"), period=year(2014))
    found = check(replace(said, direction="up"), store)
    assert found.verdict == "supported"
    assert "small numbers" in {t.key for t in found.traps}
    assert "Counting noise alone cannot tell" in found.why
    assert check(replace(said, direction="down"), store).verdict == "can't tell"


# --- misleading ------------------------------------------------------------------------------


@pytest.mark.parametrize(("asserted", "per_head"), [(7.2, False), (6.4, True)])
def test_a_rise_read_across_two_definitions_is_misleading(
    store: Store, asserted: float, per_head: bool
) -> None:
    rise = claim(
        "change", "violent_crime", magnitudes=percent(asserted), per_head=per_head, **FROM_2015
    )
    found = check(rise, store)
    assert found.verdict == "misleading"
    assert "two definitions" in found.why
    assert "definition change" in [t.key for t in found.traps]


def test_a_direction_that_only_the_number_has_is_misleading(store: Store) -> None:
    # Where many people move to, a number can rise while the rate falls.
    both = claim("change", direction="up")
    found = [
        check(replace(both, offense=offense, where=state(postal), period=year(number)), store)
        for offense in ("robbery", "murder", "burglary")
        for postal in ("NV", "AZ", "TX", "FL")
        for number in range(1985, 2005)
    ]
    misled = [f for f in found if f.verdict == "misleading"]
    assert misled
    assert all("count for rate" in [t.key for t in f.traps] for f in misled)


def test_a_mean_and_a_maximum_sold_as_one_effect_are_misleading(store: Store) -> None:
    sold = claim(
        "effect",
        "violent_crime",
        magnitudes=(*percent(4), *percent(42)),
        text="Project Safe Neighborhoods brought drops of anywhere from 4 to 42 percent.",
    )
    found = check(sold, store)
    assert found.verdict == "misleading"
    assert "4.1%" in found.why
    assert "0.9%" in found.why


def test_one_effect_needs_a_study(store: Store) -> None:
    found = check(claim("effect", magnitudes=percent(4), text="It cut murders."), store)
    assert found.verdict == "can't tell"
    assert "study" in found.needs[0].what


# --- can't tell ------------------------------------------------------------------------------


CANNOT = {
    "an offense nobody named": (claim("change", None, direction="up"), "which offense"),
    "an offense without records": (claim("change", "arson", direction="up"), "arson"),
    "an unknown offense": (claim("count", "jaywalking", magnitudes=count(3)), "jaywalking"),
    "no place": (claim("change", where=None, direction="up"), "which place"),
    "a place no table has": (
        claim("change", where=Where("US suburbs"), direction="up"), "US suburbs",
    ),
    "no time": (claim("change", period=None, direction="up"), "which time"),
    "a time before the records": (
        claim("count", period=year(1965), magnitudes=count(9_960)), "1965",
    ),
    "a time after the records": (
        claim("count", period=year(2023), magnitudes=count(19_800)), "2023",
    ),
    "a city without records": (
        claim("count", where=Where("Camden, NJ", (place("Camden, NJ"),)), magnitudes=count(57)),
        "Camden",
    ),
    "months": (
        claim("count", period=Period.months(2016, 1, 6), magnitudes=count(8_000)), "by year",
    ),
    "nothing asserted": (claim("change", comparator_period=year(2015)), "neither a direction"),
    "a share of nothing": (claim("share", magnitudes=percent(5)), "which whole"),
    "a rank of the nation": (claim("rank", direction="up"), "rank states"),
    "a run of years in a city that is not held": (
        claim("trend", where=Where("Reno, NV", (place("Reno, NV"),)), period=year(2015),
              direction="up", magnitudes=size(10, "years"), text="It rose ten years in a row."),
        "no records of",
    ),
    "a rank among counties": (
        claim("rank", where=state("MO"), rank_among="counties", direction="up"), "counties",
    ),
    "a high or a low": (claim("extremum", comparator_period=year(2000)), "high or a low"),
}  # fmt: skip


@pytest.mark.parametrize("which", CANNOT)
def test_what_the_records_lack_is_said(store: Store, which: str) -> None:
    asked, said = CANNOT[which]
    found = check(asked, store)
    assert found.verdict == "can't tell"
    assert said in found.why


def test_what_would_settle_it_is_named_with_a_command(store: Store) -> None:
    chicago = Where("Chicago, IL", (place("Chicago, IL"),))
    found = check(claim("count", where=chicago, period=year(2014), magnitudes=count(415)), store)
    assert "baserate fetch marshall_cities" in [need.command for need in found.needs]


def test_a_year_that_was_not_over_is_not_held_against_a_whole_one(store: Store) -> None:
    early = claim("count", magnitudes=count(12_000))
    found = check(early, store, published=date(2016, 7, 1))
    assert found.verdict == "can't tell"
    assert "partial year" in [t.key for t in found.traps]
    assert check(early, store, published=date(2017, 7, 1)).verdict == "contradicted"


def test_readings_of_a_place_must_agree(store: Store) -> None:
    both = Where("Washington", (place("WA"), place("DC")))
    differ = claim("level", where=both, magnitudes=rate(2.7))
    assert check(differ, store).verdict == "can't tell"
    assert "several places" in check(differ, store).why
    agree = claim("change", "burglary", where=both, period=year(2016),
                  comparator_period=year(1991), direction="down")  # fmt: skip
    assert check(agree, store).verdict == "supported"


def test_the_city_of_washington_is_the_district(store: Store) -> None:
    city = Where("Washington, DC", (place("Washington, DC"),))
    fall = claim("change", where=city, comparator_period=year(2015), direction="down")
    assert "District of Columbia" in check(fall, store).why


def test_a_forecast_is_no_checkable_statement(store: Store) -> None:
    found = check(claim("change", not_checkable="a forecast"), store)
    assert found.verdict == "not a checkable statement"
    assert found.why == "A forecast."


# --- what stands beside the verdict ------------------------------------------------------------


def test_a_rise_that_most_other_base_years_turn_is_supported_and_says_so(store: Store) -> None:
    rise = claim(
        "change",
        "violent_crime",
        comparator_period=year(2014),
        direction="up",
        magnitudes=percent(7, "about"),
    )
    found = check(rise, store)
    assert found.verdict == "supported"
    assert "base year" in [t.key for t in found.traps]


def test_on_the_rise_is_about_the_last_years_known_when_it_was_said(store: Store) -> None:
    rising = claim("trend", "violent_crime", period=year(2017), direction="up")
    then = check(rising, store, published=date(2017, 3, 31))
    assert then.verdict == "supported"
    assert "2014 to 2016" in then.why
    later = replace(rising, period=year(2019))
    assert check(later, store, published=date(2020, 3, 31)).verdict == "contradicted"


def test_a_low_said_of_more_years_than_are_held_says_where_the_records_begin(store: Store) -> None:
    low = claim("extremum", period=year(1999), comparator_period=year(1966), direction="down")
    found = check(low, store)
    assert found.verdict == "supported"
    assert "begin in 1979" in found.why


def test_as_it_stood_then_is_left_out_where_no_release_reaches_back(store: Store) -> None:
    told = claim("count", magnitudes=count(17_250))
    assert check(told, store, published=date(2017, 10, 1)).then is None
    after = check(told, store, published=date(2021, 1, 1)).then
    assert after is not None
    assert after.verdict == "supported"


def test_a_small_miss_of_old_figures_cannot_be_told_from_a_revision(store: Store) -> None:
    said = claim("change", period=year(2005), direction="up", magnitudes=percent(4.8))
    near = check(said, store, published=date(2006, 6, 12))
    far = check(replace(said, magnitudes=percent(14)), store, published=date(2006, 6, 12))
    assert near.verdict == "can't tell"
    assert "cannot be told from a revision" in near.why
    assert (far.verdict, check(said, store).verdict) == ("contradicted", "contradicted")


def test_a_reason_is_plain_sentences(store: Store) -> None:
    for each in (*SUPPORTED.values(), *CONTRADICTED.values(), *(c for c, _ in CANNOT.values())):
        why = check(each, store).why
        assert not why[0].islower(), why
        assert why.endswith("."), why
        assert ".." not in why, why


# --- whatever the text says ---------------------------------------------------------------------


PLACES = st.sampled_from(
    [NATION, place("TX"), place("DC"), place("MS"), place("PR"), place("Chicago, IL"),
     Place("region", "the South", "South")]
)  # fmt: skip
PERIODS = st.one_of(
    st.none(),
    st.builds(lambda a, n: Period.years(a, a + n), st.integers(1960, 2024), st.integers(0, 30)),
    st.builds(lambda a, m: Period.months(a, 1, m), st.integers(1990, 2020), st.integers(1, 12)),
    st.builds(lambda d: Period(d, d), st.dates(date(1950, 1, 1), date(2030, 1, 1))),
)
UNITS = st.sampled_from(["percent", "points", "count", "per_100k", "factor", "rank", "years"])
SIZES = st.builds(
    Magnitude,
    st.floats(0, 1e12, allow_nan=False),
    UNITS,
    st.sampled_from(["exactly", "about", "more than", "less than"]),
    st.integers(0, 2),
)
CLAIMS = st.builds(
    claim,
    st.sampled_from(CLAIM_KINDS),
    st.sampled_from([*offenses(), None, "jaywalking"]),
    where=st.one_of(st.none(), st.builds(Where, st.just("there"), st.lists(PLACES).map(tuple))),
    period=PERIODS,
    comparator_period=PERIODS,
    direction=st.sampled_from(["up", "down", "none", None]),
    magnitudes=st.lists(SIZES, max_size=3).map(tuple),
    per_head=st.sampled_from([True, False, None]),
    extreme=st.sampled_from([None, "highest", "lowest", "largest rise", "largest fall"]),
    against=st.one_of(st.none(), st.builds(Where, st.just("it"), st.lists(PLACES).map(tuple))),
    whole=st.sampled_from([None, "violent_crime", "murder"]),
    to_date=st.booleans(),
    text=st.sampled_from(["", "a record for years in a row", "between 1 and 1990"]),
)


@given(CLAIMS, st.one_of(st.none(), st.dates(date(1990, 1, 1), date(2026, 1, 1))))
@settings(max_examples=150)
def test_no_claim_is_answered_with_an_error(
    store: Store, said: Claim, published: date | None
) -> None:
    found: Checked = check(said, store, published=published)
    assert found.verdict in CLAIM_VERDICTS
    assert found.why.strip()


def test_an_article_of_forty_claims_is_checked_within_a_second(store: Store) -> None:
    checker = Checker(store)
    said = [*SUPPORTED.values(), *CONTRADICTED.values()][:40]
    start = time.perf_counter()
    found = [checker.check(each, date(2020, 12, 1)) for each in said]
    assert time.perf_counter() - start < 2, "twice what is promised, for a busy machine"
    assert len(found) == 40


def test_months_of_a_year_not_over_are_no_trend_of_years(store: Store) -> None:
    so_far = claim(
        "trend",
        period=Period.months(2017, 1, 5),
        direction="up",
        to_date=True,
    )
    found = check(so_far, store, published=date(2017, 6, 1))
    assert found.verdict == "can't tell"
