"""Totals and their parts: thirty homicides, twelve here, ten there and five elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from baserate.claims.checked import Inconsistency
from baserate.claims.claim import Sentence
from baserate.claims.consistency.figures import Figure
from baserate.claims.consistency.percents import directions, inconsistency_at

_SHORT_PART = re.compile(r" [^,;.:()]{2,45}(?:, | and |, and |; |; and )")
# With these the parts are some of the whole, or are set against another year.
_LOOSE = re.compile(
    r"\b(?:includ\w{1,6}|most\w{0,6}|other\w{0,2}|rest|remaining|compared|from|up|down|more|fewer|than"
    r"|of which|last|year|years|earlier|before|per)\b"
)
_REMAINING = re.compile(r"\bthe (?:remaining|other|rest,?) \Z")


def parts_and_total(sentence: Sentence, figures: Sequence[Figure]) -> Iterator[Inconsistency]:
    """ "30 homicides: 12 in Akron, 10 in Boise and 5 in Chicago"."""
    text = sentence.text
    colon = text.find(": ")
    if colon < 0 or any(f.unit != "count" or f.hedge for f in figures if f.start > colon):
        return
    totals = [f for f in figures if f.end <= colon and f.unit == "count"]
    parts = [f for f in figures if f.start > colon]
    if len(totals) != 1 or len(parts) < 2 or totals[0].hedge or parts[0].start != colon + 2:
        return
    if not _is_breakdown(text, parts) or colon - totals[0].end > 40 or totals[0].of == "percent":
        return
    added = sum(p.value for p in parts)
    if added != totals[0].value:
        why = f"The parts named add up to {added:,.0f}, not {totals[0].printed}."
        yield inconsistency_at(sentence, "parts and total", totals[0].start, parts[-1].end, why)


def _is_breakdown(text: str, parts: Sequence[Figure]) -> bool:
    """Parts of a few words each, with commas between and an "and" before the last."""
    ends = [p.start for p in parts[1:]] + [len(text)]
    segments = [text[p.end : end] for p, end in zip(parts, ends, strict=True)]
    last = re.split(r"[,.;]", segments[-1])[0]
    inner = all(_SHORT_PART.fullmatch(s) for s in segments[:-1])
    joined = segments[-2].endswith("and ") and len(last.split()) <= 6
    loose = _LOOSE.search(" ".join([*segments[:-1], last]))
    return inner and joined and loose is None


def percents_of_the_whole(sentence: Sentence, figures: Sequence[Figure]) -> Iterator[Inconsistency]:
    """Percents of which the last is "the remaining 20 percent" and that make more than all."""
    percents = [f for f in figures if f.unit == "percent"]
    text = sentence.text
    if len(percents) < 3 or any(p.hedge for p in percents) or directions().search(text):
        return
    if not _REMAINING.search(text[: percents[-1].start]):
        return
    added = sum(p.value for p in percents)
    if added > 100 + 0.5 * len(percents):
        why = f"The percents of the parts add up to {added:g}."
        yield inconsistency_at(
            sentence, "parts and total", percents[0].start, percents[-1].end, why
        )
