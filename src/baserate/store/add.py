"""Add a file to the store: as a whole or not at all, once however often it is added.

The file's tables are made in a scratch folder inside the store and come into being by one
rename. A crash leaves scratch behind, which no reader looks at and the next add clears away.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from datetime import UTC, date, datetime
from multiprocessing import get_context
from pathlib import Path

import duckdb
from filelock import FileLock, Timeout

from baserate.errors import (
    BadRow,
    BaserateError,
    ChangedWhileRead,
    SourceError,
    StoreError,
    Unaccounted,
)
from baserate.sources.reading import Reading, Source
from baserate.sources.recognize import reader, recognize, refuse_unreadable, unpacked
from baserate.sources.tables import Tables
from baserate.store.ledger import Entry, entries, entry_of, every_reading

FILES_A_WORKER = 8  # with fewer, starting a process takes longer than it saves
MARK = "baserate-store"  # file that says whose folder it is
SMALL = 20_000_000  # bytes of a file that one thread reads as fast as two


@dataclass(frozen=True, slots=True)
class Added:
    """What became of one file: its entry, and whether it was there before."""

    entry: Entry
    was_there: bool


def add(source: Source, store: Path) -> Added:
    """Read one file into the store's folder.

    Raises SourceError where the file cannot be read as data, StoreError where the folder
    cannot be written; either way the store is as it was.
    """
    refuse_unreadable(source.path)
    if source.mapping is not None:
        refuse_unreadable(source.mapping)
    before = _fingerprint(source.path)
    try:
        _make_own(store)
        with _scratch(store) as scratch:
            inside = unpacked(source, scratch)
            name = recognize(inside)
            version = reader(name).VERSION
            known = _held(source, store)
            if known is not None and _is_same_reading(known, source, version):
                return Added(known, was_there=True)
            made = scratch / "made"
            made.mkdir()
            is_small = inside.size < SMALL
            with Tables(made, is_small=is_small) as tables, _checksum_meanwhile(source):
                reading = reader(name).read(inside, tables)
                tables.write_rejects()
                _refuse_unaccounted(tables, source.name)
                entry = _entry(source, name, version, reading, tables)
            if _fingerprint(source.path) != before:
                raise ChangedWhileRead(
                    f"{source.name}: changed while it was read; wait until it is complete and add "
                    "it again. Nothing was kept"
                )
            (made / "entry.json").write_text(entry.to_json(), encoding="utf-8")
            taken = _take(made, store / "files" / entry.id)
            _take_out(_other_readings(taken, store), scratch)
            return Added(taken, was_there=False)
    except BaserateError:
        raise
    except duckdb.Error as error:
        if isinstance(error, (duckdb.IOException, duckdb.OutOfMemoryException)):
            raise _not_added(source, store, str(error).splitlines()[0]) from None
        said = str(error).splitlines()[0]
        raise BadRow(
            f"{source.name}: could not be read ({said}); it may be damaged, or be something this "
            "reader has never seen. The store is as it was"
        ) from None
    except OSError as error:
        raise _not_added(source, store, error.strerror or str(error)) from None


def _make_own(store: Path) -> None:
    """Make the folder a store. One that holds something else is not touched."""
    mark = store / MARK
    store.mkdir(parents=True, exist_ok=True)
    strangers = any(p.name != MARK for p in store.iterdir())
    # The mark is the first thing in a store, so whoever sees another sees it too.
    if strangers and not mark.exists() and not any(store.glob("files/*/entry.json")):
        raise StoreError(
            f"{store} is not empty and is no store of baserate; name a new folder with --store"
        )
    if not mark.exists():
        mark.write_text("A store of baserate. What it holds: baserate ledger --store HERE\n")
    (store / "files").mkdir(exist_ok=True)


def _held(source: Source, store: Path) -> Entry | None:
    """The newest reading of this very file, if the store has it.

    The checksum of a large file takes a while, so it is asked for only if some held file is of
    the same size.
    """
    if source.size >= SMALL and all(e.bytes != source.size for e in entries(store)):
        return None
    return entry_of(source.sha256, store)


def _is_same_reading(known: Entry, source: Source, version: int) -> bool:
    """Whether the file was read as it would be now: by this reader, mapping and day of release."""
    same_day = source.released in (None, known.released)
    return known.reader_version >= version and same_day and known.mapping == _mapping(source)


def _mapping(source: Source) -> str:
    """The checksum of the mapping that the user named, '' if none was."""
    return Source(source.mapping).sha256 if source.mapping is not None else ""


def _not_added(source: Source, store: Path, why: str) -> StoreError:
    return StoreError(
        f"{source.name} could not be added to {store} ({why}); the store is as it was. Is there "
        "room on the disk, and may you write there?"
    )


def add_many(
    sources: Sequence[Source], store: Path, workers: int | None = None
) -> Iterator[Added | SourceError | StoreError]:
    """Add files side by side, one process for each of `workers`; outcomes in the order given.

    A file that cannot be added is its error, and does not keep the others out. Each file is
    added as `add` does it, so that stopping in between leaves whole files only.
    """
    workers = min(workers or os.cpu_count() or 1, len(sources) // FILES_A_WORKER)
    if workers <= 1:
        yield from (_added_or_error(s.path, s.mapping, s.released, store) for s in sources)
        return
    # A copy of this process would share its engine's threads and locks; a new one does not.
    done = 0
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        outcomes = pool.map(
            _added_or_error,
            [s.path for s in sources],
            [s.mapping for s in sources],
            [s.released for s in sources],
            [store] * len(sources),
            chunksize=4,
        )
        try:
            for outcome in outcomes:
                done += 1
                yield outcome
        except BrokenProcessPool:
            yield StoreError(
                f"a process that was adding files died, for want of memory perhaps; {done} of "
                f"{len(sources)} files are known to be added, the others may not be. Add them "
                "again: what is there stays as it is"
            )


def _added_or_error(
    path: Path, mapping: Path | None, released: date | None, store: Path
) -> Added | SourceError | StoreError:
    try:
        return add(Source(path, mapping=mapping, released=released), store)
    except (SourceError, StoreError) as error:
        return error


@contextlib.contextmanager
def _checksum_meanwhile(source: Source) -> Iterator[None]:
    """Work out the checksum beside other work: of a large file it takes a while."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(lambda: source.sha256)
        yield


def remove(entry: Entry, store: Path) -> None:
    """Take a file out of the store again, whatever readings of it there are."""
    with _scratch(store) as scratch:
        _take_out([entry, *_other_readings(entry, store)], scratch)


def _other_readings(entry: Entry, store: Path) -> list[Entry]:
    """Earlier readings of the same file: by an older reader, another mapping or day of release."""
    same = (e for e in every_reading(store) if e.sha256 == entry.sha256 and e.id != entry.id)
    return [e for e in same if e.folder.is_relative_to(store)]


def _take_out(readings: Sequence[Entry], scratch: Path) -> None:
    for i, reading in enumerate(readings):
        with contextlib.suppress(FileNotFoundError):  # another process was quicker
            reading.folder.rename(scratch / f"removed-{i}")


def _refuse_unaccounted(tables: Tables, name: str) -> None:
    rows = tables.rows
    if not rows.adds_up:
        raise Unaccounted(
            f"{name}: {rows.read:,} rows read, but {rows.kept:,} kept + {rows.rejected:,} rejected "
            f"+ {rows.aside:,} set aside. Nothing was kept; please report this"
        )


def _entry(source: Source, name: str, version: int, reading: Reading, tables: Tables) -> Entry:
    rows = tables.rows
    return Entry(
        id="-".join(
            [
                source.sha256[:16],
                name,
                str(version),
                *([f"mapping{_mapping(source)[:8]}"] if source.mapping else []),
                *([f"{source.released:%Y%m%d}"] if source.released else []),
            ]
        ),
        file=source.name,
        format=name,
        reader_version=version,
        dataset=reading.dataset,
        edition=reading.edition,
        released=reading.released,
        release_basis=reading.release_basis,
        first_year=reading.first_year,
        last_year=reading.last_year,
        sha256=source.sha256,
        bytes=source.size,
        added=datetime.now(UTC),
        rows={
            "read": rows.read,
            "kept": rows.kept,
            "rejected": rows.rejected,
            "aside": rows.aside,
        },
        tables=tables.counts(),
        remarks=reading.remarks,
        mapping=_mapping(source),
    )


def _take(made: Path, place: Path) -> Entry:
    """Make the folder part of the store. The rename is the moment it happens."""
    for path in made.iterdir():
        _to_disk(path)
    _to_disk(made)
    try:
        made.rename(place)
    except OSError:
        if not (place / "entry.json").exists():
            raise
        # Another process added the same file in the meantime: its folder says the same.
    _to_disk(place.parent)
    return Entry.of(place)


def _to_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _fingerprint(path: Path) -> tuple[int, int, int]:
    found = path.stat()
    return found.st_ino, found.st_size, found.st_mtime_ns


@contextlib.contextmanager
def _scratch(store: Path) -> Iterator[Path]:
    """A folder to work in, locked while in use, gone afterwards.

    The store's own lock is held only while scratch is cleared away and made, so that nobody
    clears what another is just making.
    """
    with FileLock(store / ".lock"):
        _clear_abandoned(store)
        folder = Path(tempfile.mkdtemp(prefix="scratch-", dir=store))
        own = FileLock(folder.with_suffix(".lock"))
        own.acquire()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        own.release()
        folder.with_suffix(".lock").unlink(missing_ok=True)


def _clear_abandoned(store: Path) -> None:
    """Delete scratch whose maker is gone, and locks of scratch that is: nobody holds them."""
    for folder in {p.with_suffix("") for p in store.glob("scratch-*")}:
        lock = FileLock(folder.with_suffix(".lock"), timeout=0)
        with contextlib.suppress(Timeout), lock:
            shutil.rmtree(folder, ignore_errors=True)
            folder.with_suffix(".lock").unlink(missing_ok=True)
