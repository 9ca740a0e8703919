"""Statements that the text itself says are false."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import pairwise

from baserate.claims.claim import Sentence
from baserate.claims.speakers.attribution import find_speakers
from baserate.claims.speakers.names import vocabulary, words_in
from baserate.terms.words import Word, folds_of

_LONGEST_DENIAL = 80  # characters of "That's not true."
_CLAIMING = frozenset({"said", "says", "claimed", "claims"})
_DENIED_BEFORE = 3  # sentences in which a disputed statement stands before its denial


def denials_of(sentences: Sequence[Sentence]) -> list[bool]:
    """For each sentence, whether the text says that what is claimed in it is false.

    In the sentence itself ("falsely claimed", "but the records say otherwise"), in the next one
    ("False."), or by somebody who disputes it soon after.
    """
    denied = [not _is_denial(s.text) and _denies_itself(s.text) for s in sentences]
    for i, sentence in enumerate(sentences):
        before = i - 1
        if before >= 0 and _is_denial(sentence.text):
            denied[before] = True
        elif (who := _disputed(sentence.text)) is not None:
            for j in _spoken_by(who, sentences, i):
                denied[j] = True
    return denied


@cache
def _denials(where: str) -> frozenset[str]:
    return frozenset(" ".join(folds_of(p)) for p in vocabulary()["denial"][where])


def _denies_itself(text: str) -> bool:
    if any(s.how == "denied" for s in find_speakers(text)):
        return True
    said = f" {' '.join(w.fold for w in words_in(text))} "
    if any(f" {phrase} " in said or f" {phrase}s " in said for phrase in _denials("inside")):
        return True
    return _calls_a_claim_untrue(said)


def _calls_a_claim_untrue(said: str) -> bool:
    """ "The claim that murders doubled is false"."""
    claims = (said.find(f" {noun} that ") for noun in _denials("nouns"))
    first = min((at for at in claims if at >= 0), default=-1)
    return first >= 0 and any(said.find(f" {how} ", first) >= 0 for how in _denials("untrue"))


def _is_denial(text: str) -> bool:
    if len(text) > _LONGEST_DENIAL:
        return False
    folds = [w.fold for w in words_in(text)]
    starts = folds[1:] if folds[:1] in (["but"], ["well"], ["no"]) else folds
    return " ".join(starts) in _denials("next")


def _disputed(text: str) -> str | None:
    """Whose claim a sentence disputes: "disputed Hill's claim", "contrary to what he said"."""
    words = words_in(text)
    denial = vocabulary()["denial"]
    for at, word in enumerate(words):
        if word.fold in denial["disputes"] or _contrary(words, at):
            after = words[at + 1 : at + 10]
            owner = next((w.fold for w in after if w.text.endswith(("'s", "’s"))), None)
            if owner is not None and any(w.fold in denial["claims"] for w in after):
                return owner
            said = next((w.fold for w, v in pairwise(after) if v.fold in _CLAIMING), None)
            if said is not None:
                return said
    return None


def _contrary(words: Sequence[Word], at: int) -> bool:
    """ "Contrary to what he said"."""
    if words[at].fold not in {"contrary", "despite"}:
        return False
    two = " ".join(w.fold for w in words[at : at + 2])
    return two in vocabulary()["denial"]["contrary"]


def _spoken_by(who: str, sentences: Sequence[Sentence], before: int) -> list[int]:
    """The last sentence before which that person speaks."""
    for j in range(before - 1, max(-1, before - 1 - _DENIED_BEFORE), -1):
        if any(who in folds_of(s.name) for s in find_speakers(sentences[j].text)):
            return [j]
    return []
