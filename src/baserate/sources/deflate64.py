"""The one text in a zip, as a stream: stored, Deflate, or Deflate64, which zipfile cannot read.

What is unpacked is bounded by the size of the zip, and checked against the length and the
checksum the zip gives for it.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from baserate.errors import BadRow, ExtraNeeded

DEFLATE64 = 9  # the zip format's number of the method
LARGEST_RATIO = 200  # bytes out for a byte in; master files pack 5 to 30
PIECE = 2_048  # bytes unpacked at once: Deflate64 can make 29,000 of one
HEADER = 30  # bytes of a member's own header, before its name


class Text(Protocol):
    """What can be read from the start to the end."""

    def read(self, size: int) -> bytes:
        """The next bytes, at most so many; none at the end."""


def only_member(path: Path) -> zipfile.ZipInfo | None:
    """The one file in a zip, documents about it apart; None where there is not one."""
    try:
        with zipfile.ZipFile(path) as archive:
            files = [m for m in archive.infolist() if not m.is_dir()]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise BadRow(
            f"{path.name}: begins like a zip and cannot be opened as one ({error}); it may be cut "
            "short. Download it again"
        ) from None
    data = [m for m in files if not m.filename.lower().endswith((".pdf", ".docx", ".rtf"))]
    return data[0] if len(data) == 1 else None


@contextmanager
def opened(path: Path) -> Iterator[Text]:
    """The text: the file itself, or what its zip holds."""
    with path.open("rb") as file:
        if file.read(2) != b"PK":
            file.seek(0)
            yield file
            return
        member = only_member(path)
        if member is None:
            raise BadRow(f"{path.name}: holds several files, or none; one text is needed")
        if member.flag_bits & 1:
            raise BadRow(f"{path.name}: is locked with a password; unpack it and add the text")
        yield _Unpacked(file, member, path.name)


class _Unpacked:
    """A member of a zip, from its start to its end."""

    def __init__(self, file: BinaryIO, member: zipfile.ZipInfo, name: str) -> None:
        self._file, self._member, self._name = file, member, name
        self._unpack = _method(member, name)
        self._left = member.compress_size
        self._allowed = LARGEST_RATIO * max(member.compress_size, 1_000)
        self._made, self._sum = 0, 0
        self._held: list[bytes] = []
        self._size = 0
        file.seek(member.header_offset)
        header = file.read(HEADER)
        if len(header) < HEADER or not header.startswith(b"PK\3\4"):
            raise self._damaged("its header is missing")
        lengths = header[26:30]
        file.seek(int.from_bytes(lengths[:2], "little") + int.from_bytes(lengths[2:], "little"), 1)

    def read(self, size: int) -> bytes:
        """The next bytes, at most so many; none at the end."""
        while self._size < size and self._left:
            piece = self._file.read(min(PIECE, self._left))
            if not piece:
                raise self._damaged("it ends too early")
            self._left -= len(piece)
            self._take(piece)
            if not self._left:
                self._check()
        held = b"".join(self._held)
        self._held, self._size = [held[size:]], max(len(held) - size, 0)
        return held[:size]

    def _take(self, piece: bytes) -> None:
        try:
            made = self._unpack(piece)
        except (ValueError, zlib.error, EOFError, RuntimeError) as error:
            raise self._damaged(str(error)) from None
        self._made += len(made)
        if self._made > self._allowed:
            raise BadRow(
                f"{self._name}: unpacks to more than {self._allowed:,} bytes from "
                f"{self._member.compress_size:,}; no file of this kind does"
            )
        self._sum = zlib.crc32(made, self._sum)
        self._held.append(made)
        self._size += len(made)

    def _check(self) -> None:
        if self._made != self._member.file_size:
            raise self._damaged(f"{self._made:,} bytes instead of {self._member.file_size:,}")
        if self._sum != self._member.CRC:
            raise self._damaged("its checksum is wrong")

    def _damaged(self, why: str) -> BadRow:
        return BadRow(
            f"{self._name}: {self._member.filename} cannot be unpacked ({why}); the zip is cut "
            "short or damaged. Download it again"
        )


def _method(member: zipfile.ZipInfo, name: str) -> Any:
    """The function that unpacks the next bytes."""
    if member.compress_type == zipfile.ZIP_STORED:
        return bytes
    if member.compress_type == zipfile.ZIP_DEFLATED:
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress
    if member.compress_type == DEFLATE64:
        try:
            import inflate64
        except ModuleNotFoundError:
            raise ExtraNeeded(
                f"{name}: is packed with Deflate64, which needs inflate64; "
                "pip install 'baserate[nibrs]'"
            ) from None
        return inflate64.Inflater().inflate
    raise BadRow(
        f"{name}: is packed by method {member.compress_type}; Deflate and Deflate64 can be read. "
        "Unpack it and add the text"
    )
