"""The words of consistency.toml, and how a pattern is made of a list of them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any


@cache
def vocabulary() -> dict[str, Any]:
    """The tables of consistency.toml."""
    path = Path(__file__).with_name("consistency.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


def either(words: Iterable[str]) -> str:
    """A pattern that matches one of the words, the longest first.

    >>> either(["up", "up to"])
    'up\\\\ to|up'
    """
    return "|".join(re.escape(w) for w in sorted(words, key=lambda w: (-len(w), w)))
