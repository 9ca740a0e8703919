"""The command about grant conditions: what was in force for a place on a day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import click

from baserate.cli.common import Date, Explained, style
from baserate.cli.records import CSV_FORM, TABLE_FORM


class Dollars(click.ParamType[Decimal]):
    """An amount, as 2100000 or $2,100,000."""

    name = "dollars"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> Decimal:
        """Read an amount or say what one looks like."""
        try:
            return Decimal(str(value).removeprefix("$").replace(",", ""))
        except InvalidOperation:
            self.fail(f"{value!r} is no amount; write dollars, as 2100000", param, ctx)


@click.command()
@click.option("--program", default="jag", show_default=True, help="jag, cops, psp, order-13768.")
@click.option("--year", type=int, required=True, help="The grant's fiscal year.")
@click.option("--place", help='A state, or a city with its state: "Chicago, IL".')
@click.option("--on", "day", type=Date(), help="The day asked about, as 2017-10-01.")
@click.option("--at-stake", "award", type=Dollars(), help="The award in dollars.")
@click.option("--events", type=click.Path(path_type=Path),
              help="Your own events beside ours (docs/conditions.md).")  # fmt: skip
@TABLE_FORM
@CSV_FORM
def conditions(
    program: str,
    year: int,
    place: str | None,
    day: date | None,
    award: Decimal | None,
    events: Path | None,
    form: str | None,
) -> None:
    """What a grant asked for, and what was in force of it for a place on a day.

    Without --on: every day on which that changed. Without --place: the conditions and all events.

    \b
    Examples:
      baserate conditions --program jag --year 2017 --place "Chicago, IL" --on 2017-10-01
      baserate conditions --year 2017 --place "Baltimore, MD"
      baserate conditions --year 2018 --csv
    """
    if place is None and (day is not None or award is not None):
        raise click.UsageError("--on and --at-stake are about one place; name it with --place")
    with Explained(form == "json"):
        from baserate.grants.conditions import ask
        from baserate.grants.conditions.tables import shipped, with_file

        program = program.casefold()
        tables = with_file(shipped(), events)
        if place is None:
            told = _timeline(ask.timeline(program, year, tables=tables), form)
        elif day is None:
            told = _history(ask.history(program, year, place, tables=tables, award=award), form)
        else:
            found = ask.ask(program, year, place, day, tables=tables, award=award)
            told = _answer(found, form)
        click.echo(told, nl=form != "csv")


def _answer(found: Any, form: str | None) -> str:
    from baserate.publish.conditions_export import answer_csv, answer_json
    from baserate.publish.conditions_terminal import render_conditions

    return _in(form, found, answer_json, answer_csv, render_conditions)


def _history(found: Any, form: str | None) -> str:
    from baserate.publish.conditions_export import history_csv, history_json
    from baserate.publish.conditions_terminal import render_history

    return _in(form, found, history_json, history_csv, render_history)


def _timeline(found: Any, form: str | None) -> str:
    from baserate.publish.conditions_export import timeline_csv, timeline_json
    from baserate.publish.conditions_terminal import render_timeline

    return _in(form, found, timeline_json, timeline_csv, render_timeline)


def _in(form: str | None, found: Any, as_json: Any, as_csv: Any, as_text: Any) -> str:
    if form == "json":
        return str(as_json(found))
    return str(as_csv(found) if form == "csv" else as_text(found, style))


COMMANDS = (conditions,)
