"""FiveThirtyEight's cities: murders of two whole years, or of two years to a day."""

from __future__ import annotations

import tempfile
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.sources.mutated import mutated

from baserate.errors import BadRow, LayoutChanged, PartOfYear, SourceError
from baserate.measure.answer import Answer
from baserate.measure.ask import ask
from baserate.sources.readers import city_murders
from baserate.sources.reading import Reading, Source
from baserate.sources.tables import Tables
from baserate.store.add import add
from baserate.store.open import Store, open_store

WHOLE = "city,state,2003_murders,2004_murders,change"
TO_A_DAY = "city,state,2004_murders,2005_murders,change,source,as_of"


def a_city(
    city: str = "Springfield",
    state: str = "Missouri",
    counts: tuple[object, object] = (10, 14),
    change: object = 4,
    through: str = "",
    source: str = "SPD",
) -> str:
    told = f"{city},{state},{counts[0]},{counts[1]},{change}"
    return f"{told},{source},{through}" if through else told


def cities(many: int = 4, through: str = "") -> list[str]:
    named = {"Omaha": "Nebraska", "Tulsa": "Oklahoma", "Boston": "Massachusetts", "Reno": "Nevada"}
    return [a_city(city, state, through=through) for city, state in named.items()][:many]


def read(folder: Path, *rows: str, header: str = WHOLE) -> tuple[Reading, Tables]:
    path = folder / "download.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    out = Tables(folder)
    return city_murders.read(Source(path), out), out


def series(out: Tables, what: str) -> list[tuple[object, ...]]:
    parts = [str(p) for p in out.written("series")]
    return duckdb.execute(f"SELECT {what} FROM read_parquet($1) ORDER BY ALL", [parts]).fetchall()


def test_the_header_says_which_years_are_counted(tmp_path: Path):
    reading, out = read(tmp_path, a_city())
    assert series(out, "place, offense, year, count, file_row") == [
        ("Springfield, MO", "murder", 2003, 10, 2),
        ("Springfield, MO", "murder", 2004, 14, 2),
    ]
    assert (reading.first_year, reading.last_year) == (2003, 2004)


def test_the_later_year_may_stand_first(tmp_path: Path):
    header = "city,state,2004_murders,2003_murders,change"
    _, out = read(tmp_path, a_city(counts=(14, 10)), header=header)
    assert series(out, "year, count") == [(2003, 10), (2004, 14)]


def test_whole_years_are_whole_and_have_no_population(tmp_path: Path):
    reading, out = read(tmp_path, a_city())
    assert reading.dataset == "fivethirtyeight_murders"
    assert series(out, "DISTINCT is_partial, month, population, note") == [(False, None, None, "")]


def test_a_count_to_a_day_is_partial_in_both_years(tmp_path: Path):
    reading, out = read(tmp_path, a_city(through="10/2/2005"), header=TO_A_DAY)
    assert reading.dataset == "fivethirtyeight_murders_to_date"
    assert reading.edition == "2004 and 2005, to 2 October 2005"
    note = "partial: from 1 January through 2 October only, and preliminary; counted by SPD"
    assert series(out, "year, count, is_partial, note") == [
        (2004, 10, True, note),
        (2005, 14, True, note),
    ]


@pytest.mark.parametrize("day", ["8/31/2005", "12/31/2005"])
def test_no_count_to_a_day_is_whole_even_at_the_end_of_a_month_or_the_year(
    tmp_path: Path, day: str
):
    _, out = read(tmp_path, a_city(through=day), header=TO_A_DAY)
    assert series(out, "DISTINCT is_partial, month") == [(True, None)]


def test_nobody_need_be_named_as_the_one_who_counted(tmp_path: Path):
    _, out = read(tmp_path, a_city(through="2/29/2004", source=" "), header=LEAP)
    assert series(out, "DISTINCT note") == [
        ("partial: from 1 January through 29 February only, and preliminary",)
    ]


LEAP = "city,state,2003_murders,2004_murders,change,source,as_of"


def test_no_murder_at_all_is_a_count(tmp_path: Path):
    _, out = read(tmp_path, a_city(counts=(0, 2), change=2))
    assert (2003, 0) in series(out, "year, count")


@pytest.mark.parametrize(
    ("city", "state", "place"),
    [
        ("St. Louis", "Missouri", "St. Louis, MO"),
        ("Washington", "D.C.", "Washington, DC"),
        ("New York", "New York", "New York, NY"),
        ("St. Paul", "Minnesota", "Saint Paul, MN"),
        ("Charlotte-Mecklenburg", "North Carolina", "Charlotte-Mecklenburg, NC"),
        ("Kansas City", "Kansas", "Kansas City, KS"),
    ],
)
def test_a_city_is_the_place_that_other_sources_have(
    tmp_path: Path, city: str, state: str, place: str
):
    _, out = read(tmp_path, a_city(city, state))
    assert series(out, "DISTINCT place") == [(place,)]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (a_city(change=5), "change is 5 and 14 less 10 is 4"),
        (a_city(counts=("", 14)), "2003_murders is ''"),
        (a_city(counts=(10, "14.5")), "2004_murders is '14.5'"),
        (a_city(counts=(-1, 3)), "2003_murders is '-1'"),
        (a_city(change="NA"), "change is 'NA'"),
        (a_city(state="MO"), "state is 'MO'; a state's name in full"),
        (a_city(city=""), "city is ''"),
        (a_city("Omaha", "Nebraska"), "Omaha, NE already stands on line 2"),
        ("Springfield,Missouri", "2 fields, where the header has 5"),
    ],
)
def test_a_bad_row_is_rejected_with_its_reason(tmp_path: Path, row: str, reason: str):
    _, out = read(tmp_path, *cities(), row)
    assert (out.rows.kept, out.rows.rejected) == (4, 1)
    assert out.rows.adds_up
    ((line, said, raw),) = out._rejects
    assert line == 6
    assert reason in said
    assert raw


@pytest.mark.parametrize("day", ["", "2/30/2005", "2005-10-02", "10/2/2004", "1/3/2006"])
def test_a_day_that_is_none_of_the_later_year_is_rejected(tmp_path: Path, day: str):
    rows = [*cities(through="9/5/2005"), a_city(through=day) if day else a_city() + ",SPD,"]
    _, out = read(tmp_path, *rows, header=TO_A_DAY)
    assert (out.rows.kept, out.rows.rejected) == (4, 1)
    assert f"as_of is {day!r}; a day of 2005 is needed" in out._rejects[0][1]


@pytest.mark.parametrize(
    ("header", "said"),
    [
        (WHOLE.replace("state", "county"), "unknown columns county; missing columns state"),
        (WHOLE.replace("2003_murders", "rate"), "columns rate; missing columns YYYY_murders"),
        (WHOLE.replace("change", "2005_murders"), "columns 2005_murders; missing columns change"),
        (WHOLE.replace("change", "as_of"), "unknown columns none; missing columns change, source"),
    ],
)
def test_missing_and_unknown_columns_are_named_in_one_message(
    tmp_path: Path, header: str, said: str
):
    with pytest.raises(LayoutChanged, match=said):
        read(tmp_path, a_city(), header=header)


def test_a_file_of_which_little_can_be_read_is_refused(tmp_path: Path):
    rows = [*cities(2), *[a_city(f"Town {'x' * n}", change=9) for n in range(4)]]
    with pytest.raises(BadRow, match="4 of 6 rows cannot be read"):
        read(tmp_path, *rows)


VALID = "\n".join(
    [TO_A_DAY, *cities(through="9/5/2005"), a_city("St. Louis", through="4/30/2005")]
).encode()


@settings(max_examples=60)
@given(mutated(VALID))
def test_no_damage_crashes_the_reader_or_loses_a_row(content: bytes):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "murders.csv"
        path.write_bytes(content)
        with Tables(Path(folder)) as out:
            try:
                city_murders.read(Source(path), out)
            except SourceError as error:
                assert "murders.csv" in str(error)
            else:
                assert out.rows.adds_up


@given(st.binary(max_size=200))
def test_other_files_are_not_claimed(tmp_path_factory: pytest.TempPathFactory, content: bytes):
    path = tmp_path_factory.getbasetemp() / "other"
    path.write_bytes(content)
    assert not city_murders.looks_like(Source(path))


@pytest.fixture(scope="module")
def records(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Store:
    folder = tmp_path_factory.mktemp("store")
    for name in ("marshall_ucr_crime_1975_2015", "538_murder_2015_final", "538_murder_2016_prelim"):
        add(Source(shared / f"data/srs/{name}.csv"), folder)
    return open_store(folder)


def answer(records: Store, text: str) -> Answer:
    return ask(text, store=records)


def test_every_published_row_is_kept(records: Store):
    rows = {e.dataset: (e.rows["read"], e.rows["kept"]) for e in records.entries}
    assert rows["fivethirtyeight_murders"] == (83, 83)
    assert rows["fivethirtyeight_murders_to_date"] == (79, 79)


def test_baltimore_has_two_sources_that_agree(records: Store):
    found = answer(records, "murder count in Baltimore, 2014 to 2015")
    assert found.verdict == "up"
    assert found.later is not None
    assert found.later.offenses == 344
    named = [c.option for c in found.robustness.choices if c.kind == "source"]
    assert named == ["other source (FiveThirtyEight, murders in large cities)"]
    assert "sources_differ" not in {c.kind for c in found.caveats}


def test_chicago_2014_has_two_sources_that_differ_by_four(records: Store):
    found = answer(records, "murder count in Chicago, 2014")
    said = next(c.text for c in found.caveats if c.kind == "sources_differ")
    assert "415 here, 411 there" in said


def test_a_city_that_no_other_source_has_is_answered_by_its_whole_years(records: Store):
    assert answer(records, "number of murders in Anchorage, 2015").value == 26


def test_chicago_to_october_2016_is_not_chicago_2016(records: Store):
    with pytest.raises(PartOfYear, match="through 2 October only, and preliminary; 536 counted"):
        answer(records, "murders in Chicago, 2016")
    assert answer(records, "number of murders in Chicago, 2015").value == 478
    with pytest.raises(PartOfYear):
        answer(records, "number of murders in Chicago, 2015 to 2016")


def test_the_two_publishers_agree_on_most_cities(records: Store):
    one, other = (
        {
            (row["place"], row["year"]): row["number"]
            for year in (2014, 2015)
            for row in records.counts("murder", year=year)
            if row["dataset"] == dataset
        }
        for dataset in ("fivethirtyeight_murders", "marshall_cities")
    )
    both = [key for key in one if key in other]
    apart = {key: one[key] - other[key] for key in both if one[key] != other[key]}
    assert {year: sum(y == year for _, y in both) for year in (2014, 2015)} == {2014: 59, 2015: 57}
    assert {year: sum(y == year for _, y in apart) for year in (2014, 2015)} == {2014: 11, 2015: 1}
    assert max(abs(gap) for gap in apart.values()) == 5
