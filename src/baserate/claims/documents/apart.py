"""Reading a web page or a PDF file in a process of its own, within limits of time and memory.

The libraries that read them log and print, and take longer to load than a text takes to check.
"""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any, Literal

from baserate.claims.documents.limits import remark
from baserate.errors import ArticleTooLong, ExtraNeeded, UnreadableArticle
from baserate.sources.child_process import ask_child

PATIENCE = 45  # seconds; the process gives itself 20 of computing
LONGEST_REASON = 150  # characters of a library's own words


def read_apart(
    kind: Literal["page", "pdf"], data: bytes, name: str, url: str = ""
) -> dict[str, Any]:
    """What `document_process` found in a document. Raises ArticleError, or ExtraNeeded."""
    child = Path(__file__).with_name("document_process.py")
    what = "PDF file" if kind == "pdf" else "web page"
    try:
        said = ask_child(child, kind, url, data=data, patience=PATIENCE)
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
        because = remark(said["error"][:LONGEST_REASON])
        raise UnreadableArticle(
            f"{name} cannot be read as a {what} ({because}); it may be cut short or damaged. "
            "Open it in its own program, copy the text, and save that as a text file"
        )
    return said
