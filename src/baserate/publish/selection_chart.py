"""The chart of a selection: one city a line, highest first, on a scale that doubles.

Color is who was chosen, shape who had been in the program or its predecessor, and a hollow mark is
a city that does not meet the criterion or of which that is not certain. Every label is escaped.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from math import log2

from baserate.grants.selection.contrasts import Candidate
from baserate.grants.selection.select import Selected
from baserate.publish.selection_words import cohort, part_label

LOW, HIGH = 0.5, 8.0
TICKS = (0.5, 1.0, 2.0, 4.0, 8.0)
STEP, TOP = 16, 46
LONGEST = 21  # letters of a name on a phone
NARROW = 500  # below this width labels are short


@dataclass(frozen=True, slots=True)
class Line:
    """One city as it is drawn."""

    name: str
    label: str
    short: str
    value: float
    lower: float
    upper: float
    is_strong: bool
    is_diamond: bool
    is_hollow: bool

    @classmethod
    def of(cls, one: Candidate, *, is_asked: bool) -> Line:
        """How a candidate is drawn."""
        assert one.over_window is not None
        label = part_label(one) if one.part != "not chosen" else ""
        return cls(
            name=one.key,
            label=label,
            short=_short(one, label),
            value=one.over_window.ratio,
            lower=one.over_window.lower,
            upper=one.over_window.upper,
            is_strong=one.part == "chosen" or is_asked,
            is_diamond=one.part in {"already a site", "in the predecessor"},
            is_hollow=one.standing != "met",
        )

    @property
    def css(self) -> str:
        """The classes of its mark."""
        return f"{'strong' if self.is_strong else ''} {'hollow' if self.is_hollow else ''}".strip()


def draw(lines: Sequence[Line], width: int, description: str) -> str:
    """The chart at one width."""
    is_narrow = width < NARROW
    left, right = (148, 70) if is_narrow else (190, 160)
    plot = _Plot(left, width - right)
    bottom = TOP + STEP * len(lines)
    parts = [part for tick in TICKS for part in _tick(plot, tick, bottom)]
    parts.append(_text(plot.x(1), TOP - 29, "nation", "tick strong", "middle"))
    for i, line in enumerate(lines):
        y = TOP + STEP * i + 8
        parts += _line(plot, line, y)
        label = line.short if is_narrow else line.label
        css = "tick strong" if line.is_strong else "tick"
        name = _fitted(line.name) if is_narrow else line.name
        parts.append(_text(left - 8, y + 4, name, css, "end"))
        if label:
            parts.append(_text(width - right + 12, y + 4, label, css, "start"))
    return _svg(width, bottom + 10, parts, description)


def key(found: Selected) -> list[tuple[str, str]]:
    """What the marks mean, each as it is drawn; without a cohort no color and no shape is used."""
    marks = [("", False, "met the criterion"), ("hollow", False, "not, or not surely")]
    if found.cohort:
        marks = [
            ("strong", False, f"chosen in {cohort(found)}"),
            ("", True, "in the program or its predecessor before"),
            ("", False, f"met the criterion, not chosen in {cohort(found)}"),
            ("hollow", False, "did not meet it, or not surely"),
        ]
    return [(_sample(css, is_diamond), said) for css, is_diamond, said in marks]


@dataclass(frozen=True, slots=True)
class _Plot:
    """Ratios to pixels, doubled at equal steps and held within the scale."""

    left: float
    right: float

    def x(self, ratio: float) -> float:
        held = min(max(ratio, LOW), HIGH)
        return self.left + (self.right - self.left) * log2(held / LOW) / log2(HIGH / LOW)


def _fitted(name: str) -> str:
    """A name that fits a phone: 'Charlotte-Meckle…, NC'."""
    city, _, state = name.rpartition(", ")
    return name if len(name) <= LONGEST else f"{city[: LONGEST - 5]}…, {state}"


def _short(one: Candidate, label: str) -> str:
    """The label for a phone: 'pred. 2014', 'later 2019'."""
    year = label.rpartition(", ")[2]
    if one.part == "in the predecessor":
        return f"pred. {year}"
    if one.part == "chosen later":
        return f"later {year}"
    return "already" if one.part == "already a site" else label


def _tick(plot: _Plot, tick: float, bottom: float) -> list[str]:
    x = plot.x(tick)
    css, top = ("axis", TOP - 24) if tick == 1 else ("grid", TOP - 8)
    return [
        f'<line class="{css}" x1="{x:.1f}" x2="{x:.1f}" y1="{top}" y2="{bottom}"/>',
        _text(x, TOP - 12, f"{tick:g}", "tick", "middle"),
    ]


def _line(plot: _Plot, line: Line, y: float) -> list[str]:
    low, mid, high = (plot.x(v) for v in (line.lower, line.value, line.upper))
    parts = [
        f'<line class="range {line.css}" x1="{low:.1f}" x2="{high:.1f}" y1="{y}" y2="{y}"/>',
        _mark(mid, y, line.css, is_diamond=line.is_diamond),
    ]
    if line.value > HIGH:
        parts.append(_text(mid - 8, y + 4, f"{line.value:.1f} →", "tick", "end"))
    elif line.value < LOW:
        parts.append(_text(mid + 8, y + 4, f"← {line.value:.2f}", "tick", "start"))
    return parts


def _mark(x: float, y: float, css: str, *, is_diamond: bool) -> str:
    if is_diamond:
        r = 4.6
        points = f"{x - r:.1f},{y} {x:.1f},{y - r} {x + r:.1f},{y} {x:.1f},{y + r}"
        return f'<polygon class="dot {css}" points="{points}"/>'
    return f'<circle class="dot {css}" cx="{x:.1f}" cy="{y}" r="{4 if "strong" in css else 3.2}"/>'


def _sample(css: str, is_diamond: bool) -> str:
    mark = _mark(6, 6, css, is_diamond=is_diamond)
    return f'<svg viewBox="0 0 12 12" aria-hidden="true">{mark}</svg>'


def _text(x: float, y: float, text: str, css: str, anchor: str) -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"'
    return f'<text class="{css}" {place}>{escape(text)}</text>'


def _svg(width: int, height: int, parts: Iterable[str], description: str) -> str:
    return (
        f'<svg viewBox="0 0 {width} {height}" role="img" aria-label="{escape(description)}">'
        f"{''.join(parts)}</svg>"
    )
