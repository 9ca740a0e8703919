"""Two lists in one sentence: "Georgia and Florida had rates of 4.4 and 6.1, respectively"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from baserate.claims.scan import Mention, Scan
from baserate.claims.statement import Statement

_LISTED = frozenset({"count", "per_100k", "percent"})


def respectively(said: Sequence[Statement], scan: Scan) -> list[Statement]:
    """Statements in which the first figure goes with the first place, year or offense, and so on.

    Unchanged where the sentence does not say "respectively", or where the lists differ in length.
    """
    if not said or all(w.fold != "respectively" for w in scan.words):
        return list(said)
    figures = [m for m in scan.of("size") if m.size and m.size.unit in _LISTED]
    partners = next((each for each in _lists(scan) if len(each) == len(figures)), [])
    return _paired(said, figures, partners) if len(partners) > 1 else list(said)


def _lists(scan: Scan) -> Iterator[Sequence[Mention]]:
    """What the figures may be listed for, offenses first."""
    yield list({m.key: m for m in scan.of("offense")}.values())
    yield scan.of("place")
    yield [m for m in scan.of("time") if m.time and m.time.period and m.time.period.is_one_year]


def _paired(
    said: Sequence[Statement], figures: Sequence[Mention], partners: Sequence[Mention]
) -> list[Statement]:
    """Each figure's statement with its partner, once; then those of no listed figure."""
    partner_of = {
        m.size.value: each for m, each in zip(figures, partners, strict=True) if m.size is not None
    }
    paired: dict[tuple[float, str], Statement] = {}
    others: list[Statement] = []
    for each in said:
        value = each.magnitudes[0].value if each.magnitudes else None
        partner = partner_of.get(value) if value is not None else None
        if value is None or partner is None:
            others.append(each)
        else:
            paired.setdefault((value, each.kind), _of_partner(each, partner))
    return [*paired.values(), *others]


def _of_partner(said: Statement, partner: Mention) -> Statement:
    match partner.kind:
        case "place":
            return replace(said, where=partner.where, own=None)
        case "offense":
            return replace(said, offense=partner.key)
        case _:
            return replace(said, period=partner.time)
