"""Program, year, place and day to an answer: what was in force, and why.

Verified events alone decide. Then everything is counted in, and where that would make a
difference the answer says so.
"""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from baserate.errors import BadInput, Caveat, MissingPart, OutsideEra, UnknownProgram, near_names
from baserate.grants.conditions.reasons import Reason, caveats, reasons, summary
from baserate.grants.conditions.records import (
    Condition,
    Custody,
    Event,
    Finding,
    Headline,
    Program,
    Status,
)
from baserate.grants.conditions.status import find, headline, in_order
from baserate.grants.conditions.tables import Tables, shipped
from baserate.terms.places import Place, recipient

LARGEST_AWARD = Decimal(10) ** 12  # dollars; all federal grants of a year are fewer


@dataclass(frozen=True, slots=True)
class Money:
    """An award in dollars, between two ends where it is not known exactly, and who says so.

    `total` is what was shared out, where the award was worked out from it.
    """

    least: Decimal
    most: Decimal
    source: str = "as given"
    total: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Stake:
    """The dollars that hang on conditions in force: at least, and at most where one is unknown."""

    award: Money
    least: Decimal
    most: Decimal


@dataclass(frozen=True, slots=True)
class ConditionsAnswer:
    """What was in force of one program and year for one place on one day."""

    program: Program
    year: int
    place: Place
    day: date
    status: Headline
    text: str
    findings: tuple[Finding, ...]
    why: tuple[Reason, ...]
    custody: Custody | None
    caveats: tuple[Caveat, ...]
    stake: Stake | None
    rerun: str


@dataclass(frozen=True, slots=True)
class Since:
    """A day on which the status of a place changed, and the answer from then on.

    `caveats` are those of any day until the next change.
    """

    day: date
    answer: ConditionsAnswer
    caveats: tuple[Caveat, ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """The conditions of one program and year, and what happened to them, earliest first."""

    program: Program
    year: int
    conditions: tuple[Condition, ...]
    events: tuple[Event, ...]
    rerun: str


def ask(
    program: str,
    year: int,
    place: str,
    day: date,
    *,
    tables: Tables | None = None,
    award: Decimal | Money | None = None,
) -> ConditionsAnswer:
    """What was in force for a place on a day.

    >>> ask("jag", 2017, "Chicago, IL", date(2017, 10, 1)).status
    'certified only'
    """
    known = tables or shipped()
    conditions = _conditions(known, program, year)
    return _answer(known, conditions, _jurisdiction(place), _within(known, day), _money(award))


def history(
    program: str,
    year: int,
    place: str,
    *,
    tables: Tables | None = None,
    award: Decimal | Money | None = None,
) -> tuple[Since, ...]:
    """Every day on which the status of a place changed."""
    known = tables or shipped()
    conditions, where, money = (
        _conditions(known, program, year),
        _jurisdiction(place),
        _money(award),
    )
    events = known.events_on(conditions)
    days = {e.day for e in events} | {e.sure_by for e in events if e.sure_by}
    found: list[Since] = []
    for day in sorted(days):
        answer = _answer(known, conditions, where, day, money)
        last = found[-1] if found else None
        if last is None or _statuses(answer) != _statuses(last.answer):
            found.append(Since(day, answer, answer.caveats))
        else:
            told = dict.fromkeys((*last.caveats, *answer.caveats))
            found[-1] = Since(last.day, last.answer, tuple(told))
    return tuple(found)


def timeline(program: str, year: int, *, tables: Tables | None = None) -> Timeline:
    """What a program asked for in a year, and what happened to it anywhere."""
    known = tables or shipped()
    conditions = _conditions(known, program, year)
    events = in_order(known.events_on(conditions))
    return Timeline(known.programs[program], year, conditions, events, _rerun(known, program, year))


def _answer(
    known: Tables,
    conditions: Sequence[Condition],
    place: Place,
    day: date,
    award: Money | None,
) -> ConditionsAnswer:
    events = known.events_on(conditions)
    verified = [e for e in events if e.verified]
    findings = tuple(find(c, verified, place, day) for c in conditions)
    everything = tuple(find(c, events, place, day) for c in conditions)
    program, year = known.programs[conditions[0].program], conditions[0].year
    custody = known.custody.get(place.key)
    return ConditionsAnswer(
        program=program,
        year=year,
        place=place,
        day=day,
        status=headline(findings),
        text=summary(findings, f"{program.short} {year}", place, day),
        findings=findings,
        why=reasons(findings, verified, place, day),
        custody=custody,
        caveats=tuple(caveats(findings, everything, custody)),
        stake=None if award is None else stake(award, findings),
        rerun=_rerun(known, program.key, year, place, day, award),
    )


def stake(award: Money, findings: Sequence[Finding]) -> Stake:
    """The award multiplied through: all of it hangs on each condition in force that says so."""
    statuses = {f.status for f in findings if f.condition.whole_award}
    none = Decimal(0)
    least = award.least if "in force" in statuses else none
    return Stake(award, least, award.most if statuses & {"in force", "unknown"} else none)


def _statuses(answer: ConditionsAnswer) -> tuple[Status, ...]:
    return tuple(f.status for f in answer.findings)


def _conditions(known: Tables, program: str, year: int) -> tuple[Condition, ...]:
    """The conditions of a program and year, of which there must be some."""
    if program not in known.programs:
        near = near_names(program, known.programs)
        meant = f"did you mean {near[0]}? Known" if near else "known"
        raise UnknownProgram(
            f"no program {program[:60]!r} is known; {meant}: {', '.join(known.programs)}"
        )
    found = known.conditions_of(program, year)
    if not found:
        years = sorted({c.year for c in known.conditions if c.program == program})
        raise OutsideEra(
            f"no conditions of {program} are known for fiscal year {year}; "
            f"ask for one of {', '.join(map(str, years))}"
        )
    return found


def _jurisdiction(said: str) -> Place:
    place = recipient(said)
    if place.kind not in {"state", "territory", "city"}:
        raise MissingPart(
            f"{said!r} is no one recipient of a grant; name a state, or a city with its state"
        )
    return place


def _within(known: Tables, day: date) -> date:
    if not known.first <= day <= known.last:
        raise OutsideEra(
            f"{day} is outside what is known; "
            f"ask for a day from {known.first} to {known.last}, or add events with --events"
        )
    return day


def _money(award: Decimal | Money | None) -> Money | None:
    if award is None or isinstance(award, Money):
        return award
    if not (award.is_finite() and 0 < award <= LARGEST_AWARD and award == round(award, 2)):
        raise BadInput(f"{award} is no award; write dollars, as 2100000, with cents at most")
    return Money(award, award)


def _rerun(
    known: Tables,
    program: str,
    year: int,
    place: Place | None = None,
    day: date | None = None,
    award: Money | None = None,
) -> str:
    """The command that gives the answer again."""
    words = ["baserate", "conditions", "--program", program, "--year", str(year)]
    words += ["--place", place.plain] if place else []
    words += ["--on", str(day)] if day else []
    words += _again(award) if award is not None else []
    words += ["--events", known.added] if known.added else []
    return shlex.join(words)


def _again(award: Money) -> list[str]:
    """The option that gives an award again: as an amount, or to be worked out from a total."""
    if award.total is not None:
        return ["--total", f"{award.total:f}"]
    return ["--at-stake", f"{award.least:f}"]
