"""Words of a sentence that decide how its claim is taken (words.toml)."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from baserate.claims.claim import Claim


def says(sense: str, claim: Claim) -> bool:
    """Whether the claim's sentence has a word of that sense."""
    return is_said(sense, claim.sentence.text)


def is_said(sense: str, text: str) -> bool:
    """Whether a text has a word of that sense.

    >>> is_said("in a row", "down for the sixth straight year"), is_said("in a row", "rowdy")
    (True, False)
    """
    return _pattern(sense).search(text) is not None


@cache
def _pattern(sense: str) -> re.Pattern[str]:
    words = "|".join(re.escape(w) for w in senses()[sense]["words"])
    return re.compile(rf"(?<![\w-])(?:{words})(?![\w-])", re.IGNORECASE)


@cache
def senses() -> dict[str, Any]:
    """The table: each sense with its words, why it matters, examples and near misses."""
    return tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))
