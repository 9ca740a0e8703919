"""What is said not to be so, from the sentence to the verdict."""

from __future__ import annotations

from datetime import date

import pytest

from baserate.claims.article import Article
from baserate.claims.article_check import check_article
from baserate.store.open import Store


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("Murders in the United States did not rise in 2013.", "supported"),
        ("Murders in the United States didn't fall in 2013.", "contradicted"),
        ("Murders in the United States did not rise in 2015.", "contradicted"),
        ("Murders in the United States rose in 2015.", "supported"),
        ("Murders not only rose in the United States in 2015.", "supported"),
    ],
)
def test_a_denial_has_the_other_verdict(text: str, verdict: str, store: Store):
    article = Article(article_id="a", text=text, published=date(2016, 11, 1))
    (found,) = check_article(article, store).checked
    assert found.verdict == verdict
