"""A panel out of the records: offenses of states, cities or agencies by year, quarter or month.

A cell is a full count, or its unit is left out and the reason said; `reported = "as recorded"`
takes what there is and marks it. All units come from one dataset where one has all treated units;
figures of two are never put together over time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from baserate.errors import BadPanel, BadStudy, near_names
from baserate.evaluate.lay_out import panel_of
from baserate.evaluate.panel import Panel, shown
from baserate.evaluate.periods import STEPS, Step, is_period, run, split
from baserate.evaluate.records.held import (
    Held,
    Rule,
    each_its_own,
    held_by_dataset,
    labels,
    one_dataset,
)
from baserate.evaluate.records.notes import LACKS, notes, short, source
from baserate.evaluate.records.units import MANY, Units, placed, readable, renamed, units_of
from baserate.evaluate.study import Study
from baserate.store.cells import Cell, cells
from baserate.store.open import Store
from baserate.terms.offenses import RAPE_DEFINITIONS, offense, offenses

EVER = (1900, 2100)


def read_panel(study: Study, store: Store) -> tuple[Study, Panel]:
    """The study with its units named as in the panel, and the panel.

    A study may write 'Missouri' or 'MO', 'St. Louis, MO', or an agency's identifier.
    """
    key, step = _offense(study), _step(study)
    units = units_of(study, store)
    rule = _rule(study, step, key)
    counted = study.panel.counted
    years = split(rule.periods[0], step)[0], split(rule.periods[-1], step)[0]
    found = [c for c in cells(store, key, units.kind, step, years, counted) if units.has(c.unit)]
    found = _of_dataset(found, study)
    _refuse_nothing(study, store, units, {c.unit for c in found})
    held = held_by_dataset(found, rule)
    used = one_dataset(held, units.treated) or each_its_own(held)
    names = {c.unit: readable(c.unit, units.kind, c.agency) for c in found}
    _refuse_lost(study, store, units, used, found, rule, names)
    told = renamed(_without_left_out(study, store, used), store, names)
    columns = _columns(used, rule, key, names, study.panel.unit)
    said = notes(used, held, names, MANY[units.kind], store)
    return told, panel_of(columns, told, notes=said, source=source(used, store))


def _offense(study: Study) -> str:
    said = study.panel.offense or ""
    known = {o.key for o in offenses().values() if o.held}
    key = said.strip().casefold().replace(" ", "_")
    if key not in known:
        near = near_names(key, sorted(known))
        hint = f"did you mean {near[0]}? " if near else ""
        raise BadPanel(
            f"no offense is called {said!r}; {hint}use one of {', '.join(sorted(known))}"
        )
    return offense(key).answered_by or key


def _step(study: Study) -> Step:
    """Years, quarters or months; the study's periods must be such."""
    step = next(s for s in STEPS if s == study.panel.period)
    form = {"year": "2017", "quarter": '20172 or "2017-Q2"', "month": '201706 or "2017-06"'}[step]
    for name, number in (
        *(("pre", p) for p in study.pre),
        *(("post", p) for p in study.post),
        *((f"start of {u.name}", u.start) for u in study.treated),
    ):
        if not is_period(number, step):
            raise BadStudy(
                f'{study.file}: {name} is {number}, and [panel] period = "{step}"; a {step} is '
                f"written {form}"
            )
    return step


def _rule(study: Study, step: Step, key: str) -> Rule:
    said = study.panel.definition
    definition = next((d for d in RAPE_DEFINITIONS if d == said), None)
    if said is not None and definition is None:
        raise BadStudy(
            f"{study.file}: definition = {said!r}; rape is counted by the legacy or the revised one"
        )
    if said is not None and not offense(key).has_two_definitions:
        raise BadStudy(
            f"{study.file}: definition = {said!r}, and {offense(key).name} has one definition "
            "throughout; leave it out"
        )
    periods = [*run(*study.pre, step), *run(*study.post, step)]
    return Rule(periods, step, definition, study.panel.reported)


def _of_dataset(found: list[Cell], study: Study) -> list[Cell]:
    """Cells of the dataset that the study names, if it names one."""
    wanted = study.panel.dataset
    if wanted is None or not found:
        return found
    able = sorted({c.dataset for c in found})
    if wanted not in able:
        near = near_names(wanted, able)
        hint = f"did you mean {near[0]}? " if near else ""
        raise BadPanel(
            f"dataset = {wanted!r} has none of these figures in the store; {hint}those that do: "
            f"{', '.join(able)}"
        )
    return [c for c in found if c.dataset == wanted]


def _columns(
    used: Held, rule: Rule, key: str, names: Mapping[str, str], unit_column: str
) -> dict[str, Sequence[object]]:
    """Long columns, one row a unit and period, named as a study of the records names them."""
    two = offense(key).has_two_definitions
    rows = [
        (names[unit], period, cell.number, cell.people, told[period])
        for unit, window in used.windows.items()
        for told in (labels(window, rule, two_definitions=two),)
        for period, cell in window.items()
    ]
    heads = (unit_column, rule.step, "offenses", "people", "counted_by")
    return dict(zip(heads, map(list, zip(*rows, strict=True)), strict=True))


def _without_left_out(study: Study, store: Store, used: Held) -> Study:
    """Donors that the study names and that are left out anyway need no more saying."""

    def kept(names: Sequence[str]) -> tuple[str, ...]:
        return tuple(n for n in names if placed(n, store).key not in used.left_out)

    return replace(
        study, donors_only=kept(study.donors_only), donors_without=kept(study.donors_without)
    )


def _refuse_nothing(study: Study, store: Store, units: Units, held: set[str]) -> None:
    """A treated unit has no figure at all by this step in these years: say what is held of it."""
    absent = next((u for u in units.treated if u not in held), None)
    if absent is None:
        return
    step, key = study.panel.period, _offense(study)
    name = readable(absent, units.kind, placed(absent, store).name)
    by_year: dict[str, list[int]] = {}
    for cell in cells(store, key, units.kind, "year", EVER, study.panel.counted):
        if cell.unit == absent:
            by_year.setdefault(cell.dataset, []).append(cell.period)
    if not by_year:
        raise BadPanel(
            f"the records at hand have no {offense(key).name} ({study.panel.counted}) of {name}, "
            f"by {step} or by year; add a file that does (baserate catalog says where to get them)"
        )
    held_by = "; ".join(f"{short(store, d)}, {min(p)} to {max(p)}" for d, p in by_year.items())
    raise BadPanel(
        f"the records at hand have no {offense(key).name} of {name} by {step} in {study.pre[0]} to "
        f'{study.post[1]}. By year they have {held_by}. Say period = "year" and years that are '
        "held, or add files by month (return_a, nibrs_state; see baserate catalog)"
    )


def _refuse_lost(
    study: Study, store: Store, units: Units, used: Held, found: list[Cell], rule: Rule,
    names: Mapping[str, str],
) -> None:  # fmt: skip
    """Treated units that are left out, or nobody to compare them with."""
    first, last = rule.periods[0], rule.periods[-1]
    lost = [u for u in units.treated if u not in used.windows]
    if lost:
        unit = lost[0]
        kind, where = used.left_out.get(unit, ("no figure", str(first)))
        definition = f" by the {rule.definition} definition" if rule.definition else ""
        raise BadPanel(
            f"{shown([names.get(u, u) for u in lost])} is treated and cannot be in a panel from "
            f"{first} to {last}{definition}: {LACKS[kind]} ({where}). Held: "
            f"{_held_of(unit, found, rule, store) or 'nothing in these years'}. Narrow the window, "
            "add files (baserate catalog)"
            + (', or take what there is with reported = "as recorded"' if "month" in kind else "")
        )
    if not set(used.windows) - set(units.treated):
        raise BadPanel(
            f"no {units.kind} but the treated has {offense(_offense(study)).name} for every "
            f"{rule.step} from {first} to {last}; narrow the window, or add files"
        )


def _held_of(unit: str, found: list[Cell], rule: Rule, store: Store) -> str:
    """What each dataset has of a unit in the window, by definition."""
    spans: dict[tuple[str, str], list[int]] = {}
    for cell in found:
        if cell.unit == unit and cell.is_whole:
            by = f" ({cell.definition})" if cell.definition else ""
            spans.setdefault((cell.dataset, by), []).append(cell.period)
    return "; ".join(
        f"{short(store, d)}{by} has {len(p)} whole {rule.step}s, {min(p)} to {max(p)}"
        for (d, by), p in spans.items()
    )
