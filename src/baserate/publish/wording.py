"""Answers to plain sentences, in one place, so that page, terminal and JSON say the same.

"Recorded", never "committed". Signs on every change. No more digits than the interval bears.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import isinf

from baserate.errors import DefinitionUnstated, EarlierOffensesLeftOut, PartialCoverage
from baserate.measure.answer import Answer, Choice, Figure, Robustness
from baserate.measure.question import Question
from baserate.terms.offenses import Offense, offense
from baserate.terms.periods import Period
from baserate.terms.places import Place, place
from baserate.terms.quantities import Interval, ordinal

ICONS = {
    "up": "▲",
    "down": "▼",
    "higher": "▲",
    "lower": "▼",
    "no clear change": "◆",
    "no clear difference": "◆",
    "can't tell": "?",
    "recorded": "●",
}


def signed_percent(value: float | None, interval: Interval | None = None) -> str:
    """A change in percent with its sign, and no more digits than the interval bears.

    >>> signed_percent(3.431, Interval(3.17, 3.69, ""))
    '+3.4%'
    >>> signed_percent(0.06, Interval(-56, 126, ""))
    '0%'
    """
    if value is None:
        return "no percent (from zero)"
    if isinf(value):
        return "without bound"
    wide = interval is not None and interval.upper - interval.lower > 20
    text = f"{value:+.{0 if wide else 1}f}"
    return ("0" if float(text) == 0 else text) + "%"


def percent(value: float, interval: Interval | None) -> str:
    """A percent of a whole, and no more digits than the interval bears.

    >>> percent(59.09, Interval(29.9, 116.6, "")), percent(82.81, Interval(75.8, 90.5, ""))
    ('59%', '82.8%')
    """
    if isinf(value):
        return "without bound"
    wide = interval is not None and interval.upper - interval.lower > 20
    return f"{value:,.{0 if wide else 1}f}%"


def number(value: float, *, per_head: bool) -> str:
    """A rate with one decimal, a count with none, thousands separated.

    >>> number(386.56, per_head=True), number(1250162.0, per_head=False)
    ('386.6', '1,250,162')
    """
    return f"{value:,.1f}" if per_head else f"{value:,.0f}"


def level_words(figure: Figure, *, unit: bool = True) -> str:
    """'386.6 per 100,000 people' or '1,250,162 offenses'."""
    text = number(figure.value, per_head=figure.per_head)
    if not unit:
        return text
    if figure.per_head:
        return f"{text} per 100,000 people"
    return f"{text} offense" if figure.offenses == 1 else f"{text} offenses"


def title(answer: Answer) -> str:
    """What is answered, as a heading: 'Violent crime rate, United States, 2015 → 2016'."""
    asked = answer.question
    name = counted(asked.offense).name
    kind = "rate" if asked.per_head else "count"
    when = f"{asked.baseline} → {asked.period}" if asked.baseline else str(asked.period)
    where = asked.place.plain
    match asked.measure:
        case "rank" if asked.place.kind == "states":
            return _capital(f"{asked.extreme} {name} {kind} among the states, {when}")
        case "rank":
            return _capital(f"{name} {kind}, rank of {where} among the states, {when}")
        case "share" if asked.whole:
            return _capital(f"{name} as a share of {offense(asked.whole).name}, {where}, {when}")
        case "share":
            whole = asked.against.plain if asked.against else ""
            return _capital(f"{name}, {where} as a share of {whole}, {when}")
        case "clearance":
            return _capital(f"{name} clearance {kind}, {where}, {when}")
        case "comparison":
            other = asked.against.plain if asked.against else ""
            return _capital(f"{name} {kind}, {where} against {other}, {when}")
        case "extremum" if answer.earlier is not None:
            noun = str(asked.extreme).replace("largest", "largest one-year")
            return _capital(f"{noun} in the {name} {kind}, {where}, {when}")
        case "extremum":
            return _capital(f"{asked.extreme} {name} {kind}, {where}, {when}")
        case "trend":
            return _capital(f"trend in the {name} {kind}, {where}, {when}")
        case _:
            return _capital(f"{name} {kind}, {where}, {when}")


def headline_value(answer: Answer) -> str:
    """The value as it stands beside the verdict: '+3.4%', '386.6 per 100,000', '5th of 51'."""
    asked = answer.question
    if answer.value is None:
        return ""
    match asked.measure:
        case "change" | "comparison":
            return signed_percent(answer.value, answer.interval)
        case "trend":
            return signed_percent(answer.value, answer.interval) + " a year"
        case "extremum" if answer.earlier is not None:
            return f"{answer.extremes.year if answer.extremes else ''}, " + signed_percent(
                answer.value, answer.interval
            )
        case "extremum":
            year = answer.extremes.year if answer.extremes else ""
            return f"{year}, {number(answer.value, per_head=asked.per_head)}"
        case "rank" if answer.ranking is not None and asked.place.kind != "states":
            return f"{ordinal(answer.ranking.rank)} of {answer.ranking.of}"
        case "share":
            return f"{answer.value:.1f}%"
        case "clearance" if asked.per_head:
            return percent(answer.value, answer.interval)
        case _:
            return number(answer.value, per_head=asked.per_head)


def counted(key: str) -> Offense:
    """The offense that the figures count, which may stand in for the one asked about."""
    return offense(offense(key).answered_by or key)


def finding(answer: Answer) -> str:
    """The finding in one sentence, true on its own."""
    return _FINDINGS[answer.question.measure](answer)


def doubt(answer: Answer) -> str:
    """How sure that is, in the same breath."""
    return _DOUBTS[answer.question.measure](answer)


def _of_level(answer: Answer) -> str:
    assert answer.later is not None
    asked, one = answer.question, answer.later
    where = _where(asked.place)
    over = " a year" if _is_long(asked) else ""
    estimated = all(r.is_estimated for r in one.rows)
    who = "By the FBI’s estimate police" if estimated else "Police"
    if one.per_head:
        rate = number(one.rate, per_head=True)
        return (
            f"{who} {where} recorded {rate} {counted(asked.offense).many} per 100,000 "
            f"people{over} in {asked.period}, {one.offenses:,} in all."
        )
    counts = _one_or_many(asked.offense, one.offenses)
    if not one.population:
        return f"{who} {where} recorded {counts} in {asked.period}."
    rate = number(one.rate, per_head=True)
    return f"{who} {where} recorded {counts} in {asked.period}, {rate} per 100,000 people{over}."


def _is_long(asked: Question) -> bool:
    """Whether a period of the question is of several years."""
    spans = [p for p in (asked.period, asked.baseline) if p is not None]
    return any(p.first_year != p.last_year for p in spans)


def _doubt_of_level(answer: Answer) -> str:
    assert answer.interval is not None
    per_head = answer.question.per_head
    low, high = (
        number(v, per_head=per_head) for v in (answer.interval.lower, answer.interval.upper)
    )
    printed = next((o.value for o in answer.others if o.label == "total as printed"), None)
    also = (
        ""
        if printed is None
        else f" The FBI’s printed total gives {number(printed, per_head=per_head)}."
    )
    if low == high:
        return f"Counting noise is smaller than the last digit shown.{also}"
    return f"Counting noise alone: {low} to {high}.{also}"


def _of_change(answer: Answer) -> str:
    asked, name = answer.question, counted(answer.question.offense).name
    assert asked.baseline is not None
    assert answer.earlier is not None
    assert answer.later is not None
    per = "per head " if asked.per_head else ""
    if asked.baseline.is_one_year and asked.period.is_one_year:
        span = f"from {asked.baseline} to {asked.period}"
    else:
        yearly = "" if asked.per_head or not _is_long(asked) else ", each by its yearly mean,"
        span = f"between {_years(asked.baseline)} and {_years(asked.period)}{yearly}"
    amount = signed_percent(answer.value, answer.interval)
    if answer.verdict == "can't tell":
        return f"Whether recorded {name} {per}{_where(asked.place)} changed {span} can't be told."
    if answer.verdict == "no clear change":
        return (
            f"Recorded {name} {per}{_where(asked.place)} shows no clear change {span} ({amount})."
        )
    verb = "rose" if answer.verdict == "up" else "fell"
    if answer.value is None:
        return (
            f"Recorded {name} {_where(asked.place)} {verb} {span}, from none to "
            f"{_one_or_many(asked.offense, answer.later.offenses)}."
        )
    return f"Recorded {name} {per}{_where(asked.place)} {verb} {amount.lstrip('+-')} {span}."


def _why_untold(answer: Answer) -> str | None:
    """Why an answer cannot be told, if it is for who reported or for how rape was counted."""
    return next(
        (c.text for c in answer.caveats if isinstance(c, (PartialCoverage, DefinitionUnstated))),
        None,
    )


def _doubt_of_change(answer: Answer) -> str:
    assert answer.interval is not None
    low, high = (bound(v, answer.interval) for v in (answer.interval.lower, answer.interval.upper))
    noise = f"{low} to {high}"
    if answer.verdict in {"up", "down"}:
        noun = "rise" if answer.verdict == "up" else "fall"
        said = f"The {noun} is real as recorded (counting noise alone: {noise})"
    elif answer.verdict == "no clear change":
        said = f"Counting noise alone spans {noise}"
    elif answer.value is None:
        return "It started from none, and from nothing no percent can be formed."
    elif (partial := _why_untold(answer)) is not None:
        return partial
    else:
        return (
            "The FBI's printed total and the sum of its own parts disagree, and lead to different "
            f"answers ({', '.join(_flip_words(answer.robustness, 'total'))})."
        )
    return f"{said}{_ordinary(answer)}.{_scattered(answer)}"


def _scattered(answer: Answer) -> str:
    """What a real change does not show, where single years stray as far in this series."""
    if answer.scatter is None or answer.verdict not in {"up", "down"}:
        return ""
    found = answer.scatter.interval
    if found.side_of(0) != "across":
        return ""
    low, high = (bound(v, found) for v in (found.lower, found.upper))
    return (
        " The underlying level may not have moved: single years stray that far in this series "
        f"({low} to {high})."
    )


def _ordinary(answer: Answer) -> str:
    seen = answer.unusual
    if seen is None:
        return ""
    spans = "yearly change" if seen.years == 1 else f"change over {seen.years} years"
    unit = "years" if seen.years == 1 else "such stretches"
    low, high = (signed_percent(v) for v in seen.band)
    often = f"{seen.at_least_as_large} of {seen.of} {unit}"
    if seen.is_unusual:
        return (
            f", and unusual: the {spans} was at least this large, up or down, in only {often}; "
            f"nine in ten lay between {low} and {high}"
        )
    joint = ", and ordinary: the" if answer.verdict in {"up", "down"} else "; the"
    return f"{joint} {spans} was at least this large in {often}"


def _of_trend(answer: Answer) -> str:
    asked, name = answer.question, counted(answer.question.offense).name
    per = "per head " if asked.per_head else ""
    amount = signed_percent(answer.value, answer.interval)
    subject = f"Recorded {name} {per}{_where(asked.place)}"
    if answer.verdict == "no clear change":
        return f"{subject} shows no clear trend over {asked.period} ({amount} a year)."
    verb = "rose" if answer.verdict == "up" else "fell"
    return f"{subject} {verb} by {amount.lstrip('+-')} a year over {asked.period}."


def _doubt_of_trend(answer: Answer) -> str:
    assert answer.interval is not None
    low, high = (bound(v, answer.interval) for v in (answer.interval.lower, answer.interval.upper))
    return (
        f"95% interval {low} to {high} a year, allowing for years that stray and a rate that "
        "wanders."
    )


def _of_comparison(answer: Answer) -> str:
    asked, name = answer.question, counted(answer.question.offense).name
    per = "per head " if asked.per_head else ""
    amount = signed_percent(answer.value, answer.interval)
    subject = f"Recorded {name} {per}{_where(asked.place)}"
    other = _where(asked.against) if asked.against else ""
    if answer.verdict == "can't tell" and answer.value is not None:
        return f"Whether {subject[0].lower()}{subject[1:]} was higher or lower than {other} in " + (
            f"{asked.period} can't be told: the FBI’s printed total and the sum of its own parts "
            "lead to different answers."
        )
    if answer.verdict == "can't tell":
        return (
            f"{subject} in {asked.period} can't be compared with that {other}, where none was "
            "recorded."
        )
    if answer.verdict == "no clear difference":
        return f"{subject} was about the same as {other} in {asked.period} ({amount})."
    if answer.value is None:
        return f"{subject} was higher than {other} in {asked.period}, where none was recorded."
    return f"{subject} was {amount.lstrip('+-')} {answer.verdict} than {other} in {asked.period}."


def _doubt_of_comparison(answer: Answer) -> str:
    assert answer.interval is not None
    low, high = (bound(v, answer.interval) for v in (answer.interval.lower, answer.interval.upper))
    return f"Counting noise alone: {low} to {high}."


def _of_rank(answer: Answer) -> str:
    asked = answer.question
    assert answer.ranking is not None
    assert answer.later is not None
    figure = f"{level_words(answer.later)}"
    name = counted(asked.offense).name
    kind = "rate" if asked.per_head else "count"
    if asked.place.kind == "states":
        shared = answer.ranking.tied
        who = listed([str(answer.later.place), *shared])
        each = ", each" if shared else ""
        return (
            f"{_capital(who)} had the {asked.extreme} recorded {name} {kind} in {asked.period}: "
            f"{figure}{each}."
        )
    level = f"level with {listed(answer.ranking.tied)}" if answer.ranking.tied else ""
    return (
        f"{_capital(str(asked.place))} ranked {ordinal(answer.ranking.rank)} of "
        f"{answer.ranking.of}{', ' + level if level else ''} by recorded {name} {kind} in "
        f"{asked.period}: {figure}."
    )


def _doubt_of_rank(answer: Answer) -> str:
    found = answer.ranking
    assert found is not None
    of_all = answer.question.place.kind == "states"
    span = (
        f"clearly the {answer.question.extreme}"
        if of_all and found.highest == found.lowest
        else f"clearly {ordinal(found.highest)}"
        if found.highest == found.lowest
        else f"anywhere from {ordinal(found.highest)} to {ordinal(found.lowest)}"
    )
    alike = found.not_distinguishable
    if not alike:
        return f"By counting noise alone it is {span}."
    named = listed(alike) if len(alike) <= 6 else f"{len(alike)} others"
    return f"By counting noise alone it could be {span}; it can't be told from {named}."


def _of_share(answer: Answer) -> str:
    asked = answer.question
    assert answer.value is not None
    assert answer.earlier is not None
    assert answer.later is not None
    many = counted(asked.offense).many
    counts = f"{answer.later.offenses:,} of {answer.earlier.offenses:,}"
    if asked.whole:
        return (
            f"{_capital(many)} were {answer.value:.1f}% of {offense(asked.whole).many} recorded "
            f"{_where(asked.place)} in {asked.period} ({counts})."
        )
    return (
        f"{_capital(str(asked.place))} had {answer.value:.1f}% of the {many} recorded "
        f"{_where(asked.against) if asked.against else ''} in {asked.period} ({counts})."
    )


def _doubt_of_share(answer: Answer) -> str:
    assert answer.interval is not None
    low, high = f"{answer.interval.lower:.1f}%", f"{answer.interval.upper:.1f}%"
    if low == high:
        return "Counting noise is smaller than the last digit shown."
    return f"Counting noise alone: {low} to {high}."


def _of_clearance(answer: Answer) -> str:
    asked, recorded, cleared = answer.question, answer.earlier, answer.later
    assert recorded is not None
    assert cleared is not None
    done = (
        f"Police {_where(asked.place)} cleared {_one_or_many(asked.offense, cleared.offenses)} in "
        f"{asked.period}"
    )
    if not recorded.offenses:
        return f"{done} and recorded none."
    if not asked.per_head or answer.value is None:
        return f"{done}, and recorded {recorded.offenses:,}."
    share = percent(answer.value, answer.interval)
    return f"{done}, {share} of the {recorded.offenses:,} recorded in the same time."


def _doubt_of_clearance(answer: Answer) -> str:
    assert answer.interval is not None
    if answer.value is None:
        return "Of none recorded no percent can be formed."
    low, high = answer.interval.lower, answer.interval.upper
    if answer.question.per_head:
        first, last = (percent(end, answer.interval) for end in (low, high))
    else:
        first, last = (number(end, per_head=False) for end in (low, high))
    said = (
        "Counting noise is smaller than the last digit shown."
        if first == last
        else f"Counting noise alone: {first} to {last}."
    )
    if any(isinstance(c, EarlierOffensesLeftOut) for c in answer.caveats):
        said += " Too few: this source leaves out clearances of earlier years' offenses."
    return said


def _of_extremum(answer: Answer) -> str:
    asked, found = answer.question, answer.extremes
    assert found is not None
    assert answer.value is not None
    assert answer.later is not None
    name = counted(asked.offense).name
    kind = "rate" if asked.per_head else "count"
    span = f"of the years {asked.period}"
    stands = ""
    if found.year != found.last_year:
        stands = f" {found.last_year} comes {ordinal(found.last_year_rank)} of {found.searched}."
    if answer.earlier is not None:
        noun = "rise" if asked.extreme == "largest rise" else "fall"
        amount = signed_percent(answer.value, answer.interval)
        went = amount.startswith("+") == (noun == "rise")
        if not went:
            return (
                f"The recorded {name} {kind} {_where(asked.place)} did not "
                f"{noun} in any year {span}; the nearest to it was {amount} in {found.year}."
            )
        return (
            f"The largest one-year {noun} in the recorded {name} {kind} {_where(asked.place)} "
            f"{span} was {amount}, from {found.year - 1} to {found.year}.{stands}"
        )
    scale = ", put on one definition," if answer.definition.basis == "bridged" else ""
    when = listed([str(y) for y in sorted([found.year, *found.tied])])
    return (
        f"The {asked.extreme} recorded {name} {kind} {_where(asked.place)} {span}{scale} was that "
        f"of {when}: {level_words(answer.later)}{_adjusted_words(answer.later)}.{stands}"
    )


def _adjusted_words(figure: Figure) -> str:
    """What a figure by the legacy definition comes to by the revised one."""
    if figure.adjusted is None:
        return ""
    carried = number(figure.adjusted, per_head=figure.per_head)
    return f" by the legacy definition, {carried} carried over to the revised one"


def _doubt_of_extremum(answer: Answer) -> str:
    asked, found = answer.question, answer.extremes
    assert found is not None
    of_change = answer.earlier is not None
    said = []
    if found.runner_up is not None and found.runner_up_value is not None:
        value = (
            signed_percent(found.runner_up_value)
            if of_change
            else number(found.runner_up_value, per_head=asked.per_head)
        )
        carried = ", on the same definition" if answer.definition.basis == "bridged" else ""
        said.append(f"Next comes {found.runner_up} ({value}{carried}).")
    if found.not_distinguishable:
        alike = found.not_distinguishable
        named = listed([str(y) for y in alike]) if len(alike) <= 6 else f"{len(alike)} other years"
        said.append(f"By counting noise alone it can't be told from {named}.")
    else:
        said.append("Counting noise alone could not reverse that.")
    if found.earlier_searched is None:
        return " ".join(said)
    if found.last_beyond is not None and found.last_beyond_value is not None:
        value = (
            signed_percent(found.last_beyond_value)
            if of_change
            else number(found.last_beyond_value, per_head=asked.per_head)
        )
        more = "larger" if of_change else str(asked.extreme).replace("est", "er")
        said.append(f"The last one {more} before that was {found.last_beyond} ({value}).")
    else:
        said.append(f"No earlier year, back to {found.earlier_searched}, goes beyond it.")
    return " ".join(said)


_FINDINGS = {
    "level": _of_level,
    "change": _of_change,
    "trend": _of_trend,
    "rank": _of_rank,
    "share": _of_share,
    "extremum": _of_extremum,
    "comparison": _of_comparison,
    "clearance": _of_clearance,
}
_DOUBTS = {
    "level": _doubt_of_level,
    "change": _doubt_of_change,
    "trend": _doubt_of_trend,
    "rank": _doubt_of_rank,
    "share": _doubt_of_share,
    "extremum": _doubt_of_extremum,
    "comparison": _doubt_of_comparison,
    "clearance": _doubt_of_clearance,
}


def scatter_words(answer: Answer) -> str:
    """What the change's interval is when years scatter as they have in this series."""
    if answer.scatter is None or answer.value is None:
        return ""
    found = answer.scatter
    low, high = (bound(v, found.interval) for v in (found.interval.lower, found.interval.upper))
    return (
        f"Allowing for how far single years stray in this series, the underlying change is {low} "
        f"to {high}."
    )


def robustness_words(answer: Answer) -> str:
    """Under how many other choices the answer holds, and where it flips."""
    found = answer.robustness
    if not found.of:
        return "No other reasonable choice of definition, base or measure applies."
    parts = []
    for kind in dict.fromkeys(c.kind for c in found.choices):
        tried = [c for c in found.choices if c.kind == kind]
        holding = sum(c.holds for c in tried)
        if len(tried) == 1:
            parts.append(f"{'' if holding else 'not '}by {_one_choice(kind, tried[0].option)}")
        else:
            parts.append(f"{holding} of {len(tried)} other {_PLURALS.get(kind, kind)}")
    head = f"Holds under {found.holds} of {found.of} other choices: {', '.join(parts)}."
    flips = _flip_words(found)
    if not flips:
        return head
    shown = "; ".join(flips[:8]) + (f"; and {len(flips) - 8} more" if len(flips) > 8 else "")
    return f"{head} Instead: {shown}."


_PLURALS = {
    "base year": "base years",
    "first year": "first years",
    "year": "years",
    "definition": "ways to bridge the definitions",
    "source": "sources",
    "release": "releases",
}


def _one_choice(kind: str, option: str) -> str:
    """The only choice of its kind: 'the count', 'the revised definition'."""
    return f"{kind} {option}" if option[:1].isdigit() else f"the {option.removeprefix('the ')}"


def _flip_words(found: Robustness, kind: str | None = None) -> list[str]:
    """Each choice that flips: '2012: down -0.3%'. Runs of base years are one."""
    said: list[str] = []
    run: list[tuple[int, str, float | None]] = []

    def close() -> None:
        if not run:
            return
        first, last = run[0], run[-1]
        years = str(first[0]) if len(run) == 1 else f"{first[0]}-{last[0]}"
        values = [v for _, _, v in run if v is not None]
        span = (
            signed_percent(values[0])
            if len(values) == 1
            else f"{signed_percent(min(values))} to {signed_percent(max(values))}"
            if values
            else ""
        )
        said.append(f"base {years} {first[1]} {span}".strip())
        run.clear()

    for choice in found.flips:
        if kind is not None and choice.kind != kind:
            continue
        if choice.kind == "base year":
            year = int(choice.option)
            if run and (year != run[-1][0] + 1 or choice.verdict != run[-1][1]):
                close()
            run.append((year, choice.verdict, choice.value))
            continue
        close()
        said.append(_flip_of(choice))
    close()
    return said


_DIRECTIONS = {"up", "down", "no clear change", "higher", "lower", "no clear difference"}


def _flip_of(choice: Choice) -> str:
    """One choice that flips: 'first year 1981: 1986', '2018: 3rd', 'the count: up +1.6%'."""
    option = f"{choice.kind} {choice.option}" if choice.kind.endswith(" year") else choice.option
    if choice.verdict in _DIRECTIONS and choice.value is not None:
        return f"{option} {choice.verdict} {signed_percent(choice.value)}"
    if choice.verdict.isdigit() and len(choice.verdict) < 4:
        return f"{option} {ordinal(int(choice.verdict))}"
    if choice.verdict == "recorded" and choice.value is not None:
        return f"{option} {choice.value:,.1f}"
    return f"{option}: {choice.verdict}"


def definition_words(answer: Answer) -> str:
    """How the offense was counted, with what the other definition would give."""
    used = answer.definition
    if used.basis is None and not used.printed:
        return f"{_capital(used.offense)}: {used.counts}."
    text = f"{_capital(used.offense)}: {used.counts}. {_capital(used.text)}"
    others = [o for o in answer.others if o.label.endswith("definition") and o.value is not None]
    said = [f"{text}."]
    for other in others:
        value = other.value
        assert value is not None
        shown = (
            signed_percent(value, other.interval)
            if other.unit.startswith("percent")
            else number(value, per_head=answer.question.per_head)
        )
        ends = (
            f" ({number(other.earlier, per_head=answer.question.per_head)} → "
            f"{number(other.later, per_head=answer.question.per_head)})"
            if other.earlier is not None and other.later is not None
            else ""
        )
        said.append(f"By the {other.label}: {shown}{ends}.")
    return " ".join(said)


def source_words(answer: Answer) -> str:
    """Publisher, release, rows and checksum, in one line; of several files, how many."""
    rows = answer.sources
    if not rows:
        return answer.vintage.title
    files = {r.sha256 for r in rows}
    if len({r.title for r in rows}) > 1:
        titles = "; ".join(dict.fromkeys(r.title for r in rows))
        return f"{titles}; --json names each file with its rows"
    if len(files) > 1:
        return (
            f"{answer.vintage.title}, {len(files)} files, the newest released "
            f"{answer.vintage.day}; --json names each with its row"
        )
    named = sorted({r.row for r in rows if r.row is not None})
    if not named:
        return (
            f"{answer.vintage.title}, summed from {rows[0].file}, released "
            f"{answer.vintage.day}, checksum {rows[0].sha256[:12]}…"
        )
    lines = listed([f"{n:,}" for n in named]) if len(named) <= 4 else f"{len(named)} rows"
    label = "line " if len(named) == 1 else "lines " if len(named) <= 4 else ""
    return (
        f"{answer.vintage.title}, {label}{lines} of {rows[0].file}, "
        f"released {answer.vintage.day}, checksum {rows[0].sha256[:12]}…"
    )


def listed(names: Sequence[str]) -> str:
    """Names in a sentence: 'Alaska, Maryland and Texas'."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def place_name(key: str) -> str:
    """A place's name from its key, for labels."""
    return place(key).name


def _where(where: Place) -> str:
    if where.kind == "states":
        return "in the states together"
    return f"in {where}"


def bound(value: float, interval: Interval) -> str:
    """One end of an interval of percent changes, which may be open."""
    if isinf(value):
        return "no upper bound"
    return signed_percent(value, interval)


def _one_or_many(key: str, n: int) -> str:
    kind = counted(key)
    return f"{n:,} {kind.one if n == 1 else kind.many}"


def _years(period: Period) -> str:
    return str(period).replace(" to ", "-")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
