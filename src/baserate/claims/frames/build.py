"""Fills the frames of a sentence from left to right.

A mention that does not fit the open frame any more (a second percent, another direction) closes it
and opens the next, which inherits what it does not say itself: "for robbery, 8.4 percent" fell too.
After a weak break ("and", a comma) it is not yet known whether a place or an offense belongs to the
open frame or begins the next; it is held back until the next anchor decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from baserate.claims.frames.anchors import ANCHORS, add_anchor
from baserate.claims.frames.arguments import add_argument
from baserate.claims.frames.conflicts import Open, begins_its_own, conflicts, is_part_of_another
from baserate.claims.frames.frame import THE_NATION, Frame
from baserate.claims.frames.relevance import is_beside_the_point, is_yardstick
from baserate.claims.frames.roles import role_of
from baserate.claims.frames.sharing import share_the_end, take_earlier_figures
from baserate.claims.lexicon import words
from baserate.claims.scan import Mention, Scan

_LONGEST = 10_000  # characters; past them it is a table run together, and no more is read
_MOST = 50  # frames, for the same reason
_AHEAD = 8  # mentions

_STRONG = "3"


def frames_of(scan: Scan) -> list[Frame]:
    """The frames of a sentence, in order: the first 50 within its first 10,000 characters."""
    mentions = [m for m in scan.mentions if m.start < _LONGEST]
    if not any(m.kind in ANCHORS for m in mentions):
        return []
    builder = _Builder(scan)
    for at, mention in enumerate(mentions):
        if len(builder.done) == _MOST:
            break
        builder.take(mention, mentions[at + 1 : at + 1 + _AHEAD])
    frames = builder.finish()[:_MOST]
    take_earlier_figures(frames)
    share_the_end(frames)
    return frames


class _Builder:
    """The frames so far: those that are done, and the one still open."""

    def __init__(self, scan: Scan) -> None:
        self.scan = scan
        self.done: list[Frame] = []
        self.open = Open(Frame())
        self.moved: Mention | None = None  # the last "rose" or "fell" met
        self.link = ""

    def take(self, mention: Mention, ahead: Sequence[Mention]) -> None:
        """Give the next mention of the sentence its place."""
        frame = self.open.frame
        if is_yardstick(frame, mention, ahead, self.scan):
            self._take_yardstick(mention)
        elif mention.kind == "sep":
            self._break(mention)
        elif mention.kind in ANCHORS:
            if not is_beside_the_point(frame, mention, self.scan):
                self._anchor(mention, ahead)
        elif self.open.holding:
            self.open.held.append(mention)
        else:
            add_argument(frame, mention, self.scan)

    def finish(self) -> list[Frame]:
        """Every frame that asserts something."""
        self._settle()
        self._close()
        return self.done

    def _take_yardstick(self, mention: Mention) -> None:
        self._settle()
        if self.open.frame.factor is not None:
            self.open.frame.average = mention
        self._next()
        self.open.frame.places.append(replace(mention, kind="place", where=THE_NATION))
        self.open.frame.reach(mention)

    def _break(self, mention: Mention) -> None:
        said = self.scan.text[mention.start : mention.end]
        self.link = said.strip(" ,").lower()
        if not self.open.frame.asserts:
            return
        if self.open.lists_places(self.scan):
            self._settle()
        if mention.key == _STRONG and not self._goes_on(mention, said.strip()):
            self._settle()
            self._next()
        else:
            self.open.holding = True

    def _goes_on(self, mention: Mention, said: str) -> bool:
        """Whether the assertion goes on past a strong break: "fell: to 12", "more (144) than"."""
        frame = self.open.frame
        following = self.scan.after(mention.end)
        goes_on = bool(following) and following[0] in words("frames", "going_on")
        return said in {":", "("} or goes_on or (frame.compares and not frame.figures)

    def _anchor(self, mention: Mention, ahead: Sequence[Mention]) -> None:
        frame = self.open.frame
        role = role_of(mention, frame, self.scan, self.moved)
        if frame.asserts and (
            begins_its_own(self.open, mention, ahead, self.scan)
            or is_part_of_another(self.open, mention, self.scan)
            or conflicts(self.open, mention, role)
        ):
            held = self.open.held
            self._next()
            self.open.held = held
        self._settle()
        add_anchor(self.open.frame, mention, role, self.scan)
        if mention.kind in {"up", "down"}:
            self.moved = mention

    def _settle(self) -> None:
        """Give what was held back to the open frame."""
        held, self.open.held, self.open.holding = self.open.held, [], False
        for mention in held:
            add_argument(self.open.frame, mention, self.scan)

    def _next(self) -> None:
        frame = self.open.frame
        self._close()
        earlier = frame if frame.asserts else frame.before
        self.open = Open(Frame(before=earlier, link=self.link))

    def _close(self) -> None:
        if self.open.frame.asserts:
            self.done.append(self.open.frame)
