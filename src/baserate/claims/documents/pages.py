"""Web pages: the article's text without menus, scripts and markup, and what is said of it."""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from baserate.claims.documents.apart import read_apart
from baserate.claims.documents.plain import decoded
from baserate.errors import NoArticle

CHARSET = re.compile(
    rb"<meta\b[^<>]{0,200}?\bcharset\s{0,5}=\s{0,5}[\"']?([A-Za-z0-9_-]{1,30})", re.I
)
HEAD = 4096  # bytes in which a page names its encoding
SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]{0,3}\s*$")
WORDS_OF_A_SENTENCE = 8  # a line of so many is one, whatever it ends with


class Found(NamedTuple):
    """What was found on a page or in a PDF file: the text, and what it says of itself."""

    text: str
    published: date | None = None
    outlet: str | None = None
    title: str | None = None
    url: str | None = None


def page(data: bytes, name: str, *, url: str = "", declared: str = "") -> Found:
    """The article of a web page; its paragraphs have a blank line between them.

    Raises NoArticle for a page that is all links, scripts or pictures.
    """
    in_page = CHARSET.search(data, 0, HEAD)
    markup = decoded(data, name, declared or (in_page[1].decode("ascii") if in_page else ""))
    said = read_apart("page", markup.encode(), name, url)
    lines = [line.strip() for line in said["lines"] if line.strip()]
    if not any(_is_sentence(line) for line in lines):
        raise NoArticle(
            f"{name} is a web page with no article in it: no paragraph of text was found. If the "
            "browser shows one, copy its text and save that as a text file"
        )
    day = date.fromisoformat(said["date"]) if said["date"] else None
    if day and _either_way(day, markup):
        day = None
    return Found("\n\n".join(lines), day, said["outlet"], said["title"], said["url"])


def _is_sentence(line: str) -> bool:
    words = line.split()
    return len(words) >= WORDS_OF_A_SENTENCE or (
        len(words) > 2 and SENTENCE_END.search(line) is not None
    )


def _either_way(day: date, markup: str) -> bool:
    """Whether a page has its day only as 03/09/2015, which is in March or in September."""
    if day.day > 12 or day.day == day.month:
        return False
    iso = rf"{day.year}[-/]?{day.month:02}[-/]?{day.day:02}"
    year = f"(?:{day.year}|{day.year % 100:02})"
    one, other = f"0?{day.day}[/.-]0?{day.month}", f"0?{day.month}[/.-]0?{day.day}"
    return not re.search(iso, markup) and bool(
        re.search(rf"(?<![0-9])(?:{one}|{other})[/.-]{year}(?![0-9])", markup)
    )
