"""What every command needs: dates, the store, progress, and errors as sentences."""

from __future__ import annotations

import json
import re
import shlex
import sys
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click
from click.core import ParameterSource

from baserate.publish.harmless import one_line

if TYPE_CHECKING:
    from baserate.errors import BaserateError
    from baserate.store.open import Store

COLORS: dict[str, dict[str, Any]] = {
    "up": {"fg": "yellow", "bold": True},
    "higher": {"fg": "yellow", "bold": True},
    "down": {"fg": "blue", "bold": True},
    "lower": {"fg": "blue", "bold": True},
    "supported": {"fg": "cyan", "bold": True},
    "contradicted": {"fg": "yellow", "bold": True},
    "misleading": {"fg": "magenta", "bold": True},
    "title": {"bold": True},
    "number": {"bold": True},
    "label": {"dim": True},
    "spark": {"fg": "cyan"},
}


class Date(click.ParamType[date]):
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


class Dollars(click.ParamType[Decimal]):
    """An amount of dollars to the cent, as 278392240 or $278,392,240.00."""

    name = "dollars"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> Decimal:
        """Read an amount, or say what one looks like."""
        text = str(value).strip().removeprefix("$")
        if not re.fullmatch(r"-?([0-9]{1,15}|[0-9]{1,3}(,[0-9]{3}){1,4})(\.[0-9]{1,2})?", text):
            self.fail(f"{value!r} is no amount; write dollars like 278392240.00", param, ctx)
        return Decimal(text.replace(",", ""))


class Progress:
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


class Explained:
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
            explain(error, self._as_json)


def explain(error: BaserateError, as_json: bool) -> NoReturn:
    """Say what is wrong, as a sentence or as JSON, and end with its status."""
    if as_json:
        click.echo(json.dumps({"error": as_record(error)}, ensure_ascii=False, indent=2))
    else:
        click.echo(f"baserate: {safe_text(str(error))}", err=True)
    sys.exit(error.exit_status)


def as_record(error: BaserateError) -> dict[str, object]:
    """An error as plain data: its kind, its sentence, and what may have been meant."""
    told: dict[str, object] = {"kind": error.kind, "message": str(error)}
    for name in ("readings", "near"):
        if getattr(error, name, ()):
            told[name] = list(getattr(error, name))
    return told


def style(text: str, role: str) -> str:
    """Color where a terminal shows it, nothing where nobody would see it."""
    wanted = COLORS.get(role, {})
    seen = sys.stdout is not None and sys.stdout.isatty()
    return click.style(text, **wanted) if wanted and seen else text


def store_folder(given: Path | None) -> Path:
    """The folder of added records: the one that was named, or the user's own."""
    if given is not None:
        return given
    from platformdirs import user_data_path

    return user_data_path("baserate", appauthor=False)


def the_store(given: Path | None) -> Store:
    """The records that come with the package, and those in the folder."""
    from baserate.store.open import open_store

    def notice(text: str) -> None:
        if sys.stderr.isatty():
            click.echo(f"{text} …", err=True)

    return open_store(store_folder(given), notice)


def refuse_to_replace(out: Path | None, *inputs: Path | None) -> None:
    """Refuse a page that would be written over a file it is made from."""
    for path in inputs:
        if out is not None and path is not None and out.resolve() == path.resolve():
            raise click.UsageError(f"--out {out} is the file that is read; name another")


def require_evaluate() -> None:
    """Say which extra has what the designs calculate with, where it is not installed."""
    from importlib.util import find_spec

    from baserate.errors import ExtraNeeded

    missing = [name for name in ("numpy", "scipy") if find_spec(name) is None]
    if missing:
        raise ExtraNeeded(
            f"evaluating a program needs {', '.join(missing)}; "
            'install it with: pip install "baserate[evaluate]"'
        )


# Options that say how an answer is shown and change nothing of it.
SHOWN_BY = frozenset({"form", "as_json", "as_csv", "quiet"})


def again() -> str:
    """The command as it was given, to be run once more: its name and what was said, no defaults."""
    context = click.get_current_context()
    words = ["baserate", context.info_name or ""]
    for parameter in context.command.params:
        name = parameter.name or ""
        value = context.params.get(name)
        is_said = context.get_parameter_source(name) is ParameterSource.COMMANDLINE
        if value is None or not is_said or name in SHOWN_BY:
            continue
        if isinstance(parameter, click.Argument):
            words += [str(v) for v in (value if isinstance(value, tuple) else (value,))]
        elif isinstance(parameter, click.Option):
            words += [parameter.opts[0]] if parameter.is_flag else [parameter.opts[0], _said(value)]
    return one_line(shlex.join(words))


def _said(value: object) -> str:
    """An option's value as one would type it."""
    return value.isoformat() if isinstance(value, date) else str(value)


with_store = click.option(
    "--store",
    "folder",
    envvar="BASERATE_STORE",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of the records you added  [default: the user's data folder; env BASERATE_STORE]",
)


def safe_text(text: str) -> str:
    """Text from a file as it may be shown: no control character reaches the terminal."""
    return "".join(c if c.isprintable() or c == "\n" else "\N{REPLACEMENT CHARACTER}" for c in text)
