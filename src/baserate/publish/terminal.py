"""Answers for the terminal: the finding first, the doubt in the same breath, the method last."""

from __future__ import annotations

from collections.abc import Iterator

from baserate.measure.answer import Answer, Figure, Other, Point
from baserate.publish.lines import WIDTH, Style, again, bounded, labelled, paragraph, plain
from baserate.publish.series import breaks, drawn
from baserate.publish.wording import (
    ICONS,
    definition_words,
    doubt,
    finding,
    headline_value,
    level_words,
    number,
    percent,
    place_name,
    robustness_words,
    scatter_words,
    signed_percent,
    source_words,
    title,
)

BLOCKS = "▁▂▃▄▅▆▇█"


def render(answer: Answer, style: Style = plain, width: int = WIDTH) -> str:
    """The answer as lines of text. `style` colors a piece by its role and may do nothing."""
    return "\n".join(_lines(answer, style, bounded(width)))


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
    yield from paragraph(f"{finding(answer)} {doubt(answer)}", width)
    yield ""
    if answer.question.measure == "rank" and answer.question.place.kind == "states":
        yield from _top_ten(answer)
    for label, text in _notes(answer):
        yield from labelled(label, text, style, width)
    yield again(answer.rerun, style)


def _figures(answer: Answer, style: Style) -> Iterator[str]:
    ends = [f for f in (answer.earlier, answer.later) if f is not None]
    same_place = len({f.place for f in ends}) < 2
    shown = []
    for figure in ends:
        name = str(figure.period) if same_place else f"{figure.place.plain} {figure.period}"
        shown.append(f"{name}   {style(level_words(figure), 'number')}{_carried(figure)}")
    same_place = same_place and not any(f.adjusted for f in ends)
    if answer.question.measure in {"share", "clearance"}:
        return
    if same_place:
        yield "  " + "         ".join(shown)
    else:
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
    """The series, one block a year, with a gap where the definition changes; first year, last."""
    if answer.question.measure in {"rank", "share"} or not answer.points:
        return "", 0, 0
    series = drawn(answer.points)
    if len(series) < 3:
        return "", 0, 0
    top, cuts = max(p.value for p in series) or 1.0, set(breaks(series))
    blocks = "".join((" " if i in cuts else "") + _block(p, top) for i, p in enumerate(series))
    return blocks, series[0].year, series[-1].year


def _carried(figure: Figure) -> str:
    """Which definition an adjusted figure is by, and what it was compared as."""
    if figure.adjusted is None:
        return ""
    value = number(figure.adjusted, per_head=figure.per_head)
    return f" by the legacy definition, compared as {value}"


def _block(point: Point, top: float) -> str:
    return BLOCKS[min(len(BLOCKS) - 1, int(point.value / top * len(BLOCKS)))]


def _top_ten(answer: Answer) -> Iterator[str]:
    """The first ten of a rank of all, each with its interval."""
    low = answer.question.extreme == "lowest"
    ordered = sorted(answer.points, key=lambda p: p.value if low else -p.value)
    per_head = answer.question.per_head
    for i, p in enumerate(ordered[:10], start=1):
        value, first, last = (number(v, per_head=per_head) for v in (p.value, p.lower, p.upper))
        yield f"  {i:>2}  {place_name(p.place):<22}{value:>10}   {first} to {last}"
    yield ""


def _notes(answer: Answer) -> Iterator[tuple[str, str]]:
    for other in answer.others:
        if other.label in {"count", "rate"} and other.value is not None:
            yield _capital(other.label), _other_words(other, other.value, other.unit)
    if answer.robustness.of and answer.question.measure not in {"level", "share"}:
        yield "Other ways", robustness_words(answer)
    if answer.scatter is not None and answer.value is not None:
        yield "Scatter", scatter_words(answer)
    yield "Definition", definition_words(answer)
    yield "Covers", answer.coverage.text
    for caveat in answer.caveats:
        yield "Caveat", caveat.text
    yield "Vintage", answer.vintage.text
    yield "Source", source_words(answer)


def _other_words(other: Other, value: float, unit: str) -> str:
    if unit.startswith("percent of the offenses"):
        return f"{percent(value, other.interval)}{unit.removeprefix('percent')}"
    if unit.startswith("percent"):
        span = ""
        if other.earlier is not None and other.later is not None:
            per_head = other.label == "rate"
            first, last = (number(v, per_head=per_head) for v in (other.earlier, other.later))
            if other.adjusted is not None:
                first += f", compared as {number(other.adjusted, per_head=per_head)},"
            span = f" ({first} → {last})"
        a_year = " a year" if unit.startswith("percent a year") else ""
        return f"{signed_percent(value, other.interval)}{a_year}{span}"
    return f"{number(value, per_head=unit.startswith('per'))} {unit}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
