"""`baserate evaluate` as a user meets it, on panels whose truth is known."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result

from baserate.cli import main

STUDY = """
title = "Lights in {title}"
seed = 3
draws = 199
[panel]
data = "panel.csv"
unit = "city"
period = "year"
outcome = "offenses"
exposure = "people"
measure = "count"
[treated]
units = [{{ name = "C00", start = 2012 }}]
[window]
pre = [2000, 2011]
post = [2012, 2017]
[hypothesis]
direction = "lower"
claimed = [-42, -4]
"""
CITIES = 24


def panel(effect: float, seed: int = 5) -> str:
    """Cities with a common wave, of which the first is multiplied by `effect` from 2012 on."""
    draw = np.random.default_rng(seed)
    wave = 1 + 0.15 * np.sin(np.arange(18) / 3)
    rows = ["city,year,offenses,people"]
    for i in range(CITIES):
        level = 900 + 60 * ((7 * i + 11) % CITIES)
        for j, year in enumerate(range(2000, 2018)):
            mean = level * wave[j] * (effect if i == 0 and year >= 2012 else 1.0)
            rows.append(f"C{i:02},{year},{draw.poisson(mean)},200000")
    return "\n".join(rows) + "\n"


@pytest.fixture
def study(tmp_path: Path) -> Any:
    """Writes a study and its panel, and runs the command on them."""

    def run(effect: float, *arguments: str, text: str = STUDY, data: str = "") -> Result:
        (tmp_path / "panel.csv").write_text(data or panel(effect))
        path = tmp_path / "study.toml"
        path.write_text(text.format(title="C00"))
        return CliRunner().invoke(main, ["evaluate", str(path), "--quiet", *arguments])

    return run


def test_a_fall_of_a_third_is_found_and_its_size_recovered(study: Any):
    told = json.loads(study(0.67, "--json").stdout)
    assert told["reading"] == "fell"
    found = {d["design"]: d["percent"] for d in told["designs"] if d["percent"] is not None}
    assert len(found) >= 6
    assert all(-39 < percent < -27 for percent in found.values()), found
    effects = {d["design"]: d["effect"] for d in told["designs"] if d["effect"] is not None}
    assert all(-280 < effect < -180 for effect in effects.values()), effects  # one unit for all


def test_nothing_is_found_where_nothing_happened_and_what_could_be_seen_is_said(study: Any):
    told = json.loads(study(1.0, "--json").stdout)
    assert told["reading"] == "no clear change"
    seen = [d["mde_percent"] for d in told["designs"] if d["mde_percent"] is not None]
    assert seen
    assert "four times in five" in told["doubt"]


def test_the_plan_holds_nothing_of_the_effect(study: Any):
    one, other = study(0.67, "--plan", "--json"), study(1.0, "--plan", "--json")
    told = json.loads(one.stdout)
    assert "designs" not in told
    assert "reading" not in told
    assert told["mde_percent"] == json.loads(other.stdout)["mde_percent"]
    assert told["checksum"] == json.loads(other.stdout)["checksum"]


def test_every_p_says_its_rule(study: Any):
    for each in json.loads(study(0.67, "--json").stdout)["designs"]:
        assert (each["p_value"] is None) or each["p_rule"]
        assert each["effect"] is not None or each["percent"] is not None or each["why_not"]


def test_a_claimed_range_is_held_against_the_intervals(study: Any):
    shown = " ".join(study(0.67).output.split())
    assert "Claimed was -42% to -4%." in shown
    assert "are no range of effects" in shown


def test_the_table_and_the_csv_have_one_line_a_design(study: Any):
    rows = list(csv.DictReader(io.StringIO(study(0.67, "--csv").stdout)))
    assert len(rows) == 12
    assert {r["effect_unit"] for r in rows} == {"per 100,000 people"}
    assert {(r["source"], r["first_period"], len(r["checksum"])) for r in rows} == {
        ("panel.csv", "2000", 64)
    }
    shown = study(0.67).output
    assert all(row["design"] in shown for row in rows)


def test_a_design_that_does_not_fit_says_why(study: Any):
    told = json.loads(study(0.67, "--json").stdout)
    (absent,) = [d for d in told["designs"] if d["design"] == "synthetic control, predictors"]
    assert absent["why_not"] == "the study names no predictors"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('name = "C00"', 'name = "C000"', "did you mean C00"),
        ("start = 2012", "start = 2040", "treated from 2040"),
        ('data = "panel.csv"', 'data = "absent.csv"', "absent.csv"),
        ('outcome = "offenses"', 'outcome = "offense"', "offense"),
        ("seed = 3", 'seed = 3\ndesigns = ["magic"]', "no design is called 'magic'"),
    ],
)
def test_what_cannot_be_evaluated_is_one_clear_sentence(study: Any, old: str, new: str, says: str):
    found = study(1.0, text=STUDY.replace(old, new))
    assert found.exit_code in {2, 3}
    assert says in " ".join(found.output.split())
    assert "Traceback" not in found.output


def test_text_in_the_outcome_names_its_line(study: Any):
    found = study(1.0, data=panel(1.0).replace("C03,2004,", "C03,2004,many", 1))
    assert found.exit_code == 2
    assert "many" in found.output


def test_proposition_99_side_by_side(shared: Path, tmp_path: Path, expected: dict[str, Any]):
    data = shared / "program/synthdid/california_prop99.csv"
    data = data if data.exists() else shared / "data/program/synthdid/california_prop99.csv"
    path = tmp_path / "study.toml"
    path.write_text(
        'title = "Proposition 99"\nseed = 1\ndraws = 100\n'
        f'[panel]\ndata = "{data}"\nunit = "State"\nperiod = "Year"\noutcome = "PacksPerCapita"\n'
        'measure = "mean"\n[treated]\nunits = [{ name = "California", start = 1989 }]\n'
        "[window]\npre = [1970, 1988]\npost = [1989, 2000]\n"
    )
    found = CliRunner().invoke(main, ["evaluate", str(path), "--quiet", "--json"])
    told = {d["design"]: d for d in json.loads(found.stdout)["designs"]}
    published = expected["prop99"]["expected"]
    did, sdid = "difference in differences", "synthetic difference in differences"
    assert told[did]["effect"] == pytest.approx(published["did"], abs=1e-4)
    assert told[sdid]["effect"] == pytest.approx(published["sdid"], abs=1e-4)
