"""Numbers in each other's company: lists with one unit for all, ranges, and what carries on."""

from __future__ import annotations

from typing import cast

from baserate.claims.sizes.drafts import Draft
from baserate.claims.sizes.numerals import HYPHEN, Words
from baserate.claims.sizes.words import SizeUnit, size_words

_ANYWHERE = frozenset({"anywhere", "ranging", "range", "ranged", "ranges"})  # from 4 to 42


def in_company(words: Words, drafts: list[Draft]) -> list[Draft]:
    """Give the bare numbers of a list the unit that is printed once, and make ranges one."""
    for here, following in zip(drafts[-2::-1], drafts[:0:-1], strict=True):
        _share_back(words, here, following)
    _carry_on(words, drafts)
    merged: list[Draft] = []
    for draft in drafts:
        if merged and _is_range(words, merged[-1], draft):
            _merge(merged[-1], draft)
        else:
            merged.append(draft)
    return merged


def _link(words: Words, here: Draft, following: Draft) -> str:
    """The one word, comma or hyphen that joins two numbers; empty for anything else."""
    gap = following.first - here.noun
    if gap == 0:
        return "-" if words.joints[following.first] == HYPHEN else ""
    if gap == 2 and words.folds[here.noun] == ",":
        link = words.folds[here.noun + 1]
        return link if link != "or" else ""  # "up 21, or 26 percent" says one thing twice
    return words.folds[here.noun] if gap == 1 else ""


def _share_back(words: Words, here: Draft, following: Draft) -> None:
    link = _link(words, here, following)
    following_unit = following.unit
    listed = link in {"to", "-", "and", "or", "through"} or (link == "," and following.linked)
    here.linked = listed
    if not listed:
        return
    if link == "-" and here.bare and (following.bare or following.vague):
        here.unit = following.unit = "other"
    elif here.bare and following_unit != "count":
        here.unit, here.bare = following_unit, False
    elif here.of and here.unit == "count" and following_unit == "per_100k" and following.of:
        here.unit = "per_100k"
    elif following.bare and here.unit in {"money", "age"} and link in {"-", "to", "and"}:
        following.unit, following.bare = here.unit, False


def _carry_on(words: Words, drafts: list[Draft]) -> None:
    """Give a bare number the unit of the one before it, where it can hardly have another."""
    units = {d.unit for d in drafts}
    lone = "percent" if "percent" in units and "per_100k" not in units else "per_100k"
    last: Draft | None = None
    for draft in drafts:
        if draft.unit == "count" and draft.digits and not draft.number.rounded:
            draft.unit = "per_100k" if draft.of or last is None else last.unit
            draft.unit = cast("SizeUnit", lone) if last is None and not draft.of else draft.unit
        elif draft.bare and last is not None and _continues(words, last, draft):
            draft.unit = last.unit
        if draft.unit in {"percent", "per_100k"}:
            last = draft


def _continues(words: Words, last: Draft, draft: Draft) -> bool:
    previous = words.folds[words.before(draft.first)]
    if last.unit == "per_100k":
        near = last.value / 3 <= draft.value <= last.value * 3
        return near and previous in size_words().sets["carried_by"]
    same = words.folds[last.last] == words.folds[draft.last] and words.folds[draft.last] in {
        "in",
        "for",
    }
    return same and draft.value <= 100 and previous in {",", "and", ";"}


def _is_range(words: Words, low: Draft, high: Draft) -> bool:
    if (
        low.unit == "other"
        or low.unit != high.unit
        or low.high is not None
        or not low.value < high.value
    ):
        return False
    if low.noun != low.last or low.of:
        return False
    link, before = _link(words, low, high), words.before(low.first)
    if link == "and":
        return words.folds[before] == "between"
    if link == "-" or words.folds[words.before(before)] in _ANYWHERE:
        return link in {"-", "to"}
    one_unit = low.last == low.number.last and (high.unit != "count" or high.of is not None)
    differs = {"from"} if low.unit == "percent" else {"from", "by"}  # "fell by 3 to 30 percent"
    return link in {"to", "through"} and one_unit and words.folds[before] not in differs


def _merge(low: Draft, high: Draft) -> None:
    low.high, low.last, low.of = high.value, high.last, high.of
    low.noun, low.digits = high.noun, max(low.digits, high.digits)
