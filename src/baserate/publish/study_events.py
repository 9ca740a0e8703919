"""The picture of an event study: effects by time since the start, with honest bands behind them."""

from __future__ import annotations

from markupsafe import Markup

from baserate.evaluate.designs.estimate import Estimate, Events
from baserate.evaluate.evaluation import Plan
from baserate.evaluate.periods import step_of
from baserate.evaluate.staggered.honest import HonestBands
from baserate.publish import study_charts as charts
from baserate.publish.charts import Frame
from baserate.publish.figure import Figure
from baserate.publish.study_labels import in_words, unit_words
from baserate.publish.study_numbers import limits_words, signed
from baserate.publish.tables import Record, to_csv

# Drifts that are drawn, in parts of the largest before, and the words on their bands.
DRIFTS = {
    0.0: ("trends parallel", "parallel"),
    0.5: ("drift half as far", "drift half"),
    1.0: ("drift as far as before", "drift as far"),
}
WIDE = Frame(880, 320, right=150, bottom=42)
NARROW = Frame(360, 290, right=88, bottom=42)


def event_figure(planned: Plan, each: Estimate, command: str) -> Figure | None:
    """Effects by periods since the start; None where a design has none, or no honest bands."""
    events = each.events
    if events is None or events.honest is None:
        return None
    made, period = events.study, step_of(planned.panel.periods) or "period"
    bands = [
        charts.Band(*DRIFTS[b.m_bar], b.interval.lower, b.interval.upper)
        for b in events.honest.bands
        if b.m_bar in DRIFTS
    ]
    title, told = _title(events.honest, events), _told(events.honest, period)
    svgs = tuple(
        (where, Markup(charts.event_chart(
            made.event_time.tolist(), made.effect, made.lower, made.upper, frame,
            mean=events.honest.effect, bands=bands, axis=f"{period}s since the start",
            unit=unit_words(planned, events.unit), title=title, description=told,
        )))
        for where, frame in (("wide", WIDE), ("narrow", NARROW))
    )  # fmt: skip
    return Figure(
        id="events",
        title=title,
        svgs=svgs,
        columns=(f"{period.capitalize()}s since the start", "Effect", "95% interval"),
        rows=tuple(_rows(events)),
        csv=to_csv(_records(events)),
        commands=(command,),
        note=f"{in_words(planned, events.unit)} {told} Each effect with its own 95% interval; all "
        f"are set against the last {period} before the start.",
    )


def _title(honest: HonestBands, events: Events) -> str:
    """The mean effect, and how far trends may drift until zero is possible."""
    half = (honest.original.upper - honest.original.lower) / 2
    unit = f" {events.unit}" if events.unit else ""
    mean = f"On average {signed(honest.effect, half)}{unit} after the start"
    if honest.breakdown is None:
        return f"{mean}, not told from zero even if trends stay parallel"
    side = "below" if honest.effect < 0 else "above"
    if honest.breakdown == 0:
        return f"{mean}, {side} zero only if trends stay parallel"
    worst = f"{honest.breakdown:g} times the worst before"
    return f"{mean}, {side} zero unless trends drift apart by more than {worst}"


def _told(honest: HonestBands, period: str) -> str:
    said = "; ".join(
        f"{limits_words((b.interval.lower, b.interval.upper))} if {words}"
        for b in honest.bands
        if (words := IF.get(b.m_bar))
    )
    return (
        f"Shaded, the effect on average after the start: {said}. The largest drift before was "
        f"{honest.worst_drift:,.3g} a {period}."
    )


IF = {
    0.0: "trends after are parallel",
    0.5: "they drift apart by half the largest drift before",
    1.0: "by as much",
}


def _rows(events: Events) -> list[tuple[str, ...]]:
    made = events.study
    return [
        (f"{t:+d}" if t else "0", signed(float(e), float(b - a) / 2), limits_words((a, b)))
        for t, e, a, b in zip(
            made.event_time.tolist(), made.effect.tolist(), made.lower.tolist(),
            made.upper.tolist(), strict=True,
        )
    ]  # fmt: skip


def _records(events: Events) -> list[Record]:
    made = events.study
    return [
        {"since_start": t, "effect": e, "lower": a, "upper": b}
        for t, e, a, b in zip(
            made.event_time.tolist(), made.effect.tolist(), made.lower.tolist(),
            made.upper.tolist(), strict=True,
        )
    ]  # fmt: skip
