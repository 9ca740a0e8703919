"""State plane coordinates: the same points in feet and in degrees."""

from __future__ import annotations

import json
from math import cos, hypot, radians
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baserate.sources.projections import degrees_query, projections, to_degrees

EAST = projections()["missouri_east_feet"]
METERS = 111_000  # of latitude in a degree


def points(path: Path) -> list[tuple[float, float]]:
    told: dict[str, Any] = json.loads(path.read_text())
    return [(x, y) for f in told["features"] for r in f["geometry"]["coordinates"] for x, y in r]


def test_the_origin_of_the_zone_is_its_own_meridian_and_latitude():
    latitude, longitude = to_degrees(EAST.false_easting / EAST.unit, 0, EAST)
    assert latitude == pytest.approx(EAST.latitude_of_origin, abs=1e-9)
    assert longitude == pytest.approx(EAST.central_meridian, abs=1e-12)


def test_a_kilometer_east_is_a_kilometer_on_the_ground():
    _, west = to_degrees(900_000, 1_000_000, EAST)
    latitude, east = to_degrees(900_000 + 1000 / EAST.unit, 1_000_000, EAST)
    on_the_ground = (east - west) * 111_320 * cos(radians(latitude))
    assert on_the_ground == pytest.approx(1000, rel=0.003)


def test_the_boundary_of_st_louis_agrees_within_a_meter(shared: Path):
    folder = shared / "data/city/st_louis/boundaries"
    feet, degrees = (
        points(folder / "stl_boundary.geojson"),
        points(folder / "stl_boundary_wgs84.geojson"),
    )
    assert len(feet) == len(degrees) > 100
    for (x, y), (longitude, latitude) in zip(feet, degrees, strict=True):
        found = to_degrees(x, y, EAST)
        shrink = cos(radians(latitude))
        off = hypot(found[0] - latitude, (found[1] - longitude) * shrink) * METERS
        assert off < 1


@settings(max_examples=40)
@given(st.floats(300_000, 1_300_000), st.floats(0, 1_800_000))
def test_the_query_and_the_function_are_one_formula(x: float, y: float):
    given_point = f"(SELECT {x!r}::DOUBLE AS x, {y!r}::DOUBLE AS y)"
    _, _, latitude, longitude = duckdb.execute(degrees_query(given_point, EAST)).fetchall()[0]
    assert (latitude, longitude) == pytest.approx(to_degrees(x, y, EAST), abs=1e-10)


def test_no_coordinates_are_no_place():
    missing = "(SELECT NULL::DOUBLE AS x, NULL::DOUBLE AS y)"
    assert duckdb.execute(degrees_query(missing, EAST)).fetchall() == [(None, None, None, None)]
