"""Second opinions: libraries that others keep give the same, or what they give instead is said."""

from __future__ import annotations

import csv
import io
import json
import sys
import warnings
from collections.abc import Callable
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from baserate.cli import main
from baserate.evaluate import evaluation
from baserate.evaluate.counts.did import count_did
from baserate.evaluate.designs.estimate import Estimate
from baserate.evaluate.designs.table import DESIGNS
from baserate.evaluate.differences.did import means_did
from baserate.evaluate.differences.twoway import two_way
from baserate.evaluate.panel import NEVER, Panel
from baserate.evaluate.second_opinions import by_diff_diff, by_statsmodels
from baserate.evaluate.second_opinions.asking import quiet, with_second_opinion
from baserate.evaluate.second_opinions.opinion import (
    TOLERANCE,
    Answer,
    NotAsked,
    SecondOpinion,
)
from baserate.evaluate.second_opinions.registry import REGISTRY, Asked
from baserate.evaluate.synthetic.synthetic_control import SEVERAL_FIT
from baserate.publish.study_second import second_words

ABSENT = [name for name in ("diff_diff", "statsmodels") if find_spec(name) is None]
installed = pytest.mark.skipif(bool(ABSENT), reason=f"not installed: {', '.join(ABSENT)}")

STUDY = """
title = "Lights"
seed = 3
draws = 100
[panel]
data = "{data}"
unit = "{unit}"
period = "{period}"
outcome = "{outcome}"
measure = "{measure}"
{more}
[treated]
units = [{units}]
[window]
pre = [{pre}]
post = [{post}]
"""
CITIES, YEARS = 24, range(2000, 2018)
WIDEST = 92  # characters of a line in the terminal


def city_years(seed: int, starts: dict[int, int], effect: float = 0.7) -> str:
    """Overdispersed counts of cities with a common wave; `starts`: who is treated from when."""
    draw = np.random.default_rng(seed)
    wave = 1 + 0.15 * np.sin(np.arange(len(YEARS)) / 3)
    rows = ["city,year,offenses,people"]
    for i in range(CITIES):
        for j, year in enumerate(YEARS):
            mean = (900 + 60 * ((7 * i + 11) % CITIES)) * wave[j]
            mean *= effect if year >= starts.get(i, 9999) else 1
            count = draw.negative_binomial(40, 40 / (40 + mean))
            rows.append(f"C{i:02},{year},{count},{200_000 + 1_000 * (i + j)}")
    return "\n".join(rows) + "\n"


def ask(folder: Path, *arguments: str, units: dict[str, int], **fields: str) -> Any:
    """Writes a study and runs the command on it."""
    told = ", ".join(f'{{ name = "{name}", start = {year} }}' for name, year in units.items())
    path = folder / "study.toml"
    path.write_text(STUDY.format(units=told, **fields))
    return CliRunner().invoke(main, ["evaluate", str(path), "--quiet", *arguments])


@pytest.fixture
def cities(tmp_path: Path) -> Callable[..., Any]:
    def run(*arguments: str, seed: int = 1, starts: dict[int, int] | None = None) -> Any:
        began = {0: 2012} if starts is None else starts
        (tmp_path / "panel.csv").write_text(city_years(seed, began))
        return ask(
            tmp_path, *arguments, units={f"C{i:02}": year for i, year in began.items()},
            data="panel.csv", unit="city", period="year", outcome="offenses", measure="count",
            more='exposure = "people"', pre="2000, 2011", post="2012, 2017",
        )  # fmt: skip

    return run


def opinions(run: Any) -> dict[str, Any]:
    """What was said of each row that was asked about."""
    told = json.loads(run.stdout)["designs"]
    return {d["design"]: d["second_opinion"] for d in told if d["second_opinion"]}


# Agreement with libraries, on panels whose truth is known and on published data


@installed
@pytest.mark.parametrize(
    ("seed", "starts"),
    [(1, {0: 2012}), (2, {0: 2012, 5: 2012, 9: 2012})],
    ids=["one city", "three cities"],
)
def test_every_row_that_is_asked_about_is_the_same(
    cities: Callable[..., Any], seed: int, starts: dict[int, int]
):
    told = opinions(cities("--json", seed=seed, starts=starts))
    assert set(told) == {asked.design for asked in REGISTRY}
    assert {name: each["status"] for name, each in told.items()} == dict.fromkeys(told, "agrees")
    assert max(each["apart"] for each in told.values()) < 1e-9


@installed
def test_cities_that_begin_at_different_times_are_the_same(cities: Callable[..., Any]):
    told = opinions(cities("--json", starts={0: 2012, 1: 2012, 2: 2014, 3: 2014, 4: 2014}))
    assert {"staggered adoption", "event study, honest bands", "counts, two-way"} <= set(told)
    assert "synthetic control" not in told  # it has no number of ours to compare
    assert {each["status"] for each in told.values()} == {"agrees"}


@installed
def test_the_errors_that_both_have_are_the_same():
    draw = np.random.default_rng(4)
    outcome = draw.normal(size=(30, 12)) + draw.normal(size=(30, 1))
    treated, clusters = np.arange(30) < 7, np.arange(30) // 2
    on = (np.arange(12) >= 8) * treated[:, None] * draw.uniform(0.2, 1, (30, 1))
    age = draw.normal(size=(1, 30, 12))
    with quiet():
        means = by_diff_diff.difference_in_differences(outcome, treated, 8)
        lines = by_statsmodels.two_way(outcome, on, age, clusters)
    here = two_way(outcome, on, covariates=age, clusters=clusters)
    assert means.standard_error == pytest.approx(means_did(outcome, treated, 8).standard_error)
    assert lines.effect == pytest.approx(here.effect, rel=1e-9)
    assert lines.standard_error == pytest.approx(here.standard_error, rel=1e-9)


@installed
def test_proposition_99_is_the_same_by_six_rows(
    shared: Path, tmp_path: Path, expected: dict[str, Any]
):
    found = ask(
        tmp_path, "--json", units={"California": 1989}, more="", measure="mean",
        data=str(shared / "data/program/synthdid/california_prop99.csv"), unit="State",
        period="Year", outcome="PacksPerCapita", pre="1970, 1988", post="1989, 2000",
    )  # fmt: skip
    told, published = opinions(found), expected["prop99"]["expected"]
    assert {each["status"] for each in told.values()} == {"agrees"}
    assert len(told) == 6
    sdid = told["synthetic difference in differences"]["there"]
    assert sdid == pytest.approx(published["sdid"], abs=1e-6)
    did = told["difference in differences"]["there"]
    assert did == pytest.approx(published["did"], abs=1e-6)


@installed
def test_mpdta_is_the_same(shared: Path, tmp_path: Path, expected: dict[str, Any]):
    data = shared / "data/program/did/mpdta.csv"
    with data.open() as file:
        began = {r["countyreal"]: int(r["first.treat"]) for r in csv.DictReader(file)}
    found = ask(
        tmp_path, "--json", units={c: g for c, g in began.items() if g}, more="", measure="mean",
        data=str(data), unit="countyreal", period="year", outcome="lemp", pre="2003, 2003",
        post="2004, 2007",
    )  # fmt: skip
    told = opinions(found)
    assert {each["status"] for each in told.values()} == {"agrees"}
    overall = told["staggered adoption"]["there"]
    assert overall == pytest.approx(-0.0310, abs=5e-5)
    assert told["event study, honest bands"]["there"] == pytest.approx(-0.0772, abs=5e-5)


@installed
def test_castle_doctrine_is_the_same_with_years_treated_in_part(shared: Path):
    with quiet():
        import pandas

        table = pandas.read_stata(shared / "data/program/mixtape/castle.dta")
        table = table.sort_values(["sid", "year"])
        states = table["sid"].nunique()
        outcome, law = (
            table[c].to_numpy(np.float64).reshape(states, -1) for c in ("l_homicide", "cdl")
        )
        there = by_statsmodels.two_way(outcome, law, np.empty((0, *law.shape)), np.arange(states))
    here = two_way(outcome, law)
    assert there.effect == pytest.approx(0.0877, abs=5e-5)
    assert there.effect == pytest.approx(here.effect, rel=1e-9)
    assert there.standard_error == pytest.approx(here.standard_error, rel=1e-9)


@installed
def test_zero_units_and_small_counts_leave_the_ratio_the_same():
    counts = np.random.default_rng(8).poisson(1.5, (20, 10)).astype(float)
    counts[3], on = 0, np.zeros((20, 10))
    on[:4, 6:] = 1
    with quiet():
        there = by_statsmodels.counts_two_way(counts, on, None)
    here = count_did(counts, on, family="negative_binomial")
    assert there.effect == pytest.approx(here.percent, rel=1e-8)


def test_so_many_places_that_dummies_would_be_slow_are_refused():
    with pytest.raises(NotAsked, match="900 units are 910 columns"):
        by_statsmodels.counts_two_way(np.ones((900, 10)), np.zeros((900, 10)), None)


# What a library does wrong


def a_panel() -> Panel:
    outcome = np.random.default_rng(1).normal(100, 5, (6, 8))
    cohort = np.array([5, *5 * [NEVER]])
    return Panel(
        units=tuple("ABCDEF"), periods=tuple(range(8)), outcome=outcome, measure="mean",
        exposure=None, cohort=cohort, dose=np.array([1.0, 0, 0, 0, 0, 0]), first=5,
        cluster=tuple("ABCDEF"),
    )  # fmt: skip


def row(*notes: str) -> Estimate:
    return Estimate("synthetic control", "a paper", effect=-19.5, percent=-20.0, notes=notes)


def asked(answer: Callable[[Panel], Answer], module: str = "json", unless: tuple[str, ...] = ()):
    return Asked("synthetic control", "numpy", module, "effect", answer, unless=unless)


def told_of(estimate: Estimate, entry: Asked) -> tuple[SecondOpinion, str]:
    found = with_second_opinion(estimate, a_panel(), (entry,))
    assert found.second is not None
    return found.second, "\n".join(second_words([found]))


def failing(error: BaseException) -> Callable[[Panel], Answer]:
    def answer(_: Panel) -> Answer:
        raise error

    return answer


def test_a_wrong_number_is_a_disagreement_with_both_numbers():
    second, words = told_of(row(), asked(lambda _: Answer(-18.2)))
    assert second.status == "disagrees"
    assert second.apart == pytest.approx(1.3 / 19.5)
    version = np.__version__
    assert words == f"synthetic control: DISAGREES: -19.50 here, -18.20 by numpy {version}"


def test_a_difference_at_the_tolerance_decides():
    near, far = -19.5 * (1 + 0.9 * TOLERANCE), -19.5 * (1 + 1.1 * TOLERANCE)
    assert told_of(row(), asked(lambda _: Answer(near)))[0].status == "agrees"
    second, words = told_of(row(), asked(lambda _: Answer(far)))
    assert second.status == "disagrees"
    assert "-19.50000 here, -19.50002 by" in words


@pytest.mark.parametrize(
    "error",
    [ValueError("no\nconvergence"), np.linalg.LinAlgError("singular"), KeyError("att"),
     ImportError("pandas is too old"), AttributeError("fit"), NotImplementedError("later")],
    ids=lambda e: type(e).__name__,
)  # fmt: skip
def test_a_library_that_raises_gives_no_answer_and_its_words(error: Exception):
    second, words = told_of(row(), asked(failing(error)))
    assert second.status == "no answer"
    assert second.effect is None
    said = " ".join(str(error).split())
    assert f"gave no answer: {said}" in words
    assert "none; every number here comes from one implementation only" in words


def test_a_panel_that_is_too_large_says_that_nobody_was_asked():
    second, words = told_of(row(), asked(failing(NotAsked("900 units are too many"))))
    assert second.status == "no answer"
    assert "numpy" in words
    assert "was not asked: 900 units are too many" in words


def test_a_number_that_is_none_is_no_answer():
    second, words = told_of(row(), asked(lambda _: Answer(float("nan"))))
    assert (second.effect, second.status) == (None, "no answer")
    assert "its effect is no finite number" in words


def test_a_mistake_of_ours_is_not_hidden():
    with pytest.raises(AssertionError, match="ours"):
        told_of(row(), asked(failing(AssertionError("ours"))))


def test_an_absent_library_is_named_with_what_installs_it():
    second, words = told_of(row(), asked(lambda _: Answer(1.0), module="no_such_library"))
    assert second.status == "not installed"
    assert 'numpy is not installed; pip install "baserate[evaluate]"' in words


def test_a_row_with_two_right_answers_is_not_asked_about():
    second, words = told_of(
        row(SEVERAL_FIT), asked(failing(AssertionError("asked")), unless=(SEVERAL_FIT,))
    )
    assert second.status == "no answer"
    assert "was not asked: two right answers may differ here" in words


def test_what_a_library_prints_and_warns_of_reaches_nobody(capsys: pytest.CaptureFixture[str]):
    def loud(_: Panel) -> Answer:
        print("fitting", file=sys.stderr)  # noqa: T201
        warnings.warn("a default changes", FutureWarning, stacklevel=1)
        return Answer(-19.5)

    assert told_of(row(), asked(loud))[0].status == "agrees"
    assert capsys.readouterr() == ("", "")


def test_an_effect_of_nothing_is_no_disagreement():
    nothing = Estimate("synthetic control", "a paper", effect=1e-13, percent=0.0)
    assert told_of(nothing, asked(lambda _: Answer(-2e-13)))[0].status == "agrees"


def test_a_row_without_a_number_is_not_asked_about():
    empty = Estimate("synthetic control", "a paper", why_not="no donors")
    found = with_second_opinion(empty, a_panel(), (asked(failing(AssertionError())),))
    assert found.second is None
    assert list(second_words([found])) == []


# As a user meets it


def with_registry(monkeypatch: pytest.MonkeyPatch, *entries: Asked) -> None:
    mine = partial(with_second_opinion, registry=entries)
    monkeypatch.setattr(evaluation, "with_second_opinion", mine)


def test_a_disagreement_stands_in_the_sentence_the_list_and_the_csv(
    cities: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
):
    with_registry(monkeypatch, asked(lambda _: Answer(-18.2)))
    shown = " ".join(cities().output.split())
    assert "A second library has another number for synthetic control." in shown
    assert "0 of 1 rows" in shown
    assert "not so synthetic control" in shown
    assert "DISAGREES:" in " ".join(cities("--details").output.split())
    rows = {r["design"]: r for r in csv.DictReader(io.StringIO(cities("--csv").stdout))}
    there = rows["synthetic control"]
    assert (there["second_status"], there["second_there"]) == ("disagrees", "-18.2")
    assert rows["staggered adoption"]["second_library"] == ""


def test_the_report_says_of_every_design_who_else_has_its_number(
    cities: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    with_registry(monkeypatch, asked(lambda _: Answer(-18.2)))
    page = tmp_path / "report.html"
    assert cities("--out", str(page)).exit_code == 0
    text = page.read_text(encoding="utf-8")
    assert "DISAGREES:" in text
    assert text.count("the number comes from one implementation only") > 5


def test_a_failing_library_does_not_break_the_command(
    cities: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
):
    with_registry(monkeypatch, asked(failing(RuntimeError("it fell over"))))
    found = cities("--details")
    assert found.exit_code == 0
    assert "gave no answer: it fell over" in " ".join(found.output.split())


def test_the_lines_fit_the_page(cities: Callable[..., Any]):
    lines = cities().output.splitlines()
    first = next(i for i, line in enumerate(lines) if "2nd opinion" in line)
    last = next(i for i, line in enumerate(lines) if line.startswith("  Outcome"))
    assert max(map(len, lines[first:last])) <= WIDEST


def test_without_second_opinions_every_number_is_said_to_stand_alone(cities: Callable[..., Any]):
    shown = " ".join(cities("--no-second-opinion").output.split())
    assert "2nd opinion none; every number here comes from one implementation only" in shown
    assert opinions(cities("--json", "--no-second-opinion")) == {}


def test_the_plan_asks_nobody(cities: Callable[..., Any]):
    assert "second_opinion" not in cities("--plan", "--json").stdout


@pytest.mark.parametrize("entry", REGISTRY, ids=lambda entry: entry.design)
def test_a_library_is_asked_about_a_row_there_is_and_the_docs_name_it(entry: Asked):
    assert entry.design in {name for name, _, _ in DESIGNS}
    assert entry.differs
    docs = (Path(__file__).parents[2] / "docs/evaluate.md").read_text(encoding="utf-8")
    assert f"| {entry.design} | {entry.library} |" in docs


@installed
def test_the_sentence_on_top_names_no_library_where_all_agree(cities: Callable[..., Any]):
    assert "second library" not in json.loads(cities("--json").stdout)["doubt"]
