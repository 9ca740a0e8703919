"""A panel has one number for every unit and period, or says which are wrong."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from baserate.errors import BadPanel
from baserate.evaluate.from_store import read_panel
from baserate.evaluate.lay_out import panel_of
from baserate.evaluate.panel import NEVER, Panel
from baserate.evaluate.read_study import read_study
from baserate.evaluate.study import Study, TreatedUnit
from baserate.evaluate.threats import threats
from baserate.store.open import Store

TEXT = """
title = "A program"
[panel]
data = "x.csv"
unit = "city"
period = "year"
outcome = "n"
exposure = "people"
measure = "count"
counted_by = "how"
[treated]
units = [{ name = "A", start = 2015 }]
[window]
pre = [2008, 2014]
post = [2015, 2018]
"""
YEARS = range(2008, 2019)
CITIES = "ABCDEFGH"


@pytest.fixture
def study(tmp_path: Path) -> Study:
    path = tmp_path / "study.toml"
    path.write_text(TEXT)
    return read_study(path)


def cells(seed: int = 1, **changes: Any) -> dict[str, list[object]]:
    """Eight cities that move alike but for chance."""
    draw = np.random.default_rng(seed)
    rows = [(c, y) for c in CITIES for y in YEARS]
    level = {c: 300 + 40 * i for i, c in enumerate(CITIES[1:])} | {"A": 420}
    made: dict[str, list[object]] = {
        "city": [c for c, _ in rows],
        "year": [y for _, y in rows],
        "n": [int(draw.poisson(level[c])) for c, _ in rows],
        "people": [100_000 for _ in rows],
        "how": ["SRS" for _ in rows],
    }
    return {**made, **changes}


def changed(name: str, at: int, value: object) -> dict[str, list[object]]:
    made = cells()
    made[name][at] = value
    return made


def test_a_panel_is_units_by_periods_in_order(study: Study):
    panel = panel_of(cells(), study)
    assert (panel.units, panel.periods) == (tuple(CITIES), tuple(YEARS))
    assert panel.outcome.shape == (8, 11)
    assert (panel.first, panel.cohort.tolist()) == (7, [7] + [NEVER] * 7)
    assert panel.comparable == pytest.approx(panel.outcome)  # of 100,000 people each


def test_the_order_of_rows_does_not_matter(study: Study):
    made, mixed = cells(), np.random.default_rng(2).permutation(88)
    shuffled = {name: [column[i] for i in mixed] for name, column in made.items()}
    assert (panel_of(shuffled, study).outcome == panel_of(made, study).outcome).all()


@pytest.mark.parametrize(
    ("made", "says"),
    [
        (changed("year", 1, 2008), "A in 2008 stands in rows 1 and 2"),
        (changed("city", 1, "Z"), "have gaps: A has no row for 2009"),
        (changed("n", 3, "many"), r"n of A in 2011 \(row 4\) is 'many'"),
        (changed("n", 3, None), "which is no number"),
        (changed("n", 3, float("nan")), "which is no number"),
        (changed("n", 3, -1), "a count is zero or more"),
        (changed("n", 3, 1.5), "a count is a whole number"),
        (changed("people", 3, 0), "people are more than none"),
        (changed("year", 3, "2011.5"), "periods are whole numbers"),
        (cells(n=[7] * 88), "there is nothing to compare"),
        ({k: v for k, v in cells().items() if k != "n"}, "no column 'n'"),
    ],
)
def test_cells_that_no_design_could_use_are_named(study: Study, made: Any, says: str):
    with pytest.raises(BadPanel, match=says):
        panel_of(made, study)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"treated": (TreatedUnit("Aa", 2015),)}, "no unit called 'Aa'; it has A, B"),
        ({"treated": (TreatedUnit("A", 2030),)}, "treated from 2030"),
        ({"treated": (TreatedUnit("A", 2008),)}, "needs periods before it"),
        ({"treated": tuple(TreatedUnit(c, 2015) for c in CITIES)}, "every unit is treated"),
        ({"post": (2030, 2031)}, r"no period of post = \[2030, 2031\]; they have 2008 to 2018"),
        ({"donors_without": ("Nobody",)}, "no unit called 'Nobody'"),
    ],
)
def test_a_study_that_does_not_fit_its_data_is_told(study: Study, change: Any, says: str):
    with pytest.raises(BadPanel, match=says):
        panel_of(cells(), replace(study, **change))


def test_codes_that_a_file_holds_as_decimals_are_whole_numbers(study: Study):
    codes = cells(city=[float(53033000 + "ABCDEFGH".index(c)) for c in map(str, cells()["city"])])
    panel = panel_of(codes, replace(study, treated=(TreatedUnit("53033000", 2015),)))
    assert panel.units[0] == "53033000"


def test_donors_are_those_the_study_names(study: Study):
    only = panel_of(cells(), replace(study, donors_only=("B", "C")))
    without = panel_of(cells(), replace(study, donors_without=("B", "C")))
    assert (only.units, without.units) == (("A", "B", "C"), tuple("ADEFGH"))


# --- threats -------------------------------------------------------------------------------------


def names(panel: Panel) -> set[str]:
    return {t.name for t in threats(panel)}


def test_a_quiet_panel_has_only_few_clusters(study: Study):
    assert names(panel_of(cells(), study)) == {"few clusters", "too few to rank"}


def test_a_trend_before_is_found(study: Study):
    made = cells()
    for i, (city, year) in enumerate(zip(made["city"], made["year"], strict=True)):
        if city == "A":
            made["n"][i] = 420 + 25 * (int(str(year)) - 2011)
    assert "pre-trend" in names(panel_of(made, study))


def test_a_switch_of_system_in_treated_units_alone_is_a_grave_threat(study: Study):
    made = cells()
    for i, (city, year) in enumerate(zip(made["city"], made["year"], strict=True)):
        if city == "A" and int(str(year)) >= 2015:
            made["how"][i] = "NIBRS"
    (threat,) = [t for t in threats(panel_of(made, study)) if t.name == "counted otherwise"]
    assert threat.gravity == "grave"
    assert "A in 2015" in threat.text


def test_a_switch_everywhere_at_once_is_mild(study: Study):
    made = cells()
    made["how"] = ["NIBRS" if int(str(y)) >= 2015 else "SRS" for y in made["year"]]
    (threat,) = [t for t in threats(panel_of(made, study)) if t.name == "counted otherwise"]
    assert threat.gravity == "mild"


def test_a_donor_that_stops_reporting_shows_as_a_break(study: Study):
    made = cells()
    for i, (city, year) in enumerate(zip(made["city"], made["year"], strict=True)):
        if city == "H" and int(str(year)) >= 2013:
            made["n"][i] = 0
    found = [t for t in threats(panel_of(made, study)) if t.name == "break"]
    assert ["H" in t.text and "down in 2013" in t.text for t in found] == [True]


def test_rare_outcomes_and_units_without_any_are_said(study: Study):
    made = cells()
    made["n"] = [0 if c == "B" else i % 3 for i, c in enumerate(made["city"])]
    assert {"rare", "all zero"} <= names(panel_of(made, study))


def test_a_treated_unit_unlike_all_others_is_out_of_range(study: Study):
    made = cells()
    made["n"] = [
        5 * int(str(n)) if c == "A" else n for n, c in zip(made["n"], made["city"], strict=True)
    ]
    assert "out of range" in names(panel_of(made, study))


# --- from the records ----------------------------------------------------------------------------


def of_states(folder: Path, start: int, pre: str, post: str, extra: str = "") -> Study:
    path = folder / "study.toml"
    path.write_text(
        f'title = "x"\n[panel]\noffense = "violent crime"\n{extra}\n[treated]\n'
        f'units = [{{ name = "Missouri", start = {start} }}]\n[window]\npre = {pre}\npost = {post}'
    )
    return read_study(path)


def test_the_switch_of_the_rape_definition_is_found_in_the_records(tmp_path: Path, store: Store):
    study = of_states(tmp_path, 2013, "[2005, 2012]", "[2013, 2016]")
    panel = read_panel(study, store)[1]
    assert panel.outcome.shape == (51, 12)
    (threat,) = [t for t in threats(panel) if t.name == "counted otherwise"]
    assert threat.gravity == "mild"  # in all States at once
    assert "2013" in threat.text


def test_one_definition_throughout_is_no_threat(tmp_path: Path, store: Store):
    extra = 'definition = "legacy"'
    study = of_states(tmp_path, 2013, "[2005, 2012]", "[2013, 2016]", extra)
    assert "counted otherwise" not in names(read_panel(study, store)[1])
