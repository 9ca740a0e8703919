"""Grant conditions for programs: the answer as JSON, rows as CSV."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from baserate.errors import Caveat
from baserate.grants.conditions.ask import ConditionsAnswer, Since, Stake, Timeline
from baserate.grants.conditions.records import Condition, Custody, Event, Source
from baserate.grants.conditions.status import in_part
from baserate.publish.harmless import json_text
from baserate.publish.tables import to_csv


def answer_json(answer: ConditionsAnswer) -> str:
    """One object with everything that the terminal shows, and what stands behind it."""
    return _text(_answer(answer))


def answer_csv(answer: ConditionsAnswer) -> str:
    """One row: one condition, for the place on the day."""
    return to_csv(_finding_rows(answer))


def history_json(history: Sequence[Since]) -> str:
    """One object a day on which the status changed."""
    return _text([{"since": s.day.isoformat(), **_answer(s.answer, s.caveats)} for s in history])


def history_csv(history: Sequence[Since]) -> str:
    """One row: one condition from one day on."""
    return to_csv([row for s in history for row in _finding_rows(s.answer)])


def timeline_json(found: Timeline) -> str:
    """The conditions and the events."""
    return _text(
        {
            "program": found.program.key,
            "title": found.program.title,
            "year": found.year,
            "conditions": [_condition(c) for c in found.conditions],
            "events": [_event(e) for e in found.events],
            "rerun": found.rerun,
        }
    )


def timeline_csv(found: Timeline) -> str:
    """One row: one event."""
    return to_csv([_event(e) for e in found.events])


def _answer(answer: ConditionsAnswer, caveats: Sequence[Caveat] | None = None) -> dict[str, Any]:
    told = answer.caveats if caveats is None else caveats
    return {
        "program": answer.program.key,
        "title": answer.program.title,
        "year": answer.year,
        "place": answer.place.key,
        "on": answer.day.isoformat(),
        "status": answer.status,
        "in_part": in_part(answer.findings),
        "text": answer.text,
        "conditions": [
            {**_condition(f.condition), "status": f.status, "doubt": f.doubt or None}
            for f in answer.findings
        ],
        "why": [
            {
                "conditions": list(reason.conditions),
                "status": reason.status,
                "text": reason.text,
                "events": [_event(e) for e in reason.events],
            }
            for reason in answer.why
        ],
        "custody": _custody(answer.custody),
        "at_stake": _stake(answer.stake),
        "caveats": [{"kind": c.kind, "text": c.text} for c in told],
        "rerun": answer.rerun,
    }


def _finding_rows(answer: ConditionsAnswer) -> list[dict[str, Any]]:
    because = {key: r.events for r in answer.why for key in r.conditions}
    return [
        {
            "program": answer.program.key,
            "year": answer.year,
            "place": answer.place.key,
            "on": answer.day.isoformat(),
            "answer": answer.status,
            "condition": f.condition.key,
            "status": f.status,
            "events": [e.id for e in because[f.condition.key]],
            "citations": [e.source.citation for e in because[f.condition.key]],
            "at_stake_least": answer.stake.least if answer.stake else None,
            "at_stake_most": answer.stake.most if answer.stake else None,
        }
        for f in answer.findings
    ]


def _condition(condition: Condition) -> dict[str, Any]:
    return {
        "condition": condition.key,
        "nature": condition.nature,
        "text": condition.text,
        "requires": condition.requires,
        "authority": condition.authority,
        "depends_on": condition.depends_on,
        "deadline": condition.deadline,
        "whole_award": condition.whole_award,
        **_source(condition.source),
    }


def _event(event: Event) -> dict[str, Any]:
    return {
        "id": event.id,
        "date": event.day.isoformat(),
        "sure_by": event.sure_day.isoformat() if event.sure_day else None,
        "kind": event.kind,
        "actor": event.actor,
        "program": event.program,
        "years": list(event.years),
        "conditions": list(event.conditions),
        "scope": event.scope.reach,
        "places": list(event.scope.places),
        "covers_locals": event.scope.covers_locals,
        "unsure": list(event.scope.unsure),
        "of": list(event.of),
        "text": event.text,
        **_source(event.source),
    }


def _custody(custody: Custody | None) -> dict[str, Any] | None:
    if custody is None:
        return None
    return {"runs_jail": custody.runs_jail, "who": custody.who, **_source(custody.source)}


def _stake(stake: Stake | None) -> dict[str, str] | None:
    """Dollars as text, so that no cent is lost on the way."""
    if stake is None:
        return None
    named = {
        "award_least": stake.award.least,
        "award_most": stake.award.most,
        "least": stake.least,
        "most": stake.most,
    }
    told = {name: f"{amount:f}" for name, amount in named.items()}
    return {**told, "source": stake.award.source}


def _source(source: Source) -> dict[str, Any]:
    return {
        "citation": source.citation,
        "address": source.address,
        "verified": source.verified,
    }


def _text(data: object) -> str:
    return json_text(data, indent=2)
