"""An agency's header: a few thousand in a file, so they are read one by one."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

from baserate.sources.master_file.fields import WANTED
from baserate.sources.master_file.layout import Field, Layout
from baserate.terms.places import cities, city_key

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
    if field.is_list:
        starts = range(field.start, field.start + field.times * field.step, field.step)
        return [_one(text[s : s + field.width], field, layout) for s in starts]
    return _one(text[field.start : field.end], field, layout)


def _one(said: str, field: Field, layout: Layout) -> Any:
    plain = said.rstrip()
    if not plain:
        if field.needed:
            raise ValueError(f"{field.name} (columns {field.columns}) is blank; it is needed")
        return None
    if field.kind == "text":
        return plain
    if field.kind == "state" and plain in layout.states:
        return plain
    if field.kind == "number" and plain.strip().isdigit() and plain.isascii():
        return int(plain)
    if field.kind == "date" and len(plain) == 8 and plain.isdigit() and plain.isascii():
        try:
            return date(int(plain[:4]), int(plain[4:6]), int(plain[6:]))
        except ValueError:
            pass
    raise ValueError(
        f"{field.name.removeprefix('own_').replace('_', ' ')} (columns {field.columns}) is "
        f"{said!r}; {WANTED[field.kind]}"
    )


def _place(header: Header) -> str | None:
    """The city an agency polices: by the name known for it, else by the one printed."""
    name, state = header["agency"], header["state"]
    if not name or not state:
        return None
    known = _cities().get((city_key(name), state))
    return known or f"{name.title()}, {state}"


@cache
def _cities() -> dict[tuple[str, str], str]:
    return {(city_key(c.name), c.state or ""): c.key for c in reversed(cities())}
