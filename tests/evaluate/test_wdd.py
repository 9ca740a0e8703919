"""The weighted displacement difference: published figures, laws, and counting noise."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from baserate.errors import BadPanel
from baserate.evaluate.differences.wdd import AreaWeights, DisplacementDifference, wdd, wdd_harm

counts = st.tuples(st.integers(0, 10**6), st.integers(0, 10**6))
some = st.tuples(st.integers(1, 10**6), st.integers(1, 10**6))


def limits(made: DisplacementDifference) -> tuple[float, float]:
    return made.interval.lower, made.interval.upper


def test_the_papers_example(expected: dict[str, Any]):
    case = expected["wdd_paper"]
    given_, wanted, near = case["inputs"], case["expected"], case["tolerance"]
    made = wdd(
        treated=tuple(given_["treated"]),
        control=tuple(given_["control"]),
        displacement_treated=tuple(given_["disp_treated"]),
        displacement_control=tuple(given_["disp_control"]),
    )
    assert (made.local, made.displacement, made.effect) == (-107, -11, -118)
    assert made.local_error == pytest.approx(wanted["local_se"], abs=near)
    assert made.displacement_error == pytest.approx(wanted["displacement_se"], abs=near)
    assert made.standard_error == pytest.approx(wanted["se"], abs=near)
    assert made.z == pytest.approx(wanted["z"], abs=near)
    assert limits(made) == pytest.approx(wanted["ci95"], abs=near)


def test_periods_of_unequal_length(expected: dict[str, Any]):
    case = expected["wdd_time_weights"]
    given_, wanted, near = case["inputs"], case["expected"], case["tolerance"]
    made = wdd(
        treated=tuple(given_["treated"]),
        control=tuple(given_["control"]),
        time_weights=tuple(given_["time_weights"]),
    )
    assert made.effect == pytest.approx(wanted["total"], abs=near)
    assert made.standard_error == pytest.approx(wanted["se"], abs=near)
    assert made.z == pytest.approx(wanted["z"], abs=near)
    assert limits(made) == pytest.approx(wanted["ci95"], abs=near)


def test_crimes_weighted_by_harm(expected: dict[str, Any]):
    case = expected["wdd_harm"]
    wanted, near = case["expected"], case["tolerance"]
    kinds = [wdd(control=tuple(c), treated=tuple(t)) for _, c, t, _ in case["inputs"]["tests"]]
    made = wdd_harm(kinds, [harm for *_, harm in case["inputs"]["tests"]])
    assert made.effect == pytest.approx(wanted["harm"], abs=near)
    assert made.standard_error == pytest.approx(wanted["se"], abs=near)
    assert made.z == pytest.approx(wanted["z"], abs=near)
    assert limits(made) == pytest.approx(wanted["ci95"], abs=near)


# What the test needs of nobody else's files: sqrt(20 + 20 + 20 + 10), and 1.645 times that.
def test_the_simplest_comparison():
    made = wdd(control=(20, 20), treated=(20, 10), level=0.90)
    assert made.effect == -10
    assert made.standard_error == pytest.approx(8.3666, abs=1e-4)
    assert limits(made) == pytest.approx((-23.76, 3.76), abs=0.005)
    assert made.percent == -50
    assert made.p_value == pytest.approx(0.232, abs=1e-3)
    assert made.mde == pytest.approx(23.44, abs=0.01)


def test_percent_is_of_what_the_controls_say_would_have_come():
    made = wdd(
        treated=(207, 110),
        control=(308, 318),
        displacement_treated=(178, 157),
        displacement_control=(150, 140),
    )
    assert made.counterfactual == 207 + 10 + 178 - 10
    assert made.counterfactual + made.effect == 110 + 157
    assert made.percent == pytest.approx(-30.65, abs=0.005)


def test_no_percent_of_less_than_nothing():
    made = wdd(treated=(5, 2), control=(100, 20))
    assert made.counterfactual < 0
    assert made.percent is None


@given(some, counts)
def test_equal_changes_are_no_effect(treated: tuple[int, int], elsewhere: tuple[int, int]):
    made = wdd(
        treated=treated,
        control=treated,
        displacement_treated=elsewhere,
        displacement_control=elsewhere,
    )
    assert (made.effect, made.z, made.p_value) == (0, 0, 1)


@given(some, some, st.integers(0, 1000))
def test_a_constant_added_to_both_periods_changes_no_estimate(
    treated: tuple[int, int], control: tuple[int, int], more: int
):
    raised = (treated[0] + more, treated[1] + more)
    once, again = wdd(treated=treated, control=control), wdd(treated=raised, control=control)
    assert again.effect == once.effect
    assert again.standard_error >= once.standard_error


@given(some, some, st.floats(0.1, 10))
def test_one_weight_for_everything_only_changes_the_unit(
    treated: tuple[int, int], control: tuple[int, int], weight: float
):
    once = wdd(treated=treated, control=control)
    again = wdd(treated=treated, control=control, time_weights=(weight, weight))
    areas = AreaWeights(weight, weight, weight, weight)
    by_area = wdd(treated=treated, control=control, area_weights=areas)
    assert again.effect == pytest.approx(once.effect / weight)
    assert again.z == pytest.approx(once.z)
    assert by_area.effect == pytest.approx(again.effect)
    assert by_area.standard_error == pytest.approx(again.standard_error)


@given(some, some)
def test_two_halves_of_one_crime_with_one_harm_are_the_whole(
    treated: tuple[int, int], control: tuple[int, int]
):
    twice = wdd(treated=(2 * treated[0], 2 * treated[1]), control=(2 * control[0], 2 * control[1]))
    half = wdd(treated=treated, control=control)
    made = wdd_harm([half, half], [1, 1])
    assert made.effect == twice.effect
    assert made.standard_error == pytest.approx(twice.standard_error)
    assert made.counterfactual == twice.counterfactual


def test_dispersion_widens_the_interval_by_its_root():
    narrow = wdd(treated=(20, 10), control=(20, 20))
    wide = wdd(treated=(20, 10), control=(20, 20), dispersion=4)
    assert wide.standard_error == pytest.approx(2 * narrow.standard_error)


def test_the_error_is_what_counting_noise_gives():
    means = np.array([80, 60, 120, 90, 40, 45, 50, 55])
    drawn = np.random.default_rng(1).poisson(means, (4_000, 8)).tolist()
    made = [
        wdd(
            treated=(a, b),
            control=(c, d),
            displacement_treated=(e, f),
            displacement_control=(g, h),
        )
        for a, b, c, d, e, f, g, h in drawn
    ]
    effects = np.array([m.effect for m in made])
    truth = (60 - 80) - (90 - 120) + (45 - 40) - (55 - 50)
    assert effects.mean() == pytest.approx(truth, abs=4 * 23.2 / 4_000**0.5)
    assert effects.std() == pytest.approx(means.sum() ** 0.5, rel=0.03)
    held = np.mean([m.interval.lower <= truth <= m.interval.upper for m in made])
    assert held == pytest.approx(0.95, abs=0.015)


def test_without_an_effect_p_is_uniform():
    drawn = np.random.default_rng(2).poisson([100, 80, 200, 180], (4_000, 4)).tolist()
    p = np.array([wdd(treated=(a, b), control=(c, d)).p_value for a, b, c, d in drawn])
    assert [np.mean(p <= cut) for cut in (0.05, 0.25, 0.5)] == pytest.approx(
        [0.05, 0.25, 0.5], abs=0.03
    )


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"treated": (-1, 2), "control": (3, 4)}, r"treated counts \(-1, 2\)"),
        ({"treated": (1, float("nan")), "control": (3, 4)}, "zero or more"),
        ({"treated": (1, 2, 3), "control": (3, 4)}, "before and after"),
        ({"treated": (0, 0), "control": (0, 0)}, "every count is zero"),
        ({"treated": (1, 2), "control": (3, 4), "time_weights": (0, 1)}, "time weight before is 0"),
        ({"treated": (1, 2), "control": (3, 4), "dispersion": 0}, "dispersion is 0"),
        (
            {"treated": (1, 2), "control": (3, 4), "area_weights": AreaWeights(control=-1)},
            "area weight of control is -1",
        ),
    ],
)
def test_what_is_refused(asked: dict[str, Any], said: str):
    with pytest.raises(BadPanel, match=said):
        wdd(**asked)


def test_harm_needs_one_weight_for_each_kind():
    with pytest.raises(BadPanel, match="1 estimates and 2 harm weights"):
        wdd_harm([wdd(treated=(1, 2), control=(3, 4))], [1, 2])
    with pytest.raises(BadPanel, match="harm weight is 0"):
        wdd_harm([wdd(treated=(1, 2), control=(3, 4))], [0])
