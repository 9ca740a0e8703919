"""Which row of the table is asked of which library, and what that library does otherwise.

Not asked, because no library here estimates the same: synthetic control with predictors (its
weights depend on where a search for the predictors' importance ends), ridge augmentation (lambda
is chosen otherwise elsewhere), and the honest bands themselves (diff-diff widens the identified
set by normal limits, ours is the conditional test of the paper).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from baserate.evaluate.designs.asking import common_start, counts_of, numbered, treatment
from baserate.evaluate.panel import Panel
from baserate.evaluate.second_opinions import by_diff_diff, by_statsmodels
from baserate.evaluate.second_opinions.opinion import Answer, Compared, NotAsked
from baserate.evaluate.synthetic.synthetic_control import SEVERAL_FIT


@dataclass(frozen=True, slots=True)
class Asked:
    """A row of the table and the library that can be asked the same.

    library    its name on the package index; `module`, the name it is imported by
    ask        a panel in, the library's answer out
    unless     notes of a row that say two right answers may differ; it is then not asked
    """

    design: str
    library: str
    module: str
    compared: Compared
    ask: Callable[[Panel], Answer]
    differs: str = ""
    unless: tuple[str, ...] = ()


def _did(panel: Panel) -> Answer:
    return by_diff_diff.difference_in_differences(
        panel.comparable, panel.treated, common_start(panel)
    )


def _two_way(panel: Panel) -> Answer:
    if panel.weights is not None or panel.groups:
        raise NotAsked("it is asked without weights and groups")
    shape = (0, *panel.outcome.shape)
    given = np.stack(list(panel.covariates.values())) if panel.covariates else np.empty(shape)
    return by_statsmodels.two_way(
        panel.comparable, treatment(panel), given, numbered(panel.cluster)
    )


def _staggered(panel: Panel) -> Answer:
    return by_diff_diff.staggered_adoption(panel.comparable, panel.cohort)


def _events(panel: Panel) -> Answer:
    return by_diff_diff.event_study_mean(panel.comparable, panel.cohort)


def _counts(panel: Panel) -> Answer:
    return by_statsmodels.counts_two_way(counts_of(panel), treatment(panel), panel.exposure)


def _synthetic(panel: Panel) -> Answer:
    return by_diff_diff.synthetic_control(panel.comparable, panel.treated, common_start(panel))


def _sdid(panel: Panel) -> Answer:
    return by_diff_diff.synthetic_difference_in_differences(
        panel.comparable, panel.treated, common_start(panel)
    )


def _interrupted(panel: Panel) -> Answer:
    counts, on, people = counts_of(panel), panel.treated, panel.exposure
    return by_statsmodels.interrupted_series(
        counts[on].sum(axis=0), counts[~on].sum(axis=0), common_start(panel),
        None if people is None else people[on].sum(axis=0),
        None if people is None else people[~on].sum(axis=0),
    )  # fmt: skip


DIFF_DIFF, STATSMODELS = ("diff-diff", "diff_diff"), ("statsmodels", "statsmodels")

REGISTRY: tuple[Asked, ...] = (
    Asked("difference in differences", *DIFF_DIFF, "effect", _did,
          "its error is clustered by unit, CR2 up to 500 units"),
    Asked("two-way fixed effects", *STATSMODELS, "effect", _two_way,
          "its error is clustered, CR1"),
    Asked("staggered adoption", *DIFF_DIFF, "effect", _staggered,
          "its effects by cohort are averaged here"),
    Asked("event study, honest bands", *DIFF_DIFF, "effect", _events,
          "the mean effect alone: its bands are not those of the paper"),
    Asked("counts, two-way", *STATSMODELS, "percent", _counts,
          "the scatter, alpha, is set by the rule used here"),
    Asked("synthetic control", *DIFF_DIFF, "effect", _synthetic,
          "the effect alone: it is not asked for placebos", (SEVERAL_FIT,)),
    Asked("synthetic difference in differences", *DIFF_DIFF, "effect", _sdid,
          "the effect alone: its placebos are drawn, ours are all donors in turn"),
    Asked("interrupted series with control", *STATSMODELS, "percent", _interrupted,
          "the effect alone: its errors leave out noise that carries over"),
)  # fmt: skip
