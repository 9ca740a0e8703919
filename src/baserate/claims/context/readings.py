"""Which of the places of one name is meant: what the whole text, or sheer size, decides."""

from __future__ import annotations

from collections.abc import Sequence

from baserate.claims.claim import Where
from baserate.claims.context.whole_text import WholeText
from baserate.terms.places import NATION, Place, place

CLEARLY_LARGER = 4  # times as many people: a name alone then means the larger city
THE_NATION = Where("United States", (NATION,))


def settled(where: Where, text: WholeText) -> Where:
    """One reading where the context or sheer size decides; all of them otherwise."""
    if not where.places:
        return _in_its_state(where, text)
    if where.label == THE_NATION.label or where.only is not None:
        return where
    cities = tuple(p for p in where.places if p.kind == "city")
    chosen = (
        _washington(where.places, text)
        or _state_or_city(where.places, cities, text)
        or _nearby(cities, text)
        or _clearly_largest(cities)
    )
    if chosen:
        return just(chosen)
    return Where(cities[0].key, cities) if cities else Where(where.label, where.places)


def just(place: Place) -> Where:
    """The place alone, called as it is in print."""
    if place.key == "DC":
        return Where("Washington, DC", (place,))
    return Where(place.key if place.kind == "city" else place.name, (place,))


def state_of(city: Where | None) -> Where | None:
    """The state of a city that is known for certain."""
    if city is None or city.only is None or city.only.state is None:
        return None
    state = place(city.only.state)
    return Where(state.name, (state,))


def county_word(where: Where) -> str:
    """What a county is called as one: "County" or "Parish"; nothing for other places.

    >>> county_word(Where("Cook County, IL")), county_word(Where("Chicago, IL"))
    ('County', '')
    """
    name = where.label.partition(",")[0]
    return next((word for word in ("County", "Parish") if name.endswith(word)), "")


def _in_its_state(county: Where, text: WholeText) -> Where:
    """A county in a text of one state is that state's."""
    states = text.states - {"DC"}
    if not county_word(county) or len(states) != 1:
        return county
    known = place(f"{county.label}, {min(states)}")
    return Where(known.key, (known,))


def _washington(readings: Sequence[Place], text: WholeText) -> Place | None:
    """ "Washington" is the state only in a text that names it and not the District."""
    by_key = {p.key: p for p in readings}
    if "DC" not in by_key:
        return None
    means_state = "WA" in text.states and "DC" not in text.states
    return by_key.get("WA" if means_state else "DC", readings[0])


def _state_or_city(
    readings: Sequence[Place], cities: Sequence[Place], text: WholeText
) -> Place | None:
    """A name of both means the state, but "New York" the city unless the text is the state's."""
    states = [p for p in readings if p.kind == "state"]
    if not states or not cities:
        return None
    is_new_york = any(p.key == "NY" for p in states)
    return cities[0] if is_new_york and not text.means_new_york_state else states[0]


def _nearby(cities: Sequence[Place], text: WholeText) -> Place | None:
    """The only city of the name in the states that the text is about."""
    near = [p for p in cities if p.state in text.states]
    return near[0] if len(near) == 1 else None


def _clearly_largest(cities: Sequence[Place]) -> Place | None:
    if len(cities) < 2:
        return None
    largest, second = cities[0], cities[1]
    is_clear = (largest.population or 0) >= CLEARLY_LARGER * (second.population or 1)
    return largest if is_clear else None
