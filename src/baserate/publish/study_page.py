"""A study as one page: the question, the sentence, the pictures, the designs and their threats.

One HTML file with no script and no request to anywhere. Every number on it is in the JSON of the
same command without `--out`. The page of a plan holds nothing of the effect.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from baserate.evaluate.evaluation import Evaluation, Plan
from baserate.evaluate.periods import Step, step_of
from baserate.evaluate.threats import Threat
from baserate.publish.figure import Figure
from baserate.publish.page import environment
from baserate.publish.study_export import study_csv
from baserate.publish.study_labels import (
    CELLS,
    capital,
    cut,
    groups,
    listed,
    outcome_first,
    outcome_words,
)
from baserate.publish.study_numbers import percent_words, seen_words
from baserate.publish.study_periods import dated, span_words
from baserate.publish.study_pictures import before_picture, pictures
from baserate.publish.study_table import accounts, not_run, table
from baserate.publish.study_words import (
    claim_words,
    control_words,
    doubt,
    finding,
    plan_words,
    power_words,
)
from baserate.version import VERSION

GRAVITY = {
    "grave": "Could be mistaken for an effect",
    "mild": "Must be borne in mind",
}


def render_study_page(found: Evaluation, again: str, *, made_on: date) -> str:
    """The page of a study. `again` is the command that makes it once more."""
    planned = found.plan
    step = step_of(planned.panel.periods)
    return _render(
        planned, again, made_on,
        kind="study",
        headline=headline(found),
        finding=finding(found),
        doubt=doubt(found),
        claim=claim_words(found),
        figures=pictures(found, again),
        table=table(found),
        csv=Figure("designs", "", (), (), (), study_csv(found), (again,)),
        accounts=[
            (a, [dated(s, step) for s in a.said],
             [(dated(capital(n), step), dated(t, step)) for n, t in a.checks])
            for a in accounts(found.estimates)
        ],
        not_run=not_run(found.estimates),
        controls=[dated(control_words(c), step) for c in found.negative_controls],
    )  # fmt: skip


def render_plan_page(planned: Plan, again: str, *, made_on: date) -> str:
    """The page of a plan: design, power and threats, and nothing from after the start."""
    return _render(
        planned, again, made_on,
        kind="plan",
        headline=_plan_headline(planned),
        finding=power_words(planned),
        doubt="",
        claim=_claim_before(planned),
        figures=[before_picture(planned, again)],
        table=None, csv=None, accounts=[], not_run=[], opinions=[], controls=[],
    )  # fmt: skip


def _render(planned: Plan, again: str, made_on: date, **parts: Any) -> str:
    study, panel = planned.study, planned.panel
    step = step_of(panel.periods)
    return (
        environment()
        .get_template("study.html")
        .render(
            title=study.title,
            question=study.question,
            program=study.program,
            design=plan_words(planned),
            power=power_words(planned),
            quote=study.hypothesis.text,
            threats=list(_grouped(planned.threats, step)),
            foot=[(label, texts) for label, texts in _foot(planned) if any(texts)],
            checksum=study.checksum,
            file=study.file,
            version=VERSION,
            made_on=made_on,
            again=again,
            **parts,
        )
    )


def headline(found: Evaluation) -> str:
    """The page's first sentence: what happened to the outcome, by how much."""
    outcome, first = outcome_words(found.plan), outcome_first(found.plan)
    if not found.told:
        return f"Can’t tell: no design could say anything of {outcome}"
    said = {
        "fell": f"{first}: lower than without the program",
        "rose": f"{first}: higher than without the program",
        "no clear change": f"No clear change in {outcome}",
        "designs disagree": f"Designs disagree on {outcome}",
    }[found.reading]
    return ", ".join(s for s in (said, _range(found)) if s)


def _range(found: Evaluation) -> str:
    """The lowest and the highest percent of the designs that told."""
    told = sorted((e for e in found.told if e.percent is not None), key=lambda e: e.percent or 0)
    ends = list(dict.fromkeys(percent_words(e) for e in (told[:1] + told[-1:])))
    return " to ".join(ends) + (" by design" if len(ends) > 1 else "")


def _plan_headline(planned: Plan) -> str:
    seen = seen_words(planned.mde_percent and abs(planned.mde_percent))
    if not seen:
        return "Before the numbers: what this design could see cannot be told"
    return f"Before the numbers: a change under {seen} would go unseen"


def _claim_before(planned: Plan) -> str:
    """Whether what is claimed could be seen at all."""
    claimed, seen = planned.study.hypothesis.claimed, planned.mde_percent
    if claimed is None:
        return ""
    low, high = claimed
    text = f"{low:+g}%" if low == high else f"{low:+g}% to {high:+g}%"
    if seen is None:
        return f"Claimed is {text}."
    least = 0.0 if low <= 0 <= high else min(abs(low), abs(high))
    most = max(abs(low), abs(high))
    if least >= seen:
        return f"Claimed is {text}; all of it is large enough to be seen."
    if most < seen:
        return f"Claimed is {text}; all of it is too small to be seen by a comparison of means."
    return (
        f"Claimed is {text}; what of it is under {seen_words(seen)} would go unseen by a "
        "comparison of means."
    )


def _in_months(text: str, planned: Plan) -> str:
    return dated(text, step_of(planned.panel.periods))


def _grouped(
    every: Sequence[Threat], step: Step | None
) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Threats by how grave they are, the gravest first."""
    for gravity, words in GRAVITY.items():
        found = [
            (capital(t.name), capital(dated(t.text, step))) for t in every if t.gravity == gravity
        ]
        if found:
            yield words, found


def _foot(planned: Plan) -> Iterator[tuple[str, list[str]]]:
    """What the figures rest on, by label."""
    study, panel = planned.study, planned.panel
    others = [cut(u) for u, t in zip(panel.units, panel.treated, strict=True) if not t]
    named = ", ".join(study.designs) or "all"
    yield "Source", [panel.source]
    yield "Cited", [study.source]
    yield "Outcome", [f"{outcome_first(planned)}, {CELLS[panel.measure]}"]
    yield "Treated", ["; ".join(f"{names} from {start}" for start, names in groups(planned))]
    yield "Set against", [f"{len(others)} others: {listed(others)}"]
    yield "Periods", [span_words(panel.periods)]
    yield "Covers", [_in_months(capital(note), planned) for note in panel.notes]
    if study.hypothesis.direction != "either":
        yield "Expected", [study.hypothesis.direction]
    yield "Designs", [f"{named}; {study.draws} draws, seed {study.seed}"]
