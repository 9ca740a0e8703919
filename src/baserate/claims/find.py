"""Find every checkable statement about crime statistics in an article.

A finder turns an Article into what it read, sentence by sentence. This one reads by words and
rules; another can stand in its place wherever a `Finder` is asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from baserate.claims.article import Article
from baserate.claims.checkable import is_about_crime, tells_opinions
from baserate.claims.claim import Sentence
from baserate.claims.classify import statements_of
from baserate.claims.frames import frames_of
from baserate.claims.lexicon import words
from baserate.claims.respective import respectively
from baserate.claims.scan import Scan, scan
from baserate.claims.sentences import split
from baserate.claims.statement import Statement
from baserate.claims.surroundings import Surroundings
from baserate.claims.times.find import LONGEST_SENTENCE
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

    def __call__(self, article: Article) -> tuple[Read, ...]:
        """The sentences of an article, in order, each with the statements it makes."""
        ...


def find(article: Article) -> tuple[Read, ...]:
    """Every sentence of an article with the statements about crime figures it makes.

    >>> text = "Murders fell 5 percent in 2014. The mayor was pleased."
    >>> [[s.kind for s in r.statements] for r in find(Article(article_id="a", text=text))]
    [['change'], []]
    """
    reads: list[Read] = []
    topic: Period | None = None
    silent = FOLLOWS_WITHIN  # sentences since the last one with a figure
    unnamed = FOLLOWS_WITHIN  # sentences since the last one that names an offense
    for sentence in split(article.text):
        follows = silent < FOLLOWS_WITHIN or (unnamed < FOLLOWS_WITHIN and _goes_on(sentence))
        read = read_sentence(sentence, article.published, topic, follows=follows)
        reads.append(read)
        silent = 0 if read.statements else silent + 1
        unnamed = 0 if _names_one_offense(read) else unnamed + 1
        topic = _topic(read) or topic
    return tuple(reads)


def read_sentence(
    sentence: Sentence, published: date | None, topic: Period | None, *, follows: bool
) -> Read:
    """One sentence; `topic` is the period and `follows` whether the text before was of figures.

    Of a sentence of more than 10,000 characters the rest is not read.
    """
    seen = scan(sentence.text[:LONGEST_SENTENCE], published=published, topic=topic)
    if _is_question(seen) or tells_opinions(seen.text):
        return Read(sentence, seen, ())
    around = Surroundings(seen)
    said = [
        statement
        for frame in frames_of(seen)
        for statement in statements_of(frame, seen, sentence)
        if is_about_crime(statement, around, follows=follows)
    ]
    return Read(sentence, seen, tuple(respectively(said, seen)))


def _is_question(seen: Scan) -> bool:
    if not seen.text.endswith("?") or not seen.words:
        return False
    return seen.words[0].fold in words("question", "opens")


def _goes_on(sentence: Sentence) -> bool:
    """ "There were 498 in 2014": of what the text has been about."""
    return sentence.text.startswith(("There were ", "There was ", "There have been "))


def _names_one_offense(read: Read) -> bool:
    """ "Robberies are a worry": what the figures after it are of."""
    named = read.scan.of("offense")
    return len({m.key for m in named}) == 1


def _topic(read: Read) -> Period | None:
    """The first period of its statements that lies within one year."""
    periods = (s.period.period for s in read.statements if s.period)
    return next((p for p in periods if p and p.first_year == p.last_year), None)
