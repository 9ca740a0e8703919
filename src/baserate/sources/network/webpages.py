"""Telling a web page from data by how it begins, whatever the server calls it."""

from __future__ import annotations

import html
import re

BEGINNING = re.compile(
    rb"\s*(<\?xml[^>]*>)?(?>\s*<!--.*?-->)*+\s*"
    rb"<(!doctype\s+html|html|head|body|title|script|meta)\b",
    re.IGNORECASE | re.DOTALL,
)
TITLE = re.compile(rb"<title[^>]{0,200}>(.{0,2000}?)</title", re.IGNORECASE | re.DOTALL)
LONGEST_TITLE = 100  # characters shown


def is_web_page(start: bytes) -> bool:
    """Whether bytes begin as a web page does.

    >>> is_web_page(b"year,state_abbr"), is_web_page(b"<!DOCTYPE html><title>Sorry</title>")
    (False, True)
    """
    return BEGINNING.match(_plain(start)) is not None


def title(start: bytes) -> str:
    """What a web page calls itself, on one line; '' if it does not say.

    >>> title(b"<html><title>Access  Denied</title>")
    'Access Denied'
    """
    found = TITLE.search(_plain(start))
    if not found:
        return ""
    words = html.unescape(found[1].decode("utf-8", "replace")).split()
    text = "".join(c for c in " ".join(words) if c.isprintable())
    return text if len(text) <= LONGEST_TITLE else text[: LONGEST_TITLE - 1] + "…"


def _plain(start: bytes) -> bytes:
    """Without the marks of an encoding: UTF-16 is taken for ASCII."""
    return start.removeprefix(b"\xef\xbb\xbf").lstrip(b"\xff\xfe").replace(b"\0", b"")
