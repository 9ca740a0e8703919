"""What is no report of a fact: a forecast, a purpose, a condition."""

from __future__ import annotations

import re
from itertools import pairwise

from baserate.claims.lexicon import words
from baserate.claims.scan import Mention, Scan


def refusal(scan: Scan, direction: Mention) -> str | None:
    """Why a direction is not reported as a fact: 'forecast', 'purpose', 'condition'; None if it is.

    >>> from baserate.claims.scan import scan
    >>> seen = scan("The plan is for crime to fall.")
    >>> refusal(seen, seen.of("down")[0])
    'purpose'
    """
    earlier = scan.before(direction.start, 14)
    before, said = earlier[-5:], scan.text[direction.start : direction.end].lower()
    if said.split()[0].endswith("ing") and words("frames", "before_gerund") & set(before[-1:]):
        return "purpose"
    if before[-1:] == ["any"]:
        return "condition"
    if _is_infinitive(said, before):
        return "purpose"
    if words("frames", "modals") & set(before[-4:]):
        return "forecast"
    if _is_asked(earlier) or words("frames", "conditions") & set(earlier[-12:]):
        return "condition"
    expected = _foretells("expecting", scan, before) or _is_expected(scan, direction)
    return "forecast" if expected else None


def _foretells(sense: str, scan: Scan, before: list[str]) -> bool:
    """Whether a word of that sense stands before; "Project Hope" is a name and no forecast."""
    found = words("frames", sense) & set(before)
    return bool(found - {"project"} if _PROJECT.search(scan.text) else found)


_PROJECT = re.compile(r"\bProject [A-Z]")


def _is_expected(scan: Scan, direction: Mention) -> bool:
    """ "No increase in crime is expected"."""
    following = pairwise(scan.after(direction.end, 6))
    return any(
        one in {"is", "are"} and other in words("frames", "expected_after")
        for one, other in following
    )


def _is_asked(earlier: list[str]) -> bool:
    """ "Whether crime rose", but not what is answered: "asked whether ..., she said it fell"."""
    if "whether" not in earlier:
        return False
    return words("classify", "said").isdisjoint(earlier[earlier.index("whether") :])


def _is_infinitive(said: str, before: list[str]) -> bool:
    """Whether it is meant to happen ("to reduce"), and did not begin to ("continued to fall")."""
    is_infinitive = "to" in before[-2:] and said in words("frames", "infinitives")
    is_noun = before[-1:] in (["a"], ["an"], ["the"])  # "led to a drop"
    return is_infinitive and not is_noun and not words("frames", "begun") & set(before)


def is_negated(scan: Scan, direction: Mention) -> bool:
    """Whether it is said not to be so: "did not rise", "no rise", "fell in neither".

    >>> from baserate.claims.scan import scan
    >>> seen = scan("Murders did not rise.")
    >>> is_negated(seen, seen.of("up")[0])
    True
    """
    before = scan.before(direction.start, 3)
    if before[-1:] == ["no"] or "neither" in scan.after(direction.end, 2):
        return True
    negations = [i for i, w in enumerate(before) if w in words("frames", "negations")]
    return any(before[i + 1 : i + 2] != ["only"] for i in negations)


def is_foretold(scan: Scan, figure: Mention) -> bool:
    """Whether a figure is one that somebody expects: "predicts 775 deaths this year"."""
    before = scan.before(figure.start, 8)
    foretold = _foretells("foretelling", scan, before)
    return foretold or bool(words("frames", "modals") & set(before[-4:]))
