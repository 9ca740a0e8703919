"""How much a series scatters, and whether a change stands out from it."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st

from baserate.measure.scatter import fit_trend, local_dispersion, swings, t_quantile


def test_pure_counting_noise_has_dispersion_near_one():
    rng = np.random.default_rng(4)
    found = [local_dispersion(rng.poisson(500, 40).tolist(), [1e6] * 40) for _ in range(200)]
    assert np.mean(found) == pytest.approx(1.05, abs=0.1)  # the floor at 1 lifts the mean


def test_a_straight_line_has_no_scatter():
    assert local_dispersion([1000 + 50 * i for i in range(20)], [1e6] * 20) == 1.0


def test_extra_scatter_is_found_whatever_the_trend():
    rng = np.random.default_rng(5)
    means = np.linspace(2_000, 800, 400)
    counts = rng.negative_binomial(means / 3, 1 / 4)  # variance four times the mean
    assert local_dispersion(counts.tolist(), [1e6] * 400) == pytest.approx(4, abs=0.8)


def test_a_short_series_is_no_evidence_of_scatter():
    assert local_dispersion([10, 90, 10, 90], [1e6] * 4) == 1.0


def test_a_change_is_counted_by_its_size_whichever_its_sign():
    found = swings([-5.0, 5.0, 1.0, -1.0, 2.0, -2.0, 0.0, 3.0, -3.0, 4.0] * 2, -4.5)
    assert found is not None
    assert (found.at_least_as_large, found.spans) == (4, 20)


def test_nineteen_changes_make_no_band():
    assert swings([1.0] * 19, 1.0) is None


def test_a_steady_rise_is_recovered_exactly():
    years = list(range(2000, 2015))
    counts = [1_000 * 1.03 ** (y - 2000) for y in years]
    assert fit_trend(years, counts, [1e6] * 15).yearly == pytest.approx(3.0, abs=1e-6)


def test_the_trend_is_that_of_a_poisson_regression():
    import scipy.optimize

    rng = np.random.default_rng(6)
    years = np.arange(2005, 2020)
    people = np.linspace(5e6, 6e6, 15)
    counts = rng.poisson(people * np.exp(-7 + 0.02 * (years - 2012)))
    found = fit_trend(years.tolist(), counts.tolist(), people.tolist())

    def negative_log_likelihood(b: np.ndarray) -> float:
        eta = np.log(people) + b[0] + b[1] * (years - 2012)
        return float(np.sum(np.exp(eta) - counts * eta))

    exactly = {"xatol": 1e-10, "fatol": 1e-10, "maxiter": 5000}
    best = scipy.optimize.minimize(
        negative_log_likelihood, [-7.0, 0.0], method="Nelder-Mead", options=exactly
    )
    assert found.yearly == pytest.approx(100 * (np.exp(best.x[1]) - 1), abs=1e-4)


def test_a_rate_that_only_wanders_is_called_a_trend_in_about_5_of_100():
    rng = np.random.default_rng(8)
    years = list(range(2005, 2017))
    called = []
    for _ in range(800):
        means = 50_000 * np.exp(np.cumsum(rng.normal(0, 0.05, 12)))
        found = fit_trend(years, rng.poisson(means).tolist(), [1e6] * 12)
        called.append(not found.lower <= 0 <= found.upper)
    assert np.mean(called) == pytest.approx(0.05, abs=0.025)


def test_trend_intervals_hold_the_truth_in_at_least_95_of_100_scattered_series():
    rng = np.random.default_rng(7)
    years = list(range(2005, 2017))
    held = []
    for _ in range(800):
        means = 400 * 1.02 ** (np.arange(12) - 6)
        counts = rng.negative_binomial(means / 2, 1 / 3)  # variance three times the mean
        found = fit_trend(years, counts.tolist(), [1e6] * 12)
        held.append(found.lower <= 2.0 <= found.upper)
    assert np.mean(held) >= 0.94


@given(st.integers(1, 200), st.floats(0.6, 0.999))
def test_student_quantiles_agree_with_scipy(degrees: int, probability: float):
    assert t_quantile(probability, degrees) == pytest.approx(
        scipy.stats.t.ppf(probability, degrees), rel=1e-6
    )


@pytest.mark.parametrize(
    ("years", "counts", "message"),
    [
        ([2010, 2011], [5, 6], "at least three"),
        ([2010, 2011, 2012], [0, 0, 5], "fewer than three years with events"),
    ],
)
def test_a_trend_needs_years_and_events(years: list[int], counts: list[float], message: str):
    with pytest.raises(ValueError, match=message):
        fit_trend(years, counts, [1e6] * len(years))
