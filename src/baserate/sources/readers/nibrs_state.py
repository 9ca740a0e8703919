"""The FBI's NIBRS download for one state and year: a zip of CSV tables that refer to one another.

The tables and what their rows must fit are in nibrs_state.toml, the canonical tables made of them
in nibrs_state.sql. Three editions are known: before 2018 (cde_agencies.csv, small letters), 2018
to 2020 (capitals, NIBRS_month with months of zero reports), and since 2021.
"""

from __future__ import annotations

import tempfile
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any

from baserate.errors import BadRow, LayoutChanged, SourceError
from baserate.sources.archives import take_out
from baserate.sources.nibrs_summary import add_summary, counting_table
from baserate.sources.reading import Reading, Source, reading_of
from baserate.sources.relations import (
    Lookup,
    Others,
    Relation,
    no_relation,
    read_lookups,
    read_relation,
)
from baserate.sources.tables import Tables
from baserate.terms.places import readings, states

TITLE = "FBI NIBRS download for one state and year (Crime Data Explorer), .zip of CSV tables"
VERSION = 1

LEAST_MEMBERS = 10  # tables of a NIBRS download that must be in a zip to take it for one
MOST_REJECTED = 0.25  # of the rows; beyond it the file as a whole is not what it should be
FEW_REJECTED = 20  # rows that may be rejected however small the file

AGENCIES = ("agencies.csv", "cde_agencies.csv")


def looks_like(source: Source) -> bool:
    """Whether it is a zip with enough of the download's tables."""
    try:
        inside = {PurePosixPath(m.replace("\\", "/")).name.casefold() for m in source.members}
    except SourceError:
        return False
    tables = {_file(name).casefold() for name in (*relations(), *lookups())}
    return len(inside & (tables | set(AGENCIES))) >= LEAST_MEMBERS


def read(source: Source, out: Tables) -> Reading:
    """Fill the tables of incidents, and the monthly series summed from them."""
    with tempfile.TemporaryDirectory(dir=out.folder, prefix="members-") as folder:
        members = _members(source, Path(folder))
        _read_relations(source, out, members)
    _refuse_mostly_rejected(out, source.name)
    first_year, last_year, tells_months = _months(out, source.name)
    _prepare(out)
    for table, query in queries().items():
        parameters = {"year": last_year, "tells_months": tells_months}
        out.write_query(table, _filled(query, parameters))
    add_summary(out)
    return reading_of(
        "nibrs_state",
        source,
        edition=f"{_state(out)}, {_years(first_year, last_year)}",
        first_year=first_year,
        last_year=last_year,
        remarks=_remarks(out, members, tells_months),
    )


@cache
def relations() -> dict[str, Relation]:
    """Every table of data, in an order in which each comes after those it refers to."""
    return {name: Relation.told(name, entry) for name, entry in _layout()["table"].items()}


@cache
def lookups() -> dict[str, Lookup]:
    """Every table of codes."""
    return {
        name: Lookup(name=name, code=entry["code"], unsaid=tuple(entry.get("unsaid", ())))
        for name, entry in _layout()["lookup"].items()
    }


@cache
def queries() -> dict[str, str]:
    """The query that makes each canonical table."""
    text = Path(__file__).with_name("nibrs_state.sql").read_text(encoding="utf-8")
    parts = text.split("-- table: ")[1:]
    return {p.split("\n", 1)[0].strip(): p.split("\n", 1)[1].strip() for p in parts}


def named(columns: tuple[str, ...]) -> tuple[str, ...]:
    """Columns under the names used here, whatever the edition.

    >>> named(("DATA_YEAR", "MONTH_NUM", "DATA_YEAR"))
    ('data_year', 'month_num', 'inc_data_year')
    """
    renamed = _layout()["renamed"]
    found: list[str] = []
    for column in (c.casefold() for c in columns):
        once = f"{column}_2" if column in found else column
        found.append(renamed.get(once, once))
    return tuple(found)


def _members(source: Source, folder: Path) -> dict[str, Path]:
    """The tables taken out of the zip, by name. Raises where one that must be there is missing."""
    names = [*(_file(n) for n in (*relations(), *lookups()) if n != "agencies"), *AGENCIES]
    found = take_out(source.path, {n: n for n in names}, folder)
    agencies = [n for n in AGENCIES if n in found]
    needed = [n for n in (*relations(), *lookups()) if n != "agencies"]
    optional = {n for n, r in relations().items() if r.since}
    missing = [_file(n) for n in needed if _file(n) not in found and n not in optional]
    if not agencies:
        missing.insert(0, " or ".join(AGENCIES))
    if missing:
        raise LayoutChanged(
            f"{source.name}: the zip lacks {', '.join(missing)}, which a NIBRS download has; "
            f"{len(found)} of its tables are there. Download it again, and add the zip as it comes"
        )
    members = {n: found[_file(n)] for n in needed if _file(n) in found}
    members["agencies"] = found[agencies[0]]
    for path in members.values():
        _refuse_page(path)
    return members


def _refuse_page(path: Path) -> None:
    with path.open("rb") as file:
        start = file.read(1_000).lstrip().lower()
    if not start:
        raise BadRow(f"{path.name}: is empty, not even a header is there; download the file again")
    if start.startswith(b"<"):
        raise BadRow(
            f"{path.name}: is a web page or XML, not a table; the publisher's server may have "
            "put an error page there. Download the file again"
        )


def _read_relations(source: Source, out: Tables, members: dict[str, Path]) -> None:
    codes = read_lookups(out, lookups(), members, named)
    others = Others(relations(), codes, {name: path.name for name, path in members.items()})
    sizes = {name: path.stat().st_size for name, path in members.items()}
    done = 0
    for name, relation in relations().items():
        if name in members:
            read_relation(out, relation, members[name], named, others)
            members[name].unlink()
            done += sizes[name]
            source.progress(source.size * done // max(1, sum(sizes.values())), out.rows.read)
        else:
            no_relation(out, relation, others)


def _refuse_mostly_rejected(out: Tables, name: str) -> None:
    rows = out.rows
    if rows.rejected > max(FEW_REJECTED, MOST_REJECTED * rows.read):
        _, _, first = out.first_reject().partition(": ")  # the reason names file and line
        raise BadRow(
            f"{name}: {rows.rejected:,} of {rows.read:,} rows do not fit together (the first: "
            f"{first}); the tables are not of one download. Nothing was kept; download it again"
        )


def _months(out: Tables, name: str) -> tuple[int, int, bool]:
    """First and last year, and whether the file tells months of no report from months of zero."""
    first, last, agency_months, rows, quiet = out.engine.execute(
        "SELECT min(y), max(y), count(DISTINCT (agency_id, y, month_num)), count(*), "
        "count(*) FILTER (reported_status <> 'I') "
        "FROM (SELECT *, coalesce(inc_data_year, data_year) AS y FROM NIBRS_month)"
    ).fetchall()[0]
    if first is None:
        raise BadRow(
            f"{name}: NIBRS_month.csv has no month of any agency, so nothing can be told from the "
            "file; download it again"
        )
    return int(first), int(last), quiet > 0 or (rows == agency_months and rows > 0)


def _prepare(out: Tables) -> None:
    """What the queries need besides the file's own tables."""
    layout = _layout()
    _pairs(out, "agency_kinds", ("name", "kind"), layout["kinds"].items())
    _pairs(out, "postal_codes", ("code", "postal"), layout["postal"].items())
    _pairs(out, "agency_places", ("agency_id", "place"), _places(out))
    out.engine.execute(
        "ALTER TABLE agency_places ALTER agency_id TYPE BIGINT; "
        "CREATE OR REPLACE TEMP MACRO age_of(code, years, low, high) AS "
        "CASE WHEN high > low THEN low || '-' || high WHEN code = 'AG' THEN lpad(years, 2, '0') "
        "ELSE code END"
    )
    counting_table(out)


def _pairs(out: Tables, table: str, columns: tuple[str, str], rows: Any) -> None:
    one, two = columns
    out.engine.execute(f"CREATE OR REPLACE TEMP TABLE {table} ({one} VARCHAR, {two} VARCHAR)")
    if rows := [list(map(str, r)) for r in rows]:
        out.engine.execute(
            f"INSERT INTO {table} SELECT unnest($one), unnest($two)",
            {"one": [r[0] for r in rows], "two": [r[1] for r in rows]},
        )


def _places(out: Tables) -> Iterator[tuple[int, str]]:
    """The city of every city's agency: its id and the city's key."""
    cities = [name for name, kind in _layout()["kinds"].items() if kind == "city"]
    found = out.engine.execute(
        "SELECT agency_id, coalesce(pub_agency_name, ucr_agency_name), "
        "coalesce(f.postal, state_postal_abbr, state_abbr) FROM agencies "
        "LEFT JOIN postal_codes f ON f.code = coalesce(state_postal_abbr, state_abbr) "
        "WHERE agency_type_name IN (SELECT unnest($cities))",
        {"cities": cities},
    ).fetchall()
    for agency_id, name, state in found:
        if name and state:
            yield agency_id, city_of(name, state)


def city_of(name: str, state: str) -> str:
    """The key of a city that an agency is named after.

    >>> city_of("Saint Louis", "MO"), city_of("Barre Town", "VT")
    ('St. Louis, MO', 'Barre Town, VT')
    """
    known = states().get(state)
    meant = readings(f"{name}, {known.name}") if known else ()
    found = [p.key for p in meant if p.kind == "city" and p.state == state]
    return found[0] if len(found) == 1 else f"{name}, {state}"


def _state(out: Tables) -> str:
    """The state's name, from its agencies."""
    postal, printed = out.engine.execute(
        "SELECT mode(coalesce(f.postal, state_postal_abbr, state_abbr)), mode(state_name) "
        "FROM agencies LEFT JOIN postal_codes f ON f.code = coalesce(state_postal_abbr, state_abbr)"
    ).fetchall()[0]
    known = states().get(postal or "")
    return known.name if known else (printed or postal or "state not given")


def _years(first: int, last: int) -> str:
    return str(first) if first == last else f"{first} to {last}"


def _remarks(out: Tables, members: dict[str, Path], tells_months: bool) -> Iterator[str]:
    if not tells_months:
        yield (
            "The file has no months of zero reports: a month in which an agency has no incident is "
            "taken neither as zero nor as not reported, and has no figure."
        )
    ((silent,),) = out.engine.execute(
        "SELECT count(*) FROM agencies a WHERE NOT EXISTS (FROM NIBRS_month m WHERE m.agency_id = "
        "a.agency_id)"
    ).fetchall()
    if silent:
        yield f"{silent} of the agencies listed have no month in the file."
    if "NIBRS_ARRESTEE_GROUPB" in members:
        yield "Arrests for group B offenses do not say which agency made them."


def _filled(query: str, parameters: dict[str, int | bool]) -> str:
    for name, value in parameters.items():
        query = query.replace(f"${name}", str(value).lower())
    return query


def _file(name: str) -> str:
    return f"{name}.csv"


@cache
def _layout() -> dict[str, Any]:
    text = Path(__file__).with_name("nibrs_state.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
