"""What a claim is measured against: the baseline it names, or the one a reader supplies."""

from __future__ import annotations

from dataclasses import replace

from baserate.claims import lexicon
from baserate.claims.claim import Claim
from baserate.claims.context.dates import Dates, year_after, year_before
from baserate.claims.statement import Statement
from baserate.claims.times.days import moved
from baserate.claims.times.find import LONGEST_SENTENCE, TimeMention
from baserate.terms.periods import Period

_CHANGES = frozenset({"change", "trend"})
_FIRST_REACH = 40  # characters before "since" in which "the first time" is said of it


def as_said_before(said: Statement, before: Claim | None) -> Dates | None:
    """ "Burglary fell during that period as well": both ends, as the claim before had them."""
    if before is None or before.period is None or not _leaves_dates_open(said):
        return None
    words = _text(said)
    if not any(same in words for same in lexicon.words("same_period")):
        return None
    if before.comparator_period is not None:
        return Dates(before.period, before.comparator_period)
    first, last = before.period.first_year, before.period.last_year
    return Dates(Period.year(last), Period.year(first)) if first < last else None


def measured(said: Statement, dates: Dates, before: Claim | None) -> Dates:
    """The dates of a statement with its baseline; `before` is the claim before it."""
    since = _since(said) if dates.baseline is None else None
    if since and dates.period and said.kind == "trend" and since.last_year < dates.period.last_year:
        return replace(dates, period=Period.years(since.first_year, dates.period.last_year))
    if since is not None:
        dates = replace(dates, baseline=since)
    dates = _of_comparison(said, _of_extreme(said, dates))
    dates = _to_the_same_day(_not_itself(said, dates))
    if dates.period is None or dates.baseline is not None:
        return dates
    baseline = _had(said, dates.period, before) or _usual(said, dates.period)
    return replace(dates, baseline=baseline) if baseline else dates


def _leaves_dates_open(said: Statement) -> bool:
    own = said.comparator or said.time("span", "since") or (said.period and said.period.period)
    return said.kind in _CHANGES and not own


def _text(said: Statement) -> str:
    """The sentence in small letters, as far as sentences are read."""
    return said.sentence.text[:LONGEST_SENTENCE].lower()


# ------------------------------------------------------------------------- a baseline that is said


def _since(said: Statement) -> Period | None:
    """The period of "since 2001", unless the statement is the first of its kind since then."""
    since = said.time("since")
    if since is None or (_is_first(said, since) and not said.first):
        return None
    return since.period


def _is_first(said: Statement, since: TimeMention) -> bool:
    """ "Rose for the first time since 2004": not measured from 2001."""
    near = said.sentence.text[max(since.start - _FIRST_REACH, 0) : since.start]
    return said.kind in _CHANGES and "first" in near.lower().split()


def _of_extreme(said: Statement, dates: Dates) -> Dates:
    """Of "a 33-year low" the stretch, and of "the last time it was lower" the year itself."""
    extreme = said.time("low_high", "last_time")
    if extreme is None or said.kind not in {"extremum", "count", "level"}:
        return dates
    if extreme.role == "last_time" and extreme.period is not None and said.period is None:
        return replace(dates, period=extreme.period)
    if dates.baseline is None and dates.period is not None and said.kind == "extremum":
        return replace(dates, baseline=_stretch(said, extreme, dates.period))
    return dates


def _stretch(said: Statement, extreme: TimeMention, period: Period) -> Period | None:
    """ "A 33-year low" is since that many years before; "in 45 to 47 years" is a stretch."""
    if not extreme.count:
        return extreme.period
    start = period.last_year - extreme.count
    is_range = " to " in said.sentence.text[extreme.start : extreme.end]
    return Period.years(start, period.last_year) if is_range else Period.year(start)


# ------------------------------------------------------------- periods that go with one another


def _of_comparison(said: Statement, dates: Dates) -> Dates:
    """Two places are compared in the same period."""
    if said.kind == "comparison" and (said.against is not None or said.comparator is None):
        return replace(dates, baseline=dates.period)
    return dates


def _not_itself(said: Statement, dates: Dates) -> Dates:
    """No period is its own baseline, unless two places are compared."""
    period = dates.period
    if period is None or period != dates.baseline:
        return dates
    if said.comparator is not None and said.comparator.relative:
        return replace(dates, baseline=year_before(period))
    if said.kind != "comparison" and period.is_one_year:
        return replace(dates, period=year_after(period))
    return dates


def _to_the_same_day(dates: Dates) -> Dates:
    """Part of a year is measured against the same part of the year that is named."""
    period, baseline = dates.period, dates.baseline
    if period is None or baseline is None or not baseline.is_one_year or period.is_whole_years:
        return dates
    years = baseline.first_year - period.first_year
    if years >= 0 or period.first_year != period.last_year:
        return dates
    return replace(dates, baseline=moved(period, years))


# --------------------------------------------------------------------- a baseline that is not said


def _had(said: Statement, period: Period, before: Claim | None) -> Period | None:
    """ "By 2009 it had dropped 15 percent": since the year the text gave just before."""
    earlier = before.period if before else None
    if said.kind not in _CHANGES or said.period is None or earlier is None:
        return None
    if not earlier.is_one_year or earlier.last >= period.first:
        return None
    words = _text(said).split()
    return earlier if "had" in words or words[:1] == ["by"] else None


def _usual(said: Statement, period: Period) -> Period | None:
    """Without another word a change is one from the year before."""
    in_one_year = period.first_year == period.last_year
    if said.kind == "trend" and (not in_one_year or said.time("span", "streak")):
        return None
    return year_before(period) if said.kind in {"change", "trend", "comparison"} else None
