"""Synthetic difference in differences: the published figures, laws, and a simulation."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.made.city_rates import Floats, city_rates, first_of
from tests.made.prop99 import FIRST, YEARS, by_state, is_california, smoking

from baserate.errors import BadPanel
from baserate.evaluate.synthetic.frank_wolfe import frank_wolfe_weights
from baserate.evaluate.synthetic.sdid import (
    SyntheticDifference,
    synthetic_difference_in_differences,
)
from baserate.evaluate.synthetic.simplex import simplex_weights


def fit(outcome: Floats, first: int = 9, **more: Any) -> SyntheticDifference:
    more = {"solver": "exact", "seed": 1, **more}
    return synthetic_difference_in_differences(outcome, first_of(len(outcome)), first, **more)


def panel(seed: int = 1, effect: float = 0.0) -> Floats:
    rng = np.random.default_rng(seed)
    return city_rates(rng, cities=25, periods=13, first=9, effect=effect)


@pytest.fixture(scope="module")
def california(shared: Path) -> tuple[list[str], SyntheticDifference]:
    states, packs = smoking(shared)
    return states, synthetic_difference_in_differences(packs, is_california(states), FIRST, seed=1)


def test_proposition_99_has_the_published_effects(
    california: tuple[list[str], SyntheticDifference], expected: dict[str, Any]
):
    made, item = california[1], expected["prop99"]
    wanted, tolerance = item["expected"], item["tolerance"]
    assert made.effect == pytest.approx(wanted["sdid"], abs=tolerance)
    assert made.difference_in_differences == pytest.approx(wanted["did"], abs=tolerance)
    assert made.synthetic_control_effect == pytest.approx(wanted["sc_outcome_only"], abs=tolerance)
    assert made.sigma == pytest.approx(wanted["noise_level"], abs=1e-6)


def test_proposition_99_has_the_published_weights(
    california: tuple[list[str], SyntheticDifference], expected: dict[str, Any]
):
    (states, made), wanted = california, expected["prop99"]["expected"]
    weight = by_state(states, made.donor_weights)
    of_year = dict(zip(YEARS, made.period_weights, strict=False))
    for state, omega in wanted["sdid_omega_top"].items():
        assert weight(state) == pytest.approx(omega, abs=0.002), state
    for year, lambda_ in wanted["sdid_lambda"].items():
        assert of_year[int(year)] == pytest.approx(lambda_, abs=0.002), year


def test_proposition_99_has_a_placebo_error_of_about_nine(
    california: tuple[list[str], SyntheticDifference],
):
    made = california[1]
    assert made.standard_error == pytest.approx(9, abs=1)
    assert len(made.placebo_effects) == 38
    assert made.p_rule == "normal distribution with the standard error of 38 placebos"


def test_the_exact_optimum_is_close_to_where_the_published_steps_stop(shared: Path):
    states, packs = smoking(shared)
    made = synthetic_difference_in_differences(
        packs, is_california(states), FIRST, seed=1, solver="exact"
    )
    assert made.effect == pytest.approx(-15.6054, abs=1e-4)
    assert made.synthetic_control_effect == pytest.approx(-19.5136, abs=1e-4)


def test_steps_come_near_the_optimum_from_above():
    rng = np.random.default_rng(4)
    columns, target = rng.normal(size=(20, 12)), rng.normal(size=20)
    made = frank_wolfe_weights(columns, target, ridge=0.5, noise=1.0)
    best = simplex_weights(columns, target, ridge=0.5)

    def loss(w: Floats) -> float:
        return float(np.sum((columns @ w - target) ** 2) + 0.5 * w @ w)

    assert loss(best) <= loss(made) <= loss(best) * 1.001


def test_the_effect_is_a_difference_in_differences_with_both_weights():
    outcome = panel(effect=-90)
    made = fit(outcome)
    apart = outcome[0] - made.donor_weights @ outcome
    assert made.effect == pytest.approx(apart[9:].mean() - made.period_weights @ apart[:9])
    assert made.effect == pytest.approx(made.gaps[9:].mean())
    assert made.donor_weights.sum() == pytest.approx(1)
    assert made.period_weights.sum() == pytest.approx(1)


def test_neither_levels_of_units_nor_of_periods_matter():
    outcome, rng = panel(effect=-90), np.random.default_rng(1)
    moved = outcome + rng.normal(0, 300, (25, 1)) + rng.normal(0, 50, 13)
    assert fit(moved).difference_in_differences == pytest.approx(
        fit(outcome).difference_in_differences
    )
    shifted = outcome + rng.normal(0, 300, (25, 1))
    assert fit(shifted).effect == pytest.approx(fit(outcome).effect, abs=1e-6)


def test_the_unit_of_the_outcome_scales_effect_and_error():
    made, moved = fit(panel()), fit(10 * panel() + 7)
    assert moved.effect == pytest.approx(10 * made.effect)
    assert moved.standard_error == pytest.approx(10 * (made.standard_error or 0))
    assert moved.p_value == pytest.approx(made.p_value)


def test_the_order_of_units_does_not_matter():
    outcome, order = panel(), np.random.default_rng(3).permutation(25)
    mixed = synthetic_difference_in_differences(
        outcome[order], order == 0, 9, seed=1, solver="exact"
    )
    made = fit(outcome)
    assert mixed.effect == pytest.approx(made.effect, abs=1e-8)
    assert mixed.standard_error == pytest.approx(made.standard_error, abs=1e-8)


def test_several_treated_units_are_set_beside_draws_of_as_many_by_the_seed():
    treated = np.arange(25) < 4

    def error(seed: int) -> float | None:
        return synthetic_difference_in_differences(
            panel(), treated, 9, seed=seed, replications=40, solver="exact"
        ).standard_error

    assert error(1) == error(1)
    assert error(1) != error(2)


def test_with_too_few_donors_there_is_no_error_and_a_reason():
    made = synthetic_difference_in_differences(panel(), np.arange(25) < 20, 9, seed=1)
    assert (made.standard_error, made.interval, made.p_value, made.mde) == (None,) * 4
    assert "too few donors" in made.notes[0]
    assert np.isfinite(made.effect)


def test_the_detectable_effect_is_2_8_standard_errors():
    made = fit(panel())
    assert made.mde == pytest.approx(2.8016 * (made.standard_error or 0), rel=1e-4)


def test_a_known_effect_is_recovered_and_none_is_not_found():
    rng = np.random.default_rng(11)
    panels = [city_rates(rng, cities=25, periods=13, first=9) for _ in range(120)]
    nothing = [fit(outcome) for outcome in panels]
    found = np.array([made.effect for made in nothing])
    assert found.mean() == pytest.approx(0, abs=3.5 * found.std() / np.sqrt(len(found)))
    held = np.mean([made.interval is not None and 0.0 in made.interval for made in nothing])
    assert held == pytest.approx(0.95, abs=0.06)
    for outcome, made in zip(panels[:20], nothing, strict=False):
        treated = outcome.copy()
        treated[0, 9:] -= 150
        assert fit(treated).effect == pytest.approx(made.effect - 150, abs=1e-6)


def test_options_that_do_not_exist_are_refused():
    with pytest.raises(BadPanel, match="solver='osqp'; use 'exact'"):
        fit(panel(), solver="osqp")
    with pytest.raises(BadPanel, match="1 replications"):
        fit(panel(), replications=1)
    with pytest.raises(BadPanel, match="starts in period 1"):
        fit(panel(), first=1)
