"""`baserate conditions`: what a reader sees, the three forms, and no traceback for any input."""

from __future__ import annotations

import csv
import io
import json
import shlex
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from baserate.cli import main

CHICAGO = ("--year", "2017", "--place", "Chicago, IL", "--on", "2017-10-01")


def run(*arguments: str) -> Any:
    return CliRunner().invoke(main, ["conditions", *arguments])


def rows(told: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(told)))


def test_the_word_comes_first_and_each_condition_has_its_own():
    shown = run(*CHICAGO).stdout.splitlines()
    assert shown[0].startswith("JAG 2017, Chicago, IL, 2017-10-01")
    assert shown[0].endswith("◐ CERTIFIED ONLY")
    words = {line.split()[0]: line for line in shown[2:7] if line[2:3] != " "}
    assert "ENJOINED" in words["notice"]
    assert "ENJOINED" in words["access"]
    assert "IN FORCE" in words["certification"]


def test_an_answer_says_why_its_sources_and_how_to_ask_again():
    told = run(*CHICAGO, "--at-stake", "$2,100,000").stdout
    assert "all of $2,100,000 (the award, as given) hangs on what was in force" in told
    assert "264 F. Supp. 3d 933" in told
    again = told.splitlines()[-1].split("Again")[1].strip()
    assert run(*shlex.split(again)[2:]).stdout == told


def test_no_line_is_wider_than_a_terminal_save_addresses_and_commands():
    for day in ("2018-07-10", "2020-05-01"):
        told = run("--year", "2017", "--place", "New York City", "--on", day).stdout
        wide = [line for line in told.splitlines() if len(line) > 92]
        assert all("http" in line or "Again" in line for line in wide)


def test_json_has_the_answer_and_what_stands_behind_it():
    found = json.loads(run(*CHICAGO, "--json", "--at-stake", "100.50").stdout)
    assert (found["status"], found["place"], found["on"]) == (
        *("certified only", "Chicago, IL", "2017-10-01"),
    )
    assert [c["status"] for c in found["conditions"]] == ["enjoined", "enjoined", "in force"]
    assert all(e["verified"] and e["citation"] for w in found["why"] for e in w["events"])
    assert found["at_stake"] == {
        "award_least": "100.50", "award_most": "100.50", "least": "100.50", "most": "100.50",
        "source": "as given",
    }  # fmt: skip
    assert found["custody"]["runs_jail"] is False


def test_csv_has_one_row_a_condition():
    found = rows(run(*CHICAGO, "--csv").stdout)
    assert [(r["condition"], r["status"]) for r in found] == [
        ("notice", "enjoined"),
        ("access", "enjoined"),
        ("certification", "in force"),
    ]


def test_without_a_day_the_history_of_a_place():
    told = run("--year", "2017", "--place", "Baltimore").stdout
    assert "2018-06-26  ● IN FORCE" in told
    assert "2018-08-29  ? UNKNOWN" in told
    listed = json.loads(run("--year", "2017", "--place", "Baltimore", "--json").stdout)
    assert [each["since"] for each in listed][:2] == ["2017-07-25", "2017-09-15"]
    assert len(rows(run("--year", "2017", "--place", "Baltimore", "--csv").stdout)) == 15


def test_a_history_has_the_money_of_each_stretch():
    told = run("--year", "2017", "--place", "Chicago, IL", "--at-stake", "100").stdout
    amounts = [line.strip() for line in told.splitlines() if "at stake" in line]
    assert amounts[:3] == ["at stake $100", "at stake $100", "at stake $0"]
    assert "at stake $0 to $100" in amounts
    again = told.splitlines()[-1].split("Again")[1].strip()
    assert run(*shlex.split(again)[2:]).stdout == told


def test_a_source_is_named_once():
    told = run("--year", "2017", "--place", "San Francisco", "--on", "2018-11-01").stdout
    named = [line for line in told.splitlines() if line.lstrip().startswith("Source")]
    assert named
    assert len(named) == len(set(named))


def test_without_a_place_the_conditions_and_their_events():
    told = run("--year", "2017", "--program", "psp").stdout
    assert "Deadline    18 August 2017" in told
    assert "LETTER" in told
    found = json.loads(run("--year", "2017", "--json").stdout)
    assert [c["condition"] for c in found["conditions"]] == ["notice", "access", "certification"]
    events = rows(run("--year", "2017", "--csv").stdout)
    assert [e["id"] for e in events] == [e["id"] for e in found["events"]]
    assert "(not verified)" in run("--year", "2017").stdout


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        (("--year", "2017", "--place", "Springfield", "--on", "2017-10-01"), 2, "places"),
        (("--year", "2017", "--place", "Atlantis", "--on", "2017-10-01"), 2, "no place"),
        (("--year", "2013", "--place", "Chicago, IL"), 2, "no conditions of jag"),
        (("--year", "2017", "--program", "japg"), 2, "did you mean jag?"),
        ((*CHICAGO[:4], "--on", "1999-01-01"), 2, "outside what is known"),
        ((*CHICAGO[:4], "--on", "2017-13-45"), 2, "is not a date"),
        ((*CHICAGO[:4], "--on", "soon"), 2, "is not a date"),
        (("--year", "two", "--place", "Chicago, IL"), 2, "not a valid integer"),
        (("--place", "Chicago, IL"), 2, "Missing option '--year'"),
        (("--year", "2017", "--on", "2017-10-01"), 2, "name it with --place"),
        (("--year", "2017", "--at-stake", "5"), 2, "name it with --place"),
        ((*CHICAGO, "--at-stake", "much"), 2, "is no amount"),
        ((*CHICAGO, "--at-stake", "-5"), 2, "is no award"),
        ((*CHICAGO, "--at-stake", "sNaN"), 2, "is no amount"),
        ((*CHICAGO, "--events", "nowhere.toml"), 2, "cannot be read"),
    ],
)
def test_what_cannot_be_answered_is_one_sentence(
    arguments: tuple[str, ...], status: int, says: str
):
    done = run(*arguments)
    assert done.exit_code == status
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_an_error_as_json_has_its_kind():
    done = run("--year", "2017", "--place", "New York", "--json")
    error = json.loads(done.stdout)["error"]
    assert (done.exit_code, error["kind"]) == (2, "ambiguous_place")
    assert len(error["readings"]) == 2


HOSTILE = """
[[event]]
id = "sly"
date = 2018-07-05
kind = "enjoined"
actor = "\\u001b[31mCourt\\u202e"
program = "jag"
years = [2017]
conditions = ["notice"]
scope = "nationwide"
text = "=1+1\\u0007"
citation = "@SUM(A1)"
verified = true
"""


def test_text_of_a_file_steers_neither_terminal_nor_sheet(tmp_path: Path):
    path = tmp_path / "sly.toml"
    path.write_text(HOSTILE)
    asked = ("--year", "2017", "--events", str(path))
    told = run(*asked, "--place", "Texas", "--on", "2018-07-10").stdout
    assert not set("\x1b\x07\u202e") & set(told)
    sly = next(row for row in rows(run(*asked, "--csv").stdout) if row["id"] == "sly")
    assert sly["citation"].startswith("'@")


@given(st.text(max_size=40), st.text(max_size=12), st.integers(-5, 9999))
def test_no_input_ends_in_a_traceback(place: str, program: str, year: int):
    done = run(f"--year={year}", f"--place={place}", f"--program={program}", "--on=2018-01-01")
    assert done.exit_code in {0, 2, 3}
    assert done.exception is None or isinstance(done.exception, SystemExit)


def test_help_says_what_it_does():
    told = run("--help").stdout
    assert "in force" in told
    assert "Examples:" in told


def test_the_command_runs_as_a_process_of_its_own(command: Any):
    done = command("conditions", *CHICAGO)
    assert done.returncode == 0
    assert "CERTIFIED ONLY" in done.stdout


def test_the_award_at_stake_is_worked_out_from_the_years_total():
    """Missouri's Byrne JAG award of 2016, multiplied through."""
    told = run(
        "--year", "2016", "--place", "Missouri", "--on", "2017-10-01", "--total", "274906565",
        "--json",
    )  # fmt: skip
    stake = json.loads(told.stdout)["at_stake"]
    assert stake["award_least"] == stake["award_most"] == "5563514.75"
    assert "baserate award jag --year 2016" in stake["source"]


@pytest.mark.parametrize("arguments", [("--program", "cops"), ("--at-stake", "5")])
def test_a_total_is_for_byrne_jag_alone(arguments: tuple[str, ...]):
    told = run(*CHICAGO, "--total", "5", *arguments)
    assert told.exit_code == 2
    assert "--total works out a Byrne JAG award" in " ".join(told.output.split())
