"""The words of phrases.toml, ready to be found in a sentence."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from baserate.terms.offenses import offenses
from baserate.terms.places import Place, place
from baserate.terms.words import WordIndex

# Cues that say what is asserted, found in one pass: the longest name at each place wins.
ASSERTING = (
    *("none", "more", "fewer", "high", "low", "on_record", "rate", "number", "average", "than"),
    *("rank_high", "rank_low", "ranks", "among_states", "among_cities", "share", "effect"),
)  # fmt: skip
# Cues that say what kind of sentence it is. They may overlap the others.
FRAMING = ("future", "condition", "purpose", "poll", "incident", "method", "elsewhere", "program")


@cache
def table() -> dict[str, Any]:
    """Everything in phrases.toml."""
    return tomllib.loads(Path(__file__).with_name("phrases.toml").read_text(encoding="utf-8"))


@cache
def asserting() -> WordIndex[str]:
    """Cues to their names: 'up', 'down', 'high', 'share', ..."""
    index: WordIndex[str] = WordIndex()
    for name in ("up", "down"):
        for form in ("verbs", "nouns"):
            for said in table()[name][form]:
                index.add(said, name)
    for name in ASSERTING:
        for said in table()[name]["says"]:
            index.add(said, name)
    return index


@cache
def ranking() -> WordIndex[str]:
    """Cues that hold the word of a place, and so are found before places."""
    index: WordIndex[str] = WordIndex()
    for name in ("rank_high", "rank_low", "average"):
        for said in table()[name]["says"]:
            index.add(said, name)
    return index


@cache
def framing() -> WordIndex[str]:
    """Cues of forecasts, purposes, polls, single incidents and the like."""
    index: WordIndex[str] = WordIndex()
    for name in FRAMING:
        for said in table()[name]["says"]:
            index.add(said, name)
    return index


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
def words(name: str, part: str = "says") -> frozenset[str]:
    """The single words and phrases of one table, as they are written there."""
    return frozenset(table()[name][part])


@cache
def index_of(name: str, part: str = "says") -> WordIndex[str]:
    """One table's words as an index."""
    index: WordIndex[str] = WordIndex()
    for said in table()[name][part]:
        index.add(said, said)
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
def initials() -> dict[str, Place]:
    """Agencies called by their initials, to the place each serves: 'nypd' to New York."""
    return {short: place(key) for short, key in table()["initials"].items()}


@cache
def own_places() -> WordIndex[str]:
    """'the city', 'statewide' to 'city', 'state'."""
    index: WordIndex[str] = WordIndex()
    for kind, names in table()["own"].items():
        for said in names:
            index.add(said, kind)
    return index
