"""What tests ask of a page: its outline, what it could load or run, its colors, its sheets."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

CONTRASTS = """() => {
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


class Outline(HTMLParser):
    """Headings, tables, links and everything that could load or run."""

    VOID = frozenset({"meta", "link", "br", "img", "hr"})

    def __init__(self) -> None:
        super().__init__()
        self.headings: list[str] = []
        self.captions = self.tables = 0
        self.loads: list[str] = []
        self.tags: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag not in self.VOID:
            self.open.append(tag)
        self.tables += tag == "table"
        self.captions += tag == "caption"
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(tag)
        for name, value in attrs:
            assert not name.startswith("on"), f"<{tag} {name}> could run something"
            if name in {"src", "href", "action", "poster", "srcset"} and tag != "a":
                self.loads.append(value or "")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in self.VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag, f"</{tag}> closes another tag"


def outline(text: str) -> Outline:
    parser = Outline()
    parser.feed(text)
    assert parser.open == []
    return parser


def too_faint(page: Any) -> dict[str, float]:
    """Colors of text that stand out from the paper by less than 4.5 to 1, and by how much."""
    return {name: c for name, c in page.evaluate(CONTRASTS).items() if c < 4.5}


def sheets(page: Any) -> int:
    """How many sheets a page prints on."""
    printed: bytes = page.pdf(format="Letter", prefer_css_page_size=True)
    return printed.count(b"/Type /Page\n")
