"""From a path, an address or standard input to Articles."""

from __future__ import annotations

import io
import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Literal
from urllib.parse import urlsplit

from baserate.claims.article import Article
from baserate.claims.documents.dates import publication_day
from baserate.claims.documents.feeds import feed_articles
from baserate.claims.documents.kinds import START, kind_of
from baserate.claims.documents.limits import LARGEST, fit, remark, too_long, web_address
from baserate.claims.documents.pages import Found, page
from baserate.claims.documents.pdfs import pdf
from baserate.claims.documents.plain import Front, decoded, front_matter
from baserate.errors import BaserateError, FetchError, NoArticle, UnreadableArticle

ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{1,20}://")
DECLARED = re.compile(r"charset\s{0,5}=\s{0,5}[\"']?([A-Za-z0-9_-]{1,30})", re.IGNORECASE)
ADVICE = (
    ("added with `baserate add", "checked with `baserate check"),
    ("baserate add", "baserate check"),
)
DATED = ("published", "date", "publication_date", "pubdate", "publishdate", "date_published")
PUBLISHERS = ("outlet", "publisher", "publication", "sitename", "site_name", "source")
ADDRESSES = ("url", "canonical_url", "link", "permalink", "source")


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """Something to read. `path` is where it lies if it is a file that can be read twice."""

    name: str
    article_id: str
    suffix: str = ""
    body: bytes = b""
    path: Path | None = None
    url: str = ""
    declared: str = ""

    def opened(self) -> BinaryIO:
        """From its start, as often as it is asked for."""
        return self.path.open("rb") if self.path else io.BytesIO(self.body)

    def start(self) -> bytes:
        """How it begins."""
        with self.opened() as file:
            return file.read(START)

    def whole(self) -> bytes:
        """All of it. Raises ArticleTooLong."""
        with self.opened() as file:
            data = file.read(LARGEST + 1)
        if len(data) > LARGEST:
            raise too_long(self.name, f"more than {LARGEST:,} bytes")
        return data


def read_articles(
    source: str,
    *,
    published: date | None = None,
    outlet: str | None = None,
    stdin: bytes | None = None,
) -> Iterator[Article]:
    """The articles of a file, of an http or https address, or of standard input ('-').

    Text, Markdown, HTML, PDF and JSONL feeds are told apart by what they hold; a file's name
    decides only where that leaves it open. `published` and `outlet` fill in what a feed, a front
    matter block or a page leaves out, and never replace it; the day a PDF file was made is no day
    of publication and gives way. The article_id is a feed's own, else the file's name without its
    suffix, 'stdin', or the address.

    `text` is exactly the file's, less a byte order mark and a front matter block; offsets count
    its characters, line ends of two characters as two. Of a page or a PDF file it is the text
    taken out of it, a blank line between paragraphs.

    Raises ArticleError; FetchError for an address; ExtraNeeded where a library is missing.
    """
    try:
        for article in _articles(_given(source, stdin), published):
            yield replace(article, outlet=article.outlet or outlet)
    except BaserateError:
        raise
    except (OSError, UnicodeEncodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "no file can have this name"
        raise UnreadableArticle(
            f"{source!r} cannot be read ({why}); name a file, an https:// address, or - for "
            "standard input"
        ) from None


def _given(source: str, stdin: bytes | None) -> Given:
    if source == "-":
        return Given(name="standard input", article_id="stdin", body=stdin or b"")
    if ADDRESS.match(source):
        return _at_address(source)
    if not source or "\0" in source:
        raise UnreadableArticle(f"{source!r} is no file name; name a file, an address, or -")
    path = Path(source)
    known = path.stat()
    name, stem = (os.fsencode(n).decode("utf-8", "replace") for n in (path.name, path.stem))
    if stat.S_ISDIR(known.st_mode):
        raise UnreadableArticle(f"{name!r} is a folder; name the files in it")
    of_file = Given(name=repr(name), article_id=stem, suffix=path.suffix.lower(), path=path)
    if stat.S_ISREG(known.st_mode):
        return of_file
    return Given(name=of_file.name, article_id=stem, body=of_file.whole())  # a pipe: read once


def _at_address(source: str) -> Given:
    from baserate.sources.network.fetch import download

    try:
        answer = download(source)
    except FetchError as error:
        raise _advised(error) from None
    declared = DECLARED.search(answer.headers.get("content-type", ""))
    return Given(
        name=source if len(source) <= 120 else source[:119] + "…",
        article_id=source,
        suffix=PurePosixPath(urlsplit(answer.url).path).suffix.lower(),
        body=answer.body,
        url=answer.url,
        declared=declared[1] if declared else "",
    )


def _advised(error: FetchError) -> FetchError:
    """The error with the advice of who wants to check an article, not to add records."""
    said = str(error)
    for added, checked in ADVICE:
        said = said.replace(added, checked)
    error.args = (said,)
    return error


def _articles(given: Given, published: date | None) -> Iterator[Article]:
    start = given.start()
    if not start:
        raise NoArticle(f"{given.name} is empty; name a file with an article in it")
    kind = kind_of(start, given.suffix, given.name)
    if kind == "feed":
        yield from feed_articles(given.opened, given.name, published)
    elif kind == "text":
        yield _plain_article(given, published)
    elif kind == "page":
        found = page(given.whole(), given.name, url=given.url, declared=given.declared)
        yield _found_article(given, found, published, "page")
    else:
        yield _found_article(given, pdf(given.whole(), given.name), published, "file")


def _plain_article(given: Given, published: date | None) -> Article:
    text = decoded(given.whole(), given.name, given.declared)
    front = front_matter(text)
    own = _day(front, given.name, published)
    return Article(
        article_id=given.article_id,
        text=fit(front.body, given.name),
        published=own or published,
        outlet=remark(
            next((o for o in map(front.first, PUBLISHERS) if o and not web_address(o)), None)
        ),
        title=remark(front.first("title", "headline")),
        url=next(filter(None, map(web_address, map(front.first, ADDRESSES))), given.url or None),
        dated_by="front matter" if own else "given" if published else None,
    )


def _day(front: Front, name: str, published: date | None) -> date | None:
    try:
        return publication_day(front.first(*DATED) or "")
    except ValueError as error:
        if published is not None:
            return None
        raise UnreadableArticle(f"{name}, front matter: {error}; or give --published") from None


def _found_article(
    given: Given, found: Found, published: date | None, dated_by: Literal["page", "file"]
) -> Article:
    """The day a file was made may be years later, and is taken only where nobody gives another."""
    own = found.published
    by_hand = published is not None and (own is None or dated_by == "file")
    return Article(
        article_id=given.article_id,
        text=fit(found.text, given.name),
        published=published if by_hand else own,
        outlet=remark(found.outlet),
        title=remark(found.title),
        url=web_address(found.url) or web_address(given.url),
        dated_by="given" if by_hand else dated_by if own else None,
    )
