"""Two-way effects on counts."""

from __future__ import annotations

from baserate.evaluate.counts.did import CountDid, carried, count_did_of
from baserate.evaluate.counts.panel import count_panel
from baserate.evaluate.designs.asking import a_cell, counts_of, is_ranked, numbered, treatment
from baserate.evaluate.designs.estimate import Estimate
from baserate.evaluate.differences.few_clusters import randomize_counts
from baserate.evaluate.inference.power import percent_of_log
from baserate.evaluate.panel import Floats, Panel
from baserate.evaluate.study import Study

COUNTS = ("counts, two-way", "negative binomial with unit and period effects")


def counts_two_way(panel: Panel, study: Study) -> Estimate:
    """A ratio of counts; the p and the interval by handing the treatments to other units.

    Of very many units both are by errors clustered by unit.
    """
    ranks = is_ranked(panel)
    counts, clusters = counts_of(panel), numbered(panel.cluster)
    dose = treatment(panel)
    made = count_panel(counts, dose, exposure=panel.exposure, clusters=clusters)
    found = count_did_of(made, family="negative_binomial")
    effect = _full_effect(panel, counts, found)
    if not ranks:
        limits = found.percent_interval
        return Estimate(
            *COUNTS, effect, None, found.percent,
            None if limits is None else (limits.lower, limits.upper), found.offenses,
            found.p_value, found.p_rule,
            mde_percent=None if found.mde_percent is None else abs(found.mde_percent),
            notes=(*found.notes, *((found.reason,) if found.reason else ())),
        )  # fmt: skip
    ranked = randomize_counts(made, draws=study.draws, seed=study.seed)
    limits = carried(ranked.interval, percent_of_log)
    return Estimate(
        *COUNTS, effect, None, found.percent,
        None if limits is None else (limits.lower, limits.upper), found.offenses,
        ranked.p_value, ranked.p_rule,
        mde_percent=None if ranked.mde is None else -percent_of_log(-ranked.mde),
        notes=(*found.notes, *ranked.notes, *((found.reason,) if found.reason else ())),
    )  # fmt: skip


def _full_effect(panel: Panel, counts: Floats, found: CountDid) -> float | None:
    """The ratio as an effect on one cell, were it fully treated."""
    if found.offenses is None:
        return None
    without = float(counts[treatment(panel) > 0].sum()) - found.offenses
    return found.percent / 100 * a_cell(panel, without)
