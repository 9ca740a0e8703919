"""A change of definition or of system inside the window, tested as a confounder.

`counted_by` says how each cell was counted. Where it changes, the jump of the outcome at the
change is estimated from all units with their own dates, two-way within (an effect for each unit
and period), with treated cells left out, so that no effect of the program is in it. What the
treated's own switches could then fake is that jump times how much more of their after than of
their before lies past a switch, against the others.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import expm1

import numpy as np
from numpy.typing import NDArray

from baserate.errors import BadPanel
from baserate.evaluate.differences.did import means_did
from baserate.evaluate.differences.twoway import two_way
from baserate.evaluate.panel import Floats, Panel, shown
from baserate.evaluate.threats.breaks import relative_logs
from baserate.evaluate.threats.threat import Threat
from baserate.terms.quantities import Interval

ALIKE = 0.1  # difference of shares up to which treated and others changed alike


@dataclass(frozen=True, slots=True)
class Switch:
    """One kind of change, from one way of counting to another.

    after   (units, periods): True from a unit's switch on
    units   which units switch inside the window
    at      (units,): index of the first period counted the new way, -1 for none
    """

    old: str
    new: str
    after: NDArray[np.bool_]
    units: NDArray[np.bool_]
    at: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Jump:
    """By how much a switch moves the outcome, in percent, from cells that are not treated.

    reason   why there is none, '' where there is one
    """

    percent: float
    interval: Interval | None
    units: int
    reason: str = ""


def switches(panel: Panel) -> Iterator[Threat]:
    """Each kind of change: whom it concerns, how far it moves the outcome, what it could fake."""
    for switch in kinds(panel):
        yield _counted_otherwise(panel, switch)
        yield from _at_the_start(panel, switch)


def kinds(panel: Panel) -> list[Switch]:
    """Every change from one way of counting to another, the commonest first."""
    found: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for i, labels in enumerate(panel.counted_by):
        for j in range(1, len(labels)):
            if labels[j] != labels[j - 1]:
                found.setdefault((labels[j - 1], labels[j]), []).append((i, j))
    ordered = sorted(found.items(), key=lambda each: (-len(each[1]), each[0]))
    return [_switch(panel, old, new, where) for (old, new), where in ordered]


def _switch(panel: Panel, old: str, new: str, where: list[tuple[int, int]]) -> Switch:
    at = np.full(len(panel.units), -1, dtype=np.int64)
    for i, j in reversed(where):
        at[i] = j
    is_new = np.array([[label == new for label in labels] for labels in panel.counted_by])
    switched = at >= 0
    past = np.arange(len(panel.periods))[None] >= at[:, None]
    return Switch(old, new, is_new & past & switched[:, None], switched, at)


def jump(panel: Panel, switch: Switch) -> Jump:
    """The switch's own effect on the outcome, in percent, two-way within over untreated cells."""
    logs = relative_logs(panel)
    if logs is None:
        return Jump(0.0, None, 0, "the outcome has no logarithm")
    past_start = np.arange(len(panel.periods)) >= np.where(
        panel.treated, panel.cohort, len(panel.periods)
    )[:, None]  # fmt: skip
    seen = ~past_start
    telling = ((switch.after & seen).any(axis=1) & (~switch.after & seen).any(axis=1)).sum()
    if telling == 0:
        return Jump(0.0, None, 0, "no unit switches outside of treatment")
    try:
        found = two_way(logs, switch.after.astype(float), observed=seen, scale="log")
    except BadPanel:
        return Jump(0.0, None, int(telling), "all switch in one period, as a wave would come")
    reason = "only one unit switches apart from the others" if found.reason else ""
    return Jump(100 * expm1(found.effect), found.interval, int(telling), reason)


def exposed(panel: Panel, switch: Switch) -> float:
    """How much more of the treated's after than before is past the switch, against the others.

    1 is all of it: what the switch does, the whole of it would pass for an effect.
    """
    first = np.where(panel.treated, panel.cohort, panel.first)
    shares = [
        after[f:].mean() - after[:f].mean() for after, f in zip(switch.after, first, strict=True)
    ]
    told = np.array(shares)
    return float(told[panel.treated].mean() - told[~panel.treated].mean())


def _counted_otherwise(panel: Panel, switch: Switch) -> Threat:
    treated, others = switch.units & panel.treated, switch.units & ~panel.treated
    shares = treated.sum() / panel.treated.sum(), others.sum() / (~panel.treated).sum()
    part = exposed(panel, switch)
    apart = abs(shares[0] - shares[1]) > ALIKE or abs(part) > ALIKE
    said = shown(
        [
            f"{panel.units[i]} in {panel.periods[switch.at[i]]}"
            for i in sorted(np.flatnonzero(switch.units), key=lambda i: not panel.treated[i])
        ]
    )
    why = "so a difference may be how crimes are counted" if apart else "treated and others alike"
    text = (
        f"counting changes from {switch.old!r} to {switch.new!r} inside the window in "
        f"{100 * shares[0]:.0f}% of treated and {100 * shares[1]:.0f}% of other units ({said}): "
        f"{why}. {_jump_words(panel, switch, part)}"
    )
    return Threat("counted otherwise", "grave" if apart else "mild", text)


def _jump_words(panel: Panel, switch: Switch, part: float) -> str:
    found = jump(panel, switch)
    limits = found.interval
    if limits is None:
        return f"By how much that moves the outcome cannot be told: {found.reason}."
    low, high = 100 * expm1(limits.lower), 100 * expm1(limits.upper)
    said = (
        f"In {found.units} units, outside of treatment, the switch moved the outcome by "
        f"{found.percent:+.0f}% (95% interval {low:+.0f}% to {high:+.0f}%)"
    )
    if abs(part) < 0.005:
        return f"{said}; treated and others are past it alike, so it can fake little."
    ends = sorted(100 * expm1(part * limit) for limit in (limits.lower, limits.upper))
    fake = 100 * expm1(part * float(np.log1p(found.percent / 100)))
    return (
        f"{said}; by itself that could make an effect of about {fake:+.0f}% "
        f"({ends[0]:+.0f}% to {ends[1]:+.0f}%)."
    )


def _at_the_start(panel: Panel, switch: Switch) -> Iterator[Threat]:
    """Treated units that begin in the very period in which they are counted otherwise."""
    rows = np.flatnonzero(panel.treated & switch.units & (switch.at == panel.cohort))
    if not len(rows):
        return
    starts = set(switch.at[rows].tolist())
    others = switch.at[~panel.treated]
    if all((others == start).mean() >= 1 - ALIKE for start in starts):
        return  # the others switch with them, and are what they are compared with
    said = [f"{panel.units[i]} in {panel.periods[switch.at[i]]}" for i in rows]
    yield Threat(
        "switch at the start", "grave",
        f"{len(rows)} of {int(panel.treated.sum())} treated units begin in the very period in "
        f"which counting changes from {switch.old!r} to {switch.new!r} ({shown(said)}): program "
        "and counting cannot be told apart there",
    )  # fmt: skip


def without_switched(panel: Panel) -> str:
    """The plain difference in differences with and without the units whose counting changes.

    '' where no unit switches. This is of the effect, and so no part of a plan.
    """
    switched = np.zeros(len(panel.units), dtype=bool)
    for each in kinds(panel):
        switched |= each.units
    if not switched.any():
        return ""
    all_of_them = _plain_did(panel.comparable, panel)
    kept = panel.without([u for u, s in zip(panel.units, switched, strict=True) if s])
    if not kept.treated.any():
        return (
            f"{all_of_them:+,.2f} with them; every treated unit is counted otherwise at some time"
        )
    if (~kept.treated).sum() < 1:
        return f"{all_of_them:+,.2f} with them; every other unit is counted otherwise at some time"
    return (
        f"{all_of_them:+,.2f} with all units, {_plain_did(kept.comparable, kept):+,.2f} without "
        f"the {int(switched.sum())} whose counting changes"
    )


def _plain_did(values: Floats, panel: Panel) -> float:
    """Mean over treated units of their change less that of the others, each from its own start."""
    made = [
        means_did(values[~panel.treated | (np.arange(len(values)) == i)], one, int(panel.cohort[i]))
        for i in np.flatnonzero(panel.treated)
        for one in [(np.arange(len(values)) == i)[~panel.treated | (np.arange(len(values)) == i)]]
    ]
    return float(np.mean([m.effect for m in made]))
