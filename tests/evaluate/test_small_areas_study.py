"""Weighting of many small areas out of a study file, with what the program could not move."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

from baserate.cli import main
from baserate.evaluate.designs.differences import did, two_way_effects
from baserate.evaluate.designs.estimate import Unfit
from baserate.evaluate.designs.synthetic import outcome_only, ridge_augmented, sdid
from baserate.evaluate.panel import NEVER, Panel
from baserate.evaluate.read_study import read_study
from baserate.evaluate.study import Study
from baserate.evaluate.threats import threats

DESIGN = "small areas, weighted"
FIRST, PERIODS, TREATED = 8, 10, 20


def areas(
    ratio: float = 1.0, *, units: int = 240, seed: int = 4, others_ratio: float = 1.0
) -> dict[str, list[int]]:
    """Areas of unequal rates, of which the first twenty change by a ratio from period 8 on."""
    rng = np.random.default_rng(seed)
    rate = rng.gamma(1.5, 1.5, units)
    after, treated = np.arange(1, PERIODS + 1) >= FIRST, np.arange(units) < TREATED
    changed = treated[:, None] & after
    made: dict[str, list[int]] = {
        "block": np.repeat(np.arange(1000, 1000 + units), PERIODS).tolist(),
        "quarter": np.tile(np.arange(1, PERIODS + 1), units).tolist(),
        "people": np.repeat(rng.poisson(80, units), PERIODS).tolist(),
    }
    for name, by in (("crimes", ratio), ("drugs", ratio), ("fraud", others_ratio)):
        mean = rate[:, None] * np.where(changed, by, 1.0)
        made[name] = rng.poisson(mean).ravel().tolist()
    return made


def run(
    folder: Path,
    data: dict[str, list[int]],
    *arguments: str,
    panel: str = "",
    tables: str = "",
    top: str = f'designs = ["{DESIGN}"]',
    direction: str = "lower",
    treated: int = TREATED,
    unit: str = "{ name = '%d', start = 8 }",
) -> Result:
    """The command on a study of these areas."""
    rows = [",".join(data), *(",".join(map(str, row)) for row in zip(*data.values(), strict=True))]
    (folder / "blocks.csv").write_text("\n".join(rows) + "\n")
    named = ", ".join(unit % (1000 + i) for i in range(treated))
    (folder / "study.toml").write_text(
        f'title = "Market"\nseed = 1\ndraws = 100\n{top}\n[panel]\ndata = "blocks.csv"\n'
        f'unit = "block"\nperiod = "quarter"\noutcome = "crimes"\nmeasure = "count"\n{panel}\n'
        f"[treated]\nunits = [{named}]\n[window]\npre = [1, 7]\npost = [8, 10]\n"
        f'[hypothesis]\ndirection = "{direction}"\n{tables}\n'
    )
    command = ["evaluate", str(folder / "study.toml"), "--quiet", *(arguments or ("--json",))]
    return CliRunner().invoke(main, command)


def told(found: Result) -> dict[str, Any]:
    assert found.exit_code == 0, found.output
    return dict(json.loads(found.stdout))


def row(found: Result) -> dict[str, Any]:
    (made,) = [d for d in told(found)["designs"] if d["design"] == DESIGN]
    return dict(made)


def test_a_fall_is_found_and_every_outcome_is_beside_what_was_expected(tmp_path: Path):
    data = areas(0.5)
    made = row(run(tmp_path, data, panel='also = ["drugs"]'))
    assert -62 < made["percent"] < -38
    assert made["p_value"] == pytest.approx(1 / 101)
    crimes, drugs = made["outcomes"]
    assert (crimes["name"], drugs["name"]) == ("crimes", "drugs")
    counted = np.reshape(data["crimes"], (-1, PERIODS))[:TREATED, FIRST - 1 :].sum()
    assert crimes["treated"] == counted
    assert made["offenses"] == pytest.approx(crimes["treated"] - crimes["expected"])
    assert made["effect"] == pytest.approx(made["offenses"] / (TREATED * 3))  # a cell


def test_what_was_balanced_and_every_p_are_said(tmp_path: Path):
    tables = '[small_areas]\ncovariates = ["people"]\n'
    made = row(run(tmp_path, areas(), panel='also = ["drugs"]', tables=tables))
    said = {c["name"]: c["text"] for c in made["checks"]}
    assert said["balance"].startswith("all 16 columns are as in the treated units")  # 1 + 1 + 2 x 7
    assert "of 220 have a weight" in said["controls"]
    assert all(how in said["p of drugs"] for how in ("permutation", "jackknife", "linearized"))
    assert "permutation" in said["p of all outcomes together"]


def test_rare_outcomes_are_balanced_by_their_sums(tmp_path: Path):
    tables = "[small_areas]\nmatch_sums = { crimes = 7 }\n"
    made = row(run(tmp_path, areas(), tables=tables))
    assert {c["name"]: c["text"] for c in made["checks"]}["balance"].startswith("all 2 columns")


def test_the_plan_chooses_the_side_of_the_test_and_never_the_reading(tmp_path: Path):
    data = areas(0.5)
    found = {way: told(run(tmp_path, data, direction=way)) for way in ("lower", "higher", "either")}
    p = {way: made["designs"][0]["p_value"] for way, made in found.items()}
    assert (p["lower"], p["higher"]) == (pytest.approx(1 / 101), pytest.approx(1))
    assert {made["reading"] for made in found.values()} == {"fell"}
    assert len({made["designs"][0]["p_two_sided"] for made in found.values()}) == 1
    said = {way: made["finding"] for way, made in found.items()}
    assert "The plan expected a fall, and that is what was found." in said["lower"]
    assert "The plan expected a rise; what was found is the opposite." in said["higher"]
    assert "expected" not in said["either"].split("%;")[1]


def test_a_few_units_are_weighed_only_where_the_study_asks(tmp_path: Path):
    data = areas(units=90)
    unasked = row(run(tmp_path, data, top=""))
    assert "it is for 5 and 200 or more" in unasked["why_not"]
    assert row(run(tmp_path, data))["why_not"] is None  # by its name
    tables = '[small_areas]\ncovariates = ["people"]\n'
    assert row(run(tmp_path, data, top="", tables=tables))["why_not"] is None


def test_weights_that_cannot_balance_name_the_columns(tmp_path: Path):
    data = areas(units=60)
    for i, (block, quarter) in enumerate(zip(data["block"], data["quarter"], strict=True)):
        if block < 1000 + TREATED and quarter == 3:
            data["crimes"][i] = 500
    why = row(run(tmp_path, data))["why_not"]
    assert "no weights make the controls equal the treated areas" in why
    assert "crimes, period 3:" in why
    assert "sum rare outcomes over more periods" in why


def test_units_treated_in_part_or_without_anything_before_are_not_weighed(tmp_path: Path):
    partly = run(tmp_path, areas(), unit="{ name = '%d', start = 8, dose = 0.4 }")
    assert row(partly)["why_not"].startswith("1000 is treated by 0.4")
    data = areas()
    for i, (block, quarter) in enumerate(zip(data["block"], data["quarter"], strict=True)):
        if block < 1000 + TREATED and quarter < FIRST:
            data["crimes"][i] = 0
    assert "none before the start" in row(run(tmp_path, data))["why_not"]


@pytest.mark.parametrize(
    ("panel", "tables", "says"),
    [
        ('also = ["drug"]', "", "did you mean drugs"),
        ('also = ["crimes"]', "", "crimes is an outcome twice"),
        ('negative_controls = ["fruad"]', "", "did you mean fraud"),
        ('also = ["fraud"]\nnegative_controls = ["fraud"]', "", "an outcome and a negative"),
        ('also = "drugs"', "", "write a list of names"),
        ("", '[small_areas]\ncovariates = ["drugs"]', "give one value for all periods"),
        ("", '[small_areas]\ncovariates = ["peple"]', "did you mean people"),
        ("", "[small_areas]\nmatch_sums = { crime = 2 }", "did you mean crimes"),
        ("", "[small_areas]\nmatch_sums = { crimes = 1.5 }", "a whole number of periods"),
        ("", "[small_areas]\nmatch_sums = { crimes = 0 }", "numbers above zero"),
        ("", "[small_areas]\nsums = 2", "sums is not known"),
    ],
)
def test_what_is_wrong_is_one_clear_sentence(tmp_path: Path, panel: str, tables: str, says: str):
    found = run(tmp_path, areas(units=60), panel=panel, tables=tables)
    assert found.exit_code in {2, 3}
    assert says in " ".join(found.output.split())
    assert "Traceback" not in found.output


def test_further_outcomes_are_columns_of_a_file(tmp_path: Path):
    path = tmp_path / "study.toml"
    path.write_text(
        'title = "x"\n[panel]\noffense = "murder"\nalso = ["robbery"]\n[treated]\n'
        'units = [{ name = "Missouri", start = 2000 }]\n[window]\npre = [1990, 1999]\n'
        "post = [2000, 2005]\n"
    )
    found = CliRunner().invoke(main, ["evaluate", str(path), "--quiet"])
    assert found.exit_code in {2, 3}
    assert "robbery is a column, and the panel is of the records" in " ".join(found.output.split())


# --- negative controls ---------------------------------------------------------------------------


def test_an_effect_on_what_the_program_could_not_move_is_a_grave_threat(tmp_path: Path):
    data = areas(0.5, others_ratio=0.4)
    found = run(tmp_path, data, panel='negative_controls = ["fraud"]')
    (threat,) = [t for t in told(found)["threats"] if t["name"] == "negative control"]
    assert threat["gravity"] == "grave"
    assert "fraud, which the program could not have moved, moved as well" in threat["text"]
    (control,) = told(found)["negative_controls"]
    each = {d["design"]: d["percent"] for d in control["designs"]}
    assert f"{each['difference in differences']:+.1f}%" in threat["text"]
    assert "negative control" in told(found)["doubt"]
    assert told(found)["reading"] == "fell"  # a threat is said; it changes no figure


def test_a_control_that_stays_is_shown_and_is_no_threat(tmp_path: Path):
    found = run(tmp_path, areas(0.5), panel='negative_controls = ["fraud"]')
    assert "negative control" not in {t["name"] for t in told(found)["threats"]}
    (control,) = told(found)["negative_controls"]
    assert (control["outcome"], control["reading"]) == ("fraud", "no clear change")
    shown = run(tmp_path, areas(0.5), "--csv", panel='negative_controls = ["fraud"]').stdout
    assert "fraud" not in shown  # the table is of the study's outcomes


def test_the_plan_holds_nothing_of_a_negative_control(tmp_path: Path):
    data = areas(0.5, others_ratio=0.4)
    planned = run(tmp_path, data, "--plan", "--json", panel='negative_controls = ["fraud"]')
    assert "fraud" not in planned.stdout


# --- thousands of units --------------------------------------------------------------------------


def many(units: int, treated: int) -> Panel:
    rng = np.random.default_rng(1)
    return Panel(
        units=tuple(map(str, range(units))),
        periods=tuple(range(1, 7)),
        outcome=rng.poisson(5.0, (units, 6)).astype(np.float64) + np.arange(6),
        measure="count",
        exposure=None,
        cohort=np.where(np.arange(units) < treated, 4, NEVER),
        dose=np.where(np.arange(units) < treated, 1.0, 0.0),
        first=4,
        cluster=tuple(map(str, range(units))),
    )


@pytest.fixture
def study(tmp_path: Path) -> Study:
    run(tmp_path, areas(units=30), "--plan")
    return read_study(tmp_path / "study.toml")


@pytest.mark.parametrize(
    ("design", "donors", "most"),
    [(outcome_only, 2_001, "2,000"), (sdid, 501, "500"), (ridge_augmented, 501, "500")],
)
def test_more_placebos_than_time_allows_are_refused(
    study: Study, design: Any, donors: int, most: str
):
    with pytest.raises(Unfit, match=f"{donors:,} donors.* at most {most}"):
        design(many(donors + 9, 9), study)


def test_of_thousands_of_units_clustered_errors_decide(study: Study):
    assert "errors of 1200 clusters" in two_way_effects(many(1_200, 9), study).p_rule
    fewer = two_way_effects(many(60, 9), replace(study, draws=100))
    assert "randomization inference" in fewer.p_rule


def test_one_treated_of_thousands_can_be_neither_ranked_nor_clustered(study: Study):
    with pytest.raises(Unfit, match=r"1,200 units are too many to rank .* 1 treated clusters"):
        did(many(1_200, 1), study)


def test_rare_counts_jump_by_chance_and_that_is_no_break():
    counts = np.random.default_rng(3).poisson(0.5, (300, 6)).astype(np.float64)
    assert "break" not in {t.name for t in threats(many(300, 9).of(counts))}
    counts[200] = [0, 0, 0, 60, 60, 60]
    (found,) = [t for t in threats(many(300, 9).of(counts)) if t.name == "break"]
    assert "200 up in 4" in found.text


# --- as published --------------------------------------------------------------------------------

COVARIATES = (
    *("TotalPop", "BLACK", "HISPANIC", "Males_1521", "HOUSEHOLDS"),
    *("FAMILYHOUS", "FEMALE_HOU", "RENTER_HOU", "VACANT_HOU"),
)


def test_seattles_drug_market_intervention_out_of_a_study_file(
    shared: Path, tmp_path: Path, expected: dict[str, Any]
):
    data = shared / "data/program/mlsynth/seattledmi.parquet"
    held = pq.read_table(data, columns=["ID", "Intervention"]).to_pydict()
    blocks = sorted({i for i, on in zip(held["ID"], held["Intervention"], strict=True) if on})
    units = ", ".join(f'{{ name = "{block}", start = 13 }}' for block in blocks)
    path = tmp_path / "study.toml"
    path.write_text(
        f'title = "Seattle"\nseed = 1\ndraws = 100\ndesigns = ["{DESIGN}"]\n[panel]\n'
        f'data = "{data}"\nunit = "ID"\nperiod = "time"\noutcome = "any_crime"\n'
        'also = ["i_felony", "i_misdemea", "i_drugs"]\nmeasure = "count"\n'
        f"[small_areas]\ncovariates = {list(COVARIATES)}\n[treated]\nunits = [{units}]\n"
        '[window]\npre = [1, 12]\npost = [13, 16]\n[hypothesis]\ndirection = "lower"\n'
    )
    made = row(CliRunner().invoke(main, ["evaluate", str(path), "--quiet", "--json"]))
    published = expected["microsynth_seattledmi"]["expected"]
    assert made["percent"] == pytest.approx(-20.1, abs=0.05)
    said = {c["name"]: c["text"] for c in made["checks"]}
    for each in made["outcomes"]:
        wanted = published[each["name"]]
        assert each["treated"] == wanted["treated"]
        assert each["expected"] == pytest.approx(wanted["control"], abs=0.01)
        assert f"{wanted['p_linear']:.3f} linearized" in said[f"p of {each['name']}"]
    assert len(made["outcomes"]) == 4
    assert said["balance"].startswith("all 58 columns are as in the treated units")
