"""What a percent of change says of its two figures, and the words for up and down."""

from __future__ import annotations

import re
from functools import cache
from typing import Literal

from baserate.claims.checked import Inconsistency
from baserate.claims.claim import Sentence
from baserate.claims.consistency.figures import Figure
from baserate.claims.consistency.words import either, vocabulary

Kind = Literal["count of names", "parts and total", "percent of its own numbers", "direction"]
Sign = Literal["up", "down", ""]


@cache
def directions() -> re.Pattern[str]:
    """A pattern for the words that say up or down, each in a group of that name."""
    words = vocabulary()["words"]
    return re.compile(
        rf"(?<!made )(?<!make )(?<!makes )"
        rf"\b(?:(?P<up>{either(words['rises'])})|(?P<down>{either(words['falls'])}))\b",
        re.I,
    )


def last_direction(text: str) -> tuple[Sign, int]:
    """The last word for up or down in a stretch of text, and where it begins."""
    found = list(directions().finditer(text))
    if not found:
        return "", 0
    return ("up" if found[-1]["up"] else "down"), found[-1].start()


def inconsistency_at(
    sentence: Sentence, kind: Kind, start: int, end: int, text: str
) -> Inconsistency:
    """An inconsistency at two offsets of a sentence, in those of the article."""
    return Inconsistency(sentence.start + start, sentence.start + end, kind, text)


def percent_problem(
    percent: Figure, later: Figure, earlier: Figure, sign: Sign
) -> tuple[Kind, str] | None:
    """What is wrong with a percent of change between two figures; None where nothing is."""
    if earlier.value <= 0 or later.value == earlier.value or not percent.value:
        return None
    change = 100 * (later.value - earlier.value) / earlier.value
    said = f"{percent.value:.{percent.decimals}f} percent"
    numbers = f"from {earlier.printed} to {later.printed}"
    if sign and sign != ("up" if change > 0 else "down"):
        word = {"up": "an increase", "down": "a decrease"}[sign]
        return "direction", f"The text calls the change {numbers} {word}, and it is the opposite."
    if _agrees(percent, later, earlier):
        return None
    text = f"The change {numbers} is {abs(change):.{max(percent.decimals, 0)}f} percent, not {said}"
    return "percent of its own numbers", f"{text}{_mistake(percent, later, earlier)}."


def _mistake(percent: Figure, later: Figure, earlier: Figure) -> str:
    """How the printed percent may have come about."""
    if (
        later.value
        and abs(100 * abs(later.value - earlier.value) / later.value - percent.value) <= 1
    ):
        return f"; {percent.value:g} percent is the change as a share of the later figure"
    if abs(100 * later.value / earlier.value - percent.value) <= 1:
        return "; that is the later figure as a percent of the earlier, not the change"
    return ""


def _agrees(percent: Figure, later: Figure, earlier: Figure) -> bool:
    """Whether rounding, and what the text says of it, lets the two figures give the percent."""
    (low_l, high_l), (low_e, high_e) = _spread(later, earlier), _spread(earlier, later)
    ends = [100 * (a - b) / b for a in (low_l, high_l) for b in (low_e, high_e) if b > 0]
    sign = 1 if later.value > earlier.value else -1
    low, high = min(sign * e for e in ends), max(sign * e for e in ends)
    slack = max(
        1.0 if not percent.decimals else 1.5 * 10.0**-percent.decimals, 0.02 * percent.value
    )
    said_low, said_high = percent.value - slack, percent.value + slack
    if percent.hedge == "almost" or percent.rough:
        said_low, said_high = percent.value * 0.85 - 3, percent.value * 1.15 + 3
    elif percent.hedge == "beyond":
        said_high = percent.value * 1.5 + 5
    elif percent.hedge == "below":
        said_low = percent.value * 0.6 - 3
    return low <= said_high and said_low <= high


def _spread(figure: Figure, other: Figure) -> tuple[float, float]:
    """A rate printed without decimals beside one that has some was rounded too."""
    low, high = figure.bounds
    if other.decimals and not figure.decimals:
        return low - 0.5, high + 0.5
    return low, high
