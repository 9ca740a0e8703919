"""The designs, in the order of the table."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from baserate.errors import BadPanel
from baserate.evaluate.designs import (
    counts,
    differences,
    displacement,
    series,
    small_areas,
    staggered,
    synthetic,
)
from baserate.evaluate.designs.asking import in_logs
from baserate.evaluate.designs.estimate import Estimate, Unfit
from baserate.evaluate.panel import Panel
from baserate.evaluate.study import Study

Design = Callable[[Panel, Study], Estimate]

DESIGNS: tuple[tuple[str, str, Design], ...] = (
    (*differences.DID, differences.did),
    (*differences.TWO_WAY, differences.two_way_effects),
    (*staggered.STAGGERED, staggered.staggered_adoption),
    (*staggered.EVENTS, staggered.event_study),
    (*counts.COUNTS, counts.counts_two_way),
    (*synthetic.SYNTHETIC, synthetic.outcome_only),
    (*synthetic.PREDICTORS, synthetic.with_predictors),
    (*synthetic.AUGMENTED, synthetic.ridge_augmented),
    (*synthetic.SDID, synthetic.sdid),
    (*small_areas.SMALL_AREAS, small_areas.small_areas),
    (*displacement.DISPLACEMENT, displacement.displacement),
    (*series.INTERRUPTED, series.interrupted),
)

# Those that are run on outcomes which the program could not have moved: seconds each, even with
# thousands of units.
QUICK: tuple[tuple[str, str, Design], ...] = (
    (*differences.DID, differences.did),
    (*differences.TWO_WAY, differences.two_way_effects),
    (*staggered.STAGGERED, staggered.staggered_adoption),
    (*small_areas.SMALL_AREAS, small_areas.without_permutations),
)


BEYOND = "these numbers are too alike, or too far apart, to be worked with"

# Rows whose effect is of full treatment where units were treated in part.
FULL = frozenset({differences.TWO_WAY[0], counts.COUNTS[0]})


def estimates(
    panel: Panel, study: Study, advance: Callable[[int, int, str], None]
) -> Iterator[Estimate]:
    """Every design in the order of the table. `advance` is told before each."""
    chosen = [d for d in DESIGNS if not study.designs or d[0] in study.designs]
    for done, (name, paper, design) in enumerate(chosen):
        advance(done, len(chosen), name)
        yield _row(name, paper, design, panel, study)


def quick_estimates(panel: Panel, study: Study) -> Iterator[Estimate]:
    """The designs that take seconds, whatever the study chose."""
    for name, paper, design in QUICK:
        yield _row(name, paper, design, panel, study)


def _row(name: str, paper: str, design: Design, panel: Panel, study: Study) -> Estimate:
    try:
        with np.errstate(all="ignore"):  # what is no finite number is told from the result
            made = design(panel, study)
        made = in_logs(made) if panel.measure == "log" else made
        return replace(made, notes=(*made.notes, *_dose_note(panel, name)))
    except (Unfit, BadPanel) as error:
        return Estimate(name, paper, why_not=str(error))
    except (ArithmeticError, np.linalg.LinAlgError):
        return Estimate(name, paper, why_not=BEYOND)


def _dose_note(panel: Panel, name: str) -> tuple[str, ...]:
    """What a row's effect is of where units were treated in part."""
    if (panel.dose[panel.treated] >= 1).all():
        return ()
    if name in FULL:
        return ("the effect is of full treatment, carried on from the parts that were received",)
    return ("the effect is of the treatment as received, in part; full treatment would do more",)


def unknown_designs(names: Sequence[str]) -> list[str]:
    """Names that no design here has."""
    known = {name for name, _, _ in DESIGNS}
    return [name for name in names if name not in known]
