"""Offenses, their names, and which definition was in force."""

import pytest

from baserate.errors import QuestionError
from baserate.terms.offenses import (
    definition_in_force,
    definition_text,
    offense,
    offense_words,
    offenses,
)


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ("violent crimes", "violent_crime"),
        ("murders", "murder"),
        ("homicides", "homicide"),
        ("robberies", "robbery"),
        ("aggravated assaults", "aggravated_assault"),
        ("assaults", "simple_assault"),
        ("car thefts", "motor_vehicle_theft"),
        ("larceny/theft", "larceny"),
        ("crime", "all_crime"),
    ],
)
def test_synonyms(said: str, key: str):
    assert offense_words()[said] == (key,)


def test_murder_and_homicide_are_told_apart():
    assert offense("homicide").answered_by == "murder"
    assert "justifiable" in str(offense("homicide").caution)
    assert offense("murder").answered_by is None


def test_no_word_means_two_offenses():
    said = [words for each in offenses().values() for words in each.says]
    assert {w for w in said if len(offense_words()[w]) != 1} == set()


def test_the_rape_definition_changed_on_new_years_day_2013():
    assert [definition_in_force(y) for y in (1979, 2012, 2013, 2019)] == [
        "legacy",
        "legacy",
        "revised",
        "revised",
    ]
    assert "female" in definition_text("legacy").text
    assert "consent" in definition_text("revised").text


def test_the_change_reaches_totals_and_no_other_offense():
    touched = {o.key for o in offenses().values() if o.has_two_definitions}
    assert touched == {"violent_crime", "rape", "all_crime"}


def test_parts_are_offenses_too():
    for each in offenses().values():
        assert set(each.parts) <= set(offenses())
    assert offense("all_crime").contains("murder")
    assert not offense("property_crime").contains("murder")


def test_every_held_offense_says_what_it_counts_and_where_that_is_from():
    for each in offenses().values():
        assert (each.counts and each.source) if each.held else each.why, each.key


def test_an_unknown_key_lists_the_known_ones():
    with pytest.raises(QuestionError, match=r"offense='mayhem'; use one of violent_crime"):
        offense("mayhem")
