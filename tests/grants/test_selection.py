"""Selection: cities against the nation, the laws it keeps, and the published figures."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from math import exp, log, sqrt
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.made.cities import YEARS, a_store, city_facts, of_ratios, times_nation

from baserate.errors import (
    BadGiven,
    BadScenario,
    DefinitionUnstated,
    NoCandidates,
    NoReleaseByThen,
    NoSuchSites,
    NotARanking,
    PlaceNotHeld,
    YearNotHeld,
)
from baserate.grants.parameters import Dated, rules
from baserate.grants.register import read_register
from baserate.grants.selection.contrasts import against_chosen
from baserate.grants.selection.criteria import (
    STANDINGS,
    Tally,
    ratio,
    standing,
    window_ratio,
)
from baserate.grants.selection.declared import read_declared
from baserate.grants.selection.nation import nation_of
from baserate.grants.selection.parts import next_cohort
from baserate.grants.selection.ranks import Ranked, ranks, surely_above
from baserate.grants.selection.select import Asked, Selected, select
from baserate.measure.poisson import RatioLimits
from baserate.sources.reading import Source
from baserate.store.add import add
from baserate.store.open import Store, open_store

SITES = read_register()
US_2015 = Tally(1_197_704, 1_197_704e5 / 372.6)


RULES = ("threshold", "years_sustained", "confidence", "smallest_population")


def asked(**more: Any) -> Asked:
    """The question of 2015, with parameters of the rule and parts of the question replaced."""
    values = {name: more.pop(name) for name in RULES if name in more}
    dated: dict[str, tuple[Dated, ...]] = {
        name: (Dated(date(2014, 1, 1), Fraction(str(value)), "this test", True),)
        for name, value in values.items()
    }
    changed = rules("psp").with_values(dated, "a test")
    return Asked(2015, "violent_crime", changed, SITES, **more)


def met(found: Selected) -> set[str]:
    return {c.key for c in found.met}


# --- one city ------------------------------------------------------------------------------


def test_the_interval_of_a_ratio_is_that_of_the_log_of_two_counts():
    found = ratio(Tally(9542, 621_252), US_2015, 0.95)
    half = 1.959964 * sqrt(1 / 9542 + 1 / 1_197_704)
    assert found.lower == pytest.approx(exp(log(found.ratio) - half))
    assert found.upper == pytest.approx(exp(log(found.ratio) + half))


def test_a_city_without_offenses_has_ratio_zero_and_an_upper_limit():
    found = ratio(Tally(0, 50_000), US_2015, 0.95)
    assert (found.ratio, found.lower) == (0, 0)
    assert found.upper > 0


def test_the_ratio_of_a_window_lies_among_those_of_its_years():
    pairs = [(Tally(300, 50_000), US_2015), (Tally(500, 60_000), US_2015)]
    years = [ratio(*pair, 0.95).ratio for pair in pairs]
    assert min(years) < window_ratio(pairs, 0.95).ratio < max(years)


@pytest.mark.parametrize(
    ("ratios", "says"),
    [
        ([(1.4, 1.3), (1.5, 1.2)], "met"),
        ([(1.4, 1.3), (1.1, 0.9)], "met without certainty"),
        ([(1.4, 1.3), (1.1, 1.0)], "met without certainty"),
        ([(1.4, 1.3), (1.0, 0.9)], "not met"),
        ([(1.4, 1.3), None], "cannot be told"),
        ([(0.8, 0.7), None], "not met"),
        ([None, None], "cannot be told"),
        ([], "cannot be told"),
    ],
)
def test_sustained_means_every_year(ratios: list[tuple[float, float] | None], says: str):
    found = [None if r is None else RatioLimits(r[0], r[1], 9.0) for r in ratios]
    assert standing(found, 1) == says


counts = st.lists(st.integers(0, 5_000), min_size=1, max_size=5)
thresholds = st.sampled_from([0.5, 1.0, 1.5, 2.0, 3.0])


def stands(by_year: list[int], threshold: float) -> str:
    return standing([ratio(Tally(n, 100_000), US_2015, 0.95) for n in by_year], threshold)


@given(counts, thresholds, thresholds)
def test_a_higher_threshold_never_adds_a_city(by_year: list[int], one: float, other: float):
    low, high = sorted((one, other))
    assert stands(by_year, high) != "met" or stands(by_year, low) == "met"


@given(counts, st.integers(0, 5_000), thresholds)
def test_a_longer_window_never_adds_a_city(by_year: list[int], earlier: int, threshold: float):
    longer = stands([earlier, *by_year], threshold)
    assert longer != "met" or stands(by_year, threshold) == "met"


@given(counts, st.integers(0, 4), st.integers(1, 300), thresholds)
def test_more_recorded_crime_never_removes_a_city(
    by_year: list[int], which: int, more: int, threshold: float
):
    raised = [n + more if i == which % len(by_year) else n for i, n in enumerate(by_year)]
    order = ("not met", "met without certainty", "met")
    assert order.index(stands(raised, threshold)) >= order.index(stands(by_year, threshold))


def test_every_standing_has_its_word():
    assert STANDINGS == ("met", "met without certainty", "not met", "cannot be told")


# --- ranks ---------------------------------------------------------------------------------

some_cities = st.lists(
    st.builds(Ranked, st.integers(0, 3_000), st.floats(10, 1_000)), min_size=1, max_size=12
)


@given(some_cities)
def test_a_rank_lies_in_its_interval(every: list[Ranked]):
    for one in ranks(every, 0.95):
        assert 1 <= one.highest <= one.rank <= one.lowest <= len(every)


@given(some_cities, st.randoms(use_true_random=False))
def test_the_order_of_cities_does_not_matter(every: list[Ranked], random: Any):
    shuffled = random.sample(every, len(every))
    found = dict(zip(shuffled, ranks(shuffled, 0.95), strict=True))
    assert [found[one] for one in every] == ranks(every, 0.95)


def test_ranks_hold_together_as_often_as_they_say():
    import numpy as np

    random = np.random.default_rng(20170620)
    truth = np.array([80.0, 95, 100, 104, 130, 200])
    right = sum(
        all(r.highest <= t <= r.lowest for r, t in zip(found, (6, 5, 4, 3, 2, 1), strict=True))
        for _ in range(400)
        if (found := ranks([Ranked(int(n), 1.0) for n in random.poisson(truth)], 0.95))
    )
    assert right / 400 >= 0.95


def test_surely_above_grows_stricter_with_the_comparisons():
    one, other = Ranked(260, 100.0), Ranked(200, 100.0)
    assert surely_above(one, other, 0.95, 1)
    assert not surely_above(one, other, 0.95, 1_000)


# --- a made-up store -----------------------------------------------------------------------

MADE = {
    "Memphis, TN": 4.5,  # chosen in 2017
    "Houston, TX": 2.0,  # chosen in 2017
    "Baltimore, MD": 3.9,  # chosen in 2019
    "Chicago, IL": 1.995,  # in the predecessor since 2014
    "St. Louis, MO": 4.6,  # in the predecessor since 2016, and a pilot site
    "Boise, ID": 1.01,  # never, and not clearly above
    "Irvine, CA": 0.2,  # never
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return of_ratios(tmp_path_factory.mktemp("made"), MADE)


def test_who_meets_the_criterion(made: Store):
    found = select(asked(), made)
    assert {c.key: c.standing for c in found.candidates} == {
        "St. Louis, MO": "met", "Memphis, TN": "met", "Baltimore, MD": "met",
        "Houston, TX": "met", "Chicago, IL": "met", "Boise, ID": "met without certainty",
        "Irvine, CA": "not met",
    }  # fmt: skip


def test_who_was_chosen_and_who_was_a_site_already(made: Store):
    found = select(asked(), made)
    assert found.cohort == "2017"
    assert {c.key: c.part for c in found.candidates} == {
        "St. Louis, MO": "already a site", "Memphis, TN": "chosen", "Houston, TX": "chosen",
        "Baltimore, MD": "chosen later", "Chicago, IL": "in the predecessor",
        "Boise, ID": "not chosen", "Irvine, CA": "not chosen",
    }  # fmt: skip
    assert len(found.chosen_absent) == 10


def test_who_had_the_predecessor_is_apart_from_who_was_passed_over(made: Store):
    found = select(asked(), made)
    assert [c.key for c in found.met_not_chosen] == ["Baltimore, MD"]
    assert [c.key for c in found.met_as("in the predecessor")] == ["Chicago, IL"]
    (chicago,) = [c for c in found.candidates if c.key == "Chicago, IL"]
    assert [(r.program, r.start) for r in chicago.before] == [("vrn", "2014-09")]


def test_a_cohort_without_a_start_has_that_of_the_predecessor(made: Store):
    found = select(asked(cohort="pilot"), made)
    assert {c.key: c.part for c in found.candidates if c.part != "not chosen"} == {
        "St. Louis, MO": "chosen", "Chicago, IL": "in the predecessor",
        "Memphis, TN": "chosen later", "Houston, TX": "chosen later",
        "Baltimore, MD": "chosen later",
    }  # fmt: skip


def test_how_one_city_stands_to_each_that_was_chosen(made: Store):
    found = select(asked(), made)
    by_key = {c.key: c for c in found.candidates}
    stands = {
        key: against_chosen(by_key[key], found.candidates, 0.95)
        for key in ("Chicago, IL", "Baltimore, MD", "Memphis, TN")
    }
    assert stands == {
        "Chicago, IL": {"Memphis, TN": "surely below", "Houston, TX": "below within noise"},
        "Baltimore, MD": {"Memphis, TN": "surely below", "Houston, TX": "surely above"},
        "Memphis, TN": {"Houston, TX": "surely above"},
    }


def test_who_met_it_as_strongly_and_was_not_chosen(made: Store):
    memphis, houston = select(asked(), made).contrasts
    assert (memphis.chosen.key, memphis.as_far, memphis.alike) == ("Memphis, TN", (), ())
    assert houston.as_far == houston.surely == ("Baltimore, MD",)
    assert houston.alike == ("Chicago, IL",)


def test_a_higher_threshold_is_read_from_the_what_if(made: Store):
    assert met(select(asked(threshold=2.5), made)) == {
        "St. Louis, MO",
        "Memphis, TN",
        "Baltimore, MD",
    }


def test_the_variations_only_lose_cities(made: Store):
    found = [v for v in select(asked(), made).variations if v.window == 3]
    assert [v.met for v in found] == sorted((v.met for v in found), reverse=True)
    assert (found[0].met, found[0].told, found[0].chosen_met) == (5, 7, 2)


def test_variations_are_of_their_own_window_and_offense(tmp_path: Path):
    """A city above the nation in 2015 alone, and above it in robbery never."""
    late = {2013: 1000, 2014: 1000, 2015: 6000}
    facts = city_facts("Memphis, TN", late)
    facts += city_facts("Memphis, TN", dict.fromkeys(YEARS, 100), offense="robbery")
    found = {
        (v.offense, v.window): v.met
        for v in select(asked(), a_store(tmp_path, facts)).variations
        if v.threshold == 1
    }
    assert (found["violent_crime", 1], found["violent_crime", 3]) == (1, 0)
    assert found["robbery", 1] == 0


def test_more_pairs_ask_for_more_before_a_city_is_surely_above():
    """One pair at 95%, or one of a thousand of which all hold together at 95%."""
    one, other = Ranked(3_000, 2_800.0), Ranked(2_850, 2_800.0)
    assert surely_above(one, other, 0.90, 1)
    assert not surely_above(one, other, 0.90, 1_000)


def test_another_cohort_changes_parts_and_no_figure(made: Store):
    one, other = select(asked(), made), select(asked(cohort="2019"), made)
    assert [c.years for c in one.candidates] == [c.years for c in other.candidates]
    assert [c.key for c in other.part("chosen")] == ["Baltimore, MD"]


def test_a_rule_names_what_no_one_laid_down(made: Store):
    taken = {t.name: t.verified for t in select(asked(), made).criteria.taken}
    assert not taken["confidence"]
    assert {t.scenario for t in select(asked(threshold=2), made).criteria.taken} == {"a test", ""}


def test_a_missing_year_is_told_and_not_filled(tmp_path: Path):
    facts = city_facts("Memphis, TN", times_nation(4, (2013, 2015)))
    facts += city_facts("Houston, TX", times_nation(2), partial=frozenset({2014}))
    facts += city_facts("Irvine, CA", times_nation(0.2, (2015,)))
    facts += city_facts("Boise, ID", times_nation(3))
    made = select(asked(), a_store(tmp_path, facts))
    assert [c.key for c in made.told] == ["Boise, ID"]
    found = {c.key: c for c in made.candidates if c.key != "Boise, ID"}
    assert found["Memphis, TN"].standing == "cannot be told"
    assert [(x.year, x.why) for x in found["Memphis, TN"].record.lacking] == [(2014, "no record")]
    assert found["Houston, TX"].record.lacking[0].why.startswith("held in part only")
    assert found["Irvine, CA"].standing == "not met"
    assert {c.rank for c in found.values()} == {None}


def test_a_city_is_set_against_the_nation_by_its_own_definition(tmp_path: Path):
    facts = city_facts("Memphis, TN", times_nation(4), definition="revised")
    facts += city_facts("Houston, TX", times_nation(4), definition=None)
    facts += city_facts("Irvine, CA", times_nation(4), definition="legacy")
    found = select(asked(), a_store(tmp_path, facts))
    used = {c.key: c.record.years[-1] for c in found.candidates}
    assert used["Memphis, TN"].nation.definition == "revised"
    assert used["Memphis, TN"].nation.rate == pytest.approx(384.60, abs=0.01)
    assert used["Irvine, CA"].nation.rate == 372.6
    assert not used["Houston, TX"].alike
    (caveat,) = [c for c in found.caveats if isinstance(c, DefinitionUnstated)]
    assert "1 of the 3 cities" in caveat.text


def test_every_list_says_that_it_is_no_ranking_of_cities(made: Store):
    assert any(isinstance(c, NotARanking) for c in select(asked(), made).caveats)


def test_small_cities_are_left_out_unless_the_rule_says_otherwise(tmp_path: Path):
    facts = city_facts("Memphis, TN", times_nation(4))
    facts += city_facts("Gary, IN", dict.fromkeys(YEARS, 900), population=77_000)
    made = a_store(tmp_path, facts)
    found = select(asked(), made)
    assert len(select(asked(smallest_population=0), made).candidates) == 2
    with pytest.raises(PlaceNotHeld, match=r"Gary, IN has 77,000 .* --smallest-population 0"):
        select(asked(place="Gary, IN"), made)
    assert ([c.key for c in found.candidates], found.too_small) == (["Memphis, TN"], ("Gary, IN",))


def test_a_chosen_city_below_the_floor_is_named_and_not_called_without_records(tmp_path: Path):
    facts = city_facts("Memphis, TN", times_nation(4))
    facts += city_facts("Jackson, TN", dict.fromkeys(YEARS, 900), population=67_000)
    found = select(asked(), a_store(tmp_path, facts))
    assert [r.place for r in found.chosen_small] == ["Jackson, TN"]
    assert "Jackson, TN" not in [r.place for r in found.chosen_absent]


# --- what the nation was -------------------------------------------------------------------


def test_the_nation_is_as_it_was_printed_where_that_covers_the_window(store: Store):
    then = nation_of(store, "violent_crime", YEARS, None)
    assert [then.usual[y].rate for y in YEARS] == [369.1, 361.6, 372.6]
    assert then.usual[2015].released == date(2016, 9, 26)


@pytest.mark.parametrize("years", [(2012, 2013), (2014, 2015, 2016)])
def test_else_it_is_as_it_stands_now(store: Store, years: tuple[int, ...]):
    assert nation_of(store, "violent_crime", years, None).vintage == "current"


def test_what_was_not_printed_is_not_made_up(store: Store):
    with pytest.raises(YearNotHeld, match="held for 2013 to 2015, not 2012"):
        nation_of(store, "violent_crime", (2012, 2013), "published")
    with pytest.raises(YearNotHeld, match="ask with --nation current"):
        nation_of(store, "murder", YEARS, "published")
    with pytest.raises(NoReleaseByThen, match="2016-09-26"):
        nation_of(store.view(as_of=date(2016, 1, 1)), "violent_crime", YEARS, "published")


def test_the_newest_release_is_a_little_higher(made: Store):
    then, now = select(asked(), made), select(asked(nation="current"), made)
    pairs = zip(then.candidates, now.candidates, strict=True)
    assert all(a.years[-1].ratio > b.years[-1].ratio for a, b in pairs)
    assert [c.today for c in then.candidates] == [c.years[-1] for c in now.candidates]


# --- cohorts -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("year", "cohort"),
    [(2012, None), (2013, None), (2014, "2017"), (2015, "2017"), (2016, "2018"), (2017, "2019"),
     (2018, "2021"), (2019, "2021"), (2009, None), (2023, None)],
)  # fmt: skip
def test_the_cohort_is_the_first_announced_after_the_figures(year: int, cohort: str | None):
    sites = [r for r in SITES if r.program == "psp"]
    assert next_cohort(sites, year) == cohort


def test_without_a_cohort_there_is_a_list_and_no_comparison(made: Store):
    found = select(replace(asked(), register=()), made)
    assert (found.cohort, found.contrasts, {c.part for c in found.candidates}) == (None, (), {""})


# --- refusals ------------------------------------------------------------------------------


def test_no_city_at_all_says_what_to_add(store: Store):
    with pytest.raises(NoCandidates, match="baserate fetch marshall_cities"):
        select(asked(), store)


def test_a_window_that_no_city_has_is_refused_and_not_answered_from_a_part(tmp_path: Path):
    facts = city_facts("Irvine, CA", times_nation(0.2, (2014, 2015)))
    with pytest.raises(NoCandidates, match=r"none of the 1 cities .* 1 lack 2013"):
        select(asked(), a_store(tmp_path, facts))


def test_a_city_without_records_is_not_called_unqualified(made: Store):
    with pytest.raises(PlaceNotHeld, match="cannot be told"):
        select(asked(place="Toledo, OH"), made)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"years_sustained": 2.5}, "years_sustained = 2.5"),
        ({"years_sustained": 0}, "years_sustained = 0"),
        ({"years_sustained": 1000}, "1 to 40"),
        ({"confidence": 1}, "confidence = 1"),
        ({"confidence": 0}, "confidence = 0"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(wrong: dict[str, float], says: str, made: Store):
    with pytest.raises(BadScenario, match=says):
        select(asked(**wrong), made)


def test_an_unknown_cohort_is_refused(made: Store):
    with pytest.raises(NoSuchSites, match="no cohort called '1999'"):
        select(asked(cohort="1999"), made)


# --- what is declared ----------------------------------------------------------------------


def declared(folder: Path, text: str) -> Path:
    path = folder / "declared.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_declaration_stands_beside_and_changes_nothing(made: Store, tmp_path: Path):
    told = read_declared(declared(
        tmp_path, "city,commitment,readiness,source\n\"Baltimore, Md.\",no,,a letter\n"
    ))  # fmt: skip
    plain, found = select(asked(), made), select(asked(declared=told), made)
    assert met(plain) == met(found)
    (one,) = [c for c in found.candidates if c.declared]
    assert one.declared is not None
    assert (one.key, one.declared.commitment, one.declared.readiness) == (
        "Baltimore, MD",
        False,
        None,
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("city,commitment\n", "has not the columns"),
        ("city,commitment,readiness,source\nErie,yes,no\n", "the header has 4"),
        ("city,commitment,readiness,source\nErie,yes,no,a,b\n", "the header has 4"),
        ('city,commitment,readiness,source\n"Erie, PA",maybe,no,a\n', "line 2: commitment 'maybe'"),
        ('city,commitment,readiness,source\n"Erie, PA",yes,no,\n', "say in source"),
        ("city,commitment,readiness,source\nKansas City,yes,no,a\n", "is 2 places"),
        ("city,commitment,readiness,source\nAtlantis,yes,no,a\n", "no place is called"),
        ('city,commitment,readiness,source\n"Erie, PA",,,a\n"Erie, PA",,,b\n', "twice"),
    ],
)
def test_a_bad_declaration_is_refused_whole(text: str, says: str, tmp_path: Path):
    with pytest.raises(BadGiven, match=says):
        read_declared(declared(tmp_path, text))


# --- published figures ---------------------------------------------------------------------

# City rates of 2015 in The Marshall Project's table over 372.6, the nation's rate as printed in
# September 2016; two decimals.
RATIOS_2015 = {
    "St. Louis, MO": 4.88, "Kansas City, MO": 3.80, "Memphis, TN": 4.67, "Indianapolis, IN": 3.46,
    "Buffalo, NY": 3.00, "Houston, TX": 2.59, "Cincinnati, OH": 2.48, "Baltimore, MD": 4.12,
    "Albuquerque, NM": 2.59, "Chicago, IL": 2.43,
}  # fmt: skip


@pytest.fixture(scope="module")
def real(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Selected:
    folder = tmp_path_factory.mktemp("real")
    add(Source(shared / "data/srs/marshall_ucr_crime_1975_2015.csv", None, None), folder)
    return select(asked(), open_store(folder))


def test_the_ratios_of_2015(real: Selected):
    found = {c.key: round(c.years[-1].ratio, 2) for c in real.candidates if c.record.is_whole}
    assert {city: found[city] for city in RATIOS_2015} == RATIOS_2015


def test_baltimore_exceeds_every_chosen_city_but_memphis(real: Selected):
    beside = {c.chosen.key: "Baltimore, MD" in c.surely for c in real.contrasts}
    assert beside.pop("Memphis, TN") is False
    assert set(beside.values()) == {True}


def test_chicago_met_it_and_is_within_noise_of_a_chosen_city(real: Selected):
    assert "Chicago, IL" in met(real)
    assert [c.key for c in real.within_noise].count("Chicago, IL") == 1


def test_the_criterion_alone_chooses_nearly_every_large_city(real: Selected):
    assert (len(real.met), len(real.told), len(real.met_not_chosen)) == (52, 58, 38)
    assert {c.key for c in real.met_as("in the predecessor")} == {
        "Chicago, IL", "Detroit, MI", "Oakland, CA",
    }  # fmt: skip
    assert real.too_small == ()
    assert {r.site for r in real.chosen_absent} == {
        "Birmingham", "Toledo", "Baton Rouge", "Jackson", "Lansing", "Springfield",
    }  # fmt: skip
