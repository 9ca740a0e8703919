"""The files of conditions, events and jails as frozen records, or one sentence on what is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from baserate.errors import BadRules
from baserate.grants.conditions.entries import Entry
from baserate.grants.conditions.records import (
    ALL_CITIES,
    EVERYONE,
    Condition,
    Custody,
    Dependence,
    Event,
    EventKind,
    Nature,
    Program,
    Reach,
    Scope,
    Source,
)
from baserate.grants.given import read_toml

MOST_EVENTS = 100  # twice what the litigation of 2017 to 2022 made

CHANGES = frozenset({"scope", "stayed", "affirmed", "reversed"})


@dataclass(frozen=True, slots=True)
class Tables:
    """Everything known of conditions. `first` and `last` are the days between which it speaks.

    `added` is the file of a user's own events.
    """

    programs: Mapping[str, Program]
    conditions: tuple[Condition, ...]
    events: tuple[Event, ...]
    custody: Mapping[str, Custody]
    first: date
    last: date
    added: str | None = None

    def conditions_of(self, program: str, year: int) -> tuple[Condition, ...]:
        """What that program asked for in that fiscal year."""
        return tuple(c for c in self.conditions if (c.program, c.year) == (program, year))

    def events_on(self, conditions: Iterable[Condition]) -> tuple[Event, ...]:
        """Every event that speaks of one of the conditions."""
        asked = tuple(conditions)
        return tuple(e for e in self.events if any(e.concerns(c) for c in asked))


@cache
def shipped() -> Tables:
    """The tables that come with the package."""
    asked, happened = _shipped("conditions"), _shipped("events")
    programs = {p.key: p for p in map(_program, _numbered(asked, "program", "conditions.toml"))}
    conditions = tuple(
        c for e in _numbered(asked, "condition", "conditions.toml") for c in _conditions(e)
    )
    span = Entry("events.toml", happened["speaks"])
    jails = _numbered(_shipped("jurisdictions"), "jail", "jurisdictions.toml")
    tables = Tables(
        programs, conditions, (), {c.place: c for c in map(_custody, jails)},
        span.day("first"), span.day("last"),
    )  # fmt: skip
    return _with_events(tables, _events(happened, "events.toml"))


def with_file(tables: Tables, path: Path | None) -> Tables:
    """The tables with a user's own events beside them."""
    if path is None:
        return tables
    data = read_toml(path, "events")
    for name in data:
        if name != "event":
            raise BadRules(f"{path.name} has {name[:40]!r} in it; write each event as [[event]]")
    both = _with_events(tables, _events(data, path.name))
    return replace(both, added=str(path))


def _with_events(tables: Tables, added: Iterable[Event]) -> Tables:
    """The tables with those events, once each and each about something known."""
    events = {e.id: e for e in tables.events}
    for event in added:
        if event.id in events:
            raise BadRules(f"event {event.id!r} is there already; give yours another id")
        if not tables.first <= event.day <= tables.last:
            raise BadRules(
                f"event {event.id!r} is of {event.day}; what is known reaches from {tables.first} "
                f"to {tables.last}, and outside it one event alone would decide everything"
            )
        _about_something(event, tables)
        events[event.id] = event
    for event in events.values():
        _of_an_order(event, events)
    return replace(tables, events=tuple(events.values()))


def _about_something(event: Event, tables: Tables) -> None:
    """The program, the years and the conditions of an event must be known."""
    if event.program not in tables.programs:
        known = ", ".join(tables.programs)
        raise BadRules(f"event {event.id!r}: no program {event.program!r}; use one of {known}")
    for year in event.years:
        keys = {c.key for c in tables.conditions_of(event.program, year)}
        for key in event.conditions:
            if key not in keys:
                known = ", ".join(sorted(keys)) or "none in that year"
                raise BadRules(
                    f"event {event.id!r}: {event.program} {year} has no condition {key!r}; "
                    f"its conditions: {known}"
                )


def _of_an_order(event: Event, events: Mapping[str, Event]) -> None:
    """What changes an order must name one, and come after it."""
    if event.kind in CHANGES and not event.of:
        raise BadRules(
            f"event {event.id!r}: of is missing; "
            f"{event.kind!r} needs the id of the order it is about"
        )
    for name in event.of:
        order = events.get(name)
        if order is None or order.kind != "enjoined":
            raise BadRules(f"event {event.id!r}: of names {name!r}, which is no order that enjoins")
        if order.day > event.day:
            raise BadRules(f"event {event.id!r} is of {event.day}, before the order it is about")


def _events(data: Mapping[str, Any], where: str) -> Iterator[Event]:
    found = list(_numbered(data, "event", where))
    if not found:
        raise BadRules(f"{where} has no event; write one as [[event]], see docs/conditions.md")
    if len(found) > MOST_EVENTS:
        raise BadRules(f"{where} has {len(found):,} events; a file has at most {MOST_EVENTS}")
    return map(_event, found)


def _numbered(data: Mapping[str, Any], kind: str, where: str) -> Iterator[Entry]:
    """The entries of one kind, each called by its id where it has one."""
    listed = data.get(kind, [])
    if not isinstance(listed, list):
        raise BadRules(f"{where}: {kind} is not a list; write [[{kind}]] in double brackets")
    for number, fields in enumerate(listed, start=1):
        named = fields.get("id") if isinstance(fields, dict) else None
        called = repr(named[:60]) if isinstance(named, str) and named else f"number {number}"
        yield Entry(f"{kind} {called} in {where}", fields)


def _event(entry: Entry) -> Event:
    event = Event(
        id=entry.name("id"),
        day=entry.day("date"),
        kind=entry.one_of("kind", EventKind),
        actor=entry.text("actor"),
        program=entry.name("program"),
        years=entry.years("years"),
        conditions=entry.words("conditions", needed=True),
        scope=_scope(entry),
        text=entry.text("text"),
        source=_source(entry),
        of=entry.words("of"),
        sure_by=entry.day_or_none("sure_by"),
        is_open=entry.flag_or_none("is_open") or False,
    )
    if event.sure_by is not None and (event.is_open or event.sure_by < event.day):
        raise entry.wrong(
            "sure_by", event.sure_by, "it is a day after date, and never with is_open"
        )
    if event.kind == "reversed" and event.scope.reach != "nobody":
        raise entry.wrong(
            "scope", event.scope.reach, "'reversed' leaves 'nobody'; else use 'scope'"
        )
    entry.end()
    return event


def _scope(entry: Entry) -> Scope:
    reach: Reach = entry.one_of("scope", Reach)
    places = entry.places("places")
    unsure = entry.places("unsure", (ALL_CITIES, EVERYONE))
    named = places + unsure
    if reach == "parties" and not named:
        raise entry.wrong("places", None, "a scope of 'parties' names them")
    if reach != "parties" and named:
        raise entry.wrong("places", ", ".join(named), f"a scope of {reach!r} names no place")
    return Scope(reach, places, entry.flag_or_none("covers_locals"), unsure)


def _source(entry: Entry) -> Source:
    return Source(entry.text("citation"), entry.text_or_none("address"), entry.flag("verified"))


def _program(entry: Entry) -> Program:
    program = Program(entry.name("key"), entry.text("short"), entry.text("title"), _source(entry))
    entry.end()
    return program


def _conditions(entry: Entry) -> Iterator[Condition]:
    """One condition for each year in which it was asked in the same words."""
    years = entry.years("years")
    condition = Condition(
        program=entry.name("program"),
        year=years[0],
        key=entry.name("key"),
        nature=entry.one_of("nature", Nature),
        text=entry.text("text"),
        requires=entry.text("requires"),
        authority=entry.text("authority"),
        depends_on=entry.one_of("depends_on", Dependence),
        deadline=entry.text_or_none("deadline"),
        whole_award=entry.flag("whole_award"),
        source=_source(entry),
    )
    entry.end()
    return (replace(condition, year=year) for year in years)


def _custody(entry: Entry) -> Custody:
    custody = Custody(
        entry.place("place"), entry.flag("runs_jail"), entry.text("who"), _source(entry)
    )
    entry.end()
    return custody


def _shipped(name: str) -> Mapping[str, Any]:
    return read_toml(Path(__file__).with_name(f"{name}.toml"), name)
