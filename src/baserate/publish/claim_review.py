"""Checked claims as schema.org ClaimReview, the form in which publishers tell search engines.

Properties as in schema.org's ClaimReview, Claim and Rating, and as "Fact check (ClaimReview)
structured data" (Google, Search Central) asks for them: claimReviewed, reviewRating with its
alternateName, and url are required there; author, itemReviewed and datePublished recommended.
A publisher is never made up: `author` and `url` are there only where they were given.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from markupsafe import Markup

from baserate.claims.article import Article
from baserate.claims.checked import Checked, CheckedArticle, ClaimVerdict
from baserate.claims.documents.limits import web_address
from baserate.publish.claim_words import in_reading_order, sentence_of
from baserate.publish.harmless import harmless, json_text

# From 1, false, to 5, true, as that guide's example scale has it. What cannot be told is not
# halfway between the two, so it bears words and no number.
RATINGS: dict[ClaimVerdict, int | None] = {
    "supported": 5,
    "misleading": 2,
    "contradicted": 1,
    "can't tell": None,
}

# Words that show that who speaks is no person.
_ORGANIZATION = re.compile(
    r"\b(?:police|department|dept|bureau|fbi|doj|cdc|nypd|lapd|office|agency|agencies|city|county|"
    r"state|states|committee|council|commission|center|centre|institute|university|association|"
    r"union|times|post|news|report|reports|data|figures|statistics|officials|authorities|"
    r"administration|government|congress|senate|campaign|group|foundation|league|study|survey)\b",
    re.IGNORECASE,
)
_ACRONYM = re.compile(r"[A-Z]{2,6}")


@dataclass(frozen=True, slots=True)
class Reviewer:
    """Who publishes the reviews, their site, and the address the page will have."""

    name: str | None = None
    url: str | None = None
    page: str | None = None


NOBODY = Reviewer()


def claim_reviews(
    found: CheckedArticle, *, reviewed_on: date, reviewer: Reviewer = NOBODY
) -> list[dict[str, Any]]:
    """One ClaimReview for each claim with a verdict; `url` leads to it on the page."""
    return [
        _review(found.article, remark, number, reviewed_on, reviewer)
        for number, remark in enumerate(in_reading_order(found), start=1)
        if isinstance(remark, Checked) and remark.verdict in RATINGS
    ]


def as_script(reviews: Sequence[dict[str, Any]]) -> Markup:
    """The reviews as they may stand inside a script element: nothing in them can close it.

    >>> as_script([{"claimReviewed": "</script>"}])
    Markup('[{"claimReviewed": "\\\\u003c/script\\\\u003e"}]')
    """
    return Markup(json_text(list(reviews)).translate(_MARKUP))


_MARKUP = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})


def _review(
    article: Article, checked: Checked, number: int, reviewed_on: date, reviewer: Reviewer
) -> dict[str, Any]:
    page = web_address(reviewer.page)
    claim = checked.claim
    review: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "url": f"{page.partition('#')[0]}#note-{number}" if page else None,
        "datePublished": reviewed_on.isoformat(),
        "author": _publisher(reviewer),
        "claimReviewed": sentence_of(checked),
        "reviewAspect": " ".join(article.text[claim.start : claim.end].split()),
        "reviewBody": checked.why,
        "itemReviewed": _claim(article, checked),
        "reviewRating": _rating(checked.verdict),
    }
    return _known(review)


def _publisher(reviewer: Reviewer) -> dict[str, Any] | None:
    if not reviewer.name:
        return None
    return _known(
        {"@type": "Organization", "name": reviewer.name, "url": web_address(reviewer.url)}
    )


def _claim(article: Article, checked: Checked) -> dict[str, Any]:
    work = _known(
        {
            "@type": "CreativeWork",
            "url": web_address(article.url),
            "headline": article.title,
            "datePublished": article.published.isoformat() if article.published else None,
            "publisher": {"@type": "Organization", "name": article.outlet}
            if article.outlet
            else None,
        }
    )
    return _known(
        {
            "@type": "Claim",
            "author": _speaker(article, checked.claim.attributed_to),
            "datePublished": article.published.isoformat() if article.published else None,
            "appearance": work if len(work) > 1 else None,
        }
    )


def _speaker(article: Article, who: str | None) -> dict[str, Any] | None:
    name = who or article.outlet
    if not name:
        return None
    is_many = who is None or _ORGANIZATION.search(who) or _ACRONYM.fullmatch(who)
    return {"@type": "Organization" if is_many else "Person", "name": name}


def _rating(verdict: ClaimVerdict) -> dict[str, Any]:
    named: dict[str, Any] = {"@type": "Rating", "alternateName": verdict.capitalize()}
    value = RATINGS[verdict]
    if value is None:
        return named
    return {**named, "ratingValue": value, "bestRating": 5, "worstRating": 1}


def _known(record: dict[str, Any]) -> dict[str, Any]:
    """The record without what is not known, and with no character that steers its reader."""
    return {key: harmless(value) for key, value in record.items() if value not in (None, "")}
