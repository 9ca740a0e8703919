"""Makes Return A master files: records of the layout, with what a reader must find in them.

Written from the record description, apart from the reader's own layout, so that the two can be
held against one another. Everything drawn is drawn from a seed.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field

LENGTH = 7385
JANUARY = 305  # columns before the first month
MONTH_WIDTH = 590
CARDS = {"unfounded": 17, "actual": 157, "cleared": 297, "cleared_minors": 437}
NUMBERS = 28
WEAPONS = ("gun", "knife", "other", "hands")
NEGATIVE = "}JKLMNOPQR"


@dataclass
class Card:
    """One card: counts by offense, with the assaults of each kind."""

    murder: int = 0
    negligent: int = 0
    rape: int = 0
    robbery: int = 0
    aggravated: int = 0
    simple: int = 0
    burglary: int = 0
    larceny: int = 0
    vehicles: int = 0

    def numbers(self) -> list[int]:
        """The 28 numbers in the order of the form."""
        rest = [0, 0, 0]
        assaults = [self.aggravated + self.simple, self.aggravated, *rest, self.simple]
        robberies = [self.robbery, self.robbery, *rest]
        stolen = [self.vehicles, self.vehicles, 0, 0]
        known = [self.murder, self.negligent, self.rape, self.rape, 0, *robberies, *assaults]
        known += [self.burglary, self.burglary, 0, 0, self.larceny, *stolen]
        return [*known, sum((self.murder, self.rape, self.robbery, self.burglary)), 0, 0]


@dataclass
class Month:
    """One month: a return (`card_type` 5, `breakdown` P), or its month of inclusion, or nothing."""

    actual: Card | None = None
    cleared: Card | None = None
    included_in: int = 0
    card_type: str = "5"
    breakdown: str = "P"


@dataclass
class Agency:
    """One record."""

    ori: str = "MO09500"
    name: str = "ADRIAN"
    state: str = "24"
    year: int = 2011
    group: str = "6"
    populations: tuple[int, ...] = (1_700,)
    covered_by: str = ""
    last_month: int = 12
    months: dict[int, Month] = field(default_factory=dict)


def signed(count: int) -> str:
    """Five digits, a negative number with its sign in the last one.

    >>> signed(12), signed(-10), signed(-3)
    ('00012', '0001}', '0000L')
    """
    digits = f"{abs(count):05d}"
    return digits if count >= 0 else digits[:-1] + NEGATIVE[int(digits[-1])]


def record(agency: Agency) -> bytes:
    """The record of an agency."""
    held = bytearray(b" " * LENGTH)

    def put(column: int, text: str) -> None:
        held[column - 1 : column - 1 + len(text)] = text.encode("latin-1")

    put(1, "1" + agency.state + agency.ori)
    put(11, agency.group)
    put(14, f"{agency.year % 100:02d}")
    put(24, agency.covered_by)
    put(42, f"{agency.last_month:02d}")
    for i, people in enumerate(agency.populations):
        put(45 + 15 * i, f"{people:09d}")
    put(121, agency.name[:24])
    for number in range(1, 13):
        put_month(held, number, agency.months.get(number))
    return bytes(held)


def put_month(held: bytearray, number: int, month: Month | None) -> None:
    """One block. A month without a return has zeros and no note, as the FBI writes it."""
    first = JANUARY + (number - 1) * MONTH_WIDTH
    told = month or Month(card_type="0", breakdown=" ")
    block = bytearray(b"0" * MONTH_WIDTH)
    block[0:2] = f"{told.included_in:02d}".encode()
    flags = (told.card_type if told.actual else "0") * 5
    flags += (told.breakdown if told.actual else " ") * 4
    block[8:17] = flags.encode()
    for name, card in (("actual", told.actual), ("cleared", told.cleared)):
        if card is not None:
            start = CARDS[name]
            numbers = "".join(signed(n) for n in card.numbers())
            block[start : start + 5 * NUMBERS] = numbers.encode()
    held[first : first + MONTH_WIDTH] = block


def drawn_card(draw: random.Random, size: int) -> Card:
    """A card of random counts, here and there a correction."""
    few, many = max(1, size // 200), max(2, size // 10)
    card = Card(
        murder=draw.randrange(few),
        negligent=draw.randrange(2),
        rape=draw.randrange(few + 1),
        robbery=draw.randrange(many),
        aggravated=draw.randrange(many),
        simple=draw.randrange(many),
        burglary=draw.randrange(many),
        larceny=draw.randrange(many),
        vehicles=draw.randrange(many),
    )
    if draw.random() < 0.02:
        card.burglary = -draw.randrange(1, 15)
    return card


def drawn_agency(draw: random.Random, number: int, year: int) -> Agency:
    """An agency that reports monthly, by the quarter, in part, or not at all."""
    size = draw.choice([20, 200, 5_000])
    agency = Agency(ori=f"MO{number:05d}", name=f"TOWN {number}", year=year)
    habit = draw.choice(["monthly", "monthly", "quarterly", "holes", "never"])
    for month in range(1, 13):
        if habit == "never" or (habit == "holes" and draw.random() < 0.5):
            continue
        if habit == "quarterly" and month % 3:
            agency.months[month] = Month(included_in=month + 3 - month % 3)
            continue
        actual = Card() if draw.random() < 0.1 else drawn_card(draw, size)
        agency.months[month] = Month(actual=actual, cleared=drawn_card(draw, size // 3))
    return agency


def drawn_file(seed: int, agencies: int, year: int = 2011) -> list[Agency]:
    """Agencies of one state in one year."""
    draw = random.Random(seed)
    return [drawn_agency(draw, n, year) for n in range(1, agencies + 1)]
