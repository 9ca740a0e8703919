"""The study file: what is asked, of whom and when, written before the numbers are seen.

    title = "Proposition 99"
    program = "California tobacco control program"
    seed = 1

    [panel]
    data = "prop99.csv"          # beside the study file; or leave it out and name an offense
    unit = "state"
    period = "year"
    outcome = "packs_per_capita"
    measure = "mean"             # count, rate per 100,000, or mean: what one cell is

    [treated]
    units = [{ name = "California", start = 1989 }]

    [window]
    pre = [1970, 1988]
    post = [1989, 2000]

    [hypothesis]
    direction = "lower"
    claimed = [-42, -4]          # percent, as somebody said

Its checksum stands in every result, so that a plan cannot be changed unseen.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NoReturn, cast, get_args

from baserate.errors import BadStudy, near_names
from baserate.evaluate.periods import STEPS, period_number

FEWEST_DRAWS, MOST_DRAWS = 100, 99_999
LARGEST = 1_000_000  # bytes; a study is a page
Measure = Literal["count", "rate", "mean"]
Direction = Literal["lower", "higher", "either"]
Reported = Literal["complete", "as recorded"]
Counted = Literal["offenses", "clearances"]
UNITS = ("place", "state", "city", "agency")

TABLES: Mapping[str, frozenset[str]] = {
    "panel": frozenset(
        {"data", "unit", "period", "outcome", "exposure", "cluster", "covariates", "measure",
         "offense", "definition", "places", "counted_by", "counted", "reported", "dataset"}
    ),
    "treated": frozenset({"units"}),
    "donors": frozenset({"only", "without"}),
    "window": frozenset({"pre", "post"}),
    "displacement": frozenset({"units", "control_units"}),
    "predictors": frozenset({"mean", "at"}),
    "hypothesis": frozenset({"direction", "claimed", "text"}),
}  # fmt: skip
PLAIN = frozenset({"title", "program", "question", "source", "seed", "designs", "draws"})


@dataclass(frozen=True, slots=True)
class TreatedUnit:
    """One treated unit: the first period it was treated in, and how strongly (1 is fully)."""

    name: str
    start: int
    dose: float = 1.0


@dataclass(frozen=True, slots=True)
class PanelWanted:
    """Where the panel is from: a file and its columns, or an offense of the store's places.

    `counted_by` is a column that says how a cell was counted: a definition, a system, a source.
    Of the records, `unit` is state, city or agency ('place': what the treated are) and `period`
    year, quarter or month; `reported` says whether a cell must hold all its months.
    """

    data: str | None
    unit: str
    period: str
    outcome: str
    exposure: str | None
    cluster: str | None
    covariates: tuple[str, ...]
    measure: Measure
    offense: str | None
    definition: str | None
    places: tuple[str, ...]
    counted_by: str | None
    counted: Counted = "offenses"
    reported: Reported = "complete"
    dataset: str | None = None


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """What was expected, and what somebody claimed, in percent from low to high."""

    direction: Direction
    claimed: tuple[float, float] | None
    text: str


@dataclass(frozen=True, slots=True)
class Study:
    """A study file as read. `checksum` is of its bytes; `folder` is where its data are."""

    title: str
    program: str
    question: str
    source: str
    panel: PanelWanted
    treated: tuple[TreatedUnit, ...]
    donors_only: tuple[str, ...]
    donors_without: tuple[str, ...]
    pre: tuple[int, int]
    post: tuple[int, int]
    displaced: tuple[str, ...]
    displaced_control: tuple[str, ...]
    predictors_mean: tuple[str, ...]
    predictors_at: tuple[int, ...]
    hypothesis: Hypothesis
    designs: tuple[str, ...]
    seed: int
    draws: int
    checksum: str
    folder: Path
    file: str


def read_study(path: Path) -> Study:
    """A study from a file. Raises BadStudy for what is missing, unknown or makes no sense."""
    try:
        data = path.read_bytes()
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise BadStudy(f"{path.name} cannot be read ({why}); name a study file") from None
    if len(data) > LARGEST:
        raise BadStudy(f"{path.name} has {len(data):,} bytes; a study is a page of TOML")
    try:
        told = tomllib.loads(data.decode("utf-8-sig").replace("\r\n", "\n"))
    except UnicodeDecodeError as error:
        raise BadStudy(f"byte {error.start + 1} of {path.name} is not UTF-8 text") from None
    except (ValueError, RecursionError) as error:
        raise BadStudy(f"{path.name} is not TOML: {str(error)[:160]}") from None
    return _Reader(told, path.name).study(hashlib.sha256(data).hexdigest(), path.parent)


class _Reader:
    """Takes each field by its type and says what is wrong with it, by the file's name."""

    def __init__(self, told: Mapping[str, Any], where: str) -> None:
        self._told, self._where = told, where

    def study(self, checksum: str, folder: Path) -> Study:
        self._refuse_strange(self._told, PLAIN | TABLES.keys(), "")
        for name, known in TABLES.items():
            self._refuse_strange(self._table(name), known, f"[{name}] ")
        pre, post = self._span("window", "pre"), self._span("window", "post")
        if pre[1] >= post[0]:
            self._fail(f"[window] pre ends in {pre[1]}, not before post, which begins in {post[0]}")
        return Study(
            title=self._text("", "title"),
            program=self._text("", "program", "the program"),
            question=self._text("", "question", "Did the outcome change because of it?"),
            source=self._text("", "source", ""),
            panel=self._panel(),
            treated=self._treated(),
            donors_only=self._texts("donors", "only"),
            donors_without=self._texts("donors", "without"),
            pre=pre,
            post=post,
            displaced=self._texts("displacement", "units"),
            displaced_control=self._texts("displacement", "control_units"),
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

    def _panel(self) -> PanelWanted:
        table = self._table("panel")
        if ("data" in table) == ("offense" in table):
            self._fail("[panel] needs data, a file, or offense, for the records; one of them")
        measure = table.get("measure", "count" if "offense" in table else None)
        if measure not in get_args(Measure):
            known = ", ".join(get_args(Measure))
            self._fail(f"[panel] measure = {measure!r}; say what one cell is: {known}")
        from_file = "data" in table
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
            counted=cast(Counted, self._one_of("counted", get_args(Counted))),
            reported=cast(Reported, self._one_of("reported", get_args(Reported))),
            dataset=self._maybe("dataset"),
        )

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

    def _hypothesis(self) -> Hypothesis:
        table = self._table("hypothesis")
        direction = table.get("direction", "either")
        if direction not in get_args(Direction):
            self._fail(
                f"[hypothesis] direction = {direction!r}; use {', '.join(get_args(Direction))}"
            )
        claimed = table.get("claimed")
        if claimed is not None:
            claimed = claimed if isinstance(claimed, list) else [claimed, claimed]
            sound = len(claimed) == 2 and all(
                isinstance(c, int | float) and not isinstance(c, bool) and abs(c) < 1e6
                for c in claimed
            )
            if not sound:
                self._fail(
                    f"[hypothesis] claimed = {claimed!r}; write percents from low to high, as "
                    "[-42, -4]"
                )
            claimed = (float(min(claimed)), float(max(claimed)))
        return Hypothesis(direction, claimed, self._text("hypothesis", "text", ""))

    def _table(self, name: str) -> Mapping[str, Any]:
        found = self._told.get(name, {})
        if not isinstance(found, dict):
            self._fail(f"{name} must be a table, [{name}]")
        return found

    def _field(self, table: str, name: str) -> Any:
        return (self._table(table) if table else self._told).get(name)

    def _text(self, table: str, name: str, default: str | None = None) -> str:
        found = self._field(table, name)
        if found is None and default is not None:
            return default
        if not isinstance(found, str) or not found.strip():
            self._fail(f"{self._named(table, name)} = {found!r}; write text")
        return str(found).strip()

    def _texts(self, table: str, name: str) -> tuple[str, ...]:
        found = self._field(table, name)
        if found is None:
            return ()
        if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
            self._fail(f"{self._named(table, name)} = {found!r}; write a list of names")
        return tuple(found)

    def _numbers(self, table: str, name: str) -> tuple[int, ...]:
        found = self._field(table, name) or []
        if not isinstance(found, list) or not all(type(each) is int for each in found):
            self._fail(f"{self._named(table, name)} = {found!r}; write a list of periods")
        return tuple(found)

    def _whole(self, table: str, name: str, default: int) -> int:
        found = self._field(table, name)
        if found is None:
            return default
        if type(found) is not int or found < 0:
            self._fail(f"{self._named(table, name)} = {found!r}; write a whole number")
        return int(found)

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

    def _refuse_strange(
        self, told: Mapping[str, Any], known: Sequence[str] | frozenset[str], at: str
    ) -> None:
        for name in told:
            if name not in known:
                near = near_names(name, list(known))
                hint = f"did you mean {near[0]}? It" if near else "it"
                self._fail(f"{at}{name} is not known; {hint} may have {', '.join(sorted(known))}")

    @staticmethod
    def _named(table: str, name: str) -> str:
        return f"[{table}] {name}" if table else name

    def _fail(self, what: str) -> NoReturn:
        raise BadStudy(f"{self._where}: {what}")
