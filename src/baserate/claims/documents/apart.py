"""Reading a web page or a PDF file in a process of its own, within limits of time and memory.

The libraries that read them take a document at its word: a hostile one can ask for more memory
than there is, or never end. They also log and print, and take longer to load than a text takes to
check.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Literal

from baserate.claims.documents.limits import remark
from baserate.errors import ArticleTooLong, ExtraNeeded, UnreadableArticle

PATIENCE = 45  # seconds; the process gives itself 20 of computing


def read_apart(
    kind: Literal["page", "pdf"], data: bytes, name: str, url: str = ""
) -> dict[str, Any]:
    """What `document_process` found in a document. Raises ArticleError, or ExtraNeeded."""
    child = Path(__file__).with_name("document_process.py")
    what = "PDF file" if kind == "pdf" else "web page"
    try:
        ran = subprocess.run(
            [sys.executable, "-P", str(child), kind, url],
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=PATIENCE,
            check=False,
        )
        said: dict[str, Any] = json.loads(ran.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        said = {"error": "it takes more time or memory than an article may"}
    if "missing" in said:
        raise ExtraNeeded(
            f"{name}: reading a {what} needs {said['missing']}; pip install 'baserate[articles]'"
        )
    if "too_long" in said:
        raise ArticleTooLong(
            f"{name}: {said['too_long']}. Save the pages you mean as their own file"
        )
    if "error" in said:
        raise UnreadableArticle(
            f"{name} cannot be read as a {what} ({remark(said['error'])}); it may be cut short or "
            "damaged. Open it in its own program, copy the text, and save that as a text file"
        )
    return said
