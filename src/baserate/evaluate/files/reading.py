"""The data files of evaluation research, read where they stand: CSV, Parquet, Stata and R.

A file is known by its content, not by its name. Its columns become plain arrays of numbers or
lists of text; nothing is dropped and nothing guessed at.
"""

from __future__ import annotations

import datetime
import importlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from baserate.errors import BadPanel, ExtraNeeded, SourceError, UnknownFormat, near_names
from baserate.evaluate.files.delimited import MISSING, NUMBER, delimited_columns
from baserate.evaluate.files.packed import unpacked
from baserate.sources.parquet_columns import parquet_columns

Column = NDArray[Any] | list[str | None]

SHOWN = 5  # names that an error lists
STATA_RELEASES = range(104, 116)  # first byte of the formats before Stata 13
EXACT = 15  # digits that a number of the computer's keeps


@dataclass(frozen=True, slots=True)
class Columns:
    """A table as plain columns.

    values  by name: numbers (float64 with nan where missing, int64 or bool_ where none is) as an
            array, text as a list with None where missing; dates are text, as 2014-08-31
    rows    how many
    kind    CSV, Parquet, Stata or R
    lines   where in a text file each row begins; empty for the others
    """

    values: Mapping[str, Column]
    rows: int
    kind: str
    lines: Sequence[int] = ()

    def row_at(self, index: int) -> str:
        """Where a row stands, as 'line 7' of a text file or 'row 6'."""
        return f"line {self.lines[index]}" if self.lines else f"row {index + 1}"


def read_columns(path: Path, *, frame: str | None = None, numbers: Collection[str] = ()) -> Columns:
    """The columns of a .csv, .tsv, .parquet, .dta, .rda or .rds file.

    `frame` is the data frame's name where an R file holds several. `numbers` are columns that
    must be numbers: one of them with text in it is refused, with the line. Other columns are
    numbers if all their values are, and codes with a leading zero stay text.

    Raises UnknownFormat for any other content, ExtraNeeded for a missing library, and BadPanel
    for a file that is empty, damaged, or has not what is asked for.
    """
    try:
        if path.exists() and not path.is_file():
            raise BadPanel(f"{path.name} is no file; name a data file")
        with path.open("rb") as file:
            start = file.read(512)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "its name is no name of a file"
        raise BadPanel(f"{path.name} cannot be read ({why}); name a data file") from None
    if not start.strip():
        raise BadPanel(f"{path.name} is empty; a table with a header is needed")
    made = _reader(start, path.name)(path, frame)
    for name in numbers:
        _check_numbers(made, name, path.name)
    return made


def _reader(start: bytes, name: str) -> Callable[[Path, str | None], Columns]:
    """Which reader a file's first bytes call for."""
    if start.startswith(b"PAR1"):
        return _parquet
    if start.startswith(b"<stata_dta>") or (start[0] in STATA_RELEASES and start[1] in (1, 2)):
        return _stata
    if start.startswith((b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"RDX", b"RDA", b"X\n", b"A\n")):
        return _r
    if start.startswith(b"PK\x03\x04"):
        raise UnknownFormat(f"{name} is a zip file or a workbook; save the table in it as CSV")
    if b"\0" in start and not start.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UnknownFormat(
            f"{name} is none of CSV, Parquet, Stata or R by its content; save it as one of them"
        )
    return _delimited


def _delimited(path: Path, frame: str | None) -> Columns:  # noqa: ARG001
    held, lines = delimited_columns(path)
    return Columns({name: _typed(cells) for name, cells in held.items()}, len(lines), "CSV", lines)


def _parquet(path: Path, frame: str | None) -> Columns:  # noqa: ARG001
    try:
        return _table(parquet_columns(path), "Parquet", path.name)
    except SourceError as error:
        raise BadPanel(str(error)) from None


def _stata(path: Path, frame: str | None) -> Columns:  # noqa: ARG001
    pandas: Any = _library("pandas", path.name, "Stata data")
    try:
        held = _stata_frame(pandas, path)
    except Exception as error:
        _damaged(path.name, "Stata data", error)
    return _table({str(c): held[c].to_numpy() for c in held.columns}, "Stata", path.name)


def _stata_frame(pandas: Any, path: Path) -> Any:
    """Values with labels become their labels, unless two values share one."""
    try:
        return pandas.read_stata(path)
    except ValueError:
        return pandas.read_stata(path, convert_categoricals=False)


def _r(path: Path, frame: str | None) -> Columns:
    from baserate.evaluate.files.r_columns import r_frames

    _library("rdata", path.name, "R data")
    data = unpacked(path)
    if not data.startswith((b"RDX", b"RDA", b"X\n", b"A\n")):
        raise UnknownFormat(
            f"{path.name} is packed, and what is in it is no R data; unpack it and try again"
        )
    try:
        frames = r_frames(data)
    except Exception as error:
        _damaged(path.name, "R data", error)
    return _table(_chosen(frames, frame, path.name), "R", path.name)


def _chosen(
    frames: Mapping[str, Mapping[str, Any]], frame: str | None, name: str
) -> Mapping[str, Any]:
    if not frames:
        raise BadPanel(f"{name} holds no data frame; save one in it")
    if frame is not None and frame not in frames:
        raise BadPanel(f"{name} has no data frame {frame!r}; it has {_listed(frames)}")
    if frame is None and len(frames) > 1:
        raise BadPanel(f"{name} holds {len(frames)} data frames, {_listed(frames)}; name one")
    return frames[frame if frame is not None else next(iter(frames))]


def _library(module: str, name: str, what: str) -> Any:
    try:
        return importlib.import_module(module)
    except ImportError:
        raise ExtraNeeded(
            f"{name} is {what}, which needs the library {module}; "
            "pip install 'baserate[evaluate]' and try again"
        ) from None


def _damaged(name: str, what: str, error: Exception) -> NoReturn:
    why = " ".join(str(error).split())[:160] or type(error).__name__
    raise BadPanel(f"{name} cannot be read as {what} ({why}); it may be damaged") from None


def _table(held: Mapping[str, Any], kind: str, name: str) -> Columns:
    values = {str(column): _plain(found, str(column), name) for column, found in held.items()}
    lengths = {len(column) for column in values.values()}
    if not values or lengths == {0}:
        raise BadPanel(f"{name} has no rows; a table with a header and rows is needed")
    if len(lengths) > 1:
        raise BadPanel(f"{name} has columns of unequal length; it may be damaged")
    return Columns(values, lengths.pop(), kind)


def _plain(found: Any, column: str, name: str) -> Column:
    """Numbers as an array, anything else as text."""
    array = np.ma.asarray(found)
    missing = np.ma.getmaskarray(array)
    if array.ndim != 1:
        raise BadPanel(f"{column!r} of {name} holds tables, not values; leave it out")
    if array.dtype.kind in "biuf":
        return _numeric(array.data, missing)
    return [
        None if gone else _text(value, column, name)
        for value, gone in zip(array.data.tolist(), missing.tolist(), strict=True)
    ]


def _numeric(values: NDArray[Any], missing: NDArray[np.bool_]) -> Column:
    if missing.any() or values.dtype.kind == "f":
        return np.where(missing, np.nan, values.astype(np.float64))
    return values if values.dtype.kind == "b" else values.astype(np.int64)


def _text(value: Any, column: str, name: str) -> str | None:
    if isinstance(value, (list, dict, tuple, np.ndarray)):
        raise BadPanel(f"{column!r} of {name} holds lists, not values; leave it out")
    if value is None or value != value:  # nan is the one value that differs from itself
        return None
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return value.date().isoformat()
    return str(value)


def _typed(cells: list[str | None]) -> Column:
    """Numbers where every value is one, and no code begins with a zero."""
    held = [c for c in cells if c is not None]
    if not held:
        return cells
    if {"TRUE", "FALSE", "True", "False"}.issuperset(held):
        if len(held) == len(cells):
            return np.array([c in ("TRUE", "True") for c in held])
        return np.array([np.nan if c is None else c in ("TRUE", "True") for c in cells], float)
    if all(NUMBER.fullmatch(c) for c in held) and not any(_is_code(c) for c in held):
        whole = len(held) == len(cells) and all(c.lstrip("+-").isdecimal() for c in held)
        if whole and max(map(len, held)) <= EXACT:
            return np.array([int(c) for c in held], dtype=np.int64)
        if whole:
            return cells  # an identifier: as a number it would lose its last digits
        return np.array([np.nan if c is None else float(c) for c in cells])
    return cells


def _is_code(cell: str) -> bool:
    """Whether a zero would be lost: '0040900' is an agency, not a number."""
    return len(cell) > 1 and cell[0] == "0" and cell.isdecimal()


def _check_numbers(made: Columns, name: str, where: str) -> None:
    """Refuse a column that must be numbers and is not."""
    if name not in made.values:
        near = near_names(name, made.values)
        hint = f"did you mean {' or '.join(near)}?" if near else f"it has {_listed(made.values)}"
        raise BadPanel(f"{where} has no column {name!r}; {hint}")
    column = made.values[name]
    if isinstance(column, np.ndarray):
        return
    for index, cell in enumerate(column):
        if cell is not None and cell not in MISSING and not NUMBER.fullmatch(cell):
            raise BadPanel(
                f"{where} {made.row_at(index)}: {name} is {cell[:60]!r}, where a number is needed; "
                "write decimals with a point and no thousands marks"
            )
    what = "codes with leading zeros or more than 15 digits" if any(column) else "nothing at all"
    raise BadPanel(f"{where}: {name} holds {what}, where numbers are needed")


def _listed(names: Collection[str]) -> str:
    shown = list(names)[:SHOWN]
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(shown) + more
