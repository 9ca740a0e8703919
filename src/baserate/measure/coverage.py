"""What partial coverage does to an answer: less than enough, and the sign must survive bounds.

Those who did not report had some crime, and nobody knows how much. Where too few people live
under agencies that reported, the verdict stands only if it would stand however the others had
fared, between no offense at all and twice the rate of those that reported (Manski's bounds, with
a limit on the upper side); else it is "can't tell".
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from baserate.errors import PartialCoverage
from baserate.measure.answer import Answer, Figure, Robustness
from baserate.sources.catalog import dataset
from baserate.store.open import Store
from baserate.terms.places import Place

ENOUGH = 0.80  # share of a place's people whose agencies reported
SAME = 0.01  # shares that are no further apart are taken as the same
MOST_OF_MISSING = 2.0  # times the rate of those that reported, at the most


def allow_for_coverage(answer: Answer) -> Answer:
    """The answer, with its verdict taken back where those who did not report could turn it.

    Counts are of those who reported, so that a change of coverage alone changes them.
    """
    figures = [f for f in (answer.earlier, answer.later) if f is not None]
    shares = [s for f in figures if (s := covered(f)) is not None]
    moved = len(shares) == 2 and abs(shares[0] - shares[1]) > SAME and not figures[0].per_head
    share = answer.coverage.share
    if share is None or (share >= ENOUGH and not moved):
        return answer
    said = (
        f"Only {100 * share:.0f}% of the people live where agencies reported "
        f"({100 * ENOUGH:.0f}% is taken as enough)."
    )
    if moved:
        said = (
            f"Agencies that police {100 * shares[0]:.0f}% of the people reported for "
            f"{figures[0].period}, and {100 * shares[1]:.0f}% for {figures[1].period}."
        )
    verdict = answer.verdict
    if answer.verdict == "recorded":
        note = f"{said} The figure is of those agencies; it says nothing of the others."
    elif len(figures) == 2 and share in shares and settled(figures[0], figures[1], verdict):
        note = (
            f"{said} The direction holds all the same: it would be so with no offense at all among "
            f"the others, and with {MOST_OF_MISSING:g} times the recorded rate among them."
        )
    else:
        verdict = "can't tell"
        note = (
            f"{said} Those who did not report could turn the answer: between no offense among them "
            f"and {MOST_OF_MISSING:g} times the recorded rate, the change has either sign."
        )
    kept = answer.robustness if verdict == answer.verdict else Robustness(choices=())
    caveats = (PartialCoverage(note), *answer.caveats)
    return replace(answer, verdict=verdict, robustness=kept, caveats=caveats)


def covered(figure: Figure) -> float | None:
    """The smallest share covered in any year of a figure; None where it is not known."""
    known = [r.covered for r in figure.rows if r.covered is not None]
    return min(known) if known else None


def settled(earlier: Figure, later: Figure, verdict: str) -> bool:
    """Whether no rates among those who did not report could turn the direction."""
    low, high = zip(bounds(earlier), bounds(later), strict=True)
    if verdict in {"up", "higher"}:
        return low[1] > high[0]
    if verdict in {"down", "lower"}:
        return high[1] < low[0]
    return False


def bounds(figure: Figure) -> tuple[float, float]:
    """The least and the most that the figure can have been with everyone in it.

    With share c covered at rate r and the others between 0 and m r, the rate of all is between
    c r and (c + (1 - c) m) r; the count of all is between the recorded k and k (1 + (1 - c) m / c).
    """
    share = covered(figure)
    if share is None or not share:
        return figure.value, figure.value
    most = (1 - share) * MOST_OF_MISSING
    if figure.per_head:
        return share * figure.rate, (share + most) * figure.rate
    return float(figure.offenses), figure.offenses * (1 + most / share)


def coverage_by_year(store: Store, where: Place) -> list[dict[str, Any]]:
    """Who reported, by year and source: what each source holds, and of how many people.

    One row is one year of one source. `held` says whether its figure is of the whole year, of
    some months, or partial for another reason; agencies, months and people are None where the
    source does not list its agencies.
    """
    rows = {(r["year"], r["source"]): r for r in _held(store, where)}
    state = where.key if where.kind == "state" else None
    for key, year, *counted in store.reporting(where.key, state):
        if counted[1] is None:
            continue  # a list of agencies, which says nothing of their reporting
        source = dataset(key).short
        row = rows.setdefault((year, source), _row(year, source, "no figures"))
        names = ("agencies", "reporting", "full_year", "agency_months", "population", "covered")
        row.update(zip(names, counted, strict=True))
        if row["population"] and row["covered"] is not None:
            row["share"] = round(row["covered"] / row["population"], 4)
    return [rows[key] for key in sorted(rows)]


def _held(store: Store, where: Place) -> list[dict[str, Any]]:
    """The years of violent crime, or else murder, that each source has, whole or in part."""
    able = [o for o in ("violent_crime", "murder") if store.sources(where.key, o)]
    offense = able[0] if able else "murder"
    found = []
    for source in store.sources(where.key, offense):
        view = store.from_source(where.key, source)
        years = {
            y: r
            for d in ("legacy", "revised", None)
            for y, r in view.series(where.key, offense, d).items()
        }
        for year, figure in years.items():
            short = store.dataset(store.entry(figure)).short
            held = "whole year, estimated" if figure.is_estimated else "whole year"
            found.append(_row(year, short, held))
    for years_in_part in store.not_whole(where.key, offense).values():
        for year, part in years_in_part.items():
            short = store.dataset(store.by_id[part.file]).short
            held = f"months {_runs(part.months)}" if part.months else part.why or "partial"
            found.append(_row(year, short, held))
    return found


def _row(year: int, source: str, held: str) -> dict[str, Any]:
    return {
        "year": year,
        "source": source,
        "held": held,
        "agencies": None,
        "reporting": None,
        "full_year": None,
        "agency_months": None,
        "population": None,
        "covered": None,
        "share": None,
    }


def _runs(months: tuple[int, ...]) -> str:
    """'1-11' or '1-3, 6'."""
    runs: list[list[int]] = []
    for month in months:
        if runs and month == runs[-1][-1] + 1:
            runs[-1].append(month)
        else:
            runs.append([month])
    return ", ".join(f"{r[0]}-{r[-1]}" if len(r) > 1 else str(r[0]) for r in runs)
