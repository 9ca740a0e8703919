"""Kaplan's agency table: R data, which must be read with care, and corrections below zero."""

from __future__ import annotations

import bz2
import gzip
import lzma
import struct
import sys
import tempfile
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baserate.errors import BadRow, ExtraNeeded, LayoutChanged, SourceError
from baserate.sources.readers import kaplan_agencies
from baserate.sources.reading import Reading, Source
from baserate.sources.tables import Tables

pytest.importorskip("rdata")

COLUMNS = (
    "ori",
    "year",
    "agency_name",
    "state",
    "population",
    "actual_murder",
    "actual_rape_total",
    "actual_robbery_total",
    "actual_assault_aggravated",
)
ST_LOUIS = ("MOSPD00", 2017.0, "st. louis", "missouri", 300_000.0, 10.0, 20.0, 30.0, 40.0)
LANCASTER = ("NB05500", 2017.0, "lancaster", "nebraska", 29_000.0, 0.0, 5.0, -1.0, 14.0)
CAMPUS = ("GA09302", 2017.0, "univ of north georgia", "georgia", 0.0, 0.0, 0.0, 0.0, 0.0)


def an_rda(path: Path, *rows: tuple[object, ...], columns: tuple[str, ...] = COLUMNS) -> Path:
    """A data frame as R's save() writes it, packed."""
    frame = {c: [r[i] for r in rows] for i, c in enumerate(columns)}
    path.write_bytes(gzip.compress(r_stream(frame, len(rows))))
    return path


def r_stream(frame: dict[str, list[object]], rows: int) -> bytes:
    """R's serialization, version 2: a pairlist of one list with names, class and row names."""

    def integers(*numbers: int) -> bytes:
        return struct.pack(f">{len(numbers)}i", *numbers)

    def text(said: str) -> bytes:
        return integers(0x40009, len(said)) + said.encode()

    def vector(values: list[object]) -> bytes:
        if isinstance(values[0], str):
            return integers(16, len(values)) + b"".join(text(str(v)) for v in values)
        return integers(14, len(values)) + struct.pack(f">{len(values)}d", *values)

    def attribute(name: str, value: bytes) -> bytes:
        return integers(0x402, 1) + text(name) + value

    row_names = integers(13, 2, -(2**31), -rows)
    return (
        b"RDX2\nX\n"
        + integers(2, 0x30600, 0x20300, 0x402, 1)
        + text("ucr2017")
        + integers(0x313, len(frame))
        + b"".join(vector(v) for v in frame.values())
        + attribute("names", vector(list(frame)))
        + attribute("row.names", row_names)
        + attribute("class", vector(["data.frame"]))
        + integers(254, 254)
    )


def changed(row: tuple[object, ...], **cells: object) -> tuple[object, ...]:
    return tuple(cells.get(c, v) for c, v in zip(COLUMNS, row, strict=True))


def read(folder: Path, *rows: tuple[object, ...], **more: Any) -> tuple[Reading, Tables]:
    out = Tables(folder)
    return kaplan_agencies.read(Source(an_rda(folder / "ucr.rda", *rows, **more)), out), out


def rows(out: Tables, table: str, what: str) -> list[tuple[object, ...]]:
    parts = [str(p) for p in out.written(table)]
    return duckdb.execute(f"SELECT {what} FROM read_parquet($1) ORDER BY ALL", [parts]).fetchall()


def test_four_offenses_are_printed_and_their_sum_is_ours(tmp_path: Path):
    _, out = read(tmp_path, ST_LOUIS)
    assert rows(out, "series", "offense, definition, count, is_printed, place, file_row") == [
        ("aggravated_assault", None, 40, True, "St. Louis, MO", 1),
        ("murder", None, 10, True, "St. Louis, MO", 1),
        ("rape", "revised", 20, True, "St. Louis, MO", 1),
        ("robbery", None, 30, True, "St. Louis, MO", 1),
        ("violent_crime", "revised", 100, False, "St. Louis, MO", 1),
    ]


def test_a_correction_stays_negative_and_is_noted(tmp_path: Path):
    reading, out = read(tmp_path, ST_LOUIS, LANCASTER)
    found = rows(out, "series", "count, note != ''")
    assert [f for f in found if f[1]] == [(-1, True)]
    assert reading.remarks[0] == "1 agencies have a negative count, kept as a correction."


def test_a_missing_count_is_no_zero_and_makes_no_total(tmp_path: Path):
    _, out = read(tmp_path, changed(ST_LOUIS, actual_robbery_total=float("nan")), CAMPUS)
    found = rows(out, "series", "offense").count(("violent_crime",))
    assert (found, ("robbery",) in rows(out, "series", "offense")) == (1, True)
    assert (2, "robbery", 0) in rows(out, "series", "file_row, offense, count")
    assert (1, "robbery", 0) not in rows(out, "series", "file_row, offense, count")


def test_a_county_and_a_campus_are_no_city(tmp_path: Path):
    _, out = read(tmp_path, LANCASTER, CAMPUS, ST_LOUIS)
    assert rows(out, "agencies", "ori, kind, place, state, population, months_reported") == [
        ("GA09302", None, None, "GA", 0, None),
        ("MOSPD00", None, "St. Louis, MO", "MO", 300_000, None),
        ("NB05500", "county", None, "NE", 29_000, None),
    ]


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"ori": "ZZ00000"}, "ori is ZZ00000"),
        ({"year": 17.0}, "year is 17.0"),
        ({"state": "ruritania"}, "state is ruritania"),
        ({"actual_murder": 1.5}, "actual_murder is 1.5"),
        ({"actual_murder": float("inf")}, "actual_murder is inf"),
        ({"population": -1.0}, "population is -1.0"),
        ({}, "MOSPD00 already stands on row 1"),
    ],
)
def test_a_bad_row_is_rejected_with_its_reason(
    tmp_path: Path, cells: dict[str, object], reason: str
):
    _, out = read(tmp_path, ST_LOUIS, changed(ST_LOUIS, **cells))
    assert (out.rows.kept, out.rows.rejected) == (1, 1)
    line, said, _ = out._rejects[0]
    assert line == 2
    assert reason in said


def test_missing_and_unknown_columns_are_named_in_one_message(tmp_path: Path):
    columns = (*COLUMNS[:-1], "actual_assault")
    with pytest.raises(
        LayoutChanged,
        match="unknown columns actual_assault; missing columns actual_assault_aggravated",
    ):
        read(tmp_path, ST_LOUIS, columns=columns)


def test_a_column_of_text_where_numbers_are_due_is_refused(tmp_path: Path):
    with pytest.raises(BadRow, match="population of another kind"):
        read(tmp_path, changed(ST_LOUIS, population="many"))


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress, bytes])
def test_it_is_known_however_it_is_packed(tmp_path: Path, pack: Any):
    plain = gzip.decompress(an_rda(tmp_path / "x.rda", ST_LOUIS).read_bytes())
    path = tmp_path / "packed"
    path.write_bytes(pack(plain))
    assert kaplan_agencies.looks_like(Source(path))
    other = tmp_path / "other"
    other.write_bytes(pack(plain.replace(b"actual_rape_total", b"actual_rope_total")))
    assert not kaplan_agencies.looks_like(Source(other))


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_a_file_that_unpacks_to_too_much_is_refused(tmp_path: Path, pack: Any):
    path = tmp_path / "bomb.rda"
    path.write_bytes(pack(b"RDX3\n" + bytes(5_000_000)))
    assert not kaplan_agencies.looks_like(Source(path))
    with pytest.raises(BadRow, match="unpacks to more than"), Tables(tmp_path) as out:
        kaplan_agencies.read(Source(path), out)


def test_without_the_library_the_error_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    path = an_rda(tmp_path / "ucr.rda", ST_LOUIS)
    monkeypatch.setitem(sys.modules, "rdata", None)
    with pytest.raises(ExtraNeeded, match=r"pip install 'baserate\[r\]'"), Tables(tmp_path) as out:
        kaplan_agencies.read(Source(path), out)


@pytest.fixture(scope="module")
def valid(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = an_rda(tmp_path_factory.mktemp("r") / "x.rda", ST_LOUIS, LANCASTER, CAMPUS)
    return gzip.decompress(path.read_bytes())


@settings(max_examples=80)
@given(st.data())
def test_no_damage_crashes_the_reader_or_loses_a_row(valid: bytes, data: st.DataObject):
    content = bytearray(valid)
    for _ in range(data.draw(st.integers(1, 3))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.one_of(st.just(len(content)), st.integers(0, len(content))))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ucr.rda"
        path.write_bytes(bytes(content[:cut]))
        with Tables(Path(folder)) as out:
            try:
                kaplan_agencies.read(Source(path), out)
            except SourceError as error:
                assert "ucr.rda" in str(error)
            else:
                assert out.rows.adds_up


def test_the_published_table_has_15764_agencies(shared: Path, tmp_path: Path):
    with Tables(tmp_path) as out:
        kaplan_agencies.read(Source(shared / "data/srs/kaplan_ucr2017.rda"), out)
        assert (out.rows.kept, out.rows.rejected) == (15_764, 0)
        found = rows(out, "series", "ori, offense, count")
        assert ("MOSPD00", "murder", 205) in found
        assert len(found) == 15_764 * 5
        assert rows(out, "series", "count(*) FILTER (count < 0 AND is_printed)") == [(7,)]
