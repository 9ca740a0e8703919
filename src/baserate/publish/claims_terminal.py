"""A checked article for the terminal: each claim with its verdict, why, and how to ask again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from baserate.claims.article import Article
from baserate.claims.checked import Checked, CheckedArticle
from baserate.publish.claim_words import (
    CLAIM_ICONS,
    INCONSISTENT,
    INCONSISTENT_ICON,
    Remark,
    changed_since,
    figure,
    heading,
    in_reading_order,
    needs_once,
    offsets,
    origin,
    rerun_of,
    sentence_of,
    speaker,
    study_words,
    summary,
    trap_words,
    when_written,
)
from baserate.publish.harmless import one_line
from baserate.publish.lines import WIDTH, Style, again, plain, wrapped
from baserate.publish.lines import labelled as _beside
from baserate.publish.marked import clamped

INDENT = 4
LABEL = 14
LONGEST = 400  # characters of a sentence that are shown


def render_claims(found: CheckedArticle, style: Style = plain, width: int = WIDTH) -> str:
    """The article as lines of text. `style` colors a piece by its role and may do nothing."""
    return "\n".join(_lines(found, style, max(40, min(width, 110))))


def headline(article: Article) -> str:
    """What is checked: its title, outlet and date, in one line."""
    return one_line(f"{heading(article)} · {origin(article)}")


def _lines(found: CheckedArticle, style: Style, width: int) -> Iterator[str]:
    yield from (style(line, "title") for line in wrapped(headline(found.article), width))
    yield from wrapped(one_line(summary(found)), width)
    before = ""
    remarks = in_reading_order(found)
    needs = needs_once(remarks)
    for number, remark in enumerate(remarks, start=1):
        said = _said(remark, found.article, before)
        before = sentence_of(remark) if isinstance(remark, Checked) else ""
        yield ""
        yield from _quoted(number, said, width)
        if isinstance(remark, Checked):
            yield from _claim(replace(remark, needs=needs[number]), found.article, style, width)
        else:
            head = f"{INCONSISTENT_ICON} {INCONSISTENT.upper()}"
            yield from _hanging(head, style(head, "misleading"), remark.text, width)
    caveats = dict.fromkeys(c.text for each in found.checked for c in each.caveats)
    if caveats:
        yield ""
    for text in caveats:
        yield from _labelled("Caveat", text, width, style)


def _said(remark: Remark, article: Article, before: str) -> str:
    """The sentence; of a sentence that was just quoted only the words of the claim."""
    if isinstance(remark, Checked) and sentence_of(remark) != before:
        return sentence_of(remark)
    return article.text[slice(*clamped(*offsets(remark), len(article.text)))]


def _claim(checked: Checked, article: Article, style: Style, width: int) -> Iterator[str]:
    verdict = checked.verdict
    shown = style(f"{CLAIM_ICONS[verdict]} {verdict.upper()}", verdict)
    yield from _hanging(f"{CLAIM_ICONS[verdict]} {verdict.upper()}", shown, checked.why, width)
    for label, text in _notes(checked, article):
        yield from _labelled(label, text, width, style)
    for need in checked.needs:
        yield from _labelled("Needs", need.what, width, style)
        if need.command:
            yield " " * (INDENT + LABEL) + one_line(need.command)
    if rerun_of(checked):  # one line, to be copied
        yield again(rerun_of(checked), style, indent=INDENT, room=LABEL)


def _notes(checked: Checked, article: Article) -> Iterator[tuple[str, str]]:
    if speaker(checked):
        yield "Speaker", speaker(checked)
    if checked.answer is not None:
        yield "Records", figure(checked.answer)
    if checked.study is not None:
        yield "Study", study_words(checked.study)
    if changed_since(checked):
        yield "When written", when_written(checked, article)
    for text in trap_words(checked):
        yield "Trap", text


def _quoted(number: int, said: str, width: int) -> Iterator[str]:
    text = one_line(said[: LONGEST + 1])
    text = text if len(said) <= LONGEST else f"{text[: LONGEST - 1]}…"
    lines = wrapped(text if text[:1] in '“"' else f"“{text}”", width - INDENT)
    yield f"{number:>{INDENT - 1}} {lines[0]}"
    yield from (" " * INDENT + line for line in lines[1:])


def _hanging(head: str, shown: str, text: str, width: int) -> Iterator[str]:
    """The verdict with its reason after it; the color counts for no width."""
    lines = wrapped(f"{head}  {one_line(text)}", width - INDENT)
    if lines[0].startswith(head):
        lines[0] = shown + lines[0][len(head) :]
    yield from (" " * INDENT + line for line in lines)


def _labelled(label: str, text: str, width: int, style: Style) -> Iterator[str]:
    return _beside(label, text, style, width, indent=INDENT, room=LABEL)
