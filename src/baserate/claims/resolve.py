"""Statements to Claims: what a sentence leaves to its context is filled in, as a reader does.

The place is that of the sentence, or else the one the text has been about; the period is counted
from the day of publication; the offense is the one named last. What the context leaves open stays
open, with every reading.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from baserate.claims import lexicon
from baserate.claims.article import Article
from baserate.claims.checkable import REASONS
from baserate.claims.claim import Claim, Understood, Where
from baserate.claims.days import moved
from baserate.claims.find import Read
from baserate.claims.scan import Mention
from baserate.claims.statement import Statement
from baserate.claims.times import TimeMention
from baserate.terms.periods import Period
from baserate.terms.places import NATION, Place, find_places, place
from baserate.terms.words import words_of

CLEARLY_LARGER = 4  # times as many people: a name alone then means the larger city


def resolve(
    article: Article, reads: Sequence[Read], speakers: Sequence[str | None] = ()
) -> tuple[Claim, ...]:
    """Every statement of an article as a Claim, in the order of the text."""
    said_by = list(speakers) or [None] * len(reads)
    context = _Context(article, reads)
    return tuple(
        claim
        for read, speaker in zip(reads, said_by, strict=True)
        for claim in context.claims(read, speaker)
    )


@dataclass(slots=True)
class _Context:
    """What the text has been about so far."""

    article: Article
    reads: Sequence[Read]
    states: set[str] = field(default_factory=set)
    main_place: Where | None = None
    place: Where | None = None
    last_city: Where | None = None
    last_state: Where | None = None
    offense: str | None = None
    period: Period | None = None
    main_period: Period | None = None
    comparator: Period | None = None
    national: bool = False  # whether the sentence names a source of the nation's figures
    last: Claim | None = None
    paragraph: int = -1
    main_offense: str | None = None
    last_county: Where | None = None
    inferred: Period | None = None  # a period that a comparison just showed

    def __post_init__(self) -> None:
        self.main_offense = _main_offense(self.reads)
        self.states = set(_states_named(self.reads))
        self.main_place = self._main_place()

    # -- over the text

    def claims(self, read: Read, speaker: str | None) -> Iterator[Claim]:
        self._new_paragraph(read)
        self._notice(read)
        self.national = bool(lexicon.index_of("national_source").find(read.scan.words))
        before = self.place
        there: dict[str, None] = {}
        for said in read.statements:
            claim = self._claim(said, speaker)
            claim = self._in_its_unit(claim, said)
            self._remember(claim, said)
            if claim.where is not None:
                there[claim.where.label] = None
            yield claim
        if len(there) > 1 and before is not None:
            self.place = before

    def _new_paragraph(self, read: Read) -> None:
        """A text about one city comes back to it; one about the nation stays with its example."""
        main = self.main_place
        begins = read.sentence.paragraph != self.paragraph
        self.paragraph = read.sentence.paragraph
        if begins and main is not None and main.label != "United States":
            self.place = main

    def _notice(self, read: Read) -> None:
        """Places named on the way, also where nothing is claimed."""
        named = {m.where.label for m in read.scan.of("place", "name") if m.where}
        if len(named) > 2 and not read.statements:
            return
        for mention in read.scan.of("place", "name"):
            if mention.where is None or _is_federal(mention):
                continue
            where = self._settled(mention.where)
            self._last(where)
            local = where.only is not None and where.only.kind in {"city", "state"}
            if not read.statements and (local or where.label.split(",")[0].endswith("County")):
                self.place = where

    def _last(self, where: Where) -> None:
        kinds = {p.kind for p in where.places}
        if where.label.split(",")[0].endswith(("County", "Parish")):
            self.last_county = where
        if "city" in kinds or where.label == "Washington, DC":
            self.last_city = where
        elif "state" in kinds:
            self.last_state = where

    def _remember(self, claim: Claim, said: Statement) -> None:
        if claim.where is not None and claim.where.places:
            self.place = claim.where
        if claim.offense is not None and said.names_offense:
            self.offense = claim.offense
        self.last = claim
        when = said.period.period if said.period else None
        if when is None and self.inferred is not None:
            self.period, self.inferred = self.inferred, None
        if said.period and said.period.relative and self._is_part_named(when):
            return
        if when is not None and _is_topic(when):
            if self.main_period is None or when.last_year >= self.main_period.first_year:
                self.period = when
            if self.main_period is None or when.last_year > self.main_period.last_year:
                self.main_period = when

    def _is_part_named(self, when: Period | None) -> bool:
        """Whether the text is about a stated part of the very year: its first half."""
        main = self.main_period
        return bool(
            when and main and not main.is_whole_years and when.first_year == main.first_year
        )

    def _in_its_unit(self, claim: Claim, said: Statement) -> Claim:
        """A bare number after a rate is a rate too: "525 for every 100,000 ... 498 in 1978"."""
        before = self.last
        if before is None or not said.bare or not before.per_head or claim.offense != before.offense:
            return claim
        rates = [m.value for m in before.magnitudes if m.unit == "per_100k"]
        sizes = claim.magnitudes
        if not rates or not all(m.unit == "count" and rates[0] / 3 < m.value < rates[0] * 3 for m in sizes):
            return claim
        kind = "level" if claim.kind == "count" else claim.kind
        return replace(claim, kind=kind, per_head=True, magnitudes=tuple(replace(m, unit="per_100k") for m in sizes))

    def _claim(self, said: Statement, speaker: str | None) -> Claim:
        where = self._where(said)
        period, comparator, to_date = self._when(said)
        return Claim(
            sentence=said.sentence,
            start=said.start,
            end=said.end,
            kind=said.kind,
            offense=self._offense(said),
            qualifier=said.qualifier,
            where=where,
            period=period,
            comparator_period=comparator,
            direction=said.direction,
            magnitudes=said.magnitudes,
            per_head=said.per_head,
            attributed_to=speaker,
            vague=not said.magnitudes,
            extreme=said.extreme,
            rank_among=said.rank_among,
            against=self._settled(said.against) if said.against else None,
            whole=said.whole,
            to_date=to_date,
            first=said.first,
            understood=tuple(_left_open(said)),
            not_checkable=REASONS.get(said.refused or ""),
        )

    # -- where

    def _main_place(self) -> Where | None:
        """The first place that the text gives figures of, or names at its start."""
        for read in [r for r in self.reads if r.statements][:3]:
            for mention in read.scan.of("place", "name"):
                if mention.where and (mention.kind == "place" or mention.key == "office"):
                    if mention.where.places or mention.where.label.endswith(("County", "Parish")):
                        return self._settled(mention.where)
        for read in self.reads:
            for mention in read.scan.of("place", "name"):
                if _is_federal(mention) or (mention.kind == "name" and not mention.key):
                    continue
                if (
                    mention.where
                    and mention.where.places
                    and (read.statements or read is self.reads[0])
                ):
                    return self._settled(mention.where)
        for read in self.reads[:6]:
            for mention in read.scan.of("name", "place"):
                if mention.where and mention.where.places and not _is_federal(mention):
                    return self._settled(mention.where)
        return None

    def _offense(self, said: Statement) -> str | None:
        """In a text about hate crimes, "crimes against property" are hate crimes too."""
        if self.main_offense == "hate_crime" and said.offense in _PARTS_OF_HATE_CRIME:
            return "hate_crime"
        return said.offense or self.offense

    def _where(self, said: Statement) -> Where | None:
        if said.where is not None:
            return self._settled(said.where)
        if said.own == "city":
            return self.last_city or self.place or self.main_place
        if said.own == "state":
            return self.last_state or self._state_of(self.last_city) or self.place
        if said.own == "county" and (self.last_county or self.place) is not None:
            return self.last_county or self.place
        if said.names:
            return self._settled(said.names[0])
        if self.main_place is not None and self.main_place.label == "United States" and self.national:
            return self.main_place
        return self.place or self.main_place or self._by_default()

    def _by_default(self) -> Where | None:
        """A text that names no place, or only the nation's sources, is about the nation."""
        named = any(r.scan.of("place", "name") for r in self.reads)
        federal = any(lexicon.index_of("national_source").find(r.scan.words) for r in self.reads)
        if federal:
            return Where("United States", (NATION,))
        outlet = find_places(words_of(self.article.outlet or ""))
        cities = [p for f in outlet for p in f.meanings if p.kind in {"city", "state"}]
        if cities:
            return _only(cities[0]) if len(cities) == 1 else self._settled(Where(cities[0].key, tuple(cities)))
        local = any(lexicon.index_of("local").find(r.scan.words) for r in self.reads)
        return None if named or local else Where("United States", (NATION,))

    def _state_of(self, city: Where | None) -> Where | None:
        if city is None or city.only is None or city.only.state is None:
            return None
        state = place(city.only.state)
        return Where(state.name, (state,))

    def _settled(self, where: Where) -> Where:
        """One reading where the context or sheer size decides; all of them otherwise."""
        if not where.places:
            return self._county(where)
        readings = where.places
        if where.label == "United States" or len(readings) == 1:
            return where
        cities = [p for p in readings if p.kind == "city"]
        states = [p for p in readings if p.kind == "state"]
        if any(p.key == "DC" for p in readings):
            chosen = "WA" if "WA" in self.states and "DC" not in self.states else "DC"
            return _only(next((p for p in readings if p.key == chosen), readings[0]))
        if states and cities:
            city = "NY" in {s.key for s in states} and not self._is_of_the_state
            return _only(cities[0] if city else states[0])
        near = [p for p in cities if p.state in self.states]
        if len(near) == 1:
            return _only(near[0])
        largest, second = cities[0], cities[1]
        if (largest.population or 0) >= CLEARLY_LARGER * (second.population or 1):
            return _only(largest)
        return Where(largest.key, tuple(cities))

    @property
    def _is_of_the_state(self) -> bool:
        """Whether a text that says "New York" speaks of the state."""
        words = [w.fold for r in self.reads for w in r.scan.words]
        state, city = (sum(words.count(w) for w in lexicon.words("new_york", p)) for p in ("state", "city"))
        return state > city

    def _county(self, where: Where) -> Where:
        if not where.label.endswith(("County", "Parish")):
            return where
        states = [s for s in sorted(self.states) if s != "DC"]
        if len(states) != 1:
            return where
        county = place(f"{where.label}, {states[0]}")
        return Where(county.key, (county,))

    # -- when

    def _when(self, said: Statement) -> tuple[Period | None, Period | None, bool]:
        span_before = self._span_before(said)
        if span_before is not None:
            return *span_before, False
        period = said.period.period if said.period else None
        comparator = said.comparator.period if said.comparator else None
        to_date = bool(said.period and said.period.to_date)
        span, streak = said.time("span"), said.time("streak")
        since, low_high = said.time("since"), said.time("low_high", "last_time")
        if span is not None and period is None:
            period, comparator = self._over(said, span, comparator)
        shifted = self._release_year(said) if period is None else None
        if shifted is not None:
            period, comparator = shifted, _one_before(shifted)
        if period is None:
            period = self._period_understood(said)
            if self.period is None and said.comparator and _is_two_before(said.comparator, period):
                period = self.inferred = _one_after(said.comparator.period)  # type: ignore[arg-type]
        if since is not None and since.period and period and since.period.last_year >= period.last_year:
            latest = self.main_period or self._default_year()
            period = latest if latest and latest.last_year > since.period.last_year else self._default_year()
            to_date = to_date or _unfinished(period, self.article.published)
        if (
            streak is not None
            and streak.count
            and period is not None
            and said.kind == "trend"
        ):
            period = Period.years(period.last_year - streak.count + 1, period.last_year)
        if comparator is None and since is not None and (said.first or not _is_first(said, since)):
            comparator = since.period
            if said.kind == "trend" and comparator and period and comparator.last_year < period.last_year:
                return Period.years(comparator.first_year, period.last_year), None, to_date
        if low_high is not None and said.kind in {"extremum", "count", "level"}:
            if low_high.role == "last_time" and low_high.period is not None and said.period is None:
                period = low_high.period
            elif comparator is None and said.kind == "extremum" and period is not None:
                comparator = _low_high_since(said, low_high, period)
        if said.kind == "comparison" and (said.against is not None or said.comparator is None):
            comparator = period
        if said.comparator and said.comparator.relative and period is not None and period == comparator:
            comparator = _one_before(period)
        if period is not None and period == comparator and said.kind != "comparison":
            period = _one_after(period) if period.is_one_year else period
        if comparator and period and comparator.is_one_year and not period.is_whole_years and period.first_year == period.last_year > comparator.first_year:
            comparator = moved(period, comparator.first_year - period.first_year)
        if comparator is None and period is not None and said.period is not None:
            comparator = self._had_before(said, period)
        if comparator is None and said.kind in {"change", "comparison"} and period is not None:
            comparator = _one_before(period)
        if (
            comparator is None
            and said.kind == "trend"
            and period is not None
            and period.first_year == period.last_year
            and span is None
            and streak is None
        ):
            comparator = _one_before(period)
        return period, comparator, to_date

    def _span_before(self, said: Statement) -> tuple[Period, Period] | None:
        """ "Burglary fell during that period as well": both ends, as the text said before."""
        words = said.sentence.text.lower()
        spans = ("that period", "that span", "that time", "those years", "this same time period", "that same period")
        own = said.comparator or said.time("span", "since") or (said.period and said.period.period)
        if self.last is None or own or said.kind not in {"change", "trend"}:
            return None
        period, earlier = self.last.period, self.last.comparator_period
        if period is None or not any(s in words for s in spans):
            return None
        if earlier is None and period.first_year < period.last_year:
            return Period.year(period.last_year), Period.year(period.first_year)
        return (period, earlier) if earlier is not None else None

    def _had_before(self, said: Statement, period: Period) -> Period | None:
        """ "By 2009 it had dropped 15 percent": since the year the text gave just before."""
        before = self.last.period if self.last else None
        if said.kind not in {"change", "trend"} or before is None or not before.is_one_year:
            return None
        words = said.sentence.text.lower().split()
        return before if before.last < period.first and ("had" in words or words[:1] == ["by"]) else None

    def _over(
        self, said: Statement, span: TimeMention, comparator: Period | None
    ) -> tuple[Period | None, Period | None]:
        """ "Over the past decade": of a change both ends, of a trend the years from one to the other."""
        stretch = span.period
        if stretch is None and span.count:
            last = (
                (self.main_period or self._default_year())
                if (self.main_period or self.article.published)
                else None
            )
            if last is None:
                return None, comparator
            stretch = Period.years(last.last_year - span.count, last.last_year)
        pair = stretch is not None and stretch.last_year - stretch.first_year == 1
        if (
            stretch is None
            or not (pair or said.kind in {"change", "comparison"})
            or stretch.first_year == stretch.last_year
        ):
            return stretch, comparator
        return Period.year(stretch.last_year), comparator or Period.year(stretch.first_year)

    def _period_understood(self, said: Statement) -> Period | None:
        if self.period is not None:
            return self.period
        usual, told = self._default_year(), self._upcoming()
        if usual is None or told is None:
            return told or usual
        early = self.article.published is not None and self.article.published.month <= 2
        if told.last_year < usual.last_year - (0 if early else 1) or (early and told.last_year > usual.last_year):
            return usual
        return told

    def _upcoming(self) -> Period | None:
        """The first period that the text gives a figure for, for the sentences that stand before it."""
        for read in self.reads:
            for said in read.statements:
                when = said.period.period if said.period else None
                if when is not None and said.kind != "extremum" and _is_topic(when):
                    return when
        named = [p for r in self.reads for p in r.scan.named if p.is_one_year]
        day = self.article.published
        recent = [p for p in named if day is None or day.year - 2 <= p.last_year < day.year]
        return recent[0] if recent else None

    def _release_year(self, said: Statement) -> Period | None:
        """ "Down 4 percent from last year", in a story about the year that ended, means its own year."""
        given = said.comparator
        if given is None or not given.relative or self.main_period is None:
            return None
        return self.main_period if given.period == self.main_period else None

    def _default_year(self) -> Period | None:
        """The year a story is about if it does not say: the one that ended, early in a year."""
        day = self.article.published
        if day is None:
            return None
        return Period.year(day.year - 1 if day.month <= 2 else day.year)


_PARTS_OF_HATE_CRIME = frozenset({"all_crime", "violent_crime", "property_crime", "simple_assault"})


def _main_offense(reads: Sequence[Read]) -> str | None:
    """The offense that most statements of a text are about."""
    named = [s.offense for r in reads for s in r.statements if s.offense]
    if "hate_crime" in named[:3]:
        return "hate_crime"
    return max(sorted(set(named)), key=named.count) if named else None


def _is_federal(mention: Mention) -> bool:
    """A dateline of Washington says that the story is the nation's, not the District's."""
    if mention.key != "dateline" or mention.where is None:
        return False
    return any(p.key == "DC" for p in mention.where.places)


def _low_high_since(said: Statement, low_high: TimeMention, period: Period) -> Period | None:
    """ "A 33-year low" is since that many years before; "in 45 to 47 years" is a stretch."""
    if not low_high.count:
        return low_high.period
    start = Period.year(period.last_year - low_high.count)
    words = said.sentence.text[low_high.start : low_high.end]
    return Period.years(start.first_year, period.last_year) if " to " in words else start


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


def _is_two_before(comparator: TimeMention, period: Period | None) -> bool:
    """ "Compared with 2015", in the middle of 2017, is said of 2016."""
    year = comparator.period
    return bool(
        year and period and year.is_one_year and not comparator.relative
        and period.last_year - year.last_year == 2
    )


def _is_first(said: Statement, since: TimeMention) -> bool:
    """ "Rose for the first time since 2001": not measured from 2001."""
    return said.kind in {"change", "trend"} and "first" in said.sentence.text[: since.start].lower()[-40:].split()


def _is_topic(period: Period) -> bool:
    """Whether a text can be about it: one year, or the part of one that has passed."""
    return period.first_year == period.last_year and period.first.month == 1 and period.last.month > 1


def _only(place: Place) -> Where:
    label = (
        "Washington, DC" if place.key == "DC" else place.key if place.kind == "city" else place.name
    )
    return Where(label, (place,))


def _states_named(reads: Sequence[Read]) -> Iterator[str]:
    for read in reads:
        for mention in read.scan.of("place", "name"):
            for each in mention.where.places if mention.where else ():
                if each.kind == "state" and len(mention.where.places) == 1:  # type: ignore[union-attr]
                    yield each.key
                if each.kind == "city" and len(mention.where.places) == 1 and each.state:  # type: ignore[union-attr]
                    yield each.state


def _unfinished(period: Period | None, published: date | None) -> bool:
    return bool(period and published and period.last >= published)


def _one_before(period: Period) -> Period:
    """The same days a year before; of several years, the year before the first."""
    if period.is_whole_years:
        return Period.year(period.first_year - 1)
    return Period(_year_before(period.first), _year_before(period.last))


def _one_after(period: Period) -> Period:
    return Period.year(period.first_year + 1)


def _year_before(day: date) -> date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)


_ = timedelta
