"""Ranks among placebos and reassignments: groups, noise of units, limits in percent."""

from __future__ import annotations

from dataclasses import dataclass
from math import comb, inf
from pathlib import Path

import numpy as np
import pytest
from benchmarks.coverage import CITIES, marshall
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.made.drawn_panels import HOMICIDE, VIOLENT_CRIME, Drawing, draw, estimated

from baserate.evaluate.designs.asking import in_percent
from baserate.evaluate.designs.series import interrupted
from baserate.evaluate.differences.few_clusters import randomize_two_way
from baserate.evaluate.differences.twoway import design
from baserate.evaluate.inference.placebo_groups import (
    critical_size,
    placebo_groups,
    rank_p,
    usual_size,
)
from baserate.evaluate.inference.unit_noise import noise_of_groups, unit_noise
from baserate.evaluate.series.interrupted import interrupted_series, log_effect
from baserate.evaluate.series.placebo_series import among_placebos
from baserate.terms.quantities import Interval

SEEDS = st.integers(0, 10_000)


@given(st.integers(3, 12), st.integers(1, 5), SEEDS)
def test_groups_are_of_the_size_asked_for_or_of_one(units: int, size: int, seed: int):
    groups = placebo_groups(units, size, most=50, seed=seed)
    enough = size == 1 or units >= size + 2
    assert set(groups.sum(axis=1).tolist()) == {size if enough else 1}
    assert len(groups) == min(comb(units, size if enough else 1), 50 if size > 1 else units)


@given(SEEDS, st.integers(1, 80))
def test_a_statistic_is_beyond_the_critical_size_where_its_p_is_small(seed: int, count: int):
    placebos = np.random.default_rng(seed).normal(size=count)
    bound = critical_size(placebos)
    for observed in (0.99 * bound, 1.01 * bound, -1.01 * bound, 2.0):
        if np.isfinite(observed):
            assert (rank_p(placebos, observed) <= 0.05) == (abs(observed) > bound)
    assert np.isinf(bound) == (count < 19)
    assert usual_size(placebos) <= np.abs(placebos).max()


@given(SEEDS, st.floats(0.01, 1000))
def test_noise_forgets_what_all_units_share_and_keeps_the_unit_of_the_outcome(
    seed: int, unit: float
):
    rng = np.random.default_rng(seed)
    outcome, shared = rng.normal(size=(9, 12)), 5 * rng.normal(size=12)
    noise = unit_noise(outcome, 8)
    assert unit_noise(outcome + shared, 8) == pytest.approx(noise)
    assert unit_noise(unit * outcome, 8) == pytest.approx(unit**2 * noise)
    changed = outcome.copy()
    changed[:, 8:] += 99
    assert unit_noise(changed, 8).tolist() == noise.tolist()


def test_noise_of_a_group_is_the_error_of_a_difference_of_means():
    made = noise_of_groups(np.array([9.0, 9, 1, 1, 1, 1]), np.arange(6)[None] < 2)
    assert made.tolist() == pytest.approx([np.sqrt(18 / 4 + 4 / 16)])


def test_too_few_periods_make_all_units_alike():
    assert unit_noise(np.arange(12.0).reshape(4, 3), 2).tolist() == [1] * 4
    assert unit_noise(np.ones((4, 6)), 4).tolist() == [1] * 4


def test_a_unit_that_always_swings_far_is_no_effect():
    on = np.zeros((40, 20))
    on[0, 14:] = 1
    p: dict[str, list[float]] = {"size": [], "noise": []}
    for seed in range(40):
        outcome = np.random.default_rng(seed).normal(size=(40, 20)).cumsum(axis=1)
        outcome[0] *= 10
        made, noise = design(outcome, on), unit_noise(outcome, 14)
        p["size"].append(randomize_two_way(made, seed=1, statistic="coefficient").p_value)
        ranked = randomize_two_way(made, seed=1, statistic="noise", noise=noise, level=None)
        p["noise"].append(ranked.p_value)
    assert np.mean(np.array(p["size"]) <= 0.05) > 0.6
    assert np.mean(np.array(p["noise"]) <= 0.05) < 0.17


@settings(max_examples=10, deadline=None)
@given(SEEDS)
def test_the_interval_in_noise_holds_what_its_test_does_not_reject(seed: int):
    outcome = np.random.default_rng(seed).normal(size=(25, 10)).cumsum(axis=1)
    on = np.zeros((25, 10))
    on[:2, 6:] = 1
    made = randomize_two_way(
        design(outcome, on), seed=1, statistic="noise", noise=unit_noise(outcome, 6)
    )
    assert made.interval is not None
    assert (0 in made.interval) == (made.p_value > 0.05)


# --- interrupted series among placebos -----------------------------------------------------------


def test_the_log_effect_is_that_of_the_whole_regression():
    panel, _ = draw(Drawing(VIOLENT_CRIME, treated=1), np.random.default_rng(2))
    counts, first = panel.outcome[panel.treated].sum(axis=0), panel.first
    whole = interrupted_series(counts, first, seed=1, change_of_slope=False)
    value, error = log_effect(counts, first, change_of_slope=False)
    assert 100 * np.expm1(value) == pytest.approx(whole.percent)
    assert error == pytest.approx(whole.log_error)


def test_a_series_is_ranked_among_those_of_its_controls():
    panel, study = draw(Drawing(VIOLENT_CRIME, treated=1, effect=-0.6), np.random.default_rng(2))
    made = among_placebos(panel.outcome, panel.exposure, panel.treated, panel.first, seed=1)
    row = interrupted(panel, study)
    assert made is not None
    assert (row.p_value, row.p_rule) == (made.p_value, made.p_rule)
    assert row.percent_interval == (made.interval.lower, made.interval.upper)
    assert len(made.statistics) == 65
    assert (made.p_value * 66) == pytest.approx(round(made.p_value * 66))


def test_few_controls_leave_the_errors_of_one_series_and_the_reader_is_told():
    drawing = Drawing(VIOLENT_CRIME, cities=12, treated=1)
    panel, study = draw(drawing, np.random.default_rng(2))
    assert among_placebos(panel.outcome, panel.exposure, panel.treated, 16, seed=1) is None
    assert any("too few control series" in note for note in interrupted(panel, study).notes)


def test_the_scatter_of_the_draws_is_that_of_the_real_table(shared: Path):
    for column, typed, spread in (
        ("violent_crime", VIOLENT_CRIME, None),
        ("homs_sum", HOMICIDE, 0.31),
    ):
        real = estimated(*marshall(shared / CITIES, column), spread)
        for name in ("drift", "drift_spread", "persistence", "passing", "shock", "shock_carries"):
            assert getattr(typed, name) == pytest.approx(getattr(real, name), abs=0.006)
        assert typed.rate == pytest.approx(real.rate, abs=0.006)
        assert typed.people == pytest.approx(real.people, abs=0.006)


# --- limits in percent ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Found:
    effect: float
    percent: float | None
    interval: Interval | None
    mde: float | None = None


@pytest.mark.parametrize(
    ("limits", "percents"),
    [
        ((-20.0, -20.0), (-20.0, -20.0)),
        ((-80.0, 0.0), (-50.0, 0.0)),
        ((-inf, 40.0), (-100.0, 100.0)),
        ((-40.0, 80.0), (-100 / 3, inf)),
    ],
)
def test_a_limit_in_percent_is_of_what_would_have_been_were_it_the_effect(
    limits: tuple[float, float], percents: tuple[float, float]
):
    found = Found(effect=-20.0, percent=-20.0, interval=Interval(*limits, "", 0.95))
    assert in_percent(found) == pytest.approx(percents)


def test_no_percent_no_limits_in_percent():
    assert in_percent(Found(-20.0, None, Interval(-30, -10, ""))) is None
    assert in_percent(Found(-20.0, -20.0, None)) is None
