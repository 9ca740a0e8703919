"""Offenses of the UCR Program: their names, their parts, and which definition applied when."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal, get_args

from baserate.errors import DefinitionNotHeld, QuestionError, UnknownOffense, near_names
from baserate.terms.words import WordIndex

RapeDefinition = Literal["legacy", "revised"]
RAPE_DEFINITIONS: tuple[RapeDefinition, ...] = get_args(RapeDefinition)


@dataclass(frozen=True, slots=True)
class Definition:
    """One way an offense was counted, and the years in which it was the rule."""

    key: RapeDefinition
    text: str
    short: str
    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class Offense:
    """One thing that is counted. `parts` add up to it; `answered_by` stands in for it.

    `label` is the plain word by which lists of claims know it: "homicide" for murder too.
    """

    key: str
    name: str
    one: str
    many: str
    says: tuple[str, ...]
    counts: str
    parts: tuple[str, ...]
    definitions: tuple[Definition, ...]
    answered_by: str | None
    caution: str | None
    held: bool
    why: str | None
    source: str | None
    label: str

    @property
    def has_two_definitions(self) -> bool:
        """Whether the change of the rape definition in 2013 reaches this offense."""
        return bool(self.definitions) or any(offense(p).has_two_definitions for p in self.parts)

    def contains(self, key: str) -> bool:
        """Whether that offense is one of the parts of this one, or a part of a part.

        >>> offense("all_crime").contains("murder")
        True
        """
        return any(p == key or offense(p).contains(key) for p in self.parts)


@cache
def offenses() -> dict[str, Offense]:
    """Every offense known, by key, in the order of the table."""
    table = tomllib.loads(Path(__file__).with_name("offenses.toml").read_text(encoding="utf-8"))
    return {
        key: Offense(
            key=key,
            name=row["name"],
            one=row["one"],
            many=row["many"],
            says=tuple(row["says"]),
            counts=row.get("counts", ""),
            parts=tuple(row.get("parts", ())),
            definitions=tuple(
                Definition(d["key"], d["text"], d["short"], d.get("from"), d.get("to"))
                for d in row.get("definition", ())
            ),
            answered_by=row.get("answered_by"),
            caution=row.get("caution"),
            held=row.get("held", True),
            why=row.get("why"),
            source=row.get("source"),
            label=row.get("label", row["name"]),
        )
        for key, row in table.items()
    }


def offense(key: str) -> Offense:
    """The offense of that key.

    >>> offense("violent_crime").parts
    ('murder', 'rape', 'robbery', 'aggravated_assault')
    """
    try:
        return offenses()[key]
    except KeyError:
        raise QuestionError(f"offense={key!r}; use one of {', '.join(offenses())}") from None


@cache
def offense_words() -> WordIndex[str]:
    """What people call offenses, ready to be found in text."""
    index: WordIndex[str] = WordIndex()
    for each in offenses().values():
        for words in each.says:
            index.add(words, each.key)
    return index


def named_offense(said: str) -> str:
    """The key of the offense that the whole of `said` names. Raises UnknownOffense.

    >>> named_offense("violent crime"), named_offense("homicides")
    ('violent_crime', 'murder')
    """
    meant = offense_words()[said.replace("_", " ")]
    if not meant:
        names = [n for o in offenses().values() for n in o.says]
        raise UnknownOffense(said, near_names(said, names), [o.name for o in offenses().values()])
    return offense(meant[0]).answered_by or meant[0]


def definition_in_force(year: int) -> RapeDefinition:
    """Which definition of rape the UCR Program asked agencies to use in that year.

    What a published column counts is another matter: see `rape_basis` in `sources`.

    >>> definition_in_force(2012), definition_in_force(2013)
    ('legacy', 'revised')
    """
    for each in offense("rape").definitions:
        starts = each.first is None or each.first.year <= year
        ends = each.last is None or year <= each.last.year
        if starts and ends:
            return each.key
    raise DefinitionNotHeld(f"no definition of rape is recorded for {year}")


def definition_change() -> date:
    """The first day of the revised definition of rape."""
    first = definition_text("revised").first
    assert first is not None
    return first


def definition_text(key: RapeDefinition) -> Definition:
    """The wording of one of the two definitions of rape."""
    return next(d for d in offense("rape").definitions if d.key == key)
