"""An article's text cut where claims begin and end. Nothing is added and nothing left out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from baserate.claims.article import Article
from baserate.claims.checked import Checked, Inconsistency

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Segment:
    """One stretch of the text, and what covers all of it.

    `start` is its offset in the article. `claims` and `inconsistencies` are numbers, counted
    from 1 in the order in which they were given.
    """

    start: int
    text: str
    claims: tuple[int, ...] = ()
    inconsistencies: tuple[int, ...] = ()

    @property
    def end(self) -> int:
        """The offset after its last character."""
        return self.start + len(self.text)


def marked(
    article: Article, checked: Sequence[Checked], inconsistencies: Sequence[Inconsistency] = ()
) -> tuple[Segment, ...]:
    """The text in segments. Their texts, joined, are the article's text, whatever the spans.

    >>> marked(Article(article_id="a", text="Murders fell."), ())
    (Segment(start=0, text='Murders fell.', claims=(), inconsistencies=()),)
    """
    size = len(article.text)
    claims = [clamped(c.claim.start, c.claim.end, size) for c in checked]
    odd = [clamped(i.start, i.end, size) for i in inconsistencies]
    return tuple(
        Segment(start, article.text[start:end], by_claims, by_odd)
        for (start, end), by_claims, by_odd in _stretches(claims, odd, size)
    )


def clamped(start: int, end: int, size: int) -> Span:
    """A span that lies within a text of that size; empty where it would run backwards."""
    first = min(max(start, 0), size)
    return first, min(max(end, first), size)


def _stretches(
    claims: Sequence[Span], odd: Sequence[Span], size: int
) -> Iterator[tuple[Span, tuple[int, ...], tuple[int, ...]]]:
    """Each stretch between two cuts, with the numbers of the spans open in it."""
    opened: list[set[int]] = [set(), set()]
    at: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for kind, spans in enumerate((claims, odd)):
        for number, (start, end) in enumerate(spans, start=1):
            if start < end:
                at[start].append((kind, number))
                at[end].append((kind, number))
    for start, end in pairwise(sorted({0, size, *at})):
        for kind, number in at[start]:
            opened[kind] ^= {number}  # in at its start, out at its end
        yield (start, end), tuple(sorted(opened[0])), tuple(sorted(opened[1]))
