"""The NIBRS master file: every field comes back, and no line is lost."""

from __future__ import annotations

import random
import shutil
import zipfile
import zlib
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.made.nibrs_master import header, pieces, record

from baserate.errors import BadRow, ExtraNeeded, LayoutChanged, SourceError
from baserate.sources.nibrs_summary import NEEDED, add_summary
from baserate.sources.reading import Reading, Source
from baserate.sources.recognize import recognize
from baserate.sources.tables import Tables, schema

pytest.importorskip("pyarrow")

from baserate.sources.master_file.layout import Field, layout
from baserate.sources.master_file.parquet import columns_of
from baserate.sources.readers.nibrs_master import looks_like, read

NUMBER = count()
QUICK = settings(  # a file is written and read each time, so failures are not made smaller
    phases=(Phase.explicit, Phase.generate), suppress_health_check=list(HealthCheck)
)
ORI = "MOSPD0000"
INCIDENT = {"own_state_code": "24", "ori": ORI, "incident_number": "A1B2C3D4E5F6"}
DAY = {"incident_date": "20190704"}


def of(prefix: str, **said: Any) -> str:
    """A record of the one incident, with what it needs."""
    needed = {
        "01": DAY,
        "W1": DAY,
        "02": {**DAY, "offense_code": "13A"},
        "03": {**DAY, "loss_type": "7"},
        "W3": {"loss_type": "5"},
        "04": {**DAY, "victim_sequence": "001"},
        "05": {**DAY, "offender_sequence": "01"},
        "06": {**DAY, "arrestee_sequence": "01", "arrest_date": "20190705", "offense_code": "13A"},
        "W6": {"arrestee_sequence": "01", "arrest_date": "20190705", "offense_code": "13A"},
        "07": {
            "own_state_code": "24",
            "ori": ORI,
            "arrest_number": "AB",
            "arrest_date": "20190705",
            "arrestee_sequence": "01",
            "offense_code": "90D",
        },
    }[prefix]
    known = {} if prefix == "07" else INCIDENT
    return record(prefix, **{**known, **needed, **said}).rstrip()


class Taken:
    """What a file became."""

    def __init__(self, out: Tables, reading: Reading) -> None:
        self.out, self.reading, self.rows = out, reading, out.rows
        self.rejects = [(line, why) for line, why, _ in out._rejects]

    def table(self, name: str) -> list[dict[str, Any]]:
        """A table's rows, in order of their lines."""
        files = [str(p) for p in self.out.written(name)]
        if not files:
            return []
        found = duckdb.execute("select * from read_parquet(?) order by file_row", [files])
        names = [d[0] for d in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    def one(self, name: str) -> dict[str, Any]:
        (row,) = self.table(name)
        return row


def take(folder: Path, data: bytes | list[str], **more: Any) -> Taken:
    if isinstance(data, list):
        data = "".join(line + "\n" for line in data).encode()
    path = folder / f"file{next(NUMBER)}"
    path.write_bytes(data)
    return take_path(path, folder, **more)


def take_path(path: Path, folder: Path, **more: Any) -> Taken:
    made = folder / f"made{next(NUMBER)}"
    made.mkdir()
    with Tables(made) as out:
        reading = read(Source(path, **more), out)
        assert out.rows.adds_up
        return Taken(out, reading)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("master")


# --- every field comes back --------------------------------------------------------------------

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


def values(field: Field) -> st.SearchStrategy[str]:
    """What may stand in a field, blank among it."""
    width = field.width
    digits = st.integers(0, 10**width - 1).map(lambda n: str(n).zfill(width))
    days = st.dates(date(1991, 1, 1), date(2030, 12, 31)).map(lambda d: f"{d:%Y%m%d}")
    some: st.SearchStrategy[str] = {
        "state": st.sampled_from(sorted(layout().states)),
        "offense": st.sampled_from(sorted(layout().offenses)),
        "one of": st.sampled_from(field.known or "A"),
        "mark": st.just(field.known or "A"),
        "number": digits,
        "thousandths": digits,
        "hour": st.integers(0, 23).map(lambda n: f"{n:02}"),
        "date": days,
    }.get(field.kind, st.text(LETTERS, min_size=width, max_size=width))
    if field.kind == "text":
        some = st.text(LETTERS, min_size=1, max_size=width)
    return some if field.needed else st.just("") | some


def lists(field: Field) -> st.SearchStrategy[list[str]]:
    """Lists with gaps, but none at the end."""
    return st.lists(values(field), max_size=field.times)


def meant(field: Field, said: str) -> Any:
    """What a field says, as the tables have it."""
    if field.kind == "mark":
        return said == field.known
    if not said:
        return None
    if field.kind in {"number", "hour"}:
        return int(said)
    if field.kind == "thousandths":
        return int(said) / 1000
    if field.kind == "date":
        return date(int(said[:4]), int(said[4:6]), int(said[6:]))
    return said


def check(row: dict[str, Any], fields: tuple[Field, ...], said: dict[str, Any]) -> None:
    """Every field of the row is what was said; lists in step are as long as the longest."""
    for field in fields:
        if not field.is_list:
            assert row[field.name] == meant(field, said.get(field.name, "")), field.name
            continue
        together = [f for f in fields if f is field or (f.group and f.group == field.group)]
        length = max(
            (n + 1 for f in together for n, v in enumerate(said.get(f.name, [])) if v), default=0
        )
        parts = [*said.get(field.name, []), *[""] * 12][:length]
        assert row[field.name] == [meant(field, p) for p in parts], field.name


FIXED = {*INCIDENT, *DAY}
SEGMENTS = ["01", "W1", "02", "03", "W3", "04", "05", "06", "W6", "07"]


@pytest.mark.parametrize("prefix", SEGMENTS)
@given(data=st.data())
@settings(QUICK, max_examples=15)
def test_every_field_of_a_segment_comes_back(folder: Path, prefix: str, data: st.DataObject):
    segment = layout().segments[prefix]
    fields = (*segment.incident, *segment.fields)
    free = [f for f in fields if f.name not in FIXED or prefix == "07"]
    many = data.draw(st.integers(1, 3))
    said = [
        {f.name: data.draw(lists(f) if f.is_list else values(f), label=f.name) for f in free}
        for _ in range(many)
    ]
    lines = [header(ORI, 2019)[0], of("01"), *[of(prefix, **s) for s in said]]
    taken = take(folder, lines)
    assert taken.rejects == []
    rows = taken.table(segment.table)[-many:]
    for n, (row, one) in enumerate(zip(rows, said, strict=True)):
        assert row["file_row"] == 3 + n
        told = {**INCIDENT, **DAY, **one} if segment.table == "incidents" else one
        check(row, segment.fields, told)
    if segment.incident:
        for row, one in zip(taken.table("incidents")[-many:], said, strict=True):
            assert row["is_window"]
            check(row, segment.incident, {**INCIDENT, **one})


@given(data=st.data(), three_parts=st.booleans())
@settings(QUICK, max_examples=15)
def test_every_field_of_a_header_comes_back(folder: Path, data: st.DataObject, three_parts: bool):
    fields = layout().segments["BH"].fields
    last = "own_state_nibrs_date"
    said: dict[str, Any] = {
        f.name: data.draw(lists(f) if f.is_list else values(f), label=f.name) for f in fields
    }
    said |= {"months_reported": "07", "year": "2012"} | ({last: ""} if three_parts else {})
    taken = take(folder, header(three_parts=three_parts, **{"state": "24", **said}))
    row = taken.one("agencies")
    for field in fields:
        if field.is_list:
            parts = [*said[field.name], *[""] * field.times][: field.times]
            assert row[field.name] == [meant(field, p) for p in parts], field.name
        else:
            assert row[field.name] == meant(field, said[field.name]), field.name
    assert taken.rows.kept == (3 if three_parts else 1)
    flags = [*said["own_activity"], *[""] * 12][:12]
    assert [m["own_flags"] for m in taken.table("agency_months")] == flags


def test_the_tables_have_the_columns_they_should(folder: Path):
    taken = take(
        folder, [header(ORI, 2019)[0], *[of(p) for p in ("01", "02", "03", "04", "05", "06")]]
    )
    for table in ("incidents", "offenses", "properties", "victims", "offenders", "arrestees"):
        held = duckdb.execute(
            "describe select * from read_parquet(?)", [str(taken.out.written(table)[0])]
        ).fetchall()
        types = {name: kind for name, kind, *_ in held}
        assert list(types) == list(columns_of(table, layout()))
        assert {c.name: c.type for c in schema()[table]}.items() <= types.items(), table


# --- what belongs to what ----------------------------------------------------------------------


def test_segments_belong_to_the_incident_before_them(folder: Path):
    other = {"incident_number": "ZZZZZZZZZZZZ"}
    lines = [of("01"), of("02"), of("01", **other), of("02", **other), of("06", **other)]
    taken = take(folder, [header(ORI, 2019)[0], *lines])
    assert [r["incident"] for r in taken.table("incidents")] == [1, 2]
    assert [r["incident"] for r in taken.table("offenses")] == [1, 2]
    assert (taken.one("arrestees")["incident"], taken.one("arrestees")["ori"]) == (2, ORI)


def test_an_orphan_is_rejected_and_the_rest_kept(folder: Path):
    lines = [of("01"), of("02", incident_number="ZZZZZZZZZZZZ"), of("04"), of("05")]
    taken = take(folder, lines)
    ((line, why),) = taken.rejects
    assert line == 2
    assert "offense segment of incident 'ZZZZZZZZZZZZ' of agency 'MOSPD0000'" in why
    assert len(taken.table("victims")) == len(taken.table("offenders")) == 1


def test_an_orphan_after_an_orphan_is_one_too(folder: Path):
    lost = {"incident_number": "ZZZZZZZZZZZZ"}
    lines = [of("01"), of("02", **lost), of("04", **lost), of("02"), of("04"), of("05")]
    assert [line for line, _ in take(folder, lines).rejects] == [2, 3]


def test_an_arrest_of_group_b_does_not_lend_its_number(folder: Path):
    number = {"incident_number": "AB"}
    lines = [of("01"), of("07"), of("02", **number), of("04"), of("05")]
    assert [line for line, _ in take(folder, lines).rejects] == [3]


def test_other_dates_in_several_segments_are_all_kept(folder: Path):
    other = {"incident_date": "20190710"}
    taken = take(folder, [of("01"), of("02", **other), of("04", **other)])
    assert taken.one("victims")["own_incident_date"] == date(2019, 7, 10)


def test_what_belongs_to_a_rejected_incident_is_rejected_with_it(folder: Path):
    lines = [of("01", incident_date="20190230"), of("02"), of("01"), of("02"), of("04")]
    taken = take(folder, lines)
    assert [line for line, _ in taken.rejects] == [1, 2]
    assert (
        "incident date (columns 26-33) is '20190230'; a day of the calendar" in taken.rejects[0][1]
    )
    assert "administrative segment, line 1, was rejected" in taken.rejects[1][1]
    assert taken.one("offenses")["incident"] == taken.one("incidents")["incident"] == 2


def test_another_date_in_a_segment_is_kept_beside_the_incidents(folder: Path):
    taken = take(folder, [of("01"), of("02", incident_date="20190710"), of("04")])
    assert taken.one("offenses")["own_incident_date"] == date(2019, 7, 10)
    assert taken.one("victims")["own_incident_date"] is None


def test_a_window_record_is_an_incident_that_is_marked(folder: Path):
    taken = take(folder, [header(ORI, 2019)[0], of("01"), of("W1"), of("W3"), of("W6")])
    assert [r["is_window"] for r in taken.table("incidents")] == [False, True, True, True]
    assert taken.one("properties")["incident"] == 3
    assert taken.one("arrestees")["incident"] == 4


def test_nothing_follows_a_window_record(folder: Path):
    taken = take(folder, [of("01"), of("02"), of("W1"), of("02")])
    assert [line for line, _ in taken.rejects] == [4]


def test_a_group_b_arrest_has_no_incident(folder: Path):
    row = take(folder, [header(ORI, 2019)[0], of("07")]).one("arrestees")
    assert (row["is_group_b"], row["incident"], row["ori"]) == (True, None, ORI)


def test_a_code_that_is_an_offense_of_the_summary_says_so(folder: Path):
    taken = take(folder, [of("01"), of("02", offense_code="11B"), of("02", offense_code="35A")])
    assert [r["offense"] for r in taken.table("offenses")] == ["rape", None]


def test_the_months_an_agency_reported_are_told_apart(folder: Path):
    flags = ["NYN", "YNN", "NNN", "NNY"] + ["NYN"] * 8
    taken = take(folder, header(ORI, 2019, own_activity=flags))
    said = [m["reported"] for m in taken.table("agency_months")]
    assert said[:5] == ["incidents", "zero", "no", "no", "incidents"]
    assert taken.one("agencies")["place"] == "Springfield, MO"


def test_an_agency_that_another_reports_for_reports_elsewhere(folder: Path):
    taken = take(folder, header(ORI, 2019, covered_by="MO0480000", own_activity=["NNN"] * 12))
    assert {m["reported"] for m in taken.table("agency_months")} == {"elsewhere"}


def test_part_of_a_header_is_rejected(folder: Path):
    parts = header(ORI, 2010, three_parts=True)
    taken = take(folder, [*parts, parts[0], parts[2], of("01"), of("02")])
    assert [line for line, _ in taken.rejects] == [4, 5]
    assert taken.one("agencies")["year"] == 2010


# --- lines that cannot be taken ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("99" + of("02")[2:], "segment '99' is not known"),
        (of("02")[:30], "offense segment has 30 columns; at least 36"),
        (of("02", offense_code="999"), "offense code (columns 34-36) is '999'"),
        (of("02", attempted_completed="X"), "attempted completed (columns 37-37) is 'X'; A or C"),
        (of("02", premises_entered="1X"), "premises entered (columns 43-44) is '1X'; digits"),
        (of("03", value="12,450.00"), "value (columns 37-45) is '12,450.00'; digits"),
        (of("03", recovered_date="20191301"), "recovered date (columns 46-53) is '20191301'"),
        (of("03", drug_types=["E"], drug_quantities=["1.5"]), "drug quantities (columns 59-"),
        (of("04", victim_sequence=" ", sex="F"), "victim sequence (columns 34-36) is blank"),
        (of("04", offense_codes=["13A", "ZZZ"]), "offense codes (columns 37-66) is '13AZZZ"),
        (of("06", arrest_date="20190229"), "arrest date (columns 48-55) is '20190229'"),
        (of("05").ljust(60) + "MORE", "what stands after column 40 is unknown"),
        (of("05").ljust(5_000) + "MORE", "offender segment has 5004 columns"),
        (of("05")[:-1] + "\x07", "holds byte 0x07; printed ASCII is needed"),
        (of("02", own_state_code="77"), "is not that incident's"),
    ],
)
def test_a_bad_line_is_rejected_with_its_number_and_its_value(folder: Path, line: str, why: str):
    taken = take(folder, [header(ORI, 2019)[0], of("01"), line, of("02"), of("04"), of("05")])
    ((number, said),) = taken.rejects
    assert (number, why in said) == (3, True), said
    assert taken.rows.kept == 5


@pytest.mark.parametrize(
    ("field", "value"),
    [("incident_hour", "24"), ("own_state_code", "77"), ("is_report_date", "X"), ("ori", " ")],
)
def test_an_incident_with_a_bad_field_is_rejected(folder: Path, field: str, value: str):
    lines = [of("01", **{field: value}), of("01"), of("02"), of("04")]
    taken = take(folder, lines)
    assert [line for line, _ in taken.rejects] == [1]


@pytest.mark.parametrize("leap", ["20200229", "20000229", "20240229"])
def test_29_february_is_a_day_of_leap_years(folder: Path, leap: str):
    taken = take(folder, [of("01", incident_date=leap)])
    assert f"{taken.one('incidents')['incident_date']:%Y%m%d}" == leap


@given(st.integers(18000101, 21991231).map(str) | st.text("0123456789 ", min_size=8, max_size=8))
@settings(QUICK, max_examples=40)
def test_a_date_is_taken_if_the_calendar_has_it(folder: Path, said: str):
    try:
        day = date(int(said[:4]), int(said[4:6]), int(said[6:])) if said.isdigit() else None
    except ValueError:
        day = None
    if day is not None and not 1900 <= day.year < 2100:
        day = None
    taken = take(folder, [header(ORI, 2019)[0], of("01"), of("01", incident_date=said)])
    assert [r["incident_date"] for r in taken.table("incidents")][1:] == ([day] if day else [])


# --- files -----------------------------------------------------------------------------------


def made(year: int = 2019, ending: bytes = b"\n", seed: int = 3) -> bytes:
    return next(pieces(year=year, seed=seed, ending=ending, batch=600))


def counts(taken: Taken) -> dict[str, int]:
    return {t: len(taken.table(t)) for t in schema() if t not in {"series", "rejects"}}


def test_padded_and_trimmed_lines_give_the_same(folder: Path):
    data = made()
    padded = b"".join(line.ljust(300) + b"\n" for line in data.splitlines())
    plain, wide = take(folder, data), take(folder, padded)
    for table in ("incidents", "offenses", "victims", "agencies"):
        assert plain.table(table) == wide.table(table)
    assert plain.rejects == []


@pytest.mark.parametrize("ending", [b"\r\n", b"\n"])
def test_line_ends_do_not_matter_nor_whether_the_last_has_one(folder: Path, ending: bytes):
    taken = take(folder, made(ending=ending).removesuffix(ending))
    assert taken.rejects == []
    assert counts(taken) == counts(take(folder, made()))


def test_a_file_of_the_years_before_2013(folder: Path):
    data = made(2009)
    taken = take(folder, data)
    assert (taken.rejects, taken.rows.read) == ([], data.count(b"\n"))
    assert (taken.reading.first_year, taken.reading.last_year) == (2009, 2009)
    assert taken.reading.released == date(2010, 12, 31)


def test_small_chunks_give_the_same_as_large_ones(folder: Path, monkeypatch: pytest.MonkeyPatch):
    from baserate.sources.master_file import lines

    whole = take(folder, made())
    monkeypatch.setattr(lines.chunks, "__defaults__", (40_000,))
    cut = take(folder, made())
    for table in ("incidents", "victims", "arrestees", "agency_months"):
        assert whole.table(table) == cut.table(table)
    assert cut.rejects == []


def a_zip(folder: Path, data: bytes, method: str) -> Path:
    path = folder / f"{method}{next(NUMBER)}.zip"
    kind = zipfile.ZIP_STORED if method == "stored" else zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(path, "w", kind) as archive:
        archive.writestr("2019_NIBRS.txt", data)
    return path


def a_deflate64_zip(folder: Path, data: bytes) -> Path:
    """A zip whose one member is stored as Deflate64, which zipfile cannot write."""
    inflate64 = pytest.importorskip("inflate64")
    packer = inflate64.Deflater()
    packed = packer.deflate(data) + packer.flush()
    name = b"2019_NIBRS.txt"
    told = (
        (20).to_bytes(2, "little") + bytes(2) + (9).to_bytes(2, "little") + bytes(4)
        + zlib.crc32(data).to_bytes(4, "little") + len(packed).to_bytes(4, "little")
        + len(data).to_bytes(4, "little") + len(name).to_bytes(2, "little") + bytes(2)
    )  # fmt: skip
    local = b"PK\3\4" + told + name + packed
    central = b"PK\1\2" + (20).to_bytes(2, "little") + told + bytes(14) + name
    end = (
        b"PK\5\6" + bytes(4) + (1).to_bytes(2, "little") * 2
        + len(central).to_bytes(4, "little") + len(local).to_bytes(4, "little") + bytes(2)
    )  # fmt: skip
    path = folder / f"deflate64-{next(NUMBER)}.zip"
    path.write_bytes(local + central + end)
    return path


@pytest.mark.parametrize("method", ["stored", "deflate", "deflate64"])
def test_a_zip_gives_the_same_as_its_text(folder: Path, method: str):
    data = made()
    path = a_deflate64_zip(folder, data) if method == "deflate64" else a_zip(folder, data, method)
    assert recognize(Source(path)) == "nibrs_master"
    assert counts(take_path(path, folder)) == counts(take(folder, data))


@pytest.mark.parametrize("method", ["deflate", "deflate64"])
def test_a_zip_that_is_damaged_inside_is_refused(folder: Path, method: str):
    data = made()
    path = a_deflate64_zip(folder, data) if method == "deflate64" else a_zip(folder, data, method)
    held = bytearray(path.read_bytes())
    held[len(held) // 2 : len(held) // 2 + 40] = bytes(40)
    path.write_bytes(held)
    with pytest.raises(BadRow, match=r"cannot be unpacked .* cut short or damaged"):
        take_path(path, folder)


def test_a_zip_that_is_cut_short_is_refused(folder: Path):
    path = a_zip(folder, made(), "deflate")
    path.write_bytes(path.read_bytes()[:-2_000])
    with pytest.raises(SourceError, match="cannot be opened"):
        take_path(path, folder)


@pytest.mark.parametrize("method", ["deflate", "deflate64"])
def test_a_zip_bomb_is_refused(folder: Path, method: str):
    data = made()[:4_000] + b" " * 60_000_000
    path = a_deflate64_zip(folder, data) if method == "deflate64" else a_zip(folder, data, method)
    with pytest.raises(BadRow, match="no file of this kind does"):
        take_path(path, folder)


def test_a_missing_library_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch):
    import sys

    path = a_deflate64_zip(folder, made())
    monkeypatch.setitem(sys.modules, "inflate64", None)
    assert looks_like(Source(path))
    with pytest.raises(ExtraNeeded, match=r"needs inflate64; pip install 'baserate\[nibrs\]'"):
        take_path(path, folder)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"a,b,c\n1,2,3\n" * 50, "none of 100 lines begins with a segment"),
        (made().replace(b"\n0", b"\n9"), "lines cannot be taken, the first on line 2: segment '9"),
        (made()[:20_000] + bytes(10) + b"\n", "NUL bytes"),
        ("\n".join([of("01"), of("02")]).encode("utf-16"), "NUL bytes"),
    ],
)
def test_what_is_no_master_file_is_refused_as_a_whole(folder: Path, data: bytes, why: str):
    with pytest.raises((BadRow, LayoutChanged), match=why):
        take(folder, data)


def test_progress_is_told(folder: Path):
    said: list[tuple[int, int]] = []
    data = made()
    take(folder, data, progress=lambda *done: said.append(done))
    assert said[-1] == (len(data), data.count(b"\n"))


def test_blank_lines_are_set_aside(folder: Path):
    taken = take(folder, [header(ORI, 2019)[0], "", of("01"), "   "])
    assert (taken.rows.read, taken.rows.kept, taken.rows.aside) == (4, 2, 2)


@given(data=st.data())
@settings(QUICK, max_examples=50)
def test_no_damage_crashes_the_reader_or_loses_a_line(folder: Path, data: st.DataObject):
    rng = random.Random(data.draw(st.integers(0, 2**32)))
    lines = made(rng.choice([2009, 2019]), seed=rng.randrange(3)).splitlines(keepends=True)[:200]
    for _ in range(rng.randrange(1, 12)):
        at = rng.randrange(len(lines))
        column = rng.randrange(max(len(lines[at]), 1))
        change = rng.randrange(6)
        if change == 0:
            lines[at] = lines[at][:column] + rng.randbytes(1) + lines[at][column + 1 :]
        elif change == 1:
            lines[at] = lines[at][:column]
        elif change == 2:
            lines.insert(rng.randrange(len(lines)), lines[at])
        elif change == 3 and len(lines) > 1:
            del lines[at]
        elif change == 4:
            lines[at] = lines[at][:column] + b"7" * rng.randrange(40) + lines[at][column:]
        else:
            other = rng.choice([b"01", b"B1", b"BH", b"W3", b"W6", b"07", b"  "])
            lines[at] = other + lines[at][2:]
    whole = b"".join(lines)
    try:
        taken = take(folder, whole)
    except SourceError:
        return
    assert taken.rows.read == whole.count(b"\n") + (not whole.endswith(b"\n"))
    held = {
        t: {r["file_row"] for r in taken.table(t)} for t in ("offenses", "victims", "offenders")
    }
    refused = {line for line, _ in taken.rejects}
    assert not refused & set().union(*held.values())


@given(st.binary(max_size=400))
@settings(QUICK, max_examples=40)
def test_no_bytes_crash_the_reader(folder: Path, content: bytes):
    path = folder / "fuzz"
    path.write_bytes(content + b"\n")
    with pytest.raises(SourceError):
        take_path(path, folder)
    assert not looks_like(Source(path))


# --- the monthly series: the same as of the tables, in SQL ----------------------------------------


def series_in_sql(taken: Taken, folder: Path) -> list[tuple[Any, ...]]:
    """The series that nibrs_summary.sql makes of the tables that the file became."""
    made = folder / f"made{next(NUMBER)}"
    made.mkdir()
    for table in NEEDED:
        for part in taken.out.written(table):
            shutil.copy(part, made)
    with Tables(made) as out:
        add_summary(out)
        return series(out)


def series(out: Tables) -> list[tuple[Any, ...]]:
    parts = [str(p) for p in out.written("series")]
    return duckdb.execute("select * from read_parquet(?) order by all", [parts]).fetchall()


def crimes(rng: random.Random) -> list[str]:
    """Headers, and incidents in which everything that a series depends on comes up often."""
    codes = ["09A", "09B", "09C", "11A", "11B", "120", "13A", "13B", "220", "240", "200", "23F"]
    codes += ["23H", "35A"]
    oris = [f"MO00{n}0000" for n in range(4)]
    lines: list[str] = []
    for ori in rng.sample(oris, 3):
        covered = rng.choice(["", "", oris[0]])
        flags = [rng.choice(["NYN", "YNN", "NNN"]) for _ in range(12)]
        lines += header(ori, 2019, own_activity=flags, covered_by=covered)
    for _ in range(rng.randrange(30)):
        day = rng.choice(["20190105", "20190131", "20190704", "20191231", "20180105"])
        known = {"ori": rng.choice(oris), "incident_number": f"{rng.randrange(10**6):012}"}
        known["incident_date"] = day
        how = rng.choice(["N", "", "A", "C"])
        ended = rng.choice(["", "20190301", "20200101", day])
        lines.append(of("01", **known, cleared_exceptionally=how, exceptional_clearance_date=ended))
        had = rng.sample(codes, rng.randrange(4))
        for code in had:
            where, entered = rng.choice(["19", "20", ""]), rng.choice(["", "00", "07"])
            more = {"offense_code": code, "location": where, "premises_entered": entered}
            lines.append(of("02", **known, **more))
        for _ in range(rng.randrange(3)):
            loss, stolen = rng.choice("75"), rng.choice(["", "00", "02"])
            lines.append(of("03", **known, loss_type=loss, stolen_vehicles=stolen))
        for n in range(rng.randrange(4)):
            of_victim = rng.sample(had, rng.randrange(len(had) + 1))
            lines.append(of("04", **known, victim_sequence=f"{n:03}", offense_codes=of_victim))
        for n in range(rng.randrange(3)):
            when = rng.choice(["20190102", "20190630", "20200202", "20181230"])
            more = {"arrestee_sequence": f"{n:02}", "arrest_date": when, "offense_code": "13A"}
            lines.append(of("06", **known, **more))
        if rng.random() < 0.2:
            lines.append(of("W1", **known, cleared_exceptionally="A"))
            lines.append(of("W6", **{k: known[k] for k in ("ori", "incident_number")}))
        if rng.random() < 0.2:
            lines.append(of("02", **{**known, "ori": "XX0000000"}))
            lines.append(of("07"))
    return lines


@given(seed=st.integers(0, 2**32))
@settings(QUICK, max_examples=12)
def test_the_series_are_those_of_the_tables(folder: Path, seed: int):
    taken = take(folder, [header(ORI, 2019)[0], *crimes(random.Random(seed))])
    assert series(taken.out) == series_in_sql(taken, folder)


def test_the_series_of_many_incidents_are_those_of_the_tables(
    folder: Path, monkeypatch: pytest.MonkeyPatch
):
    from baserate.sources.master_file import lines

    monkeypatch.setattr(lines.chunks, "__defaults__", (40_000,))
    for data in (made(), made(2009, seed=4)):
        taken = take(folder, data)
        found = series(taken.out)
        assert found == series_in_sql(taken, folder)
        assert len(found) > 500
