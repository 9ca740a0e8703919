"""Everything a reader should know beside an award: label and sentence, in the order to be read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from baserate.grants.award import StateAward
from baserate.grants.explain import money
from baserate.grants.inputs import Inputs
from baserate.grants.local_states import LocalState
from baserate.grants.parameters import Taken
from baserate.grants.psn import DistrictAwards
from baserate.grants.result import JagResult
from baserate.grants.sureness import Otherwise
from baserate.publish.award_words import asked_state, signed
from baserate.publish.claim_words import day
from baserate.terms.offenses import RapeDefinition

NAMES_SHOWN = 8
COVERS = "what the FBI estimates for each State, agencies that did not report included"

Notes = Iterator[tuple[str, str]]


def notes(result: JagResult) -> Notes:
    """Label and sentence of each note."""
    award = result.award
    yield from _published(result)
    yield from _near(result)
    for each in result.locals:
        if result.state is None or each.state.key == result.state.key:
            yield from _local_state(each, result)
    for other in result.sureness.otherwise:
        yield "Other ways", _otherwise(result, other)
    yield "Definition", _definition(award.definition, award.inputs)
    yield "Covers", _covers(result)
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
    yield "Vintage", _vintage(award.as_of, award.inputs)
    yield "Source", f"{_sources(award.inputs)}; total: {award.total_source}"
    if result.locals:
        yield "Source", f"local governments: the list {result.listed_in}, as given"
    if result.local is not None:
        yield "Source", f"{result.local.unit.name}: {result.listed_in or result.local.unit.source}"


def district_notes(found: DistrictAwards) -> Notes:
    """Label and sentence of each note on a declared rule's awards."""
    if found.scenario:
        yield "What if", found.scenario
    yield "Rule", f"{found.standing}. Change it with --with"
    for taken in found.taken:
        if taken.name.endswith("_share"):
            yield "Declared", unverified_words(taken)
    if found.not_held:
        yield (
            "Caveat",
            f"the violent crimes of {', '.join(found.not_held)} are not held and counted as none; "
            "by its people alone each gets at least this",
        )
    if found.inputs is None:
        yield "Source", f"{found.source}: each district's people and violent crimes, as given"
        return
    yield "Districts", "all districts of a State together; --districts gives each its own"
    yield "Definition", _definition(found.definition, found.inputs)
    yield "Covers", COVERS
    yield "Vintage", _vintage(found.as_of, found.inputs)
    yield "Source", _sources(found.inputs)


def _published(result: JagResult) -> Notes:
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


def _near(result: JagResult) -> Notes:
    near = list(result.sureness.near)
    if result.local is not None:
        return
    if result.state is not None:
        near = [n for n in near if n.key == result.state.allocation.key]
    if near:
        words = "; ".join(
            f"{n.name} at {n.times:.2f} of it"
            + (f", across it in {100 * n.crossed:.0f}% of draws" if n.crossed else "")
            for n in near[:NAMES_SHOWN]
        )
        yield "Near", f"within a tenth of the minimum, or carried across it by noise: {words}"


def _local_state(each: LocalState, result: JagResult) -> Notes:
    """What a list of one State's local governments comes to."""
    made = each.allocation
    units = len(made.paid) + len(made.too_small)
    share = (
        "" if each.listed_share is None else f" with {100 * each.listed_share:.0f}% of its crime"
    )
    yield (
        "Local",
        f"{each.state.name}: {len(made.paid):,} of {units:,} listed units{share} are paid "
        f"{money(made.pool - made.to_state)}, ${float(made.per_crime):,.2f} a violent crime; "
        f"{money(made.to_state)} is too small to be paid and goes to the State's government",
    )
    if each.near:
        paid = {d.name: f", paid in {100 * d.paid_share:.0f}% of draws" for d in result.drawn}
        named = [f"{name} ({money(cents)}{paid.get(name, '')})" for name, cents in each.near]
        yield "Near", f"within a tenth of the least that is paid: {_some(named)}"
    for group in each.groups:
        yield (
            "Disparate",
            f"{group.county} with {', '.join(group.cities)}: {group.why}. If the Attorney General "
            f"certifies that {group.county} bears more than half of the costs of prosecution or "
            f"incarceration, they must apply together for {money(group.aggregate)} "
            "(34 U.S.C. 10156(d)(4))",
        )
    if each.counties_unlisted:
        yield (
            "Disparate",
            f"not on the list, so whether they would form a group can't be told: "
            f"{_some(each.counties_unlisted)}",
        )
    if each.left_out:
        yield "Left out", f"with too few years reported: {_some(each.left_out)}"


def _some(names: list[str] | tuple[str, ...]) -> str:
    more = len(names) - NAMES_SHOWN
    return ", ".join(names[:NAMES_SHOWN]) + (f" and {more} more" if more > 0 else "")


def _otherwise(result: JagResult, other: Otherwise) -> str:
    state = asked_state(result)
    if state is not None:
        given = other.awards[state.key]
        return f"{other.choice}: {_short(given)} ({signed(given - state.award / 100)})"
    moved = sorted(
        ((other.awards[s.key] - s.award / 100, s.name) for s in result.award.states),
        key=lambda m: -abs(m[0]),
    )[:3]
    return f"{other.choice}: moves most " + ", ".join(f"{n} ({signed(d)})" for d, n in moved)


def _definition(asked: RapeDefinition | None, inputs: Inputs) -> str:
    if asked is not None:
        return f"violent crime with rape by the {asked} definition in every year"
    used = {y: _basis(inputs, y) for y in inputs.crime_years}
    if len(set(used.values())) == 1:
        return (
            f"violent crime as the FBI printed each State's total: rape {next(iter(used.values()))}"
        )
    words = ", ".join(f"{y} {d}" for y, d in used.items())
    return (
        "violent crime as the FBI printed each State's total. The definition of rape changes "
        f"inside the years: {words}"
    )


def _basis(inputs: Inputs, year: int) -> str:
    said = [
        y.definition
        for s in inputs.states
        for y in s.years
        if (y.stands_for or y.year) == year and y.definition
    ]
    return max(sorted(set(said)), key=said.count) if said else "as printed"


def _covers(result: JagResult) -> str:
    """Whose crimes are counted."""
    local = result.local
    if local is None:
        return COVERS
    part = "" if local.listed_share is None else f" with {100 * local.listed_share:.0f}% of the "
    part += "violent crime recorded in it" if part else ""
    units = f"{local.units:,} units of {local.state.name}{part}"
    if not result.listed_in:
        return f"cities and counties at hand, as their own police reported: {units}"
    if local.is_short_list:
        units += (
            ". That is too little for a whole list: whoever is left out of it makes the others' "
            "awards too large"
        )
    return f"the list {result.listed_in}: {units}"


def _unreported(result: JagResult, state: StateAward) -> str:
    """What agencies that did not report may have moved."""
    if not state.input.crimes:
        return "its violent crimes are not held"
    said = "how much of the State's count the FBI filled in is not in the file"
    more = result.sureness.each_hundred[state.allocation.key]
    if state.allocation.is_minimum and more <= 0:
        return f"{said}; a hundred crimes a year more or fewer do not move a minimum"
    return f"{said}; each hundred crimes a year more or fewer move the award by ${more:,.0f}"


def _bears_on(taken: Taken, result: JagResult) -> bool:
    """Whether what is shown rests on a parameter: a list of States bears on those it names."""
    state = asked_state(result)
    return state is None or not isinstance(taken.value, tuple) or state.key in taken.value


def unverified_words(taken: Taken) -> str:
    """A parameter nobody has verified, and why."""
    note = f" ({taken.note})" if taken.note else ""
    citation = taken.citation[:1].upper() + taken.citation[1:]
    return f"{taken.title}: {taken.words}. {citation}{note}"


def _vintage(as_of: date | None, inputs: Inputs) -> str:
    asked = f"as published by {day(as_of)}: " if as_of else ""
    return (
        f"{asked}the release of {day(inputs.released)}, not that of the day the awards "
        "were made; an award is a function of the figures as published then (--as-of)"
    )


def _sources(inputs: Inputs) -> str:
    """The files behind the figures."""
    files = "; ".join(f"{file}, sha256 {checksum[:16]}…" for file, checksum in inputs.files)
    return (
        f"FBI, {inputs.crime_years[0]}-{inputs.crime_years[-1]} violent crime and "
        f"{inputs.population_year} population: {files}; the territories: FBI and Census Bureau"
    )
