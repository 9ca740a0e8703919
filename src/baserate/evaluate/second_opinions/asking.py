"""Asks the libraries that are installed, without a word of theirs reaching the user."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import replace
from importlib import metadata
from importlib.util import find_spec
from io import StringIO

import numpy as np

from baserate.evaluate.designs.estimate import Estimate
from baserate.evaluate.panel import Panel
from baserate.evaluate.second_opinions.opinion import (
    TOLERANCE,
    Answer,
    NotAsked,
    SecondOpinion,
    Status,
    apart,
)
from baserate.evaluate.second_opinions.registry import REGISTRY, Asked

# What a library that meets data or a version it does not know raises; anything else is our fault.
FAILURES = (ArithmeticError, AttributeError, ImportError, LookupError, MemoryError, RuntimeError,
            TypeError, ValueError)  # fmt: skip
LONGEST = 160  # characters of a library's own words
TWO_RIGHT = "two right answers may differ here"


def with_second_opinion(
    estimate: Estimate, panel: Panel, registry: Iterable[Asked] = REGISTRY
) -> Estimate:
    """The row with what a library says of it; as it was where no library has the design.

    Only a row that has the number to compare is asked about.
    """
    for asked in registry:
        here = getattr(estimate, asked.compared)
        if asked.design == estimate.design and here is not None and np.isfinite(here):
            return replace(estimate, second=_opinion(asked, estimate, panel, float(here)))
    return estimate


def _opinion(asked: Asked, estimate: Estimate, panel: Panel, here: float) -> SecondOpinion:
    def without(status: Status, why: str, version: str = "") -> SecondOpinion:
        return SecondOpinion(
            asked.library, version, asked.compared, here, status, differs=asked.differs, why_not=why
        )

    if find_spec(asked.module) is None:
        return without("not installed", "is not installed")
    version = _version(asked.library)
    if set(asked.unless) & set(estimate.notes):
        return without("no answer", f"was not asked: {TWO_RIGHT}", version)
    try:
        with quiet():
            answer = asked.ask(panel)
    except NotAsked as error:
        return without("no answer", f"was not asked: {error}", version)
    except FAILURES as error:
        return without("no answer", f"gave no answer: {_said(error)}", version)
    if not np.isfinite(answer.effect):
        return without("no answer", "gave no answer: its effect is no finite number", version)
    return _compared(asked, version, here, answer, panel)


def _compared(
    asked: Asked, version: str, here: float, answer: Answer, panel: Panel
) -> SecondOpinion:
    level = 100.0 if asked.compared == "percent" else float(np.abs(panel.comparable).mean())
    distance, error = apart(here, answer.effect, level), answer.standard_error
    return SecondOpinion(
        asked.library, version, asked.compared, here,
        "agrees" if distance <= TOLERANCE else "disagrees",
        effect=answer.effect,
        standard_error=error if error is not None and np.isfinite(error) else None,
        apart=distance,
        differs=asked.differs,
    )  # fmt: skip


def _version(library: str) -> str:
    try:
        return metadata.version(library)
    except metadata.PackageNotFoundError:
        return ""


def _said(error: BaseException) -> str:
    """A library's own words, on one line and not too many of them."""
    words = " ".join(str(error).split()) or type(error).__name__
    return words if len(words) <= LONGEST else words[: LONGEST - 1] + "…"


@contextmanager
def quiet() -> Iterator[None]:
    """What a library prints or warns of is dropped: it speaks of its own defaults."""
    with warnings.catch_warnings(), redirect_stdout(StringIO()), redirect_stderr(StringIO()):
        warnings.simplefilter("ignore")
        yield
