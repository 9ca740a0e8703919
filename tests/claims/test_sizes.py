"""Sizes: the quantities of a news sentence, and those that are no crime figures."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baserate.claims.sizes.find import Size, find_sizes
from baserate.claims.sizes.numerals import sizes_table


def size_words(size: Size) -> str:
    """A size as sizes.toml writes it: "more than 400 count", "4 to 42 percent"."""
    how = "" if size.how == "exactly" else f"{size.how} "
    high = "" if size.high is None else f" to {size.high:.10g}"
    return f"{how}{'+' * (size.sign > 0)}{'-' * (size.sign < 0)}{size.value:.10g}{high} {size.unit}"


def entries() -> list[dict[str, Any]]:
    table = sizes_table()
    listed = [e for kind in ("after", "before", "fixed", "exactness") for e in table[kind]]
    return [
        *listed,
        table["noun"] | {"unit": "count"},
        table["rate"] | {"unit": "per_100k"},
        table["ratio"] | {"unit": "percent"},
    ]


EXAMPLES = [(text, size) for e in entries() for text, size in e["examples"]]
NEAR_MISSES = [
    (text, e.get("unit", "").replace("nothing", "rank"), e.get("how") if "before" in e else None)
    for e in entries()
    for text in e["near_misses"]
]


@pytest.mark.parametrize(("text", "size"), EXAMPLES)
def test_examples(text: str, size: str):
    assert in_plain_figures(size) in [size_words(s) for s in find_sizes(text)]


def in_plain_figures(size: str) -> str:
    """The same words with 4e+07 as 40000000."""
    return " ".join(f"{float(w):.10g}" if w[0].isdigit() else w for w in size.split())


@pytest.mark.parametrize(("text", "unit", "how"), NEAR_MISSES)
def test_near_misses(text: str, unit: str, how: str | None):
    found = find_sizes(text)
    assert not [s for s in found if (s.how == how if how else s.unit == unit)]


def test_there_are_many_examples_and_no_entry_without():
    assert len(EXAMPLES) > 120
    assert len(NEAR_MISSES) > 80
    assert all(e["near_misses"] for e in entries())


def shown(text: str) -> list[tuple[str, str]]:
    return [(text[s.start : s.end], size_words(s)) for s in find_sizes(text)]


def test_a_size_spans_its_unit_and_its_exactness():
    assert shown("More than 400 were shot, 6.4 for every 100,000 residents, up 8.5 percent.") == [
        ("More than 400", "more than 400 count"),
        ("6.4 for every 100,000 residents", "6.4 per_100k"),
        ("8.5 percent", "8.5 percent"),
    ]


def nouns(text: str) -> list[str]:
    return [text[s.of[0] : s.of[1]] for s in find_sizes(text) if s.of]


def test_a_count_names_its_noun():
    assert nouns("The city saw 83 murders and 1,204 violent carjackings.") == [
        "murders",
        "violent carjackings",
    ]
    assert nouns("There, 316 people were killed, 12 more robberies were solved.") == [
        "people",
        "robberies",
    ]
    assert nouns("It had 480 rapes, robberies and murders for every 100,000 people.") == [
        "rapes, robberies and murders"
    ]


def test_a_bare_count_names_none():
    assert nouns("Murders rose from 19 in 2003 to 34 in 2004.") == []


def test_decimals_are_counted_as_printed():
    sizes = find_sizes("Murder fell 8.50 percent to 4.9 per 100,000, or 600 murders.")
    assert [s.digits for s in sizes] == [2, 1, 0]


def test_missing_figures_make_a_number_approximate():
    [crimes] = find_sizes("Police counted 1.2 million crimes.")
    [rate] = find_sizes("Police counted 4.9 crimes per 1,000 residents.")
    assert (crimes.how, rate.how, rate.value) == ("about", "about", 490)


def test_a_sign_is_kept_beside_the_value():
    rise, fall = find_sizes("Robbery (+4.1%) and arson −3%")
    assert (rise.sign, rise.value, fall.sign, fall.value) == (1, 4.1, -1, 3)


def test_words_that_the_print_shop_glued_are_parted():
    assert [size_words(s) for s in find_sizes("The tally stood at12,416, or 4percent more.")] == [
        "12416 count",
        "4 percent",
    ]


HOSTILE = ["1,", "1 ", "one ", "1-", "1", "a ", "more than ", "$1 ", "5 in ", "1/", "(3", "a.b."]
HOSTILE += [
    "1 murders, rapes and ",
    "per 100,000 ",
    "1 to ",
    "hundred ",
    "12 violent ",
    "9" * 400 + " ",
]


@pytest.mark.parametrize("piece", HOSTILE, ids=lambda p: p[:12])
def test_hostile_sentences_take_no_time(piece: str):
    text = (piece * (100_000 // len(piece) + 1))[:100_000]
    started = time.process_time()
    find_sizes(text)
    assert time.process_time() - started < 0.8


PIECES = [
    "more than",
    "nearly",
    "4",
    "42",
    "1,015",
    "5.7",
    "one",
    "half",
    "a",
    "third",
    "in",
    "of",
    "to",
    "from",
]
PIECES += [
    "and",
    ",",
    "percent",
    "per",
    "100,000",
    "murders",
    "people",
    "killed",
    "years",
    "-",
    "$",
    "No.",
    "2016",
]
PIECES += [
    "rate of",
    "twice",
    "the",
    "st",
    "May",
    "million",
    "dozen",
    "between",
    "(",
    "+",
    "%",
    "é",
    "’s",
    "/",
    ":",
]


@given(st.lists(st.sampled_from(PIECES), max_size=25), st.sampled_from([" ", ""]))
def test_sizes_stand_in_order_and_do_not_overlap(pieces: list[str], gap: str):
    text = gap.join(pieces)
    found = find_sizes(text)
    ends = [0, *(s.end for s in found)]
    assert all(end <= s.start < s.end <= len(text) for end, s in zip(ends, found, strict=False))
    assert all(s.value >= 0 and (s.high is None or s.high > s.value) for s in found)
    assert all(0 <= s.of[0] < s.of[1] <= len(text) for s in found if s.of)


def test_the_rows_of_a_table_run_together_are_no_sentence() -> None:
    assert find_sizes("Ohio 412 3.6 1,204 10.5 " * 20) == []
    assert len(find_sizes("There were 412 murders, then 398. " * 20)) == 40
