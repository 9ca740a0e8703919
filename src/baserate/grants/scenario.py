"""A what-if: a small file of differences from the rules and from the records.

    title = "Minimum share doubled"

    [minimum_share]
    value = 0.005

    [[recorded]]
    place = "FL"
    year = 2014
    violent_crime = 100_000

A parameter's `value` holds for the whole of its era; `values = [{ from = 2012-10-01, value = 0.005
}]` from a day on. `[[recorded]]` puts other counts or populations in place of the records'.
`[[reduced]]` applies one of the program's penalties to one place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from baserate.errors import BadRules, BadScenario, near_names
from baserate.grants.given import read_toml, toml_of
from baserate.grants.parameters import Dated, Parameter, Plain, Rules, plain_value
from baserate.terms.places import states, territories

DIFFERENCES = "the differences"  # what such a file should hold
MOST = 10_000_000_000  # people or crimes; more than there are anywhere
MOST_YEARS = 10  # that a what-if may average, or look back
_NOT_PARAMETERS = ("title", "recorded", "reduced")
_RECORDED = ("violent_crime", "population")


@dataclass(frozen=True, slots=True)
class Recorded:
    """What to take for one place and year in place of the records. None leaves them."""

    place: str
    year: int
    violent_crime: int | None
    population: int | None


@dataclass(frozen=True, slots=True)
class Reduced:
    """A penalty of the rules, by its parameter's name, applied to one place."""

    place: str
    by: str


@dataclass(frozen=True, slots=True)
class Scenario:
    """A what-if that was read and makes sense for its program. `NO_CHANGE` changes nothing."""

    title: str
    values: Mapping[str, tuple[Dated, ...]]
    recorded: tuple[Recorded, ...]
    reduced: tuple[Reduced, ...]

    def applied_to(self, rules: Rules) -> Rules:
        """The rules under this what-if."""
        return rules.with_values(self.values, self.title) if self.values else rules


NO_CHANGE = Scenario("", {}, (), ())


def read_scenario(path: Path, rules: Rules) -> Scenario:
    """A what-if from a file. Raises BadScenario for whatever the rules do not know."""
    return _checked(read_toml(path, DIFFERENCES), rules, path.name)


def parse_scenario(text: str, rules: Rules, where: str = "the what-if") -> Scenario:
    """A what-if from TOML text."""
    return _checked(toml_of(text, where, DIFFERENCES), rules, where)


def _checked(told: Mapping[str, Any], rules: Rules, where: str) -> Scenario:
    try:
        return _scenario(told, rules, where)
    except BadRules as error:
        raise BadScenario(f"{where}: {error}") from None


def _scenario(told: Mapping[str, Any], rules: Rules, where: str) -> Scenario:
    title = told.get("title", where)
    if not isinstance(title, str):
        raise BadScenario(f"{where}: title must be text, not {title!r}")
    values = {
        name: _values(rules.parameter(name), each, where)
        for name, each in told.items()
        if name not in _NOT_PARAMETERS
    }
    recorded = tuple(_recorded(each, where) for each in _tables(told, "recorded", where))
    reduced = tuple(_reduced(each, rules, where) for each in _tables(told, "reduced", where))
    _refuse_twice([(r.place, r.year) for r in recorded], "recorded", where)
    _refuse_twice([(r.place, r.by) for r in reduced], "reduced", where)
    if not (values or recorded or reduced):
        raise BadScenario(
            f"{where} changes nothing; give a parameter ({', '.join(sorted(rules.parameters))}), "
            "[[recorded]] or [[reduced]]"
        )
    return Scenario(title.strip() or where, values, recorded, reduced)


def _refuse_twice(keys: Sequence[tuple[str, object]], name: str, where: str) -> None:
    for key in keys:
        if keys.count(key) > 1:
            raise BadScenario(
                f"{where}: two [[{name}]] are about {key[0]} and {key[1]}; keep one of them"
            )


def _tables(told: Mapping[str, Any], name: str, where: str) -> list[Mapping[str, Any]]:
    found = told.get(name, [])
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise BadScenario(f"{where}: write each of them as a table [[{name}]]")
    return found


def _values(parameter: Parameter, told: object, where: str) -> tuple[Dated, ...]:
    """The parameter's values with the scenario's in place from their days on."""
    first = parameter.values[0].start
    if not isinstance(told, dict):
        told = {"value": told}
    allowed = {"value", "values"}
    if len(told) != 1 or not told.keys() <= allowed:
        raise BadScenario(
            f"{where}: {parameter.name} needs value, or values = [{{ from = 2012-10-01, "
            "value = ... }], and nothing else"
        )
    if "value" in told:
        return (_dated(parameter, first, told["value"], where),)
    rows = told["values"]
    if not isinstance(rows, list) or not rows or not all(isinstance(r, dict) for r in rows):
        raise BadScenario(f"{where}: values of {parameter.name} must be a list of tables")
    made = tuple(sorted((_row(parameter, r, where) for r in rows), key=lambda d: d.start))
    _refuse_twice([(parameter.name, d.start) for d in made], "values", where)
    kept = tuple(v for v in parameter.values if v.start < made[0].start)
    return (*kept, *made)


def _row(parameter: Parameter, told: Mapping[str, Any], where: str) -> Dated:
    start = told.get("from")
    if (
        told.keys() != {"from", "value"}
        or isinstance(start, datetime)
        or not isinstance(start, date)
    ):
        raise BadScenario(
            f"{where}: each value of {parameter.name} needs from (a date like 2012-10-01) and value"
        )
    first = parameter.values[0]
    if start < first.start:
        raise BadScenario(
            f"{where}: {parameter.name} from {start.isoformat()} is outside its era, which began "
            f"on {first.start.isoformat()} ({first.citation})"
        )
    return _dated(parameter, start, told["value"], where)


def _dated(parameter: Parameter, start: date, told: object, where: str) -> Dated:
    value = plain_value(told)
    if isinstance(value, tuple) != isinstance(parameter.values[0].value, tuple):
        kind = "a list of names" if isinstance(parameter.values[0].value, tuple) else "a number"
        raise BadScenario(f"{where}: {parameter.name} is {kind}, not {told!r}")
    wrong = _wrong(parameter.unit, value)
    if wrong:
        raise BadScenario(f"{where}: {parameter.name} = {told} makes no sense; it is {wrong}")
    return Dated(start, value, "the what-if", True)


def _wrong(unit: str, value: Plain) -> str:
    """What a value of that unit should be, if it is not; else ''."""
    if isinstance(value, tuple):
        known = {*states(), *territories()}
        if unit == "words":
            return "not a thing to change"
        return "" if known.issuperset(value) else "a list of postal codes, like PR"
    if unit == "fraction":
        return "" if 0 <= value <= 1 else "between 0 and 1"
    if unit == "years":
        whole = value.denominator == 1 and 1 <= value <= MOST_YEARS
        return "" if whole else f"a whole number of years from 1 to {MOST_YEARS}"
    return "" if value >= 0 else "zero or more"


def _recorded(told: Mapping[str, Any], where: str) -> Recorded:
    unknown = told.keys() - {"place", "year", *_RECORDED}
    if unknown or "place" not in told or "year" not in told or not told.keys() & set(_RECORDED):
        raise BadScenario(
            f"{where}: [[recorded]] needs place, year, and violent_crime or population"
            + (f"; it knows no {', '.join(sorted(unknown))}" if unknown else "")
        )
    for name in ("year", *_RECORDED):
        number = told.get(name, 0)
        if isinstance(number, bool) or not isinstance(number, int) or not 0 <= number <= MOST:
            raise BadScenario(
                f"{where}: {name} = {str(number)[:40]} is no count; write a whole number up to "
                f"{MOST:,}"
            )
    return Recorded(
        str(told["place"]), told["year"], told.get("violent_crime"), told.get("population")
    )


def _reduced(told: Mapping[str, Any], rules: Rules, where: str) -> Reduced:
    penalties = sorted(n for n in rules.parameters if n.endswith("_penalty"))
    by = told.get("by")
    if told.keys() != {"place", "by"} or by not in penalties:
        near = near_names(str(by), penalties)
        raise BadScenario(
            f"{where}: [[reduced]] needs place and by, one of {', '.join(penalties) or 'none'}"
            + (f"; did you mean {' or '.join(near)}?" if near else "")
        )
    return Reduced(str(told["place"]), str(by))
