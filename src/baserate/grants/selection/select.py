"""Which cities meet the criteria, who was chosen, and who met them as strongly and was not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

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
from baserate.grants.selection.contrasts import Candidate, Contrast, contrasts
from baserate.grants.selection.criteria import Standing
from baserate.grants.selection.declared import Declared
from baserate.grants.selection.doubts import caveats_of
from baserate.grants.selection.nation import Nation, NationYear, Vintage, current_nation, nation_of
from baserate.grants.selection.parts import PREDECESSORS, Part, chosen_on, next_cohort, part_of
from baserate.grants.selection.ranks import ranks
from baserate.measure.poisson import RatioLimits
from baserate.store.ledger import Entry
from baserate.store.open import Store
from baserate.terms.offenses import offense

THRESHOLDS = (1.0, 1.5, 2.0, 3.0)
WINDOWS = (1, 3, 5)
OFFENSES = ("violent_crime", "murder", "robbery", "aggravated_assault")
LONGEST_WINDOW = 40


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
class Variation:
    """How many cities meet another reading of the criterion, and how many of the chosen do.

    `place` is what the city asked about does; None where none was, or nothing of it is held.
    """

    offense: str
    window: int
    threshold: float
    met: int
    told: int
    chosen_met: int
    chosen_told: int
    place: Standing | None = None


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
    too_small       the cities that are left out, with fewer people than the rule asks
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
    too_small: tuple[str, ...]
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

    def met_as(self, *parts: Part) -> tuple[Candidate, ...]:
        """Those that met it, of those parts in the program."""
        return tuple(c for c in self.met if c.part in parts)

    @property
    def met_not_chosen(self) -> tuple[Candidate, ...]:
        """Those that met it and were neither chosen nor in the program or its predecessor."""
        return self.met_as("not chosen", "chosen later")

    @property
    def chosen_small(self) -> tuple[RegisterRow, ...]:
        """Sites of the cohort with records, of fewer people than the rule asks."""
        return tuple(r for r in self.cohort_rows if r.place in self.too_small)

    @property
    def as_strongly(self) -> tuple[Candidate, ...]:
        """Those not chosen with the cohort that met it at least as far above as some chosen city.

        Cities in the predecessor are among them.
        """
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
    rows = _sites(asked, asked.rules.program)
    before = _sites(asked, PREDECESSORS.get(asked.rules.program, ""))
    cohort = asked.cohort or next_cohort(rows, asked.year)
    chosen = chosen_rows(rows, cohort=cohort) if cohort else ()
    criteria = _criteria(asked.rules, chosen_on(chosen, before))
    years = _window(asked.year, int(criteria.years_sustained.number))
    nation = nation_of(store, asked.offense, years, asked.nation)
    every = _records(store, asked, years, nation)
    _require_place(asked, every, criteria)
    records, too_small = _large_enough(every, criteria)
    parts = {r.place.key: part_of(r.place.key, chosen, rows, before) for r in records}
    candidates = _candidates(store, asked, criteria, years, records, parts, (rows, before))
    used = tuple(y for c in candidates for y in c.record.years)
    return Selected(
        asked=asked,
        years=years,
        criteria=criteria,
        nation=nation,
        cohort=cohort,
        cohort_rows=chosen,
        chosen_absent=_absent(chosen, every),
        candidates=candidates,
        contrasts=contrasts(candidates, criteria.level),
        variations=_variations(store, asked, criteria, candidates),
        other_nations=_other_nations(store, asked, criteria, nation, candidates),
        too_small=too_small,
        as_of=store.selection.as_of,
        files=_files(store, [y.row.file for y in used], nation),
        caveats=caveats_of(
            asked.offense,
            nation,
            [c.record for c in candidates],
            float(criteria.smallest_population.number),
        ),
    )


def _sites(asked: Asked, program: str) -> tuple[RegisterRow, ...]:
    return tuple(r for r in asked.register if r.kind == "site" and r.program == program)


def _criteria(rules: Rules, day: date) -> Criteria:
    """The parameters on the day of the choice; without one, as they stand last."""
    on = rules.on(day)
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
) -> tuple[tuple[CityRecord, ...], tuple[str, ...]]:
    fewest = criteria.smallest_population.number
    small = tuple(r.place.key for r in records if _is_small(r, criteria))
    kept = tuple(r for r in records if r.place.key not in small)
    if not kept:
        raise NoCandidates(
            f"none of the {len(records)} cities with records has {float(fewest):,.10g} people; "
            "ask with a smaller --smallest-population"
        )
    if not any(r.is_whole for r in kept):
        lacking = Counter(x.year for r in kept for x in r.lacking).most_common(1)[0]
        raise NoCandidates(
            f"none of the {len(kept)} cities with records has every year of the window; "
            f"{lacking[1]} lack {lacking[0]}. Ask with a shorter --window, about another --year, "
            'or get the missing figures and "baserate add" them'
        )
    return kept, small


def _is_small(record: CityRecord, criteria: Criteria) -> bool:
    """Whether it has fewer people than the rule asks; with no year held, that is not known."""
    return bool(record.years) and record.population < criteria.smallest_population.number


def _candidates(
    store: Store,
    asked: Asked,
    criteria: Criteria,
    years: Sequence[int],
    records: Sequence[CityRecord],
    parts: Mapping[str, Part],
    registered: tuple[Sequence[RegisterRow], Sequence[RegisterRow]],
) -> tuple[Candidate, ...]:
    level, now = criteria.level, current_nation(store, asked.offense, years)
    whole = [r for r in records if r.is_whole]
    places = ranks([r.ranked for r in whole], level)
    sites, before = registered
    rank_of = {r.place.key: p for r, p in zip(whole, places, strict=True)}
    made = [
        Candidate(
            record=r,
            years=r.ratios(level),
            standing=r.standing(criteria.over, level),
            over_window=r.over_window(level),
            rank=rank_of.get(r.place.key),
            part=parts[r.place.key],
            sites=tuple(s for s in sites if s.place == r.place.key),
            before=tuple(s for s in before if s.place == r.place.key),
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


def _require_place(asked: Asked, records: Sequence[CityRecord], criteria: Criteria) -> None:
    """Raises where nothing of the city asked about is held, or it has too few people."""
    if asked.place is None:
        return
    found = next((r for r in records if r.place.key == asked.place), None)
    if found is None:
        raise PlaceNotHeld(
            f"there are no records of {asked.place} in those years here; it cannot be told whether "
            'it meets the criteria. Get its figures and "baserate add" them'
        )
    if _is_small(found, criteria):
        fewest = criteria.smallest_population.number
        raise PlaceNotHeld(
            f"{asked.place} has {found.population:,} people in the records; cities of fewer than "
            f"{float(fewest):,.10g} are left out here. Ask with --smallest-population 0"
        )


def _absent(
    chosen: Sequence[RegisterRow], records: Sequence[CityRecord]
) -> tuple[RegisterRow, ...]:
    held = {r.place.key for r in records}
    return tuple(r for r in chosen if r.place not in held)


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
                _varied(every, (kind, window, threshold), criteria.level, part, asked.place)
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
    rule: tuple[str, int, float],
    level: float,
    part: Mapping[str, bool],
    asked_place: str | None,
) -> Variation:
    standings = {r.place.key: r.standing(rule[2], level) for r in every}
    told = [r.place.key for r in every if r.is_whole]
    met = [k for k in told if standings[k] == "met"]
    return Variation(
        *rule,
        met=len(met),
        told=len(told),
        chosen_met=sum(part[k] for k in met),
        chosen_told=sum(part[k] for k in told),
        place=standings.get(asked_place or ""),
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
