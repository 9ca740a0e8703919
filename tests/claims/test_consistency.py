"""An article against its own words: names counted, parts added, percents worked out."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest

from baserate.claims.claim import Claim, Magnitude, Sentence
from baserate.claims.consistency.figures import figures_of, pairs_of
from baserate.claims.consistency.find import inconsistencies
from baserate.claims.consistency.words import vocabulary
from baserate.claims.sentences import split

_SENTENCE_END = re.compile(r"(?<=[a-z0-9]\.) (?=(?:All|The|That|They|It)\b)")


def sentences_of(text: str) -> list[Sentence]:
    """The made-up articles have sentences that begin with a few words only."""
    found, at = [], 0
    for part in _SENTENCE_END.split(text):
        found.append(Sentence(at, at + len(part), part, 0))
        at += len(part) + 1
    return found


def kinds(text: str) -> list[str]:
    return [i.kind for i in inconsistencies(text, sentences_of(text))]


@pytest.mark.parametrize("case", vocabulary()["case"], ids=lambda c: c["says"][:60])
def test_the_cases_beside_the_words(case: dict[str, Any]):
    assert kinds(case["says"]) == case.get("flags", [])


def test_names_are_told_with_the_count_they_do_not_fit():
    text = "Both senators spoke. The lawmakers are Sens. Ann Dow, Bo Field and Cy Hart."
    (only,) = inconsistencies(text, [*sentences_of(text)])
    assert only.text == (
        "The text counts 'Both senators' and then names 3: Ann Dow; Bo Field; Cy Hart."
    )
    assert text[only.start : only.end] == ("The lawmakers are Sens. Ann Dow, Bo Field and Cy Hart")


def test_a_percent_of_the_later_figure_is_called_so():
    text = "Killings rose from 85 to 127, a 33 percent increase."
    (only,) = inconsistencies(text, sentences_of(text))
    assert only.text == (
        "The change from 85 to 127 is 49 percent, not 33 percent; "
        "33 percent is the change as a share of the later figure."
    )


def test_a_ratio_sold_as_an_increase_is_called_so():
    text = "Thefts rose from 100 to 300, a 300 percent increase."
    (only,) = inconsistencies(text, sentences_of(text))
    assert "200 percent, not 300 percent; that is the later figure as a percent" in only.text


def test_offsets_count_in_the_article():
    head = "A quiet town. "
    said = "Murders rose from 50 to 40."
    text = head + said
    (only,) = inconsistencies(text, [Sentence(len(head), len(text), said, 1)])
    assert text[only.start : only.end] == "rose from 50 to 40"


@pytest.mark.parametrize("percent", [49, 50, 49.4])
def test_rounding_is_no_contradiction(percent: float):
    assert kinds(f"Killings rose from 85 to 127, a {percent} percent increase.") == []


@pytest.mark.parametrize(
    "said", ["about 45", "nearly 50", "more than 40", "over 45", "less than 50"]
)
def test_what_is_hedged_is_given_room(said: str):
    assert kinds(f"Killings rose from 85 to 127, or {said} percent.") == []


def a_change(percent: float, later: float, earlier: float, text: str) -> Claim:
    return Claim(
        sentence=Sentence(0, len(text), text, 0),
        start=0,
        end=len(text),
        kind="change",
        offense="robbery",
        direction="up" if later > earlier else "down",
        magnitudes=(
            Magnitude(percent, "percent"),
            Magnitude(later, "count"),
            Magnitude(earlier, "count"),
        ),
    )


def test_a_claim_with_its_percent_and_both_figures_is_worked_out():
    text = "Robberies reached 120; the year before had been a calm one with 100."
    wrong = a_change(40, 120, 100, text)
    assert [i.kind for i in inconsistencies(text, [wrong.sentence], [wrong])] == [
        "percent of its own numbers"
    ]
    assert inconsistencies(text, [wrong.sentence], [a_change(20, 120, 100, text)]) == []


def test_a_contradiction_is_told_once():
    text = "Robberies rose from 100 to 120, a 40 percent increase."
    claim = a_change(40, 120, 100, text)
    assert len(inconsistencies(text, [claim.sentence], [claim])) == 1


def test_a_group_is_forgotten_after_some_sentences():
    text = (
        "Two senators spoke." + " It rained." * 9 + " The lawmakers are Al Dow, Bo Fry and Cy Hay."
    )
    assert kinds(text) == []


def test_money_dates_and_ranks_are_no_figures_to_compare():
    text = "On May 14 the $90 fine for the 3rd offense rose in 2014, to No. 12 of 1,204."
    assert [f.printed for f in figures_of(text) if f.unit == "count"] == ["1,204"]


@pytest.mark.parametrize(
    ("text", "later", "earlier"),
    [
        ("Thefts fell from 90 in 2001 to 80.", 80, 90),
        ("There were 80 thefts, compared with 90 in 2001.", 80, 90),
        ("Thefts fell to 80 from 90.", 80, 90),
        ("There were eleven murders, down from 14.", 11, 14),
    ],
)
def test_the_later_of_two_figures(text: str, later: float, earlier: float):
    (pair,) = pairs_of(text, figures_of(text))
    assert (pair.later.value, pair.earlier.value) == (later, earlier)


def test_an_empty_article_contradicts_nothing():
    assert inconsistencies("", []) == []


@pytest.mark.parametrize("size", [1_990, 100_000])
@pytest.mark.parametrize(
    "unit",
    ["two cities, ", "5 percent ", "from 5 to 4 ", "A and ", "All four members ", "1,", "12 in A, ",
     "The lawmakers included A, B, ", "up 5 to 4, from 3 ", "two cities: A; ", " ", "A"],
)  # fmt: skip
def test_a_hostile_sentence_is_read_in_time(unit: str, size: int):
    text = (unit * (size // len(unit) + 1))[:size]
    started = time.perf_counter()
    inconsistencies(text, [Sentence(0, size, text, 0)])
    assert time.perf_counter() - started < 1


def test_names_after_a_plural_title_stay_in_their_sentence():
    text = (
        "All four members of Congress from the city objected to the letter. The lawmakers "
        "included Sens. Ann P. Dow and Bo Field, and Reps. Cy Hart, Di Kent and Ed Lane."
    )
    counted, named = split(text)
    assert named.text.endswith("Ed Lane.")
    (only,) = inconsistencies(text, (counted, named))
    assert only.kind == "count of names"
