"""Errors of effects by cohort and period, from what each unit does to each of them.

An estimate's influence function says by how much each unit pulls it; its variance is the mean
square over the number of units. Units of one cohort pull with the same weights on their outcomes,
so influence is kept as these weights and never as a table of units by effects.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from baserate.errors import BadPanel
from baserate.evaluate.inference.shapes import Floats, Ints

# A cohort smaller than this has hardly a variance of its own: judged by it, tests reject too often.
SMALL = 5


@dataclass(frozen=True, slots=True)
class SmallSample:
    """Covariance of estimates with few units a cohort, and degrees of freedom for each."""

    covariance: Floats
    degrees: Floats

    @property
    def errors(self) -> Floats:
        """One for each estimate."""
        return np.asarray(np.sqrt(np.diag(self.covariance)))


@dataclass(frozen=True, slots=True)
class Influence:
    """Influence of units on estimates, by the kind of unit.

    outcome   (units, periods)
    kind      (units,): the number of each unit's cohort among the kinds
    pull      (kinds, periods, estimates): weights on a unit's outcomes
    level     (kinds, estimates): subtracted, so that influence is zero on average
    clusters  (units,): labels from 0 by which influence is summed
    """

    outcome: Floats
    kind: Ints
    pull: Floats
    level: Floats
    clusters: Ints

    @property
    def by_unit(self) -> bool:
        """Whether each unit is its own cluster."""
        return int(self.clusters.max()) + 1 == len(self.kind)

    def on(self, weights: Floats) -> Floats:
        """Influence on weighted sums of the estimates: (estimates, sums) to (units, sums)."""
        made = np.empty((len(self.kind), weights.shape[1]))
        for k, (pull, level) in enumerate(zip(self.pull, self.level, strict=True)):
            rows = self.kind == k
            made[rows] = self.outcome[rows] @ (pull @ weights) - level @ weights
        return made

    def covariance(self) -> Floats:
        """Of all estimates with one another."""
        units, estimates = len(self.kind), self.level.shape[1]
        if not self.by_unit:
            return covariance_of(self.on(np.eye(estimates)), self.clusters)
        made = np.zeros((estimates, estimates))
        for pull, scatter, away in self._by_kind():
            made += pull.T @ scatter @ pull + away[:, None] * away
        return made / units**2

    def errors(self) -> Floats:
        """The standard error of each estimate."""
        units, estimates = len(self.kind), self.level.shape[1]
        if not self.by_unit:
            return errors_of(self.on(np.eye(estimates)), self.clusters)
        total = np.zeros(estimates)
        for pull, scatter, away in self._by_kind():
            total += ((scatter @ pull) * pull).sum(axis=0) + away**2
        return np.asarray(np.sqrt(np.maximum(total, 0.0)) / units)

    def small_sample(self, weights: Floats, spare: int) -> SmallSample:
        """Errors of weighted sums of the estimates, (estimates, sums), with few units a kind.

        Each kind of units is a sample: its covariance is divided by one less than its size, and
        the degrees are Welch's. A kind of fewer than SMALL units is taken to scatter as the kind
        `spare` does. Shares of units count as given. Clusters of several units are not taken
        apart: the covariance is then `covariance_of`, with one degree less than clusters.
        """
        if not self.by_unit:
            covariance = covariance_of(self.on(weights), self.clusters)
            return SmallSample(covariance, np.full(len(covariance), float(self.clusters.max())))
        units, sums = len(self.kind), weights.shape[1]
        covariance, parts = np.zeros((sums, sums)), np.zeros(sums)
        for k, pull in enumerate(self.pull):
            size = int((self.kind == k).sum())
            sample = self.outcome[self.kind == (k if size >= SMALL else spare)]
            centered = (sample - sample.mean(axis=0)) @ (pull @ weights)
            own = centered.T @ centered * size / (len(sample) - 1) / units**2
            covariance += own
            parts += np.diag(own) ** 2 / (len(sample) - 1)
        total = np.diag(covariance) ** 2
        degrees = np.divide(total, parts, out=np.ones(sums), where=parts > 0)
        return SmallSample(covariance, np.asarray(degrees))

    def _by_kind(self) -> list[tuple[Floats, Floats, Floats]]:
        """For each kind its pull, the scatter of its outcomes, and how far its mean lies off."""
        made = []
        for k, (pull, level) in enumerate(zip(self.pull, self.level, strict=True)):
            own = self.outcome[self.kind == k]
            mean = own.mean(axis=0)
            centered = own - mean
            off = (mean @ pull - level) * np.sqrt(len(own))
            made.append((pull, centered.T @ centered, off))
        return made


def covariance_of(influence: Floats, clusters: Ints) -> Floats:
    """The covariance of estimates from their influence, (units, estimates), clustered.

    Where clusters hold several units, influence is first summed within them and the covariance
    multiplied by G/(G-1).

    >>> covariance_of(np.array([[3.0], [-3.0]]), np.array([0, 1])).tolist()
    [[4.5]]
    """
    units, size = len(influence), int(clusters.max()) + 1
    if size < 2:
        raise BadPanel("all units are one cluster; a clustered error needs at least two")
    summed = by_cluster(influence, clusters)
    factor = 1.0 if size == units else size / (size - 1)
    return np.asarray(factor * (summed.T @ summed) / units**2)


def errors_of(influence: Floats, clusters: Ints) -> Floats:
    """Standard errors of estimates from their influence: the diagonal of `covariance_of`."""
    return np.asarray(np.sqrt(np.diag(covariance_of(influence, clusters))))


def by_cluster(influence: Floats, clusters: Ints) -> Floats:
    """Influence summed within clusters, (units, estimates) to (clusters, estimates)."""
    size = int(clusters.max()) + 1
    if size == len(influence):
        return influence
    summed = np.zeros((size, influence.shape[1]))
    np.add.at(summed, clusters, influence)
    return summed
