"""The records themselves, for the terminal: files, rejects, who reported."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from typing import Any

from baserate.sources.catalog import Dataset, dataset
from baserate.store.ledger import Entry
from baserate.terms.places import Place

WIDTH = 96


def added_line(entry: Entry, was_there: bool) -> str:
    """What became of a file, in one line."""
    title = dataset(entry.dataset).short
    if was_there:
        when = f"since {entry.added:%-d %B %Y}" if entry.added else "comes with baserate"
        return f"{entry.file}: already in the records ({when})"
    return f"{entry.file}: {title}, {entry.edition}; {_account(entry)}"


def _account(entry: Entry) -> str:
    rows = entry.rows
    said = f"{rows['read']:,} rows read = {rows['kept']:,} kept + {rows['rejected']:,} rejected"
    if rows["aside"]:
        said += f" + {rows['aside']:,} set aside"
    return said


def remark_lines(entry: Entry) -> Iterator[str]:
    """What was odd about the file, and where to see the rejects."""
    for remark in entry.remarks:
        yield textwrap.fill(remark, WIDTH, initial_indent="  ", subsequent_indent="  ")
    if entry.rows["rejected"]:
        yield f"  See them: baserate rejects {entry.file}"


def ledger_rows(held: Sequence[Entry]) -> list[dict[str, Any]]:
    """Every file, as data."""
    return [
        {
            "file": e.file,
            "format": e.format,
            "reader_version": e.reader_version,
            "dataset": e.dataset,
            "edition": e.edition,
            "first_year": e.first_year,
            "last_year": e.last_year,
            "released": e.released,
            "release_basis": e.release_basis,
            **{f"rows_{name}": count for name, count in e.rows.items()},
            "tables": [f"{t} {n}" for t, n in e.tables.items()],
            "bytes": e.bytes,
            "sha256": e.sha256,
            "added": e.added,
            "remarks": list(e.remarks),
        }
        for e in held
    ]


def ledger_table(held: Sequence[Entry]) -> str:
    """Every file, three lines each: what it is, its rows, its checksum."""
    parts = []
    for e in held:
        added = f"added {e.added:%-d %B %Y}" if e.added else "comes with baserate"
        parts.append(
            f"{e.file}\n"
            f"  {dataset(e.dataset).short}, {e.edition}; released {e.released:%-d %B %Y}; "
            f"{added}\n"
            f"  {_account(e)}\n"
            f"  {e.format} reader {e.reader_version}, {e.bytes:,} bytes, sha256 {e.sha256[:16]}…"
        )
    return "\n".join(parts)


def catalog_rows(datasets: Sequence[Dataset]) -> list[dict[str, Any]]:
    """Every dataset, as data."""
    return [
        {
            "dataset": d.id,
            "title": d.title,
            "publisher": d.publisher,
            "years": d.years,
            "license": d.license,
            "bytes": d.bytes,
            "preference": d.preference,
            "where_to_get": d.where_to_get,
            "irregularities": list(d.irregularities),
        }
        for d in datasets
    ]


def catalog_table(datasets: Sequence[Dataset]) -> str:
    """Each dataset: a line to know it by, where it is from, and of one alone what is odd."""
    alone = len(datasets) == 1
    parts = []
    for d in datasets:
        size = f"; {d.bytes / 1e6:,.1f} MB" if d.bytes else ""
        years = f", {d.years}" if d.years else ""
        lines = [
            f"{d.id}: {d.title}{years}{size}",
            *_indented(f"{d.publisher}. {d.license[:1].upper()}{d.license[1:]}."),
            *_indented(f"To get it: {d.where_to_get}"),
            *(line for odd in d.irregularities if alone for line in _indented(odd, mark="- ")),
        ]
        parts.append("\n".join(lines))
    return "\n\n".join(parts)


def _indented(text: str, mark: str = "") -> list[str]:
    return textwrap.wrap(
        mark + text, WIDTH, initial_indent="  ", subsequent_indent="  " + " " * len(mark),
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip


def rejects_table(shown: Sequence[dict[str, Any]], of: int) -> str:
    """Rows that were not kept: line, reason, and the row itself."""
    if not of:
        return "no row of this file was rejected\n"
    lines = []
    for row in shown:
        where = f"line {row['line']:,}" if row["line"] else "no line"
        raw = textwrap.shorten(str(row["row"]), 300, placeholder=" …")
        lines.append(f"{where}: {row['reason']}\n  {raw}")
    if len(shown) < of:
        lines.append(f"{of - len(shown):,} more: --limit 0")
    return "\n".join(lines) + "\n"


def coverage_table(where: Place, rows: Sequence[dict[str, Any]]) -> str:
    """Who reported, a line for each run of years that are alike in one source."""
    if not rows:
        return f"there are no records of {where} here, and no list of its agencies that report\n"
    lines = [_coverage_cells(run) for run in _alike(rows)]
    head = ("Years", "Source", "Held", "Agencies", "Months", "People")
    widths = [max(len(line[i]) for line in (head, *lines)) for i in range(len(head))]
    shown = [
        "  ".join(
            cell.ljust(w) if i < 3 else cell.rjust(w)
            for i, (cell, w) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in (head, *lines)
    ]
    return "\n".join([f"Who reported in {where}", "", *shown]) + "\n"


_SAME = ("source", "held", "agencies", "reporting", "agency_months", "share")


def _alike(rows: Sequence[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Runs of years of one source that say the same."""
    runs: list[list[dict[str, Any]]] = []
    for row in sorted(rows, key=lambda r: (r["source"], r["year"])):
        last = runs[-1][-1] if runs else None
        if last and row["year"] == last["year"] + 1 and all(row[k] == last[k] for k in _SAME):
            runs[-1].append(row)
        else:
            runs.append([row])
    return runs


def _coverage_cells(run: list[dict[str, Any]]) -> tuple[str, ...]:
    row, last = run[0], run[-1]["year"]
    years = str(last) if len(run) == 1 else f"{row['year']}-{last}"
    agencies = months = share = ""
    if row["agencies"] is not None:
        agencies = f"{row['reporting']:,} of {row['agencies']:,}"
        months = f"{row['agency_months'] or 0:,} of {12 * row['agencies']:,}"
    if row["share"] is not None:
        share = f"{100 * row['share']:.1f}%"
    return years, row["source"], row["held"][:60], agencies, months, share
