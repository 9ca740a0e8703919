"""A CSV file into a table of text, with the line each row stands on, and no row lost.

The engine reads a file quickly once it is known to be regular. Whether it is, is found here by
counting: every line must have as many fields as the header. Rows that have not are rejected, and
a file that is irregular in other ways (rows over several lines, mixed line ends, blank lines, an
old encoding) is read row by row with the standard library instead. Both roads give the same rows.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass
from pathlib import Path

from baserate.errors import BadRow, LayoutChanged
from baserate.sources.tables import Tables

LONGEST_LINE = 1_000_000  # characters; a longer one is rejected
LARGEST = 4_000_000_000  # bytes

Check = Callable[[tuple[str, ...]], None]


@dataclass(frozen=True, slots=True)
class Loaded:
    """A table made from a CSV: its columns as in the file, its rows, and how it was encoded."""

    columns: tuple[str, ...]
    rows: int
    encoding: str


def load(
    out: Tables, table: str, path: Path, *, check: Check, delimiter: str = ",", count: bool = True
) -> Loaded:
    """Make a table of the file: its columns as text, empty ones null, and `file_row`.

    `check` is given the columns and raises where they are not those it knows. Rows with more or
    fewer fields than the header are rejected. With `count`, rows read, kept and set aside are
    counted in `out.rows`; the caller moves rows it rejects later from kept to rejected.
    """
    data = _bytes(path)
    text, encoding = _decoded(data, path.name)
    header_end = _line_end(text)
    columns = _header(text[:header_end], path.name, delimiter)
    check(columns)
    bad: list[tuple[int, str, str]] = []
    regular = encoding == "utf-8" and _is_regular(data, len(columns), delimiter)
    if regular:
        rows, blank = _load_directly(out, table, path, columns, delimiter), 0
    else:
        rows, blank = _load_by_row(out, table, text, columns, delimiter, bad)
    for line, reason, raw in bad:
        out.reject(line, reason, raw)
    if count:
        out.rows.read += rows + len(bad) + blank
        out.rows.kept += rows
        out.rows.aside += blank
    if not rows and bad:
        raise BadRow(
            f"{path.name}: not one of {len(bad):,} rows has the header's {len(columns)} fields "
            f"(line {bad[0][0]}: {bad[0][1]}); is it the right file?"
        )
    return Loaded(columns, rows, encoding)


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


def _header(line: str, name: str, delimiter: str) -> tuple[str, ...]:
    if len(line) > LONGEST_LINE:
        raise BadRow(f"{name}: its first line has {len(line):,} characters; is it a CSV?")
    try:
        columns = tuple(c.strip() for c in next(csv.reader([line], delimiter=delimiter), []))
    except csv.Error as error:
        raise BadRow(f"{name}: its first line is no header ({error})") from None
    twice = sorted({c for c in columns if columns.count(c) > 1})
    if twice:
        raise LayoutChanged(f"{name}: columns {', '.join(map(repr, twice))} stand there twice")
    return columns


def _is_regular(data: bytes, width: int, delimiter: str) -> bool:
    """Whether the engine will see the rows we see: one a line, each as wide as the header."""
    if data.count(b"\r") not in (0, data.count(b"\r\n")):
        return False
    if b"\r\n" in data and data.count(b"\n") != data.count(b"\r\n"):
        return False
    mark = delimiter.encode()
    lines = data.split(b"\n")
    if lines[-1] == b"":
        lines.pop()
    for line in lines:
        plain = b'"' not in line
        fields = line.count(mark) + 1 if plain else _quoted_fields(line, delimiter)
        if fields != width or len(line) > LONGEST_LINE or line in (b"", b"\r"):
            return False
    return True


def _quoted_fields(line: bytes, delimiter: str) -> int:
    """Fields of a line with quotes; 0 where the quotes do not close or stand inside a field."""
    if line.count(b'"') % 2:
        return 0
    try:
        return len(next(csv.reader([line.decode("utf-8")], delimiter=delimiter, strict=True)))
    except (csv.Error, StopIteration):
        return 0


def _load_directly(
    out: Tables, table: str, path: Path, columns: tuple[str, ...], delimiter: str
) -> int:
    out.engine.execute(
        f'CREATE OR REPLACE TEMP TABLE "{table}" AS SELECT *, (row_number() OVER () + 1)::INTEGER '
        f"AS file_row FROM {_scan(path, columns, delimiter, skip=1)}"
    )
    return _count(out, table)


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
        record, last = _whole_record(lines, at)
        try:
            if len(record) > LONGEST_LINE:
                raise csv.Error(f"{len(record):,} characters, where {LONGEST_LINE:,} is the most")
            values = next(csv.reader(io.StringIO(record, newline=""), delimiter=delimiter), [])
            yield at + 1, values
        except csv.Error as error:
            bad.append((at + 1, f"not readable as CSV ({error})", record[:2_000]))
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


def _scan(path: Path, columns: tuple[str, ...], delimiter: str, skip: int) -> str:
    named = ", ".join("'" + c.replace("'", "''") + "': 'VARCHAR'" for c in columns)
    return (
        f"read_csv('{str(path).replace(chr(39), chr(39) * 2)}', header=false, skip={skip}, "
        f"columns={{{named}}}, delim='{delimiter}', quote='\"', escape='\"', auto_detect=false, "
        "max_line_size=5000000, null_padding=false)"
    )


def _count(out: Tables, table: str) -> int:
    return int(out.engine.execute(f'SELECT count(*) FROM "{table}"').fetchall()[0][0])
