"""Where the sentences of an article begin and end."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baserate.claims.sentences import split


def texts(text: str) -> list[str]:
    return [sentence.text for sentence in split(text)]


ONE = [
    "The lawmakers included Sens. Ann Dow and Bo Field, and Reps. Cy Hart and Di Lane.",
    "Robberies fell 3.5 percent, Lt. Roy Bell said.",
    "Murders rose in St. Louis and in Washington, D.C., as well.",
    "The U.S. Attorney spoke at 9 p.m. Tuesday in Reno, Nev., about the No. 1 city.",
    "SALEM, Ore. — Murders fell in 2014.",
    "SALEM, Ore. (AP) — Murders fell in 2014.",
    "Capt. A.J. Hill of the St. Paul police spoke on Jan. 3.",
]
TWO = [
    ("Murders fell.", "Robberies rose."),
    ("The judge spoke to the sheriff.", "Murders fell."),
    ("“Murders are up,” he said.", "“Robberies are down.”"),
    ("Is crime up?", "It is."),
    ("Murders rose in St. Louis, Mo.", "Robberies fell."),
    ("It was no better in Salem, Ore.", "Violent crime rose by 4 percent there."),
]


@pytest.mark.parametrize("text", ONE)
def test_a_point_in_an_abbreviation_ends_no_sentence(text: str):
    assert texts(text) == [text]


@pytest.mark.parametrize("both", TWO)
def test_a_sentence_ends_where_the_next_begins(both: tuple[str, str]):
    assert texts(" ".join(both)) == list(both)


def test_a_line_is_a_paragraph_unless_the_text_is_cut_to_a_column():
    assert [s.paragraph for s in split("By Ann Dow\nMurders fell.\n\nThefts rose.")] == [0, 1, 2]
    column = (
        "The number of murders in the city fell by a tenth last year, the police said on\n"
        "Monday, and the number of robberies fell as well. Burglaries, which had been on\n"
        "the rise for three years, held steady, and the chief said that this was because\n"
        "of the work that officers did with owners of shops in the center of the city in\n"
        "the spring and in the summer.\n"
    )
    assert len(texts(column)) == 2
    assert {s.paragraph for s in split(column)} == {0}


@given(st.text(alphabet=st.sampled_from('Ab .!?\n\r“”"Lt1,é\u202e'), max_size=200))
def test_sentences_stand_where_they_say_and_hold_every_word(text: str):
    found = split(text)
    for sentence in found:
        assert text[sentence.start : sentence.end] == sentence.text == sentence.text.strip() != ""
    left = text
    for sentence in reversed(found):
        left = left[: sentence.start] + left[sentence.end :]
    assert left.strip() == ""


@pytest.mark.parametrize("unit", ["a. ", "Lt. ", "A", ". ", "\n", "Lt.", "“"])
def test_a_hundred_thousand_characters_are_split_at_once(unit: str):
    split(unit)
    started = time.process_time()
    split(unit * (100_000 // len(unit)))
    assert time.process_time() - started < 1


def test_what_never_ends_is_cut_at_a_space():
    found = split("murders rose and " * 6_000)
    assert max(len(s.text) for s in found) <= 1_500
    assert {s.text.split()[0] for s in found} <= {"murders", "rose", "and"}
