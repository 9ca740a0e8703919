"""What several tests need: the records, the files beside the project, a way to run the command."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from baserate.store.open import Store, open_store

settings.register_profile("suite", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("suite")


@pytest.fixture(scope="session")
def store() -> Store:
    return open_store()


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with real files to test against, or a skip that says where it was looked for."""
    folder = Path(os.environ.get("BASERATE_SHARED", "../shared")).resolve()
    if not (folder / "expected.json").exists():
        pytest.skip(f"no shared files at {folder}; set BASERATE_SHARED to their folder")
    return folder


@pytest.fixture(scope="session")
def expected(shared: Path) -> dict[str, Any]:
    """Published figures, by name."""
    items: dict[str, Any] = json.loads((shared / "expected.json").read_text())["items"]
    return items


@pytest.fixture
def command(tmp_path: Path) -> Any:
    """Runs the command line as a process of its own, in an empty folder."""

    def run(*arguments: str, text: str | None = None) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "baserate", *arguments],
            cwd=tmp_path,
            input=text,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return run
