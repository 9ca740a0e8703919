"""Where one part of a sentence ends and the next begins: marks and joining words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from baserate.claims import lexicon
from baserate.claims.scan.mention import Mention
from baserate.claims.scan.spans import Spans
from baserate.claims.sizes.find import Size
from baserate.claims.times.find import TimeMention

CLOSING, CLAUSE, LISTING = "3", "2", "1"  # how strongly each kind of separator separates


def separators(text: str, times: Sequence[TimeMention], sizes: Sequence[Size]) -> Iterator[Mention]:
    """The separators of a sentence, but for those inside a time or a size.

    >>> [(m.start, m.key) for m in separators("Rape rose, but arson fell; theft, too.", [], [])]
    [(9, '2'), (25, '3'), (32, '1')]
    """
    dated, counted = Spans((t.start, t.end) for t in times), Spans((s.start, s.end) for s in sizes)
    for match in _separator().finditer(text):
        start, end = match.span()
        if not dated.touch(start, end) and not counted.surround(start, end):
            yield Mention("sep", start, end, key=_strength(match[0].strip().lower()))


@cache
def _separator() -> re.Pattern[str]:
    """A mark; or a joining word, with the comma before it; or a comma alone."""
    joining = lexicon.either("separator", "clause", "listing")
    return re.compile(
        rf"[;:()–—]|\s-{{1,2}}\s|--|,(?:\s{joining}\b|(?=\s))|\b{joining}\b", re.IGNORECASE
    )


def _strength(said: str) -> str:
    if said[:1] in {";", ":", "(", ")", "–", "—", "-"}:
        return CLOSING
    return CLAUSE if said.lstrip(", ") in lexicon.words("separator", "clause") else LISTING
