"""The rules by which a number gets its unit, each of them asked in turn."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from baserate.claims.sizes.counted import Counted, counted_after, is_harmed
from baserate.claims.sizes.drafts import Draft, forget_exactness, set_exactness, set_exactness_after
from baserate.claims.sizes.labels import is_age, is_date, is_label
from baserate.claims.sizes.numerals import SPACE, Numeral, Words, numeral_at, sizes_table
from baserate.claims.sizes.words import Named, SizeUnit, size_words


def _is_strongly_named(words: Words, draft: Draft) -> bool:
    found = size_words().strong.ending(words, draft.first)
    if found:
        draft.unit = cast("SizeUnit", found[0].unit)
        if draft.unit == "money":
            draft.first, draft.start = found[1], words.starts[found[1]]
            set_exactness(words, draft)
    return bool(found)


def _has_unit(words: Words, draft: Draft) -> bool:
    found = size_words().after.after(words, draft.last)
    if not found:
        return False
    named, last = found
    draft.unit, draft.last = cast("SizeUnit", named.unit), last
    draft.value = draft.value * named.times
    set_exactness_after(words, draft)
    return True


def _is_named(words: Words, draft: Draft) -> bool:
    """Whether the words before a number say what it is: "population of", "Interstate"."""
    before = size_words().before
    close = before.ending(words, draft.number.first)
    found = close or before.ending(words, draft.first)
    if not found or not _applies(words, draft, *found):
        return False
    named, first = found
    if named.unit == "per_100k":
        return _is_rate_of(words, draft, first)
    if close:
        forget_exactness(words, draft)
    draft.unit = cast("SizeUnit", named.unit)
    draft.how = named.how or draft.how
    if named.unit == "rank":
        draft.first, draft.start = first, words.starts[first]
    return True


def _applies(words: Words, draft: Draft, named: Named, first: int) -> bool:
    if draft.value > named.highest or (named.capital and draft.number.worded):
        return False
    if named.capital and not words.raw(first)[0].isupper():
        return False
    dotless = words.folds[draft.number.first - 1] == "no"
    return not (dotless and words.joints[draft.number.first] == SPACE)


def _is_rate_of(words: Words, draft: Draft, first: int) -> bool:
    counted = counted_after(words, draft.last, draft.number)
    if words.folds[first - 1] in size_words().sets["not_of"] or counted.paced:
        return False
    if counted.kind in {"other", "unknown"} or _rate_end(words, counted.scanned) is not None:
        return False
    draft.unit = "per_100k"
    return True


# ---- Ordinals ----


def _is_rank(words: Words, draft: Draft) -> bool:
    """Ranks and runs of years; any other ordinal is no size, unless it numbers an offense."""
    tables = size_words()
    found = tables.ordinal_after.after(words, draft.last)
    if found:
        if found[0].unit != "nothing":
            draft.unit, draft.last = found[0].unit, found[1]
        return True
    found = tables.ordinal_before.ending(words, draft.number.first)
    if found and not (found[0].alone and not _stands_alone(words, draft)):
        draft.unit, draft.first = "rank", found[1] if not found[0].alone else draft.first
        draft.start = words.starts[draft.first]
        return True
    return _is_nth_offense(words, draft)


def _stands_alone(words: Words, draft: Draft) -> bool:
    following = words.folds[draft.last]
    plain = following in {"with", "", ".", ",", ";", "at", "and"}
    return plain and draft.value > 1 and words.folds[draft.last + 1] != "command"


def _is_nth_offense(words: Words, draft: Draft) -> bool:
    """ "The city's 100th homicide of the year", "the 14th person killed in 2016": so many."""
    counted = counted_after(words, draft.last, Numeral(draft.first, draft.last, 1))
    soon = words.folds[counted.last : counted.last + 8]
    if counted.kind == "crime":
        meant = soon[0] in {"of", "this", "in", "so"}
    else:
        meant = counted.kind == "bearer" and is_harmed(words, counted.last, counted.last + 1)
    if not meant or not ("year" in soon or any(f.isdigit() and len(f) == 4 for f in soon)):
        return False
    draft.unit, draft.of = "count", (counted.first, counted.last)
    return True


# ---- Rates, ratios and counts ----


def _is_ratio(words: Words, draft: Draft) -> bool:
    """ "One in four", "nine out of 10": a percent, or a rate where the whole is large."""
    found = size_words().ratio.after(words, draft.number.last)
    whole = numeral_at(words, found[1]) if found and found[1] < words.count else None
    if whole is None or whole.ordinal or not 0 < draft.value < whole.value or draft.digits:
        return False
    wholes = sizes_table()["ratio"]["wholes"]
    if whole.value not in wholes and (draft.value > 1 or 1800 <= whole.value < 2100):
        return False
    if size_words().after.after(words, whole.last) or (whole.value >= 1000 and draft.value > 1):
        return False
    per, unit = (1e5, "per_100k") if whole.value >= 1000 else (100.0, "percent")
    draft.value = round(per * draft.value / whole.value, 6)
    draft.unit, draft.last = cast("SizeUnit", unit), whole.last
    return True


def _is_counted(words: Words, draft: Draft) -> bool:
    """What is left: a rate, a count, or a number of something else."""
    counted = _as_part(words, counted_after(words, draft.last, draft.number), draft.last)
    end = _rate_end(words, counted.scanned)
    if counted.kind == "crime":
        draft.of, draft.noun = (counted.first, counted.last), counted.last
    if end is not None:
        last, base = end
        draft.unit, draft.last = "per_100k", last
        draft.value = round(draft.value * 1e5 / base, 6)
        draft.how = "about" if base != 1e5 and draft.how == "exactly" else draft.how
    elif draft.number.value == 1 and draft.number.worded and not _is_one_of_a_kind(words, counted):
        return False
    elif counted.paced or counted.kind == "other" or not _may_be_bare(words, draft, counted):
        draft.unit = "other"
    else:
        draft.unit, draft.bare = "count", counted.kind == "bare"
        draft.vague = counted.kind == "unknown"
        if counted.kind in {"bearer", "unknown"}:
            draft.of, draft.noun = (counted.first, counted.last), counted.last
    return True


def _is_one_of_a_kind(words: Words, counted: Counted) -> bool:
    """Whether "one" is a number here and not a pronoun."""
    return counted.kind == "crime" or _is_difference(words, counted)


def _is_difference(words: Words, counted: Counted) -> bool:
    """ "Two less than in 2015": so many offenses, though none is named."""
    return counted.kind == "bare" and words.folds[counted.first - 1] in {"less", "fewer", "more"}


def _as_part(words: Words, counted: Counted, at: int) -> Counted:
    """ "Six of the nation's 28 homicides": the number after it says what both count."""
    if words.folds[at] != "of" or counted.kind not in {"bare", "unknown"}:
        return counted
    for place in range(at + 1, at + 5):
        whole = numeral_at(words, place) if words.folds[place] else None
        if whole and not whole.ordinal and words.folds[place] not in {"a", "an", "one"}:
            other = counted_after(words, whole.last, whole).kind == "other"
            return replace(counted, kind="other" if other else "part")
    return counted


def _may_be_bare(words: Words, draft: Draft, counted: Counted) -> bool:
    """Whether a number that counts nothing in particular can stand for offenses."""
    if counted.kind in {"crime", "bearer"} or not draft.number.worded:
        return True
    if _is_difference(words, counted) or counted.kind == "part":
        return True
    if counted.kind == "unknown":
        return False
    previous = words.folds[words.before(draft.first)]
    cued = previous in size_words().sets["bare_after"] or draft.value >= 20
    return cued or is_harmed(words, draft.last, draft.last + 5)


def _rate_end(words: Words, at: int) -> tuple[int, float] | None:
    """The place after "per 100,000 residents" that begins at a place, and the base."""
    found = size_words().per.after(words, at)
    if not found or found[1] >= words.count:
        return None
    last = found[1]
    number = numeral_at(words, last)
    base = number.value if number else size_words().bases.get(words.folds[last], 0)
    if base not in {1e3, 1e4, 1e5, 1e6}:
        return None
    last = number.last if number else last + 1
    population = size_words().population.after(words, last)
    return (population[1] if population else last), base


CARDINAL_RULES = (
    _is_strongly_named,
    is_label,
    _is_ratio,
    _has_unit,
    _is_named,
    is_date,
    is_age,
    _is_counted,
)
ORDINAL_RULES = (_is_rank,)
