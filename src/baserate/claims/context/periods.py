"""The days a claim is about: those its sentence names, or else those the text has come to."""

from __future__ import annotations

from dataclasses import dataclass, replace

from baserate.claims.context.dates import Dates, year_after, year_before
from baserate.claims.context.whole_text import WholeText, can_be_topic
from baserate.claims.statement import Statement
from baserate.claims.times.find import TimeMention
from baserate.terms.periods import Period


@dataclass(slots=True)
class PeriodsSoFar:
    """Which periods a text has been about, claim by claim.

    period  what it speaks of now
    main    the latest it has given a figure of
    """

    text: WholeText
    period: Period | None = None
    main: Period | None = None

    def described(self, said: Statement) -> Dates:
        """The days that a statement is about, with the baseline it names."""
        dates = self._named(said)
        if dates.period is None:
            dates = self._understood(said, dates)
        return _over_streak(said, self._up_to_now(said, dates))

    def remember(self, said: Statement, dates: Dates) -> None:
        """Come to the period of a claim, if a text can be about it."""
        if dates.shown is not None:
            self.period = dates.shown
        named = said.period.period if said.period else None
        if said.period is None or named is None or not can_be_topic(named):
            return
        if said.period.relative and self._is_about_part_of(named):
            return
        if self.main is None or named.last_year >= self.main.first_year:
            self.period = named
        if self.main is None or named.last_year > self.main.last_year:
            self.main = named

    @property
    def _latest(self) -> Period | None:
        """The last period of the story, or the year it is told in."""
        return self.main or self.text.usual_year

    def _is_about_part_of(self, year: Period) -> bool:
        """Whether the text is about a stated part of the very year: its first half."""
        main = self.main
        return main is not None and not main.is_whole_years and year.first_year == main.first_year

    # -- what the statement says

    def _named(self, said: Statement) -> Dates:
        baseline = said.comparator.period if said.comparator else None
        span = said.time("span")
        if said.period is not None and said.period.period is not None:
            return Dates(said.period.period, baseline, said.period.to_date)
        to_date = said.period is not None and said.period.to_date
        stretch = self._stretch(span) if span is not None else None
        return replace(_over(said, stretch, baseline), to_date=to_date)

    def _stretch(self, span: TimeMention) -> Period | None:
        """The years of a span, up to the latest of the text where it does not end by itself."""
        latest = self._latest
        if span.period is not None or not span.count or latest is None:
            return span.period
        return Period.years(latest.last_year - span.count, latest.last_year)

    # -- what it leaves to the text

    def _understood(self, said: Statement, dates: Dates) -> Dates:
        released = self._year_of_release(said)
        if released is not None:
            return replace(dates, period=released, baseline=year_before(released))
        if self.period is not None:
            return replace(dates, period=self.period)
        period = self.text.understood_year
        shown = _shown_by(said.comparator, period) if said.comparator else None
        return replace(dates, period=shown or period, shown=shown)

    def _year_of_release(self, said: Statement) -> Period | None:
        """ "Down 4 percent from last year", of the year that ended, means that year itself."""
        given = said.comparator
        if given is None or not given.relative or given.period != self.main:
            return None
        return self.main

    def _up_to_now(self, said: Statement, dates: Dates) -> Dates:
        """ "Up since 2014", in a text about 2014, goes on to the latest year."""
        since = said.time("since")
        if since is None or since.period is None or dates.period is None:
            return dates
        if since.period.last_year < dates.period.last_year:
            return dates
        latest = self._latest
        if latest is None or latest.last_year <= since.period.last_year:
            latest = self.text.usual_year
        return replace(dates, period=latest, to_date=dates.to_date or self._is_unfinished(latest))

    def _is_unfinished(self, period: Period | None) -> bool:
        day = self.text.article.published
        return period is not None and day is not None and period.last >= day


def _over(said: Statement, stretch: Period | None, baseline: Period | None) -> Dates:
    """ "Over the past decade": of a change both ends, of a trend all the years between."""
    if stretch is None or stretch.first_year == stretch.last_year:
        return Dates(stretch, baseline)
    is_pair = stretch.last_year - stretch.first_year == 1
    if not is_pair and said.kind not in {"change", "comparison"}:
        return Dates(stretch, baseline)
    return Dates(Period.year(stretch.last_year), baseline or Period.year(stretch.first_year))


def _over_streak(said: Statement, dates: Dates) -> Dates:
    """ "The third straight year": a trend over so many years, the last of them included."""
    streak = said.time("streak")
    if said.kind != "trend" or streak is None or not streak.count or dates.period is None:
        return dates
    last = dates.period.last_year
    return replace(dates, period=Period.years(last - streak.count + 1, last))


def _shown_by(comparator: TimeMention, period: Period | None) -> Period | None:
    """The year a text is about that says, in the middle of 2017, "compared with 2015": 2016."""
    earlier = comparator.period
    if earlier is None or period is None or comparator.relative or not earlier.is_one_year:
        return None
    return year_after(earlier) if period.last_year - earlier.last_year == 2 else None
