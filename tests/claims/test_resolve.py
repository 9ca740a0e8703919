"""What a claim leaves to its context: place, period, baseline, offense and speaker."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from baserate.claims.article import Article
from baserate.claims.article_check import claims_of
from baserate.claims.claim import Claim
from baserate.publish.claims_export import period_label, place_label

CASES: list[dict[str, Any]] = tomllib.loads(
    Path(__file__).with_name("resolve_cases.toml").read_text(encoding="utf-8")
)["case"]


def claims_in(case: dict[str, Any]) -> list[Claim]:
    article = Article(article_id="a", text=case["text"].strip(), published=case.get("published"))
    return [claim for claim in claims_of(article) if claim.not_checkable is None]


def said_of(claim: Claim) -> dict[str, Any]:
    """A claim in the words of the cases."""
    return {
        "kind": claim.kind,
        "offense": claim.offense,
        "place": place_label(claim.where),
        "against": place_label(claim.against),
        "period": period_label(claim.period) or "none",
        "comparator_period": period_label(claim.comparator_period) or "none",
        "direction": claim.direction,
        "attributed_to": claim.attributed_to,
        "denied": claim.denied,
        "to_date": claim.to_date,
    }


def fits(claim: Claim, wanted: dict[str, Any]) -> bool:
    said = said_of(claim)
    if "readings" in wanted:
        readings = {p.plain for p in claim.where.places} if claim.where else set()
        said["readings"] = wanted["readings"] if readings >= set(wanted["readings"]) else None
    return all(said[name] == value for name, value in wanted.items())


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["name"])
def test_the_context_says_what_a_claim_is_about(case: dict[str, Any]):
    left = claims_in(case)
    for wanted in case["claims"]:
        found = next((claim for claim in left if fits(claim, wanted)), None)
        assert found is not None, (wanted, [said_of(c) for c in left])
        left.remove(found)
    assert [said_of(c) for c in left] == []
