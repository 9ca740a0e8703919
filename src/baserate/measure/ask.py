"""Ask a Question, get an Answer. The one road by which a number reaches a reader."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from importlib import import_module

from baserate.errors import (
    Caveat,
    LeftOpen,
    NoRecords,
    PartOfYear,
    PeopleFromElsewhere,
    SameMonths,
    TwoSources,
    YearNotHeld,
)
from baserate.measure.alternatives import (
    OTHER_RULE,
    Alternative,
    describe_source,
    releases_before,
    with_alternatives,
)
from baserate.measure.answer import Answer
from baserate.measure.coverage import allow_for_coverage
from baserate.measure.parse import Parsed, open_start, parse
from baserate.measure.question import MEASURE_NAMES, MeasureName, Question
from baserate.measure.records import find_records, span_to_search, spans_held, years_held
from baserate.measure.unstated import allow_for_unstated_definition
from baserate.sources.catalog import dataset
from baserate.store.holdings import Selection
from baserate.store.open import Store, open_store
from baserate.terms.periods import Period
from baserate.terms.places import Place

MOST_PAIRS = 6  # ways to choose a source for each place
MEASURES: tuple[MeasureName, ...] = MEASURE_NAMES


def work_out(name: MeasureName) -> Callable[[Question, Store], Answer]:
    """The function of a measure: the one of its name, in the module of its name.

    Imported when it is first asked for, because one question needs one measure.
    """
    made: Callable[[Question, Store], Answer] = getattr(
        import_module(f"baserate.measure.{name}"), name
    )
    return made


def answer(question: Question, store: Store) -> Answer:
    """The Answer to a Question, by the first source that can give it, the others beside it.

    >>> from baserate.store.open import open_store
    >>> found = answer(parse("murder rate in Missouri, 2014 to 2015").question, open_store())
    >>> found.verdict, round(found.value, 1)
    ('up', 24.3)
    """
    store.require_release(question.as_of)
    views = list(_views(question, store))
    found: list[tuple[Store, Answer]] = []
    refused: list[tuple[Store, NoRecords]] = []
    for view in views:
        try:
            found.append((view, work_out(question.measure)(question, view)))
        except NoRecords as error:
            refused.append((view, error))
    if not found:
        return _over_the_same_months(question, store, refused)
    view, main = found[0]
    others = [
        Alternative("source", f"other source ({describe_source(v, a)})", a) for v, a in found[1:]
    ]
    others += _by_other_releases(question, view)
    others += _by_the_other_rule(question, view)
    main = replace(main, caveats=(*_where_from(main, view), *main.caveats))
    main = allow_for_unstated_definition(main, view)
    return allow_for_coverage(with_alternatives(main, tuple(others)))


def _where_from(main: Answer, view: Store) -> Iterator[Caveat]:
    """What an answer from more than one dataset must say of them."""
    figures = [f for f in (main.earlier, main.later) if f is not None]
    by_place = {
        str(f.place): ", ".join(dict.fromkeys(view.dataset(view.entry(r)).short for r in f.rows))
        for f in figures
    }
    if len(set(by_place.values())) > 1:
        said = "; ".join(f"{place}: {short}" for place, short in by_place.items())
        yield TwoSources(f"The figures are from two sources, which may count otherwise. {said}.")
    lists = {r.population_file for f in figures for r in f.rows} - {""}
    if lists and main.question.needs_population:
        named = " and ".join(sorted(view.dataset(view.by_id[i]).short for i in lists))
        yield PeopleFromElsewhere(
            f"The source of the offenses has no population; the people are from {named}."
        )


def _views(question: Question, store: Store) -> Iterator[Store]:
    """The records as each source of each place has them, the preferred ones first."""
    base = store.view(
        as_of=question.as_of,
        months=question.months,
        needs_population=question.needs_population,
    )
    seen: set[Selection] = set()
    for sources in _sources_of_each(question, base):
        view = base
        for place, source in sources:
            if source != view.source(place, question.offense_counted):
                view = view.from_source(place, source)
        if view.selection not in seen:
            seen.add(view.selection)
            yield view
    if not seen:
        yield base


def _sources_of_each(question: Question, base: Store) -> list[list[tuple[str, str]]]:
    """Which source to take for each place of the question, in the order of preference.

    Two cities are compared by one source where any has both. The nation and the states have
    their own, and what a city is compared with does not depend on the city's.
    """

    def able(place: Place | None) -> list[str | None]:
        if place is None:
            return [None]
        return [*base.sources(place.key, question.offense_counted)] or [None]

    one, other = question.place, question.against
    local = other is not None and {one.kind, other.kind} <= {"city", "agency"}
    taken = base.source(one.key, question.offense_counted)
    pairs = [(a, b) for a in able(one) for b in able(other)]
    if other is not None and not local:
        # One choice at a time beside the preferred one of each.
        pairs = [p for p in pairs if pairs[0][0] == p[0] or pairs[0][1] == p[1]]
    pairs.sort(key=lambda p: (local and p[0] != p[1], p[0] != taken))
    keys = (one.key, other.key if other else "")
    return [
        [(k, s) for k, s in zip(keys, pair, strict=True) if s is not None]
        for pair in pairs[:MOST_PAIRS]
    ]


def _by_other_releases(question: Question, view: Store) -> Iterator[Alternative]:
    for day in releases_before(view, question):
        earlier = view.view(as_of=day)
        try:
            found = work_out(question.measure)(question, earlier)
        except NoRecords:
            continue
        yield Alternative("release", f"release of {day:%-d %B %Y}", found)


def _by_the_other_rule(question: Question, view: Store) -> Iterator[Alternative]:
    place, key = question.place.key, question.offense_counted
    other, source = view.view(rule=OTHER_RULE), view.source(place, key)
    if view.has_one_rule(place, key) or source not in other.sources(place, key):
        return
    try:
        found = work_out(question.measure)(question, other)
    except NoRecords:
        return
    yield Alternative("counting rule", "rule that counts every offense of an incident", found)


def _over_the_same_months(
    question: Question, store: Store, refused: list[tuple[Store, NoRecords]]
) -> Answer:
    """A year held in part against the same months of the other year, where that can be had.

    Where it cannot, the refusal is that of the source with the most years.
    """
    part = next((e for _, e in refused if isinstance(e, PartOfYear)), None)
    asked = _narrowed(question, store, part.dataset) if part else None
    if part is None or asked is None:
        error = max(refused, key=lambda each: _years(question, each[0]))[1]
        raise _with_other_sources(error, question, store)
    found = answer(asked, store.from_source(question.place.key, part.dataset))
    note = SameMonths(
        f"Not all months of {question.period} and {question.baseline} are held, so the months "
        f"that are held of both are compared: {asked.period} with {asked.baseline}."
    )
    return replace(found, caveats=(note, *found.caveats))


def _with_other_sources(error: NoRecords, question: Question, store: Store) -> NoRecords:
    """The error, with which source has which years where that is what is in the way."""
    key = question.place.key
    sources = store.sources(key, question.offense_counted)
    if type(error) is not YearNotHeld or len(sources) < 2:
        return error
    spans = spans_held(store, question.place, question.offense_counted)
    said = "; ".join(
        f"{dataset(source).short}: {first if first == last else f'{first} to {last}'}"
        for source, (first, last) in zip(sources, spans, strict=True)
    )
    return YearNotHeld(f"{error}. By source: {said}. Figures of two are not put together")


def _years(question: Question, view: Store) -> int:
    """How many years the view's source of the place has of what is asked about."""
    source = view.source(question.place.key, question.offense_counted)
    if source is not None:
        view = view.from_source(question.place.key, source).view(counted=question.counted)
    try:
        return len(find_records(view, question.place, question.offense).years)
    except NoRecords:
        return 0


def _narrowed(question: Question, store: Store, dataset: str) -> Question | None:
    """The question about the longest run of months that both its years have."""
    one, two = question.period, question.baseline
    if two is None or not (one.is_one_year and two.is_one_year):
        return None
    view = store.view(as_of=question.as_of)
    held = view.not_whole(question.place.key, question.offense_counted).get(dataset, {})
    common = set(range(1, 13))
    for year in (one.first_year, two.first_year):
        if year in held:
            common &= set(held[year].months)
    run = _longest_run(sorted(common))
    if not run:
        return None
    return replace(
        question,
        period=Period.months(one.first_year, run[0], run[-1]),
        baseline=Period.months(two.first_year, run[0], run[-1]),
    )


def _longest_run(months: list[int]) -> list[int]:
    runs: list[list[int]] = [[]]
    for month in months:
        if runs[-1] and month != runs[-1][-1] + 1:
            runs.append([])
        runs[-1].append(month)
    return max(runs, key=len)


def read_question(text: str, store: Store, *, as_of: date | None = None) -> Parsed:
    """Words to a Question about the records at hand.

    The records of the place that is named say how far back "since" and how far on "the latest"
    reach.
    """

    def read(first: int, last: int) -> Parsed:
        return parse(text, first_year=first, last_year=last, as_of=as_of, added=store.added_places)

    whole = store.first_year, store.last_year
    parsed = read(*whole)
    held = _years_meant(parsed, store, whole)
    if held != whole:
        parsed = read(*held)
    asked, said = parsed.question, open_start(held[0])
    if said not in parsed.assumed:
        return parsed
    # Nobody named a start, so the records of the offense in that place do.
    years = find_records(store, asked.place, asked.offense).years
    first = years[0] if years else held[0]
    period = Period.years(first, max(first, asked.period.last_year))
    assumed = tuple(open_start(first) if note == said else note for note in parsed.assumed)
    return Parsed(replace(asked, period=period), assumed)


def _years_meant(parsed: Parsed, store: Store, whole: tuple[int, int]) -> tuple[int, int]:
    """The years that the records reach, for what the words left open.

    One year is the newest that any source of the place has; a stretch is one source's, that
    holds its start and reaches furthest.
    """
    asked = parsed.question
    spans = spans_held(store.view(counted=asked.counted), asked.place, asked.offense_counted)
    named = None if open_start(whole[0]) in parsed.assumed else asked.first_year
    first, last = span_to_search(spans, named) or years_held(store, asked.place)
    if asked.baseline is None and asked.period.first_year == asked.period.last_year:
        last = max((s[1] for s in spans), default=last)
    return first, last


def ask(text: str, *, store: Store | None = None, as_of: date | None = None) -> Answer:
    """Ask in words, get an Answer.

    What the words left open (no place, no period) is said in a LeftOpen warning.

    >>> round(ask("violent crime rate in the United States, 2015 to 2016").value, 2)
    3.43
    """
    records = store or open_store()
    parsed = read_question(text, records, as_of=as_of)
    for note in parsed.assumed:
        warnings.warn(LeftOpen(note), stacklevel=2)
    return answer(parsed.question, records)
