"""What studies and published cells say, in the sentences that evaluate and check have in common."""

from __future__ import annotations

from baserate.measure.effects.published import Cell, Contrast, Extreme, PublishedCells

NOT_BY_LOT = (
    "The groups were not drawn by lot and are compared as they stand, so whatever else they "
    "differ in is in the difference too."
)


def comparison(contrast: Contrast) -> str:
    """The two cells and the difference between them.

    >>> comparison(Contrast(Cell("targets", True, -4.1, 82), Cell("others", False, -0.9, 170)))
    'changed by -4.1% in the 82 targets and by -0.9% in the 170 others, a difference of -3.2 points'
    """
    treated, other = contrast.treated, contrast.other
    return (
        f"changed by {treated.percent:+g}% in {group(treated)} and by {other.percent:+g}% in "
        f"{group(other)}, a difference of {points(contrast.points)}"
    )


def points(value: float) -> str:
    """Percentage points with their sign.

    >>> points(-3.2), points(1.0)
    ('-3.2 points', '+1.0 points')
    """
    return f"{value:+.1f} points"


def group(cell: Cell) -> str:
    """A group by its name, with how many units it has where that is known."""
    return f"the {cell.units:,} {cell.name}" if cell.units else cell.name


def without_interval(contrast: Contrast) -> str:
    """Why the difference has no interval, and what would have to hold for it to be told."""
    said = "How much single places scatter was not published, so the difference has no interval"
    spread = contrast.largest_spread_told
    if spread is None:
        return f"{said}."
    return (
        f"{said}; it could be told from chance only if their changes scattered by less than "
        f"{spread:.1f} points."
    )


def identity(found: Cell | Extreme) -> str:
    """What a percent that somebody quoted is in fact.

    >>> identity(Extreme(-42, "specific jurisdictions", ""))
    '-42% is quoted of specific jurisdictions, and the largest change of some is no effect on all'
    """
    if isinstance(found, Extreme):
        return (
            f"{found.percent:+g}% is quoted of {found.of}, and the largest change of some is no "
            "effect on all"
        )
    return (
        f"{found.percent:+g}% is the whole change of {group(found)}, before anything is compared "
        "with it"
    )


def mixed(contrast: Contrast, factor: str) -> str:
    """A pair that differs in two things."""
    return (
        f"{contrast.treated.name} ({contrast.treated.percent:+g}%) and {contrast.other.name} "
        f"({contrast.other.percent:+g}%) lie {abs(contrast.points):.1f} points apart and differ in "
        f"two things, the program and {factor}; the difference is no effect of either"
    )


def missing(cells: PublishedCells) -> str:
    """The cells that would tell two factors apart; '' where all are there."""
    lacking = [
        f"{'treated' if treated else 'untreated'} where {cells.factor} is {level}"
        for treated, level in cells.missing
    ]
    return " and ".join(lacking)


def smallest_seen(percent: float) -> str:
    """What a study's most sensitive design finds with probability 0.80 at 5%.

    >>> smallest_seen(24.3)
    'The most sensitive design here finds 24% four times in five; what is less is often missed.'
    """
    return (
        f"The most sensitive design here finds {percent:.0f}% four times in five; what is less is "
        "often missed."
    )
