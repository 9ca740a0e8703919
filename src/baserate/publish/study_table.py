"""The table of designs side by side: one row a design, its effect drawn and written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from baserate.evaluate.designs.estimate import Estimate, OutcomeTotals
from baserate.evaluate.evaluation import Evaluation
from baserate.publish.study_labels import capital, cut, effect_unit
from baserate.publish.study_numbers import (
    effect_words,
    limits_words,
    p_words,
    percent_words,
    seen_words,
)
from baserate.publish.study_second import row_words
from baserate.publish.study_strips import Scale, scale_of, strip
from baserate.publish.wording import signed_percent
from baserate.terms.quantities import Interval


@dataclass(frozen=True, slots=True)
class Row:
    """One design that ran. `mark` is up, down, or flat; '' where it gives no p.

    `is_part` for one of several outcomes that the design above it judges.
    """

    name: str
    drawn: Markup
    percent: str
    interval: str
    effect: str
    offenses: str
    p: str
    seen: str
    mark: str
    is_part: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """All rows on one scale, and what its columns are in."""

    rows: tuple[Row, ...]
    ticks: tuple[tuple[float, str], ...]
    unit: str
    has_percent: bool
    has_offenses: bool
    claim_mark: str


@dataclass(frozen=True, slots=True)
class Account:
    """How one design was run, and what was done to see whether it holds."""

    name: str
    paper: str
    said: tuple[str, ...]
    checks: tuple[tuple[str, str], ...]


def table(found: Evaluation) -> Table | None:
    """The designs that ran; None where none did."""
    ran = [e for e in found.estimates if e.effect is not None or e.percent is not None]
    if not ran:
        return None
    has_percent = any(e.percent is not None for e in ran)
    claimed = found.plan.study.hypothesis.claimed if has_percent else None
    parts = {e.design: _drawn(e, has_percent=has_percent) for e in ran}
    known = [p for p in parts.values() if p is not None]
    known += [
        (o.percent, _bounded(o.percent_interval), None)
        for e in ran
        for o in e.outcomes
        if has_percent and o.percent is not None
    ]
    scale = scale_of([v for v, _, _ in known], [i for _, i, _ in known if i], claimed)
    sign = "%" if has_percent else ""
    return Table(
        rows=tuple(
            row
            for e in ran
            for row in (
                _row(e, scale, parts[e.design]),
                *(_part(o, scale) for o in e.outcomes if has_percent),
            )
        ),
        ticks=tuple((scale.at(t), f"{t:+,.10g}{sign}" if t else "0") for t in scale.ticks),
        unit=effect_unit(found.plan),
        has_percent=has_percent,
        has_offenses=any(e.offenses is not None for e in ran),
        claim_mark=""
        if claimed is None
        else "dashed line"
        if claimed[0] == claimed[1]
        else "shaded",
    )


Drawn = tuple[float, tuple[float, float] | None, float | None]


def _drawn(each: Estimate, *, has_percent: bool) -> Drawn | None:
    """Value, limits and smallest visible effect, in the unit of the scale."""
    if has_percent:
        if each.percent is None:
            return None
        return each.percent, _bounded(each.percent_interval), each.mde_percent
    limits = each.interval
    if each.effect is None:
        return None
    return (
        each.effect,
        _bounded(None if limits is None else (limits.lower, limits.upper)),
        each.mde,
    )


def _bounded(limits: tuple[float, float] | None) -> tuple[float, float] | None:
    """An open end is far enough away to be cut."""
    if limits is None:
        return None
    far = 1e9
    return max(limits[0], -far), min(limits[1], far)


def _row(each: Estimate, scale: Scale, drawn: Drawn | None) -> Row:
    limits = each.interval
    in_unit = limits_words(None if limits is None else (limits.lower, limits.upper))
    mark = ""
    if each.p_value is not None:
        mark = {1: "up", -1: "down", 0: "flat"}[each.direction] if each.is_distinct else "flat"
    return Row(
        name=capital(each.design),
        drawn=Markup(strip(scale, *drawn)) if drawn is not None else Markup(""),
        percent=percent_words(each),
        interval=limits_words(each.percent_interval) if each.percent is not None else in_unit,
        effect=effect_words(each),
        offenses="" if each.offenses is None else f"{each.offenses:+,.0f}",
        p=p_words(each.p_value),
        seen=seen_words(each.mde_percent),
        mark=mark,
    )


def _part(each: OutcomeTotals, scale: Scale) -> Row:
    """One outcome under its design: what was recorded and what was expected."""
    limits = each.percent_interval
    interval = Interval(*limits, "") if limits else None
    drawn = None if each.percent is None else strip(scale, each.percent, _bounded(limits), None)
    return Row(
        name=f"{cut(each.name)}, {each.treated:,.0f} of {each.expected:,.1f} expected",
        drawn=Markup(drawn or ""),
        percent="" if each.percent is None else signed_percent(each.percent, interval),
        interval=limits_words(limits),
        effect="",
        offenses=f"{each.treated - each.expected:+,.0f}",
        p=p_words(each.p_value),
        seen="",
        mark="",
        is_part=True,
    )


def accounts(every: Sequence[Estimate]) -> Iterator[Account]:
    """How each design that ran was run."""
    for each in every:
        if each.why_not:
            continue
        said = [f"p by {each.p_rule}" if each.p_rule else "", *map(capital, each.notes)]
        yield Account(
            capital(each.design),
            each.paper,
            tuple(s for s in said if s),
            (*((c.name, c.text) for c in each.checks), ("second opinion", row_words(each))),
        )


def not_run(every: Sequence[Estimate]) -> list[tuple[str, list[str]]]:
    """Why designs were not run, and which."""
    by_reason: dict[str, list[str]] = {}
    for each in every:
        if each.why_not:
            by_reason.setdefault(each.why_not, []).append(each.design)
    return list(by_reason.items())
