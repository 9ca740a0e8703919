"""The FBI's city tables: every city kept, every footnote with its figures, no blank turned to 0."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from baserate.errors import BadRow, LayoutChanged, SourceError
from baserate.sources.catalog import catalog
from baserate.sources.readers import fbi_table8
from baserate.sources.readers.fbi_table8 import CityRow, Page, footnotes, place_keys, read_page
from baserate.sources.reading import Reading, Source
from baserate.sources.recognize import recognize
from baserate.sources.tables import Tables
from baserate.sources.workbooks import sheets

Row = Sequence[str | int | float]
Figures = dict[tuple[str, str, str | None], dict[str, Any]]

# Rows of each workbook below its headings with anything in a column of figures, counted apart from
# the reader; in us_smCity_2002 one more, the row of stray title pieces.
CITIES = {
    "missouri_2006": 427,
    "missouri_2007": 437,
    "missouri_2008": 436,
    "missouri_2009": 429,
    "missouri_2010": 426,
    "missouri_2011": 446,
    "missouri_2012": 445,
    "missouri_2013": 445,
    "missouri_2014": 434,
    "missouri_2015": 436,
    "missouri_2016": 418,
    "missouri_2017": 409,
    "missouri_2018": 369,
    "us_city_2005": 8174,
    "us_lgCity_1999": 2655,
    "us_lgCity_2000": 2723,
    "us_lgCity_2001": 2711,
    "us_lgCity_2002": 2818,
    "us_lgCity_2003": 2876,
    "us_lgCity_2004": 2944,
    "us_smCity_2001": 4517,
    "us_smCity_2002": 4944,
    "us_smCity_2003": 5122,
    "us_smCity_2004": 5256,
}

TITLE: list[Row] = [["Table 8"], ["MISSOURI"], ["Offenses Known to Law Enforcement"]]
HEADINGS: Row = [
    "City",
    "Population",
    "Violent\ncrime",
    "Murder and\nnonnegligent\nmanslaughter",
    "Forcible\nrape",
    "Robbery",
    "Aggravated\nassault",
    "Property\ncrime",
    "Burglary",
    "Larceny-\ntheft",
    "Motor\nvehicle\ntheft",
    "Arson1",
]
ARSON_NOTE = "1 Arson is shown for 12 months only."
ADRIAN: Row = ["Adrian", 1852, 2, 0, 1, 1, 0, 12, 3, 7, 2, 1]
ALMA: Row = ["Alma", 381, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]


def a_workbook(folder: Path, *rows: Row, name: str = "table.xlsx") -> Path:
    """A minimal .xlsx of one sheet; '' is no cell at all."""
    path = folder / name
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    lines = "".join(
        f'<row r="{r}">{"".join(_cell(r, c, v) for c, v in enumerate(row) if v != "")}</row>'
        for r, row in enumerate(rows, 1)
    )
    with zipfile.ZipFile(path, "w") as made:
        made.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{package}/content-types"><Default Extension="xml" '
            'ContentType="application/xml"/></Types>',
        )
        made.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
            f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        made.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets><sheet name="cities" '
            'sheetId="1" r:id="r1"/></sheets></workbook>',
        )
        made.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
            f'Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        )
        made.writestr(
            "xl/worksheets/sheet1.xml",
            f'<worksheet xmlns="{main}"><sheetData>{lines}</sheetData></worksheet>',
        )
    return path


def _cell(row: int, column: int, value: str | int | float) -> str:
    where = f"{chr(ord('A') + column)}{row}"
    if isinstance(value, str):
        text = f'<t xml:space="preserve">{escape(value)}</t>'
        return f'<c r="{where}" t="inlineStr"><is>{text}</is></c>'
    return f'<c r="{where}"><v>{value}</v></c>'


def a_table(
    folder: Path,
    *cities: Row,
    year: int = 2006,
    headings: Row = HEADINGS,
    notes: Sequence[str] = (),
) -> Path:
    below = [[n] for n in (notes or [ARSON_NOTE])]
    return a_workbook(folder, *TITLE, [f"by State by City, {year} "], headings, *cities, *below)


def taken(path: Path) -> tuple[Reading, Tables, list[dict[str, Any]]]:
    """What the reader makes of a file: its reading, its tally, its series rows."""
    folder = path.parent / f"{path.stem}-read"
    folder.mkdir(exist_ok=True)
    with Tables(folder) as out:
        reading = fbi_table8.read(Source(path), out)
        assert out.rows.adds_up
        written = [str(p) for p in out.written("series")]
        found = duckdb.execute("SELECT * FROM read_parquet($1) ORDER BY file_row", [written])
        names = [d[0] for d in found.description]
        return reading, out, [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def by_offense(series: list[dict[str, Any]]) -> Figures:
    return {(r["agency"], r["offense"], r["definition"]): r for r in series}


def city_rows(path: Path) -> tuple[Page, list[CityRow], Tables]:
    """The cities of a published workbook, without writing their figures."""
    (sheet,) = sheets(path)
    page = read_page(sheet.rows, path.name, [])
    with Tables(path.parent) as out:
        return page, fbi_table8._walk(sheet.rows, page, out).rows, out


@pytest.fixture(scope="module")
def published(shared: Path) -> Callable[[str], tuple[Page, list[CityRow], Tables]]:
    held: dict[str, tuple[Page, list[CityRow], Tables]] = {}

    def one(name: str) -> tuple[Page, list[CityRow], Tables]:
        if name not in held:
            held[name] = city_rows(shared / "data/srs/fbi_table8" / f"{name}.xls")
        return held[name]

    return one


def the_city(rows: list[CityRow], agency: str, state: str = "MO") -> CityRow:
    (found,) = [r for r in rows if (r.agency, r.state) == (agency, state)]
    return found


# --- the published workbooks --------------------------------------------------------------------


@pytest.mark.parametrize("name", CITIES)
def test_every_city_of_a_published_workbook_is_kept(name: str, published: Any, shared: Path):
    source = Source(shared / "data/srs/fbi_table8" / f"{name}.xls")
    assert recognize(source) == "fbi_table8"
    page, rows, out = published(name)
    assert page.year == int(name[-4:])
    assert (len(rows), out.rows.kept) == (CITIES[name], CITIES[name])
    assert out.rows.adds_up
    assert out.rows.rejected == (name == "us_smCity_2002")


@pytest.mark.parametrize("name", CITIES)
def test_every_printed_total_of_a_published_workbook_is_its_parts(name: str, published: Any):
    _, rows, _ = published(name)
    assert [r.agency for r in rows if fbi_table8._contradictions(r)] == []


@pytest.mark.parametrize("name", CITIES)
def test_every_blank_count_of_a_published_workbook_is_explained(name: str, published: Any):
    page, rows, _ = published(name)
    needed = {"murder", "robbery", "aggravated_assault", *fbi_table8.PROPERTY}
    blank = {
        r.agency for r in rows if needed - r.counts.keys() and not set(r.marks) & set(page.notes)
    }
    assert blank == set()


@pytest.mark.parametrize("name", CITIES)
def test_no_two_cities_of_a_workbook_share_a_place(name: str, published: Any):
    _, rows, _ = published(name)
    places = [p for p in place_keys(rows).values() if p]
    assert len(places) == len(set(places)) > 300


@pytest.mark.parametrize("year", range(2006, 2019))
def test_st_louis_is_there_every_year_and_kansas_city_every_year_but_2007(
    year: int, published: Any
):
    _, rows, _ = published(f"missouri_{year}")
    places = set(place_keys(rows).values())
    assert "St. Louis, MO" in places
    assert ("Kansas City, MO" in places) == (year != 2007)


def test_the_row_of_stray_title_pieces_is_rejected_with_its_text(published: Any):
    _, _, out = published("us_smCity_2002")
    ((file_row, reason, raw),) = out._rejects
    assert file_row == 1351
    assert "where the name of a city is needed" in reason
    assert "KNOWN TO" in raw


def test_a_dash_of_1999_is_a_zero_report_and_a_blank_is_missing(published: Any):
    page, rows, _ = published("us_lgCity_1999")
    assert page.dash_is_zero
    assert the_city(rows, "Albertville", "AL").counts["murder"] == 0
    chicago = the_city(rows, "Chicago", "IL").counts
    assert chicago["murder"] == 642
    assert {"rape_legacy", "crime_index"}.isdisjoint(chicago)


def test_a_name_broken_over_two_rows_is_one_agency(published: Any):
    _, rows, _ = published("us_lgCity_1999")
    las_vegas = the_city(rows, "Las Vegas Metropolitan Police Department Jurisdiction", "NV")
    assert (las_vegas.file_row, las_vegas.counts["murder"]) == (1426, 109)
    assert place_keys(rows)[las_vegas.file_row] is None


def test_the_second_burglary_of_1999_completes_the_crime_index(shared: Path):
    (sheet,) = sheets(shared / "data/srs/fbi_table8/us_lgCity_1999.xls")
    remarks: list[str] = []
    page = read_page(sheet.rows, "1999", remarks)
    assert page.heading.columns["burglary"] == 9
    assert "The heading 'Burglary' stands over 2 columns" in remarks[0]


def test_footnotes_run_over_rows_and_reach_every_city_of_their_state(published: Any):
    page, rows, _ = published("us_lgCity_1999")
    chicago = the_city(rows, "Chicago", "IL")
    assert chicago.marks == ("5", "6")
    assert page.notes["5"].endswith("Crime Index total, and Modified Crime Index total categories.")
    assert "Dashes" not in page.notes["7"]


def test_st_joseph_2018_has_two_footnotes_and_no_rape(published: Any):
    page, rows, _ = published("missouri_2018")
    st_joseph = the_city(rows, "St. Joseph")
    assert (st_joseph.marks, st_joseph.population) == (("4", "6"), 76_409)
    assert {"rape_revised", "violent_crime"}.isdisjoint(st_joseph.counts)
    assert page.notes["6"].startswith("This agency/state submits rape data")


def test_table_8_is_no_footnote_of_the_title(published: Any):
    assert published("us_city_2005")[0].title_marks == ()
    assert published("us_lgCity_2001")[0].title_marks == ()


def test_only_the_table_that_says_so_has_twelve_months(published: Any):
    said = {name: published(name)[0].months_reported for name in CITIES}
    assert {name for name, months in said.items() if months} == {"us_smCity_2001"}
    assert said["us_smCity_2001"] == 12


@pytest.mark.parametrize(
    ("name", "printed", "state", "place"),
    [
        ("us_city_2005", "Mobile", "AL", "Mobile, AL"),
        ("us_lgCity_2001", "New York", "NY", "New York, NY"),
        ("us_lgCity_2001", "Washington", "DC", "DC"),
        ("us_city_2005", "Baltimore City Sheriff", "MD", None),
        ("us_smCity_2002", "Emporia State Police", "VA", None),
        ("us_city_2005", "Chester", "NJ", "Chester, NJ"),
        ("us_city_2005", "Chester Township", "NJ", "Chester Township, NJ"),
        (
            "us_lgCity_2001",
            "Washington Township (Gloucester County)",
            "NJ",
            "Washington Township, Gloucester County, NJ",
        ),
    ],
)
def test_what_is_a_city_has_a_place(
    name: str, printed: str, state: str, place: str | None, published: Any
):
    _, rows, _ = published(name)
    assert place_keys(rows)[the_city(rows, printed, state).file_row] == place


# Where the FBI's table for the year and the file the Marshall Project published in 2016 differ:
# (workbook, Marshall). The latter has later corrections. Kansas City 2007 has no row in the table.
DIFFERENCES = {
    ("St. Louis", 2010, "population"): (355_151, 319_294),
    ("Kansas City", 2010, "population"): (483_191, 459_787),
    ("Kansas City", 2010, "rape"): (234, 241),
    ("Kansas City", 2010, "robbery"): (1_626, 1_671),
    ("Kansas City", 2010, "aggravated_assault"): (3_544, 3_629),
    ("Kansas City", 2011, "rape"): (265, 272),
    ("Kansas City", 2011, "robbery"): (1_665, 1_671),
    ("Kansas City", 2011, "aggravated_assault"): (3_498, 3_504),
    ("Kansas City", 2012, "rape"): (246, 257),
    ("Kansas City", 2012, "robbery"): (1_647, 1_648),
    ("Kansas City", 2012, "aggravated_assault"): (3_864, 3_879),
    ("Kansas City", 2013, "rape"): (377, 392),
    ("Kansas City", 2013, "robbery"): (1_662, 1_666),
    ("Kansas City", 2013, "aggravated_assault"): (3_726, 3_719),
    ("Kansas City", 2014, "murder"): (78, 79),
    ("Kansas City", 2014, "rape"): (390, 412),
    ("Kansas City", 2014, "robbery"): (1_625, 1_626),
    ("Kansas City", 2014, "aggravated_assault"): (3_769, 3_775),
}


def test_the_two_cities_differ_from_the_marshall_project_where_is_known_and_nowhere_else(
    published: Any, shared: Path
):
    columns = {
        "population": "total_pop",
        "murder": "homs_sum",
        "rape": "rape_sum",
        "robbery": "rob_sum",
        "aggravated_assault": "agg_ass_sum",
    }
    oris = {"MOSPD00": "St. Louis", "MOKPD00": "Kansas City"}
    found, compared = {}, 0
    with (shared / "data/srs/marshall_ucr_crime_1975_2015.csv").open(newline="") as lines:
        for told in csv.DictReader(lines):
            city, year = oris.get(told["ORI"]), int(told["year"])
            if city is None or year < 2006 or (city, year) == ("Kansas City", 2007):
                continue
            row = the_city(published(f"missouri_{year}")[1], city)
            rape = row.counts.get("rape_revised", row.counts.get("rape_legacy"))
            ours = {**row.counts, "population": row.population, "rape": rape}
            for name, column in columns.items():
                compared += 1
                if ours[name] != int(told[column]):
                    found[city, year, name] = (ours[name], int(told[column]))
    assert compared == 19 * 5
    assert found == DIFFERENCES


def test_missouri_2014_becomes_series_with_its_dates(shared: Path, tmp_path: Path):
    path = tmp_path / "any name at all"
    path.write_bytes((shared / "data/srs/fbi_table8/missouri_2014.xls").read_bytes())
    reading, _, series = taken(path)
    assert (reading.edition, str(reading.released)) == ("Missouri, 2014", "2015-12-31")
    violent = by_offense(series)["St. Louis", "violent_crime", "revised"]
    assert (violent["count"], violent["population"], violent["file_row"]) == (5_348, 318_574, 379)
    assert (violent["is_printed"], violent["printed_definition"]) == (True, "revised")
    rape = by_offense(series)["St. Louis", "rape", "revised"]
    assert rape["note"].startswith("The figures shown in this column for the offense of rape")


# --- small workbooks ----------------------------------------------------------------------------


def test_one_city_becomes_its_figures_and_the_totals_they_make(tmp_path: Path):
    reading, out, series = taken(a_table(tmp_path, ADRIAN))
    found = {(r["offense"], r["definition"]): r["count"] for r in series}
    assert found == {
        ("murder", None): 0,
        ("rape", "legacy"): 1,
        ("robbery", None): 1,
        ("aggravated_assault", None): 0,
        ("violent_crime", "legacy"): 2,
        ("burglary", None): 3,
        ("larceny", None): 7,
        ("motor_vehicle_theft", None): 2,
        ("property_crime", None): 12,
        ("all_crime", "legacy"): 14,
        ("arson", None): 1,
    }
    assert {(r["place"], r["population"], r["file_row"]) for r in series} == {
        ("Adrian, MO", 1852, 6)
    }
    assert (out.rows.read, out.rows.kept, out.rows.aside) == (7, 1, 6)
    assert (reading.edition, reading.first_year, reading.dataset) == (
        "Missouri, 2006",
        2006,
        "fbi_table8",
    )


def test_a_mark_on_a_city_is_a_note_of_all_its_figures_and_no_part_of_its_name(tmp_path: Path):
    notes = [ARSON_NOTE, "2 Figures are not", "  comparable to 2005."]
    _, _, series = taken(a_table(tmp_path, ["Kirkwood2", *ADRIAN[1:]], ALMA, notes=notes))
    figures = by_offense(series)
    assert figures["Kirkwood", "murder", None]["note"] == "Figures are not comparable to 2005."
    assert figures["Alma", "murder", None]["note"] == ""
    assert figures["Kirkwood", "arson", None]["note"].endswith("Arson is shown for 12 months only.")
    assert figures["Alma", "arson", None]["note"] == "Arson is shown for 12 months only."
    assert figures["Kirkwood", "murder", None]["population"] == 1852


def test_a_number_that_no_footnote_has_stays_in_the_name(tmp_path: Path):
    reading, _, series = taken(a_table(tmp_path, ["Precinct9", *ADRIAN[1:]]))
    assert {r["agency"] for r in series} == {"Precinct9"}
    assert any("'Precinct9' in row 6" in r for r in reading.remarks)


def test_a_blank_count_is_missing_and_so_are_the_totals_it_belongs_to(tmp_path: Path):
    blank: Row = ["Bolivar", 11129, "", 0, 6, 3, " ", 325, 55, 265, 5, 0]
    _, _, series = taken(a_table(tmp_path, blank))
    assert {"aggravated_assault", "violent_crime", "all_crime"}.isdisjoint(
        r["offense"] for r in series
    )


def test_a_dash_that_no_footnote_explains_is_missing(tmp_path: Path):
    dash: Row = ["Adrian", 1852, 2, 0, 1, 1, 0, 12, 3, 7, 2, "-"]
    reading, _, series = taken(a_table(tmp_path, dash))
    assert "arson" not in {r["offense"] for r in series}
    assert any("1 dashes are taken as missing" in r for r in reading.remarks)


def test_a_dash_is_zero_where_the_footnote_says_so(tmp_path: Path):
    dash: Row = ["Adrian", 1852, 2, "               -", 1, 1, "-", 12, 3, 7, 2, 1]
    notes = [ARSON_NOTE, "  Dashes (-) indicate a zero report."]
    figures = by_offense(taken(a_table(tmp_path, dash, notes=notes))[2])
    assert figures["Adrian", "murder", None]["count"] == 0


def test_the_crime_index_of_2002_is_summed_apart_into_violent_and_property(tmp_path: Path):
    headings = [
        "City by state",
        "Population",
        "Crime Index  ",
        "Modified Crime Index1",
        *HEADINGS[3:7],
    ]
    headings += HEADINGS[8:]
    path = a_workbook(
        tmp_path,
        ["Table 8A"],
        ["Offenses Known to Law Enforcement"],
        ["by City under 10,000 in Population, 2002 "],
        headings,
        [],
        ["ALABAMA2"],
        ["Abbeville", 3014, 97, 98, 0, 3, 1, 11, 14, 63, 5, 1],
        ["ALASKA"],
        ["Barrow", 4400, 97, 98, 0, 3, 1, 11, 14, "", 5, 1],
        ["1 With arson."],
        ["2 Limited data."],
    )
    reading, _, series = taken(path)
    figures = by_offense(series)
    violent = figures["Abbeville", "violent_crime", "legacy"]
    assert (violent["count"], violent["is_printed"], violent["note"]) == (
        15,
        False,
        "Limited data.",
    )
    assert figures["Abbeville", "property_crime", None]["count"] == 82
    index = figures["Abbeville", "all_crime", "legacy"]
    assert (index["count"], index["is_printed"], index["place"]) == (97, True, "Abbeville, AL")
    assert figures["Barrow", "all_crime", "legacy"]["count"] == 97
    assert figures["Barrow", "all_crime", "legacy"]["note"] == ""
    assert ("Barrow", "property_crime", None) not in figures
    assert reading.edition == "cities under 10,000, 2002"


def test_each_city_of_2013_counts_by_the_rape_column_it_filled(tmp_path: Path):
    headings = [*HEADINGS[:4], "Rape\n(revised\ndefinition1)", "Rape\n(legacy\ndefinition)2"]
    cities: list[Row] = [["A", 90, 2, 0, 1, "", 1, 0], ["B", 80, 3, 0, "", 2, 1, 0]]
    path = a_table(
        tmp_path,
        *([*c, 12, 3, 7, 2] for c in cities),
        year=2013,
        headings=[*headings, *HEADINGS[5:11]],
        notes=["1 Revised.", "2 Legacy."],
    )
    figures = by_offense(taken(path)[2])
    assert figures["A", "violent_crime", "revised"]["count"] == 2
    assert figures["B", "violent_crime", "legacy"]["printed_definition"] == "legacy"
    assert figures["B", "rape", "legacy"]["note"] == "Legacy."
    assert ("A", "rape", "legacy") not in figures


def test_rape_alone_in_2017_is_the_revised_count_and_state_heads_the_cities(tmp_path: Path):
    headings = ["State", *HEADINGS[1:4], "Rape1", *HEADINGS[5:]]
    reading, _, series = taken(a_table(tmp_path, ADRIAN, year=2017, headings=headings))
    assert by_offense(series)["Adrian", "rape", "revised"]["count"] == 1
    assert any("headed 'State'" in r for r in reading.remarks)


def test_a_total_that_is_not_its_parts_is_kept_beside_them(tmp_path: Path):
    off: Row = ["Adrian", 1852, 9, 0, 1, 1, 0, 13, 3, 7, 2, 1]
    reading, _, series = taken(a_table(tmp_path, off, ALMA))
    violent = by_offense(series)["Adrian", "violent_crime", "legacy"]
    assert (violent["count"], violent["printed_total"], violent["parts_total"]) == (2, 9, 2)
    assert violent["printed_definition"] == "none"
    assert by_offense(series)["Adrian", "property_crime", None]["parts_total"] == 12
    assert any("violent_crime is 9, its parts 2" in r for r in reading.remarks)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("12", "robbery is the text '12'; a number cell is needed"),
        (-1, "robbery is -1; one from 0 to"),
        (1.5, "robbery is 1.5; a whole number is needed"),
        ("-3", "robbery is the text '-3'"),
    ],
)
def test_a_cell_that_is_no_count_rejects_its_row(tmp_path: Path, value: Any, reason: str):
    bad: Row = ["Bolton", 400, 2, 0, 1, value, 0, 12, 3, 7, 2, 1]
    _, out, series = taken(a_table(tmp_path, ADRIAN, bad))
    ((file_row, said, raw),) = duckdb.execute(
        "SELECT file_row, reason, raw FROM read_parquet($1)", [_rejects(out)]
    ).fetchall()
    assert (file_row, said.startswith(reason)) == (7, True)
    assert raw.startswith("Bolton | 400")
    assert {r["agency"] for r in series} == {"Adrian"}


def _rejects(out: Tables) -> list[str]:
    with Tables(out.folder, rows=out.rows, _rejects=out._rejects) as again:
        again.write_rejects()
        return [str(p) for p in again.written("rejects")]


def test_the_same_row_twice_is_kept_once(tmp_path: Path):
    _, out, _ = taken(a_table(tmp_path, ADRIAN, ADRIAN))
    assert (out.rows.kept, out.rows.rejected) == (1, 1)


def test_two_rows_of_one_name_are_both_kept_and_neither_is_the_city(tmp_path: Path):
    _, out, series = taken(a_table(tmp_path, ADRIAN, ["Adrian", *ALMA[1:]]))
    assert (out.rows.kept, {r["place"] for r in series}) == (2, {None})


def test_two_names_for_one_known_city_are_called_as_printed(tmp_path: Path):
    cities = [["St. Louis", *ADRIAN[1:]], ["Saint Louis", *ALMA[1:]]]
    _, _, series = taken(a_table(tmp_path, *cities))
    assert {r["place"] for r in series} == {"St. Louis, MO", "Saint Louis, MO"}


def test_new_and_missing_columns_are_named_in_one_message(tmp_path: Path):
    headings = [*HEADINGS[:5], "Carjacking", *HEADINGS[6:]]
    with pytest.raises(
        LayoutChanged, match=r"unknown columns 'Carjacking'; missing columns robbery"
    ):
        taken(a_table(tmp_path, ADRIAN, headings=headings))


def test_columns_that_have_changed_places_are_refused(tmp_path: Path):
    headings = [*HEADINGS[:2], HEADINGS[7], *HEADINGS[3:7], HEADINGS[2], *HEADINGS[8:]]
    cities = [[f"Town {n}", *ADRIAN[1:]] for n in "abcdef"]
    with pytest.raises(BadRow, match=r"in 6 of 6 rows the offenses do not add up"):
        taken(a_table(tmp_path, *cities, headings=headings))


def test_a_heading_twice_over_figures_is_refused(tmp_path: Path):
    headings = [*HEADINGS[:9], "Burglary", *HEADINGS[10:]]
    with pytest.raises(LayoutChanged, match="'Burglary' stands over 2 columns and 2"):
        taken(a_table(tmp_path, ADRIAN, headings=[*headings, "Larceny-theft"]))


def test_a_table_without_cities_is_refused(tmp_path: Path):
    with pytest.raises(BadRow, match="no city with figures"):
        taken(a_table(tmp_path))


def test_cities_under_a_heading_that_is_no_state_are_not_given_to_the_state_before(tmp_path: Path):
    _, out, series = taken(a_table(tmp_path, ADRIAN, ["PUERTO RICO"], ALMA))
    assert {r["agency"] for r in series} == {"Adrian"}
    assert out.rows.rejected == 2


def test_the_number_at_the_start_of_a_row_may_belong_to_the_note_above():
    lines = ["1Agencies that sent ", "12 months of complete data.", "2 Not", "comparable."]
    assert footnotes(lines) == {
        "1": "Agencies that sent 12 months of complete data.",
        "2": "Not comparable.",
    }


def test_the_catalog_says_when_editions_come_out():
    usual = catalog()["fbi_table8"].usual_release
    assert usual is not None
    assert (usual.years_after, usual.month, usual.day) == (1, 12, 31)


# --- other files, and damaged ones ---------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [b"", b"PK\x03\x04", b"PK\x03\x04" + b"\0" * 99, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"a,b"],
)
def test_what_is_no_city_table_is_not_claimed(tmp_path: Path, content: bytes):
    path = tmp_path / "table8.xls"
    path.write_bytes(content)
    assert not fbi_table8.looks_like(Source(path))
    with pytest.raises(SourceError, match=r"table8\.xls"):
        taken(path)


def test_a_workbook_on_counties_is_not_claimed(tmp_path: Path):
    path = a_workbook(tmp_path, ["Offenses Known to Law Enforcement"], ["by County, 2006"])
    assert not fbi_table8.looks_like(Source(path))
    assert fbi_table8.looks_like(Source(a_table(tmp_path, ADRIAN)))


def test_a_cell_far_away_does_not_take_all_memory(tmp_path: Path):
    path = a_table(tmp_path, ADRIAN)
    with zipfile.ZipFile(path) as made:
        parts = {n: made.read(n) for n in made.namelist()}
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    with zipfile.ZipFile(path, "w") as again:
        for name, part in parts.items():
            again.writestr(name, part.replace(b"</sheetData>", far))
    with pytest.raises(BadRow, match="cannot be read as a workbook"):
        taken(path)


def accounted_for_or_refused(path: Path) -> None:
    folder = path.parent / "fuzz-read"
    folder.mkdir(exist_ok=True)
    for left in folder.iterdir():
        left.unlink()
    source = Source(path)
    fbi_table8.looks_like(source)
    with Tables(folder) as out:
        try:
            fbi_table8.read(source, out)
        except SourceError as error:
            assert path.name in str(error)
        assert out.rows.adds_up


FUZZ = settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])


@FUZZ
@given(st.data())
def test_a_damaged_xls_is_refused_or_accounted_for(shared: Path, tmp_path: Path, data: Any):
    content = bytearray((shared / "data/srs/fbi_table8/missouri_2018.xls").read_bytes())
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(8, len(content) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path / "damaged.xls"
    if data.draw(st.booleans()):
        del content[data.draw(st.integers(9, len(content) - 1)) :]
    path.write_bytes(bytes(content))
    accounted_for_or_refused(path)


CELLS = st.one_of(
    st.sampled_from(["", "-", "MISSOURI", "1 Note", "Adrian2, 1", 2013, "Population", "City"]),
    st.integers(-5, 10**15),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=12),
)


@FUZZ
@given(st.data())
def test_a_table_with_any_cells_changed_is_refused_or_accounted_for(tmp_path: Path, data: Any):
    rows: list[list[str | int | float]] = [
        list(r) for r in (*TITLE, ["by City, 2006"], HEADINGS, ADRIAN, ALMA, [ARSON_NOTE])
    ]
    for _ in range(data.draw(st.integers(0, 6))):
        row = rows[data.draw(st.integers(0, len(rows) - 1))]
        row[data.draw(st.integers(0, len(row) - 1))] = data.draw(CELLS)
    rows.insert(data.draw(st.integers(0, 7)), rows[data.draw(st.integers(0, 7))])
    accounted_for_or_refused(a_workbook(tmp_path, *rows, name="changed.xlsx"))
