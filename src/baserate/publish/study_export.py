"""A study for programs: one JSON object, or one CSV line a design."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from baserate.evaluate.designs.estimate import Estimate, OutcomeTotals
from baserate.evaluate.evaluation import Evaluation, Plan
from baserate.evaluate.periods import split, step_of
from baserate.publish.harmless import json_text
from baserate.publish.study_labels import effect_unit
from baserate.publish.study_second import second_record
from baserate.publish.study_words import (
    claim_words,
    control_words,
    doubt,
    finding,
    plan_words,
    power_words,
)
from baserate.publish.tables import Record, to_csv
from baserate.terms.quantities import Interval

SECOND = ("library", "version", "status", "compared", "there")  # what the CSV has of it


def plan_json(planned: Plan, rerun: str) -> str:
    """The plan: nothing of the effect is in it."""
    return json_text({**_plan(planned), "rerun": rerun}, indent=2)


def study_json(found: Evaluation, rerun: str) -> str:
    """Everything the designs say."""
    told = {
        **_plan(found.plan),
        "reading": found.reading,
        "finding": finding(found),
        "doubt": doubt(found),
        "claim": claim_words(found) or None,
        "designs": [_estimate(e) for e in found.estimates],
        "negative_controls": [
            {
                "outcome": each.plan.study.panel.outcome,
                "reading": each.reading,
                "text": control_words(each),
                "designs": [_estimate(e) for e in each.estimates],
            }
            for each in found.negative_controls
        ],
        "rerun": rerun,
    }
    return json_text(told, indent=2)


def study_csv(found: Evaluation) -> str:
    """One line a design, and one more for every further outcome that it judges."""
    rows: list[Record] = []
    study = found.plan.study
    for each in found.estimates:
        told = _estimate(each)
        told.pop("checks")
        second = told.pop("second_opinion") or {}
        told |= {f"second_{key}": second.get(key) for key in SECOND}
        judged = told.pop("outcomes")
        own = judged[0] if judged else {}
        told |= {
            "outcome": study.panel.offense or study.panel.outcome,
            "treated": own.get("treated"),
            "expected": own.get("expected"),
        }
        rows.append(_flat(told | _provenance(found.plan)))
        for more in judged[1:]:
            blank: Record = dict.fromkeys(told)
            named = {"design": each.design, "paper": each.paper, "outcome": more.pop("name")}
            rows.append(_flat({**blank, **more, **named, **_provenance(found.plan)}))
    return to_csv(rows)


def _flat(told: Record) -> Record:
    """Without lists: an interval is two columns."""
    made = dict(told)
    for name in ("interval", "percent_interval"):
        low, high = made.pop(name) or (None, None)
        made |= {f"{name}_lower": low, f"{name}_upper": high}
    return made


def _plan(planned: Plan) -> dict[str, Any]:
    study, panel = planned.study, planned.panel
    return {
        "title": study.title,
        "program": study.program,
        "also_called": list(study.also_called),
        "study": study.file,
        "checksum": study.checksum,
        "panel": plan_words(planned),
        "units": len(panel.units),
        "treated": [u for u, t in zip(panel.units, panel.treated, strict=True) if t],
        "outcome": study.panel.offense or study.panel.outcome,
        "offense": study.panel.offense or study.about[0] or None,
        "place": study.about[1] or None,
        "periods": [panel.periods[0], panel.periods[-1]],
        "years": _years(panel.periods),
        "effect_unit": effect_unit(planned),
        "measure": panel.measure,
        "power": power_words(planned),
        "mde_percent": planned.mde_percent,
        "threats": [
            {"name": t.name, "gravity": t.gravity, "text": t.text} for t in planned.threats
        ],
        "source": panel.source,
        "notes": list(panel.notes),
    }


def _years(periods: Sequence[int]) -> list[int] | None:
    """First and last year; None where periods are numbered otherwise."""
    step = step_of(periods)
    return None if step is None else [split(p, step)[0] for p in (periods[0], periods[-1])]


def _provenance(planned: Plan) -> dict[str, Any]:
    """What every line of a CSV says of where its figures are from."""
    study, panel = planned.study, planned.panel
    return {
        "effect_unit": effect_unit(planned),
        "first_period": panel.periods[0],
        "last_period": panel.periods[-1],
        "source": panel.source,
        "study": study.file,
        "checksum": study.checksum,
    }


def _estimate(each: Estimate) -> dict[str, Any]:
    return {
        "design": each.design,
        "paper": each.paper,
        "effect": each.effect,
        "interval": _ends(each.interval),
        "percent": each.percent,
        "percent_interval": _limits(each.percent_interval),
        "offenses": each.offenses,
        "p_value": each.p_value,
        "p_rule": each.p_rule,
        "p_two_sided": each.p_two_sided,
        "mde": None if each.mde is None else _finite(each.mde),
        "mde_percent": each.mde_percent,
        "notes": list(each.notes),
        "checks": [{"name": c.name, "text": c.text} for c in each.checks],
        "outcomes": [_outcome(o) for o in each.outcomes],
        "why_not": each.why_not or None,
        "second_opinion": second_record(each.second),
    }


def _outcome(each: OutcomeTotals) -> dict[str, Any]:
    return {
        "name": each.name,
        "treated": each.treated,
        "expected": each.expected,
        "interval": _ends(each.interval),
        "percent": each.percent,
        "percent_interval": _limits(each.percent_interval),
        "p_value": each.p_value,
    }


def _ends(found: Interval | None) -> list[float | None] | None:
    return None if found is None else _limits((found.lower, found.upper))


def _limits(found: tuple[float, float] | None) -> list[float | None] | None:
    return None if found is None else [_finite(v) for v in found]


def _finite(value: float) -> float | None:
    """JSON has no infinity: an end that is open is null."""
    return value if abs(value) != float("inf") else None
