"""Words to a Question. Every word must be accounted for, because one more could change it.

This reads the short questions people type. Sentences of an article are another matter.
"""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from baserate.errors import (
    MissingPart,
    NotUnderstood,
    PeriodNotHeld,
    UnknownOffense,
    UnknownPlace,
    UnreadableQuestion,
    near_names,
)
from baserate.measure.question import Extreme, MeasureName, Question
from baserate.terms.offenses import RapeDefinition, offense, offense_words, offenses
from baserate.terms.periods import Mention, Period, find_periods
from baserate.terms.places import (
    NATION,
    STATES_TOGETHER,
    Place,
    find_places,
    near_place_names,
    the_one,
)
from baserate.terms.words import Word, WordIndex, words_of

LONGEST = 400  # characters; a longer text is an article, not a question
TREND_YEARS = 10


@dataclass(frozen=True, slots=True)
class Parsed:
    """A Question, and what the words had left open: `assumed` is for the person who asked."""

    question: Question
    assumed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Parts:
    """What was found in the words, before it is made one question."""

    offenses: tuple[str, ...]
    places: tuple[Place, ...]
    mentions: tuple[Mention, ...]
    cues: frozenset[str]


def parse(
    text: str,
    *,
    first_year: int = 1979,
    last_year: int = 2019,
    today: date | None = None,
    as_of: date | None = None,
) -> Parsed:
    """The question that the words ask.

    `first_year` and `last_year` bound the records, which give "since 2014" and "the past
    decade" their end. Raises a QuestionError that says what is missing or not understood.

    >>> parse("violent crime rate in the United States, 2015 to 2016").question.measure
    'change'
    """
    _refuse_unreadable(text)
    parts = _find_parts(text, today or date.today())
    _refuse_months(parts.mentions)
    return _assemble(parts, first_year, last_year, as_of)


def _refuse_unreadable(text: str) -> None:
    if not text.strip():
        raise UnreadableQuestion(
            'the question is empty; ask like this: "violent crime rate in Missouri, 2014 to 2019"'
        )
    if len(text) > LONGEST:
        raise UnreadableQuestion(
            f"the question is {len(text):,} characters long; ask one question in at most {LONGEST}"
        )
    for at, character in enumerate(text):
        if (
            unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co"}
            and character not in "\t\n\r"
        ):
            raise UnreadableQuestion(
                f"the question holds a control character, U+{ord(character):04X}, at position "
                f"{at + 1}; remove it and ask again"
            )


def _find_parts(text: str, today: date) -> _Parts:
    mentions = find_periods(text, today=today)
    words = words_of(text)
    taken = {
        i for i, w in enumerate(words) if any(m.start < w.end and w.start < m.end for m in mentions)
    }
    named_offenses = offense_words().find(words, taken)
    for found in named_offenses:
        taken.update(range(found.first, found.last))
    named_places = find_places(words, taken)
    for place in named_places:
        taken.update(range(place.first, place.last))
    cues = _cues().find(words, taken)
    for cue in cues:
        taken.update(range(cue.first, cue.last))
    left = [w for i, w in enumerate(words) if i not in taken and w.fold not in _fillers()]
    _refuse_leftovers(left, bool(named_offenses), bool(named_places))
    said_cues = frozenset(c.meanings[0] for c in cues)
    return _Parts(
        offenses=tuple(dict.fromkeys(f.meanings[0] for f in named_offenses)),
        places=tuple(
            dict.fromkeys(
                the_one(" ".join(w.text for w in words[f.first : f.last]), f.meanings)
                for f in named_places
            )
        ),
        mentions=tuple(mentions),
        cues=said_cues,
    )


def _refuse_leftovers(left: Sequence[Word], has_offense: bool, has_place: bool) -> None:
    said = " ".join(w.text for w in left)
    if left:
        near_offense = near_names(said, [n for o in offenses().values() for n in o.says])
        near_place = near_place_names(said)
        if not has_offense and (near_offense or has_place):
            raise UnknownOffense(said, near_offense, _known_offenses())
        if not has_place and (near_place or has_offense):
            raise UnknownPlace(said, near_place)
        if not has_offense:
            raise UnknownOffense(said, near_offense, _known_offenses())
        near = [n for w in left for n in near_names(w.text, [*_cues().names()], count=1)]
        raise NotUnderstood([w.text for w in left], near or near_place or near_offense)
    if not has_offense:
        raise UnknownOffense("", (), _known_offenses())


def _refuse_months(mentions: Sequence[Mention]) -> None:
    for mention in mentions:
        if mention.period is not None and not mention.period.is_whole_years:
            raise PeriodNotHeld(
                f"the records at hand are by year and cannot answer for {mention.period}; "
                "ask for whole years, or get monthly counts from the department or the FBI's "
                "agency files"
            )


def _assemble(parts: _Parts, first: int, last: int, as_of: date | None) -> Parsed:
    cues, places = parts.cues, list(parts.places)
    kinds = _Spans(parts.mentions, first, last)
    measure = _measure(parts, kinds)
    assumed: list[str] = []
    if not places and measure == "rank":
        places = [STATES_TOGETHER]
    elif not places:
        assumed.append("no place was named, so the United States was used")
        places = [NATION]
    if len(places) > (2 if measure in {"comparison", "share"} else 1):
        raise MissingPart(
            f"{len(places)} places are named ({', '.join(p.plain for p in places)}); "
            "ask about one, or compare two"
        )
    if len(parts.offenses) > (2 if measure == "share" else 1):
        raise MissingPart(
            f"{len(parts.offenses)} offenses are named ({', '.join(parts.offenses)}); "
            "ask about one at a time"
        )
    period, baseline = kinds.resolve(measure, assumed)
    part, whole = _part_and_whole(parts.offenses)
    definition: RapeDefinition | None = (
        "legacy" if "legacy" in cues else "revised" if "revised" in cues else None
    )
    question = Question(
        measure=measure,
        offense=part,
        place=places[0],
        period=period,
        per_head=measure == "share" or "rate" in cues or "count" not in cues,
        baseline=baseline,
        against=places[1] if len(places) > 1 else None,
        whole=whole,
        extreme=_extreme(cues, measure, places[0]),
        definition=definition,
        as_of=as_of,
    )
    return Parsed(question, tuple(assumed))


def _measure(parts: _Parts, spans: _Spans) -> MeasureName:
    cues = parts.cues
    if "share" in cues:
        return "share"
    if "rank" in cues or ("state_group" in cues and not _names_one_state(parts)):
        return "rank"
    if cues & {"largest", "highest", "lowest"}:
        return "rank" if "state_group" in cues else "extremum"
    if len(parts.places) > 1:
        return "comparison"
    if "trend" in cues:
        return "trend"
    if spans.compares or (cues & {"rise", "fall", "change"}):
        return "level" if cues & {"average", "total"} and not spans.two_periods else "change"
    return "level"


def _part_and_whole(named: tuple[str, ...]) -> tuple[str, str | None]:
    """Which of two offenses is the part. Containment tells, whatever the order of the words."""
    if len(named) == 1:
        return named[0], None
    one, other = named
    return (other, one) if offense(one).contains(other) else (one, other)


def _names_one_state(parts: _Parts) -> bool:
    return any(p.kind in {"state", "city"} for p in parts.places)


def _extreme(cues: frozenset[str], measure: MeasureName, place: Place) -> Extreme | None:
    if measure == "rank":
        return ("lowest" if "lowest" in cues else "highest") if place.kind == "states" else None
    if measure != "extremum":
        return None
    if "largest" in cues or cues & {"rise", "fall", "change"}:
        return "largest fall" if "fall" in cues else "largest rise"
    return "lowest" if "lowest" in cues else "highest"


class _Spans:
    """The periods a question names, and what they come to once the records have an end."""

    def __init__(self, mentions: Sequence[Mention], first: int, last: int) -> None:
        self._named = [m for m in mentions if m.kind == "period"]
        self._since = next((m for m in mentions if m.kind == "since"), None)
        self._until = next((m for m in mentions if m.kind == "until"), None)
        self._past = next((m for m in mentions if m.kind == "past_years"), None)
        self._first, self._last = first, last
        if len(self._named) > 2:
            raise MissingPart(
                f"{len(self._named)} periods are named "
                f"({', '.join(str(m.period) for m in self._named)}); name one, or two to compare"
            )

    @property
    def two_periods(self) -> bool:
        """Whether two separate periods are named."""
        return len(self._named) == 2

    @property
    def compares(self) -> bool:
        """Whether the periods have two ends to compare."""
        ranged = any(m.is_range for m in self._named)
        return bool(ranged or self.two_periods or self._since or self._past)

    def resolve(self, measure: MeasureName, assumed: list[str]) -> tuple[Period, Period | None]:
        """The period and, for a change, the one it starts from."""
        if measure == "change":
            return self._change(assumed)
        if self.two_periods:
            raise MissingPart("two periods are named; only a change compares two")
        window = self._window()
        if window is None:
            window = self._open(measure, assumed)
        return window, None

    def _end(self) -> int:
        return self._until.period.last_year if self._until and self._until.period else self._last

    def _window(self) -> Period | None:
        if self._named:
            return self._named[0].period
        if self._since and self._since.period:
            return Period.years(self._since.period.first_year, self._end())
        if self._past and self._past.count:
            return Period.years(self._end() - self._past.count, self._end())
        return None

    def _open(self, measure: MeasureName, assumed: list[str]) -> Period:
        end = self._end()
        if measure == "extremum":
            assumed.append(f"no start was named, so all years from {self._first} were searched")
            return Period.years(self._first, end)
        if measure == "trend":
            assumed.append(f"no period was named, so the {TREND_YEARS} years to {end} were used")
            return Period.years(end - TREND_YEARS, end)
        if self._until is None:
            assumed.append(f"no period was named, so the newest year held, {end}, was used")
        return Period.year(end)

    def _change(self, assumed: list[str]) -> tuple[Period, Period]:
        if self.two_periods:
            one, other = sorted(m.period for m in self._named if m.period)
            return other, one
        window = self._window()
        if window is None:
            assumed.append(f"no period was named, so the newest year held, {self._end()}, was used")
            window = Period.year(self._end())
        if window.is_one_year:
            return window, Period.year(window.first_year - 1)
        return Period.year(window.last_year), Period.year(window.first_year)


def _known_offenses() -> list[str]:
    return [o.name for o in offenses().values() if o.held]


@cache
def _cues() -> WordIndex[str]:
    index: WordIndex[str] = WordIndex()
    for cue, phrases in _table()["cues"].items():
        for phrase in phrases:
            index.add(phrase, cue)
    return index


@cache
def _fillers() -> frozenset[str]:
    return frozenset(_table()["fillers"]["words"])


@cache
def _table() -> dict[str, dict[str, list[str]]]:
    text = files("baserate.measure").joinpath("measures.toml").read_text(encoding="utf-8")
    table: dict[str, dict[str, list[str]]] = tomllib.loads(text)
    return table
