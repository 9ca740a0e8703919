"""Numbers that are no quantities: dates, years, addresses, ages, and parts of names and codes."""

from __future__ import annotations

from baserate.claims.sizes.counted import counted_after
from baserate.claims.sizes.drafts import Draft, forget_exactness
from baserate.claims.sizes.numerals import BREAK, GLUED, HYPHEN, Numeral, Words
from baserate.claims.sizes.words import size_words


def is_label(words: Words, draft: Draft) -> bool:
    """Parts of names, codes, times and telephone numbers: "MS-13", "SB1070", "6:20"."""
    number = draft.number
    if _is_chained(words, number) or (not number.worded and _is_glued(words, number)):
        draft.unit = "other"
    return draft.unit is not None


def _is_glued(words: Words, number: Numeral) -> bool:
    first, last = number.first, number.last
    previous, joint = words.raw(first - 1), words.joints[first]
    if joint == HYPHEN and previous[-1:].isalpha() and previous != "to":
        return True
    if joint == GLUED and previous[-1:].isalpha():
        return not (previous.islower() and previous in size_words().sets["glued"])
    following = words.raw(last)
    decade = following == "s" and words.joints[last] == GLUED
    name = following[:1].isupper() and words.joints[last] == HYPHEN
    return decade or name or len(words.folds[first]) > 15


def _is_chained(words: Words, number: Numeral) -> bool:
    """Whether other numbers hang on it by a slash, a colon, or two hyphens."""
    first, last = number.first, number.last
    for mark, there in ((first - 1, first - 2), (last, last + 1)):
        glued = words.joints[mark] == GLUED == words.joints[mark + 1]
        if glued and words.folds[mark] in {"/", ":"} and is_figure(words, there):
            return True
    left = is_figure(words, first - 1) and words.joints[first] == HYPHEN
    right = is_figure(words, last) and words.joints[last] == HYPHEN
    further = right and is_figure(words, last + 1) and words.joints[last + 1] == HYPHEN
    before = left and is_figure(words, first - 2) and words.joints[first - 1] == HYPHEN
    lengths = [len(words.folds[p]) for p in ([first - 1, first] if left else [first, last])]
    return (left and right) or further or before or ((left or right) and lengths == [3, 4])


def is_figure(words: Words, at: int) -> bool:
    """Whether a number in figures stands at a place."""
    return words.folds[at][:1].isdigit()


def is_date(words: Words, draft: Draft) -> bool:
    """Days, years and addresses."""
    number = draft.number
    if number.worded or number.rounded or number.digits:
        return False
    if _is_day(words, draft) or _is_year(words, draft) or _is_address(words, draft):
        draft.unit = "other"
        forget_exactness(words, draft)
    return draft.unit is not None


def _is_day(words: Words, draft: Draft) -> bool:
    sets = size_words().sets
    month = words.before(draft.number.first)
    if draft.value <= 31 and words.folds[draft.last] in sets["months"]:
        return words.raw(draft.last)[0].isupper() and words.joints[draft.last] != BREAK
    if words.folds[month] not in sets["months"] or not words.raw(month)[0].isupper():
        return False
    if draft.value > 31 or words.folds[words.before(month)] in sets["until_date"]:
        return draft.value <= 31
    return counted_after(words, draft.last, draft.number).kind not in {"crime", "bearer"}


def _is_year(words: Words, draft: Draft) -> bool:
    number = draft.number
    if number.plain and words.joints[number.first] == HYPHEN and is_figure(words, number.first - 1):
        previous = words.folds[number.first - 1]
        if len(previous) == 4 and previous[:2] in {"18", "19", "20"}:
            return len(words.folds[number.first]) in {2, 4}
    if not (number.plain and 1800 <= number.value < 2100):
        return False
    if words.folds[words.before(draft.first)] not in size_words().sets["counted_by"]:
        return True
    return counted_after(words, draft.last, number).kind != "crime"


def _is_address(words: Words, draft: Draft) -> bool:
    if not draft.number.plain:
        return False
    at = draft.last
    for _ in range(4):
        if words.joints[at] == BREAK or not (words.raw(at)[:1].isupper() or words.folds[at] == "."):
            return False
        if at > draft.last and words.folds[at] in size_words().sets["streets"]:
            return True
        at += 1
    return False


def is_age(words: Words, draft: Draft) -> bool:
    """ "John Smith, 25, was shot": between commas after a name."""
    first, last = draft.number.first, draft.last
    commas = words.folds[first - 1] == "," and words.folds[last] in {",", "."}
    if commas and draft.number.plain and draft.value <= 110 and draft.first == first:
        name, before = words.raw(first - 2), words.raw(first - 3)
        if name[:1].isupper() and before[:1].isupper():
            draft.unit = "age"
    return draft.unit is not None
