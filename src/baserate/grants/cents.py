"""Money to the cent, so that the parts are the whole.

Shares are exact; rounding is done once, here, by the largest remainder: everyone gets the whole
cents of a share, and the cents left over go to the largest fractions, ties in order of name.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from heapq import nsmallest
from typing import TypeVar

Name = TypeVar("Name", bound=Hashable)


def in_cents(shares: Mapping[Name, Fraction]) -> dict[Name, int]:
    """Shares in dollars as cents that add up to their sum, which must be whole cents.

    >>> in_cents({"A": Fraction(1, 3), "B": Fraction(1, 3), "C": Fraction(1, 3)})
    {'A': 34, 'B': 33, 'C': 33}
    """
    whole = 100 * sum(shares.values(), Fraction(0))
    if whole.denominator != 1:
        raise ValueError(f"the shares add up to {float(whole) / 100}, which is not whole cents")
    floors = {
        name: divmod((100 * share).numerator, (100 * share).denominator)
        for name, share in shares.items()
    }
    made = {name: cents for name, (cents, _) in floors.items()}
    left = whole.numerator - sum(made.values())
    rest = {
        name: Fraction(over, (100 * shares[name]).denominator) for name, (_, over) in floors.items()
    }
    for name in sorted(rest, key=lambda n: (-rest[n], str(n)))[:left]:
        made[name] += 1
    return made


def shared_out(cents: int, weights: Sequence[int]) -> list[int]:
    """Cents in proportion to whole-number weights, in their order; the parts add up.

    >>> shared_out(100, [1, 1, 1])
    [34, 33, 33]
    """
    total = sum(weights)
    if total <= 0:
        raise ValueError(f"weights that add up to {total} share out nothing")
    parts = [divmod(cents * weight, total) for weight in weights]
    made = [whole for whole, _ in parts]
    left = cents - sum(made)
    for i in nsmallest(left, range(len(parts)), key=lambda i: -parts[i][1]):
        made[i] += 1
    return made


def dollars(cents: int) -> Decimal:
    """Cents as dollars.

    >>> dollars(69598060)
    Decimal('695980.60')
    """
    return Decimal(cents).scaleb(-2)
