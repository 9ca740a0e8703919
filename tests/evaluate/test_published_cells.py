"""What cells that a study published can say, and what they cannot."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result

from baserate.cli import main
from baserate.errors import BadStudy
from baserate.evaluate.published_study import evaluate_published, spread_in_records
from baserate.measure.effects.cells import (
    chance_of_lowest,
    expected_lowest,
    largest_spread_told,
    smallest_visible,
    spread_for_lowest,
    standard_error,
)
from baserate.measure.effects.read_cells import published_study
from baserate.measure.effects.shipped import find_study, names, shipped
from baserate.measure.effects.study_file import read_study_file
from baserate.store.open import Store, open_store

CELLS = """
title = "Lamps"
program = "Lamps"
[published]
offense = "robbery"
years = [2001, 2005]
units = "towns"
{more}
[[published.groups]]
name = "lit towns"
treated = true
units = 20
percent = -12.0
[[published.groups]]
name = "dark towns"
treated = false
units = 30
percent = -2.0
"""


@pytest.fixture
def study(tmp_path: Path) -> Any:
    """Writes a study of published cells and runs the command on it."""

    def run(*arguments: str, text: str = CELLS, more: str = "") -> Result:
        path = tmp_path / "lamps.toml"
        path.write_text(text.replace("{more}", more))
        return CliRunner().invoke(
            main, ["evaluate", str(path), "--store", str(tmp_path / "none"), *arguments]
        )

    return run


def psn(*arguments: str, store: Path) -> Result:
    return CliRunner().invoke(main, ["evaluate", "psn-2010", "--store", str(store), *arguments])


# --- arithmetic --------------------------------------------------------------------------------


def test_the_lowest_of_many_draws_is_where_simulation_puts_it():
    draws = np.random.default_rng(4).normal(-0.9, 17.0, size=(40_000, 82)).min(axis=1)
    assert expected_lowest(82, -0.9, 17.0) == pytest.approx(draws.mean(), abs=0.15)
    assert chance_of_lowest(-42, 82, -0.9, 17.0) == pytest.approx((draws <= -42).mean(), abs=0.01)


@pytest.mark.parametrize(("units", "known"), [(1, 0.0), (2, 0.56419), (5, 1.16296), (10, 1.53875)])
def test_the_expected_extremes_of_few_draws_are_the_tabled_ones(units: int, known: float):
    assert expected_lowest(units) == pytest.approx(-known, abs=1e-5)


def test_a_fall_is_the_expected_one_at_the_scatter_it_needs():
    spread = spread_for_lowest(-42, 82, -0.9)
    assert expected_lowest(82, -0.9, spread) == pytest.approx(-42)


def test_a_difference_is_just_told_at_the_largest_scatter():
    spread = largest_spread_told(-3.2, 82, 170)
    assert 3.2 / standard_error(spread, 82, 170) == pytest.approx(1.959964)
    assert smallest_visible(spread, 82, 170) > 3.2  # what would be found in 80 of 100 is larger


# --- Project Safe Neighborhoods ------------------------------------------------------------------


def test_the_cells_of_psn_are_the_published_ones(expected: dict[str, Any]):
    published, cells = expected["psn_2010"]["expected"], shipped()[0].cells
    assert cells.main.points == pytest.approx(published["did_points"])
    assert (cells.main.treated.units, cells.main.other.units) == (
        published["n_target"], published["n_nontarget"],
    )  # fmt: skip
    assert [c.percent for c in cells.cells] == [
        published["target_change_pct"],
        published["nontarget_change_pct"],
        published["high_federal_prosecution_target_pct"],
        published["low_federal_prosecution_nontarget_pct"],
    ]
    assert cells.extremes[0].percent == published["case_study_max_pct_quoted"]


def test_cells_that_differ_in_two_things_compare_neither():
    (mixed,) = shipped()[0].cells.mixed
    assert mixed.points == pytest.approx(-20.9)
    assert not mixed.is_clean
    assert shipped()[0].cells.missing == ((True, "low"), (False, "high"))


def test_without_records_psn_says_how_little_cities_would_have_to_scatter(tmp_path: Path):
    shown = " ".join(psn(store=tmp_path).output.split())
    assert "a difference of -3.2 points" in shown
    assert "less than 12.1 points" in shown
    assert "baserate fetch marshall_cities && baserate add" in shown
    assert "lie 20.9 points apart and differ in two things" in shown
    assert "scatter by 16.9 points" in shown
    assert "What the cells leave is -3.2 points" in shown


def test_the_plan_of_psn_has_no_change_in_it(tmp_path: Path):
    told = psn("--plan", "--json", store=tmp_path)
    assert "-4.1" not in told.stdout
    assert "-0.9" not in told.stdout
    assert json.loads(told.stdout)["checksum"] == shipped()[0].checksum


def test_the_json_can_be_read_as_a_study_and_says_why_there_is_no_interval(tmp_path: Path):
    told = json.loads(psn("--json", store=tmp_path).stdout)
    assert told["reading"] == "can't tell"
    assert told["difference"] == {
        "points": -3.2, "interval": None, "standard_error": None, "smallest_visible": None,
    }  # fmt: skip
    assert "not published" in told["finding"]
    assert [g["percent"] for g in told["published"]["groups"]] == [-4.1, -0.9, -13.1, 7.8]


def test_the_csv_has_one_line_a_cell(tmp_path: Path):
    rows = list(csv.DictReader(io.StringIO(psn("--csv", store=tmp_path).stdout)))
    assert [row["units"] for row in rows] == ["82", "170", "", ""]


@pytest.fixture(scope="module")
def with_cities(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the cities of The Marshall Project."""
    folder = tmp_path_factory.mktemp("cities")
    file = shared / "data/srs/marshall_ucr_crime_1975_2015.csv"
    added = CliRunner().invoke(main, ["add", str(file), "--store", str(folder)])
    assert added.exit_code == 0, added.output
    return folder


def test_real_cities_scatter_too_much_for_the_difference_to_be_told(with_cities: Path):
    store = open_store(with_cities)
    found = evaluate_published(find_study(Path("psn-2010")), store)
    assert found.spread is not None
    assert len(found.spread.changes) > 50
    assert found.spread.points > 12.1
    assert found.reading == "can't tell"
    (extreme,) = found.extremes
    assert extreme.seen == sum(change <= -42 for change in found.spread.changes) >= 1


def test_cities_below_the_size_are_not_counted(with_cities: Path):
    store, study = open_store(with_cities), shipped()[0]
    whole = spread_in_records(study, store)
    large = spread_in_records(replace(study, at_least=500_000), store)
    assert whole is not None
    assert large is not None
    assert len(large.changes) < len(whole.changes)
    assert spread_in_records(replace(study, at_least=10**9), store) is None


# --- studies of one's own ------------------------------------------------------------------------


def test_a_spread_that_the_study_states_gives_an_interval(study: Any):
    told = json.loads(study("--json", more="spread = 8.0").stdout)
    low, high = told["difference"]["interval"]
    error = 8 * (1 / 20 + 1 / 30) ** 0.5
    assert (low, high) == pytest.approx((-10 - 1.959964 * error, -10 + 1.959964 * error))
    assert told["reading"] == "fell"
    assert "can be told from chance" in told["finding"]


def test_a_wide_spread_leaves_the_same_difference_untold(study: Any):
    assert json.loads(study("--json", more="spread = 40").stdout)["reading"] == "can't tell"


def test_published_cells_need_no_library_of_designs(study: Any, monkeypatch: pytest.MonkeyPatch):
    import importlib.util

    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    assert study().exit_code == 0


BAD = {
    "percent = -12.0": [
        ("percent = -112.0", "nothing falls by more than 100"),
        ('percent = "-12"', "write the change in percent"),
        ("percent = nan", "write the change in percent"),
    ],
    "units = 20": [
        ("units = 0", "write how many there are"),
        ("units = 2.5", "write how many there are"),
        ('level = "high"', "add factor to [published]"),
        ("unit = 20", "did you mean units"),
    ],
    "treated = false": [
        ("treated = true", "one group of a kind"),
        ("treated = 0", "write true or false"),
    ],
    'offense = "robbery"': [
        ('offense = "robery"', "did you mean robber"),
        ("", "[published] offense = None"),
    ],
    "years = [2001, 2005]": [("years = [2005, 2001]", "first and last period")],
    'title = "Lamps"': [
        ('title = "Lamps"\nprogramm = "x"', "did you mean program"),
        ('title = "Lamps"\n[panel]\ndata = "x.csv"', "stand in one study"),
    ],
    "{more}": [
        ("spread = -1", "standard deviation"),
        ("extremes = [3]", "[[published.extremes]]"),
        ('place = "Nowhereville"', "[published] place"),
    ],
}


@pytest.mark.parametrize(
    ("old", "new", "says"), [(old, *case) for old, cases in BAD.items() for case in cases]
)
def test_cells_that_make_no_sense_are_one_clear_sentence(study: Any, old: str, new: str, says: str):
    found = study(text=CELLS.replace(old, new, 1))
    assert found.exit_code == 2, found.output
    assert says in " ".join(found.output.split())
    assert "Traceback" not in found.output


def test_a_group_without_another_to_set_it_against_is_refused(tmp_path: Path):
    path = tmp_path / "one.toml"
    path.write_text(CELLS.replace("{more}", "").split('[[published.groups]]\nname = "dark')[0])
    with pytest.raises(BadStudy, match="no treated group with an untreated one"):
        published_study(read_study_file(path))


def test_a_wrong_name_lists_the_studies_that_ship(tmp_path: Path):
    found = psn_named("psn-2011", tmp_path)
    assert found.exit_code == 2
    assert "did you mean psn-2010" in found.output
    assert all(name in found.output for name in names())


def psn_named(name: str, folder: Path) -> Result:
    return CliRunner().invoke(main, ["evaluate", name, "--store", str(folder)])


def test_a_file_of_ones_own_goes_before_a_study_that_ships(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "psn-2010").write_text(CELLS.replace("{more}", ""))
    monkeypatch.chdir(tmp_path)
    assert find_study(Path("psn-2010")).told["title"] == "Lamps"


@pytest.mark.parametrize("name", names())
def test_a_study_that_ships_cites_its_sources_and_is_evaluated(name: str, store: Store):
    found = evaluate_published(find_study(Path(name)), store)
    assert len(found.study.sources) >= 2
    assert all(each.source for each in found.study.cells.extremes)


def test_the_docs_show_what_the_command_prints(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("BASERATE_STORE", str(tmp_path))
    page = Path(__file__).parents[2] / "docs/evaluate.md"
    block = page.read_text(encoding="utf-8").split("$ baserate evaluate psn-2010\n")[1]
    shown = CliRunner().invoke(main, ["evaluate", "psn-2010"]).output
    assert block.split("```")[0].strip() == shown.strip()
