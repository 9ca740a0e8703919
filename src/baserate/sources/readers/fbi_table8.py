"""Reader of the FBI's city tables (Table 8, 8A, 6): one row of a sheet, one agency in one year.

Three traps. Footnote marks are glued to names ("St. Joseph4,6", "ILLINOIS5, 6"), and most figures
that are left blank are explained by one. The columns drift from year to year, down to a heading
that stands there twice. And one name in one state is not one city: Chester is not Chester
Township.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any, NamedTuple

from baserate.errors import BadRow, LayoutChanged
from baserate.sources.facts import SeriesFact
from baserate.sources.readers.fbi_estimates import rape_basis
from baserate.sources.reading import Reading, Source, reading_of
from baserate.sources.tables import Tables
from baserate.sources.workbooks import Cell, Sheet, sheets, text_inside
from baserate.terms.offenses import definition_in_force
from baserate.terms.places import cities, city_key, states

TITLE = "FBI offenses known by city (Table 8, 8A or 6), .xls or .xlsx"
VERSION = 1

FIRST_YEAR, LAST_YEAR = 1930, 2100  # the UCR Program began in 1930
LARGEST_COUNT = 100_000_000
LONGEST_NAME = 120  # characters
LONGEST_TITLE = 15  # rows above the cities
MOST_UNFIT = 0.02  # share of totals that are not their parts, and of rows rejected; published: 0
FEW = 3  # so many are no share yet

DASHES = re.compile(r"[-\N{EN DASH}\N{EM DASH}]+")
MARKS = re.compile(r"(?<=[^\d,\s])(\d{1,2}(?:\s*,\s*\d{1,2})*)\s*$")
NOTE = re.compile(r"\s*(\d{1,2})\s*(\D.*)", re.DOTALL)

VIOLENT = ("murder", "robbery", "aggravated_assault")  # and rape, by either definition
PROPERTY = ("burglary", "larceny", "motor_vehicle_theft")
RAPES = ("rape_legacy", "rape_revised")
SEVEN = ("murder", "rape_legacy", "robbery", "aggravated_assault", *PROPERTY)  # without arson

Row = Sequence[Cell]
Marks = tuple[str, ...]


class Heading(NamedTuple):
    """The row of column headings: where each column stands, and the marks on its heading."""

    row: int  # its index
    columns: dict[str, int]
    marks: dict[str, Marks]


@dataclass(frozen=True, kw_only=True)
class Page:
    """What the rows around the cities say: title, headings and footnotes."""

    year: int
    state: str | None
    edition: str
    heading: Heading
    notes: dict[str, str]
    dash_is_zero: bool
    title_marks: Marks

    @cached_property
    def months_reported(self) -> int | None:
        """12 where a footnote on the title says that only such agencies are in the table."""
        said = " ".join(self.notes.get(m, "") for m in self.title_marks)
        return 12 if _matches("twelve_months", said) else None


@dataclass(frozen=True, kw_only=True)
class CityRow:
    """One agency in one year. A count that the table leaves blank is not in `counts`."""

    file_row: int
    agency: str
    state: str
    population: int | None
    counts: dict[str, int]
    marks: Marks


class _Unfit(Exception):
    """A row that is not kept, and why."""


def looks_like(source: Source) -> bool:
    """Whether a workbook has the table's title among its words."""
    text = text_inside(source)
    return all(re.search(_layout()["title"][w].encode(), text) for w in ("about", "by_city"))


def read(source: Source, out: Tables) -> Reading:
    """The sheet as series: every figure of every agency, with its footnotes and its row."""
    remarks: list[str] = []
    sheet = _table_sheet(sheets(source.path), source.name, remarks)
    page = read_page(sheet.rows, source.name, remarks)
    found = _walk(sheet.rows, page, out)
    _refuse_absurd(found.rows, page, out, source.name)
    places = place_keys(found.rows)
    out.write("series", (f for r in found.rows for f in facts(r, page, places[r.file_row])))
    return reading_of(
        "fbi_table8",
        source,
        edition=page.edition,
        first_year=page.year,
        last_year=page.year,
        remarks=(*remarks, *_remarks(found, page, places)),
    )


# --- title, headings, footnotes ---------------------------------------------------------------


def read_page(rows: Sequence[Row], name: str, remarks: list[str]) -> Page:
    """The frame of the table. Raises LayoutChanged where it is not the one that is known."""
    at = _heading_row(rows, name)
    title = [_text(c) for row in rows[:at] for c in row if _text(c)]
    state = next((s for t in title if (s := _state_called(_without_marks(t)[0]))), None)
    year = _year(title, name)
    heading = _heading(rows, at, state, name, remarks)
    lines = _note_lines(rows[at + 1 :], heading)
    notes = footnotes(lines)
    editions = _layout()["edition"]
    kind = next(
        (says for words, says in editions.items() if words in " ".join(title)), "all cities"
    )
    wholly = ("city", "population", "state")
    return Page(
        year=year,
        state=state,
        edition=f"{states()[state].name if state else kind}, {year}",
        heading=_with_rape_defined(heading, notes, year),
        notes=notes,
        dash_is_zero=any(_matches("dash_is_zero", line) for line in lines),
        title_marks=(
            *(m for t in title if _may_bear_marks(t) for m in _without_marks(t)[1]),
            *(m for c in wholly for m in heading.marks.get(c, ())),
        ),
    )


def footnotes(lines: Sequence[str]) -> dict[str, str]:
    """Footnotes by their number, each whole although it may run over several rows.

    A row goes on with the note above it unless it starts with the next number:

    >>> footnotes(["1 Agencies that sent ", "12 months of data.", "2 Not comparable."])
    {'1': 'Agencies that sent 12 months of data.', '2': 'Not comparable.'}
    """
    notes: dict[str, str] = {}
    last = 0
    for line in lines:
        numbered = NOTE.fullmatch(line)
        if numbered and int(numbered[1]) == last + 1:
            last += 1
            notes[str(last)] = numbered[2]
        elif _matches("dash_is_zero", line):
            last = 99  # nothing belongs to a note after it
        elif str(last) in notes:
            notes[str(last)] += f" {line}"
    return {number: " ".join(text.split()) for number, text in notes.items()}


def _table_sheet(found: Sequence[Sheet], name: str, remarks: list[str]) -> Sheet:
    fitting = [s for s in found if _is_titled(s.rows)]
    if len(fitting) != 1:
        raise LayoutChanged(
            f'{name}: {len(fitting)} of its {len(found)} sheets have the title "Offenses Known to '
            'Law Enforcement by City" in their first rows; exactly one is needed. Save the sheet '
            "of cities alone"
        )
    others = [s for s in found if s is not fitting[0] and any(map(_has_something, s.rows))]
    if others:
        called = ", ".join(repr(s.name[:40]) for s in others[:5])
        remarks.append(f"Only the sheet of cities was read; the workbook also has {called}.")
    return fitting[0]


def _is_titled(rows: Sequence[Row]) -> bool:
    title = " ".join(_text(c) for row in rows[:LONGEST_TITLE] for c in row)[:10_000]
    return all(re.search(_layout()["title"][w], title) for w in ("about", "by_city"))


def _may_bear_marks(title: str) -> bool:
    """Not every number at the end of a title is a footnote's: "Table 8", "by City, 2013"."""
    about = re.search(_layout()["title"]["about"], title)
    return bool(about or _state_called(_without_marks(title)[0]))


def _heading_row(rows: Sequence[Row], name: str) -> int:
    for at, row in enumerate(rows[:LONGEST_TITLE]):
        if len({_columns().get(_letters(c)) for c in row} - {None}) >= 5:
            return at
    raise LayoutChanged(
        f"{name}: no row of column headings (City, Population, Robbery, ...) in the first "
        f"{LONGEST_TITLE} rows"
    )


def _year(title: Sequence[str], name: str) -> int:
    years = {y for t in title for y in _year_in(t)}
    if len(years) != 1:
        said = ", ".join(map(str, sorted(years))) or "none"
        raise LayoutChanged(f"{name}: its title must name one year; found {said}")
    return years.pop()


def _year_in(title: str) -> list[int]:
    found = re.findall(r"(?<![\d,])((?:19|20)\d\d)(?=\d?\s*$|[^\d])", title)
    return [int(y) for y in found if FIRST_YEAR <= int(y) <= LAST_YEAR]


def _heading(
    rows: Sequence[Row], at: int, state: str | None, name: str, remarks: list[str]
) -> Heading:
    places: dict[str, list[int]] = {}
    marks: dict[str, Marks] = {}
    unknown = []
    for place, cell in enumerate(rows[at]):
        if not _text(cell):
            continue
        column = _columns().get(_letters(cell))
        if column is None:
            unknown.append(repr(_text(cell)[:40]))
            continue
        places.setdefault(column, []).append(place)
        marks[column] = (*marks.get(column, ()), *re.findall(r"\d{1,2}", _text(cell)))
    if state and "city" not in places and "state" in places:
        places["city"] = places.pop("state")
        remarks.append("The column of cities is headed 'State', though it holds cities.")
    needed = _layout()["needed"]
    missing = [c for c in needed["columns"] if c not in places]
    if not any(c in places for c in needed["one_of"]):
        missing.append("rape")
    if not state and "state" not in places and not _has_state_rows(rows, places.get("city")):
        missing.append("state (in the title, a column, or headings above the cities)")
    if unknown or missing:
        raise LayoutChanged(
            f"{name}: unknown columns {', '.join(unknown) or 'none'}; missing columns "
            f"{', '.join(missing) or 'none'}. This reader knows the FBI's tables of offenses by "
            "city, 1999 to 2018"
        )
    columns = {c: _the_one(where, rows, at, name, remarks) for c, where in places.items()}
    return Heading(at, columns, marks)


def _the_one(places: list[int], rows: Sequence[Row], at: int, name: str, remarks: list[str]) -> int:
    """The place of a column. Where its heading stands twice, one of the two holds no figure."""
    if len(places) == 1:
        return places[0]
    filled = [p for p in places if any(_is_number(_cell(row, p)) for row in rows[at + 1 :])]
    called = _text(rows[at][places[0]])
    if len(filled) != 1:
        raise LayoutChanged(
            f"{name}: the heading {called!r} stands over {len(places)} columns and {len(filled)} "
            "of them hold figures; exactly one is needed"
        )
    remarks.append(
        f"The heading {called!r} stands over {len(places)} columns; only the one in column "
        f"{filled[0] + 1} holds figures, and it is taken."
    )
    return filled[0]


def _has_state_rows(rows: Sequence[Row], city: list[int] | None) -> bool:
    return city is not None and any(
        _state_called(_without_marks(_text(_cell(row, city[0])))[0]) for row in rows
    )


def _with_rape_defined(heading: Heading, notes: Mapping[str, str], year: int) -> Heading:
    """The column headed 'Rape' alone, under the definition its footnote or its year tells."""
    columns, marks = dict(heading.columns), dict(heading.marks)
    if "rape" in columns:
        said = " ".join(notes.get(m, "") for m in marks.get("rape", ()))
        revised = _matches("revised_rape", said) or definition_in_force(year) == "revised"
        taken = "rape_revised" if revised else "rape_legacy"
        columns.setdefault(taken, columns.pop("rape"))
        marks[taken] = marks.pop("rape", ())
    return heading._replace(columns=columns, marks=marks)


def _note_lines(rows: Sequence[Row], heading: Heading) -> list[str]:
    """The text below the cities, row by row."""
    lines: list[str] = []
    for row in rows:
        text = _only_text(row, heading)
        if text and (lines or _starts_notes(text)):
            lines.append(text)
    return lines


def _starts_notes(text: str) -> bool:
    numbered = NOTE.fullmatch(text)
    return bool(numbered and numbered[1] == "1") or _matches("dash_is_zero", text)


# --- rows ---------------------------------------------------------------------------------------


@dataclass
class _Walk:
    """Down the sheet row by row: which state a city stands under, and what was odd on the way."""

    page: Page
    out: Tables
    state: str | None
    heading_said: str = ""
    in_notes: bool = False
    name_above: str = ""
    rows: list[CityRow] = field(default_factory=list)
    seen: dict[tuple[Any, ...], int] = field(default_factory=dict)
    zeros: int = 0
    unexplained_dashes: int = 0
    strange_marks: list[str] = field(default_factory=list)
    stray: list[str] = field(default_factory=list)

    def take(self, file_row: int, row: Row, below: Row) -> None:
        """Keep the row, set it aside or reject it."""
        self.out.rows.read += 1
        try:
            if file_row <= self.page.heading.row + 1 or not _has_something(row):
                kept = False
            elif text := _only_text(row, self.page.heading):
                kept = False
                self._take_text(text, below)
            else:
                self._take_city(file_row, row)
                kept = True
        except _Unfit as why:
            self.out.reject(file_row, str(why), " | ".join(_text(c)[:200] for c in row[:50]))
            return
        self.out.rows.kept += kept
        self.out.rows.aside += not kept

    def _take_text(self, text: str, below: Row) -> None:
        self.in_notes = self.in_notes or _starts_notes(text)
        if self.in_notes:
            return
        if state := _state_called(_without_marks(text)[0]):
            self.state, self.heading_said = state, text
        elif self._goes_on(below):
            self.name_above = text
        else:
            if text == text.upper():  # a heading: what follows is not the state before
                self.state, self.heading_said = None, text
            raise _Unfit(
                f"has the text {text[:60]!r} and no figure; a city with figures or the name of a "
                "state is needed"
            )

    def _goes_on(self, below: Row) -> bool:
        """Whether the row below is the rest of a name, indented, with the figures."""
        name = _cell(below, self.page.heading.columns["city"])
        indented = isinstance(name, str) and name.startswith("  ") and bool(name.strip())
        return indented and not _only_text(below, self.page.heading)

    def _take_city(self, file_row: int, row: Row) -> None:
        if own := _text(_cell(row, self.page.heading.columns.get("state", -1))):
            self.state, self.heading_said = _state_called(_without_marks(own)[0]), own
        name, marks = self._name(file_row, row)
        if self.state is None:
            under = f"the heading {self.heading_said[:40]!r}" if self.heading_said else "no heading"
            raise _Unfit(f"{name!r} stands under {under}; the name of a state is needed")
        figures = self._figures(row)
        population = figures.pop("population", None)
        if not figures:
            raise _Unfit(f"{name!r} has no figure at all; a count of some offense is needed")
        told = (self.state, name, population, *sorted(figures.items()))
        if told in self.seen:
            raise _Unfit(f"{name!r} with the same figures stands in row {self.seen[told]} already")
        self.seen[told] = file_row
        self._pass_over_strays(file_row, row, name)
        above = _without_marks(self.heading_said)[1]
        self.rows.append(
            CityRow(
                file_row=file_row,
                agency=name,
                state=self.state,
                population=population,
                counts=figures,
                marks=(*self.page.title_marks, *above, *marks),
            )
        )

    def _name(self, file_row: int, row: Row) -> tuple[str, Marks]:
        printed = _cell(row, self.page.heading.columns["city"])
        whole = " ".join(f"{self.name_above} {_text(printed)}".split())
        self.name_above = ""
        name, marks = _without_marks(whole)
        if not name or not isinstance(printed, str) or len(name) > LONGEST_NAME:
            raise _Unfit(
                f"has figures, and {_text(printed)[:40]!r} where the name of a city is needed"
            )
        if any(m not in self.page.notes for m in marks):
            self.strange_marks.append(f"{whole!r} in row {file_row}")
            return whole, ()
        return name, marks

    def _figures(self, row: Row) -> dict[str, int]:
        """The counts and the population of a row, without those left blank."""
        figures: dict[str, int] = {}
        for column, place in self.page.heading.columns.items():
            cell = _cell(row, place)
            if column in {"city", "state"} or cell == "":
                continue
            if isinstance(cell, str) and DASHES.fullmatch(cell.strip()):
                self.zeros += self.page.dash_is_zero
                self.unexplained_dashes += not self.page.dash_is_zero
                number = 0 if self.page.dash_is_zero else None
            else:
                number = _number(cell, column)
            if number is not None:
                figures[column] = number
        return figures

    def _pass_over_strays(self, file_row: int, row: Row, name: str) -> None:
        columns = self.page.heading.columns.values()
        stray = [c for p, c in enumerate(row) if p not in columns and _text(c)]
        if any(not isinstance(c, str) for c in stray):
            said = ", ".join(_text(c)[:20] for c in stray)
            raise _Unfit(
                f"{name!r} has {said} in a column without a heading; its figures may be displaced"
            )
        self.stray += [f"{_text(c)[:20]!r} in row {file_row}" for c in stray]


def _walk(rows: Sequence[Row], page: Page, out: Tables) -> _Walk:
    walk = _Walk(page, out, page.state)
    for file_row, row in enumerate(rows, 1):
        walk.take(file_row, row, rows[file_row] if file_row < len(rows) else ())
    return walk


def _number(cell: Cell, column: str) -> int | None:
    """A cell as a whole number, None where it is blank.

    Text is never taken for a number: digits as text may be a count or a footnote's mark.
    """
    if isinstance(cell, str):
        if cell.strip():
            raise _Unfit(f"{column} is the text {cell.strip()[:40]!r}; a number cell is needed")
        return None
    if isinstance(cell, bool) or not math.isfinite(cell) or cell != int(cell):
        raise _Unfit(f"{column} is {cell!s:.40}; a whole number is needed")
    if not 0 <= cell <= LARGEST_COUNT:
        raise _Unfit(f"{column} is {cell:,.0f}; one from 0 to {LARGEST_COUNT:,} is needed")
    return int(cell)


def _refuse_absurd(rows: Sequence[CityRow], page: Page, out: Tables, name: str) -> None:
    """Raise where so much does not fit that the columns cannot be what they are called."""
    if not rows:
        raise BadRow(
            f"{name}: no city with figures under the headings of row {page.heading.row + 1}; the "
            "file may be cut short. Download it again"
        )
    if out.rows.rejected > max(FEW, MOST_UNFIT * len(rows)):
        raise BadRow(
            f"{name}: {out.rows.rejected} rows do not fit and {len(rows)} do; in the published "
            "tables it is one at most. Columns may be displaced; download the file again"
        )
    unfit = [r for r in rows if _contradictions(r)]
    if len(unfit) > max(FEW, MOST_UNFIT * len(rows)):
        first = unfit[0]
        raise BadRow(
            f"{name}: in {len(unfit)} of {len(rows)} rows the offenses do not add up to the "
            f"printed totals (row {first.file_row}, {first.agency}: {_contradictions(first)[0]}); "
            "columns may have changed places or meaning"
        )


def _contradictions(row: CityRow) -> list[str]:
    """Printed totals of a row that are not the sums of their printed parts."""
    counts, wrong = row.counts, []

    def check(total: str, *ways: tuple[str, ...]) -> None:
        sums = [sum(counts[p] for p in way) for way in ways if counts.keys() >= set(way)]
        if total in counts and sums and counts[total] not in sums:
            wrong.append(f"{total} is {counts[total]:,}, its parts {sums[0]:,}")

    check("violent_crime", *((*VIOLENT, rape) for rape in RAPES))
    check("property_crime", PROPERTY)
    check("crime_index", SEVEN)
    check("modified_index", ("crime_index", "arson"))
    return wrong


# --- places -------------------------------------------------------------------------------------


def place_keys(rows: Sequence[CityRow]) -> dict[int, str | None]:
    """The place of each row, by its row of the sheet; None where the agency is no city's.

    Two rows never share a place: where two names would lead to one known city, each is called
    as printed; where even the printed names are the same, neither has a place.
    """
    keys = {r.file_row: _place_key(r.agency, r.state) for r in rows}
    often = Counter(keys.values())
    printed = {r.file_row: f"{_county_after_comma(r.agency)}, {r.state}" for r in rows}
    keys = {at: key if key and often[key] == 1 else key and printed[at] for at, key in keys.items()}
    often = Counter(keys.values())
    return {at: key if key and often[key] == 1 else None for at, key in keys.items()}


def _place_key(name: str, state: str) -> str | None:
    if re.search(_layout()["not_a_city"]["names"], name):
        return None
    if _layout()["same_as_state"].get(state) == city_key(name):
        return state
    return _known_cities().get((state, city_key(name)), f"{_county_after_comma(name)}, {state}")


def _county_after_comma(name: str) -> str:
    """'Ocean Township (Monmouth County)' and 'Ocean Township, Monmouth County' are one place."""
    return re.sub(r"\s*\(([^()]+ County)\)$", r", \1", name)


@cache
def _known_cities() -> dict[tuple[str | None, str], str]:
    return {(c.state, city_key(c.name)): c.key for c in cities()}


# --- figures ------------------------------------------------------------------------------------


def facts(row: CityRow, page: Page, place: str | None) -> Iterator[SeriesFact]:
    """Every figure of one row. A total that is not printed is summed if all its parts are there."""
    counts = row.counts

    def fact(offense: str, count: int, *columns: str, **more: Any) -> SeriesFact:
        marks = (*row.marks, *(m for c in columns for m in page.heading.marks.get(c, ())))
        return SeriesFact(
            offense=offense,
            year=page.year,
            count=count,
            file_row=row.file_row,
            place=place,
            agency=row.agency,
            population=row.population,
            months_reported=page.months_reported,
            note=" ".join(page.notes[m] for m in dict.fromkeys(marks) if m in page.notes),
            **more,
        )

    yield from _with_rape(row, page, fact)
    whole = counts.get("property_crime")
    summed = _sum(counts, PROPERTY)
    if whole is not None:
        unfit = summed is not None and summed != whole
        yield fact(
            "property_crime",
            whole,
            "property_crime",
            printed_total=whole if unfit else None,
            parts_total=summed if unfit else None,
        )
    elif summed is not None:
        yield fact("property_crime", summed, is_printed=False)
    for offense in ("murder", "robbery", "aggravated_assault", *PROPERTY, "arson"):
        if offense in counts:
            yield fact(offense, counts[offense], offense)


def _with_rape(row: CityRow, page: Page, fact: Callable[..., SeriesFact]) -> Iterator[SeriesFact]:
    """Rape, and the totals it is part of, by each definition the row has."""
    counts = row.counts
    printed, without = counts.get("violent_crime"), _sum(counts, VIOLENT)
    other = counts.get("property_crime", _sum(counts, PROPERTY))
    basis = None
    if printed is not None:
        basis = rape_basis(
            violent_crime=printed,
            without_rape=-1 if without is None else without,
            legacy=counts.get("rape_legacy") if without is not None else None,
            revised=counts.get("rape_revised") if without is not None else None,
        )
    formed = False
    for column in RAPES:
        if column not in counts:
            continue
        definition = column.removeprefix("rape_")
        yield fact("rape", counts[column], column, definition=definition)
        if without is None:
            continue
        formed = True
        violent, unfit = without + counts[column], basis == "none"
        yield fact(
            "violent_crime",
            violent,
            "violent_crime",
            definition=definition,
            is_printed=basis in {definition, "either"},
            printed_total=printed if unfit else None,
            parts_total=violent if unfit else None,
            printed_definition=basis,
        )
        if other is not None:
            yield _all_crime(counts, violent + other, definition, basis, fact)
    sole = _sole_definition(page)
    if not formed and printed is not None:
        more = {"definition": sole, "printed_definition": "none"}
        yield fact("violent_crime", printed, "violent_crime", **more)
        if other is not None:
            yield fact("all_crime", printed + other, is_printed=False, **more)
    if (not formed or other is None) and "crime_index" in counts:
        more = {"definition": sole, "printed_definition": "none"}
        yield fact("all_crime", counts["crime_index"], "crime_index", **more)


def _all_crime(
    counts: Mapping[str, int],
    total: int,
    definition: str,
    basis: str | None,
    fact: Callable[..., SeriesFact],
) -> SeriesFact:
    index = counts.get("crime_index")
    if index is None:
        return fact(
            "all_crime", total, definition=definition, is_printed=False, printed_definition=basis
        )
    unfit = index != total
    return fact(
        "all_crime",
        total,
        "crime_index",
        definition=definition,
        is_printed=not unfit,
        printed_total=index if unfit else None,
        parts_total=total if unfit else None,
        printed_definition="none" if unfit else definition,
    )


def _sole_definition(page: Page) -> str:
    """The definition of the table's only rape column, or of the year where it has two."""
    has = [c.removeprefix("rape_") for c in RAPES if c in page.heading.columns]
    return has[0] if len(has) == 1 else definition_in_force(page.year)


def _sum(counts: Mapping[str, int], parts: Sequence[str]) -> int | None:
    return sum(counts[p] for p in parts) if all(p in counts for p in parts) else None


# --- remarks ------------------------------------------------------------------------------------


def _remarks(found: _Walk, page: Page, places: Mapping[int, str | None]) -> Iterator[str]:
    rows = found.rows
    if "crime_index" in page.heading.columns:
        fitting = sum(1 for r in rows if _sum(r.counts, SEVEN) == r.counts.get("crime_index", -1))
        yield (
            "Violent and property crime are not printed; they are summed from their parts. "
            f"The seven offenses add up to the printed Crime Index in {fitting:,} of "
            f"{len(rows):,} rows; in the others one of them is blank or they do not fit."
        )
        blank = [r for r in rows if "crime_index" in r.counts and _sum(r.counts, SEVEN) is None]
        if blank:
            yield (
                f"In {len(blank)} rows the Crime Index is printed and an offense is blank "
                f"({_listed(f'{r.agency}, {r.state}' for r in blank)}). The blank is kept as "
                "missing, not as 0."
            )
    if "modified_index" in page.heading.columns:
        both = [r for r in rows if {"modified_index", "crime_index", "arson"} <= r.counts.keys()]
        fitting = sum(
            r.counts["modified_index"] == r.counts["crime_index"] + r.counts["arson"] for r in both
        )
        yield (
            "The Modified Crime Index is not kept as a figure of its own; it is the Crime Index "
            f"and arson in {fitting:,} of the {len(both):,} rows that have all three."
        )
    if wrong := [f"row {r.file_row}, {r.agency}: {w}" for r in rows for w in _contradictions(r)]:
        yield f"Totals that are not their parts: {_listed(wrong)}. Both are kept."
    if found.zeros:
        yield f"{found.zeros:,} dashes are 0, as the table's footnote says (a zero report)."
    if found.unexplained_dashes:
        yield (
            f"{found.unexplained_dashes:,} dashes are taken as missing, because no footnote says "
            "what a dash is."
        )
    if found.strange_marks:
        yield (
            "Names that end in a number no footnote has are kept with it: "
            f"{_listed(found.strange_marks)}."
        )
    if found.stray:
        yield f"Text beside the table was passed over: {_listed(found.stray)}."
    nowhere = [f"{r.agency}, {r.state}" for r in rows if places[r.file_row] is None]
    if nowhere:
        yield (
            "Kept without a place, being no city's police or one of two rows of one name: "
            f"{_listed(nowhere)}."
        )


def _listed(names: Iterator[str] | Sequence[str], most: int = 12) -> str:
    every = list(names)
    more = f" and {len(every) - most} more" if len(every) > most else ""
    return "; ".join(every[:most]) + more


# --- cells --------------------------------------------------------------------------------------


def _cell(row: Row, place: int) -> Cell:
    return row[place] if 0 <= place < len(row) else ""


def _text(cell: Cell) -> str:
    return cell.strip() if isinstance(cell, str) else str(cell)


def _is_number(cell: Cell) -> bool:
    return isinstance(cell, (int, float)) and not isinstance(cell, bool)


def _has_something(row: Row) -> bool:
    return any(_text(c) for c in row)


def _only_text(row: Row, heading: Heading) -> str:
    """The text of a row that has nothing but text, and none where figures belong; else ''."""
    if _is_number(_cell(row, heading.columns["population"])):
        return ""
    said = [(place, _text(c)) for place, c in enumerate(row) if _text(c)]
    names = {heading.columns["city"], heading.columns.get("state", 0), 0}
    if any(not isinstance(row[place], str) or place not in names for place, _ in said):
        return ""
    return " ".join(text for _, text in said)


def _without_marks(text: str) -> tuple[str, Marks]:
    """A name without the footnote marks glued to its end, and the marks.

    >>> _without_marks("ILLINOIS5, 6"), _without_marks("St. Joseph4,6")
    (('ILLINOIS', ('5', '6')), ('St. Joseph', ('4', '6')))
    """
    text = text.strip()
    found = MARKS.search(text[-40:])
    if not found:
        return text, ()
    kept = text[: len(text) - len(text[-40:]) + found.start()]
    return kept.strip(), tuple(m.strip() for m in found[1].split(","))


def _letters(cell: Cell) -> str:
    return re.sub("[^a-z]", "", _text(cell)[:200].lower())


def _state_called(name: str) -> str | None:
    return _states_by_letters().get(_letters(name)) if name else None


@cache
def _states_by_letters() -> dict[str, str]:
    return {_letters(s.name): postal for postal, s in states().items()}


@cache
def _columns() -> dict[str, str]:
    return {_letters(heading): column for heading, column in _layout()["columns"].items()}


def _matches(phrase: str, text: str) -> bool:
    return bool(re.search(_layout()["footnotes"][phrase], text[:20_000]))


@cache
def _layout() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("fbi_table8.toml").read_text(encoding="utf-8"))
