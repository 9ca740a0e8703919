"""Which of the offenses that a frame names it is of, and which are only said in passing."""

from __future__ import annotations

from collections.abc import Sequence

from baserate.claims.frames import Frame
from baserate.claims.lexicon import words
from baserate.claims.scan import Mention, Scan


def named_offenses(chain: Sequence[Frame], scan: Scan) -> list[Mention]:
    """The offenses of the nearest frame that names any; `chain` begins with the frame itself."""
    lists_several = len(chain[0].offenses) > 1
    for frame in chain:
        if not frame.offenses:
            continue
        if frame is not chain[0] and (frame.share or frame.partitive):
            return frame.offenses[:1]
        return _without_asides(frame.offenses, scan, lists_several=lists_several)
    return []


def _without_asides(
    offenses: Sequence[Mention], scan: Scan, *, lists_several: bool
) -> list[Mention]:
    asides = _asides(offenses, scan, lists_several=lists_several)
    asides += _of_reports(offenses, scan)
    asides += _of_any_kind(offenses, scan)
    passed = {(m.start, m.key) for m in asides}
    kept = [m for m in offenses if (m.start, m.key) not in passed]
    if asides and len(kept) == 1 and scan.before(kept[0].start) == ["other"]:
        return asides  # "murder, rape and other violent crime"
    return kept or list(offenses[:1])


def _asides(offenses: Sequence[Mention], scan: Scan, *, lists_several: bool) -> list[Mention]:
    """Offenses that only say what is in another: "violent crime (murder, rape ...)"."""
    asides: list[Mention] = []
    before: Mention | None = None
    for each in offenses:
        gap = scan.text[before.end : each.start] if before else ""
        bracketed = before is not None and gap.strip() in {"(", "—", "-", "--", "–"}
        glued = set(gap.replace(",", " ").split()) <= words("classify", "listing")
        follows = bool(asides) and asides[-1] is before and glued
        if bracketed or follows or _is_aside(each, scan, lists_several=lists_several):
            asides.append(each)
        before = each
    return asides


def _is_aside(mention: Mention, scan: Scan, *, lists_several: bool) -> bool:
    before = scan.before(mention.start, 3)
    if lists_several and "among" in before:
        return True
    return not words("classify", "naming_parts").isdisjoint(before) or (
        " ".join(before[-2:]) in words("classify", "naming_parts")
    )


def _of_reports(offenses: Sequence[Mention], scan: Scan) -> list[Mention]:
    """ "Crime" in "the crime reports show that murder fell", where another offense is named."""
    named = [m for m in offenses if m.key == "all_crime" and _names_report(m, scan)]
    return named if len(named) < len(offenses) else []


def _of_any_kind(offenses: Sequence[Mention], scan: Scan) -> list[Mention]:
    """ "Violent crimes rose to 1.2 million offenses": the offenses are those named before."""
    return [
        m
        for m in offenses[1:]
        if scan.text[m.start : m.end].lower() in words("classify", "any_crimes")
        and offenses[0].key != m.key
    ]


def _names_report(mention: Mention, scan: Scan) -> bool:
    return not words("classify", "reports").isdisjoint(scan.after(mention.end))
