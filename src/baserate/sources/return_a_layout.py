"""One record of the Return A master file, taken apart: an agency, and its twelve months.

The layout is in readers/return_a.toml. Nothing here knows of files or tables.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

from baserate.terms.places import cities, city_key, readings

ORI = re.compile(r"[A-Z]{2}[A-Z0-9]{5}")
OFFENSES = ("murder", "rape", "robbery", "burglary", "larceny", "motor_vehicle_theft")
PART_VIOLENT = ("murder", "rape", "robbery", "aggravated_assault")
PART_PROPERTY = ("burglary", "larceny", "motor_vehicle_theft")
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip

Reported = Literal["incidents", "zero", "elsewhere", "no"]


class Unfit(ValueError):
    """A record that holds what the layout does not allow; the text says why."""


class Counts(NamedTuple):
    """One card of one month, by offense. What is blank, or cannot be told apart, is None."""

    murder: int | None
    rape: int | None
    robbery: int | None
    aggravated_assault: int | None
    burglary: int | None
    larceny: int | None
    motor_vehicle_theft: int | None
    violent_crime: int | None
    property_crime: int | None
    assaults_by_weapon: int | None  # their sum, where it is not aggravated assault


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """One month of one agency. `cards` has what was counted, 'offenses' and 'clearances'.

    `includes` are the other months whose numbers are inside this one's.
    """

    month: int
    reported: Reported
    included_in: int | None
    includes: tuple[int, ...]
    cards: dict[str, Counts]
    is_unflagged: bool = False
    is_ignored: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyYear:
    """One record. `population` is None where all its blocks are blank."""

    ori: str
    agency: str
    state: str
    year: int
    kind: str | None
    population_group: str
    population: int | None
    covered_by: str | None
    place: str | None
    last_month_reported: int | None
    months: tuple[Month, ...]

    @property
    def months_reported(self) -> int | None:
        """Months whose numbers are in the record; None for an agency that another reports for."""
        sent = [m for m in self.months if m.cards or m.included_in is not None]
        return None if self.covered_by and not sent else len(sent)


def agency_year(record: bytes) -> AgencyYear:
    """A record of the right length as an agency and its months. Raises Unfit."""
    state, ori = _state(record), _text(record, "ori")
    if not ORI.fullmatch(ori):
        raise Unfit(f"the agency is {ori!r} in columns 4-10; two letters and five more are needed")
    prefix = _told()["ori_prefix"].get(state, state)
    if ori[:2] not in {prefix, state}:
        raise Unfit(
            f"the state is {_text(record, 'state')} ({state}) in columns 2-3 and the agency {ori} "
            f"in columns 4-10; one that begins {prefix} is needed"
        )
    name, group = _text(record, "agency").strip(), _text(record, "population_group").strip()
    population = _population(record)
    kind = _kind(group, name, population)
    covered_by = _text(record, "covered_by").strip()
    covered = covered_by if covered_by.strip("0") else None
    return AgencyYear(
        ori=ori,
        agency=name,
        state=state,
        year=_year(record),
        kind=kind,
        population_group=group,
        population=population,
        covered_by=covered,
        place=_place(name, state) if kind == "city" else None,
        last_month_reported=_whole(record, _told()["record"]["last_month_reported"], "last month"),
        months=_months(record, is_covered=covered is not None),
    )


def number(text: bytes) -> int | None:
    """A number as the file writes it, the sign in its last digit; None if blank.

    >>> number(b"00012"), number(b"0001K"), number(b"0000}"), number(b"0000C"), number(b"     ")
    (12, -12, 0, 3, None)
    """
    if text.isdigit():
        return int(text)
    said = text.strip()
    if not said:
        return None
    digit = _overpunch().get(said[-1:])
    whole = said[:-1]
    if digit is None and whole.startswith(b"-"):
        digit, whole = ((said[-1:], -1) if said[-1:].isdigit() else None), whole[1:]
    if digit is None and said.isdigit():
        return int(said)
    if digit is None or (whole and not whole.isdigit()):
        raise ValueError(text)
    last, sign = digit
    return sign * int(whole + last)


def _months(record: bytes, is_covered: bool) -> tuple[Month, ...]:
    """The twelve months, each with the months it includes."""
    layout = _told()["month"]
    blocks = [
        record[layout["first"] - 1 + i * layout["width"] :][: layout["width"]] for i in range(12)
    ]
    targets = [_included_in(block, i + 1) for i, block in enumerate(blocks)]
    has_own = [t is None and _has_return(b) for b, t in zip(blocks, targets, strict=True)]
    return tuple(_month(i + 1, blocks[i], targets, has_own, is_covered) for i in range(12))


def _month(
    month: int, block: bytes, targets: list[int | None], has_own: list[bool], is_covered: bool
) -> Month:
    target = targets[month - 1]
    includes = tuple(i + 1 for i, t in enumerate(targets) if t == month)
    if target is not None:
        inside = has_own[target - 1]
        return Month(
            month=month,
            reported="elsewhere" if inside or is_covered else "no",
            included_in=target if inside else None,
            includes=(),
            cards={},
            is_ignored=not _is_empty(block, "actual"),
        )
    if not has_own[month - 1]:
        reported: Reported = "elsewhere" if is_covered else "no"
        return Month(month=month, reported=reported, included_in=None, includes=(), cards={})
    cards = {
        told["counted"]: _counts(block, card, month)
        for card, told in _told()["card"].items()
        if card == "actual" or _is_returned(block, card) or not _is_empty(block, card)
    }
    return Month(
        month=month,
        reported="zero" if _is_empty(block, "actual") else "incidents",
        included_in=None,
        includes=includes,
        cards=cards,
        is_unflagged=not _is_returned(block, "actual"),
    )


def _included_in(block: bytes, month: int) -> int | None:
    """The other month that this one's numbers stand in, if any."""
    at = _told()["month"]["included_in"]
    target = _whole(block, at, f"{MONTHS[month - 1]}: month included in") or 0
    if target > 12:
        raise Unfit(f"{MONTHS[month - 1]} is included in month {target}; 00 to 12 is needed")
    return target if target not in {0, month} else None


def _has_return(block: bytes) -> bool:
    """Whether the month's offenses were sent: a return is noted, or there are numbers.

    A return that is noted without a single number on its card is none: blank is not zero.
    """
    if not _card(block, "actual").strip():
        return False
    return _is_returned(block, "actual") or not _is_empty(block, "actual")


def _is_returned(block: bytes, card: str) -> bool:
    layout = _card_layout(card)
    if block[layout.type_at] == layout.not_available:
        return False
    return block[layout.type_at] in layout.types or block[layout.breakdown_at] in layout.breakdowns


def _is_empty(block: bytes, card: str) -> bool:
    """Whether no number of the card is other than zero or blank."""
    return not _card(block, card).strip(b"0 {}")


def _counts(block: bytes, card: str, month: int) -> Counts:
    """The offenses of a card. Those whose parts are blank are None, and so are their sums."""
    murder, rape, robbery, burglary, larceny, vehicles, total, simple, *parts = _numbers(
        block, card, month
    )
    by_weapon = _sum(*parts)
    aggravated = None if total is None or simple is None else total - simple
    if aggravated and not simple and not by_weapon and _is_totals_only(block, card):
        aggravated = None  # all assaults in one number: how many are simple is not said
    return Counts(
        murder=murder,
        rape=rape,
        robbery=robbery,
        aggravated_assault=aggravated,
        burglary=burglary,
        larceny=larceny,
        motor_vehicle_theft=vehicles,
        violent_crime=_sum(murder, rape, robbery, aggravated),
        property_crime=_sum(burglary, larceny, vehicles),
        assaults_by_weapon=by_weapon if aggravated not in (None, by_weapon) else None,
    )


def _numbers(block: bytes, card: str, month: int) -> list[int | None]:
    """The numbers of a card that are used: OFFENSES, all and simple assaults, those by weapon."""
    held = _card(block, card)
    if held.isdigit():
        return [int(held[i : i + 5]) for i in _positions()]
    return [_number_at(held, i, card, month) for i in _positions()]


def _number_at(held: bytes, position: int, card: str, month: int) -> int | None:
    said = held[position : position + 5]
    try:
        return number(said)
    except ValueError:
        first = _told()["month"]["first"] + (month - 1) * _told()["month"]["width"]
        column = first + _card_layout(card).first + position
        raise Unfit(
            f"{MONTHS[month - 1]}, {card}: {said.decode('latin-1')!r} in columns "
            f"{column}-{column + 4}; a number of five digits is needed, the last with its sign if "
            "it has one"
        ) from None


def _is_totals_only(block: bytes, card: str) -> bool:
    return block[_card_layout(card).breakdown_at] == _card_layout(card).totals_only


def _sum(*counts: int | None) -> int | None:
    total = 0
    for count in counts:
        if count is None:
            return None
        total += count
    return total


def _card(block: bytes, card: str) -> bytes:
    layout = _card_layout(card)
    return block[layout.first : layout.last]


@dataclass(frozen=True, slots=True)
class _Card:
    """Where a card stands in a month, from 0; bytes that note a return."""

    type_at: int
    breakdown_at: int
    first: int
    last: int
    types: frozenset[int]
    breakdowns: frozenset[int]
    totals_only: int
    not_available: int


@cache
def _card_layout(card: str) -> _Card:
    told, returned = _told()["card"][card], _told()["returned"]
    return _Card(
        type_at=told["type"][0] - 1,
        breakdown_at=told["breakdown"][0] - 1,
        first=told["numbers"][0] - 1,
        last=told["numbers"][1],
        types=frozenset(returned["types"].encode()),
        breakdowns=frozenset(returned["breakdowns"].encode()),
        totals_only=ord(returned["totals_only"]),
        not_available=ord(returned["not_available"]),
    )


@cache
def _positions() -> tuple[int, ...]:
    """Where the numbers that are used begin on a card, from 0."""
    at, width = _told()["number"], _told()["month"]["field"]
    named = [at[o] for o in (*OFFENSES, "all_assault", "simple_assault")]
    return tuple(width * place for place in [*named, *at["assault_parts"]])


def _state(record: bytes) -> str:
    if (said := _text(record, "id")) != _told()["record"]["id_code"]:
        raise Unfit(f"begins {said!r}; a record of Return A begins with 1")
    code = _text(record, "state")
    state: str | None = _told()["states"].get(code)
    if state is None:
        raise Unfit(f"the state is {code!r} in columns 2-3; a code from 01 to 55, or 62, is needed")
    return state


def _year(record: bytes) -> int:
    year = _whole(record, _told()["record"]["year"], "the year")
    if year is None:
        raise Unfit("the year is blank in columns 14-15; its last two digits are needed")
    return (1900 if year >= _told()["record"]["first_of_century"] else 2000) + year


def _population(record: bytes) -> int | None:
    """People in all counties the agency polices; the file gives them in up to three blocks."""
    parts = [_whole(record, at, "the population") for at in _told()["record"]["populations"]]
    said = [p for p in parts if p is not None]
    return sum(said) if said else None


def _kind(group: str, name: str, population: int | None) -> str | None:
    kind = next((k for k, gs in _told()["population_group"].items() if group in gs), None)
    if kind == "city" and not population:
        is_university = not set(_told()["university"]["words"]).isdisjoint(re.split(r"\W+", name))
        return "university" if is_university else "other"
    return kind


@cache
def _place(name: str, state: str) -> str | None:
    """The key of a city: as GeoNames has it where it is known there, else the printed name."""
    if not name:
        return None
    if known := _known_cities().get((city_key(name), state)):
        return known
    said = f"{name.title()}, {state}"
    found = [p.key for p in readings(said) if p.kind == "city"]
    return found[0] if len(found) == 1 else said


@cache
def _known_cities() -> dict[tuple[str, str | None], str]:
    return {(city_key(c.name), c.state): c.key for c in reversed(cities())}


def _whole(data: bytes, at: list[int], called: str) -> int | None:
    said = _cut(data, at).strip()
    if not said:
        return None
    if not said.isdigit():
        raise Unfit(f"{called} is {said.decode('latin-1')!r}; a whole number, or blanks, is needed")
    return int(said)


def _text(record: bytes, name: str) -> str:
    return _cut(record, _told()["record"][name]).decode("latin-1")


def _cut(data: bytes, at: list[int]) -> bytes:
    return data[at[0] - 1 : at[1]]


@cache
def _overpunch() -> dict[bytes, tuple[bytes, int]]:
    """The digit and the sign that a last character stands for."""
    told = _told()["overpunch"]
    return {
        letter.encode(): (str(digit).encode(), sign)
        for sign, letters in ((1, told["positive"]), (-1, told["negative"]))
        for digit, letter in enumerate(letters)
    }


def record_length() -> int:
    """Bytes of a record, the end of its line not counted."""
    return int(_told()["record"]["length"])


def rape_note() -> str:
    """What is to be said of rape counts since the definition changed."""
    return str(_told()["note"]["rape_since_2013"])


@cache
def _told() -> dict[str, Any]:
    path = Path(__file__).parent / "readers" / "return_a.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))
