"""From a study file to what its designs say: the plan first, then the numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from math import comb, sqrt
from pathlib import Path
from typing import Literal

import numpy as np

from baserate.errors import BadPanel, BadStudy
from baserate.evaluate.designs.estimate import LEVEL, Estimate
from baserate.evaluate.designs.table import (
    DESIGNS,
    estimates,
    quick_estimates,
    unknown_designs,
)
from baserate.evaluate.files.reading import read_columns
from baserate.evaluate.from_store import read_panel
from baserate.evaluate.inference.power import minimum_detectable_effect, percent_of_log
from baserate.evaluate.lay_out import panel_of
from baserate.evaluate.panel import Panel
from baserate.evaluate.read_study import read_study
from baserate.evaluate.second_opinions.asking import with_second_opinion
from baserate.evaluate.study import Hypothesis, Study
from baserate.evaluate.threats import Threat, threats
from baserate.evaluate.treated_by import with_treated
from baserate.store.open import Store

Advance = Callable[[int, int, str], None]
Reading = Literal["fell", "rose", "no clear change", "designs disagree", "can't tell"]
AGREEING = 2 / 3  # of the designs that gave a p; fewer, and they disagree


@dataclass(frozen=True, slots=True)
class Plan:
    """A study before its effect is looked at: its panel, what threatens it, what it could see.

    `mde_percent` is the smallest fall a comparison of means would find, from the scatter of the
    pre-period alone; None where that cannot be had.
    """

    study: Study
    panel: Panel
    threats: tuple[Threat, ...]
    mde_percent: float | None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What all designs say, and what that comes to.

    negative_controls  the quick designs on each outcome that the program could not have moved
    """

    plan: Plan
    estimates: tuple[Estimate, ...]
    negative_controls: tuple[Evaluation, ...] = ()

    @property
    def told(self) -> tuple[Estimate, ...]:
        """Designs that gave an effect with its interval and a p."""
        return tuple(
            e
            for e in self.estimates
            if e.effect is not None
            and e.p_value is not None
            and not (e.interval is None and e.percent_interval is None)
        )

    @property
    def voices(self) -> tuple[Estimate, ...]:
        """Of designs that come to the same number and p, as two of one unit's do, the first."""
        seen: dict[tuple[float, float], Estimate] = {}
        for each in self.told:
            key = float(f"{each.effect:.9g}"), float(f"{each.p_value:.9g}")
            seen.setdefault(key, each)
        return tuple(seen.values())

    @property
    def reading(self) -> Reading:
        """What the designs say together: most of them must, in one direction."""
        told = self.voices
        if not told:
            return "can't tell"
        shares = {
            sign: sum(e.is_distinct and e.direction == sign for e in told) / len(told)
            for sign in (-1, 1)
        }
        if shares[-1] >= AGREEING:
            return "fell"
        if shares[1] >= AGREEING:
            return "rose"
        return "no clear change" if max(shares.values()) <= 1 - AGREEING else "designs disagree"


def plan(path: Path, store: Store) -> Plan:
    """The design of a study, its threats and its power, before any effect."""
    study = read_study(path)
    unknown = unknown_designs(study.designs)
    if unknown:
        known = ", ".join(name for name, _, _ in DESIGNS)
        raise BadStudy(f"{study.file}: no design is called {unknown[0]!r}; use {known}")
    if study.panel.offense:
        study, panel = read_panel(study, store)
    else:
        study, panel = _panel_from_file(study)
    return Plan(study, panel, threats(panel), _mde_percent(panel))


def evaluate(
    planned: Plan, advance: Advance = lambda *_: None, *, second_opinions: bool = True
) -> Evaluation:
    """Every design that fits, in the order of the table, with what libraries say of each.

    An effect on an outcome that the program could not have moved is added to the threats.
    """
    made = tuple(estimates(planned.panel, planned.study, advance))
    if second_opinions:
        made = tuple(with_second_opinion(each, planned.panel) for each in made)
    controls = tuple(_negative_control(planned, n) for n in planned.study.panel.negative_controls)
    moved = [threat for control in controls for threat in _moved(control)]
    grave = [t for t in moved if t.gravity == "grave"]
    found = (*grave, *planned.threats, *(t for t in moved if t.gravity == "mild"))
    return Evaluation(replace(planned, threats=found), made, controls)


def _negative_control(planned: Plan, name: str) -> Evaluation:
    """The quick designs on one outcome that the program could not have moved, on both sides."""
    study = planned.study
    study = replace(
        study,
        panel=replace(study.panel, outcome=name, also=()),
        hypothesis=Hypothesis("either", None, ""),
        designs=(),
    )
    panel = planned.panel.of(planned.panel.further[name])
    made = tuple(quick_estimates(panel, study))
    return Evaluation(Plan(study, panel, (), _mde_percent(panel)), made)


def _moved(control: Evaluation) -> Iterator[Threat]:
    """What to fear where an outcome that the program could not have moved has moved."""
    clear = [e for e in control.told if e.is_distinct]
    if not clear or control.reading == "no clear change":
        return
    said = "; ".join(
        f"{e.design} {'' if e.percent is None else f'{e.percent:+.1f}%, '}p {e.p_value:.3f}"
        for e in clear
    )
    agree = control.reading in {"fell", "rose"}
    yield Threat(
        "negative control", "grave" if agree else "mild",
        f"{control.plan.study.panel.outcome}, which the program could not have moved, moved "
        f"as well by {len(clear)} of {len(control.told)} designs ({said}): what else changed may "
        "be all that they find",
    )  # fmt: skip


def _panel_from_file(study: Study) -> tuple[Study, Panel]:
    """The study with its treated units, which a column may name, and the panel."""
    wanted = study.panel
    path = study.folder / (wanted.data or "")
    named = (wanted.outcome, wanted.exposure, wanted.weight, *study.further, *study.fixed)
    columns = read_columns(path, numbers=[name for name in named if name])
    values = {
        name: column.tolist() if isinstance(column, np.ndarray) else column
        for name, column in columns.values.items()
    }
    if not columns.rows:
        raise BadPanel(f"{path.name} has no rows; give one a unit and period")
    by = study.treated_by
    if by is not None and by.column in values:  # True and False are 1 and 0 there
        values[by.column] = [float(v) if isinstance(v, bool) else v for v in values[by.column]]
    study = with_treated(values, study)
    return study, panel_of(values, study, source=path.name)


def _mde_percent(panel: Panel) -> float | None:
    """From how the units' changes scatter before: 2.8 standard errors of a difference of means."""
    before = panel.comparable[:, : panel.first]
    if before.shape[1] < 2 or not before.mean() or (~panel.treated).sum() < 2:
        return None
    if comb(len(panel.units), int(panel.treated.sum())) * LEVEL < 1:
        return None  # no rank among so few tells anything
    half = before.shape[1] // 2
    changes = before[:, half:].mean(axis=1) - before[:, :half].mean(axis=1)
    spread = float(np.std(changes[~panel.treated], ddof=1))
    error = spread * sqrt(1 / int(panel.treated.sum()) + 1 / int((~panel.treated).sum()))
    if panel.measure == "log":
        return percent_of_log(minimum_detectable_effect(error)) if error else None
    level = float(before[panel.treated].mean())
    return 100 * minimum_detectable_effect(error) / level if level and error else None
