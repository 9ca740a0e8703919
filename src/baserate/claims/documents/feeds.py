"""A feed of articles: one JSON object a line."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, BinaryIO

from baserate.claims.article import Article
from baserate.claims.documents.dates import publication_day
from baserate.claims.documents.limits import encodable, fit, remark, web_address
from baserate.errors import ArticleError, BadFeed

LONGEST_LINE = 30_000_000  # bytes; JSON may write a character as six
EXAMPLE = '{"article_id": "a1", "published": "2017-01-27", "outlet": "…", "text": "…"}'


def feed_articles(
    opened: Callable[[], BinaryIO], name: str, published: date | None
) -> Iterator[Article]:
    """Every article of a feed, its text as it was given. Raises BadFeed, and then yields none.

    The feed is read twice, to refuse it as a whole before anything is taken from it; one line is
    held at a time. `published` is the date of those that bear none.
    """
    with opened() as feed:
        seen: dict[str, int] = {}
        for number, article in _lines(feed, name, published):
            first = seen.setdefault(article.article_id, number)
            if first != number:
                raise _bad(
                    name, number, f'"article_id" is {_shown(article.article_id)}, as in line '
                    f"{first}; give each article its own",
                )  # fmt: skip
    if not seen:
        raise BadFeed(f"{name} has no article in it; a line looks like {EXAMPLE}")
    with opened() as feed:
        yield from (article for _, article in _lines(feed, name, published))


def _lines(feed: BinaryIO, name: str, published: date | None) -> Iterator[tuple[int, Article]]:
    number = 0
    while line := feed.readline(LONGEST_LINE + 1):
        number += 1
        if len(line) > LONGEST_LINE:
            raise _bad(name, number, f"is longer than {LONGEST_LINE:,} bytes; split the article")
        if line.strip():
            yield number, _article(_object(line, name, number), name, number, published)


def _object(line: bytes, name: str, number: int) -> dict[str, Any]:
    try:
        said = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise _bad(name, number, "is not UTF-8; write the feed in UTF-8") from None
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        shown = _shown(line[:200].decode("utf-8", "replace").strip())
        raise _bad(name, number, f"is {shown}, not one JSON object; a line looks like {EXAMPLE}")
    return said


def _article(said: dict[str, Any], name: str, number: int, published: date | None) -> Article:
    text, article_id = said.get("text"), said.get("article_id")
    if isinstance(article_id, int) and not isinstance(article_id, bool):
        article_id = str(article_id)
    if not isinstance(article_id, str) or not article_id.strip() or not encodable(article_id):
        raise _bad(name, number, f'"article_id" is {_shown(article_id)}; give a name')
    if not isinstance(text, str):
        raise _bad(name, number, f'"text" is {_shown(text)}; give the article\'s text')
    try:
        fit(text, f'"text" of {_shown(article_id)}')
    except ArticleError as error:
        raise _bad(name, number, str(error)) from None
    own = _day(said.get("published"), name, number, published)
    return Article(
        article_id=article_id,
        text=text,
        published=own or published,
        outlet=remark(_words(said, "outlet", name, number)),
        title=remark(_words(said, "title", name, number)),
        url=web_address(_words(said, "url", name, number)),
        dated_by="feed" if own else "given" if published else None,
    )


def _day(said: object, name: str, number: int, published: date | None) -> date | None:
    if said is None or (isinstance(said, int) and not isinstance(said, bool)):
        return None  # a bare year has no day
    if not isinstance(said, str):
        raise _bad(name, number, f'"published" is {_shown(said)}; write it as "2017-01-27"')
    try:
        return publication_day(said)
    except ValueError as error:
        if published is not None:
            return None
        raise _bad(name, number, f'"published": {error}; or give --published') from None


def _words(said: dict[str, Any], key: str, name: str, number: int) -> str | None:
    value = said.get(key)
    if value is None or isinstance(value, str):
        return value
    raise _bad(name, number, f'"{key}" is {_shown(value)}; write words, or leave it out')


def _bad(name: str, number: int, what: str) -> BadFeed:
    return BadFeed(f"{name}, line {number}: {what}. Nothing of the feed was taken")


def _shown(value: object) -> str:
    """A value in a message, in JSON and cut short."""
    if value is None:
        return "missing"
    try:
        shown = value if isinstance(value, str) else json.dumps(value)
    except (ValueError, RecursionError):
        shown = type(value).__name__
    return repr(shown if len(shown) <= 60 else shown[:59] + "…")
