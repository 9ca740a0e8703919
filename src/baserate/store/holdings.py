"""From numbers as the files state them to one series: releases, months and partial years.

Everything here is about one offense in one place from one dataset. Where two files state the
same number, the newer release counts, and the older one is remembered if it differs.

Clearances go by the same rules, and zero, missing and partial stay three things. A month the
agency reported without clearing anything has a row with 0. A month without a row is missing, also
where its offenses are there: the year is then held in part. A month with a row that `is_partial`
has clearances of earlier offenses, in a month the agency did not report or that the file does not
reach: it is missing too, never stands in for the month's number, whichever file is newer, and is
no other statement of it. So offenses and clearances are only set against each other over months
that both have whole.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple, Protocol

from baserate.sources.facts import Counted
from baserate.store.ledger import Entry
from baserate.terms.offenses import RapeDefinition

WHOLE_YEAR = (1, 12)


class SeriesRow(NamedTuple):
    """One figure: how many offenses of one kind were recorded in one place in one year.

    Under a view of some months only, it is those months of the year; under a view of clearances,
    `offenses` are those that were cleared in it. `definition` is None where
    the offense has one definition throughout. `population` is 0 where none is known.
    `printed_total` and `parts_total` are set where the publisher's total is not the sum of its
    own parts. For totals that include rape, `printed_definition` is what the publisher's total
    counts, 'none' where arithmetic cannot tell. `file` is the id of its ledger entry; `file_row`
    is None where it is summed from many rows. `covered` is the share of the place's people whose
    agencies reported, None where that is not known. `releases` is how many releases at hand state
    the figure; `population_file` is the file the population is from, if it is another.
    """

    place: str
    definition: RapeDefinition | None
    year: int
    offenses: int
    population: int
    is_printed: bool
    printed_total: int | None
    parts_total: int | None
    printed_definition: str | None
    file_row: int | None
    caveats: str
    file: str = ""
    is_estimated: bool = False
    covered: float | None = None
    releases: int = 1
    population_file: str = ""


Series = dict[int, SeriesRow]


@dataclass(frozen=True, slots=True)
class Selection:
    """Which of the records a view shows.

    as_of             nothing released after that day; None is the newest
    months            first and last month of each year, (1, 12) for whole years
    sources           the dataset to take for a place, where it is not the preferred one
    rule              hierarchy: an incident counts once; all: every offense in it
    needs_population  leave out figures of which no rate can be formed
    counted           offenses as recorded, or clearances of offenses, by date of clearance
    """

    as_of: date | None = None
    months: tuple[int, int] = WHOLE_YEAR
    sources: tuple[tuple[str, str], ...] = ()
    rule: str = "hierarchy"
    needs_population: bool = False
    counted: Counted = "offenses"


class NotWhole(NamedTuple):
    """A year that a source has in part: the months it has, or why it is not whole."""

    months: tuple[int, ...]
    why: str
    counted: int
    file: str


@dataclass(slots=True)
class Held:
    """What one dataset holds of one offense in one place, under one selection."""

    series: dict[RapeDefinition | None, Series] = field(default_factory=dict)
    not_whole: dict[int, NotWhole] = field(default_factory=dict)
    # Days of releases, by year: of those that state a number of it, and of those that state it
    # differently from the newest.
    has_one_rule: bool = False
    stated: dict[int, set[date]] = field(default_factory=dict)
    revised: dict[int, set[date]] = field(default_factory=dict)


class Number(NamedTuple):
    """A row of the series table, as it is read."""

    entry: str
    place: str
    definition: RapeDefinition | None
    rule: str
    year: int
    month: int | None
    number: int
    population: int | None
    months_reported: int | None
    is_partial: bool
    is_estimated: bool
    is_printed: bool
    printed_total: int | None
    parts_total: int | None
    printed_definition: str | None
    note: str
    file_row: int | None


class People(Protocol):
    """What is known of the people behind a number."""

    def population(self, place: str, year: int, files: Collection[str]) -> tuple[int, str] | None:
        """People of a place in a year by lists of agencies, of those files, and the file."""

    def covered(self, place: str, entry: str, year: int, population: int) -> float | None:
        """The share of a state's people whose agencies reported."""


def hold(
    numbers: Iterable[Number], selection: Selection, files: Mapping[str, Entry], people: People
) -> Held:
    """One dataset's numbers of one place, as series under a selection."""
    return _Holding(selection, files, people).of(numbers)


Key = tuple[RapeDefinition | None, int, int | None]  # definition, year, month


def _is_piece(number: Number) -> bool:
    """Whether it is a part of a month's number only."""
    return number.month is not None and number.is_partial


class _Holding:
    """The work of `hold`."""

    def __init__(self, selection: Selection, files: Mapping[str, Entry], people: People) -> None:
        self._selection, self._files, self._people = selection, files, people
        self._held = Held()

    def of(self, numbers: Iterable[Number]) -> Held:
        numbers = list(numbers)
        rules = {n.rule for n in numbers}
        self._rule = self._selection.rule if self._selection.rule in rules else next(iter(rules))
        self._held.has_one_rule = len(rules) == 1
        monthly: dict[tuple[RapeDefinition | None, int], dict[int, Number]] = {}
        for (definition, year, month), number in self._newest(numbers).items():
            if month is not None:
                monthly.setdefault((definition, year), {})[month] = number
            elif self._selection.months == WHOLE_YEAR:
                self._keep_year(number)
        for (definition, year), by_month in monthly.items():
            if year not in self._held.series.get(definition, {}):
                self._keep_months(by_month)
        return self._held

    def _newest(self, numbers: Iterable[Number]) -> dict[Key, Number]:
        """The newest release of each number that the selection shows.

        A partial number of a month's offenses is a later file's correction of it: it is added to
        the month if that was released before, and is no month by itself. One of clearances is
        never added, because two releases of a file have the same ones; where the month has no
        other number it marks that some are held.
        """
        newest: dict[Key, Number] = {}
        pieces: list[tuple[Key, Number]] = []
        for number in numbers:
            if not self._shows(number):
                continue
            key = (number.definition, number.year, number.month)
            if _is_piece(number):
                pieces.append((key, number))
                continue
            self._held.stated.setdefault(number.year, set()).add(self._released(number))
            other = newest.get(key)
            if other is None:
                newest[key] = number
                continue
            older, newer = sorted((number, other), key=self._age)
            newest[key] = newer
            if older.number != newer.number and self._released(older) < self._released(newer):
                self._held.revised.setdefault(number.year, set()).add(self._released(older))
        live = {n.entry for n in newest.values()}
        for key, piece in pieces:
            self._place(piece, key, newest, live)
        return newest

    def _place(
        self, piece: Number, key: Key, newest: dict[Key, Number], live: Collection[str]
    ) -> None:
        """Add a correction to its month, if its file is no older and not superseded itself."""
        month = newest.get(key)
        if self._selection.counted == "clearances":
            newest.setdefault(key, piece)
        elif (
            month is not None
            and piece.entry in live
            and piece.entry != month.entry
            and self._released(piece) >= self._released(month)
        ):
            newest[key] = month._replace(number=month.number + piece.number)

    def _shows(self, number: Number) -> bool:
        as_of = self._selection.as_of
        is_out = as_of is not None and self._released(number) > as_of
        return number.rule == self._rule and not is_out

    def _released(self, number: Number) -> date:
        return self._files[number.entry].released

    def _age(self, number: Number) -> tuple[date, str]:
        entry = self._files[number.entry]
        return entry.released, f"{entry.added} {entry.id}"

    def _keep_year(self, number: Number) -> None:
        reported = number.months_reported
        if number.is_partial or (reported is not None and reported < 12):
            why = number.note if reported is None else f"{reported} of 12 months reported"
            part = NotWhole((), why, number.number, number.entry)
            self._held.not_whole[number.year] = part
            return
        self._keep(number, number.number, number.population, number.file_row)

    def _keep_months(self, by_month: dict[int, Number]) -> None:
        first, last = self._selection.months
        wanted = range(first, last + 1)
        whole = {m for m, n in by_month.items() if not _is_piece(n)}
        if not whole.issuperset(wanted):
            months = tuple(sorted(whole))
            newest = by_month[max(by_month)]
            count = sum(n.number for n in by_month.values())
            why = f"{len(months)} of 12 months held" if months else "no month held whole"
            part = NotWhole(months, why, count, newest.entry)
            self._held.not_whole[newest.year] = part
            return
        used = [by_month[m] for m in wanted]
        known = [n.population for n in used if n.population is not None]
        people = round(sum(known) / len(known)) if len(known) == len(used) else None
        row = used[0].file_row if len(used) == 1 else None
        self._keep(used[-1], sum(n.number for n in used), people, row)

    def _keep(
        self, number: Number, count: int, population: int | None, file_row: int | None
    ) -> None:
        covered, listed_in = None, ""
        if population is None:
            found = self._people.population(number.place, number.year, self._by_then())
            population, listed_in = found or (None, "")
        elif not number.is_estimated and len(number.place) == 2:
            covered = self._people.covered(number.place, number.entry, number.year, population)
        if not population and self._selection.needs_population:
            return
        self._held.series.setdefault(number.definition, {})[number.year] = SeriesRow(
            place=number.place,
            definition=number.definition,
            year=number.year,
            offenses=count,
            population=population or 0,
            is_printed=number.is_printed,
            printed_total=number.printed_total,
            parts_total=number.parts_total,
            printed_definition=number.printed_definition,
            file_row=file_row,
            caveats=number.note,
            file=number.entry,
            is_estimated=number.is_estimated,
            covered=covered,
            releases=len(self._held.stated.get(number.year, {None})),
            population_file=listed_in,
        )

    def _by_then(self) -> frozenset[str]:
        """The files that had been released by the day the selection asks of."""
        as_of = self._selection.as_of
        return frozenset(i for i, e in self._files.items() if as_of is None or e.released <= as_of)
