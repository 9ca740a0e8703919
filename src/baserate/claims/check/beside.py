"""Which of the years in a sentence a figure stands beside."""

from __future__ import annotations

import re

from baserate.claims.claim import Claim, Magnitude

YEAR = re.compile(r"(?<![\w,.$-])(?:1[89]|20)\d\d(?![\w%]|,\d|\.\d)")
NEAR = 40  # characters
LONGEST = 2_000  # characters of a sentence that are looked at


def year_beside(size: Magnitude, claim: Claim) -> int | None:
    """The year nearest to where the figure is printed; None where none is near."""
    text = claim.sentence.text[:LONGEST]
    spots = [m.span() for form in _forms(size) for m in re.finditer(form, text)]
    years = [(m.start(), m.end(), int(m[0])) for m in YEAR.finditer(text)]
    found = [
        (max(start - last, first - end), year)
        for first, last in spots
        for start, end, year in years
        if max(start - last, first - end) >= 0
    ]
    distance, year = min(found, default=(NEAR + 1, 0))
    return year if distance <= NEAR else None


def _forms(size: Magnitude) -> tuple[str, ...]:
    """The figure as it can be printed: with and without commas."""
    plain, grouped = f"{size.value:.{size.digits}f}", f"{size.value:,.{size.digits}f}"
    return tuple(rf"(?<![\w.,]){re.escape(f)}(?![\w]|[.,]\d)" for f in {plain, grouped})
