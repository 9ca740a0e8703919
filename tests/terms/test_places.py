"""Places as people write them; a name with two readings yields both."""

import pytest

from baserate.errors import AmbiguousPlace, UnknownPlace
from baserate.terms.places import (
    LONGEST_CITY_NAME,
    STATES_TOGETHER,
    cities,
    city_key,
    place,
    readings,
    resolve,
    states,
    territories,
)


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ("the United States", "US"),
        ("U.S.", "US"),
        ("nationwide", "US"),
        ("America", "US"),
        ("Missouri", "MO"),
        ("State of Missouri", "MO"),
        ("MO", "MO"),
        ("Mo.", "MO"),
        ("N.Y.", "NY"),
        ("New York State", "NY"),
        ("Washington state", "WA"),
        ("D.C.", "DC"),
        ("DC", "DC"),
        ("Washington, D.C.", "DC"),
        ("Washington, District of Columbia", "DC"),
        ("District of Columbia", "DC"),
        ("St. Louis", "St. Louis, MO"),
        ("Saint Louis", "St. Louis, MO"),
        ("st louis", "St. Louis, MO"),
        ("Ft. Worth", "Fort Worth, TX"),
        ("Mt. Vernon, N.Y.", "Mount Vernon, NY"),
        ("Kansas City, Kansas", "Kansas City, KS"),
        ("Springfield, Mo.", "Springfield, MO"),
        ("Charleston, W.Va.", "Charleston, WV"),
        ("NYC", "New York, NY"),
        ("New York City", "New York, NY"),
        ("New York, N.Y.", "New York, NY"),
        ("L.A.", "Los Angeles, CA"),
        ("Philly", "Philadelphia, PA"),
        ("Wyoming, Michigan", "Wyoming, MI"),
        ("Espanola", "Española, NM"),
        ("sum of the states", "US states"),
        ("Puerto Rico", "PR"),
        ("the U.S. Virgin Islands", "VI"),
    ],
)
def test_one_reading(said: str, key: str):
    assert resolve(said).key == key


@pytest.mark.parametrize(
    ("said", "keys"),
    [
        ("New York", {"NY", "New York, NY"}),
        ("Washington", {"WA", "DC"}),
        ("LA", {"LA", "Los Angeles, CA"}),
        ("Kansas City", {"Kansas City, MO", "Kansas City, KS"}),
    ],
)
def test_two_readings_are_both_returned(said: str, keys: set[str]):
    assert {p.key for p in readings(said)} == keys
    with pytest.raises(AmbiguousPlace, match="is 2 places"):
        resolve(said)


def test_every_springfield_is_named_in_the_error():
    with pytest.raises(AmbiguousPlace, match=r"Springfield, MO.*Springfield, IL") as caught:
        resolve("Springfield")
    assert len(caught.value.readings) >= 8


def test_a_small_town_named_like_a_state_does_not_make_the_state_ambiguous():
    assert resolve("Wyoming").key == "WY"
    assert resolve("Oregon").key == "OR"


@pytest.mark.parametrize(
    ("said", "near"), [("Misouri", "Missouri"), ("Chicgo", "Chicago"), ("Calfornia", "California")]
)
def test_a_misspelt_place_gets_the_nearest_names(said: str, near: str):
    with pytest.raises(UnknownPlace, match=f"did you mean.*{near}"):
        resolve(said)


@pytest.mark.parametrize(
    "word", ["in", "or", "me", "ok", "hi", "la la", "mo", "ill", "miss", "mass"]
)
def test_small_words_are_no_postal_codes(word: str):
    assert not any(p.kind == "state" for p in readings(word))


def test_there_are_fifty_states_and_the_district():
    assert len(states()) == 51
    assert str(place("DC")) == "the District of Columbia"
    assert place("US states") == STATES_TOGETHER


def test_every_city_has_its_state_its_spot_and_its_people():
    assert len(cities()) > 4_000
    for city in cities():
        assert city.state in states()
        assert city.population is not None
        assert city.population >= 10_000
        assert city.latitude is not None
        assert city.longitude is not None
        assert 18 < city.latitude < 72
        assert -180 < city.longitude < -60


def test_every_city_is_found_by_its_own_name_and_state():
    for city in cities():
        assert city in readings(f"{city.name}, {city.state}"), city.key


def test_no_city_has_a_longer_name_than_is_looked_for():
    longest = max(len(city_key(c.name).split()) for c in cities())
    assert longest <= LONGEST_CITY_NAME


def test_the_largest_city_comes_first():
    assert cities()[0].key == "New York, NY"
    assert readings("Portland")[0].key == "Portland, OR"


def test_a_territory_is_a_place_and_no_state():
    assert place("GU") == territories()["GU"]
    assert not set(territories()) & set(states())
    assert str(place("VI")) == "the U.S. Virgin Islands"
