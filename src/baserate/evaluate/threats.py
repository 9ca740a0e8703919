"""What could make a design lie: looked for before any effect is worked out.

Each threat has a name, how grave it is, and a sentence with its figures. `stops` means that no
design can be run; `grave` that an effect found may be this instead; `mild` that it must be said.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from baserate.evaluate.panel import Floats, Panel, shown
from baserate.measure.poisson import z_value

Gravity = Literal["stops", "grave", "mild"]

FEWEST_BEFORE = 4  # pre-periods; with fewer no trend before can be looked at
FEW_CLUSTERS = 40  # fewer, and clustered standard errors are too small
FEW_TREATED = 6  # the same, however many there are in all
RARE = 5.0  # offenses a unit and period; below it most designs see nothing
LEVEL = 0.05
ALIKE = 0.1  # difference of shares up to which treated and others changed alike
SPREADLESS = 1e-9  # the usual change of a unit that never changes
BREAK = 6.0  # times a unit's usual change that a jump must be


@dataclass(frozen=True, slots=True)
class Threat:
    """One thing that could make an effect wrong. `name` is stable; `text` has the figures."""

    name: str
    gravity: Gravity
    text: str


def threats(panel: Panel) -> tuple[Threat, ...]:
    """Every threat that can be seen in the panel itself, the gravest first."""
    found = [
        *_short_before(panel),
        *_trends_before(panel),
        *_counted_otherwise(panel),
        *_breaks(panel),
        *_rare(panel),
        *_few(panel),
        *_unlike(panel),
    ]
    order: tuple[Gravity, ...] = ("stops", "grave", "mild")
    return tuple(sorted(found, key=lambda t: order.index(t.gravity)))


def _short_before(panel: Panel) -> Iterator[Threat]:
    shortest = int(panel.cohort[panel.treated].min())
    if shortest < FEWEST_BEFORE:
        yield Threat(
            "short pre-period", "grave",
            f"only {shortest} periods before the first treated one; whether units moved alike "
            f"before cannot be seen with fewer than {FEWEST_BEFORE}",
        )  # fmt: skip


def _trends_before(panel: Panel) -> Iterator[Threat]:
    """Whether treated and others already moved apart before, tested by a difference of slopes."""
    first = min(panel.first, int(panel.cohort[panel.treated].min()))
    if first < FEWEST_BEFORE:
        return
    slopes = _slopes(panel.comparable[:, :first])
    treated, others = slopes[panel.treated], slopes[~panel.treated]
    if len(others) < 3:
        return
    difference = float(treated.mean() - others.mean())
    spread = float(others.std(ddof=1)) * np.sqrt(1 / len(treated) + 1 / len(others))
    if spread and abs(difference) > z_value(1 - LEVEL) * spread:
        yield Threat(
            "pre-trend", "grave",
            f"before it, treated units moved by {difference:+,.2f} a period against the others, "
            f"more than chance gives ({spread:,.2f} standard error); a difference after may only "
            "go on",
        )  # fmt: skip


def _slopes(before: Floats) -> Floats:
    """Each unit's least-squares slope over the periods before."""
    time = np.arange(before.shape[1]) - (before.shape[1] - 1) / 2
    return np.asarray(before @ time / (time @ time))


def _counted_otherwise(panel: Panel) -> Iterator[Threat]:
    """A change of definition or system inside the window, by unit and period."""
    changed = {
        panel.units[i]: (i, j)
        for i, labels in enumerate(panel.counted_by)
        for j in range(1, len(labels))
        if labels[j] != labels[j - 1]
    }
    if not changed:
        return
    treated = {u for u, (i, _) in changed.items() if panel.treated[i]}
    shares = (
        len(treated) / int(panel.treated.sum()),
        (len(changed) - len(treated)) / int((~panel.treated).sum()),
    )
    said = shown([f"{u} in {panel.periods[j]}" for u, (_, j) in sorted(changed.items())])
    apart = abs(shares[0] - shares[1]) > ALIKE
    why = "so a difference may be how crimes are counted" if apart else "treated and others alike"
    yield Threat(
        "counted otherwise", "grave" if apart else "mild",
        f"the way of counting changes inside the window in {100 * shares[0]:.0f}% of treated and "
        f"{100 * shares[1]:.0f}% of other units ({said}): {why}",
    )  # fmt: skip


def _breaks(panel: Panel) -> Iterator[Threat]:
    """Units that jump in one period as they never else do, and stay: how they count may have."""
    found: dict[bool, list[str]] = {True: [], False: []}
    jumps, usual = _jumps(panel.comparable)
    usual = np.maximum(usual, _counting_noise(panel))
    for i, j in np.argwhere(np.abs(jumps) >= BREAK * usual[:, None]):
        if j + 1 != panel.cohort[i] and _stays(panel.comparable[i], int(j) + 1):
            way = "up" if jumps[i, j] > 0 else "down"
            found[bool(panel.treated[i])].append(
                f"{panel.units[i]} {way} in {panel.periods[j + 1]}"
            )
    for treated, said in found.items():
        if said:
            whose = "treated" if treated else "comparison"
            yield Threat(
                "break", "grave" if treated else "mild",
                f"{len(said)} jumps of {whose} units that stay and are {BREAK:g} times their usual "
                f"change ({shown(said)}): a change of definition, of reporting or of system looks "
                "like this",
            )  # fmt: skip


def _jumps(outcome: Floats) -> tuple[Floats, Floats]:
    """Changes from one period to the next against all units', and each unit's usual size of them.

    Shapes (units, periods - 1) and (units,): 1.48 times the median, a standard deviation if normal.
    """
    changes = np.diff(outcome, axis=1)
    against = changes - np.median(changes, axis=0)
    return against, np.asarray(1.4826 * np.median(np.abs(against), axis=1))


def _counting_noise(panel: Panel) -> Floats:
    """The least that a unit's changes scatter by, (units,): a count is a Poisson variable."""
    counts = panel.counts
    if counts is None:
        return np.full(len(panel.units), SPREADLESS)
    a_count = panel.comparable.sum(axis=1) / np.maximum(counts.sum(axis=1), 1)
    return np.asarray(np.maximum(a_count * np.sqrt(2 * counts.mean(axis=1)), SPREADLESS))


def _stays(series: Floats, at: int) -> bool:
    """Whether a jump is still there in the next periods: half of it, on the mean of two."""
    jump = series[at] - series[at - 1]
    after = series[at : at + 2].mean() - series[max(at - 2, 0) : at].mean()
    return bool(len(series[at:]) > 1 and abs(after) >= abs(jump) / 2 and jump * after > 0)


def _rare(panel: Panel) -> Iterator[Threat]:
    counts = panel.counts
    if counts is None:
        return
    mean = float(counts[panel.treated].mean())
    if mean < RARE:
        yield Threat(
            "rare", "grave",
            f"treated units have {mean:.1f} a period on average; so few say little about a change",
        )  # fmt: skip
    empty = [u for u, c in zip(panel.units, counts, strict=True) if not c.any()]
    if empty:
        yield Threat(
            "all zero", "mild",
            f"{len(empty)} units have none in any period ({shown(empty)}): nothing happened there, "
            "or nothing was reported",
        )  # fmt: skip


def _few(panel: Panel) -> Iterator[Threat]:
    clusters = len(set(panel.cluster))
    treated = len({c for c, t in zip(panel.cluster, panel.treated, strict=True) if t})
    if clusters < FEW_CLUSTERS or treated < FEW_TREATED:
        yield Threat(
            "few clusters", "mild",
            f"{treated} treated of {clusters} clusters: clustered standard errors are too small, "
            "so ranks among placebos decide",
        )  # fmt: skip


def _unlike(panel: Panel) -> Iterator[Threat]:
    """Treated units outside what any comparison unit ever was."""
    before = panel.comparable[:, : panel.first].mean(axis=1)
    others = before[~panel.treated]
    outside = [
        unit
        for unit, level, treated in zip(panel.units, before, panel.treated, strict=True)
        if treated and not others.min() <= level <= others.max()
    ]
    if outside:
        yield Threat(
            "out of range", "grave",
            f"before it, {shown(outside)} stood outside the range of all comparison units "
            f"({others.min():,.1f} to {others.max():,.1f}); no mix of them can match it",
        )  # fmt: skip
