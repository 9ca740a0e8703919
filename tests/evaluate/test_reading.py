"""Data files read where they stand: what is in them, and what is said when it cannot be read."""

from __future__ import annotations

import bz2
import gzip
import sys
from pathlib import Path

import duckdb
import numpy as np
import pytest

from baserate.errors import BadPanel, ExtraNeeded, UnknownFormat
from baserate.evaluate.files.reading import Columns, read_columns


def saved(folder: Path, content: str | bytes, name: str = "study.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def numbers(made: Columns, name: str) -> list[float]:
    column = made.values[name]
    assert isinstance(column, np.ndarray)
    return [float(value) for value in column]


def test_numbers_become_arrays_and_text_lists(tmp_path: Path):
    made = read_columns(saved(tmp_path, "city,year,rate\nA,2014,1.5\nB,2015,2\n"))
    assert (made.kind, made.rows) == ("CSV", 2)
    assert made.values["city"] == ["A", "B"]
    assert numbers(made, "year") == [2014, 2015]
    assert made.values["year"].dtype == np.int64  # type: ignore[union-attr]
    assert numbers(made, "rate") == [1.5, 2.0]


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_any_usual_delimiter_is_found(tmp_path: Path, mark: str):
    text = f'"a, b"{mark}c\r\n1{mark}2\r\n3{mark}4\r\n'
    made = read_columns(saved(tmp_path, text))
    assert numbers(made, "a, b") == [1, 3]
    assert numbers(made, "c") == [2, 4]


# Each cell of a column and what the column then is.
CELLS = {
    "missing among numbers": (["1", "NA", "", ".", "2"], [1, np.nan, np.nan, np.nan, 2]),
    "a region called NA": (["NA", "EU"], ["NA", "EU"]),
    "an empty cell among words": (["x", ""], ["x", None]),
    "codes keep their zeros": (["0040900", "0010203"], ["0040900", "0010203"]),
    "a single zero is a number": (["0", "0.5"], [0, 0.5]),
    "exponents": (["1e3", "-2.5E-1"], [1000, -0.25]),
    "hexadecimal is no number": (["0x10", "1"], ["0x10", "1"]),
    "infinity is no number": (["inf", "1"], ["inf", "1"]),
    "decimal commas are not guessed at": (["1,5", "2"], ["1,5", "2"]),
    "sixteen digits are an identifier": (["1234567890123456", "1"], ["1234567890123456", "1"]),
    "R's truth": (["TRUE", "FALSE"], [1, 0]),
    "truth with a gap": (["True", "NA"], ["True", "NA"]),
    "nothing at all": (["", ""], [None, None]),
}


@pytest.mark.parametrize(("cells", "wanted"), CELLS.values(), ids=CELLS)
def test_what_a_column_becomes(tmp_path: Path, cells: list[str], wanted: list[object]):
    rows = "".join(f'k,"{cell}"\n' for cell in cells)
    found = read_columns(saved(tmp_path, f"key,value\n{rows}")).values["value"]
    if isinstance(found, np.ndarray):
        assert np.array_equal(found.astype(float), np.array(wanted, float), equal_nan=True)
    else:
        assert found == wanted


def test_text_among_numbers_is_named_with_its_line(tmp_path: Path):
    text = 'city,murders\n"New\nYork",300\n\nBoston,NA\nTulsa,n/a\n'
    path = saved(tmp_path, text)
    with pytest.raises(BadPanel, match=r"study.csv line 6: murders is 'n/a', where a number"):
        read_columns(path, numbers=["murders"])
    assert read_columns(path).values["murders"] == ["300", "NA", "n/a"]


def test_codes_where_numbers_are_needed(tmp_path: Path):
    path = saved(tmp_path, "ori,n\n0012,1\n")
    with pytest.raises(BadPanel, match="ori holds codes with leading zeros"):
        read_columns(path, numbers=["ori"])
    with pytest.raises(BadPanel, match="v holds nothing at all"):
        read_columns(saved(tmp_path, "k,v\na,\n"), numbers=["v"])


def test_a_column_that_is_not_there_gets_its_nearest_name(tmp_path: Path):
    path = saved(tmp_path, "city,murders\nA,1\n")
    with pytest.raises(BadPanel, match="no column 'murder'; did you mean murders"):
        read_columns(path, numbers=["murder"])
    with pytest.raises(BadPanel, match="no column 'x'; it has city, murders"):
        read_columns(path, numbers=["x"])


def test_old_exports_and_byte_order_marks_are_read(tmp_path: Path):
    assert read_columns(saved(tmp_path, "\ufeffcity,n\nA,1\n")).values["city"] == ["A"]
    windows = read_columns(saved(tmp_path, "city,n\nCañon City,1\n".encode("cp1252")))
    assert windows.values["city"] == ["Cañon City"]


@pytest.mark.parametrize(
    ("content", "error", "said"),
    [
        (b"", BadPanel, "is empty"),
        (b" \n\n", BadPanel, "is empty"),
        (b"a,b\n", BadPanel, "a header and no rows"),
        (b"a,a\n1,2\n", BadPanel, "two columns called 'a'"),
        (b"a,b\n1,2\n3\n", BadPanel, "line 3 has 1 cells and the header 2"),
        (b'a,b\n1,"2\n3,4\n', BadPanel, "is not CSV"),
        (b"a,b\n" + 600 * b"1,2\n" + b"\0,1\n", BadPanel, "line 602 has a NUL byte"),
        ("a,b\n1,2\n".encode("utf-16"), BadPanel, "is UTF-16"),
        (b"PK\x03\x04 and more", UnknownFormat, "a zip file or a workbook"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", UnknownFormat, "none of CSV, Parquet, Stata or R"),
        (b"PAR1 and nothing", BadPanel, "cannot be read as Parquet"),
        (b"<stata_dta><header>", BadPanel, "cannot be read as Stata data"),
        (b"RDX3\nX\n\0\0", BadPanel, "cannot be read as R data"),
        (gzip.compress(b"a,b\n1,2\n", mtime=0), UnknownFormat, "what is in it is no R data"),
        (bz2.compress(b"RDX3\nX\n" + bytes(99))[:30], BadPanel, "cannot be unpacked"),
    ],
    ids=lambda given: given if isinstance(given, str) else "",
)
def test_what_is_refused(tmp_path: Path, content: bytes, error: type[Exception], said: str):
    with pytest.raises(error, match=said):
        read_columns(saved(tmp_path, content))


def test_a_file_that_is_not_there(tmp_path: Path):
    with pytest.raises(BadPanel, match=r"gone\.csv cannot be read"):
        read_columns(tmp_path / "gone.csv")


def as_parquet(query: str, path: Path) -> Path:
    duckdb.execute(f"COPY ({query}) TO '{path}' (FORMAT parquet)")
    return path


def test_parquet_keeps_its_types(tmp_path: Path):
    path = tmp_path / "a[b]*.parquet"
    plain = as_parquet(
        "SELECT * FROM (VALUES ('A', 1, 1.5::DOUBLE, DATE '2014-08-31', true), "
        "('B', NULL, 2.5, NULL, false)) t(city, n, rate, day, yes)",
        tmp_path / "plain.parquet",
    )
    plain.rename(path)
    made = read_columns(path, numbers=["n", "rate"])
    assert (made.kind, made.rows) == ("Parquet", 2)
    assert made.values["city"] == ["A", "B"]
    assert np.array_equal(np.asarray(made.values["n"]), [1, np.nan], equal_nan=True)
    assert made.values["day"] == ["2014-08-31", None]
    assert np.asarray(made.values["yes"]).dtype == np.bool_
    with pytest.raises(BadPanel, match="city is 'A', where a number"):
        read_columns(path, numbers=["city"])


def test_parquet_without_rows_or_with_lists(tmp_path: Path):
    path = tmp_path / "none.parquet"
    as_parquet("SELECT 1 AS a WHERE false", path)
    with pytest.raises(BadPanel, match="no rows"):
        read_columns(path)
    as_parquet("SELECT [1, 2] AS a", path)
    with pytest.raises(BadPanel, match=r"'a' of none\.parquet holds lists"):
        read_columns(path)


def test_stata_labels_become_text(tmp_path: Path):
    pandas = pytest.importorskip("pandas")
    path = tmp_path / "study.dta"
    frame = pandas.DataFrame({"n": [3, 4], "rate": [1.5, None], "state": ["MO", "KS"]})
    frame["yes"] = pandas.Categorical(["no", "yes"])
    frame.to_stata(path, write_index=False)
    made = read_columns(path)
    assert (made.kind, made.rows) == ("Stata", 2)
    assert numbers(made, "n") == [3, 4]
    assert made.values["state"] == ["MO", "KS"]
    assert made.values["yes"] == ["no", "yes"]
    assert np.isnan(made.values["rate"][1])  # type: ignore[arg-type]


def r_file(folder: Path, name: str, **held: object) -> Path:
    rdata = pytest.importorskip("rdata")
    path = folder / name
    if name.endswith("rds"):
        rdata.write_rds(path, held["value"])
    else:
        rdata.write_rda(path, held)
    return path


def test_r_frames_are_read_by_name(tmp_path: Path):
    pandas = pytest.importorskip("pandas")
    state = pandas.Categorical(["MO", "KS"])
    frame = pandas.DataFrame({"n": [1, 2], "state": state}, index=pandas.RangeIndex(1, 3))
    one = read_columns(r_file(tmp_path, "one.rda", study=frame, note="text"))
    assert (one.kind, one.rows) == ("R", 2)
    assert numbers(one, "n") == [1, 2]
    assert one.values["state"] == ["MO", "KS"]
    single = read_columns(r_file(tmp_path, "one.rds", value=frame))
    assert numbers(single, "n") == [1, 2]
    two = r_file(tmp_path, "two.rda", study=frame, other=frame)
    with pytest.raises(BadPanel, match="holds 2 data frames, study, other; name one"):
        read_columns(two)
    assert read_columns(two, frame="other").rows == 2
    with pytest.raises(BadPanel, match="no data frame 'third'; it has study, other"):
        read_columns(two, frame="third")
    with pytest.raises(BadPanel, match="holds no data frame"):
        read_columns(r_file(tmp_path, "none.rds", value="text"))


@pytest.mark.parametrize(
    ("content", "library"), [(b"<stata_dta>...", "pandas"), (b"RDX3\nX\n...", "rdata")]
)
def test_a_missing_library_is_named_with_its_extra(
    tmp_path: Path, content: bytes, library: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(ExtraNeeded, match=rf"needs the library {library}; .*\[evaluate\]"):
        read_columns(saved(tmp_path, content))


# Rows, columns, and the sum of one column, of files that others published.
PUBLISHED = {
    "causaldata_pypi/castle.dta": ("Stata", 550, 139, "year"),
    "mixtape/castle.dta": ("Stata", 550, 185, "cdl"),
    "did/mpdta.csv": ("CSV", 2_500, 6, "lemp"),
    "synthdid/california_prop99.csv": ("CSV", 1_209, 4, "PacksPerCapita"),
    "mlsynth/seattledmi.parquet": ("Parquet", 154_272, 16, "any_crime"),
    "microsynth/seattledmi.rda": ("R", 154_272, 22, "any_crime"),
}


@pytest.mark.parametrize("name", PUBLISHED)
def test_published_files(shared: Path, name: str):
    kind, rows, columns, number = PUBLISHED[name]
    made = read_columns(shared / "data/program" / name, numbers=[number])
    assert (made.kind, made.rows, len(made.values)) == (kind, rows, columns)
    assert np.isfinite(np.asarray(made.values[number], dtype=float)).all()


def test_both_copies_of_seattle_agree(shared: Path):
    folder = shared / "data/program"
    first = read_columns(folder / "microsynth/seattledmi.rda").values
    second = read_columns(folder / "mlsynth/seattledmi.parquet").values
    for name in ("any_crime", "i_felony"):
        assert np.sum(np.asarray(first[name])) == np.sum(np.asarray(second[name]))


def test_a_stored_result_is_no_table(shared: Path):
    with pytest.raises(BadPanel, match="holds no data frame"):
        read_columns(shared / "data/program/microsynth/sea6.rds")
