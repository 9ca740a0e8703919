"""A browser for the tests that look at pages."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """The system's chromium, or a skip that says how to get it."""
    if CHROMIUM is None:
        pytest.skip("no chromium on this machine; on Debian: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield launched
        launched.close()


Opens = Callable[[Path, int, str], Any]


@pytest.fixture
def opened(browser: Any) -> Iterator[Opens]:
    """Opens a page, and fails if it complains, asks for anything, or is wider than the window."""
    pages: list[Any] = []

    def open_it(path: Path, width: int, scheme: str) -> Any:
        page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
        pages.append(page)
        said: list[str] = []
        asked: list[str] = []
        is_told = {"error", "warning"}
        page.on("console", lambda m: said.append(m.text) if m.type in is_told else None)
        page.on("pageerror", lambda e: said.append(str(e)))
        page.on("dialog", lambda d: said.append(d.message))
        page.on("request", lambda r: asked.append(r.url))
        page.goto(path.as_uri())
        page.wait_for_load_state("networkidle")
        assert said == []
        assert [r for r in asked if not r.startswith(("file:", "data:"))] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        return page

    yield open_it
    for page in pages:
        page.close()
