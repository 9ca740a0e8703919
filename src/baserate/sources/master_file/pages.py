"""Arrow columns into a Parquet file, as plainly as the format allows.

Codes, lists of them and rising numbers are all that a master file has. Their pages are put
together whole columns at a time, which takes a fraction of what a writer needs that goes from
value to value. One page a column and row group, not compressed: bits are packed close already.

The format: https://github.com/apache/parquet-format (Encodings.md, parquet.thrift).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from baserate.sources.master_file.columns import Ints

MAGIC = b"PAR1"
WIDTHS = (0, 1, 2, 4, 8, 16, 32, 64)  # bits that values are packed in
BLOCK, MINIBLOCK = 128, 32  # values

# Numbers of parquet.thrift and of Thrift's compact protocol.
BOOLEAN, INT32, INT64, DOUBLE, BYTE_ARRAY = 0, 1, 2, 5, 6
OPTIONAL, REPEATED = 1, 2
PLAIN, RLE, DELTA, DELTA_LENGTH, DICTIONARY = 0, 3, 5, 6, 8
UTF8, LIST, DATE, INT_8, INT_16 = 0, 3, 6, 15, 16
DATA_PAGE, DICTIONARY_PAGE = 0, 2
AN_I32, AN_I64, A_BINARY, A_LIST, A_STRUCT = 5, 6, 8, 9, 12

KINDS = {
    pa.bool_(): (BOOLEAN, None),
    pa.int8(): (INT32, INT_8),
    pa.int16(): (INT32, INT_16),
    pa.int32(): (INT32, None),
    pa.date32(): (INT32, DATE),
    pa.int64(): (INT64, None),
    pa.float64(): (DOUBLE, None),
    pa.string(): (BYTE_ARRAY, UTF8),
}


class Values(NamedTuple):
    """The values of a column that are not null, and the names of codes if they are that."""

    encoding: int
    data: bytes
    names: list[bytes] | None = None


class PagesFile:
    """A Parquet file on its way. `ranged` columns tell their least and greatest value."""

    def __init__(self, path: Path, kinds: dict[str, Any], ranged: tuple[str, ...]) -> None:
        self._kinds, self._ranged = kinds, ranged
        self._file = path.open("wb")
        self._file.write(MAGIC)
        self._at = len(MAGIC)
        self._groups: list[bytes] = []
        self._rows = 0

    def write(self, columns: list[Any], rows: int) -> None:
        """Append a row group: Arrow arrays in the order of the columns."""
        start = self._at
        made = [
            self._column(name, column) for name, column in zip(self._kinds, columns, strict=True)
        ]
        size = self._at - start
        self._groups.append(
            _struct((1, A_LIST, _list(A_STRUCT, made)), (2, AN_I64, size), (3, AN_I64, rows))
        )
        self._rows += rows

    def close(self) -> None:
        """Write what the file holds, and close it."""
        schema = [_element("schema", children=len(self._kinds))]
        for name, kind in self._kinds.items():
            schema += _elements(name, kind)
        by_type = _struct((1, A_STRUCT, _struct()))
        footer = _struct(
            (1, AN_I32, 2),
            (2, A_LIST, _list(A_STRUCT, schema)),
            (3, AN_I64, self._rows),
            (4, A_LIST, _list(A_STRUCT, self._groups)),
            (6, A_BINARY, b"baserate"),
            (7, A_LIST, _list(A_STRUCT, [by_type] * len(self._kinds))),
        )
        self._file.write(footer + len(footer).to_bytes(4, "little") + MAGIC)
        self._file.close()

    def abandon(self) -> None:
        """Let the file go, whole or not."""
        self._file.close()

    def _column(self, name: str, column: Any) -> bytes:
        """Write a column's pages; returns what the footer says of it."""
        kind = self._kinds[name]
        levels, leaf, count = _levels(column)
        values = _values(leaf)
        start = self._at
        if values.names is not None:
            said = b"".join(len(n).to_bytes(4, "little") + n for n in values.names)
            told = _struct((1, AN_I32, len(values.names)), (2, AN_I32, PLAIN))
            self._page(DICTIONARY_PAGE, said, (7, A_STRUCT, told))
        data_at = self._at
        told = _struct(
            (1, AN_I32, count), (2, AN_I32, values.encoding), (3, AN_I32, RLE), (4, AN_I32, RLE)
        )
        self._page(DATA_PAGE, levels + values.data, (5, A_STRUCT, told))
        path = [name, "list", "element"] if pa.types.is_list(kind) else [name]
        fields: list[tuple[int, int, Any]] = [
            (1, AN_I32, _physical(kind)[0]),
            (2, A_LIST, _list(AN_I32, [_number(e) for e in {PLAIN, RLE, values.encoding}])),
            (3, A_LIST, _list(A_BINARY, [_binary(p.encode()) for p in path])),
            (4, AN_I32, 0),
            (5, AN_I64, count),
            (6, AN_I64, self._at - start),
            (7, AN_I64, self._at - start),
            (9, AN_I64, data_at),
        ]
        if values.names is not None:
            fields.append((11, AN_I64, start))
        if name in self._ranged:
            fields.append((12, A_STRUCT, _range(leaf)))
        return _struct((2, AN_I64, start), (3, A_STRUCT, _struct(*fields)))

    def _page(self, kind: int, data: bytes, told: tuple[int, int, bytes]) -> None:
        head = _struct((1, AN_I32, kind), (2, AN_I32, len(data)), (3, AN_I32, len(data)), told)
        self._file.write(head)
        self._file.write(data)
        self._at += len(head) + len(data)


# --- levels: which values are there, and in which list -------------------------------------------


def _levels(column: Any) -> tuple[bytes, Any, int]:
    """Levels as they stand in a page, the values below, and how many levels there are."""
    if not pa.types.is_list(column.type):
        return _prefixed(_runs(_valid(column), 1)), column, len(column)
    leaf = column.values
    if column.null_count == len(column):  # of no record of this group is it said
        zeros = np.zeros(len(column), np.uint8)
        return _prefixed(_runs(zeros, 1)) + _prefixed(_runs(zeros, 2)), leaf, len(column)
    offsets = np.frombuffer(column.buffers()[1], np.int32, len(column) + 1)
    lengths = np.diff(offsets)
    ends = np.cumsum(np.maximum(lengths, 1))
    count = int(ends[-1])
    firsts = np.empty(len(lengths), np.int64)
    firsts[0], firsts[1:] = 0, ends[:-1]
    repeated = np.ones(count, np.uint8)
    repeated[firsts] = 0
    defined = np.full(count, 3, np.uint8)
    empty = firsts[lengths == 0]
    defined[empty] = 1
    if leaf.null_count:
        defined[defined == 3] = 2 + _valid(leaf)
    return _prefixed(_runs(repeated, 1)) + _prefixed(_runs(defined, 2)), leaf, count


def _valid(column: Any) -> Ints:
    """1 for every value that is there, 0 for null."""
    if not column.null_count:
        return np.ones(len(column), np.uint8)
    if column.null_count == len(column):
        return np.zeros(len(column), np.uint8)
    bits = np.frombuffer(column.buffers()[0], np.uint8)
    return np.unpackbits(bits, count=len(column), bitorder="little")


def _prefixed(runs: bytes) -> bytes:
    return len(runs).to_bytes(4, "little") + runs


# --- values --------------------------------------------------------------------------------------


def _values(column: Any) -> Values:
    """The values that are not null, in the encoding that suits their kind."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        names = [name.encode() for name in column.dictionary.to_pylist()]
        width = _width(max(len(names) - 1, 0))
        indices = _held(column.indices)
        return Values(DICTIONARY, bytes([width]) + _runs(indices, width), names)
    if pa.types.is_string(kind):
        if column.null_count == len(column):
            return Values(DELTA_LENGTH, _deltas(np.empty(0, np.int64)))
        offsets = np.frombuffer(column.buffers()[1], np.int32, len(column) + 1)
        lengths = np.diff(offsets)[_valid(column).view(bool)]
        said = column.buffers()[2].to_pybytes()[offsets[0] : offsets[-1]]
        return Values(DELTA_LENGTH, _deltas(lengths.astype(np.int64)) + said)
    if pa.types.is_boolean(kind):
        if column.null_count == len(column):
            return Values(PLAIN, b"")
        bits = np.frombuffer(column.buffers()[1], np.uint8)
        told = np.unpackbits(bits, count=len(column), bitorder="little")
        return Values(PLAIN, _packed(told[_valid(column).view(bool)], 1).tobytes())
    if pa.types.is_floating(kind):
        return Values(PLAIN, _held(column).tobytes())
    return Values(DELTA, _deltas(_held(column).astype(np.int64)))


def _held(column: Any) -> Ints:
    """The numbers of a column that are not null."""
    if column.null_count == len(column):
        return np.empty(0, np.int64)
    kind = column.type
    name = "<i4" if pa.types.is_date(kind) else str(kind).replace("double", "float64")
    held: Ints = np.frombuffer(column.buffers()[1], np.dtype(name), len(column))
    return held[_valid(column).view(bool)] if column.null_count else held


def _width(most: int) -> int:
    """The least number of bits that hold numbers up to the greatest."""
    return next(w for w in WIDTHS if most < 1 << w)


def _packed(values: Ints, width: int) -> Ints:
    """Values in so many bits each, the first in the lowest; filled up to whole bytes of eight."""
    padded = np.zeros(-(-len(values) // 8) * 8, np.uint8 if width < 8 else f"<u{width // 8}")
    padded[: len(values)] = values
    if width >= 8:
        return padded.view(np.uint8)
    if width == 1:
        return np.packbits(padded, bitorder="little")
    share = 8 // width
    made = padded[::share].copy()
    for place in range(1, share):
        made |= padded[place::share] << np.uint8(place * width)
    return made


def _runs(values: Ints, width: int) -> bytes:
    """Values as one run of the hybrid encoding: all the same, or packed."""
    if not len(values):
        return b""
    low, high = int(values.min()), int(values.max())
    if low == high:
        return _varint(len(values) << 1) + low.to_bytes(-(-width // 8), "little")
    return _varint(-(-len(values) // 8) << 1 | 1) + _packed(values, width).tobytes()


def _deltas(values: Ints) -> bytes:
    """Numbers as differences from one to the next, all packed to the same width."""
    head = _varint(BLOCK) + _varint(BLOCK // MINIBLOCK) + _varint(len(values))
    head += _number(int(values[0]) if len(values) else 0)
    steps = np.diff(values)
    if not len(steps):
        return head
    least = int(steps.min())
    width = _width(int(steps.max()) - least)
    blocks = -(-len(steps) // BLOCK)
    each = np.zeros(blocks * BLOCK, np.int64)
    each[: len(steps)] = steps - least
    lead = np.frombuffer(_number(least) + bytes([width]) * (BLOCK // MINIBLOCK), np.uint8)
    made = np.empty((blocks, len(lead) + BLOCK * width // 8), np.uint8)
    made[:, : len(lead)] = lead
    if width:
        made[:, len(lead) :] = _packed(each, width).reshape(blocks, -1)
    unneeded = (len(each) - len(steps)) // MINIBLOCK * (MINIBLOCK * width // 8)
    return head + made.tobytes()[: made.size - unneeded]


def _range(leaf: Any) -> bytes:
    """The least and the greatest value."""
    held = _held(leaf)
    nulls = (3, AN_I64, leaf.null_count)
    if not len(held):
        return _struct(nulls)
    size = 8 if leaf.type == pa.int64() else 4
    low, high = (int(v).to_bytes(size, "little", signed=True) for v in (held.min(), held.max()))
    return _struct(nulls, (5, A_BINARY, high), (6, A_BINARY, low))


# --- what the file says of itself ----------------------------------------------------------------


def _physical(kind: Any) -> tuple[int, int | None]:
    if pa.types.is_list(kind) or pa.types.is_dictionary(kind):
        return _physical(kind.value_type)
    return KINDS[kind]


def _elements(name: str, kind: Any) -> list[bytes]:
    """A column of the schema; a list is three of them, one in another."""
    physical, meaning = _physical(kind)
    if not pa.types.is_list(kind):
        return [_element(name, physical, OPTIONAL, meaning)]
    return [
        _element(name, None, OPTIONAL, LIST, children=1),
        _element("list", None, REPEATED, children=1),
        _element("element", physical, OPTIONAL, meaning),
    ]


def _element(
    name: str,
    physical: int | None = None,
    repetition: int | None = None,
    meaning: int | None = None,
    children: int | None = None,
) -> bytes:
    told = (
        (1, AN_I32, physical),
        (3, AN_I32, repetition),
        (4, A_BINARY, name.encode()),
        (5, AN_I32, children),
        (6, AN_I32, meaning),
    )
    return _struct(*((n, kind, value) for n, kind, value in told if value is not None))


def _struct(*fields: tuple[int, int, Any]) -> bytes:
    """A Thrift struct of fields in order: number, type, value; lists and structs are bytes."""
    made, last = bytearray(), 0
    for number, kind, value in fields:
        made.append((number - last) << 4 | kind)
        last = number
        if kind in (AN_I32, AN_I64):
            made += _number(value)
        else:
            made += _binary(value) if kind == A_BINARY else value
    return bytes(made) + b"\0"


def _list(kind: int, items: list[bytes]) -> bytes:
    size = len(items)
    head = bytes([size << 4 | kind]) if size < 15 else bytes([0xF0 | kind]) + _varint(size)
    return head + b"".join(items)


def _binary(value: bytes) -> bytes:
    return _varint(len(value)) + value


def _number(value: int) -> bytes:
    return _varint(value << 1 if value >= 0 else (-value << 1) - 1)


def _varint(value: int) -> bytes:
    made = bytearray()
    while value > 127:
        made.append(value & 127 | 128)
        value >>= 7
    made.append(value)
    return bytes(made)
