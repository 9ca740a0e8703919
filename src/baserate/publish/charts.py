"""Rows to SVG. Knows nothing of the store or of questions; every label is escaped here.

A chart is drawn at one size, for a column or for a phone; the page shows the one that fits.
Colors are CSS classes, so light and dark are the page's affair.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from math import ceil, floor, log10
from typing import Literal, NamedTuple

from baserate.publish.harmless import harmless

Role = Literal["place", "other"]
Mark = Literal["up", "down", "flat"]


class XY(NamedTuple):
    """One year of a line, with the band around it."""

    x: int
    y: float
    lower: float
    upper: float


@dataclass(frozen=True, slots=True)
class Line:
    """A line with its label at its end. Each segment is drawn apart: a gap is a break."""

    label: str
    segments: tuple[tuple[XY, ...], ...]
    role: Role = "place"


@dataclass(frozen=True, slots=True)
class Note:
    """Words on the spot, above the year they belong to."""

    x: int
    text: str


@dataclass(frozen=True, slots=True)
class Dot:
    """One value with its interval. `strong` is the one the page is about."""

    label: str
    name: str
    value: float
    lower: float
    upper: float
    strong: bool = False
    mark: Mark = "flat"


@dataclass(frozen=True, slots=True)
class Frame:
    """How large a chart is drawn, and the room around the plot, in pixels."""

    width: int
    height: int
    left: int = 8
    right: int = 96
    top: int = 30
    bottom: int = 26


WIDE = Frame(880, 340)
NARROW = Frame(360, 260, right=34)
SMALL = Frame(420, 190, right=34, top=24)

# Room at the left of a plot for the numbers of its axis.
GUTTER = 40

# More labels than this stand on two lines, in turns.
MOST_ON_ONE_LINE = 24


def line_chart(
    lines: Sequence[Line],
    frame: Frame,
    *,
    unit: str,
    title: str,
    description: str,
    notes: Sequence[Note] = (),
) -> str:
    """Lines over years, zero on the axis, bands for intervals, labels on the lines."""
    points = [p for line in lines for segment in line.segments for p in segment]
    first, last = min(p.x for p in points), max(p.x for p in points)
    ticks = nice_ticks(max(p.upper for p in points))
    plot = Plot(frame, first, last, 0.0, ticks[-1], left=GUTTER)
    parts = [*y_axis(plot, ticks, unit), *_x_axis(plot, first, last)]
    parts += [_note(plot, n) for n in notes]
    for line in sorted(lines, key=lambda each: each.role == "place"):
        parts += _line(plot, line)
    parts += _line_labels(plot, lines)
    return drawing(frame, parts, title, description)


def dot_row(dots: Sequence[Dot], frame: Frame, *, unit: str, title: str, description: str) -> str:
    """Many places side by side, highest first, each with its interval; codes under them."""
    ticks = nice_ticks(max(d.upper for d in dots))
    plot = Plot(frame, 0, len(dots) - 1, 0.0, ticks[-1], left=GUTTER + 8, right=10)
    parts = y_axis(plot, ticks, unit)
    for i, dot in enumerate(dots):
        x = plot.x(i)
        parts.append(_dot(x, plot.y(dot.value), plot.y(dot.lower), plot.y(dot.upper), dot))
        css = "code strong" if dot.strong else "code"
        parts.append(text_at(x, frame.height - (20 if i % 2 else 8), dot.label, css, "middle"))
        if dot.strong:
            anchor = "start" if i < 4 else "middle"
            parts.append(text_at(x, plot.y(dot.upper) - 8, dot.name, "label place", anchor))
    return drawing(frame, parts, title, description)


def dot_column(dots: Sequence[Dot], width: int, *, unit: str, title: str, description: str) -> str:
    """The same for a phone: one place a line, highest first."""
    step, top = 15, 40
    frame = Frame(width, top + step * len(dots) + 8, left=146, right=14, top=top, bottom=8)
    ticks = nice_ticks(max(d.upper for d in dots))
    span = frame.width - frame.left - frame.right
    parts = []
    for i, tick in enumerate(ticks):
        x = frame.left + span * tick / ticks[-1]
        parts.append(f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="{top - 6}" '
                     f'y2="{frame.height - 8}"/>')  # fmt: skip
        if i == 0:
            parts.append(text_at(x, top - 26, unit, "tick", "start"))
        parts.append(text_at(x, top - 10, f"{tick:,.10g}", "tick", "middle"))
    for i, dot in enumerate(dots):
        y = top + step * i + 8
        low, mid, high = (
            frame.left + span * v / ticks[-1] for v in (dot.lower, dot.value, dot.upper)
        )
        css = "strong" if dot.strong else ""
        parts.append(text_at(frame.left - 8, y + 4, dot.name, f"tick {css}", "end"))
        parts.append(
            f'<line class="range {css}" x1="{low:.1f}" x2="{high:.1f}" y1="{y}" y2="{y}"/>'
        )
        parts.append(f'<circle class="dot {css}" cx="{mid:.1f}" cy="{y}" r="{4 if css else 3}"/>')
    return drawing(frame, parts, title, description)


def change_chart(
    dots: Sequence[Dot], frame: Frame, *, unit: str, title: str, description: str
) -> str:
    """One change for each start that could have been chosen; zero in the middle of it all."""
    low, high = min(0.0, *(d.lower for d in dots)), max(0.0, *(d.upper for d in dots))
    ticks = nice_ticks_around(low, high)
    plot = Plot(frame, 0, len(dots) - 1, ticks[0], ticks[-1], left=GUTTER, right=20)
    parts = y_axis(plot, ticks, unit, signed=True)
    for i, dot in enumerate(dots):
        x = plot.x(i)
        parts.append(_dot(x, plot.y(dot.value), plot.y(dot.lower), plot.y(dot.upper), dot))
        many = len(dots) > MOST_ON_ONE_LINE
        css = ("code" if many else "tick") + (" strong" if dot.strong else "")
        below = 20 if many and i % 2 else 8
        parts.append(text_at(x, frame.height - below, dot.label, css, "middle"))
        if dot.strong:
            parts.append(text_at(x, plot.y(dot.upper) - 9, dot.name, "label place", "middle"))
    return drawing(frame, parts, title, description)


def spark(values: Sequence[float], breaks: Sequence[int], *, title: str) -> str:
    """A word-sized line for a table cell. `breaks` are indexes before which the line is cut."""
    width, height = 120, 24
    top = max(values) or 1.0
    step = width / max(1, len(values) - 1)
    xy = [(i * step, height - 2 - (height - 4) * v / top) for i, v in enumerate(values)]
    cuts = [0, *breaks, len(xy)]
    lines = [
        f'<polyline class="spark" points="{pairs(xy[a:b])}"/>' for a, b in pairwise(cuts) if b > a
    ]
    end = f'<circle class="dot strong" cx="{xy[-1][0]:.1f}" cy="{xy[-1][1]:.1f}" r="2.2"/>'
    return (
        f'<svg class="spark" viewBox="-3 0 {width + 6} {height}" role="img" '
        f'aria-label="{escape(title)}">{"".join(lines)}{end}</svg>'
    )


def nice_ticks(top: float) -> list[float]:
    """Zero and two to five round steps, the last at or above the top.

    >>> nice_ticks(758.2), nice_ticks(9.4)
    ([0.0, 200.0, 400.0, 600.0, 800.0], [0.0, 2.5, 5.0, 7.5, 10.0])
    """
    if top <= 0:
        return [0.0, 1.0]
    rough = top / 3
    power = 10.0 ** floor(log10(rough))
    step = next(s * power for s in (1, 2, 2.5, 5, 10) if s * power >= rough * 0.75)
    return [step * i for i in range(ceil(top / step - 1e-9) + 1)]


def nice_ticks_around(low: float, high: float) -> list[float]:
    """Round steps from at or below the low to at or above the high, zero among them.

    >>> nice_ticks_around(-19.4, 3.7)
    [-20.0, -10.0, 0.0, 10.0]
    """
    step = nice_ticks(max(high - low, 1e-9))[1]
    return [step * i for i in range(floor(low / step + 1e-9), ceil(high / step - 1e-9) + 1)]


class Plot:
    """Data to pixels, inside a frame with `left` and `right` pixels kept free."""

    def __init__(
        self,
        frame: Frame,
        first: float,
        last: float,
        low: float,
        high: float,
        *,
        left: int,
        right: int = 0,
    ) -> None:
        self.frame, self._first, self._low = frame, first, low
        self._x0 = frame.left + left
        self._xs = (frame.width - self._x0 - frame.right - right) / max(last - first, 1)
        self._y0 = frame.height - frame.bottom
        self._ys = (self._y0 - frame.top) / (high - low)

    def x(self, value: float) -> float:
        """Pixels from the left."""
        return self._x0 + (value - self._first) * self._xs

    def y(self, value: float) -> float:
        """Pixels from the top."""
        return self._y0 - (value - self._low) * self._ys


def y_axis(plot: Plot, ticks: Iterable[float], unit: str, *, signed: bool = False) -> list[str]:
    """Hairlines with their numbers; the unit stands at the highest alone."""
    frame, ordered = plot.frame, list(ticks)
    right = frame.width - frame.right
    parts = []
    for tick in ordered:
        y = plot.y(tick)
        css = "axis" if tick == 0 else "grid"
        parts.append(
            f'<line class="{css}" x1="{frame.left}" x2="{right}" y1="{y:.1f}" y2="{y:.1f}"/>'
        )
        text = (f"{tick:+,.10g}" if signed and tick else f"{tick:,.10g}").replace("-", "−")
        label = f"{text}{unit}" if tick == ordered[-1] else text
        parts.append(text_at(frame.left, y - 4, label, "tick", "start"))
    return parts


def _x_axis(plot: Plot, first: int, last: int) -> list[str]:
    frame = plot.frame
    step = 10 if last - first > 12 else 2
    years = [y for y in range(first, last + 1) if y % step == 0 and last - y >= step * 0.4]
    parts = [text_at(plot.x(y), frame.height - 8, str(y), "tick", "middle") for y in years]
    return [*parts, text_at(plot.x(last), frame.height - 8, str(last), "tick", "end")]


def _line(plot: Plot, line: Line) -> list[str]:
    parts = []
    for segment in line.segments:
        upper = [(plot.x(p.x), plot.y(p.upper)) for p in segment]
        lower = [(plot.x(p.x), plot.y(p.lower)) for p in reversed(segment)]
        parts.append(f'<polygon class="band {line.role}" points="{pairs([*upper, *lower])}"/>')
        middle = [(plot.x(p.x), plot.y(p.y)) for p in segment]
        parts.append(f'<polyline class="line {line.role}" points="{pairs(middle)}"/>')
    last = line.segments[-1][-1]
    x, y = plot.x(last.x), plot.y(last.y)
    parts.append(f'<circle class="end {line.role}" cx="{x:.1f}" cy="{y:.1f}" r="3"/>')
    return parts


def _line_labels(plot: Plot, lines: Sequence[Line]) -> list[str]:
    """Each label at the end of its line; pushed apart where two would touch."""
    placed: list[float] = []
    parts = []
    for line in sorted(lines, key=lambda each: -each.segments[-1][-1].y):
        last = line.segments[-1][-1]
        y = plot.y(last.y) + 4
        while any(abs(y - other) < 14 for other in placed):
            y += 2
        placed.append(y)
        parts.append(text_at(plot.x(last.x) + 7, y, line.label, f"label {line.role}", "start"))
    return parts


def _note(plot: Plot, note: Note) -> str:
    x, frame = plot.x(note.x - 0.5), plot.frame
    bottom = frame.height - frame.bottom
    words = note.text.split("\n")
    lines = "".join(
        text_at(x - 5, frame.top + 2 + 13 * i, each, "note", "end") for i, each in enumerate(words)
    )
    return (
        f'<line class="break" x1="{x:.1f}" x2="{x:.1f}" y1="{frame.top - 8}" y2="{bottom}"/>{lines}'
    )


def _dot(x: float, y: float, low: float, high: float, dot: Dot) -> str:
    css = "strong" if dot.strong else ""
    line = f'<line class="range {css}" x1="{x:.1f}" x2="{x:.1f}" y1="{low:.1f}" y2="{high:.1f}"/>'
    size = 5 if dot.strong else 3.5
    if dot.mark == "flat":
        shape = f'<circle class="dot {css}" cx="{x:.1f}" cy="{y:.1f}" r="{size}"/>'
    else:
        tip = -1 if dot.mark == "up" else 1
        corners = [
            (x, y + tip * size * 1.2),
            (x - size, y - tip * size * 0.8),
            (x + size, y - tip * size * 0.8),
        ]
        shape = f'<polygon class="dot {dot.mark}" points="{pairs(corners)}"/>'
    return line + shape


def text_at(x: float, y: float, text: str, css: str, anchor: str) -> str:
    """Words in a chart, escaped."""
    return (
        f'<text class="{css}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">'
        f"{escape(harmless(text))}</text>"
    )


def pairs(points: Iterable[tuple[float, float]]) -> str:
    """Corners as SVG writes them."""
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


def drawing(frame: Frame, parts: Iterable[str], title: str, description: str) -> str:
    """The parts as one image with its text alternative."""
    return (
        f'<svg viewBox="0 0 {frame.width} {frame.height}" role="img" '
        f'aria-label="{escape(harmless(f"{title}. {description}"))}">{"".join(parts)}</svg>'
    )
