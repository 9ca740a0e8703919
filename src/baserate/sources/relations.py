"""Tables that refer to one another by number: every row checked, every number looked up.

A relation is described as data: which column is its key, which ones must be found in another
table, which stand for a code. Rows that do not fit are rejected with the column and its value.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from baserate.errors import BadRow, LayoutChanged
from baserate.sources.delimited import Check, Names, load
from baserate.sources.tables import Tables

LONGEST_SHOWN = 40  # characters of a value in a reason
LARGEST_LOOKUP = 1_000_000  # bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookup:
    """A table that turns numbers into codes. `unsaid` are codes for nothing given: null here."""

    name: str
    code: str
    unsaid: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Codes:
    """The lookups as read, and which of their columns there are, by table and column."""

    lookups: Mapping[str, Lookup]
    columns: set[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """What each row of one table must fit.

    key       column that no two rows share
    of        column to the table that must have its value
    brings    column to the columns it takes along from there
    codes     column to the lookup table that turns it into a code
    numbers   column to the least and the most it can be
    among     column to the values it can have
    numbered  name for the rows' own number, from 1 in the order of the file
    one_of    columns of which the file has one, never empty
    since     first year whose file has the table; before, it is as if it had no rows
    """

    name: str
    needed: tuple[str, ...]
    key: str | None = None
    of: Mapping[str, str] = field(default_factory=dict)
    brings: Mapping[str, Sequence[str]] = field(default_factory=dict)
    codes: Mapping[str, str] = field(default_factory=dict)
    numbers: Mapping[str, Sequence[int]] = field(default_factory=dict)
    among: Mapping[str, Sequence[str]] = field(default_factory=dict)
    dates: tuple[str, ...] = ()
    decimals: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    one_of: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()
    numbered: str | None = None
    since: int | None = None

    @classmethod
    def told(cls, name: str, entry: Mapping[str, Any]) -> Relation:
        """From an entry of a layout file."""
        lists: dict[str, Any] = {
            k: tuple(v) if isinstance(v, list) else v for k, v in entry.items()
        }
        return cls(name=name, **lists)

    @property
    def used(self) -> set[str]:
        """Every column that is read."""
        key = [self.key] if self.key else []
        typed = (*self.numbers, *self.dates, *self.decimals, *self.texts)
        return {*key, *self.of, *self.codes, *typed}

    @property
    def known(self) -> set[str]:
        """Every column that may be there."""
        return {*self.used, *self.needed, *self.unused}


@dataclass(frozen=True, slots=True)
class Others:
    """What a relation is checked against: the other relations, the codes, and the files' names."""

    relations: Mapping[str, Relation]
    codes: Codes
    files: Mapping[str, str]

    def file(self, table: str) -> str:
        """What to call a table in a message."""
        return self.files.get(table, table)


def read_relation(
    out: Tables, relation: Relation, path: Path, names: Names, others: Others
) -> None:
    """Make a table of the rows that fit, named as the relation; reject the others.

    The tables it refers to must be there.
    """
    loaded = load(out, "said", path, check=_columns(relation, path.name), names=names, member=True)
    _keep(out, relation, loaded.columns, others)
    bad, repeated = _found(out, relation)
    if repeated:
        _keep(out, relation, loaded.columns, others, is_repeated=True)
        bad, _ = _found(out, relation)
    if bad:
        _reject(out, relation, loaded.columns, path.name)
        out.rows.kept -= bad
    out.engine.execute("DROP TABLE said")


def no_relation(out: Tables, relation: Relation, others: Others) -> None:
    """Make the relation's table with no rows, for a file that an edition does not have."""
    spared = set(relation.one_of[1:])
    columns = sorted(c for c in relation.used if c not in spared)
    said = ", ".join(f'NULL::VARCHAR AS "{c}"' for c in columns)
    out.engine.execute(f"CREATE OR REPLACE TEMP TABLE said AS SELECT {said}, 0 AS file_row LIMIT 0")
    codes = {c: t for c, t in relation.codes.items() if c not in spared}
    known = replace(others.codes, columns={(t, c) for c, t in codes.items()})
    _keep(out, replace(relation, codes=codes), tuple(columns), replace(others, codes=known))
    out.engine.execute("DROP TABLE said")


def read_lookups(
    out: Tables, lookups: Mapping[str, Lookup], paths: Mapping[str, Path], names: Names
) -> Codes:
    """Make the table `codes` of every lookup file: in column `col` of `lookup`, `id` is `code`.

    Raises where one cannot be read: without its codes no row can be.
    """
    found = []
    for name, lookup in lookups.items():
        columns, rows = _lookup_rows(paths[name], names)
        if lookup.code not in columns:
            raise LayoutChanged(
                f"{paths[name].name}: unknown columns {_listed(columns)}; missing columns "
                f"{lookup.code}, the one with the codes"
            )
        at = columns.index(lookup.code)
        found += [
            (name, column, row[i], "" if row[at] in lookup.unsaid else row[at])
            for row in rows
            for i, column in enumerate(columns)
        ]
    out.engine.execute(
        "CREATE OR REPLACE TEMP TABLE codes AS "
        "SELECT lookup, col, id, nullif(min(code), '') AS code FROM (SELECT unnest($a) AS lookup, "
        "unnest($b) AS col, unnest($c) AS id, unnest($d) AS code) GROUP BY lookup, col, id",
        dict(zip("abcd", map(list, zip(*found, strict=True)), strict=True)),
    )
    return Codes(lookups, {(table, column) for table, column, _, _ in found})


def _lookup_rows(path: Path, names: Names) -> tuple[tuple[str, ...], list[list[str]]]:
    if path.stat().st_size > LARGEST_LOOKUP:
        raise BadRow(
            f"{path.name}: {path.stat().st_size:,} bytes, where a list of codes has some "
            "thousands; is it the right table?"
        )
    data = path.read_bytes().removeprefix(b"\xef\xbb\xbf")
    try:
        read = csv.reader(io.StringIO(data.decode("utf-8"), newline=""), strict=True)
        header, *rows = [[v.strip() for v in row] for row in read if row] or [[]]
    except (csv.Error, UnicodeDecodeError) as error:
        raise BadRow(
            f"{path.name}: not readable as CSV in UTF-8 ({error}); a list of codes is needed "
            "whole. Download the file again"
        ) from None
    bad = [i for i, row in enumerate(rows, 2) if len(row) != len(header) or "\0" in "".join(row)]
    if bad or not rows:
        where = f" line {bad[0]}" if bad else ""
        raise BadRow(
            f"{path.name}{where}: not a row of {len(header)} fields, as the header has; a list of "
            "codes is needed whole. Download the file again"
        )
    return names(tuple(header)), rows


def _columns(relation: Relation, name: str) -> Check:
    """A check that names new and missing columns in one message."""

    def check(columns: tuple[str, ...]) -> None:
        new = sorted(set(columns) - relation.known)
        gone = [c for c in relation.needed if c not in columns]
        if relation.one_of and not set(relation.one_of) & set(columns):
            gone.append(" or ".join(relation.one_of))
        if new or gone:
            raise LayoutChanged(
                f"{name}: unknown columns {_listed(new)}; missing columns {_listed(gone)}. The "
                "publisher may have changed the table, or the file is not what its name says"
            )

    return check


def _listed(columns: Sequence[str]) -> str:
    shown = [c[:LONGEST_SHOWN] for c in columns[:12]]
    more = f" and {len(columns) - 12} more" if len(columns) > 12 else ""
    return ", ".join(shown) + more if shown else "none"


def _found(out: Tables, relation: Relation) -> tuple[int, int]:
    """Rows that are wrong, and keys that stand there again."""
    key = f'"{relation.key}"' if relation.key else "NULL"
    query = f"SELECT count(wrong), count({key}) - count(DISTINCT {key}) FROM "
    bad, repeated = out.engine.execute(f'{query} "{relation.name}"').fetchall()[0]
    return int(bad), int(repeated)


def _keep(
    out: Tables,
    relation: Relation,
    columns: tuple[str, ...],
    others: Others,
    is_repeated: bool = False,
) -> None:
    """Make the table: every value in its type, and in `wrong` why a row does not fit."""
    steps = _Steps()
    _key(steps, out, relation, is_repeated)
    _values(steps, relation, set(columns))
    _references(steps, relation, others)
    _codes(steps, relation, columns, others)
    used = [c for c in columns if c in relation.used]
    padded = {*relation.texts, *relation.codes}  # some editions fill these up with blanks
    trimmed = ", ".join(_given(c, c in padded) for c in used)
    typed = ", ".join(["s.*", *(f'{value} AS "{name}"' for name, value in steps.typed.items())])
    number = ""
    if relation.numbered:
        over = "OVER (PARTITION BY wrong IS NULL ORDER BY file_row)"
        number = f', row_number() {over} AS "{relation.numbered}"'
    out.engine.execute(
        f'CREATE OR REPLACE TEMP TABLE "{relation.name}" AS SELECT *{number} FROM (SELECT '
        f"{', '.join(steps.values)}, s.file_row, coalesce({', '.join([*steps.wrongs, 'NULL'])})"
        f"::VARCHAR AS wrong FROM (SELECT {typed} FROM (SELECT {trimmed}, file_row FROM said) s) s "
        f"{' '.join(steps.joins)})"
    )


def _given(column: str, is_padded: bool) -> str:
    value = f'trim("{column}")' if is_padded else f'"{column}"'
    return f"nullif({value}, '') AS \"{column}\""


@dataclass(slots=True)
class _Steps:
    """Parts of a query: values in their type, columns to select, reasons, tables to join."""

    typed: dict[str, str] = field(default_factory=dict)
    values: list[str] = field(default_factory=list)
    wrongs: list[str] = field(default_factory=list)
    joins: list[str] = field(default_factory=list)

    def whole(self, column: str) -> str:
        """The column as a whole number, null where it is none."""
        said = f's."{column}"'
        self.typed[f"{column} as number"] = (
            f"CASE WHEN regexp_full_match({said}, '[0-9]{{1,18}}') "
            f"THEN TRY_CAST({said} AS BIGINT) END"
        )
        return f's."{column} as number"'

    def day(self, column: str) -> str:
        """The column as a day, with or without a time: 2024-01-31, 31-JAN-24; null where none."""
        said = f's."{column}"'
        iso = f"regexp_matches({said}, '^[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}([ T]|$)')"
        self.typed[f"{column} as day"] = (
            f"coalesce(CASE WHEN {iso} THEN TRY_CAST(left({said}, 10) AS DATE) END, "
            f"TRY_STRPTIME(left({said}, 11), ['%d-%b-%y', '%d-%b-%Y'])::DATE)"
        )
        return f's."{column} as day"'

    def amount(self, column: str) -> str:
        """The column as an amount, null where it is none."""
        self.typed[f"{column} as amount"] = f'TRY_CAST(s."{column}" AS DOUBLE)'
        return f's."{column} as amount"'

    def wrong(self, when: str, column: str, why: str) -> None:
        """A row is wrong where `when` holds; the reason has the value."""
        shown = f"left(coalesce(s.\"{column}\", ''), {LONGEST_SHOWN})"
        after = why.replace("'", "''")
        self.wrongs.append(f"CASE WHEN {when} THEN '{column} is ''' || {shown} || '''{after}' END")

    def wrong_unless(self, fits: str, column: str, why: str) -> None:
        """A row is wrong where it has a value that does not fit."""
        self.wrong(f's."{column}" IS NOT NULL AND NOT coalesce({fits}, false)', column, why)


def _key(steps: _Steps, out: Tables, relation: Relation, is_repeated: bool) -> None:
    key = relation.key
    if key is None:
        return
    number = steps.whole(key)
    steps.values.append(f'{number} AS "{key}"')
    steps.wrong(f"{number} IS NULL", key, "; a whole number is needed")
    if is_repeated:
        out.engine.execute(
            f'CREATE OR REPLACE TEMP TABLE twice AS SELECT "{key}" AS key, min(file_row) AS first '
            f'FROM "{relation.name}" GROUP BY 1 HAVING count(*) > 1'
        )
        steps.joins.append(f"LEFT JOIN twice ON twice.key = {number}")
        steps.wrong("s.file_row > twice.first", key, ", as on an earlier line; it must be unique")


def _values(steps: _Steps, relation: Relation, there: set[str]) -> None:
    for column in (c for c in relation.required if c in there):
        steps.wrong(f's."{column}" IS NULL', column, "; it must be given")
    for column, kind in _types(relation).items():
        if column not in there:
            steps.values.append(f'NULL::{kind} AS "{column}"')
    for column in (c for c in relation.texts if c in there):
        steps.values.append(f's."{column}"')
    for column, (least, most) in relation.numbers.items():
        if column in there:
            number = steps.whole(column)
            steps.values.append(f'{number} AS "{column}"')
            why = f"; a whole number from {least} to {most} is needed"
            steps.wrong_unless(f"{number} BETWEEN {least} AND {most}", column, why)
    for column in (c for c in relation.dates if c in there):
        day = steps.day(column)
        steps.values.append(f'{day} AS "{column}"')
        why = "; a day of the calendar from 1980 on is needed, as 2024-01-31"
        steps.wrong_unless(f"{day} BETWEEN DATE '1980-01-01' AND DATE '2100-12-31'", column, why)
    for column in (c for c in relation.decimals if c in there):
        amount = steps.amount(column)
        steps.values.append(f'{amount} AS "{column}"')
        steps.wrong_unless(f"{amount} BETWEEN 0 AND 1e12", column, "; an amount is needed")
    for column, values in relation.among.items():
        listed = ", ".join(f"'{v}'" for v in values)
        why = f"; one of {', '.join(values)} is needed"
        steps.wrong_unless(f's."{column}" IN ({listed})', column, why)


def _types(relation: Relation) -> dict[str, str]:
    return {
        **dict.fromkeys(relation.texts, "VARCHAR"),
        **dict.fromkeys(relation.numbers, "BIGINT"),
        **dict.fromkeys(relation.dates, "DATE"),
        **dict.fromkeys(relation.decimals, "DOUBLE"),
    }


def _references(steps: _Steps, relation: Relation, others: Others) -> None:
    for column, table in relation.of.items():
        number = steps.whole(column)
        brought = relation.brings.get(column, [])
        inside = f'"{table}"'
        if others.relations[table].key != column:
            taken = ", ".join([f'"{column}"', *(f'min("{b}") AS "{b}"' for b in brought)])
            inside = f'(SELECT {taken} FROM "{table}" GROUP BY 1)'
        steps.joins.append(
            f'LEFT JOIN {inside} "of_{column}" ON "of_{column}"."{column}" = {number}'
        )
        steps.values.append(f'"of_{column}"."{column}" AS "{column}"')
        steps.values += [f'"of_{column}"."{b}" AS "{b}"' for b in brought]
        why = f"; no row of {others.file(table)} that was kept has it"
        steps.wrong(f'"of_{column}"."{column}" IS NULL', column, why)


def _codes(steps: _Steps, relation: Relation, columns: tuple[str, ...], others: Others) -> None:
    one = next((c for c in relation.one_of if c in columns), None)
    for column, table in relation.codes.items():
        if column in relation.one_of and column != one:
            continue
        code = others.codes.lookups[table].code
        if column not in columns:
            steps.values.append(f'NULL::VARCHAR AS "{code}"')
            continue
        if (table, column) not in others.codes.columns:
            raise LayoutChanged(
                f"{others.file(table)}: unknown columns none; missing columns {column}. Without it "
                f"the numbers in {others.file(relation.name)} cannot be turned into codes"
            )
        steps.joins.append(
            f"LEFT JOIN (SELECT id, code FROM codes WHERE lookup = '{table}' AND col = '{column}') "
            f'"code_{column}" ON "code_{column}".id = s."{column}"'
        )
        steps.values.append(f'"code_{column}".code AS "{code}"')
        given = "true" if column == one else f's."{column}" IS NOT NULL'
        why = f"; {others.file(table)} has no such"
        steps.wrong(f'{given} AND "code_{column}".id IS NULL', column, why)


def _reject(out: Tables, relation: Relation, columns: tuple[str, ...], name: str) -> None:
    raw = ", ".join(f"coalesce(said.\"{c}\", '')" for c in columns)
    where = name.replace("'", "''")
    out.reject_query(
        f"SELECT file_row, '{where} line ' || file_row || ': ' || wrong, concat_ws(',', {raw}) "
        f'FROM "{relation.name}" JOIN said USING (file_row) WHERE wrong IS NOT NULL '
        "ORDER BY file_row"
    )
    out.engine.execute(f'DELETE FROM "{relation.name}" WHERE wrong IS NOT NULL')
