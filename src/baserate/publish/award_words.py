"""Sentences about awards, for the terminal and the page alike."""

from __future__ import annotations

from collections.abc import Iterator

from baserate.grants.award import Award, StateAward
from baserate.grants.explain import money
from baserate.grants.local import LocalAward
from baserate.grants.parameters import Taken
from baserate.grants.result import JagResult
from baserate.grants.sureness import Otherwise
from baserate.terms.quantities import Interval

NAMES_SHOWN = 8


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
    if result.state is not None:
        return money(result.state.award)
    return money(result.award.total)


def span(local: LocalAward) -> str:
    """A local allocation: one figure, or the two it lies between."""
    if local.is_exact:
        return money(local.least)
    return f"{money(local.least)} to {money(local.most)}"


def finding(result: JagResult) -> str:
    """The finding in one or two sentences."""
    if result.local is not None:
        return _local_finding(result.local)
    if result.state is not None:
        return _state_finding(result.award, result.state)
    return _national_finding(result.award)


def _national_finding(award: Award) -> str:
    first = award.states[0]
    said = (
        f"{len(award.states)} States and territories share {money(award.total)}. {first.name} gets "
        f"most, {money(first.award)} or {100 * first.award / award.total:.1f}%."
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
    said = f"{_the(state.name)} gets {money(state.award)}, {_place(rank)} of {len(award.states)}"
    if state.local:
        said += (
            f": {money(state.government)} to its government and {money(state.local)} for its "
            "local governments."
        )
    else:
        said += ", all of it to its government."
    if state.withheld:
        kept = sum(w.cents for w in state.withheld)
        said += f" {money(kept)} of it is withheld."
    if state.allocation.is_minimum:
        said += " That is the minimum: its people and crimes alone would give it less."
    return said


def _place(rank: int) -> str:
    from baserate.terms.quantities import ordinal

    return "the most" if rank == 1 else f"the {ordinal(rank)} most"


def _the(name: str) -> str:
    return f"the {name}" if name.startswith(("District", "Northern", "U.S.")) else name


def _local_finding(local: LocalAward) -> str:
    state = local.state.name
    if local.is_exact:
        said = (
            f"{local.unit.name} is allocated {money(local.least)} of {state}'s local amount of "
            f"{money(local.state.local)}: ${local.per_crime[0]:,.2f} for each violent crime a year."
        )
    else:
        said = (
            f"{local.unit.name} is allocated between {money(local.least)} and {money(local.most)} "
            f"of {state}'s local amount of {money(local.state.local)}: not all of the State's "
            "local agencies are at hand, and the less they recorded, the more it gets."
        )
    if local.paid is None:
        least = f"{local.minimum.words}, the least that is paid"
        return f"{said} Whether that reaches {least}, can't be told."
    if not local.paid:
        return f"{said} Below {local.minimum.words} it is not paid but goes to the State."
    return said


def what_if(result: JagResult) -> str:
    """What a what-if changes, in a sentence; '' without one."""
    if result.by_rules is None:
        return ""
    said = f"What if: {result.award.scenario.title}. "
    state = result.local.state if result.local is not None else result.state
    if state is not None:
        by_rules = result.by_rules.state(state.key).award
        change = _signed((state.award - by_rules) / 100)
        return (
            f"{said}By the rules as they are, {state.name} gets {money(by_rules)}; the what-if "
            f"changes that by {change}."
        )
    before = {s.key: s.award for s in result.by_rules.states}
    up = sum(s.award > before[s.key] for s in result.award.states)
    down = sum(s.award < before[s.key] for s in result.award.states)
    return f"{said}{up} get more than by the rules as they are, {down} less."


def rule(award: Award) -> str:
    """The formula in words, with the numbers it was run with."""
    taken = {t.name: t.words for t in award.taken}
    return (
        f"Of the money {taken['population_share']} follows population, "
        f"{taken['violent_crime_share']} violent crime as police recorded it. Where any State "
        f"would get less than {taken['minimum_share']} of the total, every State gets that first, "
        f"and the rest is shared among the others. A State's government has "
        f"{taken['state_share']}, its local governments the rest."
    )


def doubt(result: JagResult) -> str:
    """The doubt in the same breath."""
    if result.local is not None:
        low, high = result.local.noise.lower, result.local.noise.upper
        return f"With counting noise in its own count: ${low:,.0f} to ${high:,.0f}."
    if result.state is None:
        return "Counts of crime this large have little noise; what moves awards is revision."
    if result.state.allocation.is_minimum:
        return "Counting noise does not move it."
    return f"Counting noise alone: {_millions(result.sureness.intervals[result.state.key])}."


def _millions(interval: Interval) -> str:
    low, high = interval.lower / 1e6, interval.upper / 1e6
    digits = 2 if high - low >= 0.02 else 3
    return f"${low:,.{digits}f} to ${high:,.{digits}f} million"


def notes(result: JagResult) -> Iterator[tuple[str, str]]:
    """Everything a reader should know beside the figures: label and sentence."""
    award = result.award
    yield from _published(result)
    yield from _near(result)
    yield from _local_states(result)
    for other in result.sureness.otherwise:
        yield "Other ways", _otherwise(result, other)
    yield "Definition", _definition(award)
    yield (
        "Covers",
        (
            "what the FBI estimates for each State, agencies that did not report included"
            if result.local is None
            else "the place as its own police reported it; its State as the FBI estimates it"
        ),
    )
    if result.state is not None:
        yield "Unreported", _unreported(result, result.state)
    for text in award.stand_ins:
        yield "Caveat", f"{text}."
    for taken in award.unverified:
        if _bears_on(taken, result):
            yield "Unverified", unverified_words(taken)
    for taken in (t for t in award.taken if t.scenario):
        yield "What if", f"{taken.title}: {taken.words} ({taken.scenario})"
    yield "Rule", f"{award.title}: {award.standing}, 34 U.S.C. 10156; parameters as of 1 October"
    yield "Vintage", _vintage(award)
    yield "Source", sources(award)


def _published(result: JagResult) -> Iterator[tuple[str, str]]:
    award = result.award
    shown = [] if result.local is not None else list(award.differences)
    if result.state is not None:
        shown = [d for d in shown if d.key == result.state.key]
    if not shown or award.published is None:
        return
    words = "; ".join(f"{d.name} {d.published} (here {_short(d.ours)})" for d in shown)
    yield "Published", f"{words}. {award.published.citation}."
    names = {d.name for d in shown}
    for need in result.needed:
        if need.name in names:
            yield (
                "Revised",
                f"the published {need.published} of {need.name} would need {need.least:,} to "
                f"{need.most:,} violent crimes over the years averaged, where the records at hand "
                f"now have {need.held:,}: an award rests on the figures as they stood when it was "
                "made, and figures are revised afterwards",
            )


def _short(dollars: float) -> str:
    return f"${dollars / 1e6:,.2f} million"


def _near(result: JagResult) -> Iterator[tuple[str, str]]:
    if result.state is not None or result.local is not None:
        keys = {result.state.allocation.key} if result.state is not None else set()
        near = [n for n in result.sureness.near if n.key in keys]
    else:
        near = list(result.sureness.near)
    if near:
        words = "; ".join(
            f"{n.name} at {n.times:.2f} of it"
            + (f", across it in {100 * n.crossed:.0f}% of draws" if n.crossed else "")
            for n in near[:NAMES_SHOWN]
        )
        yield "Near", f"within a tenth of the minimum: {words}"


def _local_states(result: JagResult) -> Iterator[tuple[str, str]]:
    """What a list of local governments comes to, State by State."""
    shown = [
        each for each in result.locals if result.state is None or each.state.key == result.state.key
    ]
    for each in shown:
        made = each.allocation
        per_crime = f"${float(made.per_crime):,.2f}"
        yield (
            "Local",
            f"{each.state.name}: {len(made.paid):,} of {len(made.paid) + len(made.too_small):,} "
            f"listed units are paid {money(made.pool - made.to_state)}, {per_crime} a violent "
            f"crime; {money(made.to_state)} is too small to be paid and goes to the "
            "State's government",
        )
        if each.near:
            paid = {d.name: f", paid in {100 * d.paid_share:.0f}% of draws" for d in result.drawn}
            names = ", ".join(
                f"{name} ({money(cents)}{paid.get(name, '')})"
                for name, cents in each.near[:NAMES_SHOWN]
            )
            more = len(each.near) - NAMES_SHOWN
            tail = f" and {more} more" if more > 0 else ""
            yield "Near", f"within a tenth of the least that is paid: {names}{tail}"
        for group in each.groups:
            yield (
                "Disparate",
                f"{group.county} with {', '.join(group.cities)}: {group.why}. If it is certified "
                "that it bears more than half of the costs of prosecution or incarceration, they "
                f"must apply together for {money(group.aggregate)} (34 U.S.C. 10156(d)(4))",
            )
        if each.left_out:
            yield (
                "Left out",
                f"{len(each.left_out)} of {each.state.name} with fewer than three years reported: "
                f"{', '.join(each.left_out[:NAMES_SHOWN])}",
            )


def _otherwise(result: JagResult, other: Otherwise) -> str:
    state = result.local.state if result.local is not None else result.state
    if state is not None:
        given = other.awards[state.key]
        return f"{other.choice}: {_short(given)} ({_signed(given - state.award / 100)})"
    moved = sorted(
        ((other.awards[s.key] - s.award / 100, s.name) for s in result.award.states),
        key=lambda m: -abs(m[0]),
    )[:3]
    return f"{other.choice}: moves most " + ", ".join(f"{n} ({_signed(d)})" for d, n in moved)


def _signed(dollars: float) -> str:
    return f"{'+' if dollars >= 0 else '-'}${abs(dollars):,.0f}"


def _definition(award: Award) -> str:
    if award.definition is not None:
        return f"violent crime with rape by the {award.definition} definition in every year"
    years = award.inputs.crime_years
    used = {y: _basis(award, y) for y in years}
    if len(set(used.values())) == 1:
        return f"violent crime as the FBI printed each State's total: rape {used[years[0]]}"
    words = ", ".join(f"{y} {d}" for y, d in used.items())
    return (
        f"violent crime as the FBI printed each State's total. The definition of rape changes "
        f"inside the years: {words}"
    )


def _basis(award: Award, year: int) -> str:
    said = [
        y.definition
        for s in award.inputs.states
        for y in s.years
        if (y.stands_for or y.year) == year and y.definition
    ]
    return max(sorted(set(said)), key=said.count) if said else "as printed"


def _vintage(award: Award) -> str:
    day = award.inputs.released.isoformat()
    asked = f"as published by {award.as_of.isoformat()}: " if award.as_of else ""
    return (
        f"{asked}the release of {day}, not that of the day the awards were made; an award is a "
        "function of the figures as published then (--as-of)"
    )


def sources(award: Award) -> str:
    """The files behind the figures."""
    inputs = award.inputs
    return (
        f"FBI, {inputs.file} ({inputs.crime_years[0]}-{inputs.crime_years[-1]} violent crime, "
        f"{inputs.population_year} population), sha256 {inputs.sha256[:16]}…; the territories: "
        "see --explain; total: " + award.total_source
    )


def _unreported(result: JagResult, state: StateAward) -> str:
    """What agencies that did not report may have moved."""
    if not state.input.crimes:
        return "its violent crimes are not published; it gets the minimum whatever they are"
    said = "how much of the State's count the FBI filled in is not in the file"
    more = result.sureness.each_hundred[state.allocation.key]
    if state.allocation.is_minimum and more <= 0:
        return f"{said}; a hundred crimes a year more or fewer do not move a minimum"
    return f"{said}; each hundred crimes a year more or fewer move the award by ${more:,.0f}"


def _bears_on(taken: Taken, result: JagResult) -> bool:
    """Whether what is shown rests on a parameter: a list of States bears on those it names."""
    state = result.local.state if result.local is not None else result.state
    return state is None or not isinstance(taken.value, tuple) or state.key in taken.value


def unverified_words(taken: Taken) -> str:
    """A parameter nobody has verified, and why."""
    note = f" ({taken.note})" if taken.note else ""
    return f"{taken.title}: {taken.words}. {taken.citation}{note}"
