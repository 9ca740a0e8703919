"""The command and its page: what is printed, exported and written, and what is refused."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from tests.made.cities import of_ratios

from baserate.cli import main
from baserate.grants.parameters import rules
from baserate.grants.register import read_register
from baserate.grants.selection.select import Asked, select
from baserate.publish.selection_page import render_selection_page

MADE = {
    "Memphis, TN": 4.5,
    "Houston, TX": 2.0,
    "Baltimore, MD": 3.9,
    "Chicago, IL": 1.995,
    "Boise, ID": 1.01,
    "Irvine, CA": 0.2,
}
LIMIT = 300 * 1024


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("made")
    of_ratios(made, MADE)
    return made


@pytest.fixture
def run(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.chdir(tmp_path)

    def called(*words: str) -> Any:
        return CliRunner().invoke(main, ["select", *words, "--store", str(folder)])

    return called


def test_the_finding_comes_first_and_the_command_last(run: Any):
    shown = run("--year", "2015")
    assert shown.exit_code == 0
    text = " ".join(shown.stdout.split())
    assert (
        "4 of 6 cities of 100,000 people or more with records stood above the nation's violent "
        "crime rate in each of 2013 to 2015; 1 of them was neither chosen in 2017 nor in the "
        "program or its predecessor before." in text
    )
    assert (
        "1 city that was not chosen in 2017 stood at least as far above the nation as one that "
        "was: Baltimore. Below Houston, the lowest of those chosen with records, but by no more "
        "than counting noise: Chicago (not chosen in 2017; in the predecessor program since "
        "September 2014)." in text
    )
    assert any("released 28 September 2016" in line for line in shown.stdout.splitlines()[:10])
    assert "baserate select --year 2015 --store " in shown.stdout.splitlines()[-1]


def test_one_city_is_told_in_full(run: Any):
    text = " ".join(run("--year", "2015", "--place", "Baltimore").stdout.split())
    assert "Baltimore, MD: met; it stood above the nation's violent crime rate in each" in text
    assert "It was not chosen in 2017; it was chosen later (3 June 2019)." in text
    assert "Times the nation's rate: 3.90 (" in text
    assert "2nd of 6 over 2013 to 2015" in text
    assert "Of those chosen in 2017: surely above Houston; surely below Memphis" in text


def test_one_citys_answer_is_short_and_about_it(run: Any):
    lines = run("--year", "2015", "--place", "Chicago").stdout.splitlines()
    assert len(lines) < 50
    assert "Baltimore" not in "".join(lines)
    assert (
        "It was not chosen in 2017; it was in the predecessor program, the Violence Reduction "
        "Network, since September 2014." in " ".join(" ".join(lines).split())
    )


def test_what_the_json_carries(run: Any):
    found = json.loads(run("--year", "2015", "--json").stdout)
    assert found["counts"] == {
        "met": 4, "met_without_certainty": 1, "not_met": 1, "cannot_be_told": 0,
    }  # fmt: skip
    (memphis,) = [c for c in found["cities"] if c["city"] == "Memphis, TN"]
    newest = memphis["years"][-1]
    assert newest["ratio"]["lower"] < newest["ratio"]["ratio"] < newest["ratio"]["upper"]
    assert newest["nation_rate_per_100k"] == 372.6
    today = memphis["newest_year_ratio_to_newest_release"]["ratio"]
    assert today == pytest.approx(newest["ratio"]["ratio"] * 372.6 / 373.74, rel=1e-4)
    assert {c["kind"] for c in found["caveats"]} >= {"not_a_ranking", "missing_places"}
    assert all(t["citation"] for t in found["criteria"])


def test_the_csv_has_a_row_a_city(run: Any):
    rows = list(csv.DictReader(io.StringIO(run("--year", "2015", "--csv").stdout)))
    assert [r["city"] for r in rows][:2] == ["Memphis, TN", "Baltimore, MD"]
    assert {r["standing"] for r in rows} == {"met", "met without certainty", "not met"}


def test_options_change_the_rule_and_stand_in_the_command(run: Any):
    shown = run("--year", "2015", "--threshold", "2.5", "--window", "1", "--json")
    found = json.loads(shown.stdout)
    assert found["counts"]["met"] == 2
    again = "baserate select --year 2015 --threshold 2.5 --window 1 --store "
    assert found["rerun"].startswith(again)
    assert {t["what_if"] for t in found["criteria"]} == {"given on the command line", None}


def test_a_what_if_file_changes_the_rule(run: Any, tmp_path: Path):
    (tmp_path / "far.toml").write_text('title = "Far above"\n[threshold]\nvalue = 2.5\n')
    found = json.loads(run("--year", "2015", "--with", "far.toml", "--json").stdout)
    assert (found["counts"]["met"], found["criteria"][0]["what_if"]) == (2, "Far above")


@pytest.mark.parametrize(
    ("words", "status", "says"),
    [
        (["--year", "1985"], 3, "no city's records of violent crime for 1983 to 1985"),
        (["--year", "1901"], 3, "no violent crime rate of the United States for 1899"),
        (["--year", "2015", "--offense", "burglarly"], 2, "no offense is called"),
        (["--year", "2015", "--offense", "murder"], 3, "no city's records of murder"),
        (["--year", "2015", "--place", "Kansas City"], 2, "is 2 places"),
        (["--year", "2015", "--place", "Toledo, OH"], 3, "no records of Toledo, OH"),
        (["--year", "2015", "--cohort", "1999"], 2, "no cohort called '1999'"),
        (["--year", "2015", "--threshold", "nan"], 2, "is no number"),
        (["--year", "2015", "--threshold", "-1"], 2, "is no number"),
        (["--year", "2015", "--window", "0"], 2, "years_sustained = 0"),
        (["--year", "2015", "--window", "2.5"], 2, "years_sustained = 2.5"),
        (["--year", "2015", "--smallest-population", "1e9"], 3, "none of the 6 cities"),
        (["--year", "2015", "--with", "no.toml"], 2, "no.toml cannot be read"),
        (["--year", "2015", "--declared", "no.csv"], 2, "no.csv cannot be read"),
        (["--year", "2015", "--as-of", "2010-01-01"], 3, ""),
        (["--year", "2016", "--nation", "published"], 3, "held for 2013 to 2015, not 2016"),
        (["jag", "--year", "2015"], 2, "jag has no criteria"),
        (["pps", "--year", "2015"], 2, "no rules are called 'pps'"),
        (["--year", "2015", "--out", "nowhere/page.html"], 2, "could not be written"),
    ],
)
def test_what_cannot_be_answered_is_said_in_one_sentence(
    words: list[str], status: int, says: str, run: Any
):
    shown = run(*words)
    assert (shown.exit_code, shown.stdout) == (status, "")
    assert says in " ".join(shown.stderr.split())
    assert "Traceback" not in shown.stderr


def test_an_empty_store_says_what_to_add(command: Any):
    shown = command("select", "--year", "2015", "--store", "empty")
    assert shown.returncode == 3
    assert '"baserate fetch marshall_cities"' in shown.stderr


# --- the page ------------------------------------------------------------------------------


@pytest.fixture
def page(run: Any, tmp_path: Path) -> str:
    shown = run("--year", "2015", "--place", "Baltimore, MD", "--out", "page.html")
    assert shown.exit_code == 0
    assert "opens with no network" in shown.stdout
    return (tmp_path / "page.html").read_text(encoding="utf-8")


def test_the_page_is_one_small_file_that_loads_and_runs_nothing(page: str):
    assert len(page.encode()) < LIMIT
    assert "<script" not in page
    loads = re.findall(r'<(?!a\b)[a-z]+\b[^>]*?\b(?:src|href|srcset|action)="([^"]*)"', page)
    assert loads == ["data:,"]
    assert not re.search(r"url\(|@import", page)
    assert page.count("<h1>") == page.count("</html>") == 1


def test_the_page_says_how_it_is_made_and_from_what(page: str):
    for said in (
        "baserate select --year 2015 --place &#39;Baltimore, MD&#39; ",
        " --out page.html",
        "Crime in the United States, 2015, Table 1",
        "SHA-256",
        "letter of 3 August 2017",
        "The FBI advises against ranking",
        "counting noise alone",
        "Springfield, IL",
        "Violence Reduction Network, annual report 2015",
    ):
        assert said in page, said
    assert page.count("<table") == page.count("<caption")


def test_the_chart_draws_as_many_dots_as_its_heading_counts(page: str):
    assert "1 city that met the criterion and was not chosen in 2017 stood as far" in page
    wide = page.split('class="plot wide"')[1].split("</svg>")[0]
    assert "in the predecessor, 2014" in wide
    assert wide.count("<polygon") == 1  # Chicago
    assert wide.count('class="dot hollow"') == 2  # Boise and Irvine


def test_a_phone_has_labels_and_what_is_off_the_scale_its_value(page: str):
    narrow = page.split('class="plot narrow"')[1].split("</svg>")[0]
    for said in ("chosen", "pred. 2014", "later 2019", "← 0.20"):
        assert f">{said}</text>" in narrow, said


def test_no_number_of_the_page_is_missing_from_its_csv(page: str):
    coded = re.findall(r"base64,([A-Za-z0-9+/=]+)", page)
    assert len(coded) == 1


def test_names_and_sources_are_escaped(folder: Path):
    from baserate.grants.selection.declared import Declared
    from baserate.store.open import open_store

    said = Declared("Baltimore, MD", True, None, "<img src=x onerror=alert(1)>\u202e")
    asked = Asked(
        2015, "violent_crime", rules("psp"), read_register(), declared={"Baltimore, MD": said}
    )
    page = render_selection_page(
        select(asked, open_store(folder)), "baserate select", out="<b>.html", made_on=date.today()
    )
    assert "<img" not in page
    assert "<b>" not in page
    assert "\u202e" not in page


def test_the_page_is_whole_where_nothing_was_chosen(folder: Path):
    from baserate.store.open import open_store

    found = select(Asked(2015, "violent_crime", rules("psp"), ()), open_store(folder))
    page = render_selection_page(found, "baserate select", out="a.html", made_on=date.today())
    assert "in 2017" not in page
    assert "None" not in page
