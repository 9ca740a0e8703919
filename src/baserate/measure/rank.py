"""Where a state stands among the states, and how sure that is."""

from __future__ import annotations

from collections.abc import Iterator

from baserate.errors import Caveat, MissingPart, MissingPlaces, NotARanking, YearNotHeld
from baserate.measure.answer import Answer, Choice, Figure, Point, Ranking, Robustness
from baserate.measure.context import (
    caveats_of,
    coverage_of,
    definition_used,
    source_rows,
    vintage_of,
)
from baserate.measure.level import count_unit
from baserate.measure.poisson import rate_ratio
from baserate.measure.question import Question
from baserate.measure.records import (
    Records,
    figure,
    find_records,
    is_disputed,
    limits_of,
    printed_offenses,
    require_one_basis,
    require_years,
)
from baserate.store.holdings import Series, SeriesRow
from baserate.store.open import Store
from baserate.terms.offenses import RapeDefinition, offense
from baserate.terms.periods import Period
from baserate.terms.places import Place, place, states
from baserate.terms.quantities import Interval

OTHER_YEARS = 6
FEWEST_RANKED = 26  # more than half of the states and D.C.
METHOD = "pairwise rate ratios at 95% over all comparisons (Bonferroni), counting noise alone"


def rank(question: Question, store: Store) -> Answer:
    """The place's rank among the states and D.C., 1 the highest; or the state at the end.

    The rank's interval counts the places that are clearly higher and clearly lower, each
    comparison made at 1 - 0.05/(n - 1), so that all hold together in 95 of 100 cases
    (docs/measures.md).
    """
    if question.place.kind not in {"state", "states"}:
        raise MissingPart(
            f"{question.place} has no rank among the states; name a state, or ask "
            f'"which state had the highest {question.quantity} in {question.period}"'
        )
    years = range(question.period.first_year, question.period.last_year + 1)
    every = {key: find_records(store, state, question.offense) for key, state in states().items()}
    asked = _asked(question, every, years)
    require_years(store, every[asked.key], years)
    able = require_one_basis(every[asked.key], years, question.definition)
    basis = able[0]
    figures = _figures(every, question.period, basis, per_head=question.per_head)
    if len(figures) < FEWEST_RANKED:
        raise YearNotHeld(
            f"only {len(figures)} of the states have a figure for {question.period} here, and a "
            "rank among them says nothing; ask about an earlier year, or add the others' files"
        )
    if question.place.kind == "states":
        asked = _at_the_end(figures, question)
    own = figures[asked.key]
    found = _ranking(own, figures)
    of_all = question.place.kind == "states"
    return Answer(
        question=question,
        verdict="recorded",
        value=own.value if of_all else float(found.rank),
        unit=count_unit(question.per_head) if of_all else f"rank among {found.of}, 1 the highest",
        interval=own.limits if of_all else Interval(found.highest, found.lowest, METHOD),
        earlier=None,
        later=own,
        coverage=coverage_of([own]),
        definition=definition_used(question.offense, every[asked.key], basis, years),
        vintage=vintage_of(store, question.as_of, [r for f in figures.values() for r in f.rows]),
        robustness=_robustness(every, question, asked, able, found),
        caveats=(
            *_rank_caveats(figures, question),
            *caveats_of(
                question.offense,
                every[asked.key],
                basis,
                [own],
                rows=[r for f in figures.values() for r in f.rows if _is_doubtful(r, asked)],
            ),
        ),
        sources=source_rows(store, [r for f in figures.values() for r in f.rows]),
        points=tuple(_point(f) for f in sorted(figures.values(), key=lambda f: -f.value)),
        ranking=found,
    )


def _asked(question: Question, every: dict[str, Records], years: range) -> Place:
    """The place asked about, or for a rank of all any place that has the years."""
    if question.place.kind == "state":
        return question.place
    held = (r.place for r in every.values() if set(years) <= set(r.years))
    return next(held, place("AL"))


def _at_the_end(figures: dict[str, Figure], question: Question) -> Place:
    sign = -1 if question.extreme == "lowest" else 1
    return max(figures.values(), key=lambda f: sign * f.value).place


def _figures(
    every: dict[str, Records], period: Period, basis: RapeDefinition | None, *, per_head: bool
) -> dict[str, Figure]:
    years = range(period.first_year, period.last_year + 1)
    return {
        key: figure(records, period, basis, per_head=per_head)
        for key, records in every.items()
        if all(y in records.by_basis[basis] for y in years)
    }


def _ranking(own: Figure, figures: dict[str, Figure]) -> Ranking:
    others = [f for f in figures.values() if f.place != own.place]
    level = 1 - 0.05 / max(len(others), 1)
    higher = lower = above = 0
    alike, tied = [], []
    mine = own.value
    for other in others:
        above += other.value > mine
        if other.value == mine:
            tied.append(other.place.name)
        exposures = (other.population, own.population) if own.per_head else (1, 1)
        ratio = rate_ratio(other.offenses, exposures[0], own.offenses, exposures[1], level=level)
        if ratio.lower > 1:
            higher += 1
        elif ratio.upper < 1:
            lower += 1
        else:
            alike.append(other.place.name)
    return Ranking(
        rank=1 + above,
        of=len(figures),
        highest=1 + higher,
        lowest=len(figures) - lower,
        not_distinguishable=tuple(sorted(alike)),
        tied=tuple(sorted(tied)),
    )


def _robustness(
    every: dict[str, Records],
    question: Question,
    asked: Place,
    able: tuple[RapeDefinition | None, ...],
    found: Ranking,
) -> Robustness:
    """The rank by another definition, in nearby years and in three together.

    A rank holds where it stays within its interval; "which state" holds where it stays the same
    state, and is also asked of the 50 states alone, because D.C. is a city.
    """
    first, last = question.period.first_year, question.period.last_year
    of_all = question.place.kind == "states"
    sign = -1 if question.extreme == "lowest" else 1

    def values(
        start: int,
        end: int,
        basis: RapeDefinition | None,
        without: str = "",
        *,
        as_printed: bool = False,
    ) -> dict[str, float]:
        pairs = (
            (key, _value(records.by_basis[basis], start, end, question.per_head, as_printed))
            for key, records in every.items()
            if key != without
        )
        return {key: value for key, value in pairs if value is not None}

    def choices() -> Iterator[tuple[str, str, dict[str, float]]]:
        inside = (
            row
            for records in every.values()
            for year in range(first, last + 1)
            if (row := records.by_basis[able[0]].get(year)) is not None
        )
        if is_disputed(inside):
            yield "total", "totals as printed", values(first, last, able[0], as_printed=True)
        for other in able[1:]:
            yield "definition", f"{other} definition", values(first, last, other)
        if first == last:
            held = set(every[asked.key].by_basis[able[0]])
            nearest = sorted(held - {first}, key=lambda y: (abs(y - first), y))[:OTHER_YEARS]
            for year in sorted(nearest):
                yield "year", str(year), values(year, year, able[0])
            if set(range(first - 2, first + 1)) <= held:
                together = values(first - 2, first, able[0])
                yield "years taken together", f"{first - 2} to {first}", together
        if of_all:
            yield "places", "50 states alone", values(first, last, able[0], without="DC")

    def choice(kind: str, option: str, by: dict[str, float]) -> Choice:
        if of_all:
            end = max(by, key=lambda k: sign * by[k])
            name = every[end].place.name
            return Choice(
                kind=kind, option=option, value=by[end], verdict=name, holds=end == asked.key
            )
        own = by.get(asked.key)
        rank = None if own is None else 1 + sum(v > own for v in by.values())
        return Choice(
            kind=kind,
            option=option,
            value=None if rank is None else float(rank),
            verdict="no figure" if rank is None else str(rank),
            holds=rank is not None and found.highest <= rank <= found.lowest,
        )

    return Robustness(choices=tuple(choice(*each) for each in choices()))


def _value(
    series: Series, start: int, end: int, per_head: bool, as_printed: bool = False
) -> float | None:
    """The rate or count over the years, or None where one of them is missing."""
    offenses = people = 0
    for year in range(start, end + 1):
        row = series.get(year)
        if row is None:
            return None
        offenses += printed_offenses([row]) if as_printed else row.offenses
        people += row.population
    return 1e5 * offenses / people if per_head else float(offenses)


def _is_doubtful(row: SeriesRow, asked: Place) -> bool:
    """Rows whose caveats a rank must carry: its own place's, and totals that contradict."""
    return row.place == asked.key or row.printed_total is not None


def _rank_caveats(figures: dict[str, Figure], question: Question) -> Iterator[Caveat]:
    yield NotARanking(
        "The FBI advises against ranking places by these figures: how much crime is reported, how "
        "police record it, and how people live differ from place to place."
    )
    missing = [s.name for key, s in states().items() if key not in figures]
    if missing:
        yield MissingPlaces(
            f"No {offense(question.offense).name} figure for {', '.join(missing)} in "
            f"{question.period}; the rank is among the {len(figures)} that have one."
        )


def _point(one: Figure) -> Point:
    low, high = limits_of(one.offenses, one.population, per_head=one.per_head)
    return Point(
        place=one.place.key,
        year=one.period.last_year,
        first_year=one.period.first_year,
        value=one.value,
        lower=low,
        upper=high,
        basis=one.basis or "",
        offenses=one.offenses,
        population=one.population,
        file_row=one.rows[-1].file_row if one.period.is_one_year else None,
    )
