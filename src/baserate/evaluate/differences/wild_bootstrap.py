"""The wild cluster bootstrap of two-way fixed effects.

Each cluster's residuals get a random weight, with the hypothesis imposed. It takes care of few or
unequal clusters; where very few are treated it hardly ever rejects (MacKinnon and Webb 2017,
Journal of Applied Econometrics 32:233), and randomization inference is to be believed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from baserate.errors import BadPanel
from baserate.evaluate.differences.cluster_sums import Partial, Sums
from baserate.evaluate.differences.twoway import Design, few_treated_note
from baserate.evaluate.differences.within import (
    Within,
    check_left,
    small_sample_factor,
    summed_by_cluster,
)
from baserate.evaluate.inference.inversion import inverted
from baserate.evaluate.inference.randomization import share_as_large
from baserate.evaluate.inference.shapes import Floats
from baserate.terms.quantities import Interval

METHOD = "wild cluster bootstrap, inverted"
# Webb 2023, Canadian Journal of Economics 56:839: six weights, so that few clusters still give
# many different draws.
WEBB = np.sqrt(np.array([1.5, 1.0, 0.5]))


@dataclass(frozen=True, slots=True)
class WildBootstrap:
    """A wild cluster bootstrap of two-way fixed effects, the hypothesis imposed.

    standard_error  CR1, as in `two_way`; the p and the interval do not rest on its size
    """

    effect: float
    standard_error: float
    p_value: float
    p_rule: str
    interval: Interval | None
    notes: tuple[str, ...]


def wild_cluster_bootstrap(
    made: Design, *, draws: int = 999, seed: int, level: float | None = 0.95
) -> WildBootstrap:
    """The p of no effect, and an interval by inversion, with Webb's six weights.

    Cameron, Gelbach and Miller 2008, Review of Economics and Statistics 90:414; worked out from
    sums by cluster, as Roodman and others 2019, Stata Journal 19:4, so that draws cost nothing.
    With no `level` the interval is not worked out.
    Refuses fewer than three clusters.

    >>> from baserate.evaluate.differences.twoway import design
    >>> outcome = np.random.default_rng(2).normal(size=(12, 6))
    >>> treated = np.zeros((12, 6)); treated[:6, 3:] = 1
    >>> 0.05 < wild_cluster_bootstrap(design(outcome, treated), seed=1).p_value < 1
    True
    """
    clusters = int(np.unique(made.clusters[(made.weights > 0).any(axis=1)]).size)
    if clusters < 3:
        raise BadPanel(f"{clusters} clusters; a bootstrap of clusters needs at least three")
    if draws < 1:
        raise BadPanel(f"{draws} draws; at least one is needed")
    within = Within(made.weights, made.groups)
    partial_out = Partial(within, made.weights, made.covariates)
    x, y = partial_out.left(made.treatment), partial_out.left(made.outcome)
    check_left(x[None], made.treatment[None], made.weights)
    own = Sums(y, x, x[None], made.weights, made.clusters)
    information = own.own[0]
    size = int(made.clusters.max()) + 1
    weights = _webb_weights(draws, size, np.random.default_rng(seed))
    of_outcome, of_treatment = (_spread(v, x, made, partial_out) for v in (y, x))

    def p_of(assumed: float) -> float:
        scores = weights @ (of_outcome - assumed * of_treatment).T  # (draws, clusters)
        effects = scores.sum(axis=1) / information.sum()
        scores -= effects[:, None] * information
        ts = effects * information.sum() / np.maximum(np.sqrt((scores**2).sum(axis=1)), 1e-300)
        return share_as_large(ts, float(own.ts(assumed)[0]), complete=False)

    effect, t = float(own.effects()[0]), float(own.ts()[0])
    parameters = 2 + len(made.covariates) + within.period_effects
    factor = small_sample_factor(clusters, int((made.weights > 0).sum()), parameters)
    error = abs(effect / t) * factor**0.5 if t else 0.0
    return WildBootstrap(
        effect=effect,
        standard_error=error,
        p_value=p_of(0.0),
        p_rule=f"wild cluster bootstrap of the t statistic, no effect imposed, {draws:,} draws of "
        f"Webb's weights for {clusters} clusters",
        interval=inverted(p_of, effect, error, METHOD, level) if level else None,
        notes=few_treated_note(made.treated_clusters),
    )


def _webb_weights(draws: int, clusters: int, generator: np.random.Generator) -> Floats:
    six = np.concatenate([-WEBB, WEBB])
    return np.asarray(generator.choice(six, size=(draws, clusters)))


def _spread(values: Floats, x: Floats, made: Design, partial_out: Partial) -> Floats:
    """Score of each cluster (row) from the residuals of each (column), effects taken out again."""
    columns = []
    for cluster in range(int(made.clusters.max()) + 1):
        left = partial_out.left(np.where((made.clusters == cluster)[:, None], values, 0.0))
        columns.append(summed_by_cluster((made.weights * x * left).sum(axis=1), made.clusters))
    return np.array(columns).T
