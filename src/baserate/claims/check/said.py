"""The words of a reason: plain, with the figures, and no more digits than they bear."""

from __future__ import annotations

from collections.abc import Callable

from baserate.claims.claim import Claim, Magnitude
from baserate.terms.offenses import offense
from baserate.terms.periods import Period
from baserate.terms.places import Place

PER_HEAD = "per 100,000 people"


def counted(key: str) -> str:
    """The offense whose figures answer: murder, where homicide is asked for."""
    return offense(key).answered_by or key


def figure_words(value: float, *, per_head: bool) -> str:
    """A rate with its unit, or a count.

    >>> figure_words(386.56, per_head=True), figure_words(17413, per_head=False)
    ('386.6 per 100,000 people', '17,413')
    """
    return f"{value:,.1f} {PER_HEAD}" if per_head else f"{value:,.0f}"


def bare(value: float, *, per_head: bool) -> str:
    """The same without the unit."""
    return f"{value:,.1f}" if per_head else f"{value:,.0f}"


def percent_words(value: float) -> str:
    """A percent without its sign: one decimal, and none from a hundred on."""
    return f"{abs(value):,.0f}%" if abs(value) >= 99.95 else f"{abs(value):.1f}%"


def quantity(claim: Claim, *, per_head: bool) -> str:
    """'the recorded murder rate' or 'recorded murders'."""
    assert claim.offense is not None
    kind = offense(counted(claim.offense))
    return f"the recorded {kind.name} rate" if per_head else f"recorded {kind.many}"


def inside(where: Place) -> str:
    """'in the United States'."""
    return f"in {where}"


def listed(years: list[int]) -> str:
    """'2001', '2001 and 2003', and no more than four of them.

    >>> listed([2001, 2003]), listed([1, 2, 3, 4, 5])
    ('2001 and 2003', '1, 2, 3, 4 and other years')
    """
    shown = [str(y) for y in years[:4]] + (["other years"] if len(years) > 4 else [])
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


def capital(text: str) -> str:
    """The text with its first letter capital."""
    return text[:1].upper() + text[1:]


def change_words(percent: float | None, later: float, earlier: float) -> str:
    """'rose 3.4%', 'did not change'."""
    if percent is None:
        return "rose from none" if later > earlier else "stayed at none"
    if later == earlier or percent == 0:
        return "did not change"
    if abs(percent) < 0.05:
        return "changed by less than 0.1%"
    return f"{'rose' if percent > 0 else 'fell'} {percent_words(percent)}"


def first_missed(claim: Claim, agrees: Callable[[Magnitude], bool]) -> str:
    """The first size asserted that does not agree with the records, in words; empty if all do."""
    return next((asserted_words(size) for size in claim.magnitudes if not agrees(size)), "")


def span_words(baseline: Period, period: Period) -> str:
    """'from 2015 to 2016', or for longer stretches what is set against what."""
    if baseline.is_one_year and period.is_one_year:
        return f"from {baseline} to {period}"
    return f"in {period} against {baseline}"


def asserted_bare(size: Magnitude) -> str:
    """The same without 'per 100,000 people', where that has just been said."""
    return asserted_words(size).removesuffix(f" {PER_HEAD}")


def asserted_words(size: Magnitude) -> str:
    """What was asserted, as it can stand after 'not': '15%', '600', 'double'."""
    how = "" if size.how == "exactly" else f"{size.how} "
    match size.unit:
        case "percent":
            return f"{how}{size.value:g}%"
        case "points":
            return f"{how}{size.value:g} points"
        case "per_100k":
            return f"{how}{size.value:,.{size.digits}f} {PER_HEAD}"
        case "factor":
            return f"by a factor of {how}{size.value:g}"
        case "count":
            return f"{how}{size.value:,.{size.digits}f}"
        case _:
            return f"{how}{size.value:g}"
