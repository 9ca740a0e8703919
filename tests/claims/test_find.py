"""Every sentence of examples.toml, read by the real finder: what is a claim and what is none."""

from __future__ import annotations

import tomllib
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from baserate.claims import find as module
from baserate.claims.article import Article
from baserate.claims.article_check import claims_of
from baserate.claims.claim import CLAIM_KINDS, Claim
from baserate.publish.claims_export import place_label

TABLE = tomllib.loads(Path(module.__file__).with_name("examples.toml").read_text(encoding="utf-8"))
EXAMPLES: list[dict[str, Any]] = TABLE["example"]
NEAR_MISSES: list[dict[str, Any]] = TABLE["near_miss"]
PUBLISHED = date(2016, 6, 1)


def claims_in(text: str) -> tuple[Claim, ...]:
    return claims_of(Article(article_id="a", text=text, published=PUBLISHED))


def first_size(claim: Claim) -> str | None:
    """As the examples write it: '4.1 percent', '1200000 count'."""
    return next((f"{m.value:.10g} {m.unit}" for m in claim.magnitudes), None)


def slots(claim: Claim) -> dict[str, Any]:
    return {
        "offense": claim.offense,
        "direction": claim.direction,
        "size": first_size(claim),
        "place": place_label(claim.where),
        "denied": claim.denied,
    }


@pytest.mark.parametrize("case", EXAMPLES, ids=lambda c: c["says"])
def test_a_statement_about_crime_figures_is_found(case: dict[str, Any]):
    found = claims_in(case["says"])
    kinds = Counter(c.kind for c in found)
    assert kinds >= Counter(case["kinds"])
    if case.get("only"):
        assert kinds == Counter(case["kinds"])
    if not case["kinds"]:
        return
    first = next(c for c in found if c.kind == case["kinds"][0])
    said = slots(first)
    assert {name: said[name] for name in said if name in case} == {
        name: case[name] for name in said if name in case
    }
    assert first.not_checkable is None


@pytest.mark.parametrize("case", NEAR_MISSES, ids=lambda c: c["says"])
def test_what_only_looks_like_one_is_none(case: dict[str, Any]):
    assert [c for c in claims_in(case["says"]) if c.not_checkable is None] == [], case["why"]


def test_every_kind_of_claim_has_its_examples():
    shown = Counter(kind for case in EXAMPLES for kind in case["kinds"])
    assert [kind for kind in CLAIM_KINDS if kind != "effect" and shown[kind] < 5] == []


def test_no_sentence_stands_there_twice():
    said = Counter(case["says"] for case in (*EXAMPLES, *NEAR_MISSES))
    assert [text for text, times in said.items() if times > 1] == []


@pytest.mark.parametrize("case", EXAMPLES, ids=lambda c: c["says"])
def test_a_claim_stands_where_it_says_it_stands(case: dict[str, Any]):
    before = "The council met on Monday.\n\n"
    text = f"{before}{case['says']}"
    for claim in claims_in(text):
        sentence = claim.sentence
        assert text[sentence.start : sentence.end] == sentence.text == case["says"]
        assert len(before) <= claim.start < claim.end <= len(text)
        assert sentence.start <= claim.start < claim.end <= sentence.end
