"""California's Proposition 99: cigarettes sold per person, 39 states, 1970 to 2000."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

YEARS = range(1970, 2001)
FIRST = 19  # 1989


def smoking(shared: Path) -> tuple[list[str], Floats]:
    """States, California first, and packs per person (states, years)."""
    path = shared / "data/program/synthdid/california_prop99.csv"
    with path.open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines, delimiter=";"))
    packs = {(r["State"], int(r["Year"])): float(r["PacksPerCapita"]) for r in rows}
    return _table(packs)


def smoking_predictors(shared: Path) -> tuple[list[str], Floats, Floats]:
    """States, packs, and the seven predictors of Abadie, Diamond and Hainmueller (2010)."""
    path = shared / "data/program/mlsynth/P99data.csv"
    with path.open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    cell = {(r["state"], int(float(r["year"]))): r for r in rows}
    packs = {key: float(r["cigsale"]) for key, r in cell.items()}
    states, outcome = _table(packs)

    def mean(column: str, years: Iterable[int]) -> Floats:
        return np.array([np.mean([float(cell[s, y][column]) for y in years]) for s in states])

    eighties = range(1980, 1989)
    predictors = [mean(c, eighties) for c in ("lnincome", "retprice", "age15to24")]
    predictors.append(mean("beer", range(1984, 1989)))
    predictors += [mean("cigsale", [year]) for year in (1975, 1980, 1988)]
    return states, outcome, np.column_stack(predictors)


def is_california(states: list[str]) -> NDArray[np.bool_]:
    return np.array([s == "California" for s in states])


def by_state(states: list[str], weights: Floats) -> Callable[[str], float]:
    return lambda state: float(weights[states.index(state)])


def _table(packs: dict[tuple[str, int], float]) -> tuple[list[str], Floats]:
    others = sorted({state for state, _ in packs} - {"California"})
    states = ["California", *others]
    return states, np.array([[packs[state, year] for year in YEARS] for state in states])
