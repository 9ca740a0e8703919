"""Panels drawn to scatter as real city-years do, with a known truth, as designs are given them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from baserate.evaluate.panel import NEVER, Panel
from baserate.evaluate.study import Hypothesis, PanelWanted, Study, TreatedUnit

Floats = NDArray[np.float64]
Pick = Literal["random", "largest", "highest"]

FIRST_YEAR = 1991
LAGS = (1, 2, 3, 4, 5, 7, 10)  # years over which changes are looked at
PERSISTENCE = np.linspace(0.50, 0.995, 100)  # tried


@dataclass(frozen=True, slots=True)
class Scatter:
    """How the counts of cities scatter, on the log scale.

    rate, people     mean and standard deviation among cities of the log rate and log population
    drift            standard deviation of what is added to a city's own path each year, on average
    drift_spread     standard deviation among cities of the log of that
    persistence      share of a city's own path that is left a year later
    passing          standard deviation of what passes within the year, beside counting noise
    shock            standard deviation of the yearly change of the path that all share
    shock_carries    correlation of that change with the last one
    """

    rate: tuple[float, float]
    people: tuple[float, float]
    drift: float
    drift_spread: float
    persistence: float
    passing: float
    shock: float
    shock_carries: float


# What `estimated` gives on the Marshall Project's table of 28 September 2016, of the cities that
# have every year from 1975 to 2014, 64 of them (murders 65, with the drift_spread of the former).
VIOLENT_CRIME = Scatter((-4.72, 0.64), (13.29, 0.66), 0.108, 0.31, 0.925, 0.030, 0.056, 0.52)
HOMICIDE = Scatter((-9.08, 0.76), (13.29, 0.65), 0.117, 0.31, 0.940, 0.068, 0.076, 0.09)


def estimated(counts: Floats, people: Floats, drift_spread: float | None = None) -> Scatter:
    """The scatter of a real panel, by the method of moments, (cities, years) both.

    Log rates less the mean of their year; the variance of changes over 1 to 10 years, less that of
    counting noise, is that of a path that carries over and of noise that passes. How unlike cities
    drift is what the variances of their yearly changes scatter by beyond chance; where counts are
    small that cannot be seen, and it is given.
    """
    logs = np.log((counts + 0.5) / people)
    path, own = logs.mean(axis=0), logs - logs.mean(axis=0)
    variances = np.array([_variance_of_changes(own, counts, lag) for lag in LAGS])
    drift, persistence, passing = _fitted(variances)
    yearly = np.diff(own, axis=1)
    by_city = np.log((yearly**2).mean(axis=1)) / 2
    beyond = by_city.var() - 1 / (2 * yearly.shape[1])
    steps = np.diff(path) - np.diff(path).mean()
    return Scatter(
        rate=(float(logs.mean()), float(logs.mean(axis=1).std())),
        people=(float(np.log(people).mean()), float(np.log(people.mean(axis=1)).std())),
        drift=drift,
        drift_spread=float(np.sqrt(max(beyond, 0.0))) if drift_spread is None else drift_spread,
        persistence=persistence,
        passing=passing,
        shock=float(steps.std()),
        shock_carries=float((steps[1:] * steps[:-1]).sum() / (steps**2).sum()),
    )


def _variance_of_changes(own: Floats, counts: Floats, lag: int) -> float:
    changes = own[:, lag:] - own[:, :-lag]
    noise = 1 / np.maximum(counts, 1)
    seen = float((changes**2).mean()) * len(own) / (len(own) - 1)
    return seen - float((noise[:, lag:] + noise[:, :-lag]).mean())


def _fitted(variances: Floats) -> tuple[float, float, float]:
    """Drift, persistence and passing noise that give these variances of changes, nearest in log."""
    best = (np.inf, 0.0, 0.0, 0.0)
    for rho in PERSISTENCE:
        shape = 2 * (1 - rho ** np.array(LAGS)) / (1 - rho**2)
        for share in np.linspace(0, 1, 101):  # of passing noise in the variance of one year
            made = share * 2 + (1 - share) * shape
            scale = np.exp(np.mean(np.log(variances / made)))
            miss = float((np.log(variances / made / scale) ** 2).sum())
            if miss < best[0]:
                best = (miss, np.sqrt((1 - share) * scale), rho, np.sqrt(share * scale))
    return float(best[1]), float(best[2]), float(best[3])


@dataclass(frozen=True, slots=True)
class Drawing:
    """What kind of panel is drawn.

    treated   how many cities are treated, from year `first` on; with `last` each from a year
              between the two
    effect    share by which the treated rate changes: -0.2 is a fifth fewer
    pick      who is treated: any, those with most people, those with the highest rates
    """

    scatter: Scatter
    cities: int = 66
    years: int = 24
    treated: int = 5
    first: int = 16
    last: int | None = None
    effect: float = 0.0
    pick: Pick = "random"


def draw(drawing: Drawing, rng: np.random.Generator, *, draws: int = 199) -> tuple[Panel, Study]:
    """A panel and the study that asks of it."""
    it, n, years = drawing.scatter, drawing.cities, drawing.years
    people = np.exp(rng.normal(*it.people, n))[:, None] * np.exp(
        rng.normal(0.005, 0.008, n)[:, None] * np.arange(years)
    )
    drift = it.drift * np.exp(rng.normal(0, it.drift_spread, n) - it.drift_spread**2)
    level = rng.normal(0, it.rate[1], n)
    logs = it.rate[0] + level[:, None] + _own_paths(it, drift, years, rng)
    logs = logs + _shared_path(it, years, rng) + rng.normal(0, it.passing, (n, years))
    cohort = _cohorts(drawing, people[:, 0], level, rng)
    on = (cohort[:, None] != NEVER) & (np.arange(years) >= cohort[:, None])
    counts = rng.poisson(people * np.exp(logs) * (1 + drawing.effect * on)).astype(np.float64)
    made = panel_of_counts(counts, people, cohort, drawing.first)
    return made, study_of(made, draws=draws)


def _own_paths(it: Scatter, drift: Floats, years: int, rng: np.random.Generator) -> Floats:
    """Each city's own way, (cities, years), as it is after many years."""
    paths = np.empty((len(drift), years))
    paths[:, 0] = rng.normal(0, drift / np.sqrt(1 - it.persistence**2))
    for t in range(1, years):
        paths[:, t] = it.persistence * paths[:, t - 1] + rng.normal(0, drift)
    return paths


def _shared_path(it: Scatter, years: int, rng: np.random.Generator) -> Floats:
    steps = np.zeros(years)
    for t in range(1, years):
        fresh = rng.normal(0, it.shock * np.sqrt(1 - it.shock_carries**2))
        steps[t] = it.shock_carries * steps[t - 1] + fresh
    return np.cumsum(steps)


def _cohorts(
    drawing: Drawing, people: Floats, level: Floats, rng: np.random.Generator
) -> NDArray[np.int64]:
    order = {"random": rng.random(drawing.cities), "largest": -people, "highest": -level}
    chosen = np.argsort(order[drawing.pick])[: drawing.treated]
    cohort = np.full(drawing.cities, NEVER, dtype=np.int64)
    last = drawing.first if drawing.last is None else drawing.last
    cohort[chosen] = rng.integers(drawing.first, last + 1, drawing.treated)
    cohort[chosen[0]] = drawing.first
    return cohort


def panel_of_counts(counts: Floats, people: Floats, cohort: NDArray[np.int64], first: int) -> Panel:
    """A panel of counts, cities by years."""
    units = tuple(f"city {i:03}" for i in range(len(counts)))
    return Panel(
        units=units,
        periods=tuple(range(FIRST_YEAR, FIRST_YEAR + counts.shape[1])),
        outcome=counts,
        measure="count",
        exposure=people,
        cohort=cohort,
        dose=(cohort != NEVER).astype(np.float64),
        first=first,
        cluster=units,
    )


def study_of(panel: Panel, *, draws: int = 199) -> Study:
    """The study of a panel as if it had been read from a file."""
    start, end = panel.periods[0], panel.periods[-1]
    before = panel.periods[: panel.first]
    chosen = np.flatnonzero(panel.treated)
    return Study(
        title="drawn", program="", also_called=(), about=("", ""), question="", source="",
        panel=PanelWanted(
            None, "place", "year", "offenses", "people", None, (), "count", "violent_crime", None,
            (), "counted_by",
        ),
        treated=tuple(TreatedUnit(panel.units[i], panel.periods[panel.cohort[i]]) for i in chosen),
        donors_only=(), donors_without=(),
        pre=(start, before[-1]), post=(panel.periods[panel.first], end),
        small_areas=None, displacement=None,
        predictors_mean=(), predictors_at=(before[0], before[len(before) // 2], before[-1]),
        hypothesis=Hypothesis("either", None, ""), designs=(), seed=1, draws=draws,
        checksum="", folder=Path(), file="drawn.toml",
    )  # fmt: skip


def counted_otherwise(panel: Panel, jump: float, at: int, *, said: bool) -> Panel:
    """The panel where treated cities count otherwise from a period on, with no fewer offenses.

    What they count is `jump` times as much; `said` whether the panel says so.
    """
    counts = panel.outcome.copy()
    counts[panel.treated, at:] = np.round(jump * counts[panel.treated, at:])
    old, new = ("old",) * at, ("old",) * len(panel.periods)
    changed = old + ("new",) * (len(panel.periods) - at)
    labels = tuple(changed if t else new for t in panel.treated) if said else ()
    return replace(panel, outcome=counts, counted_by=labels)
