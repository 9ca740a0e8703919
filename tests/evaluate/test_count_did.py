"""Difference in differences of counts: against direct likelihood, laws, zeros, and simulation."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize
from scipy.special import gammaln
from tests.made.panels import Panel, city_years

from baserate.errors import BadPanel
from baserate.evaluate.counts.did import count_did
from baserate.evaluate.counts.fit import Family
from baserate.evaluate.counts.imputation import imputed_count_did
from baserate.evaluate.counts.panel import count_panel
from baserate.evaluate.differences.did import ratio_did
from baserate.evaluate.differences.few_clusters import randomize_counts

FAMILIES: tuple[Family, ...] = ("poisson", "negative_binomial")
CITIES = city_years(np.random.default_rng(1), effect=-0.2)


def columns(treatment: Any, groups: Any) -> Any:
    """Treatment, a column for each unit, and all but one for each group's periods."""
    units, periods = treatment.shape
    unit = np.repeat(np.arange(units), periods)
    cell = np.repeat(groups, periods) * periods + np.tile(np.arange(periods), units)
    apart = [cell == c for c in np.unique(cell) if c % periods]
    return np.column_stack([treatment.ravel(), *(unit == u for u in range(units)), *apart])


def likelihood(counts: Any, x: Any, offset: Any, alpha: float) -> Any:
    """Minus the log likelihood of a Poisson or negative binomial, and its slope."""

    def of(coefficients: Any) -> tuple[float, Any]:
        linear = x @ coefficients + offset
        mean = np.exp(linear)
        if not alpha:
            return float((mean - counts * linear).sum()), x.T @ (mean - counts)
        size = 1 / alpha
        terms = gammaln(counts + size) + counts * linear - (counts + size) * np.log(size + mean)
        return float(-terms.sum()), -x.T @ ((counts - mean) / (1 + alpha * mean))

    return of


@pytest.mark.parametrize("family", FAMILIES)
def test_taking_effects_out_gives_the_maximum_of_the_likelihood_with_dummies(family: Family):
    panel = city_years(np.random.default_rng(2), units=9, periods=6, treated=4, starts=(2, 5))
    groups = np.repeat([0, 1, 2], 3)
    groups[:4] = [0, 1, 2, 0]
    made = count_did(
        panel.counts, panel.treatment, exposure=panel.people, groups=groups, family=family
    )
    x = columns(panel.treatment, groups)
    of = likelihood(panel.counts.ravel(), x, np.log(panel.people).ravel(), made.alpha)
    start = np.zeros(x.shape[1])
    start[1:10] = -6.5
    found = minimize(of, start, jac=True, method="BFGS", options={"gtol": 1e-6, "maxiter": 5_000})
    assert made.effect == pytest.approx(found.x[0], abs=1e-5)


def test_alpha_makes_pearsons_statistic_equal_its_degrees_of_freedom():
    made = count_did(*CITIES[:3:2], family="negative_binomial")
    assert made.dispersion == pytest.approx(1, abs=1e-6)
    assert made.alpha == pytest.approx(0.03, abs=0.008)
    assert count_did(*CITIES[:3:2]).dispersion > 5


def test_two_units_and_two_periods_are_the_ratio_of_ratios():
    made = count_did([[200, 150], [1000, 900]], [[0, 1], [0, 0]])
    assert made.effect == pytest.approx(ratio_did(treated=(200, 150), control=(1000, 900)).effect)
    assert made.offenses == pytest.approx(-30)
    assert made.p_value is None  # one treated unit


@pytest.mark.parametrize("family", FAMILIES)
def test_a_known_effect_is_found_and_told_in_offenses(family: Family):
    made = count_did(CITIES.counts, CITIES.treatment, exposure=CITIES.people, family=family)
    counted = CITIES.counts[CITIES.treatment > 0].sum()
    assert made.effect == pytest.approx(-0.2, abs=0.1)
    assert made.percent == pytest.approx(100 * (made.rate_ratio - 1))
    assert made.offenses == pytest.approx(counted * (1 - 1 / made.rate_ratio))
    assert made.offenses is not None
    assert made.offenses_interval is not None
    assert made.offenses_interval.lower < made.offenses < made.offenses_interval.upper


@given(st.permutations(range(60)), st.sampled_from(FAMILIES))
@settings(max_examples=12)
def test_the_order_of_units_does_not_matter(order: list[int], family: Family):
    plain = count_did(CITIES.counts, CITIES.treatment, family=family)
    mixed = count_did(CITIES.counts[order], CITIES.treatment[order], family=family)
    for name in ("effect", "standard_error", "bias_reduced_error", "degrees", "alpha"):
        assert getattr(mixed, name) == pytest.approx(getattr(plain, name), rel=1e-5)


@given(st.floats(0.01, 1000))
@settings(max_examples=12)
def test_the_unit_of_exposure_does_not_matter(unit: float):
    plain = count_did(CITIES.counts, CITIES.treatment, exposure=CITIES.people)
    made = count_did(CITIES.counts, CITIES.treatment, exposure=unit * CITIES.people)
    assert made.effect == pytest.approx(plain.effect, abs=1e-9)
    assert made.bias_reduced_error == pytest.approx(plain.bias_reduced_error)


def test_ten_times_the_counts_are_the_same_ratio_by_poisson():
    plain, made = (count_did(k * CITIES.counts, CITIES.treatment) for k in (1, 10))
    assert made.effect == pytest.approx(plain.effect)
    assert made.standard_error == pytest.approx(plain.standard_error)
    assert made.dispersion == pytest.approx(10 * plain.dispersion)


def test_exposure_that_grows_with_the_treated_is_no_effect():
    people = CITIES.people * np.exp(0.7 * CITIES.treatment)
    plain = count_did(CITIES.counts, CITIES.treatment, exposure=CITIES.people)
    made = count_did(CITIES.counts, CITIES.treatment, exposure=people)
    assert made.effect == pytest.approx(plain.effect - 0.7)


# --- zeros ------------------------------------------------------------------------------------


def rare(seed: int = 3) -> Panel:
    panel = city_years(np.random.default_rng(seed), units=30, periods=10, starts=(5, 6))
    counts = np.random.default_rng(seed).poisson(0.8, panel.counts.shape).astype(float)
    return panel._replace(counts=counts)


def test_units_without_any_event_are_left_out_and_named():
    panel = rare()
    panel.counts[[2, 25]] = 0
    made = count_did(panel.counts, panel.treatment)
    without = np.delete(np.arange(30), [2, 25])
    alone = count_did(panel.counts[without], panel.treatment[without])
    assert made.dropped_units == (2, 25)
    assert made.notes[0] == "2 units without any event are left out"
    assert made.effect == pytest.approx(alone.effect)
    assert made.standard_error == pytest.approx(alone.standard_error)
    assert made.p_value == pytest.approx(alone.p_value)


def test_periods_without_any_event_are_left_out():
    panel = rare()
    panel.counts[:, 3] = 0
    made = count_did(panel.counts, panel.treatment)
    keep = np.arange(10) != 3
    alone = count_did(panel.counts[:, keep], panel.treatment[:, keep])
    assert made.effect == pytest.approx(alone.effect)
    assert made.observations == alone.observations == 270


def test_no_event_while_treated_is_a_ratio_of_zero_without_an_error():
    panel = rare()
    made = count_did(panel.counts * (1 - panel.treatment), panel.treatment)
    assert (made.rate_ratio, made.percent) == (0.0, -100.0)
    assert made.standard_error is None
    assert "no event while treated" in made.reason


def test_no_event_before_treatment_is_an_infinite_ratio_without_an_error():
    panel = rare()
    on = panel.treatment.any(axis=1, keepdims=True) & (panel.treatment == 0)
    made = count_did(np.where(on, 0, panel.counts), panel.treatment)
    assert made.rate_ratio == np.inf
    assert "while not treated" in made.reason


def test_a_covariate_that_predicts_zeros_exactly_is_refused():
    panel = rare()
    counts = panel.counts.copy()
    flag = np.zeros((1, *counts.shape))
    flag[0, 15:18, 6:8] = 1
    counts[flag[0] > 0] = 0
    with pytest.raises(BadPanel, match="predicts zeros exactly"):
        count_did(counts, panel.treatment, covariates=flag)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"outcome": -CITIES.counts}, "counts are zero or more"),
        ({"outcome": 0 * CITIES.counts}, "0 in every cell"),
        ({"treatment": np.zeros((60, 14))}, "some must be treated"),
        ({"exposure": np.zeros((60, 14))}, "must be positive"),
        ({"exposure": np.ones(59)}, "they must agree"),
        ({"treatment": np.tile(np.arange(14) > 5, (60, 1))}, "explained by units and periods"),
        ({"clusters": np.zeros(60)}, "one cluster"),
    ],
)
def test_what_compares_nothing_is_refused(change: dict[str, Any], said: str):
    arguments = {"outcome": CITIES.counts, "treatment": CITIES.treatment, **change}
    with pytest.raises(BadPanel, match=said):
        count_did(**arguments)


# --- when nothing happened, and when something did --------------------------------------------


def simulated(runs: int, treated: int, design: Any, **changes: Any) -> tuple[float, float]:
    """The mean estimate of -0.1, and how often the interval holds it."""
    rng = np.random.default_rng(treated)
    found = [
        design(city_years(rng, treated=treated, correlation=0.3, effect=-0.1, **changes))
        for _ in range(runs)
    ]
    return float(np.mean([f.effect for f in found])), float(
        np.mean([-0.1 in f.interval for f in found])
    )


def poisson(panel: Panel) -> Any:
    return count_did(panel.counts, panel.treatment, exposure=panel.people)


def negative_binomial(panel: Panel) -> Any:
    return count_did(
        panel.counts, panel.treatment, exposure=panel.people, family="negative_binomial"
    )


def imputed(panel: Panel) -> Any:
    return imputed_count_did(panel.counts, panel.cohort, exposure=panel.people)


@pytest.mark.parametrize(
    ("design", "treated", "runs"),
    [(poisson, 20, 120), (poisson, 4, 150), (negative_binomial, 20, 80), (imputed, 20, 150),
     (imputed, 4, 150)],
)  # fmt: skip
def test_intervals_hold_the_truth_at_the_size_of_real_panels(design: Any, treated: int, runs: int):
    mean, held = simulated(runs, treated, design)
    assert mean == pytest.approx(-0.1, abs=0.02)
    assert held == pytest.approx(0.955, abs=0.045)


def test_p_values_are_about_uniform_where_nothing_happened():
    rng = np.random.default_rng(5)
    p = np.array([poisson(city_years(rng, correlation=0.3)).p_value for _ in range(200)])
    for level in (0.05, 0.25, 0.5, 0.75):
        assert np.mean(p < level) == pytest.approx(level, abs=0.075)


def test_randomization_holds_its_level_with_two_treated_cities_and_the_usual_error_does_not():
    rng = np.random.default_rng(6)
    usual, by_rank = [], []
    for seed in range(60):
        panel = city_years(rng, units=30, periods=10, treated=2, starts=(5, 6), correlation=0.3)
        found = poisson(panel)
        made = count_panel(panel.counts, panel.treatment, exposure=panel.people)
        usual.append(abs(found.effect) > 2.05 * found.standard_error)
        by_rank.append(randomize_counts(made, draws=39, seed=seed, level=None).p_value <= 0.05)
    assert np.mean(usual) > 0.15
    assert np.mean(by_rank) <= 0.12


def test_randomization_of_counts_finds_an_effect_and_its_interval_holds_it():
    panel = city_years(np.random.default_rng(7), units=40, treated=4, effect=-0.5)
    made = randomize_counts(count_panel(panel.counts, panel.treatment), draws=199, seed=1)
    assert made.p_value <= 0.02
    assert made.interval is not None
    assert -0.5 in made.interval
    assert made.effect in made.interval


# --- imputation -------------------------------------------------------------------------------


def test_growing_effects_come_out_of_imputation_where_one_coefficient_goes_wrong():
    periods = np.arange(12)
    cohort = np.repeat([-1, 3, 7], 20)
    since = np.where(cohort[:, None] >= 0, periods - cohort[:, None], -1)
    effect = np.where(since >= 0, -0.1 * (1 + since), 0.0)
    without = 5_000 * np.exp(0.03 * periods + np.zeros((60, 1)))
    mean, on = without * np.exp(effect), since >= 0
    counts = np.random.default_rng(1).poisson(mean).astype(float)
    truth = np.log(mean[on].sum() / without[on].sum())
    assert imputed_count_did(counts, cohort).effect == pytest.approx(truth, abs=0.01)
    assert abs(count_did(counts, on).effect - truth) > 0.03


def test_what_treated_cells_would_have_had_does_not_depend_on_what_they_had():
    counts = CITIES.counts.copy()
    plain = imputed_count_did(counts, CITIES.cohort)
    counts[CITIES.treatment > 0] *= 3
    made = imputed_count_did(counts, CITIES.cohort)
    assert made.expected == pytest.approx(plain.expected)
    assert made.rate_ratio == pytest.approx(3 * plain.rate_ratio)


def test_the_error_of_predictions_is_that_of_drawing_untreated_counts_anew():
    # Only the untreated cells scatter here: what treated cells had is what was expected of them.
    rng = np.random.default_rng(8)
    mean = np.outer(rng.uniform(50, 500, 24), np.exp(rng.normal(0, 0.1, 8)))
    cohort = np.repeat([-1, 4, 6], 8)
    on = (cohort[:, None] >= 0) & (np.arange(8) >= cohort[:, None])
    found = []
    for _ in range(300):
        counts = np.where(on, mean, rng.poisson(mean))
        found.append(imputed_count_did(counts, cohort))
    scatter = np.std([f.effect for f in found if f.effect is not None])
    claimed = np.sqrt(np.mean([f.standard_error**2 for f in found if f.standard_error]))
    assert claimed == pytest.approx(scatter, rel=0.3)


def test_treated_cells_that_nothing_predicts_are_left_out_and_counted():
    panel = rare()
    counts = panel.counts.copy()
    counts[0, :5] = 0  # this treated unit had no event before
    counts[0, 6] = 2
    made = imputed_count_did(counts, panel.cohort)
    assert made.left_out == 5
    assert "5 treated cells are left out: nothing predicts them" in made.notes


def test_imputation_without_a_before_is_refused():
    panel = rare()
    with pytest.raises(BadPanel, match="no treated cell can be predicted"):
        imputed_count_did(panel.counts, np.where(panel.cohort >= 0, 0, -1))


def test_nothing_counted_while_treated_is_a_ratio_of_zero_with_what_was_expected():
    panel = rare()
    made = imputed_count_did(panel.counts * (1 - panel.treatment), panel.cohort)
    assert (made.effect, made.rate_ratio, made.p_value) == (None, 0.0, None)
    assert made.offenses == -made.expected
    assert "no event was counted" in made.reason
