"""The command line, as a process of its own: what a user sees, and the exit status."""

from __future__ import annotations

import csv
import io
import json
import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from baserate.cli import main

QUESTION = "violent crime rate in the United States, 2015 to 2016"
FIELDS = {
    *("question", "verdict", "value", "unit", "interval", "from", "to", "coverage", "definition"),
    *("vintage", "robustness", "unusual", "caveats", "sources", "rerun"),
}


def run(*arguments: str, text: str | None = None) -> Any:
    return CliRunner().invoke(main, arguments, input=text)


def test_the_json_holds_every_field_and_the_figures():
    found = json.loads(run("ask", QUESTION, "--json").stdout)
    assert set(found) >= FIELDS
    assert round(found["value"], 2) == 3.43
    assert found["verdict"] == "up"
    assert found["robustness"]["holds"] == 4
    assert found["robustness"]["of"] == 12
    assert {"kind", "text"} <= set(found["caveats"][0])
    assert found["caveats"][0]["kind"] == "definition_change"
    assert [s["row"] for s in found["sources"]] == [1858, 1910]


@pytest.mark.parametrize(
    "text",
    [
        QUESTION,
        "murder in the United States, 2014 to 2016",
        "largest one-year rise in the violent crime rate since 1991, as of 2015",
        "sum of states against the nation, violent, 2013-2015",
        "which state had the highest robbery rate",
        "trend in rape in New York State since 2005",
        "murders in Vermont",
        "Texas share of US robberies in 2018",
    ],
)
def test_running_rerun_gives_the_same_object(text: str):
    first = run("ask", text, "--json").stdout
    command = shlex.split(json.loads(first)["rerun"])
    assert command[:2] == ["baserate", "ask"]
    assert run(*command[1:], "--json").stdout == first


def test_the_terminal_says_finding_doubt_caveat_source_and_command():
    shown = run("ask", QUESTION).stdout
    for words in (
        "▲ UP +3.4%",
        "rose 3.4% from 2015 to 2016",
        "counting noise alone: +3.2% to +3.7%",
        "at least this large in 20 of 37 years",
        "Holds under 4 of 12 other choices",
        "estimated_crimes_1979_2019.csv",
        f'baserate ask "{QUESTION}"',
    ):
        assert words in " ".join(shown.split()), words
    assert max(map(len, shown.splitlines())) <= 110


def test_the_csv_is_the_series_with_its_file_rows():
    rows = list(csv.DictReader(io.StringIO(run("ask", "murder in Ohio, 2019", "--csv").stdout)))
    assert len(rows) == 41
    newest = rows[-1]
    assert (newest["place"], newest["year"], newest["unit"]) == ("OH", "2019", "per 100,000 people")
    assert float(newest["lower"]) < float(newest["value"]) < float(newest["upper"])


def test_a_question_can_come_from_standard_input():
    assert "9.3" in run("ask", "-", text="murder rate in Missouri, 2019\n").stdout


def test_what_was_assumed_is_said_on_standard_error():
    found = run("ask", "murder in Missouri", "--json")
    assert "newest year held, 2019" in found.stderr
    assert json.loads(found.stdout)["question"]["period"] == "2019"


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["ask", "murder in Misouri, 2015"], 2, "did you mean Missouri"),
        (["ask", "murdr in Missouri, 2015"], 2, "did you mean murder"),
        (["ask", "murder in New York, 2015"], 2, "is 2 places"),
        (["ask", "murder in Ohio, 1950"], 3, "1979 to 2019"),
        (["ask", "murder in Ohio, 2016 to 2014"], 2, "backwards"),
        (["ask", "murder in St. Louis, 2015"], 3, "Table 8"),
        (["ask", ""], 2, "empty"),
        (["ask"], 2, "empty"),
        (["ask", "murder " * 2_000], 2, "14,000 characters"),
        (["ask", "mur\x1bder in Ohio"], 2, "control character"),
        (["ask", "murder in Ohio, 2015", "--as-of", "2015-01-01"], 3, "published by 2015-01-01"),
        (["ask", "murder in Ohio, 2015", "--as-of", "yesterday"], 2, "is not a date"),
        (["ask", "murder in Ohio, 2015", "--json", "--csv"], 2, "choose one"),
        (["brief", "St. Louis", "--out", "x.html"], 3, '"baserate add" it'),
        (["brief", "Atlantis", "--out", "x.html"], 2, "no place is called 'Atlantis'"),
        (["brief", "New York", "--out", "x.html"], 2, "is 2 places"),
        (["brief", "Missouri", "--out", "no/such/folder/x.html"], 2, "could not be written"),
    ],
)
def test_bad_input_gets_a_sentence_and_a_status(arguments: list[str], status: int, words: str):
    found = run(*arguments)
    assert found.exit_code == status
    assert words in found.stderr
    assert found.stdout == ""
    assert found.exception is None or isinstance(found.exception, SystemExit)


def test_an_error_asked_for_as_json_is_json():
    found = run("ask", "murder in New York, 2015", "--json")
    told = json.loads(found.stdout)["error"]
    assert told["kind"] == "ambiguous_place"
    assert told["readings"] == ["New York State (the state)", "New York, NY"]


@pytest.mark.parametrize("name", sorted(main.commands))
def test_every_command_has_a_help_line_and_an_example(name: str):
    shown = run(name, "--help").stdout
    assert main.commands[name].get_short_help_str()
    assert f"baserate {name}" in shown.split("Example", 1)[1]


def test_a_process_of_its_own_answers_and_leaves_no_traceback(command: Any, tmp_path: Path):
    good = command("ask", QUESTION)
    assert (good.returncode, good.stderr) == (0, "")
    assert "+3.4%" in good.stdout
    bad = command("ask", "murder in Nowhereville, 2015")
    assert bad.returncode == 2
    assert bad.stderr.count("\n") == 1
    assert "Traceback" not in bad.stderr
    made = command("brief", "Wyoming", "--out", "wy.html")
    assert made.returncode == 0
    assert (tmp_path / "wy.html").stat().st_size < 300 * 1024


def test_bytes_that_are_no_text_are_refused(tmp_path: Path):
    done = subprocess.run(
        [sys.executable, "-m", "baserate", "ask", "-"],
        input=b"murder \xff 2015",
        capture_output=True,
        check=False,
    )
    assert done.returncode == 2
    assert b"byte 8 of standard input is not UTF-8" in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this machine")
def test_a_full_disk_behind_standard_output_is_said_without_a_traceback():
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "baserate", "ask", "murder in Ohio, 2015"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr


def test_a_narrow_encoding_loses_signs_and_nothing_else():
    done = subprocess.run(
        [sys.executable, "-m", "baserate", "ask", "murder in Missouri, 2014 to 2016"],
        env={**os.environ, "PYTHONIOENCODING": "cp1252"},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0
    assert b"Missouri" in done.stdout


def test_no_color_leaks_into_a_pipe(command: Any):
    assert "\x1b" not in command("ask", QUESTION).stdout


def test_help_loads_neither_the_engine_nor_the_page_maker(command: Any):
    probe = (
        "import sys, baserate.cli as c\n"
        "try: c.main(['--help'])\n"
        "except SystemExit: pass\n"
        "print(sorted(m for m in ('duckdb', 'jinja2', 'numpy', 'scipy') if m in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
