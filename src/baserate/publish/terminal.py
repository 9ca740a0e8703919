"""Answers for the terminal: the finding first, the doubt in the same breath, the method last."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator

from baserate.measure.answer import Answer, Other, Point
from baserate.publish.wording import (
    ICONS,
    definition_words,
    doubt,
    finding,
    headline_value,
    level_words,
    number,
    robustness_words,
    scatter_words,
    signed_percent,
    source_words,
    title,
)

WIDTH = 92
LABEL = 12
BLOCKS = "▁▂▃▄▅▆▇█"

Style = Callable[[str, str], str]


def plain(text: str, role: str) -> str:
    """No color: what a pipe, a file or NO_COLOR gets."""
    del role
    return text


def render(answer: Answer, style: Style = plain, width: int = WIDTH) -> str:
    """The answer as lines of text. `style` colors a piece by its role and may do nothing."""
    return "\n".join(_lines(answer, style, max(60, min(width, 110))))


def _lines(answer: Answer, style: Style, width: int) -> Iterator[str]:
    verdict = "" if answer.verdict == "recorded" else answer.verdict.upper()
    right = " ".join(p for p in (ICONS[answer.verdict], verdict, headline_value(answer)) if p)
    left = title(answer)
    gap = width - len(left) - len(right)
    shown = style(right, answer.verdict)
    if gap >= 2:
        yield style(left, "title") + " " * gap + shown
    else:
        yield style(left, "title")
        yield " " * max(0, width - len(right)) + shown
    yield ""
    yield from _figures(answer, style)
    yield from _paragraph(f"{finding(answer)} {doubt(answer)}", width)
    if answer.scatter is not None and answer.value is not None:
        yield from _paragraph(scatter_words(answer), width)
    yield ""
    for label, text in _notes(answer):
        yield from _labelled(label, text, width, style)
    yield "  " + style(f"{'Again':<{LABEL}}", "label") + answer.rerun  # one line, to be copied


def _figures(answer: Answer, style: Style) -> Iterator[str]:
    ends = [f for f in (answer.earlier, answer.later) if f is not None]
    same_place = len({f.place for f in ends}) < 2
    shown = []
    for figure in ends:
        name = str(figure.period) if same_place else f"{figure.place.plain} {figure.period}"
        shown.append(f"{name}   {style(level_words(figure), 'number')}")
    if answer.question.measure != "share" and same_place:
        yield "  " + "         ".join(shown)
    elif answer.question.measure != "share":
        yield from (f"  {each}" for each in shown)
    spark, first, last = _sparkline(answer)
    if spark:
        yield f"  {first}  {style(spark, 'spark')}  {last}"
    for year in answer.states_against_nation:
        yield (
            f"  {year.year}   states, as printed {year.states:>11,}   nation {year.nation:>11,}   "
            f"{year.percent:+.2f}%"
        )
    yield ""


def _sparkline(answer: Answer) -> tuple[str, int, int]:
    """The series by one definition, one block a year; its first year and its last."""
    if answer.question.measure in {"rank", "share"} or not answer.points:
        return "", 0, 0
    first = answer.points[0]
    series = [p for p in answer.points if (p.place, p.basis) == (first.place, first.basis)]
    if len(series) < 3:
        return "", 0, 0
    top = max(p.value for p in series) or 1.0
    blocks = "".join(_block(p, top) for p in series)
    return blocks, series[0].year, series[-1].year


def _block(point: Point, top: float) -> str:
    return BLOCKS[min(len(BLOCKS) - 1, int(point.value / top * len(BLOCKS)))]


def _notes(answer: Answer) -> Iterator[tuple[str, str]]:
    for other in answer.others:
        if other.label in {"count", "rate"} and other.value is not None:
            yield _capital(other.label), _other_words(other, other.value, other.unit)
    if answer.robustness.of:
        yield "Other ways", robustness_words(answer)
    yield "Definition", definition_words(answer)
    yield "Covers", answer.coverage.text
    for caveat in answer.caveats:
        yield "Caveat", caveat.text
    yield "Vintage", answer.vintage.text
    yield "Source", source_words(answer)


def _other_words(other: Other, value: float, unit: str) -> str:
    if unit.startswith("percent"):
        span = ""
        if other.earlier is not None and other.later is not None:
            per_head = other.label == "rate"
            first, last = (number(v, per_head=per_head) for v in (other.earlier, other.later))
            span = f" ({first} → {last})"
        a_year = " a year" if unit.startswith("percent a year") else ""
        return f"{signed_percent(value, other.interval)}{a_year}{span}"
    return f"{number(value, per_head=unit.startswith('per'))} {unit}"


def _labelled(label: str, text: str, width: int, style: Style) -> Iterator[str]:
    lines = textwrap.wrap(
        text, width - LABEL - 2, break_long_words=False, break_on_hyphens=False
    ) or [""]
    yield "  " + style(f"{label:<{LABEL}}", "label") + lines[0]
    for line in lines[1:]:
        yield " " * (LABEL + 2) + line


def _paragraph(text: str, width: int) -> Iterator[str]:
    for line in textwrap.wrap(text, width - 2, break_long_words=False, break_on_hyphens=False):
        yield f"  {line}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
