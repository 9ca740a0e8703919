"""The numbers of a rule: dated, cited, and said to be verified or not.

A program's rules are a TOML file (`rules/`). Each parameter is a list of values with the day
each began to hold; a formula asks for the value in force on a day and gets it with its citation,
so that whatever used an unverified value can say so.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from baserate.errors import BadRules, OutsideEra, UnknownProgram, near_names

FOLDER = Path(__file__).with_name("rules")

Plain = Fraction | tuple[str, ...]

LARGEST = 15  # powers of ten, and digits, of any number that a rule can have


@dataclass(frozen=True, slots=True)
class Dated:
    """One value of a parameter and the day from which it holds.

    `citation` is where it is laid down. `verified` says that the citation was read; a value that
    is not verified may be used, and the result says so.
    """

    start: date
    value: Plain
    citation: str
    verified: bool
    note: str = ""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number, or a list of names, that a rule depends on; its values in order of time."""

    name: str
    title: str
    unit: str
    values: tuple[Dated, ...]

    def at(self, day: date) -> Dated:
        """The value in force on a day. Raises OutsideEra before the first one."""
        held = [v for v in self.values if v.start <= day]
        if not held:
            first = self.values[0]
            raise OutsideEra(
                f"{self.name} ({self.title}) has no value on {day.isoformat()}; the first began on "
                f"{first.start.isoformat()} ({first.citation}). Ask for a later year"
            )
        return held[-1]


@dataclass(frozen=True, slots=True)
class Taken:
    """A parameter's value as a result used it. `scenario` is the what-if it came from, if any."""

    name: str
    title: str
    unit: str
    value: Plain
    since: date
    citation: str
    verified: bool
    note: str = ""
    scenario: str = ""

    @property
    def number(self) -> Fraction:
        """The value, where it is a number."""
        assert isinstance(self.value, Fraction), f"{self.name} is a list of names"
        return self.value

    @property
    def names(self) -> tuple[str, ...]:
        """The value, where it is a list of names."""
        assert isinstance(self.value, tuple), f"{self.name} is a number"
        return self.value

    @property
    def words(self) -> str:
        """The value as it is printed: '0.25 percent', '10,000 dollars'."""
        if isinstance(self.value, tuple):
            return ", ".join(self.value) or "none"
        if self.unit == "fraction":
            return f"{float(100 * self.value):g} percent"
        return f"{float(self.value):,g} {self.unit}"


@dataclass(frozen=True, slots=True)
class Rules:
    """The parameters of one program. `changed` names those that a what-if replaced, with it."""

    program: str
    title: str
    reference: str
    standing: str
    parameters: Mapping[str, Parameter]
    changed: Mapping[str, str]

    def on(self, day: date) -> RulesOn:
        """The rules as they stood on a day."""
        return RulesOn(self, day)

    def parameter(self, name: str) -> Parameter:
        """One parameter. Raises where the program has none of that name."""
        if name not in self.parameters:
            near = near_names(name, list(self.parameters))
            hint = f"did you mean {' or '.join(near)}? " if near else ""
            raise BadRules(
                f"{self.program} has no parameter called {name!r}; {hint}"
                f"it has {', '.join(sorted(self.parameters))}"
            )
        return self.parameters[name]

    def with_values(self, changes: Mapping[str, tuple[Dated, ...]], title: str) -> Rules:
        """These rules with some parameters' values replaced, as a what-if of that title."""
        made = {
            **self.parameters,
            **{n: replace(self.parameters[n], values=v) for n, v in changes.items()},
        }
        return replace(
            self, parameters=made, changed={**self.changed, **dict.fromkeys(changes, title)}
        )


@dataclass(frozen=True, slots=True)
class RulesOn:
    """The rules of one program on one day; what it is asked for, it gives with its citation."""

    rules: Rules
    day: date

    def take(self, name: str) -> Taken:
        """The value in force, ready to stand in a result."""
        parameter = self.rules.parameter(name)
        dated = parameter.at(self.day)
        return Taken(
            name=name,
            title=parameter.title,
            unit=parameter.unit,
            value=dated.value,
            since=dated.start,
            citation=dated.citation,
            verified=dated.verified,
            note=dated.note,
            scenario=self.rules.changed.get(name, ""),
        )


def programs() -> tuple[str, ...]:
    """Programs with rules here."""
    return tuple(sorted(p.stem for p in FOLDER.glob("*.toml")))


@cache
def rules(program: str) -> Rules:
    """The rules of one program, as the package has them.

    >>> taken = rules("jag").on(date(2012, 10, 1)).take("minimum_share")
    >>> taken.words, taken.citation
    ('0.25 percent', '34 U.S.C. 10156(a)(2)')
    """
    if program not in programs():
        raise UnknownProgram(f"no rules are called {program!r}; there are {', '.join(programs())}")
    path = FOLDER / f"{program}.toml"
    return read_rules(path.read_text(encoding="utf-8"), path.name)


def read_rules(text: str, where: str) -> Rules:
    """Rules from TOML. Raises BadRules for a value without a date, a citation or a sense."""
    told = tomllib.loads(text, parse_float=Decimal)
    found = {n: _parameter(n, each, where) for n, each in told["parameter"].items()}
    return Rules(
        program=told["program"],
        title=told["title"],
        reference=told["reference"],
        standing=told["standing"],
        parameters=found,
        changed={},
    )


def _parameter(name: str, told: Mapping[str, Any], where: str) -> Parameter:
    values = tuple(_dated(name, each, where) for each in told["values"])
    if not values or any(a.start >= b.start for a, b in pairwise(values)):
        raise BadRules(f"{where}: the values of {name} must be in order of their dates")
    return Parameter(name, told["title"], told["unit"], values)


def _dated(name: str, told: Mapping[str, Any], where: str) -> Dated:
    missing = [key for key in ("from", "value", "citation", "verified") if key not in told]
    if missing or not str(told.get("citation", "")).strip():
        raise BadRules(
            f"{where}: a value of {name} has no {' and no '.join(missing) or 'citation'}; give "
            "from (a date), value, citation, and verified (true or false)"
        )
    return Dated(
        start=told["from"],
        value=plain_value(told["value"]),
        citation=told["citation"],
        verified=told["verified"],
        note=told.get("note", ""),
    )


def plain_value(told: object) -> Plain:
    """A number as an exact fraction, or a list of names."""
    if isinstance(told, list) and all(isinstance(each, str) for each in told):
        return tuple(told)
    if isinstance(told, bool) or not isinstance(told, int | Decimal):
        raise BadRules(f"{told!r} is no number; write one like 0.0025")
    if isinstance(told, Decimal):
        if (
            not told.is_finite()
            or abs(told.adjusted()) > LARGEST
            or len(told.as_tuple().digits) > LARGEST
        ):
            raise BadRules(f"{str(told)[:40]} is no number to reckon with; write one like 0.0025")
    elif abs(told) > 10**LARGEST:
        raise BadRules("a number of that size makes no sense here; write one like 0.0025")
    return Fraction(told)


def unverified(taken: Iterable[Taken]) -> tuple[Taken, ...]:
    """Those that a result must name as unverified."""
    return tuple(t for t in taken if not t.verified)
