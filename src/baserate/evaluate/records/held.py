"""What is held of each unit, from which dataset, and why a unit is left out."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from baserate.evaluate.periods import Step, split
from baserate.evaluate.study import Reported
from baserate.store.cells import Cell
from baserate.store.open import preference
from baserate.terms.offenses import RapeDefinition, definition_in_force

ENOUGH = 0.80  # share of a state's people whose agencies reported, as in measure/coverage.py
MONTHS: Mapping[Step, int] = {"year": 12, "quarter": 3, "month": 1}
Window = Mapping[int, Cell]


@dataclass(frozen=True, slots=True)
class Rule:
    """What a cell must be: the periods a unit must have, by which definition, and how whole."""

    periods: Sequence[int]
    step: Step
    definition: RapeDefinition | None
    reported: Reported


@dataclass(frozen=True, slots=True)
class Held:
    """One dataset's units: those with every cell, and why the others are not in.

    windows    unit: period: cell
    left_out   unit: the kind of lack, and the first period it is in, with what is there
    """

    dataset: str
    windows: Mapping[str, Window]
    left_out: Mapping[str, tuple[str, str]]


def held_by_dataset(found: Iterable[Cell], rule: Rule) -> dict[str, Held]:
    """Every dataset's units under a rule, the preferred dataset first."""
    every: dict[str, dict[str, dict[int, list[Cell]]]] = defaultdict(
        lambda: defaultdict(lambda: defaultdict(list))
    )
    wanted = frozenset(rule.periods)
    for cell in found:
        periods = every[cell.dataset][cell.unit]
        if cell.period in wanted:
            periods[cell.period].append(cell)
    return {d: _held(d, every[d], rule) for d in sorted(every, key=preference)}


def _held(dataset: str, units: Mapping[str, Mapping[int, list[Cell]]], rule: Rule) -> Held:
    windows, left_out = {}, {}
    for unit, by_period in units.items():
        window = {p: c for p, cells in by_period.items() if (c := chosen(cells, rule)) is not None}
        why = lack(window, rule)
        if why is None:
            windows[unit] = window
        else:
            left_out[unit] = why
    return Held(dataset, windows, left_out)


def chosen(cells: Sequence[Cell], rule: Rule) -> Cell | None:
    """One period's cell by the definition asked for, else by the one its publisher prints.

    Where nothing is printed it is the definition then in force.
    """
    if rule.definition is not None:
        return next((c for c in cells if c.definition == rule.definition), None)
    if len(cells) == 1:
        return cells[0]
    printed = [c for c in cells if c.definition and c.definition == c.printed_definition]
    now = definition_in_force(split(cells[0].period, rule.step)[0])
    return next(iter(printed or [c for c in cells if c.definition == now] or cells))


def lack(window: Window, rule: Rule) -> tuple[str, str] | None:
    """What keeps a unit out of the panel, and where; None where nothing does."""
    for period in rule.periods:
        cell = window.get(period)
        if cell is None:
            return "no figure", str(period)
        if rule.reported == "complete" and not cell.is_whole:
            return "months missing", f"{period}{_of_months(cell, rule.step)}"
        if rule.reported == "complete" and cell.covered is not None and cell.covered < ENOUGH:
            return "agencies missing", f"{period}: {100 * cell.covered:.0f}% of the people covered"
        if not cell.is_whole and cell.months == 0:
            return "no month reported", str(period)
        if cell.number < 0:
            return "negative", f"{period}: {cell.number}"
        if not cell.people:
            return "no population", str(period)
    return None


def _of_months(cell: Cell, step: Step) -> str:
    if cell.months is None or step == "month":
        return ""
    return f": {cell.months} of {MONTHS[step]} months"


def one_dataset(held: Mapping[str, Held], treated: Sequence[str]) -> Held | None:
    """The dataset that has all treated units and the most others, whole; None where none does."""
    able = [h for h in held.values() if set(treated) < set(h.windows)]
    return max(able, key=lambda h: len(h.windows), default=None)  # the first, preferred, of equals


def each_its_own(held: Mapping[str, Held]) -> Held:
    """Every unit from the preferred dataset that has it whole."""
    windows: dict[str, Window] = {}
    left_out: dict[str, tuple[str, str]] = {}
    for each in held.values():
        for unit, window in each.windows.items():
            windows.setdefault(unit, window)
        for unit, why in each.left_out.items():
            left_out.setdefault(unit, why)
    return Held("", windows, {u: w for u, w in left_out.items() if u not in windows})


def labels(window: Window, rule: Rule, *, two_definitions: bool) -> dict[int, str]:
    """How each cell of a unit was counted: its definition, system, and months if some lack.

    The system is told only where every period's is known: from unknown to known is no switch.
    """
    known = all(c.is_nibrs is not None for c in window.values())
    made = {}
    for period, cell in window.items():
        said = [f"{cell.definition or 'unstated'} definition"] if two_definitions else []
        if known:
            said.append("NIBRS" if cell.is_nibrs else "summary")
        if not cell.is_whole:
            said.append(f"partial{_of_months(cell, rule.step)}")
        made[period] = ", ".join(said) or "as stated"
    return made


def grouped(left_out: Mapping[str, tuple[str, str]]) -> list[tuple[str, list[str]]]:
    """The units left out, by what they lack, the commonest lack first."""
    often = Counter(kind for kind, _ in left_out.values()).most_common()
    return [
        (kind, sorted(u for u, (why, _) in left_out.items() if why == kind)) for kind, _ in often
    ]
