"""What could pass for an effect is found before one is looked for, and seldom where nothing is."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from baserate.evaluate.panel import NEVER, Floats, Panel
from baserate.evaluate.threats import Threat, threats
from baserate.evaluate.threats.design import slopes, trend_test
from baserate.evaluate.threats.silence import silent, silent_means
from baserate.evaluate.threats.switch import exposed, jump, kinds, without_switched

CITIES, YEARS, START = 30, 16, 9
PEOPLE = 200_000.0


def counts(seed: int = 1, cities: int = CITIES) -> Floats:
    """City-years that wander together and apart, with more scatter than chance alone gives."""
    draw = np.random.default_rng(seed)
    wave = np.cumsum(draw.normal(0, 0.06, YEARS))
    own = np.cumsum(draw.normal(0, 0.03, (cities, YEARS)), axis=1)
    mean = draw.uniform(300, 1500, (cities, 1)) * np.exp(wave + own)
    return np.asarray(draw.negative_binomial(mean / 2, 1 / 3), dtype=float)


def a_panel(outcome: Floats, *, starts: dict[int, int] | None = None, **more: Any) -> Panel:
    """A panel of counts; city 0 is treated unless told."""
    units, periods = outcome.shape
    begun = {0: START} if starts is None else starts
    cohort = np.full(units, NEVER)
    for i, j in begun.items():
        cohort[i] = j
    given: dict[str, Any] = {
        "units": tuple(f"C{i:02}" for i in range(units)),
        "periods": tuple(range(2000, 2000 + periods)),
        "outcome": outcome, "measure": "count", "exposure": np.full(outcome.shape, PEOPLE),
        "cohort": cohort, "dose": (cohort >= 0) * 1.0, "first": min(begun.values()),
        "cluster": tuple(f"C{i:02}" for i in range(units)),
    }  # fmt: skip
    return Panel(**given | more)


def labelled(switches: dict[int, int], old: str = "summary", new: str = "NIBRS") -> Any:
    """How each cell was counted: city i the new way from its period on."""
    return tuple(
        tuple(new if i in switches and j >= switches[i] else old for j in range(YEARS))
        for i in range(CITIES)
    )


def named(panel: Panel, name: str) -> list[Threat]:
    return [t for t in threats(panel) if t.name == name]


# --- the switch of definition or system ----------------------------------------------------------

OTHERS = {i: 3 + i % 9 for i in range(1, 13)}  # a dozen cities, each at its own date


def switched(by: float, at: dict[int, int], seed: int = 3) -> Floats:
    made = counts(seed)
    for i, j in at.items():
        made[i, j:] = np.round(made[i, j:] * by)
    return made


def test_a_switch_planted_as_a_fake_effect_is_caught_and_measured():
    at = {0: START, **OTHERS}
    panel = a_panel(switched(1.25, at), counted_by=labelled(at))
    (threat,) = named(panel, "counted otherwise")
    assert threat.gravity == "grave"
    assert "In 12 units, outside of treatment, the switch moved the outcome by +2" in threat.text
    found = jump(panel, kinds(panel)[0])
    assert found.percent == pytest.approx(25, abs=7)
    assert found.interval is not None
    assert found.interval.lower <= np.log(1.25) <= found.interval.upper
    (start,) = named(panel, "switch at the start")
    assert start.gravity == "grave"
    assert "C00 in 2009" in start.text
    assert "cannot be told apart" in start.text


def test_the_jump_holds_its_truth_about_as_often_as_its_interval_says():
    held = []
    for seed in range(60):
        at = {0: START, **OTHERS}
        panel = a_panel(switched(1.12, at, seed), counted_by=labelled(at))
        limits = jump(panel, kinds(panel)[0]).interval
        assert limits is not None
        held.append(limits.lower <= np.log(1.12) <= limits.upper)
    assert np.mean(held) >= 0.86  # 95 expected of wandering series; 60 panels give it or take 6


def test_treated_cells_say_nothing_of_the_switch():
    """An effect of the program must not pass for one of the system."""
    at = {0: START + 2, **OTHERS}
    outcome = switched(1.0, at)
    one = a_panel(outcome, counted_by=labelled(at))
    halved = outcome.copy()
    halved[0, START:] = np.round(halved[0, START:] / 2)
    other = a_panel(halved, counted_by=labelled(at))
    assert jump(one, kinds(one)[0]).percent == pytest.approx(
        jump(other, kinds(other)[0]).percent, abs=1.0
    )  # the period medians move a little


def test_how_much_a_switch_could_fake_is_its_share_of_the_treateds_after():
    panel = a_panel(counts(), counted_by=labelled({0: START}))
    (kind,) = kinds(panel)
    assert exposed(panel, kind) == 1
    everyone = a_panel(counts(), counted_by=labelled(dict.fromkeys(range(CITIES), START)))
    assert exposed(everyone, kinds(everyone)[0]) == 0
    late = a_panel(counts(), counted_by=labelled({0: 12}))
    assert exposed(late, kinds(late)[0]) == pytest.approx(4 / 7)


def test_a_switch_of_the_treated_alone_cannot_be_measured_and_says_so():
    panel = a_panel(counts(), counted_by=labelled({0: START}))
    (threat,) = named(panel, "counted otherwise")
    assert "cannot be told: no unit switches outside of treatment" in threat.text


def test_a_switch_of_everybody_at_once_is_mild():
    panel = a_panel(counts(), counted_by=labelled(dict.fromkeys(range(CITIES), START)))
    (threat,) = named(panel, "counted otherwise")
    assert threat.gravity == "mild"
    assert not named(panel, "switch at the start")


def test_treated_units_that_start_with_their_own_switches_at_several_dates():
    at = {0: 6, 1: 9, 2: 11}
    panel = a_panel(counts(), starts=at, counted_by=labelled(at))
    (start,) = named(panel, "switch at the start")
    assert "3 of 3 treated units" in start.text


def test_the_answer_without_the_switched_units_stands_beside_the_one_with_them():
    at = {0: 12, 5: 6, 7: 9}
    outcome = counts()
    outcome[1, START:] = np.round(0.7 * outcome[1, START:])
    panel = a_panel(outcome, starts={0: START, 1: START}, counted_by=labelled(at))
    assert "with all units" in without_switched(panel)
    assert "without the 3 whose counting changes" in without_switched(panel)
    assert without_switched(a_panel(outcome)) == ""
    alone = a_panel(outcome, counted_by=labelled({0: START}))
    assert "every treated unit is counted otherwise" in without_switched(alone)


# --- silence -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "said"),
    [(slice(12, 16), "C05 from 2012 to the end"), (slice(6, 8), "C05 in 2006 to 2007"),
     (slice(0, 2), "C05 from the start to 2001"), (slice(4, 5), "C05 in 2004")],
)  # fmt: skip
def test_a_donor_that_stops_reporting_is_named_with_its_periods(cells: slice, said: str):
    outcome = counts()
    outcome[5, cells] = 0
    (threat,) = named(a_panel(outcome), "stopped reporting")
    assert said in threat.text
    assert threat.gravity == "mild"


def test_a_treated_unit_that_stops_reporting_is_grave():
    outcome = counts()
    outcome[0, 11:] = [3, 0, 0, 1, 0]
    (threat,) = named(a_panel(outcome), "stopped reporting")
    assert threat.gravity == "grave"
    assert "C00 from 2011 to the end" in threat.text


def test_silence_of_many_donors_is_grave():
    outcome = counts()
    outcome[10:16, 14:] = 0
    (threat,) = named(a_panel(outcome), "stopped reporting")
    assert (threat.gravity, "far from zero else: 6" in threat.text) == ("grave", True)


def test_rare_offenses_are_often_zero_and_that_is_no_silence():
    draw = np.random.default_rng(4)
    alarms = [silent(draw.poisson(m, (60, 48)).astype(float)).any() for m in (0.5, 2, 5) * 40]
    assert np.mean(alarms) <= 0.02


def test_rates_without_counts_are_looked_at_where_they_are_steady():
    steady = np.array([[50.0, 52, 48, 0, 51], [3.0, 0, 9, 0, 1]])
    assert silent_means(steady).astype(int).tolist() == [[0, 0, 0, 1, 0], [0, 0, 0, 0, 0]]


# --- breaks, trends and size ---------------------------------------------------------------------


def test_a_doubling_of_a_treated_unit_is_found_and_a_clean_panel_is_left_alone():
    found, alarms = 0, 0
    for seed in range(60):
        outcome = counts(seed)
        alarms += any(t.text.startswith("treated") for t in named(a_panel(outcome), "break"))
        outcome[0, 4:] *= 2
        found += any("C00 up in 2004" in t.text for t in named(a_panel(outcome), "break"))
    assert found >= 50
    assert alarms <= 2


def test_where_the_program_begins_is_no_break():
    outcome = counts()
    outcome[0, START:] *= 3
    assert not [t for t in named(a_panel(outcome), "break") if t.text.startswith("treated")]


def test_a_steady_fall_of_one_city_is_no_break():
    outcome = counts()
    outcome[[0, 5, 11]] *= np.exp(-0.15 * np.arange(YEARS))
    assert not named(a_panel(np.round(outcome)), "break")


def test_a_break_no_larger_than_many_others_is_mild():
    outcome = counts()
    outcome[0, 4:] *= 3
    for i, j in ((3, 5), (8, 8), (9, 10), (12, 6)):
        outcome[i, j:] *= 6
    found = [t for t in named(a_panel(outcome), "break") if t.text.startswith("treated")]
    assert [t.gravity for t in found] == ["mild"]


@pytest.mark.parametrize(("units", "treated"), [(12, 1), (50, 1), (50, 5)])
def test_trends_before_are_told_apart_in_one_of_twenty_panels_without_any(units: int, treated: int):
    alarms = []
    for seed in range(400):
        before = counts(seed, units)[:, :START]
        slope = slopes(before) / before.mean(axis=1)
        alarms.append(trend_test(slope, np.arange(units) < treated)[2] <= 0.05)
    assert 0.02 <= np.mean(alarms) <= 0.08


def test_a_trend_before_says_its_size_and_its_p():
    outcome = counts()
    outcome[0] = np.round(outcome[0] * np.exp(0.15 * np.arange(YEARS)))
    (threat,) = named(a_panel(outcome), "pre-trend")
    assert threat.gravity == "grave"
    assert "against the 29 others" in threat.text


def test_who_has_too_few_periods_before_is_named():
    (threat,) = named(a_panel(counts(), starts={0: 3, 1: 9}), "short pre-period")
    assert "C00 (3)" in threat.text
    assert "C01" not in threat.text
