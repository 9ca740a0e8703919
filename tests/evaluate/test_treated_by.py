"""Who is treated may stand in a column of the data, by a fraction in the first period too."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from baserate.cli import main

STUDY = """
title = "Lamps"
[panel]
data = "panel.csv"
unit = "city"
period = "year"
outcome = "log_offenses"
called = "offenses, logarithm"
measure = "log"
{more}
[treated]
column = "lit"
{start}
[window]
pre = [2000, 2005]
post = [2006, 2011]
"""
STARTS = {"C00": 2006, "C01": 2006, "C02": 2008, "C03": 2008, "C04": 2006}
EFFECT = -0.3


def rows(part: float = 0.5) -> list[dict[str, Any]]:
    """Twenty cities whose logarithm falls by the effect; in the first year by a part of it."""
    draw = np.random.default_rng(5)
    made = []
    for i in range(20):
        city, level = f"C{i:02}", draw.normal(5, 0.4)
        for year in range(2000, 2012):
            start = STARTS.get(city, 9999)
            lit = 0.0 if year < start else part if year == start else 1.0
            made.append({
                "city": city, "year": year, "lit": lit, "people": 1000 * (i + 1),
                "region": "north" if i % 2 else "south",
                "log_offenses": level + 0.02 * (year - 2000) + EFFECT * lit + draw.normal(0, 0.03),
            })  # fmt: skip
    return made


def ask(
    folder: Path, data: list[dict[str, Any]], *options: str, more: str = "", start: str = ""
) -> Any:
    with (folder / "panel.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(data[0]))
        writer.writeheader()
        writer.writerows(data)
    text = STUDY.format(more=more, start=start)
    (folder / "study.toml").write_text(text, encoding="utf-8")
    command = ["evaluate", str(folder / "study.toml"), "--quiet", *options]
    return CliRunner().invoke(main, command)


def designs(done: Any) -> dict[str, dict[str, Any]]:
    assert done.exit_code == 0, done.output
    return {d["design"]: d for d in json.loads(done.stdout)["designs"]}


def test_a_fraction_of_the_first_year_is_taken_as_a_fraction(tmp_path: Path):
    found = designs(ask(tmp_path, rows(), "--json", "--no-second-opinion"))
    both = found["two-way fixed effects"]
    assert both["effect"] == pytest.approx(EFFECT, abs=0.02)
    assert both["percent"] == pytest.approx(100 * np.expm1(both["effect"]))
    low, high = both["percent_interval"]
    assert low < 100 * np.expm1(EFFECT) < high


def test_units_begin_where_their_column_does(tmp_path: Path):
    shown = ask(tmp_path, rows(), "--plan", "--json")
    assert json.loads(shown.stdout)["treated"] == sorted(STARTS)
    assert designs(ask(tmp_path, rows(1.0), "--json"))["difference in differences"]["why_not"]


def test_a_column_that_never_changes_needs_a_start(tmp_path: Path):
    data = rows()
    for row in data:
        row["lit"] = row["city"] in STARTS
    done = ask(tmp_path, data, "--plan", "--json", start="start = 2006")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told["treated"] == sorted(STARTS)


def test_weights_and_groups_are_two_way_effects_own(tmp_path: Path):
    plain = designs(ask(tmp_path, rows(), "--json"))
    weighed = designs(ask(tmp_path, rows(), "--json", more='weight = "people"\ngroups = "region"'))
    name = "two-way fixed effects"
    assert weighed[name]["effect"] != pytest.approx(plain[name]["effect"], abs=1e-6)
    assert weighed[name]["effect"] == pytest.approx(EFFECT, abs=0.03)
    assert any("weighted as the study says" in note for note in weighed[name]["notes"])
    assert weighed["staggered adoption"]["effect"] == plain["staggered adoption"]["effect"]


@pytest.mark.parametrize(
    ("change", "options", "says"),
    [
        (lambda r: r | {"lit": 2}, {}, "from 0 to 1"),
        (lambda r: r | {"lit": "yes"}, {}, "'yes'"),
        (lambda r: r | {"lit": 0}, {}, "nobody is treated"),
        (lambda r: r | {"lit": float(r["year"] == 2006)}, {}, "0 again in 2007"),
        (lambda r: r, {"start": "start = 2006"}, "changes over time"),
        (lambda r: r, {"start": 'start = "soon"'}, "write a period"),
        (lambda r: r | {"people": 0}, {"more": 'weight = "people"'}, "a weight is above zero"),
        (lambda r: r | {"region": r["year"]}, {"more": 'groups = "region"'}, "has one group"),
        (lambda r: r, {"start": 'units = [{ name = "C00", start = 2006 }]'}, "one of them"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_one_clear_sentence(
    tmp_path: Path, change: Any, options: dict[str, str], says: str
):
    done = ask(tmp_path, [change(r) for r in rows()], **options)
    assert done.exit_code == 2
    assert says in " ".join(done.output.split())


def test_castle_doctrine_as_published_out_of_a_study_file(tmp_path: Path, shared: Path):
    data = shared / "data/program/mixtape/castle.dta"
    (tmp_path / "castle.toml").write_text(
        f"""
title = "Castle doctrine"
designs = ["two-way fixed effects"]
[panel]
data = "{data}"
unit = "state"
period = "year"
outcome = "l_homicide"
measure = "log"
weight = "popwt"
[treated]
column = "cdl"
[window]
pre = [2000, 2004]
post = [2005, 2010]
""",
        encoding="utf-8",
    )
    command = ["evaluate", str(tmp_path / "castle.toml"), "--json", "--quiet"]
    found = designs(CliRunner().invoke(main, command))["two-way fixed effects"]
    assert round(found["effect"], 4) == 0.0801
