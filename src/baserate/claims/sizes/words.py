"""The words of sizes.toml, ready to be found in a sentence."""

from __future__ import annotations

import re
from functools import cache
from typing import Any, Literal, NamedTuple

from baserate.claims.claim import Exactness
from baserate.claims.sizes.numerals import Phrases, number_words, sizes_table

SizeUnit = Literal[
    "percent", "points", "count", "per_100k", "factor", "rank", "years", "money", "age", "other",
]  # fmt: skip

_LETTERS = re.compile("[a-z]+")


class Fixed(NamedTuple):
    """Words that are a size by themselves, and the neighbors that an ambiguous one needs."""

    unit: SizeUnit
    value: float
    how: Exactness
    if_before: frozenset[str]
    unless_before: frozenset[str]
    unless_after: frozenset[str]


class Named(NamedTuple):
    """What words before or after a number say of it."""

    unit: SizeUnit | Literal["nothing"]
    times: float
    how: Exactness | None
    capital: bool
    alone: bool
    highest: float


class SizeWords(NamedTuple):
    """Every phrase and set of words of the table, by what it is for."""

    after: Phrases[Named]
    before: Phrases[Named]
    strong: Phrases[Named]
    ordinal_after: Phrases[Named]
    ordinal_before: Phrases[Named]
    fixed: Phrases[Fixed]
    how_before: Phrases[Exactness]
    how_after: Phrases[Exactness]
    ratio: Phrases[bool]
    bases: dict[str, float]
    per: Phrases[bool]
    population: Phrases[bool]
    sets: dict[str, frozenset[str]]
    starters: frozenset[str]
    telling: frozenset[str]


def _named(rows: list[dict[str, Any]]) -> Phrases[Named]:
    return Phrases(
        (
            words,
            Named(
                row["unit"],
                row.get("times", 1),
                row.get("how"),
                row.get("capital", False),
                row.get("alone", False),
                row.get("highest", float("inf")),
            ),
        )
        for row in rows
        for words in row["words"]
    )


def _fixed(rows: list[dict[str, Any]]) -> Phrases[Fixed]:
    conditions = ("if_before", "unless_before", "unless_after")
    return Phrases(
        (
            words,
            Fixed(
                row["unit"],
                row["value"],
                row.get("how", "exactly"),
                *(frozenset(row.get(c, ())) for c in conditions),
            ),
        )
        for row in rows
        for words in row["words"]
    )


@cache
def size_words() -> SizeWords:
    """The words of sizes.toml."""
    table = sizes_table()
    after, before, rate, label = table["after"], table["before"], table["rate"], table["label"]
    fixed = _fixed(table["fixed"])
    return SizeWords(
        after=_named([r for r in after if not r.get("ordinal")]),
        before=_named([r for r in before if not r.get("ordinal") and not r.get("strong")]),
        strong=_named([r for r in before if r.get("strong")]),
        ordinal_after=_named([r for r in after if r.get("ordinal")]),
        ordinal_before=_named([r for r in before if r.get("ordinal")]),
        fixed=fixed,
        how_before=Phrases((w, r["how"]) for r in table["exactness"] for w in r["before"]),
        how_after=Phrases((w, r["how"]) for r in table["exactness"] for w in r["after"]),
        ratio=Phrases((w, True) for w in table["ratio"]["introductions"]),
        bases=rate["bases"],
        per=Phrases((w, True) for w in rate["introductions"]),
        population=Phrases((w, True) for w in rate["population"]),
        sets={
            "months": _folded(label["months"]),
            "until_date": _folded(label["until_date"]),
            "streets": _folded(label["streets"]),
            "counted_by": _folded(label["counted_by"]),
            "bare_after": _folded(label["bare_after"]),
            "glued": _folded(label["glued"]),
            "not_of": _folded(rate["not_of"]),
            "carried_by": _folded(rate["carried_by"]),
            "stops": _folded(table["noun"]["stops"]),
        },
        starters=fixed.firsts | number_words(),
        telling=_telling([words for row in table["fixed"] for words in row["words"]]),
    )


def _telling(phrases: list[str]) -> frozenset[str]:
    """A word of each phrase and number that is not in every other sentence."""
    common = {"a", "an", "in", "by", "the", "of", "top", "first"}
    parts = [[w for w in _LETTERS.findall(p.lower()) if w not in common] for p in phrases]
    scales = sizes_table()["numbers"]["scales"]
    return (number_words() - {"a", "an"}) | {p[0] for p in parts if p} | frozenset(scales)


def _folded(words: list[str]) -> frozenset[str]:
    return frozenset(w.lower() for w in words)
