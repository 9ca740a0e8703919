"""What is no part of the assertion: a size of something else, and the nation's figure beside it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from baserate.claims.frames.frame import Frame, is_nation
from baserate.claims.lexicon import words
from baserate.claims.scan import Mention, Scan

_RELEVANT = frozenset({"percent", "points", "count", "per_100k", "factor", "rank"})


def is_beside_the_point(frame: Frame, mention: Mention, scan: Scan) -> bool:
    """Whether a size is of something else, or a percent as a level: "rose to 62 percent"."""
    size = mention.size
    if size is None:
        return mention.kind in {"up", "down"} and _is_of_something_else(mention, scan)
    if size.unit not in _RELEVANT or "size" in scan.after(mention.end, 3):
        return True
    if _of_others().match(scan.text, mention.end):
        return True
    if " ".join(scan.after(mention.end, 2)) in words("frames", "too"):
        return True
    if words("frames", "tried") & set(scan.before(mention.start, 2)):
        return True
    if _is_denied(scan.before(mention.start, 6)):
        return True
    before = scan.before(mention.start)
    stands_at = before == ["to"] or (before == ["at"] and frame.direction is None)
    return size.unit == "percent" and stands_at and frame.share is None


def _is_of_something_else(direction: Mention, scan: Scan) -> bool:
    """ "Despite an increase in the population", "after years of decline"."""
    after = scan.after(direction.end, 5)
    of_people = after[:1] == ["in"] and not words("frames", "of_people").isdisjoint(after)
    of_people |= scan.before(direction.start) == ["population"]
    return of_people or " ".join(scan.before(direction.start, 2)) in words("frames", "of_the_past")


def _is_denied(before: list[str]) -> bool:
    """ "Not 10 percent", "not anywhere near the 10 percent" that somebody said."""
    if before[-1:] == ["not"]:
        return True
    return "not" in before and not words("frames", "near").isdisjoint(before)


@cache
def _of_others() -> re.Pattern[str]:
    """Matches "of the population" and "of the past 10 years" after a size."""
    people = "|".join(sorted(words("frames", "people")))
    recent = "|".join(sorted(words("frames", "recent")))
    return re.compile(
        rf" of (?:the |its |our |all )?(?:\w+ )?(?:{people})\b| (?:of|out of) the (?:{recent}) "
    )


def is_yardstick(frame: Frame, mention: Mention, ahead: Sequence[Mention], scan: Scan) -> bool:
    """ "Three times the national decline of 1.7 percent" says what the nation's was."""
    of_nation = mention.kind == "average" or (mention.kind == "place" and is_nation(mention))
    if not of_nation or not ahead or not frame.asserts:
        return False
    following = ahead[0]
    if following.size is not None and following.size.unit == "per_100k":
        return _words_between(mention, following, scan) <= 4
    if following.kind not in {"up", "down"} or len(ahead) < 2:
        return False
    if following.key not in words(following.kind, "nouns"):
        return False  # "murders in the nation rose 5 percent"
    size = ahead[1].size
    is_percent = size is not None and size.unit == "percent"
    return is_percent and _words_between(mention, ahead[1], scan) <= 5


def _words_between(one: Mention, other: Mention, scan: Scan) -> int:
    return len(scan.text[one.end : other.start].split())
