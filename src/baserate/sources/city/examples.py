"""A mapping's examples are its tests: each row is worked through and must become what it says."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import duckdb

from baserate.errors import BadMapping, SourceError
from baserate.sources import delimited
from baserate.sources.city.mapping import CityMapping, Example
from baserate.sources.city.records import make_records, own
from baserate.sources.tables import Tables, quoted

NEAR = 0.00005  # degrees; about five meters


def failing(mapping: CityMapping) -> list[str]:
    """What is wrong with each example that does not come out as it says; nothing if all do."""
    with tempfile.TemporaryDirectory() as folder, Tables(Path(folder), is_small=True) as out:
        found = [(e, wrong(mapping, e, out)) for e in mapping.examples]
    return [f"{example.says!r}: {said}" for example, said in found if said]


def wrong(mapping: CityMapping, example: Example, out: Tables) -> str:
    """How one example's outcome differs from what it says; '' if it does not."""
    try:
        found = outcome(mapping, example, out)
    except (SourceError, duckdb.Error) as error:
        return str(error).splitlines()[0]
    problem, aside = found["problem"], found["aside"]
    if example.aside:
        return "" if aside is not None else "it is not set aside"
    if example.rejected is not None:
        return (
            "" if example.rejected in (problem or "") else f"it is not rejected so, but: {problem}"
        )
    if problem is not None or aside is not None:
        return f"it is not kept: {problem or 'it is set aside'}"
    differs = [
        f"{key} is {found.get(key)!r}, not {value!r}"
        for key, value in (example.becomes or {}).items()
        if not _same(found.get(key), value)
    ]
    return ", ".join(differs)


def outcome(mapping: CityMapping, example: Example, out: Tables) -> dict[str, Any]:
    """The record that an example's row becomes, by name; with aside and problem."""
    path = out.folder / "example.csv"
    path.write_text(f"{example.header}\n{example.row}\n", encoding="utf-8", newline="")
    loaded = delimited.load(out, "raw", path, check=lambda _: None, count=False)
    columns = mapping.columns_of(loaded.columns, "the example")
    if loaded.rows != 1:
        raise BadMapping(f"the row is {loaded.rows} rows of the header's width, not one")
    if mapping.sheets:
        out.engine.execute(
            f"ALTER TABLE raw ADD sheet VARCHAR DEFAULT {quoted(example.sheet or '')}"
        )
    out.engine.execute(make_records(mapping, columns, "raw"))
    kept = "".join(f", {value} AS {column}" for column, value in own(mapping, columns).items())
    cursor = out.engine.execute(f"SELECT record.*{kept} FROM record POSITIONAL JOIN raw")
    names = [d[0] for d in cursor.description]
    found = dict(zip(names, cursor.fetchall()[0], strict=True))
    return found | _as_the_tables_say(mapping, found)


def _as_the_tables_say(mapping: CityMapping, found: dict[str, Any]) -> dict[str, Any]:
    year, month, agency = found["counted_year"], found["counted_month"], found["agency"]
    rule = next((o for o in mapping.offenses if o.key == found["offense"]), None)
    dated = year is not None
    return {
        "incident_number": found["number"],
        "offense_code": found["code"],
        "count": found["counts"],
        "counted": f"{year:04}-{month:02}" if dated else None,
        "definition": rule.definition(year, month) if rule and dated else None,
        "place": None if agency is None else mapping.agencies[agency].place,
    }


def _same(found: Any, said: Any) -> bool:
    """Whether a value is what an example says; '' says that there is none."""
    if said == "":
        return found is None
    if isinstance(said, float):
        return isinstance(found, float) and abs(found - said) < NEAR
    if isinstance(said, bool) or isinstance(found, bool):
        return found is said
    return found is not None and str(found) == str(said)
