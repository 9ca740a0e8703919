"""Two lists in one sentence: "Georgia and Florida had rates of 410.6 and 604.9, respectively"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from baserate.claims.scan import Mention, Scan
from baserate.claims.statement import Statement


def respectively(said: Sequence[Statement], scan: Scan) -> list[Statement]:
    """Statements in which the first figure goes with the first place, year or offense, and so on.

    Unchanged where the sentence does not say "respectively", or where the lists differ in length.
    """
    figures = [m for m in scan.of("size") if m.size and m.size.unit in {"count", "per_100k", "percent"}]
    if len(figures) < 2 or "respectively" not in {w.fold for w in scan.words}:
        return list(said)
    for listed in _lists(scan, figures):
        return _paired(said, figures, listed)
    return list(said)


def _lists(scan: Scan, figures: Sequence[Mention]) -> list[list[Mention]]:
    places, offenses = scan.of("place"), scan.of("offense")
    years = [m for m in scan.of("time") if m.time and m.time.period and m.time.period.is_one_year]
    named = [list({m.key: m for m in offenses}.values()), places, years]
    return [each for each in named if len(each) == len(figures)]


def _paired(said: Sequence[Statement], figures: Sequence[Mention], listed: Sequence[Mention]) -> list[Statement]:
    values = {m.size.value: at for at, m in enumerate(figures) if m.size is not None}
    paired: dict[tuple[float, str], Statement] = {}
    others: list[Statement] = []
    for each in said:
        at = values.get(each.magnitudes[0].value) if each.magnitudes else None
        if at is None:
            others.append(each)
            continue
        partner = listed[at]
        if partner.kind == "place":
            each = replace(each, where=partner.where, own=None)
        elif partner.kind == "offense":
            each = replace(each, offense=partner.key)
        else:
            each = replace(each, period=partner.time)
        paired.setdefault((each.magnitudes[0].value, each.kind), each)
    return [*paired.values(), *others]
