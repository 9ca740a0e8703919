"""What the incidents of a chunk count for in the monthly series: nibrs_summary.sql, in numpy.

A month is told by its number from January of the year 0 on; a cell is one offense (its place among
the kinds), counted as an offense or a clearance, in one month of one agency.
"""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

import numpy as np

from baserate.sources.master_file.columns import EPOCH, Column, Ints, calendar
from baserate.sources.master_file.layout import layout
from baserate.sources.nibrs_summary import Kind, kinds

MONTHS = 10_000 * 12
NO_CODE = 65_535  # stands where a code is blank
NO_DAY = -EPOCH  # stands where a date is blank
NEVER = np.iinfo(np.int32).max
OFFENSES, CLEARANCES = 0, 1
RENTAL_STORAGE, STOLEN, NOT_CLEARED = "19", "7", "N"

Kept = dict[str, dict[str, Column]]  # columns by segment


class Tally(NamedTuple):
    """Months with incidents (agency * MONTHS + month), and cells with how often they were met.

    A cell is ((agency * MONTHS + month) * 2 + counted) * kinds + kind. `once` is by the hierarchy
    rule, `every` without.
    """

    months: Ints
    cells: Ints
    once: Ints
    every: Ints


def tally(kept: Kept, before: int, begun: int) -> Tally:
    """Count the incidents numbered `before` + 1 to `before` + `begun`, and what belongs to them."""
    nothing = np.empty(0, np.int64)
    if "01" not in kept:
        return Tally(nothing, nothing, nothing, nothing)
    return _Incidents(kept, before, begun).tally()


def joined(tallies: list[Tally], numbers: Ints | None = None) -> Tally:
    """One tally of several. `numbers` are new numbers of the agencies; some may be the same."""
    months = np.concatenate([t.months for t in tallies])
    met = np.concatenate([t.cells for t in tallies])
    if numbers is not None:
        months = _renumbered(months, numbers, MONTHS)
        met = _renumbered(met, numbers, MONTHS * 2 * len(kinds()))
    cells, which = np.unique(met, return_inverse=True)
    once, every = (
        np.bincount(which, np.concatenate(counts), len(cells)).astype(np.int64)
        for counts in ([t.once for t in tallies], [t.every for t in tallies])
    )
    return Tally(np.unique(months), cells, once, every)


def _renumbered(values: Ints, numbers: Ints, size: int) -> Ints:
    found: Ints = numbers[values // size] * size + values % size
    return found


class _Incidents:
    """Incidents from 0 to `size`, with what belongs to them in the order of the incidents."""

    def __init__(self, kept: Kept, before: int, size: int) -> None:
        self.kept, self.size = kept, size
        self.incident = {p: held(c["incident"], np.int64) - (before + 1) for p, c in kept.items()}
        self.mixes = self._mixes()
        self.harmed = self._harmed()

    def tally(self) -> Tally:
        own = self.incident["01"]
        columns = self.kept["01"]
        agency = held(columns["ori"], np.int32).astype(np.int64) * MONTHS
        years = held(columns["counted_year"], np.int16).astype(np.int64)
        months = agency + years * 12 + held(columns["counted_month"], np.int8) - 1
        cleared = self._cleared()
        has = np.flatnonzero(self.mixes[own])
        ended = has[cleared[own[has]] != NEVER]
        when = agency[ended] + _month_of_day().take(cleared[own[ended]] - _first_day())
        who = np.concatenate((own[has], own[ended]))
        keys = np.concatenate((months[has] * 2 + OFFENSES, when * 2 + CLEARANCES))
        return Tally(np.unique(months), *self._cells(who, keys))

    def _cells(self, who: Ints, keys: Ints) -> tuple[Ints, Ints, Ints]:
        keys, group = np.unique(keys, return_inverse=True)
        mixes = self.mixes[who]
        shape = len(keys), len(kinds())
        once, every = np.zeros(shape, np.int32), np.zeros(shape, np.int32)
        more_serious = 0
        for place, kind in enumerate(kinds()):
            has = np.flatnonzero(mixes & kind.bit)
            units = self._units(kind)[who[has]]
            every[:, place] = np.bincount(group[has], units, len(keys))
            if kind.rank is not None:
                units = units * (mixes[has] & more_serious == 0)
                more_serious |= kind.bit
            once[:, place] = np.bincount(group[has], units, len(keys))
        row, place_ = np.nonzero(every)
        return keys[row] * shape[1] + place_, once[row, place_], every[row, place_]

    def _units(self, kind: Kind) -> Ints:
        """How often each incident counts where it has this offense."""
        found = np.ones(self.size, np.int64)
        if kind.counts == "victims" and "04" in self.kept:
            with_it = self.incident["04"][self.harmed & kind.bit != 0]
            found = np.bincount(with_it, minlength=self.size)
        elif kind.counts == "premises" and "02" in self.kept:
            found = self._premises(kind)
        elif kind.counts == "vehicles" and "03" in self.kept:
            found = self._vehicles()
        return np.maximum(found, 1)

    def _mixes(self) -> Ints:
        """The offenses of each incident, as bits."""
        if "02" not in self.kept:
            return np.zeros(self.size, np.int32)
        bits = _bits().take(held(self.kept["02"]["offense_code"], np.uint16))
        return self._each("02", np.bitwise_or, bits)

    def _harmed(self) -> Ints:
        """The offenses each victim is connected to, as bits."""
        if "04" not in self.kept:
            return np.empty(0, np.int32)
        lists = self.kept["04"]["offense_codes"].values
        offsets = np.frombuffer(lists.buffers()[1], np.int32, len(lists) + 1)
        bits = _bits().take(np.frombuffer(lists.values.buffers()[1], np.uint16, len(lists.values)))
        found = np.zeros(len(lists), np.int32)
        some = np.flatnonzero(offsets[1:] > offsets[:-1])
        if len(some):
            found[some] = np.bitwise_or.reduceat(bits, offsets[some])
        return found

    def _premises(self, kind: Kind) -> Ints:
        columns = self.kept["02"]
        here = _bits().take(held(columns["offense_code"], np.uint16)) == kind.bit
        here &= held(columns["location"], np.uint16) == _number(columns["location"], RENTAL_STORAGE)
        return self._each("02", np.maximum, held(columns["premises_entered"], np.int16) * here)

    def _vehicles(self) -> Ints:
        columns = self.kept["03"]
        vehicles = held(columns["stolen_vehicles"], np.int16).astype(np.int64)
        taken = held(columns["loss_type"], np.uint16) == _number(columns["loss_type"], STOLEN)
        return self._each("03", np.add, np.maximum(vehicles, 0) * taken)

    def _cleared(self) -> Ints:
        """The day each incident was cleared by its first arrest or by exception, or NEVER."""
        days = np.full(self.size, NEVER, np.int32)
        if "06" in self.kept:
            arrests = held(self.kept["06"]["arrest_date"], np.int32)
            days = self._each("06", np.minimum, arrests, otherwise=NEVER)
        columns = self.kept["01"]
        how = held(columns["cleared_exceptionally"], np.uint16)
        excepted = held(columns["exceptional_clearance_date"], np.int32)
        by_exception = (how != NO_CODE) & (excepted != NO_DAY)
        by_exception &= how != _number(columns["cleared_exceptionally"], NOT_CLEARED)
        own = self.incident["01"][by_exception]
        days[own] = np.minimum(days[own], excepted[by_exception])
        return days

    def _each(self, prefix: str, what: np.ufunc, values: Ints, otherwise: int = 0) -> Ints:
        """Values of a segment's records taken together for each incident."""
        incident = self.incident[prefix]
        is_first = np.ones(len(incident), bool)
        is_first[1:] = incident[1:] != incident[:-1]
        firsts = np.flatnonzero(is_first)
        made = np.full(self.size, otherwise, values.dtype)
        if len(firsts):
            made[incident[firsts]] = what.reduceat(values, firsts)
        return made


def held(column: Column, kind: Any) -> Ints:
    """The numbers a column holds; where it is blank, NO_CODE, NO_DAY or -1."""
    return np.frombuffer(column.values.buffers()[1], kind, len(column.values))


def _number(column: Column, name: str) -> int:
    """The number that stands for a code; of one that is not there, one that none has."""
    names = column.codes.names if column.codes else []
    return names.index(name) if name in names else NO_CODE - 1


@cache
def _bits() -> Ints:
    """By the number of an offense code: the bit of the offense it is; 0 for any other."""
    bits = np.zeros(NO_CODE + 1, np.int32)
    numbers = {code: number for number, code in enumerate(layout().offenses)}
    for kind in kinds():
        bits[[numbers[code] for code in kind.codes]] = kind.bit
    return bits


def _first_day() -> int:
    return calendar()[3] - EPOCH


@cache
def _month_of_day() -> Ints:
    """The month of each day from the first day on."""
    _, years, months, _ = calendar()
    found: Ints = years.astype(np.int64) * 12 + months - 1
    return found
