"""The sentences that say why: of one status, of a jail in other hands, of what is not verified."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from baserate.errors import Caveat, OutOfItsHands, Unverified
from baserate.grants.conditions.records import Custody, Event, Finding, Headline, Source, Status
from baserate.grants.conditions.status import headline, in_part
from baserate.terms.places import Place


@dataclass(frozen=True, slots=True)
class Reason:
    """Why some conditions have their status, in words, with the events that decided it."""

    conditions: tuple[str, ...]
    status: Status
    text: str
    events: tuple[Event, ...]


def reasons(
    findings: Sequence[Finding], events: Iterable[Event], place: Place, day: date
) -> tuple[Reason, ...]:
    """One reason for all conditions that were decided alike."""
    alike: dict[tuple[Status, tuple[Event, ...], str], list[Finding]] = {}
    for finding in findings:
        alike.setdefault((finding.status, finding.because, finding.doubt), []).append(finding)
    known = tuple(events)
    return tuple(_reason(group, known, place, day) for group in alike.values())


def _reason(group: Sequence[Finding], events: Sequence[Event], place: Place, day: date) -> Reason:
    first, keys = group[0], tuple(f.condition.key for f in group)
    if first.doubt == "not imposed":
        text, shown = _not_imposed(group, events, place, day)
    else:
        text, shown = _said(first, keys, place), _deciding(first, place, day)
    return Reason(keys, first.status, text, shown)


def _said(finding: Finding, keys: Sequence[str], place: Place) -> str:
    names, verb = _capital(listed(keys)), "was" if len(keys) == 1 else "were"
    if finding.doubt == "imposing unclear":
        return f"Whether {listed(keys)} {verb} asked of {place} that day can't be told:"
    if finding.doubt == "order unclear":
        return f"Whether an order against {listed(keys)} covered {place} that day can't be told:"
    of_orders = any(e.kind == "enjoined" for e in finding.because)
    if finding.status == "in force":
        against = "it" if len(keys) == 1 else "them"
        beside = f", and no order against {against} covered {place} any more" if of_orders else ""
        return f"{names} {verb} in force{beside}:"
    return f"{names} {verb} {finding.status}:"


def _not_imposed(
    group: Sequence[Finding], events: Sequence[Event], place: Place, day: date
) -> tuple[str, tuple[Event, ...]]:
    """That nothing was imposed by that day; what was said instead, or came later."""
    about = [e for e in events if any(e.concerns(f.condition) for f in group)]
    reaching = [e for e in about if e.scope.covers(place) != "no"]
    keys = listed([f.condition.key for f in group])
    text = f"No verified event had imposed {keys} on {place} by that day."
    letters = tuple(e for e in reaching if e.kind == "letter" and e.day <= day)
    if letters:
        return f"{text} A letter imposes nothing:", letters
    later = [e for e in reaching if e.kind == "imposed" and e.day > day]
    if later:
        first = min(later, key=lambda e: e.day)
        return f"{text} The first that did:", (first,)
    return text, ()


def _deciding(finding: Finding, place: Place, day: date) -> tuple[Event, ...]:
    """Of the events behind a status those that a reader must know."""
    events = finding.because
    if finding.status == "enjoined":
        return tuple(e for e in events if e.kind != "imposed" and e.scope.covers(place) == "yes")
    if finding.status == "withdrawn":
        return tuple(e for e in events if e.kind == "withdrawn")
    if finding.status == "unknown":
        return tuple(e for e in events if _is_doubtful(e, place, day)) or events
    return events


def _is_doubtful(event: Event, place: Place, day: date) -> bool:
    return not event.is_sure(day) or event.scope.covers(place) == "can't tell"


def told(event: Event) -> str:
    """One event as part of a sentence.

    >>> from baserate.grants.conditions.tables import shipped
    >>> told(next(e for e in shipped().events if e.id == "president-2021-01-20"))[:39]
    '2021-01-20, President: Revokes the orde'
    """
    return f"{event.day}, {event.actor}: {event.text}"


def summary(findings: Sequence[Finding], asked: str, place: Place, day: date) -> str:
    """The finding as one sentence."""
    word, on = headline(findings), f"for {place} on {day}"
    if word == "unknown":
        keys = listed([f.condition.key for f in findings if f.status == "unknown"])
        return (
            f"Whether {asked}'s {keys} bound {place} on {day} can't be told from verified events."
        )
    if word == "in force" and in_part(findings):
        keys = listed([f.condition.key for f in findings if f.status == "in force"])
        return f"Of what {asked} asked, {keys} was in force {on}, and the rest was not."
    said: dict[Headline, str] = {
        "in force": f"Everything that {asked} asked was in force {on}.",
        "enjoined": f"Courts had enjoined everything that {asked} asked, {on}.",
        "certified only": f"Of what {asked} asked, only the certification was in force {on}.",
        "withdrawn": f"What {asked} asked was withdrawn, or not used any more, {on}.",
    }
    return said[word]


def caveats(
    verified: Sequence[Finding], everything: Sequence[Finding], custody: Custody | None
) -> Iterator[Caveat]:
    """A jail in other hands, and what an unverified event would change."""
    needing = [f.condition.key for f in verified if f.condition.depends_on == "runs_jail"]
    if custody is not None and not custody.runs_jail and needing:
        yield _out_of_its_hands(custody, needing)
    changed = [a for a, v in zip(everything, verified, strict=True) if a.status != v.status]
    alike: dict[tuple[Status, tuple[Event, ...]], list[str]] = {}
    for then in changed:
        behind = tuple(e for e in then.because if not e.verified)
        alike.setdefault((then.status, behind), []).append(then.condition.key)
    for (status, behind), keys in alike.items():
        yield _unverified(status, behind, keys)


def _out_of_its_hands(custody: Custody, needing: Sequence[str]) -> Caveat:
    verb = "asks" if len(needing) == 1 else "ask"
    consequence = f"hat {listed(needing)} {verb} is not in its hands."
    sure = custody.source.verified
    return OutOfItsHands(
        f"{custody.place} does not run its jail; {custody.who} does ({custody.source.citation}). "
        + (f"W{consequence}" if sure else f"We could not verify this; if it is so, w{consequence}")
    )


def _unverified(status: Status, behind: Sequence[Event], keys: Sequence[str]) -> Caveat:
    one = len(behind) == 1
    who = "An event that we could not verify" if one else "Events that we could not verify"
    named = " ".join(f"{told(e)} ({e.source.citation})" for e in behind)
    return Unverified(f"{who} would make {listed(keys)} {status}: {named}")


def cited(source: Source) -> str:
    """A source as it is printed."""
    address = f", {source.address}" if source.address else ""
    return f"{source.citation}{address}{'' if source.verified else ' (not verified)'}"


def listed(words: Sequence[str]) -> str:
    """Words as a list in a sentence.

    >>> listed(["notice", "access", "certification"])
    'notice, access and certification'
    """
    return " and ".join(p for p in (", ".join(words[:-1]), words[-1]) if p) if words else ""


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
