"""The master file's own Parquet writer: whatever is written, two readers read the same."""

from __future__ import annotations

from datetime import date
from itertools import count
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

pytest.importorskip("pyarrow")

import pyarrow as pa
import pyarrow.parquet as pq

from baserate.sources.master_file.pages import PagesFile

NUMBER = count()
CODED = pa.dictionary(pa.uint16(), pa.string())
VALUES: dict[str, tuple[Any, st.SearchStrategy[Any]]] = {
    "truth": (pa.bool_(), st.booleans()),
    "hour": (pa.int8(), st.integers(0, 99)),
    "few": (pa.int16(), st.integers(0, 999)),
    "line": (pa.int32(), st.integers(0, 2**31 - 1)),
    "day": (pa.date32(), st.dates(date(1900, 1, 1), date(2099, 12, 31))),
    "value": (pa.int64(), st.integers(0, 10**9) | st.integers(-5, 5)),
    "grams": (pa.float64(), st.floats(allow_nan=False)),
    "text": (pa.string(), st.text(max_size=12)),
    "code": (CODED, st.sampled_from("ABCDEFGHIJKLMNOPQRS")),
    "codes": (pa.list_(CODED), st.lists(st.none() | st.sampled_from("XYZ"), max_size=4)),
    "amounts": (pa.list_(pa.float64()), st.lists(st.none() | st.just(0.25), max_size=4)),
}
LISTS = {"codes", "amounts"}


def columns(rows: int, nulls: bool) -> st.SearchStrategy[dict[str, list[Any]]]:
    """Values of every kind; lists may be empty, and hold nulls."""
    made = {}
    for name, (_, values) in VALUES.items():
        one: st.SearchStrategy[Any] = values
        if nulls and name not in LISTS:
            one = st.none() | values
        made[name] = st.lists(one, min_size=rows, max_size=rows) | one.map(lambda v: [v] * rows)
    return st.fixed_dictionaries(made)


def written(path: Path, *groups: dict[str, list[Any]]) -> Path:
    file = PagesFile(path, {n: t for n, (t, _) in VALUES.items()}, ("line", "day", "value"))
    for group in groups:
        arrays = [arrow(group[name], kind) for name, (kind, _) in VALUES.items()]
        file.write(arrays, len(arrays[0]))
    file.close()
    return path


def arrow(values: list[Any], kind: Any) -> Any:
    if pa.types.is_list(kind) and pa.types.is_dictionary(kind.value_type):
        lists = pa.array(values, pa.list_(pa.string()))
        inner = lists.flatten().dictionary_encode().cast(kind.value_type)
        return pa.ListArray.from_arrays(lists.offsets, inner)
    if pa.types.is_dictionary(kind):
        return pa.array(values, pa.string()).dictionary_encode().cast(kind)
    return pa.array(values, kind)


@given(data=st.data(), rows=st.sampled_from([1, 7, 40, 129]), nulls=st.booleans())
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_value_comes_back(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, rows: int, nulls: bool
):
    groups = [data.draw(columns(rows, nulls)), data.draw(columns(3, nulls=True))]
    path = written(tmp_path_factory.getbasetemp() / f"{next(NUMBER)}.parquet", *groups)
    expected = {name: groups[0][name] + groups[1][name] for name in VALUES}
    assert pq.read_table(path).to_pydict() == expected
    found = duckdb.execute("select * from read_parquet(?)", [str(path)]).fetchall()
    assert found == list(zip(*expected.values(), strict=True))


@pytest.mark.parametrize("rows", [33, 128, 129, 5_000])
@pytest.mark.parametrize("step", [0, 1, 3, 200, 70_000])
def test_rising_numbers_come_back_and_tell_their_range(tmp_path: Path, rows: int, step: int):
    lines = [n * step % 2**31 + n % 2 for n in range(rows)]
    file = PagesFile(tmp_path / "lines.parquet", {"line": pa.int32()}, ("line",))
    file.write([pa.array(lines, pa.int32())], rows)
    file.close()
    read = pq.ParquetFile(tmp_path / "lines.parquet")
    assert read.read().column("line").to_pylist() == lines
    told = read.metadata.row_group(0).column(0).statistics
    assert (told.min, told.max, told.null_count) == (min(lines), max(lines), 0)


@pytest.mark.parametrize("names", [1, 2, 3, 5, 17, 257, 60_000])
def test_any_number_of_codes_comes_back(tmp_path: Path, names: int):
    codes = [f"C{n * 7 % names}" for n in range(names + 5)]
    file = PagesFile(tmp_path / "codes.parquet", {"code": CODED}, ())
    file.write([arrow(codes, CODED)], len(codes))
    file.close()
    assert pq.read_table(tmp_path / "codes.parquet").column("code").to_pylist() == codes


def test_a_file_without_rows_has_its_columns(tmp_path: Path):
    path = written(tmp_path / "none.parquet")
    assert pq.read_table(path).column_names == list(VALUES)
    assert duckdb.execute("select count(*) from read_parquet(?)", [str(path)]).fetchall() == [(0,)]
