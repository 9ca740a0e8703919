"""Event studies: the effect by periods since treatment, and before it.

Effects before treatment should be zero: `pretrends` tests that, and how large they can still be.
`honest` says what trends that are not parallel would do to the effects after.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from baserate.errors import BadPanel
from baserate.evaluate.differences.twoway import design, few_treated_note
from baserate.evaluate.differences.within import regress
from baserate.evaluate.inference import shapes, wald
from baserate.evaluate.inference.shapes import NEVER, Flags, Floats, Ints
from baserate.evaluate.staggered.aggregations import aggregate
from baserate.evaluate.staggered.group_time import AttGt

REFERENCE = -1  # the last period before treatment, which the others are compared with

Base = Literal["universal", "varying"]


@dataclass(frozen=True, slots=True)
class EventStudy:
    """Effects by periods since treatment, in the outcome's unit.

    event_time   0 is the first treated period; the reference, -1, is left out where all others
                 are compared with it
    covariance   of the effects, clustered
    degrees      of freedom at which Student's t is read for each; infinite for the normal
    lower, upper 95% limits of each alone; band_lower, band_upper of all at once, where there are
    base         "universal": all are compared with the reference; "varying": before treatment
                 each with the period before it
    """

    event_time: Ints
    effect: Floats
    standard_error: Floats
    covariance: Floats
    lower: Floats
    upper: Floats
    band_lower: Floats | None
    band_upper: Floats | None
    degrees: Floats
    base: Base
    design: str
    notes: tuple[str, ...]

    @property
    def is_before(self) -> Flags:
        """Which effects are before treatment."""
        return np.asarray(self.event_time < 0)

    def only(self, keep: Flags) -> EventStudy:
        """Some of its effects, (effects,) of True and False."""
        lower, upper = self.band_lower, self.band_upper
        return replace(
            self,
            event_time=self.event_time[keep],
            effect=self.effect[keep],
            standard_error=self.standard_error[keep],
            covariance=self.covariance[np.ix_(keep, keep)],
            lower=self.lower[keep],
            upper=self.upper[keep],
            band_lower=None if lower is None else lower[keep],
            band_upper=None if upper is None else upper[keep],
            degrees=self.degrees[keep],
        )


def two_way_event_study(
    outcome: ArrayLike,
    cohort: ArrayLike,
    *,
    leads: int | None = None,
    lags: int | None = None,
    weights: ArrayLike | None = None,
    groups: ArrayLike | None = None,
    covariates: ArrayLike | None = None,
    observed: ArrayLike | None = None,
    clusters: ArrayLike | None = None,
) -> EventStudy:
    """Two-way fixed effects with one coefficient for each period before and since treatment.

    `cohort` (units,) is the first treated period or -1; the rest as in `two_way`. Periods further
    away than `leads` and `lags` are put into the outermost (all are kept apart if not given).
    Where units begin at different times, coefficients mix effects of other periods (Sun and
    Abraham 2021, Journal of Econometrics 225:175): `staggered_event_study` does not.

    >>> rng = np.random.default_rng(1)
    >>> began = np.repeat([-1, 4], 10)
    >>> effect = np.where((began == 4)[:, None] & (np.arange(7) > 3), 2.0, 0.0)
    >>> made = two_way_event_study(effect + 0.1 * rng.normal(size=(20, 7)), began)
    >>> made.event_time.tolist(), made.effect[3:].round().tolist()
    ([-4, -3, -2, 0, 1, 2], [2.0, 2.0, 2.0])
    """
    panel = shapes.panel(outcome, observed)
    began = shapes.cohorts(cohort, panel)
    since = _since(began, panel.shape[1], leads, lags)
    times = np.array([e for e in np.unique(since[began != NEVER]) if e != REFERENCE])
    is_on = (since == times[:, None, None]) & (began != NEVER)[:, None]
    made = design(
        panel,
        is_on.any(axis=0),
        weights=weights,
        groups=groups,
        covariates=covariates,
        observed=observed,
        clusters=clusters,
    )
    _refuse_dependent(began, since, is_open=leads is None and lags is None)
    regressors = np.concatenate([is_on.astype(np.float64), made.covariates])
    fitted = regress(made.outcome, regressors, made.weights, made.groups, made.clusters)
    count = times.size
    reduced = fitted.bias_reduced
    if not reduced.degrees[:count].all():
        raise BadPanel(
            "an effect rests on one treated cluster alone, which leaves it without an error: an "
            "event study needs two at every event time; give leads or lags, beyond which event "
            "times are joined"
        )
    return _study(
        times,
        fitted.coefficients[:count],
        reduced.covariance[:count, :count],
        degrees=reduced.degrees[:count],
        base="universal",
        design="two-way fixed effects",
        notes=(*few_treated_note(made.treated_clusters), *_mixing(began)),
    )


def _since(began: Ints, periods: int, leads: int | None, lags: int | None) -> Ints:
    """Periods since treatment, (units, periods), the far ones moved into the outermost."""
    since = np.arange(periods) - began[:, None]
    for name, count, least in (("leads", leads, 2), ("lags", lags, 0)):
        if count is not None and count < least:
            raise BadPanel(f"{count} {name}; at least {least} are needed")
    nearest = -periods if leads is None else -leads
    return np.asarray(np.clip(since, nearest, periods if lags is None else lags))


def _refuse_dependent(began: Ints, since: Ints, *, is_open: bool) -> None:
    """Refuse what would leave the path of effects open: no reference, or a trend of its own."""
    on = began != NEVER
    if not (since[on] == REFERENCE).any():
        raise BadPanel("no treated unit is seen in the period before its treatment")
    if on.all() and np.unique(began).size == 1:
        raise BadPanel("all units are treated in the same period; there is nothing to compare with")
    if on.all() and is_open:
        raise BadPanel(
            "every unit is treated in the end, so that a trend in the effects cannot be told from "
            "one over time; give leads and lags, beyond which effects stay the same"
        )


def _mixing(began: Ints) -> tuple[str, ...]:
    if np.unique(began[began != NEVER]).size < 2:
        return ()
    return ("units begin at different times: coefficients can mix effects of other periods",)


def staggered_event_study(made: AttGt, *, draws: int = 999, seed: int) -> EventStudy:
    """The dynamic aggregation of Callaway and Sant'Anna as an event study.

    `made` is what `att_gt` returns; ask it for base="universal" if honest bands are wanted. Errors
    are the larger of those from influence functions and those for small samples.

    >>> from baserate.evaluate.staggered.group_time import att_gt
    >>> outcome = np.random.default_rng(1).normal(size=(60, 6))
    >>> study = staggered_event_study(
    ...     att_gt(outcome, np.repeat([-1, 3, 4], 20), base="universal"), seed=1)
    >>> study.event_time.tolist()
    [-4, -3, -2, 0, 1, 2]
    """
    path = aggregate(made, "dynamic", draws=draws, seed=seed)
    own = path.small_sample_error
    widen = np.maximum(path.standard_error / np.where(own > 0, own, 1.0), 1.0)
    covariance = path.small_sample_covariance * np.outer(widen, widen)
    return _study(
        path.label,
        path.effect,
        covariance,
        degrees=path.degrees,
        base=made.base_rule,
        design=f"Callaway and Sant'Anna, controls {made.controls} treated".replace("_", " "),
        notes=made.notes,
        band=(path.band_lower, path.band_upper),
    )


def _study(
    times: Ints,
    effects: Floats,
    covariance: Floats,
    *,
    degrees: Floats,
    base: Base,
    design: str,
    notes: tuple[str, ...],
    band: tuple[Floats | None, Floats | None] = (None, None),
) -> EventStudy:
    errors = np.sqrt(np.maximum(np.diag(covariance), 0.0))
    reach = np.array([wald.quantile(0.975, d) for d in degrees]) * errors
    return EventStudy(
        event_time=times,
        effect=effects,
        standard_error=errors,
        covariance=covariance,
        lower=effects - reach,
        upper=effects + reach,
        band_lower=band[0],
        band_upper=band[1],
        degrees=degrees,
        base=base,
        design=design,
        notes=notes,
    )
