"""What an award says first: its title, its finding, its doubt, and what a what-if changes."""

from __future__ import annotations

from baserate.grants.award import Award, StateAward
from baserate.grants.explain import money, span
from baserate.grants.local import LocalAward
from baserate.grants.result import JagResult
from baserate.grants.scenario import NO_CHANGE
from baserate.publish.claim_words import day
from baserate.terms.quantities import Interval, ordinal


def title(result: JagResult) -> str:
    """What it is about: 'Byrne JAG award, Missouri, fiscal year 2013'."""
    year = f"fiscal year {result.award.fiscal_year}"
    if result.local is not None:
        return f"Byrne JAG award, {result.local.unit.name}, {year}"
    if result.state is not None:
        return f"Byrne JAG award, {result.state.name}, {year}"
    return f"Byrne JAG awards, {year}"


def headline(result: JagResult) -> str:
    """The figure: one award, or the total."""
    if result.local is not None:
        return span(result.local)
    return money(result.award.total if result.state is None else result.state.award)


def asked_state(result: JagResult) -> StateAward | None:
    """The State that was asked about, or that the place asked about is in."""
    return result.local.state if result.local is not None else result.state


def finding(result: JagResult) -> str:
    """The finding in one or two sentences."""
    if result.local is not None:
        return _local_finding(result.award, result.local)
    if result.state is not None:
        return _state_finding(result.award, result.state)
    return _national_finding(result.award)


def _on(award: Award) -> str:
    """By what an award was worked out: 'By the formula on today's figures'."""
    if award.scenario.recorded:
        return "By the formula on the what-if's figures"
    if award.as_of is not None:
        return f"By the formula on figures as published by {day(award.as_of)}"
    return "By the formula on today's figures"


def _national_finding(award: Award) -> str:
    first = award.states[0]
    said = (
        f"{_on(award)}, {len(award.states)} States and territories share {money(award.total)}. "
        f"{the(first.name, first=True)} gets most, {money(first.award)} or "
        f"{100 * first.award / award.total:.1f}%."
    )
    small = award.minimum_states
    if small:
        said += (
            f" {len(small)} get the minimum of {money(100 * award.minimum)} and no more: "
            f"{', '.join(small)}; their crimes do not matter until they cross it."
        )
    return said


def _state_finding(award: Award, state: StateAward) -> str:
    rank = 1 + sum(s.award > state.award for s in award.states)
    place = "the most" if rank == 1 else f"the {ordinal(rank)} most"
    least = "at least " if state.is_least else ""
    said = (
        f"{_on(award)}, {the(state.name)} gets {least}{money(state.award)}, {place} of "
        f"{len(award.states)}{_divided(state)}"
    )
    if state.allocation.is_minimum:
        said += " That is the minimum: its people and crimes alone would give it less."
    return said


def _divided(state: StateAward) -> str:
    """Who has which part of a State's award, and what is withheld of it."""
    kept = state.award - state.received
    withheld = f", of which {money(kept)} is withheld" if kept else ""
    if not state.local:
        rest = f"{money(state.government)} is left to its government." if kept else ""
        return f"{withheld}: {rest}" if kept else ", all of it to its government."
    return (
        f"{withheld}: {money(state.government)} to its government and {money(state.local)} for its "
        "local governments."
    )


def _local_finding(award: Award, local: LocalAward) -> str:
    state, name = the(local.state.name), local.unit.name
    if local.is_exact:
        said = (
            f"{_on(award)}, {name} is allocated {money(local.least)} of {state}'s local amount of "
            f"{money(local.state.local)}: ${local.per_crime[0]:,.2f} for each violent crime a year."
        )
    else:
        said = (
            f"{_on(award)}, {name} is allocated between {span(local, ' and ')} of {state}'s local "
            f"amount of {money(local.state.local)}: not all of the State's local agencies are at "
            "hand, and the less they recorded, the more it gets."
        )
    least = local.minimum.words
    if local.paid is None:
        return f"{said} Whether that reaches {least}, the least that is paid, can't be told."
    if not local.paid:
        return f"{said} Below {least} it is not paid but goes to the State."
    return said


def doubt(result: JagResult) -> str:
    """The doubt in the same breath."""
    if result.local is not None:
        low, high = result.local.noise.lower, result.local.noise.upper
        return f"With counting noise in its own count: ${low:,.0f} to ${high:,.0f}."
    if result.state is None:
        return "Counts of crime this large have little noise; what moves awards is revision."
    interval = result.sureness.intervals[result.state.key]
    noise = (
        "Counting noise does not move it."
        if result.state.allocation.is_minimum
        else f"Counting noise alone: {_millions(interval)}."
    )
    return f"{noise} {_beside_published(result, result.state)}".strip()


def _beside_published(result: JagResult, state: StateAward) -> str:
    """What was published of that State and year."""
    if result.award.scenario is not NO_CHANGE:
        return ""
    found = next((d for d in result.award.differences if d.key == state.key), None)
    if found is None:
        return "No published figure of it is at hand."
    if any(n.name == state.name for n in result.needed):
        return f"Published was {found.published}, on counts that have since been revised."
    return f"Published was {found.published}."


def _millions(interval: Interval) -> str:
    low, high = interval.lower / 1e6, interval.upper / 1e6
    digits = 2 if high - low >= 0.02 else 3
    return f"${low:,.{digits}f} to ${high:,.{digits}f} million"


def what_if(result: JagResult) -> str:
    """What a what-if changes of what is received, in a sentence; '' without one."""
    if result.by_rules is None:
        return ""
    said = f"What if: {result.award.scenario.title}. "
    state = asked_state(result)
    if state is not None:
        by_rules = result.by_rules.state(state.key).received
        change = signed((state.received - by_rules) / 100)
        return (
            f"{said}By the rules as they are, {the(state.name)} gets {money(by_rules)}; the "
            f"what-if changes that by {change}."
        )
    moved = changes(result)
    up, down = (sum(sign * change > 0 for change, _ in moved) for sign in (1, -1))
    ends = [f"{s.name} {signed(change / 100)}" for change, s in (moved[0], moved[-1]) if change]
    most = f", most {' and '.join(ends)}" if ends else ""
    return f"{said}{up} get more than by the rules as they are, {down} less{most}."


def changes(result: JagResult) -> list[tuple[int, StateAward]]:
    """What a what-if changes of what each State receives, in cents, the largest gain first."""
    assert result.by_rules is not None
    before = {s.key: s.received for s in result.by_rules.states}
    moved = [(s.received - before[s.key], s) for s in result.award.states]
    return sorted(moved, key=lambda m: (-m[0], m[1].key))


def rule(award: Award) -> str:
    """The formula in words, with the numbers it was run with."""
    taken = {t.name: t.words for t in award.taken}
    minimum = (
        f"Where any State would get less than {taken['minimum_share']} of the total, every State "
        "gets that first, and the rest is shared among the others. "
        if award.minimum
        else ""
    )
    return (
        f"Of the money {taken['population_share']} follows population, "
        f"{taken['violent_crime_share']} violent crime as police recorded it. {minimum}"
        f"A State's government has {taken['state_share']}, its local governments the rest."
    )


def the(name: str, *, first: bool = False) -> str:
    """A State's name as it stands in a sentence, or at the beginning of one."""
    if not name.startswith(("District", "Northern", "U.S.")):
        return name
    return f"{'The' if first else 'the'} {name}"


def signed(dollars: float) -> str:
    """A change in dollars, its sign always shown."""
    return f"{'+' if dollars >= 0 else '-'}${abs(dollars):,.0f}"
