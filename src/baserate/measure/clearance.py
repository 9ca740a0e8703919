"""Offenses cleared in a period, against offenses recorded in the same period."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import inf

from baserate.errors import Caveat, DatedByClearance, EarlierOffensesLeftOut, NoRecords
from baserate.measure.answer import Answer, Choice, Figure, Other, Point, Robustness
from baserate.measure.context import (
    caveats_of,
    coverage_of,
    definition_used,
    source_rows,
    vintage_of,
)
from baserate.measure.poisson import SMALL_COUNT, rate_ratio
from baserate.measure.question import Question
from baserate.measure.records import (
    Records,
    common_bases,
    figure,
    find_records,
    require_years,
    tally,
)
from baserate.store.open import Store
from baserate.terms.offenses import RapeDefinition, offense
from baserate.terms.periods import Period
from baserate.terms.quantities import Interval

RATE_UNIT = "percent of the offenses recorded"
COUNT_UNIT = "offenses cleared"


def clearance(question: Question, store: Store) -> Answer:
    """Offenses cleared in percent of offenses recorded in the same period, or their count.

    A clearance counts in the period it was made, whenever the offense was, so the percent can
    exceed 100 and is no proportion. Its interval is that of a ratio of two independent counts
    (`poisson.rate_ratio`): counting noise alone. Both counts are of one source, by one definition,
    and whole over every month asked about (store/holdings.py says what of a month is whole); else
    NoRecords says which is missing. With nothing recorded there is no percent: `value` is None.
    """
    years = range(question.period.first_year, question.period.last_year + 1)
    recorded = find_records(store, question.place, question.offense)
    view = _same_sources(store, recorded).view(counted="clearances")
    cleared = find_records(view, question.place, question.offense)
    require_years(view, cleared, years)
    require_years(store, recorded, years)
    able = common_bases(recorded, cleared, years, question.definition)
    main, *elsewhere = (_Cleared.of(recorded, cleared, question.period, b) for b in able)
    asked = main.interval if question.per_head else main.of_cleared.limits
    figures, rows = (main.recorded, main.of_cleared), (*main.recorded.rows, *main.of_cleared.rows)
    return Answer(
        question=question,
        verdict="recorded",
        value=main.value(per_head=question.per_head),
        unit=RATE_UNIT if question.per_head else COUNT_UNIT,
        interval=asked,
        earlier=main.recorded,
        later=main.of_cleared,
        coverage=coverage_of([main.recorded]),
        definition=definition_used(question.offense, recorded, able[0], years),
        vintage=vintage_of(store, question.as_of, rows),
        robustness=Robustness(
            choices=tuple(_other_definition(each, asked, question) for each in elsewhere)
        ),
        caveats=(
            *_clearance_caveats(store, main.of_cleared),
            *caveats_of(question.offense, recorded, able[0], figures),
        ),
        sources=source_rows(store, rows),
        points=tuple(_points(recorded, cleared, able, per_head=question.per_head)),
        others=tuple(_other_quantity(main, question)),
    )


@dataclass(frozen=True, slots=True)
class _Cleared:
    """What was recorded and what was cleared in one place and period, by one definition."""

    recorded: Figure
    of_cleared: Figure

    @classmethod
    def of(
        cls, recorded: Records, cleared: Records, period: Period, basis: RapeDefinition | None
    ) -> _Cleared:
        _refuse_corrections(recorded, cleared, period, basis)
        return cls(
            figure(recorded, period, basis, per_head=False),
            figure(cleared, period, basis, per_head=False),
        )

    def value(self, *, per_head: bool) -> float | None:
        """The percent, None where nothing was recorded; or else the count."""
        if not per_head:
            return float(self.of_cleared.offenses)
        return percent_cleared(self.of_cleared.offenses, self.recorded.offenses)

    @property
    def interval(self) -> Interval:
        """Limits of the percent."""
        return percent_limits(self.of_cleared.offenses, self.recorded.offenses)


def percent_cleared(cleared: int, recorded: int) -> float | None:
    """Clearances in percent of offenses recorded; None where none was.

    >>> percent_cleared(13, 20), percent_cleared(2, 0)
    (65.0, None)
    """
    return 100 * cleared / recorded if recorded else None


def percent_limits(cleared: int, recorded: int) -> Interval:
    """Limits of that percent, from the ratio of two Poisson counts. Open above 0 recorded.

    >>> found = percent_limits(896, 1082)
    >>> round(found.lower, 1), round(found.upper, 1)
    (75.8, 90.5)
    """
    found = rate_ratio(cleared, 1.0, recorded, 1.0)
    small = min(cleared, recorded) < SMALL_COUNT
    method = "score interval for a ratio of small counts" if small else "log ratio, two Poisson"
    upper = 100 * found.upper if recorded else inf
    return Interval(100 * found.lower, upper, f"{method}, counting noise alone")


def _same_sources(store: Store, recorded: Records) -> Store:
    """The store with every place held to the source that its offenses are from."""
    held = recorded.states or (recorded,)
    taken = {r.place.key: store.source(r.place.key, r.offense) for r in held}
    others = tuple((p, d) for p, d in store.selection.sources if p not in taken)
    return store.view(sources=(*others, *((p, d) for p, d in taken.items() if d)))


def _refuse_corrections(
    recorded: Records, cleared: Records, period: Period, basis: RapeDefinition | None
) -> None:
    """Below zero, corrections of earlier months exceed what was reported: no figure of these."""
    for records, done in ((recorded, "recorded"), (cleared, "cleared")):
        found = tally(records, period, basis, per_head=False).events
        if found < 0:
            raise NoRecords(
                f"{records.place} {period}: {found:,.0f} {offense(records.offense).many} {done}, "
                "because corrections of earlier months exceed what was reported; ask about a "
                "longer period"
            )


def _clearance_caveats(store: Store, of_cleared: Figure) -> Iterator[Caveat]:
    period = of_cleared.period
    yield DatedByClearance(
        f"These are clearances made in {period}, whenever the offense was, set against offenses "
        f"recorded in {period}. So the figure can exceed 100%, and it is not how many of those "
        "offenses were solved. Cleared means by arrest, or by exceptional means: the offender is "
        "known but cannot be arrested, having died for instance."
    )
    sources = {s.short: s for s in (store.dataset(store.entry(r)) for r in of_cleared.rows)}
    for source in sources.values():
        if source.clearances == "of its own incidents":
            yield EarlierOffensesLeftOut(
                f"{source.short}: a file has the clearances of its own incidents. Offenses of "
                "earlier years are in other files, and their clearances are left out here, so that "
                "too few are counted and the percent is too low."
            )


def _other_definition(each: _Cleared, main: Interval, question: Question) -> Choice:
    value = each.value(per_head=question.per_head)
    return Choice(
        kind="definition",
        option=f"{each.recorded.basis} definition",
        value=value,
        verdict="recorded",
        holds=value is not None and value in main,
    )


def _other_quantity(main: _Cleared, question: Question) -> Iterator[Other]:
    """The count beside the percent, and the percent beside the count."""
    other = not question.per_head
    value = main.value(per_head=other)
    if value is not None:
        yield Other(
            label="rate" if other else "count",
            value=value,
            unit=RATE_UNIT if other else COUNT_UNIT,
            interval=main.interval if other else main.of_cleared.limits,
            verdict="recorded",
        )


def _points(
    recorded: Records,
    cleared: Records,
    bases: tuple[RapeDefinition | None, ...],
    *,
    per_head: bool,
) -> Iterator[Point]:
    """Every year that has both counts. `offenses` are those recorded."""
    for basis in bases:
        of_recorded, of_cleared = recorded.by_basis[basis], cleared.by_basis[basis]
        for year in sorted(of_recorded.keys() & of_cleared.keys()):
            row, n = of_recorded[year], of_cleared[year].offenses
            if min(n, row.offenses) < 0 or (per_head and not row.offenses):
                continue
            found = _Cleared.of(recorded, cleared, Period.year(year), basis)
            value, limits = found.value(per_head=per_head), found.of_cleared.limits
            assert value is not None
            yield Point(
                place=row.place,
                year=year,
                value=value,
                lower=(found.interval if per_head else limits).lower,
                upper=(found.interval if per_head else limits).upper,
                basis=row.definition or "",
                offenses=row.offenses,
                population=row.population,
                file_row=of_cleared[year].file_row,
            )
