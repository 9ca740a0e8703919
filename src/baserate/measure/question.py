"""A Question: what is asked of the records, with nothing left open."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

from baserate.errors import MissingPart, PeriodNotHeld
from baserate.sources.facts import Counted
from baserate.terms.offenses import RapeDefinition, offense
from baserate.terms.periods import Period
from baserate.terms.places import Place

MeasureName = Literal[
    "level", "change", "trend", "rank", "share", "extremum", "comparison", "clearance"
]  # fmt: skip
MEASURE_NAMES: tuple[MeasureName, ...] = get_args(MeasureName)
Extreme = Literal["highest", "lowest", "largest rise", "largest fall"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question.

    measure     what to work out
    offense     key of the offense, as in terms/offenses.toml
    place       where; for a rank of all, the states together
    period      when; for a change, the later end
    per_head    a rate per 100,000 people, or else a count of offenses; clearance: offenses cleared
                in percent of those recorded, or else their count
    baseline    change: the earlier end
    against     comparison: the other place; share: the place whose whole is meant
    whole       share: the offense whose whole is meant
    extreme     extremum and rank of all: which end
    definition  the rape definition to answer by; None lets the records decide
    as_of       the figures as they had been published by that day; None is the newest
    """

    measure: MeasureName
    offense: str
    place: Place
    period: Period
    per_head: bool = True
    baseline: Period | None = None
    against: Place | None = None
    whole: str | None = None
    extreme: Extreme | None = None
    definition: RapeDefinition | None = None
    as_of: date | None = None

    def __post_init__(self) -> None:
        """Refuse a question that lacks a part or has one too many."""
        needs: dict[str, tuple[bool, str]] = {
            "change": (self.baseline is not None, "a change needs an earlier period to start from"),
            "comparison": (self.against is not None, "a comparison needs a second place"),
            "extremum": (self.extreme is not None, "an extremum is highest, lowest, or a largest"),
            "share": (
                (self.whole is None) != (self.against is None),
                "a share needs one whole: an offense or a place",
            ),
        }
        met, why = needs.get(self.measure, (True, ""))
        if not met:
            raise MissingPart(f"{why}; got {self.measure} of {self.offense} in {self.place}")
        if self.measure not in MEASURE_NAMES:
            raise MissingPart(f"measure={self.measure!r}; use one of {', '.join(MEASURE_NAMES)}")
        self._refuse_other_than_months()
        self._refuse_extra_parts()
        if self.baseline is not None and self.baseline.last >= self.period.first:
            raise MissingPart(
                f"the earlier period, {self.baseline}, must end before the later one, "
                f"{self.period}, begins"
            )
        if self.against is not None and self.against == self.place:
            raise MissingPart(f"{self.place} cannot be compared with itself; name another place")

    def _refuse_other_than_months(self) -> None:
        """Records are by year or by month, and only the same months are compared."""
        for given in (self.period, self.baseline):
            if given is not None and given.months_of_year is None:
                raise PeriodNotHeld(
                    f"no records are by day, or by months over a new year: {given}; ask for whole "
                    "years, or for whole months of one year"
                )
        if self.baseline is not None and self.baseline.months_of_year != self.months:
            raise PeriodNotHeld(
                f"{self.period} and {self.baseline} are not the same months, and crime has "
                "seasons; compare the same months of two years"
            )
        if self.months != (1, 12) and self.measure in {"trend", "extremum"}:
            raise PeriodNotHeld(
                f"{self.period} is one stretch of months; a {self.measure} needs several years"
            )

    @property
    def offense_counted(self) -> str:
        """Key of the offense that the figures count: murder, where homicide is asked for."""
        return offense(self.offense).answered_by or self.offense

    @property
    def needs_population(self) -> bool:
        """Whether people are divided by, so that figures without a population cannot answer."""
        return self.per_head and self.measure != "clearance"

    @property
    def counted(self) -> Counted:
        """What is asked about: offenses as recorded, or as cleared."""
        return "clearances" if self.measure == "clearance" else "offenses"

    @property
    def first_year(self) -> int:
        """The first year it is about."""
        return (self.baseline or self.period).first_year

    @property
    def months(self) -> tuple[int, int]:
        """First and last month of the year asked about; (1, 12) for whole years."""
        return self.period.months_of_year or (1, 12)

    def _refuse_extra_parts(self) -> None:
        """A part that the measure has no use for would be left out of its words."""
        of_all = self.measure == "rank" and self.place.kind == "states"
        used = {
            "baseline": self.measure == "change",
            "against": self.measure in {"comparison", "share"},
            "whole": self.measure == "share",
            "extreme": self.measure == "extremum" or of_all,
        }
        for part, is_used in used.items():
            if getattr(self, part) is not None and not is_used:
                raise MissingPart(f"a {self.measure} has no {part}; leave it out")
        ends: tuple[str | None, ...] = ("highest", "lowest") if of_all else get_args(Extreme)
        if used["extreme"] and self.extreme not in ends:
            raise MissingPart(f"extreme={self.extreme!r}; use one of {', '.join(map(str, ends))}")
        if self.measure == "share" and not self.per_head:
            raise MissingPart("a share is neither a rate nor a count; leave per_head out")

    @property
    def quantity(self) -> str:
        """'violent crime rate' or 'violent crime count'."""
        return f"{offense(self.offense).name} {'rate' if self.per_head else 'count'}"

    @property
    def words(self) -> str:
        """The question in words that lead back to it.

        >>> from baserate.measure.parse import parse
        >>> parse("have US murders per capita gone up, 2014-16?").question.words
        'murder rate in the United States, 2014 to 2016'
        """
        name, where = offense(self.offense).name, f"in {_the(self.place)}"
        match self.measure:
            case "level":
                window = (
                    "" if self.period.is_one_year else "average " if self.per_head else "total "
                )
                said = f"{window}{self.quantity} {where}, {self.period}"
            case "change":
                said = f"{self.quantity} {where}, {self._span()}"
            case "trend":
                said = f"trend in the {self.quantity} {where}, {self.period}"
            case "rank" if self.place.kind == "states":
                said = f"state with the {self.extreme} {self.quantity}, {self.period}"
            case "rank":
                said = (
                    f"rank of {_the(self.place)} by {self.quantity} among the states, {self.period}"
                )
            case "share" if self.whole is not None:
                said = f"{name} as a share of {offense(self.whole).name} {where}, {self.period}"
            case "share":
                whole = _the(self.against) if self.against else ""
                said = f"{self.place.plain} share of {name} in {whole}, {self.period}"
            case "extremum":
                kind = (
                    self.extreme
                    if self.extreme in {"highest", "lowest"}
                    else (f"{str(self.extreme).replace('largest ', 'largest one-year ')} in the")
                )
                said = f"{kind} {self.quantity} {where}, {self.period}"
            case "comparison":
                other = _the(self.against) if self.against else ""
                said = f"{self.quantity} {where} against {other}, {self.period}"
            case "clearance":
                kind = "rate" if self.per_head else "count"
                said = f"{name} clearance {kind} {where}, {self.period}"
        return f"{said}, {self.definition} definition" if self.definition else said

    @property
    def rerun(self) -> str:
        """The command that gives the same answer."""
        dated = f" --as-of {self.as_of.isoformat()}" if self.as_of else ""
        plain = not set(self.words) & set('"$`\\!')
        quoted = f'"{self.words}"' if plain else shlex.quote(self.words)
        return f"baserate ask {quoted}{dated}"

    def _span(self) -> str:
        assert self.baseline is not None
        if self.baseline.is_one_year and self.period.is_one_year:
            return f"{self.baseline} to {self.period}"
        return f"{self.baseline} against {self.period}"


def _the(place: Place) -> str:
    article = place.kind in {"nation", "states"} or place.key == "DC"
    return f"the {place.plain}" if article else place.plain
