"""A selection in plain sentences, in one place, so that page, terminal and JSON say the same."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from baserate.grants.parameters import Taken
from baserate.grants.register import RegisterRow
from baserate.grants.selection.contrasts import Candidate, Contrast
from baserate.grants.selection.criteria import Standing
from baserate.grants.selection.select import Selected
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
PREDECESSOR_NAMES = {"vrn": "the Violence Reduction Network"}
NAMED = 4  # cities that a sentence names
# A city of so many people, so many times as large as its largest namesake, needs no state.
KNOWN_FROM = 100_000
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
    """The first line: how many meet it, and how many of them the program never had."""
    met, told, fewest = len(found.met), len(found.told), smallest(found)
    of = f" of {fewest:,.10g} people or more" if fewest else ""
    first = f"{met} of {told} {cities(told)}{of} with records stood above {bar(found)} " + (
        each_year(found)
    )
    if not found.cohort or not met:
        return first
    left = len(found.met_not_chosen)
    was = "was" if left == 1 else "were"
    if found.met_as("already a site", "in the predecessor"):
        return (
            f"{first}; {left} of them {was} neither chosen in {cohort(found)} nor in the program "
            "or its predecessor before"
        )
    return f"{first}; {left} of them {was} not chosen in {cohort(found)}"


def finding(found: Selected) -> list[str]:
    """The findings in short paragraphs, the headline first."""
    paragraphs = [[f"{headline(found)}."]]
    if found.cohort:
        paragraphs += [_as_strongly(found), [_chosen(found), _already(found), _before(found)]]
    paragraphs.append([*_without_certainty(found), _other_nations(found)])
    return [" ".join(filter(None, said)) for said in paragraphs if any(said)]


def smallest(found: Selected) -> float:
    """The fewest people that a candidate has."""
    return float(found.criteria.smallest_population.number)


def floor(found: Selected) -> str:
    """How many cities the smallest population leaves out, and who says so."""
    fewest, count = smallest(found), len(found.too_small)
    if not fewest:
        return ""
    taken = found.criteria.smallest_population
    out = f"{count:,} smaller {cities(count)}" if count else "no city"
    return (
        f"The floor of {fewest:,.10g} people leaves out {out} with records "
        f"({taken.scenario or taken.citation}); --smallest-population 0 takes every city."
    )


def doubt(found: Selected) -> str:
    """What the list cannot bear."""
    said = (
        "The published criteria name no number: the threshold, the years, the level of "
        "certainty and the smallest population are declared here, and can be changed. The other "
        "two criteria, commitment and readiness, are not computed: "
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
    if found.chosen_small:
        sites = "; ".join(_site(r.site, r.state) for r in found.chosen_small)
        said += f" Left out as smaller than the floor, though chosen in {cohort(found)}: {sites}."
    return said


def part_label(one: Candidate) -> str:
    """A city's part in the program in a table: 'in the predecessor, 2014'."""
    if one.part == "in the predecessor":
        return f"{one.part}, {_first_year(one.before)}"
    if one.part == "chosen later":
        return f"{one.part}, {_first_year(one.sites)}"
    return "site already" if one.part == "already a site" else one.part


def since(one: Candidate) -> str:
    """'the Violence Reduction Network, since September 2014', of a city in the predecessor."""
    first = _first(one.before)
    return f"{PREDECESSOR_NAMES.get(first.program, first.program)}, since {when(first)}"


def _first(rows: Sequence[RegisterRow]) -> RegisterRow:
    return min(rows, key=lambda r: r.first_day or date.max)


def _first_year(rows: Sequence[RegisterRow]) -> int:
    return (_first(rows).first_day or date.max).year


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


def beside(found: Selected) -> list[tuple[Contrast, tuple[str, ...]]]:
    """Each chosen city's contrast, with those that no chosen city above it has beside it."""
    seen: set[str] = set()
    made = []
    for contrast in found.contrasts:
        made.append((contrast, tuple(k for k in contrast.as_far if k not in seen)))
        seen.update(contrast.as_far)
    return made


def split_names(found: Selected, keys: Sequence[str], most: int = NAMED) -> str:
    """Names in a sentence, those in the predecessor program apart.

    'Baltimore and Atlanta; in the predecessor: Detroit'.
    """
    before = [k for k in keys if k in {c.key for c in found.part("in the predecessor")}]
    others = [k for k in keys if k not in before]
    said = [names(others, most)] if others else []
    said += [f"in the predecessor: {names(before, most)}"] if before else []
    return "; ".join(said)


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


def site_words(found: Selected) -> list[str]:
    """Who says which sites there were: each source once, with its start and what it is not sure of.

    Those of the cohort, and those of the predecessor that cities of the list were in.
    """
    earlier = [r for c in found.candidates for r in c.before if found.cohort]
    used = [*found.cohort_rows, *earlier]
    made = []
    for program, source, address, start in dict.fromkeys(
        (r.program, r.source, r.address, when(r)) for r in used
    ):
        rows = [r for r in used if (r.source, r.address, when(r)) == (source, address, start)]
        unsure = [r.site for r in rows if not r.verified]
        doubtful = f"; not verified: {', '.join(unsure)}" if unsure else ""
        name = PREDECESSOR_NAMES.get(program, "")
        name = f"Predecessor, {name}: " if name else ""
        made.append(f"{name}{source} {address}. Start: {start}{doubtful}.")
    return made


def records_words(found: Selected) -> str:
    """The records that were read, short: each dataset with its releases, and the nation's."""
    said = []
    for key in dict.fromkeys(c.record.dataset for c in found.candidates if c.record.years):
        days = [entry.released for entry, _ in found.files if entry.dataset == key]
        first, last = f"{min(days):%-d %B %Y}", f"{max(days):%-d %B %Y}"
        said.append(
            f"{dataset(key).publisher.partition(',')[0]}, {dataset(key).title}, released "
            f"{last if first == last else f'{first} to {last}'}"
        )
    newest = found.nation.usual[found.years[-1]]
    said.append(f"the nation: {found.nation.citation}, released {newest.released:%-d %B %Y}")
    return "; ".join(said)


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
    own = max((p.population or 0 for p in meant if p.key == key), default=0)
    return name if own >= max(KNOWN_FROM, OUTSHINES * rival) else f"{name} ({state})"


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
    who = f"all {len(met)}" if len(met) == len(told) > 1 else f"{len(met)} of them"
    return (
        f"Of the {len(found.cohort_rows)} sites chosen in {cohort(found)}, {len(told)} "
        f"{'has' if len(told) == 1 else 'have'} records here; {who} met the criterion."
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
    strong = [c for c in found.as_strongly if c.part != "in the predecessor"]
    before = [c for c in found.as_strongly if c.part == "in the predecessor"]
    said = []
    if strong:
        count = len(strong)
        said.append(
            f"{count} {cities(count)} that {'was' if count == 1 else 'were'} not chosen in "
            f"{cohort(found)} stood at least as far above the nation as one that was: "
            f"{names([c.key for c in strong], 8)}."
        )
    if before:
        verb = "So did" if strong else "As far above the nation as one that was chosen stood"
        said.append(f"{verb} {_and_since(found, before)}.")
    return [*said, *_nearly(found)]


def _nearly(found: Selected) -> list[str]:
    """Those below every chosen city, by no more than noise below some; grouped by which."""
    groups: dict[tuple[str, ...], list[Candidate]] = {}
    for one in found.within_noise:
        near = tuple(c.chosen.key for c in found.contrasts if one.key in c.alike)
        groups.setdefault(near, []).append(one)
    lowest = found.contrasts[-1].chosen.key if found.contrasts else ""
    said = []
    for near, group in groups.items():
        whom = names(near, 12)
        if near == (lowest,):
            whom += ", the lowest of those chosen with records"
        others = [c for c in group if c.part != "in the predecessor"]
        before = [c for c in group if c.part == "in the predecessor"]
        who = [names([c.key for c in others], 8)] if others else []
        who += [_and_since(found, before)] if before else []
        said.append(f"Below {whom}, but by no more than counting noise: {'; '.join(who)}.")
    return said


def _and_since(found: Selected, before: Sequence[Candidate]) -> str:
    """'Detroit (not chosen in 2017; in the predecessor program since September 2014)'."""
    groups: dict[str, list[str]] = {}
    for one in before:
        groups.setdefault(when(_first(one.before)), []).append(one.key)
    return "; ".join(
        f"{names(keys, 8)} (not chosen in {cohort(found)}; in the predecessor program since "
        f"{start})"
        for start, keys in groups.items()
    )


def _already(found: Selected) -> str:
    there = [c.key for c in found.met_as("already a site")]
    if not there:
        return ""
    verb = "was a site" if len(there) == 1 else "were sites"
    return f"{names(there, 8)} met it and {verb} already."


def _before(found: Selected) -> str:
    groups: dict[str, list[str]] = {}
    for one in found.met_as("in the predecessor"):
        groups.setdefault(since(one), []).append(one.key)
    return " ".join(
        f"{names(keys, 8)} met it and had been in the predecessor, {start}."
        for start, keys in groups.items()
    )


def _site(site: str, state: str) -> str:
    return f"{site}, {state}" if state else site
