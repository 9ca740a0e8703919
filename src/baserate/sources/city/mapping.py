"""A city's mapping: what its own export calls things, and what they are here.

The language is described in docs/cities.md. Reading a mapping checks it as a whole: whatever is
wrong with it is said at once, before a row of data is read.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

from baserate.errors import BadMapping, LayoutChanged, near_names
from baserate.sources.city.projections import Projection, parameters, projections
from baserate.terms.offenses import offenses

SHIPPED = Path(__file__).with_name("mappings")
LARGEST = 1_000_000  # bytes of a mapping file
FIELDS = ("number", "month", "date", "code", "count", "x", "y")
DEGREES = "degrees"
TELLS = ("values", "prefixes", "range", "matches", "every")


class Agency(NamedTuple):
    """Who recorded the incidents, and where. `sheet` is set where a workbook has one for each."""

    place: str
    ori: str
    name: str
    sheet: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule about one field: it fits a row whose field has one of these values.

    Exactly one of values, prefixes, range, matches and every is set.
    """

    of: str
    values: tuple[str, ...] = ()
    prefixes: tuple[str, ...] = ()
    range: tuple[int, int] | None = None
    matches: str | None = None
    every: bool = False
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OffenseRule:
    """Which codes are which offense; rape also has a definition for each span of months."""

    key: str
    rule: Rule
    definitions: tuple[tuple[str, str], ...] = ()  # (first month as 2013-01 or '', definition)

    def definition(self, year: int, month: int) -> str | None:
        """The definition it was counted by in a month; None where it has only one."""
        found = None
        for start, definition in self.definitions:
            if start <= f"{year:04}-{month:02}":
                found = definition
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A row as it stands in the file, and what becomes of it."""

    says: str
    header: str
    row: str
    sheet: str | None = None
    becomes: Mapping[str, Any] | None = None
    rejected: str | None = None
    aside: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """A mark of the publisher's that is set or not; kept as own_<field>."""

    field: str
    yes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class CityMapping:
    """One publisher's export. `names` gives every field the names its column has had."""

    file: str
    dataset: str
    agencies: tuple[Agency, ...]
    told_by: tuple[str, ...]
    names: dict[str, tuple[str, ...]]
    optional: frozenset[str]
    own: tuple[str, ...]
    flags: tuple[Flag, ...]
    month_formats: tuple[str, ...]
    date_formats: tuple[str, ...]
    is_report_date: bool
    system: str
    projection: Projection | None
    missing: tuple[str, ...]
    within: dict[str, tuple[float, float]]
    offenses: tuple[OffenseRule, ...]
    aside: tuple[Rule, ...]
    rule: str | None
    series: tuple[str, ...]
    totals: tuple[str, ...]
    no_series: str
    examples: tuple[Example, ...]
    text: str = field(repr=False)

    @property
    def sheets(self) -> tuple[str, ...]:
        """The sheets of a workbook that hold incidents; nothing if they are not told apart."""
        return tuple(a.sheet for a in self.agencies if a.sheet is not None)

    def knows(self, columns: Iterable[str]) -> bool:
        """Whether these columns tell this publisher's export."""
        return {fold(c) for c in self.told_by} <= {fold(c) for c in columns}

    def columns_of(self, columns: Iterable[str], name: str) -> dict[str, str]:
        """Field to column of the file.

        Raises LayoutChanged with all new, missing and doubled columns in one message.
        """
        columns = tuple(columns)
        fields = {fold(n): f for f, names in self.names.items() for n in names}
        found: dict[str, list[str]] = {}
        new = []
        for column in columns:
            known = fields.get(fold(column))
            if known is None:
                new.append(column or "(a column without a name)")
            else:
                found.setdefault(known, []).append(column)
        gone = [n[0] for f, n in self.names.items() if f not in found and f not in self.optional]
        twice = [" and ".join(c) for c in found.values() if len(c) > 1]
        if new or gone or twice:
            raise LayoutChanged(_changed(name, self.file, new, gone, twice))
        return {f: c for f, (c,) in found.items()}


def fold(name: str) -> str:
    """A column's name without case, spaces, underscores and punctuation.

    >>> fold("Coded_Month ") == fold("codedMonth")
    True
    """
    return "".join(c for c in name.casefold() if c.isalnum())


def _changed(name: str, file: str, new: list[str], gone: list[str], twice: list[str]) -> str:
    doubled = f"; columns that mean the same: {_some(twice)}" if twice else ""
    return (
        f"{name}: the columns are not those of the mapping {file}. New columns: {_some(new)}; "
        f"missing columns: {_some(gone)}{doubled}. Copy the mapping, write each new name after the "
        "names of the field it is now called by, or under [own] to keep it as it is, put fields "
        "that are gone for good into `optional`, and name the copy with --mapping (docs/cities.md)"
    )


def _some(names: list[str], most: int = 30) -> str:
    shown = ", ".join(n[:60] for n in names[:most])
    return (shown or "none") + (f" and {len(names) - most:,} more" if len(names) > most else "")


@cache
def shipped() -> tuple[CityMapping, ...]:
    """The mappings that come with baserate."""
    return tuple(load(path) for path in sorted(SHIPPED.glob("*.toml")))


def load(path: Path) -> CityMapping:
    """Read one mapping. Raises BadMapping, which names what is wrong."""
    try:
        if not path.is_file():
            raise BadMapping(f"{path.name}: is no file; name a mapping, as docs/cities.md says")
        if path.stat().st_size > LARGEST:
            raise BadMapping(f"{path.name}: {path.stat().st_size:,} bytes are no mapping")
        text = path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise BadMapping(f"{path.name}: the mapping cannot be read ({error})") from None
    return parse(text, path.name)


@cache
def parse(text: str, file: str) -> CityMapping:
    """A mapping from its text."""
    try:
        told = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise BadMapping(f"{file}: not readable as TOML ({error})") from None
    try:
        return _Checked(file, told).mapping(text)
    except (
        TypeError, ValueError, KeyError, AttributeError, OverflowError, re.error
    ) as error:  # fmt: skip
        if isinstance(error, BadMapping):
            raise
        raise BadMapping(
            f"{file}: not a mapping as docs/cities.md describes it "
            f"({type(error).__name__}: {error})"
        ) from None


KNOWN = (
    "dataset",
    "agency",
    "told_by",
    "columns",
    "optional",
    "own",
    "flags",
    "month",
    "date",
    "coordinates",
    "offense",
    "aside",
    "series",
    "no_series",
    "headers",
    "example",
)


class _Checked:
    """A mapping's TOML on its way to a CityMapping."""

    def __init__(self, file: str, told: dict[str, Any]) -> None:
        self.file, self.told = file, told
        self.refuse_unknown("the mapping", told, KNOWN)
        columns = {f: self.texts(f"columns.{f}", n) for f, n in told["columns"].items()}
        self.refuse_unknown("[columns]", columns, FIELDS)
        own = {f"own_{f}": self.texts(f"own.{f}", n) for f, n in told.get("own", {}).items()}
        flags = told.get("flags", {})
        marks = {f"own_{f}": self.texts(f"flags.{f}", t["names"]) for f, t in flags.items()}
        self.flags = tuple(
            Flag(field=f"own_{f}", yes=self.texts(f"flags.{f}", t["yes"])) for f, t in flags.items()
        )
        if both := sorted(own.keys() & marks.keys()):
            self.refuse(f"{', '.join(both)} stand under [own] and under [flags]")
        if reserved := own.keys() & {"own_x", "own_y"} or marks.keys() & {"own_x", "own_y"}:
            self.refuse(
                f"{', '.join(reserved)} hold the coordinates as published; name it otherwise"
            )
        self.own = tuple(own)
        self.names = columns | own | marks
        self.refuse_names()

    def mapping(self, text: str) -> CityMapping:
        """The mapping, or BadMapping."""
        told = self.told
        places = told.get("coordinates", {})
        self.refuse_unknown("[coordinates]", places, ["system", "missing", "within", "projection"])
        system, projection = self.system(places)
        within = {k: (float(a), float(b)) for k, (a, b) in places.get("within", {}).items()}
        if bool(within) != ("x" in self.names) or (within and set(within) != {"x", "y"}):
            self.refuse("coordinates.within gives the least and the most of x and of y")
        series = told.get("series", {})
        self.refuse_unknown("[series]", series, ["rule", "offenses", "totals"])
        if bool(series) == bool(told.get("no_series")):
            self.refuse("say either [series] or no_series = 'why there is none'")
        if series and series["rule"] not in {"hierarchy", "all"}:
            self.refuse(f"series.rule is {series['rule']!r}; it is hierarchy or all")
        day = told.get("date", {})
        return CityMapping(
            file=self.file,
            dataset=self.dataset(),
            agencies=self.agencies(),
            told_by=self.texts("told_by", told["told_by"]),
            names=self.names,
            optional=self.optional(),
            own=self.own,
            flags=self.flags,
            month_formats=self.formats("month"),
            date_formats=self.formats("date"),
            is_report_date=bool(day.get("is_report_date", False)),
            system=system,
            projection=projection,
            missing=self.texts("coordinates.missing", places.get("missing", [])),
            within=within,
            offenses=tuple(self.offense(o) for o in told["offense"]),
            aside=tuple(self.one_rule("[[aside]]", a) for a in told.get("aside", ())),
            rule=series.get("rule"),
            series=self.keys("series.offenses", series.get("offenses", [])),
            totals=self.keys("series.totals", series.get("totals", [])),
            no_series=str(told.get("no_series", "")),
            examples=self.examples(),
            text=text,
        )

    def refuse(self, what: str) -> NoReturn:
        raise BadMapping(f"{self.file}: {what}. docs/cities.md describes the language")

    def refuse_unknown(self, where: str, told: Iterable[str], known: Iterable[str]) -> None:
        known = tuple(known)
        for name in told:
            if name not in known:
                near = near_names(name, known)
                meant = f"; did you mean {near[0]}?" if near else ""
                self.refuse(f"{where} has {name!r}, which means nothing there{meant}")

    def refuse_names(self) -> None:
        for name in self.names:
            if not re.fullmatch(r"[a-z][a-z0-9_]{0,40}", name):
                self.refuse(f"{name!r} is no name for a field; use small letters, digits and _")
        owner: dict[str, str] = {}
        for name, columns in self.names.items():
            for column in columns:
                key = fold(column)
                if not key or key == fold("file_row"):
                    self.refuse(f"{column!r} cannot be a column's name")
                if owner.setdefault(key, name) != name:
                    self.refuse(f"column {column!r} is named for {owner[key]} and for {name}")
        if "month" not in self.names and "date" not in self.names:
            self.refuse("neither a month nor a date column, so no record would count in any month")
        if ("x" in self.names) != ("y" in self.names):
            self.refuse("x and y go together")

    def texts(self, where: str, told: Any) -> tuple[str, ...]:
        if not isinstance(told, list) or not all(isinstance(t, str) for t in told):
            self.refuse(f"{where} is {told!r:.80}, where a list of texts is needed")
        return tuple(told)

    def dataset(self) -> str:
        key = str(self.told["dataset"])
        if not re.fullmatch(r"city_[a-z0-9_]{1,60}", key):
            self.refuse(f"dataset is {key!r}; it begins with city_, then small letters and _")
        return key

    def agencies(self) -> tuple[Agency, ...]:
        found = []
        for told in self.told["agency"]:
            self.refuse_unknown("[[agency]]", told, Agency._fields)
            agency = Agency(**{k: str(v) for k, v in told.items()})
            if not re.fullmatch(r".+, [A-Z]{2}", agency.place):
                self.refuse(f"place is {agency.place!r}; write it as 'St. Louis, MO'")
            if not re.fullmatch(r"[A-Z]{2}[A-Z0-9]{5}([A-Z0-9]{2})?", agency.ori):
                self.refuse(f"ori is {agency.ori!r}; it has 7 or 9 capitals and digits")
            found.append(agency)
        if not found or (len(found) > 1 and not all(a.sheet for a in found)):
            self.refuse("one [[agency]] is needed, or several with the sheet each is on")
        return tuple(found)

    def optional(self) -> frozenset[str]:
        told = self.texts("optional", self.told.get("optional", []))
        named = {n.removeprefix("own_"): n for n in self.names}
        self.refuse_unknown("optional", told, named)
        return frozenset(named[t] for t in told)

    def formats(self, name: str) -> tuple[str, ...]:
        told = self.told.get(name, {})
        self.refuse_unknown(f"[{name}]", told, ["formats", "is_report_date"])
        formats = self.texts(f"{name}.formats", told.get("formats", []))
        if (name in self.names) != bool(formats):
            self.refuse(f"a {name} column and [{name}] formats go together")
        for form in formats:
            marks = re.findall(r"%.", form)
            if not marks or any(m not in _MARKS for m in marks) or form.count("%") != len(marks):
                self.refuse(f"{name} format {form!r}; of % marks it may have {' '.join(_MARKS)}")
        return formats

    def system(self, told: dict[str, Any]) -> tuple[str, Projection | None]:
        if "x" not in self.names:
            return DEGREES, None
        system = str(told["system"])
        if system == DEGREES:
            return system, None
        if "projection" in told:
            self.refuse_unknown("[coordinates.projection]", told["projection"], parameters())
            return system, Projection(**told["projection"])
        if system not in projections():
            known = ", ".join([DEGREES, *projections()])
            self.refuse(f"coordinates.system is {system!r}; known are {known}")
        return system, projections()[system]

    def one_rule(self, where: str, told: dict[str, Any]) -> Rule:
        self.refuse_unknown(where, told, ["of", "why", *TELLS])
        if sum(t in told for t in TELLS) != 1:
            self.refuse(f"{where}: one of {', '.join(TELLS)} says what it fits, not {sorted(told)}")
        of = str(told.get("of", "code"))
        of = of if of in self.names else f"own_{of}"
        if of not in self.names and "every" not in told:
            self.refuse(f"{where} is of {told.get('of', 'code')!r}, which is no column here")
        if "matches" in told:
            re.compile(str(told["matches"]))
        low, high = told.get("range", (0, 0))
        return Rule(
            of=of,
            values=self.texts(where, told.get("values", [])),
            prefixes=self.texts(where, told.get("prefixes", [])),
            range=(int(low), int(high)) if "range" in told else None,
            matches=str(told["matches"]) if "matches" in told else None,
            every=bool(told.get("every", False)),
            why=str(told.get("why", "")),
        )

    def offense(self, told: dict[str, Any]) -> OffenseRule:
        (key,) = self.keys("[[offense]] key", [told["key"]])
        spans = tuple(
            (str(d.get("from", "")), d["definition"]) for d in told.get("definitions", ())
        )
        if any(d not in {"legacy", "revised"} for _, d in spans) or list(spans) != sorted(spans):
            self.refuse(f"definitions of {key}: legacy or revised, in the order of their months")
        rest = {k: v for k, v in told.items() if k not in {"key", "definitions"}}
        return OffenseRule(key=key, rule=self.one_rule(f"offense {key}", rest), definitions=spans)

    def keys(self, where: str, told: Any) -> tuple[str, ...]:
        keys = self.texts(where, told)
        self.refuse_unknown(where, keys, offenses())
        return keys

    def examples(self) -> tuple[Example, ...]:
        headers = self.told.get("headers", {})
        found = []
        for told in self.told.get("example", ()):
            header = headers.get(told.get("header", ""))
            if header is None:
                self.refuse(
                    f"example {told.get('says')!r}: [headers] has no {told.get('header')!r}"
                )
            if sum(k in told for k in ("becomes", "rejected", "aside")) != 1:
                self.refuse(f"example {told.get('says')!r}: say becomes, rejected or aside")
            found.append(Example(**{**told, "header": header}))
        if not found:
            self.refuse("no [[example]]; a mapping is known to work by its examples")
        return tuple(found)


_MARKS = ("%Y", "%y", "%m", "%d", "%b", "%B", "%H", "%I", "%M", "%S", "%f", "%p")
