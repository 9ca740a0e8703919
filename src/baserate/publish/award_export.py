"""Awards for programs: one JSON object with everything, or one CSV line a State."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from baserate.grants.award import Award, StateAward
from baserate.grants.explain import Line, explained, local_lines
from baserate.grants.inputs import Inputs
from baserate.grants.local import LocalAward
from baserate.grants.local_states import LocalState
from baserate.grants.parameters import Taken
from baserate.grants.psn import DistrictAwards
from baserate.grants.result import JagResult
from baserate.publish.award_notes import district_notes, notes
from baserate.publish.award_words import finding
from baserate.publish.harmless import json_text
from baserate.publish.tables import Record, to_csv
from baserate.terms.offenses import RapeDefinition


def award_json(result: JagResult) -> str:
    """Everything an award answers, as one JSON object. Amounts are dollars."""
    award = result.award
    told = {
        **_head(award),
        "finding": finding(result),
        "states": [_state(result, s) for s in award.states],
        "minimum_states": list(award.minimum_states),
        "published": [
            {
                "place": d.key, "published": d.published, "here": round(d.ours, 2),
                "apart": round(d.apart, 2), "fits": d.fits,
            }
            for d in award.differences
        ],
        "needed_for_published": [
            {
                "place": n.name, "published": n.published, "least": n.least, "most": n.most,
                "held": n.held,
            }
            for n in result.needed
        ],
        "near_minimum": [
            {
                "place": n.key, "times_minimum": round(n.times, 4), "is_minimum": n.is_minimum,
                "crossed_share": n.crossed,
            }
            for n in result.sureness.near
        ],
        "local_states": [_local_state(each) for each in result.locals],
        "drawn": [
            {
                "name": d.name, "state": d.state, "paid_share": d.paid_share,
                "interval": [round(d.interval.lower, 2), round(d.interval.upper, 2)],
                "interval_method": d.interval.method,
            }
            for d in result.drawn
        ],
        "parameters": [_parameter(t) for t in award.taken],
        "unverified": [t.name for t in award.unverified],
        "caveats": list(award.stand_ins),
        "notes": [{"label": label, "text": text} for label, text in notes(result)],
        "rerun": result.rerun,
    }  # fmt: skip
    if result.state is not None:
        told["state"] = _state(result, result.state)
        told["explain"] = [_line(each) for each in explained(award, result.state)]
    if result.local is not None:
        told["local"] = _local(result.local)
        told["explain"] = [
            *(_line(each) for each in explained(award, result.local.state)),
            *(_line(each) for each in local_lines(result.local)),
        ]
    return json_text(told, indent=2)


def _head(award: Award) -> dict[str, Any]:
    return {
        "program": award.program,
        "title": award.title,
        "fiscal_year": award.fiscal_year,
        "total": award.total / 100,
        "total_source": award.total_source,
        "unit": "dollars",
        "minimum": float(award.minimum),
        "entities": award.entities,
        **_provenance(award.inputs, award.definition, award.as_of),
        "scenario": award.scenario.title or None,
    }


def _provenance(
    inputs: Inputs, definition: RapeDefinition | None, as_of: date | None
) -> dict[str, Any]:
    return {
        "crime_years": list(inputs.crime_years),
        "population_year": inputs.population_year,
        "definition": definition or "as printed",
        "as_of": as_of.isoformat() if as_of else None,
        "released": inputs.released.isoformat(),
        "files": [{"file": f, "sha256": s} for f, s in inputs.files],
    }


def _columns(
    fiscal_year: int, inputs: Inputs | None, definition: RapeDefinition | None
) -> dict[str, Any]:
    """What every line of a CSV says of where its figures are from."""
    if inputs is None:
        return {"fiscal_year": fiscal_year, "unit": "dollars"}
    years = inputs.crime_years
    return {
        "fiscal_year": fiscal_year,
        "unit": "dollars",
        "crime_years": f"{years[0]} to {years[-1]}",
        "population_year": inputs.population_year,
        "definition": definition or "as printed",
        "released": inputs.released.isoformat(),
    }


def _state(result: JagResult, state: StateAward) -> dict[str, Any]:
    interval = result.sureness.intervals[state.key]
    told = {
        **_row(state),
        "interval": [round(interval.lower, 2), round(interval.upper, 2)],
        "interval_method": interval.method,
        "otherwise": {o.choice: round(o.awards[state.key], 2) for o in result.sureness.otherwise},
    }
    by_rules = result.by_rules.state(state.key).received / 100 if result.by_rules else None
    return {**told, "by_rules": by_rules}


def _row(state: StateAward) -> dict[str, Any]:
    return {
        "state": state.key,
        "name": state.name,
        "award": state.award / 100,
        "government": state.government / 100,
        "local": state.local / 100,
        "withheld": (state.award - state.received) / 100,
        "received": state.received / 100,
        "is_least": state.is_least,
        "is_minimum": state.allocation.is_minimum,
        "first_share": round(float(state.allocation.initial), 2),
        "population": state.input.population,
        "violent_crimes_a_year": round(float(state.input.average), 2),
        "per_person": round(state.per_person, 4),
        "per_crime": None if state.per_crime is None else round(state.per_crime, 2),
    }


def _local(local: LocalAward) -> dict[str, Any]:
    average = local.unit.average
    return {
        "place": local.unit.name,
        "state": local.state.key,
        "least": local.least / 100,
        "most": local.most / 100,
        "is_exact": local.is_exact,
        "is_paid": local.paid,
        "violent_crimes_a_year": None if average is None else round(float(average), 2),
        "local_crimes_a_year": sorted(round(float(c), 2) for c in local.local_crimes),
        "per_crime": sorted(round(c, 2) for c in local.per_crime),
        "units": local.units,
        "interval": [round(local.noise.lower, 2), round(local.noise.upper, 2)],
        "interval_method": local.noise.method,
        "local_amount": local.state.local / 100,
    }


def _local_state(found: LocalState) -> dict[str, Any]:
    made = found.allocation
    return {
        "state": found.state.key,
        "pool": made.pool / 100,
        "per_crime": round(float(made.per_crime), 4),
        "to_state": made.to_state / 100,
        "units": [
            {"name": name, "allocation": cents / 100, "is_paid": name in made.paid}
            for name, cents in {**made.paid, **made.too_small}.items()
        ],
        "near_minimum": [name for name, _ in found.near],
        "disparate": [
            {
                "county": g.county, "cities": list(g.cities), "aggregate": g.aggregate / 100,
                "why": g.why,
            }
            for g in found.groups
        ],
        "left_out": list(found.left_out),
    }  # fmt: skip


def _parameter(taken: Taken) -> dict[str, Any]:
    return {
        "name": taken.name,
        "title": taken.title,
        "value": taken.words,
        "since": taken.since.isoformat(),
        "citation": taken.citation,
        "verified": taken.verified,
        "scenario": taken.scenario or None,
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "what": line.what,
        "figure": line.figure,
        "source": line.source,
        "verified": line.verified,
    }


def award_csv(result: JagResult) -> str:
    """One line a State, amounts in dollars; of one State or place only that."""
    if result.local is not None:
        return to_csv([_flat({**_local(result.local), **_of_award(result)})])
    return states_csv(result, [result.state] if result.state is not None else result.award.states)


def states_csv(result: JagResult, shown: Sequence[StateAward]) -> str:
    """One line a State, amounts in dollars."""
    rows: list[Record] = []
    for state in shown:
        told = _state(result, state)
        told.pop("otherwise")
        rows.append(_flat({**told, **_of_award(result)}))
    return to_csv(rows)


def _of_award(result: JagResult) -> dict[str, Any]:
    award = result.award
    return _columns(award.fiscal_year, award.inputs, award.definition)


def _flat(told: dict[str, Any]) -> Record:
    """A record whose pairs are two columns each."""
    flat: dict[str, Any] = {}
    for name, value in told.items():
        if isinstance(value, list):
            flat[f"{name}_lower"], flat[f"{name}_upper"] = value
        else:
            flat[name] = value
    return flat


def districts_csv(found: DistrictAwards) -> str:
    """One line a district, or a State's districts together; amounts in dollars."""
    told_of_all = _columns(found.fiscal_year, found.inputs, found.definition)
    return to_csv([{**row, **told_of_all} for row in _district_rows(found)])


def _district_rows(found: DistrictAwards) -> list[Record]:
    return [
        {
            "name": r.name,
            "districts": r.districts,
            "award": r.award / 100,
            "population": r.population,
            "violent_crimes_a_year": round(float(r.violent_crimes), 2),
        }
        for r in found.rows
    ]


def districts_json(found: DistrictAwards, rerun: str) -> str:
    """A declared rule's awards as one JSON object."""
    told = {
        "program": "psn",
        "title": found.title,
        "standing": found.standing,
        "fiscal_year": found.fiscal_year,
        "total": found.total / 100,
        "unit": "dollars",
        "districts": _district_rows(found),
        "parameters": [_parameter(t) for t in found.taken],
        "unverified": [t.name for t in found.unverified],
        "not_held": list(found.not_held),
        **(_provenance(found.inputs, found.definition, found.as_of) if found.inputs else {}),
        "districts_from": found.source or None,
        "notes": [{"label": label, "text": text} for label, text in district_notes(found)],
        "scenario": found.scenario or None,
        "rerun": rerun,
    }
    return json_text(told, indent=2)
