"""The NIBRS download of a state: three editions of one schema, rows that do not fit, bad zips."""

from __future__ import annotations

import csv
import io
import random
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baserate.errors import BadRow, LayoutChanged, SourceError, UnknownFormat
from baserate.sources.readers import nibrs_state
from baserate.sources.reading import Reading, Source
from baserate.sources.recognize import recognize
from baserate.sources.tables import Tables
from baserate.terms.places import resolve

Download = dict[str, list[list[str]]]  # a table's rows by its name, the header first


def table(header: str, *rows: str) -> list[list[str]]:
    return [line.split(",") for line in (header, *rows)]


# --- a small download as the FBI makes them since 2021 ---------------------------------------

CODES = {
    "NIBRS_ACTIVITY_TYPE": table(
        "activity_type_id,activity_type_code,activity_type_name", "1,01,x"
    ),
    "NIBRS_AGE": table("age_id,age_code,age_name", "44,41,x", "103,00,x", "104,NS,x", "5,AG,x"),
    "NIBRS_ARREST_TYPE": table("arrest_type_id,arrest_type_code,arrest_type_name", "1,O,x"),
    "NIBRS_ASSIGNMENT_TYPE": table("assignment_type_id,assignment_type_code,a", "1,F,x"),
    "NIBRS_BIAS_LIST": table("bias_id,bias_code,bias_category,bias_desc", "88,88,x,x", "1,11,x,x"),
    "NIBRS_CIRCUMSTANCES": table(
        "circumstances_id,circumstance_type,circumstance_code,circumstance_name", "1,A,1,Argument"
    ),
    "NIBRS_CLEARED_EXCEPT": table("cleared_except_id,cleared_except_code,x", "6,N,x", "1,A,x"),
    "NIBRS_CRIMINAL_ACT_TYPE": table("criminal_act_id,criminal_act_code,x", "6,P,x"),
    "NIBRS_DRUG_MEASURE_TYPE": table("drug_measure_type_id,drug_measure_code,x", "1,GM,x"),
    "NIBRS_ETHNICITY": table("ethnicity_id,ethnicity_code,x", "20,N,x", "50,X,Not Specified"),
    "NIBRS_INJURY": table("injury_id,injury_code,x", "5,N,x", "1,B,x"),
    "NIBRS_JUSTIFIABLE_FORCE": table("justifiable_fore_id,justifiable_force_code,x", "1,A,x"),
    "NIBRS_LOCATION_TYPE": table("location_id,location_code,x", "1,37,x", "25,20,Home"),
    "NIBRS_OFFENSE_TYPE": table(
        "offense_code,offense_name,crime_against,offense_group",
        "13A,Aggravated Assault,Person,A",
        "120,Robbery,Property,A",
        "240,Motor Vehicle Theft,Property,A",
        "35A,Drugs,Society,A",
        "90D,Driving Under the Influence,Society,B",
    ),
    "NIBRS_PROP_DESC_TYPE": table(
        "prop_desc_id,prop_desc_name,prop_desc_code", "3,Car,03", "10,Drugs,10"
    ),
    "NIBRS_PROP_LOSS_TYPE": table("prop_loss_id,prop_loss_name,x", "6,Seized,x", "7,Stolen,x"),
    "NIBRS_RELATIONSHIP": table("relationship_id,relationship_code,x", "1,AQ,x", "25,ST,x"),
    "NIBRS_SUSPECTED_DRUG_TYPE": table(
        "suspected_drug_type_id,suspected_drug_code,x", "2,B,x", "4,D,x"
    ),
    "NIBRS_USING_LIST": table("suspect_using_id,suspect_using_code,x", "4,N,x", "1,A,x"),
    "NIBRS_VICTIM_TYPE": table("victim_type_id,victim_type_code,x", "4,I,x", "8,S,x"),
    "NIBRS_WEAPON_TYPE": table(
        "weapon_id,weapon_code,weapon_name,shr_flag", "5,12,x,t", "7,12A,x,t", "51,01,x,f"
    ),
    "REF_RACE": table("race_id,race_code,race_desc", "10,W,White", "99,NS,Not Specified"),
}


def download() -> Download:
    """Burlington with an assault, a car theft and a drug case; a university with nothing sent."""
    return {
        **{name: [list(row) for row in rows] for name, rows in CODES.items()},
        "agencies": table(
            "agency_id,data_year,ori,legacy_ori,covered_by_legacy_ori,pub_agency_name,"
            "pub_agency_unit,"
            "state_name,state_abbr,state_postal_abbr,agency_type_name,population,"
            "county_name,nibrs_participated",
            "20511,2024,VT0040100,VT0040100,,Burlington,,Vermont,VT,VT,City,44456,CHITTENDEN,Y",
            "20518,2024,VT0041100,VT0041100,VT0040100,University of Vermont,,Vermont,VT,"
            "VT,University or College,0,CHITTENDEN,Y",
        ),
        "NIBRS_month": table(
            "data_year,nibrs_month_id,agency_id,month_num,inc_data_year,reported_status,"
            "did,ddocname",
            "2024,71,20511,1,2024,I,901,2024_01_VT0040100_24B001_INC",
            "2024,71,20511,1,2024,I,902,2024_01_VT0040100_24B002_INC",
            "2024,72,20511,2,2024,I,903,2024_02_VT0040100_24B003_INC",
        ),
        "NIBRS_incident": table(
            "data_year,agency_id,incident_id,nibrs_month_id,cargo_theft_flag,"
            "submission_date,incident_date,"
            "report_date_flag,incident_hour,cleared_except_id,cleared_except_date,"
            "incident_status,data_home,orig_format,did",
            "2024,20511,5001,71,f,2024-08-26 16:09:38.93,2024-01-06,f,12,6,,WARNINGS,,F,901",
            "2024,20511,5002,71,t,2024-08-26 16:09:38.93,2024-01-31,t,,6,,ACCEPTED,,F,902",
            "2024,20511,5003,72,f,2024-08-26 16:09:38.93,2024-02-29,f,23,1,2024-03-01,"
            "ACCEPTED,,F,903",
        ),
        "NIBRS_OFFENSE": table(
            "data_year,offense_id,incident_id,offense_code,attempt_complete_flag,"
            "location_id,num_premises_entered,method_entry_code",
            "2024,6001,5001,13A,C,25,,",
            "2024,6002,5002,240,C,1,,",
            "2024,6003,5003,35A,C,25,,",
        ),
        "NIBRS_VICTIM": table(
            "data_year,victim_id,incident_id,victim_seq_num,victim_type_id,"
            "assignment_type_id,activity_type_id,outside_agency_id,"
            "age_id,age_num,sex_code,race_id,ethnicity_id,resident_status_code,"
            "age_range_low_num,age_code_range_high",
            "2024,7001,5001,1,4,,,,44,41,F,10,20,R,41,",
            "2024,7002,5001,2,4,,,,44,41,M,10,20,N,40,42",
            "2024,7003,5002,1,4,,,,103,00,U,10,20,,,",
            "2024,7004,5003,1,8,,,,104,NS,X,99,50,,,",
        ),
        "NIBRS_OFFENDER": table(
            "data_year,offender_id,incident_id,offender_seq_num,age_id,age_num,sex_code,"
            "race_id,ethnicity_id,age_range_low_num,age_range_high_num",
            "2024,8001,5001,1,44,41,M,10,50,41,",
            "2024,8002,5002,0,104,NS,X,99,50,,",
        ),
        "NIBRS_ARRESTEE": table(
            "data_year,arrestee_id,incident_id,arrestee_seq_num,arrest_date,"
            "arrest_type_id,multiple_indicator,offense_code,age_id,"
            "age_num,sex_code,race_id,ethnicity_id,resident_code,"
            "under_18_disposition_code,clearance_ind,age_range_low_num,age_range_high_num",
            "2024,9001,5001,1,2024-02-01,1,N,13A,44,41,M,10,20,R,,,41,",
        ),
        "NIBRS_ARRESTEE_GROUPB": table(
            "data_year,groupb_arrestee_id,arrestee_seq_num,arrest_date,arrest_type_id,"
            "offense_code,age_id,age_num,sex_code,race_id,"
            "ethnicity_id,resident_code,under_18_disposition_code,age_range_low_num,"
            "age_range_high_num",
            "2024,9101,1,2024-01-04,1,90D,44,41,M,10,20,R,,,",
        ),
        "NIBRS_PROPERTY": table(
            "data_year,property_id,incident_id,prop_loss_id,stolen_count,recovered_count",
            "2024,4001,5002,7,2,",
            "2024,4002,5003,6,,",
        ),
        "NIBRS_PROPERTY_DESC": table(
            "data_year,property_id,prop_desc_id,property_value,date_recovered,nibrs_prop_desc_id",
            "2024,4001,10,5,,",
            "2024,4001,3,20000,2024-02-10,",
            "2024,4002,10,,,",
        ),
        "NIBRS_SUSPECTED_DRUG": table(
            "data_year,suspected_drug_type_id,property_id,est_drug_qty,"
            "drug_measure_type_id,nibrs_suspected_drug_id",
            "2024,4,4002,1.500,1,1",
            "2024,2,4002,,,2",
        ),
        "NIBRS_WEAPON": table(
            "data_year,weapon_id,offense_id,nibrs_weapon_id", "2024,7,6001,", "2024,5,6001,"
        ),
        "NIBRS_BIAS_MOTIVATION": table(
            "data_year,bias_id,offense_id", "2024,88,6001", "2024,88,6002"
        ),
        "NIBRS_CRIMINAL_ACT": table("data_year,criminal_act_id,offense_id", "2024,6,6003"),
        "NIBRS_SUSPECT_USING": table("data_year,suspect_using_id,offense_id", "2024,1,6001"),
        "NIBRS_VICTIM_OFFENSE": table(
            "data_year,victim_id,offense_id",
            "2024,7001,6001",
            "2024,7002,6001",
            "2024,7003,6002",
            "2024,7004,6003",
        ),
        "NIBRS_VICTIM_INJURY": table("data_year,victim_id,injury_id", "2024,7001,1", "2024,7001,5"),
        "NIBRS_VICTIM_CIRCUMSTANCES": table(
            "data_year,victim_id,circumstances_id,justifiable_force_id", "2024,7001,1,"
        ),
        "NIBRS_VICTIM_OFFENDER_REL": table(
            "data_year,victim_id,offender_id,relationship_id,nibrs_victim_offender_id",
            "2024,7001,8001,25,",
        ),
        "NIBRS_ARRESTEE_WEAPON": table(
            "data_year,arrestee_id,nibrs_arrestee_weapon_id,weapon_id", "2024,9001,,7"
        ),
        "NIBRS_ARRESTEE_GROUPB_WEAPON": table(
            "data_year,groupb_arrestee_id,weapon_code,weapon_id", "2024,9101,01,51"
        ),
    }


# --- the same download as it was made before -------------------------------------------------

OFFENSE_IDS = {
    "offense_code": "offense_type_id",
    "13A": "27",
    "120": "40",
    "240": "21",
    "35A": "16",
}


def of_2020(made: Download) -> Download:
    """Capitals, offenses by number, a month for every agency, no arrests for group B."""
    found = {name: rows for name, rows in made.items() if "GROUPB" not in name}
    for name in ("NIBRS_OFFENSE", "NIBRS_ARRESTEE"):
        at = found[name][0].index("offense_code")
        found[name] = [[*r[:at], OFFENSE_IDS.get(r[at], r[at]), *r[at + 1 :]] for r in found[name]]
    found["NIBRS_OFFENSE_TYPE"] = [
        [OFFENSE_IDS.get(row[0], "1"), *row] for row in found["NIBRS_OFFENSE_TYPE"]
    ]
    found["NIBRS_month"] = table(
        "data_year,nibrs_month_id,agency_id,month_num,data_year,reported_status,did,ddocname",
        "2024,71,20511,1,2024,I,,",
        "2024,72,20511,2,2024,I,,",
        "2024,73,20511,3,2024,Z,,",
        "2024,74,20511,4,2024,U,,",
    )
    found["agencies"] = [
        [*row, *extra]
        for row, extra in zip(found["agencies"], [["0", "0"], ["", ""], ["", ""]], strict=True)
    ]
    return {name: [[c.upper() for c in rows[0]], *rows[1:]] for name, rows in found.items()}


def of_2016(made: Download) -> Download:
    """Names in small letters, no data_year, cde_agencies, ages in years beside one code."""
    found = of_2020(made)
    without = {"DATA_YEAR", "0"}
    found = {
        name: [[v for c, v in zip(rows[0], r, strict=True) if c not in without] for r in rows]
        for name, rows in found.items()
    }
    found["NIBRS_month"] = [
        [*row, year]
        for row, year in zip(found["NIBRS_month"], ["DATA_YEAR", *["2024"] * 4], strict=True)
    ]
    number = found["NIBRS_incident"]
    found["NIBRS_incident"] = [
        [*row, extra]
        for row, extra in zip(
            number, ["INCIDENT_NUMBER", "24B001", "24B002", "24B003"], strict=True
        )
    ]
    for name in ("NIBRS_VICTIM", "NIBRS_OFFENDER", "NIBRS_ARRESTEE"):
        at = found[name][0].index("AGE_ID")
        found[name] = [
            [*row[:at], "5" if row[at] == "44" else row[at], *row[at + 1 :]] for row in found[name]
        ]
    renamed = {"pub_agency_name": "agency_name", "county_name": "primary_county"}
    dropped = {
        "state_postal_abbr",
        "nibrs_participated",
        "covered_by_legacy_ori",
        "pub_agency_unit",
    }
    agencies = [[c.lower() for c in found["agencies"][0]], *found.pop("agencies")[1:]]
    keep = [i for i, c in enumerate(agencies[0]) if c not in dropped]
    found["cde_agencies"] = [[renamed.get(row[i], row[i]) for i in keep] for row in agencies]
    return {name.lower(): [[c.lower() for c in rows[0]], *rows[1:]] for name, rows in found.items()}


def zipped(
    path: Path, made: Download, inside: str = "", quote: Literal[0, 1] = csv.QUOTE_MINIMAL
) -> Path:
    """The download as a zip, its members in the folder `inside`."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(f"{inside}README.md", "# ABOUT THIS DATA\n")
        for name, rows in made.items():
            text = io.StringIO()
            csv.writer(text, lineterminator="\n", quoting=quote).writerows(rows)
            packed.writestr(f"{inside}{name}.csv", text.getvalue())
    return path


class Read:
    """What came of reading a download."""

    def __init__(self, path: Path, folder: Path) -> None:
        with Tables(folder) as out:
            self.reading: Reading = nibrs_state.read(Source(path), out)
            self.rows = out.rows
            out.write_rejects()
            self.found = {t: [str(p) for p in out.written(t)] for t in TABLES}
            self.tables = {t: self._rows(out, t) for t in TABLES if t != "series"}
            self.series = self._rows(out, "series")

    def _rows(self, out: Tables, name: str) -> list[dict[str, Any]]:
        if not self.found[name]:
            return []
        cursor = out.engine.execute(
            "SELECT * FROM read_parquet($parts, union_by_name=true)", {"parts": self.found[name]}
        )
        columns = [d[0] for d in cursor.description]
        return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]

    def __getitem__(self, name: str) -> list[dict[str, Any]]:
        return self.tables[name]

    def column(self, name: str, *columns: str) -> list[tuple[Any, ...]]:
        return [tuple(row[c] for c in columns) for row in self[name]]


TABLES = (
    "agencies", "agency_months", "incidents", "offenses", "victims", "offenders", "arrestees",
    "properties", "series", "rejects",
)  # fmt: skip

EDITIONS: dict[str, Callable[[Path], Path]] = {
    "since 2021": lambda p: zipped(p, download()),
    "since 2021, in a folder": lambda p: zipped(p, download(), "VT/"),
    "2018 to 2020": lambda p: zipped(p, of_2020(download()), "VT/", csv.QUOTE_ALL),
    "before 2018": lambda p: zipped(p, of_2016(download())),
}


@pytest.fixture(scope="module")
def editions(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Read]:
    found = {}
    for name, make in EDITIONS.items():
        folder = tmp_path_factory.mktemp("edition")
        found[name] = Read(make(folder / "VT.zip"), folder)
    return found


@pytest.fixture(scope="module")
def small(editions: dict[str, Read]) -> Read:
    return editions["since 2021"]


# --- one schema, three editions ----------------------------------------------------------------


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_edition_is_known_by_what_is_in_it(tmp_path: Path, edition: str):
    path = EDITIONS[edition](tmp_path / "anything.bin")
    assert recognize(Source(path)) == "nibrs_state"


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_edition_keeps_every_row(editions: dict[str, Read], edition: str):
    rows = editions[edition].rows
    assert rows.adds_up
    assert (rows.rejected, rows.aside) == (0, 0)


SAME = {
    "incidents": (
        "incident",
        "ori",
        "incident_date",
        "incident_hour",
        "counted_month",
        "cleared_exceptionally",
    ),
    "offenses": (
        "incident",
        "offense_code",
        "offense",
        "location",
        "weapons",
        "biases",
        "suspected_using",
    ),
    "victims": (
        "incident",
        "victim_sequence",
        "offense_codes",
        "age",
        "sex",
        "race",
        "injuries",
        "relationships",
    ),
    "offenders": ("incident", "offender_sequence", "age", "sex", "race", "ethnicity"),
    "properties": (
        "incident",
        "loss_type",
        "description",
        "value",
        "stolen_vehicles",
        "drug_types",
    ),
    "agencies": ("ori", "agency", "kind", "place", "state", "county", "year", "population"),
}


@pytest.mark.parametrize("edition", list(EDITIONS)[1:])
@pytest.mark.parametrize("name", SAME)
def test_every_edition_says_the_same(editions: dict[str, Read], edition: str, name: str):
    expected = editions["since 2021"].column(name, *SAME[name])
    assert editions[edition].column(name, *SAME[name]) == expected


def test_only_the_older_editions_tell_zero_from_not_reported(editions: dict[str, Read]):
    months = {
        name: read.column("agency_months", "month", "reported") for name, read in editions.items()
    }
    assert months["since 2021"] == [(1, "incidents"), (2, "incidents")]
    assert months["2018 to 2020"] == [(1, "incidents"), (2, "incidents"), (3, "zero"), (4, "no")]
    assert months["before 2018"] == months["2018 to 2020"]


def test_months_reported_are_told_where_the_file_tells_them(editions: dict[str, Read]):
    told = {name: read["agencies"][0]["months_reported"] for name, read in editions.items()}
    assert told == {
        "since 2021": None,
        "since 2021, in a folder": None,
        "2018 to 2020": 3,
        "before 2018": 3,
    }


def test_a_zero_month_is_in_the_series_as_zero(editions: dict[str, Read]):
    assaults = {
        row["month"]: row["count"]
        for row in editions["2018 to 2020"].series
        if row["place"] == "Burlington, VT"
        and (row["offense"], row["counted"], row["rule"])
        == ("aggravated_assault", "offenses", "hierarchy")
    }
    assert assaults == {1: 2, 2: 0, 3: 0}


# --- what becomes of a row -----------------------------------------------------------------------


def test_the_edition_is_the_state_and_its_year(small: Read):
    reading = small.reading
    assert (reading.edition, reading.first_year, reading.last_year) == ("Vermont, 2024", 2024, 2024)
    assert reading.dataset == "nibrs_state"


def test_what_the_months_do_not_tell_is_remarked(small: Read):
    assert any("neither as zero nor as not reported" in remark for remark in small.reading.remarks)


def test_agencies_have_their_kind_their_city_and_who_covers_them(small: Read):
    assert small.column("agencies", "ori", "kind", "place", "population", "covered_by") == [
        ("VT0040100", "city", "Burlington, VT", 44_456, None),
        ("VT0041100", "university", None, 0, "VT0040100"),
    ]


def test_incidents_are_numbered_and_keep_the_sources_key(small: Read):
    assert small.column(
        "incidents", "incident", "own_incident_id", "incident_number", "file_row"
    ) == [
        (1, 5001, "24B001", 2),
        (2, 5002, "24B002", 3),
        (3, 5003, "24B003", 4),
    ]


def test_an_incident_can_be_dated_by_its_report(small: Read):
    assert small.column("incidents", "is_report_date", "cargo_theft", "incident_hour") == [
        (False, "N", 12),
        (True, "Y", None),
        (False, "N", 23),
    ]


def test_lists_of_codes_are_in_the_order_of_the_file(small: Read):
    assault = small["offenses"][0]
    assert (assault["weapons"], assault["biases"]) == (["12A", "12"], ["88"])
    victim = small["victims"][0]
    assert (victim["injuries"], victim["circumstances"]) == (["B", "N"], ["01"])
    assert (victim["related_offenders"], victim["relationships"]) == (["01"], ["ST"])


def test_ages_are_codes_spans_or_nothing(small: Read):
    assert small.column("victims", "age", "sex") == [
        ("41", "F"),
        ("40-42", "M"),
        ("00", "U"),
        (None, None),
    ]


def test_vehicles_stand_once_and_drugs_in_step(small: Read):
    assert small.column("properties", "description", "stolen_vehicles", "drug_types") == [
        ("10", None, None),
        ("03", 2, None),
        ("10", None, ["D", "B"]),
    ]
    drugs = small["properties"][2]
    assert (drugs["drug_quantities"], drugs["drug_measures"]) == ([1.5, None], ["GM", None])


def test_arrests_for_group_b_have_no_incident(small: Read):
    assert small.column(
        "arrestees", "incident", "ori", "is_group_b", "offense_code", "weapons"
    ) == [
        (1, "VT0040100", False, "13A", ["12A"]),
        (None, None, True, "90D", ["01"]),
    ]


def test_two_cars_are_two_thefts(small: Read):
    (count,) = {
        row["count"]
        for row in small.series
        if (row["offense"], row["month"], row["counted"]) == ("motor_vehicle_theft", 1, "offenses")
    }
    assert count == 2


# --- rows that do not fit ------------------------------------------------------------------------

MISFITS = [
    pytest.param(
        "NIBRS_OFFENSE",
        "2024,6009,5999,13A,C,25,,",
        "NIBRS_OFFENSE.csv line 5: incident_id is '5999'; no row of NIBRS_incident.csv that was",
        id="an offense of no incident",
    ),
    pytest.param(
        "NIBRS_OFFENSE",
        "2024,6010,5001,13A,C,99,,",
        "NIBRS_OFFENSE.csv line 5: location_id is '99'; NIBRS_LOCATION_TYPE.csv has no such",
        id="a location nobody knows",
    ),
    pytest.param(
        "NIBRS_OFFENSE",
        "2024,6011,5001,,C,25,,",
        "NIBRS_OFFENSE.csv line 5: offense_code is ''; NIBRS_OFFENSE_TYPE.csv has no such",
        id="an offense without its code",
    ),
    pytest.param(
        "NIBRS_OFFENSE",
        "2024,6001,5001,13A,C,25,,",
        "NIBRS_OFFENSE.csv line 5: offense_id is '6001', as on an earlier line; it must be unique",
        id="a key used twice",
    ),
    pytest.param(
        "NIBRS_OFFENSE",
        "2024,60x9,5001,13A,C,25,,",
        "NIBRS_OFFENSE.csv line 5: offense_id is '60x9'; a whole number is needed",
        id="a key that is no number",
    ),
    pytest.param(
        "NIBRS_OFFENSE",
        "2024,6012,5001,13A,C,25",
        "NIBRS_OFFENSE.csv line 5: 6 fields, where the header has 8",
        id="a row cut short",
    ),
    pytest.param(
        "NIBRS_incident",
        "2024,20511,5009,72,f,,2024-02-30,f,1,6,,ACCEPTED,,F,904",
        "NIBRS_incident.csv line 5: incident_date is '2024-02-30'; a day of the calendar",
        id="30 February",
    ),
    pytest.param(
        "NIBRS_incident",
        "2024,20511,5010,72,f,,2024-02-03,f,24,6,,ACCEPTED,,F,904",
        "NIBRS_incident.csv line 5: incident_hour is '24'; a whole number from 0 to 23 is needed",
        id="the 25th hour",
    ),
    pytest.param(
        "NIBRS_month",
        "2024,79,20511,13,2024,I,909,x",
        "NIBRS_month.csv line 5: month_num is '13'; a whole number from 1 to 12 is needed",
        id="the 13th month",
    ),
    pytest.param(
        "NIBRS_month",
        "2024,79,20511,3,2024,Q,909,x",
        "NIBRS_month.csv line 5: reported_status is 'Q'; one of I, Z, U is needed",
        id="a status nobody knows",
    ),
    pytest.param(
        "NIBRS_SUSPECTED_DRUG",
        "2024,4,4002,a lot,1,3",
        "NIBRS_SUSPECTED_DRUG.csv line 4: est_drug_qty is 'a lot'; an amount is needed",
        id="an amount that is none",
    ),
    pytest.param(
        "NIBRS_VICTIM_OFFENSE",
        "2024,7999,6001",
        "NIBRS_VICTIM_OFFENSE.csv line 6: victim_id is '7999'; no row of NIBRS_VICTIM.csv",
        id="nobody is the victim",
    ),
]


@pytest.fixture(scope="module")
def misfit(tmp_path_factory: pytest.TempPathFactory) -> Read:
    """A download in which every misfit stands, each but the first of its table on a later line."""
    made = download()
    for param in MISFITS:
        name, row, _ = param.values
        made[str(name)].append(str(row).split(","))
    folder = tmp_path_factory.mktemp("misfit")
    return Read(zipped(folder / "VT.zip", made), folder)


@pytest.mark.parametrize(("name", "row", "reason"), MISFITS)
def test_a_row_that_does_not_fit_is_named_with_its_value(
    misfit: Read, name: str, row: str, reason: str
):
    start, _, rest = reason.partition(": ")
    member = start.rpartition(" line ")[0]
    found = [r for r in misfit["rejects"] if r["raw"] == row]
    assert len(found) == 1
    assert found[0]["reason"].startswith(f"{member} line {found[0]['file_row']}: {rest}")


def test_every_misfit_is_rejected_and_no_other_row(misfit: Read, small: Read):
    assert misfit.rows.adds_up
    assert misfit.rows.rejected == len(MISFITS)
    assert misfit.rows.kept == small.rows.kept


def test_children_of_a_rejected_incident_go_with_it(tmp_path: Path):
    made = download()
    made["NIBRS_incident"][1][6] = "2024-13-06"
    read = Read(zipped(tmp_path / "VT.zip", made), tmp_path)
    assert [row["incident"] for row in read["incidents"]] == [1, 2]
    assert read.column("offenses", "incident", "offense_code") == [(1, "240"), (2, "35A")]
    assert read.rows.adds_up


def test_days_are_read_as_older_exports_wrote_them(tmp_path: Path):
    made = download()
    for row, day in zip(
        made["NIBRS_incident"][1:], ["06-JAN-24", "2024-01-31 00:00:00", "29-Feb-2024"], strict=True
    ):
        row[6] = day
    read = Read(zipped(tmp_path / "VT.zip", made), tmp_path)
    days = [str(row["incident_date"]) for row in read["incidents"]]
    assert days == ["2024-01-06", "2024-01-31", "2024-02-29"]


def test_tables_of_two_downloads_are_refused(tmp_path: Path):
    made = download()
    made["NIBRS_VICTIM_OFFENSE"] += [["2024", str(i), str(i)] for i in range(60)]
    with pytest.raises(
        BadRow, match=r"60 of 1\d\d rows do not fit together .*NIBRS_VICTIM_OFFENSE"
    ):
        Read(zipped(tmp_path / "VT.zip", made), tmp_path)


# --- zips that must not be read -----------------------------------------------------------------


def refusal(path: Path, folder: Path) -> str:
    with pytest.raises(SourceError) as caught:
        Read(path, folder)
    return str(caught.value)


def test_a_zip_cut_short(tmp_path: Path):
    path = zipped(tmp_path / "VT.zip", download())
    path.write_bytes(path.read_bytes()[:-3_000])
    with pytest.raises(BadRow, match="cut short"):
        recognize(Source(path))
    assert "cut short" in refusal(path, tmp_path)


def test_a_zip_whose_data_are_damaged(tmp_path: Path):
    path = zipped(tmp_path / "VT.zip", download())
    data = bytearray(path.read_bytes())
    at = data.index(b"NIBRS_AGE.csv") + len(b"NIBRS_AGE.csv")
    data[at + 4 : at + 20] = bytes(16)
    path.write_bytes(data)
    assert "the zip is cut short or damaged" in refusal(path, tmp_path)


def test_a_bomb(tmp_path: Path):
    path = zipped(tmp_path / "VT.zip", {n: r for n, r in download().items() if n != "NIBRS_AGE"})
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("NIBRS_AGE.csv", b"0" * 50_000_000)
    assert "NIBRS_AGE.csv unpacks to more than" in refusal(path, tmp_path)


def test_a_member_that_climbs_out(tmp_path: Path):
    path = zipped(tmp_path / "VT.zip", download())
    with zipfile.ZipFile(path, "a") as packed:
        packed.writestr("../../NIBRS_AGE.csv", "age_id\n")
    assert "climb out of its folder" in refusal(path, tmp_path)


def test_two_states_in_one_zip(tmp_path: Path):
    path = zipped(tmp_path / "VT.zip", download(), "VT/")
    with zipfile.ZipFile(path, "a") as packed:
        packed.writestr("NH/NIBRS_AGE.csv", "age_id\n")
    assert "has NIBRS_AGE.csv twice" in refusal(path, tmp_path)


@pytest.mark.parametrize(
    "name", ["NIBRS_incident", "NIBRS_VICTIM", "NIBRS_LOCATION_TYPE", "agencies"]
)
def test_a_missing_member_is_named(tmp_path: Path, name: str):
    path = zipped(tmp_path / "VT.zip", {n: r for n, r in download().items() if n != name})
    assert recognize(Source(path)) == "nibrs_state"
    with pytest.raises(LayoutChanged, match=rf"the zip lacks {name}\.csv.*Download it again"):
        Read(path, tmp_path)


def test_new_and_missing_columns_are_named_together(tmp_path: Path):
    made = download()
    made["NIBRS_OFFENSE"][0][5] = "place_id"
    said = refusal(zipped(tmp_path / "VT.zip", made), tmp_path)
    assert said.startswith(
        "NIBRS_OFFENSE.csv: unknown columns place_id; missing columns location_id"
    )


def test_a_table_of_codes_without_the_number_that_is_used(tmp_path: Path):
    made = of_2020(download())
    made["NIBRS_OFFENSE_TYPE"] = [row[1:] for row in made["NIBRS_OFFENSE_TYPE"]]
    said = refusal(zipped(tmp_path / "VT.zip", made), tmp_path)
    assert "NIBRS_OFFENSE_TYPE.csv: unknown columns none; missing columns offense_type_id" in said


@pytest.mark.parametrize("name", ["NIBRS_OFFENSE", "NIBRS_AGE"])
def test_a_member_that_is_a_web_page(tmp_path: Path, name: str):
    made = download()
    made[name] = [["<!DOCTYPE html>"], ["<html><body>Access denied</body></html>"]]
    said = refusal(zipped(tmp_path / "VT.zip", made), tmp_path)
    assert said.startswith(f"{name}.csv: is a web page or XML, not a table")


def test_an_empty_member(tmp_path: Path):
    said = refusal(zipped(tmp_path / "VT.zip", {**download(), "NIBRS_WEAPON": []}), tmp_path)
    assert said.startswith("NIBRS_WEAPON.csv: is empty")


def test_a_download_without_months_is_refused(tmp_path: Path):
    made = {
        n: r[:1] if n.startswith("NIBRS_") and n not in CODES else r for n, r in download().items()
    }
    said = refusal(zipped(tmp_path / "VT.zip", made), tmp_path)
    assert "NIBRS_month.csv has no month of any agency" in said


def test_other_zips_are_left_to_others(tmp_path: Path):
    path = tmp_path / "other.zip"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("agencies.csv", "a,b\n1,2\n")
    assert not nibrs_state.looks_like(Source(path))
    with pytest.raises(UnknownFormat, match="a zip of nothing known here"):
        recognize(Source(path))


@pytest.mark.parametrize("data", [b"", b"PK", b"PK\x03\x04" + bytes(100), b"\xff\xfe,\n", b"a,b\n"])
def test_garbage_is_not_taken_for_a_download(tmp_path: Path, data: bytes):
    path = tmp_path / "garbage"
    path.write_bytes(data)
    assert not nibrs_state.looks_like(Source(path))


# --- whatever is done to a member --------------------------------------------------------------


def mangled(text: bytes, how: str, chance: random.Random) -> bytes:
    """A member with one thing done to it."""
    lines = text.splitlines(keepends=True)
    at = chance.randrange(len(lines))
    if how == "flip a byte":
        place = chance.randrange(len(text))
        return text[:place] + bytes([chance.randrange(256)]) + text[place + 1 :]
    if how == "cut":
        return text[: chance.randrange(len(text))]
    if how == "drop a line":
        return b"".join(lines[:at] + lines[at + 1 :])
    if how == "double a line":
        return b"".join(lines[: at + 1] + lines[at:])
    cells = lines[at].rstrip(b"\n").split(b",")
    cells[chance.randrange(len(cells))] = chance.choice(
        [
            b"",
            b"-1",
            b"1e3",
            b"99999999999999999999",
            b'"',
            b"\xe9",
            b"x" * 50,
            b"0000-00-00",
            b"'; --",
        ]
    )
    return b"".join([*lines[:at], b",".join(cells) + b"\n", *lines[at + 1 :]])


WAYS = ["flip a byte", "cut", "drop a line", "double a line", "change a cell"]


@settings(max_examples=8)
@given(st.sampled_from(WAYS), st.integers(0, 2**32), st.booleans())
def test_no_row_is_lost_whatever_is_done_to_a_member(how: str, seed: int, is_old: bool):
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made = of_2020(download()) if is_old else download()
        whole = zipped(folder / "whole.zip", made)
        with zipfile.ZipFile(whole) as packed:
            members = {n: packed.read(n) for n in packed.namelist()}
        for _ in range(2):
            hit = chance.choice([n for n in sorted(members) if members[n]])
            members[hit] = mangled(members[hit], how, chance)
        with zipfile.ZipFile(folder / "VT.zip", "w") as packed:
            for member, data in members.items():
                packed.writestr(member, data)
        try:
            read = Read(folder / "VT.zip", folder)
        except SourceError as error:
            assert len(str(error)) > 40
        else:
            assert read.rows.adds_up
            assert len(read["rejects"]) == read.rows.rejected


# --- Vermont, 2024 -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def read_vermont(
    shared: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Reading, Tables]]:
    with Tables(tmp_path_factory.mktemp("vermont")) as out:
        yield nibrs_state.read(Source(shared / "data/nibrs/VT-2024.zip"), out), out


@pytest.fixture(scope="module")
def vermont(read_vermont: tuple[Reading, Tables]) -> Tables:
    return read_vermont[1]


def test_vermont_has_every_row_of_its_download(vermont: Tables):
    assert vermont.rows.adds_up
    assert (vermont.rows.read, vermont.rows.kept) == (242_645, 242_645)
    counts = vermont.counts()
    assert [counts[t] for t in ("incidents", "offenses", "victims", "agencies")] == [
        18_919,
        20_426,
        20_214,
        87,
    ]


def test_vermonts_edition_and_day(read_vermont: tuple[Reading, Tables]):
    reading, _ = read_vermont
    assert (reading.edition, str(reading.released)) == ("Vermont, 2024", "2025-12-31")


def test_burlington_is_the_place_a_reader_would_name(vermont: Tables):
    (path,) = vermont.written("agencies")
    rows = vermont.engine.execute(
        f"SELECT place, population FROM '{path}' WHERE ori = 'VT0040100'"
    ).fetchall()
    assert rows == [(resolve("Burlington, Vermont").key, 44_456)]


def test_only_cities_of_vermont_have_a_place(vermont: Tables):
    (path,) = vermont.written("agencies")
    kinds = vermont.engine.execute(
        f"SELECT kind, count(*), count(place) FROM '{path}' GROUP BY 1 ORDER BY 1"
    ).fetchall()
    assert kinds == [
        ("city", 53, 53),
        ("county", 14, 0),
        ("other", 7, 0),
        ("state police", 12, 0),
        ("university", 1, 0),
    ]


def test_all_of_vermonts_incidents_hang_together(vermont: Tables):
    (incidents,), (offenses,) = vermont.written("incidents"), vermont.written("offenses")
    query = (
        f"SELECT count(DISTINCT incident), min(incident), max(incident) FROM '{offenses}' "
        f"SEMI JOIN '{incidents}' USING (incident)"
    )
    assert vermont.engine.execute(query).fetchall() == [(18_919, 1, 18_919)]
