"""What would settle a claim that the records at hand cannot (needs.toml)."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from baserate.claims.checked import Need
from baserate.claims.claim import Claim
from baserate.errors import (
    BaserateError,
    NoRecords,
    OffenseNotHeld,
    PartOfYear,
    PeriodNotHeld,
    PopulationNotHeld,
)
from baserate.store.open import Store
from baserate.terms.offenses import offenses
from baserate.terms.places import Place

LARGE = 250_000  # people; the table of large cities has few that are smaller
OF_TABLE = range(1975, 2016)  # years of the table of large cities
VIOLENT = {"violent_crime", "murder", "homicide", "rape", "robbery", "aggravated_assault"}


def needs_of(
    claim: Claim, where: Place | None, error: BaserateError | None, store: Store
) -> tuple[Need, ...]:
    """What to get, the likeliest first; nothing that is there already."""
    held = {e.dataset for e in store.entries}
    keys = dict.fromkeys(_keys(claim, where, error))
    return tuple(need(k) for k in keys if not (table()[k]["download"] and table()[k]["of"] in held))


def need(key: str) -> Need:
    """The need of that key."""
    row = table()[key]
    where = f"; baserate catalog {row['of']} says where it is" if _is_by_hand(row) else ""
    return Need(f"{row['what']}{where}", row["command"] or None)


def _is_by_hand(row: dict[str, Any]) -> bool:
    return bool(row["of"]) and row["command"] == "baserate add FILE"


def _keys(claim: Claim, where: Place | None, error: BaserateError | None) -> Iterator[str]:
    kind = offenses().get(claim.offense or "")
    unknown = claim.offense is not None and kind is None
    if isinstance(error, OffenseNotHeld) or unknown or (kind is not None and not kind.held):
        yield "an offense"
        return
    if where is None:
        if claim.where is not None and not claim.where.places:
            yield "a place"
        return
    if claim.period is None:
        yield "a date"
        return
    if error is not None and not isinstance(error, NoRecords):
        yield "what is compared"
        return
    if claim.to_date:
        yield "a year not over"
    if isinstance(error, PopulationNotHeld):
        yield "population"
        return
    if not claim.period.is_whole_years or isinstance(error, PeriodNotHeld | PartOfYear):
        yield "months"
        return
    yield from _by_place(claim, where)


def _by_place(claim: Claim, where: Place) -> Iterator[str]:
    assert claim.period is not None
    if where.kind in {"city", "agency"}:
        is_large = (where.population or 0) >= LARGE
        if is_large and claim.offense in VIOLENT and claim.period.last_year in OF_TABLE:
            yield "a large city's violence"
        yield "a city's year"
    elif where.kind in {"nation", "state", "states"}:
        yield "a state or national year"
    elif where.kind == "territory":
        yield "a territory"
    else:
        yield "a place"


@cache
def table() -> dict[str, Any]:
    """Every need by its key."""
    return tomllib.loads(Path(__file__).with_name("needs.toml").read_text(encoding="utf-8"))
