"""The words of phrases.toml, ready to be found in a sentence."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args

from baserate.terms.offenses import offenses
from baserate.terms.places import Place, place
from baserate.terms.words import WordIndex

Name = TypeVar("Name", bound=str)

CueKind = Literal[
    "up", "down", "none", "more", "fewer", "high", "low", "on_record", "rate", "number", "average",
    "than", "rank_high", "rank_low", "ranks", "among_states", "among_cities", "share", "effect",
]  # fmt: skip
_DIRECTIONS: tuple[CueKind, ...] = ("up", "down")
_HOLDS_A_PLACE: tuple[CueKind, ...] = ("rank_high", "rank_low", "average")
# Cues that say what kind of sentence it is. They may overlap the others.
_FRAMING = ("future", "condition", "purpose", "poll", "incident", "method", "elsewhere", "program")


@cache
def table() -> dict[str, Any]:
    """Everything in phrases.toml."""
    return tomllib.loads(Path(__file__).with_name("phrases.toml").read_text(encoding="utf-8"))


@cache
def words(name: str, part: str = "says") -> frozenset[str]:
    """The single words and phrases of one table, as they are written there."""
    return frozenset(table()[name][part])


def either(name: str, *parts: str) -> str:
    """A regular expression for any of one table's words."""
    said = [w for part in parts or ("says",) for w in table()[name][part]]
    return f"(?:{'|'.join(map(re.escape, said))})"


@cache
def index_of(name: str, part: str = "says") -> WordIndex[str]:
    """One table's words as an index."""
    index: WordIndex[str] = WordIndex()
    for said in table()[name][part]:
        index.add(said, said)
    return index


# ------------------------------------------------------------------------------------------ cues


@cache
def asserting() -> WordIndex[CueKind]:
    """Cues that say what is asserted, found in one pass: the longest at each place wins."""
    index: WordIndex[CueKind] = WordIndex()
    for name in _DIRECTIONS:
        for said in (*table()[name]["verbs"], *table()[name]["nouns"]):
            index.add(said, name)
    return _with_says(index, (n for n in get_args(CueKind) if n not in _DIRECTIONS))


@cache
def moving_nouns() -> frozenset[str]:
    """'decline', 'increases': the nouns of a direction."""
    return words("up", "nouns") | words("down", "nouns")


@cache
def ranking() -> WordIndex[CueKind]:
    """Cues that hold the word of a place, and so are found before places."""
    index: WordIndex[CueKind] = WordIndex()
    return _with_says(index, _HOLDS_A_PLACE)


@cache
def framing() -> WordIndex[str]:
    """Cues of forecasts, purposes, polls, single incidents and the like."""
    index: WordIndex[str] = WordIndex()
    return _with_says(index, _FRAMING)


def _with_says(index: WordIndex[Name], names: Iterable[Name]) -> WordIndex[Name]:
    for name in names:
        for said in table()[name]["says"]:
            index.add(said, name)
    return index


@cache
def not_before() -> dict[str, frozenset[str]]:
    """Cues to the words before which they are none: 'the same' to 'day', 'week'."""
    rows = table()["not_before"]
    return {said: frozenset(row["words"]) for row in rows for said in row["says"]}


# ------------------------------------------------------------------------- offenses and places


@cache
def offense_names() -> WordIndex[str]:
    """What news calls offenses, to their keys."""
    index: WordIndex[str] = WordIndex()
    for key, names in table()["offense"]["also"].items():
        for said in names:
            index.add(said, key)
    left_out = set(table()["offense"]["not"])
    for key, each in offenses().items():
        for said in each.says:
            if said not in left_out and not index[said]:
                index.add(said, "homicide" if key == "murder" else key)
    return index


@cache
def groups() -> WordIndex[str]:
    """Groups of places that no table has, to their labels: 'the South' to 'South (US)'."""
    index: WordIndex[str] = WordIndex()
    for group in table()["group"]:
        for said in group["says"]:
            index.add(said, group["label"])
    return index


@cache
def initials() -> WordIndex[Place]:
    """Agencies called by their initials, to the place each serves: 'nypd' to New York."""
    index: WordIndex[Place] = WordIndex()
    for short, key in table()["initials"].items():
        index.add(short, place(key))
    return index


@cache
def own_places() -> WordIndex[str]:
    """'the city', 'statewide' to 'city', 'state'."""
    index: WordIndex[str] = WordIndex()
    for kind, names in table()["own"].items():
        for said in names:
            index.add(said, kind)
    return index
