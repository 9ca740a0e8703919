"""A brief: a list of Questions about one place, answered and set on one page.

The page is one HTML file with no script and no request to anywhere. Every number on it comes
from an Answer and stands with the command that gives it again.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

from markupsafe import Markup

from baserate.errors import NoRecords, PlaceNotHeld
from baserate.measure.answer import Answer, Point
from baserate.measure.answer import Figure as FigureOf
from baserate.measure.ask import answer
from baserate.measure.question import Question
from baserate.measure.records import find_records
from baserate.publish import charts, wording
from baserate.publish.export import points_csv
from baserate.publish.figure import Figure
from baserate.publish.page import (
    environment,
    gather_caveats,
    gather_sources,
    printable,
    typographic,
    write_whole,
)
from baserate.publish.series import breaks, drawn
from baserate.sources.catalog import Dataset
from baserate.store.open import Store, open_store
from baserate.terms.offenses import definition_change, offense
from baserate.terms.periods import Period
from baserate.terms.places import NATION, Place
from baserate.terms.quantities import ordinal
from baserate.version import VERSION

Advance = Callable[[int, int, str], None]

HEADLINE = "violent_crime"
SPANS = (1, 5, 10)  # years back from the newest
HEADLINE_SPAN = 5
TABLE = (
    "violent_crime",
    "murder",
    "rape",
    "robbery",
    "aggravated_assault",
    "property_crime",
    "burglary",
    "larceny",
    "motor_vehicle_theft",
)
MULTIPLES = ("murder", "rape", "robbery", "aggravated_assault")
RANKED = ("violent_crime", "murder")

# From here on the revised definition of rape is drawn; the line is cut before it.
REDEFINED = definition_change().year


@dataclass(frozen=True, slots=True)
class OffenseRow:
    """One line of the table: an offense, its level, and its changes."""

    key: str
    level: Answer
    changes: tuple[Answer | None, ...]
    peak: Answer | None
    from_peak: Answer | None

    @property
    def answers(self) -> tuple[Answer, ...]:
        """Every answer in it."""
        return tuple(a for a in (self.level, *self.changes, self.peak, self.from_peak) if a)

    @property
    def is_at_peak(self) -> bool:
        """Whether the newest year is the highest of all that could be searched."""
        return self.peak is not None and self.from_peak is None

    @property
    def change(self) -> Answer | None:
        """The change shown as a figure: over five years, or the longest there is below that."""
        able = [c for c, span in zip(self.changes, SPANS, strict=True) if span <= HEADLINE_SPAN]
        return next((c for c in reversed(able) if c), None)

    @property
    def is_total(self) -> bool:
        """Whether it is a total that the lines below it are parts of."""
        return bool(offense(self.key).parts)


@dataclass(frozen=True, slots=True)
class FileUsed:
    """One published file that figures on the page came from."""

    name: str
    sha256: str
    rows: int
    dataset: Dataset


@dataclass(frozen=True, slots=True)
class Brief:
    """Everything the page shows, before it is a page."""

    place: Place
    first_year: int
    last_year: int
    rows: tuple[OffenseRow, ...]
    against_nation: Answer | None
    ranks: tuple[Answer, ...]
    nation: tuple[Answer, ...]
    files: tuple[FileUsed, ...]

    @property
    def headline(self) -> OffenseRow:
        """The offense that the page is about."""
        return self.rows[0]

    @property
    def headline_change(self) -> Answer | None:
        """The change whose robustness is shown."""
        return self.headline.change

    @property
    def is_bridged(self) -> bool:
        """Whether any comparison on the page carries figures over to the revised definition."""
        return any(a.definition.basis == "bridged" for a in self.answers)

    @property
    def is_estimated(self) -> bool:
        """Whether the figures are estimates that fill in for who did not report."""
        later = self.headline.level.later
        return later is not None and all(r.is_estimated for r in later.rows)

    @property
    def answers(self) -> tuple[Answer, ...]:
        """Every answer on the page."""
        found: list[Answer | None] = [a for r in self.rows for a in r.answers]
        found += [self.against_nation, *self.ranks]
        return tuple(a for a in found if a is not None)


def make_brief(where: Place, store: Store, advance: Advance | None = None) -> Brief:
    """Ask every question of the brief. `advance` is told how far the work is.

    What the records of the place cannot answer (an offense, a year that far back, the nation in
    that year) is left out; without a violent crime figure for two years there is no brief.
    """
    years = _years_to_show(where, store)
    step = _Steps(len(TABLE) + 2, advance)
    rows = []
    for key in TABLE:
        step.next(offense(key).name)
        row = _offense_row(where, key, years, store)
        if row is not None:
            rows.append(row)
    step.next("the states")
    newest = Period.year(years[-1])

    def asked(**parts: Any) -> Answer | None:
        return _answer(Question(period=newest, **parts), store)

    against = None
    ranks: list[Answer | None] = []
    nation: list[Answer | None] = []
    if where != NATION:
        against = asked(measure="comparison", offense=HEADLINE, place=where, against=NATION)
        nation = [asked(measure="level", offense=k, place=NATION) for k in (HEADLINE, *MULTIPLES)]
    if where.kind == "state":
        ranks = [asked(measure="rank", offense=k, place=where) for k in RANKED]
    step.next("the page")
    return Brief(
        where,
        years[0],
        years[-1],
        tuple(rows),
        against,
        tuple(a for a in ranks if a),
        tuple(a for a in nation if a),
        _files_of(rows, store),
    )


def _years_to_show(where: Place, store: Store) -> list[int]:
    if where.kind == "states":
        raise PlaceNotHeld("there is no brief of the states together; name a state or the nation")
    rates = store.view(needs_population=True)
    find_records(rates, where, HEADLINE)  # says what is missing where there is nothing
    spans = [
        list(find_records(rates.from_source(where.key, source), where, HEADLINE).years)
        for source in rates.sources(where.key, HEADLINE)
    ]
    # Of the sources with two years or more, the one that reaches furthest.
    years = max(spans, key=lambda s: (len(s) > 1, s[-1], len(s)), default=[])
    if len(years) < 2:
        held = f"only {years[0]}" if years else "no whole year"
        raise PlaceNotHeld(
            f"a brief needs the {offense(HEADLINE).name} rate of two years or more; of "
            f"{where.plain} the records have {held}. Ask about that, or add another year's file"
        )
    return years


def _answer(question: Question, store: Store) -> Answer | None:
    try:
        return answer(question, store)
    except NoRecords:
        return None


def _files_of(rows: Sequence[OffenseRow], store: Store) -> tuple[FileUsed, ...]:
    """Every file that figures of the place came from."""
    used = dict.fromkeys((s.file, s.sha256) for r in rows for a in r.answers for s in a.sources)
    by_sum = {e.sha256: e for e in store.entries}
    return tuple(
        FileUsed(file, checksum, by_sum[checksum].rows["read"], store.dataset(by_sum[checksum]))
        for file, checksum in used
    )


def _offense_row(where: Place, key: str, years: Sequence[int], store: Store) -> OffenseRow | None:
    newest = Period.year(years[-1])

    def changed(start: int) -> Answer | None:
        if start < years[0]:
            return None
        return _answer(
            Question(
                measure="change", offense=key, place=where, period=newest,
                baseline=Period.year(start),
            ),
            store,
        )  # fmt: skip

    level = _answer(Question(measure="level", offense=key, place=where, period=newest), store)
    if level is None:
        return None
    held = sorted({p.year for p in level.points})
    whole = Period.years(_unbroken_from(held), held[-1])
    peak = _answer(
        Question(measure="extremum", offense=key, place=where, period=whole, extreme="highest"),
        store,
    ) if whole.first_year < whole.last_year else None  # fmt: skip
    at = peak.extremes.year if peak and peak.extremes else years[-1]
    return OffenseRow(
        key=key,
        level=level,
        changes=tuple(changed(years[-1] - span) for span in SPANS),
        peak=peak,
        from_peak=changed(at) if at < years[-1] else None,
    )


def _unbroken_from(years: Sequence[int]) -> int:
    """The first of the years that lead to the last without a gap."""
    first = years[-1]
    for year in reversed(years):
        if year < first - 1:
            break
        first = year
    return first


def write_brief(
    where: Place,
    path: Path | str,
    *,
    store: Store | None = None,
    advance: Advance | None = None,
    made_on: date | None = None,
) -> int:
    """Write the brief as one HTML file, whole or not at all. Returns its size in bytes."""
    path = Path(path)
    page = render_brief(make_brief(where, store or open_store(), advance), path.name, made_on)
    return write_whole(path, page)


def render_brief(brief: Brief, file_name: str = "brief.html", made_on: date | None = None) -> str:
    """The page."""
    return (
        environment()
        .get_template("brief.html")
        .render(
            brief=brief,
            headline=_headline(brief),
            lede=_lede(brief),
            series=_series_figure(brief),
            multiples=[_multiple(brief, r) for r in brief.rows if r.key in MULTIPLES],
            table=_table(brief),
            table_figure=_table_figure(brief),
            spans=SPANS,
            rank=_rank_figure(brief),
            holds=_holds_figure(brief),
            caveats=gather_caveats(brief.answers),
            sources=gather_sources(brief.answers),
            vintage=brief.headline.level.vintage,
            files=brief.files,
            version=VERSION,
            made_on=made_on or date.today(),
            again=(
                f"baserate brief {shlex.quote(brief.place.plain)} "
                f"--out {shlex.quote(printable(file_name))}"
            ),
        )
    )


def _headline(brief: Brief) -> str:
    """The page's first sentence: the newest figure, and how far it is from the peak.

    The change of five years enters only if it holds under most other choices: a headline must not
    hang on its base year.
    """
    name = offense(HEADLINE).name.capitalize()
    later = brief.headline.level.later
    assert later is not None
    level = f"{wording.number(later.rate, per_head=True)} per 100,000 people in {brief.last_year}"
    since, fell = brief.headline_change, brief.headline.from_peak
    parts = []
    if since and since.robustness.holds > since.robustness.of / 2:
        parts.append(f"{_went(since)} since {since.question.baseline}")
    if brief.headline.is_at_peak and brief.headline.peak:
        parts.append(f"the highest since {brief.headline.peak.question.period.first_year}")
    elif fell is not None and fell.question.baseline is not None:
        at = fell.question.baseline
        begins = at.first_year == min(p.year for p in brief.headline.level.points)
        where = f"{at}, where the records begin" if begins else f"its peak in {at}"
        carried = "†" if fell.definition.basis == "bridged" else ""
        parts.append(f"{_went(fell)}{carried} from {where}")
    return (
        f"{name} in {brief.place}: {', '.join([level, ' and '.join(parts)] if parts else [level])}"
    )


def _went(found: Answer) -> str:
    amount = typographic(wording.signed_percent(found.value, found.interval)).lstrip("+−")
    if found.verdict in {"up", "down"}:
        return f"{found.verdict} {amount}"
    return "no clear change" if found.verdict == "no clear change" else "change can’t be told"


def _lede(brief: Brief) -> list[tuple[str, str, str]]:
    """The findings as sentences, each with its doubt and its command."""
    row = brief.headline
    murder = next((r for r in brief.rows if r.key == "murder"), None)
    asked = [
        row.level,
        brief.against_nation,
        *row.changes[:2],
        *([] if brief.ranks else [row.peak]),
        *brief.ranks[:1],
        murder.change if murder else None,
    ]
    return [
        (
            typographic(wording.finding(a)),
            typographic(wording.doubt(a)),
            a.rerun,
        )
        for a in asked
        if a is not None
    ]


def _series_figure(brief: Brief) -> Figure:
    level = brief.headline.level
    lines = [_line(level.points, brief.place.name, "place")]
    short = [_line(level.points, brief.place.key, "place")]
    commands = [level.rerun]
    points = drawn(level.points)
    if brief.nation:
        lines.append(_line(brief.nation[0].points, NATION.name, "other"))
        short.append(_line(brief.nation[0].points, NATION.key, "other"))
        commands.append(brief.nation[0].rerun)
        points = (*points, *drawn(brief.nation[0].points))
    title = _series_title(brief)
    unit = " per 100,000 people"
    note = charts.Note(REDEFINED, f"rape redefined\nin {REDEFINED}")
    text = " ".join(wording.finding(a) for a in (brief.headline_change, brief.headline.peak) if a)
    frame = replace(charts.WIDE, right=14 + 8 * max(len(line.label) for line in lines))
    return Figure(
        id="series",
        title=f"{title}",
        svgs=tuple(
            (where, Markup(charts.line_chart(
                drawn, size, unit=unit, title=title, description=text, notes=[note])))
            for where, drawn, size in (("wide", lines, frame), ("narrow", short, charts.NARROW))
        ),
        columns=("Year", "Place", "Rate", "Interval", "Offenses", "Population", "Rape counted as"),
        rows=tuple(_point_row(p) for p in points),
        csv=points_csv(points, "per 100,000 people"),
        commands=tuple(commands),
        note=(
            f"Offenses recorded by police per 100,000 people. The line is cut at {REDEFINED}, when "
            "the FBI widened the definition of rape: what lies left and right of the gap is not "
            "one series. Shaded: counting noise alone, where it is wide enough to see."
        ),
    )  # fmt: skip


def _series_title(brief: Brief) -> str:
    """What the chart shows at a glance, and the page's first line does not already say."""
    against = brief.against_nation
    if against is None:
        since, fell = brief.headline_change, brief.headline.from_peak
        if since is None:
            return f"Recorded violent crime, {brief.first_year}–{brief.last_year}"
        lately = f"{_went(since)} since {since.question.baseline}"
        if fell is None or fell.question.baseline is None:
            return lately.capitalize()
        return f"{_went(fell).capitalize()} since {fell.question.baseline}, {lately}"
    if against.verdict in {"higher", "lower"}:
        amount = typographic(wording.signed_percent(against.value, against.interval))
        return f"{amount.lstrip('+−')} {against.verdict} than in the nation in {brief.last_year}"
    return f"About the same as in the nation in {brief.last_year}"


def _multiple(brief: Brief, row: OffenseRow) -> Figure:
    key = row.key
    lines = [_line(row.level.points, brief.place.key, "place")]
    if brief.nation:
        same = [a for a in brief.nation if a.question.offense == key]
        lines += [_line(a.points, NATION.key, "other") for a in same]
    changed = row.change
    name = offense(key).name.capitalize()
    since = f": {_went(changed)} since {changed.question.baseline}" if changed else ""
    title = f"{name}{since}"
    drawing = charts.line_chart(
        lines,
        charts.SMALL,
        unit=" per 100,000 people",
        title=title,
        description=" ".join(wording.finding(a) for a in (changed, row.peak) if a),
        notes=[charts.Note(REDEFINED, "redefined")] if key == "rape" else (),
    )
    points = drawn(row.level.points)
    return Figure(
        id=key,
        title=title,
        svgs=(("any", Markup(drawing)),),
        columns=("Year", "Place", "Rate", "Interval", "Offenses", "Population", "Rape counted as"),
        rows=tuple(_point_row(p) for p in points),
        csv=points_csv(points, "per 100,000 people"),
        commands=((changed or row.level).rerun,),
    )


def _line(points: Sequence[Point], label: str, role: charts.Role) -> charts.Line:
    shown = drawn(points)
    xy = [charts.XY(p.year, p.value, p.lower, p.upper) for p in shown]
    cuts = [0, *breaks(shown), len(xy)]
    return charts.Line(label, tuple(tuple(xy[i:j]) for i, j in pairwise(cuts)), role)


def _point_row(p: Point) -> tuple[str, ...]:
    return (
        str(p.year),
        wording.place_name(p.place),
        f"{p.value:,.1f}",
        f"{p.lower:,.1f} to {p.upper:,.1f}",
        f"{p.offenses:,}",
        f"{p.population:,}",
        p.basis or "—",
    )


def _table_figure(brief: Brief) -> Figure:
    """The table's numbers in full: every change with its interval, verdict and command."""
    cells = [
        (offense(row.key).name, a)
        for row in brief.rows
        for a in (*row.changes, row.from_peak)
        if a is not None
    ]
    rows = []
    lines = [
        "offense,from_year,to_year,from_rate,from_rate_adjusted,to_rate,change_percent,lower,upper,"
        "verdict"
    ]
    for name, a in cells:
        assert a.earlier is not None
        assert a.later is not None
        assert a.interval is not None
        first, last = a.earlier, a.later
        low, high = a.interval.lower, a.interval.upper
        span = [wording.bound(v, a.interval) for v in (low, high)]
        rows.append(
            (
                f"{name.capitalize()}, {first.period}–{last.period}",
                _base_rate(first),
                wording.number(last.rate, per_head=True),
                typographic(wording.signed_percent(a.value, a.interval)),
                typographic(" to ".join(span)),
                a.verdict,
                a.rerun,
            )
        )
        change = "" if a.value is None else f"{a.value:.4f}"
        adjusted = "" if first.adjusted is None else f"{first.adjusted:.4f}"
        lines.append(
            f"{name},{first.period},{last.period},{first.rate:.4f},{adjusted},{last.rate:.4f},{change},"
            f"{low:.4f},{high:.4f},{a.verdict}"
        )
    return Figure(
        id="offenses",
        title=f"Every change in the table, with its interval, {brief.place.plain}",
        svgs=(),
        columns=("Offense and years", "From", "To", "Change", "Interval", "Verdict", "Command"),
        rows=tuple(rows),
        csv="\n".join(lines) + "\n",
        commands=((brief.headline_change or brief.headline.level).rerun,),
    )


def _base_rate(figure: FigureOf) -> str:
    """A starting rate, with what it was compared as where that is another."""
    rate = wording.number(figure.rate, per_head=True)
    if figure.adjusted is None:
        return rate
    return f"{wording.number(figure.adjusted, per_head=True)} († from {rate})"


@dataclass(frozen=True, slots=True)
class TableRow:
    """One line of the page's table."""

    row: OffenseRow
    name: str
    rate: str
    count: str
    spark: Markup
    peak_year: int


def _table(brief: Brief) -> list[TableRow]:
    made = []
    for row in brief.rows:
        later = row.level.later
        assert later is not None
        extremes = row.peak.extremes if row.peak else None
        points = drawn(row.level.points)
        name = offense(row.key).name
        when = f"{points[0].year} to {points[-1].year}"
        drawing = charts.spark([p.value for p in points], breaks(points), title=f"{name}, {when}")
        made.append(
            TableRow(
                row=row,
                name=name.capitalize(),
                rate=wording.number(later.rate, per_head=True),
                count=f"{later.offenses:,}",
                spark=Markup(drawing),
                peak_year=extremes.year if extremes else brief.last_year,
            )
        )
    return made


def _rank_figure(brief: Brief) -> Figure | None:
    if not brief.ranks:
        return None
    found = brief.ranks[0]
    assert found.ranking is not None
    dots = [
        charts.Dot(
            label=p.place,
            name=wording.place_name(p.place),
            value=p.value,
            lower=p.lower,
            upper=p.upper,
            strong=p.place == brief.place.key,
        )
        for p in found.points
    ]
    rank = found.ranking
    title = f"{ordinal(rank.rank)} of {rank.of} by violent crime rate in {brief.last_year}"
    span = f"{ordinal(rank.highest)} to {ordinal(rank.lowest)}"
    description = f"{wording.finding(found)} {wording.doubt(found)}"
    wide = charts.Frame(880, 280, right=8, bottom=38)
    unit = " per 100,000 people"
    return Figure(
        id="rank",
        title=title if rank.highest == rank.lowest else f"{title}; chance alone: {span}",
        svgs=(
            ("wide", Markup(charts.dot_row(
                dots, wide, unit=unit, title=title, description=description))),
            ("narrow", Markup(charts.dot_column(
                dots, 360, unit="per 100,000", title=title, description=description))),
        ),
        columns=("Year", "Place", "Rate", "Interval", "Offenses", "Population", "Rape counted as"),
        rows=tuple(_point_row(p) for p in found.points),
        csv=points_csv(found.points, "per 100,000 people"),
        commands=tuple(a.rerun for a in brief.ranks),
        note=" ".join(
            typographic(t)
            for a in brief.ranks
            for t in (wording.finding(a), wording.doubt(a))
        ),
    )  # fmt: skip


def _holds_figure(brief: Brief) -> Figure | None:
    found = brief.headline_change
    if found is None or not any(c.kind == "base year" for c in found.robustness.choices):
        return None
    asked = found.question
    assert asked.baseline is not None
    chosen = (str(asked.baseline), found.value, found.verdict, True)
    tried = [
        (c.option, c.value, c.verdict, False)
        for c in found.robustness.choices
        if c.kind == "base year"
    ]
    shown = sorted([chosen, *tried], key=lambda each: each[0])
    marks: dict[str, charts.Mark] = {"up": "up", "down": "down"}
    dots = [
        charts.Dot(
            label=f"’{year[2:]}",
            name=typographic(wording.signed_percent(value)) if is_chosen else "",
            value=value or 0.0,
            lower=value or 0.0,
            upper=value or 0.0,
            strong=is_chosen,
            mark=marks.get(verdict, "flat"),
        )
        for year, value, verdict, is_chosen in shown
    ]
    kept = sum(verdict == found.verdict for _, _, verdict, c in shown if not c)
    title = (
        f"{_went(found).capitalize()} since {asked.baseline}: “{found.verdict}” holds from {kept} "
        f"of {len(tried)} other base years"
    )
    text = wording.robustness_words(found)
    unit = f"% to {asked.period}, from each base year"
    wide = charts.Frame(880, 220, right=8)
    narrow = charts.Frame(360, 220, right=8)
    header = "place,base_year,later_year,change_percent,verdict\n"
    return Figure(
        id="holds",
        title=title,
        svgs=tuple(
            (name, Markup(charts.change_chart(
                dots, frame, unit=unit, title=title, description=text)))
            for name, frame in (("wide", wide), ("narrow", narrow))
        ),
        columns=("Base year", "Later year", "Change", "Verdict"),
        rows=tuple(
            (year, str(asked.period), typographic(wording.signed_percent(value)), verdict)
            for year, value, verdict, _ in shown
        ),
        csv=header + "".join(
            f"{brief.place.key},{year},{asked.period},{'' if value is None else round(value, 4)},"
            f"{verdict}\n"
            for year, value, verdict, _ in shown
        ),
        commands=(found.rerun,),
        note=typographic(f"{text} {wording.scatter_words(found)}"),
    )  # fmt: skip


class _Steps:
    """Counts the steps of the work for whoever watches."""

    def __init__(self, of: int, advance: Advance | None) -> None:
        self._done, self._of, self._advance = 0, of, advance

    def next(self, what: str) -> None:
        self._done += 1
        if self._advance is not None:
            self._advance(self._done, self._of, what)
