"""Docs that cannot drift: every measure, command and source is in them, and examples run."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import baserate
from baserate.claims.article import Article
from baserate.claims.article_check import check_article
from baserate.claims.check import tolerance
from baserate.claims.check.traps import table as traps
from baserate.claims.checked import CLAIM_VERDICTS
from baserate.claims.claim import CLAIM_KINDS
from baserate.cli import main
from baserate.errors import Caveat, NoRecords
from baserate.measure.ask import MEASURES, ask
from baserate.publish.claim_words import CLAIM_ICONS
from baserate.publish.claims_export import json_lines
from baserate.publish.claims_terminal import render_claims
from baserate.sources.catalog import catalog
from baserate.store.open import Store

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]


@pytest.mark.parametrize("measure", MEASURES)
def test_every_measure_has_its_section_and_its_example(measure: str):
    assert f"### {measure}" in (ROOT / "docs/measures.md").read_text(encoding="utf-8")
    assert f"[{measure}](docs/measures.md#{measure})" in README


@pytest.mark.parametrize("command", sorted(main.commands))
def test_every_command_is_in_the_docs(command: str):
    assert any(f"baserate {command}" in p.read_text(encoding="utf-8") for p in PAGES) or (
        f"make {command}" in README
    )


TABLE = README.split("## What you can ask")[1].split("From Python")[0]


def examples() -> list[str]:
    """Everything the README and the pitfalls tell a reader to ask, save what is marked †."""
    text = README + (ROOT / "docs/pitfalls.md").read_text(encoding="utf-8")
    text = re.sub(r"## Your own records.*?(?=## What it is not for)", "", text, flags=re.DOTALL)
    asked = re.findall(r'baserate ask "([^"]+)"', text)
    asked += re.findall(r"`([^`]+)`(?! †)", TABLE)
    return sorted(set(asked))


def examples_for_added_records() -> list[str]:
    """What the README says needs records that do not come with the package."""
    return re.findall(r"`([^`]+)` †", TABLE)


@pytest.mark.parametrize("question", examples())
def test_every_example_is_answered(question: str, store: Store):
    assert ask(question, store=store).value is not None


@pytest.mark.parametrize("question", examples_for_added_records())
def test_an_example_for_added_records_says_which(question: str, store: Store):
    with pytest.raises(NoRecords, match='"baserate add"'):
        ask(question, store=store)


def test_the_first_screen_is_what_the_command_prints():
    shown = CliRunner().invoke(
        main, ["ask", "violent crime rate in the United States, 2015 to 2016"]
    )
    block = README.split("```text\n")[1].split("```")[0]
    for line in block.splitlines()[2:]:
        assert line.rstrip("… ").rstrip() in shown.stdout, line


def test_the_award_in_the_readme_is_what_the_command_prints():
    shown = CliRunner().invoke(main, ["award", "jag", "--year", "2016", "--state", "Florida"])
    block = README.split("## Who gets what")[1].split("```console\n")[1].split("```")[0]
    assert block.strip() in shown.stdout


def test_the_python_example_says_what_it_gives(store: Store):
    found = ask("murder in the United States, 2014 to 2016", store=store)
    assert f"('{found.verdict}', {round(found.value or 0, 1)})" in README
    assert str([c.kind for c in found.caveats]) in README


@pytest.mark.parametrize("page", PAGES, ids=[p.name for p in PAGES])
def test_links_between_pages_lead_somewhere(page: Path):
    for link in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        if not link.startswith("http"):
            assert (page.parent / link).exists(), link


CHECKING = (ROOT / "docs/check.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", CLAIM_KINDS)
def test_every_kind_of_claim_is_shown(kind: str):
    assert f"| `{kind}` | " in CHECKING


@pytest.mark.parametrize("verdict", CLAIM_VERDICTS)
def test_every_verdict_on_a_claim_is_explained(verdict: str):
    assert f"| {CLAIM_ICONS[verdict]} | {verdict} | " in CHECKING


def test_every_trap_says_when_it_bites():
    for key, trap in traps().items():
        assert f"| {key} | {trap['when']} |" in CHECKING


def test_the_room_for_rounding_is_as_it_is_used():
    for share in (tolerance.REVISION, tolerance.LOCAL_REVISION, tolerance.ROUNDEST):
        assert f"{100 * share:g}%" in CHECKING
    for points, share in (
        (tolerance.PERCENT_POINTS, tolerance.PERCENT_SHARE),
        (tolerance.PERCENT_POINTS_REVISED, tolerance.PERCENT_SHARE_REVISED),
        (tolerance.PERCENT_ABOUT_POINTS, tolerance.PERCENT_ABOUT_SHARE),
    ):
        assert re.search(rf"\b{points:g} points? or {100 * share:g}%", CHECKING)
    under, over = 100 * tolerance.FACTOR_UNDER, 100 * tolerance.FACTOR_OVER
    assert f"{under:g}% under to {over:g}% over" in CHECKING


def test_every_field_of_a_claim_is_in_the_docs(store: Store):
    lines = json_lines(check_article(Article(article_id="a", text=FLYER), store))
    fields = re.findall(r"`(\w+)`", CHECKING.split("## JSON")[1].split("## ClaimReview")[0])
    assert set(json.loads(next(lines))) <= set(fields)


FLYER = (
    "Violent crimes in the United States rose 7.2 percent from 2015 to 2016, a campaign flyer says."
)


def test_the_readme_shows_what_a_check_prints(store: Store):
    shown = render_claims(check_article(Article(article_id="a", text=FLYER), store))
    block = README.split("```console\n")[1].split("```")[0]
    assert block in shown


def test_another_finder_is_put_in_its_place_as_the_docs_say():
    code = CHECKING.split("```python\n")[1].split("```")[0].rstrip()
    before, _, last = code.rpartition("\n")
    expression, _, gives = last.partition("  # ")
    known: dict[str, Any] = {}
    exec(before, known)
    assert repr(eval(expression, known)) == gives


def test_the_sources_page_is_made_from_the_catalog():
    import importlib.util

    spec = importlib.util.spec_from_file_location("page", ROOT / "scripts/make_sources_page.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert (ROOT / "docs/sources.md").read_text(encoding="utf-8") == module.page(), (
        "run python scripts/make_sources_page.py"
    )
    assert all(d.irregularities for d in catalog().values())


def test_every_caveat_says_when_it_arises():
    for each in Caveat.__subclasses__():
        assert each.__doc__
        assert each("x").kind == re.sub(r"(?<!^)(?=[A-Z])", "_", each.__name__).lower()


def test_the_front_door_opens():
    for name in baserate.__all__:
        assert getattr(baserate, name) is not None
    assert baserate.__version__ in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_the_version_is_said_in_one_voice():
    from importlib.metadata import version

    assert version("baserate") == baserate.__version__
    assert shlex.split(CliRunner().invoke(main, ["--version"]).stdout)[-1] == baserate.__version__
