"""One entry of a TOML file, read with suspicion: each field is asked for by its type.

An error names the file, the entry and the field, and says what would be right.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any, TypeVar, get_args

from baserate.errors import BadRules, UnknownPlace, near_names
from baserate.terms.places import place

L = TypeVar("L", bound=str)

LONGEST_TEXT = 2_000
_NAME = re.compile(r"[a-z0-9]+(?:[-.][a-z0-9]+)*")


class Entry:
    """One table of a file. Every field is taken once; what is left over is an error."""

    def __init__(self, what: str, fields: object) -> None:
        if not isinstance(fields, dict):
            raise BadRules(f"{what} is not a table; write it as in docs/conditions.md")
        self.what = what
        self._left: dict[str, Any] = dict(fields)
        self._names: list[str] = []

    def text(self, name: str) -> str:
        """Words that must be there."""
        found = self.text_or_none(name)
        if found is None:
            raise self.wrong(name, None, "every entry needs it, as words in quotes")
        return found

    def text_or_none(self, name: str) -> str | None:
        """Words, or None where the field is left out."""
        found = self._take(name)
        if found is None:
            return None
        if not isinstance(found, str) or not found.strip() or len(found) > LONGEST_TEXT:
            raise self.wrong(
                name, found, f"write words in quotes, at most {LONGEST_TEXT} characters"
            )
        return " ".join(found.split())

    def name(self, name: str) -> str:
        """A short name in small letters, digits and hyphens."""
        found = self.text(name)
        if not _NAME.fullmatch(found):
            raise self.wrong(name, found, "write small letters, digits and hyphens, as 'ca7-2018'")
        return found

    def one_of(self, name: str, options: object) -> Any:
        """One word of a closed list."""
        found, known = self._take(name), get_args(options)
        if found not in known:
            raise self.wrong(name, found, f"use one of {', '.join(known)}")
        return found

    def day(self, name: str) -> date:
        """A date that must be there."""
        found = self.day_or_none(name)
        if found is None:
            raise self.wrong(name, None, "write a date without quotes, as 2017-09-15")
        return found

    def day_or_none(self, name: str) -> date | None:
        """A date, or None where the field is left out."""
        found = self._take(name)
        if found is not None and type(found) is not date:
            raise self.wrong(name, found, "write a date without quotes, as 2017-09-15")
        return found

    def flag(self, name: str) -> bool:
        """True or false, which must be there."""
        found = self.flag_or_none(name)
        if found is None:
            raise self.wrong(name, None, "write true or false")
        return found

    def flag_or_none(self, name: str) -> bool | None:
        """True or false, or None where the field is left out."""
        found = self._take(name)
        if found is not None and not isinstance(found, bool):
            raise self.wrong(name, found, "write true or false, without quotes")
        return found

    def years(self, name: str) -> tuple[int, ...]:
        """Fiscal years, at least one."""
        found = self._take(name)
        years = found if isinstance(found, list) else []
        if not years or not all(type(y) is int and 1990 <= y <= 2100 for y in years):
            raise self.wrong(name, found, "write fiscal years in brackets, as [2017, 2018]")
        return tuple(dict.fromkeys(years))

    def words(self, name: str, *, needed: bool = False) -> tuple[str, ...]:
        """A list of words; none where it is left out and not needed."""
        found = self._take(name)
        if found is None and not needed:
            return ()
        if not isinstance(found, list) or not all(isinstance(w, str) and w for w in found):
            raise self.wrong(name, found, 'write words in quotes and brackets, as ["notice"]')
        if needed and not found:
            raise self.wrong(name, found, "name at least one")
        return tuple(dict.fromkeys(found))

    def places(self, name: str, besides: Iterable[str] = ()) -> tuple[str, ...]:
        """Keys of places: 'IL', 'Chicago, IL'."""
        keys, groups = self.words(name), tuple(besides)
        for key in keys:
            if key not in groups and not _is_jurisdiction(key):
                also = f" (or {' or '.join(map(repr, groups))})" if groups else ""
                raise self.wrong(name, key, f"write a state as 'IL', a city as 'Chicago, IL'{also}")
        return keys

    def place(self, name: str) -> str:
        """The key of one place."""
        key = self.text(name)
        if not _is_jurisdiction(key):
            raise self.wrong(name, key, "write a state as 'IL', a city as 'Chicago, IL'")
        return key

    def end(self) -> None:
        """Nothing may be left over: a misspelled field would be a field left out."""
        for name in self._left:
            near = near_names(name, self._names)
            meant = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(self._names)}"
            raise BadRules(f"{self.what} has a field {name[:40]!r} that means nothing; {meant}")

    def wrong(self, name: str, found: object, right: str) -> BadRules:
        """The error that says which entry, which field, what stands there, what would be right."""
        stands = "is missing" if found is None else f"is {str(found)[:60]!r}"
        return BadRules(f"{self.what}: {name} {stands}; {right}")

    def _take(self, name: str) -> Any:
        self._names.append(name)
        return self._left.pop(name, None)


def _is_jurisdiction(key: str) -> bool:
    try:
        return place(key).kind in {"state", "territory", "city"}
    except UnknownPlace:
        return False
