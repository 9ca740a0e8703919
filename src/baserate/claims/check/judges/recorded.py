"""A recorded figure: by which values it may be right, and how it is said."""

from __future__ import annotations

from collections.abc import Iterator

from baserate.claims.check.said import capital, figure_words, inside, quantity
from baserate.claims.check.tolerance import figure_fits
from baserate.claims.claim import Claim, Magnitude
from baserate.measure.answer import Answer, Other
from baserate.terms.places import Place

# Beyond it a figure that stands beside the right one is of something else.
FAR = 2.5


def fits(size: Magnitude, answer: Answer) -> bool:
    """Whether a figure is the recorded one, by any definition that is published."""
    local = answer.question.place.kind in {"city", "agency"}
    return any(figure_fits(size, value, is_local=local) for value in values(answer))


def values(answer: Answer) -> Iterator[float]:
    """The figure of a level, by every definition and source, and as printed."""
    if answer.value is not None:
        yield answer.value
    yield from (other.value for other in stand_now(answer) if other.value is not None)


def stand_now(answer: Answer) -> Iterator[Other]:
    """The other answers that stand beside it, without those of releases that it replaced."""
    replaced = "release of "
    for other in answer.others:
        if other.unit == answer.unit and not other.label.startswith(replaced):
            yield other


def by_what(size: Magnitude, answer: Answer) -> str:
    """What makes a figure right where the one that is taken here does not; empty otherwise."""
    local = answer.question.place.kind in {"city", "agency"}
    if answer.value is None or figure_fits(size, answer.value, is_local=local):
        return ""
    for other in stand_now(answer):
        if other.value is not None and figure_fits(size, other.value, is_local=local):
            said = figure_words(other.value, per_head=answer.question.per_head)
            label = other.label.removeprefix("other source (").removesuffix(")")
            label = f"the {label}" if label.endswith(("definition", "printed")) else label
            return f" By {label} it is {said}."
    return ""


def stated(claim: Claim, where: Place, answer: Answer) -> str:
    """'The recorded murder rate in the United States in 2015 was 4.9 per 100,000 people'."""
    per_head, value = answer.question.per_head, answer.value
    assert value is not None
    what = capital(quantity(claim, per_head=per_head))
    verb = "was" if per_head else "were"
    period = answer.question.period
    return f"{what} {inside(where)} in {period} {verb} {figure_words(value, per_head=per_head)}"


def is_in_scale(size: Magnitude, recorded: tuple[float, ...], far: float) -> bool:
    """Whether a figure is within a factor of one of those recorded.

    >>> is_in_scale(Magnitude(474, "count"), (850_895.0,), 2.5)
    False
    """
    return any(value / far <= size.value <= value * far for value in recorded)
