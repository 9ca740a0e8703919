"""Threats of the design itself: too short, too few, too rare, unlike, or already moving apart."""

from __future__ import annotations

from collections.abc import Iterator
from math import comb, sqrt

import numpy as np
from numpy.typing import NDArray

from baserate.evaluate.inference.wald import two_sided_p
from baserate.evaluate.panel import Floats, Panel, shown
from baserate.evaluate.threats.threat import Threat

FEWEST_BEFORE = 4  # pre-periods; with fewer no trend before can be looked at
FEWEST_OTHERS = 3  # units to compare a trend with
FEW_CLUSTERS = 40  # fewer, and clustered standard errors are too small
FEW_TREATED = 6  # the same, however many there are in all
RARE = 5.0  # offenses a unit and period; below it most designs see nothing
LEVEL = 0.05
FEWEST_CHOICES = 40  # of treated units, for a rank to reach half of 5%
MOST_RANKED = 2_000  # units; with more, the mean of slopes is normal enough
CHOICES = 999  # that are tried where several are treated; also the seed


def design_threats(panel: Panel) -> Iterator[Threat]:
    """Each in turn; see the names in docs/evaluate.md."""
    yield from _short_before(panel)
    yield from _trends_before(panel)
    yield from _rare(panel)
    yield from _few(panel)
    yield from _unlike(panel)


def _short_before(panel: Panel) -> Iterator[Threat]:
    starts = panel.cohort[panel.treated]
    if starts.min() < FEWEST_BEFORE:
        short = [
            f"{u} ({c})"
            for u, c, t in zip(panel.units, panel.cohort, panel.treated, strict=True)
            if t and c < FEWEST_BEFORE
        ]
        yield Threat(
            "short pre-period", "grave",
            f"only {starts.min()} periods before the first treated one (periods before, by unit: "
            f"{shown(short)}); whether units moved alike before cannot be seen with fewer than "
            f"{FEWEST_BEFORE}",
        )  # fmt: skip


def _trends_before(panel: Panel) -> Iterator[Threat]:
    """Whether treated and others already moved apart before, in the outcome's unit or percent.

    Either is a trend that some design here would take for an effect, so each is tested at half
    of 5%.
    """
    first = min(panel.first, int(panel.cohort[panel.treated].min()))
    others = int((~panel.treated).sum())
    if first < FEWEST_BEFORE or others < FEWEST_OTHERS:
        return
    before = panel.comparable[:, :first]
    usual = before.mean(axis=1)
    found = [("", slopes(before))]
    if (usual > 0).all():
        found.append(("%", 100 * slopes(before) / usual))
    tested = [(*trend_test(each, panel.treated), unit) for unit, each in found]
    difference, error, p, unit = min(tested, key=lambda each: each[2])
    if p <= LEVEL / len(tested):
        yield Threat(
            "pre-trend", "grave",
            f"before it, treated units moved by {difference:+,.2f}{unit} a period against the "
            f"{others} others (standard error {error:,.2f}, p {p:.3f}, of units' slopes); "
            "a difference after may only go on",
        )  # fmt: skip


def slopes(before: Floats) -> Floats:
    """Each unit's least-squares slope over the periods before, shape (units,)."""
    time = np.arange(before.shape[1]) - (before.shape[1] - 1) / 2
    return np.asarray(before @ time / (time @ time))


def trend_test(slope: Floats, treated: NDArray[np.bool_]) -> tuple[float, float, float]:
    """Mean slope of the treated less that of the others, its error, and its p.

    Student's t with the spread of both groups taken together, so that it holds for one treated
    unit: then it asks whether one more draw from the others would lie so far out. Slopes have
    heavy tails, so where there are units enough the p is that of the rank among other choices of
    treated units, if that is larger.

    >>> slope = np.array([3.0, 0.1, -0.2, 0.3, 0.0, -0.1])
    >>> [round(x, 3) for x in trend_test(slope, np.arange(6) == 0)]
    [2.98, 0.211, 0.0]
    """
    one, other = slope[treated], slope[~treated]
    degrees = len(one) + len(other) - 2
    squares = sum(float(((s - s.mean()) ** 2).sum()) for s in (one, other))
    error = sqrt(squares / degrees * (1 / len(one) + 1 / len(other)))
    difference = float(one.mean() - other.mean())
    p = two_sided_p(difference, error, degrees=degrees)
    if comb(len(slope), len(one)) >= FEWEST_CHOICES and len(slope) <= MOST_RANKED:
        p = max(p, _rank_p(slope, len(one), difference))
    return difference, error, p


def _rank_p(slope: Floats, treated: int, difference: float) -> float:
    """How often as many units chosen at random move as far apart from the rest."""
    total, others = slope.sum(), len(slope) - treated
    if treated == 1:
        chosen = slope
    else:
        order = np.random.default_rng(CHOICES).random((CHOICES, len(slope)))
        chosen = slope[np.argpartition(order, treated, axis=1)[:, :treated]].sum(axis=1)
    apart = np.abs(chosen / treated - (total - chosen) / others)
    as_large = int((apart >= abs(difference) * (1 - 1e-12)).sum())
    return as_large / len(slope) if treated == 1 else (1 + as_large) / (1 + CHOICES)


def _rare(panel: Panel) -> Iterator[Threat]:
    counts = panel.counts
    if counts is None:
        return
    mean = float(counts[panel.treated].mean())
    if mean < RARE:
        yield Threat(
            "rare", "grave",
            f"a treated unit has {mean:.1f} offenses a period on average; with fewer than "
            f"{RARE:g} chance alone moves it by half and more, and few designs can see a change",
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
            f"{treated} treated of {clusters} clusters (at least {FEW_TREATED} of {FEW_CLUSTERS} "
            "are wanted): clustered standard errors are too small, so ranks among placebos decide",
        )  # fmt: skip
    choices = comb(len(panel.units), int(panel.treated.sum()))
    if choices * LEVEL < 1:
        yield Threat(
            "too few to rank", "grave",
            f"{len(panel.units)} units can be told apart in {choices} ways, so no rank among them "
            f"reaches a p below {1 / choices:.3f}, however large the effect; add units to compare "
            "with",
        )  # fmt: skip


def _unlike(panel: Panel) -> Iterator[Threat]:
    """Treated units outside what any comparison unit ever was."""
    before = panel.comparable[:, : panel.first].mean(axis=1)
    others = before[~panel.treated]
    outside = [
        f"{unit} ({level:,.1f})"
        for unit, level, treated in zip(panel.units, before, panel.treated, strict=True)
        if treated and not others.min() <= level <= others.max()
    ]
    if outside:
        yield Threat(
            "out of range", "grave",
            f"before it, {shown(outside)} stood outside the range of all comparison units "
            f"({others.min():,.1f} to {others.max():,.1f}); no mix of them can match it",
        )  # fmt: skip
