"""The page of a checked article: its words untouched, its claims marked, nothing of it run."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.made.claims import (
    FELL,
    NAMES,
    PLAIN,
    RISE,
    SINCE,
    a_checked,
    a_checked_article,
    a_claim,
    an_article,
)

from baserate.claims.article import Article
from baserate.claims.checked import AsOf, CheckedArticle, Inconsistency, Need, Trap
from baserate.claims.claim import Claim, Sentence
from baserate.publish.article_page import paragraphs, render_article
from baserate.publish.claim_review import Reviewer
from baserate.publish.harmless import harmless
from baserate.publish.marked import marked
from baserate.store.open import Store

MADE_ON = date(2026, 1, 2)
COMMAND = "baserate check council.txt --out council.html"


@pytest.fixture(scope="module")
def found(store: Store) -> CheckedArticle:
    return a_checked_article(store)


def page_of(found: CheckedArticle, **parts: Any) -> str:
    return render_article(found, **{"command": COMMAND, "made_on": MADE_ON, **parts})


def spanning(text: str, spans: list[tuple[int, int]]) -> CheckedArticle:
    """An article with a claim over each of the spans, whatever they are."""
    sentence = Sentence(0, len(text), text, 0)
    return CheckedArticle(
        Article(article_id="any", text=text),
        tuple(
            a_checked(Claim(sentence=sentence, start=a, end=b, kind="change", offense="murder"))
            for a, b in spans
        ),
        tuple(Inconsistency(b, a, "direction", "They differ.") for a, b in spans[:2]),
    )


ANY_SPANS = st.lists(st.tuples(st.integers(-5, 80), st.integers(-5, 80)), max_size=8)


@given(st.text(max_size=70), ANY_SPANS)
def test_marking_claims_leaves_the_text_untouched(text: str, spans: list[tuple[int, int]]):
    found = spanning(text, spans)
    cut = marked(found.article, found.checked, found.inconsistencies)
    assert "".join(s.text for s in cut) == text
    for segment in cut:
        covering = [
            i
            for i, (a, b) in enumerate(spans, 1)
            if a < b and a < segment.end and segment.start < b
        ]
        assert list(segment.claims) == covering


def test_claims_of_one_sentence_may_nest():
    article = an_article(SINCE)
    inner = a_checked(a_claim(article, "Murders are up 4 percent", SINCE))
    cut = marked(article, [a_checked(a_claim(article, SINCE)), inner])
    assert [(s.text, s.claims) for s in cut] == [
        ("Murders are up 4 percent", (1, 2)),
        (", the worst it has been since 1994.", (1,)),
    ]


class Words(HTMLParser):
    """What the page shows of the article itself: its paragraphs without the references."""

    def __init__(self) -> None:
        super().__init__()
        self.paragraphs: list[str] = []
        self.inside = self.in_reference = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        kind = dict(attrs).get("class") or ""
        if tag == "p":
            self.inside = kind == "text"
            self.paragraphs += [""] * self.inside
        self.in_reference |= tag == "a" and kind.startswith("ref")

    def handle_endtag(self, tag: str) -> None:
        self.inside &= tag != "p"
        self.in_reference &= tag != "a"

    def handle_data(self, data: str) -> None:
        if self.inside and not self.in_reference:
            self.paragraphs[-1] += data


def words_on(page: str) -> list[str]:
    parser = Words()
    parser.feed(page)
    return parser.paragraphs


def unspaced(text: str) -> str:
    return re.sub(r"[ \t\r\n]+", "", text)


@settings(max_examples=40)
@given(st.text(alphabet="ab<>&\"'\n \t\u202e\x00é-1", max_size=60), ANY_SPANS)
def test_the_page_shows_every_word_of_the_article(text: str, spans: list[tuple[int, int]]):
    shown = words_on(page_of(spanning(text, spans)))
    assert unspaced("".join(shown)) == unspaced(harmless(text))


def test_paragraphs_stay_paragraphs(found: CheckedArticle):
    assert words_on(page_of(found)) == found.article.text.split("\n\n")


def test_lines_that_were_broken_to_fit_make_one_paragraph():
    broken = "Murders\nfell.\n\nRobberies rose."
    unbroken = f"{RISE} {FELL}\n{PLAIN}"
    shown = [words_on(page_of(spanning(t, []))) for t in (broken, unbroken)]
    assert shown == [["Murders\nfell.", "Robberies rose."], [f"{RISE} {FELL}", PLAIN]]


def test_a_claim_over_several_paragraphs_is_marked_in_each_and_told_once():
    text = "Murders fell.\n\nRobberies rose."
    made = paragraphs(replace(spanning(text, [(0, len(text))]), inconsistencies=()))
    assert [[p.style for p in each.pieces] for each in made] == [["untold"], ["untold"]]
    assert [len(each.notes) for each in made] == [1, 0]
    assert [n.number for n in made[1].pieces[-1].ends] == [1]


def test_a_remark_on_no_words_is_told_all_the_same():
    nowhere = replace(
        spanning(PLAIN, []), inconsistencies=(Inconsistency(999, 2, "direction", "x"),)
    )
    assert [[n.why for n in p.notes] for p in paragraphs(nowhere)] == [["x"]]


def test_each_claim_leads_to_its_note_and_back(found: CheckedArticle):
    page = page_of(found)
    for number in range(1, 9):
        assert page.count(f'id="claim-{number}" href="#note-{number}"') == 1
        assert page.count(f'id="note-{number}"') == 1
        assert page.count(f'href="#claim-{number}"') == 1


def note_on(page: str, number: int) -> str:
    start = page.index(f'id="note-{number}"')
    ends = (page.find(mark, start) for mark in ('id="note-', "</article>"))
    shown = page[start : min(e for e in (page.find(f'id="note-{number + 1}"'), *ends) if e > start)]
    return " ".join(re.sub(r"<[^>]*>", " ", shown).replace("\xa0", " ").split())


def test_a_note_says_verdict_reason_figure_trap_and_command(found: CheckedArticle):
    told = note_on(page_of(found), 1)
    for words in (
        "✓ Supported",
        "rose 6.9% from 2014 to 2016",
        "+6.9% (+6.6% to +7.2%)",
        "Said by: the mayor",
        "Trap. Measured from 2012",
        "do not reach back to 14 March 2017",
        "released 28 September 2020",
        "baserate ask &#34;violent crime rate in the United States, 2014 to 2016&#34;",
    ):
        assert words in told, words


def test_what_would_settle_a_claim_stands_with_its_command(found: CheckedArticle):
    told = note_on(page_of(found), 4)
    assert "? Can&#39;t tell" in told
    assert "baserate add springfield.csv" in told


def test_a_verdict_that_was_another_when_written_says_both(found: CheckedArticle):
    told = note_on(page_of(found), 7)
    assert "◐ Misleading" in told
    assert "until 14 March 2017: can&#39;t tell. No figures for 2016" in told


def test_a_verdict_that_was_the_same_when_written_says_so(found: CheckedArticle):
    first = found.checked[0]
    then = AsOf(date(2017, 3, 14), "supported", "It rose 6.8%.", None)
    again = replace(found, checked=(replace(first, then=then),), inconsistencies=())
    assert "until 14 March 2017: the same verdict. It rose 6.8%." in note_on(page_of(again), 1)


def test_the_head_counts_the_verdicts_in_a_sentence(found: CheckedArticle):
    head = page_of(found).split("</header>")[0]
    assert "Of six claims about crime, two are supported, two are contradicted" in head
    assert "In one place the article is at odds with its own words." in head


def test_verdicts_can_be_read_without_color(found: CheckedArticle):
    page = page_of(found)
    for style, line in (("contradicted", "double"), ("misleading", "dashed"), ("untold", "dotted")):
        assert f'<mark class="{style}"' in page
        assert re.search(rf"mark\.{style} {{ text-decoration-style: {line}", page)


def test_the_foot_names_sources_caveats_version_and_command(found: CheckedArticle):
    foot = page_of(found).split("<footer>")[1]
    for words in ("estimated_crimes_1979_2019.csv", "SHA-256", "not all crime", COMMAND, "0.1.0"):
        assert words in foot
    caveats = re.findall(r"<li>(.*?)</li>", foot)
    assert len(caveats) == len(set(caveats)) > 2


def test_an_article_without_claims_date_or_title_has_a_page():
    page = page_of(CheckedArticle(Article(article_id="x", text=PLAIN), ()))
    assert "No claim about crime was found" in page
    assert "No date is known" in page
    assert "application/ld+json" not in page


def test_many_claims_in_a_long_article_are_marked_quickly():
    text = (f"{NAMES} " * 20 + "\n\n") * 250
    found = spanning(text, [(i, i + 40) for i in range(0, len(text), 400)])
    assert len(paragraphs(found)) == 250


# --- everything from an article is hostile -----------------------------------------------

ATTACKS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(2)>",
    "</script><script>alert(3)</script>",
    "<!--<script>alert(4)",
    "</mark></p></article></style><svg onload=alert(5)>",
    "{{ 7 * 7 }}{% raw %}",
    "\u202eyltnatropmi\u202c",
    "\x00\x1b[31m\x9b",
    "javascript:alert(6)",
    "' onmouseover='alert(7)\" autofocus onfocus=\"alert(8)",
    "<a href=javascript:alert(9)>x</a><base href=https://evil.example>",
    "<iframe src=https://evil.example></iframe><link rel=stylesheet href=https://evil.example>",
)


def hostile_article(store: Store) -> CheckedArticle:
    """An article that attacks in its text, title, outlet and address, and in what is said of it."""
    evil = " ".join(ATTACKS)
    article = an_article(
        f"{evil} Murders fell 3%.\n\n{evil}",
        title=evil,
        outlet=evil,
        url="javascript:alert(10)",
        article_id=evil,
    )
    claim = a_claim(article, f"{evil} Murders fell 3%.", attributed_to=evil)
    answer = a_checked_article(store).checked[0].answer
    checked = a_checked(
        claim,
        "can't tell",
        evil,
        answer=answer,
        then=AsOf(MADE_ON, "supported", evil, None),
        traps=(Trap("base year", evil),),
        needs=(Need(evil, f"baserate add {evil}"),),
    )
    at = article.text.rindex("<script>")
    return CheckedArticle(article, (checked,), (Inconsistency(at, at + 30, "direction", evil),))


REVIEWER = Reviewer(ATTACKS[2], "javascript:alert(11)", "https://checks.example/1")


def test_only_a_web_address_becomes_a_link(found: CheckedArticle, store: Store):
    assert 'href="https://courier.example/2017/03/14/crime"' in page_of(found)
    links = re.findall(r'href="([^"]*)"', page_of(hostile_article(store), reviewer=REVIEWER))
    assert all(link.startswith(("#", "data:,")) for link in links)


def test_nothing_that_steers_a_reader_is_on_the_page(store: Store):
    page = page_of(hostile_article(store), reviewer=REVIEWER, command="baserate check \u202ex")
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", page)


def test_nothing_of_a_hostile_article_is_run_or_loaded(browser: Any, store: Store, tmp_path: Path):
    path = tmp_path / "hostile.html"
    path.write_text(page_of(hostile_article(store), reviewer=REVIEWER), encoding="utf-8")
    page = browser.new_page(viewport={"width": 320, "height": 900})
    seen: list[str] = []
    page.on("dialog", lambda d: seen.append(d.message))
    page.on("console", lambda m: seen.append(m.text))
    page.on("pageerror", lambda e: seen.append(str(e)))
    page.on(
        "request",
        lambda r: seen.append(r.url) if not r.url.startswith(("file:", "data:")) else None,
    )
    page.goto(path.as_uri())
    page.wait_for_load_state("networkidle")
    page.mouse.move(160, 300)
    assert seen == []
    assert page.evaluate("[...document.scripts].map(s => s.type)") == ["application/ld+json"]
    assert page.locator("iframe, img, svg, base, object, [onerror], [onload]").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    reviews = json.loads(page.locator("script").text_content())
    assert ATTACKS[0] in reviews[0]["claimReviewed"]
    page.close()


# --- in a browser ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def page_file(found: CheckedArticle, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "article.html"
    path.write_text(page_of(found), encoding="utf-8")
    return path


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark"), (320, "light")])
def test_the_page_opens_without_an_error_at_any_width(
    browser: Any, page_file: Path, width: int, scheme: str
):
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    errors: list[str] = []
    page.on("console", lambda m: errors.append(m.text))
    page.goto(page_file.as_uri())
    assert errors == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    text, note = (page.locator(s).first.bounding_box() for s in (".text", ".remark"))
    beside = note["x"] >= text["x"] + text["width"]
    assert beside == (width == 1280)
    page.close()


def test_keyboard_and_screen_reader_find_claims_and_notes(browser: Any, page_file: Path):
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(page_file.as_uri())
    assert page.get_by_role("heading", level=1).count() == 1
    assert page.get_by_role("note").count() == 8
    page.get_by_role("link", name="note 2: contradicted").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#note-2"
    first = page.locator("#note-1")
    assert first.get_by_text("counting noise alone").is_hidden()
    first.locator("summary").focus()
    page.keyboard.press("Enter")
    assert first.get_by_text("counting noise alone").is_visible()
    page.close()


def test_a_reader_who_copies_the_text_gets_the_text_alone(browser: Any, page_file: Path):
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(page_file.as_uri())
    copied = page.evaluate(
        """() => {
          const range = document.createRange();
          range.selectNodeContents(document.querySelector('.text'));
          getSelection().removeAllRanges(); getSelection().addRange(range);
          return getSelection().toString();
        }"""
    )
    assert copied == f"{RISE} {FELL}"
    page.close()


def test_it_prints_on_two_sheets_at_most(browser: Any, page_file: Path):
    page = browser.new_page()
    page.goto(page_file.as_uri())
    printed = page.pdf(format="Letter", prefer_css_page_size=True)
    assert 1 <= printed.count(b"/Type /Page\n") <= 2
    page.close()
