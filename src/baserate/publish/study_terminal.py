"""A study for the terminal: its sentence, the designs side by side, and what threatens them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from baserate.evaluate.designs.estimate import Estimate, OutcomeTotals
from baserate.evaluate.evaluation import Evaluation, Plan
from baserate.evaluate.threats import Threat
from baserate.publish.harmless import one_line
from baserate.publish.lines import WIDTH, Style, plain, wrapped
from baserate.publish.study_second import second_words
from baserate.publish.study_words import (
    ICONS,
    claim_words,
    control_words,
    doubt,
    finding,
    plan_words,
    power_words,
)

LABEL = 12
NAMED = 22  # columns of an outcome's name under its design
GRAVITY = {"stops": "✕", "grave": "!", "mild": "·"}


def render_study(found: Evaluation, rerun: str, style: Style = plain) -> str:
    """The evaluation as lines of text."""
    return "\n".join(_study(found, rerun, style))


def render_plan(planned: Plan, rerun: str, style: Style = plain) -> str:
    """The plan as lines of text: nothing of the effect is in it."""
    return "\n".join(_plan(planned, rerun, style))


def _study(found: Evaluation, rerun: str, style: Style) -> Iterator[str]:
    study = found.plan.study
    right = f"{ICONS[found.reading]} {found.reading.upper()}"
    yield from _head(study.title, right, style)
    said = " ".join(s for s in (finding(found), doubt(found)) if s)
    yield from (f"  {t}" for t in wrapped(one_line(said), WIDTH - 2))
    yield ""
    yield from _table(found.estimates, style)
    yield ""
    if claim_words(found):
        yield from _labelled("Claim", claim_words(found), style)
    for control in found.negative_controls:
        yield from _labelled("Control", control_words(control), style)
    yield from _threats(found.plan.threats, style)
    yield from _notes(found.estimates, style)
    for text in second_words(found.estimates):
        yield from _labelled("2nd opinion", text, style)
    yield from _foot(found.plan, rerun, style)


def _plan(planned: Plan, rerun: str, style: Style) -> Iterator[str]:
    yield from _head(planned.study.title, "PLAN", style)
    yield from (f"  {t}" for t in wrapped(one_line(plan_words(planned)), WIDTH - 2))
    yield from (f"  {t}" for t in wrapped(power_words(planned), WIDTH - 2))
    yield ""
    yield from _threats(planned.threats, style)
    yield from _foot(planned, rerun, style)


def _head(left: str, right: str, style: Style) -> Iterator[str]:
    left = one_line(left)
    gap = max(2, WIDTH - len(left) - len(right))
    yield style(left, "title") + " " * gap + style(right, "number")
    yield ""


def _table(every: Iterable[Estimate], style: Style) -> Iterator[str]:
    heads = f"{'effect':>12}{'percent':>10}  {'interval, %':<18}{'p':>7}{'could see':>11}"
    yield style(f"  {'design':<34}{heads}", "label")
    for each in every:
        if each.effect is None and each.percent is None:
            yield f"  {each.design:<34}{'-':>12}"
            continue
        cells = f"{_or_dash(each.effect, '+,.2f'):>12}{_found(each)}"
        yield f"  {each.design:<34}{cells}{_or_dash(each.mde_percent, '.0f', '%'):>11}"
        if each.outcomes:
            yield from map(_outcome, each.outcomes)


def _outcome(each: OutcomeTotals) -> str:
    """One outcome under its design: what was recorded, and what was expected."""
    name, room = one_line(each.name), NAMED - len("  ")
    name = name if len(name) <= room else name[: room - 1] + "…"
    return f"    {name:<{room}}{f'{each.treated:,.0f} of {each.expected:,.1f}':>24}{_found(each)}"


def _found(each: Estimate | OutcomeTotals) -> str:
    """The percent, its interval and the p, each in its column."""
    span = each.percent_interval
    limits = "" if span is None else f"{span[0]:+.1f} to {span[1]:+.1f}"
    percent, p = _or_dash(each.percent, "+.1f"), _or_dash(each.p_value, ".3f")
    return f"{percent:>10}  {limits:<18}{p:>7}"


def _or_dash(value: float | None, form: str, unit: str = "") -> str:
    return "-" if value is None else f"{value:{form}}{unit}"


def _threats(found: Iterable[Threat], style: Style) -> Iterator[str]:
    for each in found:
        text = f"{GRAVITY[each.gravity]} {each.name}: {each.text}"
        yield from _labelled("Threat", text, style)


def _notes(every: Iterable[Estimate], style: Style) -> Iterator[str]:
    for each in every:
        if each.why_not:
            yield from _labelled("Not run", f"{each.design}: {each.why_not}", style)
            continue
        said = [each.p_rule, *each.notes, *(f"{c.name}: {c.text}" for c in each.checks)]
        text = ". ".join(s for s in said if s)
        if text:
            yield from _labelled("Design", f"{each.design}. {text}.", style)


def _foot(planned: Plan, rerun: str, style: Style) -> Iterator[str]:
    study, panel = planned.study, planned.panel
    for text in panel.notes:
        yield from _labelled("Covers", text, style)
    cell = {"count": "counts", "rate": "rates per 100,000", "mean": "means"}[panel.measure]
    yield from _labelled("Outcome", f"{study.panel.offense or study.panel.outcome}, {cell}", style)
    yield from _labelled("Source", panel.source or "not named", style)
    yield from _labelled("Study", f"{study.file}, sha256 {study.checksum[:16]}…", style)
    yield "  " + style(f"{'Again':<{LABEL}}", "label") + one_line(rerun)


def _labelled(label: str, text: str, style: Style) -> Iterator[str]:
    lines = wrapped(one_line(text), WIDTH - 2 - LABEL)
    yield "  " + style(f"{label:<{LABEL}}", "label") + lines[0]
    yield from (" " * (2 + LABEL) + line for line in lines[1:])
