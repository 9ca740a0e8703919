"""The FBI's estimates: which definition each row counts by, and files that must not be read."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baserate.errors import BadRow, LayoutChanged, SourceError, SwappedColumns
from baserate.sources.catalog import catalog
from baserate.sources.readers.fbi_estimates import EstimateRow, facts, rape_basis
from baserate.sources.readers.fbi_estimates import read_rows as read
from baserate.sources.tables import Tables
from baserate.store.open import Store

HEADER = (
    "year,state_abbr,state_name,population,violent_crime,homicide,rape_legacy,rape_revised,robbery,"
    "aggravated_assault,property_crime,burglary,larceny,motor_vehicle_theft,caveats"
)
NATION_2015 = (
    "2015,,,320896618,1199310,15883,91261,126134,328109,764057,8024115,1587564,5723488,713063,"
)


def a_file(folder: Path, *rows: str, header: str = HEADER) -> Path:
    path = folder / "estimates.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def published(shared: Path) -> list[EstimateRow]:
    return read(shared / "data/srs/estimated_crimes_1979_2019.csv")


def test_the_identity_tells_the_definition():
    parts = {"without_rape": 1_108_049, "legacy": 91_261, "revised": 126_134}
    assert rape_basis(violent_crime=1_199_310, **parts) == "legacy"
    assert rape_basis(violent_crime=1_234_183, **parts) == "revised"
    assert rape_basis(violent_crime=1_200_000, **parts) == "none"


def test_equal_columns_fit_either_definition():
    assert rape_basis(violent_crime=15, without_rape=10, legacy=5, revised=5) == "either"


def test_a_missing_column_is_not_a_zero():
    assert rape_basis(violent_crime=10, without_rape=10, legacy=None, revised=None) == "none"


@given(st.integers(0, 10**7), st.integers(0, 10**6), st.integers(0, 10**6))
def test_whichever_column_makes_the_total_is_found(rest: int, legacy: int, wider: int):
    revised = legacy + wider
    kinds = {"without_rape": rest, "legacy": legacy, "revised": revised}
    assert rape_basis(violent_crime=rest + legacy, **kinds) in {"legacy", "either"}
    assert rape_basis(violent_crime=rest + revised, **kinds) in {"revised", "either"}


def test_one_row_keeps_its_line_and_its_definition(tmp_path: Path):
    (row,) = read(a_file(tmp_path, NATION_2015))
    assert (row.file_row, row.year, row.violent_basis) == (2, 2015, "legacy")


def test_an_empty_cell_is_missing_not_zero(tmp_path: Path):
    (row,) = read(a_file(tmp_path, NATION_2015.replace("91261", "")))
    assert row.rape_legacy is None


def test_exchanged_rape_columns_are_an_error_not_data(tmp_path: Path):
    swapped = NATION_2015.replace("91261,126134", "126134,91261")
    with pytest.raises(SwappedColumns) as caught:
        read(a_file(tmp_path, swapped))
    said = str(caught.value)
    assert "126,134" in said
    assert "91,261" in said
    assert "changed places, so nothing was read" in said


def test_the_published_file_with_exchanged_columns_is_refused(shared: Path):
    with pytest.raises(SwappedColumns, match=r"2015, 2016.*United States 2015: 126,134 and 91,261"):
        read(shared / "data/srs/fbi_cde_estimated_1995_2016_swapped_rape_columns.csv")


def test_the_published_file_has_2116_rows(published: list[EstimateRow]):
    assert len(published) == 2116 == catalog()["fbi_estimates"].releases[0].rows


def test_the_nation_switched_in_2016(published: list[EstimateRow], expected: dict[str, Any]):
    basis = {str(r.year): r.violent_basis for r in published if not r.state_abbr}
    wanted = expected["rape_basis_by_year_us"]["expected"]
    assert {y: basis[y] for y in wanted} == wanted


def test_the_states_switched_in_2013(published: list[EstimateRow], expected: dict[str, Any]):
    for year, wanted in expected["rape_basis_by_year_states"]["expected"].items():
        found = Counter(r.violent_basis for r in published if r.state_abbr and r.year == int(year))
        assert found == wanted, year


def test_the_embedded_records_are_the_published_file(
    published: list[EstimateRow], store: Store, tmp_path: Path
):
    """What the package carries is what the reader makes of the file today, number for number."""
    embedded = store.entries[0]
    with Tables(tmp_path) as out:
        out.write("series", (fact for row in published for fact in facts(row)))
        made, held = (
            out.engine.execute("from read_parquet($p)", {"p": [str(p) for p in paths]}).fetchall()
            for paths in (out.written("series"), embedded.parquet("series"))
        )
        assert held == made


def test_the_embedded_records_say_where_they_are_from(store: Store):
    embedded, release = store.entries[0], catalog()["fbi_estimates"].releases[0]
    assert (embedded.file, embedded.sha256) == (release.file, release.sha256)
    assert embedded.released == release.released
    assert embedded.rows == {"read": 2116, "kept": 2116, "rejected": 0, "aside": 0}


def test_revised_counts_before_there_was_a_revised_definition_are_refused(tmp_path: Path):
    early = NATION_2015.replace("2015,,", "1995,,").replace("91261,126134", ",91261")
    with pytest.raises(SwappedColumns, match="before 2013 have a revised rape count"):
        read(a_file(tmp_path, early))


def test_a_column_that_stands_there_twice_is_refused(tmp_path: Path):
    header = HEADER.replace("burglary", "homicide")
    with pytest.raises(LayoutChanged, match="'homicide' stand there twice"):
        read(a_file(tmp_path, NATION_2015, header=header))


def test_exchanged_totals_are_refused(tmp_path: Path):
    header = HEADER.replace("homicide", "x").replace("robbery", "homicide").replace("x", "robbery")
    rows = [NATION_2015.replace("2015", str(y), 1) for y in (2013, 2014, 2015)]
    with pytest.raises(SourceError, match=r"do not add up|changed places|cannot be"):
        read(a_file(tmp_path, *[r.replace("1199310", "8024115", 1) for r in rows], header=header))


def test_a_quoted_line_break_does_not_shift_the_lines_after_it(tmp_path: Path):
    first = NATION_2015 + '"two\nlines"'
    second = NATION_2015.replace("2015", "2014", 1)
    rows = read(a_file(tmp_path, first, second))
    assert [r.file_row for r in rows] == [2, 4]


@pytest.mark.parametrize("path", [Path("/dev/zero"), Path(), Path("no-such-file.csv")])
def test_what_is_no_file_is_refused(path: Path):
    with pytest.raises(BadRow, match="not a file that can be read"):
        read(path)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (NATION_2015.replace("15883", "9" * 5_000), r"at most 12 digits"),
        (NATION_2015.replace("2015,,,", "3015,,,"), r"year is 3015"),
        (NATION_2015.replace("91261,126134", ","), r"neither rape column"),
        (NATION_2015.replace("2015,,,", "2015,CA,Zanzibar,"), r"state_name 'Zanzibar'"),
        (NATION_2015.replace("15883", "-5"), r"line 2: homicide is '-5'; a whole number"),
        (NATION_2015.replace("15883", "1e4"), r"line 2: homicide is '1e4'"),
        (NATION_2015.replace("15883", ""), r"line 2: homicide is empty"),
        (NATION_2015.replace("2015,,,", "2015,ZZ,Nowhere,"), r"state_abbr is 'ZZ'"),
        (NATION_2015.replace("320896618", "0"), r"population is 0 and violent_crime 1,199,310"),
        (NATION_2015.replace(",1587564", ""), r"line 2: 14 values under 15 columns"),
    ],
)
def test_a_bad_row_is_named_with_its_line(tmp_path: Path, row: str, message: str):
    with pytest.raises(BadRow, match=message):
        read(a_file(tmp_path, row))


def test_missing_and_unknown_columns_are_named_in_one_message(tmp_path: Path):
    header = HEADER.replace("robbery", "robberies")
    with pytest.raises(LayoutChanged, match=r"unknown columns robberies; missing columns robbery"):
        read(a_file(tmp_path, NATION_2015, header=header))


def test_the_same_place_and_year_twice_is_refused(tmp_path: Path):
    with pytest.raises(BadRow, match="line 3: United States 2015 already stands on line 2"):
        read(a_file(tmp_path, NATION_2015, NATION_2015))


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00\x01", b"<html>404</html>", b'"unclosed\n'])
def test_what_is_no_csv_is_refused_in_a_sentence(tmp_path: Path, content: bytes):
    path = tmp_path / "broken.csv"
    path.write_bytes(content)
    with pytest.raises(SourceError, match=r"broken\.csv"):
        read(path)


@given(st.binary(max_size=300))
def test_no_bytes_crash_the_reader(tmp_path_factory: pytest.TempPathFactory, content: bytes):
    path = tmp_path_factory.getbasetemp() / "fuzz.csv"
    path.write_bytes(content)
    with pytest.raises(SourceError):
        read(path)
