"""Panels that no design was made for: what they cannot bear is said, and nothing breaks."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from baserate.cli import main

STUDY = """
title = "Lamps"
draws = 100
{plain}
[panel]
data = "panel.csv"
unit = "unit"
period = "year"
outcome = "crime"
measure = "{measure}"
{more}
[treated]
units = [{{ name = "U00", start = 2007{unit} }}]
[window]
pre = [2000, 2006]
post = [2007, 2011]
{tables}
"""
Cells = dict[tuple[str, int], Any]


def cells(units: int = 12, seed: int = 1) -> Cells:
    draw = np.random.default_rng(seed)
    return {
        (f"U{i:02}", year): int(draw.poisson(80 + 9 * i))
        for i in range(units)
        for year in range(2000, 2012)
    }


def ask(folder: Path, made: Cells, *options: str, measure: str = "count", **parts: str) -> Any:
    rows = "".join(f"{u},{y},{value},{u[:2]}\n" for (u, y), value in made.items())
    (folder / "panel.csv").write_text(f"unit,year,crime,region\n{rows}", encoding="utf-8")
    filled = {"plain": "", "more": "", "unit": "", "tables": ""} | parts
    (folder / "study.toml").write_text(STUDY.format(measure=measure, **filled), encoding="utf-8")
    command = ["evaluate", str(folder / "study.toml"), "--quiet", "--no-second-opinion", *options]
    return CliRunner().invoke(main, command)


def told(done: Any) -> dict[str, Any]:
    assert done.exit_code == 0, done.output

    def refuse(constant: str) -> float:
        raise AssertionError(constant)

    found: dict[str, Any] = json.loads(done.stdout, parse_constant=refuse)
    return found


ODD: dict[str, Callable[[], Cells]] = {
    "three units": lambda: cells(3),
    "two units": lambda: cells(2),
    "nothing before": lambda: {k: v if k[1] > 2006 else 0 for k, v in cells().items()},
    "one series for all": lambda: {k: 80 + k[1] % 7 for k in cells()},
    "parallel lines": lambda: {k: k[1] - 1990 + int(k[0][1:]) for k in cells(4)},
    "hardly anything": lambda: {k: int(v % 19 == 0) for k, v in cells().items()},
}


@pytest.mark.parametrize("odd", ODD)
def test_every_row_has_an_answer_or_a_reason(tmp_path: Path, odd: str):
    for each in told(ask(tmp_path, ODD[odd](), "--json"))["designs"]:
        assert each["effect"] is not None or each["percent"] is not None or each["why_not"]


def test_two_units_give_no_p_below_a_half(tmp_path: Path):
    for seed in range(6):
        found = told(ask(tmp_path, cells(2, seed), "--json"))
        small = [d["p_value"] for d in found["designs"] if d["p_value"] is not None]
        assert all(p >= 0.5 for p in small)
        assert found["reading"] in {"no clear change", "can't tell"}
        assert "too few to rank" in {t["name"] for t in found["threats"]}


def test_one_treated_cluster_has_no_staggered_p(tmp_path: Path):
    found = told(ask(tmp_path, cells(30), "--json", more='cluster = "region"'))
    (row,) = [d for d in found["designs"] if d["design"] == "staggered adoption"]
    assert row["p_value"] is None
    assert row["why_not"] or "fewer than 8 treated clusters" in " ".join(row["notes"])


@pytest.mark.parametrize(
    ("change", "parts", "says"),
    [
        (lambda c: c, {"unit": ", doze = 0.5"}, "did you mean dose"),
        (lambda c: c, {"tables": '[donors]\nwithout = ["U00"]'}, "stands in [donors] without"),
        (lambda c: c, {"tables": '[donors]\nonly = ["U00"]'}, "leave no unit to compare with"),
        (lambda c: c | {("U03", 2001): 10**18}, {}, "more than 15 digits"),
        (lambda c: c | {("", 2001): 5}, {}, "a unit has no name"),
        (lambda c: c, {"measure": "log"}, "no logarithm of a count"),
        (
            lambda c: {k: v for k, v in c.items() if k != ("U00", 2003)},
            {},
            "U00 has no row for 2003",
        ),
    ],
)
def test_what_makes_no_sense_is_one_clear_sentence(
    tmp_path: Path, change: Any, parts: dict[str, str], says: str
):
    done = ask(tmp_path, change(cells()), **parts)
    assert done.exit_code == 2
    assert says in " ".join(done.output.split())


def test_a_start_before_the_window_after_is_refused(tmp_path: Path):
    ask(tmp_path, cells())
    study = tmp_path / "study.toml"
    study.write_text(study.read_text().replace("start = 2007", "start = 2004"), encoding="utf-8")
    done = CliRunner().invoke(main, ["evaluate", str(study), "--quiet"])
    assert done.exit_code == 2
    assert "end pre before the first start" in " ".join(done.output.split())
