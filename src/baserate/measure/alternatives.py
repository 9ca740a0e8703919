"""The same question put to the other sources, releases and counting rules at hand.

An answer comes from one source throughout: figures of two sources are never averaged, and none
is preferred in silence. The one that answers is the first, in the order of preference
(docs/sources.md), that can; what the others say stands beside it, with the difference.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from baserate.errors import Caveat, ReleasesDiffer, SourcesDiffer
from baserate.measure.answer import Answer, Choice, Figure, Other, Robustness
from baserate.measure.question import Question
from baserate.store.open import Store
from baserate.terms.periods import Period

OTHER_RULE = "all"
MOST_RELEASES = 6  # earlier releases asked about, the newest of them


@dataclass(frozen=True, slots=True)
class Alternative:
    """One other way to have answered: by another source, release or rule."""

    kind: str  # source, release, counting rule
    label: str
    answer: Answer


def with_alternatives(main: Answer, others: tuple[Alternative, ...]) -> Answer:
    """The answer with what the others say beside it."""
    if not others:
        return main
    return replace(
        main,
        robustness=Robustness(
            choices=(*main.robustness.choices, *(_choice(main, o) for o in others))
        ),
        others=(*main.others, *(_other(o) for o in others)),
        caveats=(*(c for o in others if (c := _difference(main, o))), *main.caveats),
    )


def releases_before(store: Store, question: Question) -> Iterator[date]:
    """Earlier days on which the source stated one of these figures differently, newest first."""
    spans = [p for p in (question.period, question.baseline) if p is not None]
    years = {y for p in spans for y in range(p.first_year, p.last_year + 1)}
    days: set[date] = set()
    for counted in ("offenses", question.counted):
        view = store.view(counted=counted)
        days |= set(view.revisions(question.place.key, question.offense_counted, years))
    yield from sorted(days, reverse=True)[:MOST_RELEASES]


def describe_source(store: Store, answer: Answer) -> str:
    """'FBI, Table 8': the source of an answer's figures, briefly."""
    rows = [r for f in _figures(answer) for r in f.rows]
    names = dict.fromkeys(store.dataset(store.entry(r)).short for r in rows)
    return " and ".join(names)


def _figures(answer: Answer) -> tuple[Figure, ...]:
    return tuple(f for f in (answer.earlier, answer.later) if f is not None)


def _choice(main: Answer, other: Alternative) -> Choice:
    found = other.answer
    return Choice(
        kind=other.kind,
        option=other.label,
        value=found.value,
        verdict=found.verdict,
        holds=_holds(main, found),
    )


def _holds(main: Answer, found: Answer) -> bool:
    if main.verdict != "recorded":
        return found.verdict == main.verdict
    if main.extremes is not None and found.extremes is not None:
        return main.extremes.year == found.extremes.year
    if main.interval is None or found.value is None:
        return found.value == main.value
    return found.value in main.interval


def _other(other: Alternative) -> Other:
    found = other.answer
    return Other(
        label=other.label,
        value=found.value,
        unit=found.unit,
        interval=found.interval,
        verdict=found.verdict,
        earlier=found.earlier.value if found.earlier else None,
        later=found.later.value if found.later else None,
    )


def _difference(main: Answer, other: Alternative) -> Caveat | None:
    """Where the counts themselves differ, both numbers and the difference between them."""
    if other.kind == "counting rule":
        return None
    said = [
        f"{_label(ours)}: {ours.offenses:,} here, {theirs.offenses:,} there "
        f"({_gap(ours.offenses, theirs.offenses)})"
        for ours, theirs in _paired(main, other.answer)
        if ours.offenses != theirs.offenses
    ]
    kind = SourcesDiffer if other.kind == "source" else ReleasesDiffer
    if not said and _reads_otherwise(main, other.answer):
        told = f"the counts are the same, the answer is {_values(main, other.answer)}"
        return kind(f"By the {other.label} {told}.")
    if not said:
        return None
    return kind(f"By the {other.label} the counts differ. {'; '.join(said)}.")


def _reads_otherwise(main: Answer, found: Answer) -> bool:
    """Whether the value differs by more than its last digit shown."""
    if main.value is None or found.value is None:
        return main.value != found.value
    return abs(main.value - found.value) > 0.05


def _values(main: Answer, found: Answer) -> str:
    def shown(value: float | None) -> str:
        return "cannot be formed" if value is None else f"{value:,.1f}"

    return f"{shown(main.value)} here, {shown(found.value)} there: the populations differ"


def _paired(main: Answer, found: Answer) -> Iterator[tuple[Figure, Figure]]:
    theirs = _by_role(found)
    for role, ours in _by_role(main).items():
        if role in theirs:
            yield ours, theirs[role]


def _by_role(answer: Answer) -> dict[tuple[str, Period, int], Figure]:
    """An answer's figures by place and period, and part from whole where both are of one."""
    figures = _figures(answer)
    one = len({(f.place.key, f.period) for f in figures}) < len(figures)
    return {(f.place.key, f.period, i if one else 0): f for i, f in enumerate(figures)}


def _label(figure: Figure) -> str:
    cleared = ", cleared" if figure.counted == "clearances" else ""
    return f"{figure.place} {figure.period}{cleared}"


def _gap(ours: int, theirs: int) -> str:
    gap = theirs - ours
    percent = f", {100 * gap / ours:+.1f}%" if ours else ""
    return f"{gap:+,}{percent}"
