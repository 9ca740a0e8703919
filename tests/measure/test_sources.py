"""Several sources, releases and months of one figure: side by side, never mixed."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.made.records import monthly, murders, put

from baserate.errors import (
    NoRecords,
    NoReleaseByThen,
    PartOfYear,
    PeriodNotHeld,
    PopulationNotHeld,
)
from baserate.measure.answer import Answer
from baserate.measure.ask import ask
from baserate.sources.facts import AgencyFact, AgencyMonthFact, SeriesFact
from baserate.store.open import open_store

CITY = "Springfield, MO"
FULL = [10] * 12


def asked(folder: Path, text: str, **more: Any) -> Answer:
    return ask(text, store=open_store(folder), **more)


def kinds(found: Answer) -> set[str]:
    return {c.kind for c in found.caveats}


def text_of(found: Answer, kind: str) -> str:
    return next(c.text for c in found.caveats if c.kind == kind)


def test_a_city_answers_from_the_file_that_has_it(tmp_path: Path):
    put(tmp_path, "fbi_table8", murders(CITY, {2014: 100, 2015: 150}))
    found = asked(tmp_path, "murder in Springfield, Missouri, 2014 to 2015")
    assert found.verdict == "up"
    assert found.value == pytest.approx(50)
    assert found.sources[0].file == "fbi_table8-2020-01-01.csv"
    assert "estimated" not in kinds(found)


def test_two_sources_stand_side_by_side_with_their_difference(tmp_path: Path):
    put(tmp_path, "fbi_table8", murders(CITY, {2014: 78, 2015: 90}))
    put(tmp_path, "marshall_cities", murders(CITY, {2014: 79, 2015: 90}))
    found = asked(tmp_path, "murders in Springfield, Missouri, 2014")
    assert found.later is not None
    assert found.later.offenses == 78  # the FBI's own table is preferred, never averaged
    assert "78 here, 79 there (+1, +1.3%)" in text_of(found, "sources_differ")
    assert [c.kind for c in found.robustness.choices] == ["source"]


def test_sources_that_agree_need_no_caveat(tmp_path: Path):
    for dataset in ("fbi_table8", "marshall_cities"):
        put(tmp_path, dataset, murders(CITY, {2014: 78}))
    found = asked(tmp_path, "murders in Springfield, Missouri, 2014")
    assert "sources_differ" not in kinds(found)
    assert found.robustness.holds == found.robustness.of == 1


def test_a_source_without_the_year_leaves_the_answer_to_the_next(tmp_path: Path):
    put(tmp_path, "fbi_table8", murders(CITY, {2014: 78}))
    put(tmp_path, "marshall_cities", murders(CITY, {1990: 40, 2014: 79}))
    found = asked(tmp_path, "murders in Springfield, Missouri, 1990")
    assert found.vintage.title.startswith("The Marshall Project")


def test_one_answer_never_mixes_two_sources(tmp_path: Path):
    put(tmp_path, "fbi_table8", murders(CITY, {2015: 78}))
    put(tmp_path, "marshall_cities", murders(CITY, {2014: 79}))
    with pytest.raises(NoRecords):
        asked(tmp_path, "murder in Springfield, Missouri, 2014 to 2015")


def test_two_releases_of_a_number_are_both_named(tmp_path: Path):
    for day, count in ((date(2016, 8, 18), 100), (date(2016, 9, 28), 110)):
        put(tmp_path, "marshall_cities", murders(CITY, {2015: count}), released=day)
    found = asked(tmp_path, "murders in Springfield, Missouri, 2015")
    assert found.later is not None
    assert found.later.offenses == 110
    assert found.vintage.releases_held == 2
    assert "110 here, 100 there" in text_of(found, "releases_differ")
    assert "18 August 2016" in text_of(found, "releases_differ")


def test_as_of_a_day_the_release_of_then_answers(tmp_path: Path):
    for day, count in ((date(2016, 8, 18), 100), (date(2016, 9, 28), 110)):
        put(tmp_path, "marshall_cities", murders(CITY, {2015: count}), released=day)
    then = asked(tmp_path, "murders in Springfield, Missouri, 2015", as_of=date(2016, 9, 1))
    assert then.later is not None
    assert then.later.offenses == 100
    assert "releases_differ" not in kinds(then)
    assert "--as-of 2016-09-01" in then.rerun
    with pytest.raises(NoReleaseByThen, match="2016-08-18"):
        asked(tmp_path, "murders in Springfield, Missouri, 2015", as_of=date(2016, 8, 1))


def test_a_partial_year_is_not_used_as_if_it_were_whole(tmp_path: Path):
    facts = murders(CITY, {2014: 100}) + murders(CITY, {2015: 40}, months_reported=5)
    put(tmp_path, "marshall_cities", facts)
    with pytest.raises(PartOfYear, match="5 of 12 months reported; 40 counted"):
        asked(tmp_path, "murder in Springfield, Missouri, 2014 to 2015")


def test_a_year_in_part_is_compared_with_the_same_months(tmp_path: Path):
    put(tmp_path, "nibrs_state", monthly(CITY, 2014, FULL) + monthly(CITY, 2015, [20] * 11))
    found = asked(tmp_path, "murder in Springfield, Missouri, 2014 to 2015")
    assert str(found.question.period) == "January to November 2015"
    assert found.verdict == "up"
    assert found.value == pytest.approx(100)
    assert "January to November 2014" in text_of(found, "same_months")


def test_months_are_summed_and_compared_with_the_same_months(tmp_path: Path):
    put(tmp_path, "nibrs_state", monthly(CITY, 2014, FULL) + monthly(CITY, 2015, range(1, 13)))
    year = asked(tmp_path, "murders in Springfield, Missouri, 2015")
    assert year.later is not None
    assert year.later.offenses == 78
    found = asked(
        tmp_path,
        "murders in Springfield, Missouri, January to June 2014 against January to June 2015",
    )
    assert found.earlier is not None
    assert found.later is not None
    assert (found.earlier.offenses, found.later.offenses) == (60, 21)
    june = asked(tmp_path, "murders in Springfield, Missouri, in June 2015")
    assert june.later is not None
    assert june.later.offenses == 6


def test_different_months_are_not_compared(tmp_path: Path):
    put(tmp_path, "nibrs_state", monthly(CITY, 2015, FULL))
    with pytest.raises(PeriodNotHeld, match="crime has seasons"):
        asked(tmp_path, "murders in Springfield, Missouri, June 2015 against May 2015")


def test_months_of_records_by_year_are_refused(tmp_path: Path):
    put(tmp_path, "fbi_table8", murders(CITY, {2015: 78}))
    with pytest.raises(PeriodNotHeld, match="are by year"):
        asked(tmp_path, "murders in Springfield, Missouri, in June 2015")


def test_zero_in_a_month_is_not_a_missing_month(tmp_path: Path):
    put(tmp_path, "nibrs_state", monthly(CITY, 2015, [0] * 12))
    found = asked(tmp_path, "murders in Springfield, Missouri, 2015")
    assert found.later is not None
    assert found.later.offenses == 0


def test_people_come_from_a_list_of_agencies_where_the_counts_have_none(tmp_path: Path):
    put(tmp_path, "nibrs_state", monthly(CITY, 2015, FULL, population=None))
    with pytest.raises(PopulationNotHeld, match="Ask for the count"):
        asked(tmp_path, "murder rate in Springfield, Missouri, 2015")
    put(
        tmp_path,
        "ori_populations",
        agencies=[
            AgencyFact("MO0390200", "SPRINGFIELD PD", 2, kind="city", place=CITY, state="MO",
                       year=2015, population=120_000)
        ],
    )  # fmt: skip
    found = asked(tmp_path, "murder rate in Springfield, Missouri, 2015")
    assert found.value == pytest.approx(100)


def test_a_count_needs_no_population(tmp_path: Path):
    months = monthly(CITY, 2014, FULL, None) + monthly(CITY, 2015, [20] * 12, None)
    put(tmp_path, "nibrs_state", months)
    found = asked(tmp_path, "number of murders in Springfield, Missouri, 2014 against 2015")
    assert found.verdict == "up"
    assert found.value == pytest.approx(100)


def test_a_small_town_and_an_agency_are_known_by_the_files_that_name_them(tmp_path: Path):
    town = murders("Peculiar, MO", {2015: 3}, 4_600)
    county = murders("", {2015: 7}, 50_000, ori="MO0190000", agency="Cass")
    put(tmp_path, "fbi_table8", town + [f._replace(place=None) for f in county])
    assert asked(tmp_path, "number of murders in Peculiar, Missouri, 2015").value == 3
    found = asked(tmp_path, "number of murders in MO0190000, 2015")
    assert (found.value, str(found.question.place)) == (7, "Cass (MO01900)")
    assert asked(tmp_path, found.question.words).value == 7


def unstated(counts: dict[int, int], rapes: int) -> list[SeriesFact]:
    """Violent crime and rape of a city whose source does not say how rape is counted."""
    return [
        SeriesFact(offense, year, n, 2, place=CITY, population=300_000)
        for year, total in counts.items()
        for offense, n in (("violent_crime", total), ("rape", rapes))
    ]


def test_a_total_of_an_unstated_definition_stands_where_no_definition_could_turn_it(
    tmp_path: Path,
):
    put(tmp_path, "marshall_cities", unstated({2014: 3_000, 2015: 3_600}, rapes=100))
    found = asked(tmp_path, "violent crime rate in Springfield, Missouri, 2014 to 2015")
    assert found.verdict == "up"
    assert "does not say" in found.definition.text
    assert "twice the rapes" in text_of(found, "definition_unstated")


def test_a_small_change_of_an_unstated_definition_cannot_be_told(tmp_path: Path):
    put(tmp_path, "marshall_cities", unstated({2014: 30_000, 2015: 31_000}, rapes=1_500))
    found = asked(tmp_path, "violent crime rate in Springfield, Missouri, 2014 to 2015")
    assert found.verdict == "can't tell"


def test_rape_of_an_unstated_definition_is_compared_with_no_other_year(tmp_path: Path):
    facts = [
        SeriesFact("rape", y, n, 2, place=CITY, population=300_000)
        for y, n in ((2013, 100), (2014, 200))
    ]
    put(tmp_path, "marshall_cities", facts)
    found = asked(tmp_path, "rape rate in Springfield, Missouri, 2013 to 2014")
    assert found.verdict == "can't tell"
    assert "may be the new definition" in text_of(found, "definition_unstated")


def state(counts: dict[int, int], covered: float) -> tuple[list[SeriesFact], list[AgencyFact]]:
    """A state whose reporting agencies police that share of a million people."""
    facts = [
        SeriesFact("murder", year, n // 12, 2, place="WY", month=m,
                   population=round(1_000_000 * covered))
        for year, n in counts.items()
        for m in range(1, 13)
    ]  # fmt: skip
    agencies = [
        AgencyFact(ori, name, 2, kind="city", state="WY", year=year, population=round(people))
        for year in counts
        for ori, name, people in (
            ("WY0010000", "sends", 1_000_000 * covered),
            ("WY0020000", "does not", 1_000_000 * (1 - covered)),
        )
    ]
    return facts, agencies


def test_enough_coverage_needs_no_bounds(tmp_path: Path):
    facts, agencies = state({2031: 120, 2032: 240}, covered=0.9)
    put(tmp_path, "nibrs_state", facts, agencies=agencies)
    found = asked(tmp_path, "murder rate in Wyoming, 2031 to 2032")
    assert found.verdict == "up"
    assert found.coverage.share == pytest.approx(0.9)
    assert "partial_coverage" not in kinds(found)
    assert found.later is not None
    assert found.later.rate == pytest.approx(240 / 9)  # over the people who were covered


def test_under_half_coverage_a_rise_by_a_tenth_cannot_be_told(tmp_path: Path):
    facts, agencies = state({2031: 1200, 2032: 1440}, covered=0.5)
    put(tmp_path, "nibrs_state", facts, agencies=agencies)
    found = asked(tmp_path, "murder rate in Wyoming, 2031 to 2032")
    assert found.verdict == "can't tell"
    assert "could turn the answer" in text_of(found, "partial_coverage")


def test_a_direction_that_no_missing_agency_could_turn_stands(tmp_path: Path):
    facts, agencies = state({2031: 120, 2032: 1200}, covered=0.7)
    put(tmp_path, "nibrs_state", facts, agencies=agencies)
    found = asked(tmp_path, "murder rate in Wyoming, 2031 to 2032")
    assert found.verdict == "up"
    assert "direction holds all the same" in text_of(found, "partial_coverage")


def test_coverage_counts_months_and_people(tmp_path: Path):
    from baserate.measure.coverage import coverage_by_year
    from baserate.terms.places import place

    facts, agencies = state({2031: 120}, covered=0.75)
    months = [AgencyMonthFact("WY0010000", 2031, m, "incidents") for m in range(1, 13)]
    put(tmp_path, "nibrs_state", facts, agencies=agencies, months=months)
    rows = coverage_by_year(open_store(tmp_path), place("WY"))
    row = next(r for r in rows if r["year"] == 2031)
    assert (row["agencies"], row["reporting"], row["agency_months"]) == (2, 1, 12)
    assert row["share"] == pytest.approx(0.75)


def test_a_part_and_its_whole_are_each_set_against_their_own_counterpart(tmp_path: Path):
    for dataset, all_violent in (("fbi_table8", 100), ("marshall_cities", 120)):
        violent = murders(CITY, {2014: all_violent}, definition="legacy")
        facts = murders(CITY, {2014: 10}) + [f._replace(offense="violent_crime") for f in violent]
        put(tmp_path, dataset, facts)
    said = text_of(
        asked(tmp_path, "murder as a share of violent crime in Springfield, Missouri, 2014"),
        "sources_differ",
    )
    assert "100 here, 120 there" in said
    assert "10 here" not in said


def test_homicide_has_the_sources_of_murder(tmp_path: Path):
    put(tmp_path, "fbi_table8", murders(CITY, {2014: 78}))
    put(tmp_path, "marshall_cities", murders(CITY, {1990: 40, 2014: 79}))
    found = asked(tmp_path, "homicides in Springfield, Missouri, 1990")
    assert found.vintage.title.startswith("The Marshall Project")
    both = asked(tmp_path, "homicides in Springfield, Missouri, 2014")
    assert "78 here, 79 there" in text_of(both, "sources_differ")


def test_two_cities_are_compared_by_one_source_where_any_has_both(tmp_path: Path):
    put(tmp_path, "fbi_table8", murders(CITY, {2014: 100}))
    put(tmp_path, "marshall_cities", murders(CITY, {2014: 101}) + murders("Ames, IA", {2014: 50}))
    found = asked(tmp_path, "murder rate in Springfield, Missouri against Ames, Iowa, 2014")
    assert found.later is not None
    assert found.later.offenses == 101
    assert "two_sources" not in kinds(found)


def test_two_cities_that_share_only_a_lesser_source_are_compared_by_it(tmp_path: Path):
    for dataset, year in (("fbi_table8", 2014), ("nibrs_state", 2024)):
        put(tmp_path, dataset, murders(CITY, {year: 100}) + murders("Ames, IA", {year: 50}))
    found = asked(tmp_path, "murder rate in Springfield, Missouri against Ames, Iowa, 2024")
    assert found.verdict == "higher"


def test_a_city_against_the_nation_rests_on_two_sources_and_says_so(tmp_path: Path):
    put(tmp_path, "fbi_table8", murders(CITY, {2014: 100}))
    found = asked(tmp_path, "murder rate in Springfield, Missouri against the nation, 2014")
    assert "FBI, offenses known by city" in text_of(found, "two_sources")
    assert "police of Springfield, MO" in found.coverage.text
    assert "fill in" in found.coverage.text


def test_a_count_that_rose_with_coverage_alone_is_no_rise(tmp_path: Path):
    agencies = [
        AgencyFact(ori, ori, 2, kind="city", state="WY", year=year, population=people)
        for year in (2031, 2032)
        for ori, people in (("WY0010000", 830_000), ("WY0020000", 170_000))
    ]
    facts = [
        SeriesFact("murder", year, n // 12, 2, place="WY", month=m, population=people)
        for year, n, people in ((2031, 9_996, 830_000), (2032, 12_000, 1_000_000))
        for m in range(1, 13)
    ]
    put(tmp_path, "nibrs_state", facts, agencies=agencies)
    found = asked(tmp_path, "number of murders in Wyoming, 2031 against 2032")
    assert found.verdict == "can't tell"
    assert "83% of the people reported for 2031" in text_of(found, "partial_coverage")


def test_a_trend_over_years_of_little_coverage_cannot_be_told(tmp_path: Path):
    shares = {y: 0.2 if 2033 <= y <= 2036 else 1.0 for y in range(2031, 2041)}
    agencies = [
        AgencyFact("WY0010000", "all", 2, kind="city", state="WY", year=y, population=1_000_000)
        for y in shares
    ]
    facts = [
        SeriesFact("murder", y, round(100 * share * 1.2 ** (y - 2031)), 2, place="WY", month=m,
                   population=round(1_000_000 * share))
        for y, share in shares.items() for m in range(1, 13)
    ]  # fmt: skip
    put(tmp_path, "nibrs_state", facts, agencies=agencies)
    found = asked(tmp_path, "trend in the murder rate in Wyoming, 2031 to 2040")
    assert found.coverage.share == pytest.approx(0.2)
    assert found.verdict == "can't tell"


def test_people_are_those_known_by_the_day_asked_of(tmp_path: Path):
    put(tmp_path, "nibrs_state", monthly(CITY, 2015, FULL, None), released=date(2016, 1, 1))
    put(
        tmp_path,
        "ori_populations",
        agencies=[
            AgencyFact("MO0390200", "PD", 2, kind="city", place=CITY, state="MO", year=2015,
                       population=120_000)
        ],
        released=date(2018, 1, 1),
    )  # fmt: skip
    question = "murder rate in Springfield, Missouri, 2015"
    assert "people_from_elsewhere" in kinds(asked(tmp_path, question))
    with pytest.raises(PopulationNotHeld):
        asked(tmp_path, question, as_of=date(2016, 6, 1))


def test_with_no_year_named_the_newest_of_any_source_is_meant(tmp_path: Path):
    put(tmp_path, "nibrs_state", monthly(CITY, 2024, FULL))
    put(tmp_path, "fbi_table8", murders(CITY, dict.fromkeys(range(2006, 2019), 50)))
    assert str(asked(tmp_path, "murder rate in Springfield, Missouri").question.period) == "2024"
    since = asked(tmp_path, "has murder gone up in Springfield, Missouri since 2010")
    assert str(since.question.period) == "2018"


def corrections(months: int, count: int) -> list[SeriesFact]:
    """Murders of months a file covers, and a correction of January, which it does not."""
    covered = [
        SeriesFact("murder", 2015, 10, 2, place=CITY, month=m, population=300_000)
        for m in range(2, 2 + months)
    ]
    return [
        *covered,
        SeriesFact("murder", 2015, count, 3, place=CITY, month=1, population=300_000,
                   is_partial=True),
    ]  # fmt: skip


@pytest.mark.parametrize("later", [date(2016, 1, 1), date(2016, 2, 1)])
def test_a_later_file_corrects_a_month_it_does_not_cover(tmp_path: Path, later: date):
    january = [SeriesFact("murder", 2015, 10, 2, place=CITY, month=1, population=300_000)]
    put(tmp_path, "city_st_louis", january, released=date(2016, 1, 1), name="january")
    put(tmp_path, "city_st_louis", corrections(11, -1), released=later, name="the rest")
    store = open_store(tmp_path)
    assert store.series(CITY, "murder")[2015].offenses == 119
    assert sum(r["number"] for r in store.counts("murder", place=CITY)) == 119


def test_the_same_correction_in_two_exports_counts_once(tmp_path: Path):
    january = [SeriesFact("murder", 2015, 10, 2, place=CITY, month=1, population=300_000)]
    put(tmp_path, "city_st_louis", january, released=date(2016, 1, 1), name="january")
    for month in (2, 3):
        put(tmp_path, "city_st_louis", corrections(11, -1), released=date(2016, month, 1))
    store = open_store(tmp_path)
    assert store.series(CITY, "murder")[2015].offenses == 119
    assert sum(r["number"] for r in store.counts("murder", place=CITY)) == 119


def test_a_release_that_differs_in_another_year_is_no_other_answer(tmp_path: Path):
    for day, old in ((date(2016, 8, 18), 40), (date(2016, 9, 28), 41)):
        facts = murders(CITY, {1990: old, 2014: 100, 2015: 150})
        put(tmp_path, "marshall_cities", facts, released=day)
    found = asked(tmp_path, "murder in Springfield, Missouri, 2014 to 2015")
    assert not [c for c in found.robustness.choices if c.kind == "release"]


def test_a_town_with_an_apostrophe_can_be_asked_again(tmp_path: Path):
    import shlex

    put(tmp_path, "fbi_table8", murders("Lee's Summit, MO", {2014: 3}))
    found = asked(tmp_path, "murders in Lee's Summit, Missouri, 2014")
    assert shlex.split(found.rerun)[2] == found.question.words


def test_nobody_is_ranked_among_a_handful_of_states(tmp_path: Path):
    facts, agencies = state({2031: 120}, covered=1.0)
    put(tmp_path, "nibrs_state", facts, agencies=agencies)
    with pytest.raises(NoRecords, match="2031"):
        asked(tmp_path, "rank of Wyoming by murder rate, 2031")


def test_before_its_first_release_a_place_has_no_figures_and_the_answer_says_when(tmp_path: Path):
    put(tmp_path, "fbi_table8", murders(CITY, {2011: 5}), released=date(2012, 12, 31))
    with pytest.raises(NoReleaseByThen, match=r"no figures of Missouri .* 2020-09-28"):
        asked(tmp_path, "murder rate in Missouri, 2011", as_of=date(2013, 1, 1))


def test_a_town_with_hardly_a_murder_has_no_trend(tmp_path: Path):
    put(tmp_path, "fbi_table8", murders(CITY, {2010: 0, 2011: 1, 2012: 0, 2013: 2, 2014: 0}))
    with pytest.raises(NoRecords, match="recorded none in nearly every year"):
        asked(tmp_path, "trend in murder in Springfield, Missouri, 2010 to 2014")


def test_a_month_that_corrections_bring_below_zero_is_no_level(tmp_path: Path):
    facts = [SeriesFact("murder", 2015, n, 2, place=CITY, month=m, population=300_000)
             for m, n in enumerate([-2, *[5] * 11], start=1)]  # fmt: skip
    put(tmp_path, "city_st_louis", facts)
    with pytest.raises(NoRecords, match="corrections take more murders out of January 2015"):
        asked(tmp_path, "murders in Springfield, Missouri, in January 2015")
    assert asked(tmp_path, "number of murders in Springfield, Missouri, 2015").value == 53


def test_years_of_an_unstated_definition_are_not_searched_with_others(tmp_path: Path):
    facts = [
        SeriesFact("rape", y, 100, 2, place=CITY, population=300_000, definition=d)
        for y, d in ((2011, "legacy"), (2012, "legacy"), (2013, None), (2014, None))
    ]
    put(tmp_path, "marshall_cities", facts)
    with pytest.raises(NoRecords, match="unstated one 2013 to 2014"):
        asked(tmp_path, "lowest rape rate in Springfield, Missouri, 2011 to 2014")


def to_a_day(counts: dict[int, int]) -> list[SeriesFact]:
    """Counts of a running year, as no whole year's figures."""
    return murders(CITY, counts, None, is_partial=True, note="partial: to 2 May")


def test_a_count_to_a_day_stands_for_no_year_and_hides_none(tmp_path: Path):
    put(tmp_path, "fbi_table8", murders(CITY, {2014: 80, 2015: 90}))
    put(tmp_path, "fivethirtyeight_murders_to_date", to_a_day({2015: 30, 2016: 35}))
    assert asked(tmp_path, "number of murders in Springfield, Missouri, 2015").value == 90
    with pytest.raises(
        PartOfYear, match=r"2016 is .* in part only .*partial: to 2 May; 35"
    ) as said:
        asked(tmp_path, "murders in Springfield, Missouri, 2016")
    assert "months that are held" not in str(said.value)


def test_what_keeps_a_rate_from_a_whole_year_is_its_population_not_another_partial_count(
    tmp_path: Path,
):
    put(tmp_path, "fivethirtyeight_murders", murders(CITY, {2015: 90}, None))
    put(tmp_path, "fivethirtyeight_murders_to_date", to_a_day({2015: 30}))
    with pytest.raises(PopulationNotHeld, match="no population to form a rate with"):
        asked(tmp_path, "murder rate in Springfield, Missouri, 2015")


def test_a_stretch_is_searched_in_the_source_that_reaches_furthest(tmp_path: Path):
    put(tmp_path, "fbi_table8", murders(CITY, {y: y - 1990 for y in range(1999, 2019)}))
    put(tmp_path, "marshall_cities", murders(CITY, dict.fromkeys(range(1975, 2016), 5)))
    highest = asked(tmp_path, "highest murder rate in Springfield, Missouri")
    assert highest.extremes is not None
    assert highest.extremes.year == 2018
    since = asked(tmp_path, "has murder gone up in Springfield, Missouri since 1980")
    assert str(since.question.period) == "2015"


def test_a_list_without_a_year_moves_no_default(tmp_path: Path):
    agency = AgencyFact("MO0390200", "PD", 2, kind="city", place=CITY, state="MO", population=9)
    put(tmp_path, "cde_populations", agencies=[agency], released=date(2026, 1, 1))
    found = asked(tmp_path, "which state had the lowest robbery rate")
    assert str(found.question.period) == "2019"


def test_a_city_that_counts_by_one_rule_alone_answers_by_it(tmp_path: Path):
    facts = [f._replace(rule="all") for f in monthly(CITY, 2015, FULL)]
    put(tmp_path, "city_st_louis", facts)
    found = asked(tmp_path, "number of murders in Springfield, Missouri, 2015")
    assert found.value == 120
    assert not [c for c in found.robustness.choices if c.kind == "counting rule"]


def test_sources_whose_populations_differ_say_so(tmp_path: Path):
    put(tmp_path, "fbi_table8", murders(CITY, {2010: 100}, 355_151))
    put(tmp_path, "marshall_cities", murders(CITY, {2010: 100}, 319_294))
    found = asked(tmp_path, "murder rate in Springfield, Missouri, 2010")
    assert "28.2 here, 31.3 there: the populations differ" in text_of(found, "sources_differ")


def test_years_of_two_sources_are_named_and_not_put_together(tmp_path: Path):
    put(tmp_path, "fbi_table8", murders(CITY, dict.fromkeys(range(2006, 2019), 50)))
    put(tmp_path, "nibrs_state", monthly(CITY, 2024, FULL))
    with pytest.raises(NoRecords, match=r"2006 to 2018; .*: 2024\. Figures of two"):
        asked(tmp_path, "murder in Springfield, Missouri, 2018 to 2024")
