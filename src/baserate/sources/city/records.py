"""A city's rows of text as records, by its mapping: one SQL query made from the mapping.

A record is one row of the file. It is kept, or set aside by a rule of the mapping, or has a
`problem`, the sentence that says why it cannot be kept.
"""

from __future__ import annotations

from math import isfinite

from baserate.sources.city.mapping import FIELDS, CityMapping, OffenseRule, Rule
from baserate.sources.city.projections import degrees_query
from baserate.sources.tables import quoted

FIRST_YEAR, LAST_YEAR = 1900, 2100  # a record outside of these counts in no month there is

RECORD = (
    "file_row",
    "incident",
    "agency",
    "number",
    "code",
    "counted_year",
    "counted_month",
    "incident_date",
    "incident_hour",
    "counts",
    "offense",
    "aside",
    "own_x",
    "own_y",
    "is_elsewhere",
    "latitude",
    "longitude",
)


def make_records(mapping: CityMapping, columns: dict[str, str], table: str) -> str:
    """SQL that makes the table `record` of a table of text whose columns are given by field.

    One row is one record, in the order of the table: file_row, incident, agency (its place among
    the mapping's), what the mapping's fields mean, its flags, and aside and problem, which are
    null in a record that is kept. Columns kept as they are stay in the table of text (`own`).
    """
    typed = f"({_typed(mapping, _text(mapping, columns, table))})"
    if mapping.projection is not None:
        placed = f"({degrees_query(typed, mapping.projection)})"
    else:
        placed = f"(SELECT *, y AS latitude, x AS longitude FROM {typed})"
    wanted = ", ".join([*RECORD, *(f.field for f in mapping.flags)])
    return (
        f"CREATE OR REPLACE TEMP TABLE record AS SELECT {wanted}, "
        f"CASE WHEN aside IS NULL THEN {_problem(mapping)} END AS problem FROM {placed}"
    )


def own(mapping: CityMapping, columns: dict[str, str]) -> dict[str, str]:
    """The columns kept as they are: name to SQL over the table of text, `raw`; blank is null."""
    return {
        f: f"nullif(raw.{name(columns[f])}, ' ')" if f in columns else "NULL::VARCHAR"
        for f in mapping.own
    }


def name(column: str) -> str:
    """A column as SQL name."""
    return '"' + column.replace('"', '""') + '"'


def _text(mapping: CityMapping, columns: dict[str, str], table: str) -> str:
    """The fields that mean something, trimmed; null where empty or where the file has no such."""
    fields = []
    for field in _meaning(mapping):
        called = f"own_{field}" if field in {"x", "y"} else field
        column = columns.get(field)
        value = f"nullif(trim({name(column)}), '')" if column is not None else "NULL::VARCHAR"
        fields.append(f"{value} AS {name(called)}")
    agency = "0"
    if mapping.sheets:
        cases = (f"WHEN {quoted(s)} THEN {i}" for i, s in enumerate(mapping.sheets))
        agency = f"CASE sheet {' '.join(cases)} END"
    return (
        "(SELECT *, try_cast(own_x AS DOUBLE) AS given_x, try_cast(own_y AS DOUBLE) AS given_y "
        f"FROM (SELECT file_row, row_number() OVER ()::BIGINT AS incident, {agency} AS agency, "
        f"{', '.join(fields)} FROM {name(table)}))"
    )


def _meaning(mapping: CityMapping) -> list[str]:
    rules = [*(o.rule for o in mapping.offenses), *mapping.aside]
    flags = [f.field for f in mapping.flags]
    return list(dict.fromkeys([*FIELDS, *flags, *(r.of for r in rules if not r.every)]))


def _typed(mapping: CityMapping, text: str) -> str:
    marks = "".join(
        f", coalesce({name(f.field)} IN ({_list(f.yes)}), false) AS {name(f.field)}"
        for f in mapping.flags
    )
    replaced = f"REPLACE ({marks[2:]})" if marks else ""
    by = "_month" if mapping.month_formats else "_day"
    day = f"* {replaced}, {_moment('date', mapping.date_formats)} AS _day"
    return f"""
SELECT *, year({by}) AS counted_year, month({by}) AS counted_month,
    _day::DATE AS incident_date,
    CASE WHEN contains(date, ':') THEN hour(_day) END AS incident_hour
FROM (SELECT {day}, {_moment("month", mapping.month_formats)} AS _month,
    {_count(mapping)} AS counts,
    {_offense(mapping)} AS offense,
    {_aside(mapping)} AS aside,
    {_coordinates(mapping)}
FROM {text})"""


def _moment(field: str, formats: tuple[str, ...]) -> str:
    if not formats:
        return "NULL::TIMESTAMP"
    return f"try_strptime({name(field)}, [{_list(formats)}])"


def _list(texts: tuple[str, ...]) -> str:
    return ", ".join(quoted(t) for t in texts)


def _count(mapping: CityMapping) -> str:
    if "count" not in mapping.names:
        return "1"
    return "CASE WHEN regexp_full_match(trim(count), '[+-]?[0-9]{1,4}') THEN count::INTEGER END"


def fits(rule: Rule) -> str:
    """The rule as an SQL condition."""
    of = name(f"own_{rule.of}" if rule.of in {"x", "y"} else rule.of)
    if rule.every:
        return "true"
    if rule.values:
        return f"{of} IN ({_list(rule.values)})"
    if rule.prefixes:
        return "(" + " OR ".join(f"starts_with({of}, {quoted(p)})" for p in rule.prefixes) + ")"
    if rule.range is not None:
        return f"try_cast({of} AS BIGINT) BETWEEN {rule.range[0]} AND {rule.range[1]}"
    return f"regexp_full_match({of}, {quoted(rule.matches or '')})"


def _offense(mapping: CityMapping) -> str:
    def case(rule: OffenseRule) -> str:
        return f"WHEN {fits(rule.rule)} THEN {quoted(rule.key)}"

    return f"CASE {' '.join(case(o) for o in mapping.offenses)} END"


def _aside(mapping: CityMapping) -> str:
    if not mapping.aside:
        return "NULL::INTEGER"
    cases = (f"WHEN {fits(rule)} THEN {i}" for i, rule in enumerate(mapping.aside))
    return f"CASE {' '.join(cases)} END"


def _coordinates(mapping: CityMapping) -> str:
    """x and y as numbers where they are a place, and whether they are one elsewhere."""
    if not mapping.within:
        return "NULL::DOUBLE AS x, NULL::DOUBLE AS y, false AS is_elsewhere"
    numbers = [repr(v) for v in map(_number, mapping.missing) if v is not None]

    def given(axis: str) -> str:
        texts = f"own_{axis} NOT IN ({_list(mapping.missing)})" if mapping.missing else "true"
        values = f"given_{axis} NOT IN ({', '.join(numbers)})" if numbers else "true"
        return f"given_{axis} IS NOT NULL AND {texts} AND {values}"

    def inside(axis: str) -> str:
        low, high = mapping.within[axis]
        return f"given_{axis} BETWEEN {low!r} AND {high!r}"

    is_given = f"coalesce({given('x')} AND {given('y')}, false)"
    is_inside = f"coalesce({inside('x')} AND {inside('y')}, false)"
    both = f"{is_given} AND {is_inside}"
    return (
        f"CASE WHEN {both} THEN given_x END AS x, "
        f"CASE WHEN {both} THEN given_y END AS y, "
        f"{is_given} AND NOT {is_inside} AS is_elsewhere"
    )


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if isfinite(value) else None


def _problem(mapping: CityMapping) -> str:
    """The first thing wrong with a record, as a sentence with its value and what would be right."""
    cases = []
    if mapping.month_formats:
        cases += [
            ("month IS NULL", quoted("no month to count in")),
            ("_month IS NULL", _unread("month", mapping.month_formats)),
        ]
    if mapping.date_formats:
        cases.append(("date IS NOT NULL AND _day IS NULL", _unread("date", mapping.date_formats)))
    if not mapping.month_formats:
        cases.append(("date IS NULL", quoted("no date, so no month to count in")))
    cases.append(
        (
            f"counted_year NOT BETWEEN {FIRST_YEAR} AND {LAST_YEAR}",
            "'counts in the year ' || counted_year || "
            f"', where {FIRST_YEAR} to {LAST_YEAR} can be'",
        )
    )
    if "count" in mapping.names:
        said = "'count is ' || coalesce('\"' || count || '\"', 'empty') || ', where it is 1 or -1'"
        cases.append(("counts IS NULL OR counts NOT IN (1, -1)", said))
    return "CASE " + " ".join(f"WHEN {when} THEN {then}" for when, then in cases) + " END"


def _unread(field: str, formats: tuple[str, ...]) -> str:
    wanted = quoted(f'", where {field}s are written as {" or ".join(formats)}')
    return f"'{field} is \"' || {name(field)}[:80] || {wanted}"
