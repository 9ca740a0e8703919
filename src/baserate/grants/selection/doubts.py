"""Every caveat that a selection raises."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from baserate.errors import (
    Caveat,
    DefinitionUnstated,
    Estimated,
    MissingPlaces,
    MissingYears,
    NotARanking,
    NotHomicide,
    SmallCounts,
    TwoSources,
)
from baserate.grants.selection.candidates import CityRecord
from baserate.grants.selection.nation import Nation
from baserate.measure.poisson import SMALL_COUNT
from baserate.terms.offenses import offense

_NAMED = 6  # cities that a caveat names


def caveats_of(
    offense_key: str, nation: Nation, records: Sequence[CityRecord], fewest: float
) -> tuple[Caveat, ...]:
    """The gravest first, each once. `fewest` is how many people a city of the list has."""
    return tuple(_caveats(offense_key, nation, records, fewest))


def _caveats(
    offense_key: str, nation: Nation, records: Sequence[CityRecord], fewest: float
) -> Iterator[Caveat]:
    yield NotARanking(
        "The FBI advises against ranking cities by these figures: how much crime is reported, how "
        "police record it, where a city's boundary runs and who is in it by day differ from place "
        "to place. A ratio to the nation is no measure of danger or of policing."
    )
    size = f" of {fewest:,.10g} people or more" if fewest else ""
    yield MissingPlaces(
        f"The list has the {len(records)} cities{size} that there are records of here, and no "
        "other. Of a city that is not in it nothing is said."
    )
    unstated = [r for r in records if any(not y.alike for y in r.years)]
    if unstated:
        yield DefinitionUnstated(
            f"For {len(unstated)} of the {len(records)} cities the source does not say by which "
            "definition of rape every year counts; the nation's total counts by the "
            f"{_usual(nation)} one. Where a city had gone over to the wider definition its ratio "
            f"is too high{_by_how_much(nation)}."
        )
    lacking = [r for r in records if r.lacking]
    if lacking:
        yield MissingYears(
            f"Of {len(lacking)} cities a year of the window is missing or held in part, so that "
            f"it cannot always be told whether they meet the criterion: {_named(lacking)}."
        )
    kind = offense(offense_key)
    if any(y.row.offenses < SMALL_COUNT for r in records for y in r.years):
        yield SmallCounts(
            f"Some cities recorded fewer than {SMALL_COUNT} {kind.many} in a year; chance moves "
            "such ratios a lot, and their intervals are wide."
        )
    if kind.caution:
        yield NotHomicide(kind.caution)
    yield TwoSources(
        "Cities' figures are what their police recorded; the nation's are the FBI's estimates, "
        "which fill in for agencies that did not report."
    )
    yield Estimated(
        "These are offenses recorded by police, not all crime: what nobody reported is not in them."
    )


def _usual(nation: Nation) -> str:
    used = dict.fromkeys(n.definition or "same" for n in nation.usual.values())
    return " and the ".join(used)


def _named(records: Sequence[CityRecord]) -> str:
    shown = ", ".join(
        f"{r.place} ({'; '.join(f'{x.year}: {x.why}' for x in r.lacking[:2])[:120]})"
        for r in records[:_NAMED]
    )
    more = len(records) - _NAMED
    return shown + (f" and {more} more" if more > 0 else "")


def _by_how_much(nation: Nation) -> str:
    """How much higher the nation's own figure is by the wider definition, where it has both."""
    pairs = [
        (found["revised"][year].rate, found["legacy"][year].rate)
        for found in (nation.by_definition,)
        for year in found.get("revised", {})
        if year in found.get("legacy", {})
    ]
    if not pairs:
        return ""
    more = 100 * (sum(wide for wide, _ in pairs) / sum(narrow for _, narrow in pairs) - 1)
    return f", by about {more:.0f}% if rape is to its other violence what it is in the nation"
