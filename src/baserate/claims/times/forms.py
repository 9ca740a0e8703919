"""The forms of times.toml, and where they stand in a sentence."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, cast

from baserate.claims.times.said import TimeRole, full_year


@dataclass(frozen=True, slots=True)
class Form:
    """One row of times.toml."""

    name: str
    role: TimeRole
    means: str
    pattern: re.Pattern[str]
    needs: tuple[str, ...]
    first: int
    last: int
    fixed: bool


@dataclass(frozen=True, slots=True)
class Hit:
    """One form found in a sentence."""

    form: Form
    start: int
    end: int
    match: re.Match[str]


@dataclass(frozen=True, slots=True)
class Table:
    """times.toml, compiled."""

    forms: tuple[Form, ...]
    around: dict[str, re.Pattern[str]]
    numbers: dict[str, int]
    by_need: dict[str, list[int]]


def _pattern(text: str, parts: dict[str, str]) -> re.Pattern[str]:
    """A pattern of times.toml: {word} is a part, and a space is one to three spaces."""
    for _ in range(3):  # a part may hold parts that hold parts
        text = re.sub(r"\{([a-z_]+)\}", lambda m: parts.get(m[1], m[0]), text)
    return re.compile(_SPACES.sub(_spaces, text), re.IGNORECASE)


# A space in a set of characters or a lookbehind is one character; elsewhere one to three.
_SPACES = re.compile(r"\(\?<[=!][^)]*\)|\[[^\]]*\]| \??")


def _spaces(match: re.Match[str]) -> str:
    if match[0][0] != " ":
        return match[0].replace(" ", r"\s")
    return r"\s{0,3}" if match[0] == " ?" else r"\s{1,3}"


@cache
def table() -> Table:
    """times.toml, compiled once."""
    rows = tomllib.loads(Path(__file__).with_name("times.toml").read_text(encoding="utf-8"))
    parts: dict[str, str] = rows["parts"]
    forms = tuple(_form(row, parts) for row in rows["form"])
    by_need: dict[str, list[int]] = {}
    for index, form in enumerate(forms):
        for need in form.needs:
            by_need.setdefault(need, []).append(index)
    around = {name: _pattern(text, parts) for name, text in rows["around"].items()}
    return Table(forms, around, rows["numbers"], by_need)


def _form(row: dict[str, Any], parts: dict[str, str]) -> Form:
    return Form(
        name=row["name"],
        role=cast(TimeRole, row["role"]),
        means=row["means"],
        pattern=_pattern(row["pattern"], parts),
        needs=tuple(row.get("needs", ())),
        first=row.get("first", 0),
        last=row.get("last", 0),
        fixed=row.get("fixed", False),
    )


_YEAR = re.compile(r"(?:19|20)\d\d")
_MONTH = re.compile(
    r"\b(?:J[au]|Feb|Ma[ry]|A[pu]|Sep|Oct|Nov|Dec|J[AU]|FEB|MA[RY]|A[PU]|SEP|OCT|NOV|DEC)"
)
_SHORT_YEAR = re.compile(r"['’‘]\d\d")
_WEEKDAY = re.compile(r"\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day", re.IGNORECASE)


_CLUES = {"@year": _YEAR, "@month": _MONTH, "@weekday": _WEEKDAY, "@short": _SHORT_YEAR}


def _possible(sentence: str) -> list[Form]:
    """The forms that one of the words they need stands in the sentence for."""
    lower, by_need = sentence.lower(), table().by_need
    indexes = {
        index
        for need, users in by_need.items()
        if (_CLUES[need].search(sentence) if need in _CLUES else need in lower)
        for index in users
    }
    return [table().forms[index] for index in sorted(indexes)]


def hits_in(sentence: str) -> list[Hit]:
    """The forms that stand in the sentence: from left to right the longest, none overlapping."""
    found = [hit for form in _possible(sentence) for hit in _matches(form, sentence)]
    found.sort(key=lambda hit: (hit.start, -hit.end, hit.form.means == "skip"))
    kept: list[Hit] = []
    for hit in found:
        if not kept or hit.start >= kept[-1].end:
            kept.append(hit)
    return kept


def _matches(form: Form, sentence: str) -> Iterator[Hit]:
    for match in form.pattern.finditer(sentence):
        if _stands(form, match):
            inner = [n for n in ("at", "at2") if match.re.groupindex.get(n) and match[n]]
            start, end = match.span(inner[0]) if inner else match.span()
            yield Hit(form, start, end, match)


def _stands(form: Form, match: re.Match[str]) -> bool:
    """Whether a match is what it looks like: "May", not "may"; "1998-99", not "1998-12"."""
    groups: dict[str, str] = match.groupdict(default="")
    names = ("month", "month2", "weekday")
    if any(groups.get(n, "")[:1].islower() for n in names):
        return False
    if form.means == "years":
        first, other = groups["year"], groups["year2"] or groups["year3"]
        return 0 < full_year(first, other) - int(first) <= 100
    if form.means == "week_ended" and not groups["count"]:
        return bool(groups["weekday"] or groups["month"])
    if form.means == "dates" and groups.get("and") and not groups.get("between"):
        return not (groups.get("day") or groups.get("day2"))
    return True
