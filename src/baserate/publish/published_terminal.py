"""Published cells for the terminal: the sentence, the cells, what they can say and what not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from baserate.evaluate.published_study import PublishedEvaluation
from baserate.measure.effects.published import Cell
from baserate.publish.harmless import one_line
from baserate.publish.lines import (
    INDENT,
    LABEL,
    Style,
    again,
    headed,
    labelled,
    paragraph,
    plain,
)
from baserate.publish.published_words import (
    GET_CITIES,
    can_say,
    cannot_say,
    claim_words,
    finding,
    plan_words,
    power_words,
    spread_words,
)
from baserate.publish.study_words import ICONS

NAME = 58  # characters of a group's name that are shown


def render_published(found: PublishedEvaluation, rerun: str, style: Style = plain) -> str:
    """The cells as lines of text."""
    return "\n".join(_published(found, rerun, style))


def render_published_plan(found: PublishedEvaluation, rerun: str, style: Style = plain) -> str:
    """What is compared and what it could show, with nothing of how it came out."""
    return "\n".join(_plan(found, rerun, style))


def _published(found: PublishedEvaluation, rerun: str, style: Style) -> Iterator[str]:
    right = f"{ICONS[found.reading]} {found.reading.upper()}"
    yield from headed(found.study.title, right, style)
    yield from paragraph(finding(found))
    yield ""
    yield from _table(found.study.cells.cells, style)
    yield ""
    for label, texts in (("Can say", can_say(found)), ("Can't say", cannot_say(found))):
        for text in texts:
            yield from labelled(label, text, style)
    if claim_words(found):
        yield from labelled("Claim", claim_words(found), style)
    yield from _foot(found, rerun, style)


def _plan(found: PublishedEvaluation, rerun: str, style: Style) -> Iterator[str]:
    yield from headed(found.study.title, "PLAN", style)
    for text in (plan_words(found), power_words(found)):
        yield from paragraph(text)
    yield ""
    yield from _foot(found, rerun, style)


def _table(cells: Iterable[Cell], style: Style) -> Iterator[str]:
    yield style(f"  {'group':<{NAME}}{'treated':>9}{'number':>9}{'change':>10}", "label")
    for each in cells:
        name = one_line(each.name)
        name = name if len(name) < NAME else f"{name[: NAME - 2]}…"
        number = "-" if each.units is None else f"{each.units:,}"
        treated = "yes" if each.treated else "no"
        yield f"  {name:<{NAME}}{treated:>9}{number:>9}{each.percent:>+9.1f}%"


def _foot(found: PublishedEvaluation, rerun: str, style: Style) -> Iterator[str]:
    study = found.study
    yield from labelled("Spread", spread_words(found), style)
    if found.spread is None and study.units == "cities":
        yield from labelled("Needs", "cities with both years, whose scatter can stand in", style)
        yield " " * (INDENT + LABEL) + GET_CITIES
    for text in study.sources or ("not named",):
        yield from labelled("Source", text, style)
    for each in study.cells.extremes:
        if each.source:
            yield from labelled("Source", f"of {each.percent:+g}%: {each.source}", style)
    yield from labelled("Study", f"{study.file}, sha256 {study.checksum[:16]}…", style)
    yield again(rerun, style)
