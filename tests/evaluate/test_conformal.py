"""Conformal inference: by its definition, and in a simulation."""

from __future__ import annotations

from math import inf

import numpy as np
import pytest
from tests.made.city_rates import Floats, city_rates, first_of

from baserate.evaluate.synthetic.conformal import conformal
from baserate.evaluate.synthetic.simplex import simplex_weights


def panel(seed: int = 1, effect: float = 0.0) -> Floats:
    rng = np.random.default_rng(seed)
    return city_rates(rng, cities=15, periods=25, first=22, effect=effect)


def test_p_is_the_share_of_moves_with_gaps_as_large():
    outcome = panel()
    gaps = outcome[0] - outcome[1:].T @ simplex_weights(outcome[1:].T, outcome[0])
    moved = [np.abs(np.roll(gaps, k)[22:]).mean() for k in range(25)]
    wanted = np.mean([m >= moved[0] - 1e-9 for m in moved])
    assert conformal(outcome, first_of(15), 22).p_value == pytest.approx(wanted)


def test_the_interval_moves_with_the_effect():
    made, moved = (conformal(panel(effect=e), first_of(15), 22).interval for e in (0.0, -120.0))
    assert made is not None
    assert moved is not None
    assert moved.lower == pytest.approx(made.lower - 120, abs=1e-3)
    assert moved.upper == pytest.approx(made.upper - 120, abs=1e-3)


def test_no_interval_is_promised_with_fewer_than_twenty_periods():
    made = conformal(panel()[:, 10:], first_of(15), 12)
    assert made.interval is not None
    assert (made.interval.lower, made.interval.upper) == (-inf, inf)
    assert (
        made.p_rule == "conformal: rank of the mean absolute gap among 15 moves of the gaps in time"
    )


def test_without_an_effect_it_is_rarely_rejected():
    p = np.array([conformal(panel(seed), first_of(15), 22).p_value for seed in range(100)])
    assert np.mean(p <= 0.1) <= 0.2
    assert np.mean(p) == pytest.approx(0.5, abs=0.12)
