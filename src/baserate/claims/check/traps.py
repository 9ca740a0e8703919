"""Usual ways to be misled, named only where they bite (traps.toml)."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from baserate.claims.checked import Trap
from baserate.errors import Caveat, DefinitionChange, PartialCoverage, SameMonths
from baserate.measure.answer import Answer, Choice

UNCLEAR = {"no clear change", "no clear difference"}


def trap(key: str, detail: str = "") -> Trap:
    """The trap of that key, with what it is about here."""
    return Trap(key, table()[key]["text"].replace("{detail}", detail))


def traps_of(answer: Answer) -> Iterator[Trap]:
    """The traps that an answer's own caveats speak of."""
    for caveat in answer.caveats:
        found = _of_caveat(caveat)
        if found is not None:
            yield found


def _of_caveat(caveat: Caveat) -> Trap | None:
    if isinstance(caveat, DefinitionChange):
        return trap("definition change", caveat.text[:1].lower() + caveat.text[1:])
    if isinstance(caveat, PartialCoverage):
        return trap("partial coverage", caveat.text)
    if isinstance(caveat, SameMonths):
        return trap("partial year", caveat.text)
    return None


def base_year_flips(answer: Answer) -> tuple[Choice, ...]:
    """The other base years with another verdict, where they are most of those tried."""
    tried = [c for c in answer.robustness.choices if c.kind == "base year"]
    flips = tuple(c for c in tried if not c.holds)
    return flips if 2 * len(flips) > len(tried) else ()


def base_year(answer: Answer) -> Trap | None:
    """The trap of the base year, with the first and the last year that turn the answer."""
    flips = base_year_flips(answer)
    opposite = [c for c in flips if c.value is not None and c.verdict in {"up", "down"}]
    if not opposite:
        return None
    shown = dict.fromkeys((opposite[0].option, opposite[-1].option))
    by_year = {c.option: c.value for c in opposite}
    said = " and ".join(f"{year} it {_moved(by_year[year])}" for year in shown)
    return trap("base year", f"measured from {said}.")


def _moved(percent: float | None) -> str:
    assert percent is not None
    return f"{'rose' if percent > 0 else 'fell'} {abs(percent):.1f}%"


def small_numbers(answer: Answer) -> Trap | None:
    """Two counts that chance alone could set so far apart."""
    one, other = answer.earlier, answer.later
    if one is None or other is None or answer.verdict not in UNCLEAR:
        return None
    p = f" (p = {answer.p_value:.2f})" if answer.p_value is not None else ""
    return trap(
        "small numbers",
        f"{other.offenses:,} against {one.offenses:,} cannot be told apart by counting noise{p}.",
    )


@cache
def table() -> dict[str, Any]:
    """Every trap by its key: the text, and when it bites."""
    return tomllib.loads(Path(__file__).with_name("traps.toml").read_text(encoding="utf-8"))
