"""Numbers of a study as text, with no more digits than their intervals bear."""

from __future__ import annotations

from collections.abc import Iterable
from math import floor, inf, isfinite, log10

from baserate.evaluate.designs.estimate import Estimate, OutcomeTotals
from baserate.publish import wording
from baserate.terms.quantities import Interval

MOST_DIGITS = 4
NOTHING_LEFT = -100.0  # percent; no fall is larger
GUESSED = 0.3  # of a value: how far it may be off, where no interval says


def percent_words(each: Estimate | OutcomeTotals) -> str:
    """A design's percent with its sign; '' where it has none."""
    if each.percent is None:
        return ""
    limits = each.percent_interval
    return wording.signed_percent(each.percent, Interval(*limits, "") if limits else None)


def limits_words(limits: tuple[float, float] | None) -> str:
    """An interval with its signs, in the digits that its own width bears.

    >>> limits_words((-73.41, 24.52)), limits_words((-0.031, 0.0042))
    ('-73 to +25', '-0.031 to +0.004')
    >>> limits_words((-12.3, float("inf"))), limits_words(None)
    ('above -12.3', '')
    """
    if limits is None:
        return ""
    low, high = limits
    half = (high - low) / 2 if isfinite(high - low) else _guess(low, high)
    if low in {-inf, NOTHING_LEFT} and high == inf:
        return "no limit"
    if high == inf:
        return f"above {signed(low, half)}"
    if low == -inf:
        return f"below {signed(high, half)}"
    return f"{signed(low, half)} to {signed(high, half)}"


def _guess(*values: float) -> float:
    return GUESSED * max((abs(v) for v in values if isfinite(v)), default=1.0)


def effect_words(each: Estimate) -> str:
    """A design's effect in the outcome's unit; '' where it has none."""
    if each.effect is None:
        return ""
    half = inf
    if each.interval is not None:
        half = (each.interval.upper - each.interval.lower) / 2
    elif each.percent and each.percent_interval is not None:
        low, high = each.percent_interval
        half = abs(each.effect / each.percent) * (high - low) / 2
    return signed(each.effect, half if isfinite(half) else _guess(each.effect))


def signed(value: float, half: float) -> str:
    """A value that may be off by `half`, with its sign.

    >>> signed(-19.5136, 44.0), signed(-0.03125, 0.0245), signed(0.2, 9.0), signed(-1234.5, 300.0)
    ('-20', '-0.031', '+0.2', '-1,234')
    """
    text = f"{value:+,.{digits(half)}f}"
    return "0" if not any(c in "123456789" for c in text) else text


def digits(half: float) -> int:
    """Decimals of a value that may be off by `half`: two figures of it.

    >>> digits(44.0), digits(4.4), digits(0.044), digits(0.0)
    (0, 1, 3, 4)
    """
    return MOST_DIGITS if half <= 0 else min(max(1 - floor(log10(half)), 0), MOST_DIGITS)


def level_digits(values: Iterable[float]) -> int:
    """Decimals of levels: one of rates, none of large counts, more of what is small.

    >>> level_digits([41.2, 123.0]), level_digits([12_345.0]), level_digits([0.04])
    (1, 0, 4)
    """
    size = max((abs(v) for v in values), default=0.0)
    return MOST_DIGITS if size <= 0 else min(max(2 - floor(log10(size)), 0) or int(size < 1e4), 4)


def p_words(p: float | None) -> str:
    """A p on three digits.

    >>> p_words(0.07692), p_words(0.0002), p_words(None)
    ('0.077', '<0.001', '')
    """
    if p is None:
        return ""
    return f"{p:.3f}" if p >= 0.001 else "<0.001"


def seen_words(percent: float | None) -> str:
    """The smallest change a design would find, in percent.

    >>> seen_words(34.7), seen_words(2.14), seen_words(None)
    ('35%', '2.1%', '')
    """
    return "" if percent is None else f"{percent:.{1 if percent < 10 else 0}f}%"
