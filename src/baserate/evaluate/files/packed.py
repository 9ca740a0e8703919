"""Files that R packed: gzip, bzip2 or xz around a stream of objects."""

from __future__ import annotations

import bz2
import gzip
import lzma
import zlib
from pathlib import Path

from baserate.errors import BadPanel

LARGEST = 1 << 30  # bytes unpacked; no study's table is larger
XZ_MEMORY = 1 << 28  # bytes that unpacking may take


def unpacked(path: Path) -> bytes:
    """What is in the file, or the file itself if it is not packed.

    Refuses what cannot be unpacked, and what unpacks to more than any table.
    """
    packed = path.read_bytes()
    try:
        if packed.startswith(b"\x1f\x8b"):
            with gzip.open(path) as file:
                data = file.read(LARGEST + 1)
        elif packed.startswith(b"BZh"):
            with bz2.open(path) as file:
                data = file.read(LARGEST + 1)
        elif packed.startswith(b"\xfd7zXZ"):
            data = lzma.LZMADecompressor(memlimit=XZ_MEMORY).decompress(packed, LARGEST + 1)
        else:
            data = packed
    except (OSError, EOFError, ValueError, lzma.LZMAError, zlib.error) as error:
        raise BadPanel(f"{path.name} cannot be unpacked ({error}); it may be cut short") from None
    if len(data) > LARGEST:
        raise BadPanel(f"{path.name} unpacks to more than {LARGEST:,} bytes; no table is so large")
    return data
