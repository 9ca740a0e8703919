"""The register of sites and awards, for the terminal and for programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from baserate.grants.register import RegisterRow
from baserate.publish.harmless import one_line
from baserate.publish.lines import Style, labelled, plain


def register_rows(rows: Sequence[RegisterRow], form: str) -> list[dict[str, Any]]:
    """The rows as data, under the columns that `read_register` reads again."""
    return [
        {
            **asdict(r),
            "amount": None if r.amount is None else _amount(r),
            "verified": str(r.verified).lower() if form == "csv" else r.verified,
        }
        for r in rows
    ]


def register_table(rows: Sequence[RegisterRow], style: Style = plain) -> str:
    """The rows under their programs and cohorts, each group with its sources and its notes."""
    return "\n".join(_lines(rows, style))


def _lines(rows: Sequence[RegisterRow], style: Style) -> Iterator[str]:
    groups = dict.fromkeys((r.program, r.cohort) for r in rows)
    for program, cohort in groups:
        group = [r for r in rows if (r.program, r.cohort) == (program, cohort)]
        yield style(one_line(f"{program} · {cohort or 'no cohort'} · {_counted(group)}"), "title")
        for row in group:
            where, what = one_line(_where(row)), one_line(_what(row))
            yield f"  {where:<34}{when(row):<19}{what}".rstrip()
        for label, values in (
            ("Source", [" ".join((r.source, r.address)).strip() for r in group]),
            ("Note", list(_notes(group))),
            ("Unverified", [_where(r) for r in group if not r.verified]),
        ):
            yield from _together(label, list(dict.fromkeys(v for v in values if v)), style)
        yield ""


def when(row: RegisterRow) -> str:
    """The start as exactly as it is known: '3 June 2019', 'June 2017', '2014'."""
    day = row.first_day
    if day is None:
        return "not known"
    forms = {"day": f"{day:%-d %B %Y}", "month": f"{day:%B %Y}", "year": f"{day.year}"}
    return forms[row.start_precision]


def _notes(group: Sequence[RegisterRow]) -> Iterator[str]:
    """What is said of several rows once, then what is said of one alone, with its name."""
    said = Counter(part for r in group for part in r.note.split("; ") if part)
    yield from (part for part, rows in said.items() if rows > 1 or len(group) == 1)
    for row in group if len(group) > 1 else ():
        own = [part for part in row.note.split("; ") if said[part] == 1]
        if own:
            yield f"{_where(row)}: {', '.join(own)}"


def _counted(group: Sequence[RegisterRow]) -> str:
    count = len(group)
    name = {"site": "site", "award": "award", "prosecutors": "row"}[group[0].kind]
    return f"{count} {name}{'' if count == 1 else 's'}"


def _where(row: RegisterRow) -> str:
    if row.place and len(row.place) > 2:
        return row.place
    return f"{row.site}, {row.state}" if row.state else row.site


def _what(row: RegisterRow) -> str:
    if row.amount is None:
        return row.track
    said = f"${row.amount:,}" if row.unit == "dollars" else f"{row.amount:,} {row.unit}"
    return f"{said}{f', {row.track}' if row.track else ''}"


def _amount(row: RegisterRow) -> int | float:
    assert row.amount is not None
    return int(row.amount) if row.amount == int(row.amount) else float(row.amount)


def _together(label: str, texts: Sequence[str], style: Style) -> Iterator[str]:
    if texts:
        yield from labelled(label, "; ".join(texts), style)
