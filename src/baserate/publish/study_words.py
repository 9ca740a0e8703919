"""What a study says, in sentences: the finding, the doubt, and a claim held against it."""

from __future__ import annotations

from baserate.evaluate.designs.estimate import Estimate
from baserate.evaluate.evaluation import Evaluation, Plan, Reading
from baserate.evaluate.periods import step_of
from baserate.measure.effects.sentences import smallest_seen
from baserate.publish.study_labels import outcome_words
from baserate.publish.study_periods import period_words, span_words
from baserate.publish.study_second import disagreements
from baserate.publish.wording import signed_percent
from baserate.terms.quantities import Interval

ICONS: dict[Reading, str] = {
    "fell": "▼",
    "rose": "▲",
    "no clear change": "◆",
    "designs disagree": "◐",
    "can't tell": "?",
}


def finding(found: Evaluation) -> str:
    """One plain sentence on the effect."""
    told = found.told
    outcome = outcome_words(found.plan)
    if not told:
        return "No design could tell anything of an effect from this panel."
    span = _span(told)
    clear = sum(e.is_distinct for e in found.voices)
    twice = len(told) - len(found.voices)
    by = f"{clear} of {len(found.voices)} designs tell it from no effect at 5%"
    by += f", {twice} more come to the same number as another" if twice else ""
    lead = {
        "fell": f"The outcome, {outcome}, was lower after the program than it would have been",
        "rose": f"The outcome, {outcome}, was higher after the program than it would have been",
        "no clear change": f"No change of the outcome, {outcome}, can be told from chance",
        "designs disagree": f"The designs disagree on the outcome, {outcome}",
        "can't tell": f"Nothing can be told of the outcome, {outcome}",
    }[found.reading]
    return f"{lead}: {span}; {by}.{_as_expected(found)}"


def _as_expected(found: Evaluation) -> str:
    """Whether what was found is what the plan expected; the reading is the same either way."""
    wanted = found.plan.study.hypothesis.direction
    came = {"fell": "lower", "rose": "higher"}.get(found.reading)
    if came is None or wanted == "either":
        return ""
    thing = {"lower": "a fall", "higher": "a rise"}[wanted]
    if came == wanted:
        return f" The plan expected {thing}, and that is what was found."
    return f" The plan expected {thing}; what was found is the opposite."


def _span(told: tuple[Estimate, ...]) -> str:
    having = sorted((e for e in told if e.percent is not None), key=_size)
    percents = list(dict.fromkeys(map(_percent, having)))
    if not percents:
        effects = sorted(e.effect for e in told if e.effect is not None)
        return f"from {effects[0]:+,.2f} to {effects[-1]:+,.2f} by design"
    if len(percents) == 1:
        return percents[0]
    return f"from {percents[0]} to {percents[-1]} by design"


def _percent(each: Estimate) -> str:
    """A percent in the digits that its interval bears."""
    limits = each.percent_interval
    return signed_percent(each.percent, Interval(*limits, "") if limits else None)


def _size(each: Estimate) -> float:
    return each.percent or 0.0


def doubt(found: Evaluation) -> str:
    """What these designs could not have seen, and what threatens them."""
    seen = sorted(e.mde_percent for e in found.told if e.mde_percent is not None)
    said = []
    if seen:
        said.append(smallest_seen(seen[0]))
    apart = disagreements(found.estimates)
    if apart:
        said.append(f"A second library has another number for {', '.join(apart)}.")
    grave = [t for t in found.plan.threats if t.gravity != "mild"]
    if grave:
        names = ", ".join(dict.fromkeys(t.name for t in grave))
        said.append(f"What could be mistaken for an effect: {names}.")
    return " ".join(said)


def claim_words(found: Evaluation) -> str:
    """The effect that somebody claimed, held against the designs; '' where none was."""
    claimed = found.plan.study.hypothesis.claimed
    if claimed is None:
        return ""
    low, high = claimed
    text = f"{low:+.0f}%" if low == high else f"{low:+.0f}% to {high:+.0f}%"
    limits = [(e.design, e.percent_interval) for e in found.told if e.percent_interval is not None]
    allowed = [name for name, (a, b) in limits if a <= high and low <= b]
    said = (
        f"Claimed was {text}. The intervals of {len(allowed)} of {len(limits)} designs have part "
        "of it inside."
        if limits
        else f"Claimed was {text}; no design gives an interval in percent to hold it against."
    )
    if low != high:
        said += (
            " A mean and the largest effect of one site are no range of effects; each would need "
            "its own interval."
        )
    return said


def control_words(control: Evaluation) -> str:
    """What the quick designs find of an outcome that the program could not have moved."""
    name, told = control.plan.study.panel.outcome, control.told
    if not told:
        return f"{name}, which the program could not have moved: no design could tell anything."
    clear = sum(e.is_distinct for e in told)
    return (
        f"{name}, which the program could not have moved: {control.reading}, {_span(told)}; "
        f"{clear} of {len(told)} designs tell it from no effect at 5%."
    )


def plan_words(planned: Plan) -> str:
    """The panel in a sentence."""
    panel, study = planned.panel, planned.study
    treated = int(panel.treated.sum())
    return (
        f"{treated} treated of {len(panel.units)} units, {span_words(panel.periods)}: "
        f"{panel.first} periods before {period_words(study.post[0], step_of(panel.periods))}, "
        f"{len(panel.periods) - panel.first} from then on."
    )


def power_words(planned: Plan) -> str:
    """What the design could see, by the pre-period's own scatter."""
    if planned.mde_percent is None:
        return "What it could see cannot be had from the pre-period."
    return (
        f"A comparison of means could not see less than {planned.mde_percent:.0f}% (80 in 100, at "
        "5%), by how untreated units moved before."
    )
