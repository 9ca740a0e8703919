"""Which statements are about crime figures at all, and which no record could settle."""

from __future__ import annotations

import re

from baserate.claims.scan import Scan
from baserate.claims.statement import Statement

REASONS = {
    "forecast": "a forecast or a pledge: no record of the past can settle it",
    "purpose": "an aim, not a report",
    "condition": "said of what would happen, not of what did",
}
_PEOPLE_CASES = frozenset(
    {
        "people",
        "victims",
        "cases",
        "incidents",
        "deaths",
        "reports",
        "persons",
        "fatalities",
        "offenses",
        "crimes",
        "killings",
        "total",
        "men",
        "women",
    }
)


def is_about_crime(said: Statement, scan: Scan, *, follows: bool) -> bool:
    """Whether a statement gives a crime figure; `follows` says that the text has been about one."""
    if _POLLED.search(scan.text):
        return False
    if (
        "poll" in scan.framing
        and said.kind in {"share", "count", "change"}
        and not _counts_offenses(said, scan)
    ):
        return False
    if not said.names_offense:
        return follows and _continues(said, scan)
    if said.kind in {"count", "level"}:
        return _is_count_of_crime(said, scan)
    if said.kind == "trend":
        return _is_trend(said, scan)
    if said.kind == "share":
        return "elsewhere" not in scan.framing
    if said.kind == "comparison" and "population" in [w.fold for w in scan.words]:
        return False
    return not (said.kind == "rank" and "elsewhere" in scan.framing)


_POLLED = re.compile(
    r"(?:percent|%|majority|half|third|quarter)(?: of (?:[\w'’-]+ ){1,4}| )(?:have |had |also )?"
    r"(?:say|said|saying|think|thought|believe|believed|feel|felt|worry|worried|answered|agreed|cited)\b"
)


def _counts_offenses(said: Statement, scan: Scan) -> bool:
    sizes = [m.size for m in scan.of("size") if m.size]
    return any(s.of for s in sizes) and bool(scan.of("up", "down"))


def _continues(said: Statement, scan: Scan) -> bool:
    """ "That is a 37 percent increase.", "New Hampshire had 0.9.", "There were 353 in 2014." """
    if scan.framing & {"elsewhere", "poll", "incident"}:
        return False
    values = {m.value for m in said.magnitudes}
    sizes = [m.size for m in scan.of("size") if m.size and m.size.value in values]
    cases = _PEOPLE_CASES - {"people", "men", "women", "persons"}
    if any(s.of and scan.text[s.of[0] : s.of[1]].lower() not in cases for s in sizes):
        return False
    if said.kind == "comparison":
        compared = bool(said.comparator) and bool(scan.of("number", "rate"))
        return (bool(said.magnitudes or said.against) or compared) and "population" not in {w.fold for w in scan.words}
    if said.kind == "change":
        return bool(said.magnitudes)
    if said.kind in {"count", "level"}:
        return bool(said.magnitudes) and bool(said.where or said.period)
    if said.kind == "extremum":
        timed = said.time("since", "low_high", "last_time") or (said.period and said.magnitudes)
        return bool(timed or scan.of("on_record"))
    if said.kind == "rank":
        return said.where is not None and any(m.value != 1 or m.unit != "rank" for m in said.magnitudes)
    return said.kind == "trend" and bool(said.time("streak", "span", "since"))


def _is_count_of_crime(said: Statement, scan: Scan) -> bool:
    size = next(
        (
            m
            for m in scan.of("size")
            if m.size and said.magnitudes and m.size.value == said.magnitudes[0].value
        ),
        None,
    )
    if size is None or size.size is None:
        return False
    if size.size.unit == "per_100k":
        return True
    of = size.size.of
    offenses = scan.of("offense")
    bound = of is not None and any(
        of[0] <= o.start < of[1] or o.start <= of[0] < o.end for o in offenses
    )
    words = [
        len(scan.text[min(o.end, size.end) : max(o.start, size.start)].split()) for o in offenses
    ]
    near = bool(words) and min(words) <= (15 if scan.of("number") else 6)
    if of is not None and not bound and scan.text[of[0] : of[1]].lower() not in _PEOPLE_CASES:
        return False
    if scan.framing & {"incident", "method"} and not said.times and said.period is None:
        return False
    if scan.framing & {"incident", "method"} and size.size.value < 10:
        return False
    timed = said.period is not None or bool(said.times)
    if size.size.value < 4 and not timed and not scan.of("number", "rate"):
        return False
    return bound or (
        near and (timed or bool(scan.of("number", "rate", "up", "down", "high", "low")))
    )


def _is_trend(said: Statement, scan: Scan) -> bool:
    """A direction alone is a report only where it stands close to the offense or names a time."""
    if said.period or said.times:
        return True
    moved, offenses = scan.of("up", "down", "none"), scan.of("offense")
    gaps = [
        len(scan.text[min(m.end, o.end) : max(m.start, o.start)].split())
        for m in moved
        for o in offenses
    ]
    generic = all(
        scan.text[m.start : m.end].lower() in _GENERIC and scan.before(m.start)[-1:] not in (["a"], ["an"], ["the"], ["this"])
        and scan.after(m.end)[:1] not in (["in"], ["of"])
        for m in moved
    )
    if moved and generic and not {"saw", "seen", "see", "seeing", "sees", "watched", "did", "does"} & {w.fold for w in scan.words}:
        return False
    return not scan.framing & {"elsewhere", "poll"} or (bool(gaps) and min(gaps) <= 3)


_GENERIC = frozenset({"rise", "rises", "increase", "increases", "fall", "falls", "drop", "drops", "decrease", "decreases", "decline", "declines", "go up", "go down", "goes up", "goes down", "come down", "climb", "grow"})
