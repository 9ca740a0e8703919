"""One award, line by line: every number with what it is and where it comes from.

Lines are data; how they are printed is `publish`'s affair.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from baserate.grants.award import Award, StateAward
from baserate.grants.jag import SAMOA_AND_MARIANAS
from baserate.grants.local import LocalAward, years_used
from baserate.grants.parameters import Taken


@dataclass(frozen=True, slots=True)
class Line:
    """One step: what it is, the figure as printed, and the source or the arithmetic behind it.

    `verified` is False where the step rests on a parameter that nobody has verified.
    """

    what: str
    figure: str
    source: str
    verified: bool = True


def explained(award: Award, state: StateAward) -> Iterator[Line]:
    """How one State comes to its award, in the order of the statute."""
    yield Line("to be shared out", money(award.total), award.total_source)
    yield from _figures(award, state)
    yield from _among_states(award, state)
    yield from _between(award, state)


def _figures(award: Award, state: StateAward) -> Iterator[Line]:
    """What the records say of the State, and of all that share."""
    for year in state.input.years:
        asked = year.stands_for or year.year
        stand_in = f" (of {year.year})" if year.stands_for else ""
        figure = "not held" if year.count is None else f"{year.count:,}{stand_in}"
        yield Line(f"violent crimes in {asked}", figure, year.source)
    years = award.inputs.crime_years
    span = f"{years[0]}-{years[-1]}" if len(years) > 1 else str(years[0])
    yield Line(
        f"a year, {span}",
        f"{float(state.input.average):,.2f}",
        f"their sum over {len(years)} years; {_cited(award, 'crime_years')}",
    )
    entities = award.inputs.entities()
    crimes = sum((e.violent_crimes for e in entities), Fraction(0))
    people = sum((e.population for e in entities), Fraction(0))
    yield Line(
        f"the same of all {len(entities)} that share", f"{float(crimes):,.2f}",
        "the States, the District and the territories, added up",
    )  # fmt: skip
    yield Line(
        f"people in {state.input.population_year}",
        f"{state.input.population:,}",
        state.input.population_source,
    )
    yield Line(f"the same of all {len(entities)}", f"{int(people):,}", "added up")


def _among_states(award: Award, state: StateAward) -> Iterator[Line]:
    """Subsection (a)."""
    made, shares = state.allocation, f"{_words(award, 'population_share')} by people and "
    shares += f"{_words(award, 'violent_crime_share')} by violent crime"
    joint = " of the two islands together" if made.key == SAMOA_AND_MARIANAS else ""
    yield Line(f"first share{joint}", money(100 * made.initial), f"{shares}, of the whole total")
    if made.minimum:
        yield Line(
            "the minimum, which every State gets first", money(100 * made.minimum),
            f"{_words(award, 'minimum_share')} of the total; {_cited(award, 'minimum_share')}",
        )  # fmt: skip
    if made.is_minimum:
        yield Line(
            "of the rest", money(0),
            "nothing: its first share is below the minimum, so its people and crimes are left out",
        )  # fmt: skip
    else:
        rest = award.total - 100 * made.minimum * award.entities
        sharing = [e for e in award.inputs.entities() if e.key not in award.minimum_states]
        if award.minimum_states:
            people = sum((e.population for e in sharing), Fraction(0))
            crimes = sum((e.violent_crimes for e in sharing), Fraction(0))
            who = f"the {len(sharing)} that share the rest"
            yield Line(f"people of {who}", f"{int(people):,}", "without the minimum States")
            yield Line(f"violent crimes a year of {who}", f"{float(crimes):,.2f}", "the same")
        of = f"of {money(rest)} for {len(sharing)}"
        yield Line(f"by its people, {of}", money(100 * made.by_people), _half(award, "population"))
        yield Line(
            f"by its violent crimes, {of}",
            money(100 * made.by_crime),
            _half(award, "violent_crime"),
        )
    if joint:
        yield Line(
            f"{state.name}'s part", money(state.award),
            f"{_words(award, 'american_samoa_share')} to American Samoa; "
            f"{_cited(award, 'american_samoa_share')}",
        )  # fmt: skip
    yield Line("award", money(state.award), "to the cent; all awards add up to the total")


def _between(award: Award, state: StateAward) -> Iterator[Line]:
    """Subsection (b), and what penalties keep back."""
    before = state.government + sum(w.cents for w in state.withheld)
    taken = _whole(award, state.key)
    if taken is not None:
        yield Line(
            "to its government", money(before), f"all of it; {taken.citation}", taken.verified
        )
    else:
        yield Line(
            "to its government", money(before),
            f"{_words(award, 'state_share')}; {_cited(award, 'state_share')}",
        )  # fmt: skip
        yield Line("to its local governments", money(state.local), "34 U.S.C. 10156(b)(2)")
    for kept in state.withheld:
        yield Line(
            f"withheld ({_taken(award, kept.by).title})", money(kept.cents),
            f"{_words(award, kept.by)} of the government's part; {_cited(award, kept.by)}",
        )  # fmt: skip


def local_lines(local: LocalAward) -> Iterator[Line]:
    """How one unit of local government comes to its award."""
    unit = local.unit
    for year in sorted(years_used(unit.years, local.averaged)):
        source = unit.sources.get(year, unit.source)
        yield Line(f"{unit.name}: violent crimes in {year}", f"{unit.years[year]:,}", source)
    average = unit.average or Fraction(0)
    yield Line(f"{unit.name}: a year", f"{float(average):,.2f}", "34 U.S.C. 10156(d)(2)(A)")
    most, least = local.local_crimes
    if local.is_exact:
        yield Line(
            f"of all local governments of {local.state.name}", f"{float(least):,.2f}",
            f"{local.units:,} units with enough years",
        )  # fmt: skip
        yield Line("for each violent crime", f"${local.per_crime[0]:,.2f}", "local amount over it")
        yield Line(f"{unit.name}'s allocation", money(local.least), "to the cent")
    else:
        yield Line(
            "of all local governments, at most", f"{float(most):,.2f}",
            f"everything recorded in {local.state.name}, by whatever agency",
        )  # fmt: skip
        yield Line(
            "of all local governments, at least", f"{float(least):,.2f}",
            f"the {local.units:,} cities and counties at hand",
        )  # fmt: skip
        yield Line(
            f"{unit.name}'s allocation", span(local),
            "the local amount times its part, at both ends; a list of all units would settle it",
        )  # fmt: skip
    yield Line("is it paid?", _paid(local), f"{local.minimum.words}; {local.minimum.citation}")


def span(local: LocalAward, between: str = " to ") -> str:
    """A local allocation: to the cent where it is exact, else the dollars it lies between."""
    if local.is_exact:
        return money(local.least)
    return f"${local.least / 100:,.0f}{between}${local.most / 100:,.0f}"


def _paid(local: LocalAward) -> str:
    if local.paid is None:
        return "can't tell"
    return "yes" if local.paid else "no, it goes to the State"


def money(cents: int | Fraction) -> str:
    """Cents as dollars and cents.

    >>> money(69598060)
    '$695,980.60'
    """
    return f"${float(cents) / 100:,.2f}"


def _taken(award: Award, name: str) -> Taken:
    return next(t for t in award.taken if t.name == name)


def _words(award: Award, name: str) -> str:
    return _taken(award, name).words


def _cited(award: Award, name: str) -> str:
    taken = _taken(award, name)
    return f"{taken.citation} ({taken.scenario})" if taken.scenario else taken.citation


def _half(award: Award, what: str) -> str:
    return f"{_words(award, f'{what}_share')}; {_cited(award, f'{what}_share')}"


def _whole(award: Award, key: str) -> Taken | None:
    """The parameter that names a State as one without a local amount; None for the others."""
    lists = (_taken(award, "no_local_share"), _taken(award, "no_local_share_in_practice"))
    return next((taken for taken in lists if key in taken.names), None)
