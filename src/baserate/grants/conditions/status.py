"""From events to a status, for one condition, one place and one day.

Three words, as in Kleene's logic: a place is covered, is not, or it can't be told. Orders of
different courts stand beside one another: one that covers is enough.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import partial, reduce
from typing import Literal, TypeVar

from baserate.grants.conditions.records import (
    Condition,
    Event,
    EventKind,
    Finding,
    Headline,
    Truth,
)
from baserate.terms.places import Place

Standing = Literal["never", "imposed", "withdrawn", "can't tell"]

S = TypeVar("S")

# On one day a demand comes before the order against it, and an order before its own change.
_FIRST_TO_LAST: tuple[EventKind, ...] = (
    *("imposed", "withdrawn", "letter", "certified", "enjoined"),
    *("affirmed", "scope", "stayed", "reversed"),
)
_CHANGES = {"scope", "stayed", "reversed"}


def find(condition: Condition, events: Iterable[Event], place: Place, day: date) -> Finding:
    """The status of a condition for a place at the end of a day, from the events given.

    Takes every event for a fact: whoever wants verified ones alone passes those alone.
    """
    known = [e for e in events if e.concerns(condition) and e.day <= day]
    standing, imposing = _imposed(known, place, day)
    if standing == "never":
        return Finding(condition, "unknown", (), "not imposed")
    if standing == "can't tell":
        return Finding(condition, "unknown", imposing, "imposing unclear")
    if standing == "withdrawn":
        return Finding(condition, "withdrawn", imposing)
    return _against_orders(condition, known, imposing, place, day)


def _against_orders(
    condition: Condition,
    known: Sequence[Event],
    imposing: tuple[Event, ...],
    place: Place,
    day: date,
) -> Finding:
    covered: dict[Truth, list[Event]] = {"yes": [], "no": [], "can't tell": []}
    for order in in_order(e for e in known if e.kind == "enjoined"):
        changes = [e for e in known if e.kind in _CHANGES and order.id in e.of]
        truth = _covered(order, changes, place, day)
        reached = any(e.scope.covers(place) != "no" for e in (order, *changes))
        covered[truth] += [order, *changes] if reached else []
    if covered["yes"]:
        return Finding(condition, "enjoined", in_order((*imposing, *covered["yes"])))
    if covered["can't tell"]:
        because = in_order((*imposing, *covered["can't tell"]))
        return Finding(condition, "unknown", because, "order unclear")
    return Finding(condition, "in force", in_order((*imposing, *covered["no"])))


def _covered(order: Event, changes: Sequence[Event], place: Place, day: date) -> Truth:
    """Whether an order covers the place that day, after all that was done to it."""

    def step(_: Truth, event: Event) -> Truth:
        return event.scope.covers(place)

    before: Truth = "no"
    return _settled(before, (order, *changes), step, day, "can't tell")


def _imposed(known: Sequence[Event], place: Place, day: date) -> tuple[Standing, tuple[Event, ...]]:
    """Whether the condition is asked of the place that day, and the events that say so."""
    steps = [e for e in known if e.kind in {"imposed", "withdrawn"}]
    reaching = in_order(e for e in steps if e.scope.covers(place) != "no")
    start: Standing = "never"
    standing = _settled(start, reaching, partial(_stands, place), day, "can't tell")
    return standing, reaching


def _stands(place: Place, before: Standing, event: Event) -> Standing:
    after: Standing = "imposed" if event.kind == "imposed" else "withdrawn"
    if before in {after, "never"} and after == "withdrawn":
        return before  # nothing is there to be withdrawn
    return after if before == after or event.scope.covers(place) == "yes" else "can't tell"


def _settled(
    start: S, events: Sequence[Event], step: Callable[[S, Event], S], day: date, unclear: S
) -> S:
    """Where the steps lead, or `unclear` where that hangs on a day that is not known."""
    known = in_order(events)
    sure = [e for e in known if e.is_sure(day)]
    open_ = [e for e in known if not e.is_sure(day)]
    ends = {reduce(step, sure, start), reduce(step, in_order(sure, last=True), start)}
    ends |= {step(end, e) for end in ends for e in open_}
    return ends.pop() if len(ends) == 1 else unclear


def in_order(events: Iterable[Event], *, last: bool = False) -> tuple[Event, ...]:
    """By the first day (or the last) on which each may have worked; the file's order is nothing."""

    def key(event: Event) -> tuple[date, int, str]:
        day = event.sure_day if last and event.sure_day else event.day
        return day, _FIRST_TO_LAST.index(event.kind), event.id

    return tuple(sorted({e.id: e for e in events}.values(), key=key))


def headline(findings: Sequence[Finding]) -> Headline:
    """One word for all conditions of a program and year; the gravest doubt comes first.

    What was withdrawn is set aside unless all was. One condition that can't be told makes the
    whole unknown. Only a certification left in force is 'certified only'.
    """
    left = [f for f in findings if f.status != "withdrawn"]
    statuses = {f.status for f in left}
    if "unknown" in statuses:
        return "unknown"
    if not left:
        return "withdrawn"
    if statuses == {"enjoined"}:
        return "enjoined"
    binding = {f.condition.nature for f in left if f.status == "in force"}
    return "certified only" if binding == {"certification"} else "in force"


def in_part(findings: Sequence[Finding]) -> bool:
    """Whether some conditions are in force and others enjoined or withdrawn."""
    return headline(findings) == "in force" and {f.status for f in findings} != {"in force"}
