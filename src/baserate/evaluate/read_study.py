"""Reading a study file: each field by its type, and what is wrong with it by the file's name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import cast, get_args

from baserate.errors import QuestionError, near_names
from baserate.evaluate.periods import STEPS, period_number
from baserate.evaluate.study import (
    Counted,
    Direction,
    Displacement,
    Hypothesis,
    Measure,
    PanelWanted,
    Reported,
    SmallAreas,
    Study,
    TreatedBy,
    TreatedUnit,
)
from baserate.measure.effects.study_file import Fields, read_study_file
from baserate.terms.offenses import named_offense, offense
from baserate.terms.places import resolve

FEWEST_DRAWS, MOST_DRAWS = 100, 99_999
LARGEST_NUMBER = 1_000_000  # of harm, or of periods
UNITS = ("place", "state", "city", "agency")

TABLES: Mapping[str, frozenset[str]] = {
    "panel": frozenset(
        {"data", "unit", "period", "outcome", "exposure", "cluster", "covariates", "measure",
         "offense", "definition", "places", "counted_by", "also", "negative_controls", "counted",
         "reported", "dataset", "called", "weight", "groups"}
    ),
    "treated": frozenset({"units", "column", "start"}),
    "donors": frozenset({"only", "without"}),
    "window": frozenset({"pre", "post"}),
    "small_areas": frozenset({"covariates", "match_sums"}),
    "displacement": frozenset({"units", "control_units", "area", "harm"}),
    "predictors": frozenset({"mean", "at"}),
    "hypothesis": frozenset({"direction", "claimed", "text"}),
    "about": frozenset({"offense", "place"}),
}  # fmt: skip
# What only one of the two kinds of panel has a use for.
OF_RECORDS = frozenset({"definition", "places", "counted", "reported", "dataset"})
OF_FILES = frozenset({"outcome", "exposure", "counted_by"})
PLAIN = frozenset(
    {"title", "program", "also_called", "question", "source", "seed", "designs", "draws"}
)


def read_study(path: Path) -> Study:
    """A study from a file. Raises BadStudy for what is missing, unknown or makes no sense."""
    file = read_study_file(path)
    return _Reader(file.told, file.name).study(file.checksum, file.folder)


class _Reader(Fields):
    """Takes a study's fields."""

    def study(self, checksum: str, folder: Path) -> Study:
        self._refuse_strange(self._told, PLAIN | TABLES.keys(), "")
        for name, known in TABLES.items():
            self._refuse_strange(self._table(name), known, f"[{name}] ")
        pre, post = self._span("window", "pre"), self._span("window", "post")
        if pre[1] >= post[0]:
            self._fail(f"[window] pre ends in {pre[1]}, not before post, which begins in {post[0]}")
        made = Study(
            title=self._text("", "title"),
            program=self._text("", "program", "the program"),
            also_called=self._texts("", "also_called"),
            about=self._about(),
            question=self._text("", "question", "Did the outcome change because of it?"),
            source=self._text("", "source", ""),
            panel=self._panel(),
            treated=() if "column" in self._table("treated") else self._treated(),
            treated_by=self._treated_by() if "column" in self._table("treated") else None,
            donors_only=self._texts("donors", "only"),
            donors_without=self._texts("donors", "without"),
            pre=pre,
            post=post,
            small_areas=self._small_areas() if "small_areas" in self._told else None,
            displacement=self._displacement() if "displacement" in self._told else None,
            predictors_mean=self._texts("predictors", "mean"),
            predictors_at=self._numbers("predictors", "at"),
            hypothesis=self._hypothesis(),
            designs=self._texts("", "designs"),
            seed=self._whole("", "seed", 1),
            draws=self._draws(),
            checksum=checksum,
            folder=folder,
            file=self._where,
        )
        self._refuse_mixed(made)
        return made

    def _panel(self) -> PanelWanted:
        table = self._table("panel")
        if ("data" in table) == ("offense" in table):
            self._fail("[panel] needs data, a file, or offense, for the records; one of them")
        measure = table.get("measure", "count" if "offense" in table else None)
        if measure not in get_args(Measure):
            known = ", ".join(get_args(Measure))
            self._fail(f"[panel] measure = {measure!r}; say what one cell is: {known}")
        from_file = "data" in table
        for name in sorted((OF_RECORDS if from_file else OF_FILES) & table.keys()):
            other = "the records, and data is a file" if from_file else "a file, and offense is not"
            self._fail(f"[panel] {name} is of {other}; leave one of them out")
        return PanelWanted(
            data=self._text("panel", "data") if from_file else None,
            unit=self._text("panel", "unit") if from_file else self._one_of("unit", UNITS),
            period=self._text("panel", "period") if from_file else self._one_of("period", STEPS),
            outcome=self._text("panel", "outcome") if from_file else "offenses",
            exposure=self._maybe("exposure") if from_file else "people",
            cluster=self._maybe("cluster"),
            covariates=self._texts("panel", "covariates"),
            measure=measure,
            offense=None if from_file else self._text("panel", "offense"),
            definition=self._maybe("definition"),
            places=self._texts("panel", "places"),
            counted_by=self._maybe("counted_by") if from_file else "counted_by",
            also=self._texts("panel", "also"),
            negative_controls=self._texts("panel", "negative_controls"),
            called=self._maybe("called"),
            weight=self._maybe("weight"),
            groups=self._maybe("groups"),
            counted=cast(Counted, self._one_of("counted", get_args(Counted))),
            reported=cast(Reported, self._one_of("reported", get_args(Reported))),
            dataset=self._maybe("dataset"),
        )

    def _small_areas(self) -> SmallAreas:
        sums = self._numbered("small_areas", "match_sums")
        for name, periods in sums:
            if periods != int(periods):
                self._fail(
                    f"[small_areas] match_sums of {name} = {periods:g}; write a whole number of "
                    "periods"
                )
        return SmallAreas(
            self._texts("small_areas", "covariates"), tuple((n, int(p)) for n, p in sums)
        )

    def _displacement(self) -> Displacement:
        found = Displacement(
            units=self._texts("displacement", "units"),
            control_units=self._texts("displacement", "control_units"),
            area=self._text("displacement", "area")
            if "area" in self._table("displacement")
            else None,
            harm=self._numbered("displacement", "harm"),
        )
        if found.control_units and not found.units:
            self._fail("[displacement] control_units need units, which they are the control of")
        return found

    def _numbered(self, table: str, name: str) -> tuple[tuple[str, float], ...]:
        """A table of names, each with a number above zero."""
        found = self._table(table).get(name, {})
        sound = isinstance(found, dict) and all(
            isinstance(n, int | float) and not isinstance(n, bool) and 0 < n < LARGEST_NUMBER
            for n in found.values()
        )
        if not sound:
            self._fail(
                f"{self._named(table, name)} = {found!r}; write names and numbers above zero, as "
                "{ robbery = 7 }"
            )
        return tuple(found.items())

    def _refuse_mixed(self, study: Study) -> None:
        """An outcome is one of those judged, or one the program could not move; not both."""
        wanted = study.panel
        judged = (wanted.outcome, *wanted.also)
        twice = [n for n in judged if judged.count(n) > 1]
        both = [n for n in wanted.negative_controls if n in judged]
        if twice:
            self._fail(f"[panel] {twice[0]} is an outcome twice; leave it out of also")
        if both:
            self._fail(
                f"[panel] {both[0]} is an outcome and a negative control; a negative control is "
                "one that the program could not have moved"
            )
        summed = study.small_areas.match_sums if study.small_areas else ()
        unknown = next((name for name, _ in summed if name not in judged), None)
        if unknown is not None:
            near = near_names(unknown, judged)
            hint = f"did you mean {near[0]}?" if near else f"they are {', '.join(judged)}"
            self._fail(f"[small_areas] match_sums: {unknown} is none of the outcomes; {hint}")
        if wanted.offense and (study.further or study.fixed):
            self._fail(
                f"{(*study.further, *study.fixed)[0]} is a column, and the panel is of the "
                "records; give [panel] data, a file that has it"
            )

    def _about(self) -> tuple[str, str]:
        """The names of a known offense and a known place, each empty where it is not said."""
        said = self._text("about", "offense", ""), self._text("about", "place", "")
        try:
            return (
                offense(named_offense(said[0])).name if said[0] else "",
                resolve(said[1]).plain if said[1] else "",
            )
        except QuestionError as error:
            self._fail(f"[about] {error}")

    def _one_of(self, name: str, known: Sequence[str]) -> str:
        """A word of the panel's table out of a few, the first where it is left out."""
        found = self._table("panel").get(name, known[0])
        if found not in known:
            self._fail(f"[panel] {name} = {found!r}; of the records it is {', '.join(known)}")
        return str(found)

    def _maybe(self, name: str) -> str | None:
        """Text of the panel's table, if it is there."""
        return self._text("panel", name) if name in self._table("panel") else None

    def _treated(self) -> tuple[TreatedUnit, ...]:
        rows = self._table("treated").get("units")
        if not isinstance(rows, list) or not rows:
            self._fail('[treated] needs units = [{ name = "…", start = 1989 }], at least one')
        found = []
        for row in rows:
            if not isinstance(row, dict) or not {"name", "start"} <= row.keys():
                self._fail(f"[treated] {row!r} needs name and start, the first period treated")
            self._refuse_strange(row, frozenset({"name", "start", "dose"}), "[treated] units: ")
            if not isinstance(row["name"], str | int) or not str(row["name"]).strip():
                self._fail(
                    f"[treated] name = {row['name']!r}; write the unit's name as in the data"
                )
            start, dose = period_number(row["start"]), row.get("dose", 1.0)
            if start is None:
                self._fail(
                    f"[treated] start = {row['start']!r} of {row['name']!r} is no whole number; "
                    'write a period as 1989, 201706 or "2017-06"'
                )
            if isinstance(dose, bool) or not isinstance(dose, int | float) or not 0 < dose <= 1:
                self._fail(
                    f"[treated] dose = {dose!r} of {row['name']!r}; it is above 0, at most 1"
                )
            found.append(TreatedUnit(str(row["name"]), start, float(dose)))
        names = [unit.name for unit in found]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            self._fail(f"[treated] {twice[0]} stands twice")
        return tuple(found)

    def _treated_by(self) -> TreatedBy:
        table = self._table("treated")
        if "units" in table:
            self._fail("[treated] has units and a column; one of them says who is treated")
        if "offense" in self._table("panel"):
            self._fail("[treated] column is of a file, and the panel is of the records; give units")
        start = None
        if "start" in table:
            start = period_number(table["start"])
            if start is None:
                self._fail(
                    f"[treated] start = {table['start']!r}; write a period as 1989, 201706 or "
                    '"2017-06"'
                )
        return TreatedBy(self._text("treated", "column"), start)

    def _hypothesis(self) -> Hypothesis:
        table = self._table("hypothesis")
        direction = table.get("direction", "either")
        if direction not in get_args(Direction):
            self._fail(
                f"[hypothesis] direction = {direction!r}; use {', '.join(get_args(Direction))}"
            )
        return Hypothesis(direction, self._claimed(), self._text("hypothesis", "text", ""))

    def _draws(self) -> int:
        draws = self._whole("", "draws", 999)
        if not FEWEST_DRAWS <= draws <= MOST_DRAWS:
            self._fail(
                f"draws = {draws}; give {FEWEST_DRAWS} to {MOST_DRAWS:,}, for a p from fewer says "
                "little and more take hours"
            )
        return draws

    def _span(self, table: str, name: str) -> tuple[int, int]:
        found = self._field(table, name)
        numbers = [period_number(each) for each in found] if isinstance(found, list) else []
        periods = [each for each in numbers if each is not None]
        if len(numbers) != 2 or len(periods) != 2 or periods[0] > periods[1]:
            self._fail(
                f"{self._named(table, name)} = {found!r}; write the first and last period, as "
                '[1970, 1988] or ["2015-01", "2016-12"]'
            )
        return periods[0], periods[1]
