"""NIBRS master files made from the layout: for tests one record, for benchmarks many million.

Nothing in them happened. Shares of offenses, of several victims, of unknown offenders and so on
are rough ones of the kind that files of the last years have, so that columns are as full, and
codes as many, as in the FBI's files.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from baserate.sources.master_file.layout import Field, layout

Matrix = npt.NDArray[np.uint8]
Text = npt.NDArray[Any]

WIDE = 144  # columns of the matrices; the longest record but the header has 135
PADDED = 132  # columns of every record in the padded era
BATCH = 15_000  # incidents made at once
ORDER = ("01", "02", "03", "04", "05", "06")

OFFENSES = {
    "13B": 170, "23H": 105, "290": 130, "35A": 95, "220": 62, "240": 85, "13A": 68, "23F": 75,
    "23C": 70, "26A": 55, "90J": 10, "13C": 60, "23D": 32, "26B": 20, "35B": 30, "520": 28,
    "120": 17, "11A": 10, "11D": 9, "26F": 12, "280": 14, "250": 10, "270": 3, "200": 3,
    "100": 4, "370": 5, "11B": 2, "11C": 1, "09A": 1.4, "09B": 0.1, "23A": 1, "720": 3, "64A": 0.3,
}  # fmt: skip
GROUP_B = {"90Z": 40, "90D": 25, "90C": 8, "90E": 10, "90J": 12, "90G": 3, "90F": 2}
AGAINST_PERSONS = ("13A", "13B", "13C", "11A", "11B", "11C", "11D", "09A", "09B", "100", "64A")
AGAINST_SOCIETY = ("35A", "35B", "520", "370", "720", "90J")
STATES = {"24": ("MO", "MO"), "26": ("NE", "NB"), "44": ("VT", "VT"), "46": ("WA", "WA")}


# --- one record ------------------------------------------------------------------------------


def record(prefix: str, **said: Any) -> str:
    """A record as text: fields by name, lists as lists, everything else blank."""
    segment = layout().segments[prefix]
    text = [" "] * max(segment.width, 33)
    text[:2] = prefix
    fields = {f.name: f for f in (*_common(), *segment.incident, *segment.fields)}
    for name, value in said.items():
        place(text, fields[name], value)
    return "".join(text)


def place(text: list[str], field: Field, value: Any) -> None:
    """Write a field, or the parts of a list, into a record."""
    parts = value if field.is_list else [value]
    for n, part in enumerate(parts):
        start = field.start + n * field.step
        text[start : start + field.width] = str(part or "").ljust(field.width)[: field.width]


def _common() -> tuple[Field, ...]:
    """What stands at the start of every segment of an incident."""
    return layout().segments["01"].fields[:4]


def header(
    ori: str, year: int, *, state: str = "24", three_parts: bool = False, **said: Any
) -> list[str]:
    """An agency's header, in one record or three."""
    told = {
        "own_state_code": state,
        "ori": ori,
        "agency": "SPRINGFIELD",
        "own_state_abbr": STATES.get(state, ("MO", "MO"))[1],
        "own_population_group": "2",
        "own_agency_type": "1",
        "own_nibrs_flag": "A",
        "own_populations": ["000169176"],
        "own_indicator": "12",
        "months_reported": "12",
        "year": year,
        "own_activity": ["NYN"] * 12,
    }
    whole = record("BH", **{**told, **said})
    if not three_parts:
        return [whole.rstrip()]
    parts = []
    for prefix in ("B1", "B2", "B3"):
        segment = layout().segments[prefix]
        text = list(prefix + whole[2:13]) + [" "] * (PADDED - 13)
        for piece in segment.pieces:
            text[piece.start : piece.end] = whole[piece.to : piece.to + piece.end - piece.start]
        parts.append("".join(text))
    return parts


# --- a whole file ----------------------------------------------------------------------------


def write(path: Path, *, size: int, year: int = 2019, seed: int = 1, ending: bytes = b"\n") -> int:
    """Write a file of at least `size` bytes; before 2013 padded, with three-part headers.

    Returns its bytes.
    """
    written = 0
    with path.open("wb") as out:
        for piece in pieces(year=year, seed=seed, ending=ending):
            written += out.write(piece)
            if written >= size:
                break
    return written


def pieces(*, year: int, seed: int, ending: bytes = b"\n", batch: int = BATCH) -> Iterator[bytes]:
    """A file without end, a few agencies at a time."""
    rng = np.random.default_rng(seed)
    first = 0
    while True:
        made = _Batch(rng, year, first, batch)
        yield made.text(ending)
        first += made.agencies


class _Batch:
    """Some agencies with their incidents and group B arrests."""

    def __init__(self, rng: np.random.Generator, year: int, first: int, batch: int) -> None:
        self.rng, self.year = rng, year
        sizes = np.maximum(rng.lognormal(5.5, 1.4, max(batch // 500, 1)), 1).astype(int)
        sizes = sizes[: max(int(np.searchsorted(np.cumsum(sizes), batch)), 1)]
        self.agencies, self.count = len(sizes), int(sizes.sum())
        self.parts: list[tuple[Any, Matrix, Any]] = []
        states = rng.choice(np.array(list(STATES)), self.agencies)
        self.oris = [f"{STATES[s][1]}{first + i:05}00"[:9] for i, s in enumerate(states)]
        self.states = list(states)
        agency = np.repeat(np.arange(self.agencies), sizes)
        head = _text([f"{s}{o}" for s, o in zip(states, self.oris, strict=True)], 11)[agency]
        numbers = rng.integers(0, 36, (self.count, 12)).astype(np.uint8)
        numbers = np.where(numbers < 10, numbers + 48, numbers + 55).astype(np.uint8)
        self.key = np.hstack([head.view(np.uint8).reshape(-1, 11), numbers])
        self.dates = self._days(self.count)
        self.starts = np.cumsum(sizes) - sizes
        self._incidents()
        self._group_b(agency, head)

    def _days(self, count: int) -> Text:
        days = np.arange(f"{self.year}-01-01", f"{self.year + 1}-01-01", dtype="M8[D]")
        texts = np.array([str(d).replace("-", "") for d in days], "S8")
        return texts[self.rng.integers(0, len(texts), count)]

    def pick(self, shares: Mapping[str, float], count: int, width: int) -> Text:
        """Codes by their shares."""
        weights = np.cumsum(np.fromiter(shares.values(), float))
        at = np.searchsorted(weights / weights[-1], self.rng.random(count))
        return _text(list(shares), width)[np.minimum(at, len(shares) - 1)]

    def some(self, share: float, values: Text) -> Text:
        """The values in a share of the rows, blank in the others."""
        kept = self.rng.random(len(values)) < share
        return np.where(kept, values, b" " * values.dtype.itemsize)

    def rows(self, incidents: Any) -> Matrix:
        """Blank records of these incidents, with what stands at their start."""
        made = np.full((len(incidents), WIDE), 32, np.uint8)
        made[:, 2:25] = self.key[incidents]
        made[:, 25:33] = self.dates[incidents].view(np.uint8).reshape(-1, 8)
        return made

    def add(self, prefix: str, rows: Matrix, order: Any) -> None:
        rows[:, :2] = np.frombuffer(prefix.encode(), np.uint8)
        self.parts.append((order, rows, None))

    def _incidents(self) -> None:
        rng, n = self.rng, self.count
        every = np.arange(n)
        offenses = 1 + (rng.random(n) < 0.11) + (rng.random(n) < 0.02)
        code1 = self.pick(OFFENSES, n, 3)
        code2 = self.pick(OFFENSES, n, 3)
        code3 = self.pick(OFFENSES, n, 3)
        codes = [code1, code2, code3]
        person = np.isin(code1, _text(list(AGAINST_PERSONS), 3))
        society = np.isin(code1, _text(list(AGAINST_SOCIETY), 3))
        victims = np.where(person, 1 + (rng.random(n) < 0.18) + (rng.random(n) < 0.05), 1)
        offenders = 1 + (rng.random(n) < 0.15) + (rng.random(n) < 0.04)
        unknown = (rng.random(n) < 0.5) & ~person
        offenders[unknown] = 1
        arrests = np.where(rng.random(n) < 0.25, 1, 0) + (rng.random(n) < 0.03)
        self._administrative(every, offenses, victims, offenders, arrests)
        self._offenses(every, offenses, codes)
        self._properties(every, ~person & ~society, code1)
        self._victims(every, victims, offenders, offenses, codes, person, society, unknown)
        self._offenders(every, offenders, unknown)
        self._arrests(every, arrests, code1)

    def _administrative(self, every: Any, *counts: Any) -> None:
        rows, n = self.rows(every), len(every)
        _put(rows, 34, self.some(0.08, _text(["R"], 1).repeat(n)))
        hours = _numbers(2)[self.rng.integers(0, 24, n)]
        _put(rows, 35, self.some(0.97, hours))
        for first, width, count in zip((37, 39, 42, 44), (2, 3, 2, 2), counts, strict=True):
            _put(rows, first, _numbers(width)[count])
        cleared = self.pick({"N": 93, "A": 0.2, "B": 3, "C": 0.1, "D": 3.5, "E": 0.2}, n, 1)
        _put(rows, 50, cleared)
        _put(rows, 51, np.where(cleared != b"N", self.dates[every], b" " * 8))
        if self.year >= 2013:
            _put(rows, 89, self.some(0.5, self.pick({"N": 99, "Y": 1}, n, 1)))
        self.add("01", rows, every * 8)

    def _repeat(self, every: Any, counts: Any) -> tuple[Any, Any]:
        """Incident of each of its segments, and which of them it is, from 0."""
        incident = np.repeat(every, counts)
        return incident, np.arange(len(incident)) - np.repeat(np.cumsum(counts) - counts, counts)

    def _offenses(self, every: Any, counts: Any, codes: list[Text]) -> None:
        incident, which = self._repeat(every, counts)
        rows, n = self.rows(incident), len(incident)
        code = np.choose(which, [c[incident] for c in codes])
        _put(rows, 34, code)
        _put(rows, 37, self.pick({"C": 95, "A": 5}, n, 1))
        _put(rows, 38, self.pick({"N": 88, "A": 6, "D": 4, "C": 2}, n, 1))
        places = {f"{p:02}": 1.0 for p in range(1, 59)} | {"20": 40, "13": 15, "18": 10, "25": 8}
        _put(rows, 41, self.pick(places, n, 2))
        burglary = code == b"220"
        _put(rows, 45, np.where(burglary, self.pick({"F": 55, "N": 45}, n, 1), b" "))
        stored = burglary & (rows[:, 40:42] == np.frombuffer(b"19", np.uint8)).all(axis=1)
        _put(rows, 43, np.where(stored, _numbers(2)[self.rng.integers(1, 20, n)], b"  "))
        gang = np.isin(code, _text(["35A", "280", "250", "520", "13A", "120"], 3))
        _put(rows, 46, np.where(gang, self.pick({"P": 50, "N": 30, "B": 10, "D": 10}, n, 1), b" "))
        _put(rows, 47, np.where(gang, self.some(0.1, _text(["T"], 1).repeat(n)), b" "))
        armed = np.isin(code, _text(["13A", "120", "09A", "520", "11A", "13B", "100"], 3))
        weapon = self.pick(
            {"40 ": 60, "12 ": 12, "12A": 1, "11 ": 8, "20 ": 9, "30 ": 5, "99 ": 5}, n, 3
        )
        _put(rows, 49, np.where(armed, weapon, b"   "))
        _put(rows, 52, np.where(armed, self.some(0.05, weapon), b"   "))
        _put(rows, 58, self.pick({"88": 99, "12": 0.4, "41": 0.2, "21": 0.2, "99": 0.2}, n, 2))
        self.add("02", rows, incident * 8 + 1)

    def _properties(self, every: Any, has: Any, code: Text) -> None:
        counts = np.where(has, 1 + (self.rng.random(len(every)) < 0.35), 0)
        drugs = code == b"35A"
        counts = np.where(drugs, 1, counts)
        incident, _ = self._repeat(every, counts)
        rows, n = self.rows(incident), len(incident)
        drug = drugs[incident]
        loss = self.pick({"7": 74, "4": 14, "5": 8, "2": 1, "8": 2, "3": 1}, n, 1)
        _put(rows, 34, np.where(drug, b"6", loss))
        kinds = {f"{p:02}": 1.0 for p in range(1, 40)} | {"20": 20, "03": 15, "77": 20, "16": 5}
        _put(rows, 35, np.where(drug, b"10", self.pick(kinds, n, 2)))
        dollars = _text([f"{int(v):09}" for v in self.rng.lognormal(5.5, 1.8, 4000)], 9)
        value = dollars[self.rng.integers(0, len(dollars), n)]
        _put(rows, 37, np.where(drug, b" " * 9, value))
        found = ~drug & (rows[:, 33] == ord("5"))
        _put(rows, 46, np.where(found, self.dates[incident], b" " * 8))
        _put(
            rows,
            54,
            np.where(rows[:, 34] == ord("0"), self.some(0.1, _numbers(2)[np.ones(n, int)]), b"  "),
        )
        _put(rows, 58, np.where(drug, self.pick({"E": 50, "L": 20, "H": 8, "P": 6}, n, 1), b" "))
        grams = _text([f"{int(v):012}" for v in self.rng.lognormal(8, 2, 4000)], 12)
        _put(rows, 59, np.where(drug, grams[self.rng.integers(0, len(grams), n)], b" " * 12))
        _put(rows, 71, np.where(drug, self.pick({"GM": 80, "DU": 15, "OZ": 5}, n, 2), b"  "))
        second = drug & (self.rng.random(n) < 0.15)
        _put(rows, 73, np.where(second, b"L", b" "))
        _put(rows, 74, np.where(second, grams[self.rng.integers(0, len(grams), n)], b" " * 12))
        _put(rows, 86, np.where(second, b"GM", b"  "))
        self.add("03", rows, incident * 8 + 2)

    def _victims(
        self,
        every: Any,
        counts: Any,
        offenders: Any,
        offenses: Any,
        codes: list[Text],
        person: Any,
        society: Any,
        unknown: Any,
    ) -> None:
        incident, which = self._repeat(every, counts)
        rows, n = self.rows(incident), len(incident)
        _put(rows, 34, _numbers(3)[which + 1])
        for i, code in enumerate(codes):
            _put(rows, 37 + 3 * i, np.where(offenses[incident] > i, code[incident], b"   "))
        kind = self.pick({"I": 72, "B": 22, "G": 3, "O": 2, "L": 0.5}, n, 1)
        kind = np.where(person[incident], b"I", np.where(society[incident], b"S", kind))
        _put(rows, 67, kind)
        one = kind == b"I"
        self._person(rows, 68, one)
        _put(rows, 72, np.where(one, self.pick({"N": 75, "H": 12, "U": 13}, n, 1), b" "))
        _put(rows, 73, np.where(one, self.pick({"R": 65, "N": 18, "U": 17}, n, 1), b" "))
        severe = np.isin(codes[0][incident], _text(["13A", "09A"], 3)) & one
        _put(
            rows,
            74,
            np.where(severe, self.pick({"01": 50, "06": 20, "08": 10, "09": 20}, n, 2), b"  "),
        )
        hurt = person[incident] & one
        _put(
            rows,
            79,
            np.where(hurt, self.pick({"N": 50, "M": 42, "L": 4, "B": 2, "O": 2}, n, 1), b" "),
        )
        _put(rows, 80, np.where(hurt, self.some(0.03, _text(["L"], 1).repeat(n)), b" "))
        known = one & ~unknown[incident] & (person[incident] | (self.rng.random(n) < 0.4))
        ties = {
            "AQ": 20,
            "BG": 22,
            "ST": 16,
            "RU": 14,
            "SP": 10,
            "OK": 8,
            "PA": 4,
            "CH": 3,
            "FR": 3,
        }
        for i in range(3):
            there = known & (offenders[incident] > i)
            _put(rows, 84 + 4 * i, np.where(there, _numbers(2)[np.full(n, i + 1)], b"  "))
            _put(rows, 86 + 4 * i, np.where(there, self.pick(ties, n, 2), b"  "))
        officer = kind == b"L"
        _put(rows, 124, np.where(officer, b"01", b"  "))
        _put(rows, 126, np.where(officer, b"F", b" "))
        self.add("04", rows, incident * 8 + 3)

    def _person(self, rows: Matrix, first: int, there: Any) -> None:
        """Age, sex and race."""
        n = len(rows)
        years = {f"{y:02}": float(np.exp(-(((y - 28) / 18) ** 2)) + 0.1) for y in range(1, 98)}
        age = self.pick(years | {"00": 3.0, "98": 0.1, "NN": 0.02, "NB": 0.02, "BB": 0.1}, n, 2)
        _put(rows, first, np.where(there, age, b"  "))
        _put(rows, first + 2, np.where(there, self.pick({"F": 51, "M": 48, "U": 1}, n, 1), b" "))
        race = self.pick({"W": 68, "B": 22, "A": 2, "I": 1, "U": 7}, n, 1)
        _put(rows, first + 3, np.where(there, race, b" "))

    def _offenders(self, every: Any, counts: Any, unknown: Any) -> None:
        incident, which = self._repeat(every, counts)
        rows = self.rows(incident)
        nobody = unknown[incident]
        _put(rows, 34, np.where(nobody, b"00", _numbers(2)[which + 1]))
        self._person(rows, 36, ~nobody)
        if self.year >= 2013:
            _put(
                rows,
                40,
                np.where(nobody, b" ", self.pick({"N": 60, "H": 12, "U": 28}, len(rows), 1)),
            )
        self.add("05", rows, incident * 8 + 4)

    def _arrests(self, every: Any, counts: Any, code: Text) -> None:
        incident, which = self._repeat(every, counts)
        rows, n = self.rows(incident), len(incident)
        _put(rows, 34, _numbers(2)[which + 1])
        rows[:, 35:47] = self.key[incident, 11:]
        _put(rows, 48, self.dates[incident])
        _put(rows, 56, self.pick({"O": 45, "T": 30, "S": 25}, n, 1))
        _put(rows, 57, self.pick({"N": 97, "M": 2, "C": 1}, n, 1))
        _put(rows, 58, code[incident])
        self._end_of_arrest(rows, 61)
        self.add("06", rows, incident * 8 + 5)

    def _end_of_arrest(self, rows: Matrix, first: int) -> None:
        n = len(rows)
        _put(rows, first, self.pick({"01 ": 95, "12 ": 2, "20 ": 2, "11 ": 1}, n, 3))
        self._person(rows, first + 6, np.ones(n, bool))
        _put(rows, first + 10, self.pick({"N": 78, "H": 12, "U": 10}, n, 1))
        _put(rows, first + 11, self.pick({"R": 65, "N": 25, "U": 10}, n, 1))
        minor = rows[:, first + 5] == ord("1")
        _put(
            rows,
            first + 12,
            np.where(minor, self.some(0.7, self.pick({"H": 20, "R": 80}, n, 1)), b" "),
        )

    def _group_b(self, agency: Any, head: Text) -> None:
        at = np.flatnonzero(self.rng.random(self.count) < 0.15)
        rows, n = self.rows(at), len(at)
        rows[:, 33:] = 32
        _put(rows, 34, _numbers(2)[np.ones(n, int)])
        _put(rows, 40, self.pick({"O": 45, "T": 30, "S": 25}, n, 1))
        _put(rows, 41, self.pick(GROUP_B, n, 3))
        self._end_of_arrest(rows, 44)
        last = np.append(self.starts[1:], self.count)[agency[at]] - 1
        self.add("07", rows, last * 8 + 6)
        del head

    def text(self, ending: bytes) -> bytes:
        """All records in the order of a file."""
        order = np.concatenate([p[0] for p in self.parts])
        rows = np.vstack([p[1] for p in self.parts])
        at = np.argsort(order, kind="stable")
        rows, order = rows[at], order[at]
        filled = rows != 32
        lengths = WIDE - filled[:, ::-1].argmax(axis=1)
        if self.year < 2013:
            lengths = np.maximum(lengths, PADDED)
        end = np.frombuffer(ending, np.uint8)
        rows = np.hstack([rows, np.zeros((len(rows), len(end)), np.uint8)])
        for i, byte in enumerate(end):
            rows[np.arange(len(rows)), lengths + i] = byte
        keep = np.arange(rows.shape[1]) < (lengths + len(end))[:, None]
        ends = np.cumsum(lengths + len(end))
        body = rows[keep].tobytes()
        firsts = np.searchsorted(order, self.starts * 8)
        offsets = [*np.concatenate(([0], ends))[firsts].tolist(), len(body)]
        made = []
        for i in range(self.agencies):
            made.extend(self._header(i, ending))
            made.append(body[offsets[i] : offsets[i + 1]])
        return b"".join(made)

    def _header(self, i: int, ending: bytes) -> list[bytes]:
        people = int(self.rng.lognormal(9, 1.3))
        lines = header(
            self.oris[i],
            self.year,
            state=self.states[i],
            three_parts=self.year < 2013,
            agency=f"TOWN {i}",
            own_populations=[f"{people:09}"],
            own_ucr_counties=["048"],
            own_fips_counties=["095"],
        )
        return [line.encode() + ending for line in lines]


def _text(values: list[str], width: int) -> Text:
    return np.array([v.ljust(width).encode() for v in values], f"S{width}")


def _numbers(width: int) -> Text:
    return _text([f"{i:0{width}}" for i in range(10 ** min(width, 3))], width)


def _put(rows: Matrix, first: int, values: Text) -> None:
    """Write values into columns, the first column being 1."""
    width = values.dtype.itemsize
    held = np.ascontiguousarray(values).view(np.uint8).reshape(len(rows), width)
    rows[:, first - 1 : first - 1 + width] = np.where(held == 0, np.uint8(32), held)
