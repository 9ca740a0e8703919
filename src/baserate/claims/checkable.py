"""Which statements are about crime figures at all, and which no record could settle."""

from __future__ import annotations

import re
from functools import cache

from baserate.claims.lexicon import words
from baserate.claims.scan import Mention
from baserate.claims.sizes.find import Size
from baserate.claims.statement import Statement
from baserate.claims.surroundings import Surroundings

REASONS = {
    "forecast": "a forecast or a pledge: no record of the past can settle it",
    "purpose": "an aim, not a report",
    "condition": "said of what would happen, not of what did",
}
FEW = 4  # a count below it, without a time, is one of people in a case
FEW_IN_A_CASE = 10  # the same in a sentence about a case, whatever it says of time
NEAR, NEAR_IF_NUMBERED = 6, 15  # words from a count to its offense; the latter after "number"
CLOSE = 3  # words from a direction to its offense, in a sentence about other matters


def tells_opinions(text: str) -> bool:
    """Whether a sentence says how many people think something, as polls ask.

    >>> tells_opinions("Nearly half of the residents believe that burglaries rose.")
    True
    """
    return _opinions().search(text) is not None


@cache
def _opinions() -> re.Pattern[str]:
    """ "Half of all residents had said": a share, of up to four words or of none, and a verb."""
    shares, verbs = ("|".join(sorted(words("opinion", key))) for key in ("shares", "verbs"))
    before_verb = "|".join(f"{word} " for word in sorted(words("opinion", "before_verb")))
    people = r" of (?:[\w'’-]+ ){1,4}| "
    return re.compile(rf"(?:{shares})(?:{people})(?:{before_verb})?(?:{verbs})\b", re.IGNORECASE)


def is_about_crime(said: Statement, around: Surroundings, *, follows: bool) -> bool:
    """Whether a statement gives a crime figure; `follows` says that the text has been about one.

    `around` is what else its sentence mentions, which `tells_opinions` has not ruled out.
    """
    if _is_of_poll(said, around):
        return False
    if not said.names_offense:
        return follows and _continues(said, around)
    match said.kind:
        case "count" | "level":
            return _is_count_of_crime(said, around)
        case "trend":
            return _is_trend(said, around)
        case "share" | "rank":
            return "elsewhere" not in around.framing
        case "comparison":
            return "population" not in around.words
        case _:
            return True


def _is_of_poll(said: Statement, around: Surroundings) -> bool:
    """A poll's figures count people, unless a noun is counted and something goes up or down."""
    if "poll" not in around.framing or said.kind not in {"share", "count", "change"}:
        return False
    if said.kind == "change" and around.sizes_a_move:
        return False
    counts_nouns = any(size.of for size in around.sizes)
    return not (counts_nouns and any(move.kind != "none" for move in around.moves))


# -------------------------------------------------------------------- statements without an offense


def _continues(said: Statement, around: Surroundings) -> bool:
    """ "That is a 37 percent increase.", "New Hampshire had 0.9.", "There were 353 in 2014." """
    if around.framing & {"elsewhere", "poll", "incident"} or _counts_others(said, around):
        return False
    match said.kind:
        case "change":
            return bool(said.magnitudes)
        case "count" | "level":
            return bool(said.magnitudes) and bool(said.where or said.period)
        case "comparison":
            return _continues_comparison(said, around)
        case "extremum":
            timed = said.time("since", "low_high", "last_time")
            return bool(timed or (said.period and said.magnitudes) or around.scan.of("on_record"))
        case "rank":
            is_first = all(m.value == 1 and m.unit == "rank" for m in said.magnitudes)
            return said.where is not None and not is_first
        case "trend":
            return said.time("streak", "span", "since") is not None
        case _:
            return False


def _continues_comparison(said: Statement, around: Surroundings) -> bool:
    if "population" in around.words:
        return False
    return bool(said.magnitudes or said.against or (said.comparator and around.names_measure))


def _counts_others(said: Statement, around: Surroundings) -> bool:
    """Whether a figure counts what is no offense and no case of one: "353 officers"."""
    values = {m.value for m in said.magnitudes}
    nouns = (_noun(size, around) for size in around.sizes if size.value in values)
    return any(noun and noun not in words("counted_as", "cases") for noun in nouns)


def _noun(size: Size, around: Surroundings) -> str:
    return around.text[size.of[0] : size.of[1]].lower() if size.of else ""


# ------------------------------------------------------------------------------- counts and rates


def _is_count_of_crime(said: Statement, around: Surroundings) -> bool:
    size = around.first_size.get(said.magnitudes[0].value) if said.magnitudes else None
    if size is None:
        return False
    if size.unit == "per_100k":
        return True
    timed = _is_timed(said)
    if _is_of_one_case(size, around, timed=timed):
        return False
    if around.is_of_offense(size):
        return True
    if _counts_something_else(size, around):
        return False
    reports = timed or around.names_measure or around.names_course
    return reports and _is_near_offense(size, around)


def _is_timed(said: Statement) -> bool:
    return said.period is not None or bool(said.times)


def _is_of_one_case(size: Size, around: Surroundings, *, timed: bool) -> bool:
    """Whether a few people, or a sentence about a case or a method, are what is counted."""
    if around.framing & {"incident", "method"} and (not timed or size.value < FEW_IN_A_CASE):
        return True
    return size.value < FEW and not timed and not around.names_measure


def _counts_something_else(size: Size, around: Surroundings) -> bool:
    noun = _noun(size, around)
    return bool(noun) and noun not in words("counted_as", "cases") | words("counted_as", "people")


def _is_near_offense(size: Size, around: Surroundings) -> bool:
    gap = around.words_to_offense(size)
    return gap is not None and gap <= (NEAR_IF_NUMBERED if around.names_number else NEAR)


# ----------------------------------------------------------------------------------------- trends


def _is_trend(said: Statement, around: Surroundings) -> bool:
    """A direction alone is a report only where it stands close to the offense or names a time."""
    if _is_timed(said):
        return True
    if _is_talk(around):
        return False
    gap = around.words_from_move_to_offense
    return not around.framing & {"elsewhere", "poll"} or (gap is not None and gap <= CLOSE)


def _is_talk(around: Surroundings) -> bool:
    """Whether nothing is said to have moved: "when burglaries rise", but "saw burglaries rise"."""
    if not around.moves or around.words & words("bare_direction", "seen"):
        return False
    return all(_is_bare(move, around) for move in around.moves)


def _is_bare(move: Mention, around: Surroundings) -> bool:
    """Whether a direction is a verb without a tense, and no noun as in "the rise in burglaries"."""
    if around.text[move.start : move.end].lower() not in words("bare_direction"):
        return False
    if words("frames", "begun") & set(around.scan.before(move.start, 2)):
        return False  # "has started to climb"
    before, after = around.scan.before(move.start), around.scan.after(move.end)
    of_noun = words("bare_direction", "before_noun"), words("bare_direction", "after_noun")
    return of_noun[0].isdisjoint(before[-1:]) and of_noun[1].isdisjoint(after[:1])
