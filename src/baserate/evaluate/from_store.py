"""A panel out of the records: yearly offenses of places, with how they were counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from baserate.errors import BadPanel, NoRecords
from baserate.evaluate.panel import Panel, panel_of, shown
from baserate.evaluate.study import Study
from baserate.measure.records import Records, find_records
from baserate.store.holdings import SeriesRow
from baserate.store.open import Store
from baserate.terms.offenses import RapeDefinition, offense, offenses
from baserate.terms.places import place, resolve, states

Row = tuple[str, int, int, int, str, str]  # place, year, offenses, people, counted by, source


def panel_from_store(study: Study, store: Store) -> Panel:
    """The panel a study asks of the records. Places without every year are left out and said.

    Units are keys of places: a study may write 'Missouri' or 'MO'.
    """
    key = _offense(study)
    study = _by_key(study, store)
    periods = [*range(study.pre[0], study.pre[1] + 1), *range(study.post[0], study.post[1] + 1)]
    rows: list[Row] = []
    left_out: list[str] = []
    for name in _places(study, store, key):
        found = _rows(store, name, key, study.panel.definition, periods)
        if found:
            rows += found
        else:
            left_out.append(name)
    lost = sorted({u.name for u in study.treated} & set(left_out))
    if lost:
        raise BadPanel(
            f"{shown(lost)} is treated and has no figures of {offense(key).name} for every year "
            f"from {periods[0]} to {periods[-1]} at hand; add them (baserate catalog), or narrow "
            "the window"
        )
    names = ("place", "year", "offenses", "people", "counted_by", "source")
    columns: dict[str, Sequence[object]] = {
        n: [row[i] for row in rows] for i, n in enumerate(names)
    }
    notes = []
    if left_out:
        notes.append(
            f"{len(left_out)} places lack a year and are left out: {shown(sorted(left_out))}"
        )
    used = "; ".join(sorted({row[5] for row in rows}))
    return panel_of(columns, study, notes=tuple(notes), source=used)


def _by_key(study: Study, store: Store) -> Study:
    """The study with its places named as the records name them."""

    def keys(names: Sequence[str]) -> tuple[str, ...]:
        return tuple(resolve(name, store.added_places).key for name in names)

    treated = tuple(
        replace(unit, name=resolve(unit.name, store.added_places).key) for unit in study.treated
    )
    return replace(
        study,
        treated=treated,
        donors_only=keys(study.donors_only),
        donors_without=keys(study.donors_without),
        displacement=study.displacement
        and replace(
            study.displacement,
            units=keys(study.displacement.units),
            control_units=keys(study.displacement.control_units),
        ),
    )


def _offense(study: Study) -> str:
    said = study.panel.offense or ""
    known = {o.key for o in offenses().values() if o.held}
    key = said.strip().casefold().replace(" ", "_")
    if key not in known:
        raise BadPanel(f"no offense is called {said!r}; use one of {', '.join(sorted(known))}")
    return key


def _places(study: Study, store: Store, key: str) -> list[str]:
    """Places of the panel: those named, else all states, or all cities with records."""
    named = [*study.panel.places, *(u.name for u in study.treated)]
    found = [resolve(name, store.added_places) for name in named]
    if study.panel.places:
        return list(dict.fromkeys(p.key for p in found))
    if all(p.kind == "state" for p in found):
        return list(dict.fromkeys((*states(), *(p.key for p in found))))
    return list(dict.fromkeys((*store.cities(key), *(p.key for p in found))))


def _rows(
    store: Store, name: str, key: str, definition: str | None, periods: Sequence[int]
) -> list[Row]:
    """One place's rows, or none if a year is missing."""
    try:
        records = find_records(store, place(name), key)
    except NoRecords:
        return []
    found: list[Row] = []
    for year in periods:
        row = _row(records, year, definition)
        if row is None or not row.population:
            return []
        source = store.dataset(store.entry(row)).short
        found.append(
            (name, year, row.offenses, row.population, row.definition or "as stated", source)
        )
    return found


def _row(records: Records, year: int, definition: str | None) -> SeriesRow | None:
    """The figure of a year by one definition where one is asked for, else as printed."""
    bases: Sequence[RapeDefinition | None] = [b for b in records.by_basis if b == definition]
    if definition is None:
        bases = [records.printed(year)] if year in records.years else []
    return next((records.by_basis[b][year] for b in bases if year in records.by_basis[b]), None)
