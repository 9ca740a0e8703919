"""What every answer says about itself: coverage, definition, vintage, sources, caveats."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from baserate.errors import (
    BridgedDefinition,
    Caveat,
    DefinitionChange,
    Estimated,
    NotHomicide,
    PartsDoNotAdd,
    PublisherNote,
    SmallCounts,
    Summed,
)
from baserate.measure.answer import (
    Basis,
    Coverage,
    DefinitionUsed,
    Figure,
    SourceRow,
    Vintage,
)
from baserate.measure.poisson import SMALL_COUNT
from baserate.measure.records import Bridge, Records
from baserate.store.holdings import SeriesRow
from baserate.store.ledger import Entry
from baserate.store.open import Store
from baserate.terms.offenses import RapeDefinition, definition_text, offense
from baserate.terms.places import place

# A count under this moves by more than a twentieth when one event more is recorded.
MIN_OFFENSES_FOR_A_RATE = 20


def coverage_of(figures: Sequence[Figure], rows: Sequence[SeriesRow] | None = None) -> Coverage:
    """Who the figures speak for. Estimates speak for everyone, filled in where need be.

    `population` is that of the last figure, in its last years' mean.
    """
    newest = figures[-1]
    years = newest.period.last_year - newest.period.first_year + 1
    where = " and ".join(dict.fromkeys(str(f.place) for f in reversed(figures)))
    used = list(rows) if rows is not None else [r for f in figures for r in f.rows]
    known = [r.covered for r in used if r.covered is not None]
    share = min(known) if known else None
    estimated = [f for f in figures if f.rows and all(r.is_estimated for r in f.rows)]
    if len(estimated) == len(figures):
        text = _estimated_words(where)
    elif share is not None:
        text = f"agencies that police {100 * share:.1f}% of the people in {where}; no one else"
    else:
        police = [str(f.place) for f in reversed(figures) if f not in estimated]
        text = (
            f"the police of {' and '.join(dict.fromkeys(police))}; other agencies' offenses there "
            "are not in it"
        )
        if estimated:
            text += f"; {_estimated_words(str(estimated[0].place))}"
    return Coverage(population=newest.population // years, share=share, text=text)


def _estimated_words(where: str) -> str:
    return (
        f"everyone in {where}: the FBI's estimates fill in for agencies that did not report; how "
        "much was filled in is not published in this file"
    )


def vintage_of(store: Store, as_of: date | None, rows: Iterable[SeriesRow]) -> Vintage:
    """Which releases the figures are from."""
    rows = list(rows)
    files = {r.file for r in rows}
    used = sorted((store.by_id[f] for f in files), key=lambda e: (e.released, e.file))
    newest = used[-1]
    dataset = store.dataset(newest)
    days = sorted({e.released for e in used})
    said = f"released {release_day(store, newest)}"
    if len(days) > 1:
        said = f"{len(days)} releases, the first {release_day(store, used[0])}, the last "
        said += release_day(store, newest)
    held = max(len(days), *(r.releases for r in rows))
    alone = ", the only one at hand" if held == 1 else f", of {held} at hand"
    if held == len(days) > 1:
        alone = ""
    return Vintage(
        released=newest.released,
        day=release_day(store, newest),
        title=dataset.short,
        as_of=as_of,
        releases_held=held,
        text=f"{said}{alone}; {dataset.maturity}",
    )


def release_day(store: Store, entry: Entry) -> str:
    """The day of a file's release in words, as far as it is known."""
    usual = store.dataset(entry).usual_release
    is_bound = usual is not None and entry.release_basis == usual.why
    if "not known" in entry.release_basis:
        return f"on a day not known (added {entry.released:%-d %B %Y})"
    return f"{'by ' if is_bound else ''}{entry.released:%-d %B %Y}"


def definition_used(
    asked: str, records: Records, basis: Basis, years: Iterable[int], bridge: Bridge | None = None
) -> DefinitionUsed:
    """How the offense was counted at the years asked for."""
    kind = offense(offense(asked).answered_by or asked)
    wanted = sorted(set(years))
    printed = {y: records.printed(y) for y in wanted}
    shown: dict[str, str] = {str(y): p for y, p in printed.items() if p is not None}
    changed = len(set(shown.values())) > 1
    return DefinitionUsed(
        offense=kind.name,
        counts=kind.counts,
        basis=basis,
        text=_definition_words(
            basis, bridge, is_stated=basis is not None or not kind.has_two_definitions
        ),
        changed_inside=changed or basis == "bridged",
        printed=shown,
    )


def _definition_words(basis: Basis, bridge: Bridge | None, *, is_stated: bool) -> str:
    if not is_stated:
        return "by which definition of rape the source does not say"
    if basis is None:
        return "the same definition throughout"
    if basis != "bridged":
        return definition_text(basis).short
    assert bridge is not None
    years = sorted(bridge.by_year)
    return (
        "no one definition of rape spans these years; legacy figures are turned into revised ones "
        f"by the ratio of the two in {years[0]}-{years[-1]}, when both were counted "
        f"({bridge.factor:.3f}; single years {bridge.lowest:.3f} to {bridge.highest:.3f})"
    )


def source_rows(store: Store, rows: Iterable[SeriesRow]) -> tuple[SourceRow, ...]:
    """The rows of the published files, each once, in their order."""
    single = {(r.file, r.file_row, r.place, r.year): store.entry(r) for r in rows}
    return tuple(
        SourceRow(
            publisher=store.dataset(entry).publisher,
            title=store.dataset(entry).title,
            released=entry.released,
            file=entry.file,
            row=file_row,
            place=where,
            year=year,
            sha256=entry.sha256,
        )
        for (_, file_row, where, year), entry in sorted(
            single.items(), key=lambda kv: (kv[1].released, kv[1].file, kv[0][1] or 0, kv[0][3])
        )
    )


def caveats_of(
    asked: str,
    records: Records,
    basis: Basis,
    figures: Sequence[Figure],
    *,
    rows: Sequence[SeriesRow] | None = None,
    bridge: Bridge | None = None,
    printed_change: float | None = None,
) -> tuple[Caveat, ...]:
    """Every caveat that these figures raise, the gravest first, each once.

    `rows` are those the answer rests on, where they are more than the figures show.
    `printed_change` is the percent that the publisher's own totals would give by mixing two
    definitions; naming it tells a reader where a wrong figure comes from.
    """
    used = [r for f in figures for r in f.rows] if rows is None else list(rows)
    spanned = sorted({r.year for r in used})
    found: list[Caveat] = []
    found += _definition_caveats(records, basis, spanned, bridge, printed_change)
    found += [_parts(r) for r in used if r.printed_total is not None]
    if any(f.offenses < MIN_OFFENSES_FOR_A_RATE for f in figures):
        smallest = min(figures, key=lambda f: f.offenses)
        verb = "recorded" if smallest.counted == "offenses" else "cleared"
        found.append(
            SmallCounts(
                f"{smallest.place} {verb} {_count(smallest.offenses, asked)} in "
                f"{smallest.period}; a rate from so few moves with every one of them."
            )
        )
    elif any(f.offenses < SMALL_COUNT for f in figures):
        found.append(
            SmallCounts(
                "Counts under 100: the interval and the verdict come from methods for small "
                "counts, and chance moves such figures a lot from year to year."
            )
        )
    kind = offense(asked)
    if kind.caution:
        found.append(NotHomicide(kind.caution))
    found += _publisher_notes(used, records.offense)
    if any(r.is_estimated for r in used):
        found.append(
            Estimated(
                "These are FBI estimates of offenses recorded by police, not reports as sent in "
                "and not all crime: what nobody reported to police is not in them."
            )
        )
    elif any(r.file_row is None for r in used):
        found.append(
            Summed(
                "These are sums of what agencies recorded, incident by incident, not a figure "
                "that anyone printed, and not all crime."
            )
        )
    return tuple(dict.fromkeys(found))


def _publisher_notes(rows: Sequence[SeriesRow], counted: str) -> Iterator[Caveat]:
    """The publisher's own remarks, each once with the years it stands on, if it concerns us.

    Remarks that begin alike are one: their ends name a city and the year it joined.
    """
    alike: dict[tuple[str, str], list[SeriesRow]] = {}
    for row in rows:
        if row.caveats and _concerns(row.caveats, counted):
            alike.setdefault((row.place, row.caveats[:100]), []).append(row)
    for (where, _), noted in alike.items():
        first, last = min(r.year for r in noted), max(r.year for r in noted)
        when = str(first) if first == last else f"{first} to {last}"
        text = min((r.caveats.strip() for r in noted), key=len)
        yield PublisherNote(
            f"{_whose(noted)} note on {place(where).plain} {when}, about its own tables: “{text}”"
        )


def _whose(rows: Sequence[SeriesRow]) -> str:
    return "The FBI’s" if all(r.is_estimated for r in rows) else "The source’s"


def _concerns(note: str, counted: str) -> bool:
    """Whether a remark about one offense alone reaches the offense that is counted."""
    kind, said = offense(counted), note.casefold()
    if "forcible rape" in said and "complete" not in said:
        return kind.has_two_definitions
    if "murder" in said:
        return counted == "murder" or kind.contains("murder")
    return True


def _definition_caveats(
    records: Records,
    basis: Basis,
    years: Sequence[int],
    bridge: Bridge | None,
    printed_change: float | None,
) -> list[Caveat]:
    if basis == "bridged" and bridge is not None:
        return [
            BridgedDefinition(
                "Rape was redefined in 2013 and no one definition is published for years before "
                f"{min(bridge.by_year)} and after {max(bridge.by_year)}. To compare such years, "
                f"{offense(records.offense).name} by the legacy definition is raised by "
                f"{100 * (bridge.factor - 1):.1f}%, the difference in "
                f"{min(bridge.by_year)}-{max(bridge.by_year)}, when both were counted."
            )
        ]
    printed = {y: records.printed(y) for y in years}
    if len(set(printed.values())) < 2 or not offense(records.offense).parts:
        return []
    by = _by_definition(printed)
    raw = (
        f" Read raw, the column gives {printed_change:+.1f}%, part of it the new definition and no "
        "crime."
        if printed_change is not None
        else ""
    )
    return [
        DefinitionChange(
            f"The FBI's own total counts {by}; here every figure counts rape by the {basis} "
            f"definition.{raw}"
        )
    ]


def _by_definition(printed: dict[int, RapeDefinition | None]) -> str:
    """'2013 to 2015 by the legacy definition and 2016 by the revised one'."""
    said = []
    for basis in dict.fromkeys(printed.values()):
        years = [y for y, b in printed.items() if b == basis]
        when = str(years[0]) if len(years) == 1 else f"{years[0]} to {years[-1]}"
        said.append(f"{when} by the {basis} definition")
    return " and ".join(said)


def _parts(row: SeriesRow) -> Caveat:
    by = f" by the {row.definition} definition" if row.definition else ""
    kept = "printed total" if row.is_printed else "sum of the parts"
    return PartsDoNotAdd(
        f"{place(row.place).plain} {row.year}: the FBI prints a total of {row.printed_total:,}, "
        f"but its parts add up to {row.parts_total:,}{by}; the {kept} is used."
    )


def _count(n: int, key: str) -> str:
    return f"{n:,} {offense(key).one if n == 1 else offense(key).many}"
