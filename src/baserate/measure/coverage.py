"""What partial coverage does to an answer: less than enough, and the sign must survive bounds.

Those who did not report had some crime, and nobody knows how much. Where too few people live
under agencies that reported, the verdict stands only if it would stand however the others had
fared, between no offense at all and twice the rate of those that reported (Manski's bounds, with
a limit on the upper side); else it is "can't tell".
"""

from __future__ import annotations

from dataclasses import replace

from baserate.errors import PartialCoverage
from baserate.measure.answer import Answer, Figure

ENOUGH = 0.80  # share of a place's people whose agencies reported
MOST_OF_MISSING = 2.0  # times the rate of those that reported, at the most


def allow_for_coverage(answer: Answer) -> Answer:
    """The answer, with its verdict taken back where those who did not report could turn it."""
    figures = [f for f in (answer.earlier, answer.later) if f is not None]
    shares = [s for f in figures if (s := covered(f)) is not None]
    if not shares or min(shares) >= ENOUGH:
        return answer
    share = min(shares)
    said = (
        f"Only {100 * share:.0f}% of the people live where agencies reported "
        f"({100 * ENOUGH:.0f}% is taken as enough)."
    )
    if answer.verdict == "recorded" or len(figures) < 2:
        note = f"{said} The figure is of those agencies; it says nothing of the others."
        return replace(answer, caveats=(PartialCoverage(note), *answer.caveats))
    if settled(figures[0], figures[1], answer.verdict):
        note = (
            f"{said} The direction holds all the same: it would be so with no offense at all among "
            f"the others, and with {MOST_OF_MISSING:g} times the recorded rate among them."
        )
        return replace(answer, caveats=(PartialCoverage(note), *answer.caveats))
    note = (
        f"{said} Those who did not report could turn the answer: between no offense among them and "
        f"{MOST_OF_MISSING:g} times the recorded rate, the change has either sign."
    )
    return replace(answer, verdict="can't tell", caveats=(PartialCoverage(note), *answer.caveats))


def covered(figure: Figure) -> float | None:
    """The smallest share covered in any year of a figure; None where it is not known."""
    known = [r.covered for r in figure.rows if r.covered is not None]
    return min(known) if known else None


def settled(earlier: Figure, later: Figure, verdict: str) -> bool:
    """Whether no rates among those who did not report could turn the direction."""
    low, high = zip(bounds(earlier), bounds(later), strict=True)
    if verdict in {"up", "higher"}:
        return low[1] > high[0]
    if verdict in {"down", "lower"}:
        return high[1] < low[0]
    return False


def bounds(figure: Figure) -> tuple[float, float]:
    """The least and the most that everyone's rate per 100,000 can have been.

    With share c covered at rate r and the others between 0 and m r, it is between c r and
    (c + (1 - c) m) r.
    """
    share = covered(figure)
    if share is None:
        return figure.rate, figure.rate
    return share * figure.rate, (share + (1 - share) * MOST_OF_MISSING) * figure.rate
