"""A file is known by what is in it, by one reader and no other."""

from __future__ import annotations

import gzip
import shutil
from pathlib import Path

import pytest
from tests.made.estimates import write

from baserate.errors import BadRow, SourceError, UnknownFormat
from baserate.sources.readers import READERS
from baserate.sources.reading import Source
from baserate.sources.recognize import reader, recognize, unpacked

FILES = {
    "srs/estimated_crimes_1979_2019.csv": "fbi_estimates",
    "srs/fbi_cde_estimated_1995_2016_swapped_rape_columns.csv": "fbi_estimates",
    "srs/fbi_cde_territories.csv": "fbi_territories",
    "srs/fbi_table8/missouri_2006.xls": "fbi_table8",
    "srs/fbi_table8/us_lgCity_1999.xls": "fbi_table8",
    "srs/marshall_ucr_crime_1975_2015.csv": "marshall_cities",
    "srs/marshall_ucr_crime_1975_2015_release_2016-08-18.csv": "marshall_cities",
    "srs/538_murder_2015_final.csv": "city_murders",
    "srs/538_murder_2016_prelim.csv": "city_murders",
    "srs/kaplan_ucr2017.rda": "kaplan_agencies",
    "nibrs/VT-2024.zip": "nibrs_state",
    "nibrs/search_ncjis/VTUCR0001_20200420_NIBRS_010.txt": "nibrs_submission",
    "population/ORI_Pop.csv": "agency_populations",
    "population/cde_populations.csv": "agency_populations",
    "city/st_louis/raw/January2008.csv": "city_incidents",
    "city/st_louis/raw/July2015.CSV": "city_incidents",
    "city/crimemappingdata/aggravated_assaults.xlsx": "city_incidents",
}


@pytest.mark.parametrize("name", FILES)
def test_a_real_file_is_known_under_any_name_and_by_one_reader(
    name: str, shared: Path, tmp_path: Path
):
    renamed = tmp_path / "download.bin"
    shutil.copy(shared / "data" / name, renamed)
    source = Source(renamed)
    assert recognize(source) == FILES[name]
    assert [r for r in READERS if reader(r).looks_like(source)] == [FILES[name]]


def test_every_reader_says_what_it_reads():
    for name in READERS:
        assert len(reader(name).TITLE) > 10
        assert reader(name).VERSION >= 1


@pytest.mark.parametrize(
    "content",
    [b"", b"\0", b"PK", b"PK\x03\x04", b"\xff\xfe\x00", b"\x80" * 500, b"a" * 70_000, b",,,\n,,\n"],
)
def test_no_reader_stumbles_over_what_it_does_not_know(content: bytes, tmp_path: Path):
    path = tmp_path / "x"
    path.write_bytes(content)
    for name in READERS:
        try:
            known = reader(name).looks_like(Source(path))
        except SourceError:
            continue  # a zip that is none says so
        assert not known, name


def test_what_is_packed_is_unpacked_first(tmp_path: Path):
    plain = write(tmp_path / "a.csv")
    packed = tmp_path / "a.csv.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    inside = unpacked(Source(packed), tmp_path / "..")
    assert recognize(inside) == "fbi_estimates"
    inside.path.unlink()


def test_a_gzip_that_swells_beyond_reason_is_refused(tmp_path: Path):
    bomb = tmp_path / "bomb.gz"
    bomb.write_bytes(gzip.compress(b"\0" * 50_000_000))
    with pytest.raises(BadRow, match="unpacks to more than"):
        unpacked(Source(bomb), tmp_path)


def test_a_named_mapping_leaves_no_choice(tmp_path: Path):
    path = write(tmp_path / "a.csv")
    assert recognize(Source(path, mapping=tmp_path / "own.toml")) == "city_incidents"


def test_an_unknown_table_names_its_columns_and_the_way_on(tmp_path: Path):
    path = tmp_path / "x.csv"
    path.write_text("Case,Date,Crime\n1,2,3\n")
    with pytest.raises(UnknownFormat, match=r"\(Case, Date, Crime\).*--mapping"):
        recognize(Source(path))
