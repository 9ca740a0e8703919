"""A file read in a process of its own, within limits of memory and time.

The libraries that read workbooks, web pages and PDF files take what a file says of its own size
at its word: a damaged or hostile one can ask for more memory than there is, or never end.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

MOST_MEMORY = 2_000_000_000  # bytes


def ask_child(script: Path, *arguments: str, data: bytes = b"", patience: int) -> dict[str, Any]:
    """What a script that calls `say` printed; `data` is its standard input, `patience` in seconds.

    Raises subprocess.TimeoutExpired, and ValueError where it ended without an answer.
    """
    ran = subprocess.run(
        [sys.executable, "-P", str(script), *arguments],
        input=data,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        timeout=patience,
        check=False,
    )
    said: dict[str, Any] = json.loads(ran.stdout)
    return said


def say(read: Callable[[], dict[str, Any]], *, seconds: int) -> None:
    """Print what `read` gives as one JSON object, or `error`, the reason that it gave nothing.

    `seconds` are of computing. What a library prints meanwhile is no part of it.
    """
    _keep_within(seconds)
    answers, sys.stdout = sys.stdout, io.StringIO()
    try:
        said = read()
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # a panic of a library in Rust is no Exception
        said = {"error": (str(error) or type(error).__name__)[:300]}
    answers.write(json.dumps(said))


def _keep_within(seconds: int) -> None:
    try:
        import resource
    except ImportError:  # no such limits on this system; the parent still waits no longer
        return
    for limit, most in ((resource.RLIMIT_AS, MOST_MEMORY), (resource.RLIMIT_CPU, seconds)):
        _, hard = resource.getrlimit(limit)
        if hard == resource.RLIM_INFINITY or hard > most:
            resource.setrlimit(limit, (most, hard))
