"""Event studies, tests of what came before, and honest bands."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.made.panels import city_years

from baserate.errors import BadPanel
from baserate.evaluate.staggered.event_study import (
    EventStudy,
    staggered_event_study,
    two_way_event_study,
)
from baserate.evaluate.staggered.group_time import att_gt
from baserate.evaluate.staggered.honest import honest_bands
from baserate.evaluate.staggered.pretrends import pretrend_test

COHORT = np.repeat([-1, 5], 20)
SINCE = np.arange(9) - 5


def some(effect: float = 0.0, drift: float = 0.0, seed: int = 1, noise: float = 0.1) -> Any:
    """40 units, half treated from period 5 on, with a trend of their own if `drift`."""
    rng = np.random.default_rng(seed)
    treated = (COHORT == 5)[:, None]
    path = treated * (drift * SINCE + effect * (SINCE >= 0))
    return 5 + path + noise * rng.normal(size=(40, 9))


def test_both_designs_give_the_changes_since_the_period_before_treatment():
    outcome = some(effect=-1)
    change = outcome - outcome[:, [4]]
    by_hand = change[20:].mean(axis=0) - change[:20].mean(axis=0)
    wanted = np.delete(by_hand, 4)
    two_way = two_way_event_study(outcome, COHORT)
    staggered = staggered_event_study(att_gt(outcome, COHORT, base="universal"), seed=1, draws=100)
    for made in (two_way, staggered):
        assert made.event_time.tolist() == [-5, -4, -3, -2, 0, 1, 2, 3]
        assert made.effect == pytest.approx(wanted)
        assert made.base == "universal"


def test_effects_growing_at_different_times_come_out_of_the_staggered_study_only():
    cohort = np.repeat([-1, 3, 6], 15)
    since = np.arange(10) - cohort[:, None]
    effect = np.where(
        (cohort[:, None] >= 0) & (since >= 0), -(1.0 + since) * (cohort[:, None] == 3), 0
    )
    outcome = effect + 0.01 * np.random.default_rng(1).normal(size=(45, 10))
    wrong = two_way_event_study(outcome, cohort)
    right = staggered_event_study(att_gt(outcome, cohort, base="universal"), seed=1, draws=100)
    assert np.abs(right.effect[right.is_before]).max() < 0.05
    assert np.abs(wrong.effect[wrong.is_before]).max() > 0.3
    assert "mix effects of other periods" in wrong.notes[-1]


def test_far_periods_are_put_into_the_outermost():
    made = two_way_event_study(some(), COHORT, leads=3, lags=1)
    assert made.event_time.tolist() == [-3, -2, 0, 1]


@given(st.permutations(range(40)))
@settings(max_examples=15)
def test_the_order_of_units_does_not_matter(order: list[int]):
    outcome = some()
    plain, made = (
        two_way_event_study(y, g) for y, g in ((outcome, COHORT), (outcome[order], COHORT[order]))
    )
    assert made.effect == pytest.approx(plain.effect)
    assert made.covariance == pytest.approx(plain.covariance, abs=1e-12)


@pytest.mark.parametrize(
    ("cohort", "said"),
    [
        ([5] * 40, "nothing to compare with"),
        ([4] * 20 + [6] * 20, "give leads and lags"),
        ([0] * 20 + [-1] * 20, "the period before its treatment"),
        ([-1] * 40, "no unit is treated"),
        ([5] + [-1] * 39, "two at every event time"),
    ],
)
def test_a_study_that_leaves_its_path_open_is_refused(cohort: list[int], said: str):
    with pytest.raises(BadPanel, match=said):
        two_way_event_study(some(), cohort)


# --- what came before -------------------------------------------------------------------------


def test_a_trend_before_treatment_is_found():
    assert pretrend_test(two_way_event_study(some(drift=0.1), COHORT)).p_value < 0.001


def test_not_finding_a_trend_is_no_evidence_and_excluding_a_size_is():
    noisy = pretrend_test(two_way_event_study(some(drift=0.1, noise=3.0), COHORT), threshold=0.5)
    assert noisy.equivalence_p is not None
    assert noisy.p_value > 0.05  # the trend is there and was not found,
    assert noisy.equivalence_p > 0.05  # and nothing shows that it is small
    quiet = pretrend_test(two_way_event_study(some(noise=0.1), COHORT), threshold=0.5)
    assert quiet.equivalence_p is not None
    assert quiet.equivalence_p < 0.001


def test_the_size_not_excluded_is_where_equivalence_turns():
    study = two_way_event_study(some(), COHORT)
    edge = pretrend_test(study).largest_not_excluded
    for factor, excluded in ((1.001, True), (0.999, False)):
        p = pretrend_test(study, threshold=factor * edge).equivalence_p
        assert p is not None
        assert (p < 0.05) == excluded


@pytest.mark.parametrize(("treated", "tolerance"), [(20, 0.035), (10, 0.035)])
def test_the_joint_test_holds_its_level(treated: int, tolerance: float):
    rng = np.random.default_rng(treated)
    p = []
    for _ in range(200):
        panel = city_years(rng, treated=treated, periods=8, starts=(4, 5), correlation=0.4)
        study = two_way_event_study(np.log(panel.counts + 0.5), panel.cohort)
        p.append(pretrend_test(study).p_value)
    assert np.mean(np.array(p) < 0.05) == pytest.approx(0.04, abs=tolerance)


@pytest.mark.parametrize("design", ["two-way", "staggered"])
def test_the_test_never_rejects_too_often_with_few_treated_cities(design: str):
    rng = np.random.default_rng(3)
    p = []
    for _ in range(120):
        panel = city_years(rng, treated=4, periods=9, starts=(5, 7), correlation=0.4)
        outcome = np.log(panel.counts + 0.5)
        if design == "two-way":
            study = two_way_event_study(outcome, panel.cohort, leads=4, lags=2)
        else:
            made = att_gt(outcome, panel.cohort, base="universal")
            study = staggered_event_study(made, seed=1, draws=100)
        p.append(pretrend_test(study).p_value)
    assert np.mean(np.array(p) < 0.05) <= 0.08


def test_with_few_treated_clusters_the_rule_is_bonferronis():
    panel = city_years(np.random.default_rng(1), treated=3, starts=(7, 8))
    made = pretrend_test(two_way_event_study(np.log(panel.counts + 0.5), panel.cohort))
    assert "Bonferroni" in made.p_rule


@pytest.mark.parametrize("threshold", [0.0, -1.0])
def test_a_threshold_is_a_size(threshold: float):
    with pytest.raises(BadPanel, match="above zero"):
        pretrend_test(two_way_event_study(some(), COHORT), threshold=threshold)


# --- honest bands -----------------------------------------------------------------------------


def study_of(effects: list[float], errors: float, before: int) -> EventStudy:
    """An event study with independent effects, straight from its numbers."""
    times = np.array([t for t in range(-before - 1, len(effects) - before) if t != -1])
    values, spread = np.array(effects), np.full(len(effects), errors)
    return EventStudy(
        event_time=times,
        effect=values,
        standard_error=spread,
        covariance=np.diag(spread**2),
        degrees=np.full(times.size, np.inf),
        lower=values - 1.96 * spread,
        upper=values + 1.96 * spread,
        band_lower=None,
        band_upper=None,
        base="universal",
        design="made up",
        notes=(),
    )


def test_without_noise_the_band_is_what_the_worst_drift_can_do():
    # Drifts before: 0.3, -0.2, and 0.1 into the reference period; so 0.3 a period after it.
    study = study_of([-0.2, 0.1, -0.1, 2.0, 2.0], 1e-4, before=3)
    made = honest_bands(study, m_bars=(0.0, 0.5, 1.0), weights=[1, 0], seed=1)
    assert made.worst_drift == pytest.approx(0.3)
    for band in made.bands:
        reach = 0.3 * band.m_bar
        assert band.interval.lower == pytest.approx(2 - reach, abs=2e-3)
        assert band.interval.upper == pytest.approx(2 + reach, abs=2e-3)


def test_drifts_add_up_over_periods_after_treatment():
    study = study_of([-0.2, 0.1, -0.1, 2.0, 2.0], 1e-4, before=3)
    second = honest_bands(study, m_bars=(1.0,), weights=[0, 1], seed=1).bands[0].interval
    mean = honest_bands(study, m_bars=(1.0,), seed=1).bands[0].interval
    assert second.upper == pytest.approx(2 + 2 * 0.3, abs=2e-3)
    assert mean.upper == pytest.approx(2 + 1.5 * 0.3, abs=2e-3)


def test_parallel_trends_after_treatment_give_nearly_the_usual_interval():
    study = study_of([0.1, -0.1, 0.05, 1.0], 0.2, before=3)
    made = honest_bands(study, m_bars=(0.0,), seed=1)
    usual = made.original
    assert made.bands[0].interval.lower == pytest.approx(usual.lower, abs=0.02)
    assert made.bands[0].interval.upper == pytest.approx(usual.upper, abs=0.02)


@given(st.lists(st.floats(-1, 1), min_size=4, max_size=7), st.integers(1, 99))
@settings(max_examples=25)
def test_more_room_for_drifts_never_makes_the_band_narrower(effects: list[float], seed: int):
    study = study_of(effects, 0.2, before=len(effects) - 2)
    bands = honest_bands(study, m_bars=(0.0, 0.5, 1.0, 2.0), seed=seed).bands
    step = max(b.interval.upper - b.interval.lower for b in bands) / 200
    for narrow, wide in pairwise(bands):
        assert wide.interval.lower <= narrow.interval.lower + step
        assert wide.interval.upper >= narrow.interval.upper - step


def test_the_breakdown_is_the_largest_drift_that_leaves_an_effect():
    study = study_of([0.1, 0.05, -3.0], 0.05, before=2)
    made = honest_bands(study, m_bars=(0.0, 1.0, 100.0), seed=1)
    assert made.breakdown == 1.0
    none = honest_bands(study_of([0.1, 0.05, -0.05], 0.05, before=2), seed=1)
    assert none.breakdown is None


def test_bands_hold_the_truth_where_the_worst_drift_goes_on():
    rng = np.random.default_rng(1)
    drifts, m_bar = np.array([0.1, -0.2, 0.4]), 1.0
    before = np.array([0.0, *np.cumsum(drifts)])[:-1] - drifts.sum()
    truth = np.array([*before, 1.0 + m_bar * 0.4])  # an effect of 1, and the drift of 0.4 once more
    held = []
    for _ in range(150):
        drawn = (truth + 0.15 * rng.normal(size=4)).tolist()
        study = study_of(drawn, 0.15, before=3)
        held.append(1.0 in honest_bands(study, m_bars=(m_bar,), seed=1).bands[0].interval)
    assert np.mean(held) >= 0.91


def test_a_trend_before_treatment_takes_the_finding_away():
    outcome = some(effect=0.0, drift=-0.2)
    study = staggered_event_study(att_gt(outcome, COHORT, base="universal"), seed=1, draws=100)
    made = honest_bands(study, m_bars=(0.0, 1.0), seed=1)
    assert made.original.upper < 0
    assert 0.0 not in made.bands[0].interval
    assert 0.0 in made.bands[1].interval


def test_bands_of_few_treated_cities_are_as_wide_as_their_intervals_at_least():
    panel = city_years(np.random.default_rng(1), treated=3, periods=8, starts=(4, 5))
    study = two_way_event_study(np.log(panel.counts + 0.5), panel.cohort)
    made = honest_bands(study, m_bars=(0.0,), weights=[1, 0, 0, 0], seed=1)
    at = int(np.flatnonzero(study.event_time == 0)[0])
    assert made.original.lower <= study.lower[at] + 1e-9
    assert made.bands[0].interval.lower < study.lower[at] + 0.05 * study.standard_error[at]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"m_bars": ()}, "name at least one"),
        ({"m_bars": (-1.0,)}, "zero or more"),
        ({"weights": [1.0]}, "one for each of 4 effects"),
        ({"weights": [0.0] * 4}, "not all zero"),
    ],
)
def test_senseless_questions_are_refused(change: dict[str, Any], said: str):
    study = two_way_event_study(some(), COHORT)
    with pytest.raises(BadPanel, match=said):
        honest_bands(study, **{"seed": 1, **change})


def test_changes_from_period_to_period_are_refused_with_what_to_ask_for():
    study = staggered_event_study(att_gt(some(), COHORT), seed=1, draws=100)
    with pytest.raises(BadPanel, match="base='universal'"):
        honest_bands(study, seed=1)
