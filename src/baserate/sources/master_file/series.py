"""The monthly series of a master file, from the tallies of its incidents.

The last steps of nibrs_summary.sql, in numpy; a test holds both to the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from baserate.sources.master_file.columns import Ints, nullable, of_values, truths
from baserate.sources.master_file.parquet import PLAIN, ROW_GROUP
from baserate.sources.master_file.tally import MONTHS, Tally, joined
from baserate.sources.nibrs_summary import kinds, reported_months, summed
from baserate.sources.tables import Tables, schema

COUNTED = ("offenses", "clearances")
RULES = ("hierarchy", "all")
TEXT = pa.dictionary(pa.int32(), pa.string())


class Unit(NamedTuple):
    """What a series is of: an agency, or a state, which has a place alone."""

    place: str | None = None
    ori: str | None = None
    agency: str | None = None


class Months(NamedTuple):
    """Months (unit * MONTHS + month), in order. `people` is -1 where it is not known.

    `counts` is by month, what is counted, rule and kind.
    """

    keys: Ints
    is_reported: Any
    people: Ints
    counts: Ints

    def part(self, rows: Any) -> Months:
        """Some of the months."""
        return Months(*(values[rows] for values in self))


def add_series(out: Tables, tallies: list[Tally], oris: list[str]) -> None:
    """Write the series of agencies and of their states. `oris` are as the tallies number them.

    A month an agency reported has every offense, zero where it had none; any other has those that
    were cleared in it.
    """
    names = sorted(set(oris))
    number = {ori: n for n, ori in enumerate(names)}
    counted = joined(tallies, np.array([number[ori] for ori in oris], np.int64))
    said = [(names[key // MONTHS], *_year_and_month(key)) for key in counted.months.tolist()]
    told, reported = reported_months(out, said)
    known = {ori: Unit(place, ori, agency) for ori, agency, place, *_ in told}
    months = _months(counted, [(number[ori], *month) for ori, *month in reported])
    _write(out.path("series"), months, [known.get(ori) or Unit(ori=ori) for ori in names])
    state_of = {ori: state for ori, _, _, state, is_covered in told if state and not is_covered}
    states = sorted(set(state_of.values()))
    of_agency = [states.index(state_of[ori]) if ori in state_of else -1 for ori in names]
    of_states = _of_states(months, np.array(of_agency, np.int64))
    _write(out.path("series"), of_states, [Unit(place=state) for state in states])


def _year_and_month(key: int) -> tuple[int, int]:
    year, month = divmod(key % MONTHS, 12)
    return year, month + 1


def _months(counted: Tally, reported: list[tuple[Any, ...]]) -> Months:
    """The months of agencies that reported or counted anything."""
    told = np.array([[-1 if v is None else v for v in row] for row in reported], np.int64)
    agency, year, month, people = told.reshape(-1, 4).T
    due = agency * MONTHS + year * 12 + month - 1
    cells, kind = np.divmod(counted.cells, len(kinds()))
    found, what = np.divmod(cells, len(COUNTED))
    keys = np.union1d(due, found)
    made = Months(
        keys,
        np.zeros(len(keys), bool),
        np.full(len(keys), -1, np.int64),
        np.zeros((len(keys), len(COUNTED), len(RULES), len(kinds())), np.int64),
    )
    at = np.searchsorted(keys, due)
    made.is_reported[at], made.people[at] = True, people
    at = np.searchsorted(keys, found)
    for rule, counts in enumerate((counted.once, counted.every)):
        made.counts[at, what, rule, kind] = counts
    return made


def _of_states(months: Months, states: Ints) -> Months:
    """The months of states: the sums of their agencies. `states` is -1 for those left out."""
    state = states[months.keys // MONTHS]
    months, state = months.part(state >= 0), state[state >= 0]
    keys, which = np.unique(state * MONTHS + months.keys % MONTHS, return_inverse=True)
    counts = np.zeros((len(keys), *months.counts.shape[1:]), np.int64)
    np.add.at(counts, which, months.counts)
    is_known = months.people >= 0
    of_known = which[is_known]
    people = np.bincount(of_known, months.people[is_known], len(keys)).astype(np.int64)
    return Months(
        keys,
        np.bincount(which[months.is_reported], minlength=len(keys)) > 0,
        np.where(np.bincount(of_known, minlength=len(keys)) > 0, people, -1),
        counts,
    )


def _write(path: Path, months: Months, units: list[Unit]) -> None:
    """Write the rows of these months, some at a time, so that few are held at once."""
    kinds_ = [(c.name, TEXT if c.type == "VARCHAR" else PLAIN[c.type]) for c in schema()["series"]]
    texts = [name for name, kind in kinds_ if kind == TEXT]
    whole = {n: "DELTA_BINARY_PACKED" for n, kind in kinds_ if pa.types.is_integer(kind)}
    step = ROW_GROUP // (len(COUNTED) * len(RULES) * len(_sums()[0]))
    with pq.ParquetWriter(
        path,
        pa.schema(kinds_),
        use_dictionary=texts,
        column_encoding=whole,
        compression="none",
        store_schema=False,
    ) as writer:
        for first in range(0, len(months.keys), step):
            columns = _rows(months.part(slice(first, first + step)), units)
            rows = len(columns["count"])
            held = [columns[n] if n in columns else pa.nulls(rows, k) for n, k in kinds_]
            writer.write_table(pa.table(held, schema=pa.schema(kinds_)))


def _rows(months: Months, units: list[Unit]) -> dict[str, Any]:
    """The columns of these months."""
    series, parts = _sums()
    counts = months.counts @ parts
    is_there = months.is_reported[:, None, None, None] | (counts[:, :, -1:] > 0)
    at = np.flatnonzero(np.broadcast_to(is_there, counts.shape))
    row, what, rule, one = np.unravel_index(at, counts.shape)
    unit = [units[n] for n in (months.keys // MONTHS).tolist()]
    year, month = np.divmod(months.keys % MONTHS, 12)
    people = months.people[row]
    never = truths(np.zeros(len(at), bool))
    return {
        "place": _texts([u.place for u in unit], row),
        "ori": _texts([u.ori for u in unit], row),
        "agency": _texts([u.agency for u in unit], row),
        "offense": _texts([offense for offense, _ in series], one),
        "definition": _texts([definition for _, definition in series], one),
        "counted": _texts(COUNTED, what),
        "rule": _texts(RULES, rule),
        "year": nullable(year.astype(np.int16)[row], None),
        "month": nullable((month + 1).astype(np.int8)[row], None),
        "count": nullable(counts.reshape(-1)[at], None),
        "population": nullable(people, people >= 0),
        "is_partial": truths(~months.is_reported[row]),
        "is_estimated": never,
        "is_printed": never,
        "note": _texts([""], np.zeros(len(at), np.int64)),
    }


def _texts(values: Sequence[str | None], at: Ints) -> Any:
    """Some of the values as a dictionary array."""
    names = sorted({v for v in values if v is not None})
    number: dict[str | None, int] = {name: n for n, name in enumerate(names)}
    indices = np.array([number.get(v, -1) for v in values], np.int32)[at]
    held = nullable(indices, indices >= 0)
    return pa.DictionaryArray.from_arrays(held, of_values(names, pa.string()), safe=False)


@cache
def _sums() -> tuple[list[tuple[str, str | None]], Ints]:
    """The series, offense and definition; and which kinds are added up in each."""
    series = list(dict.fromkeys((offense, definition) for _, offense, definition in summed()))
    parts = np.zeros((len(kinds()), len(series)), np.int64)
    for number, offense, definition in summed():
        parts[number - 1, series.index((offense, definition))] = 1
    return series, parts
