"""A Checked claim: what the records say to it. Records only; check fills them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

from baserate.claims.article import Article
from baserate.claims.claim import Claim
from baserate.errors import Caveat
from baserate.measure.answer import Answer
from baserate.measure.effects.found import EffectFound

ClaimVerdict = Literal[
    "supported", "contradicted", "misleading", "can't tell", "not a checkable statement",
]  # fmt: skip
CLAIM_VERDICTS: tuple[ClaimVerdict, ...] = get_args(ClaimVerdict)


@dataclass(frozen=True, slots=True)
class Need:
    """What would settle a claim that the records at hand cannot, and how to get it."""

    what: str
    command: str | None


@dataclass(frozen=True, slots=True)
class AsOf:
    """What the records said on one day: the verdict by the figures published until then."""

    day: date
    verdict: ClaimVerdict
    why: str
    answer: Answer | None


@dataclass(frozen=True, slots=True)
class Trap:
    """A usual way to be misled that bites here. `key` is that of claims/check/traps.toml."""

    key: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """One claim with its verdict by the records as they stand now.

    `why` is one or two sentences with the figures. `answer` is None where nothing was asked.
    `then` is the verdict as it stood when the article was written; None where the releases at
    hand do not reach back. `needs` is empty unless the verdict is can't tell. `study` is what a
    claim about a program's effect was held against, where a study of it is known.
    """

    claim: Claim
    verdict: ClaimVerdict
    why: str
    answer: Answer | None = None
    then: AsOf | None = None
    traps: tuple[Trap, ...] = ()
    caveats: tuple[Caveat, ...] = ()
    needs: tuple[Need, ...] = ()
    study: EffectFound | None = None


@dataclass(frozen=True, slots=True)
class Inconsistency:
    """Something that an article says and that its own other words contradict, with no data at all.

    `start` and `end` are offsets in the article; `text` says in one sentence what does not fit.
    """

    start: int
    end: int
    kind: Literal["count of names", "parts and total", "percent of its own numbers", "direction"]
    text: str


@dataclass(frozen=True, slots=True)
class CheckedArticle:
    """One article with every claim found in it, checked, and what it contradicts of itself."""

    article: Article
    checked: tuple[Checked, ...]
    inconsistencies: tuple[Inconsistency, ...] = ()
