"""The panel: one number for every unit and period, with who was treated from when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from baserate.errors import near_names
from baserate.evaluate.study import Measure

Floats = NDArray[np.float64]
SHOWN = 5  # names that an error lists
NEVER = -1  # in `cohort`: not treated inside the window


@dataclass(frozen=True, slots=True)
class Panel:
    """Units by periods, in order of time.

    outcome     shape (units, periods): counts, rates per 100,000 or means, as `measure` says
    exposure    the same shape: people, or None where a cell is no rate of anything
    cohort      (units,): index of the first treated period, NEVER for the others
    dose        (units,): how strongly treated, 0 for the others
    first       index of the first period after the pre-period
    intensity   (units, periods): how strongly treated in each period, where that changes from
                period to period; None where a unit's dose holds from its start on
    weights     (units, periods): what two-way effects weigh cells by, or None
    groups      (units,): groups with effects of their own in every period; empty for none
    cluster     (units,): what units are clustered by; the unit itself unless the study says
    counted_by  for each unit and period how its cell was counted; empty where nothing says
    notes       what is known of cells that a reader must hear: coverage, definitions, sources
    further     other outcomes that the study names, each of the outcome's shape
    fixed       (units,): columns that are the same in every period, such as an area
    apart       the units where crime may have moved and their controls, or None
    """

    units: tuple[str, ...]
    periods: tuple[int, ...]
    outcome: Floats
    measure: Measure
    exposure: Floats | None
    cohort: NDArray[np.int64]
    dose: Floats
    first: int
    cluster: tuple[str, ...]
    covariates: Mapping[str, Floats] = field(default_factory=dict)
    counted_by: tuple[tuple[str, ...], ...] = ()
    notes: tuple[str, ...] = ()
    source: str = ""
    further: Mapping[str, Floats] = field(default_factory=dict)
    fixed: Mapping[str, Floats] = field(default_factory=dict)
    apart: Panel | None = None
    intensity: Floats | None = None
    weights: Floats | None = None
    groups: tuple[str, ...] = ()

    @property
    def treated(self) -> NDArray[np.bool_]:
        """Which units are treated inside the window."""
        return np.asarray(self.cohort != NEVER)

    @property
    def counts(self) -> Floats | None:
        """The outcome as counts, where it is one or the exposure turns a rate into one."""
        if self.measure == "count":
            return self.outcome
        if self.measure == "rate" and self.exposure is not None:
            return np.round(self.outcome * self.exposure / 1e5)
        return None

    @property
    def comparable(self) -> Floats:
        """What units of unequal size are compared by: the rate per 100,000 where there is one."""
        if self.measure == "count" and self.exposure is not None:
            return np.asarray(1e5 * self.outcome / self.exposure)
        return self.outcome

    def without(self, units: Sequence[str]) -> Panel:
        """The panel with some units left out."""
        left_out = set(units)
        return self._rows(np.array([u not in left_out for u in self.units]))

    def of(self, outcome: Floats) -> Panel:
        """The same panel with another outcome in place of its own."""
        return replace(self, outcome=outcome)

    def _rows(self, keep: NDArray[np.bool_]) -> Panel:
        return replace(
            self,
            units=tuple(u for u, k in zip(self.units, keep, strict=True) if k),
            outcome=self.outcome[keep],
            exposure=None if self.exposure is None else self.exposure[keep],
            cohort=self.cohort[keep],
            dose=self.dose[keep],
            cluster=tuple(c for c, k in zip(self.cluster, keep, strict=True) if k),
            covariates={name: values[keep] for name, values in self.covariates.items()},
            counted_by=tuple(c for c, k in zip(self.counted_by, keep, strict=False) if k),
            further={name: values[keep] for name, values in self.further.items()},
            fixed={name: values[keep] for name, values in self.fixed.items()},
            intensity=None if self.intensity is None else self.intensity[keep],
            weights=None if self.weights is None else self.weights[keep],
            groups=tuple(g for g, k in zip(self.groups, keep, strict=False) if k),
        )

    def _parted(self, apart: Sequence[str]) -> Panel:
        """The panel without the units that stand apart, which it carries beside it."""
        beside = np.array([u in set(apart) for u in self.units])
        return replace(self._rows(~beside), apart=self._rows(beside)) if beside.any() else self


def unknown_unit(unit: str, known: Sequence[str]) -> str:
    """What to say of a unit that the data do not have."""
    near = near_names(unit, known)
    hint = f"did you mean {' or '.join(near)}?" if near else f"it has {shown(sorted(known))}"
    return f"the data have no unit called {unit!r}; {hint}"


def shown(names: Sequence[str]) -> str:
    """The first names of a list, and how many more there are."""
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(map(str, names[:SHOWN])) + more
