"""A selection as one page: who met the criterion, who was chosen, and how the list would change.

One HTML file with no script and no request to anywhere. Every number on it is in the JSON of the
same command, which stands at its foot.
"""

from __future__ import annotations

import base64
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from baserate.grants.selection.ranks import METHOD
from baserate.grants.selection.select import Candidate, Contrast, Selected, Variation
from baserate.publish import charts
from baserate.publish.page import environment, printable, typographic
from baserate.publish.register_table import when
from baserate.publish.selection_export import city_rows
from baserate.publish.selection_terminal import variation_words
from baserate.publish.selection_words import (
    PARTS,
    STANDING_ICONS,
    about_place,
    bar,
    cohort,
    doubt,
    finding,
    headline,
    names,
    nation_words,
    source_words,
    span,
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
    icon: str
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
    """One chosen city, and those not chosen beside it."""

    name: str
    ratio: str
    interval: str
    rank: str
    as_far: int
    surely: int
    who: str
    alike: str


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
            csv_link=_csv_link(to_csv(city_rows(found, shown))),
            csv_name=f"selection-{found.asked.rules.program}-{found.asked.year}.csv",
            key=list(STANDING_ICONS.items()),
            cohort=cohort(found) if found.cohort else "",
            beside=[_beside(c) for c in found.contrasts],
            thresholds=[f"{t:g}" for t in sorted({v.threshold for v in found.variations})],
            varied=_varied(found),
            taken=[_prose(taken_words(t)) for t in found.criteria.taken],
            notes=[_prose(t.note) for t in found.criteria.taken if t.note],
            nation=_prose(nation_words(found)),
            files=[source_words(entry, used, 64) for entry, used in found.files],
            definition=_definition(found),
            counts=offense(found.asked.offense).counts,
            sites=_sites(found),
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
    contrasts = found.contrasts
    if contrasts and any(c.as_far for c in contrasts):
        most = max(contrasts, key=lambda c: (len(c.as_far), c.chosen.key))
        count = len(most.as_far)
        return (
            f"{count} {'city' if count == 1 else 'cities'} not chosen in {cohort(found)} stood as "
            f"far above the nation as {names([most.chosen.key])}, which was"
        )
    return f"How many times {bar(found)}, {window(found)}"


def _plots(found: Selected, shown: Sequence[Candidate]) -> list[tuple[str, Markup]]:
    drawn = [c for c in shown if c.over_window is not None]
    if not drawn:
        return []
    dots = [_dot(found, c) for c in drawn]
    about = f"{_chart_title(found)}. " + " ".join(finding(found))
    return [
        (
            where,
            Markup(
                charts.ratio_column(
                    dots, width, base="nation", title=_chart_title(found), description=about
                )
            ),
        )
        for where, width in (("wide", 880), ("narrow", 360))
    ]


def _dot(found: Selected, one: Candidate) -> charts.Dot:
    assert one.over_window is not None
    is_place = one.key == found.asked.place
    return charts.Dot(
        label=PARTS[one.part] if one.part != "not chosen" else "",
        name=one.key,
        value=one.over_window.ratio,
        lower=one.over_window.lower,
        upper=one.over_window.upper,
        strong=one.part == "chosen" or is_place,
        mark="up" if one.part == "already a site" else "flat",
    )


def _row(found: Selected, one: Candidate) -> Row:
    held = dict(zip((y.year for y in one.record.years), one.years, strict=True))
    return Row(
        name=one.key,
        icon=STANDING_ICONS[one.standing],
        standing=one.standing,
        years=tuple(f"{held[y].ratio:.2f}" if y in held else "—" for y in found.years)[
            -YEARS_SHOWN:
        ],
        ratio=times(one.over_window) if one.over_window else "—",
        interval=_prose(span(one.over_window)) if one.over_window else "",
        rank=_rank(one),
        part=PARTS[one.part],
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


def _beside(one: Contrast) -> Beside:
    return Beside(
        name=one.chosen.key,
        ratio=times(one.chosen.over_window),
        interval=_prose(span(one.chosen.over_window)) if one.chosen.over_window else "",
        rank=_rank(one.chosen),
        as_far=len(one.as_far),
        surely=len(one.surely),
        who=names(one.as_far, 12),
        alike=names(one.alike, 12),
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


def _sites(found: Selected) -> list[str]:
    """The cohort's sources, each once, with the start and how many rows could not be verified."""
    made = []
    for source, address, start in dict.fromkeys(
        (r.source, r.address, when(r)) for r in found.cohort_rows
    ):
        rows = [r for r in found.cohort_rows if (r.source, r.address) == (source, address)]
        unsure = [r.site for r in rows if not r.verified]
        doubtful = f"; not verified: {', '.join(unsure)}" if unsure else ""
        made.append(f"{source} {address}. Start: {start}{doubtful}.")
    return made


def _prose(text: str) -> str:
    """Text as it is set on a page, apostrophes included; never for commands."""
    return typographic(text).replace("'", "’")


def _csv_link(text: str) -> Markup:
    coded = base64.b64encode(text.encode()).decode()
    return Markup(f"data:text/csv;charset=utf-8;base64,{coded}")
