"""A study file, read with care: its bytes, its checksum, and its fields, each by its type."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Any, NoReturn

from baserate.errors import BadStudy, near_names

LARGEST = 1_000_000  # bytes; a study is a page


@dataclass(frozen=True, slots=True)
class StudyFile:
    """What a study file says, as tables. `checksum` is of its bytes; `folder` has its data."""

    told: Mapping[str, Any]
    name: str
    checksum: str
    folder: Path


def read_study_file(path: Path) -> StudyFile:
    """The tables of a study file. Raises BadStudy for one that cannot be read as TOML."""
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise BadStudy(f"{path.name} cannot be read ({why}); name a study file") from None
    if len(data) > LARGEST:
        raise BadStudy(f"{path.name} has more than {LARGEST:,} bytes; a study is a page of TOML")
    try:
        told = tomllib.loads(data.decode("utf-8-sig").replace("\r\n", "\n"))
    except UnicodeDecodeError as error:
        raise BadStudy(f"byte {error.start + 1} of {path.name} is not UTF-8 text") from None
    except (ValueError, RecursionError) as error:
        raise BadStudy(f"{path.name} is not TOML: {str(error)[:160]}") from None
    return StudyFile(told, path.name, hashlib.sha256(data).hexdigest(), path.parent)


def is_number(value: object) -> bool:
    """Whether it is a finite number; TOML and JSON know truth values and nan too.

    >>> [is_number(v) for v in (-4.1, 82, True, float("nan"), "4")]
    [True, True, False, False, False]
    """
    if isinstance(value, float):
        return isfinite(value)
    return isinstance(value, int) and not isinstance(value, bool)


class Fields:
    """Takes each field by its type and says what is wrong with it, by the file's name."""

    def __init__(self, told: Mapping[str, Any], where: str) -> None:
        self._told, self._where = told, where

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

    def _span(self, table: str, name: str) -> tuple[int, int]:
        found = self._field(table, name)
        sound = (
            isinstance(found, list)
            and len(found) == 2
            and all(type(each) is int for each in found)
            and found[0] <= found[1]
        )
        if not sound:
            self._fail(
                f"{self._named(table, name)} = {found!r}; write the first and last period, as "
                "[1970, 1988]"
            )
        return found[0], found[1]

    def _claimed(self) -> tuple[float, float] | None:
        """What somebody claimed, in percent from low to high."""
        claimed = self._table("hypothesis").get("claimed")
        if claimed is None:
            return None
        ends = claimed if isinstance(claimed, list) else [claimed, claimed]
        if len(ends) != 2 or not all(is_number(end) and abs(end) < 1e6 for end in ends):
            self._fail(
                f"[hypothesis] claimed = {ends!r}; write percents from low to high, as [-42, -4]"
            )
        return float(min(ends)), float(max(ends))

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
