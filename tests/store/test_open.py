"""The store: every number knows its file and row, by one definition."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from baserate.errors import NoReleaseByThen, OffenseNotHeld
from baserate.measure.records import find_records
from baserate.store.open import Store
from baserate.terms.places import place, states


def test_both_definitions_are_held_where_both_can_be_had(store: Store):
    legacy = store.series("US", "violent_crime", "legacy")
    revised = store.series("US", "violent_crime", "revised")
    assert (min(legacy), max(legacy)) == (1979, 2016)
    assert (min(revised), max(revised)) == (2013, 2019)
    assert legacy[2015].is_printed
    assert not legacy[2016].is_printed
    assert revised[2016].offenses - legacy[2016].offenses == 132_414 - 96_970


def test_national_rates_on_each_definition(store: Store, expected: dict[str, Any]):
    item = expected["us_violent_rate_consistent"]
    for definition, years in item["expected"].items():
        for year, rate in years.items():
            row = store.series("US", "violent_crime", definition)[int(year)]
            assert 1e5 * row.offenses / row.population == pytest.approx(
                rate, abs=item["tolerance"]
            ), (definition, year)


def test_where_parts_do_not_add_up_the_printed_total_is_kept_beside_them(store: Store):
    row = store.series("HI", "violent_crime", "revised")[2015]
    assert (row.offenses, row.printed_total, row.printed_definition) == (3_520, 4_201, "none")
    first = store.series("US", "violent_crime", "legacy")[1981]
    assert (first.offenses, first.printed_total) == (1_361_830, 1_361_820)


def test_a_row_knows_its_line_of_the_file(store: Store):
    assert store.series("US", "murder")[2015].file_row == 1858
    assert store.series("MO", "murder")[2019].file_row == 2090


def test_the_publishers_caveats_stay_with_their_rows(store: Store):
    assert "September 11" in store.series("US", "murder")[2001].caveats
    assert "forcible rape" in store.series("IL", "rape", "legacy")[2005].caveats


def test_the_places_are_the_nation_the_states_and_the_district(store: Store):
    assert set(store.places()) == {"US", *states()}


def test_mississippi_has_a_hole_and_it_stays_one(store: Store):
    assert min(store.series("MS", "murder")) == 1995
    assert len(store.series("DC", "murder")) == 41


def test_an_offense_without_records_says_what_there_is(store: Store):
    with pytest.raises(OffenseNotHeld, match=r"no records of carjacking.*inside robbery"):
        find_records(store, place("MO"), "carjacking")


def test_nothing_is_known_before_it_was_published(store: Store):
    with pytest.raises(NoReleaseByThen, match="2020-09-28"):
        store.require_release(date(2016, 1, 1))
    store.require_release(date(2020, 9, 28))
