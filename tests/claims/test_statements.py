"""What a sentence asserts: which kind of statement, of which offense, how much, where and when."""

from __future__ import annotations

import time

import pytest

from baserate.claims import lexicon
from baserate.claims.claim import Sentence
from baserate.claims.classify import statements_of
from baserate.claims.frames import frames_of
from baserate.claims.respective import respectively
from baserate.claims.scan import scan
from baserate.claims.statement import Statement
from baserate.terms.words import fold


def statements(text: str) -> list[Statement]:
    sentence, seen = Sentence(0, len(text), text, 0), scan(text)
    said = [s for frame in frames_of(seen) for s in statements_of(frame, seen, sentence)]
    return respectively(said, seen)


def kinds(text: str) -> list[tuple[str, str | None]]:
    return [(s.kind, s.offense) for s in statements(text)]


def sizes(said: Statement) -> list[float]:
    return [m.value for m in said.magnitudes]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Robberies fell 8 percent in Tulsa.", [("change", "robbery")]),
        ("Robbery is falling in Tulsa.", [("trend", "robbery")]),
        ("There were 212 robberies in Tulsa.", [("count", "robbery")]),
        ("The murder rate was 6.1 per 100,000 people.", [("level", "homicide")]),
        ("Murders are at their lowest since 1968.", [("extremum", "homicide")]),
        ("Tulsa has the highest murder rate in the country.", [("rank", "homicide")]),
        ("Guns were used in 70 percent of murders.", [("share", "homicide")]),
        ("No state has a higher murder rate.", [("rank", "homicide")]),
    ],
    ids=lambda case: case if isinstance(case, str) else "",
)
def test_each_form_of_statement_is_told_apart(text: str, expected: list[tuple[str, str]]):
    assert kinds(text) == expected


def test_a_second_percent_begins_a_statement_that_inherits_the_direction():
    murders, robberies = statements("Murders fell 5 percent and robberies 8 percent in 2015.")
    assert (murders.direction, sizes(murders)) == ("down", [5])
    assert (robberies.direction, sizes(robberies)) == ("down", [8])


def test_what_ends_a_list_of_two_changes_is_of_both():
    said = statements("Murders fell 5 percent and robberies 8 percent in 2015.")
    assert {str(s.period.period) for s in said if s.period} == {"2015"}
    assert all(s.period for s in said)


def test_of_two_figures_the_one_after_from_is_the_earlier():
    (fall,) = statements("Murders fell to 40 in 2015 from 50 in 2014.")
    assert (fall.kind, sizes(fall)) == ("change", [40, 50])
    assert fall.period
    assert fall.comparator
    assert (str(fall.period.period), str(fall.comparator.period)) == ("2015", "2014")


def test_two_counts_of_two_years_are_compared():
    said = statements("There were 479 murders in 2010 and 448 in 2013.")
    fall = next(s for s in said if s.kind == "change")
    assert (fall.direction, sizes(fall)) == ("down", [448, 479])


def test_a_figure_of_people_is_none_of_crime():
    assert kinds("Murders rose, and 5 percent of the population moved away.") == [
        ("trend", "homicide")
    ]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Murders will fall 5 percent.", "forecast"),
        ("The plan is for murders to drop by 5 percent.", "purpose"),
        ("The mayor asks whether murders fell 5 percent.", "condition"),
        ("Murders continued to fall, by 5 percent.", None),
    ],
)
def test_what_is_only_foreseen_meant_or_asked_is_no_report(text: str, why: str | None):
    assert {s.refused for s in statements(text)} == {why}


def test_an_offense_that_is_only_an_example_is_not_what_rose():
    assert kinds("Violent crime, including murder, rose 5 percent.") == [
        ("change", "violent_crime")
    ]


def test_lists_that_go_together_are_paired():
    said = statements("Ohio and Iowa had 410 and 120 murders, respectively.")
    assert {(s.where.label, *sizes(s)) for s in said if s.where} == {("Ohio", 410), ("Iowa", 120)}


@pytest.mark.parametrize("table", ["frames", "classify"])
def test_every_word_that_is_looked_up_is_written_as_words_are_compared(table: str):
    said = [word for part in lexicon.table()[table] for word in lexicon.words(table, part)]
    plain = [word for word in said if word != "&"]
    assert [word for word in plain if " ".join(map(fold, word.split())) != word] == []


@pytest.mark.parametrize("text", ["rose 5 ", "5 murders in 2014 and ", "including murder, rose "])
def test_no_sentence_however_long_takes_long_to_put_together(text: str):
    seen = scan(text * (8_000 // len(text)))
    begin = time.process_time()
    for frame in frames_of(seen):
        statements_of(frame, seen, Sentence(0, len(seen.text), seen.text, 0))
    assert time.process_time() - begin < 5


def test_a_sentence_without_end_is_read_in_part():
    assert len(frames_of(scan("12 murders, " * 500))) == 50
