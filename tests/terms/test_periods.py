"""Periods as people say them."""

import time
from datetime import date

import pytest

from baserate.errors import BadPeriod
from baserate.terms.periods import Period, find_periods

TODAY = date(2020, 11, 22)


@pytest.mark.parametrize(
    ("text", "periods"),
    [
        ("in 2016", ["2016"]),
        ("2015 to 2016", ["2015 to 2016"]),
        ("2015-16", ["2015 to 2016"]),
        ("2015–2016", ["2015 to 2016"]),
        ("from 2014 through 2016", ["2014 to 2016"]),
        ("between 2010 and 2014", ["2010 to 2014"]),
        ("2016 against 2014", ["2016", "2014"]),
        ("2010-2012 to 2013-2015", ["2010 to 2012", "2013 to 2015"]),
        ("in the 1990s", ["1990 to 1999"]),
        ("June 2015", ["June 2015"]),
        ("Jan. 2014", ["January 2014"]),
        ("January to June of 2016", ["January to June 2016"]),
        ("the first half of 2017", ["January to June 2017"]),
        ("last year", ["2019"]),
        ("year to date", ["January to November 2020"]),
        ("2,015 crimes, $2015, 2016% and #2017", []),
    ],
)
def test_closed_periods(text: str, periods: list[str]):
    assert [str(m.period) for m in find_periods(text, today=TODAY)] == periods


@pytest.mark.parametrize(
    ("text", "kind", "count"),
    [
        ("over the past decade", "past_years", 10),
        ("in the last five years", "past_years", 5),
        ("past 2 decades", "past_years", 20),
        ("since 2014", "since", None),
        ("as of 2015", "until", None),
        ("latest", "latest", None),
    ],
)
def test_open_periods(text: str, kind: str, count: int | None):
    (mention,) = find_periods(text, today=TODAY)
    assert (mention.kind, mention.count) == (kind, count)


def test_since_one_year_as_of_another():
    kinds = [m.kind for m in find_periods("since 1991, as of 2015", today=TODAY)]
    assert kinds == ["since", "until"]


@pytest.mark.parametrize("text", ["2016 to 2014", "June to March 2015", "between 2019 and 2009"])
def test_a_period_that_runs_backwards_is_refused(text: str):
    with pytest.raises(BadPeriod, match="runs backwards"):
        find_periods(text, today=TODAY)


def test_a_year_to_date_ends_with_its_month():
    assert Period.year_to_date(2016, 2).last == date(2016, 2, 29)


@pytest.mark.parametrize(
    "piece", ["since ", "2015 to ", "the past ", "jan ", " ", "2", "first half of ", "over the "]
)
def test_no_pattern_slows_down_on_a_hundred_thousand_characters(piece: str):
    start = time.process_time()
    find_periods(piece * (100_000 // len(piece)), today=TODAY)
    assert time.process_time() - start < 5  # a quadratic pattern takes minutes
