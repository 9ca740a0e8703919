"""What an unstated definition of rape does to an answer.

Some sources do not say by which definition a figure counts rape (The Marshall Project's for 2013
to 2015, when agencies went over at different times). Two such figures may be of different
definitions, and a difference between them part or wholly the new definition. For rape itself
nothing can be told. For a total that contains it, the verdict stands only if it would stand with
either figure's rapes twice what the other definition counts.
"""

from __future__ import annotations

from dataclasses import replace

from baserate.errors import DefinitionUnstated
from baserate.measure.answer import Answer, Figure, Robustness
from baserate.measure.difference import Tally, change_verdict, difference
from baserate.store.open import Store
from baserate.terms.offenses import offense

DIRECTIONS = {"up": "up", "down": "down", "higher": "up", "lower": "down"}
MOST = 2.0  # revised over legacy, more than in any year of the nation


def allow_for_unstated_definition(answer: Answer, view: Store) -> Answer:
    """The answer, with its verdict taken back where a change of definition could have made it."""
    key = answer.question.offense_counted
    one, other = answer.earlier, answer.later
    unstated = answer.definition.basis is None and offense(key).has_two_definitions
    if not unstated or one is None or other is None or answer.verdict not in DIRECTIONS:
        return answer
    said = "The source does not say by which definition it counts rape in either figure."
    if key != "rape" and _stands(one, other, DIRECTIONS[answer.verdict], view):
        note = f"{said} The direction holds even if one counted twice the rapes of the other's."
        return replace(answer, caveats=(DefinitionUnstated(note), *answer.caveats))
    note = f"{said} The difference may be the new definition and no crime."
    return replace(
        answer,
        verdict="can't tell",
        robustness=Robustness(choices=()),
        caveats=(DefinitionUnstated(note), *answer.caveats),
    )


def _stands(one: Figure, other: Figure, direction: str, view: Store) -> bool:
    rapes = [_rapes(f, view) for f in (one, other)]
    if None in rapes:
        return False
    for narrowed in (0, 1):
        tallies = [
            Tally(
                f.offenses - (rapes[i] or 0) * (1 - 1 / MOST) * (i == narrowed),
                f.population if f.per_head else 1,
            )
            for i, f in enumerate((one, other))
        ]
        if change_verdict(difference(*tallies)) != direction:
            return False
    return True


def _rapes(figure: Figure, view: Store) -> int | None:
    series = view.series(figure.place.key, "rape")
    years = range(figure.period.first_year, figure.period.last_year + 1)
    return sum(series[y].offenses for y in years) if all(y in series for y in years) else None
