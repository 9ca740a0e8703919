"""What the FBI's figures say, against published figures."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from baserate.errors import (
    BaserateError,
    DefinitionNotHeld,
    LeftOpen,
    MissingPart,
    OffenseNotHeld,
    PlaceNotHeld,
    YearNotHeld,
)
from baserate.measure.answer import Answer
from baserate.measure.ask import MEASURES, answer, ask, read_question
from baserate.measure.difference import Tally, change_verdict, difference
from baserate.measure.parse import parse
from baserate.measure.question import Question
from baserate.store.open import Store
from baserate.terms.periods import Period
from baserate.terms.places import place

MISSOURI = place("MO")


def kinds(found: Answer) -> list[str]:
    return [c.kind for c in found.caveats]


def other(found: Answer, label: str) -> float:
    value = next(o.value for o in found.others if o.label == label)
    assert value is not None
    return value


# --- the definition of rape: never two in one comparison ------------------------------------


def test_violent_crime_2015_to_2016_rose_by_3_4_percent_on_either_definition(
    store: Store, expected: dict[str, Any]
):
    item = expected["us_rate_change_2015_2016"]
    found = ask("violent crime rate in the United States, 2015 to 2016", store=store)
    assert found.verdict == "up"
    assert found.value == pytest.approx(100 * item["expected"]["legacy"], abs=0.01)
    assert other(found, "revised definition") == pytest.approx(
        100 * item["expected"]["revised"], abs=0.01
    )


def test_the_naive_rise_of_2016_is_no_answer_and_its_cause_is_named(store: Store):
    found = ask("violent crime rate in the United States, 2015 to 2016", store=store)
    values = [found.value, *(o.value for o in found.others)]
    values += [c.value for c in found.robustness.choices]
    assert all(v is not None and abs(v - 6.36) > 0.5 for v in values)
    assert kinds(found)[0] == "definition_change"
    assert "2015 by the legacy definition and 2016 by the revised" in found.caveats[0].text


def test_violent_crime_2014_to_2016_rose_nearly_seven_percent(
    store: Store, expected: dict[str, Any]
):
    item = expected["us_rate_change_2014_2016"]["expected"]
    found = ask("violent crime rate in the United States, 2014 to 2016", store=store)
    assert found.value == pytest.approx(100 * item["legacy"], abs=0.01)
    assert other(found, "revised definition") == pytest.approx(100 * item["revised"], abs=0.01)


def test_murder_2014_to_2016_by_rate_and_by_count(store: Store, expected: dict[str, Any]):
    item = expected["us_murder_change_2014_2016"]["expected"]
    found = ask("murder in the United States, 2014 to 2016", store=store)
    assert found.unit == "percent change in the rate"
    assert found.value == pytest.approx(100 * item["rate"], abs=0.01)
    assert other(found, "count") == pytest.approx(100 * item["count"], abs=0.01)


def test_1991_to_2014_fell_by_half(store: Store):
    # FBI, Crime in the United States 2010, Table 1 (758.2) and 2015, Table 1 (361.6).
    found = ask("violent crime rate in the United States, 1991 to 2014", store=store)
    assert found.earlier is not None
    assert found.later is not None
    assert (round(found.earlier.rate, 1), round(found.later.rate, 1)) == (758.2, 361.6)
    assert found.value == pytest.approx(-52.3, abs=0.05)


def test_no_definition_spans_2010_to_2019_so_it_is_bridged(store: Store):
    found = ask("violent crime rate in the United States, 2010 to 2019", store=store)
    assert found.definition.basis == "bridged"
    assert "bridged_definition" in kinds(found)
    legacy = store.series("US", "violent_crime", "legacy")
    revised = store.series("US", "violent_crime", "revised")
    both = range(2013, 2017)
    factor = sum(revised[y].offenses for y in both) / sum(legacy[y].offenses for y in both)
    start = factor * legacy[2010].offenses / legacy[2010].population
    end = revised[2019].offenses / revised[2019].population
    assert found.value == pytest.approx(100 * (end / start - 1))
    tried = [c.option for c in found.robustness.choices if c.kind == "definition"]
    assert tried == [f"bridged by {y} alone" for y in both]


def test_a_definition_that_does_not_span_the_years_is_not_stretched(store: Store):
    with pytest.raises(DefinitionNotHeld, match=r"legacy definition .* have 1979 to 2016"):
        ask("rape in the US, legacy definition, 2010 to 2019", store=store)
    with pytest.raises(DefinitionNotHeld, match="spans 2010 to 2019"):
        ask("average violent crime rate in Ohio, 2010 to 2019", store=store)


@given(st.sampled_from(["violent crime", "rape", "all crime"]), st.integers(1979, 2018),
       st.sampled_from(["United States", "Missouri", "California", "Vermont"]))  # fmt: skip
def test_both_ends_of_a_change_are_on_one_definition(
    store: Store, offense: str, first: int, where: str
):
    found = ask(f"{offense} rate in {where}, {first} to 2019", store=store)
    assert found.earlier is not None
    assert found.later is not None
    if found.definition.basis == "bridged":
        assert (found.earlier.basis, found.later.basis) == ("legacy", "revised")
        assert "bridged_definition" in kinds(found)
    else:
        assert found.earlier.basis == found.later.basis == found.definition.basis


def test_states_add_up_to_more_than_the_nation_by_definition_and_not_by_crime(
    store: Store, expected: dict[str, Any]
):
    found = ask("sum of states against the nation, violent, 2013-2015", store=store)
    percents = [round(y.percent, 2) for y in found.states_against_nation]
    assert percents == [2.69, 2.88, 2.96]
    for year in found.states_against_nation:
        wanted = expected["state_sum_minus_national"]["expected"][str(year.year)]
        assert {"states": year.states, "us": year.nation} == wanted
        assert abs(year.same_definition_percent or 0) < 0.01
    assert kinds(found)[0] == "states_exceed_nation"
    assert found.verdict == "no clear difference"


@pytest.mark.parametrize("year", [2012, 2016])
def test_states_and_nation_agree_in_the_years_around(
    store: Store, expected: dict[str, Any], year: int
):
    found = ask(f"sum of states against the nation, violent crime, {year}", store=store)
    (only,) = found.states_against_nation
    wanted = expected["state_sum_minus_national"]["expected"][str(year)]
    assert {"states": only.states, "us": only.nation} == wanted
    assert "states_exceed_nation" not in kinds(found)


def test_without_mississippi_there_is_no_sum_of_states(store: Store):
    with pytest.raises(YearNotHeld, match="1990"):
        ask("sum of states against the nation, murder, 1990", store=store)


# --- real and ordinary are two things -----------------------------------------------------------


def test_the_rise_of_2016_was_real_as_recorded_and_ordinary(store: Store):
    found = ask("violent crime rate in the United States, 2015 to 2016", store=store)
    assert found.interval is not None
    assert (round(found.interval.lower, 1), round(found.interval.upper, 1)) == (3.2, 3.7)
    assert found.unusual is not None
    assert not found.unusual.is_unusual
    assert (found.unusual.at_least_as_large, found.unusual.of) == (20, 37)


def test_the_rise_of_murder_to_2016_was_unusual(store: Store):
    found = ask("murder rate in the United States, 2014 to 2016", store=store)
    assert found.unusual is not None
    assert found.unusual.is_unusual
    assert found.unusual.band[1] < 21


def test_the_series_own_scatter_is_wider_than_counting_noise(store: Store):
    found = ask("violent crime rate in the United States, 2015 to 2016", store=store)
    assert found.scatter is not None
    assert found.interval is not None
    assert found.scatter.dispersion > 100
    assert found.scatter.interval.lower < found.interval.lower
    assert found.scatter.interval.upper > found.interval.upper


def test_eleven_murders_and_eleven_murders_show_no_clear_change(store: Store):
    found = ask("murder in Vermont, 2018 to 2019", store=store)
    assert found.verdict == "no clear change"
    assert found.p_value is not None
    assert found.p_value > 0.9
    assert "small_counts" in kinds(found)


def test_where_printed_total_and_parts_disagree_about_the_answer_it_cannot_be_told(store: Store):
    found = ask("violent crime rate in Hawaii, 2014 to 2015", store=store)
    assert found.verdict == "can't tell"
    assert kinds(found)[0] == "parts_do_not_add"
    assert any(c.kind == "total" and c.verdict == "up" for c in found.robustness.choices)


# --- the answer moves with the base year ---------------------------------------------------------


def test_the_rise_of_2016_holds_from_two_of_ten_other_base_years(store: Store):
    found = ask("violent crime rate in the United States, 2015 to 2016", store=store)
    tried = {c.option: c for c in found.robustness.choices if c.kind == "base year"}
    assert [y for y, c in tried.items() if c.holds] == ["2013", "2014"]
    assert set(tried) == {str(y) for y in range(2005, 2015)}
    assert tried["2012"].value == pytest.approx(-0.3, abs=0.05)
    assert tried["2006"].value == pytest.approx(-19.4, abs=0.05)


def test_no_base_year_makes_the_great_decline_a_rise(store: Store):
    found = ask("violent crime rate in the United States, 1991 to 2014", store=store)
    assert found.robustness.holds == found.robustness.of
    assert found.robustness.flips == ()


# --- extremes, ranks, shares, comparisons, trends, levels -----------------------------------------


def test_2015_had_the_largest_rise_since_1991(store: Store):
    found = ask(
        "largest one-year rise in the violent crime rate since 1991, as of 2015", store=store
    )
    assert found.extremes is not None
    assert found.extremes.year == 2015
    assert found.value == pytest.approx(3.37, abs=0.005)
    assert found.extremes.last_beyond == 1991
    assert found.extremes.last_beyond_value == pytest.approx(3.91, abs=0.005)
    assert found.extremes.runner_up_value is not None
    assert found.value is not None
    assert found.extremes.runner_up_value < found.value


def test_the_violent_crime_rate_peaked_in_1991(store: Store):
    found = ask("highest violent crime rate in the United States", store=store)
    assert found.extremes is not None
    assert found.extremes.year == 1991
    assert found.value == pytest.approx(758.2, abs=0.05)


def test_a_largest_fall_is_negative(store: Store):
    found = ask("largest one-year fall in robbery in the US since 1990", store=store)
    assert found.value is not None
    assert found.value < 0
    assert found.verdict == "down"


def test_the_rank_of_a_middling_state_is_uncertain_and_that_of_dc_is_not(store: Store):
    first = ask("rank of D.C. for murder, 2019", store=store).ranking
    middle = ask("rank of Missouri for murder, 2019", store=store).ranking
    assert first is not None
    assert middle is not None
    assert (first.rank, first.highest, first.lowest, first.of) == (1, 1, 1, 51)
    assert middle.highest < middle.rank == 5 < middle.lowest
    assert "Alaska" in middle.not_distinguishable


def test_rank_agrees_with_sorting_the_published_rates(store: Store):
    rates = {
        key: 1e5 * row.offenses / row.population
        for key in store.places()
        if key != "US" and (row := store.series(key, "robbery")[2019])
    }
    ordered = sorted(rates, key=lambda k: -rates[k])
    for key, name in [("MO", "Missouri"), ("ME", "Maine"), ("NV", "Nevada")]:
        found = ask(f"rank of {name} by robbery rate, 2019", store=store)
        assert found.value == ordered.index(key) + 1


def test_before_1995_the_rank_is_among_fifty_and_says_who_is_missing(store: Store):
    found = ask("rank of Missouri by murder rate, 1990", store=store)
    assert found.ranking is not None
    assert found.ranking.of == 50
    assert "missing_places" in kinds(found)
    assert "Mississippi" in next(c.text for c in found.caveats if c.kind == "missing_places")


def test_which_state_had_the_highest_names_it(store: Store):
    found = ask("which state had the highest murder rate in 2019", store=store)
    assert found.later is not None
    assert found.later.place.key == "DC"
    lowest = ask("which state had the lowest murder rate in 2019", store=store)
    assert lowest.value == min(p.value for p in lowest.points)


def test_a_share_is_part_over_whole(store: Store):
    found = ask("murder as a share of violent crime in the United States, 2019", store=store)
    assert found.value is not None
    assert found.interval is not None
    assert found.value == pytest.approx(100 * 16_425 / 1_245_410)
    assert found.value in found.interval


def test_robbery_is_no_share_of_burglary(store: Store):
    with pytest.raises(MissingPart, match="robbery is not a part of burglary"):
        ask("robbery as a share of burglary in Ohio, 2019", store=store)


def test_shares_of_all_states_sum_to_the_nation(store: Store):
    from baserate.terms.places import states

    total = sum(
        ask(f"{s.plain} share of murder in the United States, 2019", store=store).value or 0
        for s in states().values()
    )
    assert total == pytest.approx(100, abs=0.01)


def test_missouri_was_higher_than_the_nation(store: Store):
    found = ask("violent crime rate in Missouri against the United States, 2019", store=store)
    assert found.verdict == "higher"
    assert found.value == pytest.approx(100 * (495.01 / 379.42 - 1), abs=0.02)


HERE = st.sampled_from(["Missouri", "Ohio", "Maine", "the District of Columbia"])
THERE = st.sampled_from(["Texas", "the United States", "Nevada"])


@given(HERE, THERE, st.integers(1995, 2019))
def test_a_comparison_turned_round_turns_its_verdict(store: Store, a: str, b: str, year: int):
    one = ask(f"murder rate in {a} against {b}, {year}", store=store)
    two = ask(f"murder rate in {b} against {a}, {year}", store=store)
    turned = {"higher": "lower", "lower": "higher"}
    assert two.verdict == turned.get(one.verdict, one.verdict)
    assert one.value is not None
    assert two.value is not None
    assert (1 + one.value / 100) * (1 + two.value / 100) == pytest.approx(1)


def test_the_trend_of_the_nineties_was_down(store: Store):
    found = ask("trend in the violent crime rate in the United States, 1991 to 2000", store=store)
    assert found.verdict == "down"
    assert found.interval is not None
    assert found.interval.upper < 0


def test_a_level_has_its_exact_interval(store: Store):
    found = ask("murder count in Vermont, 2019", store=store)
    assert found.value == 11
    assert found.interval is not None
    assert (round(found.interval.lower, 2), round(found.interval.upper, 2)) == (5.49, 19.68)


def test_homicide_is_answered_with_murder_and_told_apart(store: Store):
    found = ask("homicide rate in Ohio, 2019", store=store)
    same = ask("murder rate in Ohio, 2019", store=store)
    assert found.value == same.value
    assert "not_homicide" in kinds(found)
    assert "not_homicide" not in kinds(same)


def test_what_the_publisher_says_of_a_row_reaches_the_answer(store: Store):
    found = ask("murder rate in the United States, 2000 to 2001", store=store)
    text = next(c.text for c in found.caveats if c.kind == "publisher_note")
    assert "September 11, 2001" in text


def test_counts_by_parts_sum_to_the_total(store: Store):
    parts = ("murder", "rape", "robbery", "aggravated assault")
    total = ask("violent crime count in Missouri, 2019", store=store).value
    assert total == sum(ask(f"{p} count in Missouri, 2019", store=store).value or 0 for p in parts)


# --- what cannot be answered says why ------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        ("murder in Ohio, 1950", YearNotHeld, "1950 is outside the records, .* 1979 to 2019"),
        ("murder in Ohio, 2015 to 2023", YearNotHeld, "2023 is outside"),
        ("murder in Mississippi, 1985", YearNotHeld, "Mississippi in 1985; they have 1995 to 2019"),
        ("murder in St. Louis, 2015", PlaceNotHeld, 'Table 8.*"murder in Missouri"'),
        ("carjacking in Ohio, 2015", OffenseNotHeld, "inside robbery"),
        ("assaults in Ohio, 2015", OffenseNotHeld, "aggravated assault only"),
        ("rank of the US for murder, 2015", MissingPart, "no rank among the states"),
        ("trend in murder in Ohio, 2018 to 2019", MissingPart, "at least 3 years"),
    ],
)
def test_unanswerable_questions_say_what_would_answer_them(
    store: Store, text: str, error: type[BaserateError], message: str
):
    with pytest.raises(error, match=message):
        ask(text, store=store)


# --- found by trying to break it ----------------------------------------------------------------


def test_the_highest_since_2014_says_that_it_was_far_higher_before(store: Store):
    found = ask("highest violent crime rate in the United States, 2014 to 2019", store=store)
    assert found.extremes is not None
    assert found.extremes.last_beyond is not None
    assert found.extremes.earlier_searched == 1979


@given(st.sampled_from(["rape", "violent crime", "all crime"]), st.integers(1979, 2014),
       st.sampled_from(["California", "Hawaii", "Idaho", "United States", "Ohio"]),
       st.sampled_from(["highest", "lowest"]))  # fmt: skip
def test_no_runner_up_beats_the_year_it_runs_up_to(
    store: Store, offense: str, first: int, where: str, end: str
):
    found = ask(f"{end} {offense} rate in {where}, {first} to 2019", store=store)
    assert found.extremes is not None
    assert found.extremes.runner_up_value is not None
    assert found.later is not None
    best = found.later.adjusted if found.later.adjusted is not None else found.value
    assert best is not None
    ahead = found.extremes.runner_up_value - best
    assert ahead < 0 if end == "highest" else ahead > 0


def test_where_a_figure_is_carried_over_the_definition_both_are_told(store: Store):
    found = ask("rape in Minnesota, 2010 to 2019", store=store)
    assert found.earlier is not None
    assert found.earlier.adjusted is not None
    assert found.later is not None
    change = 100 * (found.later.value / found.earlier.adjusted - 1)
    assert found.value == pytest.approx(change)


def test_an_unusual_change_is_one_that_few_others_reached(store: Store):
    for where in ("Mississippi", "Texas", "D.C.", "Missouri", "the US"):
        for first in (2005, 2010, 2014, 2018):
            seen = ask(f"murder in {where}, {first} to 2019", store=store).unusual
            if seen is not None:
                assert seen.of >= 20
                assert seen.is_unusual == (seen.at_least_as_large <= seen.of / 10)


def test_rape_has_two_columns_and_no_total_to_misread(store: Store):
    apart = ask("sum of states against the nation, rape, 2013 to 2016", store=store)
    assert apart.states_against_nation == ()
    assert "states_exceed_nation" not in kinds(apart)
    over = ask("rape in the United States, legacy definition, 2014 to 2016", store=store)
    assert "definition_change" not in kinds(over)


def test_a_caveat_about_parts_names_two_different_numbers(store: Store):
    for text, printed, parts in [
        ("property crime in Ohio, 1997", "455,799", "456,299"),
        ("property crime in the United States, 1980", "12,063,700", "12,063,800"),
        ("violent crime in Hawaii, 2015", "4,201", "3,520"),
    ]:
        said = next(c.text for c in ask(text, store=store).caveats if c.kind == "parts_do_not_add")
        assert printed in said
        assert parts in said


def test_a_sum_of_states_carries_the_caveats_of_its_states(store: Store):
    found = ask("sum of states against the nation, violent, 2015", store=store)
    assert any("Hawaii 2015" in c.text for c in found.caveats)
    assert any("Minnesota" in c.text for c in found.caveats if c.kind == "publisher_note")
    assert len(found.sources) == 52


def test_a_rank_says_what_it_would_be_by_the_printed_totals(store: Store):
    found = ask("rank of Hawaii by violent crime rate, 2015", store=store)
    assert "parts_do_not_add" in kinds(found)
    printed = next(c for c in found.robustness.choices if c.kind == "total")
    assert (printed.verdict, printed.holds) == ("33", False)


def test_a_comparison_that_hangs_on_a_disputed_total_cannot_be_told(store: Store):
    found = ask("violent crime rate in Hawaii against Iowa, 2015", store=store)
    assert found.verdict == "can't tell"
    assert "parts_do_not_add" in kinds(found)


def test_the_publishers_note_on_a_year_inside_the_span_is_told(store: Store):
    for text in (
        "trend in murder in the US, 1995 to 2005",
        "highest murder rate in the US, 1999 to 2005",
    ):
        assert any("September 11" in c.text for c in ask(text, store=store).caveats), text


def test_a_note_on_rape_stays_away_from_murder(store: Store):
    found = ask("average murder rate in Illinois, 2005 to 2012", store=store)
    assert "publisher_note" not in kinds(found)


def test_tied_states_are_all_named(store: Store):
    found = ask("which state had the fewest murders in 2001", store=store)
    assert found.ranking is not None
    assert found.later is not None
    assert {found.later.place.name, *found.ranking.tied} == {
        *("North Dakota", "South Dakota", "Vermont")
    }


def test_without_dc_another_state_leads(store: Store):
    found = ask("which state had the highest murder rate in 2019", store=store)
    alone = next(c for c in found.robustness.choices if c.kind == "places")
    assert (alone.verdict, alone.holds) == ("Louisiana", False)


def test_a_window_across_the_definition_change_does_not_crash(store: Store):
    found = ask("violent crime in Missouri, 2010 against 2011 to 2014", store=store)
    assert found.definition.basis == "legacy"


def test_without_a_start_the_records_of_the_place_begin_the_search(store: Store):
    read = read_question("when were murders highest in Mississippi", store)
    assert read.question.period == Period.years(1995, 2019)
    assert "all years from 1995" in read.assumed[0]
    assert "so the rate was used" in read.assumed[1]
    with pytest.raises(YearNotHeld, match="Mississippi in 1979"):
        ask("highest murder rate in Mississippi since 1979", store=store)


def test_what_was_left_open_is_warned_about(store: Store):
    with pytest.warns(LeftOpen, match="newest year held, 2019"):
        ask("murder in Missouri", store=store)


def test_counting_noise_alone_calls_a_change_in_about_5_of_100():
    rng = np.random.default_rng(9)
    for mean in (30.0, 2_000.0):
        called = [
            change_verdict(difference(Tally(a, 1.0), Tally(b, 1.0))) in {"up", "down"}
            for a, b in rng.poisson(mean, (3_000, 2)).tolist()
        ]
        assert np.mean(called) == pytest.approx(0.05, abs=0.015)


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ({"period": Period(date(2015, 1, 1), date(2015, 1, 9))}, "by day"),
        ({"baseline": Period.year(2010)}, "a level has no baseline"),
        ({"extreme": "highest"}, "a level has no extreme"),
        ({"measure": "bogus"}, "use one of level, change"),
        ({"measure": "extremum", "extreme": "silly"}, "extreme='silly'"),
        ({"measure": "comparison", "against": MISSOURI}, "cannot be compared with itself"),
    ],
)
def test_a_question_with_a_part_too_many_is_refused(parts: dict[str, Any], message: str):
    whole = {
        "measure": "level",
        "offense": "murder",
        "place": MISSOURI,
        "period": Period.year(2015),
    }
    with pytest.raises(BaserateError, match=message):
        Question(**{**whole, **parts})


# Clearances need added records: test_clearance.py asks the same of them.
@pytest.mark.parametrize("measure", [m for m in MEASURES if m != "clearance"])
def test_every_answer_carries_what_it_must(store: Store, measure: str):
    text = {
        "level": "murder rate in Ohio, 2019",
        "change": "murder rate in Ohio, 2014 to 2019",
        "trend": "trend in murder in Ohio, 2010 to 2019",
        "rank": "rank of Ohio by murder rate, 2019",
        "share": "murder as a share of violent crime in Ohio, 2019",
        "extremum": "highest murder rate in Ohio since 1990",
        "comparison": "murder rate in Ohio against the nation, 2019",
    }[measure]
    found = ask(text, store=store)
    assert found.question.measure == measure
    assert found.unit
    assert found.interval is not None
    assert found.value is not None
    assert "did not report" in found.coverage.text
    assert found.coverage.share is None  # not published in this file
    assert found.definition.counts
    assert found.vintage.released.isoformat() == "2020-09-28"
    assert found.caveats
    assert all(s.row and s.row > 1 and s.sha256 for s in found.sources)
    assert found.points
    assert answer(parse(found.question.words).question, store) == found


@given(st.text(max_size=120))
def test_arbitrary_text_is_answered_or_explained(store: Store, text: str):
    try:
        ask(text, store=store)
    except BaserateError as error:
        assert str(error)


def test_an_answer_does_not_depend_on_what_was_asked_before(store: Store):
    asked = parse("violent crime rate in Ohio, 2014 to 2019").question
    first = answer(asked, store)
    answer(replace(asked, per_head=False), store)
    assert answer(asked, store) == first
