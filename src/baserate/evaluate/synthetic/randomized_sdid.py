"""Synthetic difference in differences, ranked among the same treatments given to other units.

The placebo error of its authors is that of untreated units alone, read as normal. Rates of cities
are skewed: where one of few treated units is the noisiest of all, no placebo is as noisy, and that
error is too small (on panels like those of cities, with 3 treated of 28, one in six without an
effect had a p of 5%). Here treated units are among those that treatments are handed to, and each
estimate is divided by the noise of its units, as in `few_clusters.randomize_two_way`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from baserate.evaluate.inference.inversion import inverted
from baserate.evaluate.inference.randomization import (
    IN_NOISE,
    Randomization,
    assignments,
    rule_of,
    share_as_large,
    too_few_note,
)
from baserate.evaluate.inference.unit_noise import detectable, noise_of_groups, unit_noise
from baserate.evaluate.synthetic.donor_pool import checked_first, checked_outcome, checked_treated
from baserate.evaluate.synthetic.sdid import recipe_of
from baserate.evaluate.synthetic.simplex import Flags, Floats

METHOD = "randomization inference, inverted"


def randomize_sdid(
    outcome: ArrayLike,
    treated: ArrayLike,
    first: int,
    *,
    draws: int = 999,
    seed: int,
    level: float = 0.95,
) -> Randomization:
    """The rank of the estimate among those of the same treatments given to other units.

    `outcome` (units, periods), `treated` (units,), `first` as of
    `synthetic_difference_in_differences`; all weights are exact. The interval holds the constant
    effects that leave a p above 1 - level when taken out of the treated; weights of donors do not
    change by that, and those of periods are kept as they are.

    >>> rng = np.random.default_rng(1)
    >>> outcome = rng.normal(size=(30, 1)) + rng.normal(size=8) + rng.normal(size=(30, 8)) / 9
    >>> outcome[0, 6:] += 5
    >>> made = randomize_sdid(outcome, np.arange(30) == 0, 6, seed=1)
    >>> round(made.p_value, 3), 5 in made.interval, 0 in made.interval
    (0.033, True, False)
    """
    panel = checked_outcome(outcome)
    flags = checked_treated(treated, len(panel))
    checked_first(first, panel.shape[1])
    orders, complete = assignments(flags[:, None].astype(np.float64), draws=draws, seed=seed)
    own, _ = _estimate(panel, flags, flags, first)
    each = np.array([_estimate(panel, flags[order], flags, first) for order in orders])
    effects, shares = each.T
    noise = unit_noise(panel, first)
    scales = noise_of_groups(noise, flags[np.array(orders)])
    scale = float(noise_of_groups(noise, flags[None])[0])

    def p_of(assumed: float) -> float:
        others = (effects - assumed * shares) / scales
        return share_as_large(others, (own - assumed) / scale, complete)

    return Randomization(
        effect=own,
        p_value=p_of(0.0),
        p_rule=rule_of(len(effects), complete, IN_NOISE, stratified=False),
        placebo_effects=effects,
        is_complete=complete,
        interval=inverted(p_of, own, scale, METHOD, level),
        mde=detectable(effects / scales, own / scale, scale, is_complete=complete),
        notes=too_few_note(len(effects), complete),
    )


def _estimate(panel: Floats, group: Flags, treated: Flags, first: int) -> tuple[float, float]:
    """The effect on a group, and by how much one more in the treated would change it."""
    donors, target = panel[~group], panel[group].mean(axis=0)
    recipe = recipe_of(donors, int(group.sum()), first, "exact")
    omega, lambda_ = recipe.weights(donors, target)
    effect = recipe.gaps(donors, target, omega, lambda_)[first:].mean()
    return float(effect), float(treated[group].mean() - omega @ treated[~group])
