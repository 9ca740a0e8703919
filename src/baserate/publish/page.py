"""What every page we write has in common: its templates, its typography, how it is written."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from baserate.errors import CannotWrite, Caveat
from baserate.measure.answer import Answer, SourceRow
from baserate.publish import wording
from baserate.publish.harmless import harmless


@cache
def environment() -> Environment:
    """Where the templates are, and how text gets into them: escaped, and never as markup."""
    made = Environment(
        loader=PackageLoader("baserate.publish"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=harmless,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["print"] = typographic
    made.filters["percent"] = lambda a: typographic(wording.signed_percent(a.value, a.interval))
    made.globals["wording"] = wording
    return made


def typographic(text: str) -> str:
    """Minus signs and en dashes where a typewriter has hyphens between or before digits.

    >>> typographic("-3.4% since 2005-2010")
    '−3.4% since 2005–2010'
    """
    out = []
    for i, c in enumerate(text):
        before, after = text[i - 1 : i], text[i + 1 : i + 2]
        if c == "-" and (after.isdigit() or after == "$") and not _in_name(text, i):
            out.append("–" if before.isdigit() else "−")
        else:
            out.append(c)
    return "".join(out)


def _in_name(text: str, at: int) -> bool:
    """Whether a character belongs to a web address, a date or a number of a document.

    >>> typographic("2009-SU-B9-0007 of 2020-09-28, 2012-2014")
    '2009-SU-B9-0007 of 2020-09-28, 2012–2014'
    """
    first = text.rfind(" ", 0, at) + 1
    last = text.find(" ", at) if " " in text[at:] else len(text)
    word = text[first:last]
    return "://" in text[first:at] or (word.count("-") > 1 and not word.startswith(("-", "(-")))


def gather_caveats(answers: Sequence[Answer]) -> list[Caveat]:
    """Every caveat that any figure raised, once."""
    return list(dict.fromkeys(c for a in answers for c in a.caveats))


def gather_sources(answers: Sequence[Answer]) -> list[SourceRow]:
    """Every row of a published file that any figure came from, once."""
    return sorted({s for a in answers for s in a.sources}, key=lambda s: (s.file, s.row or 0))


def write_whole(path: Path, text: str) -> int:
    """Write a text file beside its place and move it there, so that no half of it is ever seen.

    A link is followed and what it leads to replaced; only a regular file is ever replaced, and
    keeps its mode.
    """
    data = text.encode("utf-8", errors="replace")
    try:
        target = path.resolve()
        if not path.name or (target.exists() and not target.is_file()):
            raise OSError(f"{str(path) or 'an empty name'} is not a file")
        mode = stat.S_IMODE(target.stat().st_mode) if target.exists() else 0o666 & ~_umask()
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=".baserate-")
        try:
            with os.fdopen(handle, "wb") as out:
                out.write(data)
            Path(name).chmod(mode)
            Path(name).replace(target)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except (OSError, ValueError, RuntimeError) as error:  # the last for links in a circle
        why = getattr(error, "strerror", None) or error
        raise CannotWrite(
            f"{printable(str(path))} could not be written ({why}); "
            "name a file in a folder that exists and may be written to"
        ) from None
    return len(data)


def _umask() -> int:
    """The process's umask, which can only be read by setting it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def printable(text: str) -> str:
    """Text that any stream can take: what is no character becomes a question mark."""
    return text.encode("utf-8", errors="replace").decode("utf-8")
