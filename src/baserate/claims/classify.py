"""Frames to Statements: which form of statement each is, and what it asserts.

One frame can make several statements: "39 murders and 116 shootings, both record lows" has two
numbers and an extreme; "murder and rape fell" is said of two offenses.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from baserate.claims.claim import ClaimKind, Direction, Magnitude, Sentence, Unit, Where
from baserate.claims.frames import DIRECTIONS, Figure, Frame, chain
from baserate.claims.scan import Mention, Scan
from baserate.claims.sizes import Size
from baserate.claims.statement import Own, Statement
from baserate.claims.times import TimeMention
from baserate.measure.question import Extreme
from baserate.terms.periods import Period
from baserate.terms.places import NATION

MOST_OFFENSES = 8
LOWER_HALF = 25  # a rank among the states beyond this is said of the low end
_VIOLENT_PARTS = ({"homicide", "rape", "robbery"}, {"aggravated_assault", "simple_assault"})


def statements_of(frame: Frame, scan: Scan, sentence: Sentence) -> list[Statement]:
    """Every statement that a frame makes, the main one first."""
    reader = _Reading(frame, scan, sentence)
    return list(reader.statements())


class _Reading:
    """One frame, with what it inherits from the frames it continues."""

    def __init__(self, frame: Frame, scan: Scan, sentence: Sentence) -> None:
        self.frame, self.scan, self.sentence = frame, scan, sentence
        self.chain = list(chain(frame))
        self.offenses = self._offenses()
        self.direction = self._direction()
        self.places = self._places()
        self.per_head = self._per_head()

    def statements(self) -> Iterator[Statement]:
        frame = self.frame
        kinds = list(self._kinds())
        for kind in kinds:
            for offense in self._said_of(kind):
                for where in self._where(kind):
                    yield self._statement(kind, offense, where)
        del frame

    # -- which kinds

    def _kinds(self) -> Iterator[ClaimKind]:
        frame = self.frame
        main = frame.figure("main", "to")
        if self._is_share():
            yield "share"
            return
        if self._is_effect():
            yield "effect"
            return
        extreme, rank = self._is_extremum(), self._is_rank()
        compares = self._is_comparison()
        changed = not compares and (
            self._is_change() if self.direction is not None else self._two_figures()
        )
        if changed:
            has_size = frame.percent or frame.factor or frame.figure("from", "by")
            yield "change" if has_size else ("trend" if not (main and not extreme) else "change")
            if self._first_time() is not None:
                yield "extremum"
                extreme = False
            if has_size and any(m.time and m.time.role == "streak" for m in frame.times):
                yield "trend"
        if main is not None and not (changed and frame.figure("from") and main.role == "to"):
            units = dict.fromkeys(f.size.unit for f in frame.figures if f.role in {"main", "to"})
            for unit in units:
                yield "level" if unit == "per_100k" else "count"
        if extreme:
            yield "extremum"
        if rank:
            yield "rank"
        if compares:
            yield "comparison"

    def _first_time(self) -> Mention | None:
        """The time in "for the first time since 2001", "the first increase in a decade"."""
        for mention in self.frame.times:
            if mention.time and mention.time.role in {"since", "low_high"}:
                before = self.scan.before(mention.start, 4)
                if "first" in before:
                    return mention
        return None

    def _is_share(self) -> bool:
        frame = self.frame
        percent = frame.percent
        if frame.direction is not None and percent is None:
            return False
        if percent is not None:
            after = self.scan.after(percent.end, 4)
            of_offense = after[:1] == ["of"] and any(
                0 <= m.start - percent.end < 40 for m in frame.offenses
            )
            by_direction = (
                frame.direction is not None and abs(frame.direction.start - percent.end) < 25
            )
            first = self.scan.words[0].fold if self.scan.words else ""
            of_those = first == "of" and frame.direction is None
            next_to = any(0 <= m.start - percent.end <= 1 for m in frame.offenses)
            return bool(of_offense or frame.share or of_those or next_to) and not by_direction
        return frame.share is not None and frame.share.key in _SHARE_ALONE and not frame.figures

    def _is_effect(self) -> bool:
        frame = self.frame
        return bool(
            frame.effect
            and "program" in self.scan.framing
            and (self.direction is not None or frame.percent)
        )

    def _is_extremum(self) -> bool:
        frame = self.frame
        times = [m.time.role for m in frame.times if m.time]
        if "low_high" in times and (frame.extreme or self._low_high_sense()):
            return True
        if "last_time" in times:
            return bool(self.direction or frame.figures or frame.extreme)
        if frame.extreme is None:
            return self._than_any()
        return not self._ranked_among_places()

    def _than_any(self) -> bool:
        """ "Fewer murders than in any year since 1968"."""
        if self.frame.than is None or self.frame.direction is None:
            return False
        ahead = self.scan.after(self.frame.than.end, 4)
        return "any" in ahead and bool(
            {"year", "years", "month", "time", "other", "point"} & set(ahead)
        )

    def _low_high_sense(self) -> str | None:
        for mention in self.frame.times:
            if mention.time and mention.time.role == "low_high":
                said = self.scan.text[mention.start : mention.end].lower()
                for word, sense in (
                    ("low", "low"),
                    ("high", "high"),
                    ("fewest", "low"),
                    ("most", "high"),
                ):
                    if word in said:
                        return sense
        return None

    def _ranked_among_places(self) -> bool:
        frame = self.frame
        if frame.rank is not None or self._of_the_nation():
            return True
        if frame.among is None:
            return False
        timed = any(m.time and m.time.role in {"since", "low_high"} for m in frame.times)
        return (
            not timed
            and frame.on_record is None
            and frame.extreme is not None
            and (0 <= frame.among.start - frame.extreme.end < 60)
        )

    def _of_the_nation(self) -> bool:
        """ "One of the worst murder rates in the country": a place among others."""
        frame = self.frame
        if frame.extreme is None or frame.times or frame.on_record is not None:
            return False
        return any(
            m.where is not None and m.where.label == "United States" and m.start > frame.extreme.end
            and "in" in self.scan.before(m.start, 2) and m.start - frame.extreme.end < 50
            for m in frame.places
        )

    def _is_rank(self) -> bool:
        frame = self.frame
        if self._none_is_more():
            return True
        return frame.rank is not None or (frame.extreme is not None and self._ranked_among_places())

    def _none_is_more(self) -> bool:
        """ "No state has a higher rate": the first of all."""
        said = [w.fold for w in self.scan.words[:3]]
        none = said[:1] == ["no"] and bool({"state", "city"} & set(said[1:]))
        return none and self.frame.direction is not None and self.frame.direction.kind in {"more", "fewer"}

    def _is_comparison(self) -> bool:
        frame = self.frame
        if self._none_is_more():
            return False
        if self._than_any():
            return False
        if frame.direction is not None and frame.direction.kind not in {"more", "fewer"}:
            return bool(frame.against) and frame.percent is None
        if frame.average is not None and (frame.direction or frame.factor or frame.percent):
            return True
        if frame.against:
            return True
        if frame.direction is None:
            return False
        timed = any(m.time and m.time.role == "comparator" for m in frame.times)
        than_year = frame.than is not None and any(m.time for m in frame.times)
        return (than_year or timed or bool(frame.than and frame.places)) and not frame.percent

    def _is_change(self) -> bool:
        frame = self.frame
        assert self.direction is not None
        if frame.percent or frame.factor or frame.figure("from", "by"):
            return True
        if frame.direction is None:
            return False
        if frame.direction.kind in {"more", "fewer"} and frame.than is None:
            seen = {"saw", "seen", "see", "had", "recorded", "experienced", "reported"}
            if seen & {w.fold for w in self.scan.words} and self._belongs(frame.direction):
                return True
        if frame.direction.kind in {"more", "fewer"}:
            return any(m.time and m.time.role == "streak" for m in frame.times)
        if frame.direction.kind == "none" and frame.figures:
            return True
        return self._belongs(frame.direction)

    def _two_figures(self) -> bool:
        """A change without a word for it: "412 murders, compared with 388", "doubled"."""
        if self._sense() is not None and (self.frame.factor or self.frame.percent):
            return True
        main, earlier = self.frame.figure("main", "to"), self.frame.figure("from")
        return bool(main and earlier and main.size.unit == earlier.size.unit)

    def _belongs(self, direction: Mention) -> bool:
        """Whether the direction is said of the offense: "murder rose", "an increase in murder"."""
        if not self.frame.offenses:
            return True
        for offense in self.frame.offenses:
            if offense.end <= direction.start:
                if len(self.scan.text[offense.end : direction.start].split()) <= 16:
                    return True
            else:
                between = self.scan.text[direction.end : offense.start].lower().split()
                if len(between) <= 1 or (len(between) <= 7 and {"in", "of", "for"} & set(between)):
                    return True
        return False

    # -- of what

    def _offenses(self) -> list[Mention]:
        for frame in self.chain:
            if frame is not self.frame and (frame.share or frame.partitive) and frame.offenses:
                return frame.offenses[:1]
            asides = [*self._asides(frame.offenses), *self._of_reports(frame.offenses)]
            kept = [m for m in frame.offenses if m not in asides]
            if asides and len(kept) == 1 and self.scan.before(kept[0].start)[-1:] == ["other"]:
                return asides
            if kept:
                return kept
            if frame.offenses:
                return frame.offenses[:1]
        return []

    def _asides(self, offenses: Sequence[Mention]) -> list[Mention]:
        """Offenses that only say what is in another: "violent crime (murder, rape ...)"."""
        asides: list[Mention] = []
        for before, each in zip([None, *offenses], offenses, strict=False):
            gap = self.scan.text[before.end : each.start] if before else ""
            bracketed = before is not None and gap.strip() in {"(", "—", "-", "--", "–"}
            glue = set(gap.replace(",", " ").split()) <= {"and", "or", "&", "non-negligent"}
            follows = before in asides and glue
            if self._is_aside(each) or bracketed or follows:
                asides.append(each)
        return asides

    def _of_reports(self, offenses: Sequence[Mention]) -> list[Mention]:
        """ "Crime" in "the crime reports show that murder fell", where another offense is named."""
        reports = {"report", "reports", "statistics", "data", "figures", "numbers", "stats"}
        named = [m for m in offenses if set(self.scan.after(m.end, 1)) & reports and m.key == "all_crime"]
        return named if len(named) < len(offenses) else []

    def _is_aside(self, mention: Mention) -> bool:
        before = self.scan.before(mention.start, 3)
        if "among" in before and len(self.frame.offenses) > 1:
            return True
        return bool(
            {
                "including",
                "include",
                "includes",
                "except",
                "particularly",
                "especially",
                "excluding",
                "like",
            }
            & set(before[-3:])
        ) or before[-2:] in (
            ["such", "as"],
            ["led", "by"],
            ["driven", "by"],
            ["fueled", "by"],
            ["based", "on"],
        )

    def _said_of(self, kind: ClaimKind) -> list[str | None]:
        frame = self.frame
        if kind in {"count", "level"}:
            figure = self._own_figure(kind)
            if figure and figure.offense:
                listed = self._listed_from(figure.offense)
                return [_together(listed) or self._specific(figure.offense)]
        if kind == "share":
            return [self._share_of()[0]]
        keys = list(dict.fromkeys(m.key for m in self.offenses))
        whole = _together(keys)
        if whole and (kind in {"count", "level"} or keys[0] == "all_crime"):
            return [whole]
        if not keys:
            deadly = self.frame.extreme is not None and self.frame.extreme.key in _DEADLY
            return ["homicide" if deadly else None]
        if kind in {"count", "level"}:
            figure = self._own_figure(kind)
            assert figure is not None
            near = min(self.offenses, key=lambda m: abs(m.start - figure.mention.start))
            return [near.key]
        if whole and kind in {"extremum", "rank"}:
            return [next((k for k in keys if k.endswith("_crime")), whole)]
        return list(keys[:MOST_OFFENSES])

    def _specific(self, offense: Mention) -> str:
        """ "The violent crime rate was 386 crimes per 100,000": crimes of the kind named before."""
        if self.scan.text[offense.start : offense.end].lower() not in {"crimes", "offenses", "incidents"}:
            return offense.key
        before = [m.key for m in self.scan.of("offense") if m.end <= offense.start]
        return before[-1] if before else offense.key

    def _own_figure(self, kind: ClaimKind) -> Figure | None:
        """The figure of a count or a level: the one in its unit."""
        figures = [f for f in self.frame.figures if f.role in {"main", "to"}]
        rates = [f for f in figures if f.size.unit == "per_100k"]
        counts = [f for f in figures if f.size.unit != "per_100k"]
        return next(iter(rates if kind == "level" else counts), None)

    def _listed_from(self, offense: Mention) -> list[str]:
        keys = []
        last = offense
        for each in (m for m in self.scan.of("offense") if m.start >= offense.start):
            between = self.scan.text[last.end : each.start]
            if len(between.split()) > 2 or any(c.isdigit() for c in between):
                break
            keys.append(each.key)
            last = each
        return keys

    def _share_of(self) -> tuple[str | None, str | None]:
        """The part and the whole, as offenses."""
        frame = self.frame
        percent = frame.percent or frame.share
        keys = [m.key for m in self.offenses]
        if not keys:
            return None, None
        if percent is None or len(set(keys)) == 1:
            return keys[0], None
        if self.scan.words and self.scan.words[0].fold == "of":
            return keys[-1], keys[0]
        before = [m.key for m in self.offenses if m.end <= percent.start]
        after = [m.key for m in self.offenses if m.start >= percent.start]
        if before and after and before[-1] != after[0]:
            return before[-1], after[0]
        listed = before[0] if before else keys[0]
        whole = next((k for k in keys if k.endswith("_crime") and k != listed), None)
        return (after or before)[0], whole if "total" in self.scan.after(percent.end, 3) else None

    # -- where

    def _places(self) -> list[Mention]:
        for frame in self.chain:
            if frame.places or frame.own:
                return frame.places
        return []

    def _own(self, kind: ClaimKind) -> Own | None:
        for frame in self.chain:
            if frame.places and kind != "share":
                return None
            if frame.own:
                key = frame.own[0].key
                return "city" if key == "city" else "state" if key == "state" else "county"
        return None

    def _where(self, kind: ClaimKind) -> list[Where | None]:
        wheres = [m.where for m in self.places if m.where is not None]
        if self._is_average():
            return [Where("United States", (NATION,))]
        if not wheres:
            return [None]
        if kind == "share":
            driven = self.frame.share is not None and self.frame.share.key == "driven by"
            return [wheres[-1] if driven else None if self.frame.own else wheres[0]]
        if kind == "rank" or (kind == "extremum" and len(wheres) > 1):
            local = [w for w in wheres if w.label != "United States"]
            return [local[0] if local else None if kind == "rank" else wheres[0]]
        figure = self.frame.figure("main", "to")
        if kind in {"count", "level"} and figure is not None and len(self.places) > 1:
            near = min(self.places, key=lambda m: abs(m.start - figure.mention.start))
            return [near.where]
        return list(dict.fromkeys(wheres[:MOST_OFFENSES]))

    def _is_average(self) -> bool:
        """ "The national average is 4.8": a figure of the nation."""
        frame = self.frame
        if frame.average is None or frame.direction or frame.factor or frame.percent:
            return False
        national = {"national average", "national rate", "u.s average", "nationwide average"}
        return bool(frame.figures) and frame.average.key in national

    # -- what is asserted

    def _direction(self) -> Mention | None:
        frame = self.frame
        if frame.direction is not None:
            return frame.direction
        elliptic = frame.percent or frame.figure("by") or frame.figure("from")
        if elliptic and not frame.share and not frame.rank:
            return next((f.direction for f in self.chain if f.direction), None)
        return None

    def _sense(self) -> Direction | None:
        factor = self.frame.factor
        signed = self.frame.percent.size if self.frame.percent else None
        if self.frame.direction is None and signed is not None and signed.sign:
            return "up" if signed.sign > 0 else "down"
        if self.direction is None and factor is not None:
            said = self.scan.text[factor.start : factor.end].lower()
            return "down" if said.startswith(("hal", "cut")) else "up"
        if self.direction is None:
            percent = self.frame.percent
            if percent is not None and self.frame.share is None:
                said = self.scan.text[percent.start : percent.end].lower()
                if said.startswith(("halv", "cut in half")):
                    return "down"
            main, earlier = self.frame.figure("main", "to"), self.frame.figure("from")
            if main is None or earlier is None or main.size.unit != earlier.size.unit:
                return None
            one, other = main.size.value, earlier.size.value
            return "up" if one > other else "down" if one < other else "none"
        kind = {"more": "up", "fewer": "down"}.get(self.direction.kind, self.direction.kind)
        return "up" if kind == "up" else "down" if kind == "down" else "none"

    def _per_head(self) -> bool | None:
        for frame in self.chain:
            figure = frame.figure("main", "to", "from")
            if figure is not None:
                return figure.size.unit == "per_100k"
            if frame.measured is not None:
                return frame.measured.kind == "rate"
            if frame.offenses:
                return None
        return None

    def _statement(self, kind: ClaimKind, offense: str | None, where: Where | None) -> Statement:
        frame = self.frame
        period, comparator, times = self._times(kind)
        extreme = self._extreme(kind)
        whole = self._share_of()[1] if kind == "share" else None
        direction = self._sense()
        if kind in {"extremum", "rank"}:
            direction = self._end_direction(extreme)
            rank = frame.rank.size if frame.rank else None
            if kind == "rank" and rank is not None and rank.value > LOWER_HALF:
                direction = "down"
        if kind in {"count", "level", "share"}:
            direction = None
            end = frame.extreme or frame.rank
            if end is not None and kind == "count" and end.kind != "size":
                direction = "up" if end.kind in {"high", "rank_high"} else "down"
            if frame.figure("main", "to") and frame.figure("main", "to").size.how == "more than":  # type: ignore[union-attr]
                direction = "up"
        start = self.sentence.start + max(0, frame.start)
        end = self.sentence.start + max(frame.end, frame.start + 1)
        return Statement(
            sentence=self.sentence,
            start=start,
            end=min(end, self.sentence.end),
            kind=kind,
            offense=offense,
            qualifier=self._qualifier() or self._part(kind),
            where=where,
            own=self._own(kind) if where is None else None,
            names=tuple(m.where for m in frame.names if m.where and m.key == "office"),
            against=self._against(kind),
            whole=whole,
            period=period,
            comparator=comparator,
            times=times,
            direction=direction,
            magnitudes=tuple(self._magnitudes(kind)),
            per_head=self.per_head,
            extreme=extreme,
            rank_among=self._among(kind),
            refused=frame.refused if frame.foretold or kind not in {"count", "level"} else None,
            names_offense=bool(self.offenses) or offense is not None,
            bare=self._is_bare(kind),
            first=kind == "extremum" and self.frame.extreme is None and self._first_time() is not None,
        )

    def _is_bare(self, kind: ClaimKind) -> bool:
        """Whether the figure stands without a noun, so that the text before says what it counts."""
        figure = self._own_figure("count") or self.frame.figure("from")
        named = figure is not None and (figure.size.of is not None or figure.offense is not None)
        return figure is not None and not named and figure.size.unit == "count" and kind != "rank"

    def _part(self, kind: ClaimKind) -> str | None:
        """ "213 of the homicides were gang-related" counts a part of them."""
        figure = self._own_figure(kind) if kind == "count" else None
        if figure is None:
            return None
        after = self.scan.after(figure.mention.end, 2)
        return "of them" if after[:1] == ["of"] and after[1:] in (["the"], ["those"], ["these"]) else None

    def _qualifier(self) -> str | None:
        for qualifier in self.frame.qualifiers:
            for offense in self.frame.offenses:
                gap = min(abs(offense.start - qualifier.end), abs(qualifier.start - offense.end))
                if gap <= 2:
                    return qualifier.key
        return None

    def _against(self, kind: ClaimKind) -> Where | None:
        frame = self.frame
        if kind == "share":
            rest = [m.where for m in frame.places if m.where]
            if frame.own and rest:
                return rest[0]
            return rest[1] if len(rest) > 1 else None
        if kind != "comparison":
            return None
        if frame.against:
            return frame.against[0].where
        if frame.average is not None:
            return Where("United States")
        return None

    def _among(self, kind: ClaimKind) -> str | None:
        if kind != "rank" or self.frame.among is None:
            return None
        return "states" if self.frame.among.kind == "among_states" else "cities"

    def _extreme(self, kind: ClaimKind) -> Extreme | None:
        frame = self.frame
        if frame.extreme is None and self._first_time() is not None:
            return "largest fall" if self._sense() == "down" else "largest rise"
        if kind not in {"extremum", "rank"}:
            return None
        sense = frame.extreme.kind if frame.extreme else self._low_high_sense()
        if kind == "rank" and frame.rank is not None:
            said = self.scan.text[frame.rank.start : frame.rank.end + 8].lower()
            low = frame.rank.kind == "rank_low" or any(w in said for w in _LOW_WORDS)
            sense = "low" if low else sense
        if sense is None:
            sense = "low" if self._sense() == "down" else "high"
        if frame.extreme is not None and kind == "extremum":
            after = self.scan.text[frame.extreme.end : frame.extreme.end + 60].lower().split()
            for word in after[:5]:
                clean = word.strip(",.;")
                if clean in _RISES:
                    return "largest rise"
                if clean in _FALLS:
                    return "largest fall"
        return "lowest" if sense == "low" else "highest"

    def _end_direction(self, extreme: Extreme | None) -> Direction:
        return "down" if extreme in {"lowest", "largest fall"} else "up"

    def _magnitudes(self, kind: ClaimKind) -> Iterator[Magnitude]:
        frame = self.frame
        if kind == "trend":
            streak = next((m.time for m in frame.times if m.time and m.time.role == "streak"), None)
            if streak is not None and streak.count:
                yield Magnitude(float(streak.count), "years")
            return
        if kind in {"change", "effect", "comparison", "share"}:
            for mention in (frame.percent, frame.factor):
                if mention is not None and mention.size is not None:
                    yield from _magnitude(mention.size)
        if kind in {"rank", "extremum"} and frame.rank is not None:
            if frame.rank.size is not None:
                yield from _magnitude(frame.rank.size)
            else:
                yield Magnitude(1.0, "rank")
        elif kind == "rank":
            yield Magnitude(1.0, "rank")
        roles: tuple[str, ...] = ("by", "to", "main", "from")
        if kind in {"count", "level"}:
            roles = ("to", "main")
        if kind == "share":
            return
        if kind in {"count", "level"}:
            figure = self._own_figure(kind)
            if figure is not None:
                yield from _magnitude(figure.size)
            return
        if kind == "extremum":
            roles = ("from", "to", "main")
        if kind == "extremum" and self._ends_at_the_earlier():
            roles = ("from",)
        ordered = sorted(frame.figures, key=lambda f: roles.index(f.role) if f.role in roles else 9)
        for figure in ordered:
            if figure.role in roles:
                yield from _magnitude(figure.size)

    # -- when

    def _times(
        self, kind: ClaimKind
    ) -> tuple[TimeMention | None, TimeMention | None, tuple[TimeMention, ...]]:
        frame = self.frame
        main, earlier = frame.figure("main", "to"), frame.figure("from")
        own = [m.time for m in frame.times if m.time is not None]
        period = main.time.time if main and main.time and main.time.time else None
        comparator = earlier.time.time if earlier and earlier.time else None
        if period is not None and period.role not in {"period"}:
            period = None
        own = [self._after_from(t) for t in own]
        if not own and kind in {"change", "trend", "comparison"}:
            own = self._times_before()
        for each in own:
            if each.role == "comparator" and (comparator is None or comparator.relative):
                comparator = each
            elif each.role == "period" and each is not comparator:
                if frame.than and each.start > frame.than.end and comparator is None and kind == "comparison":
                    comparator = each
                elif period is None:
                    period = each
        if kind == "extremum" and self._ends_at_the_earlier() and earlier and earlier.time:
            period = earlier.time.time
        if kind in {"count", "level", "extremum", "rank"}:
            comparator = None
        if kind in {"change", "comparison"} and frame.extreme is not None and period is None:
            own = [t for t in own if t.role != "since"]
        period = self._longest(period, own)
        if kind == "trend" and period is not None:
            period = self._stretch(period, own)
        if period and comparator and main and earlier and _later(comparator, period):
            period, comparator = comparator, period
        peak = self._peak() if kind in {"change", "trend"} and not own else None
        if peak is not None:
            return None, None, (replace(peak, role="since"),)
        if period is None and not any(t.role in {"span", "since"} for t in own):
            period = self._inherited_period(comparator)
        rest = tuple(t for t in own if t is not period and t is not comparator)
        if comparator is None and kind == "comparison":
            comparator = next((t for t in rest if t.role == "period"), None)
        if comparator is None and kind in {"change", "trend"} and not own:
            comparator = next(
                (
                    m.time
                    for f in self.chain[1:2]
                    for m in f.times
                    if m.time and m.time.role == "comparator"
                ),
                None,
            )
        return period, comparator, rest

    def _ends_at_the_earlier(self) -> bool:
        """ "Up from a 21-year low of 169 in 2006": the low is the earlier figure."""
        frame, earlier = self.frame, self.frame.figure("from")
        if earlier is None or earlier.time is None or frame.extreme is None:
            return False
        gap = self.scan.text[frame.extreme.end : earlier.mention.start]
        return frame.extreme.end <= earlier.mention.start and len(gap.split()) <= 2

    def _times_before(self) -> list[TimeMention]:
        """ "Down 18 percent since 2011, with violent crime down 20": since then too."""
        for frame in self.chain[1:]:
            times = [m.time for m in frame.times if m.time]
            if times:
                return [t for t in times if t.role in {"since", "span", "comparator"}]
        return []

    def _after_from(self, time: TimeMention) -> TimeMention:
        """ "From the same date in 2016" is what it is compared with."""
        if time.role != "period" or self.frame.figure("from"):
            return time
        before = self.scan.before(time.start, 1)
        return replace(time, role="comparator") if before in (["from"], ["than"]) else time

    def _stretch(self, period: TimeMention, own: Sequence[TimeMention]) -> TimeMention:
        """ "Rose in 2020 and 2021" is of both years together."""
        years = [t for t in own if t.role == "period" and t.period and t.period.is_one_year]
        if len(years) != 2 or period not in years:
            return period
        one, other = (t.period for t in years)
        between = self.scan.text[years[0].end : years[1].start].strip().lower()
        if one is None or other is None or between != "and" or other.first_year <= one.first_year:
            return period
        return replace(period, period=Period(one.first, other.last), end=years[1].end)

    def _longest(self, period: TimeMention | None, own: Sequence[TimeMention]) -> TimeMention | None:
        """ "Last week the FBI said that murders rose in 2015": the figure is not last week's."""
        if period is None or not _is_short(period):
            return period
        longer = [t for t in own if t.role == "period" and t.period and not _is_short(t)]
        if longer:
            return longer[0]
        words = self.scan.text[period.end : period.end + 60].lower().split()
        if {"said", "told", "announced", "claimed"} & set(words[1:3]):
            return None
        return None if _RELEASED & set(words[:9]) else period

    def _peak(self) -> TimeMention | None:
        """ "Crime peaked in 1991 and fell": since then."""
        before = self.chain[1] if len(self.chain) > 1 else None
        if before is None or before.extreme is None or not before.extreme.key.startswith("peak"):
            return None
        return next((m.time for m in before.times if m.time and m.time.role == "period"), None)

    def _inherited_period(self, comparator: TimeMention | None) -> TimeMention | None:
        for frame in self.chain[1:]:
            for mention in frame.times:
                if (
                    mention.time
                    and mention.time.role == "period"
                    and mention.time is not comparator
                ):
                    return mention.time
        return None


_RELEASED = frozenset({"released", "announced", "statistics", "figures", "data", "report", "fbi"})


def _is_short(time: TimeMention) -> bool:
    """Whether it is a month or less, counted from the day of publication."""
    if time.period is None or time.to_date:
        return False
    return (time.period.last - time.period.first).days <= 31 and time.relative


def _later(one: TimeMention, other: TimeMention) -> bool:
    """Whether the first is of the year still running and the other is not."""
    return one.to_date and not other.to_date


def _magnitude(size: Size) -> Iterator[Magnitude]:
    unit: Unit | None = (
        size.unit
        if size.unit in {"percent", "points", "count", "per_100k", "factor", "rank", "years"}
        else None
    )  # type: ignore[assignment]
    if unit is None:
        return
    yield Magnitude(size.value, unit, size.how, size.digits)
    if size.high is not None:
        yield Magnitude(size.high, unit, size.how, size.digits)


def _together(keys: Sequence[str]) -> str | None:
    """ "murders, rapes, robberies and assaults" are violent crime."""
    named = set(keys)
    if _VIOLENT_PARTS[0] <= named and named & _VIOLENT_PARTS[1]:
        return "violent_crime"
    if {"burglary", "larceny", "motor_vehicle_theft"} <= named and not named & {
        "homicide",
        "robbery",
    }:
        return "property_crime"
    return None


_SHARE_ALONE = frozenset(
    {
        "majority of",
        "driven by",
        "accounted for",
        "account for",
        "accounts for",
        "made up",
        "responsible for",
    }
)
_DEADLY = frozenset({"deadliest", "bloodiest"})
_LOW_WORDS = ("low", "fewest", "least", "safest", "smallest", "bottom")
_RISES = frozenset(
    {"increase", "increases", "rise", "jump", "spike", "surge", "hike", "gain", "growth"}
)
_FALLS = frozenset(
    {"decrease", "decreases", "decline", "drop", "reduction", "dip", "fall", "plunge"}
)
_ = (DIRECTIONS, Figure)
