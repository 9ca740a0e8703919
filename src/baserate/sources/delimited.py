"""A CSV file into a table of text, with the line each row stands on, and no row lost.

The engine reads a regular file quickly: strictly, every row as wide as the header. That no row
spans lines is found by counting: there must be as many rows as lines. A file that is irregular
(rows too long or short, rows over several lines, mixed line ends, blank lines) is read row by row
with the standard library instead, and rows that do not fit are rejected. Both roads give the
same rows.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass
from pathlib import Path

import duckdb

from baserate.errors import BadRow, LayoutChanged
from baserate.sources.tables import Tables, in_query, quoted

LONGEST_LINE = 1_000_000  # characters; a longer one is rejected
LARGEST = 4_000_000_000  # bytes

Check = Callable[[tuple[str, ...]], None]
Names = Callable[[tuple[str, ...]], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Loaded:
    """A table made from a CSV: its columns as in the file, its rows, and how it was encoded.

    `ends_within_row` says that the last line does not end and is no whole row.
    """

    columns: tuple[str, ...]
    rows: int
    encoding: str
    ends_within_row: bool = False


def load(
    out: Tables,
    table: str,
    path: Path,
    *,
    check: Check,
    delimiter: str = ",",
    count: bool = True,
    names: Names = tuple,
    member: bool = False,
) -> Loaded:
    """Make a table of the file: its columns as text, empty ones null, and `file_row`.

    `check` is given the columns and raises where they are not those it knows. Rows with more or
    fewer fields than the header are rejected. With `count`, rows read, kept and set aside are
    counted in `out.rows`; the caller moves rows it rejects later from kept to rejected. `names`
    gives the columns other names before anything is done with them. Of a `member` of an archive,
    reasons name the file and the line.
    """
    data = _bytes(path)
    text, encoding = _decoded(data, path.name)
    header_end = _line_end(text)
    columns = _header(text[:header_end], path.name, delimiter, names)
    check(columns)
    bad: list[tuple[int, str, str]] = []
    blank = 0
    rows = _load_directly(out, table, path, data, text, encoding, columns, delimiter)
    if rows is None:
        rows, blank = _load_by_row(out, table, text, columns, delimiter, bad)
    for line, reason, raw in bad:
        out.reject(line, f"{path.name} line {line}: {reason}" if member else reason, raw)
    if count:
        out.rows.read += rows + len(bad) + blank
        out.rows.kept += rows
        out.rows.aside += blank
    if not rows and bad:
        raise BadRow(
            f"{path.name}: not one of {len(bad):,} rows has the header's {len(columns)} fields "
            f"(line {bad[0][0]}: {bad[0][1]}); is it the right file?"
        )
    _refuse_second_header(out, table, path.name, columns)
    last = text.count("\n") + 1
    cut = bool(bad) and bad[-1][0] == last and not text.endswith(("\n", "\r"))
    return Loaded(columns, rows, encoding, cut)


def _refuse_second_header(out: Tables, table: str, name: str, columns: tuple[str, ...]) -> None:
    """Two files in one would be counted as one."""
    if len(columns) < 2:
        return
    same = " AND ".join(f"{_name(c)} = {quoted(c)}" for c in columns)
    query = f'SELECT min(file_row) FROM "{table}" WHERE {same}'
    (line,) = out.engine.execute(query).fetchall()[0]
    if line is not None:
        raise BadRow(
            f"{name}: the header stands again on line {line}; these are two files in one. Split "
            "them, and add each once"
        )


def _name(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'


def known_columns(
    wanted: Set[str], name: str, what: str, optional: Set[str] = frozenset()
) -> Check:
    """A check that names new and missing columns in one message."""

    def check(columns: tuple[str, ...]) -> None:
        new = sorted(set(columns) - wanted - optional)
        gone = sorted(wanted - set(columns))
        if new or gone:
            raise LayoutChanged(
                f"{name}: unknown columns {', '.join(new) or 'none'}; missing columns "
                f"{', '.join(gone) or 'none'}. This reader knows {what}"
            )

    return check


def _bytes(path: Path) -> bytes:
    size = path.stat().st_size
    if size > LARGEST:
        raise BadRow(f"{path.name}: {size:,} bytes; split it into files of under {LARGEST:,}")
    return path.read_bytes().removeprefix(b"\xef\xbb\xbf")


def _decoded(data: bytes, name: str) -> tuple[str, str]:
    """The file as text. Old exports are in Windows' encoding; nothing else is guessed."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or data[:1000].count(b"\0") > 100:
        raise BadRow(f"{name}: is UTF-16, where UTF-8 is needed; save it again as CSV in UTF-8")
    if b"\0" in data:
        line = data.count(b"\n", 0, data.index(b"\0")) + 1
        raise BadRow(
            f"{name}: line {line} has a NUL byte, which no text has; the file is damaged or no CSV"
        )
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        try:
            return data.decode("cp1252"), "cp1252"
        except UnicodeDecodeError:
            line = data.count(b"\n", 0, error.start) + 1
            raise BadRow(
                f"{name}: line {line} is neither UTF-8 nor Windows-1252 text; save it as UTF-8"
            ) from None


def _line_end(text: str) -> int:
    """Where the header's line ends. Headers do not span lines."""
    ends = [e for e in (text.find("\n"), text.find("\r")) if e >= 0]
    return min(ends) if ends else len(text)


def _header(line: str, name: str, delimiter: str, names: Names) -> tuple[str, ...]:
    if len(line) > LONGEST_LINE:
        raise BadRow(f"{name}: its first line has {len(line):,} characters; is it a CSV?")
    try:
        columns = names(tuple(c.strip() for c in next(csv.reader([line], delimiter=delimiter), [])))
    except csv.Error as error:
        raise BadRow(f"{name}: its first line is no header ({error})") from None
    if "" in columns:
        raise LayoutChanged(f"{name}: column {columns.index('') + 1} of the header has no name")
    folded = [c.casefold() for c in columns]
    twice = sorted({c for c in columns if folded.count(c.casefold()) > 1})
    if twice:
        raise LayoutChanged(f"{name}: columns {', '.join(map(repr, twice))} stand there twice")
    if "file_row" in folded:
        raise LayoutChanged(f"{name}: a column is called file_row, which is ours for the line")
    return columns


def _load_directly(
    out: Tables,
    table: str,
    path: Path,
    data: bytes,
    text: str,
    encoding: str,
    columns: tuple[str, ...],
    delimiter: str,
) -> int | None:
    """Rows loaded by the engine; None if the file is not regular enough for that."""
    if not _lines_are_plain(data, delimiter):
        return None
    plain = path
    if encoding != "utf-8":
        plain = out.folder / f"{table}.plain.csv"
        plain.write_text(text, encoding="utf-8", newline="")
    try:
        scan = _scan(plain, columns, delimiter, skip=1, longest=LONGEST_LINE)
        made = out.engine.execute(
            f'CREATE OR REPLACE TEMP TABLE "{table}" AS '
            f"SELECT *, (row_number() OVER () + 1)::INTEGER AS file_row FROM {scan}"
        )
        rows = int(made.fetchall()[0][0])
    except duckdb.Error:
        return None
    finally:
        if plain is not path:
            plain.unlink()
    lines = data.count(b"\n") + (not data.endswith(b"\n"))
    return rows if rows == lines - 1 else None


def _lines_are_plain(data: bytes, delimiter: str) -> bool:
    """Whether lines end in one way and none of them is empty."""
    returns = data.count(b"\r")
    if returns and not returns == data.count(b"\r\n") == data.count(b"\n"):
        return False
    nothing = rb'\n[\s"' + re.escape(delimiter).encode() + rb"]*(?:\r?\n|\Z)"
    return re.search(nothing, data[:-1]) is None


def _load_by_row(
    out: Tables,
    table: str,
    text: str,
    columns: tuple[str, ...],
    delimiter: str,
    bad: list[tuple[int, str, str]],
) -> tuple[int, int]:
    """Read with the standard library, write what is sound plainly, and load that."""
    clean = out.folder / f"{table}.clean.csv"
    rows = blank = 0
    with clean.open("w", encoding="utf-8", newline="") as sound:
        write = csv.writer(sound, lineterminator="\n", delimiter=delimiter).writerow
        for line, values in _records(text, delimiter, bad):
            if not any(values):
                blank += 1
            elif len(values) != len(columns):
                reason = f"{len(values)} fields, where the header has {len(columns)}"
                bad.append((line, reason, delimiter.join(values)))
            else:
                write([*values, line])
                rows += 1
    out.engine.execute(
        f'CREATE OR REPLACE TEMP TABLE "{table}" AS '
        "SELECT * REPLACE (file_row::INTEGER AS file_row) "
        f"FROM {_scan(clean, (*columns, 'file_row'), delimiter, skip=0)}"
    )
    clean.unlink()
    return rows, blank


def _records(
    text: str, delimiter: str, bad: list[tuple[int, str, str]]
) -> Iterator[tuple[int, list[str]]]:
    """Every record after the header with the line it starts on; unreadable ones go to `bad`."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if lines[-1] == "":
        lines.pop()
    at = 1
    while at < len(lines):
        joined, last = _whole_record(lines, at)
        # Lines that two stray quotes made look like one are records of their own again here.
        reader = csv.reader(io.StringIO(joined + "\n", newline=""), delimiter=delimiter)
        begun = 0
        try:
            if len(joined) > LONGEST_LINE:
                raise csv.Error(f"{len(joined):,} characters, where {LONGEST_LINE:,} is the most")
            for values in reader:
                yield at + begun + 1, values
                begun = reader.line_num
        except csv.Error as error:
            bad.append((at + begun + 1, f"not readable as CSV ({error})", joined[:2_000]))
        at = last


def _whole_record(lines: list[str], at: int, most: int = 50) -> tuple[str, int]:
    """The record that begins at a line, and the line after it. A quote that does not close
    within `most` lines is taken to be a stray one: the line stands alone.
    """
    quotes = lines[at].count('"')
    last = at + 1
    while quotes % 2 and last < min(len(lines), at + most):
        quotes += lines[last].count('"')
        last += 1
    if quotes % 2:
        return lines[at], at + 1
    return "\n".join(lines[at:last]), last


def _scan(
    path: Path, columns: tuple[str, ...], delimiter: str, skip: int, longest: int = 5_000_000
) -> str:
    named = ", ".join(f"{quoted(c)}: 'VARCHAR'" for c in columns)
    return (
        f"read_csv({in_query(path)}, header=false, skip={skip}, hive_partitioning=false, "
        f"columns={{{named}}}, delim='{delimiter}', quote='\"', escape='\"', auto_detect=false, "
        f"max_line_size={longest}, null_padding=false, strict_mode=true)"
    )
