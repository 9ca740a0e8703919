"""Plain text and Markdown: bytes to characters, and what a front matter block says."""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from typing import NamedTuple

from baserate.errors import UnreadableArticle

BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Declared encodings that are believed. Others are not: some of Python's are no encodings of text,
# and some take a time that grows with the square of the length.
BELIEVED = re.compile(
    r"utf-?8|us-ascii|iso-?8859-?(?:[1-9]|1[0-6])|latin-?1|windows-125[0-8]|cp125[0-8]|macintosh"
    r"|koi8-[ru]",
    re.IGNORECASE,
)
WESTERN = re.compile(
    r"us-ascii|iso-?8859-?1|latin-?1", re.IGNORECASE
)  # mean Windows-1252 on the web

BLOCK = re.compile(
    r"(?P<fence>---|\+\+\+)[ \t]{0,20}\r?\n"
    r"(?P<lines>(?:[^\n]{0,2000}\n){1,100}?)"
    r"(?:(?P=fence)|\.\.\.)[ \t]{0,20}(?:\r?\n|\Z)"
)
LINE = re.compile(
    r"(?P<key>[A-Za-z][A-Za-z0-9_-]{0,60})[ \t]{0,20}(?P<sign>:(?=[ \t]|$)|=)(?P<value>.*)"
)
ASIDE = re.compile(r"\s*(?:#.*)?|[ \t]+\S.*|-[ \t].*|\[.*\]|[\]}],?")  # of lists and sections


class Front(NamedTuple):
    """A text with its front matter taken off; keys in lower case, values as they stand."""

    says: Mapping[str, str]
    body: str

    def first(self, *keys: str) -> str | None:
        """The value of the first of these keys that has one."""
        return next((self.says[k] for k in keys if self.says.get(k)), None)


def decoded(data: bytes, name: str, declared: str = "") -> str:
    """Characters of a file, its byte order mark left out; line ends as they are.

    In this order: the byte order mark, the encoding that is declared, UTF-8, Windows-1252. A file
    that is mostly good UTF-8 is read as that, with U+FFFD for what is not.
    Raises UnreadableArticle.
    """
    for mark, encoding in BOMS:
        if data.startswith(mark):
            return _strictly(data[len(mark) :], encoding, name)
    if b"\0" in data:
        raise UnreadableArticle(
            f"{name} is not text: it holds zero bytes. Name a text, Markdown, HTML or PDF file; "
            "if it is text, save it as UTF-8"
        )
    if BELIEVED.fullmatch(declared):
        return data.decode("cp1252" if WESTERN.fullmatch(declared) else declared, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        mended = data.decode("utf-8", "replace")
    wrong = mended.count("\N{REPLACEMENT CHARACTER}")
    good = len(mended) - len(mended.encode("ascii", "ignore")) - wrong
    return mended if good > wrong else _strictly(data, "cp1252", name)


def _strictly(data: bytes, encoding: str, name: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        tried = "neither UTF-8 nor Windows-1252" if encoding == "cp1252" else f"no whole {encoding}"
        raise UnreadableArticle(
            f"{name} is {tried} text: byte {error.start:,} does not fit. Save it as UTF-8"
        ) from None


def front_matter(text: str) -> Front:
    """The front matter block at the head of a text, if it has one, and the text after it.

    Reads simple `key: value` and `key = value` lines between fences of --- or +++; lists and
    sections in the block are passed over. Anything else between the fences, and it is no front
    matter but text. The body is every character after the closing fence's line.

    >>> front_matter("---\\ndate: 2015-09-28\\n---\\nMurders are up.")
    Front(says={'date': '2015-09-28'}, body='Murders are up.')
    >>> front_matter("---\\nMurders are up.\\n---\\n").says
    {}
    """
    found = BLOCK.match(text)
    if not found:
        return Front({}, text)
    says: dict[str, str] = {}
    sign = ":" if found["fence"] == "---" else "="
    for line in map(str.rstrip, found["lines"].split("\n")):
        pair = LINE.fullmatch(line)
        if pair and pair["sign"] == sign:
            says.setdefault(pair["key"].lower(), _bare(pair["value"]))
        elif not ASIDE.fullmatch(line):
            return Front({}, text)
    return Front(says, text[found.end() :]) if says else Front({}, text)


def _bare(value: str) -> str:
    """Without quotation marks or a remark behind."""
    value = value.strip()
    if value[:1] in {'"', "'"}:
        end = value.find(value[0], 1)
        return value[1:end] if end > 0 else value
    if value[:1] in {"|", ">", "[", "{"}:
        return ""  # a value of several lines, or several values
    return value.split(" #", 1)[0].rstrip()
