"""Writes what is in one web page or PDF file to standard output, as JSON. Run by apart.py.

The document comes on standard input: a PDF file as it is, a web page in UTF-8.
"""

from __future__ import annotations

import contextlib
import io
import sys
from typing import Any

from baserate.sources.child_process import say

MOST_SECONDS = 20
MOST_PAGES = 500
MOST_CHARACTERS = 5_000_000
# The FBI's program began in 1930. An end that does not move: the same page has the same date on
# every day it is read.
DATES = {
    "extensive_search": False,  # marked up as a date, never one met in the text or a footer
    "original_date": True,  # when it was published, not when it was last changed
    "min_date": "1930-01-01",
    "max_date": "2100-01-01",
}


class Locked(Exception):
    """A password is needed."""


class TooLong(Exception):
    """More pages or characters than an article has."""


def read(kind: str, url: str) -> dict[str, Any]:
    """What is in the document, or what keeps it from being read."""
    data = sys.stdin.buffer.read()
    try:
        return _pdf(data) if kind == "pdf" else _page(data.decode(), url)
    except ImportError as error:
        return {"missing": error.name or str(error)[:100]}
    except Locked:
        return {"locked": True}
    except TooLong as error:
        return {"too_long": str(error)}


def _page(markup: str, url: str) -> dict[str, Any]:
    """The lines of a page's article, and what the page says of itself."""
    from trafilatura import extract, extract_metadata, load_html

    tree = load_html(f"<html><body>{markup}</body></html>" if _is_piece(markup) else markup)
    if tree is None:
        return {"lines": []}
    meta = extract_metadata(tree, default_url=url or None, date_config=dict(DATES))
    text = extract(
        tree,
        output_format="txt",
        include_comments=False,
        include_tables=False,  # columns of figures are no sentences; layout tables are still read
        prune_xpath="//noscript",
    )
    says = {"date": meta.date, "outlet": meta.sitename, "title": meta.title, "url": meta.url}
    return {"lines": (text or "").split("\n")} | says


def _is_piece(markup: str) -> bool:
    start = markup[:2000].casefold()
    return not any(mark in start for mark in ("<html", "<body", "<head", "<!doctype"))


def _pdf(data: bytes) -> dict[str, Any]:
    """The text of each page, and the day the file says it was made."""
    from pypdf import PdfReader
    from pypdf.errors import DependencyError

    reader = PdfReader(io.BytesIO(data))
    if reader.is_encrypted:
        try:
            opened = reader.decrypt("")  # locked against printing only
        except (DependencyError, NotImplementedError):
            raise Locked from None
        if not opened:
            raise Locked
    if not reader.pages:
        raise ValueError("it has no pages")
    if len(reader.pages) > MOST_PAGES:
        raise TooLong(f"{len(reader.pages):,} pages; an article has at most {MOST_PAGES}")
    pages: list[str] = []
    characters = 0
    for page in reader.pages:
        pages.append(page.extract_text())
        characters += len(pages[-1])
        if characters > MOST_CHARACTERS:
            raise TooLong(f"an article has at most {MOST_CHARACTERS:,} characters")
    return {"pages": pages, "date": _made(reader)}


def _made(reader: Any) -> str | None:
    with contextlib.suppress(Exception):  # remarks beside the text; broken ones say nothing
        return str(reader.metadata.creation_date.date().isoformat())
    return None


if __name__ == "__main__":
    say(lambda: read(sys.argv[1], sys.argv[2]), seconds=MOST_SECONDS)
