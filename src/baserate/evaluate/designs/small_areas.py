"""Many small areas, weighted until they add up to the treated ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from baserate.evaluate.designs.asking import a_cell, common_start, counts_of, scaled
from baserate.evaluate.designs.estimate import Check, Estimate, OutcomeTotals, Path, Unfit
from baserate.evaluate.panel import Floats, Panel
from baserate.evaluate.small_areas.effect import MicrosynthEffect
from baserate.evaluate.small_areas.microsynth import Microsynth, microsynth
from baserate.evaluate.small_areas.totals import Alternative
from baserate.evaluate.study import Direction, SmallAreas, Study

SMALL_AREAS = ("small areas, weighted", "Robbins, Saunders and Kilmer 2017")

# With fewer it is run only where the study asks for it, by its name or a table [small_areas]: a
# jackknife needs five treated areas, and a few dozen controls seldom add up to anything exactly.
FEWEST_TREATED, FEWEST_UNTREATED = 5, 200

SIDES: dict[Direction, Alternative] = {
    "lower": "lower", "higher": "upper", "either": "two-sided",
}  # fmt: skip
EXPECTED: dict[Alternative, str] = {
    "lower": "one-sided, of a fall, as the plan expected",
    "upper": "one-sided, of a rise, as the plan expected",
    "two-sided": "two-sided",
}


def small_areas(panel: Panel, study: Study) -> Estimate:
    """All outcomes of the study together: balanced, evaluated and tested by the same weights.

    The p is of the side that the plan expected; the two-sided one stands beside it.
    """
    first = common_start(panel)
    outcomes = _judged(panel, study)
    _refuse(panel, study, first)
    asked = study.small_areas or SmallAreas()
    fixed = [panel.fixed[name] for name in asked.covariates]
    both = microsynth(
        np.stack(list(outcomes.values())), panel.treated, first, seed=study.seed,
        alternative="two-sided", covariates=np.column_stack(fixed) if fixed else None,
        match_sums=[dict(asked.match_sums).get(name, 1) for name in outcomes],
        placebos=study.draws, outcome_names=tuple(outcomes), covariate_names=asked.covariates,
        periods=panel.periods,
    )  # fmt: skip
    return _row(panel, both, both.on_side(SIDES[study.hypothesis.direction]))


def without_permutations(panel: Panel, study: Study) -> Estimate:
    """The same in a second or two: the p is a normal test by residuals from what was balanced."""
    return small_areas(panel, replace(study, draws=0))


def _judged(panel: Panel, study: Study) -> dict[str, Floats]:
    """Counts of the study's outcome, and then of every further one."""
    further = {name: counts_of(panel.of(panel.further[name])) for name in study.panel.also}
    return {study.panel.offense or study.panel.outcome: counts_of(panel), **further}


def _refuse(panel: Panel, study: Study, first: int) -> None:
    """What weights cannot be asked of: too few areas, areas treated in part, nothing before."""
    treated, others = int(panel.treated.sum()), int((~panel.treated).sum())
    is_asked = study.small_areas is not None or SMALL_AREAS[0] in study.designs
    if not is_asked and (treated < FEWEST_TREATED or others < FEWEST_UNTREATED):
        raise Unfit(
            f"{treated} treated and {others} other units; it is for {FEWEST_TREATED} and "
            f"{FEWEST_UNTREATED} or more, unless a table [small_areas] asks for it"
        )
    partly = np.flatnonzero(panel.treated & (panel.dose != 1))
    if partly.size:
        unit, dose = panel.units[partly[0]], panel.dose[partly[0]]
        raise Unfit(f"{unit} is treated by {dose:g}; weights know only treated and untreated units")
    if not counts_of(panel)[panel.treated, :first].any():
        raise Unfit("the treated units had none before the start, so there is nothing to balance")


def _row(panel: Panel, both: Microsynth, sided: Microsynth) -> Estimate:
    own, cell = sided.effects[0], a_cell(panel, 1.0)
    side = sided.reading.alternative
    two = both.effects[0].p_value
    beside = "" if side == "two-sided" else f"; two-sided {two:.3f}, by which an effect is told"
    return Estimate(
        *SMALL_AREAS, cell * own.effect, scaled(own.interval, cell), own.percent, _limits(own),
        own.effect, own.p_value, f"{EXPECTED[side]}: {own.p_rule}{beside}", cell * own.mde,
        100 * own.mde / own.control_total if own.control_total else None,
        notes=(f"interval by {own.interval.method}", *both.notes),
        path=Path(
            both.treated_path[0], both.control_path[0], "offenses",
            placebo_gaps=both.placebo_gaps[:, 0] if len(both.placebo_gaps) else None,
        ),
        checks=(*_checks(both), *_tests(sided)),
        outcomes=tuple(map(_totals, sided.effects)),
        p_two_sided=two,
    )  # fmt: skip


def _limits(found: MicrosynthEffect) -> tuple[float, float] | None:
    limits = found.percent_interval
    return None if limits is None else (limits.lower, limits.upper)


def _totals(found: MicrosynthEffect) -> OutcomeTotals:
    return OutcomeTotals(
        found.name, found.treated_total, found.control_total, found.interval, found.percent,
        _limits(found), found.p_value,
    )  # fmt: skip


def _checks(found: Microsynth) -> Iterator[Check]:
    away = max(found.balance, key=lambda b: abs(b.treated - b.weighted_controls))
    pool = found.weights.size - round(found.balance[0].treated)  # the first column counts areas
    yield Check(
        "balance",
        f"all {len(found.balance)} columns are as in the treated units; the largest difference is "
        f"{abs(away.treated - away.weighted_controls):.1g} of {away.treated:,.0f} ({away.column})",
    )
    yield Check(
        "controls",
        f"{found.controls_used:,} of {pool:,} have a weight, worth "
        f"{found.effective_controls:,.0f} of equal weight",
    )


def _tests(found: Microsynth) -> Iterator[Check]:
    """Every p that goes with this design, of each outcome and of all together."""
    for each in found.effects:
        said = {
            "by permutation": each.permutation_p,
            "by jackknife": each.jackknife.p_value if each.jackknife else None,
            "linearized, as published": each.linearized.p_value,
        }
        text = ", ".join(f"{p:.3f} {rule}" for rule, p in said.items() if p is not None)
        yield Check(
            f"p of {each.name}",
            f"{text} ({each.treated_total:,.0f} against {each.control_total:,.1f})",
        )
    if len(found.effects) > 1 and found.omnibus_p is not None:
        yield Check("p of all outcomes together", f"{found.omnibus_p:.3f} by permutation")
