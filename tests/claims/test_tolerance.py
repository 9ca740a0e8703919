"""A printed figure is right as far as it was printed, and as far as records are revised."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baserate.claims.check.tolerance import factor_fits, figure_fits, percent_fits
from baserate.claims.claim import Exactness, Magnitude, Unit


def of(
    value: float, unit: Unit = "count", how: Exactness = "exactly", digits: int = 0
) -> Magnitude:
    return Magnitude(value, unit, how, digits)


@pytest.mark.parametrize(
    ("asserted", "recorded"),
    [
        (of(17_250), 17_413),  # revised by less than one percent
        (of(600), 612),  # a round number
        (of(14), 13),  # one case more or less
        (of(5.7, "per_100k", digits=1), 5.69),
        (of(6, "per_100k"), 5.69),  # rounded to the whole
        (of(500, how="more than"), 640),
        (of(500, how="less than"), 320),
        (of(4_000, how="about"), 3_880),
    ],
)
def test_a_figure_is_right_as_far_as_it_was_printed(asserted: Magnitude, recorded: float) -> None:
    assert figure_fits(asserted, recorded)


@pytest.mark.parametrize(
    ("asserted", "recorded"),
    [
        (of(17_250), 16_400),
        (of(600), 680),
        (of(3), 2),  # of so few not one may be missing
        (of(14), 17),
        (of(5.7, "per_100k", digits=1), 6.1),
        (of(500, how="more than"), 430),
        (of(500, how="less than"), 560),
        (of(4_000, how="about"), 3_300),
    ],
)
def test_a_figure_further_off_is_wrong(asserted: Magnitude, recorded: float) -> None:
    assert not figure_fits(asserted, recorded)


def test_a_city_s_own_tally_may_differ_a_little_from_the_fbi_s() -> None:
    assert figure_fits(of(671), 664, is_local=True)
    assert figure_fits(of(82), 79, is_local=True) is False
    assert figure_fits(of(77), 79, is_local=True)


def test_a_revision_excuses_no_small_change_said_to_be_more_than_twice_as_large() -> None:
    assert not percent_fits(of(1.9, "percent", digits=1), 0.9, is_revised=True)
    assert percent_fits(of(1.9, "percent", digits=1), 1.0, is_revised=True)
    assert percent_fits(of(0.5, "percent", digits=1), 1.4, is_revised=True)


def test_a_percent_is_right_within_three_quarters_of_a_point_or_a_tenth() -> None:
    assert percent_fits(of(4, "percent"), 4.7)
    assert not percent_fits(of(4, "percent"), 4.9)
    assert percent_fits(of(50, "percent"), 45.5)
    assert not percent_fits(of(50, "percent"), 44)


def test_doubled_is_said_from_just_under_two() -> None:
    assert factor_fits(of(2, "factor"), 1.95)
    assert not factor_fits(of(2, "factor"), 1.9)
    assert factor_fits(of(2, "factor", "about"), 1.8)
    assert factor_fits(of(2, "factor", "more than"), 3)
    assert not factor_fits(of(2, "factor"), 3)


@given(st.integers(5, 1_000_000))
def test_a_record_fits_itself(recorded: int) -> None:
    assert figure_fits(of(recorded), recorded)


@given(st.integers(20, 1_000_000))
def test_a_fifth_more_never_fits(recorded: int) -> None:
    assert not figure_fits(of(round(1.2 * recorded)), recorded)
