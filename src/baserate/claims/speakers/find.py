"""Who says each statement of an article: names remembered, quotations followed, denials noted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from baserate.claims.claim import Sentence
from baserate.claims.speakers.attribution import Speaker, find_speakers, main_speaker, renamed
from baserate.claims.speakers.denials import denials_of
from baserate.claims.speakers.names import (
    is_place,
    known_body,
    last_name,
    mark,
    name_starting,
    vocabulary,
    words_in,
)
from baserate.claims.speakers.passage import carried
from baserate.terms.places import find_places
from baserate.terms.words import Word, fold, folds_of, words_of

__all__ = [
    "Speaker",
    "SpeakerTrail",
    "denials_of",
    "find_speakers",
    "speakers_of",
    "speakers_within",
]

_OPENING, _CLOSING, _STRAIGHT = "“", "”", '"'
_MARKS = re.compile('[“”"]')
_RECORDS = {"according to", "data", "report"}
_QUOTED_SHARE = 0.5  # of the sentence's letters, from which it counts as a quotation
_HEAD = 20  # words of a sentence in which its subject is looked for


@dataclass(frozen=True, slots=True)
class _Quotation:
    """How a sentence stands to quotation marks: does it begin and end inside of them."""

    begins_inside: bool
    ends_inside: bool
    share: float


def speakers_of(sentences: Sequence[Sentence], outlet: str | None = None) -> list[str | None]:
    """The speaker of each sentence's main statement; None is the outlet itself.

    `outlet` matters where it is an agency that writes of its own figures: 'NYPD News'.
    """
    return [said.main for said in _listen(sentences, outlet)]


def speakers_within(
    sentences: Sequence[Sentence], outlet: str | None = None
) -> list[tuple[Speaker, ...]]:
    """For each sentence everybody who speaks in it, by the name the article gives him in full."""
    return [said.speakers for said in _listen(sentences, outlet)]


@dataclass(frozen=True, slots=True)
class _Said:
    main: str | None
    speakers: tuple[Speaker, ...]


def _listen(sentences: Sequence[Sentence], outlet: str | None) -> list[_Said]:
    quotations = _quotations(sentences)
    trail = SpeakerTrail(sentences, outlet)
    heard = [trail.follow(s) for s in sentences]
    sources = carried(sentences, [main for main, _ in heard], _agency_called(outlet))
    mains = [main.name if main else None for main, _ in heard]
    said = []
    for i, (_, speakers) in enumerate(heard):
        mains[i] = mains[i] or _quoted_by(i, sentences, quotations, mains)
        said.append(_Said(mains[i] or sources[i], speakers))
    return said


def _quoted_by(
    i: int, sentences: Sequence[Sentence], quotations: list[_Quotation], mains: list[str | None]
) -> str | None:
    """The speaker of a sentence that is a quotation and names nobody."""
    here = quotations[i]
    if here.begins_inside and i and mains[i - 1]:
        return mains[i - 1]
    if here.share < _QUOTED_SHARE:
        return None
    same = [
        j for j in (i - 1, i + 1)
        if 0 <= j < len(sentences) and sentences[j].paragraph == sentences[i].paragraph
    ]  # fmt: skip
    if i - 1 in same and mains[i - 1] and quotations[i - 1].share > 0:
        return mains[i - 1]
    ahead = _where_it_closes(i, quotations)
    if ahead is not None and mains[ahead]:
        return mains[ahead]
    if i + 1 in same and mains[i + 1]:
        return mains[i + 1]
    return next((m for m in reversed(mains[max(0, i - 3) : i]) if m), None)


def _where_it_closes(i: int, quotations: list[_Quotation]) -> int | None:
    while i < len(quotations) and quotations[i].ends_inside:
        i += 1
        if i < len(quotations) and not quotations[i].ends_inside:
            return i
    return None


def _quotations(sentences: Sequence[Sentence]) -> list[_Quotation]:
    """Quotation marks followed from sentence to sentence; a new paragraph needs one to go on."""
    found = []
    inside, paragraph = False, None
    for sentence in sentences:
        if sentence.paragraph != paragraph:
            inside = inside and sentence.text.lstrip()[:1] in {_OPENING, _STRAIGHT}
            found_open = inside
            paragraph = sentence.paragraph
        else:
            found_open = inside
        inside, quoted = _follow_marks(sentence.text, inside)
        found.append(_Quotation(found_open, inside, quoted / max(1, len(sentence.text))))
    return found


def _follow_marks(text: str, inside: bool) -> tuple[bool, int]:
    """Whether the text ends inside a quotation, and how many characters of it are quoted."""
    quoted, since = 0, 0
    for m in _MARKS.finditer(text):
        reopened = inside and m.start() < 2
        closes = inside and not reopened and m[0] != _OPENING
        if closes:
            quoted += m.start() - since
            inside = False
        elif m[0] != _CLOSING:
            inside, since = True, m.end()
    return inside, quoted + (len(text) - since if inside else 0)


@dataclass(frozen=True, slots=True)
class _NamedInFull:
    """People an article names in full, by last name, and by the office before the name."""

    people: dict[str, str]
    holders: dict[str, str]


@dataclass(slots=True)
class SpeakerTrail:
    """Names an article has used so far, so that "Ruiz", "he" or "the report" have an owner."""

    sentences: Sequence[Sentence]
    outlet: str | None = None
    _roles: dict[str, str] = field(default_factory=dict)
    _bodies: list[str] = field(default_factory=list)
    _person: str | None = None
    _speaker: str | None = None
    _source: str | None = None
    _source_of_paragraph: int | None = None
    _named_in_full: _NamedInFull | None = None
    _place_until: int = 0
    _place: str | None = None
    _at: int = -1

    def __post_init__(self) -> None:
        self._source = _agency_called(self.outlet)

    def follow(self, sentence: Sentence) -> tuple[Speaker | None, tuple[Speaker, ...]]:
        """Its main speaker, and all its speakers, by the names that the article gives them."""
        self._at += 1
        named = (self._in_full(s) for s in find_speakers(sentence.text))
        found = tuple(s for s in named if not self._is_bare_place(s))
        main = main_speaker(sentence.text, found)
        for speaker in found:
            self._remember(speaker)
        if main is None:
            self._notice(sentence)
        else:
            self._keep_source(main, sentence)
        return main, found

    def _notice(self, sentence: Sentence) -> None:
        """A sentence that begins with somebody's name makes him the "he" of the next."""
        words = words_in(sentence.text)[:_HEAD]
        named = name_starting(words, sentence.text, 0)
        if named is not None and named.kind == "person":
            name = self._full_name(named.name)
            self._person = name if " " in name else self._person

    def _keep_source(self, main: Speaker, sentence: Sentence) -> None:
        """Records are the source for the rest of a passage, a person for a paragraph at most."""
        lasting = main.kind in {"body", "group", "role"} or main.how in _RECORDS
        if main.name.split()[-1].lower() in vocabulary()["relays"]:
            return
        if lasting:
            self._source, self._source_of_paragraph = main.name, None
        elif self._source is None or self._source_of_paragraph is not None:
            self._source, self._source_of_paragraph = main.name, sentence.paragraph

    def _remember(self, speaker: Speaker) -> None:
        self._speaker = speaker.name
        if speaker.kind == "person":
            self._person = speaker.name
            for word in speaker.role.split()[-2:]:
                self._roles[word] = speaker.name
        elif speaker.kind == "body" and speaker.name not in self._bodies:
            self._bodies.append(speaker.name)

    def _in_full(self, speaker: Speaker) -> Speaker:
        resolve = {
            "pronoun": self._whom,
            "report": self._whose_report,
            "role": self._who_holds,
            "person": self._full_name,
            "group": self._which_body,
            "body": self._which_body,
        }[speaker.kind]
        return renamed(speaker, resolve(speaker.name))

    def _whom(self, pronoun: str) -> str:
        who = self._speaker if pronoun == "they" else self._person or self._speaker
        return who or pronoun

    def _whose_report(self, name: str) -> str:
        return name if " " in name or self._source is None else self._source

    def _who_holds(self, role: str) -> str:
        vocab = vocabulary()
        if not all(f in vocab["titles"] or f in vocab["modifiers"] for f in folds_of(role)):
            return role
        office = fold(role.split()[-1])
        return self._roles.get(office) or self._everybody().holders.get(office, role)

    def _full_name(self, name: str) -> str:
        return name if " " in name else self._everybody().people.get(fold(name), name)

    def _is_bare_place(self, speaker: Speaker) -> bool:
        """A place that no person of the article is called after."""
        if speaker.kind not in {"person", "body"} or speaker.role not in {"", "report"}:
            return False
        return is_place(speaker.name) and not self._is_somebody(speaker.name)

    def _is_somebody(self, name: str) -> bool:
        return name in self._everybody().people.values()

    def _everybody(self) -> _NamedInFull:
        if self._named_in_full is None:
            self._named_in_full = _named_in_full(self.sentences)
        return self._named_in_full

    def _which_body(self, name: str) -> str:
        """The body an abbreviation or a bare "the department" stands for; police get their city."""
        folds = folds_of(name)
        if len(folds) == 1 and name.replace(".", "").isupper():
            longer = (b for b in reversed(self._bodies) if _stands_for(name, b))
            return next(longer, name)
        if not set(folds) <= vocabulary()["bare"]:
            return name
        inside = (b for b in reversed(self._bodies) if set(folds) <= set(folds_of(b)))
        known = next(inside, None)
        if known is None and self._bodies and "police" not in folds:
            known = self._bodies[-1]
        place = self._last_place() if known is None and "police" in folds else None
        if known is not None:
            return known
        return f"{place} {name}" if place else name

    def _last_place(self) -> str | None:
        """The city or state last named up to the sentence at hand."""
        for i in range(self._place_until, min(self._at + 1, len(self.sentences))):
            text = self.sentences[i].text
            named = [p for f in find_places(list(words_in(text))) for p in f.meanings[:1]]
            self._place = next((p.name for p in named if p.kind == "city"), self._place)
        self._place_until = self._at + 1
        return self._place


def _agency_called(outlet: str | None) -> str | None:
    """The agency an outlet is, if it is one: a press release, and not a newspaper."""
    if not outlet:
        return None
    words = words_of(outlet)
    known = known_body(outlet) or (known_body(words[0].text) if words else None)
    bodies = {
        "police",
        "sheriff",
        "sheriffs",
        "department",
        "prosecutor",
        "attorney",
        "prosecutors",
    }
    return known or (outlet if bodies & {w.fold for w in words} else None)


def _stands_for(short: str, body: str) -> bool:
    """Whether DPS can be the Texas Department of Public Safety."""
    letters = short.replace(".", "")
    initials = "".join(w.text[0] for w in words_of(body) if w.text[0].isupper())
    return (
        len(letters) > 2
        and body != short
        and (initials.endswith(letters) or f"({letters})" in body)
    )


def _named_in_full(sentences: Sequence[Sentence]) -> _NamedInFull:
    found = _NamedInFull({}, {})
    for sentence in sentences:
        for run in _capital_runs(words_in(sentence.text), sentence.text):
            office, name = _person_in(run)
            if name is not None:
                found.people.setdefault(fold(last_name(name)), name)
                found.holders.setdefault(office, name)
    return found


def _capital_runs(words: Sequence[Word], text: str) -> list[list[Word]]:
    runs: list[list[Word]] = [[]]
    for i, word in enumerate(words):
        gap = (
            text[words[i - 1].end : word.start] if i and word.start - words[i - 1].end < 3 else "?"
        )
        if gap not in {" ", ". "} or mark(words[i - 1]) != "capital":
            runs.append([])
        if mark(word) == "capital":
            runs[-1].append(word)
    return [r for r in runs if len(r) > 1]


def _person_in(run: list[Word]) -> tuple[str, str | None]:
    """The office and the person a run of capitals names: of "Mayor Ana Ruiz" mayor, Ana Ruiz."""
    titles, bodies = vocabulary()["titles"], vocabulary()["bodies"]
    at = max((i for i, w in enumerate(run) if w.fold in titles), default=-1)
    rest = run[at + 1 :]
    if not 2 <= len(rest) <= 4 or any(w.fold in bodies for w in rest):
        return "", None
    return run[at].fold if at >= 0 else "", " ".join(map(_name_part, rest))


def _name_part(word: Word) -> str:
    initial = "." if len(word.text) == 1 else ""
    return word.text.removesuffix("'s").removesuffix("’s") + initial
