"""Randomization inference: how often treating other units would have given as large an effect.

Where few units are treated, clustered errors are far too small. The rank of an estimate among
those of other assignments of the same treatments holds its level, as long as the treated units are
not of another size or noise than the rest (MacKinnon and Webb 2020, Journal of Econometrics
218:435); a t statistic, or strata, help where they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from math import factorial, prod

import numpy as np
from numpy.typing import ArrayLike

from baserate.errors import BadPanel
from baserate.evaluate.inference import shapes
from baserate.evaluate.inference.power import mde_of_placebos
from baserate.evaluate.inference.shapes import Floats, Ints
from baserate.terms.quantities import Interval

IN_NOISE = "estimate, in the noise of its units before,"
TIE = 1e-9  # statistics nearer than this share of their size are equal but for rounding


@dataclass(frozen=True, slots=True)
class Randomization:
    """How one estimate stands among those of other assignments of the same treatments.

    placebo_effects  the statistic of each assignment; the real one is among them if `is_complete`
    is_complete      whether every possible assignment was tried, not a sample
    interval         effects that the test does not reject; None where it was not worked out
    mde              smallest effect found with probability 0.80 at 5%, by the spread of placebos;
                     None where the statistic is not in the effect's unit
    """

    effect: float
    p_value: float
    p_rule: str
    placebo_effects: Floats
    is_complete: bool
    interval: Interval | None
    mde: float | None
    notes: tuple[str, ...]


def randomization_inference(
    treatment: ArrayLike,
    statistic: Callable[[Floats], float],
    *,
    draws: int = 999,
    seed: int,
    strata: ArrayLike | None = None,
) -> Randomization:
    """The rank of an estimate among those of the same treatments given to other units.

    `treatment` has shape (units, periods): whole rows move among units, within `strata` (units,)
    if given. `statistic` takes such an array and returns the estimate, by any design. All
    assignments are tried where there are no more than `draws` of them; else `draws` are drawn, and
    the real one is counted among them.

    >>> outcome = np.array([9.0, 1.0, 2.0, 3.0])
    >>> made = randomization_inference(
    ...     [[1.0], [0.0], [0.0], [0.0]], lambda d: float(outcome @ d[:, 0]), seed=1)
    >>> made.p_value, made.is_complete
    (0.25, True)
    """
    path = np.asarray(treatment, dtype=np.float64)
    observed = statistic(path)
    rows, complete = assignments(path, draws=draws, seed=seed, strata=strata)
    placebos = np.array([statistic(path[order]) for order in rows])
    p = share_as_large(placebos, observed, complete)
    return Randomization(
        effect=observed,
        p_value=p,
        p_rule=rule_of(len(placebos), complete, "estimate", strata is not None),
        placebo_effects=placebos,
        is_complete=complete,
        interval=None,
        mde=mde_of_placebos(placebos),
        notes=too_few_note(len(placebos), complete),
    )


def rule_of(count: int, complete: bool, what: str, stratified: bool) -> str:
    """The rule of the p in words."""
    which = f"all {count:,}" if complete else f"{count:,} random"
    where = "units of the same stratum" if stratified else "units"
    among = "among them" if complete else "counted with them"
    return (
        f"randomization inference: rank of the size of the {what} among {which} assignments of "
        f"the same treatments to {where}, the real one {among}"
    )


def too_few_note(count: int, complete: bool) -> tuple[str, ...]:
    """What to say where no p could be as small as 5%."""
    smallest = 1 / count if complete else 1 / (count + 1)
    if smallest <= 0.05:
        return ()
    return (f"with {count} assignments no p below {smallest:.3f} is possible",)


def share_as_large(placebos: Floats, observed: float, complete: bool) -> float:
    """The p: the share of assignments with a statistic at least as far from zero."""
    size = abs(observed)
    as_large = int((np.abs(placebos) >= size - TIE * max(size, 1e-300)).sum())
    # The real one is as large as itself, also where rounding makes it look otherwise.
    return max(as_large, 1) / len(placebos) if complete else (1 + as_large) / (1 + len(placebos))


def assignments(
    treatment: Floats, *, draws: int, seed: int, strata: ArrayLike | None = None
) -> tuple[list[Ints], bool]:
    """Orders of rows that hand the treatments to other units, and whether they are all."""
    if draws < 1:
        raise BadPanel(f"{draws} draws; at least one is needed")
    units = len(treatment)
    rows = [np.arange(units)]
    if strata is not None:
        of = shapes.labels(strata, units, "strata")
        rows = [np.flatnonzero(of == s) for s in np.unique(of)]
    kinds = np.unique(treatment, axis=0, return_inverse=True)[1].ravel()
    if len(set(kinds.tolist())) < 2:
        raise BadPanel("all units have the same treatment; there is nothing to reassign")
    possible = prod(_arrangements(kinds[r]) for r in rows)
    if possible <= draws:
        return list(_all_orders(kinds, rows)), True
    generator = np.random.default_rng(seed)
    return [_drawn(rows, units, generator) for _ in range(draws)], False


def _arrangements(kinds: Ints) -> int:
    """In how many different ways treatments can be handed out."""
    each = np.unique(kinds, return_counts=True)[1]
    return factorial(kinds.size) // prod(factorial(int(count)) for count in each)


def _drawn(rows: list[Ints], units: int, generator: np.random.Generator) -> Ints:
    order = np.arange(units)
    for r in rows:
        order[r] = generator.permutation(r)
    return order


def _all_orders(kinds: Ints, rows: list[Ints]) -> Iterator[Ints]:
    """Each different way once: an order of rows for each arrangement of kinds."""
    for arranged in product(*(list(_different(kinds[r].tolist())) for r in rows)):
        order = np.arange(kinds.size)
        for r, wanted in zip(rows, arranged, strict=True):
            waiting = {k: list(r[kinds[r] == k]) for k in set(wanted)}
            order[r] = [waiting[k].pop() for k in wanted]
        yield order


def _different(kinds: list[int]) -> Iterator[tuple[int, ...]]:
    """Every different order of a list with repetitions."""
    if not kinds:
        yield ()
    for first in sorted(set(kinds)):
        rest = kinds.copy()
        rest.remove(first)
        yield from ((first, *others) for others in _different(rest))
