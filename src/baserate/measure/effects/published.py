"""The cells that a study published: changes of groups of units, and what pairs of them compare.

A cell is a group's mean change in percent. Two cells compare a program only if they differ in
nothing else that the study says: a treated group in districts of one kind and an untreated group
in districts of another differ by both, and the difference belongs to neither.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from baserate.measure.effects.cells import largest_spread_told


@dataclass(frozen=True, slots=True)
class Cell:
    """One group: its mean change in percent. `level` is of the second factor, if it names one."""

    name: str
    treated: bool
    percent: float
    units: int | None = None
    level: str | None = None


@dataclass(frozen=True, slots=True)
class Extreme:
    """The largest or smallest change that was quoted, and what it is of."""

    percent: float
    of: str
    source: str


@dataclass(frozen=True, slots=True)
class Contrast:
    """A treated cell against an untreated one; the difference in percentage points."""

    treated: Cell
    other: Cell

    @property
    def points(self) -> float:
        """The treated cell's change less the other's."""
        return round(self.treated.percent - self.other.percent, 9)

    @property
    def is_clean(self) -> bool:
        """Whether the two differ in treatment alone, as far as the study says."""
        return self.treated.level == self.other.level

    @property
    def largest_spread_told(self) -> float | None:
        """How little units may scatter for it to be told from chance; None without numbers."""
        if not (self.treated.units and self.other.units):
            return None
        return largest_spread_told(self.points, self.treated.units, self.other.units)


@dataclass(frozen=True, slots=True)
class PublishedCells:
    """All cells of a study. `factor` is what a cell's `level` is of; '' where there is none.

    `spread` is the standard deviation of the units' changes in points, where it was published.
    """

    cells: tuple[Cell, ...]
    factor: str = ""
    extremes: tuple[Extreme, ...] = ()
    spread: float | None = None

    @property
    def contrasts(self) -> tuple[Contrast, ...]:
        """Pairs of a treated and another cell that are both whole, or both of a named level."""
        treated = [c for c in self.cells if c.treated]
        others = [c for c in self.cells if not c.treated]
        return tuple(
            Contrast(t, o)
            for t, o in product(treated, others)
            if (t.level is None) == (o.level is None)
        )

    def printed_as(self, percent: float, room: float = 0.5) -> Cell | Extreme | None:
        """The treated cell or the extreme that a percent was printed of, rounded; None if none.

        >>> cells = PublishedCells((Cell("targets", True, -4.1), Cell("others", False, -0.9)))
        >>> cells.printed_as(-4.0).name
        'targets'
        """
        quoted: list[Cell | Extreme] = [*(c for c in self.cells if c.treated), *self.extremes]
        near = [c for c in quoted if abs(c.percent - percent) <= room]
        return min(near, key=lambda c: abs(c.percent - percent), default=None)

    @property
    def main(self) -> Contrast:
        """The whole treated group against the whole other one, or the first clean pair."""
        clean = [c for c in self.contrasts if c.is_clean]
        return min(clean, key=lambda c: c.treated.level is not None)

    @property
    def mixed(self) -> tuple[Contrast, ...]:
        """Pairs that differ in two things at once."""
        return tuple(c for c in self.contrasts if not c.is_clean)

    @property
    def missing(self) -> tuple[tuple[bool, str], ...]:
        """Combinations of treated and level that no cell has."""
        return tuple(self._missing())

    def _missing(self) -> Iterator[tuple[bool, str]]:
        levels = list(dict.fromkeys(c.level for c in self.cells if c.level is not None))
        have = {(c.treated, c.level) for c in self.cells}
        for treated, level in product((True, False), levels):
            if (treated, level) not in have:
                yield treated, level
