"""Text by others as it may be shown: it can neither steer what shows it nor turn itself around.

An article, a feed or a page title may hold control characters that a terminal obeys, and marks
that make text run backwards, so that a reader sees other words than are there.
"""

from __future__ import annotations

import json
import re
from typing import Any

REPLACED = "\N{REPLACEMENT CHARACTER}"

# C0 without tab, line feed and carriage return; DELETE and C1; halves of surrogate pairs; the
# embeddings, overrides and isolates of UAX #9, Unicode Bidirectional Algorithm; deprecated tags.
_HARMFUL = re.compile(
    "[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f\\ud800-\\udfff\\u202a-\\u202e\\u2066-\\u2069"
    "\\U000e0000-\\U000e007f]"
)


def harmless(value: Any) -> Any:
    """A text with each harmful character replaced by one that shows where it was.

    What is no text, and what is ready-made markup, is left as it is.

    >>> harmless("up\\u202e4\\x00%"), harmless(4)
    ('up\N{REPLACEMENT CHARACTER}4\N{REPLACEMENT CHARACTER}%', 4)
    """
    if not isinstance(value, str) or hasattr(value, "__html__"):
        return value
    return _HARMFUL.sub(REPLACED, value)


def one_line(text: str) -> str:
    """A text as one line of a terminal: spaces for every kind of space, nothing unprintable.

    >>> one_line("Crime\\u00a0fell\\n 4\\x1b[31m%")
    'Crime fell 4\N{REPLACEMENT CHARACTER}[31m%'
    """
    return " ".join(
        "".join(
            c if c.isprintable() else " " if c.isspace() and c not in _BREAKING else REPLACED
            for c in text
        ).split()
    )


_BREAKING = frozenset("\x1c\x1d\x1e\x1f\x85")


def json_text(data: object, indent: int | None = None, default: Any = None) -> str:
    """JSON, in one line or indented, with whatever cannot be printed written as an escape.

    >>> json_text({"sentence": "Caf\\u00e9\\u202e"})
    '{"sentence": "Café\\\\u202e"}'
    """
    written = json.dumps(data, ensure_ascii=False, allow_nan=False, indent=indent, default=default)
    return written if written.isprintable() else "".join(map(_escaped, written))


def _escaped(character: str) -> str:
    shown = character.isprintable() or character == "\n"  # a line's end is never inside a string
    return character if shown else json.dumps(character)[1:-1]
