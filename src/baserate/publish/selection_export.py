"""A selection for programs: JSON with everything, CSV with one row a city."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from math import isinf
from typing import Any

from baserate.grants.parameters import Taken
from baserate.grants.selection.candidates import CityYear
from baserate.grants.selection.contrasts import Candidate, Contrast
from baserate.grants.selection.criteria import Standing
from baserate.grants.selection.nation import NationYear
from baserate.grants.selection.ranks import METHOD
from baserate.grants.selection.select import Selected
from baserate.measure.poisson import RatioLimits
from baserate.publish.harmless import json_text
from baserate.publish.register_table import register_rows
from baserate.publish.selection_place import about_place
from baserate.publish.selection_words import doubt, finding, floor
from baserate.publish.tables import to_csv
from baserate.sources.catalog import dataset

COUNTED: tuple[tuple[str, Standing], ...] = (
    ("met", "met"),
    ("met_without_certainty", "met without certainty"),
    ("not_met", "not met"),
    ("cannot_be_told", "cannot be told"),
)


def selection_json(found: Selected, command: str) -> str:
    """One JSON object: the finding, every city, the chosen, the variations, the sources."""
    data = selection_data(found, command)
    return json_text(data, indent=2)


def selection_data(found: Selected, command: str) -> dict[str, Any]:
    """The selection as plain dictionaries. An open interval end is null."""
    asked = found.asked
    return {
        "program": asked.rules.program,
        "standing_of_rules": asked.rules.standing,
        "offense": asked.offense,
        "years": list(found.years),
        "cohort": found.cohort,
        "as_of": None if found.as_of is None else found.as_of.isoformat(),
        "finding": finding(found),
        "floor": floor(found) or None,
        "doubt": doubt(found),
        "counts": {name: len(found.standing(said)) for name, said in COUNTED},
        "criteria": [_taken(t) for t in found.criteria.taken],
        "nation": {
            "vintage": found.nation.vintage,
            "source": found.nation.citation,
            "address": found.nation.address or None,
            "years": [_nation(found.nation.usual[y]) for y in found.years],
        },
        "place": None if found.place is None else about_place(found, found.place),
        "cities": [_city(c) for c in found.candidates],
        "too_small": len(found.too_small),
        "chosen_without_records": register_rows(found.chosen_absent, "json"),
        "contrasts": [_contrast(c) for c in found.contrasts],
        "variations": [asdict(v) for v in found.variations],
        "other_nations": [asdict(o) for o in found.other_nations],
        "rank_method": METHOD,
        "caveats": [{"kind": c.kind, "text": c.text} for c in found.caveats],
        "sources": [
            {
                "file": e.file,
                "dataset": e.dataset,
                "publisher": dataset(e.dataset).publisher,
                "title": dataset(e.dataset).title,
                "released": e.released.isoformat(),
                "sha256": e.sha256,
                "figures_used": used,
            }
            for e, used in found.files
        ],
        "rerun": command,
    }


def selection_csv(found: Selected) -> str:
    """One row a city, in order of rank."""
    return to_csv(city_rows(found, found.candidates))


def city_rows(found: Selected, candidates: Sequence[Candidate]) -> list[dict[str, Any]]:
    """Cities as flat records; columns of a year bear its number."""
    return [_flat(found, c) for c in candidates]


def _flat(found: Selected, one: Candidate) -> dict[str, Any]:
    held = {y.year: (y, r) for y, r in zip(one.record.years, one.years, strict=True)}
    by_year: dict[str, Any] = {}
    for year in found.years:
        city, ratio = held.get(year, (None, None))
        by_year |= {
            f"offenses_{year}": city.row.offenses if city else None,
            f"population_{year}": city.row.population if city else None,
            f"rate_per_100k_{year}": _round(city.rate) if city else None,
            f"ratio_{year}": _round(ratio.ratio) if ratio else None,
            f"ratio_lower_{year}": _round(ratio.lower) if ratio else None,
            f"ratio_upper_{year}": _round(ratio.upper) if ratio else None,
        }
    whole = one.over_window
    return {
        "city": one.key,
        "standing": one.standing,
        "part": one.part,
        "rank": one.rank.rank if one.rank else None,
        "rank_highest": one.rank.highest if one.rank else None,
        "rank_lowest": one.rank.lowest if one.rank else None,
        "ratio_window": _round(whole.ratio) if whole else None,
        "ratio_window_lower": _round(whole.lower) if whole else None,
        "ratio_window_upper": _round(whole.upper) if whole else None,
        **by_year,
        "ratio_to_newest_release": _round(one.today.ratio) if one.today else None,
        "declared_commitment": one.declared.commitment if one.declared else None,
        "declared_readiness": one.declared.readiness if one.declared else None,
        "declared_by": one.declared.source if one.declared else None,
        "lacking": "; ".join(f"{x.year}: {x.why}" for x in one.record.lacking),
        "dataset": one.record.dataset,
    }


def _city(one: Candidate) -> dict[str, Any]:
    return {
        "city": one.key,
        "standing": one.standing,
        "part": one.part or None,
        "rank": one.rank._asdict() if one.rank else None,
        "population": one.record.population,
        "ratio_window": _limits(one.over_window),
        "years": [_year(y, r) for y, r in zip(one.record.years, one.years, strict=True)],
        "lacking": [asdict(x) for x in one.record.lacking],
        "newest_year_ratio_to_newest_release": _limits(one.today),
        "newest_year_ratio_to_revised_definition": _limits(one.revised),
        "sites": register_rows(one.sites, "json"),
        "predecessor": register_rows(one.before, "json"),
        "declared": None if one.declared is None else asdict(one.declared),
        "dataset": one.record.dataset,
    }


def _year(city: CityYear, ratio: RatioLimits) -> dict[str, Any]:
    return {
        "year": city.year,
        "offenses": city.row.offenses,
        "population": city.row.population,
        "rate_per_100k": city.rate,
        "definition": city.row.definition,
        "nation_rate_per_100k": city.nation.rate,
        "nation_definition": city.nation.definition,
        "is_one_definition": city.alike,
        "ratio": _limits(ratio),
        "file": city.row.file,
        "row": city.row.file_row,
    }


def _nation(one: NationYear) -> dict[str, Any]:
    return {
        "year": one.year,
        "offenses": one.tally.offenses,
        "rate_per_100k": one.rate,
        "definition": one.definition,
        "title": one.title,
        "released": one.released.isoformat(),
        "row": one.row.file_row if one.row else None,
    }


def _contrast(one: Contrast) -> dict[str, Any]:
    return {
        "chosen": one.chosen.key,
        "not_chosen_as_far_above": list(one.as_far),
        "surely_above": list(one.surely),
        "below_by_no_more_than_noise": list(one.alike),
    }


def _taken(taken: Taken) -> dict[str, Any]:
    return {
        "name": taken.name,
        "title": taken.title,
        "value": float(taken.number),
        "unit": taken.unit,
        "citation": taken.citation,
        "verified": taken.verified,
        "what_if": taken.scenario or None,
        "note": taken.note or None,
    }


def _limits(found: RatioLimits | None) -> dict[str, float | None] | None:
    if found is None:
        return None
    return {"ratio": found.ratio, "lower": found.lower, "upper": _finite(found.upper)}


def _finite(value: float) -> float | None:
    return None if isinf(value) else value


def _round(value: float) -> float | None:
    return None if isinf(value) else round(value, 4)
