"""Of which place each statement of a frame is, and with which it is compared."""

from __future__ import annotations

from baserate.claims.claim import ClaimKind, Where
from baserate.claims.classify.ends import none_is_more, than_any_place
from baserate.claims.classify.offenses import MOST_OFFENSES, other_offense
from baserate.claims.classify.reading import Reading
from baserate.claims.frames.frame import THE_NATION
from baserate.claims.lexicon import words
from baserate.claims.statement import Own

_MOST_PLACES = MOST_OFFENSES


def places_said_of(reading: Reading, kind: ClaimKind) -> list[Where | None]:
    """The places of which a frame says this kind of thing; None where it leaves the place open."""
    frame, places = reading.frame, reading.places
    if kind == "comparison" and other_offense(reading) is not None:
        places = [*places, *frame.against]
    wheres = [m.where for m in places if m.where is not None]
    if _is_national_average(reading):
        return [THE_NATION]
    if kind == "rank" and none_is_more(reading) and frame.against:
        return [frame.against[0].where]
    if not wheres:
        return [None]
    if kind == "share":
        return [_place_of_share(reading, wheres)]
    if kind == "rank" and than_any_place(reading):
        return [wheres[0]]  # the others are its exceptions
    if kind == "rank" or (kind == "extremum" and len(wheres) > 1):
        local = next((w for w in wheres if w.label != THE_NATION.label), None)
        return [local if local or kind == "rank" else wheres[0]]
    if len(wheres) > 1 and not words("classify", "together").isdisjoint(reading.folds):
        return [Where(" and ".join(w.label for w in wheres))]
    figure = frame.figure("main", "to")
    if kind in {"count", "level"} and figure is not None and len(places) > 1:
        at = figure.mention.start
        return [min(places, key=lambda m: abs(m.start - at)).where]
    return list(dict.fromkeys(wheres[:_MOST_PLACES]))


def own_place(reading: Reading, kind: ClaimKind) -> Own | None:
    """What "the city" or "statewide" stands for in a frame that names no place."""
    for frame in reading.chain:
        if frame.places and (kind != "share" or _is_within_own(reading)):
            return None
        if frame.own:
            return _own(frame.own[0].key)
    return None


def place_against(reading: Reading, kind: ClaimKind) -> Where | None:
    """The place a comparison is with, or the one whose whole a share is of."""
    frame = reading.frame
    if kind == "share":
        if _is_within_own(reading):
            return None
        places = frame.where if frame.own else frame.where[1:]
        return places[0] if places else None
    if kind != "comparison" or other_offense(reading) is not None:
        return None
    if frame.against:
        return frame.against[0].where
    return THE_NATION if frame.average is not None else None


def ranked_among(reading: Reading, kind: ClaimKind) -> str | None:
    """What a rank is among: 'states' or 'cities'; None where it is not said."""
    among = reading.frame.among
    if kind != "rank" or among is None:
        return None
    return "states" if among.kind == "among_states" else "cities"


def _own(key: str) -> Own:
    match key:
        case "city" | "state":
            return key
        case _:
            return "county"


def _place_of_share(reading: Reading, wheres: list[Where]) -> Where | None:
    """ "The rise was driven by Chicago": the part comes last."""
    frame = reading.frame
    if frame.share is not None and frame.share.key == "driven by":
        return wheres[-1]
    return None if frame.own and not _is_within_own(reading) else wheres[0]


def _is_within_own(reading: Reading) -> bool:
    """ "Half of the murders in the state happened in Reno": the part is the place named last."""
    frame = reading.frame
    if not (frame.own and frame.places and frame.percent):
        return False
    return frame.percent.end <= frame.own[0].start < frame.places[0].start


def _is_national_average(reading: Reading) -> bool:
    """ "The national average is 4.8": a figure of the nation."""
    frame = reading.frame
    if frame.average is None or frame.direction or frame.factor or frame.percent:
        return False
    return bool(frame.figures) and frame.average.key in words("classify", "of_nation")
