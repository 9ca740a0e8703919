"""The command line: arguments in, Answers out. Prints, never computes.

Imports happen inside the commands, so that `--help` costs no more than Python itself.
"""

from __future__ import annotations

import contextlib
import gc
import io
import os
import signal
import sys

import click

from baserate.cli import answers, claims, conditions, evaluate, grants, records, selection

EXAMPLE = "violent crime rate in Missouri, 2014 to 2019"


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 96})
@click.version_option(package_name="baserate", message="%(prog)s %(version)s")
def main() -> None:
    """What the public records say about US violent crime, how sure they are, and why.

    \b
    Try:  baserate ask "violent crime rate in the United States, 2015 to 2016"
          baserate check article.txt --out article.html
          baserate brief Missouri --out missouri.html
    """


for command in (
    *answers.COMMANDS,
    *claims.COMMANDS,
    *grants.COMMANDS,
    *selection.COMMANDS,
    *conditions.COMMANDS,
    *evaluate.COMMANDS,
    *records.COMMANDS,
):
    main.add_command(command)


def run() -> None:
    """The installed command: `main`, with streams that take any character and end cleanly."""
    gc.disable()  # half a second of life needs no collector
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # unwinds, so half-written files go
    try:
        main()
    except OSError as error:
        # Standard output is closed or full; there may be nowhere to say so.
        with contextlib.suppress(Exception):
            click.echo(f"baserate: the answer could not be printed ({error.strerror})", err=True)
        os._exit(1)
