"""Studies that come with the package: their names, and the files of their published cells."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import baserate
from baserate.errors import BadStudy, near_names
from baserate.measure.effects.read_cells import PublishedStudy, published_study
from baserate.measure.effects.study_file import StudyFile, read_study_file

# Data, and not code: check knows what they say where the libraries of evaluate are not there.
_FOLDER = Path(baserate.__file__).parent / "evaluate" / "studies"


@cache
def names() -> tuple[str, ...]:
    """The studies by name, as 'psn-2010'.

    >>> names()
    ('psn-2010',)
    """
    return tuple(sorted(p.stem.replace("_", "-") for p in _FOLDER.glob("*.toml")))


@cache
def shipped() -> tuple[PublishedStudy, ...]:
    """Every study that ships, as read."""
    return tuple(published_study(_file(name)) for name in names())


def find_study(given: Path) -> StudyFile:
    """The study of that path, or the one of that name that ships.

    Raises BadStudy for a name that is neither, with those there are.
    """
    if is_a_name(given):
        return _file(given.name.casefold().replace("_", "-"))
    return read_study_file(given)


def is_a_name(given: Path) -> bool:
    """Whether it can only be the name of a study: no file is there, and it is no path or file name.

    >>> is_a_name(Path("psn-2010")), is_a_name(Path("result.json"))
    (True, False)
    """
    return not given.suffix and given.name == str(given) and not given.exists()


def name_of(study: PublishedStudy) -> str | None:
    """The name by which a study ships; None for a file of the user's own."""
    sums = {each.checksum: name for name, each in zip(names(), shipped(), strict=True)}
    return sums.get(study.checksum)


def _file(name: str) -> StudyFile:
    if name not in names():
        near = near_names(name, names())
        hint = f"did you mean {near[0]}? " if near else ""
        raise BadStudy(
            f"there is no file {name!r}, and no study of that name comes with baserate; {hint}"
            f"those that do: {', '.join(names())}"
        )
    return read_study_file(_FOLDER / f"{name.replace('-', '_')}.toml")
