"""Which days a figure in the news is about: every phrase of times.toml, and what it must not be."""

from __future__ import annotations

import time
import tomllib
from datetime import date
from pathlib import Path

import pytest

import baserate.claims.times.find as module
from baserate.claims.times.counted import COUNTED
from baserate.claims.times.find import TimeMention, find_times
from baserate.claims.times.rules import RULES
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


def test_every_form_shows_at_least_one_example():
    assert [f["name"] for f in FORMS if not f["examples"] and f["means"] != "skip"] == []
    assert len(EXAMPLES) > 100


def test_without_a_publication_date_only_named_years_have_days():
    text = "Down from 52 in 2014, murders fell last year, for the third straight year"
    assert found(text) == ["comparator 2014", "period none", "streak none 3"]


def test_offsets_point_at_the_words():
    text = "There were 30 shootings through May 1, up from 21 a year earlier"
    mentions = find_times(text, published=date(2016, 5, 12))
    assert [text[m.start : m.end] for m in mentions] == ["through May 1", "a year earlier"]
    assert [m.relative for m in mentions] == [True, True]


def test_a_year_named_is_not_relative():
    (mention,) = find_times("in 2014", published=None)
    assert not mention.relative


def test_the_end_of_february_stays_the_end_of_february():
    text = "In February 2016, thefts rose from the same month a year earlier"
    assert found(text)[1] == "comparator 2015-02-01..2015-02-28"


def test_what_a_story_of_new_years_day_calls_this_year_is_the_one_that_just_ended():
    assert found("12 murders so far this year", date(2017, 1, 1)) == ["period 2016"]


def test_a_list_of_baselines_stays_a_list_of_baselines():
    text = "31 homicides, compared with 28 in 2014, 25 in 2013 and 19 the year before"
    assert found(text, date(2016, 2, 1)) == [
        "comparator 2014",
        "comparator 2013",
        "comparator 2012",
    ]


def test_a_sentence_without_time_has_no_mention():
    assert find_times("Two men were shot near the park.", published=date(2016, 5, 1)) == []


@pytest.mark.parametrize("day", [date.min, date(1, 1, 2), date(2016, 2, 29), date.max], ids=str)
def test_no_day_of_publication_breaks_a_phrase(day: date):
    for _, text, *_ in EXAMPLES:
        for mention in find_times(text, published=day, topic=Period(date.min, date.max)):
            assert text[mention.start : mention.end].strip()


WORST = {
    "years": "2015 ",
    "figures": "from 17 in 1998 ",
    "dates": "Jan. 1 to ",
    "lists": "2015, ",
    "spaces": " ",
    "the same": "the same a b c ",
    "the same, spaced": "the same   ",
    "digits": "1",
    "past": "the past about ",
    "since": "since the ",
    "than": "than the ",
    "last time": "the last time ",
    "ranges": "2015-",
    "years in": "in a year ",
    "ordinals": "first ",
    "numbers": "twenty ",
    "one letter": "J",
    "ended": "12 months ending ",
}


@pytest.mark.parametrize("unit", WORST.values(), ids=WORST)
def test_time_is_linear_in_the_length_of_a_hostile_sentence(
    unit: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(module, "LONGEST_SENTENCE", 10**9)
    find_times(unit * 10, published=date(2016, 5, 1))
    short_time, long_time = (
        min(_seconds(unit * (size // len(unit))) for _ in range(2)) for size in (3_000, 12_000)
    )
    assert long_time < 12 * short_time + 0.02  # four times the text; sixteen if it were quadratic


def _seconds(text: str) -> float:
    start = time.process_time()
    find_times(text, published=date(2016, 5, 1))
    return time.process_time() - start


def test_a_hostile_sentence_of_100_000_characters_is_read_at_once():
    assert max(_seconds(unit * (100_000 // len(unit))) for unit in WORST.values()) < 1
