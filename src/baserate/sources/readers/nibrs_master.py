"""Reader of the FBI's NIBRS master file: one line, one segment of an incident, in fixed columns.

All eras: headers in three parts before 2013 and in one since; records padded with blanks or cut
short after the last column that is not. As text, or the one text in a zip.
"""

from __future__ import annotations

import re
from pathlib import Path

from baserate.errors import BadRow, ExtraNeeded, SourceError
from baserate.sources.deflate64 import only_member, opened
from baserate.sources.reading import Reading, Source, reading_of
from baserate.sources.tables import Tables

TITLE = "FBI NIBRS master file, fixed width, .txt or .zip"
VERSION = 1

LINE = re.compile(rb"(?:BH|B[123]|0[1-7]|W[136])\d\d[A-Z]{2}[A-Z0-9 ]{7}[ -~]*\r?")
LOOKED_AT = 40  # lines
SAMPLE = 16_384  # bytes out of a zip


def looks_like(source: Source) -> bool:
    """Whether most of the first lines begin as the records of a master file do."""
    try:
        start = _start(source)
    except ExtraNeeded:
        return True  # a zip of one text packed as the FBI packs it; `read` says what is missing
    except (SourceError, OSError):
        return False
    lines = [line for line in start.split(b"\n")[:LOOKED_AT] if line.strip()]
    known = sum(LINE.fullmatch(line[:400]) is not None for line in lines)
    return bool(lines) and 2 * known > len(lines)


def read(source: Source, out: Tables) -> Reading:
    """Incidents and what belongs to them, arrests, agencies and the months they reported."""
    try:
        from baserate.sources.master_file.convert import convert
        from baserate.sources.master_file.series import add_series
    except ModuleNotFoundError as error:
        raise ExtraNeeded(
            f"{source.name}: reading a NIBRS master file needs {error.name}; "
            "pip install 'baserate[nibrs]'"
        ) from None
    with opened(source.path) as text:
        found = convert(text.read, source, out)
    if not found.years:
        raise BadRow(
            f"{source.name}: no header and no incident, so its year is not known; a master file "
            "has both"
        )
    add_series(out, found.tallies, found.oris)
    first, last = min(found.years), max(found.years)
    return reading_of(
        "nibrs_master",
        source,
        edition=str(last) if first == last else f"{first}-{last}",
        first_year=first,
        last_year=last,
    )


def _start(source: Source) -> bytes:
    if not source.start.startswith(b"PK"):
        return source.start
    path: Path = source.path
    if only_member(path) is None:
        return b""
    with opened(path) as text:
        return text.read(SAMPLE)
