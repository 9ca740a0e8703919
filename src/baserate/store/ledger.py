"""The ledger: one entry for each file in the store, kept beside that file's tables.

A store is a folder of folders. `files/<id>/` holds one file's tables as Parquet and its entry,
`entry.json`. A folder comes into being by one rename, so a file is in the store as a whole or
not at all, and readers and writers need not wait for one another.
"""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from baserate.errors import NoSuchFile, StoreError

LAYOUT = 1  # of the store; raised when an older baserate could not read it
EMBEDDED = Path(__file__).parent.parent / "sources" / "embedded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One file: what it is, when it was released, and where its rows went.

    `rows` are read, kept, rejected, aside (headings, notes and blanks); `tables` counts the
    rows of each table it became. `mapping` is the checksum of the mapping that a user named for
    it, '' if none was. `folder` is where they are.
    """

    id: str
    file: str
    format: str
    reader_version: int
    dataset: str
    edition: str
    released: date
    release_basis: str
    first_year: int
    last_year: int
    sha256: str
    bytes: int
    added: datetime | None
    rows: dict[str, int]
    tables: dict[str, int]
    remarks: tuple[str, ...] = ()
    mapping: str = ""
    layout: int = LAYOUT
    folder: Path = field(default=Path(), compare=False)

    def refuse_unfit(self) -> None:
        """Raise ValueError where a value is not of its kind: somebody changed the entry."""
        fits = (
            all(isinstance(t, str) for t in (self.file, self.edition, self.release_basis))
            and all(re.fullmatch(r"[\w.-]+", t) for t in (self.id, self.format, self.dataset))
            and re.fullmatch(r"[0-9a-f]{64}", self.sha256)
            and all(isinstance(n, int) for n in (self.first_year, self.last_year, self.bytes))
            and isinstance(self.rows, dict)
            and isinstance(self.tables, dict)
            and set(self.rows) == {"read", "kept", "rejected", "aside"}
            and all(isinstance(n, int) for n in (*self.rows.values(), *self.tables.values()))
            and all(isinstance(r, str) for r in self.remarks)
        )
        if not fits:
            raise ValueError("a value in it is not of its kind")

    @property
    def age(self) -> tuple[int, str]:
        """What orders readings of one file: the version of the reader, then the time."""
        return self.reader_version, self.added.isoformat() if self.added else ""

    def parquet(self, table: str) -> list[str]:
        """Its Parquet files of one table."""
        return [str(p) for p in sorted(self.folder.glob(f"{table}-*.parquet"))]

    def to_json(self) -> str:
        """The entry as it is kept."""
        told = asdict(self)
        del told["folder"]
        return json.dumps(told, indent=1, default=_plain, ensure_ascii=False) + "\n"

    @classmethod
    def of(cls, folder: Path) -> Entry:
        """The entry of one folder."""
        try:
            told: dict[str, Any] = json.loads((folder / "entry.json").read_text(encoding="utf-8"))
            if told["layout"] > LAYOUT:
                raise StoreError(
                    f"{folder} was written by a newer baserate (layout {told['layout']}; this one "
                    f"knows {LAYOUT}). Upgrade baserate, or name another folder with --store"
                )
            told["released"] = date.fromisoformat(told["released"])
            told["added"] = datetime.fromisoformat(told["added"]) if told["added"] else None
            told["remarks"] = tuple(told["remarks"])
            entry = cls(**told, folder=folder)
            entry.refuse_unfit()
            return entry
        except StoreError:
            raise
        except FileNotFoundError:
            if not folder.exists():
                raise
            raise StoreError(
                f"{folder} has no entry.json, so it is no file of the store; move it elsewhere"
            ) from None
        except (
            OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError
        ) as error:  # fmt: skip
            raise StoreError(
                f"{folder}: its entry cannot be read ({error}). Delete that folder and add the "
                "file again; the other files are not affected"
            ) from None


def _plain(value: object) -> str:
    assert isinstance(value, (date, datetime))
    return value.isoformat()


def entries(store: Path | None) -> tuple[Entry, ...]:
    """Every file: those that come with the package, then those in the store's folder.

    Where one file was read more than once (by a newer reader, with another mapping or day of
    release), the newest reading counts.
    """
    newest: dict[str, Entry] = {}
    for entry in every_reading(store):
        held = newest.get(entry.sha256)
        if held is None or held.age < entry.age:
            newest[entry.sha256] = entry
    return tuple(sorted(newest.values(), key=lambda e: (e.dataset, e.released, e.file, e.id)))


def every_reading(store: Path | None) -> Iterator[Entry]:
    """Every entry there is, older readings of a file included."""
    for folder in _folders(store):
        with contextlib.suppress(FileNotFoundError):  # taken out meanwhile
            yield Entry.of(folder)


def entry_of(sha256: str, store: Path) -> Entry | None:
    """The newest reading of the file with this checksum, if it is there.

    Folders are named after their file's checksum, so that no other entry need be read.
    """
    own = (f for f in _folders(store) if f.parent == EMBEDDED or f.name.startswith(sha256[:16]))
    found = [Entry.of(f) for f in own]
    same = [e for e in found if e.sha256 == sha256]
    return max(same, key=lambda e: e.age, default=None)


def _folders(store: Path | None) -> list[Path]:
    """The folders of files: those that come with the package, then those of the store."""
    found = [f for f in sorted(EMBEDDED.iterdir()) if f.is_dir()]
    if store is None:
        return found
    try:
        inside = sorted((store / "files").iterdir()) if (store / "files").is_dir() else []
    except OSError as error:
        raise StoreError(
            f"{str(store)[:200]} cannot be opened ({error.strerror}); name another folder with "
            "--store"
        ) from None
    return found + [f for f in inside if (f / "entry.json").exists()]


def entry_called(name: str, held: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """The entries of that file name, or whose id or checksum begins so."""
    found = tuple(
        e for e in held if e.file == name or (len(name) >= 6 and e.sha256.startswith(name))
    )
    if not found:
        known = ", ".join(sorted({e.file for e in held})[:8])
        raise NoSuchFile(
            f"no file called {name} is in the store; it has {known}. See baserate ledger"
        )
    return found
