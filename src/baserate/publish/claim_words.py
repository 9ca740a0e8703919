"""Checked claims in plain words, in one place, so that page and terminal say the same."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date

from baserate.claims.article import Article
from baserate.claims.checked import CLAIM_VERDICTS, Checked, CheckedArticle, Inconsistency, Need
from baserate.measure.answer import Answer
from baserate.measure.effects.found import EffectFound
from baserate.publish.wording import (
    bound,
    headline_value,
    level_words,
    listed,
    number,
    percent,
    title,
)
from baserate.terms.quantities import Interval, ordinal

CLAIM_ICONS = {
    "supported": "✓",
    "contradicted": "✕",
    "misleading": "◐",
    "can't tell": "?",
    "not a checkable statement": "○",
}
INCONSISTENT_ICON = "≠"
INCONSISTENT = "at odds with itself"

Remark = Checked | Inconsistency


def in_reading_order(found: CheckedArticle) -> list[Remark]:
    """Claims and inconsistencies as a reader meets them; their numbers are their places here."""
    remarks: list[Remark] = [*found.checked, *found.inconsistencies]
    return sorted(remarks, key=offsets)


LONGEST_HEADING = 120  # characters of a first line that may stand for a title


def heading(article: Article) -> str:
    """What the article is called: its title, a first line that looks like one, or its name.

    >>> heading(Article(article_id="a1", text="Murders fall again\\n\\nOHIO -- The state said so."))
    'Murders fall again'
    """
    if article.title:
        return article.title
    first, _, rest = article.text.lstrip().partition("\n")
    first = first.strip()
    is_heading = bool(rest.strip()) and len(first) <= LONGEST_HEADING and first[-1:] not in ".,;:"
    return first if first and is_heading else article.article_id


def trap_words(checked: Checked) -> tuple[str, ...]:
    """The traps in words, without what the reason has said already."""
    left = [
        " ".join(s for s in re.split(r"(?<=[.!?])\s+", trap.text) if s not in checked.why)
        for trap in checked.traps
    ]
    return tuple(text for text in left if text)


def offsets(remark: Remark) -> tuple[int, int]:
    """Where its words begin and end in the article."""
    spot = remark.claim if isinstance(remark, Checked) else remark
    return spot.start, spot.end


def summary(found: CheckedArticle) -> str:
    """How many claims there are and how they fared, in a sentence or two.

    >>> summary(CheckedArticle(Article(article_id="a", text=""), ()))
    'No claim about crime was found that records could settle.'
    """
    counts: Counter[str] = Counter(c.verdict for c in found.checked)
    said = [_counted(counts)]
    odd = len(found.inconsistencies)
    if odd:
        times = "In one place" if odd == 1 else f"In {_spelled(odd)} places"
        said.append(f"{times} the article is at odds with its own words.")
    return " ".join(said)


def _counted(counts: Counter[str]) -> str:
    aside = counts["not a checkable statement"]
    of = counts.total() - aside
    more = (
        ""
        if not aside
        else " One more is not a checkable statement."
        if aside == 1
        else f" {_spelled(aside).capitalize()} more are not checkable statements."
    )
    if not of:
        return f"No claim about crime was found that records could settle.{more}"
    present = [v for v in CLAIM_VERDICTS[:4] if counts[v]]
    if of == 1:
        return f"One claim about crime: {present[0]}.{more}"
    parts = [_fared(counts[v], v) for v in present]
    return f"Of {_spelled(of)} claims about crime, {listed(parts)}.{more}"


def _fared(count: int, verdict: str) -> str:
    if verdict == "can't tell":
        return f"for {_spelled(count)} the records can't tell"
    return f"{_spelled(count)} {'is' if count == 1 else 'are'} {verdict}"


_NAMES = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def _spelled(count: int) -> str:
    return _NAMES[count] if count < len(_NAMES) else f"{count:,}"


def day(when: date) -> str:
    """A day in words: '27 January 2017'."""
    return f"{when.day} {when:%B %Y}"


def origin(article: Article) -> str:
    """Outlet and date, as far as anyone says."""
    dated = day(article.published) if article.published else "no date known"
    if article.dated_by == "file":
        dated = f"file made {dated}, no other date known"
    return " · ".join(p for p in (article.outlet, dated) if p)


def figure(answer: Answer) -> str:
    """What the records have, with its interval, in one line.

    'Violent crime rate, United States, 2014 → 2016: +6.9% (+6.6% to +7.2%)'
    """
    one = answer.question.measure == "level" and answer.later is not None
    value = level_words(answer.later) if one and answer.later else headline_value(answer)
    if not value:
        return f"{title(answer)}: {answer.verdict}"
    span = _span(answer, answer.interval) if answer.interval else ""
    return f"{title(answer)}: {value}{f' ({span})' if span else ''}"


def rerun_of(checked: Checked) -> str:
    """The command that asks again what a verdict rests on: the records or a study; '' for none."""
    if checked.answer is not None:
        return checked.answer.rerun
    return checked.study.command if checked.study is not None else ""


def study_words(study: EffectFound) -> str:
    """Which study a verdict rests on, in one line: its title, its sources, its checksum."""
    cited = "; ".join(s.rstrip(".") for s in study.sources)
    named = f"{study.title} ({study.file}, sha256 {study.checksum[:16]}…)"
    return f"{named}. {cited}." if cited else f"{named}."


def _span(answer: Answer, interval: Interval) -> str:
    asked = answer.question
    ends = (interval.lower, interval.upper)
    of_change = asked.measure == "extremum" and answer.earlier is not None
    if asked.measure in {"change", "comparison", "trend"} or of_change:
        low, high = (bound(end, interval) for end in ends)
    elif asked.measure == "rank" and answer.ranking is not None:
        low, high = (ordinal(r) for r in (answer.ranking.highest, answer.ranking.lowest))
    elif asked.measure == "share" or (asked.measure == "clearance" and asked.per_head):
        low, high = (percent(end, interval) for end in ends)
    else:
        low, high = (number(end, per_head=asked.per_head) for end in ends)
    return f"{low} to {high}" if low != high else ""


def when_written(remark: Checked, article: Article) -> str:
    """The verdict by what had been published when the article was, or why there is none."""
    then = remark.then
    if then is not None:
        same = "the same verdict" if then.verdict == remark.verdict else then.verdict
        return f"By what had been published until {day(then.day)}: {same}. {then.why}"
    if article.published is None:
        return "The article bears no date, so what was known when it was written cannot be told."
    if remark.answer is None:
        return ""
    return (
        f"The releases at hand do not reach back to {day(article.published)}; the verdict is by "
        "later figures."
    )


def changed_since(remark: Checked) -> bool:
    """Whether the verdict is another now than it was when the article was written."""
    return remark.then is not None and remark.then.verdict != remark.verdict


def sentence_of(remark: Checked) -> str:
    """The sentence that a claim stands in, on one line."""
    return " ".join(remark.claim.sentence.text.split())


def speaker(remark: Checked) -> str:
    """Who says so, where the article says it is not itself."""
    who = remark.claim.attributed_to
    denied = "; the article itself denies it" if remark.claim.denied else ""
    return f"{who}{denied}" if who else denied.removeprefix("; ")


def answers_of(checked: Sequence[Checked]) -> list[Answer]:
    """Every answer that verdicts rest on, those of the time of writing included."""
    both = [a for c in checked for a in (c.answer, c.then.answer if c.then else None)]
    return [a for a in both if a is not None]


def needs_once(remarks: Sequence[Remark]) -> dict[int, tuple[Need, ...]]:
    """What would settle each claim, by its number; what an earlier one needs too by its number."""
    first: dict[Need, int] = {}
    found: dict[int, tuple[Need, ...]] = {}
    for at, remark in enumerate(remarks, start=1):
        needs = remark.needs if isinstance(remark, Checked) else ()
        before = dict.fromkeys(first[n] for n in needs if n in first)
        again = tuple(Need(f"as for claim {i}", None) for i in before)
        found[at] = (*(n for n in needs if n not in first), *again)
        for need in needs:
            first.setdefault(need, at)
    return found
