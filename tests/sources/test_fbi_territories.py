"""The territories: few figures, and many rows that say there is none."""

from __future__ import annotations

import tempfile
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from tests.sources.mutated import mutated

from baserate.errors import BadRow, LayoutChanged, SourceError
from baserate.sources.readers import fbi_estimates, fbi_territories
from baserate.sources.reading import Reading, Source
from baserate.sources.recognize import recognize
from baserate.sources.tables import Tables

HEADER = (
    "year,state_abbr,locality,population,violent_crime,homicide,rape_legacy,rape_revised,robbery,"
    "aggravated_assault,property_crime,burglary,larceny,motor_vehicle_theft,arson,caveats"
)
LEGACY = "2012,PR,,3651545,110,10,20,,30,50,600,100,200,300,,"
BOTH = "2016,PR,,3411307,125,10,20,35,30,50,600,100,200,300,,"
DISTRICT = "2015,VI,St. Croix,,125,10,,35,30,50,600,100,200,300,49,"
SILENT = "2011,VI,,,,,,,,,,,,,,Started Submitting by agency"


def read(folder: Path, *rows: str, header: str = HEADER) -> tuple[Reading, Tables]:
    path = folder / "territories.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    out = Tables(folder)
    return fbi_territories.read(Source(path), out), out


def series(out: Tables, what: str) -> list[tuple[object, ...]]:
    parts = [str(p) for p in out.written("series")]
    return duckdb.execute(f"SELECT {what} FROM read_parquet($1) ORDER BY ALL", [parts]).fetchall()


def test_a_row_that_says_not_available_is_set_aside_and_never_zero(tmp_path: Path):
    reading, out = read(tmp_path, LEGACY, SILENT, SILENT.replace("2011", "2012"))
    assert (out.rows.kept, out.rows.aside, out.rows.rejected) == (1, 2, 0)
    assert {p for (p,) in series(out, "place")} == {"PR"}
    assert reading.remarks == (
        "VI has no counts in 2 years (2011-2012): 'Started Submitting by agency'.",
    )


def test_a_total_comes_by_every_definition_that_can_be_had(tmp_path: Path):
    _, out = read(tmp_path, BOTH)
    found = series(out, "offense, definition, count, is_printed, printed_definition")
    assert ("violent_crime", "legacy", 110, False, "revised") in found
    assert ("violent_crime", "revised", 125, True, "revised") in found
    assert ("rape", "legacy", 20, True, None) in found


def test_a_district_is_a_place_of_its_own(tmp_path: Path):
    _, out = read(tmp_path, DISTRICT)
    assert series(out, "DISTINCT place, population") == [("St. Croix, VI", None)]


def test_parts_that_do_not_add_up_are_named(tmp_path: Path):
    _, out = read(tmp_path, LEGACY.replace(",110,", ",111,").replace(",600,", ",601,"))
    found = series(out, "offense, count, printed_total, parts_total")
    assert ("violent_crime", 110, 111, 110) in found
    assert ("property_crime", 601, 601, 600) in found


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (LEGACY.replace("PR", "MO"), "state_abbr is 'MO'"),
        (LEGACY.replace("2012", "12"), "year is '12'"),
        (LEGACY.replace(",30,", ",,"), "robbery empty and other counts not"),
        (LEGACY.replace(",20,", ",,"), "rape_legacy and rape_revised empty"),
        (LEGACY.replace(",30,", ",3e1,"), "robbery is '3e1'"),
        (LEGACY.replace("3651545", "110"), "population is 110 and violent_crime 110"),
        (BOTH, "PR 2016 already stands on line 2"),
    ],
)
def test_a_bad_row_is_rejected_with_its_reason(tmp_path: Path, row: str, reason: str):
    _, out = read(tmp_path, BOTH, row)
    assert (out.rows.kept, out.rows.rejected) == (1, 1)
    assert reason in out._rejects[0][1]


def test_missing_and_unknown_columns_are_named_in_one_message(tmp_path: Path):
    with pytest.raises(LayoutChanged, match="unknown columns arsons; missing columns arson"):
        read(tmp_path, LEGACY, header=HEADER.replace("arson", "arsons"))


def test_a_file_without_any_count_is_refused(tmp_path: Path):
    with pytest.raises(BadRow, match="0 have counts"):
        read(tmp_path, SILENT)


def test_the_tables_of_states_and_of_territories_are_told_apart(tmp_path: Path):
    path = tmp_path / "x"
    path.write_text(HEADER + "\n" + LEGACY + "\n")
    assert recognize(Source(path)) == "fbi_territories"
    assert not fbi_estimates.looks_like(Source(path))


VALID = "\n".join([HEADER, LEGACY, BOTH, DISTRICT, SILENT]).encode()


@settings(max_examples=60)
@given(mutated(VALID))
def test_no_damage_crashes_the_reader_or_loses_a_row(content: bytes):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "territories.csv"
        path.write_bytes(content)
        with Tables(Path(folder)) as out:
            try:
                fbi_territories.read(Source(path), out)
            except SourceError as error:
                assert "territories.csv" in str(error)
            else:
                assert out.rows.adds_up


def test_the_published_file_has_51_rows_with_counts(shared: Path, tmp_path: Path):
    with Tables(tmp_path) as out:
        fbi_territories.read(Source(shared / "data/srs/fbi_cde_territories.csv"), out)
        assert (out.rows.read, out.rows.kept, out.rows.aside) == (128, 51, 77)
        found = series(out, "DISTINCT place, year, printed_definition")
        unfit = [f for f in found if f[2] == "none"]
        assert not unfit
        assert ("PR", 2016, "revised") in found
