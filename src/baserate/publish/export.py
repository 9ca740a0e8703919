"""Answers for programs: JSON and CSV. The same figures and caveats as everywhere else."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import asdict
from math import isinf
from typing import Any

from baserate.measure.answer import Answer, Choice, Figure, Other, Point
from baserate.publish.tables import safe_cell
from baserate.publish.wording import doubt, finding
from baserate.terms.places import Place
from baserate.terms.quantities import Interval

CSV_COLUMNS = (
    "place",
    "year",
    "value",
    "lower",
    "upper",
    "unit",
    "definition",
    "offenses",
    "population",
    "file_row",
)


def to_json(answer: Answer, *, indent: int | None = 2) -> str:
    """One JSON object: the answer with everything it must carry."""
    return json.dumps(as_data(answer), indent=indent, ensure_ascii=False, allow_nan=False)


def as_data(answer: Answer) -> dict[str, Any]:
    """The answer as plain dictionaries. An open interval end is null."""
    asked = answer.question
    return {
        "question": {
            "words": asked.words,
            "measure": asked.measure,
            "offense": asked.offense,
            "place": _place(asked.place),
            "period": str(asked.period),
            "baseline": None if asked.baseline is None else str(asked.baseline),
            "quantity": "rate" if asked.per_head else "count",
            "against": None if asked.against is None else _place(asked.against),
            "whole": asked.whole,
            "extreme": asked.extreme,
            "definition": asked.definition,
            "as_of": None if asked.as_of is None else asked.as_of.isoformat(),
        },
        "finding": finding(answer),
        "doubt": doubt(answer),
        "verdict": answer.verdict,
        "value": answer.value,
        "unit": answer.unit,
        "interval": _interval(answer.interval),
        "p_value": answer.p_value,
        "from": _figure(answer.earlier),
        "to": _figure(answer.later),
        "others": [_other(o) for o in answer.others],
        "coverage": asdict(answer.coverage),
        "definition": asdict(answer.definition),
        "vintage": {
            **asdict(answer.vintage),
            "released": answer.vintage.released.isoformat(),
            "as_of": None if answer.vintage.as_of is None else answer.vintage.as_of.isoformat(),
        },
        "robustness": {
            "holds": answer.robustness.holds,
            "of": answer.robustness.of,
            "flips": [_choice(c) for c in answer.robustness.flips],
            "choices": [_choice(c) for c in answer.robustness.choices],
        },
        "unusual": None if answer.unusual is None else asdict(answer.unusual),
        "scatter": (
            None
            if answer.scatter is None
            else {
                "interval": _interval(answer.scatter.interval),
                "dispersion": answer.scatter.dispersion,
            }
        ),
        "extremes": None if answer.extremes is None else asdict(answer.extremes),
        "ranking": None if answer.ranking is None else asdict(answer.ranking),
        "states_against_nation": [asdict(y) for y in answer.states_against_nation],
        "caveats": [{"kind": c.kind, "text": c.text} for c in answer.caveats],
        "sources": [{**asdict(s), "released": s.released.isoformat()} for s in answer.sources],
        "rerun": answer.rerun,
    }


def to_csv(answer: Answer) -> str:
    """The series behind the answer, one row a figure, safe to open in a spreadsheet."""
    return points_csv(answer.points, _unit_of_points(answer))


def points_csv(points: tuple[Point, ...], unit: str) -> str:
    """Points of a chart as CSV."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(CSV_COLUMNS)
    for p in points:
        row = (
            p.place,
            p.year if p.first_year in {None, p.year} else f"{p.first_year} to {p.year}",
            round(p.value, 4),
            round(p.lower, 4),
            round(p.upper, 4),
            unit,
            p.basis,
            p.offenses,
            p.population,
            "" if p.file_row is None else p.file_row,
        )
        writer.writerow([safe_cell(cell) for cell in row])
    return out.getvalue()


def _unit_of_points(answer: Answer) -> str:
    asked = answer.question
    if asked.measure == "clearance":
        return answer.unit
    return "per 100,000 people" if asked.per_head and asked.measure != "share" else "offenses"


def _place(place: Place) -> dict[str, str]:
    return {"key": place.key, "name": place.name, "kind": place.kind}


def _interval(interval: Interval | None) -> dict[str, Any] | None:
    if interval is None:
        return None
    return {
        "lower": _finite(interval.lower),
        "upper": _finite(interval.upper),
        "level": interval.level,
        "method": interval.method,
    }


def _finite(value: float) -> float | None:
    return None if isinf(value) else value


def _figure(figure: Figure | None) -> dict[str, Any] | None:
    if figure is None:
        return None
    return {
        "place": figure.place.key,
        "period": str(figure.period),
        "value": figure.value,
        "unit": "per 100,000 people" if figure.per_head else figure.counted,
        "interval": _interval(figure.limits),
        "offenses": figure.offenses,
        "population": figure.population,
        "rate_per_100k": figure.rate if figure.population else None,
        "definition": figure.basis,
        "adjusted_value": figure.adjusted,
    }


def _other(other: Other) -> dict[str, Any]:
    return {
        "label": other.label,
        "value": other.value,
        "unit": other.unit,
        "interval": _interval(other.interval),
        "verdict": other.verdict,
        "from": other.earlier,
        "from_adjusted": other.adjusted,
        "to": other.later,
    }


def _choice(choice: Choice) -> dict[str, Any]:
    return {
        "choice": choice.kind,
        "option": choice.option,
        "value": choice.value,
        "verdict": choice.verdict,
        "holds": choice.holds,
    }
