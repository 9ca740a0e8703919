"""One chunk of a master file as columns of the canonical tables, with what was rejected.

Every line is kept, rejected or set aside. An incident's number is the place of its
administrative segment (or window record) among those of the file, so that a chunk needs to know
only how many came before it; a rejected one leaves a gap.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from baserate.sources.master_file.columns import (
    EPOCH,
    NO_BLANK,
    Block,
    Column,
    Ints,
    calendar,
    dates,
    nullable,
)
from baserate.sources.master_file.fields import WANTED, Faults, Fields
from baserate.sources.master_file.headers import Header, read_header
from baserate.sources.master_file.layout import Segment
from baserate.sources.master_file.lines import DATE, KEY, LONGEST, Lines, packed
from baserate.sources.master_file.tally import Kept, Tally, tally

CHILDREN = ("02", "03", "04", "05", "06")
WINDOWS = ("W1", "W3", "W6")
PARENTS = ("01", *WINDOWS)
ORI = 4  # where an agency's identifier starts, counting from 0
NO_LETTERS = np.uint64(NO_BLANK[8])


class Reject(NamedTuple):
    """A line that is not kept."""

    line: int
    reason: str
    raw: str


class Before(NamedTuple):
    """How many lines and incidents the chunks before this one hold."""

    lines: int
    incidents: int


@dataclass
class Records:
    """What a chunk becomes."""

    parts: list[tuple[str, dict[str, Column]]] = field(default_factory=list)
    headers: list[Header] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    read: int = 0
    aside: int = 0
    unknown: int = 0
    years: set[int] = field(default_factory=set)
    tally: Tally | None = None


class Decoder:
    """Reads one chunk."""

    def __init__(self, lines: Lines, fields: Fields, before: Before) -> None:
        self.lines, self.fields, self.before = lines, fields, before
        self.out = Records(read=lines.count)
        self.refused: dict[int, str] = {}
        self.kept: Kept = {}
        self.rows = lines.of_segments(fields.layout.segments)
        known = sum(len(r) for r in self.rows.values())
        if known != lines.count:
            self._unknown()
        self._odd()
        self._short_or_long()

    # --- lines that are no records ---------------------------------------------------------

    def _refuse(self, rows: Any, reason: Callable[[int], str]) -> None:
        for row in rows:
            self.refused.setdefault(int(row), reason(int(row)))

    def _unknown(self) -> None:
        """Blank lines are set aside; a prefix of no segment is a reject."""
        names = ", ".join(self.fields.layout.segments)
        known = np.zeros(self.lines.count, bool)
        for rows in self.rows.values():
            known[rows] = True
        for row in np.flatnonzero(~known):
            raw = self.lines.raw(int(row), LONGEST)
            if not raw.strip() and self.lines.lengths[row] <= LONGEST:
                self.out.aside += 1
                continue
            self.out.unknown += 1
            self.refused[int(row)] = f"segment {raw[:2]!r} is not known; one of {names} is needed"

    def _odd(self) -> None:
        for row, what in self.lines.odd().items():
            if self.lines.prefixes[row] & 0xFF != ord("B"):
                self.refused.setdefault(row, f"{what}; printed ASCII is needed")

    def _short_or_long(self) -> None:
        lengths = self.lines.lengths
        for prefix, rows in self.rows.items():
            segment = self.fields.layout.segments[prefix]
            held = lengths[rows]
            if not len(held):
                continue
            if held.min() < segment.shortest:
                for row in rows[held < segment.shortest].tolist():
                    self.refused.setdefault(
                        row,
                        f"{segment.title} has {lengths[row]} columns; at least "
                        f"{segment.shortest} are needed",
                    )
            if held.max() > segment.width:
                self._too_long(rows[held > segment.width], segment)

    def _too_long(self, rows: Ints, segment: Segment) -> None:
        """Longer lines are common in files that pad every record; but only with blanks."""
        lengths = self.lines.lengths[rows]
        beyond = lengths > LONGEST
        inside = rows[~beyond]
        if len(inside):
            longest = int(lengths[~beyond].max())
            block = self.lines.block(inside, longest)
            filled = block.filled(segment.width, longest - segment.width)
            beyond[np.flatnonzero(~beyond)[filled]] = True
        self._refuse(
            rows[beyond],
            lambda row: (
                f"{segment.title} has {self.lines.lengths[row]} columns; what stands after column "
                f"{segment.width} is unknown"
            ),
        )

    # --- segments ----------------------------------------------------------------------------

    def decode(self) -> Records:
        """All of it."""
        self._link()
        for prefix in PARENTS:
            self._parents(prefix)
        for prefix in CHILDREN:
            self._children(prefix)
        self._group_b()
        self._headers()
        self.out.tally = tally(self.kept, self.before.incidents, len(self.parents))
        self.out.rejects = [
            Reject(self.before.lines + row + 1, reason, self.lines.raw(row))
            for row, reason in sorted(self.refused.items())
        ]
        return self.out

    def _left(self, prefix: str) -> Ints:
        """Lines of a segment that are not refused so far."""
        rows = self.rows[prefix]
        if not self.refused or not len(rows):
            return rows
        return np.setdiff1d(rows, np.fromiter(self.refused, np.int64), assume_unique=True)

    def _read(self, rows: Ints, segment: Segment) -> tuple[Block, dict[str, Column]]:
        """Every field of the lines. Lines with a fault are refused and left out."""
        fields = (*segment.incident, *segment.fields)
        block = self.lines.block(rows, max(segment.width, DATE + 8))
        faults: Faults = []
        columns = self.fields.read(block, fields, faults)
        if faults:
            for fault in faults:
                for row in fault.rows:
                    self.refused.setdefault(int(block.lines[row]), fault.reason(int(row)))
            block = block.without(np.unique(np.concatenate([f.rows for f in faults])))
            columns = self.fields.read(block, fields, [])
        return block, columns

    def _keep(self, table: str, block: Block, columns: dict[str, Column]) -> None:
        lines = (block.lines + (self.before.lines + 1)).astype(np.int32)
        columns["file_row"] = Column(nullable(lines, None))
        if block.count:
            self.out.parts.append((table, columns))

    def _link(self) -> None:
        """Number the incidents, and find for every line the last one begun before it."""
        begins = np.zeros(self.lines.count, bool)
        for prefix in PARENTS:
            begins[self.rows[prefix]] = True
        self.begun = np.cumsum(begins, dtype=np.int32)
        self.parents = np.flatnonzero(begins)
        is_new, is_other_date = self.lines.changes()
        prefixes = self.lines.prefixes
        children = ((prefixes & 0xFF) == ord("0")) & (prefixes >> 8 <= ord("6"))
        follows = np.zeros(self.lines.count, bool)
        follows[1:] = children[:-1]  # the incident's first segment, or another of its segments
        children &= prefixes != packed("01")
        self.all_belong = not (children & (is_new | ~follows)).any()
        self.all_of_its_day = not (children & (is_other_date | ~follows)).any()

    def _incident(self, block: Block) -> Column:
        return Column(nullable(self.begun[block.lines] + np.int64(self.before.incidents), None))

    def _parents(self, prefix: str) -> None:
        """Incidents, and the window records that stand for one."""
        rows = self._left(prefix)
        if not len(rows):
            return
        segment = self.fields.layout.segments[prefix]
        block, columns = self._read(rows, segment)
        incident = self._incident(block)
        if segment.incident:
            own = {f.name: columns.pop(f.name) for f in segment.fields} | {"incident": incident}
            if segment.table == "arrestees":
                own |= {"ori": columns["ori"], "is_group_b": _same(block.count, False)}
            self._keep(segment.table, block, own)
        else:
            self._date_it(block, columns)
        columns["incident"] = incident
        columns["is_window"] = _same(block.count, prefix in WINDOWS)
        columns["count"] = Column(nullable(np.ones(block.count, np.int16), None))
        self._keep("incidents", block, columns)
        if block.count and prefix == "01":
            self.kept[prefix] = columns

    def _date_it(self, block: Block, columns: dict[str, Column]) -> None:
        """Year and month of the incident's day."""
        _, years, months, first = calendar()
        days = dates(block.word(DATE, 8)) - first
        columns["counted_year"] = Column(nullable(years.take(days), None))
        columns["counted_month"] = Column(nullable(months.take(days), None))
        if block.count:
            self.out.years.update(int(years[d]) for d in (days.min(), days.max()))

    def _children(self, prefix: str) -> None:
        rows = self._left(prefix)
        if not len(rows):
            return
        segment = self.fields.layout.segments[prefix]
        self._refuse_orphans(rows, segment)
        self._refuse_dates(self._left(prefix))
        block, columns = self._read(self._left(prefix), segment)
        columns["incident"] = self._incident(block)
        columns["own_incident_date"] = self._own_date(block)
        if segment.table == "offenses":
            columns["offense"] = self.fields.offense(columns["offense_code"])
        if segment.table == "arrestees":
            ori = nullable(self.fields.agencies.of(block, ORI), None)
            columns["ori"] = Column(ori, self.fields.agencies)
            columns["is_group_b"] = _same(block.count, False)
        self._keep(segment.table, block, columns)
        if block.count:
            self.kept[prefix] = columns

    def _refuse_orphans(self, rows: Ints, segment: Segment) -> None:
        """A segment belongs to the administrative segment before it, and bears its identifiers."""
        if not len(self.parents):
            lost, refused = rows, rows[:0]
        else:
            parent = self.parents[np.maximum(self.begun[rows] - 1, 0)]
            lost_ = (self.begun[rows] == 0) | (self.lines.prefixes[parent] != packed("01"))
            if not self.all_belong:
                for at in KEY:
                    words = self.lines.words(at, 8)
                    lost_ |= words[rows] != words[parent]
            lost = rows[lost_]
            refused = rows[:0]
            if self.refused:
                refused = rows[~lost_ & np.isin(parent, np.fromiter(self.refused, np.int64))]
        self._refuse(lost, lambda row: self._orphan(row, segment))
        self._refuse(
            refused,
            lambda row: (
                f"{segment.title} of an incident whose administrative segment, line "
                f"{self.before.lines + int(self.parents[self.begun[row] - 1]) + 1}, was rejected"
            ),
        )

    def _orphan(self, row: int, segment: Segment) -> str:
        raw = self.lines.raw(row)
        return (
            f"{segment.title} of incident {raw[13:25]!r} of agency {raw[4:13]!r}, state "
            f"{raw[2:4]!r}; the administrative segment before it is not that incident's"
        )

    def _other_dates(self, rows: Ints) -> Ints:
        """Lines whose incident date is not that of their incident."""
        if not len(rows) or self.all_of_its_day:
            return rows[:0]
        words = self.lines.words(DATE, 8)
        found: Ints = rows[words[rows] != words[self.parents[self.begun[rows] - 1]]]
        return found

    def _refuse_dates(self, rows: Ints) -> None:
        differing = self._other_dates(rows)
        if not len(differing):
            return
        words = self.lines.words(DATE, 8)[differing]
        wrong = (dates(words) == 0) & (words & NO_LETTERS != 0)
        self._refuse(
            differing[wrong],
            lambda row: (
                f"incident date (columns 26-33) is {self.lines.raw(row)[DATE : DATE + 8]!r}; "
                f"{WANTED['date']}"
            ),
        )

    def _own_date(self, block: Block) -> Column:
        """The record's own incident date where it is another than its incident's."""
        differing = self._other_dates(block.lines)
        if not len(differing):
            return Column(pa.nulls(block.count, pa.date32()))
        days = dates(block.word(DATE, 8))
        valid = np.isin(block.lines, differing, assume_unique=True) & (days != 0)
        return Column(nullable(days - np.int32(EPOCH), valid, pa.date32()))

    def _group_b(self) -> None:
        rows = self._left("07")
        if not len(rows):
            return
        block, columns = self._read(rows, self.fields.layout.segments["07"])
        columns["is_group_b"] = _same(block.count, True)
        self._keep("arrestees", block, columns)

    # --- headers -----------------------------------------------------------------------------

    def _headers(self) -> None:
        """Headers whole or in three parts, as lines of the later layout."""
        whole = self.fields.layout.segments["BH"]
        for row in self._left("BH"):
            self._header(int(row), (int(row),), self.lines.raw(row).ljust(whole.width))
        taken: set[int] = set()
        for row in self._left("B1"):
            trio = (int(row), int(row) + 1, int(row) + 2)
            if self._is_trio(trio):
                taken.update(trio)
                self._header(trio[0], trio, self._joined(trio))
        for prefix in ("B1", "B2", "B3"):
            self._refuse(
                [r for r in self._left(prefix) if int(r) not in taken],
                lambda row: (
                    "one part of a header without the others; B1, B2 and B3 of one agency must "
                    f"follow one another, and this is of {self.lines.raw(row)[4:13]!r}"
                ),
            )

    def _is_trio(self, rows: tuple[int, ...]) -> bool:
        if rows[-1] >= self.lines.count or any(r in self.refused for r in rows):
            return False
        said = [self.lines.raw(r) for r in rows]
        return [s[:2] for s in said] == ["B1", "B2", "B3"] and len({s[4:13] for s in said}) == 1

    def _joined(self, rows: tuple[int, ...]) -> str:
        whole = [" "] * self.fields.layout.segments["BH"].width
        for row, prefix in zip(rows, ("B1", "B2", "B3"), strict=True):
            raw = self.lines.raw(row)
            for piece in self.fields.layout.segments[prefix].pieces:
                said = raw[piece.start : piece.end]
                whole[piece.to : piece.to + len(said)] = said
        return "".join(whole)

    def _header(self, row: int, rows: tuple[int, ...], text: str) -> None:
        made = read_header(text, self.before.lines + row + 1, self.fields.layout)
        if isinstance(made, str):
            self._refuse(rows, lambda _: made)
        else:
            self.out.headers.append(made)


def _same(count: int, value: bool) -> Column:
    bits = np.full((count + 7) // 8, 255 if value else 0, np.uint8)
    return Column(pa.Array.from_buffers(pa.bool_(), count, [None, pa.py_buffer(bits)]))
