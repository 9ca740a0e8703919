"""Agencies as files name them: the identifier (ORI), and the city that an agency polices."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from baserate.terms.places import cities, city_key, states, territories

ORI = re.compile(r"[A-Z]{2}[A-Z0-9]{5}(?:[A-Z0-9]{2})?")


def is_ori(text: str) -> bool:
    """Whether this can be an identifier, of 7 or 9 characters, of a state we know.

    >>> is_ori("MOSPD00"), is_ori("MO0950100"), is_ori("St. Louis"), is_ori("ZZ00101")
    (True, True, False, False)
    """
    return ORI.fullmatch(text) is not None and state_of(text) is not None


def state_of(ori: str) -> str | None:
    """The postal code that an identifier begins with.

    >>> state_of("NB02802"), state_of("WYDI050")
    ('NE', 'WY')
    """
    return states_by_prefix().get(ori[:2])


def is_county(ori: str) -> bool:
    """Whether the identifier is numbered as a county's is.

    >>> is_county("NB05500"), is_county("MI7317300"), is_county("MOSPD00"), is_county("VA12800")
    (True, True, False, False)
    """
    told = _told()["county"]
    return _any_fits(told["is"], ori) and not _any_fits(told["is_not"], ori)


def _any_fits(patterns: list[str], ori: str) -> bool:
    return any(re.fullmatch(p, ori) for p in patterns)


def city_of(name: str, state: str) -> str | None:
    """The key of the known city that a department's name says; None where it says none.

    >>> city_of("NEW YORK CITY PD NEW YORK", "NY"), city_of("HIDDEN HILLS PD CALABASAS", "CA")
    ('New York, NY', None)
    """
    for said in _said(name.upper()):
        key = _known().get((city_key(said), state))
        if key is not None:
            return key
    return None


def _said(name: str) -> Iterator[str]:
    for pattern in _patterns():
        if found := pattern.fullmatch(name):
            city = found["city"]
            yield city
            yield city.removesuffix(" CITY")
            return


@cache
def _known() -> dict[tuple[str, str], str]:
    return {(city_key(c.name), c.state or ""): c.key for c in reversed(cities())}


@cache
def states_by_prefix() -> dict[str, str]:
    """Postal codes by the two letters that identifiers begin with."""
    own = {postal: postal for postal in (*states(), *territories())}
    told: dict[str, str] = _told()["states"]
    return {**own, **told}


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(p) for p in _told()["names"]["patterns"])


@cache
def _told() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("agency.toml").read_text(encoding="utf-8"))
