"""From incidents to monthly counts: the hierarchy rule, units, zero months, clearances."""

from __future__ import annotations

import csv
import io
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from baserate.sources.nibrs_summary import add_summary
from baserate.sources.readers import nibrs_state
from baserate.sources.reading import Source
from baserate.sources.tables import Tables

BURLINGTON = "VT0040100"


class Incident(NamedTuple):
    incident: int
    ori: str = BURLINGTON
    incident_date: date | None = date(2024, 3, 9)
    counted_year: int | None = None
    counted_month: int | None = None
    cleared_exceptionally: str = "N"
    exceptional_clearance_date: date | None = None
    is_window: bool = False


class Offense(NamedTuple):
    incident: int
    offense_code: str
    location: str = "20"
    premises_entered: int | None = None
    attempted_completed: str = "C"


class Victim(NamedTuple):
    incident: int
    victim_sequence: int
    offense_codes: list[str]


class Property(NamedTuple):
    incident: int
    loss_type: str
    stolen_vehicles: int | None


class Arrestee(NamedTuple):
    incident: int | None
    arrest_date: date
    is_group_b: bool = False


class Agency(NamedTuple):
    ori: str
    place: str | None = None
    agency: str = "Burlington"
    state: str = "VT"
    year: int | None = 2024
    population: int | None = 44_456
    covered_by: str | None = None


class Month(NamedTuple):
    ori: str
    month: int
    reported: str = "incidents"
    year: int = 2024


TABLES = {
    Incident: "incidents",
    Offense: "offenses",
    Victim: "victims",
    Property: "properties",
    Arrestee: "arrestees",
    Agency: "agencies",
    Month: "agency_months",
}


@pytest.fixture
def out(tmp_path: Path) -> Iterator[Tables]:
    with Tables(tmp_path) as tables:
        yield tables


def summary(out: Tables, *rows: NamedTuple) -> Any:
    """The series of these rows: a function from columns and conditions to what is there."""
    for kind, table in TABLES.items():
        out.write(table, (r for r in rows if isinstance(r, kind)))
    add_summary(out)
    return series_of(out)


def series_of(out: Tables) -> Any:
    parts = [str(p) for p in out.written("series")]

    def ask(columns: str, **conditions: Any) -> list[tuple[Any, ...]]:
        where = " AND ".join(f'"{c}" IS NOT DISTINCT FROM ${c}' for c in conditions) or "true"
        query = f"SELECT {columns} FROM read_parquet($parts) WHERE {where} ORDER BY ALL"
        return out.engine.execute(query, {"parts": parts, **conditions}).fetchall()

    return ask


def counts(ask: Any, rule: str, counted: str = "offenses", ori: str = BURLINGTON) -> dict[str, int]:
    """What one agency counts, zeros left out."""
    found = ask("offense, count", ori=ori, rule=rule, counted=counted)
    return {offense: count for offense, count in found if count}


# --- the hierarchy, one rule at a time ------------------------------------------------------


class Case(NamedTuple):
    """One incident in an agency of its own, and what it counts under each rule."""

    says: str
    rows: tuple[Any, ...]
    hierarchy: dict[str, int]
    every: dict[str, int]


def case(
    says: str, *rows: Any, hierarchy: dict[str, int], every: dict[str, int] | None = None
) -> Any:
    """A case; without `every` the two rules give the same."""
    return Case(says, rows, hierarchy, hierarchy if every is None else every)


CASES = [
    case(
        "an incident of murder and robbery is one murder",
        Offense(0, "09A"),
        Offense(0, "120"),
        Victim(0, 1, ["09A", "120"]),
        hierarchy={"murder": 1, "violent_crime": 1},
        every={"murder": 1, "robbery": 1, "violent_crime": 2},
    ),
    case(
        "aggravated assault counts its victims",
        Offense(0, "13A"),
        Victim(0, 1, ["13A"]),
        Victim(0, 2, ["13A"]),
        hierarchy={"aggravated_assault": 2, "violent_crime": 2},
    ),
    case(
        "only victims of the most serious offense count",
        Offense(0, "09A"),
        Offense(0, "13A"),
        Victim(0, 1, ["09A"]),
        Victim(0, 2, ["13A"]),
        Victim(0, 3, ["13A"]),
        hierarchy={"murder": 1, "violent_crime": 1},
        every={"murder": 1, "aggravated_assault": 2, "violent_crime": 3},
    ),
    case(
        "a robbery of two people is one robbery",
        Offense(0, "120"),
        Victim(0, 1, ["120"]),
        Victim(0, 2, ["120"]),
        hierarchy={"robbery": 1, "violent_crime": 1},
    ),
    case(
        "three kinds of rape of one victim are one rape",
        *(Offense(0, code) for code in ("11A", "11B", "11C")),
        Victim(0, 1, ["11A", "11B", "11C"]),
        hierarchy={"rape": 1, "violent_crime": 1},
    ),
    case(
        "a robbery with a rape is the rape",
        Offense(0, "120"),
        Offense(0, "11B"),
        Victim(0, 1, ["120", "11B"]),
        hierarchy={"rape": 1, "violent_crime": 1},
        every={"rape": 1, "robbery": 1, "violent_crime": 2},
    ),
    case(
        "three stolen vehicles are three thefts, and recovered ones are none",
        Offense(0, "240"),
        Property(0, "7", 3),
        Property(0, "5", 2),
        hierarchy={"motor_vehicle_theft": 3, "property_crime": 3},
    ),
    case(
        "an attempted theft of a vehicle counts though none is gone",
        Offense(0, "240", attempted_completed="A"),
        Property(0, "1", None),
        hierarchy={"motor_vehicle_theft": 1, "property_crime": 1},
    ),
    case(
        "a stolen vehicle goes before the things in it",
        Offense(0, "23F"),
        Offense(0, "240"),
        Property(0, "7", 1),
        hierarchy={"motor_vehicle_theft": 1, "property_crime": 1},
        every={"motor_vehicle_theft": 1, "larceny": 1, "property_crime": 2},
    ),
    case(
        "a burglary goes before the vehicle taken in it",
        Offense(0, "220"),
        Offense(0, "240"),
        hierarchy={"burglary": 1, "property_crime": 1},
        every={"burglary": 1, "motor_vehicle_theft": 1, "property_crime": 2},
    ),
    case(
        "a burglary of rental storage counts the premises entered",
        Offense(0, "220", "19", 11),
        hierarchy={"burglary": 11, "property_crime": 11},
    ),
    case(
        "a burglary of rental storage with no number is one",
        Offense(0, "220", "19", None),
        hierarchy={"burglary": 1, "property_crime": 1},
    ),
    case(
        "a burglary of a house is one whatever the number says",
        Offense(0, "220", "20", 11),
        hierarchy={"burglary": 1, "property_crime": 1},
    ),
    case(
        "two kinds of larceny in an incident are one larceny",
        Offense(0, "23C"),
        Offense(0, "23H"),
        hierarchy={"larceny": 1, "property_crime": 1},
    ),
    case(
        "arson counts beside the murder and in no total",
        Offense(0, "200"),
        Offense(0, "09A"),
        Victim(0, 1, ["09A"]),
        hierarchy={"arson": 1, "murder": 1, "violent_crime": 1},
    ),
    case(
        "negligent manslaughter is no violent crime, and goes before the assault",
        Offense(0, "09B"),
        Offense(0, "13A"),
        Victim(0, 1, ["09B"]),
        Victim(0, 2, ["13A"]),
        hierarchy={},
        every={"aggravated_assault": 1, "violent_crime": 1},
    ),
    case(
        "justifiable homicide is no offense and displaces none",
        Offense(0, "09C"),
        Offense(0, "120"),
        Victim(0, 1, ["09C"]),
        hierarchy={"robbery": 1, "violent_crime": 1},
    ),
    case("simple assault is no violent crime", Offense(0, "13B"), hierarchy={}),
    case("drug offenses are not in the summary reports", Offense(0, "35A"), hierarchy={}),
    case(
        "an offense without a victim on record still counts",
        Offense(0, "13A"),
        hierarchy={"aggravated_assault": 1, "violent_crime": 1},
    ),
]


@pytest.fixture(scope="module")
def of_cases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The series of all cases, each in an agency named after its place in the list."""
    rows: list[NamedTuple] = []
    for number, each in enumerate(CASES, start=1):
        rows.append(Incident(number, ori=each.says))
        rows += [row._replace(incident=number) for row in each.rows]
    with Tables(tmp_path_factory.mktemp("cases")) as tables:
        yield summary(tables, *rows)


@pytest.mark.parametrize("said", CASES, ids=lambda c: c.says)
def test_by_the_hierarchy(of_cases: Any, said: Case):
    assert counts(of_cases, "hierarchy", ori=said.says) == said.hierarchy


@pytest.mark.parametrize("said", CASES, ids=lambda c: c.says)
def test_without_the_hierarchy(of_cases: Any, said: Case):
    assert counts(of_cases, "all", ori=said.says) == said.every


def test_rape_and_violent_crime_are_of_the_revised_definition(of_cases: Any):
    assert of_cases("DISTINCT offense, definition") == [
        (offense, "revised" if offense in {"rape", "violent_crime"} else None)
        for (offense,) in of_cases("DISTINCT offense")
    ]


# --- when it counts -----------------------------------------------------------------------------


def test_a_correction_takes_its_incident_back(out: Tables):
    out.write_query(
        "incidents",
        f"SELECT 2 AS incident, '{BURLINGTON}' AS ori, DATE '2024-03-09' AS incident_date, "
        "-1 AS count",
    )
    ask = summary(out, Incident(1), Offense(1, "120"), Offense(2, "120"))
    assert counts(ask, "hierarchy") == {}


def test_the_month_the_source_says_goes_before_the_date(out: Tables):
    ask = summary(
        out,
        Incident(1, incident_date=date(2023, 12, 31), counted_year=2024, counted_month=1),
        Offense(1, "120"),
    )
    assert ask("year, month", offense="robbery", rule="all", ori=BURLINGTON, count=1) == [(2024, 1)]


# --- months: zero is not missing --------------------------------------------------------------


def test_a_zero_report_is_zero_and_a_month_not_reported_has_no_row(out: Tables):
    ask = summary(
        out,
        Agency(BURLINGTON, "Burlington, VT"),
        Month(BURLINGTON, 1, "zero"),
        Month(BURLINGTON, 2, "no"),
        Month(BURLINGTON, 3, "elsewhere"),
    )
    months = ask("month, count", ori=BURLINGTON, offense="murder", rule="all", counted="offenses")
    assert months == [(1, 0)]


def test_a_month_with_only_other_crimes_has_zero_murders(out: Tables):
    ask = summary(out, Incident(1), Offense(1, "23H"), Month(BURLINGTON, 3))
    assert ask("count", ori=BURLINGTON, offense="murder", rule="hierarchy") == [(0,), (0,)]


def test_every_month_has_every_offense_by_both_rules(out: Tables):
    ask = summary(out, Month(BURLINGTON, 1, "zero"), Month(BURLINGTON, 2))
    kinds = {
        month: {row[1:] for row in ask("month, counted, rule, offense") if row[0] == month}
        for month in (1, 2)
    }
    assert kinds[1] == kinds[2]
    assert len(kinds[1]) == len(ask("*")) / 2 == 2 * 2 * 10  # counted, rules, offenses


# --- clearances ---------------------------------------------------------------------------------


def test_clearances_are_dated_by_the_first_arrest(out: Tables):
    ask = summary(
        out,
        Incident(1),
        Offense(1, "13A"),
        Victim(1, 1, ["13A"]),
        Victim(1, 2, ["13A"]),
        Arrestee(1, date(2024, 6, 2)),
        Arrestee(1, date(2024, 5, 30)),
        Month(BURLINGTON, 3),
        Month(BURLINGTON, 5),
    )
    cleared = {"ori": BURLINGTON, "offense": "aggravated_assault", "rule": "hierarchy"}
    assert ask("month, count", counted="clearances", **cleared) == [(3, 0), (5, 2)]
    assert ask("month, count", counted="offenses", **cleared) == [(3, 2), (5, 0)]


def test_an_exceptional_clearance_is_dated_by_its_own_day(out: Tables):
    ask = summary(
        out,
        Incident(1, cleared_exceptionally="A", exceptional_clearance_date=date(2024, 4, 1)),
        Offense(1, "09A"),
    )
    assert ask("month", counted="clearances", offense="murder", count=1, rule="all") == [(4,)]


def test_a_window_record_is_a_clearance_and_no_offense(out: Tables):
    ask = summary(
        out,
        Incident(1, is_window=True, incident_date=date(2019, 7, 1)),
        Offense(1, "120"),
        Arrestee(1, date(2024, 2, 2)),
        Month(BURLINGTON, 2),
    )
    assert counts(ask, "hierarchy") == {}
    assert counts(ask, "hierarchy", "clearances") == {"robbery": 1, "violent_crime": 1}
    assert ask("DISTINCT year") == [(2024,)]


def test_clearances_of_the_next_year_are_known_not_to_be_all(out: Tables):
    ask = summary(
        out,
        Agency(BURLINGTON, "Burlington, VT"),
        Incident(1),
        Offense(1, "120"),
        Arrestee(1, date(2025, 1, 5)),
        Month(BURLINGTON, 3),
    )
    next_year = ask(
        "place, count, is_partial, population", year=2025, offense="robbery", rule="all"
    )
    assert next_year == [("Burlington, VT", 1, True, None), ("VT", 1, True, None)]
    assert ask("DISTINCT is_partial", year=2024) == [(False,)]


def test_a_group_b_arrest_clears_nothing(out: Tables):
    ask = summary(out, Incident(1), Offense(1, "120"), Arrestee(None, date(2024, 3, 9), True))
    assert counts(ask, "all", "clearances") == {}


# --- places -------------------------------------------------------------------------------------


def test_a_covered_agency_is_not_added_to_its_state_again(out: Tables):
    ask = summary(
        out,
        Agency(BURLINGTON, "Burlington, VT", population=40_000),
        Agency("VT0040000", population=9_000, covered_by=BURLINGTON),
        Agency("VT0010000", population=2_000),
        Agency("VT0020000", population=500),
        *(Incident(i, ori) for i, ori in enumerate([BURLINGTON, "VT0040000", "VT0010000"], 1)),
        *(Offense(i, "120") for i in (1, 2, 3)),
    )
    robberies = {"offense": "robbery", "counted": "offenses", "rule": "hierarchy"}
    assert ask("count, population", place="VT", ori=None, **robberies) == [(2, 42_000)]
    assert ask("count, population", place="Burlington, VT", **robberies) == [(1, 40_000)]


def test_the_series_is_summed_and_says_so(out: Tables):
    ask = summary(out, Agency(BURLINGTON), Incident(1), Offense(1, "120"))
    said = ask("DISTINCT is_printed, is_estimated, months_reported, note, file_row")
    assert said == [(False, False, None, "", None)]


def test_nothing_at_all_is_no_series(out: Tables):
    assert summary(out, Agency(BURLINGTON, "Burlington, VT"))("*") == []


# --- Vermont in 2024, counted again by another road ------------------------------------------


MURDER, RAPE, ROBBERY, ASSAULT = {"09A"}, {"11A", "11B", "11C"}, {"120"}, {"13A"}
VIOLENT = [
    ("murder", MURDER),
    ("rape", RAPE),
    ("robbery", ROBBERY),
    ("aggravated_assault", ASSAULT),
]
ABOVE_ASSAULT = {"09A", "09B", "11A", "11B", "11C", "120"}
ABOVE = {
    "murder": set(),
    "rape": {"09A", "09B"},
    "robbery": {"09A", "09B", *RAPE},
    "aggravated_assault": ABOVE_ASSAULT,
}


def rows_of(packed: zipfile.ZipFile, member: str) -> Iterator[dict[str, str]]:
    with packed.open(member) as file:
        yield from csv.DictReader(io.TextIOWrapper(file, encoding="utf-8"))


def recount(path: Path) -> dict[str, Counter[tuple[str, str]]]:
    """Violent offenses of 2024 by rule, by agency and offense, with dictionaries alone."""
    with zipfile.ZipFile(path) as packed:
        oris = {r["agency_id"]: r["ori"] for r in rows_of(packed, "agencies.csv")}
        agency = {
            r["incident_id"]: oris[r["agency_id"]] for r in rows_of(packed, "NIBRS_incident.csv")
        }
        offense = {
            r["offense_id"]: (r["incident_id"], r["offense_code"])
            for r in rows_of(packed, "NIBRS_OFFENSE.csv")
        }
        harmed = defaultdict(set)
        for row in rows_of(packed, "NIBRS_VICTIM_OFFENSE.csv"):
            harmed[offense[row["offense_id"]]].add(row["victim_id"])
    codes = defaultdict(set)
    for incident, code in offense.values():
        codes[incident].add(code)
    found: dict[str, Counter[tuple[str, str]]] = {"hierarchy": Counter(), "all": Counter()}
    for incident, there in codes.items():
        for name, wanted in VIOLENT:
            if not there & wanted:
                continue
            victims = set().union(*(harmed[incident, code] for code in wanted))
            units = 1 if name == "robbery" else len(victims)
            found["all"][agency[incident], name] += units
            if not there & ABOVE[name]:
                found["hierarchy"][agency[incident], name] += units
    return found


@pytest.fixture(scope="module")
def vermont(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with Tables(tmp_path_factory.mktemp("vermont")) as tables:
        nibrs_state.read(Source(shared / "data/nibrs/VT-2024.zip"), tables)
        yield series_of(tables)


@pytest.fixture(scope="module")
def recounted(shared: Path) -> dict[str, Counter[tuple[str, str]]]:
    return recount(shared / "data/nibrs/VT-2024.zip")


@pytest.mark.parametrize("rule", ["hierarchy", "all"])
def test_every_agency_of_vermont_has_the_recounted_year(vermont: Any, recounted: Any, rule: str):
    summed: Counter[tuple[str, str]] = Counter()
    for ori, offense, count in vermont("ori, offense, count", rule=rule, counted="offenses"):
        if ori and offense in {name for name, _ in VIOLENT}:
            summed[ori, offense] += count
    assert +summed == recounted[rule]


YEAR_2024 = {
    ("VT", "hierarchy"): {"murder": 22, "rape": 225, "robbery": 92, "aggravated_assault": 1_082},
    ("VT", "all"): {"murder": 22, "rape": 225, "robbery": 92, "aggravated_assault": 1_089},
    ("Burlington, VT", "hierarchy"): {
        "murder": 1,
        "rape": 9,
        "robbery": 24,
        "aggravated_assault": 179,
    },
    ("Burlington, VT", "all"): {"murder": 1, "rape": 9, "robbery": 24, "aggravated_assault": 179},
}


@pytest.mark.parametrize(("place", "rule"), YEAR_2024)
def test_the_year_in_vermont(vermont: Any, place: str, rule: str):
    rows = vermont("offense, count", place=place, rule=rule, counted="offenses", year=2024)
    year: Counter[str] = Counter()
    for offense, count in rows:
        year[offense] += count
    expected = YEAR_2024[place, rule]
    assert {offense: year[offense] for offense in expected} == expected
    assert year["violent_crime"] == sum(expected.values())


def test_vermonts_parts_are_its_agencies(vermont: Any):
    state = vermont("sum(count)", place="VT", counted="offenses", rule="all")
    (agencies,) = vermont("sum(count) FILTER (ori IS NOT NULL)", counted="offenses", rule="all")
    assert state == [agencies]
