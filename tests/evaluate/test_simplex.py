"""Weights on the simplex: against every possible support, and against the optimality conditions."""

from __future__ import annotations

import sys
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from baserate.evaluate.synthetic.compiled import compiled
from baserate.evaluate.synthetic.simplex import (
    is_only_solution,
    simplex_weights,
    simplex_weights_each,
    simplex_weights_under,
)

Floats = NDArray[np.float64]

seeds = st.integers(0, 10**6)


def problem(seed: int, periods: int, donors: int) -> tuple[Floats, Floats]:
    """Donors that move together, as cities do, and a target near one of their means."""
    rng = np.random.default_rng(seed)
    common = np.cumsum(rng.normal(size=(periods, 2)), axis=0)
    columns = (
        500 + 50 * common @ rng.normal(size=(2, donors)) + 9 * rng.normal(size=(periods, donors))
    )
    target = columns @ rng.dirichlet(np.full(donors, 0.3)) + 20 * rng.normal(size=periods)
    return columns, target


def loss(columns: Floats, target: Floats, w: Floats, ridge: float = 0.0) -> float:
    return float(np.sum((columns @ w - target) ** 2) + ridge * w @ w)


def best_of_all_supports(columns: Floats, target: Floats, ridge: float) -> Floats:
    """Least squares with a fixed sum for every set of donors; the best with no weight below 0."""
    n, found, least = columns.shape[1], np.zeros(0), np.inf
    for size in range(1, n + 1):
        for support in map(list, combinations(range(n), size)):
            part = columns[:, support]
            system = np.block(
                [[part.T @ part + ridge * np.eye(size), np.ones((size, 1))],
                 [np.ones((1, size)), np.zeros((1, 1))]]
            )  # fmt: skip
            solution = np.linalg.solve(system, np.append(part.T @ target, 1.0))[:-1]
            w = np.zeros(n)
            w[support] = solution
            if solution.min() >= 0 and loss(columns, target, w, ridge) < least:
                found, least = w, loss(columns, target, w, ridge)
    return found


@given(seeds, st.integers(7, 30), st.integers(1, 6), st.sampled_from([0.0, 0.3, 500.0]))
def test_it_is_the_best_of_all_possible_supports(
    seed: int, periods: int, donors: int, ridge: float
):
    columns, target = problem(seed, periods, donors)
    made = simplex_weights(columns, target, ridge=ridge)
    assert made == pytest.approx(best_of_all_supports(columns, target, ridge), abs=1e-7)


@given(seeds, st.integers(1, 25), st.integers(1, 300), st.sampled_from([0.0, 1e-6, 40.0]))
def test_no_donor_could_be_given_weight_at_a_gain(
    seed: int, periods: int, donors: int, ridge: float
):
    columns, target = problem(seed, periods, donors)
    w = simplex_weights(columns, target, ridge=ridge)
    slope = columns.T @ (columns @ w - target) + ridge * w
    assert w.min() >= 0
    assert w.sum() == pytest.approx(1, abs=1e-12)
    assert (slope - slope @ w).min() >= -1e-7 * np.abs(columns).max() ** 2


@given(seeds, st.integers(2, 12), st.integers(1, 40))
def test_copies_of_donors_do_not_change_the_fit(seed: int, periods: int, donors: int):
    columns, target = problem(seed, periods, donors)
    doubled = np.hstack([columns, columns[:, ::-1]])
    once, twice = simplex_weights(columns, target), simplex_weights(doubled, target)
    assert loss(doubled, target, twice) == pytest.approx(loss(columns, target, once), abs=1e-6)


@given(seeds, st.floats(-1e4, 1e4), st.floats(1e-3, 1e3))
def test_neither_level_nor_unit_of_the_outcome_matters(seed: int, level: float, unit: float):
    columns, target = problem(seed, 15, 8)
    moved = simplex_weights(unit * columns + level, unit * target + level)
    assert moved == pytest.approx(simplex_weights(columns, target), abs=1e-6)


@given(seeds)
def test_the_order_of_donors_does_not_matter(seed: int):
    columns, target = problem(seed, 15, 8)
    order = np.random.default_rng(seed).permutation(8)
    mixed = simplex_weights(columns[:, order], target)
    assert mixed == pytest.approx(simplex_weights(columns, target)[order], abs=1e-9)


@given(seeds, st.integers(1, 20), st.integers(1, 60))
def test_a_mean_of_donors_is_fitted_exactly(seed: int, periods: int, donors: int):
    columns, _ = problem(seed, periods, donors)
    target = columns @ np.random.default_rng(seed).dirichlet(np.ones(donors))
    assert columns @ simplex_weights(columns, target) == pytest.approx(target, abs=1e-6)


def test_every_unit_by_the_others_is_each_by_itself():
    rows = problem(3, 12, 9)[0].T
    others = ~np.eye(9, dtype=np.bool_)
    each = simplex_weights_each(rows, np.arange(9), others)
    for i in range(9):
        alone = simplex_weights(np.delete(rows, i, axis=0).T, rows[i])
        assert np.delete(each[i], i) == pytest.approx(alone, abs=1e-12)
        assert each[i, i] == 0


@given(seeds)
def test_importance_is_a_scale_on_rows(seed: int):
    columns, target = problem(seed, 12, 7)
    importance = np.random.default_rng(seed).uniform(0.01, 1, (3, 12))
    made = simplex_weights_under(columns, target, importance)
    for w, v in zip(made, np.sqrt(importance), strict=True):
        assert w == pytest.approx(simplex_weights(columns * v[:, None], target * v), abs=1e-9)


def test_a_solution_is_the_only_one_unless_donors_can_be_swapped():
    columns, target = problem(5, 20, 6)
    w = simplex_weights(columns, target)
    assert is_only_solution(columns, target, w)
    doubled = np.hstack([columns, columns])
    assert not is_only_solution(doubled, target, simplex_weights(doubled, target))


def test_inside_the_donors_there_are_many_solutions():
    columns, _ = problem(6, 3, 40)
    target = columns.mean(axis=1)
    assert not is_only_solution(columns, target, simplex_weights(columns, target))


def test_donors_that_all_equal_the_target_are_no_trouble():
    columns = np.full((4, 3), 7.0)
    w = simplex_weights(columns, columns[:, 0])
    assert w.min() >= 0
    assert w.sum() == pytest.approx(1)


def test_without_numba_loops_stay_python(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "numba", None)

    def loop(x: int) -> int:
        return x + 1

    assert compiled(loop) is loop
