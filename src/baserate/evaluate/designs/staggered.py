"""Staggered adoption, and the event study with honest bands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from baserate.evaluate.designs.asking import (
    ENOUGH,
    first_start,
    in_percent,
    is_ranked,
    limits_in_percent,
    mde_in_percent,
    numbered,
    percent_of,
    treatment,
    unit_of,
)
from baserate.evaluate.designs.estimate import Check, Estimate, Events, Unfit
from baserate.evaluate.differences.twoway import FEW_TREATED
from baserate.evaluate.inference.placebo_groups import critical_size, usual_size
from baserate.evaluate.inference.unit_noise import noise_of_groups, unit_noise, without_own
from baserate.evaluate.panel import Panel
from baserate.evaluate.staggered.callaway_santanna import (
    StaggeredDid,
    callaway_santanna,
    randomize_cohorts,
)
from baserate.evaluate.staggered.event_study import (
    REFERENCE,
    EventStudy,
    staggered_event_study,
)
from baserate.evaluate.staggered.group_time import BESIDE, att_gt
from baserate.evaluate.staggered.honest import HonestBands, honest_bands
from baserate.evaluate.staggered.pretrends import pretrend_test
from baserate.evaluate.study import Study
from baserate.terms.quantities import Interval

STAGGERED = ("staggered adoption", "Callaway and Sant'Anna 2021")
EVENTS = ("event study, honest bands", "Rambachan and Roth 2023")
M_BARS = (0.0, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0)
WORST = 1.0  # times the largest drift before, in the interval of the table
FEWEST_BEFORE = 2
MOST_DRAWS = 499  # of them
RANKED = "as far as the same starts given to other units reach, in the noise of units before"
FEW_CLUSTERS = (
    f"fewer than {FEW_TREATED} treated clusters have no error that could be trusted, so neither a "
    "p nor an interval"
)
RULE = "its interval allows trends to go on drifting apart as far as they ever did before"


def staggered_adoption(panel: Panel, study: Study) -> Estimate:
    """Callaway and Sant'Anna, their one number: by cohort, then over cohorts."""
    found = callaway_santanna(
        panel.comparable, panel.cohort, clusters=numbered(panel.cluster), draws=study.draws,
        seed=study.seed,
    )  # fmt: skip
    few = int(panel.treated.sum()) < ENOUGH and len(set(panel.cluster)) == len(panel.units)
    if few and is_ranked(panel):
        found = _ranked(found, panel, study)
    clusters = {c for c, t in zip(panel.cluster, panel.treated, strict=True) if t}
    if not few and len(clusters) < FEW_TREATED:
        return Estimate(*STAGGERED, found.effect, None, found.percent, notes=(FEW_CLUSTERS,))
    return Estimate(
        *STAGGERED, found.effect, found.interval, found.percent, in_percent(found),
        p_value=found.p_value, p_rule=found.p_rule,
        mde=found.mde if np.isfinite(found.mde) else None,
        mde_percent=mde_in_percent(found), notes=found.notes,
    )  # fmt: skip


def _ranked(found: StaggeredDid, panel: Panel, study: Study) -> StaggeredDid:
    """With what the same starts come to among other units, not Student's t.

    A cohort of a few units has hardly a variance of its own.
    """
    noise = unit_noise(panel.comparable, first_start(panel))
    made = randomize_cohorts(
        panel.comparable, panel.cohort, draws=min(study.draws, MOST_DRAWS), seed=study.seed,
        noise=noise,
    )  # fmt: skip
    others = made.placebo_effects
    if made.is_complete:
        others = without_own(others, made.effect)
    error = float(noise_of_groups(noise, panel.treated[None])[0])
    reach = critical_size(others) * error
    limits = Interval(found.effect - reach, found.effect + reach, RANKED)
    return replace(
        found,
        interval=limits,
        p_value=made.p_value,
        p_rule=made.p_rule,
        mde=reach + usual_size(others) * error,
        notes=(*(note for note in found.notes if not note.endswith(BESIDE)), *made.notes),
    )


def event_study(panel: Panel, study: Study) -> Estimate:
    """Effects by periods since the start, with the interval that trends as unlike as before leave.

    No p: whether zero is inside depends on how far trends may have drifted apart, and the checks
    say from where on.
    """
    made = staggered_event_study(
        att_gt(panel.comparable, panel.cohort, base="universal", clusters=numbered(panel.cluster)),
        draws=study.draws,
        seed=study.seed,
    )
    before = made.event_time < 0
    if before.sum() < FEWEST_BEFORE:
        raise Unfit(f"{before.sum()} effects before the start; drifts need {FEWEST_BEFORE}")
    nearest = _consecutive(made)
    bands = honest_bands(nearest, m_bars=M_BARS, seed=study.seed)
    worst = next(b.interval for b in bands.bands if b.m_bar == WORST)
    seen = float(panel.comparable[treatment(panel) > 0].mean())
    return Estimate(
        *EVENTS, bands.effect, worst, percent_of(bands.effect, seen),
        limits_in_percent(worst, seen),
        notes=(RULE, *(note.removesuffix(f"; {BESIDE}") for note in made.notes)),
        events=Events(nearest, bands, unit_of(panel)),
        checks=tuple(_checks(nearest, bands)),
    )  # fmt: skip


def _consecutive(made: EventStudy) -> EventStudy:
    """Without event times that stand apart from the others, as honest bands need them."""
    times = set(made.event_time.tolist()) | {REFERENCE}
    first, last = REFERENCE, REFERENCE
    while first - 1 in times:
        first -= 1
    while last + 1 in times:
        last += 1
    keep = (made.event_time >= first) & (made.event_time <= last)
    return made if keep.all() else made.only(keep)


def _checks(made: EventStudy, bands: HonestBands) -> Iterator[Check]:
    low, high = bands.original.lower, bands.original.upper
    yield Check("trends parallel", f"{bands.effect:+,.2f}, {low:+,.2f} to {high:+,.2f}")
    if bands.breakdown is None:
        said = "zero is inside even if trends after were parallel"
    else:
        said = (
            f"zero is outside while trends drift apart by no more than {bands.breakdown:g} times "
            f"the largest drift before, {bands.worst_drift:,.2f} a period"
        )
    yield Check("trends not parallel", said)
    test = pretrend_test(made, threshold=abs(bands.effect) or None)
    yield Check(
        "before the start",
        f"effects before are zero: p {test.p_value:.3f}; the largest is {test.largest:,.2f}, and "
        f"up to {test.largest_not_excluded:,.2f} is not excluded"
        + (
            f"; smaller than the effect itself: p {test.equivalence_p:.3f}"
            if test.equivalence_p is not None
            else ""
        ),
    )
