"""Names of speakers: people, bodies, reports and pronouns, read out of the words of a sentence."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Literal

from baserate.terms.places import find_places
from baserate.terms.words import Word, fold, folds_of, words_of

LONGEST_NAME = 18  # words of a name with its titles and its report; more is not looked at

Mark = Literal[
    "pronoun", "determiner", "connector", "source", "participle", "noun", "modifier", "capital",
    "number", "time", "",
]  # fmt: skip
NameKind = Literal["person", "body", "group", "report", "pronoun", "role"]

_SOFT_GAP = re.compile(r"(?:\.|'|’)? {1,3}\Z|\.? \(\Z|\s\Z|\s?&\s\Z")
_YEAR = re.compile(r"(?:19|20)\d\d")
_POSSESSIVE = ("'s", "’s", "s'", "s’")


@dataclass(frozen=True, slots=True)
class Named:
    """A phrase that names a speaker: words `first` to `last` (exclusive) of its sentence.

    `role` is the office as the sentence calls it, in lower case: 'police chief' for Police Chief
    Ana Ruiz, and of a bare "the mayor" the whole.
    """

    name: str
    kind: NameKind
    first: int
    last: int
    role: str = ""


@cache
def vocabulary() -> dict[str, Any]:
    """The tables of speakers.toml, with their plain lists as sets."""
    path = Path(__file__).with_name("speakers.toml")
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    return {
        key: frozenset(value) if isinstance(value, list) and key != "case" else value
        for key, value in table.items()
    }


@cache
def _known() -> dict[str, str]:
    """What a body's names, folded, are printed as."""
    return {
        " ".join(folds_of(said)): name
        for name, ways in vocabulary()["known"].items()
        for said in ways
    }


def known_body(said: str) -> str | None:
    """The printed name of a body that everybody knows.

    >>> known_body("Federal Bureau of Investigation"), known_body("the Elks")
    ('FBI', None)
    """
    return _known().get(" ".join(folds_of(said)))


_ORDER: tuple[tuple[str, Mark], ...] = (
    ("pronouns", "pronoun"),
    ("determiners", "determiner"),
    ("connectors", "connector"),
    ("sources", "source"),
    ("participles", "participle"),
    ("speaking_nouns", "noun"),
    ("modifiers", "modifier"),
)


@cache
def _marks() -> dict[str, Mark]:
    marks: dict[str, Mark] = {}
    for table, mark in _ORDER:
        for word in vocabulary()[table]:
            marks.setdefault(word, mark)
    return marks


@lru_cache(maxsize=256)
def words_in(text: str) -> tuple[Word, ...]:
    """The words of a sentence, kept while an article is read: several readers want them."""
    return tuple(words_of(text))


def mark(word: Word) -> Mark:
    """What a word can be in a speaker's name; empty where it ends one."""
    return _mark(word.text, word.fold, word.start < 3)


@lru_cache(maxsize=65_536)
def _mark(text: str, folded: str, is_first: bool) -> Mark:
    vocab = vocabulary()
    known = _marks().get(folded)
    if not text[0].isupper() or (is_first and known in {"source", "noun"}):
        return known or _unknown(text, folded)
    if folded in vocab["times"]:
        return "time"
    if is_first and folded in vocab["first_adjectives"]:
        return "modifier"
    if known in {"pronoun", "determiner", "connector"}:
        return known
    no_name = folded in vocab["not_names"] or (is_first and folded in vocab["not_first"])
    return "" if no_name and not _is_acronym(text) else "capital"


def _unknown(text: str, folded: str) -> Mark:
    if folded in vocabulary()["particles"]:
        return "capital"
    if text[0].isdigit():
        return "number"
    return "time" if folded in vocabulary()["times"] else ""


def _is_acronym(text: str) -> bool:
    letters = text.replace(".", "").removesuffix("'s").removesuffix("’s")
    return 2 <= len(letters) <= 7 and letters.isupper()


def _joined(words: Sequence[Word], sentence: str, at: int) -> bool:
    """Whether nothing but a space, or the dot of an abbreviation, parts word `at` and the next."""
    here, after = words[at], words[at + 1]
    if after.start - here.end > 4:
        return False
    gap = sentence[here.end : after.start]
    if gap.startswith("."):
        short = len(here.text) <= 5 and here.text[0].isupper()
        return (short or here.text.endswith("-St")) and gap.strip(". ") == ""
    return bool(_SOFT_GAP.match(gap)) or _is_state_comma(words, gap, at)


def _is_state_comma(words: Sequence[Word], gap: str, at: int) -> bool:
    """The commas of "the Washington, D.C., Metropolitan Police"."""
    if gap != ", " or at + 2 >= len(words):
        return False
    abbreviation = ("." in words[at + 1].text) or ("." in words[at].text)
    return abbreviation and words[at + 2].text[0].isupper()


def name_before(words: Sequence[Word], sentence: str, verb: int) -> Named | None:
    """The name that ends just before word `verb`, past its auxiliaries and adverbs."""
    last = _skip_between(words, sentence, verb)
    if not last or not _joined(words, sentence, last - 1):
        return None
    if words[last - 1].text.endswith(_POSSESSIVE):
        return None
    return _before_place(words, sentence, last) or name_ending(words, sentence, last)


def _before_place(words: Sequence[Word], sentence: str, last: int) -> Named | None:
    """The police of "Police in New York"."""
    first = last
    while first > max(0, last - 4) and words[first - 1].text[0].isupper():
        first -= 1
    if first < 2 or words[first - 1].fold != "in" or not _joined(words, sentence, first - 2):
        return None
    if first == last or not is_place(_text(words, sentence, first, last)):
        return None
    return name_ending(words, sentence, first - 1)


def _skip_between(words: Sequence[Word], sentence: str, verb: int) -> int:
    last = verb
    while last > max(0, verb - 4):
        before = words[last - 1]
        adverb = before.fold in vocabulary()["between"] or (
            before.fold.endswith("ly") and before.text[0].islower()
        )
        if not (adverb and _joined(words, sentence, last - 1)):
            break
        last -= 1
    return last


def name_ending(words: Sequence[Word], sentence: str, last: int) -> Named | None:
    """The name that ends with word `last` (exclusive)."""
    first = last
    while first > max(0, last - LONGEST_NAME):
        kind = mark(words[first - 1])
        if not kind or (kind == "time" and not _dated(words, first)):
            break
        if first < last and not _joined(words, sentence, first - 1):
            break
        first -= 1
        if kind == "pronoun":
            break
    return _named(words, sentence, first, last)


def _dated(words: Sequence[Word], after: int) -> bool:
    """A day inside a name is one of "figures released Monday by the FBI"."""
    return after < len(words) and words[after].fold in {"by", "from"}


def name_starting(words: Sequence[Word], sentence: str, first: int) -> Named | None:
    """The name that begins with word `first`."""
    last = first
    while last < min(len(words), first + LONGEST_NAME):
        kind = mark(words[last])
        if not kind or (kind == "time" and not _dated(words, last + 1)):
            break
        if last > first and not _joined(words, sentence, last - 1):
            break
        last += 1
        if kind == "pronoun":
            break
    return _named(words, sentence, first, last)


def _named(words: Sequence[Word], sentence: str, first: int, last: int) -> Named | None:
    """What the words from `first` to `last` name, once articles and loose ends are off."""
    marks = [mark(w) for w in words[first:last]]
    while first < last and marks[0] in {"determiner", "connector", "number", "participle", "time"}:
        first, marks = first + 1, marks[1:]
    while first < last and marks[-1] in {"determiner", "connector", "number", "time"}:
        last, marks = last - 1, marks[:-1]
    if first >= last:
        return None
    if marks[-1] == "pronoun":
        return Named(words[last - 1].fold, "pronoun", last - 1, last)
    if "source" in marks or "participle" in marks:
        return _report(words, sentence, first, last, marks)
    return _body_or_person(words, sentence, first, last)


def _report(
    words: Sequence[Word], sentence: str, first: int, last: int, marks: list[Mark]
) -> Named | None:
    """The owner of a report: of "figures compiled by the FBI", or "the FBI's figures"."""
    if "source" not in marks:
        return None
    noun = first + marks.index("source")
    owner = _owner_after(words, sentence, noun, last) or _owner_before(words, sentence, first, noun)
    if owner is not None:
        return Named(owner.name, owner.kind, first, last, "report")
    years = [w.text for w in words[first:last] if _YEAR.fullmatch(w.text)]
    last_noun = first + len(marks) - 1 - marks[::-1].index("source")
    name = " ".join([*years[:1], words[last_noun].fold])
    return Named(name, "report", first, last, "report")


def _owner_after(words: Sequence[Word], sentence: str, noun: int, last: int) -> Named | None:
    """Of "figures of 2011 compiled by the FBI" the FBI."""
    folds = [w.fold for w in words[noun:last]]
    for links in ({"by", "from"}, {"of", "at"}):
        at = next((i for i, f in enumerate(folds) if f in links), None)
        if at is not None and noun + at + 1 < last:
            owner = _named(words, sentence, noun + at + 1, last)
            if owner is not None and owner.kind not in {"report", "pronoun"}:
                return owner
    return None


def _owner_before(words: Sequence[Word], sentence: str, first: int, noun: int) -> Named | None:
    for at in range(first, noun):
        if words[at].text.endswith(_POSSESSIVE) and not _goes_on(words, at):
            return _body_or_person(words, sentence, first, at + 1)
    while first < noun and mark(words[first]) in {"number", "modifier", "determiner"}:
        if any(w.fold in vocabulary()["speaking_nouns"] for w in words[first:noun]):
            break
        first += 1
    return _body_or_person(words, sentence, first, noun)


def _goes_on(words: Sequence[Word], at: int) -> bool:
    return at + 1 < len(words) and words[at + 1].fold in vocabulary()["goes_on"]


def _body_or_person(words: Sequence[Word], sentence: str, first: int, last: int) -> Named | None:
    while first < last and mark(words[first]) in {"determiner", "number", "connector"}:
        first += 1
    for at in range(first, last - 1):
        if words[at].text.endswith(_POSSESSIVE) and not _goes_on(words, at):
            inner = _owner_or_rest(words, sentence, first, at + 1, last)
            if inner is not None:
                return inner
    if first >= last:
        return None
    named = _spoken_for(words, sentence, first, last) or _plain(words, sentence, first, last)
    return None if named is not None and _is_only_place(named) else named


def _is_only_place(named: Named) -> bool:
    """A place alone says nothing; one word of lower case may be a last name, as in Houston said."""
    if named.role or named.kind not in {"person", "body"}:
        return False
    one_word = " " not in named.name and not _is_shouted(named.name)
    return not one_word and is_place(named.name)


def _is_shouted(name: str) -> bool:
    return len(name) > 1 and name.isupper()


def _owner_or_rest(
    words: Sequence[Word], sentence: str, first: int, cut: int, last: int
) -> Named | None:
    """Of "the FBI's Crime in the United States" the FBI; of "the city's police chief" the chief."""
    rest = [w.fold for w in words[cut:last]]
    if any(r in vocabulary()["speaking_nouns"] for r in rest):
        return _plain(words, sentence, cut, last)
    return _plain(words, sentence, first, cut)


def _spoken_for(words: Sequence[Word], sentence: str, first: int, last: int) -> Named | None:
    """Of "a spokesman for the FBI" the FBI; of "researchers at the University" both."""
    for at in range(first, last - 1):
        if mark(words[at]) == "noun" and words[at + 1].fold in {"for", "at", "with", "from"}:
            if words[at].fold.startswith("spokes"):
                return _plain(words, sentence, at + 2, last)
            return Named(_text(words, sentence, first, last), "group", first, last)
    return None


def _text(words: Sequence[Word], sentence: str, first: int, last: int) -> str:
    text = " ".join(sentence[words[first].start : words[last - 1].end].split())
    for ending in ("'s", "’s"):
        text = text.removesuffix(ending)
    has_bracket = "(" in text and sentence.startswith(")", words[last - 1].end)
    return text + ")" if has_bracket else text


def _plain(words: Sequence[Word], sentence: str, first: int, last: int) -> Named | None:
    """A person, a body or a group, without possessives and reports."""
    while first < last and mark(words[first]) in {"determiner", "connector", "number"}:
        first += 1
    if first >= last:
        return None
    capitals = [i for i in range(first, last) if mark(words[i]) == "capital"]
    if not capitals:
        return _common(words, _text(words, sentence, first, last), first, last)
    while _is_mere_modifier(words[first]):
        first += 1
    text = _text(words, sentence, first, last)
    titled = _titled(words, sentence, first, last)
    known = known_body(text) or _known_inside(words, capitals)
    if known and (titled is None or titled.kind != "person"):
        return Named(known, "body", first, last)
    return titled or _capitalized(words, sentence, first, last)


def _is_mere_modifier(word: Word) -> bool:
    if word.text[0].islower():
        return word.fold in vocabulary()["modifiers"]
    return mark(word) == "modifier"


def _known_inside(words: Sequence[Word], capitals: list[int]) -> str | None:
    """A known abbreviation at the head of a longer phrase: "FBI Uniform Crime Report"."""
    first = words[capitals[0]].text
    return known_body(first) if _is_acronym(first) else None


def _common(words: Sequence[Word], text: str, first: int, last: int) -> Named | None:
    folds = [w.fold for w in words[first:last]]
    if not any(f in vocabulary()["speaking_nouns"] for f in folds):
        return None
    head = folds[-1] if "of" not in folds else folds[folds.index("of") - 1]
    kind: NameKind = "role" if head in vocabulary()["titles"] else "group"
    return Named(text.lower() if kind == "role" else text, kind, first, last, text.lower())


def _titled(words: Sequence[Word], sentence: str, first: int, last: int) -> Named | None:
    """A person after an office: "St. Louis Police Chief Ana Ruiz"."""
    titles = vocabulary()["titles"]
    at = [i for i in range(first, last) if words[i].fold in titles]
    if not at:
        return None
    if at[-1] + 1 >= last:
        return _office(words, sentence, first, last)
    start = at[-1] + 1
    after = [mark(w) for w in words[start:last]]
    if after[0] != "capital" or words[start].fold in vocabulary()["bodies"]:
        return None
    stop = start + next((i for i, m in enumerate(after) if m not in {"capital", ""}), len(after))
    role = " ".join(w.fold for w in words[first:start])
    return Named(_text(words, sentence, start, stop), "person", first, stop, role)


def _office(words: Sequence[Word], sentence: str, first: int, last: int) -> Named:
    text = _text(words, sentence, first, last)
    return Named(text, "role", first, last, " ".join(w.fold for w in words[first:last]))


def _capitalized(words: Sequence[Word], sentence: str, first: int, last: int) -> Named | None:
    if words[last - 1].text in vocabulary()["not_first"]:
        return None  # "Violent crime reported in the city"
    folds = {w.fold for w in words[first:last]}
    marks = {mark(w) for w in words[first:last]}
    text = _text(words, sentence, first, last)
    common = bool(folds & vocabulary()["speaking_nouns"]) and "noun" in marks
    if folds & vocabulary()["bodies"] or common or _is_acronym(text) or "(" in text:
        return Named(text, "body", first, last)
    if "modifier" in marks or "noun" in marks:
        return None
    return Named(text, "person", first, last)


def is_place(name: str) -> bool:
    """Whether a name is that of a place and nothing more; its police or its office is a body.

    >>> is_place("New York City"), is_place("United States"), is_place("Ohio Police")
    (True, True, False)
    """
    words = words_in(name)
    covered = {i for f in find_places(list(words)) for i in range(f.first, f.last)}
    rest = {w.fold for i, w in enumerate(words) if i not in covered}
    return bool(covered) and rest <= vocabulary()["connectors"]


def last_name(person: str) -> str:
    """The word by which a person is called the second time.

    >>> last_name("Louis Cappelli Jr."), last_name("Ana Ruiz")
    ('Cappelli', 'Ruiz')
    """
    parts = [p for p in person.split() if fold(p) not in {"jr", "sr", "ii", "iii", "iv"}]
    return parts[-1] if parts else person
