"""An agency's header: a few thousand in a file, so they are read one by one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from baserate.sources.master_file.fields import WANTED
from baserate.sources.master_file.layout import Field, Layout
from baserate.terms.places import city_called

Header = dict[str, Any]

POSTAL = {"NB": "NE"}  # Nebraska as the FBI writes it
FIRST_YEAR, LAST_YEAR = 1985, 2100


def read_header(text: str, line: int, layout: Layout) -> Header | str:
    """The columns of `agencies`, and those of its months under 'activity'; or what is wrong."""
    made: Header = {"file_row": line}
    for field in layout.segments["BH"].fields:
        try:
            made[field.name] = _value(text, field, layout)
        except ValueError as error:
            return str(error)
    year, months = made["year"], made["months_reported"]
    if year is not None and not FIRST_YEAR <= year <= LAST_YEAR:
        return f"master file year (columns 230-233) is {year}; one from {FIRST_YEAR} on is needed"
    if months is not None and months > 12:
        return f"months reported (columns 228-229) is {months}; at most 12 are possible"
    made["state"] = POSTAL.get(made["own_state_abbr"], made["own_state_abbr"])
    made["kind"] = layout.kinds.get(made["own_agency_type"])
    made["place"] = _place(made) if made["kind"] == "city" else None
    people = [n for n in made["own_populations"] if n is not None]
    made["population"] = sum(people) if people else None
    made["is_nibrs"] = made["own_nibrs_flag"] == "A"
    return made


def months(header: Header) -> list[tuple[int, str, str]]:
    """Month, what was reported in it, and the flags it follows from.

    The flags say whether a report of zero, a report of incidents and a window record came in.
    """
    return [
        (month, _reported(flags or "", header["covered_by"]), flags or "")
        for month, flags in enumerate(header["own_activity"], 1)
    ]


def _reported(flags: str, covered_by: str | None) -> str:
    if flags[1:2] == "Y":
        return "incidents"
    if flags[:1] == "Y":
        return "zero"
    return "elsewhere" if covered_by else "no"


def _value(text: str, field: Field, layout: Layout) -> Any:
    if not field.is_list:
        return _one(text[field.start : field.end], field, layout)
    starts = range(field.start, field.end, field.step)
    parts = [text[s : s + field.width].rstrip() or None for s in starts]
    if field.kind == "text":
        return parts
    return [p and _one(p, field, layout) for p in parts]


def _one(said: str, field: Field, layout: Layout) -> Any:
    plain = said.rstrip()
    if not plain and not field.needed:
        return None
    if plain and field.kind == "text":
        return plain
    try:
        return _CHECKED[field.kind](plain, layout)
    except (KeyError, ValueError):
        what = field.name.removeprefix("own_").replace("_", " ")
        wanted = WANTED.get(field.kind, "it is needed")
        raise ValueError(f"{what} (columns {field.columns}) is {said!r}; {wanted}") from None


def _state(said: str, layout: Layout) -> str:
    layout.states[said]
    return said


def _number(said: str, _: Layout) -> int:
    digits = said.lstrip()
    if not (digits.isascii() and digits.isdigit()):
        raise ValueError
    return int(digits)


def _date(said: str, _: Layout) -> date:
    if not (len(said) == 8 and said.isascii() and said.isdigit()):
        raise ValueError
    return date(int(said[:4]), int(said[4:6]), int(said[6:]))


_CHECKED: dict[str, Callable[[str, Layout], Any]] = {
    "state": _state,
    "number": _number,
    "date": _date,
}


def _place(header: Header) -> str | None:
    """The city an agency polices: by the name known for it, else by the one printed."""
    name, state = header["agency"], header["state"]
    if not name or not state:
        return None
    known = city_called(name, state)
    return known.key if known else f"{name.title()}, {state}"
