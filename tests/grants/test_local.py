"""Local awards: exact where every unit is known, bounded where the records have some."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from tests.made.records import put

from baserate.errors import BadGiven, BadInput
from baserate.grants.award import Asked, Award, first_day, work_out
from baserate.grants.local import (
    Unit,
    Wanted,
    eligible,
    local_award,
    unit_called,
    units_from_file,
    units_from_store,
)
from baserate.grants.local_states import local_states
from baserate.grants.parameters import RulesOn, rules
from baserate.grants.what_ifs import what_ifs
from baserate.sources.facts import SeriesFact
from baserate.store.open import Store, open_store

WANTED = Wanted(newest=2011, averaged=3, reach=10)


@pytest.fixture(scope="module")
def award(store: Store) -> Award:
    return work_out(Asked(2013), store)


@pytest.fixture(scope="module")
def on() -> RulesOn:
    return rules("jag").on(first_day(2013))


def a_unit(name: str, crimes: float, state: str = "CA", county: str = "") -> Unit:
    return Unit(name, state, {}, Fraction(str(crimes)), "made up", county)


OAKLAND = a_unit("Oakland, CA", 6570.67)
CALIFORNIA = [OAKLAND, a_unit("all others", 161_997 - 6570.67)]


def test_oaklands_share_of_californias_local_amount(award: Award, on: RulesOn):
    """By today's counts; the report's own $76.13 and $500,225 rest on those of its day."""
    found = local_award(award, CALIFORNIA[0], CALIFORNIA, on, complete=True)
    assert found.is_exact
    assert found.per_crime[0] == pytest.approx(76.13, rel=0.001)
    assert found.least / 100 == pytest.approx(500_225, rel=0.001)
    assert found.paid


def test_where_not_all_units_are_at_hand_an_award_lies_between_two(award: Award, on: RulesOn):
    found = local_award(award, CALIFORNIA[0], CALIFORNIA, on, complete=False)
    exact = local_award(award, CALIFORNIA[0], CALIFORNIA, on, complete=True)
    assert found.least < found.most
    assert found.most == pytest.approx(exact.least, abs=1)
    assert found.noise.lower < found.least / 100 < found.most / 100 < found.noise.upper


def test_a_unit_too_small_to_be_paid_is_told_so(award: Award, on: RulesOn):
    units = [a_unit("Oakland, CA", 90), a_unit("all others", 161_907)]
    found = local_award(award, units[0], units, on, complete=True)
    assert found.least < 1_000_000
    assert found.paid is False


def test_a_unit_that_may_or_may_not_be_paid_cant_be_told(award: Award, on: RulesOn):
    units = [a_unit("Oakland, CA", 130), a_unit("some others", 100_000)]
    found = local_award(award, units[0], units, on, complete=False)
    assert found.least < 1_000_000 < found.most
    assert found.paid is None


def test_a_list_that_holds_too_little_crime_to_be_whole_is_told(award: Award, on: RulesOn):
    short = [a_unit("Oakland, CA", 6570)]
    assert local_award(award, short[0], short, on, complete=True).is_short_list
    assert not local_award(award, OAKLAND, CALIFORNIA, on, complete=True).is_short_list


def test_noise_never_gives_a_unit_more_than_there_is(award: Award, on: RulesOn):
    alone = [a_unit("Oakland, CA", 6570)]
    found = local_award(award, alone[0], alone, on, complete=True)
    assert found.noise.upper == found.state.local / 100


def test_a_unit_is_found_by_its_name_with_its_state_or_without():
    units = [OAKLAND, a_unit("Kings County", 5), a_unit("Kings County", 7, "NY")]
    assert unit_called("oakland, ca", units) is OAKLAND
    assert unit_called("Oakland", units) is OAKLAND
    assert unit_called("Kings County, NY", units).average == 7
    with pytest.raises(BadInput, match="is 2 units"):
        unit_called("Kings County", units)
    with pytest.raises(BadInput, match="did you mean Oakland"):
        unit_called("Oaklnd, CA", units)


@pytest.mark.parametrize(
    ("years", "average"),
    [
        ({2009: 10, 2010: 20, 2011: 30}, 20),
        ({2005: 30, 2010: 20, 2011: 10}, 20),  # older years of the last ten count
        ({2001: 30, 2010: 20, 2011: 10}, None),  # more than ten years back
        ({2010: 20, 2011: 10}, None),
        ({2010: 20, 2011: 10, 2012: 5}, None),  # newer than the newest
        ({2009: 0, 2010: 0, 2011: 0}, 0),
    ],
)
def test_three_years_within_ten_make_a_unit_eligible(years: dict[int, int], average: int | None):
    assert eligible(years, WANTED) == average


def test_a_states_local_amount_is_paid_or_goes_to_the_state(award: Award, on: RulesOn):
    units = [*CALIFORNIA, a_unit("Tiny", 3), a_unit("Near", 130)]
    (found,) = local_states(award, units, on)
    made = found.allocation
    assert sum(made.paid.values()) + made.to_state == award.state("CA").local
    assert set(made.too_small) == {"Tiny", "Near"}
    assert [name for name, _ in found.near] == ["Near"]


def test_a_unit_with_too_few_years_is_left_out_and_named(award: Award, on: RulesOn):
    units = [*CALIFORNIA, Unit("Silent", "CA", {2011: 5}, None, "made up")]
    (found,) = local_states(award, units, on)
    assert found.left_out == ("Silent",)
    assert "Silent" not in {**found.allocation.paid, **found.allocation.too_small}


def test_without_the_countys_own_row_a_group_cant_be_told(award: Award, on: RulesOn):
    units = [*CALIFORNIA, a_unit("Hayward, CA", 700, county="Alameda County")]
    (found,) = local_states(award, units, on)
    assert (found.groups, found.counties_unlisted) == ((), ("Alameda County",))


def test_a_unit_without_crimes_has_noise_all_the_same(award: Award, on: RulesOn):
    units = [*CALIFORNIA, a_unit("Quiet", 0)]
    found = local_award(award, units[2], units, on, complete=True)
    assert (found.least, found.noise.lower) == (0, 0)
    assert found.noise.upper == pytest.approx(76.07 * 3.6889 / 3, rel=0.001)


def test_the_odd_cent_goes_by_name_and_not_by_row(award: Award, on: RulesOn):
    units = [a_unit(name, 100) for name in "CAB"]
    one, other = (local_states(award, rows, on)[0].allocation for rows in (units, units[::-1]))
    assert one.paid == other.paid


# --- from the records --------------------------------------------------------------------------


def crimes(
    place: str | None, by_year: dict[int, int], ori: str | None = None, **more: Any
) -> list[SeriesFact]:
    return [
        SeriesFact(
            "violent_crime", y, n, i + 2, place=place, ori=ori, definition="legacy",
            population=100_000, **more,
        )
        for i, (y, n) in enumerate(by_year.items())
    ]  # fmt: skip


def test_units_of_the_records_are_cities_and_counties_with_whole_years(tmp_path: Path):
    three = {2009: 30, 2010: 60, 2011: 90}
    facts = [
        *crimes("Erie, PA", three),
        *crimes(None, three, ori="PA02500"),  # a county's police
        *crimes(None, three, ori="PAPSP00"),  # the State's
        *crimes("Reading, PA", {2009: 1, 2010: 1}),
        *crimes("Easton, PA", {2009: 1, 2010: 1, 2011: 1}, is_partial=True),
        *crimes("Toledo, OH", three),
    ]
    put(tmp_path, "fbi_table8", facts)
    units = {u.name: u for u in units_from_store(open_store(tmp_path), "PA", WANTED)}
    assert {n: u.average for n, u in units.items()} == {
        "Erie, PA": 60, "PA02500": 60, "Reading, PA": None,
    }  # fmt: skip


def test_an_award_from_the_records_lies_between_the_state_and_the_units_at_hand(
    tmp_path: Path, award: Award, on: RulesOn
):
    facts = [*crimes("Erie, PA", dict.fromkeys((2009, 2010, 2011), 600))]
    facts += crimes("Reading, PA", dict.fromkeys((2009, 2010, 2011), 1_400))
    put(tmp_path, "fbi_table8", facts)
    units = units_from_store(open_store(tmp_path), "PA", WANTED)
    erie = next(u for u in units if u.name == "Erie, PA")
    found = local_award(award, erie, units, on, complete=False)
    state = award.state("PA")
    assert found.most == pytest.approx(0.3 * state.local, abs=1)
    assert found.least == pytest.approx(600 / float(state.input.average) * state.local, abs=1)
    assert not found.is_exact


def test_a_county_far_below_its_cities_makes_a_disparate_group(award: Award, on: RulesOn):
    hayward = a_unit("Hayward, CA", 700, county="Alameda County")
    units = [*CALIFORNIA, a_unit("Alameda County", 200), hayward]
    (found,) = local_states(award, units, on)
    (group,) = found.groups
    assert (group.county, group.cities) == ("Alameda County", ("Hayward, CA",))
    paid = found.allocation.paid
    assert group.aggregate == paid["Alameda County"] + paid["Hayward, CA"]


def test_every_state_listed_has_its_own_amount(award: Award, on: RulesOn):
    units = [*CALIFORNIA, a_unit("Burlington, VT", 200, "VT"), a_unit("others", 423, "VT")]
    california, vermont = local_states(award, units, on)
    assert (california.state.key, vermont.state.key) == ("CA", "VT")
    assert float(vermont.allocation.per_crime) == pytest.approx(446.86, abs=0.005)


# --- under noise -------------------------------------------------------------------------------


def test_a_unit_near_the_least_that_is_paid_is_paid_in_some_draws(award: Award, on: RulesOn):
    units = [*CALIFORNIA, a_unit("Near", 131.5), a_unit("Far", 1000)]
    drawn = {d.name: d for d in what_ifs(award, units, on, count=400)}
    assert 0.2 < drawn["Near"].paid_share < 0.8
    assert drawn["Far"].paid_share == 1
    assert drawn["Far"].interval.lower < 76 * 1000 < drawn["Far"].interval.upper


def test_the_spread_of_a_units_award_is_that_of_its_count(award: Award, on: RulesOn):
    units = [*CALIFORNIA, a_unit("City", 1200)]
    (city,) = [d for d in what_ifs(award, units, on, count=1000) if d.name == "City"]
    half = (city.interval.upper - city.interval.lower) / 2
    expected = 1.96 * (3600**0.5) / 3600 * 76.07 * 1200
    assert half == pytest.approx(expected, rel=0.1)


def test_the_same_seed_draws_the_same(award: Award, on: RulesOn):
    assert what_ifs(award, CALIFORNIA, on, count=20) == what_ifs(award, CALIFORNIA, on, count=20)
    assert what_ifs(award, [], on) == ()


# --- lists a user gives ------------------------------------------------------------------------


def read(tmp_path: Path, text: str | bytes) -> list[Unit]:
    path = tmp_path / "units.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return units_from_file(path, WANTED)


def test_a_list_by_years_keeps_an_empty_year_apart_from_a_zero(tmp_path: Path):
    units = read(tmp_path, "name,state,2009,2010,2011\nA,CA,1,0,2\nB,CA,1,,2\n")
    assert units[0].years == {2009: 1, 2010: 0, 2011: 2}
    assert units[0].average == 1
    assert units[1].average is None


def test_a_list_written_by_a_spreadsheet_reads_the_same(tmp_path: Path):
    units = read(
        tmp_path, b'\xef\xbb\xbfname,state,violent_crimes\r\n"Oakland, CA",CA,"6,570.67"\r\n'
    )
    assert units[0].average == Fraction("6570.67")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "missing name, state"),
        ("name,state\nA,CA\n", "neither a column violent_crimes"),
        ("name,state,violent_crimes\n", "no units"),
        ("name,state,violent_crimes\nA,CA,-5\n", "line 2: '-5' is no number"),
        ("name,state,violent_crimes\nA,CA,many\n", "line 2: 'many' is no number"),
        ("name,state,violent_crimes\nA,CA,1\nA,CA,2\n", "line 3: A, CA is there twice"),
        ("name,state,violent_crimes\nA,California,1\n", "postal code"),
        ("name,state,violent_crimes\n,CA,1\n", "postal code"),
        ("name,state,violent_crimes\nA,CA\n", "2 cells; the header has 3"),
        ("name,state,2009\nA,CA,1.5\n", "no count"),
        ("name,name,state,violent_crimes\n", "'name' stands twice"),
        (b"\xff\xfe\x00", "not UTF-8"),
    ],
)
def test_a_list_that_is_wrong_names_its_line(tmp_path: Path, text: str | bytes, says: str):
    with pytest.raises(BadGiven, match=says):
        read(tmp_path, text)


def test_a_list_that_is_not_there_says_so(tmp_path: Path):
    with pytest.raises(BadGiven, match="cannot be read"):
        units_from_file(tmp_path / "none.csv", WANTED)


def test_a_state_whose_units_reported_nothing_has_nobody_to_pay(award: Award, on: RulesOn):
    with pytest.raises(BadInput, match="nobody to go to"):
        local_states(award, [a_unit("A", 0)], on)
