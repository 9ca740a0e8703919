"""Every quantity in a sentence: its value, its unit, how exactly it is meant, what it counts.

What is no crime figure (money, ages, dates, addresses, police officers) is found too, with a unit
that says so, because a number that is nothing else would be taken for a count.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from baserate.claims.claim import Exactness
from baserate.claims.sizes.company import in_company
from baserate.claims.sizes.drafts import Draft, set_exactness
from baserate.claims.sizes.numerals import Numeral, Words, numeral_at
from baserate.claims.sizes.units import CARDINAL_RULES, ORDINAL_RULES
from baserate.claims.sizes.words import SizeUnit, size_words

_FIGURE = re.compile("[0-9]")
_LETTERS = re.compile("[a-z]+")
_LONGEST = 20_000
_PRINTED = re.compile("[0-9][0-9.,]*")
_WORDS = re.compile("[A-Za-z]{2,}")
_FIGURES_OF_TABLE = 40  # no sentence has so many with hardly a word between


@dataclass(frozen=True, slots=True)
class Size:
    """One quantity, where it stands in its sentence with its unit and its "more than".

    `value` is never negative; a printed sign is in `sign`. `high` is the upper end of a range.
    `digits` counts the printed decimals. `of` is where the noun stands that a count counts.

    A fraction in words ("a quarter", "one in four") is taken at its word, as `exactly`. What was
    printed in millions, or per 1,000 and turned into a rate per 100,000, is `about`: the figures
    that are missing were rounded off.
    """

    start: int
    end: int
    value: float
    unit: SizeUnit
    how: Exactness = "exactly"
    digits: int = 0
    sign: int = 0
    high: float | None = None
    of: tuple[int, int] | None = None


def find_sizes(sentence: str) -> list[Size]:
    """Every quantity in a sentence, in order, none overlapping.

    Past 20,000 characters it is a table run together, and no more is read; where 40 figures or
    more stand with less than a word to two of them it is a row of one, and none is read.

    >>> [(s.value, s.unit, s.how) for s in find_sizes("Murders rose nearly 56 percent to 701.")]
    [(56.0, 'percent', 'about'), (701.0, 'count', 'exactly')]
    """
    if not _may_hold_a_size(sentence) or _is_table(sentence):
        return []
    words = Words(sentence[:_LONGEST])
    starters = size_words().starters
    drafts: list[Draft] = []
    at = 0
    while at < words.count:
        fold = words.folds[at]
        if not (fold in starters or fold[-1].isdigit()):
            at += 1
            continue
        draft = _draft_at(words, at)
        if draft is None:
            at += 1
            continue
        if draft.unit:
            drafts.append(draft)
        at = max(draft.last, at + 1)
    return [_size(words, d) for d in in_company(words, drafts)]


def _may_hold_a_size(sentence: str) -> bool:
    """Whether a look at its words is worth while: most sentences have no number at all."""
    if _FIGURE.search(sentence):
        return True
    return not size_words().telling.isdisjoint(_LETTERS.findall(sentence.lower()))


def _is_table(sentence: str) -> bool:
    """Whether it is figures and hardly anything else."""
    figures = len(_PRINTED.findall(sentence))
    return figures >= _FIGURES_OF_TABLE and figures > 2 * len(_WORDS.findall(sentence))


def _draft_at(words: Words, at: int) -> Draft | None:
    """The size that begins at a place. Without a unit it is a number that is no size."""
    number = numeral_at(words, at)
    fixed = _fixed_at(words, at)
    if fixed and (number is None or fixed.last >= number.last) and not (number and number.rounded):
        return fixed
    if number is None:
        return None
    draft = Draft(words, number)
    set_exactness(words, draft)
    for rule in ORDINAL_RULES if number.ordinal else CARDINAL_RULES:
        if rule(words, draft):
            break
    return draft


def _fixed_at(words: Words, at: int) -> Draft | None:
    found = size_words().fixed.after(words, at)
    if not found:
        return None
    row, last = found
    previous, following = words.folds[words.before(at)], words.folds[last]
    allowed = not row.if_before or previous in row.if_before
    if not allowed or previous in row.unless_before or following in row.unless_after:
        return None
    draft = Draft(words, Numeral(at, last, row.value))
    draft.unit, draft.how = row.unit, row.how
    if row.how == "exactly":
        set_exactness(words, draft)
    return draft


def _size(words: Words, draft: Draft) -> Size:
    rounded = draft.number.rounded and draft.how == "exactly"
    return Size(
        start=draft.start,
        end=words.ends[draft.last - 1],
        value=draft.value,
        unit=draft.unit or "count",
        how="about" if rounded else draft.how,
        digits=draft.digits,
        sign=draft.sign,
        high=draft.high,
        of=(words.starts[draft.of[0]], words.ends[draft.of[1] - 1]) if draft.of else None,
    )
