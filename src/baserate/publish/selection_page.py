"""A selection as one page: who met the criterion, who was chosen, and how the list would change.

One HTML file with no script and no request to anywhere. Every number on it is in the JSON of the
same command, which stands at its foot.
"""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from baserate.grants.selection.contrasts import Candidate, Contrast
from baserate.grants.selection.ranks import METHOD
from baserate.grants.selection.select import Selected, Variation
from baserate.publish.figure import csv_link
from baserate.publish.page import environment, printable, typographic
from baserate.publish.selection_chart import Line, draw, key
from baserate.publish.selection_export import city_rows
from baserate.publish.selection_place import about_place
from baserate.publish.selection_terminal import variation_words
from baserate.publish.selection_words import (
    bar,
    beside,
    cities,
    cohort,
    doubt,
    finding,
    floor,
    headline,
    names,
    nation_words,
    part_label,
    records_words,
    site_words,
    source_words,
    span,
    split_names,
    taken_words,
    times,
    window,
)
from baserate.publish.tables import to_csv
from baserate.terms.offenses import definition_text, offense
from baserate.version import VERSION

DRAWN = 70  # cities in the chart and the table; more than that no page holds in 300 KB
YEARS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table of cities."""

    name: str
    standing: str
    years: tuple[str, ...]
    ratio: str
    interval: str
    rank: str
    part: str
    declared: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Beside:
    """One chosen city, and those beside it that no chosen city above it has beside it."""

    name: str
    ratio: str
    interval: str
    rank: str
    as_far: int
    surely: int
    who: str
    is_more: bool


@dataclass(frozen=True, slots=True)
class Varied:
    """One line of the table of other rules."""

    name: str
    cells: tuple[str, ...]
    is_asked: bool


def render_selection_page(found: Selected, command: str, *, out: str, made_on: date) -> str:
    """The page. `command` gives the same figures again, `out` is the file it is written to."""
    shown = _shown(found)
    return (
        environment()
        .get_template("selection.html")
        .render(
            found=found,
            title=_prose(f"{headline(found)}."),
            kicker=_kicker(found),
            place="" if found.place is None else _prose(about_place(found, found.place)),
            findings=[_prose(s) for s in finding(found)[1:]],
            doubt=_prose(doubt(found)),
            plots=_plots(found, shown),
            chart_title=_prose(_chart_title(found)),
            window=_prose(window(found)),
            years=found.years[-YEARS_SHOWN:],
            rows=[_row(found, c) for c in shown],
            left=len(found.candidates) - len(shown),
            csv_link=csv_link(to_csv(city_rows(found, shown))),
            csv_name=f"selection-{found.asked.rules.program}-{found.asked.year}.csv",
            key=[(Markup(svg), _prose(said)) for svg, said in key(found)],
            records=_prose(records_words(found)),
            cohort=cohort(found) if found.cohort else "",
            beside=[_beside(found, c, added) for c, added in beside(found)],
            thresholds=[f"{t:g}" for t in sorted({v.threshold for v in found.variations})],
            varied=_varied(found),
            taken=[_prose(taken_words(t)) for t in found.criteria.taken],
            notes=[_prose(t.note) for t in found.criteria.taken if t.note],
            nation=_prose(nation_words(found)),
            files=[source_words(entry, used, 64) for entry, used in found.files],
            definition=_definition(found),
            counts=offense(found.asked.offense).counts,
            sites=[_prose(s) for s in site_words(found)],
            floor=_prose(floor(found)),
            method=METHOD,
            json_command=f"{command} --json",
            version=VERSION,
            made_on=made_on,
            again=f"{command} --out {shlex.quote(printable(out))}",
        )
    )


def _shown(found: Selected) -> list[Candidate]:
    """The highest, and whoever was chosen or asked about."""
    return [
        c
        for i, c in enumerate(found.candidates)
        if i < DRAWN or c.part == "chosen" or c.key == found.asked.place
    ]


def _kicker(found: Selected) -> str:
    kind = offense(found.asked.offense).name
    said = f"{found.asked.rules.title}: {kind} recorded by police, against the nation"
    return _prose(f"{said}, {window(found)}")


def _chart_title(found: Selected) -> str:
    """How many that the program never had stood as far up as the lowest chosen: dots to count."""
    never = {c.key for c in found.met_not_chosen}
    most = found.contrasts[-1] if found.contrasts else None
    count = len(never.intersection(most.as_far)) if most else 0
    if most is None or not count:
        return f"How many times {bar(found)}, {window(found)}"
    return (
        f"{count} {cities(count)} that met the criterion and {'was' if count == 1 else 'were'} "
        f"not chosen in {cohort(found)} stood as far above the nation as "
        f"{names([most.chosen.key])}, which was"
    )


def _plots(found: Selected, shown: Sequence[Candidate]) -> list[tuple[str, Markup]]:
    drawn = [c for c in shown if c.over_window is not None]
    if not drawn:
        return []
    about = " ".join([f"{_chart_title(found)}.", *finding(found)])
    lines = [Line.of(c, is_asked=c.key == found.asked.place) for c in drawn]
    return [
        (where, Markup(draw(lines, width, about)))
        for where, width in (("wide", 880), ("narrow", 360))
    ]


def _row(found: Selected, one: Candidate) -> Row:
    held = dict(zip((y.year for y in one.record.years), one.years, strict=True))
    return Row(
        name=one.key,
        standing=one.standing,
        years=tuple(f"{held[y].ratio:.2f}" if y in held else "—" for y in found.years)[
            -YEARS_SHOWN:
        ],
        ratio=times(one.over_window) if one.over_window else "—",
        interval=_prose(span(one.over_window)) if one.over_window else "",
        rank=_rank(one),
        part=part_label(one),
        declared=_declared(one),
        is_chosen=one.part == "chosen" or one.key == found.asked.place,
    )


def _rank(one: Candidate) -> str:
    if one.rank is None:
        return "—"
    rank, highest, lowest = one.rank
    return f"{rank} ({highest}–{lowest})" if highest != lowest else str(rank)


def _declared(one: Candidate) -> str:
    if one.declared is None:
        return "not declared"
    words = {True: "yes", False: "no", None: "not declared"}
    told = one.declared
    return (
        f"commitment: {words[told.commitment]}; readiness: {words[told.readiness]} ({told.source})"
    )


def _beside(found: Selected, one: Contrast, added: Sequence[str]) -> Beside:
    return Beside(
        name=one.chosen.key,
        ratio=times(one.chosen.over_window),
        interval=_prose(span(one.chosen.over_window)) if one.chosen.over_window else "",
        rank=_rank(one.chosen),
        as_far=len(one.as_far),
        surely=len(one.surely),
        who=split_names(found, added, 12) or ("no more" if one.as_far else "none"),
        is_more=bool(added) and len(added) < len(one.as_far),
    )


def _varied(found: Selected) -> list[Varied]:
    made = []
    length = len(found.years)
    for kind, years in dict.fromkeys((v.offense, v.window) for v in found.variations):
        row: list[Variation] = [
            v for v in found.variations if (v.offense, v.window) == (kind, years)
        ]
        name = f"{offense(kind).name.capitalize()}, {years} {'year' if years == 1 else 'years'}"
        is_asked = (kind, years) == (found.asked.offense, length)
        made.append(Varied(name, tuple(variation_words(v) for v in row), is_asked))
    return made


def _definition(found: Selected) -> str:
    used = dict.fromkeys(n.definition for n in found.nation.usual.values())
    said = [definition_text(d).short for d in used if d is not None]
    if not said:
        return "One definition throughout."
    return _prose(f"The nation: {' and '.join(said)}. Cities: see the caveat on definitions.")


def _prose(text: str) -> str:
    """Text as it is set on a page, apostrophes included; never for commands."""
    return typographic(text).replace("'", "’")
