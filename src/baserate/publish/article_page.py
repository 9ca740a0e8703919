"""A checked article as one page: its text as it was, its claims marked, verdicts beside them.

The text, its title and its address are by others and are treated as hostile: everything is
escaped, nothing is run, nothing is loaded, and only a web address becomes a link.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from baserate.claims.article import Article
from baserate.claims.checked import Checked, CheckedArticle, Inconsistency, Need
from baserate.claims.documents.limits import web_address
from baserate.errors import Caveat
from baserate.measure.answer import Answer, SourceRow
from baserate.measure.effects.found import EffectFound
from baserate.publish.claim_review import (
    NOBODY,
    Reviewer,
    as_script,
    claim_reviews,
)
from baserate.publish.claim_words import (
    CLAIM_ICONS,
    INCONSISTENT,
    INCONSISTENT_ICON,
    Remark,
    answers_of,
    changed_since,
    day,
    figure,
    heading,
    needs_once,
    offsets,
    origin,
    rerun_of,
    speaker,
    study_words,
    summary,
    trap_words,
    when_written,
)
from baserate.publish.marked import Segment, Span, clamped, marked
from baserate.publish.page import environment, gather_caveats, gather_sources
from baserate.publish.wording import doubt, robustness_words
from baserate.version import VERSION

Key = tuple[str, int]  # which list, and the number in it that `marked` gives

STYLES = {
    "supported": "supported",
    "contradicted": "contradicted",
    "misleading": "misleading",
    "can't tell": "untold",
    "not a checkable statement": "aside",
}
# What a reader must not miss decides how words are marked that several claims share.
GRAVEST = ("contradicted", "misleading", "odd", "supported", "untold", "aside")

DATED_BY = {
    "feed": "as its feed says",
    "front matter": "as the top of its file says",
    "page": "as its page says",
    "given": "as given",
    "file": "if the day its PDF file was made is the day",
}
_BLANK_LINE, _LINE_END = r"\n[ \t\r]*\n[ \t\r\n]*", r"\n[ \t\r\n]*"
WRAPPED = 100  # characters; where no line is longer, lines were broken to fit and say nothing


@dataclass(frozen=True, slots=True)
class Note:
    """What stands beside a claim. `style` is the class that its mark and its icon share."""

    number: int
    icon: str
    word: str
    style: str
    why: str
    speaker: str = ""
    figure: str = ""
    written: str = ""
    changed: bool = False
    doubts: tuple[str, ...] = ()
    traps: tuple[str, ...] = ()
    caveats: tuple[Caveat, ...] = ()
    needs: tuple[Need, ...] = ()
    again: str = ""
    study: str = ""

    @property
    def has_more(self) -> bool:
        """Whether there is anything behind the first lines."""
        return bool(self.doubts or self.caveats or (self.written and not self.changed))


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of a paragraph: how they are marked, and the notes whose words end with them."""

    text: str
    style: str
    about: int | None
    ends: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class FileCited:
    """One published file that verdicts rest on, and how many of its rows."""

    publisher: str
    title: str
    file: str
    released: str
    sha256: str
    rows: int


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of the article and the notes that stand beside it."""

    pieces: tuple[Piece, ...]
    notes: tuple[Note, ...]


def render_article(
    found: CheckedArticle,
    *,
    command: str,
    made_on: date,
    reviewer: Reviewer = NOBODY,
) -> str:
    """The page. `command` makes it again; `reviewer` is who publishes it."""
    return (
        environment()
        .get_template("article.html")
        .render(
            article=found.article,
            title=heading(found.article),
            origin=origin(found.article),
            url=web_address(found.article.url),
            summary=summary(found),
            paragraphs=paragraphs(found),
            dated=_dated(found.article),
            files=_files(answers_of(found.checked)),
            studies=_studies(found.checked),
            caveats=list(dict.fromkeys(c.text for c in _caveats(found.checked))),
            reviewer=reviewer,
            reviews=as_script(claim_reviews(found, reviewed_on=made_on, reviewer=reviewer)),
            version=VERSION,
            made_on=day(made_on),
            again=command,
        )
    )


def paragraphs(found: CheckedArticle) -> list[Paragraph]:
    """The text in paragraphs, each claim marked where it stands and its note beside it."""
    notes, size = _notes(found), len(found.article.text)
    spans = {key: clamped(*offsets(remark), size) for key, remark in _numbered(found)}
    begun = deque((start, notes[key]) for key, (start, _) in spans.items())
    ended = deque(
        sorted(
            ((_last(found.article.text, s), notes[k]) for k, s in spans.items() if s[0] < s[1]),
            key=lambda each: each[0],
        )
    )
    made = []
    for parts in _by_paragraph(found):
        pieces = tuple(_piece(part, notes, tuple(_until(ended, part.end))) for part in parts)
        made.append(Paragraph(pieces, tuple(_until(begun, parts[-1].end - 1))))
    if begun:  # about no words that are there
        last = made.pop() if made else Paragraph((), ())
        made.append(replace(last, notes=(*last.notes, *(note for _, note in begun))))
    return made


def _until(waiting: deque[tuple[int, Note]], offset: int) -> Iterator[Note]:
    """The notes whose turn has come, each taken out once."""
    while waiting and waiting[0][0] <= offset:
        yield waiting.popleft()[1]


def _last(text: str, span: Span) -> int:
    """Where the words of a span end, without the blanks after them."""
    return span[0] + len(text[slice(*span)].rstrip())


def _numbered(found: CheckedArticle) -> list[tuple[Key, Remark]]:
    """Every remark in reading order, under the number that `marked` gives it."""
    keyed: list[tuple[Key, Remark]] = [
        *((("claim", i), c) for i, c in enumerate(found.checked, start=1)),
        *((("odd", i), o) for i, o in enumerate(found.inconsistencies, start=1)),
    ]
    return sorted(keyed, key=lambda each: offsets(each[1]))


def _notes(found: CheckedArticle) -> dict[Key, Note]:
    numbered = _numbered(found)
    needs = needs_once([remark for _, remark in numbered])
    return {
        key: _claim_note(number, replace(remark, needs=needs[number]), found.article)
        if isinstance(remark, Checked)
        else _odd_note(number, remark)
        for number, (key, remark) in enumerate(numbered, start=1)
    }


def _claim_note(number: int, checked: Checked, article: Article) -> Note:
    answer = checked.answer
    doubts = () if answer is None else (doubt(answer), _other_ways(answer), _vintage(answer))
    return Note(
        number=number,
        icon=CLAIM_ICONS[checked.verdict],
        word=checked.verdict,
        style=STYLES[checked.verdict],
        why=checked.why,
        speaker=speaker(checked),
        figure="" if answer is None else _unbroken(figure(answer)),
        written=when_written(checked, article),
        changed=changed_since(checked),
        doubts=tuple(d for d in doubts if d),
        traps=trap_words(checked),
        caveats=checked.caveats,
        needs=checked.needs,
        again=rerun_of(checked),
        study="" if checked.study is None else study_words(checked.study),
    )


def _unbroken(words: str) -> str:
    """A figure whose interval stays on one line."""
    before, bracket, span = words.rpartition("(")
    return before + bracket + span.replace(" ", "\N{NO-BREAK SPACE}")


def _other_ways(answer: Answer) -> str:
    return robustness_words(answer) if answer.robustness.of else ""


def _vintage(answer: Answer) -> str:
    return f"As the records stand now: {answer.vintage.title}, {answer.vintage.text}."


def _odd_note(number: int, odd: Inconsistency) -> Note:
    return Note(number, INCONSISTENT_ICON, INCONSISTENT, "odd", odd.text)


def _by_paragraph(found: CheckedArticle) -> Iterator[list[Segment]]:
    """Segments, cut where a paragraph ends; what is between paragraphs is left to the page."""
    text = found.article.text
    cuts = [m.span() for m in _paragraph_break(text).finditer(text)]
    parts: list[Segment] = []
    segments = deque(marked(found.article, found.checked, found.inconsistencies))
    for start, end in [*cuts, (len(text), len(text))]:
        while segments and segments[0].end <= start:
            parts.append(segments.popleft())
        if segments and segments[0].start < start:
            parts.append(_between(segments[0], segments[0].start, start))
        if any(part.text.strip(" \t\r\n") for part in parts):
            yield parts
        parts = []
        while segments and segments[0].end <= end:
            segments.popleft()
        if segments and segments[0].start < end:
            segments[0] = _between(segments[0], end, segments[0].end)


def _between(segment: Segment, start: int, end: int) -> Segment:
    text = segment.text[start - segment.start : end - segment.start]
    return replace(segment, start=start, text=text)


def _paragraph_break(text: str) -> re.Pattern[str]:
    """A blank line where lines were broken to fit, else every end of a line."""
    longest = max(map(len, text.splitlines()), default=0)
    return re.compile(_BLANK_LINE if longest <= WRAPPED and "\n\n" in text else _LINE_END)


def _piece(part: Segment, notes: dict[Key, Note], ends: tuple[Note, ...]) -> Piece:
    keys = [*(("claim", n) for n in part.claims), *(("odd", n) for n in part.inconsistencies)]
    covering = [notes[key] for key in keys]
    gravest = min(covering, key=lambda note: GRAVEST.index(note.style), default=None)
    return Piece(
        text=part.text,
        style=gravest.style if gravest else "",
        about=gravest.number if gravest else None,
        ends=ends,
    )


def _caveats(checked: Sequence[Checked]) -> list[Caveat]:
    return [*(c for each in checked for c in each.caveats), *gather_caveats(answers_of(checked))]


def _files(answers: Sequence[Answer]) -> list[FileCited]:
    by_sum: dict[str, list[SourceRow]] = {}
    for row in gather_sources(answers):
        by_sum.setdefault(row.sha256, []).append(row)
    return [
        FileCited(r[0].publisher, r[0].title, r[0].file, day(r[0].released), key, len(r))
        for key, r in by_sum.items()
    ]


def _studies(checked: Sequence[Checked]) -> list[EffectFound]:
    """Every study that a verdict rests on, once."""
    return list({c.study.checksum: c.study for c in checked if c.study is not None}.values())


def _dated(article: Article) -> str:
    if article.published is None:
        return "No date is known, so “last year” and the like have no meaning here."
    by = DATED_BY.get(article.dated_by or "")
    return f"Published {day(article.published)}{f', {by}' if by else ''}."
