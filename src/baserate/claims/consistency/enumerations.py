"""Groups that are counted and then named: "all four members", followed by five names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from baserate.claims.checked import Inconsistency
from baserate.claims.claim import Sentence
from baserate.claims.consistency.words import either, vocabulary
from baserate.terms.places import readings, states

_NEAR = 60  # characters in which a list shows that its names are parted by semicolons
_MOST_NAMES = 80
AHEAD = 6  # sentences in which a counted group may be named

_CAPITAL = r"[A-Z][\w'’.-]{0,30}"
_NAME = re.compile(
    rf"(?:the )?(?P<name>{_CAPITAL}(?: (?:{_CAPITAL}|de|la|van|von|del|of|du)){{0,6}})"
)
_ADJECTIVE = r"(?!(?:in|of|at|for|to|and|by|or|on|with|from|as) )[a-z0-9-]{1,13}[a-rt-z0-9]"
_AND = re.compile(r"[,;]? (?:and|&) (?:also )?")
_COMMA = re.compile(r"[,;] ")
_JUNIOR = re.compile(r",? (?:Jr|Sr|II|III|IV)\b\.?")
_TAIL_OF_NAME = re.compile(r"[.,;:]+\Z")


@dataclass(frozen=True, slots=True)
class _Group:
    """A counted group: how many, of which class, and where the words end."""

    count: int
    key: str
    words: str
    sentence: int
    start: int  # offsets in the sentence
    end: int


@dataclass(frozen=True, slots=True)
class _Listed:
    """Names of a list. Where a comma may part a city from its state there is a least and a most."""

    least: int
    most: int
    end: int
    names: tuple[str, ...]


def miscounted_names(sentences: Sequence[Sentence]) -> list[Inconsistency]:
    """Counted groups that are followed by another number of names."""
    found: list[Inconsistency] = []
    open_groups: dict[str, _Group] = {}
    for i, sentence in enumerate(sentences):
        found += _named_later(sentence, i, open_groups)
        for group in _groups(sentence.text, i):
            here = _named_here(sentence, group)
            found += here
            open_groups[group.key] = group
    return found


def _groups(text: str, number: int) -> Iterator[_Group]:
    for m in _group_pattern().finditer(text):
        if m["bound"] or text[m.end() : m.end() + 1] in {"'", "’", "-"}:
            continue
        count = vocabulary()["numbers"].get(m["number"].lower()) or int(m["number"])
        key = _group_of()[m["noun"].lower()]
        if 2 <= count <= 60:
            start = m.start("number")
            yield _Group(count, key, text[start : m.end()], number, start, m.end())


@cache
def _group_pattern() -> re.Pattern[str]:
    words = vocabulary()["words"]
    bound = either(words["bounds"])
    number = rf"\d{{1,2}}|{either(vocabulary()['numbers'])}"
    return re.compile(
        rf"(?:\b(?P<bound>{bound}) )?(?<![\w$.,/-])(?P<number>{number}) "
        rf"(?:of (?:the |its |our |their )?)?(?:{_ADJECTIVE} ){{0,3}}?"
        rf"(?P<noun>{either(_group_of())})\b",
        re.I,
    )


@cache
def _group_of() -> dict[str, str]:
    return {n: key for key, g in vocabulary()["groups"].items() for n in g["counted"]}


def _kind(key: str) -> str:
    kind: str = vocabulary()["groups"][key]["of"]
    return kind


def _named_here(sentence: Sentence, group: _Group) -> list[Inconsistency]:
    """A list in the same sentence: after a colon or a dash, after "were", or set off by a comma."""
    text = sentence.text
    if text.startswith(", ", group.end):
        listed = _list_at(text, group.end + 2, _kind(group.key))
        if listed is None or not _is_set_off(text, listed.end):
            return []
        return _compare(sentence, group, listed, partial=True)
    opened = _opening().search(text, group.end, group.end + 160)
    if opened is None or _another_group_between(text, group.end, opened.start()):
        return []
    listed = _list_at(text, opened.end(), _kind(group.key))
    if listed is None:
        return []
    return _compare(sentence, group, listed, partial=opened["partial"] is not None)


def _another_group_between(text: str, start: int, end: int) -> bool:
    return bool(re.search(r"[.;]|\d", text[start:end])) or bool(
        _group_pattern().search(text, start, end)
    )


@cache
def _opening() -> re.Pattern[str]:
    words = vocabulary()["words"]
    return re.compile(
        rf"(?P<whole>: | ?[—–] ?| -- )|,? (?P<partial>{either(words['partial'])}) "
        rf"| (?:{either(words['whole'])}):? "
    )


def _is_set_off(text: str, end: int) -> bool:
    """Whether the list is closed by a mark: "two states, Ohio and Iowa, saw". Else it acts."""
    speaks = re.match(r",? (?:said|say|told|wrote|announced|reported)\b", text[end : end + 20])
    return text[end : end + 1] in {",", ".", ";", ")", "—", "–"} and speaks is None


def _named_later(sentence: Sentence, number: int, groups: dict[str, _Group]) -> list[Inconsistency]:
    """ "The lawmakers, all Democrats, included …" takes up a group counted before."""
    m = _again_pattern().match(sentence.text)
    if m is None:
        return []
    found = []
    for key, group in groups.items():
        again = vocabulary()["groups"][key]["again"]
        if number - group.sentence > AHEAD or m["noun"].lower() not in again:
            continue
        if not _same_members(group, m["noun"].lower()):
            continue
        listed = _list_at(sentence.text, m.end(), _kind(key))
        if listed is not None:
            found += _compare(sentence, group, listed, partial=True)
    return found[:1]


def _same_members(group: _Group, noun: str) -> bool:
    """Victims are not suspects: where people are counted by a common noun it has to come again."""
    if group.key != "persons":
        return True
    kinds = ({"suspects", "defendants"}, {"victims", "dead"})
    counted = next((k for k in kinds if group.words.split()[-1].lower() in k), None)
    return (
        counted is None and noun in {"suspects", "defendants", group.words.split()[-1].lower()}
    ) or (counted is not None and noun in counted)


@cache
def _again_pattern() -> re.Pattern[str]:
    nouns = {n for g in vocabulary()["groups"].values() for n in g["again"]}
    words = vocabulary()["words"]
    verbs = either([*words["whole"], *words["partial"]])
    return re.compile(
        rf"(?:The|These|Those) (?P<noun>{either(nouns)})(?:, (?:all|both|each) [^,.;]{{1,40}},)?"
        rf"(?: who [^,.;]{{1,60}})? (?:{verbs}):? ",
        re.I,
    )


def _compare(
    sentence: Sentence, group: _Group, listed: _Listed, *, partial: bool
) -> list[Inconsistency]:
    more, fewer = listed.least > group.count, listed.most < group.count
    if not more and (partial or not fewer):
        return []
    named = listed.least if more else listed.most
    return [
        Inconsistency(
            start=sentence.start,
            end=sentence.start + listed.end,
            kind="count of names",
            text=(
                f"The text counts {group.words!r} and then names {named}: "
                f"{'; '.join(listed.names)}."
            ),
        )
    ]


def _list_at(text: str, start: int, kind: str) -> _Listed | None:
    """The list of names that begins at `start`; it has to have an "and" before its last."""
    by_semicolons = text.find(";", start, start + _NEAR) >= 0
    names: list[str] = []
    unsure, at, step_is_and, closed = 0, start, False, False
    complete: _Listed | None = None
    while len(names) < _MOST_NAMES:
        read = _name_at(text, at, kind)
        starts_anew = step_is_and and _has_title(text, at)
        if read is None or (closed and not starts_anew):
            break
        name, at, doubtful = read
        names.append(name)
        unsure += doubtful and not by_semicolons
        closed = (closed or step_is_and) and not starts_anew
        if step_is_and:
            complete = _Listed(len(names), len(names) + unsure, at, tuple(names))
        step = _AND.match(text, at) or _COMMA.match(text, at)
        if step is None:
            break
        step_is_and, at = step.re is _AND, step.end()
    if complete is None or text[complete.end :].strip('.”"—– '):
        return complete and replace(complete, most=_MOST_NAMES)
    return complete


def _has_title(text: str, at: int) -> bool:
    m = _NAME.match(text, at)
    return (
        m is not None and m["name"].split()[0].rstrip(".") in vocabulary()["words"]["people_titles"]
    )


def _name_at(text: str, at: int, kind: str) -> tuple[str, int, bool] | None:
    """A name, where it ends, and whether its second half could be a name of its own."""
    m = _NAME.match(text, at)
    if m is None:
        return None
    name, end = m["name"], m.end()
    name, end = _cut_at_stop(name, end)
    if kind == "people":
        return _person(text, name, end)
    if not readings(name):
        return None
    if kind == "states":
        alone = not text.startswith(", D", end)
        return (name, end, False) if name in _state_names() and alone else None
    return _city(text, name, end)


def _cut_at_stop(name: str, end: int) -> tuple[str, int]:
    """Without the sentence's full stop; "D.C." and "Ala." keep theirs."""
    m = _TAIL_OF_NAME.search(name)
    if m is None:
        return name, end
    return name[: m.start()], end - (m.end() - m.start())


def _person(text: str, name: str, end: int) -> tuple[str, int, bool] | None:
    titles = vocabulary()["words"]["people_titles"]
    parts = name.split()
    titled = False
    while parts and parts[0].rstrip(".") in titles:
        parts, titled = parts[1:], True
    if not parts or (len(parts) < 2 and not titled and not parts[0][0].isupper()):
        return None
    junior = _JUNIOR.match(text, end)
    if junior is not None:
        end = junior.end()
    return " ".join(parts), end, False


def _city(text: str, name: str, end: int) -> tuple[str, int, bool]:
    """A city with the state after its comma; a state that is also a city leaves a doubt."""
    m = _state_pattern().match(text, end)
    if m is None:
        return name, end, False
    stop = m.end("state")
    while text[stop : stop + 1] == ".":
        stop += 1
    return f"{name}, {m['state']}", stop, m["state"] in _both()


@cache
def _state_names() -> frozenset[str]:
    return frozenset(s.name for s in states().values() if s.name != "District of Columbia")


@cache
def _both() -> frozenset[str]:
    """Names of states that a list of cities may hold as cities."""
    return frozenset({"New York", "Washington", "Oklahoma", "Iowa", "Virginia"})


@cache
def _state_pattern() -> re.Pattern[str]:
    short: Any = vocabulary()["state_abbreviations"]
    names = [*_state_names(), *short, *states()]
    return re.compile(rf", (?P<state>{either(names)})(?![\w])")
