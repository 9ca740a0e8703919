"""One place against another, or against the nation, over the same time and by one definition."""

from __future__ import annotations

from collections.abc import Iterator

from baserate.errors import Caveat, StatesExceedNation
from baserate.measure.answer import Answer, Figure, Other, Robustness, StatesAgainstNation
from baserate.measure.context import (
    caveats_of,
    coverage_of,
    definition_used,
    source_rows,
    vintage_of,
)
from baserate.measure.difference import Difference, difference, place_verdict
from baserate.measure.question import Question
from baserate.measure.records import (
    Records,
    common_bases,
    figure,
    find_records,
    is_disputed,
    points,
    printed_tally,
    require_years,
    tally,
)
from baserate.store.holdings import SeriesRow
from baserate.store.open import Store
from baserate.terms.offenses import RapeDefinition, offense
from baserate.terms.periods import Period
from baserate.terms.places import NATION, STATES_TOGETHER, states

OTHER_YEARS = 10

# Totals of states and nation that differ by no more than this differ by rounding.
ROUNDING_PERCENT = 0.05


def comparison(question: Question, store: Store) -> Answer:
    """How far the place is above or below the other, in percent: +20 is a fifth higher.

    The interval is that of a rate ratio, counting noise alone. The nation includes the state it
    is compared with, which narrows their difference a little.
    """
    assert question.against is not None
    here = find_records(store, question.place, question.offense)
    there = find_records(store, question.against, question.offense)
    years = range(question.period.first_year, question.period.last_year + 1)
    require_years(store, here, years)
    require_years(store, there, years)
    able = common_bases(here, there, years, question.definition)
    kind = "rate" if question.per_head else "count"
    unit = f"percent above (+) or below (-) the {kind} in {question.against}"
    basis = able[0]
    found, of_here, of_there = _against(here, there, question.period, basis, question.per_head)
    verdict = place_verdict(found)
    if any(place_verdict(d) != verdict for _, _, d in _printed_totals(of_here, of_there)):
        verdict = "can't tell"  # the publisher contradicts itself, and it decides the answer
    per_year = tuple(_states_against_nation(store, question, years))
    return Answer(
        question=question,
        verdict=verdict,
        value=found.percent,
        unit=unit,
        interval=found.interval,
        p_value=found.p_value,
        earlier=of_there,
        later=of_here,
        coverage=coverage_of([of_there, of_here]),
        definition=definition_used(question.offense, here, basis, years),
        vintage=vintage_of(store, question.as_of, (*of_here.rows, *of_there.rows)),
        robustness=Robustness.against(
            verdict,
            (
                (kind, option, other.percent, place_verdict(other))
                for kind, option, other in (
                    *_printed_totals(of_here, of_there),
                    *_choices(here, there, question, able),
                )
            ),
        ),
        caveats=(
            *_states_caveat(per_year),
            *caveats_of(question.offense, here, basis, (of_there, of_here)),
        ),
        sources=source_rows(store, (*of_here.rows, *of_there.rows)),
        points=(
            *points(here, basis, per_head=question.per_head),
            *points(there, basis, per_head=question.per_head),
        ),
        others=tuple(
            Other(
                label=f"{b} definition",
                value=other.percent,
                unit=unit,
                interval=other.interval,
                verdict=place_verdict(other),
                earlier=that.value,
                later=this.value,
            )
            for b in able[1:]
            for other, this, that in (_against(here, there, question.period, b, question.per_head),)
        ),
        states_against_nation=per_year,
    )


def _against(
    here: Records, there: Records, period: Period, basis: RapeDefinition | None, per_head: bool
) -> tuple[Difference, Figure, Figure]:
    this = figure(here, period, basis, per_head=per_head)
    that = figure(there, period, basis, per_head=per_head)
    return _difference(here, there, period, basis, per_head, with_p=True), this, that


def _difference(
    here: Records,
    there: Records,
    period: Period,
    basis: RapeDefinition | None,
    per_head: bool,
    *,
    with_p: bool = False,
) -> Difference:
    this = tally(here, period, basis, per_head=per_head)
    that = tally(there, period, basis, per_head=per_head)
    return difference(that, this, with_p=with_p)


def _printed_totals(of_here: Figure, of_there: Figure) -> Iterator[tuple[str, str, Difference]]:
    """The totals as printed, where a sum of parts is used that they contradict."""
    if is_disputed((*of_here.rows, *of_there.rows)):
        found = difference(printed_tally(of_there), printed_tally(of_here))
        yield "total", "totals as printed", found


def _choices(
    here: Records, there: Records, question: Question, able: tuple[RapeDefinition | None, ...]
) -> Iterator[tuple[str, str, Difference]]:
    for basis in able[1:]:
        found = _difference(here, there, question.period, basis, question.per_head)
        yield "definition", f"{basis} definition", found
    if not question.period.is_one_year:
        return
    year = question.period.first_year
    series = here.by_basis[able[0]].keys() & there.by_basis[able[0]].keys()
    nearest = sorted(series - {year}, key=lambda y: (abs(y - year), y))[:OTHER_YEARS]
    for other in sorted(nearest):
        found = _difference(here, there, Period.year(other), able[0], question.per_head)
        yield "year", str(other), found


def _states_against_nation(
    store: Store, question: Question, years: range
) -> Iterator[StatesAgainstNation]:
    """The publisher's own totals, states added up against the nation, year by year."""
    if {question.place, question.against} != {STATES_TOGETHER, NATION}:
        return
    kind = offense(question.offense)
    key = kind.answered_by or kind.key
    if key == "rape":
        return  # printed by both definitions, with no total that could be read as either
    nation = find_records(store, NATION, key)
    each_state = [find_records(store, s, key) for s in states().values()]
    together = find_records(store, STATES_TOGETHER, key)
    for year in years:
        of_states = sum(_printed_total(s, year) for s in each_state)
        of_nation = _printed_total(nation, year)
        same = next(
            (
                100 * (together.by_basis[b][year].offenses / nation.by_basis[b][year].offenses - 1)
                for b in (nation.printed(year),)
                if year in together.by_basis.get(b, {})
            ),
            None,
        )
        printed = [s.printed(year) for s in each_state]
        yield StatesAgainstNation(
            year=year,
            states=of_states,
            nation=of_nation,
            percent=100 * (of_states / of_nation - 1),
            same_definition_percent=same,
            states_definition=str(max(set(printed), key=printed.count) or "one"),
            nation_definition=str(nation.printed(year) or "one"),
        )


def _printed_total(records: Records, year: int) -> int:
    """The total as the publisher prints it, whichever definition it counts by."""
    rows: list[SeriesRow] = [s[year] for s in records.by_basis.values() if year in s]
    for row in rows:
        if row.printed_total is not None:
            return row.printed_total
    wanted = records.printed(year)
    return next(r.offenses for r in rows if r.definition == wanted)


def _states_caveat(per_year: tuple[StatesAgainstNation, ...]) -> Iterator[Caveat]:
    apart = [y for y in per_year if y.states_definition != y.nation_definition]
    if not apart:
        return
    percents = ", ".join(f"{y.percent:+.2f}% in {y.year}" for y in apart)
    same = max(
        (abs(y.same_definition_percent) for y in apart if y.same_definition_percent is not None),
        default=None,
    )
    closes = (
        f" By one definition the two agree to within {max(same, 0.01):.2f}%."
        if same is not None and same <= ROUNDING_PERCENT * 10
        else ""
    )
    yield StatesExceedNation(
        f"As printed, the states add up to more than the nation: {percents}. That is a difference "
        f"of definition, not of crime: in those years the states' totals count rape by the "
        f"{apart[0].states_definition} definition and the nation's by the "
        f"{apart[0].nation_definition} one.{closes}"
    )
