"""Grant conditions for the terminal: the word first, then each condition, why, and the sources."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from baserate.grants.conditions.ask import ConditionsAnswer, Money, Since, Stake, Timeline
from baserate.grants.conditions.reasons import cited, listed
from baserate.grants.conditions.records import Condition, Event, Headline, Source, Status
from baserate.grants.conditions.status import in_part
from baserate.publish.harmless import one_line
from baserate.publish.lines import (
    WIDTH,
    Style,
    again,
    bounded,
    labelled,
    paragraph,
    plain,
    wrapped,
)

ICONS: dict[Headline, str] = {
    "in force": "●",
    "enjoined": "✕",
    "certified only": "◐",
    "withdrawn": "○",
    "unknown": "?",
}


def render_conditions(answer: ConditionsAnswer, style: Style = plain, width: int = WIDTH) -> str:
    """An answer for one place and day as lines of text."""
    return "\n".join(_answer_lines(answer, style, bounded(width)))


def render_history(history: Sequence[Since], style: Style = plain, width: int = WIDTH) -> str:
    """Every day on which the status of a place changed, as lines of text."""
    return "\n".join(_history_lines(history, style, bounded(width)))


def render_timeline(found: Timeline, style: Style = plain, width: int = WIDTH) -> str:
    """What was asked and what happened, as lines of text."""
    return "\n".join(_timeline_lines(found, style, bounded(width)))


def _answer_lines(answer: ConditionsAnswer, style: Style, width: int) -> Iterator[str]:
    left = f"{answer.program.short} {answer.year}, {answer.place.plain}, {answer.day}"
    yield from _headed(left, _word(answer), answer.status, style, width)
    yield ""
    for finding in answer.findings:
        yield from _row(finding.condition, finding.status, style, width)
    yield ""
    yield from paragraph(answer.text, width)
    yield ""
    for reason in answer.why:
        yield from labelled("Why", reason.text, style, width)
        for event in reason.events:
            said = f"{event.actor}: {event.text}"
            yield from labelled(str(event.day), said, style, width)
    if answer.stake is not None:
        yield from labelled("At stake", stake_words(answer.stake), style, width)
    for caveat in answer.caveats:
        yield from labelled("Caveat", caveat.text, style, width)
    for source, days in _sources(answer).items():
        yield from labelled("Source", f"{listed(days)}: {cited(source)}", style, width)
    yield again(answer.rerun, style)


def _history_lines(history: Sequence[Since], style: Style, width: int) -> Iterator[str]:
    last = history[-1].answer
    left = f"{last.program.short} {last.year}, {last.place.plain}: what was in force, by day"
    yield style(one_line(left), "title")
    yield ""
    for since in history:
        said = (_by_status(since.answer), *_span(since.answer.stake))
        lines = [line for text in said for line in wrapped(text, width - 36)]
        head = f"{ICONS[since.answer.status]} {since.answer.status.upper()}"
        yield f"  {since.day}  {style(f'{head:<20}', since.answer.status)}  {lines[0]}"
        yield from (" " * 36 + line for line in lines[1:])
    yield ""
    for text in dict.fromkeys(c.text for s in history for c in s.caveats):
        yield from labelled("Caveat", text, style, width)
    yield from labelled("Why", f"of one day: add --on {history[-1].day}", style, width)
    yield again(last.rerun.replace(f" --on {last.day}", ""), style)


def _timeline_lines(found: Timeline, style: Style, width: int) -> Iterator[str]:
    yield from (
        style(line, "title")
        for line in wrapped(f"{found.program.short} {found.year}, {found.program.title}", width)
    )
    for condition in found.conditions:
        yield ""
        yield from _condition_lines(condition, style, width)
    for event in found.events:
        yield ""
        yield from _event_lines(event, style, width)
    yield ""
    yield again(found.rerun, style)


def _condition_lines(condition: Condition, style: Style, width: int) -> Iterator[str]:
    yield "  " + style(condition.key, "number")
    notes = [("Asks", condition.text), ("Requires", condition.requires)]
    notes += [("Authority", condition.authority)]
    notes += [("Deadline", condition.deadline)] if condition.deadline else []
    notes += [("Source", cited(condition.source))]
    for label, text in notes:
        yield from labelled(label, text, style, width)


def _event_lines(event: Event, style: Style, width: int) -> Iterator[str]:
    sure = f" to {event.sure_by}" if event.sure_by else " or later" if event.is_open else ""
    head = f"{event.day}{sure}  {event.kind.upper()}  {event.actor}"
    yield "  " + style(one_line(head), "number")
    about = f"{listed(event.conditions)}; {scope_words(event)}"
    for label, text in (("About", about), ("", event.text), ("Source", cited(event.source))):
        yield from labelled(label, text, style, width)


def _row(condition: Condition, status: Status, style: Style, width: int) -> Iterator[str]:
    lines = wrapped(one_line(condition.text), width - 31)
    shown = style(f"{status.upper():<12}", status)
    yield f"  {condition.key:<15}{shown}  {lines[0]}"
    yield from (" " * 31 + line for line in lines[1:])


def _by_status(answer: ConditionsAnswer) -> str:
    """The conditions of each status: 'notice and access enjoined; certification in force'."""
    alike: dict[Status, list[str]] = {}
    for finding in answer.findings:
        alike.setdefault(finding.status, []).append(finding.condition.key)
    return "; ".join(f"{listed(keys)} {status}" for status, keys in alike.items())


def _span(stake: Stake | None) -> Iterator[str]:
    """The dollars at stake in few words, where an award was given."""
    if stake is not None:
        most = f" to {dollars(stake.most)}" if stake.most != stake.least else ""
        yield f"at stake {dollars(stake.least)}{most}"


def _word(answer: ConditionsAnswer) -> str:
    part = " IN PART" if in_part(answer.findings) else ""
    return f"{ICONS[answer.status]} {answer.status.upper()}{part}"


def _headed(left: str, right: str, role: str, style: Style, width: int) -> Iterator[str]:
    gap = width - len(left) - len(right)
    if gap >= 2:
        yield style(left, "title") + " " * gap + style(right, role)
        return
    yield from (style(line, "title") for line in wrapped(left, width))
    yield " " * max(0, width - len(right)) + style(right, role)


def _sources(answer: ConditionsAnswer) -> dict[Source, list[str]]:
    """What the deciding events rest on, once each, with the days that it speaks of."""
    days: dict[Source, list[str]] = {}
    for event in (event for reason in answer.why for event in reason.events):
        told = days.setdefault(event.source, [])
        told += [str(event.day)] if str(event.day) not in told else []
    return days


def scope_words(event: Event) -> str:
    """Whom an event reaches, in words."""
    scope = event.scope
    if scope.reach != "parties":
        return "nobody from then on" if scope.reach == "nobody" else scope.reach
    beside = {True: " and what belongs to the state", False: " itself", None: ""}
    certain = f"{', '.join(scope.places)}{beside[scope.covers_locals]}" if scope.places else ""
    unsure = f"not sure: {', '.join(scope.unsure)}" if scope.unsure else ""
    return "; ".join(p for p in (certain, unsure) if p)


def stake_words(stake: Stake) -> str:
    """The dollars that hang on conditions in force.

    >>> stake_words(Stake(Money(Decimal(10), Decimal(10)), Decimal(0), Decimal(10)))
    'none to all of $10 (the award, as given), for it is unknown whether a condition binds'
    """
    award = f"{_amount(stake.award)} (the award, {stake.award.source})"
    if stake.most and not stake.least:
        return f"none to all of {award}, for it is unknown whether a condition binds"
    if stake.least:
        return f"all of {award} hangs on what was in force"
    return f"nothing of {award} hung on a condition"


def _amount(award: Money) -> str:
    """An award: one amount, or the two it lies between."""
    if award.least == award.most:
        return dollars(award.least)
    return f"{dollars(award.least)} to {dollars(award.most)}"


def dollars(amount: Decimal) -> str:
    """Dollars, with cents only where there are some."""
    return f"${amount:,.0f}" if amount == amount.to_integral_value() else f"${amount:,.2f}"
