"""NIBRS submissions: segments in their tables, deletions kept in sight, lines that are refused."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from tests.sources.mutated import mutated

from baserate.errors import BadRow, LayoutChanged, SourceError
from baserate.sources.readers import nibrs_submission
from baserate.sources.reading import Reading, Source
from baserate.sources.tables import Tables

Row = dict[str, Any]
VERMONT = "data/nibrs/search_ncjis/VTUCR0001_20200420_NIBRS_010.txt"


# --- small submissions, written out -----------------------------------------------------------


def segment(level: int, length: int, body: str, action: str = "I", number: str = "20-1") -> str:
    return f"{length:04d}{level}{action}042020    VT0040100{number:<12}{body}".ljust(length)


def an_incident(day: str = "20200401", hour: str = "14", **more: str) -> str:
    return segment(1, 88, f"{day} {hour}N".ljust(50) + "N", **more)


def an_offense(code: str = "13A", weapons: str = "12A", **more: str) -> str:
    return segment(2, 71, f"{code}CN  20      {weapons:<9}88", **more)


def a_property(blocks: str, tail: str = "", loss: str = "7") -> str:
    return segment(3, 307, loss + f"{blocks:<190}{tail}")


def a_victim(offenses: str = "13A", **more: str) -> str:
    return segment(4, 129, f"001{offenses:<30}I3035FWNR01   M    01ST00  ", **more)


def an_offender(**more: str) -> str:
    return segment(5, 46, "0117  MBH", **more)


def an_arrest(code: str = "13A") -> str:
    return segment(6, 110, f"01A77         20200402ON{code}12A   17  MBHRR")


def a_drunk_driver(action: str = "A", code: str = "90D") -> str:
    return segment(7, 66, f"0120200403T{code}01    40  FWNR ", action=action, number="B1")


def a_zero_report(month: str = "032020") -> str:
    return segment(0, 43, month, action="A", number="0" * 12)


ASSAULT = [an_incident(), an_offense(), a_victim(), an_offender(), an_arrest()]


class Read:
    """What a submission became."""

    def __init__(self, path: Path, scratch: Path) -> None:
        with Tables(scratch) as out:
            self.reading: Reading = nibrs_submission.read(Source(path), out)
            self.rejects = [(line, why) for line, why, _ in out._rejects]
            out.write_rejects()
            self.rows = out.rows
            self.tables = {t: list(_rows(out, t)) for t in out.counts()}

    def __getitem__(self, table: str) -> list[Row]:
        return self.tables.get(table, [])


def _rows(out: Tables, table: str) -> Iterator[Row]:
    files = [str(p) for p in out.written(table)]
    found = out.engine.execute(f"SELECT * FROM read_parquet({files}) ORDER BY file_row")
    names = [d[0] for d in found.description or ()]
    yield from (dict(zip(names, r, strict=True)) for r in found.fetchall())


@pytest.fixture
def take(tmp_path: Path) -> Any:
    def read(*lines: str, end: str = "\r\n") -> Read:
        path, scratch = tmp_path / "submission.txt", tmp_path / "scratch"
        path.write_text("".join(line + end for line in lines), encoding="latin-1", newline="")
        scratch.mkdir(exist_ok=True)
        return Read(path, scratch)

    return read


@pytest.fixture(scope="module")
def vermont(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Read:
    return Read(shared / VERMONT, tmp_path_factory.mktemp("vermont"))


# --- one incident ------------------------------------------------------------------------------


def test_an_incident_keeps_its_day_hour_and_line(take: Any):
    (row,) = take(*ASSAULT)["incidents"]
    assert (row["incident_date"], row["incident_hour"]) == (date(2020, 4, 1), 14)
    assert (row["counted_year"], row["counted_month"], row["file_row"]) == (2020, 4, 1)
    assert (row["ori"], row["incident_number"], row["count"]) == ("VT0040100", "20-1", 1)


def test_an_unknown_hour_is_missing_and_not_midnight(take: Any):
    assert take(an_incident(hour="  "))["incidents"][0]["incident_hour"] is None
    assert take(an_incident(hour="00"))["incidents"][0]["incident_hour"] == 0


def test_an_offense_has_its_key_and_its_automatic_weapon(take: Any):
    (row,) = take(*ASSAULT)["offenses"]
    assert (row["offense_code"], row["offense"]) == ("13A", "aggravated_assault")
    assert (row["weapons"], row["biases"], row["premises_entered"]) == (["12A"], ["88"], None)


def test_a_victim_of_unknown_offender_keeps_pairs_in_step(take: Any):
    (row,) = take(*ASSAULT)["victims"]
    assert row["related_offenders"] == ["01", "00"]
    assert row["relationships"] == ["ST", None]
    assert (row["age"], row["circumstances"], row["injuries"]) == ("30-35", ["01"], ["M"])


def test_an_arrest_of_an_incident_may_be_for_an_offense_of_group_b(take: Any):
    rows = take(an_incident(), an_arrest("90Z"))["arrestees"]
    assert [(r["incident"], r["offense_code"], r["is_group_b"]) for r in rows] == [
        (1, "90Z", False)
    ]


def test_stolen_vehicles_stand_with_the_vehicle_and_are_counted_once(take: Any):
    goods = "20000000100        " + "03000009000        "
    rows = take(an_incident(), a_property(goods, tail="02  "))["properties"]
    assert [(r["description"], r["value"], r["stolen_vehicles"]) for r in rows] == [
        ("20", 100, None),
        ("03", 9000, 2),
    ]


def test_a_drug_whose_quantity_is_not_reported_has_none(take: Any):
    drugs = "    D000000002500GME000000001000XX"
    read = take(an_incident(), a_property("10", tail=drugs, loss="6"))
    (row,) = read["properties"]
    assert (row["drug_types"], row["drug_quantities"]) == (["D", "E"], [2.5, None])
    assert row["own_drug_quantities"] == "2.500 1.000"
    assert row["value"] is None


def test_a_window_report_is_no_new_offense(take: Any):
    (row,) = take(an_incident(action="W"))["incidents"]
    assert row["is_window"]


# --- deletions -----------------------------------------------------------------------------------


def test_a_corrected_incident_is_a_deletion_and_a_report(take: Any):
    read = take(an_incident(action="D"), *ASSAULT)
    assert [(r["own_action"], r["count"]) for r in read["incidents"]] == [("D", -1), ("I", 1)]
    assert [r["incident"] for r in read["offenses"]] == [2]
    assert "1 deletions of incidents" in read.reading.remarks[0]


def test_what_a_file_reports_and_deletes_again_counts_once(take: Any):
    read = take(*ASSAULT, an_incident(action="D"), *ASSAULT)
    assert [(r["count"], r["own_withdrawn_on_line"]) for r in read["incidents"]] == [
        (1, "6"),
        (-1, None),
        (1, None),
    ]
    assert [r["file_row"] for r in read["offenses"]] == [8]
    assert read.rejects[0] == (
        2,
        "incident 20-1 of VT0040100 is withdrawn by the deletion on line 6",
    )
    assert read.rows.adds_up


def test_a_deleted_arrest_takes_itself_back(take: Any):
    read = take(a_drunk_driver(), a_drunk_driver("D"))
    assert [(r["is_group_b"], r["count"]) for r in read["arrestees"]] == [(True, 1), (True, -1)]


def test_an_incident_reported_twice_without_a_deletion_counts_once(take: Any):
    read = take(*ASSAULT, an_incident())
    assert len(read["incidents"]) == 1
    assert "already stands on line 1; it must be deleted before" in read.rejects[0][1]


def test_the_same_offense_twice_in_an_incident_counts_once(take: Any):
    read = take(an_incident(), an_offense(), an_offense())
    assert len(read["offenses"]) == 1
    assert "offense segment 13A of incident 20-1" in read.rejects[0][1]


# --- months --------------------------------------------------------------------------------------


def test_a_zero_report_is_a_reported_month(take: Any):
    months = take(a_zero_report(), a_drunk_driver())["agency_months"]
    found = {(m["year"], m["month"]): m["reported"] for m in months}
    assert found == {(2020, 3): "zero", (2020, 4): "incidents"}


def test_a_zero_report_for_a_month_with_incidents_is_rejected(take: Any):
    read = take(an_incident(), a_zero_report("042020"))
    assert read.rejects == [
        (2, "a zero report of VT0040100 for 2020-04, for which line 1 reports"),
    ]
    assert [m["reported"] for m in read["agency_months"]] == ["incidents"]


# --- lines that are refused ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (an_incident("20200230"), r"incident date is '20200230'.* a day of the calendar"),
        (an_incident("20200501"), r"no later than the month of submission, 2020-04"),
        (an_incident(hour="24"), r"incident hour is '24' in columns 47-48; an hour from 00 to 23"),
        (an_offense("99Z"), r"offense code is '99Z' in columns 38-40; no such code is known"),
        (an_offense("   "), r"offense code is blank in columns 38-40; it is needed"),
        (an_offense(weapons="77"), r"weapons is '77 '"),
        (an_offense() + "X", r"says it is 0071 long and has 72 characters"),
        (
            an_offense().replace("0071", "0072", 1),
            r"says it is 0072 long; a level 2 .* 0063 or 0071",
        ),
        (an_offense(number="20-2"), r"no level 1 segment of incident 20-2 of VT0040100"),
        (an_offense(action="M"), r"action type M \(modifies an earlier report\)"),
        (an_offense(action="Q"), r"action type is 'Q' in column 6"),
        (an_offense().replace("042020", "132020", 1), r"month of submission is '132020'"),
        (an_offense().replace("VT0040100", "vt0040100"), r"the agency is 'vt0040100'"),
        (an_offense().replace("88", "8\xe9"), r"not ASCII"),
        (a_victim().replace("3035", "3530"), r"age is '3530'.* the younger first"),
        (a_victim("   "), r"offense codes is blank"),
        ("X" * 5_000, r"is 4,000 characters long"),
        ("nothing", r"begins 'nothin'; four digits of length"),
    ],
)
def test_a_line_that_cannot_be_is_rejected_with_its_reason(take: Any, line: str, why: str):
    read = take(a_drunk_driver(), *ASSAULT[:1], line)
    ((number, said),) = read.rejects
    assert number == 3
    assert re.search(why, said)
    assert read.rows.adds_up


def test_trimmed_blanks_are_taken_and_told(take: Any):
    read = take(*[line.rstrip() for line in ASSAULT])
    assert not read.rejects
    assert "3 lines are shorter than they say" in read.reading.remarks[0]


def test_a_file_that_stops_inside_a_line_has_that_line_rejected(take: Any):
    read = take("\r\n".join([*ASSAULT, an_offense("120")[:60]]), end="")
    assert read.rejects[0][0] == 6
    assert "the file stops after 60 characters" in read.rejects[0][1]


def test_blank_lines_are_set_aside(take: Any):
    rows = take("", *ASSAULT, "   ").rows
    assert (rows.read, rows.kept, rows.aside) == (7, 5, 2)


@pytest.mark.parametrize("content", ["a,b\n1,2\n" * 5, "\n\n", "x\0y", "{}" * 9_999])
def test_what_is_no_submission_is_refused(take: Any, content: str):
    with pytest.raises(BadRow, match=r"submission\.txt"):
        take(content, end="")


def test_the_answer_of_the_fbi_is_not_a_submission(take: Any):
    with pytest.raises(LayoutChanged, match="error records about a submission"):
        take("2020040000030IVT004010020-1 4   001 34 459  NEED A CRIME", end="\n")


def test_a_submission_is_known_by_its_lines(tmp_path: Path):
    path = tmp_path / "data.csv"
    path.write_text("\n".join(ASSAULT))
    assert nibrs_submission.looks_like(Source(path))
    path.write_text("0088,1,I,04,2020,NA,VT0040100,20-1\n" * 5)
    assert not nibrs_submission.looks_like(Source(path))


def test_the_release_is_the_end_of_the_last_month_submitted(take: Any):
    reading = take(*ASSAULT).reading
    assert (reading.released, reading.edition) == (
        date(2020, 4, 30),
        "Vermont, submitted April 2020",
    )
    assert "last month of submission" in reading.release_basis


LINES = [*ASSAULT, a_property("20000000100"), a_drunk_driver(), a_zero_report(), *ASSAULT[1:]]


@settings(max_examples=50)
@given(mutated("\r\n".join(LINES).encode()))
def test_no_damage_loses_a_line_or_crashes_the_reader(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
):
    path = tmp_path_factory.getbasetemp() / "fuzz.txt"
    path.write_bytes(content)
    nibrs_submission.looks_like(Source(path))
    with Tables(tmp_path_factory.mktemp("fuzz")) as out:
        try:
            nibrs_submission.read(Source(path), out)
        except SourceError as error:
            assert "fuzz.txt" in str(error)
        else:
            assert out.rows.adds_up
            assert out.rows.read == len(content.removesuffix(b"\n").split(b"\n"))


def test_a_line_of_ten_megabytes_is_one_rejected_line(take: Any):
    read = take(*ASSAULT, "X" * 10_000_000, *[a_drunk_driver()])
    assert [line for line, _ in read.rejects] == [6]
    assert read["arrestees"][-1]["file_row"] == 7


# --- Vermont, April 2020, beside another tool's flattened form ------------------------------


def test_every_line_of_vermont_is_kept_but_three_that_the_file_itself_withdraws(vermont: Read):
    rows = vermont.rows
    assert (rows.read, rows.kept, rows.rejected, rows.aside) == (6518, 6513, 3, 2)
    assert {why for _, why in vermont.rejects} == {
        "incident 20BU000039 of VT0040100 is withdrawn by the deletion on line 1597"
    }


def test_nearly_every_incident_vermont_deletes_is_reported_again(vermont: Read):
    stands = {(r["ori"], r["incident_number"]) for r in vermont["incidents"] if r["count"] == 1}
    deleted = {(r["ori"], r["incident_number"]) for r in vermont["incidents"] if r["count"] == -1}
    assert (len(deleted), len(deleted & stands)) == (303, 302)


def test_eighteen_agencies_of_vermont_had_nothing_to_report(vermont: Read):
    zero = [m for m in vermont["agency_months"] if m["reported"] == "zero"]
    assert {(m["year"], m["month"]) for m in zero} == {(2020, 4)}
    assert len({m["ori"] for m in zero}) == len(zero) == 18


def test_the_flattened_form_leaves_out_group_b_zero_reports_and_blanks(vermont: Read, shared: Path):
    group_b = sum(r["is_group_b"] for r in vermont["arrestees"])
    with_levels_1_to_6 = 6518 - group_b - 18 - vermont.rows.aside
    assert (group_b, with_levels_1_to_6) == (428, 6070)
    flat = Counter(r["SegmentLevel"] for r in _flat(shared))
    assert sum(flat.values()) == 6352
    more = {level: flat[level] - n for level, n in _records(shared).items()}
    assert more == {"1": 0, "2": 16, "3": 160, "4": 106, "5": 0, "6": 0}  # lists spread over rows


def test_every_field_agrees_with_the_flattened_form(vermont: Read, shared: Path):
    columns = list(_flat(shared)[0])
    theirs = Counter(tuple(r[c] for c in columns) for r in _flat(shared))
    ours = Counter(tuple(r.get(c) or "NA" for c in columns) for r in _flattened(vermont, shared))
    assert not ours - theirs
    left = [dict(zip(columns, row, strict=True)) for row in (theirs - ours).elements()]
    assert [(r["SegmentLevel"], r["IncidentNumber"]) for r in left] == [
        (level, "20BU000039") for level in "245"
    ]


def test_the_flattened_form_has_lost_the_type_of_every_arrest(vermont: Read, shared: Path):
    assert {r["TypeOfArrest"] for r in _flat(shared)} == {"NA"}
    held = Counter(r["arrest_type"] for r in vermont["arrestees"] if not r["is_group_b"])
    assert held == {"S": 204, "T": 118, "O": 115}


@pytest.mark.parametrize(
    ("name", "kept", "rejected"), [("Test-Submission-1", 1376, 17), ("Test-Submission-2", 1163, 0)]
)
def test_what_is_wrong_in_a_test_submission_is_rejected(
    shared: Path, tmp_path: Path, name: str, kept: int, rejected: int
):
    read = Read(shared / f"data/nibrs/search_ncjis/{name}.txt", tmp_path)
    assert (read.rows.kept, read.rows.rejected) == (kept, rejected)
    kinds = {why.split(" in columns")[0] for _, why in read.rejects}
    assert kinds <= {"age is '7   '", "age is '8   '", "weapons is '10 '"}


def test_the_error_records_beside_them_are_refused(shared: Path, tmp_path: Path):
    with pytest.raises(LayoutChanged, match="error records"):
        Read(shared / "data/nibrs/search_ncjis/Test-EDS-2.txt", tmp_path)


def _flat(shared: Path) -> list[dict[str, str]]:
    with (shared / "data/nibrs/search_ncjis/nibrsFlat.csv").open(newline="") as lines:
        return list(csv.DictReader(lines))


def _records(shared: Path) -> Counter[str]:
    lines = (shared / VERMONT).read_text().splitlines()
    return Counter(line[4] for line in lines if line[4:5] in set("123456"))


# What the other tool does with lists: one row for the first item of each, then one row for every
# further item of one list beside the first items of the others. A blank first place before a
# victim's offense or circumstance is an item to it. A span of ages has no hyphen there.


def _flattened(read: Read, shared: Path) -> Iterator[dict[str, Any]]:
    lines = (shared / VERMONT).read_text().splitlines()
    named = {r["incident"]: r for r in read["incidents"]}
    for row in read["incidents"]:
        yield _head(row, row, "1") | _picked(row, INCIDENT)
    for row in read["offenses"]:
        lists = [row["suspected_using"], row["criminal_activity"], row["weapons"], row["biases"]]
        for using, activity, weapon, bias in _spread(*lists):
            yield (
                _head(row, named[row["incident"]], "2")
                | _picked(row, OFFENSE)
                | {
                    "OffenderSuspectedOfUsingCode": using,
                    "TypeCriminalActivityGangInformation": activity,
                    "TypeOfWeaponForceInvolved": weapon and weapon[:2],
                    "BiasMotivation": bias,
                }
            )
    for _, same in groupby(read["properties"], key=lambda r: r["file_row"]):
        yield from _flat_property(list(same), named)
    for row in read["victims"]:
        yield from _flat_victim(row, named[row["incident"]], lines[row["file_row"] - 1])
    for row in read["offenders"]:
        yield _head(row, named[row["incident"]], "5") | _picked(row, OFFENDER)
    for row in read["arrestees"]:
        if not row["is_group_b"]:
            (weapon,) = row["weapons"]
            yield (
                _head(row, named[row["incident"]], "6")
                | _picked(row, ARRESTEE)
                | {"ArresteeArmedWithCode": weapon}
            )


def _flat_property(rows: list[Row], named: dict[int, Row]) -> Iterator[dict[str, Any]]:
    printed = [q for r in rows for q in r["own_drug_quantities"].split()]
    drugs = [d for r in rows for d in zip(r["drug_types"], r["drug_measures"], strict=True)]
    both = [(*d, q) for d, q in zip(drugs, printed, strict=True)]
    stolen, recovered = (
        next((r[c] for r in rows if r[c] is not None), None)
        for c in ("stolen_vehicles", "recovered_vehicles")
    )
    for row, drug in _spread(rows, both):
        kind, measure, quantity = drug or ("", None, "-")
        yield (
            _head(row, named[row["incident"]], "3")
            | _picked(row, PROPERTY)
            | {
                "NumberOfStolenMotorVehicles": _padded(stolen, 2),
                "NumberOfRecoveredMotorVehicles": _padded(recovered, 2),
                "SuspectedDrugType": kind,
                "TypeDrugMeasurement": measure,
                "EstimatedDrugQuantity": ""
                if quantity == "-"
                else quantity.replace(".", "").zfill(12),
            }
        )


def _flat_victim(row: Row, incident: Row, line: str) -> Iterator[dict[str, Any]]:
    offenses = _after_blank(row["offense_codes"], line[40:70], 3)
    circumstances = _after_blank(row["circumstances"], line[79:83], 2)
    related = list(zip(row["related_offenders"], row["relationships"], strict=True))
    for offense, circumstance, injury, pair in _spread(
        offenses, circumstances, row["injuries"], related
    ):
        yield (
            _head(row, incident, "4")
            | _picked(row, VICTIM)
            | {
                "VictimConnectedToUCROffense": offense,
                "VictimAggravatedAssaultHomicideCircumstance": circumstance,
                "VictimInjuryType": injury,
                "AgeOfVictim": row["age"] and row["age"].replace("-", ""),
                "OffenderNumberToBeRelated": pair and pair[0],
                "RelationshipOfVictimToOffender": pair and pair[1],
            }
        )


def _after_blank(held: list[str], places: str, width: int) -> list[str]:
    return ["", *held] if held and not places[:width].strip() else held


def _spread(*lists: list[Any]) -> Iterator[tuple[Any, ...]]:
    first = [items[0] if items else None for items in lists]
    yield tuple(first)
    for i, items in enumerate(lists):
        for item in items[1:]:
            yield (*first[:i], item, *first[i + 1 :])


def _head(row: Row, incident: Row, level: str) -> dict[str, Any]:
    return {
        "SegmentLength": row["own_segment_length"].zfill(4),
        "SegmentLevel": level,
        "SegmentActionType": row["own_action"],
        "MonthOfSubmission": row["own_submission_month"].zfill(2),
        "YearOfSubmission": row["own_submission_year"],
        "CityIndicator": row["own_city_indicator"],
        "ORI": incident["ori"],
        "IncidentNumber": incident["incident_number"],
    }


def _picked(row: Row, columns: dict[str, tuple[str, int]]) -> dict[str, Any]:
    return {theirs: _padded(row[ours], width) for theirs, (ours, width) in columns.items()}


def _padded(value: Any, width: int) -> str | None:
    if isinstance(value, bool):
        return "R" if value else None
    if isinstance(value, date):
        return f"{value:%Y%m%d}"
    return None if value is None else str(value).zfill(width)


INCIDENT = {
    "IncidentDate": ("incident_date", 8),
    "ReportDateIndicator": ("is_report_date", 1),
    "IncidentHour": ("incident_hour", 2),
    "ExceptionalClearanceCode": ("cleared_exceptionally", 1),
    "ExceptionalClearanceDate": ("exceptional_clearance_date", 8),
    "CargoTheftIndicator": ("cargo_theft", 1),
}
OFFENSE = {
    "UCROffenseCode": ("offense_code", 3),
    "OffenseAttemptedIndicator": ("attempted_completed", 1),
    "LocationType": ("location", 2),
    "NumberOfPremisesEntered": ("premises_entered", 2),
    "MethodOfEntry": ("method_of_entry", 1),
}
PROPERTY = {
    "TypePropertyLoss": ("loss_type", 1),
    "PropertyDescription": ("description", 2),
    "ValueOfProperty": ("value", 9),
    "DateRecovered": ("recovered_date", 8),
}
VICTIM = {
    "VictimSequenceNumber": ("victim_sequence", 3),
    "TypeOfVictim": ("victim_type", 1),
    "SexOfVictim": ("sex", 1),
    "RaceOfVictim": ("race", 1),
    "EthnicityOfVictim": ("ethnicity", 1),
    "ResidentStatusOfVictim": ("resident", 1),
    "VictimJustifiableHomicideCircumstance": ("justifiable_circumstance", 1),
    "TypeOfOfficerActivity": ("officer_activity", 2),
    "OfficerAssignmentType": ("officer_assignment", 1),
    "OfficerORIOtherJurisdiction": ("officer_other_ori", 9),
}
OFFENDER = {
    "OffenderSequenceNumber": ("offender_sequence", 2),
    "AgeOfOffender": ("age", 2),
    "SexOfOffender": ("sex", 1),
    "RaceOfOffender": ("race", 1),
    "EthnicityOfOffender": ("ethnicity", 1),
}
ARRESTEE = {
    "ArresteeSequenceNumber": ("arrestee_sequence", 2),
    "ArrestTransactionNumber": ("arrest_number", 1),
    "ArrestDate": ("arrest_date", 8),
    "MultipleArresteeSegmentsIndicator": ("multiple", 1),
    "UCRArrestOffenseCode": ("offense_code", 3),
    "AgeOfArrestee": ("age", 2),
    "SexOfArrestee": ("sex", 1),
    "RaceOfArrestee": ("race", 1),
    "EthnicityOfArrestee": ("ethnicity", 1),
    "ResidentStatusOfArrestee": ("resident", 1),
    "DispositionOfArresteeUnder18": ("juvenile_disposition", 1),
}
