"""Near the end of a list, and one offense against another, from the sentence to the verdict."""

from __future__ import annotations

from datetime import date

import pytest

from baserate.claims.article import Article
from baserate.claims.article_check import check_article
from baserate.claims.checked import Checked
from baserate.store.open import Store


def checked(text: str, store: Store) -> Checked:
    found = check_article(Article(article_id="a", text=text, published=date(2015, 10, 1)), store)
    (one,) = found.checked
    return one


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("Alaska has one of the highest rape rates in the country.", "supported"),
        ("Vermont has one of the worst murder rates in the country.", "contradicted"),
    ],
)
def test_near_the_end_is_the_first_fifth_and_never_the_other_half(
    text: str, verdict: str, store: Store
):
    found = checked(text, store)
    assert found.verdict == verdict
    assert found.claim.kind == "rank"
    assert found.claim.size("rank") is None
    assert "in 2014" in found.why  # the last year that was over


@pytest.mark.parametrize(("times", "verdict"), [("seven", "supported"), ("twenty", "contradicted")])
def test_one_offense_is_set_against_another(times: str, verdict: str, store: Store):
    more = f"There were over {times} times more property crimes than violent crimes"
    found = checked(f"{more} in the United States in 2014.", store)
    assert (found.claim.kind, found.claim.whole) == ("comparison", "violent_crime")
    assert found.verdict == verdict
    assert "7.1 to one" in found.why


def test_so_many_times_fewer_is_the_other_way_round(store: Store):
    fewer = "There were seven times fewer property crimes than violent crimes"
    assert checked(f"{fewer} in the United States in 2014.", store).verdict == "contradicted"


def test_fewer_of_the_rarer_offense(store: Store):
    text = "There were fewer robberies than burglaries in Ohio in 2012."
    assert checked(text, store).verdict == "supported"
    text = "There were fewer burglaries than robberies in Ohio in 2012."
    assert checked(text, store).verdict == "contradicted"
