"""What a sentence mentions, put together: who did what, by how much, where and when.

A frame is one assertion still in the sentence's own words: "murder ... down ... 8.5 percent". It is
filled from left to right. A mention that does not fit the open frame any more (a second percent,
another direction) closes it and opens the next, which inherits what it does not say itself:
"for robbery, 8.4 percent" fell too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Literal

from baserate.claims.claim import Where
from baserate.claims.scan import Mention, Scan
from baserate.claims.sizes import Size
from baserate.terms.places import NATION

Role = Literal["main", "to", "from", "by"]


@dataclass(slots=True)
class Figure:
    """A number of offenses or a rate, and its part in the assertion."""

    role: Role
    mention: Mention
    time: Mention | None = None
    offense: Mention | None = None

    @property
    def size(self) -> Size:
        assert self.mention.size is not None
        return self.mention.size


@dataclass(slots=True)
class Frame:
    """One assertion in the words of its sentence. `before` is the frame that it continues."""

    start: int = -1
    end: int = -1
    offenses: list[Mention] = field(default_factory=list)
    qualifiers: list[Mention] = field(default_factory=list)
    places: list[Mention] = field(default_factory=list)
    names: list[Mention] = field(default_factory=list)
    own: list[Mention] = field(default_factory=list)
    against: list[Mention] = field(default_factory=list)
    times: list[Mention] = field(default_factory=list)
    direction: Mention | None = None
    percent: Mention | None = None
    factor: Mention | None = None
    figures: list[Figure] = field(default_factory=list)
    extreme: Mention | None = None
    rank: Mention | None = None
    share: Mention | None = None
    than: Mention | None = None
    average: Mention | None = None
    effect: Mention | None = None
    on_record: Mention | None = None
    measured: Mention | None = None  # 'rate' or 'number'
    among: Mention | None = None
    refused: str | None = None
    partitive: bool = False  # its percent is one "of" an offense
    foretold: bool = False  # the refusal is of its figure as well
    before: Frame | None = None
    strong: bool = False  # begins after a strong break
    link: str = ""  # the break it follows: "and", ", while"

    @property
    def asserts(self) -> bool:
        """Whether anything is said of a figure."""
        return bool(
            self.direction
            or self.percent
            or self.factor
            or self.figures
            or self.extreme
            or self.rank
            or self.share
        )

    def figure(self, *roles: Role) -> Figure | None:
        """The first figure of one of these roles."""
        return next((f for f in self.figures if f.role in roles), None)

    def reach(self, mention: Mention) -> None:
        """Take the mention's words into the frame's own."""
        self.start = mention.start if self.start < 0 else min(self.start, mention.start)
        self.end = max(self.end, mention.end)


def frames_of(scan: Scan) -> list[Frame]:
    """The frames of a sentence, in order."""
    builder = _Builder(scan)
    for at, mention in enumerate(scan.mentions):
        builder.take(mention, scan.mentions[at + 1 : at + 9])
    return builder.finish()


_NATION = Where("United States", (NATION,))
DIRECTIONS = frozenset({"up", "down", "none", "more", "fewer"})
_ANCHORS = DIRECTIONS | {"size", "high", "low", "rank_high", "rank_low", "share"}
_RELEVANT = frozenset({"percent", "points", "count", "per_100k", "factor", "rank"})
_FROM = frozenset({"from", "than", "versus", "vs", "against", "over"})
_OF_PEOPLE = re.compile(r" (?:of (?:the |its |our |all )?(?:\w+ )?(?:population|residents|people|voters|citizens)\b)")
_OF_YEARS = re.compile(r" (?:of|out of) the (?:past|last|previous) ")
_HEIGHTS = frozenset({"peak", "high", "low", "record", "total"})
_COMPARED = frozenset({"compared", "relative", "comparison"})


class _Builder:
    """Fills frames from left to right."""

    def __init__(self, scan: Scan) -> None:
        self.scan = scan
        self.done: list[Frame] = []
        self.open = Frame()
        self.held: list[Mention] = []  # arguments after a weak break, not yet given to a frame
        self.holding = False
        self.link = ""

    def take(self, mention: Mention, ahead: tuple[Mention, ...]) -> None:
        if self._is_yardstick(mention, ahead):
            self._settle()
            if self.open.factor is not None:
                self.open.average = mention
            self._next()
            self.open.places.append(replace(mention, kind="place", where=_NATION))
            self.open.reach(mention)
            return
        if mention.kind == "sep":
            self._break(mention)
        elif mention.kind == "size" and mention.size and self._is_beside_the_point(mention, mention.size):
            pass
        elif mention.kind in _ANCHORS:
            self._anchor(mention, ahead)
        elif self.holding:
            self.held.append(mention)
        else:
            self._argue(self.open, mention)

    def _is_beside_the_point(self, mention: Mention, size: Size) -> bool:
        """A size of something else; or a percent as a level ("rose to 62 percent")."""
        if size.unit not in _RELEVANT:
            return True
        before = self.scan.before(mention.start, 1)
        if "size" in self.scan.after(mention.end, 3) or _OF_YEARS.match(self.scan.text[mention.end :]):
            return True
        if before == ["not"] or _OF_PEOPLE.match(self.scan.text[mention.end :]):
            return True
        level = size.unit == "percent" and before and before[0] in {"to", "at"}
        level = level and not (before == ["at"] and self.open.direction is not None)
        return bool(level) and self.open.share is None

    def _is_yardstick(self, mention: Mention, ahead: tuple[Mention, ...]) -> bool:
        """ "Three times the national decline of 1.7 percent" says what the nation's was."""
        national = mention.kind == "place" and mention.where and mention.where.label == "United States"
        rate = ahead[0].size if ahead and self.open.asserts else None
        if (national or mention.kind == "average") and rate is not None and rate.unit == "per_100k":
            return len(self.scan.text[mention.end : ahead[0].start].split()) <= 4
        return bool(
            (national or mention.kind == "average")
            and self.open.asserts
            and len(ahead) > 1
            and ahead[0].kind in {"up", "down"}
            and ahead[1].size is not None
            and ahead[1].size.unit == "percent"
            and len(self.scan.text[mention.end : ahead[1].start].split()) <= 5
        )

    def finish(self) -> list[Frame]:
        self._settle()
        self._close()
        frames = _with_earlier_figures([f for f in self.done if f.asserts])
        _share_the_end(frames)
        return frames

    # -- breaks

    def _break(self, mention: Mention) -> None:
        self.link = self.scan.text[mention.start : mention.end].strip(" ,").lower()
        if not self.open.asserts:
            return
        if self.holding and self.open.places and {m.kind for m in self.held} == {"place"}:
            between = self.scan.text[self.open.places[-1].end : self.held[0].start]
            if set(between.replace(",", " ").split()) <= {"and", "or", "the"}:
                self._settle()
        said = self.scan.text[mention.start : mention.end].strip()
        goes_on = said in {":", "("} or self.scan.after(mention.end)[:1] in (["at"], ["to"], ["up"], ["down"])
        compares = self.open.direction is not None and self.open.direction.kind in {"more", "fewer"}
        if mention.key == "3" and not goes_on and not (compares and not self.open.figures):
            self._settle()
            self._next(strong=True)
        else:
            self.holding = True

    def _settle(self) -> None:
        """Give what was held back to the open frame."""
        for mention in self.held:
            self._argue(self.open, mention)
        self.held, self.holding = [], False

    def _next(self, *, strong: bool = False) -> None:
        before = self.open
        self._close()
        earlier = before if before.asserts else before.before
        self.open = Frame(before=earlier, strong=strong, link=self.link)

    def _close(self) -> None:
        if self.open.asserts:
            self.done.append(self.open)

    # -- anchors

    def _anchor(self, mention: Mention, ahead: tuple[Mention, ...]) -> None:
        role = self._role(mention)
        if self.open.asserts and self._conflicts(mention, ahead):
            held, self.held, self.holding = self.held, [], False
            self._next()
            for each in held:
                self._argue(self.open, each)
        else:
            self._settle()
        self._add(mention, role)

    def _conflicts(self, mention: Mention, ahead: tuple[Mention, ...]) -> bool:
        now = self.open
        if self._begins_its_own(mention, ahead):
            return True
        if mention.kind in DIRECTIONS:
            return self._other_direction(mention)
        if mention.kind in {"high", "low"}:
            return now.extreme is not None or self._new_subject()
        if mention.kind in {"rank_high", "rank_low"}:
            return now.rank is not None
        if mention.kind == "share":
            return now.share is not None
        assert mention.size is not None
        return self._second_size(mention, mention.size)

    def _new_subject(self) -> bool:
        """Whether what was held back names another offense or place than the open frame."""
        known = {m.key for m in next((f.offenses for f in chain(self.open) if f.offenses), [])}
        offenses = {m.key for m in self.held if m.kind == "offense"}
        head = next((f.offenses[0].key for f in chain(self.open) if f.offenses), None)
        if len(offenses) == 1 and head is not None and head not in offenses:
            return True
        places = {m.where.label for m in self.held if m.kind == "place" and m.where}
        there = {m.where.label for m in self.open.places if m.where}
        return bool(offenses - known) or bool(places and there and places - there)

    def _other_direction(self, mention: Mention) -> bool:
        now = self.open
        if self.holding and (self._new_subject() or now.partitive):
            return True
        if now.direction is None:
            if now.extreme and self.holding and self._new_subject():
                return True
            return bool(now.figures and self.holding and self._new_subject())
        if mention.kind in {"more", "fewer"} and now.direction.kind not in {"more", "fewer"}:
            return self._new_subject()
        if _sense(mention) != _sense(now.direction):
            return True
        return self._new_subject() or (
            self.holding
            and bool(now.percent or now.figures)
            and any(m.kind == "time" for m in self.held)
        )

    def _second_size(self, mention: Mention, size: Size) -> bool:
        now = self.open
        if size.unit in {"percent", "points"}:
            return now.percent is not None or (now.extreme is not None and self._new_subject())
        if size.unit == "factor":
            return now.factor is not None or now.percent is not None
        if size.unit == "rank":
            return now.rank is not None
        role = self._role(mention)
        if role == "from":
            return now.figure("from") is not None
        if role == "by":
            return now.figure("by") is not None or self._new_subject()
        same = [f for f in now.figures if f.role in {"main", "to"} and f.size.unit == size.unit]
        if now.figure("from") and role == "to":
            return False
        if role == "to" and now.figure("main") and not self._new_subject():
            return False
        return bool(same) or self._new_subject()

    def _begins_its_own(self, mention: Mention, ahead: tuple[Mention, ...]) -> bool:
        """Whether "a 42 percent drop in homicides" starts here, beside another offense's frame."""
        if not self.open.offenses:
            return False
        known = {m.key for m in self.open.offenses}
        last = mention
        seen = mention.kind in DIRECTIONS
        for each in ahead:
            words = len(self.scan.text[last.end : each.start].split())
            if words > 4 or each.kind == "sep":
                return False
            if each.kind == "offense":
                joined = self.scan.text[last.end : each.start].split()
                return seen and each.key not in known and bool({"in", "of", "for"} & set(joined))
            seen = seen or each.kind in DIRECTIONS
            last = each
        return False

    def _role(self, mention: Mention) -> Role:
        before = self.scan.before(mention.start, 3)
        last = before[-1] if before else ""
        if "than" in before or (before[-3:-1] and last == "were" and "when" in self.scan.before(mention.start, 4)):
            return "from"
        tail = self.scan.before(mention.start, 6)
        if "from" in tail and _HEIGHTS & set(tail[tail.index("from") :]):
            return "from"
        if before[-2:-1] == ["from"] and last.removesuffix("s").isdigit():
            return "from"
        if last in _FROM or (last in {"to", "with"} and set(before) & _COMPARED):
            return "from"
        if last == "to":
            return "to"
        if last in {"by", "another", "additional", "extra"}:
            return "by"
        after = self.scan.after(mention.end, 1)
        if after and after[0] in {"more", "fewer", "less", "higher", "lower"}:
            return "by"
        listed = last in {"and", ""} or self.scan.text[: mention.start].rstrip().endswith(",")
        if listed and self.open.figure("from") and mention.size and mention.size.of is None:
            return "from"
        adjacent = any(
            m.kind in {"up", "down"}
            and not self.scan.text[m.end : mention.start].replace(" of ", "").strip()
            for m in self.scan.mentions
            if m.end <= mention.start
        )
        return "by" if adjacent else "main"

    def _add(self, mention: Mention, role: Role) -> None:
        now = self.open
        now.reach(mention)
        if mention.kind in DIRECTIONS:
            reason = refusal(self.scan, mention)
            if reason and not now.asserts:
                now.refused = reason
            if now.direction is None or now.direction.kind in {"more", "fewer"}:
                now.direction = mention
        elif mention.kind in {"high", "low"}:
            now.extreme = mention
        elif mention.kind in {"rank_high", "rank_low"}:
            now.rank = mention
        elif mention.kind == "share":
            now.share = mention
        elif mention.size is not None:
            if foretold(self.scan, mention) and not now.asserts:
                now.refused, now.foretold = "forecast", True
            self._add_size(mention, mention.size, role)

    def _add_size(self, mention: Mention, size: Size, role: Role) -> None:
        now = self.open
        if size.unit in {"percent", "points"}:
            now.percent = mention
            now.partitive = self.scan.after(mention.end, 1) == ["of"]
        elif size.unit == "factor":
            now.factor = mention
        elif size.unit == "rank":
            now.rank = mention
        elif role == "to" and now.figure("main") and not now.figure("from"):
            first = now.figure("main")
            if first is not None and first.size.unit == size.unit:
                first.role = "from"
            now.figures.append(Figure(role, mention))
        else:
            now.figures.append(Figure(role, mention, self._year_before(mention)))

    def _year_before(self, mention: Mention) -> Mention | None:
        """ "2014's 4.4 murders": the year of a figure that stands right before it."""
        for time in self.open.times:
            if self.scan.text[time.end : mention.start].strip() in {"'s", "’s"} or (
                time.end == mention.start - 1 and self.scan.text[time.end - 1] == "s"
            ):
                return time
        return None

    # -- arguments

    def _argue(self, frame: Frame, mention: Mention) -> None:
        frame.reach(mention)
        match mention.kind:
            case "offense":
                frame.offenses.append(mention)
                self._counted(frame, mention)
            case "qualifier":
                frame.qualifiers.append(mention)
            case "place":
                self._place(frame, mention)
            case "name":
                frame.names.append(mention)
            case "own":
                frame.own.append(mention)
            case "time":
                self._time(frame, mention)
            case "than":
                frame.than = mention
            case "average":
                frame.average = mention
            case "effect":
                frame.effect = mention
            case "on_record":
                frame.on_record = mention
            case "rate" | "number":
                frame.measured = frame.measured or mention
            case "among_states" | "among_cities":
                frame.among = frame.among or mention
            case _:
                pass

    def _counted(self, frame: Frame, offense: Mention) -> None:
        for figure in frame.figures:
            of = figure.size.of
            if figure.offense is None and of and of[0] <= offense.start < max(of[1], offense.end):
                figure.offense = offense

    def _place(self, frame: Frame, mention: Mention) -> None:
        before = self.scan.before(mention.start, 3)
        if frame.rank is not None and {"following", "behind", "after", "trailing"} & set(before[-2:]):
            frame.against.append(mention)
            return
        known = frame.places or frame.before is not None
        times = frame.factor is not None and known and mention.start > frame.factor.end
        if times and frame.direction is None and frame.factor and self.scan.before(mention.start, 6):
            frame.against.append(mention)
            return
        dated = any(m.kind == "time" and m.end <= mention.start and mention.start - m.end < 40 for m in frame.times)
        than = {"than"} | ({"below", "above"} if frame.direction and frame.direction.kind in {"more", "fewer"} else set())
        compared = (bool(than & set(self.scan.before(mention.start, 5))) and not dated) or (
            before[-1:] in (["with"], ["to"]) and _COMPARED & set(before)
        )
        listed = frame.against and len(self.scan.text[frame.against[-1].end : mention.start].split()) <= 1
        if (compared and frame.asserts) or listed:
            frame.against.append(mention)
        else:
            frame.places.append(mention)

    def _time(self, frame: Frame, mention: Mention) -> None:
        frame.times.append(mention)
        near = [f for f in frame.figures if f.time is None and f.mention.end <= mention.start]
        if near:
            gap = self.scan.text[near[-1].mention.end : mention.start]
            if len(gap.split()) <= 5:
                near[-1].time = mention


def _sense(mention: Mention) -> str:
    return {"more": "up", "fewer": "down"}.get(mention.kind, mention.kind)


def _share_the_end(frames: list[Frame]) -> None:
    """ "Burglaries fell 11 percent and thefts 6 percent in the first half of 2016": both did."""
    if len(frames) < 2 or any(f.link not in {"and", ""} for f in frames[1:]):
        return
    *earlier, last = frames
    alike = all(f.percent is not None or f.direction is not None for f in frames)
    periods = [m for m in last.times if m.time and m.time.role == "period"]
    if alike and periods and not any(f.times for f in earlier):
        for frame in earlier:
            frame.times += periods
    if alike and last.places and not any(f.places or f.own or f.names for f in earlier):
        for frame in earlier:
            frame.places += last.places


def _with_earlier_figures(frames: list[Frame]) -> list[Frame]:
    """ "Homicides are rising: 144 last year, 129 in 2015": the second figure is the first's baseline."""
    for one, other in zip(frames, frames[1:], strict=False):
        main, earlier = one.figure("main", "to"), other.figure("main")
        earlier_days = earlier is not None and earlier.time is not None and earlier.time.time is not None
        compared = earlier_days and earlier.time.time.role == "comparator"  # type: ignore[union-attr]
        if (
            other.before is one
            and (one.direction is not None or compared)
            and main is not None
            and earlier is not None
            and one.figure("from") is None
            and other.direction is None
            and other.percent is None
            and not other.offenses
            and earlier.time is not None
            and earlier.size.unit == main.size.unit
        ):
            one.figures.append(Figure("from", earlier.mention, earlier.time))
        elif _two_years(one, other):
            assert main is not None
            assert earlier is not None
            other.figures.append(Figure("from", main.mention, main.time, main.offense))
    return frames


def _two_years(one: Frame, other: Frame) -> bool:
    """ "There were 479 murders in 2010 and 478 in 2013": two counts that are compared."""
    main, later = one.figure("main", "to"), other.figure("main")
    if other.before is not one or main is None or later is None or other.offenses or other.places:
        return False
    if one.direction or other.direction or other.percent or main.size.unit != later.size.unit:
        return False
    days = [f.time.time.period if f.time and f.time.time else None for f in (main, later)]
    return bool(days[0] and days[1] and days[0].last < days[1].first)


# ------------------------------------------------------------------------------ what is no report

_MODALS = frozenset(
    {
        "will",
        "would",
        "could",
        "may",
        "might",
        "should",
        "shall",
        "can",
        "must",
        "won't",
        "wont",
        "cant",
        "cannot",
        "wouldn't",
        "couldn't",
        "ll",
        "we'll",
        "it'll",
    }
)
_STARTED = frozenset(
    {
        "continue",
        "continues",
        "continued",
        "continuing",
        "began",
        "begun",
        "begin",
        "begins",
        "started",
        "starting",
        "seems",
        "appears",
        "appeared",
        "tends",
        "managed",
        "failed",
    }
)


def refusal(scan: Scan, mention: Mention) -> str | None:
    """Why a direction is not reported as a fact: a forecast, a purpose, a condition; None if it is."""
    before = scan.before(mention.start, 5)
    said = scan.text[mention.start : mention.end].lower()
    if said.split()[0].endswith("ing") and before[-1:] and before[-1] in _GERUND_AFTER:
        return "purpose"
    if before[-1:] == ["any"]:
        return "condition"
    clause = [w for w in before]
    if "to" in clause[-2:] and not _STARTED & set(clause):
        at = len(clause) - 1 - clause[::-1].index("to")
        verb_after_to = at >= len(clause) - 2
        if verb_after_to and scan.text[mention.start : mention.end].lower() in _BARE_VERBS:
            return "purpose"
    if _MODALS & set(clause[-4:]):
        return "forecast"
    if {"if", "unless"} & set(scan.before(mention.start, 12)) or "whether" in scan.before(mention.start, 14):
        return "condition"
    if _EXPECTS & set(clause):
        return "forecast"
    return None


_GERUND_AFTER = frozenset({"on", "by", "at", "toward", "to", "about"})
_BARE_VERBS = frozenset(
    {
        "rise",
        "climb",
        "jump",
        "increase",
        "fall",
        "drop",
        "decline",
        "decrease",
        "go up",
        "go down",
        "come down",
        "reduce",
        "grow",
        "surge",
        "spike",
    }
)


_EXPECTS = frozenset({"expect", "expects", "predict", "predicts", "predicted", "forecast", "projected"})
_FORETELLS = frozenset({"predicts", "predict", "predicted", "forecast", "forecasts", "projects", "projected", "expects", "expected", "project", "estimates that", "pace", "track"})


def foretold(scan: Scan, mention: Mention) -> bool:
    """Whether a figure is one that somebody expects: "predicts 775 deaths this year"."""
    before = scan.before(mention.start, 8)
    return bool(_FORETELLS & set(before)) or bool(_MODALS & set(before[-4:]))


def chain(frame: Frame) -> Iterator[Frame]:
    """The frame and those that it continues, the nearest first."""
    seen = 0
    while frame is not None and seen < 40:
        yield frame
        if frame.before is None:
            return
        frame, seen = frame.before, seen + 1
