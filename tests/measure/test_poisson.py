"""Counting noise, against SciPy, published values and simulation."""

from __future__ import annotations

from math import inf
from typing import Any

import numpy as np
import pytest
import scipy.special
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st

from baserate.measure.poisson import (
    EXACT_BELOW,
    count_limits,
    e_test,
    gamma_cdf,
    rate_ratio,
)

COUNTS = st.integers(0, 3_000_000)


def test_garwoods_limits_are_the_published_ones(expected: dict[str, Any]):
    item = expected["garwood_95"]
    for count, (lower, upper) in item["expected"].items():
        assert count_limits(int(count)) == pytest.approx((lower, upper), abs=item["tolerance"])


def test_the_limits_of_zero_three_and_ten_events():
    # Garwood 1936, Biometrika 28:437, table.
    assert count_limits(0) == pytest.approx((0, 3.689), abs=5e-4)
    assert count_limits(3) == pytest.approx((0.619, 8.767), abs=5e-4)
    assert count_limits(10) == pytest.approx((4.795, 18.390), abs=5e-4)


@given(COUNTS)
def test_limits_agree_with_scipy(count: int):
    lower, upper = count_limits(count)
    exact = (
        scipy.special.gammaincinv(count, 0.025) if count else 0.0,
        scipy.special.gammaincinv(count + 1, 0.975),
    )
    assert (lower, upper) == pytest.approx(exact, abs=6e-4 if count >= EXACT_BELOW else 1e-8)


@given(COUNTS)
def test_a_count_lies_inside_its_own_limits(count: int):
    lower, upper = count_limits(count)
    assert lower <= count <= upper


@given(st.floats(0.5, 5_000), st.floats(0.01, 3))
def test_the_incomplete_gamma_function_agrees_with_scipy(shape: float, scale: float):
    x = shape * scale
    assert gamma_cdf(shape, x) == pytest.approx(scipy.special.gammainc(shape, x), abs=1e-10)


def test_limits_hold_the_truth_in_at_least_95_of_100_simulated_counts():
    rng = np.random.default_rng(1)
    for mean in (0.5, 4.0, 60.0, 900.0):
        counts = rng.poisson(mean, 4_000)
        held = np.mean([low <= mean <= high for low, high in map(count_limits, counts.tolist())])
        assert held >= 0.94


def test_the_e_test_gives_the_published_p_values(expected: dict[str, Any]):
    item = expected["etest"]
    for pair, p in item["expected"].items():
        first, second = map(int, pair.split(","))
        assert e_test(first, second) == pytest.approx(p, abs=item["tolerance"]), pair


@pytest.mark.parametrize(
    ("pair", "p"), [((3, 0), 0.0884), ((6, 2), 0.1749), ((25, 16), 0.165), ((20, 10), 0.069)]
)
def test_the_e_test_gives_krishnamoorthy_and_thomsons_examples(pair: tuple[int, int], p: float):
    # Krishnamoorthy and Thomson 2004, J. Stat. Planning and Inference 119:23; Wheeler 2018.
    assert e_test(*pair) == pytest.approx(p, abs=6e-4)


def brute_e_test(a: int, b: int, n: float, m: float) -> float:
    """The double sum of the paper, term by term."""
    pooled = (a + b) / (n + m)
    x = np.arange(200)
    first, second = (scipy.stats.poisson.pmf(x, pooled * e) for e in (n, m))
    i, j = np.meshgrid(x, x, indexing="ij")
    with np.errstate(invalid="ignore", divide="ignore"):
        statistic = np.abs(i / n - j / m) / np.sqrt(i / n**2 + j / m**2)
    observed = abs(a / n - b / m) / np.sqrt(a / n**2 + b / m**2)
    far = np.nan_to_num(statistic, nan=-1.0) >= observed - 1e-12
    return float((np.outer(first, second) * far).sum())


@given(st.integers(0, 40), st.integers(0, 40), st.sampled_from([1.0, 2.0, 0.37]), st.just(1.0))
def test_the_linear_e_test_is_the_double_sum(a: int, b: int, n: float, m: float):
    if a * m == b * n:
        assert e_test(a, b, n, m) == 1.0
    else:
        assert e_test(a, b, n, m) == pytest.approx(brute_e_test(a, b, n, m), abs=1e-9)


@given(st.integers(0, 300), st.integers(0, 300))
def test_the_e_test_does_not_mind_which_count_comes_first(a: int, b: int):
    assert e_test(a, b) == pytest.approx(e_test(b, a), abs=1e-12)


def test_without_a_difference_p_values_are_about_uniform():
    rng = np.random.default_rng(2)
    pairs = rng.poisson(30.0, (3_000, 2)).tolist()
    p = np.array([e_test(a, b) for a, b in pairs])
    assert np.mean(p < 0.05) == pytest.approx(0.05, abs=0.015)
    assert np.mean(p < 0.5) == pytest.approx(0.5, abs=0.04)


def test_the_ratio_of_two_rates_is_the_published_formula():
    found = rate_ratio(1_250_162, 323_405_935, 1_199_310, 320_896_618)
    error = np.sqrt(1 / 1_250_162 + 1 / 1_199_310)
    ratio = (1_250_162 / 323_405_935) / (1_199_310 / 320_896_618)
    wanted = ratio * np.exp(np.array([0, -1, 1]) * 1.959964 * error)
    assert tuple(found) == pytest.approx(tuple(wanted), rel=1e-9)


def test_dispersion_widens_the_interval_by_its_root():
    narrow, wide = rate_ratio(900, 1e6, 1000, 1e6), rate_ratio(900, 1e6, 1000, 1e6, dispersion=4)
    assert np.log(wide.upper / wide.ratio) == pytest.approx(2 * np.log(narrow.upper / narrow.ratio))


def test_nothing_to_something_has_no_upper_bound():
    found = rate_ratio(5, 1e5, 0, 1e5)
    assert found.ratio == inf
    assert found.upper == inf
    assert 1 < found.lower < inf


@given(st.integers(0, 99), st.integers(0, 99), st.floats(0.2, 5))
def test_a_ratio_lies_inside_its_limits_even_for_small_counts(a: int, b: int, n: float):
    found = rate_ratio(a, n, b, 1.0)
    if a + b:
        assert found.lower - 1e-9 <= found.ratio <= found.upper * (1 + 1e-9)


@pytest.mark.parametrize("mean", [8.0, 40.0, 400.0])
def test_ratio_limits_hold_the_truth_in_about_95_of_100_simulated_pairs(mean: float):
    rng = np.random.default_rng(3)
    held = []
    for a, b in rng.poisson((mean * 1.5, mean), (3_000, 2)).tolist():
        found = rate_ratio(a, 1.0, b, 1.0)
        held.append(found.lower <= 1.5 <= found.upper)
    assert np.mean(held) == pytest.approx(0.95, abs=0.02)


@pytest.mark.parametrize("count", [-1, -100])
def test_a_negative_count_is_refused(count: int):
    with pytest.raises(ValueError, match="zero or more"):
        count_limits(count)
    with pytest.raises(ValueError, match="zero or more"):
        e_test(count, 3)
