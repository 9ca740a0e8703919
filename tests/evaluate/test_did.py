"""Difference in differences: published figures, laws, and what it says when nothing happened."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.made.panels import city_years

from baserate.errors import BadPanel
from baserate.evaluate.differences.did import level_did, means_did, ratio_did
from baserate.evaluate.differences.few_clusters import randomize_two_way
from baserate.evaluate.differences.twoway import TwoWay, design, two_way
from baserate.evaluate.differences.wild_bootstrap import wild_cluster_bootstrap
from baserate.evaluate.inference.power import (
    could_have_seen,
    log_of_percent,
    mde_of_counts,
    mde_of_placebos,
    minimum_detectable_effect,
)
from baserate.evaluate.inference.randomization import assignments, randomization_inference

COUNTS = st.integers(1, 5_000)
CONTROLS = (  # of Cheng and Hoekstra's third column
    *("l_police", "unemployrt", "poverty", "l_income", "l_prisoner", "l_lagprisoner"),
    *("blackm_15_24", "whitem_15_24", "blackm_25_44", "whitem_25_44"),
    *("l_exp_subsidy", "l_exp_pubwelfare"),
)


# --- two by two -------------------------------------------------------------------------------


def test_the_ratio_is_that_of_the_two_changes():
    made = ratio_did(treated=(200, 150), control=(1000, 1000))
    assert [made.percent, made.offenses] == pytest.approx([-25, -50])
    assert made.standard_error == pytest.approx(np.sqrt(1 / 200 + 1 / 150 + 2 / 1000))


def test_published_changes_of_project_safe_neighborhoods_differ_by_3_2_points(
    expected: dict[str, Any],
):
    cells = expected["psn_2010"]["expected"]
    treated, control = (100 + cells[k] for k in ("target_change_pct", "nontarget_change_pct"))
    made = level_did(treated=(100, treated), control=(100, control))
    assert made.effect == pytest.approx(cells["did_points"])


@given(COUNTS, COUNTS, COUNTS, COUNTS, st.floats(1, 20))
def test_dispersion_widens_the_interval_and_moves_nothing(
    a: int, b: int, c: int, d: int, dispersion: float
):
    plain = ratio_did(treated=(a, b), control=(c, d))
    wide = ratio_did(treated=(a, b), control=(c, d), dispersion=dispersion)
    assert wide.effect == plain.effect
    assert wide.standard_error == pytest.approx(plain.standard_error * np.sqrt(dispersion))
    assert wide.interval.lower <= plain.interval.lower


@given(COUNTS, COUNTS, COUNTS, COUNTS)
def test_no_effect_where_the_treated_are_what_they_would_have_been(a: int, c: int, d: int, k: int):
    assert ratio_did(treated=(a * k, a * d), control=(k, d)).effect == pytest.approx(0, abs=1e-9)
    assert level_did(treated=(a, a + d), control=(c, c + d)).effect == 0


@given(COUNTS, COUNTS, COUNTS, COUNTS)
def test_people_turn_counts_into_rates(a: int, b: int, c: int, d: int):
    grown = ratio_did(treated=(a, 2 * b), control=(c, d), treated_exposure=(1000, 2000))
    assert grown.effect == pytest.approx(ratio_did(treated=(a, b), control=(c, d)).effect)


def test_a_count_of_zero_has_no_ratio_and_a_difference():
    with pytest.raises(BadPanel, match="compare differences"):
        ratio_did(treated=(9, 0), control=(20, 20))
    assert level_did(treated=(9, 0), control=(20, 20)).effect == -9


@pytest.mark.parametrize("bad", [{"dispersion": 0.0}, {"treated_exposure": (0.0, 1.0)}])
def test_senseless_arguments_are_refused(bad: dict[str, Any]):
    with pytest.raises(BadPanel):
        ratio_did(treated=(9, 8), control=(20, 20), **bad)


def test_counting_noise_intervals_hold_the_truth_in_about_95_of_100():
    rng = np.random.default_rng(1)
    held = []
    for _ in range(2_000):
        a, b, c, d = rng.poisson((150, 150 * 0.8, 900, 900))
        made = ratio_did(treated=(a, b), control=(c, d))
        held.append(np.log(0.8) in made.interval)
    assert np.mean(held) == pytest.approx(0.95, abs=0.015)


def test_proposition_99_by_difference_in_differences(shared: Path):
    rows = (shared / "data/program/synthdid/california_prop99.csv").read_text().splitlines()[1:]
    cells = [row.split(";") for row in rows]
    states, years = sorted({c[0] for c in cells}), sorted({c[1] for c in cells})
    packs = np.zeros((len(states), len(years)))
    for state, year, value, _ in cells:
        packs[states.index(state), years.index(year)] = float(value)
    on = np.array(["California" in s for s in states])
    made = means_did(packs, on, years.index("1989"))
    assert made.effect == pytest.approx(-27.349111, abs=1e-6)
    assert made.standard_error is None
    assert "one treated unit" in made.reason


def test_mean_changes_hold_their_level_with_few_treated_units():
    rng = np.random.default_rng(2)
    p = []
    for _ in range(600):
        panel = city_years(rng, treated=5, correlation=0.6, starts=(7, 8))
        on = panel.cohort >= 0
        p.append(means_did(np.log(panel.counts + 0.5), on, 7).p_value)
    assert np.mean(np.array(p) < 0.05) == pytest.approx(0.05, abs=0.025)
    assert np.mean(np.array(p) < 0.5) == pytest.approx(0.5, abs=0.06)


# --- two-way fixed effects --------------------------------------------------------------------


@pytest.fixture(scope="module")
def castle(shared: Path) -> dict[str, Any]:
    """Cheng and Hoekstra's states and years, as arrays by column."""
    pandas = pytest.importorskip("pandas")
    table = pandas.read_stata(shared / "data/program/mixtape/castle.dta")
    table = table.sort_values(["sid", "year"])
    units = table["sid"].nunique()
    names = ("l_homicide", "cdl", "post", "popwt", *CONTROLS)
    arrays = {n: table[n].to_numpy(float).reshape(units, -1) for n in names}
    regions = table[["northeast", "midwest", "south", "west"]].to_numpy().argmax(axis=1)
    return {**arrays, "region": regions.reshape(units, -1)[:, 0]}


@pytest.mark.parametrize(
    ("name", "weighted", "by_region", "controlled"),
    [
        ("weighted_twfe", True, False, False),
        ("weighted_region_year", True, True, False),
        ("weighted_region_year_controls", True, True, True),
        ("unweighted_twfe", False, False, False),
        ("unweighted_region_year", False, True, False),
    ],
)
def test_castle_doctrine_laws_and_homicide(
    castle: dict[str, Any], expected: dict[str, Any],
    name: str, weighted: bool, by_region: bool, controlled: bool,
):  # fmt: skip
    item = expected["castle_cheng_hoekstra"]
    made = two_way(
        castle["l_homicide"],
        castle["cdl"],
        weights=castle["popwt"] if weighted else None,
        groups=castle["region"] if by_region else None,
        covariates=np.stack([castle[c] for c in CONTROLS]) if controlled else None,
        scale="log",
    )
    assert made.effect == pytest.approx(item["expected"][name], abs=item["tolerance"])
    assert made.observations == item["expected"]["n"]
    if name in item["published_se"]:  # the usual error, with unit effects not in K
        assert made.standard_error == pytest.approx(item["published_se"][name], abs=6e-5)


def test_a_year_treated_in_part_is_not_a_year_treated(castle: dict[str, Any]):
    whole = two_way(castle["l_homicide"], castle["post"], weights=castle["popwt"])
    assert whole.effect == pytest.approx(0.0755, abs=6e-5)


def dummies(outcome: Any, treatment: Any, weights: Any, groups: Any) -> float:
    """The coefficient by least squares with a column for each effect."""
    units, periods = outcome.shape
    unit = np.repeat(np.arange(units), periods)
    cell = np.repeat(groups, periods) * periods + np.tile(np.arange(periods), units)
    columns = [treatment.ravel(), *(unit == u for u in range(units))]
    columns += [cell == c for c in np.unique(cell)]
    root = np.sqrt(weights.ravel())
    design = np.column_stack(columns).astype(float) * root[:, None]
    return float(np.linalg.lstsq(design, outcome.ravel() * root, rcond=None)[0][0])


@given(st.integers(0, 10_000))
@settings(max_examples=30)
def test_taking_effects_out_is_least_squares_with_dummies(seed: int):
    rng = np.random.default_rng(seed)
    outcome, treatment = rng.normal(size=(8, 5)), rng.random((8, 5))
    weights = rng.random((8, 5)) * (rng.random((8, 5)) > 0.15)  # some cells are not there
    groups = np.repeat([0, 1], 4)
    made = two_way(outcome, treatment, weights=weights, groups=groups, observed=weights > 0)
    assert made.effect == pytest.approx(dummies(outcome, treatment, weights, groups), abs=1e-8)


def some(seed: int = 3, **changes: Any) -> tuple[Any, Any]:
    panel = city_years(np.random.default_rng(seed), **changes)
    return np.log(panel.counts + 0.5), panel.treatment


@given(st.permutations(range(60)))
@settings(max_examples=30)
def test_the_order_of_units_does_not_matter(order: list[int]):
    outcome, treatment = some()
    plain, mixed = two_way(outcome, treatment), two_way(outcome[order], treatment[order])
    for name in ("effect", "standard_error", "bias_reduced_error", "degrees", "p_value"):
        assert getattr(mixed, name) == pytest.approx(getattr(plain, name), rel=1e-8)


@given(st.floats(-5, 5), st.floats(0.1, 9))
@settings(max_examples=30)
def test_levels_of_units_and_periods_change_nothing_and_scale_scales(shift: float, scale: float):
    outcome, treatment = some()
    plain = two_way(outcome, treatment)
    moved = outcome + shift * np.arange(60)[:, None] + shift * np.arange(14) ** 2
    made = two_way(scale * moved, treatment)
    assert made.effect == pytest.approx(scale * plain.effect, rel=1e-6)
    assert made.bias_reduced_error == pytest.approx(scale * plain.bias_reduced_error, rel=1e-6)


def test_an_effect_put_in_comes_out():
    outcome, treatment = some()
    before = two_way(outcome, treatment).effect
    made = two_way(outcome - 0.3 * treatment, treatment, scale="log")
    assert made.effect == pytest.approx(before - 0.3)
    assert made.percent == pytest.approx(100 * np.expm1(made.effect))


def test_the_percent_of_a_level_is_of_what_would_have_been():
    panel = city_years(np.random.default_rng(4), units=40, starts=(7, 8), alpha=1e-6)
    level = np.full(panel.counts.shape, 50.0) + np.random.default_rng(1).normal(size=(40, 14))
    assert two_way(level - 5 * panel.treatment, panel.treatment).percent == pytest.approx(
        -10, abs=1
    )


def rejections(treated: int, runs: int = 200) -> tuple[float, float, float]:
    """How often a two-way design finds an effect of nothing at 5%: as is usual, CR2, and by p."""
    rng = np.random.default_rng(treated)
    usual, reduced, held = [], [], []
    for _ in range(runs):
        panel = city_years(rng, treated=treated, correlation=0.3, effect=-0.1)
        made = two_way(np.log(panel.counts + 0.5), panel.treatment)
        assert made.p_value is not None
        assert made.interval is not None
        usual.append(abs(made.effect + 0.1) > 2.0 * made.standard_error)
        reduced.append(made.p_value < 0.05)
        held.append(-0.1 in made.interval)
    return float(np.mean(usual)), float(np.mean(reduced)), float(np.mean(held))


def test_intervals_hold_the_truth_with_many_and_with_few_treated_cities():
    usual_many, _, held_many = rejections(20)
    usual_few, _, held_few = rejections(4)
    assert held_many == pytest.approx(0.95, abs=0.035)
    assert held_few == pytest.approx(0.95, abs=0.035)
    assert usual_few > 2 * 0.05  # the usual clustered error rejects the truth too often
    assert usual_few > usual_many


def test_p_values_are_about_uniform_where_nothing_happened():
    rng = np.random.default_rng(5)
    p = []
    for _ in range(300):
        panel = city_years(rng, treated=8, units=45, periods=12, correlation=0.4)
        p.append(two_way(np.log(panel.counts + 0.5), panel.treatment).p_value)
    for level in (0.05, 0.25, 0.5, 0.75):
        assert np.mean(np.array(p) < level) == pytest.approx(level, abs=0.065)


def test_one_treated_unit_has_an_estimate_and_no_error():
    outcome, treatment = some(treated=1)
    made = two_way(outcome, treatment)
    assert (made.interval, made.p_value, made.mde) == (None, None, None)
    assert "ask randomization inference" in made.reason
    assert any("only 1 treated" in note for note in made.notes)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"treatment": np.zeros((60, 14))}, "some must be treated"),
        ({"treatment": np.ones((60, 14))}, "some must be treated"),
        ({"treatment": np.tile(np.arange(14) > 6, (60, 1))}, "explained by units and periods"),
        ({"outcome": np.full((60, 14), 3.0)}, "3 in every cell"),
        ({"outcome": np.full((60, 14), np.nan)}, "no number"),
        ({"outcome": [["a", "b"], ["c", "d"]]}, "holds something that is no number"),
        ({"weights": np.full(60, -1.0)}, "zero or more"),
        ({"clusters": np.zeros(60)}, "one cluster"),
        ({"clusters": np.zeros(59)}, "one label for each of 60"),
        ({"covariates": np.tile(np.arange(14.0), (1, 60, 1))}, "explained by units and periods"),
        ({"observed": np.zeros((60, 14), bool)}, "no cell is observed"),
    ],
)
def test_what_compares_nothing_is_refused(change: dict[str, Any], said: str):
    outcome, treatment = some()
    arguments = {"outcome": outcome, "treatment": treatment, **change}
    with pytest.raises(BadPanel, match=said):
        two_way(**arguments)


# --- few treated clusters ---------------------------------------------------------------------


def test_every_assignment_is_tried_where_there_are_few():
    treatment = np.zeros((6, 3))
    treatment[:2, 2] = 1
    orders, complete = assignments(treatment, draws=99, seed=1)
    assert complete
    assert len({tuple(treatment[o][:, 2]) for o in orders}) == len(orders) == 15


def test_strata_keep_treatments_where_they_are():
    treatment = np.zeros((12, 2))
    treatment[[0, 6], 1] = 1
    strata = np.repeat([0, 1], 6)
    orders, complete = assignments(treatment, draws=99, seed=1, strata=strata)
    assert complete
    assert len(orders) == 36
    assert all(treatment[o][:6].sum() == 1 for o in orders)


def test_a_rank_is_the_share_of_assignments_as_extreme():
    values = np.array([5.0, -6.0, 1.0, 2.0, 0.0])
    treatment = np.array([[1.0], [0.0], [0.0], [0.0], [0.0]])
    made = randomization_inference(treatment, lambda d: float(values @ d[:, 0]), seed=1)
    assert made.p_value == 2 / 5
    assert "all 5 assignments" in made.p_rule
    assert made.notes == ("with 5 assignments no p below 0.200 is possible",)


def test_the_quick_sums_are_the_regressions_themselves():
    outcome, treatment = some(treated=3)
    made = randomize_two_way(design(outcome, treatment), draws=40, seed=6, statistic="coefficient")
    orders, _ = assignments(treatment, draws=40, seed=6)
    slow = [two_way(outcome, treatment[order]).effect for order in orders]
    assert made.placebo_effects == pytest.approx(np.array(slow))
    assert made.effect == pytest.approx(two_way(outcome, treatment).effect)


def test_the_interval_by_inversion_holds_what_the_test_does_not_reject():
    outcome, treatment = some(treated=3, effect=-0.4)
    made = randomize_two_way(design(outcome, treatment), draws=199, seed=1)
    assert made.interval is not None
    for effect, inside in ((made.interval.lower, False), (made.effect, True)):
        moved = design(outcome - effect * treatment, treatment)
        assert (randomize_two_way(moved, draws=199, seed=1).p_value > 0.05) == inside


def test_randomization_holds_its_level_with_two_treated_cities_and_the_usual_error_does_not():
    rng = np.random.default_rng(7)
    usual, by_rank, bootstrap = [], [], []
    for seed in range(120):
        panel = city_years(rng, units=40, periods=10, treated=2, starts=(5, 6), correlation=0.4)
        outcome = np.log(panel.counts + 0.5)
        found: TwoWay = two_way(outcome, panel.treatment)
        made = design(outcome, panel.treatment)
        usual.append(abs(found.effect) > 2.02 * found.standard_error)
        by_rank.append(randomize_two_way(made, draws=99, seed=seed, level=None).p_value <= 0.05)
        bootstrap.append(
            wild_cluster_bootstrap(made, draws=99, seed=seed, level=None).p_value <= 0.05
        )
    assert np.mean(usual) > 0.2
    assert np.mean(by_rank) == pytest.approx(0.05, abs=0.045)
    assert np.mean(bootstrap) < 0.06  # it hardly ever rejects, as MacKinnon and Webb say


def test_the_wild_bootstrap_holds_its_level_with_few_clusters_half_of_them_treated():
    rng = np.random.default_rng(8)
    p = []
    for seed in range(200):
        panel = city_years(rng, units=12, periods=10, treated=6, correlation=0.4)
        made = design(np.log(panel.counts + 0.5), panel.treatment)
        p.append(wild_cluster_bootstrap(made, draws=199, seed=seed, level=None).p_value)
    assert np.mean(np.array(p) <= 0.05) == pytest.approx(0.05, abs=0.045)


def test_the_wild_bootstrap_agrees_with_regressions_on_made_up_outcomes():
    # Its t of each draw, worked out slowly: the outcome is remade, effects are fitted again.
    outcome, treatment = some(units=10, treated=5)
    made = design(outcome, treatment)
    fitted = made.fit()
    left = fitted.residuals + fitted.coefficients[0] * fitted.regressors[0]  # no effect imposed
    rng = np.random.default_rng(9)
    six = np.sqrt([1.5, 1.0, 0.5])
    weights = rng.choice(np.concatenate([-six, six]), size=(99, 10))
    observed = two_way(outcome, treatment)
    ts = []
    for w in weights:
        again = two_way(w[:, None] * left, treatment)
        ts.append(again.effect / again.standard_error)
    slow = (1 + np.sum(np.abs(ts) >= abs(observed.effect / observed.standard_error))) / 100
    assert wild_cluster_bootstrap(made, draws=99, seed=9).p_value == pytest.approx(slow)


def test_tests_refuse_what_the_regression_refuses():
    outcome, _ = some(treated=3)
    shared = design(outcome, np.tile(np.arange(14) > 5, (60, 1)))
    with pytest.raises(BadPanel, match="explained by units and periods"):
        wild_cluster_bootstrap(shared, seed=1)
    with pytest.raises(BadPanel, match="same treatment"):
        randomize_two_way(shared, seed=1)


def test_an_interval_that_few_assignments_cannot_bound_is_infinite():
    outcome, treatment = some(treated=2, units=10)
    made = randomize_two_way(design(outcome, treatment), draws=9, seed=1)
    assert made.interval is not None
    assert (made.interval.lower, made.interval.upper) == (-np.inf, np.inf)
    assert "no p below 0.100 is possible" in made.notes[0]


# --- power ------------------------------------------------------------------------------------


def test_the_minimum_detectable_effect_is_2_8_errors():
    assert minimum_detectable_effect(1.0) == pytest.approx(2.8016, abs=5e-5)
    assert minimum_detectable_effect(0.5, degrees=3) > minimum_detectable_effect(0.5)


def test_an_effect_of_that_size_is_found_in_80_of_100_studies():
    seen = could_have_seen(2.8016, 1.0)
    assert seen.power == pytest.approx(0.8, abs=1e-4)
    assert could_have_seen(0.0, 1.0).power == pytest.approx(0.05)
    assert not could_have_seen(log_of_percent(-4), 0.05).could


def test_counts_of_this_size_could_not_see_4_percent():
    made = mde_of_counts(treated=(400, 400), control=(4000, 4000), dispersion=4)
    assert made.fall_percent < -20
    assert made.standard_error == pytest.approx(2 * np.sqrt(2 / 400 + 2 / 4000))


@given(st.lists(st.floats(-1, 1), min_size=20, max_size=80, unique=True))
@settings(max_examples=30)
def test_the_effect_that_placebos_let_through_is_found_that_often(effects: list[float]):
    found = mde_of_placebos(effects)
    placebos = np.array(effects)
    for sign in (1, -1):
        ranks = [
            1
            + np.sum(np.abs(np.delete(placebos, j)) >= abs(placebos[j] + sign * found * (1 + 1e-9)))
            for j in range(placebos.size)
        ]
        assert np.mean(np.array(ranks) / placebos.size <= 0.05) >= 0.8 - 1e-9


def test_too_few_placebos_can_find_nothing():
    assert mde_of_placebos(np.linspace(-1, 1, 19)) == np.inf
