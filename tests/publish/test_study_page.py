"""The report of a study: finding first, one file, every figure that of the JSON, nothing runs."""

from __future__ import annotations

import base64
import csv
import html
import io
import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from tests.made.pages import outline, sheets, too_faint
from tests.made.studies import CITIES, write_study

from baserate.cli import main
from baserate.evaluate.evaluation import Evaluation, evaluate, plan
from baserate.publish.study_charts import cut, fan_reach, level_ticks
from baserate.publish.study_export import study_json
from baserate.publish.study_page import render_plan_page, render_study_page
from baserate.publish.study_periods import times
from baserate.publish.study_strips import scale_of, strip
from baserate.store.open import Store

# What these tests share is worked out once, in one process.
pytestmark = pytest.mark.xdist_group("study_page")

MADE_ON = date(2026, 1, 2)
AGAIN = "baserate evaluate study.toml --out report.html"
MONTHS = [100 * year + month for year in (2016, 2017) for month in range(1, 13)]
HOSTILE = [
    "</title><script>alert(1)</script>\"'&", "شرطة المدينة", "\u202eevil", "🚓" * 40, "W" * 200,
    "=cmd|calc", "period", "treated",
]  # fmt: skip
STUDIES: dict[str, dict[str, Any]] = {
    "fell": {"effect": 0.67},
    "null": {},
    "staggered": {"effect": 0.8, "starts": {c: 2006 + i % 3 for i, c in enumerate(CITIES[:9])}},
    "months, few": {
        "effect": 0.6, "periods": MONTHS, "level": 3.0, "exposure": False,
        "starts": {"C00": 201706, "C01": 201706}, "claimed": "claimed = -60", "units": CITIES[:12],
    },
    "hostile": {
        "effect": 0.6, "units": [*HOSTILE, *CITIES[:12]], "title": "\u202e".join(HOSTILE),
        "outcome": "<b>offenses</b>", "more": 'question = "</p><img src=x onerror=alert(2)>?"',
        "claimed": 'claimed = -60\ntext = "<script>alert(3)</script>"',
    },
    "nothing ran": {"more": 'designs = ["synthetic control, predictors"]'},
}  # fmt: skip


@pytest.fixture(scope="module")
def every(tmp_path_factory: pytest.TempPathFactory, store: Store) -> dict[str, Evaluation]:
    """Each study once, evaluated."""
    return {
        name: evaluate(plan(write_study(tmp_path_factory.mktemp("study"), **told), store))
        for name, told in STUDIES.items()
    }


@pytest.fixture(params=[*STUDIES, "plan"])
def page(request: pytest.FixtureRequest, every: dict[str, Evaluation]) -> str:
    if request.param == "plan":
        return render_plan_page(every["hostile"].plan, AGAIN, made_on=MADE_ON)
    return made(every[request.param])


def made(found: Evaluation) -> str:
    return render_study_page(found, AGAIN, made_on=MADE_ON)


def words(text: str) -> str:
    """What a reader sees, in one line, with a typewriter's signs."""
    shown = html.unescape(re.sub(r"<(style|svg).*?</\1>|<[^>]*>", " ", text, flags=re.S))
    return " ".join(shown.replace("−", "-").replace("–", "-").split())


def test_a_page_is_whole_small_and_begins_with_the_finding(page: str):
    assert len(page.encode()) < 300 * 1024
    seen = outline(page)
    assert seen.headings[0] == "h1"
    assert seen.headings.count("h1") == 1
    assert seen.tables == seen.captions


def test_a_page_loads_and_runs_nothing_whatever_a_study_is_called(page: str):
    seen = outline(page)
    assert not {"script", "img", "iframe", "object"} & set(seen.tags)
    assert all(source.startswith("data:") for source in seen.loads)
    assert "@import" not in page
    assert "url(" not in page
    assert "\u202e" not in page


def test_no_number_is_left_without_sense(page: str):
    assert not re.search(
        r"\b(nan|inf|undefined)\b|\bNone\b(?! of)", re.sub(r'data:[^"]*', "", page)
    )


def test_every_picture_says_its_finding_and_has_its_numbers_and_csv(page: str):
    for figure in re.findall(r"<figure.*?</figure>", page, flags=re.S):
        charts = re.findall(r"<svg[^>]*>", figure)
        assert len(charts) == 2
        assert all('role="img"' in c and re.search(r'aria-label="[^"]{40,}', c) for c in charts)
        assert "<details>" in figure
        assert AGAIN in html.unescape(figure)
        coded = re.search(r'data:text/csv;charset=utf-8;base64,([^"]+)', figure)
        assert coded is not None
        rows = list(csv.reader(io.StringIO(base64.b64decode(coded[1]).decode())))
        assert len(rows) > 3
        assert not any(cell.startswith(("=", "@")) for row in rows for cell in row)


@pytest.mark.parametrize("name", STUDIES)
def test_every_figure_of_the_table_is_that_of_the_json(every: dict[str, Evaluation], name: str):
    told = json.loads(study_json(every[name], AGAIN))
    text = words(made(every[name]))
    assert told["finding"].replace("\u202e", "\ufffd") in text
    by_name = {d["design"].casefold(): d for d in told["designs"]}
    rows = re.findall(r'<tr>\s*<th scope="row">.*?</tr>', made(every[name]), flags=re.S)
    shown = [r for r in rows if 'class="drawn' in r]
    assert len(shown) == sum(d["why_not"] is None for d in told["designs"])
    for row in shown:
        row = row.replace("&lt;0.001", "")
        cells = re.findall(r"<t[hd].*?</t[hd]>", row, flags=re.S)
        design = by_name[words(cells[0]).casefold()]
        for number in re.findall(r"[-+]?[\d,]*\.?\d+", " ".join(map(words, cells[1:]))):
            assert _is_a_rounding(number, design), (number, design)


def _is_a_rounding(number: str, design: dict[str, Any]) -> bool:
    """Whether a printed number is one of the design's, rounded."""
    held = [design[k] for k in ("effect", "percent", "offenses", "p_value", "mde_percent")]
    held += [*(design["interval"] or ()), *(design["percent_interval"] or ())]
    plain = number.replace(",", "")
    places = len(plain.partition(".")[2])
    return any(v is not None and abs(v - float(plain)) <= 0.5001 * 10**-places for v in held)


def test_the_first_words_are_those_of_what_the_designs_say(every: dict[str, Evaluation]):
    titles = {
        name: words(re.search(r"<h1>.*?</h1>", made(found), flags=re.S)[0])  # type: ignore[index]
        for name, found in every.items()
    }
    assert titles["fell"].startswith("Offenses: lower than without the program, -3")
    assert titles["null"].startswith("No clear change in offenses, ")
    assert titles["nothing ran"] == "Can’t tell: no design could say anything of offenses"


def test_a_claim_stands_alone_and_is_drawn_beside_the_intervals(every: dict[str, Evaluation]):
    page = made(every["fell"])
    claim = re.search(r'<p class="claim">(.*?)</p>', page, flags=re.S)
    assert claim is not None
    assert words(claim[1]).startswith("Claimed was -42% to -4%.")
    assert page.count('class="claimed"') == page.count('class="point"')
    assert 'class="claim-line"' in made(every["months, few"])


def test_a_synthetic_control_is_drawn_with_its_placebos(every: dict[str, Evaluation]):
    page = made(every["fell"])
    assert [h for h in ("path", "placebos", "events") if f'id="h-{h}"' in page] == [
        "path", "placebos",
    ]  # fmt: skip
    found = next(e for e in every["fell"].estimates if e.design == "synthetic control")
    assert found.p_value is not None
    as_sharply = round(found.p_value * len(CITIES)) - 1
    said = as_sharply or "None"
    assert f"{said} of 23 units where nothing happened broke away as sharply as C00" in words(page)


def test_where_units_begin_apart_effects_by_time_since_are_drawn(every: dict[str, Evaluation]):
    page = made(every["staggered"])
    assert 'id="h-events"' in page
    assert 'id="h-path"' not in page
    bands = re.search(r'<svg viewBox="0 0 880 320".*?</svg>', page, flags=re.S)
    assert bands is not None
    heights = [float(h) for h in re.findall(r'<rect class="band place".*?height="([\d.]+)"',
                                            bands[0])]  # fmt: skip
    assert len(heights) == 3
    assert heights == sorted(heights, reverse=True)
    assert "below zero unless trends drift apart by more than" in words(page)


def test_months_read_as_months(every: dict[str, Evaluation]):
    text = words(made(every["months, few"]))
    assert "June 2017" in text
    assert "January 2016 to December 2017" in text
    assert "201706" not in text


def test_a_plan_has_power_and_threats_and_nothing_from_after_the_start(
    store: Store, tmp_path: Path
):
    pages = []
    for effect in (0.67, 1.0):
        planned = plan(write_study(tmp_path, effect=effect), store)
        pages.append(render_plan_page(planned, AGAIN, made_on=MADE_ON))
    assert re.sub(r"data:[^\"]*", "", pages[0]) == re.sub(r"data:[^\"]*", "", pages[1])
    text = words(pages[0])
    assert "would go unseen" in text
    assert "What each design says" not in text
    assert re.findall(r"<th scope=\"row\">(\d{4})</th>", pages[0])[-1] == "2011"


def test_the_same_study_makes_the_same_page(every: dict[str, Evaluation], store: Store):
    found = every["null"]
    path = found.plan.study.folder / found.plan.study.file
    assert made(evaluate(plan(path, store))) == made(found)


def test_the_foot_names_the_study_its_checksum_and_the_command(every: dict[str, Evaluation]):
    page = made(every["fell"])
    foot = words(page[page.index("<footer>") :])
    assert every["fell"].plan.study.checksum in foot
    assert "panel.csv" in foot
    assert f"2 January 2026 · {AGAIN}" in foot


@pytest.fixture
def command(tmp_path: Path) -> Any:
    def run(*arguments: str) -> Any:
        path = write_study(tmp_path, effect=0.67, more='designs = ["difference in differences"]')
        return CliRunner().invoke(main, ["evaluate", str(path), "--quiet", *arguments])

    return run


def test_out_writes_the_page_and_says_where(command: Any, tmp_path: Path):
    out = tmp_path / "report.html"
    done = command("--out", str(out))
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith(f"{out} (")
    assert "came out" in out.read_text(encoding="utf-8")
    told = command("--out", str(out), "--json")
    assert json.loads(told.stdout)["title"] == "Street lights"
    assert str(out) in told.stderr


def test_out_with_plan_writes_the_plan(command: Any, tmp_path: Path):
    out = tmp_path / "plan.html"
    assert command("--plan", "--out", str(out)).exit_code == 0
    assert "plan, with nothing of the effect" in out.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["study.toml", "panel.csv"])
def test_out_never_replaces_what_the_study_is_made_of(command: Any, tmp_path: Path, name: str):
    done = command("--out", str(tmp_path / name))
    assert done.exit_code == 2
    assert "is the file that is read" in " ".join(done.output.split())
    assert "<html" not in (tmp_path / name).read_text(encoding="utf-8")


def test_out_that_cannot_be_written_leaves_nothing(command: Any, tmp_path: Path):
    done = command("--out", str(tmp_path / "missing" / "report.html"))
    assert done.exit_code != 0
    assert "could not be written" in done.output
    assert "Traceback" not in done.output


def test_a_line_is_cut_where_it_leaves_the_picture():
    up_and_down = [(0.0, 5.0), (1.0, 15.0), (2.0, -5.0)]
    assert list(cut(up_and_down, 0.0, 10.0)) == [
        [(0.0, 5.0), (0.5, 10.0)], [(1.25, 10.0), (1.75, 0.0)],
    ]  # fmt: skip
    assert list(cut([(0.0, 20.0), (1.0, 30.0)], 0.0, 10.0)) == []


def test_a_fan_shows_all_of_the_treated():
    treated, wild = np.array([0.0, -3.0]), np.array([[900.0, 900.0]] + [[0.1, 0.1]] * 30)
    assert 3.0 <= fan_reach(treated, wild) < 4.0


def test_levels_start_at_zero_unless_they_are_far_above_it():
    assert level_ticks(300.0, 900.0)[0] == 0.0
    assert level_ticks(8.0, 8.5)[0] == 8.0


def test_a_missing_stretch_of_periods_breaks_the_line():
    assert times([2000, 2001, 2002, 2010, 2011], 3).runs == [slice(0, 3), slice(3, 5)]


def test_a_strip_holds_every_value_and_cuts_only_intervals():
    scale = scale_of([-20.0, 5.0], [(-40.0, 10.0), (-1e9, 1e9)], (-42.0, -4.0))
    assert scale.low < -42.0
    assert scale.high < 1000.0
    assert "M0.0 50H100.0" in strip(scale, -20.0, (-1e9, 1e9), None)


@pytest.fixture(params=["staggered", "months, few", "hostile", "plan"])
def page_file(request: pytest.FixtureRequest, every: dict[str, Evaluation], tmp_path: Path) -> Path:
    path = tmp_path / "report.html"
    text = (
        render_plan_page(every["hostile"].plan, AGAIN, made_on=MADE_ON)
        if request.param == "plan"
        else made(every[request.param])
    )
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark"), (320, "light")])
def test_it_opens_whole_at_every_width_and_asks_for_nothing(
    opened: Any, page_file: Path, width: int, scheme: str
):
    page = opened(page_file, width, scheme)
    assert too_faint(page) == {}
    assert page.get_by_role("heading", level=1).count() == 1
    assert page.get_by_role("img").count() >= 1


def test_it_prints_on_one_or_two_sheets(opened: Any, page_file: Path):
    assert 1 <= sheets(opened(page_file, 1280, "light")) <= 2
