"""The weighted displacement difference out of a study file, with counts typed in."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from baserate.cli import main

DESIGN = "weighted displacement difference"
Counts = Mapping[str, Mapping[str, Sequence[int]]]  # of each unit, of each kind, of each period

PAPER: Counts = {
    "treated": {"crimes": (207, 110)},
    "control": {"crimes": (308, 318)},
    "around": {"crimes": (178, 157)},
    "far": {"crimes": (150, 140)},
}
TABLE = '[displacement]\nunits = ["around"]\ncontrol_units = ["far"]\n'


def run(
    folder: Path,
    counts: Counts,
    extra: str = "",
    *,
    first: int = 2,
    also: str = "",
    treated: str = '{ name = "treated", start = START }',
    fixed: Mapping[str, Mapping[str, object]] | None = None,
    top: str = f'designs = ["{DESIGN}"]',
    arguments: Sequence[str] = ("--json",),
) -> Result:
    """The command on a study of these counts, whose last period but the first is treated."""
    kinds = list(next(iter(counts.values())))
    more = fixed or {}
    rows = [",".join(["area", "period", *kinds, *more])]
    for unit, held in counts.items():
        for period, numbers in enumerate(zip(*held.values(), strict=True), start=1):
            cells = [*numbers, *(column[unit] for column in more.values())]
            rows.append(",".join([unit, str(period), *map(str, cells)]))
    periods = len(rows) // len(counts)
    (folder / "counts.csv").write_text("\n".join(rows) + "\n")
    (folder / "study.toml").write_text(
        f'title = "Patrols"\n{top}\n[panel]\ndata = "counts.csv"\nunit = "area"\n'
        f'period = "period"\noutcome = "crimes"\nmeasure = "count"\n'
        f"also = [{also}]\n"
        f"[treated]\nunits = [{treated.replace('START', str(first))}]\n"
        f"[window]\npre = [1, {first - 1}]\npost = [{first}, {periods}]\n{extra}"
    )
    command = ["evaluate", str(folder / "study.toml"), "--quiet", *arguments]
    return CliRunner().invoke(main, command)


def row(found: Result) -> dict[str, Any]:
    """The design's row of the table."""
    assert found.exit_code == 0, found.output
    (made,) = [d for d in json.loads(found.stdout)["designs"] if d["design"] == DESIGN]
    return dict(made)


def error(interval: Sequence[float]) -> float:
    """The standard error of a 95% interval."""
    return (interval[1] - interval[0]) / (2 * 1.959964)


def test_the_papers_example_with_displacement(tmp_path: Path, expected: dict[str, Any]):
    published = expected["wdd_paper"]["expected"]
    made = row(run(tmp_path, PAPER, TABLE))
    assert made["effect"] == made["offenses"] == -118
    assert error(made["interval"]) == pytest.approx(39.598, abs=1e-3)
    assert made["p_value"] == pytest.approx(0.0029, abs=1e-4)
    said = {c["name"]: c["text"] for c in made["checks"]}
    assert said["in the treated units"].startswith(f"{published['local']:+,.1f} (30.708)")
    assert said["in the units around them"].startswith(f"{published['displacement']:+,.1f} (25.000")
    assert "standard error 39.598, z -2.98" in said["crimes, all together"]


def test_time_weights_are_the_numbers_of_periods(tmp_path: Path, expected: dict[str, Any]):
    published = expected["wdd_time_weights"]["expected"]
    made = row(
        run(
            tmp_path,
            {"treated": {"crimes": (45, 35, 20)}, "control": {"crimes": (40, 60, 50)}},
            first=3,
        )
    )
    assert made["effect"] == published["total"]
    assert error(made["interval"]) == pytest.approx(published["se"], abs=1e-5)
    assert made["interval"] == pytest.approx(published["ci95"], abs=1e-4)


def test_kinds_of_crime_are_added_up_by_their_harm(tmp_path: Path, expected: dict[str, Any]):
    case = expected["wdd_harm"]
    kinds = {name: (control, treated) for name, control, treated, _ in case["inputs"]["tests"]}
    weights = {name: weight for name, *_, weight in case["inputs"]["tests"]}
    counts = {
        unit: {
            "crimes": [sum(pair[at][when] for pair in kinds.values()) for when in (0, 1)],
            **{name: pair[at] for name, pair in kinds.items()},
        }
        for at, unit in enumerate(("control", "treated"))
    }
    harm = ", ".join(f"{name} = {weight}" for name, weight in weights.items())
    made = row(run(tmp_path, counts, f"[displacement]\nharm = {{ {harm} }}\n"))
    crimes, harmed = made["outcomes"]
    assert (crimes["name"], harmed["name"]) == ("crimes", "harm")
    assert harmed["treated"] - harmed["expected"] == pytest.approx(case["expected"]["harm"])
    assert harmed["interval"] == pytest.approx(case["expected"]["ci95"], abs=1e-3)
    assert error(harmed["interval"]) == pytest.approx(case["expected"]["se"], abs=1e-3)


def test_an_area_makes_densities_of_counts(tmp_path: Path):
    sizes = {"square_miles": {"treated": 2.0, "control": 4.0, "around": 1.0, "far": 1.0}}
    table = TABLE + 'area = "square_miles"\n'
    made = row(run(tmp_path, PAPER, table, fixed=sizes))
    local = (110 - 207) / 2 - (318 - 308) / 4
    assert made["effect"] == pytest.approx(local + (157 - 178) - (140 - 150))
    variance = (110 + 207) / 4 + (318 + 308) / 16 + 157 + 178 + 140 + 150
    assert error(made["interval"]) == pytest.approx(variance**0.5, abs=1e-4)
    assert made["offenses"] is None
    assert "offenses a period and one of square_miles" in made["notes"]


def test_displacement_units_are_no_donors_and_no_treated_ones(tmp_path: Path):
    found = json.loads(run(tmp_path, PAPER, TABLE).stdout)
    assert (found["units"], found["treated"]) == (2, ["treated"])


def test_without_control_units_the_whole_change_counts_and_is_said(tmp_path: Path):
    table = '[donors]\nwithout = ["far"]\n[displacement]\nunits = ["around"]\n'
    made = row(run(tmp_path, PAPER, table))
    assert made["effect"] == -107 - 21
    assert any("no control_units" in note for note in made["notes"])


def test_several_treated_units_give_the_effect_on_one(tmp_path: Path):
    counts = {**PAPER, "second": {"crimes": (207, 110)}}
    both = ", ".join(f'{{ name = "{n}", start = START }}' for n in ("treated", "second"))
    made = row(run(tmp_path, counts, treated=both))
    three = counts["control"], counts["around"], counts["far"]
    grown = sum(after - before for before, after in (u["crimes"] for u in three))
    assert made["effect"] == pytest.approx((2 * -97 - grown) / 2)
    assert made["offenses"] == pytest.approx(2 * -97 - grown)


def test_it_is_run_only_where_the_study_asks(tmp_path: Path):
    made = row(run(tmp_path, PAPER, top=""))
    assert made["why_not"] == "the study has no table [displacement], which asks for it"


def test_controls_unlike_the_treated_and_scatter_are_said(tmp_path: Path):
    busy = {
        "treated": {"crimes": (10, 30, 5, 40, 12)},
        "control": {"crimes": (900, 1500, 700, 1400, 1000)},
    }
    made = row(run(tmp_path, busy, first=5))
    assert any("choose controls that are as busy" in note for note in made["notes"])
    (scatter,) = [c["text"] for c in made["checks"] if c["name"] == "scatter before"]
    assert "is too small" in scatter


def test_further_outcomes_stand_under_their_design(tmp_path: Path):
    counts = {u: {**held, "guns": (30, 20)} for u, held in PAPER.items()}
    more = TABLE + "harm = { guns = 2 }\n"
    shown = run(tmp_path, counts, more, also='"guns"', arguments=()).output
    (guns,) = [line for line in shown.splitlines() if line.strip().startswith("guns ")]
    assert "40 of 40.0" in guns
    lines = run(tmp_path, counts, more, also='"guns"', arguments=("--csv",)).stdout
    rows = list(csv.DictReader(io.StringIO(lines)))
    assert [r["outcome"] for r in rows] == ["crimes", "guns", "harm"]
    assert {r["design"] for r in rows} == {DESIGN}
    assert (rows[0]["treated"], rows[0]["expected"]) == ("267.0", "385.0")


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ('units = ["arround"]', "did you mean around"),
        ('units = ["treated"]', "treated is treated and stands in [displacement]"),
        ('units = ["far"]\ncontrol_units = ["far"]', "far stands in [displacement] twice"),
        ('control_units = ["far"]', "control_units need units"),
        ('area = "acers"', "did you mean acres"),
        ('area = "acres"', "acres of far is 0; an area is above zero"),
        ('area = "grown"', "grown of around is 1 in 1 and 2 in 2"),
        ("harm = { crime = 2 }", "did you mean crimes"),
        ("harm = { crimes = 0 }", "numbers above zero"),
        ("harm = 3", "{ robbery = 7 }"),
        ("unit = []", "did you mean units"),
    ],
)
def test_what_is_wrong_is_one_clear_sentence(tmp_path: Path, table: str, says: str):
    counts = {u: {**held, "grown": (1, 2)} for u, held in PAPER.items()}
    acres = {"acres": {"treated": 1, "control": 1, "around": 1, "far": 0}}
    found = run(tmp_path, counts, f"[displacement]\n{table}\n", fixed=acres)
    assert found.exit_code in {2, 3}
    assert says in " ".join(found.output.split())
    assert "Traceback" not in found.output


@pytest.mark.parametrize(
    ("treated", "counts", "says"),
    [
        ('{ name = "treated", start = START, dose = 0.5 }', PAPER, "treated by 0.5"),
        (
            '{ name = "treated", start = START }',
            {**PAPER, "treated": {"crimes": (0, 3)}},
            "none before the start",
        ),
    ],
)
def test_what_it_cannot_be_asked_of_says_why(
    tmp_path: Path, treated: str, counts: Counts, says: str
):
    assert says in row(run(tmp_path, counts, TABLE, treated=treated))["why_not"]
