"""The pages of awards and of selection in a browser: whole, quiet, readable anywhere."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.made.cities import of_ratios
from tests.made.pages import sheets

from baserate.grants.award import Asked
from baserate.grants.parameters import rules
from baserate.grants.result import jag_result
from baserate.grants.scenario import parse_scenario
from baserate.publish.award_page import render_award_page
from baserate.store.open import Store
from baserate.terms.places import place

MADE_ON = date(2026, 1, 2)
TWICE = "title = 'Minimum share doubled'\n[minimum_share]\nvalue = 0.005"


@pytest.fixture(scope="module", params=["nation", "state and what-if", "selection"])
def page_file(
    request: pytest.FixtureRequest, store: Store, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    path = tmp_path_factory.mktemp("page") / "page.html"
    if request.param == "nation":
        text = render_award_page(jag_result(Asked(2016), store, rerun="x"), made_on=MADE_ON)
    elif request.param == "selection":
        text = selection_page(tmp_path_factory.mktemp("store"))
    else:
        asked = Asked(2016, scenario=parse_scenario(TWICE, rules("jag")))
        found = jag_result(asked, store, place=place("MO"), rerun="x")
        text = render_award_page(found, made_on=MADE_ON)
    path.write_text(text, encoding="utf-8")
    return path


def selection_page(folder: Path) -> str:
    from click.testing import CliRunner

    from baserate.cli import main

    cities = {"Memphis, TN": 4.7, "Baltimore, MD": 4.1, "Chicago, IL": 2.4, "Erie, PA": 0.9}
    of_ratios(folder, cities)
    out = folder / "select.html"
    done = CliRunner().invoke(
        main, ["select", "--year", "2015", "--store", str(folder), "--out", str(out)]
    )
    assert done.exit_code == 0, done.output
    return out.read_text(encoding="utf-8")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390, 320])
def test_a_page_opens_whole_and_asks_for_nothing(
    opened: Any, page_file: Path, width: int, scheme: str
):
    opened(page_file, width, scheme)


def test_a_page_is_small_and_has_headings_and_tables(browser: Any, page_file: Path):
    assert page_file.stat().st_size < 300 * 1024
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(page_file.as_uri())
    assert page.get_by_role("heading", level=1).count() == 1
    assert page.get_by_role("heading", level=2).count() >= 3
    assert page.get_by_role("table").count() >= 2
    page.close()


def test_a_page_prints_on_a_few_sheets(opened: Any, page_file: Path):
    assert 1 <= sheets(opened(page_file, 1280, "light")) <= 2
