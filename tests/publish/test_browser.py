"""The page in a browser: nothing fails, nothing leaves, everything can be reached."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

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
    browser: Any, page_file: Path, width: int, scheme: str
):
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    errors: list[str] = []
    requests: list[str] = []
    page.on("console", lambda m: errors.append(m.text) if m.type in {"error", "warning"} else None)
    page.on("pageerror", lambda e: errors.append(str(e)))
    page.on("request", lambda r: requests.append(r.url))
    page.goto(page_file.as_uri())
    page.wait_for_load_state("networkidle")
    assert errors == []
    assert [r for r in requests if not r.startswith(("file:", "data:"))] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    drawn = len(page.screenshot())
    page.goto("about:blank")
    assert drawn > 5 * len(page.screenshot())
    page.close()


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
def test_text_stands_out_from_the_paper(browser: Any, page_file: Path, scheme: str):
    page = browser.new_page(viewport={"width": 1280, "height": 900}, color_scheme=scheme)
    page.goto(page_file.as_uri())
    contrasts = page.evaluate(
        """() => {
          const style = getComputedStyle(document.documentElement);
          const lum = hex => {
            const [r, g, b] = [1, 3, 5].map(i => parseInt(hex.slice(i, i + 2), 16) / 255)
              .map(c => c <= .03928 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4);
            return .2126 * r + .7152 * g + .0722 * b;
          };
          const get = name => lum(style.getPropertyValue('--' + name).trim());
          const ratio = (a, b) => (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
          return Object.fromEntries(['ink', 'soft', 'place', 'other', 'up', 'down']
            .map(name => [name, ratio(get(name), get('paper'))]));
        }"""
    )
    assert {name: c for name, c in contrasts.items() if c < 4.5} == {}
    page.close()


def test_it_prints_on_one_or_two_sheets(browser: Any, page_file: Path):
    page = browser.new_page()
    page.goto(page_file.as_uri())
    printed = page.pdf(format="Letter", prefer_css_page_size=True)
    assert 1 <= printed.count(b"/Type /Page\n") <= 2
    page.close()
