"""A master file as chunks of whole groups of lines, and each chunk's lines by segment.

A group is an incident's administrative segment with what follows it, a header of three parts, or
a record that stands alone, so that no chunk needs another one to be understood.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from baserate.sources.master_file.columns import SPARE, Block, Ints

CHUNK = 8_000_000  # bytes
LONGEST = 400  # columns; the FBI's longest record has 300
LONGEST_KEPT = 8_000  # bytes of a line without end
BEHIND = bytes(LONGEST + 2 * SPARE)
TAIL = 65_536  # bytes at the end of a chunk where the start of a group is looked for first
STARTS = (b"\n01", b"\nW")  # of an incident
OTHERS = (b"\nB1", b"\nBH", b"\n07")  # that stand alone
KEY, DATE = (2, 10, 17), 25  # words of state, ORI and incident number; of the incident date

Read = Callable[[int], bytes]


@dataclass(frozen=True, slots=True)
class Chunk:
    """Whole lines: the first `size` bytes. Behind them stand others, to be read across the end."""

    held: bytes
    size: int

    def has(self, byte: int) -> bool:
        """Whether the byte is in one of its lines."""
        return self.held.find(byte, 0, self.size) >= 0


def chunks(read: Read, size: int = CHUNK) -> Iterator[Chunk]:
    """The file in order, cut where a group begins. The last line gets its newline if it has none.

    A line without end is cut short, so that memory stays bounded; it is longer than any record
    either way.
    """
    left = b""
    ended = False
    while not ended:
        piece = read(size)
        if not piece:
            ended = True
            if not left:
                return
            piece = b"" if left.endswith(b"\n") else b"\n"
        held = b"".join((left, piece, BEHIND))
        filled = len(held) - len(BEHIND)
        cut = filled if ended else _cut(held, filled, patient=filled < 4 * size)
        if cut:
            left = held[cut:filled]
            yield Chunk(held, cut)
        elif held.find(b"\n", 0, filled) >= 0:
            left = held[:filled]
        else:
            left = held[: min(filled, LONGEST_KEPT)]


def _cut(held: bytes, filled: int, *, patient: bool) -> int:
    """Where the last group begins; 0 if that is at the start, and more may be read.

    Where nothing begins at all, it is the last line that stands alone, or the last line.
    """
    for near in (max(filled - TAIL, 0), 0):
        found = max(held.rfind(start, near, filled) for start in STARTS)
        if found >= 0:
            return found + 1
    if patient and held.startswith(tuple(start[1:] for start in STARTS)):
        return 0
    found = max(held.rfind(start, 0, filled) for start in OTHERS)
    return (found if found >= 0 else held.rfind(b"\n", 0, filled)) + 1


def packed(prefix: str) -> int:
    """A prefix as Lines.prefixes holds it."""
    return int.from_bytes(prefix.encode(), "little")


class Lines:
    """The lines of one chunk: where each starts, how long it is, which segment it is of."""

    def __init__(self, chunk: Chunk) -> None:
        self.data, self.size = np.frombuffer(chunk.held, np.uint8), chunk.size
        control = np.flatnonzero(self.data[: self.size] < 32)
        is_end = self.data[control] == 10
        ends = control[is_end]
        self._controls = len(control)
        self.count = len(ends)
        self.starts = np.empty(self.count, np.int64)
        self.starts[:1] = 0
        self.starts[1:] = ends[:-1] + 1
        lengths = ends - self.starts
        self.returns = 0
        if self._controls > self.count:
            returns = (self.data[np.maximum(ends - 1, 0)] == 13) & (lengths > 0)
            self.returns = int(np.count_nonzero(returns))
            lengths = lengths - returns
        self.lengths = lengths.astype(np.int32)
        self.prefixes = self.words(0, 2)

    def of_segments(self, prefixes: Iterable[str]) -> dict[str, Ints]:
        """The lines of each segment."""
        prefixes = list(prefixes)
        number = np.full(65_536, len(prefixes), np.uint8)
        for n, prefix in enumerate(prefixes):
            number[packed(prefix)] = n
        numbers = number.take(self.prefixes)
        in_order = np.argsort(numbers, kind="stable")
        ends = np.cumsum(np.bincount(numbers, minlength=len(prefixes)))[: len(prefixes)]
        return dict(zip(prefixes, np.split(in_order, ends), strict=False))

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
        if not self.count or (data.max() < 127 and self._controls == self.count + self.returns):
            return {}
        wrong = ((data < 32) & (data != 10)) | (data >= 127)
        wrong[:-1] &= ~((data[:-1] == 13) & (data[1:] == 10))
        found: dict[int, str] = {}
        for at in np.flatnonzero(wrong):
            row = int(np.searchsorted(self.starts, at, "right")) - 1
            column = int(at - self.starts[row]) + 1
            found.setdefault(row, f"column {column} holds byte 0x{data[at]:02X}")
        return found

    def changes(self) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
        """Whether a line has another state, agency and incident number, or another incident date,
        than the line before it. The first has.
        """
        new = np.ones(self.count, bool)
        other_date = np.ones(self.count, bool)
        if self.count:
            anywhere = np.ndarray((self.data.size - 40,), "V32", self.data.data, 0, (1,))
            words = anywhere[self.starts + 1].view("<u8").reshape(-1, 4)
            differ = words[1:] ^ words[:-1]
            differ[:, 0] &= ~np.uint64(0xFF)  # the second letter of the segment
            np.not_equal(differ[:, 0] | differ[:, 1] | differ[:, 2], 0, out=new[1:])
            np.not_equal(differ[:, 3], 0, out=other_date[1:])
        return new, other_date


_MASKS: dict[int, Ints] = {}


def _kept(width: int) -> Ints:
    """For each length, a row of bytes that keeps so many columns and blanks the others."""
    if width not in _MASKS:
        rows = np.where(np.arange(width) < np.arange(width + 1)[:, None], 255, 0).astype(np.uint8)
        _MASKS[width] = rows.view(f"V{width}").reshape(-1)
    return _MASKS[width]
