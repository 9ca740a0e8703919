"""A study is written down before the numbers are seen, and what is wrong with it is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from baserate.errors import BadStudy
from baserate.evaluate.read_study import read_study
from baserate.evaluate.study import Study

GOOD = """
title = "A program"
seed = 7
[panel]
data = "panel.csv"
unit = "city"
period = "year"
outcome = "offenses"
measure = "count"
[treated]
units = [{ name = "A", start = 2015 }, { name = "B", start = 2016, dose = 0.5 }]
[window]
pre = [2010, 2014]
post = [2015, 2018]
[hypothesis]
direction = "lower"
claimed = [-4, -42]
"""


def read(folder: Path, text: str | bytes) -> Study:
    path = folder / "study.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_study(path)


def test_a_study_says_who_was_treated_when_and_how_much(tmp_path: Path):
    study = read(tmp_path, GOOD)
    assert [(u.name, u.start, u.dose) for u in study.treated] == [("A", 2015, 1), ("B", 2016, 0.5)]
    assert (study.pre, study.post, study.seed) == ((2010, 2014), (2015, 2018), 7)
    assert study.hypothesis.claimed == (-42, -4)


def test_a_plan_cannot_be_changed_unseen(tmp_path: Path):
    before = read(tmp_path, GOOD).checksum
    assert read(tmp_path, GOOD).checksum == before
    assert read(tmp_path, GOOD.replace("2014", "2013")).checksum != before


def test_a_study_of_the_records_names_an_offense_and_no_file(tmp_path: Path):
    text = GOOD.replace(
        GOOD[GOOD.index("data =") : GOOD.index("[treated]") - 1],
        'offense = "murder"',
    )
    study = read(tmp_path, text)
    assert (study.panel.offense, study.panel.measure, study.panel.exposure) == (
        "murder", "count", "people",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('title = "A program"', "", "title = None; write text"),
        ("seed = 7", "sed = 7", "did you mean seed"),
        ("seed = 7", "seed = -1", "whole number"),
        ("seed = 7", "draws = 9", "give 100 to 99,999"),
        ('measure = "count"', 'measure = "number"', "count, rate, mean"),
        ('measure = "count"', "", "count, rate, mean"),
        ('data = "panel.csv"', "", "one of them"),
        ('data = "panel.csv"', 'data = "a"\noffense = "murder"', "one of them"),
        ("pre = [2010, 2014]", "pre = [2014, 2010]", "first and last period"),
        ("pre = [2010, 2014]", "pre = [2010, 2015]", "not before post"),
        ("pre = [2010, 2014]", "pre = 2010", "first and last period"),
        ('{ name = "A", start = 2015 }', '{ name = "A" }', "needs name and start"),
        ('{ name = "A", start = 2015 }', '{ name = "A", start = "x" }', "no whole number"),
        ("dose = 0.5", "dose = 2", "at most 1"),
        ('name = "B"', 'name = "A"', "A stands twice"),
        ('direction = "lower"', 'direction = "down"', "lower, higher, either"),
        ("claimed = [-4, -42]", 'claimed = ["a", "b"]', "percents from low to high"),
        ("[hypothesis]", "[hypotheses]", "did you mean hypothesis"),
        ("[hypothesis]\n", "", "direction is not known"),
    ],
)
def test_what_is_wrong_with_a_study_is_said(tmp_path: Path, old: str, new: str, says: str):
    assert old in GOOD
    with pytest.raises(BadStudy, match=says):
        read(tmp_path, GOOD.replace(old, new, 1))


@pytest.mark.parametrize(
    ("data", "says"),
    [(b"\xff\xfe", "not UTF-8"), (b"title =", "not TOML"), (b" " * 1_000_001, "a page of TOML")],
)
def test_what_is_no_study_is_refused(tmp_path: Path, data: bytes, says: str):
    with pytest.raises(BadStudy, match=says):
        read(tmp_path, data)
    with pytest.raises(BadStudy, match="cannot be read"):
        read_study(tmp_path / "none.toml")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (
            'measure = "count"',
            'measure = "count"\ndataset = "return_a"',
            "dataset is of the records",
        ),
        ('data = "panel.csv"', 'offense = "murder"', "outcome is of a file"),
    ],
)
def test_a_field_that_this_kind_of_panel_has_no_use_for_is_refused(
    tmp_path: Path, old: str, new: str, says: str
):
    with pytest.raises(BadStudy, match=says):
        read(tmp_path, GOOD.replace(old, new))
