"""The layout of the master file as data: readers/nibrs_master.toml."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

LAYOUT = Path(__file__).parents[1] / "readers" / "nibrs_master.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a record, or one list of them.

    `start` counts from 0. A single field has `times` 1 and is no list.
    """

    name: str
    table: str
    start: int
    width: int
    kind: str
    known: str = ""
    needed: bool = False
    times: int = 1
    step: int = 0
    group: str = ""
    is_list: bool = False
    end: int  # the column after its last, counting from 0

    @property
    def columns(self) -> str:
        """Its columns, for messages: '34-36'."""
        return f"{self.start + 1}-{self.end}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Columns of one part of a three-part header, and where they belong in the whole one."""

    start: int
    end: int
    to: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """One kind of record. `incident` are fields that make an incident of a window record."""

    prefix: str
    title: str
    table: str
    shortest: int
    fields: tuple[Field, ...]
    incident: tuple[Field, ...] = ()
    pieces: tuple[Piece, ...] = ()

    @property
    def width(self) -> int:
        """Columns up to the end of the last field."""
        ends = [f.end for f in (*self.fields, *self.incident)]
        return max([*ends, *(p.end for p in self.pieces)])


@dataclass(frozen=True, slots=True)
class Layout:
    """All of it: the segments by prefix, state numbers, offense codes, kinds of agency."""

    segments: dict[str, Segment]
    states: dict[str, str]
    offenses: dict[str, str]
    kinds: dict[str, str]


@cache
def layout() -> Layout:
    """The layout.

    >>> layout().segments["02"].fields[0].name, layout().segments["04"].width
    ('offense_code', 135)
    """
    told = tomllib.loads(LAYOUT.read_text(encoding="utf-8"))
    segments = {prefix: _segment(prefix, told["segments"]) for prefix in told["segments"]}
    offenses = told["offenses"]
    return Layout(
        segments,
        {k: v for k, v in told["states"].items() if k != "_is"},
        dict.fromkeys(offenses["_others"].split(), "")
        | {k: v for k, v in offenses.items() if k != "_others"},
        {k: v for k, v in told["kinds"].items() if k != "_is"},
    )


def _segment(prefix: str, all_told: dict[str, Any]) -> Segment:
    told = all_told[prefix]
    fields = all_told[told["like"]]["fields"] if "like" in told else {}
    return Segment(
        prefix=prefix,
        title=told["title"],
        table=told["table"],
        shortest=told["shortest"],
        fields=_fields(told["table"], {**fields, **told.get("fields", {})}),
        incident=_fields("incidents", told.get("incident", {})),
        pieces=tuple(
            Piece(start=p["at"][0] - 1, end=p["at"][1], to=p["from"] - 1)
            for p in told.get("pieces", ())
        ),
    )


def _fields(table: str, told: dict[str, dict[str, Any]]) -> tuple[Field, ...]:
    return tuple(_field(table, name, entry) for name, entry in told.items())


def _field(table: str, name: str, told: dict[str, Any]) -> Field:
    plain: dict[str, Any] = {k: told[k] for k in ("known", "needed", "group") if k in told}
    plain |= {"table": table, "name": name, "kind": told["is"]}
    if "at" in told:
        first, last = told["at"]
        return Field(start=first - 1, width=last - first + 1, end=last, **plain)
    start, width, times = told["first"] - 1, told["width"], told["times"]
    step = told.get("step", width)
    return Field(
        start=start,
        width=width,
        times=times,
        step=step,
        end=start + (times - 1) * step + width,
        is_list=True,
        **plain,
    )
