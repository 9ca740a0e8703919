"""Checked claims for programs and for the terminal."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from tests.made.claims import FELL, TOWN, a_checked, a_checked_article, a_claim, an_article

from baserate.claims.checked import CheckedArticle, Inconsistency, Need
from baserate.claims.claim import Where
from baserate.publish.claim_words import needs_once
from baserate.publish.claims_export import json_lines, offense_label, period_label, place_label
from baserate.publish.claims_terminal import render_claims
from baserate.publish.export import as_data
from baserate.store.open import Store
from baserate.terms.offenses import offenses
from baserate.terms.periods import Period
from baserate.terms.places import NATION, place, resolve

FIELDS = {
    *("article_id", "start", "end", "sentence", "kind", "offense", "place", "period"),
    *("comparator_period", "direction", "magnitude", "attributed_to", "verdict", "answer"),
    *("caveats", "needs", "why", "then", "traps", "checkable"),
}


@pytest.fixture(scope="module")
def found(store: Store) -> CheckedArticle:
    return a_checked_article(store)


@pytest.fixture(scope="module")
def lines(found: CheckedArticle) -> list[dict[str, Any]]:
    return [json.loads(line) for line in json_lines(found)]


def test_each_claim_is_one_object_on_one_line(found: CheckedArticle, lines: list[dict[str, Any]]):
    assert all("\n" not in line for line in json_lines(found))
    claims = [line for line in lines if line["kind"] != "inconsistency"]
    assert len(claims) == len(found.checked)
    assert all(set(line) >= FIELDS for line in claims)


def test_offsets_lead_to_the_words(found: CheckedArticle, lines: list[dict[str, Any]]):
    burglary = next(line for line in lines if line["offense"] == "burglary")
    assert found.article.text[burglary["start"] : burglary["end"]] == FELL
    assert [line["start"] for line in lines] == sorted(line["start"] for line in lines)


def test_the_slots_are_in_the_words_of_the_guidelines(lines: list[dict[str, Any]]):
    first = lines[0]
    told = {k: first[k] for k in ("offense", "place", "period", "comparator_period", "direction")}
    assert told == {
        "offense": "violent crime",
        "place": "United States",
        "period": "2016",
        "comparator_period": "2014",
        "direction": "up",
    }
    assert first["magnitude"] == [{"value": 7.0, "unit": "percent"}]
    assert first["attributed_to"] == "the mayor"


def test_the_answer_is_that_of_ask(found: CheckedArticle, lines: list[dict[str, Any]]):
    answer = found.checked[0].answer
    assert answer is not None
    assert lines[0]["answer"] == json.loads(json.dumps(as_data(answer)))
    shootings = next(line for line in lines if line["offense"] == "shootings")
    assert shootings["answer"] is None
    assert shootings["needs"][0]["command"].startswith("baserate add")


def test_only_what_records_could_never_settle_is_not_checkable(lines: list[dict[str, Any]]):
    aside = [line for line in lines if not line["checkable"]]
    assert [line.get("verdict", line["kind"]) for line in aside] == [
        "not a checkable statement",
        "inconsistency",
    ]


def test_the_verdict_when_written_is_told_with_its_day(lines: list[dict[str, Any]]):
    told = next(line["then"] for line in lines if line.get("verdict") == "misleading")
    assert (told["day"], told["verdict"], told["answer"]) == ("2017-03-14", "can't tell", None)


@pytest.mark.parametrize(
    ("key", "label"),
    [
        ("murder", "homicide"),
        ("homicide", "homicide"),
        ("all_crime", "all crime"),
        ("larceny", "larceny"),
        ("motor_vehicle_theft", "motor vehicle theft"),
        ("overdose", "overdose"),
        ("hate_crime", "hate crime"),
        ("something_new", "something new"),
    ],
)
def test_an_offense_goes_by_a_plain_word(key: str, label: str):
    assert offense_label(key) == label


def test_every_offense_has_a_label_without_underscores():
    assert all(o.label and "_" not in o.label for o in offenses().values())


@pytest.mark.parametrize(
    ("where", "label"),
    [
        (Where("the nation", (NATION,)), "United States"),
        (Where("D.C.", (place("DC"),)), "Washington, DC"),
        (Where("New York State", (place("NY"),)), "New York"),
        (Where("KC", (resolve("Kansas City, Missouri"),)), "Kansas City, MO"),
        (Where("US suburbs"), "US suburbs"),
        (Where("Springfield", (place("MO"), place("IL"))), "Springfield"),
        (None, None),
    ],
)
def test_a_place_goes_by_its_name(where: Where | None, label: str | None):
    assert place_label(where) == label


def test_days_that_are_no_whole_years_are_written_out():
    assert period_label(Period(date(2024, 1, 1), date(2024, 8, 15))) == "2024-01-01..2024-08-15"


HOSTILE = "Murders fell\x1b[2J\x9b31m 3%\u202e.\r\nTyped\ttext\xa0stays"


@pytest.fixture(scope="module")
def hostile() -> CheckedArticle:
    article = an_article(HOSTILE, title=HOSTILE, outlet=HOSTILE, article_id=HOSTILE)
    claim = a_claim(article, HOSTILE, attributed_to=HOSTILE)
    odd = Inconsistency(-3, 900, "direction", HOSTILE)
    return CheckedArticle(article, (a_checked(claim, why=HOSTILE),), (odd,))


def test_json_holds_hostile_text_whole_and_prints_none_of_it_raw(hostile: CheckedArticle):
    lines = list(json_lines(hostile))
    assert all(line.isprintable() for line in lines)
    assert json.loads(lines[-1])["sentence"] == HOSTILE
    assert json.loads(lines[0])["article_id"] == HOSTILE


# --- the terminal ------------------------------------------------------------------------


def test_the_terminal_obeys_no_article(hostile: CheckedArticle):
    shown = render_claims(hostile)
    assert all(line.isprintable() for line in shown.split("\n"))
    assert "text stays" in " ".join(shown.split())


def test_the_terminal_says_verdict_reason_figure_trap_need_and_command(found: CheckedArticle):
    shown = " ".join(render_claims(found).split())
    for words in (
        "Council hears that crime is on the rise · Elm Street Courier · 14 March 2017",
        "Of six claims about crime, two are supported, two are contradicted, one is misleading "
        "and for one the records can't tell. One more is not a checkable statement.",
        "✓ SUPPORTED Recorded violent crime per head rose 6.9%",
        "Records Violent crime rate, United States, 2014 → 2016: +6.9% (+6.6% to +7.2%)",
        "Trap Measured from 2012",
        "Needs the police department's own incident file",
        'Again baserate ask "burglary count in the United States, 2015 to 2016"',
        "When written By what had been published until 14 March 2017: can't tell",
        "≠ AT ODDS WITH ITSELF “Three members”, and four names.",
    ):
        assert words in shown, words


def test_a_sentence_is_quoted_once_and_then_only_the_words_of_each_claim(found: CheckedArticle):
    shown = " ".join(render_claims(found).split())
    assert shown.count(TOWN) == 1
    assert "5 “the police chief credits new patrols”" in shown


@pytest.mark.parametrize("width", [40, 60, 92])
def test_lines_fit_the_terminal_but_for_commands(found: CheckedArticle, width: int):
    lines = render_claims(found, width=width).splitlines()
    assert max(len(line) for line in lines if "baserate" not in line) <= width


def test_the_verdict_alone_is_colored(found: CheckedArticle):
    roles: list[tuple[str, str]] = []

    def note(text: str, role: str) -> str:
        roles.append((text, role))
        return text

    render_claims(replace(found, inconsistencies=()), note)
    assert ("✕ CONTRADICTED", "contradicted") in roles
    assert {r for _, r in roles} >= {"title", "label", "supported", "misleading", "can't tell"}


def test_what_several_claims_need_is_told_once(found: CheckedArticle):
    needy = next(c for c in found.checked if c.needs)
    told = needs_once([needy, found.inconsistencies[0], needy])
    assert told[1] == needy.needs
    assert (told[2], told[3]) == ((), (Need("as for claim 1", None),))
