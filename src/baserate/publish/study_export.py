"""A study for programs: one JSON object, or one CSV line a design."""

from __future__ import annotations

from typing import Any

from baserate.evaluate.designs.estimate import Estimate
from baserate.evaluate.evaluation import Evaluation, Plan
from baserate.publish.harmless import json_text
from baserate.publish.study_words import claim_words, doubt, finding, plan_words, power_words
from baserate.publish.tables import Record, to_csv


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
        "rerun": rerun,
    }
    return json_text(told, indent=2)


def study_csv(found: Evaluation) -> str:
    """One line a design."""
    rows: list[Record] = []
    for each in found.estimates:
        told = _estimate(each)
        told.pop("checks")
        for name in ("interval", "percent_interval"):
            low, high = told.pop(name) or (None, None)
            told |= {f"{name}_lower": low, f"{name}_upper": high}
        rows.append(told)
    return to_csv(rows)


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
        "measure": panel.measure,
        "power": power_words(planned),
        "mde_percent": planned.mde_percent,
        "threats": [
            {"name": t.name, "gravity": t.gravity, "text": t.text} for t in planned.threats
        ],
        "source": panel.source,
        "notes": list(panel.notes),
    }


def _estimate(each: Estimate) -> dict[str, Any]:
    interval = each.interval
    return {
        "design": each.design,
        "paper": each.paper,
        "effect": each.effect,
        "interval": None
        if interval is None
        else [_finite(interval.lower), _finite(interval.upper)],
        "percent": each.percent,
        "percent_interval": None
        if each.percent_interval is None
        else [_finite(v) for v in each.percent_interval],
        "offenses": each.offenses,
        "p_value": each.p_value,
        "p_rule": each.p_rule,
        "mde": each.mde,
        "mde_percent": each.mde_percent,
        "notes": list(each.notes),
        "checks": [{"name": c.name, "text": c.text} for c in each.checks],
        "why_not": each.why_not or None,
    }


def _finite(value: float) -> float | None:
    """JSON has no infinity: an end that is open is null."""
    return value if abs(value) != float("inf") else None
