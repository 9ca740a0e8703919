"""What the nation's rate was: as the FBI had printed it then, and as it stands now.

Who chooses cities knows the figures of that day; the FBI has revised them since. A city is only
set against the nation counted by the same definition of rape, where its own is known.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal

from baserate.errors import NoReleaseByThen, YearNotHeld
from baserate.grants.selection.criteria import Tally
from baserate.store.holdings import SeriesRow
from baserate.store.open import Store
from baserate.terms.offenses import RAPE_DEFINITIONS, RapeDefinition, offense
from baserate.terms.places import NATION

PRINTED = Path(__file__).parents[1] / "facts" / "nation_as_published.toml"

Vintage = Literal["published", "current"]


@dataclass(frozen=True, slots=True)
class NationYear:
    """The nation in one year. `row` is the published file's, where it is from the records."""

    year: int
    tally: Tally
    rate: float
    definition: RapeDefinition | None
    title: str
    released: date
    row: SeriesRow | None = None


@dataclass(frozen=True, slots=True)
class Nation:
    """The nation over a window, by definition and year; `usual` is the FBI's own in each year."""

    vintage: Vintage
    by_definition: dict[RapeDefinition | None, dict[int, NationYear]]
    usual: dict[int, NationYear]
    citation: str
    address: str

    def alike(self, definition: RapeDefinition | None, year: int) -> NationYear | None:
        """The nation counted as a city was; None where no such figure is held."""
        return self.by_definition.get(definition, {}).get(year)


def nation_of(
    store: Store, offense_key: str, years: Sequence[int], wanted: Vintage | None
) -> Nation:
    """The nation as printed at the time where that covers the window, else as it stands now.

    `wanted` insists on one of the two. Raises where the records or the facts lack a year.
    """
    printed = _printed(offense_key)
    able = printed is not None and set(years) <= set(printed.usual)
    is_out = printed is not None and _is_out(printed, store.selection.as_of)
    if wanted == "published":
        _require_printed(offense_key, printed, years, is_out, store.selection.as_of)
    now = _current(store, offense_key, years, required=wanted == "current" or not (able and is_out))
    if wanted == "current" or not (able and is_out):
        return now
    assert printed is not None
    return _with_other_definitions(printed, now, years)


def current_nation(store: Store, offense_key: str, years: Sequence[int]) -> Nation:
    """The nation as the newest release has it, or as much of the window as it has."""
    return _current(store, offense_key, years, required=False)


def _with_other_definitions(printed: Nation, now: Nation, years: Sequence[int]) -> Nation:
    """The printed table, and today's for the definition that it does not count by."""
    by = {**now.by_definition, **printed.by_definition}
    return Nation(
        printed.vintage,
        by,
        {y: printed.usual[y] for y in years},
        printed.citation,
        printed.address,
    )


def _is_out(printed: Nation, as_of: date | None) -> bool:
    return as_of is None or all(y.released <= as_of for y in printed.usual.values())


def _require_printed(
    offense_key: str,
    printed: Nation | None,
    years: Sequence[int],
    is_out: bool,
    as_of: date | None,
) -> None:
    name = offense(offense_key).name
    if printed is None:
        raise YearNotHeld(
            f"what the FBI printed at the time about {name} in the nation is not held; "
            "ask with --nation current"
        )
    missing = [y for y in years if y not in printed.usual]
    if missing:
        raise YearNotHeld(
            f"what the FBI printed at the time about {name} in the nation is held for "
            f"{min(printed.usual)} to {max(printed.usual)}, not {missing[0]}; ask with "
            "--nation current, or for a window in those years"
        )
    if not is_out:
        day = max(y.released for y in printed.usual.values())
        raise NoReleaseByThen(
            f"{printed.citation} was released on {day.isoformat()}, after {as_of}; ask as of that "
            "day or later, or with --nation current"
        )


def _current(store: Store, offense_key: str, years: Sequence[int], *, required: bool) -> Nation:
    kind = offense(offense_key)
    bases: tuple[RapeDefinition | None, ...] = (
        RAPE_DEFINITIONS if kind.has_two_definitions else (None,)
    )
    source = next(iter(store.sources(NATION.key, offense_key)), None)
    view = store.from_source(NATION.key, source) if source else store
    by = {
        basis: {
            y: _year(store, view.series(NATION.key, offense_key, basis)[y])
            for y in years
            if view.series(NATION.key, offense_key, basis).get(y, _NOBODY).population
        }
        for basis in bases
    }
    usual = {y: found for y in years if (found := _usual(by, y)) is not None}
    missing = [y for y in years if y not in usual]
    if missing and required:
        raise YearNotHeld(
            f"the records have no {kind.name} rate of the United States for {missing[0]}, and a "
            "city cannot be set against it; ask about a window that they have, or add a newer "
            "release of the FBI's estimates"
        )
    title = next((n.title for n in usual.values()), "")
    return Nation("current", by, usual, title, "")


_NOBODY = SeriesRow("", None, 0, 0, 0, False, None, None, None, None, "")


def _usual(by: dict[RapeDefinition | None, dict[int, NationYear]], year: int) -> NationYear | None:
    """The figure by the definition that the FBI's own total counts by in that year."""
    found = [held[year] for held in by.values() if year in held]
    own = [n for n in found if n.row is None or n.row.is_printed]
    return next(iter(own or found), None)


def _year(store: Store, row: SeriesRow) -> NationYear:
    entry = store.entry(row)
    return NationYear(
        year=row.year,
        tally=Tally(row.offenses, row.population),
        rate=1e5 * row.offenses / row.population,
        definition=row.definition,
        title=store.dataset(entry).title,
        released=entry.released,
        row=row,
    )


def _printed(offense_key: str) -> Nation | None:
    told = next((t for t in _tables() if t["offense"] == offense_key), None)
    if told is None:
        return None
    held = {
        each["year"]: NationYear(
            year=each["year"],
            tally=Tally(each["offenses"], 1e5 * each["offenses"] / each["rate"]),
            rate=each["rate"],
            definition=told["definition"],
            title=told["title"],
            released=told["released"],
        )
        for each in told["year"]
    }
    citation = f"{told['publisher']}, {told['title']}"
    return Nation("published", {told["definition"]: held}, held, citation, told["address"])


@cache
def _tables() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tomllib.loads(PRINTED.read_text(encoding="utf-8"))["table"]
    return found
