"""A claim about a program's effect is held against a study where one is known."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from tests.claims.test_check import US, claim, percent

from baserate.claims.check.judges.effect import judge_effect
from baserate.claims.claim import Claim, Magnitude, Where
from baserate.cli import main
from baserate.errors import BadStudy
from baserate.measure.effects.found import DesignFound, EffectFound, known_effects
from baserate.measure.effects.read_result import read_result, result_of
from baserate.measure.effects.sentences import smallest_seen
from baserate.terms.periods import Period
from baserate.terms.places import place

OHIO = Where("Ohio", (place("OH"),))
PSN = "Project Safe Neighborhoods"
DESIGNS = (
    DesignFound("one", -30.0, -38.0, -22.0, 9.0),
    DesignFound("two", -33.0, -42.0, -24.0, 12.0),
    DesignFound("three", -28.0, -41.0, -15.0, 15.0),
)


def lamps(**changes: Any) -> EffectFound:
    """A study of lamps in Ohio, by which robberies fell by about 30%."""
    told: dict[str, Any] = {
        "title": "Lamps in Ohio",
        "programs": ("Operation Lamplight", "OLL"),
        "offense": "robbery",
        "outcome": "robberies",
        "places": (place("OH"),),
        "years": (2000, 2016),
        "reading": "fell",
        "designs": DESIGNS,
        "sentence": "The outcome was lower.",
        "doubt": "What could be mistaken for an effect: nothing that was looked for.",
        "sources": (),
        "checksum": "a" * 64,
        "command": "baserate evaluate lamps.toml",
        "file": "lamps.toml",
    }
    return EffectFound(**{**told, **changes})


def nothing_seen(**changes: Any) -> EffectFound:
    none = tuple(
        replace(d, percent=-3.0, lower=-20.0, upper=15.0, smallest_visible=25.0) for d in DESIGNS
    )
    return lamps(reading="no clear change", designs=none, **changes)


def said(
    *sizes: Magnitude, text: str = "Operation Lamplight cut robberies.", **parts: Any
) -> Claim:
    given: dict[str, Any] = {"direction": "down", "where": OHIO, "period": None, **parts}
    return claim("effect", given.pop("offense", "robbery"), magnitudes=sizes, text=text, **given)


# --- by designs ----------------------------------------------------------------------------------


BY_DESIGNS = {
    "inside the intervals of a study that tells it": (said(*percent(31)), lamps(), "supported"),
    "outside all of them": (said(*percent(60)), lamps(), "contradicted"),
    "a rise, where it fell": (said(*percent(31), direction="up"), lamps(), "contradicted"),
    "inside one interval of three": (said(*percent(14)), lamps(), "can't tell"),
    "a direction that the study has": (said(), lamps(), "supported"),
    "the other direction": (said(direction="up"), lamps(), "contradicted"),
    "no effect, where it fell": (said(direction="none"), lamps(), "contradicted"),
    "inside, and not told from zero": (said(*percent(10)), nothing_seen(), "can't tell"),
    "outside all, though nothing was told": (said(*percent(50)), nothing_seen(), "contradicted"),
    "no effect, where none was seen": (said(direction="none"), nothing_seen(), "can't tell"),
    "a direction, where none was seen": (said(), nothing_seen(), "can't tell"),
    "outside all designs that disagree": (
        said(*percent(60)), lamps(reading="designs disagree"), "can't tell",
    ),
    "one design alone": (said(*percent(31)), lamps(designs=DESIGNS[:1]), "can't tell"),
    "a threat that could pass for it": (said(*percent(60)), lamps(grave=("break",)), "can't tell"),
    "more than most estimates": (said(*percent(36, "more than")), lamps(), "can't tell"),
    "more than a size all are beyond": (said(*percent(20, "more than")), lamps(), "supported"),
    "the short name of the program": (said(text="OLL cut robberies."), lamps(), "supported"),
}  # fmt: skip


@pytest.mark.parametrize(("asserted", "study", "verdict"), BY_DESIGNS.values(), ids=BY_DESIGNS)
def test_a_study_decides_as_far_as_its_intervals_reach(
    asserted: Claim, study: EffectFound, verdict: str
) -> None:
    found = judge_effect(asserted, [study])
    assert found.verdict == verdict, found.why
    assert found.study == study
    assert study.doubt in found.why


def test_intervals_close_to_zero_support_that_there_was_no_effect() -> None:
    near = tuple(replace(d, percent=0.1, lower=-1.5, upper=1.2) for d in DESIGNS)
    study = nothing_seen()
    assert judge_effect(said(direction="none"), [replace(study, designs=near)]).verdict == (
        "supported"
    )


def test_what_could_not_have_been_seen_stands_beside_a_null() -> None:
    found = judge_effect(said(*percent(10)), [nothing_seen()])
    assert "finds 25% four times in five" in found.why


def test_what_the_study_says_of_its_smallest_effect_is_not_said_twice() -> None:
    found = judge_effect(said(*percent(10)), [nothing_seen(doubt=smallest_seen(25.0))])
    assert found.why.count("finds 25% four times in five") == 1


def test_two_studies_that_differ_decide_nothing() -> None:
    other = lamps(title="Lamps again", reading="rose")
    found = judge_effect(said(), [lamps(), other])
    assert found.verdict == "can't tell"
    assert "“Lamps again”: contradicted" in found.why


# --- whose effect, of what, where and when -------------------------------------------------------


ASIDE = {
    "another offense": (said(offense="murder"), "not of homicide"),
    "another place": (said(where=Where("Texas", (place("TX"),))), "of Ohio, not of Texas"),
    "another time": (said(period=Period.year(2019)), "of 2000 to 2016, not of 2019"),
    "a part of the offense": (said(qualifier="with a gun"), "not of those with a gun"),
}


@pytest.mark.parametrize(("asserted", "why"), ASIDE.values(), ids=ASIDE)
def test_a_study_of_something_else_is_set_aside_and_says_so(asserted: Claim, why: str) -> None:
    found = judge_effect(asserted, [lamps()])
    assert (found.verdict, found.study) == ("can't tell", None)
    assert why in found.why
    assert "study" in found.needs[0].what


def test_a_program_that_is_not_named_has_no_study() -> None:
    found = judge_effect(said(text="The lamps cut robberies."), [lamps()])
    assert found.study is None
    assert "not used" not in found.why


def test_a_study_that_does_not_say_its_offense_is_no_use() -> None:
    found = judge_effect(said(), [lamps(offense=None, outcome="packs")])
    assert "[about] offense" in found.why


def test_a_place_taken_from_around_does_not_narrow_a_program_of_many_places() -> None:
    many = lamps(places=(place("OH"), place("TX")))
    around = said(where=Where("Iowa", (place("IA"),)), understood=("place",))
    assert judge_effect(around, [many]).verdict == "supported"
    assert judge_effect(replace(around, understood=()), [many]).study is None


# --- by published cells --------------------------------------------------------------------------


def of_psn(*sizes: Magnitude, **parts: Any) -> Claim:
    given: dict[str, Any] = {"where": US, "text": f"{PSN} cut violent crime.", **parts}
    return said(*sizes, offense="violent_crime", **given)


BY_CELLS = {
    "the change of the target cities": (of_psn(*percent(4)), "misleading", "82 target cities"),
    "the largest of single places": (of_psn(*percent(42)), "misleading", "specific jurisdictions"),
    "cells that differ in two things": (of_psn(*percent(21)), "misleading", "two things"),
    "the difference itself": (of_psn(*percent(3)), "can't tell", "12.1 points"),
    "a figure of no cell": (of_psn(*percent(10)), "can't tell", "no interval"),
    "a direction alone": (of_psn(), "can't tell", "-3.2 points"),
    "no effect": (of_psn(direction="none"), "can't tell", "-3.2 points"),
    "that it did not fall so much": (of_psn(*percent(42), negated=True), "can't tell", "-3.2"),
}


@pytest.mark.parametrize(("asserted", "verdict", "says"), BY_CELLS.values(), ids=BY_CELLS)
def test_published_cells_decide_what_a_figure_is_of_and_no_more(
    asserted: Claim, verdict: str, says: str
) -> None:
    found = judge_effect(asserted, known_effects())
    assert found.verdict == verdict, found.why
    assert says in found.why


def test_a_mean_and_a_maximum_are_told_by_arithmetic_from_the_cells() -> None:
    ranged = of_psn(*percent(4), *percent(42), text=f"{PSN} cut crime by anywhere from 4 to 42%.")
    found = judge_effect(ranged, known_effects())
    assert found.verdict == "misleading"
    assert "-4.1% is the whole change of the 82 target cities" in found.why
    assert "-42% is quoted of specific jurisdictions" in found.why
    assert "a difference of -3.2 points" in found.why
    assert [t.key for t in found.traps] == ["mean and maximum"]


@pytest.mark.parametrize(
    "words", ["4 to 42 percent", "4% to 42%", "from 4 to 42 percent", "4-42 percent", "4 – 42%"]
)
def test_two_ends_are_a_range_however_they_are_joined(words: str) -> None:
    ranged = of_psn(*percent(4), *percent(42), text=f"{PSN} cut violent crime by {words}.")
    found = judge_effect(ranged, known_effects())
    assert found.verdict == "misleading"
    assert "-42% is quoted of specific jurisdictions" in found.why


def test_two_ends_that_intervals_have_room_for_are_an_honest_range() -> None:
    text = (
        "Operation Lamplight cut robberies by between {} and {} percent, depending on the design."
    )
    inside = said(*percent(26), *percent(34), text=text.format(26, 34))
    beyond = said(*percent(26), *percent(70), text=text.format(26, 70))
    assert judge_effect(inside, [lamps()]).verdict == "supported"
    assert judge_effect(beyond, [lamps()]).verdict == "misleading"


def test_the_seed_article_with_4_to_42_percent(shared: Path, tmp_path: Path) -> None:
    (file,) = (shared / "seeds").glob("001_*.txt")
    found = CliRunner().invoke(main, ["check", str(file), "--store", str(tmp_path), "--json"])
    rows = [json.loads(line) for line in found.stdout.splitlines()]
    (effect,) = [r for r in rows if r["kind"] == "effect"]
    assert effect["verdict"] == "misleading"
    assert effect["study"]["command"] == "baserate evaluate psn-2010"
    assert effect["study"]["checksum"] == known_effects()[0].checksum
    assert "-3.2 points" in effect["why"]


# --- a result as a file --------------------------------------------------------------------------


RESULT: dict[str, Any] = {
    "title": "Lamps in Ohio",
    "program": "Operation Lamplight",
    "also_called": ["OLL"],
    "study": "lamps.toml",
    "checksum": "a" * 64,
    "outcome": "offenses",
    "offense": "robbery",
    "place": "Ohio",
    "treated": ["C00"],
    "periods": [2000, 2016],
    "threats": [{"name": "few clusters", "gravity": "mild", "text": ""}],
    "source": "panel.csv",
    "reading": "fell",
    "finding": "The outcome was lower.",
    "doubt": "Much.",
    "designs": [
        {"design": "one", "percent": -30.0, "percent_interval": [-38.0, -22.0], "p_value": 0.01,
         "mde_percent": 9.0},
        {"design": "two", "percent": -33.0, "percent_interval": [None, -24.0], "p_value": 0.02,
         "mde_percent": None},
        {"design": "three", "percent": None, "percent_interval": None, "p_value": None,
         "why_not": "no predictors"},
    ],
    "rerun": "baserate evaluate lamps.toml",
}  # fmt: skip


def written(**changes: Any) -> str:
    return json.dumps({**RESULT, **changes})


def test_a_result_is_read_with_its_open_ends_and_without_designs_that_said_nothing() -> None:
    found = result_of(written(), "r.json")
    assert [d.name for d in found.designs] == ["one", "two"]
    assert found.designs[1].lower == float("-inf")
    assert (found.offense, found.places, found.grave) == ("robbery", (place("OH"),), ())


def test_a_study_of_months_is_of_their_years() -> None:
    months = result_of(written(periods=[201401, 201612], years=[2014, 2016]), "r.json")
    assert months.years == (2014, 2016)


def test_designs_that_come_to_the_same_have_one_voice() -> None:
    designs = [*RESULT["designs"], RESULT["designs"][0] | {"design": "the first again"}]
    found = result_of(written(designs=designs), "r.json")
    assert [d.name for d in found.designs] == ["one", "two"]


def test_a_command_that_is_not_ours_is_left_out_and_ours_is_quoted() -> None:
    assert result_of(written(rerun="curl example.org | sh"), "r").command == ""
    steered = result_of(written(rerun="baserate evaluate a.toml; rm -r x"), "r").command
    assert steered == "baserate evaluate 'a.toml;' rm -r x"


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "no program": ({"program": "the program"}, "names no program"),
    "a name that every sentence has": ({"also_called": ["a"]}, "a name has 3 to 120"),
    "a reading nobody has": ({"reading": "fel"}, "did you mean fell"),
    "a percent that is text": (
        {"designs": [{**RESULT["designs"][0], "percent": "-30"}]}, "no sound percent",
    ),
    "a percent beyond all numbers": (
        {"designs": [{**RESULT["designs"][0], "percent": 10**400}]}, "no sound percent",
    ),
    "an interval elsewhere": (
        {"designs": [{**RESULT["designs"][0], "percent_interval": [1, 2]}]}, "outside its own",
    ),
    "a design that is none": ({"designs": ["one"]}, "each is an object"),
    "too many designs": ({"designs": [RESULT["designs"][0]] * 300}, "no evaluation has"),
    "years backwards": ({"periods": [2016, 2000]}, "the first and the last"),
    "no checksum": ({"checksum": "x"}, "sha256"),
    "a text without end": ({"finding": "x" * 5_000}, "5,000 characters"),
    "no finding": ({"finding": None}, "no text for finding"),
}  # fmt: skip


@pytest.mark.parametrize(("changes", "says"), BAD.values(), ids=BAD)
def test_a_result_that_cannot_be_is_refused_by_its_field(
    changes: dict[str, Any], says: str
) -> None:
    with pytest.raises(BadStudy, match=says):
        result_of(written(**changes), "r.json")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ("[]", "holds no object"),
        ('{"mde_percent": 3}', "leave out --plan"),
        ('{"title": "x"}', "has no designs"),
        (written().replace("-30.0", "NaN"), "no sound percent"),
    ],
)
def test_what_is_no_result_says_what_to_give(text: str, says: str) -> None:
    with pytest.raises(BadStudy, match=says):
        result_of(text, "r.json")


def test_a_wrong_file_name_gets_the_nearest(tmp_path: Path) -> None:
    (tmp_path / "result.json").write_text(written())
    with pytest.raises(BadStudy, match=r"did you mean result\.json"):
        read_result(tmp_path / "results.json")


# --- the command ---------------------------------------------------------------------------------


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "article.txt"
    path.write_text("COLUMBUS, Ohio -- In Ohio, Operation Lamplight cut robberies by 31 percent.")
    return path


def run(article: Path, *arguments: str) -> Any:
    store = str(article.parent / "none")
    return CliRunner().invoke(main, ["check", str(article), "--store", store, *arguments])


def test_a_result_given_to_check_settles_a_claim(article: Path) -> None:
    (article.parent / "result.json").write_text(written())
    told = json.loads(run(article, "--study", str(article.parent / "result.json"), "--json").stdout)
    assert (told["verdict"], told["study"]["title"]) == ("supported", "Lamps in Ohio")
    assert "Much." in told["why"]


def test_the_page_and_the_terminal_name_the_study_and_escape_it(article: Path) -> None:
    result = article.parent / "result.json"
    result.write_text(written(title="Lamps <script>alert(1)</script>\x1b[31m"))
    page = article.parent / "page.html"
    shown = run(article, "--study", str(result))
    assert "\x1b" not in shown.output
    assert "sha256 aaaaaaaaaaaaaaaa" in " ".join(shown.output.split())
    assert run(article, "--study", str(result), "--out", str(page)).exit_code == 0
    text = page.read_text(encoding="utf-8")
    assert "<script>alert" not in text
    assert "a" * 64 in text
    assert f"--study {result}" in text


def test_published_cells_of_ones_own_can_be_given_as_they_are(article: Path) -> None:
    study = article.parent / "cells.toml"
    study.write_text(
        'title = "Lamps"\nprogram = "Operation Lamplight"\n[published]\noffense = "robbery"\n'
        'place = "Ohio"\nyears = [2000, 2005]\n'
        '[[published.groups]]\nname = "lit towns"\ntreated = true\nunits = 9\npercent = -31\n'
        '[[published.groups]]\nname = "dark towns"\ntreated = false\nunits = 9\npercent = -30\n'
    )
    told = json.loads(run(article, "--study", str(study), "--json").stdout)
    assert told["verdict"] == "misleading"
    assert "a difference of -1.0 points" in told["why"]


def test_a_study_file_is_worked_out_and_then_held_against_the_claim(article: Path) -> None:
    draw, rows = np.random.default_rng(3), ["city,year,n"]
    for i in range(20):
        for year in range(2000, 2016):
            fell = 0.69 if i == 0 and year >= 2010 else 1.0
            rows.append(f"C{i},{year},{draw.poisson((1_500 + 100 * ((i * 7 + 10) % 20)) * fell)}")
    (article.parent / "panel.csv").write_text("\n".join(rows))
    study = article.parent / "study.toml"
    study.write_text(
        'title = "Lamps"\nprogram = "Operation Lamplight"\ndraws = 100\n'
        'designs = ["difference in differences", "synthetic difference in differences"]\n'
        '[about]\noffense = "robbery"\nplace = "Ohio"\n'
        '[panel]\ndata = "panel.csv"\nunit = "city"\nperiod = "year"\noutcome = "n"\n'
        'measure = "count"\n[treated]\nunits = [{ name = "C0", start = 2010 }]\n'
        "[window]\npre = [2000, 2009]\npost = [2010, 2015]\n"
    )
    told = json.loads(run(article, "--study", str(study), "--json").stdout)
    assert told["verdict"] == "supported", told["why"]
    assert told["study"]["command"] == f"baserate evaluate {study}"


def test_what_evaluate_writes_of_published_cells_is_read_back(article: Path) -> None:
    made = CliRunner().invoke(
        main, ["evaluate", "psn-2010", "--json", "--store", str(article.parent)]
    )
    result = article.parent / "psn.json"
    result.write_text(made.stdout)
    found, (known,) = read_result(result), known_effects()
    assert found == replace(known, command=found.command)


def test_a_study_that_cannot_be_read_is_one_sentence(article: Path) -> None:
    found = run(article, "--study", "psn-2011")
    assert found.exit_code == 2
    assert "did you mean psn-2010" in found.output
    assert "Traceback" not in found.output
