"""Statements to Claims: what a sentence leaves to its context is filled in, as a reader does.

The place is that of the sentence, or else the one the text has been about; the period is counted
from the day of publication; the offense is the one named last. What the context leaves open stays
open, with every reading.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from baserate.claims.article import Article
from baserate.claims.checkable import REASONS
from baserate.claims.claim import Claim, Understood
from baserate.claims.context.baselines import as_said_before, measured
from baserate.claims.context.dates import Dates
from baserate.claims.context.offenses import in_unit_of, offense_of
from baserate.claims.context.periods import PeriodsSoFar
from baserate.claims.context.places import PlacesSoFar, main_place
from baserate.claims.context.readings import settled
from baserate.claims.context.whole_text import WholeText
from baserate.claims.find import Read
from baserate.claims.statement import Statement


def resolve(
    article: Article, reads: Sequence[Read], speakers: Sequence[str | None] = ()
) -> tuple[Claim, ...]:
    """Every statement of an article as a Claim, in the order of the text."""
    said_by = speakers or [None] * len(reads)
    text = WholeText(article, reads)
    walk = _Walk(text, PlacesSoFar(text, main_place(text)), PeriodsSoFar(text))
    return tuple(
        claim
        for read, speaker in zip(reads, said_by, strict=True)
        for claim in walk.claims(read, speaker)
    )


@dataclass(slots=True)
class _Walk:
    """A walk through the text, with what it has been about so far."""

    text: WholeText
    places: PlacesSoFar
    periods: PeriodsSoFar
    offense: str | None = None
    last: Claim | None = None

    def claims(self, read: Read, speaker: str | None) -> Iterator[Claim]:
        """The claims of the next sentence."""
        self.places.enter(read)
        named = {m.key for m in read.scan.of("offense")}
        if len(named) == 1 and not read.statements:
            self.offense = min(named)
        before = self.places.place
        there: set[str] = set()
        for said in read.statements:
            claim = self._claim(said, speaker)
            if claim.where is not None:
                there.add(claim.where.label)
            yield claim
        if len(there) > 1 and before is not None:
            self.places.place = before

    def _claim(self, said: Statement, speaker: str | None) -> Claim:
        dates = self._dates(said)
        claim = in_unit_of(self.last, self._filled(said, dates, speaker), said)
        self.periods.remember(said, dates)
        if claim.where is not None and claim.where.places:
            self.places.place = claim.where
        if claim.offense is not None and said.names_offense:
            self.offense = claim.offense
        self.last = claim
        return claim

    def _dates(self, said: Statement) -> Dates:
        as_before = as_said_before(said, self.last)
        return as_before or measured(said, self.periods.described(said), self.last)

    def _filled(self, said: Statement, dates: Dates, speaker: str | None) -> Claim:
        return Claim(
            sentence=said.sentence,
            start=said.start,
            end=said.end,
            kind=said.kind,
            offense=offense_of(said, self.offense, self.text),
            qualifier=said.qualifier,
            where=self.places.place_of(said),
            period=dates.period,
            comparator_period=dates.baseline,
            direction=said.direction,
            magnitudes=said.magnitudes,
            per_head=said.per_head,
            attributed_to=speaker,
            extreme=said.extreme,
            rank_among=said.rank_among,
            against=settled(said.against, self.text) if said.against else None,
            whole=said.whole,
            to_date=dates.to_date,
            first=said.first,
            negated=said.negated,
            understood=tuple(_left_open(said)),
            not_checkable=REASONS.get(said.refused or ""),
        )


def _left_open(said: Statement) -> Iterator[Understood]:
    """What a statement leaves to the text around it."""
    timed = said.time("span", "streak", "low_high", "last_time")
    if said.offense is None or not said.names_offense:
        yield "offense"
    if said.where is None:
        yield "place"
    if said.period is None and not timed:
        yield "period"
    if said.comparator is None and not timed and said.time("since") is None:
        yield "baseline"
