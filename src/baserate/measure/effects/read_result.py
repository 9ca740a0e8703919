"""What `baserate evaluate --json` wrote, read back. The file may be by anybody and is not trusted.

Only what a verdict needs is taken: names, readings, percents and their intervals. Nothing in it is
run, and a command that does not ask `baserate evaluate` is left out.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping, Sequence
from math import inf
from pathlib import Path
from typing import Any, NoReturn

from baserate.errors import BadStudy, QuestionError, near_names
from baserate.measure.effects.found import (
    READINGS,
    DesignFound,
    EffectFound,
    EffectReading,
    of_published,
)
from baserate.measure.effects.read_cells import PublishedStudy, published_study
from baserate.measure.effects.study_file import StudyFile, is_number
from baserate.terms.offenses import named_offense
from baserate.terms.places import Place, readings

LARGEST = 5_000_000  # bytes; a result has some lines a design
LONGEST, LONGEST_NAME, SHORTEST_NAME = 4_000, 120, 3  # characters
MOST = 200  # designs, threats, treated units of which places are taken
UNNAMED = "the program"  # what a study file says where it names none


def read_result(path: Path) -> EffectFound:
    """What a study found, from the JSON of its evaluation. Raises BadStudy for anything else."""
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise BadStudy(f"{path.name} cannot be read ({why}){_near(path)}") from None
    if len(data) > LARGEST:
        raise BadStudy(f"{path.name} has more than {LARGEST:,} bytes; a result is some pages")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadStudy(f"byte {error.start + 1} of {path.name} is not UTF-8 text") from None
    return result_of(text, path.name)


def result_of(text: str, where: str) -> EffectFound:
    """The same of the text itself; `where` is what errors call it."""
    try:
        told = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadStudy(
            f"{where} is not JSON ({str(error)[:120]}); give what baserate evaluate STUDY --json "
            "writes, or the study file itself"
        ) from None
    if not isinstance(told, dict):
        raise BadStudy(f"{where} holds no object; give what baserate evaluate STUDY --json writes")
    return _Result(told, where).effect()


def _near(path: Path) -> str:
    try:
        there = [p.name for p in path.parent.iterdir()][:1_000]
    except OSError:
        there = []
    near = near_names(path.name, there)
    return f"; did you mean {near[0]}?" if near else "; name a result, a study file or a study"


class _Result:
    """Takes each field by its type, and says which is wrong."""

    def __init__(self, told: Mapping[str, Any], where: str) -> None:
        self._told, self._where = told, where

    def effect(self) -> EffectFound:
        if "published" in self._told:
            return of_published(self._published(), self._command())
        if "designs" not in self._told:
            hint = "it is a plan; leave out --plan" if "mde_percent" in self._told else "no result"
            self._fail(f"has no designs ({hint})")
        return EffectFound(
            title=self._text("title"),
            programs=self._programs(),
            offense=self._offense(),
            outcome=self._text("outcome"),
            places=self._places(),
            years=self._years(),
            reading=self._reading(),
            designs=self._designs(),
            grave=self._grave(),
            sentence=self._text("finding"),
            doubt=self._text("doubt", ""),
            sources=tuple(s for s in (self._text("source", ""),) if s),
            checksum=self._checksum(),
            command=self._command(),
            file=self._text("study"),
        )

    def _published(self) -> PublishedStudy:
        """Its cells, through the same door as those of a study file."""
        kept = ("title", "program", "also_called", "sources", "published")
        told = {name: self._told[name] for name in kept if name in self._told}
        self._programs()
        file = StudyFile(told, self._text("study"), self._checksum(), Path())
        return published_study(file)

    def _programs(self) -> tuple[str, ...]:
        names = [self._text("program"), *self._list("also_called")]
        for name in names:
            if not isinstance(name, str) or not SHORTEST_NAME <= len(name.strip()) <= LONGEST_NAME:
                self._fail(
                    f"calls its program {str(name)[:60]!r}; a name has {SHORTEST_NAME} to "
                    f"{LONGEST_NAME} characters"
                )
        if names[0].casefold() == UNNAMED:
            self._fail('names no program; add program = "…" to its study file and run it again')
        return tuple(name.strip() for name in names)

    def _offense(self) -> str | None:
        said = self._text("offense", "") or self._text("outcome")
        try:
            return named_offense(said)
        except QuestionError:
            return None

    def _places(self) -> tuple[Place, ...]:
        """The place it says it is of, else its treated units, if each is one known place."""
        said = self._text("place", "")
        names = [said] if said else [str(name)[:LONGEST_NAME] for name in self._list("treated")]
        found = [readings(name) for name in names]
        return tuple(each[0] for each in found) if all(len(r) == 1 for r in found) else ()

    def _years(self) -> tuple[int, int]:
        years = self._list("years") or self._list("periods")
        if len(years) != 2 or not all(type(y) is int for y in years) or years[0] > years[1]:
            self._fail(f"has periods = {str(years)[:60]}; write the first and the last")
        return years[0], years[1]

    def _reading(self) -> EffectReading:
        said = self._told.get("reading")
        known = next((each for each in READINGS if each == said), None)
        if known is None:
            near = near_names(str(said), READINGS)
            hint = f"did you mean {near[0]}? It" if near else "it"
            self._fail(f"has reading = {str(said)[:60]!r}; {hint} is one of {', '.join(READINGS)}")
        return known

    def _designs(self) -> tuple[DesignFound, ...]:
        """Designs with intervals; of those that come to the same, as two of one unit's do, one."""
        made: dict[tuple[float, ...], DesignFound] = {}
        for each in map(self._design, self._list("designs")):
            if each is not None:
                key = tuple(round(v, 9) for v in (each.percent, each.lower, each.upper))
                made.setdefault(key, each)
        return tuple(made.values())

    def _design(self, row: object) -> DesignFound | None:
        """A design with an effect in percent and its interval; None for one that gives none."""
        if not isinstance(row, dict):
            self._fail(f"has {str(row)[:60]!r} among its designs; each is an object")
        span, percent = row.get("percent_interval"), row.get("percent")
        if percent is None or span is None or row.get("p_value") is None:
            return None
        name = str(row.get("design", ""))[:LONGEST_NAME]
        sound = isinstance(span, list) and len(span) == 2 and all(map(_is_end, span))
        if not sound or not _is_size(percent):
            self._fail(f"has no sound percent and percent_interval for {name or 'a design'!r}")
        low = -inf if span[0] is None else float(span[0])
        high = inf if span[1] is None else float(span[1])
        if not low <= float(percent) <= high:
            self._fail(
                f"has {percent:g}% for {name!r}, outside its own interval {low:g} to {high:g}"
            )
        seen = row.get("mde_percent")
        if seen is not None and (not _is_size(seen) or seen < 0):
            self._fail(f"has mde_percent = {str(seen)[:60]} for {name!r}; it is zero or more")
        return DesignFound(name, float(percent), low, high, None if seen is None else float(seen))

    def _grave(self) -> tuple[str, ...]:
        rows = [r for r in self._list("threats") if isinstance(r, dict)]
        names = (str(r.get("name", ""))[:LONGEST_NAME] for r in rows if r.get("gravity") != "mild")
        return tuple(dict.fromkeys(n for n in names if n))

    def _checksum(self) -> str:
        said = self._text("checksum")
        if len(said) != 64 or set(said) - set("0123456789abcdef"):
            self._fail(f"has checksum = {said[:70]!r}; it is the study file's sha256")
        return said

    def _command(self) -> str:
        """How to work it out again, if it is that; each word quoted so that a shell runs no other.

        A file by others must not put any other command where readers copy commands from.
        """
        try:
            words = shlex.split(self._text("rerun", ""))
        except ValueError:
            return ""
        return shlex.join(words) if words[:2] == ["baserate", "evaluate"] else ""

    def _text(self, name: str, default: str | None = None) -> str:
        found = self._told.get(name)
        if found is None and default is not None:
            return default
        if not isinstance(found, str) or not found.strip() or len(found) > LONGEST:
            if default == found == "":
                return ""
            shown = "no text" if not isinstance(found, str) else f"{len(found):,} characters"
            self._fail(f"has {shown} for {name}; give what baserate evaluate STUDY --json writes")
        return found.strip()

    def _list(self, name: str) -> Sequence[Any]:
        found = self._told.get(name)
        if found is None:
            return []
        if not isinstance(found, list):
            self._fail(f"has {name} = {str(found)[:60]!r}; it is a list")
        if len(found) > MOST and name != "treated":
            self._fail(f"has {len(found):,} {name}; no evaluation has")
        return found[:MOST]

    def _fail(self, what: str) -> NoReturn:
        raise BadStudy(f"{self._where} {what}")


def _is_size(value: object) -> bool:
    return is_number(value) and abs(float(str(value))) < 1e6


def _is_end(value: object) -> bool:
    return value is None or _is_size(value)
