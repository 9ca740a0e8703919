"""A master file into the canonical tables: chunks are read side by side and written in order."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

from baserate.errors import BadRow, LayoutChanged
from baserate.sources.master_file.fields import Fields
from baserate.sources.master_file.layout import layout
from baserate.sources.master_file.lines import Chunk, Lines, Read, chunks, packed
from baserate.sources.master_file.parquet import TableFiles
from baserate.sources.master_file.records import PARENTS, Before, Decoder, Records, Reject
from baserate.sources.master_file.tally import Tally, joined
from baserate.sources.reading import Source
from baserate.sources.tables import Tables

WORKERS = 2
AHEAD = 4  # chunks read before the oldest is written
MOST_REJECTED = 0.5
ENOUGH = 50_000  # lines after which a share says something
JOINED_AT_ONCE = 16  # tallies


@dataclass
class Found:
    """What is known of the file once it is read."""

    header_years: set[int] = field(default_factory=set)
    incident_years: set[int] = field(default_factory=set)
    unknown: int = 0
    first_reject: Reject | None = None
    tallies: list[Tally] = field(default_factory=list)
    oris: list[str] = field(default_factory=list)  # as the tallies number them, then the headers'

    @property
    def years(self) -> set[int]:
        """The years the file is of: those of its headers, else of its incidents."""
        return self.header_years or self.incident_years


def convert(read: Read, source: Source, out: Tables) -> Found:
    """Fill the tables from what `read` gives."""
    found, fields = Found(), Fields(layout())
    files = TableFiles(out.path, layout())
    done = 0
    try:
        for size, records in _in_order(read, fields, source.name):
            done += size
            _take(records, out, files, found)
            _refuse_absurd(out, found, source.name, ENOUGH)
            source.progress(done, out.rows.read)
    except BaseException:
        files.abandon()
        raise
    files.close()
    _refuse_absurd(out, found, source.name, 1)
    found.oris = [*fields.agencies.names, *found.oris]
    return found


def _in_order(read: Read, fields: Fields, name: str) -> Iterator[tuple[int, Records]]:
    """Bytes and records of every chunk, in the order of the file."""
    waiting: deque[tuple[int, Future[Records]]] = deque()
    before: Future[Before] = Future()
    before.set_result(Before(0, 0))
    with ThreadPoolExecutor(WORKERS) as pool:
        try:
            for chunk in chunks(read):
                after: Future[Before] = Future()
                job = pool.submit(_decode, chunk, fields, before, after, name)
                waiting.append((chunk.size, job))
                before = after
                if len(waiting) > AHEAD:
                    size, oldest = waiting.popleft()
                    yield size, oldest.result()
            while waiting:
                size, oldest = waiting.popleft()
                yield size, oldest.result()
        finally:
            for _, job in waiting:
                job.cancel()


def _decode(
    chunk: Chunk, fields: Fields, before: Future[Before], after: Future[Before], name: str
) -> Records:
    """One chunk. Where it stands in the file is told by the one before, as soon as that knows."""
    try:
        lines = Lines(chunk)
        begun = sum(int((lines.prefixes == packed(p)).sum()) for p in PARENTS)
        stands = before.result()
        after.set_result(Before(stands.lines + lines.count, stands.incidents + begun))
    except BaseException as error:
        after.set_exception(error)
        raise
    if chunk.has(0):
        raise BadRow(
            f"{name}: NUL bytes after line {stands.lines + 1}, so it is no text; it may be damaged "
            "or in another encoding. Download it again"
        )
    return Decoder(lines, fields, stands).decode()


def _take(records: Records, out: Tables, files: TableFiles, found: Found) -> None:
    for table, columns in records.parts:
        files.add(table, columns)
    files.add_headers(records.headers)
    for reject in records.rejects:
        found.first_reject = found.first_reject or reject
        out.reject(*reject)
    out.rows.read += records.read
    out.rows.aside += records.aside
    out.rows.kept += records.read - records.aside - len(records.rejects)
    if records.tally is not None:
        found.tallies.append(records.tally)
        if len(found.tallies) == JOINED_AT_ONCE:  # so that they do not grow with the file
            found.tallies = [joined(found.tallies)]
    found.unknown += records.unknown
    found.header_years.update(h["year"] for h in records.headers if h["year"])
    found.oris += [h["ori"] for h in records.headers]
    found.incident_years.update(records.years)


def _refuse_absurd(out: Tables, found: Found, name: str, enough: int) -> None:
    """Raise where so much is rejected that the file must be another one."""
    rows = out.rows
    said = rows.read - rows.aside
    if said < enough or rows.rejected <= MOST_REJECTED * said:
        return
    if found.unknown == said:
        raise LayoutChanged(
            f"{name}: none of {said:,} lines begins with a segment of a NIBRS master file "
            f"({', '.join(layout().segments)})"
        )
    first = found.first_reject
    shown = f", the first on line {first.line}: {first.reason}" if first else ""
    raise LayoutChanged(
        f"{name}: {rows.rejected:,} of {said:,} lines cannot be taken{shown}. The file is damaged, "
        "or its layout is not the one this reader knows"
    )
