"""Panels out of the records: any place or agency by year, quarter or month, with its coverage."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.made.records import put

from baserate.errors import AmbiguousPlace, BadPanel, BadStudy, UnknownPlace
from baserate.evaluate.from_store import read_panel
from baserate.evaluate.panel import Panel
from baserate.evaluate.periods import period_number, run
from baserate.evaluate.read_study import read_study
from baserate.evaluate.study import Study, TreatedUnit
from baserate.sources.facts import AgencyFact, AgencyMonthFact, SeriesFact
from baserate.store.cells import cells
from baserate.store.open import Store, open_store

CITIES = ("Springfield, MO", "Columbia, MO", "Wichita, KS", "Topeka, KS")
ORIS = ("MO00101", "MO00202", "KS00303", "KS00404")
YEARS = range(2010, 2018)


def of_city(
    city: int, periods: Iterable[tuple[int, int | None]], base: int = 100, **more: Any
) -> list[SeriesFact]:
    """A city police department's robberies, rising by one a period."""
    return [
        SeriesFact("robbery", year, base + i, i + 2, place=CITIES[city], ori=ORIS[city],
                   agency=CITIES[city][:-4], month=month, **{"population": 200_000, **more})
        for i, (year, month) in enumerate(periods)
    ]  # fmt: skip


def years() -> list[tuple[int, int | None]]:
    return [(y, None) for y in YEARS]


def months(first: int = 2010, last: int = 2011) -> list[tuple[int, int | None]]:
    return [(y, m) for y in range(first, last + 1) for m in range(1, 13)]


TEXT = """
title = "x"
[panel]
offense = "{offense}"
{panel}
[treated]
units = [{{ name = "{name}", start = {start} }}]
[window]
pre = {pre}
post = {post}
"""
YEARLY = {"start": 2014, "pre": "[2010, 2013]", "post": "[2014, 2017]"}
MONTHLY = {
    "start": '"2011-01"', "pre": '["2010-01", "2010-12"]', "post": '["2011-01", "2011-12"]',
    "panel": 'period = "month"',
}  # fmt: skip
QUARTERLY = {
    "start": '"2011-Q1"', "pre": "[20101, 20104]", "post": "[20111, 20114]",
    "panel": 'period = "quarter"',
}  # fmt: skip


def study(folder: Path, extra: str = "", **told: Any) -> Study:
    given = {"offense": "robbery", "panel": "", "name": CITIES[0], **YEARLY, **told}
    path = folder / "study.toml"
    path.write_text(TEXT.format(**given) + extra)
    return read_study(path)


def panel(folder: Path, **told: Any) -> Panel:
    return read_panel(study(folder, **told), open_store(folder))[1]


def said(found: Panel, words: str) -> str:
    """The one note that has these words."""
    (note,) = [n for n in found.notes if words in n]
    return note


def test_cities_by_year_with_their_people_and_their_source(tmp_path: Path):
    put(tmp_path, "fbi_table8", [f for i in range(4) for f in of_city(i, years())])
    found = panel(tmp_path)
    assert found.units == tuple(sorted(CITIES))
    assert found.periods == tuple(YEARS)
    assert found.outcome[found.units.index(CITIES[0])].tolist() == [100.0 + i for i in range(8)]
    assert found.exposure is not None
    assert found.exposure[0, 0] == 200_000
    assert found.source == "FBI, offenses known by city, release of 2020-01-01"
    assert "no month is missing in any of the 32 cells" in " ".join(found.notes)


def test_months_and_quarters_are_sums_of_the_same_numbers(tmp_path: Path):
    put(tmp_path, "return_a", [f for i in range(3) for f in of_city(i, months())])
    by_month, by_quarter = panel(tmp_path, **MONTHLY), panel(tmp_path, **QUARTERLY)
    assert by_month.periods == tuple(run(201001, 201112, "month"))
    assert by_quarter.periods == (20101, 20102, 20103, 20104, 20111, 20112, 20113, 20114)
    assert by_quarter.outcome[0, 0] == by_month.outcome[0, :3].sum()
    assert by_quarter.outcome.sum() == by_month.outcome.sum()
    assert (by_month.first, by_quarter.first) == (12, 4)


def test_a_month_that_nobody_reported_is_a_gap_and_not_a_zero(tmp_path: Path):
    short = [f for f in of_city(2, months()) if (f.year, f.month) != (2010, 5)]
    put(tmp_path, "return_a", [*of_city(0, months()), *of_city(1, months()), *short])
    found = panel(tmp_path, **MONTHLY)
    assert CITIES[2] not in found.units
    assert "Wichita, KS (201005)" in said(found, "no figure of a period")
    found = panel(tmp_path, **QUARTERLY)
    assert "Wichita, KS (20102: 2 of 3 months)" in said(found, "months missing")


def test_a_month_missing_everywhere_is_seen_too(tmp_path: Path):
    held = [p for p in months() if p != (2010, 5)]
    put(tmp_path, "return_a", [f for i in range(3) for f in of_city(i, held)])
    with pytest.raises(BadPanel, match=r"no figure of a period \(201005\)"):
        panel(tmp_path, **MONTHLY)


def test_what_was_recorded_in_part_is_taken_where_the_study_says_so_and_marked(tmp_path: Path):
    part = [f._replace(months_reported=9) if f.year == 2012 else f for f in of_city(1, years())]
    put(tmp_path, "fbi_table8", [*of_city(0, years()), *part, *of_city(2, years())])
    assert CITIES[1] not in panel(tmp_path).units
    found = panel(tmp_path, panel='reported = "as recorded"')
    row = found.units.index(CITIES[1])
    assert found.counted_by[row][2] == "partial: 9 of 12 months"
    assert "1 of 24 cells (cities: 1) lack months" in said(found, "as recorded")


def test_an_agency_that_reports_by_the_quarter_has_quarters_and_no_months(tmp_path: Path):
    quarterly = [f for f in of_city(1, months()) if f.month in {3, 6, 9, 12}]
    inside = [
        AgencyMonthFact(ORIS[1], y, m, "elsewhere") for y, m in months() if m is not None and m % 3
    ]
    put(
        tmp_path, "return_a", [*of_city(0, months()), *quarterly, *of_city(2, months())],
        months=inside,
    )  # fmt: skip
    assert panel(tmp_path, **QUARTERLY).units == tuple(sorted(CITIES[:3]))
    assert CITIES[1] not in panel(tmp_path, **MONTHLY).units


def test_agencies_are_units_by_their_identifier_and_carry_their_names(tmp_path: Path):
    put(tmp_path, "return_a", [f for i in range(4) for f in of_city(i, months())])
    told, found = read_panel(study(tmp_path, name="MO00101", **MONTHLY), open_store(tmp_path))
    assert "Springfield (MO00101)" in found.units
    assert told.treated[0].name == "Springfield (MO00101)"
    more = {**MONTHLY, "panel": 'period = "month"\nplaces = ["Kansas"]'}
    assert panel(tmp_path, name="MO00101", **more).units == (
        "Springfield (MO00101)", "Topeka (KS00404)", "Wichita (KS00303)",
    )  # fmt: skip


def test_states_have_their_names(tmp_path: Path, store: Store):
    told = study(tmp_path, name="MO")
    named, found = read_panel(replace(told, donors_without=("Kansas",)), store)
    assert "Missouri" in found.units
    assert "New York" in found.units
    assert "Kansas" not in found.units
    assert named.treated[0].name == "Missouri"


def test_a_switch_of_system_is_told_where_the_records_know_it(tmp_path: Path):
    listed = [
        AgencyFact(ORIS[i], CITIES[i], 2, place=CITIES[i], state=CITIES[i][-2:], year=y,
                   is_nibrs=y >= 2015 if i else None)
        for i in range(3)
        for y in YEARS
    ]  # fmt: skip
    facts = [f for i in range(3) for f in of_city(i, years())]
    put(tmp_path, "return_a", facts, agencies=listed)
    found = panel(tmp_path)
    row = found.units.index(CITIES[1])
    assert found.counted_by[row] == ("summary",) * 5 + ("NIBRS",) * 3
    assert set(found.counted_by[found.units.index(CITIES[0])]) == {"as stated"}
    assert said(found, "do not say").startswith("of 1 of 3 cities")


def test_clearances_are_a_panel_too(tmp_path: Path):
    cleared = [
        f._replace(counted="clearances", count=f.count // 2)
        for i in range(3)
        for f in of_city(i, years())
    ]
    put(tmp_path, "return_a", cleared)
    assert panel(tmp_path, panel='counted = "clearances"').outcome[0, 0] == 50
    with pytest.raises(BadPanel, match=r"no robbery \(offenses\) of Springfield, MO"):
        panel(tmp_path)


def both_sources(folder: Path) -> None:
    """The preferred dataset has three cities, the other all four."""
    put(folder, "fbi_table8", [f for i in range(3) for f in of_city(i, years())])
    put(folder, "marshall_cities", [f for i in range(4) for f in of_city(i, years(), base=105)])


def test_all_units_come_from_the_dataset_that_has_most_of_them(tmp_path: Path):
    both_sources(tmp_path)
    found = panel(tmp_path)
    assert (len(found.units), found.outcome[0, 0]) == (4, 105)
    assert 'dataset = "fbi_table8" would' in said(found, "is not used")
    assert panel(tmp_path, panel='dataset = "fbi_table8"').outcome[0, 0] == 100


def test_years_of_two_datasets_are_never_put_together(tmp_path: Path):
    put(tmp_path, "fbi_table8", [f for i in range(3) for f in of_city(i, years()[:4])])
    put(tmp_path, "marshall_cities", [f for i in range(3) for f in of_city(i, years()[4:])])
    with pytest.raises(BadPanel, match=r"has 4 whole years, 2010 to 2013; The Marshall"):
        panel(tmp_path)


def test_the_cells_are_the_figures_that_questions_are_answered_with(store: Store):
    found = cells(store, "violent_crime", "state", "year", (2010, 2016))
    for cell in found:
        row = store.series(cell.unit, "violent_crime", cell.definition)[cell.period]
        assert (cell.number, cell.people) == (row.offenses, row.population)
    assert len(found) == 51 * (7 + 4)  # both definitions in four of the years


def test_corrections_and_newer_releases_count_as_in_questions(tmp_path: Path):
    from datetime import date

    facts = of_city(0, months())
    put(tmp_path, "city_st_louis", facts)
    correction = [facts[0]._replace(count=-7, is_partial=True)]
    newer = [facts[1]._replace(count=500), *correction]
    put(tmp_path, "city_st_louis", newer, released=date(2021, 1, 1))
    opened = open_store(tmp_path)
    found = {c.period: c.number for c in cells(opened, "robbery", "city", "month", (2010, 2010))}
    assert (found[201001], found[201002]) == (93, 500)
    (year,) = cells(opened, "robbery", "city", "year", (2010, 2010))
    assert year.number == opened.series(CITIES[0], "robbery")[2010].offenses


def test_the_definition_of_rape_travels_with_each_cell(tmp_path: Path, store: Store):
    told: dict[str, Any] = {
        "name": "Missouri",
        "start": 2013,
        "pre": "[2009, 2012]",
        "post": "[2013, 2016]",
    }
    found = read_panel(study(tmp_path, offense="rape", **told), store)[1]
    labels = found.counted_by[found.units.index("Missouri")]
    assert labels == ("legacy definition",) * 4 + ("revised definition",) * 4
    assert "legacy 2009 to 2012, revised 2013 to 2016" in said(found, "by definition")
    assert "estimates of the publisher" in " ".join(found.notes)


REFUSED: Mapping[str, tuple[dict[str, Any], type[Exception], str]] = {
    "months of a yearly file": (MONTHLY, BadPanel, "by month in .*By year they have .*2010 to"),
    "a year as a month": ({"panel": 'period = "month"'}, BadStudy, "a month is written 201706"),
    "a month as a year": ({"post": "[201401, 201712]"}, BadStudy, "201401.*a year is written 2017"),
    "an unknown place": ({"name": "Missuri"}, UnknownPlace, "Missouri"),
    "a name of two places": ({"name": "Kansas City"}, AmbiguousPlace, "Kansas City, MO"),
    "an unknown agency": ({"name": "ZZ99999"}, UnknownPlace, "ZZ99999"),
    "a state among cities": ({"panel": 'unit = "state"'}, BadStudy, "is a city, and the panel"),
    "agencies as cities": ({"panel": 'places = ["MO00101"]'}, BadStudy, "MO00101.* is an agency"),
    "years not held": ({"pre": "[1990, 2013]"}, BadPanel, r"\(1990\).*8 whole years, 2010 to 2017"),
    "a window of nothing": (
        {"pre": "[1990, 1993]", "post": "[1994, 1999]", "start": 1994}, BadPanel,
        "By year they have FBI, offenses known by city, 2010 to 2017",
    ),
    "a definition of robbery": ({"panel": 'definition = "revised"'}, BadStudy, "one definition"),
    "a definition nobody knows": ({"panel": 'definition = "new"'}, BadStudy, "legacy or the rev"),
    "an offense nobody knows": ({"offense": "robery"}, BadPanel, "did you mean robbery"),
    "a dataset without it": ({"panel": 'dataset = "fbi_table9"'}, BadPanel, "mean fbi_table8"),
    "weeks": ({"panel": 'period = "week"'}, BadStudy, "year, quarter, month"),
    "a made-up rule": ({"panel": 'reported = "most"'}, BadStudy, "complete, as recorded"),
}  # fmt: skip


@pytest.mark.parametrize(("told", "error", "says"), REFUSED.values(), ids=REFUSED)
def test_what_the_records_cannot_give(
    tmp_path: Path, told: dict[str, Any], error: type[Exception], says: str
):
    put(tmp_path, "fbi_table8", [f for i in range(4) for f in of_city(i, years())])
    with pytest.raises(error, match=says):
        panel(tmp_path, **told)


def test_a_definition_that_no_record_has_names_those_that_there_are(tmp_path: Path, store: Store):
    told: dict[str, Any] = {
        "offense": "rape", "panel": 'definition = "revised"', "name": "Missouri", "start": 2013,
        "pre": "[2009, 2012]", "post": "[2013, 2016]",
    }  # fmt: skip
    with pytest.raises(BadPanel, match=r"by the revised definition.*\(legacy\) has 8 whole years"):
        read_panel(study(tmp_path, **told), store)[1]


@pytest.mark.parametrize(
    ("text", "number"),
    [("2017-06", 201706), ("2017-Q2", 20172), ("2017Q2", 20172), ("2017", 2017), (1989, 1989),
     ("2017-00", None), ("June 2017", None), (True, None), (1.5, None)],
)  # fmt: skip
def test_periods_are_whole_numbers_or_text_that_is_one(text: object, number: int | None):
    assert period_number(text) == number


def test_a_file_may_write_its_months_as_text(tmp_path: Path):
    from baserate.evaluate.lay_out import panel_of

    told = replace(study(tmp_path, **MONTHLY), treated=(TreatedUnit("A", 201101),))
    made = [(c, f"{p // 100}-{p % 100:02}") for c in "AB" for p in run(201001, 201112, "month")]
    columns: dict[str, Any] = {
        "place": [c for c, _ in made], "month": [m for _, m in made],
        "offenses": list(range(48)), "people": [1_000] * 48, "counted_by": [""] * 48,
    }  # fmt: skip
    assert panel_of(columns, told).periods == tuple(run(201001, 201112, "month"))


def test_vermont_by_month_is_its_agencies_and_cities(shared: Path, tmp_path: Path):
    from baserate.sources.reading import Source
    from baserate.store.add import add

    add(Source(shared / "data/nibrs/VT-2024.zip"), tmp_path)
    told = {
        "offense": "aggravated assault", "start": '"2024-07"', "pre": '["2024-01", "2024-06"]',
        "post": '["2024-07", "2024-12"]', "panel": 'period = "month"',
    }  # fmt: skip
    found = panel(tmp_path, name="VT0040100", **told)
    assert found.outcome.shape == (47, 12)
    whole = panel(tmp_path, name="Burlington, VT", **told)
    row = [u for u in found.units if u.endswith("(VT00401)")]
    assert found.outcome[found.units.index(row[0])].tolist() == (
        whole.outcome[whole.units.index("Burlington, VT")].tolist()
    )
