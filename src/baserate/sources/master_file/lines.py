"""A master file as chunks of whole groups of lines, and each chunk's lines by segment.

A group is an incident's administrative segment with what follows it, a header of three parts, or
a record that stands alone, so that no chunk needs another one to be understood.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from baserate.sources.master_file.columns import SPARE, Block, Bytes, Ints

CHUNK = 4_000_000  # bytes
LONGEST = 400  # columns; the FBI's longest record has 300
LONGEST_KEPT = 8_000  # bytes of a line without end
TAIL = 65_536  # bytes at the end of a chunk where the start of a group is looked for first
STARTS = (b"\n01", b"\n07", b"\nB1", b"\nBH", b"\nW")
KEY, DATE = (2, 10, 17), 25  # words of state, ORI and incident number; of the incident date

Read = Callable[[int], bytes]


@dataclass(frozen=True, slots=True)
class Chunk:
    """Bytes of whole lines, with `LONGEST` spare ones after them."""

    data: Bytes
    size: int


def chunks(read: Read, size: int = CHUNK) -> Iterator[Chunk]:
    """The file in order, cut where a group begins. The last line gets its newline if it has none.

    A line without end is shortened to two chunks, so that memory stays bounded; it is longer
    than any record either way.
    """
    left = b""
    ended = False
    while not ended or left:
        piece = b"" if ended else read(size)
        ended = ended or not piece
        held = left + piece
        if ended:
            if held and not held.endswith(b"\n"):
                held += b"\n"
            cut = len(held)
        else:
            cut = _cut(held)
            if not cut and len(held) > 2 * size:
                held = held[:LONGEST_KEPT]
                left = held
                continue
        left = held[cut:]
        if cut:
            yield _chunk(held, cut)


def _cut(held: bytes) -> int:
    """Where the last group begins, or the last line if no group begins in the chunk."""
    near = max(len(held) - TAIL, 0)
    found = max(held.rfind(start, near) for start in STARTS)
    if found < 0:
        found = max(held.rfind(start) for start in STARTS)
    return (found if found >= 0 else held.rfind(b"\n")) + 1


def _chunk(held: bytes, cut: int) -> Chunk:
    data = np.zeros(cut + LONGEST + SPARE, np.uint8)
    data[:cut] = np.frombuffer(held, np.uint8, cut)
    return Chunk(data, cut)


class Lines:
    """The lines of one chunk: where each starts, how long it is, which segment it is of."""

    def __init__(self, chunk: Chunk) -> None:
        self.data, self.size = chunk.data, chunk.size
        ends = _newlines(chunk.data[: chunk.size])
        self.count = len(ends)
        self.starts = np.empty(self.count, np.int64)
        self.starts[:1] = 0
        self.starts[1:] = ends[:-1] + 1
        lengths = ends - self.starts
        self.returns = 0
        if _has(chunk, 13):
            returns = (chunk.data[np.maximum(ends - 1, 0)] == 13) & (lengths > 0)
            self.returns = int(np.count_nonzero(returns))
            lengths = lengths - returns
        self.lengths = lengths.astype(np.int32)
        self.prefixes = self.words(0, 2)

    def words(self, start: int, width: int) -> Ints:
        """Columns of every line as an integer, whether the line is that long or not."""
        kind = {2: "<u2", 8: "<u8"}[width]
        anywhere: Ints = np.ndarray((self.data.size - SPARE,), kind, self.data.data, 0, (1,))
        found: Ints = anywhere[self.starts + start if start else self.starts]
        return found

    def raw(self, row: int, most: int = 2_000) -> str:
        """A line as it stands in the file."""
        start = int(self.starts[row])
        stop = start + min(int(self.lengths[row]), most)
        return self.data[start:stop].tobytes().decode("latin-1")

    def block(self, rows: Ints, width: int) -> Block:
        """Lines as rows of bytes, filled with NUL to the width and SPARE more."""
        wide = width + SPARE
        anywhere = np.ndarray((self.data.size - wide,), f"V{wide}", self.data.data, 0, (1,))
        held = anywhere[self.starts[rows]].view(np.uint8).reshape(len(rows), wide)
        kept = _kept(wide)[np.minimum(self.lengths[rows], width)]
        held &= kept.view(np.uint8).reshape(len(rows), wide)
        return Block(held, rows)

    def odd(self) -> dict[int, str]:
        """Lines with bytes that no record has, and what is wrong with each."""
        data = self.data[: self.size]
        if not self.count or (
            data.max() < 127 and np.count_nonzero(data < 32) == self.count + self.returns
        ):
            return {}
        wrong = ((data < 32) & (data != 10)) | (data >= 127)
        wrong[:-1] &= ~((data[:-1] == 13) & (data[1:] == 10))
        found: dict[int, str] = {}
        for at in np.flatnonzero(wrong):
            row = int(np.searchsorted(self.starts, at, "right")) - 1
            column = int(at - self.starts[row]) + 1
            found.setdefault(row, f"column {column} holds byte 0x{data[at]:02X}")
        return found

    def has_nul(self) -> bool:
        """Whether a byte is NUL, which no text has."""
        return _has(Chunk(self.data, self.size), 0)


def _has(chunk: Chunk, byte: int) -> bool:
    return chunk.data[: chunk.size].tobytes().find(byte) >= 0


def _newlines(data: Bytes) -> Ints:
    found: Ints = np.flatnonzero(data == 10)
    return found


_MASKS: dict[int, np.ndarray] = {}


def _kept(width: int) -> np.ndarray:
    """For each length, a row of bytes that keeps so many columns and blanks the others."""
    if width not in _MASKS:
        rows = np.where(np.arange(width) < np.arange(width + 1)[:, None], 255, 0).astype(np.uint8)
        _MASKS[width] = rows.view(f"V{width}").reshape(-1)
    return _MASKS[width]
