"""Return A: months reported, zero, elsewhere and missing; corrections; what a violent crime is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.made.return_a import Agency, Card, Month, drawn_file, record, signed
from tests.sources.mutated import mutated

from baserate.errors import BadRow, LayoutChanged, SourceError
from baserate.sources.readers import return_a
from baserate.sources.reading import Reading, Source
from baserate.sources.return_a_layout import agency_year, number
from baserate.sources.tables import Tables

Row = dict[str, Any]
CARD = Card(
    murder=1,
    negligent=50,
    rape=2,
    robbery=3,
    aggravated=4,
    simple=900,
    burglary=5,
    larceny=6,
    vehicles=7,
)


class Read:
    """What a file became."""

    def __init__(self, content: bytes, folder: Path, released: Any = None) -> None:
        path, scratch = folder / "reta.txt", folder / "scratch"
        path.write_bytes(content)
        scratch.mkdir(exist_ok=True)
        with Tables(scratch) as out:
            source = Source(path, released=released)
            self.reading: Reading = return_a.read(source, out)
            self.rejects = [(line, why) for line, why, _ in out._rejects]
            self.rows = out.rows
            self.tables = {t: list(_rows(out, t)) for t in out.counts()}

    def __getitem__(self, table: str) -> list[Row]:
        return self.tables.get(table, [])

    def counts(self, month: int, counted: str = "offenses") -> dict[str, int]:
        rows = [r for r in self["series"] if (r["month"], r["counted"]) == (month, counted)]
        return {r["offense"]: r["count"] for r in rows}

    @property
    def reported(self) -> list[str]:
        return [m["reported"] for m in self["agency_months"]]


def _rows(out: Tables, table: str) -> Iterator[Row]:
    files = [str(p) for p in out.written(table)]
    found = out.engine.execute(f"SELECT * FROM read_parquet({files})")
    names = [d[0] for d in found.description or ()]
    yield from (dict(zip(names, r, strict=True)) for r in found.fetchall())


@pytest.fixture
def take(tmp_path: Path) -> Any:
    def read(*agencies: Agency | bytes) -> Read:
        lines = [a if isinstance(a, bytes) else record(a) for a in agencies]
        return Read(b"".join(line + b"\r\n" for line in lines), tmp_path)

    return read


def with_bytes(agency: Agency, column: int, text: str) -> bytes:
    held = bytearray(record(agency))
    held[column - 1 : column - 1 + len(text)] = text.encode("latin-1")
    return bytes(held)


# --- what is counted ----------------------------------------------------------------------------


def test_violent_crime_leaves_out_negligent_manslaughter_and_simple_assault(take: Any):
    counts = take(Agency(months={1: Month(actual=CARD)})).counts(1)
    assert counts["aggravated_assault"] == 4
    assert counts["violent_crime"] == 1 + 2 + 3 + 4
    assert counts["property_crime"] == 5 + 6 + 7
    assert counts["murder"] == 1


def test_sums_and_differences_are_not_printed_numbers(take: Any):
    rows = take(Agency(months={1: Month(actual=CARD)}))["series"]
    printed = {r["offense"]: r["is_printed"] for r in rows}
    assert not printed["violent_crime"]
    assert not printed["aggravated_assault"]
    assert printed["robbery"]
    assert {r["rule"] for r in rows} == {"hierarchy"}


def test_clearances_are_counted_apart(take: Any):
    read = take(Agency(months={1: Month(actual=CARD, cleared=Card(murder=3))}))
    assert read.counts(1, "clearances")["murder"] == 3
    assert read.counts(1)["murder"] == 1


def test_clearances_that_were_not_sent_are_missing(take: Any):
    agency = Agency(months={1: Month(actual=CARD)})
    assert take(with_bytes(agency, 603, " " * 140)).counts(1, "clearances").get("murder") is None


@pytest.mark.parametrize(
    ("year", "definition", "has_note"), [(2012, "legacy", False), (2013, "revised", True)]
)
def test_the_definition_of_rape_goes_by_year(take: Any, year: int, definition: str, has_note: bool):
    rows = take(Agency(year=year, months={1: Month(actual=CARD)}))["series"]
    held = {r["offense"]: r for r in rows}
    assert held["rape"]["definition"] == held["violent_crime"]["definition"] == definition
    assert held["robbery"]["definition"] is None
    assert ("by which definition" in held["rape"]["note"]) is has_note


@pytest.mark.parametrize(
    ("text", "count"),
    [
        (b"0000}", 0),
        (b"0000J", -1),
        (b"0001R", -19),
        (b"0000{", 0),
        (b"0002C", 23),
        (b"00012", 12),
        (b"   12", 12),
        (b"  -12", -12),
        (b"     ", None),
    ],
)
def test_the_last_digit_carries_the_sign(text: bytes, count: int | None):
    assert number(text) == count


@given(st.integers(-9_999, 99_999))
def test_a_signed_number_comes_back(count: int):
    assert number(signed(count).encode()) == count


def test_a_correction_is_a_negative_count_and_lowers_the_sum(take: Any):
    counts = take(Agency(months={2: Month(actual=Card(burglary=-3, larceny=10))})).counts(2)
    assert (counts["burglary"], counts["property_crime"]) == (-3, 7)


def test_totals_only_do_not_tell_aggravated_from_simple_assault(take: Any):
    month = Month(actual=Card(murder=1, aggravated=9), breakdown="T")
    line = with_bytes(Agency(months={1: month}), 463 + 5 * 11, "0" * 20)
    read = take(line)
    assert "aggravated_assault" not in read.counts(1)
    assert "violent_crime" not in read.counts(1)
    assert read.counts(1)["murder"] == 1
    assert "only totals were sent" in read.reading.remarks[0]


def test_assaults_that_do_not_add_up_are_told(take: Any):
    line = with_bytes(Agency(months={1: Month(actual=CARD)}), 463 + 5 * 11, "00009")
    (row,) = (r for r in take(line)["series"] if r["offense"] == "aggravated_assault"
              and r["counted"] == "offenses")  # fmt: skip
    assert (row["count"], row["printed_total"], row["parts_total"]) == (4, 4, 9)


# --- months -------------------------------------------------------------------------------------


def test_zero_missing_and_elsewhere_are_three_things(take: Any):
    months = {1: Month(actual=CARD), 2: Month(actual=Card()), 3: Month(included_in=4)}
    read = take(Agency(months={**months, 4: Month(actual=CARD)}))
    assert read.reported == ["incidents", "zero", "elsewhere", "incidents", *["no"] * 8]
    assert read.counts(2)["murder"] == 0
    assert not read.counts(3)
    assert not read.counts(5)


def test_a_quarter_sent_at_once_is_counted_once_and_says_so(take: Any):
    quarter = {1: Month(included_in=3), 2: Month(included_in=3), 3: Month(actual=CARD)}
    read = take(Agency(months=quarter))
    assert read["agencies"][0]["months_reported"] == 3
    assert {r["month"] for r in read["series"]} == {3}
    assert "Includes the numbers of January, February" in read["series"][0]["note"]


def test_numbers_of_a_month_inside_another_are_not_counted_again(take: Any):
    months = {1: Month(included_in=2, actual=CARD), 2: Month(actual=CARD)}
    read = take(Agency(months=months))
    assert {r["month"] for r in read["series"]} == {2}
    assert "nothing is counted twice" in read.reading.remarks[0]


def test_a_month_inside_a_month_without_a_return_was_not_reported(take: Any):
    read = take(Agency(months={1: Month(included_in=2), 3: Month(actual=CARD)}))
    assert read.reported[:3] == ["no", "no", "incidents"]


def test_months_after_the_last_month_printed_are_read(take: Any):
    read = take(Agency(last_month=1, months={6: Month(actual=CARD)}))
    assert read.counts(6)["robbery"] == 3
    (agency,) = read["agencies"]
    assert (agency["months_reported"], agency["own_last_month_reported"]) == (1, "1")


@pytest.mark.parametrize(("card_type", "breakdown"), [("0", " "), ("0", "0"), ("4", "P")])
def test_zeros_without_a_note_of_a_return_are_not_zero_crime(
    take: Any, card_type: str, breakdown: str
):
    month = Month(actual=Card(), card_type=card_type, breakdown=breakdown)
    read = take(Agency(months={1: month}))
    assert read.reported[0] == "no"
    assert not read["series"]


@pytest.mark.parametrize(("card_type", "breakdown"), [("5", "P"), ("2", "0"), ("0", "T")])
def test_zeros_with_a_note_of_a_return_are_zero_crime(take: Any, card_type: str, breakdown: str):
    month = Month(actual=Card(), card_type=card_type, breakdown=breakdown)
    read = take(Agency(months={1: month}))
    assert read.reported[0] == "zero"
    assert read.counts(1)["violent_crime"] == 0


def test_a_return_without_a_number_is_not_zero_crime(take: Any):
    line = with_bytes(Agency(months={1: Month(actual=Card())}), 463, " " * 140)
    assert take(line).reported[0] == "no"


def test_numbers_without_a_note_of_a_return_are_kept_and_told(take: Any):
    read = take(Agency(months={1: Month(actual=CARD, card_type="0", breakdown=" ")}))
    assert read.reported[0] == "incidents"
    assert "no note of a return" in read.reading.remarks[0]


def test_a_blank_number_is_missing_and_so_is_its_sum(take: Any):
    line = with_bytes(Agency(months={1: Month(actual=CARD)}), 463 + 5 * 5, "     ")
    counts = take(line).counts(1)
    assert "robbery" not in counts
    assert "violent_crime" not in counts
    assert counts["murder"] == 1


# --- agencies -------------------------------------------------------------------------------------


def test_the_population_of_an_agency_in_three_counties_is_their_sum(take: Any):
    assert take(Agency(populations=(100, 20, 3)))["agencies"][0]["population"] == 123


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"group": "1A"}, "city"),
        ({"group": "9B"}, "county"),
        ({"group": "8E"}, "state police"),
        ({"group": "7", "populations": (0,), "name": "UNIVERSITY OF MISSOURI"}, "university"),
        ({"group": "7", "populations": (0,), "name": "METRO TRANSIT"}, "other"),
        ({"group": "0"}, "other"),
    ],
)
def test_the_kind_of_an_agency_follows_its_population_group(
    take: Any, changes: dict[str, Any], kind: str
):
    assert take(Agency(**changes))["agencies"][0]["kind"] == kind


@pytest.mark.parametrize(
    ("name", "place"),
    [("ST LOUIS", "St. Louis, MO"), ("KANSAS CITY", "Kansas City, MO"), ("ADRIAN", "Adrian, MO")],
)
def test_a_city_agency_has_its_city(take: Any, name: str, place: str):
    read = take(Agency(name=name, months={1: Month(actual=CARD)}))
    assert read["agencies"][0]["place"] == place
    assert {r["place"] for r in read["series"]} == {place}


def test_a_sheriff_has_no_city(take: Any):
    assert take(Agency(name="ST LOUIS", group="9A"))["agencies"][0]["place"] is None


def test_months_of_an_agency_that_another_reports_for_are_elsewhere(take: Any):
    read = take(Agency(covered_by="MO00100"))
    assert set(read.reported) == {"elsewhere"}
    assert read["agencies"][0]["covered_by"] == "MO00100"
    assert read["agencies"][0]["months_reported"] is None


def test_the_codes_of_states_are_the_fbis_own(take: Any):
    agencies = [
        Agency(state="04", ori="CA01942"),
        Agency(state="26", ori="NB02801"),
        Agency(state="50", ori="AK00101"),
        Agency(state="55", ori="GM00100"),
    ]
    assert [a["state"] for a in take(*agencies)["agencies"]] == ["CA", "NE", "AK", "GU"]


@pytest.mark.parametrize(
    ("year", "printed"), [(1960, "60"), (1999, "99"), (2000, "00"), (2020, "20")]
)
def test_two_digits_are_a_year_from_1960_to_2059(year: int, printed: str):
    line = record(Agency(year=year))
    assert line[13:15] == printed.encode()
    assert agency_year(line).year == year


def test_a_name_may_have_letters_of_latin_1(take: Any):
    read = take(Agency(state="53", ori="PR00100", name="MAYAGÜEZ"))
    assert read["agencies"][0]["agency"] == "MAYAGÜEZ"


# --- the whole file -------------------------------------------------------------------------------


def test_every_number_of_a_made_file_comes_back(tmp_path: Path):
    agencies = drawn_file(seed=7, agencies=60)
    read = Read(b"".join(record(a) + b"\n" for a in agencies), tmp_path)
    found = {(r["ori"], r["month"], r["counted"], r["offense"]): r["count"] for r in read["series"]}
    assert found == {
        (agency.ori, month, counted, offense): count
        for agency in agencies
        for month, told in agency.months.items()
        for counted, card in (("offenses", told.actual), ("clearances", told.cleared))
        if card is not None
        for offense, count in _expected(card).items()
    }
    assert read.rows.kept == 60
    assert min(found.values()) < 0


def _expected(card: Card) -> dict[str, int]:
    plain = {
        "murder": card.murder,
        "rape": card.rape,
        "robbery": card.robbery,
        "aggravated_assault": card.aggravated,
        "burglary": card.burglary,
        "larceny": card.larceny,
        "motor_vehicle_theft": card.vehicles,
    }
    counts = list(plain.values())
    return plain | {"violent_crime": sum(counts[:4]), "property_crime": sum(counts[4:])}


def test_every_row_of_series_knows_its_line(tmp_path: Path):
    agencies = drawn_file(seed=3, agencies=20)
    read = Read(b"".join(record(a) + b"\n" for a in agencies), tmp_path)
    lines = {a.ori: i + 1 for i, a in enumerate(agencies)}
    assert all(r["file_row"] == lines[r["ori"]] for r in read["series"])


def test_the_edition_is_its_year_and_the_release_the_end_of_the_next(take: Any):
    reading = take(Agency(months={1: Month(actual=CARD)})).reading
    assert (reading.dataset, reading.edition) == ("return_a", "Missouri, 2011")
    assert reading.released.isoformat() == "2012-12-31"
    assert "bears no date" in reading.release_basis


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (record(Agency())[:-1], "is 7,384 characters long; a record of Return A has 7,385"),
        (record(Agency()) + b"0", "is 7,386 characters long"),
        (record(Agency()) + b"0" * 20_000, "is 27,385 characters long"),
        (with_bytes(Agency(), 1, "2"), "begins '2'"),
        (with_bytes(Agency(), 2, "60"), "the state is '60' in columns 2-3"),
        (with_bytes(Agency(), 2, "04"), "one that begins CA is needed"),
        (with_bytes(Agency(), 4, "mo"), "the agency is 'mo09500' in columns 4-10"),
        (with_bytes(Agency(), 14, "  "), "the year is blank"),
        (with_bytes(Agency(), 45, "12X"), "the population is '12X001700'"),
        (with_bytes(Agency(), 306, "13"), "January is included in month 13"),
        (
            with_bytes(Agency(months={2: Month(actual=CARD)}), 463 + 590, "0000?"),
            "February, actual: '0000?' in columns 1053-1057; a number of five digits is needed",
        ),
        (record(Agency(ori="MO00001")), "MO00001 2011 already stands on line 1"),
    ],
)
def test_a_record_that_cannot_be_is_rejected_with_its_reason(take: Any, line: bytes, why: str):
    read = take(Agency(ori="MO00001"), Agency(ori="MO00002"), line)
    ((row, said),) = read.rejects
    assert row == 3
    assert why in said
    assert (read.rows.read, read.rows.kept, read.rows.rejected) == (3, 2, 1)


def test_a_file_without_one_whole_record_is_refused(take: Any):
    with pytest.raises(LayoutChanged, match=r"no line has the 7,385 .* \(lengths found: 7,000\)"):
        take(record(Agency())[:7000])


@pytest.mark.parametrize("content", [b"x\0", b"x" * 7385 + b"\n", b"\n"])
def test_what_is_no_return_a_is_refused(tmp_path: Path, content: bytes):
    with pytest.raises((BadRow, LayoutChanged), match=r"reta\.txt"):
        Read(content, tmp_path)


def test_a_return_a_file_is_known_by_its_records(tmp_path: Path):
    path = tmp_path / "anything.csv"
    path.write_bytes(record(Agency()) + b"\r\n")
    assert return_a.looks_like(Source(path))
    path.write_bytes(b"9" + record(Agency())[1:])
    assert not return_a.looks_like(Source(path))
    path.write_bytes(record(Agency())[:7000])
    assert not return_a.looks_like(Source(path))


WHOLE = b"\n".join(record(a) for a in drawn_file(seed=1, agencies=3))


@settings(max_examples=40)
@given(mutated(WHOLE))
def test_no_damage_loses_a_record_or_crashes_the_reader(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
):
    path = tmp_path_factory.getbasetemp() / "fuzz.txt"
    path.write_bytes(content)
    return_a.looks_like(Source(path))
    with Tables(tmp_path_factory.mktemp("fuzz")) as out:
        try:
            return_a.read(Source(path), out)
        except SourceError as error:
            assert "fuzz.txt" in str(error)
        else:
            assert out.rows.adds_up
            assert out.rows.read == len(content.removesuffix(b"\n").split(b"\n"))


def test_a_line_of_ten_megabytes_is_one_rejected_record(take: Any):
    read = take(Agency(ori="MO00001"), b"1" * 10_000_000, Agency(ori="MO00002"))
    assert read.rejects[0][1].startswith("is 10,000,000 characters long")
    assert [a["file_row"] for a in read["agencies"]] == [1, 3]
