"""Callaway and Sant'Anna: published figures, laws, and how often intervals hold the truth."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.made.panels import city_years

from baserate.errors import BadPanel
from baserate.evaluate.staggered.aggregations import aggregate, simple
from baserate.evaluate.staggered.callaway_santanna import (
    StaggeredDid,
    callaway_santanna,
    randomize_cohorts,
)
from baserate.evaluate.staggered.group_time import AttGt, att_gt, pretest

FIRST_YEAR = 2003
# Callaway and Sant'Anna's own example, bcallaway11/did, README: error of the mean over cohorts, by
# bootstrap with 1,000 draws, which itself scatters by about 4%.
PUBLISHED_ERROR = 0.0126
# diff-diff 3.13.0, CallawaySantAnna(estimation_method="reg"), on the same file, 22 November 2026.
SECOND_OPINION = {
    (2004, 2007): 0.034359225834673233,
    (2006, 2004): 0.023326805141804706,
    (2007, 2007): 0.016655435349252172,
    "simple": 0.012034012770185423,
    "dynamic": (0.01503356028013004, 0.013291644736549993, 0.01423640221051932,
                0.011826364058058179, 0.016893476268677994, 0.0364356642876865,
                0.034359225834673233),
    "group": (0.026367799435027265, 0.016703330255161918, 0.016655435349252172),
}  # fmt: skip


@pytest.fixture(scope="module")
def counties(shared: Path) -> tuple[Any, Any]:
    """Log employment by county and year, and each county's cohort."""
    with (shared / "data/program/did/mpdta.csv").open() as file:
        rows = list(csv.DictReader(file))
    names = sorted({r["countyreal"] for r in rows})
    place = {name: i for i, name in enumerate(names)}
    outcome, cohort = np.zeros((len(names), 5)), np.zeros(len(names), dtype=int)
    for r in rows:
        unit, first = place[r["countyreal"]], int(r["first.treat"])
        outcome[unit, int(r["year"]) - FIRST_YEAR] = float(r["lemp"])
        cohort[unit] = first - FIRST_YEAR if first else -1
    return outcome, cohort


@pytest.fixture(scope="module")
def wages(counties: tuple[Any, Any]) -> StaggeredDid:
    return callaway_santanna(*counties, scale="log", seed=1, draws=10_000)


def test_the_minimum_wage_example_gives_the_published_effects(
    wages: StaggeredDid, expected: dict[str, Any]
):
    item = expected["mpdta_cs"]
    figures, near = item["expected"], item["tolerance"]
    assert len(wages.att.effect) == len(figures["att_gt"]) == 12
    for names, effect in figures["att_gt"].items():
        g, t = (int(year) - FIRST_YEAR for year in names.split(","))
        assert wages.att.at(g, t) == pytest.approx(effect, abs=near), names
    dynamic = dict(zip(wages.dynamic.label.tolist(), wages.dynamic.effect, strict=True))
    for since, effect in figures["dynamic"].items():
        assert dynamic[int(since)] == pytest.approx(effect, abs=near), since
    assert wages.dynamic.overall.effect == pytest.approx(figures["dynamic_overall"], abs=near)
    assert wages.group.effect == pytest.approx(list(figures["group"].values()), abs=near)
    assert wages.effect == pytest.approx(figures["group_overall"], abs=near)
    assert wages.simple.effect == pytest.approx(figures["simple"], abs=near)
    sizes = {str(g + FIRST_YEAR): n for g, n in wages.att.cohort_sizes.items()}
    assert sizes == figures["n_group"]


def test_the_minimum_wage_example_gives_the_published_error(wages: StaggeredDid):
    found = wages.group.overall
    assert found.bootstrap_error == pytest.approx(PUBLISHED_ERROR, abs=1.5e-4)
    assert found.standard_error == pytest.approx(PUBLISHED_ERROR, rel=0.02)


def test_the_minimum_wage_example_gives_the_published_pretest(wages: StaggeredDid):
    assert wages.pretest.p_value == pytest.approx(0.168, abs=5e-4)


def test_errors_agree_with_a_second_implementation(wages: StaggeredDid):
    for key, error in SECOND_OPINION.items():
        if isinstance(key, tuple):
            at = (wages.att.cohort == key[0] - 2003) & (wages.att.period == key[1] - 2003)
            assert wages.att.standard_error[at] == pytest.approx(error, abs=1e-12)
    assert wages.simple.standard_error == pytest.approx(SECOND_OPINION["simple"], abs=1e-12)
    for kind in ("dynamic", "group"):
        made = getattr(wages, kind).standard_error
        assert made == pytest.approx(np.array(SECOND_OPINION[kind]), abs=1e-12)


# --- laws -------------------------------------------------------------------------------------


def some(seed: int = 1, **changes: Any) -> tuple[Any, Any]:
    panel = city_years(
        np.random.default_rng(seed), **{"units": 40, "periods": 9, "starts": (3, 7), **changes}
    )
    return np.log(panel.counts + 0.5), panel.cohort


def by_hand(outcome: Any, cohort: Any, g: int, t: int, since: int, controls: Any) -> float:
    change = outcome[:, t] - outcome[:, since]
    return float(change[cohort == g].mean() - change[controls].mean())


@pytest.mark.parametrize("controls", ["never", "not_yet"])
def test_each_effect_is_a_difference_of_mean_changes(controls: Any):
    outcome, cohort = some()
    made = att_gt(outcome, cohort, controls=controls)
    for g, t, since, effect in zip(made.cohort, made.period, made.base, made.effect, strict=True):
        others = cohort == -1
        if controls == "not_yet":
            others = others | ((cohort > max(t, since)) & (cohort != g))
        assert since == (g - 1 if t >= g else t - 1)
        assert effect == pytest.approx(by_hand(outcome, cohort, g, t, since, others))


def long_influence(made: AttGt, outcome: Any, cohort: Any) -> Any:
    """Influence of each unit on each effect, straight from its definition."""
    units = len(outcome)
    table = np.zeros((units, made.effect.size))
    for k, (g, t, since) in enumerate(zip(made.cohort, made.period, made.base, strict=True)):
        others = (cohort == -1) | ((cohort > max(t, since)) & (cohort != g))
        change = outcome[:, t] - outcome[:, since]
        for side, sign in ((cohort == g, 1), (others, -1)):
            share = units / side.sum()
            table[side, k] = sign * share * (change[side] - change[side].mean())
    return table


def test_errors_and_covariances_are_those_of_the_influence_functions():
    outcome, cohort = some()
    made = att_gt(outcome, cohort, controls="not_yet")
    table = long_influence(made, outcome, cohort)
    assert made.influence.on(np.eye(made.effect.size)) == pytest.approx(table)
    covariance = table.T @ table / len(table) ** 2
    assert made.influence.covariance() == pytest.approx(covariance)
    assert made.standard_error == pytest.approx(np.sqrt(np.diag(covariance)))


@given(st.permutations(range(40)))
@settings(max_examples=30)
def test_the_order_of_units_does_not_matter(order: list[int]):
    outcome, cohort = some()
    plain, mixed = (aggregate(att_gt(y, g), "dynamic") for y, g in (
        (outcome, cohort), (outcome[order], cohort[order])
    ))  # fmt: skip
    assert mixed.effect == pytest.approx(plain.effect)
    assert mixed.covariance == pytest.approx(plain.covariance)


@given(st.floats(-3, 3), st.floats(0.1, 9))
@settings(max_examples=30)
def test_levels_of_units_and_shared_changes_do_not_matter(shift: float, scale: float):
    outcome, cohort = some()
    moved = scale * (outcome + shift * np.arange(40)[:, None] + shift * np.arange(9) ** 2)
    plain, made = simple(att_gt(outcome, cohort)), simple(att_gt(moved, cohort))
    assert made.effect == pytest.approx(scale * plain.effect, rel=1e-6, abs=1e-9)
    assert made.standard_error == pytest.approx(scale * plain.standard_error, rel=1e-6)


def test_growing_effects_come_out_where_two_way_effects_go_wrong():
    periods = np.arange(12)
    cohort = np.repeat([-1, 3, 7], 20)
    since = np.where(cohort[:, None] >= 0, periods - cohort[:, None], -1)
    effect = np.where(since >= 0, -1.0 - since, 0.0)
    outcome = 50 + effect + 0.01 * np.random.default_rng(1).normal(size=(60, 12))
    path = aggregate(att_gt(outcome, cohort), "dynamic")
    after = path.label >= 0
    assert path.effect[after] == pytest.approx(-1.0 - path.label[after], abs=0.02)
    assert path.effect[~after] == pytest.approx(0, abs=0.02)


def test_the_total_is_the_effect_on_all_treated_cells():
    cohort = np.repeat([-1, 3, 5], 10)
    on = (cohort[:, None] >= 0) & (np.arange(8) >= cohort[:, None])
    outcome = 50 - 4.0 * on + 0.001 * np.random.default_rng(1).normal(size=(30, 8))
    made = callaway_santanna(outcome, cohort, seed=1, draws=100)
    assert made.total == pytest.approx(-4 * on.sum(), rel=1e-3)
    assert made.percent == pytest.approx(-8, rel=1e-3)


def test_anticipation_moves_the_base_and_not_the_start():
    outcome, cohort = some(starts=(4, 6))
    made = att_gt(outcome, cohort, anticipation=1)
    assert set(made.base[made.is_post] - made.cohort[made.is_post]) == {-2}


def test_a_universal_base_is_the_last_period_before_treatment():
    made = att_gt(*some(), base="universal")
    assert set(made.base - made.cohort) == {-1}


def test_clusters_of_one_unit_are_the_units():
    outcome, cohort = some()
    plain = simple(att_gt(outcome, cohort))
    named = simple(att_gt(outcome, cohort, clusters=[f"city {i}" for i in range(40)]))
    assert named == plain


def test_units_that_are_copies_of_one_another_add_nothing_once_clustered():
    outcome, cohort = some()
    plain = att_gt(outcome, cohort)
    twice = att_gt(np.tile(outcome, (2, 1)), np.tile(cohort, 2), clusters=np.tile(range(40), 2))
    factor = np.sqrt(40 / 39)
    assert twice.standard_error == pytest.approx(factor * plain.standard_error)
    assert simple(twice).standard_error == pytest.approx(factor * simple(plain).standard_error)


def test_a_band_holds_all_and_so_is_wider_than_each_interval():
    path = aggregate(att_gt(*some()), "dynamic", draws=999, seed=1)
    again = aggregate(att_gt(*some()), "dynamic", draws=999, seed=1)
    assert path.critical is not None
    assert path.critical > 1.96
    assert path.critical == again.critical


# --- when nothing happened --------------------------------------------------------------------


@pytest.mark.parametrize(("treated", "controls"), [(20, "never"), (6, "not_yet")])
def test_intervals_hold_the_truth_at_the_size_of_real_panels(treated: int, controls: Any):
    rng = np.random.default_rng(treated)
    held = []
    for _ in range(300):
        panel = city_years(rng, treated=treated, correlation=0.3, effect=-0.1)
        made = att_gt(np.log(panel.counts + 0.5), panel.cohort, controls=controls)
        held.append(-0.1 in aggregate(made, "group").overall.interval)
    assert np.mean(held) == pytest.approx(0.95, abs=0.035)


def test_p_values_are_about_uniform_where_nothing_happened():
    rng = np.random.default_rng(3)
    p = []
    for _ in range(400):
        panel = city_years(rng, units=50, treated=15, periods=12, correlation=0.3)
        made = att_gt(np.log(panel.counts + 0.5), panel.cohort, controls="not_yet")
        p.append(aggregate(made, "group").overall.p_value)
    for level in (0.05, 0.25, 0.5, 0.75):
        # Cohorts of two or three leave few degrees of freedom, so that p is on the cautious side.
        assert np.mean(np.array(p) < level) == pytest.approx(level - 0.02, abs=0.065)


def test_the_band_holds_a_whole_path_in_about_95_of_100():
    rng = np.random.default_rng(4)
    held = []
    for _ in range(150):
        cohort = np.repeat([-1, 4], 60)
        outcome = rng.normal(size=(120, 8))
        path = aggregate(att_gt(outcome, cohort), "dynamic", draws=199, seed=1)
        assert path.band_lower is not None
        assert path.band_upper is not None
        held.append(bool(np.all((path.band_lower <= 0) & (path.band_upper >= 0))))
    assert np.mean(held) == pytest.approx(0.95, abs=0.05)


def test_randomization_holds_its_level_with_cohorts_of_one():
    rng = np.random.default_rng(5)
    p = []
    for seed in range(60):
        panel = city_years(rng, units=30, treated=2, periods=9, starts=(3, 7), correlation=0.3)
        outcome = np.log(panel.counts + 0.5)
        p.append(randomize_cohorts(outcome, panel.cohort, draws=39, seed=seed).p_value)
    assert np.mean(np.array(p) <= 0.05) <= 0.12
    assert np.mean(np.array(p) <= 0.5) == pytest.approx(0.5, abs=0.2)


# --- what is refused --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cohort", "said"),
    [
        ([-1] * 40, "no unit is treated"),
        ([9] * 40, "the panel has periods 0 to 8"),
        ([-2] * 40, "the panel has periods 0 to 8"),
        ([0] * 40, "a before is needed"),
        ([4] * 40, "nothing to compare them with|controls='not_yet'"),
        ([3] * 20 + [5] * 20, "controls='not_yet'"),
        ([3.5] * 40, "one whole number"),
        ([3] * 39, "one whole number"),
    ],
)
def test_what_compares_nothing_is_refused(cohort: list[Any], said: str):
    with pytest.raises(BadPanel, match=said):
        att_gt(some()[0], cohort)


def test_units_treated_from_the_start_are_left_out_and_said_to_be():
    outcome, cohort = some()
    cohort[0] = 0
    made = att_gt(outcome, cohort)
    assert any("1 units treated from the first period are left out" in n for n in made.notes)
    assert made.effect == pytest.approx(att_gt(outcome[1:], cohort[1:]).effect)


def test_when_all_are_treated_in_the_end_the_not_yet_treated_are_compared():
    outcome, _ = some()
    cohort = np.repeat([3, 5], 20)
    made = att_gt(outcome, cohort, controls="not_yet")
    assert made.period[made.is_post].max() == 4  # then nobody is left to compare with
    assert (5, 1) in set(zip(made.cohort.tolist(), made.period.tolist(), strict=True))


def test_small_cohorts_borrow_their_scatter_and_are_named():
    outcome, cohort = some(treated=1)
    made = callaway_santanna(outcome, cohort, seed=1, draws=100)
    assert any("fewer than 5 units" in note for note in made.notes)
    assert made.group.overall.small_sample_error > made.standard_error


def test_too_many_effects_before_treatment_for_a_test_are_not_tested():
    made = pretest(att_gt(*some(units=12, treated=6, periods=14)))
    assert made.p_value is None
    assert "too few for Wald's test" in made.reason
    assert made.small_sample_p is not None


def test_the_small_sample_pretest_holds_its_level_where_walds_does_not():
    rng = np.random.default_rng(6)
    wald, small = [], []
    for _ in range(150):
        panel = city_years(rng, units=60, treated=30, periods=9, starts=(4, 7), correlation=0.3)
        made = pretest(att_gt(np.log(panel.counts + 0.5), panel.cohort))
        wald.append((made.p_value or 0) < 0.05)
        small.append((made.small_sample_p or 0) < 0.05)
    assert np.mean(wald) > 0.15
    assert np.mean(small) <= 0.08


def test_a_panel_of_single_units_is_refused():
    with pytest.raises(BadPanel, match="nothing tells chance"):
        att_gt(some()[0][:3], [3, 4, -1])


def test_an_effect_that_was_not_worked_out_is_not_made_up():
    made = att_gt(*some())
    with pytest.raises(BadPanel, match="no effect of cohort 8"):
        made.at(8, 3)
