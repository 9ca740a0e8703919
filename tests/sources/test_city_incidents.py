"""Cities' own incidents: records by their coded month, with their sign, by a mapping."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.sources.mutated import mutated

from baserate.errors import BadMapping, BadRow, LayoutChanged, SourceError
from baserate.sources.catalog import catalog
from baserate.sources.city import examples as city_examples
from baserate.sources.city.mapping import CityMapping, Example, fold, load, parse, shipped
from baserate.sources.readers import city_incidents
from baserate.sources.reading import Reading, Source
from baserate.sources.tables import Tables
from baserate.store.add import Added, add, add_many

# What these tests share is worked out once, in one process.
pytestmark = pytest.mark.xdist_group("city_incidents")

ST_LOUIS = next(m for m in shipped() if m.dataset == "city_st_louis")
HEADER = ST_LOUIS.examples[0].header
LATER = next(e.header for e in ST_LOUIS.examples if e.header.startswith("Complaint"))


def a_record(
    code: str = "31111",
    month: str = "2010-03",
    count: str = "1",
    occurred: str = "03/04/2010 21:30",
    x: str = "907000",
    y: str = "1018000",
) -> str:
    return f"{month},{occurred},Y, , ,{count}, {code},4,WORDS,1,MAIN ST,35, , ,1,MAIN ST,{x},{y}"


def a_file(folder: Path, *rows: str, header: str = HEADER, name: str = "city.csv") -> Path:
    path = folder / name
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


class Read(NamedTuple):
    reading: Reading
    tables: Tables

    def rows(self, table: str) -> list[dict[str, Any]]:
        parts = [str(p) for p in self.tables.written(table)]
        if not parts:
            return []
        cursor = duckdb.execute("SELECT * FROM read_parquet($parts)", {"parts": parts})
        names = [d[0] for d in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def sums(self, offense: str) -> dict[tuple[int, int], int]:
        found = [s for s in self.rows("series") if s["offense"] == offense]
        return {(s["year"], s["month"]): s["count"] for s in found}


@pytest.fixture
def read(tmp_path: Path) -> Iterator[Any]:
    folder = tmp_path / "made"
    folder.mkdir()
    with Tables(folder, is_small=True) as tables:

        def reads(path: Path, **more: Any) -> Read:
            reading = city_incidents.read(Source(path, **more), tables)
            assert tables.rows.adds_up
            tables.write_rejects()
            return Read(reading, tables)

        yield reads


# --- mappings and their examples ----------------------------------------------------------------


EXAMPLES = [(m, e) for m in shipped() for e in m.examples]


@pytest.mark.parametrize(
    ("mapping", "example"), EXAMPLES, ids=[f"{m.file}: {e.says}" for m, e in EXAMPLES]
)
def test_every_example_of_a_mapping_comes_out_as_it_says(
    mapping: CityMapping, example: Example, tmp_path: Path
):
    with Tables(tmp_path, is_small=True) as out:
        assert city_examples.wrong(mapping, example, out) == ""


def test_every_shipped_mapping_has_its_dataset_in_the_catalog():
    assert {m.dataset for m in shipped()} <= set(catalog())


def test_names_are_compared_without_case_spaces_and_underscores(tmp_path: Path, read: Any):
    header = HEADER.replace("DateOccured", "Date_Occured ").replace("XCoord", "xcoord")
    assert read(a_file(tmp_path, a_record(), header=header)).sums("robbery") == {(2010, 3): 1}
    assert fold("Coded Month") == fold("coded_month")


def test_new_and_missing_columns_are_named_in_one_message(tmp_path: Path, read: Any):
    header = HEADER.replace("Neighborhood", "Neighbourhood").replace("LocationName", "Beat")
    with pytest.raises(LayoutChanged) as caught:
        read(a_file(tmp_path, a_record(), header=header))
    said = str(caught.value)
    assert "New columns: Neighbourhood, Beat; missing columns: Neighborhood, LocationName" in said
    assert "st_louis.toml" in said
    assert "--mapping" in said


def test_two_columns_for_one_field_are_refused(tmp_path: Path, read: Any):
    header = HEADER.replace("LocationName", "DateOccur")
    with pytest.raises(LayoutChanged, match="DateOccured and DateOccur"):
        read(a_file(tmp_path, a_record(), header=header))


def a_mapping(folder: Path, **replaced: str) -> Path:
    text = ST_LOUIS.text.replace('"city_st_louis"', '"city_my_own"')
    for old, new in replaced.items():
        assert old in text
        text = text.replace(old, new)
    path = folder / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_users_own_mapping_reads_a_layout_the_shipped_one_does_not(tmp_path: Path, read: Any):
    mapping = a_mapping(tmp_path, **{'["Neighborhood"]': '["Neighborhood", "Quarter"]'})
    path = a_file(tmp_path, a_record(), header=HEADER.replace("Neighborhood", "Quarter"))
    found = read(path, mapping=mapping)
    assert found.reading.dataset == "city_my_own"
    assert found.rows("incidents")[0]["own_neighborhood"] == "35"


def test_a_mapping_whose_own_examples_fail_is_refused(tmp_path: Path, read: Any):
    mapping = a_mapping(tmp_path, **{"[10000, 10000]": "[10001, 10001]"})
    with pytest.raises(BadMapping) as caught:
        read(a_file(tmp_path, a_record()), mapping=mapping)
    assert "1 of its" in str(caught.value)
    assert "offense is None, not 'murder'" in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('dataset = "city_st_louis"', 'dataset = "mine"', "begins with city_"),
        ('key = "murder"', 'key = "murdr"', "did you mean murder"),
        ('ori = "MOSPD00"', 'ori = "Mo"', "7 or 9 capitals"),
        ("\n[series]", "\n[serie]", "did you mean series"),
        ('code = ["Crime"]', 'code = "Crime"', "a list of texts is needed"),
        ('code = ["Crime"]', 'code = ["Count"]', "is named for"),
        ('"missouri_east_feet"', '"missouri_west"', "known are degrees, missouri_east_feet"),
        ('formats = ["%Y-%m"]', 'formats = ["%Q"]', "of % marks it may have"),
        ("range = [10000, 10000]", "", "one of values, prefixes"),
        ("\n[[example]]", "\n[[exampl]]", "did you mean example"),
        ("\n[month]", "\n[month", "not readable as TOML"),
    ],
)
def test_what_is_wrong_with_a_mapping_is_said(old: str, new: str, said: str):
    assert old in ST_LOUIS.text
    with pytest.raises(BadMapping) as caught:
        parse(ST_LOUIS.text.replace(old, new, 1), "mine.toml")
    assert said in str(caught.value)
    assert "mine.toml" in str(caught.value)


@settings(max_examples=60)
@given(mutated(ST_LOUIS.text.encode()))
def test_a_damaged_mapping_is_a_mapping_or_an_error_of_ours(text: bytes):
    try:
        parse(text.decode("utf-8", "replace"), "mine.toml")
    except BadMapping as error:
        assert "mine.toml" in str(error)


def test_a_mapping_that_is_not_there_is_named(tmp_path: Path):
    with pytest.raises(BadMapping, match=r"nowhere\.toml"):
        load(tmp_path / "nowhere.toml")


# --- records ------------------------------------------------------------------------------------


def test_a_record_counts_in_its_coded_month_not_in_the_month_of_its_date(tmp_path: Path, read: Any):
    found = read(a_file(tmp_path, a_record(code="10000", occurred="01/01/1900 00:00")))
    (incident,) = found.rows("incidents")
    assert incident["incident_date"] == date(1900, 1, 1)
    assert (incident["counted_year"], incident["counted_month"]) == (2010, 3)
    assert found.sums("murder") == {(2010, 3): 1}
    assert any("go back to 1 January 1900" in r for r in found.reading.remarks)


def test_a_correction_takes_an_earlier_record_back(tmp_path: Path, read: Any):
    found = read(a_file(tmp_path, a_record(), a_record(), a_record(count="-1")))
    assert found.sums("robbery") == {(2010, 3): 1}
    assert [i["count"] for i in found.rows("incidents")] == [1, 1, -1]
    assert any("1 of 3 records are corrections" in r for r in found.reading.remarks)


def test_a_covered_month_without_homicides_has_a_zero(tmp_path: Path, read: Any):
    assert read(a_file(tmp_path, a_record())).sums("murder") == {(2010, 3): 0}


def test_corrections_of_a_month_the_file_does_not_cover_are_partial_and_no_zero(
    tmp_path: Path, read: Any
):
    late = a_record(month="2009-12", count="-1")
    found = read(a_file(tmp_path, *[a_record()] * 20, late))
    assert found.sums("robbery") == {(2010, 3): 20, (2009, 12): -1}
    assert (2009, 12) not in found.sums("murder")
    partial = {(s["year"], s["month"]): s["is_partial"] for s in found.rows("series")}
    assert partial == {(2010, 3): False, (2009, 12): True}
    months = [(m["year"], m["month"]) for m in found.rows("agency_months")]
    assert months == [(2010, 3)]


def test_totals_are_the_sum_of_their_parts_and_say_their_definition(tmp_path: Path, read: Any):
    codes = ("10000", "21000", "31111", "41011", "51111", "61501", "71013", "81000", "91113")
    months = ("2012-12", "2013-01")
    found = read(a_file(tmp_path, *(a_record(code=c, month=m) for m in months for c in codes)))
    for year, definition in ((2012, "legacy"), (2013, "revised")):
        series = [s for s in found.rows("series") if s["year"] == year]
        defined = {s["offense"]: (s["count"], s["definition"]) for s in series}
        assert defined["violent_crime"] == (4, definition)
        assert defined["rape"] == (1, definition)
        assert defined["property_crime"] == (3, None)
        assert defined["all_crime"] == (7, definition)


def test_zero_zero_is_missing_and_not_a_place_in_the_sea(tmp_path: Path, read: Any):
    found = read(a_file(tmp_path, a_record(), a_record(x="0", y="0"), a_record(x="", y="")))
    places = [(i["latitude"], i["longitude"]) for i in found.rows("incidents")]
    assert places[0] == pytest.approx((38.62896, -90.19618), abs=1e-4)
    assert places[1:] == [(None, None), (None, None)]
    assert any("2 of 3 records have no coordinates" in r for r in found.reading.remarks)


def test_codes_without_a_key_are_kept_and_counted(tmp_path: Path, read: Any):
    found = read(a_file(tmp_path, a_record(), a_record(code="171200"), a_record(code="12000")))
    assert [o["offense"] for o in found.rows("offenses")] == ["robbery", None, None]
    assert any(
        "2 records (2 codes) are of offenses that have no key" in r for r in found[0].remarks
    )


def test_the_later_layout_has_incident_numbers_and_flags(tmp_path: Path, read: Any):
    row = "14-000001,2014-10,10/02/2014 10:15, ,Y, ,-1,Y,31111,1,A,1,B ST,6, , ,1,B,907000,1018000"
    (incident,) = read(a_file(tmp_path, row, header=LATER)).rows("incidents")
    assert incident["incident_number"] == "14-000001"
    assert (incident["own_unfounded"], incident["own_cleanup"]) == (True, True)
    assert incident["own_new_crime"] is False


def test_rows_that_cannot_be_kept_say_why_and_what_would_be_right(tmp_path: Path, read: Any):
    bad = (a_record(count="2"), a_record(month="3/2010"), a_record(occurred="04.03.2010"), "a,b")
    found = read(a_file(tmp_path, *[a_record()] * 6, *bad))
    reasons = {r["file_row"]: r["reason"] for r in found.rows("rejects")}
    assert reasons[8] == 'count is "2", where it is 1 or -1'
    assert reasons[9] == 'month is "3/2010", where months are written as %Y-%m'
    assert 'date is "04.03.2010"' in reasons[10]
    assert "2 fields, where the header has 18" in reasons[11]
    assert found.tables.rows.kept == 6


def test_a_file_most_of_whose_rows_cannot_be_kept_is_refused(tmp_path: Path, read: Any):
    rows = [a_record()] * 50 + [a_record(month="March 2010")] * 20
    with pytest.raises(BadRow, match=r"20 of 70 rows cannot be kept \(line 52: month is"):
        read(a_file(tmp_path, *rows))


def test_a_file_none_of_whose_codes_is_known_is_refused(tmp_path: Path, read: Any):
    with pytest.raises(BadRow, match="maps none of its codes to an offense"):
        read(a_file(tmp_path, a_record(code="261100")))


def test_a_file_cut_short_is_refused(tmp_path: Path, read: Any):
    path = a_file(tmp_path, *[a_record()] * 20)
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(BadRow, match="cut short"):
        read(path)


@pytest.mark.parametrize("row", ["", '"', "\x00", "1" * 2_000_000])
def test_odd_rows_are_no_crash(row: str, tmp_path: Path, read: Any):
    try:
        found = read(a_file(tmp_path, *[a_record()] * 30, row))
        assert found.tables.rows.kept == 30
    except SourceError as error:
        assert "city.csv" in str(error)


VALID = "\n".join([HEADER, *(a_record(code=c) for c in ("10000", "21000", "61501")), ""]).encode()


@settings(max_examples=60)
@given(data=mutated(VALID))
def test_a_damaged_file_is_read_or_refused_and_no_row_is_lost(
    data: bytes, tmp_path_factory: pytest.TempPathFactory
):
    folder = tmp_path_factory.mktemp("damaged")
    path = folder / "city.csv"
    path.write_bytes(data)
    with Tables(folder, is_small=True) as out:
        city_incidents.looks_like(Source(path))
        try:
            city_incidents.read(Source(path), out)
        except SourceError:
            return
        assert out.rows.adds_up
        assert out.counts()["incidents"] == out.rows.kept


# --- workbooks ----------------------------------------------------------------------------------


def a_workbook(folder: Path, sheets: dict[str, list[list[str]]]) -> Path:
    """A small .xlsx, written by hand: cells are text or numbers."""

    def cell(value: str) -> str:
        if value.lstrip("-").replace(".", "", 1).isdigit():
            return f"<c><v>{value}</v></c>"
        return f'<c t="inlineStr"><is><t>{value}</t></is></c>'

    path = folder / "city.xlsx"
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    with zipfile.ZipFile(path, "w") as book:
        book.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{package}/content-types"><Default Extension="xml" '
            'ContentType="application/xml"/></Types>',
        )
        listed = "".join(
            f'<sheet name="{n}" sheetId="{i}" r:id="r{i}"/>' for i, n in enumerate(sheets, 1)
        )
        book.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
            f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        book.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>{listed}</sheets></workbook>',
        )
        related = "".join(
            f'<Relationship Id="r{i}" Type="{office}/worksheet" Target="worksheets/sheet{i}.xml"/>'
            for i, _ in enumerate(sheets, 1)
        )
        book.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{package}/relationships">{related}</Relationships>',
        )
        for i, rows in enumerate(sheets.values(), 1):
            lines = "".join(f"<row>{''.join(map(cell, row))}</row>" for row in rows)
            book.writestr(
                f"xl/worksheets/sheet{i}.xml",
                f'<worksheet xmlns="{main}"><sheetData>{lines}</sheetData></worksheet>',
            )
    return path


COLUMNS = ["date", "longitude", "latitude", "location_type", "location_category"]
CITIES = ("Austin", "Fort Worth", "Seattle")


def test_each_sheet_of_a_workbook_is_its_own_city(tmp_path: Path, read: Any):
    row = ["2019-03-01 04:38:00", "-97.33", "32.75", "street", "street"]
    path = a_workbook(tmp_path, {c: [COLUMNS, row] for c in CITIES})
    assert city_incidents.looks_like(Source(path))
    found = read(path)
    assert [i["ori"] for i in found.rows("incidents")] == ["TX22701", "TX22012", "WASPD00"]
    assert [a["place"] for a in found.rows("agencies")] == [
        "Austin, TX",
        "Fort Worth, TX",
        "Seattle, WA",
    ]
    assert found.rows("series") == []


def test_unknown_and_missing_sheets_are_named_together(tmp_path: Path, read: Any):
    path = a_workbook(tmp_path, {c: [COLUMNS] for c in ("Austin", "Dallas", "Seattle")})
    with pytest.raises(LayoutChanged, match="new sheets Dallas; missing sheets Fort Worth"):
        read(path)


def test_a_workbook_cut_short_is_refused(tmp_path: Path, read: Any):
    path = a_workbook(tmp_path, {c: [COLUMNS] for c in CITIES})
    path.write_bytes(path.read_bytes()[:-100])
    assert not city_incidents.looks_like(Source(path))
    mapping = (
        Path(city_incidents.__file__).parent.parent / "city/mappings/aggravated_assaults_2019.toml"
    )
    with pytest.raises(BadRow):
        read(path, mapping=mapping)


# --- the real files -----------------------------------------------------------------------------


class StLouis(NamedTuple):
    added: list[Added]

    def of(self, table: str, query: str) -> list[tuple[Any, ...]]:
        parts = [p for a in self.added for p in a.entry.parquet(table)]
        return duckdb.execute(
            query.replace("TABLE", "read_parquet($parts, union_by_name=true)"), {"parts": parts}
        ).fetchall()


@pytest.fixture(scope="module")
def st_louis(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> StLouis:
    """All 95 monthly files, added."""
    files = sorted((shared / "data/city/st_louis/raw").iterdir())
    store = tmp_path_factory.mktemp("store")
    with ThreadPoolExecutor(2) as pool:
        return StLouis(list(pool.map(lambda f: add(Source(f), store), files)))


def test_all_records_of_all_files_are_kept(st_louis: StLouis):
    rows = [a.entry.rows for a in st_louis.added]
    assert len(rows) == 95
    assert sum(r["read"] for r in rows) == sum(r["kept"] for r in rows) == 445_326


def test_homicides_by_coded_month_are_the_departments(st_louis: StLouis):
    found = st_louis.of(
        "series",
        "SELECT year, sum(count), count(*) FROM TABLE WHERE offense = 'murder' GROUP BY ALL "
        "ORDER BY ALL",
    )
    assert [n for _, n, _ in found] == [167, 143, 144, 113, 113, 120, 159, 180]
    assert [months for _, _, months in found] == [12] * 7 + [11]


def test_homicides_and_rapes_are_the_fbis_in_every_whole_year(st_louis: StLouis, shared: Path):
    with (shared / "data/srs/marshall_ucr_crime_1975_2015.csv").open(newline="") as lines:
        fbi = {int(r["year"]): r for r in csv.DictReader(lines) if r["ORI"] == "MOSPD00"}
    sums = {
        (o, y): n
        for o, y, n in st_louis.of(
            "series", "SELECT offense, year, sum(count) FROM TABLE GROUP BY 1, 2"
        )
    }
    for year in range(2008, 2015):
        assert sums["murder", year] == int(fbi[year]["homs_sum"])
        assert sums["rape", year] == int(fbi[year]["rape_sum"])
        assert abs(sums["robbery", year] - int(fbi[year]["rob_sum"])) <= 1
        assert abs(sums["aggravated_assault", year] - int(fbi[year]["agg_ass_sum"])) <= 1
    assert int(fbi[2015]["homs_sum"]) - sums["murder", 2015] == 8  # December is not in the files


def test_rape_is_legacy_through_2012_and_revised_from_2013(st_louis: StLouis):
    query = "SELECT definition, max(year), min(year) FROM TABLE WHERE offense = 'rape' GROUP BY 1"
    found = {d: (last, first) for d, last, first in st_louis.of("series", query)}
    assert found == {"legacy": (2012, 2008), "revised": (2015, 2013)}


def test_corrections_and_coordinates_are_what_the_files_have(st_louis: StLouis):
    ((corrections, earliest, unplaced, elsewhere),) = st_louis.of(
        "incidents",
        "SELECT count(*) FILTER (count = -1), min(incident_date), count(*) FILTER (own_x = '0'), "
        "count(*) FILTER (latitude IS NULL AND own_x <> '0') FROM TABLE",
    )
    assert corrections == 7_382
    assert earliest == date(1900, 1, 1)
    assert unplaced == 9_380
    assert elsewhere == 47


def test_every_point_lies_in_or_beside_the_city(st_louis: StLouis):
    ((south, north, west, east),) = st_louis.of(
        "incidents",
        "SELECT min(latitude), max(latitude), min(longitude), max(longitude) FROM TABLE",
    )
    assert 38.52 < south < north < 38.79
    assert -90.34 < west < east < -90.16


def test_each_file_covers_one_month_and_no_two_the_same(st_louis: StLouis):
    months = st_louis.of("agency_months", "SELECT year, month FROM TABLE")
    assert len(months) == len(set(months)) == 95


def test_the_extracts_of_other_cities_are_kept_as_incidents(shared: Path, tmp_path: Path):
    folder = shared / "data/city/crimemappingdata"
    rows = {}
    for name in (
        "chicago_aggravated_assaults.csv.gz",
        "cincinnati_burglary.csv.gz",
        "aggravated_assaults.xlsx",
    ):
        entry = add(Source(folder / name), tmp_path).entry
        rows[entry.dataset] = (entry.rows["kept"], entry.rows["rejected"])
        assert "series" not in entry.tables
        assert any("No series is made" in r for r in entry.remarks)
    assert rows == {
        "city_chicago_aggravated_assaults": (148_636, 0),
        "city_cincinnati_burglary": (8_723, 0),
        "city_aggravated_assaults_2019": (12_800, 2),
    }


def test_many_files_are_added_side_by_side_and_a_bad_one_keeps_none_out(tmp_path: Path):
    files = [
        a_file(tmp_path, *[a_record(month=f"2010-{m:02}")] * m, name=f"{m}.csv")
        for m in range(1, 13)
    ]
    files += [a_file(tmp_path, a_record(month="?"), name=f"bad{i}.csv") for i in range(4)]
    found = list(add_many([Source(f) for f in files], tmp_path / "store", workers=2))
    kept = [a.entry.rows["kept"] for a in found if isinstance(a, Added)]
    assert kept == list(range(1, 13))
    assert all(isinstance(e, BadRow) for e in found[12:])


@settings(max_examples=15)
@given(name=st.sampled_from(["Count", "Crime", "XCoord", "District"]), value=st.text(max_size=12))
def test_whatever_stands_in_a_cell_the_rows_add_up(
    name: str, value: str, tmp_path_factory: pytest.TempPathFactory
):
    folder = tmp_path_factory.mktemp("cell")
    row = dict(zip(HEADER.split(","), a_record().split(","), strict=True)) | {name: value}
    path = folder / "city.csv"
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([HEADER.split(","), list(row.values()), a_record().split(",")])
    with Tables(folder, is_small=True) as tables:
        try:
            city_incidents.read(Source(path), tables)
        except SourceError:
            return
        assert tables.rows.adds_up
