"""The tables that a check reads: every row has its example, and names only what is there."""

from __future__ import annotations

import pytest

from baserate.claims.check import needs, traps, words
from baserate.claims.check.words import is_said
from baserate.sources.catalog import catalog

EXAMPLES = [(s, text) for s, row in words.senses().items() for text in row["examples"]]
NEAR_MISSES = [(s, text) for s, row in words.senses().items() for text in row["near_misses"]]


@pytest.mark.parametrize(("sense", "text"), EXAMPLES)
def test_a_sense_is_found_in_its_example(sense: str, text: str) -> None:
    assert is_said(sense, text)


@pytest.mark.parametrize(("sense", "text"), NEAR_MISSES)
def test_a_sense_is_not_found_in_its_near_miss(sense: str, text: str) -> None:
    assert not is_said(sense, text)


@pytest.mark.parametrize("key", needs.table())
def test_a_need_names_a_dataset_of_the_catalog_and_a_command_that_works(key: str) -> None:
    row = needs.table()[key]
    assert not row["of"] or row["of"] in catalog()
    if row["download"]:
        assert row["command"] == f"baserate fetch {row['of']}"
        assert catalog()[row["of"]].addresses
    else:
        of = f"baserate catalog {row['of']}".strip()
        dated = "baserate check FILE --published DATE"
        assert row["command"] in {"", "baserate add FILE", of, dated}


@pytest.mark.parametrize("key", traps.table())
def test_a_trap_says_when_it_bites_and_takes_its_detail(key: str) -> None:
    row = traps.table()[key]
    assert row["when"]
    told = traps.trap(key, "Look here.").text
    assert "{" not in told
    assert ("Look here." in told) == ("{detail}" in row["text"])
