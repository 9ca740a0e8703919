"""Expressions of time in a sentence of news: which days does a crime figure describe?

How time is written lives in times.toml; what it means in days, in rules and counted. Here they are
put together: the forms are found, the words around them say what each is for, and those that
count from another period ("a year earlier") are resolved after the ones that name theirs.

Guesses, all of them: "recent years" and "the past few years" are three; a span of years that ends
"now" ends with the last whole year, or with the topic's; its first year is the one that the change
is measured from. The stretch of a "33-year low" and of a streak has exactly so many years, the
last of them included. "Early" is January to April, "mid" May to August, "late" September to
December. A weekend is Friday to Sunday.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from baserate.claims.times.counted import COUNTED
from baserate.claims.times.forms import Form, Hit, hits_in, table
from baserate.claims.times.rules import RULES
from baserate.claims.times.said import Anchor, Reading, Said, TimeRole
from baserate.terms.periods import Period

# Nobody writes a sentence as long as this; the rest of one is not read.
LONGEST_SENTENCE = 10_000
_BEFORE, _AFTER = 110, 110  # as far as the words around a mention say what it is
_NEAR = 50  # of those that stand directly before it
_FAR = frozenset({"figure", "since_figure", "superlative", "record"})
_LAST_TIME_REACH = 140
_YEARS_OF_NEWS = range(1900, 2100)
_RULES = RULES | COUNTED


@dataclass(frozen=True, slots=True)
class TimeMention:
    """One expression of time in a sentence, and the days it means.

    start, end  offsets in the sentence, without the preposition
    role        'period' is what a figure describes; 'comparator' what it is compared with; 'since'
                the baseline of "since 1990"; 'streak', 'span' and 'low_high' stretches of years (of
                a change over a span the first year is the baseline); 'until' the end of "before
                2010"; 'last_time' the year of "the last time it was lower"; 'named' is no period
                of a figure but the date of a report, a law, an election or an announcement
    period      None where it cannot be resolved
    count       years of a span, a streak, an average or an extreme
    to_date     a year that was not over
    relative    counted from the publication date or another period instead of named
    """

    start: int
    end: int
    role: TimeRole
    period: Period | None
    count: int | None = None
    to_date: bool = False
    relative: bool = False


def find_times(
    sentence: str, *, published: date | None, topic: Period | None = None
) -> list[TimeMention]:
    """Every expression of time that can say which days a figure describes, in order.

    `published` gives "last year" its meaning and `topic`, the period of the sentences before,
    "a year earlier"; where a meaning is not to be had, the mention's period is None.

    >>> [(m.role, str(m.period)) for m in find_times(
    ...     "Murders rose from 21 in 1998 to 34 last year", published=date(2000, 10, 16))]
    [('comparator', '1998'), ('period', '1999')]
    """
    sentence = sentence[:LONGEST_SENTENCE]
    if published is not None and published.year not in _YEARS_OF_NEWS:
        published = None  # a slip of the date; no news is from then
    hits = [hit for hit in hits_in(sentence) if hit.form.means != "skip"]
    hits = [hit for hit in hits if not _is_a_number(sentence, hit)]
    if not hits:
        return []
    roles = _roles(sentence, hits)
    kept = [(hit, role) for hit, role in zip(hits, roles, strict=True) if role is not None]
    return _same_to_date(_resolved(kept, published, topic, sentence))


# ------------------------------------------------------------------------------------------ roles


def _said_before(name: str, before: str) -> bool:
    reach = before if name in _FAR else before[-_NEAR:]
    return table().around[name].search(reach) is not None


def _is_a_number(sentence: str, hit: Hit) -> bool:
    """Whether a year is a number of things, a house or a room."""
    if hit.form.means != "year":
        return False
    around = table().around
    before, after = _around(sentence, hit)
    if around["numbered"].search(before) or around["address"].match(after):
        return True
    if not around["things"].match(after):
        return False
    return bool(around["roughly"].search(before)) or not around["year_words"].search(before)


def _around(sentence: str, hit: Hit) -> tuple[str, str]:
    return sentence[max(hit.start - _BEFORE, 0) : hit.start], sentence[hit.end : hit.end + _AFTER]


def _roles(sentence: str, hits: list[Hit]) -> list[TimeRole | None]:
    roles: list[TimeRole | None] = []
    has_period = False
    for at, hit in enumerate(hits):
        role = _role(sentence, hit, has_period=has_period)
        if at and role == "period" and roles[-1] == "comparator":
            role = _listed_with(sentence[hits[at - 1].end : hit.start]) or role
        if at and role == "since" and hits[at - 1].form.means == "unresolved":
            roles[-1] = None  # "since she took office in 2012" has its year after all
        has_period = has_period or role == "period"
        roles.append(role)
    return _with_last_time(sentence, hits, roles)


def _with_last_time(
    sentence: str, hits: list[Hit], roles: list[TimeRole | None]
) -> list[TimeRole | None]:
    """The roles, where the first period after "the last time" is the year of that."""
    said = table().around["last_time"].search(sentence)
    if said is None:
        return roles
    for at, hit in enumerate(hits):
        near = 0 <= hit.start - said.end() <= _LAST_TIME_REACH
        if near and roles[at] in {"period", "span"} and hit.form.means in _CALENDAR | {"decade"}:
            return [*roles[:at], "last_time", *roles[at + 1 :]]
    return roles


_CALENDAR = frozenset({"year", "month", "last_year", "short_year"})
_ANNOUNCED = frozenset({"year", "month", "month_word", "last_year", "this_year", "past"})
_TAKES_OVER = frozenset({"year", "short_year", "last_year", "shift_back", "same_days"})
_SPANS = frozenset({"span", "streak", "low_high", "since", "named"})


def _role(sentence: str, hit: Hit, *, has_period: bool) -> TimeRole | None:
    """What a mention is for, by the words before and after it; None where it is no mention."""
    before, after = _around(sentence, hit)
    form = hit.form
    if form.means == "in_years":
        return form.role if _said_before("superlative", before) else None
    if form.role != "low_high" and _said_before("since_figure", before):
        return "since"
    if _is_named(form, before, after):
        return "named"
    if _said_before("since", before):
        return "since"
    if form.role in _SPANS:
        return form.role
    if _is_compared(form, before, has_period=has_period):
        return "comparator"
    if form.means in _CALENDAR and _said_before("until", before):
        return "until"
    if form.means == "year" and _said_before("after", before):
        return "since"
    if form.means == "shift_back":
        return _role_of_earlier(hit, before, has_period=has_period)
    return form.role


def _is_named(form: Form, before: str, after: str) -> bool:
    around = table().around
    if form.means in _ANNOUNCED and _said_before("said", before):
        return True
    if _said_before("reported", before) and around["that"].match(after):
        return True
    if form.means == "this_year" and _said_before("sooner", before):
        return True
    if form.means == "year" and _said_before("named_before", before):
        return True
    if form.means in {"year", "last_year", "this_year"} and around["named"].match(after):
        return not _said_before("in_before", before)
    return False


def _is_compared(form: Form, before: str, *, has_period: bool) -> bool:
    compared = table().around["compared"].search(before)
    if compared is not None:
        return compared[0][:4].lower() != "from" or not _said_before("data_from", before)
    if _said_before("figure", before) or _said_before("record", before):
        return True
    takes_over = form.means in _TAKES_OVER or (has_period and form.role == "period")
    return takes_over and _said_before("over", before)


def _role_of_earlier(hit: Hit, before: str, *, has_period: bool) -> TimeRole:
    """ "A year earlier" opens a sentence, or follows a percent, where it is what is described."""
    start = before.rstrip().rstrip("“\"'(—–-").rstrip()
    says_over = "over" in hit.match[0].lower() or "-on-" in hit.match[0].lower()
    if not says_over and (not start or start.endswith(("%", "percent"))):
        return "period"
    many_ago = hit.match.groupdict().get("count") and hit.match["ago"] == "ago"
    return "period" if many_ago and not has_period else "comparator"


def _listed_with(between: str) -> TimeRole | None:
    return "comparator" if table().around["listed"].match(between) else None


# ---------------------------------------------------------------------------------------- meaning


def _resolved(
    kept: list[tuple[Hit, TimeRole]],
    published: date | None,
    topic: Period | None,
    sentence: str,
) -> list[TimeMention]:
    """The mentions with their days: first those that name them, then those that count from one."""
    done: list[TimeMention | None] = [None] * len(kept)
    for counted in (False, True):
        anchor, ahead = Anchor(published, topic), _ahead(done)
        for at, (hit, role) in enumerate(kept):
            before = done[at - 1] if at else None
            listed, latest = _just_before(before, hit, sentence)
            anchor = replace(anchor, ahead=ahead[at], listed=listed, latest=latest)
            if (hit.form.means in COUNTED) == counted:
                done[at] = _mention(hit, role, _RULES[hit.form.means](_said(hit), anchor))
            anchor = replace(anchor, own=_described(done[at]) or anchor.own)
    return [each for each in done if each is not None]


def _described(mention: TimeMention | None) -> Period | None:
    return mention.period if mention and mention.role == "period" else None


def _ahead(done: list[TimeMention | None]) -> list[Period | None]:
    """For each mention the period of the next one that says what a figure describes."""
    ahead: list[Period | None] = []
    following: Period | None = None
    for each in reversed(done):
        ahead.append(following)
        following = _described(each) or following
    return ahead[::-1]


def _just_before(
    before: TimeMention | None, hit: Hit, sentence: str
) -> tuple[Period | None, Period | None]:
    """The period of the mention before, where the two stand in one list, and in any case."""
    if before is None or before.role == "named":
        return None, None
    listed = before.role == "comparator" and _listed_with(sentence[before.end : hit.start])
    return before.period if listed else None, before.period


def _said(hit: Hit) -> Said:
    parts = hit.match.groupdict() | {"all": hit.match[0]}
    form = hit.form
    return Said(parts, table().numbers, form.first, form.last, form.fixed)


def _mention(hit: Hit, role: TimeRole, reading: Reading) -> TimeMention:
    if reading.role is not None and role == hit.form.role:
        role = reading.role
    return TimeMention(
        hit.start,
        hit.end,
        role,
        reading.period,
        reading.count,
        reading.to_date,
        reading.relative,
    )


def _same_to_date(mentions: list[TimeMention]) -> list[TimeMention]:
    """Two ways to say one year to date: "already this year (as of March 9)" ends that day."""
    shortest: dict[date, Period] = {}
    for each in mentions:
        if each.to_date and each.role == "period" and each.period:
            first = each.period.first
            shortest[first] = min(each.period, shortest.get(first, each.period))
    return [
        replace(each, period=shortest[each.period.first])
        if each.to_date and each.role == "period" and each.period
        else each
        for each in mentions
    ]
