"""A Parquet file that is no source of records: its columns as they are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from baserate.errors import BadRow
from baserate.sources.tables import parquet


def parquet_columns(path: Path) -> dict[str, Any]:
    """Every column as a NumPy array, masked where values are missing. Needs NumPy."""
    import duckdb

    with duckdb.connect(":memory:", config={"threads": 1}) as engine:
        try:
            held: dict[str, Any] = engine.sql(f"SELECT * FROM {parquet([path])}").fetchnumpy()
        except duckdb.Error as error:
            why = str(error).splitlines()[0][:160]
            raise BadRow(
                f"{path.name}: cannot be read as Parquet ({why}); it may be damaged"
            ) from None
    return held
