"""Words to a Question. Every word must be accounted for, because one more could change it.

This reads the short questions people type. Sentences of an article are another matter.
"""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from baserate.errors import (
    MissingPart,
    NotUnderstood,
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
    NO_MORE_PLACES,
    STATES_TOGETHER,
    AddedPlaces,
    Place,
    find_places,
    near_place_names,
    the_one,
)
from baserate.terms.words import Found, Word, WordIndex, words_of

LONGEST = 400  # characters; a longer text is an article, not a question
TREND_YEARS = 10
MEANINGFUL_SYMBOLS = frozenset("<>=≠≤≥±+*^~|\\{}[]")

# What each measure can use beside the cues that any can. The rest must not be there.
USES: dict[MeasureName, frozenset[str]] = {
    "level": frozenset({"average", "total"}),
    "change": frozenset({"rise", "fall", "change", "against"}),
    "trend": frozenset({"trend"}),
    "rank": frozenset({"rank", "states", "highest", "most"}),
    "share": frozenset({"share"}),
    "extremum": frozenset({"highest", "lowest", "most", "fewest", "largest", "rise", "fall"}),
    "comparison": frozenset({"against"}),
    "clearance": frozenset({"clearance", "share", "total"}),
}
COUNTED = frozenset({"count", "how_many", "most", "fewest", "total"})
_PLAIN = {"level": "recorded figure", "extremum": "highest or lowest year"}
RANK_OF_ALL = USES["rank"] | {"lowest", "fewest"}


@dataclass(frozen=True, slots=True)
class Parsed:
    """A Question, and what the words had left open: `assumed` is for the person who asked."""

    question: Question
    assumed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Parts:
    """What was found in the words, before it is made one question. `cues` by what was said."""

    offenses: tuple[str, ...]
    places: tuple[Place, ...]
    cues: dict[str, str]


def parse(
    text: str,
    *,
    first_year: int = 1979,
    last_year: int = 2019,
    today: date | None = None,
    as_of: date | None = None,
    added: AddedPlaces = NO_MORE_PLACES,
) -> Parsed:
    """The question that the words ask.

    `first_year` and `last_year` bound the records, which give "since 2014" and "the past
    decade" their end; `added` are places that only added files name. Raises a QuestionError that
    says what is missing or not understood.

    >>> parse("violent crime rate in the United States, 2015 to 2016").question.measure
    'change'
    """
    _refuse_unreadable(text)
    mentions = find_periods(text, today=today or date.today())
    parts = _find_parts(text, mentions, added)
    return _assemble(parts, _Spans(mentions, first_year, last_year), as_of)


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
        if character in MEANINGFUL_SYMBOLS:
            raise NotUnderstood([character])


def _find_parts(text: str, mentions: Sequence[Mention], added: AddedPlaces) -> _Parts:
    words = words_of(text)
    taken = {
        i
        for i, w in enumerate(words)
        if any(m.start <= w.start and w.end <= m.end for m in mentions)
    }
    named_offenses = offense_words().find(words, taken)
    taken |= _covered(named_offenses)
    named_places = _without_pronoun(find_places(words, taken, added), words)
    taken |= _covered(named_places)
    cues = _cues().find(words, taken)
    taken |= _covered(cues)
    left = [w for i, w in enumerate(words) if i not in taken and w.fold not in _fillers()]
    _refuse_leftovers(left, bool(named_offenses), bool(named_places))
    places = [the_one(_said(f, words), f.meanings) for f in named_places]
    for place in places:
        if places.count(place) > 1:
            raise MissingPart(f"{place} is named twice; it cannot be compared with itself")
    return _Parts(
        offenses=tuple(dict.fromkeys(f.meanings[0] for f in named_offenses)),
        places=tuple(places),
        cues={f.meanings[0]: _said(f, words) for f in cues},
    )


def _covered(found: Sequence[Found[str]] | Sequence[Found[Place]]) -> set[int]:
    return {i for f in found for i in range(f.first, f.last)}


def _said(found: Found[str] | Found[Place], words: Sequence[Word]) -> str:
    return " ".join(w.text for w in words[found.first : found.last])


def _without_pronoun(found: list[Found[Place]], words: Sequence[Word]) -> list[Found[Place]]:
    """ "us" in small letters is the nation only where no other place is named."""
    if len(found) < 2:
        return found
    return [f for f in found if _said(f, words) != "us"]


def _refuse_leftovers(left: Sequence[Word], has_offense: bool, has_place: bool) -> None:
    if left:
        runs = " ".join(w.text for w in left)
        near_offense = _near_each(left, [n for o in offenses().values() for n in o.says])
        near_place = near_place_names(runs)
        if not has_offense and (near_offense or has_place):
            raise UnknownOffense(runs, near_offense, _known_offenses())
        named = near_place or any(w.text[:1].isupper() for w in left)
        if not has_place and named and len(left) <= 3:
            raise UnknownPlace(runs, near_place)
        if not has_offense:
            raise UnknownOffense(runs, near_offense, _known_offenses())
        near = _near_each(left, _cues().names())
        raise NotUnderstood([w.text for w in left], near or near_place or near_offense)
    if not has_offense:
        raise UnknownOffense("", (), _known_offenses())


def _near_each(left: Sequence[Word], known: Iterable[str]) -> tuple[str, ...]:
    names = list(known)
    whole = near_names(" ".join(w.text for w in left), names)
    return whole or tuple(n for w in left for n in near_names(w.text, names, count=1))


def _assemble(parts: _Parts, spans: _Spans, as_of: date | None) -> Parsed:
    assumed: list[str] = []
    measure = _measure(parts, spans)
    places = _places(parts, measure, assumed)
    if len(parts.offenses) > (2 if measure == "share" else 1):
        raise MissingPart(
            f"{len(parts.offenses)} offenses are named ({', '.join(parts.offenses)}); "
            "ask about one at a time"
        )
    period, baseline = spans.resolve(measure, assumed, set(parts.cues))
    part, whole = _part_and_whole(parts.offenses)
    if measure in {"rank", "extremum"} and not parts.cues.keys() & {"rate", *COUNTED}:
        assumed.append("neither a rate nor a number was asked for, so the rate was used")
    _refuse_unused(parts.cues, measure, places, period)
    question = Question(
        measure=measure,
        offense=part,
        place=places[0],
        period=period,
        per_head="share" in parts.cues or _asks_rate(parts.cues),
        baseline=baseline,
        against=places[1] if len(places) > 1 else None,
        whole=whole,
        extreme=_extreme(parts.cues, measure, places[0]),
        definition=_definition(parts.cues),
        as_of=as_of,
    )
    return Parsed(question, tuple(assumed))


def _asks_rate(cues: dict[str, str]) -> bool:
    return "rate" in cues or not cues.keys() & COUNTED


def _definition(cues: dict[str, str]) -> RapeDefinition | None:
    if "legacy" in cues and "revised" in cues:
        raise MissingPart("both definitions are named; ask by one, the answer shows the other")
    return "legacy" if "legacy" in cues else "revised" if "revised" in cues else None


def _measure(parts: _Parts, spans: _Spans) -> MeasureName:
    cues = parts.cues.keys()
    ends = cues & {"highest", "lowest", "most", "fewest"}
    one_state = any(p.kind in {"state", "city", "region", "agency"} for p in parts.places)
    if "clearance" in cues:
        return "clearance"
    if "share" in cues:
        return "share"
    if "rank" in cues or ("states" in cues and not one_state):
        return "rank"
    if ends and len(parts.places) == 2 and one_state:
        return "rank"  # "is Alaska's the highest in the nation"
    if ends or "largest" in cues:
        return "extremum"
    if len(parts.places) > 1:
        return "comparison"
    if "trend" in cues:
        return "trend"
    moved = cues & {"rise", "fall", "change"}
    summed = cues & {"average", "total"} or ("how_many" in cues and not spans.two_periods)
    if (spans.compares and (moved or not summed)) or moved:
        return "change"
    return "level"


def _places(parts: _Parts, measure: MeasureName, assumed: list[str]) -> list[Place]:
    places = list(parts.places)
    if not places and measure == "rank":
        return [STATES_TOGETHER]
    if not places:
        assumed.append("no place was named, so the United States was used")
        return [NATION]
    if measure == "share" and len(places) == 2 and places[0].kind in {"nation", "states"}:
        places.reverse()  # "share of US murders in Texas": the state is the part
    if measure == "rank" and len(places) == 2:
        places = [p for p in places if p != NATION]  # "the highest in the nation"
    if len(places) > (2 if measure in {"comparison", "share"} else 1):
        raise MissingPart(
            f"{len(places)} places are named ({', '.join(p.plain for p in places)}); "
            "ask about one, or compare two"
        )
    return places


def _refuse_unused(
    cues: dict[str, str], measure: MeasureName, places: Sequence[Place], period: Period
) -> None:
    """A word that the measure has no use for asks for something else than would be answered."""
    able = USES[measure] | frozenset(_table()["any"]["cues"])
    if measure == "rank" and places[0].kind == "states":
        able |= RANK_OF_ALL
    if measure == "level" and period.is_one_year:
        able -= {"average"}
    if measure == "extremum" and cues.keys() & {"rise", "fall"} and "largest" not in cues:
        able -= {"rise", "fall"}
    unused = [said for cue, said in cues.items() if cue not in able]
    if unused:
        named = ", ".join(repr(u) for u in unused)
        raise MissingPart(
            f"{named} cannot be part of a question about a {_PLAIN.get(measure, measure)}; ask one "
            "thing at a time"
        )


def _part_and_whole(named: tuple[str, ...]) -> tuple[str, str | None]:
    """Which of two offenses is the part. Containment tells, whatever the order of the words."""
    if len(named) == 1:
        return named[0], None
    one, other = named
    return (other, one) if offense(one).contains(other) else (one, other)


def _extreme(cues: dict[str, str], measure: MeasureName, place: Place) -> Extreme | None:
    low, high = cues.keys() & {"lowest", "fewest"}, cues.keys() & {"highest", "most"}
    if low and high:
        raise MissingPart("both ends are named; ask for the highest or the lowest")
    if measure == "rank":
        return ("lowest" if low else "highest") if place.kind == "states" else None
    if measure != "extremum":
        return None
    moves = cues.keys() & {"rise", "fall"}
    if not moves:
        return "lowest" if low else "highest"
    if len(moves) == 2 or low or high:
        raise MissingPart('ask for one of "largest rise", "largest fall", "highest", "lowest"')
    return "largest fall" if "fall" in moves else "largest rise"


class _Spans:
    """The periods a question names, and what they come to once the records have an end."""

    def __init__(self, mentions: Sequence[Mention], first: int, last: int) -> None:
        self._first, self._last = first, last
        self._named = [m for m in mentions if m.kind == "period"]
        self._since = self._only(mentions, "since")
        self._from = self._only(mentions, "from")
        self._until = self._only(mentions, "until")
        self._past = self._only(mentions, "past_years")
        open_ended = [m for m in (self._since, self._from, self._past) if m]
        ranged = any(m.is_range for m in self._named)
        too_many = (
            len(self._named) > 2
            or len(open_ended) > 1
            or (open_ended and (len(self._named) > 1 or ranged))
            or (self._past and self._named)
            or (self._until and self._named)
        )
        if too_many:
            said = [str(m.period or f"{m.count} years") for m in mentions]
            raise MissingPart(
                f"{len(said)} periods are named ({', '.join(said)}); name one, or two to compare"
            )

    @staticmethod
    def _only(mentions: Sequence[Mention], kind: str) -> Mention | None:
        found = [m for m in mentions if m.kind == kind]
        if len(found) > 1:
            raise MissingPart(
                f"{len(found)} periods of one kind are named; name one, or two to compare"
            )
        return found[0] if found else None

    @property
    def two_periods(self) -> bool:
        """Whether two separate periods are named."""
        return len(self._named) == 2 or self._from is not None

    @property
    def compares(self) -> bool:
        """Whether the periods have two ends to compare."""
        ranged = any(m.is_range for m in self._named)
        return bool(ranged or self.two_periods or self._since or self._past)

    def resolve(
        self, measure: MeasureName, assumed: list[str], cues: set[str]
    ) -> tuple[Period, Period | None]:
        """The period and, for a change, the one it starts from."""
        if measure == "change":
            return self._change(assumed, cues)
        if self.two_periods:
            raise MissingPart("two periods are named; only a change compares two")
        window = self._window()
        if window is None:
            window = self._open(measure, assumed)
        if measure == "extremum" and window.is_one_year:
            raise MissingPart(
                f"{window} alone has no highest or lowest year; name a stretch of years, as in "
                f'"since {self._first}"'
            )
        return window, None

    def _end(self) -> int:
        return self._until.period.last_year if self._until and self._until.period else self._last

    def _window(self) -> Period | None:
        start = self._since.period if self._since else None
        if start is not None:
            end = self._named[0].period if self._named else None
            return Period.years(start.first_year, end.last_year if end else self._end())
        if self._named:
            return self._named[0].period
        if self._past and self._past.count:
            return Period.years(self._end() - self._past.count, self._end())
        return None

    def _open(self, measure: MeasureName, assumed: list[str]) -> Period:
        end = self._end()
        if measure == "extremum":
            assumed.append(open_start(self._first))
            return Period.years(self._first, end)
        if measure == "trend":
            assumed.append(f"no period was named, so the {TREND_YEARS} years to {end} were used")
            return Period.years(end - TREND_YEARS, end)
        if self._until is None:
            assumed.append(f"no period was named, so the newest year held, {end}, was used")
        return Period.year(end)

    def _change(self, assumed: list[str], cues: set[str]) -> tuple[Period, Period]:
        if self._from and self._from.period:
            end = self._named[0].period if self._named else None
            return self._in_order(self._from.period, end or Period.year(self._end()))
        if len(self._named) == 2:
            one, other = sorted(m.period for m in self._named if m.period)
            both_long = not one.is_one_year and not other.is_one_year
            if not both_long and "against" not in cues:
                raise MissingPart(
                    f'{one} and {other} are named; ask "from {one.first_year} to '
                    f'{other.last_year}", or "{one} against {other}"'
                )
            return self._in_order(one, other)
        window = self._window()
        if window is None:
            assumed.append(f"no period was named, so the newest year held, {self._end()}, was used")
            window = Period.year(self._end())
        if not window.is_one_year:
            return Period.year(window.last_year), Period.year(window.first_year)
        if self.compares:
            raise MissingPart(f"the period starts and ends in {window}; name an earlier start")
        return window, Period.year(window.first_year - 1)

    @staticmethod
    def _in_order(one: Period, other: Period) -> tuple[Period, Period]:
        earlier, later = sorted((one, other))
        if earlier.last >= later.first:
            raise MissingPart(f"{earlier} and {later} overlap; name two periods that do not")
        return later, earlier


def open_start(first: int) -> str:
    """What is said where an extremum names no start."""
    return f"no start was named, so all years from {first} were searched"


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
    text = Path(__file__).with_name("measures.toml").read_text(encoding="utf-8")
    table: dict[str, dict[str, list[str]]] = tomllib.loads(text)
    return table
