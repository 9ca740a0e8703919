"""Columns of the chunks into one Parquet file a table, in the order of the file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa

from baserate.sources.master_file.columns import Column, of_values
from baserate.sources.master_file.headers import Header, months
from baserate.sources.master_file.layout import Field, Layout
from baserate.sources.master_file.pages import PagesFile
from baserate.sources.tables import schema

ROW_GROUP = 120_000  # rows
RANGED = ("incident", "file_row", "incident_date", "counted_year")
PLAIN = {
    "VARCHAR": pa.string(),
    "BIGINT": pa.int64(),
    "INTEGER": pa.int32(),
    "SMALLINT": pa.int16(),
    "TINYINT": pa.int8(),
    "DOUBLE": pa.float64(),
    "BOOLEAN": pa.bool_(),
    "DATE": pa.date32(),
}
CODED = pa.dictionary(pa.uint16(), pa.string())
KINDS = {
    "agency": pa.dictionary(pa.int32(), pa.string()),
    "text": pa.string(),
    "mark": pa.bool_(),
    "hour": pa.int8(),
    "date": pa.date32(),
    "thousandths": pa.float64(),
}
CHILDREN = ("offenses", "properties", "victims", "offenders", "arrestees")


def columns_of(table: str, layout: Layout) -> dict[str, Any]:
    """The Arrow type of every column of a table: the canonical ones, then the format's own."""
    told = {
        f.name: _type(f)
        for s in layout.segments.values()
        for f in (*s.incident, *s.fields)
        if f.table == table
    }
    if table == "agencies":  # read one by one: as plain as the canonical table
        told = {n: _uncoded(t) for n, t in told.items()}
    if table == "offenses":
        told["offense"] = CODED
    if table == "arrestees":
        told["ori"] = KINDS["agency"]
    plain = {c.name: _either(told.get(c.name), _plain(c.type)) for c in schema()[table]}
    own = {n: t for n, t in told.items() if n.startswith("own_")}
    if table in CHILDREN:
        own["own_incident_date"] = pa.date32()
    if table == "agency_months":
        own["own_flags"] = pa.string()
    return plain | own


def _either(told: Any, plain: Any) -> Any:
    """The layout's type where it is a coded one, else the canonical."""
    return told if told is not None and _is_coded(told) else plain


def _uncoded(kind: Any) -> Any:
    if pa.types.is_list(kind):
        return pa.list_(_uncoded(kind.value_type))
    return kind.value_type if pa.types.is_dictionary(kind) else kind


def _plain(kind: str) -> Any:
    if kind.endswith("[]"):
        return pa.list_(PLAIN[kind.removesuffix("[]")])
    return PLAIN[kind]


def _type(field: Field) -> Any:
    if field.kind == "number":
        one = pa.int16() if field.width <= 3 else pa.int64()
    else:
        one = KINDS.get(field.kind, CODED)
    return pa.list_(one) if field.is_list else one


class TableFile:
    """One table on its way into its file: held until there is a row group of it."""

    def __init__(self, path: Path, kinds: dict[str, Any]) -> None:
        self.kinds = kinds
        self._parts: list[tuple[int, dict[str, Column]]] = []
        self._held = 0
        self._writer = PagesFile(path, kinds, RANGED)

    def add(self, columns: dict[str, Column], rows: int) -> None:
        """Take the columns of a chunk."""
        self._parts.append((rows, columns))
        self._held += rows
        if self._held >= ROW_GROUP:
            self._flush()

    def close(self) -> None:
        """Write what is left, and the end of the file."""
        self._flush()
        self._writer.close()

    def abandon(self) -> None:
        """Let the file go."""
        self._writer.abandon()

    def _flush(self) -> None:
        if self._parts:
            made = [self._column(n, t) for n, t in self.kinds.items()]
            self._writer.write(made, self._held)
        self._parts, self._held = [], 0

    def _column(self, name: str, kind: Any) -> Any:
        """A column of all parts; its codes get the names known by now, the same for each part."""
        pieces = [
            (columns[name].values if name in columns else pa.nulls(rows, _bare(kind)))
            for rows, columns in self._parts
        ]
        whole = pa.concat_arrays(pieces)
        if _is_coded(kind):
            codes = next((c[name].codes for _, c in self._parts if name in c), None)
            return _named(whole, codes, kind)
        return whole


def _bare(kind: Any) -> Any:
    """The type with numbers of codes in place of their names."""
    if pa.types.is_list(kind):
        return pa.list_(_bare(kind.value_type))
    return kind.index_type if pa.types.is_dictionary(kind) else kind


def _named(whole: Any, codes: Any, kind: Any) -> Any:
    if pa.types.is_list(kind):
        values = _named(whole.values, codes, kind.value_type)
        return pa.Array.from_buffers(
            kind, len(whole), whole.buffers()[:2], children=[values], offset=whole.offset
        )
    if codes is None:
        return pa.nulls(len(whole), kind)
    return codes.dictionary(whole, pa.string())


def _is_coded(kind: Any) -> bool:
    one = kind.value_type if pa.types.is_list(kind) else kind
    return bool(pa.types.is_dictionary(one))


class TableFiles:
    """The files of all tables. `path` gives a new one its place."""

    def __init__(self, path: Callable[[str], Path], layout: Layout) -> None:
        self._path, self._layout = path, layout
        self._files: dict[str, TableFile] = {}

    def add(self, table: str, columns: dict[str, Column]) -> None:
        """Append columns of a chunk to a table."""
        rows = len(columns["file_row"].values)
        self._file(table).add(columns, rows)

    def add_headers(self, headers: list[Header]) -> None:
        """Append agencies and their months."""
        if not headers:
            return
        self._add_rows("agencies", headers)
        told = [(h, *m) for h in headers if h["year"] is not None for m in months(h)]
        if told:
            given = {
                "ori": [h["ori"] for h, *_ in told],
                "year": [h["year"] for h, *_ in told],
                "month": [month for _, month, _, _ in told],
                "reported": [reported for _, _, reported, _ in told],
                "file_row": [h["file_row"] for h, *_ in told],
                "own_flags": [flags for *_, flags in told],
            }
            file = self._file("agency_months")
            columns = {n: Column(of_values(v, file.kinds[n])) for n, v in given.items()}
            file.add(columns, len(told))

    def _add_rows(self, table: str, rows: list[dict[str, Any]]) -> None:
        if rows:
            file = self._file(table)
            file.add(
                {n: Column(of_values([r.get(n) for r in rows], t)) for n, t in file.kinds.items()},
                len(rows),
            )

    def _file(self, table: str) -> TableFile:
        if table not in self._files:
            kinds = columns_of(table, self._layout)
            self._files[table] = TableFile(self._path(table), kinds)
        return self._files[table]

    def close(self) -> None:
        """Complete every file."""
        for file in self._files.values():
            file.close()

    def abandon(self) -> None:
        """Let every file go, whole or not; nobody will look at them."""
        for file in self._files.values():
            file.abandon()
