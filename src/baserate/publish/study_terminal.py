"""A study for the terminal: its sentence, the designs side by side, and what threatens them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from baserate.evaluate.designs.estimate import Estimate, OutcomeTotals
from baserate.evaluate.evaluation import Evaluation, Plan
from baserate.evaluate.periods import step_of
from baserate.publish.harmless import one_line
from baserate.publish.lines import Style, again, headed, labelled, paragraph, plain
from baserate.publish.study_labels import CELLS, effect_unit, outcome_first
from baserate.publish.study_numbers import (
    effect_words,
    limits_words,
    p_words,
    percent_words,
    seen_words,
)
from baserate.publish.study_periods import dated
from baserate.publish.study_second import second_summary, second_words
from baserate.publish.study_words import (
    ICONS,
    claim_words,
    control_words,
    doubt,
    finding,
    plan_words,
    power_words,
)

NAMED = 22  # columns of an outcome's name under its design
DETAILS = frozenset({"Note", "Check"})
MORE = "--details: how each design was checked; --out report.html: pictures"
GRAVITY = {"grave": "!", "mild": "·"}


def render_study(
    found: Evaluation, rerun: str, style: Style = plain, *, details: bool = False
) -> str:
    """The evaluation as lines of text; with `details` how each design was run and checked."""
    return "\n".join(_study(found, rerun, style, details))


def render_plan(planned: Plan, rerun: str, style: Style = plain) -> str:
    """The plan as lines of text: nothing of the effect is in it."""
    return "\n".join(_plan(planned, rerun, style))


def _study(found: Evaluation, rerun: str, style: Style, details: bool) -> Iterator[str]:
    study = found.plan.study
    right = f"{ICONS[found.reading]} {found.reading.upper()}"
    yield from headed(study.title, right, style)
    said = " ".join(s for s in (finding(found), doubt(found)) if s)
    yield from paragraph(said)
    yield ""
    yield from _table(found.estimates, style)
    yield ""
    if claim_words(found):
        yield from labelled("Claim", claim_words(found), style)
    for control in found.negative_controls:
        yield from labelled("Control", control_words(control), style)
    yield from _threats(found.plan, style)
    yield from _notes(found.estimates, style, details)
    seconds = second_words(found.estimates) if details else [second_summary(found.estimates)]
    for text in filter(None, seconds):
        yield from labelled("2nd opinion", text, style)
    yield from _foot(found.plan, rerun, style)
    if not details:
        yield from labelled("More", MORE, style)


def _plan(planned: Plan, rerun: str, style: Style) -> Iterator[str]:
    yield from headed(planned.study.title, "PLAN", style)
    yield from paragraph(plan_words(planned))
    yield from paragraph(power_words(planned))
    yield ""
    yield from _threats(planned, style)
    yield from _foot(planned, rerun, style)


def _table(every: Iterable[Estimate], style: Style) -> Iterator[str]:
    heads = f"{'effect':>9}{'percent':>9}  {'interval, %':<18}{'p':>7}{'could see':>11}"
    yield style(f"  {'design':<36}{heads}", "label")
    for each in every:
        if each.effect is None and each.percent is None:
            continue
        seen = seen_words(each.mde_percent)
        yield f"  {each.design:<36}{effect_words(each):>9}{_found(each)}{seen:>11}".rstrip()
        if each.outcomes:
            yield from map(_outcome, each.outcomes)


def _outcome(each: OutcomeTotals) -> str:
    """One outcome under its design: what was recorded, and what was expected."""
    name, room = one_line(each.name), NAMED - len("  ")
    name = name if len(name) <= room else name[: room - 1] + "…"
    return f"    {name:<{room}}{f'{each.treated:,.0f} of {each.expected:,.1f}':>23}{_found(each)}"


def _found(each: Estimate | OutcomeTotals) -> str:
    """The percent, its interval and the p, each in its column."""
    limits, p = limits_words(each.percent_interval), p_words(each.p_value)
    return f"{percent_words(each):>9}  {limits:<18}{p:>7}"


def _threats(planned: Plan, style: Style) -> Iterator[str]:
    step = step_of(planned.panel.periods)
    for each in planned.threats:
        text = f"{GRAVITY[each.gravity]} {each.name}: {dated(each.text, step)}"
        yield from labelled("Threat", text, style)


def _notes(every: Sequence[Estimate], style: Style, details: bool) -> Iterator[str]:
    """How each p was had and what must be said of it, once for all designs that share it."""
    ran = [each for each in every if not each.why_not]
    said = {
        "p": [(each.p_rule, each.design) for each in ran if each.p_rule],
        "Note": [(note, each.design) for each in ran for note in each.notes],
        "Check": [(f"{c.name}: {c.text}", each.design) for each in ran for c in each.checks],
        "Not run": [(each.why_not, each.design) for each in every if each.why_not],
    }
    for label, pairs in said.items():
        if label in DETAILS and not details:
            continue
        for text, designs in _grouped(pairs).items():
            yield from labelled(label, f"{'; '.join(designs)}: {text}", style)


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Designs by what is said of them, in the order of the first."""
    made: dict[str, list[str]] = {}
    for text, design in pairs:
        made.setdefault(text, []).append(design)
    return made


def _foot(planned: Plan, rerun: str, style: Style) -> Iterator[str]:
    study, panel = planned.study, planned.panel
    for text in panel.notes:
        yield from labelled("Covers", dated(text, step_of(panel.periods)), style)
    outcome = f"{outcome_first(planned)}, {CELLS[panel.measure]}"
    said = f"{outcome}; effects are {effect_unit(planned)}, a treated unit and period"
    yield from labelled("Outcome", said, style)
    yield from labelled("Source", panel.source or "not named", style)
    yield from labelled("Study", f"{study.file}, sha256 {study.checksum[:16]}…", style)
    yield again(rerun, style)
