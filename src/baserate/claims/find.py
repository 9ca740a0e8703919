"""Find every checkable statement about crime statistics in an article.

A finder turns an Article into what it read, sentence by sentence. This one reads by words and
rules; another can stand in its place wherever a `Finder` is asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from baserate.claims.article import Article
from baserate.claims.checkable import is_about_crime
from baserate.claims.claim import Sentence
from baserate.claims.classify import statements_of
from baserate.claims.frames import frames_of
from baserate.claims.respective import respectively
from baserate.claims.scan import Scan, scan
from baserate.claims.sentences import split
from baserate.claims.statement import Statement
from baserate.terms.periods import Period

FOLLOWS_WITHIN = 3  # sentences for which a figure's subject stays understood


@dataclass(frozen=True, slots=True)
class Read:
    """One sentence as read: what it mentions, and the statements it makes (often none)."""

    sentence: Sentence
    scan: Scan
    statements: tuple[Statement, ...]


class Finder(Protocol):
    """Anything that reads an article for statements."""

    def __call__(self, article: Article) -> tuple[Read, ...]: ...


def find(article: Article) -> tuple[Read, ...]:
    """Every sentence of an article with the statements about crime figures it makes.

    >>> text = "Murders fell 5 percent in 2014. The mayor was pleased."
    >>> [[s.kind for s in r.statements] for r in find(Article(article_id="a", text=text))]
    [['change'], []]
    """
    reads: list[Read] = []
    topic: Period | None = None
    since_claim = FOLLOWS_WITHIN
    for sentence in split(article.text):
        read = read_sentence(
            sentence, article.published, topic, follows=since_claim < FOLLOWS_WITHIN
        )
        reads.append(read)
        since_claim = 0 if read.statements else since_claim + 1
        topic = next(
            (
                s.period.period
                for s in read.statements
                if s.period and s.period.period and s.period.period.first_year == s.period.period.last_year
            ),
            topic,
        )
    return tuple(reads)


_ASKS = frozenset(
    {"what", "why", "how", "who", "when", "where", "which", "is", "are", "was", "were", "do", "does"}
    | {"did", "has", "have", "had", "can", "could", "will", "would", "should", "so", "and", "but"}
)


def read_sentence(
    sentence: Sentence, published: date | None, topic: Period | None, *, follows: bool
) -> Read:
    """One sentence; `topic` is the period and `follows` whether the text before was of figures."""
    seen = scan(sentence.text, published=published, topic=topic)
    if sentence.text.endswith("?") and seen.words and seen.words[0].fold in _ASKS:
        return Read(sentence, seen, ())
    said = [
        statement
        for frame in frames_of(seen)
        for statement in statements_of(frame, seen, sentence)
        if is_about_crime(statement, seen, follows=follows)
    ]
    return Read(sentence, seen, tuple(respectively(said, seen)))
