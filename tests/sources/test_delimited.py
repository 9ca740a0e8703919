"""CSV files into tables: the quick road and the careful one give the same rows."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from hypothesis import given, settings
from tests.sources.mutated import mutated

from baserate.errors import SourceError
from baserate.sources import delimited
from baserate.sources.tables import Tables

VALID = b'place,count,note\nBoston,1,\n"Lynn, MA",2,"said ""two"""\nSalem,3, x \nLowell,,last\n'


def loaded(path: Path) -> list[tuple[Any, ...]] | str:
    with Tables(path.parent, is_small=True) as out:
        try:
            delimited.load(out, "raw", path, check=lambda _: None)
        except SourceError as error:
            return str(error)
        assert out.rows.adds_up
        return out.engine.execute("FROM raw ORDER BY file_row").fetchall()


@settings(max_examples=100)
@given(data=mutated(VALID))
def test_both_roads_give_the_same_rows(data: bytes, tmp_path_factory: pytest.TempPathFactory):
    path = tmp_path_factory.mktemp("csv") / "some.csv"
    path.write_bytes(data)
    quick = loaded(path)
    with mock.patch.object(delimited, "_load_directly", return_value=None):
        careful = loaded(path)
    assert quick == careful


@pytest.mark.parametrize(
    ("end", "is_cut"), [(b"\nSalem,3", True), (b"\nSalem,3,x", False), (b"\nSalem,3\n", False)]
)
def test_a_last_line_that_does_not_end_and_is_no_row_was_cut(
    end: bytes, is_cut: bool, tmp_path: Path
):
    path = tmp_path / "some.csv"
    path.write_bytes(VALID.rstrip() + end)
    with Tables(tmp_path) as out:
        assert delimited.load(out, "raw", path, check=lambda _: None).ends_within_row is is_cut


def test_windows_letters_are_read_as_such(tmp_path: Path):
    path = tmp_path / "some.csv"
    path.write_bytes(b"place,count\nCAF\xc9,1\n")
    assert loaded(path) == [("CAFÉ", "1", 2)]
