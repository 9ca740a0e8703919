"""Drawings of a study: arrays to SVG. Knows nothing of studies; every label is escaped.

The treated are in the accent color, what they are set against in gray, intervals are soft bands,
and the start of treatment is marked in each.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from baserate.publish.charts import (
    GUTTER,
    Frame,
    Plot,
    drawing,
    nice_ticks_around,
    pairs,
    text_at,
    y_axis,
)
from baserate.publish.study_periods import Times

Floats = NDArray[np.float64]
XY = tuple[float, float]
NEAREST = 46  # pixels between two periods on an axis
APART = 15  # pixels between two labels
LETTER, TICK_LETTER = 7.2, 6.3  # pixels of a letter of a label, and of a number on an axis
FLOOR = 0.6  # of the highest value: an axis begins at zero unless all values lie above it


@dataclass(frozen=True, slots=True)
class Curve:
    """One value a period, its label, and limits where it has some."""

    label: str
    values: Floats
    is_treated: bool
    lower: Floats | None = None
    upper: Floats | None = None

    @property
    def role(self) -> str:
        """The class of its line."""
        return "place" if self.is_treated else "other"


@dataclass(frozen=True, slots=True)
class Band:
    """Limits of the effect after the start, with what they allow for."""

    label: str
    short: str
    lower: float
    upper: float


def path_chart(
    curves: Sequence[Curve], times: Times, frame: Frame, *, unit: str, title: str, description: str
) -> str:
    """Levels over time: the treated beside what they are set against."""
    drawn = [v for c in curves for v in (c.values, c.lower, c.upper) if v is not None]
    low, high = float(min(v.min() for v in drawn)), float(max(v.max() for v in drawn))
    ticks = level_ticks(low, high)
    plot = _plot(frame, times, ticks[0], ticks[-1])
    parts = [*y_axis(plot, ticks, unit), *_time_axis(plot, times, unit)]
    for curve in sorted(curves, key=lambda c: c.is_treated):
        parts += _curve(plot, curve, times)
    parts += _end_labels(plot, [(c.label, c.role, float(c.values[-1])) for c in curves], times)
    return drawing(frame, parts, title, description)


def fan_chart(
    treated: Curve, placebos: Floats, times: Times, frame: Frame, *, others: str, unit: str,
    title: str, description: str,
) -> str:  # fmt: skip
    """Differences over time: the treated among those where nothing happened, cut at the edges."""
    reach = fan_reach(treated.values, placebos)
    plot = _plot(frame, times, -reach, reach)
    ticks = _ticks_inside(-reach, reach)
    bounds = (plot.y(reach), plot.y(-reach))
    lines = [
        piece
        for row in placebos
        for run in times.runs
        for piece in cut([(plot.x(t), plot.y(v)) for t, v in _points(times, row, run)], *bounds)
    ]
    fan = "".join("M" + "L".join(f"{x:.0f} {y:.1f}" for x, y in piece) for piece in lines)
    parts = [*_signed_axis(plot, ticks, unit), *_time_axis(plot, times, unit)]
    parts.append(f'<path class="fan" d="{fan}"/>')
    parts += _curve(plot, treated, times)
    last = float(np.clip(np.median(placebos[:, -1]), -reach, reach))
    ends = [(treated.label, "place", float(treated.values[-1])), (others, "other", last)]
    return drawing(frame, [*parts, *_end_labels(plot, ends, times)], title, description)


def event_chart(
    at: Sequence[int], effects: Floats, lower: Floats, upper: Floats, frame: Frame, *,
    mean: float, bands: Sequence[Band], axis: str, unit: str, title: str, description: str,
) -> str:  # fmt: skip
    """Effects by periods since the start, and bands of their mean, the widest first."""
    low, high = min(0.0, *lower), max(0.0, *upper)
    room = 0.5 * (high - low)
    ends = [v for b in bands for v in (b.lower, b.upper)]
    low, high = max(min([low, *ends]), low - room), min(max([high, *ends]), high + room)
    ticks = _ticks_inside(low, high)
    plot = Plot(frame, at[0] - 0.5, at[-1] + 0.5, low, high, left=GUTTER)
    x0, x1 = plot.x(-0.4), plot.x(at[-1] + 0.5)
    parts = [*_signed_axis(plot, ticks, unit), *_bands(plot, bands, x0, x1)]
    y = plot.y(mean)
    parts.append(f'<line class="mean" x1="{x0:.1f}" x2="{x1:.1f}" y1="{y:.1f}" y2="{y:.1f}"/>')
    parts += _start(plot, -0.5, "start", unit)
    for t, *values in zip(at, effects, lower, upper, strict=True):
        parts += _event(plot, t, values)
    zero, x = plot.y(0.0), plot.x(-1)
    if -1 not in at:
        parts.append(f'<circle class="dot hollow" cx="{x:.1f}" cy="{zero:.1f}" r="3.6"/>')
    parts += _event_ticks(plot, at, axis)
    return drawing(frame, parts, title, description)


def level_ticks(low: float, high: float) -> list[float]:
    """Ticks of levels: from zero, unless all values are far above it.

    >>> level_ticks(41.2, 123.0), level_ticks(8.1, 8.6)
    ([0.0, 50.0, 100.0, 150.0], [8.0, 8.2, 8.4, 8.6])
    """
    if low < FLOOR * high:
        return nice_ticks_around(min(low, 0.0), max(high, 0.0))
    above = nice_ticks_around(0.0, max(high - low, 1e-9))
    step = above[1] - above[0]
    first = np.floor(low / step + 1e-9)
    count = int(np.ceil(high / step - 1e-9) - first)
    return [round(float((first + i) * step), 10) for i in range(max(count, 1) + 1)]


def fan_reach(treated: Floats, placebos: Floats) -> float:
    """How far a fan is drawn: all of the treated, and nine in ten of the placebos' values."""
    return float(max(1.1 * np.abs(treated).max(), np.quantile(np.abs(placebos), 0.9), 1e-9))


def cut(points: Sequence[XY], top: float, bottom: float) -> Iterator[list[XY]]:
    """The pieces of a line between two heights.

    >>> list(cut([(0, 5), (10, 15), (20, 5)], 0, 10))
    [[(0, 5), (5.0, 10.0)], [(15.0, 10.0), (20, 5)]]
    """
    piece: list[XY] = []
    for i, (x, y) in enumerate(points):
        is_inside = top <= y <= bottom
        if i:
            crossings = _crossings(points[i - 1], (x, y), top, bottom)
            piece += crossings[:1] if piece or is_inside else crossings
            if piece and not is_inside:
                yield piece
                piece = []
        if is_inside:
            piece.append((x, y))
    if piece:
        yield piece


def _crossings(a: XY, b: XY, top: float, bottom: float) -> list[XY]:
    """Where a step from one point to the next crosses the edges, in the order of the step."""
    found = []
    for edge in (top, bottom):
        if (a[1] - edge) * (b[1] - edge) < 0:
            share = (edge - a[1]) / (b[1] - a[1])
            found.append((share, (a[0] + share * (b[0] - a[0]), edge * 1.0)))
    return [point for _, point in sorted(found)]


def _plot(frame: Frame, times: Times, low: float, high: float) -> Plot:
    return Plot(frame, times.at[0], times.at[-1], low, high, left=GUTTER + 8)


def _signed_axis(plot: Plot, ticks: Sequence[float], unit: str) -> Iterator[str]:
    """Differences around zero; the unit above the plot, or at a number that stands that high."""
    is_high = plot.y(ticks[-1]) - plot.frame.top < APART
    yield from y_axis(plot, ticks, unit if is_high else "", signed=True)
    if not is_high:
        yield text_at(plot.frame.left, plot.frame.top - 4, unit.strip(), "tick", "start")


def _ticks_inside(low: float, high: float) -> list[float]:
    return [t for t in nice_ticks_around(low, high) if low <= t <= high]


def _points(times: Times, values: Floats, run: slice) -> Iterator[XY]:
    for t, v in zip(times.at[run], values[run], strict=True):
        yield t, float(v)


def _curve(plot: Plot, curve: Curve, times: Times) -> Iterator[str]:
    for run in times.runs:
        if curve.lower is not None and curve.upper is not None:
            there = [(plot.x(t), plot.y(v)) for t, v in _points(times, curve.upper, run)]
            back = [(plot.x(t), plot.y(v)) for t, v in _points(times, curve.lower, run)]
            corners = pairs([*there, *reversed(back)])
            yield f'<polygon class="band {curve.role}" points="{corners}"/>'
        line = pairs((plot.x(t), plot.y(v)) for t, v in _points(times, curve.values, run))
        yield f'<polyline class="line {curve.role}" points="{line}"/>'
    x, y = plot.x(times.at[-1]), plot.y(float(curve.values[-1]))
    yield f'<circle class="end {curve.role}" cx="{x:.1f}" cy="{y:.1f}" r="3"/>'


def _time_axis(plot: Plot, times: Times, unit: str) -> Iterator[str]:
    if times.start is not None:
        yield from _start(plot, times.start - 0.5, f"start {times.start_words}", unit)
    last = -float(NEAREST)
    for t, words in times.ticks:
        if t <= times.at[-1] and plot.x(t) - last >= NEAREST:
            last = plot.x(t)
            yield text_at(last, plot.frame.height - 8, words, "tick", "middle")


def _start(plot: Plot, at: float, words: str, unit: str) -> Iterator[str]:
    """A line where treatment starts; its words on the left, unless the unit stands there."""
    frame, x = plot.frame, plot.x(at)
    is_free = x - LETTER * len(words) > frame.left + LETTER * (len(unit) + 3)
    yield (
        f'<line class="break" x1="{x:.1f}" x2="{x:.1f}" y1="{frame.top - 12}" '
        f'y2="{frame.height - frame.bottom}"/>'
    )
    anchor, side = ("end", -5) if is_free else ("start", 5)
    yield text_at(x + side, frame.top - 4, words, "note", anchor)


def _end_labels(plot: Plot, ends: Sequence[tuple[str, str, float]], times: Times) -> Iterator[str]:
    """Each label beside the end of its line; pushed apart where two would touch."""
    x, room = plot.x(times.at[-1]) + 8, plot.frame.right - 8
    lowest = None
    for label, role, value in sorted(ends, key=lambda e: -e[2]):
        lines = folded(label, int(room / LETTER))
        y = plot.y(value) + 4
        y = y if lowest is None else max(y, lowest + APART)
        for i, line in enumerate(lines):
            lowest = y + i * (APART - 1)
            yield text_at(x, lowest, line, f"label {role}", "start")


def folded(label: str, length: int) -> list[str]:
    """A label on at most three lines of so many letters, the rest cut.

    >>> folded("synthetic California", 12), folded("A" * 30, 12)
    (['synthetic', 'California'], ['AAAAAAAAAAA…'])
    """
    lines = [""]
    for word in label.split():
        word = word if len(word) <= length else f"{word[: length - 1]}…"
        joined = f"{lines[-1]} {word}".strip()
        if len(joined) <= length:
            lines[-1] = joined
        else:
            lines.append(word)
    if len(lines) > 3:
        lines = [*lines[:2], f"{lines[2][: length - 1]}…"]
    return lines


def _bands(plot: Plot, bands: Sequence[Band], x0: float, x1: float) -> Iterator[str]:
    """Nested, the widest first, each with its label at its upper edge."""
    top, bottom = float(plot.frame.top), float(plot.frame.height - plot.frame.bottom)
    last = None
    for band in sorted(bands, key=lambda b: b.lower - b.upper):
        high, low = (min(max(plot.y(v), top), bottom) for v in (band.upper, band.lower))
        yield (
            f'<rect class="band place" x="{x0:.1f}" y="{high:.1f}" width="{x1 - x0:.1f}" '
            f'height="{max(low - high, 1):.1f}"/>'
        )
        y = high + 10 if last is None else max(high + 10, last + APART)
        last = y
        label = band.label if len(band.label) * TICK_LETTER < plot.frame.right - 8 else band.short
        yield text_at(x1 + 8, y, label, "tick", "start")


def _event(plot: Plot, t: int, values: Sequence[float]) -> Iterator[str]:
    mid, low, high = (plot.y(float(v)) for v in values)
    css, x = ("strong" if t >= 0 else ""), plot.x(t)
    yield f'<line class="range {css}" x1="{x:.1f}" x2="{x:.1f}" y1="{low:.1f}" y2="{high:.1f}"/>'
    yield f'<circle class="dot {css}" cx="{x:.1f}" cy="{mid:.1f}" r="3.6"/>'


def _event_ticks(plot: Plot, at: Sequence[int], axis: str) -> Iterator[str]:
    frame = plot.frame
    y = frame.height - frame.bottom + 16
    step = max(1, -(-len(at) // 8))
    for t in range(at[0], at[-1] + 1):
        if t % step == 0:
            words = f"{t:+d}".replace("-", "−") if t else "0"
            yield text_at(plot.x(t), y, words, "tick", "middle")
    yield text_at(frame.width - frame.right, y + 15, axis, "tick", "end")
