"""What published cells can and cannot say, in sentences."""

from __future__ import annotations

from collections.abc import Iterator

from baserate.evaluate.published_study import ExtremeRead, PublishedEvaluation
from baserate.measure.effects import sentences
from baserate.measure.effects.cells import smallest_visible
from baserate.terms.offenses import offense

TRIED = (10.0, 20.0, 30.0)  # points of scatter, where none is known
GET_CITIES = "baserate fetch marshall_cities && baserate add ucr_crime_1975_2015.csv"


def finding(found: PublishedEvaluation) -> str:
    """The cells, their difference, and whether it can be told from chance."""
    first, last = found.study.years
    what = offense(found.study.offense).name.capitalize()
    said = f"{what} {sentences.comparison(found.main)}, {first} to {last}."
    if found.borne is None:
        return f"{said} {sentences.without_interval(found.main)}"
    return f"{said} {_borne(found)}"


def _borne(found: PublishedEvaluation) -> str:
    borne, spread = found.borne, found.spread
    assert borne is not None
    assert spread is not None
    told = "can" if borne.is_told else "cannot"
    return (
        f"With {found.study.units} that scatter by {spread.points:.1f} points, as {_whose(found)}, "
        f"it {told} be told from chance: {borne.lower:+.1f} to {borne.upper:+.1f} points."
    )


def _whose(found: PublishedEvaluation) -> str:
    assert found.spread is not None
    if found.spread.by == "study":
        return "the study states"
    return f"the {len(found.spread.changes)} at hand did"


def can_say(found: PublishedEvaluation) -> tuple[str, ...]:
    """What follows from the cells by arithmetic alone."""
    return tuple(_can_say(found))


def _can_say(found: PublishedEvaluation) -> Iterator[str]:
    main = found.main
    yield (
        f"{main.treated.percent:+g} less {main.other.percent:+g} is "
        f"{sentences.points(main.points)}: that is how far the change of "
        f"{sentences.group(main.treated)} goes beyond that of {sentences.group(main.other)}."
    )
    if main.largest_spread_told is not None:
        yield (
            f"It is told from chance at 5% only if the changes of single {found.study.units} have "
            f"a standard deviation below {main.largest_spread_told:.1f} points."
        )
        yield _visible(found)


def _visible(found: PublishedEvaluation) -> str:
    if found.borne is not None and found.spread is not None:
        return (
            f"At {found.spread.points:.1f} points, so many {found.study.units} show no difference "
            f"smaller than {found.borne.smallest_visible:.1f} points (80 in 100, at 5%)."
        )
    treated, others = found.main.treated.units, found.main.other.units
    assert treated
    assert others
    seen = [f"{smallest_visible(s, treated, others):.1f} at {s:g}" for s in TRIED]
    return (
        "The smallest difference that so many would show (80 in 100, at 5%), by the scatter in "
        f"points: {', '.join(seen)}."
    )


def cannot_say(found: PublishedEvaluation) -> tuple[str, ...]:
    """What the cells are taken to say and do not."""
    return tuple(_cannot_say(found))


def _cannot_say(found: PublishedEvaluation) -> Iterator[str]:
    cells = found.study.cells
    if found.spread is None or found.spread.by == "records":
        yield "An interval of the difference: the spread of single places was not published."
    for contrast in cells.mixed:
        said = sentences.mixed(contrast, cells.factor)
        yield f"{said[:1].upper()}{said[1:]}."
    if cells.missing:
        yield (
            f"To tell the program from {cells.factor}, cells are missing: "
            f"{sentences.missing(cells)}."
        )
    for each in found.extremes:
        yield extreme(found, each)
    yield sentences.NOT_BY_LOT


def extreme(found: PublishedEvaluation, each: ExtremeRead) -> str:
    """A quoted extreme beside what scatter alone brings about."""
    way = "fall" if each.extreme.percent < each.mean else "rise"
    said = (
        f"{each.extreme.percent:+g}%, quoted of {each.extreme.of}, is not an effect: among "
        f"{each.units} {found.study.units} without any, the largest {way} expected is as large "
        f"where changes scatter by {each.spread_needed:.1f} points."
    )
    if each.expected is not None and found.spread is not None and each.chance is not None:
        said += (
            f" At {found.spread.points:.1f} points it is {each.expected:+.0f}%, and at least one "
            f"goes so far in {_of_100(each.chance)} such tables."
        )
    if each.seen is not None and found.spread is not None:
        said += f" Of the {len(found.spread.changes)} at hand, {each.seen} did."
    return said


def _of_100(chance: float) -> str:
    share = round(100 * chance)
    return "more than 99 of 100" if share == 100 else f"{share} of 100"


def claim_words(found: PublishedEvaluation) -> str:
    """The effect that somebody claimed, end by end; '' where none was."""
    claimed = found.study.claimed
    if claimed is None:
        return ""
    ends = dict.fromkeys(sorted(claimed, key=abs))
    said = " to ".join(f"{end:+g}%" for end in ends)
    known = [found.study.cells.printed_as(end) for end in ends]
    parts = dict.fromkeys(sentences.identity(each) for each in known if each is not None)
    told = "; ".join(parts) or "no cell is so large"
    last = " These are no two ends of one effect." if len(ends) > 1 else ""
    return (
        f"Claimed was {said}. {told[:1].upper()}{told[1:]}.{last} What the cells leave is "
        f"{sentences.points(found.main.points)}."
    )


def spread_words(found: PublishedEvaluation) -> str:
    """Where the scatter is from, or how to get one."""
    study, spread = found.study, found.spread
    first, last = study.years
    if spread is None:
        return f"none was published, and no {study.units} at hand have both {first} and {last}"
    if spread.by == "study":
        return f"{spread.points:.1f} points, as the study states"
    size = f" of {study.at_least:,} people or more" if study.at_least else ""
    return (
        f"{spread.points:.1f} points: standard deviation of the change in the rate per 100,000 "
        f"people from {first} to {last} in the {len(spread.changes)} {study.units}{size} at hand, "
        f"whether treated or not ({'; '.join(spread.sources)})"
    )


def plan_words(found: PublishedEvaluation) -> str:
    """What is compared, with nothing of how it came out."""
    treated, other = found.main.treated, found.main.other
    return (
        f"{len(found.study.cells.cells)} published cells; {sentences.group(treated)} are set "
        f"against {sentences.group(other)}, {found.study.years[0]} to {found.study.years[1]}."
    )


def power_words(found: PublishedEvaluation) -> str:
    """What the cells could show, by the scatter alone."""
    return _visible(found) if found.main.largest_spread_told else "No numbers of units are given."
