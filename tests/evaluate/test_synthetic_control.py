"""Synthetic control on past outcomes: laws, placebos, and what is refused."""

from __future__ import annotations

from functools import cache
from math import inf, isinf
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.made.city_rates import Floats, city_rates, first_of
from tests.made.prop99 import FIRST, by_state, is_california, smoking

from baserate.errors import BadPanel
from baserate.evaluate.synthetic.synthetic_control import SyntheticControl, synthetic_control

seeds = st.integers(0, 10**6)


def fit(outcome: Floats, first: int = 8, *, donor: bool = False, **more: Any) -> SyntheticControl:
    treated = first_of(len(outcome))
    return synthetic_control(outcome, treated, first, treated_is_donor=donor, **more)


def panel(seed: int = 1, *, cities: int = 24, effect: float = 0.0) -> Floats:
    rng = np.random.default_rng(seed)
    return city_rates(rng, cities=cities, periods=12, first=8, effect=effect)


# --- published and known values ---------------------------------------------------------------


STATES = ("Utah", "Montana", "Nevada", "Connecticut", "New Hampshire", "Colorado")


def test_proposition_99_on_past_sales_alone_as_published(shared: Path, expected: dict[str, Any]):
    item = expected["prop99_sc_outcome_only_weights"]
    published = item["expected"]
    states, packs = smoking(shared)
    made = synthetic_control(
        packs, is_california(states), FIRST, treated_is_donor=True, solver="frank-wolfe"
    )
    weight = by_state(states, made.donor_weights)
    for state in STATES:
        assert weight(state) == pytest.approx(published[state], abs=item["tolerance"]), state
    assert made.pre_period_rmspe == pytest.approx(published["pre_rmspe"], abs=1e-3)
    assert made.gaps[-1] == pytest.approx(published["gap_2000"], abs=0.05)
    wanted = expected["prop99"]["expected"]["sc_outcome_only"]
    assert made.effect == pytest.approx(wanted, abs=expected["prop99"]["tolerance"])


def test_the_optimum_fits_the_years_before_closer_than_published_weights(
    shared: Path, expected: dict[str, Any]
):
    published = expected["prop99_sc_outcome_only_weights"]["expected"]
    states, packs = smoking(shared)
    made = synthetic_control(packs, is_california(states), FIRST, treated_is_donor=True)
    assert made.pre_period_rmspe == pytest.approx(1.6564, abs=1e-4)
    assert made.pre_period_rmspe < published["pre_rmspe"]
    weight = by_state(states, made.donor_weights)
    assert [weight(s) for s in STATES] == pytest.approx([published[s] for s in STATES], abs=0.006)
    assert made.effect == pytest.approx(-19.5136, abs=1e-4)  # mlsynth 1.0 gives the same
    assert len(made.placebos.donors) == 38


def test_what_a_weighted_mean_of_donors_would_have_been_is_no_effect():
    outcome = panel()
    outcome[0] = 0.25 * outcome[3] + 0.75 * outcome[7]
    made = fit(outcome)
    assert made.effect == pytest.approx(0, abs=1e-6)
    assert made.donor_weights[[3, 7]] == pytest.approx([0.25, 0.75], abs=1e-8)
    assert made.p_value > 0.5


def test_an_effect_on_such_a_unit_is_found_whole():
    outcome = panel()
    outcome[0] = 0.25 * outcome[3] + 0.75 * outcome[7]
    outcome[0, 8:] += [-10, -20, -30, -40]
    made = fit(outcome)
    assert made.gaps[8:] == pytest.approx([-10, -20, -30, -40], abs=1e-6)
    assert made.effect == pytest.approx(-25, abs=1e-6)
    assert made.percent == pytest.approx(-2500 / made.synthetic[8:].mean(), abs=1e-6)
    assert made.p_value == 1 / 24


def test_of_several_treated_units_the_mean_is_taken_and_the_reader_told():
    outcome = panel()
    treated = np.arange(24) < 3
    made = synthetic_control(outcome, treated, 8, treated_is_donor=False)
    merged = np.vstack([outcome[:3].mean(axis=0), outcome[3:]])
    assert made.effect == pytest.approx(fit(merged).effect, abs=1e-9)
    assert made.donor_weights[:3].tolist() == [0, 0, 0]
    assert made.placebos.groups.sum(axis=1).tolist() == [3] * 199
    assert "each the mean of 3 donors" in made.p_rule


def test_too_few_donors_to_take_together_are_placebos_one_at_a_time_and_the_reader_told():
    outcome = panel()[:6]
    made = synthetic_control(outcome, np.arange(6) < 3, 8, treated_is_donor=False)
    assert made.placebos.groups.sum(axis=1).tolist() == [1] * 3
    assert any("mean of 3 units" in note for note in made.notes)


# --- laws --------------------------------------------------------------------------------------


@settings(max_examples=25)
@given(seeds)
def test_the_order_of_units_does_not_matter(seed: int):
    outcome = panel(seed % 50)
    order = np.random.default_rng(seed).permutation(24)
    made = fit(outcome)
    mixed = synthetic_control(outcome[order], order == 0, 8, treated_is_donor=False)
    assert mixed.effect == pytest.approx(made.effect, abs=1e-6)
    assert mixed.p_value == made.p_value
    assert mixed.donor_weights == pytest.approx(made.donor_weights[order], abs=1e-7)


@settings(max_examples=25)
@given(seeds, st.floats(-500, 500), st.floats(0.01, 100))
def test_the_unit_of_the_outcome_scales_the_effect_and_nothing_else(
    seed: int, level: float, unit: float
):
    outcome = panel(seed % 50, effect=-80)
    made, moved = fit(outcome), fit(unit * outcome + level)
    assert moved.effect == pytest.approx(unit * made.effect, rel=1e-5, abs=1e-5 * unit)
    assert moved.mde == pytest.approx(unit * made.mde, rel=1e-4)
    assert moved.p_value == made.p_value
    assert moved.donor_weights == pytest.approx(made.donor_weights, abs=1e-6)


def test_what_is_added_to_all_in_a_period_changes_nothing():
    outcome = panel(effect=-80)
    moved = fit(outcome + np.random.default_rng(1).normal(0, 90, 12))
    assert moved.gaps == pytest.approx(fit(outcome).gaps, abs=1e-6)


@settings(max_examples=25)
@given(seeds, st.floats(-200, 200), st.booleans())
def test_an_effect_is_in_the_interval_where_its_own_test_does_not_reject_it(
    seed: int, effect: float, donor: bool
):
    outcome = panel(seed % 50)
    made = fit(outcome, donor=donor)
    less = outcome.copy()
    less[0, 8:] -= effect
    if made.interval is None:
        assert fit(less, donor=donor).p_value <= 0.05
    elif fit(less, donor=donor).p_value > 0.05:
        assert effect in made.interval
    elif not donor:  # with the treated unit among donors there may be holes
        assert effect not in made.interval


def test_a_unit_without_weight_does_not_matter():
    outcome = panel()
    made = fit(outcome)
    idle = np.flatnonzero(made.donor_weights[1:] == 0)[0] + 1
    assert fit(np.delete(outcome, idle, axis=0)).effect == pytest.approx(made.effect, abs=1e-8)


# --- placebos ------------------------------------------------------------------------------------


def test_every_donor_is_a_placebo_by_the_rule_that_is_stated():
    made, with_treated = fit(panel()), fit(panel(), donor=True)
    assert made.placebos.gaps.shape == (24, 12)
    assert made.p_rule.endswith("23 placebos; treated unit not a donor to the placebos")
    assert with_treated.p_rule.endswith("23 placebos; treated unit a donor to the placebos")
    assert not made.placebos.weights[:, 0].any()
    assert with_treated.placebos.weights[1:, 0].any()
    assert not np.diag(made.placebos.weights).any()


def test_a_placebo_is_the_same_design_on_that_unit():
    outcome = panel()
    others = np.delete(outcome, 0, axis=0)
    alone = synthetic_control(others, np.arange(23) == 4, 8, treated_is_donor=False)
    assert fit(outcome).placebos.gaps[5] == pytest.approx(alone.gaps, abs=1e-9)


def test_p_is_the_share_of_units_with_as_large_a_ratio():
    made = fit(panel())
    ratios = made.placebos.mspe_ratio
    assert made.p_value == np.mean(ratios >= ratios[0])
    assert made.mspe_ratio == ratios[0]


def test_with_few_donors_no_p_can_be_small_and_it_says_so():
    made = fit(panel(cities=12, effect=-500))
    assert made.p_value == 1 / 12
    assert made.interval is not None
    assert (made.interval.lower, made.interval.upper) == (-inf, inf)
    assert isinf(made.mde)
    assert any("no p of 5%" in note for note in made.notes)


def test_an_effect_as_large_as_the_detectable_one_is_found_in_four_of_five_placebos():
    made = fit(panel(cities=61))
    gaps, ratios = made.placebos.gaps[1:], made.placebos.mspe_ratio[1:]
    for sign in (-1, 1):
        found = 0
        for j, gap in enumerate(gaps):
            ratio = np.mean((gap[8:] + sign * 1.0001 * made.mde) ** 2) / np.mean(gap[:8] ** 2)
            found += (1 + np.sum(np.delete(ratios, j) >= ratio)) / 60 <= 0.05
        assert found >= 48


def test_treatment_is_dated_back_and_finds_nothing_where_nothing_was():
    made = fit(panel(effect=-400))
    assert made.in_time is not None
    assert made.in_time.first == 4
    again = synthetic_control(panel()[:, :8], first_of(24), 4, treated_is_donor=False)
    assert made.in_time.effect == pytest.approx(again.effect, abs=1e-9)
    assert made.in_time.p_value == again.p_value


def test_too_short_a_past_is_not_dated_back():
    made = fit(panel()[:, 5:], first=3)
    assert made.in_time is None
    assert any("date it back" in note for note in made.notes)


def test_leaving_out_donors_gives_the_effects_without_them():
    outcome = panel()
    made = fit(outcome)
    for donor, effect in zip(made.leave_one_out.donors, made.leave_one_out.effects, strict=True):
        without = fit(np.delete(outcome, donor, axis=0))
        assert effect == pytest.approx(without.effect, abs=1e-8)
        assert made.donor_weights[donor] > 0
    assert made.leave_one_out.lowest == min(made.leave_one_out.effects)
    assert made.leave_one_out.highest == max(made.leave_one_out.effects)


def test_a_perfect_fit_by_many_donors_says_that_it_is_one_of_many():
    outcome = np.random.default_rng(2).normal(size=(60, 6))
    outcome[0] = outcome[1:].mean(axis=0)
    made = fit(outcome, first=3)
    assert np.isfinite(made.mspe_ratio)
    assert any("just as well" in note for note in made.notes)


@pytest.mark.parametrize(("raised", "word"), [(9_000, "higher"), (-9_000, "lower"), (0, None)])
def test_a_unit_out_of_reach_of_its_donors_is_told(raised: float, word: str | None):
    outcome = panel()
    outcome[0] = outcome[1:].mean(axis=0) + raised
    told = [note for note in fit(outcome).notes if "out of reach" in note]
    assert [f"on average {word} than every donor" in note for note in told] == [True] * bool(word)


# --- simulation -----------------------------------------------------------------------------------


@cache
def simulated(effect: float) -> list[SyntheticControl]:
    rng = np.random.default_rng(7)
    made = [city_rates(rng, cities=20, periods=16, first=12, effect=effect) for _ in range(150)]
    return [fit(outcome, first=12) for outcome in made]


def test_without_an_effect_p_values_are_about_uniform():
    p = np.array([made.p_value for made in simulated(0.0)])
    assert np.mean(p) == pytest.approx(0.525, abs=0.07)
    assert np.mean(p <= 0.10) == pytest.approx(0.10, abs=0.06)
    assert np.mean(p <= 0.50) == pytest.approx(0.50, abs=0.11)


def test_a_known_effect_is_recovered_without_bias():
    found = np.array([made.effect for made in simulated(-150.0)])
    assert found.mean() == pytest.approx(-150, abs=3.5 * found.std() / np.sqrt(len(found)))


def test_about_95_of_100_intervals_hold_the_truth():
    held = [made.interval is not None and -150.0 in made.interval for made in simulated(-150.0)]
    assert np.mean(held) == pytest.approx(0.95, abs=0.05)  # 19 placebos: one in twenty is outside


# --- what is refused ------------------------------------------------------------------------------


def spoiled(unit: int, period: int | slice, value: float) -> Floats:
    outcome = panel()
    outcome[unit, period] = value
    return outcome


NOBODY, ALL, MOST = np.zeros(24, bool), np.ones(24, bool), np.arange(24) > 0
REFUSED: list[tuple[Any, Any, int, str]] = [
    (panel(), NOBODY, 8, "none of the 24 units is treated"),
    (panel(), ALL, 8, "24 of 24 units are treated, which leaves 0 donors"),
    (panel(), MOST, 8, "leaves 1 donors; at least 2"),
    (panel(), np.arange(24), 8, "one True or False for each of the 24 units"),
    (panel(), first_of(23), 8, "one True or False for each of the 24 units"),
    (panel(), first_of(24), 1, "starts in period 1 of 0 to 11; at least 2 periods before"),
    (panel(), first_of(24), 12, "starts in period 12 of 0 to 11"),
    (panel(), first_of(24), -1, "starts in period -1"),
    (spoiled(5, slice(None), 0.0), first_of(24), 8, "unit 5 is 0 in every period"),
    (spoiled(0, slice(None), 3.0), first_of(24), 8, "unit 0 is 3 in every period"),
    (spoiled(5, 2, np.nan), first_of(24), 8, "unit 5 has nan in period 2"),
    (spoiled(5, 2, np.inf), first_of(24), 8, "unit 5 has inf in period 2"),
    (panel()[0], first_of(24), 8, "1 dimensions"),
    (np.empty((0, 5)), np.empty(0, bool), 2, "at least one cell"),
    ([["a", "b", "c"]] * 3, first_of(3), 2, "not all numbers"),
    ([[1.0, 2.0], [1.0]], [True, False], 1, "not all numbers"),
]


@pytest.mark.parametrize(
    ("outcome", "treated", "first", "says"), REFUSED, ids=lambda v: str(v)[:40]
)
def test_a_panel_that_allows_no_answer_is_refused(
    outcome: Any, treated: Any, first: int, says: str
):
    with pytest.raises(BadPanel, match=says):
        synthetic_control(outcome, treated, first, treated_is_donor=False)
