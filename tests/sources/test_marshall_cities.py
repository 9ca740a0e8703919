"""The Marshall Project's cities: whole and partial years, and rapes of no stated definition."""

from __future__ import annotations

import tempfile
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.sources.mutated import mutated

from baserate.errors import BadRow, LayoutChanged, SourceError
from baserate.sources.readers import marshall_cities
from baserate.sources.reading import Reading, Source
from baserate.sources.tables import Tables
from baserate.store.add import add

HEADER = (
    '"ORI","year","department_name","total_pop","homs_sum","rape_sum","rob_sum","agg_ass_sum",'
    '"violent_crime","months_reported","violent_per_100k","homs_per_100k","rape_per_100k",'
    '"rob_per_100k","agg_ass_per_100k","source","url"'
)


def a_row(
    ori: str = "MOSPD00",
    year: int = 2010,
    name: str = "St. Louis, Mo.",
    counts: tuple[object, ...] = (10, 20, 30, 40, 100),
    months: object = 12,
    source: str = "NA",
    url: str = "NA",
    population: object = 300_000,
) -> str:
    cells = ",".join(map(str, counts))
    quoted = f'"{ori}"' if ori != "NA" else "NA"
    end = f"{f'{source!r}'.replace(chr(39), chr(34)) if source != 'NA' else 'NA'},{url}"
    return f'{quoted},{year},"{name}",{population},{cells},{months},1,1,1,1,1,{end}'


def read(folder: Path, *rows: str, header: str = HEADER) -> tuple[Reading, Tables]:
    path = folder / "cities.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    out = Tables(folder)
    return marshall_cities.read(Source(path), out), out


def series(out: Tables, what: str) -> list[tuple[object, ...]]:
    parts = [str(p) for p in out.written("series")]
    return duckdb.execute(f"SELECT {what} FROM read_parquet($1) ORDER BY ALL", [parts]).fetchall()


def test_a_city_is_a_place_and_a_county_is_none(tmp_path: Path):
    rows = [
        a_row(),
        a_row("NY03030", 2010, "New York City"),
        a_row("DCMPD00", 2010, "Washington, D.C."),
        a_row("FL01300", 2010, "Miami-Dade County, Fla."),
        a_row("NC06001", 2010, "Charlotte-Mecklenburg, N.C."),
    ]
    _, out = read(tmp_path, *rows)
    places = {p for (p,) in series(out, "DISTINCT place")}
    assert places == {
        "St. Louis, MO",
        "New York, NY",
        "Washington, DC",
        "Charlotte-Mecklenburg, NC",
        None,
    }


def test_the_nation_is_the_united_states_and_no_agency(tmp_path: Path):
    nation = a_row(
        "NA", 2015, "National", (15696, "NA", "NA", "NA", 1197704), "NA", population="NA"
    )
    _, out = read(tmp_path, nation)
    assert series(out, "place, ori, offense, definition, count") == [
        ("US", None, "murder", None, 15696),
        ("US", None, "violent_crime", "legacy", 1197704),
    ]


def test_what_is_missing_is_not_zero(tmp_path: Path):
    _, out = read(tmp_path, a_row(counts=(187, 573, 4299, "NA", "NA")))
    assert series(out, "offense, count") == [("murder", 187), ("rape", 573), ("robbery", 4299)]


@pytest.mark.parametrize(
    ("year", "source", "definition"),
    [
        (2012, "NA", "legacy"),
        (2013, "NA", None),
        (2012, "Illinois State Police", None),
        (2015, "Utah Department of Public Safety", "legacy"),
    ],
)
def test_rape_has_a_definition_only_where_somebody_states_it(
    tmp_path: Path, year: int, source: str, definition: str | None
):
    _, out = read(tmp_path, a_row(year=year, source=source))
    found = series(out, "offense, definition, printed_definition")
    assert ("rape", definition, definition or "none") in found
    assert ("violent_crime", definition, definition or "none") in found
    assert ("robbery", None, None) in found


def test_fewer_than_twelve_months_are_a_partial_year(tmp_path: Path):
    _, out = read(tmp_path, a_row(months=7))
    assert series(out, "DISTINCT is_partial, months_reported") == [(True, 7)]


def test_a_year_filled_from_another_source_is_whole(tmp_path: Path):
    _, out = read(tmp_path, a_row(months=0, source="Florida Department of Law Enforcement"))
    assert series(out, "DISTINCT is_partial, months_reported, note") == [
        (
            False,
            None,
            "taken from Florida Department of Law Enforcement; "
            "the agency reported 0 of 12 months to the FBI",
        )
    ]


def falling(to: int, months: object, before: object = 12) -> list[str]:
    half = (to - 3, 1, 1, 1, to)
    return [a_row(year=2009, months=before), a_row(year=2010, months=months, counts=half)]


@pytest.mark.parametrize(
    ("to", "months", "before", "partial"),
    [
        (49, "NA", 12, True),
        (50, "NA", 12, False),
        (49, 12, 12, False),
        (49, "NA", 6, False),
        (49, "NA", "NA", False),
    ],
    ids=[
        "fell by more than half",
        "fell by half",
        "twelve months are never partial",
        "the year before was partial",
        "the year before is not known to be whole",
    ],
)
def test_a_fall_that_no_whole_year_ever_had_makes_a_year_partial(
    tmp_path: Path, to: int, months: object, before: object, partial: bool
):
    reading, out = read(tmp_path, *falling(to, months, before))
    found = {p for year, p in series(out, "year, is_partial") if year == 2010}
    assert found == {partial}
    assert any("St. Louis, Mo. 2010 (line 3)" in r for r in reading.remarks) == partial


def test_a_total_that_is_not_its_parts_is_kept_and_named(tmp_path: Path):
    reading, out = read(tmp_path, a_row(counts=(10, 20, 30, 40, 105)), a_row(year=2011))
    assert (105, 105, 100) in series(out, "count, printed_total, parts_total")
    assert "do not add up" in reading.remarks[-1]


def test_both_ways_to_write_a_quote_are_read(tmp_path: Path):
    backslash = a_row().removesuffix("NA") + r'"\"Crime up\", March 12, 1989"'
    doubled = a_row(year=2011).removesuffix("NA") + '"""Crime up"", March 12, 1989"'
    _, out = read(tmp_path, backslash, doubled)
    assert (out.rows.kept, out.rows.rejected) == (2, 0)


def test_r_writes_half_a_million_its_own_way(tmp_path: Path):
    _, out = read(tmp_path, a_row(population="5e+05"))
    assert series(out, "DISTINCT population") == [(500_000,)]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (a_row(counts=(10.5, 20, 30, 40, 100)), "homs_sum is '10.5'"),
        (a_row(counts=(-1, 20, 30, 40, 100)), "homs_sum is '-1'"),
        (a_row(months=13), "months_reported is 13"),
        (a_row(population=100), "total_pop is 100 and a count is 100"),
        (a_row(ori="St. Louis"), "ORI is 'St. Louis'"),
        (a_row(ori="NA"), "one agency is needed"),
        (a_row(year=1850), "year is '1850'"),
        (a_row(year=2001), "St. Louis, Mo. 2001 already stands on line 2"),
        ("1,2,3", "3 fields, where the header has 17"),
    ],
)
def test_a_bad_row_is_rejected_with_its_reason(tmp_path: Path, row: str, reason: str):
    _, out = read(tmp_path, *[a_row(year=y) for y in range(2001, 2005)], row)
    assert (out.rows.kept, out.rows.rejected) == (4, 1)
    assert out.rows.adds_up
    ((line, said, raw),) = out._rejects
    assert line == 6
    assert reason in said
    assert raw


def test_missing_and_unknown_columns_are_named_in_one_message(tmp_path: Path):
    header = HEADER.replace("rob_sum", "robs")
    with pytest.raises(LayoutChanged, match=r"unknown columns robs; missing columns rob_sum"):
        read(tmp_path, a_row(), header=header)


def test_totals_that_nowhere_fit_are_refused(tmp_path: Path):
    rows = [a_row(year=y, counts=(100, 20, 30, 40, 10)) for y in (2001, 2002, 2003)]
    with pytest.raises(BadRow, match="do not add up to violent_crime"):
        read(tmp_path, *rows)


VALID = "\n".join(
    [
        HEADER,
        *[a_row(year=y) for y in range(2001, 2006)],
        a_row("NA", 2001, "National", (15696, "NA", "NA", "NA", 1197704), "NA", population="NA"),
        a_row(year=2006, source="Kansas City police").removesuffix("NA") + '"""Up"", page 1"',
    ]
).encode()


@settings(max_examples=60)
@given(mutated(VALID))
def test_no_damage_crashes_the_reader_or_loses_a_row(content: bytes):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cities.csv"
        path.write_bytes(content)
        with Tables(Path(folder)) as out:
            try:
                marshall_cities.read(Source(path), out)
            except SourceError as error:
                assert "cities.csv" in str(error)
            else:
                assert out.rows.adds_up


@given(st.binary(max_size=200))
def test_other_files_are_not_claimed(tmp_path_factory: pytest.TempPathFactory, content: bytes):
    path = tmp_path_factory.getbasetemp() / "other"
    path.write_bytes(content)
    assert not marshall_cities.looks_like(Source(path))


@pytest.fixture(scope="module")
def both(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    store = tmp_path_factory.mktemp("store")
    for name in ("marshall_ucr_crime_1975_2015", "marshall_ucr_crime_1975_2015_release_2016-08-18"):
        add(Source(shared / f"data/srs/{name}.csv"), store)
    return store


def test_both_releases_stand_side_by_side(both: Path):
    found = duckdb.execute(
        "SELECT edition, released, rows.kept, tables.series FROM read_json($1) ORDER BY released",
        [f"{both}/files/*/entry.json"],
    ).fetchall()
    assert [(e, str(d), k) for e, d, k, _ in found] == [
        ("release of 18 August 2016", "2016-08-18", 2829),
        ("release of 28 September 2016", "2016-09-28", 2829),
    ]


def test_new_york_2015_is_partial_in_the_first_release_alone(both: Path):
    found = duckdb.execute(
        "SELECT count, is_partial FROM read_parquet($1) WHERE place = 'New York, NY' "
        "AND year = 2015 AND offense = 'violent_crime' ORDER BY count",
        [f"{both}/files/*/series-0.parquet"],
    ).fetchall()
    assert found == [(21_659, True), (50_088, False)]


def test_the_rule_marks_new_orleans_2005_besides_and_no_row_with_twelve_months(both: Path):
    found = duckdb.execute(
        "SELECT DISTINCT agency, year FROM read_parquet($1) WHERE is_partial "
        "AND months_reported IS NULL ORDER BY ALL",
        [f"{both}/files/*/series-0.parquet"],
    ).fetchall()
    assert found == [("New Orleans", 2005), ("New York City", 2015)]
