"""Which part a figure has in its assertion: the later, the earlier or the difference."""

from __future__ import annotations

from baserate.claims.frames.frame import Frame, Role
from baserate.claims.lexicon import words
from baserate.claims.scan import Mention, Scan


def role_of(mention: Mention, frame: Frame, scan: Scan, moved: Mention | None) -> Role:
    """The role of a size in the open frame; `moved` is the last "rose" or "fell" before it."""
    if mention.size is None:
        return "main"
    before = _stressed(scan.before(mention.start, 7))
    last = before[-1] if before else ""
    if _is_earlier(before, last):
        return "from"
    if last == "to":
        return "to"
    following = scan.after(mention.end)
    if last in words("frames", "by_before") or (
        following and following[0] in words("frames", "by_after")
    ):
        return "by"
    if _is_listed(mention, last, scan) and frame.figure("from") and mention.size.of is None:
        return "from"
    return "by" if _is_how_much(mention, scan, moved) else "main"


def _stressed(before: list[str]) -> list[str]:
    """The words before a figure, without those right before it that say nothing of its role."""
    last = len(before)
    while last and before[last - 1] in words("frames", "unstressed"):
        last -= 1
    return before[:last]


def _is_earlier(before: list[str], last: str) -> bool:
    """Whether the words before a figure make it the earlier: "than", "when there were", "from"."""
    near = before[-3:]
    if "than" in near or (last in words("frames", "then_had") and "when" in before[-5:]):
        return True
    if "from" in before and words("frames", "heights") & set(before[before.index("from") :]):
        return True
    if near[-2:-1] == ["from"] and last.removesuffix("s").isdigit():
        return True
    compared = last in {"to", "with"} and words("frames", "compared") & set(near)
    return last in words("frames", "from_before") or bool(compared)


def _is_listed(mention: Mention, last: str, scan: Scan) -> bool:
    """Whether it goes on a list: "from 40 in 2014 and 38 in 2015"."""
    return last in {"and", ""} or scan.text[: mention.start].rstrip().endswith(",")


def _is_how_much(mention: Mention, scan: Scan, moved: Mention | None) -> bool:
    """ "Rose 12", "a drop of 12": how much it moved."""
    if moved is None or moved.end > mention.start:
        return False
    return scan.text[moved.end : mention.start].replace(" of ", "").strip() == ""
