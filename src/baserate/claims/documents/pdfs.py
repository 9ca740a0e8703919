"""PDF files: printed lines put together to paragraphs again."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from baserate.claims.documents.apart import read_apart
from baserate.claims.documents.pages import Found
from baserate.errors import NoArticle, UnreadableArticle

LIGATURES = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "ft", "ﬆ": "st", "\0": ""}
)
PAGE_NUMBER = re.compile(r"(?:page )?[-–—]? ?[0-9]{1,3} ?[-–—]?(?: (?:of|/) [0-9]{1,3})?", re.I)
BULLET = re.compile(r"[•·▪‣●○◦■–—*-] ")
SENTENCE_END = re.compile(r"[.!?…:][\"'”’)\]]{0,3}$")
BROKEN = re.compile(r"(?P<head>[^\W\d_]{2,40})(?P<hyphen>[-\u00ad\u2010])$")
REST = re.compile(r"[^\W\d_]{1,40}(?:-[^\W\d_]{1,40})?")
WORD = re.compile(r"[^\W\d_]{1,80}(?:-[^\W\d_]{1,80}){0,3}")
SHORT = 0.8  # of a full line: the last line of a paragraph may be
HEADING = 0.6  # of a full line: so short, and no sentence's end, a line may be a heading


def pdf(data: bytes, name: str) -> Found:
    """The text of a PDF file. Raises ArticleError.

    Its date is that of the file, to be used only where nothing else is known: it says when the
    file was made, and a story printed to PDF years later was not published then.
    """
    said = read_apart("pdf", data, name)
    if said.get("locked"):
        raise UnreadableArticle(
            f"{name} is locked with a password. Open it, and print it to a new PDF file"
        )
    text = reflowed(said["pages"])
    if not any(c.isalnum() for c in text):
        raise NoArticle(
            f"{name} has no text in its {len(said['pages'])} pages; they may be scanned pictures. "
            "Run text recognition (OCR) on it, check the text, and name the result"
        )
    return Found(text, date.fromisoformat(said["date"]) if said["date"] else None)


def reflowed(pages: Sequence[str]) -> str:
    """Paragraphs, a blank line between them, out of pages of printed lines.

    A paragraph ends at a blank line, at a short line that ends a sentence, after a heading and
    before a bullet; never because a page does. Page numbers and lines that stand at the head or
    foot of most pages are left out; words divided at a line's end are joined.

    >>> reflowed(["Violent crime rose in the whole of the coun-\\ntry last year, police said.\\n2"])
    'Violent crime rose in the whole of the country last year, police said.'
    """
    printed = [[_tidied(line) for line in page.split("\n")] for page in pages]
    lines = [line for page in _without_margins(printed) for line in page]
    words = Counter(w.casefold() for line in lines for w in WORD.findall(line))
    return "\n\n".join(_joined(paragraph, words) for paragraph in _paragraphs(lines))


def _tidied(line: str) -> str:
    """One line without ligatures, doubled spaces and half characters."""
    whole = line.translate(LIGATURES).encode("utf-8", "replace").decode("utf-8")
    return " ".join(whole.split())


def _without_margins(pages: Sequence[list[str]]) -> Iterator[list[str]]:
    """Pages without their numbers and without what stands at the head or foot of most of them."""
    trimmed = [_trimmed(page) for page in pages]
    edges = Counter(key for page in trimmed for key in {_edge(page[:1]), _edge(page[-1:])})
    running = {key for key, times in edges.items() if key and times > 2 and 2 * times > len(pages)}
    for page in trimmed:
        while page and (_edge(page[:1]) in running or PAGE_NUMBER.fullmatch(page[0])):
            page.pop(0)
        while page and (_edge(page[-1:]) in running or PAGE_NUMBER.fullmatch(page[-1])):
            page.pop()
        yield page


def _trimmed(page: list[str]) -> list[str]:
    """Without blank lines around; those within part paragraphs."""
    filled = [i for i, line in enumerate(page) if line]
    return page[filled[0] : filled[-1] + 1] if filled else []


def _edge(lines: list[str]) -> str:
    """A line at the edge of a page, without the number in it."""
    return re.sub(r"[0-9]+", "", lines[0]) if lines else ""


def _paragraphs(lines: Iterable[str]) -> Iterator[list[str]]:
    lines = list(lines)
    lengths = sorted(len(line) for line in lines if line)
    full = lengths[len(lengths) * 4 // 5] if lengths else 0
    paragraph: list[str] = []
    for line in lines:
        if paragraph and (not line or _ends(paragraph[-1], line, full)):
            yield paragraph
            paragraph = []
        if line:
            paragraph.append(line)
    if paragraph:
        yield paragraph


def _ends(line: str, following: str, full: int) -> bool:
    """Whether a paragraph ends with this line."""
    if BULLET.match(following):
        return True
    if SENTENCE_END.search(line):
        return len(line) < SHORT * full
    return len(line) < HEADING * full and following[:1].isupper() and line[:1].isupper()


def _joined(lines: Sequence[str], words: Counter[str]) -> str:
    text: list[str] = [lines[0]]
    for line in lines[1:]:
        broken = BROKEN.search(text[-1])
        if broken and line[:1].islower():
            text[-1] = text[-1][: broken.start("hyphen")] + _hyphen(broken, line, words)
        else:
            text.append(" ")
        text.append(line)
    return "".join(text)


def _hyphen(broken: re.Match[str], following: str, words: Counter[str]) -> str:
    """What stays between the two parts of a divided word: a hyphen where the word has one."""
    rest = REST.match(following)
    if broken["hyphen"] == "\u00ad" or rest is None:
        return ""
    whole = (broken["head"] + rest[0]).casefold()
    compound = f"{broken['head']}-{rest[0]}".casefold()
    if words[compound] != words[whole]:
        return "-" if words[compound] > words[whole] else ""
    return "-" if "-" in rest[0] else ""
