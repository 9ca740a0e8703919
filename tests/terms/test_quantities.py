"""Numbers that count different things do not mix."""

import pytest

from baserate.errors import MixedQuantities
from baserate.terms.quantities import Count, Interval, PercentagePoints, PercentChange, Rate, Share


def test_offenses_and_victims_do_not_add():
    with pytest.raises(MixedQuantities, match="10 offenses and 12 victims count different things"):
        Count(10, "offenses") + Count(12, "victims")


def test_incidents_subtract_from_incidents_only():
    assert Count(9, "incidents") - Count(4, "incidents") == Count(5, "incidents")
    with pytest.raises(MixedQuantities):
        Count(9, "incidents") - Count(4, "offenses")


def test_a_count_does_not_add_to_a_plain_number():
    with pytest.raises(MixedQuantities, match="not both counts"):
        Count(9, "incidents") + 4  # type: ignore[operator]


def test_rates_do_not_add():
    rate = Rate(Count(54, "offenses"), 190_792)
    with pytest.raises(MixedQuantities, match="add the counts and the populations"):
        rate + rate


def test_a_rate_over_nobody_is_undefined():
    with pytest.raises(MixedQuantities, match="report the count alone"):
        Rate(Count(3, "offenses"), 0)


def test_a_rate_does_not_change_when_counts_and_people_double():
    once = Rate(Count(54, "offenses"), 190_792)
    twice = Rate(Count(108, "offenses"), 381_584)
    assert once.per_100k == pytest.approx(twice.per_100k)


def test_a_part_of_something_else_is_no_share():
    with pytest.raises(MixedQuantities, match="victims are not a share of offenses"):
        Share(Count(1, "victims"), Count(10, "offenses"))


@pytest.mark.parametrize(("part", "whole"), [(11, 10), (-1, 10), (0, 0)])
def test_a_part_larger_than_its_whole_is_no_share(part: int, whole: int):
    with pytest.raises(MixedQuantities, match="is not a part of"):
        Share(Count(part, "offenses"), Count(whole, "offenses"))


def test_percent_and_percentage_points_are_not_the_same():
    assert PercentChange(50.0) != PercentagePoints(50.0)  # type: ignore[comparison-overlap]
    with pytest.raises(TypeError):
        PercentChange(50.0) < PercentagePoints(1.0)  # type: ignore[operator]  # noqa: B015


def test_an_interval_knows_on_which_side_of_no_change_it_lies():
    assert Interval(3.2, 3.7, "").side_of(0) == "above"
    assert Interval(-3.7, -3.2, "").side_of(0) == "below"
    assert Interval(-1.0, 3.7, "").side_of(0) == "across"
    assert 3.4 in Interval(3.2, 3.7, "")
