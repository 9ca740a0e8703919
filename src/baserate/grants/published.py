"""What was published about awards: a year's total, and amounts to hold a result against."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

FACTS = Path(__file__).with_name("facts") / "jag_published.toml"


@dataclass(frozen=True, slots=True)
class Amount:
    """A printed amount of dollars, and how far from it the unrounded one may be."""

    dollars: int
    within: int

    def fits(self, dollars: float) -> bool:
        """Whether an amount would be printed as this one."""
        return abs(dollars - self.dollars) <= max(self.within, 0.5)

    @property
    def words(self) -> str:
        """As it was printed: '$17.8 million', '$274,906,565'."""
        if self.within >= 1_000:
            return f"${self.dollars / 1e6:,.1f} million"
        return f"${self.dollars:,}"


@dataclass(frozen=True, slots=True)
class Published:
    """What one report says of one fiscal year. `awards` are State and local together, by code."""

    fiscal_year: int
    total: Amount
    citation: str
    address: str
    territories_and_dc: Amount | None = None
    awards: Mapping[str, Amount] = field(default_factory=dict)


@cache
def published() -> dict[int, Published]:
    """The reports by fiscal year.

    >>> published()[2016].total.words, published()[2016].awards["FL"].words
    ('$274,906,565', '$17.8 million')
    """
    told = tomllib.loads(FACTS.read_text(encoding="utf-8"))["year"]
    return {each["fiscal_year"]: _published(each) for each in told}


def _published(told: Mapping[str, Any]) -> Published:
    within = told.get("within", 0)
    together = told.get("territories_and_dc")
    return Published(
        fiscal_year=told["fiscal_year"],
        total=Amount(**told["total"]),
        citation=told["citation"],
        address=told["address"],
        territories_and_dc=Amount(**together) if together else None,
        awards={key: Amount(dollars, within) for key, dollars in told.get("awards", {}).items()},
    )
