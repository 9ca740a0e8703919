"""Awards as one page: who gets how much for each person and crime, and one award line by line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from baserate.grants.award import StateAward
from baserate.grants.explain import explained, local_lines, money
from baserate.grants.result import JagResult
from baserate.publish import charts
from baserate.publish.award_export import states_csv
from baserate.publish.award_notes import notes
from baserate.publish.award_words import (
    asked_state,
    changes,
    doubt,
    finding,
    headline,
    rule,
    the,
    title,
    what_if,
)
from baserate.publish.figure import Figure
from baserate.publish.page import environment, typographic
from baserate.publish.tables import to_csv
from baserate.terms.places import states
from baserate.version import VERSION

DRAWN = (*states(), "PR")  # the other island areas would flatten every other dot
MOVERS = 12  # States of a what-if that a phone shows


@dataclass(frozen=True, slots=True)
class TableRow:
    """One State as the table prints it. `by_rules` and `change` only under a what-if."""

    name: str
    is_minimum: bool
    is_strong: bool
    award: str
    government: str
    local: str
    noise: str
    per_person: str
    per_crime: str
    by_rules: str
    change: str


def render_award_page(result: JagResult, *, made_on: date) -> str:
    """The page, which the command in `result.rerun` makes again."""
    award = result.award
    chosen = _chosen(result)
    return (
        environment()
        .get_template("award.html")
        .render(
            kicker=f"{award.title}, fiscal year {award.fiscal_year}",
            headline=_headline(result),
            title=title(result),
            figure=headline(result),
            finding=finding(result),
            doubt=doubt(result),
            what_if=award.scenario.title,
            changed=what_if(result),
            rule=rule(award),
            per_person=_figure(result, "person"),
            per_crime=_figure(result, "crime"),
            moved=_moved(result),
            rows=[_row(result, s) for s in award.states],
            table=_table_csv(result),
            chosen=chosen,
            asked=asked_state(result) is not None,
            lines=list(explained(award, chosen)),
            local=result.local,
            local_lines=list(local_lines(result.local)) if result.local is not None else [],
            notes=list(notes(result)),
            money=money,
            version=VERSION,
            made_on=made_on,
            again=result.rerun,
        )
    )


def _chosen(result: JagResult) -> StateAward:
    """The State explained line by line: the one asked about, else the one that most needs it."""
    asked = asked_state(result)
    if asked is not None:
        return asked
    apart = [d for d in result.award.differences if d.name in {n.name for n in result.needed}]
    if apart:
        return result.award.state(max(apart, key=lambda d: abs(d.apart)).key)
    return result.award.states[0]


def _headline(result: JagResult) -> str:
    """The page's first sentence."""
    award = result.award
    if result.local is not None or result.state is not None:
        name = result.local.unit.name if result.local is not None else _chosen(result).name
        return f"{name}: {headline(result)} of Byrne JAG in {award.fiscal_year}"
    most = max(award.states, key=lambda s: s.per_person)
    least = min(award.states, key=lambda s: s.per_person)
    return (
        f"${award.total / 1e8:,.1f} million by formula: ${most.per_person:,.2f} a resident in "
        f"{the(most.name)}, ${least.per_person:,.2f} in {the(least.name)}"
    )


def _figure(result: JagResult, each: str) -> Figure:
    """Awards for each resident, or for each violent crime a year, the highest first."""
    value: Callable[[StateAward], float] = (
        (lambda s: s.per_person) if each == "person" else (lambda s: s.per_crime or 0.0)
    )
    shown = sorted((s for s in result.award.states if s.key in DRAWN), key=lambda s: -value(s))
    first, last = shown[0], shown[-1]
    what = "resident" if each == "person" else "violent crime a year"
    heading = (
        f"For each {what}: ${value(first):,.2f} in {first.name}, ${value(last):,.2f} in {last.name}"
    )
    dots = [_dot(result, s, value(s)) for s in shown]
    return Figure(
        id=f"per-{each}",
        title=heading,
        svgs=_drawn(dots, f" dollars a {what}", heading),
        columns=("State", f"Dollars a {what}", "Award", "Minimum"),
        rows=tuple(
            (s.name, f"{value(s):,.2f}", money(s.award), "yes" if s.allocation.is_minimum else "")
            for s in shown
        ),
        csv=to_csv(
            [
                {"state": s.key, f"dollars_a_{each}": round(value(s), 4), "award": s.award / 100}
                for s in shown
            ]
        ),
        commands=(result.rerun,),
        note=_note(result, each),
    )


LEFT_OUT = "Guam, the U.S. Virgin Islands, American Samoa and the Northern Mariana Islands"


def _note(result: JagResult, each: str) -> str:
    marked = "* the minimum and no more. " if result.award.minimum_states else ""
    if each == "crime":
        return (
            f"{marked}All of a State's award by the violent crimes a year that the formula "
            f"averages. Of {LEFT_OUT} no counts are held."
        )
    why = (
        "The minimum that every State gets first weighs most in the smallest; much crime for few "
        "people does the rest. "
        if result.award.minimum
        else ""
    )
    return f"{marked}{why}{LEFT_OUT} are in the table."


def _dot(result: JagResult, state: StateAward, value: float) -> charts.Dot:
    interval = result.sureness.intervals[state.key]
    scale = value / (state.award / 100) if state.award else 0.0
    return charts.Dot(
        label=f"{state.key}*" if state.allocation.is_minimum else state.key,
        name=state.name,
        value=value,
        lower=interval.lower * scale,
        upper=interval.upper * scale,
        strong=state is asked_state(result),
    )


def _drawn(dots: Sequence[charts.Dot], unit: str, heading: str) -> tuple[tuple[str, Markup], ...]:
    wide = charts.Frame(880, 280, right=8, bottom=38)
    told = "; ".join(f"{d.name} {d.value:,.2f}" for d in (dots[0], dots[-1]))
    return (
        ("wide", Markup(charts.dot_row(dots, wide, unit=unit, title=heading, description=told))),
        ("narrow", Markup(charts.dot_column(
            dots, 360, unit=unit.strip(), title=heading, description=told))),
    )  # fmt: skip


def _moved(result: JagResult) -> Figure | None:
    """What a what-if moves: the change of every award from what the rules give, in percent."""
    if result.by_rules is None or not any(change for change, _ in changes(result)):
        return None
    before = {s.key: s.received for s in result.by_rules.states}
    moved = [(_percent(s.received, before[s.key]), s) for _, s in changes(result)]
    moved.sort(key=lambda c: (-c[0], c[1].key))
    up, down = (sum(sign * change > 0 for change, _ in moved) for sign in (1, -1))
    heading = f"{result.award.scenario.title}: {up} receive more, {down} less"
    told = ", ".join(f"{s.name} {change:+.1f}%" for change, s in (moved[0], moved[-1]))
    movers = sorted(moved, key=lambda c: -abs(c[0]))[:MOVERS]
    on_phone = [c for c in moved if c in movers]
    asked = asked_state(result)
    frames = (
        ("wide", charts.Frame(880, 260, right=8, bottom=38), moved),
        ("narrow", charts.Frame(360, 240, right=8, bottom=26), on_phone),
    )
    return Figure(
        id="what-if",
        title=heading,
        svgs=tuple(
            (where, Markup(charts.change_chart(
                [_change(change, s, asked) for change, s in shown], frame,
                unit="% from the rules as they are", title=heading, description=told)))
            for where, frame, shown in frames
        ),
        columns=("State", "By the rules", "What if", "Change"),
        rows=tuple(
            (s.name, money(before[s.key]), money(s.received), f"{change:+.1f}%")
            for change, s in moved
        ),
        csv=to_csv(
            [
                {
                    "state": s.key, "by_rules": before[s.key] / 100, "what_if": s.received / 100,
                    "change_percent": round(change, 4),
                }
                for change, s in moved
            ]
        ),
        commands=(result.rerun,),
        note=f"Every award under the what-if against the rules as they are: {told}.",
    )  # fmt: skip


def _percent(now: int, before: int) -> float:
    return 100 * (now / before - 1) if before else 0.0


def _change(change: float, state: StateAward, asked: StateAward | None) -> charts.Dot:
    mark: charts.Mark = "flat" if abs(change) < 0.05 else "up" if change > 0 else "down"
    name = typographic(f"{state.name} {change:+.1f}%")
    return charts.Dot(state.key, name, change, change, change, state is asked, mark)


def _row(result: JagResult, state: StateAward) -> TableRow:
    found = result.sureness.intervals[state.key]
    before = result.by_rules.state(state.key).received if result.by_rules is not None else None
    noise = (
        "—" if state.allocation.is_minimum else f"{found.lower / 1e6:.2f}–{found.upper / 1e6:.2f}"
    )
    return TableRow(
        name=state.name,
        is_minimum=state.allocation.is_minimum,
        is_strong=state is asked_state(result),
        award=f"{state.award / 100:,.2f}",
        government=f"{state.government / 100:,.2f}",
        local=f"{state.local / 100:,.2f}" if state.local else "—",
        noise=noise,
        per_person=f"{state.per_person:,.2f}",
        per_crime="—" if state.per_crime is None else f"{state.per_crime:,.2f}",
        by_rules="" if before is None else f"{before / 100:,.2f}",
        change="" if before is None else f"{_percent(state.received, before):+.1f}%",
    )


def _table_csv(result: JagResult) -> Figure:
    """The whole table's own numbers, to be saved."""
    return Figure(
        "awards", "", (), (), (), states_csv(result, result.award.states), (result.rerun,)
    )
