"""One file a table for all files of the store, made from them and good for nothing else.

Many small Parquet files are slow to open. What was combined is named by what it was combined
from, so that it is never out of date, and can be deleted at any time.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from baserate.errors import StoreError
from baserate.sources.tables import literal_path, quoted
from baserate.store.ledger import EMBEDDED, LAYOUT, Entry

Notice = Callable[[str], None]
KEPT_FOR = 3_600  # seconds; a store may be open that reads an older combination
OURS = re.compile(r"making-.*|\w+-[0-9a-f]{16}\.parquet")
FORM = 4  # of the combined files; raised when they are made otherwise
TABLES = {
    "series": "offense, place, ori, year, month",
    "agencies": "place, ori, year",
    "agency_months": "ori, year, month",
}


def combined(
    folder: Path | None, held: Sequence[Entry], notice: Notice = lambda _: None
) -> dict[str, Path]:
    """The combined file of each table that the added files have, made where it is missing.

    `notice` is told before that, because of many million numbers it takes seconds.
    """
    added = [e for e in held if not e.folder.is_relative_to(EMBEDDED)]
    if folder is None or not added:
        return {}
    names = "\n".join(sorted(e.id for e in added)) + f"\n{LAYOUT} {FORM}"
    digest = hashlib.sha256(names.encode()).hexdigest()[:16]
    wanted = {t: folder / "combined" / f"{t}-{digest}.parquet" for t in TABLES}
    able = {t: p for t, p in wanted.items() if any(t in e.tables for e in added)}
    missing = [t for t, p in able.items() if not _is_whole(p)]
    if missing:
        notice("combining what was added, once")
        _combine(folder, added, {t: able[t] for t in missing})
        _forget(folder, set(able.values()))
    return able


def _is_whole(path: Path) -> bool:
    """Whether a Parquet file is there and was not cut short."""
    try:
        with path.open("rb") as file:
            file.seek(-4, os.SEEK_END)
            return file.read() == b"PAR1"
    except OSError:
        return False


def _combine(folder: Path, added: Sequence[Entry], wanted: dict[str, Path]) -> None:
    import duckdb

    try:
        (folder / "combined").mkdir(exist_ok=True)
        with duckdb.connect(":memory:") as engine:
            for table, path in wanted.items():
                parts = _parts(table, added)
                with _made_whole(path) as made:
                    rows = f"{_rows(table, added)} ORDER BY {TABLES[table]}"
                    engine.execute(
                        f"COPY ({rows}) TO {quoted(str(made))} "
                        "(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 20000)",
                        {"parts": parts},
                    )
    except (OSError, duckdb.Error) as error:
        raise StoreError(
            f"the files in {folder} could not be combined ({str(error).splitlines()[0]}). The "
            "store needs to be writable once after a file was added, and its files whole: see "
            "baserate ledger"
        ) from None


class FileVanished(Exception):
    """A file of the store was removed between being listed and being read."""


def _parts(table: str, added: Sequence[Entry]) -> list[str]:
    parts = []
    for entry in added:
        if table in entry.tables:
            found = entry.parquet(table)
            if not found:
                raise FileVanished(entry.id)
            parts += [literal_path(p) for p in found]
    return parts


def _rows(table: str, added: Sequence[Entry]) -> str:
    """Every row of a table, with the id of the file it came from."""
    if table != "series":
        return (
            "SELECT split_part(filename, '/', -2) AS entry, * EXCLUDE (filename) "
            "FROM read_parquet($parts, filename=true, union_by_name=true, hive_partitioning=false)"
        )
    of_dataset = Counter(e.dataset for e in added if table in e.tables)
    files = ", ".join(
        f"({quoted(str(e.id))}, {quoted(str(e.dataset))}, DATE '{e.released}', '{e.added or ''}', "
        f"{of_dataset[e.dataset] == 1})"
        for e in added
    )
    query = Path(__file__).with_name("combined_series.sql").read_text(encoding="utf-8")
    return f"FROM ({query.replace('{files}', files)})"


@contextlib.contextmanager
def _made_whole(path: Path) -> Iterator[Path]:
    """A file beside its place, moved there when it is complete."""
    descriptor, made = tempfile.mkstemp(prefix="making-", dir=path.parent)
    os.close(descriptor)
    try:
        yield Path(made)
        Path(made).rename(path)
    finally:
        Path(made).unlink(missing_ok=True)


def _forget(folder: Path, kept: set[Path]) -> None:
    """Delete what was combined from another set of files and is likely in nobody's hands."""
    for path in (folder / "combined").iterdir():
        with contextlib.suppress(OSError):
            if (
                OURS.fullmatch(path.name)
                and path not in kept
                and time.time() - path.stat().st_mtime > KEPT_FOR
            ):
                path.unlink()
