"""Find, resolve and check every claim of an article. The one road from a text to its verdicts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from baserate.claims.article import Article
from baserate.claims.check.checker import Checker
from baserate.claims.checked import CheckedArticle
from baserate.claims.claim import Claim
from baserate.claims.consistency.find import inconsistencies
from baserate.claims.find import Finder, Read, find
from baserate.claims.resolve import resolve
from baserate.claims.speakers.denials import denials_of
from baserate.claims.speakers.find import speakers_of
from baserate.measure.effects.found import EffectFound, known_effects
from baserate.store.open import Store


def claims_of(article: Article, finder: Finder = find) -> tuple[Claim, ...]:
    """Every claim of an article, with what its context says it means. No record is needed.

    >>> text = "Murders in Ohio fell 5 percent in 2014, the FBI said."
    >>> claim, = claims_of(Article(article_id="a", text=text))
    >>> claim.kind, claim.offense, claim.where.label, str(claim.period), claim.attributed_to
    ('change', 'homicide', 'Ohio', '2014', 'FBI')
    """
    return _claims(article, finder(article))


def _claims(article: Article, reads: Sequence[Read]) -> tuple[Claim, ...]:
    sentences = [read.sentence for read in reads]
    claims = resolve(article, reads, speakers_of(sentences, article.outlet))
    denied = {s for s, is_denied in zip(sentences, denials_of(sentences), strict=True) if is_denied}
    return tuple(replace(c, denied=True) if c.sentence in denied else c for c in claims)


def check_article(
    article: Article,
    store: Store,
    finder: Finder = find,
    effects: Sequence[EffectFound] = (),
) -> CheckedArticle:
    """The article with a verdict for each of its claims, and what it contradicts of itself.

    `effects` are studies of programs, beside those that come with the package.
    """
    reads = finder(article)
    claims = _claims(article, reads)
    sentences = [read.sentence for read in reads]
    return CheckedArticle(
        article=article,
        checked=Checker(store, (*effects, *known_effects())).check_all(claims, article.published),
        inconsistencies=tuple(inconsistencies(article.text, sentences, claims)),
    )
