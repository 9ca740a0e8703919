"""The records themselves, for the terminal: files, rejects, who reported."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from typing import Any

from baserate.sources.catalog import catalog
from baserate.store.ledger import Entry
from baserate.terms.places import Place

WIDTH = 96


def added_line(entry: Entry, was_there: bool) -> str:
    """What became of a file, in one line."""
    title = catalog()[entry.dataset].short
    if was_there:
        when = f"since {entry.added:%-d %B %Y}" if entry.added else "comes with baserate"
        return f"{entry.file}: already in the records ({when})"
    return f"{entry.file}: {title}, {entry.edition}; {_account(entry)}"


def _account(entry: Entry) -> str:
    rows = entry.rows
    said = f"{rows['read']:,} rows read = {rows['kept']:,} kept + {rows['rejected']:,} rejected"
    if rows["aside"]:
        said += f" + {rows['aside']:,} headings, notes and blanks"
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
            f"  {catalog()[e.dataset].short}, {e.edition}; released {e.released:%-d %B %Y}; "
            f"{added}\n"
            f"  {_account(e)}\n"
            f"  {e.format} reader {e.reader_version}, {e.bytes:,} bytes, sha256 {e.sha256[:16]}…"
        )
    return "\n".join(parts)


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
    """Who reported, a line a year and source."""
    if not rows:
        return f"there are no records of {where} here, and no list of its agencies\n"
    widest = min(44, max(len(r["source"]) for r in rows))
    held = min(28, max(len(r["held"]) for r in rows))
    head = f"{'Year':<6}{'Source':<{widest + 2}}{'Held':<{held + 2}}"
    head += f"{'Agencies':>10}{'Months':>12}{'People':>8}"
    lines = [f"Who reported in {where}", "", head]
    for r in rows:
        agencies = "" if r["agencies"] is None else f"{_n(r['reporting'])} of {r['agencies']}"
        of = "" if r["agencies"] is None else f" of {12 * r['agencies']:,}"
        months = "" if r["agency_months"] is None else f"{r['agency_months']:,}{of}"
        share = "" if r["share"] is None else f"{100 * r['share']:.1f}%"
        lines.append(
            f"{r['year']:<6}{r['source'][:widest]:<{widest + 2}}{r['held'][:held]:<{held + 2}}"
            f"{agencies:>10}{months:>12}{share:>8}".rstrip()
        )
    return "\n".join(lines) + "\n"


def _n(count: int | None) -> str:
    return "?" if count is None else str(count)
