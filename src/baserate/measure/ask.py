"""Ask a Question, get an Answer. The one road by which a number reaches a reader."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from importlib import import_module

from baserate.errors import LeftOpen
from baserate.measure.answer import Answer
from baserate.measure.parse import Parsed, open_start, parse
from baserate.measure.question import MEASURE_NAMES, MeasureName, Question
from baserate.measure.records import find_records
from baserate.store.open import Store, open_store
from baserate.terms.periods import Period

MEASURES: tuple[MeasureName, ...] = MEASURE_NAMES


def work_out(name: MeasureName) -> Callable[[Question, Store], Answer]:
    """The function of a measure: the one of its name, in the module of its name.

    Imported when it is first asked for, because one question needs one measure.
    """
    made: Callable[[Question, Store], Answer] = getattr(
        import_module(f"baserate.measure.{name}"), name
    )
    return made


def answer(question: Question, store: Store) -> Answer:
    """The Answer to a Question.

    >>> from baserate.store.open import open_store
    >>> found = answer(parse("murder rate in Missouri, 2014 to 2015").question, open_store())
    >>> found.verdict, round(found.value, 1)
    ('up', 24.3)
    """
    store.require_release(question.as_of)
    return work_out(question.measure)(question, store)


def read_question(text: str, store: Store, *, as_of: date | None = None) -> Parsed:
    """Words to a Question about the records at hand."""
    parsed = parse(text, first_year=store.first_year, last_year=store.last_year, as_of=as_of)
    asked, said = parsed.question, open_start(store.first_year)
    if said not in parsed.assumed:
        return parsed
    # Nobody named a start, so the records of the place do.
    held = find_records(store, asked.place, asked.offense).years
    first = held[0] if held else store.first_year
    period = Period.years(first, max(first, asked.period.last_year))
    assumed = tuple(open_start(first) if note == said else note for note in parsed.assumed)
    return Parsed(replace(asked, period=period), assumed)


def ask(text: str, *, store: Store | None = None, as_of: date | None = None) -> Answer:
    """Ask in words, get an Answer.

    What the words left open (no place, no period) is said in a LeftOpen warning.

    >>> round(ask("violent crime rate in the United States, 2015 to 2016").value, 2)
    3.43
    """
    records = store or open_store()
    parsed = read_question(text, records, as_of=as_of)
    for note in parsed.assumed:
        warnings.warn(LeftOpen(note), stacklevel=2)
    return answer(parsed.question, records)
