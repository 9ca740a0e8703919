"""Offenses cleared against offenses recorded: two counts of one period, not a part of a whole."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from math import exp, sqrt
from pathlib import Path

import pytest
from scipy.stats import norm
from tests.made.records import monthly, murders, put

from baserate.errors import (
    ClearancesNotHeld,
    NoRecords,
    PartOfYear,
    PeriodNotHeld,
    PlaceNotHeld,
    YearNotHeld,
)
from baserate.measure.answer import Answer
from baserate.measure.ask import answer, ask
from baserate.measure.clearance import percent_cleared, percent_limits
from baserate.measure.parse import parse
from baserate.publish.export import as_data, to_csv
from baserate.publish.terminal import render
from baserate.publish.wording import doubt, finding, title
from baserate.sources.facts import SeriesFact
from baserate.sources.reading import Source
from baserate.store.add import add
from baserate.store.open import open_store

CITY = "Springfield, MO"
ASKED = "murder clearance rate in Springfield, Missouri, 2015"


def asked(folder: Path, text: str = ASKED) -> Answer:
    return ask(text, store=open_store(folder))


def cleared(facts: Iterable[SeriesFact]) -> list[SeriesFact]:
    return [f._replace(counted="clearances") for f in facts]


def by_year(recorded: dict[int, int], made: dict[int, int]) -> list[SeriesFact]:
    """Murders of the city by year, and how many were cleared in it."""
    return murders(CITY, recorded) + cleared(murders(CITY, made))


def by_month(recorded: Iterable[int], made: Iterable[int]) -> list[SeriesFact]:
    """Murders of the city in 2015, by month from January, and how many were cleared in it."""
    return monthly(CITY, 2015, recorded) + cleared(monthly(CITY, 2015, made))


def kinds(found: Answer) -> set[str]:
    return {c.kind for c in found.caveats}


def text_of(found: Answer, kind: str) -> str:
    return next(c.text for c in found.caveats if c.kind == kind)


# --- the figure -----------------------------------------------------------------------------


def test_clearances_are_in_percent_of_offenses_recorded_in_the_same_period(tmp_path: Path):
    put(tmp_path, "return_a", by_year({2015: 200}, {2015: 130}))
    found = asked(tmp_path)
    assert found.value == pytest.approx(65)
    assert found.unit == "percent of the offenses recorded"
    assert found.verdict == "recorded"
    assert finding(found) == (
        "Police in Springfield, MO cleared 130 murders in 2015, 65% of the 200 recorded in the "
        "same time."
    )


def test_more_can_be_cleared_than_recorded(tmp_path: Path):
    put(tmp_path, "return_a", by_year({2015: 10}, {2015: 14}))
    found = asked(tmp_path)
    assert found.value == pytest.approx(140)
    assert "can exceed 100%" in text_of(found, "dated_by_clearance")
    assert "arrest, or by exceptional means" in text_of(found, "dated_by_clearance")


def test_asked_how_many_the_answer_is_a_count(tmp_path: Path):
    put(tmp_path, "return_a", by_year({2015: 20}, {2015: 13}))
    found = asked(tmp_path, "how many murders were cleared in Springfield, Missouri, in 2015")
    assert (found.value, found.unit) == (13, "offenses cleared")
    assert [o.label for o in found.others] == ["rate"]
    assert found.others[0].value == pytest.approx(65)
    assert finding(found) == (
        "Police in Springfield, MO cleared 13 murders in 2015, and recorded 20."
    )
    assert doubt(found) == "Counting noise alone: 7 to 22."


def test_over_several_years_both_are_added_up(tmp_path: Path):
    put(tmp_path, "return_a", by_year({2014: 100, 2015: 100}, {2014: 50, 2015: 70}))
    found = asked(tmp_path, "murder clearance rate in Springfield, Missouri, 2014 to 2015")
    assert found.value == pytest.approx(60)


def test_nothing_recorded_has_no_percent(tmp_path: Path):
    put(tmp_path, "return_a", by_year({2015: 0}, {2015: 1}))
    found = asked(tmp_path)
    assert found.value is None
    assert finding(found).endswith("cleared 1 murder in 2015 and recorded none.")
    assert "no percent can be formed" in doubt(found)
    assert as_data(found)["interval"]["upper"] is None
    assert render(found)


def test_without_a_population_it_is_answered_all_the_same(tmp_path: Path):
    facts = murders(CITY, {2015: 20}, None) + cleared(murders(CITY, {2015: 13}, None))
    put(tmp_path, "return_a", facts)
    assert asked(tmp_path).value == pytest.approx(65)


def test_rape_is_cleared_and_recorded_by_one_definition(tmp_path: Path):
    def rapes(n: int, definition: str) -> SeriesFact:
        return SeriesFact("rape", 2015, n, 2, place=CITY, definition=definition)

    put(
        tmp_path,
        "return_a",
        [rapes(100, "legacy"), rapes(150, "revised"), *cleared([rapes(60, "revised")])],
    )
    found = asked(tmp_path, "rape clearance rate in Springfield, Missouri, 2015")
    assert found.value == pytest.approx(40)
    assert found.definition.basis == "revised"


# --- its interval ---------------------------------------------------------------------------


def test_the_interval_is_that_of_a_ratio_of_two_counts():
    found = percent_limits(896, 1082)
    spread = exp(norm.ppf(0.975) * sqrt(1 / 896 + 1 / 1082))
    assert found.lower == pytest.approx(100 * 896 / 1082 / spread)
    assert found.upper == pytest.approx(100 * 896 / 1082 * spread)


def test_it_may_reach_beyond_100_and_from_zero():
    assert percent_limits(13, 22).upper > 100
    none = percent_limits(0, 10)
    assert none.lower == 0
    assert 0 < none.upper < 100
    assert percent_cleared(0, 10) == 0
    assert percent_cleared(10, 0) is None


# --- zero, missing, partial -----------------------------------------------------------------


def test_a_month_with_nothing_cleared_is_zero(tmp_path: Path):
    put(tmp_path, "return_a", by_month([5] * 12, [0] * 11 + [6]))
    assert asked(tmp_path).value == pytest.approx(10)
    june = asked(tmp_path, "murder clearance rate in Springfield, Missouri, June 2015")
    assert june.value == 0


def test_months_are_set_against_the_same_months(tmp_path: Path):
    put(tmp_path, "return_a", by_month([5] * 12, range(1, 13)))
    found = asked(tmp_path, "murder clearance rate in Springfield, Missouri, January to June 2015")
    assert found.value == pytest.approx(100 * 21 / 30)


def test_a_month_with_offenses_and_no_number_of_clearances_is_missing(tmp_path: Path):
    put(tmp_path, "return_a", by_month([5] * 12, [3] * 11))
    with pytest.raises(PartOfYear, match=r"2015 \(clearances\) is held in part only.*11 of 12"):
        asked(tmp_path)
    november = "murder clearance rate in Springfield, Missouri, January to November 2015"
    assert asked(tmp_path, november).value == pytest.approx(60)


def test_clearances_in_a_month_that_was_not_reported_are_not_that_months(tmp_path: Path):
    facts = by_month([5] * 11, [3] * 11)
    late = cleared(monthly(CITY, 2015, [3] * 12))[-1]._replace(is_partial=True)
    put(tmp_path, "nibrs_state", [*facts, late])
    with pytest.raises(PartOfYear, match="11 of 12 months held; 36 counted"):
        asked(tmp_path)


def test_clearances_beyond_the_files_year_are_no_figure_of_the_next(tmp_path: Path):
    early = [f._replace(year=2016, is_partial=True) for f in cleared(monthly(CITY, 2015, [3, 2]))]
    put(tmp_path, "nibrs_state", by_month([5] * 12, [3] * 12) + early)
    with pytest.raises(PartOfYear, match="no month held whole; 5 counted"):
        asked(tmp_path, "murder clearance rate in Springfield, Missouri, 2016")


@pytest.mark.parametrize("newer_is_partial", [True, False])
def test_the_years_own_file_states_its_clearances_whichever_is_newer(
    tmp_path: Path, newer_is_partial: bool
):
    days = (date(2016, 1, 1), date(2017, 1, 1))
    own, other = days if newer_is_partial else days[::-1]
    put(tmp_path, "nibrs_state", by_month([5] * 12, [3] * 12), released=own)
    bits = [f._replace(is_partial=True) for f in cleared(monthly(CITY, 2015, [1, 1]))]
    put(tmp_path, "nibrs_state", bits, released=other)
    found = asked(tmp_path)
    assert found.value == pytest.approx(60)
    assert "releases_differ" not in kinds(found)


def test_corrections_larger_than_what_they_correct_are_no_figure(tmp_path: Path):
    put(tmp_path, "return_a", by_month([5] * 12, [-2] + [3] * 11))
    assert asked(tmp_path).value == pytest.approx(100 * 31 / 60)
    with pytest.raises(NoRecords, match="-2 murders cleared, because corrections"):
        asked(tmp_path, "murder clearance rate in Springfield, Missouri, January 2015")


# --- sources, releases, rules ---------------------------------------------------------------


def test_offenses_and_clearances_are_of_one_source(tmp_path: Path):
    put(tmp_path, "fbi_table8", murders(CITY, {2015: 100}))
    put(tmp_path, "return_a", by_year({2015: 20}, {2015: 13}))
    found = asked(tmp_path)
    assert found.value == pytest.approx(65)
    assert {s.file for s in found.sources} == {"return_a-2020-01-01.csv"}


def test_two_sources_are_told_apart_for_both_counts(tmp_path: Path):
    put(tmp_path, "return_a", by_year({2015: 20}, {2015: 13}))
    put(tmp_path, "nibrs_state", by_year({2015: 20}, {2015: 11}))
    said = text_of(asked(tmp_path), "sources_differ")
    assert "2015, cleared: 13 here, 11 there" in said
    assert "20 here" not in said


def test_a_release_that_states_only_the_clearances_otherwise_is_named(tmp_path: Path):
    put(tmp_path, "return_a", by_year({2015: 20}, {2015: 9}), released=date(2016, 9, 1))
    put(tmp_path, "return_a", by_year({2015: 20}, {2015: 13}), released=date(2017, 9, 1))
    said = text_of(asked(tmp_path), "releases_differ")
    assert "2015, cleared: 13 here, 9 there" in said


def test_the_other_counting_rule_stands_beside_it(tmp_path: Path):
    every = [f._replace(rule="all") for f in by_year({2015: 40}, {2015: 20})]
    put(tmp_path, "nibrs_state", by_year({2015: 20}, {2015: 13}) + every)
    found = asked(tmp_path)
    assert found.value == pytest.approx(65)
    (other,) = found.robustness.choices
    assert other.kind == "counting rule"
    assert other.value == pytest.approx(50)


def test_a_source_with_the_offenses_of_one_year_says_that_too_few_are_counted(tmp_path: Path):
    put(tmp_path, "nibrs_state", by_year({2015: 20}, {2015: 13}))
    found = asked(tmp_path)
    assert "too low" in text_of(found, "earlier_offenses_left_out")
    assert "leaves out clearances of earlier years' offenses" in doubt(found)
    put(tmp_path, "return_a", by_year({2015: 20}, {2015: 14}))
    assert "earlier_offenses_left_out" not in kinds(asked(tmp_path))


def test_homicide_is_answered_with_murder_from_a_source_that_has_clearances(tmp_path: Path):
    put(tmp_path, "fbi_table8", murders(CITY, {2015: 100}))
    put(tmp_path, "return_a", by_year({2015: 20}, {2015: 13}))
    found = asked(tmp_path, "share of homicides solved in Springfield, Missouri, 2015")
    assert found.value == pytest.approx(65)
    assert "not_homicide" in kinds(found)


# --- what cannot be answered ----------------------------------------------------------------


def test_a_file_without_clearances_is_refused_with_those_that_have_them(tmp_path: Path):
    put(tmp_path, "fbi_table8", murders(CITY, {2015: 100}))
    with pytest.raises(ClearancesNotHeld, match=r"offenses known by city.*not how many") as e:
        asked(tmp_path)
    assert "FBI, Return A master file" in str(e.value)
    assert "FBI, NIBRS incidents by state" in str(e.value)
    assert e.value.exit_status == 3


def test_the_records_that_come_with_the_package_have_no_clearances(tmp_path: Path):
    for where in ("Missouri", "the United States", "the states together"):
        with pytest.raises(ClearancesNotHeld):
            asked(tmp_path, f"murder clearance rate in {where}, 2015")


def test_a_place_without_records_is_refused_as_ever(tmp_path: Path):
    with pytest.raises(PlaceNotHeld):
        asked(tmp_path)


def test_a_year_without_clearances_is_refused_with_those_held(tmp_path: Path):
    put(tmp_path, "return_a", by_year({2013: 20, 2014: 20, 2015: 20}, {2013: 9, 2014: 9}))
    with pytest.raises(YearNotHeld, match=r"2013 to 2014"):
        asked(tmp_path)


def test_months_of_clearances_by_year_are_refused(tmp_path: Path):
    put(tmp_path, "return_a", monthly(CITY, 2015, [5] * 12) + cleared(murders(CITY, {2015: 13})))
    with pytest.raises(PeriodNotHeld, match="by year"):
        asked(tmp_path, "murder clearance rate in Springfield, Missouri, June 2015")


# --- what the reader sees -------------------------------------------------------------------


def test_an_answer_carries_what_every_answer_must(tmp_path: Path):
    put(tmp_path, "return_a", by_year({2014: 30, 2015: 20}, {2014: 24, 2015: 13}))
    found = asked(tmp_path)
    assert found.value is not None
    assert found.interval is not None
    assert found.value in found.interval
    assert found.definition.counts
    assert found.vintage.releases_held == 1
    assert all(s.row and s.sha256 for s in found.sources)
    assert [(p.year, p.offenses) for p in found.points] == [(2014, 30), (2015, 20)]
    assert [p.value for p in found.points] == pytest.approx([80, 65])
    assert answer(parse(found.question.words).question, open_store(tmp_path)).value == found.value


def test_terminal_json_and_csv_say_the_same(tmp_path: Path):
    put(tmp_path, "return_a", by_year({2015: 200}, {2015: 130}))
    found = asked(tmp_path)
    assert title(found) == "Murder clearance rate, Springfield, MO, 2015"
    shown = render(found)
    assert "65% of the 200 recorded" in shown
    assert "130 offenses cleared" in shown
    told = as_data(found)
    assert (told["from"]["unit"], told["to"]["unit"]) == ("offenses", "clearances")
    assert told["value"] == pytest.approx(65)
    assert to_csv(found).splitlines()[1].startswith('"Springfield, MO",2015,65.0')
    assert "percent of the offenses recorded" in to_csv(found)


def test_vermont_2024(shared: Path, tmp_path: Path):
    add(Source(shared / "data/nibrs/VT-2024.zip"), tmp_path)
    state = asked(tmp_path, "murder clearance rate in Vermont, 2024")
    assert finding(state) == (
        "Police in Vermont cleared 13 murders in 2024, 59% of the 22 recorded in the same time."
    )
    city = asked(tmp_path, "share of aggravated assaults cleared in Burlington, Vermont, 2024")
    assert city.earlier is not None
    assert city.later is not None
    assert (city.later.offenses, city.earlier.offenses) == (134, 179)
    count = asked(tmp_path, "how many murders were cleared in Vermont in 2024")
    assert count.value == 13
    with pytest.raises(PartOfYear, match="no month held whole"):
        asked(tmp_path, "violent crime clearance rate in Vermont, 2025")
