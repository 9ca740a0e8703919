"""One line of a NIBRS submission, taken apart by its layout and checked field by field.

The layout is in readers/nibrs_submission.toml. Nothing here knows of files or tables.
"""

from __future__ import annotations

import re
import tomllib
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal

Kind = Literal["text", "number", "digits", "hour", "date", "age"]

AGES_IN_DAYS = {"NN", "NB", "BB"}
ORI = re.compile(r"[A-Z]{2}[A-Z0-9]{7}")


class Unfit(ValueError):
    """A line that is no segment, or holds what its layout does not allow; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a segment: which columns, and what may stand in them."""

    name: str
    at: tuple[int, int]
    kind: Kind = "text"
    codes: frozenset[str] | None = None
    required: bool = False
    width: int | None = None
    of: tuple[int, int] | None = None

    def read(self, line: str, latest: date) -> Any:
        """The value, or a list of values; None where blank. Raises Unfit.

        Parts of blocks (`of`) keep a None for each blank, so that they stay in step; other lists
        leave blanks out.
        """
        text = line[self.at[0] - 1 : self.at[1]]
        value = self._value(text, latest) if self.width is None else self._items(text, latest)
        if self.required and value in (None, []):
            raise Unfit(f"{self.called} is blank in {self.where}; it is needed")
        return value

    @property
    def called(self) -> str:
        """The name in words."""
        return self.name.removeprefix("own_").replace("_", " ")

    @property
    def where(self) -> str:
        """The columns, for messages."""
        return (
            f"columns {self.at[0]}-{self.at[1]}"
            if self.at[0] < self.at[1]
            else f"column {self.at[0]}"
        )

    def _items(self, text: str, latest: date) -> list[Any]:
        width = self.width or len(text)
        if not text.strip():
            return [] if self.of is None else [None] * (len(text) // width)
        pieces = [text[i : i + width] for i in range(0, len(text), width)]
        if self.of is None:
            return [self._value(p, latest) for p in pieces if p.strip()]
        first, last = self.of
        return [self._value(p[first - 1 : last], latest) for p in pieces]

    def _value(self, text: str, latest: date) -> Any:
        said = text.strip()
        if not said:
            return None
        if self.codes is not None:
            return self._code(text, said)
        if self.kind == "text":
            return said
        return _READ[self.kind](self, text, latest)

    def _code(self, text: str, said: str) -> str:
        if said not in (self.codes or ()) or text.startswith(" "):
            raise Unfit(f"{self.called} is {text!r} in {self.where}; no such code is known")
        return said

    def unfit(self, text: str, wanted: str) -> Unfit:
        """What to raise where the text is not what is wanted."""
        return Unfit(f"{self.called} is {text!r} in {self.where}; {wanted} is needed")


def _number(field: Field, text: str, _latest: date) -> int:
    if not (text.isascii() and text.isdigit()):
        raise field.unfit(text, f"a number of {len(text)} digits, or blanks,")
    return int(text)


def _digits(field: Field, text: str, latest: date) -> str:
    _number(field, text, latest)
    return text


def _hour(field: Field, text: str, latest: date) -> int:
    hour = _number(field, text, latest)
    if hour > 23:
        raise field.unfit(text, "an hour from 00 to 23, or blanks,")
    return hour


def _date(field: Field, text: str, latest: date) -> date:
    number = f"{_number(field, text, latest):08d}"
    try:
        day = date(int(number[:4]), int(number[4:6]), int(number[6:]))
    except ValueError:
        raise field.unfit(text, "a day of the calendar as YYYYMMDD") from None
    if day > latest:
        raise field.unfit(text, f"a day no later than the month of submission, {latest:%Y-%m},")
    if day.year < 1900:
        raise field.unfit(text, "a day since 1900")
    return day


def _age(field: Field, text: str, _latest: date) -> str:
    """Two digits, a code for an infant, or a span of four digits, which comes as '30-35'."""
    low, high = text[:2], text[2:].strip()
    fits = low in AGES_IN_DAYS or (low.isascii() and low.isdigit())
    if not high:
        if fits:
            return low
    elif fits and re.fullmatch(r"[0-9]{2}", text[2:]) and low.isdigit() and int(high) > int(low):
        return f"{low}-{high}"
    raise field.unfit(text, "two digits, NN, NB, BB, or two ages, the younger first,")


_READ = {"number": _number, "digits": _digits, "hour": _hour, "date": _date, "age": _age}


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """One line, taken apart. `latest` is the last day of the month it was submitted in."""

    level: str
    length: int
    action: str
    submitted: date
    city: str | None
    ori: str
    number: str
    values: dict[str, Any]
    is_trimmed: bool

    @property
    def key(self) -> tuple[str, str]:
        """What names an incident: the agency and its number."""
        return self.ori, self.number


def segment(line: str) -> Segment:
    """A line as a segment. Raises Unfit where any of it is not what the layout says.

    >>> zero = segment("00430A042020    VT0040800000000000000042020")
    >>> zero.ori, zero.values
    ('VT0040800', {'month': 4, 'year': 2020})
    """
    if not line.isascii():
        raise Unfit("holds characters that are not ASCII; a submission has capitals and digits")
    if len(line.rstrip()) > _told()["submission"]["longest"]:
        raise Unfit(f"is {len(line):,} characters long; the longest segment has 307")
    level, length = _level_and_length(line)
    layout = _level(level)
    action = _part(line, "action")
    _refuse_action(action, level, layout["name"])
    submitted = _month_of_submission(line)
    ori, number = _part(line, "ori"), _part(line, "number").strip()
    if not ORI.fullmatch(ori):
        raise Unfit(
            f"the agency is {ori!r} in columns 17-25; two letters and seven more are needed"
        )
    if not number:
        raise Unfit("the number in columns 26-37 is blank; it names the incident or the arrest")
    values = {f.name: f.read(line.ljust(length), submitted) for f in _fields(level)}
    return Segment(
        level=level,
        length=length,
        action=action,
        submitted=submitted,
        city=_part(line, "city").strip() or None,
        ori=ori,
        number=number,
        values=values,
        is_trimmed=len(line) < length,
    )


def _level_and_length(line: str) -> tuple[str, int]:
    said, level = _part(line, "length"), _part(line, "level")
    if not (said.isdigit() and level in _told()["level"]):
        raise Unfit(
            f"begins {line[:6]!r}; four digits of length and a level from 0 to 7 are needed"
        )
    length, layout = int(said), _level(level)
    if length not in layout["lengths"]:
        allowed = " or ".join(f"{n:04d}" for n in layout["lengths"])
        raise Unfit(f"says it is {said} long; a level {level} {layout['name']} is {allowed}")
    if len(line.rstrip()) > length:
        raise Unfit(f"says it is {said} long and has {len(line.rstrip())} characters")
    return level, length


def _refuse_action(action: str, level: str, name: str) -> None:
    told = _told()["actions"].get(action)
    if told is None:
        known = ", ".join(_told()["actions"])
        raise Unfit(f"action type is {action!r} in column 6; one of {known} is needed")
    if level not in told["kept"]:
        raise Unfit(
            f"action type {action} ({told['means']}) on a level {level} {name}: it changes a "
            "report that is not in this file, or is not used here"
        )


def _month_of_submission(line: str) -> date:
    month, year = _part(line, "month"), _part(line, "year")
    if not (month.isdigit() and year.isdigit() and 1 <= int(month) <= 12):
        raise Unfit(f"month of submission is {month + year!r} in columns 7-12; MMYYYY is needed")
    if int(year) < first_year():
        raise Unfit(
            f"year of submission is {year} in columns 9-12; one since {first_year()} is needed"
        )
    return _last_day(int(year), int(month))


@cache
def _last_day(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def _part(line: str, name: str) -> str:
    first, last = _told()["submission"]["at"][name]
    return line[first - 1 : last]


def _level(level: str) -> dict[str, Any]:
    layout: dict[str, Any] = _told()["level"][level]
    return layout


def identity(segment: Segment) -> tuple[Any, ...]:
    """What tells a segment from the others of its level in the same incident."""
    return tuple(segment.values[n] for n in _level(segment.level).get("identified_by", ()))


def level_name(level: str) -> str:
    """What a level is called: 'victim segment'."""
    return str(_level(level)["name"])


@cache
def offense_keys() -> dict[str, str]:
    """The key of the offense in terms/offenses.toml, by NIBRS code.

    >>> offense_keys()["13A"]
    'aggravated_assault'
    """
    return {code: key for key, codes in _told()["offense"].items() for code in codes.split()}


def first_year() -> int:
    """The year before which there are no submissions."""
    return int(_told()["submission"]["first_year"])


@cache
def vehicles() -> frozenset[str]:
    """Kinds of property that are motor vehicles."""
    return frozenset(_told()["vehicles"]["property"].split())


@cache
def not_reported() -> str:
    """The measure of drugs that says that the quantity beside it is a filler."""
    return str(_told()["vehicles"]["not_reported"])


@cache
def _fields(level: str) -> tuple[Field, ...]:
    return tuple(_field(name, told) for name, told in _level(level)["fields"].items())


def _field(name: str, told: dict[str, Any]) -> Field:
    codes = told.get("codes")
    return Field(
        name=name,
        at=tuple(told["at"]),
        kind=told.get("kind", "text"),
        codes=None if codes is None else _codes(codes),
        required=told.get("required", False),
        width=told.get("width"),
        of=tuple(told["of"]) if "of" in told else None,
    )


def _codes(names: str) -> frozenset[str]:
    return frozenset(code for name in names.split() for code in _told()["codes"][name].split())


@cache
def _told() -> dict[str, Any]:
    path = Path(__file__).parent / "readers" / "nibrs_submission.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))
