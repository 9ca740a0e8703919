"""Checked claims for programs: one JSON object a line. Field by field in docs/check.md."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from baserate.claims.article import Article
from baserate.claims.checked import AsOf, Checked, CheckedArticle, Inconsistency
from baserate.claims.claim import Where
from baserate.measure.answer import Answer
from baserate.measure.effects.found import EffectFound
from baserate.publish.claim_words import in_reading_order
from baserate.publish.export import as_data
from baserate.publish.harmless import json_text
from baserate.terms.offenses import offenses
from baserate.terms.periods import Period
from baserate.terms.places import Place


def json_lines(found: CheckedArticle) -> Iterator[str]:
    """One line for each claim and each inconsistency, in the order of the text."""
    for remark in in_reading_order(found):
        record = (
            claim_record(found.article, remark)
            if isinstance(remark, Checked)
            else inconsistency_record(found.article, remark)
        )
        yield json_text(record)


def claim_record(article: Article, checked: Checked) -> dict[str, Any]:
    """One claim as plain data, in the words that lists of claims use."""
    claim = checked.claim
    return {
        "article_id": article.article_id,
        "start": claim.start,
        "end": claim.end,
        "sentence": claim.sentence.text,
        "checkable": checked.verdict != "not a checkable statement",
        "kind": claim.kind,
        "offense": offense_label(claim.offense),
        "qualifier": claim.qualifier,
        "whole": offense_label(claim.whole),
        "place": place_label(claim.where),
        "readings": _readings(claim.where),
        "against": place_label(claim.against),
        "period": period_label(claim.period),
        "comparator_period": period_label(claim.comparator_period),
        "direction": claim.direction,
        "magnitude": [{"value": m.value, "unit": m.unit} for m in claim.magnitudes],
        "attributed_to": claim.attributed_to,
        "understood": list(claim.understood),
        "negated": claim.negated,
        "denied": claim.denied,
        "verdict": checked.verdict,
        "why": checked.why,
        "then": _then(checked.then),
        "answer": _answer(checked.answer),
        "study": study_record(checked.study),
        "traps": [{"key": t.key, "text": t.text} for t in checked.traps],
        "caveats": [{"kind": c.kind, "text": c.text} for c in checked.caveats],
        "needs": [{"what": n.what, "command": n.command} for n in checked.needs],
    }


def inconsistency_record(article: Article, odd: Inconsistency) -> dict[str, Any]:
    """Something that the article contradicts itself; no claim about the records."""
    return {
        "article_id": article.article_id,
        "start": odd.start,
        "end": odd.end,
        "sentence": article.text[max(0, odd.start) : max(0, odd.end)],
        "checkable": False,
        "kind": "inconsistency",
        "form": odd.kind,
        "why": odd.text,
    }


def offense_label(key: str | None) -> str | None:
    """What is counted, in a plain word; murder and homicide are one.

    >>> offense_label("murder"), offense_label("motor_vehicle_theft"), offense_label(None)
    ('homicide', 'motor vehicle theft', None)
    """
    if key is None:
        return None
    known = offenses().get(key)
    return known.label if known else key.replace("_", " ")


def place_label(where: Where | None) -> str | None:
    """A place by its name, a city with its state: 'Missouri', 'Kansas City, MO'."""
    if where is None:
        return None
    return _place_name(where.only) if where.only else where.label


def _readings(where: Where | None) -> list[str]:
    """Every place that the name can be, where the text leaves it open."""
    return [] if where is None or where.only else [_place_name(p) for p in where.places]


def _place_name(place: Place) -> str:
    if place.key == "DC":
        return "Washington, DC"
    return place.plain if place.kind in {"city", "agency"} else place.name


def period_label(period: Period | None) -> str | None:
    """A period in figures: a year, years, or days.

    >>> period_label(Period.year(2015)), period_label(Period.years(1992, 1999))
    ('2015', '1992..1999')
    >>> period_label(Period.year_to_date(2016, 11))
    '2016-01-01..2016-11-30'
    """
    if period is None:
        return None
    if period.is_one_year:
        return str(period.first_year)
    if period.is_whole_years:
        return f"{period.first_year}..{period.last_year}"
    return f"{period.first.isoformat()}..{period.last.isoformat()}"


def _then(then: AsOf | None) -> dict[str, Any] | None:
    if then is None:
        return None
    return {
        "day": then.day.isoformat(),
        "verdict": then.verdict,
        "why": then.why,
        "answer": _answer(then.answer),
    }


def study_record(study: EffectFound | None) -> dict[str, Any] | None:
    """The study a claim was held against: what it is, what it says, and how to ask it again."""
    if study is None:
        return None
    return {
        "title": study.title,
        "program": study.programs[0],
        "file": study.file,
        "checksum": study.checksum,
        "reading": study.reading,
        "finding": study.sentence,
        "doubt": study.doubt,
        "sources": list(study.sources),
        "command": study.command or None,
    }


def _answer(answer: Answer | None) -> dict[str, Any] | None:
    return None if answer is None else as_data(answer)
