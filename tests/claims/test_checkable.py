"""What is a crime figure: for each rule a sentence that it keeps and one that it drops."""

from __future__ import annotations

import time
from datetime import date

import pytest

from baserate.claims.article import Article
from baserate.claims.checkable import is_about_crime, tells_opinions
from baserate.claims.claim import Sentence
from baserate.claims.classify import statements_of
from baserate.claims.find import FOLLOWS_WITHIN, find
from baserate.claims.frames import frames_of
from baserate.claims.scan import scan
from baserate.claims.surroundings import Surroundings

PUBLISHED = date(2015, 3, 1)


def kinds_in(text: str, *, follows: bool) -> tuple[list[str], list[str]]:
    """The kinds of all statements in a sentence, and of those that are crime figures."""
    seen = scan(text, published=PUBLISHED)
    sentence = Sentence(0, len(text), text, 0)
    said = [s for frame in frames_of(seen) for s in statements_of(frame, seen, sentence)]
    around = Surroundings(seen)
    kept: list[str] = [s.kind for s in said if is_about_crime(s, around, follows=follows)]
    return [s.kind for s in said], kept


# Each rule with the kind of statement it is about, a sentence that it keeps and one that it drops.
NAMES_AN_OFFENSE = {
    "a share is no poll's": (
        "share",
        "Robberies made up 30 percent of crime, the police found.",
        "Robberies made up 30 percent of crime, the poll found.",
    ),
    "a count is no poll's": (
        "count",
        "The police counted 412 robberies in 2014.",
        "The poll counted 412 robberies in 2014.",
    ),
    "a change in a sentence about fears has its size beside it": (
        "change",
        "Many worry because robberies rose 5 percent.",
        "Many fear that robberies rose, 5 percent of them daily.",
    ),
    "counts in a sentence about fears go up or down": (
        "count",
        "Many worry because robberies rose 5 percent, to 412 robberies.",
        "Many worry because there were 412 robberies.",
    ),
    "a count is of the offense": (
        "count",
        "The city had 412 robberies.",
        "The city had 412 arrests for robberies in 2014.",
    ),
    "the offense may begin within what is counted": (
        "count",
        "There were 412 serious violent crimes.",
        "There were 412 serious arrests for violent crimes.",
    ),
    "a count may be of cases": (
        "count",
        "Robberies were up, at 412 cases.",
        "Robberies were up, at 412 arrests.",
    ),
    "a count may be of people": (
        "count",
        "In robberies 412 women were killed in 2014.",
        "In robberies 412 arrests were made in 2014.",
    ),
    "a count without a noun stands near its offense": (
        "count",
        "Robberies in that old town came to 412 in 2014.",
        "Robberies in the streets around the old harbor of that town came to 412 in 2014.",
    ),
    "the number of an offense may stand farther from it": (
        "count",
        "The number of robberies in the streets by the harbor of that town came to 412 in 2014.",
        "The story of robberies in the streets by the harbor of that town came to 412 in 2014.",
    ),
    "even the number of an offense does not stand anywhere": (
        "count",
        "The number of robberies in the streets by the harbor of that town came to 412 in 2014.",
        "The number of robberies, as two of the men who sit in the old hall by the harbor of that "
        "same small town would have it, came to 412 in 2014.",
    ),
    "a count without a noun has a time": (
        "count",
        "In 2014 robberies came to 412.",
        "Robberies came to 412.",
    ),
    "or says what is measured": (
        "count",
        "The toll of robberies came to 412.",
        "The tale of robberies came to 412.",
    ),
    "or which way it went": (
        "count",
        "Robberies were lowest at 412.",
        "Robberies were halted at 412.",
    ),
    "a case is no figure": (
        "count",
        "The department counted 12 robberies.",
        "The defendant, on trial, had 12 robberies.",
    ),
    "a sentence about a case may tell a year's figure": (
        "count",
        "A man was arrested after 12 robberies in 2014.",
        "A man was arrested after 12 robberies.",
    ),
    "but not a few": (
        "count",
        "A man was arrested after 10 robberies in 2014.",
        "A man was arrested after 9 robberies in 2014.",
    ),
    "a method is no figure": (
        "count",
        "The figures include 12 robberies in 2014.",
        "The figures include 12 robberies.",
    ),
    "a few are a case": (
        "count",
        "Police counted 4 robberies.",
        "Police counted 3 robberies.",
    ),
    "a few of a year are a figure": (
        "count",
        "Police counted 3 robberies in 2014.",
        "Police counted 3 robberies in all.",
    ),
    "a number of few is a figure": (
        "count",
        "The number of robberies was 3.",
        "The news of the day was 3 robberies.",
    ),
    "a direction with a time is a trend": (
        "trend",
        "In 2014, by all accounts, robberies rise.",
        "In town, by all accounts, robberies rise.",
    ),
    "a direction with a tense is a trend": (
        "trend",
        "Robberies rose.",
        "Robberies rise.",
    ),
    "one direction with a tense is enough": (
        "trend",
        "Robberies rise while burglaries fell.",
        "Robberies rise while burglaries fall.",
    ),
    "what somebody saw is a trend": (
        "trend",
        "The town saw robberies rise.",
        "The town let robberies rise.",
    ),
    "a direction with an article is a noun": (
        "trend",
        "Robberies are on a rise, by all accounts.",
        "Robberies are bound to rise, by all accounts.",
    ),
    "a direction before 'in' is a noun": (
        "trend",
        "Police spoke of rises in robberies.",
        "Police spoke where robberies rise.",
    ),
    "in a sentence about money the direction stands close to the offense": (
        "trend",
        "The budget covers losses to robberies, which are climbing.",
        "The budget covers losses to robberies in shops that are climbing.",
    ),
    "in a sentence about fears too": (
        "trend",
        "Many worry that robberies are climbing.",
        "Robberies make those who live in town worry that rents are climbing.",
    ),
    "a share is not of money": (
        "share",
        "Robberies made up 30 percent of crime.",
        "Robberies made up 30 percent of crime, and of the spending.",
    ),
    "a rank is not a film's": (
        "rank",
        "Ohio had the highest murder rate in the nation, the police say.",
        "Ohio had the highest murder rate in the nation, the movie says.",
    ),
    "a comparison is not of populations": (
        "comparison",
        "With a smaller force, robberies in Vermont were higher than in Maine.",
        "With a smaller population, robberies in Vermont were higher than in Maine.",
    ),
}

NAMES_NO_OFFENSE = {
    "a figure goes on, but not with money": (
        "change",
        "It rose 5 percent.",
        "The budget rose 5 percent.",
    ),
    "nor with a poll": (
        "extremum",
        "It was the lowest since 1968, a report found.",
        "It was the lowest since 1968, a poll found.",
    ),
    "nor with a case": (
        "count",
        "There were 353 in 2014, a man said.",
        "There were 353 in 2014, a suspect said.",
    ),
    "nor with what is no case": (
        "count",
        "There were 353 incidents in 2014.",
        "There were 353 arrests in 2014.",
    ),
    "nor with people": (
        "count",
        "There were 353 victims in 2014, all told.",
        "There were 353 women killed in 2014, all told.",
    ),
    "a count has a period": ("count", "There were 353 in 2014.", "There were 353."),
    "or a place": ("count", "New Hampshire had 353.", "The hamlet had 353."),
    "a rate too": (
        "level",
        "New Hampshire had 0.9 per 100,000.",
        "The hamlet had 0.9 per 100,000.",
    ),
    "a comparison is not of populations": (
        "comparison",
        "The rate in Vermont was higher than in Maine.",
        "The population in Vermont was higher than in Maine.",
    ),
    "a comparison with a time says what is measured": (
        "comparison",
        "The rate was lower than in 2013.",
        "The risk was lower than in 2013.",
    ),
    "an extreme has a stretch of years": (
        "extremum",
        "It was the lowest since 1968.",
        "It was the lowest.",
    ),
    "or is one on record": ("extremum", "It was the lowest on record.", "It was the lowest."),
    "or has a period and a size": (
        "extremum",
        "In 2014 it was the lowest, at 353.",
        "In 2014 it was the lowest.",
    ),
    "a rank says which, not the first": (
        "rank",
        "Ohio ranked third in the nation.",
        "Ohio led the nation.",
    ),
    "a rank has a place": (
        "rank",
        "Ohio ranked third in the nation.",
        "It ranked third in the nation.",
    ),
    "a trend has a stretch of years": ("trend", "It fell for the third straight year.", "It fell."),
    "a trend may go on from a year": ("trend", "It has fallen since 2010.", "It has fallen."),
}


@pytest.mark.parametrize(
    ("kind", "keeps", "drops"), NAMES_AN_OFFENSE.values(), ids=NAMES_AN_OFFENSE
)
def test_a_statement_that_names_an_offense(kind: str, keeps: str, drops: str):
    assert kind in kinds_in(keeps, follows=False)[1]
    said, kept = kinds_in(drops, follows=False)
    assert kind in said
    assert kind not in kept


@pytest.mark.parametrize(
    ("kind", "keeps", "drops"), NAMES_NO_OFFENSE.values(), ids=NAMES_NO_OFFENSE
)
def test_a_statement_that_goes_on_from_a_figure(kind: str, keeps: str, drops: str):
    assert kind in kinds_in(keeps, follows=True)[1]
    said, kept = kinds_in(drops, follows=True)
    assert kind in said
    assert kind not in kept


@pytest.mark.parametrize("keeps", [keeps for _, keeps, _ in NAMES_NO_OFFENSE.values()])
def test_it_is_no_crime_figure_where_the_text_was_not_about_one(keeps: str):
    assert kinds_in(keeps, follows=False)[1] == []


def test_a_share_without_an_offense_is_no_crime_figure():
    said, kept = kinds_in("They accounted for 30 percent.", follows=True)
    assert (said, kept) == (["share"], [])


def test_a_rate_is_a_figure_however_far_from_its_offense():
    text = "Murders, as the men who sit in the old hall by the harbor would have it, came to {}."
    assert kinds_in(text.format("4.9 per 100,000"), follows=False)[1] == ["level"]
    assert kinds_in(text.format("412"), follows=False) == (["count"], [])


@pytest.mark.parametrize(
    ("dropped", "kept"),
    [
        ("Nearly half of the residents said robberies rose.", "The residents said robberies rose."),
        ("About 40 percent believe robberies rose.", "About 40 robbers believe robberies rose."),
        ("More than 60% of all city voters have felt it.", "More than 60% of all arrests were it."),
        ("Another third of us also think so.", "Another third of the thieves also took it."),
        ("Half of them do, and a quarter of the men feel it.", "A quarter of the men feature it."),
        ("By far a majority agreed.", "By far a majority are greedy."),
    ],
)
def test_a_share_of_people_with_an_opinion_is_no_crime_figure(dropped: str, kept: str):
    assert tells_opinions(dropped)
    assert not tells_opinions(kept)


def test_opinions_are_looked_for_near_the_share():
    assert tells_opinions("Over half of the old town voters say so.")
    assert not tells_opinions("Over half of the old town hall voters say so.")


def figures_by_sentence(text: str) -> list[int]:
    """How many statements about crime figures each sentence of a text makes."""
    return [len(r.statements) for r in find(Article(article_id="a", text=text))]


@pytest.mark.parametrize(
    ("reports", "asks"),
    [
        ("Robberies fell 5 percent?", "Did robberies fall by 5 percent?"),
        ("Police saw robberies fall 5 percent, right?", "So robberies fell 5 percent?"),
    ],
)
def test_a_question_is_no_crime_figure(reports: str, asks: str):
    assert figures_by_sentence(reports) == [1]
    assert figures_by_sentence(asks) == [0]


def test_opinions_are_no_crime_figures_of_an_article():
    told = "The police said that robberies fell 5 percent."
    thought = "Over half of the men said that robberies fell 5 percent."
    assert figures_by_sentence(f"{told} {thought}") == [1, 0]


def test_nothing_is_understood_at_the_start_of_a_text():
    assert figures_by_sentence("It rose 9 percent.") == [0]


def test_a_figure_is_understood_for_a_few_sentences():
    told, on, aside = "Robberies fell 5 percent.", "It rose 9 percent.", "The mayor was pleased."
    near, far = [aside] * (FOLLOWS_WITHIN - 1), [aside] * FOLLOWS_WITHIN
    assert figures_by_sentence(" ".join([told, *near, on])) == [1, *[0] * len(near), 1]
    assert figures_by_sentence(" ".join([told, *far, on])) == [1, *[0] * len(far), 0]


@pytest.mark.parametrize(
    "unit", ["half of a b c ", "percent of ", "% have ", "third of " + "a" * 90]
)
def test_opinions_are_looked_for_in_linear_time(unit: str):
    start = time.process_time()
    assert not tells_opinions(unit * (100_000 // len(unit)))
    assert time.process_time() - start < 0.5
