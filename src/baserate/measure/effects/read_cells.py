"""A study that published only cells, out of its file.

title = "Project Safe Neighborhoods, 2000 to 2006"
program = "Project Safe Neighborhoods"
also_called = ["PSN"]

[published]
offense = "violent crime"
years = [2000, 2006]
factor = "federal prosecution"   # a second thing that groups differ in
# spread = 15.0                  # standard deviation of units' changes, in points

[[published.groups]]
name = "target cities"
treated = true
units = 82
percent = -4.1                   # their mean change

[[published.extremes]]
percent = -42
of = "specific jurisdictions"
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from baserate.errors import QuestionError
from baserate.measure.effects.published import Cell, Extreme, PublishedCells
from baserate.measure.effects.study_file import Fields, StudyFile, is_number
from baserate.terms.offenses import named_offense
from baserate.terms.places import NATION, Place, resolve

TABLES: Mapping[str, frozenset[str]] = {
    "published": frozenset(
        {"offense", "place", "units", "at_least", "years", "factor", "spread", "groups", "extremes"}
    ),
    "hypothesis": frozenset({"direction", "claimed", "text"}),
}
PLAIN = frozenset({"title", "program", "also_called", "question", "source", "sources"})
OF_A_PANEL = frozenset({"panel", "treated", "window", "donors", "predictors", "displacement"})
GROUP = frozenset({"name", "treated", "units", "percent", "level"})
EXTREME = frozenset({"percent", "of", "source"})
MOST_CELLS = 100


@dataclass(frozen=True, slots=True)
class PublishedStudy:
    """A study of which only cells were published.

    offense       key of what was counted; `place` is where all its units are
    units         what a unit is, in the plural: "cities"; of at least `at_least` people each
    years         first and last year of the change
    claimed       what somebody claimed, in percent from low to high, in the words of `claim_text`
    """

    title: str
    program: str
    also_called: tuple[str, ...]
    question: str
    sources: tuple[str, ...]
    offense: str
    place: Place
    units: str
    at_least: int
    years: tuple[int, int]
    cells: PublishedCells
    claimed: tuple[float, float] | None
    claim_text: str
    checksum: str
    file: str


def is_published(file: StudyFile) -> bool:
    """Whether a study file has published cells in place of a panel."""
    return "published" in file.told


def published_study(file: StudyFile) -> PublishedStudy:
    """A study of published cells. Raises BadStudy for cells that make no sense."""
    return _Reader(file.told, file.name).study(file)


class _Reader(Fields):
    """Takes the fields of published cells."""

    def study(self, file: StudyFile) -> PublishedStudy:
        both = sorted(OF_A_PANEL & self._told.keys())
        if both:
            self._fail(
                f"[published] and [{both[0]}] stand in one study; a study has published cells or "
                "a panel of its own"
            )
        self._refuse_strange(self._told, PLAIN | TABLES.keys(), "")
        for name, known in TABLES.items():
            self._refuse_strange(self._table(name), known, f"[{name}] ")
        one_source = self._text("", "source", "")
        return PublishedStudy(
            title=self._text("", "title"),
            program=self._text("", "program"),
            also_called=self._texts("", "also_called"),
            question=self._text("", "question", "Did the outcome change because of it?"),
            sources=self._texts("", "sources") or ((one_source,) if one_source else ()),
            offense=self._offense(),
            place=self._place(),
            units=self._text("published", "units", "units"),
            at_least=self._whole("published", "at_least", 0),
            years=self._span("published", "years"),
            cells=self._cells(),
            claimed=self._claimed(),
            claim_text=self._text("hypothesis", "text", ""),
            checksum=file.checksum,
            file=file.name,
        )

    def _offense(self) -> str:
        try:
            return named_offense(self._text("published", "offense"))
        except QuestionError as error:
            self._fail(f"[published] offense: {error}")

    def _place(self) -> Place:
        said = self._text("published", "place", NATION.name)
        try:
            return resolve(said)
        except QuestionError as error:
            self._fail(f"[published] place: {error}")

    def _cells(self) -> PublishedCells:
        factor = self._text("published", "factor", "")
        cells = tuple(self._cell(row, factor) for row in self._rows("groups"))
        twice = [c for c in cells if [(o.treated, o.level) for o in cells].count(_kind(c)) > 1]
        if twice:
            self._fail(
                f"[[published.groups]] {twice[0].name!r} and {twice[1].name!r} are both "
                f"{_words(twice[0])}; one group of a kind, and a level says how two differ"
            )
        found = PublishedCells(
            cells, factor, tuple(map(self._extreme, self._rows("extremes"))), self._spread()
        )
        if not any(c.is_clean for c in found.contrasts):
            self._fail(
                "[[published.groups]] has no treated group with an untreated one to set against "
                "it; give one with treated = true and one with treated = false, of the same level "
                "or both without"
            )
        return found

    def _rows(self, name: str) -> list[Mapping[str, Any]]:
        rows = self._table("published").get(name, [])
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            self._fail(f"[published] {name} = {rows!r}; write each as a [[published.{name}]]")
        if len(rows) > MOST_CELLS:
            self._fail(f"[published] has {len(rows)} {name}; no table that a study prints has")
        return rows

    def _cell(self, row: Mapping[str, Any], factor: str) -> Cell:
        at = "[[published.groups]] "
        self._refuse_strange(row, GROUP, at)
        name, level = self._said(row, "name", at), row.get("level")
        if type(row.get("treated")) is not bool:
            self._fail(f"{at}treated = {row.get('treated')!r} of {name!r}; write true or false")
        units = row.get("units")
        if units is not None and (type(units) is not int or units < 1):
            self._fail(f"{at}units = {units!r} of {name!r}; write how many there are, from 1 on")
        if level is not None:
            level = self._said(row, "level", at)
            if not factor:
                self._fail(
                    f"{at}{name!r} has level = {level!r} and nothing says of what; add factor to "
                    "[published]"
                )
        return Cell(name, bool(row["treated"]), self._percent(row, at, name), units, level)

    def _extreme(self, row: Mapping[str, Any]) -> Extreme:
        at = "[[published.extremes]] "
        self._refuse_strange(row, EXTREME, at)
        of = self._said(row, "of", at)
        source = self._said(row, "source", at) if "source" in row else ""
        return Extreme(self._percent(row, at, of), of, source)

    def _said(self, row: Mapping[str, Any], name: str, at: str) -> str:
        found = row.get(name)
        if not isinstance(found, str) or not found.strip():
            self._fail(f"{at}{name} = {found!r}; write text")
        return found.strip()

    def _percent(self, row: Mapping[str, Any], at: str, name: str) -> float:
        percent = row.get("percent")
        if not is_number(percent) or not -100 <= float(str(percent)) < 1e6:
            self._fail(
                f"{at}percent = {percent!r} of {name!r}; write the change in percent, as -4.1; "
                "nothing falls by more than 100"
            )
        return float(str(percent))

    def _spread(self) -> float | None:
        spread = self._table("published").get("spread")
        if spread is None:
            return None
        if not is_number(spread) or not 0 < float(str(spread)) < 1e6:
            self._fail(
                f"[published] spread = {spread!r}; write the standard deviation of the units' "
                "changes in points, above 0"
            )
        return float(str(spread))


def _kind(cell: Cell) -> tuple[bool, str | None]:
    return cell.treated, cell.level


def _words(cell: Cell) -> str:
    told = "treated" if cell.treated else "not treated"
    return told if cell.level is None else f"{told} at level {cell.level!r}"
