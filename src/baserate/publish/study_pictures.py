"""The pictures of a study: which design is drawn, with its finding as title and its numbers.

Where there is a synthetic control it is drawn, with its placebos; where units begin in different
periods, effects by time since; else the path of whatever design has one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from markupsafe import Markup

from baserate.evaluate.designs.estimate import Estimate, Path
from baserate.evaluate.evaluation import Evaluation, Plan
from baserate.evaluate.panel import Floats, Panel
from baserate.evaluate.periods import step_of
from baserate.publish import study_charts as charts
from baserate.publish.charts import Frame
from baserate.publish.figure import Figure
from baserate.publish.study_events import event_figure
from baserate.publish.study_labels import (
    AGAINST,
    against_label,
    capital,
    in_words,
    treated_label,
    unit_words,
)
from baserate.publish.study_numbers import level_digits, p_words, percent_words
from baserate.publish.study_periods import Times, period_words, times
from baserate.publish.tables import Record, to_csv

DRAWN = 80  # placebos; more would be a gray sheet
WIDE, NARROW = Frame(880, 340, right=150), Frame(360, 270, right=88)


@dataclass(frozen=True, slots=True)
class Column:
    """One value a period: its name in the CSV, and on the page."""

    key: str
    label: str
    values: Floats


def pictures(found: Evaluation, command: str) -> list[Figure]:
    """What is drawn of a study, the best suited first; nothing where no design ran."""
    made = []
    drawn = _best_path(found)
    if drawn is not None and drawn.path is not None:
        made.append(_path_figure(found.plan, drawn, drawn.path, command))
        gaps = drawn.path.placebo_gaps
        if gaps is not None and len(gaps):
            made.append(_fan_figure(found.plan, drawn, drawn.path, gaps, command))
    if drawn is None or int(found.plan.panel.treated.sum()) > 1:
        shown = [event_figure(found.plan, e, command) for e in found.estimates]
        made += [figure for figure in shown if figure is not None][:1]
    return made


def before_picture(planned: Plan, command: str) -> Figure:
    """Treated and others before the start, and nothing after it."""
    panel = planned.panel
    first = int(panel.cohort[panel.treated].min())
    levels = panel.comparable[:, :first]
    treated, others = levels[panel.treated].mean(axis=0), levels[~panel.treated].mean(axis=0)
    label, mean = treated_label(planned), f"mean of {int((~panel.treated).sum())} others"
    told = (
        f"On average before the start {label} had {_level(treated.mean())}, the {mean} "
        f"{_level(others.mean())}."
    )
    way = "above" if treated.mean() > others.mean() else "below"
    axis = times(panel.periods, first)
    return _figure(
        "before",
        f"Before the start {label} stood {way} the {mean}",
        told,
        panel.periods[:first],
        [Column("treated", label, treated), Column("others", mean, others)],
        _paths(replace(axis, at=axis.at[:first], start=None), unit_words(planned, "")),
        command,
        note=f"{in_words(planned, '')} {told}{_axis_note(treated, others)}",
    )


def _best_path(found: Evaluation) -> Estimate | None:
    """The design that is drawn: of those that say what all come to, the first that has a path."""
    order = list(AGAINST)
    tells = found.reading in {"fell", "rose"}
    return min(
        (e for e in found.estimates if e.path is not None),
        key=lambda e: (
            tells and not e.is_distinct,
            order.index(e.design) if e.design in order else len(order),
        ),
        default=None,
    )


def _path_figure(planned: Plan, each: Estimate, path: Path, command: str) -> Figure:
    panel = planned.panel
    label = treated_label(planned)
    against = against_label(each.design, label)
    told = _ends(panel, path, label, against)
    columns = [
        Column("treated", label, path.treated),
        Column("without", against, path.without),
        Column("difference", "difference", path.gaps),
    ]
    band = ""
    if path.lower is not None and path.upper is not None:
        columns += [Column("lower", "from", path.lower), Column("upper", "to", path.upper)]
        band = " Soft band: 95% interval of what was expected."
    return _figure(
        "path",
        _path_title(each, label, against),
        told,
        panel.periods,
        columns,
        _paths(_axis(panel), unit_words(planned, path.unit)),
        command,
        note=f"{capital(each.design)}, {each.paper}. {in_words(planned, path.unit)} {told}{band}"
        f"{_axis_note(path.treated, path.without)}",
    )


Draw = Callable[[Sequence[Column], Frame, str, str], str]


def _paths(axis: Times, unit: str) -> Draw:
    """How treated and others are drawn; the limits, where there are some, are of the others."""

    def draw(columns: Sequence[Column], frame: Frame, title: str, told: str) -> str:
        by_key = {c.key: c for c in columns}
        lower, upper = (by_key[k].values if k in by_key else None for k in ("lower", "upper"))
        treated, others = columns[:2]
        curves = [
            charts.Curve(treated.label, treated.values, is_treated=True),
            charts.Curve(others.label, others.values, False, lower, upper),
        ]
        return charts.path_chart(curves, axis, frame, unit=unit, title=title, description=told)

    return draw


def _fan_figure(planned: Plan, each: Estimate, path: Path, every: Floats, command: str) -> Figure:
    panel = planned.panel
    shown = every[:: -(-len(every) // DRAWN)]
    label, axis, unit = treated_label(planned), _axis(panel), unit_words(planned, path.unit)
    beyond = int((np.abs(shown) > charts.fan_reach(path.gaps, shown)).any(axis=1).sum())
    told = (
        f"Each gray line is a comparison unit put in the place of {label}, less its own match."
        + (f" p {p_words(each.p_value)}: {each.p_rule}." if each.p_value is not None else "")
        + (f" {len(shown)} of {len(every)} are drawn." if len(shown) < len(every) else "")
        + (f" {beyond} reach beyond the picture and are cut." if beyond else "")
    )

    def draw(columns: Sequence[Column], frame: Frame, title: str, told: str) -> str:
        curve = charts.Curve(label, columns[0].values, is_treated=True)
        return charts.fan_chart(
            curve, shown, axis, frame, others="where nothing happened", unit=unit, title=title,
            description=told,
        )  # fmt: skip

    made = _figure(
        "placebos",
        _fan_title(each, label, len(every)),
        told,
        panel.periods,
        [
            Column("treated", label, path.gaps),
            Column("lowest", "lowest placebo", every.min(axis=0)),
            Column("middle", "middle one", np.median(every, axis=0)),
            Column("highest", "highest", every.max(axis=0)),
        ],
        draw,
        command,
        note=told,
    )
    return replace(made, csv=_fan_csv(panel, path.gaps, shown, len(every)))


def _fan_csv(panel: Panel, treated: Floats, shown: Floats, of: int) -> str:
    """Every line of the fan, one column a unit."""
    others = [u for u, t in zip(panel.units, panel.treated, strict=True) if not t]
    named = others if len(others) == len(shown) == of else [str(i) for i in range(len(shown))]
    rows: list[Record] = [
        {
            "period": p,
            "treated": round(float(treated[i]), 4),
            **{f"placebo {n}": round(float(v[i]), 4) for n, v in zip(named, shown, strict=True)},
        }
        for i, p in enumerate(panel.periods)
    ]
    return to_csv(rows)


def _figure(
    key: str, title: str, told: str, periods: Sequence[int], columns: Sequence[Column],
    draw: Draw, command: str, *, note: str,
) -> Figure:  # fmt: skip
    """A picture of something over time, at two widths, with a row a period behind it."""
    step = step_of(periods)
    form = level_digits(float(v) for c in columns for v in c.values)
    rows: list[Record] = [
        {"period": p, **{c.key: round(float(c.values[i]), 6) for c in columns}}
        for i, p in enumerate(periods)
    ]
    return Figure(
        id=key,
        title=title,
        svgs=tuple(
            (where, Markup(draw(columns, frame, title, told)))
            for where, frame in (("wide", WIDE), ("narrow", NARROW))
        ),
        columns=("Period", *(capital(c.label) for c in columns)),
        rows=tuple(
            (
                period_words(p, step),
                *(f"{float(c.values[i]):,.{form}f}" for c in columns),
            )
            for i, p in enumerate(periods)
        ),
        csv=to_csv(rows),
        commands=(command,),
        note=note,
    )


def _axis(panel: Panel) -> Times:
    return times(panel.periods, int(panel.cohort[panel.treated].min()))


def _path_title(each: Estimate, label: str, against: str) -> str:
    """The finding of what is drawn: how far below or above, and whether chance gives as much."""
    size = percent_words(each).lstrip("+-")
    if not size or not each.direction:
        return f"{capital(label)} beside {against}"
    way = "below" if each.direction < 0 else "above"
    doubt = "" if each.p_value is None else ", no further than chance goes"
    if each.is_distinct:
        doubt = ", further than chance goes"
    return f"{capital(label)} came out {size} {way} {against}{doubt}"


def _fan_title(each: Estimate, label: str, placebos: int) -> str:
    """How many placebos broke away as sharply, where the p is a rank among them."""
    if each.p_value is None:
        return f"{capital(label)} among {placebos} placebos"
    rank = each.p_value * (placebos + 1)
    if abs(rank - round(rank)) > 1e-6:
        return f"{capital(label)} among {placebos} placebos: p {p_words(each.p_value)}"
    as_far = round(rank) - 1
    if not as_far:
        return f"None of {placebos} units where nothing happened broke away as sharply as {label}"
    return f"{as_far} of {placebos} units where nothing happened broke away as sharply as {label}"


def _ends(panel: Panel, path: Path, label: str, against: str) -> str:
    """The last period before the start and the last of all, in numbers."""
    step = step_of(panel.periods)
    first = int(panel.cohort[panel.treated].min())
    form = level_digits([*map(float, path.treated), *map(float, path.without)])
    said = [
        f"in {period_words(panel.periods[i], step)}, "
        f"{float(path.treated[i]):,.{form}f} against {float(path.without[i]):,.{form}f}"
        for i in (first - 1, len(panel.periods) - 1)
    ]
    return f"{capital(label)} against {against}: {'; '.join(said)}."


def _level(value: float) -> str:
    return f"{float(value):,.{level_digits([float(value)])}f}"


def _axis_note(*values: Floats) -> str:
    """Said where the axis does not begin at zero."""
    low, high = min(float(v.min()) for v in values), max(float(v.max()) for v in values)
    return " The axis does not begin at zero." if charts.level_ticks(low, high)[0] > 0 else ""
