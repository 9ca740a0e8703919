"""Ridge-augmented synthetic control: the paper's formula, and another implementation's figure."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.made.city_rates import Floats, city_rates, first_of
from tests.made.prop99 import FIRST, is_california, smoking

from baserate.errors import BadPanel
from baserate.evaluate.synthetic.augmented import AugmentedControl, augmented_synthetic_control
from baserate.evaluate.synthetic.synthetic_control import synthetic_control


def fit(outcome: Floats, first: int = 8, **more: Any) -> AugmentedControl:
    treated = first_of(len(outcome))
    return augmented_synthetic_control(outcome, treated, first, treated_is_donor=False, **more)


def panel(*, raised: float = 0.0) -> Floats:
    outcome = city_rates(np.random.default_rng(3), cities=16, periods=11, first=8)
    outcome[0] += raised
    return outcome


def test_proposition_99_is_what_mlsynth_finds(shared: Path):
    # mlsynth 1.0.0, VanillaSC(augment="ridge"), its lambda by the same rule: -15.952566572877.
    states, packs = smoking(shared)
    made = augmented_synthetic_control(packs, is_california(states), FIRST, treated_is_donor=False)
    assert made.effect == pytest.approx(-15.952566572877, abs=1e-8)
    assert made.uncorrected == pytest.approx(-19.5136, abs=1e-4)


def test_weights_are_those_of_the_papers_formula():
    outcome = panel(raised=2_000)
    made = fit(outcome)
    past = outcome[1:, :8] - outcome[1:, :8].mean(axis=0)
    own = outcome[0, :8] - outcome[1:, :8].mean(axis=0)
    simple = made.simplex_weights[1:]
    inner = np.linalg.inv(past.T @ past + made.ridge_lambda * np.eye(8))
    wanted = simple + (own - simple @ past) @ inner @ past.T
    assert made.donor_weights[1:] == pytest.approx(wanted, abs=1e-8)
    assert made.donor_weights.sum() == pytest.approx(1)


def test_it_starts_from_the_synthetic_control():
    outcome = panel()
    plain = synthetic_control(outcome, first_of(16), 8, treated_is_donor=False)
    made = fit(outcome)
    assert made.simplex_weights == pytest.approx(plain.donor_weights, abs=1e-9)
    assert made.uncorrected == pytest.approx(plain.effect)


def test_a_unit_above_all_donors_is_fitted_closer_and_below_zero_is_told():
    outcome = panel(raised=400)
    plain = synthetic_control(outcome, first_of(16), 8, treated_is_donor=False)
    made = fit(outcome, lambda_rule="lowest error")
    assert made.pre_period_rmspe < plain.pre_period_rmspe
    assert made.below_zero == pytest.approx(made.donor_weights.clip(max=0).sum())
    assert made.below_zero < 0


def test_the_more_cautious_rule_corrects_no_more():
    cautious, keen = (fit(panel(raised=300), lambda_rule=rule)
                      for rule in ("one standard error", "lowest error"))  # fmt: skip
    assert cautious.ridge_lambda >= keen.ridge_lambda
    assert keen.errors.min() == keen.errors[keen.lambdas == keen.ridge_lambda]


def test_the_level_of_all_units_does_not_matter():
    assert fit(panel() + 5_000).effect == pytest.approx(fit(panel()).effect, abs=1e-5)


def test_nothing_is_corrected_where_the_fit_is_perfect():
    outcome = panel()
    outcome[0] = 0.4 * outcome[2] + 0.6 * outcome[9]
    made = fit(outcome)
    assert made.effect == pytest.approx(0, abs=1e-6)
    assert made.donor_weights[[2, 9]] == pytest.approx([0.4, 0.6], abs=1e-6)


def test_a_rule_that_does_not_exist_and_too_short_a_past_are_refused():
    with pytest.raises(BadPanel, match="lambda_rule='largest'; use 'lowest error'"):
        fit(panel(), lambda_rule="largest")
    with pytest.raises(BadPanel, match="2 periods before treatment; lambda"):
        fit(panel()[:, 6:], first=2)
