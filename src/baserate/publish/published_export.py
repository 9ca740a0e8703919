"""Published cells for programs: one JSON object, or one CSV line a cell or pair of cells."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from baserate.evaluate.published_study import Borne, ExtremeRead, PublishedEvaluation
from baserate.measure.effects.published import Contrast
from baserate.measure.effects.sentences import NOT_BY_LOT
from baserate.publish.harmless import json_text
from baserate.publish.published_words import (
    can_say,
    cannot_say,
    claim_words,
    finding,
    plan_words,
    power_words,
    spread_words,
)
from baserate.publish.tables import Record, to_csv
from baserate.terms.offenses import offense


def published_plan_json(found: PublishedEvaluation, rerun: str) -> str:
    """What is compared: no change is in it."""
    return json_text({**_plan(found), "rerun": rerun}, indent=2)


def published_json(found: PublishedEvaluation, rerun: str) -> str:
    """Everything the cells say. `published` is as in the study file and can be read as one."""
    told = {
        **_plan(found),
        "reading": found.reading,
        "finding": finding(found),
        "doubt": NOT_BY_LOT,
        "claim": claim_words(found) or None,
        "published": _as_in_the_file(found),
        "contrasts": [_contrast(each) for each in found.study.cells.contrasts],
        "spread": None if found.spread is None else asdict(found.spread),
        "difference": {"points": found.main.points, **_borne(found.borne)},
        "extremes": [_extreme(each) for each in found.extremes],
        "missing": [{"treated": t, "level": level} for t, level in found.study.cells.missing],
        "can_say": list(can_say(found)),
        "cannot_say": list(cannot_say(found)),
        "rerun": rerun,
    }
    return json_text(told, indent=2)


def published_csv(found: PublishedEvaluation) -> str:
    """One line a cell, with its number of units and its change."""
    rows: list[Record] = [
        {
            "study": found.study.file,
            "checksum": found.study.checksum,
            "group": c.name,
            "treated": "yes" if c.treated else "no",
            "level": c.level,
            "units": c.units,
            "percent": c.percent,
        }
        for c in found.study.cells.cells
    ]
    return to_csv(rows)


def _plan(found: PublishedEvaluation) -> dict[str, Any]:
    study = found.study
    return {
        "title": study.title,
        "program": study.program,
        "also_called": list(study.also_called),
        "study": study.file,
        "checksum": study.checksum,
        "offense": offense(study.offense).name,
        "place": study.place.name,
        "periods": list(study.years),
        "panel": plan_words(found),
        "power": power_words(found),
        "spread_from": spread_words(found),
        "sources": list(study.sources),
    }


def _as_in_the_file(found: PublishedEvaluation) -> dict[str, Any]:
    study, cells = found.study, found.study.cells
    told = {
        "offense": offense(study.offense).name,
        "place": study.place.name,
        "units": study.units,
        "at_least": study.at_least,
        "years": list(study.years),
        "factor": cells.factor or None,
        "spread": cells.spread,
        "groups": [_known(asdict(c)) for c in cells.cells],
        "extremes": [_known(asdict(e)) for e in cells.extremes],
    }
    return _known(told)


def _known(record: dict[str, Any]) -> dict[str, Any]:
    """TOML has no null, so what is not known is not there."""
    return {key: value for key, value in record.items() if value not in (None, "")}


def _contrast(each: Contrast) -> dict[str, Any]:
    return {
        "treated": each.treated.name,
        "other": each.other.name,
        "points": each.points,
        "compares_the_program_alone": each.is_clean,
        "largest_spread_told": each.largest_spread_told,
    }


def _borne(borne: Borne | None) -> dict[str, Any]:
    if borne is None:
        return {"interval": None, "standard_error": None, "smallest_visible": None}
    return {
        "interval": [borne.lower, borne.upper],
        "standard_error": borne.error,
        "smallest_visible": borne.smallest_visible,
    }


def _extreme(each: ExtremeRead) -> dict[str, Any]:
    return {
        **asdict(each.extreme),
        "units": each.units,
        "spread_needed": each.spread_needed,
        "expected": each.expected,
        "chance": each.chance,
        "seen": each.seen,
    }
