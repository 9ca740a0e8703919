"""ClaimReview: what schema.org knows and search engines ask for, and no publisher made up."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from tests.made.claims import RISE, a_checked_article

from baserate.claims.checked import CheckedArticle
from baserate.publish.article_page import render_article
from baserate.publish.claim_review import RATINGS, Reviewer, as_script, claim_reviews
from baserate.store.open import Store

# schema.org, types ClaimReview (with Review, CreativeWork, Thing), Rating, Claim, CreativeWork,
# Organization and Person: the properties of theirs that are used here.
KNOWN = {
    "ClaimReview": {
        *("@context", "url", "datePublished", "author", "claimReviewed", "reviewAspect"),
        *("reviewBody", "itemReviewed", "reviewRating"),
    },
    "Rating": {"alternateName", "ratingValue", "bestRating", "worstRating"},
    "Claim": {"author", "datePublished", "appearance"},
    "CreativeWork": {"url", "headline", "datePublished", "publisher"},
    "Organization": {"name", "url"},
    "Person": {"name"},
}
# Google, Search Central, "Fact check (ClaimReview) structured data": required properties.
REQUIRED = {
    "ClaimReview": {"claimReviewed", "reviewRating", "url"},
    "Rating": {"alternateName"},
}
REVIEWER = Reviewer("The Elm Street Check", "https://check.example", "https://check.example/7#top")
REVIEWED_ON = date(2026, 1, 2)


@pytest.fixture(scope="module")
def found(store: Store) -> CheckedArticle:
    return a_checked_article(store)


@pytest.fixture(scope="module")
def reviews(found: CheckedArticle) -> list[dict[str, Any]]:
    return claim_reviews(found, reviewed_on=REVIEWED_ON, reviewer=REVIEWER)


def typed(record: Any) -> list[dict[str, Any]]:
    """Every typed object in a review, itself included."""
    if not isinstance(record, dict):
        return []
    return [record, *(t for value in record.values() for t in typed(value))]


def test_every_object_has_the_properties_asked_for_and_no_unknown_one(
    reviews: list[dict[str, Any]],
):
    for record in (t for review in reviews for t in typed(review)):
        kind = record["@type"]
        assert REQUIRED.get(kind, set()) <= set(record), kind
        assert set(record) - {"@type"} <= KNOWN[kind], kind
        assert all(value not in (None, "", []) for value in record.values())


def test_each_claim_with_a_verdict_has_its_review(
    found: CheckedArticle, reviews: list[dict[str, Any]]
):
    assert len(reviews) == sum(c.verdict in RATINGS for c in found.checked) == 6
    assert {r["reviewRating"]["alternateName"] for r in reviews} == {
        *("Supported", "Contradicted", "Misleading", "Can't tell")
    }


def test_a_review_says_who_claimed_what_where_and_when(reviews: list[dict[str, Any]]):
    first = reviews[0]
    assert first["@context"] == "https://schema.org"
    assert first["claimReviewed"] == RISE
    assert first["itemReviewed"]["author"] == {"@type": "Person", "name": "the mayor"}
    assert reviews[1]["itemReviewed"]["author"]["name"] == "Elm Street Courier"
    assert first["itemReviewed"]["appearance"]["url"].startswith("https://courier.example/")
    assert first["itemReviewed"]["datePublished"] == "2017-03-14"
    assert first["url"] == "https://check.example/7#note-1"
    assert first["datePublished"] == "2026-01-02"


def test_what_cannot_be_told_bears_no_number(reviews: list[dict[str, Any]]):
    by_word = {r["reviewRating"]["alternateName"]: r["reviewRating"] for r in reviews}
    assert by_word["Supported"]["ratingValue"] == by_word["Supported"]["bestRating"] == 5
    assert by_word["Contradicted"]["ratingValue"] == by_word["Contradicted"]["worstRating"] == 1
    assert "ratingValue" not in by_word["Can't tell"]


def test_no_publisher_is_made_up(found: CheckedArticle):
    for review in claim_reviews(found, reviewed_on=REVIEWED_ON):
        assert "author" not in review
        assert "url" not in review


def test_a_page_holds_the_reviews_and_its_notes_are_where_they_lead(found: CheckedArticle):
    page = render_article(found, command="x", made_on=REVIEWED_ON, reviewer=REVIEWER)
    held = json.loads(page.split('<script type="application/ld+json">')[1].split("</script>")[0])
    assert held == claim_reviews(found, reviewed_on=REVIEWED_ON, reviewer=REVIEWER)
    for review in held:
        assert f'id="{review["url"].partition("#")[2]}"' in page


@pytest.mark.parametrize("words", ["</script>", "<!--", "]]>", "&lt;/script&gt;", "\u2028\x00"])
def test_no_words_can_close_the_script_they_stand_in(words: str):
    made = as_script([{"claimReviewed": words}])
    assert not set("<>&\u2028\x00") & set(made)
    assert json.loads(made) == [{"claimReviewed": words}]


@pytest.mark.parametrize(
    ("who", "kind"),
    [
        ("Gov. Ann Ray", "Person"),
        ("FBI", "Organization"),
        ("Springfield police", "Organization"),
        ("Mr. Newsome", "Person"),
    ],
)
def test_who_speaks_is_a_person_or_an_organization(found: CheckedArticle, who: str, kind: str):
    first = found.checked[0]
    said = replace(first, claim=replace(first.claim, attributed_to=who))
    one = claim_reviews(replace(found, checked=(said,)), reviewed_on=REVIEWED_ON)[0]
    assert one["itemReviewed"]["author"] == {"@type": kind, "name": who}
