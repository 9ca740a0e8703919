"""What a selection says of the one city asked about: only what bears on it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from baserate.errors import NotARanking, SmallCounts
from baserate.grants.selection.contrasts import (
    RELATIONS,
    Candidate,
    Relation,
    against_chosen,
)
from baserate.grants.selection.criteria import Standing
from baserate.grants.selection.select import Selected
from baserate.measure.poisson import SMALL_COUNT
from baserate.publish.register_table import when
from baserate.publish.selection_words import (
    bar,
    cohort,
    each_year,
    floor,
    names,
    rank_words,
    since,
    span,
    times,
    window,
)
from baserate.terms.offenses import offense

_RELATION_WORDS: dict[Relation, str] = {
    "surely above": "surely above {}",
    "above within noise": "above {} by no more than counting noise",
    "below within noise": "below {} by no more than counting noise",
    "surely below": "surely below {}",
}


def about_place(found: Selected, one: Candidate) -> str:
    """The city's answer as one paragraph, for the page and the JSON."""
    facts = [f"{text}." for _, text in place_facts(found, one)]
    return " ".join([verdict(found, one), *facts])


def verdict(found: Selected, one: Candidate) -> str:
    """Whether it meets the criterion, and what it was to the program."""
    above = f"above {bar(found)} {each_year(found)}"
    every = " every year" if len(found.years) > 1 else ""
    said = {
        "met": f"it stood {above}, by more than counting noise{every}",
        "met without certainty": f"it stood {above}, but not by more than counting noise{every}",
        "not met": f"it did not stand {above}",
        "cannot be told": "a year is missing or held in part",
    }[one.standing]
    return f"{one.key}: {one.standing}; {said}. {_part(found, one)}".strip()


def place_facts(found: Selected, one: Candidate) -> Iterator[tuple[str, str]]:
    """Its years, its rank and those chosen that it is above and below, each under a label."""
    told = [
        f"{times(r, interval=True)} in {y.year}"
        for r, y in zip(one.years, one.record.years, strict=True)
    ]
    if one.over_window is not None and len(told) > 1:
        whole = one.over_window
        told.append(f"{whole.ratio:.2f} ({span(whole)}) over {window(found)}")
    if told:
        yield "Ratio", f"Times the nation's rate: {', '.join(told)}"
    for lacking in one.record.lacking:
        yield "Lacking", f"{lacking.year}: {lacking.why}"
    if one.rank is not None:
        yield "Rank", rank_words(found, one)
    beside = _beside_chosen(found, one)
    if beside:
        yield "Beside", f"Of those chosen in {cohort(found)}: {beside}"
    said = floor(found)
    if said:
        yield "Left out", said.rstrip(".")


def place_rules(found: Selected) -> Iterator[tuple[str, list[Standing | None]]]:
    """Whether it meets it under other offenses and windows, at each threshold in order."""
    for kind, years in dict.fromkeys((v.offense, v.window) for v in found.variations):
        row = [v for v in found.variations if (v.offense, v.window) == (kind, years)]
        name = f"{offense(kind).name}, {years} {'year' if years == 1 else 'years'}"
        yield name, [v.place for v in sorted(row, key=lambda v: v.threshold)]


def place_caveats(found: Selected, one: Candidate) -> Iterator[str]:
    """The caveats that bear on one city."""
    yield from (c.text for c in found.caveats if isinstance(c, NotARanking))
    unstated = [y for y in one.record.years if not y.alike]
    if unstated:
        yield (
            "Its source does not say by which definition of rape every year counts. If by the "
            "wider one, its ratio is too high, by about 3% if rape is to its other violence what "
            "it is in the nation."
        )
    if any(y.row.offenses < SMALL_COUNT for y in one.record.years):
        yield from (c.text for c in found.caveats if isinstance(c, SmallCounts))


def _part(found: Selected, one: Candidate) -> str:
    then = cohort(found)
    if one.part == "chosen":
        return f"It was chosen in {then}."
    if one.part == "already a site":
        return f"In {then} it was a site already{_before(one)}."
    if one.part == "in the predecessor":
        return f"It was not chosen in {then}; it was in the predecessor program, {since(one)}."
    if one.part == "chosen later":
        later = min(one.sites, key=lambda r: r.first_day or date.max)
        return f"It was not chosen in {then}; it was chosen later ({when(later)})."
    return f"It was not chosen in {then}, nor is it in the register before." if one.part else ""


def _before(one: Candidate) -> str:
    return f", and in the predecessor, {since(one)}" if one.before else ""


def _beside_chosen(found: Selected, one: Candidate) -> str:
    relations = against_chosen(one, found.candidates, found.criteria.level)
    return "; ".join(
        _RELATION_WORDS[r].format(names(keys, 12))
        for r in RELATIONS
        if (keys := [k for k, how in relations.items() if how == r])
    )
