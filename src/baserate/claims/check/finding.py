"""What judging one reading of a claim comes to, and how the records are asked for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from typing import TypeVar

from baserate.claims.checked import ClaimVerdict, Need, Trap
from baserate.errors import BaserateError, NoRecords, PopulationNotHeld
from baserate.measure.answer import Answer
from baserate.measure.ask import answer
from baserate.measure.effects.found import EffectFound
from baserate.measure.question import Question
from baserate.measure.records import find_records
from baserate.store.open import Store
from baserate.terms.offenses import offense
from baserate.terms.places import Place

Held = TypeVar("Held")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A verdict on one reading of a claim, with the reason and the figures behind it.

    Where a size asserted is not the one recorded, `missed` is that size in words and `recorded`
    what `why` says before it.
    """

    verdict: ClaimVerdict
    why: str
    recorded: str = ""
    missed: str = ""
    answer: Answer | None = None
    traps: tuple[Trap, ...] = ()
    needs: tuple[Need, ...] = ()
    study: EffectFound | None = None


def cannot_tell(why: str, *needs: Need, answer: Answer | None = None) -> Finding:
    """The finding that the records do not decide."""
    return Finding(verdict="can't tell", why=why, answer=answer, needs=needs)


def contradicted(
    recorded: str, missed: str = "", *, answer: Answer, traps: Iterable[Trap] = ()
) -> Finding:
    """The finding that the records say otherwise, and which size asserted they have otherwise."""
    return Finding(
        verdict="contradicted",
        why=f"{recorded}, not {missed}." if missed else f"{recorded}.",
        recorded=recorded,
        missed=missed,
        answer=answer,
        traps=tuple(traps),
    )


def held(asked: Iterable[Callable[[], Held]]) -> tuple[Held, ...]:
    """What can be had of rates and numbers: no rate where there is no population.

    Raises PopulationNotHeld where that is so of all of them.
    """
    found: list[Held] = []
    refused: PopulationNotHeld | None = None
    for each in asked:
        try:
            found.append(each())
        except PopulationNotHeld as error:
            refused = error
    if not found and refused is not None:
        raise refused
    return tuple(found)


class Unsettled(NoRecords):
    """The claim leaves open, or the records lack, something without which nothing can be said."""


@dataclass(frozen=True, slots=True)
class Asker:
    """Asks the records, each question once, as they are now or were on a day.

    `published` is when the claim was written: nothing later is held against it.
    """

    store: Store
    published: date | None = None
    as_of: date | None = None
    cache: dict[Question, Answer | BaserateError] = field(default_factory=dict, repr=False)

    def __call__(self, question: Question) -> Answer:
        """The Answer. Raises as `measure.ask.answer` does."""
        asked = replace(question, as_of=self.as_of)
        if asked not in self.cache:
            try:
                self.cache[asked] = answer(asked, self.store)
            except BaserateError as error:
                self.cache[asked] = error
        found = self.cache[asked]
        if isinstance(found, BaserateError):
            raise found
        return found

    def answers(self, questions: Iterable[Question]) -> tuple[Answer, ...]:
        """The Answers of those that can be had, as `held` has them."""
        return held(partial(self, question) for question in questions)

    @property
    def last_year_known(self) -> int | None:
        """The last whole year that was over when the claim was written."""
        return self.published.year - 1 if self.published else None

    def years(self, where: Place, key: str, *, per_head: bool) -> tuple[tuple[int, ...], ...]:
        """The years each source of a place has of an offense, the preferred source first."""
        view = self.store.view(as_of=self.as_of, needs_population=per_head)
        counted = offense(key).answered_by or key
        found = (
            find_records(view.from_source(where.key, source), where, counted).years
            for source in view.sources(where.key, counted)
        )
        return tuple(years for years in found if years)
