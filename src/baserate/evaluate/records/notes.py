"""What a reader must hear of a panel: sources, definitions, coverage, who was left out."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping

from baserate.evaluate.panel import shown
from baserate.evaluate.records.held import Held, grouped
from baserate.store.cells import Cell
from baserate.store.open import Store

LACKS = {
    "no figure": "no figure of a period",
    "months missing": "months missing",
    "agencies missing": "too many of their agencies missing",
    "no month reported": "a period without a month reported",
    "negative": "corrections take more out of a period than it has",
    "no population": "no population to form a rate with",
}


def notes(
    used: Held, held: Mapping[str, Held], names: Mapping[str, str], many: str, store: Store
) -> tuple[str, ...]:  # fmt: skip
    """Sentences on what the panel covers, one a subject."""
    cells = [c for window in used.windows.values() for c in window.values()]
    return (
        *_whole(cells, many),
        *_definitions(cells),
        *_systems(cells, many),
        *_estimates(cells),
        *_absent(used, names, many),
        *_sources(used, held, many, store),
    )


def _whole(cells: list[Cell], many: str) -> Iterator[str]:
    partial = [c for c in cells if not c.is_whole]
    if partial:
        units = len({c.unit for c in partial})
        yield (
            f"{len(partial):,} of {len(cells):,} cells ({many}: {units}) lack months or are "
            'partial, and are taken as recorded (reported = "as recorded")'
        )
    else:
        yield f"no month is missing in any of the {len(cells):,} cells, as far as the source says"
    covered = [c.covered for c in cells if c.covered is not None]
    if covered:
        low, high = 100 * min(covered), 100 * max(covered)
        yield f"sums of agencies that police {low:.0f}% to {high:.0f}% of a state's people"


def _definitions(cells: list[Cell]) -> Iterator[str]:
    spans: dict[str, set[int]] = defaultdict(set)
    for cell in cells:
        if cell.definition or cell.printed_definition:
            spans[cell.definition or "unstated"].add(cell.period)
    if spans:
        said = [f"{name} {min(when)} to {max(when)}" for name, when in sorted(spans.items())]
        yield f"rape is counted by definition: {', '.join(said)}"


def _systems(cells: list[Cell], many: str) -> Iterator[str]:
    if many == "states":
        return
    known = Counter(c.unit for c in cells if c.is_nibrs is not None)
    units = len({c.unit for c in cells})
    unknown = units - sum(n == len(cells) // units for n in known.values())
    if unknown:
        yield (
            f"of {unknown} of {units} {many} the records do not say in every period whether they "
            "reported incidents (NIBRS) or sums; a switch there shows as a jump alone"
        )


def _estimates(cells: list[Cell]) -> Iterator[str]:
    estimated = sum(c.is_estimated for c in cells)
    if estimated:
        yield (
            f"{estimated:,} of {len(cells):,} cells are estimates of the publisher, who filled in "
            "for agencies that did not report"
        )


def _absent(used: Held, names: Mapping[str, str], many: str) -> Iterator[str]:
    for kind, units in grouped(used.left_out):
        told = [f"{names.get(u, u)} ({used.left_out[u][1]})" for u in units]
        yield f"left out of the {many} ({len(units):,}), {LACKS[kind]}: {shown(told)}"


def _sources(used: Held, held: Mapping[str, Held], many: str, store: Store) -> Iterator[str]:
    if not used.dataset:
        by = Counter(next(iter(w.values())).dataset for w in used.windows.values())
        said = [f"{short(store, d)} ({n} {many})" for d, n in by.most_common()]
        yield f"no one dataset has all of them, so units are from several: {', '.join(said)}"
    for each in held.values():
        if each.dataset not in ("", used.dataset) and used.dataset and each.windows:
            yield (
                f"{short(store, each.dataset)} has {len(each.windows)} {many} whole and is not "
                f'used; dataset = "{each.dataset}" would'
            )


def short(store: Store, dataset: str) -> str:
    """A dataset's short title."""
    return store.dataset(next(e for e in store.entries if e.dataset == dataset)).short


def source(used: Held, store: Store) -> str:
    """The datasets, how many files, and when they were released."""
    files: dict[str, set[str]] = defaultdict(set)
    for window in used.windows.values():
        for cell in window.values():
            files[cell.dataset].add(cell.entry)
    return "; ".join(_released(store, d, files[d]) for d in sorted(files))


def _released(store: Store, dataset: str, files: set[str]) -> str:
    days = sorted(store.by_id[f].released for f in files)
    when = f"release of {days[0]}" if len(files) == 1 else (
        f"{len(files)} files released {days[0]} to {days[-1]}"
    )  # fmt: skip
    return f"{short(store, dataset)}, {when}"
