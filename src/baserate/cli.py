"""The command line: arguments in, Answers out. Prints, never computes.

Imports happen inside the commands, so that `--help` costs no more than Python itself.
"""

from __future__ import annotations

import contextlib
import gc
import io
import json
import os
import signal
import sys
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

if TYPE_CHECKING:
    from baserate.errors import BaserateError

COLORS: dict[str, dict[str, Any]] = {
    "up": {"fg": "yellow", "bold": True},
    "higher": {"fg": "yellow", "bold": True},
    "down": {"fg": "blue", "bold": True},
    "lower": {"fg": "blue", "bold": True},
    "title": {"bold": True},
    "number": {"bold": True},
    "label": {"dim": True},
    "spark": {"fg": "cyan"},
}

EXAMPLE = "violent crime rate in Missouri, 2014 to 2019"


class _Date(click.ParamType[date]):
    """A calendar date, as 2020-12-31."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Read an ISO date or say what one looks like."""
        if isinstance(value, date):
            return value
        try:
            return datetime.strptime(str(value), "%Y-%m-%d").date()
        except ValueError:
            self.fail(f"{value!r} is not a date; write one like 2020-12-31", param, ctx)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 96})
@click.version_option(package_name="baserate", message="%(prog)s %(version)s")
def main() -> None:
    """What the public records say about US violent crime, how sure they are, and why.

    \b
    Try:  baserate ask "violent crime rate in the United States, 2015 to 2016"
          baserate brief Missouri --out missouri.html
    """


@main.command()
@click.argument("question", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="One JSON object with everything.")
@click.option("--csv", "as_csv", is_flag=True, help="The series behind the answer, as CSV.")
@click.option("--as-of", type=_Date(), help="Figures as published by that day, as 2020-12-31.")
def ask(question: tuple[str, ...], as_json: bool, as_csv: bool, as_of: date | None) -> None:
    """Answer one QUESTION from the records; '-' reads it from standard input.

    \b
    Examples:
      baserate ask "murder in the United States, 2014 to 2016"
      baserate ask "rank of Missouri by violent crime rate, 2019" --json
      baserate ask "largest one-year rise in the violent crime rate since 1991, as of 2015"
    """
    if as_json and as_csv:
        raise click.UsageError("--json and --csv are two forms of one answer; choose one")
    with _Explained(as_json):
        text = _standard_input() if question == ("-",) else " ".join(question)
        from baserate.measure.ask import answer, read_question
        from baserate.store.open import open_store

        store = open_store()
        parsed = read_question(text, store, as_of=as_of)
        found = answer(parsed.question, store)
        for note in parsed.assumed:
            click.echo(f"note: {note}", err=True)
        if as_json or as_csv:
            from baserate.publish.export import to_csv, to_json

            click.echo(to_json(found) if as_json else to_csv(found), nl=as_json)
            return
        from baserate.publish.terminal import render

        click.echo(render(found, _style))


@main.command()
@click.argument("place", nargs=-1, required=True)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True,
              help="The HTML file to write.")  # fmt: skip
@click.option("--quiet", is_flag=True, help="No progress.")
def brief(place: tuple[str, ...], out: Path, quiet: bool) -> None:
    """Write a one-page brief about PLACE: the nation, a state, or D.C.

    \b
    Example:
      baserate brief Missouri --out missouri.html
    """
    with _Explained(False):
        _write_brief(" ".join(place), out, quiet=quiet)


@main.command()
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False),
              default=Path("baserate-demo.html"), show_default=True,
              help="Where to write the brief.")  # fmt: skip
def demo(out: Path) -> None:
    """Answer a few questions from the FBI's figures and write a brief.

    \b
    Example:
      baserate demo --out demo.html
    """
    with _Explained(False):
        from baserate.measure.ask import answer, read_question
        from baserate.publish.terminal import render
        from baserate.store.open import open_store

        store = open_store()
        for text in (
            "violent crime rate in the United States, 2015 to 2016",
            "largest one-year rise in the violent crime rate since 1991, as of 2015",
            "murder rate in Missouri against the United States, 2019",
        ):
            click.echo(click.style(f'$ baserate ask "{text}"', dim=True))
            found = answer(read_question(text, store).question, store)
            click.echo(render(found, _style) + "\n")
        click.echo(click.style(f"$ baserate brief Missouri --out {out}", dim=True))
        _write_brief("Missouri", out, quiet=False)


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


def _standard_input() -> str:
    """Standard input as text, no more of it than a question can have."""
    from baserate.errors import UnreadableQuestion
    from baserate.measure.parse import LONGEST

    if sys.stdin is None:
        raise UnreadableQuestion("standard input is closed; give the question in quotes")
    stream = getattr(sys.stdin, "buffer", None)
    data = stream.read(8 * LONGEST) if stream else sys.stdin.read(8 * LONGEST).encode()
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UnreadableQuestion(
            f"byte {error.start + 1} of standard input is not UTF-8 text; write the question in it"
        ) from None


def _write_brief(place: str, out: Path, *, quiet: bool) -> None:
    from baserate.publish.brief import printable, write_brief
    from baserate.store.open import open_store
    from baserate.terms.places import resolve

    where = resolve(place)
    with _progress(quiet) as advance:
        size = write_brief(where, out, store=open_store(), advance=advance)
    click.echo(
        f"{where.plain}: {printable(str(out))} ({size / 1024:.0f} KB, opens with no network)"
    )


class _progress:  # noqa: N801
    """A line on standard error that says how far the work is; nothing where nobody looks."""

    def __init__(self, quiet: bool) -> None:
        self._shown = not quiet and sys.stderr.isatty()

    def __enter__(self) -> Callable[[int, int, str], None]:
        return self._advance

    def _advance(self, done: int, of: int, what: str) -> None:
        if self._shown:
            filled = "█" * (24 * done // of)
            click.echo(f"\r  {filled:<24} {done}/{of} {what:<32}", nl=False, err=True)

    def __exit__(self, *_: object) -> None:
        if self._shown:
            click.echo("\r" + " " * 76 + "\r", nl=False, err=True)


class _Explained:
    """Turns an error of ours into its sentence and exit status; no traceback reaches a user."""

    def __init__(self, as_json: bool) -> None:
        self._as_json = as_json

    def __enter__(self) -> None:
        return None

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        if error is None:
            return
        from baserate.errors import BaserateError

        if isinstance(error, BaserateError):
            _explain(error, self._as_json)


def _explain(error: BaserateError, as_json: bool) -> NoReturn:
    if as_json:
        told: dict[str, object] = {"kind": error.kind, "message": str(error)}
        for name in ("readings", "near"):
            if getattr(error, name, ()):
                told[name] = list(getattr(error, name))
        click.echo(json.dumps({"error": told}, ensure_ascii=False, indent=2))
    else:
        click.echo(f"baserate: {error}", err=True)
    sys.exit(error.exit_status)


def _style(text: str, role: str) -> str:
    wanted = COLORS.get(role, {})
    seen = sys.stdout is not None and sys.stdout.isatty()
    return click.style(text, **wanted) if wanted and seen else text
