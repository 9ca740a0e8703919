"""Awards of one fiscal year: the records through the statute, to the cent.

`work_out` reads the records, takes the parameters in force, runs the formula and puts an Award
together: every State's amount with what it rests on. What it leaves open (noise, definitions,
releases, thresholds) is in `sureness`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from baserate.errors import BadInput, BadScenario, OutsideEra
from baserate.grants.cents import in_cents
from baserate.grants.inputs import Inputs, StateInput, read_inputs
from baserate.grants.jag import (
    SAMOA_AND_MARIANAS,
    Allocation,
    Entity,
    among_states,
    reduced,
    samoa_and_marianas,
    state_and_local,
)
from baserate.grants.parameters import Rules, RulesOn, Taken, rules, unverified
from baserate.grants.published import Published, published
from baserate.grants.scenario import NO_CHANGE, Scenario
from baserate.store.open import Store
from baserate.terms.offenses import RapeDefinition
from baserate.terms.places import territories

SHARES = ("population_share", "violent_crime_share", "minimum_share")  # what jag shares by
LAST_YEAR = 9_999  # that a calendar here has
LARGEST_TOTAL = 10**15  # cents; ten trillion dollars is a slip of the pen


@dataclass(frozen=True, slots=True)
class Withheld:
    """What a penalty keeps back from one State's government, in cents."""

    by: str
    cents: int


@dataclass(frozen=True, slots=True)
class StateAward:
    """What one State gets, in cents: its government's part, its local amount, what is withheld.

    `award` is all of them together, what is withheld included. `allocation` is how the formula
    came to it; American Samoa and the Northern Mariana Islands share one, of which each has its
    part.
    """

    key: str
    name: str
    award: int
    government: int
    local: int
    withheld: tuple[Withheld, ...]
    allocation: Allocation[Fraction]
    input: StateInput

    @property
    def received(self) -> int:
        """What is left of the award after what is withheld, in cents."""
        return self.award - sum(w.cents for w in self.withheld)

    @property
    def is_least(self) -> bool:
        """Whether the award is a lower bound: its crimes are not held, and would count."""
        unknown = any(y.count is None for y in self.input.years)
        return unknown and not self.allocation.is_minimum

    @property
    def per_person(self) -> float:
        """Dollars of the award for each resident."""
        return self.award / 100 / self.input.population

    @property
    def per_crime(self) -> float | None:
        """Dollars of the award for each violent crime a year; None where none are recorded."""
        return self.award / 100 / float(self.input.average) if self.input.crimes else None


@dataclass(frozen=True, slots=True)
class Difference:
    """A published amount and ours. `key` is a State's code, or 'territories and DC'."""

    key: str
    name: str
    published: str
    ours: float
    apart: float
    fits: bool


@dataclass(frozen=True, slots=True)
class Award:
    """Awards of one program in one fiscal year. `total` in cents; `states` in order of size.

    `entities` is among how many the total was shared; `minimum` what each got first, in dollars.
    `stand_ins` are figures of another year used where one is not held.
    """

    program: str
    title: str
    standing: str
    fiscal_year: int
    total: int
    total_source: str
    states: tuple[StateAward, ...]
    entities: int
    minimum: Fraction
    inputs: Inputs
    taken: tuple[Taken, ...]
    as_of: date | None
    definition: RapeDefinition | None
    scenario: Scenario
    published: Published | None

    def state(self, key: str) -> StateAward:
        """One State's award. Raises BadInput for what is no State of the formula."""
        for each in self.states:
            if each.key == key:
                return each
        raise BadInput(f"{key!r} is no State of the formula; give a postal code like MO")

    @property
    def local_part(self) -> dict[str, float]:
        """Which part of a State's award is its local amount, by code."""
        return {s.key: s.local / s.award for s in self.states if s.award}

    def recorded(self) -> list[Entity[float]]:
        """Those that share, with their violent crimes a year, in plain numbers for draws."""
        return [
            Entity(e.key, float(e.population), float(e.violent_crimes))
            for e in self.inputs.entities()
        ]

    def shared_among(self, entities: Sequence[Entity[float]]) -> Mapping[str, Allocation[float]]:
        """The same total by the same parameters among other figures; dollars, not to the cent."""
        shares = {t.name: float(t.number) for t in self.taken if t.name in SHARES}
        return among_states(self.total / 100, entities, **shares)

    @property
    def unverified(self) -> tuple[Taken, ...]:
        """Parameters this result used that nobody has verified."""
        return unverified(self.taken)

    @property
    def minimum_states(self) -> tuple[str, ...]:
        """Those that get the minimum and no more; the two that share one as 'AS+MP'."""
        return tuple(sorted({s.allocation.key for s in self.states if s.allocation.is_minimum}))

    @property
    def stand_ins(self) -> tuple[str, ...]:
        """Sentences on figures that stand in for a year that is not held, or for none."""
        return (*_stand_ins(self.inputs), *_unknown_counts(self.states))

    @property
    def differences(self) -> tuple[Difference, ...]:
        """Every published amount of this year, beside ours. None under a what-if."""
        if self.published is None or self.scenario is not NO_CHANGE:
            return ()
        return tuple(_differences(self, self.published))


@dataclass(frozen=True, slots=True)
class Asked:
    """What awards are asked for. `total` in cents, None for what was published of the year."""

    fiscal_year: int
    total: int | None = None
    as_of: date | None = None
    definition: RapeDefinition | None = None
    scenario: Scenario = NO_CHANGE


def first_day(fiscal_year: int) -> date:
    """The first day of a federal fiscal year: 1 October of the year before."""
    return date(fiscal_year - 1, 10, 1)


def work_out(asked: Asked, store: Store) -> Award:
    """Byrne JAG awards of a fiscal year from the records.

    Raises OutsideEra before the statute's first year, NothingToAllocate where the records lack a
    State or a year, BadInput for a total that is nothing.
    """
    base = rules("jag")
    on = asked.scenario.applied_to(base).on(_day(asked.fiscal_year, base))
    total, source = _total(asked)
    inputs = inputs_of(asked, on, store)
    shares = {name: on.take(name).number for name in SHARES}
    _refuse_what_does_not_add_up(inputs, **shares)
    given = among_states(Fraction(total, 100), inputs.entities(), **shares)
    if sum(each.award for each in given.values()) != Fraction(total, 100):
        raise BadInput(
            "the States above the minimum recorded no violent crime, so its share has nobody to go "
            "to; give counts"
        )
    cents = in_cents({key: each.award for key, each in given.items()})
    divided = _divided(cents, on.take("american_samoa_share"))
    states = [_state_award(key, got, given, on, asked.scenario, inputs) for key, got in divided]
    _refuse_unknown_reductions(asked.scenario, inputs)
    return Award(
        program=base.program,
        title=base.title,
        standing=base.standing,
        fiscal_year=asked.fiscal_year,
        total=total,
        total_source=source,
        states=tuple(sorted(states, key=lambda s: (-s.award, s.key))),
        entities=len(given),
        minimum=next(iter(given.values())).minimum,
        inputs=inputs,
        taken=tuple(_all_taken(on, asked.scenario)),
        as_of=asked.as_of,
        definition=asked.definition,
        scenario=asked.scenario,
        published=published().get(asked.fiscal_year),
    )


def inputs_of(asked: Asked, on: RulesOn, store: Store) -> Inputs:
    """The records that the formula of a fiscal year takes, by the rules in force."""
    newest = asked.fiscal_year - int(on.take("newest_crime_year").number)
    years = int(on.take("crime_years").number)
    store.require_release(asked.as_of)
    return read_inputs(
        store.view(as_of=asked.as_of),
        asked.fiscal_year,
        crime_years=range(newest - max(years, 1) + 1, newest + 1),
        population_year=asked.fiscal_year - int(on.take("population_year").number),
        definition=asked.definition,
        instead=asked.scenario.recorded,
    )


def _day(fiscal_year: int, base: Rules) -> date:
    """The day a fiscal year's rules go by; refuses years before there were any."""
    first = base.parameter("minimum_share").values[0].start
    if not first.year < fiscal_year <= LAST_YEAR:
        raise OutsideEra(
            f"fiscal year {fiscal_year} is outside the rules, which begin with fiscal year "
            f"{first.year + 1} ({base.reference}); ask for that year or a later one"
        )
    return first_day(fiscal_year)


def _total(asked: Asked) -> tuple[int, str]:
    """What there is to share out, in cents, and who says so."""
    if asked.total is not None:
        if not 0 < asked.total <= LARGEST_TOTAL:
            raise BadInput(
                f"a total of ${asked.total / 100:,.2f} cannot be shared out; give dollars above 0 "
                "and below ten trillion"
            )
        return asked.total, "as given"
    found = published().get(asked.fiscal_year)
    if found is None:
        years = ", ".join(str(y) for y in sorted(published()))
        raise BadInput(
            f"what was available in fiscal year {asked.fiscal_year} is not known here (known: "
            f"{years}); give it with --total, in dollars"
        )
    return 100 * found.total.dollars, f"{found.citation}, which prints {found.total.words}"


def _refuse_what_does_not_add_up(
    inputs: Inputs,
    population_share: Fraction,
    violent_crime_share: Fraction,
    minimum_share: Fraction,
) -> None:
    """Refuse shares of more or less than the total, and crimes that nobody recorded."""
    entities = inputs.entities()
    together = population_share + violent_crime_share
    if together != 1:
        raise BadInput(
            f"population_share and violent_crime_share add up to {float(together):g}; make them 1, "
            "so that all of the total is shared out"
        )
    if minimum_share * len(entities) > 1:
        raise BadInput(
            f"a minimum of {float(100 * minimum_share):g} percent to each of {len(entities)} is "
            f"more than there is; give at most {float(Fraction(100, len(entities))):.4f} percent"
        )
    if violent_crime_share and not any(e.violent_crimes for e in entities):
        raise BadInput(
            "no violent crime is recorded anywhere, so its share has nobody to go to; give counts"
        )


def _divided(cents: dict[str, int], samoa: Taken) -> list[tuple[str, int]]:
    """The entities' cents by State, with the one that is two divided."""
    alone = [(key, got) for key, got in cents.items() if key != SAMOA_AND_MARIANAS]
    first, second = samoa_and_marianas(cents[SAMOA_AND_MARIANAS], samoa.number)
    return [*alone, ("AS", first), ("MP", second)]


def _state_award(
    key: str,
    cents: int,
    given: dict[str, Allocation[Fraction]],
    on: RulesOn,
    scenario: Scenario,
    inputs: Inputs,
) -> StateAward:
    whole = {*on.take("no_local_share").names, *on.take("no_local_share_in_practice").names}
    government, local = (
        (cents, 0) if key in whole else state_and_local(cents, on.take("state_share").number)
    )
    withheld = [
        Withheld(each.by, reduced(government, on.take(each.by).number)[1])
        for each in scenario.reduced
        if each.place == key
    ]
    government = max(government - sum(w.cents for w in withheld), 0)
    return StateAward(
        key=key,
        name=inputs.state(key).name,
        award=cents,
        government=government,
        local=local,
        withheld=tuple(withheld),
        allocation=given.get(key) or given[SAMOA_AND_MARIANAS],
        input=inputs.state(key),
    )


def _refuse_unknown_reductions(scenario: Scenario, inputs: Inputs) -> None:
    known = {s.key for s in inputs.states}
    for each in scenario.reduced:
        if each.place not in known:
            raise BadScenario(
                f"[[reduced]] place = {each.place!r} is no State here; give a postal code like FL"
            )


def _all_taken(on: RulesOn, scenario: Scenario) -> Iterable[Taken]:
    """Every parameter a result rests on, in the order of the statute."""
    used = (
        *SHARES, "crime_years", "newest_crime_year", "population_year",
        "american_samoa_share", "state_share", "no_local_share", "no_local_share_in_practice",
    )  # fmt: skip
    penalties = [each.by for each in scenario.reduced]
    names = dict.fromkeys((*used, *penalties, *(["reduced_part"] if penalties else [])))
    return (on.take(name) for name in names)


def _stand_ins(inputs: Inputs) -> Iterable[str]:
    for state in inputs.states:
        absent = [y for y in state.years if y.stands_for is not None]
        if absent:
            years = " and ".join(str(y.stands_for) for y in absent)
            yield (
                f"{state.name}'s violent crime of {years} is not held; that of {absent[0].year} "
                f"({absent[0].count:,}) stands in for it"
            )
        wanted = inputs.population_year
        if state.key == "PR" and state.population_year != wanted:
            yield (
                f"{state.name}'s population of {wanted} is not held; that of "
                f"{state.population_year} ({state.population:,}) stands in for it"
            )


def _unknown_counts(states: Iterable[StateAward]) -> Iterable[str]:
    names = [s.name for s in states if s.is_least]
    if names:
        yield (
            f"the violent crimes of {', '.join(names)} are not held. Only the minimum makes "
            "that no matter; here they are counted as none, so those awards are the least they "
            "can be and all others slightly too large"
        )


TOGETHER = "territories and DC"


def _differences(award: Award, report: Published) -> Iterable[Difference]:
    for key, printed in report.awards.items():
        ours = award.state(key).award / 100
        yield Difference(
            key, award.state(key).name, printed.words, ours,
            ours - printed.dollars, printed.fits(ours),
        )  # fmt: skip
    if report.territories_and_dc is not None:
        keys = {"DC", *territories()}
        ours = sum(s.award for s in award.states if s.key in keys) / 100
        printed = report.territories_and_dc
        yield Difference(
            TOGETHER, TOGETHER, printed.words, ours, ours - printed.dollars, printed.fits(ours)
        )
