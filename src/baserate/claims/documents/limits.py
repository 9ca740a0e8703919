"""What an article may be: how long, and of which characters."""

from __future__ import annotations

from urllib.parse import urlsplit

from baserate.errors import ArticleTooLong, NoArticle, UnreadableArticle

LONGEST = 5_000_000  # characters of one article: a long novel has three million
LARGEST = 25_000_000  # bytes of anything that is not a feed
LONGEST_REMARK = 300  # characters of a title or of an outlet's name
LONGEST_ADDRESS = 2_000  # characters
UNCOMMON = [chr(c) for c in range(32) if chr(c) not in "\t\n\v\f\r"]
MOST_UNCOMMON = 20  # one control character in so many is no text


def fit(text: str, name: str) -> str:
    """The text itself, unchanged, if it can be an article. Raises ArticleError.

    Control characters, marks of direction and the like stay where they are: offsets count them,
    and whoever shows the text makes them harmless.
    """
    if len(text) > LONGEST:
        raise too_long(name, f"{len(text):,} characters of text")
    if "\0" in text or MOST_UNCOMMON * sum(map(text.count, UNCOMMON)) > len(text):
        raise UnreadableArticle(
            f"{name} is not text: it is full of control characters. Name a text, Markdown, HTML "
            "or PDF file; if it is text, save it again as UTF-8"
        )
    if not any(c.isalnum() for c in text):
        raise NoArticle(f"{name} holds no text: no letter, no digit. Is it the right file?")
    if not encodable(text):
        raise UnreadableArticle(
            f"{name} holds half a character (a lone surrogate), which no file can; write it again "
            "as UTF-8"
        )
    return text


def too_long(name: str, what: str) -> ArticleTooLong:
    """The error for more than an article has; `what` says how much it was."""
    return ArticleTooLong(
        f"{name}: {what}; an article has at most {LONGEST:,} characters, its file "
        f"{LARGEST:,} bytes. Split it, or write several articles as a feed, one JSON object a line"
    )


def encodable(text: str) -> bool:
    """Whether it can be written as UTF-8."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def remark(said: str | None) -> str | None:
    """A title or a name as it may be kept: one line, no control characters, not endless.

    >>> remark(" The\\n Post\\x1b[31m "), remark("\\u200e")
    ('The Post [31m', None)
    """
    shown = "".join(c if c.isprintable() else " " for c in (said or "")[: 4 * LONGEST_REMARK])
    return " ".join(shown.split())[:LONGEST_REMARK] or None


def web_address(said: str | None) -> str | None:
    """An address that may become a link: http or https, with a host; None for anything else.

    >>> web_address("https://example.org/a"), web_address("javascript:alert(1)")
    ('https://example.org/a', None)
    """
    words = (said or "").strip()
    if not words.isprintable() or " " in words or len(words) > LONGEST_ADDRESS:
        return None
    try:
        parts = urlsplit(words)
    except ValueError:
        return None
    return words if parts.scheme in {"http", "https"} and parts.hostname else None
