"""Places: the nation, the states, the District of Columbia, and cities, as people write them.

Ambiguity is an answer: a name that fits several places yields all of them, and no one is
chosen. Nothing here knows whether there are records of a place.
"""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from baserate.errors import AmbiguousPlace, UnknownPlace, near_names
from baserate.terms.words import Found, Word, WordIndex, folds_of, words_of

PlaceKind = Literal["nation", "states", "state", "territory", "city", "region", "agency"]


@dataclass(frozen=True, slots=True)
class Place:
    """One place. `key` names it in every table: 'US', 'US states', 'MO', 'St. Louis, MO'.

    An agency is a place too, the area it polices: its key is its identifier, 'VT00100'.

    `population` is today's, for telling namesakes apart; rates never use it.
    """

    kind: PlaceKind
    key: str
    name: str
    state: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    population: int | None = None

    def __str__(self) -> str:
        """The place as it stands in a sentence: 'the United States', 'Kansas City, MO'."""
        if self.kind == "city":
            return self.key
        if self.kind == "agency":
            return f"{self.name} ({self.key})"
        article = self.kind in {"nation", "states"} or self.key in {"DC", "VI", "MP"}
        return f"the {self.name}" if article else self.name

    @property
    def plain(self) -> str:
        """The place without its article, and spelled so that it has one reading."""
        keyed = self.kind in {"city", "agency"}
        return _UNMISTAKABLE.get(self.key, self.key if keyed else self.name)


_UNMISTAKABLE = {"NY": "New York State", "WA": "Washington State"}


@dataclass(frozen=True, slots=True)
class AddedPlaces:
    """Places that files added to the records name and no list here has: small towns, agencies.

    `towns` of a state by their folded names; a town is meant only where its state follows.
    `agency` by the seven characters of its identifier.
    """

    towns: Callable[[str], Mapping[str, Place]]
    agency: Callable[[str], Place | None]


NO_MORE_PLACES = AddedPlaces(lambda _: {}, lambda _: None)

NATION = Place("nation", "US", "United States")
STATES_TOGETHER = Place("states", "US states", "states together")


@cache
def states() -> dict[str, Place]:
    """The 50 states and the District of Columbia, by postal code."""
    return {row["postal"]: Place("state", row["postal"], row["name"]) for row in _state_rows()}


@cache
def territories() -> dict[str, Place]:
    """Puerto Rico and the other territories, by postal code. No total of the nation has them.

    >>> territories()["PR"].name
    'Puerto Rico'
    """
    told = _nicknames()["territory"]
    return {t["postal"]: Place("territory", t["postal"], t["name"]) for t in told}


@cache
def cities() -> tuple[Place, ...]:
    """US cities of at least 10,000 people, largest first."""
    made = (_city(line) for lines in _city_lines().values() for line in lines)
    return tuple(sorted(made, key=lambda c: (-(c.population or 0), c.key)))


def place(key: str) -> Place:
    """The place of that key.

    >>> place("MO").name, str(place("US"))
    ('Missouri', 'the United States')
    """
    if key in _fixed():
        return _fixed()[key]
    name, _, state = key.rpartition(", ")
    for city in _cities_called(city_key(name)):
        if city.key == key:
            return city
    if name and (state in states() or state in territories()):
        return Place("city", key, name, state)
    if re.fullmatch(_ORI, key):
        return Place("agency", key[:7], "agency", _STATE_OF_ORI.get(key[:2], key[:2]))
    raise UnknownPlace(key)


# An agency's identifier: the state, five characters, and two more in the long form.
_ORI = r"[A-Z]{2}[A-Z0-9]{5}(?:[A-Z0-9]{2})?"
_STATE_OF_ORI = {"NB": "NE"}  # the FBI's own code for Nebraska


def readings(said: str, added: AddedPlaces = NO_MORE_PLACES) -> tuple[Place, ...]:
    """Every place that the whole of `said` can mean; empty where it means none.

    >>> [p.key for p in readings("Saint Louis, Mo.")], [p.key for p in readings("New York")]
    (['St. Louis, MO'], ['NY', 'New York, NY'])
    """
    words = words_of(said)
    for found in find_places(words, added=added):
        before = words[: found.first]
        if found.last == len(words) and all(w.fold == "the" for w in before):
            return found.meanings
    return ()


def resolve(said: str, added: AddedPlaces = NO_MORE_PLACES) -> Place:
    """The one place that `said` means. Raises where it means none or several.

    >>> resolve("D.C.").name
    'District of Columbia'
    >>> resolve("Kansas City")
    Traceback (most recent call last):
    baserate.errors.AmbiguousPlace: 'Kansas City' is 2 places: Kansas City, MO; Kansas City, KS. ...
    """
    return the_one(said, readings(said, added))


def recipient(said: str, added: AddedPlaces = NO_MORE_PLACES) -> Place:
    """The one place that `said` means, where a bare postal code is a State or territory.

    In a sentence "OR" and "IN" are words; where a place is asked for they are Oregon and Indiana.

    >>> recipient("OR").name, recipient("PR").name, recipient("Erie, PA").key
    ('Oregon', 'Puerto Rico', 'Erie, PA')
    """
    code = said.strip()
    if code in states() or code in territories():
        return {**territories(), **states()}[code]
    return resolve(said, added)


def the_one(said: str, meant: tuple[Place, ...]) -> Place:
    """The only reading there is, or the error that lists them."""
    if not meant:
        raise UnknownPlace(said, near_place_names(said))
    if len(meant) > 1:
        raise AmbiguousPlace(said, [describe(p) for p in meant])
    return meant[0]


def describe(place: Place) -> str:
    """A reading named so that nobody confuses it with another: 'New York State (the state)'."""
    a_state = place.kind == "state" and place.key != "DC"
    return f"{place.plain} (the state)" if a_state else place.plain


def near_place_names(said: str) -> tuple[str, ...]:
    """Known places that are spelled almost like `said`: states first, then the larger cities."""
    near = near_names(said, [NATION.name, *(s.name for s in states().values())])
    return near or near_names(said, [c.key for c in cities()] + [c.name for c in cities()[:400]])


def find_places(
    words: list[Word], taken: Iterable[int] = (), added: AddedPlaces = NO_MORE_PLACES
) -> list[Found[Place]]:
    """Place names among the words, each with every place it can mean.

    A city followed by its state is one name: "Springfield, Mo." means one place.
    """
    used = set(taken)
    named = _index().find(words, used)
    codes = _state_codes(words, used, {i for f in named for i in range(f.first, f.last)})
    found = [_with_code(f, codes) for f in named]
    covered = {i for f in named for i in range(f.first, f.last)}
    found += [Found((state,), i, i + 1) for i, state in codes.items() if i not in covered]
    joined = _join_city_and_state(sorted(found, key=lambda f: f.first), words)
    return joined if added is NO_MORE_PLACES else _with_added(joined, words, used, added)


def _with_added(
    found: list[Found[Place]], words: list[Word], used: set[int], added: AddedPlaces
) -> list[Found[Place]]:
    """Towns and agencies that only added files name, in place of what covers their words."""
    more = [
        Found((agency,), i, i + 1)
        for i, w in enumerate(words)
        if i not in used and re.fullmatch(_ORI, w.text) and (agency := added.agency(w.text[:7]))
    ]
    for state in found:
        postal = next((m.key for m in state.meanings if m.kind == "state"), None)
        town = _town_before(state, postal, words, used, added) if postal else None
        if town:
            more.append(town)
    kept = [f for f in found if not any(m.first < f.last and f.first < m.last for m in more)]
    return sorted((*kept, *more), key=lambda f: f.first)


def _town_before(
    state: Found[Place], postal: str, words: list[Word], used: set[int], added: AddedPlaces
) -> Found[Place] | None:
    towns = added.towns(postal)
    for first in range(max(0, state.first - LONGEST_CITY_NAME), state.first) if towns else ():
        name = city_key(" ".join(w.text for w in words[first : state.first]))
        if name in towns and not used & set(range(first, state.first)):
            return Found((towns[name],), first, state.last)
    return None


def _with_code(found: Found[Place], codes: dict[int, Place]) -> Found[Place]:
    """A one-word name that is also a postal code can mean that state too: "LA"."""
    code = codes.get(found.first) if found.last == found.first + 1 else None
    if code is None or code in found.meanings:
        return found
    return Found((*found.meanings, code), found.first, found.last)


# Postal codes that are words in capitals too; taken for a state only where a place is due.
_ENGLISH_WORDS = frozenset({"IN", "OR", "OK", "ME", "HI", "OH"})
_BEFORE_A_PLACE = frozenset({"in", "of", "for", "against", "vs", "versus", "and"})


def _state_codes(words: list[Word], used: set[int], used_names: set[int]) -> dict[int, Place]:
    """States by abbreviation: two capitals, or as news agencies write them, dot included.

    In small letters only after "in": "murder in or, 2019" means Oregon.
    """
    letters = [w.text for w in words if w.text.isalpha()]
    shouting = any(len(t) > 3 for t in letters) and all(t.isupper() for t in letters)
    found: dict[int, Place] = {}
    for i, word in enumerate(words):
        if i in used:
            continue
        before = words[i - 1].fold if i and i - 1 not in found else ""
        code = word.text.upper() if before == "in" else word.text
        a_word = code in _ENGLISH_WORDS and not (before in _BEFORE_A_PLACE or i - 1 in used_names)
        if code in states() and (before == "in" or not shouting) and not a_word:
            found[i] = states()[code]
        elif word.has_dot and word.text.rstrip(".") in _agency_style():
            found[i] = _agency_style()[word.text.rstrip(".")]
    return found


def _join_city_and_state(found: list[Found[Place]], words: list[Word]) -> list[Found[Place]]:
    joined: list[Found[Place]] = []
    has_state = False
    for each in found:
        before = joined[-1] if joined and not has_state else None
        whole = _city_in_state(before, each, words) if before else None
        has_state = whole is not None
        if before and whole:
            joined[-1] = Found(whole, before.first, each.last)
        else:
            joined.append(each)
    return joined


_STATE_WITHIN = 2  # characters after the city: "Reno, Nev.", but not "RENO -- Nevada had"


def _city_in_state(
    city: Found[Place], state: Found[Place], words: list[Word]
) -> tuple[Place, ...] | None:
    if city.last != state.first:
        return None
    if words[state.first].start - words[city.last - 1].end > _STATE_WITHIN:
        return None
    named = {m.key for m in state.meanings if m.kind == "state"}
    if "DC" in named and any(m.key == "DC" for m in city.meanings):
        return (states()["DC"],)
    bare = " ".join(w.text for w in words[city.first : city.last][: LONGEST_CITY_NAME + 1])
    namesakes = dict.fromkeys((*city.meanings, *_cities_called(city_key(bare))))
    return tuple(m for m in namesakes if m.kind == "city" and m.state in named) or None


LONGEST_CITY_NAME = 6  # words; a test holds it


class _PlaceIndex(WordIndex[Place]):
    """Names to places. Cities are looked up in their table when a text names one."""

    def __init__(self) -> None:
        super().__init__()
        self._outshone: set[str] = set()
        for key in _city_lines():
            self.expect(key.partition(" ")[0], key.count(" ") + 1)
        for long, short in _SHORT.items():
            for length in self._lengths[short]:
                self.expect(long, length)

    def outshine(self, state: Place, rival_from: int) -> None:
        """A bare state name does not mean the small cities of that name."""
        key = city_key(state.name)
        if all((c.population or 0) < rival_from for c in _cities_called(key)):
            self._outshone.add(key)

    def meanings(self, key: str) -> tuple[Place, ...]:
        """States and nicknames first, then cities, the largest first."""
        named = super().meanings(key)
        city = city_key(key)
        if city in self._outshone:
            return named
        return (*named, *(c for c in _cities_called(city) if c not in named))


@cache
def _index() -> _PlaceIndex:
    index = _PlaceIndex()
    told = _nicknames()
    for words in told["nation"]:
        index.add(words, NATION)
    for words in told["states_together"]:
        index.add(words, STATES_TOGETHER)
    for state in states().values():
        for words in (state.name, f"State of {state.name}", f"{state.name} state"):
            index.add(words, state)
        index.outshine(state, told["city_rivals_state_from_population"])
    for entry in told["state"]:
        for words in entry["says"]:
            index.add(words, states()[entry["postal"]])
    for entry in told["territory"]:
        for words in entry["says"]:
            index.add(words, territories()[entry["postal"]])
    for entry in told["city"]:
        for words in entry["says"]:
            index.add(words, place(f"{entry['name']}, {entry['state']}"))
    for name in told["elsewhere"]["names"]:
        index.add(name, Place("region", name, name.removeprefix("the ")))
    return index


_SHORT = {"saint": "st", "fort": "ft", "mount": "mt"}


def city_key(name: str) -> str:
    """A city's name as it is looked up: folded, with Saint, Fort and Mount cut short.

    >>> city_key("Saint Louis"), city_key("St. Louis"), city_key("Winston-Salem")
    ('st louis', 'st louis', 'winston-salem')
    """
    return " ".join(_SHORT.get(word, word) for word in folds_of(name))


def city_called(name: str, state: str) -> Place | None:
    """The city of that name in that state, if it is known here.

    >>> str(city_called("SAINT LOUIS", "MO")), city_called("Atlantis", "MO")
    ('St. Louis, MO', None)
    """
    return next((c for c in _cities_called(city_key(name)) if c.state == state), None)


@cache
def _cities_called(key: str) -> tuple[Place, ...]:
    found = [_city(line) for line in _city_lines().get(key, ())]
    return tuple(sorted(found, key=lambda c: -(c.population or 0)))


@cache
def _city_lines() -> dict[str, list[str]]:
    """Lines of the table by the key they start with. A line becomes a Place when asked for."""
    lines: dict[str, list[str]] = {}
    for line in _text("cities.csv").splitlines()[1:]:
        lines.setdefault(line[: line.index(",")], []).append(line)
    for told in _nicknames()["city"]:
        if "listed_as" in told:
            lines[city_key(told["name"])] = [
                *lines.get(city_key(told["name"]), []),
                *lines.pop(city_key(told["listed_as"])),
            ]
    return lines


def _city(line: str) -> Place:
    _, listed, state, latitude, longitude, people = line.split(",")
    renamed = {c["listed_as"]: c["name"] for c in _nicknames()["city"] if "listed_as" in c}
    name = renamed.get(listed, listed)
    return Place(
        "city", f"{name}, {state}", name, state, float(latitude), float(longitude), int(people)
    )


@cache
def _fixed() -> dict[str, Place]:
    return {NATION.key: NATION, STATES_TOGETHER.key: STATES_TOGETHER, **states(), **territories()}


@cache
def _agency_style() -> dict[str, Place]:
    """'Mo' and 'N.Y' to their states: the abbreviation without its last dot."""
    rows = _state_rows()
    return {r["ap"].rstrip("."): states()[r["postal"]] for r in rows if r["ap"].endswith(".")}


@cache
def _nicknames() -> dict[str, Any]:
    return tomllib.loads(_text("places.toml"))


@cache
def _state_rows() -> tuple[dict[str, str], ...]:
    return tuple(csv.DictReader(_text("states.csv").splitlines()))


def _text(name: str) -> str:
    return Path(__file__).with_name(name).read_text(encoding="utf-8")
