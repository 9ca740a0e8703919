"""The page in a browser: nothing fails, nothing leaves, everything can be reached."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.made.pages import sheets, too_faint

from baserate.publish.brief import write_brief
from baserate.terms.places import place


@pytest.fixture(scope="module", params=["MO", "US"])
def page_file(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / f"{request.param}.html"
    assert write_brief(place(request.param), path) < 300 * 1024
    return path


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390, 320])
def test_the_page_opens_without_an_error_or_a_request(
    opened: Any, page_file: Path, width: int, scheme: str
):
    page = opened(page_file, width, scheme)
    drawn = len(page.screenshot())
    page.goto("about:blank")
    assert drawn > 5 * len(page.screenshot())


def test_headings_tables_and_charts_are_there_for_a_screen_reader(browser: Any, page_file: Path):
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(page_file.as_uri())
    assert page.get_by_role("heading", level=1).count() == 1
    assert page.get_by_role("heading", level=2).count() >= 5
    assert page.get_by_role("img").count() >= 6
    assert page.get_by_role("table", name="Offenses per 100,000 people").count() == 1
    assert page.get_by_role("rowheader", name="Murder", exact=True).count() == 1
    page.close()


def test_a_phone_shows_charts_that_a_screen_reader_finds_too(browser: Any, page_file: Path):
    page = browser.new_page(viewport={"width": 390, "height": 900})
    page.goto(page_file.as_uri())
    assert page.get_by_role("img").count() >= 6
    assert page.locator(".plot.wide").first.is_hidden()
    assert page.locator(".plot.narrow").first.is_visible()
    page.close()


def test_numbers_open_with_the_keyboard(browser: Any, page_file: Path):
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(page_file.as_uri())
    figure = page.locator("figure").first
    assert figure.locator("table").is_hidden()
    figure.locator("summary").focus()
    page.keyboard.press("Enter")
    assert figure.locator("table").is_visible()
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_the_paper(opened: Any, page_file: Path, scheme: str):
    assert too_faint(opened(page_file, 1280, scheme)) == {}


def test_it_prints_on_one_or_two_sheets(opened: Any, page_file: Path):
    assert 1 <= sheets(opened(page_file, 1280, "light")) <= 2
