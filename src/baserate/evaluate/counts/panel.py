"""Counts of units over periods, with exposure and treatment, as designs for counts take them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from baserate.errors import BadPanel
from baserate.evaluate.counts.fit import informative
from baserate.evaluate.differences.twoway import few_treated_note
from baserate.evaluate.inference import shapes
from baserate.evaluate.inference.shapes import Flags, Floats, Ints


@dataclass(frozen=True, slots=True)
class CountPanel:
    """Counts as these designs take them, checked once."""

    outcome: Floats
    treatment: Floats
    covariates: Floats
    offset: Floats
    seen: Flags
    groups: Ints
    clusters: Ints
    dropped_units: tuple[int, ...]

    @property
    def treated_clusters(self) -> int:
        """How many clusters hold a treated unit."""
        on = ((self.treatment != 0) & self.seen).any(axis=1)
        return int(np.unique(self.clusters[on]).size)

    @property
    def notes(self) -> tuple[str, ...]:
        """What was left out, and whether few are treated."""
        few = few_treated_note(self.treated_clusters)
        if not self.dropped_units:
            return few
        return (f"{len(self.dropped_units)} units without any event are left out", *few)


def count_panel(
    outcome: ArrayLike,
    treatment: ArrayLike,
    *,
    exposure: ArrayLike | None = None,
    groups: ArrayLike | None = None,
    covariates: ArrayLike | None = None,
    observed: ArrayLike | None = None,
    clusters: ArrayLike | None = None,
) -> CountPanel:
    """Arrays of a design for counts, or BadPanel with what is wrong with them."""
    made = shapes.counts(outcome, observed)
    path = shapes.like(treatment, made, "treatment")
    people = (
        np.ones(made.shape) if exposure is None else shapes.positive(exposure, made, "exposure")
    )
    by = np.zeros(len(made), np.int64) if groups is None else None
    group = shapes.labels(groups, len(made), "groups") if by is None else by
    given = shapes.seen_cells(observed, made)
    seen = informative(made, given, group)
    if not np.ptp(path[seen]):
        raise BadPanel(
            f"the treatment is {path[seen][0]:g} in every cell with a unit that has events; some "
            "must be treated and some not"
        )
    gone = given.any(axis=1) & ~seen.any(axis=1)
    return CountPanel(
        outcome=made,
        treatment=path,
        covariates=shapes.stacked(covariates, made),
        offset=np.log(people),
        seen=seen,
        groups=group,
        clusters=shapes.labels(clusters, len(made), "clusters"),
        dropped_units=tuple(np.flatnonzero(gone).tolist()),
    )
