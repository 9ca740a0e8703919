"""baserate check: any number of articles in, terminal, JSON lines, ClaimReview or pages out."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from tests.made.claims import a_checked_article

from baserate.claims import article_check, documents
from baserate.claims.article import Article
from baserate.claims.checked import CheckedArticle
from baserate.cli import main
from baserate.errors import UnknownFormat
from baserate.measure.effects.found import EffectFound
from baserate.store.open import Store

Asked = list[dict[str, Any]]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch, store: Store) -> Asked:
    """A front door that knows some sources, and what it was asked for."""
    made = a_checked_article(store)
    seen: Asked = []

    def read_articles(
        source: str,
        *,
        published: date | None = None,
        outlet: str | None = None,
        stdin: bytes | None = None,
    ) -> Iterator[Article]:
        seen.append({"source": source, "published": published, "outlet": outlet, "stdin": stdin})
        if source == "bad.bin":
            raise UnknownFormat("bad.bin\x1b is no text; give text, HTML or PDF")
        names = ["one", "two/../two", "two/../two"] if source == "feed.jsonl" else ["one"]
        for name in names:
            yield Article(article_id=name, text=made.article.text, outlet=outlet)

    def check_article(
        article: Article, store: Store, effects: tuple[EffectFound, ...] = ()
    ) -> CheckedArticle:
        seen.append({"checked": article.article_id})
        return CheckedArticle(article, made.checked, made.inconsistencies)

    monkeypatch.setattr(documents, "read_articles", read_articles)
    monkeypatch.setattr(article_check, "check_article", check_article)
    return seen


def run(*arguments: str, text: str | None = None) -> Any:
    return CliRunner().invoke(main, ["check", *arguments], input=text)


def test_an_article_is_told_in_the_terminal(asked: Asked):
    found = run("one.txt")
    assert found.exit_code == 0
    assert "✓ SUPPORTED" in found.stdout
    assert "Of six claims about crime" in found.stdout


def test_json_is_one_object_a_line_for_every_article(asked: Asked):
    found = run("one.txt", "feed.jsonl", "--json")
    lines = [json.loads(line) for line in found.stdout.splitlines()]
    assert len(lines) == 4 * 8
    assert {line["article_id"] for line in lines} == {"one", "two/../two"}


def test_a_feed_is_told_article_by_article(asked: Asked, monkeypatch: pytest.MonkeyPatch):
    import click

    echo: Callable[..., None] = click.echo

    def noted(*args: Any, **kwargs: Any) -> None:
        asked.append({"said": True})
        echo(*args, **kwargs)

    monkeypatch.setattr(click, "echo", noted)
    run("feed.jsonl", "--json")
    kinds = [next(iter(entry)) for entry in asked]
    assert kinds[:2] == ["source", "checked"]
    assert "said" in kinds[2 : kinds.index("checked", 2)]


def test_date_outlet_and_standard_input_are_handed_on(asked: Asked):
    run("-", "--published", "2017-03-14", "--outlet", "Courier", text="Murders fell.")
    assert asked[0] == {
        "source": "-",
        "published": date(2017, 3, 14),
        "outlet": "Courier",
        "stdin": b"Murders fell.",
    }


@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "9999-12-31"])
def test_an_article_of_no_year_that_has_news_is_a_usage_error(asked: Asked, day: str):
    found = run("one.txt", "--published", day)
    assert (found.exit_code, asked) == (2, [])
    assert f"'{day}' is not between 1900 and 2100" in found.stderr


def test_a_bad_file_is_named_and_stops_no_other(asked: Asked):
    found = run("bad.bin", "one.txt")
    assert found.exit_code == 2
    assert "baserate: bad.bin\N{REPLACEMENT CHARACTER} is no text" in found.stderr
    assert "✓ SUPPORTED" in found.stdout
    assert found.exception is None or isinstance(found.exception, SystemExit)


def test_a_bad_file_is_a_line_of_json_too_which_no_scorer_takes_for_a_claim(asked: Asked):
    found = run("bad.bin", "one.txt", "--json")
    first = json.loads(found.stdout.splitlines()[0])
    assert (first["source"], first["checkable"]) == ("bad.bin", False)
    assert first["error"]["kind"] == "unknown_format"
    assert found.exit_code == 2


def test_one_article_makes_one_page(asked: Asked, tmp_path: Path):
    out = tmp_path / "it's.html"
    found = run("one.txt", "--outlet", "A B", "--out", str(out))
    assert found.exit_code == 0
    page = out.read_text(encoding="utf-8")
    assert "baserate check one.txt --outlet &#39;A B&#39; --out" in page
    assert "Of six claims" in found.stdout
    assert "opens with no network" in found.stdout


def test_several_articles_need_a_folder(asked: Asked, tmp_path: Path):
    found = run("feed.jsonl", "--out", str(tmp_path / "x.html"))
    assert found.exit_code == 2
    assert "name a folder" in found.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_folder_gets_a_page_for_each_article_under_a_plain_name(asked: Asked, tmp_path: Path):
    assert run("feed.jsonl", "--out", str(tmp_path)).exit_code == 0
    names = sorted(p.name for p in tmp_path.iterdir())
    assert names == ["one.html", "two-two-2.html", "two-two.html"]


def test_a_bad_source_is_no_second_article(asked: Asked, tmp_path: Path):
    found = run("bad.bin", "one.txt", "--out", str(tmp_path / "a.html"))
    assert (found.exit_code, (tmp_path / "a.html").exists()) == (2, True)
    assert "bad.bin" in found.stderr
    assert "more than one" not in found.stderr


def test_a_page_never_replaces_an_article_that_is_checked(asked: Asked, tmp_path: Path):
    article = tmp_path / "one.html"
    article.write_text("Murders fell.")
    for out in (article, tmp_path):
        found = run(str(article), "--out", str(out))
        assert found.exit_code == 2
        assert "would replace it" in found.stderr
        assert article.read_text() == "Murders fell."


def test_links_in_a_circle_are_said_in_a_sentence(asked: Asked, tmp_path: Path):
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    found = run("one.txt", "--out", str(loop))
    assert isinstance(found.exception, SystemExit)
    assert "could not be written" in found.stderr


def test_a_page_that_cannot_be_written_is_said_in_a_sentence(asked: Asked, tmp_path: Path):
    found = run("one.txt", "--out", str(tmp_path / "none" / "x.html"))
    assert found.exit_code == 2
    assert "could not be written" in found.stderr


def test_json_stays_clean_where_a_page_is_written_too(asked: Asked, tmp_path: Path):
    found = run("one.txt", "--json", "--out", str(tmp_path / "x.html"))
    assert [json.loads(line)["article_id"] for line in found.stdout.splitlines()] == ["one"] * 8
    assert "opens with no network" in found.stderr


def test_claim_review_names_the_publisher_that_was_given(asked: Asked):
    named = run(
        "one.txt", "--claim-review", "--reviewer", "Check", "--page-url", "https://c.example/1"
    )
    reviews = json.loads(named.stdout)
    assert {r["author"]["name"] for r in reviews} == {"Check"}
    assert named.stderr == ""


def test_claim_review_says_what_a_publisher_must_still_give(asked: Asked):
    unnamed = run("one.txt", "--claim-review")
    assert "author" not in json.loads(unnamed.stdout)[0]
    assert "--reviewer (author) and --page-url (url)" in unnamed.stderr


def test_two_forms_of_one_list_are_one_too_many(asked: Asked):
    found = run("one.txt", "--json", "--claim-review")
    assert found.exit_code == 2
    assert "choose one" in found.stderr


def test_a_publisher_s_address_must_be_one(asked: Asked):
    found = run("one.txt", "--reviewer-url", "javascript:alert(1)")
    assert found.exit_code == 2
    assert "is no web address" in found.stderr


def test_help_shows_how_and_loads_nothing_heavy(command: Any):
    assert "baserate check feed.jsonl --json" in command("check", "--help").stdout
    code = "import sys, baserate.cli; print('baserate.claims.documents' in sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert loaded.stdout == "False\n"
