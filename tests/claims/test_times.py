"""Which days a figure in the news is about: every phrase of times.toml, and what it must not be."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pytest

from baserate.claims import times as module
from baserate.claims.time_counted import COUNTED
from baserate.claims.time_rules import RULES
from baserate.claims.times import TimeMention, find_times
from baserate.terms.periods import Period

TABLE = tomllib.loads(Path(module.__file__).with_name("times.toml").read_text(encoding="utf-8"))
FORMS = TABLE["form"]


def written(period: Period | None) -> str:
    """A period as the examples of times.toml write it."""
    if period is None:
        return "none"
    if period.is_one_year:
        return str(period.first_year)
    if period.is_whole_years:
        return f"{period.first_year}..{period.last_year}"
    return f"{period.first}..{period.last}"


def read(text: str) -> Period:
    """A topic as the examples write it."""
    first, _, last = text.partition("..")
    days = [date(int(first), 1, 1) if len(first) == 4 else date.fromisoformat(first)]
    last = last or first
    days.append(date(int(last), 12, 31) if len(last) == 4 else date.fromisoformat(last))
    return Period(*days)


def short(mention: TimeMention) -> str:
    count = "" if mention.count is None else f" {mention.count}"
    return f"{mention.role} {written(mention.period)}{count}{' to_date' * mention.to_date}"


def found(text: str, published: date | None = None, topic: str | None = None) -> list[str]:
    about = read(topic) if topic else None
    return [short(m) for m in find_times(text, published=published, topic=about)]


EXAMPLES = [(form["name"], *example) for form in FORMS for example in form["examples"]]


@pytest.mark.parametrize("case", EXAMPLES, ids=lambda c: f"{c[0]}: {c[1]}")
def test_a_phrase_means_these_days(case: tuple[str, str, object, str, object]):
    _, text, published, expected, *topic = case
    day = published if isinstance(published, date) else None
    assert found(text, day, str(topic[0]) if topic else None) == expected.split("; ")


NEAR_MISSES = [(form["name"], text) for form in FORMS for text in form["near_misses"]]


@pytest.mark.parametrize("case", NEAR_MISSES, ids=lambda c: f"{c[0]}: {c[1]}")
def test_what_only_looks_like_a_period_is_none(case: tuple[str, str]):
    mentions = find_times(case[1], published=date(2017, 5, 12))
    assert [short(m) for m in mentions if m.role != "named"] == []


def test_every_form_has_a_rule_and_every_rule_a_form():
    assert {form["means"] for form in FORMS} - {"skip"} == set(RULES | COUNTED)
