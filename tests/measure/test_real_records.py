"""Real files, added and asked: figures that can be looked up in what was published."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from baserate.errors import PartOfYear
from baserate.measure.answer import Answer
from baserate.measure.ask import ask
from baserate.sources.reading import Source
from baserate.store.add import Added, add_many
from baserate.store.ledger import entries
from baserate.store.open import Store, open_store

# What these tests share is worked out once, in one process.
pytestmark = pytest.mark.xdist_group("real_records")

FILES = (
    "nibrs/VT-2024.zip",
    "srs/marshall_ucr_crime_1975_2015.csv",
    "srs/marshall_ucr_crime_1975_2015_release_2016-08-18.csv",
    "srs/fbi_table8/missouri_2013.xls",
    "srs/fbi_table8/missouri_2014.xls",
    "srs/fbi_table8/missouri_2015.xls",
    "city/st_louis/raw",
)


@pytest.fixture(scope="module")
def folder(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with a state's incidents, cities from three publishers, and two years of a city."""
    store = tmp_path_factory.mktemp("records") / "store"
    data = shared / "data"
    paths = [data / f for f in FILES[:-1]]
    paths += sorted(p for p in (data / FILES[-1]).iterdir() if p.stem.endswith(("2014", "2015")))
    outcomes = list(add_many([Source(p) for p in paths], store))
    assert all(isinstance(o, Added) for o in outcomes), outcomes
    return store


@pytest.fixture(scope="module")
def records(folder: Path) -> Store:
    return open_store(folder)


def caveat(found: Answer, kind: str) -> str:
    return next(c.text for c in found.caveats if c.kind == kind)


def test_every_row_of_every_file_is_accounted_for(folder: Path):
    for entry in entries(folder):
        rows = entry.rows
        assert rows["read"] == rows["kept"] + rows["rejected"] + rows["aside"], entry.file


def test_vermont_2024_is_there_as_published(folder: Path):
    entry = next(e for e in entries(folder) if e.file == "VT-2024.zip")
    tables = entry.tables
    assert (tables["incidents"], tables["offenses"], tables["victims"]) == (18_919, 20_426, 20_214)
    assert tables["agencies"] == 87


def test_aggravated_assault_in_burlington_comes_from_incidents(records: Store):
    found = ask("aggravated assault in Burlington, Vermont, 2024", store=records)
    assert found.later is not None
    assert found.later.offenses == 179
    assert found.sources[0].file == "VT-2024.zip"
    assert "summed" in {c.kind for c in found.caveats}


def test_a_state_from_incidents_says_how_many_people_it_speaks_for(records: Store):
    found = ask("violent crime rate in Vermont, 2024", store=records)
    assert found.coverage.share == pytest.approx(0.93, abs=0.01)
    assert found.later is not None
    assert found.later.offenses == 1_421
    # Over the people who were covered, not over all of the state.
    assert found.later.population < 620_000


def test_months_of_incidents_add_up_to_the_year(records: Store):
    year = ask("number of robberies in Vermont, 2024", store=records)
    halves = [
        ask(f"number of robberies in Vermont, {half} half of 2024", store=records)
        for half in ("first", "second")
    ]
    assert year.value == sum(h.value or 0 for h in halves) == 92


def test_kansas_city_2014_is_78_in_one_source_and_79_in_another(records: Store):
    found = ask("number of murders in Kansas City, Missouri, 2014", store=records)
    assert found.value == 78
    assert "78 here, 79 there" in caveat(found, "sources_differ")


def test_new_york_2015_of_the_first_release_is_not_used_as_a_whole_year(
    records: Store, expected: dict[str, Any]
):
    del expected
    question = "violent crime in New York City, 2014 to 2015"
    found = ask(question, store=records)
    assert found.later is not None
    assert found.later.offenses == 50_088
    with pytest.raises(PartOfYear, match="21,659"):
        ask(question, store=records, as_of=date(2016, 8, 20))


def test_murder_in_st_louis_by_the_fbi_by_the_marshall_project_and_by_the_city(records: Store):
    found = ask("number of murders in St. Louis, 2014", store=records)
    assert found.value == 159
    told = {c.option: c.value for c in found.robustness.choices if c.kind == "source"}
    assert len(told) == 2
    assert set(told.values()) == {159}
    assert "sources_differ" not in {c.kind for c in found.caveats}


def test_the_city_alone_compares_the_eleven_months_it_has(folder: Path, tmp_path: Path):
    for entry in entries(folder):
        if entry.dataset == "city_st_louis":
            shutil.copytree(entry.folder, tmp_path / "files" / entry.id)
    city = open_store(tmp_path)
    found = ask("number of murders in St. Louis, 2014 against 2015", store=city)
    assert str(found.question.period) == "January to November 2015"
    assert found.later is not None
    assert found.later.offenses == 180
    assert "January to November 2014" in caveat(found, "same_months")
