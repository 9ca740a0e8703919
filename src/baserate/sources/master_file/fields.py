"""What each kind of field becomes: a column, and faults where a value cannot be what it should.

One function for each kind that the layout names (`is`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa

from baserate.sources.master_file.columns import (
    BLANK,
    EPOCH,
    FIRST,
    UNKNOWN,
    Agencies,
    Block,
    Bytes,
    Codes,
    Column,
    Fault,
    Ints,
    Named,
    dates,
    eight_digits,
    nullable,
    small_numbers,
    truths,
)
from baserate.sources.master_file.layout import Field, Layout

WANTED = {
    "state": "one of the UCR Program's numbers of states is needed",
    "offense": "a NIBRS offense code is needed",
    "number": "digits are needed",
    "thousandths": "digits are needed",
    "hour": "00 to 23 is needed, or blank",
    "date": "a day of the calendar as YYYYMMDD is needed",
}
Faults = list[Fault]


class Fields:
    """Reads fields of one file; keeps the codes it has met."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.agencies = Agencies()
        closed = {"state": Codes(2, layout.states), "offense": Codes(3, layout.offenses)}
        self._codes: dict[tuple[str, str], Codes] = {}
        for segment in layout.segments.values():
            for field in (*segment.fields, *segment.incident):
                if field.kind in {"code", "state", "offense", "one of"}:
                    key = field.table, field.name
                    if key not in self._codes:
                        self._codes[key] = closed.get(field.kind) or Codes(field.width, field.known)
        keys = sorted({v for v in layout.offenses.values() if v})
        self._offenses = Named(keys)
        self._offense_of = np.array(
            [keys.index(v) if v else len(keys) for v in layout.offenses.values()], np.uint16
        )

    def read(self, block: Block, fields: tuple[Field, ...], faults: Faults) -> dict[str, Column]:
        """Every field of the block's records as columns; what is wrong is added to the faults."""
        columns: dict[str, Column] = {}
        for field in fields:
            if field.is_list:
                if field.name not in columns:
                    together = [f for f in fields if f.group and f.group == field.group] or [field]
                    columns.update(self._lists(block, together, faults))
            else:
                if field.needed:
                    self._refuse_blank(block, field, faults)
                columns[field.name] = READ[field.kind](self, block, field, faults)
        return columns

    def offense(self, codes: Column) -> Column:
        """The offense that each code is, where it is one."""
        numbers = np.frombuffer(codes.values.buffers()[1], np.uint16, len(codes.values))
        found = self._offense_of.take(numbers)
        return Column(nullable(found, found < len(self._offenses.names)), self._offenses)

    def _refuse_blank(self, block: Block, field: Field, faults: Faults) -> None:
        filled = block.filled(field.start, field.width)
        if not filled.all():
            why = f"{_title(field)} (columns {field.columns}) is blank; it is needed"
            faults.append(Fault(np.flatnonzero(~filled), lambda _: why))

    def _code(self, block: Block, field: Field, faults: Faults) -> Column:
        codes = self._codes[field.table, field.name]
        numbers = codes.numbers(block.word(field.start, field.width))
        _refuse(block, field, numbers == UNKNOWN, faults)
        return Column(codes.array(numbers), codes)

    def _agency(self, block: Block, field: Field, faults: Faults) -> Column:
        del faults
        return Column(nullable(self.agencies.of(block, field.start), None), self.agencies)

    def _mark(self, block: Block, field: Field, faults: Faults) -> Column:
        letters = block.word(field.start, 1)
        is_set = letters == np.uint8(ord(field.known))
        _refuse(block, field, ~is_set & (letters & np.uint8(0xDF) != 0), faults)
        return Column(truths(is_set))

    def _number(self, block: Block, field: Field, faults: Faults) -> Column:
        if field.width <= 3:
            found = small_numbers(field.width).take(block.word(field.start, field.width))
            _refuse(block, field, found == UNKNOWN, faults)
            return Column(nullable(found - np.int16(FIRST), found != BLANK))
        return Column(_long_number(block, field, faults))

    def _hour(self, block: Block, field: Field, faults: Faults) -> Column:
        found = small_numbers(2).take(block.word(field.start, 2))
        _refuse(block, field, (found == UNKNOWN) | (found > 23 + FIRST), faults)
        return Column(nullable((found - FIRST).astype(np.int8), found != BLANK))

    def _date(self, block: Block, field: Field, faults: Faults) -> Column:
        words = block.word(field.start, 8)
        filled = block.filled(field.start, 8)
        if field.needed or filled.all():
            days = dates(words)
            _refuse(block, field, days == 0, faults)
            return Column(nullable(days - np.int32(EPOCH), None, pa.date32()))
        rows = np.flatnonzero(filled)
        days = np.zeros(block.count, np.int32)
        days[rows] = dates(words[rows])
        _refuse(block, field, filled & (days == 0), faults)
        return Column(nullable(days - np.int32(EPOCH), filled, pa.date32()))

    def _text(self, block: Block, field: Field, faults: Faults) -> Column:
        del faults
        return Column(texts(block, field.start, field.width))

    def _lists(self, block: Block, fields: list[Field], faults: Faults) -> dict[str, Column]:
        """Lists that are in step: as long as the last of their units that is not blank."""
        first, times, step = fields[0], fields[0].times, fields[0].step
        counts = block.filled(first.start, step if times > 1 else first.width).astype(np.int32)
        rest = block.filled(first.start + step, step * (times - 1))
        longer = np.flatnonzero(rest)
        for place in range(1, times):
            start = first.start + place * step
            filled = longer[block.filled_at(longer, start, step)]
            counts[filled] = place + 1
        ends = np.cumsum(counts, dtype=np.int32)
        offsets = np.concatenate(([np.int32(0)], ends))
        total = int(ends[-1]) if len(ends) else 0
        rows = np.repeat(np.arange(block.count), counts)
        unit = np.arange(total) - offsets[rows]
        at = rows * block.width + first.start + unit * step
        held = pa.py_buffer(offsets)
        made = {}
        for field in fields:
            there = at + (field.start - first.start)
            values, codes = self._parts(block, field, there, rows, faults)
            made[field.name] = Column(_list(held, block.count, values), codes)
        return made

    def _parts(
        self, block: Block, field: Field, at: Ints, rows: Ints, faults: Faults
    ) -> tuple[Any, Codes | None]:
        if field.kind == "thousandths":
            values, blank, good = _digits_at(block, at, field.width)
            _refuse(block, field, ~good & ~blank, faults, rows)
            return nullable(values / 1000.0, ~blank), None
        codes = self._codes[field.table, field.name]
        numbers = codes.numbers(block.word_at(at, field.width))
        _refuse(block, field, numbers == UNKNOWN, faults, rows)
        return codes.array(numbers), codes


READ: dict[str, Callable[[Fields, Block, Field, Faults], Column]] = {
    "code": Fields._code,
    "state": Fields._code,
    "offense": Fields._code,
    "one of": Fields._code,
    "agency": Fields._agency,
    "mark": Fields._mark,
    "number": Fields._number,
    "hour": Fields._hour,
    "date": Fields._date,
    "text": Fields._text,
}


def texts(block: Block, start: int, width: int) -> Any:
    """Columns as text without trailing blanks; null where there is nothing else."""
    held = np.ascontiguousarray(block.data[:, start : start + width])
    filled = (held[:, -1] & 0xDF) != 0
    if filled.all():
        offsets = np.arange(0, held.size + 1, width, dtype=np.int32)
        return pa.StringArray.from_buffers(block.count, pa.py_buffer(offsets), pa.py_buffer(held))
    if not block.filled(start, width).any():
        return pa.nulls(block.count, pa.string())
    return _trimmed(held)


def _trimmed(held: Bytes) -> Any:
    count, width = held.shape
    held[held == 0] = 32
    lengths = np.zeros(count, np.int32)
    for column in range(width):
        lengths[held[:, column] != 32] = column + 1
    offsets = np.concatenate(([np.int32(0)], np.cumsum(lengths, dtype=np.int32)))
    kept = held[np.arange(width) < lengths[:, None]]
    bits = pa.py_buffer(np.packbits(lengths > 0, bitorder="little"))
    return pa.StringArray.from_buffers(count, pa.py_buffer(offsets), pa.py_buffer(kept), bits)


def _refuse(
    block: Block, field: Field, wrong: Any, faults: Faults, rows: Ints | None = None
) -> None:
    if not wrong.any():
        return
    found = np.flatnonzero(wrong) if rows is None else np.unique(rows[wrong])
    wanted = WANTED.get(field.kind) or f"{' or '.join(field.known)} is needed, or blank"

    def reason(row: int) -> str:
        said = block.text(row, field.start, field.end)
        return f"{_title(field)} (columns {field.columns}) is {said!r}; {wanted}"

    faults.append(Fault(found, reason))


def _title(field: Field) -> str:
    return field.name.removeprefix("own_").replace("_", " ")


def _long_number(block: Block, field: Field, faults: Faults) -> Any:
    """A number of nine columns: the last eight at once, and the first."""
    blank = ~block.filled(field.start, field.width)
    values, good = eight_digits(block.word(field.start + 1, 8))
    lead = block.word(field.start, 1) - np.uint8(48)
    good &= lead < 10
    found = values.astype(np.int64) + lead * np.int64(100_000_000)
    for row in np.flatnonzero(~good & ~blank).tolist():
        said = block.text(row, field.start, field.end).strip()
        if said.isascii() and said.isdigit() and block.data[row, field.end - 1] & 0xDF != 0:
            found[row], good[row] = int(said), True
    _refuse(block, field, ~good & ~blank, faults)
    return nullable(found, ~blank)


def _digits_at(block: Block, at: Ints, width: int) -> tuple[Ints, Any, Any]:
    values, good, blank = np.zeros(len(at)), np.ones(len(at), bool), np.ones(len(at), bool)
    for column in range(width):
        byte = block.word_at(at + column, 1)
        digit = byte - np.uint8(48)
        good &= digit < 10
        blank &= byte & np.uint8(0xDF) == 0
        values = values * 10 + digit
    return values, blank, good


def _list(offsets: Any, count: int, values: Any) -> Any:
    return pa.Array.from_buffers(pa.list_(values.type), count, [None, offsets], children=[values])
