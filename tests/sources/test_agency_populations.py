"""Agencies' populations: one row an agency and year, and 0 is not a missing number."""

from __future__ import annotations

import tempfile
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from tests.sources.mutated import mutated

from baserate.errors import BadRow, LayoutChanged, SourceError
from baserate.sources.agency import city_of, is_county
from baserate.sources.readers import agency_populations
from baserate.sources.reading import Reading, Source
from baserate.sources.tables import Tables

BY_YEAR = "ori,agency,type,Pop1992,Pop1993"
ONE_YEAR = "ori,agency_name,state,population"
OMAHA = "NB0280200,OMAHA PD,City,335795,340000"


def read(folder: Path, *lines: str) -> tuple[Reading, Tables]:
    path = folder / "populations.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    out = Tables(folder)
    return agency_populations.read(Source(path), out), out


def agencies(out: Tables, what: str) -> list[tuple[object, ...]]:
    parts = [str(p) for p in out.written("agencies")]
    return duckdb.execute(f"SELECT {what} FROM read_parquet($1) ORDER BY ALL", [parts]).fetchall()


def test_one_row_an_agency_and_year(tmp_path: Path):
    reading, out = read(tmp_path, BY_YEAR, OMAHA)
    assert agencies(out, "ori, kind, place, state, year, population, file_row") == [
        ("NB0280200", "city", "Omaha, NE", "NE", 1992, 335_795, 2),
        ("NB0280200", "city", "Omaha, NE", "NE", 1993, 340_000, 2),
    ]
    assert (reading.dataset, reading.first_year, reading.last_year) == (
        "ori_populations",
        1992,
        1993,
    )


def test_zero_is_kept_and_empty_is_missing(tmp_path: Path):
    _, out = read(tmp_path, BY_YEAR, "WYWHP0000,SHP CHEYENNE,State Police,0,")
    assert agencies(out, "kind, year, population") == [
        ("state police", 1992, 0),
        ("state police", 1993, None),
    ]


def test_zero_between_populations_is_remarked(tmp_path: Path):
    reading, _ = read(tmp_path, BY_YEAR, OMAHA, "OH0750000,SHELBY,County,26612,0")
    assert reading.remarks[0].startswith("1 of 2 agencies have a population in some years and 0")


def test_a_list_without_a_year_has_none(tmp_path: Path):
    reading, out = read(tmp_path, ONE_YEAR, "GM0010000,GUAM POLICE DEPARTMENT,GU,153836")
    assert agencies(out, "state, year, population, kind") == [("GU", None, 153_836, None)]
    assert (reading.dataset, reading.edition) == ("cde_populations", "year not stated")


def test_a_county_is_not_the_city_of_its_name(tmp_path: Path):
    rows = ["UT0100000,OREM,UT,10000", "UT0250300,OREM,UT,98000"]
    _, out = read(tmp_path, ONE_YEAR, *rows)
    assert agencies(out, "ori, kind, place") == [
        ("UT0100000", "county", None),
        ("UT0250300", None, "Orem, UT"),
    ]


def test_a_city_that_two_agencies_claim_is_given_to_neither(tmp_path: Path):
    _, out = read(tmp_path, ONE_YEAR, "UT0250300,OREM,UT,98000", "UT0250400,OREM,UT,5")
    assert agencies(out, "DISTINCT place") == [(None,)]


@pytest.mark.parametrize(
    ("name", "state", "city"),
    [
        ("NEW YORK CITY PD NEW YORK", "NY", "New York, NY"),
        ("KANSAS CITY PD", "MO", "Kansas City, MO"),
        ("CITY OF MIAMI GARDENS PD", "FL", "Miami Gardens, FL"),
        ("HIDDEN HILLS PD CALABASAS", "CA", None),
        ("SAGINAW TWP PD", "MI", None),
        ("ST. LOUIS", "MO", "St. Louis, MO"),
    ],
)
def test_the_town_of_the_post_office_is_not_the_city(name: str, state: str, city: str | None):
    assert city_of(name, state) == city


@pytest.mark.parametrize(
    ("ori", "county"),
    [("OH0750000", True), ("MI7317300", True), ("VA1280000", False), ("MOSPD0000", False)],
)
def test_the_identifier_tells_counties(ori: str, county: bool):
    assert is_county(ori) == county


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("ZZ0280200,X,City,1,2", "ori is ZZ0280200"),
        ("NB02802,X,City,1,2", "ori is NB02802"),
        (",X,City,1,2", "ori is empty"),
        ("NB0280300,,City,1,2", "agency is empty"),
        ("NB0280300,X,Village,1,2", "type is Village; one of City, County"),
        ("NB0280300,X,City,1,-2", "a population is -2"),
        ("NB0280300,X,City,1.5,2", "a population is 1.5"),
        ("NB0280300,X,City,1,99999999999", "a population is 99999999999"),
        (OMAHA, "NB0280200 already stands on line 2"),
        ("NB0280300,X,City,1", "4 fields, where the header has 5"),
    ],
)
def test_a_bad_row_is_rejected_with_its_reason(tmp_path: Path, row: str, reason: str):
    _, out = read(tmp_path, BY_YEAR, OMAHA, row)
    assert (out.rows.kept, out.rows.rejected) == (1, 1)
    assert out.rows.adds_up
    line, said, _ = out._rejects[0]
    assert line == 3
    assert reason in said


def test_a_state_that_is_not_the_identifiers_is_rejected(tmp_path: Path):
    _, out = read(tmp_path, ONE_YEAR, "MO0950100,X,MO,5", "NB0280200,OMAHA,MO,5")
    assert out._rejects[0][1] == "state is MO and ori begins as in NE"


def test_missing_and_unknown_columns_are_named_in_one_message(tmp_path: Path):
    with pytest.raises(LayoutChanged, match="unknown columns Pop19999; missing columns type"):
        read(tmp_path, "ori,agency,Pop1992,Pop19999", "NB0280200,OMAHA PD,1,1")
    with pytest.raises(LayoutChanged, match="no column of a population"):
        read(tmp_path, "ori,agency,type", "NB0280200,OMAHA PD,City")


def test_a_file_of_rejects_is_refused(tmp_path: Path):
    with pytest.raises(BadRow, match="4 of 5 rows cannot be read"):
        read(tmp_path, BY_YEAR, OMAHA, *["x,X,City,1,2"] * 4)


@pytest.mark.parametrize(
    "valid",
    [
        [BY_YEAR, OMAHA, "OH0750000,SHELBY,County,26612,0", "WYWHP0000,SHP,State Police,0,"],
        [ONE_YEAR, "MO0950100,X,MO,5", "NB0280200,OMAHA,NE,5", "GM0010000,GUAM,GU,153836"],
    ],
    ids=["by year", "one year"],
)
def test_no_damage_crashes_the_reader_or_loses_a_row(valid: list[str]):
    @settings(max_examples=25)
    @given(mutated("\n".join(valid).encode()))
    def never_crashes(content: bytes) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "populations.csv"
            path.write_bytes(content)
            with Tables(Path(folder)) as out:
                try:
                    agency_populations.read(Source(path), out)
                except SourceError as error:
                    assert "populations.csv" in str(error)
                else:
                    assert out.rows.adds_up

    never_crashes()


def test_the_published_list_has_31_years_of_16987_agencies(shared: Path, tmp_path: Path):
    with Tables(tmp_path) as out:
        reading = agency_populations.read(Source(shared / "data/population/ORI_Pop.csv"), out)
        assert (out.rows.kept, out.rows.rejected) == (16_987, 0)
        assert out.counts()["agencies"] == 16_987 * 31
        assert agencies(out, "count(*) FILTER (population = 0)") == [(123_730,)]
        assert reading.edition == "1992-2022"


def test_the_list_of_the_crime_data_explorer_is_read_whole(shared: Path, tmp_path: Path):
    with Tables(tmp_path) as out:
        agency_populations.read(Source(shared / "data/population/cde_populations.csv"), out)
        assert (out.rows.kept, out.rows.rejected) == (16_990, 0)
        found = agencies(out, "place, population")
        assert ("Anchorage, AK", 287_385) in found
