"""What a file is, by how it begins. Its name decides only where the content leaves it open."""

from __future__ import annotations

import re
from typing import Literal

from baserate.errors import UnreadableArticle
from baserate.sources.network.webpages import is_web_page

Kind = Literal["feed", "page", "pdf", "text"]
START = 65_536  # bytes looked at

FEED = re.compile(rb"\[?\s{0,200}\{\s{0,200}[\"}]")
LINE_SUFFIXES = {".jsonl", ".ndjson"}  # a feed, whatever its lines are
PIECE_OF_PAGE = re.compile(
    rb"<(?:!--|article|aside|blockquote|div|figure|h[1-6]|header|main|nav|ol|p|section|span"
    rb"|table|ul)\b",
    re.IGNORECASE,
)
TEXT_SUFFIXES = {".md", ".markdown", ".text", ".txt"}
PAGE_SUFFIXES = {".htm", ".html", ".xhtml"}
FOREIGN = (  # how files begin that are often named by mistake; what they are; what to do
    (b"PK\x03\x04", "a Word document, a workbook or a zip archive", "save it as text or PDF"),
    (b"\xd0\xcf\x11\xe0", "a Word document or a workbook", "save it as text or PDF"),
    (b"{\\rtf", "a rich text document", "save it as text or PDF"),
    (b"\x1f\x8b", "packed with gzip", "unpack it first"),
    (b"\x89PNG", "a picture", "run text recognition on it, and check the text"),
    (b"\xff\xd8\xff", "a picture", "run text recognition on it, and check the text"),
    (b"GIF8", "a picture", "run text recognition on it, and check the text"),
    (b"<rss", "a list of headlines (RSS)", "name the articles it points to"),
    (b"<feed", "a list of headlines (Atom)", "name the articles it points to"),
    (b"<?xml", "XML, and no web page", "name the articles themselves"),
)  # fmt: skip


def kind_of(start: bytes, suffix: str, name: str) -> Kind:
    """What bytes are that begin so. Raises UnreadableArticle for what is no article at all.

    >>> kind_of(b'{"article_id": "a1"}', ".txt", "a"), kind_of(b"# Murders are up", ".pdf", "b")
    ('feed', 'text')
    """
    if start.startswith(b"%PDF-") or (suffix == ".pdf" and b"%PDF-" in start[:1024]):
        return "pdf"
    plain = start.removeprefix(b"\xef\xbb\xbf").lstrip(b"\xff\xfe").replace(b"\0", b"").lstrip()
    if is_web_page(plain):
        return "page"
    for beginning, what, remedy in FOREIGN:
        if start.startswith(beginning) or (beginning[:1] == b"<" and plain.startswith(beginning)):
            raise UnreadableArticle(f"{name} is {what}; {remedy}")
    if FEED.match(plain) or suffix in LINE_SUFFIXES:
        return "feed"
    if PIECE_OF_PAGE.match(plain) and suffix not in TEXT_SUFFIXES:
        return "page"
    return "page" if suffix in PAGE_SUFFIXES and b"<" in plain else "text"
