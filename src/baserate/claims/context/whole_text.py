"""What an article is about as a whole, whichever of its sentences is read.

Each answer is worked out when it is first asked for, in one pass over the text, and kept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from baserate.claims import lexicon
from baserate.claims.article import Article
from baserate.claims.claim import Where
from baserate.claims.find import Read
from baserate.claims.scan import Mention
from baserate.terms.periods import Period

EARLY = 2  # the last month in which a story is about the year that ended
YEARS_OF_NEWS = 2  # before its publication, for a year that is named without a figure


@dataclass(frozen=True)
class WholeText:
    """An article and how its sentences were read."""

    article: Article
    reads: Sequence[Read]

    @cached_property
    def states(self) -> frozenset[str]:
        """Postal codes of the states that are named, or have a city named, without doubt."""
        named = (where.only for _, where in places_in(self.reads))
        keys = (p.key if p.kind == "state" else p.state for p in named if p is not None)
        return frozenset(key for key in keys if key)

    @cached_property
    def is_about_hate_crime(self) -> bool:
        """Whether hate crime is among its first figures, or most of them are of it."""
        named = [s.offense for r in self.reads for s in r.statements if s.offense]
        often = Counter(sorted(named)).most_common(1)
        return "hate_crime" in named[:3] or any(key == "hate_crime" for key, _ in often)

    @cached_property
    def means_new_york_state(self) -> bool:
        """Whether a text that says "New York" speaks of the state."""
        state, city = (self._count("new_york", part) for part in ("state", "city"))
        return state > city

    def _count(self, table: str, part: str) -> int:
        """How often the words of a table stand in the text."""
        index = lexicon.index_of(table, part)
        return sum(len(index.find(read.scan.words)) for read in self.reads)

    # -- what a text is about that names no place

    @cached_property
    def names_a_place(self) -> bool:
        """Whether it names any, also within the names of others."""
        return any(read.scan.of("place", "name") for read in self.reads)

    @cached_property
    def cites_the_nation(self) -> bool:
        """Whether it names a source of the nation's figures."""
        return any(map(cites_the_nation, self.reads))

    @cached_property
    def is_local(self) -> bool:
        """Whether it speaks as texts about one town do, which need not name it."""
        return any(lexicon.index_of("local").find(read.scan.words) for read in self.reads)

    # -- what a text is about before it names a period

    @cached_property
    def usual_year(self) -> Period | None:
        """The year a story is about if it does not say: the one that ended, early in a year."""
        day = self.article.published
        if day is None:
            return None
        return Period.year(day.year - 1 if self._is_early else day.year)

    @cached_property
    def understood_year(self) -> Period | None:
        """The first period it gives figures for, unless the usual year is likelier."""
        usual, told = self.usual_year, self._first_told or self._first_recent
        if usual is None or told is None:
            return told or usual
        if self._is_early:
            return told if told.last_year == usual.last_year else usual
        return told if told.last_year >= usual.last_year - 1 else usual

    @property
    def _is_early(self) -> bool:
        day = self.article.published
        return day is not None and day.month <= EARLY

    @property
    def _first_told(self) -> Period | None:
        said = (s for read in self.reads for s in read.statements if s.kind != "extremum")
        periods = (s.period.period for s in said if s.period)
        return next((p for p in periods if p and can_be_topic(p)), None)

    @property
    def _first_recent(self) -> Period | None:
        """The first year in the name of a report or a law, if it is a recent one."""
        day = self.article.published
        named = (p for read in self.reads for p in read.scan.named if p.is_one_year)
        return next(
            (p for p in named if not day or day.year - YEARS_OF_NEWS <= p.last_year < day.year),
            None,
        )


def places_in(reads: Iterable[Read]) -> Iterator[tuple[Mention, Where]]:
    """The places that sentences name, also within the names of others."""
    for read in reads:
        for mention in read.scan.of("place", "name"):
            if mention.where is not None:
                yield mention, mention.where


def cites_the_nation(read: Read) -> bool:
    """Whether a sentence names a source of the nation's figures."""
    return bool(lexicon.index_of("national_source").find(read.scan.words))


def can_be_topic(period: Period) -> bool:
    """Whether a text can be about it: one year, or the part of one that has passed."""
    months_passed = period.first.month == 1 and period.last.month > 1
    return period.first_year == period.last_year and months_passed
