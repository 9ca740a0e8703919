"""Lines of text: what everything shown in a terminal is put together from."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator

from baserate.publish.harmless import one_line

WIDTH = 92
NARROWEST, WIDEST = 60, 110
INDENT = 2
LABEL = 12

Style = Callable[[str, str], str]


def plain(text: str, role: str) -> str:
    """No color: what a pipe, a file or NO_COLOR gets."""
    del role
    return text


def bounded(width: int) -> int:
    """A width that lines can be read at."""
    return max(NARROWEST, min(width, WIDEST))


def wrapped(text: str, width: int) -> list[str]:
    """Lines of at most that width; a word that is longer, such as a path, stays whole."""
    return textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False) or [""]


def headed(left: str, right: str, style: Style = plain) -> Iterator[str]:
    """A title with its verdict or figure at the other end of the line."""
    left = one_line(left)
    gap = max(2, WIDTH - len(left) - len(right))
    yield style(left, "title") + " " * gap + style(right, "number")
    yield ""


def paragraph(text: str, width: int = WIDTH) -> Iterator[str]:
    """A text on lines of its own."""
    yield from (" " * INDENT + line for line in wrapped(one_line(text), width - INDENT))


def labelled(
    label: str,
    text: str,
    style: Style = plain,
    width: int = WIDTH,
    *,
    indent: int = INDENT,
    room: int = LABEL,
) -> Iterator[str]:
    """A text beside its label, in a column of its own; `room` is what the label takes."""
    lines = wrapped(one_line(text), width - indent - room)
    yield " " * indent + style(f"{label:<{room}}", "label") + lines[0]
    yield from (" " * (indent + room) + line for line in lines[1:])


def again(command: str, style: Style = plain, *, indent: int = INDENT, room: int = LABEL) -> str:
    """The command that gives it once more, on one line, to be copied."""
    return " " * indent + style(f"{'Again':<{room}}", "label") + one_line(command)
