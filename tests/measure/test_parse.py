"""Words to a Question; every word accounted for; nothing guessed away."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baserate.errors import (
    AmbiguousPlace,
    BadPeriod,
    BaserateError,
    MissingPart,
    NotUnderstood,
    PeriodNotHeld,
    UnknownOffense,
    UnknownPlace,
    UnreadableQuestion,
)
from baserate.measure.parse import LONGEST, parse
from baserate.measure.question import MEASURE_NAMES, Question
from baserate.terms.offenses import offenses
from baserate.terms.periods import Period
from baserate.terms.places import NATION, STATES_TOGETHER, Place, place, states

# (what is typed, what it comes to)
QUESTIONS = [
    ("violent crime rate in the United States, 2015 to 2016",
     "violent crime rate in the United States, 2015 to 2016"),
    ("murder in the United States, 2014 to 2016", "murder rate in the United States, 2014 to 2016"),
    ("largest one-year rise in the violent crime rate since 1991, as of 2015",
     "largest one-year rise in the violent crime rate in the United States, 1991 to 2015"),
    ("sum of states against the nation, violent, 2013-2015",
     "violent crime rate in the states together against the United States, 2013 to 2015"),
    ("Is violent crime up in Missouri since 2014?", "violent crime rate in Missouri, 2014 to 2019"),
    ("robbery over the past decade in Ohio", "robbery rate in Ohio, 2009 to 2019"),
    ("did murder rise in Texas in 2015", "murder rate in Texas, 2014 to 2015"),
    ("robberies in Ohio in 2016 compared with 2014", "robbery rate in Ohio, 2014 to 2016"),
    ("how many murders were there in Texas in 2015?", "murder count in Texas, 2015"),
    ("murders per 100,000 people in Texas, 2015", "murder rate in Texas, 2015"),
    ("robbery in Ohio, 2010-2012 against 2013-2015",
     "robbery rate in Ohio, 2010 to 2012 against 2013 to 2015"),
    ("average murder rate in Missouri, 2010 to 2014",
     "average murder rate in Missouri, 2010 to 2014"),
    ("trend in robbery in the US 2010-2019",
     "trend in the robbery rate in the United States, 2010 to 2019"),
    ("rank of Missouri for murder in 2019",
     "rank of Missouri by murder rate among the states, 2019"),
    ("where does Missouri rank for murder, 2019",
     "rank of Missouri by murder rate among the states, 2019"),
    ("which state had the lowest robbery rate in 2019",
     "state with the lowest robbery rate, 2019"),
    ("share of violent crime that was murder in Texas in 2019",
     "murder as a share of violent crime in Texas, 2019"),
    ("murder as a share of violent crime in Texas, 2019",
     "murder as a share of violent crime in Texas, 2019"),
    ("Texas share of US murders, 2019", "Texas share of murder in the United States, 2019"),
    ("highest murder rate in Missouri since 1994", "highest murder rate in Missouri, 1994 to 2019"),
    ("largest one-year drop in burglary in D.C. since 1990",
     "largest one-year fall in the burglary rate in the District of Columbia, 1990 to 2019"),
    ("murder rate in Missouri versus Illinois, 2019",
     "murder rate in Missouri against Illinois, 2019"),
    ("rape in Alaska, revised definition, 2013 to 2019",
     "rape rate in Alaska, 2013 to 2019, revised definition"),
    ("violent crime in New York State, 2019", "violent crime rate in New York State, 2019"),
    ("MURDER RATE IN TEXAS, 2014 TO 2015", "murder rate in Texas, 2014 to 2015"),
    ("MURDER IN MISSOURI, 2015", "murder rate in Missouri, 2015"),
    ("murder rate in or, 2019", "murder rate in Oregon, 2019"),
    ("crime rate in me, 2019", "index crime rate in Maine, 2019"),
    ("was 2016 the worst year for murder since 1990?",
     "highest murder rate in the United States, 1990 to 2016"),
    ("what year had the most murders in the us",
     "highest murder count in the United States, 1979 to 2019"),
    ("which state had the most murders in 2019", "state with the highest murder count, 2019"),
    ("state with highest violent crime rate in 2014",
     "state with the highest violent crime rate, 2014"),
    ("top 10 states by murder rate, 2019", "state with the highest murder rate, 2019"),
    ("Is violent crime in Alaska the highest in the nation, 2019",
     "rank of Alaska by violent crime rate among the states, 2019"),
    ("how many murders were there in Missouri from 2010 to 2015",
     "total murder count in Missouri, 2010 to 2015"),
    ("is murder in Missouri down from 2015", "murder rate in Missouri, 2015 to 2019"),
    ("was murder in Missouri higher than in 2015", "murder rate in Missouri, 2015 to 2019"),
    ("murder in Missouri from 2010 on", "murder rate in Missouri, 2010 to 2019"),
    ("murder in Missouri, 2010 to present", "murder rate in Missouri, 2010 to 2019"),
    ("How many more murders were there in 2016 than in 2015",
     "murder count in the United States, 2015 to 2016"),
    ("How does Illinois's murder rate compare with Missouri's in 2019",
     "murder rate in Illinois against Missouri, 2019"),
    ("California's share of US murders in 2019",
     "California share of murder in the United States, 2019"),
    ("share of US murders in California, 2019",
     "California share of murder in the United States, 2019"),
    ("greatest number of murders in Missouri since 1990",
     "highest murder count in Missouri, 1990 to 2019"),
    ("total violent crimes in Florida in 2010", "violent crime count in Florida, 2010"),
    ("how many people were murdered in Texas in 2019", "murder count in Texas, 2019"),
    ("murder clearance rate in Vermont, 2019", "murder clearance rate in Vermont, 2019"),
    ("share of aggravated assaults cleared in Burlington, Vermont, 2019",
     "aggravated assault clearance rate in Burlington, VT, 2019"),
    ("how many murders were cleared in Vermont in 2019", "murder clearance count in Vermont, 2019"),
    ("what percentage of burglaries were solved in Ohio in June 2019",
     "burglary clearance rate in Ohio, June 2019"),
    ("number of rapes cleared in Ohio, 2014 to 2016, revised definition",
     "rape clearance count in Ohio, 2014 to 2016, revised definition"),
    ("forcible rape in Ohio, 2010 to 2014", "rape rate in Ohio, 2010 to 2014, legacy definition"),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "meant"), QUESTIONS, ids=[q for q, _ in QUESTIONS])
def test_what_people_type(typed: str, meant: str):
    assert parse(typed).question.words == meant


def test_what_was_left_open_is_said():
    assert parse("murder in Missouri").assumed == (
        "no period was named, so the newest year held, 2019, was used",
    )
    assert "United States was used" in parse("murder rate, 2019").assumed[0]
    assert parse("murder rate in Missouri, 2019").assumed == ()


@pytest.mark.parametrize(
    ("typed", "error", "message"),
    [
        ("", UnreadableQuestion, "the question is empty"),
        (" \t\n", UnreadableQuestion, "the question is empty"),
        ("x" * 10_000, UnreadableQuestion, f"10,000 characters long; .* at most {LONGEST}"),
        ("murder\x07 in Ohio", UnreadableQuestion, r"U\+0007, at position 7"),
        ("murder in O\u202ehio", UnreadableQuestion, r"U\+202E"),
        ("murdr in Missouri, 2015", UnknownOffense, "did you mean murder"),
        ("kitten theftery in Missouri", UnknownOffense, "known offenses: violent crime, murder"),
        ("Missouri, 2015", UnknownOffense, "no offense is named"),
        ("murder in Misouri, 2015", UnknownPlace, "did you mean Missouri"),
        ("murder in Atlantis, 2015", UnknownPlace, "no place is called 'Atlantis'"),
        ("murder in New York, 2015", AmbiguousPlace, r"New York State \(the state\); New York, NY"),
        ("murder in Springfield, 2015", AmbiguousPlace, "Springfield, MO; Springfield, MA"),
        ("juvenile robbery in Ohio, 2015", NotUnderstood, "'juvenile'"),
        ("murder in Ohio, 2016 to 2014", BadPeriod, '"2014 to 2016"'),
        ("murder in Ohio, Texas and Maine, 2015", MissingPart, "3 places are named"),
        ("murder and robbery in Ohio, 2015", MissingPart, "one at a time"),
        ("murder in Ohio, 2010, 2012 and 2014", MissingPart, "3 periods are named"),
        ("murder in Ohio against OH, 2015", MissingPart, "Ohio is named twice"),
        ("rank of Ohio for murder, 2012 against 2015", MissingPart, "only a change compares two"),
        # A word the measure has no use for asks for something else than would be answered.
        ("which state had the largest rise in murder, 2014 to 2016", MissingPart, "'largest'"),
        ("which states had rising murder in 2019", MissingPart, "'rising' cannot be part"),
        ("rank of Missouri by change in murder rate, 2019", MissingPart, "'change'"),
        ("rank of Missouri by lowest murder rate, 2019", MissingPart, "'lowest'"),
        ("trend in murder in Missouri against Illinois, 2010 to 2019", MissingPart, "'trend in'"),
        ("change in murder as a share of violent crime in Ohio, 2010 to 2015", MissingPart, "ch"),
        ("was the murder rate in Missouri above average in 2019", MissingPart, "'average'"),
        ("total murders in Missouri and Kansas, 2015", MissingPart, "'total'"),
        ("did murder rise in Ohio in 2015 and 2016", MissingPart, '"from 2015 to 2016"'),
        ("which five states had the highest robbery rates in 2010", NotUnderstood, "'five'"),
        ("lowest and highest murder rate in Missouri", MissingPart, "both ends"),
        ("fall in murder in Ohio since its peak", NotUnderstood, "'since'"),
        ("OK murder rate, 2019", UnknownPlace, "'OK'"),
        ("highest murder rate in Ohio in 2015", MissingPart, "has no highest or lowest year"),
        ("rape in Ohio by legacy and revised definition, 2014", MissingPart, "both definitions"),
        ("murders cleared by arrest in Ohio, 2019", NotUnderstood, "'arrest'"),
        ("rise in the murder clearance rate in Ohio, 2019", MissingPart, "'rise'"),
        ("state with the highest murder clearance rate, 2019", MissingPart, "a clearance"),
        ("murder clearance rate in Ohio against Texas, 2019", MissingPart, "2 places are named"),
        ("murder not in Missouri, 2019", NotUnderstood, "'not'"),
        ("will murder rise in Missouri", NotUnderstood, "'will'"),
        ("murder in our state, 2019", NotUnderstood, "'our'"),
        ("murder rate in Missouri <2015", NotUnderstood, "'<'"),
        ("2016-juvenile murder rate in Missouri", NotUnderstood, "juvenile"),
        ("murder in Missouri, FY2015", NotUnderstood, "FY2015"),
        ("give us the murder rate in Missouri, 2019", NotUnderstood, "'us'"),
        ("murder in Missouri since 2010 since 2015", MissingPart, "periods"),
        ("murder in Missouri in 2012 over the past decade", MissingPart, "2 periods"),
        ("murder in Missouri, 2016 to 2016", MissingPart, "starts and ends in 2016"),
        ("murder in Missouri over the past 0 years", BadPeriod, "names no span"),
        ("murder in Missouri, 2010-12-31", PeriodNotHeld, "by day"),
        ("murder in Puerto Rico since 2010 and 2012 and 2014", MissingPart, "periods"),
    ],
)
def test_what_cannot_be_understood_is_said_in_a_sentence(
    typed: str, error: type[BaserateError], message: str
):
    with pytest.raises(error, match=message) as caught:
        parse(typed)
    assert caught.value.exit_status in {2, 3}
    assert "\n" not in str(caught.value)


@given(st.text(max_size=300))
def test_arbitrary_text_is_a_question_or_a_sentence(text: str):
    try:
        parse(text)
    except BaserateError as error:
        assert str(error)
        assert len(str(error)) < 1_500


PIECES = [
    *("violent crime", "murders", "rape", "crime", "rate", "count", "highest", "largest", "rise"),
    *("rank", "share of", "trend", "since 1991", "as of 2015", "2014 to 2016", "2016", "1066"),
    *("Missouri", "the US", "New York", "St. Louis", "states", "sum of states", "against", "vs"),
    *(
        "past decade",
        "last year",
        "legacy definition",
        "which state",
        ",",
        "?",
        "of",
        "in",
        "9" * 30,
    ),
    *("June 2015", "2016 to 2014", "D.C.", "up", "\u202e", "\x00", "'; drop table x", "<script>"),
]


@given(st.lists(st.sampled_from(PIECES), max_size=9))
def test_scrambled_questions_are_understood_or_explained(pieces: list[str]):
    try:
        parse(" ".join(pieces))
    except BaserateError as error:
        assert str(error)


def held() -> st.SearchStrategy[str]:
    return st.sampled_from([o.key for o in offenses().values() if o.held])


def held_places() -> st.SearchStrategy[Place]:
    return st.sampled_from([NATION, *states().values()])


@st.composite
def questions(draw: st.DrawFn) -> Question:
    """Any Question that can be put in words."""
    measure = draw(st.sampled_from(MEASURE_NAMES))
    first = draw(st.integers(1979, 2017))
    last = draw(st.integers(first + 1, 2019))
    where = draw(held_places())
    parts: dict[str, Any] = {
        "measure": measure,
        "offense": draw(held()),
        "place": where,
        "period": Period.year(last),
        "per_head": draw(st.booleans()),
        "definition": draw(st.sampled_from([None, "legacy", "revised"])),
    }
    match measure:
        case "change":
            parts["baseline"] = Period.year(first)
        case "trend":
            parts["period"] = Period.years(first, last)
        case "extremum":
            parts["period"] = Period.years(first, last)
            parts["extreme"] = draw(
                st.sampled_from(["highest", "lowest", "largest rise", "largest fall"])
            )
        case "comparison":
            parts["against"] = draw(held_places().filter(lambda p: p != where))
        case "rank":
            parts["place"] = draw(st.sampled_from([STATES_TOGETHER, place("MO"), place("NY")]))
            if parts["place"] == STATES_TOGETHER:
                parts["extreme"] = draw(st.sampled_from(["highest", "lowest"]))
        case "share":
            parts |= {"per_head": True, "place": place("WA"), "against": NATION}
            if draw(st.booleans()):
                parts |= {"against": None, "offense": "robbery", "whole": "violent_crime"}
        case _:
            parts["period"] = draw(st.sampled_from([Period.year(last), Period.years(first, last)]))
    return Question(**parts)


@given(questions())
def test_the_words_of_a_question_lead_back_to_it(question: Question):
    assert parse(question.words).question == question


def test_a_date_before_which_figures_must_have_been_published_is_part_of_the_question():
    asked = parse("murder in Ohio, 2015", as_of=date(2020, 12, 31)).question
    assert asked.rerun == 'baserate ask "murder rate in Ohio, 2015" --as-of 2020-12-31'
