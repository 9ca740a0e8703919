"""What a study found of a program's effect, in the one form that a claim is held against."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from baserate.measure.effects import sentences
from baserate.measure.effects.published import PublishedCells
from baserate.measure.effects.read_cells import PublishedStudy
from baserate.measure.effects.shipped import name_of, shipped
from baserate.terms.offenses import offense
from baserate.terms.places import Place

EffectReading = Literal["fell", "rose", "no clear change", "designs disagree", "can't tell"]
READINGS: tuple[EffectReading, ...] = get_args(EffectReading)


@dataclass(frozen=True, slots=True)
class DesignFound:
    """What one design says, in percent of what would have been without the program.

    `lower` and `upper` are the interval's ends, infinite where it is open; `smallest_visible` is
    what it would have found with probability 0.80 at 5%.
    """

    name: str
    percent: float
    lower: float
    upper: float
    smallest_visible: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectFound:
    """One study's word on a program: designs with intervals, or published cells without.

    programs      the program's name, then what else it is called
    offense       key of what was counted; None where the study does not say which offense it is
    outcome       the same in the study's words
    places        the treated units, or the one place they are all in; empty where not known
    years         first and last year of all that was looked at
    grave         threats that can be mistaken for an effect, by name
    sentence, doubt   what it says, and what is to be doubted of it
    command       works the study out again; '' where it is not known
    """

    title: str
    programs: tuple[str, ...]
    offense: str | None
    outcome: str
    places: tuple[Place, ...]
    years: tuple[int, int]
    reading: EffectReading
    designs: tuple[DesignFound, ...] = ()
    cells: PublishedCells | None = None
    grave: tuple[str, ...] = ()
    sentence: str
    doubt: str
    sources: tuple[str, ...]
    checksum: str
    command: str
    file: str


def of_published(study: PublishedStudy, command: str = "") -> EffectFound:
    """Published cells as a study's word: a difference, and no interval."""
    what, main = offense(study.offense).name, study.cells.main
    first, last = study.years
    name = name_of(study)
    return EffectFound(
        title=study.title,
        programs=(study.program, *study.also_called),
        offense=study.offense,
        outcome=what,
        places=(study.place,),
        years=study.years,
        reading="can't tell",
        cells=study.cells,
        sentence=f"{what.capitalize()} {sentences.comparison(main)}, {first} to {last}.",
        doubt=f"{sentences.without_interval(main)} {sentences.NOT_BY_LOT}",
        sources=study.sources,
        checksum=study.checksum,
        command=f"baserate evaluate {name}" if name else command,
        file=study.file,
    )


def known_effects() -> tuple[EffectFound, ...]:
    """What the studies that come with the package found.

    >>> [found.programs for found in known_effects()]
    [('Project Safe Neighborhoods', 'PSN')]
    """
    return tuple(of_published(study) for study in shipped())
