"""`baserate award` as a user meets it: in the terminal, as JSON and CSV, as a page."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from baserate.cli import main


def award(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["award", *arguments], env={"BASERATE_STORE": "none-here"})


def told(*arguments: str) -> dict[str, Any]:
    found = award(*arguments, "--json")
    assert found.exit_code == 0, found.output
    answer: dict[str, Any] = json.loads(found.stdout)
    return answer


def test_the_table_has_every_state_and_what_it_rests_on():
    shown = award("jag", "--year", "2013", "--total", "278392240").output
    assert "56 States and territories share $278,392,240.00" in shown
    assert "Vermont*" in shown
    assert "695,980.60" in shown
    for label in ("Published", "Definition", "Covers", "Unverified", "Vintage", "Source", "Again"):
        assert f"\n  {label}" in shown


def test_one_award_line_by_line_names_the_source_of_every_number():
    shown = award("jag", "--year", "2016", "--state", "Florida", "--explain").output
    assert "estimated_crimes_1979_2019.csv line 1816" in shown
    assert "34 U.S.C. 10156(a)(2)" in shown
    assert "$17,259,881.77" in shown
    assert "would need 293,668 to 297,001 violent crimes" in " ".join(shown.split())


def test_an_award_that_does_not_rest_on_an_unverified_number_does_not_say_so():
    silent = "States whose whole allocation goes to their government"
    assert silent not in award("jag", "--year", "2013", "--state", "MO").output
    assert silent in " ".join(award("jag", "--year", "2013", "--state", "GU").output.split())
    assert "is read nowhere" in " ".join(
        award("jag", "--year", "2013", "--state", "MO").output.split()
    )


def test_json_adds_up_and_carries_everything():
    answer = told("jag", "--year", "2013")
    assert round(sum(s["award"] for s in answer["states"]), 2) == answer["total"]
    assert answer["minimum_states"] == ["AS+MP", "GU", "ND", "SD", "VI", "VT", "WY"]
    assert {p["name"] for p in answer["parameters"]} >= {"minimum_share", "state_share"}
    assert answer["rerun"] == "baserate award jag --year 2013"
    vermont = next(s for s in answer["states"] if s["state"] == "VT")
    assert (vermont["award"], vermont["local"]) == (695_980.60, 278_392.24)


def test_csv_has_one_line_a_state():
    rows = list(csv.DictReader(io.StringIO(award("jag", "--year", "2013", "--csv").stdout)))
    assert len(rows) == 56
    assert rows[0]["name"] == "California"


def test_a_what_if_stands_beside_the_rule(tmp_path: Path):
    path = tmp_path / "what-if.toml"
    path.write_text("title = 'Minimum share doubled'\n[minimum_share]\nvalue = 0.005\n")
    shown = award("jag", "--year", "2016", "--with", str(path)).output
    assert "by the rules" in shown
    assert "What if: Minimum share doubled. 37 get more" in shown
    one = told("jag", "--year", "2016", "--with", str(path), "--state", "WY")
    assert one["state"]["award"] == pytest.approx(2 * one["state"]["by_rules"], abs=0.011)


def test_a_place_by_a_list_of_all_units(tmp_path: Path):
    path = tmp_path / "units.csv"
    path.write_text('name,state,violent_crimes\n"Oakland, CA",CA,6570.67\nothers,CA,155426.33\n')
    answer = told("jag", "--year", "2013", "--place", "Oakland, CA", "--local", str(path))
    assert answer["local"]["is_exact"]
    assert answer["local"]["least"] == pytest.approx(500_225, rel=0.001)
    assert answer["explain"][0]["figure"] == "$278,392,240.00"


def test_a_penalty_is_a_loss_and_is_said_so(tmp_path: Path):
    path = tmp_path / "penalty.toml"
    path.write_text("title = 'Tenth withheld'\n[[reduced]]\nplace = 'MO'\nby = 'sorna_penalty'\n")
    shown = award("jag", "--year", "2016", "--with", str(path)).output
    assert "0 get more than by the rules as they are, 1 less" in " ".join(shown.split())
    one = award("jag", "--year", "2016", "--with", str(path), "--state", "MO").output
    assert "of which $333,810.89 is withheld" in " ".join(one.split())
    assert "changes that by -$333,811" in " ".join(one.split())
    answer = told("jag", "--year", "2016", "--with", str(path), "--state", "MO")["state"]
    assert answer["received"] == pytest.approx(answer["by_rules"] - answer["withheld"], abs=0.005)


def test_without_the_minimum_unpublished_crimes_matter_and_are_not_zero(tmp_path: Path):
    path = tmp_path / "none.toml"
    path.write_text("[minimum_share]\nvalue = 0\n")
    shown = " ".join(
        award("jag", "--year", "2016", "--with", str(path), "--state", "GU").output.split()
    )
    assert "Guam gets at least $" in shown
    assert "counted as none" in shown
    assert "Guam" in " ".join(
        award("psn", "--year", "2019", "--total", "5000000").output.split("Caveat")[1].split()
    )


def test_another_definition_is_not_mixed_with_a_what_ifs_own_counts(tmp_path: Path):
    path = tmp_path / "florida.toml"
    path.write_text("[[recorded]]\nplace = 'FL'\nyear = 2014\nviolent_crime = 107000\n")
    shown = award("jag", "--year", "2016", "--with", str(path), "--state", "FL").output
    assert "Other ways" not in shown
    assert "on the what-if's figures" in " ".join(shown.split())


def test_the_finding_stands_beside_what_was_published():
    shown = " ".join(award("jag", "--year", "2016", "--state", "FL").output.split())
    assert "By the formula on today's figures, Florida gets $17,259,881.77" in shown
    assert "Published was $17.8 million, on counts that have since been revised." in shown
    other = " ".join(award("jag", "--year", "2014", "--state", "MO").output.split())
    assert "No published figure of it is at hand." in other


def test_the_declared_rule_says_that_it_is_declared():
    shown = award("psn", "--year", "2019", "--total", "20,000,000").output
    assert "by a declared rule" in shown
    assert "the department's own is not published" in " ".join(shown.split())
    answer = told("psn", "--year", "2019", "--total", "20000000")
    assert round(sum(d["award"] for d in answer["districts"]), 2) == 20_000_000
    assert "violent_crime_share" in answer["unverified"]


def test_districts_of_a_users_own(tmp_path: Path):
    path = tmp_path / "districts.csv"
    path.write_text("name,population,violent_crimes\nEast,100,30\nWest,300,10\n")
    answer = told("psn", "--year", "2019", "--total", "100", "--districts", str(path))
    assert {d["name"]: d["award"] for d in answer["districts"]} == {"East": 50, "West": 50}


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["jag", "--year", "2013", "--total", "0"], "cannot be shared out"),
        (["jag", "--year", "2013", "--total", "lots"], "no amount"),
        (["jag", "--year", "2013", "--total", "1.234"], "no amount"),
        (["jag", "--year", "1999", "--total", "5"], "begin with fiscal year 2006"),
        (["jag", "--year", "2030", "--total", "5"], "records have 1979 to 2019"),
        (["jag", "--year", "2018"], "--total"),
        (["jag", "--year", "2013", "--state", "Atlantis"], "no State or territory"),
        (["jag", "--year", "2013", "--place", "Springfield"], "places: "),
        (["jag", "--year", "2013", "--place", "Oakland, CA"], "Table 8"),
        (["jag", "--year", "2013", "--state", "CA", "--place", "Oakland, CA"], "choose one"),
        (["jag", "--year", "2013", "--json", "--csv"], "choose one"),
        (["jag", "--year", "2013", "--with", "none.toml"], "cannot be read"),
        (["jag", "--year", "2013", "--local", "none.csv"], "cannot be read"),
        (["jag", "--year", "2013", "--definition", "revised"], "revised definition"),
        (["jag", "--year", "2013", "--as-of", "1999-01-01"], "nothing at hand had been published"),
        (["psn", "--year", "2019"], "--total"),
        (["psn", "--year", "2019", "--total", "5", "--out", "x.html"], "--out is for jag"),
        (["psn", "--year", "2019", "--total", "5", "--state", "MO"], "--state is for jag"),
        (["jag", "--year", "2013", "--districts", "x.csv"], "--districts is for psn"),
        (["psn", "--year", "2016", "--total", "5"], "is not one of the formula grants"),
        (["cops", "--year", "2016"], "jag"),
    ],
)
def test_what_cannot_be_answered_is_one_clear_sentence(arguments: list[str], says: str):
    found = award(*arguments)
    assert found.exit_code in {2, 3}
    assert says in " ".join(found.output.split())
    assert "Traceback" not in found.output
    assert "$" not in found.stdout.replace("$ ", "")  # no half result


def test_an_error_in_json_is_json():
    found = award("jag", "--year", "2030", "--total", "5", "--json")
    assert json.loads(found.stdout)["error"]["kind"] == "nothing_to_allocate"


# --- the page ----------------------------------------------------------------------------------


@pytest.fixture
def page(tmp_path: Path) -> str:
    what_if = tmp_path / "what-if.toml"
    what_if.write_text("title = '<b>Twice</b>'\n[minimum_share]\nvalue = 0.005\n")
    out = tmp_path / "awards.html"
    found = award(
        "jag", "--year", "2016", "--state", "MO", "--with", str(what_if), "--out", str(out)
    )
    assert found.exit_code == 0, found.output
    return out.read_text(encoding="utf-8")


def test_a_page_opens_with_no_network_and_is_small(page: str):
    assert len(page.encode()) < 300 * 1024
    assert not re.search(r'(src|href)="(?!data:|#)', page)
    assert "<script" not in page


def test_what_a_user_wrote_is_escaped(page: str):
    assert "<b>Twice</b>" not in page
    assert "&lt;b&gt;Twice&lt;/b&gt;" in page


def test_a_page_explains_one_award_and_shows_all(page: str):
    assert "Missouri, line by line" in page
    assert "estimated_crimes_1979_2019.csv line" in page
    assert all(name in page for name in ("Wyoming", "Guam", "Puerto Rico"))
    assert page.count("<svg") >= 6


def test_a_page_that_cannot_be_written_leaves_nothing(tmp_path: Path):
    found = award("jag", "--year", "2016", "--out", str(tmp_path / "no" / "folder.html"))
    assert found.exit_code == 2
    assert "could not be written" in found.output


def test_a_sentence_gives_each_its_own_part():
    shown = " ".join(award("jag", "--year", "2016", "--state", "FL").output.split())
    assert "$10,355,929.06 to its government and $6,903,952.71 for its local" in shown


def test_every_line_of_the_explanation_has_its_own_figure():
    lines = {
        each["what"]: each["figure"]
        for each in told("jag", "--year", "2016", "--state", "FL")["explain"]
    }
    assert lines["by its people, of $237,106,912.31 for 48"] == "$7,464,175.56"
    assert lines["by its violent crimes, of $237,106,912.31 for 48"] == "$9,108,439.79"
    assert lines["to its government"] == "$10,355,929.06"
    assert lines["to its local governments"] == "$6,903,952.71"
    people = int(lines["people of the 48 that share the rest"].replace(",", ""))
    assert 118_553_456.155 * 20_244_914 / people == pytest.approx(7_464_175.56, abs=0.01)


def test_a_page_gives_dollars_a_resident_and_dollars_a_crime_apart(tmp_path: Path):
    out = tmp_path / "awards.html"
    award("jag", "--year", "2016", "--out", str(out))
    page = out.read_text(encoding="utf-8")
    row = re.search(r'<th scope="row">Florida</th>(.*?)</tr>', page, re.DOTALL)
    assert row is not None
    cells = re.findall(r"<td[^>]*>([^<]*)</td>", page[page.index("Every award") :].split(
        '<th scope="row">Florida</th>')[1].split("</tr>")[0])  # fmt: skip
    assert cells == [
        "17,259,881.77", "10,355,929.06", "6,903,952.71", "17.23–17.29", "0.85", "186.64",
    ]  # fmt: skip


def test_what_stands_in_for_puerto_ricos_people_is_said():
    said = told("jag", "--year", "2020")["caveats"]
    assert said == [
        "Puerto Rico's violent crime of 2017 and 2018 is not held; that of 2016 (7,643) stands in "
        "for it",
        "Puerto Rico's population of 2019 is not held; that of 2016 (3,411,307) stands in for it",
    ]


def test_a_what_if_that_moves_nothing_has_a_page_too(tmp_path: Path):
    path, out = tmp_path / "same.toml", tmp_path / "page.html"
    path.write_text("[minimum_share]\nvalue = 0.0025\n")
    found = award("jag", "--year", "2016", "--with", str(path), "--out", str(out))
    assert found.exit_code == 0, found.output
    assert "what-if" not in out.read_text(encoding="utf-8").split("<h2")[1]


def test_a_page_is_never_written_over_what_it_is_made_from(tmp_path: Path):
    path = tmp_path / "what-if.toml"
    path.write_text("[minimum_share]\nvalue = 0.005\n")
    found = award("jag", "--year", "2016", "--with", str(path), "--out", str(path))
    assert found.exit_code == 2
    assert path.read_text() == "[minimum_share]\nvalue = 0.005\n"


def test_districts_without_crime_are_not_paid_half(tmp_path: Path):
    path = tmp_path / "districts.csv"
    path.write_text("name,population,violent_crimes\nEast,5,0\nWest,6,0\n")
    found = award("psn", "--year", "2019", "--total", "1000", "--districts", str(path))
    assert found.exit_code == 2
    assert "no violent crime is recorded in any district" in " ".join(found.output.split())


def test_a_name_cannot_steer_the_terminal(tmp_path: Path):
    path = tmp_path / "what-if.toml"
    path.write_text('title = "red\\u009b31m"\n[minimum_share]\nvalue = 0.005\n', encoding="utf-8")
    for form in ((), ("--json",)):
        shown = award("jag", "--year", "2016", "--with", str(path), *form).output
        assert "\x9b" not in shown
        assert "red" in shown


@pytest.mark.parametrize("total", ["1,2,3,4", "１２３", "1e9"])
def test_an_amount_is_written_as_amounts_are(total: str):
    assert award("jag", "--year", "2013", "--total", total).exit_code == 2
