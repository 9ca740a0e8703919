"""The tables every reader fills, and the scratch folder it fills them in.

A reader turns one file into canonical tables (tables.toml) and rejects; nothing it does reaches
the records until the store takes the folder as a whole.
"""

from __future__ import annotations

import atexit
import contextlib
import csv
import itertools
import os
import re
import tempfile
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from baserate.errors import SourceError

if TYPE_CHECKING:
    import duckdb

LONGEST_RAW = 2_000  # characters of a rejected row that are kept
FEW = 200  # records that are written without a file between
MISSING = "\x00"  # stands for null on the way to Parquet; no accepted text contains it
SEPARATOR = "\x1f"  # after each item of a list, so that an empty item is not an empty list


class Column(NamedTuple):
    """One column of a canonical table."""

    name: str
    type: str
    meaning: str


@cache
def schema() -> dict[str, tuple[Column, ...]]:
    """The columns of every canonical table, in order.

    >>> [c.name for c in schema()["rejects"]]
    ['file_row', 'reason', 'raw']
    """
    told = tomllib.loads(Path(__file__).with_name("tables.toml").read_text(encoding="utf-8"))
    return {
        table: tuple(Column(name, *c) for name, c in columns.items() if name != "_row")
        for table, columns in told.items()
    }


_numbers = itertools.count()


@dataclass(slots=True)
class Tally:
    """Rows of the file: all of them are kept, rejected, or set aside (headings, notes, blanks)."""

    read: int = 0
    kept: int = 0
    aside: int = 0
    rejected: int = 0

    @property
    def adds_up(self) -> bool:
        """Whether no row is unaccounted for."""
        return self.read == self.kept + self.aside + self.rejected


@dataclass
class Tables:
    """What one file becomes. `folder` is scratch: Parquet files named after their table.

    A reader counts in `rows` what it reads, keeps and sets aside; `reject` counts itself. For a
    small file one thread is quicker than several that wait for one another.
    """

    folder: Path
    is_small: bool = False
    rows: Tally = field(default_factory=Tally)
    _rejects: list[tuple[int | None, str, str]] = field(default_factory=list)
    _parts: dict[str, int] = field(default_factory=dict)
    _rows: dict[Path, int] = field(default_factory=dict)
    _name: str = field(default_factory=lambda: f"scratch_{next(_numbers)}")

    @cached_property
    def engine(self) -> duckdb.DuckDBPyConnection:
        """A database of this file's own, in memory, for readers that work in SQL."""
        engine = _started(os.getpid(), self.is_small).cursor()
        engine.execute(f"ATTACH ':memory:' AS {self._name}; USE {self._name}")
        if self.is_small:  # planning a query takes longer than any plan can save
            engine.execute("PRAGMA disable_optimizer")
        return engine

    def reject(self, file_row: int | None, reason: str, raw: str) -> None:
        """Keep a row out, and keep what it was and why."""
        self.rows.rejected += 1
        clean = raw[:LONGEST_RAW].replace(MISSING, "\N{SYMBOL FOR NULL}")
        self._rejects.append((file_row, reason.replace(MISSING, "\N{SYMBOL FOR NULL}"), clean))

    def first_reject(self) -> str:
        """Line and reason of the first row that was kept out; '' if none was."""
        return next((f"line {line}: {why}" for line, why, _ in self._rejects), "")

    def reject_query(self, query: str) -> None:
        """Reject every row of a query that gives file_row, reason and raw."""
        for file_row, reason, raw in self.engine.execute(query).fetchall():
            self.reject(file_row, reason, raw or "")

    def write(self, table: str, rows: Iterable[NamedTuple]) -> int:
        """Append records to a table; their fields are its columns, or own_ ones.

        A list column takes a list or tuple, whose items may be None. Returns how many rows
        there were.
        """
        rows = iter(rows)
        first = list(islice(rows, FEW))
        if not first:
            return 0
        names = first[0]._fields
        types = _types(table, names)
        values = ", ".join(_from_text(n, types[n]) for n in names)
        if len(first) < FEW:
            unnested = ", ".join(f'unnest($c{i}::VARCHAR[]) AS "{n}"' for i, n in enumerate(names))
            cells = {f"c{i}": [_text(row[i]) for row in first] for i in range(len(names))}
            self._copy(table, names, f"SELECT {values} FROM (SELECT {unnested})", cells)
            return len(first)
        text = self.folder / f"{table}.rows.csv"
        count = 0
        with text.open("w", encoding="utf-8", newline="") as out:
            writer = csv.writer(out, lineterminator="\n")
            for row in chain(first, rows):
                writer.writerow([_cell(v) for v in row])
                count += 1
        held = ", ".join(f"'{n}': 'VARCHAR'" for n in names)
        self._copy(
            table,
            names,
            f"SELECT {values} FROM read_csv({in_query(text)}, header=false, columns={{{held}}}, "
            "hive_partitioning=false, "
            f"nullstr='{MISSING}', delim=',', quote='\"', escape='\"', new_line='\\n', "
            "auto_detect=false, max_line_size=20000000, parallel=false)",
        )
        text.unlink()
        return count

    def write_query(self, table: str, query: str, columns: Iterable[str] | None = None) -> None:
        """Append what a query gives to a table. Columns it lacks are null there.

        Who names the query's columns spares the engine to plan it twice.
        """
        if columns is None:
            columns = [d[0] for d in self.engine.execute(f"DESCRIBE {query}").fetchall()]
        self._copy(table, columns, query)

    def _copy(
        self, table: str, given: Iterable[str], query: str, values: dict[str, Any] | None = None
    ) -> None:
        types = _types(table, given)
        own = [n for n in types if n.startswith("own_")]
        columns = ", ".join(
            [
                f'CAST("{c.name}" AS {c.type}) AS "{c.name}"'
                if c.name in types
                else f'CAST(NULL AS {c.type}) AS "{c.name}"'
                for c in schema()[table]
            ]
            + [f'"{n}"' for n in own]
        )
        path = self.path(table)
        written = self.engine.execute(
            f"COPY (SELECT {columns} FROM ({query})) TO '{_quoted(path)}' "
            "(FORMAT parquet, COMPRESSION snappy)",
            values,
        )
        self._rows[path] = int(written.fetchall()[0][0])

    def path(self, table: str) -> Path:
        """A new Parquet file for a table, for a reader that writes it itself."""
        if table not in schema():
            raise ValueError(f"there is no table {table!r}; there are {', '.join(schema())}")
        part = self._parts[table] = self._parts.get(table, -1) + 1
        return self.folder / f"{table}-{part}.parquet"

    def written(self, table: str) -> list[Path]:
        """The Parquet files of a table so far."""
        return sorted(self.folder.glob(f"{table}-*.parquet"))

    def write_rejects(self) -> None:
        """Write the rejects as the table of that name."""
        self.write("rejects", (_Reject(*r) for r in self._rejects))
        self._rejects.clear()

    def counts(self) -> dict[str, int]:
        """Rows of every table that has any."""
        found = {}
        for table in schema():
            if parts := self.written(table):
                found[table] = sum(self._rows.get(p) or self._rows_of(p) for p in parts)
        return found

    def _rows_of(self, part: Path) -> int:
        """Rows of a Parquet file that the reader wrote itself."""
        query = "SELECT sum(num_rows) FROM parquet_file_metadata($part)"
        (rows,) = self.engine.execute(query, {"part": literal_path(part)}).fetchall()[0]
        return int(rows)

    def __enter__(self) -> Tables:
        return self

    def __exit__(self, *_: object) -> None:
        """Let the engine go, and with it the scratch it may hold."""
        if "engine" in self.__dict__:
            with contextlib.closing(self.engine):
                self.engine.execute(f"USE memory; DETACH {self._name}")


@cache
def _started(process: int, one_thread: bool) -> duckdb.DuckDBPyConnection:
    """The engine of this process, started once: a start takes longer than reading a small file."""
    import duckdb

    spill = Path(tempfile.gettempdir()) / f"baserate-{process}"
    engine = duckdb.connect(
        ":memory:", config={"temp_directory": str(spill), "preserve_insertion_order": True}
    )
    atexit.register(engine.close)
    if one_thread:
        engine.execute("SET threads = 1")
    return engine


class _Reject(NamedTuple):
    file_row: int | None
    reason: str
    raw: str


def _types(table: str, names: Iterable[str]) -> dict[str, str]:
    known = {c.name: c.type for c in schema()[table]}
    types = {n: known.get(n, "VARCHAR") for n in names}
    strange = [n for n in types if n not in known and not n.startswith("own_")]
    if strange:
        raise SourceError(
            f"table {table} has no column {', '.join(strange)}; it has {', '.join(known)}, and a "
            "format's own are named own_..."
        )
    return types


def _cell(value: Any) -> Any:
    if value is None:
        return MISSING
    if isinstance(value, (list, tuple)):
        return "".join(f"{MISSING if v is None else v}{SEPARATOR}" for v in value)
    return value


def _text(value: Any) -> str | None:
    return None if value is None else str(_cell(value))


def _from_text(name: str, kind: str) -> str:
    if kind.endswith("[]"):
        items = f"string_split(\"{name}\"[:-2], '{SEPARATOR}')"
        null = f"list_transform({items}, lambda item: nullif(item, chr(0)))"
        return f'CASE WHEN "{name}" = \'\' THEN [] ELSE {null} END AS "{name}"'
    return f'"{name}"'


def literal_path(path: Path | str) -> str:
    """The one file of that name, as it stands in a query's list of files to read.

    The engine would take [, * and ? for patterns.

    >>> literal_path("April[1].csv")
    'April[[]1].csv'
    """
    return re.sub(r"[\[*?]", lambda m: f"[{m[0]}]", str(path))


def quoted(text: str) -> str:
    """Text as it stands in a query.

    >>> quoted("O'Fallon")
    "'O''Fallon'"
    """
    return "'" + text.replace("'", "''") + "'"


def in_query(path: Path | str) -> str:
    """A path to read, as it stands in a query."""
    return quoted(literal_path(path))


def parquet(paths: Iterable[Path | str]) -> str:
    """Parquet files as a table in a query; folders called year=1999 add no columns."""
    listed = ", ".join(in_query(p) for p in paths)
    return f"read_parquet([{listed}], union_by_name=true, hive_partitioning=false)"


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
