"""Figures as a sentence prints them, and which two of them it compares."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from baserate.claims.consistency.words import either, vocabulary

_FAR = 70  # characters between two figures that a sentence may compare
_FIGURE = re.compile(
    r"(?<![\w$€£#/.,:’'-])(?P<n>\d{1,3}(?:,\d{3}){1,4}|\d{1,12})(?P<d>\.\d{1,4})?"
    r"(?P<unit>%| ?percent(?:age)?\b| per cent\b| million\b| billion\b| thousand\b)?"
    r"(?![\w$/’'-]|[.,:]\d)"
)
_MONTHS = (
    r"(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]{0,6}\.? \Z|No\. \Z|\bper \Z"
)
_DATED = re.compile(_MONTHS)
_CLOCK = frozenset({"a.m", "p.m", "am", "pm"})
_TIMES = {"million": 1e6, "billion": 1e9, "thousand": 1e3}
_NEXT_WORD = re.compile(r"[ -]?([A-Za-z.]{1,15})")
_LINK = r"(?:the |an? |just |only |a record |an estimated |last year's )?"


@dataclass(frozen=True, slots=True)
class Figure:
    """A number in a sentence. `hedge` is 'almost', 'beyond', 'below' or empty."""

    value: float
    decimals: int
    start: int
    end: int
    unit: str  # 'percent', 'year', 'count'
    hedge: str
    rough: bool
    of: str  # the word that follows

    @property
    def printed(self) -> str:
        """The number as we write it."""
        return f"{self.value:,.{self.decimals}f}"

    @property
    def bounds(self) -> tuple[float, float]:
        """What it can have been rounded from."""
        if self.rough or self.hedge:
            return self.value * 0.93, self.value * 1.07
        slack = 0.5 * 10.0**-self.decimals if self.decimals else 0.0
        return self.value - slack, self.value + slack


@dataclass(frozen=True, slots=True)
class Pair:
    """Two figures that a sentence compares, with what stands between them."""

    later: Figure
    earlier: Figure
    form: str  # 'from to', 'against', 'to from'
    years: tuple[int, ...]

    @property
    def first(self) -> Figure:
        """The one that stands first in the sentence."""
        return min(self.later, self.earlier, key=lambda f: f.start)

    @property
    def second(self) -> Figure:
        """The one that stands second."""
        return max(self.later, self.earlier, key=lambda f: f.start)


def figures_of(text: str) -> list[Figure]:
    """The figures of a sentence in order: counts, percents and years; no dates, money or ranks.

    >>> [(f.value, f.unit) for f in figures_of("Up 5 percent to 1,204 in 2014, the 3rd rise.")]
    [(5.0, 'percent'), (1204.0, 'count'), (2014.0, 'year')]
    """
    found = [_figure(text, m) for m in _FIGURE.finditer(text) if not _dated(text, m.start())]
    found += [_in_words(text, m) for m in _number_words().finditer(text)]
    return sorted((f for f in found if f.of not in _CLOCK), key=lambda f: f.start)


def _dated(text: str, at: int) -> bool:
    return bool(_DATED.search(text, max(0, at - 14), at))


def _figure(text: str, m: re.Match[str]) -> Figure:
    digits, decimals = m["n"], m["d"] or ""
    unit = (m["unit"] or "").strip()
    value = float(digits.replace(",", "") + decimals) * _TIMES.get(unit, 1)
    is_year = len(digits) == 4 and not decimals and not unit and 1900 <= value < 2100
    kind = "year" if is_year else "percent" if unit[:3] in {"%", "per"} else "count"
    places = max(0, len(decimals) - 1) if unit not in _TIMES else 0
    end = m.end() if kind == "percent" or unit in _TIMES else m.end("d") if decimals else m.end("n")
    return Figure(
        value,
        places,
        m.start(),
        end,
        kind,
        _hedge(text, m.start()),
        unit in _TIMES,
        _after(text, end),
    )


def _in_words(text: str, m: re.Match[str]) -> Figure:
    value = float(vocabulary()["numbers"][m["n"].lower()])
    unit = "percent" if m["unit"] else "count"
    return Figure(
        value, 0, m.start(), m.end(), unit, _hedge(text, m.start()), False, _after(text, m.end())
    )


@cache
def _number_words() -> re.Pattern[str]:
    names = [n for n in vocabulary()["numbers"] if n != "both"]
    return re.compile(rf"(?<![\w-])(?P<n>{either(names)})(?P<unit> percent\b)?(?![\w-])", re.I)


def _after(text: str, end: int) -> str:
    m = _NEXT_WORD.match(text, end)
    return m[1].rstrip(".").lower() if m else ""


def _hedge(text: str, start: int) -> str:
    before = text[max(0, start - 16) : start].lower().rstrip()
    for kind in ("beyond", "below", "almost"):
        if any(_ends_with_words(before, w) for w in vocabulary()["words"][kind]):
            return kind
    return ""


def _ends_with_words(text: str, words: str) -> bool:
    return text.endswith(words) and not text[: -len(words)][-1:].isalpha()


def pairs_of(text: str, figures: Sequence[Figure]) -> Iterator[Pair]:
    """Counts that the sentence sets against each other."""
    counts = [f for f in figures if f.unit == "count"]
    for here, after in pairwise(counts):
        between = text[here.end : after.start]
        if len(between) > _FAR or re.search(r"[;:(]|\. [A-Z]", between):
            continue
        if any(here.end <= f.start < after.start and f.unit == "percent" for f in figures):
            continue
        form = _form(text, here, between)
        if form is None or _other_measure(here) != _other_measure(after):
            continue
        years = tuple(int(f.value) for f in figures if f.unit == "year" and _near(f, here, after))
        later, earlier = (after, here) if form == "from to" else (here, after)
        yield Pair(later, earlier, form, years)


def _near(year: Figure, here: Figure, after: Figure) -> bool:
    return here.end <= year.start <= after.end + 40


def _other_measure(figure: Figure) -> bool:
    """A number of days or districts is not what a sentence about offenses compares."""
    return figure.of in vocabulary()["words"]["measures"]


@cache
def _forms() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    words = vocabulary()["words"]
    hedge = rf"(?:(?:{either([*words['almost'], *words['beyond'], *words['below']])}) )?"
    return (
        re.compile(rf"\bfrom {_LINK}{hedge}\Z", re.I),
        re.compile(rf"\bto {_LINK}{hedge}\Z", re.I),
        re.compile(
            rf"\b(?:compared (?:with|to)|versus|vs\.?|(?:up|down)(?: slightly| sharply)? from) "
            rf"{_LINK}{hedge}\Z",
            re.I,
        ),
        re.compile(rf"\A[a-z ]{{0,25}},? from {_LINK}{hedge}\Z", re.I),
    )


def _form(text: str, here: Figure, between: str) -> str | None:
    starts_from, ends_to, against, from_after = _forms()
    before = text[max(0, here.start - 40) : here.start]
    if starts_from.search(before) and ends_to.search(between):
        return "from to"
    if against.search(between) and not re.search(r"\b(?:and|but|while)\b", between):
        return "against"
    if ends_to.search(before) and from_after.search(between):
        return "to from"
    return None
