"""Plane coordinates to latitude and longitude: the transverse Mercator inverse.

Formulas: Snyder, Map Projections: A Working Manual, US Geological Survey Professional Paper 1395
(1987), pages 60-64; his numbers stand beside them. A projection's parameters are data
(projections.toml). The same steps stand twice, for one point and as SQL for a table of them; a
test holds the two together.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from functools import cache, cached_property
from math import cos, degrees, radians, sin, sqrt, tan
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Projection:
    """One transverse Mercator system. Angles in degrees, lengths in meters."""

    title: str
    kind: str
    latitude_of_origin: float
    central_meridian: float
    scale: float
    false_easting: float
    false_northing: float
    unit: float
    semimajor_axis: float
    inverse_flattening: float

    @cached_property
    def e2(self) -> float:
        """Eccentricity squared."""
        flattening = 1 / self.inverse_flattening
        return 2 * flattening - flattening**2

    @cached_property
    def ep2(self) -> float:
        """Second eccentricity squared (8-12)."""
        return self.e2 / (1 - self.e2)

    @cached_property
    def rectifying_radius(self) -> float:
        """Meters of meridian for a radian of rectifying latitude (7-19)."""
        e2 = self.e2
        return self.semimajor_axis * (1 - e2 / 4 - 3 * e2**2 / 64 - 5 * e2**3 / 256)

    @cached_property
    def distance_of_origin(self) -> float:
        """Meters along the meridian from the equator to the latitude of origin (3-21)."""
        e2, phi = self.e2, radians(self.latitude_of_origin)
        return self.rectifying_radius * phi + self.semimajor_axis * (
            -(3 * e2 / 8 + 3 * e2**2 / 32 + 45 * e2**3 / 1024) * sin(2 * phi)
            + (15 * e2**2 / 256 + 45 * e2**3 / 1024) * sin(4 * phi)
            - 35 * e2**3 / 3072 * sin(6 * phi)
        )

    @cached_property
    def footpoint_series(self) -> tuple[float, float, float, float]:
        """Coefficients of sin 2, 4, 6 and 8 mu in the footpoint latitude (3-24, 3-26)."""
        e1 = (1 - sqrt(1 - self.e2)) / (1 + sqrt(1 - self.e2))
        return (
            3 * e1 / 2 - 27 * e1**3 / 32,
            21 * e1**2 / 16 - 55 * e1**4 / 32,
            151 * e1**3 / 96,
            1097 * e1**4 / 512,
        )


@cache
def projections() -> dict[str, Projection]:
    """The systems known here, by the key a mapping names them by."""
    text = Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
    return {key: Projection(**told) for key, told in tomllib.loads(text).items()}


def parameters() -> tuple[str, ...]:
    """What a projection is made of, for those who write one into a mapping."""
    return tuple(f.name for f in fields(Projection))


def to_degrees(x: float, y: float, system: Projection) -> tuple[float, float]:
    """Latitude and longitude of a point given in the system's own unit.

    >>> [round(d, 4) for d in to_degrees(907_000, 1_018_000, projections()["missouri_east_feet"])]
    [38.629, -90.1962]
    """
    s = system
    east = x * s.unit - s.false_easting
    north = y * s.unit - s.false_northing
    mu = (s.distance_of_origin + north / s.scale) / s.rectifying_radius  # 8-20, 7-19
    f2, f4, f6, f8 = s.footpoint_series
    phi = mu + f2 * sin(2 * mu) + f4 * sin(4 * mu) + f6 * sin(6 * mu) + f8 * sin(8 * mu)
    c = s.ep2 * cos(phi) ** 2  # 8-21
    t = tan(phi) ** 2  # 8-22
    w = 1 - s.e2 * sin(phi) ** 2
    n = s.semimajor_axis / sqrt(w)  # 8-23
    r = n * (1 - s.e2) / w  # 8-24
    d = east / (n * s.scale)  # 8-25
    latitude = phi - n * tan(phi) / r * (  # 8-17
        d**2 / 2
        - (5 + 3 * t + 10 * c - 4 * c**2 - 9 * s.ep2) * d**4 / 24
        + (61 + 90 * t + 298 * c + 45 * t**2 - 252 * s.ep2 - 3 * c**2) * d**6 / 720
    )
    longitude = (  # 8-18
        d
        - (1 + 2 * t + c) * d**3 / 6
        + (5 - 2 * c + 28 * t - 3 * c**2 + 8 * s.ep2 + 24 * t**2) * d**5 / 120
    ) / cos(phi)
    return degrees(latitude), s.central_meridian + degrees(longitude)


def degrees_query(table: str, system: Projection) -> str:
    """A query that gives a table with x and y its latitude and longitude besides.

    Points whose x or y is null have neither. One SELECT for each step, so that no step is
    worked out twice.
    """
    s = system
    f2, f4, f6, f8 = (repr(f) for f in s.footpoint_series)
    return f"""
SELECT * EXCLUDE (_east, _mu, _phi, _tan, _c, _t, _w, _n, _d),
    degrees(_phi - _tan * _w / {1 - s.e2!r} * (_d ** 2 / 2
        - (5 + 3 * _t + 10 * _c - 4 * _c ** 2 - {9 * s.ep2!r}) * _d ** 4 / 24
        + (61 + 90 * _t + 298 * _c + 45 * _t ** 2 - {252 * s.ep2!r} - 3 * _c ** 2) * _d ** 6 / 720
    )) AS latitude,
    {s.central_meridian!r} + degrees((_d - (1 + 2 * _t + _c) * _d ** 3 / 6
        + (5 - 2 * _c + 28 * _t - 3 * _c ** 2 + {8 * s.ep2!r} + 24 * _t ** 2) * _d ** 5 / 120
    ) / cos(_phi)) AS longitude
FROM (SELECT *, _east / (_n * {s.scale!r}) AS _d
FROM (SELECT *, {s.semimajor_axis!r} / sqrt(_w) AS _n
FROM (SELECT *, tan(_phi) AS _tan, tan(_phi) ** 2 AS _t, {s.ep2!r} * cos(_phi) ** 2 AS _c,
    1 - {s.e2!r} * sin(_phi) ** 2 AS _w
FROM (SELECT *, _mu + {f2} * sin(2 * _mu) + {f4} * sin(4 * _mu) + {f6} * sin(6 * _mu)
    + {f8} * sin(8 * _mu) AS _phi
FROM (SELECT *, x * {s.unit!r} - {s.false_easting!r} AS _east,
    ({s.distance_of_origin!r} + (y * {s.unit!r} - {s.false_northing!r}) / {s.scale!r})
    / {s.rectifying_radius!r} AS _mu
FROM {table})))))"""
