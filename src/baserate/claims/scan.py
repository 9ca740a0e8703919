"""One sentence to the things it mentions: offenses, places, times, sizes, directions, cues.

Nothing is decided here about what the sentence asserts; `frames` does that.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from baserate.claims import lexicon
from baserate.claims.claim import Where
from baserate.claims.sizes import Size, find_sizes
from baserate.claims.times import TimeMention, find_times
from baserate.terms.periods import Period
from baserate.terms.places import NATION, Place, find_places, place
from baserate.terms.words import Found, Word, words_of

MentionKind = Literal[
    "offense", "qualifier", "place", "name", "own", "time", "size", "sep",
    "up", "down", "none", "more", "fewer", "high", "low", "on_record", "rate", "number", "average",
    "than", "rank_high", "rank_low", "ranks", "among_states", "among_cities", "share", "effect",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mention:
    """One thing mentioned. `start` and `end` are offsets in the sentence.

    What else it holds depends on its kind: `key` of an offense or a qualifier's words, `where`
    for a place, `time`, `size`; a separator's `key` is how strong it is: '1' to '3'.
    """

    kind: MentionKind
    start: int
    end: int
    key: str = ""
    where: Where | None = None
    time: TimeMention | None = None
    size: Size | None = None


@dataclass(frozen=True, slots=True)
class Scan:
    """A sentence with all it mentions, in order. `framing` are the cues of what is no report."""

    text: str
    words: tuple[Word, ...]
    mentions: tuple[Mention, ...]
    framing: frozenset[str]
    named: tuple[Period, ...] = ()  # periods in the names of reports and laws

    def of(self, *kinds: MentionKind) -> list[Mention]:
        """The mentions of these kinds."""
        return [m for m in self.mentions if m.kind in kinds]

    def before(self, at: int, count: int = 1) -> list[str]:
        """The folded words just before an offset, the nearest last."""
        return [w.fold for w in self.words if w.end <= at][-count:]

    def after(self, at: int, count: int = 1) -> list[str]:
        """The folded words from an offset on."""
        return [w.fold for w in self.words if w.start >= at][:count]


def scan(sentence: str, *, published: object = None, topic: Period | None = None) -> Scan:
    """Everything a sentence mentions.

    >>> [m.kind for m in scan("Murders rose 5 percent in Chicago.").mentions]
    ['offense', 'up', 'size', 'place']
    """
    from datetime import date

    words = words_of(sentence)
    day = published if isinstance(published, date) else None
    times = find_times(sentence, published=day, topic=topic)
    sizes = find_sizes(sentence)
    reader = _Reader(sentence, words, times, sizes)
    named = tuple(t.period for t in times if t.role == "named" and t.period is not None)
    return Scan(sentence, tuple(words), tuple(reader.mentions()), reader.framing(), named)


class _Reader:
    """Looks over one sentence once for each kind of thing, what is found first taking its words."""

    def __init__(
        self,
        text: str,
        words: list[Word],
        times: Sequence[TimeMention],
        sizes: Sequence[Size],
    ) -> None:
        self.text, self.words = text, words
        self.times, self.sizes = times, sizes
        self.folds = [w.fold for w in words]
        self.taken: set[int] = set()

    def mentions(self) -> list[Mention]:
        found: list[Mention] = []
        times = [t for t in self.times if t.role != "named"]
        found += [Mention("time", t.start, t.end, time=t) for t in times]
        self._take((t.start, t.end) for t in self.times)
        offenses = list(self._offenses())
        found += self._ends_of_spans(times)
        found += [
            Mention("size", s.start, s.end, size=s)
            for s in self.sizes
            if not any(t.start < s.end and s.start < t.end for t in times)
            and not self._counts_kinds(s)
        ]
        self._take((s.start, s.of[0] if s.of else s.end) for s in self.sizes)
        found += offenses
        found += self._ranking_cues()
        places = list(self._places())
        found += places
        found += self._cues()
        found += self._separators()
        found = self._without_speakers_places(found)
        return sorted(found, key=lambda m: (m.start, -m.end))

    def framing(self) -> frozenset[str]:
        return frozenset(f.meanings[0] for f in lexicon.framing().find(self.words))

    def _ends_of_spans(self, times: Sequence[TimeMention]) -> Iterator[Mention]:
        """ "A 33-year low" says which end as well as how long."""
        for time in times:
            if time.role != "low_high":
                continue
            said = set(words_in(self.text[time.start : time.end]))
            if said & _LOWS:
                yield Mention("low", time.start, time.end, key="low")
            elif said & _HIGHS:
                yield Mention("high", time.start, time.end, key="high")

    def _counts_kinds(self, size: Size) -> bool:
        """ "The seven serious crimes" counts kinds of offenses, not offenses."""
        few = size.unit == "count" and 2 <= size.value <= 10 and size.digits == 0
        return few and bool(_COUNTED_KINDS.match(self.text[size.end :].lstrip(" “\"'")))

    def _without_speakers_places(self, found: list[Mention]) -> list[Mention]:
        """ "..., said Ann Lee of Tulsa": her city is not where the crime was."""
        said = _SAID.search(self.text)
        beside = {"place", "name", "own", "sep", "time", "offense", "qualifier", "rate", "number"}
        anchors = [m.start for m in found if m.kind not in beside]
        if said is None or any(a > said.end() for a in anchors):
            return found
        return [m for m in found if m.kind not in {"place", "own", "time"} or m.start < said.end()]

    # -- words and spans

    def _take(self, spans: Iterable[tuple[int, int]]) -> None:
        for start, end in spans:
            self.taken |= {i for i, w in enumerate(self.words) if w.start >= start and w.end <= end}

    def _span(self, found: Found[str] | Found[Place]) -> tuple[int, int]:
        return self.words[found.first].start, self.words[found.last - 1].end

    def _fold(self, at: int) -> str:
        return self.folds[at] if 0 <= at < len(self.folds) else ""

    def _adjacent(self, at: int) -> bool:
        """Whether only a space stands between word `at` and the next."""
        if not 0 <= at < len(self.words) - 1:
            return False
        return self.text[self.words[at].end : self.words[at + 1].start].strip() == ""

    # -- offenses

    def _offenses(self) -> Iterator[Mention]:
        for found in lexicon.offense_names().find(self.words, self.taken):
            if self._is_something_else(found):
                continue
            start, end = self._span(found)
            self.taken |= set(range(found.first, found.last))
            for key in found.meanings[0].split():
                yield Mention("offense", start, end, key=key)
        for found in lexicon.index_of("qualifier").find(self.words, self.taken):
            start, end = self._span(found)
            yield Mention("qualifier", start, end, key=found.meanings[0])

    def _is_something_else(self, found: Found[str]) -> bool:
        after = " ".join(self.folds[found.last : found.last + 2])
        follows = lexicon.words("after_offense")
        if self._adjacent(found.last - 1) and (
            self._fold(found.last) in follows or after in follows
        ):
            return True
        before = lexicon.words("before_offense")
        one, two = (
            self._fold(found.first - 1),
            " ".join(self.folds[max(0, found.first - 2) : found.first]),
        )
        if one in before or two in before:
            return True
        if self._is_title(found) or self._is_part_of_name(found):
            return True
        singular = self.folds[found.last - 1] in _SINGULAR
        return singular and one in _ONE_CASE and self._fold(found.last) not in _MEASURED

    def _is_part_of_name(self, found: Found[str]) -> bool:
        """ "The Violence Reduction Network": capitals go on, in a sentence that is no heading."""
        if found.first == 0 or not self._adjacent(found.last - 1):
            return False
        capitals = [self.words[i].text[:1].isupper() for i in (found.first, found.last)]
        small = sum(w.text[:1].islower() for w in self.words)
        return all(capitals) and small > len(self.words) / 2 and found.last not in self.taken

    def _is_title(self, found: Found[str]) -> bool:
        """Whether it stands in capitals within quotation marks: a film, a book, a law."""
        start, end = self._span(found)
        capital = all(w.text[:1].isupper() for w in self.words[found.first : found.last])
        opened = max(self.text.rfind(q, 0, start) for q in '"“‘')
        short = opened >= 0 and start - opened <= 24
        others = self.text[opened + 1 : start].split() if short else []
        return (
            capital
            and short
            and end < len(self.text)
            and (
                self.text[end] in ',"”’' or (bool(others) and all(w[:1].isupper() for w in others))
            )
        )

    # -- places

    def _places(self) -> Iterator[Mention]:
        yield from self._groups()
        yield from self._counties()
        yield from self._capital()
        whole = self._before_groups()
        for found in lexicon.index_of("nation").find(self.words, self.taken):
            if self._is_nation(found) and found.last not in whole:
                start, end = self._span(found)
                self.taken |= set(range(found.first, found.last))
                yield Mention("place", start, end, where=Where("United States", (NATION,)))
        small = {
            i
            for i, w in enumerate(self.words)
            if not w.text[:1].isupper() and w.fold not in {"of", "the", "du", "des", "de"}
        }
        for found_place in find_places(self.words, self.taken | small):
            mention = self._place(found_place)
            if mention is not None:
                self.taken |= set(range(found_place.first, found_place.last))
                yield mention
        yield from self._unknown()
        for i, word in enumerate(self.words):
            serves = lexicon.initials().get(word.fold) if word.text[:2].isupper() else None
            if serves is not None and i not in self.taken:
                where = Where(_label((serves,)), (serves,))
                yield Mention("name", word.start, word.end, key="office", where=where)
        for own in lexicon.own_places().find(self.words, self.taken):
            start, end = self._span(own)
            yield Mention("own", start, end, key=own.meanings[0])

    def _capital(self) -> Iterator[Mention]:
        for i, fold in enumerate(self.folds[:-1]):
            if fold in {"nation", "country"} and self.folds[i + 1] == "capital":
                self.taken |= {i, i + 1}
                where = Where("Washington, DC", (place("DC"),))
                yield Mention("place", self.words[i].start, self.words[i + 1].end, where=where)

    def _before_groups(self) -> set[int]:
        """Where a group begins: in "America's largest cities" the nation is not a place of its own."""
        groups = lexicon.groups().find(self.words)
        numbers = {f.first for f in groups if self._fold(f.first - 1).isdigit()}
        return {f.first for f in groups} | {n - 1 for n in numbers}

    def _unknown(self) -> Iterator[Mention]:
        """Names after "in" that no table has: "in Sweet Home", "in Mexico"."""
        for i, fold in enumerate(self.folds[:-1]):
            if fold not in {"in", "across", "throughout"} or not self._adjacent(i):
                continue
            last = i + 1
            while (
                last < len(self.words)
                and last - i <= 3
                and last not in self.taken
                and self.words[last].text[:1].isupper()
                and self._adjacent(last - 1)
            ):
                last += 1
            name = " ".join(self.folds[i + 1 : last])
            if last == i + 1 or self.folds[i + 1] in lexicon.words("not_places"):
                continue
            if name in lexicon.words("nation") or name in lexicon.words("word_names") or not self.words[i + 1].text[1:2].islower():
                continue
            if lexicon.words("other_name") & set(self.folds[i + 1 : last + 1]):
                continue
            label = self.text[self.words[i + 1].start : self.words[last - 1].end]
            label = label.removesuffix("'s").removesuffix("’s")
            yield Mention("place", self.words[i + 1].start, self.words[last - 1].end, where=Where(label))

    def _groups(self) -> Iterator[Mention]:
        for found in lexicon.groups().find(self.words, self.taken):
            start, end = self._span(found)
            self.taken |= set(range(found.first, found.last))
            before = self._fold(found.first - 1)
            tail = self.text[end:]
            sized = any(p.match(tail) for p in (_POPULATION, _SIZES_BETWEEN, _OR_MORE))
            counted = before.isdigit() or before in {"nation", "america"}
            if before == "for" and self._fold(found.last) not in {"that", "which", "who"}:
                before = "in"
            region = not found.meanings[0].startswith("US")
            if region or before in _OF_GROUP or found.first <= 3 or sized or counted:
                yield Mention("place", start, end, where=Where(self._group_label(found)))

    def _group_label(self, found: Found[str]) -> str:
        """'US big cities', with how many or how large where the text says: 'US cities over 1 million'."""
        label = found.meanings[0]
        if not label.endswith("cities"):
            return label
        number = self._fold(found.first - 1)
        if number.isdigit() and self._fold(found.last - 2) == "largest":
            return f"{number} largest US cities"
        between = _SIZES_BETWEEN.match(self.text[self.words[found.last - 1].end :])
        if between is not None:
            return f"US cities {between[1]}-{between[2]}"
        tail = self.text[self.words[found.last - 1].end :]
        size, plus = _POPULATION.match(tail), _OR_MORE.match(tail)
        if size is None and plus is not None:
            return f"US cities over {plus[1]} million" if plus[2] else f"US cities over {plus[1]}"
        if size is None:
            return label
        many = f"{size[2]} million" if size[3] else size[2]
        return f"US cities {'under' if size[1].lower() in _FEWER else 'over'} {many}"

    def _counties(self) -> Iterator[Mention]:
        for i, fold in enumerate(self.folds):
            if fold not in {"county", "parish"} or not self.words[i].text[0].isupper():
                continue
            first = i
            while (
                first > 0
                and i - first < 3
                and self.words[first - 1].text[:1].isupper()
                and self._adjacent(first - 1)
                and first - 1 not in self.taken
                and self._fold(first - 1) not in {"in", "the", "across"}
            ):
                first -= 1
            if first == i:
                continue
            self.taken |= set(range(first, i + 1))
            name = " ".join(w.text for w in self.words[first : i + 1])
            next_word = self._fold(i + 1)
            joined = self._adjacent(i) and not self.words[i].text.endswith(("'s", "’s"))
            is_office = joined and next_word in lexicon.words("office")
            capital = joined and self.words[i + 1].text[:1].isupper()
            is_name = joined and (capital or next_word in lexicon.words("after_place"))
            yield Mention(
                "name" if is_name else "place",
                self.words[first].start,
                self.words[i].end,
                key="office" if is_office or not is_name else "",
                where=Where(name.removesuffix("'s").removesuffix("’s")),
            )

    def _is_nation(self, found: Found[str]) -> bool:
        if self.text[self._span(found)[0] : self._span(found)[1]] == "us":
            return False
        following = self._fold(found.last)
        return not (
            following in lexicon.words("nation", "not_before") and following != "average"
        ) and not (
            self._adjacent(found.last - 1)
            and self.words[found.last].text[:1].isupper()
            and self.words[found.first].text[:1].isupper()
        )

    def _place(self, found: Found[Place]) -> Mention | None:
        start, end = self._span(found)
        first, last = self.words[found.first], self.words[found.last - 1]
        if found.meanings[0].kind == "nation":
            return None
        before = self._fold(found.first - 1)
        joined = self._adjacent(found.first - 1)
        if joined and before in lexicon.words("before_person") and found.last - found.first == 1:
            return None
        named_by = found.first > 0 and joined and self.words[found.first - 1].text[:1].isupper()
        if named_by and before not in _BEFORE_PLACES and found.first - 1 not in self.taken:
            return None
        said = " ".join(self.folds[found.first : found.last])
        if said in lexicon.words("word_names") or not self._is_set_as_place(found, said, before):
            return None
        where = Where(_label(found.meanings), found.meanings)
        if self._is_dateline(start, end):
            return Mention("name", start, end, key="dateline", where=where)
        mention = Mention("place", start, end, where=where)
        if _LARGEST.match(self.text[end:]) and (last.text.endswith(("'s", "’s")) or before in {"is", "as"}):
            return None
        nothing_follows = found.last >= len(self.words) or not self._adjacent(found.last - 1)
        if last.text.endswith(("'s", "’s")) or nothing_follows:
            return mention
        following = self.words[found.last]
        part_of_name = following.fold in lexicon.words("after_place") or (
            following.text[:1].isupper()
            and found.last not in self.taken
            and not first.text.isupper()
        )
        if not part_of_name:
            return mention
        speaks_of_place = following.fold in lexicon.words("office")
        if following.fold in lexicon.words("other_name"):
            return None
        return Mention("name", start, end, key="office" if speaks_of_place else "", where=where)

    def _is_dateline(self, start: int, end: int) -> bool:
        """ "MEMPHIS, Tenn. (AP) —" says where the story was written."""
        return start <= 2 and bool(_DATELINE.match(self.text[end : end + 40]))

    def _is_set_as_place(self, found: Found[Place], said: str, before: str) -> bool:
        """A small town's bare name is taken for it only where a place is due."""
        largest = max(found.meanings, key=lambda p: p.population or 0)
        with_state = len(said.split()) > len(words_in(largest.name))
        if largest.kind != "city" or with_state or (largest.population or 0) >= WELL_KNOWN:
            return True
        owns = self.words[found.last - 1].text.endswith(("'s", "’s"))
        return before in _DUE or owns or found.last - found.first > 1

    # -- cues

    def _ranking_cues(self) -> Iterator[Mention]:
        """Cues that hold a place's word: "led the nation", "the national average"."""
        for found in lexicon.ranking().find(self.words, self.taken):
            start, end = self._span(found)
            self.taken |= set(range(found.first, found.last))
            kind: MentionKind = found.meanings[0]  # type: ignore[assignment]
            yield Mention(kind, start, end, key=" ".join(self.folds[found.first : found.last]))

    def _cues(self) -> Iterator[Mention]:
        for found in lexicon.asserting().find(self.words, self.taken):
            start, end = self._span(found)
            name = found.meanings[0]
            said = " ".join(self.folds[found.first : found.last])
            if not self._means_it(name, said, found):
                continue
            kind: MentionKind = name  # type: ignore[assignment]
            yield Mention(kind, start, end, key=said)

    def _means_it(self, name: str, said: str, found: Found[str]) -> bool:
        before, after = self._fold(found.first - 1), self._fold(found.last)
        if said in {"up", "down"} and _DRIVES & set(self.folds[max(0, found.first - 4) : found.first]):
            return False
        if said in {"up", "down"}:
            return before not in _PARTICLE_VERBS and not (
                said == "up" and after == "to" and before not in _BE
            )
        if said in {"fall", "drop", "spring"} and before in {"last", "this", "in", "the"}:
            return after in {"in", "of", "from", "since"} and before != "last"
        if said in {
            "most",
            "least",
            "worst",
            "largest",
            "biggest",
            "greatest",
            "smallest",
            "worse",
            "better",
        }:
            return self._is_extreme(found)
        if name in {"more", "fewer"}:
            return self._compares(said, found)
        if said in {"the same", "level", "same number"}:
            return (
                after
                not in {
                    "period",
                    "time",
                    "date",
                    "month",
                    "months",
                    "day",
                    "report",
                    "week",
                    "way",
                    "thing",
                    "of",
                    "as",
                }
                or said == "same number"
            )
        if said in {"growing", "rising", "increasing", "mounting"}:
            return (
                after not in {"concern", "concerns", "number", "pressure", "body"}
                or after == "number"
            )
        if said in {"reduction", "reductions"}:
            return not (self._adjacent(found.first - 1) and found.first - 1 in self.taken)
        if said in {"reduced", "above", "below", "exploded", "peak"}:
            return after not in {"sentence", "sentences", "hours", "charge", "all"}
        return True

    def _compares(self, said: str, found: Found[str]) -> bool:
        """Whether "more" is of offenses: "more murders", "15 fewer than", "higher than"."""
        ahead = self.folds[found.last : found.last + 7]
        if not ahead or said not in {"more", "fewer", "less", "greater"}:
            return True
        offense_next = found.last in self.taken and self.words[found.last].fold not in _NOT_MEASURED
        sized = found.first - 1 in self.taken
        return sized or offense_next or "than" in ahead[:6] or ahead[0] in _COUNTED_NOUNS

    def _is_extreme(self, found: Found[str]) -> bool:
        """Whether "most" is of a figure: "the most murders since", "the largest increase"."""
        ahead = self.folds[found.last : found.last + 5]
        if not ahead or ahead[0] in _NOT_MEASURED:
            return False
        if ahead[0] in {"in", "since", "on", "ever", "with", "of"}:
            return ahead[:2] not in (
                ["of", "the"],
                ["of", "these"],
                ["of", "them"],
                ["of", "those"],
            )
        starts = [w.start for w in self.words[found.last : found.last + 5]]
        spans = {i for i, w in enumerate(self.words) if w.start in starts and i in self.taken}
        return bool(spans) or any(a in _FIGURE_NOUNS for a in ahead)

    # -- separators

    def _separators(self) -> Iterator[Mention]:
        for match in _SEPARATOR.finditer(self.text):
            text = match[0].strip().lower()
            if any(t.start < match.end() and match.start() < t.end for t in self.times):
                continue
            if any(s.start < match.start() and match.end() < s.end for s in self.sizes):
                continue
            yield Mention("sep", match.start(), match.end(), key=_strength(text))


_DATELINE = re.compile(
    r"(?:,? [A-Z][a-z]{2,7}\.?|, [A-Z]\.[A-Z]\.)?,?(?: [A-Z][a-z]+\.?)?(?: \d{1,2},?)?(?: \d{4})?"
    r" ?(?:\([A-Z][^)]{1,20}\))? ?(?:—|–|--|-) "
)
_LARGEST = re.compile(r" (?:second|third|fourth|fifth)?[ -]?(?:largest|biggest|most populous|capital)\b")
WELL_KNOWN = 90_000  # people

_SAID = re.compile(
    r"\btold (?=the |a |an |[A-Z]|reporters)|(?:,|”|\"|’’|'')\s*(?:said|says|told|added|according to)\s|\baccording to\s", re.IGNORECASE
)
_LOWS = frozenset({"low", "lowest", "fewest", "least", "lows", "smallest"})
_HIGHS = frozenset({"high", "highest", "most", "highs", "worst", "largest", "biggest", "peak"})
_OF_GROUP = frozenset({"in", "across", "throughout", "of", "among", "nation", "the", "some", "other", "most", "many", "all", "several", "but", "while", "and"})
_DUE = frozenset({"in", "of", "at", "from", "near", "for", "than", "and", "like", "as", "to", "outside", "including", "both"})
_SEPARATOR = re.compile(
    r"[;:()]|[–—]|\s-{1,2}\s|--|(?:,\s)?\b(?:but|while|although|though|whereas|however|as|when|which|where|because)\b"
    r"|,\s(?:and|or)\b|\b(?:and|or)\b|,(?=\s)",
    re.IGNORECASE,
)


def words_in(text: str) -> list[str]:
    """The folded words of a piece of text, hyphens apart."""
    return [w for each in words_of(text) for w in each.fold.split("-")]


def _strength(text: str) -> str:
    word = text.lstrip(", ").lower()
    if text[:1] in {";", ":", "(", ")", "–", "—", "-"}:
        return "3"
    if word in {
        "but",
        "while",
        "although",
        "though",
        "whereas",
        "however",
        "as",
        "when",
        "which",
        "where",
        "because",
    }:
        return "2"
    return "1"


def _label(meanings: tuple[Place, ...]) -> str:
    first = meanings[0]
    if first.key == "DC":
        return "Washington, DC"
    return first.key if first.kind == "city" else first.name


_SINGULAR = frozenset(
    {
        "murder",
        "homicide",
        "rape",
        "robbery",
        "burglary",
        "assault",
        "shooting",
        "carjacking",
        "arson",
        "theft",
        "larceny",
        "break-in",
    }
)
_POPULATION = re.compile(
    r" (?:with |of )?(?:a )?(?:populations? )?(?:of )?(more than|over|at least|above|under|fewer than|less than|below) (\d[\d,.]{0,9})( million)?",
    re.IGNORECASE,
)
_OR_MORE = re.compile(
    r" (?:of|with) (?:populations? of )?(\d[\d,.]{0,9})( million)?(?: people| residents| inhabitants)? (?:or more|and over|and up)"
)
_SIZES_BETWEEN = re.compile(
    r" (?:with |of |between )(?:populations? (?:of )?)?(?:between )?(\d{1,3},\d{3}) (?:to|and) (\d{1,3},\d{3})"
)
_FEWER = frozenset({"under", "fewer than", "less than", "below"})
_COUNTED_KINDS = re.compile(r"(?:index|serious|major|part|type|types|categories|violent|property|different)\b", re.IGNORECASE)
_ONE_CASE = frozenset(
    {
        "a",
        "the",
        "this",
        "that",
        "another",
        "his",
        "her",
        "their",
        "deadly",
        "brutal",
        "fatal",
        "one",
    }
)
_MEASURED = frozenset(
    {
        "rate",
        "rates",
        "total",
        "count",
        "number",
        "numbers",
        "tally",
        "toll",
        "figures",
        "statistics",
        "volume",
        "totals",
        "and",
        "in",
        "is",
        "was",
        "has",
        "are",
        "rise",
        "increase",
        "victims",
        "spike",
        "surge",
    }
)
_DRIVES = frozenset({"drive", "driving", "bring", "bringing", "push", "pushing", "keep", "keeping"})
_BE = frozenset({"is", "are", "was", "were", "be", "been", "being", "s", "re"})
_PARTICLE_VERBS = frozenset({
    "set", "sets", "made", "make", "makes", "making", "end", "ended", "ends", "pick", "picked", "coming", "beef", "beefed", "beefing", "follow", "followed", "round", "rounded",
    "clean", "cleaned", "cleaning", "step", "stepped", "stepping", "open", "opened", "grew", "speed", "sped", "keep", "give", "gave", "catch", "break", "broke", "wake", "woke", "hold", "held", "back", "backed", "stand",
    "stood", "look", "looked", "lock", "locked", "locking", "wind", "crack", "cracked", "cracking", "gunned", "gun", "track", "tracked", "shut", "slow", "slowed", "calm", "lay", "put", "sit", "sat", "tamp", "clamp", "clamped",
    "hunt", "hunted", "cut", "call", "called", "show", "showed", "turn", "turned", "blow", "blew", "line", "lined", "ramp", "ramped", "ramping", "team", "teamed", "sum", "bring", "pull", "pulled", "broken", "breaks", "write", "sign", "signed", "taken", "take", "took", "come", "came", "mess", "start", "started", "stop", "build", "built", "move",
    "boarded", "face", "standing", "living", "live", "rise", "get", "got", "wrapped", "tie", "tied", "hand", "handed",
})  # fmt: skip
_BEFORE_PLACES = frozenset({"in", "of", "for", "at", "from", "than", "and", "near", "across", "outside", "around", "throughout", "the", "while", "but", "when", "as", "to", "since", "with", "both", "like", "unlike", "though", "although", "neighboring", "nearby", "by", "u.s", "us", "overall", "however", "meanwhile", "also", "total", "reported", "if", "where", "all", "that", "today", "only", "after", "greater", "downtown", "old", "because", "not", "is", "has", "or"})  # fmt: skip
_COUNTED_NOUNS = frozenset(
    {"deaths", "people", "incidents", "cases", "reports", "victims", "offenses", "crimes"}
)
_NOT_MEASURED = frozenset(
    {
        "recent",
        "of",
        "people",
        "common",
        "likely",
        "important",
        "serious",
        "part",
        "parts",
        "notably",
        "famous",
        "vulnerable",
        "populous",
        "americans",
        "often",
        "other",
        "officers",
        "experts",
        "cases",
        "complete",
        "reliable",
        "visible",
        "city",
        "state",
        "cities",
        "states",
        "troubling",
        "residents",
    }
)
_FIGURE_NOUNS = frozenset(
    {
        "increase",
        "increases",
        "decrease",
        "decreases",
        "decline",
        "declines",
        "drop",
        "drops",
        "rise",
        "jump",
        "spike",
        "surge",
        "reduction",
        "reductions",
        "year",
        "years",
        "total",
        "number",
        "rate",
        "rates",
        "month",
        "change",
        "gain",
        "level",
        "percentage",
        "toll",
        "gains",
        "violent",
        "hike",
        "deaths",
        "killings",
        "murders",
    }
)
