"""How much a figure changed, whether by more than counting noise, and whether unusually.

Both ends are always on one definition. Where none spans both, the earlier end is carried over
by the bridge, and the answer under every bridging year is part of its robustness.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from baserate.errors import Caveat
from baserate.measure.answer import (
    Answer,
    Basis,
    Figure,
    Other,
    Robustness,
    Scatter,
    Unusual,
    Verdict,
)
from baserate.measure.context import (
    caveats_of,
    coverage_of,
    definition_used,
    source_rows,
    vintage_of,
)
from baserate.measure.difference import Difference, change_verdict, difference
from baserate.measure.question import Question
from baserate.measure.records import (
    Bridge,
    Records,
    choose_basis,
    figure,
    find_records,
    is_disputed,
    points,
    printed_tally,
    require_years,
    tally,
    unspanned,
)
from baserate.measure.scatter import local_dispersion, swings
from baserate.store.open import Store
from baserate.terms.offenses import RapeDefinition, offense
from baserate.terms.periods import Period

BASE_YEARS_TRIED = 10
UNIT = "percent"

Factors = tuple[float, float, float]
NO_BRIDGE: Factors = (1.0, 1.0, 1.0)


@dataclass(frozen=True, slots=True)
class _Way:
    """One way to form the change: definitions at both ends, and the factor between them."""

    basis: Basis
    first: RapeDefinition | None
    last: RapeDefinition | None
    factors: Factors = NO_BRIDGE
    bridge: Bridge | None = None


def change(question: Question, store: Store) -> Answer:
    """The change from the baseline to the period, in percent of the baseline.

    Where the printed total and the sum of its parts lead to different verdicts, it is "can't
    tell". `interval` is counting noise alone: the log rate ratio, or below 100 offenses the score
    interval with the E-test (docs/measures.md). `scatter` allows for how single years
    stray in this series, by its dispersion. `unusual` sets the change against all others over
    as many years.
    """
    assert question.baseline is not None
    records = find_records(store, question.place, question.offense)
    years = _years(question.baseline) | _years(question.period)
    require_years(store, records, years)
    ways = _ways(records, question, years)
    way = ways[0]
    found = _difference(records, question, way, question.per_head, with_p=True)
    earlier, later = _ends(records, question, way, question.per_head)
    verdict = change_verdict(found)
    if _is_disputed(way, (earlier, later), verdict):
        verdict = "can't tell"
    per_head = question.per_head
    dispersion = _dispersion(records, way)
    scattered = _difference(records, question, way, per_head, dispersion=dispersion)
    return Answer(
        question=question,
        verdict=verdict,
        value=found.percent,
        unit=f"{UNIT} change in the {'rate' if per_head else 'count'}",
        interval=found.interval,
        p_value=found.p_value,
        earlier=earlier,
        later=later,
        scatter=Scatter(interval=scattered.interval, dispersion=dispersion),
        unusual=_unusual(records, question, way, found),
        coverage=coverage_of([earlier, later]),
        definition=definition_used(question.offense, records, way.basis, years, way.bridge),
        vintage=vintage_of(store, question.as_of, (*earlier.rows, *later.rows)),
        robustness=_robustness(records, question, ways, verdict, (earlier, later)),
        caveats=_caveats(records, question, way, earlier, later),
        sources=source_rows(store, (*earlier.rows, *later.rows)),
        points=points(records, way.basis, per_head=per_head),
        others=tuple(_others(records, question, ways)),
    )


def _years(period: Period) -> set[int]:
    return set(range(period.first_year, period.last_year + 1))


def _ways(records: Records, question: Question, years: set[int]) -> tuple[_Way, ...]:
    able = choose_basis(records, years, question.definition)
    if able:
        return tuple(_Way(b, b, b) for b in able)
    bridge = records.bridge()
    assert question.baseline is not None
    starts, ends = _years(question.baseline), _years(question.period)
    legacy, revised = records.by_basis["legacy"], records.by_basis["revised"]
    if bridge is None or not (starts <= set(legacy) and ends <= set(revised)):
        # A window that itself straddles the change has no figure by one definition.
        raise unspanned(records, years)
    factors = (bridge.factor, bridge.lowest, bridge.highest)
    return (_Way("bridged", "legacy", "revised", factors, bridge),)


def _difference(
    records: Records,
    question: Question,
    way: _Way,
    per_head: bool,
    *,
    baseline: Period | None = None,
    dispersion: float = 1.0,
    with_p: bool = False,
) -> Difference:
    start = baseline or question.baseline
    assert start is not None
    earlier = tally(records, start, way.first, per_head=per_head)
    later = tally(records, question.period, way.last, per_head=per_head)
    return difference(earlier, later, dispersion=dispersion, bridge=way.factors, with_p=with_p)


def _ends(records: Records, question: Question, way: _Way, per_head: bool) -> tuple[Figure, Figure]:
    assert question.baseline is not None
    earlier = figure(records, question.baseline, way.first, per_head=per_head)
    if way.bridge is not None:
        earlier = replace(earlier, adjusted=earlier.value * way.bridge.factor)
    return earlier, figure(records, question.period, way.last, per_head=per_head)


def _dispersion(records: Records, way: _Way) -> float:
    """The larger of the dispersions on the definitions used: a short series is no excuse."""
    found = []
    used: tuple[RapeDefinition | None, ...] = (way.first, way.last)
    for basis in dict.fromkeys(used):
        series = records.by_basis[basis]
        years = _longest_run(sorted(series))
        people = [series[y].population for y in years]
        exposures = people if all(people) else [1] * len(years)
        found.append(local_dispersion([series[y].offenses for y in years], exposures))
    return max(found)


def _longest_run(years: list[int]) -> list[int]:
    runs: list[list[int]] = [[]]
    for year in years:
        if runs[-1] and year != runs[-1][-1] + 1:
            runs.append([])
        runs[-1].append(year)
    return max(runs, key=len)


def _unusual(records: Records, question: Question, way: _Way, found: Difference) -> Unusual | None:
    assert question.baseline is not None
    if found.percent is None or not (question.baseline.is_one_year and question.period.is_one_year):
        return None
    start = question.baseline.first_year
    span = question.period.first_year - start
    changes = records.changes(span, way.basis, question.per_head)
    changes[start] = found.percent  # it is one of them, over a bridge too
    seen = swings(list(changes.values()), found.percent)
    if seen is None:
        return None
    return Unusual(
        is_unusual=seen.at_least_as_large <= seen.spans / 10,
        band=(seen.lower, seen.upper),
        years=span,
        at_least_as_large=seen.at_least_as_large,
        of=seen.spans,
    )


def _robustness(
    records: Records,
    question: Question,
    ways: tuple[_Way, ...],
    verdict: Verdict,
    ends: tuple[Figure, Figure],
) -> Robustness:
    choices = [
        *_other_base_years(records, question, ways[0]),
        *_other_definitions(records, question, ways),
        *_printed_totals(ways[0], ends),
        *_other_quantity(records, question, ways[0], ends),
    ]
    disputed = _disputed_base_years(records, question, ways[0])
    return Robustness.against(
        verdict,
        (
            (
                kind,
                option,
                found.percent,
                "can't tell" if (kind, option) in disputed else change_verdict(found),
            )
            for kind, option, found in choices
        ),
    )


def _disputed_base_years(records: Records, question: Question, way: _Way) -> set[tuple[str, str]]:
    """Base years whose printed total and parts lead to different verdicts."""
    if not question.period.is_one_year:
        return set()
    later = figure(records, question.period, way.last, per_head=question.per_head)
    found = set()
    for year, row in records.by_basis[way.first].items():
        if row.printed_total is None or row.is_printed or year >= question.period.first_year:
            continue
        ends = (
            figure(records, Period.year(year), way.first, per_head=question.per_head),
            later,
        )
        verdict = change_verdict(
            _difference(records, question, way, question.per_head, baseline=Period.year(year))
        )
        if _is_disputed(way, ends, verdict):
            found.add(("base year", str(year)))
    return found


Found = tuple[str, str, Difference]


def _other_base_years(records: Records, question: Question, way: _Way) -> Iterator[Found]:
    """The ten years nearest to the base year that could have been chosen instead of it."""
    assert question.baseline is not None
    if not (question.baseline.is_one_year and question.period.is_one_year):
        return
    chosen, end = question.baseline.first_year, question.period.first_year
    able = [y for y in records.years if y < end and y != chosen]
    nearest = sorted(able, key=lambda y: (abs(y - chosen), y))[:BASE_YEARS_TRIED]
    for year in sorted(nearest):
        by = _way_from(records, way, year)
        if by is not None:
            found = _difference(
                records, question, by, question.per_head, baseline=Period.year(year)
            )
            yield "base year", str(year), found


def _way_from(records: Records, way: _Way, year: int) -> _Way | None:
    """How to start from another year and end as before: over the bridge where need be."""
    if year in records.by_basis[way.first]:
        return way
    bridge = records.bridge()
    if way.last == "revised" and bridge and year in records.by_basis["legacy"]:
        factors = (bridge.factor, bridge.lowest, bridge.highest)
        return _Way("bridged", "legacy", "revised", factors, bridge)
    if way.basis == "bridged" and year in records.by_basis["revised"]:
        return _Way("revised", "revised", "revised")
    return None


def _other_definitions(
    records: Records, question: Question, ways: tuple[_Way, ...]
) -> Iterator[Found]:
    for other in ways[1:]:
        found = _difference(records, question, other, question.per_head)
        yield "definition", f"{other.basis} definition", found
    bridge = ways[0].bridge
    if bridge is not None:
        for year, factor in sorted(bridge.by_year.items()):
            way = _Way("bridged", "legacy", "revised", (factor, factor, factor), bridge)
            found = _difference(records, question, way, question.per_head)
            yield "definition", f"bridged by {year} alone", found


def _printed_totals(way: _Way, ends: tuple[Figure, Figure]) -> Iterator[Found]:
    """The totals as printed, where an end's parts do not add up to its total."""
    if way.bridge or not is_disputed(r for f in ends for r in f.rows):
        return
    yield "total", "totals as printed", difference(*(printed_tally(f) for f in ends))


def _is_disputed(way: _Way, ends: tuple[Figure, Figure], verdict: Verdict) -> bool:
    """Whether the publisher contradicts itself at an end, and that decides the answer."""
    return any(change_verdict(d) != verdict for _, _, d in _printed_totals(way, ends))


def _other_quantity(
    records: Records, question: Question, way: _Way, ends: tuple[Figure, Figure]
) -> Iterator[Found]:
    if not all(f.population for f in ends):
        return  # no rate can be formed
    found = _difference(records, question, way, not question.per_head)
    yield "quantity", "count" if question.per_head else "rate", found


def _others(records: Records, question: Question, ways: tuple[_Way, ...]) -> Iterator[Other]:
    per_head = question.per_head
    other = "count" if per_head else "rate"
    whole = all(f.population for f in _ends(records, question, ways[0], per_head))
    for label, way, heads in (
        *([(other, ways[0], not per_head)] if whole else []),
        *((f"{w.basis} definition", w, per_head) for w in ways[1:]),
    ):
        found = _difference(records, question, way, heads)
        earlier, later = _ends(records, question, way, heads)
        yield Other(
            label=label,
            value=found.percent,
            unit=f"{UNIT} change in the {'rate' if heads else 'count'}",
            interval=found.interval,
            verdict=change_verdict(found),
            earlier=earlier.value,
            later=later.value,
            adjusted=earlier.adjusted,
        )


def _caveats(
    records: Records, question: Question, way: _Way, earlier: Figure, later: Figure
) -> tuple[Caveat, ...]:
    assert question.baseline is not None
    raw = None
    one_year_each = question.baseline.is_one_year and question.period.is_one_year
    if offense(records.offense).parts and one_year_each:
        start, end = question.baseline.first_year, question.period.last_year
        first, last = records.printed(start), records.printed(end)
        if first != last and first is not None and last is not None:
            mixed = _Way(None, first, last)
            raw = _difference(records, question, mixed, question.per_head).percent
    return caveats_of(
        question.offense,
        records,
        way.basis,
        (earlier, later),
        bridge=way.bridge,
        printed_change=raw,
    )
