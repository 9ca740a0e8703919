"""Members of a zip, taken out with care: no paths that climb out, no bombs, nothing cut short."""

from __future__ import annotations

import lzma
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from baserate.errors import BadRow

LARGEST_MEMBER = 4_000_000_000  # bytes unpacked
LARGEST_RATIO = 200  # bytes unpacked for a byte packed; text packs 3 to 30
MOST_MEMBERS = 10_000


def take_out(archive: Path, wanted: dict[str, str], folder: Path) -> dict[str, Path]:
    """Unpack members to files of our own naming: member name to file name, for those there are.

    Members are found by their last part, whatever folder they are in and in any case. Raises
    BadRow where the archive is damaged, too large for its size, or names a member twice.
    """
    try:
        with zipfile.ZipFile(archive) as packed:
            if len(packed.infolist()) > MOST_MEMBERS:
                raise BadRow(f"{archive.name}: a zip of {len(packed.infolist()):,} files; too many")
            return {
                name: _unpack(packed, info, folder / wanted[name], archive.name)
                for name, info in _members(packed, wanted, archive.name).items()
            }
    except (
        zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError, RuntimeError
    ) as error:  # fmt: skip
        raise BadRow(
            f"{archive.name}: the zip is cut short or damaged ({error}); download it again"
        ) from None


def _members(
    packed: zipfile.ZipFile, wanted: dict[str, str], name: str
) -> dict[str, zipfile.ZipInfo]:
    found: dict[str, zipfile.ZipInfo] = {}
    by_fold = {w.casefold(): w for w in wanted}
    for info in packed.infolist():
        path = PurePosixPath(info.filename.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts:
            raise BadRow(
                f"{name}: the zip has a member that would climb out of its folder "
                f"({info.filename[:80]!r}); no publisher's has. Nothing was unpacked"
            )
        key = by_fold.get(path.name.casefold())
        if key is None or info.is_dir():
            continue
        if key in found:
            raise BadRow(f"{name}: the zip has {key} twice; unpack it and make it one state's")
        found[key] = info
    return found


def _unpack(packed: zipfile.ZipFile, info: zipfile.ZipInfo, target: Path, name: str) -> Path:
    allowed = min(LARGEST_MEMBER, LARGEST_RATIO * max(info.compress_size, 1_000))
    with packed.open(info) as member, target.open("wb") as out:
        while piece := member.read(1 << 20):
            if out.tell() + len(piece) > allowed:
                raise BadRow(
                    f"{name}: {info.filename[:80]} unpacks to more than {allowed:,} bytes from "
                    f"{info.compress_size:,}; no file of this kind does"
                )
            out.write(piece)
    return target
