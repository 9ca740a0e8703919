"""Short names of what a study is about: who is treated, what is counted, in which unit."""

from __future__ import annotations

import re
from collections.abc import Sequence

from baserate.evaluate.evaluation import Plan
from baserate.evaluate.periods import step_of
from baserate.publish.study_periods import period_words

LONGEST = 40  # letters of a name in a sentence that a heading can bear
SHOWN = 5

# What each design sets the treated against, in the order in which designs are drawn.
AGAINST = {
    "synthetic control, predictors": "synthetic {name}",
    "synthetic control": "synthetic {name}",
    "ridge-augmented synthetic control": "synthetic {name}",
    "synthetic difference in differences": "the weighted others",
    "interrupted series with control": "expected without it",
    "difference in differences": "the shifted others",
}
ELSE = "what it is set against"
SEVERAL = re.compile(r"the \d+ treated$")

CELLS = {
    "count": "counts",
    "rate": "rates per 100,000 people",
    "mean": "means",
    "log": "logarithms",
}


def treated_label(planned: Plan) -> str:
    """The treated unit, or how many there are."""
    panel = planned.panel
    names = [u for u, t in zip(panel.units, panel.treated, strict=True) if t]
    return cut(names[0]) if len(names) == 1 else f"the {len(names)} treated"


def against_label(design: str, name: str) -> str:
    """What a design sets the treated against.

    >>> against_label("synthetic control", "California")
    'synthetic California'
    """
    said = AGAINST.get(design, ELSE)
    return (
        "their synthetic match" if SEVERAL.match(name) and "{" in said else said.format(name=name)
    )


def outcome_words(planned: Plan) -> str:
    """What is counted: an offense of the records, or a file's column."""
    wanted = planned.study.panel
    return cut(wanted.called or wanted.offense or wanted.outcome)


def outcome_first(planned: Plan) -> str:
    """What is counted, at the beginning of a sentence; a code of a file's keeps its letters."""
    outcome = outcome_words(planned)
    return capital(outcome) if outcome.replace(" ", "").isalpha() else outcome


def effect_unit(planned: Plan) -> str:
    """What effects are in, of one treated unit in one period."""
    panel = planned.panel
    if panel.measure == "rate" or (panel.measure == "count" and panel.exposure is not None):
        return "per 100,000 people"
    return outcome_words(planned)


def unit_words(planned: Plan, unit: str) -> str:
    """What an axis says at its highest number: the unit, or the outcome where it has none."""
    return f" {unit or outcome_words(planned)}"


def in_words(planned: Plan, unit: str) -> str:
    """What is drawn, as a sentence."""
    outcome = outcome_words(planned)
    said = "" if not unit or unit == outcome else f"{'' if unit.startswith('per ') else ','} {unit}"
    return f"{outcome_first(planned)}{said}."


def groups(planned: Plan) -> list[tuple[str, str]]:
    """When treatment began, and who then began it."""
    panel = planned.panel
    step = step_of(panel.periods)
    made = []
    for first in sorted(set(panel.cohort[panel.treated].tolist())):
        names = [
            cut(u) for u, c in zip(panel.units, panel.cohort.tolist(), strict=True) if c == first
        ]
        start = panel.periods[first]
        made.append((period_words(start, step), listed(names)))
    return made


def listed(names: Sequence[str]) -> str:
    """The first names of a list, and how many more there are.

    >>> listed(["a", "b"]), listed(list("abcdefgh"))
    ('a, b', 'a, b, c, d, e and 3 more')
    """
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(map(cut, names[:SHOWN])) + more


def cut(name: str) -> str:
    """A name that is no longer than a label bears.

    >>> cut("A" * 50)
    'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA…'
    """
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1].rstrip()}…"


def capital(text: str) -> str:
    """A sentence's beginning; names in capitals stay as they are.

    >>> capital("violent crime in SC")
    'Violent crime in SC'
    """
    return text[:1].upper() + text[1:]
