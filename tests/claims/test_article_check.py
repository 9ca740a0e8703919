"""From a text to its verdicts, by the records that come with the package; and the bad input."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from baserate.claims.article import Article
from baserate.claims.article_check import check_article, claims_of
from baserate.claims.checked import Checked, CheckedArticle
from baserate.claims.find import Read, find
from baserate.cli.answers import DEMO_ARTICLE
from baserate.publish.article_page import render_article
from baserate.publish.claims_export import json_lines
from baserate.store.open import Store


def checked(store: Store, text: str, published: date | None = date(2017, 10, 3)) -> CheckedArticle:
    return check_article(Article(article_id="a", text=text, published=published), store)


def only(found: CheckedArticle) -> Checked:
    (one,) = found.checked
    return one


# --- one sentence, one verdict ---------------------------------------------------------------

VERDICTS = {
    "Violent crime in the United States rose 4 percent in 2016.": "supported",
    "There were 17,250 murders in the United States in 2016.": "supported",
    "Missouri's murder rate was 8.8 per 100,000 people in 2016.": "supported",
    "Murders in Missouri doubled from 2014 to 2016.": "contradicted",
    "Robberies in the United States rose 20 percent in 2014.": "contradicted",
    "Violent crimes in the United States rose 7.2 percent from 2015 to 2016.": "misleading",
    "Murders in Camden, New Jersey, fell 12 percent in 2014.": "can't tell",
    "Arsons in Ohio rose 12 percent in 2014.": "can't tell",
    "Murders in Ohio will fall next year.": "not a checkable statement",
}


@pytest.mark.parametrize("text", VERDICTS)
def test_a_sentence_has_its_verdict(store: Store, text: str):
    assert {c.verdict for c in checked(store, text).checked} in ({VERDICTS[text]}, set())
    if VERDICTS[text] != "not a checkable statement":
        assert only(checked(store, text)).why.endswith(".")


def test_what_would_settle_a_city_s_figure_is_named(store: Store):
    found = only(checked(store, "Murders in Camden, New Jersey, fell 12 percent in 2014."))
    assert any("Table 8" in need.what for need in found.needs)
    assert any(need.command == "baserate add FILE" for need in found.needs)


def test_last_year_is_counted_from_the_day_of_publication(store: Store):
    text = "Murders in the United States rose 10 percent last year."
    assert only(checked(store, text, date(2017, 10, 3))).verdict == "supported"
    assert only(checked(store, text, date(2015, 10, 3))).verdict == "contradicted"
    assert only(checked(store, text, None)).verdict == "can't tell"


def test_the_article_of_the_demo_has_every_verdict_it_was_written_for(store: Store):
    from baserate.claims.documents import read_articles

    (article,) = read_articles(str(DEMO_ARTICLE))
    found = check_article(article, store)
    assert Counter(c.verdict for c in found.checked) == {
        "supported": 2,
        "contradicted": 1,
        "misleading": 1,
        "can't tell": 1,
    }
    assert "Paul Ortega" in {c.claim.attributed_to for c in found.checked}


# --- the same text, the same words ---------------------------------------------------------------


def test_the_same_article_gives_the_same_bytes(store: Store):
    article = Article(
        article_id="a",
        text=DEMO_ARTICLE.read_text(encoding="utf-8"),
        published=date(2017, 10, 3),
    )
    both = [check_article(article, store) for _ in range(2)]
    pages = [render_article(f, command="baserate check a", made_on=date(2020, 1, 1)) for f in both]
    assert pages[0] == pages[1]
    assert list(json_lines(both[0])) == list(json_lines(both[1]))


def test_another_process_says_the_same(command: Any, tmp_path: Path):
    (tmp_path / "a.md").write_text(DEMO_ARTICLE.read_text(encoding="utf-8"), encoding="utf-8")
    one, other = (command("check", "a.md", "--json") for _ in range(2))
    assert one.returncode == 0
    assert one.stdout == other.stdout != ""


def test_another_finder_can_stand_in_its_place(store: Store):
    def only_murders(article: Article) -> tuple[Read, ...]:
        return tuple(
            Read(r.sentence, r.scan, tuple(s for s in r.statements if s.offense == "homicide"))
            for r in find(article)
        )

    text = "Murders in Ohio fell 5 percent in 2014. Robberies in Ohio fell 7 percent in 2014."
    article = Article(article_id="a", text=text)
    assert [c.offense for c in claims_of(article)] == ["homicide", "robbery"]
    assert [c.offense for c in claims_of(article, only_murders)] == ["homicide"]
    assert len(check_article(article, store, only_murders).checked) == 1


# --- the five articles that the project began with ---------------------------------------------

SEEDS = {"000": date(2017, 3, 31), "001": date(2018, 9, 13), "002": date(2017, 11, 9),
         "003": date(2017, 2, 28), "004": date(2017, 8, 3)}  # fmt: skip


@pytest.fixture(scope="module")
def seeds(shared: Path, store: Store) -> dict[str, CheckedArticle]:
    texts = {p.name[:3]: p.read_text(encoding="utf-8") for p in (shared / "seeds").glob("*.txt")}
    return {
        name: check_article(Article(article_id=name, text=texts[name], published=day), store)
        for name, day in SEEDS.items()
    }


def of(found: CheckedArticle, *words: str) -> list[Checked]:
    return [c for c in found.checked if all(w in c.claim.sentence.text for w in words)]


def test_a_mean_and_a_maximum_sold_as_a_range_are_misleading(seeds: dict[str, CheckedArticle]):
    (range_of_drops,) = of(seeds["001"], "4 to 42 percent")
    assert range_of_drops.verdict == "misleading"
    assert "mean and maximum" in [t.key for t in range_of_drops.traps]


def test_all_four_members_are_five(seeds: dict[str, CheckedArticle]):
    (odd,) = [i for i in seeds["004"].inconsistencies if i.kind == "count of names"]
    assert "names 5" in odd.text
    assert [len(seeds[n].inconsistencies) for n in ("000", "001", "002", "003")] == [0, 0, 0, 0]


@pytest.mark.parametrize(
    ("name", "words", "places"),
    [
        ("000", "violent crime on the rise", {"St. Louis, MO", "United States"}),
        ("001", "91 murders", {"Kansas City, MO"}),
        ("004", "violent crime is increasing", {"Baltimore, MD", "Chicago, IL"}),
        ("004", "recent troubling increase", {"United States"}),
    ],
)
def test_a_claim_about_figures_is_found_with_its_place(
    seeds: dict[str, CheckedArticle], name: str, words: str, places: set[str]
):
    found = of(seeds[name], words)
    assert {c.claim.where.label for c in found if c.claim.where} == places


def test_a_city_without_records_says_what_would_settle_it(seeds: dict[str, CheckedArticle]):
    for found in of(seeds["004"], "Baltimore and Chicago"):
        assert found.verdict == "can't tell"
        assert found.needs


def test_an_article_without_figures_has_none(seeds: dict[str, CheckedArticle]):
    assert seeds["002"].checked == ()


# --- bad input, as a user gives it -------------------------------------------------------------

GOOD = "Murders in Ohio fell 5 percent in 2014."


def no_traceback(run: Any) -> None:
    assert "Traceback" not in run.stderr
    assert "Error:" not in run.stderr.replace("baserate:", "")


BAD: dict[str, tuple[str, bytes, str]] = {
    "nothing": ("a.txt", b"", "is empty"),
    "bytes of no text": ("a.txt", bytes(range(256)) * 20, "not text"),
    "a page without an article": ("a.html", b"<html><body><script>x()</script></body></html>",
                                  "no article in it"),
    "no letter and no digit": ("a.txt", " …\n".encode() * 9, "no text"),
    "a workbook": ("a.txt", b"PK\x03\x04" + b"\0" * 99, "save it as text"),
}  # fmt: skip


@pytest.mark.parametrize("which", BAD)
def test_bad_input_is_one_sentence_that_names_the_file(command: Any, tmp_path: Path, which: str):
    name, body, says = BAD[which]
    (tmp_path / name).write_bytes(body)
    run = command("check", name)
    assert run.returncode == 2
    assert run.stdout == ""
    assert run.stderr.startswith(f"baserate: '{name}' ")
    assert says in run.stderr
    assert run.stderr.count("\n") == 1


def test_fifty_megabytes_of_text_are_refused_at_once(command: Any, tmp_path: Path):
    with (tmp_path / "a.txt").open("wb") as file:
        for _ in range(50):
            file.write(GOOD.encode().ljust(64) * 16_384)
    run = command("check", "a.txt")
    assert run.returncode == 2
    assert "an article has at most 5,000,000 characters" in run.stderr


ODD = {
    "right to left": f"בלטימור, {GOOD}\n\nالجريمة في أوهايو.",
    "turned around": f"\u202e{GOOD}\u202c",
    "accents": f"Peña and O’Béirne met in Cañon City. {GOOD} Façade, naïve, Zürich.",
    "astral letters": f"😀 𝒜𝓈𝓈𝒶𝓊𝓁𝓉 😀 {GOOD}",
    "a sentence without an end": f"{GOOD} and " + "murders rose 5 percent and " * 400,
    "a word without an end": f"{GOOD} " + "a" * 100_000,
    "only line ends": GOOD + "\r\n" * 5_000,
    "quotes without an end": f"{GOOD} “" + "“" * 2_000,
    "scripts": f"{GOOD} <script>alert(1)</script><img src=x onerror=alert(1)>",
}


@pytest.mark.parametrize("which", ODD)
def test_odd_text_is_checked_like_any_other(store: Store, which: str):
    found = checked(store, ODD[which])
    assert any(c.claim.offense == "homicide" for c in found.checked)
    for each in found.checked:
        claim = each.claim
        assert 0 <= claim.start < claim.end <= len(ODD[which])
        sentence = claim.sentence
        assert ODD[which][sentence.start : sentence.end] == sentence.text
    page = render_article(found, command="baserate check a", made_on=date(2020, 1, 1))
    assert "<script>alert" not in page
    assert not re.search(r"<img[^>]*onerror", page)


def test_a_page_s_scripts_and_handlers_do_not_reach_ours(command: Any, tmp_path: Path):
    (tmp_path / "a.html").write_text(
        "<html><head><title>News</title><script>steal()</script></head><body onload='steal()'>"
        f"<article><h1>News</h1><p onclick='steal()'>{GOOD} It was the talk of the whole town "
        f"for a week, and the council met twice.</p><p>{GOOD} So said the mayor, at length, on "
        "Monday.</p></article></body></html>",
        encoding="utf-8",
    )
    run = command("check", "a.html", "--out", "page.html")
    assert run.returncode == 0, run.stderr
    assert "steal()" not in (tmp_path / "page.html").read_text(encoding="utf-8")


def test_a_file_name_with_quotes_is_one_like_any_other(command: Any, tmp_path: Path):
    name = 'it\'s "so" <b>.txt'
    (tmp_path / name).write_text(GOOD, encoding="utf-8")
    run = command("check", name, "--out", "page.html")
    assert run.returncode == 0, run.stderr
    assert "<b>.txt" not in (tmp_path / "page.html").read_text(encoding="utf-8")
    line = json.loads(command("check", name, "--json").stdout)
    assert line["article_id"] == 'it\'s "so" <b>'


def test_several_sources_go_into_one_folder_and_a_bad_one_stops_none(command: Any, tmp_path: Path):
    for folder in ("x", "y", "pages"):
        (tmp_path / folder).mkdir()
    for folder in ("x", "y"):
        (tmp_path / folder / "story.txt").write_text(GOOD, encoding="utf-8")
    run = command("check", "x/story.txt", "none.txt", "y/story.txt", "--out", "pages")
    assert run.returncode == 2
    assert "'none.txt' cannot be read" in run.stderr
    assert {p.name for p in (tmp_path / "pages").iterdir()} == {"story.html", "story-2.html"}


def test_an_address_inside_is_not_asked(command: Any):
    run = command("check", "http://127.0.0.1:9/a")
    assert run.returncode == 4
    assert "not on the public internet" in run.stderr


def test_standard_input_is_an_article_too(command: Any):
    run = command("check", "-", "--published", "2015-03-02", "--json", text="Murders in Ohio fell.")
    line = json.loads(run.stdout)
    assert (line["article_id"], line["period"], line["place"]) == ("stdin", "2015", "Ohio")
