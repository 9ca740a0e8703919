"""Which format a file is in, by its content. Its name is never looked at."""

from __future__ import annotations

import gzip
import stat
import zlib
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import cast

from baserate.errors import BadRow, UnknownFormat
from baserate.sources.readers import READERS
from baserate.sources.reading import Reader, Source

BY_MAPPING = "city_incidents"  # the reader of files for which a mapping is named
LARGEST_UNPACKED = 4_000_000_000  # bytes out of a .gz
LARGEST_RATIO = 200  # bytes out for a byte in; text packs 3 to 20


def reader(name: str) -> Reader:
    """The reader of that name."""
    return cast(Reader, import_module(f"baserate.sources.readers.{name}"))


def recognize(source: Source) -> str:
    """The name of the one reader that knows this file. Raises UnknownFormat where none does."""
    refuse_unreadable(source.path)
    if source.mapping is not None:
        return BY_MAPPING
    for name in READERS:
        if reader(name).looks_like(source):
            return name
    raise UnknownFormat(f"{source.name}: {_why_unknown(source)}")


def unpacked(source: Source, scratch: Path) -> Source:
    """The source itself, or what its gzip holds, unpacked into the scratch folder."""
    if not source.start.startswith(b"\x1f\x8b"):
        return source
    (scratch / "unpacked").mkdir()
    inside = scratch / "unpacked" / (source.path.name.removesuffix(".gz") or "file")
    allowed = min(LARGEST_UNPACKED, LARGEST_RATIO * source.size)
    try:
        with gzip.open(source.path) as packed, inside.open("wb") as out:
            while piece := packed.read(1 << 20):
                if out.tell() + len(piece) > allowed:
                    raise BadRow(
                        f"{source.name}: unpacks to more than {allowed:,} bytes from "
                        f"{source.size:,}; no file of this kind does"
                    )
                out.write(piece)
    except (EOFError, OSError, zlib.error) as error:
        if isinstance(error, OSError) and not isinstance(error, gzip.BadGzipFile):
            raise
        raise BadRow(
            f"{source.name}: the gzip is cut short or damaged ({error}); download it again"
        ) from None
    return replace(source, path=inside)


def refuse_unreadable(path: Path) -> None:
    """Raise where the path is no regular file with something in it."""
    try:
        found = path.stat()
    except (OSError, ValueError) as error:
        said = getattr(error, "strerror", None) or str(error)
        raise BadRow(f"{path.name or path}: cannot be read ({said}); check the path") from None
    try:
        str(path).encode()
    except UnicodeEncodeError:
        raise BadRow(
            f"{path!a}: its name is not text in UTF-8; rename it and add it again"
        ) from None
    if stat.S_ISDIR(found.st_mode):
        raise BadRow(f"{path.name}: is a folder; name the files in it, as {path.name}/*")
    if not stat.S_ISREG(found.st_mode):
        raise BadRow(f"{path.name}: is a device or a pipe; save it as a file and add that")
    if not found.st_size:
        raise BadRow(f"{path.name}: is empty, 0 bytes; download it again")


def _why_unknown(source: Source) -> str:
    start = source.start
    said = start.lstrip()[:200].lower()
    if said.startswith((b"<!doctype html", b"<html")) or b"<html" in start[:1000].lower():
        return (
            "is a web page, not data; the publisher's server may have sent an error page. Open "
            "it in a browser to see what it says, and download the file again"
        )
    if start.startswith((b"\xff\xfe", b"\xfe\xff")) or start[:400].count(b"\0") > 100:
        return "is not UTF-8 text (it looks like UTF-16); save it as CSV in UTF-8"
    if source.members:
        shown = ", ".join(source.members[:5])
        return f"is a zip of nothing known here ({shown}); baserate catalog lists what can be read"
    if source.columns:
        shown = ", ".join(c[:30] for c in source.columns[:12])
        return (
            f"has columns no reader knows ({shown}). For a city's own incidents write a mapping "
            f"(docs/cities.md) and name it with --mapping. baserate catalog lists what can be read"
        )
    return "is in no format known here; baserate catalog lists what can be read"
