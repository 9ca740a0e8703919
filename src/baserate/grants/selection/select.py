"""Which cities meet the criteria, who was chosen, and who met them as strongly and was not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from baserate.errors import (
    BadScenario,
    Caveat,
    NoCandidates,
    NoRecords,
    PlaceNotHeld,
)
from baserate.grants.parameters import Rules, Taken
from baserate.grants.register import RegisterRow, chosen_rows
from baserate.grants.selection.candidates import CityRecord, city_records
from baserate.grants.selection.criteria import Standing
from baserate.grants.selection.declared import Declared
from baserate.grants.selection.doubts import caveats_of
from baserate.grants.selection.nation import Nation, NationYear, Vintage, current_nation, nation_of
from baserate.grants.selection.ranks import Rank, ranks, surely_above
from baserate.measure.poisson import RatioLimits
from baserate.store.ledger import Entry
from baserate.store.open import Store
from baserate.terms.offenses import offense

Part = Literal["chosen", "already a site", "chosen later", "not chosen", ""]

THRESHOLDS = (1.0, 1.5, 2.0, 3.0)
WINDOWS = (1, 3, 5)
OFFENSES = ("violent_crime", "murder", "robbery", "aggravated_assault")
LONGEST_WINDOW = 40
# A cohort announced later than this many years after a year was not chosen on its figures.
FRESH = 3


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked. `year` is the last year of records looked at; None of `cohort`: the next.

    `rules` are the program's, under whatever what-if; `register` the sites that are known.
    """

    year: int
    offense: str
    rules: Rules
    register: tuple[RegisterRow, ...]
    cohort: str | None = None
    place: str | None = None
    nation: Vintage | None = None
    declared: Mapping[str, Declared] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Criteria:
    """The parameters in force, each with its citation."""

    threshold: Taken
    years_sustained: Taken
    confidence: Taken
    smallest_population: Taken

    @property
    def taken(self) -> tuple[Taken, ...]:
        """All of them."""
        return self.threshold, self.years_sustained, self.confidence, self.smallest_population

    @property
    def over(self) -> float:
        """How many times the nation's rate."""
        return float(self.threshold.number)

    @property
    def level(self) -> float:
        """The level of intervals."""
        return float(self.confidence.number)


@dataclass(frozen=True, slots=True)
class Candidate:
    """One city: its years, whether it meets the criterion, where it ranks, its part in the program.

    `over_window` and `rank` are None where a year is lacking. `today` and `revised` are the newest
    year's ratio to the nation as the newest release has it, by the FBI's own definition of rape and
    by the revised one. `sites` are the register's rows of it.
    """

    record: CityRecord
    years: tuple[RatioLimits, ...]
    standing: Standing
    over_window: RatioLimits | None
    rank: Rank | None
    part: Part
    sites: tuple[RegisterRow, ...]
    today: RatioLimits | None
    revised: RatioLimits | None
    declared: Declared | None

    @property
    def key(self) -> str:
        """The city's key."""
        return self.record.place.key


@dataclass(frozen=True, slots=True)
class Contrast:
    """A chosen city, and those not chosen that met the criterion as strongly.

    as_far    their ratio over the window is at least the chosen city's
    surely    those among them that are above it by more than counting noise
    alike     below it, and by no more than counting noise
    """

    chosen: Candidate
    as_far: tuple[str, ...]
    surely: tuple[str, ...]
    alike: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Variation:
    """How many cities meet another reading of the criterion, and how many of the chosen do."""

    offense: str
    window: int
    threshold: float
    met: int
    told: int
    chosen_met: int
    chosen_told: int


@dataclass(frozen=True, slots=True)
class OtherNation:
    """How many cities meet the criterion against another statement of the nation's rate."""

    label: str
    met: int
    told: int


@dataclass(frozen=True, slots=True)
class Selected:
    """What was found. `candidates` are in order of their rank, those that cannot be told last.

    chosen_absent   sites of the cohort that the records have nothing of
    too_small       how many cities have fewer people than the rule asks
    """

    asked: Asked
    years: tuple[int, ...]
    criteria: Criteria
    nation: Nation
    cohort: str | None
    cohort_rows: tuple[RegisterRow, ...]
    chosen_absent: tuple[RegisterRow, ...]
    candidates: tuple[Candidate, ...]
    contrasts: tuple[Contrast, ...]
    variations: tuple[Variation, ...]
    other_nations: tuple[OtherNation, ...]
    too_small: int
    as_of: date | None
    files: tuple[tuple[Entry, int], ...]
    caveats: tuple[Caveat, ...]

    def standing(self, *standings: Standing) -> tuple[Candidate, ...]:
        """Candidates of those standings."""
        return tuple(c for c in self.candidates if c.standing in standings)

    def part(self, *parts: Part) -> tuple[Candidate, ...]:
        """Candidates of those parts in the program."""
        return tuple(c for c in self.candidates if c.part in parts)

    @property
    def told(self) -> tuple[Candidate, ...]:
        """Candidates with every year of the window.

        A city that is at or below the threshold in a year does not meet it, whatever the others
        were; but of cities with a year missing only such can be told, so none of them is counted.
        """
        return tuple(c for c in self.candidates if c.record.is_whole)

    @property
    def met(self) -> tuple[Candidate, ...]:
        """Candidates that meet the criterion, those without certainty left out."""
        return self.standing("met")

    @property
    def met_not_chosen(self) -> tuple[Candidate, ...]:
        """Those that met it and were neither chosen nor sites already."""
        return tuple(c for c in self.met if c.part in {"not chosen", "chosen later"})

    @property
    def as_strongly(self) -> tuple[Candidate, ...]:
        """Those not chosen that met it at least as far above as some chosen city."""
        keys = {k for each in self.contrasts for k in each.as_far}
        return tuple(c for c in self.candidates if c.key in keys)

    @property
    def within_noise(self) -> tuple[Candidate, ...]:
        """Those not chosen that are below every chosen city, one of them by no more than noise."""
        far = {c.key for c in self.as_strongly}
        keys = {k for each in self.contrasts for k in each.alike} - far
        return tuple(c for c in self.candidates if c.key in keys)

    @property
    def place(self) -> Candidate | None:
        """The city that was asked about."""
        return next((c for c in self.candidates if c.key == self.asked.place), None)


def select(asked: Asked, store: Store) -> Selected:
    """Work it out. Raises where the records have no city, or not the one asked about."""
    rows = tuple(r for r in asked.register if r.kind == "site" and r.program == asked.rules.program)
    cohort = asked.cohort or next_cohort(rows, asked.year)
    chosen = chosen_rows(rows, cohort=cohort) if cohort else ()
    criteria = _criteria(asked.rules, chosen)
    years = _window(asked.year, int(criteria.years_sustained.number))
    nation = nation_of(store, asked.offense, years, asked.nation)
    records, too_small = _large_enough(_records(store, asked, years, nation), criteria)
    candidates = _candidates(store, asked, criteria, years, records, chosen, rows)
    _require_place(asked, candidates, criteria)
    used = tuple(y for c in candidates for y in c.record.years)
    return Selected(
        asked=asked,
        years=years,
        criteria=criteria,
        nation=nation,
        cohort=cohort,
        cohort_rows=chosen,
        chosen_absent=_absent(chosen, candidates),
        candidates=candidates,
        contrasts=contrasts(candidates, criteria.level),
        variations=_variations(store, asked, criteria, candidates),
        other_nations=_other_nations(store, asked, criteria, nation, candidates),
        too_small=too_small,
        as_of=store.selection.as_of,
        files=_files(store, [y.row.file for y in used], nation),
        caveats=caveats_of(asked.offense, nation, [c.record for c in candidates]),
    )


def next_cohort(rows: Sequence[RegisterRow], year: int) -> str | None:
    """The cohort announced first after the figures of a year were out, if it was soon.

    The FBI's are out by the end of the next September.
    """
    known_from = date(year + 1, 9, 30)
    starts: dict[str, date] = {}
    for row in rows:
        if row.first_day is not None:
            starts[row.cohort] = min(row.first_day, starts.get(row.cohort, row.first_day))
    later = {c: day for c, day in starts.items() if day > known_from and day.year <= year + FRESH}
    return min(later, key=lambda c: later[c], default=None)


def _criteria(rules: Rules, chosen: Sequence[RegisterRow]) -> Criteria:
    """The parameters on the day of the choice; without one, as they stand last."""
    days = [r.first_day for r in chosen if r.first_day is not None]
    on = rules.on(min(days, default=date.max))
    found = Criteria(
        on.take("threshold"),
        on.take("years_sustained"),
        on.take("confidence"),
        on.take("smallest_population"),
    )
    window, level = found.years_sustained.number, found.level
    if window.denominator != 1 or not 1 <= window <= LONGEST_WINDOW:
        raise BadScenario(
            f"years_sustained = {float(window):g} is no window; give whole years, "
            f"1 to {LONGEST_WINDOW}"
        )
    if not 0.5 <= level <= 0.9999:
        raise BadScenario(f"confidence = {level:g} is no level; give one from 0.5 to 0.9999")
    return found


def _window(last: int, length: int) -> tuple[int, ...]:
    return tuple(range(last - length + 1, last + 1))


def _records(
    store: Store, asked: Asked, years: Sequence[int], nation: Nation
) -> tuple[CityRecord, ...]:
    found = tuple(city_records(store, asked.offense, years, nation))
    if found:
        return found
    span = str(years[0]) if len(years) == 1 else f"{years[0]} to {years[-1]}"
    name = offense(asked.offense).name
    raise NoCandidates(
        f"there are no city's records of {name} for {span} here. What would answer it: "
        '"baserate fetch marshall_cities" (68 jurisdictions, 1975 to 2015) or the FBI\'s Crime in '
        'the United States, Table 8, of each of those years; then "baserate add" the files'
    )


def _large_enough(
    records: Sequence[CityRecord], criteria: Criteria
) -> tuple[tuple[CityRecord, ...], int]:
    fewest = criteria.smallest_population.number
    kept = tuple(r for r in records if r.population >= fewest)
    if not kept:
        raise NoCandidates(
            f"none of the {len(records)} cities with records has {float(fewest):,g} people; "
            "ask with a smaller --smallest-population"
        )
    if not any(r.is_whole for r in kept):
        lacking = Counter(x.year for r in kept for x in r.lacking).most_common(1)[0]
        raise NoCandidates(
            f"none of the {len(kept)} cities with records has every year of the window; "
            f"{lacking[1]} lack {lacking[0]}. Ask with a shorter --window, about another --year, "
            'or get the missing figures and "baserate add" them'
        )
    return kept, len(records) - len(kept)


def _candidates(
    store: Store,
    asked: Asked,
    criteria: Criteria,
    years: Sequence[int],
    records: Sequence[CityRecord],
    chosen: Sequence[RegisterRow],
    sites: Sequence[RegisterRow],
) -> tuple[Candidate, ...]:
    level, now = criteria.level, current_nation(store, asked.offense, years)
    whole = [r for r in records if r.is_whole]
    places = ranks([r.ranked for r in whole], level)
    rank_of = {r.place.key: p for r, p in zip(whole, places, strict=True)}
    made = [
        Candidate(
            record=r,
            years=r.ratios(level),
            standing=r.standing(criteria.over, level),
            over_window=r.over_window(level),
            rank=rank_of.get(r.place.key),
            part=part_of(r.place.key, chosen, sites),
            sites=tuple(s for s in sites if s.place == r.place.key),
            today=_newest_against(r, now.usual.get(years[-1]), years[-1], level),
            revised=_newest_against(r, now.alike("revised", years[-1]), years[-1], level),
            declared=asked.declared.get(r.place.key),
        )
        for r in records
    ]
    return tuple(sorted(made, key=lambda c: (c.rank is None, c.rank.rank if c.rank else 0, c.key)))


def _newest_against(
    record: CityRecord, nation: NationYear | None, year: int, level: float
) -> RatioLimits | None:
    newest = record.years[-1] if record.years else None
    if nation is None or newest is None or newest.year != year:
        return None
    return newest.against(nation, level)


def part_of(key: str, chosen: Sequence[RegisterRow], sites: Sequence[RegisterRow]) -> Part:
    """What a city was to the program when the cohort was chosen."""
    if not chosen:
        return ""
    if any(r.place == key for r in chosen):
        return "chosen"
    day = min((r.first_day for r in chosen if r.first_day), default=date.max)
    own = [r.first_day for r in sites if r.place == key and r.first_day]
    if any(first < day for first in own):
        return "already a site"
    return "chosen later" if own else "not chosen"


def _require_place(asked: Asked, candidates: Sequence[Candidate], criteria: Criteria) -> None:
    if asked.place is None or any(c.key == asked.place for c in candidates):
        return
    raise PlaceNotHeld(
        f"there are no records of {asked.place} in those years here, or it has fewer than "
        f"{float(criteria.smallest_population.number):,g} people; it cannot be told whether it "
        'meets the criteria. Get its figures and "baserate add" them'
    )


def _absent(
    chosen: Sequence[RegisterRow], candidates: Sequence[Candidate]
) -> tuple[RegisterRow, ...]:
    held = {c.key for c in candidates}
    return tuple(r for r in chosen if r.place not in held)


def contrasts(candidates: Sequence[Candidate], level: float) -> tuple[Contrast, ...]:
    """For each chosen city, those not chosen that met the criterion as strongly.

    What is more than counting noise is decided for all pairs together (Bonferroni).
    """
    chosen = [c for c in candidates if c.part == "chosen" and c.over_window is not None]
    others = [
        c for c in candidates if c.part in {"not chosen", "chosen later"} and c.standing == "met"
    ]
    pairs = len(chosen) * len(others)
    return tuple(_contrast(one, others, level, pairs) for one in chosen)


def _contrast(one: Candidate, others: Sequence[Candidate], level: float, pairs: int) -> Contrast:
    above = [o for o in others if _value(o) >= _value(one)]
    below = [o for o in others if _value(o) < _value(one)]
    own = one.record.ranked
    return Contrast(
        chosen=one,
        as_far=tuple(o.key for o in above),
        surely=tuple(o.key for o in above if surely_above(o.record.ranked, own, level, pairs)),
        alike=tuple(o.key for o in below if not surely_above(own, o.record.ranked, level, pairs)),
    )


def _value(candidate: Candidate) -> float:
    assert candidate.over_window is not None
    return candidate.over_window.ratio


def _variations(
    store: Store, asked: Asked, criteria: Criteria, candidates: Sequence[Candidate]
) -> tuple[Variation, ...]:
    """The same cities under other thresholds, windows and offenses."""
    part = {c.key: c.part == "chosen" for c in candidates}
    thresholds = sorted({*THRESHOLDS, criteria.over})
    windows = sorted({*WINDOWS, int(criteria.years_sustained.number)})
    made: list[Variation] = []
    for kind in dict.fromkeys((asked.offense, *OFFENSES)):
        for window in windows:
            every = _under(store, asked, kind, window, part)
            made += [
                _varied(every, kind, window, threshold, criteria.level, part)
                for threshold in thresholds
                if every
            ]
    return tuple(made)


def _under(
    store: Store, asked: Asked, kind: str, window: int, part: Mapping[str, bool]
) -> tuple[CityRecord, ...]:
    """The cities over another window, for another offense; none where the nation is not held."""
    years = _window(asked.year, window)
    wanted = None if asked.nation == "published" else asked.nation
    try:
        nation = nation_of(store, kind, years, wanted)
    except NoRecords:
        return ()
    return tuple(city_records(store, kind, years, nation, only=part))


def _varied(
    every: Sequence[CityRecord],
    kind: str,
    window: int,
    threshold: float,
    level: float,
    part: Mapping[str, bool],
) -> Variation:
    whole = [r for r in every if r.is_whole]
    told = [r.place.key for r in whole]
    met = [r.place.key for r in whole if r.standing(threshold, level) == "met"]
    return Variation(
        kind,
        window,
        threshold,
        met=len(met),
        told=len(told),
        chosen_met=sum(part[k] for k in met),
        chosen_told=sum(part[k] for k in told),
    )


def _other_nations(
    store: Store,
    asked: Asked,
    criteria: Criteria,
    nation: Nation,
    candidates: Sequence[Candidate],
) -> tuple[OtherNation, ...]:
    """The nation as the newest release has it, and by the revised definition throughout."""
    records = [c.record for c in candidates]
    now = current_nation(store, asked.offense, [y for r in records[:1] for y in _all_years(r)])
    made = []
    if nation.vintage == "published":
        swaps = [[now.alike(y.nation.definition, y.year) for y in r.years] for r in records]
        made.append(_against("as it stands now", records, swaps, criteria))
    if offense(asked.offense).has_two_definitions and any(
        not y.alike for r in records for y in r.years
    ):
        swaps = [
            [y.nation if y.alike else now.alike("revised", y.year) for y in r.years]
            for r in records
        ]
        made.append(_against("by the revised definition of rape", records, swaps, criteria))
    return tuple(o for o in made if o.told)


def _all_years(record: CityRecord) -> list[int]:
    return sorted({y.year for y in record.years} | {x.year for x in record.lacking})


def _against(
    label: str,
    records: Sequence[CityRecord],
    swaps: Sequence[Sequence[NationYear | None]],
    criteria: Criteria,
) -> OtherNation:
    standings = [
        r.standing_against(nation, criteria.over, criteria.level)
        for r, nation in zip(records, swaps, strict=True)
        if r.is_whole and None not in nation
    ]
    return OtherNation(label, standings.count("met"), len(standings))


def _files(store: Store, used: Sequence[str], nation: Nation) -> tuple[tuple[Entry, int], ...]:
    """Every file that figures came from, and how many of its rows."""
    every = [*used, *(n.row.file for n in nation.usual.values() if n.row is not None)]
    return tuple((store.by_id[f], every.count(f)) for f in dict.fromkeys(every))
