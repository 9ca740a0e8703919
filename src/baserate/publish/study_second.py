"""What libraries say of the rows of a study, in words and as a record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import floor, log10
from typing import Any

from baserate.evaluate.designs.estimate import Estimate
from baserate.evaluate.second_opinions.opinion import SecondOpinion

EXTRA = 'pip install "baserate[evaluate]"'
MOST_DIGITS = 12  # more are those of one machine's rounding


def second_words(every: Iterable[Estimate]) -> Iterator[str]:
    """One line for every row that a library was asked about, then which have none."""
    told = [e for e in every if e.effect is not None or e.percent is not None]
    for each in told:
        if each.second is not None and each.second.status != "not installed":
            yield f"{each.design}: {row_words(each)}"
    yield from _lacking(told)
    alone = [e.design for e in told if e.second is None or e.second.effect is None]
    if len(alone) == len(told) and told:
        yield "none; every number here comes from one implementation only"
    elif alone:
        yield f"none for {', '.join(alone)}: from one implementation only"


def second_summary(every: Iterable[Estimate]) -> str:
    """All second opinions in a line: how many rows agree, which do not, which stand alone."""
    told = [e for e in every if e.effect is not None or e.percent is not None]
    asked = [e.second for e in told if e.second is not None and e.second.effect is not None]
    if not asked:
        return "none; every number here comes from one implementation only"
    libraries = " or ".join(sorted({second.library for second in asked}))
    same = sum(second.status == "agrees" for second in asked)
    said = [f"{same} of {len(asked)} rows that {libraries} can be asked about are the same there"]
    apart = disagreements(told)
    if apart:
        said.append(f"not so {', '.join(apart)}")
    alone = [e.design for e in told if e.second is None or e.second.effect is None]
    if alone:
        said.append(f"from one implementation only: {'; '.join(alone)}")
    return "; ".join(said)


def row_words(each: Estimate) -> str:
    """What a library says of one row, or that its number stands alone."""
    if each.second is None:
        return "none, the number comes from one implementation only"
    return _said(each.second)


def disagreements(every: Iterable[Estimate]) -> tuple[str, ...]:
    """The rows on which a library has another number."""
    return tuple(e.design for e in every if e.second and e.second.status == "disagrees")


def second_record(second: SecondOpinion | None) -> dict[str, Any] | None:
    """A second opinion for JSON; None where nobody was asked."""
    if second is None:
        return None
    return {
        "library": second.library,
        "version": second.version or None,
        "status": second.status,
        "compared": second.compared,
        "here": second.here,
        "there": second.effect,
        "standard_error": second.standard_error,
        "apart": second.apart,
        "tolerance": second.tolerance,
        "differs": second.differs or None,
        "why_not": second.why_not or None,
    }


def _said(second: SecondOpinion) -> str:
    name = " ".join(filter(None, (second.library, second.version)))
    if second.effect is None or second.apart is None:
        return f"{name} {second.why_not}"
    if second.status == "agrees":
        return f"{name}, {_same(second.apart)}"
    sign = "%" if second.compared == "percent" else ""
    here, there = _told_apart(second.here, second.effect)
    return f"DISAGREES: {here}{sign} here, {there}{sign} by {name}"


def _same(apart: float) -> str:
    """How closely two numbers agree, in digits.

    >>> _same(0.0), _same(3e-9)
    ('the same to 12 digits', 'the same to 8 digits')
    """
    digits = floor(-log10(apart)) if apart else MOST_DIGITS
    return f"the same to {min(digits, MOST_DIGITS)} digits"


def _told_apart(here: float, there: float) -> tuple[str, str]:
    """Both numbers with as many digits as it takes to see that they differ.

    >>> _told_apart(-19.5, -18.2), _told_apart(1.00001, 1.00002)
    (('-19.50', '-18.20'), ('+1.00001', '+1.00002'))
    """
    for digits in range(2, 17):
        both = f"{here:+,.{digits}f}", f"{there:+,.{digits}f}"
        if both[0] != both[1]:
            return both
    return f"{here!r}", f"{there!r}"


def _lacking(told: Iterable[Estimate]) -> Iterator[str]:
    """Libraries that could be asked and are not installed."""
    absent = {e.second.library for e in told if e.second and e.second.status == "not installed"}
    if absent:
        names = " and ".join(sorted(absent))
        are = "are" if len(absent) > 1 else "is"
        yield f"{names} {are} not installed; {EXTRA} adds what can be asked"
