"""Fixed columns of many records at once, as Arrow columns.

A block holds the records of one segment, one a row of bytes; a record that is cut short is
filled with NUL, which every check here takes for a blank. Codes are read as small integers and
looked up in tables, so that no text is made of them until the Parquet file's dictionary.
"""

from __future__ import annotations

import contextlib
import mmap
import sys
from collections.abc import Callable, Iterable
from functools import cache
from threading import Lock
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from baserate.errors import BadRow

Bytes = npt.NDArray[np.uint8]
Ints = npt.NDArray[Any]

SPARE = 8  # bytes after the last field, so that a word may be read across its end
UNKNOWN, BLANK, FIRST = 0, 1, 2  # numbers of a code; the first real one is FIRST
MOST_CODES = 60_000
FIRST_YEAR, YEARS = 1900, 200
EPOCH = 719_163  # the ordinal of 1 January 1970
NO_BLANK = {w: int.from_bytes(b"\xdf" * w, "little") for w in (1, 2, 3, 4, 8)}
HELD = {1: "u1", 2: "<u2", 3: "<u4", 4: "<u4", 8: "<u8"}


class Column(NamedTuple):
    """One column: Arrow values, or numbers of codes with the Codes that name them."""

    values: Any
    codes: Named | None = None


class Fault(NamedTuple):
    """Rows of a block that cannot be taken, and why, told from a row's bytes."""

    rows: Ints
    reason: Callable[[int], str]


class Block:
    """Records of one segment. `data` has a row of `width` bytes for each, and spare ones."""

    def __init__(self, data: Bytes, lines: Ints) -> None:
        self.data, self.lines = data, lines
        self.count, self.width = data.shape

    def word(self, start: int, width: int) -> Ints:
        """Columns of every record as an integer: of 1, 2, 3, 4 or 8 bytes, the first the lowest."""
        if not self.count:
            return np.empty(0, HELD[width])
        found: Ints = np.ndarray((self.count,), HELD[width], self.data.data, start, (self.width,))
        return found & np.uint32(0xFFFFFF) if width == 3 else found

    def word_at(self, positions: Ints, width: int) -> Ints:
        """The same at given places of the block's bytes."""
        if not len(positions):
            return np.empty(0, HELD[width])
        size = self.data.size - SPARE
        anywhere: Ints = np.ndarray((size,), HELD[width], self.data.data, 0, (1,))
        found: Ints = anywhere[positions]
        return found & np.uint32(0xFFFFFF) if width == 3 else found

    def filled(self, start: int, width: int) -> npt.NDArray[np.bool_]:
        """Whether any of the columns is not blank."""
        found: npt.NDArray[np.bool_] = self._bits(start, width) != 0
        return found

    def filled_at(self, rows: Ints, start: int, width: int) -> npt.NDArray[np.bool_]:
        """The same for some of the records."""
        found = np.zeros(len(rows), bool)
        for column in range(start, start + width):
            found |= self.word_at(rows * self.width + column, 1) & np.uint8(0xDF) != 0
        return found

    def _bits(self, start: int, width: int) -> Ints:
        if width in HELD:
            found: Ints = self.word(start, width) & _mask(width)
            return found
        size = max(w for w in (8, 4, 2) if w <= width)
        starts = [*range(start, start + width - size, size), start + width - size]
        bits: Ints = self.word(starts[0], size) & _mask(size)
        for at in starts[1:]:
            bits |= self.word(at, size) & _mask(size)
        return bits

    def text(self, row: int, start: int, end: int) -> str:
        """Columns of one record as printed."""
        return bytes(self.data[row, start:end]).replace(b"\0", b" ").decode("latin-1")

    def without(self, rows: Ints) -> Block:
        """The block with these rows left out."""
        keep = np.ones(self.count, bool)
        keep[rows] = False
        return Block(np.ascontiguousarray(self.data[keep]), self.lines[keep])


def _mask(width: int) -> Any:
    return np.dtype(HELD[width]).type(NO_BLANK[width])


class Named:
    """Names that numbers stand for."""

    def __init__(self, names: list[str]) -> None:
        self.names = names

    def dictionary(self, indices: Any, kind: Any) -> Any:
        """Indices as a dictionary array that Parquet takes as it is."""
        return pa.DictionaryArray.from_arrays(indices, of_values(self.names, kind), safe=False)


class Codes(Named):
    """The codes of one field, numbered in the order in which they come up.

    A closed one knows its codes beforehand; any other is UNKNOWN.
    """

    def __init__(self, width: int, known: Iterable[str] = ()) -> None:
        self.width, self.is_closed = width, bool(known)
        super().__init__([])
        self._lock = Lock()
        self._numbers = sparse(256**width, np.uint16)
        for blank in range(2**width):
            spaces = bytes(32 * (blank >> i & 1) for i in range(width))
            self._numbers[int.from_bytes(spaces, "little")] = BLANK
        for name in known:
            self._learn(name.encode("ascii").ljust(width))

    def numbers(self, packed: Ints) -> Ints:
        """The number of each code."""
        found: Ints = self._numbers.take(packed)
        if not self.is_closed and found.size and found.min() == UNKNOWN:
            with self._lock:
                for one in np.unique(packed[found == UNKNOWN]):
                    if len(self.names) < MOST_CODES and not self._numbers[one]:
                        self._learn(int(one).to_bytes(8, "little")[: self.width])
            found = self._numbers.take(packed)
        return found

    def _learn(self, code: bytes) -> None:
        name = code.replace(b"\0", b" ").decode("latin-1").rstrip()
        if name in self.names:
            number = self.names.index(name) + FIRST
        else:
            self.names.append(name)
            number = len(self.names) - 1 + FIRST
        self._numbers[int.from_bytes(code, "little")] = number

    def array(self, numbers: Ints) -> Any:
        """Numbers as Arrow indices into `names`; blank is null."""
        return nullable(numbers - np.uint16(FIRST), numbers != BLANK)


class Agencies(Named):
    """Identifiers of agencies, which are too long to look up: told by runs of the same."""

    def __init__(self) -> None:
        super().__init__([])
        self._by_name: dict[bytes, int] = {}
        self._lock = Lock()

    def of(self, block: Block, start: int) -> Ints:
        """The number of each record's agency, from 0."""
        count = block.count
        head, tail = block.word(start, 8), block.word(start + 8, 1)
        new = np.empty(count, bool)
        new[:1] = True
        new[1:] = (head[1:] != head[:-1]) | (tail[1:] != tail[:-1])
        firsts = np.flatnonzero(new)
        with self._lock:
            numbers = [self._number(block.data[row, start : start + 9].tobytes()) for row in firsts]
        found: Ints = np.repeat(np.array(numbers, np.int32), np.diff(np.append(firsts, count)))
        return found

    def _number(self, ori: bytes) -> int:
        number = self._by_name.get(ori)
        if number is None:
            number = self._by_name[ori] = len(self.names)
            self.names.append(ori.replace(b"\0", b" ").decode("latin-1").rstrip())
        return number

    def dictionary(self, indices: Any, kind: Any) -> Any:
        """As its parent, with only the agencies between the least and the greatest number."""
        numbers = np.frombuffer(indices.buffers()[1], np.int32, len(indices), 4 * indices.offset)
        low, high = (int(numbers.min()), int(numbers.max())) if len(numbers) else (0, -1)
        names = of_values(self.names[low : high + 1], kind)
        return pa.DictionaryArray.from_arrays(
            nullable(numbers - np.int32(low), None), names, safe=False
        )


def nullable(values: Ints, valid: npt.NDArray[np.bool_] | None, kind: Any = None) -> Any:
    """An Arrow array over the values, null where not valid."""
    kind = kind or pa.from_numpy_dtype(values.dtype)
    bits = None
    if valid is not None and not valid.all():
        bits = pa.py_buffer(np.packbits(valid, bitorder="little"))
    held = np.ascontiguousarray(values)
    return pa.Array.from_buffers(kind, len(held), [bits, pa.py_buffer(held)])


def sparse(size: int, kind: Any) -> Ints:
    """Zeros of which few will be written to: memory is taken by the small page, where it can be."""
    held = mmap.mmap(-1, size * np.dtype(kind).itemsize)
    if hasattr(mmap, "MADV_NOHUGEPAGE"):
        with contextlib.suppress(OSError):
            held.madvise(mmap.MADV_NOHUGEPAGE)
    return np.frombuffer(held, kind)


def truths(values: npt.NDArray[np.bool_]) -> Any:
    """An Arrow array of booleans."""
    bits = pa.py_buffer(np.packbits(values, bitorder="little"))
    return pa.Array.from_buffers(pa.bool_(), len(values), [None, bits])


def of_values(values: list[Any], kind: Any) -> Any:
    """An Arrow array of plain values; None is null.

    pa.array would load pandas to look at them.
    """
    valid = np.array([v is not None for v in values], bool)
    if pa.types.is_list(kind):
        parts = [part for v in values for part in v or ()]
        offsets = np.cumsum([0, *(len(v or ()) for v in values)], dtype=np.int32)
        children = [of_values(parts, kind.value_type)]
        held = [_bits(valid), pa.py_buffer(offsets)]
        return pa.Array.from_buffers(kind, len(values), held, children=children)
    if pa.types.is_string(kind):
        said = [(v or "").encode() for v in values]
        offsets = np.cumsum([0, *map(len, said)], dtype=np.int32)
        held = [_bits(valid), pa.py_buffer(offsets), pa.py_buffer(b"".join(said))]
        return pa.Array.from_buffers(kind, len(values), held)
    if pa.types.is_boolean(kind):
        held = [_bits(valid), _bits(np.array([bool(v) for v in values], bool), always=True)]
        return pa.Array.from_buffers(kind, len(values), held)
    if pa.types.is_date(kind):
        days = [v.toordinal() - EPOCH if v else 0 for v in values]
        return nullable(np.array(days, np.int32), valid, kind)
    if not valid.any():
        return pa.nulls(len(values), kind)
    return nullable(np.array([v or 0 for v in values], f"i{kind.bit_width // 8}"), valid)


def _bits(truths_: npt.NDArray[np.bool_], *, always: bool = False) -> Any:
    if truths_.all() and not always:
        return None
    return pa.py_buffer(np.packbits(truths_, bitorder="little"))


@cache
def small_numbers(width: int) -> Ints:
    """Digits of 1 to 3 columns to their number + 2; 1 for blank, 0 for anything else."""
    table = sparse(256**width, np.int16)
    for number in range(10**width):
        table[int.from_bytes(str(number).zfill(width).encode(), "little")] = number + FIRST
        table[int.from_bytes(str(number).rjust(width).encode(), "little")] = number + FIRST
    for blank in range(2**width):
        spaces = bytes(32 * (blank >> i & 1) for i in range(width))
        table[int.from_bytes(spaces, "little")] = BLANK
    return table


@cache
def calendar() -> tuple[Ints, Ints, Ints, int]:
    """Days by YYYYMMDD less 19000000, counted as `dates` does, 0 where there is none.

    Then the year and the month of each day from the first one on, and the first one.
    """
    start, stop = np.datetime64(f"{FIRST_YEAR}-01-01"), np.datetime64(f"{FIRST_YEAR + YEARS}-01-01")
    days = np.arange(start, stop)
    years = days.astype("M8[Y]").astype(int) + 1970
    months = days.astype("M8[M]").astype(int) % 12 + 1
    within = (days - days.astype("M8[M]")).astype(int) + 1
    table = sparse(YEARS * 10_000, np.int32)
    table[(years - FIRST_YEAR) * 10_000 + months * 100 + within] = days.astype(int) + EPOCH
    first = int(days[0].astype(int)) + EPOCH
    return table, years.astype(np.int16), months.astype(np.int8), first


def eight_digits(words: Ints) -> tuple[Ints, npt.NDArray[np.bool_]]:
    """Numbers of eight ASCII digits held in words, and which words are such digits."""
    nibbles = words & np.uint64(0xF0F0F0F0F0F0F0F0)
    carried = (words + np.uint64(0x0606060606060606)) & np.uint64(0xF0F0F0F0F0F0F0F0)
    digits = np.uint64(0x3030303030303030)
    good = (nibbles == digits) & (carried == digits)
    found = words & np.uint64(0x0F0F0F0F0F0F0F0F)
    found = (found * np.uint64(2561)) >> np.uint64(8)
    found = ((found & np.uint64(0x00FF00FF00FF00FF)) * np.uint64(6553601)) >> np.uint64(16)
    found = ((found & np.uint64(0x0000FFFF0000FFFF)) * np.uint64(42949672960001)) >> np.uint64(32)
    return found, good


def dates(words: Ints) -> Ints:
    """Days since 1970 + EPOCH of YYYYMMDD; 0 where no calendar has the day."""
    numbers, good = eight_digits(words)
    good &= (numbers >= FIRST_YEAR * 10_000) & (numbers < (FIRST_YEAR + YEARS) * 10_000)
    at = np.where(good, numbers, np.uint64(FIRST_YEAR * 10_000)) - np.uint64(FIRST_YEAR * 10_000)
    found: Ints = calendar()[0].take(at.astype(np.int64))
    return found


if sys.byteorder != "little":  # pragma: no cover - every platform that pyarrow is built for is
    raise BadRow("reading master files needs a little-endian machine")
