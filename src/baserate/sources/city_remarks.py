"""What is said about a city's file once it is read: sentences with its own figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Protocol

from baserate.sources.city_records import name
from baserate.sources.mapping import CityMapping
from baserate.sources.tables import Tables

KEPT = "problem IS NULL AND aside IS NULL"


class _Month(Protocol):
    @property
    def year(self) -> int: ...
    @property
    def month(self) -> int: ...


def remarks(mapping: CityMapping, out: Tables, corrected: Sequence[_Month]) -> Iterator[str]:
    """What was odd about the file and how it was taken. `corrected` are months it has only
    corrections of.
    """
    told = _figures(mapping, out)
    kept = told["kept"]
    yield from _corrections(mapping, told)
    if corrected:
        shown = ", ".join(f"{m.year}-{m.month:02}" for m in corrected[:6])
        yield (
            f"Some records count in months this file does not cover ({shown}); they are taken as "
            "corrections of those months, which stay partial without the file that covers them."
        )
    if mapping.month_formats and told["earliest"] is not None:
        yield _dates(told)
    if mapping.within:
        yield (
            f"{told['unplaced']:,} of {kept:,} records have no coordinates "
            f"({' or '.join(['empty', *mapping.missing])}), which is taken as missing."
        )
        if told["elsewhere"]:
            yield (
                f"{told['elsewhere']:,} records have coordinates far outside the city; they are "
                "taken as missing, and kept as published in own_x and own_y."
            )
    if told["unknown"]:
        yield (
            f"{told['unknown']:,} records ({told['unknown_codes']:,} codes) are of offenses that "
            "have no key here; they are kept under the publisher's own code."
        )
    if told["repeated"]:
        yield (
            f"{told['repeated']:,} records share their incident number with another record; one "
            "row is one record, not one incident."
        )
    if mapping.no_series:
        yield f"No series is made of these records: {mapping.no_series}"


def _figures(mapping: CityMapping, out: Tables) -> dict[str, Any]:
    unflagged = " AND ".join(["counts = -1", *(f"NOT {name(f.field)}" for f in mapping.flags)])
    flagged = "".join(
        f', count(*) FILTER (counts = -1 AND {name(f.field)}) AS "with_{f.field}"'
        for f in mapping.flags
    )
    cursor = out.engine.execute(
        f"""
SELECT count(*) AS kept,
    count(*) FILTER (counts = -1) AS corrections,
    count(*) FILTER ({unflagged}) AS unflagged,
    min(incident_date) AS earliest,
    count(*) FILTER (incident_date IS NULL) AS undated,
    count(*) FILTER (year(incident_date) < counted_year) AS earlier,
    count(*) FILTER (incident_date >= make_date(counted_year, counted_month, 1) + INTERVAL 1 MONTH)
        AS later,
    count(*) FILTER (latitude IS NULL AND NOT is_elsewhere) AS unplaced,
    count(*) FILTER (is_elsewhere) AS elsewhere,
    count(*) FILTER (offense IS NULL) AS unknown,
    count(DISTINCT code) FILTER (offense IS NULL) AS unknown_codes,
    (SELECT coalesce(sum(n), 0) FROM (SELECT count(*) AS n FROM record
        WHERE {KEPT} AND number IS NOT NULL GROUP BY number HAVING count(*) > 1)) AS repeated
    {flagged}
FROM record WHERE {KEPT}"""
    )
    names = [d[0] for d in cursor.description]
    return dict(zip(names, cursor.fetchall()[0], strict=True))


def _corrections(mapping: CityMapping, told: dict[str, Any]) -> Iterator[str]:
    if "count" not in mapping.names:
        return
    parts = [
        f"{told[f'with_{f.field}']:,} marked {f.field.removeprefix('own_').replace('_', ' ')}"
        for f in mapping.flags
        if told[f"with_{f.field}"]
    ]
    if told["unflagged"] and mapping.flags:
        parts.append(f"{told['unflagged']:,} without a mark")
    marked = f" ({', '.join(parts)})" if parts else ""
    yield (
        f"{told['corrections']:,} of {told['kept']:,} records are corrections that take an earlier "
        f"record back and count -1{marked}."
    )


def _dates(told: dict[str, Any]) -> str:
    earliest: date = told["earliest"]
    said = (
        f"Dates of occurrence go back to {earliest.day} {earliest:%B} {earliest.year}; "
        f"{told['earlier']:,} records happened in an earlier year than they count in. Each counts "
        "in the month the publisher counts it in."
    )
    if told["later"]:
        said += (
            f" {told['later']:,} are dated after the month they count in, which the date must have "
            "wrong; they are kept."
        )
    if told["undated"]:
        said += f" {told['undated']:,} have no date."
    return said
