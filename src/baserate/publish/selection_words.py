"""A selection in plain sentences, in one place, so that page, terminal and JSON say the same."""

from __future__ import annotations

from collections.abc import Sequence

from baserate.grants.parameters import Taken
from baserate.grants.selection.criteria import Standing
from baserate.grants.selection.select import Candidate, Contrast, Part, Selected
from baserate.measure.poisson import RatioLimits
from baserate.publish.register_table import when
from baserate.sources.catalog import dataset
from baserate.store.ledger import Entry
from baserate.terms.offenses import offense
from baserate.terms.places import readings
from baserate.terms.quantities import ordinal

STANDING_ICONS: dict[Standing, str] = {
    "met": "●",
    "met without certainty": "◐",
    "not met": "○",
    "cannot be told": "?",
}
PARTS: dict[Part, str] = {
    "chosen": "chosen",
    "already a site": "site already",
    "chosen later": "chosen later",
    "not chosen": "not chosen",
    "": "",
}
NAMED = 4  # cities that a sentence names
# A city so many times as large as its largest namesake is named without its state.
OUTSHINES = 5


def times(found: RatioLimits | None, *, interval: bool = False) -> str:
    """A ratio as it is printed: '4.12', or '4.12 (4.04 to 4.21)'."""
    if found is None:
        return "no figure"
    return f"{found.ratio:.2f}{f' ({span(found)})' if interval else ''}"


def span(found: RatioLimits) -> str:
    """The limits of a ratio: '4.04 to 4.21'."""
    return f"{found.lower:.2f} to {found.upper:.2f}"


def window(found: Selected) -> str:
    """The years looked at: '2013 to 2015'."""
    first, last = found.years[0], found.years[-1]
    return str(first) if first == last else f"{first} to {last}"


def each_year(found: Selected) -> str:
    """'in each of 2013 to 2015', or 'in 2015'."""
    return f"in each of {window(found)}" if len(found.years) > 1 else f"in {window(found)}"


def bar(found: Selected) -> str:
    """What a city must exceed: "the nation's violent crime rate", or '2 times' that."""
    name = f"the nation's {offense(found.asked.offense).name} rate"
    over = found.criteria.over
    return name if over == 1 else f"{over:g} times {name}"


def headline(found: Selected) -> str:
    """The first line: how many meet it, and how many of them were not chosen."""
    met, told = len(found.met), len(found.told)
    first = f"{met} of {told} {cities(told)} with records stood above {bar(found)} " + each_year(
        found
    )
    if not found.cohort or not met:
        return first
    left = len(found.met_not_chosen)
    return f"{first}; {left} of them {'was' if left == 1 else 'were'} not chosen in {cohort(found)}"


def finding(found: Selected) -> list[str]:
    """The findings in short paragraphs, the first one first."""
    paragraphs = [[f"{headline(found)}."]]
    if found.cohort:
        paragraphs += [_as_strongly(found), [_chosen(found), _already(found)]]
    paragraphs.append([*_without_certainty(found), _other_nations(found)])
    return [" ".join(filter(None, said)) for said in paragraphs if any(said)]


def doubt(found: Selected) -> str:
    """What the list cannot bear."""
    said = (
        "The published criteria name no number: the threshold, the years and the level of "
        "certainty are declared here, and can be changed. The other two criteria, commitment and "
        "readiness, are not computed: "
    )
    declared = [k for k in found.asked.declared if any(c.key == k for c in found.candidates)]
    absent = [k for k in found.asked.declared if k not in declared]
    said += (
        f"they are declared of {len(declared)} {cities(len(declared))} of the list"
        if found.asked.declared
        else "nothing about them was declared"
    )
    said += f", and of {names(absent)}, which is not in it." if absent else "."
    if found.chosen_absent:
        sites = "; ".join(_site(r.site, r.state) for r in found.chosen_absent)
        said += (
            f" Of the {len(found.cohort_rows)} sites of {cohort(found)}, "
            f"{len(found.chosen_absent)} have no records here: {sites}."
        )
    return said


def about_place(found: Selected, one: Candidate) -> str:
    """What the criterion says of one city."""
    shown = ", ".join(
        f"{times(r, interval=True)} in {y.year}"
        for r, y in zip(one.years, one.record.years, strict=True)
    )
    said = f"{one.key}: {one.standing}. "
    if shown:
        said += f"Times the nation's rate: {shown}. "
    said += " ".join(f"{x.year}: {x.why}." for x in one.record.lacking)
    if one.rank is not None:
        said += f"{rank_words(found, one)}. "
    sites = [f"{r.cohort} ({when(r)})" for r in one.sites]
    if one.part:
        said += f"In {cohort(found)}: {PARTS[one.part]}"
        said += f"; a site of {', '.join(sites)}. " if sites else ". "
    above = [c.chosen.key for c in found.contrasts if one.key in c.as_far]
    surely = [c.chosen.key for c in found.contrasts if one.key in c.surely]
    alike = [c.chosen.key for c in found.contrasts if one.key in c.alike]
    if above:
        said += (
            f"Over the window it was at least as far above the nation as {names(above, 12)} "
            f"(by more than counting noise: {len(surely)} of {len(above)}). "
        )
    if alike:
        said += f"It was below {names(alike, 12)} by no more than counting noise. "
    return said.strip()


def rank_words(found: Selected, one: Candidate) -> str:
    """'6th of 58 over 2013 to 2015 (5th to 6th by counting noise)'."""
    assert one.rank is not None
    of = sum(c.rank is not None for c in found.candidates)
    rank, highest, lowest = one.rank
    noise = (
        "certain of its rank by counting noise alone"
        if highest == lowest
        else f"{ordinal(highest)} to {ordinal(lowest)} by counting noise alone"
    )
    return f"{ordinal(rank)} of {of} over {window(found)} ({noise})"


def contrast_words(found: Contrast) -> str:
    """What stands beside one chosen city."""
    if not found.as_far:
        return "none that was not chosen was as far above"
    count = len(found.as_far)
    return (
        f"{count} not chosen {'was' if count == 1 else 'were'} as far above, {len(found.surely)} "
        f"surely: {names(found.as_far, 12)}"
    )


def taken_words(taken: Taken) -> str:
    """A parameter with its citation: 'threshold: 1 times ... (OJP, letter of ...)'."""
    said = f"{taken.title}: {taken.words} ({taken.scenario or taken.citation})"
    is_plain = taken.verified or taken.citation.startswith("declared here")
    return said if is_plain else f"{said}; not verified"


def nation_words(found: Selected) -> str:
    """The nation's rates and where they are from."""
    rates = ", ".join(f"{n.rate:,.1f} in {y}" for y, n in sorted(found.nation.usual.items()))
    newest = found.nation.usual[found.years[-1]]
    known = (
        "as printed then"
        if found.nation.vintage == "published"
        else "as the newest release at hand has it"
    )
    return (
        f"{rates} per 100,000 people, {known}: {found.nation.citation}, released "
        f"{newest.released:%-d %B %Y}"
    )


def source_words(entry: Entry, used: int, digits: int = 16) -> str:
    """A file with its publisher, its release and how many figures are from it."""
    told = dataset(entry.dataset)
    return (
        f"{told.publisher}, {told.title}: {entry.file}, released {entry.released:%-d %B %Y}, "
        f"{used:,} figures, SHA-256 {entry.sha256[:digits]}"
    )


def cohort(found: Selected) -> str:
    """The cohort as it is named in a sentence."""
    return "the pilot" if found.cohort == "pilot" else str(found.cohort)


def cities(count: int) -> str:
    """'city' or 'cities'."""
    return "city" if count == 1 else "cities"


def names(keys: Sequence[str], most: int = NAMED) -> str:
    """Names in a sentence, with the state where the name alone is another city's too.

    >>> names(["Detroit, MI", "Kansas City, MO", "Chicago, IL"], 2)
    'Detroit, Kansas City (MO) and 1 more'
    """
    unique = [_short(key) for key in keys]
    if len(unique) > most:
        return f"{', '.join(unique[:most])} and {len(unique) - most} more"
    return " and ".join(filter(None, [", ".join(unique[:-1]), *unique[-1:]]))


def _short(key: str) -> str:
    name, _, state = key.rpartition(", ")
    meant = [p for p in readings(name) if p.kind == "city"]
    rival = max((p.population or 0 for p in meant if p.key != key), default=0)
    is_plain = any(p.key == key and (p.population or 0) >= OUTSHINES * rival for p in meant)
    return name if is_plain else f"{name} ({state})"


def _other_nations(found: Selected) -> str:
    """Whether the list hangs on which statement of the nation's rate is taken."""
    said = [f"{o.label}, {o.met} of {o.told}" for o in found.other_nations]
    if not said:
        return ""
    return f"Against other statements of the nation's rate: {'; '.join(said)}."


def _chosen(found: Selected) -> str:
    chosen = found.part("chosen")
    told = [c for c in chosen if c.standing != "cannot be told"]
    met = [c for c in told if c.standing == "met"]
    if not told:
        return (
            f"Of the {len(found.cohort_rows)} sites of {cohort(found)} none has records here, so "
            "nothing can be said of them."
        )
    who = "all of them met it" if len(met) == len(told) > 1 else f"{len(met)} met it"
    return (
        f"Of the {len(found.cohort_rows)} sites chosen in {cohort(found)}, {len(told)} "
        f"{'has' if len(told) == 1 else 'have'} records here, and {who}."
    )


def _without_certainty(found: Selected) -> list[str]:
    unsure = [c.key for c in found.standing("met without certainty")]
    missing = [c.key for c in found.standing("cannot be told")]
    said = []
    if unsure:
        verb = "was above too, but" if len(unsure) == 1 else "were above too, but"
        said.append(f"{names(unsure)} {verb} not by more than counting noise every year.")
    if missing:
        said.append(f"Of {names(missing)} it cannot be told: a year is missing.")
    return said


def _as_strongly(found: Selected) -> list[str]:
    strong = [c.key for c in found.as_strongly]
    near = [c.key for c in found.within_noise]
    said = []
    if strong:
        said.append(
            f"{len(strong)} {cities(len(strong))} that {'was' if len(strong) == 1 else 'were'} not "
            f"chosen stood at least as far above the nation as one that was: {names(strong, 8)}."
        )
    if near:
        said.append(
            f"{names(near, 8)} {'was' if len(near) == 1 else 'were'} below every chosen city with "
            "records, and below one by no more than counting noise."
        )
    return said


def _already(found: Selected) -> str:
    there = [c.key for c in found.met if c.part == "already a site"]
    if not there:
        return ""
    verb = "was a site" if len(there) == 1 else "were sites"
    return f"{names(there, 8)} met it and {verb} already."


def _site(site: str, state: str) -> str:
    return f"{site}, {state}" if state else site
