"""A download under way: `NAME.part`, and beside it what is needed to go on with it.

`NAME.part.json` says which address the bytes are from, and by what mark (ETag or day of change)
the server can tell whether its file is still the same. Without a mark nothing is resumed.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path

from baserate.errors import FileInTheWay, NotSaved

START = 65_536  # bytes that tell a web page from data, and hold its title


class Partial:
    """What is there of one file so far. What the disk refuses is raised as NotSaved."""

    def __init__(self, final: Path, url: str) -> None:
        self.final, self.url = final, url
        self.path = final.with_name(final.name + ".part")
        self._told = final.with_name(final.name + ".part.json")

    @property
    def mark(self) -> str:
        """How the server tells this version of the file; '' if there is nothing to go on with."""
        try:
            told = json.loads(self._told.read_text(encoding="utf-8"))
            mark = told["mark"] if told["url"] == self.url else ""
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return ""
        fit = isinstance(mark, str) and mark.isascii() and mark.isprintable()
        return mark if fit and self.held else ""

    @property
    def held(self) -> int:
        """Bytes."""
        try:
            return self.path.stat().st_size
        except OSError:
            return 0

    @property
    def start(self) -> bytes:
        """The first bytes."""
        with _saving(self.final), self.path.open("rb") as file:
            return file.read(START)

    @property
    def sha256(self) -> str:
        """The checksum of what is there."""
        with _saving(self.final):
            return checksum(self.path)

    def begin(self, mark: str) -> None:
        """From the first byte, of the version with that mark."""
        self.discard()
        with _saving(self.final):
            self.path.touch()
            self._told.write_text(json.dumps({"url": self.url, "mark": mark}), encoding="utf-8")

    def discard(self) -> None:
        """Nothing of it remains."""
        with _saving(self.final):
            self._told.unlink(missing_ok=True)
            self.path.unlink(missing_ok=True)

    def finish(self) -> Path:
        """Give the file its name. The rename is the moment it exists."""
        with _saving(self.final):
            self.path.replace(self.final)
            self._told.unlink(missing_ok=True)
        return self.final

    @contextlib.contextmanager
    def more(self) -> Iterator[Callable[[bytes], None]]:
        """To write at its end, unbuffered, so that a kill loses nothing that came."""
        with _saving(self.final):
            file = self.path.open("ab", buffering=0)

        def write(piece: bytes) -> None:
            rest = memoryview(piece)
            with _saving(self.final):
                while rest:
                    rest = rest[file.write(rest) :]

        with file:
            yield write

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """While no other process fetches the same file into the same folder."""
        from filelock import FileLock, Timeout

        lock = FileLock(self.final.with_name(self.final.name + ".part.lock"), timeout=0)
        try:
            with _saving(self.final):
                self.final.parent.mkdir(parents=True, exist_ok=True)
                lock.acquire()
        except Timeout:
            raise FileInTheWay(
                f"{self.final.name} is being fetched into {self.final.parent} by another process; "
                "wait for it, or name another folder"
            ) from None
        try:
            yield
        finally:
            lock.release()
            with contextlib.suppress(OSError):
                Path(lock.lock_file).unlink()


def checksum(path: Path) -> str:
    """SHA-256 of a file. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextlib.contextmanager
def _saving(final: Path) -> Iterator[None]:
    try:
        yield
    except TimeoutError:  # of a lock, no fault of the disk
        raise
    except OSError as error:
        raise NotSaved(
            f"{final.name} could not be saved in {final.parent} ({error.strerror or error}); "
            "make room there or name another folder, and fetch it again"
        ) from None
