"""Draw the README's picture of a brief again, with the system's chromium.

python scripts/picture.py docs/brief.png [--place Missouri] [--width 1280] [--dark] [--full]
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from baserate.publish.brief import write_brief
from baserate.terms.places import resolve


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--place", default="Missouri")
    parser.add_argument("--width", type=int, default=1040)
    parser.add_argument("--height", type=int, default=1260)
    parser.add_argument("--dark", action="store_true")
    parser.add_argument("--full", action="store_true", help="the whole page, not its first screen")
    parser.add_argument("--pdf", action="store_true", help="as it prints, instead of a picture")
    wanted = parser.parse_args()
    browser_path = shutil.which("chromium") or shutil.which("google-chrome")
    if browser_path is None:
        sys.exit("no chromium on this machine; on Debian: apt-get install chromium")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        page_file = Path(folder) / "brief.html"
        write_brief(resolve(wanted.place), page_file)
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        page = browser.new_page(
            viewport={"width": wanted.width, "height": wanted.height},
            color_scheme="dark" if wanted.dark else "light",
            device_scale_factor=1,
        )
        page.goto(page_file.as_uri())
        if wanted.pdf:
            page.pdf(path=wanted.out, format="Letter", prefer_css_page_size=True)
        else:
            page.screenshot(path=wanted.out, full_page=wanted.full)
        browser.close()


if __name__ == "__main__":
    main()
